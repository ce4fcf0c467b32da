"""The tables of the casework. May never decide anything: a row holds what the verbs put there.

A `Case` is the lock and carries the version and the head of its ledger chain. Tokens live in `Proceeding.snapshot`, opaque
here; the record of what people said and did lives in our own columns.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from workflows.columns import Json, Moment

Id = String(32)
Code = String(64)
Hash = String(64)
Serial = BigInteger().with_variant(Integer, "sqlite")

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


def only(condition: str) -> dict[str, Any]:
    """Arguments of a partial index, the same on both databases. SQLite must read the very words of the query: 0 and 1."""
    in_numbers = condition.replace("IS FALSE", "IS 0").replace("IS TRUE", "IS 1")
    return {"postgresql_where": text(condition), "sqlite_where": text(in_numbers)}


class Record(DeclarativeBase):
    """Base of all tables, with one naming for constraints on both databases."""

    metadata = MetaData(naming_convention=NAMING)


# --- people -----------------------------------------------------------------------------------------------------------


class Unit(Record):
    """An organ or a part of one 单位."""

    __tablename__ = "unit"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("unit.id"))
    jurisdiction: Mapped[str] = mapped_column(Code, default="REF")
    short_name: Mapped[str] = mapped_column(String(20))
    """Stands in case numbers: `问责〔2026〕0031` of one organ is another file than that of its neighbour."""


class Person(Record):
    """Somebody who acts or is concerned: staff, respondent, complainant with an account."""

    __tablename__ = "person"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    post: Mapped[str] = mapped_column(String(100), default="")
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("unit.id"), index=True)
    left_at: Mapped[datetime | None] = mapped_column(Moment)


class Membership(Record):
    """A person holds a role in a unit. A group is all who hold one role in one unit: read when asked, never copied."""

    __tablename__ = "membership"
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    role: Mapped[str] = mapped_column(Code, primary_key=True)
    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    __table_args__ = (Index(None, "role", "unit_id"),)


class Relation(Record):
    """A declared relation that forbids handling the other's case 回避关系. Stored once for each direction."""

    __tablename__ = "relation"
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    other_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(Code)
    declared_at: Mapped[datetime] = mapped_column(Moment)


# --- the law in force -------------------------------------------------------------------------------------------------


class Release(Record):
    """An immutable, hashed set of artefacts 规程版本."""

    __tablename__ = "release"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    digest: Mapped[str] = mapped_column(Hash, unique=True)
    jurisdiction: Mapped[str] = mapped_column(Code)
    effective_from: Mapped[str] = mapped_column(String(10))
    published_at: Mapped[datetime] = mapped_column(Moment)


class Artefact(Record):
    """One file of a release, stored once by content."""

    __tablename__ = "artefact"
    digest: Mapped[str] = mapped_column(Hash, primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class ReleaseArtefact(Record):
    """Which file stands where in a release."""

    __tablename__ = "release_artefact"
    release_id: Mapped[str] = mapped_column(ForeignKey("release.id"), primary_key=True)
    path: Mapped[str] = mapped_column(String(200), primary_key=True)
    digest: Mapped[str] = mapped_column(ForeignKey("artefact.digest"))


class CalendarEntry(Record):
    """A calendar that an administrator entered: the arrangement of a year, or days of one place. Two people, then it counts."""

    __tablename__ = "calendar_entry"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    year: Mapped[int]
    jurisdiction: Mapped[str] = mapped_column(Code)
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("unit.id"))
    """The organ whose days they are; None for the whole jurisdiction."""
    content: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(Hash)
    """SHA-256 of the content."""
    state: Mapped[str] = mapped_column(Code)
    """entered, approved, rejected."""
    entered_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime] = mapped_column(Moment)
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    reason: Mapped[str | None] = mapped_column(Text)


class Recount(Record):
    """How far the open limits have been counted anew after a calendar was approved. Kept in each batch's own transaction."""

    __tablename__ = "calendar_recount"
    entry_id: Mapped[str] = mapped_column(ForeignKey("calendar_entry.id"), primary_key=True)
    total: Mapped[int]
    """Open limits that touched the year when it began."""
    looked_at: Mapped[int]
    moved: Mapped[int]
    held: Mapped[int]
    """Would end earlier: left as they are until a person decides."""
    after: Mapped[str] = mapped_column(Id)
    """The last case that is done: the next batch begins after it."""
    begun_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


