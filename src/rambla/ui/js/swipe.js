// Swiping a [data-swipeable] presses its button with data-swipe="left" or "right": never more than the button does.
const START_PX = 12;
const SHARE = 0.35; // of the item's width
let drag = null;

document.addEventListener("pointerdown", (event) => {
  const item = event.target.closest("[data-swipeable]");
  if (!item || event.pointerType === "mouse" || !event.isPrimary) return;
  drag = { item, inner: item.firstElementChild, x: event.clientX, y: event.clientY, moved: 0, id: event.pointerId };
});

document.addEventListener("pointermove", (event) => {
  if (!drag || event.pointerId !== drag.id) return;
  const across = event.clientX - drag.x;
  if (!drag.moved && Math.abs(across) < START_PX) return;
  if (!drag.moved && Math.abs(event.clientY - drag.y) > Math.abs(across)) return end(); // it is a scroll
  if (!drag.moved) drag.item.classList.add("swiping");
  drag.moved = buttonFor(across) ? across : 0.01;
  drag.inner.style.translate = `${drag.moved}px`;
});

document.addEventListener("pointerup", () => {
  if (!drag) return;
  const { item, moved } = drag;
  const button = Math.abs(moved) > item.clientWidth * SHARE ? buttonFor(moved) : null;
  if (moved) swallowClick();
  end();
  button?.click();
});
document.addEventListener("pointercancel", () => drag && end());

function buttonFor(across) {
  return drag.item.querySelector(`[data-swipe="${across < 0 ? "left" : "right"}"]`);
}

function end() {
  drag.item.classList.remove("swiping");
  drag.inner.style.translate = "";
  drag = null;
}

// The finger that swiped also clicks what lies under it; that click is not meant.
function swallowClick() {
  const swallow = (event) => {
    if (!event.isTrusted) return; // the button's own
    event.preventDefault();
    event.stopPropagation();
  };
  document.addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => document.removeEventListener("click", swallow, { capture: true }), 50);
}
