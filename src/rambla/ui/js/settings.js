// What a person sets for this browser: theme and shortcuts. Kept in storage, shared by all tabs.
const recall = (key) => {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
};

const keep = (key, value) => {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Without storage the choice holds for this page.
  }
};

function show() {
  const theme = recall("rambla.theme") ?? "system";
  for (const radio of document.querySelectorAll("input[name=theme]")) radio.checked = radio.value === theme;
  const shortcuts = document.getElementById("shortcuts-switch");
  if (shortcuts) shortcuts.checked = recall("rambla.shortcuts") !== "off";
}

function applyTheme(theme) {
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}

document.addEventListener("change", ({ target }) => {
  if (target.name === "theme") {
    keep("rambla.theme", target.value);
    applyTheme(target.value);
  }
  if (target.id === "shortcuts-switch") {
    keep("rambla.shortcuts", target.checked ? "on" : "off");
    document.documentElement.dataset.shortcuts = target.checked ? "on" : "off";
  }
});

addEventListener("storage", ({ key, newValue }) => {
  if (key === "rambla.theme") applyTheme(newValue);
  if (key === "rambla.shortcuts") document.documentElement.dataset.shortcuts = newValue ?? "on";
  show();
});

document.documentElement.dataset.shortcuts = recall("rambla.shortcuts") ?? "on";
show();
