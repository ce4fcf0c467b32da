"""The liability procedure from clue to archive, as its diagrams move it."""

from __future__ import annotations

from itertools import groupby

from tests.diagrams.answers import ONE, TWO
from tests.diagrams.journeys import Case, applied, decided, defended, discussed, filed, reported, reviewed, served

DECIDED_ON = "2026-03-02"


def test_a_case_runs_from_clue_to_archive():
    case = served()
    case.do("execute_outcome", party=ONE).do("execute_outcome", party=TWO)
    case.pass_over("T-LI-11", party=ONE).pass_over("T-LI-11", party=TWO)
    case.pass_over("SANCTION-END-DEMERIT").do("confirm_sanction_end")
    case.do("archive_case")
    assert case.ended
    assert once(case.states) == [
        "REGISTERED",
        "ACCEPTED",
        "PRELIMINARY",
        "FILED",
        "INVESTIGATING",
        "REPORTED",
        "DEFENCE",
        "LEGAL_REVIEW",
        "PANEL",
        "DECIDED",
        "SERVED",
        "IN_FORCE",
        "SERVED",
        "IN_FORCE",
        "EXECUTED",
        "SANCTION_ENDED",
        "ARCHIVED",
    ]


def test_a_clue_that_is_not_accepted_ends_the_case_and_its_named_reporter_is_told():
    case = Case().open().do("register_clue", anonymous=False, in_scope=False)
    case.do("decide_acceptance", acceptance="refuse")
    assert (case.states[-1], case.tasks) == ("REFUSED", ["notify_complainant"])
    assert case.do("notify_complainant").ended


def test_an_anonymous_reporter_is_not_told():
    case = Case().open().do("register_clue", anonymous=True).do("decide_acceptance", acceptance="refuse")
    assert case.ended


def test_the_limit_for_acceptance_counts_from_receipt_and_after_a_suspension_from_its_end():
    case = Case().open().do("register_clue", received_at="2026-02-24", remedy_pending=True)
    assert ("T-LI-01", None, "2026-02-24") in case.clocks
    case.do("decide_acceptance", acceptance="suspend")
    assert case.states[-1] == "SUSPENDED"
    case.do("resume_clue", resumed_at="2026-06-01")
    assert ("T-LI-01", None, "2026-06-01") in case.clocks


def test_the_table_advises_and_a_person_decides():
    case = Case().open().do("register_clue", in_jurisdiction=False)
    asked = next(each for _, step in case.steps for each in step.decided)
    assert asked.result == {"acceptance": "transfer", "reason": "NO_JURISDICTION"}
    assert asked.rules[0]["number"] == 2
    assert case.do("decide_acceptance", acceptance="accept").states[-1] == "ACCEPTED"


def test_a_missed_limit_brings_the_leader_in_and_the_stage_waits_for_the_leader():
    case = Case().open().do("register_clue", anonymous=True).pass_over("T-LI-01")
    assert case.tasks == ["decide_acceptance", "supervise_intake"]
    assert case.lane_of("supervise_intake") == "supervisor"
    case.do("decide_acceptance")
    assert case.tasks == ["supervise_intake"]
    assert case.do("supervise_intake").tasks == ["approve_inquiry"]


def test_a_filing_can_be_returned_to_the_preliminary_inquiry():
    case = Case().open().do("register_clue", anonymous=True).do("decide_acceptance").do("approve_inquiry").do("inquire")
    case.tell("return", {"reason": "补充核实"}, node="approve_filing")
    assert case.tasks == ["inquire"]
    assert case.do("inquire").tasks == ["approve_filing"]


def test_investigation_and_whole_case_have_each_a_limit_from_the_filing():
    clocks = filed().clocks
    assert ("T-LI-06", None, DECIDED_ON) in clocks
    assert ("T-LI-07", None, DECIDED_ON) in clocks
    assert ("T-LI-07", None, DECIDED_ON) in reported(filed()).clocks
    assert "T-LI-06" not in {rule for rule, _, _ in reported(filed()).clocks}


