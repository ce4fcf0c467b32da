"""Killed at any moment, it loses nothing and does nothing twice: five hundred commands and two hundred passed limits, while the
server is killed again and again, from its very first start on.

The moments are drawn from a seed, which is told; `--seed N` draws the same ones again, and `--kills N` draws more of them.
"""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from api import accounts
from api.unit_of_work import Asking
from engine.periods import ZONE
from tests.journeys import matters
from tests.journeys.robustness.afterwards import (
    every_chain_holds,
    every_limit_fired_once,
    every_step_is_on_record,
    no_case_ails,
    nothing_is_due,
)
from tests.journeys.robustness.errands import Book, Runner, running
from tests.journeys.robustness.lives import Installation, installed, wait_until
from wenze import demo_house
from wenze.application import Application, create_app
from wenze.settings import Settings
from workflows import ledger
from workflows.acting import CLOCK, Acting
from workflows.records import Case, Evidence, LedgerEntry, Notice, Party, Task, Unit

pytestmark = pytest.mark.slow

CASES, COMMANDS, RUNNERS = 200, 500, 4
STILLBORN = 3
"""Lives that are killed before the first one that serves."""
LONG_AGO = timedelta(days=40)
"""The clue came in so long ago that the limit to accept it has passed when it is registered."""
STAFF = ("clerk", "supervision", "supervisor")


def test_killed_again_and_again_it_does_every_command_and_every_limit_once(fire: Fire, book: Book) -> None:
    fire.kill_while_it_starts(STILLBORN)
    fire.installation.start()
    with fire.reopened() as application:
        staff = Staff.hired(application)

    with ThreadPoolExecutor(RUNNERS) as runners:
        work = [runners.submit(handle, fire.installation, staff, book, number) for number in range(RUNNERS)]
        fire.kill_while_it_works(book, work)
    for each in work:
        each.result()

    assert len(book.entries) == COMMANDS
    every_errand_sent_again_is_answered_as_before(fire.installation, staff, book)
    with fire.reopened() as application, application.ground.database.reading() as session:
        wait_until(lambda: nothing_is_due(session))
        assert fire.installation.leave() == 0
        no_case_ails(session)
        every_chain_holds(session)
        every_command_is_in_the_ledger_once(session, book)
        every_effect_is_there_once(session, book)
        every_limit_fired_once(session, CASES)
        every_step_is_on_record(session)
        every_content_is_whole(session, application.settings.evidence_folder)


# --- what is done -----------------------------------------------------------------------------------------------------


def handle(installation: Installation, staff: Staff, book: Book, number: int) -> None:
    """A runner's share of the cases. What is done with each depends on its number; some wait until their limit has fired."""
    share = CASES // RUNNERS
    with running(installation, staff.tokens, book, f"runner-{number}") as runner:
        waiting = []
        for case in range(number * share, (number + 1) * share):
            opened = runner.do("case.opened", "clerk", "/cases", a_late_clue(staff.unit_id))
            address = f"/cases/{opened['case_id']}"
            if case % 4 == 0:
                claim_and_give_back(runner, address)
            elif case % 4 == 1:
                waiting.append(address)
            elif case % 4 == 2:
                urge(runner, address)
            elif case % 8 == 3:
                hand_in(runner, address)
            else:
                name_party(runner, address)
        for address in waiting:
            decide_late(runner, address)


def a_late_clue(unit_id: str) -> dict[str, Any]:
    received = (datetime.now(ZONE) - LONG_AGO).date().isoformat()
    return {"unit_id": unit_id, "kind": "liability", "title": "处罚决定逾期", "answers": matters.clue(received)}


def claim_and_give_back(runner: Runner, address: str) -> None:
    task = task_of(runner, address, "F-ACCEPT")
    body = {"expected_version": task["version"]}
    claimed = runner.do("task.claimed", "supervision", f"/tasks/{task['id']}/claim", body)
    body = {"expected_version": claimed["task_version"], "reason": "另有急件"}
    runner.do("task.given_back", "supervision", f"/tasks/{task['id']}/give-back", body)


def urge(runner: Runner, address: str) -> None:
    task = task_of(runner, address, "F-ACCEPT")
    runner.do("task.urged", "supervisor", f"/tasks/{task['id']}/urging", {"reason": "期限已过"})


def hand_in(runner: Runner, address: str) -> None:
    content = f"%PDF-1.7\n% {address}\n%%EOF\n".encode()
    runner.upload("evidence.registered", "clerk", f"{address}/evidence", "决定书.pdf", content)


def name_party(runner: Runner, address: str) -> None:
    """The clock may change the case between the look and the errand; then it is looked at again."""
    body = {"name": "刘强", "kind": "person", "role": "concerned", "reason": "核查中发现"}
    runner.do_on_newest("party.added", "clerk", address, f"{address}/parties", body)


def decide_late(runner: Runner, address: str) -> None:
    """The limit has fired, everybody was told, and somebody deals with that; the step itself is done all the same."""

    def fired() -> bool:
        (clock,) = runner.look("supervisor", address)["clocks"]
        return bool(clock["fired_at"]) and all(rung["fired_at"] for rung in clock["rungs"])

    wait_until(fired)
    today = datetime.now(ZONE).date()
    for form, who, answers in (
        ("F-ACCEPT", "supervision", {"acceptance": "accept", "accepted_at": today.isoformat(), "follows_advice": True}),
        (
            "F-OVERDUE",
            "supervisor",
            {
                "cause": "人手不足",
                "measure": "当日办结",
                "expected_at": (today + timedelta(days=30)).isoformat(),
                "pursued": False,
            },
        ),
    ):
        task = task_of(runner, address, form)
        body = {"answers": answers, "expected_version": task["version"]}
        runner.do("task.completed", who, f"/tasks/{task['id']}/completion", body)


