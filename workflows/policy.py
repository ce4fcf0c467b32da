"""Who may do what: plain questions, and the query filters that answer the same for lists.

A question answers with nothing, or raises with the rule and its source. Which role may what, and what excludes what, stands in
the release (`bpmn/roles.yaml`, `bpmn/safeguards/separation.yaml`). May never write.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Result,
    Row,
    Select,
    and_,
    bindparam,
    exists,
    false,
    literal,
    null,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session

from workflows.acting import Actor
from workflows.errors import ConflictOfInterest, NotAllowed, NotFound
from workflows.records import Case, Duty, Membership, Party, Person, Relation, Signature, Task
from workflows.roles import Roles

PARTY, RELATIVE = "party", "relative"


@dataclass(frozen=True, slots=True)
class Parts:
    """What ties one person to one case."""

    held: frozenset[str] = frozenset()
    """Duties acted under or appointed to, and ties (`party`, `relative`, `recused`, `handled_act`)."""
    acted: frozenset[str] = frozenset()
    """Of these, the ones already acted under."""
    appointed: frozenset[str] = frozenset()
    """Duties this person is appointed to by name, now."""
    staffed: frozenset[str] = frozenset()
    """Duties that anybody is appointed to by name, now: their tasks are for the appointed alone."""
    on_record: Mapping[tuple[str, str], bool] = field(default_factory=dict)
    """Person and duty, of everybody who has one in the case → whether they have acted under it."""


def parts_of(session: Session, case_id: str, person_id: str) -> Parts:
    """Read what ties a person to a case. One statement, whatever the number of duties, parties and relations."""
    return parts_of_each(session, case_id, (person_id,))[person_id]


def parts_of_each(session: Session, case_id: str, person_ids: Collection[str]) -> dict[str, Parts]:
    """The same for several people, in one statement too."""
    rows: Result[*tuple[Any, ...]] = session.execute(_TIES, {"case_id": case_id, "person_ids": list(person_ids)})
    read = rows.all()
    return {person_id: _parts(read, person_id) for person_id in person_ids}


def _parts(rows: Sequence[Row[*tuple[Any, ...]]], person_id: str) -> Parts:
    held, acted, appointed, staffed = set[str](), set[str](), set[str](), set[str]()
    on_record: dict[tuple[str, str], bool] = {}
    for kind, whose, appointed_at, ended_at, acted_at in rows:
        stands = appointed_at is not None and ended_at is None
        tied = kind in (PARTY, RELATIVE)
        if stands:
            staffed.add(kind)
        if not tied:
            on_record[whose, kind] = acted_at is not None
        if whose != person_id:
            continue
        if acted_at is not None:
            acted.add(kind)
        if stands:
            appointed.add(kind)
        # An appointment that ended before any act leaves no part behind.
        if stands or acted_at is not None or tied:
            held.add(kind)
    return Parts(frozenset(held), frozenset(acted), frozenset(appointed), frozenset(staffed), on_record)


def _ties() -> CompoundSelect[*tuple[Any, ...]]:
    none = null()
    case_id: BindParameter[str] = bindparam("case_id")
    person_ids: BindParameter[list[str]] = bindparam("person_ids", expanding=True)
    duties = select(Duty.kind, Duty.person_id, Duty.appointed_at, Duty.ended_at, Duty.acted_at).where(
        Duty.case_id == case_id
    )
    concerned = select(literal(PARTY), Party.person_id, none, none, none).where(
        Party.case_id == case_id, Party.person_id.in_(person_ids)
    )
    related = (
        select(literal(RELATIVE), Relation.person_id, none, none, none)
        .select_from(Party)
        .join(Relation, Relation.other_id == Party.person_id)
        .where(Party.case_id == case_id, Relation.person_id.in_(person_ids))
    )
    return union_all(duties, concerned, related)


_TIES = _ties()


def may_open_case(actor: Actor, roles: Roles, unit_id: str) -> None:
    """Whether this person may register a clue for that unit."""
    if not actor.holds(roles.that_may("case.open"), unit_id):
        raise NotAllowed("Only those who register clues for this organ may open a case.", wanted="case.open")


def may_see_case(session: Session, actor: Actor, roles: Roles, case: Case) -> None:
    """Whether this person may open the file of the case. Who may not is told that there is no such case."""
    if not sees_case(session, actor, roles, case.id):
        raise NotFound("There is no such case, or it is not open to you.", case=case.id)


def sees_case(session: Session, actor: Actor, roles: Roles, case_id: str) -> bool:
    """The same as an answer."""
    return bool(session.scalar(select(exists().where(Case.id == case_id, visible_cases(actor, roles)))))


def knows_case(session: Session, actor: Actor, roles: Roles, case_id: str) -> bool:
    """Whether this person may know that there is this case: may open its file, may end it, or is a party who was told."""
    ends = [unit for role, unit in actor.roles if role in roles.that_may("case.end")]
    told = exists().where(Party.case_id == case_id, own_matters(actor))
    known = exists().where(Case.id == case_id, or_(visible_cases(actor, roles), Case.unit_id.in_(ends)))
    return bool(session.scalar(select(or_(known, told))))


def sees_task(session: Session, actor: Actor, roles: Roles, task_id: str) -> bool:
    """Whether a task is open to this person: they have or had it, or may open the file of its case."""
    return actor.person_id is not None and bool(session.scalar(select(_seen(actor, roles, task_id))))


def knows_task(session: Session, actor: Actor, roles: Roles, task_id: str) -> bool:
    """Whether this person may know that there is this task, and who was faster: it is open to them, or was offered to them."""
    was_offered = exists().where(Task.id == task_id, Task.queue.in_(actor.queues), offered(actor, roles))
    known = or_(_seen(actor, roles, task_id), was_offered)
    return actor.person_id is not None and bool(session.scalar(select(known)))


def _seen(actor: Actor, roles: Roles, task_id: str) -> ColumnElement[bool]:
    me = actor.person_id
    mine = exists().where(Task.id == task_id, or_(Task.assignee_id == me, Task.owner_id == me, Task.completed_by == me))
    of_task = select(Task.case_id).where(Task.id == task_id).scalar_subquery()
    return or_(mine, exists().where(Case.id == of_task, visible_cases(actor, roles)))


def may_take_up(roles: Roles, duty: str | None, parts: Parts, *, case_id: str) -> None:
    """Whether somebody with these parts in the case may have this duty in it: separation and recusal.

    Raises:
        ConflictOfInterest: naming the rule, its source (article) and its evidence mark.
    """
    if duty is None or (duty in roles and roles[duty].concerned):
        return
    rule = roles.excluded(duty, parts.held)
    if rule is not None:
        raise ConflictOfInterest(
            f"{rule.why['zh']}（{rule.source}）",
            rule=rule.rule,
            why_zh=rule.why["zh"],
            why_en=rule.why["en"],
            source=rule.source,
            mark=rule.mark,
            duty=duty,
            case_id=case_id,
        )


def may_work_on(actor: Actor, roles: Roles, task: Task, case: Case, parts: Parts) -> None:
    """Whether this person may claim, draft or complete the task: as its holder, its candidate, and free of conflict.

    Raises:
        NotAllowed: somebody else holds it, or it is not for this person.
        ConflictOfInterest: another part in the case excludes it.
    """
    may_take_up(roles, task.duty, parts, case_id=case.id)
    facts = {"task_id": task.id, "case_id": case.id}
    if task.assignee_id is not None:
        if task.assignee_id != actor.person_id:
            raise NotAllowed("Somebody else has taken this task.", holder=task.assignee_id, **facts)
        return
    if not is_candidate(actor, roles, task, case, parts):
        raise NotAllowed("This task is not for you.", role=task.role, **facts)


def is_candidate(actor: Actor, roles: Roles, task: Task, case: Case, parts: Parts) -> bool:
    """Whether the task is offered to this person: by appointment, by group, or, if it is for nobody, as overseer."""
    if task.by_appointment:
        return task.duty is not None and task.duty in parts.appointed
    if task.queue is not None:
        return task.queue in actor.queues
    return actor.holds(roles.that_may("case.oversee"), case.unit_id)


def may_oversee(actor: Actor, roles: Roles, case: Case) -> None:
    """Whether this person oversees the cases of the unit that has this one."""
    if not actor.holds(roles.that_may("case.oversee"), case.unit_id):
        raise NotAllowed("Only whoever oversees the cases of this organ may do this.", case_id=case.id)


def may(actor: Actor, roles: Roles, permission: str, case: Case) -> None:
    """Whether one of this person's roles in the unit of the case allows it."""
    if not actor.holds(roles.that_may(permission), case.unit_id):
        raise NotAllowed("Your roles do not allow this.", wanted=permission, case_id=case.id)


