"""What a person may do to a running clock 期限: suspend and resume it, extend it, except time from it, correct the event it runs
from, cancel it; and let a whole case rest.

Each verb changes a fact in the row and has the end counted anew; it never sets a date. Whether the law allows it stands in the
row of the catalogue, who may do it in `roles.yaml` (an extension: in the row). May never hold a number or an article.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import forms
from engine import machine
from engine.errors import EngineError
from engine.periods import ZONE, Period, Span, local_day, read_moment
from workflows import casework, deadlines, discretion, policy
from workflows.acting import Acting
from workflows.casework import Done
from workflows.catalogue import DeadlineRule, RuleUnknown
from workflows.deadlines import LIVE, MISSED, RUNNING, SUSPENDED
from workflows.errors import InvalidInput, NotFound, NotPossible
from workflows.records import Case, Deadline, Person, Proceeding
from workflows.releases import Law

SUSPEND, EXCLUDE, CORRECT = "clock.suspend", "clock.exclude", "clock.correct"
"""Permissions. Who may extend is said by the limit, and whoever oversees may cancel."""


@dataclass(slots=True)
class _Held:
    """A clock under the lock of its case, with the law it runs by."""

    acting: Acting
    case: Case
    clock: Deadline
    law: Law
    rule: DeadlineRule

    def no(self, zh: str, en: str, **facts: Any) -> NotPossible:
        """A refusal in both languages, with the text and article the limit rests on."""
        rule, cited = self.rule, self.rule.citation
        return NotPossible(
            f"{rule.name.en}: {en} ({cited.en}).",
            zh=f"{rule.name.zh}：{zh}（{cited.zh}）。",
            rule=rule.key,
            article=cited.en,
            deadline_id=self.clock.id,
            case_id=self.case.id,
            **facts,
        )


# --- one clock --------------------------------------------------------------------------------------------------------


@discretion.about_case
def suspend(
    acting: Acting,
    case_id: str,
    clock_id: str,
    *,
    ground: str,
    reason: str,
    since: str | None = None,
    expected: int | None = None,
) -> Done:
    """Let a limit stand 中止: what is left of it is kept, and nothing of it fires until it is resumed.

    Args:
        ground: one of the kinds of time that the limit does not count.
        since: the first day (for hours: moment) that does not count; now where it is not said.

    Raises:
        NotPossible: the law does not let it stand for that, it stands already, has ended, or has passed unseen by the clock.
    """
    held = _held(acting, case_id, clock_id, expected, SUSPEND)
    _running(held)
    moment = _moment(held, "since", since)
    _check_ground(held, ground)
    _check_beginning(held, moment)
    if held.clock.state == RUNNING and held.clock.due_at <= acting.now:
        raise held.no(
            f"已于 {held.clock.due} 届满，不能再中止", f"it ended on {held.clock.due} and can no longer be suspended"
        )
    return _changed(
        held,
        "deadline.suspended",
        lambda: deadlines.rest(
            acting, held.law, held.clock, since=moment, ground=ground, reason=reason, with_case=False
        ),
        reason,
        {"ground": ground},
    )


@discretion.about_case
def resume(
    acting: Acting, case_id: str, clock_id: str, *, reason: str, on: str | None = None, expected: int | None = None
) -> Done:
    """Let a suspended limit run on 恢复, with what was left of it. One that was missed before stays missed, and fires nothing.

    Args:
        on: the last day that does not count (for hours: the moment from which it counts); now where it is not said.

    Raises:
        NotPossible: it is not suspended, rests with its case, or would be resumed before it was suspended.
    """
    held = _held(acting, case_id, clock_id, expected, SUSPEND)
    if held.clock.state != SUSPENDED:
        raise held.no("没有中止，无从恢复", "it is not suspended, so it cannot be resumed")
    last = held.clock.suspensions[-1]
    if last["with_case"]:
        raise held.no("随案件一并中止，应随案件恢复", "it rests with its case and is resumed with it")
    moment = _moment(held, "on", on)
    if deadlines.stamp(held.rule, moment) < last["from"]:
        raise held.no(
            f"自 {last['from']} 起中止，不能在此之前恢复",
            f"it is suspended from {last['from']} and cannot be resumed before that",
        )
    return _changed(held, "deadline.resumed", lambda: _run_on(held, moment, reason), reason)


@discretion.about_case
def extend(
    acting: Acting,
    case_id: str,
    clock_id: str,
    *,
    value: int,
    unit: str,
    basis: str,
    reason: str,
    asked_by: str,
    expected: int | None = None,
) -> Done:
    """Extend a limit 延长, as the one who may by its row of the catalogue, because somebody else who works on the case asked.

    Raises:
        NotAllowed: whoever acts is not the approver the limit names.
        NotPossible: it cannot be extended, not so far or so often, not any more, or approver and asker are the same.
        PeriodRefused: the period is none.
    """
    held = _held(acting, case_id, clock_id, expected, None)
    allowed = held.rule.extension
    if allowed is None:
        raise held.no("这一期限不得延长", "this limit cannot be extended")
    policy.may_decide(acting.session, acting.by, held.law.roles, {allowed.approver}, held.case, wanted="clock.extend")
    casework.current(acting, held.case.version, expected, held.case)
    _asked(held, asked_by)
    _live(held)
    if held.clock.state == MISSED or held.clock.fired_at is not None or _passed(held):
        raise held.no(
            f"已于 {held.clock.due} 届满，届满后提出的延长不予批准",
            f"it ended on {held.clock.due}; an extension asked for after the end cannot be granted",
            due=held.clock.due,
        )
    granted = Period(value, unit)  # type: ignore[arg-type]  # the period refuses what is no unit
    fact = {"value": value, "unit": granted.unit, "basis": basis, "reason": reason, "asked_by": asked_by}
    return _changed(held, "deadline.extended", lambda: _add(held, "extensions", fact), reason, fact)


@discretion.about_case
def exclude(
    acting: Acting,
    case_id: str,
    clock_id: str,
    *,
    kind: str,
    first: str,
    last: str,
    reason: str,
    expected: int | None = None,
) -> Done:
    """Except time from a limit afterwards 扣除: an appraisal, a hearing, a public notice, from its first day to its last.

    Args:
        first, last: days, both excepted; for hours moments.

    Raises:
        NotPossible: the limit counts that kind of time, the span lies before the limit or in the future, or is entered already.
    """
    held = _held(acting, case_id, clock_id, expected, EXCLUDE)
    _live(held)
    _check_ground(held, kind)
    begins, ends = _moment(held, "first", first), _moment(held, "last", last)
    fact = {
        "kind": kind,
        "from": deadlines.stamp(held.rule, begins),
        "to": deadlines.stamp(held.rule, ends),
        "reason": reason,
    }
    if fact["to"] < fact["from"]:
        raise held.no("扣除的时段止于开始之前", "the time to be excepted ends before it begins")
    if local_day(begins) < local_day(read_moment(held.clock.trigger)):
        raise held.no("扣除的时段早于起算日", "the time to be excepted begins before the limit does")
    if any(
        (each["kind"], each["from"], each["to"]) == (kind, fact["from"], fact["to"]) for each in held.clock.exclusions
    ):
        raise held.no("这一时段已经扣除", "this time is excepted already")
    return _changed(held, "deadline.excluded", lambda: _add(held, "exclusions", fact), reason, fact)


@discretion.about_case
def correct(
    acting: Acting, case_id: str, clock_id: str, *, trigger: str, reason: str, expected: int | None = None
) -> Done:
    """Correct the day (for hours: the moment) of the event a limit runs from 更正起算日.

    Raises:
        NotPossible: the event would lie in the future, or is the one on record.
    """
    held = _held(acting, case_id, clock_id, expected, CORRECT)
    _live(held)
    corrected = deadlines.stamp(held.rule, _moment(held, "trigger", trigger))
    if corrected == deadlines.stamp(held.rule, _read(held, "trigger", held.clock.trigger)):
        raise held.no(f"起算日本来就是 {corrected}", f"it runs from {corrected} already")
    fact = {"was": held.clock.trigger, "now": corrected, "reason": reason}

    def change() -> None:
        held.clock.trigger = corrected
        _add(held, "corrections", fact)

    return _changed(held, "deadline.corrected", change, reason, fact)


@discretion.about_case
def cancel(acting: Acting, case_id: str, clock_id: str, *, reason: str, expected: int | None = None) -> Done:
    """Stop a limit for good 撤销, as whoever oversees the cases of the organ.

    Raises:
        NotPossible: the procedure waits for its end, so that it could never go on.
    """
    held = _held(acting, case_id, clock_id, expected, "case.oversee", of_the_file=True)
    _live(held)
    if _awaited(held):
        raise held.no("程序等待其届满，不能撤销", "the procedure waits for its end; it cannot be cancelled")
    return _changed(held, "deadline.cancelled", lambda: deadlines.end(acting, held.law, held.clock, done=False), reason)


# --- the whole case ---------------------------------------------------------------------------------------------------


@discretion.about_case
def suspend_case(acting: Acting, case_id: str, *, ground: str, reason: str, expected: int | None = None) -> Done:
    """Let a case rest 中止: every limit that the law lets rest for this reason stands, also those that begin meanwhile.

    Raises:
        NotPossible: the case rests already, is closed, or no limit knows such a reason.
    """
    case, law = _case(acting, case_id, expected)
    if case.closed_at is not None:
        raise NotPossible("The case is closed; its file takes nothing more.", case_id=case.id)
    if case.suspension is not None:
        raise NotPossible("The case rests already.", case_id=case.id, since=case.suspension["from"])
    if ground not in law.catalogue.not_counted:
        raise InvalidInput((_problem("ground", "没有这种事由。", "No limit knows such a reason."),), case_id=case.id)
    resting = []
    for clock, its_law, rule in _clocks(acting, case, (RUNNING, MISSED)):
        due_unseen = clock.state == RUNNING and clock.due_at <= acting.now
        if deadlines.may_rest(rule, ground) and not due_unseen and not _stood_today(clock, rule, acting.now):
            deadlines.rest(acting, its_law, clock, since=acting.now, ground=ground, reason=reason, with_case=True)
            resting.append(clock.rule)
    case.suspension = {
        "from": acting.today.isoformat(),
        "ground": ground,
        "reason": reason,
        "by": acting.by.person_id,
        "at": acting.now.isoformat(),
    }
    return _of_case(acting, case, "case.suspended", reason, {"ground": ground, "rules": resting})


@discretion.about_case
def resume_case(acting: Acting, case_id: str, *, reason: str, expected: int | None = None) -> Done:
    """Let a case go on: every limit that stood with it runs on, with what was left of it.

    Raises:
        NotPossible: the case does not rest.
    """
    case, _ = _case(acting, case_id, expected)
    if case.suspension is None:
        raise NotPossible("The case does not rest, so it cannot be resumed.", case_id=case.id)
    resumed = []
    for clock, law, rule in _clocks(acting, case, (SUSPENDED,)):
        if clock.suspensions[-1]["with_case"]:
            _run_on(_Held(acting, case, clock, law, rule), acting.now, reason)
            resumed.append(clock.rule)
    case.suspension = None
    return _of_case(acting, case, "case.resumed", reason, {"rules": resumed})


# --- how it is done ---------------------------------------------------------------------------------------------------


def _held(
    acting: Acting,
    case_id: str,
    clock_id: str,
    expected: int | None,
    permission: str | None,
    *,
    of_the_file: bool = False,
) -> _Held:
    """Lock the case, and read the clock; ask whether this person may, where a permission says it.

    Args:
        of_the_file: whether only those who may open the file learn that there is a case.
    """
    case = casework.open_file(acting, case_id)[0] if of_the_file else casework.lock_case(acting, case_id)
    clock = deadlines.in_case(acting.session, case, clock_id)
    law = acting.releases.law(acting.session, clock.release_id)
    if permission is not None:
        _may(acting, law, case, permission)
        casework.current(acting, case.version, expected, case)
    return _Held(acting, case, clock, law, deadlines.rule_of(law, clock))


def _case(acting: Acting, case_id: str, expected: int | None) -> tuple[Case, Law]:
    case = casework.lock_case(acting, case_id)
    law = acting.law()
    _may(acting, law, case, SUSPEND)
    casework.current(acting, case.version, expected, case)
    return case, law


def _may(acting: Acting, law: Law, case: Case, permission: str) -> None:
    able = law.roles.that_may(permission)
    policy.may_decide(acting.session, acting.by, law.roles, able, case, wanted=permission)


def _clocks(acting: Acting, case: Case, states: Collection[str]) -> list[tuple[Deadline, Law, DeadlineRule]]:
    found = []
    for clock in deadlines.of_case(acting.session, case.id):
        if clock.state in states:
            law = acting.releases.law(acting.session, clock.release_id)
            found.append((clock, law, deadlines.rule_of(law, clock)))
    return found


def _changed(
    held: _Held, act: str, change: Callable[[], None], reason: str, what: Mapping[str, Any] | None = None
) -> Done:
    """Change the facts, have the end counted anew, put the tasks in order, enter it."""
    acting, clock = held.acting, held.clock
    was = clock.due
    try:
        change()
    except (EngineError, RuleUnknown) as wrong:
        facts = {"rule": clock.rule, "deadline_id": clock.id, "case_id": held.case.id}
        raise NotPossible(str(wrong), zh=wrong.facts.get("zh"), **facts) from wrong
    except NotPossible as refused:
        refused.facts |= {"deadline_id": clock.id, "case_id": held.case.id}
        raise
    acting.session.flush()
    deadlines.put_in_order(acting.session, held.case.id)
    deadlines.tell(acting, held.case, clock, "changed", ("holder", "party"))
    entered = {"rule": clock.rule, "was": was, "due": clock.due, "state": clock.state, **(what or {})}
    return casework.entered(acting, held.case, act, subject=f"deadline:{clock.id}", reason=reason, what=entered)


def _of_case(acting: Acting, case: Case, act: str, reason: str, what: Mapping[str, Any]) -> Done:
    acting.session.flush()
    deadlines.put_in_order(acting.session, case.id)
    return casework.entered(acting, case, act, subject=f"case:{case.id}", reason=reason, what=what)


def _add(held: _Held, facts: str, fact: Mapping[str, Any]) -> None:
    signed = {**fact, "by": held.acting.by.person_id, "at": held.acting.now.isoformat()}
    setattr(held.clock, facts, [*getattr(held.clock, facts), signed])
    calendar = deadlines.calendar_of(held.law, held.clock)
    deadlines.recount(held.acting, held.law, held.clock, calendar)


def _run_on(held: _Held, moment: datetime, reason: str) -> None:
    how = {
        "resumed_by": held.acting.by.person_id,
        "resumed_at": held.acting.now.isoformat(),
        "resumed_because": reason,
    }
    deadlines.run_on(held.acting, held.law, held.clock, on=moment, **how)


def _live(held: _Held) -> None:
    if held.clock.state not in LIVE:
        raise held.no("期限已经终结，不再变动", "it has ended and is not changed any more")


def _running(held: _Held) -> None:
    _live(held)
    if held.clock.state == SUSPENDED:
        since = held.clock.suspensions[-1]["from"]
        raise held.no(f"自 {since} 起已经中止", f"it is suspended already, from {since} on")


def _awaited(held: _Held) -> bool:
    """Whether the diagram waits for the end itself: a window that closes, a period that runs out."""
    proceeding = held.acting.session.get_one(Proceeding, held.clock.proceeding_id)
    here = machine.look(held.law.definition(proceeding.process), proceeding.snapshot, now=held.acting.now)
    return any(timer.id == held.clock.timer and (timer.attached is None or timer.interrupting) for timer in here.timers)


def _passed(held: _Held) -> bool:
    """Whether it was over before it was suspended, or is now."""
    if held.clock.state == SUSPENDED:
        return _first_moment(held.clock.suspensions[-1]["from"]) >= held.clock.due_at
    return held.clock.due_at <= held.acting.now


def _first_moment(stamp: str) -> datetime:
    return Span(day := read_moment(stamp), day).moments(ZONE)[0]


def _check_ground(held: _Held, ground: str) -> None:
    """The law lets the limit stand for this: its row says for what."""
    allowed, names = held.rule.not_counted, held.law.catalogue.not_counted
    if not allowed or held.rule.direction == "backward":
        raise held.no("这一期限连续计算，没有可以不计入的时间", "it runs on; no time is excepted from it")
    if not deadlines.may_rest(held.rule, ground):
        zh, en = "、".join(names[each].zh for each in allowed), ", ".join(names[each].en for each in allowed)
        raise held.no(f"只有下列时间可以不计入：{zh}", f"only this time is excepted from it: {en}")


def _check_beginning(held: _Held, moment: datetime) -> None:
    if local_day(moment) < local_day(read_moment(held.clock.trigger)):
        raise held.no("中止早于起算日", "it cannot be suspended before it begins")
    begins = deadlines.stamp(held.rule, moment)
    for each in held.clock.suspensions:
        if begins < each["to"] or (held.rule.period.unit != "hours" and begins == each["to"]):
            raise held.no(
                f"与 {each['from']} 至 {each['to']} 的中止重叠",
                f"that overlaps the suspension from {each['from']} to {each['to']}",
            )


def _stood_today(clock: Deadline, rule: DeadlineRule, now: datetime) -> bool:
    """Whether it has stood until today: the day does not count already, and no second suspension can begin on it."""
    return bool(clock.suspensions) and clock.suspensions[-1]["to"] >= deadlines.stamp(rule, now)


def _asked(held: _Held, person_id: str) -> None:
    """Who asked is somebody else, and works on the case."""
    acting = held.acting
    if person_id == acting.by.person_id:
        raise held.no("提请延长的人不能自己批准", "whoever asks for an extension cannot grant it")
    if acting.session.get(Person, person_id) is None:
        raise NotFound("There is no such person.", person=person_id)
    working = policy.who_works_on(held.law.roles, held.case.id)
    if person_id not in set(acting.session.scalars(working)):
        raise held.no("提请延长的应是办理本案的人", "an extension is asked for by somebody who works on the case")


def _moment(held: _Held, place: str, said: str | None) -> datetime:
    """A day or moment as said; now where nothing is. It may not lie in the future."""
    acting = held.acting
    moment = acting.now if said is None else _read(held, place, said)
    if moment > acting.now:
        raise held.no(f"{said} 还没有到来", f"{said} lies in the future")
    return moment


def _read(held: _Held, place: str, said: str) -> datetime:
    try:
        read = read_moment(said)
    except EngineError as wrong:
        zh, en = str(wrong.facts.get("zh", "")), str(wrong)
        raise InvalidInput((_problem(place, zh, en),), case_id=held.case.id) from wrong
    if isinstance(read, datetime):
        return read
    if held.rule.period.unit == "hours":
        zh, en = "以小时计的期限须写明时刻。", "A limit in hours needs the moment, not only the day."
        raise InvalidInput((_problem(place, zh, en),), case_id=held.case.id)
    return datetime.combine(read, datetime.min.time(), ZONE)


def _problem(path: str, zh: str, en: str) -> forms.Problem:
    return forms.Problem(path=path, code="not_valid", message={"zh": zh, "en": en})
