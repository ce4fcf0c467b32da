"""Decisions that require decisions: read in their order, each asked once, told with what they rest on."""

from __future__ import annotations

import pytest

from engine import decisions
from engine.decisions import decide
from engine.errors import DecisionRefused, InputUnfit, ResultUnfit
from tests.unit.engine_rules.tables import HEAD, decision, dmn, expression, given, requires

LOAN = dmn(
    given("income", "number"),
    given("debt", "number"),
    expression("debt / income", id="ratio", kind="number", inside=requires("i_income", "i_debt")),
    decision(
        ["ratio: number"], ["grade: string"], ['< 0.3 | "A"', '>= 0.3 | "B"'],
        id="grade", inside='<variable name="grade" typeRef="string"/>' + requires("ratio"),
    ),
    decision(
        ["grade: string", "ratio: number"], ["limit: number"],
        ['"A" | - | income * 2', '"B" | - | income / 2'],
        id="limit", inside=requires("grade", "ratio", "i_income"),
    ),
)  # fmt: skip


def test_a_decision_rests_on_others_and_tells_each_of_them_once():
    outcome = decide(load(LOAN)["limit"], {"income": 100, "debt": 20})
    assert outcome.result == 200
    assert [each.decision for each in outcome.required] == ["ratio", "grade"]
    assert [each.result for each in outcome.required] == [0.2, "A"]
    assert outcome.inputs == {"grade": "A", "ratio": 0.2}
    assert [rule["number"] for rule in outcome.rules] == [1]


def test_the_variables_of_all_are_known():
    table = load(LOAN)["limit"]
    assert table.variables == ("debt", "income")
    with pytest.raises(InputUnfit, match="`ratio` cannot be decided") as unfit:
        decide(table, {"income": 100, "debt": "20"})
    assert unfit.value.facts["inputs"] == ["debt"]


def test_an_expression_tells_its_article():
    outcome = decide(load(LOAN)["ratio"], {"income": 3, "debt": 1})
    (rule,) = outcome.rules
    assert (rule["number"], rule["source"], rule["result"]) == (0, "K", 1 / 3)
    assert outcome.inputs == {"debt": 1, "income": 3}


def test_several_outputs_are_spoken_of_by_name():
    both = decision(
        ["n: number"], ["Status: string", "Rate: number"], ['- | "ok" | 2'], id="both",
        inside='<variable name="Both Of Them"/>',
    )  # fmt: skip
    asks = expression('Both Of Them.Status + "!"', id="asks", inside=requires("both"))
    assert decide(load(dmn(both, asks))["asks"], {"n": 1}).result == "ok!"


@pytest.mark.parametrize(("policy", "result"), [("COLLECT+SUM", 7), ("COLLECT+COUNT", 4), ("COLLECT+MAX", 5)])
def test_an_aggregation_is_a_number_for_others(policy, result):
    many = decision(["n: number"], ["r: number"], ["- | 2", "> 1 | 5"], id="many", policy=policy)
    asks = expression("many * 1 + 0", id="asks", inside=requires("many"))
    source = dmn(many.replace('name="决策"', 'name="many"'), asks)
    expected = {"COLLECT+COUNT": 2}.get(policy, result)
    assert decide(load(source)["asks"], {"n": 2}).result == expected


def test_a_decision_asked_by_many_is_asked_once():
    layers = [expression("1 + 1", id="d0", kind="number")]
    for at in range(1, 40):  # each requires the one before twice over: 2^40 ways down
        layers.append(
            expression(
                f"d{at - 1} + s{at - 1}", id=f"d{at}", kind="number", inside=requires(f"d{at - 1}", f"s{at - 1}")
            )
        )
        layers.append(expression(f"d{at - 1}", id=f"s{at}", kind="number", inside=requires(f"d{at - 1}")))
    layers.append(expression("1", id="s0", kind="number"))
    outcome = decide(load(dmn(*layers))["d39"], {})
    assert len(outcome.required) == len({each.decision for each in outcome.required}) == 78


