"""Sealed values of a case, such as who reported: opened one at a time, for a reason, and each reading is in the ledger.

May never show one without its reason having been entered first.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request, url_for

from api.ground import caller, ground
from api.identity import open_to
from web.case_words import Codes
from web.page_values import ConfirmPage, Link, OpenedPage, Tone
from web.views import asking, frame
from web.views.addresses import OfCase
from web.views.committing import do, messages
from web.views.printing import show as printed
from workflows import evidence, worklists
from workflows.errors import InvalidInput, NotFound

blueprint = Blueprint("protected", __name__)


@blueprint.get("/cases/<id:case_id>/protected/<id:value_id>")
@open_to("signed-in")
def ask(case_id: str, value_id: str) -> Response:
    """Ask why it is to be opened."""
    return _asking(case_id, value_id, "", {})


@blueprint.post("/cases/<id:case_id>/protected/<id:value_id>")
@open_to("signed-in")
def reveal(case_id: str, value_id: str) -> Response:
    """Open it, once; the address shows it to nobody who comes back."""
    say, reason = frame.wording(), request.form.get(asking.REASON, "")
    try:
        value = do(lambda acting: evidence.open_protected(acting, case_id, value_id, reason))
    except InvalidInput as invalid:
        return _asking(case_id, value_id, reason, messages(invalid), status=422)
    number, key, codes = _named(case_id, value_id)
    frame.tell_here(Tone.READ, say.phrase("此次阅读已记入台账，写有您的姓名、时间和理由。"))
    shown = OpenedPage(
        label=codes.question(key),
        text=codes.answer(key, value) or say.phrase("没有填写"),
        reason=reason.strip(),
        crumbs=OfCase(case_id).crumbs(say, number, codes.question(key)),
        back=Link(label=say.phrase("返回卷宗"), href=OfCase(case_id).page()),
    )
    return printed("opened.html", shown, place="pages.cases.listed")


def _asking(case_id: str, value_id: str, reason: str, errors: Any, *, status: int = 200) -> Response:
    say = frame.wording()
    number, key, codes = _named(case_id, value_id)
    page = ConfirmPage(
        question=say.phrase("打开“%(what)s”？", what=codes.question(key)),
        body=say.phrase("这是受保护的信息。打开以后，您的姓名、时间和理由会记入台账，不能删除。"),
        crumbs=OfCase(case_id).crumbs(say, number, codes.question(key)),
        form=asking.filled(
            url_for("pages.protected.reveal", case_id=case_id, value_id=value_id),
            (asking.reason(say, say.phrase("为什么要看")),),
            answers={asking.REASON: reason},
            errors=errors,
            version=None,
        ),
        confirm=say.phrase("打开并记录"),
        refuse=Link(label=say.phrase("不打开"), href=OfCase(case_id).page()),
    )
    return printed("confirm.html", page, status=status, place="pages.cases.listed")


def _named(case_id: str, value_id: str) -> tuple[str, str, Codes]:
    """Number of the case, key of the value, and the words for it.

    Raises:
        NotFound: the case is not open to this person, or there is no such value in it.
    """
    me, releases, say = caller().actor, ground().releases, frame.wording()
    with ground().database.reading() as session:
        law = releases.current(session, frame.today())
        view = worklists.case(session, me, releases, law, case_id)
    key = next((each["field"] for each in view.protected if each["id"] == value_id), None)
    if key is None:
        raise NotFound("There is no such value.", value=value_id, case=case_id)
    return view.line.number, key, Codes(law.forms.values(), say)
