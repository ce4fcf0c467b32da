"""Waiting without waiting: the clock of the demonstration is moved from one midnight to the next, and at each of them the real
sweep does what is due. May never do anything to a case itself.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta

from engine.periods import ZONE
from wenze.clock import MovableClock, Sweeper

OFFICE_OPENS = time(9, 0)
A_WHILE = timedelta(minutes=20)
"""Between two acts of one day."""


class Waiting:
    """A clock that is moved, and the sweep that goes with it."""

    def __init__(self, clock: MovableClock, sweeper: Sweeper) -> None:
        self._clock = clock
        self._sweeper = sweeper

    @property
    def now(self) -> datetime:
        """The moment, in the jurisdiction."""
        return self._clock.now().astimezone(ZONE)

    def until(self, moment: datetime, look: Callable[[], None]) -> None:
        """Go on to a moment; at every midnight before it, and at the moment itself, what is due is done.

        Args:
            look: called wherever something was done.
        """
        while (midnight := _next_midnight(self.now)) < moment:
            self._at(midnight, look)
        self._at(moment, look)

    def a_while(self) -> None:
        """Go on a little within the day."""
        self._clock.move(A_WHILE)

    def _at(self, moment: datetime, look: Callable[[], None]) -> None:
        self._clock.move_to(moment)
        if self._sweeper.sweep().acts:
            look()


def _next_midnight(now: datetime) -> datetime:
    return datetime.combine(now.date() + timedelta(days=1), time(), tzinfo=now.tzinfo)
