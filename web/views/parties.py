"""Saying which account is a party's, so that the person can come in and answer for themselves."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as Redirection

from api import accounts
from api.ground import caller, ground
from api.identity import open_to
from web.page_values import ConfirmPage, Link, Tone
from web.views import asking, frame
from web.views.addresses import OfCase
from web.views.committing import do, expected, messages, tell_refusal
from web.views.printing import show as printed
from workflows import parties, worklists
from workflows.errors import InvalidInput, NotAllowed, NotFound, NotPossible, Stale
from workflows.worklists import CaseView, PartyView

blueprint = Blueprint("parties", __name__)

LOGIN = "login"
LONGEST = 64


@blueprint.get("/cases/<id:case_id>/parties/<id:party_id>/account")
@open_to("signed-in")
def ask(case_id: str, party_id: str) -> Response:
    """Ask for the user name, and why."""
    return page(case_id, party_id, {}, {})


@blueprint.post("/cases/<id:case_id>/parties/<id:party_id>/account")
@open_to("signed-in")
def link(case_id: str, party_id: str) -> Response | Redirection:
    """Link the account. From then on the party's own tasks are theirs."""
    say = frame.wording()
    given = {name: request.form.get(name, "") for name in (LOGIN, asking.REASON)}
    person_id = _person(given[LOGIN].strip())
    if person_id is None:
        errors = {LOGIN: say.phrase("没有这个用户名，请再核对")}
        errors |= {} if given[asking.REASON].strip() else {asking.REASON: say.phrase("请填写")}
        return page(case_id, party_id, given, errors, status=422)
    try:
        do(
            lambda acting: parties.link(
                acting, case_id, party_id, person_id=person_id, reason=given[asking.REASON], expected=expected()
            )
        )
    except InvalidInput as invalid:
        return page(case_id, party_id, given, messages(invalid), status=422)
    except (Stale, NotPossible, NotAllowed) as refused:
        status = tell_refusal(refused, say.phrase("没有办成，您写的都还在。"))
        return page(case_id, party_id, given, {}, status=status)
    frame.tell(Tone.DONE, say.phrase("依法应当告知时，本人登录后就能看到自己的案件。"), lead=say.phrase("账号已关联。"))
    return redirect(f"{OfCase(case_id).page()}#parties")


def page(
    case_id: str, party_id: str, given: Mapping[str, str], errors: Mapping[str, str], *, status: int = 200
) -> Response:
    """The page that asks."""
    say = frame.wording()
    view, party = _read(case_id, party_id)
    label = say.phrase("关联账号")
    shown = ConfirmPage(
        question=say.phrase("哪个账号是%(name)s的？", name=party.name),
        body=say.phrase("关联以后，本人登录就能看到依法应当告知的内容，提交申辩和申请。请先核实身份。"),
        crumbs=OfCase(case_id).crumbs(say, view.line.number, label),
        form=asking.filled(
            url_for("pages.parties.link", case_id=case_id, party_id=party_id),
            (
                asking.line(say, LOGIN, say.phrase("用户名"), say.phrase("本人登录时用的名字"), most=LONGEST),
                asking.reason(say, say.phrase("怎样核实的"), say.phrase("会写进台账")),
            ),
            answers=given,
            errors=errors,
            version=view.line.version,
        ),
        confirm=label,
        refuse=Link(label=say.phrase("不关联"), href=f"{OfCase(case_id).page()}#parties"),
    )
    return printed("confirm.html", shown, status=status, place="pages.cases.listed")


def _person(login: str) -> str | None:
    if not login or len(login) > LONGEST or not login.isprintable():
        return None
    with ground().database.reading() as session:
        try:
            return accounts.of_login(session, login).person_id
        except NotFound:
            return None


def _read(case_id: str, party_id: str) -> tuple[CaseView, PartyView]:
    me, releases = caller().actor, ground().releases
    with ground().database.reading() as session:
        view = worklists.case(session, me, releases, releases.current(session, frame.today()), case_id)
    party = next((each for each in view.parties if each.id == party_id), None)
    if party is None:
        raise NotFound("There is no such party.", party=party_id, case=case_id)
    return view, party
