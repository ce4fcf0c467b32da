"""Everything a person may do with a task besides answering it: give back, hand on, ask for a signature, return, take back, urge.

Each asks for its reason on a page of its own. What may be done now arrives from the casework with the task.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Redirection

from api.ground import caller, ground, now
from api.identity import open_to
from web.page_values import Act, ConfirmPage, Link, Tone
from web.presentation import Wording
from web.views import asking, frame, task_page
from web.views.committing import do, expected, messages, tell_refusal
from web.views.printing import show as printed
from web.views.task_page import DESK, Found, read
from workflows import beside_task, casework
from workflows.acting import Acting
from workflows.casework import URGE_AGAIN_AFTER, Done
from workflows.errors import InvalidInput, NotAllowed, NotPossible, Stale
from workflows.errors import NotFound as NoSuchTask
from workflows.worklists import TaskLine

Verb = Callable[[Acting, str, str, str, int | None], Done]
"""Acting, task, reason, person, version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """How one act is asked for."""

    label: str
    consequence: str
    """In the menu, one line."""
    question: str
    body: str
    confirm: str
    refuse: str
    done: str
    whom: str = ""
    """Label of the question for a colleague; empty where none is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """One act: its verb in the casework, its mark, its words."""

    action: str
    """As the casework names it."""
    icon: str
    verb: Verb
    words: Callable[[Wording], Words]
    apart: bool = False
    asks_version: bool = True


def _give_back(say: Wording) -> Words:
    return Words(
        label=say.phrase("退回待办"),
        consequence=say.phrase("放回小组的待签收，由别人签收"),
        question=say.phrase("把任务放回小组的待签收？"),
        body=say.phrase("小组里的人都能签收它。期限照常计算。您保存的草稿还在，只有您看得到。"),
        confirm=say.phrase("放回待签收"),
        refuse=say.phrase("继续由我办理"),
        done=say.phrase("任务已放回小组的待签收。"),
    )


def _reassign(say: Wording) -> Words:
    return Words(
        label=say.phrase("转办"),
        consequence=say.phrase("交给另一位同事，从此由其办理"),
        question=say.phrase("转给谁办理？"),
        body=say.phrase("任务从此由对方办理，不再回到您这里。期限照常计算。"),
        confirm=say.phrase("转办"),
        refuse=say.phrase("不转办"),
        done=say.phrase("任务已转办。"),
        whom=say.phrase("转给"),
    )


def _delegate(say: Wording) -> Words:
    return Words(
        label=say.phrase("委托"),
        consequence=say.phrase("请同事代为准备，写好后回到您这里"),
        question=say.phrase("委托谁代为准备？"),
        body=say.phrase("对方写好以后，任务连同草稿回到您这里，由您提交。期限照常计算。"),
        confirm=say.phrase("委托"),
        refuse=say.phrase("不委托"),
        done=say.phrase("任务已委托，写好以后会回到您这里。"),
        whom=say.phrase("委托给"),
    )


def _add_signer(say: Wording) -> Words:
    return Words(
        label=say.phrase("加签"),
        consequence=say.phrase("再请一位同事签名，签齐才算办结"),
        question=say.phrase("再请谁签名？"),
        body=say.phrase("您提交以后，还要等对方签名，任务才办结。期限照常计算。"),
        confirm=say.phrase("请其签名"),
        refuse=say.phrase("不加签"),
        done=say.phrase("已请对方签名。"),
        whom=say.phrase("请谁签名"),
    )


def _send_back(say: Wording) -> Words:
    return Words(
        label=say.phrase("退回上一步"),
        consequence=say.phrase("程序回到前面的步骤重新办理"),
        question=say.phrase("退回前面的步骤重新办理？"),
        body=say.phrase("这一步到此为止，案件回到程序图上画出的前一步，由那一步的经办人重新办理；理由会写进台账。"),
        confirm=say.phrase("退回重新办理"),
        refuse=say.phrase("不退回"),
        done=say.phrase("案件已退回前面的步骤。"),
    )


def _take_back(say: Wording) -> Words:
    return Words(
        label=say.phrase("撤回"),
        consequence=say.phrase("收回刚提交的内容，重新由您办理"),
        question=say.phrase("撤回刚提交的内容？"),
        body=say.phrase("只有在下一步还没有人动手以前才能撤回。撤回以后，这一步重新由您办理，期限照旧。"),
        confirm=say.phrase("撤回"),
        refuse=say.phrase("不撤回"),
        done=say.phrase("已撤回，任务又回到您这里。"),
    )


def _urge(say: Wording) -> Words:
    return Words(
        label=say.phrase("催办"),
        consequence=say.phrase("提醒现在该办的人，一天一次"),
        question=say.phrase("催办这件任务？"),
        body=say.phrase("经办人会收到您的催办；没有人签收的，通知整个小组。一天只能催一次。"),
        confirm=say.phrase("催办"),
        refuse=say.phrase("不催办"),
        done=say.phrase("已催办。"),
    )


DOINGS: Mapping[str, Doing] = {
    "reassignment": Doing(
        action="reassign",
        icon="arrows-exchange",
        verb=lambda acting, task, reason, to, version: casework.reassign_task(
            acting, task, to=to, reason=reason, expected=version
        ),
        words=_reassign,
    ),
    "delegation": Doing(
        action="delegate",
        icon="user-share",
        verb=lambda acting, task, reason, to, version: casework.delegate_task(
            acting, task, to=to, reason=reason, expected=version
        ),
        words=_delegate,
    ),
    "signers": Doing(
        action="add_signer",
        icon="users-plus",
        verb=lambda acting, task, reason, to, version: casework.add_signer(
            acting, task, person=to, reason=reason, expected=version
        ),
        words=_add_signer,
    ),
    "giving-back": Doing(
        action="give_back",
        icon="inbox",
        verb=lambda acting, task, reason, _, version: casework.give_back_task(
            acting, task, reason=reason, expected=version
        ),
        words=_give_back,
    ),
    "urging": Doing(
        action="urge",
        icon="message-exclamation",
        verb=lambda acting, task, reason, _, __: casework.urge_task(acting, task, reason=reason),
        words=_urge,
        asks_version=False,
    ),
    "return": Doing(
        action="return",
        icon="arrow-back-up",
        verb=lambda acting, task, reason, _, version: casework.return_task(
            acting, task, reason=reason, expected=version
        ),
        words=_send_back,
        apart=True,
    ),
    "taking-back": Doing(
        action="take_back",
        icon="arrow-back-up",
        verb=lambda acting, task, reason, _, version: casework.take_back_task(
            acting, task, reason=reason, expected=version
        ),
        words=_take_back,
    ),
}
"""Last part of the address → what is done there."""


ADDRESS = f"/tasks/<id:task_id>/<any({', '.join(repr(key) for key in DOINGS)}):act>"


def register(blueprint: Blueprint) -> None:
    """Add the pages of these acts to those of a task."""
    blueprint.add_url_rule(ADDRESS, view_func=ask)
    blueprint.add_url_rule(ADDRESS, view_func=carry_out, methods=["POST"])


def menu(found: Found) -> tuple[Act, ...]:
    """What may be done with a task now, as a menu."""
    say = frame.wording()
    return tuple(_act(found, key, doing, say) for key, doing in DOINGS.items() if doing.action in found.view.actions)


def _act(found: Found, key: str, doing: Doing, say: Wording) -> Act:
    words = doing.words(say)
    return Act(
        label=words.label,
        href=url_for("pages.tasks.ask", task_id=found.view.line.id, act=key),
        icon=doing.icon,
        consequence=words.consequence,
        apart=doing.apart,
        unavailable=urged_lately(found.view.line, say) if doing.action == "urge" else "",
    )


def urged_lately(line: TaskLine, say: Wording) -> str:
    """Why a task cannot be urged now; empty where it can."""
    if line.urged_at is None or now() - line.urged_at >= URGE_AGAIN_AFTER:
        return ""
    return say.phrase("已催过，%(at)s以后可以再催", at=say.moment(line.urged_at + URGE_AGAIN_AFTER))


@open_to("signed-in")
def ask(task_id: str, act: str) -> Response:
    """Ask for the reason of an act, and for whom it is."""
    found = read(task_id)
    if DOINGS[act].action not in found.view.actions:
        raise NotFound()
    return _asking(found, act, {}, {})


@open_to("signed-in")
def carry_out(task_id: str, act: str) -> Response | Redirection:
    """Do it, and say what came of it."""
    doing, say = DOINGS[act], frame.wording()
    words, form = doing.words(say), request.form
    given = {name: form.get(name, "") for name in (asking.REASON, asking.PERSON)}
    if words.whom and not given[asking.PERSON]:
        errors = {asking.PERSON: say.phrase("请选择一位同事")}
        errors |= {} if given[asking.REASON].strip() else {asking.REASON: say.phrase("请填写")}
        return _asking(read(task_id), act, given, errors, status=422)
    version = expected() if doing.asks_version else None
    try:
        do(lambda acting: doing.verb(acting, task_id, given[asking.REASON], given[asking.PERSON], version))
    except InvalidInput as invalid:
        return _asking(read(task_id), act, given, messages(invalid), status=422)
    except (Stale, NotPossible, NotAllowed) as refused:
        status = tell_refusal(refused, say.phrase("没有办成，您写的都还在。"))
        return _asking(read(task_id), act, given, {}, status=status)
    frame.tell(Tone.DONE, words.done)
    return redirect(url_for(DESK) if _gone(task_id) else url_for("pages.tasks.show", task_id=task_id))


def _gone(task_id: str) -> bool:
    """Whether the task is no longer open to the person who handed it on."""
    try:
        return read(task_id).view.line.assignee_id != caller().actor.person_id
    except NoSuchTask:
        return True


def _asking(
    found: Found, act: str, given: Mapping[str, str], errors: Mapping[str, str], *, status: int = 200
) -> Response:
    doing, say, line = DOINGS[act], frame.wording(), found.view.line
    words, here = doing.words(say), url_for("pages.tasks.show", task_id=found.view.line.id)
    questions = [asking.reason(say, say.phrase("理由"), say.phrase("会写进台账"))]
    if words.whom:
        with ground().database.reading() as session:
            colleagues = beside_task.colleagues_for(session, caller().actor, ground().releases, found.view)
        hint = say.phrase("同一角色、没有回避情形的同事")
        questions.insert(0, asking.colleague(say, words.whom, colleagues, hint))
    name = task_page.name(found.view, say)
    page = ConfirmPage(
        question=words.question,
        body=say.phrase("%(task)s，%(number)s。%(body)s", task=name, number=line.case_number, body=words.body),
        crumbs=(*task_page.crumbs(found, here=False), Link(label=words.label, href="", current=True)),
        form=asking.filled(
            url_for("pages.tasks.carry_out", task_id=line.id, act=act),
            questions,
            answers=given,
            errors=errors,
            version=line.version if doing.asks_version else None,
        ),
        confirm=words.confirm,
        refuse=Link(label=words.refuse, href=here),
        grave=doing.apart,
    )
    return printed("confirm.html", page, status=status, place=DESK)
