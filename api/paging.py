"""Pages of a list by key: where one page ends the next begins, however the list has grown. May never count pages.

A page is `{"items": […], "next": "…"}`; `next` is null on the last one. The cursor is signed: it is ours or it is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer

from api.ground import ground
from forms import Problem
from workflows.errors import InvalidInput

MOST = 100
USUAL = 50
_WORDS = {"zh": "翻页标记无效。", "en": "The cursor is not one of ours."}


def page(items: Sequence[Any], after: tuple[datetime, str] | None, show: Callable[[Any], Any]) -> dict[str, Any]:
    """One page as it goes out."""
    return {"items": [show(item) for item in items], "next": write(after) if after else None}


def write(after: tuple[datetime, str]) -> str:
    """A cursor for the page that begins after this line."""
    return str(_signer().dumps([after[0].isoformat(), after[1]]))


def read(cursor: str | None) -> tuple[datetime, str] | None:
    """Where a page begins.

    Raises:
        InvalidInput: the cursor is not one of ours.
    """
    if cursor is None:
        return None
    try:
        at, line = _signer().loads(cursor)
        return datetime.fromisoformat(at), str(line)
    except (BadSignature, ValueError, TypeError):
        raise InvalidInput((Problem(path="after", code="cursor_not_valid", message=_WORDS),)) from None


def write_names(name: str, line: str) -> str:
    """A cursor for a list by name."""
    return str(_signer("names").dumps([name, line]))


def read_names(cursor: str | None) -> tuple[str, str] | None:
    """Where a page of a list by name begins. Raises as `read` does."""
    if cursor is None:
        return None
    try:
        name, line = _signer("names").loads(cursor)
        return str(name), str(line)
    except (BadSignature, ValueError, TypeError):
        raise InvalidInput((Problem(path="after", code="cursor_not_valid", message=_WORDS),)) from None


def _signer(salt: str = "cursor") -> URLSafeSerializer:
    return URLSafeSerializer(ground().signing_key, salt=salt)
