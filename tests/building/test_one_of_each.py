"""One door to each dangerous thing: who commits, who reads the environment, who reads a clock, who knows a status."""

from __future__ import annotations

import ast

from tests.building.source import calls, modules


def test_only_the_unit_of_work_commits() -> None:
    """Migrations do too: they change tables, not cases."""
    committing = {str(path) for path, module in modules() for name, _ in calls(module) if name == "commit"}

    assert committing == {"api/unit_of_work.py", "wenze/schema.py"}


def test_only_the_settings_read_the_environment() -> None:
    readers = {
        str(path)
        for path, module in modules()
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "environb", "getenv")
    }

    assert readers == {"wenze/settings.py"}


def test_nothing_below_the_application_asks_what_time_it_is() -> None:
    asking = {
        f"{path}: {name}"
        for path, module in modules("engine", "forms", "workflows", "api")
        for name, call in calls(module)
        if name in ("now", "utcnow", "today") and isinstance(call.func, ast.Attribute) and _is_of_datetime(call.func)
    }

    assert asking == set()


def test_only_the_problems_know_a_status_for_an_error() -> None:
    below = modules("api", "workflows", "forms", "engine")
    aborting = {str(path) for path, module in below for name, _ in calls(module) if name == "abort"}

    assert aborting == set()


def _is_of_datetime(called: ast.Attribute) -> bool:
    return isinstance(called.value, ast.Name) and called.value.id in ("datetime", "date")
