"""Whatever is refused can be read in Chinese and in English."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator

import pytest

from api import errors as way_in
from api import problems
from api.sentences import CHINESE
from tests.building.source import calls, modules
from workflows import errors as casework

TREES = (casework.CaseworkError, way_in.WayInError)
NAMES = {
    name
    for module in (casework, way_in)
    for name, cls in inspect.getmembers(module, inspect.isclass)
    if issubclass(cls, TREES)
}


def raised() -> Iterator[str]:
    """Every sentence that is given to an error of the casework or of the way in, and every sentence of a class."""
    for _, module in modules("workflows", "api"):
        for name, call in calls(module):
            if name in NAMES:
                given = [*call.args[:1], *(word.value for word in call.keywords if word.arg == "message")]
                yield from (arg.value for arg in given if isinstance(arg, ast.Constant) and isinstance(arg.value, str))


def of_classes() -> Iterator[str]:
    for module in (casework, way_in):
        for _, cls in inspect.getmembers(module, inspect.isclass):
            if issubclass(cls, TREES):
                yield (cls.__doc__ or "").strip().splitlines()[0]


def test_every_refusal_can_be_read_in_chinese() -> None:
    missing = {sentence for sentence in (*raised(), *of_classes()) if sentence not in CHINESE}

    assert missing == set()


def test_no_sentence_is_kept_that_nobody_says() -> None:
    idle = set(CHINESE) - {*raised(), *of_classes()}

    assert idle == set()


@pytest.mark.parametrize("code", sorted({problems.ENGINE_CODES.get(cls) or cls.code for cls in problems.STATUS}))
def test_every_error_of_the_table_has_a_title(code: str) -> None:
    assert all(problems.TITLES[code])


def test_no_chinese_sentence_ends_in_a_half_width_mark() -> None:
    assert [text for text in CHINESE.values() if text[-1] in ".,;:!?" or ", " in text] == []
