"""What the procedure can be told from outside its tasks: an appeal, a request for recusal, a withdrawal, a transfer.

Which of these are open to whom arrives from the casework; here each is asked for with its form.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as Redirection

from api.ground import caller, ground, now
from api.identity import open_to
from forms import outline
from forms.outlines import Outline, Question
from forms.posts import parse_form_post
from web import limits
from web.page_values import AskPage, DeadlineCard, Filled, Link, Tone
from web.posted import ENVELOPE, with_rows_changed
from web.presentation import Wording
from web.views import asking, frame
from web.views.addresses import OfCase, OfMatter
from web.views.committing import do, expected, messages, tell_refusal
from web.views.printing import show as printed
from workflows import casework, worklists
from workflows.errors import InvalidInput, NotAllowed, NotFound, NotPossible, Stale
from workflows.worklists import Asked, Way

blueprint = Blueprint("actions", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Something that can be said now, as it was read for one page."""

    case_id: str
    number: str
    version: int
    title: str
    own: bool
    """Whether the person is a party of the case, and not one of those who handle it."""
    beforehand: Mapping[str, str]
    """What the page can fill in."""
    way: Way
    asked: Asked | None
    limit: DeadlineCard | None

    @property
    def at(self) -> OfCase | OfMatter:
        """Where the person comes from and goes back to."""
        return OfMatter(self.case_id) if self.own else OfCase(self.case_id)


@blueprint.get("/cases/<id:case_id>/actions/<action>")
@open_to("signed-in")
def ask(case_id: str, action: str) -> Response:
    """What has to be said."""
    return page(read(case_id, action), {}, fresh=True)


@blueprint.post("/cases/<id:case_id>/actions/<action>")
@open_to("signed-in")
def carry_out(case_id: str, action: str) -> Response | Redirection:
    """Say it; whatever was typed stays when something has to be put right."""
    found, say = read(case_id, action), frame.wording()
    given = list(request.form.items(multi=True))
    form = found.asked.form if found.asked is not None else None
    rearranged = with_rows_changed(form, given) if form is not None else None
    if rearranged is not None:
        return page(found, rearranged)
    name = say.of(found.way.name)
    answers = parse_form_post(form, given, ignore=ENVELOPE) if form is not None else {}
    # Where a form says everything, the ledger keeps what it was; else it keeps the reason.
    reason = found.way.name.zh if form is not None else request.form.get(asking.REASON, "")
    typed = answers if form is not None else {asking.REASON: reason}
    try:
        do(
            lambda acting: casework.act_on_case(
                acting, case_id, action, answers=answers, reason=reason, expected=expected()
            )
        )
    except InvalidInput as invalid:
        return page(found, typed, errors=messages(invalid), status=422)
    except (Stale, NotPossible, NotAllowed) as refused:
        status = tell_refusal(refused, say.phrase("没有提交，您写的都还在。"))
        return page(_anew(found), typed, status=status)
    frame.tell(
        Tone.DONE,
        say.phrase("已收到并记入台账，回执在本页下方。") if found.own else say.phrase("已记入台账。"),
        lead=say.phrase("“%(what)s”已提交。", what=name),
    )
    return redirect(found.at.page())


# --- how it is read and shown -----------------------------------------------------------------------------------------


def read(case_id: str, action: str) -> Found:
    """What can be said now, for the person who asks: as a party of the case, or as one of those who handle it.

    Raises:
        NotFound: the case is not open to them, or nothing waits for this now.
    """
    me, releases = caller().actor, ground().releases
    with ground().database.reading() as session:
        law = releases.current(session, frame.today())
        matter: Mapping[str, Any] | None
        try:
            matter = worklists.own_matter(session, me, releases, case_id)
        except NotFound:
            matter = None
        if matter is not None:
            ways: Sequence[Way] = matter["ways"]
            number, version, title = (matter[key] for key in ("case_number", "version", "title"))
            known = {"party": matter["party_id"], **_of_decision(matter["outcome"])}
        else:
            view = worklists.case(session, me, releases, law, case_id)
            ways = view.ways
            number, version, title = view.line.number, view.line.version, view.line.title
            known = {}
        way = next((each for each in ways if each.action == action), None)
        if way is None:
            raise NotFound("The procedure does not wait for this now.", action=action, case=case_id)
        counted = None
        if way.clock_id is not None:
            clock, due = worklists.clock(session, me, releases, law, case_id, way.clock_id)
            counted = limits.card(clock, due, now(), frame.wording(), law.calendar)
        return Found(
            case_id=case_id,
            number=number,
            version=version,
            title=title,
            own=matter is not None,
            beforehand={"today": frame.today().isoformat(), **known},
            way=way,
            asked=worklists.asked_with(session, me, releases, case_id, way),
            limit=counted,
        )


def _of_decision(outcome: Any) -> dict[str, str]:
    """What of the decision served on a party goes into what they apply for."""
    known = outcome if isinstance(outcome, Mapping) else {}
    return {name: str(known[name]) for name in ("decision_no", "served_at") if known.get(name)}


def _anew(found: Found) -> Found:
    """The same with the version of now; as it was, where it can no longer be said."""
    try:
        return read(found.case_id, found.way.action)
    except NotFound:
        return found


def page(
    found: Found,
    answers: Mapping[str, Any],
    *,
    fresh: bool = False,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    """The page that asks for it."""
    say = frame.wording()
    name = say.of(found.way.name)
    form = found.asked.form if found.asked is not None else None
    shown = AskPage(
        name=name,
        crumbs=found.at.crumbs(say, found.number, name),
        words=tuple(filter(None, (found.title, (form.intro or {}).get(say.language, "") if form is not None else ""))),
        form=Filled(
            outline=_outline(found, say),
            action=url_for("pages.actions.carry_out", case_id=found.case_id, action=found.way.action),
            answers=answers,
            errors=errors or {},
            fresh=fresh,
            beforehand=found.beforehand,
            submit=say.phrase("提交"),
            expected_version=found.version,
        ),
        back=Link(label=say.phrase("不提交，返回"), href=found.at.page()),
        deadline=found.limit,
        materials=_materials(found, say),
    )
    return printed("ask.html", shown, status=status, place="pages.cases.listed")


def _materials(found: Found, say: Wording) -> Link | None:
    """Where to hand in what can then be chosen in the form."""
    asks = found.asked is not None and any(source.startswith("evidence") for source in found.asked.form.sources)
    if not (found.own and asks):
        return None
    return Link(label=say.phrase("要附材料的，先提交材料，再回来填写"), href=found.at.hand_in())


def _outline(found: Found, say: Wording) -> Outline:
    if found.asked is None:
        why: Question = asking.reason(say, say.phrase("理由"), say.phrase("会写进台账"))
        return Outline(key="", title="", intro="", blocks=(why,))
    names = {
        source: tuple((each.id, f"{say.of(each)}　{each.note}" if each.note else say.of(each)) for each in listed)
        for source, listed in found.asked.offered.items()
    }
    drawn = outline(found.asked.form, frame.language(), offered=names)
    return replace(drawn, intro="")
