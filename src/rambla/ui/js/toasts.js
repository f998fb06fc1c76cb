// Toasts come from the server (out of band) or from the error boundary; they speak, and go when nobody needs them.

const STAY_MS = 7000;

function live(toast) {
  const urgent = toast.classList.contains("toast--danger");
  const message = toast.querySelector(".toast-text").textContent;
  document.dispatchEvent(new CustomEvent("announce", { detail: { message, urgent } }));
  // Whoever has something to press in it decides when it goes (WCAG 2.2.1).
  const waits = toast.querySelector("button:not([data-dismiss]), a");
  if (!waits && !urgent) leaveLater(toast);
}

function leaveLater(toast) {
  setTimeout(() => (toast.matches(":hover, :focus-within") ? leaveLater(toast) : toast.remove()), STAY_MS);
}

const region = document.getElementById("toasts");
if (region) {
  region.addEventListener("click", ({ target }) => {
    if (target.closest("[data-dismiss]")) target.closest(".toast").remove();
  });
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const node of addedNodes) if (node.matches?.(".toast")) live(node);
  }).observe(region, { childList: true });
  for (const toast of region.querySelectorAll(".toast")) live(toast);
}
