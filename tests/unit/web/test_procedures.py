"""A running procedure as ordered text and as lit nodes, from what the shipped diagrams draw."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.unit.web.shipped import law
from web import procedures
from web.page_values import Stage, StepState
from web.presentation import Wording
from workflows.errors import NotFound
from workflows.worklists import ProceedingView

ZH = Wording("zh", date(2026, 3, 2), ZoneInfo("Asia/Shanghai"))
EN = Wording("en", date(2026, 3, 2), ZoneInfo("Asia/Shanghai"))
ALL_DONE = ("take_in", "take_in__is_accepted", "is_accepted__file", "file", "file__is_filed", "is_filed__handle")


def test_the_steps_stand_in_the_order_of_the_diagram_and_nothing_beside_the_usual_way():
    assert told(view(here={"li_main": ("take_in",), "li_intake": ("decide_acceptance",)})) == [
        "here 线索受理",
        "  ahead 登记线索",
        "  here 决定是否受理",
        "ahead 初核与立案",
        "ahead 调查、认定与决定",
        "  ahead 调查核实",
        "  ahead 责任认定",
        "  ahead 告知、法制审核、集体讨论、决定",
        "ahead 送达、执行与救济（逐人）",
        "ahead 结案归档",
    ]


def test_a_step_beside_the_usual_way_is_told_once_it_is_there():
    names = told(view(here={"li_main": ("transfer_case",)}, done={"li_main": ALL_DONE}))
    assert "here 移送监察机关" in names
    assert not [name for name in told(view(done={"li_main": ALL_DONE})) if "移送监察机关" in name]


def test_of_a_choice_between_equals_nothing_is_told_before_it_is_made():
    here = {"li_main": ("execute",), "li_execution": ("in_force", "carry_out"), "li_sanction": ("execute_outcome",)}
    names = [name.strip() for name in told(view(here=here))]
    assert "here 执行处理决定" in names
    assert "ahead 澄清正名" not in names


def test_what_was_done_before_and_is_open_again_is_where_we_are():
    names = told(view(here={"li_main": ("handle", "investigate")}, done={"li_main": ("handle", "investigate")}))
    assert "  here 调查核实" in names


def test_the_short_way_has_the_large_steps_alone():
    short = procedures.short_outline(main(), view(here={"li_main": ("handle", "determine")}), ZH)
    assert [stage.name for stage in short] == [
        "线索受理",
        "初核与立案",
        "调查核实",
        "责任认定",
        "告知、法制审核、集体讨论、决定",
        "送达、执行与救济（逐人）",
        "结案归档",
    ]
    assert [stage.state for stage in short if stage.state is not StepState.AHEAD] == [StepState.HERE]


def test_there_is_a_picture_of_the_procedure_and_of_each_called_one_in_which_something_is_open():
    shown = view(
        here={"li_main": ("take_in",), "li_intake": ("decide_acceptance",)}, done={"li_intake": ("register_clue",)}
    )
    pictures = list(procedures.diagrams(main(), shown, ZH, lambda process: f"/{process}"))
    assert [(picture.name, picture.source_href) for picture in pictures] == [
        ("责任追究程序", "/li_main"),
        ("线索受理", "/li_intake"),
    ]
    assert dict(pictures[1].states) == {"register_clue": "done", "decide_acceptance": "here"}


def test_names_are_english_on_an_english_page():
    shown = view(here={"li_main": ("take_in",), "li_intake": ("decide_acceptance",)})
    assert procedures.name_of(main(), EN) == "Liability procedure"
    assert procedures.outline(main(), shown, EN)[0].name == "Clue intake"
    assert procedures.open_steps(main(), shown, EN) == ("Decide on acceptance",)


def test_rights_are_the_limits_within_which_a_party_may_act():
    concerned = frozenset(role.id for role in law().roles if role.concerned)
    assert set(procedures.rights(main(), concerned)) == {"T-LI-08", "T-LI-11"}


def test_a_kind_of_case_begins_with_the_form_of_its_first_step():
    assert law().first_form("liability").key == "F-CLUE"
    with pytest.raises(NotFound):
        law().first_form("nothing")


# --- what they need


def main():
    return law().definition("li_main")


def told(shown: ProceedingView) -> list[str]:
    return list(_lines(procedures.outline(main(), shown, ZH)))


def _lines(stages: tuple[Stage, ...], depth: int = 0):
    for stage in stages:
        yield f"{'  ' * depth}{stage.state} {stage.name}"
        yield from _lines(stage.steps, depth + 1)


def view(here=None, done=None) -> ProceedingView:
    return ProceedingView(
        id="p1",
        process="li_main",
        name="责任追究程序",
        state="running",
        started_at=datetime(2026, 3, 2, tzinfo=UTC),
        ended_at=None,
        follows_id=None,
        party_id=None,
        release_id="r1",
        failure=None,
        here=here or {},
        done=done or {},
    )
