"""A moment for tests that need just any."""

from datetime import UTC, datetime

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
