"""Which rows of a decision table overlap, and which values no row covers.

Each column is cut into the smallest pieces that its cells can tell apart: single values, the stretches between them,
and the rest. On pieces, rows are sets, and both questions are answered exactly, with an example. The work is bounded: a
table that is too tangled to be searched through is said to be so, never called complete.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from operator import xor
from typing import Any

from engine.kinds import ordered
from engine.regions import Cut, Region, sample

MAX_LOOKS = 150_000
"""How many pieces one search looks at: about a quarter of a second."""


@dataclass(frozen=True, slots=True)
class Place:
    """A part of the table's inputs, with one example in it."""

    regions: tuple[Region, ...]
    example: tuple[Any, ...]


class Column:
    """An input column, cut into pieces.

    `rows[r]` has bit p set where row r admits piece p; `covers` pairs each piece p of the domain with a number that has
    bit r set for the same.
    """

    def __init__(self, domain: Region, cells: Sequence[Region]) -> None:
        """
        Args:
            domain: the values that can come in.
            cells: what each row admits.
        """
        line = _Line(domain, cells) if ordered(domain.kind) else _Names(domain, cells)
        inside = line.bits(domain)
        self.domain = domain
        self.rows = [line.bits(cell) & inside for cell in cells]
        self._pieces = line.pieces
        digits = reversed(f"{inside:b}")
        self.covers = [
            (at, cover)
            for (at, cover), digit in zip(enumerate(line.covers(cells)), digits, strict=False)
            if digit == "1"
        ]

    def joined(self, pieces: Sequence[int]) -> Region:
        """The region that some pieces make up together."""
        return _joined([self._pieces[index] for index in pieces])

    def first(self, bits: int) -> Region:
        """The first of some pieces."""
        return self._pieces[(bits & -bits).bit_length() - 1]


def overlaps(columns: Sequence[Column], rows: int) -> Iterator[tuple[int, int, Place]]:
    """Every pair of rows that some input hits both, with an example."""
    for later in range(rows):
        for earlier in range(later):
            common = []
            for column in columns:
                both = column.rows[earlier] & column.rows[later]
                if not both:
                    break
                common.append(both)
            else:
                regions = tuple(column.first(bits) for column, bits in zip(columns, common, strict=True))
                yield earlier, later, Place(regions, tuple(map(sample, regions)))


def gaps(columns: Sequence[Column], rows: int, *, most: int = 20) -> tuple[tuple[Place, ...], bool]:
    """The inputs that no row admits: at most `most` places, and whether these are all."""
    search = _Search(columns, [-1] * len(columns), most, MAX_LOOKS)
    search.descend(0, (1 << rows) - 1, ())
    return tuple(search.found), search.finished


def hidden(columns: Sequence[Column], rows: int) -> Iterator[int]:
    """The rows whose inputs are all admitted by rows above; none is named where the search was not finished."""
    left = MAX_LOOKS
    for row in range(1, rows):
        search = _Search(columns, [column.rows[row] for column in columns], 1, left)
        search.descend(0, (1 << row) - 1, ())
        left -= search.looks
        if search.finished and not search.found:
            yield row


