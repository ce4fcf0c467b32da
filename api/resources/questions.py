"""A form as machines are shown it: what to ask, in one language, with what may be chosen.

Values stand as they are to be sent: yes and no as booleans, codes as text, money in 分. May never decide what is asked:
conditions are handed on, and the casework has the last word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import Schema, fields

from api.resources.shapes import Name, anything, many, one, said
from forms import Field, Form, Prose, Rows, Section
from forms.components import Condition, Language
from workflows.choices import Choice
from workflows.worklists import Asked


class ConditionShape(Schema):
    """Holds while an earlier answer is one of some values."""

    field = said("Key of the earlier question.", "anonymous")
    values = fields.List(
        fields.Raw(),
        required=True,
        allow_none=True,
        metadata={"description": "One of these; null: answered at all."},
    )


class OptionShape(Schema):
    """One thing that may be answered."""

    value = anything("As it is to be sent.")
    label = said(example="受理")
    hint = said()


class BlockShape(Schema):
    """A part of a form: a `section` with blocks, a `question`, `rows` of questions, or `words` to read."""

    type = said("`section`, `question`, `rows` or `words`.", "question")
    key = fields.String(metadata={"description": "Name of the answer.", "example": "accepted_at"})
    label = fields.String()
    hint = fields.String()
    text = fields.String(metadata={"description": "Of words to read."})
    kind = fields.String(
        metadata={
            "description": "`text`, `long_text`, `number`, `money` (分), `date`, `moment`, `code`, `codes`, `flag`, `reference`,"
            " `references`.",
            "example": "date",
        }
    )
    required = fields.Boolean(metadata={"description": "Whenever it is asked."})
    required_when = fields.Nested(ConditionShape, allow_none=True)
    shown_when = fields.List(fields.Nested(ConditionShape), metadata={"description": "Asked while all of these hold."})
    options = fields.List(fields.Nested(OptionShape))
    source = fields.String(
        metadata={"description": "The list its ids come from: see `choices`.", "example": "evidence"}
    )
    min_length = fields.Integer()
    max_length = fields.Integer()
    minimum = fields.Raw(allow_none=True)
    maximum = fields.Raw(allow_none=True)
    decimals = fields.Integer()
    min_items = fields.Integer()
    max_items = fields.Integer()
    default = fields.Raw(allow_none=True)
    suggestion = fields.String(metadata={"description": "Decision table whose result stands beside it."})
    protected = fields.Boolean(metadata={"description": "Kept apart and sealed."})
    sensitive = fields.Boolean(metadata={"description": "Personal data."})
    blocks = fields.List(fields.Nested(lambda: BlockShape()), metadata={"description": "Of a section, or of each row."})


class FormShape(Schema):
    """A form in the language asked for."""

    key = said(example="F-FILING")
    title = said(example="立案审批表")
    intro = said()
    source = said("The article the form follows.")
    language = said("`zh` or `en`.", "zh")
    blocks = many(BlockShape)


class ChoiceShape(Schema):
    """Something that may be chosen."""

    id = said(example="0" * 32)
    name = one(Name)
    note = said("What tells it from another one of this name.", "科员")


def form(asked: Form, language: Language) -> dict[str, Any]:
    """A form in one language."""
    return {
        "key": asked.key,
        "title": asked.title[language],
        "intro": asked.intro[language] if asked.intro else "",
        "source": asked.source,
        "language": language,
        "blocks": [_block(component, language) for component in asked.components],
    }


def choices(offered: Mapping[str, Sequence[Choice]]) -> dict[str, Any]:
    """By name of the list: what may be chosen from it."""
    return {
        source: [{"id": each.id, "name": {"zh": each.zh, "en": each.en}, "note": each.note} for each in listed]
        for source, listed in offered.items()
    }


def asked(found: Asked | None, language: Language) -> dict[str, Any]:
    """A form, if there is one, and what may be chosen in it."""
    if found is None:
        return {"form": None, "choices": {}}
    return {"form": form(found.form, language), "choices": choices(found.offered)}


def _block(component: Section | Field | Rows | Prose, language: Language) -> dict[str, Any]:
    shown_when = [_condition(each) for each in component.shown_when]
    if isinstance(component, Prose):
        return {"type": "words", "text": component.text[language], "shown_when": shown_when}
    labelled: dict[str, Any] = {
        "label": component.label[language],
        "hint": component.hint[language] if component.hint else "",
        "shown_when": shown_when,
    }
    if isinstance(component, Section):
        inner = [_block(each, language) for each in component.components]
        return {"type": "section", **labelled, "blocks": inner}
    when = component.required_when
    labelled |= {
        "key": component.key,
        "required": component.required,
        "required_when": _condition(when) if when is not None else None,
        "min_items": component.min_items,
        "max_items": component.max_items,
        "protected": component.protected,
    }
    if isinstance(component, Rows):
        inner = [_block(each, language) for parts in (component.notes, component.fields) for each in parts]
        return {"type": "rows", **labelled, "blocks": inner}
    return {"type": "question", **labelled, **_answer(component, language)}


def _answer(question: Field, language: Language) -> dict[str, Any]:
    """What the answer to a question may be."""
    return {
        "kind": question.kind,
        "options": [
            {"value": each.value, "label": each.label[language], "hint": each.hint[language] if each.hint else ""}
            for each in question.options
        ],
        "source": question.source,
        "min_length": question.min_length,
        "max_length": question.max_length,
        "minimum": question.minimum,
        "maximum": question.maximum,
        "decimals": question.decimals,
        "default": question.default,
        "suggestion": question.suggestion,
        "sensitive": question.sensitive,
    }


def _condition(condition: Condition) -> dict[str, Any]:
    return {"field": condition.field, "values": None if condition.values is None else list(condition.values)}
