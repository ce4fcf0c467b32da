"""The catalogue of statutory limits 期限目录: which limits there are, and which was in force on a day.

Read from artefacts, and from a profile that fills what the law leaves open. Whatever points nowhere, contradicts
itself, or goes beyond the law is refused, all findings at once. It may never read a file or a database: `load` is given
their contents.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches

from engine.errors import Finding
from engine.sheets import Reading, Wording
from workflows.catalogue_files import CatalogueFile, Declared, ProfileFile, is_profile, refuse_between_rows
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
    events: Mapping[str, Wording]
    """What may happen in a case, by code: what starts limits and what meets them."""
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
            profile = (
                Wording(f"规则包 {self.profile.key} ", f" {self.profile.key}") if self.profile else Wording("", "")
            )
            raise RuleUnknown(
                f"{key} is left to the jurisdiction, and the profile{profile.en} does not choose its number.",
                key=key, zh=f"期限 {key} 由各辖区规定，{profile.zh}没有写明数值。",
            )  # fmt: skip
        near = get_close_matches(key.upper(), (*self.rules, *self.open_keys), n=3)
        like = Wording("；相近的有 " + "、".join(near), "; nearest: " + ", ".join(near)) if near else Wording("", "")
        raise RuleUnknown(
            f"The catalogue has no limit {key}{like.en}.", key=key, near=near, zh=f"期限目录中没有 {key}{like.zh}。"
        )


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
    refuse_between_rows(drafts)
    for file in profiles:
        file.choose(declared, drafts)
    chosen = _in_force(profiles, profile)
    findings = [finding for reading in readings for finding in reading.findings]
    if chosen is None and (profiles or profile):
        findings.append(_not_chosen(profiles, profile))
    findings.extend(_twice(profiles))
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
        events=declared.events,
        profile=chosen.profile if chosen else None,
        open_keys=frozenset(open_keys),
    )


def retroactive(before: Catalogue, after: Catalogue, since: date) -> Iterator[Finding]:
    """Where a catalogue would count a limit of the past otherwise than the one in force, so that decided cases would change.

    What a profile chooses is not looked at: it reaches only the proceedings of its own release.

    Args:
        since: from when the new one is in force. What changes from that day on is a change of the law, and none of the past.
    """
    for key, versions in after.rules.items():
        for new in versions:
            for old in before.rules.get(key, ()):
                first = max(old.effective_from, new.effective_from)
                last = min(old.effective_to or date.max, new.effective_to or date.max, since - timedelta(days=1))
                if first <= last and new.profile is None and old.profile is None and old.counts != new.counts:
                    was, now = old.period.words, new.period.words
                    yield Finding(
                        source="bpmn/deadlines", line=None, element=key, name=new.name.zh, rule="effective-past",
                        why=f"{key} ({new.citation.en}) would be counted otherwise for events from {first} on, on which decided "
                        f"cases rest: {was.en} before, {now.en} now, or by other rules.",
                        remedy=f"End the version in force with `effective.to`, and let the new one begin on {since} or later.",
                        why_zh=f"{key}（{new.citation.zh}）对 {first} 起的事由改了算法，已经办结的案件会因此改变："
                        f"原为{was.zh}，现为{now.zh}，或者计算规则不同。",
                        remedy_zh=f"给现行版本写明 effective.to，新版本自 {since} 或以后施行。",
                    )  # fmt: skip


def _in_force(profiles: list[ProfileFile], wanted: str | None) -> ProfileFile | None:
    """The profile that is asked for, or the only one."""
    if wanted is None:
        return profiles[0] if len(profiles) == 1 else None
    return next((file for file in profiles if file.profile and file.profile.key == wanted), None)


def _twice(profiles: list[ProfileFile]) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for file in profiles:
        if file.profile and seen.setdefault(file.profile.key, file.reading.name) != file.reading.name:
            yield Finding(
                source=file.reading.name, line=None, element=file.profile.key, name="", rule="profile-twice",
                why=f"The profile {file.profile.key} also stands in {seen[file.profile.key]}.",
                remedy="Give one of them another key, or remove it.",
                why_zh=f"规则包 {file.profile.key} 在 {seen[file.profile.key]} 中也有。", remedy_zh="改用另一个键，或删去其一。",
            )  # fmt: skip


def _not_chosen(profiles: list[ProfileFile], wanted: str | None) -> Finding:
    known = [file.profile.key for file in profiles if file.profile]
    return Finding(
        source="", line=None, element=wanted or "", name="", rule="profile-unknown",
        why=f"There is no profile {wanted}." if wanted else "Several profiles are given and none is chosen.",
        remedy=f"Choose one of: {', '.join(known)}.",
        why_zh=f"没有规则包 {wanted}。" if wanted else "有几个规则包，没有指明用哪一个。",
        remedy_zh=f"选择其一：{'、'.join(known)}。",
    )  # fmt: skip
