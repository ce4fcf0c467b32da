"""One task: what it asks, by when and why, and everything a person may do with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as Redirection

from api import problems
from api.ground import asking, caller, ground
from api.identity import open_to
from forms import outline
from forms.posts import parse_form_post
from web.page_values import Act, Fact, Filled, Link, TaskPage, Tone
from web.posted import ENVELOPE, SAVE_DRAFT, with_rows_changed
from web.presentation import Wording
from web.views import frame
from web.views.printing import show as printed
from workflows import casework, worklists
from workflows.acting import Acting
from workflows.casework import Done
from workflows.errors import InvalidInput, NotOpen, Stale
from workflows.releases import Law
from workflows.worklists import Asked, TaskView

blueprint = Blueprint("tasks", __name__)

DESK = "pages.desk.show"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A task as it was read for one page."""

    view: TaskView
    asked: Asked | None
    law: Law


@blueprint.get("/tasks/<id:task_id>")
@open_to("signed-in")
def show(task_id: str) -> Response:
    """One task with its form, or with what was answered."""
    found = read(task_id)
    draft = found.view.draft if isinstance(found.view.draft, dict) else None
    return page(found, draft or {}, fresh=draft is None)


@blueprint.post("/tasks/<id:task_id>")
@open_to("signed-in")
def submit(task_id: str) -> Response | Redirection:
    """Complete the task, keep a draft, or change the number of rows; whatever was typed stays."""
    found, say = read(task_id), frame.wording()
    form = found.asked.form if found.asked is not None else None
    given = list(request.form.items(multi=True))
    rearranged = with_rows_changed(form, given) if form is not None else None
    if rearranged is not None:
        return page(found, rearranged)
    answers = parse_form_post(form, given, ignore=ENVELOPE) if form is not None else {}
    if SAVE_DRAFT in request.form:
        ground().unit_of_work.run(lambda acting: casework.save_draft(acting, task_id, answers), asking())
        frame.tell(Tone.DONE, say.phrase("草稿已保存。只有您自己看得到。"))
        return redirect(url_for("pages.tasks.show", task_id=task_id))
    try:
        do(lambda acting: casework.complete_task(acting, task_id, answers=answers, expected=expected()))
    except InvalidInput as invalid:
        return page(found, answers, errors=messages(invalid), status=422)
    except (Stale, NotOpen) as lost:
        told = problems.describe(lost, frame.language())
        frame.tell_here(Tone.CARE, told.detail, lead=say.phrase("没有提交，您写的都还在。"))
        return page(read(task_id), answers, status=told.status)
    frame.tell(Tone.DONE, say.phrase("“%(task)s”已提交。", task=name(found.view, say)))
    return redirect(url_for(DESK))


@blueprint.post("/tasks/<id:task_id>/claim")
@open_to("signed-in")
def claim(task_id: str) -> Redirection:
    """Take the task out of the group's list 签收."""
    do(lambda acting: casework.claim_task(acting, task_id, expected=expected()))
    return redirect(url_for("pages.tasks.show", task_id=task_id))


# --- what every view here uses ----------------------------------------------------------------------------------------


def read(task_id: str) -> Found:
    """Read a task for the person who asks.

    Raises:
        NotFound: there is none, or it is not open to this person.
    """
    me, releases = caller().actor, ground().releases
    with ground().database.reading() as session:
        view = worklists.task(session, me, releases, ground().vault, task_id)
        asked = worklists.asked_of_task(session, me, releases, view)
        return Found(view=view, asked=asked, law=releases.current(session, frame.today()))


def do(verb: Callable[[Acting], Done]) -> Done:
    """Carry out a verb for the person who asks: committed once, or refused and the refusal recorded."""
    return ground().unit_of_work.run(verb, asking())


def expected() -> int | None:
    """The version the person had looked at."""
    given = request.form.get("expected_version", "")
    return int(given) if given.isdecimal() and len(given) < 10 else None


def messages(invalid: InvalidInput) -> Mapping[str, str]:
    """Path of the answer → what is to be put right, in the language of the page."""
    return {problem.path: problem.message[frame.language()] for problem in invalid.problems}


def name(view: TaskView, say: Wording) -> str:
    """The name of the task."""
    return view.line.name_en if say.language == "en" else view.line.name


# --- the page ---------------------------------------------------------------------------------------------------------


def page(
    found: Found,
    answers: Mapping[str, Any],
    *,
    fresh: bool = False,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    """The page of a task, with what stands in its form."""
    view, say = found.view, frame.wording()
    line = view.line
    claim = None
    if "claim" in view.actions:
        there = url_for("pages.tasks.claim", task_id=line.id)
        claim = Act(label=say.phrase("签收"), href=there, sends=True, version=line.version)
    form = _filled(found, answers, fresh=fresh, errors=errors or {}) if found.asked is not None else None
    value = TaskPage(
        name=name(view, say),
        crumbs=(
            Link(label=say.phrase("工作台"), href=url_for(DESK)),
            Link(label=name(view, say), href="", current=True),
        ),
        held_by=line.assignee or say.phrase("还没有人签收"),
        case_facts=(
            Fact(label=say.phrase("案号"), text=line.case_number),
            Fact(label=say.phrase("案由"), text=line.case_title),
        ),
        form=form,
        claim=claim,
    )
    return printed("task.html", value, status=status, place=DESK)


def _filled(found: Found, answers: Mapping[str, Any], *, fresh: bool, errors: Mapping[str, str]) -> Filled:
    assert found.asked is not None  # noqa: S101 - the caller has looked
    asked, say = found.asked, frame.wording()
    names = {
        source: tuple((each.id, each.en if say.language == "en" else each.zh) for each in listed)
        for source, listed in asked.offered.items()
    }
    return Filled(
        outline=outline(asked.form, frame.language(), offered=names),
        action=url_for("pages.tasks.submit", task_id=found.view.line.id),
        answers=answers,
        errors=errors,
        fresh=fresh,
        beforehand={"today": say.today.isoformat()},
        drafts=True,
        saved_at=found.view.draft_saved_at,
        expected_version=found.view.line.version,
    )
