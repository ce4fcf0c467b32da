"""Who asks, and whether the door is open to them. Closed by default: a route that does not say to whom it is open stops the
application from starting.

A browser comes by session cookie, and then a request that changes something must carry the CSRF token, since browsers send
cookies by themselves. A machine comes by bearer token and needs none. May never decide about a case: roles open doors here,
what may be done behind them is `workflows.policy`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal, TypeVar

from flask import Flask, current_app, g, request, session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf, validate_csrf
from itsdangerous import URLSafeTimedSerializer

from api import accounts
from api.accounts import Caller, Known
from api.errors import NotMeant, NotSignedIn, RoleMissing, SessionExpired, SignInFailed, SignInPaused, WayInError
from api.ground import address, caller, caller_if_any, ground, now
from api.rates import TooOften
from api.unit_of_work import Asking
from forms import Problem
from workflows.acting import Acting, Actor
from workflows.errors import InvalidInput

Anything = TypeVar("Anything", bound=Callable[..., Any])
T = TypeVar("T")
Who = Literal["everybody", "anyone", "signed-in", "staff", "calendar"]
"""`everybody`: what is the same for all, and given without looking who asks. `calendar`: who holds a token for the feed, which
stands in the address, since calendars send no headers."""
Openness = Who | frozenset[str]

SECRET = "sid"  # noqa: S105 - the name of the entry in the signed cookie
CSRF_HEADER = "X-CSRF-Token"
MACHINES = "/api/"
"""Where scripts come; everywhere else pages do."""
MARK = "__open_to__"
STREAMED = "__streamed__"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data", "text/plain")
"""Types of body that a page of a stranger can make a browser send."""

csrf = CSRFProtect()


class Cookies(SecureCookieSessionInterface):
    """Signed cookies as Flask makes them, with SHA-256, and with a signer that is made once."""

    digest_method = staticmethod(hashlib.sha256)

    def __init__(self, app: Flask) -> None:
        self._signer = super().get_signing_serializer(app)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """The signer of this application."""
        return self._signer


class DoorWithoutRule(Exception):
    """A route does not say to whom it is open."""


def open_to(
    who: Who | None = None, *, roles: tuple[str, ...] = (), streamed: bool = False
) -> Callable[[Anything], Anything]:
    """Say to whom a route is open: to everybody without looking, to anyone, to whoever is signed in, to holders of any
    role, or of one of some.

    Args:
        streamed: the body is read by the view as it arrives, and the token with it: the view itself asks `prove`.
    """
    if bool(who) == bool(roles):
        raise DoorWithoutRule("say either who, or which roles")

    def mark(view: Anything) -> Anything:
        setattr(view, MARK, frozenset(roles) if roles else who)
        setattr(view, STREAMED, streamed)
        return view

    return mark


def install(app: Flask) -> None:
    """Guard every route of the application. Called before the routes are registered."""
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # we call it ourselves, once we know how the caller came
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # the token lives as long as the session
    app.session_interface = Cookies(app)
    csrf.init_app(app)
    app.extensions["wenze.doors"] = {}
    app.before_request(admit)


def seal(app: Flask) -> None:
    """Note to whom every route is open. Called once all routes are registered.

    Raises:
        DoorWithoutRule: naming every route that does not say.
    """
    doors: dict[tuple[str, str], Openness] = {}
    streamed = set()
    silent = []
    for endpoint, method, view in routes(app):
        openness = getattr(view, MARK, None)
        if openness is None:
            silent.append(f"{method} {endpoint}")
        else:
            doors[endpoint, method] = openness
            if getattr(view, STREAMED, False):
                streamed.add((endpoint, method))
    if silent:
        raise DoorWithoutRule(f"open_to is missing on: {', '.join(sorted(silent))}")
    app.extensions["wenze.doors"] = doors
    app.extensions["wenze.streamed"] = frozenset(streamed)


def routes(app: Flask) -> Iterator[tuple[str, str, Any]]:
    """Every endpoint with each of its methods and the function that answers; OPTIONS is the framework's."""
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) - {"OPTIONS"}:
            yield rule.endpoint, method, app.view_functions[rule.endpoint]


def admit() -> None:
    """Let a request in, or raise why not."""
    if request.endpoint is None or request.method == "OPTIONS":
        return  # unknown address or method: the framework answers, and there is nothing behind it
    openness = current_app.extensions["wenze.doors"][request.endpoint, request.method]
    if openness == "everybody":
        return
    g.caller = caller = _of_feed() if openness == "calendar" else _recognise(openness == "anyone")
    _prove_it_was_meant(caller)
    if openness == "anyone":
        return
    if caller is None:
        raise NotSignedIn()
    if openness == "staff" and not caller.actor.roles:
        raise RoleMissing()
    if isinstance(openness, frozenset) and not caller.actor.holds(openness):
        raise RoleMissing(wanted=sorted(openness))


def _of_feed() -> Caller | None:
    token = request.args.get("token")
    if token is None:
        return None
    with ground().database.glance() as connection:
        return accounts.calendar(connection, token, g.now)


def recognise_anyway() -> None:
    """Recognise whoever asked for an address that does not exist, so that they are answered as themselves."""
    try:
        g.caller = _recognise(True)
    except WayInError:
        g.caller = None


