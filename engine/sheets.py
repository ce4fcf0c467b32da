"""The one door for YAML from outside: calendars, the deadline catalogue, profiles.

What comes in is data from a stranger: UTF-8, bounded size, depth and number of values, no anchors, no tags, no key
twice. Every value keeps its line, and reading goes on after a mistake, so that all findings of a file come at once. It
may never build an object that the file names, never open a file, and never hands on a value that it did not understand.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml

from engine.errors import Finding

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 20
MAX_VALUES = 50_000

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SCALARS = yaml.constructor.SafeConstructor()
_RESOLVER = yaml.resolver.Resolver()


@dataclass(frozen=True, slots=True)
class Wording:
    """A name or a sentence in both languages."""

    zh: str
    en: str


MARK = re.compile(r"V:S\d+(,S\d+)*|V2:[A-Z]\d+[a-h]?(,[A-Z]\d+[a-h]?)*|K|PD")
"""Evidence marks: read in a source, seen in an excerpt, from knowledge, product default."""
MARK_FORM = Wording("证据等级，如 V:S1、V2:X7、K、PD", "an evidence mark such as V:S1, V2:X7, K or PD")


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of a file and the line it stands on: a scalar, a list of entries, or a mapping to entries."""

    value: Any
    line: int


class Reading:
    """One file being read: hands out typed values, and keeps every finding on the way.

    A method that finds a value wrong notes it and returns None; the caller goes on with the next value and asks
    `findings` at the end.
    """

    def __init__(self, source: bytes, *, name: str) -> None:
        """
        Args:
            source: the file, UTF-8.
            name: what to call it in findings.
        """
        self.name = name
        self.findings: list[Finding] = []
        self.root = self._compose(source)

    def refuse(
        self, rule: str, line: int | None, why: Wording, remedy: Wording, *, element: str = "", name: str = ""
    ) -> None:
        """Note one finding."""
        self.findings.append(
            Finding(
                source=self.name, line=line, element=element, name=name, rule=rule,
                why=why.en, remedy=remedy.en, why_zh=why.zh, remedy_zh=remedy.zh,
            )
        )  # fmt: skip

    def fields(
        self,
        entry: Entry | None,
        place: str,
        *,
        required: Collection[str] = (),
        optional: Collection[str] = (),
    ) -> Mapping[str, Entry]:
        """The entries of a mapping by key; notes keys that are unknown and keys that are missing."""
        if entry is None:
            return {}
        if not isinstance(entry.value, dict):
            self._wrong_kind(entry, place, Wording("若干“键: 值”", "a mapping of keys to values"))
            return {}
        known = {*required, *optional}
        for key, value in entry.value.items():
            if key not in known:
                self.refuse(
                    "unknown-key",
                    value.line,
                    Wording(f"{place}中有不认识的键“{key}”。", f"{place} has the unknown key `{key}`."),
                    Wording(
                        f"删去它，或改为下列之一：{'、'.join(sorted(known))}。",
                        f"Remove it, or write one of: {', '.join(sorted(known))}.",
                    ),
                    element=place,
                )
        for key in required:
            if key not in entry.value:
                self.refuse(
                    "missing-key",
                    entry.line,
                    Wording(f"{place}缺少“{key}”。", f"{place} lacks `{key}`."),
                    Wording(f"补上“{key}”。", f"Add `{key}`."),
                    element=place,
                )
        return {key: value for key, value in entry.value.items() if key in known}

    def items(self, entry: Entry | None, place: str) -> Iterator[Entry]:
        """The entries of a list."""
        if entry is None:
            return iter(())
        if not isinstance(entry.value, list):
            self._wrong_kind(entry, place, Wording("一个列表", "a list"))
            return iter(())
        return iter(entry.value)

    def pairs(self, entry: Entry | None, place: str) -> Iterator[tuple[str, Entry]]:
        """The entries of a mapping whose keys are free."""
        if entry is None:
            return iter(())
        if not isinstance(entry.value, dict):
            self._wrong_kind(entry, place, Wording("若干“键: 值”", "a mapping of keys to values"))
            return iter(())
        return iter(entry.value.items())

    def text(self, entry: Entry | None, place: str) -> str | None:
        """A text that is not empty."""
        if entry is None:
            return None
        if not isinstance(entry.value, str) or not entry.value.strip():
            self._wrong_kind(entry, place, Wording("一段文字", "a text"))
            return None
        return entry.value.strip()

    def matching(self, entry: Entry | None, place: str, pattern: re.Pattern[str], form: Wording) -> str | None:
        """A text of a given form."""
        text = self.text(entry, place)
        if text is None or entry is None:
            return None
        if not pattern.fullmatch(text):
            self._wrong_kind(entry, place, form)
            return None
        return text

    def whole(self, entry: Entry | None, place: str) -> int | None:
        """A whole number."""
        if entry is None:
            return None
        if not isinstance(entry.value, int) or isinstance(entry.value, bool):
            self._wrong_kind(entry, place, Wording("一个整数", "a whole number"))
            return None
        return entry.value

    def number(self, entry: Entry | None, place: str) -> float | None:
        """A number."""
        if entry is None:
            return None
        if not isinstance(entry.value, int | float) or isinstance(entry.value, bool):
            self._wrong_kind(entry, place, Wording("一个数", "a number"))
            return None
        return float(entry.value)

    def flag(self, entry: Entry | None, place: str) -> bool | None:
        """True or false."""
        if entry is None:
            return None
        if not isinstance(entry.value, bool):
            self._wrong_kind(entry, place, Wording("true 或 false", "true or false"))
            return None
        return entry.value

    def day(self, entry: Entry | None, place: str) -> date | None:
        """A date, written year-month-day."""
        if entry is None:
            return None
        if type(entry.value) is not date:
            self._wrong_kind(entry, place, Wording("一个日期，如 2026-10-01", "a date such as 2026-10-01"))
            return None
        return entry.value

    def choice(self, entry: Entry | None, place: str, options: Collection[str]) -> str | None:
        """One of the given words."""
        if entry is None:
            return None
        if not isinstance(entry.value, str) or entry.value not in options:
            self._wrong_kind(
                entry,
                place,
                Wording(f"下列之一：{'、'.join(options)}", f"one of: {', '.join(options)}"),
                rule="unknown-choice",
            )
            return None
        return entry.value

    def names(self, entry: Entry | None, place: str) -> Wording | None:
        """A name in both languages: `{zh: …, en: …}`."""
        if entry is None:
            return None
        fields = self.fields(entry, place, required=("zh", "en"))
        zh = self.text(fields.get("zh"), f"{place}.zh")
        en = self.text(fields.get("en"), f"{place}.en")
        return None if zh is None or en is None else Wording(zh, en)

    def _wrong_kind(self, entry: Entry, place: str, wanted: Wording, rule: str = "wrong-kind") -> None:
        shown = _shown(entry.value)
        self.refuse(
            rule,
            entry.line,
            Wording(
                f"“{place}”应为{wanted.zh}，现为：{shown}。",
                f"`{place}` must be {wanted.en}; it is: {shown}.",
            ),
            Wording("按要求改写。", "Write it as required."),
            element=place,
        )

    def _compose(self, source: bytes) -> Entry | None:
        if len(source) > MAX_BYTES:
            self.refuse(
                "file-too-large",
                None,
                Wording(
                    f"文件有 {len(source)} 字节，最多读取 {MAX_BYTES} 字节。",
                    f"The file has {len(source)} bytes; at most {MAX_BYTES} are read.",
                ),
                Wording("拆成几个文件。", "Split it into several files."),
            )
            return None
        try:
            text = source.decode("utf-8-sig")
        except UnicodeDecodeError:
            self.refuse(
                "encoding",
                None,
                Wording("文件不是 UTF-8 编码。", "The file is not in UTF-8."),
                Wording("以 UTF-8 编码保存。", "Save it in UTF-8."),
            )
            return None
        try:
            return self._document(text)
        except yaml.YAMLError as broken:
            mark = getattr(broken, "problem_mark", None)
            problem = getattr(broken, "problem", None) or str(broken).splitlines()[0]
            self.refuse(
                "not-yaml",
                mark.line + 1 if mark else None,
                Wording(f"文件不是格式良好的 YAML：{problem}。", f"The file is not well-formed YAML: {problem}."),
                Wording("改正该处。", "Correct that place."),
            )
        except _Unreadable as unreadable:
            self.refuse(unreadable.rule, unreadable.line, unreadable.why, unreadable.remedy)
        return None

    def _document(self, text: str) -> Entry:
        events = yaml.parse(text, Loader=_LOADER)
        composer = _Composer(events)
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                root = composer.entry(next(events), 0)
                break
        else:
            raise _Unreadable("empty", None, Wording("文件是空的。", "The file is empty."), _FILL)
        if any(isinstance(event, yaml.DocumentStartEvent) for event in events):
            raise _Unreadable(
                "several-documents",
                None,
                Wording("一个文件里有多份文档（---）。", "The file holds more than one document (`---`)."),
                Wording("拆成几个文件。", "Split it into several files."),
            )
        return root


