"""How a page carries out a verb: as the API does, in the one unit of work, with the version the person had looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from flask import request

from api.ground import asking, ground
from web.views import frame
from workflows.acting import Acting
from workflows.errors import InvalidInput

T = TypeVar("T")
MOST_DIGITS = 9


def do(verb: Callable[[Acting], T]) -> T:
    """Carry out a verb for the person who asks: committed once, or refused and the refusal recorded."""
    return ground().unit_of_work.run(verb, asking())


def expected() -> int | None:
    """The version the person had looked at, as the form brought it back; None where it brought none."""
    given = request.form.get("expected_version", "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) <= MOST_DIGITS else None


def messages(invalid: InvalidInput) -> Mapping[str, str]:
    """Path of the answer → what is to be put right, in the language of the page."""
    return {problem.path: problem.message[frame.language()] for problem in invalid.problems}
