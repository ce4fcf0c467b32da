"""Releases 规程版本: the artefacts of the law, loaded once, hashed, immutable.

A proceeding keeps the release it began under. Whatever in a release cannot be carried out faithfully is refused when it is
published, all findings at once. May never change a stored release, and never reads the file system: it is given the texts.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

import forms
from engine import calendars, decisions, diagrams
from engine.calendars import Calendar
from engine.decisions import Decision
from engine.diagrams import Definition, NodeInfo
from engine.errors import ArtefactRefused, Finding
from engine.sheets import Entry, Reading, Wording
from forms import Form
from workflows import almanac, catalogue, knowledge, roles
from workflows.almanac import Almanac
from workflows.catalogue import Catalogue
from workflows.errors import ArtefactsRefused, NotFound
from workflows.identifiers import new_id
from workflows.operations import OPERATIONS
from workflows.records import Artefact, Release, ReleaseArtefact
from workflows.roles import Roles

HEAD = "bpmn/release.yaml"
DIAGRAMS = ".bpmn"
TABLES = ".dmn"
LIMITS = "bpmn/deadlines"
BY_TASK = ("holder", "party")
"""Whom a limit may tell that is no role: whoever holds the task it guards, and the party it is about."""
CIRCUMSTANCES = "forms/lists/circumstances.json"
"""The list of circumstances of liability, to which proposed clues refer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseKind:
    """What kind of case a diagram opens, and how its number is written."""

    id: str
    process: str
    number: str
    name: Mapping[str, str]


@dataclass(slots=True)
class Law:
    """One release, ready to be applied. Shared by all who work under it; nothing in it changes."""

    release_id: str
    name: str
    digest: str
    jurisdiction: str
    effective_from: date
    forms: Mapping[str, Form]
    roles: Roles
    catalogue: Catalogue
    almanac: Almanac
    decisions: Mapping[str, Decision]
    kinds: Mapping[str, CaseKind]
    sources: Mapping[str, bytes]
    published: bool = False
    """Whether it was accepted once and stored: then proceedings may run by it, and rules that came later do not stop them."""
    beginnings: dict[str, str] = field(default_factory=dict)
    """Name of a message → id of the process it begins."""
    signals: dict[str, list[str]] = field(default_factory=dict)
    """Name of a signal → ids of the processes it begins."""
    warnings: list[Finding] = field(default_factory=list)
    """What its diagrams say that may not be meant."""
    _definitions: dict[str, Definition] = field(default_factory=dict)

    @property
    def calendar(self) -> Calendar:
        """The days worked in the jurisdiction, by everything approved so far."""
        return self.almanac.calendar()

    def definition(self, process: str) -> Definition:
        """The definition of a process with everything it calls, parsed once.

        Raises:
            NotFound: the release has no such process.
            DiagramRefused: it cannot be carried out faithfully.
        """
        found = self._definitions.get(process)
        if found is None:
            begins = any(kind.process == process for kind in self.kinds.values())
            world = knowledge.world(self.forms, begins=begins)
            found = diagrams.load(self.moving(), process, world=world, published=self.published)
            self._definitions[process] = found
        return found

    def moving(self) -> dict[str, bytes]:
        """The artefacts the engine moves by: diagrams and decision tables."""
        return {path: text for path, text in self.sources.items() if path.endswith((DIAGRAMS, TABLES))}

    def form(self, key: str) -> Form:
        """The form with this key.

        Raises:
            NotFound: the release has no such form.
        """
        try:
            return self.forms[key]
        except KeyError:
            raise NotFound(f"The release {self.name} has no form {key}.", form=key) from None

    def first_form(self, kind: str) -> Form:
        """The form of the first step of a kind of case: what has to be answered to open one.

        Raises:
            NotFound: there is no such kind, or its procedure does not begin with a task.
        """
        if kind not in self.kinds:
            raise NotFound("There is no such kind of case.", kind=kind)
        definition = self.definition(self.kinds[kind].process)
        plain = next((trigger.node for trigger in definition.start_triggers if trigger.kind == "none"), "")
        node = _first_task(definition, definition.node(plain))
        if node is None or "form" not in node.extensions:
            raise NotFound("The procedure of this kind of case does not begin with a form.", kind=kind)
        return self.form(node.extensions["form"])

    def started_by(self, message: str) -> str | None:
        """Id of the process that a message begins, if one does."""
        return self.beginnings.get(message)

    def begun_by_signal(self, signal: str) -> list[str]:
        """Ids of the processes that a signal begins."""
        return self.signals.get(signal, [])

    def diagram_of(self, process: str) -> bytes:
        """The XML in which a process is drawn, for showing it."""
        marks = (f'id="{process}"'.encode(), f"id='{process}'".encode())
        for path, text in self.sources.items():
            if path.endswith(DIAGRAMS) and any(mark in text for mark in marks):
                return text
        raise NotFound(f"The release {self.name} draws no process {process}.", process=process)


