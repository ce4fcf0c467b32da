"""What a person may do to a running limit: suspend, resume, extend, except time, correct, cancel. Each is asked for on a page of
its own with its reason. What may be done now arrives from the casework with the limit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as Redirection

from api.ground import caller, ground, now
from api.identity import open_to
from engine.errors import PeriodRefused
from forms.outlines import Choice, Question
from web.page_values import Act, ConfirmPage, Link, Tone, Unit
from web.presentation import Wording
from web.views import asking, frame
from web.views.addresses import OfCase
from web.views.committing import do, expected, messages, tell_refusal
from web.views.printing import show as printed
from workflows import clocks, reckonings, worklists
from workflows.acting import Acting
from workflows.casework import Done
from workflows.errors import InvalidInput, NotAllowed, NotFound, NotPossible, Stale
from workflows.reckonings import Reckoning

blueprint = Blueprint("limit_acts", __name__)

Given = Mapping[str, str]
Verb = Callable[[Acting, str, str, Given, int | None], Done]
"""Acting, case, limit, what was filled in, version of the case."""
LONGEST_BASIS = 200
LONGEST_EXTENSION = 36_525


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """How one act is asked for."""

    label: str
    question: str
    body: str
    refuse: str
    done: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """One act: its verb, its mark, its words, and what it asks beside the reason."""

    action: str
    """As the casework names it."""
    icon: str
    verb: Verb
    words: Callable[[Wording], Words]
    asks: Callable[[Wording, Reckoning], tuple[Question, ...]] = field(default=lambda *_: ())


def _suspend(say: Wording) -> Words:
    return Words(
        label=say.phrase("中止期限"),
        question=say.phrase("中止这一期限？"),
        body=say.phrase("今天起不再计算，也不再提醒和报警；恢复以后接着算余下的时间。"),
        refuse=say.phrase("不中止"),
        done=say.phrase("期限已中止。"),
    )


def _resume(say: Wording) -> Words:
    return Words(
        label=say.phrase("恢复期限"),
        question=say.phrase("恢复这一期限？"),
        body=say.phrase("中止的最后一日是今天，从明天起接着算余下的时间。"),
        refuse=say.phrase("不恢复"),
        done=say.phrase("期限已恢复。"),
    )


def _extend(say: Wording) -> Words:
    return Words(
        label=say.phrase("延长期限"),
        question=say.phrase("批准延长这一期限？"),
        body=say.phrase("只能在届满以前批准，不能超过规定的次数和上限；由别人提请，由您决定。"),
        refuse=say.phrase("不延长"),
        done=say.phrase("期限已延长。"),
    )


def _exclude(say: Wording) -> Words:
    return Words(
        label=say.phrase("扣除时间"),
        question=say.phrase("扣除哪一段时间？"),
        body=say.phrase("鉴定、听证、公告这类时间依法不计入期限。起止两日都不计入。"),
        refuse=say.phrase("不扣除"),
        done=say.phrase("这段时间已扣除，届满日已重新计算。"),
    )


def _correct(say: Wording) -> Words:
    return Words(
        label=say.phrase("更正起算日"),
        question=say.phrase("这一期限从哪一日起算？"),
        body=say.phrase("登记的起算日有误才更正。届满日随之重新计算，原来的日期留在台账里。"),
        refuse=say.phrase("不更正"),
        done=say.phrase("起算日已更正，届满日已重新计算。"),
    )


def _cancel(say: Wording) -> Words:
    return Words(
        label=say.phrase("撤销期限"),
        question=say.phrase("撤销这一期限？"),
        body=say.phrase("撤销以后不再计算，也不能恢复。要办的事仍然要办。"),
        refuse=say.phrase("不撤销"),
        done=say.phrase("期限已撤销。"),
    )


def _grounds(key: str) -> Callable[[Wording, Reckoning], Question]:
    def ask(say: Wording, found: Reckoning) -> Question:
        choices = [
            Choice(id=f"{key}-{place}", value=code, label=say.of(name))
            for place, (code, name) in enumerate(found.grounds.items(), 1)
        ]
        return asking.one_of(say, key, say.phrase("事由"), choices, say.phrase("只有依法不计入期限的时间"))

    return ask


def _extension(say: Wording, found: Reckoning) -> tuple[Question, ...]:
    length = say.phrase("延长多少（%(unit)s）", unit=say.unit_name(Unit(found.extended_in)))
    people = [
        Choice(id=f"asked_by-{place}", value=person, label=name)
        for place, (person, name) in enumerate(found.colleagues.items(), 1)
    ]
    return (
        asking.number(say, "value", length, most=LONGEST_EXTENSION),
        asking.line(say, "basis", say.phrase("依据"), say.phrase("允许延长的规定或者情形"), most=LONGEST_BASIS),
        asking.one_of(say, "asked_by", say.phrase("由谁提请"), people),
    )


def _moment(say: Wording, found: Reckoning, key: str, label: str) -> Question:
    if found.view.unit == "hours":
        return asking.moment(say, key, label)
    return asking.day(say, key, label)


DOINGS: Mapping[str, Doing] = {
    "suspension": Doing(
        action="suspend",
        icon="player-pause",
        verb=lambda acting, case, clock, given, version: clocks.suspend(
            acting, case, clock, ground=given["ground"], reason=given["reason"], expected=version
        ),
        words=_suspend,
        asks=lambda say, found: (_grounds("ground")(say, found),),
    ),
    "resumption": Doing(
        action="resume",
        icon="clock",
        verb=lambda acting, case, clock, given, version: clocks.resume(
            acting, case, clock, reason=given["reason"], expected=version
        ),
        words=_resume,
    ),
    "extension": Doing(
        action="extend",
        icon="calendar-plus",
        verb=lambda acting, case, clock, given, version: clocks.extend(
            acting,
            case,
            clock,
            value=int(given["value"]) if given["value"].isascii() and given["value"].isdecimal() else 0,
            unit=given["unit"],
            basis=given["basis"],
            asked_by=given["asked_by"],
            reason=given["reason"],
            expected=version,
        ),
        words=_extend,
        asks=_extension,
    ),
    "exclusion": Doing(
        action="exclude",
        icon="calendar-off",
        verb=lambda acting, case, clock, given, version: clocks.exclude(
            acting,
            case,
            clock,
            kind=given["kind"],
            first=given["first"],
            last=given["last"],
            reason=given["reason"],
            expected=version,
        ),
        words=_exclude,
        asks=lambda say, found: (
            _grounds("kind")(say, found),
            _moment(say, found, "first", say.phrase("第一日")),
            _moment(say, found, "last", say.phrase("最后一日")),
        ),
    ),
    "correction": Doing(
        action="correct",
        icon="pencil",
        verb=lambda acting, case, clock, given, version: clocks.correct(
            acting, case, clock, trigger=given["trigger"], reason=given["reason"], expected=version
        ),
        words=_correct,
        asks=lambda say, found: (_moment(say, found, "trigger", say.phrase("起算日")),),
    ),
    "cancellation": Doing(
        action="cancel",
        icon="ban",
        verb=lambda acting, case, clock, given, version: clocks.cancel(
            acting, case, clock, reason=given["reason"], expected=version
        ),
        words=_cancel,
    ),
}
"""Last part of the address → what is done there."""

ADDRESS = f"/cases/<id:case_id>/limits/<id:clock_id>/<any({', '.join(repr(key) for key in DOINGS)}):act>"


def menu(found: Reckoning, at: OfCase) -> tuple[Act, ...]:
    """What may be done to a limit now, as buttons."""
    say = frame.wording()
    return tuple(
        Act(label=doing.words(say).label, href=at.limit_act(found.view.id, key), icon=doing.icon)
        for key, doing in DOINGS.items()
        if doing.action in found.actions
    )


@blueprint.get(ADDRESS)
@open_to("signed-in")
def ask(case_id: str, clock_id: str, act: str) -> Response:
    """Ask for it."""
    return page(case_id, clock_id, act, {}, {})


@blueprint.post(ADDRESS)
@open_to("signed-in")
def carry_out(case_id: str, clock_id: str, act: str) -> Response | Redirection:
    """Do it; whatever was typed stays when something has to be put right."""
    say, doing = frame.wording(), DOINGS[act]
    found, _ = _read(case_id, clock_id, act)
    asked = (*(question.key for question in doing.asks(say, found)), asking.REASON)
    given = {key: request.form.get(key, "").strip() for key in asked}
    errors = {key: say.phrase("请填写") for key, value in given.items() if not value}
    if errors:
        return page(case_id, clock_id, act, given, errors, status=422)
    told = {**given, "unit": found.extended_in}
    try:
        do(lambda acting: doing.verb(acting, case_id, clock_id, told, expected()))
    except InvalidInput as invalid:
        return page(case_id, clock_id, act, given, messages(invalid), status=422)
    except PeriodRefused as refused:
        words = str(refused.facts.get("zh")) if frame.language() == "zh" else str(refused)
        return page(case_id, clock_id, act, given, {asked[0]: words}, status=422)
    except (Stale, NotPossible, NotAllowed) as refused:
        status = tell_refusal(refused, say.phrase("没有办成，您写的都还在。"))
        return page(case_id, clock_id, act, given, {}, status=status)
    frame.tell(Tone.DONE, say.phrase("已记入台账。"), lead=doing.words(say).done)
    return redirect(OfCase(case_id).limit(clock_id))


def page(case_id: str, clock_id: str, act: str, given: Given, errors: Given, *, status: int = 200) -> Response:
    """The page that asks."""
    say, doing, at = frame.wording(), DOINGS[act], OfCase(case_id)
    found, number = _read(case_id, clock_id, act)
    words = doing.words(say)
    shown = ConfirmPage(
        question=words.question,
        body=f"{say.of(found.view.name)}：{words.body}"
        if say.language == "zh"
        else f"{say.of(found.view.name)}: {words.body}",
        crumbs=at.crumbs(say, number, words.label),
        form=asking.filled(
            url_for("pages.limit_acts.carry_out", case_id=case_id, clock_id=clock_id, act=act),
            (
                *doing.asks(say, found),
                asking.reason(say, say.phrase("理由"), say.phrase("会写进台账")),
            ),
            answers=given,
            errors=errors,
            version=found.case_version,
        ),
        confirm=words.label,
        refuse=Link(label=words.refuse, href=at.limit(clock_id)),
        grave=doing.action == "cancel",
    )
    return printed("confirm.html", shown, status=status, place="pages.cases.listed")


def _read(case_id: str, clock_id: str, act: str) -> tuple[Reckoning, str]:
    """The limit and the number of its case.

    Raises:
        NotFound: the file is not open to this person, or they may not do this to the limit now.
    """
    me, releases = caller().actor, ground().releases
    with ground().database.reading() as session:
        law = releases.current(session, frame.today())
        found = reckonings.reckon(session, me, releases, law, case_id, clock_id, now())
        number = worklists.case_line(session, case_id).number
    if DOINGS[act].action not in found.actions:
        raise NotFound("There is no such limit in this case.", clock=clock_id, case=case_id)
    return found, number