def task_of(runner: Runner, address: str, form: str) -> dict[str, Any]:
    """The open task of a case that asks this form."""
    tasks = runner.look("supervisor", address)["tasks"]
    (found,) = [task for task in tasks if task["form_key"] == form and task["state"] == "open"]
    return dict(found)


# --- what must be so afterwards ---------------------------------------------------------------------------------------


def every_errand_sent_again_is_answered_as_before(installation: Installation, staff: Staff, book: Book) -> None:
    def send_again(number: int) -> None:
        with running(installation, staff.tokens, book, "again") as runner:
            for errand, answer in book.entries[number::RUNNERS]:
                again = runner.send(errand)
                assert (again.status, again.body) == (answer.status, answer.body), errand.kind
                assert again.headers["Idempotency-Replayed"] == "true", errand.kind

    with ThreadPoolExecutor(RUNNERS) as runners:
        list(runners.map(send_again, range(RUNNERS)))


def every_command_is_in_the_ledger_once(session: Session, book: Book) -> None:
    """As acknowledged, each once, and nothing that was not."""
    query = select(LedgerEntry.act, LedgerEntry.hash).where(LedgerEntry.chain != ledger.HOUSE)
    by_people = query.where(LedgerEntry.actor_id.is_not(None), LedgerEntry.act != "act.refused")
    entered = Counter((act, hash_) for act, hash_ in session.execute(by_people))
    assert entered == Counter((errand.kind, answer.said["entry"]) for errand, answer in book.entries)


def every_effect_is_there_once(session: Session, book: Book) -> None:
    opened = book.of("case.opened")
    assert sorted(session.scalars(select(Case.id))) == sorted(case["case_id"] for case in opened)
    numbers = sorted(session.scalars(select(Case.number)))
    assert numbers == sorted({case["number"] for case in opened})
    assert len(numbers) == CASES
    given_back = book.of("task.given_back")
    for done in given_back:
        task = session.get_one(Task, done["task_id"])
        assert (task.state, task.assignee_id, task.version) == ("open", None, 3)
    for done in book.of("task.completed"):
        assert session.get_one(Task, done["task_id"]).state == "completed"
    items = [item["evidence_id"] for item in book.of("evidence.registered")]
    assert sorted(session.scalars(select(Evidence.id))) == sorted(items)
    named = [party["party_id"] for party in book.of("party.added")]
    assert sorted(session.scalars(select(Party.id).where(Party.name == "刘强"))) == sorted(named)
    urged = session.scalars(select(Notice.case_id).where(Notice.kind == "task.urged")).all()
    assert sorted(urged) == sorted(done["case_id"] for done in book.of("task.urged"))
    # The next step waits once in each case that was accepted, and nowhere else.
    approving = session.scalars(select(Task.case_id).where(Task.node == "approve_inquiry")).all()
    accepted = [done["case_id"] for done in book.of("task.completed")]
    assert Counter(accepted) == Counter(2 * list(approving))


def every_content_is_whole(session: Session, store: Path) -> None:
    for sha256 in session.scalars(select(Evidence.sha256)):
        content = (store / sha256[:2] / sha256[2:]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == sha256


# --- who does it ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Staff:
    """People of the demo organ with a token each."""

    unit_id: str
    tokens: dict[str, str]

    @classmethod
    def hired(cls, application: Application) -> Staff:
        """The people of the demo house; its cases are not needed."""
        demo_house.furnish(application)

        def work(acting: Acting) -> Staff:
            unit_id = acting.session.scalars(select(Unit.id)).one()
            ids = {login: accounts.of_login(acting.session, login).id for login in STAFF}
            tokens = {login: accounts.make_token(acting, ids[login], name="errands", days=1)[1] for login in STAFF}
            return cls(unit_id, tokens)

        ground = application.ground
        return ground.unit_of_work.run(work, Asking(by=CLOCK, now=ground.clock.now()))


class Fire:
    """Kills an installation at moments drawn from a seed."""

    def __init__(self, installation: Installation, seed: int, kills: int) -> None:
        self.installation = installation
        self._draw = random.Random(seed)
        self._kills = kills

    def kill_while_it_starts(self, times: int) -> None:
        """On an empty database, then on what the killed one left."""
        for _ in range(times):
            self.installation.stillborn(self._draw.uniform(0.2, 4.0))

    def kill_while_it_works(self, book: Book, work: list[Future[None]]) -> None:
        """After so many errands, and a moment; now and then once more while it starts again."""

        def over() -> bool:
            return any(each.done() and each.exception() for each in work)

        for number in sorted(self._draw.sample(range(COMMANDS - COMMANDS // 20), self._kills)):
            book.wait_for(number, unless=over)
            if over():
                return
            self.installation.kill(self._draw.uniform(0.0, 0.2))
            if self._draw.random() < 0.25:
                self.installation.stillborn(self._draw.uniform(0.2, 2.5))
            self.installation.start()

    @contextmanager
    def reopened(self) -> Iterator[Application]:
        """The application once more, for looking at what is there."""
        application = create_app(Settings.read(self.installation.home))
        yield application
        application.close()


@pytest.fixture
def fire(installation: Installation, request: pytest.FixtureRequest) -> Fire:
    seed = request.config.getoption("--seed")
    if seed is None:
        seed = random.SystemRandom().randrange(10**9)
    print(f"--seed {seed}")  # shown where the test fails
    return Fire(installation, seed, request.config.getoption("--kills"))


@pytest.fixture
def installation(home: dict[str, str], tmp_path: Path) -> Iterator[Installation]:
    with installed(home, tmp_path / "errors.log") as installation:
        yield installation


@pytest.fixture
def book() -> Book:
    return Book()
