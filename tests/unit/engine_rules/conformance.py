"""What of DMN is read and what is refused, as data: the tests try each row, and the tables of docs/dmn.md are made of them.

`make tables` writes them anew. The cases follow, in our own words, the subjects and the values
of the public conformance suite's level 2 (dmn-tck), by its numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine import dmn_file
from tests.documents import filled, table
from tests.unit.engine_rules.tables import decision, dmn, expression, given, requires

DOCUMENT = Path(__file__).parents[3] / "docs" / "dmn.md"


# --- The cases of the conformance suite ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """One case: a file, what is asked of it, and what comes out; or the rule by which it is refused."""

    number: str
    subject: str
    source: bytes
    asked: tuple[tuple[str, Mapping[str, Any], Any], ...] = ()
    refused: str = ""
    why: str = ""


APPLICANT = given("age", "number") + given("risk", "string") + given("affordable", "boolean")
ASKS = requires("i_age", "i_risk", "i_affordable")
COLUMNS = ["age: number", 'risk: string = "High", "Low", "Medium"', "affordable: boolean"]
STATUS = 'status: string = "Approved", "Declined"'
RATE = 'rate: string = "Best", "Standard"'
DEFAULT = 'wz:defaultSource="K"'


def _of(age: int, risk: str, affordable: bool = True) -> dict[str, Any]:
    return {"age": age, "risk": risk, "affordable": affordable}


def _pair(status: str, rate: str) -> dict[str, str]:
    return {"status": status, "rate": rate}


def _approval(rows: list[str], policy: str, outputs: list[str] | None = None, **words: str) -> bytes:
    table = decision(COLUMNS, outputs or [STATUS], rows, policy=policy, inside=ASKS, **words)
    return dmn(APPLICANT, table)


def _by_age(rows: list[str], policy: str, output: str = "r: string") -> bytes:
    return dmn(
        given("age", "number"), decision(["age: number"], [output], rows, policy=policy, inside=requires("i_age"))
    )


def _sums(*texts: str) -> bytes:
    return dmn(*(expression(text, id=f"d{at}", kind="number") for at, text in enumerate(texts)))


_EXCLUSIVE = [
    '>=18 | "Medium","Low" | true | "Approved"',
    '<18 | "Medium","Low" | true | "Declined"',
    '- | "High" | true | "Declined"',
    '- | - | false | "Declined"',
]
_LENIENT = [
    '>=18 | "Medium","Low" | true | "Approved"',
    '<18 | - | - | "Declined"',
    '- | "High" | - | "Declined"',
    '- | - | false | "Declined"',
]
_ASKED_OF_ONE = (
    ("d", _of(18, "Medium"), "Approved"),
    ("d", _of(17, "Medium"), "Declined"),
    ("d", _of(18, "High"), "Declined"),
)
_TWO_BY_STATUS = [
    '>=18 | "Medium","Low" | true | "Approved" | "Basic"',
    '<18 | - | - | "Declined" | "Standard"',
    '- | "High" | - | "Approved" | "Standard"',
]
_APPROVED, _DECLINED, _BASIC = (
    _pair("Approved", "Standard"), _pair("Declined", "Standard"), _pair("Approved", "Basic"),
)  # fmt: skip
_BY_AGE = [
    '>=18 | "Medium" | true | "Approved" | "Best"',
    '>=12 | "Medium" | true | "Approved" | "Standard"',
    '<12 | "Low" | true | "Declined" | "Standard"',
]
_RATES = [
    '>=18 | "Low" | true | "Approved" | "Best"',
    '>=18 | "Medium" | true | "Approved" | "Standard"',
    '<18 | "Medium","Low" | true | "Declined" | "Standard"',
    '- | "High" | true | "Declined" | "Standard"',
    '- | - | false | "Declined" | "Standard"',
]
_LOAN = "<itemDefinition name='tLoan'>" + "".join(
    f"<itemComponent name='{name}'><typeRef>number</typeRef></itemComponent>" for name in ("sum", "rate", "months")
) + "</itemDefinition>"  # fmt: skip
_ARITHMETIC: tuple[tuple[str, float | None], ...] = (
    ("10+5", 15), ("-10+-5", -15), ("(-10)+(-5)", -15), ("10-5", 5), ("-10--5", -5), ("(-10)-(-5)", -5),
    ("(10+20)-(-5+3)", 32), ("10*5", 50), ("-10*-5", 50), ("(-10)*(-5)", 50), ("(10+5)*(-5*3)", -225), ("10/5", 2),
    ("-10/-5", 2), ("(-10)/(-5)", 2), ("(10+20)/(-5*3)", -2), ("(10+20)/0", None), ("10**5", 100000), ("10**-5", 0.00001),
    ("(5+2)**5", 16807), ("5+2**5", 37), ("5+2**5+3", 40), ("5+2**(5+3)", 261), ("10+null", None), ("null + 10", None),
    ("10 - null", None), ("null - 10", None), ("10 * null", None), ("null * 10", None), ("10 / null", None),
    ("null / 10", None), ("10 + 20 / -5 - 3", 3), ("10 + 20 / (-5 - 3)", 7.5), ("1.2*10**3", 1200),
)  # fmt: skip
_NUMBERS = (".872", "-.872", "50", "-50", "125.4321987654", "-125.4321987654")
_TEXTS = ("foo bar", "šomeÚnicodeŠtriňg", "横綱", "long " * 40)
_TRUTHS: tuple[tuple[bool | None, bool | None, bool | None, bool | None], ...] = (
    (True, True, True, True), (False, True, False, True), (None, True, None, True), (True, False, False, True),
    (False, False, False, False), (None, False, False, None), (True, None, None, True), (False, None, False, None),
    (None, None, None, None),
)  # fmt: skip
_AMOUNTS = [">1 | 98.83", ">2 | 150.21", ">3 | 205.43", ">4 | 64.32"]
_TWO_NUMBERS = ["one: number", "other: number"]

CASES = (
    Case(
        "0001", "a text put together with an input whose name has a space",
        dmn(given("Full Name", "string"), expression('"Hello " + Full Name', inside=requires("i_Full_Name"))),
        (("e", {"Full Name": "John Doe"}, "Hello John Doe"),),
    ),
    Case(
        "0002", "a number multiplied",
        dmn(given("Monthly Salary", "number"), expression("12 * Monthly Salary", inside=requires("i_Monthly_Salary"))),
        (("e", {"Monthly Salary": 10000}, 120000),),
    ),
    Case(
        "0003", "an input of a type with allowed values",
        dmn(
            '<itemDefinition name="tStatus"><typeRef>string</typeRef><allowedValues><text>"UNEMPLOYED","EMPLOYED",'
            '"SELF-EMPLOYED","STUDENT"</text></allowedValues></itemDefinition>',
            given("status", "tStatus"),
            expression('"You are " + status', inside=requires("i_status")),
        ),
        (("e", {"status": "EMPLOYED"}, "You are EMPLOYED"),),
    ),
    Case("0004", "UNIQUE", _approval(_EXCLUSIVE, "UNIQUE"), _ASKED_OF_ONE),
    Case("0005", "ANY", _approval(_LENIENT, "ANY"), _ASKED_OF_ONE),
    Case("0006", "PRIORITY, four rules", _approval(_LENIENT, "PRIORITY"), _ASKED_OF_ONE),
    Case(
        "0007", "PRIORITY, the worse rule always applies",
        _approval(['>=18 | "Medium","Low" | true | "Approved"', '- | - | - | "Declined"'], "PRIORITY"), _ASKED_OF_ONE,
    ),
    Case(
        "0008", "arithmetic over the fields of a structure",
        dmn(
            _LOAN, given("loan", "tLoan"),
            expression("(loan.sum*loan.rate/12)/(1-(1+loan.rate/12)**-loan.months)", inside=requires("i_loan")),
        ),
        (
            ("e", {"loan": {"sum": 600000, "rate": 0.0375, "months": 360}}, 2778.69354943277),
            ("e", {"loan": {"sum": 30000, "rate": 0.0475, "months": 60}}, 562.707359373292),
            ("e", {"loan": {"sum": 600000, "rate": 0.0399, "months": 360}}, 2861.03377700389),
        ),
    ),
    Case(
        "0009", "a business knowledge model is called",
        dmn(
            '<businessKnowledgeModel id="b" name="PMT"/>', given("fee", "number"),
            expression(
                "PMT(fee) + fee",
                inside=requires("i_fee") + '<knowledgeRequirement><requiredKnowledge href="#b"/></knowledgeRequirement>',
            ),
        ),
        refused="business-knowledge",
        why="calling functions is FEEL beyond S-FEEL; the same formula as a decision of its own is case 0008",
    ),
    Case(
        "0010", "UNIQUE, two outputs with defaults",
        _approval(_RATES, "UNIQUE", [STATUS + ' ~ "Declined"', RATE + ' ~ "Standard"'], attributes=DEFAULT),
        (
            ("d", _of(18, "Medium"), _APPROVED), ("d", _of(17, "Medium"), _DECLINED), ("d", _of(18, "High"), _DECLINED),
        ),
    ),
    Case(
        "0100", "truth values", dmn(expression("true", id="a"), expression("false", id="b")),
        (("a", {}, True), ("b", {}, False)),
    ),
    Case(
        "0101", "numbers", _sums(*_NUMBERS),
        tuple((f"d{at}", {}, float(text)) for at, text in enumerate(_NUMBERS)),
    ),
    Case(
        "0102", "texts", dmn(*(expression(f'"{text}"', id=f"d{at}") for at, text in enumerate(_TEXTS))),
        tuple((f"d{at}", {}, text) for at, text in enumerate(_TEXTS)),
    ),
    Case(
        "0105", "arithmetic; null where nothing is defined", _sums(*(text for text, _ in _ARITHMETIC)),
        tuple((f"d{at}", {}, value) for at, (_, value) in enumerate(_ARITHMETIC)),
    ),
    Case(
        "0106", "`and`, `or` with null",
        dmn(
            given("A", "boolean"), given("B", "boolean"),
            expression("A and B", id="both", inside=requires("i_A", "i_B")),
            expression("A or B", id="either", inside=requires("i_A", "i_B")),
        ),
        tuple(
            (id, {"A": a, "B": b}, result)
            for a, b, both, either in _TRUTHS
            for id, result in (("both", both), ("either", either))
        ),
    ),
    Case(
        "0107", "`not` with null",
        dmn(given("A", "boolean"), expression("not(A)", inside=requires("i_A"))),
        (("e", {"A": True}, False), ("e", {"A": False}, True), ("e", {"A": None}, None)),
    ),
    Case(
        "0108", "FIRST, two outputs",
        _approval(_BY_AGE, "FIRST", [STATUS + ' ~ "Declined"', RATE + ' ~ "Standard"'], attributes=DEFAULT),
        (
            ("d", _of(19, "Medium"), _pair("Approved", "Best")), ("d", _of(13, "Medium"), _APPROVED),
            ("d", _of(10, "Low"), _DECLINED),
        ),
    ),
    Case(
        "0109", "RULE ORDER, two outputs",
        _approval(_BY_AGE, "RULE ORDER", [STATUS + ' ~ "Declined"', RATE + ' ~ "Standard"'], attributes=DEFAULT),
        (
            ("d", _of(19, "Medium"), [_pair("Approved", "Best"), _APPROVED]), ("d", _of(13, "Medium"), [_APPROVED]),
            ("d", _of(10, "Low"), [_DECLINED]),
        ),
    ),
    Case(
        "0110", "OUTPUT ORDER, two outputs, one of them ranked",
        _approval(_TWO_BY_STATUS, "OUTPUT ORDER", [STATUS, "rate: string"]),
        (
            ("d", _of(17, "High"), [_APPROVED, _DECLINED]), ("d", _of(19, "Low"), [_BASIC]),
            ("d", _of(10, "Low"), [_DECLINED]),
        ),
    ),
    Case(
        "0111", "FIRST, one column", _by_age(['>18 | "Cars"', '>12 | "Videogames"', '- | "Toys"'], "FIRST"),
        (("d", {"age": 19}, "Cars"), ("d", {"age": 13}, "Videogames"), ("d", {"age": 5}, "Toys")),
    ),
    Case(
        "0112", "RULE ORDER, one column",
        _by_age(['>=18 | "Best"', '>=12 | "Standard"', '<12 | "Standard"'], "RULE ORDER"),
        (("d", {"age": 19}, ["Best", "Standard"]), ("d", {"age": 13}, ["Standard"]), ("d", {"age": 10}, ["Standard"])),
    ),
    Case(
        "0113", "OUTPUT ORDER, one column",
        _by_age(['>=18 | "Approved"', '<18 | "Declined"', '>=0 | "Approved"'], "OUTPUT ORDER", STATUS),
        (
            ("d", {"age": 17}, ["Approved", "Declined"]), ("d", {"age": 19}, ["Approved", "Approved"]),
            ("d", {"age": 10}, ["Approved", "Declined"]),
        ),
    ),
    Case(
        "0114", "COLLECT, least", _by_age(_AMOUNTS, "COLLECT+MIN", "r: number"),
        (("d", {"age": 5}, 64.32), ("d", {"age": 3}, 98.83), ("d", {"age": 4}, 98.83)),
    ),
    Case(
        "0115", "COLLECT, sum", _by_age([">1 | 100", ">2 | 200", ">3 | 300", ">5 | 500"], "COLLECT+SUM", "r: number"),
        (("d", {"age": 6}, 1100), ("d", {"age": 3}, 300), ("d", {"age": 2}, 100)),
    ),
    Case(
        "0116", "COLLECT, count", _by_age([">1 | 100", ">2 | 200", ">3 | 300", ">5 | 500"], "COLLECT+COUNT", "r: number"),
        (("d", {"age": 6}, 4), ("d", {"age": 2}, 1), ("d", {"age": 3}, 2)),
    ),
    Case(
        "0117", "ANY, two outputs",
        _approval(
            [*_RATES, '>=19 | "Low" | true | "Approved" | "Best"'], "ANY",
            [STATUS + ' ~ "Declined"', RATE + ' ~ "Standard"'], attributes=DEFAULT,
        ),
        (
            ("d", _of(19, "Low"), _pair("Approved", "Best")), ("d", _of(17, "High"), _DECLINED),
            ("d", _of(19, "Medium"), _APPROVED),
        ),
    ),
    Case(
        "0118", "PRIORITY, two outputs, one of them ranked",
        _approval(_TWO_BY_STATUS, "PRIORITY", [STATUS, "rate: string"]),
        (("d", _of(17, "High"), _APPROVED), ("d", _of(19, "Low"), _BASIC), ("d", _of(10, "Low"), _DECLINED)),
    ),
    Case(
        "0119", "COLLECT, two outputs", _approval(_TWO_BY_STATUS, "COLLECT", [STATUS, "rate: string"]),
        (
            ("d", _of(17, "High"), [_DECLINED, _APPROVED]), ("d", _of(19, "Low"), [_BASIC]),
            ("d", _of(10, "Low"), [_DECLINED]),
        ),
    ),
    *(
        Case(
            f"{number} (withdrawn)", f"COLLECT, {word}, over two outputs",
            dmn(decision(["age: number"], _TWO_NUMBERS, [">1 | 1 | 2"], policy=f"COLLECT+{sign}")),
            refused="aggregation-of-many",
            why="the standard aggregates a single output; the suite itself took the case back",
        )
        for number, word, sign in (("0117", "least", "MIN"), ("0118", "sum", "SUM"), ("0119", "count", "COUNT"))
    ),
    Case(
        "0201 (withdrawn)", "columns without expression, cells left empty",
        dmn(decision([": boolean"], ["r: string"], ['true | "A"'])),
        refused="input-expression",
        why="what a column looks at, and what a cell asks, must be written; the suite itself took the case back",
    ),
)  # fmt: skip


# --- S-FEEL in cells -------------------------------------------------------------------------------------------------

CELLS: tuple[tuple[str, str, str, tuple[Any, ...], tuple[Any, ...]], ...] = (
    ("anything", "-", "number", (0, -5.5, None), ()),
    ("a number, exactly", "0.1", "number", (0.1,), (0.10000001,)),
    ("a negative number", "-3", "integer", (-3,), (3,)),
    ("a comparison", ">= 18", "number", (18, 18.5), (17.9,)),
    ("a closed range", "[1..5]", "number", (1, 5), (0.9, 5.1)),
    ("an open range", "(1..5)", "number", (1.1,), (1, 5)),
    ("an open range, otherwise", "]1..5[", "number", (1.1,), (1, 5)),
    ("a half open range", "[1..5)", "number", (1,), (5,)),
    ("a list", "-1, [10..20], > 100", "number", (-1, 15, 101), (0, 100)),
    ("all but", 'not("A", "B")', "string", ("C",), ("A", "B")),
    ("a text", '"他说：\\"不\\""', "string", ('他说："不"',), ("他说",)),
    ("a truth value", "true", "boolean", (True,), (False,)),
    ("null", "null", "string", (None,), ("",)),
    ("anything but null", "not(null)", "date", ("2024-09-09",), (None,)),
    ("a date", '>= date("2024-02-29")', "date", ("2024-03-01",), ("2024-02-28",)),
    ("a range of dates", '[date("2024-01-01")..date("2024-12-31")]', "date", ("2024-12-31",), ("2025-01-01",)),
    ("a time of day", '[time("08:30:00")..time("17:30:00"))', "time", ("08:30:00", "17:29:59.9"), ("17:30", "00:00:00")),
    (
        "a moment without offset", '< date and time("2024-09-09T08:30:00")', "dateTime",
        ("2024-09-09T08:29:59", "0001-01-01T00:00:00"), ("2024-09-09T08:30:00", "2024-09-09T00:00:00Z"),
    ),
    (
        "a moment with an offset", '>= date and time("2024-09-09T08:00:00+08:00")', "dateTime",
        ("2024-09-09T00:00:00Z", "2024-09-08T19:00:00-05:00"), ("2024-09-09T07:59:59+08:00", "2024-09-10T00:00:00"),
    ),
    (
        "all but a moment", 'not(date and time("2024-09-09T00:00:00Z"))', "dateTime",
        ("2024-09-09T00:00:01Z",), ("2024-09-09T08:00:00+08:00", "2024-09-09T00:00:01"),
    ),
    ("a duration of days and time", '> duration("PT36H")', "dayTimeDuration", ("P1DT12H0.5S",), ("P1DT12H", "PT1H")),
    ("a duration of years and months", 'duration("P1Y6M")', "yearMonthDuration", ("P18M",), ("P1Y",)),
)  # fmt: skip
"""What it is, the cell, the kind of its column, values that pass, values that do not."""

COMPUTED: tuple[tuple[str, str, Any], ...] = (
    ("numbers, as decimals of 34 digits", "0.1 + 0.2", 0.3),
    ("from left to right", "2 - 3 - 4", -5),
    ("`**` binds closer than `*`, a sign closer than `**`", "-3 ** 2 * 2", 18),
    ("texts", '"甲" + "乙"', "甲乙"),
    ("days between dates", 'date("2024-03-01") - date("2024-02-28")', "P2D"),
    ("a date and days", 'date("2024-02-28") + duration("P2D")', "2024-03-01"),
    ("a date and months", 'date("2024-01-31") + duration("P1M")', "2024-02-29"),
    ("a time, past midnight", 'time("23:00:00") + duration("PT2H")', "01:00:00"),
    ("a moment", 'date and time("2024-12-31T23:00:00Z") + duration("PT2H")', "2025-01-01T01:00:00Z"),
    ("between moments", 'date and time("2024-01-02T00:00:00") - date and time("2024-01-01T12:00:00")', "PT12H"),
    ("durations", 'duration("P1D") + duration("PT12H") * 2', "P2D"),
    ("how often", 'duration("P1Y") / duration("P6M")', 2),
    ("comparisons", '"a" < "b"', True),
    ("equality with null", "null = null", True),
    ("what is not known", "1 < null", None),
    ("three-valued logic", "(1 > null) or true", True),
)
"""What it is, an expression, its value."""

BEYOND: tuple[tuple[str, str], ...] = (
    ("a function", "sum(1, 2)"), ("a condition", "if true then 1 else 2"), ("a loop", "for x in 1 return x"),
    ("a quantifier", "some x in 1 satisfies x"), ("a list", "[1, 2]"), ("a context", "{a: 1}"), ("a filter", "1[1]"),
    ("between", "1 between 0 and 2"), ("in", "1 in 2"), ("instance of", "1 instance of number"), ("an at-literal", '@"P1D"'),
    ("an exponent", "1e3"), ("a chain of comparisons", "true and 1 = 1 = true"), ("other quotes", "“A”"),
    ("kinds that do not go together", '1 + "a"'), ("the name of a zone", 'date and time("2024-01-01T00:00:00@Asia/Shanghai")'),
    ("a time with an offset", 'time("08:30:00Z")'), ("a day that does not exist", 'date("2024-02-30")'),
)  # fmt: skip
"""What it is, and an expression that is refused."""


# --- Elements --------------------------------------------------------------------------------------------------------

REMARKS: Mapping[str, str] = {
    "knowledgeSource": '<knowledgeSource id="k" name="处罚法"/>',
    "performanceIndicator": '<performanceIndicator id="k"/>',
    "organizationUnit": '<organizationUnit id="k"/>',
    "elementCollection": '<elementCollection id="k"/>',
    "textAnnotation": '<textAnnotation id="k"><text>x</text></textAnnotation>',
    "association": '<association id="k"/>',
    "group": '<group id="k"/>',
    "extensionElements": "<extensionElements><x:y xmlns:x='urn:x'/></extensionElements>",
    "description": "<description>x</description>",
}
"""Elements that stand in a file for people: an example each."""
OF_DECISION: tuple[str, ...] = (
    "question", "allowedAnswers", "authorityRequirement", "supportedObjective", "impactedPerformanceIndicator",
    "decisionMaker", "decisionOwner", "usingProcess", "usingTask",
)  # fmt: skip
"""The same, inside a decision."""
REFUSED: Mapping[str, str] = {
    "businessKnowledgeModel": '<businessKnowledgeModel id="x"/>',
    "knowledgeRequirement": '<decision id="x"><knowledgeRequirement/></decision>',
    "decisionService": '<decisionService id="x"/>',
    **{
        tag: f'<decision id="x"><{tag}/></decision>'
        for tag in (
            "context", "invocation", "relation", "list", "functionDefinition", "conditional", "filter", "for", "every", "some",
        )
    },
    "functionItem": '<itemDefinition name="x"><functionItem/></itemDefinition>',
    "typeConstraint": '<itemDefinition name="x"><typeRef>number</typeRef><typeConstraint/></itemDefinition>',
    "importedValues": '<decision id="x"><literalExpression><importedValues/></literalExpression></decision>',
}  # fmt: skip
"""Elements beyond level 2: an example each."""


ELEMENTS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (tuple(sorted(dmn_file._ATTRIBUTES)), "read", "test_one_file_with_every_element_that_is_read_decides"),
    (tuple(REMARKS), "for people; read over, whatever they hold of others' making", "test_a_remark_changes_nothing"),
    (OF_DECISION, "for people, inside a decision", "test_a_remark_inside_a_decision_changes_nothing"),
    (tuple(REFUSED), "refused", "test_an_element_beyond_level_2_is_refused_by_name"),
    ((), "any other, in any place: refused", "test_an_element_that_is_not_known_is_refused_wherever_it_stands"),
)
"""What becomes of which elements, and the test that shows it."""


# --- The document ----------------------------------------------------------------------------------------------------


def tables() -> dict[str, str]:
    """The tables of the document, by the name of their place."""
    return {
        "cells": table(
            ("what", "cell", "`typeRef`", "passes", "does not"),
            [(what, f"`{cell}`", kind, _listed(ins), _listed(outs)) for what, cell, kind, ins, outs in CELLS],
        ),
        "computed": table(
            ("what", "expression", "gives"), [(what, f"`{text}`", _listed((value,))) for what, text, value in COMPUTED]
        ),
        "beyond": table(("refused", "such as"), [(what, f"`{text}`") for what, text in BEYOND]),
        "elements": table(
            ("elements", "", "shown by `test_conformance.py`"),
            [(_names(tags), what, test.removeprefix("test_").replace("_", " ")) for tags, what, test in ELEMENTS],
        ),
        "cases": table(
            ("case", "subject", "asked", ""),
            [
                (
                    case.number,
                    case.subject,
                    str(len(case.asked) or ""),
                    f"refused: {case.why}" if case.refused else "passes",
                )
                for case in CASES
            ],
        ),
    }


def written(document: str) -> str:
    """The document with its tables as they are now."""
    return filled(document, tables())


def _listed(values: tuple[Any, ...]) -> str:
    shown = {None: "null", True: "true", False: "false"}
    return ", ".join(
        shown[value] if value is None or value is True or value is False else str(value) for value in values
    )


def _names(tags: Any) -> str:
    return ", ".join(f"`{tag}`" for tag in tags)


if __name__ == "__main__":
    DOCUMENT.write_text(written(DOCUMENT.read_text("utf-8")), "utf-8")
