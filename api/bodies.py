"""Reads what was sent: JSON in the strict form of RFC 7493, and text that both databases can keep.

Refused with their place: names that occur twice, numbers that lose their value on the way, half characters, the NUL
character (PostgreSQL cannot keep it), depth that serves nobody. May never change a value, and never repeats one in a message.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

from flask import Request
from marshmallow import ValidationError
from webargs import flaskparser
from werkzeug.exceptions import RequestEntityTooLarge

from api.errors import BodyNotReadable, BodyTooLarge, TypeNotAccepted
from forms import Problem
from workflows.errors import InvalidInput

LARGEST = 2 * 1024 * 1024
"""Bytes of a JSON body."""
DEEPEST = 32
EXACT = 2**53 - 1
"""Largest whole number that every JSON reader keeps exactly."""


def read_json(request: Request) -> dict[str, Any]:
    """The JSON object in the body of a request.

    Raises:
        TypeNotAccepted: the body is not declared as JSON.
        BodyTooLarge: it has more than `LARGEST` bytes.
        BodyNotReadable: it is not JSON, or no object, or nested too deep.
        InvalidInput: a value cannot be kept; with the path of each.
    """
    if request.mimetype != "application/json":
        raise TypeNotAccepted("The body must be JSON.", accepted=["application/json"])
    if (request.content_length or 0) > LARGEST:
        raise BodyTooLarge(limit=LARGEST)
    request.max_content_length = LARGEST
    try:
        raw = request.get_data()
    except RequestEntityTooLarge:
        raise BodyTooLarge(limit=LARGEST) from None
    return parse(raw)


def parse(raw: bytes) -> dict[str, Any]:
    """The JSON object in these bytes. Raises as `read_json` does."""
    try:
        value = json.loads(
            raw.decode(), object_pairs_hook=_object, parse_constant=_constant, parse_float=_float, parse_int=_int
        )
    except UnicodeDecodeError:
        raise BodyNotReadable("The body is not UTF-8.") from None
    except json.JSONDecodeError as broken:
        raise BodyNotReadable("The body is not JSON.", line=broken.lineno, column=broken.colno) from None
    except RecursionError:
        raise BodyNotReadable("The body is nested too deep.", limit=DEEPEST) from None
    if not isinstance(value, dict):
        raise BodyNotReadable("The body must be a JSON object.")
    problems: list[Problem] = []
    _look_through(value, (), problems)
    if problems:
        raise InvalidInput(tuple(problems))
    return value


class Parser(flaskparser.FlaskParser):
    """Hands bodies and queries to the schemas, read in our way and refused in our words."""

    DEFAULT_VALIDATION_STATUS = 422

    def load_json(self, req: Request, schema: Any) -> Any:
        return read_json(req)

    def load_querystring(self, req: Request, schema: Any) -> Any:
        problems: list[Problem] = []
        for name, values in req.args.lists():
            if len(values) > 1:
                problems.append(Problem(path=name, code="given_twice", message=_TWICE))
            for value in values:
                _look_through(value, (name,), problems)
        if problems:
            raise InvalidInput(tuple(problems))
        return super().load_querystring(req, schema)

    def handle_error(self, error: ValidationError, *_: Any, **__: Any) -> NoReturn:
        messages = error.messages
        if isinstance(messages, Mapping):
            # webargs files the messages under the place they were read from: `json`, `query`.
            raise InvalidInput(tuple(p for place in messages.values() for p in _problems(place, ()))) from None
        raise InvalidInput(tuple(_problems(messages, ()))) from None


def _problems(messages: Any, path: tuple[str, ...]) -> Iterable[Problem]:
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from _problems(inner, (*path, str(key)) if key not in ("", "_schema") else path)
        return
    for message in messages if isinstance(messages, list) else [messages]:
        if isinstance(message, Mapping):
            yield from _problems(message, path)
        else:
            yield _problem(_shown(path), str(message))


def _problem(path: str, message: str) -> Problem:
    """A message of a schema as a problem: ours are a code with limits, the library's are known by their text."""
    code, _, limits = message.partition(" ")
    if code in _LIMITED:
        words = _LIMITED[code]
        return Problem(
            path=path, code=code, message={lang: said.format(*limits.split()) for lang, said in words.items()}
        )
    code = _CODES.get(message, "invalid")
    return Problem(path=path, code=code, message=_WORDS[code])


def too_far(path: str, low: int, high: int) -> Problem:
    """A number outside its range."""
    return _problem(path, f"number_range {low} {high}")


