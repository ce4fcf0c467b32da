"""One question of a form: read from its definition, and its references checked against what is asked before it.

May never know how questions are grouped; that is `forms.definitions`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from marshmallow import ValidationError

from forms.artefacts import Artefact, Json
from forms.components import TEMPORAL, Condition, Field, Kind, Option, Peer, Rows, Text
from forms.errors import Finding
from forms.lists import CodeLists, read_options
from forms.patterns import PatternRefused, compile_pattern
from forms.schemas import MAX_NUMBER, answer_of
from forms.vocabulary import MAX_LINE, MAX_LINES, MAX_ROWS, PREFILLS, RESERVED, SOURCES, VALIDATION

Asked = Mapping[str, Field | Rows]

_SOURCE = re.compile(r"([a-z_]+)(:[a-z][a-z_]*)?\Z")
_CHOOSING = frozenset({"select", "radio", "checklist", "taglist", "filepicker"})
_SIMPLE: Mapping[str, Kind] = {"textfield": "text", "textarea": "long_text", "checkbox": "flag"}
_ROUTED_TEXT = 200


class QuestionReader(Artefact):
    """Reads single questions; what reads whole forms builds on it."""

    def __init__(self, source: str, content: bytes, lists: CodeLists, findings: list[Finding]) -> None:
        super().__init__(source, content, findings)
        self.lists = lists
        self.dates: Mapping[str, Text] = {}
        """The variables of the proceeding that are dates, with their labels."""

    def question(
        self,
        element: str,
        data: Json,
        conditions: tuple[Condition, ...],
        earlier: Asked,
        *,
        key: str = "",
    ) -> Field:
        """The question that a component asks.

        Args:
            element: how findings call it.
            data: the component, of a known type with known attributes.
            conditions: when it is asked.
            earlier: what is asked before it, by key.
            key: its key where that is not how findings call it.
        """
        widget = data["type"]
        options, lists, source = self._choices(element, data) if widget in _CHOOSING else ((), (), "")
        kind = self._kind(element, data, source)
        validate = VALIDATION.get(widget, frozenset({"required"}))
        question = Field(
            key=key or element,
            kind=kind,
            widget=widget,
            label=self.text_of(element, data, "label"),
            hint=self.optional_text(element, data, "description"),
            shown_when=conditions,
            decimals=self._within(element, data, "decimalDigits", 0, 6, 0),
            not_before=self._peers(element, data, "not_before", earlier),
            not_after=self._peers(element, data, "not_after", earlier),
            end_of=self._end_of(element, data, earlier),
            differs_from=self._differs(element, data, kind, earlier),
            options=options,
            lists=lists,
            source=source,
            routing=self.plain(element, data, "routing", bool, default=False),
            protected=self.plain(element, data, "protected", bool, default=False),
            sensitive=self.plain(element, data, "sensitive", bool, default=False),
            prefill=self.plain(element, data, "prefill", str, default=""),
            suggestion=self.plain(element, data, "suggestion", str, default=""),
            **self.presence(element, data, earlier, validate),
            **self._lengths(element, data, kind),
            **self._range(element, data, kind),
            **self.items(element, data, max(1, len(options)) if options else 100),
        )
        question = self._with_pattern(element, data, question)
        self._check_field(element, question)
        return self._with_default(element, data, question)

    def _kind(self, element: str, data: Json, source: str) -> Kind:
        widget = data["type"]
        if widget == "datetime":
            subtype = data.get("subtype")
            if subtype not in ("date", "datetime"):
                self.refuse(element, "wrong-attribute", attribute="subtype", expected="“date” or “datetime”",
                            expected_zh="“date”或“datetime”")  # fmt: skip
            return "moment" if subtype == "datetime" else "date"
        if widget == "number":
            return "money" if self.plain(element, data, "money", bool, default=False) else "number"
        if widget == "filepicker":
            return "references" if self.plain(element, data, "multiple", bool, default=False) else "reference"
        if widget in ("checklist", "taglist"):
            return "references" if source else "codes"
        if widget in ("select", "radio"):
            return "reference" if source else "code"
        return _SIMPLE[widget]

    def _choices(self, element: str, data: Json) -> tuple[tuple[Option, ...], tuple[str, ...], str]:
        properties = self.plain(element, data, "properties", dict, default={})
        self.only(element, properties, {"source"})
        if sum(("values" in data, "valuesKey" in data, "source" in properties)) != 1:
            self.refuse(element, "no-options")
            return (), (), ""
        if "source" in properties:
            return (), (), self._source(element, properties)
        if "values" in data:
            return read_options(self, element, data, sourced=False), (), ""
        name = self.plain(element, data, "valuesKey", str, default="")
        if name not in self.lists:
            self.refuse(element, "unknown-list", name=name[:80])
            return (), (), ""
        return self.lists[name], (name,), ""

    def _source(self, element: str, properties: Json) -> str:
        source = self.plain(element, properties, "source", str, default="")
        found = _SOURCE.match(source)
        if not found or found.group(1) not in SOURCES:
            self.refuse(element, "unknown-source", name=source[:80], known=", ".join(SOURCES))
            return ""
        return str(source)

    def presence(self, element: str, data: Json, earlier: Asked, validate: frozenset[str]) -> dict[str, Any]:
        """Whether and when it has to be answered; `validate` are the attributes that may stand there."""
        rules = self.plain(element, data, "validate", dict, default={})
        self.only(element, rules, validate)
        required = self.plain(element, rules, "required", bool, default=False)
        required_when = self.condition(element, data, "required_when", earlier)
        if required and required_when:
            self.refuse(element, "contradiction", detail="“required” and “required_when” are both given",
                        detail_zh="同时给出了 required 和 required_when")  # fmt: skip
        return {"required": required, "required_when": required_when}

    def _lengths(self, element: str, data: Json, kind: Kind) -> dict[str, Any]:
        if kind not in ("text", "long_text"):
            return {}
        most = MAX_LINES if kind == "long_text" else MAX_LINE
        rules = object_of(data, "validate")
        low = self._within(element, rules, "minLength", 0, most, 0)
        high = self._within(element, rules, "maxLength", 1, most, most)
        if low > high:
            self.refuse(element, "bad-limit", attribute="minLength", detail=f"{low} > {high}")
        return {"min_length": low, "max_length": high}

    def _range(self, element: str, data: Json, kind: Kind) -> dict[str, Any]:
        if kind not in ("number", "money"):
            return {}
        rules = object_of(data, "validate")
        limits: list[int | float | None] = []
        for attribute in ("min", "max"):
            limit = rules.get(attribute)
            if attribute in rules and (isinstance(limit, bool) or not isinstance(limit, int | float)):
                expected, expected_zh = ("a number", "数字")
                self.refuse(element, "wrong-attribute", attribute=attribute, expected=expected, expected_zh=expected_zh)
                limit = None
            if limit is not None and not -MAX_NUMBER <= limit <= MAX_NUMBER:
                self.refuse(element, "bad-limit", attribute=attribute, detail=f"|{attribute}| > {MAX_NUMBER}")
            limits.append(limit)
        low, high = limits
        if low is not None and high is not None and low > high:
            self.refuse(element, "bad-limit", attribute="min", detail=f"{low} > {high}")
        return {"minimum": low, "maximum": high}

    def items(self, element: str, data: Json, most: int) -> dict[str, Any]:
        """How many at least and at most; `most` where nothing is said."""
        low = self._within(element, data, "min_items", 0, MAX_ROWS, 0)
        high = self._within(element, data, "max_items", 1, MAX_ROWS, most)
        if low > high:
            self.refuse(element, "bad-limit", attribute="min_items", detail=f"{low} > {high}")
        return {"min_items": low, "max_items": high}

    def _within(self, element: str, data: Json, attribute: str, low: int, high: int, default: int) -> int:
        value: int = self.plain(element, data, attribute, int, default=default)
        if not low <= value <= high:
            self.refuse(element, "bad-limit", attribute=attribute, detail=f"{low}–{high}")
            return default
        return value

    def _with_pattern(self, element: str, data: Json, question: Field) -> Field:
        rules = object_of(data, "validate")
        if ("pattern" in rules) != ("pattern_message" in data):
            missing = "pattern" if "pattern_message" in data else "pattern_message"
            self.refuse(element, "missing-attribute", attribute=missing)
        if "pattern" not in rules:
            return question
        message = self.optional_text(element, data, "pattern_message")
        try:
            source = self.plain(element, rules, "pattern", str, default="")
            pattern = compile_pattern(source, max_length=question.max_length)
        except PatternRefused as refused:
            self.refuse(element, "bad-pattern", detail=refused.why, detail_zh=refused.why_zh)
            return question
        return replace(question, pattern=pattern, pattern_message=message)

    def _with_default(self, element: str, data: Json, question: Field) -> Field:
        if "defaultValue" not in data:
            return question
        default = data["defaultValue"]
        if question.shown_when or "." in element:  # in a row, an empty one would no longer be empty
            self.refuse(element, "contradiction", detail="A question that may not be asked is answered beforehand",
                        detail_zh="可能不问的问题却预先填了答案")  # fmt: skip
        try:
            accepted = answer_of(question).deserialize(default)
        except ValidationError:
            accepted = None
        if accepted is None or question.source:
            self.refuse(element, "bad-default")
            return question
        return replace(question, default=accepted)

    def _check_field(self, element: str, question: Field) -> None:
        if question.kind == "codes" and any(isinstance(option.value, bool) for option in question.options):
            self.refuse(element, "mixed-options")
        if question.kind == "money" and question.decimals:
            self.refuse(element, "contradiction", detail="Money is a whole number of 分 and has decimals",
                        detail_zh="金额以分计，不能再设小数位")  # fmt: skip
        if question.kind == "reference" and question.min_items:
            self.refuse(element, "contradiction", detail="One is chosen, and a number of items is given",
                        detail_zh="只能选一个，却给出了个数")  # fmt: skip
        if question.prefill not in ("", *PREFILLS):
            names = ", ".join(PREFILLS)
            self.refuse(element, "wrong-attribute", attribute="prefill", expected=names, expected_zh=names)
        if question.prefill and question.shown_when:
            self.refuse(element, "contradiction", detail="A question that may not be asked is answered beforehand",
                        detail_zh="可能不问的问题却预先填了答案")  # fmt: skip
        if question.routing and question.protected:
            self.refuse(element, "contradiction", detail="It is routed and protected",
                        detail_zh="既要流转又受保护")  # fmt: skip
        if not question.routing:
            return
        if question.key in RESERVED:
            self.refuse(element, "reserved-name", key=question.key)
        if question.kind == "long_text":
            self.refuse(element, "not-routable", detail="it is a long text", detail_zh="它是长文字")
        if question.kind == "text" and question.max_length > _ROUTED_TEXT:
            self.refuse(element, "not-routable", detail=f"a text of more than {_ROUTED_TEXT} characters",
                        detail_zh=f"文字超过 {_ROUTED_TEXT} 个字")  # fmt: skip

    # References to other answers

    def conditions(self, element: str, data: Json, earlier: Asked) -> tuple[Condition, ...]:
        """The condition under which a component is shown, if any."""
        condition = self.condition(element, data, "shown_when", earlier)
        return (condition,) if condition else ()

    def condition(self, element: str, data: Json, attribute: str, earlier: Asked) -> Condition | None:
        """The condition under an attribute; None where there is none, or a refused one."""
        if attribute not in data:
            return None
        given = self.plain(element, data, attribute, dict, default={})
        self.only(element, given, {"field", "equals", "in", "not_empty"})
        name = given.get("field")
        if not isinstance(name, str) or name not in earlier:
            self.refuse(element, "unknown-field", attribute=attribute, name=str(name)[:80])
            return None
        if sum(("equals" in given, "in" in given, given.get("not_empty") is True)) != 1:
            self.refuse(element, "wrong-attribute", attribute=attribute, expected="one of equals, in, not_empty",
                        expected_zh=" equals、in、not_empty 之一")  # fmt: skip
            return None
        if "not_empty" in given:
            return Condition(field=name, values=None)
        values = given["in"] if isinstance(given.get("in"), list) else [given.get("equals")]
        if not values or not all(_can_be(earlier[name], value) for value in values):
            self.refuse(element, "unfit-field", attribute=attribute, name=name)
            return None
        return Condition(field=name, values=tuple(values))

    def _peers(self, element: str, data: Json, attribute: str, earlier: Asked) -> tuple[Peer, ...]:
        given = data.get(attribute, [])
        names = given if isinstance(given, list) else [given]
        peers = [self._peer(element, attribute, name, earlier) for name in names]
        return tuple(peer for peer in peers if peer is not None)

    def _peer(self, element: str, attribute: str, name: Any, earlier: Asked) -> Peer | None:
        if name == "now":
            return Peer(kind="now")
        if not isinstance(name, str):
            self.refuse(element, "wrong-attribute", attribute=attribute, expected="“now”, a key, or “vars.” and a name",
                        expected_zh="“now”、键，或者“vars.”加变量名")  # fmt: skip
            return None
        if name.startswith("vars."):
            return self._variable(element, attribute, name.removeprefix("vars."))
        return self._earlier(element, attribute, name, earlier, lambda other: other.kind in TEMPORAL)

    def _variable(self, element: str, attribute: str, name: str) -> Peer | None:
        if name not in self.dates:
            self.refuse(element, "unknown-variable", attribute=attribute, name=name[:80])
            return None
        return Peer(kind="variable", name=name, label=self.dates[name])

    def _end_of(self, element: str, data: Json, earlier: Asked) -> tuple[str, Peer] | None:
        given = self.plain(element, data, "end_of", dict, default={})
        if not given:
            return None
        self.only(element, given, {"limit", "from"})
        limit = self.plain(element, given, "limit", str, default="")
        name = self.plain(element, given, "from", str, default="")
        begin = self._earlier(element, "end_of", name, earlier, lambda other: other.kind in TEMPORAL)
        return (limit, begin) if begin is not None else None

    def _differs(self, element: str, data: Json, kind: Kind, earlier: Asked) -> Peer | None:
        name = self.plain(element, data, "differs_from", str, default="")
        if not name:
            return None
        return self._earlier(element, "differs_from", name, earlier, lambda other: _family(other.kind) == _family(kind))

    def _earlier(
        self,
        element: str,
        attribute: str,
        name: str,
        earlier: Asked,
        fits: Callable[[Field], bool],
    ) -> Peer | None:
        other = earlier.get(name)
        if other is None:
            self.refuse(element, "unknown-field", attribute=attribute, name=name[:80])
            return None
        if not isinstance(other, Field) or not fits(other):
            self.refuse(element, "unfit-field", attribute=attribute, name=name)
            return None
        return Peer(kind="field", name=name, label=other.label)


def object_of(data: Json, attribute: str) -> Json:
    """The object under an attribute, empty where there is none."""
    value = data.get(attribute)
    return value if isinstance(value, dict) else {}


def _family(kind: Kind) -> str:
    return {"references": "reference", "codes": "code"}.get(kind, kind)


def _can_be(question: Field | Rows, value: Any) -> bool:
    """Whether a question can be answered with this value."""
    if isinstance(question, Rows):
        return False
    if question.kind == "flag":
        return isinstance(value, bool)
    return any(option.value == value and type(option.value) is type(value) for option in question.options)
