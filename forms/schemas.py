"""A form compiled to a marshmallow schema: what type, length, range and shape each answer has.

Strict: an unknown name is refused, and no value is turned into another type. What depends on other answers, on the
moment or on who may be chosen is checked afterwards, by `forms.reading`. May never decide whether a question is asked.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields

from forms.components import Field, Kind, Rows

YEARS = (1900, 2100)
MAX_NUMBER = 10**12
"""Numbers beyond this are refused where a form sets no range; all below are exact in JSON readers everywhere."""
MAX_ID = 64

_UNKEEPABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\u202d\u202e]")
"""Control characters, lone surrogates, noncharacters, and the two signs that show text in another order than it has."""
_LINE_BREAK = re.compile("[\t\n\r\u2028\u2029]")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?\Z")
_ID = re.compile(r"[!-~]{1,64}\Z")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why one answer is refused, before it is put into words: a key of `wording.PROBLEMS` and its limit."""

    code: str
    limit: object = ""


def _refused(code: str, limit: object = "") -> ValidationError:
    return ValidationError([Fault(code, limit)])


class _Answer(fields.Field[Any]):
    """An answer of one kind; null is an answer not given."""

    def __init__(self, question: Field) -> None:
        super().__init__(allow_none=True)
        self.question = question

    def _validate(self, value: Any) -> None:
        """Everything was checked while reading; the library's list of validators is not used."""


class _Line(_Answer):
    """Text, surrounding blanks taken off; text without a visible sign is an answer not given."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str | None:
        if not isinstance(value, str):
            raise _refused("wrong_type:text")
        text = self._trimmed(value)
        question = self.question
        if len(text) > question.max_length:
            raise _refused("too_long", question.max_length)
        if _UNKEEPABLE.search(text):
            raise _refused("bad_character")
        self._one_line(text)
        if is_blank(text):
            return None
        if len(text) < question.min_length:
            raise _refused("too_short", question.min_length)
        if question.pattern is not None and not question.pattern.fullmatch(text):
            raise _refused("pattern")
        return text

    def _trimmed(self, value: str) -> str:
        return value.strip()

    def _one_line(self, text: str) -> None:
        if _LINE_BREAK.search(text):
            raise _refused("one_line")


class _Lines(_Line):
    """Text of several lines; browsers send CRLF, which is kept as LF."""

    def _trimmed(self, value: str) -> str:
        return value.replace("\r\n", "\n").replace("\r", "\n").strip()

    def _one_line(self, text: str) -> None:
        """Any number of lines is right."""


class _Number(_Answer):
    """An integer, or a finite decimal where the form allows decimals. Money is an integer: 分."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int | float:
        decimals = self.question.decimals
        if isinstance(value, bool) or not isinstance(value, int | float if decimals else int):
            raise _refused("wrong_type:number" if decimals else f"wrong_type:{self._whole()}")
        if isinstance(value, float) and not math.isfinite(value):
            raise _refused("wrong_type:number")
        self._in_range(value)
        if isinstance(value, float) and not _has_decimals(value, decimals):
            raise _refused("too_precise", decimals)
        return value

    def _whole(self) -> str:
        return "money" if self.question.kind == "money" else "integer"

    def _in_range(self, value: float) -> None:
        low = self.question.minimum if self.question.minimum is not None else -MAX_NUMBER
        high = self.question.maximum if self.question.maximum is not None else MAX_NUMBER
        if value < low:
            raise _refused("too_small", self._shown(low))
        if value > high:
            raise _refused("too_large", self._shown(high))

    def _shown(self, limit: float) -> str:
        return f"{Decimal(int(limit)) / 100:.2f}" if self.question.kind == "money" else f"{limit}"


class _Date(_Answer):
    """An ISO date that exists, kept as text."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str) or not _DATE.match(value):
            raise _refused("not_a_date")
        try:
            _known_year(date.fromisoformat(value).year)
        except ValueError:
            raise _refused("not_a_date") from None
        return value


class _Moment(_Answer):
    """An ISO date-time that exists, kept as text; without an offset it is the wall clock of the jurisdiction."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str) or not _MOMENT.match(value):
            raise _refused("not_a_moment")
        try:
            _known_year(datetime.fromisoformat(value).year)
        except ValueError:
            raise _refused("not_a_moment") from None
        return value


