"""What ordinary people do with a task: claim, hand on, sign, return, take back, urge. Each is one entry with its reason."""

from __future__ import annotations

import pytest

from tests.casework import answering
from tests.casework.house import House
from tests.casework.storytelling import Story
from workflows import casework, ledger, worklists
from workflows.errors import ConflictOfInterest, InvalidInput, NotAllowed, NotOpen, NotPossible, Stale
from workflows.records import Draft, LedgerEntry, Notice, Signature, Task


def test_a_claimed_task_is_no_longer_offered_to_the_others(opened: House) -> None:
    task = opened.task("decide_acceptance")
    opened.do("监督员乙", casework.claim_task, task.id, expected=task.version)
    assert [line.id for line in desk(opened, "监督员乙")] == [task.id]
    assert desk(opened, "监督员二") == []
    with pytest.raises(NotAllowed):
        opened.do("监督员二", casework.claim_task, task.id)


def test_a_task_given_back_is_offered_again(opened: House) -> None:
    task = opened.task("decide_acceptance")
    opened.do("监督员乙", casework.claim_task, task.id)
    opened.do("监督员乙", casework.give_back_task, task.id, reason="近期外出")
    assert [line.id for line in desk(opened, "监督员二")] == [task.id]


def test_giving_back_needs_a_reason(opened: House) -> None:
    task = opened.task("decide_acceptance")
    opened.do("监督员乙", casework.claim_task, task.id)
    with pytest.raises(InvalidInput) as refused:
        opened.do("监督员乙", casework.give_back_task, task.id, reason="  ")
    assert [problem.path for problem in refused.value.problems] == ["reason"]


def test_a_reassigned_task_is_for_the_new_holder_alone(opened: House) -> None:
    task = opened.task("decide_acceptance")
    opened.do("监督员乙", casework.claim_task, task.id)
    opened.do("监督员乙", casework.reassign_task, task.id, to=opened.people["监督员二"], reason="分工调整")
    with pytest.raises(NotAllowed):
        opened.do("监督员乙", casework.complete_task, task.id, answers=answering.accept(opened))
    opened.complete("decide_acceptance", "监督员二", answering.accept(opened))


def test_the_supervisor_may_reassign_what_somebody_else_holds(opened: House) -> None:
    task = opened.task("decide_acceptance")
    opened.do("监督员乙", casework.claim_task, task.id)
    opened.do("督办员午", casework.reassign_task, task.id, to=opened.people["监督员二"], reason="原承办人休假")
    assert opened.task("decide_acceptance").assignee_id == opened.people["监督员二"]


def test_a_task_cannot_be_reassigned_to_somebody_without_the_role(opened: House) -> None:
    task = opened.task("decide_acceptance")
    opened.do("监督员乙", casework.claim_task, task.id)
    with pytest.raises(NotAllowed):
        opened.do("监督员乙", casework.reassign_task, task.id, to=opened.people["送达员丑"], reason="分工调整")


def test_a_delegated_task_comes_back_with_the_prepared_text(opened: House) -> None:
    task = opened.task("decide_acceptance")
    opened.do("监督员乙", casework.claim_task, task.id)
    opened.do("监督员乙", casework.delegate_task, task.id, to=opened.people["监督员二"], reason="请代拟")
    opened.complete("decide_acceptance", "监督员二", answering.accept(opened))
    back = opened.task("decide_acceptance")
    assert back.assignee_id == opened.people["监督员乙"]
    draft = look(opened, "监督员乙", back.id).draft
    assert draft["acceptance"] == "accept"
    opened.complete("decide_acceptance", "监督员乙", draft)
    assert "approve_inquiry" in opened.open_nodes()


def test_an_added_signer_must_sign_before_the_case_goes_on(opened: House) -> None:
    task = opened.task("decide_acceptance")
    opened.do("监督员乙", casework.claim_task, task.id)
    opened.do("监督员乙", casework.add_signer, task.id, person=opened.people["监督员二"], reason="事关重大")
    opened.complete("decide_acceptance", "监督员乙", answering.accept(opened))
    assert "decide_acceptance" in opened.open_nodes()
    assert [line.to_sign for line in desk(opened, "监督员二")] == [True]
    opened.sign("decide_acceptance", "监督员二")
    assert "approve_inquiry" in opened.open_nodes()


def test_a_second_officer_must_sign_an_act_of_investigation(house: House) -> None:
    Story(house).opened().accepted()
    house.complete("approve_inquiry", "批准人丙", answering.approve_inquiry(house))
    house.complete("inquire", "调查员丁", answering.inquire(house))
    assert house.open_nodes() == {"inquire"}
    with pytest.raises(NotPossible):
        house.sign("inquire", "调查员丁")
    house.sign("inquire", "调查员戊")
    assert house.open_nodes() == {"approve_filing"}