_FILL = Wording("写入内容。", "Fill it.")


class _Unreadable(Exception):
    """A construct of YAML that is not read here."""

    def __init__(self, rule: str, line: int | None, why: Wording, remedy: Wording) -> None:
        self.rule, self.line, self.why, self.remedy = rule, line, why, remedy
        super().__init__(why.en)


class _Composer:
    """Builds entries from the parser's events. Our own: the library's lets a later key win over an earlier one."""

    def __init__(self, events: Iterator[Any]) -> None:
        self._events = events
        self._values = 0

    def entry(self, event: Any, depth: int) -> Entry:
        line = event.start_mark.line + 1
        self._check(event, line, depth)
        if isinstance(event, yaml.ScalarEvent):
            return Entry(_scalar(event, line), line)
        if isinstance(event, yaml.SequenceStartEvent):
            return Entry(list(self._sequence(depth)), line)
        return Entry(self._mapping(depth), line)

    def _sequence(self, depth: int) -> Iterator[Entry]:
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            yield self.entry(event, depth + 1)

    def _mapping(self, depth: int) -> dict[str, Entry]:
        found: dict[str, Entry] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self.entry(event, depth + 1)
            value = self.entry(next(self._events), depth + 1)
            if not isinstance(key.value, str):
                raise _Unreadable(
                    "key-not-text",
                    key.line,
                    Wording(f"键“{_shown(key.value)}”不是文字。", f"The key `{_shown(key.value)}` is not a text."),
                    Wording("给键加上引号。", "Put the key in quotes."),
                )
            if key.value in found:
                raise _Unreadable(
                    "key-twice",
                    key.line,
                    Wording(f"键“{key.value}”出现两次。", f"The key `{key.value}` occurs twice."),
                    Wording("只保留一个。", "Keep one of them."),
                )
            # The key's line is where a reader looks for the value.
            found[key.value] = Entry(value.value, key.line)
        return found

    def _check(self, event: Any, line: int, depth: int) -> None:
        self._values += 1
        if depth > MAX_DEPTH or self._values > MAX_VALUES:
            raise _Unreadable(
                "too-deep" if depth > MAX_DEPTH else "too-many-values",
                line,
                Wording(
                    f"文件嵌套超过 {MAX_DEPTH} 层，或值超过 {MAX_VALUES} 个。",
                    f"The file nests deeper than {MAX_DEPTH} or holds more than {MAX_VALUES} values.",
                ),
                Wording("拆成几个文件。", "Split it into several files."),
            )
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise _Unreadable(
                "anchor",
                line,
                Wording("文件使用了锚点或引用（& 或 *）。", "The file uses an anchor or an alias (`&` or `*`)."),
                Wording("把值原样写出。", "Write the value out."),
            )
        if event.tag is not None:
            raise _Unreadable(
                "tag",
                line,
                Wording(f"文件使用了标签“{event.tag}”。", f"The file uses the tag `{event.tag}`."),
                Wording("删去标签。", "Remove the tag."),
            )


def _scalar(event: Any, line: int) -> Any:
    tag = _RESOLVER.resolve(yaml.ScalarNode, event.value, event.implicit)
    node = yaml.ScalarNode(tag, event.value)
    try:
        return _SCALARS.construct_object(node)
    except (ValueError, yaml.YAMLError):
        raise _Unreadable(
            "not-a-value",
            line,
            Wording(f"“{_shown(event.value)}”不是一个存在的值。", f"`{_shown(event.value)}` is no value that exists."),
            Wording("改正它，或加上引号作为文字。", "Correct it, or put it in quotes to make it a text."),
        ) from None


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "{…}"
    if isinstance(value, list):
        return "[…]"
    text = "" if value is None else str(value)
    return text if len(text) <= 60 else f"{text[:60]}…"
