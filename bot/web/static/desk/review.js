// The uncertain queue without reloading: the next card is there at once, keys do what buttons do.
// The law of this file: every act is a form of the page and is sent as such; whatever the server refuses
// comes back as a card with its reason, with what was typed; without this file the page works all the same.

import { Holder } from "./review_hold.js";

const FEW = 8; // with fewer cards than this ahead the next are fetched
const WAIT = 150; // ms after the last key before a search
const KEYS_OFF = "huying-review-keys-off";

const byId = (id) => document.getElementById(id);
const words = JSON.parse(byId("words").textContent);
const box = byId("cards");
const total = byId("total");
const say = (text) => { byId("said").textContent = text; };
const holder = new Holder(byId("held"), words, say);
const away = new Set(); // cases that are held or being sent
let left = Number(total.dataset.total);

// -- cards ------------------------------------------------------------------------------------------

const cards = () => [...box.querySelectorAll(":scope > article")].filter((one) => !one.hidden);
const current = () => cards().find((one) => "current" in one.dataset) ?? cards()[0];

const ahead = () => cards().length - cards().indexOf(current()) - 1; // what was passed over is behind

function mark(card) {
  for (const one of box.querySelectorAll("[data-current]")) delete one.dataset.current;
  if (card) card.dataset.current = "";
}

function go(card) {
  if (!card) return;
  mark(card);
  card.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const all = cards();
  go(all[Math.max(0, Math.min(all.length - 1, all.indexOf(current()) + by))]);
}

function count(by) {
  left = Math.max(0, left + by);
  total.textContent = left ? total.dataset.says.replace("{n}", left) : "";
  for (const count of document.querySelectorAll('.top [href="/desk/review"] .count')) {
    const [seen, heard] = count.children;
    seen.textContent = left;
    heard.textContent = count.title = count.dataset.says.replace("{n}", left);
    count.hidden = !left;
  }
  const none = !cards().length;
  byId("none").hidden = !none;
  byId("lead").hidden = none;
  if (none) byId("none").focus();
}

const casesOf = (card) =>
  card.dataset.card ? [card.dataset.card]
    : [...card.querySelectorAll("[name=case]:checked")].map((one) => one.value.split(" ")[0]);

function hide(card, cases) {
  const all = cards();
  const next = all[all.indexOf(card) + 1] ?? all.at(-2);
  card.hidden = true;
  for (const one of cases) away.add(one);
  go(next);
  count(-cases.length);
}

function show(card, cases, error) {
  card.hidden = false;
  for (const one of cases) away.delete(one);
  if (error) card.prepend(alertOf(error));
  count(cases.length);
  go(card);
}

function alertOf(text) {
  return Object.assign(document.createElement("p"), { className: "note bad", role: "alert", textContent: text });
}

// -- deciding ---------------------------------------------------------------------------------------

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-act]");
  const card = form?.closest("#cards > article");
  if (!card) return;
  event.preventDefault();
  if (form.classList.contains("search") && !event.submitter?.name) return;
  decide(card, form, event.submitter);
});

function decide(card, form, button) {
  const body = new URLSearchParams(new FormData(form));
  if (button?.name) body.append(button.name, button.value);
  body.set("sure", "1"); // asked for here by the seconds that it is held
  const cases = casesOf(card);
  if (!cases.length) return card.querySelector("[name=case]").focus();
  const item = button?.dataset.item ?? button?.querySelector("b")?.textContent ?? "";
  const says = body.has("one") ? form.dataset.saysOne : form.dataset.says;
  const text = (says ?? card.dataset.says).replace("{item}", item).replace("{n}", cases.length);
  card.querySelector(":scope > [role=alert]")?.remove();
  hide(card, cases);
  const url = form.getAttribute("action");
  holder.add(text, { undo: () => show(card, cases), send: () => send(url, body, card, cases) });
}

async function send(url, body, card, cases) {
  try {
    const answer = await fetch(url, { method: "POST", body, keepalive: true, headers: { Accept: "application/json" } });
    const isTold = answer.headers.get("Content-Type")?.startsWith("application/json");
    if (answer.ok && isTold) return await took(await answer.json(), card, cases);
    if (answer.status === 401) show(card, cases, words.signin);
    else refused(card, cases, await parsed(answer));
  } catch {
    show(card, cases, words.offline);
  }
  return null;
}

async function took(told, card, cases) {
  for (const one of cases) away.delete(one);
  card.remove();
  if (told.left || told.waits || ahead() < FEW) await refill();
  return told;
}

// What the server drew anew stands in the place of the card.
function refused(card, cases, page) {
  const fresh = page.querySelector("[data-card]");
  if (!fresh || !card.dataset.card) {
    return show(card, cases, page.querySelector("[role=alert]")?.textContent ?? words.left);
  }
  card.replaceWith(fresh);
  show(fresh, cases);
}

const parsed = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");

const here = () => [
  ...[...box.querySelectorAll("[data-card]")].map((one) => one.dataset.card),
  ...[...box.querySelectorAll("[name=case]")].map((one) => one.value.split(" ")[0]),
  ...away,
];