def _first_task(definition: Definition, begin: NodeInfo) -> NodeInfo | None:
    """The task that follows a start event, whatever activity it stands in; None where the way forks or ends before."""
    after = {(flow.process, flow.source): flow.target for flow in definition.flows}
    node, met = begin, {(begin.process, begin.id)}
    while node.kind != "user":
        inside = _begins(definition, node)
        following = after.get((node.process, node.id))
        if inside is None and following is None:
            return None
        node = inside or definition.node(following or "", node.process)
        if (node.process, node.id) in met:
            return None
        met.add((node.process, node.id))
    return node


def _begins(definition: Definition, node: NodeInfo) -> NodeInfo | None:
    """The plain start event within an activity that holds or calls others; None for any other node."""
    if not node.calls and node.kind != "subprocess":
        return None
    process, parent = (node.calls, None) if node.calls else (node.process, node.id)
    inside = (each for each in definition.nodes if (each.process, each.parent) == (process, parent))
    return next((each for each in inside if each.kind == "start" and each.event == "none"), None)


class Releases:
    """All releases met by this process, each parsed once. Safe to share between threads."""

    def __init__(self) -> None:
        self._laws: dict[str, Law] = {}
        self._entered: dict[tuple[str, tuple[str, ...]], Law] = {}
        """The same with the calendars that were approved since."""
        self._lock = threading.Lock()

    def law(self, session: Session, release_id: str) -> Law:
        """The release a proceeding was begun under, with the calendars that were approved since."""
        found = self._laws.get(release_id)
        if found is None:
            with self._lock:
                found = self._laws.get(release_id) or self._load(session, release_id)
                self._laws[release_id] = found
        ids = almanac.approved(session)
        return self._with(session, found, ids) if ids else found

    def _with(self, session: Session, law: Law, ids: tuple[str, ...]) -> Law:
        found = self._entered.get((law.release_id, ids))
        if found is None:
            grown = replace(law.almanac, approved=almanac.sheets(session, ids), _grown={})
            found = self._entered[law.release_id, ids] = replace(law, almanac=grown)
        return found

    def current(self, session: Session, on: date) -> Law:
        """The release in force on a day: what a new case begins under.

        Raises:
            NotFound: no release is in force yet.
        """
        release_id = session.scalar(
            select(Release.id)
            .where(Release.effective_from <= on.isoformat())
            .order_by(Release.effective_from.desc(), Release.published_at.desc(), Release.id.desc())
            .limit(1)
        )
        if release_id is None:
            raise NotFound("No release of the procedures is in force.")
        return self.law(session, release_id)

    def _load(self, session: Session, release_id: str) -> Law:
        sources = _sources(session, release_id)
        if not sources:
            raise NotFound("There is no such release.", release_id=release_id)
        return build(sources, release_id, published=True)


def _sources(session: Session, release_id: str) -> dict[str, bytes]:
    rows = session.execute(
        select(ReleaseArtefact.path, Artefact.content)
        .join(Artefact, Artefact.digest == ReleaseArtefact.digest)
        .where(ReleaseArtefact.release_id == release_id)
    )
    return {path: bytes(content) for path, content in rows}


def stored(session: Session) -> list[Release]:
    """All releases, the one that took effect last first."""
    newest = (Release.effective_from.desc(), Release.published_at.desc(), Release.id.desc())
    return list(session.scalars(select(Release).order_by(*newest)))


def publish(session: Session, sources: Mapping[str, bytes], now: datetime) -> tuple[Release, bool]:
    """Store the artefacts as a release, if they are not one already.

    Args:
        sources: path (`bpmn/liability/li_main.bpmn`) → content.

    Returns:
        The release, and whether it is new.

    Raises:
        ArtefactsRefused: something in it cannot be carried out faithfully; with all findings.
    """
    digest = digest_of(sources)
    known = session.scalar(select(Release).where(Release.digest == digest))
    if known is not None:
        return known, False
    law = build(sources, new_id(now))
    _refuse_retroactive(session, law)
    release = Release(
        id=law.release_id,
        name=law.name,
        digest=digest,
        jurisdiction=law.jurisdiction,
        effective_from=law.effective_from.isoformat(),
        published_at=now,
    )
    session.add(release)
    session.flush()
    stored = set(session.scalars(select(Artefact.digest)))
    for path, content in sorted(sources.items()):
        content_digest = hashlib.sha256(content).hexdigest()
        if content_digest not in stored:
            session.add(Artefact(digest=content_digest, content=content))
            session.flush()
            stored.add(content_digest)
        session.add(ReleaseArtefact(release_id=release.id, path=path, digest=content_digest))
    session.flush()
    return release, True


