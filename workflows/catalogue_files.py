"""Reading the files of the catalogue: limits, and the choices of a profile.

A catalogue file declares texts, roles, kinds of excluded time and events, or limits that speak of them. A profile chooses
the numbers of one jurisdiction: of limits that have none (`period: profile`), and of others as far as the law allows.
Every mistake is noted where it stands; nothing is raised here. It may never mend a value, or read a rule in part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from typing import Any, TypeVar, get_args

from engine.errors import PeriodRefused
from engine.periods import Direction, Period, Roll, Unit
from engine.sheets import MARK, MARK_FORM, Entry, Reading, Wording
from workflows.deadline_rules import (
    Binds,
    Covers,
    DeadlineRule,
    Event,
    Extension,
    Profile,
    Rung,
    RungKind,
    Statute,
    is_longer,
    total,
)
from workflows.lapses import CHOICES, KINDS, Lapse, Parameter

LEVELS = ("law", "regulation", "local_regulation", "rule", "local_rule", "document", "product_default")
"""法律, 行政法规, 地方性法规, 部门规章, 地方政府规章, 规范性文件, and what the product proposes where there is none."""

_KEY = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*")
_KEY_FORM = Wording("大写字母、数字和短横，如 PEN-DECIDE", "capitals, digits and hyphens such as PEN-DECIDE")
_CODE = re.compile(r"[a-z][a-z0-9_]*")
_CODE_FORM = Wording("小写字母、数字和下划线", "small letters, digits and underscores")

_REQUIRED = ("key", "name", "statute", "mark", "trigger", "period", "roll", "direction", "met_by", "binds", "effective",
             "jurisdiction")  # fmt: skip
_OPTIONAL = ("article", "first_day_counts", "not_counted", "extension", "rungs", "consequence", "lapse", "overridable",
             "may_vary", "varies", "at_most", "at_least", "compared", "note", "covers")  # fmt: skip


def is_profile(root: Entry) -> bool:
    return isinstance(root.value, dict) and "profile" in root.value


@dataclass(frozen=True, slots=True)
class _Variation:
    """The clause by which other texts may set another number."""

    by: tuple[str, ...]
    """Levels of the texts that may."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a profile says of one limit."""

    period: Period
    extension: Extension | None
    statute: Statute
    article: Wording | None
    mark: str
    not_counted: tuple[str, ...]
    """Kinds of time that do not count, beside those of the catalogue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A limit as a catalogue file has it, before the profile is asked."""

    key: str
    reading: Reading
    line: int
    values: Mapping[str, Any]
    """The fields of the rule, but for the period."""
    period: Period | None
    """None: left to the profile."""
    overridable: bool
    may_vary: _Variation | None
    varies: str | None
    """The limit in whose place this one stands for some matters, by that limit's enabling clause."""
    at_most: Period | None
    at_least: Period | None

    def settled(self, choice: Choice | None, profile: ProfileFile | None) -> DeadlineRule | None:
        """The rule with the profile's number, or its own; None where neither has one."""
        if choice is None or profile is None or profile.profile is None:
            return None if self.period is None else DeadlineRule(**self.values, period=self.period, profile=None)
        rule = DeadlineRule(**self.values, period=choice.period, profile=profile.profile.key)
        return replace(
            rule,
            statute=choice.statute,
            article=choice.article,
            mark=choice.mark,
            extension=choice.extension or rule.extension,
            not_counted=tuple(dict.fromkeys((*rule.not_counted, *choice.not_counted))),
            jurisdiction=profile.profile.jurisdiction,
        )


