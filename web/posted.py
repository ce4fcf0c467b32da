"""The buttons that add a row to a repeated group, or take one away, for those whose browser runs no script.

What a browser posts is read by `forms.posts`; here only rows come and go, each in the place where the person saw it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from forms.components import Form, Rows
from forms.posts import parse_form_post

ADD_ROW = "add-row"
"""Its value: key of the group, and how many rows stand there: `facts:2`."""
REMOVE_ROW = "remove-row"
"""Its value: key, index of the row, how many stand there: `facts:0:2`."""
SAVE_DRAFT = "save-draft"
HAND_IN = "hand-in"
"""Value of that button where a file is to be handed in before going on."""
CONFIRMED, CHANGE = "confirmed", "change"
"""The two answers to whether somebody is sure: go on, or back to what was filled in."""
ENVELOPE = frozenset({"csrf_token", "expected_version", ADD_ROW, REMOVE_ROW, SAVE_DRAFT, CONFIRMED, CHANGE})
"""Names that belong to the page and not to the form; for `parse_form_post(ignore=…)`."""

_ADD = re.compile(r"([a-z0-9_]+):([0-9]{1,3})\Z")
_REMOVE = re.compile(r"([a-z0-9_]+):([0-9]{1,3}):([0-9]{1,3})\Z")


def with_rows_changed(form: Form, items: Iterable[tuple[str, str]]) -> dict[str, Any] | None:
    """The answers after one of the buttons was pressed, empty rows kept; None when none was.

    A button the form does not have changes nothing: the answers come back as they were.
    """
    given = list(items)
    pressed = dict(item for item in given if item[0] in (ADD_ROW, REMOVE_ROW))
    if not pressed:
        return None
    answers = parse_form_post(form, given, ignore=ENVELOPE)
    if (added := _ADD.match(pressed.get(ADD_ROW, ""))) and _is_group(form, added[1]):
        answers[added[1]] = [*_rows(form, given, added[1], int(added[2])), {}]
    if (removed := _REMOVE.match(pressed.get(REMOVE_ROW, ""))) and _is_group(form, removed[1]):
        rows = _rows(form, given, removed[1], int(removed[3]))
        answers[removed[1]] = [row for index, row in enumerate(rows) if index != int(removed[2])]
    return answers


def _is_group(form: Form, key: str) -> bool:
    return isinstance(form.fields.get(key), Rows)


def _rows(form: Form, items: list[tuple[str, str]], key: str, count: int) -> list[dict[str, Any]]:
    """The rows as they stood on the page, each parsed alone so that an empty one keeps its place."""
    own: dict[int, list[tuple[str, str]]] = {}
    begins = re.compile(rf"{re.escape(key)}-(0|[1-9][0-9]{{0,2}})-")
    for name, value in items:
        if found := begins.match(name):
            own.setdefault(int(found[1]), []).append((f"{key}-0-{name[found.end() :]}", value))
    rows: list[dict[str, Any]] = []
    for index in range(count):
        rows.extend(parse_form_post(form, own.get(index, [])).get(key, [{}]))
    return rows
