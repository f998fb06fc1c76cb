// Keys are declared where they act: data-key="r", "/", "g h". A field is focused, anything else is pressed.
// j and k walk over [data-row]. All of it can be switched off (WCAG 2.1.4); Page Up and Page Down are feed.js.
const SEQUENCE_MS = 1200;
let first = null;
let firstAt = 0;

document.addEventListener("keydown", (event) => {
  if (event.metaKey || event.ctrlKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  if (document.documentElement.dataset.shortcuts === "off" || typing(event.target)) return;
  if (document.querySelector("[role=dialog]:popover-open") && event.key !== "?") return;
  const key = first && event.timeStamp - firstAt < SEQUENCE_MS ? `${first} ${event.key}` : event.key;
  first = null;
  if (key === "j" || key === "k") step(key === "j" ? 1 : -1);
  else if (!press(key, event)) remember(event);
});

function typing(target) {
  return target.matches?.("input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]");
}

// The row that has the focus comes first, so one key can stand on every row.
function press(key, event) {
  const selector = `[data-key="${CSS.escape(key)}"]`;
  const row = document.activeElement?.closest("[data-row]");
  const element = row?.querySelector(selector) ?? document.querySelector(selector);
  if (!element) return false;
  event.preventDefault();
  if (element.matches("input, textarea, select")) element.focus();
  else element.click();
  return true;
}

function remember(event) {
  if (!document.querySelector(`[data-key^="${CSS.escape(event.key)} "]`)) return;
  first = event.key;
  firstAt = event.timeStamp;
}

function step(by) {
  const rows = [...document.querySelectorAll("[data-row]")].filter((row) => row.checkVisibility());
  if (!rows.length) return;
  const here = rows.indexOf(document.activeElement?.closest("[data-row]"));
  const row = rows[Math.min(Math.max(here + by, 0), rows.length - 1)];
  if (!row.hasAttribute("tabindex")) row.tabIndex = -1;
  row.focus();
  row.scrollIntoView({ block: "nearest" });
}

// The list of shortcuts is what the page in front of the person really answers to.
document.getElementById("shortcuts")?.addEventListener("beforetoggle", ({ newState }) => {
  if (newState !== "open") return;
  const entries = new Map([["?", "This list"]]);
  if (document.querySelector("[data-row]")) entries.set("j k", "Next and previous row");
  if (document.querySelector("[role=feed]")) entries.set("PgDn PgUp", "Next and previous article");
  for (const element of document.querySelectorAll("[data-key]")) {
    if (!entries.has(element.dataset.key)) entries.set(element.dataset.key, nameOf(element));
  }
  document.getElementById("shortcut-list").replaceChildren(...[...entries].flatMap(([keys, name]) => line(keys, name)));
});

function nameOf(element) {
  const { keyLabel } = element.dataset;
  return keyLabel ?? element.placeholder ?? element.querySelector(".nav-label")?.textContent ?? element.textContent.trim();
}

function line(keys, name) {
  const term = document.createElement("dt");
  for (const key of keys.split(" ")) term.append(Object.assign(document.createElement("kbd"), { textContent: key }), " ");
  return [term, Object.assign(document.createElement("dd"), { textContent: name })];
}
