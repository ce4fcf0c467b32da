"""Reading: what waits for whom, and what a case looks like. Plain values, never rows. May never change anything.

Every list is filtered by the same policy that answers for one row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    exists,
    false,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from engine import machine
from engine.diagrams import NodeInfo
from engine.periods import Due
from engine.sheets import Wording
from engine.step import Step, Waiting
from forms import Form
from workflows import choices, deadlines, incidents, policy
from workflows.acting import Actor
from workflows.choices import Choice
from workflows.discretion import no_such_case, no_such_task
from workflows.errors import NotFound
from workflows.policy import Parts
from workflows.protection import Vault
from workflows.records import (
    Application,
    Case,
    Deadline,
    Draft,
    Duty,
    Evidence,
    LedgerEntry,
    Notice,
    Party,
    Person,
    Proceeding,
    ProtectedValue,
    Signature,
    StepRecord,
    Task,
    Unit,
)
from workflows.releases import Law, Releases

Cursor = tuple[datetime, str]
"""Where a page ends: the sort moment and the id of its last line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLine:
    """A line of a desk."""

    id: str
    name: str
    name_en: str
    case_id: str
    case_number: str
    case_title: str
    role: str | None
    form: str | None
    assignee_id: str | None
    assignee: str | None
    owner_id: str | None
    opened_at: datetime
    due_at: datetime | None
    sort_at: datetime
    version: int
    to_sign: bool
    state: str
    urged_at: datetime | None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, and where the next one begins."""

    items: tuple[Any, ...]
    next: Cursor | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockView:
    """A statutory clock as shown: the rule with its article, the dates, the state."""

    id: str
    rule: str
    name: Wording
    citation: Wording
    mark: str
    length: int
    """How many of `unit` the period is."""
    unit: str
    """Unit of the period: whether days left are counted in working days, days or hours."""
    event: Wording
    """What sets the limit going, as a noun."""
    note: Wording | None
    """What a reader must know of how it is counted."""
    binds: str
    consequence: Wording | None
    node: str
    guards: str | None
    proceeding_id: str
    party_id: str | None
    trigger: str
    started_at: datetime
    due: str
    due_at: datetime
    provisional: bool
    state: str
    fired_at: datetime | None
    late_seconds: int | None
    ended_at: datetime | None
    suspended_from: str | None = None
    """While it stands: the first day (for hours: moment) that does not count."""
    rungs: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyView:
    """A party as shown to those who handle the case."""

    id: str
    role: str
    kind: str
    name: str
    post: str
    unit_name: str
    standing: str
    finding: Any
    outcome: Any
    has_account: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProceedingView:
    """One running or ended diagram of a case, with where it stands in each diagram that draws it."""

    id: str
    process: str
    name: str
    state: str
    started_at: datetime
    ended_at: datetime | None
    follows_id: str | None
    party_id: str | None
    """The party it is about; None where it is about the case."""
    release_id: str
    failure: Mapping[str, str] | None
    """Why it failed, by language (`en`, `zh`)."""
    here: Mapping[str, tuple[str, ...]]
    """Process id → ids of the nodes that are open in it."""
    done: Mapping[str, tuple[str, ...]]
    """Process id → ids of the nodes and flows already passed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """A line of the case's history."""

    number: int
    at: datetime
    act: str
    actor: str
    subject: str | None
    body: Mapping[str, Any]
    reason: str | None
    hash: str
    task_name: str | None = None
    task_name_en: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """A line of a list of cases."""

    id: str
    number: str
    title: str
    kind: str
    state: str
    unit: str
    opened_at: datetime
    version: int
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Something the procedure can be told now from outside its tasks: an application, a request, a withdrawal."""

    action: str
    name: Wording
    form: str | None
    """What has to be said with it."""
    release_id: str
    clock_id: str | None = None
    """The limit within which it can be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationView:
    """What the procedure was told from outside its tasks, as it was said."""

    id: str
    action: str
    name: Wording
    form: str | None
    answers: Mapping[str, Any]
    reason: str
    party_id: str | None
    by: str
    at: datetime
    release_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a party was told by a step of the procedure, and nothing else of it."""

    task_name: Wording
    form: str
    answers: Mapping[str, Any]
    at: datetime
    release_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A form, and what this person may choose in it here."""

    form: Form
    offered: Mapping[str, tuple[Choice, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """The file of a case."""

    line: CaseLine
    unit_id: str
    secrecy: str
    closed_at: datetime | None
    stalled: str | None
    suspension: Mapping[str, Any] | None
    """While the case rests: from, ground, reason."""
    parties: tuple[PartyView, ...]
    proceedings: tuple[ProceedingView, ...]
    tasks: tuple[TaskLine, ...]
    clocks: tuple[ClockView, ...]
    evidence: tuple[Mapping[str, Any], ...]
    applications: tuple[ApplicationView, ...]
    """The newest first."""
    actions: tuple[str, ...]
    ways: tuple[Way, ...]
    """The same actions, with their names and forms."""
    protected: tuple[Mapping[str, str], ...]
    """Protected values by id and field: that there is one, never what it says."""
    ledger: tuple[int, str]
    """Number of entries and the head of the chain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskView:
    """One task, for whoever works on it."""

    line: TaskLine
    case_state: str
    node: str
    process: str
    proceeding_id: str
    release_id: str
    """The release its proceeding runs under."""
    party: PartyView | None
    answers: Any
    draft: Any
    draft_saved_at: datetime | None
    other_drafts: tuple[str, ...]
    """Names of others who are writing on it."""
    signatures: tuple[Mapping[str, Any], ...]
    persons: int
    rationale: str | None
    completed_at: datetime | None
    clocks: tuple[ClockView, ...]
    actions: tuple[str, ...]


# --- tasks ------------------------------------------------------------------------------------------------------------


def my_tasks(session: Session, actor: Actor, law: Law, *, after: Cursor | None = None, limit: int = 50) -> Page:
    """What waits for this person: taken, offered to a group or by appointment, to sign, or for nobody else to see.

    The most urgent first. Each source is read from its own index and cut at the page, so the cost does not grow with
    what is open elsewhere.
    """
    lines: list[TaskLine] = []
    while True:
        rows = session.execute(mine(actor, law, after=after, limit=limit)).all()
        lines += [_line(row[:-2], to_sign=bool(row.to_sign)) for row in rows if row.fair]
        if len(rows) <= limit or len(lines) > limit:
            return _page(lines, limit)
        # The page was cut before it was full, since some of its tasks may not be offered to this person.
        after = (rows[-1].sort_at, rows[-1].id)


def waiting_for_others(session: Session, actor: Actor, law: Law, *, limit: int = 10) -> tuple[TaskLine, ...]:
    """Open tasks that others owe in the cases in which this person has a part, the most urgent first."""
    me = actor.person_id
    appointed = exists().where(
        Duty.case_id == Task.case_id, Duty.kind == Task.duty, Duty.person_id == me,
        Duty.appointed_at.is_not(None), Duty.ended_at.is_(None),
    )  # fmt: skip
    to_me = or_(Task.queue.in_(actor.queues), and_(Task.by_appointment.is_(True), appointed))
    to_sign = exists().where(Signature.task_id == Task.id, Signature.person_id == me, Signature.signed_at.is_(None))
    query = (
        _lines()
        .where(Task.state == "open", Task.case_id.in_(policy.cases_with_a_part(actor, law.roles)))
        .where(or_(Task.assignee_id != me, and_(Task.assignee_id.is_(None), not_(func.coalesce(to_me, false())))))
        .where(~to_sign)
        .order_by(Task.sort_at, Task.id)
        .limit(limit)
    )
    return tuple(_line(row) for row in session.execute(query))


def clocks_over(session: Session, releases: Releases, task_ids: Sequence[str]) -> Mapping[str, ClockView]:
    """For each of these tasks the limit that governs it: the first to end of those over it; where all stand, one of these."""
    rows = session.execute(
        select(Task, Deadline)
        .join(Deadline, Deadline.case_id == Task.case_id)
        .where(Task.id.in_(task_ids), Deadline.state.in_(deadlines.LIVE))
        .order_by(Deadline.due_at, Deadline.id)
    )
    over: dict[str, list[Deadline]] = {}
    for task, clock in rows:
        if deadlines.covers(clock, task):
            over.setdefault(task.id, []).append(clock)
    first = {task_id: deadlines.governing(clocks) or clocks[0] for task_id, clocks in over.items()}
    return {task_id: clock_view(releases.law(session, clock.release_id), clock) for task_id, clock in first.items()}


def mine(actor: Actor, law: Law, *, after: Cursor | None = None, limit: int = 50) -> Select[*tuple[Any, ...]]:
    """The statement behind `my_tasks`: the next tasks that wait for this person or a group of theirs, one more than `limit`.

    The last two columns: whether it is to be signed, and whether it may be offered to this person. The second is asked of
    those cut out only: asked of every task of every group, it would cost more than all the rest.
    """
    chosen = _mine(actor, law, after, limit).subquery()
    return (
        _lines()
        .add_columns(chosen.c.to_sign, or_(chosen.c.by_name == 1, policy.offered(actor, law.roles)).label("fair"))
        .join(chosen, chosen.c.id == Task.id)
        .order_by(chosen.c.sort_at, chosen.c.id)
    )


def task(session: Session, actor: Actor, releases: Releases, vault: Vault, task_id: str) -> TaskView:
    """One task with what belongs beside it; the person's own draft opened from the vault.

    Raises:
        NotFound: there is none, or it is not open to this person.
    """
    query = _lines().add_columns(Task, Case, Proceeding).join(Proceeding, Proceeding.id == Task.proceeding_id)
    row = session.execute(query.where(Task.id == task_id)).first()
    if row is None:
        raise no_such_task(task_id)
    found, case, proceeding = row[-3], row[-2], row[-1]
    law = releases.law(session, proceeding.release_id)
    if not policy.sees_task(session, actor, law.roles, task_id):
        raise no_such_task(task_id)
    parts = policy.parts_of(session, case.id, actor.person_id or "")
    drafts = {draft.person_id: draft for draft in session.scalars(select(Draft).where(Draft.task_id == task_id))}
    own = drafts.pop(actor.person_id or "", None)
    others = session.scalars(select(Person.name).where(Person.id.in_(drafts)))
    party = session.get(Party, found.party_id) if found.party_id else None
    waiting, guarding = _around(session, law, proceeding, found)
    return TaskView(
        line=_line(row[:-3]),
        case_state=case.state,
        node=found.node,
        process=found.process,
        proceeding_id=proceeding.id,
        release_id=proceeding.release_id,
        party=_party(party) if party else None,
        answers=found.answers,
        draft=vault.open(own.sealed) if own else None,
        draft_saved_at=own.saved_at if own else None,
        other_drafts=tuple(others),
        signatures=_signatures(session, task_id),
        persons=found.persons,
        rationale=found.rationale,
        completed_at=found.completed_at,
        clocks=tuple(clock_view(law, clock) for clock in guarding),
        actions=_task_actions(actor, law, found, case, parts, waiting),
    )


def asked_of_task(session: Session, actor: Actor, releases: Releases, view: TaskView) -> Asked | None:
    """What an open task asks this person; None where it asks nothing, or nothing any more."""
    if view.line.form is None or view.line.state != "open":
        return None
    proceeding = session.get_one(Proceeding, view.proceeding_id)
    return _asked(session, actor, releases, view.line.case_id, view.line.form, proceeding.release_id)


def asked_with(session: Session, actor: Actor, releases: Releases, case_id: str, way: Way) -> Asked | None:
    """What has to be said with an action; None for the reason alone."""
    return None if way.form is None else _asked(session, actor, releases, case_id, way.form, way.release_id)


def notices(session: Session, actor: Actor, law: Law, limit: int = 50) -> tuple[Mapping[str, Any], ...]:
    """What this person was told lately: by name, or as a member of a group, of cases they may open.

    A group is told as a whole; whoever in it is concerned, related or recused does not learn of the case that way.
    """
    query = (
        select(Notice, Case.number)
        .join(Case, Case.id == Notice.case_id)
        .where(_told_to(actor, law))
        .order_by(Notice.created_at.desc())
        .limit(limit)
    )
    return tuple(
        {
            "kind": notice.kind,
            "case_id": notice.case_id,
            "case_number": number,
            "facts": notice.facts,
            "at": notice.created_at,
        }
        for notice, number in session.execute(query)
    )


def fresh_notices(session: Session, actor: Actor, law: Law, since: datetime | None, most: int = 99) -> int:
    """How many notices this person was given since a moment, counted up to `most`."""
    query = select(Notice.id).join(Case, Case.id == Notice.case_id).where(_told_to(actor, law))
    if since is not None:
        query = query.where(Notice.created_at > since)
    return session.scalar(select(func.count()).select_from(query.limit(most).subquery())) or 0


def _told_to(actor: Actor, law: Law) -> ColumnElement[bool]:
    to_my_groups = and_(Notice.queue.in_(actor.queues), policy.visible_cases(actor, law.roles))
    return or_(Notice.person_id == actor.person_id, to_my_groups)


# --- cases ------------------------------------------------------------------------------------------------------------


def cases(
    session: Session,
    actor: Actor,
    law: Law,
    *,
    search: str = "",
    state: str = "",
    after: Cursor | None = None,
    limit: int = 50,
) -> Page:
    """The cases this person may open, the newest first.

    Args:
        search: what stands in the number or in the title.
        state: code of the state they are in; any where it is empty.
    """
    query = _case_lines().where(policy.visible_cases(actor, law.roles))
    if search:
        named = (each.icontains(search, autoescape=True) for each in (Case.number, Case.title))
        query = query.where(or_(*named))
    if state:
        query = query.where(Case.state == state)
    if after is not None:
        query = query.where(
            tuple_(Case.opened_at, Case.id) < tuple_(literal(after[0], Case.opened_at.type), literal(after[1]))
        )
    rows = session.execute(query.order_by(Case.opened_at.desc(), Case.id.desc()).limit(limit + 1))
    lines = [_case_line(*row) for row in rows]
    if len(lines) <= limit:
        return Page(tuple(lines), None)
    return Page(tuple(lines[:limit]), (lines[limit - 1].opened_at, lines[limit - 1].id))


def case(session: Session, actor: Actor, releases: Releases, law: Law, case_id: str) -> CaseView:
    """The file of one case.

    Raises:
        NotFound: there is none, or it is not open to this person.
    """
    row = session.execute(
        _case_lines().add_columns(Case).where(Case.id == case_id, policy.visible_cases(actor, law.roles))
    ).first()
    if row is None:
        raise no_such_case(case_id)
    found: Case = row[-1]
    proceedings = _proceedings(session, case_id)
    tasks = session.execute(_lines().where(Task.case_id == case_id).order_by(Task.opened_at.desc(), Task.id.desc()))
    clocks = deadlines.of_case(session, case_id)
    laws = {each.id: releases.law(session, each.release_id) for each in proceedings}
    ways: dict[str, Way] = {}
    views = []
    for each in proceedings:
        view, look = _proceeding(session, laws[each.id], each)
        views.append(view)
        for event in look.waiting if look is not None else ():
            if event.extensions.get("roles") and actor.holds(event.extensions["roles"].split(), found.unit_id):
                _add_way(ways, event, each, clocks)
    return CaseView(
        line=_case_line(*row[:-1]),
        unit_id=found.unit_id,
        secrecy=found.secrecy,
        closed_at=found.closed_at,
        stalled=found.stalled_error,
        suspension=found.suspension,
        parties=tuple(_party(party) for party in _parties(session, case_id)),
        proceedings=tuple(views),
        tasks=tuple(_line(each) for each in tasks),
        clocks=tuple(clock_view(laws[clock.proceeding_id], clock) for clock in clocks),
        evidence=_evidence(session, Evidence.case_id == case_id),
        applications=_applications(session, laws, Application.case_id == case_id),
        actions=tuple(ways),
        ways=tuple(ways.values()),
        protected=_protected(session, case_id),
        ledger=(found.ledger_count, found.ledger_head),
    )


def case_line(session: Session, case_id: str) -> CaseLine:
    """A case as a line of a list. The caller has asked whether the case is open to the person.

    Raises:
        NotFound: there is none.
    """
    row = session.execute(_case_lines().where(Case.id == case_id)).first()
    if row is None:
        raise no_such_case(case_id)
    return _case_line(*row)


def may_look(session: Session, actor: Actor, law: Law, case_id: str) -> None:
    """Ask whether the file of a case is open to this person, before reading a part of it.

    Raises:
        NotFound: there is none, or it is not open to this person.
    """
    if not policy.sees_case(session, actor, law.roles, case_id):
        raise no_such_case(case_id)


def clock(
    session: Session, actor: Actor, releases: Releases, law: Law, case_id: str, clock_id: str
) -> tuple[ClockView, Due]:
    """One clock of a case and how its date is counted: for those who may open the file, and for the party it is about.

    Raises:
        NotFound: there is no such clock, or it is not open to this person.
    """
    found = session.get(Deadline, clock_id)
    mine = select(Party.id).where(Party.id == (found.party_id if found else None), policy.own_matters(actor))
    if session.scalar(mine) is None:
        may_look(session, actor, law, case_id)
    if found is None or found.case_id != case_id:
        raise NotFound("There is no such limit in this case.", clock=clock_id, case=case_id)
    proceeding = session.get_one(Proceeding, found.proceeding_id)
    its_law = releases.law(session, proceeding.release_id)
    return clock_view(its_law, found), deadlines.explain(its_law, found)


def diagram(session: Session, actor: Actor, releases: Releases, law: Law, case_id: str, process: str) -> bytes:
    """The XML of a process as it is drawn in the release under which the case runs.

    Raises:
        NotFound: the case is not open to this person, or nothing in it runs by such a process.
    """
    may_look(session, actor, law, case_id)
    for proceeding in _proceedings(session, case_id):
        its_law = releases.law(session, proceeding.release_id)
        if process in (proceeding.process, *its_law.definition(proceeding.process).calls):
            return its_law.diagram_of(process)
    raise NotFound("Nothing in this case runs by such a process.", process=process, case=case_id)


def history(
    session: Session, case_id: str, *, beyond: int | None = None, oldest_first: bool = False, limit: int = 100
) -> tuple[Happening, ...]:
    """What happened in a case, newest first unless told otherwise. The caller has asked whether the case is open to the
    person.

    Args:
        beyond: number of the last entry already seen.
    """
    number = LedgerEntry.number
    query = _entries(case_id).order_by(number if oldest_first else number.desc()).limit(limit)
    if beyond is not None:
        query = query.where(number > beyond if oldest_first else number < beyond)
    return _happenings(session, query)


OWN_ACTS = ("case.told", "evidence.registered", "task.completed", "task.taken_back")
"""Acts of which a party has a receipt."""


def own_acts(session: Session, actor: Actor, case_id: str) -> tuple[Happening, ...]:
    """What this person has done in a case, newest first: nothing of what others did."""
    mine = (LedgerEntry.actor_id == actor.person_id, LedgerEntry.act.in_(OWN_ACTS))
    return _happenings(session, _entries(case_id).where(*mine).order_by(LedgerEntry.number.desc()))


def _entries(case_id: str) -> Select[*tuple[Any, ...]]:
    entry_task = aliased(Task)
    return (
        select(LedgerEntry, entry_task.name, entry_task.name_en)
        .outerjoin(entry_task, LedgerEntry.subject == "task:" + entry_task.id)
        .where(LedgerEntry.chain == case_id)
    )


def _happenings(session: Session, query: Select[*tuple[Any, ...]]) -> tuple[Happening, ...]:
    return tuple(
        Happening(
            number=entry.number,
            at=entry.at,
            act=entry.act,
            actor=entry.actor,
            subject=entry.subject,
            body=entry.body or {},
            reason=entry.reason,
            hash=entry.hash,
            task_name=name,
            task_name_en=name_en,
        )
        for entry, name, name_en in session.execute(query)
    )


def my_matters(session: Session, actor: Actor) -> tuple[Mapping[str, Any], ...]:
    """What concerns this person as a party: as far as the law lets them know, and no more."""
    rows = session.execute(
        select(Party, Case.number, Case.title, Case.id, Case.version, Unit.name)
        .join(Case, Case.id == Party.case_id)
        .join(Unit, Unit.id == Case.unit_id)
        .where(policy.own_matters(actor))
        .order_by(Case.opened_at.desc())
    )
    return tuple(
        {
            "case_id": case_id,
            "case_number": number,
            "version": version,
            "title": title,
            "organ": organ,
            "party_id": party.id,
            "standing": party.standing,
            "outcome": party.outcome if party.standing in policy.DECIDED else None,
        }
        for party, number, title, case_id, version, organ in rows
    )


def own_matter(session: Session, actor: Actor, releases: Releases, case_id: str) -> Mapping[str, Any]:
    """One matter as its party may see it: own tasks, own limits, what was notified to them, how far it has come, what
    they handed in and applied for; no evidence of others, no names of reporters, no deliberation.

    Raises:
        NotFound: it does not concern this person, or they have not been told yet.
    """
    matter = next((each for each in my_matters(session, actor) if each["case_id"] == case_id), None)
    if matter is None:
        raise no_such_case(case_id)
    party_id = matter["party_id"]
    tasks = session.execute(
        _lines().where(Task.case_id == case_id, Task.assignee_id == actor.person_id).order_by(Task.opened_at.desc())
    )
    clocks = [clock for clock in deadlines.of_case(session, case_id) if clock.party_id == party_id]
    proceedings = {each.id: each for each in _proceedings(session, case_id)}
    laws = {key: releases.law(session, each.release_id) for key, each in proceedings.items()}
    ways: dict[str, Way] = {}
    views = []
    for key, each in proceedings.items():
        if each.party_id not in (None, party_id):
            continue
        view, look = _proceeding(session, laws[key], each)
        views.append(view)
        for event in look.waiting if look is not None else ():
            mine = event.about.get("party") in (None, party_id)
            if mine and "respondent" in event.extensions.get("roles", "").split():
                _add_way(ways, event, each, clocks)
    own = and_(Evidence.case_id == case_id, Evidence.registered_by == actor.person_id)
    said = and_(Application.case_id == case_id, Application.made_by == actor.person_id)
    return {
        **matter,
        "tasks": tuple(_line(row) for row in tasks),
        "clocks": tuple(clock_view(laws[clock.proceeding_id], clock) for clock in clocks),
        "proceedings": tuple(views),
        "told": _told(session, laws, case_id, party_id),
        "evidence": _evidence(session, own),
        "applications": _applications(session, laws, said),
        "actions": tuple(ways),
        "ways": tuple(ways.values()),
    }


# --- how the lines are read -------------------------------------------------------------------------------------------


_OPEN = Task.state == literal_column("'open'")
"""Written out, not sent beside the statement: only so does a database know that its index of open tasks will do."""


def _mine(actor: Actor, law: Law, after: Cursor | None, limit: int) -> Select[*tuple[Any, ...]]:
    me, free = actor.person_id, Task.assignee_id.is_(None)
    overseen = sorted(unit for role, unit in actor.roles if role in law.roles.that_may("case.oversee"))
    for_nobody = and_(_OPEN, free, Task.queue.is_(None), Task.by_appointment.is_(False))
    appointed = (
        _source(by_name=True)
        .join(Duty, and_(Duty.case_id == Task.case_id, Duty.kind == Task.duty))
        .where(Duty.person_id == me, Duty.appointed_at.is_not(None), Duty.ended_at.is_(None))
        # Asked so, the holder is no reason for SQLite to go through all that nobody holds instead of my appointments.
        .where(_OPEN, Task.by_appointment.is_(True), func.coalesce(Task.assignee_id, "") == "")
    )
    to_sign = (
        _source(by_name=True, to_sign=True)
        .join(Signature, Signature.task_id == Task.id)
        .where(Signature.person_id == me, Signature.signed_at.is_(None), _OPEN)
    )
    sources = [
        _source(by_name=True).where(_OPEN, Task.assignee_id == me),
        *(_source().where(_OPEN, free, Task.queue == key) for key in actor.queues),
        *(_source().where(for_nobody, Task.unit_id == unit) for unit in overseen),
        appointed,
        to_sign,
    ]
    every = union_all(*[select(_top(source, after, limit).subquery()) for source in sources]).subquery()
    return (
        select(
            every.c.id,
            every.c.sort_at,
            func.max(every.c.to_sign).label("to_sign"),
            func.max(every.c.by_name).label("by_name"),
        )
        .group_by(every.c.sort_at, every.c.id)
        .order_by(every.c.sort_at, every.c.id)
        .limit(limit + 1)
    )


def _source(*, by_name: bool = False, to_sign: bool = False) -> Select[*tuple[Any, ...]]:
    """Tasks that wait for somebody in one way. By name: nothing but the name is asked."""
    return select(
        Task.id,
        Task.sort_at,
        literal_column(str(int(to_sign))).label("to_sign"),
        literal_column(str(int(by_name))).label("by_name"),
    )


def _top(query: Select[*tuple[Any, ...]], after: Cursor | None, limit: int) -> Select[*tuple[Any, ...]]:
    if after is not None:
        end = tuple_(literal(after[0], Task.sort_at.type), literal(after[1]))
        query = query.where(tuple_(Task.sort_at, Task.id) > end)
    return query.order_by(Task.sort_at, Task.id).limit(limit + 1)


def _lines() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Task.id,
            Task.name,
            Task.name_en,
            Task.case_id,
            Case.number,
            Case.title,
            Task.role,
            Task.form,
            Task.assignee_id,
            Person.name,
            Task.owner_id,
            Task.opened_at,
            Task.due_at,
            Task.sort_at,
            Task.version,
            Task.state,
            Task.urged_at,
        )
        .join(Case, Case.id == Task.case_id)
        .outerjoin(Person, Person.id == Task.assignee_id)
    )


def _line(row: Any, *, to_sign: bool = False) -> TaskLine:
    names = (
        "id", "name", "name_en", "case_id", "case_number", "case_title", "role", "form", "assignee_id", "assignee",
        "owner_id", "opened_at", "due_at", "sort_at", "version", "state", "urged_at",
    )  # fmt: skip
    return TaskLine(to_sign=to_sign, **dict(zip(names, row, strict=True)))


def _page(lines: list[TaskLine], limit: int) -> Page:
    if len(lines) <= limit:
        return Page(tuple(lines), None)
    last = lines[limit - 1]
    return Page(tuple(lines[:limit]), (last.sort_at, last.id))


def _around(session: Session, law: Law, proceeding: Proceeding, task: Task) -> tuple[list[Waiting], list[Deadline]]:
    """The message events on a task, and the clocks over it or over what encloses it."""
    if proceeding.state != "running" or task.state != "open":
        return [], []
    here = machine.look(law.definition(proceeding.process), proceeding.snapshot, now=proceeding.started_at)
    live = [clock for clock in deadlines.of_case(session, task.case_id) if clock.state in deadlines.LIVE]
    over = [clock for clock in live if deadlines.covers(clock, task)]
    over.sort(key=lambda clock: (clock.state == deadlines.SUSPENDED, clock.due_at))
    return [event for event in here.waiting if event.attached == task.token], over


def _task_actions(
    actor: Actor, law: Law, task: Task, case: Case, parts: Parts, waiting: Sequence[Waiting]
) -> tuple[str, ...]:
    """Which verbs this person may use on the task now."""
    if task.state != "open":
        return ("take_back",) if task.state == "completed" and task.completed_by == actor.person_id else ()
    holds = task.assignee_id == actor.person_id
    candidate = task.assignee_id is None and policy.is_candidate(actor, law.roles, task, case, parts)
    oversees = actor.holds(law.roles.that_may("case.oversee"), case.unit_id)
    shared = task.queue is not None or task.by_appointment
    allowed = {
        "claim": candidate,
        "complete": holds or candidate,
        "sign": task.answers is not None and (holds or candidate or task.signing),
        "give_back": holds and shared,
        "reassign": (holds and shared) or oversees,
        "delegate": holds and shared and task.owner_id is None,
        "add_signer": holds and shared,
        "return": (holds or candidate) and any(event.extensions.get("action") == "return" for event in waiting),
        "urge": not holds,
    }
    return tuple(action for action, may in allowed.items() if may)


def _signatures(session: Session, task_id: str) -> tuple[Mapping[str, Any], ...]:
    rows = session.execute(
        select(Signature.person_id, Person.name, Signature.asked_at, Signature.signed_at)
        .join(Person, Person.id == Signature.person_id)
        .where(Signature.task_id == task_id)
        .order_by(Signature.asked_at)
    )
    return tuple({"person_id": who, "name": name, "asked_at": asked, "signed_at": at} for who, name, asked, at in rows)


def _case_lines() -> Select[*tuple[Any, ...]]:
    due = (
        select(func.min(Deadline.due_at))
        .where(Deadline.case_id == Case.id, Deadline.state.in_((deadlines.RUNNING, deadlines.MISSED)))
        .scalar_subquery()
    )
    return select(
        Case.id, Case.number, Case.title, Case.kind, Case.state, Unit.name, Case.opened_at, Case.version, due
    ).join(Unit, Unit.id == Case.unit_id)


def _case_line(*row: Any) -> CaseLine:
    names = ("id", "number", "title", "kind", "state", "unit", "opened_at", "version", "due_at")
    return CaseLine(**dict(zip(names, row, strict=True)))


def _add_way(ways: dict[str, Way], event: Waiting, proceeding: Proceeding, clocks: Sequence[Deadline]) -> None:
    action = event.extensions.get("action")
    if not action:
        return
    # What stands in the flow beside a window is told before the window closes.
    window = next(
        (
            clock.id
            for clock in clocks
            if event.attached is None
            and clock.state == deadlines.RUNNING
            and (clock.proceeding_id, clock.guards, clock.party_id) == (proceeding.id, None, event.about.get("party"))
        ),
        None,
    )
    way = Way(
        action=action,
        name=_event_name(event),
        form=event.extensions.get("form"),
        release_id=proceeding.release_id,
        clock_id=window,
    )
    ways.setdefault(action, way)


def _event_name(event: Waiting | NodeInfo) -> Wording:
    return Wording(event.name, event.extensions.get("en") or event.name)


def _asked(session: Session, actor: Actor, releases: Releases, case_id: str, key: str, release_id: str) -> Asked:
    law = releases.law(session, release_id)
    form, case = law.form(key), session.get_one(Case, case_id)
    return Asked(form=form, offered=choices.offered(session, law, case, actor, form.sources))


def _proceedings(session: Session, case_id: str) -> list[Proceeding]:
    query = select(Proceeding).where(Proceeding.case_id == case_id).order_by(Proceeding.started_at, Proceeding.id)
    return list(session.scalars(query))


def _proceeding(session: Session, law: Law, proceeding: Proceeding) -> tuple[ProceedingView, Step | None]:
    here: dict[str, dict[str, None]] = {}
    done: dict[str, dict[str, None]] = {}
    look = None
    if proceeding.state == "running":
        look = machine.look(law.definition(proceeding.process), proceeding.snapshot, now=proceeding.started_at)
        for activity in look.active:
            here.setdefault(activity.process, {}).setdefault(activity.node)
    for (trace,) in session.execute(
        select(StepRecord.trace).where(StepRecord.proceeding_id == proceeding.id).order_by(StepRecord.number)
    ):
        for what, node, _path, process in trace:
            if what in ("completed", "taken", "fired"):
                done.setdefault(process, {}).setdefault(node)
    view = ProceedingView(
        id=proceeding.id,
        process=proceeding.process,
        name=proceeding.name,
        state=proceeding.state,
        started_at=proceeding.started_at,
        ended_at=proceeding.ended_at,
        follows_id=proceeding.follows_id,
        party_id=proceeding.party_id,
        release_id=proceeding.release_id,
        failure=incidents.words(proceeding.failure) if proceeding.failure else None,
        here={process: tuple(nodes) for process, nodes in here.items()},
        done={process: tuple(nodes) for process, nodes in done.items()},
    )
    return view, look


def _parties(session: Session, case_id: str) -> list[Party]:
    return list(session.scalars(select(Party).where(Party.case_id == case_id).order_by(Party.id)))


def _party(party: Party) -> PartyView:
    return PartyView(
        id=party.id,
        role=party.role,
        kind=party.kind,
        name=party.name,
        post=party.post,
        unit_name=party.unit_name,
        standing=party.standing,
        finding=party.finding,
        outcome=party.outcome,
        has_account=party.person_id is not None,
    )


def clock_view(law: Law, clock: Deadline) -> ClockView:
    """A clock as shown, by the law it runs by."""
    rule = deadlines.rule_of(law, clock)
    return ClockView(
        id=clock.id,
        rule=clock.rule,
        name=rule.name,
        citation=rule.citation,
        mark=rule.mark,
        length=rule.period.value,
        unit=rule.period.unit,
        event=rule.trigger.name,
        note=rule.note,
        binds=rule.binds,
        consequence=rule.consequence,
        node=clock.node,
        guards=clock.guards,
        proceeding_id=clock.proceeding_id,
        party_id=clock.party_id,
        trigger=clock.trigger,
        started_at=clock.started_at,
        due=clock.due,
        due_at=clock.due_at,
        provisional=clock.provisional,
        state=clock.state,
        fired_at=clock.fired_at,
        late_seconds=clock.late_seconds,
        ended_at=clock.ended_at,
        suspended_from=clock.suspensions[-1]["from"] if clock.state == deadlines.SUSPENDED else None,
        rungs=tuple(clock.rungs or ()),
    )


def _evidence(session: Session, which: ColumnElement[bool]) -> tuple[Mapping[str, Any], ...]:
    items = list(session.scalars(select(Evidence).where(which).order_by(Evidence.number)))
    collectors = {each for item in items for each in (item.collected or {}).get("collected_by", ())}
    people = session.execute(select(Person.id, Person.name).where(Person.id.in_(collectors)))
    names: dict[str, str] = {row[0]: row[1] for row in people}
    return tuple(
        {
            "id": item.id,
            "number": item.number,
            "kind": item.kind,
            "name": item.name,
            "media_type": item.media_type,
            "size": item.size,
            "sha256": item.sha256,
            "proves": item.proves,
            "admitted": item.admitted,
            "origin": (item.collected or {}).get("origin"),
            "collected_at": (item.collected or {}).get("collected_at"),
            "collected_by": [names[each] for each in (item.collected or {}).get("collected_by", ()) if each in names],
            "exclusion_reason": (item.collected or {}).get("exclusion_reason"),
            "party_id": item.party_id,
            "registered_at": item.registered_at,
        }
        for item in items
    )


def _applications(session: Session, laws: Mapping[str, Law], which: ColumnElement[bool]) -> tuple[ApplicationView, ...]:
    rows = session.execute(
        select(Application, Person.name, Proceeding.process, Proceeding.release_id)
        .join(Person, Person.id == Application.made_by)
        .join(Proceeding, Proceeding.id == Application.proceeding_id)
        .where(which)
        .order_by(Application.made_at.desc(), Application.id.desc())
    )
    return tuple(
        ApplicationView(
            id=said.id,
            action=said.action,
            name=_event_name(laws[said.proceeding_id].definition(process).node(said.node, said.process)),
            form=said.form,
            answers=said.answers or {},
            reason=said.reason,
            party_id=said.party_id,
            by=name,
            at=said.made_at,
            release_id=release_id,
        )
        for said, name, process, release_id in rows
    )


TELLS_ON = ("respondent_told_at", "notice_served_at")
"""Answers that make a step one that tells a party something."""
TELLS = (
    *TELLS_ON,
    "respondent_told_by",
    "noticed_outcome",
    "notice_method",
    "notice_no",
    "facts_told",
    "basis_told",
    "evidence_told",
    "rights_told",
    "restrictions_told",
)
"""Answers that say what a party was told. By name, as a name has one meaning in the whole procedure (`docs/forms.md`)."""


def _told(session: Session, laws: Mapping[str, Law], case_id: str, party_id: str) -> tuple[Told, ...]:
    tasks = session.scalars(
        select(Task)
        .where(Task.case_id == case_id, Task.party_id == party_id, Task.state == "completed", Task.form.is_not(None))
        .order_by(Task.completed_at.desc(), Task.id.desc())
    )
    found = []
    for task in tasks:
        answers = {name: task.answers[name] for name in TELLS if (task.answers or {}).get(name) not in (None, "", [])}
        if any(name in answers for name in TELLS_ON):
            name, law = Wording(task.name, task.name_en), laws[task.proceeding_id]
            found.append(
                Told(
                    task_name=name,
                    form=task.form or "",
                    answers=answers | _exhibits(session, answers),
                    at=task.completed_at or task.opened_at,
                    release_id=law.release_id,
                )
            )
    return tuple(found)


def _exhibits(session: Session, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The evidence that was told, by number and name instead of id."""
    ids = answers.get("evidence_told")
    if not ids:
        return {}
    rows = session.execute(select(Evidence.number, Evidence.name).where(Evidence.id.in_(ids)).order_by(Evidence.number))
    return {"evidence_told": [(number, name) for number, name in rows]}


def _protected(session: Session, case_id: str) -> tuple[Mapping[str, str], ...]:
    rows = session.execute(select(ProtectedValue.id, ProtectedValue.field).where(ProtectedValue.case_id == case_id))
    return tuple({"id": key, "field": field} for key, field in rows)