class _File:
    """What catalogue files and profiles have in common: they declare texts, and state periods and extensions."""

    declares: tuple[str, ...] = ("statutes",)

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.fields: Mapping[str, Entry] = {}

    def section(self, name: str) -> Iterator[tuple[str, Entry]]:
        return self.reading.pairs(self.fields.get(name), name)

    def period(self, entry: Entry | None, place: str, *, marked: bool = False) -> Period | None:
        """`{value: 90, unit: days}`; where it is a number of its own, with its evidence mark."""
        reading = self.reading
        fields = reading.fields(entry, place, required=("value", "unit"), optional=("mark",) if marked else ())
        if marked:
            reading.matching(fields.get("mark"), f"{place}.mark", MARK, MARK_FORM)
        value = reading.whole(fields.get("value"), f"{place}.value")
        unit = _one(reading, fields.get("unit"), f"{place}.unit", _UNITS)
        if entry is None or value is None or unit is None:
            return None
        try:
            return Period(value, unit)
        except PeriodRefused as refused:
            reading.refuse(
                "period", entry.line,
                Wording(str(refused.facts.get("zh", refused)), str(refused)),
                Wording("改正期限。", "Correct the period."), element=place,
            )  # fmt: skip
            return None

    def extension(self, entry: Entry | None, place: str, declared: Declared) -> Extension | None:
        """`{approver: agency_head, period: {…}, times: 1, cap: {…}, mark: V:S2}`."""
        reading = self.reading
        fields = reading.fields(
            entry, place, required=("approver", "mark"), optional=("period", "times", "cap", "unbounded")
        )
        approver = self.known(fields.get("approver"), f"{place}.approver", declared.roles)
        mark = reading.matching(fields.get("mark"), f"{place}.mark", MARK, MARK_FORM)
        period = self.period(fields.get("period"), f"{place}.period")
        cap = self.period(fields.get("cap"), f"{place}.cap")
        times = reading.whole(fields.get("times"), f"{place}.times")
        unbounded = bool(reading.flag(fields.get("unbounded"), f"{place}.unbounded"))
        if entry and (period is None and cap is None) != unbounded:
            reading.refuse(
                "extension-unbounded", entry.line,
                Wording(
                    f"“{place}”须写明每次的长度或者总上限；法律没有写明的，写 unbounded: true。",
                    f"`{place}` needs a period or a cap; where the law names none, `unbounded: true`.",
                ),
                Wording("写明其一。", "State one or the other."), element=place,
            )  # fmt: skip
        if approver is None or mark is None:
            return None
        return Extension(approver=approver, period=period, times=times, cap=cap, mark=mark)

    def known(self, entry: Entry | None, place: str, declared: Mapping[str, Any]) -> str | None:
        """A word that is declared in one of the files."""
        word = self.reading.text(entry, place)
        if entry is None or word is None or word in declared:
            return word
        self.reading.refuse(
            "dangling", entry.line,
            Wording(f"“{place}”指向没有列出的“{word}”。", f"`{place}` names `{word}`, which is declared nowhere."),
            Wording("在文件开头列出它，或改正拼写。", "Declare it at the top of a file, or correct the spelling."),
            element=place,
        )  # fmt: skip
        return None


