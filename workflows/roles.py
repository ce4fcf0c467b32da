"""Roles and the separation of duties, read from the release. May never name a role itself: the artefacts do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import permutations
from typing import Any

from workflows.errors import ArtefactsRefused

PERMISSIONS = frozenset(
    {"case.open", "case.oversee", "case.end", "party.add", "evidence.add", "protected.read", "house.administer"}
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


def load(roles: Any, separation: Any) -> Roles:
    """Build from the parsed files `roles.yaml` and `safeguards/separation.yaml`.

    Raises:
        ArtefactsRefused: with every contradiction, naming file and entry.
    """
    findings: list[str] = []
    known: dict[str, Role] = {}
    for key, entry in (roles or {}).get("roles", {}).items():
        name = entry.get("name", {})
        unknown = (
            set(entry) - {"name", "may", "concerned", "external", "sealed"} | set(entry.get("may", ())) - PERMISSIONS
        )
        if unknown:
            findings.append(f"roles.yaml: {key}: {sorted(unknown)} is unknown")
            continue
        if not name.get("zh") or not name.get("en"):
            findings.append(f"roles.yaml: {key}: needs a name in zh and en")
            continue
        known[key] = Role(
            id=key,
            name=name,
            may=frozenset(entry.get("may", ())),
            concerned=bool(entry.get("concerned")),
            external=bool(entry.get("external")),
            sealed=bool(entry.get("sealed")),
        )
    pairs: dict[frozenset[str], Separation] = {}
    for number, entry in enumerate((separation or {}).get("separation", []), start=1):
        pair = frozenset(entry.get("between", ()))
        where = f"separation.yaml: entry {number}"
        if len(pair) != 2 or not pair <= set(known):
            findings.append(f"{where}: `between` must name two different known roles, not {sorted(pair)}")
            continue
        if pair in pairs:
            findings.append(f"{where}: {sorted(pair)} stands twice")
        findings.extend(_incomplete(where, entry))
        pairs[pair] = _separation("/".join(sorted(pair)), entry)
    ties: dict[str, Separation] = {}
    for key, entry in (separation or {}).get("ties", {}).items():
        findings.extend(_incomplete(f"separation.yaml: {key}", entry))
        ties[key] = _separation(key, entry)
    if findings:
        raise ArtefactsRefused(tuple(findings))
    return Roles(known, pairs, ties)


def _incomplete(where: str, entry: Any) -> list[str]:
    why = entry.get("why", {})
    missing = [key for key in ("source", "mark") if not entry.get(key)]
    missing += [f"why.{language}" for language in ("zh", "en") if not why.get(language)]
    return [f"{where}: needs {', '.join(missing)}"] if missing else []


def _separation(rule: str, entry: Any) -> Separation:
    return Separation(rule=rule, why=entry.get("why", {}), source=entry.get("source", ""), mark=entry.get("mark", ""))
