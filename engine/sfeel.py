"""S-FEEL, the small language of decision tables: what stands in a cell, as a set of values.

A cell such as `[1..5), >= 10` or `not("OUT_OF_SCOPE", null)` is read into a `Region`: the set of values that it admits.
Sets can be compared, so whether two rules overlap, or whether nothing applies, is computed and not guessed. Nothing
here evaluates anything but literals; there are no names, no functions and no arithmetic in a cell.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, TypeAlias

from engine.errors import EngineError

MAX_CELL = 2_000
"""Longest cell, in characters."""

Kind = Literal["string", "boolean", "number", "integer", "date", "dayTimeDuration", "yearMonthDuration"]
KINDS: dict[str, Kind] = {
    "string": "string",
    "boolean": "boolean",
    "number": "number",
    "double": "number",
    "integer": "integer",
    "long": "integer",
    "date": "date",
    "dayTimeDuration": "dayTimeDuration",
    "days and time duration": "dayTimeDuration",
    "yearMonthDuration": "yearMonthDuration",
    "years and months duration": "yearMonthDuration",
}
"""`typeRef` as written → kind. `integer`, `long` and `double` are what Camunda 7 tables say."""

KIND_NAMES: dict[Kind, tuple[str, str]] = {
    "string": ("a text", "文本"),
    "boolean": ("a truth value", "真假值"),
    "number": ("a number", "数"),
    "integer": ("an integer", "整数"),
    "date": ("a date such as 2024-09-09", "2024-09-09 这样的日期"),
    "dayTimeDuration": ("a duration such as PT36H", "PT36H 这样的时长"),
    "yearMonthDuration": ("a duration such as P1Y6M", "P1Y6M 这样的时长"),
}

Key: TypeAlias = str | bool | int | Decimal
"""What values of a kind are compared by: dates as day numbers, durations as microseconds or months."""
Cut: TypeAlias = tuple[int, int | Decimal, int]
"""A place between values: (-1 before all, 0, 1 after all; the value; 0 just before it, 1 just after it)."""

_FIRST: Cut = (-1, 0, 0)
_LAST: Cut = (1, 0, 0)


class CellUnfit(EngineError):
    """The cell is not S-FEEL of the kind that its column declares."""

    def __init__(self, why: str, zh: str) -> None:
        super().__init__(why, zh=zh)
        self.zh = zh


@dataclass(frozen=True, slots=True)
class Value:
    """A literal."""

    plain: Any
    """As it goes into a result: plain JSON."""
    key: Key | None
    """As it is compared; None for null."""


@dataclass(frozen=True, slots=True)
class Region:
    """A set of values of one kind, and perhaps null."""

    kind: Kind
    named: frozenset[str | bool] = frozenset()
    """Of texts and truth values: those inside, or those outside where `others`."""
    others: bool = False
    spans: tuple[tuple[Cut, Cut], ...] = ()
    """Of everything that has an order: from cut to cut, apart from each other, in order."""
    null: bool = False

    def __contains__(self, key: Key | None) -> bool:
        if key is None:
            return self.null
        if isinstance(key, str | bool):
            return (key in self.named) is not self.others
        return any(low <= (0, key, 0) and (0, key, 1) <= high for low, high in self.spans)

    @property
    def empty(self) -> bool:
        return not (self.named or self.others or self.spans or self.null)

    def inverse(self) -> Region:
        """All values of the kind, and null, but these."""
        if not ordered(self.kind):
            return _named(self.kind, self.named, not self.others, null=not self.null)
        edges = [_FIRST, *(cut for span in self.spans for cut in span), _LAST]
        spans = tuple(zip(edges[::2], edges[1::2], strict=True))
        return _spanned(self.kind, spans, null=not self.null)

    def meets(self, other: Region) -> bool:
        """Whether some value is in both."""
        if self.null and other.null:
            return True
        if ordered(self.kind):
            return any(max(a, c) < min(b, d) for a, b in self.spans for c, d in other.spans)
        if self.others and other.others:
            return True
        if self.others or other.others:
            within, without = (other, self) if self.others else (self, other)
            return bool(within.named - without.named)
        return bool(self.named & other.named)

    def text(self) -> str:
        """The set as S-FEEL, for people to read."""
        if self in (everything(self.kind), everything(self.kind, null=True)):
            return "-" if self.null else "not(null)"
        parts = [_span_text(self.kind, low, high) for low, high in self.spans]
        named = [_quoted(value) for value in sorted(self.named, key=str)]
        if self.others:
            excluded = named if self.null else [*named, "null"]
            return f"not({', '.join(excluded)})"
        parts += named
        parts += ["null"] if self.null else []
        return ", ".join(parts)


def ordered(kind: Kind) -> bool:
    return kind not in ("string", "boolean")


def everything(kind: Kind, *, null: bool = False) -> Region:
    """All values of a kind."""
    if ordered(kind):
        return _spanned(kind, ((_FIRST, _LAST),), null=null)
    return _named(kind, frozenset(), True, null=null)


def union(regions: Iterable[Region]) -> Region:
    """The values of any of these regions, which are of one kind and list what they hold (none is an inverse)."""
    regions = list(regions)
    kind = regions[0].kind
    null = any(region.null for region in regions)
    if not ordered(kind):
        return _named(kind, frozenset().union(*(region.named for region in regions)), False, null=null)
    return _spanned(kind, tuple(span for region in regions for span in region.spans), null=null)


def sample(region: Region) -> Any:
    """One plain value of a region that is not empty; null only where there is nothing else."""
    if region.spans:
        return plain(region.kind, _inside(*region.spans[0]))
    if region.others:
        other = "…"
        while other in region.named:
            other += "…"
        return other
    if region.named:
        return min(region.named, key=str)
    return None


def plain(kind: Kind, key: Key) -> Any:
    """The plain JSON value that is compared by `key`."""
    if isinstance(key, str | bool):
        return key
    if kind == "date":
        return date.fromordinal(int(key)).isoformat()
    if kind == "dayTimeDuration":
        return _seconds_text(int(key))
    if kind == "yearMonthDuration":
        return f"{'-' if key < 0 else ''}P{abs(int(key))}M"
    return key if isinstance(key, int) else float(key)


# --- Values that come in ---------------------------------------------------------------------------------------------


def key_of(value: Any, kind: Kind) -> Key | None:
    """What a plain value is compared by.

    Raises:
        CellUnfit: it is not of this kind. A text is never taken for a number, a number never for a truth value.
    """
    if value is None:
        return None
    key = _KEYS[kind](value)
    if key is None:
        english, chinese = KIND_NAMES[kind]
        raise CellUnfit(f"{shown(value)} is not {english}.", f"{shown(value)} 不是{chinese}。")
    return key


def shown(value: Any) -> str:
    """A plain value for a sentence, cut short."""
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):
        text = type(value).__name__
    return text if len(text) <= 60 else f"{text[:60]}…"


def _date_key(value: Any) -> int | None:
    if not (isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value)):
        return None
    try:
        return date.fromisoformat(value).toordinal()
    except ValueError:
        return None


def _number_key(value: Any) -> int | Decimal | None:
    if isinstance(value, float) and math.isfinite(value):
        return Decimal(repr(value))
    return _integer_key(value)


def _integer_key(value: Any) -> int | None:
    return value if type(value) is int and -(2**63) <= value < 2**63 else None


def _seconds_key(value: Any) -> int | None:
    """Microseconds of `PT36H`, `P1DT0.5S`."""
    found = _DAY_TIME.fullmatch(value) if isinstance(value, str) and len(value) <= 40 else None
    if not found or not any(found.group("days", "hours", "minutes", "seconds")) or value.endswith("T"):
        return None
    whole, _, part = (found["seconds"] or "0").partition(".")
    minutes = (int(found["days"] or 0) * 24 + int(found["hours"] or 0)) * 60 + int(found["minutes"] or 0)
    microseconds = (minutes * 60 + int(whole)) * 1_000_000 + int(part.ljust(6, "0"))
    return -microseconds if found["sign"] else microseconds


def _months_key(value: Any) -> int | None:
    found = _YEAR_MONTH.fullmatch(value) if isinstance(value, str) and len(value) <= 40 else None
    if not found or not any(found.group("years", "months")):
        return None
    months = int(found["years"] or 0) * 12 + int(found["months"] or 0)
    return -months if found["sign"] else months


_DAY_TIME = re.compile(
    r"(?P<sign>-?)P(?:(?P<days>[0-9]{1,9})D)?"
    r"(?:T(?:(?P<hours>[0-9]{1,9})H)?(?:(?P<minutes>[0-9]{1,9})M)?(?:(?P<seconds>[0-9]{1,9}(?:\.[0-9]{1,6})?)S)?)?"
)
_YEAR_MONTH = re.compile(r"(?P<sign>-?)P(?:(?P<years>[0-9]{1,6})Y)?(?:(?P<months>[0-9]{1,6})M)?")
_KEYS: dict[Kind, Callable[[Any], Key | None]] = {
    "string": lambda value: value if isinstance(value, str) else None,
    "boolean": lambda value: value if isinstance(value, bool) else None,
    "number": _number_key,
    "integer": _integer_key,
    "date": _date_key,
    "dayTimeDuration": _seconds_key,
    "yearMonthDuration": _months_key,
}


# --- Cells -----------------------------------------------------------------------------------------------------------


def read_tests(cell: str, kind: Kind) -> Region:
    """Read an input entry (unary tests): `-`, literals, comparisons, ranges, lists of these, `not(...)`.

    Raises:
        CellUnfit: it is something else, of another kind than the column, or admits nothing.
    """
    tokens = _Tokens(cell)
    if tokens.take("-"):
        tokens.expect_end()
        return everything(kind, null=True)
    if tokens.take("not"):
        tokens.expect("(")
        region = _positive(tokens, kind).inverse()
        tokens.expect(")")
    else:
        region = _positive(tokens, kind)
    tokens.expect_end()
    if region.empty:
        raise CellUnfit("No value can pass this test.", "没有任何值能通过此条件。")
    return region


def read_values(cell: str, kind: Kind) -> Region:
    """Read the allowed values of an input: like an input entry, but `-` and `not` would say nothing and are refused."""
    tokens = _Tokens(cell)
    region = _positive(tokens, kind)
    tokens.expect_end()
    return region


def read_literals(cell: str, kind: Kind) -> tuple[Value, ...]:
    """Read the allowed values of an output, best first: literals."""
    tokens = _Tokens(cell)
    values = [tokens.literal(kind)]
    while tokens.take(","):
        values.append(tokens.literal(kind))
    tokens.expect_end()
    return tuple(values)


def read_literal(cell: str, kind: Kind) -> Value:
    """Read an output entry: one literal."""
    tokens = _Tokens(cell)
    value = tokens.literal(kind)
    tokens.expect_end()
    return value


def mentions_null(cell: str) -> bool:
    """Whether a cell speaks of null; `-` and `not("a")` admit null without speaking of it."""
    return any(found["word"] == "null" for found in _TOKEN.finditer(cell))


def exact(key: Fraction, kind: Kind) -> Value:
    """A number as a literal.

    Raises:
        CellUnfit: plain JSON cannot hold it exactly: it is beyond 64 bits, or a decimal that a double would round.
    """
    if key == int(key) and abs(key) < 2**63:
        return Value(int(key), int(key))
    value = float(key) if kind == "number" and abs(key) < 2**63 else math.nan
    if not math.isfinite(value) or Fraction(repr(value)) != key:
        english, chinese = KIND_NAMES[kind]
        raise CellUnfit(f"The number cannot be kept exactly as {english}.", f"该数不能作为{chinese}精确保存。")
    return Value(value, Decimal(repr(value)))


def _positive(tokens: _Tokens, kind: Kind) -> Region:
    regions = [_test(tokens, kind)]
    while tokens.take(","):
        regions.append(_test(tokens, kind))
    return union(regions)


def _test(tokens: _Tokens, kind: Kind) -> Region:
    if sign := tokens.take("<=", ">=", "<", ">"):
        return _compared(sign, tokens.bound(kind), kind)
    if opening := tokens.take("[", "(", "]"):
        return _range(tokens, opening, kind)
    value = tokens.literal(kind)
    if value.key is None:
        return Region(kind, null=True)
    if isinstance(value.key, str | bool):
        return _named(kind, frozenset([value.key]), False)
    return _spanned(kind, (((0, value.key, 0), (0, value.key, 1)),))


def _compared(sign: str, bound: int | Decimal, kind: Kind) -> Region:
    before, after = (0, bound, 0), (0, bound, 1)
    spans = {"<": (_FIRST, before), "<=": (_FIRST, after), ">": (after, _LAST), ">=": (before, _LAST)}
    return _spanned(kind, (spans[sign],))


def _range(tokens: _Tokens, opening: str, kind: Kind) -> Region:
    low = tokens.bound(kind)
    tokens.expect("..")
    high = tokens.bound(kind)
    closing = tokens.take("]", ")", "[")
    if not closing:
        raise tokens.unexpected()
    region = _spanned(kind, (((0, low, int(opening != "[")), (0, high, int(closing == "]"))),))
    if region.empty:
        raise CellUnfit("A range is empty: its end lies before its start.", "区间为空：终点在起点之前。")
    return region


class _Tokens:
    """The tokens of a cell, taken from left to right."""

    def __init__(self, cell: str) -> None:
        if len(cell) > MAX_CELL:
            raise CellUnfit(
                f"The cell has {len(cell)} characters; at most {MAX_CELL} are read.",
                f"单元格有 {len(cell)} 个字符，最多读取 {MAX_CELL} 个。",
            )
        self._cell = cell.strip()
        self._at = 0
        if not self._cell:
            raise CellUnfit("The cell is empty.", "单元格为空。")

    def take(self, *wanted: str) -> str | None:
        """Take the next token if it is one of these."""
        found = self._next()
        word = found and (found["sign"] or found["word"])
        if found and word in wanted:
            self._at = found.end()
            return word
        return None

    def expect(self, wanted: str) -> None:
        if not self.take(wanted):
            raise self.unexpected()

    def expect_end(self) -> None:
        if self._cell[self._at :].strip():
            raise self.unexpected()

    def unexpected(self) -> CellUnfit:
        rest = self._cell[self._at :].strip()
        if not rest:
            return CellUnfit("The cell ends too early.", "单元格内容不完整。")
        if rest[0] in "“”‘’「」＂":
            return CellUnfit('A text is written in straight quotes: "…".', '文本要用英文直引号："…"。')
        return CellUnfit(
            f"`{rest[:20]}` cannot stand here: a cell holds literals, comparisons, ranges and not(…).",
            f"此处不能出现“{rest[:20]}”：单元格只能写字面值、比较、区间和 not(…)。",
        )

    def bound(self, kind: Kind) -> int | Decimal:
        """The end of a range, or what is compared with."""
        if not ordered(kind):
            english, chinese = KIND_NAMES[kind]
            raise CellUnfit(f"{english} has no order to compare by.".capitalize(), f"{chinese}没有可比较的顺序。")
        key = self.literal(kind).key
        if isinstance(key, str | bool) or key is None:
            raise CellUnfit("null cannot be compared or bound a range.", "空值不能用于比较或作为区间端点。")
        return key

    def literal(self, kind: Kind) -> Value:
        found = self._next()
        if found is None:
            raise self.unexpected()
        self._at = found.end()
        if found["text"]:
            value: Any = _unescape(found["text"])
        elif found["call"]:
            return _called(found["call"], _unescape(found["argument"]), kind)
        elif found["number"]:
            return _number(found["number"], kind)
        elif found["word"] in _WORDS:
            value = _WORDS[found["word"]]
        else:
            self._at = found.start()
            raise self.unexpected()
        if isinstance(value, str) and kind != "string":
            raise _other_kind(found.group().strip(), kind)
        try:
            return Value(value, key_of(value, kind))
        except CellUnfit:
            raise _other_kind(found.group().strip(), kind) from None

    def _next(self) -> re.Match[str] | None:
        return _TOKEN.match(self._cell, self._at)


_TOKEN = re.compile(
    r"""\s*(?:
        (?P<text>"(?:[^"\\]|\\.)*")
      | (?P<call>date|duration)\s*\(\s*(?P<argument>"(?:[^"\\]|\\.)*")\s*\)
      | (?P<number>-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?![0-9A-Za-z_]))
      | (?P<word>[^\W\d]\w*)
      | (?P<sign><=|>=|\.\.|[-<>\[\](),])
    )""",
    re.VERBOSE | re.DOTALL,
)
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None}
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}


def _unescape(quoted: str) -> str:
    def resolve(found: re.Match[str]) -> str:
        if found["code"]:
            return chr(int(found["code"], 16))
        if found["letter"] not in _ESCAPES:
            raise CellUnfit(f"`{found.group()}` is no escape.", f"“{found.group()}”不是转义。")
        return _ESCAPES[found["letter"]]

    text = re.sub(r"\\(?:u(?P<code>[0-9A-Fa-f]{4})|(?P<letter>.))", resolve, quoted[1:-1], flags=re.DOTALL)
    if re.search("[\x00\ud800-\udfff]", text):
        raise CellUnfit("A text holds a NUL or half a character.", "文本中含有空字符或半个字符。")
    return text


def _called(function: str, argument: str, kind: Kind) -> Value:
    fits = kind == "date" if function == "date" else kind in ("dayTimeDuration", "yearMonthDuration")
    written = f'{function}("{argument}")'
    if not fits:
        raise _other_kind(written, kind)
    try:
        return Value(argument, key_of(argument, kind))
    except CellUnfit:
        raise _other_kind(written, kind) from None


def _number(written: str, kind: Kind) -> Value:
    if kind not in ("number", "integer"):
        raise _other_kind(written, kind)
    if len(written) > 40:
        raise CellUnfit("A number has more than 40 digits.", "数字超过 40 位。")
    return exact(Fraction(written), kind)


def _other_kind(written: str, kind: Kind) -> CellUnfit:
    written = written if len(written) <= 60 else f"{written[:60]}…"
    english, chinese = KIND_NAMES[kind]
    hint = {"date": ' written date("2024-09-09")', "string": ' written "…"'}.get(kind, "")
    hint_zh = {"date": '，写作 date("2024-09-09")', "string": '，写作 "…"'}.get(kind, "")
    if kind in ("dayTimeDuration", "yearMonthDuration"):
        hint, hint_zh = ' written duration("…")', '，写作 duration("…")'
    return CellUnfit(f"`{written}` is not {english}{hint}.", f"“{written}”不是{chinese}{hint_zh}。")


# --- Sets ------------------------------------------------------------------------------------------------------------


def _named(kind: Kind, named: frozenset[str | bool], others: bool, *, null: bool = False) -> Region:
    if kind == "boolean" and others:
        return Region(kind, frozenset({True, False}) - named, False, null=null)
    return Region(kind, named, others, null=null)


def _spanned(kind: Kind, spans: Iterable[tuple[Cut, Cut]], *, null: bool = False) -> Region:
    """Spans in order, joined where they touch, without the empty ones."""
    joined: list[tuple[Cut, Cut]] = []
    for low, high in sorted((_placed(kind, low), _placed(kind, high)) for low, high in spans):
        if low >= high:
            continue
        if joined and low <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], high))
        else:
            joined.append((low, high))
    return Region(kind, spans=tuple(joined), null=null)


_DATES: tuple[Cut, Cut] = ((0, 1, 0), (0, date.max.toordinal() + 1, 0))


def _placed(kind: Kind, cut: Cut) -> Cut:
    """One form for each place: of kinds that have a next value, just after 5 is just before 6."""
    where, value, side = cut
    if kind == "date":
        if where:
            return _DATES[where > 0]
        return min((0, value + side, 0), _DATES[1])
    return cut if kind == "number" or where else (0, value + side, 0)


def _inside(low: Cut, high: Cut) -> int | Decimal:
    """A value between two cuts: their first where it has one, a simple one elsewhere."""
    if low[0] == 0 and low[2] == 0:
        return low[1]
    if low[0] == 0:
        return low[1] + 1 if high[0] or low[1] + 1 < high[1] else (Decimal(low[1]) + Decimal(high[1])) / 2
    return high[1] - 1 if high[0] == 0 else 0


def _span_text(kind: Kind, low: Cut, high: Cut) -> str:
    if kind != "number" and high[0] == 0:
        high = (0, high[1] - 1, 1)  # [5, 6) of integers is read as 5
    unbounded_low = low[0] < 0 or (kind == "date" and low == _DATES[0])
    unbounded_high = high[0] > 0 or (kind == "date" and high[1] >= _DATES[1][1] - 1)
    first, last = ("" if bound[0] else _written(kind, bound[1]) for bound in (low, high))
    if unbounded_low:
        return f"{'<=' if high[2] else '<'} {last}"
    if unbounded_high:
        return f"{'>' if low[2] else '>='} {first}"
    if first == last:
        return first
    return f"{'(' if low[2] else '['}{first}..{last}{']' if high[2] else ')'}"


def _written(kind: Kind, key: int | Decimal) -> str:
    value = plain(kind, key)
    if kind == "date":
        return f'date("{value}")'
    return f'duration("{value}")' if isinstance(value, str) else str(key)


def _quoted(value: str | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'


def _seconds_text(microseconds: int) -> str:
    whole, part = divmod(abs(microseconds), 1_000_000)
    fraction = f".{part:06d}".rstrip("0") if part else ""
    return f"{'-' if microseconds < 0 else ''}PT{whole}{fraction}S"
