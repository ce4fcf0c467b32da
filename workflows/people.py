"""People, organs, roles and declared relations. May never know a password: signing in is the business of the way in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, literal, select, tuple_
from sqlalchemy.orm import Session

from workflows import ledger, policy
from workflows.acting import Acting, Actor
from workflows.errors import NotFound, NotPossible
from workflows.identifiers import new_id
from workflows.records import Membership, Person, Relation, Unit
from workflows.roles import Roles


def actor(session: Session, person_id: str) -> Actor:
    """A person as they may act now.

    Raises:
        NotFound: there is no such person, or they have left.
    """
    person = session.get(Person, person_id)
    if person is None or person.left_at is not None:
        raise NotFound("There is no such person.", person=person_id)
    held = session.execute(select(Membership.role, Membership.unit_id).where(Membership.person_id == person_id))
    return Actor(
        person_id=person.id,
        name=person.name,
        unit_id=person.unit_id,
        roles=frozenset((role, unit) for role, unit in held),
    )


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of an organ, for choosing."""

    id: str
    name: str
    post: str


def colleagues(
    session: Session,
    *,
    role: str | None = None,
    unit_id: str | None = None,
    after: tuple[str, str] | None = None,
    limit: int = 50,
) -> list[Colleague]:
    """Members of the organs by name: those with a role, in a unit, or all who hold any role.

    Args:
        after: name and id of the last one already seen.
    """
    held = select(Membership.person_id).where(Membership.person_id == Person.id)
    if role is not None:
        held = held.where(Membership.role == role)
    if unit_id is not None:
        held = held.where(Membership.unit_id == unit_id)
    query = select(Person.id, Person.name, Person.post).where(Person.left_at.is_(None), held.exists())
    if after is not None:
        query = query.where(tuple_(Person.name, Person.id) > tuple_(literal(after[0]), literal(after[1])))
    return [Colleague(*row) for row in session.execute(query.order_by(Person.name, Person.id).limit(limit))]


def post_of(session: Session, person_id: str | None) -> str:
    """What somebody is in their organ, in words; empty where nothing is entered."""
    return session.scalar(select(Person.post).where(Person.id == person_id)) or ""


def names(session: Session, person_ids: Iterable[str]) -> dict[str, str]:
    """Names of people by id; an id that is nobody's is left out."""
    wanted = set(person_ids)
    if not wanted:
        return {}
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted)))
    return dict(rows)


def organ(session: Session) -> Unit | None:
    """The organ that runs this platform: the first one that was entered and is no part of another."""
    return session.scalar(select(Unit).where(Unit.parent_id.is_(None)).order_by(Unit.id).limit(1))


def units(session: Session) -> list[Unit]:
    """All organs and their parts, by name."""
    return list(session.scalars(select(Unit).order_by(Unit.name, Unit.id)))


def add_unit(acting: Acting, *, name: str, short_name: str, parent_id: str | None = None) -> Unit:
    """Add an organ or a part of one."""
    unit = Unit(id=new_id(acting.now), name=name, short_name=short_name, parent_id=parent_id, jurisdiction="REF")
    acting.session.add(unit)
    acting.session.flush()
    ledger.enter(acting, None, "unit.added", subject=f"unit:{unit.id}", body={"name": name})
    return unit


def add_person(
    acting: Acting,
    *,
    name: str,
    unit_id: str | None,
    post: str = "",
    roles: Iterable[str] = (),
    known: Roles | None = None,
) -> Person:
    """Add a person, with the roles they hold in their unit.

    Raises:
        NotPossible: a role is unknown, or given without a unit.
    """
    person = Person(id=new_id(acting.now), name=name, unit_id=unit_id, post=post)
    acting.session.add(person)
    acting.session.flush()
    ledger.enter(acting, None, "person.added", subject=f"person:{person.id}")
    for role in roles:
        grant(acting, person_id=person.id, role=role, unit_id=unit_id or "", known=known)
    return person


def grant(acting: Acting, *, person_id: str, role: str, unit_id: str, known: Roles | None = None) -> None:
    """Give a person a role in a unit. Doing it twice changes nothing.

    Raises:
        NotFound: there is no such person or unit.
        NotPossible: the release knows no such role, or it is not one a member of the organ holds.
    """
    if acting.session.get(Person, person_id) is None or acting.session.get(Unit, unit_id) is None:
        raise NotFound("There is no such person or organ.", person=person_id, unit=unit_id)
    if known is not None and (role not in known or known[role].concerned or known[role].external):
        raise NotPossible("There is no such role for members of the organ.", role=role)
    if acting.session.get(Membership, (person_id, role, unit_id)) is None:
        acting.session.add(Membership(person_id=person_id, role=role, unit_id=unit_id))
        ledger.enter(acting, None, "role.granted", subject=f"person:{person_id}", body={"role": role, "unit": unit_id})


def revoke(acting: Acting, *, person_id: str, role: str, unit_id: str) -> None:
    """Take a role away. What the person has done under it stays done."""
    removed = acting.session.execute(
        delete(Membership)
        .where(Membership.person_id == person_id, Membership.role == role, Membership.unit_id == unit_id)
        .returning(Membership.person_id)
    ).first()
    if removed is None:
        raise NotFound("That person does not hold this role.", person=person_id, role=role)
    ledger.enter(acting, None, "role.revoked", subject=f"person:{person_id}", body={"role": role, "unit": unit_id})


def declare_relation(acting: Acting, *, person_id: str, other_id: str, kind: str, roles: Roles) -> None:
    """Declare a relation that forbids handling each other's cases 回避: of oneself, or entered by an administrator.

    Raises:
        NotAllowed: about somebody else, without administering people.
    """
    if acting.by.person_id != person_id:
        policy.may_administer(acting.by, roles)
    if person_id == other_id:
        raise NotPossible("A relation is between two persons.")
    for one, other in ((person_id, other_id), (other_id, person_id)):
        if acting.session.get(Person, one) is None:
            raise NotFound("There is no such person.", person=one)
        if acting.session.get(Relation, (one, other)) is None:
            acting.session.add(Relation(person_id=one, other_id=other, kind=kind, declared_at=acting.now))
    ledger.enter(
        acting, None, "relation.declared", subject=f"person:{person_id}", body={"other": other_id, "kind": kind}
    )
