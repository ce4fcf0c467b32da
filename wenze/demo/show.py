"""All cases, or some, walked in an installation that is thrown away afterwards. May never touch a database of anybody's."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from argon2 import PasswordHasher

from api.passwords import Passwords
from engine.periods import ZONE
from wenze import demo_house, law, schema
from wenze.application import Application, create_app
from wenze.clock import MovableClock
from wenze.demo import organ
from wenze.demo.cases import Case
from wenze.demo.telling import Teller
from wenze.demo.verdicts import Verdict, verdicts
from wenze.demo.waiting import OFFICE_OPENS
from wenze.demo.walk import Walk
from wenze.settings import Settings
from workflows.releases import Releases

ORIGINAL = "organ"
THROWN_AWAY = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
"""For accounts that live as long as the command, and into which nobody signs with a password."""


def show(cases: Sequence[Case], teller: Teller) -> dict[str, list[Verdict]]:
    """Walk these cases, each on the same day's beginning with an organ of its own.

    Returns:
        Name of each case → what was expected of it, and whether it came.

    Raises:
        WentWrong: the API answered otherwise than the chronicle tells.
    """
    found = {}
    teller.begin()
    with tempfile.TemporaryDirectory(prefix="wenze-demo-") as made:
        stage = _Stage(Path(made), cases)
        for case in cases:
            found[case.name] = stage.walk(case, teller)
    teller.end(found)
    return found


class _Stage:
    """A folder with an organ as it was founded, and a copy of it for each case."""

    def __init__(self, folder: Path, cases: Sequence[Case]) -> None:
        self._folder = folder
        self._releases = Releases()
        self._settings = Settings(instance=folder / ORIGINAL, port=0, log_level="error")
        self._begins = min(datetime.combine(case.story[0][0], OFFICE_OPENS, tzinfo=ZONE) for case in cases)
        application, clock = self._open(self._settings)
        schema.metadata().create_all(application.ground.database.engine)
        law.publish(application.ground, law.read(self._settings.law), clock.now())
        demo_house.furnish(application)
        application.close()

    def walk(self, case: Case, teller: Teller) -> list[Verdict]:
        """One case from its first day to its last."""
        own = replace(self._settings, instance=self._folder / case.name)
        shutil.copytree(self._settings.instance, own.instance)
        application, clock = self._open(own)
        teller.case(case)
        try:
            with organ.at_work(application, clock, teller.language) as at_work:
                walk = Walk(case, at_work.office, at_work.waiting, teller.event)
                walk.whole()
                found = verdicts(walk)
        finally:
            application.close()
        teller.verdicts(case.name, found)
        return found

    def _open(self, settings: Settings) -> tuple[Application, MovableClock]:
        clock = MovableClock(self._begins)
        return create_app(settings, clock=clock, passwords=THROWN_AWAY, releases=self._releases), clock
