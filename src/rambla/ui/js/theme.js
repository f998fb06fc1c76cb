// The one blocking script: the chosen theme has to stand before the first paint, or the page flashes.
{
  const root = document.documentElement;
  root.dataset.js = "";
  try {
    const theme = localStorage.getItem("rambla.theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  } catch {
    // Storage can be forbidden; then the system's theme is the theme.
  }
}
