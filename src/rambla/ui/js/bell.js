// The live bell. One tab of the browser holds the stream and tells the others; the server's page is right without it.

const STREAM = "/v1/notifications/stream";
const SPEAK_EVERY_MS = 5000;
const bell = document.getElementById("bell");
const title = document.title;
const channel = new BroadcastChannel("rambla.bell");

let shown = Number(bell?.dataset.unread ?? 0);
let fresh = 0;
let spokenAt = 0;
let timer = null;

function show(unread) {
  const more = unread - shown;
  shown = unread;
  const badge = document.getElementById("bell-count");
  badge.hidden = unread === 0;
  badge.textContent = unread > 99 ? "99+" : unread;
  bell.dataset.unread = unread;
  bell.setAttribute("aria-label", unread ? `Notifications, ${unread} unread` : "Notifications");
  document.title = unread ? `(${unread > 99 ? "99+" : unread}) ${title}` : title;
  // Only an installed app has a badge, and it may refuse.
  (unread ? navigator.setAppBadge?.(unread) : navigator.clearAppBadge?.())?.catch(() => {});
  if (more === 0) return;
  if (more > 0) fresh += more;
  if (more > 0 && timer === null) timer = setTimeout(speak, Math.max(0, spokenAt + SPEAK_EVERY_MS - Date.now()));
  // Lists listen with hx-trigger="bell from:body".
  document.body.dispatchEvent(new CustomEvent("bell", { detail: { unread, more } }));
}

// One sentence for all that came since the last one: a burst must not talk over the page.
function speak() {
  const message = `${fresh} new notification${fresh === 1 ? "" : "s"}`;
  document.dispatchEvent(new CustomEvent("announce", { detail: { message } }));
  fresh = 0;
  timer = null;
  spokenAt = Date.now();
}

function hear(unread) {
  channel.postMessage(unread);
  show(unread);
}

/** Holds the stream until the signal ends it. */
function listen(signal, wait = 2000) {
  const source = new EventSource(STREAM);
  signal.addEventListener("abort", () => source.close());
  source.addEventListener("bell", ({ data }) => {
    wait = 2000;
    hear(JSON.parse(data).unread);
  });
  // A broken line mends itself; an answer that was no stream (signed out, overloaded) does not.
  source.addEventListener("error", () => {
    if (source.readyState !== EventSource.CLOSED || signal.aborted) return;
    setTimeout(() => signal.aborted || listen(signal, Math.min(wait * 2, 60_000)), wait * (0.5 + Math.random()));
  });
}

// Whoever holds the lock is the leader; when its tab closes, the browser hands the lock to the next.
function lead() {
  const ending = new AbortController();
  addEventListener("pagehide", () => ending.abort(), { once: true });
  const { signal } = ending;
  if (!navigator.locks) return listen(signal); // plain http on another machine: a stream for each tab
  const hold = () => {
    if (signal.aborted) return undefined;
    listen(signal);
    return new Promise((release) => signal.addEventListener("abort", release));
  };
  return navigator.locks.request("rambla.bell", { signal }, hold).catch(() => {});
}

if (bell) {
  channel.addEventListener("message", ({ data }) => show(data));
  addEventListener("pageshow", ({ persisted }) => persisted && lead());
  if (shown) document.title = `(${shown > 99 ? "99+" : shown}) ${title}`;
  lead();
}