class CatalogueFile(_File):
    """One file of limits."""

    declares = ("statutes", "roles", "not_counted", "events")

    def __init__(self, reading: Reading) -> None:
        super().__init__(reading)
        self.fields = reading.fields(
            reading.root, "catalogue", required=("catalogue",), optional=(*self.declares, "deadlines")
        )
        reading.names(self.fields.get("catalogue"), "catalogue")

    def drafts(self, declared: Declared) -> Iterator[Draft]:
        for entry in self.reading.items(self.fields.get("deadlines"), "deadlines"):
            draft = self._draft(entry, declared)
            if draft:
                yield draft

    def _draft(self, entry: Entry, declared: Declared) -> Draft | None:
        reading = self.reading
        before = len(reading.findings)
        label = _label(entry)
        row = reading.fields(entry, label, required=_REQUIRED, optional=_OPTIONAL)
        key = reading.matching(row.get("key"), f"{label}.key", _KEY, _KEY_FORM)
        open_period = "period" in row and row["period"].value == "profile"
        period = None if open_period else self.period(row.get("period"), f"{label}.period")
        values = self._values(row, label, declared)
        draft = Draft(
            key=key or label,
            reading=reading,
            line=entry.line,
            values=values,
            period=period,
            overridable=open_period or bool(reading.flag(row.get("overridable"), f"{label}.overridable")),
            may_vary=self._variation(row.get("may_vary"), f"{label}.may_vary"),
            varies=reading.matching(row.get("varies"), f"{label}.varies", _KEY, _KEY_FORM),
            at_most=self.period(row.get("at_most"), f"{label}.at_most", marked=True),
            at_least=self.period(row.get("at_least"), f"{label}.at_least", marked=True),
        )
        self._compared(row.get("compared"), f"{label}.compared")
        if len(reading.findings) > before:
            return None
        self._check(draft)
        return draft

    def _values(self, row: Mapping[str, Entry], label: str, declared: Declared) -> dict[str, Any]:
        reading = self.reading
        effective = reading.fields(
            row.get("effective"), f"{label}.effective", required=("from", "mark"), optional=("to",)
        )
        reading.matching(effective.get("mark"), f"{label}.effective.mark", MARK, MARK_FORM)
        first = reading.day(effective.get("from"), f"{label}.effective.from")
        last = reading.day(effective.get("to"), f"{label}.effective.to")
        if first and last and last < first:
            reading.refuse(
                "effective-backward", row["effective"].line,
                Wording(f"{label} 止于 {last}，早于施行的 {first}。", f"{label} ends on {last}, before {first}."),
                Wording("改正日期。", "Correct the dates."), element=label,
            )  # fmt: skip
        statute = self.known(row.get("statute"), f"{label}.statute", declared.statutes)
        return {
            "key": reading.text(row.get("key"), f"{label}.key"),
            "name": reading.names(row.get("name"), f"{label}.name"),
            "statute": declared.statutes.get(statute or ""),
            "article": reading.names(row.get("article"), f"{label}.article"),
            "mark": reading.matching(row.get("mark"), f"{label}.mark", MARK, MARK_FORM),
            "trigger": self._event(row.get("trigger"), f"{label}.trigger", declared),
            "roll": _one(reading, row.get("roll"), f"{label}.roll", _ROLLS),
            "direction": _one(reading, row.get("direction"), f"{label}.direction", _DIRECTIONS),
            "first_day_counts": bool(reading.flag(row.get("first_day_counts"), f"{label}.first_day_counts")),
            "not_counted": tuple(
                kind
                for item in reading.items(row.get("not_counted"), f"{label}.not_counted")
                if (kind := self.known(item, f"{label}.not_counted", declared.not_counted))
            ),
            "extension": self.extension(row["extension"], f"{label}.extension", declared)
            if "extension" in row
            else None,
            "rungs": tuple(self._rungs(row.get("rungs"), f"{label}.rungs", declared)),
            "consequence": reading.names(row.get("consequence"), f"{label}.consequence"),
            "lapse": tuple(self._lapses(row.get("lapse"), f"{label}.lapse", declared)),
            "note": reading.names(row.get("note"), f"{label}.note"),
            "met_by": self._event(row.get("met_by"), f"{label}.met_by", declared),
            "covers": _one(reading, row.get("covers"), f"{label}.covers", _COVERS) or "act",
            "binds": _one(reading, row.get("binds"), f"{label}.binds", _BINDS),
            "effective_from": first,
            "effective_to": last,
            "jurisdiction": reading.text(row.get("jurisdiction"), f"{label}.jurisdiction"),
        }

    def _event(self, entry: Entry | None, place: str, declared: Declared) -> Event | None:
        """`{event: case_filed}`, with words of its own where those of the declaration do not fit."""
        code = self._code(entry, place, declared)
        name = declared.events.get(code or "")
        words = () if name else ("zh", "en")
        fields = self.reading.fields(entry, place, required=("event", *words), optional=("zh", "en"))
        zh = self.reading.text(fields.get("zh"), f"{place}.zh") or (name.zh if name else None)
        en = self.reading.text(fields.get("en"), f"{place}.en") or (name.en if name else None)
        return Event(code, Wording(zh, en)) if code and zh and en else None

    def _code(self, entry: Entry | None, place: str, declared: Declared) -> str | None:
        """The code of an event. Catalogues that declare no event at all name them where they use them."""
        named = entry.value.get("event") if entry and isinstance(entry.value, dict) else None
        return self._act(named, f"{place}.event", declared)

    def _act(self, entry: Entry | None, place: str, declared: Declared) -> str | None:
        code = self.reading.matching(entry, place, _CODE, _CODE_FORM)
        return self.known(entry, place, declared.events) if code and declared.events else code

    def _rungs(self, entry: Entry | None, place: str, declared: Declared) -> Iterator[Rung]:
        reading = self.reading
        for item in reading.items(entry, place):
            fields = reading.fields(item, place, required=("kind", "to"), optional=("at", "before", "after"))
            kind = _one(reading, fields.get("kind"), f"{place}.kind", _RUNG_KINDS)
            share = reading.number(fields.get("at"), f"{place}.at")
            before = self.period(fields.get("before"), f"{place}.before")
            after = self.period(fields.get("after"), f"{place}.after")
            to = tuple(
                role
                for name in reading.items(fields.get("to"), f"{place}.to")
                if (role := self.known(name, f"{place}.to", declared.roles))
            )
            if len(fields.keys() & {"at", "before", "after"}) != 1:
                reading.refuse(
                    "rung-moment", item.line,
                    Wording(
                        f"“{place}”须恰好写明 at、before、after 之一。",
                        f"A rung of `{place}` needs exactly one of at, before, after.",
                    ),
                    Wording("只保留一个。", "Keep one."), element=place,
                )  # fmt: skip
            elif share is not None and not 0 < share <= 1:
                reading.refuse(
                    "rung-share", item.line,
                    Wording(
                        f"“{place}”的 at 须大于 0、不超过 1，现为 {share}。",
                        f"`at` of `{place}` must be over 0 and at most 1; it is {share}.",
                    ),
                    Wording("例如 0.7。", "Write, for example, 0.7."), element=place,
                )  # fmt: skip
            elif kind and to:
                yield Rung(kind=kind, share=share, before=before, after=after, to=to)

    def _lapses(self, entry: Entry | None, place: str, declared: Declared) -> Iterator[Lapse]:
        """`[{kind: deemed_accepted, as_of: trigger, mark: V:S3}]`."""
        reading = self.reading
        for item in reading.items(entry, place):
            named = item.value.get("kind") if isinstance(item.value, dict) else None
            kind = reading.choice(named, f"{place}.kind", KINDS)
            if named is not None and kind is None:
                continue
            needs = KINDS[kind].needs if kind else {}
            fields = reading.fields(item, place, required=("kind", "mark", *needs), optional=("article",))
            article = reading.names(fields.get("article"), f"{place}.article")
            mark = reading.matching(fields.get("mark"), f"{place}.mark", MARK, MARK_FORM)
            parameters = {
                name: value
                for name, what in needs.items()
                if (value := self._parameter(fields.get(name), f"{place}.{name}", what, declared)) is not None
            }
            if kind and mark and parameters.keys() == needs.keys():
                yield Lapse(kind=kind, parameters=parameters, article=article, mark=mark)

    def _parameter(self, entry: Entry | None, place: str, what: Parameter, declared: Declared) -> str | int | None:
        if what in CHOICES:
            return self.reading.choice(entry, place, CHOICES[what])
        if what == "act":
            return self._act(entry, place, declared)
        if what == "circumstance":
            return self.reading.matching(entry, place, _KEY, _KEY_FORM)
        percent = self.reading.whole(entry, place)
        if entry is None or percent is None or percent > 0:
            return percent
        self.reading.refuse(
            "percent", entry.line,
            Wording(f"“{place}”须大于 0，现为 {percent}。", f"`{place}` must be over 0; it is {percent}."),
            Wording("例如 3。", "Write, for example, 3."), element=place,
        )  # fmt: skip
        return None

    def _variation(self, entry: Entry | None, place: str) -> _Variation | None:
        if entry is None:
            return None
        reading = self.reading
        fields = reading.fields(entry, place, required=("by", "article", "mark"))
        reading.names(fields.get("article"), f"{place}.article")
        reading.matching(fields.get("mark"), f"{place}.mark", MARK, MARK_FORM)
        levels = [
            reading.choice(item, f"{place}.by", LEVELS) for item in reading.items(fields.get("by"), f"{place}.by")
        ]
        return _Variation(tuple(level for level in levels if level))

    def _compared(self, entry: Entry | None, place: str) -> None:
        for item in self.reading.items(entry, place):
            fields = self.reading.fields(item, place, required=("zh", "en", "mark"))
            self.reading.text(fields.get("zh"), f"{place}.zh")
            self.reading.text(fields.get("en"), f"{place}.en")
            self.reading.matching(fields.get("mark"), f"{place}.mark", MARK, MARK_FORM)

    def _check(self, draft: Draft) -> None:
        """What fits together in one row."""
        values, period = draft.values, draft.period
        backward, rolls = values["direction"] == "backward", values["roll"] == "next_working_day"

        def refuse(rule: str, zh: str, en: str, remedy: Wording) -> None:
            self.reading.refuse(
                rule, draft.line, Wording(f"{draft.key}：{zh}", f"{draft.key}: {en}"), remedy, element=draft.key
            )

        if rolls and (backward or (period and period.unit in ("working_days", "hours"))):
            refuse(
                "roll-without-effect",
                "工作日、小时和倒计的期限不顺延。", "working days, hours and backward limits never roll.",
                Wording("roll 写 none。", "Write `roll: none`."),
            )  # fmt: skip
        if values["first_day_counts"] and period and period.unit == "hours":
            refuse(
                "first-day-of-hours",
                "以小时计的期限没有首日。", "an hour limit has no first day.",
                Wording("删去 first_day_counts。", "Remove `first_day_counts`."),
            )  # fmt: skip
        extension: Extension | None = values["extension"]
        if extension and backward:
            refuse(
                "extension-backward",
                "倒计的期限不能延长。", "a limit counted backward cannot be extended.",
                Wording("删去 extension。", "Remove `extension`."),
            )  # fmt: skip
        if extension and period and (wrong := _misfit(extension, period)):
            refuse("extension-misfit", wrong.zh, wrong.en, Wording("改正延长的规定。", "Correct the extension."))
        for kind in dict.fromkeys(lapse.kind for lapse in values["lapse"]):
            about = KINDS[kind]
            if sum(lapse.kind == kind for lapse in values["lapse"]) > 1:
                refuse(
                    "lapse-twice",
                    f"后果 {kind} 写了两次。", f"the lapse {kind} stands twice.",
                    Wording("只保留一个。", "Keep one."),
                )  # fmt: skip
            if about.binds not in (None, values["binds"]) or about.direction not in (None, values["direction"]):
                refuse(
                    "lapse-misfit",
                    f"后果 {kind}（{about.name.zh}）不适用于这样的期限（binds、direction）。",
                    f"the lapse {kind} ({about.name.en}) does not fit whom the limit binds, or its direction.",
                    Wording("改用另一种后果，或改正 binds、direction。", "Use another, or correct `binds` or `direction`."),
                )  # fmt: skip
        if backward and any(rung.share is not None and rung.share < 1 for rung in values["rungs"]):
            refuse(
                "rung-backward",
                "倒计的期限没有“已用比例”。", "a limit counted backward has no share used.",
                Wording("改用 before。", "Use `before`."),
            )  # fmt: skip


