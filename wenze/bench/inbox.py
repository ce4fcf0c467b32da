"""The first page of what waits for somebody, where very much waits for everybody.

One person is in a single group, one is in all of them, oversees them, and has had a part in many cases: nobody's desk costs
more. What is timed is the statement in the database, as the driver sends it. Cases and tasks are copies of one that was opened
by the verbs.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, event, insert, select

from wenze.bench import _bulk, _figures, _plans
from wenze.bench._organ import REGISTRAR, Organ
from wenze.bench._place import Place
from workflows import people, worklists
from workflows.acting import queue
from workflows.records import (
    Case,
    Duty,
    Membership,
    Party,
    Person,
    Proceeding,
    Relation,
    Signature,
    Task,
    Unit,
)

TASKS, GROUPS = 1_000_000, 50
PEOPLE = 500
TASKS_OF_A_CASE = 5
READINGS = 200
MOST_MILLISECONDS = 20.0
ROLES = (
    "intake_clerk", "supervision_body", "approver_filing", "investigator", "legal_reviewer", "panel", "decider",
    "service_clerk", "review_officer", "supervisor",
)  # fmt: skip
"""So many groups in each organ."""
LARGE = {record.__tablename__ for record in (Task, Case, Duty, Party)}
"""Tables that no desk may make the database read from beginning to end."""
CONCERNED = 20
"""Cases in which the busy person is a party, and as many in which a relative of theirs is one."""


def run(
    place: Place,
    tell: Callable[[str], None],
    *,
    tasks: int = TASKS,
    groups: int = GROUPS,
    readings: int = READINGS,
) -> dict[str, Any]:
    """Measure.

    Args:
        place: an empty database.
        tell: is told how far it is.
        tasks: how many are open.
        groups: among how many groups they wait.
        readings: how often the page is read.
    """
    organ = Organ.found(place)
    engine = organ.application.ground.database.engine
    one, all_of_them = _Crowd(organ, groups).fill(tasks, tell)
    _bulk.settle(engine)
    with organ.application.ground.database.reading() as session:
        law = organ.application.ground.releases.current(session, organ.application.ground.clock.now().date())
        desks = {
            "one_group": worklists.mine(people.actor(session, one), law),
            "all_groups": worklists.mine(people.actor(session, all_of_them), law),
        }
    measured: dict[str, float] = {}
    plans: dict[str, list[str]] = {}
    full_scans: set[str] = set()
    worst = 0.0
    with engine.connect() as connection:
        for name, statement in desks.items():
            tell(f"reading the page of {name}")
            page = connection.execute(statement).all()
            took = _timed(connection, statement, readings)
            worst = max(worst, _figures.percentile(took, 0.5) * 1000)
            measured |= {f"{name}_lines": len(page), **_figures.milliseconds(took, name)}
            plans[name] = _plans.plan(connection, statement)
            full_scans |= _plans.scanned(plans[name]) & LARGE
        by_id = select(Task).where(Task.id.in_([row.id for row in page]))
        floor = _timed(connection, by_id, readings)
    organ.application.close()
    return {
        "bench": "inbox",
        "database": place.backend,
        "tasks": tasks,
        "groups": groups,
        **measured,
        **_figures.milliseconds(floor, "floor"),
        "full_scans": sorted(full_scans),
        "met": worst <= MOST_MILLISECONDS and not full_scans,
        "plan": plans["one_group"],
    }


class _Crowd:
    """An organ with many parts, many people, and very many open tasks. The same each time: chance is drawn from one seed."""

    def __init__(self, organ: Organ, groups: int) -> None:
        self._engine = organ.application.ground.database.engine
        self._now = organ.application.ground.clock.now()
        self._model = _bulk.model(self._engine, Task, organ.register_clue(organ.actor(REGISTRAR)))
        self._roles = ROLES[: min(groups, len(ROLES))]
        self._units = [_bulk.identifier("f", number) for number in range(max(1, groups // len(self._roles)))]
        self._people = [_bulk.identifier("e", number) for number in range(PEOPLE)]
        self._chance = random.Random(1)  # noqa: S311 - not a secret
        self._duties: dict[tuple[str, str, str], bool] = {}
        """Case, person and kind → whether by appointment; otherwise they have acted."""
        self._asked: list[tuple[str, str]] = []
        """Task and who is to sign it too."""

    def fill(self, tasks: int, tell: Callable[[str], None]) -> tuple[str, str]:
        """Make everything: the person who is in one group, and the one who is in all."""
        one, busy = self._settle_people()
        cases = -(-tasks // TASKS_OF_A_CASE)
        engine, model = self._engine, self._model
        case = _bulk.model(engine, Case, model["case_id"])
        proceeding = _bulk.model(engine, Proceeding, model["proceeding_id"])
        of = _bulk.identifier
        _bulk.pour(
            engine, Case, case, ("id", "number", "unit_id"),
            ((of("c", n), f"{case['number']}-{n}", self._unit(n)) for n in range(cases)), tell,
        )  # fmt: skip
        _bulk.pour(
            engine, Proceeding, proceeding, ("id", "case_id"), ((of("b", n), of("c", n)) for n in range(cases)), tell
        )
        with engine.connect() as connection:
            named = connection.scalars(select(Party.id).where(Party.case_id == case["id"])).first()
        party = _bulk.model(engine, Party, named or "")
        _bulk.pour(engine, Party, party, ("id", "case_id"), ((of("8", n), of("c", n)) for n in range(cases)), tell)
        columns = (
            "id", "case_id", "proceeding_id", "unit_id", "token", "role", "duty", "assignee_id", "queue", "by_appointment",
            "due_at", "sort_at",
        )  # fmt: skip
        _bulk.pour(engine, Task, model, columns, self._tasks(tasks), tell)
        self._duties |= {(of("c", n), busy, "investigator"): False for n in range(0, cases, 100)}
        self._keep_parts(tell)
        self._tie(busy, cases)
        return one, busy

    def _unit(self, case: int) -> str:
        return self._units[case % len(self._units)]

    def _settle_people(self) -> tuple[str, str]:
        one, busy = self._people[:2]
        held = {(one, self._roles[0], self._units[0])}
        held |= {(busy, role, unit) for role in self._roles for unit in self._units}
        held |= {
            (each, self._chance.choice(self._roles), self._chance.choice(self._units)) for each in self._people[2:]
        }
        with self._engine.begin() as connection:
            _insert(connection, Unit, ("id", "name", "short_name"), [(each, each, each[-8:]) for each in self._units])
            _insert(
                connection, Person, ("id", "name", "unit_id"), [(each, each, self._units[0]) for each in self._people]
            )
            _insert(connection, Membership, ("person_id", "role", "unit_id"), sorted(held))
        return one, busy

    def _tasks(self, number: int) -> Iterator[tuple[Any, ...]]:
        """Of a thousand, 700 wait for a group, 200 are taken, 95 wait for somebody appointed, 5 for nobody; ten for one more
        signature."""
        of, never = _bulk.identifier, datetime(9999, 1, 1, tzinfo=self._now.tzinfo)
        for n in range(number):
            case, role = n // TASKS_OF_A_CASE, self._chance.choice(self._roles)
            person, fate = self._chance.choice(self._people), self._chance.randrange(1000)
            waits, taken, appointed = fate < 700, 700 <= fate < 900, 900 <= fate < 995
            if appointed:
                self._duties[of("c", case), person, role] = True
            if n % 100 == 0:
                self._asked.append((of("a", n), person))
            due = self._now + timedelta(minutes=self._chance.randrange(60 * 24 * 60)) if n % 10 else None
            yield (
                of("a", n), of("c", case), of("b", case), self._unit(case), f"t{n}", role, role, person if taken else None,
                queue(role, self._unit(case)) if waits else None, appointed, due, due or never,
            )  # fmt: skip

    def _keep_parts(self, tell: Callable[[str], None]) -> None:
        plain = {
            "case_id": None,
            "person_id": None,
            "kind": None,
            "appointed_at": None,
            "ended_at": None,
            "acted_at": None,
        }
        rows = (
            (*key, self._now if appointed else None, None if appointed else self._now)
            for key, appointed in self._duties.items()
        )
        _bulk.pour(self._engine, Duty, plain, ("case_id", "person_id", "kind", "appointed_at", "acted_at"), rows, tell)
        signature = {
            "task_id": None,
            "person_id": None,
            "asked_by": self._people[0],
            "asked_at": self._now,
            "signed_at": None,
        }
        _bulk.pour(self._engine, Signature, signature, ("task_id", "person_id"), self._asked, tell)

    def _tie(self, busy: str, cases: int) -> None:
        relative = self._people[-1]
        concerned = [(n, busy if n % 2 else relative) for n in range(min(2 * CONCERNED, cases))]
        with self._engine.begin() as connection:
            _insert(
                connection, Relation, ("person_id", "other_id", "kind", "declared_at"),
                [(busy, relative, "family", self._now)],
            )  # fmt: skip
            _insert(
                connection, Party, ("id", "case_id", "role", "kind", "name", "person_id"),
                [(_bulk.identifier("9", n), _bulk.identifier("c", n), "concerned", "person", p, p) for n, p in concerned],
            )  # fmt: skip


def _insert(connection: Connection, record: type[Any], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    connection.execute(insert(record), [dict(zip(columns, row, strict=True)) for row in rows])


def _timed(connection: Connection, statement: Any, times: int) -> list[float]:
    """Seconds that the database takes for a statement and its rows, as the driver sends it; nothing of ours in between."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, text: str, values: Any, *_: Any) -> None:
        sent.append((text, values))

    event.listen(connection, "before_cursor_execute", note)
    connection.execute(statement).all()
    event.remove(connection, "before_cursor_execute", note)
    cursor, took = connection.connection.cursor(), []
    for _ in range(times):
        began = time.perf_counter()
        cursor.execute(*sent[0])
        cursor.fetchall()
        took.append(time.perf_counter() - began)
    cursor.close()
    return took
