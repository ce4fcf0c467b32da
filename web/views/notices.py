"""The bell: what a person was told lately. What is new is kept by the browser that has looked, and by nobody else."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, session, url_for

from api.ground import caller, ground, now
from api.identity import open_to
from web import case_words
from web.case_words import Names
from web.page_values import NoticeRow, NoticesPage
from web.views import frame
from web.views.printing import show as printed
from workflows import worklists

blueprint = Blueprint("notices", __name__)


@blueprint.get("/notices")
@open_to("signed-in")
def show() -> Response:
    """What I was told, the newest first. Looking makes it no longer new."""
    me, say = caller().actor, frame.wording()
    seen = frame.looked_at()
    with ground().database.reading() as reading:
        law = ground().releases.current(reading, frame.today())
        found = worklists.notices(reading, me, law)
        own = {each["case_id"] for each in worklists.my_matters(reading, me)}
    names = Names(rules={key: listed[-1].name for key, listed in law.catalogue.rules.items() if listed})
    rows = []
    for notice in found:
        icon, text = case_words.notice(notice["kind"], names, notice["facts"], say)
        rows.append(
            NoticeRow(
                icon=icon,
                text=text,
                at=notice["at"],
                case_number=notice["case_number"],
                href=_href(notice["case_id"], notice["facts"].get("task_id"), own=notice["case_id"] in own),
                fresh=seen is None or notice["at"] > seen,
            )
        )
    session[frame.LOOKED] = _stamp(now())
    return printed("notices.html", NoticesPage(rows=tuple(rows)))


def _href(case_id: str, task_id: str | None, *, own: bool) -> str:
    if own:
        return url_for("pages.matters.show", case_id=case_id)
    if task_id:
        return url_for("pages.tasks.show", task_id=task_id)
    return url_for("pages.cases.show", case_id=case_id)


def _stamp(at: datetime) -> str:
    return at.isoformat()
