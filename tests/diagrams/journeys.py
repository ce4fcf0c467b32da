"""A case as its diagrams alone move it: proceedings, the messages between them, and nobody to ask who may.

The least a host must do: keep a snapshot for each proceeding, carry a message from one to the other that waits for it about the
same party, and begin a proceeding where a message begins one. Everything is kept as bytes between two moves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from engine import machine
from engine.diagrams import Definition
from engine.step import Message, OpenTask, Step, Timer, Waiting
from tests.diagrams import answers, walking

STARTED_BY = {"review_requested": "li_review", "rehandling_ordered": "li_main"}
_DEFINITIONS: dict[str, Definition] = {}


def definition(process: str) -> Definition:
    """Loaded once for all journeys."""
    if process not in _DEFINITIONS:
        _DEFINITIONS[process] = walking.load(process)
    return _DEFINITIONS[process]


def check_limits(limits_checked: list[Any]) -> list[Any]:
    return limits_checked


@dataclass(slots=True)
class Case:
    """All proceedings of one case."""

    now: datetime = walking.NOW
    steps: list[tuple[str, Step]] = field(default_factory=list)
    """Each proceeding: its process, and how it stands."""
    states: list[str] = field(default_factory=list)

    def open(self) -> Case:
        """Begin with a clue."""
        self._begin("li_main", {"parties": answers.PARTIES, "case_id": "case-1"}, None)
        return self

    # What happens

    def do(self, node: str, /, party: str | None = None, **answered: Any) -> Case:
        """Complete the open task of this node: what it routes by default, and `answered` on top."""
        at, task = self._task(node, party)
        form = task.extensions.get("form")
        values = {**(answers.FORMS[form][0] if form else {}), **answered}
        self._take(at, machine.complete(*self._here(at), task.id, values, **self._world()))
        return self

    def pass_over(self, deadline: str, /, party: str | None = None) -> Case:
        """Let a statutory limit pass."""
        at, timer = self._timer(deadline, party)
        self._take(at, machine.wake(*self._here(at), expired={timer.id: self.now}, **self._world()))
        return self

    def tell(self, action: str, payload: Any = None, /, party: str | None = None, node: str | None = None) -> Case:
        """Tell the procedure something where it waits for this action, about this party or at this task."""
        at, event = next(
            (at, event)
            for at, event in self.waiting
            if event.extensions.get("action") == action
            and (party is None or event.about.get("party") == party)
            and (node is None or event.attached == self._task(node, party)[1].id)
        )
        self._take(at, machine.deliver(*self._here(at), event.message, payload, to=event.id, **self._world()))
        return self

    def later(self, days: int) -> Case:
        """Let days go by."""
        self.now += timedelta(days=days)
        return self

    # How it stands

    @property
    def waiting(self) -> list[tuple[int, Waiting]]:
        return [(at, event) for at, (_, step) in enumerate(self.steps) for event in step.waiting]

    @property
    def tasks(self) -> list[str]:
        """Ids of the nodes of all open tasks, in order."""
        return sorted(task.node for _, step in self.steps for task in step.open_tasks)

    @property
    def clocks(self) -> list[tuple[str, str | None, str | None]]:
        """(rule, party, trigger date) of every statutory clock that runs, in order."""
        return sorted(
            (timer.deadline or "", timer.about.get("party"), timer.trigger)
            for _, step in self.steps
            for timer in step.timers
        )

    @property
    def ended(self) -> bool:
        return all(step.ended for _, step in self.steps)

    def lane_of(self, node: str) -> str | None:
        return self._task(node, None)[1].lane

    # How it is moved

    def _world(self) -> dict[str, Any]:
        return {"now": self.now, "services": {"check_limits": check_limits}}

    def _here(self, at: int) -> tuple[Definition, bytes]:
        process, step = self.steps[at]
        return definition(process), bytes(bytearray(step.snapshot))

    def _begin(self, process: str, data: Mapping[str, Any], trigger: str | None) -> None:
        step = machine.start(definition(process), data=data, trigger=trigger, **self._world())
        self.steps.append((process, step))
        self._take(len(self.steps) - 1, step)

    def _take(self, at: int, step: Step) -> None:
        self.steps[at] = (self.steps[at][0], step)
        self.states += [
            each.extensions["state"] for each in step.trace if each.what == "entered" and "state" in each.extensions
        ]
        for message in step.messages:
            self._carry(at, message)

    def _carry(self, sender: int, message: Message) -> None:
        for at, event in self.waiting:
            if at != sender and event.message == message.name and event.about.get("party") == message.payload["party"]:
                self._take(
                    at, machine.deliver(*self._here(at), message.name, message.payload, to=event.id, **self._world())
                )
                return
        self._begin(STARTED_BY[message.name], message.payload, message.name)

    def _task(self, node: str, party: str | None) -> tuple[int, OpenTask]:
        for at, (_, step) in enumerate(self.steps):
            for task in step.open_tasks:
                if task.node == node and (party is None or task.about.get("party") == party):
                    return at, task
        raise AssertionError(f"{node} is not open for {party or 'anybody'}; open are {self.tasks}")

    def _timer(self, deadline: str, party: str | None) -> tuple[int, Timer]:
        for at, (_, step) in enumerate(self.steps):
            for timer in step.timers:
                if timer.deadline == deadline and (party is None or timer.about.get("party") == party):
                    return at, timer
        raise AssertionError(f"{deadline} does not run for {party or 'anybody'}; running are {self.clocks}")


def filed() -> Case:
    """A case in which two respondents have just been told that it was filed."""
    case = Case().open().do("register_clue", anonymous=True).do("decide_acceptance")
    case.do("approve_inquiry").do("inquire").do("approve_filing")
    return case.do("notify_filing", party=answers.ONE).do("notify_filing", party=answers.TWO)


def reported(case: Case, **report: Any) -> Case:
    """Evidence taken, every respondent heard, the report written."""
    case.do("collect_evidence")
    while "interview_respondent" in case.tasks:
        case.do("interview_respondent")
    return case.do("write_report", **report)


def defended(case: Case) -> Case:
    """Everybody noticed, and nobody wished to say anything."""
    while "notify_party" in case.tasks:
        case.do("notify_party")
    while "state_defence" in case.tasks:
        case.do("state_defence", defence="waived")
    return case


def discussed(case: Case, vote: str = "agree", resolution: str = "adopt") -> Case:
    """The panel has met."""
    case.do("convene")
    while "vote" in case.tasks:
        case.do("vote", vote=vote)
    return case.do("record_resolution", resolution=resolution)


def decided(**decision: Any) -> Case:
    """A case decided for two respondents: a demerit for one, criticism for the other."""
    case = defended(reported(filed()).do("find_liability")).do("review_legality")
    return discussed(case).do("decide_outcome", **decision)


def served(**decision: Any) -> Case:
    """The decision served on both, four days after it was made."""
    case = decided(**decision).later(4)
    case.do("serve_decision", party=answers.ONE, served_at="2026-03-06")
    return case.do("serve_decision", party=answers.TWO, served_at="2026-03-09")


def applied() -> Case:
    """The first respondent asks for a review."""
    return served().tell("appeal", {"track": "local", "applied_at": "2026-03-20"}, party=answers.ONE)


def reviewed(remedy_outcome: str) -> Case:
    """That review decided."""
    case = applied().do("accept_application").do("review_case")
    return case.do("decide_review", remedy_outcome=remedy_outcome)
