"""Limits of cases that authorities have published come out as published, each with its explanation.

The facts are those of the publications, in our own words; persons and places are left out.
"""

from datetime import date, timedelta

import pytest

from engine.periods import Period, Span
from wenze import due as told
from workflows import catalogue
from workflows.errors import NotPossible


class Case:
    """One limit of a published case: from which day, to which day, when the act was done, and what the explanation shows."""

    def __init__(self, key, start, due, actual=None, late=0, *, extended=(), skipped=(), shows=()):
        self.key, self.start, self.due = key, date.fromisoformat(start), date.fromisoformat(due)
        self.actual = date.fromisoformat(actual) if actual else None
        self.late, self.extended, self.skipped, self.shows = late, extended, skipped, shows


CASES = {
    "a decision dated after its ninety days": Case(
        "PEN-DECIDE", "2024-09-09", "2024-12-09", "2024-12-11", 2,
        shows=("2024-12-08 周日   90  自然日", "2024-12-09 周一       顺延至次一工作日  ← 届满", "行政处罚法第六十条"),
    ),
    "the same by the day of its draft": Case("PEN-DECIDE", "2024-09-09", "2024-12-09", "2024-12-04"),
    "a report verified before deciding whether to file": Case(
        "PEN-FILE-VERIFY", "2024-09-02", "2024-09-24",
        shows=("2024-09-14 周六   10  调休补班（中秋节）",
               "2024-09-16 周一       中秋节", "2024-09-24 周二   15  工作日  ← 届满"),
    ),
    "a decision within its ninety days": Case(
        "PEN-DECIDE", "2025-03-17", "2025-06-16", "2025-05-12", shows=("2025-06-15 周日   90  自然日",)
    ),
    "a hearing asked for in time": Case("PEN-HEAR-REQ", "2025-03-24", "2025-03-31", "2025-03-27"),
    "a decision served two months late": Case(
        "PEN-SERVE", "2025-05-12", "2025-05-21", "2025-07-14", 54, shows=("2025-05-17 周六       周末",)
    ),
    "a seizure extended after it had ended": Case(
        "CM-SEIZE", "2023-06-15", "2023-07-15", "2023-08-02", 18, shows=("不顺延", "措施须解除 [must_lift by=agency]")
    ),
    "the same with its extension in one run": Case(
        "CM-SEIZE", "2023-06-15", "2023-08-14", "2023-08-22", 8, extended=[30], shows=("30 日，+ 30 日", "自然日（延长）")
    ),
    "the same without twelve days of testing": Case(
        "CM-SEIZE", "2023-06-15", "2023-07-27", "2023-08-02", 6, skipped=[("2023-06-20", "2023-07-01")],
        shows=("2023-06-20 周二       检测、检验",),
    ),
    "the same, extended and without the testing": Case(
        "CM-SEIZE", "2023-06-15", "2023-08-26", "2023-08-22", extended=[30], skipped=[("2023-06-20", "2023-07-01")]
    ),
    "a licence refused in time": Case(
        "LIC-DECIDE", "2022-11-01", "2022-11-29", "2022-11-17", shows=("2022-11-17 周四   12  工作日",)
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_published_limit_comes_out_with_its_explanation(law, calendar, case):
    rule = law.rule(case.key, case.start)
    spans = [Span(date.fromisoformat(a), date.fromisoformat(b), law.not_counted["testing"]) for a, b in case.skipped]
    verdict = catalogue.judge(
        rule, case.start, case.actual or case.due, calendar,
        extensions=[Period(number, rule.period.unit) for number in case.extended], excluded=spans,
    )  # fmt: skip
    assert (verdict.due.due, verdict.due.provisional) == (case.due, False)
    assert (verdict.late_by_days, verdict.in_time) == (case.late, case.late == 0)
    explanation = "\n".join(told.explain_lines(rule, verdict.due, calendar))
    assert [part for part in case.shows if part not in explanation] == []


def test_a_seizure_extended_five_times_was_extended_four_times_too_often(law, calendar):
    rule = law.rule("CM-SEIZE", date(2025, 1, 1))
    once = catalogue.due_for(rule, date(2025, 1, 1), calendar, extensions=[Period(30, "days")])
    assert once.due - date(2025, 1, 1) == timedelta(days=60)
    with pytest.raises(NotPossible) as refused:
        catalogue.due_for(rule, date(2025, 1, 1), calendar, extensions=[Period(30, "days")] * 5)
    assert "行政强制法第二十五条第一款" in refused.value.facts["zh"]


def test_between_application_and_handling_lay_five_working_days(calendar):
    assert calendar.working_days(date(2025, 1, 2), date(2025, 1, 9)) == 5