def _refuse_retroactive(session: Session, law: Law) -> None:
    """Hold a new release against the one before it.

    Raises:
        ArtefactsRefused: limits of the past would be counted otherwise.
    """
    before = next(iter(stored(session)), None)
    if before is None:
        return
    parts = _Parts(_sources(session, before.id))
    known = parts.catalogue(parts.head().profile)
    if findings := tuple(catalogue.retroactive(known, law.catalogue, law.effective_from)):
        raise ArtefactsRefused(findings)


def digest_of(sources: Mapping[str, bytes]) -> str:
    """The digest that names a set of artefacts: over paths and contents, in order of paths."""
    whole = hashlib.sha256()
    for path in sorted(sources):
        whole.update(path.encode() + b"\0" + hashlib.sha256(sources[path]).digest())
    return whole.hexdigest()


def build(sources: Mapping[str, bytes], release_id: str, *, published: bool = False) -> Law:
    """Parse and cross-check a set of artefacts.

    Raises:
        ArtefactsRefused: with every finding in any of them.
    """
    parts = _Parts(sources)
    head = parts.head()
    law = Law(
        release_id=release_id,
        name=head.name,
        digest=digest_of(sources),
        jurisdiction=head.jurisdiction,
        effective_from=head.effective_from,
        forms=parts.forms(),
        roles=parts.roles(),
        catalogue=parts.catalogue(head.profile),
        almanac=Almanac(parts.calendar(), head.jurisdiction),
        decisions=parts.decisions(),
        kinds=head.kinds,
        sources=dict(sources),
        published=published,
    )
    if findings := tuple(parts.findings or dict.fromkeys(_dangling(law))):
        raise ArtefactsRefused(findings)
    return law


@dataclass(frozen=True, slots=True)
class _Head:
    """What a release says of itself."""

    name: str = ""
    jurisdiction: str = ""
    effective_from: date = date.min
    profile: str | None = None
    kinds: Mapping[str, CaseKind] = field(default_factory=dict)


_NUMBER = re.compile(r"[^{}]*\{year\}[^{}]*\{serial(:0[1-9]d)?\}[^{}]*")
_NUMBER_FORM = Wording(
    "含 {year} 与 {serial} 的样式，如 问责〔{year}〕{serial:04d}",
    "a pattern with {year} and {serial}, such as {year}-{serial:04d}",
)


class _Parts:
    """Reads each sort of artefact and collects what is wrong, so that one refusal names everything."""

    def __init__(self, sources: Mapping[str, bytes]) -> None:
        self.sources = sources
        self.findings: list[Any] = []

    def head(self) -> _Head:
        reading = Reading(self.text(HEAD), name=HEAD)
        fields = reading.fields(
            reading.root, "release",
            required=("name", "jurisdiction", "effective_from", "case_kinds"), optional=("profile",),
        )  # fmt: skip
        kinds: dict[str, CaseKind] = {}
        for key, entry in reading.pairs(fields.get("case_kinds"), "case_kinds"):
            kind = reading.fields(entry, f"case_kinds.{key}", required=("process", "number", "name"))
            process = reading.text(kind.get("process"), f"{key}.process")
            number = reading.matching(kind.get("number"), f"{key}.number", _NUMBER, _NUMBER_FORM)
            named = reading.names(kind.get("name"), f"{key}.name")
            if process and number and named:
                name = {"zh": named.zh, "en": named.en}
                kinds[key] = CaseKind(id=key, process=process, number=number, name=name)
        head = _Head(
            name=reading.text(fields.get("name"), "name") or "",
            jurisdiction=reading.text(fields.get("jurisdiction"), "jurisdiction") or "",
            effective_from=reading.day(_unquoted(fields.get("effective_from")), "effective_from") or date.min,
            profile=reading.text(fields.get("profile"), "profile"),
            kinds=kinds,
        )
        self.findings.extend(reading.findings)
        return head

    def text(self, path: str) -> bytes:
        """A file that every release must have."""
        if path not in self.sources:
            self.findings.append(
                Finding(
                    source=path, line=None, element="", name="", rule="missing-file",
                    why="The release lacks this file.", remedy="Add it.",
                    why_zh="规程版本中没有这个文件。", remedy_zh="补上。",
                )
            )  # fmt: skip
        return self.sources.get(path, b"{}")

    def under(self, folder: str, ending: str) -> dict[str, bytes]:
        return {path: text for path, text in self.sources.items() if path.startswith(folder) and path.endswith(ending)}

    def forms(self) -> Mapping[str, Form]:
        texts = {path.removeprefix("forms/"): text for path, text in self.under("forms/", ".json").items()}
        try:
            return forms.load(texts)
        except forms.FormsRefused as refused:
            self.findings.extend(refused.findings)
            return {}

    def roles(self) -> Roles:
        try:
            return roles.load(self.text(roles.ROLES), self.text(roles.SEPARATION))
        except ArtefactsRefused as refused:
            self.findings.extend(refused.findings)
            return Roles({}, {}, {})

    def catalogue(self, profile: str | None) -> Catalogue:
        texts = self.under("bpmn/deadlines/", ".yaml") | self.under("bpmn/profiles/", ".yaml")
        try:
            return catalogue.load(texts, profile=profile)
        except ArtefactsRefused as refused:
            self.findings.extend(refused.findings)
            return catalogue.load({})

    def calendar(self) -> Calendar:
        try:
            return calendars.load(self.under("bpmn/calendars/", ".yaml"))
        except ArtefactRefused as refused:
            self.findings.extend(refused.findings)
            return calendars.load({})

    def decisions(self) -> Mapping[str, Decision]:
        found: dict[str, Decision] = {}
        drawn: dict[str, str] = {}
        tables = self.under("bpmn/", TABLES)
        for path, text in tables.items():
            try:
                here = decisions.load(text, name=path, beside=tables)
            except ArtefactRefused as refused:
                self.findings.extend(refused.findings)
                continue
            for key in sorted(found.keys() & here.keys()):
                self.findings.append(_twice(path, key, drawn[key]))
            found.update(here)
            drawn.update(dict.fromkeys(here, path))
        return found