def test_a_long_chain_is_read_and_asked():
    chain = [expression("1", id="d0", kind="number")]
    chain += [
        expression(f"d{at - 1} + 1", id=f"d{at}", kind="number", inside=requires(f"d{at - 1}")) for at in range(1, 500)
    ]
    assert decide(load(dmn(*reversed(chain)))["d499"], {}).result == 500


# --- Refused ---


def test_circles_are_refused_with_their_way():
    circle = dmn(
        *(expression(other, id=one, kind="number", inside=requires(other)) for one, other in ("ab", "bc", "ca"))
    )
    (finding,) = findings(circle)
    assert (finding.rule, "a → b → c → a" in finding.why) == ("circle", True)
    assert [each.rule for each in findings(dmn(expression("x", id="x", kind="number", inside=requires("x"))))] == [
        "circle"
    ]


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (expression("1", inside=requires("nowhere")), "required-missing"),
        (expression("1", inside=requires("i_nowhere")), "required-missing"),
        (expression("1", inside=requires("urn:other#d")), "required-missing"),
        (expression("1", id="a") + expression("2", id="b", inside=requires("a")), "requirement-unused"),
        (expression("nowhere"), "cell"),
        (given("n", "number") + expression("n.x", inside=requires("i_n")), "cell"),
        (given("n", "Any") + expression("n + 1", inside=requires("i_n")), "cell"),
        (given("n", "money") + expression("1"), "type"),
        (given("n", "string") + expression("n + 1", inside=requires("i_n")), "cell"),
        (given("n", "number") + expression("n > 1", kind="number", inside=requires("i_n")), "result-type"),
        (given("n", "number") + expression("n", inside=requires("i_n"), source=""), "expression-no-source"),
        (given("n", "number") + expression("n", inside=requires("i_n"), source="条例 1"), "expression-no-mark"),
        (expression("null"), "type"),
        (
            expression("1", id="a", name="x") + given("x", "number") + expression("x", inside=requires("a", "i_x")),
            "name-twice",
        ),
        (
            decision(["n: number"], ["r: number"], ["- | 1"], id="l", policy="COLLECT").replace("决策", "l")
            + expression("l + 1", inside=requires("l")),
            "cell",
        ),
        (
            given("n", "string") + decision(["n: number"], ["r: number"], ["- | 1"], inside=requires("i_n")),
            "input-type",
        ),
        (decision(["n: number"], ["r: number"], ["- | m"]), "cell"),
        (decision(["n: number"], ["r: number"], ["- | n + null + true"]), "cell"),
        (decision(["n: number"], ["r: string"], ["- | n"]), "cell"),
        (decision(["n: number", "s: string"], ["r: string"], ["> s | - | s"]), "cell"),
        ("".join(expression("1", id=f"x{at}") for at in range(501)), "too-many-decisions"),
    ],
)
def test_what_cannot_be_required_or_computed_is_refused(content, rule):
    assert [finding.rule for finding in findings(dmn(content))] == [rule]


# --- Names in cells, and what is computed ---


def test_a_cell_may_compare_with_a_name():
    source = dmn(
        given("amount", "number"), given("threshold", "number"),
        decision(
            ["amount: number"], ["r: string"], ['> threshold | "above"', 'not(> threshold) | "below"'],
            inside=requires("i_amount", "i_threshold"),
        ),
    )  # fmt: skip
    table = load(source)["d"]
    assert not table.gaps_examined
    assert [decide(table, {"amount": n, "threshold": 5}).result for n in (4, 5, 6)] == ["below", "below", "above"]
    with pytest.raises(InputUnfit, match="rule 1 depends on it") as unfit:
        decide(table, {"amount": 5, "threshold": None})
    assert unfit.value.facts["inputs"] == ["threshold"]


def test_a_column_may_be_computed():
    source = dmn(
        given("a", "number"), given("b", "number"),
        decision(["a + b: number"], ["r: string"], ['< 10 | "A"', '>= 10 | "B"'], inside=requires("i_a", "i_b")),
    )  # fmt: skip
    outcome = decide(load(source)["d"], {"a": 4, "b": 6})
    assert (outcome.result, outcome.inputs) == ("B", {"a + b": 10})


