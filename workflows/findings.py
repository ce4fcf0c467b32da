"""What answers mean for the people in a case: who is concerned, how far it has come with them, who is appointed or recused.

Read from the answers by name: a name has one meaning in the whole procedure (`docs/forms.md`), so that a jurisdiction's own
form that asks for the same thing has the same consequence. May never weigh anything: it keeps what was decided.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows import policy
from workflows.acting import Acting
from workflows.errors import NotFound
from workflows.identifiers import new_id
from workflows.records import Case, Duty, Evidence, Party, Person, Task
from workflows.releases import Law

RESPONDENT, CONCERNED = "respondent", "concerned"
PERSON, UNIT = "person", "unit"

APPOINTS = {
    "preliminary_investigators": "investigator",
    "investigators": "investigator",
    "review_officers": "review_officer",
}
"""Variable that names people → the duty they are appointed to."""

_DECIDED, _UNDER_REVIEW = "decided", "under_review"
REVIEWED = {"maintain": "maintained", "change": "changed", "revoke": "revoked", "rehandle": "revoked"}
"""Outcome of a review → standing of the party."""


def name_parties(acting: Acting, case: Case, answers: Mapping[str, Any], accounts: Mapping[str, str]) -> list[Party]:
    """Whom a clue names becomes a party: concerned, not yet respondent. That comes with the filing.

    Args:
        answers: of the clue: `object_unit`, `object_persons` [{name, post}].
        accounts: name → person id, for those known to have an account.

    Raises:
        NotFound: an account is not one.
    """
    unit_name = str(answers.get("object_unit") or "")
    named = [
        (PERSON, str(each.get("name", "")), str(each.get("post") or "")) for each in _maps(answers, "object_persons")
    ]
    if unit_name:
        named.insert(0, (UNIT, unit_name, ""))
    parties = []
    for kind, name, post in named:
        person_id = accounts.get(name) if kind == PERSON else None
        if person_id is not None and acting.session.get(Person, person_id) is None:
            raise NotFound("There is no such person.", person=person_id)
        parties.append(
            Party(
                id=new_id(acting.now),
                case_id=case.id,
                role=CONCERNED,
                kind=kind,
                name=name[:200],
                post=post[:100],
                unit_name=unit_name[:200],
                person_id=person_id,
                standing="named",
            )
        )
    acting.session.add_all(parties)
    return parties


def keep(acting: Acting, law: Law, case: Case, task: Task, values: Mapping[str, Any]) -> dict[str, Any] | None:
    """Carry over what was answered to the people and the evidence of the case.

    Returns:
        How they stood before, for `recall`; None where nothing follows from these answers.

    Raises:
        ConflictOfInterest: somebody is appointed who has another part in the case.
    """
    said = [name for name in _CONSEQUENCES if values.get(name) not in (None, [], "")]
    appointments = {duty: values[name] for name, duty in APPOINTS.items() if values.get(name)}
    if not said and not appointments:
        return None
    parties = _parties(acting, case) if set(said) - {_RECUSED, _EXAMINED} else None
    duties = _duties(acting, case) if appointments or _RECUSED in said else None
    item = acting.session.get(Evidence, values[_EXAMINED]) if _EXAMINED in said else None
    before = _remembered(parties, duties, item)
    for name in said:
        _CONSEQUENCES[name](acting, case, _About(task, parties or [], item), values)
    for duty, person_ids in appointments.items():
        appoint(acting, law, case, duty, person_ids, on_record=duties or [])
    return before


@dataclass(frozen=True, slots=True)
class _About:
    """What a consequence is drawn for."""

    task: Task
    parties: Sequence[Party]
    """All of the case."""
    item: Evidence | None

    @property
    def meant(self) -> list[Party]:
        """The party the task is about; without one, all respondents."""
        task = self.task
        return [
            party
            for party in self.parties
            if (party.id == task.party_id if task.party_id else party.role == RESPONDENT)
        ]


def apply(acting: Acting, case: Case, party_id: str | None, values: Mapping[str, Any]) -> None:
    """Carry over what was applied for: an appeal puts the matter of a party under review, taking it back ends that.

    Args:
        party_id: the party whose matter it is, where the procedure says so; else whom the application names.
    """
    party = acting.session.get(Party, party_id or values.get("appellant") or "")
    if party is None or party.case_id != case.id:
        return
    if values.get("appellant"):
        party.standing = _UNDER_REVIEW
    elif values.get("withdrawn_at") and party.standing == _UNDER_REVIEW:
        party.standing = _DECIDED


def recall(session: Session, case: Case, before: Mapping[str, Any]) -> None:
    """Put people and evidence back to how they stood before a step that is taken back."""
    for party_id, stood in before.get("parties", {}).items():
        _put_back(session.get_one(Party, party_id), stood)
    for item_id, stood in before.get("evidence", {}).items():
        _put_back(session.get_one(Evidence, item_id), stood)
    if "duties" not in before:
        return
    for duty in session.scalars(select(Duty).where(Duty.case_id == case.id)):
        stood = before["duties"].get(f"{duty.person_id}/{duty.kind}")
        if stood is None and duty.acted_at is None:
            session.delete(duty)
        elif stood is not None:
            duty.appointed_at, duty.ended_at = (_moment(each) for each in stood)


def _put_back(row: Party | Evidence, stood: Mapping[str, Any]) -> None:
    for name, value in stood.items():
        setattr(row, name, value)


def _remembered(
    parties: Sequence[Party] | None, duties: Sequence[Duty] | None, item: Evidence | None
) -> dict[str, Any]:
    """How those stood that the answers touch; the others need not be remembered."""
    before: dict[str, Any] = {}
    if parties is not None:
        before["parties"] = {each.id: {name: getattr(each, name) for name in _OF_PARTY} for each in parties}
    if duties is not None:
        before["duties"] = {
            f"{each.person_id}/{each.kind}": [_stamp(each.appointed_at), _stamp(each.ended_at)] for each in duties
        }
    if item is not None:
        before["evidence"] = {item.id: {name: getattr(item, name) for name in _OF_EVIDENCE}}
    return before


_OF_PARTY = ("role", "standing", "finding", "outcome")
_OF_EVIDENCE = ("kind", "proves", "admitted", "collected")


def _stamp(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _moment(stamp: str | None) -> datetime | None:
    return datetime.fromisoformat(stamp) if stamp else None


def appoint(
    acting: Acting, law: Law, case: Case, duty: str, person_ids: Sequence[str], *, on_record: Sequence[Duty]
) -> None:
    """Appoint people to a duty in a case by name; whoever held it before and is not named again is relieved.

    Args:
        on_record: all duties in the case.

    Raises:
        ConflictOfInterest: one of them has a part in the case that excludes it.
    """
    for parts in policy.parts_of_each(acting.session, case.id, person_ids).values():
        policy.may_take_up(law.roles, duty, parts, case_id=case.id)
    held = {row.person_id: row for row in on_record if row.kind == duty}
    for person_id, row in held.items():
        if person_id in person_ids:
            row.appointed_at, row.ended_at = row.appointed_at or acting.now, None
        elif row.appointed_at is not None and row.ended_at is None:
            row.ended_at = acting.now
    for person_id in person_ids:
        if person_id not in held:
            acting.session.add(Duty(case_id=case.id, person_id=person_id, kind=duty, appointed_at=acting.now))
    acting.session.flush()


def tie(acting: Acting, case: Case, person_id: str, kind: str) -> None:
    """Tie a person to the matter so that no duty in it is open to them any more: recused, handled it before."""
    session = acting.session
    for row in session.scalars(select(Duty).where(Duty.case_id == case.id, Duty.person_id == person_id)):
        if row.appointed_at is not None and row.ended_at is None:
            row.ended_at = acting.now
    if session.get(Duty, (case.id, person_id, kind)) is None:
        session.add(Duty(case_id=case.id, person_id=person_id, kind=kind, acted_at=acting.now))
    held = session.scalars(
        select(Task).where(Task.case_id == case.id, Task.state == "open", Task.assignee_id == person_id)
    )
    for task in held:
        if task.queue is not None or task.by_appointment:
            task.assignee_id, task.owner_id = None, None
            task.version += 1
    session.flush()


def begin_anew(acting: Acting, case: Case, duties: Sequence[str]) -> None:
    """Other people must handle the matter from here: whoever acted under these duties is tied to what they did before."""
    if not duties:
        return
    rows = acting.session.scalars(select(Duty).where(Duty.case_id == case.id, Duty.kind.in_(duties)))
    for person_id in sorted({row.person_id for row in rows}):
        tie(acting, case, person_id, "handled_before")


def _respondents(acting: Acting, case: Case, about: _About, values: Mapping[str, Any]) -> None:
    for party in about.parties:
        party.role = RESPONDENT if party.id in values["respondents"] else party.role


def _told(acting: Acting, case: Case, about: _About, values: Mapping[str, Any]) -> None:
    for party in about.meant:
        party.standing = "told"


def _noticed(acting: Acting, case: Case, about: _About, values: Mapping[str, Any]) -> None:
    for party in about.meant:
        party.standing = "noticed"
        party.finding = {**(party.finding or {}), "noticed_outcome": values.get("noticed_outcome")}


def _determined(acting: Acting, case: Case, about: _About, values: Mapping[str, Any]) -> None:
    by_party = {each.get("party"): each for each in _maps(values, "determinations")}
    for party in about.parties:
        if party.id in by_party:
            party.finding = {**(party.finding or {}), **by_party[party.id]}


def _decided(acting: Acting, case: Case, about: _About, values: Mapping[str, Any]) -> None:
    shared = {key: values.get(key) for key in ("decision_kind", "decision_no", "decided_at", "legal_basis", "remedies")}
    by_party = {each.get("party"): each for each in _maps(values, "outcomes")}
    for party in about.parties:
        if party.role == RESPONDENT:
            party.outcome = {**shared, **by_party.get(party.id, {})}


def _served(acting: Acting, case: Case, about: _About, values: Mapping[str, Any]) -> None:
    for party in about.meant:
        outcome = dict(party.outcome or {})
        if party.standing == _UNDER_REVIEW:
            # What is served is that the application was not accepted: the decision stands, and was served before.
            party.standing = _DECIDED
            continue
        if "review" in outcome:
            # The decision of the review is served; the standing it gave stays.
            outcome["review"] = {**outcome["review"], "served_at": values["served_at"]}
        else:
            party.standing = _DECIDED
            outcome["served_at"] = values["served_at"]
        party.outcome = outcome


def _appealed(acting: Acting, case: Case, about: _About, values: Mapping[str, Any]) -> None:
    party = acting.session.get(Party, values["appellant"])
    if party is not None and party.case_id == case.id:
        party.standing = _UNDER_REVIEW


def _reviewed(acting: Acting, case: Case, about: _About, values: Mapping[str, Any]) -> None:
    changed = {each.get("party"): each for each in _maps(values, "changed_outcomes")}
    standing = REVIEWED.get(str(values["remedy_outcome"]))
    for party in about.parties:
        meant = party.id == about.task.party_id if about.task.party_id else party.standing == _UNDER_REVIEW
        if not meant or standing is None:
            continue
        party.standing = standing
        review = {key: values.get(key) for key in ("remedy_outcome", "remedy_decided_at", "remedy_decision_no")}
        party.outcome = {**(party.outcome or {}), "review": review, **changed.get(party.id, {})}


def _recused(acting: Acting, case: Case, about: _About, values: Mapping[str, Any]) -> None:
    if values.get("recusal_outcome") == "recuse":
        tie(acting, case, values["recused_person"], "recused")


def _examined(acting: Acting, case: Case, about: _About, values: Mapping[str, Any]) -> None:
    item = about.item
    if item is None or item.case_id != case.id:
        return
    item.kind = str(values.get("kind") or item.kind)
    item.proves = str(values.get("proves") or item.proves)
    item.admitted = bool(values.get("admissible"))
    item.collected = {**(item.collected or {}), **{key: values[key] for key in _COLLECTED if key in values}}


_COLLECTED = ("origin", "collected_by", "collected_at", "copy_kind", "copy_note", "bearing", "exclusion_reason")

_RECUSED, _EXAMINED = "recused_person", "item"
"""The answers that do not touch the parties."""

_CONSEQUENCES: Mapping[str, Callable[[Acting, Case, _About, Mapping[str, Any]], None]] = {
    "respondents": _respondents,
    "respondent_told_at": _told,
    "notice_served_at": _noticed,
    "determinations": _determined,
    "decision_kind": _decided,
    "served_at": _served,
    "appellant": _appealed,
    "remedy_outcome": _reviewed,
    _RECUSED: _recused,
    _EXAMINED: _examined,
}


def _parties(acting: Acting, case: Case) -> list[Party]:
    return list(acting.session.scalars(select(Party).where(Party.case_id == case.id).order_by(Party.id)))


def _duties(acting: Acting, case: Case) -> list[Duty]:
    return list(acting.session.scalars(select(Duty).where(Duty.case_id == case.id)))


def _maps(values: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    listed = values.get(key)
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
