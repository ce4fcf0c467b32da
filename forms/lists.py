"""Code lists: the circumstances, outcomes, methods … that forms choose from.

Every entry has its source and evidence mark. A list gives its
`values`, or `includes` lists that do. May never be changed by code: the law is data.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from forms.artefacts import Artefact, Json, stem
from forms.components import Option
from forms.errors import Finding, FormsRefused

FOLDER = "lists/"
"""Sources under this folder are code lists; all others are forms."""

MAX_OPTIONS = 300

CodeLists = Mapping[str, tuple[Option, ...]]

_LIST_ID = re.compile(r"[a-z][a-z0-9_]{0,63}\Z")
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}\Z")


def load_lists(sources: Mapping[str, bytes]) -> CodeLists:
    """Read the code lists alone, for pages and documents that put a code into words.

    Raises:
        FormsRefused: with all findings.
    """
    findings: list[Finding] = []
    lists = read_lists({n: s for n, s in sources.items() if is_list(n)}, findings)
    if findings:
        raise FormsRefused(tuple(findings))
    return lists


def is_list(source: str) -> bool:
    """Whether a source is a code list, by its folder."""
    return source.startswith(FOLDER) or f"/{FOLDER}" in source


def read_lists(sources: Mapping[str, bytes], findings: list[Finding]) -> CodeLists:
    """Read code lists and note what is wrong with them; a refused list is left out, so that forms can still be read."""
    artefacts: dict[str, Artefact] = {}
    for name, content in sources.items():
        artefact = Artefact(name, content, findings)
        if not artefact.parse() or not _list_head(artefact):
            continue
        if artefacts.setdefault(artefact.data["id"], artefact) is not artefact:
            artefact.refuse("", "repeated-key", key=artefact.data["id"])
    plain = {key: read_options(a, "", a.data, sourced=True) for key, a in artefacts.items() if "values" in a.data}
    joined = {key: _included(a, plain) for key, a in artefacts.items() if "includes" in a.data}
    return {**plain, **joined}


def _list_head(artefact: Artefact) -> bool:
    data = artefact.data
    artefact.only("", data, {"id", "title", "includes", "values"})
    artefact.text_of("", data, "title")
    key = data.get("id")
    if not isinstance(key, str) or not _LIST_ID.match(key):
        artefact.refuse("", "bad-id", id=str(key)[:80])
        return False
    if key != stem(artefact.source):
        artefact.refuse("", "file-name", id=key)
    if ("values" in data) == ("includes" in data):
        artefact.refuse("", "contradiction", detail="A list gives “values” or “includes”, one of them",
                      detail_zh="代码表给出 values 或者 includes，二者取一")  # fmt: skip
        return False
    return True


def _included(artefact: Artefact, lists: CodeLists) -> tuple[Option, ...]:
    options: list[Option] = []
    for name in artefact.plain("", artefact.data, "includes", list, default=[]):
        if not isinstance(name, str) or name not in lists:
            artefact.refuse("", "unknown-list", name=str(name)[:80])
            continue
        options.extend(lists[name])
    _check_options(artefact, "", options)
    return tuple(options)


def read_options(artefact: Artefact, element: str, data: Json, *, sourced: bool) -> tuple[Option, ...]:
    """The options under `values`, of a code list (`sourced`) or of a question."""
    options: list[Option] = []
    for entry in artefact.plain(element, data, "values", list, default=[])[: MAX_OPTIONS + 1]:
        if not isinstance(entry, dict):
            artefact.refuse(element, "not-an-object", what="An option", what_zh="选项")
            continue
        value = entry.get("value")
        place = f"{element}.{value}" if element else str(value)
        if not isinstance(value, bool) and not (isinstance(value, str) and _CODE.match(value)):
            artefact.refuse(element, "wrong-attribute", attribute="value", expected="a code of letters, digits and _",
                          expected_zh="由字母、数字和下划线组成的代码")  # fmt: skip
            continue
        artefact.only(place, entry, {"value", "label", "description", *(("source", "mark") if sourced else ())})
        source, mark = artefact.sourced(place, entry) if sourced else ("", "")
        label = artefact.text_of(place, entry, "label")
        hint = artefact.optional_text(place, entry, "description")
        options.append(Option(value=value, label=label, hint=hint, source=source, mark=mark))
    _check_options(artefact, element, options)
    return tuple(options)


def _check_options(artefact: Artefact, element: str, options: list[Option]) -> None:
    if not options:
        artefact.refuse(element, "no-options")
    if len(options) > MAX_OPTIONS:
        artefact.refuse(element, "too-many-components", what="options", what_zh="选项", limit=MAX_OPTIONS)
    seen: set[str | bool] = set()
    for option in options:
        if option.value in seen:
            artefact.refuse(element, "repeated-option", value=option.value)
        seen.add(option.value)
    if len({type(option.value) for option in options}) > 1:
        artefact.refuse(element, "mixed-options")
