"""Evidence 证据 and protected values of a case. May never hold the content of a file: the store keeps it under its hash."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflows import casework, policy
from workflows.acting import Acting, Actor
from workflows.casework import Done
from workflows.discretion import no_such_case
from workflows.errors import NotFound, NotPossible
from workflows.identifiers import new_id
from workflows.records import Case, Evidence, Party, ProtectedValue
from workflows.releases import Law

UNEXAMINED = "unexamined"
"""Kind of an item before anybody has said what it is and whether it may be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file as it lies in the store."""

    name: str
    media_type: str
    size: int
    """Bytes."""
    sha256: str


def register(acting: Acting, case_id: str, file: StoredFile, note: str = "") -> tuple[Done, str]:
    """Register a file that came into a case: from officers, or from a party with a statement or an application.

    Who collected it, where, and what it proves is said when it is examined (form F-EVIDENCE); before that nobody can cite it.

    Returns:
        The case as it now stands, and the id of the item.

    Raises:
        NotFound: the case is not open to this person.
        NotAllowed: none of this person's roles adds evidence.
        NotPossible: the case is closed.
    """
    case = casework.lock_case(acting, case_id)
    law = acting.law()
    party_id = may_register(acting.session, acting.by, law, case)
    last = acting.session.scalar(select(func.max(Evidence.number)).where(Evidence.case_id == case.id))
    found = Evidence(
        id=new_id(acting.now),
        case_id=case.id,
        number=(last or 0) + 1,
        kind=UNEXAMINED,
        name=file.name,
        media_type=file.media_type,
        size=file.size,
        sha256=file.sha256,
        proves=note,
        party_id=party_id,
        collected={},
        registered_by=acting.by.person_id or "",
        registered_at=acting.now,
    )
    acting.session.add(found)
    what = {"number": found.number, "sha256": file.sha256, "size": file.size, "party": party_id}
    done = casework.entered(acting, case, "evidence.registered", subject=f"evidence:{found.id}", what=what)
    return done, found.id


def may_hand_in(session: Session, actor: Actor, law: Law, case_id: str) -> None:
    """Whether this person may hand in evidence to a case: asked before a large file is taken in, and again by `register`.

    Raises: as `register`.
    """
    case = session.get(Case, case_id)
    if case is None:
        raise no_such_case(case_id)
    may_register(session, actor, law, case)


def may_register(session: Session, actor: Actor, law: Law, case: Case) -> str | None:
    """Whether this person may hand in evidence now; and as which party, where they are one. Raises as `register`."""
    party_id = session.scalar(select(Party.id).where(Party.case_id == case.id, policy.own_matters(actor)).limit(1))
    if party_id is None:
        policy.may_see_case(session, actor, law.roles, case)
        policy.may(actor, law.roles, "evidence.add", case)
    if case.closed_at is not None:
        raise NotPossible("The case is closed; its file takes nothing more.", case_id=case.id)
    return party_id


def item(acting: Acting, law: Law, evidence_id: str) -> Evidence:
    """An item of evidence, if its case is open to this person, or they handed it in themselves.

    Raises:
        NotFound: there is none, or it is not open to this person.
    """
    found = acting.session.get(Evidence, evidence_id)
    if found is None:
        raise _no_such_item(evidence_id)
    mine = found.registered_by == acting.by.person_id
    if not mine and not policy.sees_case(acting.session, acting.by, law.roles, found.case_id):
        raise _no_such_item(evidence_id)
    return found


def read(acting: Acting, evidence_id: str) -> StoredFile:
    """Say where the content of an item lies, for reading it. The reading is entered in the ledger.

    Raises:
        NotFound: there is none, or it is not open to this person.
    """
    case_id = acting.session.scalar(select(Evidence.case_id).where(Evidence.id == evidence_id))
    if case_id is None:
        raise _no_such_item(evidence_id)
    case = casework.lock_case(acting, case_id)
    law = acting.law()
    found = item(acting, law, evidence_id)
    what = {"number": found.number, "sha256": found.sha256}
    casework.was_read(acting, case, "evidence.read", subject=f"evidence:{found.id}", what=what)
    return StoredFile(name=found.name, media_type=found.media_type, size=found.size, sha256=found.sha256)


def open_protected(acting: Acting, case_id: str, value_id: str, reason: str) -> Any:
    """Open a sealed value, such as who reported. The reading is entered in the ledger with its reason.

    Raises:
        NotAllowed: none of this person's roles may read protected values.
    """
    case, law = casework.open_file(acting, case_id)
    policy.may(acting.by, law.roles, "protected.read", case)
    sealed = acting.session.get(ProtectedValue, value_id)
    if sealed is None or sealed.case_id != case.id:
        raise NotFound("There is no such value.", value=value_id, case=case_id)
    casework.was_read(acting, case, "protected.read", subject=f"value:{value_id}", reason=reason, what=sealed.field)
    return acting.vault.open(sealed.sealed)


def _no_such_item(evidence_id: str) -> NotFound:
    return NotFound("There is no such item of evidence.", evidence=evidence_id)
