"""The decision tables of the liability procedure say what the law and the house rules say, in their order."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from engine import decisions

GOOD = {
    "object_concrete": True,
    "facts_concrete": True,
    "in_scope": True,
    "in_jurisdiction": True,
    "within_limitation": True,
    "already_handled": False,
    "duplicate": False,
    "remedy_pending": False,
    "supervisory_handling": False,
}


def test_a_clue_that_meets_every_condition_is_to_be_accepted(ask):
    assert ask("accept_clue", GOOD).result == {"acceptance": "accept", "reason": None}


@pytest.mark.parametrize(
    ("change", "acceptance", "reason"),
    [
        ({"supervisory_handling": True}, "refuse", "SUPERVISORY_ORGAN_HANDLING"),
        ({"in_jurisdiction": False}, "transfer", "NO_JURISDICTION"),
        ({"in_scope": False}, "refuse", "OUT_OF_SCOPE"),
        ({"already_handled": True}, "refuse", "DUPLICATE"),
        ({"duplicate": True}, "merge", "DUPLICATE"),
        ({"remedy_pending": True}, "suspend", "IN_REMEDY"),
        ({"within_limitation": False}, "refuse", "TIME_BARRED"),
        ({"object_concrete": False}, "refuse", "NO_FACTS"),
        ({"facts_concrete": False}, "refuse", "NO_FACTS"),
    ],
)
def test_each_obstacle_has_its_own_advice(ask, change: Mapping[str, bool], acceptance: str, reason: str):
    assert ask("accept_clue", {**GOOD, **change}).result == {"acceptance": acceptance, "reason": reason}


def test_who_may_handle_it_is_asked_before_what_it_says(ask):
    both = {**GOOD, "in_jurisdiction": False, "facts_concrete": False}
    assert ask("accept_clue", both).result["acceptance"] == "transfer"


@pytest.mark.parametrize(
    ("knew", "ignored", "missed", "degree"),
    [
        (True, False, False, "INTENT"),
        (True, True, True, "INTENT"),
        (False, True, False, "GROSS_NEGLIGENCE"),
        (False, True, True, "GROSS_NEGLIGENCE"),
        (False, False, True, "ORDINARY_NEGLIGENCE"),
        (False, False, False, "NO_FAULT"),
    ],
)
def test_fault_is_graded_by_knowledge_then_by_duty(ask, knew: bool, ignored: bool, missed: bool, degree: str):
    assert ask("fault_degree", {"knew_unlawful": knew, "duty_ignored": ignored, "duty_missed": missed}).result == degree


def test_every_advice_says_why_in_both_languages_and_by_which_rule(tables):
    for table in tables.values():
        for rule in table.rules:
            assert all((rule.source, rule.why, rule.why_en)), (table.id, rule.number)


@pytest.fixture(scope="module")
def tables() -> dict[str, decisions.Decision]:
    found: dict[str, decisions.Decision] = {}
    for path in sorted(Path("bpmn/decisions").glob("*.dmn")):
        found.update(decisions.load(path.read_bytes(), name=path.name))
    return found


@pytest.fixture
def ask(tables):
    def ask(table: str, inputs: Mapping[str, Any]) -> decisions.Outcome:
        return decisions.decide(tables[table], inputs)

    return ask
