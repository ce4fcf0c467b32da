"""What a person may do to a running clock: suspend, resume, extend, except time, correct, cancel; and let a whole case rest."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.casework.house import SHANGHAI, House
from tests.casework.storytelling import Story
from workflows import clocks, deadlines
from workflows.acting import CLOCK, Acting
from workflows.deadlines import put_in_order
from workflows.errors import ConflictOfInterest, InvalidInput, NotAllowed, NotPossible
from workflows.records import Deadline, LedgerEntry, Notice

WHY = "委托鉴定"


def test_nothing_fires_while_a_limit_stands_and_what_was_left_is_left_after_it(filed: House) -> None:
    filed.now = at(4, 10)
    suspend(filed)
    assert filed.task("collect_evidence").due_at == datetime(2026, 5, 29, tzinfo=SHANGHAI), "the whole case governs"
    nodes = filed.open_nodes()
    filed.pass_time(at(5, 8))
    assert {each.facts["rule"] for each in told(filed) if each.created_at > at(4, 11)} == {"T-LI-07"}
    assert filed.open_nodes() == nodes
    resume(filed)
    # Suspended on Friday 10 April with three working days left. 8 May, when it is resumed, does not count either; Saturday 9 May
    # is worked.
    assert (clock(filed).due, clock(filed).state) == ("2026-05-12", "running")
    assert filed.task("collect_evidence").due_at == datetime(2026, 5, 13, tzinfo=SHANGHAI)
    filed.pass_time(at(5, 13, 0))
    assert clock(filed).state == "missed"


def test_what_is_done_while_a_limit_stands_is_done_in_time(filed: House) -> None:
    filed.now = at(4, 10)
    suspend(filed)
    filed.now = at(5, 8)
    Story(filed).investigated()
    assert (clock(filed).state, clock(filed).suspensions[0]["to"]) == ("met", "2026-05-08")


def test_a_missed_limit_that_stood_fires_nothing_when_it_is_resumed(filed: House) -> None:
    filed.pass_time(at(4, 16))
    suspend(filed)
    nodes, fired = filed.open_nodes(), len(entries(filed, "deadline.missed"))
    filed.now = at(4, 20)
    resume(filed)
    filed.pass_time(at(4, 21))
    assert clock(filed).state == "missed"
    assert (filed.open_nodes(), len(entries(filed, "deadline.missed"))) == (nodes, fired)


def test_what_the_law_does_not_allow_is_refused_with_its_article_and_recorded(filed: House) -> None:
    filed.now = at(4, 10)
    refusals: list[tuple[str, str]] = []

    def refused(verb: Any, said: str, *, by: str = "批准人丙", rule: str = "T-LI-06", **how: Any) -> None:
        with pytest.raises(NotPossible, match=said) as found:
            act(filed, verb, by=by, rule=rule, **how)
        assert found.value.facts["article"], said
        assert found.value.facts["zh"]
        refusals.append((said, str(found.value)))

    refused(clocks.resume, "not suspended")
    refused(clocks.suspend, "only this time is excepted from it: Appraisal", ground="hearing")
    refused(clocks.suspend, "lies in the future", ground="appraisal", since="2026-04-11")
    refused(clocks.suspend, "before it begins", ground="appraisal", since="2026-03-01")
    refused(clocks.exclude, "ends before it begins", kind="appraisal", first="2026-04-02", last="2026-04-01")
    refused(clocks.exclude, "begins before the limit", kind="appraisal", first="2026-03-01", last="2026-04-01")
    refused(clocks.exclude, "lies in the future", kind="appraisal", first="2026-04-01", last="2026-05-01")
    refused(clocks.correct, "lies in the future", by="负责人子", trigger="2026-04-11")
    refused(clocks.correct, "already", by="负责人子", trigger="2026-03-02")
    refused(clocks.extend, "at most 30 working days", **extension(filed, value=31))
    refused(clocks.extend, "cannot grant it", **extension(filed, asked_by="批准人丙"))
    refused(clocks.extend, "somebody who works on the case", **extension(filed, asked_by="复核员卯"))
    refused(clocks.extend, "cannot be extended", rule="T-LI-07", by="负责人子", **extension(filed))
    suspend(filed)
    refused(clocks.suspend, "suspended already", ground="appraisal")
    refused(clocks.resume, "cannot be resumed before", on="2026-04-09")
    filed.now = at(4, 14)
    resume(filed)
    refused(clocks.suspend, "overlaps the suspension from 2026-04-10 to 2026-04-14", ground="appraisal")
    assert [each.reason for each in entries(filed, "act.refused")] == [said for _, said in refusals]


def test_only_who_may_may(filed: House) -> None:
    for name, verb, how in (
        ("调查员丁", clocks.suspend, {"ground": "appraisal"}),
        ("调查员丁", clocks.extend, extension(filed, asked_by="调查员戊")),
        ("负责人子", clocks.extend, extension(filed)),
        ("监督员乙", clocks.cancel, {}),
        ("批准人丙", clocks.correct, {"trigger": "2026-03-01"}),
    ):
        with pytest.raises(NotAllowed):
            act(filed, verb, by=name, **how)
    filed.also("执法员未", "approver_filing")
    with pytest.raises(ConflictOfInterest):
        act(filed, clocks.suspend, by="执法员未", ground="appraisal")
    with pytest.raises(InvalidInput):
        act(filed, clocks.suspend, ground="appraisal", since="昨天")


def test_an_extension_is_granted_once_in_time_and_moves_the_end(filed: House) -> None:
    filed.now = at(4, 10)
    act(filed, clocks.extend, **extension(filed))
    assert (clock(filed).due, clock(filed).extensions[0]["value"]) == ("2026-04-28", 10)
    assert filed.name_of(clock(filed).extensions[0]["asked_by"]) == "调查员丁"
    changed = [filed.name_of(each.person_id or "") for each in told(filed) if each.kind == "deadline.changed"]
    assert set(changed) == {"调查员丁", "调查员戊"}, "those who are to act are told"
    with pytest.raises(NotPossible, match=r"1 time"):
        act(filed, clocks.extend, **extension(filed))
    filed.pass_time(at(4, 29))
    with pytest.raises(NotPossible, match="it ended on 2026-04-28"):
        act(filed, clocks.extend, **extension(filed))


def test_time_excepted_afterwards_and_a_corrected_trigger_move_the_end(filed: House) -> None:
    filed.pass_time(at(4, 16))
    assert clock(filed).state == "missed"
    act(filed, clocks.exclude, kind="appraisal", first="2026-03-09", last="2026-03-13")
    assert (clock(filed).due, clock(filed).state) == ("2026-04-21", "running")
    act(filed, clocks.correct, by="督办员午", trigger="2026-02-27")
    assert (clock(filed).due, clock(filed).trigger) == ("2026-04-17", "2026-02-27"), "Saturday 28 February was worked"
    (entry,) = entries(filed, "deadline.corrected")
    assert (entry.body["what"]["was"], entry.body["what"]["due"], entry.reason) == ("2026-03-02", "2026-04-17", WHY)
    act(filed, clocks.cancel, by="督办员午")
    assert clock(filed).state == "cancelled"
    with pytest.raises(NotPossible, match="has ended"):
        act(filed, clocks.exclude, kind="appraisal", first="2026-03-16", last="2026-03-16")


def test_a_window_that_the_procedure_waits_for_is_not_cancelled(filed: House) -> None:
    Story(filed).investigated().determined().noticed()
    with pytest.raises(NotPossible, match="cannot be cancelled"):
        act(filed, clocks.cancel, by="督办员午", rule="T-LI-08")


def test_a_case_rests_with_every_limit_that_may_and_they_run_on_together(filed: House) -> None:
    filed.now = at(4, 10)
    filed.do("批准人丙", clocks.suspend_case, filed.case().id, ground="remedy_pending", reason="等待复议结果")
    assert {each.rule for each in filed.clocks() if each.state == "suspended"} == {"T-LI-06", "T-LI-07"}
    assert filed.task("collect_evidence").due_at is None
    with pytest.raises(NotPossible, match="resumed with it"):
        resume(filed)
    with pytest.raises(NotPossible, match="rests already"):
        filed.do("批准人丙", clocks.suspend_case, filed.case().id, ground="remedy_pending", reason="等待")
    filed.now = at(4, 16)
    filed.do("批准人丙", clocks.resume_case, filed.case().id, reason="复议已经决定")
    assert {each.rule: each.due for each in filed.clocks() if each.state == "running"} == {
        "T-LI-06": "2026-04-21", "T-LI-07": "2026-06-04",
    }  # fmt: skip
    assert filed.case().suspension is None
    assert filed.task("collect_evidence").due_at == clock(filed).due_at


def test_a_limit_that_begins_while_its_case_rests_rests_with_it(house: House) -> None:
    Story(house).opened().accepted().inquired()
    house.do("批准人丙", clocks.suspend_case, house.case().id, ground="force_majeure", reason="洪水")
    Story(house).filed()
    assert (clock(house).state, clock(house).next_at) == ("suspended", None)
    house.now += timedelta(days=7)
    house.do("批准人丙", clocks.resume_case, house.case().id, reason="水退了")
    assert (clock(house).state, clock(house).suspensions[0]["to"]) == ("running", house.today)


def test_an_hour_limit_runs_through_nights_and_holidays_and_fires_at_its_hour(filed: House) -> None:
    filed.now = at(4, 4, 20)
    with Session(filed.engine) as session:
        row = session.query(Deadline).filter_by(rule="T-LI-06").one()
        row.rule, row.trigger = "CM-APPROVE-24H", "2026-04-04T20:00:00+08:00"
        acting = Acting(session=session, now=filed.now, by=CLOCK, releases=filed.releases, vault=filed.vault)
        deadlines.recount(acting, filed.law, row, filed.law.calendar)
        put_in_order(session, row.case_id)
        session.commit()
    assert clock(filed, "CM-APPROVE-24H").due == "2026-04-05T20:00:00+08:00"
    assert filed.task("collect_evidence").due_at == at(4, 5, 20), "of two over one act the first to end governs"
    filed.pass_time(at(4, 5, 19, 59))
    assert clock(filed, "CM-APPROVE-24H").state == "running"
    filed.pass_time(at(4, 5, 20))
    assert clock(filed, "CM-APPROVE-24H").state == "missed"


@pytest.fixture
def filed(house: House) -> House:
    """The limit of an investigation runs from Monday 2 March 2026: thirty working days, until 14 April."""
    Story(house).opened().accepted().inquired().filed()
    return house


def at(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


def act(house: House, verb: Any, *, by: str = "批准人丙", rule: str = "T-LI-06", **how: Any) -> Any:
    return house.do(by, verb, house.case().id, clock(house, rule).id, reason=WHY, **how)


def suspend(house: House) -> None:
    act(house, clocks.suspend, ground="appraisal")


def resume(house: House) -> None:
    act(house, clocks.resume)


def extension(house: House, *, value: int = 10, asked_by: str = "调查员丁") -> dict[str, Any]:
    return {"value": value, "unit": "working_days", "basis": "案情复杂", "asked_by": house.people[asked_by]}


def clock(house: House, rule: str = "T-LI-06") -> Deadline:
    (found,) = house.clocks(rule)
    return found


def entries(house: House, act: str) -> list[LedgerEntry]:
    rows = house.read(lambda s: s.query(LedgerEntry).order_by(LedgerEntry.id).all())
    return [each for each in rows if each.act.startswith(act)]


def told(house: House) -> list[Notice]:
    return list(house.read(lambda s: s.query(Notice).order_by(Notice.id).all()))
