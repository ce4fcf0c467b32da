"""Who sees what, when: handlers their cases, the respondent what the law lets them know, nobody the reporter without a record."""

from __future__ import annotations

from typing import Any

import pytest

from tests.casework import answering
from tests.casework.house import House
from tests.casework.storytelling import Story
from workflows import casework, choices, evidence, worklists
from workflows.errors import NotAllowed, NotFound
from workflows.evidence import StoredFile
from workflows.records import LedgerEntry, ProtectedValue, Task

FILE = StoredFile(name="情况说明.pdf", media_type="application/pdf", size=12, sha256="b" * 64)


def test_a_case_is_open_to_its_handlers_and_the_supervisor_and_to_nobody_else(house: House) -> None:
    Story(house).opened()
    seeing = {name for name in house.people if sees(house, name)}
    assert seeing == {"登记员甲", "监督员乙", "督办员午"}


def test_a_list_of_cases_holds_what_can_be_opened_and_no_more(house: House) -> None:
    Story(house).opened().accepted()
    for name in house.people:
        actor = house.actor(name)
        listed = house.read(lambda s, actor=actor: worklists.cases(s, actor, house.law)).items
        assert bool(listed) == sees(house, name), name


def test_a_case_has_no_place_for_a_stranger_who_knows_its_id(house: House) -> None:
    Story(house).opened()
    with pytest.raises(NotFound):
        open_case(house, "人事寅")


def test_a_respondent_knows_nothing_of_a_clue(house: House) -> None:
    Story(house).opened().accepted().inquired()
    assert matters(house) == ()


def test_a_respondent_is_told_of_the_filing_and_sees_no_evidence(house: House) -> None:
    Story(house).opened().accepted().inquired().filed()
    (matter,) = matters(house)
    assert (matter["standing"], matter["outcome"]) == ("told", None)
    with pytest.raises(NotFound):
        open_case(house, "执法员未")


def test_the_outcome_is_shown_to_the_respondent_once_it_was_served(house: House) -> None:
    story = Story(house).opened().accepted().inquired().filed().investigated().determined().noticed().defended()
    story.found_lawful().resolved().decided()
    assert matters(house)[0]["outcome"] is None
    story.served()
    assert matters(house)[0]["outcome"]["outcome"] == "CRITICISM_EDUCATION"


def test_a_respondent_sees_the_own_limits_and_what_can_be_done(house: House) -> None:
    Story(house).until_served()
    matter = own_matter(house)
    assert [clock.rule for clock in matter["clocks"] if clock.state == "running"] == ["T-LI-11"]
    assert "appeal" in matter["actions"]


def test_a_respondent_sees_no_names_of_other_parties_in_a_form(house: House) -> None:
    Story(house).until_served()
    actor, case = house.actor("执法员未"), house.case()
    offers = house.read(lambda s: choices.offered(s, house.law, case, actor, ["parties"]))
    assert [choice.zh for choice in offers["parties"]] == ["执法员未"]


def test_the_identity_of_a_reporter_is_sealed_apart_from_the_answers(reported: House) -> None:
    (task,) = reported.read(lambda s: s.query(Task).filter_by(node="register_clue").all())
    assert "举报人李某" not in str(task.answers)
    values = reported.read(lambda s: s.query(ProtectedValue).all())
    assert {value.field for value in values} == {"complainant_name", "complainant_contact"}
    assert all("李某".encode() not in value.sealed for value in values)


def test_opening_the_identity_of_a_reporter_is_recorded_with_the_reason(reported: House) -> None:
    assert reveal(reported, "登记员甲", "答复举报人") == "举报人李某"
    (entry,) = reported.read(lambda s: s.query(LedgerEntry).filter_by(act="protected.read").all())
    assert (entry.actor, entry.reason) == ("登记员甲", "答复举报人")


def test_nobody_without_the_right_opens_the_identity_of_a_reporter(reported: House) -> None:
    with pytest.raises(NotAllowed):
        reveal(reported, "监督员乙", "想知道是谁")
    (entry,) = reported.read(lambda s: s.query(LedgerEntry).filter_by(act="act.refused").all())
    assert entry.actor == "监督员乙"