def test_investigation_goes_on_while_evidence_is_missing():
    case = filed().do("collect_evidence").do("interview_respondent", party=ONE, further_inquiry=True)
    case.do("interview_respondent", party=TWO, further_inquiry=False)
    assert case.tasks == ["collect_evidence", "interview_respondent", "interview_respondent"]


def test_a_finding_can_be_sent_back_for_more_investigation():
    case = reported(filed()).tell("return", {"reason": "证据不足"}, node="find_liability")
    assert case.tasks == ["collect_evidence", "interview_respondent", "interview_respondent"]
    assert reported(case).tasks == ["find_liability"]


def test_each_respondent_is_noticed_and_has_a_window_of_their_own():
    case = reported(filed()).do("find_liability")
    case.do("notify_party", party=ONE, notice_served_at="2026-03-03")
    case.do("notify_party", party=TWO, notice_served_at="2026-03-05")
    windows = [clock for clock in case.clocks if clock[0] == "T-LI-08"]
    assert windows == [("T-LI-08", ONE, "2026-03-03"), ("T-LI-08", TWO, "2026-03-05")]


def test_a_window_that_passes_without_statement_lets_the_case_go_on():
    case = reported(filed()).do("find_liability").do("notify_party", party=ONE).do("notify_party", party=TWO)
    case.pass_over("T-LI-08", party=ONE)
    assert case.tasks == ["state_defence"]
    assert case.do("state_defence", party=TWO, defence="waived").tasks == ["review_legality"]


def test_a_defence_that_holds_makes_the_determination_be_made_again():
    case = reported(filed()).do("find_liability").do("notify_party", party=ONE).do("notify_party", party=TWO)
    case.do("state_defence", party=ONE, defence="statement").do("check_defence", recheck_result="revise")
    case.do("state_defence", party=TWO, defence="waived")
    assert (case.states[-1], case.tasks) == ("RETURNED", ["find_liability"])


def test_what_legal_review_returns_is_determined_and_noticed_again():
    case = defended(reported(filed()).do("find_liability")).do("review_legality", legal_result="return")
    assert (case.states[-1], case.tasks) == ("RETURNED", ["find_liability"])
    assert case.do("find_liability").tasks == ["notify_party", "notify_party"]


def test_the_panel_needs_its_quorum():
    case = defended(reported(filed()).do("find_liability")).do("review_legality")
    case.do("convene", panel_members=["member-1"], quorum=2)
    assert case.tasks == ["convene"]


def test_only_a_member_may_give_the_vote_of_that_member():
    case = defended(reported(filed()).do("find_liability")).do("review_legality").do("convene")
    votes = [task.about["person"] for _, step in case.steps for task in step.open_tasks if task.node == "vote"]
    assert votes == ["member-1", "member-2"]


def test_a_resolution_that_the_votes_do_not_carry_is_not_taken():
    case = defended(reported(filed()).do("find_liability")).do("review_legality")
    discussed(case, vote="disagree", resolution="adopt")
    assert case.tasks == ["record_resolution"]
    assert case.do("record_resolution", resolution="return").tasks == ["find_liability"]


def test_the_leader_may_ask_the_panel_again_before_deciding():
    case = discussed(defended(reported(filed()).do("find_liability")).do("review_legality"))
    assert case.tell("return", {"reason": "再议"}, node="decide_outcome").tasks == ["convene"]


def test_nobody_is_held_liable_without_notice():
    case = reported(filed(), report_proposal="withdraw", findings=[])
    assert case.tasks == ["review_legality"]
    discussed(case.do("review_legality")).do("decide_outcome", decision_kind="liable")
    assert case.tasks == ["notify_party", "notify_party"]
    case = discussed(defended(case).do("review_legality")).do("decide_outcome", decision_kind="liable")
    assert "serve_decision" in case.tasks