def _unquoted(entry: Entry | None) -> Entry | None:
    """A date in quotes is a date all the same: releases that are stored write it so."""
    try:
        return Entry(date.fromisoformat(entry.value), entry.line) if entry else None
    except (TypeError, ValueError):
        return entry


def _twice(path: str, decision: str, other: str) -> Finding:
    return Finding(
        source=path, line=None, element=decision, name="", rule="decision-twice",
        why=f"The decision {decision} also stands in {other}.", remedy="Give one of them another id, or remove it.",
        why_zh=f"决策 {decision} 在 {other} 中也有。", remedy_zh="改用另一个 id，或删去其一。",
    )  # fmt: skip


def _dangling(law: Law) -> Iterator[Finding]:
    """What the diagrams, the forms and the catalogue ask for and the release does not have."""
    yield from _unknown_circumstances(law)
    yield from _unknown_limits(law)
    drawn: dict[str, str] = {}
    for path, text in law.sources.items():
        if path.endswith(DIAGRAMS):
            drawn.update(dict.fromkeys(diagrams.processes(text, name=path), path))
    for kind in law.kinds.values():
        if kind.process not in drawn:
            yield Finding(
                source=HEAD, line=None, element=kind.id, name=kind.name["zh"], rule="process-missing",
                why=f"No diagram has the process {kind.process}.", remedy="Draw it, or name another one.",
                why_zh=f"没有流程图画出流程 {kind.process}。", remedy_zh="画出它，或写明另一个流程。",
            )  # fmt: skip
    looked_at: set[str] = set()
    # What a case begins with first: it brings most of the others along, and each is looked at once.
    for process in sorted(drawn, key=lambda name: (name not in {kind.process for kind in law.kinds.values()}, name)):
        if process in looked_at:
            continue
        try:
            definition = law.definition(process)
        except ArtefactRefused as refused:
            yield from refused.findings
            looked_at.add(process)
            continue
        law.warnings += [warning for warning in definition.warnings if warning not in law.warnings]
        for trigger in definition.start_triggers:
            if trigger.message:
                law.beginnings[trigger.message] = process
            if trigger.signal and process not in law.signals.setdefault(trigger.signal, []):
                law.signals[trigger.signal].append(process)
        for operation in sorted(
            {*definition.operations} - {*OPERATIONS} - {node.operation for node in definition.nodes}
        ):
            why, remedy = _unknown("操作（数据存储）", "operation (of a data store)", operation)
            yield Finding(
                source=drawn[process], line=None, element=process, name=definition.name, rule="operation-unknown",
                why=why.en, remedy=remedy.en, why_zh=why.zh, remedy_zh=remedy.zh,
            )  # fmt: skip
        for node in definition.nodes:
            if node.process not in looked_at:
                for rule, (why, remedy) in _missing_for(law, node):
                    yield Finding(
                        source=drawn[node.process], line=node.line, element=node.id, name=node.name, rule=rule,
                        why=why.en, remedy=remedy.en, why_zh=why.zh, remedy_zh=remedy.zh,
                    )  # fmt: skip
        looked_at |= {process, *definition.calls}


