// The error boundary: whatever failed, the person reads it in words, keeps what was typed, and can try again.
// The form stays untouched because an answer that is an error is not swapped in.
document.addEventListener("failure", ({ detail: { error, request } }) => {
  const region = document.getElementById("toasts");
  const key = request ? `${request.verb} ${request.path}` : error.message;
  const known = [...region.children].find((toast) => toast.dataset.failure === key);
  // What the clock asks for fails again and again; one message that stays is enough.
  if (known && request?.elt.matches("[data-live]")) return;
  known?.remove();
  region.append(toastFor(error, key, request));
});

// A form that comes back with its errors (400, 409, 422) is HTML without a head: that one is shown in its place.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const { xhr } = detail;
  const html = xhr.getResponseHeader("Content-Type")?.startsWith("text/html");
  if ([400, 409, 422].includes(xhr.status) && html && !/^\s*<!doctype/i.test(xhr.responseText)) {
    detail.shouldSwap = true;
    detail.isError = false;
  }
});

function toastFor(error, key, request) {
  const toast = document.getElementById("toast-template").content.firstElementChild.cloneNode(true);
  Object.assign(toast.dataset, { failure: key, kind: error.kind });
  toast.querySelector(".toast-text").textContent = error.message;
  const way = wayOut(error, request, toast);
  if (way) toast.querySelector(".toast-actions").prepend(way);
  if (error.requestId) toast.append(make("p", { className: "request-id", textContent: `Request ${error.requestId}` }));
  return toast;
}

function wayOut(error, request, toast) {
  const className = "button button--secondary button--small";
  if (error.kind === "auth") {
    const next = encodeURIComponent(location.pathname + location.search);
    return make("a", { className, href: `/sign-in?next=${next}`, textContent: "Sign in" });
  }
  if (error.kind === "forbidden" || error.kind === "validation") return null; // the same again would fail the same
  const button = make("button", { className, type: "button", textContent: "Retry" });
  button.addEventListener("click", () => {
    toast.remove();
    if (request) again(request);
    else location.reload();
  });
  countDown(button, error.retryAfter ?? 0);
  return button;
}

// The form is sent as it stands now, with its Idempotency-Key if it has one, so twice is once.
function again({ verb, path, elt, target }) {
  const heard = () => {}; // the event of a second failure has been seen already
  htmx.ajax(verb, path, { source: elt, target }).catch(heard);
}

function countDown(button, left) {
  button.disabled = left > 0;
  button.textContent = left > 0 ? `Retry in ${left} s` : "Retry";
  if (left > 0) setTimeout(countDown, 1000, button, left - 1);
}

function make(tag, properties) {
  return Object.assign(document.createElement(tag), properties);
}