def test_the_sanction_runs_from_the_decision_and_the_remedy_from_service():
    case = decided()
    assert case.clocks == [
        ("SANCTION-END-DEMERIT", ONE, DECIDED_ON),
        ("T-LI-10", ONE, DECIDED_ON),
        ("T-LI-10", TWO, DECIDED_ON),
    ]
    case = served()
    assert case.clocks == [
        ("SANCTION-END-DEMERIT", ONE, DECIDED_ON),
        ("T-LI-11", ONE, "2026-03-06"),
        ("T-LI-11", TWO, "2026-03-09"),
    ]


def test_every_sanction_has_its_own_period_and_dismissal_has_none():
    for outcome, rule in (
        ("WARNING", "SANCTION-END-WARNING"),
        ("DEMERIT", "SANCTION-END-DEMERIT"),
        ("MAJOR_DEMERIT", "SANCTION-END-MAJOR-DEMERIT"),
        ("DEMOTION", "SANCTION-END-DEMOTION"),
        ("REMOVAL", "SANCTION-END-REMOVAL"),
        ("DISMISSAL", None),
        ("POST_REMOVAL", None),
    ):
        case = decided(outcomes=[{"party": ONE, "outcome": outcome}])
        running = [clock[0] for clock in case.clocks if clock[0].startswith("SANCTION-END")]
        assert running == ([rule] if rule else []), outcome


def test_who_is_not_held_liable_is_cleared_and_needs_no_remedy():
    case = decided(decision_kind="no_liability", outcomes=[])
    case.do("serve_decision", party=ONE).do("serve_decision", party=TWO)
    assert case.tasks == ["clarify_name", "clarify_name"]
    assert case.do("clarify_name", party=ONE).do("clarify_name", party=TWO).tasks == ["archive_case"]


def test_a_case_decided_to_be_transferred_is_transferred():
    case = decided(decision_kind="transfer", outcomes=[])
    assert case.tasks == ["transfer_decided"]
    assert case.do("transfer_decided").ended
    assert case.states[-1] == "TRANSFERRED_SUPERVISORY"


def test_an_application_begins_a_review_with_a_clock_from_its_receipt():
    case = applied()
    assert [process for process, _ in case.steps] == ["li_main", "li_review"]
    assert case.states[-1] == "UNDER_REVIEW"
    assert ("T-LI-12", ONE, "2026-03-20") in case.clocks
    assert ("T-LI-11", TWO, "2026-03-09") in case.clocks
    assert "accept_application" in case.tasks


def test_a_review_does_not_stop_the_execution():
    case = applied()
    assert case.tasks == ["accept_application", "execute_outcome", "execute_outcome"]
    assert ("SANCTION-END-DEMERIT", ONE, DECIDED_ON) in case.clocks


def test_a_late_review_brings_the_leader_in():
    case = applied().pass_over("T-LI-12")
    assert "supervise_review" in case.tasks
    assert case.lane_of("supervise_review") == "supervisor"


def test_a_maintained_decision_keeps_its_clock():
    case = reviewed("maintain")
    assert "MAINTAINED" in case.states
    assert ("SANCTION-END-DEMERIT", ONE, DECIDED_ON) in case.clocks
    assert case.do("serve_review").tasks == ["execute_outcome", "execute_outcome"]


def test_a_changed_decision_gets_the_clock_of_the_new_sanction_from_the_first_decision():
    case = reviewed("change")
    assert "CHANGED" in case.states
    assert ("SANCTION-END-WARNING", ONE, DECIDED_ON) in case.clocks
    assert "SANCTION-END-DEMERIT" not in {rule for rule, _, _ in case.clocks}
    assert case.do("serve_review").tasks.count("restore_rights") == 1


