// Speaks through the two live regions of the layout, which exist before anything is said in them.
// Whoever has something to say sends it: new CustomEvent("announce", { detail: { message, urgent } }).
document.addEventListener("announce", ({ detail: { message, urgent = false } }) => {
  const region = document.getElementById(urgent ? "alarm" : "announcer");
  if (!region) return;
  // The same words twice are no change, and what is no change is not spoken.
  region.textContent = "";
  requestAnimationFrame(() => {
    region.textContent = message;
  });
});
