"""Patterns that a form may ask a text to have: a small part of the regular expressions that cannot run away.

A form is data from a stranger, and the library's matcher backtracks. What is accepted: literals, `\\d \\s \\w` and
escaped signs, classes, the quantifiers `? * + {n} {m,n}` after one of these, groups of alternatives that are not nested
and at most optional; and of that only what has few ways to match. May never match anything itself.
"""

from __future__ import annotations

import re
import warnings

MAX_SOURCE = 200
MAX_WAYS = 100_000
"""Upper bound of the ways a text of full length can be split over the quantifiers."""

_TOKEN = re.compile(
    r"(?P<atom>\[\^?(?:\\.|[^\]\\\[])+\]|\\[dsw.\-\[\](){}|?*+^$/\\]|[^\\\[\](){}|?*+^$.])"
    r"|(?P<open>\((?:\?:)?)|(?P<close>\))|(?P<bar>\|)|(?P<many>\{\d{1,3}(?:,\d{1,3})?\}|[?*+])"
)


class PatternRefused(ValueError):
    """The pattern is outside the part that is accepted."""

    def __init__(self, why: str, why_zh: str) -> None:
        self.why, self.why_zh = why, why_zh
        super().__init__(why)


def compile_pattern(source: str, *, max_length: int) -> re.Pattern[str]:
    """Compile a pattern that a text of at most `max_length` must match as a whole.

    Raises:
        PatternRefused: it is too long, has an element outside the part, or too many ways to match.
    """
    if len(source) > MAX_SOURCE:
        raise PatternRefused(f"it is longer than {MAX_SOURCE}", f"长度超过 {MAX_SOURCE}")
    if _ways(source, max_length) > MAX_WAYS:
        raise PatternRefused("a long text could match it in too many ways", "长文字匹配它的方式太多")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return re.compile(source, re.ASCII)
    except (re.error, Warning) as broken:
        raise PatternRefused(f"{broken}", f"{broken}") from None


def _ways(source: str, max_length: int) -> int:
    ways, position, inside, before = 1, 0, False, ""
    while position < len(source):
        token = _TOKEN.match(source, position)
        if token is None:
            raise PatternRefused(f"sign {position + 1} is not accepted", f"第 {position + 1} 个字符不接受")
        kind = str(token.lastgroup)
        if kind == "many":
            ways *= _choices(token.group(), before, max_length)
        elif kind == "bar":
            ways *= 2
        elif kind == "open" and inside:
            raise PatternRefused(
                f"the group at {position + 1} is inside another", f"第 {position + 1} 个字符的分组套在别的分组里"
            )
        inside = {"open": True, "close": False}.get(kind, inside)
        before, position = kind, token.end()
    return ways


def _choices(quantifier: str, before: str, max_length: int) -> int:
    if before == "close" and quantifier != "?":
        raise PatternRefused("a group may only be optional", "分组只能用 ?")
    if before not in ("atom", "close"):
        raise PatternRefused("a quantifier follows nothing that it can repeat", "重复符号前没有可重复的内容")
    if quantifier == "?":
        return 2
    if quantifier in "*+":
        return max_length
    low, _, high = quantifier[1:-1].partition(",")
    return max(1, int(high or low) - int(low) + 1)
