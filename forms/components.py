"""What a form is made of: frozen values, checked once by `forms.definitions` and shared by every reader.

Everything visible is a `Text` with a Chinese and an English side. May never hold an answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

import marshmallow

Language = Literal["zh", "en"]
Text = Mapping[str, str]
"""A sentence by language: `zh` and `en`."""
Plain = str | int | float | bool

Kind = Literal[
    "text", "long_text", "number", "money", "date", "moment", "code", "codes", "flag", "reference", "references"
]
"""What an answer is.

`text` one line; `long_text` lines; `number` integer, or decimal with `decimals`; `money` integer 分; `date` ISO date;
`moment` ISO date-time with offset; `code` one option (text or boolean); `codes` several; `flag` a box that is ticked or
not; `reference` the opaque id of a person, party, evidence item …; `references` several.
"""

MANY: frozenset[Kind] = frozenset({"codes", "references"})
TEMPORAL: frozenset[Kind] = frozenset({"date", "moment"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One choice of a field, or one entry of a code list."""

    value: str | bool
    label: Text
    hint: Text | None = None
    source: str = ""
    """Where it comes from: statute and article."""
    mark: str = ""
    """Evidence mark of the source, such as `V:S1`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Holds when an earlier answer of the same row or form is what it says."""

    field: str
    values: tuple[Plain, ...] | None
    """Any one of these (of a field with several answers: one of them is one of these); None: answered at all."""

    def holds(self, answer: object) -> bool:
        """Whether the condition holds; `answer` is None where there is none."""
        if self.values is None:
            return answer is not None and answer != [] and answer is not False
        answers = answer if isinstance(answer, list) else (answer,)
        return any(a == v and type(a) is type(v) for a in answers for v in self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """Something that an answer is compared with."""

    kind: Literal["now", "field", "variable"]
    name: str = ""
    """Key of an earlier question, or name of a variable of the proceeding."""
    label: Text = field(default_factory=dict)
    """What it is called in a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question."""

    key: str
    kind: Kind
    widget: str
    """Component type of the vocabulary: `textfield`, `radio`, `taglist` …: how it was meant to look."""
    label: Text
    hint: Text | None = None
    required: bool = False
    """Whenever it is asked. A `flag` that is required must be ticked."""
    required_when: Condition | None = None
    shown_when: tuple[Condition, ...] = ()
    """Asked only when all of these hold."""
    min_length: int = 0
    max_length: int = 0
    """In code points; of text."""
    pattern: re.Pattern[str] | None = None
    pattern_message: Text | None = None
    minimum: int | float | None = None
    maximum: int | float | None = None
    decimals: int = 0
    not_before: tuple[Peer, ...] = ()
    not_after: tuple[Peer, ...] = ()
    end_of: tuple[str, Peer] | None = None
    """A limit of the catalogue and the earlier date it runs from, where asked: the day is the one on which it ends."""
    differs_from: Peer | None = None
    """An earlier question that may not be answered by the same (of several: that may have none in common)."""
    options: tuple[Option, ...] = ()
    lists: tuple[str, ...] = ()
    """Id of the code list the options come from, if any."""
    source: str = ""
    """For references: which ids the caller has to offer."""
    min_items: int = 0
    max_items: int = 0
    routing: bool = False
    """Goes into the variables of the proceeding."""
    protected: bool = False
    """Who reported, and what would tell it: cut out of the values and stored apart."""
    sensitive: bool = False
    """Personal data: stays with the values, masked where it is shown to others."""
    default: Plain | None = None
    prefill: str = ""
    """Name of a value that the page may fill in beforehand (`today`)."""
    suggestion: str = ""
    """Decision table whose result is shown beside the question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A group of questions that is asked several times."""

    key: str
    label: Text
    hint: Text | None = None
    fields: tuple[Field, ...]
    notes: tuple[Prose, ...] = ()
    required: bool = False
    required_when: Condition | None = None
    shown_when: tuple[Condition, ...] = ()
    min_items: int = 0
    max_items: int = 100
    distinct: tuple[str, ...] = ()
    """Keys whose answers together may occur only once."""
    covers: str = ""
    """Key of a reference: every id that is offered for it must have a row."""
    routing: bool = False
    protected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """Words between the questions."""

    text: Text
    shown_when: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Questions under one heading."""

    label: Text
    hint: Text | None = None
    components: tuple[Field | Rows | Prose, ...]
    shown_when: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Two answers that must fit: when the first condition holds, the second must."""

    when: Condition
    must: Condition
    message: Text


RoutingType = Literal["string", "bool", "int", "double", "list<string>", "list<map>"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Routed:
    """A variable that a form leaves in the proceeding."""

    name: str
    type: RoutingType
    kind: Kind | Literal["rows"]
    nullable: bool
    """Whether it can be null. Lists never are: they are empty."""
    values: tuple[str | bool, ...] = ()
    """All codes it can take, where it has options."""
    columns: tuple[Routed, ...] = ()
    """Of a list of maps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What a person is asked in one step. Immutable; holds its compiled schema."""

    key: str
    title: Text
    intro: Text | None
    confirm: Text | None
    """What submitting sets going for others or for a clock: a person is asked once more before it happens."""
    source: str
    """The rule that asks for these questions."""
    mark: str
    components: tuple[Section | Field | Rows | Prose, ...]
    rules: tuple[Rule, ...]
    fields: Mapping[str, Field | Rows]
    """Every question at the top level by key, in order, with the conditions of its section."""
    sources: frozenset[str]
    """Which ids the caller of `forms.read` has to offer."""
    routing: Mapping[str, Routed]
    schema: marshmallow.Schema = field(compare=False, repr=False)

    @property
    def refers(self) -> bool:
        """Whether a date is compared with a variable of the proceeding: then `forms.read` wants the variables."""
        return any(
            peer.kind == "variable"
            for asked in asked_in(self.fields.values())
            for peer in (*asked.not_before, *asked.not_after)
        )

    @property
    def limits(self) -> frozenset[str]:
        """Keys of the limits on whose last day a date must be; the release has to hold them."""
        return frozenset(asked.end_of[0] for asked in asked_in(self.fields.values()) if asked.end_of)

    @property
    def suggestions(self) -> frozenset[str]:
        """Decision tables whose result is shown beside a question; the release has to hold them."""
        return frozenset(asked.suggestion for asked in asked_in(self.fields.values()) if asked.suggestion)


def asked_in(questions: Iterable[Field | Rows]) -> Iterator[Field]:
    """Every single question, those in repeated groups too."""
    for question in questions:
        if isinstance(question, Rows):
            yield from question.fields
        else:
            yield question


def routed(fields: Mapping[str, Field | Rows]) -> Iterator[Routed]:
    """The variables that these questions leave behind."""
    for question in fields.values():
        if not question.routing:
            continue
        if isinstance(question, Rows):
            columns = tuple(routed({column.key: column for column in question.fields}))
            yield Routed(name=question.key, type="list<map>", kind="rows", nullable=False, columns=columns)
        else:
            yield _routed_field(question)


def _routed_field(question: Field) -> Routed:
    values = tuple(option.value for option in question.options)
    always = (question.required and not question.shown_when) or question.kind == "flag"
    return Routed(
        name=question.key,
        type=_routing_type(question),
        kind=question.kind,
        nullable=not always and question.kind not in MANY,
        values=values,
    )


def _routing_type(question: Field) -> RoutingType:
    if question.kind in MANY:
        return "list<string>"
    if question.kind == "flag" or (question.options and isinstance(question.options[0].value, bool)):
        return "bool"
    if question.kind in ("number", "money"):
        return "double" if question.decimals else "int"
    return "string"
