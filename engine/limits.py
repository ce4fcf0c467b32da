"""What is bounded, and by how much. Beyond each is an error in words, never a silent stop."""

from __future__ import annotations

MAX_NESTING = 50
"""Levels of sub-processes and called processes."""
MAX_INSTANCES = 1_000
"""Instances of one multi-instance."""
MAX_TOKENS = 10_000
"""Unfinished tokens of one proceeding: beyond it the diagram is taken to multiply without end."""
MAX_STEPS = 20_000
"""Automatic steps in one move: beyond it the diagram is taken to loop without a person."""
MAX_EFFORT = 20_000_000
"""Steps of expressions (`effort`) in one move: a few seconds at the worst."""
MAX_ROOM = 64 * 1024 * 1024
"""Characters of values that expressions and operations make in one move."""
MAX_SNAPSHOT = 8 * 1024 * 1024
"""Bytes of a snapshot: a proceeding carries ids and routing values, not the record."""
COMPACT_EVERY = 200
"""Automatic steps after which finished tokens are cleared away within a move."""
