"""An organ at work in a scratch database: the shipped procedure, people in their roles, clues that came in.

Everything is done by the same verbs as anywhere. May never put a row where a verb would put another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select

from api import accounts
from api.ground import Clock
from api.unit_of_work import Asking
from engine.periods import ZONE
from wenze import demo_house, law, schema
from wenze.application import Application, create_app
from wenze.bench._place import Place
from wenze.demo.answers import ACCEPTABLE
from workflows import casework, people
from workflows.acting import Acting, Actor
from workflows.records import Person, Task, Unit

T = TypeVar("T")

REGISTRAR, APPROVER = "clerk", "supervision"
"""Who registers a clue, and who decides on its acceptance: logins of the demo organ."""


@dataclass(frozen=True, slots=True)
class Organ:
    """An application with people."""

    application: Application
    unit_id: str

    @classmethod
    def found(cls, place: Place, *, clock: Clock | None = None, **settings: object) -> Organ:
        """Make the tables, load the shipped law, bring in the people."""
        application = create_app(place.settings(**settings), clock=clock)
        ground = application.ground
        schema.metadata().create_all(ground.database.engine)
        law.publish(ground, law.read(application.settings.law), ground.clock.now())
        demo_house.furnish(application)
        with ground.database.reading() as session:
            unit_id = session.scalars(select(Unit.id)).one()
        return cls(application, unit_id)

    def actor(self, login: str) -> Actor:
        """Somebody of the organ."""
        with self.application.ground.database.reading() as session:
            return people.actor(session, accounts.of_login(session, login).person_id)

    def do(self, by: Actor, verb: Callable[[Acting], T]) -> T:
        """Let somebody act: one unit of work."""
        ground = self.application.ground
        return ground.unit_of_work.run(verb, Asking(by=by, now=ground.clock.now(), request="bench"))

    def token(self, login: str) -> str:
        """A bearer token of somebody."""

        def make(acting: Acting) -> str:
            account = accounts.of_login(acting.session, login)
            return accounts.make_token(acting, account.id, name="bench", days=1)[1]

        return self.do(self.actor(login), make)

    def register_clue(self, registrar: Actor) -> str:
        """Open a case. The id of its open task: to decide on acceptance."""
        now = self.application.ground.clock.now()

        def verb(acting: Acting) -> str:
            opened = casework.open_case(
                acting, unit_id=self.unit_id, kind="liability", title="处罚决定逾期", answers=clue(now)
            )
            acting.session.flush()
            waits = select(Task.id).where(Task.case_id == opened.case_id, Task.state == "open")
            return acting.session.scalars(waits).one()

        return self.do(registrar, verb)

    def person_named(self, name: str) -> str:
        """Id of a person."""
        with self.application.ground.database.reading() as session:
            return session.scalars(select(Person.id).where(Person.name == name)).one()


def clue(now: datetime) -> Mapping[str, Any]:
    """Answers to F-CLUE: a penalty that was decided too late."""
    return {
        "clue_source": "FILE_REVIEW",
        "received_at": _today(now),
        "anonymous": True,
        "object_unit": "云湖区市场监督管理局",
        "object_persons": [{"name": "王大力", "post": "执法队员"}],
        "facts": "案件2024年9月9日立案，处罚决定落款2024年12月11日，超过九十日。",
        "secrecy": "ORDINARY",
        "urgent": False,
        **ACCEPTABLE,
    }


def acceptance(now: datetime) -> Mapping[str, Any]:
    """Answers to F-ACCEPT: accepted, as the decision table advises."""
    return {"acceptance": "accept", "accepted_at": _today(now), "follows_advice": True}


def _today(now: datetime) -> str:
    return now.astimezone(ZONE).date().isoformat()