def test_what_a_rule_computes_must_be_what_the_output_declares():
    whole = decision(["n: integer"], ["share: integer"], ["- | n / 2"])
    assert decide(load(dmn(whole))["d"], {"n": 4}).result == 2
    with pytest.raises(ResultUnfit, match="`d`, rule 1: the output `share`") as unfit:
        decide(load(dmn(whole))["d"], {"n": 5})
    assert unfit.value.facts["zh"] == "“决策”第 1 条规则的输出“share”无法得出。2.5 不是整数。"
    few = decision(["n: integer"], ["share: integer = 1, 2"], ["- | n * 1"])
    with pytest.raises(ResultUnfit, match="not among the allowed values"):
        decide(load(dmn(few))["d"], {"n": 3})


def test_rules_that_compute_the_same_agree_and_others_are_told_when_asked():
    agreed = decision(["n: number"], ["r: number"], ["> 1 | n * 2", "> 2 | n + n", "<= 1 | 0"], policy="ANY")
    assert decide(load(dmn(agreed))["d"], {"n": 3}).result == 6


# --- Files ---

BASE = dmn(
    given("n", "number"), expression("n * 2", id="twice", name="Twice", kind="number", inside=requires("i_n"))
).replace(b"urn:test", b"urn:base")


def importing(name: str, content: str, namespace: str = "urn:base") -> bytes:
    kind = "https://www.omg.org/spec/DMN/20191111/MODEL/"
    return (
        HEAD + f'<import name="{name}" namespace="{namespace}" importType="{kind}"/>{content}</definitions>'
    ).encode()


@pytest.mark.parametrize(("name", "spoken"), [("base", "base.Twice"), ("", "Twice")])
def test_a_decision_may_require_one_of_another_file(name, spoken):
    source = importing(name, expression(f"{spoken} + 1", inside=requires("urn:base#twice")))
    asks = decisions.load(source, name="asks.dmn", beside={"base.dmn": BASE, "asks.dmn": source, "p.bpmn": b"<x/>"})
    assert sorted(asks) == ["e"]
    outcome = decide(asks["e"], {"n": 4})
    assert (outcome.result, [each.decision for each in outcome.required]) == (9, ["twice"])


def test_files_may_import_each_other_but_not_in_a_circle_of_decisions():
    kind = "https://www.omg.org/spec/DMN/20191111/MODEL/"
    mine = importing("base", expression("base.Twice", inside=requires("urn:base#twice")))
    back = f'<import name="back" namespace="urn:test" importType="{kind}"/>'.encode()
    both = BASE.replace(b"<inputData", back + b"<inputData", 1)
    assert decide(decisions.load(mine, name="a", beside={"b": both})["e"], {"n": 1}).result == 2
    round_about = both.replace(b'href="#i_n"', b'href="#i_n"/><requiredDecision href="urn:test#e"')
    with pytest.raises(DecisionRefused) as refused:
        decisions.load(mine, name="a", beside={"b": round_about})
    assert refused.value.findings[0].rule in ("circle", "import-refused")


@pytest.mark.parametrize(
    ("beside", "rule"),
    [
        ({}, "import-unknown"),
        ({"one": BASE, "other": BASE}, "import-unknown"),
        ({"one": BASE.replace(b"n * 2", b"n *")}, "import-refused"),
    ],
)
def test_what_is_imported_must_be_there_once_and_in_order(beside, rule):
    source = importing("base", expression("1"))
    with pytest.raises(DecisionRefused) as refused:
        decisions.load(source, name="asks.dmn", beside=beside)
    assert [finding.rule for finding in refused.value.findings] == [rule]


def load(source):
    return decisions.load(source, name="test.dmn")


def findings(source):
    with pytest.raises(DecisionRefused) as caught:
        load(source)
    for finding in caught.value.findings:
        assert finding.line
        assert "{" not in finding.why + finding.why_zh + finding.remedy + finding.remedy_zh
    return caught.value.findings
