"""The desk: what waits for me, by urgency, and what others owe. The order comes from the law, not from here."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, request, url_for

from api import paging
from api.ground import caller, ground, now
from api.identity import open_to
from web import case_words, limits
from web.page_values import Act, ClockState, DeskPage, Tag, TaskGroup, TaskRow, WaitingRow
from web.page_values import Clock as ShownClock
from web.presentation import Wording
from web.views import frame, task_acts
from web.views.printing import show as printed
from workflows import worklists
from workflows.releases import Law
from workflows.worklists import ClockView, TaskLine

blueprint = Blueprint("desk", __name__)

ROWS = 50
"""So many tasks stand on one page."""
OTHERS = 8
URGENCIES = (ClockState.OVERDUE, ClockState.TODAY, ClockState.SOON, ClockState.LATER, ClockState.SUSPENDED)


@blueprint.get("/desk")
@open_to("signed-in")
def show() -> Response:
    """My tasks by urgency."""
    me, say = caller().actor, frame.wording()
    after = paging.read(request.args.get("after"))
    with ground().database.reading() as session:
        law = ground().releases.current(session, frame.today())
        found = worklists.my_tasks(session, me, law, after=after, limit=ROWS)
        others = worklists.waiting_for_others(session, me, law, limit=OTHERS) if me.roles else ()
        ids = [line.id for line in (*found.items, *others)]
        over = worklists.clocks_over(session, ground().releases, ids)
    shown = _Desk(say, law, over)
    more = url_for("pages.desk.show", after=paging.write(found.next)) if found.next is not None else ""
    page = DeskPage(groups=shown.groups(found.items, more), waiting=tuple(shown.waiting(line) for line in others))
    return printed("desk.html", page)


class _Desk:
    """The lines of one desk, worded."""

    def __init__(self, say: Wording, law: Law, over: Mapping[str, ClockView]) -> None:
        self._say, self._law, self._over = say, law, over

    def groups(self, lines: tuple[TaskLine, ...], more: str) -> tuple[TaskGroup, ...]:
        by_urgency: dict[ClockState, list[TaskRow]] = {}
        for line in lines:
            row = self._row(line)
            by_urgency.setdefault(row.clock.state if row.clock else ClockState.LATER, []).append(row)
        filled = [urgency for urgency in URGENCIES if urgency in by_urgency]
        return tuple(
            TaskGroup(
                urgency=urgency,
                total=len(by_urgency[urgency]),
                rows=tuple(by_urgency[urgency]),
                more_href=more if urgency is filled[-1] else "",
            )
            for urgency in filled
        )

    def waiting(self, line: TaskLine) -> WaitingRow:
        href = url_for("pages.tasks.show", task_id=line.id)
        return WaitingRow(
            name=case_words.task_name(line, self._say),
            href=href,
            case_number=line.case_number,
            with_whom=line.assignee or self._group(line),
            clock=self._clock(line),
            urge=Act(
                label=self._say.phrase("催办"),
                href=url_for("pages.tasks.ask", task_id=line.id, act="urging"),
                unavailable=task_acts.urged_lately(line, self._say),
            ),
        )

    def _row(self, line: TaskLine) -> TaskRow:
        return TaskRow(
            id=line.id,
            name=case_words.task_name(line, self._say),
            href=url_for("pages.tasks.show", task_id=line.id),
            case_number=line.case_number,
            subject=line.case_title,
            clock=self._clock(line),
            tags=tuple(self._tags(line)),
            act=self._act(line),
        )

    def _act(self, line: TaskLine) -> Act:
        say, here = self._say, url_for("pages.tasks.show", task_id=line.id)
        if line.to_sign:
            return Act(label=say.phrase("会签"), href=here)
        if line.assignee_id is None:
            there = url_for("pages.tasks.claim", task_id=line.id)
            return Act(label=say.phrase("签收"), href=there, sends=True, version=line.version)
        return Act(label=say.phrase("办理"), href=here)

    def _tags(self, line: TaskLine) -> list[Tag]:
        say = self._say
        tags = []
        if line.to_sign:
            tags.append(Tag(icon="pencil", words=say.phrase("请您签名")))
        elif line.assignee_id is None:
            tags.append(Tag(icon="inbox", words=say.phrase("待签收：%(group)s", group=self._group(line))))
        if line.owner_id is not None:
            tags.append(Tag(icon="user-share", words=say.phrase("受委托办理")))
        return tags

    def _group(self, line: TaskLine) -> str:
        return case_words.role(line.role or "", self._law, self._say) or self._say.phrase("还没有人选")

    def _clock(self, line: TaskLine) -> ShownClock | None:
        view = self._over.get(line.id)
        return limits.clock(view, now(), self._say, self._law.calendar) if view is not None else None
