"""Parties 当事人 of a running case: naming one more, and saying which account is theirs.

May never make anybody a respondent: that is decided with the filing, by the procedure.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import exists, select

import forms
from workflows import casework, policy, taking
from workflows.acting import Acting
from workflows.casework import Done
from workflows.errors import InvalidInput, NotFound, NotPossible
from workflows.findings import CONCERNED, PERSON, RESPONDENT, UNIT
from workflows.identifiers import new_id
from workflows.records import Case, Party, Person, Task
from workflows.releases import Law

KINDS = (PERSON, UNIT)


def add(
    acting: Acting,
    case_id: str,
    *,
    name: str,
    kind: str,
    role: str,
    post: str = "",
    unit_name: str = "",
    person_id: str | None = None,
    reason: str,
    expected: int | None = None,
) -> tuple[Done, str]:
    """Name one more party of a case.

    Where the law keeps a role's identity apart (`sealed` in `roles.yaml`), the name is sealed and the file shows the role.

    Args:
        kind: `person` or `unit`.
        role: `concerned`, or a role of the release that is one of parties.
        person_id: who it is among those the system knows, if anybody.

    Returns:
        The case as it now stands, and the id of the party.

    Raises:
        NotFound: the case is not open to this person, or there is no such person.
        NotAllowed: none of this person's roles names parties.
        NotPossible: the case is closed, the person is a party already, or would become a respondent without the filing.
        InvalidInput: kind or role is none, or a unit was given an account.
        Stale: the case was changed since `expected` was read.
    """
    case, law = _open(acting, case_id, expected)
    _check(law, kind, role, person_id)
    if role == RESPONDENT:
        raise NotPossible("Who is a respondent is decided with the filing.", case_id=case.id)
    if person_id is not None:
        _check_account(acting, case, person_id)
    sealed = role in law.roles and law.roles[role].sealed
    party = Party(
        id=new_id(acting.now),
        case_id=case.id,
        role=role,
        kind=kind,
        name=law.roles[role].name["zh"] if sealed else name,
        post="" if sealed else post,
        unit_name="" if sealed else unit_name,
        person_id=person_id,
        standing="named",
    )
    acting.session.add(party)
    if sealed:
        kept_apart = {f"{role}_name": name, f"{role}_post": post, f"{role}_unit": unit_name}
        taking.seal_protected(acting, case, None, kept_apart)
    what = {"party": party.id, "kind": kind, "role": role, "person": person_id}
    subject = f"party:{party.id}"
    return casework.entered(acting, case, "party.added", subject=subject, reason=reason, what=what), party.id


def link(
    acting: Acting, case_id: str, party_id: str, *, person_id: str, reason: str, expected: int | None = None
) -> Done:
    """Say which person of the system a party is: from then on the party's own tasks are theirs, also those open now.

    Raises: as `add`.
    """
    case, law = _open(acting, case_id, expected)
    party = acting.session.get(Party, party_id)
    if party is None or party.case_id != case.id:
        raise NotFound("There is no such party.", party=party_id, case=case_id)
    if party.kind != PERSON:
        raise NotPossible("A unit has no account; name the person who acts for it.", case_id=case.id)
    if party.person_id == person_id:
        raise NotPossible("This is the party's account already.", case_id=case.id)
    _check_account(acting, case, person_id)
    what = {"party": party.id, "from": party.person_id, "person": person_id}
    party.person_id = person_id
    own = [role.id for role in law.roles if role.concerned]
    waiting = select(Task).where(Task.case_id == case.id, Task.party_id == party.id, Task.state == "open")
    for task in acting.session.scalars(waiting.where(Task.role.in_(own))):
        task.assignee_id = person_id
        task.version += 1
    return casework.entered(acting, case, "party.linked", subject=f"party:{party.id}", reason=reason, what=what)


def _open(acting: Acting, case_id: str, expected: int | None) -> tuple[Case, Law]:
    case, law = casework.open_file(acting, case_id)
    policy.may(acting.by, law.roles, "party.add", case)
    casework.current(acting, case.version, expected, case)
    if case.closed_at is not None:
        raise NotPossible("The case is closed; its file takes nothing more.", case_id=case.id)
    return case, law


def _check(law: Law, kind: str, role: str, person_id: str | None) -> None:
    problems: list[Any] = []
    if kind not in KINDS:
        problems.append(_problem("kind", "not_offered", "须为 person 或 unit。", "This is person or unit."))
    roles = sorted({CONCERNED, *(known.id for known in law.roles if known.concerned)})
    if role not in roles:
        zh, en = f"须为以下之一：{'、'.join(roles)}。", f"This is one of {', '.join(roles)}."
        problems.append(_problem("role", "not_offered", zh, en))
    if kind == UNIT and person_id is not None:
        problems.append(_problem("person_id", "not_asked", "单位没有账号。", "A unit has no account."))
    if problems:
        raise InvalidInput(tuple(problems))


def _check_account(acting: Acting, case: Case, person_id: str) -> None:
    person = acting.session.get(Person, person_id)
    if person is None or person.left_at is not None:
        raise NotFound("There is no such person.", person=person_id)
    if acting.session.scalar(select(exists().where(Party.case_id == case.id, Party.person_id == person_id))):
        raise NotPossible("That person is a party of the case already.", case_id=case.id)


def _problem(path: str, code: str, zh: str, en: str) -> forms.Problem:
    return forms.Problem(path=path, code=code, message={"zh": zh, "en": en})
