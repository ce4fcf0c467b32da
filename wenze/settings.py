"""How this installation is run. The only reader of the environment.

Every setting is one field of `Settings`, read from one variable whose name is `WENZE_` and the field's name in capitals. A
variable of that prefix that names no setting is refused: a misspelt setting must not silently leave the default in force.
May never hold a rule of the procedure: those are artefacts.
"""

from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from limits import parse_many
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

PREFIX = "WENZE_"
NOT_SETTINGS = frozenset({"WENZE_CI"})
"""Variables of the prefix that steer the tests, not the application."""

SHIPPED_LAW = Path(__file__).resolve().parent.parent
"""Where `bpmn/` and `forms/` of this installation stand."""


class SettingsRefused(Exception):
    """The settings of this installation cannot be used."""

    def __init__(self, findings: tuple[str, ...]) -> None:
        """`findings`: one sentence for each setting that must be put right."""
        self.findings = findings
        super().__init__("\n".join(findings))


def _about(read: Callable[[str], Any], about: str) -> dict[str, Any]:
    return {"read": read, "about": about}


def _text(value: str) -> str:
    return value.strip()


def _folder(value: str) -> Path:
    return Path(value).expanduser()


def _between(low: int, high: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,12}", value.strip()) or not low <= int(value) <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
        return int(value)

    return read


def _switch(value: str) -> bool:
    known = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    try:
        return known[value.strip().lower()]
    except KeyError:
        raise ValueError("must be yes or no") from None


