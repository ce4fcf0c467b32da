"""Two people complete the same task at the same time: one wins, the other is told who did. Never both, never neither."""

from __future__ import annotations

import http.client
import json
import threading
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select

from api import accounts
from api.unit_of_work import Asking
from tests.casework import answering
from tests.journeys import matters
from tests.journeys.bureau import Bureau
from tests.journeys.visitors import Visitor
from wenze.application import Application
from wenze.serving import Server
from workflows import ledger, people
from workflows.acting import CLOCK, Acting
from workflows.records import LedgerEntry, Task

RACES = 200

pytestmark = pytest.mark.slow


def test_two_hundred_times_one_of_two_wins_and_the_other_is_told_who(application: Application, bureau: Bureau) -> None:
    second = hire(application, "钱文博", "supervision2", "supervision_body")
    tasks = [waiting(application, matters.open_case(application).case_id) for _ in range(RACES)]
    body = json.dumps({"answers": answering.accept(bureau), "expected_version": 1})  # type: ignore[arg-type]

    with Server(application) as server:
        runners = [
            Runner(server.address, "赵立新", bureau.as_("监督员乙").headers),
            Runner(server.address, "钱文博", second.headers),
        ]
        races = [run(runners, f"/api/v1/tasks/{task}/completion", body) for task in tasks]
        for runner in runners:
            runner.close()

    for finished in races:
        statuses = sorted(answer.status for answer in finished)
        assert statuses == [200, 409], [answer.body for answer in finished]
        winner, loser = sorted(finished, key=lambda answer: answer.status)
        assert (loser.body["code"], loser.body["facts"]["by"]) == ("task_not_open", winner.name)
        assert winner.name in loser.body["detail"]
    assert completions(application, tasks) == RACES
    with application.ground.database.reading() as session:
        assert all(ledger.verify(session, chain).holds for chain in ledger.chains(session))


@dataclass(frozen=True)
class Heard:
    """What somebody was answered."""

    name: str
    status: int
    body: Any


class Runner:
    """Somebody with a connection of their own, kept open."""

    def __init__(self, address: str, name: str, headers: dict[str, str]) -> None:
        self.name = name
        self._headers = {**headers, "Content-Type": "application/json"}
        self._connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)

    def send(self, path: str, body: str) -> Heard:
        self._connection.request("POST", path, body.encode(), self._headers)
        answer = self._connection.getresponse()
        return Heard(self.name, answer.status, json.loads(answer.read()))

    def close(self) -> None:
        self._connection.close()


def run(runners: list[Runner], path: str, body: str) -> list[Heard]:
    """Let all of them send the same at the same time."""
    start, heard = threading.Barrier(len(runners)), []

    def go(runner: Runner) -> None:
        start.wait()
        heard.append(runner.send(path, body))

    threads = [threading.Thread(target=go, args=(runner,)) for runner in runners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return heard


def hire(application: Application, name: str, login: str, role: str) -> Visitor:
    """One more person with a role in the organ, signed in."""
    clerk = Visitor(application, "clerk").get("/session").json

    def work(acting: Acting) -> None:
        person = people.add_person(acting, name=name, unit_id=clerk["unit_id"], roles=[role])
        accounts.add(acting, person_id=person.id, login=login, password=None)

    ground = application.ground
    ground.unit_of_work.run(work, Asking(by=CLOCK, now=ground.clock.now()))
    return Visitor(application, login)


def waiting(application: Application, case_id: str) -> str:
    """The task that waits in a case just opened."""
    with application.ground.database.reading() as session:
        return session.scalars(select(Task.id).where(Task.case_id == case_id, Task.state == "open")).one()


def completions(application: Application, tasks: list[str]) -> int:
    """How often these tasks were completed, by the ledger."""
    subjects = [f"task:{task}" for task in tasks]
    with application.ground.database.reading() as session:
        return int(
            session.scalar(
                select(func.count())
                .select_from(LedgerEntry)
                .where(LedgerEntry.act == "task.completed", LedgerEntry.subject.in_(subjects))
            )
            or 0
        )
