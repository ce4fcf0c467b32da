"""Which days are worked 日历: the calendar of a release, and what administrators have entered and approved since.

A new clock counts by everything approved; a clock that runs keeps the version it was counted by until it is counted anew
(`recounting`). Two people enter a calendar: one enters, another approves. May never judge a day: `engine.calendars` does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

import forms
from engine import calendars
from engine.calendars import Calendar, Sheet, Year
from engine.errors import CalendarRefused
from engine.sheets import Wording
from workflows import ledger, policy
from workflows.acting import Acting
from workflows.errors import ConflictOfInterest, InvalidInput, NotFound, NotPossible
from workflows.identifiers import new_id
from workflows.records import CalendarEntry, Person, Recount, Unit
from workflows.roles import Roles

ENTERED, APPROVED, REJECTED = "entered", "approved", "rejected"
COUNTRY = "CN"
"""The jurisdiction whose arrangement holds for every release."""
MOST = 100_000
"""Characters of a file."""


@dataclass(frozen=True, slots=True)
class Approved:
    """A calendar file that counts."""

    id: str
    unit_id: str | None
    sheet: Sheet


@dataclass(slots=True)
class Almanac:
    """The calendar of a release with what was approved since, as it was after each approval."""

    released: Calendar
    jurisdiction: str
    approved: tuple[Approved, ...] = ()
    """In the order of approval."""
    _grown: dict[str | None, tuple[Calendar, ...]] = field(default_factory=dict)

    def calendar(self, unit_id: str | None = None) -> Calendar:
        """What a clock that begins now counts by: for an organ, or for the whole jurisdiction."""
        return self._versions(unit_id)[-1]

    def version(self, version: str, unit_id: str | None = None) -> Calendar:
        """The calendar a clock was counted by; the newest where its version is none of ours."""
        versions = self._versions(unit_id)
        return next((each for each in reversed(versions) if each.version == version), versions[-1])

    def _versions(self, unit_id: str | None) -> tuple[Calendar, ...]:
        found = self._grown.get(unit_id)
        if found is None:
            grown = [self.released]
            for each in self.approved:
                if each.sheet.jurisdiction in (COUNTRY, self.jurisdiction) and each.unit_id in (None, unit_id):
                    grown.append(_with(grown[-1], each.sheet))
            found = self._grown[unit_id] = tuple(grown)
        return found


def _with(calendar: Calendar, sheet: Sheet) -> Calendar:
    """What a file changes. A release may bring the same year with a newer notice: then that one stays."""
    year = sheet.year
    if sheet.addition:
        return calendar.with_days(year)
    newer = calendar.state(year.year) == "published" and _issued(calendar.year(year.year)) > _issued(year)
    return calendar if newer else calendar.with_year(year)


def _issued(year: Year) -> date:
    return max((notice.issued for notice in year.notices if notice.issued), default=date.min)


# --- reading ----------------------------------------------------------------------------------------------------------


def approved(session: Session) -> tuple[str, ...]:
    """Ids of the files that count, in the order of approval. Asked once a session."""
    found: tuple[str, ...] | None = session.info.get(__name__)
    if found is None:
        query = select(CalendarEntry.id).where(CalendarEntry.state == APPROVED)
        found = session.info[__name__] = tuple(
            session.scalars(query.order_by(CalendarEntry.decided_at, CalendarEntry.id))
        )
    return found


def sheets(session: Session, ids: Sequence[str]) -> tuple[Approved, ...]:
    """The files with these ids, read."""
    rows = {row.id: row for row in session.scalars(select(CalendarEntry).where(CalendarEntry.id.in_(ids)))}
    return tuple(Approved(each, rows[each].unit_id, _sheet(rows[each])) for each in ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryView:
    """A calendar that was entered, as administrators see it."""

    id: str
    year: int
    jurisdiction: str
    unit_id: str | None
    addition: bool
    state: str
    source: Wording
    number: str | None
    issued: date | None
    digest: str
    days: tuple[Mapping[str, Any], ...]
    """Each exceptional day: date, kind, name."""
    entered_by: str | None
    entered_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None
    recount: Mapping[str, Any] | None
    """total, looked_at, moved, held, begun_at, ended_at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class YearView:
    """One year as it counts now."""

    year: int
    state: str
    notices: tuple[calendars.Notice, ...]
    days_off: int
    make_up: int


def years(calendar: Calendar) -> tuple[YearView, ...]:
    """The years of a calendar with state and source."""
    return tuple(
        YearView(
            year=year.year,
            state=year.state,
            notices=year.notices,
            days_off=sum(marking.kind == "holiday" for marking in year.days.values()),
            make_up=sum(marking.kind == "make_up" for marking in year.days.values()),
        )
        for year in calendar.years
    )