def text_problem(path: str, low: int, high: int) -> Problem:
    """A text that is too short or too long."""
    return _problem(path, f"text_length {low} {high}")


def unknown_problem(name: str) -> Problem:
    """A field that nobody asked for."""
    return Problem(path=_shown((name,)), code="unknown_field", message=_WORDS["unknown_field"])


def character_problem(path: str) -> Problem:
    """A text with a character that cannot be kept."""
    return Problem(path=path, code="character_not_allowed", message=CHARACTER)


_LIMITED: dict[str, dict[str, str]] = {
    "text_length": {"zh": "须为 {0} 至 {1} 个字符。", "en": "This has {0} to {1} characters."},
    "number_range": {"zh": "须为 {0} 至 {1} 之间的数。", "en": "This is a number from {0} to {1}."},
    "not_id": {"zh": "不是有效的编号。", "en": "This is not an id of ours."},
}

_CODES = {
    "Missing data for required field.": "required",
    "Unknown field.": "unknown_field",
    "Field may not be null.": "required",
    "Not a valid string.": "not_text",
    "Not a valid integer.": "not_whole_number",
    "Not a valid boolean.": "not_yes_or_no",
    "Not a valid mapping type.": "not_object",
    "Not a valid list.": "not_list",
    "Not a valid date.": "not_date",
    "Not a valid datetime.": "not_moment",
    "Invalid input type.": "not_object",
}

_WORDS: dict[str, dict[str, str]] = {
    "invalid": {"zh": "该值不符合要求。", "en": "This value does not fit."},
    "required": {"zh": "此项必填。", "en": "This is required."},
    "unknown_field": {"zh": "没有此项。", "en": "There is no such field."},
    "not_text": {"zh": "须为文本。", "en": "This must be text."},
    "not_whole_number": {"zh": "须为整数。", "en": "This must be a whole number."},
    "not_yes_or_no": {"zh": "须为 true 或 false。", "en": "This must be true or false."},
    "not_object": {"zh": "须为对象。", "en": "This must be an object."},
    "not_list": {"zh": "须为列表。", "en": "This must be a list."},
    "not_date": {"zh": "须为日期，如 2026-03-01。", "en": "This must be a date such as 2026-03-01."},
    "not_moment": {
        "zh": "须为带时区的时间，如 2026-03-01T09:00:00+08:00。",
        "en": "This must be a moment with its zone, such as 2026-03-01T09:00:00+08:00.",
    },
}

_TWICE = {"zh": "此项只能给出一次。", "en": "Give this once."}
CHARACTER = {"zh": "含有无法保存的字符。", "en": "This holds a character that cannot be kept."}
_NUMBER = {"zh": "数值过大，无法准确保存。", "en": "This number is too large to be kept exactly."}


class _Lossy:
    """Stands where a number was that would not survive."""


_LOSSY = _Lossy()


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BodyNotReadable("A name occurs twice in one object.")
    return found


def _constant(_name: str) -> NoReturn:
    raise BodyNotReadable("NaN and Infinity are no JSON numbers.")


def _float(digits: str) -> float | _Lossy:
    value = float(digits)
    return value if math.isfinite(value) else _LOSSY


def _int(digits: str) -> int | _Lossy:
    if len(digits) > 17:
        return _LOSSY
    value = int(digits)
    return value if -EXACT <= value <= EXACT else _LOSSY


def _look_through(value: Any, path: tuple[str, ...], problems: list[Problem]) -> None:
    if isinstance(value, str):
        if not keepable(value):
            problems.append(Problem(path=_shown(path), code="character_not_allowed", message=CHARACTER))
    elif isinstance(value, (dict, list)):
        if len(path) >= DEEPEST:
            raise BodyNotReadable("The body is nested too deep.", limit=DEEPEST)
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            if isinstance(key, str) and not keepable(key):
                problems.append(Problem(path=_shown(path), code="character_not_allowed", message=CHARACTER))
            _look_through(inner, (*path, str(key)), problems)
    elif value is _LOSSY:
        problems.append(Problem(path=_shown(path), code="number_too_large", message=_NUMBER))


def keepable(text: str) -> bool:
    """Whether both databases and every reader can keep this text: no NUL, no half of a surrogate pair."""
    if "\0" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _shown(path: tuple[str, ...]) -> str:
    """A path as text; `…` stands for a name that is nothing one would write into an answer."""
    return ".".join(part if (len(part) <= 64 and part.isidentifier()) or part.isdigit() else "…" for part in path)