def _one_of(*choices: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value.strip() not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return value.strip()

    return read


def _zone(value: str) -> str:
    try:
        ZoneInfo(value.strip())
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError("is no time zone of the IANA database, such as Asia/Shanghai") from None
    return value.strip()


def _database(value: str) -> str:
    if not value.strip():
        return ""
    try:
        url = make_url(value.strip())
    except ArgumentError:
        raise ValueError("is no database address, such as postgresql://user@host/wenze") from None
    backend = url.get_backend_name()
    if backend == "sqlite":
        if url.database in (None, "", ":memory:"):
            raise ValueError("must name a file: a database in memory forgets what was decided")
        return url.render_as_string(hide_password=False)
    if backend == "postgresql":
        return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    raise ValueError("must be an SQLite or a PostgreSQL database")


def _rates(value: str) -> str:
    try:
        parse_many(value)
    except ValueError:
        raise ValueError("is no list of rates, such as 10 per minute; 50 per hour") from None
    return value.strip()


def _keys(value: str) -> tuple[str, ...]:
    return tuple(key for key in re.split(r"[\s,]+", value) if key)


def _networks(value: str) -> tuple[str, ...]:
    try:
        return tuple(str(ip_network(part)) for part in re.split(r"[\s,]+", value) if part)
    except ValueError:
        raise ValueError("must be a list of networks, such as 127.0.0.1/32, 10.0.0.0/8") from None


def _secret(value: str) -> str:
    if value and len(value) < 32:
        raise ValueError("must have at least 32 characters")
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings of one installation, checked. Secrets never appear in its text form."""

    instance: Path = field(
        default=Path("var"), metadata=_about(_folder, "Folder of all that is kept: database, evidence, keys.")
    )
    database: str = field(
        default="", repr=False, metadata=_about(_database, "Database address. Empty: SQLite in the instance folder.")
    )
    law: Path = field(
        default=SHIPPED_LAW,
        metadata=_about(_folder, "Folder that holds bpmn/ and forms/, loaded as a release at start."),
    )
    zone: str = field(
        default="Asia/Shanghai", metadata=_about(_zone, "Time zone in which dates are shown and days begin.")
    )
    host: str = field(default="127.0.0.1", metadata=_about(_text, "Address to listen on."))
    port: int = field(default=8000, metadata=_about(_between(0, 65535), "Port to listen on; 0 takes a free one."))
    threads: int = field(
        default=8,
        metadata=_about(_between(1, 256), "Threads that answer requests; also the size of the connection pool."),
    )
    clock_seconds: int = field(
        default=15, metadata=_about(_between(1, 3600), "Seconds between two sweeps of the clock.")
    )
    sweep_batch: int = field(default=100, metadata=_about(_between(1, 10_000), "Cases the clock claims at a time."))
    stall_minutes: int = field(
        default=10, metadata=_about(_between(1, 1440), "Minutes until a stalled case is tried again.")
    )
    evidence_megabytes: int = field(
        default=512, metadata=_about(_between(1, 65_536), "Largest file taken as evidence.")
    )
    session_hours: int = field(
        default=10, metadata=_about(_between(1, 72), "Hours until a browser must sign in again.")
    )
    token_days: int = field(default=365, metadata=_about(_between(1, 3660), "Longest life of a bearer token."))
    secure_cookies: bool = field(
        default=False, metadata=_about(_switch, "Cookies over HTTPS only. Set it wherever HTTPS is used.")
    )
    proxies: int = field(
        default=0, metadata=_about(_between(0, 5), "Number of trusted reverse proxies whose X-Forwarded headers count.")
    )
    sign_in_by_address: str = field(
        default="20 per minute; 200 per hour", metadata=_about(_rates, "Sign-ins allowed from one address.")
    )
    sign_in_by_login: str = field(
        default="10 per 15 minutes", metadata=_about(_rates, "Failed sign-ins allowed for one login; then a pause.")
    )
    rate_store: str = field(
        default="memory://",
        repr=False,
        metadata=_about(_text, "Where rates are counted. Several nodes share one, such as redis://host."),
    )
    metrics_from: tuple[str, ...] = field(
        default=("127.0.0.0/8", "::1/128"), metadata=_about(_networks, "Networks that may read /metrics.")
    )
    metrics_token: str = field(
        default="", repr=False, metadata=_about(_secret, "Bearer token that may read /metrics from anywhere.")
    )
    log: str = field(
        default="text", metadata=_about(_one_of("text", "json"), "Form of the log: text for people, json for machines.")
    )
    log_level: str = field(
        default="info", metadata=_about(_one_of("debug", "info", "warning", "error"), "Least level that is logged.")
    )
    secret_key: str = field(
        default="",
        repr=False,
        metadata=_about(_secret, "Signs cookies and page cursors. Empty: made at first start and kept."),
    )
    protection_keys: tuple[str, ...] = field(
        default=(),
        repr=False,
        metadata=_about(_keys, "Fernet keys that seal protected values, newest first. Empty: made and kept."),
    )

    @classmethod
    def read(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the settings from the environment.

        Raises:
            SettingsRefused: with one sentence for each variable that is unknown or cannot be used.
        """
        environ = os.environ if environ is None else environ
        known = {variable(name): name for name in _ABOUT}
        values: dict[str, Any] = {}
        findings = []
        for name in sorted(environ):
            if not name.startswith(PREFIX) or name in NOT_SETTINGS:
                continue
            if name not in known:
                findings.append(f"{name} is no setting of Wenze. See `wenze settings` for those there are.")
                continue
            try:
                values[known[name]] = _READ[known[name]](environ[name])
            except ValueError as wrong:
                findings.append(f"{name} {wrong}.")
        if findings:
            raise SettingsRefused(tuple(findings))
        return cls(**values)

    @property
    def database_url(self) -> str:
        """The address of the database, the default filled in."""
        return self.database or f"sqlite:///{(self.instance / 'wenze.sqlite').absolute()}"

    @property
    def evidence_folder(self) -> Path:
        """Where the contents of evidence lie, by hash."""
        return self.instance / "evidence"

    @property
    def evidence_limit(self) -> int:
        """Largest file taken as evidence, in bytes."""
        return self.evidence_megabytes * 1024 * 1024


_READ: dict[str, Callable[[str], Any]] = {f.name: f.metadata["read"] for f in dataclasses.fields(Settings)}
_ABOUT: dict[str, str] = {f.name: f.metadata["about"] for f in dataclasses.fields(Settings)}


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return PREFIX + name.upper()


def described() -> list[tuple[str, str, str]]:
    """Every setting: its variable, its default as one would write it, and what it is for."""
    return [(variable(f.name), _shown(f.default), _ABOUT[f.name]) for f in dataclasses.fields(Settings)]


def _shown(default: Any) -> str:
    if default == SHIPPED_LAW:
        return "(as installed)"
    if isinstance(default, bool):
        return "yes" if default else "no"
    return ", ".join(default) if isinstance(default, tuple) else str(default)
