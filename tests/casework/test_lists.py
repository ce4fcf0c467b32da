"""Lists and files as they are read: searching, and what a party sees of their own matter."""

from __future__ import annotations

from tests.casework import answering
from tests.casework.house import House
from tests.casework.storytelling import Story
from workflows import worklists
from workflows.worklists import CaseLine


def test_cases_are_found_by_a_part_of_their_number_or_title(house: House) -> None:
    Story(house).opened()
    number = house.case().number
    assert found(house, search=number[-4:]) == [number]
    assert found(house, search="决定逾") == [number]
    assert found(house, search="扣押") == []


def test_signs_that_a_database_gives_a_meaning_stand_for_themselves(house: House) -> None:
    Story(house).opened()
    assert found(house, search="%") == []
    assert found(house, search="_") == []


def test_cases_are_found_by_their_state(house: House) -> None:
    Story(house).opened()
    assert found(house, state="REGISTERED") == [house.case().number]
    assert found(house, state="SERVED") == []


def test_nobody_finds_by_searching_what_they_may_not_open(house: House) -> None:
    Story(house).opened()
    assert found(house, "法制员庚", search=house.case().number) == []


def test_a_party_sees_what_they_were_told_and_nothing_else_of_that_step(house: House) -> None:
    story = Story(house).opened().accepted().inquired().filed().investigated().determined().noticed()
    told = own_matter(house)["told"]
    assert [each.task_name.zh for each in told] == ["送达告知书", "送达立案通知"]
    assert told[0].answers["facts_told"] == answering.give_notice(house, story.item)["facts_told"]
    assert told[0].answers["evidence_told"] == [(1, "决定书.pdf")]
    assert "proof" not in told[0].answers


def test_a_party_sees_how_far_it_has_come_and_within_which_limit_they_may_apply(house: House) -> None:
    Story(house).until_served()
    matter = own_matter(house)
    (way,) = [each for each in matter["ways"] if each.action == "appeal"]
    assert [clock.rule for clock in matter["clocks"] if clock.id == way.clock_id] == ["T-LI-11"]
    assert [view.process for view in matter["proceedings"]] == ["li_main"]


def test_a_party_sees_what_they_handed_in_and_applied_for(house: House) -> None:
    Story(house).until_served().appealed()
    matter = own_matter(house)
    assert [each.name.zh for each in matter["applications"]] == ["申请复核"]
    assert matter["evidence"] == ()
    assert [view.process for view in matter["proceedings"]] == ["li_main", "li_review"]


def test_the_file_shows_what_was_applied_for(house: House) -> None:
    Story(house).until_served().appealed()

    def read(session):
        return worklists.case(session, house.actor("督办员午"), house.releases, house.law, house.case().id)

    (said,) = house.read(read).applications
    assert (said.action, said.by, said.name.en) == ("appeal", "执法员未", "Application for review")
    assert said.answers["requests"]


# --- what they need


def found(house: House, who: str = "督办员午", **wanted: str) -> list[str]:
    page = house.read(lambda session: worklists.cases(session, house.actor(who), house.law, **wanted))
    lines: tuple[CaseLine, ...] = page.items
    return [line.number for line in lines]


def own_matter(house: House):
    return house.read(
        lambda session: worklists.own_matter(session, house.actor("执法员未"), house.releases, house.case().id)
    )
