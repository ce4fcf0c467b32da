"""Pictures that the server draws: all limits of a case over time, as SVG.

It reads without script and prints. Colours and patterns are classes of the style sheet; no number in it has legal
weight, what is drawn arrives counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

from markupsafe import Markup, escape

from web.page_values import ClockState, LimitBar, Span, SpanKind
from web.presentation import Wording

WIDTH = 1304
LEFT = {"zh": 190, "en": 232}
RIGHT = 36
TOP = 40
ROW = 48
BAR = 16
FOOT = 42

_TONES = {
    ClockState.MET: "good",
    ClockState.MET_LATE: "bad",
    ClockState.OVERDUE: "bad",
    ClockState.TODAY: "near",
    ClockState.SOON: "near",
}
_SIGNS = {ClockState.MET: "✓ ", ClockState.MET_LATE: "✕ ", ClockState.OVERDUE: "✕ "}


def limits_picture(bars: Sequence[LimitBar], say: Wording, *, unpublished_from: date | None = None) -> Markup:
    """One row a limit: counted, extended, suspended, over, left; an upright line the due day, a dark line today.

    `unpublished_from`: from there on the calendar is not known, and the ground is hatched. The same as a table belongs
    beside it.
    """
    return Markup("").join(_Drawing(bars, say, unpublished_from).pieces())


class _Drawing:
    """One picture: its scale, and its pieces from back to front."""

    def __init__(self, bars: Sequence[LimitBar], say: Wording, unpublished_from: date | None) -> None:
        self.bars, self.say, self.unpublished_from = bars, say, unpublished_from
        first = min(min(bar.started for bar in bars), say.today)
        last = max(
            max(say.due_day(bar.clock) for bar in bars), *(span.last for bar in bars for span in bar.spans), say.today
        )
        length = (last - first).days
        self.first = first - timedelta(days=max(2, length // 60))
        self.last = last + timedelta(days=max(4, length // 25))
        self.left = LEFT[say.language]
        self.height = TOP + ROW * len(bars) + FOOT
        self.scale = (WIDTH - self.left - RIGHT) / max(1, (self.last - self.first).days)

    def x(self, on: date, *, end: bool = False) -> float:
        """Where a day begins, or ends."""
        return round(self.left + ((on - self.first).days + end) * self.scale, 1)

    def pieces(self) -> Iterator[Markup]:
        name = self.say.phrase("本案各期限的起止")
        yield Markup(
            '<svg viewBox="0 0 {} {}" role="img" aria-label="{}" width="{}" height="{}"><defs>'
            '<pattern id="limits-paused" width="6" height="6" patternUnits="userSpaceOnUse" '
            'patternTransform="rotate(45)">'
            '<rect class="paused-ground" width="6" height="6"/><path class="hatch-paused" d="M0 0V6"/></pattern>'
            '<pattern id="limits-unknown" width="8" height="8" patternUnits="userSpaceOnUse" '
            'patternTransform="rotate(45)">'
            '<path class="hatch" d="M0 0V8"/></pattern></defs>'
        ).format(WIDTH, self.height, name, WIDTH, self.height)
        yield from self._ground()
        for number, bar in enumerate(self.bars):
            yield from self._row(bar, TOP + ROW * number)
        yield from self._today()
        for number, bar in enumerate(self.bars):
            yield self._words(bar, TOP + ROW * number)
        yield Markup("</svg>")

    def _ground(self) -> Iterator[Markup]:
        bottom = self.height - FOOT + 14
        if self.unpublished_from and self.unpublished_from <= self.last:
            start = self.x(max(self.unpublished_from, self.first))
            yield _rect("unknown", start, TOP - 10, WIDTH - RIGHT - start, bottom - TOP + 10)
        named, year = 0.0, self.say.today.year
        for month in _months(self.first, self.last):
            x = self.x(month)
            yield Markup('<path class="grid" d="M{} {}V{}"/>').format(x, TOP - 10, bottom)
            if x - named >= 56:
                yield _text("month", x + 4, TOP - 16, self.say.month(month, with_year=month.year != year))
                named, year = x, month.year

    def _row(self, bar: LimitBar, top: int) -> Iterator[Markup]:
        yield _text("name", 0, top + 17, bar.clock.name)
        yield _text("under", 0, top + 36, self._length(bar))
        for span in bar.spans:
            yield self._span(span, top + 6)
        tone = _TONES.get(bar.clock.state, "")
        due = self.x(self.say.due_day(bar.clock), end=True)
        kind = f"due {tone}{' provisional' if bar.clock.provisional else ''}".strip()
        yield Markup('<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(
            kind, due, due, top + 1, top + BAR + 11
        )

    def _span(self, span: Span, top: int) -> Markup:
        start, end = self.x(span.first), self.x(span.last, end=True)
        inset = 0.5 if span.kind in (SpanKind.LEFT, SpanKind.PAUSED) else 0
        return _rect(span.kind, start, top + inset, max(2, end - start), BAR - 2 * inset, radius=1)

    def _length(self, bar: LimitBar) -> str:
        words = self.say.length(bar.length, bar.length_unit)
        if bar.extended:
            words = self.say.phrase("%(length)s，延长%(n)d", length=words, n=bar.extended)
        return words

    def _words(self, bar: LimitBar, top: int) -> Markup:
        """The result, at the end of the bar; below it on the left where there is no room on the right."""
        clock = bar.clock
        words = _SIGNS.get(clock.state, "") + self.say.outcome(clock)
        ends = [self.x(self.say.due_day(clock), end=True), *(self.x(span.last, end=True) for span in bar.spans)]
        start = max(ends) + 8
        tone = _TONES.get(clock.state, "plain")
        if start + _width(words) > WIDTH - RIGHT:
            return _text(f"{tone} end", max(ends) - 6, top + 38, words, anchor_end=True)
        return _text(tone, start, top + 19, words)

    def _today(self) -> Iterator[Markup]:
        x, bottom = self.x(self.say.today), self.height - FOOT + 14
        words = self.say.phrase("今天%(day)s", day=self.say.day(self.say.today))
        half = _width(words) / 2 + 14
        yield Markup('<path class="today" d="M{} {}V{}"/>').format(x, TOP - 10, bottom)
        yield _rect("today-plate", x - half, bottom - 4, 2 * half, 22, radius=3)
        yield _text("today-word", x, bottom + 12, words)


def _months(first: date, last: date) -> list[date]:
    months = [date(year, month, 1) for year in range(first.year, last.year + 1) for month in range(1, 13)]
    return [on for on in months if first <= on <= last]


def _rect(kind: str, x: float, y: float, width: float, height: float, radius: float = 0) -> Markup:
    return Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="{}"/>').format(
        kind, round(x, 1), y, round(width, 1), height, radius
    )


def _text(kind: str, x: float, y: float, words: str, *, anchor_end: bool = False) -> Markup:
    anchor = Markup(' text-anchor="end"') if anchor_end else ""
    return Markup('<text class="{}" x="{}" y="{}"{}>{}</text>').format(kind, round(x, 1), y, anchor, escape(words))


def _width(words: str) -> float:
    """About how wide 13-pixel text is: a Han character is square, others about half of it."""
    return sum(13 if ord(sign) > 0x2E7F else 7.2 for sign in words) + 2 * sum(
        1 for one, two in pairwise(words) if (ord(one) > 0x2E7F) != (ord(two) > 0x2E7F)
    )
