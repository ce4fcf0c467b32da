// The procedure as a picture: what is done, where we are, what is still to come. It only shows; nothing can be changed.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import "./styles/diagram.css";

type State = "done" | "here";

interface Drawn {
  readonly id: string;
  readonly $attrs?: Readonly<Record<string, string>>;
  name?: string;
}
interface PlaneElement {
  readonly bpmnElement?: Drawn;
  readonly waypoint?: unknown;
  readonly isExpanded?: boolean;
  readonly label?: { readonly bounds?: Box };
  set(name: string, value: string): void;
}
interface Definitions {
  readonly diagrams?: readonly { readonly plane?: { readonly planeElement?: readonly PlaneElement[] } }[];
}
interface Canvas {
  addMarker(element: string, marker: string): void;
  zoom(to?: number, centre?: "auto"): number;
  viewbox(box?: Box): { readonly inner: Box };
  resized(): void;
}
interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}
interface Shape {
  readonly children?: readonly unknown[];
}
interface Registry {
  get(id: string): object | undefined;
}
interface Overlays {
  add(element: string, overlay: { position: { top: number; left: number }; html: HTMLElement; scale: boolean }): void;
}
interface ZoomScroll {
  toggle(enabled: boolean): boolean;
}
interface EventBus {
  on<Event>(name: string, act: (event: Event) => void): void;
}

/** Colours go into the diagram's own attributes before it is drawn, so that arrowheads follow. */
function colour(definitions: Definitions, states: Readonly<Record<string, State>>, named: (name: string) => string): void {
  for (const { plane } of definitions.diagrams ?? []) {
    for (const drawn of plane?.planeElement ?? []) {
      const step = states[drawn.bpmnElement?.id ?? ""] ?? "ahead";
      drawn.set("color:border-color", named(`--step-${step}`));
      // What holds other steps is never filled: they must be read on it.
      const plain = step === "ahead" || drawn.isExpanded;
      if (!drawn.waypoint) drawn.set("color:background-color", named(plain ? "--canvas" : `--step-${step}-fill`));
    }
  }
}

const ENGLISH_LABEL = 96;

/** On an English page the steps have the English names that the diagram gives them, and their labels room for whole words. */
function translate(definitions: Definitions): void {
  for (const { plane } of definitions.diagrams ?? []) {
    for (const { bpmnElement, label } of plane?.planeElement ?? []) {
      const english = bpmnElement?.$attrs?.["wz:en"];
      if (bpmnElement && english) bpmnElement.name = english;
      const room = label?.bounds;
      if (!room || room.width >= ENGLISH_LABEL) continue;
      room.x -= (ENGLISH_LABEL - room.width) / 2;
      room.width = ENGLISH_LABEL;
    }
  }
}

function pin(words: string): HTMLElement {
  const made = document.createElement("div");
  made.className = "diagram-pin";
  made.textContent = words;
  return made;
}

function markPlaces(viewer: NavigatedViewer, states: Readonly<Record<string, State>>, here: string): void {
  const registry = viewer.get<Registry>("elementRegistry");
  const canvas = viewer.get<Canvas>("canvas");
  const overlays = viewer.get<Overlays>("overlays");
  for (const [id, state] of Object.entries(states)) {
    const shape = registry.get(id);
    if (!shape) continue;
    // What holds other steps is no place to be: its steps are.
    const around = Boolean((shape as Shape).children?.length);
    canvas.addMarker(id, around ? "step-around" : `step-${state}`);
    if (state === "here" && !around) overlays.add(id, { position: { top: -28, left: 12 }, html: pin(here), scale: false });
  }
}

const MARGIN = { side: 24, top: 32, bottom: 64 };
const HEIGHT = { least: 240, most: 680 };

/** As high as the picture needs at the width there is, within reason: its words must be readable. */
function setHeight(place: HTMLElement, canvas: Canvas): void {
  const { inner } = canvas.viewbox();
  const scale = Math.min(1, (place.clientWidth - 2 * MARGIN.side) / inner.width);
  const wanted = inner.height * scale + MARGIN.top + MARGIN.bottom;
  place.style.height = `${Math.min(HEIGHT.most, Math.max(HEIGHT.least, wanted))}px`;
  canvas.resized();
}

/** The whole picture, below the pins and above the buttons and the library's mark. */
function fit(place: HTMLElement, canvas: Canvas): void {
  const { inner } = canvas.viewbox();
  const room = { width: place.clientWidth - 2 * MARGIN.side, height: place.clientHeight - MARGIN.top - MARGIN.bottom };
  const scale = Math.min(1.1, room.width / inner.width, room.height / inner.height);
  const [width, height] = [place.clientWidth / scale, place.clientHeight / scale];
  canvas.viewbox({ x: inner.x - (width - inner.width) / 2, y: inner.y - MARGIN.top / scale, width, height });
}

function steer(place: HTMLElement, viewer: NavigatedViewer, wheel: { enabled: boolean }): void {
  const canvas = viewer.get<Canvas>("canvas");
  const buttons = place.querySelector<HTMLElement>(".diagram-zoom");
  if (!buttons) return;
  buttons.hidden = false;
  buttons.addEventListener("click", (event) => {
    const way = (event.target as Element | null)?.closest<HTMLElement>("[data-zoom]")?.dataset["zoom"];
    if (way === "fit") fit(place, canvas);
    else if (way) canvas.zoom(canvas.zoom() * (way === "in" ? 1.25 : 0.8), "auto");
  });
  // The wheel belongs to the page until the picture itself has the focus.
  // The library turns it on again whenever the pointer enters, by what its configuration says then.
  const zoomScroll = viewer.get<ZoomScroll>("zoomScroll");
  const allowWheel = (may: boolean): void => {
    wheel.enabled = may;
    zoomScroll.toggle(may);
  };
  place.addEventListener("focusin", (event) => allowWheel(!buttons.contains(event.target as Node)));
  place.addEventListener("focusout", () => allowWheel(false));
}

/** Show the diagram of a place that has a size; a hidden one would fail. */
export async function mount(place: HTMLElement): Promise<void> {
  const note = place.querySelector<HTMLElement>(".picture-note");
  try {
    const answer = await fetch(place.dataset["diagram"] ?? "", { credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    const states = JSON.parse(place.dataset["states"] ?? "{}") as Record<string, State>;
    const style = getComputedStyle(place);
    const fontFamily = style.fontFamily;
    const wheel = { enabled: false };
    const viewer = new NavigatedViewer({
      container: place,
      zoomScroll: wheel,
      textRenderer: { defaultStyle: { fontFamily, fontSize: 13 }, externalStyle: { fontSize: 12 } },
    });
    viewer.get<EventBus>("eventBus").on<{ definitions: Definitions }>("import.parse.complete", ({ definitions }) => {
      if (!definitions) return;
      if (document.documentElement.lang === "en") translate(definitions);
      colour(definitions, states, (name) => style.getPropertyValue(name).trim());
    });
    await viewer.importXML(await answer.text());
    note?.remove();
    markPlaces(viewer, states, place.dataset["here"] ?? "");
    const canvas = viewer.get<Canvas>("canvas");
    setHeight(place, canvas);
    fit(place, canvas);
    steer(place, viewer, wheel);
    place.dataset["mounted"] = "yes";
  } catch {
    place.classList.add("failed");
    if (note) note.textContent = place.dataset["failed"] ?? "";
  }
}