def entries(session: Session) -> list[EntryView]:
    """Everything that was entered, the newest first."""
    rows = session.execute(
        select(CalendarEntry, Recount)
        .outerjoin(Recount, Recount.entry_id == CalendarEntry.id)
        .order_by(CalendarEntry.entered_at.desc(), CalendarEntry.id.desc())
    ).all()
    people = {person for row, _ in rows for person in (row.entered_by, row.decided_by) if person}
    names = dict(session.execute(select(Person.id, Person.name).where(Person.id.in_(people))).all())
    return [_view(row, run, names) for row, run in rows]


def _view(row: CalendarEntry, run: Recount | None, names: Mapping[str, str]) -> EntryView:
    sheet = _sheet(row)
    notice = sheet.year.notices[0]
    return EntryView(
        id=row.id,
        year=row.year,
        jurisdiction=row.jurisdiction,
        unit_id=row.unit_id,
        addition=sheet.addition,
        state=row.state,
        source=notice.title,
        number=notice.number,
        issued=notice.issued,
        digest=row.digest,
        days=tuple(
            {"date": day, "kind": marking.kind, "name": {"zh": marking.name.zh, "en": marking.name.en}}
            for day, marking in sorted(sheet.year.days.items())
        ),
        entered_by=names.get(row.entered_by or ""),
        entered_at=row.entered_at,
        decided_by=names.get(row.decided_by or ""),
        decided_at=row.decided_at,
        reason=row.reason,
        recount=_progress(run),
    )


def source_of(row: CalendarEntry) -> str:
    """The notice a calendar rests on, in words."""
    notice = _sheet(row).year.notices[0]
    return notice.title.zh + (f"（{notice.number}）" if notice.number else "")


def _progress(run: Recount | None) -> Mapping[str, Any] | None:
    if run is None:
        return None
    return {name: getattr(run, name) for name in ("total", "looked_at", "moved", "held", "begun_at", "ended_at")}


# --- the verbs --------------------------------------------------------------------------------------------------------


def written(year: int, jurisdiction: str, notice: Mapping[str, Any], holidays: Iterable[Any], *, addition: bool) -> str:
    """A file as a release would hold it, from its parts: `notice` title, number, issued; `holidays` name, from, to, make_up."""
    content = {
        "year": year,
        "jurisdiction": jurisdiction,
        "state": "addition" if addition else "published",
        "notices": [{"id": "main", "mark": "K", **{key: value for key, value in notice.items() if value}}],
        "holidays": [{**holiday, "notice": "main"} for holiday in holidays],
    }
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False)


def enter(
    acting: Acting, roles: Roles, calendar: Calendar, content: str, *, unit_id: str | None = None
) -> CalendarEntry:
    """Enter the arrangement of a year, or days of one place. It counts when somebody else has approved it.

    Args:
        calendar: what counts now.
        content: the file, as `bpmn/calendars/` has them, with `state: published` or `state: addition`.
        unit_id: the organ whose days they are; None for the whole jurisdiction.

    Raises:
        NotAllowed: whoever acts administers nothing.
        InvalidInput: with everything that is wrong in it.
        NotFound: there is no such organ.
    """
    policy.may_administer(acting.by, roles)
    if unit_id is not None and acting.session.get(Unit, unit_id) is None:
        raise NotFound("There is no such person or organ.", unit=unit_id)
    sheet = _read(content)
    if problems := [*_against(sheet, calendar, acting.today, unit_id)]:
        raise InvalidInput(tuple(problems), wanted="calendar.enter")
    digest = hashlib.sha256(content.encode()).hexdigest()
    same = select(CalendarEntry.id).where(
        CalendarEntry.digest == digest, CalendarEntry.unit_id == unit_id, CalendarEntry.state != REJECTED
    )
    if acting.session.scalar(same) is not None:
        raise NotPossible("This calendar has been entered already.", wanted="calendar.enter")
    row = CalendarEntry(
        id=new_id(acting.now), year=sheet.year.year, jurisdiction=sheet.jurisdiction, unit_id=unit_id, content=content,
        digest=digest, state=ENTERED, entered_by=acting.by.person_id, entered_at=acting.now,
    )  # fmt: skip
    acting.session.add(row)
    acting.session.flush()
    body = {"year": row.year, "jurisdiction": row.jurisdiction, "unit": unit_id, "sha256": digest}
    ledger.enter(acting, None, "calendar.entered", subject=f"calendar:{row.id}", body=body)
    return row


