"""Answers read against their form: all problems at once, or the values, the routing variables and the protected part.

Types, lengths and ranges are the schema's (`forms.schemas`). Here is what depends on something else: what was asked
after the earlier answers, what has to be answered, the order of dates, who may be chosen. May never read a clock, and
never repeats an answer in a problem.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from marshmallow import ValidationError

from forms.components import MANY, Condition, Field, Form, Peer, Rows, Text
from forms.errors import ChoicesMissing, InvalidAnswers, Problem
from forms.wording import problem

MAX_PROBLEMS = 200

Choices = Mapping[str, Collection[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Answers that were accepted. Plain JSON values throughout; dates are ISO text."""

    values: dict[str, Any]
    """Every answer but the protected ones, in the order of the form. A box that was asked and not ticked is False."""
    routing: dict[str, Any]
    """Every routing variable of the form: null, or an empty list, where it was not answered."""
    protected: dict[str, Any]
    """The answers to store apart and sealed."""


def read(
    form: Form,
    answers: object,
    *,
    now: datetime,
    today_zone: tzinfo,
    choices: Choices,
    variables: Mapping[str, Any] | None = None,
) -> Reading:
    """Read the answers to a form.

    Args:
        form: what was asked.
        answers: what came in; any JSON value.
        now: aware.
        today_zone: zone of the jurisdiction: which day is today, and what a time without an offset means.
        choices: for each of `form.sources`, the ids that may be chosen.
        variables: of the proceeding; dates are compared with those that are there.

    Raises:
        InvalidAnswers: with all problems, in the order of the form.
        ChoicesMissing: `choices` lacks one of `form.sources`.
    """
    if missing := form.sources - choices.keys():
        raise ChoicesMissing(f"{form.key}: {', '.join(sorted(missing))}")
    if not isinstance(answers, dict):
        raise InvalidAnswers((Problem(path="", code="wrong_type", message=problem("wrong_type:answers")),))
    faults: Any = {}
    try:
        valid = form.schema.load(answers)
    except ValidationError as refused:
        faults, valid = refused.messages, refused.valid_data
    examination = _Examination(form, now, today_zone, choices, variables or {})
    kept = examination.examine(valid, faults)
    if examination.problems:
        raise InvalidAnswers(_bounded(examination.problems))
    return _reading(form, kept)


def _bounded(problems: list[Problem]) -> tuple[Problem, ...]:
    if len(problems) <= MAX_PROBLEMS:
        return tuple(problems)
    rest = Problem(path="", code="too_many_problems", message=problem("too_many_problems", limit=MAX_PROBLEMS))
    return (*problems[:MAX_PROBLEMS], rest)


def _reading(form: Form, kept: Mapping[str, Any]) -> Reading:
    values: dict[str, Any] = {}
    protected: dict[str, Any] = {}
    for key, answer in kept.items():
        (protected if form.fields[key].protected else values)[key] = answer
    routing = {name: _route(form.fields[name], kept.get(name)) for name in form.routing}
    return Reading(values=values, routing=routing, protected=protected)


def _route(question: Field | Rows, answer: Any) -> Any:
    if isinstance(question, Rows):
        columns = [column for column in question.fields if column.routing]
        return [{column.key: _route(column, row.get(column.key)) for column in columns} for row in answer or ()]
    if answer is None:
        return [] if question.kind in MANY else False if question.kind == "flag" else None
    return answer


class _Scope:
    """What a question can refer to: the earlier answers of its row, and those of the form."""

    def __init__(self, answers: Mapping[str, Any], keys: Collection[str], outer: _Scope | None = None) -> None:
        self.answers, self.keys, self.outer = answers, keys, outer
        self.kept: dict[str, Any] = {}
        """Accepted so far."""
        self.unclear: set[str] = set()
        """Keys with a problem of their own, from which nothing can be concluded."""

    def home(self, key: str) -> _Scope:
        """The scope that a key belongs to."""
        return self if key in self.keys or self.outer is None else self.outer

    def answer(self, key: str) -> Any:
        """The accepted answer, None where there is none or where it is not asked."""
        return self.home(key).kept.get(key)

    def holds(self, condition: Condition) -> bool | None:
        """Whether a condition holds; None where that cannot be told."""
        home = self.home(condition.field)
        return None if condition.field in home.unclear else condition.holds(home.kept.get(condition.field))


