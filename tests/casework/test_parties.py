"""Naming one more party, and saying which account is theirs."""

from __future__ import annotations

from typing import Any

import pytest

from tests.casework import answering
from tests.casework.house import House
from tests.casework.storytelling import Story
from workflows import casework, parties, worklists
from workflows.errors import InvalidInput, NotAllowed, NotFound, NotPossible, Stale
from workflows.records import LedgerEntry, ProtectedValue


def test_a_party_named_later_can_be_chosen_as_respondent_at_the_filing(opened: House) -> None:
    add(opened)
    story = Story(opened).accepted().inquired()

    story.filed(respondents=[party.id for party in opened.parties() if party.name == "科长酉"])

    assert {party.name for party in opened.parties() if party.role == "respondent"} == {"科长酉"}


def test_naming_a_party_is_recorded_with_its_reason(opened: House) -> None:
    _, party = add(opened)

    entry = opened.read(lambda s: s.query(LedgerEntry).filter_by(act="party.added").one())
    assert (entry.subject, entry.reason) == (f"party:{party}", "核查中发现")


def test_nobody_becomes_a_respondent_without_the_filing(opened: House) -> None:
    with pytest.raises(NotPossible):
        add(opened, role="respondent")


def test_the_name_of_a_complainant_is_sealed_and_not_in_the_file(opened: House) -> None:
    add(opened, role="complainant", name="举报人李某", post="店主")

    assert "李某" not in str([(party.name, party.post) for party in opened.parties()])
    values = opened.read(lambda s: s.query(ProtectedValue).all())
    assert {opened.vault.open(value.sealed) for value in values} == {"举报人李某", "店主"}
    assert "李某" not in opened.read(lambda s: str([entry.body for entry in s.query(LedgerEntry).all()]))


def test_whoever_may_not_name_parties_is_refused(opened: House) -> None:
    Story(opened).accepted()

    with pytest.raises(NotAllowed):
        add(opened, by="批准人丙")


def test_a_party_is_not_named_in_a_case_one_may_not_open(opened: House) -> None:
    with pytest.raises(NotFound):
        add(opened, by="调查员丁")


@pytest.mark.parametrize(
    ("own", "path"),
    [({"kind": "animal"}, "kind"), ({"role": "king"}, "role"), ({"role": "panel"}, "role")],
)
def test_kind_and_role_are_those_there_are(opened: House, own: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        add(opened, **own)

    assert [problem.path for problem in refused.value.problems] == [path]


def test_a_unit_has_no_account(opened: House) -> None:
    with pytest.raises(InvalidInput) as refused:
        add(opened, kind="unit", person_id=opened.people["调查员己"])
    assert [problem.path for problem in refused.value.problems] == ["person_id"]

    unit = next(party.id for party in opened.parties() if party.kind == "unit")
    with pytest.raises(NotPossible):
        link(opened, unit, "调查员己")


def test_nobody_is_a_party_twice(opened: House) -> None:
    with pytest.raises(NotPossible):
        add(opened, person_id=opened.people["执法员未"])


def test_a_party_is_not_named_twice_by_two_who_read_the_same_file(opened: House) -> None:
    version = opened.case().version
    add(opened, expected=version)

    with pytest.raises(Stale) as refused:
        add(opened, expected=version)

    assert refused.value.facts["act"] == "party.added"


def test_a_task_that_waits_for_a_party_is_theirs_once_the_account_is_known(house: House) -> None:
    story = Story(house)
    house.do(
        "登记员甲",
        casework.open_case,
        unit_id=house.unit,
        kind="liability",
        title="处罚决定逾期",
        answers=answering.clue(house),
    )
    story.accepted().inquired().filed().investigated().determined().noticed()
    officer = next(party.id for party in house.parties() if party.kind == "person")

    link(house, officer, "执法员未", by="督办员午")

    assert house.task("state_defence").assignee_id == house.people["执法员未"]
    assert [line.name for line in desk(house, "执法员未")] == [house.task("state_defence").name]


def test_a_wrong_account_can_be_put_right(opened: House) -> None:
    officer = next(party.id for party in opened.parties() if party.kind == "person")

    link(opened, officer, "调查员己")

    entry = opened.read(lambda s: s.query(LedgerEntry).filter_by(act="party.linked").one())
    what = entry.body["what"]
    assert (what["from"], what["person"]) == (opened.people["执法员未"], opened.people["调查员己"])
    with pytest.raises(NotPossible):
        link(opened, officer, "调查员己")


def test_the_party_of_another_case_is_not_linked(opened: House) -> None:
    elsewhere = next(party.id for party in opened.parties() if party.kind == "person")
    Story(opened).opened()

    with pytest.raises(NotFound):
        link(opened, elsewhere, "调查员己")


def add(house: House, by: str = "登记员甲", **own: Any) -> Any:
    given = {"name": "科长酉", "kind": "person", "role": "concerned", "post": "科长", "reason": "核查中发现", **own}
    return house.do(by, lambda acting: parties.add(acting, house.case().id, **given))


def link(house: House, party_id: str, person: str, by: str = "登记员甲") -> Any:
    return house.do(
        by, parties.link, house.case().id, party_id, person_id=house.people[person], reason="本人已开通账号"
    )


def desk(house: House, name: str) -> list[worklists.TaskLine]:
    actor = house.actor(name)
    return list(house.read(lambda s: worklists.my_tasks(s, actor, house.law)).items)


@pytest.fixture
def opened(house: House) -> House:
    """A clue is registered, naming one officer with an account and a unit."""
    Story(house).opened()
    return house