def test_another_text_than_the_signed_one_must_be_signed_again(house: House) -> None:
    Story(house).opened().accepted()
    house.complete("approve_inquiry", "批准人丙", answering.approve_inquiry(house))
    house.complete("inquire", "调查员丁", answering.inquire(house))
    house.complete("inquire", "调查员戊", answering.inquire(house, reasons="另有理由。"))
    assert house.open_nodes() == {"inquire"}
    house.sign("inquire", "调查员丁")
    assert house.open_nodes() == {"approve_filing"}


def test_a_task_is_returned_where_the_diagram_draws_a_way_back(opened: House) -> None:
    opened.do("监督员乙", casework.return_task, opened.task("decide_acceptance").id, reason="事实不清，请补正")
    assert opened.open_nodes() == {"register_clue"}


def test_a_task_is_not_returned_where_the_diagram_draws_no_way_back(house: House) -> None:
    Story(house).opened().accepted()
    with pytest.raises(NotPossible):
        house.do("批准人丙", casework.return_task, house.task("approve_inquiry").id, reason="退回")


def test_what_was_just_submitted_can_be_taken_back(opened: House) -> None:
    before = opened.task("decide_acceptance")
    opened.complete("decide_acceptance", "监督员乙", answering.accept(opened))
    opened.do("监督员乙", casework.take_back_task, before.id, reason="填错了日期")
    assert opened.open_nodes() == {"decide_acceptance"}
    assert opened.case().state == "REGISTERED"
    assert [clock.state for clock in opened.clocks("T-LI-01")] == ["running"]
    opened.complete("decide_acceptance", "监督员乙", answering.accept(opened))
    assert opened.open_nodes() == {"approve_inquiry"}


def test_taking_back_puts_the_people_of_the_case_back_too(house: House) -> None:
    Story(house).opened().accepted().inquired()
    task = house.task("approve_filing")
    house.complete("approve_filing", "批准人丙", answering.file(house))
    assert {party.role for party in house.parties() if party.kind == "person"} == {"respondent"}
    house.do("批准人丙", casework.take_back_task, task.id, reason="漏列一人")
    assert {party.role for party in house.parties()} == {"concerned"}
    assert house.case().state == "PRELIMINARY"
    house.complete("approve_filing", "批准人丙", answering.file(house))
    assert house.open_nodes() == {"notify_filing"}


def test_what_several_signed_is_signed_anew_after_it_was_taken_back(house: House) -> None:
    Story(house).opened().accepted().inquired()
    taken = house.read(lambda s: s.query(Task).filter_by(node="inquire").one())
    by = house.name_of(taken.completed_by or "")
    house.do(by, casework.take_back_task, taken.id, reason="漏写一处事实")
    assert house.read(lambda s: s.query(Signature).all()) == []
    assert house.task("inquire").answers is None
    with pytest.raises(NotPossible, match="Nothing has been submitted"):
        house.sign("inquire", "调查员丁")
    house.complete("inquire", by, answering.inquire(house))
    assert house.open_nodes() == {"inquire"}, "one signature is not enough"
    house.sign("inquire", "调查员丁")
    assert house.open_nodes() == {"approve_filing"}


def test_nothing_is_taken_back_once_somebody_has_begun_the_next_step(opened: House) -> None:
    task = opened.task("decide_acceptance")
    opened.complete("decide_acceptance", "监督员乙", answering.accept(opened))
    opened.do("批准人丙", casework.claim_task, opened.task("approve_inquiry").id)
    with pytest.raises(NotPossible):
        opened.do("监督员乙", casework.take_back_task, task.id, reason="填错了日期")


def test_only_whoever_submitted_may_take_it_back(opened: House) -> None:
    task = opened.task("decide_acceptance")
    opened.complete("decide_acceptance", "监督员乙", answering.accept(opened))
    with pytest.raises(NotAllowed):
        opened.do("监督员二", casework.take_back_task, task.id, reason="有误")


def test_a_task_is_urged_once_a_day_at_most(opened: House) -> None:
    task = opened.task("decide_acceptance")
    opened.do("登记员甲", casework.urge_task, task.id, reason="期限将届满")
    with pytest.raises(NotPossible):
        opened.do("登记员甲", casework.urge_task, task.id, reason="期限将届满")
    opened.pass_time(days=1)
    opened.do("登记员甲", casework.urge_task, task.id, reason="期限将届满")
    kinds = opened.read(lambda s: [notice.kind for notice in s.query(Notice).all()])
    assert kinds.count("task.urged") == 2


def test_a_stale_version_is_refused_with_who_changed_what(opened: House) -> None:
    task = opened.task("decide_acceptance")
    opened.do("监督员乙", casework.claim_task, task.id, expected=task.version)
    with pytest.raises(Stale) as refused:
        opened.do("监督员乙", casework.complete_task, task.id, answers=answering.accept(opened), expected=task.version)
    assert (refused.value.facts["by"], refused.value.facts["act"]) == ("监督员乙", "task.claimed")


