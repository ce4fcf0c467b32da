"""Coming in and going out: signing in, signing out, the first page, the language.

Whoever was sent here from a page gets back to it; what they had written there when their session had ended is kept.
"""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, Response, redirect, request, session, url_for
from werkzeug.wrappers import Response as Redirection

from api import identity, problems, rates
from api.errors import SignInFailed, SignInPaused
from api.ground import caller, caller_if_any, ground
from api.identity import open_to
from web.page_values import Again, Link, ResumePage, SignInPage, Tone
from web.views import frame
from web.views.printing import show

blueprint = Blueprint("entrance", __name__)

LAST = "last"
"""Entry of the cookie: who was signed in here last. It opens nothing."""
LONGEST_LOGIN = 64
LONGEST_ADDRESS = 500
YEAR = 365 * 24 * 3600


@blueprint.get("/")
@open_to("signed-in")
def home() -> Redirection:
    """The first page: the desk for those who work here, their own matters for those whom a case concerns."""
    return redirect(url_for("pages.desk.show" if caller().actor.roles else "pages.matters.listed"))


@blueprint.get("/sign-in")
@open_to("anyone")
def sign_in_page() -> Response | Redirection:
    """Ask for name and password. Who is signed in already goes on."""
    there = local(request.args.get("next", ""))
    if caller_if_any() is not None:
        return redirect(there or url_for("pages.entrance.home"))
    return ask(there)


@blueprint.post("/sign-in")
@open_to("anyone")
def sign_in() -> Response | Redirection:
    """Sign in, and go back to where one was."""
    there, kept = local(request.form.get("next", "")), request.form.get("kept", "")
    # A login holds nothing that cannot be seen, so what came in by accident is dropped.
    name = "".join(filter(str.isprintable, request.form.get("name", ""))).strip()
    password = request.form.get("password", "")
    say = frame.wording()
    if not name or not password:
        return ask(there, kept, name=name, error=say.phrase("请填写用户名和密码"), status=422)
    last = session.get(LAST)
    try:
        failed = identity.sign_in(name, password)
    except SignInFailed as wrong:
        return ask(there, kept, name=name, error=_said(wrong), status=401)
    except SignInPaused as paused:
        seconds = int(paused.facts["retry_after"])
        told = say.phrase("密码输错次数太多，登录已暂停，%(length)s后可以再试", length=say.wait(seconds))
        response = ask(there, kept, name=name, error=told, status=429)
        response.headers["Retry-After"] = str(seconds)
        return response
    if failed:
        tries = say.counted(
            "自上次登录以来，这个账号有%(n)d次密码输错", "自上次登录以来，这个账号有%(n)d次密码输错", failed
        )
        frame.tell(Tone.CARE, tries)
    session[LAST] = identity.recognise_anew().account_id
    if kept and there and last == session[LAST]:
        return resume(there, kept)
    return redirect(there or url_for("pages.entrance.home"))


@blueprint.post("/sign-out")
@open_to("anyone")
def sign_out() -> Redirection:
    """End the session, here and on the server."""
    identity.sign_out()
    frame.tell(Tone.DONE, frame.wording().phrase("您已退出登录"))
    return redirect(url_for("pages.entrance.sign_in_page"))


@blueprint.get("/language/<any(zh, en):language>")
@open_to("anyone")
def choose_language(language: str) -> Redirection:
    """Keep the language that was chosen, and go back to the page."""
    response = redirect(local(request.args.get("next", "")) or url_for("pages.entrance.home"))
    secure = bool(request.is_secure)
    response.set_cookie(frame.LANGUAGE, language, max_age=YEAR, samesite="Lax", httponly=True, secure=secure)
    return response


def ask(there: str, kept: str = "", *, name: str = "", error: str = "", status: int = 200) -> Response:
    """The sign-in page, to go to `there` afterwards with what was written and not yet sent."""
    here = ground()
    tries, seconds = rates.described(here.sign_in_by_login)
    page = SignInPage(
        action=url_for("pages.entrance.sign_in"),
        name=name,
        next=there,
        kept=kept,
        error=error,
        lock_after=tries,
        lock_minutes=-(-seconds // 60),
    )
    return show("signin.html", page, status=status)


def resume(there: str, kept: str) -> Response:
    """What was written and not sent, to be sent once more by the person themselves."""
    say = frame.wording()
    fields = tuple(pair for pair in parse_qsl(kept, keep_blank_values=True) if pair[0] != "csrf_token")
    page = ResumePage(
        name=caller().actor.name,
        again=Again(action=there, fields=fields, label=say.phrase("继续提交")),
        instead=Link(label=say.phrase("不提交，只打开那一页"), href=there),
    )
    return show("resume.html", page)


def posted() -> str:
    """What the current request posted, to be kept over signing in."""
    return urlencode(list(request.form.items(multi=True)))


def local(address: str) -> str:
    """An address of ours to go to, or nothing: never the address of somebody else's host."""
    plain = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if plain and "\\" not in address and len(address) <= LONGEST_ADDRESS else ""


def _said(error: Exception) -> str:
    return problems.describe(error, frame.language()).detail
