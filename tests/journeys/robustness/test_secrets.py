"""After a whole case with the log at its most talkative: no password, token, session, key or sealed value has got out."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

import pytest

from tests.databases import Maker
from tests.journeys.robustness.lives import ROOT

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Journey:
    """What a journey told, and what it said on its log."""

    told: dict[str, Any]
    log: str


def test_the_journey_was_a_whole_one(journey: Journey) -> None:
    assert {200, 201, 204, 400, 401, 403, 404, 409, 422, 500} <= set(journey.told["statuses"])
    assert all(text in journey.told["database"] for text in journey.told["private"])
    assert "answered" in journey.log
    assert "swept" in journey.log
    assert "content_missing" in journey.log


def test_no_secret_is_in_the_log(journey: Journey) -> None:
    assert leaks(journey, journey.log) == []


def test_nothing_that_people_wrote_and_no_name_is_in_the_log(journey: Journey) -> None:
    assert [text for text in journey.told["private"] if text in journey.log] == []


@pytest.mark.parametrize("where", ["refusals", "metrics", "ledger", "kept answers", "database"])
def test_no_secret_is_told_or_kept_in_the_clear(journey: Journey, where: str) -> None:
    assert leaks(journey, json.dumps(journey.told[where], ensure_ascii=False)) == []


def test_measures_hold_no_name_and_nothing_that_people_wrote(journey: Journey) -> None:
    assert [text for text in journey.told["private"] if text in journey.told["metrics"]] == []


def leaks(journey: Journey, text: str) -> list[str]:
    """Names of the secrets that stand in a text."""
    return [name for name, secret in journey.told["secrets"].items() if secret in text]


@pytest.fixture(scope="module", params=[("sqlite", "json"), ("postgresql", "text")], ids=lambda kind: kind[0])
def journey(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Journey:
    """The journey, in a process of its own: on each database, and in each form of the log."""
    kind, form = request.param
    maker: Maker = request.getfixturevalue(f"{kind}_maker")
    url = maker.make()
    words = [
        sys.executable,
        "-m",
        "tests.journeys.robustness.whole_journey",
        url,
        str(tmp_path_factory.mktemp("var")),
        form,
    ]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=300)
    maker.drop(url)
    assert done.returncode == 0, done.stderr[-4000:]
    return Journey(json.loads(done.stdout), done.stderr)