def approve(acting: Acting, roles: Roles, entry_id: str, calendar: Calendar) -> CalendarEntry:
    """Let a calendar count, as somebody else than who entered it. Every open limit that touches the year is then counted anew.

    Raises:
        NotAllowed, NotFound: whoever acts administers nothing; there is no such calendar.
        ConflictOfInterest: it is one's own.
        NotPossible: it has been decided.
        InvalidInput: what was approved since contradicts it.
    """
    row = _open(acting, roles, entry_id, "calendar.approve")
    sheet = _sheet(row)
    if problems := [*_against(sheet, calendar, acting.today, row.unit_id)]:
        raise InvalidInput(tuple(problems), wanted="calendar.approve")
    _decide(acting, row, APPROVED, None)
    acting.session.add(Recount(entry_id=row.id, total=0, looked_at=0, moved=0, held=0, after="", begun_at=None))
    acting.session.flush()
    acting.session.info.pop(__name__, None)
    return row


def reject(acting: Acting, roles: Roles, entry_id: str, reason: str) -> CalendarEntry:
    """Refuse to let a calendar count, as somebody else than who entered it. Raises as `approve` does."""
    row = _open(acting, roles, entry_id, "calendar.reject")
    _decide(acting, row, REJECTED, reason)
    return row


def _open(acting: Acting, roles: Roles, entry_id: str, wanted: str) -> CalendarEntry:
    policy.may_administer(acting.by, roles)
    row = acting.session.scalar(select(CalendarEntry).where(CalendarEntry.id == entry_id).with_for_update())
    if row is None:
        raise NotFound("There is no such calendar.", calendar=entry_id)
    facts = {"wanted": wanted, "calendar": entry_id}
    if row.state != ENTERED:
        raise NotPossible("This calendar has been decided already.", **facts)
    if row.entered_by == acting.by.person_id:
        raise ConflictOfInterest("Whoever enters a calendar cannot approve it.", **facts)
    return row


def _decide(acting: Acting, row: CalendarEntry, state: str, reason: str | None) -> None:
    row.state, row.decided_by, row.decided_at, row.reason = state, acting.by.person_id, acting.now, reason
    body = {"year": row.year, "jurisdiction": row.jurisdiction, "unit": row.unit_id, "sha256": row.digest}
    ledger.enter(acting, None, f"calendar.{state}", subject=f"calendar:{row.id}", body=body, reason=reason)


def _sheet(row: CalendarEntry) -> Sheet:
    return calendars.read(row.content.encode(), name=f"{row.jurisdiction}-{row.year}")


def _read(content: str) -> Sheet:
    try:
        return calendars.read(content.encode(), name="content")
    except CalendarRefused as refused:
        problems = tuple(
            _problem(finding.rule, f"{_line(finding.line)}{finding.why_zh}{finding.remedy_zh}",
                     f"{_line_en(finding.line)}{finding.why} {finding.remedy}")
            for finding in refused.findings
        )  # fmt: skip
        raise InvalidInput(problems, wanted="calendar.enter") from refused


def _line(line: int | None) -> str:
    return f"第 {line} 行：" if line else ""


def _line_en(line: int | None) -> str:
    return f"Line {line}: " if line else ""


def _against(sheet: Sheet, calendar: Calendar, today: date, unit_id: str | None) -> Iterable[forms.Problem]:
    """What is wrong with a file beside the calendar that counts."""
    year, known = sheet.year.year, {each.year for each in calendar.years}
    issued = [notice.issued for notice in sheet.year.notices]
    if unit_id is not None and not sheet.addition:
        yield _problem("year-of-one-organ", "全年安排适用于整个辖区，不能只属于一个机关。",
                       "The arrangement of a whole year is for the whole jurisdiction, not for one organ.")  # fmt: skip
    if None in issued:
        yield _problem("notice-undated", "通知须写明发布日期。", "A notice needs the day on which it was issued.")
    if any(day > today for day in issued if day):
        yield _problem("notice-in-future", "通知的发布日期在将来。", "The notice would be issued in the future.")
    if not sheet.addition and sheet.jurisdiction != COUNTRY:
        yield _problem(
            "year-of-one-place", f"全年安排的 jurisdiction 应为 {COUNTRY}；地方增减用 state: addition。",
            f"The arrangement of a year has the jurisdiction {COUNTRY}; days of one place are an addition.",
        )  # fmt: skip
    if known and not min(known) <= year <= max(known) + 1:
        yield _problem("year-missing", f"{year} 年与已有日历不相连（{min(known)} 至 {max(known)} 年）。",
                       f"{year} does not join the known years ({min(known)} to {max(known)}).")  # fmt: skip
    before = calendar.year(year)
    if not sheet.addition and before.state == "published" and _issued(sheet.year) <= _issued(before):
        yield _problem(
            "notice-not-newer", f"{year} 年已按 {_issued(before)} 发布的通知公布；只有更晚发布的通知才能更改。",
            f"{year} is published by a notice of {_issued(before)}; only a newer notice can change it.",
        )  # fmt: skip


def _problem(code: str, zh: str, en: str) -> forms.Problem:
    return forms.Problem(path="content", code=code.replace("-", "_"), message={"zh": zh, "en": en})
