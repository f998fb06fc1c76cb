// Parts that refresh themselves ([data-live]) rest while the window is elsewhere or the person says so.
let away = false;
let paused = false;

const resting = () => away || paused;

document.addEventListener("htmx:beforeRequest", (event) => {
  const { requestConfig } = event.detail;
  // Only what the clock asked for is held back; what a person pressed inside a live part goes through.
  const byClock = requestConfig.elt.matches("[data-live]");
  if (byClock && resting()) event.preventDefault();
});

function show() {
  const button = document.querySelector("[data-live-switch]");
  if (!button) return;
  button.setAttribute("aria-pressed", String(!resting()));
  button.textContent = paused ? "Paused" : away ? "Paused while away" : "Live";
}

function change() {
  show();
  if (resting()) return;
  for (const part of document.querySelectorAll("[data-live]")) part.dispatchEvent(new CustomEvent("live"));
}

function look() {
  const now = document.hidden || !document.hasFocus();
  if (now === away) return;
  away = now;
  change();
}

document.addEventListener("visibilitychange", look);
addEventListener("blur", look);
addEventListener("focus", look);
document.addEventListener("click", ({ target }) => {
  if (!target.closest("[data-live-switch]")) return;
  paused = !paused;
  change();
});
look();
