"""A small organ to test in: people in their roles, the release in force, a clock that is moved, and a real database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from workflows import casework, people, releases
from workflows.acting import CLOCK, Acting
from workflows.deadlines import due_cases
from workflows.errors import Refused
from workflows.ledger import record_refusal
from workflows.protection import Vault
from workflows.records import Case, Deadline, Party, Person, Proceeding, Record, Task
from workflows.releases import Law, Releases

ROOT = Path(__file__).parents[2]
SHANGHAI = ZoneInfo("Asia/Shanghai")
BEGINNING = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
"""A Monday."""

STAFF: Mapping[str, tuple[str, ...]] = {
    "登记员甲": ("intake_clerk",),
    "监督员乙": ("supervision_body",),
    "批准人丙": ("approver_filing",),
    "调查员丁": ("investigator",),
    "调查员戊": ("investigator",),
    "调查员己": ("investigator",),
    "法制员庚": ("legal_reviewer",),
    "成员辛": ("panel",),
    "成员壬": ("panel",),
    "成员癸": ("panel",),
    "负责人子": ("decider",),
    "送达员丑": ("service_clerk",),
    "人事寅": ("hr_officer",),
    "复核员卯": ("review_officer",),
    "复核员辰": ("review_officer",),
    "档案员巳": ("archivist",),
    "督办员午": ("supervisor",),
    "执法员未": (),
}
"""Name → roles. The last one is the officer whose conduct is examined."""


def sources() -> dict[str, bytes]:
    """The artefacts as they lie in the project."""
    found: dict[str, bytes] = {}
    for folder, ending in (("bpmn", ".bpmn"), ("bpmn", ".dmn"), ("bpmn", ".yaml"), ("forms", ".json")):
        for path in (ROOT / folder).rglob(f"*{ending}"):
            found[path.relative_to(ROOT).as_posix()] = path.read_bytes()
    return found


@dataclass(slots=True)
class Blueprint:
    """What is the same in every house: the release, parsed once, the organ and its people."""

    vault: Vault
    releases: Releases
    release_id: str
    unit: str
    people: dict[str, str]
    law: Law

    @classmethod
    def draw(cls, engine: Engine, artefacts: Mapping[str, bytes] | None = None) -> Blueprint:
        """Build the house once in an empty database."""
        Record.metadata.create_all(engine)
        vault, registry = Vault((Vault.new_key(),)), Releases()
        with Session(engine) as session:
            acting = Acting(
                session=session, now=BEGINNING, by=CLOCK, releases=registry, vault=vault, request="building"
            )
            release, _ = releases.publish(session, artefacts or sources(), BEGINNING)
            law = registry.law(session, release.id)
            unit = people.add_unit(acting, name="云湖区司法局", short_name="云湖")
            staff = {
                name: people.add_person(acting, name=name, unit_id=unit.id, roles=roles, known=law.roles).id
                for name, roles in STAFF.items()
            }
            built = cls(vault, registry, release.id, unit.id, staff, law)
            session.commit()
        return built


class House:
    """Everything a story needs. Each act is a unit of work of its own: one commit, or nothing."""

    def __init__(self, engine: Engine, blueprint: Blueprint) -> None:
        self.engine = engine
        self.now = BEGINNING
        self.vault = blueprint.vault
        self.releases = blueprint.releases
        self.release_id = blueprint.release_id
        self.unit = blueprint.unit
        self.people = dict(blueprint.people)
        self.law = blueprint.law

    def hire(self, name: str, *roles: str) -> str:
        """One more person."""
        with Session(self.engine) as session:
            acting = self._acting(session, CLOCK)
            person = people.add_person(acting, name=name, unit_id=self.unit, roles=roles, known=self.law.roles)
            self.people[name] = person.id
            session.commit()
        return self.people[name]

    def also(self, name: str, role: str) -> None:
        """Give somebody one more role."""
        with Session(self.engine) as session:
            people.grant(self._acting(session, CLOCK), person_id=self.people[name], role=role, unit_id=self.unit)
            session.commit()

    # Acting

    def _acting(self, session: Session, by: Any) -> Acting:
        return Acting(session=session, now=self.now, by=by, releases=self.releases, vault=self.vault, request="test")

    def do(self, name: str, verb: Callable[..., Any], *args: Any, **how: Any) -> Any:
        """Let somebody act. A refusal is recorded in a transaction of its own and raised, as at the rim."""
        self.now += timedelta(minutes=1)
        try:
            with Session(self.engine, expire_on_commit=False) as session:
                result = verb(self._acting(session, people.actor(session, self.people[name])), *args, **how)
                session.commit()
                return result
        except Refused as refused:
            with Session(self.engine) as session:
                record_refusal(self._acting(session, people.actor(session, self.people[name])), refused)
                session.commit()
            raise

    def complete(self, node: str, by: str, answers: Mapping[str, Any] | None = None, **how: Any) -> Any:
        """Complete the open task that a node of the diagram has opened; the one for `by` where there are several."""
        task = self.task(node, by)
        return self.do(by, casework.complete_task, task.id, answers=answers or {}, **how)

    def sign(self, node: str, by: str) -> Any:
        """Sign what another officer submitted."""
        return self.do(by, casework.sign_task, self.task(node).id)

    def pass_time(self, until: datetime | None = None, *, days: int = 0) -> int:
        """Move the clock and let it sweep until nothing is due. Gives how many things it did."""
        self.now = until or self.now + timedelta(days=days)
        done = 0
        while True:
            with Session(self.engine) as session:
                due = due_cases(session, self.now, 100)
            if not due:
                return done
            for case_id in due:
                with Session(self.engine) as session:
                    done += casework.sweep_case(self._acting(session, CLOCK), case_id)
                    session.commit()

    # Looking

    def read(self, what: Callable[[Session], Any]) -> Any:
        """Read with a session of its own."""
        with Session(self.engine, expire_on_commit=False) as session:
            return what(session)

    def actor(self, name: str) -> Any:
        """A person as they may act now."""
        return self.read(lambda session: people.actor(session, self.people[name]))

    def tasks(self) -> list[Task]:
        """All open tasks, the oldest first."""
        return list(self.read(lambda s: s.scalars(select(Task).where(Task.state == "open").order_by(Task.id)).all()))

    def task(self, node: str, by: str | None = None) -> Task:
        """The open task of a node; with several, the one assigned to `by`."""
        found = [task for task in self.tasks() if task.node == node]
        if len(found) > 1 and by is not None:
            found = [task for task in found if task.assignee_id == self.people[by]] or found
        assert found, f"{node} is not open; open are {[task.node for task in self.tasks()]}"
        return found[0]

    def open_nodes(self) -> set[str]:
        """Ids of the nodes with an open task."""
        return {task.node for task in self.tasks()}

    def case(self) -> Case:
        """The case (the last one opened)."""
        return self.read(lambda s: s.scalars(select(Case).order_by(Case.id.desc()).limit(1)).one())

    def parties(self) -> list[Party]:
        """Its parties."""
        return list(self.read(lambda s: s.scalars(select(Party).order_by(Party.id)).all()))

    def clocks(self, rule: str | None = None) -> list[Deadline]:
        """All clocks, or those of one rule."""
        rows = self.read(lambda s: s.scalars(select(Deadline).order_by(Deadline.id)).all())
        return [clock for clock in rows if rule in (None, clock.rule)]

    def proceedings(self) -> list[Proceeding]:
        """All proceedings, the oldest first."""
        return list(self.read(lambda s: s.scalars(select(Proceeding).order_by(Proceeding.id)).all()))

    def name_of(self, person_id: str) -> str:
        """Name of a person."""
        return str(self.read(lambda s: s.get(Person, person_id)).name)

    @property
    def today(self) -> str:
        """Today in the jurisdiction, ISO."""
        return self.now.astimezone(SHANGHAI).date().isoformat()

    @property
    def utc(self) -> datetime:
        """Now in UTC."""
        return self.now.astimezone(UTC)
