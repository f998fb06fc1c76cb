// Where a person stops reading is told to the server, so that they go on from there after a reload and on other devices.
let told = "";

function tell() {
  const feed = document.querySelector("[role=feed][data-mode]");
  if (!feed) return;
  const articles = [...feed.querySelectorAll("article[data-cursor]")];
  const top = articles.findIndex((article) => article.getBoundingClientRect().bottom > innerHeight / 4);
  // The cursor of what is above the screen leads to what is on it. At the top of the feed there is no place to keep.
  const cursor = articles[top - 1]?.dataset.cursor ?? (top === 0 ? feed.dataset.after : "");
  if (!cursor || cursor === told) return;
  const place = new FormData();
  place.set("mode", feed.dataset.mode);
  place.set("cursor", cursor);
  if (navigator.sendBeacon("/feed/place", place)) told = cursor;
}

document.addEventListener("visibilitychange", () => document.hidden && tell());
addEventListener("pagehide", tell);
