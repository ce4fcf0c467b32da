"""A real browser for tests that need one: the Chromium of the machine, never one of our own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.databases import IN_CI

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--lang=en-US",  # in what order a date is typed
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A started browser. Without one on the machine the tests that ask are skipped, in one line; where we build, they fail."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if not found:
        (pytest.fail if IN_CI else pytest.skip)("there is no Chromium here")
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=found, args=list(QUIET))
        yield started
        started.close()
