"""The clock: tells the time, and knocks at every case whose limit has passed.

The rows of the deadlines are the truth. A fixed-interval job only asks "what is due?" and lets the casework look at each case
in a unit of work of its own; one case that fails is marked stalled and the others go on. So nothing is lost when a process
dies, and any number of nodes may knock at once. May never decide what happens when a limit passes.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from api import accounts, idempotency
from api.database import Database
from api.filestore import FileStore
from api.ground import Clock
from api.unit_of_work import Asking, UnitOfWork
from wenze.measures import Measures
from workflows import casework, deadlines, recounting
from workflows.acting import CLOCK, Acting
from workflows.columns import Moment
from workflows.identifiers import new_id
from workflows.records import Code, Deadline, Record
from workflows.recounting import Progress

_INSERTS: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
MOST_OF_ONE_CASE = 1_000
"""Acts of one case in one sweep. Whatever is still due then is left to the next."""
KEPT = timedelta(days=30)
HOUSEKEEPING = timedelta(hours=1)


class SystemClock:
    """The time of this machine."""

    def now(self) -> datetime:
        """The moment, in UTC."""
        return datetime.now(UTC)


class MovableClock:
    """A clock that stands still until it is moved: for the demonstration, which cannot wait sixty days, and for tests."""

    def __init__(self, start: datetime) -> None:
        """`start`: the first moment, with a time zone."""
        if start.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        self._moment = start.astimezone(UTC)
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """The moment it was moved to, in UTC."""
        return self._moment

    def move_to(self, moment: datetime) -> None:
        """Go on to a later moment.

        Raises:
            ValueError: the moment lies before the present one: what was decided then would lie in the future.
        """
        with self._lock:
            if moment < self._moment:
                raise ValueError("a clock does not go back")
            self._moment = moment.astimezone(UTC)

    def move(self, by: timedelta) -> None:
        """Go on by a span of time."""
        self.move_to(self._moment + by)


class ClockBeat(Record):
    """The last sweep of each node: whoever asks whether the clock lives reads it here."""

    __tablename__ = "clock_beat"
    node: Mapped[str] = mapped_column(Code, primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did."""

    cases: int = 0
    acts: int = 0
    stalled: int = 0
    seconds: float = 0.0


