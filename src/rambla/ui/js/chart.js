// Draws every [data-chart] from the table inside it, so picture and table cannot disagree.
const HEIGHT = 220;
const LABEL_PX = 96;
const INKS = ["--accent-ink", "--success-ink", "--warning-ink", "--danger-ink"];

// Columns of { name, values, texts }; the texts are written by the server, in the viewer's locale and time zone.
function read(table) {
  const rows = [...table.tBodies[0].rows].map(({ cells }) => [...cells]);
  rows.sort((a, b) => a[0].dataset.value - b[0].dataset.value);
  return [...table.tHead.rows[0].cells].map((head, column) => ({
    name: head.textContent.trim(),
    values: rows.map((cells) => Number(cells[column].dataset.value)),
    texts: rows.map((cells) => cells[column].textContent.trim()),
  }));
}

// Canvas knows no custom properties: a probe element resolves them, light-dark() included.
function color(name) {
  const probe = document.body.appendChild(document.createElement("i"));
  probe.style.color = `var(${name})`;
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

function draw(figure) {
  const plot = figure.querySelector(".chart-plot");
  const columns = read(figure.querySelector("details table"));
  const [{ values: xs, texts: labels }] = columns;
  const axis = { stroke: color("--ink-soft"), grid: { stroke: color("--line"), width: 1 }, ticks: { stroke: color("--line"), width: 1 } };
  const every = (chart) => Math.ceil((xs.length * LABEL_PX) / chart.width);
  const x = {
    ...axis,
    splits: (chart) => xs.filter((_, index) => index % every(chart) === 0),
    values: (chart, splits) => splits.map((at) => labels[xs.indexOf(at)]),
  };
  const series = columns.map(({ name, texts }, index) => ({
    label: name,
    value: (chart, value, column, row) => texts[row] ?? "–",
    ...(index && { width: 2, stroke: color(INKS[(index - 1) % INKS.length]), points: { show: xs.length < 40 } }),
  }));
  plot.chart?.destroy();
  const size = { width: plot.clientWidth, height: HEIGHT, padding: [12, LABEL_PX / 2, 0, 0] };
  plot.chart = new uPlot({ ...size, series, axes: [x, { ...axis, size: 64 }] }, columns.map(({ values }) => values), plot);
  resized.observe(plot);
}

const resized = new ResizeObserver((entries) => {
  for (const { target } of entries) target.chart.setSize({ width: target.clientWidth, height: HEIGHT });
});

const drawAll = (root = document) => root.querySelectorAll("[data-chart]").forEach(draw);

document.addEventListener("htmx:load", ({ detail }) => detail.elt !== document.body && drawAll(detail.elt.parentElement));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawAll());
document.addEventListener("change", ({ target }) => target.name === "theme" && requestAnimationFrame(() => drawAll()));
drawAll();
