"""The review 复核: applied for by the respondent, handled by other people, ending four ways."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.casework import answering
from tests.casework.house import House
from tests.casework.storytelling import Story
from workflows import casework, ledger
from workflows.errors import ConflictOfInterest, InvalidInput, NotFound, NotPossible
from workflows.records import Application


def test_an_application_begins_a_proceeding_of_its_own(appealed: Story) -> None:
    house = appealed.house
    assert [(each.process, each.state) for each in house.proceedings()] == [
        ("li_main", "running"),
        ("li_review", "running"),
    ]
    assert house.proceedings()[1].follows_id == house.proceedings()[0].id
    assert house.case().state == "UNDER_REVIEW"


def test_the_application_meets_the_window_and_starts_the_limit_for_the_review(appealed: Story) -> None:
    (window,) = appealed.house.clocks("T-LI-11")
    (limit,) = appealed.house.clocks("T-LI-12")
    assert (window.state, limit.state) == ("met", "running")
    assert limit.trigger == appealed.house.today


def test_what_the_application_says_is_kept_word_for_word(appealed: Story) -> None:
    house = appealed.house
    (kept,) = house.read(lambda session: session.scalars(select(Application)).all())
    assert (kept.action, kept.form, kept.node) == ("appeal", "F-APPEAL", "apply_for_review")
    assert kept.answers["grounds"] == answering.appeal(house, respondent(house).id)["grounds"]
    assert kept.party_id == respondent(house).id
    assert house.name_of(kept.made_by) == "执法员未"


def test_an_application_that_is_refused_is_not_kept(house: House) -> None:
    Story(house).until_served()
    with pytest.raises(InvalidInput):
        house.do("执法员未", casework.act_on_case, house.case().id, "appeal", answers={}, reason="不服。")
    assert house.read(lambda session: session.scalars(select(Application)).all()) == []


def test_a_matter_is_under_review_until_the_application_is_withdrawn_or_refused(appealed: Story) -> None:
    house = appealed.house
    served_at = respondent(house).outcome["served_at"]
    assert respondent(house).standing == "under_review"
    house.now += timedelta(days=1)
    refusal = answering.accept_appeal(house, appeal_acceptance="refuse", reasons="逾期申请")
    kept = {key: refusal[key] for key in ("appeal_acceptance", "in_time", "right_track", "reasons")}
    house.complete("accept_application", "监督员乙", kept)
    house.complete("serve_review", "送达员丑", answering.serve(house, appealed.item))
    assert (respondent(house).standing, respondent(house).outcome["served_at"]) == ("decided", served_at)


def test_a_withdrawn_application_leaves_the_decision_as_it_was(appealed: Story) -> None:
    house = appealed.house
    written = {"withdrawn_at": house.today, "in_writing": True}
    house.do("执法员未", casework.act_on_case, house.case().id, "withdraw_appeal", answers=written, reason="不再申请")
    assert respondent(house).standing == "decided"


def test_a_maintained_decision_stands(appealed: Story) -> None:
    appealed.reviewed("maintain")
    assert appealed.house.case().state == "MAINTAINED"
    assert respondent(appealed.house).standing == "maintained"


def test_a_changed_decision_changes_the_outcome_of_the_party(appealed: Story) -> None:
    house = appealed.house
    house.complete("accept_application", "监督员乙", answering.accept_appeal(house))
    house.complete("review_case", "复核员卯", answering.review(house, "change", review_findings=["OUTCOME_IMPROPER"]))
    house.sign("review_case", "复核员辰")
    changed = {"party": respondent(house).id, "outcome": "TALK_REMINDER", "outcome_basis": "处理明显偏重"}
    house.complete(
        "decide_review",
        "负责人子",
        answering.decide_appeal(house, "change", review_findings=["OUTCOME_IMPROPER"], changed_outcomes=[changed]),
    )
    assert house.case().state == "CHANGED"
    assert respondent(house).standing == "changed"
    assert respondent(house).outcome["outcome"] == "TALK_REMINDER"


def test_a_revoked_decision_opens_the_restoration(appealed: Story) -> None:
    house = appealed.house
    reviewed(appealed, "revoke", restoration="恢复名誉，撤回通报。", review_findings=["PROCEDURE_VIOLATED"])
    house.complete("serve_review", "送达员丑", answering.serve(house, appealed.item))
    assert house.case().state == "REVOKED"
    assert "restore_rights" in house.open_nodes()


def test_a_matter_to_be_handled_again_goes_to_other_people(appealed: Story) -> None:
    house = appealed.house
    reviewed(appealed, "rehandle", rehandle_note="重新调查。", review_findings=["FACTS_UNCLEAR"])
    assert [each.process for each in house.proceedings()] == ["li_main", "li_review", "li_main"]
    task = next(task for task in house.tasks() if task.node == "collect_evidence")
    with pytest.raises(ConflictOfInterest) as refused:
        house.do("调查员丁", casework.claim_task, task.id)
    assert refused.value.facts["rule"] == "handled_before"
    house.do("调查员己", casework.claim_task, task.id)


def test_nobody_who_investigated_may_handle_the_review(appealed: Story) -> None:
    house = appealed.house
    house.also("调查员丁", "review_officer")
    with pytest.raises(ConflictOfInterest) as refused:
        house.complete("accept_application", "监督员乙", answering.accept_appeal(house, "调查员丁", "复核员辰"))
    assert refused.value.facts["rule"] == "investigator/review_officer"
    assert house.open_nodes() >= {"accept_application"}


def test_only_the_party_itself_may_apply(house: House) -> None:
    Story(house).until_served()
    with pytest.raises(NotFound):
        house.do(
            "调查员己",
            casework.act_on_case,
            house.case().id,
            "appeal",
            answers=answering.appeal(house, respondent(house).id),
            reason="代为申请",
        )


def test_an_application_before_the_decision_is_refused(house: House) -> None:
    Story(house).opened().accepted().inquired().filed()
    with pytest.raises(NotPossible):
        Story(house).appealed()


def test_an_application_without_grounds_is_refused_and_the_window_stays_open(house: House) -> None:
    story = Story(house).until_served()
    party = respondent(house).id
    with pytest.raises(InvalidInput) as refused:
        house.do(
            "执法员未",
            casework.act_on_case,
            house.case().id,
            "appeal",
            answers=answering.appeal(house, party, grounds=""),
            reason="不服决定",
        )
    assert [problem.path for problem in refused.value.problems] == ["grounds"]
    assert [clock.state for clock in house.clocks("T-LI-11")] == ["running"]
    story.appealed()


def test_the_whole_file_verifies_in_the_end(appealed: Story) -> None:
    appealed.reviewed("maintain")
    house = appealed.house
    assert house.read(lambda s: all(ledger.verify(s, chain).holds for chain in ledger.chains(s)))


def test_with_two_respondents_each_has_a_window_and_a_review_of_the_own(house: House) -> None:
    house.hire("执法员二")
    two = [{"name": "执法员未", "post": "科员"}, {"name": "执法员二", "post": "科员"}]
    story = Story(house)
    house.do(
        "登记员甲",
        casework.open_case,
        unit_id=house.unit,
        kind="liability",
        title="两人",
        answers=answering.clue(house, object_persons=two),
        accounts={name: house.people[name] for name in ("执法员未", "执法员二")},
    )
    story.accepted().inquired()
    house.complete("approve_filing", "批准人丙", answering.file(house))
    for task in [task for task in house.tasks() if task.node == "notify_filing"]:
        house.do("送达员丑", casework.complete_task, task.id, answers=answering.tell_filing(house))
    story.investigated().determined()
    for task in [task for task in house.tasks() if task.node == "notify_party"]:
        house.do("送达员丑", casework.complete_task, task.id, answers=answering.give_notice(house, story.item))
    for name in ("执法员未", "执法员二"):
        house.complete("state_defence", name, {"defence": "waived", "waiver_confirmed": True})
    story.found_lawful().resolved().decided()
    for task in [task for task in house.tasks() if task.node == "serve_decision"]:
        house.do("送达员丑", casework.complete_task, task.id, answers=answering.serve(house, story.item))
    parties = {party.name: party.id for party in house.parties()}
    for name in ("执法员二", "执法员未"):
        house.do(
            name,
            casework.act_on_case,
            house.case().id,
            "appeal",
            answers=answering.appeal(house, parties[name]),
            reason="不服决定",
        )
    reviews = [each for each in house.proceedings() if each.process == "li_review"]
    assert [each.party_id for each in reviews] == [parties["执法员二"], parties["执法员未"]]
    first = next(task for task in house.tasks() if task.proceeding_id == reviews[0].id)
    assert first.party_id == parties["执法员二"]


@pytest.fixture
def appealed(house: House) -> Story:
    return Story(house).until_served().appealed()


def reviewed(story: Story, outcome: str, **own: object) -> None:
    house = story.house
    house.complete("accept_application", "监督员乙", answering.accept_appeal(house))
    findings = own.get("review_findings", ["CORRECT"])
    house.complete("review_case", "复核员卯", answering.review(house, outcome, review_findings=findings))
    house.sign("review_case", "复核员辰")
    house.complete("decide_review", "负责人子", answering.decide_appeal(house, outcome, **own))


def respondent(house: House):
    return next(party for party in house.parties() if party.role == "respondent")
