"""What each page shows: plain frozen values, filled by the views from what the casework reads.

They hold facts, not markup: dates, counts, names, addresses. Text in them is already in the language of the page, or
is a person's own words and stays as written. They may never hold a row, a session or a request, and nothing here asks
a question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from forms.outlines import Outline

Moment = date | datetime
"""A day, or an aware point of time."""


# --- what every page has ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A place to go. `current` marks the one we are at."""

    label: str
    href: str
    current: bool = False
    count: int | None = None


class Tone(StrEnum):
    """What a note is about: information, care needed, stopped, done, a reading recorded."""

    INFORMATION = "information"
    CARE = "care"
    STOP = "stop"
    DONE = "done"
    READ = "read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """At most three lines that stay on the page until the person leaves. `lead` is its first words, in bold."""

    tone: Tone
    text: str
    lead: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who is signed in."""

    name: str
    post: str = ""
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseLine:
    """The release of the law that governs now."""

    name: str
    in_force_since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What stands around every page."""

    language: str
    """`zh` or `en`."""
    authority: str
    """The organ that runs this platform."""
    other_language_href: str
    """This same page in the other language."""
    home_href: str = "/"
    theme: str = "light"
    """`light`, `dark` or `auto`: the person's own setting. Public and respondents' pages follow the device."""
    staff: bool = False
    """Under the ink bar of the staff, or the white bar of respondents and the public."""
    person: Person | None = None
    navigation: tuple[Link, ...] = ()
    notices: Link | None = None
    release: ReleaseLine | None = None
    notes: tuple[Note, ...] = ()
    sign_out_href: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something a person may do, or may not do now: then `unavailable` is the reason, in words."""

    label: str
    href: str
    icon: str = ""
    consequence: str = ""
    unavailable: str = ""
    sends: bool = False
    """True: pressing it does it (a form is posted). False: it leads to a page that asks."""
    version: int | None = None
    """With `sends`: the version the person looked at, so that a lost race is noticed."""
    apart: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """What was posted and did not arrive, to be posted once more."""

    action: str
    fields: tuple[tuple[str, str], ...]
    label: str


# --- time ------------------------------------------------------------------------------------------


class ClockState(StrEnum):
    """Where a limit stands: the one scale of the whole product."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"
    SUSPENDED = "suspended"
    MET = "met"
    MET_LATE = "met-late"
    PASSED = "passed"
    """A window has closed, or a period has ended by itself: nobody was late."""
    STOPPED = "stopped"
    """What it guarded is no longer to be done: it is not counted any more."""


class Unit(StrEnum):
    """In what a limit is counted."""

    WORKING_DAYS = "working_days"
    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"
    HOURS = "hours"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One statutory limit as it stands today. The numbers are computed elsewhere; here they are only said."""

    rule: str
    """Key in the catalogue, T-LI-06."""
    name: str
    state: ClockState
    due: datetime
    """Aware: the last moment in which the act is in time."""
    unit: Unit = Unit.WORKING_DAYS
    """Unit of `count`: working days, days, or hours (then `count` is whole minutes)."""
    count: int = 0
    """OVERDUE, MET_LATE: how late. SOON, LATER: how much is left. SUSPENDED: what is left after it resumes."""
    provisional: bool = False
    """It runs into a year whose calendar is not published."""
    met_on: date | None = None
    """MET, MET_LATE, PASSED, STOPPED: the day on which it ended."""


