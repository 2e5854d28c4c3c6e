// Asks now and then whether what the page shows has changed, and offers to load it anew; never by itself, and
// beside the page where something is typed or picked, so that nothing of it is lost. Asks only while the page is looked at: an empty chair must run into its time-out.
const EVERY = 20_000;
const LOOKED_AT = 30 * 60_000;

const place = document.querySelector("[data-stamp]");
const link = place?.querySelector("a");
let touched = Date.now();

async function changed() {
  const answer = await fetch(place.dataset.from, { headers: { Accept: "application/json" } });
  if (!answer.ok || answer.redirected) return null;
  return (await answer.json()).stamp !== place.dataset.stamp;
}

async function look() {
  const watched = document.visibilityState === "visible" && Date.now() - touched < LOOKED_AT;
  if (watched && link.hidden) link.hidden = !(await changed().catch(() => false));
}

const begun = () =>
  [...document.querySelectorAll("textarea, [name=case]")].some((field) =>
    field.type === "checkbox" ? field.checked : field.value !== field.defaultValue);

if (place) {
  link.addEventListener("click", () => { link.target = begun() ? "_blank" : ""; });
  for (const kind of ["pointerdown", "keydown", "scroll"]) {
    addEventListener(kind, () => { touched = Date.now(); }, { passive: true });
  }
  document.addEventListener("visibilitychange", () => { touched = Date.now(); look(); });
  setInterval(look, EVERY);
}
