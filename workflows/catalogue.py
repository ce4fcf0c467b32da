"""The catalogue of statutory limits 期限目录: which limits there are, and which was in force on a day.

Read from artefacts, and from a profile that fills what the law leaves open. Whatever points nowhere, contradicts
itself, or goes beyond the law is refused, all findings at once. It may never read a file or a database: `load` is given
their contents.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from engine.errors import Finding
from engine.sheets import Reading, Wording
from workflows.catalogue_files import CatalogueFile, Declared, ProfileFile, is_profile, refuse_overlaps
from workflows.deadline_rules import (
    DeadlineRule,
    Event,
    Extension,
    Judgement,
    Profile,
    Rung,
    RungMoment,
    Statute,
    due_for,
    judge,
    rungs_of,
)
from workflows.errors import ArtefactsRefused, CaseworkError

__all__ = [
    "Catalogue", "DeadlineRule", "Event", "Extension", "Judgement", "Profile", "RuleUnknown", "Rung", "RungMoment",
    "Statute", "due_for", "judge", "load", "rungs_of",
]  # fmt: skip


class RuleUnknown(CaseworkError):
    """The catalogue has no such limit, or none in force on that day."""

    code = "rule_unknown"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All limits of a release. Immutable; shared by all proceedings of the release."""

    rules: Mapping[str, tuple[DeadlineRule, ...]]
    """By key; several where a limit changed, one after another."""
    roles: Mapping[str, Wording]
    not_counted: Mapping[str, Wording]
    """Kinds of time that some limits do not count."""
    profile: Profile | None
    open_keys: frozenset[str]
    """Limits whose number a profile must choose and none has."""

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of all limits that have a number, in the order of the files."""
        return tuple(self.rules)

    def knows(self, key: str) -> bool:
        """Whether there is such a limit with a number, in force at some time."""
        return key in self.rules

    def rule(self, key: str, on: date) -> DeadlineRule:
        """The limit of this key that was in force on a day.

        Args:
            key: such as `PEN-DECIDE`.
            on: the day of the event that starts it.

        Raises:
            RuleUnknown: there is none of this key, none in force on that day, or its number was left to a profile that
                does not choose it.
        """
        versions = self.rules.get(key, ())
        for rule in versions:
            if rule.effective_from <= on and (rule.effective_to is None or on <= rule.effective_to):
                return rule
        if versions:
            raise RuleUnknown(
                f"{key} is not in force on {on}; it is from {min(rule.effective_from for rule in versions)}.",
                key=key, on=on.isoformat(), zh=f"期限 {key} 在 {on} 不适用，自 {versions[0].effective_from} 起施行。",
            )  # fmt: skip
        if key in self.open_keys:
            raise RuleUnknown(
                f"{key} is left to the jurisdiction, and no profile chooses its number.",
                key=key, zh=f"期限 {key} 由各辖区规定，当前规则包没有写明。",
            )  # fmt: skip
        raise RuleUnknown(f"The catalogue has no limit {key}.", key=key, zh=f"期限目录中没有 {key}。")


def load(sources: Mapping[str, bytes], *, profile: str | None = None) -> Catalogue:
    """Read the catalogue and the profile in force.

    Args:
        sources: file name to content (YAML, UTF-8); files with `deadlines`, and files with `profile`.
        profile: key of the profile in force; needed only where several are given.

    Raises:
        ArtefactsRefused: with everything that is wrong in any of the files.
    """
    readings = [Reading(source, name=name) for name, source in sorted(sources.items())]
    catalogues = [CatalogueFile(reading) for reading in readings if reading.root and not is_profile(reading.root)]
    profiles = [ProfileFile(reading) for reading in readings if reading.root and is_profile(reading.root)]
    declared = Declared([*catalogues, *profiles])
    drafts = [draft for file in catalogues for draft in file.drafts(declared)]
    refuse_overlaps(drafts)
    for file in profiles:
        file.choose(declared, drafts)
    chosen = _in_force(profiles, profile)
    findings = [finding for reading in readings for finding in reading.findings]
    if chosen is None and (profiles or profile):
        findings.append(_not_chosen(profiles, profile))
    if findings:
        raise ArtefactsRefused(tuple(findings))
    rules: dict[str, tuple[DeadlineRule, ...]] = {}
    open_keys: set[str] = set()
    for draft in drafts:
        rule = draft.settled(chosen.choices.get(draft.key) if chosen else None, chosen)
        if rule is None:
            open_keys.add(draft.key)
        else:
            rules[draft.key] = (*rules.get(draft.key, ()), rule)
    return Catalogue(
        rules=rules,
        roles=declared.roles,
        not_counted=declared.not_counted,
        profile=chosen.profile if chosen else None,
        open_keys=frozenset(open_keys),
    )


def _in_force(profiles: list[ProfileFile], wanted: str | None) -> ProfileFile | None:
    """The profile that is asked for, or the only one."""
    if wanted is None:
        return profiles[0] if len(profiles) == 1 else None
    return next((file for file in profiles if file.profile and file.profile.key == wanted), None)


def _not_chosen(profiles: list[ProfileFile], wanted: str | None) -> Finding:
    known = [file.profile.key for file in profiles if file.profile]
    return Finding(
        source="", line=None, element=wanted or "", name="", rule="profile-unknown",
        why=f"There is no profile {wanted}." if wanted else "Several profiles are given and none is chosen.",
        remedy=f"Choose one of: {', '.join(known)}.",
        why_zh=f"没有规则包 {wanted}。" if wanted else "有几个规则包，没有指明用哪一个。",
        remedy_zh=f"选择其一：{'、'.join(known)}。",
    )  # fmt: skip