class ProfileFile(_File):
    """One jurisdiction's choices."""

    def __init__(self, reading: Reading) -> None:
        super().__init__(reading)
        self.fields = reading.fields(
            reading.root, "profile",
            required=("profile", "name", "jurisdiction", "limits"), optional=("statutes", "note"),
        )  # fmt: skip
        key = reading.text(self.fields.get("profile"), "profile")
        name = reading.names(self.fields.get("name"), "name")
        jurisdiction = reading.text(self.fields.get("jurisdiction"), "jurisdiction")
        if "note" in self.fields:
            reading.names(self.fields["note"], "note")
        self.profile = Profile(key, name, jurisdiction) if key and name and jurisdiction else None
        self.choices: dict[str, Choice] = {}

    def choose(self, declared: Declared, drafts: list[Draft]) -> None:
        """Read the choices, and refuse those that the catalogue does not leave open."""
        for key, entry in self.section("limits"):
            choice = self._choice(entry, key, declared)
            versions = [draft for draft in drafts if draft.key == key]
            if not versions:
                self._refuse(
                    "dangling", key, entry,
                    "期限目录中没有这一项。", "the catalogue has no such limit.",
                    Wording("改正键名。", "Correct the key."),
                )  # fmt: skip
            elif choice:
                for draft in versions:
                    self._check(key, entry, choice, draft)
                self.choices[key] = choice

    def _choice(self, entry: Entry, key: str, declared: Declared) -> Choice | None:
        reading = self.reading
        fields = reading.fields(
            entry, key, required=("period", "statute", "mark"), optional=("article", "extension", "not_counted", "note")
        )
        period = self.period(fields.get("period"), f"{key}.period")
        extension = self.extension(fields["extension"], f"{key}.extension", declared) if "extension" in fields else None
        statute = self.known(fields.get("statute"), f"{key}.statute", declared.statutes)
        article = reading.names(fields.get("article"), f"{key}.article")
        mark = reading.matching(fields.get("mark"), f"{key}.mark", MARK, MARK_FORM)
        not_counted = tuple(
            kind
            for item in reading.items(fields.get("not_counted"), f"{key}.not_counted")
            if (kind := self.known(item, f"{key}.not_counted", declared.not_counted))
        )
        if "note" in fields:
            reading.names(fields["note"], f"{key}.note")
        if period is None or statute is None or mark is None or statute not in declared.statutes:
            return None
        return Choice(period, extension, declared.statutes[statute], article, mark, not_counted)

    def _check(self, key: str, entry: Entry, choice: Choice, draft: Draft) -> None:
        own, roll = draft.period, draft.values["roll"]
        if not draft.overridable:
            self._refuse(
                "not-overridable", key, entry,
                "这一期限不由规则包选择。", "this limit is not left to profiles.",
                Wording("删去这一项。", "Remove it."),
            )  # fmt: skip
        if roll == "next_working_day" and choice.period.unit == "hours":
            self._refuse(
                "roll-without-effect", key, entry,
                "以小时计的期限不顺延。", "an hour limit never rolls.",
                Wording("改用日或工作日。", "Use days or working days."),
            )  # fmt: skip
        if draft.values["first_day_counts"] and choice.period.unit == "hours":
            self._refuse(
                "first-day-of-hours", key, entry,
                "以小时计的期限没有首日。", "an hour limit has no first day.",
                Wording("改用日或工作日。", "Use days or working days."),
            )  # fmt: skip
        extension = choice.extension or draft.values["extension"]
        wrong = _misfit(extension, choice.period) if extension else None
        if choice.extension and draft.values["direction"] == "backward":
            wrong = Wording("倒计的期限不能延长。", "a limit counted backward cannot be extended.")
        if wrong:
            self._refuse(
                "extension-misfit", key, entry, wrong.zh, wrong.en,
                Wording("改正延长的规定。", "Correct the extension."),
            )  # fmt: skip
        longest, shortest = _longest(choice.period, extension), choice.period
        if draft.at_most and (longest is None or is_longer(longest, draft.at_most)):
            self._beyond(key, entry, "超过目录规定的上限。", "it exceeds the most the catalogue allows.")
        if draft.at_least and is_longer(draft.at_least, shortest):
            self._beyond(key, entry, "短于目录规定的下限。", "it falls short of the least the catalogue allows.")
        law: Statute = draft.values["statute"]
        varied = draft.may_vary is not None and choice.statute.level in draft.may_vary.by
        if own is None or varied or law.level == "product_default":
            return
        if draft.values["binds"] == "agency":
            allowed = _longest(own, draft.values["extension"])
            longer = allowed and (longest is None or is_longer(longest, allowed) or is_longer(choice.period, own))
            if longer or set(choice.not_counted) - set(draft.values["not_counted"]):
                self._beyond(
                    key, entry,
                    "延长了法定期限，而没有授权条款。", "it lengthens a statutory limit without an enabling clause.",
                )  # fmt: skip
        elif is_longer(own, shortest):
            self._beyond(
                key, entry,
                "缩短了当事人的法定期限，而没有授权条款。",
                "it shortens a party's statutory time without an enabling clause.",
            )  # fmt: skip

    def _beyond(self, key: str, entry: Entry, zh: str, en: str) -> None:
        self._refuse("beyond-the-law", key, entry, zh, en, Wording("改回法定范围。", "Keep within the law."))

    def _refuse(self, rule: str, key: str, entry: Entry, zh: str, en: str, remedy: Wording) -> None:
        self.reading.refuse(rule, entry.line, Wording(f"{key}：{zh}", f"{key}: {en}"), remedy, element=key)


