"""The envelope of a command: one verb, one transaction, one answer, and the same answer when it is asked again.

The answer is written before the commit, beside what it tells of: either both exist or neither. May never look into what a
verb does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask import Response, current_app, request

from api import idempotency
from api.ground import asking, caller, ground, now
from api.idempotency import Answer, Key, KeyTaken
from workflows.acting import Acting

T = TypeVar("T")


def carry_out(
    verb: Callable[[Acting], T],
    show: Callable[[T], Mapping[str, Any] | None],
    *,
    status: int = 200,
    headers: Callable[[T], dict[str, str]] = lambda _: {},
    body: str | None = None,
    keyed: bool = True,
) -> Response:
    """Run a verb for the caller of the current request, and answer.

    Args:
        show: what the verb left, as a plain JSON object; None for an answer without body.
        headers: headers of the answer that depend on what the verb left (`ETag`, `Location`).
        body: hash of the body of the request, where it was read as a stream.
        keyed: whether an idempotency key counts. Not where the answer holds what may not be kept in the clear.

    Raises:
        Refused: what the verb refused; nothing is done, and the refusal is in the ledger.
        KeyReused: the idempotency key came with another request before.
    """
    key = idempotency.key_of(request, caller().account_id, body=body) if keyed else None

    def work(acting: Acting) -> Answer:
        left = verb(acting)
        shown = show(left)
        answer = Answer(status, "" if shown is None else current_app.json.dumps(shown), headers(left))
        if key is not None:
            idempotency.keep(acting.session, key, answer, now())
        return answer

    try:
        return send(ground().unit_of_work.run(work, asking(), instead=lambda: given_before(key)))
    except KeyTaken:
        answer = given_before(key)
        if answer is None:
            raise  # it was there a moment ago, and nothing deletes keys so young
        return send(answer)


def given_before(key: Key | None) -> Answer | None:
    """The answer that was given to this request before, if it was."""
    if key is None:
        return None
    with ground().database.reading() as session:
        return idempotency.find(session, key)


def sent_before() -> bool | None:
    """True where something was answered under the key of this request; for asking before its body is read. Else None."""
    key = idempotency.key_of(request, caller().account_id, body="")
    if key is None:
        return None
    with ground().database.reading() as session:
        return idempotency.known(session, key) or None


def send(answer: Answer) -> Response:
    """The answer as it goes out."""
    response = Response(answer.body, status=answer.status, mimetype="application/json" if answer.body else None)
    response.headers.extend(answer.headers)
    if answer.replayed:
        response.headers[idempotency.REPLAYED] = "true"
    return response
