"""Why a running clock ends on its day: its rule and article, the event and its proof, every fact its end is counted from with
who, when and why, each day counted or skipped, and who is waited for. As data, and as sentences in Chinese and English.

It tells what the row says and what the casework counted. May never count by itself, and never changes anything.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import periods
from engine.periods import ZONE, Due, read_moment
from engine.runs import counted
from engine.sheets import Wording
from workflows import deadlines, policy, worklists
from workflows.acting import Actor
from workflows.catalogue import DeadlineRule
from workflows.records import Case, Deadline, Evidence, Person, Proceeding, Task
from workflows.releases import Law, Releases
from workflows.worklists import ClockView


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that was done to a clock: an extension, a suspension, time excepted, a corrected trigger."""

    kind: str
    """`extension`, `suspension`, `exclusion` or `correction`."""
    words: Wording
    """What it did, without who and why."""
    first: str | None = None
    last: str | None = None
    ground: Wording | None = None
    basis: str | None = None
    reason: str | None = None
    """None for a party of the case."""
    by: str | None = None
    """Name; None for a party of the case."""
    asked_by: str | None = None
    at: datetime
    resumed_by: str | None = None
    resumed_because: str | None = None
    resumed_at: datetime | None = None
    value: int | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """The step of the procedure that shows the event a clock runs from."""

    task_id: str
    name: Wording
    at: datetime
    by: str | None
    exhibits: tuple[int, ...]
    """Numbers of the items of evidence it names as proof of service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """An open task under the clock, and who is to do it."""

    task_id: str
    name: Wording
    role: str | None
    assignee: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoning:
    """A clock and everything that says why it ends on its day."""

    view: ClockView
    due: Due
    left: int | None
    """Units left when it was suspended; None while it is not."""
    facts: tuple[Fact, ...]
    """In the order in which they were entered."""
    proof: Proof | None
    waiting: tuple[Waits, ...]
    governed_by: str | None
    """Id of another clock over the same acts that ends before it."""
    actions: tuple[str, ...]
    """What this person may do to it: `suspend`, `resume`, `extend`, `exclude`, `correct`, `cancel`."""
    extended_in: str
    """Unit in which it is extended."""
    grounds: Mapping[str, Wording]
    """The kinds of time that it does not count: for what it may be suspended."""
    colleagues: Mapping[str, str]
    """Person id → name, of those who work on the case: who may have asked for an extension."""
    case_version: int
    text: tuple[Wording, ...]


def reckon(
    session: Session, actor: Actor, releases: Releases, law: Law, case_id: str, clock_id: str, now: datetime
) -> Reckoning:
    """Tell of one clock: to those who may open the file all of it, to the party it is about nothing of who works on the case.

    Raises:
        NotFound: there is no such clock, or it is not open to this person.
    """
    view, due = worklists.clock(session, actor, releases, law, case_id, clock_id)
    clock, case = session.get_one(Deadline, clock_id), session.get_one(Case, case_id)
    its_law = releases.law(session, clock.release_id)
    rule = deadlines.rule_of(its_law, clock)
    inside = policy.sees_case(session, actor, law.roles, case_id)
    names = _names(session, clock) if inside else {}
    facts = tuple(_facts(clock, its_law, names, inside=inside))
    over = _over(session, clock) if inside else ()
    actions = tuple(_actions(actor, its_law, case, clock, rule)) if inside else ()
    told = _Teller(view, due, rule, facts)
    return Reckoning(
        view=view,
        due=due,
        left=told.left,
        facts=facts,
        proof=_proof(session, its_law, clock) if inside else None,
        waiting=tuple(
            Waits(task_id=task.id, name=Wording(task.name, task.name_en), role=task.role, assignee=name)
            for task, name in over
        ),
        governed_by=_governed_by(session, clock, [task for task, _ in over]) if inside else None,
        actions=actions,
        extended_in=_extended_in(rule),
        grounds={each: its_law.catalogue.not_counted[each] for each in rule.not_counted},
        colleagues=_colleagues(session, actor, its_law, case_id) if "extend" in actions else {},
        case_version=case.version,
        text=tuple(told.sentences(now)),
    )


def as_data(reckoning: Reckoning) -> dict[str, Any]:
    """The reckoning as plain JSON values, without the clock itself."""
    return {
        "explanation": reckoning.due.explanation.as_data(),
        "text": {
            "zh": [each.zh for each in reckoning.text],
            "en": [each.en for each in reckoning.text],
        },
        "left": reckoning.left,
        "facts": [_fact_out(fact) for fact in reckoning.facts],
        "proof": _proof_out(reckoning.proof),
        "waiting": [
            {"task_id": each.task_id, "name": _both(each.name), "role": each.role, "assignee": each.assignee}
            for each in reckoning.waiting
        ],
        "governed_by": reckoning.governed_by,
        "actions": list(reckoning.actions),
        "grounds": [{"ground": key, "name": _both(name)} for key, name in reckoning.grounds.items()],
    }


def _both(wording: Wording | None) -> dict[str, str] | None:
    return {"zh": wording.zh, "en": wording.en} if wording is not None else None


def _fact_out(fact: Fact) -> dict[str, Any]:
    plain = (
        "kind",
        "first",
        "last",
        "basis",
        "reason",
        "by",
        "asked_by",
        "resumed_by",
        "resumed_because",
        "value",
        "unit",
    )
    return {name: getattr(fact, name) for name in plain} | {
        "words": _both(fact.words),
        "ground": _both(fact.ground),
        "at": fact.at.isoformat(),
        "resumed_at": fact.resumed_at.isoformat() if fact.resumed_at else None,
    }


def _proof_out(proof: Proof | None) -> dict[str, Any] | None:
    if proof is None:
        return None
    return {
        "task_id": proof.task_id,
        "name": _both(proof.name),
        "at": proof.at.isoformat(),
        "by": proof.by,
        "exhibits": list(proof.exhibits),
    }


# --- what is read -----------------------------------------------------------------------------------------------------


def _names(session: Session, clock: Deadline) -> Mapping[str, str]:
    every = (*clock.extensions, *clock.suspensions, *clock.exclusions, *clock.corrections)
    ids = {fact.get(key) for fact in every for key in ("by", "asked_by", "resumed_by")} - {None}
    return {row.id: row.name for row in session.scalars(select(Person).where(Person.id.in_(ids)))} if ids else {}


def _facts(clock: Deadline, law: Law, names: Mapping[str, str], *, inside: bool) -> Iterator[Fact]:
    found = [
        *(("extension", each) for each in clock.extensions),
        *(("suspension", each) for each in clock.suspensions),
        *(("exclusion", each) for each in clock.exclusions),
        *(("correction", each) for each in clock.corrections),
    ]
    for kind, fact in sorted(found, key=lambda each: each[1]["at"]):
        resumed = fact.get("resumed_at")
        yield Fact(
            kind=kind,
            words=_words(kind, fact),
            first=fact.get("from"),
            last=fact.get("to"),
            ground=law.catalogue.not_counted.get(fact.get("ground") or fact.get("kind") or ""),
            basis=fact.get("basis"),
            reason=fact["reason"] if inside else None,
            by=names.get(fact["by"] or ""),
            asked_by=names.get(fact.get("asked_by") or ""),
            at=datetime.fromisoformat(fact["at"]),
            resumed_by=names.get(fact.get("resumed_by") or ""),
            resumed_because=fact.get("resumed_because") if inside else None,
            resumed_at=datetime.fromisoformat(resumed) if resumed else None,
            value=fact.get("value"),
            unit=fact.get("unit"),
        )


def _words(kind: str, fact: Mapping[str, Any]) -> Wording:
    match kind:
        case "extension":
            length = counted(fact["value"], fact["unit"])
            return Wording(f"延长 {length.zh}", f"extended by {length.en}")
        case "suspension" if fact["to"] is None:
            return Wording(f"自 {fact['from']} 起中止", f"suspended from {fact['from']}")
        case "suspension":
            return Wording(f"{fact['from']} 至 {fact['to']} 中止", f"suspended from {fact['from']} to {fact['to']}")
        case "exclusion":
            return Wording(f"扣除 {fact['from']} 至 {fact['to']}", f"{fact['from']} to {fact['to']} is excepted")
        case _:
            return Wording(
                f"起算日由 {fact['was']} 更正为 {fact['now']}",
                f"its start was corrected from {fact['was']} to {fact['now']}",
            )


def _proof(session: Session, law: Law, clock: Deadline) -> Proof | None:
    """The task that answered what the limit runs from (`wz:from`), else the one whose completion set it going; None where
    neither did."""
    definition = law.definition(session.get_one(Proceeding, clock.proceeding_id).process)
    drawn = (node.extensions.get("from", "") for node in definition.nodes if node.id == clock.node)
    asked = {name for text in drawn for name in re.findall(r"\w+", text)}
    rows = session.execute(
        select(Task, Person.name)
        .outerjoin(Person, Person.id == Task.completed_by)
        .where(Task.case_id == clock.case_id, Task.state == "completed", Task.completed_at <= clock.started_at)
        .order_by(Task.completed_at.desc(), Task.id.desc())
    ).all()
    armed_by = clock.corrections[0]["was"] if clock.corrections else clock.trigger
    found = next((row for row in rows if armed_by in _values(row[0], asked)), None) or next(
        (row for row in rows if row[0].completed_at == clock.started_at), None
    )
    if found is None:
        return None
    task, name = found
    proof = [each for each in (task.answers or {}).get("proof") or () if isinstance(each, str)]
    numbers = session.scalars(select(Evidence.number).where(Evidence.id.in_(proof)).order_by(Evidence.number))
    return Proof(
        task_id=task.id,
        name=Wording(task.name, task.name_en),
        at=task.completed_at or clock.started_at,
        by=name,
        exhibits=tuple(numbers) if proof else (),
    )


def _values(task: Task, names: Collection[str]) -> set[Any]:
    return {value for name, value in (task.answers or {}).items() if name in names and isinstance(value, str)}


def _over(session: Session, clock: Deadline) -> list[tuple[Task, str | None]]:
    """The open tasks under the clock, with the name of who has each."""
    if clock.state not in deadlines.LIVE:
        return []
    rows = session.execute(
        select(Task, Person.name)
        .outerjoin(Person, Person.id == Task.assignee_id)
        .where(Task.case_id == clock.case_id, Task.state == "open")
        .order_by(Task.opened_at, Task.id)
    )
    return [(task, name) for task, name in rows if deadlines.covers(clock, task)]


def _governed_by(session: Session, clock: Deadline, tasks: Sequence[Task]) -> str | None:
    if not tasks:
        return None
    others = deadlines.of_case(session, clock.case_id)
    for task in tasks:
        first = deadlines.governing(each for each in others if deadlines.covers(each, task))
        if first is None or first.id == clock.id:
            return None
    return first.id if first is not None else None


def _colleagues(session: Session, actor: Actor, law: Law, case_id: str) -> Mapping[str, str]:
    rows = session.execute(policy.who_works_on(law.roles, case_id))
    return {person: name for person, name in rows if person != actor.person_id}


def _extended_in(rule: DeadlineRule) -> str:
    allowed = rule.extension
    longest = allowed and (allowed.period or allowed.cap)
    return (longest or rule.period).unit


def _actions(actor: Actor, law: Law, case: Case, clock: Deadline, rule: DeadlineRule) -> Iterator[str]:
    """What this person's roles and the state of the clock leave open. The verb asks again, and more."""
    if clock.state not in deadlines.LIVE:
        return

    def may(permission: str) -> bool:
        return actor.holds(law.roles.that_may(permission), case.unit_id)

    stands, rests = clock.state == deadlines.SUSPENDED, bool(rule.not_counted) and rule.direction == "forward"
    if may("clock.suspend") and rests:
        if not stands:
            yield "suspend"
        elif not clock.suspensions[-1]["with_case"]:
            yield "resume"
    if rule.extension is not None and clock.fired_at is None and actor.holds({rule.extension.approver}, case.unit_id):
        yield "extend"
    if may("clock.exclude") and rests:
        yield "exclude"
    if may("clock.correct"):
        yield "correct"
    if may("case.oversee"):
        yield "cancel"


