"""What an expression gives, what it refuses, and in which words."""

from __future__ import annotations

import copy
import json
import pickle
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import ExpressionFailed, ExpressionRefused
from engine.expressions import MAX_SOURCE, compile, evaluate

# --- Values ---


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("amount > 5000", True),
        ("amount + 1", 10001),
        ("double(amount) / 4.0", 2500.0),
        ("result == 'ACCEPT' && !anonymous", True),
        ("result in ['REFUSE', 'TRANSFER']", False),
        ("anonymous ? 'A' : 'B'", "B"),
        ("parties[0].name", "张三"),
        ("size(parties)", 2),
        ("size('张三')", 2),
        ("parties.map(p, p.name)", ["张三", "李四"]),
        ("parties.filter(p, p.role == 'RESPONDENT').map(p, p.name)", ["张三"]),
        ("parties.all(p, has(p.name))", True),
        ("parties.exists(p, p.name.startsWith('李'))", True),
        ("parties.exists_one(p, p.role == 'WITNESS')", True),
        ("[1, 2] + [3]", [1, 2, 3]),
        ("null", None),
        ("closed_at == null", True),
        ("{'accepted': true, 'limit': 15}", {"accepted": True, "limit": 15}),
        ("'2024-09-09'.matches('^[0-9]{4}-[0-9]{2}-[0-9]{2}$')", True),
        ("uint('7')", 7),
    ],
)
def test_an_expression_gives_a_plain_value(case, source, value):
    found = evaluate(compile(source), case)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("source", ["null", "given", "[null, given]", "{'a': null}", "{'a': [null, {'b': given}]}"])
def test_a_null_costs_the_interpreter_no_reference(source: str) -> None:
    """The library gives up a reference to None for each null it hands out; the interpreter aborts when none is left."""
    expression = compile(source)
    evaluate(expression, {"given": None})
    before = sys.getrefcount(None)
    for _ in range(1_000):
        evaluate(expression, {"given": None})
    assert sys.getrefcount(None) > before - 200


def test_all_variables_are_in_vars_under_any_name(case):
    assert evaluate(compile("vars['金额'] > 3"), {**case, "金额": 5}) is True
    assert evaluate(compile("vars.amount == amount"), case) is True
    assert evaluate(compile("size(vars)"), case) == len(case)


def test_vars_says_whether_a_variable_is_there(case):
    question = compile("has(vars.transfer) && vars.transfer == 'PROCURATORATE'")
    assert evaluate(question, case) is False
    assert evaluate(question, {**case, "transfer": "PROCURATORATE"}) is True


def test_moments_and_durations_come_out_as_iso_text():
    assert evaluate(compile("timestamp('2024-09-09T08:00:00+08:00')"), {}) == "2024-09-09T00:00:00Z"
    assert evaluate(compile("duration('36h') + duration('0.5s')"), {}) == "PT129600.5S"
    assert evaluate(compile("duration('-3h')"), {}) == "-PT10800S"
    assert evaluate(compile("timestamp(filed) + duration('24h')"), {"filed": "2024-09-09T00:00:00Z"}) == (
        "2024-09-10T00:00:00Z"
    )
    assert evaluate(compile("timestamp('2024-09-09T20:00:00Z').getDate('+08:00')"), {}) == 10


def test_the_keys_of_a_map_come_in_alphabetical_order_every_time():
    assert list(evaluate(compile("{'z': 1, 'a': {'y': 1, 'b': 2}, 'm': 3}"), {})) == ["a", "m", "z"]


def test_a_list_is_never_gathered_from_a_map_whose_order_is_not_defined():
    failed = failure("votes.map(who, who)", votes={"li": 1, "wang": 2})
    assert failed.facts["reason"] == "order-undefined"
    assert failure("parties.map(p, p.votes.map(v, v))", parties=[{"votes": {"li": 1}}]).facts["reason"] == (
        "order-undefined"
    )
    assert failure("[{'li': 1}].map(m, m.filter(v, true))").facts["reason"] == "order-undefined"


def test_questions_about_the_entries_of_a_map_need_no_order():
    votes = {"li": True, "wang": False}
    assert evaluate(compile("votes.exists(who, votes[who])"), {"votes": votes}) is True
    assert evaluate(compile("votes.all(who, votes[who])"), {"votes": votes}) is False


def test_beside_a_map_in_the_same_member_a_list_can_be_gathered():
    parties = [{"marks": {"a": 1}, "roles": ["x"]}, {"marks": {}, "roles": ["y", "z"]}]
    assert evaluate(compile("parties.map(p, p.roles.map(r, r))"), {"parties": parties}) == [["x"], ["y", "z"]]


@given(st.deferred(lambda: JSON))
@settings(max_examples=200, deadline=None)
def test_every_plain_value_passes_unchanged(value):
    passed = evaluate(compile("value"), {"value": value})
    assert json.dumps(passed, sort_keys=True) == json.dumps(value, sort_keys=True)


def test_the_values_that_went_in_are_not_those_that_come_out(case):
    parties = evaluate(compile("parties"), case)
    parties[0]["name"] = "changed"
    assert case["parties"][0]["name"] == "张三"


