"""One task as it is shown: what it asks and by which rule, by when and why, what tables advise, what was answered.

Reads, and fills `TaskPage`. What may be done with the task arrives from the casework as a list of verbs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, url_for

from api.ground import caller, ground, now
from engine.decisions import Outcome
from engine.periods import Due
from forms import Form, outline
from forms.components import asked_in
from forms.outlines import Outline, Repeat
from web import answers as answers_read
from web import case_words, limits, procedures
from web.page_values import (
    Act,
    DeadlineCard,
    Diagram,
    EarlierDecision,
    Fact,
    Filled,
    Link,
    Record,
    Source,
    Stage,
    Suggestion,
    TaskPage,
)
from web.presentation import Wording
from web.views import frame
from web.views.addresses import OfCase, OfMatter
from web.views.printing import show as printed
from workflows import beside_task, worklists
from workflows.beside_task import EarlierTask, Written
from workflows.errors import NotFound
from workflows.releases import Law
from workflows.worklists import Asked, CaseView, ClockView, ProceedingView, TaskView

DESK = "pages.desk.show"
FILES = frozenset({"evidence", "evidence:own"})
"""Lists of files that need no examination before they are chosen from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A task as it was read for one page."""

    view: TaskView
    asked: Asked | None
    """What it asks, while it is open."""
    law: Law
    """The release in force, for names and days."""
    its_law: Law
    """The release the proceeding runs under."""
    case: CaseView | None
    """The file, for those who may open it."""
    written: Written | None
    earlier: tuple[EarlierTask, ...]
    counted: tuple[ClockView, Due] | None
    """The limit that governs, with its count."""

    @property
    def may_write(self) -> bool:
        """Whether this person may submit it, after claiming it where nobody has."""
        return "complete" in self.view.actions

    @property
    def waits_for_signatures(self) -> bool:
        """Whether it was submitted and others have yet to sign; not so once it was taken back with all signatures."""
        signed = [each for each in self.view.signatures if each["signed_at"] is not None]
        missing = len(signed) < max(self.view.persons, len(self.view.signatures))
        return self.view.line.state == "open" and self.view.answers is not None and bool(signed) and missing

    @property
    def me_signed(self) -> bool:
        """Whether this person has signed what was submitted."""
        mine = (each for each in self.view.signatures if each["person_id"] == caller().actor.person_id)
        return any(each["signed_at"] is not None for each in mine)


def read(task_id: str) -> Found:
    """Read a task for the person who asks.

    Raises:
        NotFound: there is none, or it is not open to this person.
    """
    me, here = caller().actor, ground()
    with here.database.reading() as session:
        law = here.releases.current(session, frame.today())
        view = worklists.task(session, me, here.releases, here.vault, task_id)
        try:
            case = worklists.case(session, me, here.releases, law, view.line.case_id)
        except NotFound:
            case = None
        governing = min(view.clocks, key=lambda each: each.due_at, default=None)
        counted = None
        if governing is not None:
            counted = worklists.clock(session, me, here.releases, law, view.line.case_id, governing.id)
        return Found(
            view=view,
            asked=worklists.asked_of_task(session, me, here.releases, view),
            law=law,
            its_law=here.releases.law(session, view.release_id),
            case=case,
            written=beside_task.written_in(session, here.releases, view),
            earlier=beside_task.done_before(session, me, law, view),
            counted=counted,
        )


def advice(found: Found, given: Mapping[str, Any]) -> Mapping[str, Outcome]:
    """What the decision tables beside its questions say to what is known and typed so far."""
    if found.asked is None or not found.asked.form.suggestions:
        return {}
    with ground().database.reading() as session:
        return beside_task.advice(session, ground().releases, found.view, found.asked.form, given, now())


# --- the page ---------------------------------------------------------------------------------------------------------


def show(
    found: Found,
    given: Mapping[str, Any],
    *,
    acts: tuple[Act, ...],
    fresh: bool = False,
    rewriting: bool = False,
    lost: bool = False,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    """The page of a task.

    Args:
        given: what stands in its form.
        acts: everything else that may be done with it.
        fresh: nothing was typed yet.
        rewriting: what was submitted for signature is to be written anew.
        lost: `given` was typed, and may no longer be submitted.
    """
    shown = _Showing(found, frame.wording())
    to_sign = found.waits_for_signatures and not rewriting
    writes = found.asked is not None and found.may_write and not to_sign
    form = shown.form(given, fresh=fresh, errors=errors or {}) if writes else None
    record = None if form is not None else shown.typed(given) if lost and given else shown.record()
    page = TaskPage(
        name=shown.name,
        crumbs=crumbs(found),
        held_by=shown.held_by(),
        case_facts=tuple(shown.case_facts()),
        form=form,
        claim=shown.claim() if not to_sign else None,
        source=shown.source(),
        hand_in=form is not None and shown.may_hand_in(),
        record=record,
        signatures=tuple(shown.signatures()),
        sign=shown.sign() if to_sign else None,
        rewrite=shown.rewrite() if to_sign and found.may_write else None,
        deadline=shown.deadline(),
        stages=shown.stages(),
        diagram=shown.diagram(),
        earlier=tuple(shown.earlier()),
        acts=acts,
    )
    return printed("task.html", page, status=status, place=DESK)


def name(view: TaskView, say: Wording) -> str:
    """The name of a task."""
    return case_words.task_name(view.line, say)


def crumbs(found: Found, *, here: bool = True) -> tuple[Link, ...]:
    """The way to a task: through the desk and the file for those who work on it, through their own matters for others.

    Args:
        here: whether the task is where we are.
    """
    say, line = frame.wording(), found.view.line
    task = Link(label=name(found.view, say), href=url_for("pages.tasks.show", task_id=line.id), current=here)
    if not caller().actor.roles:
        return OfMatter.root(say), Link(label=line.case_number, href=OfMatter(line.case_id).page()), task
    desk = Link(label=say.phrase("工作台"), href=url_for(DESK))
    if found.case is None:
        return desk, task
    return desk, Link(label=line.case_number, href=OfCase(line.case_id).page()), task


class _Showing:
    """One task, worded."""

    def __init__(self, found: Found, say: Wording) -> None:
        self._found, self._say = found, say
        self._view, self._line = found.view, found.view.line
        self.name = name(found.view, say)

    def held_by(self) -> str:
        say, line, me = self._say, self._line, caller().actor.person_id
        if line.state == "completed":
            at = say.moment(self._view.completed_at) if self._view.completed_at is not None else ""
            return say.phrase("%(name)s%(at)s办结", name=line.assignee or "", at=at)
        if line.state != "open":
            return say.phrase("程序已经越过这一步，不再办理")
        if line.assignee_id is None:
            held = say.phrase("待%(group)s签收", group=self._group())
        elif line.assignee_id == me:
            held = say.phrase("由您办理")
        else:
            held = say.phrase("由%(name)s办理", name=line.assignee or "")
        if line.owner_id is not None:
            held = say.phrase("%(held)s，受委托", held=held)
        if self._found.waits_for_signatures:
            held = say.phrase("已提交，等待会签")
        if self._view.other_drafts:
            names = say.phrase("、").join(self._view.other_drafts)
            held = say.phrase("%(held)s；%(names)s正在写", held=held, names=names)
        return held

    def _group(self) -> str:
        group = case_words.role(self._line.role or "", self._found.law, self._say)
        return group or self._say.phrase("还没有人选的经办人")

    def case_facts(self) -> Iterator[Fact]:
        say, line, case = self._say, self._line, self._found.case
        yield Fact(label=say.phrase("案号"), text=line.case_number)
        yield Fact(label=say.phrase("案由"), text=line.case_title)
        party = self._view.party
        if party is not None:
            yield Fact(label=say.phrase("当事人"), text=say.phrase("，").join(filter(None, (party.name, party.post))))
        elif case is not None and case.parties:
            concerned = [each.name for each in case.parties if each.role == "respondent"]
            names = concerned or [each.name for each in case.parties]
            yield Fact(label=say.phrase("当事人"), text=say.phrase("、").join(names))
        yield Fact(label=say.phrase("程序"), text=procedures.name_of(self._its_definition(), say))
        yield Fact(label=say.phrase("到这一步"), text=say.moment(line.opened_at))

    def _its_definition(self) -> Any:
        return self._found.its_law.definition(self._view.process)

    def source(self) -> Source | None:
        asked = self._found.asked
        if asked is None:
            return None
        # How surely a number is known is for those who answer for it.
        return Source(text=asked.form.source, mark=asked.form.mark if caller().actor.roles else "")

    def may_hand_in(self) -> bool:
        """Whether it asks for files, and this person may hand some in: a party always, staff by their role."""
        asked, case, me = self._found.asked, self._found.case, caller().actor
        if asked is None or not asked.form.sources & FILES:
            return False
        if case is None:
            return not me.roles
        return me.holds(self._found.law.roles.that_may("evidence.add"), case.unit_id)

    # Acts

    def claim(self) -> Act | None:
        if "claim" not in self._view.actions:
            return None
        there = url_for("pages.tasks.claim", task_id=self._line.id)
        return Act(label=self._say.phrase("签收"), href=there, sends=True, version=self._line.version)

    def sign(self) -> Act | None:
        if "sign" not in self._view.actions or self._found.me_signed:
            return None
        there = url_for("pages.tasks.sign", task_id=self._line.id)
        return Act(label=self._say.phrase("会签"), href=there, icon="pencil", sends=True, version=self._line.version)

    def rewrite(self) -> Link:
        there = url_for("pages.tasks.show", task_id=self._line.id, rewrite="yes")
        return Link(label=self._say.phrase("改写后重新提交"), href=there)

    # What is asked

    def form(self, given: Mapping[str, Any], *, fresh: bool, errors: Mapping[str, str]) -> Filled:
        asked = self._found.asked
        assert asked is not None  # noqa: S101 - the caller has looked
        names = {
            source: tuple((each.id, self._choice(each)) for each in listed) for source, listed in asked.offered.items()
        }
        drawn = outline(asked.form, frame.language(), offered=names)
        advised = advice(self._found, _with_every_row(drawn, given))
        return Filled(
            outline=drawn,
            action=url_for("pages.tasks.submit", task_id=self._line.id),
            answers=given,
            errors=errors,
            suggestions={path: self._suggestion(asked.form, path, outcome) for path, outcome in advised.items()},
            fresh=fresh,
            beforehand={"today": self._say.today.isoformat(), "party": self._view.party.id if self._view.party else ""},
            drafts=True,
            saved_at=self._view.draft_saved_at,
            expected_version=self._line.version,
        )

    def _choice(self, each: Any) -> str:
        words = self._say.of(each)
        return f"{words}（{each.note}）" if each.note and self._say.language == "zh" else words

    def _suggestion(self, form: Form, path: str, outcome: Outcome) -> Suggestion:
        say = self._say
        rule = outcome.rules[0] if outcome.rules else {}
        result, key = outcome.result, path.rpartition(".")[2]
        several = result if isinstance(result, Mapping) else {key: result}
        told = [self._option(form, name, value) for name, value in several.items() if value not in (None, "")]
        why = rule.get("why_en") if say.language == "en" else rule.get("why")
        return Suggestion(
            result=say.phrase("，").join(told),
            table=self._table(outcome.decision),
            rule=rule.get("number") or None,
            sentence=str(why or rule.get("source") or "").rstrip("。."),
            inputs=tuple(self._input(each) for each in rule.get("inputs", ())),
        )

    def _table(self, key: str) -> str:
        table = self._found.its_law.decisions[key]
        return (table.name_en if self._say.language == "en" else table.name) or key

    def _option(self, form: Form, key: str, value: Any) -> str:
        """A result of a table in the words of the question it is about."""
        question = next((each for each in asked_in(form.fields.values()) if each.key == key), None)
        labels = {option.value: option.label[frame.language()] for option in question.options} if question else {}
        return labels.get(value, str(value))

    def _input(self, told: Mapping[str, Any]) -> Fact:
        say, value = self._say, told["value"]
        label = told["label_en"] if say.language == "en" and told["label_en"] else told["label"]
        words = {True: say.phrase("是"), False: say.phrase("否"), None: say.phrase("未知")}
        text = words[value] if value is None or isinstance(value, bool) else str(value)
        return Fact(label=label, text=text)

    # What was answered

    def record(self) -> Record | None:
        written, say = self._found.written, self._say
        if written is None:
            return None
        done = self._line.state == "completed"
        return Record(
            heading=say.phrase("办理结果") if done else say.phrase("提交会签的内容"),
            answers=answers_read.told(written.form, written.values, say, names=written.names, sealed=written.sealed),
            note=say.phrase("理由：%(why)s", why=self._view.rationale) if self._view.rationale else "",
        )

    def typed(self, given: Mapping[str, Any]) -> Record | None:
        """What was typed and can no longer be submitted, so that nothing of it is lost."""
        if self._line.form is None:
            return None
        form = self._found.its_law.form(self._line.form)
        return typed(form, given, self._found.asked, self._say, heading=self._say.phrase("您写的，没有提交"))

    def signatures(self) -> Iterator[Fact]:
        say = self._say
        for each in self._view.signatures:
            signed = each["signed_at"]
            yield Fact(
                label=each["name"],
                text=say.phrase("%(at)s已签", at=say.moment(signed)) if signed is not None else say.phrase("还没有签"),
            )

    # Time and place

    def deadline(self) -> DeadlineCard | None:
        if self._found.counted is None:
            return None
        view, due = self._found.counted
        others = [each for each in self._view.clocks if each.id != view.id]
        return limits.card(view, due, now(), self._say, self._found.law.calendar, others=others)

    def stages(self) -> tuple[Stage, ...]:
        proceeding = self._proceeding()
        if proceeding is None:
            return ()
        return procedures.outline(self._found.its_law.definition(proceeding.process), proceeding, self._say)

    def diagram(self) -> Diagram | None:
        """The picture of the process the task stands in."""
        proceeding = self._proceeding()
        if proceeding is None:
            return None

        def address(process: str) -> str:
            return url_for("cases.diagram", case_id=self._line.case_id, process=process)

        definition = self._found.its_law.definition(proceeding.process)
        drawn = list(procedures.diagrams(definition, proceeding, self._say, address))
        ours = [each for each in drawn if each.source_href == address(self._view.process)]
        return (ours or drawn)[0]

    def _proceeding(self) -> ProceedingView | None:
        """The proceeding it belongs to, for those who may open the file."""
        proceedings = self._found.case.proceedings if self._found.case is not None else ()
        return next((each for each in proceedings if each.id == self._view.proceeding_id), None)

    def earlier(self) -> Iterator[EarlierDecision]:
        for each in self._found.earlier:
            yield EarlierDecision(
                on=each.completed_at.astimezone(self._say.zone).date(),
                what=self._say.of(each.name),
                by=each.by,
                grounds=each.rationale or "",
                href=url_for("pages.tasks.show", task_id=each.id),
            )


def typed(form: Form, given: Mapping[str, Any], asked: Asked | None, say: Wording, *, heading: str) -> Record:
    """What somebody typed, to be read."""
    offered = asked.offered if asked is not None else {}
    names = {each.id: each for listed in offered.values() for each in listed}
    return Record(heading=heading, answers=answers_read.told(form, given, say, names=names))


def _with_every_row(drawn: Outline, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answers with every row that is shown, each with whom it is about, so that a table speaks beside each."""
    padded: dict[str, Any] = {}
    for repeat in (block for block in _blocks(drawn) if isinstance(block, Repeat)):
        there = given.get(repeat.group.key)
        known = list(there) if isinstance(there, list) else []
        preset = [
            {each.key: each.default for each in row.questions if each.key == repeat.group.covers and each.default}
            for row in repeat.rows(given)
        ]
        padded[repeat.group.key] = known + preset[len(known) :]
    return {**given, **padded}


def _blocks(drawn: Outline) -> Iterator[Any]:
    for block in drawn.blocks:
        yield from getattr(block, "blocks", None) or (block,)