def test_whoever_comes_second_is_told_who_was_first(opened: House) -> None:
    task = opened.task("decide_acceptance")
    opened.complete("decide_acceptance", "监督员乙", answering.accept(opened))
    with pytest.raises(NotOpen) as refused:
        opened.do("监督员二", casework.complete_task, task.id, answers=answering.accept(opened))
    assert refused.value.facts["by"] == "监督员乙"


def test_a_stranger_is_not_told_who_completed_a_task(opened: House) -> None:
    task = opened.task("decide_acceptance")
    opened.complete("decide_acceptance", "监督员乙", answering.accept(opened))
    with pytest.raises(NotAllowed):
        opened.do("送达员丑", casework.complete_task, task.id, answers={})


def test_whoever_registered_a_clue_may_not_accept_it(house: House) -> None:
    house.also("登记员甲", "supervision_body")
    Story(house).opened()
    with pytest.raises(ConflictOfInterest) as refused:
        house.complete("decide_acceptance", "登记员甲", answering.accept(house))
    assert refused.value.facts["rule"] == "intake_clerk/supervision_body"
    assert desk(house, "登记员甲") == []


def test_wrong_answers_leave_everything_as_it_was(opened: House) -> None:
    task, case = opened.task("decide_acceptance"), opened.case()
    with pytest.raises(InvalidInput) as refused:
        opened.complete("decide_acceptance", "监督员乙", {"acceptance": "maybe", "no_such_field": 1})
    assert {problem.path for problem in refused.value.problems} >= {"acceptance", "no_such_field", "follows_advice"}
    assert opened.task("decide_acceptance").version == task.version
    assert opened.case().version == case.version


def test_a_date_before_the_event_it_follows_is_refused_across_the_stages(house: House) -> None:
    Story(house).opened().accepted().inquired()
    with pytest.raises(InvalidInput) as refused:
        house.complete("approve_filing", "批准人丙", answering.file(house, filed_at="2026-03-01"))
    assert [(problem.path, problem.code) for problem in refused.value.problems] == [("filed_at", "too_early")]


def test_a_refusal_is_recorded_in_the_ledger(opened: House) -> None:
    with pytest.raises(InvalidInput):
        opened.complete("decide_acceptance", "监督员乙", {})
    entry = opened.read(lambda s: s.query(LedgerEntry).order_by(LedgerEntry.id.desc()).first())
    assert (entry.act, entry.actor, entry.body["code"]) == ("act.refused", "监督员乙", "invalid_input")
    assert "follows_advice" in entry.body["fields"]


def test_every_verb_leaves_one_entry_and_the_chain_holds(opened: House) -> None:
    case_id, before = opened.case().id, opened.case().ledger_count
    task = opened.task("decide_acceptance")
    opened.do("监督员乙", casework.claim_task, task.id)
    opened.do("监督员乙", casework.add_signer, task.id, person=opened.people["监督员二"], reason="事关重大")
    opened.do("登记员甲", casework.urge_task, task.id, reason="期限将届满")
    opened.complete("decide_acceptance", "监督员乙", answering.accept(opened))
    opened.sign("decide_acceptance", "监督员二")
    assert opened.case().ledger_count == before + 5
    assert opened.read(lambda s: ledger.verify(s, case_id)).holds


def test_a_draft_is_kept_for_its_writer_alone(opened: House) -> None:
    task = opened.task("decide_acceptance")
    opened.do("监督员乙", casework.save_draft, task.id, {"acceptance": "refuse"})
    assert look(opened, "监督员乙", task.id).draft == {"acceptance": "refuse"}
    assert look(opened, "监督员二", task.id).draft is None
    assert look(opened, "监督员二", task.id).other_drafts == ("监督员乙",)


def test_a_draft_is_stored_sealed(opened: House) -> None:
    task = opened.task("decide_acceptance")
    opened.do("监督员乙", casework.save_draft, task.id, {"reasons": "举报人李某"})
    (draft,) = opened.read(lambda s: s.query(Draft).all())
    assert "李某".encode() not in draft.sealed


@pytest.fixture
def opened(house: House) -> House:
    """A clue is registered; two people could decide on its acceptance."""
    house.hire("监督员二", "supervision_body")
    Story(house).opened()
    return house


def look(house: House, name: str, task_id: str) -> worklists.TaskView:
    actor = house.actor(name)
    return house.read(lambda s: worklists.task(s, actor, house.releases, house.vault, task_id))


def desk(house: House, name: str) -> list[worklists.TaskLine]:
    actor = house.actor(name)
    return list(house.read(lambda s: worklists.my_tasks(s, actor, house.law)).items)
