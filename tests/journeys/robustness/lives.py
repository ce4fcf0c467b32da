"""One installation through many lives: real processes of `wenze`, each in a group of its own, killed and started again."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[3]
PATIENCE = 60
"""Seconds after which what another process should have done counts as not done."""
SERVING = re.compile(r"Serving at (\S+)")


class Life:
    """One process of `wenze`, in a process group of its own."""

    def __init__(self, home: Mapping[str, str], log: Path, *words: str) -> None:
        """`home`: its environment. `log`: what it says on its error output is added here."""
        self.words = words
        self._log = log
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-u", "-m", "wenze", *words],
                cwd=ROOT,
                env=dict(home),
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                start_new_session=True,
            )

    def serving(self) -> str:
        """Its address, once it says so."""
        return self.told(SERVING)

    def told(self, wanted: re.Pattern[str]) -> str:
        """The first group of the first line on its output that holds this."""
        said = ""
        for line in self._process.stdout or ():
            said += line
            if found := wanted.search(line):
                return found[1]
        raise AssertionError(
            f"wenze {' '.join(self.words)} left with {self._process.wait()}: {said}{self._complaint()}"
        )

    def goes_on(self, seconds: float) -> None:
        """Let it live so much longer. It may not leave by itself."""
        try:
            code = self._process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            return
        raise AssertionError(f"wenze {' '.join(self.words)} left with {code}: {self._complaint()}")

    def terminate(self) -> int:
        """Tell it to leave; its exit code."""
        self._process.terminate()
        code = self._process.wait(timeout=PATIENCE)
        self._forget()
        return code

    def kill(self) -> None:
        """Kill the whole group, wherever it stands."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._forget()

    def _forget(self) -> None:
        if self._process.stdout is not None:
            self._process.stdout.close()

    def _complaint(self) -> str:
        return self._log.read_text(encoding="utf-8")[-4000:]


class Installation:
    """`wenze up` on a database of its own. Whoever wants something of it waits until it lives again."""

    def __init__(self, home: Mapping[str, str], log: Path) -> None:
        self.home = home
        self.log = log
        self.lives = 0
        self._life: Life | None = None
        self._address: str | None = None
        self._changed = threading.Condition()

    def start(self) -> None:
        """Begin a life, and wait until it serves."""
        self._begin()
        assert self._life is not None
        address = self._life.serving()
        with self._changed:
            self._address = address
            self._changed.notify_all()

    def kill(self, after: float = 0.0) -> None:
        """End this life without a warning, in so many seconds."""
        assert self._life is not None
        if after:
            self._life.goes_on(after)
        with self._changed:
            self._address = None
        self._life.kill()

    def stillborn(self, after: float) -> None:
        """Begin a life and kill it so many seconds later, wherever it then stands in its start."""
        self._begin()
        self.kill(after)

    def leave(self) -> int:
        """End this life in good order; the exit code."""
        with self._changed:
            self._address = None
        assert self._life is not None
        return self._life.terminate()

    def address(self) -> str:
        """Where it serves now, waiting for its next life if need be."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._address is not None, timeout=PATIENCE), "it does not come back"
            return str(self._address)

    def _begin(self) -> None:
        self._life = Life(self.home, self.log, "up")
        self.lives += 1


@contextmanager
def installed(home: Mapping[str, str], log: Path) -> Iterator[Installation]:
    """An installation that has not been started yet, and is not left behind."""
    installation = Installation(home, log)
    try:
        yield installation
    finally:
        if installation.lives:
            installation.kill()


def wait_until(so: Callable[[], bool], within: float = 5 * PATIENCE) -> None:
    """Look again and again until it is so: another process makes it so."""
    until = time.monotonic() + within
    while not so():
        assert time.monotonic() < until, "it does not come"
        threading.Event().wait(0.05)
