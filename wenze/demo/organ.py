"""The invented organ at work on one clock: its application served over HTTP, its people with tokens, the sweep at hand.

May never touch a case: that is done by its people, over HTTP.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from api import accounts
from api.unit_of_work import Asking
from wenze import demo_house
from wenze.application import Application
from wenze.clock import MovableClock
from wenze.demo.colleagues import Office
from wenze.demo.waiting import Waiting
from wenze.serving import Server
from workflows.acting import Acting

EVERYBODY = (*demo_house.STAFF, *demo_house.CONCERNED)
LIFE = 365
"""Days a token lives: longer than any case of the demonstration takes."""


@dataclass(frozen=True, slots=True)
class Organ:
    """People at their desks, and their clock."""

    office: Office
    waiting: Waiting


@contextmanager
def at_work(application: Application, clock: MovableClock, language: str = "zh") -> Iterator[Organ]:
    """Serve the application on its address as long as somebody works; then all tokens are revoked.

    Args:
        application: with the demo organ furnished, and `clock` for a clock.
        language: in which the API answers.
    """
    with Server(application) as server:
        office = Office(server.address, _tokens(application, EVERYBODY), language)
        try:
            yield Organ(office, Waiting(clock, application.sweeper))
        finally:
            office.close()


def _tokens(application: Application, logins: Iterable[str]) -> dict[str, str]:
    ground = application.ground

    def make(acting: Acting) -> dict[str, str]:
        made = {}
        for login in logins:
            account = accounts.of_login(acting.session, login)
            made[login] = accounts.make_token(acting, account.id, name="demo", days=LIFE)[1]
        return made

    return ground.unit_of_work.run(make, Asking(by=demo_house.MAKER, now=ground.clock.now(), request="demo"))
