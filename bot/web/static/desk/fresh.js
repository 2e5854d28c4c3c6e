// On every page: hears of dangers for the red bar, and, where the page says so, that what it shows has changed, and offers to load it anew; never by itself, and
// beside the page where something is typed or picked, so that nothing of it is lost. Listens only while the
// page is looked at: an empty chair must run into its time-out.
const LOOKED_AT = 30 * 60_000;
const NEWS = { new: 0, changed: false };

const place = document.querySelector("[data-news]");
const link = place?.querySelector("a");
let stream = null;
let touched = Date.now();
let known = NEWS;

const fields = () => [...document.querySelectorAll("textarea, [name=case]")];
const begun = () =>
  fields().some((field) => (field.type === "checkbox" ? field.checked : field.value !== field.defaultValue));

function tell(news) {
  known = news;
  if (!link) return;
  const { new: said, changed } = place.dataset;
  const text = news.new && said ? said.replace("{n}", news.new) : (news.changed && changed) || "";
  if (link.textContent !== text) link.textContent = text; // said aloud only when it is another
  link.hidden = !text;
}

// Dangers that nobody has answered stand over the page: drawn by the server, said aloud as they come.
async function alarm(mark) {
  const bar = document.querySelector("#alarms");
  if (!bar || bar.dataset.mark === mark) return;
  bar.dataset.mark = mark;
  const got = mark && (await fetch("/desk/alarms", { redirect: "error" }).catch(() => null));
  const html = got?.ok ? await got.text() : "";
  if (bar.dataset.mark !== mark) return; // there is newer news by now
  if (mark && !html) bar.dataset.mark = "";
  else bar.innerHTML = html;
}

function address() {
  if (!place) return "/desk/news";
  const there = new URL(place.dataset.news, location.href);
  there.searchParams.set("at", place.dataset.at);
  return there;
}

function listen() {
  if (stream || !window.EventSource) return;
  const mine = new EventSource(address());
  stream = mine;
  mine.addEventListener("message", (event) => {
    if (stream !== mine) return;
    const news = JSON.parse(event.data);
    tell(news);
    alarm(news.alarms ?? "");
  });
  mine.addEventListener("end", leave);
}

function leave() {
  stream?.close();
  stream = null;
}

function look() {
  if (document.visibilityState === "visible" && Date.now() - touched < LOOKED_AT) listen();
  else leave();
}

function touch() {
  const slept = Date.now() - touched >= LOOKED_AT;
  touched = Date.now();
  if (slept) look();
}

// A form of a case that somebody else has changed: said once, before it is sent in vain.
function warn(event) {
  const form = event.target.closest("form[method=post]");
  if (!known.changed || !place.dataset.warn || !form?.elements.version || form.dataset.warned) return;
  event.preventDefault();
  form.dataset.warned = "1";
  const note = Object.assign(document.createElement("p"), { className: "note", textContent: place.dataset.warn });
  note.setAttribute("role", "alert");
  form.append(note);
}

if (place) {
  // The page drew the newest by itself: from now on what comes after that is news.
  place.addEventListener("drawn", (event) => { place.dataset.at = event.detail; leave(); tell(NEWS); look(); });
  link.addEventListener("click", () => { link.target = begun() ? "_blank" : ""; });
  document.addEventListener("submit", warn);
}
if (document.querySelector("#alarms")) {
  for (const kind of ["pointerdown", "keydown", "scroll"]) addEventListener(kind, touch, { passive: true });
  document.addEventListener("visibilitychange", () => { touched = Date.now(); look(); });
  addEventListener("pagehide", leave);
  addEventListener("pageshow", look);
  setInterval(look, 60_000);
  look();
}
