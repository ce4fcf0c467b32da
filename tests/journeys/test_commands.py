"""The envelope of every command: one transaction, one answer, and the same answer when it is sent again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select

from api import idempotency
from api.unit_of_work import Asking
from tests.journeys import probe
from tests.journeys.visitors import Visitor
from wenze.application import Application
from wenze.clock import MovableClock
from workflows import ledger
from workflows.acting import CLOCK
from workflows.records import LedgerEntry, Unit

Visitors = Callable[..., Visitor]
UNIT = {"name": "青石县司法局", "short_name": "青石", "expected_version": 1}


def test_a_command_sent_twice_with_one_key_is_done_once(clerk: Visitor, application: Application) -> None:
    first = clerk.post("/probe", UNIT, Idempotency_Key="a")
    second = clerk.post("/probe", UNIT, Idempotency_Key="a")

    assert first.status_code == second.status_code == 201
    assert first.data == second.data
    assert second.headers["Location"] == first.headers["Location"]
    assert second.headers["Idempotency-Replayed"] == "true"
    assert units(application) == 1


def test_without_a_key_it_is_done_each_time(clerk: Visitor, application: Application) -> None:
    clerk.post("/probe", UNIT)
    clerk.post("/probe", UNIT)

    assert units(application) == 2


def test_one_key_on_two_requests_is_a_mistake_and_told(clerk: Visitor, application: Application) -> None:
    clerk.post("/probe", UNIT, Idempotency_Key="a")

    answer = clerk.post("/probe", UNIT | {"name": "红岩县司法局"}, Idempotency_Key="a")

    assert (answer.status_code, answer.json["code"]) == (422, "idempotency_key_reused")
    assert units(application) == 1


def test_keys_of_two_accounts_have_nothing_to_do_with_each_other(
    clerk: Visitor, visitor: Visitors, application: Application
) -> None:
    clerk.post("/probe", UNIT, Idempotency_Key="a")
    visitor("legal").post("/probe", UNIT, Idempotency_Key="a")

    assert units(application) == 2


def test_ten_at_once_with_one_key_are_done_once_and_answered_alike(
    clerk: Visitor, visitor: Visitors, application: Application
) -> None:
    start, answers = threading.Barrier(10), []

    def send() -> None:
        same = visitor()
        same.headers = dict(clerk.headers)
        start.wait()
        answers.append(same.post("/probe", UNIT, Idempotency_Key="a"))

    together([threading.Thread(target=send) for _ in range(10)])

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.data for answer in answers}) == 1
    assert units(application) == 1


def test_a_refused_command_may_be_put_right_and_sent_again_under_its_key(
    clerk: Visitor, application: Application
) -> None:
    assert clerk.post("/probe", UNIT | {"then": "refuse"}, Idempotency_Key="a").status_code == 409

    assert clerk.post("/probe", UNIT, Idempotency_Key="a").status_code == 201
    assert units(application) == 1


@pytest.mark.parametrize("now", ["refuse", "stale", "hide"])
def test_a_command_that_would_now_be_refused_is_answered_as_before(
    clerk: Visitor, application: Application, fickle: dict[str, str], now: str
) -> None:
    first = clerk.post("/probe", UNIT, Idempotency_Key="a")
    fickle["then"] = now

    second = clerk.post("/probe", UNIT, Idempotency_Key="a")

    assert (second.status_code, second.data) == (201, first.data)
    assert refusals(application) == []


@pytest.mark.parametrize("key", ["", "x" * 201, "with blank", "密钥"])
def test_a_key_that_is_none_is_refused(clerk: Visitor, key: str) -> None:
    answer = clerk.post("/probe", UNIT, Idempotency_Key=key.encode().decode("latin-1"))

    assert (answer.status_code, answer.json["code"]) == (400, "header_not_readable")


def test_a_key_is_forgotten_after_thirty_days(clerk: Visitor, application: Application, clock: MovableClock) -> None:
    clerk.post("/probe", UNIT, Idempotency_Key="a")
    clock.move(timedelta(days=29))
    application.sweeper.tidy()
    assert clerk.post("/probe", UNIT, Idempotency_Key="a").headers.get("Idempotency-Replayed") == "true"

    clock.move(timedelta(days=1, seconds=1))
    application.sweeper.tidy()

    with application.ground.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(idempotency.IdempotencyKey)) == 0


def test_what_fails_half_way_is_not_done_at_all(clerk: Visitor, application: Application) -> None:
    for then in ("refuse", "stale", "hide", "break"):
        clerk.post("/probe", UNIT | {"then": then})

    assert units(application) == 0


def test_a_refusal_is_in_the_ledger_and_the_chain_holds(clerk: Visitor, application: Application) -> None:
    clerk.post("/probe", UNIT | {"then": "refuse"})

    entry = refusals(application)[-1]
    assert (entry.actor, entry.reason) == ("林晓雯", "You have signed this already.")
    with application.ground.database.reading() as session:
        assert ledger.verify(session, ledger.HOUSE).holds


def test_a_lost_race_tells_who_changed_it_and_when(clerk: Visitor) -> None:
    answer = clerk.post("/probe", UNIT | {"then": "stale"})

    assert (answer.status_code, answer.json["code"]) == (409, "stale_version")
    assert "张伟已于 2026-03-02 09:00:00 更改了此项" in answer.json["detail"]
    assert answer.json["facts"]["current"] == 2


def test_an_unforeseen_error_tells_a_number_and_nothing_else(clerk: Visitor) -> None:
    answer = clerk.post("/probe", UNIT | {"then": "break"})

    assert (answer.status_code, answer.json["code"]) == (500, "incident")
    assert answer.json["facts"]["incident"] in answer.json["detail"]
    assert "hunter2" not in answer.get_data(as_text=True)


def test_a_change_without_a_version_is_refused(clerk: Visitor) -> None:
    body = {key: value for key, value in UNIT.items() if key != "expected_version"}

    answer = clerk.post("/probe", body)

    assert (answer.status_code, answer.json["code"]) == (428, "version_missing")
    assert clerk.post("/probe", body, If_Match='"3"').status_code == 201


@pytest.mark.parametrize("etag", ["3", 'W/"3"', "*", '"x"', '"2"'])
def test_if_match_holds_one_version_and_the_same_as_the_body(clerk: Visitor, etag: str) -> None:
    answer = clerk.post("/probe", UNIT, If_Match=etag)

    assert (answer.status_code, answer.json["code"]) == (400, "header_not_readable")


def test_the_envelope_costs_two_statements_and_one_commit(clerk: Visitor, application: Application) -> None:
    clerk.post("/probe", UNIT)
    counted = counting(application, lambda: clerk.post("/probe", UNIT, Idempotency_Key="a"))
    bare = counting(application, lambda: by_itself(application))

    assert counted["commits"] == 1
    assert counted["statements"] - bare["statements"] == 2, counted["log"]


def by_itself(application: Application) -> None:
    """The verb of the probe without HTTP."""
    from workflows import people

    now = application.ground.clock.now()
    application.ground.unit_of_work.run(
        lambda acting: people.add_unit(acting, name="青石县司法局", short_name="青石"), Asking(by=CLOCK, now=now)
    )


def counting(application: Application, act: Callable[[], Any]) -> dict[str, Any]:
    counted: dict[str, Any] = {"statements": 0, "commits": 0, "log": []}
    engine = application.ground.database.engine

    def statement(_connection: Any, _cursor: Any, text: str, *_: Any) -> None:
        counted["statements"] += 1
        counted["log"].append(text)

    def commit(_connection: Any) -> None:
        counted["commits"] += 1

    event.listen(engine, "before_cursor_execute", statement)
    event.listen(engine, "commit", commit)
    try:
        act()
    finally:
        event.remove(engine, "before_cursor_execute", statement)
        event.remove(engine, "commit", commit)
    return counted


def units(application: Application) -> int:
    with application.ground.database.reading() as session:
        found = session.scalar(select(func.count()).select_from(Unit).where(Unit.short_name == "青石"))
    return int(found or 0)


def refusals(application: Application) -> list[LedgerEntry]:
    with application.ground.database.reading() as session:
        return list(session.scalars(select(LedgerEntry).where(LedgerEntry.act == "act.refused")))


def together(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.fixture
def clerk(visitor: Visitors, probed: dict[str, int]) -> Visitor:
    return visitor("clerk")


@pytest.fixture
def probed(application: Application) -> dict[str, str]:
    return probe.build(application)


@pytest.fixture
def fickle(probed: dict[str, str]) -> dict[str, str]:
    """Lets the verb of the probe change its mind whatever the request says."""
    return probed
