"""Accounts, sessions of browsers and bearer tokens: who may come in, and who that is.

An account lets one person in; what the person may do is read from their roles at each request. Of a session or a token only
a hash is kept, so that whoever reads the database cannot come in. May never decide about a case, and never keeps a secret
that could be used.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, ForeignKey, Row, Select, String, bindparam, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from api.errors import AccountDisabled, SessionExpired, TokenNotValid
from api.passwords import LEAST, MOST, Passwords
from forms import Problem
from workflows import ledger
from workflows.acting import Acting, Actor
from workflows.columns import Moment
from workflows.errors import InvalidInput, NotFound, NotPossible, Stale
from workflows.identifiers import new_id
from workflows.records import Hash, Id, Membership, Person, Record

API, CALENDAR = "api", "calendar"
"""What a token opens."""
TOKEN_MARK = "wz_"  # noqa: S105 - a prefix by which scanners recognise a leaked token
LOGIN = re.compile(r"[\w.@+-]{2,64}")


class Account(Record):
    """Lets one person in."""

    __tablename__ = "account"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), unique=True)
    login: Mapped[str] = mapped_column(String(64), unique=True)
    """As compared: normalised and case-folded."""
    password: Mapped[str | None] = mapped_column(String(200))
    """Argon2id hash. None for a machine, which comes in by token only."""
    password_set_at: Mapped[datetime | None] = mapped_column(Moment)
    epoch: Mapped[int] = mapped_column(default=1)
    """Sessions and tokens of an earlier epoch are void: one number ends them all."""
    failed: Mapped[int] = mapped_column(default=0)
    """Failed sign-ins since the last good one, told to the person at the next."""
    created_at: Mapped[datetime] = mapped_column(Moment)
    disabled_at: Mapped[datetime | None] = mapped_column(Moment)


class BrowserSession(Record):
    """A browser in which somebody signed in."""

    __tablename__ = "browser_session"
    hash: Mapped[str] = mapped_column(Hash, primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    epoch: Mapped[int]
    begun_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class BearerToken(Record):
    """A secret with which a machine acts for an account."""

    __tablename__ = "bearer_token"
    hash: Mapped[str] = mapped_column(Hash, primary_key=True)
    id: Mapped[str] = mapped_column(Id, unique=True)
    """Names the token to people; the hash is never shown."""
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    purpose: Mapped[str] = mapped_column(String(20), default="api")
    """`api`: whatever the account may do. `calendar`: the feed of the own limits and nothing else."""
    epoch: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who sent a request, and by what they were recognised."""

    account_id: str
    login: str
    actor: Actor
    by_session: bool
    """By a cookie, which a browser sends by itself: then a request that changes something must prove it was meant."""


# --- who is it --------------------------------------------------------------------------------------------------------


def bearer(connection: Connection, token: str, now: datetime) -> Caller:
    """Who acts with this token. One statement.

    Raises:
        TokenNotValid: unknown, revoked, expired, or void.
        AccountDisabled: the account is disabled, or the person has left.
    """
    return _by_token(connection, token, now, API)


def calendar(connection: Connection, token: str, now: datetime) -> Caller:
    """Whose calendar feed this token opens. One statement. Raises as `bearer`."""
    return _by_token(connection, token, now, CALENDAR)


def _by_token(connection: Connection, token: str, now: datetime, purpose: str) -> Caller:
    rows = _rows(connection, _BY_TOKEN, token)
    if not _valid(rows, now) or rows[0].purpose != purpose:
        raise TokenNotValid()
    return _caller(rows, by_session=False)


def browser(connection: Connection, secret: str, now: datetime) -> Caller:
    """Who is signed in in the browser that holds this secret. One statement.

    Raises:
        SessionExpired: unknown, ended, expired, or void.
        AccountDisabled: the account is disabled, or the person has left.
    """
    rows = _rows(connection, _BY_SESSION, secret)
    if not _valid(rows, now):
        raise SessionExpired()
    return _caller(rows, by_session=True)


def _of(secret: type[BrowserSession] | type[BearerToken], ended: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Account.id.label("account_id"),
            Account.login,
            Account.epoch,
            Account.disabled_at,
            Person.id.label("person_id"),
            Person.name,
            Person.unit_id,
            Person.left_at,
            secret.epoch.label("of_epoch"),
            secret.expires_at,
            ended,
            Membership.role,
            Membership.unit_id.label("role_unit"),
        )
        .join_from(secret, Account, Account.id == secret.account_id)
        .join(Person, Person.id == Account.person_id)
        .outerjoin(Membership, Membership.person_id == Person.id)
        .where(secret.hash == bindparam("secret", type_=String))
    )


_BY_TOKEN = _of(BearerToken, BearerToken.revoked_at.label("ended_at")).add_columns(BearerToken.purpose)
_BY_SESSION = _of(BrowserSession, BrowserSession.ended_at)


