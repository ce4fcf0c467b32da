"""How plain values are written into an answer: compact JSON, moments in ISO 8601 with their zone.

May never choose what is shown.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from flask.json.provider import DefaultJSONProvider


class Json(DefaultJSONProvider):
    """Compact JSON that leaves Chinese readable."""

    ensure_ascii = False
    sort_keys = False
    compact = True

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        """JSON text without blanks."""
        kwargs.setdefault("separators", (",", ":"))
        return super().dumps(obj, **kwargs)

    @staticmethod
    def default(value: Any) -> Any:
        """Moments and days as text; what else is no JSON value is a mistake of ours."""
        if isinstance(value, date):
            return value.isoformat()
        raise TypeError(f"{type(value).__name__} is no JSON value")
