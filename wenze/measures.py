"""What is measured while running, for Prometheus. One registry for each application. May never hold a name or an id of a case."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_LATE = (1, 5, 15, 30, 60, 300, 3600, 86400)


class Measures:
    """Counters and histograms of one application."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Histogram(
            "wenze_request_seconds",
            "Time to answer a request.",
            ("route", "method", "status"),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._sweeps = Histogram("wenze_sweep_seconds", "Time of a sweep.", buckets=_SECONDS, registry=self.registry)
        self._fired = Counter("wenze_clock_acts", "What the clock did because a limit passed.", registry=self.registry)
        self._stalled = Counter("wenze_clock_stalled", "Cases whose sweep failed.", registry=self.registry)
        self._late = Histogram(
            "wenze_deadline_late_seconds",
            "How long after its end a limit was enforced.",
            buckets=_LATE,
            registry=self.registry,
        )
        self._last = Gauge("wenze_last_sweep_timestamp_seconds", "When the last sweep ended.", registry=self.registry)

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        """A request was answered. `route` is the rule, never the address: addresses hold ids."""
        self._requests.labels(route, method, str(status)).observe(seconds)

    def swept(self, acts: int, stalled: int, seconds: float, *, at: datetime) -> None:
        """A sweep ended."""
        self._fired.inc(acts)
        self._stalled.inc(stalled)
        self._sweeps.observe(seconds)
        self._last.set(at.timestamp())

    def late(self, seconds: Iterable[int]) -> None:
        """Limits were enforced, each so long after its end."""
        for late in seconds:
            self._late.observe(late)

    def text(self) -> bytes:
        """All of it, as Prometheus reads it."""
        return generate_latest(self.registry)