class DayKind(StrEnum):
    """Why a day is counted or not."""

    COUNTED = "counted"
    MAKEUP = "makeup"
    """A weekend day that is worked, and counted."""
    START = "start"
    """The day of the trigger itself, from whose morrow is counted."""
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of a period, in order."""

    on: date
    kind: DayKind
    ordinal: int | None = None
    """Counted as which day; None for a day that is not counted."""
    feast: str = ""
    """Name of the feast, for its own day."""
    extended: bool = False
    """Gained by an extension."""
    due: bool = False
    unknown: bool = False
    """In a year whose calendar is not published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a rule stands."""

    text: str
    """Statute and article, as one says them: 处分条例第四十四条."""
    key: str = ""
    words: str = ""
    """What it says, shortly: 调查30个工作日，可延长一次."""
    mark: str = ""
    """Evidence mark of the number: V:S8, V2:X7, K, PD."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherLimit:
    """Another limit over the same act."""

    words: str
    due: date
    provisional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineCard:
    """A limit with the count of its days: why the date is this date."""

    clock: Clock
    trigger: str
    """What set it going, as a noun: 立案批准."""
    started: date
    length: int
    length_unit: Unit
    today_is: int | None = None
    """Today's ordinal; None where today is not counted."""
    days: tuple[Day, ...] = ()
    why: tuple[str, ...] = ()
    """Two or three sentences."""
    rolled_from: date | None = None
    """The end fell on a day off and moved to the due day."""
    extended_by: str = ""
    sources: tuple[Source, ...] = ()
    others: tuple[OtherLimit, ...] = ()
    extension: Act | None = None


class SpanKind(StrEnum):
    """What a piece of a bar in the picture of all deadlines stands for."""

    RUN = "run"
    EXTENDED = "extended"
    PAUSED = "paused"
    OVER = "over"
    LEFT = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From the first day to the last, both within."""

    kind: SpanKind
    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitBar:
    """One limit of the case in the picture of all deadlines, and one row of its table."""

    clock: Clock
    length: int
    length_unit: Unit
    started: date
    spans: tuple[Span, ...]
    extended: int = 0
    suspended: int = 0
    source: str = ""
    href: str = ""
    """Where its days are counted."""

    @property
    def due(self) -> date:
        """The due day as it is written on the clock."""
        return self.clock.due.date()


# --- the desk --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A small fact about a task: icon and words."""

    icon: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """One task in a list."""

    id: str
    name: str
    href: str
    case_number: str
    subject: str
    clock: Clock | None
    tags: tuple[Tag, ...] = ()
    act: Act | None = None
    done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskGroup:
    """Tasks of one urgency: overdue, today, soon, later, suspended."""

    urgency: ClockState
    total: int
    rows: tuple[TaskRow, ...]
    more_href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingRow:
    """A task that another person owes."""

    name: str
    href: str
    with_whom: str
    case_number: str = ""
    """Empty where it stands in the file of its case."""
    clock: Clock | None = None
    urge: Act | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskPage:
    """My tasks, by urgency."""

    groups: tuple[TaskGroup, ...]
    views: tuple[Link, ...] = ()
    waiting: tuple[WaitingRow, ...] = ()
    waiting_all: Link | None = None
    empty_act: Act | None = None
    to_claim: int = 0

    def total(self, *urgencies: str) -> int:
        """How many tasks stand in these groups."""
        return sum(group.total for group in self.groups if group.urgency in urgencies)


# --- the case --------------------------------------------------------------------------------------


class StepState(StrEnum):
    """Where a step of the procedure stands."""

    DONE = "done"
    HERE = "here"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One step of the way, as a person reads it."""

    name: str
    state: StepState
    note: str = ""
    """Who, or how long: 当事人，5个工作日."""
    on: date | None = None
    node: str = ""
    steps: tuple[Stage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagram:
    """A procedure as a picture and as text."""

    name: str
    source_href: str
    """Address of the BPMN XML."""
    states: Mapping[str, str]
    """BPMN id of a node or flow → done, here. What is not named is not yet reached."""
    outline: tuple[Stage, ...]


class EntryKind(StrEnum):
    """What happened; it decides the mark on the line."""

    ACT = "act"
    DECISION = "decision"
    DOCUMENT = "document"
    LATE = "late"
    SUSPENSION = "suspension"
    NEXT = "next"
    PROTECTED = "protected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of the timeline. The sentence begins with the act; `lead` is its part in bold."""

    kind: EntryKind
    icon: str
    text: str
    lead: str = ""
    href: str = ""
    """Where more about it is to be read."""
    at: Moment | None = None
    until: Moment | None = None
    by: str = ""
    """Empty: the system's clock."""
    reason: str = ""
    not_after: date | None = None
    for_whom: str = ""


