"""What the measures promise, in small: what a completion costs the database, by which indexes lists are read, what each tells."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from tests.casework import answering
from tests.journeys.bureau import Bureau, Casefile, right
from tests.journeys.counting import counting
from wenze.application import Application
from wenze.bench import _plans, api, clock, due, inbox, load, step
from wenze.bench._place import Place
from wenze.settings import SHIPPED_LAW
from workflows import deadlines, worklists
from workflows.acting import Actor
from workflows.records import Case, Deadline, Duty, Proceeding, Task

MOST_STATEMENTS = 15


def test_completing_a_task_is_one_commit_and_few_statements(bureau: Bureau) -> None:
    Casefile(bureau).opened()
    task = bureau.task("decide_acceptance", "监督员乙")

    with counting(bureau.application) as counted:
        right(bureau.submit(task, "监督员乙", answering.accept(bureau)))  # type: ignore[arg-type]

    assert counted.commits == 1, counted
    assert len(counted.statements) <= MOST_STATEMENTS, counted


def test_the_first_page_of_a_desk_reads_no_large_table_whole(application: Application, reading: Connection) -> None:
    roles = frozenset((role, unit) for role in ("supervisor", "investigator") for unit in ("a", "b"))
    with application.ground.database.reading() as session:
        law = application.ground.releases.current(session, application.ground.clock.now().date())

    steps = _plans.plan(reading, worklists.mine(Actor(person_id="c", name="甲", roles=roles), law))

    assert not _plans.scanned(steps) & {Task.__tablename__, Case.__tablename__, Duty.__tablename__}, steps
    if reading.dialect.name == "sqlite":  # PostgreSQL chooses by what the tables hold, which here is nothing
        for index in ("ix_task_assignee", "ix_task_queue", "ix_task_orphan", "ix_task_appointed", "ix_duty_standing"):
            assert any(index in step for step in steps), (index, steps)


def test_what_is_due_is_found_without_reading_what_is_open(application: Application, reading: Connection) -> None:
    steps = _plans.plan(reading, deadlines.what_is_due(application.ground.clock.now(), 100))

    assert not _plans.scanned(steps) & {Deadline.__tablename__, Proceeding.__tablename__}, steps
    for index in ("ix_deadline_next", "ix_proceeding_wake"):
        assert any(index in step for step in steps), (index, steps)


def test_the_measure_of_the_api_tells_what_a_completion_costs(place: Place) -> None:
    told = api.run(place, lambda _: None, completions=3)

    assert (told["bench"], told["database"], told["completions"]) == ("api", place.backend, 3)
    assert told["commits_per_completion"] == 1
    assert told["statements_per_completion"] == len(told["statements"]) <= MOST_STATEMENTS
    assert told["share_of_floor"] > 0
    assert isinstance(told["met"], bool)


def test_the_measure_of_the_clock_lets_every_limit_end(place: Place) -> None:
    told = clock.run(place, lambda _: None, due=3, open_cases=20, interval=1, idle_sweeps=3)

    assert (told["bench"], told["due"], told["open"]) == ("clock", 3, 20)
    assert told["acts"] == 2 * told["due"], "each limit ends, and then somebody is told that it has"
    assert 0 <= told["late_seconds_median"] <= told["late_seconds_most"]
    assert {"idle_difference", "acts_per_second", "floor_per_second", "plan", "met"} <= set(told)


def test_the_measure_of_the_desk_reads_a_full_page_for_each_reader(place: Place) -> None:
    told = inbox.run(place, lambda _: None, tasks=1_000, groups=4, readings=3)

    assert (told["bench"], told["tasks"], told["groups"]) == ("inbox", 1_000, 4)
    assert told["one_group_lines"] == told["all_groups_lines"] == 51
    assert {"one_group_ms_median", "all_groups_ms_median", "floor_ms_median", "full_scans", "plan", "met"} <= set(told)


def test_the_measure_of_a_step_tells_how_far_the_library_gets_alone():
    told = step.run(lambda _: None, rounds=20, chain=600, samples=3)

    for name in ("plain", "parallel", "instances"):
        assert told[name]["ms_10"] > 0
        assert told[name]["ms_20"] > 0
        assert told["library"][name]["rounds"] == 20
        assert told["library"][name]["kb_10"] > told[name]["kb_20"]
    assert told["chain"]["kb_10"] == told["chain"]["kb_599"]
    assert "RecursionError" in told["library"]["chain"]["stopped"], "the library reads no chain as long as this"
    assert isinstance(told["met"], bool)


def test_the_measure_of_loading_loads_every_shipped_diagram():
    told = load.run(lambda _: None, SHIPPED_LAW, loads=1)

    assert [told[name]["nodes"] for name in ("straight", "branched", "nested")] == [200, 202, 202]
    assert told["shipped"].keys() == {path.stem for path in Path("bpmn").rglob("*.bpmn")}
    assert all(each["floor_ms"] < each["ms_median"] for each in told["shipped"].values())
    assert isinstance(told["met"], bool)


def test_the_measure_of_limits_counts_explains_lists_and_walks():
    told = due.run(lambda _: None, limits=10)

    assert told["limits"] == 10
    for period in ("working_days", "days", "months"):
        assert len(told[period]) == 4
        assert all(rate > 0 for rate in told[period].values())
    assert told["walked_per_second"] > 0
    assert isinstance(told["met"], bool)


@pytest.fixture
def place(database_url: str, tmp_path: Path) -> Place:
    """Where a measure works."""
    return Place(tmp_path, database_url)


@pytest.fixture
def reading(application: Application) -> Iterator[Connection]:
    """A connection on which PostgreSQL uses an index wherever there is one that fits, however small the tables are."""
    with application.ground.database.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET enable_seqscan = off")
        yield connection
