// Charts: nothing is loaded before somebody comes to one, and then the script that draws them, once. What they show
// stands in the tables of the page too.
const box = document.querySelector("[data-charts]");
const rows = JSON.parse(document.getElementById("chart-rows").textContent);
const note = box.querySelector("[role=status]");
let charts = null;

async function load() {
  const answer = await fetch(box.dataset.charts, { headers: { Accept: "application/json" } });
  if (!answer.ok || answer.redirected) throw new Error(`charts: ${answer.status}`);
  const { script, charts: made } = await answer.json();
  await import(script);
  return made;
}

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// The looks of the page, by day and by night.
const looks = () => ({
  font: getComputedStyle(document.body).fontFamily,
  background: null,
  padding: { left: 0, right: 4, top: 8, bottom: 4 },
  view: { stroke: null },
  axis: {
    labelFontSize: 13, labelColor: colour("--soft"), domainColor: colour("--line"),
    gridColor: colour("--line"), tickColor: colour("--line"),
  },
  style: {
    one: { color: colour("--link"), cornerRadiusEnd: 2 },
    whole: { color: colour("--line"), cornerRadius: 2 },
    part: { color: colour("--green"), cornerRadius: 2 },
    name: { color: colour("--ink"), fontSize: 15, limit: 230 },
    number: { color: colour("--ink"), fontSize: 15 },
  },
});

async function draw(figure) {
  const name = figure.dataset.chart;
  const made = await (charts ??= load());
  const chart = { ...made[name], datasets: { rows: rows[name] } };
  // A height by the row cannot be fitted to the width of a phone: say how high that is.
  if (chart.height.step) chart.height = chart.height.step * rows[name].length;
  await globalThis.vegaEmbed(figure.querySelector(".chart"), chart, {
    ast: true, actions: false, renderer: "svg", defaultStyle: false, config: looks(),
    tooltip: { disableDefaultStyle: true, theme: "desk" },
  });
  figure.dataset.drawn = "";
}

async function come(figures) {
  note.textContent = charts ? "" : note.dataset.loading;
  try {
    await Promise.all(figures.map(draw));
    note.textContent = "";
  } catch (error) {
    charts = null; // the next one tries again
    note.textContent = note.dataset.failed;
    console.warn(error);
  }
}

const all = [...box.querySelectorAll("[data-chart]")];
const watch = new IntersectionObserver((seen) => {
  const come_to = seen.filter((one) => one.isIntersecting).map((one) => one.target);
  for (const figure of come_to) watch.unobserve(figure);
  if (come_to.length) come(come_to);
}, { rootMargin: "200px" });

box.hidden = false;
box.addEventListener("toggle", () => {
  for (const figure of all) if (box.open && !("drawn" in figure.dataset)) watch.observe(figure);
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  const drawn = all.filter((figure) => "drawn" in figure.dataset);
  if (drawn.length) come(drawn);
});
if (location.hash === "#charts" || matchMedia("(min-width: 64rem)").matches) box.open = true;
