"""Clocks that tell the time, and the ticker that knocks."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from wenze.clock import MovableClock, SystemClock, Ticker

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def test_a_movable_clock_stands_still_until_it_is_moved() -> None:
    clock = MovableClock(START)

    assert clock.now() == clock.now() == START
    clock.move(timedelta(days=60))
    assert clock.now() == START + timedelta(days=60)


def test_a_clock_does_not_go_back() -> None:
    with pytest.raises(ValueError, match="back"):
        MovableClock(START).move(timedelta(seconds=-1))


def test_a_clock_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="zone"):
        MovableClock(datetime(2026, 3, 2))  # noqa: DTZ001 - that is the point


def test_the_time_of_the_machine_has_a_zone() -> None:
    assert SystemClock().now().utcoffset() == timedelta(0)


def test_the_ticker_knocks_at_once_and_again_even_after_a_failure() -> None:
    sweeper = Failing()
    ticker = Ticker(sweeper, seconds=1)
    ticker.start()

    assert sweeper.swept_twice.wait(timeout=10)
    ticker.stop()


class Failing:
    """A sweeper whose every sweep fails."""

    def __init__(self) -> None:
        self.swept_twice = threading.Event()
        self.times = 0

    def sweep(self) -> None:
        self.times += 1
        if self.times == 2:
            self.swept_twice.set()
        raise RuntimeError("the database is away")

    def recount(self) -> None:
        pass

    def tidy(self) -> None:
        pass