// The cards that came after those that are here, or were when we asked: what is decided meanwhile may still
// stand in the answer.
async function refill() {
  const before = here();
  const page = await parsed(await fetch("/desk/review"));
  if (!page.getElementById("cards")) return; // signed out meanwhile: the next act says so
  const known = new Set([...before, ...here()]);
  for (const fresh of page.querySelectorAll("#cards > article")) {
    for (const one of fresh.querySelectorAll("[name=case]")) {
      if (known.has(one.value.split(" ")[0])) one.closest("li").remove();
    }
    const isNew = fresh.dataset.card ? !known.has(fresh.dataset.card) : fresh.querySelector("[name=case]");
    if (isNew) { tally(fresh); box.append(fresh); }
  }
  left = Math.max(0, Number(page.getElementById("total").dataset.total) - away.size);
  const at = page.querySelector("[data-news]").dataset.at;
  document.querySelector("[data-news]").dispatchEvent(new CustomEvent("drawn", { detail: at }));
  if (!current()?.contains(document.activeElement) && document.activeElement === document.body) go(current());
  count(0);
}

// -- piles ------------------------------------------------------------------------------------------

function tally(card) {
  const n = card.querySelectorAll("[name=case]:checked").length;
  for (const one of card.querySelectorAll("[data-count]")) one.textContent = one.dataset.count.replace("{n}", n);
}

box.addEventListener("change", (event) => event.target.name === "case" && tally(event.target.closest("article")));

// -- finding an item --------------------------------------------------------------------------------

function openSearch(card) {
  let form = card.querySelector("form.search");
  if (!form) {
    form = byId("search").content.firstElementChild.cloneNode(true);
    form.setAttribute("action", `/desk/review/${card.dataset.card}`);
    form.append(Object.assign(document.createElement("input"), {
      type: "hidden", name: "version", value: card.querySelector("[name=version]").value,
    }));
    card.append(form);
    const field = form.querySelector("[type=search]");
    let timer;
    field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => find(card, form), WAIT); });
    field.addEventListener("keydown", (event) => {
      if (event.isComposing || !["Enter", "ArrowDown"].includes(event.key)) return;
      event.preventDefault();
      clearTimeout(timer);
      find(card, form).then(() => form.querySelector(".found button")?.focus());
    });
    form.addEventListener("keydown", (event) => moveInFound(event, form));
    find(card, form).then(() => form.scrollIntoView({ block: "nearest" })); // what is held covers the foot
  }
  form.querySelector("[type=search]").focus();
}

async function find(card, form) {
  const q = form.querySelector("[type=search]").value;
  const found = form.querySelector(".found");
  try {
    const answer = await fetch(`${card.dataset.search}?${new URLSearchParams({ q, part: "list" })}`);
    const page = await parsed(answer);
    if (q === form.querySelector("[type=search]").value) found.replaceChildren(...page.body.childNodes);
  } catch {
    found.replaceChildren(alertOf(words.offline));
  }
}

function moveInFound(event, form) {
  const all = [...form.querySelectorAll(".found button")];
  const at = all.indexOf(document.activeElement);
  if (event.key === "Escape") { const card = form.closest("article"); form.remove(); go(card); }
  else if (at >= 0 && event.key === "ArrowDown") all[Math.min(at + 1, all.length - 1)].focus();
  else if (at >= 0 && event.key === "ArrowUp") (all[at - 1] ?? form.querySelector("[type=search]")).focus();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

async function uncover(card) {
  try {
    const page = await parsed(await fetch(`/desk/review/${card.dataset.card}`));
    const fresh = page.querySelector("[data-card]");
    if (!fresh) return card.prepend(alertOf(page.querySelector("[role=alert]")?.textContent ?? words.left));
    card.replaceWith(fresh);
    go(fresh);
  } catch {
    card.prepend(alertOf(words.offline));
  }
}

box.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const link = event.target.closest("[data-find], [data-uncover]");
  if (!link) return;
  event.preventDefault();
  const card = link.closest("article");
  mark(card);
  if ("find" in link.dataset) openSearch(card); else uncover(card);
});

box.addEventListener("focusin", (event) => mark(event.target.closest("#cards > article")));

// -- keys -------------------------------------------------------------------------------------------

const press = (choice) => current()?.querySelector(choice)?.click();
const dialog = byId("keys");
const DOES = {
  1: () => press("[data-key='1']"), 2: () => press("[data-key='2']"), 3: () => press("[data-key='3']"),
  0: () => press("[data-key='0']"), x: () => press("[data-key='0']"),
  "/": () => press("[data-find]"), z: () => holder.undoLast(),
  j: () => step(1), k: () => step(-1), o: () => press("[data-uncover], [data-all]"),
  m: () => press("[data-merge], [name=one]"), s: () => press("[data-split]"), w: () => press("[data-word]"),
  "?": () => dialog.showModal(),
};

const switched = byId("keys-on");
try { switched.checked = !localStorage.getItem(KEYS_OFF); } catch { /* not kept then */ }
const keyed = () => byId("main").classList.toggle("keyed", switched.checked);
switched.addEventListener("change", () => {
  keyed();
  try { switched.checked ? localStorage.removeItem(KEYS_OFF) : localStorage.setItem(KEYS_OFF, "1"); } catch { /* not kept then */ }
});
keyed();

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
  if (dialog.open) { if (event.key === "?") dialog.close(); return; }
  if (!switched.checked || event.target.closest("input:not([type=checkbox]), textarea, select")) return;
  const does = DOES[event.key.toLowerCase()];
  if (!does) return;
  event.preventDefault();
  does();
});

byId("keys-open").hidden = false;
byId("keys-open").addEventListener("click", () => dialog.showModal());
byId("keys-close").addEventListener("click", () => dialog.close());
mark(cards()[0]);
if (matchMedia("(hover: hover) and (pointer: fine)").matches) go(cards()[0]);
