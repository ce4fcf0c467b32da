"""A form as it is shown: plain values in one language, from which a template draws fields without knowing any rule.

`outline` gives what to ask, `typed` what stands in a control, `answered` what was said. May never decide what is asked:
conditions are handed on as words and as names and values, and `forms.read` has the last word.

How a template uses it: walk `Outline.blocks`. A `Fieldset` is a `<fieldset>` with its own blocks; a `Repeat` draws
`rows(answers)`; `Words` are a paragraph; a `Question` is one control, or a fieldset of boxes for `choices`. `id` is
both the `id` and the `name` of the control, `path` the path of the problems about it. A `flag` is a box with the value
`true`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from forms.components import MANY, Condition, Field, Form, Kind, Language, Plain, Prose, Rows, Section, Text

Offered = Mapping[str, Sequence[tuple[str, str]]]
"""For each source of ids: the ids that may be chosen, with their names."""

_REQUIRED = {"zh": "必填", "en": "Required"}
_OPTIONAL = {"zh": "选填", "en": "Optional"}
_ROW = {"zh": "第 {number} 条", "en": "No. {number}"}
_ADD = {"zh": "再加一条", "en": "Add another"}
_ASKED = {"zh": "{conditions}时填写", "en": "Only {conditions}"}
_REQUIRED_WHEN = {"zh": "{conditions}时必填", "en": "Required {conditions}"}
_IS = {"zh": "“{label}”为{values}", "en": "when “{label}” is {values}"}
_ANY = {"zh": "“{label}”已填写", "en": "when “{label}” is filled in"}
_OR = {"zh": "或者", "en": " or "}
_AND = {"zh": "、", "en": " and "}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One option of a question."""

    id: str
    value: str
    """As a browser posts it; yes and no are `true` and `false`."""
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """For a script that hides what is not asked: the question is shown while control `name` holds one of `values`."""

    name: str
    values: tuple[str, ...]
    """Empty: while it is filled in at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One control."""

    id: str
    path: str
    key: str
    kind: Kind
    widget: str
    label: str
    hint: str
    presence: str
    """`必填` or `选填`; empty where `condition` says when."""
    required: bool
    condition: str
    """Sentence that says when it is asked or required; empty if always the same."""
    shown_when: tuple[Trigger, ...]
    multiple: bool
    choices: tuple[Choice, ...]
    source: str
    max_length: int
    minimum: int | float | None
    maximum: int | float | None
    decimals: int
    default: str
    """What stands in the control at first."""
    prefill: str
    """Name of the value that the page may put there instead (`today`)."""
    suggestion: str
    """Decision table whose result is shown beside it; empty if none."""
    protected: bool
    sensitive: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A paragraph."""

    text: str
    shown_when: tuple[Trigger, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a repeated group."""

    legend: str
    questions: tuple[Question, ...]
    notes: tuple[Words, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """A group of questions that is asked several times."""

    id: str
    path: str
    label: str
    hint: str
    presence: str
    required: bool
    condition: str
    shown_when: tuple[Trigger, ...]
    min_rows: int
    max_rows: int
    add: str
    """Label of the button that adds a row."""
    group: Rows = field(repr=False)
    form: Form = field(repr=False)
    language: Language
    offered: Offered = field(repr=False)

    def rows(self, answers: Mapping[str, Any]) -> tuple[Row, ...]:
        """As many rows as were answered, and as many as are needed at first: one for each who has to be covered."""
        given = answers.get(self.group.key)
        presets = self._covered()
        count = len(given) if isinstance(given, list) and given else max(self.min_rows, len(presets), 1)
        count = min(count, self.max_rows)
        return tuple(self.row(index, presets[index] if index < len(presets) else "") for index in range(count))

    def row(self, index: int, covered: str = "") -> Row:
        """The row at an index; also for a row that a script or a button adds."""
        number = index + 1
        drawer = _Drawer(self.form, self.language, self.offered, group=self.group, index=index)
        return Row(
            legend=_ROW[self.language].format(number=number),
            questions=tuple(
                drawer.question(column, covered if column.key == self.group.covers else "")
                for column in self.group.fields
            ),
            notes=tuple(drawer.words(note) for note in self.group.notes),
        )

    def _covered(self) -> list[str]:
        column = next((column for column in self.group.fields if column.key == self.group.covers), None)
        return [value for value, _ in self.offered.get(column.source, ())] if column else []


@dataclass(frozen=True, slots=True, kw_only=True)
class Fieldset:
    """Questions under one heading."""

    id: str
    label: str
    hint: str
    shown_when: tuple[Trigger, ...]
    blocks: tuple[Question | Repeat | Words, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A whole form in one language."""

    key: str
    title: str
    intro: str
    blocks: tuple[Fieldset | Question | Repeat | Words, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One answer as it is shown afterwards."""

    key: str
    label: str
    kind: Kind | str
    """Kind of the question, or `rows`."""
    values: tuple[str, ...] = ()
    """In words for codes and for ids whose name is known; dates are ISO text, money is yuan with two decimals."""
    rows: tuple[tuple[Said, ...], ...] = ()


def outline(form: Form, language: Language, *, offered: Offered | None = None) -> Outline:
    """A form in one language.

    Args:
        form: what is asked.
        language: `zh` or `en`.
        offered: names for the ids that may be chosen; without them such questions have no choices.
    """
    drawer = _Drawer(form, language, offered or {})
    return Outline(
        key=form.key,
        title=form.title[language],
        intro=_in(form.intro, language),
        blocks=tuple(drawer.block(component, number) for number, component in enumerate(form.components, 1)),
    )


def typed(question: Question, answers: Mapping[str, Any]) -> tuple[str, ...]:
    """What stands in the control, of answers as they were typed or read; empty where there is none.

    One text for each chosen value. Times lose their offset and seconds, as the browser's control has neither.
    """
    answer: Any = answers
    for part in question.path.split("."):
        answer = _part(answer, part)
    items = answer if isinstance(answer, list) else [answer]
    return tuple(_typed(question.kind, item) for item in items if isinstance(item, str | int | float))


def _part(answer: Any, name: str) -> Any:
    if isinstance(answer, list):
        return answer[int(name)] if name.isdigit() and int(name) < len(answer) else None
    return answer.get(name) if isinstance(answer, Mapping) else None


def answered(
    form: Form, values: Mapping[str, Any], language: Language, *, names: Mapping[str, str] | None = None
) -> tuple[Said, ...]:
    """What was answered, in the order of the form and in words.

    Args:
        form: what was asked.
        values: of a `Reading`, or its protected part.
        language: `zh` or `en`.
        names: of the ids; one without a name is shown as it is.
    """
    return tuple(
        _said(question, values[key], language, names or {}) for key, question in form.fields.items() if key in values
    )


def _said(question: Field | Rows, answer: Any, language: Language, names: Mapping[str, str]) -> Said:
    if isinstance(question, Rows):
        rows = tuple(
            tuple(_said(column, row[column.key], language, names) for column in question.fields if column.key in row)
            for row in answer
        )
        return Said(key=question.key, label=question.label[language], kind="rows", rows=rows)
    labels = {option.value: option.label[language] for option in question.options}
    items = answer if isinstance(answer, list) else [answer]
    if question.source:
        values = tuple(names.get(item, item) for item in items)
    elif question.kind == "flag":
        values = (_YES[language] if answer else _NO[language],)
    else:
        values = tuple(labels[item] if item in labels else _amount(question.kind, item) for item in items)
    return Said(key=question.key, label=question.label[language], kind=question.kind, values=values)


_YES = {"zh": "是", "en": "Yes"}
_NO = {"zh": "否", "en": "No"}


class _Drawer:
    """Draws the questions of a form, or of one row of it."""

    def __init__(
        self, form: Form, language: Language, offered: Offered, *, group: Rows | None = None, index: int = 0
    ) -> None:
        self.form, self.language, self.offered, self.group, self.index = form, language, offered, group, index

    def block(self, component: Section | Field | Rows | Prose, number: int) -> Fieldset | Question | Repeat | Words:
        if not isinstance(component, Section):
            return self._inner(component)
        return Fieldset(
            id=f"section-{number}",
            label=component.label[self.language],
            hint=_in(component.hint, self.language),
            shown_when=self._triggers(component.shown_when),
            blocks=tuple(self._inner(inner) for inner in component.components),
        )

    def _inner(self, component: Field | Rows | Prose) -> Question | Repeat | Words:
        if isinstance(component, Prose):
            return self.words(component)
        return self.repeat(component) if isinstance(component, Rows) else self.question(component)

    def words(self, prose: Prose) -> Words:
        return Words(text=prose.text[self.language], shown_when=self._triggers(prose.shown_when))

    def repeat(self, rows: Rows) -> Repeat:
        condition, presence = self._presence(rows)
        return Repeat(
            id=rows.key,
            path=rows.key,
            label=rows.label[self.language],
            hint=_in(rows.hint, self.language),
            presence=presence,
            required=rows.required,
            condition=condition,
            shown_when=self._triggers(rows.shown_when),
            min_rows=rows.min_items,
            max_rows=rows.max_items,
            add=_ADD[self.language],
            group=rows,
            form=self.form,
            language=self.language,
            offered=self.offered,
        )

    def question(self, question: Field, covered: str = "") -> Question:
        condition, presence = self._presence(question)
        name, path = self._name(question.key), self._path(question.key)
        return Question(
            id=name,
            path=path,
            key=question.key,
            kind=question.kind,
            widget=question.widget,
            label=question.label[self.language],
            hint=_in(question.hint, self.language),
            presence=presence,
            required=question.required,
            condition=condition,
            shown_when=self._triggers(question.shown_when),
            multiple=question.kind in MANY,
            choices=self._choices(question, name),
            source=question.source,
            max_length=question.max_length,
            minimum=question.minimum,
            maximum=question.maximum,
            decimals=question.decimals,
            default=covered or ("" if question.default is None else _typed(question.kind, question.default)),
            prefill=question.prefill,
            suggestion=question.suggestion,
            protected=question.protected or bool(self.group and self.group.protected),
            sensitive=question.sensitive,
        )

    def _name(self, key: str) -> str:
        return f"{self.group.key}-{self.index}-{key}" if self.group else key

    def _path(self, key: str) -> str:
        return f"{self.group.key}.{self.index}.{key}" if self.group else key

    def _choices(self, question: Field, name: str) -> tuple[Choice, ...]:
        if question.source:
            offered = self.offered.get(question.source, ())
            return tuple(
                Choice(id=f"{name}-{n}", value=value, label=label) for n, (value, label) in enumerate(offered, 1)
            )
        return tuple(
            Choice(
                id=f"{name}-{n}",
                value=_typed(question.kind, option.value),
                label=option.label[self.language],
                hint=_in(option.hint, self.language),
            )
            for n, option in enumerate(question.options, 1)
        )

    def _presence(self, question: Field | Rows) -> tuple[str, str]:
        """The sentence about when it is asked, and the word for whether it has to be answered."""
        if question.required_when is not None:
            return _REQUIRED_WHEN[self.language].format(conditions=self._sentence((question.required_when,))), ""
        presence = (_REQUIRED if question.required else _OPTIONAL)[self.language]
        if not question.shown_when:
            return "", presence
        return _ASKED[self.language].format(conditions=self._sentence(question.shown_when)), presence

    def _sentence(self, conditions: tuple[Condition, ...]) -> str:
        return _AND[self.language].join(self._clause(condition) for condition in conditions)

    def _clause(self, condition: Condition) -> str:
        other = self._asked(condition.field)
        label = other.label[self.language]
        if condition.values is None or not isinstance(other, Field):
            return _ANY[self.language].format(label=label)
        labels: dict[Plain, Text] = {option.value: option.label for option in other.options}
        labels = labels or {True: _YES, False: _NO}
        values = _OR[self.language].join(f"“{labels[value][self.language]}”" for value in condition.values)
        return _IS[self.language].format(label=label, values=values)

    def _asked(self, key: str) -> Field | Rows:
        columns = {column.key: column for column in self.group.fields} if self.group else {}
        return columns.get(key) or self.form.fields[key]

    def _triggers(self, conditions: tuple[Condition, ...]) -> tuple[Trigger, ...]:
        return tuple(
            Trigger(
                name=self._name(condition.field) if self._is_column(condition.field) else condition.field,
                values=tuple(_typed("code", value) for value in condition.values or ()),
            )
            for condition in conditions
        )

    def _is_column(self, key: str) -> bool:
        return self.group is not None and any(column.key == key for column in self.group.fields)


def _in(text: Text | None, language: Language) -> str:
    return text[language] if text else ""


def _typed(kind: Kind, value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if kind == "moment" and isinstance(value, str):
        return value[:16]
    return _amount(kind, value)


def _amount(kind: Kind, value: Any) -> str:
    return f"{Decimal(value) / 100:.2f}" if kind == "money" and isinstance(value, int) else str(value)
