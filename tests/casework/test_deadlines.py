"""The clock: limits bound by the diagrams, counted by the catalogue, met, missed, told of; once each."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.casework import answering
from tests.casework.house import SHANGHAI, House
from tests.casework.storytelling import Story
from workflows import casework, deadlines, ledger, worklists
from workflows.errors import InvalidInput, NotPossible
from workflows.records import Case, Evidence, LedgerEntry, Notice


def test_the_limit_for_acceptance_runs_from_receipt_in_working_days(opened: House) -> None:
    (clock,) = opened.clocks("T-LI-01")
    # Received Monday 2 March 2026; 3, 4, 5, 6 and 9 March are the five working days.
    assert (clock.trigger, clock.due, clock.state) == ("2026-03-02", "2026-03-09", "running")
    assert opened.task("decide_acceptance").due_at == datetime(2026, 3, 10, 0, 0, tzinfo=SHANGHAI)


def test_a_limit_kept_is_met(opened: House) -> None:
    opened.complete("decide_acceptance", "监督员乙", answering.accept(opened))
    assert [clock.state for clock in opened.clocks("T-LI-01")] == ["met"]


def test_a_limit_is_met_until_the_last_moment_of_its_last_day(opened: House) -> None:
    opened.now = datetime(2026, 3, 9, 23, 58, tzinfo=SHANGHAI)
    opened.complete("decide_acceptance", "监督员乙", answering.accept(opened))
    assert [clock.state for clock in opened.clocks("T-LI-01")] == ["met"]


def test_nothing_fires_before_its_moment(opened: House) -> None:
    opened.pass_time(datetime(2026, 3, 9, 23, 59, 59, tzinfo=SHANGHAI))
    assert [clock.state for clock in opened.clocks("T-LI-01")] == ["running"]
    assert opened.open_nodes() == {"decide_acceptance"}


def test_a_missed_limit_opens_the_supervisors_task_and_leaves_the_act_to_be_done(opened: House) -> None:
    opened.pass_time(datetime(2026, 3, 10, 0, 0, tzinfo=SHANGHAI))
    assert [clock.state for clock in opened.clocks("T-LI-01")] == ["missed"]
    assert opened.open_nodes() == {"decide_acceptance", "supervise_intake"}


def test_an_act_done_after_its_limit_is_met_late(opened: House) -> None:
    opened.pass_time(datetime(2026, 3, 11, 9, 0, tzinfo=SHANGHAI))
    opened.complete("decide_acceptance", "监督员乙", answering.accept(opened))
    assert [clock.state for clock in opened.clocks("T-LI-01")] == ["met_late"]


def test_a_limit_fires_once_however_often_the_clock_comes(opened: House) -> None:
    opened.pass_time(datetime(2026, 3, 10, 0, 0, tzinfo=SHANGHAI))
    fired = entries(opened, "deadline.missed")
    assert opened.pass_time(days=1) == 0
    assert len(fired) == len(entries(opened, "deadline.missed")) == 1


def test_a_clock_that_was_down_says_how_late_it_came(opened: House) -> None:
    opened.pass_time(datetime(2026, 3, 10, 2, 0, tzinfo=SHANGHAI))
    assert opened.clocks("T-LI-01")[0].late_seconds == 2 * 3600
    acts = [(each.act, each.body["what"]["late_seconds"]) for each in entries(opened, "deadline.warn")]
    assert acts == [("deadline.warn", (4 * 24 + 2) * 3600)], "the warning was due when Friday 6 March began"


def test_each_rung_tells_once_whom_the_catalogue_names(opened: House) -> None:
    opened.do("监督员乙", casework.claim_task, opened.task("decide_acceptance").id)
    opened.pass_time(datetime(2026, 3, 12, 9, 0, tzinfo=SHANGHAI))
    told = [(notice.kind, opened.name_of(notice.person_id) if notice.person_id else None) for notice in notices(opened)]
    assert told.count(("deadline.warn", "监督员乙")) == 1
    assert told.count(("deadline.overdue", "监督员乙")) == 1
    assert told.count(("deadline.overdue", None)) == 1, "the supervision body is told as a group"


def test_both_who_are_appointed_are_told_while_nobody_has_taken_the_task_up(house: House) -> None:
    Story(house).opened().accepted()
    house.complete("approve_inquiry", "批准人丙", answering.approve_inquiry(house))
    house.pass_time(datetime(2026, 3, 17, 9, 0, tzinfo=SHANGHAI))
    reminded = [notice.person_id for notice in notices(house) if notice.kind == "deadline.remind"]
    assert {house.name_of(person) for person in reminded if person} == {"调查员丁", "调查员戊"}


def test_a_warning_comes_before_the_end_not_after_it(opened: House) -> None:
    opened.pass_time(datetime(2026, 3, 6, 12, 0, tzinfo=SHANGHAI))
    assert {notice.kind for notice in notices(opened)} == {"deadline.warn"}
    assert opened.clocks("T-LI-01")[0].state == "running"


def test_every_rung_and_every_end_is_one_entry(opened: House) -> None:
    case_id, before = opened.case().id, opened.case().ledger_count
    done = opened.pass_time(datetime(2026, 3, 20, 9, 0, tzinfo=SHANGHAI))
    assert opened.case().ledger_count == before + done
    assert opened.read(lambda s: ledger.verify(s, case_id)).holds


def test_a_window_for_the_respondent_closes_by_itself_and_the_case_goes_on(house: House) -> None:
    Story(house).opened().accepted().inquired().filed().investigated().determined().noticed()
    assert "state_defence" in house.open_nodes()
    house.pass_time(days=10)
    assert [clock.state for clock in house.clocks("T-LI-08")] == ["passed"]
    assert house.open_nodes() >= {"review_legality"}


def test_the_decision_starts_the_service_limit_and_service_starts_the_remedy_window(served: House) -> None:
    (service,) = served.clocks("T-LI-10")
    (window,) = served.clocks("T-LI-11")
    assert (service.state, window.state) == ("met", "running")
    assert window.trigger == "2026-03-02"
    # Thirty calendar days from the day after service: 1 April 2026.
    assert window.due == "2026-04-01"


def test_a_sanction_runs_from_the_decision_and_the_remedy_from_service(house: House) -> None:
    story = Story(house).opened().accepted().inquired().filed().investigated().determined().noticed().defended()
    story.found_lawful().resolved()
    house.complete("decide_outcome", "负责人子", answering.decide(house, "WARNING"))
    house.pass_time(house.now + timedelta(days=2))
    story.served()
    (sanction,) = house.clocks("SANCTION-END-WARNING")
    (window,) = house.clocks("T-LI-11")
    assert (sanction.trigger, window.trigger) == ("2026-03-02", "2026-03-04")
    assert sanction.due == "2026-09-01", "six months, the first day included, not rolled"


@pytest.mark.parametrize(
    ("method", "own"),
    [
        ("DIRECT", {}),
        ("LEAVE", {"leave_record": "recording"}),
        ("MAIL", {}),
        ("ELECTRONIC", {"consent_confirmed": True}),
    ],
)
def test_the_proof_of_service_starts_the_remedy_window_whatever_the_method(
    decided: House, method: str, own: dict[str, Any]
) -> None:
    decided.now += timedelta(days=2)
    item = decided.read(lambda s: s.query(Evidence).first()).id
    answers = answering.serve(decided, item, service_method=method, **own)
    if method in ("LEAVE", "ELECTRONIC"):
        answers = {key: answers[key] for key in answers if key not in ("received_by", "recipient_relation")}
    decided.complete("serve_decision", "送达员丑", answers)
    (window,) = decided.clocks("T-LI-11")
    assert (window.trigger, window.due) == ("2026-03-04", "2026-04-03")


def test_a_public_notice_has_served_on_its_last_day_and_on_no_other(decided: House) -> None:
    item = decided.read(lambda s: s.query(Evidence).first()).id
    decided.now = datetime(2026, 4, 7, 9, 0, tzinfo=SHANGHAI)
    answers = answering.serve(
        decided,
        item,
        service_method="NOTICE",
        published_at="2026-03-03",
        notice_reason="下落不明",
        notice_medium="本机关网站",
    )
    answers = {key: answers[key] for key in answers if key not in ("received_by", "recipient_relation")}
    with pytest.raises(InvalidInput) as refused:
        decided.complete("serve_decision", "送达员丑", answers | {"served_at": "2026-03-20"})
    (problem,) = refused.value.problems
    assert (problem.path, problem.code) == ("served_at", "not_the_end")
    assert "民事诉讼法第九十五条），到 2026-04-02 届满" in problem.message["zh"]
    decided.complete("serve_decision", "送达员丑", answers | {"served_at": "2026-04-02"})
    assert [clock.trigger for clock in decided.clocks("T-LI-11")] == ["2026-04-02"]


def test_the_remedy_window_closes_and_no_application_is_taken_after_it(served: House) -> None:
    served.pass_time(datetime(2026, 4, 2, 0, 0, tzinfo=SHANGHAI))
    assert [clock.state for clock in served.clocks("T-LI-11")] == ["passed"]
    party = next(party.id for party in served.parties() if party.role == "respondent")
    with pytest.raises(NotPossible):
        served.do(
            "执法员未",
            casework.act_on_case,
            served.case().id,
            "appeal",
            answers=answering.appeal(served, party),
            reason="不服决定",
        )


def test_a_window_that_ends_with_its_case_was_not_used(house: House) -> None:
    Story(house).opened().accepted().inquired().filed().investigated().determined().noticed()
    house.do("负责人子", casework.act_on_case, house.case().id, "transfer", reason="涉嫌职务犯罪")
    assert {clock.rule: clock.state for clock in house.clocks() if clock.rule in ("T-LI-07", "T-LI-08")} == {
        "T-LI-07": "cancelled",
        "T-LI-08": "cancelled",
    }


def test_the_limit_of_the_whole_case_covers_the_tasks_inside_it(house: House) -> None:
    Story(house).opened().accepted().inquired().filed()
    assert house.task("collect_evidence").due_at is not None
    rules = {clock.rule for clock in house.clocks() if clock.state == "running"}
    assert {"T-LI-06", "T-LI-07"} <= rules


def test_an_examined_act_is_judged_against_its_statutory_limit(house: House) -> None:
    Story(house).opened().accepted().inquired()
    (entry,) = [each for each in entries(house, "task.completed") if "check_limits" in str(each.body)]
    (call,) = entry.body["moved"][0]["calls"]
    (judged,) = call["result"]
    assert (judged["due"], judged["in_time"], judged["late_by_days"]) == ("2024-12-09", False, 2)
    assert judged["article"] == "行政处罚法第六十条"


def test_a_trigger_in_an_unknown_year_gives_a_provisional_date(house: House) -> None:
    house.now = datetime(2031, 12, 29, 9, 0, tzinfo=SHANGHAI)
    Story(house).opened()
    assert [clock.provisional for clock in house.clocks("T-LI-01")] == [True]


def test_a_failing_case_is_marked_and_left_for_later(opened: House) -> None:
    actor = opened.actor("督办员午")
    opened.now += timedelta(minutes=1)
    opened.do("督办员午", lambda acting: casework.stall(acting, opened.case().id, "不能继续", timedelta(minutes=5)))
    assert opened.case().stalled_error == "不能继续"
    assert opened.pass_time(datetime(2026, 3, 2, 9, 5, tzinfo=SHANGHAI)) == 0
    view = opened.read(lambda s: worklists.case(s, actor, opened.releases, opened.law, opened.case().id))
    assert view.stalled == "不能继续"


def test_stalled_cases_do_not_hide_the_others(house: House) -> None:
    for _ in range(3):
        Story(house).opened()
    cases = house.read(lambda s: [case.id for case in s.query(Case).order_by(Case.id).all()])
    house.now = datetime(2026, 3, 10, 0, 0, tzinfo=SHANGHAI)
    for stalled in cases[:2]:
        house.do("督办员午", casework.stall, stalled, "不能继续", timedelta(hours=1))
    assert house.read(lambda s: deadlines.due_cases(s, house.now, 2)) == [cases[2]]


@pytest.fixture
def opened(house: House) -> House:
    Story(house).opened()
    return house


@pytest.fixture
def decided(house: House) -> House:
    Story(house).opened().accepted().inquired().filed().investigated().determined().noticed().defended().found_lawful()
    Story(house).resolved().decided()
    return house


@pytest.fixture
def served(house: House) -> House:
    Story(house).until_served()
    return house


def entries(house: House, act: str) -> list[LedgerEntry]:
    return list(house.read(lambda s: s.query(LedgerEntry).filter_by(act=act).order_by(LedgerEntry.id).all()))


def notices(house: House) -> list[Notice]:
    return list(house.read(lambda s: s.query(Notice).order_by(Notice.id).all()))
