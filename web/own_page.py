"""A matter as its party sees it: what they can do until when, what they were told, their rights, how far it has come.

Pure. It words what `worklists.own_matter` gives, which is what the law lets the person know, and adds nothing to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from engine.diagrams import Definition
from web import answers, case_words, limits, procedures
from web.case_file import evidence_row
from web.case_words import Codes
from web.page_values import (
    Act,
    Answered,
    Clock,
    ClockState,
    EvidenceRow,
    Link,
    NowPossible,
    Receipt,
    RespondentPage,
    Right,
    Stage,
    StepState,
    Telling,
    Unit,
)
from web.presentation import Wording
from workflows.deadline_rules import DeadlineRule
from workflows.releases import Law
from workflows.worklists import ClockView, Happening, ProceedingView, TaskLine, Told, Way

_OF_A_DECISION = (
    "decision_no",
    "decision_kind",
    "decided_at",
    "outcome",
    "period_months",
    "liability_type",
    "liability_share",
    "legal_basis",
    "outcome_basis",
    "effective_at",
    "served_at",
    "remedies",
)
_EXHIBITS = "evidence_told"
_OF_A_REVIEW = ("remedy_decision_no", "remedy_outcome", "remedy_decided_at", "served_at")


class OwnAddresses(Protocol):
    """Where things of a matter are."""

    def task(self, task_id: str) -> str: ...
    def limit(self, clock_id: str) -> str: ...
    def evidence(self, evidence_id: str) -> str: ...
    def action(self, action: str) -> str: ...
    def receipt(self, number: int) -> str: ...
    def hand_in(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnMatter:
    """One matter, as read for its party at one moment."""

    matter: Mapping[str, Any]
    """Of `worklists.own_matter`."""
    acts: Sequence[Happening]
    laws: Mapping[str, Law]
    """By release."""
    law: Law
    now: datetime
    say: Wording
    at: OwnAddresses
    codes: Codes

    def page(self) -> RespondentPage:
        """The whole page."""
        matter, say = self.matter, self.say
        return RespondentPage(
            number=matter["case_number"],
            title=matter["title"],
            capacity=say.phrase("您是当事人。办理机关：%(organ)s", organ=matter["organ"]),
            now=tuple(self._now()),
            told=tuple(self._told()),
            papers=tuple(self._papers()),
            hand_in=Act(label=say.phrase("提交材料"), href=self.at.hand_in(), icon="plus"),
            rights=tuple(self._rights()),
            stages=tuple(self._stages()),
            receipts=tuple(self._receipts()),
        )

    # --- now

    def _now(self) -> Iterator[NowPossible]:
        for task in self._open_tasks():
            yield self._possible(
                case_words.task_name(task, self.say),
                Act(label=self.say.phrase("现在去写"), href=self.at.task(task.id), icon="pencil"),
                next((each for each in self._live() if each.due_at == task.due_at), None),
                task.form,
            )
        for way in self._ways():
            if way.clock_id is not None:
                window = next((each for each in self._live() if each.id == way.clock_id), None)
                act = Act(label=self.say.of(way.name), href=self.at.action(way.action), icon="scale")
                yield self._possible(self.say.of(way.name), act, window, way.form)

    def _possible(self, name: str, act: Act, view: ClockView | None, form: str | None) -> NowPossible:
        intro = self.law.forms[form].intro if form is not None and form in self.law.forms else None
        return NowPossible(
            name=name,
            clock=self._clock(view) if view is not None else None,
            act=act,
            words=intro[self.say.language] if intro else "",
            limit_href=self.at.limit(view.id) if view is not None else "",
            source=self.say.of(view.citation) if view is not None else "",
        )

    def soonest(self) -> Clock | None:
        """The limit within which something can be done and that ends first."""
        return limits.most_urgent(each.clock for each in self._now() if each.clock is not None)

    # --- what was told

    def _told(self) -> Iterator[Telling]:
        outcome = self.matter["outcome"]
        if isinstance(outcome, Mapping):
            review = outcome.get("review")
            if isinstance(review, Mapping) and review.get("served_at"):
                said = self._said(review, _OF_A_REVIEW)
                yield Telling(name=self.say.phrase("复核决定"), on=_day(review.get("served_at")), answers=said)
            said = self._said(outcome, _OF_A_DECISION)
            yield Telling(name=self.say.phrase("处理决定"), on=_day(outcome.get("served_at")), answers=said)
        told: Sequence[Told] = self.matter["told"]
        for each in told:
            yield self._telling(each)

    def _said(self, given: Mapping[str, Any], keys: Sequence[str]) -> tuple[Answered, ...]:
        words = ((key, self.codes.answer(key, given.get(key))) for key in keys)
        return tuple(
            Answered(label=self.codes.question(key), values=(said,), prose=True) for key, said in words if said
        )

    def _telling(self, told: Told) -> Telling:
        say = self.say
        given = {key: value for key, value in told.answers.items() if key != _EXHIBITS}
        said = list(answers.told(self.laws[told.release_id].form(told.form), given, say, names={}))
        items = told.answers.get(_EXHIBITS, ())
        if items:
            named = tuple(f"{case_words.exhibit(number, say)} {name}" for number, name in items)
            said.append(Answered(label=self.codes.question(_EXHIBITS), values=named))
        return Telling(name=say.of(told.task_name), on=told.at.astimezone(say.zone).date(), answers=tuple(said))

    # --- rights

    def _rights(self) -> Iterator[Right]:
        say = self.say
        for way in self._ways():
            if way.clock_id is None:
                act = Act(label=say.phrase("申请"), href=self.at.action(way.action))
                yield Right(name=say.of(way.name), act=act, words=say.phrase("现在可以提出"))
        keys = self._of_mine()
        begun = {each.rule for each in self._clocks()}
        for view in self._clocks():
            if view.rule in keys and view not in self._live():
                yield Right(name=say.of(view.name), act=None, words=self._how_it_ended(view))
        for key in keys:
            if key not in begun:
                rule = self.law.catalogue.rule(key, say.today)
                yield Right(name=say.of(rule.name), act=None, words=self._when_it_comes(rule))

    def _of_mine(self) -> tuple[str, ...]:
        """Keys of the limits within which a party may do something, in the procedures that run."""
        concerned = frozenset(role.id for role in self.law.roles if role.concerned)
        running = (view for view in self.matter["proceedings"] if view.state == "running")
        found: dict[str, None] = {}
        for view in running:
            found |= dict.fromkeys(procedures.rights(self._definition(view), concerned))
        return tuple(found)

    def _when_it_comes(self, rule: DeadlineRule) -> str:
        say = self.say
        unit = Unit(rule.period.unit)
        length = say.length(rule.period.value * (60 if unit is Unit.HOURS else 1), unit)
        return say.phrase(
            "%(event)s后%(length)s内可以提出（%(source)s）",
            event=say.of(rule.trigger.name), length=length, source=say.of(rule.citation),
        )  # fmt: skip

    def _how_it_ended(self, view: ClockView) -> str:
        clock = self._clock(view)
        ended = self.say.day(clock.met_on or clock.due)
        if clock.state in (ClockState.MET, ClockState.MET_LATE):
            return self.say.phrase("您已在%(day)s提出", day=ended)
        return self.say.phrase("已在%(day)s期满", day=ended)

    # --- how far, what was sent

    def _stages(self) -> Iterator[Stage]:
        """The large steps; with several procedures, those of each below its name."""
        views: Sequence[ProceedingView] = self.matter["proceedings"]
        for view in views:
            steps = tuple(
                stage
                for stage in procedures.short_outline(self._definition(view), view, self.say)
                if view.state == "running" or stage.state is not StepState.AHEAD
            )
            if len(views) == 1:
                yield from steps
                return
            state = StepState.HERE if view.state == "running" else StepState.DONE
            yield Stage(name=procedures.name_of(self._definition(view), self.say), state=state, steps=steps)

    def _definition(self, view: ProceedingView) -> Definition:
        return self.laws[view.release_id].definition(view.process)

    def _papers(self) -> Iterator[EvidenceRow]:
        for item in self.matter["evidence"]:
            href = self.at.evidence(item["id"])
            yield evidence_row(item, self.codes, self.say, href=href, source=self.say.phrase("您提交"))

    def _receipts(self) -> Iterator[Receipt]:
        for act in self.acts:
            link = Link(label=self.say.phrase("看回执"), href=self.at.receipt(act.number))
            yield Receipt(what=self.what(act), at=act.at, link=link)

    def what(self, act: Happening) -> str:
        """What one of the person's own acts was."""
        say = self.say
        match act.act:
            case "case.told":
                said = next((each for each in self.matter["applications"] if each.at == act.at), None)
                return say.of(said.name) if said is not None else say.phrase("申请")
            case "evidence.registered":
                item = next((each for each in self.matter["evidence"] if f"evidence:{each['id']}" == act.subject), None)
                return say.phrase("提交材料：%(name)s", name=item["name"] if item is not None else "")
            case "task.taken_back":
                return say.phrase("撤回：%(task)s", task=case_words.task_of(act, say))
            case _:
                return case_words.task_of(act, say)

    # --- what is read

    def _clock(self, view: ClockView) -> Clock:
        return limits.clock(view, self.now, self.say, self.law.calendar)

    def _clocks(self) -> Sequence[ClockView]:
        found: Sequence[ClockView] = self.matter["clocks"]
        return found

    def _live(self) -> list[ClockView]:
        return [each for each in self._clocks() if self._clock(each).state in limits.LIVE]

    def _ways(self) -> Sequence[Way]:
        found: Sequence[Way] = self.matter["ways"]
        return found

    def _open_tasks(self) -> list[TaskLine]:
        return [each for each in self.matter["tasks"] if each.state == "open"]


def _day(stamp: Any) -> date | None:
    return date.fromisoformat(stamp[:10]) if isinstance(stamp, str) else None
