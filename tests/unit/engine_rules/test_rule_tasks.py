"""A business rule task asks a decision with all that it requires, across files, and keeps what each of them said."""

from __future__ import annotations

from engine.dmn_file import DMN
from tests.unit.engine.drawing import diagram, rule
from tests.unit.engine.playing import Play, findings
from tests.unit.engine_rules.tables import HEAD, decision, dmn, expression, given, requires

BASE = dmn(
    given("loss", "number"),
    given("income", "number"),
    expression("loss / income", id="share", name="share", kind="number", inside=requires("i_loss", "i_income")),
).replace(b"urn:test", b"urn:base")
GRADE = (
    f'{HEAD}<import name="base" namespace="urn:base" importType="{DMN}"/>'
    + decision(["base.share: number"], ["r: string"], ['> 0.5 | "GRAVE"', '<= 0.5 | "SLIGHT"'], id="grade",
               inside=requires("urn:base#share"))
    + "</definitions>"
).encode()  # fmt: skip


def test_a_rule_task_keeps_each_decision_that_was_asked():
    play = Play({"p": diagram(rule("r", "grade", "degree")), "grade.dmn": GRADE, "base.dmn": BASE}, loss=3, income=4)
    assert play.variables == {"loss": 3, "income": 4, "degree": "GRAVE"}
    assert [(each.node, each.decision, each.result) for each in play.step.decided] == [
        ("r", "share", 0.75),
        ("r", "grade", "GRAVE"),
    ]
    assert [each["source"] for asked in play.step.decided for each in asked.rules] == ["K", "测试办法 1 PD"]


def test_a_rule_task_hands_over_what_the_required_decisions_ask():
    sources = {"grade.dmn": GRADE, "base.dmn": BASE}
    handed = Play({"p": diagram(rule("r", "grade", "degree", loss="n", income="10")), **sources}, n=1)
    assert handed.variables == {"n": 1, "degree": "SLIGHT"}
    found = findings({"p": diagram(rule("r", "grade", "degree", loss="1")), **sources})
    assert [each.rule for each in found] == ["decision-inputs"]
    assert "income" in found[0].why


def test_a_rule_task_whose_imported_file_is_missing_is_refused():
    assert [each.rule for each in findings({"p": diagram(rule("r", "grade")), "grade.dmn": GRADE})] == [
        "import-unknown"
    ]
