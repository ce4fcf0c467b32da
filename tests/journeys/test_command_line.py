"""The command line as somebody uses it on a server: real processes, real output, real signals."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from wenze.cli import main

ROOT = Path(__file__).parents[2]
BASE = {name: value for name, value in os.environ.items() if not name.startswith("WENZE_")}


@pytest.mark.slow
def test_up_serves_with_demo_accounts_and_leaves_when_told(home: dict[str, str]) -> None:
    with running(home, "up", "--demo") as server:
        password = re.search(r"with the password: (\S+)", server.said)
        assert password is not None
        signed_in = httpx.post(f"{server.address}/api/v1/session", json={"login": "clerk", "password": password[1]})
        assert signed_in.status_code == 201
        assert httpx.get(f"{server.address}/readyz").json()["checks"]["law"] == "ok"

        assert server.stop(signal.SIGTERM) == 0


@pytest.mark.slow
def test_after_a_kill_it_starts_again_and_the_ledger_holds(home: dict[str, str]) -> None:
    with running(home, "up", "--demo") as server:
        server.stop(signal.SIGKILL)
    with running(home, "up", "--demo") as server:
        assert httpx.get(f"{server.address}/healthz").status_code == 200
        server.stop(signal.SIGTERM)

    verified = wenze(home, "ledger", "verify")
    assert (verified.returncode, verified.stderr) == (0, "")
    assert re.fullmatch(r"(\d+) of \1 chains hold, \d+ entries\n", verified.stdout)


@pytest.mark.slow
@pytest.mark.parametrize("maker", ["sqlite"], indirect=True)
def test_a_person_is_added_granted_a_role_and_kept_out(home: dict[str, str]) -> None:
    wenze(home, "database", "upgrade")
    wenze(home, "release", "publish")
    wenze(home, "unit", "add", "青石县司法局", "--short", "青石")

    added = wenze(home, "user", "add", "zhang.wei", "--name", "张伟", "--unit", "青石", "--role", "investigator")
    granted = wenze(home, "user", "grant", "zhang.wei", "legal_reviewer")
    token = wenze(home, "user", "token", "zhang.wei", "--name", "export")
    wenze(home, "user", "disable", "zhang.wei")
    listed = wenze(home, "user", "list")

    assert re.search(r"Password: \S{16}", added.stdout)
    assert granted.returncode == 0
    assert re.fullmatch(r"wz_\S{43}\n", token.stdout)
    assert "张伟  青石  investigator,legal_reviewer 已停用 disabled" in listed.stdout


@pytest.mark.slow
@pytest.mark.parametrize("maker", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("serve",), "run `wenze up`"),
        (("user", "add", "x", "--name", "张伟", "--unit", "无"), "run `wenze up`"),
        (("check", "missing.bpmn"), "missing.bpmn: there is no such file"),
        (("due", "T-NONE", "--from", "2026-03-02"), "T-NONE"),
    ],
)
def test_a_foreseeable_error_is_one_line_and_an_exit_code(
    home: dict[str, str], words: tuple[str, ...], told: str
) -> None:
    failed = wenze(home, *words)

    assert failed.returncode == 1
    assert told in failed.stderr
    assert len(failed.stderr.splitlines()) == 1


@pytest.mark.slow
@pytest.mark.parametrize("maker", ["sqlite"], indirect=True)
def test_a_taken_port_is_told_before_anything_is_begun(home: dict[str, str]) -> None:
    with running(home, "up") as server:
        port = server.address.rpartition(":")[2]
        failed = wenze(home | {"WENZE_PORT": port, "WENZE_INSTANCE": home["WENZE_INSTANCE"] + "2"}, "up")
        server.stop(signal.SIGTERM)

    assert (failed.returncode, len(failed.stderr.splitlines())) == (1, 1)
    assert port in failed.stderr


def test_every_command_has_help_with_an_example() -> None:
    for words in commands(main, ()):
        printed = CliRunner().invoke(main, [*words, "--help"])
        assert printed.exit_code == 0, words
        assert "Example: " in printed.stdout, f"wenze {' '.join(words)} --help shows no example"


def commands(group: object, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The words of every command under a group, its own included."""
    yield words
    for name, command in getattr(group, "commands", {}).items():
        yield from commands(command, (*words, name))


class Server:
    """A running `wenze`."""

    def __init__(self, process: subprocess.Popen[str], said: str) -> None:
        self._process = process
        self.said = said
        self.address = re.findall(r"Serving at (\S+)", said)[0]

    def stop(self, how: signal.Signals) -> int:
        """Send a signal and wait; the exit code."""
        self._process.send_signal(how)
        return self._process.wait(timeout=30)


@contextmanager
def running(home: dict[str, str], *words: str) -> Iterator[Server]:
    """A `wenze` that serves, once it says so."""
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "wenze", *words], cwd=ROOT, env=home, stdout=subprocess.PIPE, text=True
    )
    try:
        said = ""
        for line in process.stdout or ():
            said += line
            if "Serving at" in line:
                break
        yield Server(process, said)
    finally:
        process.kill()
        process.communicate()


def wenze(home: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "wenze", *words], cwd=ROOT, env=home, capture_output=True, text=True, timeout=120
    )


@pytest.fixture
def home(database_url: str, tmp_path: Path) -> dict[str, str]:
    """The environment of an installation of its own."""
    return BASE | {
        "WENZE_INSTANCE": str(tmp_path / "var"),
        "WENZE_DATABASE": database_url,
        "WENZE_PORT": "0",
        "WENZE_LOG_LEVEL": "error",
    }
