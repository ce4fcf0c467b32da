"""The arithmetic of measures: what many samples come to. May never measure anything itself."""

from __future__ import annotations

import math
from collections.abc import Sequence


def percentile(samples: Sequence[float], share: float) -> float:
    """The smallest sample that at least `share` (0 to 1) of all samples do not exceed: the nearest rank, never a mixture.

    Raises:
        ValueError: there are no samples, or the share is none.
    """
    if not samples or not 0 <= share <= 1:
        raise ValueError("a percentile needs samples and a share from 0 to 1")
    return sorted(samples)[max(0, math.ceil(share * len(samples)) - 1)]


def rate(seconds: Sequence[float]) -> float:
    """How many a second, when each took so long and the next began at once."""
    return len(seconds) / math.fsum(seconds)


def milliseconds(seconds: Sequence[float], name: str) -> dict[str, float]:
    """Median and 99th percentile under `NAME_ms_median` and `NAME_ms_p99`."""
    return {
        f"{name}_ms_median": round(percentile(seconds, 0.5) * 1000, 3),
        f"{name}_ms_p99": round(percentile(seconds, 0.99) * 1000, 3),
    }


def apart(one: float, other: float) -> float:
    """How far the second lies from the first, as a part of the first: 0.3 is thirty per cent more."""
    return other / one - 1
