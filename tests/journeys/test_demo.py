"""The demonstration: published cases walked over HTTP, each coming out as published; and no place is named."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner, Result

from wenze.cli import main
from wenze.demo import cases

PROVINCES = (
    "北京|天津|河北|山西|内蒙古|辽宁|吉林|黑龙江|上海|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|广西|海南|重庆|四川|贵州|"
    "云南|西藏|陕西|甘肃|青海|宁夏|新疆"
)


PUBLISHED = (
    "应于2024年12月9日前，实为2024年12月11日，逾期 2 天",
    "涉及的执法人员：2",
    "应于2024年9月24日前",
    "合计不超过 60 日",
    "被立案的执法人员：16",
    "应于2025年6月16日前，实为2025年5月12日，在期限内",
    "应于2025年3月31日前，实为2025年3月27日，在期限内",
    "应于2025年5月21日前，实为2025年7月14日，逾期 54 天",
    "被立案的工作人员：5",
    "应于2023年7月15日前，实为2023年8月2日，逾期 18 天",
    "应于2023年8月14日前，实为2023年8月22日，逾期 8 天",
    "应于2023年8月26日前，实为2023年8月22日，在期限内",
    "应于2022年11月29日前，实为2022年11月17日，在期限内，当日是第 12 天",
)
"""What follows from the published facts, as it is printed."""


def test_no_case_names_a_place() -> None:
    for name in cases.names():
        told = (cases.FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
        assert re.findall(PROVINCES, told) == [], name


def test_every_case_is_told_in_both_languages() -> None:
    for name in cases.names():
        case = cases.case(name)
        worded = [
            case.title,
            case.published,
            case.invented,
            {key: case.ends[key] for key in case.ends if key != "state"},
        ]
        worded += [{key: each[key] for key in each if key in ("zh", "en")} for each in case.expected if "zh" in each]
        assert [each for each in worded if set(each) != {"zh", "en"} or not all(each.values())] == [], name


@pytest.mark.slow
def test_every_case_comes_out_as_published() -> None:
    shown = demo()

    assert shown.exit_code == 0, shown.output[-3000:]
    assert re.findall(r"^✓ (RC-\d\d)", shown.output, re.MULTILINE) == cases.names()
    assert "✗" not in shown.output
    assert re.findall(PROVINCES, shown.output) == []
    for published in PUBLISHED:
        assert published in shown.output
    assert "红牌 2026年4月17日 T-LI-09 法制审核" in shown.output, "a late rung is seen"
    assert "陈志远 要签收“收集、调取证据”，被拒绝" in shown.output, "who handled it before is kept out"


@pytest.mark.slow
def test_a_decision_dated_after_its_limit_is_recognised_as_late_with_due_date_and_article() -> None:
    shown = demo("--case", "RC-01")

    assert shown.exit_code == 0, shown.output
    (checked,) = {line.strip() for line in shown.output.splitlines() if "核对期限：PEN-DECIDE" in line}
    assert "应于2024年12月9日前，实为2024年12月11日，逾期 2 天〔行政处罚法第六十条，证据 V:S1〕" in checked


def demo(*words: str) -> Result:
    return CliRunner().invoke(main, ["demo", *words])
