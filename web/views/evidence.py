"""Evidence: handing in a file, by those who handle a case and by its parties; and reading one.

The file is taken in as it arrives, as the API does it. May never hold one in memory, nor hand one out unrecorded.
"""

from __future__ import annotations

import re

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as Redirection

from api import identity, uploads
from api.errors import BodyTooLarge
from api.ground import asking as who_asks
from api.ground import caller, ground, now
from api.identity import open_to
from api.openapi import IdConverter
from api.resources import evidence as resource
from web.page_values import Link, Tone, UploadPage
from web.views import frame
from web.views.addresses import OfCase, OfMatter
from web.views.committing import messages
from web.views.printing import show as printed
from workflows import evidence, worklists
from workflows.acting import Acting
from workflows.casework import Done
from workflows.errors import InvalidInput

blueprint = Blueprint("evidence", __name__)

TOKEN = "csrf_token"  # noqa: S105 - the name of the field
MEGABYTE = 1024 * 1024
ID_FORM = re.compile(IdConverter.regex)


@blueprint.get("/cases/<id:case_id>/evidence/new")
@open_to("signed-in")
def hand_in(case_id: str) -> Response:
    """Ask for the file."""
    resource.ask_first(case_id)
    return page(case_id)


@blueprint.post("/cases/<id:case_id>/evidence/new")
@open_to("signed-in", streamed=True)
def take_in(case_id: str) -> Response | Redirection:
    """Take the file in, and go back to where it is listed."""
    resource.ask_first(case_id)
    here, say = ground(), frame.wording()
    try:
        with uploads.taking_in(request, here.store, now=now(), limit=here.evidence_limit, further=(TOKEN,)) as upload:
            identity.prove(upload.fields.get(TOKEN))

            def verb(acting: Acting) -> tuple[Done, str]:
                left = evidence.register(acting, case_id, upload.file, upload.note)
                here.store.keep(upload.content)
                return left

            here.unit_of_work.run(verb, who_asks())
            name, digest = upload.file.name, upload.file.sha256
    except InvalidInput as invalid:
        told = messages(invalid)
        return page(case_id, error=told.get(uploads.FILE, ""), note_error=told.get(uploads.NOTE, ""), status=422)
    except BodyTooLarge:
        most = here.evidence_limit // MEGABYTE
        return page(case_id, error=say.phrase("文件太大，最大%(size)dMB。", size=most), status=413)
    frame.tell(
        Tone.DONE,
        say.phrase("校验值%(start)s…%(end)s，已记入台账。", start=digest[:4], end=digest[-4:]),
        lead=say.phrase("“%(name)s”已收下。", name=name),
    )
    return redirect(_back(_at(case_id)))


@blueprint.get("/evidence/<id:evidence_id>")
@open_to("signed-in")
def read(evidence_id: str) -> Response:
    """The content of an item. The reading is recorded."""
    return resource.hand_out(evidence_id)


# --- the page ---------------------------------------------------------------------------------------------------------


def page(case_id: str, *, error: str = "", note_error: str = "", status: int = 200) -> Response:
    """The page that asks for a file. A file that was not taken has to be chosen again: browsers keep none."""
    say, at = frame.wording(), _at(case_id)
    name = say.phrase("提交材料") if isinstance(at, OfMatter) else say.phrase("登记证据")
    shown = UploadPage(
        name=name,
        crumbs=(at.root(say), Link(label=_number(case_id), href=_back(at)), Link(label=name, href="", current=True)),
        action=url_for("pages.evidence.take_in", case_id=case_id, task=_from_task()),
        back=Link(label=say.phrase("不提交，返回"), href=_back(at)),
        largest=ground().evidence_limit // MEGABYTE,
        error=error,
        note_error=note_error,
    )
    return printed("upload.html", shown, status=status, place="pages.cases.listed")


def _at(case_id: str) -> OfCase | OfMatter:
    """Where the person comes from: their own matter, or the file they handle."""
    with ground().database.reading() as session:
        own = any(each["case_id"] == case_id for each in worklists.my_matters(session, caller().actor))
    return OfMatter(case_id) if own else OfCase(case_id)


def _number(case_id: str) -> str:
    with ground().database.reading() as session:
        return worklists.case_line(session, case_id).number


def _from_task() -> str | None:
    """The task somebody came from, and goes back to."""
    given = request.args.get("task", "")
    return given if ID_FORM.fullmatch(given) else None


def _back(at: OfCase | OfMatter) -> str:
    task_id = _from_task()
    if task_id is not None:
        return at.task(task_id)
    return f"{at.page()}{'#papers' if isinstance(at, OfMatter) else '#evidence'}"
