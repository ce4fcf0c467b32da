"""Separation of duties and recusal: checked when a task is given and again when it is completed, by person."""

from __future__ import annotations

import pytest

from tests.casework import answering
from tests.casework.house import House
from tests.casework.storytelling import Story
from workflows import casework, people, policy, worklists
from workflows.errors import ConflictOfInterest, InvalidInput, NotAllowed
from workflows.policy import Parts
from workflows.records import Case, Task


def test_whoever_investigated_may_not_review_the_legality(house: House) -> None:
    house.also("调查员丁", "legal_reviewer")
    Story(house).opened().accepted().inquired().filed().investigated().determined().noticed().defended()
    with pytest.raises(ConflictOfInterest) as refused:
        house.complete("review_legality", "调查员丁", answering.review_legality(house))
    assert (refused.value.facts["rule"], refused.value.facts["source"]) == (
        "investigator/legal_reviewer",
        "行政处罚法第五十八条",
    )


def test_whoever_investigated_may_not_decide(house: House) -> None:
    house.also("调查员戊", "decider")
    Story(
        house
    ).opened().accepted().inquired().filed().investigated().determined().noticed().defended().found_lawful().resolved()
    with pytest.raises(ConflictOfInterest):
        house.complete("decide_outcome", "调查员戊", answering.decide(house))


def test_the_second_signature_counts_as_much_as_the_first(house: House) -> None:
    Story(house).opened().accepted().inquired()
    for name in ("调查员丁", "调查员戊"):
        parts = house.read(lambda s, name=name: policy.parts_of(s, house.case().id, house.people[name]))
        assert "investigator" in parts.acted


def test_a_conflict_that_arises_after_the_claim_is_found_at_the_completion(house: House) -> None:
    house.also("调查员己", "legal_reviewer")
    Story(house).opened().accepted().inquired().filed().investigated().determined().noticed().defended()
    task = house.task("review_legality")
    house.do("调查员己", casework.claim_task, task.id)
    house.do(
        "执法员未",
        lambda acting: people.declare_relation(
            acting,
            person_id=house.people["执法员未"],
            other_id=house.people["调查员己"],
            kind="spouse",
            roles=house.law.roles,
        ),
    )
    with pytest.raises(ConflictOfInterest) as refused:
        house.do("调查员己", casework.complete_task, task.id, answers=answering.review_legality(house))
    assert refused.value.facts["rule"] == "relative"


def test_a_relative_of_the_respondent_is_never_offered_the_case(house: House) -> None:
    relate(house, "监督员乙", "执法员未")
    Story(house).opened()
    with pytest.raises(ConflictOfInterest):
        house.complete("decide_acceptance", "监督员乙", answering.accept(house))
    assert desk(house, "监督员乙") == []


def test_a_relative_is_not_appointed_to_investigate(house: House) -> None:
    relate(house, "调查员丁", "执法员未")
    Story(house).opened().accepted()
    with pytest.raises(ConflictOfInterest):
        house.complete("approve_inquiry", "批准人丙", answering.approve_inquiry(house))
    assert house.open_nodes() == {"approve_inquiry"}


def test_a_respondent_is_never_given_a_task_of_the_own_case(house: House) -> None:
    house.also("执法员未", "supervision_body")
    Story(house).opened()
    with pytest.raises(ConflictOfInterest) as refused:
        house.complete("decide_acceptance", "执法员未", answering.accept(house))
    assert refused.value.facts["rule"] == "party"
    assert desk(house, "执法员未") == []


def test_one_investigator_is_not_enough(house: House) -> None:
    Story(house).opened().accepted()
    with pytest.raises(InvalidInput) as refused:
        house.complete("approve_inquiry", "批准人丙", answering.approve_inquiry(house, "调查员丁"))
    assert [problem.path for problem in refused.value.problems] == ["preliminary_investigators"]


def test_only_the_appointed_are_offered_the_tasks_of_the_investigation(house: House) -> None:
    Story(house).opened().accepted().inquired().filed()
    assert "收集、调取证据" in [line.name for line in desk(house, "调查员丁")]
    assert desk(house, "调查员己") == []
    with pytest.raises(NotAllowed):
        house.do("调查员己", casework.claim_task, house.task("collect_evidence").id)


