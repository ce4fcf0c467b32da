"""The log tells what happened and nothing of what people wrote."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PROGRAM = """
import sys
from pathlib import Path
from wenze import logs
from wenze.application import create_app
from wenze.settings import Settings
from wenze import schema
import structlog

logs.configure(sys.argv[1], "info")
application = create_app(Settings(instance=Path(sys.argv[2])))
schema.metadata().create_all(application.ground.database.engine)
client = application.flask.test_client()
client.post("/api/v1/session", json={"login": "hunter2", "password": "hunter2"})


def fail(password):
    raise RuntimeError("broken")


try:
    fail("hunter2" * 2)
except RuntimeError as error:
    structlog.get_logger().error("incident", exc_info=error)
from workflows.records import Person
from sqlalchemy.exc import IntegrityError
try:
    with application.ground.database.writing() as session:
        session.add(Person(id="1", name="hunter2", unit_id="2"))
        session.flush()
except IntegrityError as error:
    structlog.get_logger().error("incident", exc_info=error)
"""


@pytest.mark.parametrize("form", ["json", "text"])
def test_neither_answers_nor_secrets_are_logged_not_even_in_a_traceback(form: str, tmp_path: Path) -> None:
    said = run(form, tmp_path)

    assert "broken" in said
    assert "IntegrityError" in said
    assert "hunter2" not in said


def test_each_request_is_one_line_for_machines(tmp_path: Path) -> None:
    lines = [json.loads(line) for line in run("json", tmp_path).splitlines()]

    (answered,) = [line for line in lines if line["event"] == "answered"]
    assert set(answered) == {"event", "level", "timestamp", "request", "route", "method", "status", "ms", "person"}
    assert (answered["route"], answered["status"], answered["person"]) == ("/api/v1/session", 401, None)


def run(form: str, instance: Path) -> str:
    """What a small program with our application says on its log."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, form, str(instance)], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stderr
