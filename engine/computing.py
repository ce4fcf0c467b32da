"""S-FEEL expressions: what is computed from the inputs of a decision, and from decisions that it requires.

Literals, names, `+ - * / **`, comparisons, `and`, `or`, `not(…)`. Kinds are known when the expression is read, so one that
would add a date to a text is refused then. Null is "not known": what is computed from it is null, as the standard says. An
expression is a list of small steps, so its length costs no depth, and no step makes a value that is larger than bounds
allow. It never reads a clock, and there are no functions.
"""

from __future__ import annotations

import operator
from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal, DecimalException, DivisionByZero, InvalidOperation, Overflow
from functools import lru_cache
from typing import Literal, TypeAlias

from engine.kinds import DAY, DOMAINS, NULL, WITH_OFFSET, CellUnfit, Key, Kind, Value, plain
from engine.regions import stretch
from engine.tokens import NO_NAMES, Name, Scope, Tokens, fitted, other_kind

MAX_NESTING = 40
"""Deepest parentheses and signs."""
MAX_TEXT = 10_000
"""Longest text that is put together, in characters."""
MAX_DURATION = 10**24
"""Longest duration, in microseconds or months."""

_DECIMAL = Context(prec=34, Emin=-6143, Emax=6144, traps=[InvalidOperation, DivisionByZero, Overflow])
"""Numbers are decimals of 34 digits, as the standard says (IEEE 754 decimal128)."""