# --- what is said -----------------------------------------------------------------------------------------------------


class _Teller:
    """Says in sentences why a clock ends on its day."""

    def __init__(self, view: ClockView, due: Due, rule: DeadlineRule, facts: Sequence[Fact]) -> None:
        self._view, self._due, self._rule, self._facts = view, due, rule, facts
        self.left = self._left()

    def sentences(self, now: datetime) -> Iterator[Wording]:
        rule, run = self._rule, self._due.explanation
        length = run.period.words
        yield Wording(
            f"{rule.name.zh}：{length.zh}，依据{rule.citation.zh}（证据等级 {rule.mark}）。",
            f"{rule.name.en}: {length.en}, by {rule.citation.en} (evidence {rule.mark}).",
        )
        start = _iso(run.start)
        how = _HOW[run.unit]
        if run.direction == "backward":
            how = Wording("从前一日起倒着计算", "counted backward from the day before")
        elif run.first_day_counts:
            how = Wording("当日计入", "that day is counted")
        yield Wording(
            f"起算：{start}，{rule.trigger.name.zh}；{how.zh}。", f"From {start}, {rule.trigger.name.en}; {how.en}."
        )
        yield from self._skipped()
        for fact in self._facts:
            ground = fact.ground
            yield Wording(
                f"{fact.words.zh}{f'（{ground.zh}）' if ground else ''}。",
                f"It was {fact.words.en}{f' ({ground.en})' if ground else ''}."
                if fact.kind in ("extension", "suspension")
                else f"{fact.words.en[0].upper()}{fact.words.en[1:]}{f' ({ground.en})' if ground else ''}.",
            )
        if run.rolled and run.unit != "hours":
            yield Wording(
                f"最后一日 {run.end} 不是工作日，顺延至 {run.due}。",
                f"The last day, {run.end}, is no working day; it rolls to {run.due}.",
            )
        yield self._end(now)
        states = ", ".join(f"{year} {state}" for year, state in run.years)
        zh = "、".join(f"{year} 年{_STATES[state]}" for year, state in run.years)
        version = run.calendar.version[:12]
        yield Wording(f"日历：{zh}；版本 {version}。", f"Calendar: {states}; version {version}.")
        if self._due.provisional:
            yield Wording(
                "期间有放假安排尚未公布的年份，届满日是暂定的，公布后重新计算。",
                "It runs into a year whose holidays are not published: the end is provisional and will be counted again.",
            )

    def _left(self) -> int | None:
        since = self._view.suspended_from
        if since is None:
            return None
        run, begins = self._due.explanation, read_moment(since)
        if run.unit == "hours":
            assert isinstance(begins, datetime)  # noqa: S101 - a limit in hours is suspended at a moment
            return max(0, int((self._due.due_at - begins).total_seconds()) // 3600)
        day = periods.local_day(begins) - timedelta(days=1)
        return max(0, run.size - run.counted_through(day))

    def _skipped(self) -> Iterator[Wording]:
        run = self._due.explanation
        if run.unit != "working_days":
            return
        off = [day for day in run.days if day.reason in ("weekend", "holiday")]
        feasts = (
            (label, list(days)) for label, days in groupby((d for d in off if d.reason == "holiday"), lambda d: d.label)
        )
        told = [(label, days[0].date, days[-1].date) for label, days in feasts]
        weekends = sum(day.reason == "weekend" for day in off)
        worked = [day.date.isoformat() for day in run.days if day.reason == "make_up"]
        if off:
            zh = "、".join(f"{label.zh}（{first} 至 {last}）" for label, first, last in told)
            en = ", ".join(f"{label.en} ({first} to {last})" for label, first, last in told)
            yield Wording(
                f"不计入：周末 {weekends} 日{f'，{zh}' if zh else ''}。",
                f"Not counted: {weekends} days of weekends{f', {en}' if en else ''}.",
            )
        if worked:
            yield Wording(
                f"调休上班、计入：{'、'.join(worked)}。",
                f"Worked and counted though at a weekend: {', '.join(worked)}.",
            )

    def _end(self, now: datetime) -> Wording:
        due, view = self._due, self._view
        if self.left is not None:
            left = counted(self.left, due.explanation.unit if due.explanation.unit in _SIMPLE else "days")
            return Wording(
                f"自 {view.suspended_from} 起中止，恢复后余 {left.zh}。",
                f"It is suspended from {view.suspended_from}; {left.en} will be left when it is resumed.",
            )
        end = _iso(due.due) if isinstance(due.due, datetime) else f"{due.due} 24:00"
        return Wording(f"届满：{end}。", f"It ends on {end}.")


_SIMPLE = ("working_days", "hours")
_HOW = {
    "working_days": Wording(
        "当日不计入，从次日起只算工作日", "that day is not counted; from the next on only working days are"
    ),
    "days": Wording("当日不计入，从次日起每一天都算", "that day is not counted; from the next on every day is"),
    "months": Wording("算到期满月份的同一日", "to the same day of the month in which it ends"),
    "years": Wording("算到期满之年的同一日", "to the same day of the year in which it ends"),
    "hours": Wording("从这一刻起连续计算，不分昼夜和节假日", "from that moment on, through nights and holidays"),
}
_STATES = {"published": "已公布", "forecast": "预测", "unknown": "未知"}


def _iso(moment: date) -> str:
    return moment.astimezone(ZONE).strftime("%Y-%m-%d %H:%M") if isinstance(moment, datetime) else moment.isoformat()
