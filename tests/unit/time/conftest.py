from pathlib import Path

import pytest
from hypothesis import settings

from engine import calendars
from engine.calendars import Calendar
from workflows import catalogue
from workflows.catalogue import Catalogue

# No test depends on the wall clock: a busy machine must not fail a property.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

BPMN = Path(__file__).parents[3] / "bpmn"


def sources(*folders: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for folder in folders for path in sorted((BPMN / folder).glob("*.yaml"))}


@pytest.fixture(scope="session")
def calendar() -> Calendar:
    """The shipped calendar."""
    return calendars.load(sources("calendars"))


@pytest.fixture(scope="session")
def law() -> Catalogue:
    """The shipped catalogue under the reference profile."""
    return catalogue.load(sources("deadlines", "profiles"), profile="REF")