class FindingState(StrEnum):
    """How far a finding about a party is."""

    PROPOSED = "proposed"
    FOUND = "found"
    NONE = "none"
    PENDING = "pending"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A label and what stands against it."""

    label: str
    text: str
    protected: str = ""
    """Says that something is there and for whom not: 举报人不可见."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A person or unit in the case."""

    name: str
    post: str
    unit: bool = False
    state: FindingState | None = None
    finding: str = ""
    facts: tuple[Fact, ...] = ()
    clock: Clock | None = None
    away: str = ""
    """Recused or excluded: the reason in words; the card is greyed."""
    act: Act | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRow:
    """One item of evidence in the list."""

    number: str
    name: str
    kind: str
    source: str
    collected: date | None
    collected_by: str
    href: str = ""
    excluded: str = ""
    """The reason why it may not be relied on; empty: it stands."""
    digest: str = ""
    pending: bool = False
    """Nobody has said yet what it is and whether it may be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationRow:
    """What the procedure was told from outside its tasks, as it was said."""

    name: str
    by: str
    at: datetime
    reason: str
    """Empty where a form says everything."""
    answers: tuple[Answered, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectedRow:
    """A value that is sealed: that there is one, and how to open it; None for those who may not."""

    label: str
    act: Act | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerBox:
    """The case's chain of entries and whether it verifies."""

    entries: int
    last_at: datetime | None
    tail: str
    """Shortened hash of the last entry."""
    verify: Act
    verified: bool | None = None
    """None: not checked yet."""
    broken_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedProceeding:
    """Another proceeding or case that belongs to this one."""

    name: str
    href: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """One case file."""

    number: str
    title: str
    state: str
    crumbs: tuple[Link, ...]
    main_clock: Clock | None = None
    secrecy: str = ""
    acts: tuple[Act, ...] = ()
    my_task: Act | None = None
    tabs: tuple[Link, ...] = ()
    limits: tuple[LimitBar, ...] = ()
    unpublished_from: date | None = None
    """First day of the first year whose calendar is not published."""
    parties: tuple[Party, ...] = ()
    timeline: tuple[Entry, ...] = ()
    newest_first: bool = True
    turn_href: str = ""
    older_href: str = ""
    """Where the timeline goes on; empty at its end."""
    waiting: tuple[WaitingRow, ...] = ()
    """The open tasks, and in whose hands they are."""
    diagrams: tuple[Diagram, ...] = ()
    evidence: tuple[EvidenceRow, ...] = ()
    hand_in: Act | None = None
    applications: tuple[ApplicationRow, ...] = ()
    protected: tuple[ProtectedRow, ...] = ()
    protected_from: str = ""
    """Says that this person may open none of them."""
    linked: tuple[LinkedProceeding, ...] = ()
    ledger: LedgerBox | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """A case in a list."""

    number: str
    title: str
    href: str
    state: str
    unit: str
    opened: datetime
    due: datetime | None = None
    """The next end of a running limit: the last moment in time."""
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CasesPage:
    """The cases a person may open."""

    action: str
    rows: tuple[CaseRow, ...]
    search: str = ""
    state: str = ""
    states: tuple[tuple[str, str], ...] = ()
    """Code and words of the states that can be chosen."""
    more_href: str = ""
    clear_href: str = ""
    """Set while something is searched for."""
    begin: Act | None = None
    """Registering a clue, for whoever may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitFact:
    """Something that was done to a limit: an extension, a suspension, time excepted, a corrected start."""

    words: str
    pause: bool
    at: datetime
    who: str = ""
    """Who did it, and who asked; empty for a party."""
    why: tuple[str, ...] = ()
    """Ground and reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitPage:
    """One limit of a case with the count of its days."""

    name: str
    crumbs: tuple[Link, ...]
    card: DeadlineCard
    consequence: str = ""
    told: tuple[str, ...] = ()
    """How it was counted, in sentences."""
    facts: tuple[LimitFact, ...] = ()
    """What was done to it, the first first."""
    proof: str = ""
    waiting: tuple[Link, ...] = ()
    """Open tasks under it, with who is to do them in the label."""
    acts: tuple[Act, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadPage:
    """Handing in a file."""

    name: str
    crumbs: tuple[Link, ...]
    action: str
    back: Link
    largest: int
    """Megabytes."""
    note: str = ""
    error: str = ""
    note_error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPage:
    """A page that asks something about a case before it is done: a clue, an application, a link."""

    name: str
    crumbs: tuple[Link, ...]
    form: Filled
    back: Link
    words: tuple[str, ...] = ()
    """What one should know before filling it in."""
    deadline: DeadlineCard | None = None
    materials: Link | None = None
    """Where to hand in files that can then be chosen here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedPage:
    """A protected value that was opened; the reading is on record."""

    label: str
    text: str
    reason: str
    crumbs: tuple[Link, ...]
    back: Link


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRow:
    """Something this person was told."""

    icon: str
    text: str
    at: datetime
    case_number: str
    href: str
    fresh: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticesPage:
    """What a person was told lately."""

    rows: tuple[NoticeRow, ...]


# --- one task --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """What a decision table advises, and why."""

    result: str
    table: str
    rule: int | None
    sentence: str
    inputs: tuple[Fact, ...] = ()
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierDecision:
    """What was done before in this case."""

    on: date
    what: str
    by: str
    grounds: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One answer as it is read afterwards."""

    label: str
    values: tuple[str, ...] = ()
    rows: tuple[tuple[Answered, ...], ...] = ()
    """Of a repeated group: its answers, row by row."""
    prose: bool = False
    """Whether it is a text of several lines."""
    sealed: bool = False
    """It is there, kept apart and sealed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A form that was filled in, to be read: a receipt, what is to be signed, what an earlier step found."""

    heading: str
    answers: tuple[Answered, ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A form as it is shown: the form's outline, what is written in it, what is wrong, what its pickers offer."""

    outline: Outline
    """The questions, in the language of the page, with the names of what may be chosen."""
    action: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    """As they came in, or as the draft holds them: plain JSON, also what could not be read."""
    errors: Mapping[str, str] = field(default_factory=dict)
    """Path of the answer (`facts`, `respondents.0.name`) → the message. The empty path is about the whole form."""
    suggestions: Mapping[str, Suggestion] = field(default_factory=dict)
    """Path of a question → what a decision table advises; printed above it, never chosen for the person."""
    fresh: bool = False
    """Nothing was written yet: what the form gives beforehand is filled in."""
    beforehand: Mapping[str, str] = field(default_factory=dict)
    """What `prefill` names: `today` → 2026-10-14."""
    drafts: bool = False
    """Whether what was written can be kept without submitting it."""
    saved_at: datetime | None = None
    submit: str = ""
    expected_version: int | None = None
    """Version of the case the person looked at; sent back so that a lost race is noticed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPage:
    """One task with its form."""

    name: str
    crumbs: tuple[Link, ...]
    held_by: str
    """One line: who does it, since when."""
    case_facts: tuple[Fact, ...]
    """The case in five lines."""
    form: Filled | None
    claim: Act | None = None
    """Set while nobody holds the task: the form is read only until it is claimed."""
    source: Source | None = None
    """The rule that asks for this step."""
    hand_in: bool = False
    """Whether files can be handed in on the way; what was written is kept as a draft meanwhile."""
    record: Record | None = None
    """What was answered, once it was submitted; or what was typed and can no longer be submitted."""
    signatures: tuple[Fact, ...] = ()
    sign: Act | None = None
    """Set while this person's signature is asked for."""
    rewrite: Link | None = None
    """To write what is to be signed anew."""
    deadline: DeadlineCard | None = None
    stages: tuple[Stage, ...] = ()
    diagram: Diagram | None = None
    earlier: tuple[EarlierDecision, ...] = ()
    acts: tuple[Act, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmPage:
    """A consequence for others or for a clock, asked before it happens."""

    question: str
    body: str
    crumbs: tuple[Link, ...]
    form: Filled | None
    confirm: str
    """Verb of the button: 退回并通知."""
    refuse: Link
    """Its opposite: 不退回."""
    grave: bool = False
    undo: str = ""
    carried: Again | None = None
    """Instead of a form: what was filled in on the page before, sent with either button; `label` names the yes."""
    back: str = ""
    """Name of the button that leads back to what was filled in."""
    record: Record | None = None
    """What is about to be submitted."""


# --- outside the office ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPage:
    """Name and password."""

    action: str
    name: str = ""
    next: str = ""
    kept: str = ""
    """What was posted when the session had ended, as the browser encoded it."""
    error: str = ""
    """What went wrong, in words; never whether the name exists."""
    ways: tuple[tuple[str, Link], ...] = ()
    """(icon, link): what needs no account."""
    lock_after: int | None = None
    lock_minutes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumePage:
    """Signed in anew: what was written before and not sent is still there."""

    name: str
    """In whose name it will be sent."""
    again: Again
    instead: Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """Something the respondent may do, until when."""

    name: str
    act: Act | None
    last_day: date | None = None
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NowPossible:
    """What the respondent can do now, first of all."""

    name: str
    clock: Clock | None
    act: Act
    words: str
    limit_href: str = ""
    """Where the days are counted."""
    source: str = ""
    """The text and article of the limit."""
    promise: str = ""
    """What will not be held against them, in bold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What the person was told at once: a notice, a decision."""

    name: str
    on: date | None
    answers: tuple[Answered, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Something sent, and when."""

    what: str
    at: datetime
    link: Link


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterRow:
    """A matter in which the person is a party."""

    number: str
    title: str
    href: str
    organ: str
    clock: Clock | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MattersPage:
    """The matters in which the person is a party."""

    rows: tuple[MatterRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptPage:
    """Proof of something that was sent."""

    what: str
    number: str
    at: datetime
    by: str
    crumbs: tuple[Link, ...]
    back: Link
    answers: tuple[Answered, ...] = ()
    """What was said with it."""
    facts: tuple[Fact, ...] = ()
    """By which it can be checked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RespondentPage:
    """What the law lets the person see, when it lets them."""

    number: str
    title: str
    capacity: str
    """Who they are in it: 您是当事人."""
    now: tuple[NowPossible, ...] = ()
    told: tuple[Telling, ...] = ()
    told_documents: tuple[Link, ...] = ()
    papers: tuple[EvidenceRow, ...] = ()
    """What the person handed in."""
    hand_in: Act | None = None
    rights: tuple[Right, ...] = ()
    stages: tuple[Stage, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorPage:
    """Something did not go: what, and what to do next."""

    status: int
    heading: str = ""
    """Where the status says too little; empty: the page's own heading for it."""
    sentence: str = ""
    """What is known about this case, in words; empty: the page's own sentence for the status."""
    changes: tuple[Fact, ...] = ()
    """409: who changed what."""
    problems: tuple[str, ...] = ()
    """422: what must be put right."""
    acts: tuple[Act, ...] = ()
    again: Again | None = None
    """500, 503: what was written, to be sent once more."""
    typed: tuple[str, ...] = ()
    """What was written and can no longer be sent, to be copied from here."""
    reference: str = ""
    retry_after: int | None = None
    """429: seconds."""
