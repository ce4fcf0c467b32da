"""Registering a clue: the first step of a case, which is begun in the same act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as Redirection

from api.ground import caller, ground
from api.identity import open_to
from forms import Form, outline
from forms.outlines import Choice, Outline, Question
from forms.posts import parse_form_post
from web.page_values import AskPage, Filled, Link, Tone
from web.posted import ENVELOPE, with_rows_changed
from web.presentation import Wording
from web.views import asking, frame
from web.views.addresses import OfCase
from web.views.committing import do, messages
from web.views.printing import show as printed
from workflows import casework, people
from workflows.errors import InvalidInput, NotAllowed
from workflows.releases import Law

blueprint = Blueprint("clues", __name__)

TITLE, UNIT, KIND = "case_title", "case_unit", "case_kind"
OURS = frozenset({TITLE, UNIT, KIND})
"""What a page asks of a case beside the form of its first step."""
LONGEST_TITLE = 200


@blueprint.get("/clues/new")
@open_to("signed-in")
def ask() -> Response:
    """The form of the first step, and what the case is to be called."""
    return page({}, fresh=True)


@blueprint.post("/clues/new")
@open_to("signed-in")
def register() -> Response | Redirection:
    """Register the clue and open its case."""
    say = frame.wording()
    law, form, units = _read(request.form.get(KIND, ""))
    posted = list(request.form.items(multi=True))
    given = {name: request.form.get(name, "").strip() for name in OURS}
    rearranged = with_rows_changed(form, [pair for pair in posted if pair[0] not in OURS])
    if rearranged is not None:
        return page({**rearranged, **given})
    answers = parse_form_post(form, posted, ignore=ENVELOPE | OURS)
    if not given[UNIT] and len(units) > 1:
        return page({**answers, **given}, errors={UNIT: say.phrase("请选择办理的机关")}, status=422)
    unit_id = given[UNIT] or next(iter(units))
    try:
        done = do(
            lambda acting: casework.open_case(
                acting, unit_id=unit_id, kind=_kind(law, given[KIND]), title=given[TITLE], answers=answers
            )
        )
    except InvalidInput as invalid:
        told = {TITLE if path == "title" else path: message for path, message in messages(invalid).items()}
        return page({**answers, **given}, errors=told, status=422)
    frame.tell(
        Tone.DONE,
        say.phrase("接下来由监督机构决定是否受理。"),
        lead=say.phrase("线索已登记，案号%(number)s。", number=done.number),
    )
    return redirect(url_for("pages.cases.show", case_id=done.case_id))


def page(
    answers: Mapping[str, Any],
    *,
    fresh: bool = False,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    """The page that asks."""
    say = frame.wording()
    law, form, units = _read(str(answers.get(KIND, "")))
    name = form.title[say.language]
    shown = AskPage(
        name=name,
        crumbs=(
            OfCase.root(say),
            Link(label=name, href="", current=True),
        ),
        form=Filled(
            outline=_outline(law, form, units, say),
            action=url_for("pages.clues.register"),
            answers=answers,
            errors=errors or {},
            fresh=fresh,
            beforehand={"today": say.today.isoformat()},
            submit=say.phrase("登记并立卷"),
        ),
        back=Link(label=say.phrase("不登记，返回"), href=url_for("pages.cases.listed")),
        words=(form.intro[say.language],) if form.intro else (),
    )
    return printed("ask.html", shown, status=status, place="pages.clues.ask")


def _read(kind: str) -> tuple[Law, Form, dict[str, str]]:
    """The law, the form of the first step of such a case, and the organs in which this person may register a clue.

    Raises:
        NotAllowed: in none.
    """
    me = caller().actor
    with ground().database.reading() as session:
        law = ground().releases.current(session, frame.today())
        may = law.roles.that_may("case.open")
        units = {unit.id: unit.name for unit in people.units(session) if me.holds(may, unit.id)}
    if not units:
        raise NotAllowed("Only those who register clues for this organ may open a case.", wanted="case.open")
    return law, law.first_form(_kind(law, kind)), units


def _kind(law: Law, kind: str) -> str:
    return kind or next(iter(law.kinds))


def _outline(law: Law, form: Form, units: Mapping[str, str], say: Wording) -> Outline:
    drawn = outline(form, frame.language())
    hint = say.phrase("一句话说明什么事，例如：处罚决定逾期")
    first: list[Question] = [asking.line(say, TITLE, say.phrase("案由"), hint, most=LONGEST_TITLE)]
    if len(units) > 1:
        first.append(asking.one_of(say, UNIT, say.phrase("由哪个机关办理"), _choices(UNIT, units)))
    if len(law.kinds) > 1:
        kinds = {key: kind.name[say.language] for key, kind in law.kinds.items()}
        first.append(asking.one_of(say, KIND, say.phrase("案件种类"), _choices(KIND, kinds)))
    return replace(drawn, intro="", blocks=(*first, *drawn.blocks))


def _choices(name: str, offered: Mapping[str, str]) -> tuple[Choice, ...]:
    return tuple(
        Choice(id=f"{name}-{number}", value=key, label=label) for number, (key, label) in enumerate(offered.items(), 1)
    )