class Sweeper:
    """Goes through everything that is due."""

    def __init__(
        self,
        *,
        database: Database,
        unit_of_work: UnitOfWork,
        clock: Clock,
        measures: Measures,
        store: FileStore,
        node: str,
        batch: int,
        stall: timedelta,
    ) -> None:
        """`batch`: cases claimed at a time. `stall`: how long a case that failed is left alone. `node`: name of this one."""
        self._database = database
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._measures = measures
        self._store = store
        self._node = node
        self._batch = batch
        self._stall = stall

    def sweep(self) -> Swept:
        """Do what is due, until nothing is."""
        began, moment = time.perf_counter(), self._clock.now()
        request = f"sweep-{new_id(moment)}"
        swept, looked_at = Swept(), set[str]()
        while cases := self._due(looked_at):
            for case_id in cases:
                looked_at.add(case_id)
                acts, failed = self._look_at(case_id, request)
                swept = replace(
                    swept, cases=swept.cases + 1, acts=swept.acts + acts, stalled=swept.stalled + int(failed)
                )
            self._measure_lateness(cases, moment)
        self._unit_of_work.run(self._beat, self._asking(request))
        swept = replace(swept, seconds=time.perf_counter() - began)
        self._measures.swept(swept.acts, swept.stalled, swept.seconds, at=self._clock.now())
        if swept.cases:
            structlog.get_logger().info(
                "swept", request=request, cases=swept.cases, acts=swept.acts, stalled=swept.stalled
            )
        return swept

    def recount(self) -> None:
        """Count open limits anew by the calendars that were approved since."""
        for progress in self.recounting():
            structlog.get_logger().info("recounted", **asdict(progress))

    def recounting(self) -> Iterator[Progress]:
        """The same, telling after each batch how far it is. A batch is a transaction of its own: another process may do the same
        at the same time, or die in the middle, and every limit is counted once."""
        request = f"recount-{new_id(self._clock.now())}"
        with self._database.reading() as session:
            entries = recounting.unfinished(session)
        for entry_id in entries:
            ended = False
            while not ended:
                batch = partial(recounting.count_batch, entry_id=entry_id)
                progress = self._unit_of_work.run(batch, self._asking(request))
                ended = progress.ended
                yield progress

    def tidy(self) -> None:
        """Delete what was kept long enough: answers under idempotency keys, ended sessions, nodes that are gone, and files
        that a killed process left half taken in."""

        def work(acting: Acting) -> None:
            idempotency.forget(acting)
            acting.session.execute(delete(ClockBeat).where(ClockBeat.at < acting.now - KEPT))
            accounts.forget_sessions(acting, older_than=KEPT)

        self._unit_of_work.run(work, self._asking("tidy"))
        self._store.tidy(self._clock.now())

    def _due(self, looked_at: set[str]) -> list[str]:
        """The next due cases. Those looked at may still be due (another node holds them): ask past them."""
        with self._database.reading() as session:
            found = deadlines.due_cases(session, self._clock.now(), self._batch + len(looked_at))
        return [case_id for case_id in found if case_id not in looked_at][: self._batch]

    def _look_at(self, case_id: str, request: str) -> tuple[int, bool]:
        """Let the casework do what is due in one case; how many acts, and whether one failed."""
        for acts in range(MOST_OF_ONE_CASE):
            try:
                if not self._unit_of_work.run(partial(casework.sweep_case, case_id=case_id), self._asking(request)):
                    return acts, False
            except Exception as error:  # noqa: BLE001 - whatever ails one case, the others are not to suffer
                structlog.get_logger().error("case_stalled", case=case_id, request=request, exc_info=error)
                self._mark_stalled(case_id, error, request)
                return acts, True
        return MOST_OF_ONE_CASE, False

    def _mark_stalled(self, case_id: str, error: Exception, request: str) -> None:
        told = f"{type(error).__name__}: {error}"
        try:
            self._unit_of_work.run(
                lambda acting: casework.stall(acting, case_id, told, self._stall), self._asking(request)
            )
        except Exception as worse:  # noqa: BLE001 - then the next sweep meets it again
            structlog.get_logger().error("stall_failed", case=case_id, request=request, exc_info=worse)

    def _measure_lateness(self, cases: Sequence[str], since: datetime) -> None:
        with self._database.reading() as session:
            late = session.scalars(
                select(Deadline.late_seconds).where(Deadline.case_id.in_(cases), Deadline.fired_at >= since)
            ).all()
        self._measures.late(seconds for seconds in late if seconds is not None)

    def _beat(self, acting: Acting) -> None:
        insert = _INSERTS[acting.session.get_bind().dialect.name]
        beat = insert(ClockBeat).values(node=self._node, at=acting.now)
        acting.session.execute(beat.on_conflict_do_update(index_elements=["node"], set_={"at": acting.now}))

    def _asking(self, request: str) -> Asking:
        return Asking(by=CLOCK, now=self._clock.now(), request=request)


def last_beat(session: Any) -> datetime | None:
    """When any node last finished a sweep."""
    found: datetime | None = session.scalar(select(ClockBeat.at).order_by(ClockBeat.at.desc()).limit(1))
    return found


class Ticker:
    """Knocks at fixed intervals, in a thread of its own."""

    def __init__(self, sweeper: Sweeper, *, seconds: int) -> None:
        self._scheduler = BackgroundScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        at_once = datetime.now(UTC)
        self._scheduler.add_job(
            _forgiving(sweeper.sweep), "interval", seconds=seconds, next_run_time=at_once, name="sweep"
        )
        self._scheduler.add_job(
            _forgiving(sweeper.recount), "interval", seconds=seconds, next_run_time=at_once, name="recount"
        )
        self._scheduler.add_job(
            _forgiving(sweeper.tidy),
            "interval",
            seconds=HOUSEKEEPING.total_seconds(),
            next_run_time=at_once,
            name="tidy",
        )

    def start(self) -> None:
        """Begin to knock."""
        self._scheduler.start()

    def stop(self) -> None:
        """Knock no more, and wait for the sweep under way."""
        self._scheduler.shutdown(wait=True)


def _forgiving(job: Any) -> Any:
    """A job that fails is logged; the next round comes all the same (the database may be back by then)."""

    def run() -> None:
        try:
            job()
        except Exception as error:  # noqa: BLE001 - a clock that stops is worse than one that missed a beat
            structlog.get_logger().error("job_failed", job=job.__name__, exc_info=error)

    return run
