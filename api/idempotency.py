"""The same request sent twice is done once: the answer is kept under the caller's key, in the transaction of the command.

The key is looked up only where something went wrong: the ordinary command pays one INSERT, at its end. A request that was
refused is not kept; it may be put right and sent again. May never keep an answer that holds a secret: commands that hand one
out (signing in, making a token) take no key.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Request
from sqlalchemy import ForeignKey, String, Text, delete, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from api.errors import HeaderNotReadable, KeyReused
from workflows.acting import Acting
from workflows.columns import Json, Moment
from workflows.records import Hash, Record

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
KEPT_FOR = timedelta(days=30)
FORM = re.compile(r"[\x21-\x7e]{1,200}")


class IdempotencyKey(Record):
    """The answer that a request was given, kept to be given again."""

    __tablename__ = "idempotency_key"
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    request: Mapped[str] = mapped_column(Hash)
    """Hash of method, address and body: the same key on another request is a mistake, and told."""
    status: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    headers: Mapped[Any] = mapped_column(Json)
    answered_at: Mapped[datetime] = mapped_column(Moment, index=True)


_KEEP = insert(Record.metadata.tables[IdempotencyKey.__tablename__]).inline()
"""One statement for all: made anew, and through the mapper, it costs more than the rest of the envelope."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command answers, ready to be sent and to be sent again."""

    status: int
    body: str
    """JSON text; empty for none."""
    headers: dict[str, str]
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Key:
    """A caller's key, with the mark of the request it came with."""

    account_id: str
    text: str
    request: str


class KeyTaken(Exception):
    """Another request with this key was faster."""


def key_of(request: Request, account_id: str, *, body: str | None = None) -> Key | None:
    """The key a request carries, if any.

    Args:
        body: hash of the body, where it was read as a stream and is gone.

    Raises:
        HeaderNotReadable: the header is empty, too long, or holds other than visible ASCII characters.
    """
    text = request.headers.get(HEADER)
    if text is None:
        return None
    if not FORM.fullmatch(text):
        raise HeaderNotReadable("An idempotency key has 1 to 200 visible ASCII characters.", header=HEADER)
    mark = hashlib.sha256(f"{request.method}\n{request.full_path}\n".encode())
    mark.update(body.encode() if body is not None else request.get_data())
    return Key(account_id, text, mark.hexdigest())


def keep(session: Session, key: Key, answer: Answer, now: datetime) -> None:
    """Keep the answer, as the last act of its transaction.

    Raises:
        KeyTaken: another request with this key was committed first; this transaction must be given up.
    """
    session.flush()  # so that what fails below is the key, and nothing else
    values = {
        "account_id": key.account_id,
        "key": key.text,
        "request": key.request,
        "status": answer.status,
        "body": answer.body,
        "headers": answer.headers,
        "answered_at": now,
    }
    try:
        session.connection().execute(_KEEP, values)
    except IntegrityError as taken:
        raise KeyTaken() from taken


def find(session: Session, key: Key) -> Answer | None:
    """The answer kept under this key.

    Raises:
        KeyReused: it was the answer to another request.
    """
    found = session.get(IdempotencyKey, (key.account_id, key.text))
    if found is None:
        return None
    if found.request != key.request:
        raise KeyReused()
    return Answer(found.status, found.body, dict(found.headers), replayed=True)


def known(session: Session, key: Key) -> bool:
    """Whether any request was answered under this key, this one or another."""
    return session.get(IdempotencyKey, (key.account_id, key.text)) is not None


def forget(acting: Acting, *, older_than: timedelta = KEPT_FOR) -> int:
    """Delete answers kept long enough; how many."""
    gone = delete(IdempotencyKey).where(IdempotencyKey.answered_at < acting.now - older_than)
    return len(acting.session.execute(gone.returning(IdempotencyKey.key)).all())
