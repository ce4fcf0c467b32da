"""What a browser posts, as the answers it stands for.

Names are those of the outline: `facts`, and `attempts-0-place` inside a repeated group. Left empty is left out, and so
is a row left empty. May never judge: what cannot be turned into the type asked stays text, a name that is not asked
stays, and `forms.read` says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from forms.components import MANY, Field, Form, Rows

_ROW = re.compile(r"([a-z][a-z0-9_]*)-([0-9]{1,4})-([a-z][a-z0-9_]*)\Z")
_INTEGER = re.compile(r"-?[0-9]{1,15}\Z")
_DECIMAL = re.compile(r"-?[0-9]{1,15}\.[0-9]{1,6}\Z")
_AMOUNT = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,2})?\Z")


def parse_form_post(form: Form, items: Iterable[tuple[str, str]], *, ignore: Collection[str] = ()) -> dict[str, Any]:
    """The answers that posted names and values stand for, to be given to `forms.read`.

    Args:
        form: what was asked.
        items: name and value of every control in order; a name may occur several times.
        ignore: names that the page itself uses (token, version, buttons).
    """
    posted: dict[str, list[str]] = {}
    rows: dict[str, dict[int, dict[str, list[str]]]] = {}
    for name, value in items:
        if name in ignore or not value.strip():
            continue
        found = _ROW.match(name)
        if found and isinstance(form.fields.get(found.group(1)), Rows):
            row = rows.setdefault(found.group(1), {}).setdefault(int(found.group(2)), {})
            row.setdefault(found.group(3), []).append(value)
        else:
            posted.setdefault(name, []).append(value)
    fields = {key: question for key, question in form.fields.items() if isinstance(question, Field)}
    answers = _answers(fields, posted)
    for key, by_index in rows.items():
        group = form.fields[key]
        columns = {column.key: column for column in group.fields} if isinstance(group, Rows) else {}
        answers[key] = [_answers(columns, by_index[index]) for index in sorted(by_index)]
    return answers


def _answers(questions: Mapping[str, Field], posted: Mapping[str, list[str]]) -> dict[str, Any]:
    return {name: _answer(questions.get(name), values) for name, values in posted.items()}


def _answer(question: Field | None, values: list[str]) -> Any:
    if question is not None and question.kind in MANY:
        return values
    if question is None or len(values) > 1:
        return values[0] if len(values) == 1 else values
    return _converted(question, values[0])


def _converted(question: Field, value: str) -> Any:
    if question.kind in ("number", "money"):
        return _number(question.kind, unicodedata.normalize("NFKC", value).strip(), value)
    if question.kind == "flag" or (question.options and isinstance(question.options[0].value, bool)):
        return {"true": True, "false": False}.get(value, value)
    return value


def _number(kind: str, text: str, value: str) -> int | float | str:
    if kind == "money":
        return _cents(text) if _AMOUNT.match(text) else value
    if _INTEGER.match(text):
        return int(text)
    return float(text) if _DECIMAL.match(text) else value


def _cents(text: str) -> int:
    whole, _, part = text.lstrip("-").partition(".")
    cents = int(whole) * 100 + int(part.ljust(2, "0"))
    return -cents if text.startswith("-") else cents
