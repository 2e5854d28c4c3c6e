// The list of conversations.
import { at, fill, h } from "./dom.js";
import { avatar, gist, nameOf } from "./bubble.js";
import { short } from "./times.js";
import { words } from "./words.js";

const colour = (chat) => `c${[...chat].reduce((sum, c) => (sum * 31 + c.codePointAt(0)) % 997, 7) % 10}`;
const href = (room) => `#${encodeURIComponent(room.chat)}`;

function face(room) {
  const made = room.kind === "private" ? avatar({ kind: "post" })
    : avatar({ kind: "said", name: room.title.replace(/^[A-Z0-9-]+ /, ""), avatar: colour(room.chat) });
  const unread = room.unread > 99 ? "99+" : String(room.unread);
  return h("span", { class: "face" }, made, room.unread > 0 && h("span", { class: "badge", "aria-hidden": "true" }, unread));
}

function last(room, me, draft) {
  const line = h("span", { class: "last" });
  if (draft) line.append(h("span", { class: "draft" }, words.draft), ` ${draft.replace(/\s+/g, " ")}`);
  else if (room.last) line.append(lastWords(room, me));
  else if (room.kind === "private") line.append(words.privateHint);
  return line;
}

function lastWords({ last: message, kind }, me) {
  const mine = message.who === me.person;
  if (message.withdrawn) return mine ? words.youWithdrew : fill(words.withdrawn, { name: nameOf(message) });
  if (message.kind === "notice") return message.text;
  return mine || kind === "private" ? gist(message) : fill(words.line, { name: nameOf(message), text: gist(message) });
}

export function showList(state, open, draftOf) {
  const rows = state.list().map((room) => {
    const draft = room.chat === open ? "" : draftOf(room.chat);
    const name = room.kind === "private" ? words.privateTitle : room.title;
    return h("li", {}, h("a", { href: href(room), "aria-current": room.chat === open ? "page" : null, "data-chat": room.chat },
      face(room), h("span", { class: "name" }, name),
      h("span", { class: "when" }, room.last ? short(room.last.at) : ""), last(room, state.me, draft),
      room.unread > 0 && h("span", { class: "hidden-text" }, fill(words.unread, { n: room.unread }))));
  });
  const list = at("rooms");
  const focused = document.activeElement?.dataset?.chat;
  list.replaceChildren(...(rows.length ? rows : [h("li", { class: "empty" }, words.emptyList)]));
  if (focused) list.querySelector(`[data-chat="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}
