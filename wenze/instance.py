"""The instance folder: what this installation keeps on disk, and its keys. May never log a key or overwrite one."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.engine import make_url

from wenze.settings import Settings
from workflows.protection import Vault


class InstanceUnusable(Exception):
    """The instance folder cannot be used."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The secrets of this installation."""

    signing: str = field(repr=False)
    protection: tuple[str, ...] = field(repr=False)


def prepare(settings: Settings) -> Keys:
    """Make the folders, and the keys that are neither set nor made yet.

    Keys are files of mode 600. Whoever loses `protection.key` loses every protected value: it belongs into the backup, apart
    from the database.

    Raises:
        InstanceUnusable: the folder cannot be made or written.
    """
    try:
        settings.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
        settings.evidence_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _database_folder(settings)
        signing = settings.secret_key or kept(settings.instance / "secret.key", lambda: secrets.token_urlsafe(48))
        protection = settings.protection_keys or tuple(
            kept(settings.instance / "protection.key", Vault.new_key).split()
        )
    except OSError as broken:
        raise InstanceUnusable(f"{settings.instance}: {broken.strerror or broken}") from broken
    return Keys(signing, protection)


def _database_folder(settings: Settings) -> None:
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)


def kept(path: Path, make: Callable[[], str]) -> str:
    """The secret in a file of this folder; made if there is none.

    It is written aside and linked into place: of two processes that start at once one makes it, both read the same,
    and nobody reads half of it, not even after a kill.
    """
    if not path.exists():
        aside = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(make() + "\n")
                file.flush()
                os.fsync(file.fileno())
            os.link(aside, path)
        except FileExistsError:
            pass  # another process was first, and what it made is the one
        finally:
            aside.unlink()
    return path.read_text(encoding="ascii").strip()
