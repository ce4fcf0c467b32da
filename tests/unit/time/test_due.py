"""What `wenze due` prints."""

import json
from datetime import date
from pathlib import Path

import pytest

from engine.errors import PeriodRefused
from engine.periods import Period, Span
from engine.sheets import Wording
from wenze import due
from wenze.due import VectorsRefused
from workflows import catalogue
from workflows.catalogue import RuleUnknown
from workflows.errors import NotPossible

VECTORS = Path(__file__).parent / "vectors.json"


class TestVectors:
    def test_every_worked_example_comes_out(self):
        lines, passed, total = due.run_vectors(VECTORS)
        assert [line for line in lines if "不符" in line] == []
        assert lines[-1] == f"{total} of {total}"
        assert passed == total == len(lines) - 1

    @pytest.mark.parametrize("vector", json.loads(VECTORS.read_text())["vectors"], ids=lambda vector: vector["id"])
    def test_each_worked_example_alone(self, vector, write, calendar):
        assert due.run_vectors(write(vectors=[vector]), calendar=calendar)[1:] == (1, 1)

    def test_one_that_differs_shows_expected_and_got(self, write):
        lines, passed, total = due.run_vectors(write(vectors=[{**VECTOR, "expected_due": "2025-06-04"}]), language="en")
        assert lines == ["V-1  FAILED  expected 2025-06-04, got 2025-06-03", "0 of 1"]
        assert (passed, total) == (0, 1)

    def test_the_words_are_chinese_by_default(self, write):
        assert due.run_vectors(write(vectors=[VECTOR]))[0] == ["V-1  符合  2025-06-03", "1 of 1"]

    def test_a_provisional_date_is_shown_as_such(self, write):
        unsure = {**VECTOR, "start": "2030-03-01", "expected_due": "2030-05-30"}
        assert due.run_vectors(write(vectors=[unsure]), language="en")[0][0] == "V-1  ok  2030-05-30 (provisional)"

    def test_a_date_that_should_have_been_certain_differs(self, write):
        unsure = {**VECTOR, "start": "2030-03-01", "expected_due": "2030-05-30", "expected_provisional": False}
        assert due.run_vectors(write(vectors=[unsure]))[1] == 0

    def test_one_that_cannot_be_counted_differs_and_says_why(self, write):
        hours = {**VECTOR, "period": {"value": 24, "unit": "hours"}}
        assert "needs the moment" in due.run_vectors(write(vectors=[hours]), language="en")[0][0]
        assert "时刻" in due.run_vectors(write(vectors=[hours]))[0][0]

    def test_defaults_of_the_file_hold_for_all(self, write):
        path = write(vectors=[{**VECTOR, "expected_due": "2025-06-01"}], defaults={"roll": "none"})
        assert due.run_vectors(path)[1] == 1

    def test_another_zone_counts_its_own_days(self, write):
        evening = {**VECTOR, "start": "2025-03-03T17:00:00+00:00"}
        assert due.run_vectors(write(vectors=[evening], timezone="UTC"))[1] == 1
        assert (
            due.run_vectors(write(vectors=[evening]))[1] == 1
        )  # 4 March in Shanghai: day 90 is 2 June, rolls to 3 June

    def test_fields_that_are_not_read_are_named(self, write):
        line = due.run_vectors(write(vectors=[{**VECTOR, "weather": "fine"}]), language="en")[0][0]
        assert line.endswith("(not read: weather)")

    def test_an_empty_list_is_zero_of_zero(self, write):
        assert due.run_vectors(write(vectors=[]))[0] == ["0 of 0"]

    @pytest.mark.parametrize(
        "change",
        [
            {"start": "2025-02-30"}, {"start": 5}, {"start": None}, {"expected_due": "soon"}, {"period": 90},
            {"period": {"value": 90}}, {"period": {"value": 0, "unit": "days"}},
            {"period": {"value": 1, "unit": "weeks"}}, {"period": {"value": 1, "unit": ["days"]}},
            {"period": {"value": 1, "unit": "days", "from": 2}}, {"roll": "previous"}, {"direction": "sideways"},
            {"excluded": {"from": "2025-03-04"}}, {"excluded": ["2025-03-04"]}, {"excluded": [{"from": "2025-03-04"}]},
            {"excluded": [{"from": "2025-03-05", "to": "2025-03-04"}]}, {"extensions": [5]}, {"suspended": "often"},
        ],
    )  # fmt: skip
    def test_a_malformed_vector_is_refused_by_name_and_field(self, write, change):
        with pytest.raises(VectorsRefused, match="V-1") as caught:
            due.run_vectors(write(vectors=[{**VECTOR, **change}]))
        assert "V-1" in caught.value.wording.zh

    @pytest.mark.parametrize("text", ["", "{", "[]", '{"vectors": 5}', '{"vectors": [5]}', "[" * 100_000])
    def test_a_file_that_is_none_is_refused(self, tmp_path, text):
        path = tmp_path / "v.json"
        path.write_text(text)
        with pytest.raises(VectorsRefused):
            due.run_vectors(path)

    @pytest.mark.parametrize(
        "extra", [{"timezone": "Mars/Base"}, {"timezone": 8}, {"defaults": [1]}, {"timezone": "../x"}]
    )
    def test_a_file_with_a_bad_head_is_refused(self, write, extra):
        with pytest.raises(VectorsRefused):
            due.run_vectors(write(vectors=[], **extra))

    def test_a_file_that_is_not_there_is_refused(self, tmp_path):
        with pytest.raises(VectorsRefused, match="cannot be read"):
            due.run_vectors(tmp_path / "nowhere.json")

    def test_an_id_that_occurs_twice_is_refused(self, write):
        with pytest.raises(VectorsRefused, match="occurs twice"):
            due.run_vectors(write(vectors=[VECTOR, VECTOR]))


