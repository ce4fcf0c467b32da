"""A business rule task asks a decision with all that it requires, across files, and keeps what each of them said."""

from __future__ import annotations

from tests.unit.engine.drawing import diagram, end, rule, start
from tests.unit.engine.playing import Play