def test_the_ledger_holds_no_answers_but_their_digest(reported: House) -> None:
    entries = reported.read(lambda s: s.query(LedgerEntry).all())
    assert not any("李某" in str(entry.body) or "落款" in str(entry.body) for entry in entries)
    assert any("answers" in str(entry.body) for entry in entries)


def test_what_a_respondent_hands_in_is_theirs_to_see(house: House) -> None:
    Story(house).opened().accepted().inquired().filed()
    _, item = house.do("执法员未", evidence.register, house.case().id, FILE, "说明")
    found = house.do("执法员未", evidence.item, house.law, item)
    assert found.party_id == next(party.id for party in house.parties() if party.kind == "person")


def test_a_respondent_cannot_open_what_others_handed_in(house: House) -> None:
    story = Story(house).opened().accepted().inquired().filed().investigated()
    with pytest.raises(NotFound):
        house.do("执法员未", evidence.item, house.law, story.item)


def test_evidence_of_a_case_one_may_not_open_is_not_added(house: House) -> None:
    Story(house).opened()
    with pytest.raises(NotFound):
        house.do("调查员丁", evidence.register, house.case().id, FILE)


def test_a_task_that_nobody_may_take_is_seen_by_the_supervisor_alone(house: House) -> None:
    Story(house).opened()
    task = house.task("decide_acceptance")
    with house.engine.begin() as connection:
        connection.execute(Task.__table__.update().where(Task.id == task.id).values(queue=None))
    seeing = [name for name in house.people if task.id in desk(house, name)]
    assert seeing == ["督办员午"]


def test_a_desk_is_read_page_by_page_without_gaps_or_repeats(house: House) -> None:
    for _ in range(7):
        Story(house).opened()
    actor, seen, after = house.actor("监督员乙"), [], None
    while True:
        page = house.read(lambda s, after=after: worklists.my_tasks(s, actor, house.law, after=after, limit=3))
        seen += [line.id for line in page.items]
        after = page.next
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 7


def test_a_page_is_full_even_where_the_most_urgent_tasks_are_barred_to_its_reader(house: House) -> None:
    """Who registered a clue does not decide on its acceptance, whatever other roles they hold."""
    house.also("登记员甲", "supervision_body")
    house.hire("登记员酉", "intake_clerk")
    for _ in range(5):
        Story(house).opened()
    barred = {task.id for task in house.tasks()}
    answers = answering.clue(house)
    how = {"unit_id": house.unit, "kind": "liability", "title": "处罚决定逾期", "answers": answers}
    house.do("登记员酉", casework.open_case, **how)
    (open_to_them,) = {task.id for task in house.tasks()} - barred

    actor = house.actor("登记员甲")
    page = house.read(lambda s: worklists.my_tasks(s, actor, house.law, limit=1))

    assert [line.id for line in page.items] == [open_to_them]
    assert page.next is None


@pytest.fixture
def reported(house: House) -> House:
    """A clue with a named reporter."""
    Story(house).opened(anonymous=False, complainant_name="举报人李某", complainant_contact="138 0000 0000")
    return house


def reveal(house: House, name: str, reason: str) -> Any:
    value = house.read(lambda s: s.query(ProtectedValue).filter_by(field="complainant_name").one())
    return house.do(name, evidence.open_protected, house.case().id, value.id, reason)


def sees(house: House, name: str) -> bool:
    try:
        open_case(house, name)
    except NotFound:
        return False
    return True


def open_case(house: House, name: str) -> worklists.CaseView:
    actor, case_id = house.actor(name), house.case().id
    return house.read(lambda s: worklists.case(s, actor, house.releases, house.law, case_id))


def matters(house: House) -> Any:
    actor = house.actor("执法员未")
    return house.read(lambda s: worklists.my_matters(s, actor))


def own_matter(house: House) -> Any:
    actor, case_id = house.actor("执法员未"), house.case().id
    return house.read(lambda s: worklists.own_matter(s, actor, house.releases, case_id))


def desk(house: House, name: str) -> list[str]:
    actor = house.actor(name)
    return [line.id for line in house.read(lambda s: worklists.my_tasks(s, actor, house.law)).items]
