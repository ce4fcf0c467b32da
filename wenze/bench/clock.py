"""Limits that pass while very many are open: what a sweep costs when nothing is due, and how late the clock is when much is.

The cases that come due are opened by the verbs, and their limits really end: people are told, the diagram moves, the ledger
has its entries. Only the day on which they end is brought forward. All the other open cases are copies of one of them.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select, update

from wenze.bench import _bulk, _figures, _floor, _plans
from wenze.bench._organ import REGISTRAR, Organ
from wenze.bench._place import Place
from wenze.clock import Ticker
from workflows import deadlines
from workflows.records import Case, Deadline, Proceeding, Record, Task

DUE, OPEN = 1_000, 100_000
INTERVAL = 15
"""Seconds between two sweeps, as shipped."""
SPREAD = 4
"""Over so many intervals what is due comes due."""
IDLE_SWEEPS = 400
MOST_DIFFERENCE = 0.3
PATIENCE = 20
"""Intervals after the last limit ended before the measure is given up."""


def run(
    place: Place,
    tell: Callable[[str], None],
    *,
    due: int = DUE,
    open_cases: int = OPEN,
    interval: int = INTERVAL,
    idle_sweeps: int = IDLE_SWEEPS,
) -> dict[str, Any]:
    """Measure.

    Args:
        place: an empty database.
        tell: is told how far it is.
        due: cases whose limit ends while the clock runs.
        open_cases: how many are open in all.
        interval: seconds between two sweeps.
        idle_sweeps: sweeps with nothing due, at each of the two sizes.

    Raises:
        TimeoutError: limits that ended were not enforced; the log of the sweeps says why.
    """
    organ = Organ.found(place)
    engine = organ.application.ground.database.engine
    _floor.prepare(engine)
    cases = _open_cases(organ, due, tell)
    few, few_floor = _idle(organ, idle_sweeps)
    _fill(organ, cases[0], open_cases - due, tell)
    many, many_floor = _idle(organ, idle_sweeps)
    with engine.connect() as connection:
        statement = deadlines.what_is_due(_now(organ), organ.application.settings.sweep_batch)
        steps = _plans.plan(connection, statement)
    late, acts, busy = _let_pass(organ, cases, interval, tell)
    tell("the floor")
    floor = _floor.transactions(engine, acts)
    organ.application.close()
    grown = _figures.apart(few, many)
    worst = _figures.percentile(late, 0.99)
    full_scans = sorted(_plans.scanned(steps) & {Deadline.__tablename__, Proceeding.__tablename__})
    return {
        "bench": "clock",
        "database": place.backend,
        "interval_seconds": interval,
        "due": due,
        "open": open_cases,
        "idle_sweep_ms_at_few": round(few * 1000, 3),
        "idle_sweep_ms_at_many": round(many * 1000, 3),
        "idle_floor_ms_at_few": round(few_floor * 1000, 3),
        "idle_floor_ms_at_many": round(many_floor * 1000, 3),
        "idle_difference": round(grown, 3),
        "late_seconds_median": round(_figures.percentile(late, 0.5), 2),
        "late_seconds_p99": round(worst, 2),
        "late_seconds_most": round(max(late), 2),
        "acts": acts,
        "acts_per_second": round(acts / busy, 1),
        "floor_per_second": round(_figures.rate(floor), 1),
        "share_of_floor": round(acts / busy / _figures.rate(floor), 3),
        "full_scans": full_scans,
        "met": abs(grown) <= MOST_DIFFERENCE and worst < 2 * interval and not full_scans,
        "plan": steps,
    }


def _open_cases(organ: Organ, number: int, tell: Callable[[str], None]) -> list[str]:
    """Open cases by the verbs: the ids of their tasks."""
    registrar, tasks = organ.actor(REGISTRAR), []
    for opened in range(1, number + 1):
        tasks.append(organ.register_clue(registrar))
        if opened % 200 == 0:
            tell(f"{opened} of {number} cases opened")
    return tasks


def _fill(organ: Organ, task_id: str, number: int, tell: Callable[[str], None]) -> None:
    """Copy a case with its proceeding, task and running limit, so many times."""
    engine = organ.application.ground.database.engine
    task = _bulk.model(engine, Task, task_id)
    case = _bulk.model(engine, Case, task["case_id"])
    proceeding = _bulk.model(engine, Proceeding, task["proceeding_id"])
    with engine.connect() as connection:
        running = connection.scalars(select(Deadline.id).where(Deadline.case_id == case["id"])).one()
    clock = _bulk.model(engine, Deadline, running)

    def copy(record: type[Record], like: dict[str, Any], own: Callable[[int], dict[str, Any]]) -> None:
        _bulk.pour(engine, record, like, list(own(0)), (list(own(n).values()) for n in range(number)), tell)

    of = _bulk.identifier
    copy(Case, case, lambda n: {"id": of("c", n), "number": f"{case['number']}-{n}"})
    copy(Proceeding, proceeding, lambda n: {"id": of("b", n), "case_id": of("c", n)})
    copy(Task, task, lambda n: {"id": of("a", n), "case_id": of("c", n), "proceeding_id": of("b", n)})
    copy(Deadline, clock, lambda n: {"id": of("d", n), "case_id": of("c", n), "proceeding_id": of("b", n)})
    _bulk.settle(engine)


def _idle(organ: Organ, sweeps: int) -> tuple[float, float]:
    """Seconds of a sweep with nothing due, and of the floor beside it, in turns: the first decile, since a sweep can only be
    disturbed, never helped, by what else the machine does."""
    took, floor = [], []
    for _ in range(sweeps):
        took.append(organ.application.sweeper.sweep().seconds)
        floor += _floor.transactions(organ.application.ground.database.engine, 1)
    return _figures.percentile(took, 0.1), _figures.percentile(floor, 0.1)


def _let_pass(
    organ: Organ, tasks: list[str], interval: int, tell: Callable[[str], None]
) -> tuple[list[float], int, float]:
    """Let the limits of these tasks end while the clock runs: how late each was enforced, how many acts that took, and for how
    many seconds the clock was at work."""
    acts, busy = _worked(organ)
    ticker = Ticker(organ.application.sweeper, seconds=interval)
    last = _bring_forward(organ, tasks, interval)
    ticker.start()
    try:
        late = _enforced(organ, tasks, last + timedelta(seconds=PATIENCE * interval), tell)
    finally:
        ticker.stop()
    done, worked = _worked(organ)
    return late, round(done - acts), worked - busy


def _bring_forward(organ: Organ, tasks: list[str], interval: int) -> datetime:
    """Let the limits end one after the other from the next interval on; when the last one does. The earlier warnings count as
    given."""
    engine = organ.application.ground.database.engine
    clock, moments = _bulk.table_of(Deadline), []
    begin, step = _now(organ) + timedelta(seconds=interval), timedelta(seconds=SPREAD * interval) / len(tasks)
    with engine.connect() as connection:
        model = connection.execute(
            select(Deadline.rungs, Deadline.due_at)
            .join(Task, Task.case_id == Deadline.case_id)
            .where(Task.id == tasks[0])
        ).one()
        of_task = select(Task.id, Deadline.id).join(Deadline, Deadline.case_id == Task.case_id)
        limits = dict(connection.execute(of_task.where(Task.state == "open")).all())
    for number, task in enumerate(tasks):
        at = begin + step * number
        rungs = [
            {**rung, "at": at.isoformat()}
            if datetime.fromisoformat(rung["at"]) >= model.due_at
            else {**rung, "fired_at": rung["at"]}
            for rung in model.rungs
        ]
        moments.append({"limit": limits[task], "at": at, "on_the_way": rungs})
    ends = update(clock).where(clock.c.id == bindparam("limit"))
    with engine.begin() as connection:
        connection.execute(
            ends.values(due_at=bindparam("at"), next_at=bindparam("at"), rungs=bindparam("on_the_way")), moments
        )
    return at


def _enforced(organ: Organ, tasks: list[str], until: datetime, tell: Callable[[str], None]) -> list[float]:
    """Wait until every limit has been enforced: how many seconds after its end each was."""
    engine = organ.application.ground.database.engine
    fired = Deadline.fired_at.is_not(None)
    while True:
        time.sleep(1)
        with engine.connect() as connection:
            enforced = connection.scalars(select(func.count()).select_from(Deadline).where(fired)).one()
            tell(f"{enforced} of {len(tasks)} limits enforced")
            if enforced == len(tasks):
                rows = connection.execute(select(Deadline.fired_at, Deadline.due_at).where(fired))
                return [(at - due).total_seconds() for at, due in rows if at is not None]
        if _now(organ) > until:
            raise TimeoutError(f"{enforced} of {len(tasks)} limits were enforced")


def _worked(organ: Organ) -> tuple[float, float]:
    """Acts of the clock so far and the seconds of its sweeps, as the product measures them itself."""
    told = organ.application.flask.test_client().get("/metrics").get_data(as_text=True)
    found = {name: float(value) for name, value in re.findall(r"^(wenze_\w+) (\S+)$", told, re.MULTILINE)}
    return found["wenze_clock_acts_total"], found["wenze_sweep_seconds_sum"]


def _now(organ: Organ) -> datetime:
    return organ.application.ground.clock.now()