def may_decide(session: Session, actor: Actor, roles: Roles, able: Collection[str], case: Case, *, wanted: str) -> None:
    """Whether this person may decide something about the case that no task asks: holds one of the roles in its unit, and is
    tied to the matter in no way.

    Raises:
        NotAllowed: holds none of them.
        ConflictOfInterest: is a party, a relative, recused, or handled what is examined.
    """
    if actor.person_id is None or not actor.holds(able, case.unit_id):
        raise NotAllowed("Your roles do not allow this.", wanted=wanted, case_id=case.id)
    held = parts_of(session, case.id, actor.person_id).held
    may_take_up(roles, wanted, Parts(held=held.intersection(roles.ties)), case_id=case.id)


def who_works_on(roles: Roles, case_id: str) -> Select[*tuple[Any, ...]]:
    """Statement: id and name of everybody who has or had a duty in the case that is no tie to it."""
    works = (Duty.case_id == case_id, Duty.kind.not_in(_tie_kinds(roles)))
    return (
        select(Person.id, Person.name).where(exists().where(Duty.person_id == Person.id, *works)).order_by(Person.name)
    )


def may_administer(actor: Actor, roles: Roles) -> None:
    """Whether this person administers people and releases."""
    if not actor.holds(roles.that_may("house.administer")):
        raise NotAllowed("Only an administrator may do this.", wanted="house.administer")


