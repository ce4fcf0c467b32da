"""One task: looking at it, claiming it, writing its form, submitting, signing. What else is done with it: `task_acts`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as Redirection

from api.ground import caller, ground, now
from api.identity import open_to
from forms import Form
from forms.posts import parse_form_post
from web import case_words
from web.page_values import Again, ConfirmPage, Link, Tone
from web.posted import CHANGE, CONFIRMED, ENVELOPE, HAND_IN, SAVE_DRAFT, with_rows_changed
from web.views import frame, task_acts, task_page
from web.views.committing import do, expected, messages, tell_refusal
from web.views.printing import show as printed
from web.views.task_page import DESK, Found, read
from workflows import beside_task, casework
from workflows.errors import InvalidInput, NotAllowed, NotOpen, Stale

blueprint = Blueprint("tasks", __name__)
task_acts.register(blueprint)


@blueprint.get("/tasks/<id:task_id>")
@open_to("signed-in")
def show(task_id: str) -> Response:
    """One task with its form, or with what was answered."""
    found = read(task_id)
    rewriting = request.args.get("rewrite") == "yes"
    before = found.view.draft if found.view.draft is not None else found.view.answers
    return page(found, before or {}, fresh=before is None, rewriting=rewriting)


@blueprint.post("/tasks/<id:task_id>")
@open_to("signed-in")
def submit(task_id: str) -> Response | Redirection:
    """Complete the task, keep a draft, or change the number of rows; whatever was typed stays."""
    found = read(task_id)
    form = found.its_law.form(found.view.line.form) if found.view.line.form is not None else None
    posted = list(request.form.items(multi=True))
    # Whoever sends a form was shown one: where signatures are awaited, to write it anew.
    rewriting = found.waits_for_signatures
    if form is not None:
        rearranged = with_rows_changed(form, posted)
        if rearranged is not None:
            return page(found, rearranged, rewriting=rewriting)
    answers = parse_form_post(form, posted, ignore=ENVELOPE) if form is not None else {}
    if CHANGE in request.form:
        return page(found, answers, rewriting=rewriting)
    try:
        if SAVE_DRAFT in request.form:
            return _keep(found, answers)
        if form is not None and form.confirm is not None and CONFIRMED not in request.form and found.may_write:
            return _ask_once_more(found, form, answers)
        do(lambda acting: casework.complete_task(acting, task_id, answers=answers, expected=expected()))
    except InvalidInput as invalid:
        return page(found, answers, rewriting=rewriting, errors=messages(invalid), status=422)
    except (Stale, NotOpen, NotAllowed) as lost:
        return _lost(task_id, answers, lost)
    frame.tell(Tone.DONE, _what_now(task_id), lead=_what_happened(found))
    return redirect(url_for("pages.tasks.show", task_id=task_id))


@blueprint.post("/tasks/<id:task_id>/claim")
@open_to("signed-in")
def claim(task_id: str) -> Redirection:
    """Take the task out of the group's list 签收."""
    do(lambda acting: casework.claim_task(acting, task_id, expected=expected()))
    return redirect(url_for("pages.tasks.show", task_id=task_id))


@blueprint.post("/tasks/<id:task_id>/signature")
@open_to("signed-in")
def sign(task_id: str) -> Redirection:
    """Sign what another officer has submitted 会签."""
    found = read(task_id)
    do(lambda acting: casework.sign_task(acting, task_id, expected=expected()))
    say = frame.wording()
    frame.tell(
        Tone.DONE, _what_now(task_id), lead=say.phrase("您已会签“%(task)s”。", task=task_page.name(found.view, say))
    )
    return redirect(url_for("pages.tasks.show", task_id=task_id))


# --- what came of it --------------------------------------------------------------------------------------------------


def page(found: Found, given: Mapping[str, Any], **how: Any) -> Response:
    """The page of a task with everything that may be done with it."""
    return task_page.show(found, given, acts=task_acts.menu(found), **how)


def _keep(found: Found, answers: Mapping[str, Any]) -> Redirection:
    line = found.view.line
    do(lambda acting: casework.save_draft(acting, line.id, answers))
    if request.form[SAVE_DRAFT] == HAND_IN:
        return redirect(url_for("pages.evidence.hand_in", case_id=line.case_id, task=line.id))
    frame.tell(Tone.DONE, frame.wording().phrase("草稿已保存，只有您自己看得到。还没有提交。"))
    return redirect(url_for("pages.tasks.show", task_id=line.id))


def _ask_once_more(found: Found, form: Form, answers: Mapping[str, Any]) -> Response:
    """What the answers set going, asked before it happens; only for answers that will be taken.

    Raises:
        InvalidInput: something must be put right first.
    """
    with ground().database.reading() as session:
        beside_task.check(session, caller().actor, ground().releases, found.view, form, answers, now())
    say = frame.wording()
    name, there = task_page.name(found.view, say), url_for("pages.tasks.show", task_id=found.view.line.id)
    fields = tuple(pair for pair in request.form.items(multi=True) if pair[0] != "csrf_token")
    value = ConfirmPage(
        question=say.phrase("%(task)s：确定提交？", task=name),
        body=form.confirm[frame.language()] if form.confirm is not None else "",
        crumbs=(*task_page.crumbs(found, here=False), Link(label=say.phrase("确认提交"), href="", current=True)),
        form=None,
        carried=Again(action=url_for("pages.tasks.submit", task_id=found.view.line.id), fields=fields, label=CONFIRMED),
        confirm=say.phrase("确定提交"),
        refuse=Link(label=say.phrase("返回修改"), href=there),
        back=CHANGE,
        record=task_page.typed(form, answers, found.asked, say, heading=say.phrase("您要提交的内容")),
    )
    return printed("confirm.html", value, place=DESK)


def _lost(task_id: str, answers: Mapping[str, Any], lost: Stale | NotOpen | NotAllowed) -> Response | Redirection:
    """Somebody was faster: who, and what; with everything that was typed, to be submitted anew or at least kept.

    Raises:
        NotFound: the task is no longer open to this person.
    """
    say, found = frame.wording(), read(task_id)
    if isinstance(lost, NotOpen) and found.view.line.assignee_id == caller().actor.person_id:
        # The same person, pressing twice or in two windows: it is done.
        frame.tell(Tone.INFORMATION, say.phrase("这件任务您已经办结，没有再提交一次。"))
        return redirect(url_for("pages.tasks.show", task_id=task_id))
    status = tell_refusal(lost, say.phrase("没有提交，您写的都还在。"))
    return page(found, answers, rewriting=True, lost=not found.may_write, status=status)


def _what_happened(found: Found) -> str:
    say = frame.wording()
    return say.phrase("“%(task)s”已提交。", task=task_page.name(found.view, say))


def _what_now(task_id: str) -> str:
    """What comes next and who has it, as far as this person may know."""
    say, found = frame.wording(), read(task_id)
    if found.view.line.state == "open":
        waiting = [each["name"] for each in found.view.signatures if each["signed_at"] is None]
        if waiting:
            return say.phrase("还要等%(names)s会签。", names=say.phrase("、").join(waiting))
        return (
            say.phrase("还要等另一位经办人会签。")
            if found.view.answers is not None
            else say.phrase("任务已交回委托人。")
        )
    opened = [line for line in found.case.tasks if line.state == "open"] if found.case is not None else []
    if not opened:
        return ""
    names = say.phrase("、").join(dict.fromkeys(case_words.task_name(line, say) for line in opened[:3]))
    return say.phrase("接下来是：%(tasks)s。", tasks=names)
