"""Contents on disk: each once, whole, under its hash."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.errors import BodyTooLarge, ContentMissing
from api.filestore import INCOMING, FileStore

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
CONTENT = b"a decision" * 20_000
SHA = hashlib.sha256(CONTENT).hexdigest()


def test_a_content_lies_under_its_hash(store: FileStore, folder: Path) -> None:
    assert take_in(store) == SHA

    assert (folder / SHA[:2] / SHA[2:]).read_bytes() == CONTENT
    assert b"".join(store.read_out(SHA)) == CONTENT


def test_the_same_content_is_kept_once(store: FileStore, folder: Path) -> None:
    take_in(store)
    before = (folder / SHA[:2] / SHA[2:]).stat().st_ino
    take_in(store)

    assert (folder / SHA[:2] / SHA[2:]).stat().st_ino == before
    assert files(folder) == {f"{SHA[:2]}/{SHA[2:]}"}


def test_what_is_not_kept_is_gone(store: FileStore, folder: Path) -> None:
    with store.taking_in(NOW, 1000) as incoming:
        incoming.write(b"half")

    assert files(folder) == set()


def test_a_content_that_is_too_large_is_refused_and_gone(store: FileStore, folder: Path) -> None:
    with store.taking_in(NOW, 10) as incoming:
        incoming.write(b"0123456789")
        with pytest.raises(BodyTooLarge):
            incoming.write(b"!")

    assert files(folder) == set()


def test_what_a_killed_process_left_behind_is_removed_after_a_day(store: FileStore, folder: Path) -> None:
    left = store.taking_in(NOW, 1000)
    incoming = left.__enter__()
    incoming.write(b"half")

    assert store.tidy(NOW + timedelta(hours=23)) == 0
    assert store.tidy(NOW + timedelta(hours=25)) == 1
    assert files(folder) == set()
    left.__exit__(None, None, None)


def test_what_is_not_ours_is_left_alone(store: FileStore, folder: Path) -> None:
    (folder / INCOMING).mkdir()
    (folder / INCOMING / "README").write_text("hands off")

    assert store.tidy(NOW + timedelta(days=400)) == 0


@pytest.mark.parametrize("sha", [SHA, "", "../../etc/passwd", "ab" * 31])
def test_a_content_that_is_not_there_is_said_to_be_missing(store: FileStore, sha: str) -> None:
    with pytest.raises(ContentMissing):
        store.read_out(sha)


def take_in(store: FileStore) -> str:
    with store.taking_in(NOW, len(CONTENT)) as incoming:
        incoming.write(CONTENT[:7])
        incoming.write(CONTENT[7:])
        store.keep(incoming)
        return incoming.sha256


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def store(folder: Path) -> FileStore:
    return FileStore(folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "evidence"
    found.mkdir()
    return found