def _rows(connection: Connection, query: Select[*tuple[Any, ...]], secret: str) -> Sequence[Row[*tuple[Any, ...]]]:
    return connection.execute(query, {"secret": fingerprint(secret)}).all()


def _valid(rows: Sequence[Row[*tuple[Any, ...]]], now: datetime) -> bool:
    if not rows:
        return False
    found = rows[0]
    return found.ended_at is None and now < found.expires_at and found.of_epoch == found.epoch


def _caller(rows: Sequence[Row[*tuple[Any, ...]]], *, by_session: bool) -> Caller:
    first = rows[0]
    if first.disabled_at is not None or first.left_at is not None:
        raise AccountDisabled()
    actor = Actor(
        person_id=first.person_id,
        name=first.name,
        unit_id=first.unit_id,
        roles=frozenset((row.role, row.role_unit) for row in rows if row.role is not None),
    )
    return Caller(account_id=first.account_id, login=first.login, actor=actor, by_session=by_session)


def fingerprint(secret: str) -> str:
    """What is kept of a session or token. Secrets are long and random, so a plain hash cannot be turned back."""
    return hashlib.sha256(secret.encode()).hexdigest()


# --- signing in -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An account whose login somebody typed, before the password is tried."""

    account_id: str
    password: str = field(repr=False)
    """The kept hash."""
    actor: Actor


def who_signs_in(session: Session, login: str) -> Known | None:
    """The account for a login; None where nobody may sign in with it."""
    found = session.execute(
        select(Account.id, Account.password, Person.id, Person.name, Person.unit_id)
        .join(Person, Person.id == Account.person_id)
        .where(Account.login == folded(login), Account.disabled_at.is_(None), Person.left_at.is_(None))
    ).first()
    if found is None or found[1] is None:
        return None
    return Known(
        account_id=found[0], password=found[1], actor=Actor(person_id=found[2], name=found[3], unit_id=found[4])
    )


def kept_password(session: Session, account_id: str) -> str | None:
    """The kept hash of an account's password; None for a machine."""
    return session.scalar(select(Account.password).where(Account.id == account_id))


def begin_session(acting: Acting, account_id: str, *, hours: int, stronger: str | None = None) -> tuple[str, int]:
    """Begin the session of a browser whose password was right.

    Args:
        stronger: a new hash of the password, where the kept one was made with weaker parameters than those of today.

    Returns:
        The secret for the cookie, and how often signing in had failed before.
    """
    account = acting.session.get_one(Account, account_id)
    failed, account.failed = account.failed, 0
    account.password = stronger or account.password
    secret = secrets.token_urlsafe(32)
    acting.session.add(
        BrowserSession(
            hash=fingerprint(secret),
            account_id=account.id,
            epoch=account.epoch,
            begun_at=acting.now,
            expires_at=acting.now + timedelta(hours=hours),
        )
    )
    ledger.enter(acting, None, "session.begun", subject=f"account:{account.id}")
    return secret, failed


def note_failure(acting: Acting, account_id: str) -> None:
    """Count a failed sign-in."""
    acting.session.execute(update(Account).where(Account.id == account_id).values(failed=Account.failed + 1))
    ledger.enter(acting, None, "session.refused", subject=f"account:{account_id}")


def end_session(acting: Acting, secret: str) -> None:
    """End the session of a browser. Ending it twice changes nothing."""
    ended = acting.session.execute(
        update(BrowserSession)
        .where(BrowserSession.hash == fingerprint(secret), BrowserSession.ended_at.is_(None))
        .values(ended_at=acting.now)
        .returning(BrowserSession.account_id)
    ).first()
    if ended is not None:
        ledger.enter(acting, None, "session.ended", subject=f"account:{ended[0]}")


def change_password(acting: Acting, account_id: str, *, kept: str, new: str) -> None:
    """Change one's own password. Every session and token of the account ends.

    Args:
        kept: the hash that the old password was found to fit.
        new: hash of the new password, from `new_password`.

    Raises:
        Stale: the password was changed in the meantime.
    """
    account = acting.session.get_one(Account, account_id)
    if account.password != kept:
        raise Stale("The password was changed in the meantime.")
    _set_password(acting, account, new)
    ledger.enter(acting, None, "password.changed", subject=f"account:{account.id}")


def new_password(password: str, passwords: Passwords, *, path: str = "password") -> str:
    """The hash of a password that somebody chose. Costly: made before the transaction begins.

    Raises:
        InvalidInput: too short or too long.
    """
    if not LEAST <= len(password) <= MOST:
        words = {"zh": f"密码须为 {LEAST} 至 {MOST} 个字符。", "en": f"A password has {LEAST} to {MOST} characters."}
        raise InvalidInput((Problem(path=path, code="password_length", message=words),))
    return passwords.hash(password)


# --- keeping accounts -------------------------------------------------------------------------------------------------


