"""The build of the pages: when it runs, and what it says when it cannot."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import web
from hatch_build import BuildFailed, build, compile_catalogues, inputs_digest, reason
from web.bundles import Bundles, NotBuilt

ROOT = Path(web.__file__).parent.parent


def test_nothing_is_built_when_nothing_changed(project):
    built = project / "web/static/built"
    built.mkdir(parents=True)
    (built / "manifest.json").write_text("{}")
    (built / ".fingerprint").write_text(inputs_digest(project))
    assert build(project, development=False) is False


@pytest.mark.parametrize("changed", ["hatch_build.py", "package-lock.json", ".npmrc", "web/assets/page.ts"])
def test_a_change_of_any_input_is_noticed(project, changed):
    before = inputs_digest(project)
    (project / changed).write_text("changed")
    assert inputs_digest(project) != before


def test_a_new_file_and_a_new_name_are_noticed(project):
    before = inputs_digest(project)
    (project / "web/assets/page.ts").rename(project / "web/assets/pages.ts")
    assert inputs_digest(project) != before


def test_no_network_is_said_in_one_line():
    complaint = "npm error code ENOTFOUND\nnpm error network request to a host failed\nnpm error A complete log …"
    assert reason(complaint) == "the package registry could not be reached; check the network and try again"


def test_another_complaint_is_cut_to_its_first_lines():
    assert reason("npm warn old\nnpm error code EUSAGE\nnpm error `npm ci` needs a lock file\nnpm error more") == (
        "EUSAGE `npm ci` needs a lock file"
    )
    assert reason("") == "it gave no reason"


def test_a_broken_catalogue_stops_the_build(project):
    source = project / "web/translations/en/LC_MESSAGES/messages.po"
    source.parent.mkdir(parents=True)
    source.write_text('msgid "甲"\nmsgid_plural "乙"\nmsgstr[7] "A"\nnonsense\n')
    with pytest.raises(BuildFailed, match=r"messages\.po cannot be read"):
        compile_catalogues(project)


def test_a_catalogue_is_compiled_beside_its_source(project):
    source = project / "web/translations/en/LC_MESSAGES/messages.po"
    source.parent.mkdir(parents=True)
    source.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "甲"\nmsgstr "A"\n')
    compile_catalogues(project)
    assert source.with_suffix(".mo").stat().st_size > 0


def test_pages_without_a_build_say_how_to_make_one(tmp_path):
    with pytest.raises(NotBuilt, match="pip install"):
        Bundles.read(built=tmp_path)


def test_the_lock_file_names_no_registry_and_pins_every_package():
    locked = json.loads((ROOT / "package-lock.json").read_text())
    packages = {name: entry for name, entry in locked["packages"].items() if name}
    assert not [name for name, entry in packages.items() if "resolved" in entry]
    assert not [name for name, entry in packages.items() if not entry.get("integrity")]
    wanted = json.loads((ROOT / "package.json").read_text())
    versions = {**wanted["dependencies"], **wanted["devDependencies"]}
    assert {name: packages[f"node_modules/{name}"]["version"] for name in versions} == versions


@pytest.fixture
def project(tmp_path) -> Path:
    for name in ("hatch_build.py", "package.json", "package-lock.json", ".npmrc", "web/assets/page.ts"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path
