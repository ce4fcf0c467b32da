"""Which words of BPMN are shown by which test, and the tables of docs/bpmn.md that say so.

A test says what it shows: `@pytest.mark.shows("startEvent/timerEventDefinition", "@default")`. A word is a way into the XML:
an element, one inside another, or an attribute. `complexGateway=refused` is an element that is refused, `@instantiate=other` an
attribute with a value that is not carried out; tests of `test_refusing.REFUSED` carry these by themselves.
Nobody can claim what is not so: the test must load a diagram that holds the word (`conftest`), accepted where the word is
carried out, refused where it is not. Every word of `engine/vocabulary.py` needs a test.

`make tables` writes the tables anew.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from engine import vocabulary
from tests.documents import filled, table

DOCUMENT = Path(__file__).parents[3] / "docs" / "bpmn.md"
SPACES = {"b": vocabulary.BPMN, "wz": vocabulary.WZ, "camunda": vocabulary.CAMUNDA}
BESIDE = (*vocabulary.CALLED, "collaboration", "participant", "messageFlow")
"""Elements beside the processes."""

Shown = Mapping[str, list[str]]
"""By word: the tests that show it."""


# --- The words -------------------------------------------------------------------------------------------------------


def elements() -> dict[str, str]:
    """Every element that is accepted: what becomes of it."""
    found = dict.fromkeys((*sorted(vocabulary.FLOW_NODES), "process", *BESIDE), "executed")
    inside = {*vocabulary.CHILDREN, *(child for tags in vocabulary.CHILDREN.values() for child in tags)}
    events = set(vocabulary.EVENT_DEFINITIONS)
    for tag in sorted(inside - found.keys() - vocabulary.DRAWING - events):
        found[tag] = "read"
    for tag in sorted(vocabulary.DRAWING):
        found[tag] = "drawing"
    for holder in sorted(vocabulary.BINDINGS):
        for tag in sorted(vocabulary.BINDINGS[holder]):
            found[f"{holder}//wz:{tag}"] = "executed"
    return found


def events() -> list[str]:
    """Every event at every place where it may stand."""
    definitions = {kind: tag for tag, kind in vocabulary.EVENT_DEFINITIONS.items()}
    return [
        f"{place}/{definitions[kind]}"
        for place, kinds in vocabulary.ALLOWED_EVENTS.items()
        for kind in sorted(kinds - {"none"})
        if place in vocabulary.EVENTS
    ]


def attributes() -> dict[str, set[str]]:
    """Every attribute that is accepted: on which elements."""
    found: dict[str, set[str]] = {}
    for tag, names in vocabulary.ATTRIBUTES.items():
        for name in names:
            if name not in vocabulary.FIXED or vocabulary.FIXED[name][0]:
                found.setdefault(f"@{name}", set()).add(tag)
    on_events = {f"{kind} event": words for kind, words in vocabulary.EVENT_EXTENSIONS.items()}
    for tag, names in (
        *vocabulary.EXTENSIONS.items(), *on_events.items(), *vocabulary.MESSAGE_EXTENSIONS.items(),
    ):  # fmt: skip
        for name in names:
            found.setdefault(f"@wz:{name}", set()).add(tag)
    for tag, theirs in vocabulary.TRANSLATED.items():
        for name in theirs:
            found.setdefault(f"@camunda:{name}", set()).add(tag)
    return {word: found[word] for word in sorted(found)}


def refused() -> list[str]:
    """Every word that is refused."""
    return [*(f"{tag}=refused" for tag in sorted(vocabulary.REFUSED)), *(f"@{name}=other" for name in vocabulary.FIXED)]


def required() -> set[str]:
    """Every word for which there must be a test."""
    return {*elements(), *events(), *attributes(), *refused()}


def carried_out(word: str) -> bool:
    """Whether diagrams with this word are accepted."""
    return "=" not in word


def holds(source: bytes, word: str) -> bool:
    """Whether a diagram holds a word."""
    try:
        root = etree.fromstring(source)
    except etree.XMLSyntaxError:
        return False
    word, _, how = word.partition("=")
    if how == "other":
        return any(str(value).strip() not in vocabulary.FIXED[word[1:]][0] for value in root.xpath(f"//{word}"))
    way = "/".join(re.sub(r"^(?=\w+$)", "b:", part) for part in word.split("/"))
    return bool(root.xpath(f"//{way}", namespaces=SPACES))


def refused_in(rule: str, source: bytes) -> list[str]:
    """The words for which a diagram is refused by this rule."""
    how = {"element-not-supported": "=refused", "attribute-not-supported": "=other"}.get(rule)
    return [word for word in refused() if how and word.endswith(how) and holds(source, word)]


# --- The tests -------------------------------------------------------------------------------------------------------


def collected() -> dict[str, list[str]]:
    """By word: the tests that say they show it."""

    class Marks:
        found: dict[str, list[str]] = {}  # noqa: RUF012 - filled once

        def pytest_collection_modifyitems(self, items: Iterable[Any]) -> None:
            for item in items:
                name = f"{item.path.stem.removeprefix('test_')}: {_sentence(item)}"
                for mark in item.iter_markers("shows"):
                    for word in mark.args:
                        tests = self.found.setdefault(word, [])
                        if name not in tests:
                            tests.append(name)

    folder = Path(__file__).parent
    silent = ["-o", "addopts=--import-mode=importlib", "-p", "no:terminal", "-p", "no:cacheprovider"]
    code = pytest.main(["--collect-only", *silent, str(folder)], [Marks()])
    if code != pytest.ExitCode.OK:
        raise ValueError(f"the tests cannot be collected: {code!r}")
    return Marks.found


def _sentence(item: Any) -> str:
    called = item.callspec.id if hasattr(item, "callspec") else ""
    return called if " " in called and "<" not in called else item.originalname.removeprefix("test_").replace("_", " ")


# --- The document ----------------------------------------------------------------------------------------------------


def tables(shown: Shown) -> dict[str, str]:
    """The tables of the document, by the name of their place."""

    def by(word: str) -> str:
        return "; ".join(shown.get(word, ["**no test**"])[:3])

    return {
        "elements": table(
            ("element", "", "shown by"), [(f"`{word}`", what, by(word)) for word, what in elements().items()]
        ),
        "events": table(("event", "shown by"), [(f"`{word}`", by(word)) for word in events()]),
        "attributes": table(
            ("attribute", "of", "shown by"), [(f"`{word[1:]}`", _of(tags), by(word)) for word, tags in attributes().items()]
        ),
        "refused": table(
            ("element", "instead", "shown by"),
            [(f"`{tag}`", vocabulary.REFUSED[tag].remedy_en, by(f"{tag}=refused")) for tag in sorted(vocabulary.REFUSED)],
        ),
        "values": table(
            ("attribute", "carried out", "otherwise", "refusal shown by"),
            [
                (f"`{name}`", ", ".join(f"`{each}`" for each in sorted(values)) or "none", remedy, by(f"@{name}=other"))
                for name, (values, remedy, _) in sorted(vocabulary.FIXED.items())
            ],
        ),
    }  # fmt: skip


def _of(tags: set[str]) -> str:
    groups = (
        ("every node", vocabulary.FLOW_NODES), ("activities", vocabulary.ACTIVITIES), ("events", vocabulary.EVENTS),
        ("gateways", vocabulary.GATEWAYS),
    )  # fmt: skip
    said, rest = [], set(tags)
    for name, group in groups:
        if group <= rest:
            said.append(name)
            rest -= group
    return ", ".join((*said, *(f"`{tag}`" if " " not in tag else tag for tag in sorted(rest))))


if __name__ == "__main__":
    into = Path(sys.argv[1]) if len(sys.argv) > 1 else DOCUMENT
    into.write_text(filled(DOCUMENT.read_text("utf-8"), tables(collected())), "utf-8")
