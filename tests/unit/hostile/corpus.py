"""What a stranger may try: expressions, scripts, timers, decision tables and XML that want to run code, read a file,
hang a worker or fill its memory.

`CORPUS` is data: the same attacks are tried on the engine directly, inside a diagram, and by whoever offers another way in.
An attack is met when it is refused with words, or evaluated within a second and without much memory. Where `must_refuse`,
only the first will do. Expressions are tried with the variables of `SCOPE`.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from engine.dmn_file import DMN
from tests.unit.engine_rules import tables as dmn_of

Kind = Literal["expression", "script", "timer", "dmn", "xml"]

SCOPE: dict[str, Any] = {
    "rows": list(range(9000)),
    "text": "x" * 100_000,
    "words": ["金额" * 20] * 200,
    "party": {"name": "张三", "role": "RESPONDENT", "tags": {"a": 1, "b": 2}},
    "n": 9_000_000_000,
    "zone": "/etc/passwd",
    "pattern": "(x+x+)+y",
}


@dataclass(frozen=True)
class Attack:
    id: str
    kind: Kind
    make: Callable[[], str | bytes]
    must_refuse: bool

    @property
    def payload(self) -> str | bytes:
        """Text for expressions, scripts and timers; bytes of a file for the others. Made anew: some are large."""
        return self.make()


def _texts(kind: Kind, attacks: dict[str, str], *, must_refuse: bool) -> list[Attack]:
    return [Attack(f"{kind}-{id}", kind, lambda text=text: text, must_refuse) for id, text in attacks.items()]  # type: ignore[misc]


def _files(kind: Kind, attacks: dict[str, Callable[[], bytes]], *, must_refuse: bool) -> list[Attack]:
    return [Attack(f"{kind}-{id}", kind, make, must_refuse) for id, make in attacks.items()]


# --- Expressions -----------------------------------------------------------------------------------------------------

_CODE = {
    "dunder-walk": "''.__class__.__mro__[1].__subclasses__()",
    "dunder-of-variable": "party.__class__.__init__.__globals__",
    "import": "__import__('os').system('id')",
    "import-statement": "import os",
    "open": "open('/etc/passwd').read()",
    "eval": "eval('1+1')",
    "exec": "exec('import os')",
    "lambda": "(lambda: 1)()",
    "comprehension": "[x for x in range(10**9)]",
    "walrus": "(x := 1)",
    "f-string": "f'{party.__class__}'",
    "format-method": "'{0.__class__}'.format(party)",
    "percent-format": "'%999999999d' % 1",
    "getattr": "getattr(party, 'x')",
    "globals": "globals()",
    "power": "9**9**9",
    "text-times": "'a' * 1000000000",
    "list-times": "[0] * 1000000000",
    "javascript": "(function(){while(true){}})()",
    "javascript-constructor": "''.constructor.constructor('return process')()",
    "java": "T(java.lang.Runtime).getRuntime().exec('id')",
    "java-el": "${''.getClass().forName('java.lang.Runtime')}",
    "jinja": "{{ config.__class__ }}",
    "log4j": "${jndi:ldap://x/a}",
    "shell": "$(id)",
    "backticks": "`id`",
    "block": "cel.@block([1], @index0)",
    "bind": "cel.bind(x, rows, x + x)",
    "message": "google.protobuf.Any{type_url: 'x', value: b'x'}",
    "message-struct": "google.protobuf.Struct{fields: {'a': google.protobuf.Value{number_value: 1.0}}}",
    "unknown-function": "now()",
    "semicolons": "1; 2; 3",
    "nul": "1 + 1\x00 + 2",
    "control": "1 +\x1b[2J 1",
    "right-to-left": "party.name == '\u202e'\u202e || true",
    "half-character": "'\ud800'",
    "escaped-half-character": "'\\ud800'",
    "invalid-escape": "'\\x'",
    "null-text": "'a\\u0000b'",
    "full-width": "ｎ　＞　１",
    "zone-file": "timestamp('2024-01-01T00:00:00Z').getHours('/etc/passwd')",
    "zone-walk": "timestamp('2024-01-01T00:00:00Z').getHours('../../../../dev/zero')",
    "zone-prefix": "timestamp('2024-01-01T00:00:00Z').getHours('file:/dev/stdin')",
    "zone-name": "timestamp('2024-01-01T00:00:00Z').getHours('Asia/Shanghai')",
    "zone-computed": "timestamp('2024-01-01T00:00:00Z').getHours(zone)",
    "bytes": "b'\\xff\\xfe'",
    "type": "type(rows)",
}
_MEMORY = {
    "doubled-texts": "['ab']" + ".map(x, x + x)" * 30,
    "multiplied-texts": "['aaaaaaaaaa'].map(x, "
    + "+".join("x" * 10)
    + ")"
    + (".map(x, " + "+".join("x" * 10) + ")") * 8,
    "doubled-lists": "[rows]" + ".map(x, x + x)" * 25,
    "doubled-nests": "[1]" + ".map(x, [x, x])" * 30,
    "doubled-nests-compared": "[[1]" + ".map(x, [x, x])" * 27 + "].all(x, x == x)",
    "doubled-maps": "[1]" + ".map(x, {'a': x, 'b': x})" * 30,
    "gathered-quadratically": "rows.map(r, r).size() > 0",
    "filtered-quadratically": "rows.filter(r, true).size() > 0",
    "list-in-each-round": "rows.map(r, rows + rows).size() > 0",
    "sum-in-each-round": "rows.all(r, (rows + rows).size() > 0)",
    "text-in-each-round": "rows.map(r, text + text).size() > 0",
    "long-list-in-each-round": "rows.all(r, [" + ",".join(["r"] * 3000) + "].size() > 0)",
    "long-map-in-each-round": "rows.all(r, {" + ",".join(f"{i}: r" for i in range(1000)) + "}.size() > 0)",
    "map-of-lists": "rows.map(r, {'a': rows, 'b': rows}).size() > 0",
    "sums-of-sums": "[" + ", ".join(["+".join(["text"] * 28)] * 200) + "].size() > 0",
    "bytes-of-text": "rows.map(r, bytes(text)).size() > 0",
    "text-of-text": "rows.map(r, string(text) + text).size() > 0",
    "everything-doubled": "[vars]" + ".map(x, [x, x, x, x])" * 20,
}
_TIME = {
    "nested-loops": "rows.all(a, rows.all(b, a != -b - 1))",
    "five-loops": "words.all(a, words.all(b, words.all(c, words.all(d, words.all(e, a != 'b')))))",
    "list-compared-in-each-round": "rows.all(r, rows == rows)",
    "list-searched-in-each-round": "rows.all(r, !(-1 in rows))",
    "texts-compared-in-each-round": "rows.all(r, text == text)",
    "text-searched-in-each-round": "rows.all(r, !text.contains('" + "x" * 500 + "y'))",
    "text-searched-for-text": "text.contains(text + 'y') || !text.contains('" + "x" * 9000 + "y')",
    "text-measured-in-each-round": "rows.all(r, size(text) > 0)",
    "regex-in-each-round": "rows.all(r, !text.matches('(x+x+)+y'))",
    "regex-of-many-states": "text.matches('(x?){500}(x+x+)+y')",
    "regex-of-categories": "words.all(w, w.matches('(\\\\pL|\\\\pN){100}'))",
    "regex-repeated": "text.matches('((((x{1,9}){1,9}){1,9}){1,9}){1,9}')",
    "regex-beyond-the-limit": "text.matches('x{100000}')",
    "regex-many-groups": "text.matches('" + "(x*)*" * 1500 + "y')",
    "regex-computed": "text.matches(pattern)",
    "regex-from-text": "text.matches(text)",
    "wide-body": "rows.all(r, " + " && ".join(["r >= 0"] * 900) + ")",
    "many-loops": " && ".join(["rows.all(r, r >= 0)"] * 400),
    "timestamps-in-each-round": "rows.map(r, timestamp('2024-01-01T00:00:00Z') + duration('1h')).size() > 0",
}
_DEPTH = {
    "parentheses": "(" * 4000 + "1" + ")" * 4000,
    "open-parentheses": "(" * 9000,
    "brackets": "[" * 4000 + "]" * 4000,
    "braces": "{'a':" * 1500 + "1" + "}" * 1500,
    "open-braces": "[{" * 4500,
    "fields": "party" + ".a" * 4000,
    "indices": "rows" + "[0]" * 3000,
    "sums": "n" + "+n" * 4500,
    "conditions": "true?1:" * 1400 + "1",
    "open-conditions": "true?" * 1900,
    "calls": "size(" * 1900 + "rows" + ")" * 1900,
    "loops": "[1].map(x, " * 40 + "x" + ")" * 40,
    "chained-loops": "rows" + ".map(x, x)" * 900,
    "comparisons": "n<" * 4900 + "n",
}
_SIZE = {
    "long-source": "1" + " " * 20_000,
    "long-text": "'" + "x" * 20_000 + "'",
    "long-name": "a" * 20_000,
    "long-number": "9" * 9_000,
    "long-exponent": "1e" + "9" * 5_000,
    "long-hex": "0x" + "f" * 9_000,
    "infinite": "1e308 * 10.0",
    "garbage": "@" * 9_900,
    "quotes": '"' * 9_900,
    "chinese": "金" * 9_900,
    "open-text": "'''" + "x" * 9_000,
    "two-words": "a " * 4_900,
    "overflow": "9223372036854775807 + 1",
    "divided-by-zero": "1 / 0",
    "remainder-of-zero": "n % 0",
    "least-negated": "-(-9223372036854775807 - 1)",
    "moment-overflow": "timestamp('9999-12-31T23:59:59Z') + duration('876000h')",
    "duration-overflow": "duration('9999999999999999h')",
    "far-index": "rows[9223372036854775807]",
    "negative-index": "rows[-1]",
    "key-of-list": "{[1]: 2}",
    "key-of-number": "{1: 'a', 2: 'b'}",
    "order-of-map": "party.tags.map(k, k)",
}
_HARMLESS_LOOKING = {
    "minuses": "-" * 9_900 + "1",
    "negations": "!" * 9_900 + "true",
    "many-undeclared": "[" + ", ".join(f"v{i}" for i in range(1500)) + "]",
    "many-names-of-vars": "[" + ", ".join(f"has(vars.v{i})" for i in range(500)) + "].size()",
    "long-comment": "1 // " + "x" * 9_900,
    "wide-list": "[" + ",".join(["n"] * 4900) + "].size()",
    "wide-map": "{" + ",".join(f"'k{i}':1" for i in range(900)) + "}.size()",
    "wide-or": "||".join(["false"] * 1400),
    "long-literal-doubled": "'" + "x" * 9_000 + "' + '" + "y" * 900 + "'",
    "long-fraction": "0." + "9" * 9_000,
    "all-rows": "rows.all(r, r >= 0)",
    "everything": "vars",
    "shadowed-vars": "[1].map(vars, vars)",
    "shadowed-type": "[1].map(int, int)",
    "format-braces": "'{0}{1}%s%n$%d' + text",
}

# --- Decision tables -------------------------------------------------------------------------------------------------

_DMN = '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="f" name="f" namespace="urn:x">'


def _table(
    rules: list[tuple[list[str], str]],
    *,
    kind: str = "number",
    columns: int = 1,
    policy: str = "UNIQUE",
    head: str = "",
    expression: str = "n",
) -> bytes:
    def cell(tag: str, content: str) -> str:
        content = content.replace("&", "&amp;").replace("<", "&lt;")
        return f"<{tag}><text>{content}</text></{tag}>"

    names = [expression if at == 0 else f"{expression}{at}" for at in range(columns)]
    inputs = "".join(
        f'<input><inputExpression typeRef="{kind}"><text>{name}</text></inputExpression></input>' for name in names
    )
    rows = "".join(
        "<rule>"
        + "".join(cell("inputEntry", test) for test in tests)
        + cell("outputEntry", output)
        + cell("annotationEntry", "测试办法 1 PD")
        + "</rule>"
        for tests, output in rules
    )
    return (
        f'{head}{_DMN}<decision id="d" name="d"><decisionTable hitPolicy="{policy}">{inputs}'
        f'<output typeRef="string"/><annotation name="source"/>{rows}</decisionTable></decision></definitions>'
    ).encode()


def _cell(content: str, kind: str = "number") -> Callable[[], bytes]:
    return lambda: _table([([content], '"A"')], kind=kind)


def _output(content: str) -> Callable[[], bytes]:
    return lambda: _table([(["-"], content)])


_CELLS: dict[str, Callable[[], bytes]] = {
    "code": _cell("__import__('os').system('id')", "string"),
    "dunder": _cell("n.__class__"),
    "function": _cell("for i in 1..1000000000 return i"),
    "nested-not": _cell("not(" * 400 + "1" + ")" * 400),
    "nested-ranges": _cell("[" * 900 + "1..2" + "]" * 900),
    "open-ranges": _cell("[1.." * 400),
    "recursion": _cell("some x in [some y in [1] satisfies y] satisfies x"),
    "huge-number": _cell("9" * 1900),
    "exponent": _cell("1e999999999"),
    "tiny-fraction": _cell("0." + "0" * 1000 + "1"),
    "long-cell": _cell("1," * 5000 + "1"),
    "long-text": _cell('"' + "x" * 100_000 + '"', "string"),
    "spaces": _cell("1" + " " * 100_000 + "2"),
    "quotes": _cell('"\\' * 900, "string"),
    "commas": _cell("," * 1900),
    "wrong-date": _cell('date("99999999-99-99")', "date"),
    "huge-duration": _cell('duration("P99999999999999999999D")', "dayTimeDuration"),
    "date-of-code": _cell("date(now())", "date"),
    "cel": _cell("rows.all(r, r > 0)"),
    "format": _cell('"{0.__class__}".format(1)', "string"),
    "nul": _cell('"\\u0000"', "string"),
    "half-character": _cell('"\\ud800"', "string"),
    "output-code": _output("__import__('os')"),
    "output-format": _output("'{0}'.format(n)"),
    "input-code": lambda: _table([(["-"], '"A"')], expression="__import__('os').x"),
    "input-call": lambda: _table([(["-"], '"A"')], expression="f(n)"),
    "input-long": lambda: _table([(["-"], '"A"')], expression="a" * 100_000),
    "input-path": lambda: _table([(["-"], '"A"')], expression="a" + ".b" * 50_000),
    "overlapping-500": lambda: _table([(["-"], '"A"')] * 500),
    "too-many-rules": lambda: _table([([str(number)], '"A"') for number in range(20_000)]),
    "too-many-cells": lambda: _table([(["-"] * 100, '"A"')] * 400, columns=100, policy="FIRST"),
    "language": lambda: _table([(["-"], '"A"')]).replace(b' name="f"', b' name="f" expressionLanguage="python"', 1),
    "python-expression": lambda: (
        f'{_DMN}<decision id="d"><literalExpression><text>open("/etc/passwd")</text></literalExpression></decision>'
        "</definitions>"
    ).encode(),
    "circular": lambda: (
        f'{_DMN}<decision id="d"><informationRequirement><requiredDecision href="#d"/></informationRequirement></decision>'
        "</definitions>"
    ).encode(),
    "import": lambda: (
        f'{_DMN}<import namespace="x" locationURI="file:///etc/passwd" importType="x"/></definitions>'.encode()
    ),
    "doctype": lambda: _table([(["-"], '"A"')], head='<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'),
}
_TANGLED: dict[str, Callable[[], bytes]] = {
    "many-entries": lambda: _table([([",".join(str(at) for at in range(0, 480, 2))], '"A"')] * 60, policy="FIRST"),
    "tangled-columns": lambda: _table(
        [([str((row * 7 + at * 3) % 5) for at in range(14)], '"A"') for row in range(390)], columns=14, policy="FIRST"
    ),
    "tangled-unique": lambda: _table(
        [(["-"] * 10 + [str(row)], '"A"') for row in range(490)], columns=11, policy="UNIQUE"
    ),
    "tangled-gaps": lambda: _table(
        [([f"not({(row * at + row) % 9})" for at in range(14)], '"A"') for row in range(390)],
        columns=14, policy="RULE ORDER",
    ),
}  # fmt: skip


# --- Decisions that require decisions, and what they compute ---


def _sums(text: str, count: int = 99) -> bytes:
    """Many decisions that compute the same, and one that adds them up."""
    each = [dmn_of.expression(text, id=f"d{at}", kind="number", inside=dmn_of.requires("i_n")) for at in range(count)]
    total = dmn_of.expression(
        "+".join(f"d{at}" for at in range(count)), id="d", inside=dmn_of.requires(*(f"d{at}" for at in range(count)))
    )
    return dmn_of.dmn(dmn_of.given("n", "number"), *each, total)


def _types(fields: int) -> bytes:
    """Structures of structures: as many values as two, or three, to the power of their number."""
    content = "".join(
        f'<itemDefinition name="t{at}">'
        + "".join(
            f'<itemComponent name="c{part}"><typeRef>{f"t{at + 1}" if at < 199 else "number"}</typeRef></itemComponent>'
            for part in range(fields)
        )
        + "</itemDefinition>"
        for at in range(200)
    )
    return dmn_of.dmn(content, dmn_of.given("n", "t0"), dmn_of.expression("1"))


_COMPUTED: dict[str, Callable[[], bytes]] = {
    "powers": lambda: _sums("+".join(["3**.7"] * 300)),
    "open-parentheses": lambda: _sums("(" * 1900),
    "parentheses": lambda: _sums("(" * 900 + "1" + ")" * 900),
    "signs": lambda: _sums("-" * 1900 + "n"),
    "denials": lambda: _sums("not(" * 400 + "true"),
    "structures-of-structures": lambda: _types(2),
    "chain-of-structures": lambda: _types(1),
    "circles": lambda: dmn_of.dmn(
        *(
            dmn_of.expression("1", id=f"d{at}", inside=dmn_of.requires(*(f"d{(at + far) % 400}" for far in range(50))))
            for at in range(400)
        )
    ),
    "requirements": lambda: dmn_of.dmn(dmn_of.expression("1", inside=dmn_of.requires(*["e"] * 15_000))),
    "imports": lambda: dmn_of.dmn(
        *(f'<import namespace="n{at}" importType="{DMN}"/>' for at in range(20_000)), dmn_of.expression("1")
    ),
    "columns": lambda: dmn_of.dmn(dmn_of.decision([f"c{at}: number" for at in range(14_000)], ["r: string"], [])),
}
_LONG: dict[str, Callable[[], bytes]] = {
    "sums": lambda: _sums("n" + "+n" * 900),
    "texts": lambda: dmn_of.dmn(
        *(dmn_of.expression('"' + "x" * 900 + '"' + '+"y"' * 240, id=f"d{at}") for at in range(100))
    ),
    "spaces-in-names": lambda: dmn_of.dmn(
        dmn_of.given("n n n", "number"),
        *(dmn_of.expression("n n" + " " * 1900 + "n", id=f"d{at}", inside=dmn_of.requires("i_n_n_n")) for at in range(99)),
    ),
    "power-tower": lambda: dmn_of.dmn(dmn_of.expression("**".join(["9"] * 400), id="d")),
    "chain": lambda: dmn_of.dmn(
        dmn_of.expression("1", id="d499"),
        *(
            dmn_of.expression(f"d{at + 1}+1", id=f"d{at}" if at else "d", inside=dmn_of.requires(f"d{at + 1}"))
            for at in range(499)
        ),
    ),
    "mesh": lambda: dmn_of.dmn(
        *(
            dmn_of.expression(
                "+".join(f"d{on}" for on in range(at)) or "1", id=f"d{at}" if at < 99 else "d", kind="number",
                inside=dmn_of.requires(*(f"d{on}" for on in range(at))),
            )
            for at in range(100)
        )
    ),
}  # fmt: skip

# --- XML -------------------------------------------------------------------------------------------------------------

_LOL = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
_BOMB = f'<!DOCTYPE l [<!ENTITY l0 "lol">{_LOL}]><l>&l9;</l>'
_EXTERNAL = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>'


def _padded(text: str, size: int) -> bytes:
    return (text * (size // len(text))).encode()


_MARKUP: dict[str, Callable[[], bytes]] = {
    "billion-laughs": lambda: _BOMB.encode(),
    "quadratic-blowup": lambda: f'<!DOCTYPE r [<!ENTITY a "{"a" * 50_000}">]><r>{"&a;" * 50_000}</r>'.encode(),
    "external-entity": lambda: _EXTERNAL.encode(),
    "external-address": lambda: b'<!DOCTYPE r [<!ENTITY x SYSTEM "http://127.0.0.1:1/x">]><r>&x;</r>',
    "parameter-entity": lambda: b'<!DOCTYPE r [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]><r/>',
    "external-type": lambda: b'<!DOCTYPE r SYSTEM "file:///dev/zero"><r/>',
    "public-type": lambda: b'<!DOCTYPE r PUBLIC "-//X//X" "http://127.0.0.1:1/x.dtd"><r/>',
    "default-attribute": lambda: b'<!DOCTYPE r [<!ATTLIST r a CDATA "injected">]><r/>',
    "small-letters": lambda: b"<!doctype r><r/>",
    "spaced-type": lambda: b"<! DOCTYPE r><r/>",
    "type-after-comment": lambda: b"<!-- x --><?x y?>\n<!DOCTYPE r []><r/>",
    "type-in-utf-16": lambda: _EXTERNAL.encode("utf-16"),
    "type-in-utf-16-without-mark": lambda: _EXTERNAL.encode("utf-16-le"),
    "type-in-utf-32": lambda: _EXTERNAL.encode("utf-32"),
    "type-in-utf-7": lambda: b"<?xml version='1.0' encoding='utf-7'?>+ADwAIQ-DOCTYPE r+AD4-<r/>",
    "type-in-ebcdic": lambda: f"<?xml version='1.0' encoding='cp037'?>{_EXTERNAL}".encode("cp037"),
    "declared-gb18030": lambda: "<?xml version='1.0' encoding='gb18030'?><r>金额</r>".encode("gb18030"),
    "declared-latin": lambda: b"<?xml version='1.0' encoding='iso-8859-1'?><r>\xe9</r>",
    "undeclared-latin": lambda: b"<r>\xe9\xff\xfe</r>",
    "overlong-utf-8": lambda: b"<r>\xc0\xbcx\xc0\xbe</r>",
    "half-character": lambda: b"<r>\xed\xa0\x80</r>",
    "nul": lambda: b"<r>\x00</r>",
    "nul-reference": lambda: b"<r>&#0;</r>",
    "undeclared-entity": lambda: b"<r>&passwd;</r>",
    "control-character": lambda: b"<r>\x07</r>",
    "deep": lambda: b"<a>" * 100_000 + b"</a>" * 100_000,
    "deep-unclosed": lambda: b"<a>" * 1_000_000,
    "just-too-deep": lambda: b"<a>" * 201 + b"</a>" * 201,
    "too-many-elements": lambda: b"<a>" + b"<b/>" * 900_000 + b"</a>",
    "too-large": lambda: b"<a>" + b"x" * (5 * 1024 * 1024) + b"</a>",
    "attribute-bomb": lambda: b"<a " + b" ".join(b"a%d=''" % at for at in range(350_000)) + b"/>",
    "attribute-twice": lambda: b"<a " + b"x='' " * 800_000 + b"/>",
    "attribute-too-long": lambda: b"<a x='" + b"y" * 4_000_000 + b"'/>",
    "attribute-of-references": lambda: b"<a x='" + b"&#65;" * 800_000 + b"'/>",
    "namespace-bomb": lambda: b"<a " + b" ".join(b"xmlns:n%d='u%d'" % (at, at) for at in range(150_000)) + b"/>",
    "nested-namespaces": lambda: (
        b"".join(b"<a xmlns:n%d='u%d'>" % (at, at) for at in range(190)) + b"<b/>" * 50_000 + b"</a>" * 190
    ),
    "undeclared-prefix": lambda: b"<x:r/>",
    "long-name": lambda: b"<" + b"a" * 1_000_000 + b"/>",
    "rather-long-name": lambda: b"<" + b"a" * 40_000 + b"/>",
    "long-attribute-name": lambda: b"<a " + b"b" * 40_000 + b"=''/>",
    "less-thans": lambda: b"<" * 4_000_000,
    "open-attribute": lambda: b"<a b='" + b"<" * 4_000_000,
    "open-comment": lambda: b"<a><!--" + b"x" * 4_000_000,
    "open-cdata": lambda: b"<a><![CDATA[" + b"x" * 4_000_000,
    "open-declaration": lambda: b"<?xml " + b"encoding=" * 400_000,
    "bangs": lambda: _padded("<!" + " " * 50, 4_000_000),
    "empty": lambda: b"",
    "spaces-only": lambda: b" \n" * 1_000_000,
    "not-xml": lambda: b"%PDF-1.7\n" + b"\x01\x02" * 1000,
    "compressed": lambda: gzip.compress(b"<r/>" * 1000),
    "json": lambda: b'{"a": ' * 100_000,
    "two-roots": lambda: b"<a/><b/>",
    "cut-off": lambda: b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="p"><task',
}
_LARGE_BUT_WELL_FORMED: dict[str, Callable[[], bytes]] = {
    "include": lambda: (
        b'<r xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="file:///etc/passwd" parse="text"/></r>'
    ),
    "schema-location": lambda: (
        b'<r xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="x http://127.0.0.1:1/x.xsd"/>'
    ),
    "stylesheet": lambda: b'<?xml-stylesheet href="file:///etc/passwd"?><r/>',
    "base": lambda: b'<r xml:base="file:///etc/"><a href="passwd"/></r>',
    "comments": lambda: b"<a>" + b"<!---->" * 500_000 + b"</a>",
    "instructions": lambda: b"<a>" + b"<?x?>" * 700_000 + b"</a>",
    "cdata": lambda: b"<a>" + b"<![CDATA[x]]>" * 300_000 + b"</a>",
    "references": lambda: b"<a>" + b"&#65;" * 800_000 + b"</a>",
    "long-text": lambda: b"<a>" + b"x" * 4_000_000 + b"</a>",
    "many-lines": lambda: b"<a>" + b"\n" * 4_000_000 + b"</a>",
    "many-elements": lambda: b"<a>" + b"<b c='' d='' e='' f=''/>" * 59_000 + b"</a>",
}

# --- Timers ----------------------------------------------------------------------------------------------------------

_TIMERS = {
    "endless-cycle": "R/PT0S",
    "huge-cycle": "R999999999999/PT1S",
    "huge-duration": "P99999999999999999999Y",
    "negative-duration": "-P1D",
    "endless-digits": "PT" + "9" * 9_000 + "S",
    "year-ten-thousand": "10000-01-01T00:00:00Z",
    "code": "__import__('time').sleep(100)",
    "loops": "rows.map(r, rows.map(s, s)).size() > 0 ? 'PT1S' : 'PT2S'",
    "cel-of-list": "rows",
    "cel-moment-overflow": "timestamp('9999-12-31T23:59:59Z') + duration('876000h')",
    "letters": "P" + "1Y" * 4_000,
    "cron": "*/1 * * * *",
}

CORPUS: tuple[Attack, ...] = (
    *_texts("expression", _CODE, must_refuse=True),
    *_texts("expression", _MEMORY, must_refuse=True),
    *_texts("expression", _TIME, must_refuse=True),
    *_texts("expression", _DEPTH, must_refuse=True),
    *_texts("expression", _SIZE, must_refuse=True),
    *_texts("expression", _HARMLESS_LOOKING, must_refuse=False),
    *_texts("script", {id: f"{{'a': {text}}}" for id, text in (_MEMORY | _TIME).items()}, must_refuse=True),
    *_texts("script", {f"{id}-twice": f"{{'a': {t}, 'b': {t}}}" for id, t in _MEMORY.items()}, must_refuse=True),
    *_texts("timer", _TIMERS, must_refuse=False),
    *_files("dmn", _CELLS, must_refuse=True),
    *_files("dmn", _TANGLED, must_refuse=False),
    *_files("dmn", _COMPUTED, must_refuse=True),
    *_files("dmn", _LONG, must_refuse=False),
    *_files("xml", _MARKUP, must_refuse=True),
    *_files("xml", _LARGE_BUT_WELL_FORMED, must_refuse=False),
)
