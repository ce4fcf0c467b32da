"""Bodies are read strictly: what could be read in two ways, or could not be kept, is refused with its place."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api import bodies
from api.errors import BodyNotReadable
from workflows.errors import InvalidInput


def test_an_object_is_read_as_it_is() -> None:
    assert bodies.parse('{"name": "张𠮷", "n": [1, 2.5, null, true]}'.encode()) == {
        "name": "张𠮷",
        "n": [1, 2.5, None, True],
    }


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b"null",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": 1, "a": 2}',
        b'{"a": {"b": 1, "b": 1}}',
        b'{"a": "\xff"}',
        b"\xef\xbb\xbf{}",
        b"{'a': 1}",
        b'{"a": 01}',
        b'{"a": "\x00"}',
        b'{"a":' + b"[" * 40 + b"]" * 40 + b"}",
        b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    ],
)
def test_what_is_no_strict_json_object_is_refused(raw: bytes) -> None:
    with pytest.raises(BodyNotReadable):
        bodies.parse(raw)


@pytest.mark.parametrize(
    ("raw", "path", "code"),
    [
        (b'{"a": {"b": ["x", "\\u0000"]}}', "a.b.1", "character_not_allowed"),
        (b'{"a": "\\ud800"}', "a", "character_not_allowed"),
        (b'{"a": {"\\u0000": 1}}', "a", "character_not_allowed"),
        (b'{"a": 9007199254740993}', "a", "number_too_large"),
        (b'{"a": -9007199254740993}', "a", "number_too_large"),
        (b'{"a": 1e999}', "a", "number_too_large"),
        (b'{"a": ' + b"9" * 10_000 + b"}", "a", "number_too_large"),
        (b'{"<script>": "\\u0000"}', "…", "character_not_allowed"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_its_place(raw: bytes, path: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        bodies.parse(raw)

    assert [(problem.path, problem.code) for problem in refused.value.problems] == [(path, code)]


def test_all_that_cannot_be_kept_is_told_at_once() -> None:
    with pytest.raises(InvalidInput) as refused:
        bodies.parse(b'{"a": "\\u0000", "b": 1e999, "c": "fine"}')

    assert [problem.path for problem in refused.value.problems] == ["a", "b"]


def test_a_surrogate_pair_is_one_character() -> None:
    assert bodies.parse(b'{"name": "\\ud842\\udfb7"}') == {"name": "𠮷"}


keys = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=10)
plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-bodies.EXACT, bodies.EXACT)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(keys, plain, max_size=5))
def test_whatever_can_be_kept_comes_through_unchanged(value: dict[str, object]) -> None:
    assert bodies.parse(json.dumps(value).encode()) == value


@given(st.binary(max_size=200))
def test_bytes_from_a_stranger_are_read_or_refused_and_nothing_else(raw: bytes) -> None:
    with contextlib.suppress(BodyNotReadable, InvalidInput):
        assert isinstance(bodies.parse(raw), dict)
