"""One file of definitions: strict JSON of bounded size, and what is found wrong in it.

May never open a file: it is given the content.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Any

from forms.components import Text
from forms.errors import Finding
from forms.wording import FINDINGS

MAX_BYTES = 256 * 1024
MAX_LABEL, MAX_HINT = 200, 600

Json = dict[str, Any]

_MARK = re.compile(r"(V:S[0-9]+|V2:X[0-9]+[a-h]?|V|V2|K|PD)(, ?(V:S[0-9]+|V2:X[0-9]+[a-h]?|V|V2|K|PD))*\Z")
_HAN = re.compile(r"[\u3007\u3400-\u9fff\U00020000-\U0003ffff]")


@dataclass(slots=True)
class Artefact:
    """One file that is being read. Everything wrong goes to `findings`, which all files share."""

    source: str
    content: bytes
    findings: list[Finding]
    text: str = ""
    data: Json = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    """Chinese label of an element, as far as it was read."""

    def refuse(self, element: str, rule: str, /, **facts: object) -> None:
        """Note one finding; `facts` fill its sentences."""
        facts.setdefault("detail_zh", facts.get("detail", ""))
        why, remedy, why_zh, remedy_zh = (sentence.format(**facts) for sentence in FINDINGS[rule])
        self.findings.append(
            Finding(
                source=self.source, line=self._line(element), element=element,
                name=self.labels.get(element, ""), rule=rule,
                why=why, remedy=remedy, why_zh=why_zh, remedy_zh=remedy_zh,
            )
        )  # fmt: skip

    def _line(self, element: str) -> int | None:
        key = element.rsplit(".", 1)[-1]
        found = re.search(rf'"(?:key|path|id|value)"\s*:\s*"{re.escape(key)}"', self.text) if key else None
        return self.text.count("\n", 0, found.start()) + 1 if found else None

    def parse(self) -> bool:
        """Read the JSON; False, with a finding, when it is not a well-formed object of bounded size."""
        if len(self.content) > MAX_BYTES:
            self.refuse("", "file-too-large", size=len(self.content), limit=MAX_BYTES)
            return False
        try:
            self.text = self.content.decode("utf-8-sig")
            data = json.loads(self.text, object_pairs_hook=_unrepeated, parse_constant=_no_constant)
        except (ValueError, RecursionError) as broken:
            detail = str(broken) if isinstance(broken, ValueError) else "it nests too deeply"
            self.refuse("", "not-json", detail=detail, detail_zh=detail)
            return False
        if not isinstance(data, dict):
            self.refuse("", "not-an-object", what="The file", what_zh="文件")
            return False
        self.data = data
        return True

    def only(self, element: str, data: Json, known: Set[str]) -> None:
        """Refuse every attribute that is not known."""
        for attribute in data:
            if attribute not in known:
                self.refuse(element, "unknown-attribute", attribute=attribute[:80])

    def text_of(self, element: str, data: Json, attribute: str, *, limit: int = MAX_LABEL) -> Text:
        """A visible text in both languages; required."""
        value: Any = data.get(attribute)
        if not _is_bilingual(value, limit):
            self.refuse(element, "not-bilingual", attribute=attribute, limit=limit)
            return {"zh": "", "en": ""}
        return {"zh": value["zh"], "en": value["en"]}

    def optional_text(self, element: str, data: Json, attribute: str, *, limit: int = MAX_HINT) -> Text | None:
        """A visible text in both languages, or None where there is none."""
        return self.text_of(element, data, attribute, limit=limit) if attribute in data else None

    def plain(self, element: str, data: Json, attribute: str, kind: type, *, default: Any = None) -> Any:
        """A string, boolean, integer or list; anything else is a finding."""
        value = data.get(attribute, default)
        if value is default and attribute not in data:
            return default
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            expected, expected_zh = _NAMES[kind]
            self.refuse(element, "wrong-attribute", attribute=attribute, expected=expected, expected_zh=expected_zh)
            return default
        return value

    def sourced(self, element: str, data: Json) -> tuple[str, str]:
        """`source` and `mark` of an entry; both required."""
        source, mark = data.get("source"), data.get("mark")
        if not isinstance(source, str) or not source or not isinstance(mark, str) or not _MARK.match(mark):
            self.refuse(element, "no-mark")
            return "", ""
        return source, mark


_NAMES: Mapping[type, tuple[str, str]] = {
    str: ("a text", "文字"),
    bool: ("true or false", " true 或 false"),
    int: ("a whole number", "整数"),
    list: ("a list", "列表"),
    dict: ("an object", "对象"),
}


def _unrepeated(pairs: list[tuple[str, Any]]) -> Json:
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        repeated = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the name “{repeated[:80]}” is repeated in one object")
    return dict(pairs)


def _no_constant(constant: str) -> float:
    raise ValueError(f"{constant} is not a number")


def stem(source: str) -> str:
    """Name of a file without its folders and its ending."""
    return source.rsplit("/", 1)[-1].removesuffix(".json")


def _is_bilingual(value: Any, limit: int) -> bool:
    if not isinstance(value, dict) or set(value) != {"zh", "en"}:
        return False
    if not all(isinstance(side, str) and 0 < len(side.strip()) <= limit for side in value.values()):
        return False
    return bool(_HAN.search(value["zh"])) and not _HAN.search(value["en"])
