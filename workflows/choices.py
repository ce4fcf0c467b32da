"""What a form may offer in a case: its parties, its evidence, the people of a role, the rules of the catalogue.

A form names the list (`parties:respondent`, `persons:investigator`, `evidence:admitted`); here are its members, for checking
answers and for showing them. May never offer what the person answering may not know of.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, literal, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from engine.sheets import Wording
from forms import Field, Form
from workflows.acting import Actor
from workflows.errors import NotPossible
from workflows.records import Case, Deadline, Duty, Evidence, Membership, Party, Person
from workflows.releases import Law

Query = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that may be chosen."""

    id: str
    zh: str
    en: str
    note: str = ""


def offered(
    session: Session, law: Law, case: Case, actor: Actor, sources: Iterable[str]
) -> dict[str, tuple[Choice, ...]]:
    """For each list a form names, what may be chosen from it in this case by this person. One statement for all of them.

    Raises:
        NotPossible: a form names a list that nobody can offer.
    """
    found: dict[str, tuple[Choice, ...]] = {}
    queries = []
    for source in sorted(sources):
        kind, _, narrowed = source.partition(":")
        if kind in _QUERIES:
            found[source] = ()
            queries.append(_QUERIES[kind](source, case, actor, narrowed))
        elif kind == "deadline_rules":
            found[source] = tuple(_rule(law, key) for key in law.catalogue.keys)
        else:
            raise NotPossible(f"A form asks for a choice from “{source}”, which nobody offers.", source=source)
    if not queries:
        return found
    rows = session.execute(union_all(*queries))
    for source, listed in groupby(sorted(rows, key=_order), key=_source):
        found[source] = tuple(_shown(law, source, row) for row in listed)
    return found


def ids(offers: Mapping[str, Iterable[Choice]]) -> dict[str, frozenset[str]]:
    """The same by id alone, as `forms.read` asks for it."""
    return {source: frozenset(choice.id for choice in choices) for source, choices in offers.items()}


def mentioned(form: Form, values: Mapping[str, Any]) -> frozenset[str]:
    """Every id among answers: what was chosen from the lists of a case."""
    found: set[str] = set()
    for key, question in form.fields.items():
        answer = values.get(key)
        if isinstance(question, Field):
            found.update(_ids(question, answer))
            continue
        for row in answer if isinstance(answer, list) else ():
            for column in question.fields:
                found.update(_ids(column, row.get(column.key)))
    return frozenset(found)


def named(session: Session, law: Law, case_id: str, wanted: Collection[str]) -> dict[str, Wording]:
    """What the things are called that were chosen, also those that could not be chosen any more."""
    if not wanted:
        return {}
    rows = session.execute(
        union_all(
            select(Party.id, Party.name, literal(0)).where(Party.id.in_(wanted), Party.case_id == case_id),
            select(Person.id, Person.name, literal(0)).where(Person.id.in_(wanted)),
            select(Evidence.id, Evidence.name, Evidence.number).where(
                Evidence.id.in_(wanted), Evidence.case_id == case_id
            ),
        )
    )
    found = {key: _exhibit(number, name) if number else Wording(name, name) for key, name, number in rows}
    return found | {key: law.catalogue.rules[key][-1].name for key in wanted if law.catalogue.knows(key)}


def _ids(question: Field, answer: Any) -> Iterator[str]:
    if question.source:
        yield from (each for each in (answer if isinstance(answer, list) else [answer]) if isinstance(each, str))


def _exhibit(number: int, name: str) -> Wording:
    return Wording(f"证{number} {name}", f"Exhibit {number} {name}")


def _parties(source: str, case: Case, actor: Actor, role: str) -> Query:
    query = _row(source, Party.id, name=Party.name, note=Party.post, other=Party.unit_name)
    # A party answering a form learns no names of the others.
    query = query.where(Party.case_id == case.id, or_(~_concerned(case, actor), Party.person_id == actor.person_id))
    return query.where(Party.role == role) if role else query


def _persons(source: str, case: Case, actor: Actor, role: str) -> Query:
    query = _row(source, Person.id, name=Person.name, note=Person.post).where(Person.left_at.is_(None))
    if role == "case":
        return query.where(exists().where(Duty.person_id == Person.id, Duty.case_id == case.id))
    held = exists().where(Membership.person_id == Person.id, Membership.unit_id == case.unit_id)
    return query.where(held.where(Membership.role == role) if role else held)


def _evidence(source: str, case: Case, actor: Actor, which: str) -> Query:
    query = _row(source, Evidence.id, name=Evidence.name, number=Evidence.number).where(Evidence.case_id == case.id)
    if which == "admitted":
        query = query.where(Evidence.admitted.is_(True))
    mine = select(Party.id).where(Party.case_id == case.id, Party.person_id == actor.person_id)
    own = or_(Evidence.registered_by == actor.person_id, Evidence.party_id.in_(mine))
    return query.where(own if which == "own" else or_(~_concerned(case, actor), own))


def _deadlines(source: str, case: Case, actor: Actor, which: str) -> Query:
    query = _row(source, Deadline.rule, name=Deadline.rule)
    return query.where(Deadline.case_id == case.id, Deadline.state.in_(("running", "missed"))).distinct()


def _concerned(case: Case, actor: Actor) -> ColumnElement[bool]:
    one_of_them = aliased(Party)
    return exists().where(one_of_them.case_id == case.id, one_of_them.person_id == actor.person_id)


def _row(source: str, key: Any, *, name: Any, note: Any = None, other: Any = None, number: Any = None) -> Query:
    """One row of any list: all lists are read in one statement."""
    blank = literal("")
    columns = [literal(source).label("source"), key.label("id"), name.label("name")]
    columns += [(blank if each is None else each).label(label) for each, label in ((note, "note"), (other, "other"))]
    return select(*columns, (literal(0) if number is None else number).label("number"))


def _order(row: Any) -> tuple[Any, ...]:
    kind = row.source.partition(":")[0]
    return row.source, row.number, row.name if kind == "persons" else "", row.id


def _source(row: Any) -> str:
    return str(row.source)


def _shown(law: Law, source: str, row: Any) -> Choice:
    kind = source.partition(":")[0]
    if kind == "deadlines":
        return _rule(law, row.id)
    if kind == "evidence":
        exhibit = _exhibit(row.number, row.name)
        return Choice(row.id, exhibit.zh, exhibit.en)
    return Choice(row.id, row.name, row.name, row.note or row.other)


def _rule(law: Law, key: str) -> Choice:
    rule = law.catalogue.rules[key][-1]
    return Choice(key, rule.name.zh, rule.name.en, rule.citation.zh)


_QUERIES: Mapping[str, Callable[[str, Case, Actor, str], Query]] = {
    "parties": _parties,
    "persons": _persons,
    "evidence": _evidence,
    "deadlines": _deadlines,
}