def recognise_anew() -> Caller:
    """Who is signed in now, after signing in within the current request."""
    g.caller = found = _recognise(False)
    if found is None:
        raise NotSignedIn()
    return found


def _recognise(forgiving: bool) -> Caller | None:
    """Who sent the request. Where anyone may come, an ended session is no reason to refuse."""
    authorization = request.authorization
    if authorization is not None and authorization.type == "bearer":
        with ground().database.glance() as connection:
            return accounts.bearer(connection, authorization.token or "", g.now)
    secret = session.get(SECRET)
    if secret is None:
        return None
    try:
        with ground().database.glance() as connection:
            return accounts.browser(connection, secret, g.now)
    except SessionExpired:
        if forgiving:
            return None
        raise


def _prove_it_was_meant(caller: Caller | None) -> None:
    if request.method in ("GET", "HEAD"):
        return
    by_browser = caller.by_session if caller is not None else request.mimetype in FORMS
    if not by_browser or (request.endpoint, request.method) in current_app.extensions["wenze.streamed"]:
        return
    try:
        if request.path.startswith(MACHINES):
            # From the header alone: looking for it in the body would read an upload before anybody wants it.
            validate_csrf(request.headers.get(CSRF_HEADER))
        else:
            csrf.protect()
    except (CSRFError, ValueError) as missing:  # the second: how the form library says that a token is none
        raise NotMeant() from missing


def prove(token: str | None) -> None:
    """Ask of a request whose body the view read by itself whether it comes from a page of ours.

    Raises:
        NotMeant: the token that came with the body is none of this browser's.
    """
    if not caller().by_session:
        return
    try:
        validate_csrf(token)
    except (CSRFError, ValueError) as missing:
        raise NotMeant() from missing


# --- signing in and out -----------------------------------------------------------------------------------------------


def sign_in(login: str, password: str) -> int:
    """Sign the browser of the current request in; the answer carries the cookie.

    Returns:
        How often signing in had failed since the last time.

    Raises:
        SignInFailed: login or password is wrong; unknown logins take as long and sound the same.
        SignInPaused: too many tries from this address, or failures for this login, known or not.
    """
    here = ground()
    by_login = (here.sign_in_by_login, "login", accounts.folded(login)[:64])
    with _pausing():
        here.rates.try_once(here.sign_in_by_address, "address", address())
        here.rates.check(*by_login)
    with here.database.reading() as reading:
        known = accounts.who_signs_in(reading, login)
    if not here.passwords.fits(known.password if known else None, password):
        with _pausing():
            here.rates.try_once(*by_login)
        if known is not None:
            _run(lambda acting: accounts.note_failure(acting, known.account_id), known.actor)
        raise SignInFailed()
    assert known is not None  # noqa: S101 - no password fits nobody
    here.rates.forget(*by_login)
    return _begin(known, password)


def sign_out() -> None:
    """End the session of the current browser, on the server too."""
    secret = session.get(SECRET)
    session.clear()
    who = caller_if_any()
    if secret is not None and who is not None:
        _run(lambda acting: accounts.end_session(acting, secret), who.actor)


def change_password(old: str, new: str) -> None:
    """Change the password of the caller. All their sessions and tokens end, this one too.

    Raises:
        SignInFailed: the old password is wrong; it counts as a failed sign-in.
        InvalidInput: the new one is too short, too long, or the old one.
    """
    me, here = caller(), ground()
    by_login = (here.sign_in_by_login, "login", me.login)
    with _pausing():
        here.rates.check(*by_login)
    with here.database.reading() as reading:
        kept = accounts.kept_password(reading, me.account_id)
    if kept is None or not here.passwords.fits(kept, old):
        with _pausing():
            here.rates.try_once(*by_login)
        raise SignInFailed("The old password is wrong.")
    if old == new:
        raise InvalidInput((Problem(path="new", code="unchanged", message=_UNCHANGED),))
    hashed = accounts.new_password(new, here.passwords, path="new")
    _run(lambda acting: accounts.change_password(acting, me.account_id, kept=kept, new=hashed), me.actor)
    session.clear()


_UNCHANGED = {"zh": "新密码与原密码相同。", "en": "This is the old password."}


def csrf_token() -> str:
    """The token that this browser must send with each request that changes something."""
    return str(generate_csrf())


def _begin(known: Known, password: str) -> int:
    here = ground()
    stronger = here.passwords.hash(password) if here.passwords.outdated(known.password) else None
    secret, failed = _run(
        lambda acting: accounts.begin_session(acting, known.account_id, hours=here.session_hours, stronger=stronger),
        known.actor,
    )
    # A new session throughout: nothing that a stranger may have planted in the cookie survives signing in.
    session.clear()
    session[SECRET] = secret
    return failed


def _run(verb: Callable[[Acting], T], actor: Actor) -> T:
    return ground().unit_of_work.run(verb, Asking(by=actor, now=now(), request=g.request_id))


@contextmanager
def _pausing() -> Iterator[None]:
    try:
        yield
    except TooOften as paused:
        raise SignInPaused(retry_after=paused.retry_after) from None
