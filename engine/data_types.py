"""Which values a declared datum may hold: the plain types that an item definition may name.

Values of other types are not judged. It may never change a value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from engine import moments
from engine.errors import DataUnfit
from engine.nodes import Datum, Node, named

KINDS: Mapping[str, str] = {
    **dict.fromkeys(("string", "text", "normalizedstring", "token", "anyuri"), "text"),
    **dict.fromkeys(("integer", "int", "long", "short", "nonnegativeinteger", "positiveinteger"), "integer"),
    **dict.fromkeys(("decimal", "double", "float", "number"), "number"),
    "boolean": "truth",
    "date": "date",
    "datetime": "moment",
    "duration": "duration",
    "list": "list",
    "map": "map",
}
"""Last part of a `structureRef`, in small letters → kind. The names of XML Schema and some that are usual."""


def _is(read: Callable[[str], Any]) -> Callable[[Any], bool]:
    def fits(value: Any) -> bool:
        try:
            read(value)
        except (TypeError, ValueError, moments.NotAMoment):
            return False
        return True

    return fits


_FITS: Mapping[str, Callable[[Any], bool]] = {
    "text": lambda value: isinstance(value, str),
    "integer": lambda value: type(value) is int,
    "number": lambda value: type(value) in (int, float),
    "truth": lambda value: type(value) is bool,
    "date": _is(date.fromisoformat),
    "moment": _is(moments.read_date),
    "duration": _is(moments.read_duration),
    "list": lambda value: isinstance(value, list),
    "map": lambda value: isinstance(value, dict),
}
_GIVES: Mapping[str, frozenset[str]] = {
    "text": frozenset({"text", "moment", "duration"}),
    "integer": frozenset({"integer"}),
    "number": frozenset({"integer", "number"}),
    "truth": frozenset({"truth"}),
    "date": frozenset({"text", "moment"}),
    "moment": frozenset({"text", "moment"}),
    "duration": frozenset({"text", "duration"}),
    "list": frozenset({"list"}),
    "map": frozenset({"map"}),
}
"""By kind of datum: the kinds an expression for it may have, as far as that is known at load."""


def fits(datum: Datum, value: Any) -> bool:
    """Whether a datum may hold a value. None, which is no value, always."""
    if value is None:
        return True
    judge = _FITS.get(datum.kind, lambda _: True)
    if datum.many and datum.kind != "list":
        return isinstance(value, list) and all(judge(item) for item in value)
    return judge(value)


def judge(datum: Datum | None, value: Any, where: Node | str) -> None:
    """Refuse a value that its variable, declared or not, may not hold.

    Args:
        where: the node that writes it, or the process that begins with it.

    Raises:
        DataUnfit: it is of another type than declared.
    """
    if datum is None or fits(datum, value):
        return
    who, id = (where, "") if isinstance(where, str) else (named(where), where.id)
    raise DataUnfit(
        f"{who}: “{datum.variable}” is declared as {datum.kind}{' list' if datum.many else ''}, "
        f"and is given {type(value).__name__}.",
        node=id,
        datum=datum.variable,
        zh=f"{who}：“{datum.variable}”声明的类型是 {datum.kind}，所给的值不符。",
    )


def could_be(datum: Datum | None, kind: str) -> bool:
    """Whether an expression of a kind may give what the datum holds."""
    if datum is None or kind in ("any", "null"):
        return True
    return kind == "list" if datum.many else kind in _GIVES.get(datum.kind, frozenset({kind}))
