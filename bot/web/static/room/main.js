// The page comes to life: who am I, which rooms, the socket; the address tells which room is open.
import { get, post, token } from "./api.js";
import { Composer } from "./composer.js";
import { at, h, memory, toast } from "./dom.js";
import { Link } from "./link.js";
import { showList } from "./list.js";
import { Outbox } from "./outbox.js";
import { setUpViewer } from "./photos.js";
import { State } from "./state.js";
import { Talk } from "./talk.js";
import { words } from "./words.js";

const BIG = "huying-big";
const desk = matchMedia("(min-width: 860px)");
const fine = matchMedia("(hover: hover) and (pointer: fine)");
const state = new State();

const asked = new URLSearchParams(location.search);
const chatInAddress = () => { try { return decodeURIComponent(location.hash.slice(1)); } catch { return ""; } };

function setUpLarge() {
  const show = (big) => {
    document.documentElement.classList.toggle("big", big);
    for (const button of document.querySelectorAll(".large")) {
      button.setAttribute("aria-pressed", String(big));
      button.textContent = big ? words.small : words.large;
    }
  };
  show(memory.get(BIG) === "1");
  for (const button of document.querySelectorAll(".large")) {
    button.addEventListener("click", () => {
      const big = memory.get(BIG) !== "1";
      memory.set(BIG, big ? "1" : "");
      show(big);
      toast(big ? words.largeOn : words.largeOff, 1.5);
    });
  }
}

// `?as=demo-wang` speaks as a demo persona in this tab only; `?own=1` as oneself again.
async function become() {
  if (asked.has("own")) {
    token.clear();
    history.replaceState(null, "", `/chat${location.hash}`);
  }
  const name = asked.get("as");
  if (!name) return;
  const person = name.startsWith("web:") ? name : `web:${name}`;
  token.set((await post("/room/persona", { person })).token);
  history.replaceState(null, "", `/chat${location.hash}`);
}

function showPersonas(personas) {
  if (!personas.length) return;
  const bar = at("personas");
  bar.hidden = false;
  const chip = (persona) => h("a", {
    href: `/chat?as=${encodeURIComponent(persona.person.replace(/^web:/, ""))}`,
    "aria-current": persona.person === state.me.person ? "true" : null,
    onclick: (event) => { event.currentTarget.href = event.currentTarget.href.split("#")[0] + location.hash; },
  }, persona.name, h("small", {}, persona.tag));
  const guest = personas.some(({ person }) => person === state.me.person) ? "" : ` ${state.me.name}`;
  bar.replaceChildren(h("span", {}, words.persona + guest), ...personas.map(chip));
  const here = bar.querySelector("[aria-current]");
  if (here) bar.scrollLeft = here.offsetLeft - (bar.clientWidth - here.offsetWidth) / 2;
}

function showUnread(open) {
  const all = state.unread();
  const elsewhere = state.unread(open);
  document.title = all ? `(${all}) ${words.app}` : words.app;
  at("elsewhere").textContent = elsewhere ? (elsewhere > 99 ? "99+" : elsewhere) : "";
}

function showLink(link) {
  for (const banner of document.querySelectorAll(".banner")) {
    banner.hidden = link.online;
    banner.textContent = navigator.onLine ? words.connecting : words.offline;
  }
}

async function relist() {
  try { state.setListing((await get("/room/list")).rooms); } catch { /* the next frame asks again */ }
}

function run() {
  const link = new Link(() => state.cursors());
  const outbox = new Outbox(link, state);
  const composer = new Composer(state, outbox, () => talk.toBottom());
  const talk = new Talk(state, outbox, link, composer);
  const redraw = () => { showList(state, talk.room?.chat, (chat) => composer.draft(chat)); showUnread(talk.room?.chat); };

  function route() {
    const wanted = state.rooms.get(chatInAddress())
      ?? (desk.matches ? state.list()[0] : null);
    document.body.classList.toggle("talking", Boolean(wanted));
    at("open").hidden = !wanted;
    at("nothing").hidden = Boolean(wanted);
    if (wanted && wanted !== talk.room) {
      talk.open(wanted).then(redraw);
      if (fine.matches) at("input").focus(); // no keyboard springs up over the talk
      else at("title").focus({ preventScroll: true });
    } else if (!wanted) talk.close();
    redraw();
  }

  at("back").addEventListener("click", () => { location.hash = ""; });
  addEventListener("hashchange", route);
  desk.addEventListener("change", route);
  state.addEventListener("rooms", ({ detail }) => {
    if (talk.room && detail.gone?.includes(talk.room.chat)) { toast(words.left); talk.close(); location.hash = ""; route(); }
    redraw();
  });
  state.addEventListener("stale", relist);
  link.addEventListener("state", () => showLink(link));
  link.addEventListener("frame", ({ detail }) => { if (detail.t === "changes") state.apply(detail); });
  link.addEventListener("stranger", () => { token.clear(); location.replace("/"); });
  addEventListener("offline", () => showLink(link));
  link.open();
  outbox.flush();
  route();
  setTimeout(() => showLink(link), 1500);
}

async function begin() {
  setUpLarge();
  setUpViewer();
  await become();
  const { me, personas } = await get("/room/me");
  if (!me) {
    token.clear();
    location.replace(asked.get("start") ? `/start/${encodeURIComponent(asked.get("start"))}` : "/");
    return;
  }
  state.me = { ...me, who: me.person, kind: "said" };
  showPersonas(personas);
  if (asked.get("start")) {
    const { chat } = await post("/room/start", { parameter: asked.get("start") });
    history.replaceState(null, "", `/chat#${encodeURIComponent(chat)}`);
  }
  state.setListing((await get("/room/list")).rooms);
  run();
}

begin().catch((error) => {
  at("rooms").replaceChildren(h("li", { class: "empty" }, error.message));
  toast(error.message, 6);
});
