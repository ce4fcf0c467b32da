"""Sets of values of one kind: what a cell admits, as something that can be compared.

Because a cell is a set, whether two rules overlap, or whether no rule applies, is computed and not guessed. Nothing here
reads a cell; `engine.sfeel` does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from engine.kinds import DOMAINS, Key, Kind, discrete, ordered, plain

Cut: TypeAlias = tuple[int, int | Decimal, int]
"""A place between values: (-1 before all, 0, 1 after all; the value; 0 just before it, 1 just after it)."""
Span: TypeAlias = tuple[Cut, Cut]

_FIRST: Cut = (-1, 0, 0)
_LAST: Cut = (1, 0, 0)


@dataclass(frozen=True, slots=True)
class Region:
    """A set of values of one kind, and perhaps null."""

    kind: Kind
    named: frozenset[str | bool] = frozenset()
    """Of texts and truth values: those inside, or those outside where `others`."""
    others: bool = False
    spans: tuple[Span, ...] = ()
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
            return names(self.kind, self.named, not self.others, null=not self.null)
        edges = [_FIRST, *(cut for span in self.spans for cut in span), _LAST]
        between = zip(edges[::2], edges[1::2], strict=True)
        return spans(self.kind, between, null=not self.null)

    def within(self, other: Region) -> Region:
        """What is in both."""
        null = self.null and other.null
        if not ordered(self.kind):
            if self.others and other.others:
                return names(self.kind, self.named | other.named, True, null=null)
            named = (value for value in self.named | other.named if value in self and value in other)
            return names(self.kind, frozenset(named), False, null=null)
        both = ((max(a, c), min(b, d)) for a, b in self.spans for c, d in other.spans)
        return spans(self.kind, both, null=null)

    def meets(self, other: Region) -> bool:
        """Whether some value is in both."""
        if self.null and other.null:
            return True
        if ordered(self.kind):
            return any(max(a, c) < min(b, d) for a, b in self.spans for c, d in other.spans)
        if self.others and other.others:
            return True
        if self.others or other.others:
            inside, outside = (other, self) if self.others else (self, other)
            return bool(inside.named - outside.named)
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


def everything(kind: Kind, *, null: bool = False) -> Region:
    """All values of a kind."""
    if ordered(kind):
        return spans(kind, ((_FIRST, _LAST),), null=null)
    return names(kind, frozenset(), True, null=null)


def nothing(kind: Kind, *, null: bool = False) -> Region:
    """No value of a kind, or null alone."""
    return Region(kind, null=null)


def single(kind: Kind, key: Key) -> Region:
    """One value."""
    if isinstance(key, str | bool):
        return names(kind, frozenset([key]), False)
    return spans(kind, (((0, key, 0), (0, key, 1)),))


def compared(kind: Kind, sign: str, bound: int | Decimal) -> Region:
    """The values below or above a bound; moments with an offset are compared with such only, and those without too."""
    first, last = stretch(kind, bound)
    before, after = (0, bound, 0), (0, bound, 1)
    span = {"<": (first, before), "<=": (first, after), ">": (after, last), ">=": (before, last)}[sign]
    return spans(kind, (span,))


def between(kind: Kind, opening: str, low: int | Decimal, high: int | Decimal, closing: str) -> Region:
    """The values of a range; `[` and `]` include its ends."""
    if stretch(kind, low) != stretch(kind, high):
        return nothing(kind)
    return spans(kind, (((0, low, int(opening != "[")), (0, high, int(closing == "]"))),))


def stretch(kind: Kind, key: int | Decimal) -> Span:
    """What a value can be compared with: all of its kind, or of moments those of its sort."""
    for first, after in DOMAINS.get(kind, ()):
        if first <= key < after:
            return (0, first, 0), (0, after, 0)
    return _FIRST, _LAST


def sorts(region: Region) -> list[Region]:
    """Of moments: the sorts, with an offset and without, that a region speaks of. Of other kinds: none."""
    if region.kind != "dateTime" or region.spans == everything("dateTime").spans:
        return []
    all_of_sort = [spans("dateTime", (((0, first, 0), (0, after, 0)),)) for first, after in DOMAINS["dateTime"]]
    return [sort for sort in all_of_sort if sort.meets(Region("dateTime", spans=region.spans))]


def union(regions: Iterable[Region]) -> Region:
    """The values of any of these regions, which are of one kind and list what they hold (none is an inverse)."""
    regions = list(regions)
    kind = regions[0].kind
    null = any(region.null for region in regions)
    if not ordered(kind):
        return names(kind, frozenset().union(*(region.named for region in regions)), False, null=null)
    return spans(kind, (span for region in regions for span in region.spans), null=null)


def sample(region: Region) -> Any:
    """One plain value of a region that is not empty; null only where there is nothing else."""
    if region.spans:
        return plain(region.kind, _inside(region.kind, *region.spans[0]))
    if region.others:
        other = "…"
        while other in region.named:
            other += "…"
        return other
    if region.named:
        return min(region.named, key=str)
    return None


# --- Normal forms ----------------------------------------------------------------------------------------------------


def names(kind: Kind, named: frozenset[str | bool], others: bool, *, null: bool = False) -> Region:
    """Texts or truth values: these, or all others."""
    if kind == "boolean" and others:
        return Region(kind, frozenset({True, False}) - named, False, null=null)
    return Region(kind, named, others, null=null)


def spans(kind: Kind, parts: Iterable[Span], *, null: bool = False) -> Region:
    """Spans in order, inside the kind's domain, joined where they touch, without the empty ones."""
    joined: list[Span] = []
    for low, high in sorted(placed for part in parts for placed in _placed(kind, part)):
        if low >= high:
            continue
        if joined and low <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], high))
        else:
            joined.append((low, high))
    return Region(kind, spans=tuple(joined), null=null)


