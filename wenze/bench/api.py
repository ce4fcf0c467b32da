"""A task of the shipped procedure completed over HTTP: one worker, one client, against the floor of this machine.

The task is the decision whether a clue is accepted, in a case of its own each time, with bearer token, idempotency key and
expected version. Floor and completions take turns, so that whatever else the machine does falls on both.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from wenze.bench import _figures
from wenze.bench._organ import APPROVER, REGISTRAR, Organ, acceptance
from wenze.bench._place import Place
from wenze.bench._serving import FLOOR, Client, Served, served

COMPLETIONS = 1_000
AT_A_TIME = 50
"""So many of one kind before the other has its turn."""
WARM_UP = 40
WATCHED = 5
MOST_STATEMENTS, LEAST_SHARE = 15, 0.35


def run(place: Place, tell: Callable[[str], None], *, completions: int = COMPLETIONS) -> dict[str, Any]:
    """Measure.

    Args:
        place: an empty database.
        tell: is told how far it is.
        completions: how many tasks are completed while the clock runs.
    """
    organ = Organ.found(place, threads=1)
    registrar, tasks = organ.actor(REGISTRAR), []
    wanted = WARM_UP + WATCHED + completions
    for number in range(wanted):
        tasks.append(organ.register_clue(registrar))
        if number % 200 == 199:
            tell(f"{number + 1} of {wanted} cases opened")
    worker = _Worker(organ)
    organ.application.close()
    with served(organ.application.settings) as server:
        client = Client(server.address)
        for _ in range(WARM_UP):
            worker.touch_floor(client)
            worker.complete(client, tasks.pop())
        # Counted last: who has once listened to the database slows every statement after it.
        watched, tasks = tasks[:WATCHED], tasks[WATCHED:]
        floor: list[float] = []
        work: list[float] = []
        while tasks:
            turn = [tasks.pop() for _ in range(min(AT_A_TIME, len(tasks)))]
            floor += [worker.touch_floor(client) for _ in turn]
            work += [worker.complete(client, task) for task in turn]
            tell(f"{len(work)} of {completions} tasks completed")
        tell("counting statements")
        commits, statements = _count(server, client, worker, watched)
        client.close()
    share = _figures.rate(work) / _figures.rate(floor)
    return {
        "bench": "api",
        "database": place.backend,
        "completions": len(work),
        "commits_per_completion": commits,
        "statements_per_completion": len(statements),
        **_figures.milliseconds(work, "completion"),
        "completion_per_second": round(_figures.rate(work), 1),
        **_figures.milliseconds(floor, "floor"),
        "floor_per_second": round(_figures.rate(floor), 1),
        "share_of_floor": round(share, 3),
        "met": commits == 1 and len(statements) <= MOST_STATEMENTS and share >= LEAST_SHARE,
        "statements": [statement[:100] for statement in statements],
    }


class _Worker:
    """Somebody who decides on acceptance, by a machine of theirs."""

    def __init__(self, organ: Organ) -> None:
        answers = acceptance(organ.application.ground.clock.now())
        self._body = json.dumps(
            {"answers": answers, "rationale": "线索具体，属于管辖范围。", "expected_version": 1}
        ).encode()
        self._headers = {
            "Authorization": f"Bearer {organ.token(APPROVER)}",
            "Content-Type": "application/json",
            "Accept": "application/json",
        }

    def complete(self, client: Client, task: str) -> float:
        headers = {**self._headers, "Idempotency-Key": f"bench-{task}"}
        return client.post(f"/api/v1/tasks/{task}/completion", self._body, headers, expecting=200)

    def touch_floor(self, client: Client) -> float:
        return client.post(f"{FLOOR}/", self._body, self._headers, expecting=204)


def _count(server: Served, client: Client, worker: _Worker, tasks: Sequence[str]) -> tuple[int, list[str]]:
    """Commits and statements of one completion: of several, the one that took most."""
    found: list[tuple[int, list[str]]] = []
    for task in tasks:
        with server.watched() as watched:
            worker.complete(client, task)
        found.append((watched.commits, watched.statements))
    return max(commits for commits, _ in found), max((statements for _, statements in found), key=len)