def test_the_appointed_alone_are_offered_the_very_next_task(house: House) -> None:
    Story(house).opened().accepted()
    house.complete("approve_inquiry", "批准人丙", answering.approve_inquiry(house))
    assert house.task("inquire").by_appointment
    assert desk(house, "调查员己") == []


def test_a_panel_is_not_convened_with_somebody_who_investigated(house: House) -> None:
    house.also("调查员丁", "panel")
    Story(house).opened().accepted().inquired().filed().investigated().determined().noticed().defended().found_lawful()
    with pytest.raises(ConflictOfInterest) as refused:
        house.complete("convene", "成员辛", answering.convene(house, "成员辛", "成员壬", "调查员丁"))
    assert refused.value.facts["rule"] == "investigator/panel"
    assert house.open_nodes() >= {"convene"}


def test_a_conflicting_colleague_cannot_be_handed_the_task(house: House) -> None:
    house.also("调查员戊", "legal_reviewer")
    Story(house).opened().accepted().inquired().filed().investigated().determined().noticed().defended()
    task = house.task("review_legality")
    house.do("法制员庚", casework.claim_task, task.id)
    with pytest.raises(ConflictOfInterest):
        house.do("法制员庚", casework.reassign_task, task.id, to=house.people["调查员戊"], reason="出差")


def test_a_recused_investigator_is_out_of_the_case_at_once(house: House) -> None:
    Story(house).opened().accepted().inquired().filed()
    task = house.task("collect_evidence")
    house.do("调查员丁", casework.claim_task, task.id)
    house.do("执法员未", casework.act_on_case, house.case().id, "recusal", reason="调查员丁与我有宿怨")
    house.complete("decide_recusal", "负责人子", recusal(house, "调查员丁"))
    assert house.task("collect_evidence").assignee_id is None
    with pytest.raises(ConflictOfInterest) as refused:
        house.do("调查员丁", casework.claim_task, task.id)
    assert refused.value.facts["rule"] == "recused"
    assert desk(house, "调查员丁") == []


def test_what_the_question_answers_the_list_shows(house: House) -> None:
    """The query filter and the question agree for everybody on every open task."""
    house.also("登记员甲", "supervision_body")
    house.also("执法员未", "supervision_body")
    relate(house, "监督员乙", "执法员未")
    Story(house).opened()
    for name in house.people:
        offered = {line.id for line in desk(house, name)}
        for task in house.tasks():
            assert (task.id in offered) == may_claim(house, name, task.id), (name, task.node)


@pytest.mark.parametrize(
    "pair", [("investigator", "decider"), ("legal_reviewer", "panel"), ("decider", "review_officer")]
)
def test_two_duties_exclude_each_other_both_ways(house: House, pair: tuple[str, str]) -> None:
    for held, wanted in (pair, pair[::-1]):
        with pytest.raises(ConflictOfInterest):
            policy.may_take_up(house.law.roles, wanted, Parts(held=frozenset({held})), case_id="x")


def may_claim(house: House, name: str, task_id: str) -> bool:
    def ask(session):
        task = session.get(Task, task_id)
        case = session.get(Case, task.case_id)
        parts = policy.parts_of(session, case.id, house.people[name])
        try:
            policy.may_work_on(actor, house.law.roles, task, case, parts)
        except NotAllowed:
            return False
        return True

    actor = house.actor(name)
    return house.read(ask)


def recusal(house: House, name: str) -> dict:
    return {
        "recusal_applicant": "respondent",
        "recused_person": house.people[name],
        "grounds": ["OTHER_RELATION"],
        "facts": "曾有诉讼。",
        "requested_at": house.today,
        "recusal_outcome": "recuse",
        "recusal_decided_at": house.today,
        "reasons": "可能影响公正。",
    }


def relate(house: House, one: str, other: str) -> None:
    house.do(
        one,
        lambda acting: people.declare_relation(
            acting, person_id=house.people[one], other_id=house.people[other], kind="sibling", roles=house.law.roles
        ),
    )


def desk(house: House, name: str) -> list[worklists.TaskLine]:
    actor = house.actor(name)
    return list(house.read(lambda s: worklists.my_tasks(s, actor, house.law)).items)