class Declared:
    """What the files declare together: texts, roles, kinds of time that does not count."""

    def __init__(self, files: list[CatalogueFile | ProfileFile]) -> None:
        self.statutes: dict[str, Statute] = {}
        self.roles: dict[str, Wording] = {}
        self.not_counted: dict[str, Wording] = {}
        self.events: dict[str, Wording] = {}
        for file in files:
            for key, entry in file.section("statutes"):
                self._add(file.reading, self.statutes, key, entry, _statute(file.reading, key, entry))
            sections = (("roles", self.roles), ("not_counted", self.not_counted), ("events", self.events))
            for section, known in sections:
                for key, entry in file.section(section) if section in file.declares else ():
                    self._add(file.reading, known, key, entry, file.reading.names(entry, f"{section}.{key}"))

    def _add(self, reading: Reading, known: dict[str, _T], key: str, entry: Entry, value: _T | None) -> None:
        if value is None:
            return
        if known.setdefault(key, value) != value:
            reading.refuse(
                "declared-twice", entry.line,
                Wording(f"“{key}”在几个文件里写法不同。", f"`{key}` is declared differently in another file."),
                Wording("统一写法。", "Declare it the same way."), element=key,
            )  # fmt: skip


_T = TypeVar("_T")
_Word = TypeVar("_Word", bound=str)

