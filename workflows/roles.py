"""Roles and the separation of duties, read from the release. May never name a role itself: the artefacts do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import permutations
from typing import Any

from engine.sheets import MARK, MARK_FORM, Entry, Reading, Wording
from workflows.errors import ArtefactsRefused

ROLES, SEPARATION = "bpmn/roles.yaml", "bpmn/safeguards/separation.yaml"
"""Where the two files stand in a release."""

PERMISSIONS = frozenset(
    {
        "case.open",
        "case.oversee",
        "case.end",
        "party.add",
        "evidence.add",
        "protected.read",
        "house.administer",
        "clock.suspend",
        "clock.exclude",
        "clock.correct",
    }
)
"""What a role may be allowed beyond its own tasks. Each is asked for somewhere in `policy`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A role of the organ, or of a party."""

    id: str
    name: Mapping[str, str]
    may: frozenset[str] = frozenset()
    """What goes beyond the own tasks, by code."""
    concerned: bool = False
    external: bool = False
    sealed: bool = False
    """Who it is, is kept apart from the file and sealed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Separation:
    """Why somebody may not have a part in a case: a rule with its source."""

    rule: str
    """`investigator/legal_reviewer`, or the tie: `party`, `relative`, `recused`, `handled_act`."""
    why: Mapping[str, str]
    source: str
    mark: str


class Roles:
    """All roles of a release and what excludes what."""

    def __init__(
        self, roles: Mapping[str, Role], pairs: Mapping[frozenset[str], Separation], ties: Mapping[str, Separation]
    ) -> None:
        self._roles = dict(roles)
        self._pairs = dict(pairs)
        self._ties = dict(ties)

    def __contains__(self, role: str) -> bool:
        return role in self._roles

    def __getitem__(self, role: str) -> Role:
        return self._roles[role]

    def __iter__(self) -> Any:
        return iter(self._roles.values())

    def that_may(self, permission: str) -> frozenset[str]:
        """Ids of the roles that may do this."""
        return frozenset(role.id for role in self._roles.values() if permission in role.may)

    def tie(self, kind: str) -> Separation | None:
        """The exclusion from every duty that follows from this tie to the matter, if it is one."""
        return self._ties.get(kind)

    @property
    def ties(self) -> tuple[str, ...]:
        """Every tie to a matter that excludes from all duties in it."""
        return tuple(sorted(self._ties))

    def excluded(self, duty: str, held: Iterable[str]) -> Separation | None:
        """The first rule by which somebody who holds `held` in a case may not take up `duty` in it."""
        for other in sorted(held):
            rule = self._ties.get(other) or self._pairs.get(frozenset((duty, other)))
            if rule is not None and other != duty:
                return rule
        return None

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Every pair of parts that exclude each other, both ways round: for the query filter that matches `excluded`."""
        return tuple(sorted((one, other) for pair in self._pairs for one, other in permutations(pair)))


def load(roles: bytes, separation: bytes) -> Roles:
    """Read the files `roles.yaml` and `safeguards/separation.yaml`.

    Raises:
        ArtefactsRefused: with every contradiction, each with its file and line.
    """
    office, rules = Reading(roles, name=ROLES), Reading(separation, name=SEPARATION)
    known = {role.id: role for role in _roles(office)}
    parts = rules.fields(rules.root, "separation", required=("separation", "ties"))
    pairs = dict(_pairs(rules, parts.get("separation"), known))
    ties = dict(_ties(rules, parts.get("ties")))
    if findings := (*office.findings, *rules.findings):
        raise ArtefactsRefused(findings)
    return Roles(known, pairs, ties)


def _roles(reading: Reading) -> Iterator[Role]:
    fields = reading.fields(reading.root, "roles", required=("roles",))
    for key, entry in reading.pairs(fields.get("roles"), "roles"):
        row = reading.fields(entry, key, required=("name",), optional=("may", "concerned", "external", "sealed"))
        name = reading.names(row.get("name"), f"{key}.name")
        may = [
            reading.choice(each, f"{key}.may", sorted(PERMISSIONS))
            for each in reading.items(row.get("may"), f"{key}.may")
        ]
        if name is not None:
            yield Role(
                id=key,
                name={"zh": name.zh, "en": name.en},
                may=frozenset(each for each in may if each),
                concerned=bool(reading.flag(row.get("concerned"), f"{key}.concerned")),
                external=bool(reading.flag(row.get("external"), f"{key}.external")),
                sealed=bool(reading.flag(row.get("sealed"), f"{key}.sealed")),
            )


def _pairs(
    reading: Reading, entries: Entry | None, known: Mapping[str, Role]
) -> Iterator[tuple[frozenset[str], Separation]]:
    seen: set[frozenset[str]] = set()
    for number, entry in enumerate(reading.items(entries, "separation"), start=1):
        place = f"separation.{number}"
        row = reading.fields(entry, place, required=("between", *_REASONED))
        named = [
            reading.text(each, f"{place}.between") for each in reading.items(row.get("between"), f"{place}.between")
        ]
        pair = frozenset(each for each in named if each)
        shown = ", ".join(str(each) for each in named)
        if len(pair) != 2 or len(named) != 2 or not pair <= set(known):
            reading.refuse(
                "pair", entry.line,
                Wording(
                    f"between 应为两个不同的已知角色，现为：{shown}。",
                    f"`between` must name two different known roles; it is: {shown}.",
                ),
                Wording(f"写明 {ROLES} 中的两个角色。", f"Name two roles of {ROLES}."), element=place,
            )  # fmt: skip
            continue
        if pair in seen:
            reading.refuse(
                "pair-twice", entry.line,
                Wording(f"{shown} 出现两次。", f"{shown} stands twice."),
                Wording("只保留一个。", "Keep one of them."), element=place,
            )  # fmt: skip
        seen.add(pair)
        if (rule := _separation(reading, "/".join(sorted(pair)), row, place)) is not None:
            yield pair, rule


def _ties(reading: Reading, entries: Entry | None) -> Iterator[tuple[str, Separation]]:
    for key, entry in reading.pairs(entries, "ties"):
        row = reading.fields(entry, f"ties.{key}", required=_REASONED)
        if (rule := _separation(reading, key, row, f"ties.{key}")) is not None:
            yield key, rule


_REASONED = ("source", "mark", "why")
"""What each rule says of itself."""


def _separation(reading: Reading, rule: str, row: Mapping[str, Entry], place: str) -> Separation | None:
    why = reading.names(row.get("why"), f"{place}.why")
    source = reading.text(row.get("source"), f"{place}.source")
    mark = reading.matching(row.get("mark"), f"{place}.mark", MARK, MARK_FORM)
    if why is None or source is None or mark is None:
        return None
    return Separation(rule=rule, why={"zh": why.zh, "en": why.en}, source=source, mark=mark)