class TestExplanation:
    def test_it_names_the_law_the_event_the_limit_and_the_end(self):
        lines = due.due_lines("PEN-DECIDE", "2024-09-09", until="2024-12-11")
        assert lines[:7] == [
            "PEN-DECIDE  作出行政处罚决定",
            "依据：行政处罚法第六十条（证据等级 V:S1）",
            "应办：作出行政处罚决定（机关）",
            "起算：2024年9月9日 星期一，立案",
            "期限：90 日，遇休息日顺延",
            "届满：2024年12月9日 星期一 24:00",
            "  最后一日 2024年12月8日 星期日 不是工作日，顺延至次一工作日",
        ]
        assert lines[7] == "至 2024年12月11日 星期三：逾期 2 日"

    def test_the_same_in_english(self):
        lines = due.due_lines("PEN-DECIDE", "2024-09-09", until="2024-12-11", language="en")
        assert lines[1:8] == [
            "Basis: Administrative Penalty Law, Art. 60 (evidence V:S1)",
            "To be done: penalty decided (by the agency)",
            "From: Monday, 9 September 2024, case filed",
            "Limit: 90 days, rolls to a working day",
            "Ends: Monday, 9 December 2024, 24:00",
            "  The last day, Sunday, 8 December 2024, is no working day; it rolls to the next one",
            "On Wednesday, 11 December 2024: 2 days late",
        ]

    def test_every_day_has_its_line(self):
        lines = due.due_lines("PEN-SERVE", "2025-09-26")
        days = lines[lines.index("逐日：") + 1 : -1]
        assert len(days) == 18
        assert days[0] == "  2025-09-26 周五       起算事由发生日，不计入  ← 起"
        assert days[2] == "  2025-09-28 周日    1  调休补班（国庆节、中秋节）"
        assert days[-1] == "  2025-10-13 周一    7  工作日  ← 届满"

    def test_a_backward_limit_says_latest(self):
        lines = due.due_lines("PEN-HEAR-NOTICE", "2026-05-13", language="en")
        assert "Latest: Thursday, 30 April 2026, 24:00" in lines
        assert "Limit: 7 working days, counted backward" in lines

    def test_a_profile_is_named(self):
        assert "规则包：REF" in due.due_lines("T-LI-06", "2025-03-03")

    def test_a_provisional_date_says_so_and_when_it_will_be_known(self):
        lines = due.due_lines("T-LI-06", "2026-12-15")
        assert "届满：2027年1月27日 星期三 24:00（暂定）" in lines
        assert lines[-2].startswith("日历：2026 已公布、2027 预测；版本 ")
        assert lines[-1] == "放假安排公布后重新计算。"

    def test_a_long_limit_folds_its_plain_stretches(self):
        lines = due.due_lines("SANCTION-END-DEMOTION", "2025-12-31", language="en")
        assert "  2026-01-01 … 2027-12-29    2–729  Calendar day" in lines
        assert len(lines) < 20

    @pytest.mark.parametrize(
        ("until", "zh", "en"),
        [
            ("2025-09-30", "还有 4 个工作日", "4 working days left"),
            ("2025-10-11", "还有 1 个工作日", "1 working day left"),
            ("2025-10-13", "今日到期", "due today"),
            ("2025-10-14", "逾期 1 个工作日", "1 working day late"),
        ],
    )
    def test_it_says_how_far_it_is(self, until, zh, en):
        assert any(line.endswith(zh) for line in due.due_lines("PEN-SERVE", "2025-09-26", until=until))
        assert any(line.endswith(en) for line in due.due_lines("PEN-SERVE", "2025-09-26", until=until, language="en"))

    def test_on_the_days_off_after_the_end_it_counts_in_days(self):
        lines = due.due_lines("PEN-SERVE", "2025-02-26", until="2025-03-08")
        assert any(line.endswith("逾期 1 日") for line in lines)

    def test_hours_are_said_in_hours_and_minutes(self):
        lines = due.due_lines("CM-APPROVE-24H", "2025-10-01T22:30", until="2025-10-02T17:10")
        assert "届满：2025年10月2日 星期四 22:30" in lines
        assert any(line.endswith("还有 5 小时 20 分") for line in lines)

    def test_excluded_and_extended_days_are_marked(self, law, calendar):
        rule = law.rule("CM-SEIZE", date(2025, 11, 3))
        counted = catalogue.due_for(
            rule, date(2025, 11, 3), calendar, extensions=[Period(30, "days")],
            excluded=[Span(date(2025, 11, 10), date(2025, 11, 14), Wording("技术鉴定", "Appraisal"))],
        )  # fmt: skip
        lines = due.explain_lines(rule, counted, calendar)
        assert "期限：30 日，+ 30 日，不顺延" in lines
        assert any("2025-11-10" in line and "技术鉴定" in line for line in lines)
        assert any("自然日（延长）" in line and "← 届满" in line for line in lines)

    def test_as_json_it_is_the_same_in_data(self):
        data = json.loads("\n".join(due.due_lines("PEN-SERVE", "2025-09-26", until="2025-10-14", as_json=True)))
        assert (data["due"], data["due_at"], data["provisional"]) == ("2025-10-13", "2025-10-13T16:00:00+00:00", False)
        assert data["rule"]["citation"]["zh"] == "行政处罚法第六十一条第一款、第八十五条"
        assert data["remaining"] == {"state": "overdue", "days": 1, "working_days": 1, "seconds": None}
        assert [rung["kind"] for rung in data["rungs"]] == ["warn", "overdue"]
        assert len(data["explanation"]["days"]) == 18

    @pytest.mark.parametrize("when", ["", "yesterday", "2025-02-30", "2025-9-1"])
    def test_a_start_that_is_no_day_is_refused_in_both_languages(self, when):
        with pytest.raises(PeriodRefused) as caught:
            due.due_lines("PEN-SERVE", when)
        assert "neither a day" in due.sentence(caught.value, "en")
        assert "不是日期" in due.sentence(caught.value, "zh")

    def test_a_rule_that_does_not_exist_is_refused_in_both_languages(self):
        with pytest.raises(RuleUnknown) as caught:
            due.due_lines("PEN-X", "2025-01-01")
        assert due.sentence(caught.value, "zh") == "期限目录中没有 PEN-X；相近的有 PEN-PAY。"
        assert due.sentence(caught.value, "en") == "The catalogue has no limit PEN-X; nearest: PEN-PAY."

    def test_suspended_excluded_and_extended_time_is_told_day_by_day(self):
        lines = due.due_lines(
            "CM-SEIZE", "2025-11-03", language="en",
            suspended=["2025-12-01..2025-12-02"], excluded=["appraisal:2025-11-10..2025-11-14"], extended=[30],
        )  # fmt: skip
        assert "Limit: 30 days, + 30 days, never rolls" in lines
        assert "Ends: Friday, 9 January 2026, 24:00" in lines
        assert "  2025-11-10 Mon       Appraisal" in lines
        assert "  2025-12-01 Mon       Clock suspended" in lines
        assert "  The measure ends or must be lifted [must_lift by=agency] (Art. 28, evidence V:S2)" in lines

    def test_hours_are_suspended_from_moment_to_moment(self):
        lines = due.due_lines(
            "CM-APPROVE-24H", "2025-10-01T22:30", suspended=["2025-10-01T23:00..2025-10-02T01:00"], as_json=True
        )
        assert json.loads("\n".join(lines))["due"] == "2025-10-03T00:30:00+08:00"

    def test_a_profile_may_be_chosen(self):
        lines = due.due_lines("SV-OBJECT", "2026-03-02", profile="CHONGQING")
        assert lines[1:3] == ["依据：重庆市行政执法监督条例第二十一条（证据等级 V:S19）", "规则包：CHONGQING"]

    @pytest.mark.parametrize(
        ("asked", "en", "zh"),
        [
            ({"extended": [30, 30]}, "at most 1|can be extended 1 time", "最多延长 1 次"),
            ({"extended": [31]}, "one extension is at most 30 days", "一次最多延长 30 日"),
            ({"excluded": ["weather:2025-11-10..2025-11-14"]}, "`weather` stops nothing", "不因“weather”停止计算"),
            ({"suspended": ["2025-11-14..2025-11-10"]}, "before it begins", "早于开始"),
            ({"suspended": ["2025-11-10..2025-11-14", "2025-11-12..2025-11-20"]}, "suspensions overlap", "中止重叠"),
            ({"suspended": ["2026-05-01..2026-05-05"]}, "lies outside the limit", "不在"),
            ({"excluded": ["2025-10-01..2025-10-09"]}, "lies outside the limit", "不在"),
            ({"excluded": ["2025-11-10"]}, "is no span", "不是时段"),
            ({"excluded": ["soon..2025-11-10"]}, "neither a day", "不是日期"),
            ({"extended": [0]}, "must be a whole number", "须为"),
        ],
    )
    def test_what_the_law_does_not_allow_is_refused_with_its_article(self, asked, en, zh):
        with pytest.raises(NotPossible, match=en) as caught:
            due.due_lines("CM-SEIZE", "2025-11-03", **asked)
        assert "Administrative Compulsion Law, Art. 25(1)" in due.sentence(caught.value, "en")
        assert zh in due.sentence(caught.value, "zh")
        assert "行政强制法第二十五条第一款" in due.sentence(caught.value, "zh")

    def test_a_file_of_vectors_is_refused_in_both_languages(self):
        problem = VectorsRefused("坏", "bad")
        assert (due.sentence(problem, "zh"), due.sentence(problem, "en")) == ("坏", "bad")

    def test_another_folder_of_artefacts_is_read_as_well_as_the_shipped_one(self):
        folder = Path(__file__).parents[3] / "bpmn"
        assert due.due_lines("PEN-SERVE", "2025-09-26", folder=folder) == due.due_lines("PEN-SERVE", "2025-09-26")
        assert due.calendar_of(folder).version == due.calendar_of().version


VECTOR = {
    "id": "V-1", "start": "2025-03-03", "period": {"value": 90, "unit": "days"}, "expected_due": "2025-06-03",
}  # fmt: skip


@pytest.fixture
def write(tmp_path):
    """Write a file of vectors."""

    def written(**content):
        path = tmp_path / "vectors.json"
        path.write_text(json.dumps(content))
        return path

    return written
