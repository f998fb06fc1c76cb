// Catches whatever goes wrong on a page and says it in one shape, as the event "failure".
// The kinds are those of errors.py, plus network, which only a browser can see: nothing answered.
const KIND_BY_STATUS = {
  400: "validation", 401: "auth", 403: "forbidden", 404: "forbidden", 405: "validation", 408: "network",
  409: "conflict", 410: "conflict", 412: "conflict", 413: "validation", 415: "validation", 422: "validation",
  429: "rate_limit", 500: "unknown", 502: "unavailable", 503: "unavailable", 504: "unavailable",
};

const MESSAGES = {
  rate_limit: "Too many requests. Wait a little and try again.",
  network: "No answer. Check the connection and try again.",
  auth: "Sign in to do this.",
  forbidden: "There is nothing here that you may see.",
  validation: "Something in the form needs another look.",
  conflict: "Something changed in the meantime. Look again before you go on.",
  unavailable: "The service is not ready. Try again in a moment.",
  unknown: "Something went wrong on our side.",
};

for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, ({ detail }) => report(detail.xhr, detail.requestConfig));
}
for (const name of ["htmx:swapError", "htmx:onLoadError"]) {
  document.addEventListener(name, ({ detail }) => report(detail.error));
}
addEventListener("unhandledrejection", ({ reason }) => report(reason));
addEventListener("error", ({ error }) => error && report(error)); // without error it is a picture that did not load

async function report(cause, request = null) {
  if (cause?.name === "AbortError") return; // the person went elsewhere
  document.dispatchEvent(new CustomEvent("failure", { detail: { error: await normalizeError(cause), request } }));
}

/** Takes a Response, an XMLHttpRequest or anything thrown. */
export async function normalizeError(cause) {
  if (cause instanceof Response) {
    const body = await cause.clone().text().catch(() => "");
    return fromAnswer(cause.status, (name) => cause.headers.get(name), body);
  }
  if (cause instanceof XMLHttpRequest) {
    return fromAnswer(cause.status, (name) => cause.getResponseHeader(name), cause.responseText);
  }
  return shape(nothingAnswered(cause) ? "network" : "unknown");
}

function fromAnswer(status, header, body) {
  if (status === 0) return shape("network");
  const problem = problemIn(body);
  const kind = problem.kind in MESSAGES ? problem.kind : KIND_BY_STATUS[status] ?? "unknown";
  return shape(kind, {
    message: problem.message || problem.detail || problem.title || MESSAGES[kind],
    code: problem.code ?? null,
    requestId: problem.request_id || header("X-Request-Id"),
    retryAfter: seconds(header("Retry-After")),
  });
}

function shape(kind, rest = {}) {
  return { kind, message: MESSAGES[kind], retryAfter: null, requestId: null, code: null, ...rest };
}

// A problem comes as JSON to programs and as the error page to whoever asked for a page.
function problemIn(body) {
  try {
    return Object(JSON.parse(body));
  } catch {
    const page = new DOMParser().parseFromString(body, "text/html").getElementById("problem");
    if (!page) return {};
    const { kind, code, requestId } = page.dataset;
    return { kind, code, request_id: requestId, message: page.querySelector("#problem-message")?.textContent };
  }
}

// RFC 9110 allows seconds or a date.
function seconds(value) {
  if (!value) return null;
  const number = /^\d+$/.test(value) ? Number(value) : Math.ceil((Date.parse(value) - Date.now()) / 1000);
  return Number.isNaN(number) ? null : Math.max(0, number);
}

function nothingAnswered(cause) {
  if (!navigator.onLine) return true;
  if (cause instanceof DOMException) return cause.name === "TimeoutError" || cause.name === "NetworkError";
  // What fetch throws; every engine words it differently, and a bug of ours is a TypeError as well.
  return cause instanceof TypeError && /fetch|network|load failed/i.test(cause.message);
}