# --- What an expression asks for ---


def test_an_expression_names_what_it_asks_for():
    asked = compile("a.b > limit && rows.all(row, row.x == c) && has(vars.d) && vars['金额'] > 1")
    assert asked.names == {"a", "limit", "rows", "c"}
    assert asked.looked_up == {"d", "金额"}


def test_a_loop_variable_is_not_asked_for_outside_its_loop():
    assert compile("[1].map(x, x) == [x]").names == {"x"}
    assert compile("[1].map(x, [2].map(y, x + y))").names == frozenset()


def test_one_that_uses_the_whole_map_says_so():
    assert compile("vars").looked_up is None
    assert compile("vars[name]").looked_up is None


@pytest.mark.parametrize("source", ["'PT5M'", "duration('5m')", "[1, 2].map(x, x * 2)", "1 + 2"])
def test_one_that_asks_for_nothing_is_constant(source):
    assert compile(source).constant


@pytest.mark.parametrize("source", ["a", "has(vars.a)", "vars"])
def test_one_that_asks_for_something_is_not_constant(source):
    assert not compile(source).constant


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("a > 1", "truth"),
        ("size(a)", "integer"),
        ("2.5", "number"),
        ("'x'", "text"),
        ("[1]", "list"),
        ("{'a': 1}", "map"),
        ("timestamp(a)", "moment"),
        ("duration('1h')", "duration"),
        ("null", "null"),
        ("a", "any"),
        ("a + 1", "integer"),
        ("a + b", "any"),
    ],
)
def test_its_kind_is_known_as_far_as_its_source_tells(source, kind):
    assert compile(source).kind == kind


def test_what_is_not_asked_for_is_not_looked_at():
    assert evaluate(compile("a"), {"a": 1, "rest": object()}) == 1
    assert evaluate(compile("vars.a"), {"a": 1, "rest": object()}) == 1


# --- Refused when read ---


@pytest.mark.parametrize(
    ("source", "reason", "line", "column", "word"),
    [
        ("", "source-empty", 1, 1, "empty"),
        ("   ", "source-empty", 1, 1, "empty"),
        ("a +", "unfinished", 1, 4, "ends too early"),
        ("a > 1 b", "syntax", 1, 7, "`b`"),
        ("a > 1 &&\n  b c", "syntax", 2, 5, "`c`"),
        ("金额 > 1", "character-unfit", 1, 1, "vars['…']"),
        ("a == “x”", "character-unfit", 1, 6, "“"),
        ("a ＞ 1", "character-unfit", 1, 3, "＞"),
        ("a > 1; b", "character-unfit", 1, 6, ";"),
        ("now() > a", "function-unknown", 1, 4, "`now`"),
        ("a.format('x')", "function-unknown", 1, 9, "`format`"),
        ("1 + 2.5", "kinds-misfit", 1, 3, "an integer and a decimal number"),
        ("'a' + 1", "kinds-misfit", 1, 5, "a text and an integer"),
        ("1 == '1'", "kinds-misfit", 1, 3, "an integer and a text"),
        ("!1", "kinds-misfit", 1, 1, "`!`"),
        ("99999999999999999999", "number-unfit", 1, 1, "too large"),
        ("{'a': 1, 'a': 2}", "key-twice", 1, 1, "twice"),
        ("type == 'x'", "type-as-value", 1, 1, "vars.type"),
        ("a == int", "type-as-value", 1, 6, "vars.int"),
        ("a.matches('[')", "regex-invalid", 1, 10, "not valid"),
        ("a.matches(b)", "regex-computed", 1, 10, "literal"),
        ("timestamp(a).getHours('Asia/Shanghai')", "time-zone", 1, 22, "+08:00"),
        ("timestamp(a).getHours(zone)", "time-zone", 1, 22, "+08:00"),
        ("google.protobuf.Struct{}", "message", 1, 1, "google.protobuf.Struct"),
        ("a\x00b", "character-unfit", 1, 2, "control character"),
        ("a = 1", "character-unfit", 1, 3, "="),
    ],
)
def test_what_cannot_be_carried_out_is_refused_with_its_place(source, reason, line, column, word):
    with pytest.raises(ExpressionRefused) as refused:
        compile(source)
    facts = refused.value.facts
    assert (facts["reason"], facts["line"], facts["column"]) == (reason, line, column)
    assert word in str(refused.value)
    assert facts["zh"]
    assert str(facts["zh"]).endswith("。")


def test_a_source_that_is_too_long_is_refused_before_it_is_parsed():
    with pytest.raises(ExpressionRefused) as refused:
        compile("a" * (MAX_SOURCE + 1))
    assert refused.value.facts["reason"] == "source-too-long"


def test_what_is_not_text_is_refused():
    with pytest.raises(ExpressionRefused):
        compile(b"1")  # type: ignore[arg-type]


@pytest.mark.parametrize("source", ["(" * 40 + "1" + ")" * 40, "[" * 40 + "]" * 40, "a" + ".b" * 60, "a" + " + a" * 60])
def test_nesting_is_bounded(source):
    with pytest.raises(ExpressionRefused) as refused:
        compile(source)
    assert refused.value.facts["reason"] == "too-deep"