Of: TypeAlias = Kind | None
"""The kind of a part of an expression; None for null, which is of every kind."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: puts a value on the pile, or takes one or two off and puts their result there."""

    sign: str
    kinds: tuple[Of, ...] = ()
    key: Key | None = None
    name: Name | None = None


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression that can be computed when its names have values."""

    text: str
    kind: Of
    steps: tuple[Step, ...]

    @property
    def names(self) -> tuple[Name, ...]:
        return tuple(dict.fromkeys(step.name for step in self.steps if step.name))

    @property
    def name(self) -> Name | None:
        """The one name that the expression is, where it is nothing else."""
        return self.steps[0].name if len(self.steps) == 1 else None

    def compute(self, keys: Mapping[Name, Key | None]) -> Key | None:
        """The key of the result.

        Raises:
            CellUnfit: the result would be too large, or is not defined (a moment with an offset less one without).
        """
        pile: list[Key | None] = []
        for step in self.steps:
            if step.sign in ("value", "name"):
                pile.append(keys[step.name] if step.name else step.key)
                continue
            taken = [pile.pop() for _ in step.kinds][::-1]
            pile.append(_done(step, taken))
        return pile[0]


def read_expression(text: str, scope: Scope = NO_NAMES) -> Expression:
    """Read an expression.

    Raises:
        CellUnfit: it is not S-FEEL, speaks of something unknown, or does what its kinds do not allow.
    """
    return _Reader(Tokens(text, scope)).read()


def read_output(text: str, kind: Kind, scope: Scope = NO_NAMES) -> Value | Expression:
    """Read an output entry: a literal, or an expression of the output's kind.

    Raises:
        CellUnfit: as `read_expression`, or it gives another kind.
    """
    tokens = Tokens(text, scope)
    if not tokens.name() and (literal := tokens.literal()) and tokens.at_end():
        value, of, written = literal
        return fitted(value, of, written, kind)
    expression = read_expression(text, scope)
    if expression.kind is not None and not fits(expression.kind, kind):
        raise other_kind(text, kind)
    return expression


def fits(given: Kind, wanted: Kind) -> bool:
    """Whether values of a kind may go where another is declared; whole numbers are told apart when they are there."""
    return given == wanted or {given, wanted} == {"number", "integer"}


def leaving(key: Key | None, kind: Kind) -> Value:
    """A computed key as a value; of numbers that a double cannot hold, the nearest that it can.

    Raises:
        CellUnfit: it is too large for plain JSON, or an integer is declared and it is none.
    """
    if key is None:
        return NULL
    if kind not in ("number", "integer"):
        return Value(plain(kind, key), key)
    number = Decimal(key)
    if abs(number) >= 2**63:
        raise CellUnfit("The number is too large.", "数值过大。")
    if number == number.to_integral_value():
        return Value(int(number), int(number))
    if kind == "integer":
        raise CellUnfit(f"{number:.12g} is not an integer.", f"{number:.12g} 不是整数。")
    return Value(float(number), number)


# --- Reading ---------------------------------------------------------------------------------------------------------

_BINDS = {
    sign: level
    for level, signs in enumerate(
        (("or",), ("and",), ("=", "!=", "<", "<=", ">", ">="), ("+", "-"), ("*", "/"), ("**",))
    )
    for sign in signs
}
"""How closely a sign binds; equals are taken from left to right, as the standard says."""
_COMPARISON = _BINDS["="]


class _Reader:
    """Reads one expression, and writes its steps down."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._steps: list[Step] = []
        self._depth = 0

    def read(self) -> Expression:
        kind = self._part(0)
        self._tokens.expect_end()
        return Expression(self._tokens.text, kind, tuple(self._steps))

    def _part(self, least: int) -> Of:
        """Read on while signs bind at least so closely."""
        kind = self._single()
        compared = False
        while (level := _BINDS.get(sign := self._tokens.peek(), -1)) >= least:
            if level == _COMPARISON and compared:
                raise self._tokens.unexpected()  # a comparison of comparisons is written with parentheses
            self._tokens.take(sign)
            kind = self._step(sign, kind, self._part(level + 1))
            compared = compared or level == _COMPARISON
        return kind

    def _single(self) -> Of:
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise CellUnfit(f"It nests deeper than {MAX_NESTING} levels.", f"嵌套超过 {MAX_NESTING} 层。")
        kind = self._unnamed() if (name := self._tokens.name()) is None else self._named(name)
        self._depth -= 1
        return kind

    def _named(self, name: Name) -> Of:
        if name.kind is None:
            raise CellUnfit(f"Nothing declares the type of `{name.text}`.", f"没有声明“{name.text}”的类型。")
        self._steps.append(Step("name", name=name))
        return _number_kind(name.kind)

    def _unnamed(self) -> Of:
        literal = self._tokens.literal()
        if literal:
            value, kind, _ = literal
            self._steps.append(Step("value", key=value.key))
            return kind
        if self._tokens.take("-"):
            return self._step("negative", self._single())
        if self._tokens.take("not"):
            return self._step("not", self._bracketed())
        return self._bracketed()

    def _bracketed(self) -> Of:
        self._tokens.expect("(")
        kind = self._part(0)
        self._tokens.expect(")")
        return kind

    def _step(self, sign: str, *kinds: Of) -> Of:
        step, kind = _operation(sign, kinds)
        self._steps.append(step)
        return kind


@lru_cache(maxsize=4096)
def _operation(sign: str, kinds: tuple[Of, ...]) -> tuple[Step, Of]:
    """The step that a sign makes of values of some kinds, and the kind that it gives."""
    results = {
        result
        for (of, result) in _RESULTS[sign]
        if all(given is None or given == wanted for given, wanted in zip(kinds, of, strict=True))
    }
    if not results:
        raise _unfit(sign, kinds)
    return Step(sign, kinds), results.pop() if len(results) == 1 else None


def _number_kind(kind: Kind) -> Kind:
    return "number" if kind == "integer" else kind


def _unfit(sign: str, kinds: Sequence[Of]) -> CellUnfit:
    written = {"negative": "-", "not": "not(…)"}.get(sign, sign)
    given = " and ".join(kind or "null" for kind in kinds)
    return CellUnfit(f"`{written}` is not defined for {given}.", f"“{written}”不适用于 {given}。")


# --- Computing -------------------------------------------------------------------------------------------------------

