"""Identifiers of rows: 32 hex digits that sort by the moment they were made (the layout of UUID version 7).

May never carry a meaning: no number of a case, no name, no role.
"""

from __future__ import annotations

import secrets
from datetime import datetime


def new_id(now: datetime) -> str:
    """A new identifier made at `now` (aware)."""
    milliseconds = int(now.timestamp() * 1000) & 0xFFFFFFFFFFFF
    noise = secrets.randbits(74)
    return f"{milliseconds:012x}7{noise >> 62:03x}{0x8 | (noise >> 60) & 0x3:x}{noise & 0xFFFFFFFFFFFFFFF:015x}"