class _Search:
    """Goes through the columns from left to right, keeping the rows that still admit all pieces chosen."""

    def __init__(self, columns: Sequence[Column], within: Sequence[int], most: int, looks: int) -> None:
        self._columns = columns
        self._within = within
        self._most = most
        self._most_looks = looks
        self._covered: set[tuple[int, int]] = set()
        self.looks = 0
        self.found: list[Place] = []
        self.finished = True

    def descend(self, depth: int, active: int, chosen: tuple[list[int], ...]) -> None:
        """Look for places right of `depth` that none of the `active` rows admits; `chosen` are the pieces left of it."""
        if not active:
            self.found.append(self._place(chosen))
            return
        if depth == len(self._columns) or (depth, active) in self._covered:
            return
        before = len(self.found)
        for remaining, pieces in self._alike(depth, active).items():
            if self.looks > self._most_looks or len(self.found) >= self._most:
                self.finished = False
                return
            self.descend(depth + 1, remaining, (*chosen, pieces))
        if self.finished and len(self.found) == before:
            self._covered.add((depth, active))

    def _place(self, chosen: tuple[list[int], ...]) -> Place:
        picked = [column.joined(pieces) for column, pieces in zip(self._columns, chosen, strict=False)]
        regions = (*picked, *(column.domain for column in self._columns[len(chosen) :]))
        return Place(regions, tuple(map(sample, regions)))

    def _alike(self, depth: int, active: int) -> dict[int, list[int]]:
        """The pieces of a column by the rows that remain in them."""
        covers, within = self._columns[depth].covers, self._within[depth]
        self.looks += len(covers) + 5
        alike: dict[int, list[int]] = {}
        for index, cover in covers:
            if within >> index & 1:
                alike.setdefault(cover & active, []).append(index)
        return alike


class _Line:
    """Pieces of what has an order: the stretches from cut to cut, and null last."""

    def __init__(self, domain: Region, cells: Sequence[Region]) -> None:
        cuts = sorted({cut for region in (domain, *cells) for span in region.spans for cut in span})
        self._index = {cut: index for index, cut in enumerate(cuts)}
        self.pieces = [Region(domain.kind, spans=(span,)) for span in pairwise(cuts)]
        self.pieces.append(Region(domain.kind, null=True))

    def bits(self, region: Region) -> int:
        bits = region.null << (len(self.pieces) - 1)
        for low, high in region.spans:
            bits |= (1 << self._index[high]) - (1 << self._index[low])
        return bits

    def covers(self, cells: Sequence[Region]) -> list[int]:
        changes = [0] * len(self.pieces)
        nulls = 0
        for row, cell in enumerate(cells):
            nulls |= cell.null << row
            for cut in (cut for span in cell.spans for cut in span):
                changes[self._index[cut]] ^= 1 << row
        return [*list(accumulate(changes, xor))[:-1], nulls]


class _Names:
    """Pieces of texts and truth values: each that is named, then all others, then null."""

    def __init__(self, domain: Region, cells: Sequence[Region]) -> None:
        named = sorted({name for region in (domain, *cells) for name in region.named}, key=str)
        self._index = {name: index for index, name in enumerate(named)}
        self.pieces = [Region(domain.kind, frozenset([name])) for name in named]
        self.pieces += [Region(domain.kind, frozenset(named), others=True), Region(domain.kind, null=True)]

    def bits(self, region: Region) -> int:
        count = len(self._index)
        bits = sum(1 << self._index[name] for name in region.named)
        if region.others:
            bits ^= (1 << (count + 1)) - 1
        return bits | region.null << (count + 1)

    def covers(self, cells: Sequence[Region]) -> list[int]:
        others = sum(cell.others << row for row, cell in enumerate(cells))
        nulls = sum(cell.null << row for row, cell in enumerate(cells))
        covers = [others] * len(self._index)
        for row, cell in enumerate(cells):
            for name in cell.named:
                covers[self._index[name]] ^= 1 << row
        return [*covers, others, nulls]


def _joined(pieces: Sequence[Region]) -> Region:
    kind = pieces[0].kind
    null = any(piece.null for piece in pieces)
    if ordered(kind):
        spans: list[tuple[Cut, Cut]] = []
        for low, high in (span for piece in pieces for span in piece.spans):
            if spans and spans[-1][1] == low:
                spans[-1] = (spans[-1][0], high)
            else:
                spans.append((low, high))
        return Region(kind, spans=tuple(spans), null=null)
    named = frozenset(name for piece in pieces if not piece.others for name in piece.named)
    rest = next((piece for piece in pieces if piece.others), None)
    return Region(kind, rest.named - named, others=True, null=null) if rest else Region(kind, named, null=null)
