"""Moving a running proceeding to another release 程序迁移: an administrator's act, with its reason in the ledger.

The engine says whether it can be done faithfully, and moves what is stored; here the rows follow. Running limits keep the release
they are counted by. May never move half a proceeding.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from engine import machine
from engine.errors import MigrationRefused
from engine.step import Step
from workflows import casework, operations, policy
from workflows.acting import Acting
from workflows.casework import Done
from workflows.errors import NotFound, NotMovable, NotPossible
from workflows.exchange import moved, take
from workflows.records import Deadline, Proceeding, Release, Task


def move_proceeding(
    acting: Acting,
    case_id: str,
    proceeding_id: str,
    *,
    release_id: str,
    ids: Mapping[str, str] | None = None,
    reason: str,
    expected: int | None = None,
) -> Done:
    """Move a running proceeding to another release.

    Args:
        ids: ids of nodes or processes that are called otherwise there, old → new.

    Raises:
        NotAllowed: only administrators may.
        NotFound: the case has no such proceeding, or there is no such release, or it does not draw the process.
        NotMovable: it cannot be moved faithfully; with every obstacle.
        NotPossible: it does not run, or runs by that release already, or cannot go on there.
    """
    policy.may_administer(acting.by, acting.law().roles)
    case = casework.lock_case(acting, case_id)
    casework.current(acting, case.version, expected, case)
    proceeding = acting.session.get(Proceeding, proceeding_id)
    if proceeding is None or proceeding.case_id != case.id or acting.session.get(Release, release_id) is None:
        raise NotFound(case_id=case.id)
    if proceeding.state != "running" or proceeding.release_id == release_id:
        raise NotPossible("Only a running procedure can be moved, to another release than its own.", case_id=case.id)
    ids = dict(ids or {})
    law = acting.releases.law(acting.session, proceeding.release_id)
    new = acting.releases.law(acting.session, release_id)
    before, process = law.definition(proceeding.process), ids.get(proceeding.process, proceeding.process)
    after = new.definition(process)
    try:
        step = moved(
            case,
            lambda: machine.migrate(
                before, after, proceeding.snapshot, now=acting.now, services=operations.registered(new), ids=ids
            ),
        )
    except NotPossible as refused:
        if isinstance(refused.__cause__, MigrationRefused):
            raise NotMovable(refused.__cause__.findings, case_id=case.id) from refused
        raise
    what = {"proceeding": proceeding.id, "from": proceeding.release_id, "to": release_id, "ids": ids}
    proceeding.release_id, proceeding.process, proceeding.name = release_id, process, after.name
    _rename(acting, proceeding, step)
    facts = take(acting, new, case, proceeding, step)
    return casework.entered(
        acting, case, "proceeding.moved", subject=f"case:{case.id}", reason=reason, what=what, facts=[facts]
    )


def _rename(acting: Acting, proceeding: Proceeding, step: Step) -> None:
    """Open tasks and running limits are called as the new version calls them."""
    opened = {each.id: each for each in step.open_tasks if each.id in step.before}
    for task in acting.session.scalars(
        select(Task).where(Task.proceeding_id == proceeding.id, Task.state == "open", Task.token.in_(opened))
    ):
        as_drawn = opened[task.token]
        if as_drawn.lane != task.role:
            raise NotPossible(
                "An open task would be for another role there; complete it first.",
                node=task.node,
                case_id=proceeding.case_id,
            )
        task.node, task.process, task.path = as_drawn.node, as_drawn.process, "/".join(as_drawn.path)
        task.name, task.name_en = as_drawn.name, as_drawn.extensions.get("en") or as_drawn.name
        task.version += 1
    active = {each.id: each for each in step.active}
    timers = {each.id: each for each in step.timers}
    for clock in acting.session.scalars(select(Deadline).where(Deadline.proceeding_id == proceeding.id)):
        if clock.timer in timers:
            clock.node = timers[clock.timer].node
        if clock.guards in active:
            clock.within = "/".join((*active[clock.guards].path, active[clock.guards].node))