_UNITS: Mapping[str, Unit] = {unit: unit for unit in get_args(Unit)}
_ROLLS: Mapping[str, Roll] = {roll: roll for roll in get_args(Roll)}
_DIRECTIONS: Mapping[str, Direction] = {direction: direction for direction in get_args(Direction)}
_COVERS: Mapping[str, Covers] = {covers: covers for covers in get_args(Covers)}
_BINDS: Mapping[str, Binds] = {binds: binds for binds in get_args(Binds)}
_RUNG_KINDS: Mapping[str, RungKind] = {kind: kind for kind in get_args(RungKind)}


def _one(reading: Reading, entry: Entry | None, place: str, options: Mapping[str, _Word]) -> _Word | None:
    return options.get(reading.choice(entry, place, list(options)) or "")


def _statute(reading: Reading, key: str, entry: Entry) -> Statute | None:
    fields = reading.fields(entry, f"statutes.{key}", required=("zh", "en", "level"))
    zh = reading.text(fields.get("zh"), f"statutes.{key}.zh")
    en = reading.text(fields.get("en"), f"statutes.{key}.en")
    level = reading.choice(fields.get("level"), f"statutes.{key}.level", LEVELS)
    return Statute(key, Wording(zh, en), level) if zh and en and level else None


def _label(entry: Entry) -> str:
    key = entry.value.get("key") if isinstance(entry.value, dict) else None
    return str(key.value) if isinstance(key, Entry) else "deadline"


