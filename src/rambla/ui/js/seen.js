// What a person sees and opens in their feed is told in batches, so that it does not stand first again.
const GLANCE_MS = 1000;
const EVERY_MS = 10_000;
const since = new Map(); // article -> when it came onto the screen, or was last told of
const seen = new Set();
let batch = [];

// Half of it, or half of the screen when it is taller than that.
const watcher = new IntersectionObserver((entries) => {
  for (const { target, intersectionRatio, intersectionRect, rootBounds } of entries) {
    const shown = intersectionRatio >= 0.5 || intersectionRect.height >= rootBounds.height / 2;
    if (!shown) leave(target);
    else if (!since.has(target)) since.set(target, Date.now());
  }
}, { threshold: [0, 0.25, 0.5, 0.75, 1] });

function watch(part) {
  for (const article of part.querySelectorAll("[role=feed][data-mode] > article")) watcher.observe(article);
}

function leave(article) {
  stay(article);
  since.delete(article);
}

function stay(article) {
  const stayed = Date.now() - (since.get(article) ?? Infinity);
  if (!(stayed >= GLANCE_MS)) return;
  since.set(article, Date.now());
  if (!seen.has(article.id)) note(article, { kind: "impression" });
  seen.add(article.id);
  note(article, { kind: "dwell", dwell_ms: Math.min(stayed, 3_600_000) });
}

function note(article, event) {
  batch.push({ event_id: uuid7(), item_id: article.id.replace("item-", ""), ...event });
}

function tell() {
  for (const article of since.keys()) stay(article);
  if (!batch.length) return;
  const events = new Blob([JSON.stringify(batch.slice(0, 500))], { type: "application/json" });
  if (navigator.sendBeacon("/v1/feed/events", events)) batch = batch.slice(500);
}

// An id that begins with its time, so that events are stored beside those of the same days.
function uuid7() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, Math.floor(Date.now() / 65536));
  view.setUint16(4, Date.now() % 65536);
  view.setUint16(6, 0x7000 | (view.getUint16(6) & 0x0fff));
  view.setUint8(8, 0x80 | (view.getUint8(8) & 0x3f));
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

watch(document);
document.addEventListener("htmx:load", () => watch(document)); // observing again what is observed does nothing
// Before a link or a form leaves: what comes next should know of it.
document.addEventListener("click", ({ target }) => {
  const article = target.closest("a[href]")?.closest("[role=feed][data-mode] > article");
  if (article) note(article, { kind: "click" });
  tell();
}, { capture: true });
document.addEventListener("visibilitychange", () => document.hidden && tell());
addEventListener("pagehide", tell);
setInterval(tell, EVERY_MS);
