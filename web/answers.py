"""Answers as they are read afterwards: codes in words, dates and amounts as people write them.

It knows what was asked and what was answered. It may never show what is sealed, only that it is there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from forms import Form, answered
from forms.components import Language
from forms.outlines import Said
from web.page_values import Answered
from web.presentation import TwoLanguages, Wording


def told(
    form: Form,
    values: Mapping[str, Any],
    say: Wording,
    *,
    names: Mapping[str, TwoLanguages],
    sealed: Collection[str] = (),
) -> tuple[Answered, ...]:
    """What was answered, in the order of the form.

    Args:
        names: what the ids among the values are called.
        sealed: keys of the questions whose answers are kept apart.
    """
    language: Language = "en" if say.language == "en" else "zh"
    spoken = {key: say.of(name) for key, name in names.items()}
    open_values = {key: value for key, value in values.items() if value not in (None, "", [])}
    said = {each.key: each for each in answered(form, open_values, language, names=spoken)}
    return tuple(_told(form, said, sealed, language, say))


def _told(
    form: Form, said: Mapping[str, Said], sealed: Collection[str], language: Language, say: Wording
) -> Iterator[Answered]:
    for key, question in form.fields.items():
        if key in said:
            yield _one(said[key], say)
        elif key in sealed:
            yield Answered(label=question.label[language], sealed=True)


def _one(said: Said, say: Wording) -> Answered:
    return Answered(
        label=said.label,
        values=tuple(_value(said.kind, value, say) for value in said.values),
        rows=tuple(tuple(_one(each, say) for each in row) for row in said.rows),
        prose=said.kind == "long_text",
    )


def _value(kind: str, value: str, say: Wording) -> str:
    """A value as people write it; what is no date stays as it was written."""
    try:
        match kind:
            case "date":
                return say.full_day(date.fromisoformat(value))
            case "moment":
                at = datetime.fromisoformat(value)
                return f"{say.full_day(at)} {say.time(at)}" if at.tzinfo else value.replace("T", " ")
            case "money":
                return say.phrase("%(amount)s元", amount=f"{float(value):,.2f}")
    except ValueError:
        return value
    return value
