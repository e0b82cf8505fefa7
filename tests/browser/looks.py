"""What a page must not have, as scripts that find it."""

# Every control that can be used, without an accessible name: by label, aria-label, aria-labelledby, title or its text.
NAMELESS = """() => {
  const text = (id) => document.getElementById(id)?.textContent.trim();
  const name = (each) => each.getAttribute("aria-label")?.trim()
    || (each.getAttribute("aria-labelledby") ?? "").split(/\\s+/).map(text).filter(Boolean).join(" ")
    || [...(each.labels ?? [])].map((label) => label.textContent.trim()).join(" ")
    || each.title?.trim()
    || (["BUTTON", "A", "SUMMARY"].includes(each.tagName) || each.getAttribute("role") ? each.textContent.trim() : "");
  const controls = document.querySelectorAll(
    "input:not([type=hidden]), textarea, select, button, summary, a[href], [role=slider], [role=tab], [role=img]");
  return [...controls].filter((each) => each.checkVisibility() && !each.closest("[aria-hidden=true]") && !name(each))
    .map((each) => each.outerHTML.slice(0, 200));
}"""

# Text whose contrast to what is behind it is below what WCAG AA asks: 4.5, or 3 where it is large.
FAINT = """() => {
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (color) => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = color;
    pen.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, under) => [0, 1, 2].map((i) => top[i] * top[3] + under[i] * (1 - top[3]));
  const light = (color) => {
    const [r, g, b] = color.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const page = rgba(getComputedStyle(document.querySelector(".stApp")).backgroundColor);
  const behind = (each) => {
    const layers = [];
    for (let at = each; at; at = at.parentElement) layers.push(rgba(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((under, layer) => over(layer, under), page.slice(0, 3));
  };
  const found = [];
  const walker = document.createTreeWalker(document.querySelector(".stApp"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const each = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent.trim();
    if (!text || each.closest("style, script, :disabled, [aria-disabled=true], [aria-hidden=true]")) continue;
    if (!each.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const style = getComputedStyle(each);
    const svg = each.closest("svg");
    let [r, g, b, alpha] = rgba(svg ? style.fill : style.color);
    if (svg) alpha *= Number(style.fillOpacity);
    for (let at = each; at; at = at.parentElement) alpha *= Number(getComputedStyle(at).opacity);
    const under = behind(svg ? svg.parentElement : each);
    const [high, low] = [light(over([r, g, b, alpha], under)), light(under)].sort((a, b) => b - a);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const contrast = (high + 0.05) / (low + 0.05);
    if (contrast < (large ? 3 : 4.5) - 0.01)
      found.push(`${contrast.toFixed(2)} ${text.slice(0, 40)} <${each.tagName}>`);
  }
  return [...new Set(found)];
}"""
