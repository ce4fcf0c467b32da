"""Contents of evidence on disk, each once, under its SHA-256: `evidence/ab/cdef…`.

A content is taken in under another name, hashed as it arrives, forced to the disk, and only then moved to its place: what lies
there is whole. That happens before the commit that speaks of it, so a row never names a content that is not there. May never
overwrite a content, and never knows whose it is.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from api.errors import BodyTooLarge, ContentMissing

INCOMING = "incoming"
PIECE = 64 * 1024
"""Bytes that are read at a time."""
KEPT_FOR = timedelta(days=1)
"""How long what nobody finished taking in is left alone."""
_STAMP = "%Y%m%dT%H%M%S"
_NAME = re.compile(r"([0-9]{8}T[0-9]{6})-[0-9a-f]{16}")
_HASH = re.compile(r"[0-9a-f]{64}")


class Incoming:
    """A content on its way in: hashed and counted as it is written."""

    def __init__(self, path: Path, limit: int) -> None:
        """`limit`: bytes after which nothing more is taken."""
        self.path = path
        self.size = 0
        self._limit = limit
        self._hash = hashlib.sha256()
        self._file: BinaryIO = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b")

    @property
    def sha256(self) -> str:
        """Hash of what has been written, in hex."""
        return self._hash.hexdigest()

    def write(self, data: bytes) -> int:
        """Take in some bytes.

        Raises:
            BodyTooLarge: there are more than may come.
        """
        self.size += len(data)
        if self.size > self._limit:
            raise BodyTooLarge(limit=self._limit)
        self._hash.update(data)
        return self._file.write(data)

    def settle(self) -> None:
        """Force what was written to the disk."""
        self._file.flush()
        os.fsync(self._file.fileno())

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place in what was written."""
        return self._file.seek(offset, whence)

    @property
    def content(self) -> BinaryIO:
        """What was written, for reading; whoever reads it lets it open."""
        return self._file

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


class FileStore:
    """The contents in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def taking_in(self, now: datetime, limit: int) -> Iterator[Incoming]:
        """A place for a content to come in. What was not kept by the end is gone."""
        folder = self._folder / INCOMING
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = f"{now.astimezone(UTC).strftime(_STAMP)}-{secrets.token_hex(8)}"
        incoming = Incoming(folder / name, limit)
        try:
            yield incoming
        finally:
            incoming.close()
            incoming.path.unlink(missing_ok=True)

    def keep(self, incoming: Incoming) -> None:
        """Move a content to its place; where the same one lies there already, it stays. Doing it twice changes nothing."""
        place = self._place(incoming.sha256)
        if place.exists():
            return
        incoming.settle()
        place.parent.mkdir(mode=0o700, exist_ok=True)
        incoming.path.rename(place)
        # The name must be on the disk too before anything speaks of it.
        for folder in (place.parent, self._folder):
            _force(folder)

    def read_out(self, sha256: str) -> Iterator[bytes]:
        """A content, piece by piece. The file is closed with the last piece.

        Raises:
            ContentMissing: it is not here; at once, before the first piece.
        """
        place = self._place(sha256)
        if not place.is_file():
            raise ContentMissing(sha256=sha256)
        return _pieces(place)

    def tidy(self, now: datetime) -> int:
        """Remove what was never finished: left behind by a process that was killed. How many."""
        begun = sorted(self._folder.glob(f"{INCOMING}/*"))
        left = [path for path in begun if (match := _NAME.fullmatch(path.name)) and _at(match[1]) < now - KEPT_FOR]
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)

    def _place(self, sha256: str) -> Path:
        if not _HASH.fullmatch(sha256):
            raise ContentMissing(sha256=sha256)
        return self._folder / sha256[:2] / sha256[2:]


def _pieces(place: Path) -> Iterator[bytes]:
    with place.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def _at(stamp: str) -> datetime:
    return datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)


def _force(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
