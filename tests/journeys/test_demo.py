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


def test_no_case_names_a_place() -> None:
    for name in cases.names():
        told = (cases.FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
        assert re.findall(PROVINCES, told) == [], name


@pytest.mark.slow
def test_a_decision_dated_after_its_limit_is_recognised_as_late_with_due_date_and_article() -> None:
    shown = demo("--case", "RC-01")

    assert shown.exit_code == 0, shown.output
    (checked,) = {line.strip() for line in shown.output.splitlines() if "核对期限：PEN-DECIDE" in line}
    assert "应于2024年12月9日前，实为2024年12月11日，逾期 2 天〔行政处罚法第六十条，证据 V:S1〕" in checked


def demo(*words: str) -> Result:
    return CliRunner().invoke(main, ["demo", *words])