class _Flag(_Answer):
    """A box, ticked or not."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise _refused("wrong_type:bool")
        return value


class _Code(_Answer):
    """One of the options."""

    def __init__(self, question: Field) -> None:
        super().__init__(question)
        self.allowed = frozenset((type(option.value), option.value) for option in question.options)
        self.yes_no = bool(question.options) and isinstance(question.options[0].value, bool)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str | bool:
        if not isinstance(value, bool if self.yes_no else str):
            raise _refused("wrong_type:bool" if self.yes_no else "not_an_option")
        if (type(value), value) not in self.allowed:
            raise _refused("not_an_option")
        return value


class _Reference(_Answer):
    """An opaque id; whether it may be chosen is checked against what the caller offers."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str) or not _ID.match(value):
            raise _refused("not_offered")
        return value


class _Several(_Answer):
    """A list of codes or ids, in the order given, none twice."""

    def __init__(self, question: Field, one: _Answer) -> None:
        super().__init__(question)
        self.one = one

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if not isinstance(value, list):
            raise _refused("wrong_type:list")
        if len(value) > self.question.max_items:
            raise _refused("too_many", self.question.max_items)
        chosen = [self.one._deserialize(item, attr, data) for item in value]
        if len(set(chosen)) < len(chosen):
            raise _refused("repeated")
        if chosen and len(chosen) < self.question.min_items:
            raise _refused("too_few", self.question.min_items)
        return chosen


class _RowList(fields.Field[Any]):
    """The rows of a repeated group, each read by the schema of the group; one faulty row hides no other."""

    def __init__(self, rows: Rows) -> None:
        super().__init__(allow_none=True)
        self.rows = rows
        self.row = schema_of(rows.fields)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if not isinstance(value, list):
            raise _refused("wrong_type:rows")
        if len(value) > self.rows.max_items:
            raise _refused("too_many", self.rows.max_items)
        valid: list[Any] = []
        faults: dict[int, Any] = {}
        for index, item in enumerate(value):
            if not isinstance(item, dict):
                faults[index] = [Fault("wrong_type:row")]
                valid.append({})
                continue
            try:
                valid.append(self.row.load(item))
            except ValidationError as refused:
                faults[index] = refused.messages
                valid.append(refused.valid_data)
        if faults:
            raise ValidationError(faults, valid_data=valid)
        return valid


class _AnswersSchema(Schema):
    """Answers by key; a name that is not asked is refused."""

    class Meta:
        unknown = RAISE

    error_messages = {"unknown": Fault("unknown_field"), "type": Fault("wrong_type:answers")}  # type: ignore[dict-item] # noqa: RUF012


_ANSWERS: Mapping[Kind, type[_Answer]] = {
    "text": _Line,
    "long_text": _Lines,
    "number": _Number,
    "money": _Number,
    "date": _Date,
    "moment": _Moment,
    "code": _Code,
    "flag": _Flag,
    "reference": _Reference,
}


def answer_of(question: Field | Rows) -> fields.Field[Any]:
    """The marshmallow field that reads the answer to one question."""
    if isinstance(question, Rows):
        return _RowList(question)
    if question.kind == "codes":
        return _Several(question, _Code(question))
    if question.kind == "references":
        return _Several(question, _Reference(question))
    return _ANSWERS[question.kind](question)


def schema_of(questions: Iterable[Field | Rows]) -> Schema:
    """The schema that reads the answers to these questions together."""
    return _AnswersSchema.from_dict({question.key: answer_of(question) for question in questions}, name="Answers")()


def is_blank(text: str) -> bool:
    """Whether a text shows nothing: only blanks and invisible signs."""
    return all(sign.isspace() or unicodedata.category(sign) == "Cf" for sign in text)


def _known_year(year: int) -> None:
    if not YEARS[0] <= year <= YEARS[1]:
        raise _refused("year_unknown", f"{YEARS[0]}–{YEARS[1]}")


def _has_decimals(value: float, decimals: int) -> bool:
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    return isinstance(exponent, int) and -exponent <= decimals