def _unknown_limits(law: Law) -> Iterator[Finding]:
    """Limits on whose last day a date of a form must be."""
    for form in law.forms.values():
        for limit in sorted(form.limits):
            if not law.catalogue.knows(limit):
                why, remedy = _unknown("期限", "deadline", limit)
                yield Finding(
                    source=f"forms/{form.key}.json", line=None, element=limit, name=form.title["zh"], rule="deadline-unknown",
                    why=why.en, remedy=remedy.en, why_zh=why.zh, remedy_zh=remedy.zh,
                )  # fmt: skip


def _unknown_circumstances(law: Law) -> Iterator[Finding]:
    """Clues that a missed limit proposes, for a circumstance that the list of the forms does not have."""
    text = law.sources.get(CIRCUMSTANCES)
    listed = {entry["value"] for entry in json.loads(text)["values"]} if text else set()
    named = {
        (rule.key, rule.name.zh, str(lapse.parameters["circumstance"]))
        for versions in law.catalogue.rules.values()
        for rule in versions
        for lapse in rule.lapse
        if "circumstance" in lapse.parameters
    }
    for key, name, circumstance in sorted(each for each in named if each[2] not in listed):
        why, remedy = _unknown("追责情形", "circumstance", circumstance)
        yield Finding(
            source=LIMITS, line=None, element=key, name=name, rule="circumstance-unknown",
            why=why.en, remedy=remedy.en, why_zh=why.zh, remedy_zh=remedy.zh,
        )  # fmt: skip


def _missing_for(law: Law, node: NodeInfo) -> Iterator[tuple[str, tuple[Wording, Wording]]]:
    asks = node.extensions
    if node.kind == "user" and not asks.get("form"):
        yield (
            "form-missing",
            (
                Wording("用户任务没有写明表单。", "A user task needs wz:form."),
                Wording("以 wz:form 写明表单。", "Name a form."),
            ),
        )
    if asks.get("form") and asks["form"] not in law.forms:
        yield "form-unknown", _unknown("表单", "form", asks["form"])
    if node.kind in ("user", "manual") and (node.lane is None or node.lane not in law.roles):
        yield (
            "lane-unknown",
            (
                Wording("任务不在任何已知角色的泳道中。", "It stands in no lane that is a known role."),
                Wording("画入 id 为角色的泳道。", "Draw it in a lane whose id is a role."),
            ),
        )
    if asks.get("deadline") in law.catalogue.open_keys:
        profile = law.catalogue.profile.key if law.catalogue.profile else ""
        yield (
            "deadline-open",
            (
                Wording(
                    f"期限 {asks['deadline']} 由各辖区规定，规则包 {profile} 没有写明数值。",
                    f"{asks['deadline']} is left to the jurisdiction, and the profile {profile} does not choose its number.",
                ),
                Wording("在规则包中写明，或改用另一个规则包。", "Choose it in the profile, or name another profile."),
            ),
        )
    elif asks.get("deadline") and not law.catalogue.knows(asks["deadline"]):
        yield "deadline-unknown", _unknown("期限", "deadline", asks["deadline"])
    for role in _told(law, asks.get("deadline", "")):
        if role not in law.roles and role not in BY_TASK:
            yield "role-unknown", _unknown("角色", "role", role)
    if asks.get("operation") and asks["operation"] not in OPERATIONS:
        yield "operation-unknown", _unknown("操作", "operation", asks["operation"])
    for attribute in ("duty", "roles", "others"):
        for named in asks.get(attribute, "").split():
            if named not in law.roles:
                yield "role-unknown", _unknown("角色", "role", named)


def _told(law: Law, key: str) -> Iterator[str]:
    """Roles that a limit names: whom its rungs tell, and who may extend it."""
    named = {
        role: None
        for rule in law.catalogue.rules.get(key, ())
        for role in (
            *(to for rung in rule.rungs for to in rung.to),
            *([rule.extension.approver] if rule.extension else []),
        )
    }
    yield from named


def _unknown(kind: str, kind_en: str, named: str) -> tuple[Wording, Wording]:
    return (
        Wording(f"没有名为 {named} 的{kind}。", f"There is no {kind_en} {named}."),
        Wording("改正拼写，或补上它。", "Correct the spelling, or add it."),
    )
