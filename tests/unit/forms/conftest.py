"""Builders for the tests of forms: small forms from components, shipped forms, readings at a fixed moment."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import forms
from forms.components import MANY, Condition, Field, Form, Rows

ROOM = Path(__file__).parents[3] / "forms"
NOW = datetime(2026, 10, 14, 1, 30, tzinfo=UTC)
"""Half past nine on 14 October in Shanghai."""
ZONE = ZoneInfo("Asia/Shanghai")

YES_NO = {
    "id": "yes_no",
    "title": {"zh": "是或否", "en": "Yes or no"},
    "values": [
        {"value": True, "label": {"zh": "是", "en": "Yes"}, "source": "产品约定", "mark": "PD"},
        {"value": False, "label": {"zh": "否", "en": "No"}, "source": "产品约定", "mark": "PD"},
    ],
}


@pytest.fixture(scope="session")
def shipped_sources() -> dict[str, bytes]:
    files = [*sorted(ROOM.glob("F-*.json")), *sorted((ROOM / "lists").glob("*.json"))]
    return {str(file.relative_to(ROOM)): file.read_bytes() for file in files}


@pytest.fixture(scope="session")
def shipped(shipped_sources: dict[str, bytes]) -> Mapping[str, Form]:
    return forms.load(shipped_sources)


@pytest.fixture(scope="session")
def definition() -> Callable[..., dict[str, bytes]]:
    """Sources of one form F-TEST with the given components; labels are filled in where they are left out."""

    def build(*components: dict[str, Any], lists: tuple[dict[str, Any], ...] = (), **root: Any) -> dict[str, bytes]:
        form = {
            "type": "default",
            "vocabulary": "urn:wenze:form:1",
            "id": "F-TEST",
            "title": {"zh": "试表", "en": "Test"},
            "source": "产品约定",
            "mark": "PD",
            "components": [_labelled(component) for component in components],
            **root,
        }
        code_lists = {f"lists/{entry['id']}.json": _bytes(entry) for entry in (YES_NO, *lists)}
        return {"F-TEST.json": _bytes(form), **code_lists}

    return build


@pytest.fixture(scope="session")
def ask(definition: Callable[..., dict[str, bytes]]) -> Callable[..., Form]:
    """A form that asks these components."""

    def build(*components: dict[str, Any], **root: Any) -> Form:
        return forms.load(definition(*components, **root))["F-TEST"]

    return build


@pytest.fixture(scope="session")
def read() -> Callable[..., forms.Reading]:
    """Read answers on 14 October 2026 in Shanghai; unless told otherwise every source offers a, b and c."""

    def reading(form: Form, answers: object, **kwargs: Any) -> forms.Reading:
        choices = {source: frozenset("abc") for source in form.sources}
        return forms.read(form, answers, **{"now": NOW, "today_zone": ZONE, "choices": choices, **kwargs})

    return reading


@pytest.fixture(scope="session")
def problems(read: Callable[..., forms.Reading]) -> Callable[..., list[tuple[str, str]]]:
    """Paths and codes of what is wrong with answers; empty when they are accepted."""

    def found(form: Form, answers: object, **kwargs: Any) -> list[tuple[str, str]]:
        try:
            read(form, answers, **kwargs)
        except forms.InvalidAnswers as refused:
            return [(problem.path, problem.code) for problem in refused.problems]
        return []

    return found


@pytest.fixture(scope="session")
def fill() -> Callable[..., dict[str, Any]]:
    """Answers that a form accepts: everything that is asked is answered, with the first choice."""
    return _filled


def _filled(form: Form, **given: Any) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for key, question in form.fields.items():
        if not _shown(question.shown_when, answers):
            continue
        if key in given:
            answers[key] = given[key]
        elif isinstance(question, Rows):
            answers[key] = [_row(question, answers, party) for party in ("abc" if question.covers else "a")]
        else:
            answers[key] = _answer(question, answers)
    return answers


def _row(rows: Rows, outer: dict[str, Any], covered: str) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for column in rows.fields:
        if _shown(column.shown_when, {**outer, **row}):
            row[column.key] = covered if column.key == rows.covers else _answer(column, {**outer, **row})
    return row


def _answer(question: Field, answers: Mapping[str, Any]) -> Any:
    peer = answers.get(question.differs_from.name) if question.differs_from else None
    ids = [each for each in "abc" if each not in (peer or ())]
    if question.kind in MANY:
        pool = ids if question.source else [option.value for option in question.options]
        return pool[: max(1, question.min_items)]
    return {
        "text": "云湖区 𠮷田",
        "long_text": "第一行\n第二行",
        "number": question.minimum or 1,
        "money": 12345,
        "date": "2026-10-14",
        "moment": "2026-10-14T09:30",
        "code": question.options[0].value if question.options else None,
        "flag": True,
        "reference": ids[0] if ids else None,
    }[question.kind]


def _shown(conditions: tuple[Condition, ...], answers: Mapping[str, Any]) -> bool:
    return all(condition.holds(answers.get(condition.field)) for condition in conditions)


def _labelled(component: dict[str, Any]) -> dict[str, Any]:
    labelled = dict(component)
    if component.get("type") not in (None, "text"):
        labelled.setdefault("label", {"zh": "问题", "en": str(component.get("key", component.get("path", "Question")))})
    if isinstance(component.get("components"), list):
        labelled["components"] = [_labelled(inner) for inner in component["components"]]
    return labelled


def _bytes(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
