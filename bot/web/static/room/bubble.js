// One message as an element.
import { fill, h } from "./dom.js";
import { openViewer, photoUrl, showWhenNear } from "./photos.js";
import { words } from "./words.js";

const STOP = `\\s<>"'\uff0c\u3002\uff1b\uff01\uff1f\u3001\uff08\uff09\u3010\u3011\u300a\u300b\u201c\u201d\u2018\u2019`;
const LINK = new RegExp(`https?://[^${STOP}]*[^${STOP}.,;:!?)]`, "g");
const WIDEST = 11; // rem
const HIGHEST = 15;
const HIDDEN_TAGS = new Set(["居民"]);

export const isBot = (message) => message.kind === "post";
export const nameOf = (message) => (message.who === null || message.who === undefined ? words.bot : message.name);

export function avatar(message) {
  if (isBot(message)) {
    return h("span", { class: "avatar", "aria-hidden": "true" }, h("img", { src: document.body.dataset.bot, alt: "" }));
  }
  return h("span", { class: `avatar ${message.avatar}`, "aria-hidden": "true" }, [...(message.name || "?")][0]);
}

// The words of a message in one line, for lists, quotes and announcements.
export function gist(message) {
  const photos = message.photos?.length ?? message.photos ?? 0;
  return `${message.text ?? ""}${photos ? words.photoMark : ""}`.replace(/\s+/g, " ").trim();
}

function linked(text) {
  const pieces = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    pieces.push(text.slice(end, match.index));
    pieces.push(h("a", { href: match[0], target: "_blank", rel: "noopener noreferrer" }, match[0]));
    end = match.index + match[0].length;
  }
  return [...pieces, text.slice(end)];
}

// The room that a photo takes is known before it comes, so that nothing jumps.
function fit(image, { w, h: high }) {
  const scale = Math.min(1, WIDEST / w, HIGHEST / high);
  image.style.width = `${Math.max(3, w * scale)}rem`;
  image.style.aspectRatio = `${w} / ${high}`;
}

function photo(one, message) {
  const label = one.alt || fill(words.photoOf, { name: nameOf(message) });
  const image = h("img", { "data-name": one.name, alt: label });
  fit(image, one);
  showWhenNear(image);
  const open = async () => { openViewer(await photoUrl(one.name), label); };
  return h("button", { type: "button", class: "thumb", onclick: () => open().catch(() => {}) }, image);
}

function quoted(quote, act) {
  const words_ = quote.withdrawn ? words.quoteGone : fill(words.line, { name: nameOf(quote), text: gist(quote) });
  return h("button", { type: "button", class: "quoted", title: words.goToQuote, onclick: () => act.goTo(quote.id) }, words_);
}

function pills(message, act) {
  if (!message.buttons.length) return null;
  return h("div", { class: "pills" }, ...message.buttons.map(({ label, data }) =>
    h("button", { type: "button", onclick: ({ currentTarget }) => act.press(message, data, currentTarget) }, label)));
}

function pictures(message) {
  if (!message.photos.length) return null;
  const many = message.photos.length > 1 ? " many" : "";
  return h("div", { class: `pictures${many}` }, ...message.photos.map((one) => photo(one, message)));
}

function who(message, mine, group) {
  if (mine) return h("span", { class: "hidden-text" }, fill(words.line, { name: words.you, text: "" }));
  const tag = isBot(message) ? words.botTag : HIDDEN_TAGS.has(message.tag) ? null : message.tag;
  return h("span", { class: group ? "who" : "hidden-text" }, nameOf(message), tag && h("span", { class: "tag" }, tag));
}

function aside(message, mine, act) {
  if (message.kind === "notice") return h("p", { class: "aside" }, message.text);
  if (!mine) return h("p", { class: "aside" }, fill(words.withdrawn, { name: `“${nameOf(message)}”` }));
  const again = act.oldWords(message.id);
  return h("p", { class: "aside" }, words.youWithdrew,
    again && h("button", { type: "button", onclick: () => act.writeAgain(again) }, words.writeAgain));
}

// `act`: press, goTo, menu, oldWords, writeAgain. `group`: names are shown.
export function bubble(message, { mine, group, act }) {
  const side = mine ? "mine" : isBot(message) ? "other bot" : "other";
  const name = mine ? words.you : nameOf(message);
  const line = h("li", { class: `line ${side}`, tabindex: "-1", "data-id": message.id, "data-seq": message.seq });
  if (message.kind === "notice" || message.withdrawn) {
    line.append(aside(message, mine, act));
    line.setAttribute("aria-label", line.textContent);
    return line;
  }
  const said = h("div", { class: "said" }, who(message, mine, group),
    message.text && h("div", { class: "bubble" }, ...linked(message.text)), pictures(message),
    message.quote && quoted(message.quote, act), pills(message, act),
    message.edited && h("span", { class: "edited" }, words.edited));
  const more = h("button", {
    type: "button", class: "more", "aria-haspopup": "menu", "aria-expanded": "false",
    "aria-label": fill(words.menuFor, { name }),
    onclick: ({ currentTarget }) => act.menu(message, currentTarget),
  }, "⋯");
  line.setAttribute("aria-label", fill(words.line, { name, text: gist(message) }));
  line.append(h("div", { class: "row" }, avatar(message), said, more));
  return line;
}
