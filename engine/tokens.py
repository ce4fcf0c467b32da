"""The words of S-FEEL, taken from left to right: literals, names that are known, and signs.

A name may hold spaces and signs (`Monthly Salary`), as DMN allows: at each place the longest name that is known there is
taken. What is no literal, no known name and no sign of the language is refused, with what it looks like.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from engine.kinds import KIND_NAMES, CellUnfit, Kind, Value, exact, key_of, ordered

MAX_CELL = 2_000
"""Longest cell or expression, in characters."""
MAX_NAME = 200
"""Longest name that can be spoken of, in characters."""
RESERVED = frozenset({"true", "false", "null", "not", "and", "or", "date", "time", "duration", "date and time"})
"""What is never a name."""


@dataclass(frozen=True, slots=True)
class Name:
    """A value that may be spoken of: where it is found, and its kind."""

    path: tuple[str, ...]
    kind: Kind | None
    """None where nothing declares it."""

    @property
    def text(self) -> str:
        return ".".join(self.path)


class Scope:
    """The names that an expression may use."""

    def __init__(self, names: Iterable[Name] = ()) -> None:
        self.names: Mapping[str, Name] = {
            _spaced(name.text): name for name in names if name.text not in RESERVED and len(name.text) <= MAX_NAME
        }
        longest = sorted(self.names, key=len, reverse=True)
        either = "|".join(re.escape(name).replace(r"\ ", r"\s+").replace(r"\.", r"\s*\.\s*") for name in longest)
        self._pattern = re.compile(rf"\s*(?P<name>{either})(?!\w)(?!\s*\.\s*\w)") if longest else None

    def match(self, text: str, at: int) -> tuple[Name, int] | None:
        """The longest known name at a place, and where it ends."""
        found = self._pattern.match(text, at) if self._pattern else None
        return (self.names[_spaced(found["name"])], found.end()) if found else None

    def find(self, text: str) -> Name | None:
        """The name that a text is, if it is one."""
        return self.names.get(_spaced(text))


NO_NAMES = Scope()


class Tokens:
    """The tokens of a cell or an expression."""

    def __init__(self, text: str, scope: Scope = NO_NAMES) -> None:
        """
        Raises:
            CellUnfit: it is empty or too long.
        """
        if len(text) > MAX_CELL:
            raise CellUnfit(
                f"The cell has {len(text)} characters; at most {MAX_CELL} are read.",
                f"单元格有 {len(text)} 个字符，最多读取 {MAX_CELL} 个。",
            )
        self.text = text.strip()
        self._scope = scope
        self._at = 0
        self._seen = -1
        self._found: re.Match[str] | None = None
        if not self.text:
            raise CellUnfit("The cell is empty.", "单元格为空。")

    def take(self, *wanted: str) -> str | None:
        """Take the next token if it is one of these signs or words."""
        found = self._next()
        word = found and (found["sign"] or found["word"])
        if found and word in wanted:
            if found["word"] and self._scope.match(self.text, self._at):
                return None  # a name that begins with this word
            self._at = found.end()
            return word
        return None

    def peek(self) -> str:
        """The sign or word that stands here; nothing where it is the beginning of a name, or something else."""
        found = self._next()
        word = (found["sign"] or found["word"]) if found else None
        if not found or not word or (found["word"] and self._scope.match(self.text, self._at)):
            return ""
        return str(word)

    def expect(self, wanted: str) -> None:
        if not self.take(wanted):
            raise self.unexpected()

    def expect_end(self) -> None:
        if self.text[self._at :].strip():
            raise self.unexpected()

    def at_end(self) -> bool:
        """Whether all is taken."""
        return not self.text[self._at :].strip()

    def name(self) -> Name | None:
        """Take the longest known name, if one stands here."""
        found = self._scope.match(self.text, self._at)
        if found:
            self._at = found[1]
            return found[0]
        return None

    def literal(self) -> tuple[Value, Kind | None, str] | None:
        """Take a literal, if one stands here: its value, its kind (None for null), and how it is written.

        Raises:
            CellUnfit: it is no value of its kind, such as `date("2024-02-30")`.
        """
        found = self._next()
        if found is None:
            return None
        written = found.group().strip()
        if found["text"]:
            value: tuple[Value, Kind | None] = _text(_unescape(found["text"]))
        elif found["call"]:
            value = _called(" ".join(found["call"].split()), _unescape(found["argument"]))
        elif found["number"]:
            value = _number(found["number"]), "number"
        elif found["word"] in _WORDS:
            value = _WORDS[found["word"]]
        elif found["sign"] == "-" and (digits := _NUMBER.match(self.text, found.end())):
            self._at = digits.end()
            return _number(f"-{digits.group()}"), "number", f"-{digits.group()}"
        else:
            return None
        self._at = found.end()
        return *value, written

    def skip(self) -> bool:
        """Pass over one token, whatever it is; whether there was one."""
        found = self._next()
        if found:
            self._at = found.end()
        return found is not None

    def unexpected(self) -> CellUnfit:
        """What stands here, and that it cannot."""
        rest = self.text[self._at :].strip()
        if not rest:
            return CellUnfit("The cell ends too early.", "单元格内容不完整。")
        if rest[0] in "“”‘’「」＂":
            return CellUnfit('A text is written in straight quotes: "…".', '文本要用英文直引号："…"。')
        piece = rest if len(rest) <= 20 else f"{rest[:20]}…"
        if _BEYOND.match(rest):
            return CellUnfit(
                f"`{piece}` cannot stand here: it is FEEL beyond S-FEEL, or the name of nothing that is required here.",
                f"此处不能出现“{piece}”：它超出 S-FEEL 的范围，或者不是此处所依赖的名称。",
            )
        return CellUnfit(
            f"`{piece}` cannot stand here.",
            f"此处不能出现“{piece}”。",
        )

    def _next(self) -> re.Match[str] | None:
        if self._seen != self._at:
            self._seen, self._found = self._at, _TOKEN.match(self.text, self._at)
        return self._found


def fitted(value: Value, kind: Kind | None, written: str, wanted: Kind) -> Value:
    """A literal as a value of the kind that its column declares.

    Raises:
        CellUnfit: it is of another kind. Nothing is converted.
    """
    if kind is None:
        return value
    if wanted in ("number", "integer") and kind == "number":
        return exact(Fraction(str(value.key)), wanted)
    if kind != wanted:
        raise other_kind(written, wanted)
    return value


def other_kind(written: str, kind: Kind) -> CellUnfit:
    """That something written is not of a kind, and how that kind is written."""
    written = written if len(written) <= 60 else f"{written[:60]}…"
    english, chinese = KIND_NAMES[kind]
    example = _EXAMPLES.get(kind, "")
    hint, hint_zh = (f" written {example}", f"，写作 {example}") if example else ("", "")
    return CellUnfit(f"`{written}` is not {english}{hint}.", f"“{written}”不是{chinese}{hint_zh}。")


def without_order(kind: Kind) -> CellUnfit | None:
    """Why values of a kind cannot be compared by order, where they cannot."""
    if ordered(kind):
        return None
    english, chinese = KIND_NAMES[kind]
    return CellUnfit(f"{english} has no order to compare by.".capitalize(), f"{chinese}没有可比较的顺序。")


_NUMBER = re.compile(r"(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?![0-9A-Za-z_])")
_TOKEN = re.compile(
    r"""\s*(?:
        (?P<text>"(?:[^"\\]|\\.)*")
      | (?P<call>date\s+and\s+time|date|time|duration)\s*\(\s*(?P<argument>"(?:[^"\\]|\\.)*")\s*\)
      | (?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?![0-9A-Za-z_]))
      | (?P<word>[^\W\d]\w*)
      | (?P<sign><=|>=|!=|\.\.|\*\*|[-+*/=<>\[\](),])
    )""",
    re.VERBOSE | re.DOTALL,
)
_BEYOND = re.compile(r"[^\W\d]\w*|[@?{]")
_WORDS: dict[str, tuple[Value, Kind | None]] = {
    "true": (Value(True, True), "boolean"),
    "false": (Value(False, False), "boolean"),
    "null": (Value(None, None), None),
}
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}
_EXAMPLES: dict[Kind, str] = {
    "string": '"…"',
    "date": 'date("2024-09-09")',
    "time": 'time("08:30:00")',
    "dateTime": 'date and time("2024-09-09T08:30:00")',
    "dayTimeDuration": 'duration("…")',
    "yearMonthDuration": 'duration("…")',
}
_FUNCTIONS: dict[str, tuple[Kind, ...]] = {
    "date": ("date",),
    "time": ("time",),
    "date and time": ("dateTime",),
    "duration": ("dayTimeDuration", "yearMonthDuration"),
}


def _spaced(name: str) -> str:
    return re.sub(r"\s*\.\s*", ".", " ".join(name.split()))


def _text(text: str) -> tuple[Value, Kind]:
    return Value(text, text), "string"


def _unescape(quoted: str) -> str:
    def resolve(found: re.Match[str]) -> str:
        if found["code"]:
            return chr(int(found["code"], 16))
        if found["letter"] not in _ESCAPES:
            raise CellUnfit(f"`{found.group()}` is no escape.", f"“{found.group()}”不是转义。")
        return _ESCAPES[found["letter"]]

    text = re.sub(r"\\(?:u(?P<code>[0-9A-Fa-f]{4})|(?P<letter>.))", resolve, quoted[1:-1], flags=re.DOTALL)
    if re.search("[\x00\ud800-\udfff]", text):
        raise CellUnfit("A text holds a NUL or half a character.", "文本中含有空字符或半个字符。")
    return text


def _called(function: str, argument: str) -> tuple[Value, Kind]:
    """What `date("…")` and its like give."""
    for kind in _FUNCTIONS[function]:
        try:
            return Value(argument, key_of(argument, kind)), kind
        except CellUnfit:
            continue
    raise other_kind(f'{function}("{argument}")', _FUNCTIONS[function][0])


def _number(written: str) -> Value:
    """A number as it is written; whether plain JSON can hold it is asked where it leaves."""
    if len(written) > 40:
        raise CellUnfit("A number has more than 40 digits.", "数字超过 40 位。")
    return Value(written, Decimal(written))
