// Questions that are asked only after certain answers: hidden while they are not, and then not sent either.
// Without script all of them stand there, each with a note that says when to fill it in.

interface Condition {
  readonly name: string;
  /** Any of these; none: answered at all. */
  readonly values: readonly string[];
}

function answers(form: HTMLFormElement, name: string): string[] {
  const given: string[] = [];
  for (const control of form.querySelectorAll<HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement>(`[name="${CSS.escape(name)}"]`)) {
    if (control.closest("[data-when][hidden]")) continue;
    if (control instanceof HTMLInputElement && (control.type === "radio" || control.type === "checkbox")) {
      if (control.checked) given.push(control.value);
      else if (control.type === "checkbox" && control.value === "true") given.push("false");
    } else if (control.value) given.push(control.value);
  }
  return given;
}

function holds(form: HTMLFormElement, { name, values }: Condition): boolean {
  const given = answers(form, name);
  return values.length ? given.some((answer) => values.includes(answer)) : given.some((answer) => answer !== "false");
}

function apply(form: HTMLFormElement): void {
  for (const place of form.querySelectorAll<HTMLElement>("[data-when]")) {
    const conditions = JSON.parse(place.dataset["when"] ?? "[]") as Condition[];
    const asked = conditions.every((condition) => holds(form, condition));
    place.hidden = !asked;
    for (const control of place.querySelectorAll<HTMLInputElement>("input, select, textarea")) {
      if (control.closest("[data-when]") === place || !asked) control.disabled = !asked || control.hasAttribute("data-never");
    }
  }
  hideEmptyParts(form);
}

/** A part of the form in which nothing is asked now is not shown either. */
function hideEmptyParts(form: HTMLFormElement): void {
  for (const part of form.querySelectorAll<HTMLElement>(".form-part:not([data-when])")) {
    const asked = [...part.querySelectorAll<HTMLElement>(":scope > .field")];
    part.hidden = asked.length > 0 && asked.every((field) => field.hidden);
  }
}

/** Hide what is not asked in every form within, and keep it so while the person answers. */
export function watchConditions(within: ParentNode): void {
  for (const form of within.querySelectorAll<HTMLFormElement>("form[data-form]")) {
    if (form.dataset["watched"]) continue;
    form.dataset["watched"] = "yes";
    for (const note of form.querySelectorAll<HTMLElement>("[data-when-note]")) note.hidden = true;
    for (const dead of form.querySelectorAll("input:disabled, select:disabled")) dead.setAttribute("data-never", "");
    form.addEventListener("change", () => apply(form));
    apply(form);
  }
}
