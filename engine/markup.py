"""The one door for XML from outside: diagrams and decision tables.

What comes in is data from a stranger. No document type, no entity, no other encoding than UTF-8; bounded size, depth, and
number of elements, attributes and namespaces. It may never open a file or a connection, and never hands out a tree that was
not read whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from xml.parsers import expat

from lxml import etree

from engine.errors import ArtefactRefused, Finding

MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 200
MAX_ELEMENTS = 60_000
MAX_ATTRIBUTES = 200
"""Most attributes of one element."""
MAX_NAMESPACES = 100
"""Most namespace declarations in scope at one place."""
MAX_NAME = 255
"""Longest name of an element or attribute, in characters."""
MAX_VALUE = 20_000
"""Longest attribute, in characters: twice the longest expression."""

_LAST_LINE = 65_535
"""The library keeps no higher number of a line; those it finds out by itself."""

_DECLARATION = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<\?xml\b([^>]*)\?>")
_ENCODING = re.compile(rb"encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_DECLARES = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)

Refuse = Callable[..., ArtefactRefused]


def read(source: bytes, *, name: str, refusal: type[ArtefactRefused] = ArtefactRefused) -> etree._Element:
    """Read one XML document and give its root element.

    Args:
        source: the document, UTF-8.
        name: what to call it in findings.
        refusal: the kind of `ArtefactRefused` to raise.

    Raises:
        ArtefactRefused: the document is too large, too deep, not well-formed, not UTF-8, or declares a document type.
    """

    def refuse(rule: str, line: int | None = None, **facts: object) -> ArtefactRefused:
        why, remedy, why_zh, remedy_zh = (sentence.format(**facts) for sentence in _SENTENCES[rule])
        return refusal(
            (
                Finding(
                    source=name, line=line, element="", name="", rule=rule,
                    why=why, remedy=remedy, why_zh=why_zh, remedy_zh=remedy_zh,
                ),
            )
        )  # fmt: skip

    _check_bytes(source, refuse)
    try:
        root = _parse(source, refuse)
    except etree.XMLSyntaxError as broken:
        raise refuse("not-xml", broken.lineno, said=str(broken.msg)[:200]) from None
    if root is None:
        raise refuse("empty")
    _place(root, source)
    return root


def _place(root: etree._Element, source: bytes) -> None:
    """Let every element say the line on which it begins. The library says where its first tag ends."""
    lines: list[int] = []
    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = lambda name, attributes: lines.append(parser.CurrentLineNumber)
    try:
        parser.Parse(source, True)
    except expat.ExpatError:
        return  # stricter than the library in something; its lines are good enough
    elements: Iterator[Any] = root.iter()
    for element, line in zip(elements, lines, strict=True):
        if line > _LAST_LINE:
            return
        element.sourceline = line


def _check_bytes(source: bytes, refuse: Refuse) -> None:
    if len(source) > MAX_BYTES:
        raise refuse("file-too-large", size=len(source), most=MAX_BYTES)
    if not source.strip():
        raise refuse("empty")
    if declared := _DECLARES.search(source):
        raise refuse("document-type", source.count(b"\n", 0, declared.start()) + 1)
    declaration = _DECLARATION.match(source)
    encoding = _ENCODING.search(declaration.group(1)) if declaration else None
    if b"\x00" in source or (encoding and encoding.group(1).lower() not in (b"utf-8", b"us-ascii", b"ascii")):
        raise refuse("encoding")


def _parse(source: bytes, refuse: Refuse) -> etree._Element | None:
    parser = etree.XMLPullParser(
        events=("start", "end", "start-ns", "end-ns"),
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    depth = elements = namespaces = 0
    for start in range(0, len(source), 65536):
        parser.feed(source[start : start + 65536])
        events: Iterator[tuple[str, Any]] = parser.read_events()
        for event, element in events:
            if event == "start":
                depth, elements = depth + 1, elements + 1
                _check_element(element, refuse)
                if depth > MAX_DEPTH:
                    raise refuse("too-deep", element.sourceline, most=MAX_DEPTH)
                if elements > MAX_ELEMENTS:
                    raise refuse("too-many-elements", element.sourceline, most=MAX_ELEMENTS)
            elif event == "end":
                depth -= 1
            else:
                namespaces += 1 if event == "start-ns" else -1
                if namespaces > MAX_NAMESPACES:
                    raise refuse("too-many-namespaces", most=MAX_NAMESPACES)
    return parser.close()


def _check_element(element: etree._Element, refuse: Refuse) -> None:
    if len(element.attrib) > MAX_ATTRIBUTES:  # before they are made
        raise refuse("too-many-attributes", element.sourceline, most=MAX_ATTRIBUTES)
    for name, value in ((element.tag, ""), *element.items()):
        if len(name) > MAX_NAME and len(_local(str(name))) > MAX_NAME:
            raise refuse("name-too-long", element.sourceline, most=MAX_NAME)
        if len(value) > MAX_VALUE:
            raise refuse("attribute-too-long", element.sourceline, attribute=_local(str(name)), most=MAX_VALUE)


def _local(name: str) -> str:
    return name.rpartition("}")[2]


_SPLIT = ("Split it into called processes.", "拆成几个被调用的程序。")
_SAVE = ("Save it again from a modeler.", "用建模工具重新保存。")
_SENTENCES = {
    "file-too-large": (
        "The file has {size} bytes; at most {most} are read.",
        _SPLIT[0],
        "文件有 {size} 字节，最多读取 {most} 字节。",
        _SPLIT[1],
    ),
    "empty": ("The file is empty.", "Send a diagram or a table.", "文件是空的。", "请提供程序图或决策表。"),
    "document-type": (
        "The file declares a document type or an entity.",
        f"Remove the declaration. {_SAVE[0]}",
        "文件中声明了文档类型或实体。",
        f"删去该声明，{_SAVE[1]}",
    ),
    "encoding": ("The file is not in UTF-8.", "Save it in UTF-8.", "文件不是 UTF-8 编码。", "以 UTF-8 编码保存。"),
    "not-xml": ("The file is not well-formed XML: {said}.", _SAVE[0], "文件不是格式良好的 XML：{said}。", _SAVE[1]),
    "too-deep": (
        "The file nests deeper than {most} elements.",
        _SPLIT[0],
        "文件嵌套超过 {most} 层。",
        _SPLIT[1],
    ),
    "too-many-elements": (
        "The file holds more than {most} elements.",
        _SPLIT[0],
        "文件的元素超过 {most} 个。",
        _SPLIT[1],
    ),
    "too-many-namespaces": (
        "More than {most} namespaces are declared at one place.",
        _SAVE[0],
        "同一处声明的命名空间超过 {most} 个。",
        _SAVE[1],
    ),
    "too-many-attributes": (
        "An element has more than {most} attributes.",
        _SAVE[0],
        "某元素的属性超过 {most} 个。",
        _SAVE[1],
    ),
    "name-too-long": (
        "The name of an element or attribute has more than {most} characters.",
        "Shorten it.",
        "元素或属性的名称超过 {most} 个字符。",
        "请缩短。",
    ),
    "attribute-too-long": (
        "The attribute {attribute} has more than {most} characters.",
        "Shorten it; what is computed belongs in a decision table or a service task.",
        "属性 {attribute} 超过 {most} 个字符。",
        "请缩短；需要计算的内容放入决策表或服务任务。",
    ),
}
"""For each rule: why and remedy in English, why and remedy in Chinese."""
