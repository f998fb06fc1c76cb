// A link inside [data-beacon] tells the server that it was followed, and does not wait for the answer.
for (const name of ["click", "auxclick"]) {
  document.addEventListener(name, ({ target }) => {
    const marked = target.closest("a[href]")?.closest("[data-beacon]");
    if (marked) navigator.sendBeacon(marked.dataset.beacon);
  });
}
