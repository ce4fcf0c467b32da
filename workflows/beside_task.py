"""What lies beside a task for whoever works on it: what tables advise, what was answered, what was done before, who may help.

Reading only, like `worklists`, and for people who were shown the task by it. May never change anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from engine.decisions import Outcome
from engine.sheets import Wording
from forms import Form
from workflows import answers, choices, policy
from workflows.acting import Actor
from workflows.choices import Choice
from workflows.records import Case, Membership, Person, Proceeding, ProtectedValue, Task
from workflows.releases import Law, Releases
from workflows.worklists import TaskView


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What was answered in a task, ready to be read."""

    form: Form
    values: Mapping[str, Any]
    names: Mapping[str, Wording]
    """Of the ids among the values: parties, people, evidence, rules of the catalogue."""
    sealed: tuple[str, ...]
    """Keys of the questions whose answers are kept apart and sealed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierTask:
    """A task of the case that was completed before."""

    id: str
    name: Wording
    completed_at: datetime
    by: str
    rationale: str | None


def written_in(session: Session, releases: Releases, view: TaskView) -> Written | None:
    """What stands in a task that was completed, or submitted for signature; None before, and where nothing is asked."""
    if view.line.form is None or not isinstance(view.answers, Mapping):
        return None
    law = releases.law(session, session.get_one(Proceeding, view.proceeding_id).release_id)
    form = law.form(view.line.form)
    sealed = session.scalars(
        select(ProtectedValue.field).where(ProtectedValue.task_id == view.line.id).order_by(ProtectedValue.field)
    )
    names = choices.named(session, law, view.line.case_id, choices.mentioned(form, view.answers))
    return Written(form=form, values=view.answers, names=names, sealed=tuple(dict.fromkeys(sealed)))


def advice(
    session: Session, releases: Releases, view: TaskView, form: Form, given: Mapping[str, Any], now: datetime
) -> Mapping[str, Outcome]:
    """Path of a question of an open task → what the decision table beside it says to what is known and typed so far."""
    if not form.suggestions:
        return {}
    proceeding, found = session.get_one(Proceeding, view.proceeding_id), session.get_one(Task, view.line.id)
    law = releases.law(session, proceeding.release_id)
    return answers.advised(law, form, given, answers.variables(law, proceeding, found, now=now))


def check(
    session: Session,
    actor: Actor,
    releases: Releases,
    view: TaskView,
    form: Form,
    given: Mapping[str, Any],
    now: datetime,
) -> None:
    """Look at answers to an open task without submitting them, before somebody is asked whether they are sure.

    Raises:
        InvalidInput: with one problem for each field that must be put right.
    """
    proceeding, found = session.get_one(Proceeding, view.proceeding_id), session.get_one(Task, view.line.id)
    law, case = releases.law(session, proceeding.release_id), session.get_one(Case, view.line.case_id)
    answers.read(session, law, case, actor, form, given, now=now, proceeding=proceeding, task=found)


def done_before(session: Session, actor: Actor, law: Law, view: TaskView, limit: int = 30) -> tuple[EarlierTask, ...]:
    """What was completed in the case of a task so far, the newest first; nothing for those who may not open its file."""
    if not policy.sees_case(session, actor, law.roles, view.line.case_id):
        return ()
    query: Select[*tuple[Any, ...]] = (
        select(Task.id, Task.name, Task.name_en, Task.completed_at, Person.name, Task.rationale)
        .join(Person, Person.id == Task.completed_by)
        .where(Task.case_id == view.line.case_id, Task.state == "completed", Task.id != view.line.id)
        .order_by(Task.completed_at.desc(), Task.id.desc())
        .limit(limit)
    )
    return tuple(
        EarlierTask(id=key, name=Wording(zh, en), completed_at=at, by=by, rationale=why)
        for key, zh, en, at, by, why in session.execute(query)
    )


def colleagues_for(session: Session, actor: Actor, releases: Releases, view: TaskView) -> tuple[Choice, ...]:
    """To whom a task may be handed: those who hold its role in the organ, and whom no part in the case excludes."""
    proceeding, found = session.get_one(Proceeding, view.proceeding_id), session.get_one(Task, view.line.id)
    law, case = releases.law(session, proceeding.release_id), session.get_one(Case, view.line.case_id)
    rows = session.execute(
        select(Person.id, Person.name, Person.post)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.role == found.role, Membership.unit_id == case.unit_id, Person.left_at.is_(None))
        .where(Person.id != actor.person_id)
        .order_by(Person.name, Person.id)
    ).all()
    parts = policy.parts_of_each(session, case.id, [key for key, _, _ in rows])
    free = [row for row in rows if found.duty is None or law.roles.excluded(found.duty, parts[row[0]].held) is None]
    return tuple(Choice(key, name, name, post) for key, name, post in free)