def _misfit(extension: Extension, period: Period) -> Wording | None:
    """Why an extension does not fit its period."""
    kinds = {part.family for part in (period, extension.period, extension.cap) if part}
    if len(kinds) > 1:
        return Wording("延长与期限的单位不能相加。", "the extension's unit cannot be added to the period's.")
    if extension.cap and is_longer(period, extension.cap):
        return Wording("总上限短于期限本身。", "the cap is shorter than the period itself.")
    return None


def _longest(period: Period, extension: Extension | None) -> Period | None:
    """The longest a limit can run; None where nothing bounds it."""
    if extension is None:
        return period
    if extension.cap:
        return extension.cap
    if extension.period is None or extension.times is None:
        return None
    return total(period, [extension.period] * extension.times)


def refuse_between_rows(drafts: list[Draft]) -> None:
    """What does not fit between the rows: versions of a key that overlap or leave a gap, and variations without a clause."""
    by_key: dict[str, list[Draft]] = {}
    for draft in drafts:
        by_key.setdefault(draft.key, []).append(draft)
    for versions in by_key.values():
        ordered = sorted(versions, key=lambda draft: draft.values["effective_from"])
        for earlier, later in pairwise(ordered):
            _follow(earlier, later)
    for draft in drafts:
        if draft.varies:
            _vary(draft, by_key.get(draft.varies, []))