class _Examination:
    """One reading: walks the form in its order and notes every problem."""

    def __init__(self, form: Form, now: datetime, zone: tzinfo, choices: Choices, variables: Mapping[str, Any]) -> None:
        self.form, self.choices, self.variables, self.zone = form, choices, variables, zone
        self.now = now.astimezone(zone)
        self.problems: list[Problem] = []

    def examine(self, valid: Mapping[str, Any], faults: Mapping[str, Any]) -> dict[str, Any]:
        """Walk all questions, then the rules between them, then what was not asked for; give what is kept."""
        scope = _Scope(valid, self.form.fields)
        for question in self.form.fields.values():
            self._ask(question, scope, question.key, faults.get(question.key))
        for rule in self.form.rules:
            if scope.holds(rule.when) and scope.holds(rule.must) is False:
                self.problems.append(Problem(path=rule.must.field, code="rule", message=rule.message))
        self._unknown("", faults, self.form.fields)
        return scope.kept

    def _ask(self, question: Field | Rows, scope: _Scope, path: str, fault: Any) -> None:
        before = len(self.problems)
        answer = self._answer(question, scope, path, fault)
        if answer is not None:
            scope.kept[question.key] = answer
        if len(self.problems) > before:
            scope.unclear.add(question.key)

    def _answer(self, question: Field | Rows, scope: _Scope, path: str, fault: Any) -> Any:
        """The answer to keep, or None; notes what is wrong with it."""
        shown = not question.shown_when or _all(scope.holds(condition) for condition in question.shown_when)
        answer = _given(scope.answers.get(question.key))
        if shown is False:
            if fault or answer not in (None, False):
                self._note("not_asked", path, question.label)
            return None
        if isinstance(question, Rows):
            return self._rows(question, scope, path, answer, fault, needed=shown is True)
        if fault:
            self._note_fault(question, path, fault)
            return None
        return self._field(question, scope, path, answer, needed=shown is True)

    def _note_fault(self, question: Field | Rows, path: str, faults: Any) -> None:
        for fault in faults if isinstance(faults, list) else [faults]:
            message = question.pattern_message if fault.code == "pattern" and isinstance(question, Field) else None
            self._note(fault.code, path, question.label, limit=fault.limit, message=message)

    def _note(
        self,
        code: str,
        path: str,
        label: Text,
        *,
        limit: object = "",
        other: Text | None = None,
        message: Text | None = None,
    ) -> None:
        said = message or problem(code, label, limit=limit, other=other)
        self.problems.append(Problem(path=path, code=code.partition(":")[0], message=said))

    def _unknown(self, prefix: str, faults: Mapping[Any, Any], known: Collection[str]) -> None:
        for key in sorted((key for key in faults if key not in known), key=str):
            named = isinstance(key, str) and key.isidentifier() and len(key) <= 64
            path = f"{prefix}{key}" if named else f"{prefix}…"
            self.problems.append(Problem(path=path, code="unknown_field", message=problem("unknown_field")))

    # Repeated groups

    def _rows(self, rows: Rows, scope: _Scope, path: str, answer: Any, fault: Any, *, needed: bool) -> Any:
        if fault and not isinstance(fault, dict):
            self._note_fault(rows, path, fault)
            return None
        if answer is None:
            if needed and self._needed(rows, scope):
                self._note("required:rows", path, rows.label, limit=max(1, rows.min_items))
            return None
        before = len(self.problems)
        faults = fault or {}
        kept = [self._row(rows, scope, f"{path}.{i}", row, faults.get(i)) for i, row in enumerate(answer)]
        if len(answer) < rows.min_items:
            self._note("too_few", path, rows.label, limit=rows.min_items)
        if len(self.problems) == before:
            self._distinct(rows, path, kept)
            self._covered(rows, path, kept)
        return kept

    def _row(self, rows: Rows, scope: _Scope, path: str, row: Mapping[str, Any], fault: Any) -> dict[str, Any]:
        if fault and not isinstance(fault, dict):
            self._note_fault(rows, path, fault)
            return {}
        faults = fault or {}
        inner = _Scope(row, {column.key for column in rows.fields}, scope)
        for column in rows.fields:
            self._ask(column, inner, f"{path}.{column.key}", faults.get(column.key))
        self._unknown(f"{path}.", faults, inner.keys)
        return inner.kept

    def _distinct(self, rows: Rows, path: str, kept: list[dict[str, Any]]) -> None:
        seen: set[tuple[Any, ...]] = set()
        for index, row in enumerate(kept):
            together = tuple(row.get(name) for name in rows.distinct)
            if rows.distinct and together in seen:
                self._note("repeated", f"{path}.{index}.{rows.distinct[0]}", rows.label)
            seen.add(together)

    def _covered(self, rows: Rows, path: str, kept: list[dict[str, Any]]) -> None:
        if not rows.covers:
            return
        column = next(column for column in rows.fields if column.key == rows.covers)
        missing = set(self.choices[column.source]) - {row.get(rows.covers) for row in kept}
        if missing:
            self._note("not_covered", path, rows.label, limit=len(missing))

    # Single questions

    def _needed(self, question: Field | Rows, scope: _Scope) -> bool:
        return question.required or (question.required_when is not None and bool(scope.holds(question.required_when)))

    def _field(self, question: Field, scope: _Scope, path: str, answer: Any, *, needed: bool) -> Any:
        needed = needed and self._needed(question, scope)
        if question.kind == "flag":
            return self._flag(question, path, answer, needed=needed)
        if answer is None:
            if needed:
                self._note(_REQUIRED[_sort(question)], path, question.label, limit=max(1, question.min_items))
            return None
        if question.source and not self._offered(question, answer):
            self._note("not_offered", path, question.label)
            return None
        if question.kind in ("date", "moment"):
            return self._date(question, scope, path, answer)
        peer = question.differs_from
        if peer is not None and _meet(answer, scope.answer(peer.name)):
            self._note("same_as", path, question.label, other=peer.label)
        return answer

    def _flag(self, question: Field, path: str, answer: Any, *, needed: bool) -> bool:
        if needed and not answer:
            self._note("required:flag", path, question.label)
        return bool(answer)

    def _offered(self, question: Field, answer: Any) -> bool:
        offered = self.choices[question.source]
        return all(item in offered for item in (answer if isinstance(answer, list) else (answer,)))

    def _date(self, question: Field, scope: _Scope, path: str, answer: str) -> str:
        at = self._moment(answer)
        for peer in question.not_before:
            limit = self._limit(peer, scope)
            if limit is not None and _before(at, limit):
                self._note("in_past" if peer.kind == "now" else "too_early", path, question.label, other=peer.label)
        for peer in question.not_after:
            limit = self._limit(peer, scope)
            if limit is not None and _before(limit, at):
                self._note("in_future" if peer.kind == "now" else "too_late", path, question.label, other=peer.label)
        return at.isoformat()

    def _limit(self, peer: Peer, scope: _Scope) -> date | datetime | None:
        if peer.kind == "now":
            return self.now
        text = self.variables.get(peer.name) if peer.kind == "variable" else scope.answer(peer.name)
        try:
            return self._moment(text) if isinstance(text, str) else None
        except (ValueError, OverflowError):
            return None

    def _moment(self, text: str) -> date | datetime:
        if "T" not in text:
            return date.fromisoformat(text)
        at = datetime.fromisoformat(text)
        return at.replace(tzinfo=self.zone) if at.tzinfo is None else at.astimezone(self.zone)


_REQUIRED = {
    "text": "required",
    "choice": "required:choice",
    "choices": "required:choices",
    "yes_no": "required:yes_no",
}


def _sort(question: Field) -> str:
    if question.kind in MANY:
        return "choices"
    if question.options and isinstance(question.options[0].value, bool):
        return "yes_no"
    return "choice" if question.kind in ("code", "reference") else "text"


def _given(answer: Any) -> Any:
    """An empty list is an answer not given."""
    return None if answer == [] else answer


def _all(held: Iterator[bool | None]) -> bool | None:
    """True when all hold; False when one surely does not; None when that cannot be told."""
    results = set(held)
    return False if False in results else None if None in results else True


def _meet(one: Any, other: Any) -> bool:
    """Whether two answers, single or several, have something in common."""
    if other is None:
        return False
    ones = one if isinstance(one, list) else [one]
    others = other if isinstance(other, list) else [other]
    return any(item in others for item in ones)


def _before(one: date | datetime, other: date | datetime) -> bool:
    """Whether one is earlier: by the moment where both have a time, by the day otherwise."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one < other
    return _day(one) < _day(other)


def _day(at: date | datetime) -> date:
    return at.date() if isinstance(at, datetime) else at
