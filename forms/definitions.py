"""Form definitions: read from JSON, checked completely, and turned into values.

A definition is data from a stranger: bounded size, strict JSON, every attribute known, every text in Chinese and
English, every reference to something that exists. All findings at once, each with its place, the reason and the
remedy. May never open a file, and never accepts an attribute that it then ignores.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from forms.artefacts import MAX_HINT, Json, stem
from forms.components import (
    MANY,
    Condition,
    Field,
    Form,
    Prose,
    Routed,
    Rows,
    Rule,
    Section,
    Text,
    asked_in,
    routed,
)
from forms.errors import Finding, FormsRefused
from forms.lists import CodeLists, is_list, read_lists
from forms.questions import QuestionReader, object_of
from forms.schemas import MAX_ID, schema_of
from forms.vocabulary import ATTRIBUTES, MAX_COMPONENTS, MAX_PROSE, VOCABULARY

_FORM_ID = re.compile(r"F(-[A-Z][A-Z0-9]*)+\Z")
_KEY = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*\Z")
_NAMELESS = frozenset({"group", "text"})
_LEVELS: Mapping[str, frozenset[str]] = {
    "form": frozenset(ATTRIBUTES),
    "group": frozenset(ATTRIBUTES) - {"group"},
    "rows": frozenset(ATTRIBUTES) - {"group", "dynamiclist"},
}


def load(sources: Mapping[str, bytes]) -> Mapping[str, Form]:
    """Read forms and the code lists they use.

    Args:
        sources: file name → content. A name under `lists/` is a code list, any other a form. Names may carry folders in
            front (`forms/lists/fault_degrees.json`).

    Returns:
        The forms by key, each with its schema compiled.

    Raises:
        FormsRefused: with all findings over all files.
    """
    findings: list[Finding] = []
    lists = read_lists({n: s for n, s in sources.items() if is_list(n)}, findings)
    readers = [_FormReader(n, s, lists, findings) for n, s in sources.items() if not is_list(n)]
    parsed = [reader for reader in readers if reader.parse()]
    dates = {name: label for reader in parsed for name, label in _routed_dates(reader.data)}
    forms: dict[str, Form] = {}
    for reader in parsed:
        form = reader.read(dates)
        if form is not None and form.key in forms:
            reader.refuse("", "repeated-key", key=form.key)
        elif form is not None:
            forms[form.key] = form
    _check_variables(forms, parsed)
    if findings:
        raise FormsRefused(tuple(findings))
    return forms


class _FormReader(QuestionReader):
    """Reads one form. Keeps what earlier questions can answer, so that references are checked where they stand."""

    def __init__(self, source: str, content: bytes, lists: CodeLists, findings: list[Finding]) -> None:
        super().__init__(source, content, lists, findings)
        self.asked: dict[str, Field | Rows] = {}
        self.count = 0

    def read(self, dates: Mapping[str, Text]) -> Form | None:
        """The form, or None where it cannot be read at all. Findings are kept either way.

        `dates`: the variables of the proceeding that are dates, with their labels.
        """
        data, self.dates = self.data, dates
        self.only(
            "",
            data,
            {"type", "vocabulary", "id", "title", "description", "confirm", "source", "mark", "components", "rules"},
        )
        key = data.get("id")
        if not isinstance(key, str) or not _FORM_ID.match(key):
            self.refuse("", "bad-id", id=str(key)[:80])
            return None
        if key != stem(self.source):
            self.refuse("", "file-name", id=key)
        for attribute, expected in (("type", "default"), ("vocabulary", VOCABULARY)):
            if data.get(attribute) != expected:
                self.refuse("", "wrong-attribute", attribute=attribute, expected=f"“{expected}”",
                            expected_zh=f"“{expected}”")  # fmt: skip
        title = self.text_of("", data, "title")
        intro = self.optional_text("", data, "description", limit=MAX_PROSE)
        confirm = self.optional_text("", data, "confirm")
        source, mark = self.sourced("", data)
        components = self._components("", data, "form", ())
        self._check_keys()
        rules = tuple(self._rule(index, rule) for index, rule in enumerate(self._objects("", data, "rules")))
        routing = {variable.name: variable for variable in routed(self.asked)}
        return Form(
            key=key, title=title, intro=intro, confirm=confirm, source=source, mark=mark, components=components,
            rules=tuple(rule for rule in rules if rule is not None), fields=self.asked,
            sources=frozenset(asked.source for asked in asked_in(self.asked.values()) if asked.source),
            routing=routing, schema=schema_of(self.asked.values()),
        )  # fmt: skip

    def _check_keys(self) -> None:
        if not self.asked:
            self.refuse("", "missing-attribute", attribute="components")
        for rows in self.asked.values():
            for column in rows.fields if isinstance(rows, Rows) else ():
                if column.key in self.asked:  # a reference to it would have two meanings
                    self.refuse(f"{rows.key}.{column.key}", "repeated-key", key=column.key)

    def _objects(self, element: str, data: Json, attribute: str) -> list[Json]:
        entries = self.plain(element, data, attribute, list, default=[])
        for entry in entries:
            if not isinstance(entry, dict):
                self.refuse(
                    element, "not-an-object", what=f"Each entry of “{attribute}”", what_zh=f"“{attribute}”的每一项"
                )
        return [entry for entry in entries if isinstance(entry, dict)]

    def _components(
        self, element: str, data: Json, level: Literal["form", "group"], conditions: tuple[Condition, ...]
    ) -> tuple[Section | Field | Rows | Prose, ...]:
        read = [
            self._component(f"{element or 'components'}[{index}]", entry, level, conditions)
            for index, entry in enumerate(self._objects(element, data, "components")[: MAX_COMPONENTS + 1])
        ]
        return tuple(component for component in read if component is not None)

    def _component(
        self, place: str, data: Json, level: str, conditions: tuple[Condition, ...]
    ) -> Section | Field | Rows | Prose | None:
        if not self._known(place, data, level):
            return None
        kind = data["type"]
        element = self._key(place, data, "path" if kind == "dynamiclist" else "key") if kind not in _NAMELESS else place
        if element is None:
            return None
        self._remember(element, data)
        conditions += self.conditions(element, data, self.asked)
        if kind == "text":
            return Prose(text=self.text_of(element, data, "text", limit=MAX_PROSE), shown_when=conditions)
        if kind == "group":
            return self._section(element, data, conditions)
        question = self._rows(element, data, conditions) if kind == "dynamiclist" else self.question(
            element, data, conditions, self.asked
        )  # fmt: skip
        if element in self.asked:
            self.refuse(element, "repeated-key", key=element)
        self.asked[element] = question
        return question

    def _known(self, place: str, data: Json, level: str) -> bool:
        """Whether a component can be read at all: not one too many, and of a type that may stand here."""
        self.count += 1
        if self.count == MAX_COMPONENTS + 1:
            self.refuse("", "too-many-components", what="components", what_zh="组件", limit=MAX_COMPONENTS)
        if self.count > MAX_COMPONENTS:
            return False
        kind = data.get("type")
        if not isinstance(kind, str) or kind not in _LEVELS[level]:
            self.refuse(place, "unknown-component", type=str(kind)[:80], known=", ".join(sorted(_LEVELS[level])))
            return False
        key = data.get("key", data.get("path"))
        self.only(key if isinstance(key, str) else place, data, ATTRIBUTES[kind])
        return True

    def _remember(self, element: str, data: Json) -> None:
        label = object_of(data, "label").get("zh")
        self.labels[element] = label if isinstance(label, str) else ""

    def _key(self, place: str, data: Json, attribute: str) -> str | None:
        key = data.get(attribute)
        if not isinstance(key, str) or len(key) > MAX_ID or not _KEY.match(key):
            self.refuse(place, "bad-key", key=str(key)[:80])
            return None
        return key

    def _section(self, element: str, data: Json, conditions: tuple[Condition, ...]) -> Section:
        components = self._components(element, data, "group", conditions)
        return Section(
            label=self.text_of(element, data, "label"),
            hint=self.optional_text(element, data, "description"),
            components=tuple(c for c in components if not isinstance(c, Section)),
            shown_when=conditions,
        )

    # Repeated groups

    def _rows(self, element: str, data: Json, conditions: tuple[Condition, ...]) -> Rows:
        columns: dict[str, Field] = {}
        notes: list[Prose] = []
        for index, entry in enumerate(self._objects(element, data, "components")[:MAX_COMPONENTS]):
            self._column(f"{element}.components[{index}]", entry, element, columns, notes)
        if not columns:
            self.refuse(element, "missing-attribute", attribute="components")
        rows = Rows(
            key=element,
            label=self.text_of(element, data, "label"),
            hint=self.optional_text(element, data, "description"),
            fields=tuple(columns.values()),
            notes=tuple(notes),
            shown_when=conditions,
            distinct=self._columns_named(element, data, "distinct", columns),
            covers=self._covers(element, data, columns),
            routing=self.plain(element, data, "routing", bool, default=False),
            protected=self.plain(element, data, "protected", bool, default=False),
            **self.presence(element, data, self.asked, frozenset({"required"})),
            **self.items(element, data, 100),
        )
        self._check_rows(rows)
        return rows

    def _column(self, place: str, entry: Json, rows: str, columns: dict[str, Field], notes: list[Prose]) -> None:
        if not self._known(place, entry, "rows"):
            return
        if entry["type"] == "text":
            words = self.text_of(place, entry, "text", limit=MAX_PROSE)
            notes.append(Prose(text=words, shown_when=self.conditions(place, entry, self.asked)))
            return
        key = self._key(place, entry, "key")
        if key is None:
            return
        earlier = {**self.asked, **columns}
        element = f"{rows}.{key}"
        self._remember(element, entry)
        column = self.question(element, entry, self.conditions(element, entry, earlier), earlier, key=key)
        if key in columns:
            self.refuse(element, "repeated-key", key=key)
        columns[key] = column

    def _columns_named(self, element: str, data: Json, attribute: str, columns: Mapping[str, Field]) -> tuple[str, ...]:
        names = self.plain(element, data, attribute, list, default=[])
        for name in names:
            if not isinstance(name, str) or name not in columns or columns[name].kind in MANY:
                self.refuse(element, "unfit-field", attribute=attribute, name=str(name)[:80])
        return tuple(name for name in names if isinstance(name, str) and name in columns)

    def _covers(self, element: str, data: Json, columns: Mapping[str, Field]) -> str:
        name = self.plain(element, data, "covers", str, default="")
        if name and (name not in columns or columns[name].kind != "reference"):
            self.refuse(element, "unfit-field", attribute="covers", name=name[:80])
            return ""
        return str(name)

    def _check_rows(self, rows: Rows) -> None:
        if any(column.protected for column in rows.fields):
            self.refuse(rows.key, "contradiction", detail="Protected questions inside rows are not cut out one by one",
                        detail_zh="行内不能单独设受保护的问题，应整组保护")  # fmt: skip
        if rows.routing and (rows.protected or not any(column.routing for column in rows.fields)):
            self.refuse(rows.key, "not-routable", detail="no column is routed, or the rows are protected",
                        detail_zh="没有流转的列，或者整组受保护")  # fmt: skip
        if not rows.routing and any(column.routing for column in rows.fields):
            self.refuse(rows.key, "not-routable", detail="a column is routed, the rows are not",
                        detail_zh="列要流转，而整组不流转")  # fmt: skip

    def _rule(self, index: int, data: Json) -> Rule | None:
        element = f"rules[{index}]"
        self.only(element, data, {"when", "must", "message"})
        conditions = []
        for attribute in ("when", "must"):
            if attribute not in data:
                self.refuse(element, "missing-attribute", attribute=attribute)
            conditions.append(self.condition(element, data, attribute, self.asked))
        message = self.text_of(element, data, "message", limit=MAX_HINT)
        when, must = conditions
        return Rule(when=when, must=must, message=message) if when and must else None


def _check_variables(forms: Mapping[str, Form], readers: list[_FormReader]) -> None:
    """A variable has one type in the whole procedure, and what is referred to is left by some form."""
    known: dict[str, tuple[Routed, str]] = {}
    for reader in readers:
        form = forms.get(str(reader.data.get("id")))
        for variable in form.routing.values() if form else ():
            first, other = known.setdefault(variable.name, (variable, reader.source))
            if _shape(first) != _shape(variable):
                reader.refuse(variable.name, "routing-conflict", name=variable.name, other=other)


def _routed_dates(data: Any) -> Iterator[tuple[str, Text]]:
    """Names and labels of the dates that a form leaves in the proceeding, before it is checked."""
    for component in data.get("components", ()) if isinstance(data.get("components"), list) else ():
        if not isinstance(component, dict):
            continue
        if component.get("type") == "group":
            yield from _routed_dates(component)
        name, label = component.get("key"), component.get("label")
        if component.get("type") == "datetime" and component.get("routing") is True and isinstance(name, str):
            yield name, label if isinstance(label, dict) else {}


def _shape(variable: Routed) -> tuple[object, ...]:
    return (variable.type, variable.kind, *((column.name, column.type) for column in variable.columns))
