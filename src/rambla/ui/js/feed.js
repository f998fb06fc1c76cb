// The keyboard of role=feed: Page Down and Page Up from article to article, Control+End and Control+Home out of it.
const FOCUSABLE = "a[href], button:not(:disabled), input:not(:disabled), select, textarea, [tabindex='0']";

document.addEventListener("keydown", (event) => {
  const feed = event.target.closest?.("[role=feed]");
  if (!feed || event.altKey || event.metaKey) return;
  const target = destination(feed, event);
  if (!target) return;
  event.preventDefault();
  target.focus();
  target.scrollIntoView({ block: "nearest" });
});

function destination(feed, { key, ctrlKey, target }) {
  if (ctrlKey && key === "End") return outside(feed, Node.DOCUMENT_POSITION_FOLLOWING)[0];
  if (ctrlKey && key === "Home") return outside(feed, Node.DOCUMENT_POSITION_PRECEDING).at(-1);
  if (key !== "PageDown" && key !== "PageUp") return null;
  const articles = [...feed.querySelectorAll("article")];
  const here = articles.indexOf(target.closest("article"));
  // At the end the link to the next page is the next article to come.
  return articles[here + (key === "PageDown" ? 1 : -1)] ?? (key === "PageDown" ? document.querySelector(".more a") : null);
}

function outside(feed, side) {
  return [...document.querySelectorAll(FOCUSABLE)].filter(
    (element) => !feed.contains(element) && feed.compareDocumentPosition(element) & side && element.checkVisibility(),
  );
}

// A feed that goes on by itself asks a screen ahead, so that nobody sees its end.
const near = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) if (isIntersecting) target.click();
}, { rootMargin: "100%" });
document.addEventListener("htmx:load", ({ detail }) => {
  for (const link of detail.elt.querySelectorAll("a[data-near]")) near.observe(link);
});

// Screen readers wait with reading while articles come and go.
const busy = (state) => ({ target, detail }) => {
  (detail.target ?? target).closest?.("[role=feed]")?.setAttribute("aria-busy", state);
};
document.addEventListener("htmx:beforeRequest", busy("true"));
for (const name of ["htmx:afterSettle", "htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, busy("false"));
}
