"""What stands around every page, from whoever asks: language, person, places to go, release, notes from the page before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from flask import current_app, g, request, session, url_for
from flask.globals import request_ctx

from api import problems
from api.accounts import Caller
from api.ground import caller_if_any, ground, now
from web.page_values import Frame, Link, Note, Person, ReleaseLine, Tone
from web.presentation import LANGUAGES, Wording
from workflows import people, worklists
from workflows.errors import NotFound
from workflows.releases import Law

LANGUAGE = "language"
"""Name of the cookie that keeps the language somebody chose."""
NOTES = "notes"
LOOKED = "looked"
"""Entry of the cookie: when this browser last looked at the notices."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place of the main navigation."""

    endpoint: str
    label: Callable[[Wording], str]
    open_to: Callable[[Caller, Law], bool] = lambda _caller, _law: True


PLACES: tuple[Place, ...] = (
    Place(endpoint="pages.desk.show", label=lambda say: say.phrase("工作台")),
    Place(endpoint="pages.cases.listed", label=lambda say: say.phrase("案件")),
    Place(
        endpoint="pages.clues.ask",
        label=lambda say: say.phrase("登记线索"),
        open_to=lambda caller, law: caller.actor.holds(law.roles.that_may("case.open")),
    ),
)
"""The main navigation of the staff, in its order."""


# --- language and words


def language() -> Literal["zh", "en"]:
    """The language of the page: the one chosen, else the one the browser prefers."""
    match request.cookies.get(LANGUAGE):
        case "zh":
            return "zh"
        case "en":
            return "en"
        case _:
            return problems.language()


def wording() -> Wording:
    """How things are said in answer to the current request."""
    return Wording(language(), today(), zone())


def zone() -> ZoneInfo:
    """The zone in which dates are shown."""
    return ZoneInfo(current_app.config["WENZE_ZONE"])


def today() -> date:
    """The day of the current request in the zone of the jurisdiction."""
    return now().astimezone(zone()).date()


# --- the frame


def frame(place: str = "") -> Frame:
    """The frame of the page that answers the current request."""
    who, words = caller_if_any(), wording()
    with ground().database.reading() as reading:
        organ = people.organ(reading)
        authority = organ.name if organ is not None else words.phrase("本机关")
        try:
            law = ground().releases.current(reading, today())
        except NotFound:
            law = None
        post = people.post_of(reading, who.actor.person_id) if who is not None else ""
        fresh = worklists.fresh_notices(reading, who.actor, law, looked_at()) if who is not None and law else 0
    staff = who is not None and bool(who.actor.roles)
    return Frame(
        language=words.language,
        authority=authority,
        other_language_href=_other_language(words.language),
        home_href=url_for("pages.entrance.home"),
        staff=staff,
        person=Person(name=who.actor.name, post=post, links=_own_links(words, fresh)) if who is not None else None,
        navigation=_navigation(who, law, words, place) if staff and who is not None and law is not None else (),
        notices=_bell(words, fresh),
        release=ReleaseLine(name=law.name, in_force_since=law.effective_from) if law is not None else None,
        notes=_notes(),
        sign_out_href=url_for("pages.entrance.sign_out"),
    )


def _navigation(who: Caller, law: Law, words: Wording, place: str) -> tuple[Link, ...]:
    here = place or request.endpoint
    return tuple(
        Link(label=each.label(words), href=url_for(each.endpoint), current=each.endpoint == here)
        for each in PLACES
        if each.open_to(who, law)
    )


def looked_at() -> datetime | None:
    """When this browser last looked at the notices; None where it never has."""
    try:
        return datetime.fromisoformat(session[LOOKED])
    except (KeyError, ValueError, TypeError):
        return None


def _bell(words: Wording, fresh: int) -> Link:
    label = words.counted("%(n)d条新通知", "%(n)d条新通知", fresh) if fresh else words.phrase("没有新的通知")
    return Link(label=label, href=url_for("pages.notices.show"), count=fresh or None)


def _own_links(words: Wording, fresh: int) -> tuple[Link, ...]:
    told = words.counted("%(n)d条新通知", "%(n)d条新通知", fresh) if fresh else words.phrase("通知")
    return (
        Link(label=told, href=url_for("pages.notices.show")),
        Link(label=words.phrase("与我有关的案件"), href=url_for("pages.matters.listed")),
    )


def _other_language(current: str) -> str:
    """The address that shows this page in the other language; what was posted has the address of its form."""
    other = next(each for each in LANGUAGES if each != current)
    adapter = request_ctx.url_adapter
    can_be_opened = adapter is not None and adapter.test(request.path, method="GET")
    there = request.full_path.rstrip("?") if can_be_opened else url_for("pages.entrance.home")
    return url_for("pages.entrance.choose_language", language=other, next=there)


# --- notes from one page to the next


def tell(tone: Tone, text: str, lead: str = "") -> None:
    """Say something on the next page this browser is shown."""
    session[NOTES] = [*session.get(NOTES, ()), [tone.value, text, lead]][-3:]


def tell_here(tone: Tone, text: str, lead: str = "") -> None:
    """Say something on the page that answers the current request."""
    g.setdefault(NOTES, []).append(Note(tone=tone, text=text, lead=lead))


def tell_nothing_here() -> None:
    """Take back what was to be said on the page of the current request: another one is shown instead."""
    g.pop(NOTES, None)


def _notes() -> tuple[Note, ...]:
    kept = session.pop(NOTES, ()) if NOTES in session else ()
    return (*(Note(tone=Tone(tone), text=text, lead=lead) for tone, text, lead in kept), *g.get(NOTES, ()))
