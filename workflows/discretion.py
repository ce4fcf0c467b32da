"""What is told about a refusal to whoever may not know so much: that there is no such thing.

A refusal says why, who was faster, which rule excludes. All of that is for people who may know of the case; to anybody else a
case or a task that exists sounds exactly like one that does not. The refusal itself is recorded as it was. May never turn a
refusal into a permission.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import exists, select

from workflows import policy
from workflows.acting import Acting
from workflows.errors import CaseworkError, NotFound, Refused, Stale
from workflows.records import Party, Proceeding, Task

P = ParamSpec("P")
T = TypeVar("T")
Verb = Callable[Concatenate[Acting, str, P], T]


def about_task(verb: Verb[P, T]) -> Verb[P, T]:
    """Make a verb on a task discreet."""
    return _discreet(verb, _instead_of_task)


def about_case(verb: Verb[P, T]) -> Verb[P, T]:
    """Make a verb on a case discreet."""
    return _discreet(verb, _instead_of_case)


def no_such_task(task_id: str) -> NotFound:
    """There is none, or it is not for this person to know: said in the same words."""
    return NotFound("There is no such task, or it is not open to you.", task=task_id)


def no_such_case(case_id: str) -> NotFound:
    """There is none, or it is not for this person to know: said in the same words."""
    return NotFound("There is no such case, or it is not open to you.", case=case_id)


def _discreet(verb: Verb[P, T], instead: Callable[[Acting, str, Refused], CaseworkError | None]) -> Verb[P, T]:
    @wraps(verb)
    def discreet(acting: Acting, subject_id: str, /, *args: P.args, **how: P.kwargs) -> T:
        try:
            return verb(acting, subject_id, *args, **how)
        except Refused as refused:
            # Asked of the rows as they were: what the verb changed before it gave up is not to count.
            with acting.session.no_autoflush:
                refused.told = instead(acting, subject_id, refused)
            raise

    return discreet


def _instead_of_task(acting: Acting, task_id: str, refused: Refused) -> CaseworkError | None:
    release_id, case_id = acting.session.execute(
        select(Proceeding.release_id, Task.case_id)
        .join(Proceeding, Proceeding.id == Task.proceeding_id)
        .where(Task.id == task_id)
    ).one()
    law = acting.releases.law(acting.session, release_id)
    if not policy.knows_task(acting.session, acting.by, law.roles, task_id):
        return no_such_task(task_id)
    return _without_names(acting, case_id, refused)


def _instead_of_case(acting: Acting, case_id: str, refused: Refused) -> CaseworkError | None:
    law = acting.law()
    if not policy.knows_case(acting.session, acting.by, law.roles, case_id):
        return no_such_case(case_id)
    return _without_names(acting, case_id, refused)


def _without_names(acting: Acting, case_id: str, refused: Refused) -> CaseworkError | None:
    """A party learns that something was changed, never who works on the case and at what."""
    concerned = exists().where(Party.case_id == case_id, Party.person_id == acting.by.person_id)
    if not isinstance(refused, Stale) or not acting.session.scalar(select(concerned)):
        return None
    return Stale(expected=refused.facts.get("expected"), current=refused.facts.get("current"))