def test_a_type_may_be_asked_for():
    assert evaluate(compile("type(a) == string"), {"a": "x"}) is True
    assert evaluate(compile("list != type(a)"), {"a": "x"}) is True


# --- Failed when evaluated ---


@pytest.mark.parametrize(
    ("source", "values", "reason", "word"),
    [
        ("a > 1", {}, "variable-missing", "`a`"),
        ("vars.a > 1", {}, "key-missing", "`a`"),
        ("vars['金额'] > 1", {}, "key-missing", "`金额`"),
        ("a.b", {"a": {}}, "key-missing", "`b`"),
        ("a.b", {"a": None}, "field-of-nothing", "none"),
        ("a.b", {"a": "text"}, "field-of-nothing", "none"),
        ("a + 2.5", {"a": 1}, "kinds-misfit", "an integer and a decimal number"),
        ("a < b", {"a": 1, "b": "x"}, "kinds-misfit", "an integer and a text"),
        ("a && b", {"a": 1, "b": True}, "kinds-misfit", "`&&`"),
        ("a in b", {"a": 1, "b": 2}, "kinds-misfit", "`in`"),
        ("a ? 1 : 2", {"a": 1}, "not-a-truth", "neither true nor false"),
        ("a[0]", {"a": []}, "index", "0"),
        ("a[0]", {"a": "text"}, "kinds-misfit", "string"),
        ("1 / a", {"a": 0}, "division-by-zero", "zero"),
        ("{a: 1, 'x': 2}", {"a": "x"}, "key-twice", "twice"),
        ("a + 1", {"a": 2**63 - 1}, "overflow", "range"),
        ("timestamp(a)", {"a": "2024-09-09"}, "not-a-moment", "2024-09-09T00:00:00Z"),
        ("duration(a)", {"a": "P3D"}, "not-a-duration", "36h"),
        ("b'x'", {}, "result-not-plain", "bytes"),
        ("type(1)", {}, "result-not-plain", "type"),
        ("{1: 2}", {}, "result-not-plain", "no text"),
        ("1e300 * 1e300", {}, "result-not-plain", "finite"),
        ("'a\\u0000'", {}, "result-not-plain", "NUL"),
        ("18446744073709551615u", {}, "result-not-plain", "64 bits"),
        ("a", {"a": 2**63}, "value-unfit", "64 bits"),
        ("a", {"a": "x\x00y"}, "value-unfit", "NUL"),
        ("a", {"a": "\ud800"}, "value-unfit", "half"),
        ("a", {"a": float("nan")}, "value-unfit", "finite"),
        ("a", {"a": (1,)}, "value-unfit", "tuple"),
        ("a", {"a": {1: 2}}, "value-unfit", "no text"),
        ("a", {"a": {"b": [object()]}}, "value-unfit", "`a.b[0]`"),
    ],
)
def test_a_failure_is_named_and_names_its_expression(source, values, reason, word):
    failed = failure(source, **values)
    assert failed.facts["reason"] == reason
    assert word in str(failed)
    assert source in str(failed)
    assert str(failed.facts["zh"]).endswith("。")


def test_what_the_language_never_reaches_is_no_failure():
    assert evaluate(compile("false && missing"), {}) is False
    assert evaluate(compile("true || missing"), {}) is True
    assert evaluate(compile("has(vars.a) ? a : 'none'"), {}) == "none"


def test_input_too_deep_or_too_large_fails():
    deep: Any = 1
    for _ in range(40):
        deep = [deep]
    assert failure("a", a=deep).facts["reason"] == "value-unfit"
    assert failure("a", a=list(range(200_000))).facts["reason"] == "input-too-large"
    assert failure("a", a="x" * 5_000_000).facts["reason"] == "input-too-large"


def test_a_failing_text_is_cut_short_in_the_message():
    assert len(str(failure("missing == '" + "x" * 5000 + "'"))) < 500


# --- Shared ---


def test_the_same_source_is_compiled_once():
    assert compile("a > 12345") is compile("a > 12345")


def test_an_expression_can_be_copied_and_pickled():
    one = compile("a > 1")
    assert evaluate(copy.deepcopy(one), {"a": 2}) is True
    assert pickle.loads(pickle.dumps(one)) == one


def test_threads_share_one_expression():
    one = compile("rows.map(x, x + n)")
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: evaluate(one, {"rows": [1, 2, 3], "n": n}), range(400)))
    assert found == [[n + 1, n + 2, n + 3] for n in range(400)]


# --- Fixtures ---

TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=20)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@pytest.fixture
def case() -> dict[str, Any]:
    return {
        "amount": 10000,
        "result": "ACCEPT",
        "anonymous": False,
        "closed_at": None,
        "parties": [{"name": "张三", "role": "RESPONDENT"}, {"name": "李四", "role": "WITNESS"}],
    }


def failure(source: str, **values: Any) -> ExpressionFailed:
    with pytest.raises(ExpressionFailed) as failed:
        evaluate(compile(source), values)
    return failed.value
