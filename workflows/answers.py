"""Answers to a form in a case: read against what may be chosen and what the procedure knows; advised by its tables; named
for people. May never keep anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

import forms
from engine import decisions, machine
from engine.decisions import Outcome
from engine.errors import EngineError
from engine.periods import ZONE
from forms import Field, Form, Rows
from workflows import choices
from workflows.acting import Actor
from workflows.catalogue import due_for
from workflows.errors import InvalidInput
from workflows.records import Case, Proceeding, Task
from workflows.releases import Law


def read(
    session: Session,
    law: Law,
    case: Case,
    actor: Actor,
    form: Form,
    answers: Mapping[str, Any],
    *,
    now: datetime,
    proceeding: Proceeding | None,
    task: Task | None = None,
) -> forms.Reading:
    """The answers as the record takes them.

    Raises:
        InvalidInput: with one problem for each field that must be put right.
    """

    def known() -> Mapping[str, Any]:
        return variables(law, proceeding, task, now=now) if form.refers else {}

    try:
        offers = choices.offered(session, law, case, actor, form.sources)
        reading = forms.read(form, answers, now=now, today_zone=ZONE, choices=choices.ids(offers), variables=known())
    except forms.InvalidAnswers as invalid:
        raise InvalidInput(tuple(invalid.problems), form=form.key, case_id=case.id) from None
    problems = tuple(_not_the_end(law, form, reading.values))
    if problems:
        raise InvalidInput(problems, form=form.key, case_id=case.id)
    return reading


def _not_the_end(law: Law, form: Form, values: Mapping[str, Any]) -> Iterator[forms.Problem]:
    """Days that should be the last of a limit and are not, such as the day on which a public notice has served."""
    for key, question in form.fields.items():
        if not isinstance(question, Field) or question.end_of is None:
            continue
        limit, begin = question.end_of[0], values.get(question.end_of[1].name)
        if begin is None or values.get(key) is None:
            continue
        rule = law.catalogue.rule(limit, date.fromisoformat(begin[:10]))
        due = due_for(rule, begin, law.calendar).due.isoformat()
        if values[key] != due:
            name, cited, length = rule.name, rule.citation, rule.period.words
            zh = f"自 {begin} 起{name.zh}（{length.zh}，{cited.zh}），到 {due} 届满，应填这一天。"
            en = f"{name.en} from {begin} ({length.en}, {cited.en}) ends on {due}; this is the day to enter."
            yield forms.Problem(path=key, code="not_the_end", message={"zh": zh, "en": en})


def variables(law: Law, proceeding: Proceeding | None, task: Task | None, *, now: datetime) -> Mapping[str, Any]:
    """What the procedure knows around an open task, or at large where no task is named."""
    if proceeding is None:
        return {}
    definition = law.definition(proceeding.process)
    if task is None:
        return machine.look(definition, proceeding.snapshot, now=now).variables
    return machine.around(definition, proceeding.snapshot, task.token, now=now)


def advised(law: Law, form: Form, answers: Mapping[str, Any], known: Mapping[str, Any]) -> Mapping[str, Outcome]:
    """Path of a question → what the decision table beside it says, where enough is known for it to say anything.

    Args:
        answers: as typed so far; they come before what the procedure knows.
        known: the variables around the task.
    """
    if not form.suggestions:
        return {}
    found: dict[str, Outcome] = {}
    for path, question, row, about in _suggested(form, answers):
        table = law.decisions.get(question.suggestion)
        if table is None:
            continue
        try:
            found[path] = decisions.decide(table, {**known, **_known_about(about, known), **answers, **row})
        except EngineError:
            continue  # a table that cannot speak yet advises nothing
    return found


Suggested = tuple[str, Field, Mapping[str, Any], Mapping[str, Any]]
"""Path, question, the row it stands in, and whom or what the row is about."""


def _suggested(form: Form, answers: Mapping[str, Any]) -> Iterator[Suggested]:
    for key, question in form.fields.items():
        if isinstance(question, Field):
            if question.suggestion:
                yield key, question, {}, {}
            continue
        for number, row in _rows(question, answers):
            about = {question.covers: row[question.covers]} if row.get(question.covers) else {}
            for column in question.fields:
                if column.suggestion:
                    yield f"{key}.{number}.{column.key}", column, row, about


def _known_about(about: Mapping[str, Any], known: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the procedure keeps in its lists about the same party."""
    found: dict[str, Any] = {}
    for value in known.values():
        for entry in value if about and isinstance(value, list) else ():
            if isinstance(entry, Mapping) and about.items() <= entry.items():
                found.update(entry)
    return found


def _rows(question: Rows, answers: Mapping[str, Any]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    given = answers.get(question.key)
    rows = given if isinstance(given, list) and given else [{}]
    yield from ((number, row if isinstance(row, Mapping) else {}) for number, row in enumerate(rows))
