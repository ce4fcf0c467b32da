"""Writers queue in order and never see a locked database; readers do not wait for them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from api import database
from api.database import Database, TurnLost, Turnstile
from api.unit_of_work import Asking, UnitOfWork, broken_off
from tests.unit.api.moments import NOW
from workflows.acting import CLOCK, Acting
from workflows.errors import NotFound
from workflows.identifiers import new_id
from workflows.protection import Vault
from workflows.records import Person, Record, Unit
from workflows.releases import Releases


def test_the_turn_goes_round_in_the_order_of_coming() -> None:
    turnstile, order, threads = Turnstile(5), [], []

    def wait(number: int) -> None:
        with turnstile.turn():
            order.append(number)

    with turnstile.turn():
        for number in range(20):
            threads.append(threading.Thread(target=wait, args=(number,)))
            threads[-1].start()
            while len(turnstile._waiting) <= number:
                pass
    for thread in threads:
        thread.join()

    assert order == list(range(20))


def test_who_waits_too_long_gives_up_and_leaves_the_queue() -> None:
    turnstile, lost = Turnstile(0.01), []

    def wait() -> None:
        try:
            with turnstile.turn():
                pass
        except TurnLost as error:
            lost.append(error)

    with turnstile.turn():
        waiting = threading.Thread(target=wait)
        waiting.start()
        waiting.join()

    assert len(lost) == 1
    with turnstile.turn():
        pass


def test_who_holds_the_turn_may_not_ask_for_it_again() -> None:
    turnstile = Turnstile(5)

    with turnstile.turn(), pytest.raises(RuntimeError, match="inside another"), turnstile.turn():
        pass


def test_many_writers_at_once_never_see_a_locked_database(work: UnitOfWork, reached: Database) -> None:
    """Each reads before it writes: the pattern that locks a database whose transactions begin as readers."""
    failed: list[Exception] = []

    def count_up(acting: Acting) -> None:
        unit = acting.session.get_one(Unit, "counter", with_for_update=True)
        unit.name = str(int(unit.name) + 1)

    def write() -> None:
        try:
            for _ in range(25):
                work.run(count_up, ASKING)
        except Exception as error:  # noqa: BLE001 - told by the test
            failed.append(error)

    work.run(lambda acting: acting.session.add(Unit(id="counter", name="0", short_name="")), ASKING)
    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    with reached.reading() as session:
        assert session.get_one(Unit, "counter").name == "200"


@pytest.mark.parametrize("maker", ["sqlite"], indirect=True)
def test_a_reader_sees_one_moment_while_others_write(work: UnitOfWork, reached: Database) -> None:
    with reached.reading() as session:
        before = session.scalar(select(func.count()).select_from(Unit))
        work.run(lambda acting: acting.session.add(Unit(id=new_id(NOW), name="", short_name="")), ASKING)

        assert session.scalar(select(func.count()).select_from(Unit)) == before


def test_nothing_is_kept_of_a_verb_that_raises(work: UnitOfWork, reached: Database) -> None:
    def verb(acting: Acting) -> None:
        acting.session.add(Unit(id=new_id(NOW), name="", short_name=""))
        acting.session.flush()
        raise NotFound()

    with pytest.raises(NotFound):
        work.run(verb, ASKING)

    with reached.reading() as session:
        assert session.scalar(select(func.count()).select_from(Unit)) == 0


def test_foreign_keys_are_kept_on_both_databases(work: UnitOfWork) -> None:
    with pytest.raises(IntegrityError):
        work.run(lambda acting: acting.session.add(Person(id=new_id(NOW), name="张伟", unit_id="f" * 32)), ASKING)


@pytest.mark.parametrize("maker", ["sqlite"], indirect=True)
def test_sqlite_writes_durably_and_lets_readers_be(reached: Database) -> None:
    with reached.reading() as session:
        asked = {
            name: session.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous", "foreign_keys")
        }

    assert asked == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


@pytest.mark.parametrize("maker", ["postgresql"], indirect=True)
def test_a_transaction_that_was_broken_off_is_tried_again(work: UnitOfWork, reached: Database) -> None:
    """Two that lock two rows in opposite order: PostgreSQL breaks one off, and both get done."""
    for name in ("a", "b"):
        work.run(lambda acting, name=name: acting.session.add(Unit(id=name, name="0", short_name="")), ASKING)
    met, tries = threading.Barrier(2), []

    def verb(acting: Acting, first: str, second: str) -> None:
        tries.append(first)
        acting.session.get_one(Unit, first, with_for_update=True).name += "x"
        acting.session.flush()
        if len(tries) <= 2:
            met.wait()
        acting.session.get_one(Unit, second, with_for_update=True).name += "x"

    threads = [
        threading.Thread(target=lambda pair=pair: work.run(lambda acting: verb(acting, *pair), ASKING))
        for pair in (("a", "b"), ("b", "a"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(tries) == 3
    with reached.reading() as session:
        assert {unit.name for unit in session.scalars(select(Unit))} == {"0xx"}


def test_an_ordinary_error_of_the_database_is_not_tried_again() -> None:
    assert not broken_off(DBAPIError("SELECT", {}, Exception("syntax error")))


ASKING = Asking(by=CLOCK, now=NOW)


@pytest.fixture
def work(reached: Database) -> UnitOfWork:
    return UnitOfWork(reached, Releases(), Vault((Vault.new_key(),)))


@pytest.fixture
def reached(database_url: str, tmp_path: Path) -> Iterator[Database]:
    made = database.attach(Flask("test"), database_url, threads=8)
    Record.metadata.create_all(made.engine)
    yield made
    made.engine.dispose()
