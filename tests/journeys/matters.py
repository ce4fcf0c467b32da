"""Cases for journeys that are not about the way into them: opened by the verb itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from api import accounts
from api.unit_of_work import Asking
from wenze.application import Application
from workflows import casework, people
from workflows.acting import Acting
from workflows.casework import Done
from workflows.records import Unit


def clue(today: str, **own: Any) -> dict[str, Any]:
    """Answers to F-CLUE: a decision that came after the limit."""
    return {
        "clue_source": "FILE_REVIEW",
        "received_at": today,
        "anonymous": True,
        "object_unit": "云湖区市场监督管理局",
        "object_persons": [{"name": "王大力", "post": "执法队员"}],
        "facts": "案件2024年9月9日立案，不予处罚决定落款2024年12月11日。",
        "secrecy": "ORDINARY",
        "urgent": False,
        "object_concrete": True,
        "facts_concrete": True,
        "in_scope": True,
        "in_jurisdiction": True,
        "within_limitation": True,
        "already_handled": False,
        "duplicate": False,
        "remedy_pending": False,
        "supervisory_handling": False,
        **own,
    }


def open_case(application: Application, login: str = "clerk") -> Done:
    """A case just registered: its next task waits for the supervision body, and a limit runs."""
    ground = application.ground
    now = ground.clock.now()
    with ground.database.reading() as session:
        account = accounts.of_login(session, login)
        actor = people.actor(session, account.person_id)
        unit_id = session.scalars(select(Unit.id)).one()
    today = (now + timedelta(hours=8)).date().isoformat()

    def verb(acting: Acting) -> Done:
        return casework.open_case(acting, unit_id=unit_id, kind="liability", title="处罚决定逾期", answers=clue(today))

    return ground.unit_of_work.run(verb, Asking(by=actor, now=now, request="test"))
