"""What a page owes to those who do not see it or do not use a mouse, looked at in the browser itself."""

from __future__ import annotations

from playwright.sync_api import Page

FINDINGS = r"""
() => {
  const found = [];
  const say = (what, element) => found.push(`${what}: ${element.outerHTML.slice(0, 120)}`);
  const seen = (element) => element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;

  const named = (element) => {
    const ids = (element.getAttribute("aria-labelledby") ?? "").split(/\s+/);
    const by = ids.map((id) => document.getElementById(id)?.textContent ?? "").join("");
    const labels = [...(element.labels ?? [])].map((label) => label.textContent).join("");
    const said = element.getAttribute("aria-label") ?? element.getAttribute("title") ?? "";
    return [by, said, labels, element.textContent ?? ""].some((words) => words.trim() !== "");
  };
  for (const control of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary"))
    if (seen(control) && control.getAttribute("aria-hidden") !== "true" && !named(control)) say("no name", control);

  const headings = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter(seen);
  if (headings.filter((heading) => heading.tagName === "H1").length !== 1) found.push("not exactly one h1");
  headings.reduce((before, heading) => {
    const level = Number(heading.tagName[1]);
    if (level > before + 1) say(`h${level} after h${before}`, heading);
    return level;
  }, 0);

  const ids = new Map();
  for (const element of document.querySelectorAll("[id]")) ids.set(element.id, (ids.get(element.id) ?? 0) + 1);
  for (const [id, times] of ids) if (times > 1) found.push(`id ${id} ${times} times`);

  const rgba = (colour) => { const p = colour.match(/[\d.]+/g).map(Number); return p.length > 3 ? p : [...p, 1]; };
  const over = (top, under) => top.slice(0, 3).map((part, i) => part * top[3] + under[i] * (1 - top[3]));
  const ground = (element) => {
    if (!element) return [255, 255, 255];
    const { backgroundColor, backgroundImage } = getComputedStyle(element);
    if (backgroundImage !== "none") return null;
    const colour = rgba(backgroundColor);
    if (colour[3] === 1) return colour.slice(0, 3);
    const under = ground(element.parentElement);
    return under && over(colour, under);
  };
  const light = (colour) => colour.map((part) => part / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const element = text.parentElement;
    if (!text.data.trim() || !seen(element) || element.closest("svg, .sr, .skip, script, :disabled, fieldset:disabled")) continue;
    const style = getComputedStyle(element), under = ground(element);
    if (!under) continue;  // hatched: the style sheet's own test holds these pairs
    const [a, b] = [light(over(rgba(style.color), under)), light(under)].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 600);
    if ((a + 0.05) / (b + 0.05) < (large ? 3 : 4.5)) say(`contrast ${((a + 0.05) / (b + 0.05)).toFixed(2)}`, element);
  }
  return found;
}
"""

FOCUSED = r"""
() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const style = getComputedStyle(element), label = element.labels?.[0];
  const drawn = (s) => (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2) || s.boxShadow !== "none";
  const seen = drawn(style) || (label && drawn(getComputedStyle(label)));
  return { what: element.outerHTML.slice(0, 100), seen, wide: element.getBoundingClientRect().width > 0 };
}
"""


def findings(page: Page) -> list[str]:
    """Controls without a name, headings out of order, ids twice, text too faint for its ground."""
    found: list[str] = page.evaluate(FINDINGS)
    return found


def unseen_focus(page: Page, most: int = 60) -> list[str]:
    """What takes the focus of the Tab key without showing it, of the first so many stops."""
    hidden = []
    page.evaluate("document.activeElement && document.activeElement.blur()")
    first = before = None
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop is None or stop["what"] == first:
            break
        first = first or stop["what"]
        # Within a date the browser has stops of its own, and marks them itself.
        if stop["what"] != before and not (stop["seen"] and stop["wide"]):
            hidden.append(stop["what"])
        before = stop["what"]
    return hidden


def scrolls_sideways(page: Page) -> bool:
    """Whether a page is wider than its window."""
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))