def _follow(earlier: Draft, later: Draft) -> None:
    """A key may have several versions, one right after another, never two on one day."""
    key, ends, begins = later.key, earlier.values["effective_to"], later.values["effective_from"]
    if ends is None or begins <= ends:
        later.reading.refuse(
            "effective-overlap", later.line,
            Wording(f"{key} 的两个版本施行日期重叠。", f"Two versions of {key} are in force on one day."),
            Wording(
                "给前一版写明 effective.to，或改用另一个键。",
                "End the earlier one with `effective.to`, or use another key.",
            ),
            element=key,
        )  # fmt: skip
    elif begins - ends > timedelta(days=1):
        later.reading.refuse(
            "effective-gap", later.line,
            Wording(f"{key} 自 {ends} 次日至 {begins} 前没有版本。", f"{key} has no version between {ends} and {begins}."),
            Wording("让两个版本首尾相接，或改用另一个键。", "Let one follow the other, or use another key."), element=key,
        )  # fmt: skip


def _vary(draft: Draft, varied: list[Draft]) -> None:
    """A row may stand in the place of another for some matters only by that one's enabling clause, or if it is stricter."""
    if not varied:
        draft.reading.refuse(
            "dangling", draft.line,
            Wording(f"{draft.key} 指向不存在的期限 {draft.varies}。", f"{draft.key} varies an unknown {draft.varies}."),
            Wording("改正键名。", "Correct the key."), element=draft.key,
        )  # fmt: skip
    level = draft.values["statute"].level
    for other in varied:
        above = LEVELS.index(level) <= LEVELS.index(other.values["statute"].level)
        enabled = other.may_vary is not None and level in other.may_vary.by
        longest = _longest(draft.period, draft.values["extension"]) if draft.period else None
        allowed = _longest(other.period, other.values["extension"]) if other.period else None
        if draft.values["binds"] == "agency":
            beyond = allowed is not None and (longest is None or is_longer(longest, allowed))
        else:
            beyond = bool(other.period and draft.period and is_longer(other.period, draft.period))
        if beyond and not (above or enabled):
            draft.reading.refuse(
                "beyond-the-law", draft.line,
                Wording(
                    f"{draft.key} 突破了 {draft.varies}（{other.values['statute'].name.zh}），而没有授权条款。",
                    f"{draft.key} goes beyond {draft.varies} ({other.values['statute'].name.en}) without an enabling clause.",
                ),
                Wording("在原期限写明 may_vary，或改回法定范围。", "State `may_vary` there, or keep within the law."),
                element=draft.key,
            )  # fmt: skip