def may_hand_to(session: Session, roles: Roles, task: Task, case: Case, person_id: str) -> None:
    """Whether somebody else may be given the task: holds the role now, and no part in the case excludes it.

    The same check is made again when that person completes it.
    """
    parts = parts_of(session, case.id, person_id)
    may_take_up(roles, task.duty, parts, case_id=case.id)
    held = session.scalar(
        select(
            exists().where(
                Membership.person_id == person_id, Membership.role == task.role, Membership.unit_id == case.unit_id
            )
        )
    )
    if not held:
        raise NotAllowed("That person does not hold the role this task asks for.", role=task.role, case_id=case.id)


# --- the same for lists -----------------------------------------------------------------------------------------------


def visible_cases(actor: Actor, roles: Roles) -> ColumnElement[bool]:
    """Filter of `Case`: whom I oversee, where I have or had a duty, where a task waits for me. Never where I am recused."""
    if actor.person_id is None:
        return false()
    me = actor.person_id
    ties = _tie_kinds(roles)
    overseen = [unit for role, unit in actor.roles if role in roles.that_may("case.oversee")]
    has_part = exists().where(Duty.case_id == Case.id, Duty.person_id == me, Duty.kind.not_in(ties))
    related = exists().where(Party.case_id == Case.id, Party.person_id == Relation.other_id, Relation.person_id == me)
    waits = exists().where(
        Task.case_id == Case.id,
        Task.state == "open",
        or_(
            and_(Task.assignee_id == me, Task.role.not_in(_concerned(roles))),
            and_(Task.assignee_id.is_(None), Task.queue.in_(actor.queues), ~related),
        ),
    )
    signs = exists().where(Signature.task_id == Task.id, Signature.person_id == me, Task.case_id == Case.id)
    tied = exists().where(Duty.case_id == Case.id, Duty.person_id == me, Duty.kind.in_(ties))
    concerned = exists().where(Party.case_id == Case.id, Party.person_id == me)
    return and_(or_(Case.unit_id.in_(overseen), has_part, waits, signs), ~tied, ~concerned)


def cases_with_a_part(actor: Actor, roles: Roles) -> Select[str]:
    """Ids of the cases in which I have or had a duty: the part of `visible_cases` that is read from my own duties alone."""
    me, ties = actor.person_id, _tie_kinds(roles)
    own = select(Party.case_id).where(Party.person_id == me)
    tied = select(Duty.case_id).where(Duty.person_id == me, Duty.kind.in_(ties))
    mine = select(Duty.case_id).where(Duty.person_id == me, Duty.kind.not_in(ties))
    return mine.where(Duty.case_id.not_in(union_all(own, tied)))


def offered(actor: Actor, roles: Roles) -> ColumnElement[bool]:
    """Filter of `Task`, beside the group: nothing from a case in which I am concerned, tied, or have an excluding part."""
    me = actor.person_id
    own = select(Party.case_id).where(Party.person_id == me)
    related = select(Party.case_id).join(Relation, Relation.other_id == Party.person_id).where(Relation.person_id == me)
    tied = select(Duty.case_id).where(Duty.person_id == me, Duty.kind.in_(_tie_kinds(roles)))
    excluding = exists().where(
        Duty.case_id == Task.case_id,
        Duty.person_id == me,
        tuple_(Duty.kind, Task.duty).in_(roles.pairs),
        or_(Duty.acted_at.is_not(None), and_(Duty.appointed_at.is_not(None), Duty.ended_at.is_(None))),
    )
    return and_(Task.case_id.not_in(union_all(own, related, tied)), ~excluding)


def own_matters(actor: Actor) -> ColumnElement[bool]:
    """Filter of `Party`: what concerns this person, once the law lets them know.

    A respondent knows nothing of a clue: the matter shows itself when there is a task for them or they were told.
    """
    if actor.person_id is None:
        return false()
    told = exists().where(Task.case_id == Party.case_id, Task.party_id == Party.id, Task.assignee_id == actor.person_id)
    return and_(Party.person_id == actor.person_id, or_(told, Party.standing.in_(TOLD)))


DECIDED = ("decided", "under_review", "maintained", "changed", "revoked", "cleared")
"""Standings of a party that has been served with the decision."""

TOLD = ("told", "noticed", *DECIDED)
"""Standings of a party that has been told of the case."""


def _tie_kinds(roles: Roles) -> tuple[str, ...]:
    return roles.ties


def _concerned(roles: Roles) -> tuple[str, ...]:
    return tuple(sorted(role.id for role in roles if role.concerned)) or ("",)
