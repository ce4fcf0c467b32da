"""Plain values: what a proceeding can keep and give back unchanged.

Text, whole numbers within 64 bit, finite numbers, truth values, nothing, lists and maps with text for keys, in bounded depth and
size. It may never convert: what is not plain is refused with the place inside the value.
"""

from __future__ import annotations

from math import isfinite
from typing import Any

MAX_DEPTH = 32
MAX_SIZE = 256 * 1024
"""Characters of text plus a few for each number and item: roughly the length of the value written as JSON."""
RESERVED = frozenset({"vars"})
"""`vars` is the map of all variables in an expression; a variable of that name would hide it."""

_WORDS = 2**63


class NotPlain(ValueError):
    """The value is not plain. It says where and why, without the value itself."""

    def __init__(self, why: str, zh: str) -> None:
        super().__init__(why)
        self.why, self.zh = why, zh
        self.path = ""
        """The way into the value: `['dates'][3]`."""

    def __str__(self) -> str:
        return f"{self.path}: {self.why}" if self.path else self.why

    @property
    def chinese(self) -> str:
        """The same sentence in Chinese."""
        return f"{self.path}：{self.zh}" if self.path else self.zh


def plain(value: Any) -> Any:
    """Give a copy of a plain value.

    Raises:
        NotPlain: with a sentence that names the place inside the value.
    """
    return measured(value)[0]


def measured(value: Any) -> tuple[Any, int]:
    """Give a copy of a plain value and its size. Raises as `plain` does."""
    copy, size = _copy(value, 1)
    _check_size(size)
    return copy, size


def variables(value: Any) -> dict[str, Any]:
    """Give a copy of a map of variables: plain values under names.

    Raises:
        NotPlain: it is not a map, a name is empty or reserved, or a value is not plain.
    """
    if type(value) is not dict:
        raise NotPlain(f"it is not a map but {type(value).__name__}", f"不是映射，而是 {type(value).__name__}")
    copy = plain(value)
    for name in copy:
        if not name.strip():
            raise NotPlain("a variable has no name", "有变量没有名称")
        if name in RESERVED:
            raise NotPlain(f"the name {name!r} is reserved", f"名称 {name!r} 是保留的")
    return copy  # type: ignore[no-any-return]


def _copy(value: Any, depth: int) -> tuple[Any, int]:
    kind = type(value)
    if kind is str:
        return _text(value), len(value) + 2
    if value is None or kind is bool:
        return value, 5
    if kind is int:
        if not -_WORDS <= value < _WORDS:
            raise NotPlain("it is a whole number beyond 64 bit", "整数超出 64 位")
        return value, 8
    if kind is float:
        if not isfinite(value):
            raise NotPlain("it is not a finite number", "不是有限的数")
        return value, 16
    if depth > MAX_DEPTH:
        raise NotPlain(f"it nests deeper than {MAX_DEPTH}", f"嵌套超过 {MAX_DEPTH} 层")
    if kind is list:
        return _list(value, depth)
    if kind is dict:
        return _map(value, depth)
    raise NotPlain(f"it is of type {kind.__name__}", f"类型是 {kind.__name__}")


def _text(value: str) -> str:
    if "\x00" in value:
        raise NotPlain("it is text with a NUL", "文本含有空字符")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise NotPlain(
            "it is text with half a character (a lone surrogate)", "文本含有半个字符（孤立代理项）"
        ) from None
    return value


def _list(value: list[Any], depth: int) -> tuple[list[Any], int]:
    copy, size = [], 2
    for index, item in enumerate(value):
        try:
            inner, length = _copy(item, depth + 1)
        except NotPlain as wrong:
            wrong.path = f"[{index}]{wrong.path}"
            raise
        copy.append(inner)
        size += length + 1
        _check_size(size)
    return copy, size


def _map(value: dict[Any, Any], depth: int) -> tuple[dict[str, Any], int]:
    copy, size = {}, 2
    for key, item in value.items():
        if type(key) is not str:
            raise NotPlain(f"a key is not text but {type(key).__name__}", f"键不是文本，而是 {type(key).__name__}")
        try:
            _text(key)
            inner, length = _copy(item, depth + 1)
        except NotPlain as wrong:
            wrong.path = f"[{_shown(key)}]{wrong.path}"
            raise
        copy[key] = inner
        size += length + len(key) + 4
        _check_size(size)
    return copy, size


def _shown(key: str) -> str:
    short = key if len(key) <= 40 else f"{key[:40]}…"
    return repr(short.encode("utf-8", "replace").decode())


def _check_size(size: int) -> None:
    if size > MAX_SIZE:
        raise NotPlain(f"it is too large: more than {MAX_SIZE} characters", f"过大：超过 {MAX_SIZE} 个字符")
