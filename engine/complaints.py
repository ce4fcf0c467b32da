"""What the CEL library complains of, in sentences for people.

The library speaks in status codes, overload names and lists of tokens. Here each complaint gets a stable code and a
sentence in English and in Chinese. Nothing is decided here; a complaint nobody has met yet is passed on shortened.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Complaint:
    reason: str
    """Stable code, such as `variable-missing`."""
    why: str
    zh: str
    line: int = 1
    column: int = 1


def at_compile(raw: str) -> Complaint:
    """Read what the library says of a source it cannot compile; the first problem only, with its place."""
    found = _PROBLEM.search(raw)
    line, column, said = (int(found[1]), int(found[2]), found[3]) if found else (1, 1, raw)
    if line > _NO_PLACE:
        line, column = 1, 1
    overload = _COMPILED_MISFIT.search(said)
    complaint = _misfit(overload[1], overload[2]) if overload else _first_that_fits(said, _AT_COMPILE)
    return Complaint(complaint.reason, complaint.why, complaint.zh, line, column)


def at_evaluation(raw: str) -> Complaint:
    """Read what the library says of an evaluation that failed."""
    overload = _MISFIT.search(raw)
    return _misfit(overload[1], overload[2] or "") if overload else _first_that_fits(raw, _AT_EVALUATION)


_PROBLEM = re.compile(r"ERROR: <input>:(\d+):(\d+): (.*)")
_NO_PLACE = 1_000_000
"""Where the library has no place to name, it names line 4294967295."""
_COMPILED_MISFIT = re.compile(r"no matching overload for '(.+?)' applied to '(.*?)'")
_MISFIT = re.compile(r"No matching overloads found : ([^( ]+)(?:\((.*)\))?")

_AT_COMPILE = (
    (r"undeclared reference to '(.+?)'", "function-unknown", "There is no function `{0}`.", "没有函数“{0}”。"),
    (r"recursion|nest", "too-deep", "The expression nests deeper than 32 levels.", "表达式嵌套超过 32 层。"),
    (r"mismatched input '<EOF>'", "unfinished", "The expression ends too early.", "表达式不完整。"),
    (
        r"token recognition error at: '(.+?)'",
        "character-unfit",
        "`{0}` cannot stand here; a name that is not ASCII is written vars['…'], a text in quotes.",
        "此处不能出现“{0}”；非 ASCII 的名称写作 vars['…']，文本加引号。",
    ),
    (r"(?:mismatched|extraneous) input '(.+?)'", "syntax", "`{0}` is not expected here.", "此处不应出现“{0}”。"),
    (r"no viable alternative at input '(.+?)'", "syntax", "`{0}` is not expected here.", "此处不应出现“{0}”。"),
    (r"map key type", "key-unfit", "The key of a map must be a text.", "映射的键必须是文本。"),
    (r"invalid (?:int|uint|double) literal", "number-unfit", "The number is too large.", "数字过大。"),
)
_AT_EVALUATION = (
    (r'No value with name "(.+?)" found', "variable-missing", "`{0}` has no value here.", "“{0}”在此处没有值。"),
    (r'Key not found in map : "?(.*?)"?$', "key-missing", "`{0}` is not there.", "没有“{0}”。"),
    (
        r"Applying SELECT to non-message",
        "field-of-nothing",
        "A field is asked of a value that has none.",
        "对没有字段的值取字段。",
    ),
    (r"map key type", "key-unfit", "The key of a map must be a text.", "映射的键必须是文本。"),
    (r"duplicate key in map", "key-twice", "A key stands twice in the map.", "映射中有重复的键。"),
    (r"(?:divide|modulus) by zero", "division-by-zero", "Something is divided by zero.", "除数为零。"),
    (r"overflow|out of range|outside of range", "overflow", "The number is out of range.", "数值超出范围。"),
    (
        r"Index error: index=(-?\d+) size=(\d+)",
        "index",
        "There is no member {0} in a list of {1}.",
        "列表只有 {1} 项，没有第 {0} 项。",
    ),
    (
        r"[Ii]teration budget",
        "too-many-rounds",
        "The loops make more than 10,000 rounds.",
        "循环超过 10,000 次。",
    ),
    (r"bad_alloc|memory", "too-much-memory", "The expression needs too much memory.", "表达式占用内存过多。"),
    (
        r"Invalid container type: '(\w+)'",
        "kinds-misfit",
        "`[ ]` cannot be used with {0}.",
        "“[ ]”不能用于 {0}。",
    ),
    (r"invalid regular expression", "regex-invalid", "The regular expression is not valid.", "正则表达式无效。"),
    (
        r"String to Timestamp",
        "not-a-moment",
        "A text is not a moment such as 2024-09-09T00:00:00Z.",
        "文本不是 2024-09-09T00:00:00Z 这样的时刻。",
    ),
    (
        r"String to Duration",
        "not-a-duration",
        "A text is not a duration such as 36h.",
        "文本不是 36h 这样的时长。",
    ),
)


def _first_that_fits(said: str, known: tuple[tuple[str, str, str, str], ...]) -> Complaint:
    for pattern, reason, english, chinese in known:
        if found := re.search(pattern, said):
            named = [word if len(word) <= 60 else f"{word[:60]}…" for word in found.groups()]
            return Complaint(reason, english.format(*named), chinese.format(*named))
    bare = re.sub(r"^[A-Z_]+: | \[[A-Z_]+\]$", "", said.partition("\n")[0])[:200].rstrip(".")
    return Complaint("other", f"The expression cannot be carried out: {bare}.", f"表达式无法执行：{bare}。")


# --- `+` cannot be used with a text and an integer. ------------------------------------------------------------------

_OPERATORS = {"_[_]": "[ ]", "@in": "in", "_?_:_": "?:", "<jump_condition>": "?:"}
_KINDS = {
    "int64": ("an integer", "整数"),
    "int": ("an integer", "整数"),
    "uint64": ("an unsigned integer", "无符号整数"),
    "uint": ("an unsigned integer", "无符号整数"),
    "double": ("a decimal number", "小数"),
    "string": ("a text", "文本"),
    "bool": ("a truth value", "真假值"),
    "list": ("a list", "列表"),
    "map": ("a map", "映射"),
    "null": ("null", "空值"),
    "null_type": ("null", "空值"),
    "bytes": ("bytes", "字节串"),
    "timestamp": ("a moment", "时刻"),
    "google.protobuf.Timestamp": ("a moment", "时刻"),
    "duration": ("a duration", "时长"),
    "google.protobuf.Duration": ("a duration", "时长"),
    "dyn": ("any value", "任意值"),
}


def _misfit(function: str, kinds: str) -> Complaint:
    if function == "<jump_condition>":
        return Complaint("not-a-truth", "The condition of `?:` is neither true nor false.", "“?:”的条件不是真假值。")
    called = _OPERATORS.get(function, function.strip("_"))
    words = [_KINDS.get(kind, (kind, kind)) for kind in _outermost(kinds)]
    if not words:
        why, zh = f"`{called}` cannot be used with values of these kinds.", f"“{called}”不能用于这些类型的值。"
        return Complaint("kinds-misfit", why, zh)
    english = " and ".join(word for word, _ in words)
    chinese = "和".join(word for _, word in words)
    return Complaint("kinds-misfit", f"`{called}` cannot be used with {english}.", f"“{called}”不能用于{chinese}。")


def _outermost(kinds: str) -> list[str]:
    """`(list(int), map(string, dyn))` → list, map: what is inside the parentheses of a kind is left out."""
    bare = kinds.removeprefix("(").removesuffix(")") if kinds.startswith("(") else kinds
    while (thinner := re.sub(r"\([^()]*\)|<[^<>]*>", "", bare)) != bare:
        bare = thinner
    return [kind.strip() for kind in bare.split(",") if kind.strip()]
