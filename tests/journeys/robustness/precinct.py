"""Two organs with somebody for every role in each, two cases in one of them, and everybody whom a case concerns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import select

from api import accounts
from api.unit_of_work import Asking
from tests.journeys.bureau import Bureau, Casefile, right
from tests.journeys.robustness.doors import LENGTH, Doors
from tests.journeys.visitors import Visitor
from wenze.application import Application
from wenze.clock import MovableClock
from workflows import people
from workflows.acting import CLOCK, Acting
from workflows.records import Relation, Unit
from workflows.roles import Roles

FEW = frozenset({"intake_clerk", "supervision_body", "supervisor", "investigator", "administrator"})
"""Roles for the second database: those who open the file, and two of whom one works on cases and one does not."""


@dataclass(frozen=True, eq=False)
class Somebody:
    """A person with an account, and what they are to the cases."""

    login: str
    role: str | None
    """The one role they hold; None for none."""
    here: bool
    """Whether they are of the organ that has the cases."""
    headers: Mapping[str, str]

    def __str__(self) -> str:
        return f"{self.login} ({self.role or 'no role'})"


class Precinct:
    """Everything there is, and who may know of it by the law of the release."""

    def __init__(self, application: Application, clock: MovableClock) -> None:
        self.application = application
        self.clock = clock
        self.doors = Doors(application)
        self.bureau = Bureau(application, clock)
        self.mine = self._open("证人甲某")
        """Ids of a case, by the names of the addresses."""
        self.other = self._open("证人乙某")
        """The same of another case of the same organ."""
        self.everybody = self._people()

    @cached_property
    def roles(self) -> Roles:
        """Of the release in force."""
        ground = self.application.ground
        with ground.database.reading() as session:
            return ground.releases.current(session, ground.clock.now().date()).roles

    def nowhere(self, *names: str) -> dict[str, str]:
        """The first case, with ids that nothing has in the place of these; of all where none is named."""
        absent = {
            name: f"{number:0{LENGTH}x}"
            for number, (name, value) in enumerate(self.mine.items(), 1)
            if len(value) == LENGTH and (not names or name in names)
        }
        return self.mine | absent

    def _open(self, reporter: str) -> dict[str, str]:
        """A case just registered by the clerk: the decision on acceptance waits for the supervision body."""
        bureau = self.bureau
        Casefile(bureau).opened(anonymous=False, complainant_name=reporter, complainant_contact="138 0000 0000")
        item = right(bureau.hand_in("登记员甲"))
        file = bureau.file("监督员乙")
        token = right(Visitor(self.application, "clerk", browser=True).post("/tokens", {"name": "export"}))
        return {
            "case_id": bureau.case_id,
            "task_id": bureau.task("decide_acceptance", "监督员乙")["id"],
            "clock_id": file["clocks"][0]["id"],
            "calendar_id": "f" * LENGTH,
            "unit_id": bureau.unit,
            "proceeding_id": file["proceedings"][0]["id"],
            "value_id": file["protected"][0]["id"],
            "party_id": next(party["id"] for party in file["parties"] if party["kind"] == "person"),
            "evidence_id": item["evidence_id"],
            "token_id": token["id"],
            "process": "li_main",
            "action": "recusal",
            "key": "T-LI-01",
            "language": "zh",
            "number": "1",
            "name": "style.css",
            "act": "urging",
        }

    def _people(self) -> list[Somebody]:
        """For each role a person here and one elsewhere; the party, a relative of theirs, and somebody without any role.

        On the second database for a few roles only: what differs there are statements, and every sort of person sends them.
        """
        ground = self.application.ground
        with ground.database.reading() as session:
            here = session.scalars(select(Unit.id)).one()
            officer = accounts.of_login(session, "officer").person_id

        made: list[tuple[str, str | None, bool]] = [("officer", None, True)]

        def work(acting: Acting) -> None:
            def add(login: str, role: str | None, unit_id: str) -> str:
                made.append((login, role, unit_id == here))
                held = [role] if role is not None else []
                person = people.add_person(acting, name=f"周{len(made)}", unit_id=unit_id, roles=held)
                accounts.add(acting, person_id=person.id, login=login, password=None)
                return person.id

            elsewhere = people.add_unit(acting, name="青石县司法局", short_name="青石").id
            everywhere = ground.database.engine.dialect.name == "sqlite"
            for role in self.roles:
                if not everywhere and role.id not in FEW:
                    continue
                add(f"{role.id}.here", role.id, here)
                add(f"{role.id}.elsewhere", role.id, elsewhere)
            add("nobody", None, here)
            relative = add("relative", "supervision_body", here)
            for one, other in ((relative, officer), (officer, relative)):
                acting.session.add(Relation(person_id=one, other_id=other, kind="spouse", declared_at=acting.now))

        ground.unit_of_work.run(work, Asking(by=CLOCK, now=ground.clock.now()))
        made += [("clerk", "intake_clerk", True)]
        return [
            Somebody(login, role, is_here, Visitor(self.application, login).headers) for login, role, is_here in made
        ]