def test_a_revoked_decision_has_no_clock_and_rights_are_restored():
    case = reviewed("revoke")
    assert "REVOKED" in case.states
    assert {party for rule, party, _ in case.clocks} == {ONE, TWO}
    assert [clock for clock in case.clocks if clock[1] == ONE] == [("T-LI-10", ONE, None)]
    case.do("serve_review").do("restore_rights")
    assert [clock for clock in case.clocks if clock[1] == ONE] == []
    assert case.tasks == ["execute_outcome"]


def test_handling_again_begins_a_new_investigation_about_that_respondent_alone():
    case = reviewed("rehandle")
    assert case.states[-2:] == ["REHANDLING", "INVESTIGATING"]
    assert [process for process, _ in case.steps] == ["li_main", "li_review", "li_main"]
    again = [task.node for task in case.steps[2][1].open_tasks]
    assert again == ["collect_evidence", "interview_respondent"]
    assert ("T-LI-06", None, DECIDED_ON) in case.clocks


def test_a_refused_application_leaves_the_window_as_it_was():
    case = applied().do("accept_application", appeal_acceptance="refuse")
    assert ("T-LI-11", ONE, "2026-03-06") in case.clocks
    case.tell("appeal", {"track": "local", "applied_at": "2026-03-25"}, party=ONE)
    assert [process for process, _ in case.steps].count("li_review") == 2


def test_an_application_can_be_completed():
    case = applied().do("accept_application", appeal_acceptance="supplement")
    assert "supplement_application" in case.tasks
    assert (
        case.do("supplement_application", applied_at="2026-03-27").do("accept_application").tasks[-1] == "review_case"
    )


def test_a_withdrawn_application_makes_the_decision_final():
    case = applied().tell("withdraw_appeal", {"withdrawn_at": "2026-03-21"}, party=ONE)
    assert case.steps[1][1].ended
    assert ONE not in {party for rule, party, _ in case.clocks if rule.startswith("T-LI")}
    assert ("SANCTION-END-DEMERIT", ONE, DECIDED_ON) in case.clocks


def test_two_respondents_may_apply_and_each_result_reaches_its_own():
    case = applied().tell("appeal", {"track": "local", "applied_at": "2026-03-22"}, party=TWO)
    case.do("accept_application", party=TWO).do("review_case", party=TWO).do("decide_review", remedy_outcome="revoke")
    assert ("SANCTION-END-DEMERIT", ONE, DECIDED_ON) in case.clocks
    assert "accept_application" in case.tasks
    assert case.tasks.count("execute_outcome") == 1


def test_a_transfer_to_the_supervisory_organ_stops_everything():
    case = reported(filed()).tell("transfer")
    assert (case.tasks, case.clocks) == (["transfer_case"], [])
    assert case.do("transfer_case").ended
    assert case.states[-1] == "TRANSFERRED_SUPERVISORY"


def test_a_recusal_is_decided_while_the_investigation_goes_on():
    case = filed().tell("recusal")
    assert case.tasks == ["collect_evidence", "decide_recusal", "interview_respondent", "interview_respondent"]
    assert "recusal" in {event.extensions.get("action") for _, event in case.waiting}


def test_a_case_is_withdrawn_only_after_collective_discussion():
    case = filed().tell("withdraw")
    assert "collect_evidence" in case.tasks
    discussed(case)
    assert "collect_evidence" in case.tasks
    case.do("withdraw_case", decision_kind="withdraw", decided_at="2026-03-10")
    assert case.tasks == ["serve_decision", "serve_decision"]
    assert ("T-LI-10", ONE, "2026-03-10") in case.clocks
    assert case.do("serve_decision", party=ONE).do("serve_decision", party=TWO).ended
    assert case.states[-1] == "WITHDRAWN"


def test_a_withdrawal_that_is_not_carried_changes_nothing():
    case = filed().tell("withdraw")
    before = filed().tasks
    assert discussed(case, vote="disagree", resolution="return").tasks == before


def once(states: list[str]) -> list[str]:
    """Without repetition of the same state in a row."""
    return [state for state, _ in groupby(states)]
