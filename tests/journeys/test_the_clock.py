"""The clock: what is due is done once, late or not, and one case that ails holds up nobody."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests.journeys import matters
from tests.journeys.premises import CHEAP, LAW
from wenze import clock as clocks
from wenze.application import Application, create_app
from wenze.clock import MovableClock, Sweeper
from wenze.settings import Settings
from workflows import deadlines, ledger
from workflows.records import Case, Deadline, LedgerEntry, Proceeding


def test_a_sweep_with_nothing_due_does_nothing_but_says_it_was_there(application: Application) -> None:
    matters.open_case(application)

    swept = application.sweeper.sweep()

    assert (swept.cases, swept.acts) == (0, 0)
    with application.ground.database.reading() as session:
        assert clocks.last_beat(session) == application.ground.clock.now()


def test_what_is_due_is_done_once(application: Application, clock: MovableClock) -> None:
    matters.open_case(application)
    clock.move(timedelta(days=30))

    swept = application.sweeper.sweep()

    assert swept.acts > 0
    assert fired(application) == running_before(application)
    assert application.sweeper.sweep().acts == 0


def test_a_clock_that_slept_makes_up_for_it_in_one_sweep(application: Application, clock: MovableClock) -> None:
    for _ in range(5):
        matters.open_case(application)
    clock.move(timedelta(days=400))

    application.sweeper.sweep()

    with application.ground.database.reading() as session:
        assert deadlines.due_cases(session, clock.now(), 100) == []


def test_a_case_that_fails_is_marked_and_the_others_go_on(application: Application, clock: MovableClock) -> None:
    ailing, *_ = [matters.open_case(application).case_id for _ in range(3)]
    break_snapshots(application, ailing)
    clock.move(timedelta(days=30))

    swept = application.sweeper.sweep()

    assert (swept.cases, swept.stalled) == (3, 1)
    case = case_of(application, ailing)
    assert "SnapshotRefused" in (case.stalled_error or "")
    assert case.retry_at == clock.now() + timedelta(minutes=10)


def test_a_stalled_case_is_tried_again_when_its_time_comes(application: Application, clock: MovableClock) -> None:
    ailing = matters.open_case(application).case_id
    whole = break_snapshots(application, ailing)
    clock.move(timedelta(days=30))
    application.sweeper.sweep()
    assert application.sweeper.sweep().cases == 0

    mend_snapshots(application, whole)
    clock.move(timedelta(minutes=10))

    assert application.sweeper.sweep().acts > 0
    assert case_of(application, ailing).stalled_error is None


def test_two_clocks_at_once_do_everything_once(
    application: Application, neighbour: Application, clock: MovableClock
) -> None:
    for _ in range(10):
        matters.open_case(application)
    clock.move(timedelta(days=30))
    start, swept = threading.Barrier(2), []

    def sweep(sweeper: Sweeper) -> None:
        start.wait()
        swept.append(sweeper.sweep())

    threads = [threading.Thread(target=sweep, args=(node.sweeper,)) for node in (application, neighbour)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(one.stalled for one in swept) == 0
    with application.ground.database.reading() as session:
        assert deadlines.due_cases(session, clock.now(), 100) == []
        for chain in ledger.chains(session):
            assert ledger.verify(session, chain).holds
        missed = session.scalars(select(LedgerEntry.subject).where(LedgerEntry.act == "deadline.missed")).all()
    assert len(missed) == len(set(missed)) > 0


def test_how_late_a_limit_was_enforced_is_measured(application: Application, clock: MovableClock) -> None:
    matters.open_case(application)
    clock.move(timedelta(days=30))
    application.sweeper.sweep()

    measured = application.flask.test_client().get("/metrics").get_data(as_text=True)

    assert f"wenze_deadline_late_seconds_count {float(fired(application))}" in measured
    assert 'wenze_deadline_late_seconds_bucket{le="86400.0"} 0.0' in measured


def fired(application: Application) -> int:
    with application.ground.database.reading() as session:
        return len(session.scalars(select(Deadline.id).where(Deadline.fired_at.is_not(None))).all())


def running_before(application: Application) -> int:
    """Limits that ended by now, whatever became of them."""
    with application.ground.database.reading() as session:
        now = application.ground.clock.now()
        return len(session.scalars(select(Deadline.id).where(Deadline.due_at <= now)).all())


def case_of(application: Application, case_id: str) -> Case:
    with application.ground.database.reading() as session:
        return session.get_one(Case, case_id)


def break_snapshots(application: Application, case_id: str) -> dict[str, bytes]:
    """Damage the snapshots of a case, as a failing disk would; what they were."""
    with application.ground.database.reading() as session:
        rows = session.scalars(select(Proceeding).where(Proceeding.case_id == case_id)).all()
        whole = {row.id: row.snapshot for row in rows}
    _write(application, dict.fromkeys(whole, b"damaged"))
    return whole


def mend_snapshots(application: Application, whole: dict[str, bytes]) -> None:
    _write(application, whole)


def _write(application: Application, snapshots: dict[str, bytes]) -> None:
    with application.ground.database.writing() as session:
        for proceeding_id, snapshot in snapshots.items():
            session.execute(update(Proceeding).where(Proceeding.id == proceeding_id).values(snapshot=snapshot))
        session.commit()


@pytest.fixture
def neighbour(application: Application, settings: Settings, clock: MovableClock) -> Iterator[Application]:
    """A second node on the same database."""
    made = create_app(settings, clock=clock, passwords=CHEAP, releases=LAW)
    yield made
    made.close()
