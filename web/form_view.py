"""A form of the `forms` room as it is printed: which control a question gets, and what stands in it.

It knows the page and the outline of a form, never the law and never whether an answer is right: that is `forms.read`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from forms.outlines import Choice, Fieldset, Question, Repeat, Row, Trigger, Words, typed
from web.page_values import Filled, Suggestion

Control = Literal["input", "textarea", "select", "radios", "boxes", "tick", "rows", "prose"]

RADIOS_UP_TO = 4
"""With more options than this a single choice is a list that opens."""
ONE_LINE_OF_RADIOS = 24
"""Up to so many signs in all, short options stand beside each other."""
SHORT_TEXT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownChoice:
    """One option of a question."""

    id: str
    value: str
    label: str
    hint: str
    checked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One component, ready to print. `id` is its id and its name, `path` the path of the problems about it."""

    control: Control
    id: str = ""
    path: str = ""
    label: str = ""
    hint: str = ""
    need: str = ""
    error: str = ""
    when: str = ""
    """In words, for those without script: when it is to be filled in."""
    shown_when: str = ""
    """The same for the script, as JSON: `[{"name": …, "values": […]}]`; all must hold; no values: answered at all."""
    value: str = ""
    options: tuple[ShownChoice, ...] = ()
    type: str = "text"
    input_mode: str = ""
    width: str = ""
    lines: int = 6
    broad: bool = True
    inline: bool = False
    suggestion: Suggestion | None = None
    rows: tuple[ShownRow, ...] = ()
    add: str = ""
    """Label of the button that adds a row; empty when there is room for none."""
    removable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRow:
    """One row of a repeated group."""

    number: int
    parts: tuple[Shown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Questions under one heading; without one where the form has none."""

    label: str = ""
    hint: str = ""
    shown_when: str = ""
    components: tuple[Shown, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemLine:
    """One line of the error summary; `id` is the control it leads to, empty for the whole form."""

    id: str
    message: str


def parts(filled: Filled) -> tuple[Part, ...]:
    """The form in parts, in its order; questions outside any section stand in parts without a heading."""
    return tuple(_Printing(filled).parts())


def problems(filled: Filled) -> tuple[ProblemLine, ...]:
    """Every error, in the order of the form, with the control it belongs to."""
    places = {shown.path: shown.id for part in parts(filled) for shown in _all(part.components)}
    order = {path: place for place, path in enumerate(places)}
    paths = sorted(filled.errors, key=lambda path: order.get(path, len(order)))
    return tuple(ProblemLine(id=_target(path, places), message=filled.errors[path]) for path in paths)


def _target(path: str, places: dict[str, str]) -> str:
    """The control of a path, or of the nearest group around it."""
    while path and path not in places:
        path = path.rpartition(".")[0]
    return places.get(path, "")


def _all(components: Sequence[Shown]) -> Iterator[Shown]:
    for shown in components:
        if shown.path:
            yield shown
        for row in shown.rows:
            yield from _all(row.parts)


class _Printing:
    """One printing of one form."""

    def __init__(self, filled: Filled) -> None:
        self.filled = filled

    def parts(self) -> Iterator[Part]:
        loose: list[Shown] = []
        for block in self.filled.outline.blocks:
            if not isinstance(block, Fieldset):
                loose.append(self._component(block))
                continue
            if loose:
                yield Part(components=tuple(loose))
                loose = []
            components = tuple(self._component(inner) for inner in block.blocks)
            yield Part(label=block.label, hint=block.hint, shown_when=_data(block.shown_when), components=components)
        if loose:
            yield Part(components=tuple(loose))

    def _component(self, block: Question | Repeat | Words) -> Shown:
        if isinstance(block, Words):
            return Shown(control="prose", label=block.text, shown_when=_data(block.shown_when))
        return self._repeat(block) if isinstance(block, Repeat) else self._question(block)

    def _repeat(self, repeat: Repeat) -> Shown:
        rows = repeat.rows(self.filled.answers)
        return Shown(
            control="rows",
            id=repeat.id,
            path=repeat.path,
            label=repeat.label,
            hint=repeat.hint,
            need=repeat.presence,
            error=self.filled.errors.get(repeat.path, ""),
            when=repeat.condition,
            shown_when=_data(repeat.shown_when),
            rows=tuple(self._row(row, number) for number, row in enumerate(rows, start=1)),
            add=repeat.add if len(rows) < repeat.max_rows else "",
            removable=len(rows) > max(repeat.min_rows, 1),
        )

    def _row(self, row: Row, number: int) -> ShownRow:
        notes = tuple(self._component(note) for note in row.notes)
        return ShownRow(number=number, parts=notes + tuple(self._question(question) for question in row.questions))

    def _question(self, question: Question) -> Shown:
        values = self._values(question)
        shown = Shown(
            control="input",
            id=question.id,
            path=question.path,
            label=question.label,
            hint=question.hint,
            need=question.presence,
            error=self.filled.errors.get(question.path, ""),
            when=question.condition,
            shown_when=_data(question.shown_when),
            value=values[0] if values else "",
            suggestion=self.filled.suggestions.get(question.path),
        )
        return self._controlled(question, shown, values)

    def _values(self, question: Question) -> tuple[str, ...]:
        """What stands in the control: the answer, or on a fresh form what is given beforehand."""
        values = typed(question, self.filled.answers)
        if values or not self.filled.fresh:
            return values
        beforehand = self.filled.beforehand.get(question.prefill, "") if question.prefill else question.default
        return (beforehand,) if beforehand else ()

    def _controlled(self, question: Question, shown: Shown, values: Sequence[str]) -> Shown:
        """The control that fits the kind of the answer and the number of options."""
        match question.kind:
            case "long_text":
                return replace(shown, control="textarea", lines=3 if "." in shown.path else 6)
            case "flag":
                return replace(shown, control="tick")
            case "code" | "reference":
                return _single(replace(shown, options=_choices(question.choices, values)))
            case "codes" | "references":
                return replace(shown, control="boxes", options=_choices(question.choices, values))
            case "date":
                return replace(shown, type="date", width="short", broad=False)
            case "moment":
                return replace(shown, type="datetime-local", width="middle", broad=False)
            case "number" | "money":
                mode = "decimal" if question.kind == "money" or question.decimals else "numeric"
                return replace(shown, input_mode=mode, width="short", broad=False)
            case "text":
                short = question.max_length <= SHORT_TEXT
                return replace(shown, width="middle" if short else "", broad=not short)


def _data(triggers: Sequence[Trigger]) -> str:
    given = [{"name": trigger.name, "values": trigger.values} for trigger in triggers]
    return json.dumps(given, ensure_ascii=False) if given else ""


def _single(shown: Shown) -> Shown:
    """Radios for a few options, a list that opens for more."""
    if len(shown.options) > RADIOS_UP_TO:
        return replace(shown, control="select", width="middle", broad=False)
    short = sum(len(option.label) for option in shown.options) <= ONE_LINE_OF_RADIOS
    inline = 0 < len(shown.options) < RADIOS_UP_TO and short and not any(option.hint for option in shown.options)
    return replace(shown, control="radios", inline=inline)


def _choices(choices: Sequence[Choice], values: Sequence[str]) -> tuple[ShownChoice, ...]:
    return tuple(
        ShownChoice(id=c.id, value=c.value, label=c.label, hint=c.hint, checked=c.value in values) for c in choices
    )
