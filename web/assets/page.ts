// What every page does with script. Without it everything still works: this only saves steps.
import "htmx.org/dist/htmx.esm.min.js";
import { watchConditions } from "./conditions";

function onPress(selector: string, act: (pressed: HTMLElement, event: Event) => void): void {
  document.addEventListener("click", (event) => {
    const pressed = (event.target as Element | null)?.closest<HTMLElement>(selector);
    if (pressed) act(pressed, event);
  });
}

/** The password shown and hidden again. */
function reveal(button: HTMLElement): void {
  const field = document.getElementById(button.dataset["reveal"] ?? "");
  if (!(field instanceof HTMLInputElement)) return;
  const shown = field.type === "password";
  field.type = shown ? "text" : "password";
  button.setAttribute("aria-pressed", String(shown));
  const words = button.textContent;
  button.textContent = button.dataset["hide"] ?? words;
  button.dataset["hide"] = words ?? "";
}

/** Menus close when one presses elsewhere or Escape; arrows, Home and End move within them. */
function closeMenus(except: Element | null): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.drop[open]")) if (menu !== except) menu.open = false;
}

function steerMenu(event: KeyboardEvent): void {
  const menu = (event.target as Element | null)?.closest<HTMLDetailsElement>("details.drop[open]");
  if (!menu) return;
  if (event.key === "Escape") {
    menu.open = false;
    menu.querySelector("summary")?.focus();
    return;
  }
  const items = [...menu.querySelectorAll<HTMLElement>(".float a, .float button")];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at < 0 ? items.length - 1 : at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (to === undefined || !items.length) return;
  event.preventDefault();
  items[(to + items.length) % items.length]?.focus();
}

/** A link into something folded opens it first. */
function unfoldTarget(): void {
  const target = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
  const folded = target?.closest("details");
  if (folded) folded.open = true;
}

/** Diagrams are large: they load when one comes near them, and only where there is room for a picture. */
function watchDiagrams(within: ParentNode): void {
  const seen = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting || !(target instanceof HTMLElement) || !target.clientWidth) continue;
      seen.unobserve(target);
      void import("./diagram").then(({ mount }) => mount(target));
    }
  }, { rootMargin: "200px" });
  for (const place of within.querySelectorAll("[data-diagram]")) seen.observe(place);
}

let changedRows = "";

/** After a row was added its first field has the focus; after one was taken away, the group has. */
function focusRow(): void {
  const group = changedRows ? document.querySelector<HTMLElement>(`[data-rows="${CSS.escape(changedRows)}"]`) : null;
  changedRows = "";
  const first = group?.querySelector<HTMLElement>(":scope > li:last-child .row-fields :is(input, select, textarea)");
  (first ?? group?.closest<HTMLElement>("fieldset"))?.focus();
}

/** What a page, or a part of it that was fetched, needs at first. The error summary takes the focus. */
function settle(within: ParentNode): void {
  for (const hidden of within.querySelectorAll<HTMLElement>("[data-reveal], [data-print]")) hidden.hidden = false;
  within.querySelector<HTMLElement>("[data-focus]")?.focus();
  watchConditions(within);
  watchDiagrams(within);
}

onPress("[data-reveal]", reveal);
onPress("[data-print]", () => window.print());
document.addEventListener("click", (event) => closeMenus((event.target as Element | null)?.closest("details.drop") ?? null));
document.addEventListener("keydown", steerMenu);
window.addEventListener("hashchange", unfoldTarget);
onPress('[name="add-row"]', (pressed) => (changedRows = pressed.getAttribute("value")?.split(":")[0] ?? ""));
onPress('[name="remove-row"]', (pressed) => (changedRows = pressed.getAttribute("value")?.split(":")[0] ?? ""));
document.addEventListener("htmx:after:swap", () => {
  settle(document);
  focusRow();
});
unfoldTarget();
settle(document);
