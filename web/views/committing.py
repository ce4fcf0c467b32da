"""How a page carries out a verb: as the API does, in the one unit of work, with the version the person had looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from flask import request

from api import problems
from api.bodies import CHARACTER, keepable
from api.ground import asking, ground
from forms import Problem
from web.page_values import Tone
from web.views import frame
from workflows.acting import Acting
from workflows.errors import InvalidInput, Refused

T = TypeVar("T")
MOST_DIGITS = 9


def do(verb: Callable[[Acting], T]) -> T:
    """Carry out a verb for the person who asks: committed once, or refused and the refusal recorded."""
    return ground().unit_of_work.run(verb, asking())


def expected() -> int | None:
    """The version the person had looked at, as the form brought it back; None where it brought none."""
    given = request.form.get("expected_version", "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) <= MOST_DIGITS else None


def refuse_unkeepable() -> None:
    """Refuse what no database can keep before a view reads it. What is read as a stream is looked at where it is read.

    Raises:
        InvalidInput: naming the fields.
    """
    given = list(request.args.items(multi=True))
    if request.mimetype == "application/x-www-form-urlencoded":
        given += request.form.items(multi=True)
    found = tuple(
        Problem(path=name if keepable(name) else "", code="character_not_allowed", message=CHARACTER)
        for name, value in given
        if not (keepable(name) and keepable(value))
    )
    if found:
        raise InvalidInput(found)


def tell_refusal(refused: Refused, lead: str) -> int:
    """Say on the page that is shown again why nothing was done; the status that page is to have."""
    told = problems.describe(refused, frame.language())
    frame.tell_here(Tone.CARE, told.detail, lead=lead)
    return told.status


def messages(invalid: InvalidInput) -> Mapping[str, str]:
    """Path of the answer → what is to be put right, in the language of the page."""
    return {problem.path: problem.message[frame.language()] for problem in invalid.problems}
