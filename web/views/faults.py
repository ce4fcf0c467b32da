"""What went wrong, as a page for people; machines are answered by `api.problems` as before.

Whoever is not signed in is asked to, and gets back to where they were with what they had written. May never tell a stranger
why we failed, nor let something be posted again that was not written on a page of ours.
"""

from __future__ import annotations

import re
from datetime import datetime

from flask import Flask, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from api import identity, problems
from api.errors import AccountDisabled, NotMeant, NotSignedIn, SessionExpired
from api.ground import caller_if_any
from api.problems import Problem
from web.page_values import Act, Again, ErrorPage, Fact, Tone
from web.presentation import Wording
from web.views import entrance, frame
from web.views.printing import show

OURS = "pages."
"""How the endpoints of pages begin."""
NAMED = frozenset({"not_possible", "conflict_of_interest", "task_not_open"})
"""Codes whose title says more than the status."""
SHORT = 5
"""Up to so many signs a text is soon written again."""
_WORDS = re.compile(r"[\s\u3400-\u9fff]")
"""What codes, dates and ids have none of."""
PERHAPS_BETTER_NEXT_TIME = frozenset({500, 503})


def install(app: Flask) -> None:
    """Answer the errors of people's requests with pages."""
    app.register_error_handler(Exception, answer)


def answer(error: Exception) -> ResponseReturnValue:
    """The answer to an error: a page for a person, a problem document for a machine."""
    if isinstance(error, HTTPException) and (error.code or 500) < 400:
        return error
    if not for_a_person():
        return problems.answer(error)
    if isinstance(error, (NotSignedIn, SessionExpired, AccountDisabled)):
        return _to_the_entrance(error)
    if isinstance(error, NotMeant) and written_here():
        say = frame.wording()
        if caller_if_any() is None:
            told = say.phrase("这一页放得太久，或者浏览器不接受本站的Cookie。请再试一次。")
            return entrance.ask(entrance.local(request.form.get("next", "")), error=told, status=403)
        frame.tell_here(Tone.CARE, say.phrase("这一页打开以后，您在别处重新登录过。刚才的内容还没有提交。"))
        return entrance.resume(request.full_path.rstrip("?"), entrance.posted())
    if request.endpoint is None:
        identity.recognise_anyway()
    # What was meant for the page one came from could tell of what the error hides.
    frame.tell_nothing_here()
    problem = problems.describe(error, frame.language())
    return page(problem, told_of=getattr(error, "told", None) or error)


def for_a_person() -> bool:
    """Whether a page is wanted: at the address of one, or anywhere outside the API by somebody who reads HTML."""
    if request.endpoint is not None:
        return request.endpoint.startswith(OURS)
    if request.path.startswith(identity.MACHINES):
        return False
    return request.accept_mimetypes.best_match(("application/json", "text/html"), "application/json") == "text/html"


def written_here() -> bool:
    """Whether what was posted was written on a page of ours: browsers tell, and no page can make them lie."""
    return request.method == "POST" and request.headers.get("Sec-Fetch-Site") == "same-origin"


def page(problem: Problem, *, told_of: Exception | None = None) -> ResponseReturnValue:
    """A problem as a page, with the next step: back, or the same once more where that may help."""
    say = frame.wording()
    facts = getattr(told_of, "facts", {})
    home = Act(label=say.phrase("去工作台"), href=url_for("pages.entrance.home"))
    again = None
    if problem.status in PERHAPS_BETTER_NEXT_TIME and written_here():
        fields = tuple(pair for pair in request.form.items(multi=True) if pair[0] != "csrf_token")
        again = Again(action=request.full_path.rstrip("?"), fields=fields, label=say.phrase("再试一次"))
    shown = ErrorPage(
        status=problem.status,
        heading=problem.title if problem.code in NAMED else "",
        sentence=problem.detail if problem.status < 500 else "",
        changes=_changes(facts, say),
        problems=tuple(each["message"] for each in problem.errors),
        acts=(home,),
        again=again,
        typed=_typed() if again is None and written_here() else (),
        reference=str(facts.get("incident") or problem.facts.get("incident") or ""),
        retry_after=int(problem.headers["Retry-After"]) if "Retry-After" in problem.headers else None,
    )
    response = show("error.html", shown, status=problem.status)
    response.headers.extend({name: value for name, value in problem.headers.items() if name != "WWW-Authenticate"})
    return response


def _typed() -> tuple[str, ...]:
    """The texts that were written on the page before: what is chosen is soon chosen again, what is written is not."""
    texts = (value.strip() for name, value in request.form.items(multi=True) if name != "csrf_token")
    return tuple(text for text in texts if len(text) > SHORT and _WORDS.search(text))


def _changes(facts: object, say: Wording) -> tuple[Fact, ...]:
    """Who was faster, and when."""
    if not isinstance(facts, dict) or not facts.get("by") or not facts.get("at"):
        return ()
    at = say.moment(datetime.fromisoformat(str(facts["at"])))
    return (Fact(label=say.phrase("谁"), text=str(facts["by"])), Fact(label=say.phrase("何时"), text=at))


def _to_the_entrance(error: Exception) -> ResponseReturnValue:
    """Ask who is not signed in to sign in. What was posted is kept for the same person, if they wrote it on a page of ours."""
    say = frame.wording()
    there = entrance.local(request.full_path.rstrip("?"))
    expired = isinstance(error, SessionExpired)
    g.caller = None
    if isinstance(error, AccountDisabled):
        last = session.get(entrance.LAST)
        session.clear()
        session[entrance.LAST] = last
        frame.tell_here(Tone.STOP, say.phrase("这个账号已停用。如有疑问，请联系系统管理员。"))
        return entrance.ask("", status=403)
    if request.method == "POST":
        kept = entrance.posted() if written_here() and entrance.LAST in session else ""
        told = (
            say.phrase("您的登录已过期。重新登录后，刚才写的还在。")
            if kept
            else say.phrase("您的登录已过期，请重新登录。")
        )
        frame.tell_here(Tone.CARE, told)
        return entrance.ask(there, kept, status=401)
    if expired:
        frame.tell(Tone.CARE, say.phrase("您的登录已过期。重新登录后会回到刚才的那一页。"))
    # From the first page nobody needs to be led back to it.
    back = None if request.endpoint == "pages.entrance.home" else there
    return redirect(url_for("pages.entrance.sign_in_page", next=back))
