"""The keys of an installation: made once, kept close, never changed."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from wenze.instance import InstanceUnusable, prepare
from wenze.settings import Settings
from workflows.protection import Vault


def test_keys_are_made_at_the_first_start_and_kept(tmp_path: Path) -> None:
    settings = Settings(instance=tmp_path / "var")

    first = prepare(settings)

    assert prepare(settings) == first
    assert Vault(first.protection).open(Vault(first.protection).seal("张伟")) == "张伟"


def test_only_the_owner_can_read_a_key(tmp_path: Path) -> None:
    prepare(Settings(instance=tmp_path / "var"))

    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "var").glob("*.key")}
    assert modes == {"secret.key": 0o600, "protection.key": 0o600}


def test_a_key_that_is_set_is_not_written_down(tmp_path: Path) -> None:
    settings = Settings(instance=tmp_path, secret_key="s" * 32, protection_keys=(Vault.new_key(),))

    assert prepare(settings).signing == "s" * 32
    assert list(tmp_path.glob("*.key")) == []


def test_of_two_that_start_at_once_both_have_the_same_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(prepare, [Settings(instance=tmp_path / "var")] * 16))

    assert len(set(keys)) == 1
    assert sorted(path.name for path in (tmp_path / "var").iterdir()) == ["evidence", "protection.key", "secret.key"]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file")

    with pytest.raises(InstanceUnusable, match="var"):
        prepare(Settings(instance=tmp_path / "var"))


def test_no_key_is_in_the_text_of_the_keys(tmp_path: Path) -> None:
    keys = prepare(Settings(instance=tmp_path))

    assert keys.signing not in repr(keys)
    assert keys.protection[0] not in repr(keys)
