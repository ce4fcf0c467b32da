"""The demonstration: published cases walked over HTTP, each coming out as published; no place is named; a new installation
begins with some of them under way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine.periods import ZONE
from tests.journeys.premises import CHEAP, KEYS, LAW
from tests.journeys.visitors import Visitor
from wenze import law, schema
from wenze.application import Application, create_app
from wenze.cli import main
from wenze.clock import MovableClock
from wenze.demo import cases, seed
from wenze.demo.show import show
from wenze.demo.telling import Teller
from wenze.demo.verdicts import all_hold
from wenze.settings import Settings

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


def test_what_does_not_come_out_is_told_with_what_was_expected() -> None:
    right = cases.case("RC-14")
    wrong = replace(right, expected=({"due": {"rule": "LIC-DECIDE", "from": "2022-11-01", "due": "2022-11-30"}},))
    lines: list[str] = []

    results = show([wrong], Teller("en", lines.append, brief=True))

    assert not all_hold(results)
    (told,) = [line for line in lines if line.startswith("  ✗")]
    assert "due on 29 Nov 2022" in told
    assert told.endswith("expected due on 30 Nov 2022")


def test_a_case_that_there_is_not_is_refused_with_those_there_are() -> None:
    refused = demo("--case", "RC-99")

    assert refused.exit_code == 2
    assert "RC-01" in refused.output


def test_a_new_demo_installation_has_cases_in_different_stages(new: Application) -> None:
    lines = seed.furnish(new, "http://127.0.0.1:8000")

    overseer = Visitor(new, "supervisor")
    files = [overseer.get(f"/cases/{line['id']}").json for line in overseer.get("/cases").json["items"]]
    stages = {file["state"]: {clock["rule"]: clock for clock in file["clocks"]} for file in files}
    assert set(stages) == {"REGISTERED", "PRELIMINARY", "DEFENCE", "INVESTIGATING", "IN_FORCE"}
    assert stages["REGISTERED"]["T-LI-01"]["state"] == "running"
    assert stages["PRELIMINARY"]["T-LI-04"]["state"] == "missed", "one is overdue"
    assert stages["DEFENCE"]["T-LI-08"]["state"] == "running"
    assert stages["IN_FORCE"]["T-LI-11"]["state"] == "running", "the remedy clock runs"
    warned = [rung["kind"] for rung in stages["INVESTIGATING"]["T-LI-06"]["rungs"] if rung["fired_at"]]
    assert warned == ["remind", "warn"], "the limit is near its end, and those who investigate were told"
    assert all(overseer.get(f"/cases/{file['id']}/ledger").json["holds"] for file in files)
    pages = re.findall(r"http://127\.0\.0\.1:8000/(cases|matters)/(\w+)", "\n".join(lines))
    assert {case_id for _, case_id in pages} == {file["id"] for file in files}, "each has a page to open"


def test_the_respondent_of_a_new_demo_installation_has_something_to_do(new: Application) -> None:
    lines = seed.furnish(new, "http://127.0.0.1:8000")

    assert [line for line in lines if "未能" in line] == []
    officer = Visitor(new, "officer")
    assert [task["form_key"] for task in officer.get("/tasks").json["items"]] == ["F-DEFENCE"]
    decided = [each["case_id"] for each in officer.get("/matters").json["items"] if each["standing"] == "decided"]
    assert [action["action"] for action in officer.get(f"/matters/{decided[0]}").json["actions"]] == ["appeal"]


def test_the_cases_of_a_demo_installation_are_opened_once_and_leave_no_key_behind(new: Application) -> None:
    seed.furnish(new, "http://127.0.0.1:8000")
    overseer = Visitor(new, "supervisor")
    before = overseer.get("/cases").json

    seed.furnish(new, "http://127.0.0.1:8000")

    assert overseer.get("/cases").json == before
    assert [token["name"] for token in overseer.get("/tokens").json["items"]] == ["test"]


def test_no_case_is_opened_before_the_law_was_in_force(new: Application, clock: MovableClock) -> None:
    early = datetime(2026, 1, 9, 10, 0, tzinfo=ZONE)
    application = create_app(new.settings, clock=MovableClock(early), passwords=CHEAP, releases=LAW)

    seed.furnish(application, "http://127.0.0.1:8000")

    opened = [line["state"] for line in Visitor(application, "supervisor").get("/cases").json["items"]]
    application.close()
    assert opened == ["REGISTERED"]


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(datetime(2026, 9, 14, 15, 30, tzinfo=ZONE))


@pytest.fixture
def new(database_url: str, clock: MovableClock, tmp_path: Path) -> Iterator[Application]:
    """An installation with the law, and nobody in it."""
    settings = Settings(instance=tmp_path / "var", database=database_url, port=0, **KEYS)
    application = create_app(settings, clock=clock, passwords=CHEAP, releases=LAW)
    schema.metadata().create_all(application.ground.database.engine)
    law.publish(application.ground, law.read(settings.law), clock.now())
    yield application
    application.close()


def demo(*words: str) -> Result:
    return CliRunner().invoke(main, ["demo", *words])
