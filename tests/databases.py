"""Databases to test on: SQLite files, and a PostgreSQL that is found or started. Everything made here is removed again.

PostgreSQL is used where it answers on 127.0.0.1:5432 and lets one in without a password; else one is started from Debian's
binaries, for this run only. Without either the tests on PostgreSQL are skipped, except in CI, where they fail.
"""

from __future__ import annotations

import contextlib
import getpass
import os
import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import psycopg
from psycopg import sql

IN_CI = bool(os.environ.get("WENZE_CI"))
KINDS = ("sqlite", "postgresql")
_BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))


class Maker(Protocol):
    """Makes databases of one kind."""

    def make(self) -> str:
        """The address of a new, empty database."""
        ...

    def copy(self, url: str) -> str:
        """The address of a copy. Nobody may be connected to the original."""
        ...

    def drop(self, url: str) -> None:
        """Remove a database. Nobody may be connected to it."""
        ...


class Sqlite:
    """Databases as files in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = 0

    def make(self) -> str:
        self._made += 1
        return f"sqlite:///{self._folder / f'{self._made}.sqlite'}"

    def copy(self, url: str) -> str:
        copied = self.make()
        shutil.copy(_path(url), _path(copied))
        return copied

    def drop(self, url: str) -> None:
        for ending in ("", "-wal", "-shm"):
            Path(_path(url) + ending).unlink(missing_ok=True)


class Postgres:
    """Databases on a PostgreSQL server, each with a name of this process."""

    def __init__(self, host: str, port: int, user: str) -> None:
        self._server = {"host": host, "port": port, "user": user}
        self._made = 0

    def make(self) -> str:
        name = self._name()
        self._run(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(name)))
        return self._url(name)

    def copy(self, url: str) -> str:
        name = self._name()
        original = sql.Identifier(url.rpartition("/")[2])
        self._run(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), original))
        return self._url(name)

    def drop(self, url: str) -> None:
        name = url.rpartition("/")[2]
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def clear_away(self) -> None:
        """Remove the databases of test runs that were killed and could not do so themselves."""
        with psycopg.connect(**self._server, dbname="postgres", autocommit=True) as connection:
            names = [name for (name,) in connection.execute("SELECT datname FROM pg_database")]
        for name in names:
            maker = re.fullmatch(r"wenze_test_([0-9]+)_[0-9]+", name)
            if maker is not None and not _lives(int(maker[1])):
                self.drop(self._url(name))

    def _name(self) -> str:
        self._made += 1
        return f"wenze_test_{os.getpid()}_{self._made}"

    def _url(self, name: str) -> str:
        server = self._server
        return f"postgresql+psycopg://{server['user']}@{server['host']}:{server['port']}/{name}"

    def _run(self, statement: sql.Composed) -> None:
        with psycopg.connect(**self._server, dbname="postgres", autocommit=True) as connection:
            connection.execute(statement)


@contextlib.contextmanager
def postgres() -> Iterator[Postgres | None]:
    """A PostgreSQL to make databases on; None where there is none and none can be started."""
    found = _answering("127.0.0.1", 5432)
    if found is not None:
        found.clear_away()
        yield found
    elif _BINARIES:
        with _started(_BINARIES[-1]) as server:
            yield server
    else:
        yield None


def _answering(host: str, port: int) -> Postgres | None:
    for user in dict.fromkeys(("postgres", getpass.getuser(), "root")):
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(host=host, port=port, user=user, dbname="postgres", connect_timeout=3).close()
            return Postgres(host, port, user)
    return None


@contextlib.contextmanager
def _started(binaries: Path) -> Iterator[Postgres]:
    """A server of our own. It will not run as root, so there it runs as the user Debian made for it."""
    folder = Path(tempfile.mkdtemp(prefix="wenze-postgres-"))
    how: dict[str, Any] = {"cwd": "/"}
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
        how |= {"user": "postgres", "group": "postgres", "extra_groups": []}
    port = _free_port()
    options = f"-k {folder} -p {port} -c listen_addresses=127.0.0.1 -c fsync=off"
    control = [str(binaries / "pg_ctl"), "-D", str(folder / "data"), "-w", "-s"]
    try:
        initdb = [str(binaries / "initdb"), "-D", str(folder / "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8"]
        subprocess.run(initdb, check=True, capture_output=True, **how)
        subprocess.run([*control, "-o", options, "-l", str(folder / "log"), "start"], check=True, **how)
        yield Postgres("127.0.0.1", port, "postgres")
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=False, **how)
        shutil.rmtree(folder)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _path(url: str) -> str:
    return url.removeprefix("sqlite:///")
