"""What concerns me: the matters in which I am a party, as far as the law lets me know, with my rights and my limits.

Of others it shows nothing: neither other parties, nor who reported, nor what is deliberated.
"""

from __future__ import annotations

from flask import Blueprint, Response, redirect, url_for
from werkzeug.wrappers import Response as Redirection

from api.ground import caller, ground, now
from api.identity import open_to
from web import case_words, limits
from web.case_file import application_row
from web.case_words import Codes
from web.own_page import OwnMatter
from web.page_values import Answered, Fact, Link, MatterRow, MattersPage, ReceiptPage
from web.presentation import Wording
from web.views import frame
from web.views.addresses import OfMatter
from web.views.printing import show as printed
from workflows import reckonings, worklists
from workflows.errors import NotFound
from workflows.worklists import Happening

blueprint = Blueprint("matters", __name__)


@blueprint.get("/matters")
@open_to("signed-in")
def listed() -> Response | Redirection:
    """My matters; with one alone, that one."""
    with ground().database.reading() as session:
        found = worklists.my_matters(session, caller().actor)
    if len(found) == 1:
        return redirect(url_for("pages.matters.show", case_id=found[0]["case_id"]))
    rows = tuple(
        MatterRow(
            number=each["case_number"],
            title=each["title"],
            href=OfMatter(each["case_id"]).page(),
            organ=each["organ"],
            clock=read(each["case_id"]).soonest(),
        )
        for each in found
    )
    return printed("matters.html", MattersPage(rows=rows))


@blueprint.get("/matters/<id:case_id>")
@open_to("signed-in")
def show(case_id: str) -> Response:
    """One matter of mine."""
    return printed("respondent_case.html", read(case_id).page())


@blueprint.get("/matters/<id:case_id>/limits/<id:clock_id>")
@open_to("signed-in")
def limit(case_id: str, clock_id: str) -> Response:
    """One of my limits and every day of its count."""
    own, say = read(case_id), frame.wording()
    if clock_id not in {each.id for each in own.matter["clocks"]}:
        raise NotFound("There is no such limit in this case.", clock=clock_id, case=case_id)
    with ground().database.reading() as session:
        found = reckonings.reckon(session, caller().actor, ground().releases, own.law, case_id, clock_id, now())
    crumbs = OfMatter(case_id).crumbs(say, own.matter["case_number"], say.of(found.view.name))
    return printed("limit.html", limits.page(found, now(), say, own.law.calendar, crumbs=crumbs))


@blueprint.get("/matters/<id:case_id>/receipts/<int:number>")
@open_to("signed-in")
def receipt(case_id: str, number: int) -> Response:
    """Proof of something I sent: what, when, and the value by which it can be checked in the ledger."""
    own, say = read(case_id), frame.wording()
    act = next((each for each in own.acts if each.number == number), None)
    if act is None:
        raise NotFound(case=case_id)
    what = own.what(act)
    shown = ReceiptPage(
        what=what,
        number=own.matter["case_number"],
        at=act.at,
        by=act.actor,
        crumbs=OfMatter(case_id).crumbs(say, own.matter["case_number"], say.phrase("回执")),
        back=Link(label=say.phrase("返回我的案件"), href=OfMatter(case_id).page()),
        answers=_said(own, act, say),
        facts=_proof(own, act, say),
    )
    return printed("receipt.html", shown)


def read(case_id: str) -> OwnMatter:
    """A matter of the person who asks.

    Raises:
        NotFound: it does not concern them, or they have not been told yet.
    """
    me, here, say = caller().actor, ground(), frame.wording()
    with here.database.reading() as session:
        law = here.releases.current(session, frame.today())
        matter = worklists.own_matter(session, me, here.releases, case_id)
        laws = {each.release_id: here.releases.law(session, each.release_id) for each in matter["proceedings"]}
        acts = worklists.own_acts(session, me, case_id)
    return OwnMatter(
        matter=matter,
        acts=acts,
        laws=laws,
        law=law,
        now=now(),
        say=say,
        at=OfMatter(case_id),
        codes=Codes(law.forms.values(), say),
    )


def _said(own: OwnMatter, act: Happening, say: Wording) -> tuple[Answered, ...]:
    """What was said with it, where that is kept beside the tasks."""
    said = next((each for each in own.matter["applications"] if act.act == "case.told" and each.at == act.at), None)
    if said is None:
        return ()
    names = {item["id"]: f"{case_words.exhibit(item['number'], say)} {item['name']}" for item in own.matter["evidence"]}
    names[own.matter["party_id"]] = act.actor
    row = application_row(said, own.laws[said.release_id], names, say)
    return row.answers or (Answered(label=say.phrase("理由"), values=(row.reason,), prose=True),)


def _proof(own: OwnMatter, act: Happening, say: Wording) -> tuple[Fact, ...]:
    facts = [
        Fact(label=say.phrase("案号"), text=own.matter["case_number"]),
        Fact(label=say.phrase("台账记录"), text=say.phrase("第%(n)d条", n=act.number)),
        Fact(label=say.phrase("记录的校验值"), text=act.hash),
    ]
    item = next((each for each in own.matter["evidence"] if f"evidence:{each['id']}" == act.subject), None)
    if item is not None:
        facts.append(Fact(label=say.phrase("文件的校验值"), text=item["sha256"]))
    return tuple(facts)
