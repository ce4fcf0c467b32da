"""What lies beside a task: what others owe, the limit that governs, what tables advise, who may help, what was answered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.casework.house import House
from tests.casework.storytelling import Story
from workflows import beside_task, casework, worklists
from workflows.errors import InvalidInput
from workflows.records import Task


def test_what_others_owe_is_listed_to_who_has_a_part_in_the_case(house: House) -> None:
    Story(house).opened().accepted()

    assert owed_to(house, "监督员乙") == ["approve_inquiry"]
    assert owed_to(house, "批准人丙") == []  # it waits for themselves
    assert owed_to(house, "法制员庚") == []  # no part in it


def test_what_waits_for_my_own_appointment_is_not_owed_by_others(house: House) -> None:
    Story(house).opened().accepted().inquired().filed()

    assert owed_to(house, "调查员丁") == []
    assert set(owed_to(house, "批准人丙")) == {"collect_evidence", "interview_respondent"}


def test_of_several_limits_the_first_to_end_governs_a_task(house: House) -> None:
    Story(house).opened().accepted().inquired().filed()
    task = house.task("collect_evidence")

    over = house.read(lambda session: worklists.clocks_over(session, house.releases, [task.id]))

    assert over[task.id].rule == "T-LI-06"
    assert over[task.id].due_at == task.due_at


def test_a_table_advises_by_what_was_found_about_each_party(house: House) -> None:
    Story(house).opened().accepted().inquired().filed().investigated()
    task = house.task("find_liability")
    party = next(party for party in house.parties() if party.role == "respondent")
    form = house.law.form("F-DETERMINE")

    def advised(session):
        view = worklists.task(session, house.actor("调查员丁"), house.releases, house.vault, task.id)
        given = {"determinations": [{"party": party.id}]}
        return beside_task.advice(session, house.releases, view, form, given, house.now)

    outcome = house.read(advised)["determinations.0.fault_degree"]
    assert outcome.result == "GROSS_NEGLIGENCE"
    assert outcome.rules[0]["number"] == 2


def test_a_task_is_handed_only_to_whom_nothing_excludes(house: House) -> None:
    Story(house).opened().accepted().inquired().filed()
    house.hire("调查员新", "investigator")
    task = house.task("collect_evidence")

    def free(session):
        view = worklists.task(session, house.actor("调查员丁"), house.releases, house.vault, task.id)
        return {each.zh for each in beside_task.colleagues_for(session, house.actor("调查员丁"), house.releases, view)}

    assert {"调查员戊", "调查员新"} <= house.read(free)
    assert "调查员丁" not in house.read(free)


def test_what_was_answered_is_read_with_names_and_what_is_sealed_stays_so(house: House) -> None:
    Story(house).opened(anonymous=False, complainant_name="李四", complainant_contact="邮箱李四")

    def written(session):
        clue = session.scalars(select(Task).where(Task.node == "register_clue")).one()
        view = worklists.task(session, house.actor("登记员甲"), house.releases, house.vault, clue.id)
        return beside_task.written_in(session, house.releases, view)

    found = house.read(written)
    assert found.sealed
    assert not set(found.sealed) & set(found.values)


def test_answers_are_checked_without_being_submitted(house: House) -> None:
    Story(house).opened()
    task, form = house.task("decide_acceptance"), house.law.form("F-ACCEPT")

    def check(session):
        who = house.actor("监督员乙")
        view = worklists.task(session, who, house.releases, house.vault, task.id)
        beside_task.check(session, who, house.releases, view, form, {"acceptance": "refuse"}, house.now)

    with pytest.raises(InvalidInput):
        house.read(check)
    assert house.task("decide_acceptance").version == task.version


def test_an_urging_is_remembered_on_the_line(house: House) -> None:
    Story(house).opened()
    house.do("督办员午", casework.urge_task, house.task("decide_acceptance").id, reason="期限将届满")

    lines = house.read(lambda session: worklists.waiting_for_others(session, house.actor("登记员甲"), house.law))

    assert house.now - lines[0].urged_at < timedelta(minutes=1)


def owed_to(house: House, who: str) -> list[str]:
    ids = house.read(lambda s: [each.id for each in worklists.waiting_for_others(s, house.actor(who), house.law)])
    return [task.node for task in house.tasks() if task.id in ids]