def add(acting: Acting, *, person_id: str, login: str, password: str | None) -> Account:
    """Give a person an account.

    Args:
        password: its hash, from `new_password`; None for a machine, which comes in by token.

    Raises:
        NotFound: there is no such person.
        InvalidInput: the login cannot be used.
        NotPossible: the login is taken, or the person has an account.
    """
    if acting.session.get(Person, person_id) is None:
        raise NotFound("There is no such person.", person=person_id)
    if not LOGIN.fullmatch(login):
        words = {
            "zh": "登录名须为 2 至 64 个字母、数字或 . @ + - _。",
            "en": "2 to 64 letters, digits or . @ + - _ please.",
        }
        raise InvalidInput((Problem(path="login", code="login_form", message=words),))
    taken = select(Account.login).where((Account.login == folded(login)) | (Account.person_id == person_id))
    if acting.session.scalar(taken) is not None:
        raise NotPossible("This login is taken, or this person has an account already.")
    account = Account(
        id=new_id(acting.now), person_id=person_id, login=folded(login), created_at=acting.now, epoch=1, failed=0
    )
    if password is not None:
        _set_password(acting, account, password)
    acting.session.add(account)
    acting.session.flush()
    ledger.enter(acting, None, "account.added", subject=f"account:{account.id}", body={"person": person_id})
    return account


def set_password(acting: Acting, login: str, password: str) -> None:
    """Set somebody's password anew, by its hash. Every session and token of the account ends."""
    account = of_login(acting.session, login)
    _set_password(acting, account, password)
    ledger.enter(acting, None, "password.set", subject=f"account:{account.id}")


def disable(acting: Acting, login: str) -> None:
    """Let an account in no more, from the next request on. What it did stays done."""
    account = of_login(acting.session, login)
    if account.disabled_at is None:
        account.disabled_at = acting.now
        ledger.enter(acting, None, "account.disabled", subject=f"account:{account.id}")


def enable(acting: Acting, login: str) -> None:
    """Let a disabled account in again."""
    account = of_login(acting.session, login)
    if account.disabled_at is not None:
        account.disabled_at = None
        ledger.enter(acting, None, "account.enabled", subject=f"account:{account.id}")


def make_token(acting: Acting, account_id: str, *, name: str, days: int, purpose: str = API) -> tuple[BearerToken, str]:
    """Make a token: to act by, or for the calendar feed alone.

    Returns:
        The token's record, and the secret: shown this once, kept nowhere.
    """
    account = acting.session.get_one(Account, account_id)
    secret = TOKEN_MARK + secrets.token_urlsafe(32)
    token = BearerToken(
        hash=fingerprint(secret),
        id=new_id(acting.now),
        account_id=account.id,
        name=name,
        purpose=purpose,
        epoch=account.epoch,
        made_at=acting.now,
        expires_at=acting.now + timedelta(days=days),
    )
    acting.session.add(token)
    ledger.enter(
        acting,
        None,
        "token.made",
        subject=f"account:{account.id}",
        body={"token": token.id, "name": name, "purpose": purpose},
    )
    return token, secret


def revoke_token(acting: Acting, account_id: str, token_id: str) -> None:
    """Revoke one of the account's tokens.

    Raises:
        NotFound: the account has no such token.
    """
    token = acting.session.scalar(
        select(BearerToken).where(BearerToken.id == token_id, BearerToken.account_id == account_id)
    )
    if token is None:
        raise NotFound("There is no such token.", token=token_id)
    if token.revoked_at is None:
        token.revoked_at = acting.now
        ledger.enter(acting, None, "token.revoked", subject=f"account:{account_id}", body={"token": token_id})


def tokens_of(session: Session, account_id: str) -> Sequence[BearerToken]:
    """The tokens of an account that are not revoked, newest first."""
    return session.scalars(
        select(BearerToken)
        .where(BearerToken.account_id == account_id, BearerToken.revoked_at.is_(None))
        .order_by(BearerToken.made_at.desc(), BearerToken.id.desc())
    ).all()


def of_login(session: Session, login: str) -> Account:
    """The account with this login.

    Raises:
        NotFound: there is none.
    """
    found = session.scalar(select(Account).where(Account.login == folded(login)))
    if found is None:
        raise NotFound("There is no account with this login.", login=login)
    return found


def forget_sessions(acting: Acting, *, older_than: timedelta) -> int:
    """Delete sessions that expired long ago; how many."""
    gone = delete(BrowserSession).where(BrowserSession.expires_at < acting.now - older_than)
    return len(acting.session.execute(gone.returning(BrowserSession.hash)).all())


def folded(login: str) -> str:
    """A login as compared: `Ａnna` and `anna` are one."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


def _set_password(acting: Acting, account: Account, password: str) -> None:
    account.epoch += 1
    account.password = password
    account.password_set_at = acting.now
    account.failed = 0