Number: TypeAlias = int | Decimal
_COMPARE: dict[str, Callable[[Key, Key], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_SIMPLE: tuple[Kind, ...] = (
    "string", "boolean", "number", "date", "time", "dateTime", "dayTimeDuration", "yearMonthDuration",
)  # fmt: skip
_ORDERED: tuple[Kind, ...] = _SIMPLE[2:]
_SPANS: tuple[Kind, ...] = ("dayTimeDuration", "yearMonthDuration")

_RESULTS: dict[str, tuple[tuple[tuple[Kind, ...], Kind], ...]] = {
    "or": ((("boolean", "boolean"), "boolean"),),
    "and": ((("boolean", "boolean"), "boolean"),),
    "not": ((("boolean",), "boolean"),),
    "negative": tuple(((kind,), kind) for kind in ("number", *_SPANS)),
    **{sign: tuple(((kind, kind), "boolean") for kind in _SIMPLE) for sign in ("=", "!=")},
    **{sign: tuple(((kind, kind), "boolean") for kind in ("string", *_ORDERED)) for sign in _COMPARE},
    "+": (
        (("number", "number"), "number"),
        (("string", "string"), "string"),
        *(((kind, kind), kind) for kind in _SPANS),
        *(((kind, span), kind) for kind in ("date", "dateTime") for span in _SPANS),
        *(((span, kind), kind) for kind in ("date", "dateTime") for span in _SPANS),
        (("time", "dayTimeDuration"), "time"),
        (("dayTimeDuration", "time"), "time"),
    ),
    "-": (
        (("number", "number"), "number"),
        *(((kind, kind), kind) for kind in _SPANS),
        *(((kind, kind), "dayTimeDuration") for kind in ("date", "time", "dateTime")),
        *(((kind, span), kind) for kind in ("date", "dateTime") for span in _SPANS),
        (("time", "dayTimeDuration"), "time"),
    ),
    "*": (
        (("number", "number"), "number"),
        *(((span, "number"), span) for span in _SPANS),
        *((("number", span), span) for span in _SPANS),
    ),
    "/": (
        (("number", "number"), "number"),
        *(((span, "number"), span) for span in _SPANS),
        *(((span, span), "number") for span in _SPANS),
    ),
    "**": ((("number", "number"), "number"),),
}
"""For each sign: the kinds that it takes, and the kind that it gives."""


def _done(step: Step, taken: Sequence[Key | None]) -> Key | None:
    """What a step makes of the values it takes."""
    if step.sign in ("and", "or"):
        return _logical(step.sign, taken)
    if step.sign in ("=", "!=") and None in taken:
        return (taken[0] is taken[1]) is (step.sign == "=")
    if None in taken:
        return None
    known = [key for key in taken if key is not None]
    if step.sign == "not":
        return not known[0]
    if step.sign == "negative":
        return -known[0]  # type: ignore[operator]  # a number
    if "dateTime" in step.kinds and step.kinds[0] == step.kinds[-1]:
        _check_sorts(known)
    if step.sign in ("=", "!="):
        return (known[0] == known[1]) is (step.sign == "=")
    if step.sign in _COMPARE:
        return _COMPARE[step.sign](*known)
    if step.sign == "+" and step.kinds[1] in ("date", "dateTime", "time"):
        known.reverse()  # a duration and a date is a date and that duration
        return _moved(step.kinds[1], step.kinds[0], known[0], known[1], 1)  # type: ignore[arg-type]  # numbers
    return _combined(step, *known)  # type: ignore[arg-type]  # numbers, but for texts


def _logical(sign: str, taken: Sequence[Key | None]) -> bool | None:
    """Three-valued: what is not known does not matter where the other decides."""
    decisive = sign == "or"
    if decisive in taken:
        return decisive
    return None if None in taken else not decisive


def _check_sorts(moments: Sequence[Key]) -> None:
    if (moments[0] < WITH_OFFSET) != (moments[1] < WITH_OFFSET):  # type: ignore[operator]  # numbers
        raise CellUnfit(
            "One moment has an offset, the other none: they cannot be compared.",
            "两个日期时间中一个带有时区偏移，另一个没有，无法比较。",
        )


def _combined(step: Step, one: Number, other: Number) -> Key | None:
    first, second = step.kinds
    if first == "string":
        return _joined(str(one), str(other))
    if first in ("date", "time", "dateTime"):
        if first == second:
            return (one - other) * (DAY if first == "date" else 1)
        return _moved(first, second, one, other, 1 if step.sign == "+" else -1)
    result = _reckoned(step.sign, one, other)
    if result is None or first == second == "number" or (first == second and step.sign == "/"):
        return result
    return _duration(result, "yearMonthDuration" if "yearMonthDuration" in step.kinds else "dayTimeDuration")


def _reckoned(sign: str, one: Number, other: Number) -> Decimal | None:
    """Decimals of 34 digits. Where nothing is defined (a division by zero) the result is null, as the standard says."""
    reckon: Callable[[Decimal, Decimal], Decimal] = {
        "+": _DECIMAL.add,
        "-": _DECIMAL.subtract,
        "*": _DECIMAL.multiply,
        "/": _DECIMAL.divide,
        "**": _DECIMAL.power,
    }[sign]
    try:
        return reckon(Decimal(one), Decimal(other))
    except Overflow:
        raise CellUnfit("The number is too large.", "数值过大。") from None
    except DecimalException:
        return None


def _joined(one: str, other: str) -> str:
    if len(one) + len(other) > MAX_TEXT:
        raise CellUnfit(f"The text has more than {MAX_TEXT} characters.", f"文本超过 {MAX_TEXT} 个字符。")
    return one + other


def _duration(result: Decimal, kind: Literal["dayTimeDuration", "yearMonthDuration"]) -> int:
    if abs(result) > MAX_DURATION:
        raise CellUnfit("The duration is too long.", "时长过长。")
    if kind == "yearMonthDuration" and result != result.to_integral_value():
        raise CellUnfit("The duration is not whole months.", "时长不是整月。")
    return int(result.to_integral_value())


def _moved(kind: Of, by: Of, start: Number, duration: Number, forth: int) -> int:
    """A date, time or moment some time earlier or later."""
    if kind == "time":
        return int(start + forth * duration) % DAY
    if by == "yearMonthDuration":
        moved = _months_later(kind, int(start), int(duration) * forth)
    elif kind == "date":
        days, rest = divmod(int(duration) * forth, DAY)
        if rest:
            raise CellUnfit("Only whole days can be added to a date.", "日期只能加减整天。")
        moved = int(start) + days
    else:
        moved = int(start) + int(duration) * forth
    same = next(first for first, after in DOMAINS[kind] if first <= start < after)  # type: ignore[index]
    if not any(first <= moved < after for first, after in DOMAINS[kind] if first == same):  # type: ignore[index]
        raise CellUnfit("The date lies outside the years 1 to 9999.", "日期超出公元 1 年至 9999 年。")
    return moved


def _months_later(kind: Of, start: int, months: int) -> int:
    """The same day of a later month, or its last: 31 January and one month is the last of February."""
    if kind == "dateTime" and stretch("dateTime", start)[0][1] > WITH_OFFSET:
        raise CellUnfit(
            "Months are counted on a calendar: a moment with an offset stands on none here.",
            "月份按日历计算，带时区偏移的日期时间不能加减月份。",
        )
    day, time = (start, 0) if kind == "date" else divmod(start, DAY)
    begun = date.fromordinal(day)
    year, month = divmod(begun.year * 12 + begun.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        return -1
    moved = date(year, month + 1, min(begun.day, monthrange(year, month + 1)[1])).toordinal()
    return moved if kind == "date" else moved * DAY + time