# --- cases ------------------------------------------------------------------------------------------------------------


class Case(Record):
    """A matter with a number, a file and parties 案件. The row is the lock for everything in it."""

    __tablename__ = "case_file"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(Code)
    title: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(Code)
    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"))
    secrecy: Mapped[str] = mapped_column(Code)
    opened_at: Mapped[datetime] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    changed_by: Mapped[str] = mapped_column(String(100))
    """Name of whoever acted last: a lost race is told in these words."""
    change: Mapped[str] = mapped_column(Code)
    ledger_count: Mapped[int] = mapped_column(default=0)
    ledger_head: Mapped[str] = mapped_column(Hash, default="")
    suspension: Mapped[Any] = mapped_column(Json, nullable=True)
    """While the case rests 中止: from, ground, reason, by, at. Its limits rest with it, as far as the law lets them."""
    stalled_error: Mapped[str | None] = mapped_column(Text)
    retry_at: Mapped[datetime | None] = mapped_column(Moment)
    __table_args__ = (
        UniqueConstraint("unit_id", "number"),
        Index(None, "unit_id", "opened_at", "id"),
    )


class CaseNumber(Record):
    """The last number given by a unit in a year: numbers have no gaps, so they are counted under a lock."""

    __tablename__ = "case_number"
    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(Code, primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class Party(Record):
    """A person or unit in a role in a case 当事人. Findings, outcomes and their clocks are per party."""

    __tablename__ = "party"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), index=True)
    role: Mapped[str] = mapped_column(Code)
    kind: Mapped[str] = mapped_column(Code)
    name: Mapped[str] = mapped_column(String(200))
    post: Mapped[str] = mapped_column(String(100), default="")
    unit_name: Mapped[str] = mapped_column(String(200), default="")
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    standing: Mapped[str] = mapped_column(Code, default="named")
    """How far it has come with this party: named, proposed, decided, cleared, under_review …"""
    finding: Mapped[Any] = mapped_column(Json, nullable=True)
    outcome: Mapped[Any] = mapped_column(Json, nullable=True)


class Duty(Record):
    """Somebody's part in a case 职责: taken up by acting or by being appointed, never given up. Separation reads it."""

    __tablename__ = "duty"
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(Code, primary_key=True)
    appointed_at: Mapped[datetime | None] = mapped_column(Moment)
    """Appointed by name: from then on the tasks of that duty are for the appointed alone."""
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    """The appointment ended (recusal, handing over). What was done stays done, so the row stays."""
    acted_at: Mapped[datetime | None] = mapped_column(Moment)
    """First act under this duty, or since when a tie to the matter is on record."""
    __table_args__ = (
        Index(None, "person_id", "kind", "case_id"),
        # `ended_at` is the same in all of it, as `queue` is in `ix_task_orphan`: but with one column more that the query
        # names, SQLite prefers it to the other index.
        Index(
            "ix_duty_standing",
            "person_id",
            "ended_at",
            "case_id",
            "kind",
            **only("appointed_at IS NOT NULL AND ended_at IS NULL"),
        ),
    )


