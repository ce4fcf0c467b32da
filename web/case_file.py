"""The file of a case as one page shows it: every part filled from what the casework read.

Pure: it is given the reads, the law and the addresses. It may never leave out what a read has chosen to show, nor show what
none has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from engine import periods
from engine.diagrams import Definition
from engine.sheets import Wording as Both
from web import answers, case_words, limits, procedures
from web.case_words import Codes, Names
from web.page_values import (
    Act,
    Answered,
    ApplicationRow,
    Clock,
    Diagram,
    Entry,
    EntryKind,
    EvidenceRow,
    Fact,
    FindingState,
    LimitBar,
    LinkedProceeding,
    Party,
    ProtectedRow,
    Stage,
    WaitingRow,
)
from web.presentation import Wording
from workflows import findings, policy
from workflows.releases import Law
from workflows.worklists import ApplicationView, CaseView, ClockView, Happening, PartyView, ProceedingView, TaskLine


class Addresses(Protocol):
    """Where things of a case are."""

    def task(self, task_id: str) -> str: ...
    def limit(self, clock_id: str) -> str: ...
    def evidence(self, evidence_id: str) -> str: ...
    def protected(self, value_id: str) -> str: ...
    def diagram(self, process: str) -> str: ...
    def action(self, action: str) -> str: ...
    def account(self, party_id: str) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """One case, as read for one person at one moment."""

    view: CaseView
    laws: Mapping[str, Law]
    """By release: the law that the proceedings of the case run by."""
    law: Law
    """The law in force: names of roles, the calendar."""
    now: datetime
    say: Wording
    at: Addresses
    codes: Codes
    """Labels of the questions and options of the law in force."""
    may: frozenset[str] = frozenset()
    """Permissions of this person in the organ that has the case."""
    people: Mapping[str, str] | None = None
    """Names of people that the history keeps by id."""

    # --- limits

    def clock(self, view: ClockView) -> Clock:
        """A limit as it stands now."""
        return limits.clock(view, self.now, self.say, self.law.calendar)

    def bars(self) -> tuple[LimitBar, ...]:
        """Every limit of the case, each with the way to the count of its days."""
        begun = sorted(self.view.clocks, key=lambda each: (each.trigger[:10], each.due_at))
        return tuple(
            limits.bar(each, self.now, self.say, self.law.calendar, href=self.at.limit(each.id)) for each in begun
        )

    def main_clock(self) -> Clock | None:
        """The running limit that ends first."""
        return limits.most_urgent(self.clock(each) for each in self.view.clocks)

    def unpublished_from(self, bars: Sequence[LimitBar]) -> date | None:
        """From when on the days off are not known."""
        return limits.unpublished_from(bars, self.law.calendar, self.say)

    # --- parties

    def parties(self) -> tuple[Party, ...]:
        """Everybody concerned, respondents first."""
        ordered = sorted(self.view.parties, key=lambda each: (each.role != findings.RESPONDENT, each.kind))
        return tuple(self._party(each) for each in ordered)

    def _party(self, party: PartyView) -> Party:
        finding = party.finding if isinstance(party.finding, Mapping) else {}
        outcome = party.outcome if isinstance(party.outcome, Mapping) else {}
        settled = party.standing in policy.DECIDED or bool(outcome)
        state, words = self._finding(party, finding, outcome)
        told = outcome if settled else finding
        own = (each for each in self.view.clocks if each.party_id == party.id)
        return Party(
            name=party.name,
            post=party.post or party.unit_name if party.kind == findings.PERSON else "",
            unit=party.kind == findings.UNIT,
            state=state,
            finding=words,
            facts=tuple(self._party_facts(party, {**finding, **told})),
            clock=limits.most_urgent(self.clock(each) for each in own),
            act=self._link(party),
        )

    def _finding(
        self, party: PartyView, finding: Mapping[str, Any], outcome: Mapping[str, Any]
    ) -> tuple[FindingState | None, str]:
        if party.standing == "under_review":
            return FindingState.PENDING, ""
        if party.standing == "cleared":
            return FindingState.NONE, ""
        if outcome.get("outcome"):
            return FindingState.FOUND, self.codes.option("outcome", outcome["outcome"])
        proposed = finding.get("noticed_outcome") or finding.get("proposed_outcome")
        if proposed:
            return FindingState.PROPOSED, self.codes.option("proposed_outcome", proposed)
        return None, ""

    def _party_facts(self, party: PartyView, known: Mapping[str, Any]) -> Iterator[Fact]:
        say = self.say
        name = case_words.role(party.role, self.law, say)
        if name:
            yield Fact(label=say.phrase("身份"), text=name)
        standing = case_words.standing(party.standing, say)
        if standing:
            yield Fact(label=say.phrase("进展"), text=standing)
        for view in self.view.proceedings:
            if view.party_id == party.id and view.state == "running":
                yield Fact(label=procedures.name_of(self.definition(view), say), text=self._how_far(view))
        for key in ("fault_degree", "liability_type", "liability_share"):
            said = self.codes.option(key, known.get(key))
            if said:
                yield Fact(label=self.codes.question(key), text=said)

    def _link(self, party: PartyView) -> Act | None:
        if "party.add" not in self.may or party.kind != findings.PERSON or party.has_account or self.view.closed_at:
            return None
        return Act(label=self.say.phrase("关联账号"), href=self.at.account(party.id), icon="user")

    # --- what happened

    def timeline(self, history: Sequence[Happening], *, newest_first: bool, to_now: bool) -> tuple[Entry, ...]:
        """What happened, in the order given; and where it reaches to now, what comes next."""
        names = self.names()
        told = [case_words.entry(each, names, self.say, href=self._more_of(each)) for each in history]
        ahead = [self._ahead(task) for task in self.open_tasks()] if to_now else []
        return (*ahead, *told) if newest_first else (*told, *ahead)

    def _more_of(self, happening: Happening) -> str:
        kind, _, subject = (happening.subject or "").partition(":")
        return self.at.task(subject) if kind == "task" and happening.task_name else ""

    def _ahead(self, task: TaskLine) -> Entry:
        return Entry(
            kind=EntryKind.NEXT,
            icon="circle-dashed",
            text="",
            lead=case_words.task_name(task, self.say),
            href=self.at.task(task.id),
            not_after=self._last_day(task),
            for_whom=case_words.who_has(task.assignee, task.role, self.law, self.say),
        )

    def names(self) -> Names:
        """Names for what the ledger keeps by key."""
        rules = {key: listed[-1].name for key, listed in self.law.catalogue.rules.items() if listed}
        actions = {
            node.extensions["action"]: Both(node.name, node.extensions.get("en") or node.name)
            for definition in self._definitions()
            for node in definition.nodes
            if node.extensions.get("action")
        }
        return Names(rules=rules, actions=actions, people=self.people or {}, codes=self.codes)

    # --- tasks

    def open_tasks(self) -> tuple[TaskLine, ...]:
        """Open tasks, the most urgent first."""
        waiting = (task for task in self.view.tasks if task.state == "open")
        return tuple(sorted(waiting, key=lambda task: (task.sort_at, task.id)))

    def waiting(self) -> tuple[WaitingRow, ...]:
        """In whose hands the open tasks are."""
        return tuple(
            WaitingRow(
                name=case_words.task_name(task, self.say),
                href=self.at.task(task.id),
                with_whom=case_words.who_has(task.assignee, task.role, self.law, self.say),
                clock=self._clock_over(task),
            )
            for task in self.open_tasks()
        )

    def _clock_over(self, task: TaskLine) -> Clock | None:
        if task.due_at is None:
            return None
        over = (each for each in self.view.clocks if each.due_at == task.due_at)
        return limits.most_urgent(self.clock(each) for each in over)

    def _last_day(self, task: TaskLine) -> date | None:
        found = self._clock_over(task)
        return self.say.due_day(found) if found is not None else None

    # --- the procedure

    def diagrams(self) -> tuple[Diagram, ...]:
        """The pictures of what runs, then of what has ended."""
        return tuple(diagram for _, drawn in self._drawn() for diagram in drawn)

    def linked(self) -> tuple[LinkedProceeding, ...]:
        """The proceedings of the case, where there is more than one; each leads to its picture on the page."""
        if len(self.view.proceedings) < 2:
            return ()
        found, number = [], 1
        for view, drawn in self._drawn():
            name = procedures.name_of(self.definition(view), self.say)
            found.append(LinkedProceeding(name=name, href=f"#procedure-{number}", words=self._how_far(view)))
            number += len(drawn)
        return tuple(found)

    def _drawn(self) -> list[tuple[ProceedingView, tuple[Diagram, ...]]]:
        ordered = sorted(self.view.proceedings, key=lambda each: (each.state != "running", each.started_at))
        return [
            (view, tuple(procedures.diagrams(self.definition(view), view, self.say, self.at.diagram)))
            for view in ordered
        ]

    def _how_far(self, view: ProceedingView) -> str:
        if view.state != "running":
            ended = view.ended_at or view.started_at
            return self.say.phrase("%(day)s结束", day=self.say.day(ended))
        steps = procedures.open_steps(self.definition(view), view, self.say)
        return self.say.phrase("、").join(steps) or self.say.phrase("进行中")

    def definition(self, view: ProceedingView) -> Definition:
        """The diagram a proceeding runs by."""
        return self.laws[view.release_id].definition(view.process)

    def _definitions(self) -> list[Definition]:
        return [self.definition(view) for view in self.view.proceedings]

    def stages(self) -> tuple[Stage, ...]:
        """The large steps of the main procedure."""
        first = self.view.proceedings[0] if self.view.proceedings else None
        return procedures.short_outline(self.definition(first), first, self.say) if first is not None else ()

    # --- evidence, applications, sealed values

    def evidence(self) -> tuple[EvidenceRow, ...]:
        """Every item."""
        names = {party.id: party.name for party in self.view.parties}
        return tuple(self._item(item, names) for item in self.view.evidence)

    def _item(self, item: Mapping[str, Any], names: Mapping[str, str]) -> EvidenceRow:
        say = self.say
        giver = names.get(item["party_id"] or "", "")
        given = say.phrase("%(name)s提交", name=giver) if giver else say.phrase("承办人登记")
        return evidence_row(item, self.codes, say, href=self.at.evidence(item["id"]), source=item["origin"] or given)

    def applications(self) -> tuple[ApplicationRow, ...]:
        """What was applied for, word for word."""
        names = {party.id: party.name for party in self.view.parties}
        names |= {
            item["id"]: f"{case_words.exhibit(item['number'], self.say)} {item['name']}" for item in self.view.evidence
        }
        return tuple(
            application_row(each, self.laws[each.release_id], names, self.say) for each in self.view.applications
        )

    def protected(self) -> tuple[ProtectedRow, ...]:
        """That there are sealed values, and how whoever may opens them."""
        return tuple(
            ProtectedRow(label=self.codes.question(each["field"]), act=self._opening(each["id"]))
            for each in self.view.protected
        )

    def _opening(self, value_id: str) -> Act | None:
        if not self.may_open_protected:
            return None
        return Act(label=self.say.phrase("打开"), href=self.at.protected(value_id), icon="lock")

    @property
    def may_open_protected(self) -> bool:
        """Whether this person may open sealed values, each for a reason."""
        return "protected.read" in self.may

    # --- what can be done

    def acts(self) -> tuple[Act, ...]:
        """What the procedure can be told now from outside its tasks."""
        return tuple(
            Act(
                label=self.say.of(way.name),
                href=self.at.action(way.action),
                icon="mail",
                consequence=self.say.phrase("须填写申请") if way.form else self.say.phrase("须写明理由"),
            )
            for way in self.view.ways
        )

    def my_task(self, person_id: str | None) -> Act | None:
        """The most urgent task that this person has taken."""
        mine = next((task for task in self.open_tasks() if task.assignee_id == person_id), None)
        if mine is None:
            return None
        return Act(
            label=self.say.phrase("办理“%(task)s”", task=case_words.task_name(mine, self.say)),
            href=self.at.task(mine.id),
        )

    def secrecy(self) -> str:
        """Who may read the file, in words."""
        words = self.codes.option("secrecy", self.view.secrecy)
        sealed = self.say.phrase("含受保护的信息") if self.view.protected else ""
        return self.say.phrase("，").join(each for each in (words, sealed) if each)


def application_row(said: ApplicationView, law: Law, names: Mapping[str, str], say: Wording) -> ApplicationRow:
    """An application with its answers in words.

    Args:
        names: of the parties and the evidence among its answers, by id.
    """
    told: tuple[Answered, ...] = ()
    if said.form is not None:
        called = {key: Both(name, name) for key, name in names.items()}
        told = answers.told(law.form(said.form), said.answers, say, names=called)
    reason = said.reason if said.form is None else ""
    return ApplicationRow(name=say.of(said.name), by=said.by, at=said.at, reason=reason, answers=told)


def evidence_row(item: Mapping[str, Any], codes: Codes, say: Wording, *, href: str, source: str) -> EvidenceRow:
    """One item of evidence."""
    collected = item["collected_at"]
    day = periods.local_day(periods.read_moment(collected, say.zone), say.zone) if collected else None
    excluded = ""
    if item["admitted"] is False:
        excluded = item["exclusion_reason"] or say.phrase("没有写明理由")
    return EvidenceRow(
        number=case_words.exhibit(item["number"], say),
        name=item["name"],
        kind=codes.evidence_kind(item["kind"]),
        source=source,
        collected=day or item["registered_at"].astimezone(say.zone).date(),
        collected_by=say.phrase("、").join(item["collected_by"]),
        href=href,
        excluded=excluded,
        digest=f"{item['sha256'][:4]}…{item['sha256'][-4:]}",
        pending=item["admitted"] is None,
    )