def _placed(kind: Kind, span: Span) -> list[Span]:
    """One form for each place: of kinds that have a next value, just after 5 is just before 6."""
    low, high = span
    if discrete(kind):
        low, high = ((where, value if where else value + side, 0) for where, value, side in span)
    domains = DOMAINS.get(kind)
    if domains is None:
        return [(low, high)]
    return [(max(low, (0, first, 0)), min(high, (0, after, 0))) for first, after in domains]


def _inside(kind: Kind, low: Cut, high: Cut) -> int | Decimal:
    """A value between two cuts: a simple one, or their first where it has one."""
    if kind in DOMAINS and low == stretch(kind, low[1])[0] and high != stretch(kind, low[1])[1]:
        return high[1] - 1  # of all days before another, the latest says more than the first of the year 1
    if low[0] == 0 and low[2] == 0:
        return low[1]
    if low[0] == 0:
        return low[1] + 1 if high[0] or low[1] + 1 < high[1] else (Decimal(low[1]) + Decimal(high[1])) / 2
    return high[1] - 1 if high[0] == 0 else 0


# --- As S-FEEL -------------------------------------------------------------------------------------------------------


def _span_text(kind: Kind, low: Cut, high: Cut) -> str:
    start, end = stretch(kind, low[1]) if low[0] == 0 else stretch(kind, high[1])
    unbounded_low, unbounded_high = low == start, high == end
    if discrete(kind) and high[0] == 0:
        high = (0, high[1] - 1, 1)  # [5, 6) of integers is read as 5
    first, last = ("" if bound[0] else _written(kind, bound[1]) for bound in (low, high))
    if unbounded_low and not unbounded_high:
        return f"{'<=' if high[2] else '<'} {last}"
    if unbounded_high:
        return f"{'>' if low[2] else '>='} {first}"
    if first == last:
        return first
    return f"{'(' if low[2] else '['}{first}..{last}{']' if high[2] else ')'}"


_CALLS: dict[Kind, str] = {"date": "date", "time": "time", "dateTime": "date and time"}


def _written(kind: Kind, key: int | Decimal) -> str:
    value = plain(kind, key)
    if isinstance(value, str):
        return f'{_CALLS.get(kind, "duration")}("{value}")'
    return str(key)


def _quoted(value: str | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'
