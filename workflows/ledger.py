"""The ledger 台账: an append-only record of every act, refusal and reading, chained by hash.

Each case has a chain of its own; what belongs to no case stands in the chain `house`. May never be read to decide anything,
and holds no personal data beyond names of those who act: answers are entered by digest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from workflows.acting import Acting
from workflows.columns import canonical
from workflows.errors import ConflictOfInterest, InvalidInput, Refused
from workflows.records import Case, LedgerChain, LedgerEntry

HOUSE = "house"


@dataclass(frozen=True, slots=True)
class Verification:
    """Result of going through one chain."""

    chain: str
    entries: int
    head: str
    broken_at: int | None = None
    """Number of the first entry that does not verify."""
    reason: str = ""

    @property
    def holds(self) -> bool:
        """Whether every entry verifies and the head is the one on record."""
        return self.broken_at is None and not self.reason


def enter(
    acting: Acting,
    case: Case | None,
    act: str,
    *,
    subject: str | None = None,
    body: dict[str, Any] | None = None,
    reason: str | None = None,
) -> str:
    """Append one entry to the chain of `case` (locked by the caller), or to the chain of the house.

    Args:
        act: `subject.past_participle`, such as `task.completed`.
        subject: what it was done to, such as `task:<id>`.
        body: plain values: before and after, digests, what the engine did.

    Returns:
        The hash of the entry.
    """
    values = prepared(acting, case, act, subject=subject, body=body, reason=reason)
    append(acting, [values])
    return str(values["hash"])


def prepared(
    acting: Acting,
    case: Case | None,
    act: str,
    *,
    subject: str | None = None,
    body: dict[str, Any] | None = None,
    reason: str | None = None,
) -> dict[str, Any]:
    """The next entry of a chain, whose head it becomes. The caller appends it in the same transaction: many at once cost less."""
    holder = case if case is not None else _house(acting.session)
    if isinstance(holder, Case):
        chain, count, head = holder.id, holder.ledger_count, holder.ledger_head
    else:
        chain, count, head = HOUSE, holder.count, holder.head
    values: dict[str, Any] = {
        "chain": chain,
        "number": count + 1,
        "at": acting.now,
        "act": act,
        "actor_id": acting.by.person_id,
        "actor": acting.by.name,
        "on_behalf_of": acting.on_behalf_of,
        "subject": subject,
        "body": body or {},
        "reason": reason,
        "request": acting.request,
        "previous": head,
    }
    values["hash"] = digest_of(values)
    if isinstance(holder, Case):
        holder.ledger_count, holder.ledger_head = values["number"], values["hash"]
    else:
        holder.count, holder.head = values["number"], values["hash"]
    return values


def append(acting: Acting, entries: Sequence[dict[str, Any]]) -> None:
    """Write entries that were prepared in this transaction, in that order."""
    if entries:
        # A plain insert: nobody needs the entry back, and a row nobody holds cannot be changed by accident.
        acting.session.connection().execute(_ENTRY, list(entries))


def digest_of(entry: dict[str, Any]) -> str:
    """SHA-256 over the canonical text of an entry, its predecessor's hash included."""
    plain = {key: entry[key] for key in _HASHED if key != "at"}
    plain["at"] = _stamp(entry["at"])
    return hashlib.sha256(canonical(plain).encode()).hexdigest()


def digest(value: Any) -> str:
    """SHA-256 over the canonical text of a plain value: how answers stand in the ledger."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def record_refusal(acting: Acting, refused: Refused) -> None:
    """Enter a refusal: who wanted what, and why it was not done. Called in a transaction of its own after the rollback."""
    facts = {key: value for key, value in refused.facts.items() if isinstance(value, (str, int, bool, type(None)))}
    case_id = facts.get("case_id")
    case = None
    if isinstance(case_id, str):
        case = acting.session.scalar(select(Case).where(Case.id == case_id).with_for_update())
    body: dict[str, Any] = {"code": refused.code, "wanted": facts.pop("wanted", None), "facts": facts}
    if isinstance(refused, InvalidInput):
        body["fields"] = sorted(set(refused.places))
    act = "conflict.refused" if isinstance(refused, ConflictOfInterest) else "act.refused"
    enter(acting, case, act, subject=_subject(facts), body=body, reason=str(refused))


def last_about(session: Session, chain: str, subject: str) -> LedgerEntry | None:
    """The newest entry of a chain about one thing: for telling who was there last."""
    query = select(LedgerEntry).where(LedgerEntry.chain == chain, LedgerEntry.subject == subject)
    return session.scalar(query.order_by(LedgerEntry.number.desc()).limit(1))


def verify(session: Session, chain: str) -> Verification:
    """Go through one chain from its first entry and compare every hash, number and the head on record."""
    head, number = "", 0
    query = select(LedgerEntry).where(LedgerEntry.chain == chain).order_by(LedgerEntry.number)
    with closing(session.scalars(query.execution_options(yield_per=500))) as entries:
        for entry in entries:
            number += 1
            reason = _broken(entry, number, head)
            if reason:
                return Verification(chain, number, head, number, reason)
            head = entry.hash
    if _recorded_head(session, chain) != (number, head):
        return Verification(chain, number, head, None, "the last entries are missing")
    return Verification(chain, number, head)


def _broken(entry: LedgerEntry, number: int, head: str) -> str:
    """Why an entry does not verify; empty if it does."""
    if entry.number != number:
        return "an entry is missing"
    if entry.previous != head:
        return "it does not follow from the entry before"
    if digest_of({key: getattr(entry, key) for key in _HASHED}) != entry.hash:
        return "its content was changed"
    return ""


def entries(session: Session, chain: str) -> list[LedgerEntry]:
    """All entries of one chain, the first one first: for showing and exporting."""
    return list(session.scalars(select(LedgerEntry).where(LedgerEntry.chain == chain).order_by(LedgerEntry.number)))


def chains(session: Session) -> Iterator[str]:
    """Ids of all chains: the house first, then every case."""
    if session.get(LedgerChain, HOUSE) is not None:
        yield HOUSE
    yield from session.scalars(select(Case.id).order_by(Case.id))


_ENTRY = insert(LedgerEntry).inline()
"""A plain insert: nobody needs the entry back, and a row nobody holds cannot be changed by accident."""

_HASHED = (
    "chain", "number", "at", "act", "actor_id", "actor", "on_behalf_of", "subject", "body", "reason", "request",
    "previous",
)  # fmt: skip


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _recorded_head(session: Session, chain: str) -> tuple[int, str]:
    if chain == HOUSE:
        row = session.get(LedgerChain, HOUSE)
        return (row.count, row.head) if row else (0, "")
    case = session.get(Case, chain)
    return (case.ledger_count, case.ledger_head) if case else (0, "")


def _house(session: Session) -> LedgerChain:
    query = select(LedgerChain).where(LedgerChain.chain == HOUSE).with_for_update()
    row = session.scalar(query)
    if row is None:
        row = LedgerChain(chain=HOUSE, count=0, head="")
        try:
            with session.begin_nested():
                session.add(row)
        except IntegrityError:
            # Another node opened the house in the same moment.
            row = session.scalars(query).one()
    return row


def _subject(facts: dict[str, Any]) -> str | None:
    for key in ("task_id", "case_id", "deadline_id", "evidence_id"):
        if isinstance(facts.get(key), str):
            return f"{key.removesuffix('_id')}:{facts[key]}"
    return None
