"""How often something may be tried. Counted in memory, or in a store that several nodes share. May never know a request."""

from __future__ import annotations

import math
import time

from limits import RateLimitItem, parse_many
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter


class TooOften(Exception):
    """This was tried too often; it may be tried again later."""

    def __init__(self, retry_after: int) -> None:
        """`retry_after`: whole seconds until the next try."""
        self.retry_after = retry_after
        super().__init__(f"again in {retry_after} seconds")


def described(limits: str) -> tuple[int, int]:
    """The first of some limits in numbers: how many tries, in how many seconds."""
    first = parse_many(limits)[0]
    return first.amount, first.get_expiry()


class Rates:
    """Counts tries by key."""

    def __init__(self, store: str) -> None:
        """`store`: `memory://`, or the address of a shared store."""
        self._limiter = MovingWindowRateLimiter(storage_from_string(store))

    def try_once(self, limits: str, *key: str) -> None:
        """Count one try.

        Raises:
            TooOften: one of the limits is used up.
        """
        self.check(limits, *key)
        for item in parse_many(limits):
            if not self._limiter.hit(item, *key):
                raise TooOften(self._seconds_left(item, key))

    def check(self, limits: str, *key: str) -> None:
        """See whether another try is allowed, without counting one.

        Raises:
            TooOften: one of the limits is used up.
        """
        for item in parse_many(limits):
            if not self._limiter.test(item, *key):
                raise TooOften(self._seconds_left(item, key))

    def forget(self, limits: str, *key: str) -> None:
        """Forget all tries under a key."""
        for item in parse_many(limits):
            self._limiter.clear(item, *key)

    def _seconds_left(self, item: RateLimitItem, key: tuple[str, ...]) -> int:
        # The library counts by the wall clock; so must the answer.
        reset = self._limiter.get_window_stats(item, *key).reset_time
        return max(1, math.ceil(reset - time.time()))
