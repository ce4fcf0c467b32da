"""Cases: the list of those a person may open, and the file of one: limits, parties, history, diagrams, evidence.

It shows what the worklists give. May never look past them.
"""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, request, url_for
from werkzeug.exceptions import NotFound as NoSuchPage

from api import paging
from api.bodies import keepable
from api.ground import caller, ground, now
from api.identity import open_to
from web import case_words, limits
from web.case_file import CaseFile
from web.case_words import Codes
from web.page_values import Act, CasePage, CaseRow, CasesPage, LedgerBox, Link, Tone
from web.presentation import Wording
from web.views import frame, limit_acts
from web.views.addresses import OfCase
from web.views.printing import show as printed
from workflows import ledger, people, reckonings, worklists
from workflows.acting import Actor
from workflows.ledger import Verification
from workflows.releases import Law
from workflows.worklists import CaseLine, Happening

blueprint = Blueprint("cases", __name__)

PLACE = "pages.cases.listed"
ROWS = 50
ENTRIES = 20
"""Entries of the timeline on one page."""
LONGEST_SEARCH = 100
OLDEST = "oldest"


# --- the list ---------------------------------------------------------------------------------------------------------


@blueprint.get("/cases")
@open_to("signed-in")
def listed() -> Response:
    """The cases I may open, by number, title or state."""
    me, say = caller().actor, frame.wording()
    search, state = _asked("search"), _asked("state")
    after = paging.read(request.args.get("after"))
    with ground().database.reading() as session:
        law = ground().releases.current(session, frame.today())
        found = worklists.cases(session, me, law, search=search, state=state, after=after, limit=ROWS)
    more = ""
    if found.next is not None:
        more = url_for(PLACE, after=paging.write(found.next), search=search or None, state=state or None)
    page = CasesPage(
        action=url_for(PLACE),
        rows=tuple(_row(line, say) for line in found.items),
        search=search,
        state=state,
        states=tuple((code, case_words.state(code, say)) for code in case_words.states_of(law)),
        more_href=more,
        clear_href=url_for(PLACE) if search or state else "",
        begin=_begin(me, law, say),
    )
    return printed("cases.html", page, place=PLACE)


def _asked(name: str) -> str:
    given = request.args.get(name, "").strip()[:LONGEST_SEARCH]
    return given if keepable(given) else ""


def _row(line: CaseLine, say: Wording) -> CaseRow:
    return CaseRow(
        number=line.number,
        title=line.title,
        href=url_for("pages.cases.show", case_id=line.id),
        state=case_words.state(line.state, say),
        unit=line.unit,
        opened=line.opened_at,
        due=line.due_at - timedelta(seconds=1) if line.due_at is not None else None,
        late=line.due_at is not None and line.due_at <= now(),
    )


def _begin(me: Actor, law: Law, say: Wording) -> Act | None:
    if not me.holds(law.roles.that_may("case.open")):
        return None
    return Act(label=say.phrase("登记线索"), href=url_for("pages.clues.ask"), icon="inbox")


# --- one case ---------------------------------------------------------------------------------------------------------


@blueprint.get("/cases/<id:case_id>")
@open_to("signed-in")
def show(case_id: str) -> Response:
    """The file of one case."""
    return page(case_id)


@blueprint.post("/cases/<id:case_id>/ledger")
@open_to("signed-in")
def verify(case_id: str) -> Response:
    """Go through the ledger of the case, and show the file with what came of it. Nothing is changed."""
    with ground().database.reading() as session:
        worklists.may_look(session, caller().actor, ground().releases.current(session, frame.today()), case_id)
        found = ledger.verify(session, case_id)
    return page(case_id, verified=found)


@blueprint.get("/cases/<id:case_id>/limits/<id:clock_id>")
@open_to("signed-in")
def limit(case_id: str, clock_id: str) -> Response:
    """One limit of a case and every day of its count."""
    me, say, releases = caller().actor, frame.wording(), ground().releases
    with ground().database.reading() as session:
        law = releases.current(session, frame.today())
        worklists.may_look(session, me, law, case_id)
        found = reckonings.reckon(session, me, releases, law, case_id, clock_id, now())
        line = worklists.case_line(session, case_id)
    at = OfCase(case_id)
    crumbs, acts = at.crumbs(say, line.number, say.of(found.view.name)), limit_acts.menu(found, at)
    shown = limits.page(found, now(), say, law.calendar, crumbs=crumbs, task=at.task, acts=acts)
    return printed("limit.html", shown, place=PLACE)


