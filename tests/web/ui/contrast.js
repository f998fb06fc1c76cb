// The contrast of every visible text, with translucent surfaces laid over both ends of the page's gradient.
(ends) => {
  const channels = (color) => {
    const [r, g, b, a = 1] = color.match(/[\d.]+/g).map(Number);
    return { r, g, b, a };
  };
  const over = (top, bottom) => {
    const mix = (name) => top[name] * top.a + bottom[name] * (1 - top.a);
    return { r: mix("r"), g: mix("g"), b: mix("b"), a: 1 };
  };
  const luminance = ({ r, g, b }) => {
    const linear = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  };
  const ratio = (a, b) => {
    const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
    return (high + 0.05) / (low + 0.05);
  };
  const family = (element) => {
    const line = [];
    for (let at = element; at && at !== document.body; at = at.parentElement) line.unshift(getComputedStyle(at));
    return line;
  };
  const backdrop = (line, end) => line.reduce((below, style) => over(channels(style.backgroundColor), below), end);
  const worst = (color, line, opacity) => {
    const tint = channels(color);
    return Math.min(...ends.map(channels).map((end) => {
      const below = backdrop(line, end);
      return ratio(over({ ...tint, a: tint.a * opacity }, below), below);
    }));
  };
  const describe = (element, found) => `${found.toFixed(2)} ${element.tagName.toLowerCase()}.${element.getAttribute("class")} "${element.textContent.trim().slice(0, 30)}"`;

  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility() || element.closest(".visually-hidden, script, template")) continue;
    if (element.closest(":disabled")) continue; // WCAG 1.4.3 leaves out what cannot be used
    const line = family(element);
    const style = line.at(-1);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && Number(style.fontWeight) >= 700);
    const opacity = line.reduce((product, { opacity }) => product * Number(opacity), 1);
    texts.push({ element, found: worst(style.color, line, opacity), needed: large ? 3 : 4.5 });
  }
  const parts = [];
  for (const element of document.querySelectorAll(".icon, .input, .check input, .split-bar rect, .note--unread .note-inner")) {
    if (!element.checkVisibility() || element.closest(":disabled")) continue;
    const line = family(element);
    const style = getComputedStyle(element);
    const color = element.matches(".input") ? style.borderTopColor
      : element.matches("rect") ? style.fill
      : element.matches(".note-inner") ? getComputedStyle(element, "::before").backgroundColor
      : element.matches("input") ? style.accentColor : style.stroke;
    parts.push({ element, found: worst(color, element.matches(".input") ? line.slice(0, -1) : line, 1), needed: 3 });
  }
  return {
    texts: texts.length,
    parts: parts.length,
    weak: [...texts, ...parts].filter(({ found, needed }) => found < needed).map(({ element, found }) => describe(element, found)),
  };
}
