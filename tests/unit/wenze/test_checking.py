"""What `wenze check` tells about artefacts on disk."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from wenze.checking import NothingToCheck, check
from wenze.cli import main

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    "path",
    [
        "bpmn/liability/li_main.bpmn",
        "bpmn/decisions/accept_clue.dmn",
        "forms/F-ACCEPT.json",
        "forms/lists/yes_no.json",
        "bpmn/calendars/cn-2026.yaml",
        "bpmn/deadlines/liability.yaml",
        "bpmn/profiles/ref.yaml",
        "bpmn",
        "forms",
        "",
    ],
)
def test_what_is_shipped_is_found_to_be_right(path: str) -> None:
    assert check([ROOT / path]) == []


def test_a_finding_tells_the_file_the_line_what_and_what_to_do(tmp_path: Path) -> None:
    path = broken(tmp_path)

    (finding,) = [found for found in check([path]) if found.rule]
    sentence = finding.sentence("en")

    assert sentence.startswith(f"{path}:")
    assert finding.element in sentence
    assert finding.remedy["en"] in sentence
    assert finding.sentence("zh") != sentence


def test_only_the_named_files_are_told_about(tmp_path: Path) -> None:
    broken(tmp_path)
    whole = tmp_path / "whole.bpmn"
    shutil.copy(ROOT / "tests/unit/wenze/fine.bpmn", whole)

    assert check([whole]) == []


def test_of_a_folder_every_artefact_is_checked(tmp_path: Path) -> None:
    inner = tmp_path / "drafts"
    inner.mkdir()
    path = broken(inner)

    assert check([tmp_path]) == check([path]) != []


@pytest.mark.parametrize("name", ["missing.bpmn", "notes.txt", "empty", "words.moddle.json"])
def test_what_is_no_artefact_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "notes.txt").write_text("notes")
    (tmp_path / "words.moddle.json").write_text("{}")
    (tmp_path / "empty").mkdir()

    with pytest.raises(NothingToCheck, match=name):
        check([tmp_path / name])


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"<", b"{", b"[1", b"<!DOCTYPE x []><x/>", b"null"])
@pytest.mark.parametrize("name", ["a.bpmn", "a.dmn", "F-A.json", "calendars/a.yaml", "deadlines/a.yaml"])
def test_a_file_of_nonsense_is_a_finding_and_never_an_error(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)

    assert check([path])


def test_the_command_prints_one_finding_a_line_and_exits_with_one(tmp_path: Path) -> None:
    path = broken(tmp_path)

    printed = CliRunner().invoke(main, ["check", str(path), "--lang", "en"])

    assert printed.exit_code == 1
    assert printed.stdout.startswith(f"{path}:")
    assert len(printed.stdout.splitlines()) == len(check([path]))


def test_the_command_prints_json_for_machines(tmp_path: Path) -> None:
    printed = CliRunner().invoke(main, ["check", str(broken(tmp_path)), "--json"])

    (found, *_) = json.loads(printed.stdout)
    assert set(found) == {"source", "line", "element", "name", "rule", "why", "remedy", "warning"}


def test_what_may_not_be_meant_is_a_note_and_no_failure(tmp_path: Path) -> None:
    path = tmp_path / "noted.bpmn"
    text = (ROOT / "bpmn/liability/li_overdue.bpmn").read_text("utf-8")
    path.write_text(text.replace("<bpmn:process ", '<bpmn:process xmlns:x="urn:x" x:colour="red" ', 1), "utf-8")

    for language, word in (("en", ": note: "), ("zh", ": 提示：")):
        printed = CliRunner().invoke(main, ["check", str(path), "--lang", language])
        assert printed.exit_code == 0
        assert word in printed.stdout
    assert [finding.rule for finding in check([path])] == ["extension-ignored"]


def test_a_diagram_is_held_against_the_forms_beside_it(tmp_path: Path) -> None:
    for folder in ("bpmn", "forms"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    path = tmp_path / "bpmn/liability/li_intake.bpmn"
    path.write_text(path.read_text("utf-8").replace("acceptance == 'merge'", "acceptance == 'merged'"), "utf-8")

    (finding,) = check([path])
    assert finding.rule == "value-never"
    assert "merge" in finding.remedy["en"]


def test_the_command_says_nothing_when_all_is_right() -> None:
    printed = CliRunner().invoke(main, ["check", str(ROOT / "forms/F-ACCEPT.json")])

    assert (printed.exit_code, printed.stdout) == (0, "")


def broken(folder: Path) -> Path:
    """A diagram with one element that is not executed."""
    path = folder / "broken.bpmn"
    fine = (ROOT / "tests/unit/wenze/fine.bpmn").read_text(encoding="utf-8")
    path.write_text(
        fine.replace("fine_process", "broken_process").replace(
            "<manualTask", '<choreographyTask id="dance"/><manualTask'
        ),
        encoding="utf-8",
    )
    return path
