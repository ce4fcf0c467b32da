"""Calendars that administrators enter, and the open limits that are then counted anew: once, and none shortened silently."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tests.casework.house import SHANGHAI, House
from tests.casework.storytelling import Story
from wenze.bench import _bulk
from workflows import almanac, clocks, ledger, recounting, worklists
from workflows.acting import CLOCK, Acting
from workflows.errors import ConflictOfInterest, InvalidInput, NotAllowed, NotPossible
from workflows.records import CalendarEntry, Case, Deadline, LedgerEntry, Proceeding, Recount, Shortening, Task

MANY = {"sqlite": 5_000, "postgresql": 500}
"""Open clocks in the long test. Five thousand on both: change the second number; it takes some ten seconds more."""

NOTICE = {
    "title": {"zh": "关于2027年部分节假日安排的通知", "en": "Notice on the holidays of 2027"},
    "number": "国办发明电〔2026〕9号",
    "issued": "2026-11-05",
}
LATER = datetime(2026, 12, 1, 9, 0, tzinfo=SHANGHAI)


def test_a_year_counts_when_two_administrators_have_said_so(house: House) -> None:
    entry = enter(house, year_2027())
    assert house.read(lambda s: house.releases.law(s, house.release_id).calendar.state(2027)) == "forecast"
    with pytest.raises(ConflictOfInterest, match="cannot approve it"):
        approve(house, entry, by="管理员甲")
    approve(house, entry)
    law = house.read(lambda s: house.releases.law(s, house.release_id))
    assert law.calendar.state(2027) == "published"
    assert house.law.calendar.state(2027) == "forecast", "the release itself never changes"
    acts = house.read(lambda s: [(e.act, e.actor) for e in ledger.entries(s, ledger.HOUSE)][-3:])
    assert acts == [
        ("calendar.entered", "管理员甲"), ("conflict.refused", "管理员甲"), ("calendar.approved", "管理员乙"),
    ]  # fmt: skip
    with pytest.raises(NotPossible, match="decided already"):
        approve(house, entry)


@pytest.mark.parametrize(
    ("codes", "how"),
    [
        ({"holiday_and_worked"}, {"spring": ("2027-02-05", "2027-02-11", ["2027-02-06"])}),
        ({"make_up_on_weekday"}, {"spring": ("2027-02-05", "2027-02-11", ["2027-02-17"])}),
        ({"wrong_year", "make_up_on_weekday"}, {"spring": ("2027-02-05", "2027-02-11", ["2028-02-17", "2027-02-17"])}),
        ({"no_holidays"}, {"holidays": []}),
        ({"notice_in_future"}, {"issued": "2026-12-05"}),
        ({"notice_undated"}, {"issued": None}),
        ({"notice_not_newer"}, {"year": 2026, "spring": ("2026-02-15", "2026-02-23", []), "issued": "2025-11-04"}),
        ({"year_missing"}, {"year": 2040, "spring": ("2040-02-12", "2040-02-18", [])}),
        ({"year_of_one_place"}, {"jurisdiction": "REF"}),
    ],
    ids=lambda each: "-".join(sorted(each)) if isinstance(each, set) else "",
)
def test_a_calendar_that_cannot_be_is_refused_with_every_finding(
    house: House, codes: set[str], how: dict[str, Any]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        enter(house, year_2027(**how))
    assert {problem.code for problem in refused.value.problems} == codes
    (last,) = house.read(lambda s: ledger.entries(s, ledger.HOUSE)[-1:])
    assert (last.act, last.body["wanted"]) == ("act.refused", "calendar.enter")


def test_only_administrators_enter_calendars(house: House) -> None:
    house.now = LATER
    with pytest.raises(NotAllowed):
        house.do("督办员午", lambda a: almanac.enter(a, house.law.roles, house.law.calendar, year_2027()))


def test_a_closure_of_one_organ_moves_the_limits_of_that_organ_and_of_no_other(house: House) -> None:
    Story(house).opened().accepted().inquired().filed()
    flood = ("2026-04-08", "2026-04-09", [])
    holidays = {"year": 2026, "spring": flood, "issued": "2026-03-02", "jurisdiction": "REF", "addition": True}
    entry = enter(house, year_2027(**holidays), unit_id=house.unit, now=house.now)
    approve(house, entry)
    recount(house, entry)
    (clock,) = house.clocks("T-LI-06")
    assert clock.due == "2026-04-16", "two days later than 2026-04-14"
    law = house.read(lambda s: house.releases.law(s, house.release_id))
    assert law.calendar.version == house.law.calendar.version
    assert law.almanac.calendar(house.unit).version == clock.calendar
    (told,) = [e for e in entries_of(house, clock.case_id) if e.act == "deadline.recounted"]
    (moved,) = [each for each in told.body["what"]["moved"] if each["rule"] == "T-LI-06"]
    assert (moved["was"], moved["due"]) == ("2026-04-14", "2026-04-16")
    assert told.reason == "关于2027年部分节假日安排的通知（国办发明电〔2026〕9号）"
    task = next(t for t in house.tasks() if t.node == "collect_evidence")
    assert task.due_at == clock.due_at, "the tasks under it follow"
    assert recount(house, entry) == [], "what has ended is not done again"


def test_a_date_that_would_be_shorter_stays_until_the_overseer_decides(house: House) -> None:
    over_new_year(house)
    before = house.clocks("T-LI-06")[0]
    entry = enter(house, fewer_days_off())
    approve(house, entry)
    recount(house, entry)
    held = house.clocks("T-LI-06")[0]
    assert (held.due, held.calendar) == (before.due, before.calendar)
    (waits,) = [each for each in waiting(house) if each.rule == "T-LI-06"]
    assert (waits.due, waits.shorter < waits.due) == (before.due, True)
    assert {"deadline.shorter"} <= {notice["kind"] for notice in notices(house)}

    def decide(by: str, shorten: bool) -> Any:
        how = {"shorten": shorten, "reason": "当事人尚未得知", "expected": house.case().version}
        return house.do(by, recounting.decide, waits.case_id, waits.clock_id, **how)

    with pytest.raises(NotAllowed):
        decide("批准人丙", True)
    decide("督办员午", True)
    assert house.clocks("T-LI-06")[0].due == waits.shorter
    assert entries_of(house, waits.case_id)[-1].act == "deadline.shortened"
    with pytest.raises(NotPossible, match="No shorter date waits"):
        decide("督办员午", False)


def test_a_longer_date_that_is_kept_stays_whatever_else_is_done_to_the_limit(house: House) -> None:
    over_new_year(house)
    before = house.clocks("T-LI-06")[0]
    entry = enter(house, fewer_days_off())
    approve(house, entry)
    recount(house, entry)
    waits = next(each for each in waiting(house) if each.rule == "T-LI-06")
    house.do("督办员午", recounting.decide, waits.case_id, waits.clock_id, shorten=False, reason="已告知当事人")
    assert waits.clock_id not in {each.clock_id for each in waiting(house)}
    granted = {"value": 1, "unit": "working_days", "basis": "案情复杂", "asked_by": house.people["调查员丁"]}
    house.do("批准人丙", clocks.extend, waits.case_id, waits.clock_id, reason="需补充取证", **granted)
    assert house.clocks("T-LI-06")[0].due > before.due
    assert house.clocks("T-LI-06")[0].calendar == before.calendar


def test_a_year_over_thousands_of_open_limits_is_counted_once_though_killed_in_the_middle(house: House) -> None:
    over_new_year(house)
    number = MANY[house.engine.dialect.name]
    multiply(house, number)
    open_before = {c.id: c for c in house.clocks()}
    entry = enter(house, year_2027())
    approve(house, entry)
    ran = [recount(house, entry, batches=2, cases=number // 10)]
    with Session(house.engine) as session:  # the process dies before it commits its third batch
        recounting.count_batch(acting(house, session), entry)
        session.flush()
        session.rollback()
    run = house.read(lambda s: s.get_one(Recount, entry))
    assert (run.looked_at, run.ended_at) == (ran[0][-1].looked_at, None)
    assert 0 < run.looked_at < run.total
    ran.append(recount(house, entry))
    assert ran[-1][-1].ended
    run = house.read(lambda s: s.get_one(Recount, entry))
    assert run.looked_at == run.total >= number
    now = {c.id: c for c in house.clocks()}
    assert all(now[each].due_at >= before.due_at for each, before in open_before.items()), "none is shortened"
    held = house.read(lambda s: s.scalar(select(func.count()).select_from(Shortening)))
    moved = sum(now[each].due_at > before.due_at for each, before in open_before.items())
    assert (held, moved >= number // 2, held >= number // 2) == (run.held, True, True)
    touched = LedgerEntry.act == "deadline.recounted"
    per_case = house.read(lambda s: s.execute(select(LedgerEntry.chain).where(touched)).scalars().all())
    assert len(per_case) == len(set(per_case)) == number + 1, "one entry for each case"
    one = per_case[len(per_case) // 2]
    assert house.read(lambda s: ledger.verify(s, one)).holds


# --- below: what they need --------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def administrators(house: House) -> None:
    for name in ("管理员甲", "管理员乙"):
        house.hire(name, "administrator")


def year_2027(
    *,
    year: int = 2027,
    spring: tuple[str, str, list[str]] = ("2027-02-05", "2027-02-13", ["2027-02-14", "2027-02-20"]),
    holidays: Iterable[Any] | None = None,
    issued: str | None = "2026-11-05",
    jurisdiction: str = "CN",
    addition: bool = False,
) -> str:
    def day(text: str) -> Any:
        return datetime.fromisoformat(text).date()

    first, last, make_up = spring
    feast = {"name": {"zh": "春节", "en": "Spring Festival"}, "from": day(first), "to": day(last)}
    feast |= {"make_up": [day(each) for each in make_up]} if make_up else {}
    new_year = {"name": {"zh": "元旦", "en": "New Year's Day"}, "from": day("2027-01-01"), "to": day("2027-01-04")}
    notice = {**NOTICE, "issued": day(issued) if issued else None}
    given = ([new_year, feast] if year == 2027 else [feast]) if holidays is None else holidays
    return almanac.written(year, jurisdiction, notice, given, addition=addition)


def fewer_days_off() -> str:
    """A year with a single day off: what was counted over its forecast ends earlier."""
    feast = {"name": {"zh": "国庆节", "en": "National Day"}, "from": date(2027, 10, 1), "to": date(2027, 10, 1)}
    return year_2027(holidays=[feast])


def over_new_year(house: House) -> None:
    """A case whose limits run from late December 2026 into 2027."""
    house.now = datetime(2026, 12, 21, 9, 0, tzinfo=SHANGHAI)
    Story(house).opened().accepted().inquired().filed()


def enter(house: House, content: str, *, unit_id: str | None = None, now: datetime | None = None) -> str:
    house.now = max(house.now, now or LATER)

    def verb(acting: Acting) -> CalendarEntry:
        law = acting.releases.law(acting.session, house.release_id)
        return almanac.enter(acting, law.roles, law.calendar, content, unit_id=unit_id)

    return str(house.do("管理员甲", verb).id)


def approve(house: House, entry: str, by: str = "管理员乙") -> None:
    def verb(acting: Acting) -> None:
        law = acting.releases.law(acting.session, house.release_id)
        almanac.approve(acting, law.roles, entry, law.calendar)

    house.do(by, verb)


def acting(house: House, session: Session) -> Acting:
    return Acting(session=session, now=house.now, by=CLOCK, releases=house.releases, vault=house.vault, request="test")


def recount(house: House, entry: str, batches: int = 1_000, cases: int = recounting.CASES) -> list[recounting.Progress]:
    told: list[recounting.Progress] = []
    if entry not in house.read(recounting.unfinished):
        return told
    while len(told) < batches and not (told and told[-1].ended):
        with Session(house.engine) as session:
            told.append(recounting.count_batch(acting(house, session), entry, cases=cases))
            session.commit()
    return told


def waiting(house: House) -> list[recounting.ShorteningView]:
    return list(house.read(lambda s: recounting.waiting(s, house.actor("督办员午"), house.law)))


def notices(house: House) -> Any:
    return house.read(lambda s: worklists.notices(s, house.actor("督办员午"), house.law))


def entries_of(house: House, case_id: str) -> list[LedgerEntry]:
    return list(house.read(lambda s: ledger.entries(s, case_id)))


def multiply(house: House, number: int) -> None:
    """So many more cases, each with a limit that runs over the new year."""
    engine: Engine = house.engine
    model = house.clocks("T-LI-06")[0]
    task = next(task for task in house.tasks() if task.node == "collect_evidence")
    of = _bulk.identifier
    rows: list[tuple[Any, str, dict[str, Any]]] = [
        (Case, model.case_id, {"id": "c", "number": "n"}),
        (Proceeding, model.proceeding_id, {"id": "b", "case_id": "c"}),
        (Task, task.id, {"id": "a", "case_id": "c", "proceeding_id": "b"}),
        (Deadline, model.id, {"id": "d", "case_id": "c", "proceeding_id": "b", "due": "", "due_at": ""}),
    ]
    # Every other limit stands at a later date than the new calendar will give.
    late = {"due": "2027-03-31", "due_at": datetime(2027, 4, 1, tzinfo=SHANGHAI)}
    for record, like, own in rows:
        template = _bulk.model(engine, record, like)
        if record is Case:
            template |= {"ledger_count": 0, "ledger_head": ""}
        first = {"due": template.get("due"), "due_at": template.get("due_at"), "number": "号"}

        def values(n: int, own: dict[str, Any] = own, first: dict[str, Any] = first) -> Iterable[Any]:
            standing = late if n % 2 else first
            for name, kind in own.items():
                if kind in ("", "n"):
                    yield f"号{n}" if name == "number" else standing[name]
                else:
                    yield of(kind, n)

        copies = (list(values(n)) for n in range(number))
        _bulk.pour(engine, record, template, list(own), copies, lambda _: None)
