"""Reading events: what each throws or waits for, and whether it may stand where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from lxml import etree

from engine import expressions, moments, vocabulary
from engine.elements import STAND_IN, Elements, local, text_of
from engine.nodes import Event, Io

_TIMES: Mapping[str, str] = {"timeDate": "date", "timeDuration": "duration", "timeCycle": "cycle"}
_READ = {"date": moments.read_date, "duration": moments.read_duration, "cycle": moments.read_cycle}


class Events(Elements):
    """Reads the events of one file."""

    def event(self, element: etree._Element, tag: str, members: list[etree._Element]) -> Event | None:
        definitions = [found for child in members if (found := self.definition(child)) is not None]
        if not definitions:
            missing = any(local(child) == "eventDefinitionRef" for child in members)
            return Event(kind="none") if missing else self.allowed(element, tag, Event(kind="none"))
        together = "parallelMultiple" in vocabulary.ATTRIBUTES[tag] and self.boolean(
            element, "parallelMultiple", default=False
        )
        if together and (len(definitions) == 1 or tag != "intermediateCatchEvent"):
            self.refuse(
                "attribute-not-supported",
                element,
                attribute="parallelMultiple",
                value=element.get("parallelMultiple"),
                remedy_en="Only an intermediate event with several definitions waits for all of them; draw several events.",
                remedy_zh="只有含多个定义的中间事件可以等待全部定义，请改画多个事件。",
            )
        events = tuple(self.allowed(element, tag, self.defined(element, definition)) for definition in definitions)
        if len(events) == 1:
            return events[0]
        for event in events:
            if event.kind not in vocabulary.MULTIPLE[tag]:
                self.refuse("event-many", element, event=event.kind, count=len(events))
        return Event(kind="multiple", parts=events, together=together)

    def definition(self, child: etree._Element) -> etree._Element | None:
        """The definition of an event: written inside it, or referred to."""
        if local(child) in vocabulary.EVENT_DEFINITIONS:
            return child
        if local(child) != "eventDefinitionRef":
            return None
        self.attributes(child, "eventDefinitionRef")
        return self.referenced(child, "eventDefinitionRef", text_of(child))

    def referenced(self, element: etree._Element, attribute: str, reference: str) -> etree._Element | None:
        """An event definition beside the processes."""
        found = self.file.roots.get(("eventDefinition", reference.split(":")[-1]))
        if found is None:
            self.refuse(
                "reference-dangling",
                element,
                attribute=attribute,
                target=reference,
                expected_en="an event definition that stands beside the processes of this file",
                expected_zh="本文件中与流程并列的事件定义",
            )
        return found

    def defined(self, element: etree._Element, definition: etree._Element) -> Event:
        """The event that one of its definitions makes of an element."""
        kind = vocabulary.EVENT_DEFINITIONS[local(definition)]
        self.attributes(definition, local(definition))
        match kind:
            case "message":
                return self.message(element, definition)
            case "timer":
                return self.timer(element, definition)
            case "signal":
                return self.signal(element, definition)
            case "error" | "escalation":
                return self.coded(element, definition, kind)
            case "condition":
                return self.conditional(element, definition)
            case "link":
                return self.link(element, definition)
            case "compensation":
                return self.compensation(element, definition)
        for child in self.members(definition, local(definition)):
            self.refuse("element-unknown", child, tag=local(child), parent=local(definition))
        return Event(kind=kind)

    def allowed(self, element: etree._Element, tag: str, event: Event) -> Event:
        """Whether an event of this kind may stand here."""
        kinds = vocabulary.ALLOWED_EVENTS[tag]
        if event.kind not in kinds:
            known = ", ".join(sorted(kinds))
            self.refuse(
                "event-not-here",
                element,
                event=event.kind,
                tag=tag,
                remedy_en=f"Possible here: {known}.",
                remedy_zh=f"此处可用：{known}。",
            )
        return event

    def message(self, element: etree._Element, definition: etree._Element) -> Event:
        for _ in self.members(definition, "messageEventDefinition"):
            pass
        return Event(kind="message", name=self.referred(element, definition, "message", "name"))

    def of_task(self, element: etree._Element) -> Event:
        """What a send or receive task sends or waits for."""
        return Event(kind="message", name=self.referred(element, element, "message", "name"))

    def signal(self, element: etree._Element, definition: etree._Element) -> Event:
        for _ in self.members(definition, "signalEventDefinition"):
            pass
        return Event(kind="signal", name=self.referred(element, definition, "signal", "name"))

    def conditional(self, element: etree._Element, definition: etree._Element) -> Event:
        conditions = list(self.members(definition, "conditionalEventDefinition"))
        if not conditions:
            self.refuse("condition-absent", element)
            return Event(kind="condition", expression=STAND_IN)
        self.attributes(conditions[0], "condition")
        return Event(kind="condition", expression=self.expression(conditions[0], self.words(conditions[0]), "truth"))

    def compensation(self, element: etree._Element, definition: etree._Element) -> Event:
        """What undoes: thrown for one activity (`activityRef`) or for all; caught beside an activity or inside it."""
        for _ in self.members(definition, "compensateEventDefinition"):
            pass
        activity = (definition.get("activityRef") or "").split(":")[-1]
        if activity and local(element) in ("boundaryEvent", "startEvent"):
            self.refuse(
                "attribute-not-supported",
                element,
                attribute="activityRef",
                value=activity,
                remedy_en="It undoes the activity it is attached to or stands in; remove the attribute.",
                remedy_zh="它撤销所附着或所在的活动，请删去该属性。",
            )
        return Event(kind="compensation", name=activity)

    def coded(self, element: etree._Element, definition: etree._Element, kind: str) -> Event:
        """An error or escalation: thrown with a code; caught by its code, or any where none is named."""
        for _ in self.members(definition, f"{kind}EventDefinition"):
            pass
        catches = local(element) in ("boundaryEvent", "startEvent")
        if catches and not definition.get(f"{kind}Ref"):
            return Event(kind=kind)
        return Event(kind=kind, name=self.referred(element, definition, kind, f"{kind}Code", needed=not catches))

    def referred(
        self, element: etree._Element, definition: etree._Element, tag: str, attribute: str, *, needed: bool = True
    ) -> str:
        """The name or code of what a definition refers to; empty (and a finding, where it is needed) where it has none."""
        what_en, what_zh = vocabulary.CALLED[tag]
        reference = definition.get(f"{tag}Ref")
        if not reference:
            self.refuse("trigger-missing", element, what_en=what_en, what_zh=what_zh)
            return ""
        found = self.file.roots.get((tag, reference.split(":")[-1]))
        if found is None:
            self.refuse(
                "reference-dangling",
                element,
                attribute=f"{tag}Ref",
                target=reference,
                expected_en=f"a {what_en} of this file",
                expected_zh=f"本文件中的{what_zh}",
            )
            return ""
        name = (found.get(attribute) or "").strip()
        if not name and needed:
            self.refuse("trigger-nameless", element, what_en=what_en, what_zh=what_zh, reference=reference)
        elif name.startswith(("${", "#{", "=")):
            self.refuse("trigger-computed", element, what_en=what_en, what_zh=what_zh, name=name)
        return name

    def link(self, element: etree._Element, definition: etree._Element) -> Event:
        """A link: throw and catch find one another by its name; what they list as partners is checked against it."""
        partners = []
        for child in self.members(definition, "linkEventDefinition"):
            self.attributes(child, local(child))
            partners.append((local(child), text_of(child).split(":")[-1]))
        name = (definition.get("name") or "").strip()
        if not name:
            self.refuse("link-nameless", element)
        return Event(kind="link", name=name, code=definition.get("id") or "", partners=tuple(partners))

    def timer(self, element: etree._Element, definition: etree._Element) -> Event:
        times = [child for child in self.members(definition, "timerEventDefinition") if local(child) in _TIMES]
        since = self.wz(element, "from")
        formula = self.expression(element, since, "text") if since is not None else None
        deadline = self.wz(element, "deadline")
        if deadline is None:
            if formula is not None:
                self.refuse("timer-from-alone", element)
            return self.timed(element, times)
        if times:
            self.refuse("timer-twice", element)
        if not deadline.strip():
            self.refuse("timer-missing", element)
        if local(element) == "startEvent" and not self.triggered(element):
            self.refuse(
                "event-not-here",
                element,
                event="wz:deadline",
                tag="startEvent",
                remedy_en="A limit runs from something that happened: bind it behind the start.",
                remedy_zh="期限从已发生的事情起算：请在开始之后绑定。",
            )
        return Event(kind="timer", deadline=deadline.strip(), since=formula)

    def triggered(self, start: etree._Element) -> bool:
        """Whether a start event begins an event sub-process."""
        owner = start.getparent()
        return owner is not None and owner.get("triggeredByEvent") in ("true", "1")

    def timed(self, element: etree._Element, times: list[etree._Element]) -> Event:
        if len(times) != 1:
            self.refuse("timer-twice" if times else "timer-missing", element)
            return Event(kind="timer", code="duration", literal="PT0S")
        code, text = _TIMES[local(times[0])], self.words(times[0])
        self.attributes(times[0], local(times[0]))
        if moments.LOOKS_ISO.match(text):
            self.moment(element, code, text)
            return Event(kind="timer", code=code, literal=text)
        formula = self.expression(times[0], text, "text")
        if formula.compiled.constant and formula is not STAND_IN:
            self.moment(element, code, expressions.evaluate(formula.compiled, {}))
        return Event(kind="timer", code=code, expression=formula)

    def moment(self, element: etree._Element, code: str, text: str) -> None:
        try:
            _READ[code](text)
        except moments.NotAMoment as wrong:
            self.refuse("timer-malformed", element, reason=wrong, reason_zh=wrong.zh)

    def bound(self, element: etree._Element, event: Event, extensions: Mapping[str, str], io: Io | None) -> Event:
        payload = extensions.get("payload", "")
        if payload:
            self.variable(element, payload)
            if io is not None and io.closed:
                self.refuse("data-and-extension", element, word="wz:payload")
        elif io is not None and io.gives and local(element) == "startEvent":
            # What begins a proceeding comes before any token: it goes straight into the variable.
            payload = io.gives[0].target.variable
        return replace(event, payload=payload, parts=tuple(replace(part, payload=payload) for part in event.parts))