def page(case_id: str, *, verified: Verification | None = None) -> Response:
    """The page of a case, with the result of a check of its ledger where one was asked for."""
    oldest_first = request.args.get("order") == OLDEST
    beyond = _number("beyond")
    file, history, more = _read(case_id, oldest_first=oldest_first, beyond=beyond)
    say, view, at = file.say, file.view, OfCase(case_id)
    bars, parties, evidence = file.bars(), file.parties(), file.evidence()
    order, turned = (OLDEST, None) if oldest_first else (None, OLDEST)
    shown = CasePage(
        number=view.line.number,
        title=view.line.title,
        state=case_words.state(view.line.state, say),
        crumbs=(
            OfCase.root(say),
            Link(label=view.line.number, href="", current=True),
        ),
        main_clock=file.main_clock(),
        secrecy=file.secrecy(),
        acts=file.acts(),
        my_task=file.my_task(caller().actor.person_id),
        tabs=tuple(_tabs(say, len(bars), len(parties), len(evidence))),
        limits=bars,
        unpublished_from=file.unpublished_from(bars),
        parties=parties,
        timeline=file.timeline(
            history, newest_first=not oldest_first, to_now=not more if oldest_first else beyond is None
        ),
        newest_first=not oldest_first,
        turn_href=at.page(order=turned) + "#timeline",
        older_href=at.page(order=order, beyond=history[-1].number) + "#timeline" if more else "",
        waiting=file.waiting(),
        diagrams=file.diagrams(),
        evidence=evidence,
        hand_in=_hand_in(file),
        applications=file.applications(),
        protected=file.protected(),
        protected_from="" if file.may_open_protected else say.phrase("只对有权阅读的人开放"),
        linked=file.linked(),
        ledger=_ledger(file, history, verified),
    )
    if view.stalled:
        frame.tell_here(Tone.CARE, say.phrase("计时没有走通，系统会再试；管理员已能看到原因。"))
    return printed("case.html", shown, place=PLACE)


def _read(case_id: str, *, oldest_first: bool, beyond: int | None) -> tuple[CaseFile, tuple[Happening, ...], bool]:
    """The file for the person who asks, a part of its history, and whether there is more of it."""
    me, here = caller().actor, ground()
    say = frame.wording()
    with here.database.reading() as session:
        law = here.releases.current(session, frame.today())
        view = worklists.case(session, me, here.releases, law, case_id)
        told = worklists.history(session, case_id, beyond=beyond, oldest_first=oldest_first, limit=ENTRIES + 1)
        history = told[:ENTRIES]
        under = {each.release_id for each in view.proceedings} | {each.release_id for each in view.applications}
        laws = {release_id: here.releases.law(session, release_id) for release_id in under}
        concerned = people.names(session, case_words.people_in(history))
    permissions = {
        each for role, unit in me.roles if unit == view.unit_id and role in law.roles for each in law.roles[role].may
    }
    file = CaseFile(
        view=view,
        laws=laws,
        law=law,
        now=now(),
        say=say,
        at=OfCase(case_id),
        codes=Codes(law.forms.values(), say),
        may=frozenset(permissions),
        people=concerned,
    )
    return file, history, len(told) > ENTRIES


def _number(name: str) -> int | None:
    given = request.args.get(name)
    if given is None:
        return None
    if not (given.isascii() and given.isdecimal() and len(given) < 10):
        raise NoSuchPage()
    return int(given)


def _tabs(say: Wording, bars: int, parties: int, evidence: int) -> list[Link]:
    tabs = [
        Link(label=say.phrase("概览"), href="#main", current=True),
        Link(label=say.phrase("当事人"), href="#parties", count=parties),
        Link(label=say.phrase("经过"), href="#timeline"),
        Link(label=say.phrase("程序"), href="#procedure-1"),
    ]
    if bars:
        tabs.insert(1, Link(label=say.phrase("期限"), href="#limits", count=bars))
    if evidence:
        tabs.append(Link(label=say.phrase("证据"), href="#evidence", count=evidence))
    return [*tabs, Link(label=say.phrase("台账"), href="#ledger")]


def _hand_in(file: CaseFile) -> Act | None:
    if "evidence.add" not in file.may or file.view.closed_at is not None:
        return None
    return Act(label=file.say.phrase("登记证据"), href=OfCase(file.view.line.id).hand_in(), icon="plus")


def _ledger(file: CaseFile, history: tuple[Happening, ...], verified: Verification | None) -> LedgerBox:
    entries, head = file.view.ledger
    last = max(history, key=lambda each: each.number, default=None)
    again = file.say.phrase("再核验一次") if verified is not None else file.say.phrase("核验")
    return LedgerBox(
        entries=entries,
        last_at=last.at if last is not None and last.number == entries else None,
        tail=f"{head[:4]}…{head[-4:]}" if head else "",
        verify=Act(label=again, href=url_for("pages.cases.verify", case_id=file.view.line.id), sends=True),
        verified=verified.holds if verified is not None else None,
        broken_at=verified.broken_at if verified is not None else None,
    )
