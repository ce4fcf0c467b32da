"""Limits asked for over HTTP: extended as the law allows and no further, and without the time that does not count."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.journeys.described import Document
from tests.journeys.visitors import Visitor
from wenze.application import Application

SEIZURE = "/deadline-rules/CM-SEIZE/due?from=2023-06-15"


def test_the_catalogue_says_how_far_a_limit_may_be_extended(asking: Visitor) -> None:
    rules = {rule["key"]: rule["extension"] for rule in asking.get("/deadline-rules").json["items"]}

    assert rules["CM-SEIZE"] == {
        "period": {"value": 30, "unit": "days"},
        "times": 1,
        "cap": {"value": 60, "unit": "days"},
        "mark": "V:S2",
    }
    assert rules["PEN-DECIDE"] is None


def test_an_extension_is_one_run_with_the_limit(asking: Visitor) -> None:
    answer = asking.get(f"{SEIZURE}&until=2023-08-22&extended_by=30")

    assert answer.json["due"] == "2023-08-14"
    assert answer.json["judgement"] == {"in_time": False, "late_by_days": 8, "late_by_working_days": 6}


def test_time_that_does_not_count_moves_the_end(asking: Visitor) -> None:
    answer = asking.get(f"{SEIZURE}&until=2023-08-22&extended_by=30&excluded=2023-06-20/2023-07-01")

    assert (answer.json["due"], answer.json["judgement"]["in_time"]) == ("2023-08-26", True)


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ("extended_by=30,30", "extended_by"),
        ("extended_by=31", "extended_by"),
        ("extended_by=0", "extended_by"),
        ("extended_by=thirty", "extended_by"),
        ("excluded=2023-07-01/2023-06-20", "excluded"),
        ("excluded=some days", "excluded"),
    ],
)
def test_what_the_law_does_not_allow_is_refused_with_the_field(asking: Visitor, asked: str, path: str) -> None:
    answer = asking.get(f"{SEIZURE}&{asked}")

    assert answer.status_code == 422
    assert [error["path"] for error in answer.json["errors"]] == [path]


@pytest.fixture
def asking(visitor: Callable[..., Visitor], application: Application) -> Visitor:
    """Somebody of the organ; every answer is held against the OpenAPI document."""
    found = visitor("clerk")
    found.after = Document(application).check
    return found
