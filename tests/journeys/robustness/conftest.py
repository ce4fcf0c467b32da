"""Installations of their own, with real processes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

BASE = {name: value for name, value in os.environ.items() if not name.startswith("WENZE_")}


@pytest.fixture
def home(database_url: str, tmp_path: Path) -> dict[str, str]:
    """The environment of an installation whose clock sweeps as often as it can."""
    return BASE | {
        "WENZE_INSTANCE": str(tmp_path / "var"),
        "WENZE_DATABASE": database_url,
        "WENZE_PORT": "0",
        "WENZE_CLOCK_SECONDS": "1",
        "WENZE_LOG_LEVEL": "error",
    }