class Proceeding(Record):
    """One running diagram inside a case 程序."""

    __tablename__ = "proceeding"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), index=True)
    release_id: Mapped[str] = mapped_column(ForeignKey("release.id"))
    process: Mapped[str] = mapped_column(Code)
    name: Mapped[str] = mapped_column(String(200))
    follows_id: Mapped[str | None] = mapped_column(ForeignKey("proceeding.id"))
    party_id: Mapped[str | None] = mapped_column(ForeignKey("party.id"))
    state: Mapped[str] = mapped_column(Code)
    snapshot: Mapped[bytes] = mapped_column(LargeBinary)
    previous: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Snapshot before the last step: what a taking back returns to."""
    undo: Mapped[Any] = mapped_column(Json, nullable=True)
    """What the last step changed about the people of the case, as it was before."""
    previous_task_id: Mapped[str | None] = mapped_column(Id)
    """The task whose completion was the last step; None when the last step was something else."""
    steps: Mapped[int] = mapped_column(default=0)
    wake_at: Mapped[datetime | None] = mapped_column(Moment)
    started_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    failure: Mapped[Any] = mapped_column(Json, nullable=True)
    __table_args__ = (
        Index("ix_proceeding_wake", "wake_at", **only("wake_at IS NOT NULL")),
        Index("ix_proceeding_failed", "ended_at", "id", **only("state = 'failed'")),
    )


class KeptMessage(Record):
    """A message from outside that nobody waited for when it came: it is told when a proceeding of the case waits for it."""

    __tablename__ = "kept_message"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    name: Mapped[str] = mapped_column(String(200))
    payload: Mapped[Any] = mapped_column(Json, nullable=True)
    kept_at: Mapped[datetime] = mapped_column(Moment)
    kept_by: Mapped[str] = mapped_column(String(100))
    taken_at: Mapped[datetime | None] = mapped_column(Moment)
    __table_args__ = (Index("ix_kept_message_waiting", "case_id", "name", **only("taken_at IS NULL")),)


class StepRecord(Record):
    """What a step did to its tokens, for showing the way come. Never read to decide anything."""

    __tablename__ = "step"
    proceeding_id: Mapped[str] = mapped_column(ForeignKey("proceeding.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Moment)
    trace: Mapped[Any] = mapped_column(Json)


class Task(Record):
    """A piece of work for a person 任务."""

    __tablename__ = "task"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    proceeding_id: Mapped[str] = mapped_column(ForeignKey("proceeding.id"), index=True)
    unit_id: Mapped[str] = mapped_column(Id)
    """The unit of its case: whoever oversees that one sees the task if it is for nobody."""
    token: Mapped[str] = mapped_column(String(40))
    node: Mapped[str] = mapped_column(String(100))
    process: Mapped[str] = mapped_column(Code)
    path: Mapped[str] = mapped_column(String(500), default="")
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    role: Mapped[str | None] = mapped_column(Code)
    duty: Mapped[str | None] = mapped_column(Code)
    queue: Mapped[str | None] = mapped_column(String(100))
    """`role@unit`: who may take it is read from the memberships of the moment. None where only named people may."""
    by_appointment: Mapped[bool] = mapped_column(default=False)
    """Only those appointed to `duty` in this case may take it."""
    form: Mapped[str | None] = mapped_column(Code)
    persons: Mapped[int] = mapped_column(default=1)
    signing: Mapped[bool] = mapped_column(default=False)
    """More than one signature is asked for beyond `persons`, or some have been given already."""
    party_id: Mapped[str | None] = mapped_column(ForeignKey("party.id"))
    assignee_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    """Who delegated it and gets it back."""
    state: Mapped[str] = mapped_column(Code)
    """open, completed, returned, cancelled, taken_back."""
    case_state: Mapped[str] = mapped_column(Code)
    """State of the case when it opened: what a taking back returns to."""
    opened_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime | None] = mapped_column(Moment)
    sort_at: Mapped[datetime] = mapped_column(Moment)
    """`due_at`, or the end of time: so that one index orders the desk."""
    urged_at: Mapped[datetime | None] = mapped_column(Moment)
    answers: Mapped[Any] = mapped_column(Json, nullable=True)
    rationale: Mapped[str | None] = mapped_column(Text)
    completed_at: Mapped[datetime | None] = mapped_column(Moment)
    completed_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        Index("ix_task_token", "proceeding_id", "token", unique=True, **only("state = 'open'")),
        Index("ix_task_queue", "queue", "sort_at", "id", **only("state = 'open' AND assignee_id IS NULL")),
        Index("ix_task_assignee", "assignee_id", "sort_at", "id", **only("state = 'open'")),
        Index("ix_task_appointed", "case_id", "duty", **only("state = 'open' AND by_appointment IS TRUE")),
        Index(
            "ix_task_orphan",
            "unit_id",
            "queue",
            "sort_at",
            "id",
            **only("state = 'open' AND assignee_id IS NULL AND queue IS NULL AND by_appointment IS FALSE"),
        ),
        Index("ix_task_case", "case_id", "state", "sort_at"),
    )


class Signature(Record):
    """A signature asked for or given on a task: the second officer, or a signer added 加签."""

    __tablename__ = "signature"
    task_id: Mapped[str] = mapped_column(ForeignKey("task.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    asked_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    signed_at: Mapped[datetime | None] = mapped_column(Moment)
    __table_args__ = (Index("ix_signature_open", "person_id", **only("signed_at IS NULL")),)


class Draft(Record):
    """Answers as typed, not yet submitted. One a person and task; sealed, because nobody has sorted out yet what is protected."""

    __tablename__ = "draft"
    task_id: Mapped[str] = mapped_column(ForeignKey("task.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    saved_at: Mapped[datetime] = mapped_column(Moment)


class Deadline(Record):
    """A running statutory clock 期限. The row is the truth: the diagram says which, the catalogue how long.

    It keeps everything its end is counted from; `due`, `due_at`, `provisional`, `rungs` and `next_at` follow from that, and
    are never set but by counting (`deadlines.recount`).
    """

    __tablename__ = "deadline"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), index=True)
    proceeding_id: Mapped[str] = mapped_column(ForeignKey("proceeding.id"), index=True)
    timer: Mapped[str] = mapped_column(String(40))
    node: Mapped[str] = mapped_column(String(100))
    guards: Mapped[str | None] = mapped_column(String(40))
    """Token of the activity it guards; None where it stands in the flow."""
    within: Mapped[str] = mapped_column(String(500), default="")
    """Path of that activity: the tasks below it share the limit."""
    whole_case: Mapped[bool] = mapped_column(default=False)
    """It is over everything that is still to be done in the case, in whatever proceeding."""
    party_id: Mapped[str | None] = mapped_column(ForeignKey("party.id"))
    unit_id: Mapped[str] = mapped_column(Id)
    """The unit of its case: its leaders read its limits in the order in which they end."""
    rule: Mapped[str] = mapped_column(Code)
    release_id: Mapped[str] = mapped_column(ForeignKey("release.id"))
    """The release whose catalogue and profile it is counted by."""
    trigger: Mapped[str] = mapped_column(String(40))
    """ISO date or date-time of the event it runs from."""
    extensions: Mapped[Any] = mapped_column(Json, default=list)
    """Each as granted: value, unit; reason, basis, asked_by, by, at."""
    suspensions: Mapped[Any] = mapped_column(Json, default=list)
    """Each with the first day (moment, for hours) and the last, None while it lasts: from, to; ground, reason, by, at;
    resumed_by, resumed_at, resumed_because. `with_case`: together with the case. `ended`: by the end of the clock."""
    exclusions: Mapped[Any] = mapped_column(Json, default=list)
    """Time that was found afterwards not to count: from, to; kind, reason, by, at."""
    corrections: Mapped[Any] = mapped_column(Json, default=list)
    """Of the trigger: was, now; reason, by, at."""
    started_at: Mapped[datetime] = mapped_column(Moment)
    due: Mapped[str] = mapped_column(String(40))
    """ISO date (or date-time of an hour limit) on which it ends."""
    due_at: Mapped[datetime] = mapped_column(Moment)
    """The moment after which it is missed."""
    provisional: Mapped[bool] = mapped_column(default=False)
    calendar: Mapped[str] = mapped_column(Hash)
    state: Mapped[str] = mapped_column(Code)
    """running, suspended, met, met_late, missed, passed, cancelled."""
    rungs: Mapped[Any] = mapped_column(Json)
    next_at: Mapped[datetime | None] = mapped_column(Moment)
    """The next moment at which the clock must look: a rung or the end. None when there is nothing more to do."""
    fired_at: Mapped[datetime | None] = mapped_column(Moment)
    warned_at: Mapped[datetime | None] = mapped_column(Moment)
    """When it was given a yellow card 黄牌: its last warning so far."""
    late_seconds: Mapped[int | None]
    """How long after `due_at` the clock came."""
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    __table_args__ = (
        Index("ix_deadline_timer", "proceeding_id", "timer", unique=True, **only("state = 'running'")),
        Index("ix_deadline_next", "next_at", **only("next_at IS NOT NULL")),
        Index("ix_deadline_unit", "unit_id", "due_at", "id", **only("ended_at IS NULL")),
        Index("ix_deadline_open", "case_id", "id", **only("ended_at IS NULL")),
    )


class Shortening(Record):
    """A limit that would end earlier by a new calendar. It stays as it is until whoever oversees the case has decided."""

    __tablename__ = "deadline_shortening"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    deadline_id: Mapped[str] = mapped_column(ForeignKey("deadline.id"))
    entry_id: Mapped[str] = mapped_column(ForeignKey("calendar_entry.id"))
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    unit_id: Mapped[str] = mapped_column(Id)
    """The unit of its case: whoever oversees that one decides."""
    due: Mapped[str] = mapped_column(String(40))
    """The date that stands."""
    shorter: Mapped[str] = mapped_column(String(40))
    """The date as counted by the new calendar."""
    state: Mapped[str] = mapped_column(Code)
    """open, kept, taken, superseded (a later calendar proposed another date, or none)."""
    proposed_at: Mapped[datetime] = mapped_column(Moment)
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    reason: Mapped[str | None] = mapped_column(Text)
    __table_args__ = (
        UniqueConstraint("deadline_id", "entry_id"),
        Index("ix_shortening_open", "unit_id", "id", **only("state = 'open'")),
    )


class Application(Record):
    """What the procedure was told from outside its tasks 申请: an appeal, a request for recusal, a withdrawal, with its form."""

    __tablename__ = "application"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), index=True)
    proceeding_id: Mapped[str] = mapped_column(ForeignKey("proceeding.id"))
    process: Mapped[str] = mapped_column(Code)
    node: Mapped[str] = mapped_column(String(100))
    action: Mapped[str] = mapped_column(Code)
    form: Mapped[str | None] = mapped_column(Code)
    answers: Mapped[Any] = mapped_column(Json, nullable=True)
    party_id: Mapped[str | None] = mapped_column(ForeignKey("party.id"))
    """The party it is about; None where it is about the case."""
    made_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Moment)
    reason: Mapped[str] = mapped_column(Text)


class Evidence(Record):
    """One item of evidence 证据. Its content lies in the file store under its hash."""

    __tablename__ = "evidence"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(Code)
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(Serial)
    sha256: Mapped[str] = mapped_column(Hash)
    proves: Mapped[str] = mapped_column(Text, default="")
    admitted: Mapped[bool | None]
    """Found lawful and usable; False means excluded, and it cannot be cited; None means not yet examined."""
    party_id: Mapped[str | None] = mapped_column(ForeignKey("party.id"))
    """Handed in by this party; None where the investigators collected it."""
    collected: Mapped[Any] = mapped_column(Json)
    """Who collected it (at least two officers), when, where, original or copy."""
    registered_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    registered_at: Mapped[datetime] = mapped_column(Moment)
    __table_args__ = (UniqueConstraint("case_id", "number"),)


class ProtectedValue(Record):
    """A personal datum kept apart and encrypted, such as who reported. Each reading is an entry in the ledger."""

    __tablename__ = "protected_value"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), index=True)
    task_id: Mapped[str | None] = mapped_column(ForeignKey("task.id"))
    field: Mapped[str] = mapped_column(Code)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(Moment)


class Notice(Record):
    """Something a person or a group must be told: a limit near its end, an urging, a task that came back."""

    __tablename__ = "notice"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), index=True)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    queue: Mapped[str | None] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(Code)
    facts: Mapped[Any] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(Moment)
    __table_args__ = (Index(None, "person_id", "created_at"), Index(None, "queue", "created_at"))


# --- ledger -----------------------------------------------------------------------------------------------------------


class LedgerEntry(Record):
    """One act, refusal or reading 台账. Append only; never read to decide anything."""

    __tablename__ = "ledger_entry"
    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    chain: Mapped[str] = mapped_column(Id)
    """Id of the case, or `house` for what belongs to no case."""
    number: Mapped[int]
    at: Mapped[datetime] = mapped_column(Moment)
    act: Mapped[str] = mapped_column(Code)
    actor_id: Mapped[str | None] = mapped_column(Id)
    actor: Mapped[str] = mapped_column(String(100))
    on_behalf_of: Mapped[str | None] = mapped_column(Id)
    subject: Mapped[str | None] = mapped_column(String(100))
    body: Mapped[Any] = mapped_column(Json)
    reason: Mapped[str | None] = mapped_column(Text)
    request: Mapped[str] = mapped_column(Code)
    previous: Mapped[str] = mapped_column(Hash)
    hash: Mapped[str] = mapped_column(Hash)
    __table_args__ = (UniqueConstraint("chain", "number"),)


class LedgerChain(Record):
    """Head of the chain that belongs to no case. (The head of a case's chain is on the case.)"""

    __tablename__ = "ledger_chain"
    chain: Mapped[str] = mapped_column(Id, primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
    head: Mapped[str] = mapped_column(Hash, default="")
