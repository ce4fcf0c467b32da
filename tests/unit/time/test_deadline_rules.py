"""What follows from a rule of the catalogue: the due day, the rungs, the verdict."""

from datetime import UTC, date, datetime

import pytest

from engine import periods
from engine.errors import PeriodRefused
from engine.periods import Period, Span
from engine.sheets import Wording
from workflows import catalogue
from workflows.catalogue import DeadlineRule, Event, Extension, Rung, Statute
from workflows.deadline_rules import is_longer
from workflows.errors import NotPossible


class TestJudgement:
    def test_a_decision_two_days_after_its_ninety_days_is_late(self, law, calendar):
        rule = law.rule("PEN-DECIDE", date(2024, 9, 9))
        verdict = catalogue.judge(rule, date(2024, 9, 9), date(2024, 12, 11), calendar)
        assert verdict.due.due == date(2024, 12, 9)
        assert (verdict.in_time, verdict.late_by_days, verdict.late_by_working_days) == (False, 2, 2)
        assert verdict.article == Wording("行政处罚法第六十条", "Administrative Penalty Law, Art. 60")

    def test_the_day_a_draft_was_written_would_have_been_in_time(self, law, calendar):
        rule = law.rule("PEN-DECIDE", date(2024, 9, 9))
        verdict = catalogue.judge(rule, date(2024, 9, 9), date(2024, 12, 4), calendar)
        assert (verdict.in_time, verdict.late_by_days) == (True, 0)

    def test_the_due_day_itself_is_in_time(self, law, calendar):
        rule = law.rule("PEN-DECIDE", date(2024, 9, 9))
        assert catalogue.judge(rule, date(2024, 9, 9), date(2024, 12, 9), calendar).in_time
        assert not catalogue.judge(rule, date(2024, 9, 9), date(2024, 12, 10), calendar).in_time

    @pytest.mark.parametrize(
        ("key", "start", "due", "actual", "late"),
        [
            ("PEN-DECIDE", date(2025, 3, 17), date(2025, 6, 16), date(2025, 5, 12), 0),
            ("PEN-HEAR-REQ", date(2025, 3, 24), date(2025, 3, 31), date(2025, 3, 27), 0),
            ("PEN-SERVE", date(2025, 5, 12), date(2025, 5, 21), date(2025, 7, 14), 54),
            ("CM-SEIZE", date(2023, 6, 15), date(2023, 7, 15), date(2023, 8, 2), 18),
            ("LIC-DECIDE", date(2022, 11, 1), date(2022, 11, 29), date(2022, 11, 17), 0),
        ],
    )
    def test_published_cases_come_out_as_published(self, law, calendar, key, start, due, actual, late):
        verdict = catalogue.judge(law.rule(key, start), start, actual, calendar)
        assert (verdict.due.due, verdict.late_by_days, verdict.in_time) == (due, late, late == 0)

    def test_a_seizure_extended_once_is_one_run_of_sixty_days(self, law, calendar):
        rule = law.rule("CM-SEIZE", date(2023, 6, 15))
        verdict = catalogue.judge(rule, date(2023, 6, 15), date(2023, 8, 22), calendar, extensions=[Period(30, "days")])
        assert (verdict.due.due, verdict.late_by_days) == (date(2023, 8, 14), 8)

    def test_a_clue_is_verified_in_fifteen_working_days(self, law, calendar):
        rule = law.rule("PEN-FILE-VERIFY", date(2024, 9, 2))
        assert catalogue.due_for(rule, date(2024, 9, 2), calendar).due == date(2024, 9, 24)

    def test_the_last_moment_of_an_hour_limit_is_in_time(self, law, calendar):
        start = datetime(2025, 10, 1, 22, 30, tzinfo=periods.ZONE)
        rule = law.rule("CM-APPROVE-24H", start.date())
        at_the_end = catalogue.judge(rule, start, datetime(2025, 10, 2, 14, 30, tzinfo=UTC), calendar)
        after_it = catalogue.judge(rule, start, datetime(2025, 10, 2, 14, 30, 1, tzinfo=UTC), calendar)
        assert (at_the_end.in_time, after_it.in_time) == (True, False)

    def test_a_hearing_notice_after_the_latest_day_is_late(self, law, calendar):
        rule = law.rule("PEN-HEAR-NOTICE", date(2026, 5, 13))
        assert catalogue.judge(rule, date(2026, 5, 13), date(2026, 4, 30), calendar).in_time
        late = catalogue.judge(rule, date(2026, 5, 13), date(2026, 5, 6), calendar)
        assert (late.in_time, late.late_by_days, late.late_by_working_days) == (False, 6, 1)

    def test_an_act_before_the_event_it_is_measured_from_is_refused(self, law, calendar):
        rule = law.rule("PEN-SERVE", date(2025, 5, 12))
        with pytest.raises(NotPossible, match="lies before the event"):
            catalogue.judge(rule, date(2025, 5, 12), date(2025, 5, 11), calendar)

    def test_events_may_be_given_as_text(self, law, calendar):
        rule = law.rule("PEN-DECIDE", date(2024, 9, 9))
        verdict = catalogue.judge(rule, "2024-09-09T16:20:00+08:00", "2024-12-11", calendar)
        assert (verdict.due.due, verdict.late_by_days) == (date(2024, 12, 9), 2)

    def test_a_text_that_is_no_date_is_refused(self, law, calendar):
        with pytest.raises(PeriodRefused, match="neither a day"):
            catalogue.due_for(law.rule("PEN-DECIDE", date(2024, 9, 9)), "soon", calendar)


class TestExtensions:
    def test_five_extensions_of_a_seizure_are_refused_with_the_article(self, law, calendar):
        rule = law.rule("CM-SEIZE", date(2025, 1, 6))
        with pytest.raises(NotPossible, match=r"1 time.*Art\. 25\(1\)") as caught:
            catalogue.due_for(rule, date(2025, 1, 6), calendar, extensions=[Period(30, "days")] * 5)
        assert "行政强制法第二十五条第一款" in caught.value.facts["zh"]

    def test_an_extension_longer_than_allowed_is_refused(self, law, calendar):
        rule = law.rule("LIC-DECIDE", date(2025, 1, 6))
        with pytest.raises(NotPossible, match="at most 10 working days"):
            catalogue.due_for(rule, date(2025, 1, 6), calendar, extensions=[Period(11, "working_days")])

    def test_a_cap_binds_all_extensions_together(self, law, calendar):
        rule = law.rule("DISC-DECIDE", date(2025, 1, 6))
        assert catalogue.due_for(rule, date(2025, 1, 6), calendar, extensions=[Period(6, "months")]).due == date(
            2026, 1, 6
        )
        with pytest.raises(NotPossible, match="at most 12 months"):
            catalogue.due_for(rule, date(2025, 1, 6), calendar, extensions=[Period(6, "months"), Period(1, "days")])

    def test_a_limit_that_nobody_may_extend_is_not_extended(self, law, calendar):
        rule = law.rule("PEN-SERVE", date(2025, 1, 6))
        with pytest.raises(NotPossible, match="cannot be extended"):
            catalogue.due_for(rule, date(2025, 1, 6), calendar, extensions=[Period(1, "working_days")])


class TestRungs:
    def test_shares_are_reached_at_the_end_of_a_counted_day(self, calendar):
        rule = made_up(Period(30, "working_days"), shares(0.7, 0.9, 1.0))
        due = catalogue.due_for(rule, date(2025, 3, 3), calendar)
        run = due.explanation
        assert [rung.at for rung in catalogue.rungs_of(rule, due, calendar)] == [
            periods.end_of(run.counted_day(21)), periods.end_of(run.counted_day(27)), due.due_at,
        ]  # fmt: skip

    def test_a_share_of_a_short_limit_comes_before_its_end(self, calendar):
        rule = made_up(Period(5, "working_days"), shares(0.9, 1.0))
        due = catalogue.due_for(rule, date(2025, 3, 3), calendar)
        warn, overdue = catalogue.rungs_of(rule, due, calendar)
        assert warn.at == periods.end_of(date(2025, 3, 7))
        assert overdue.at == periods.end_of(date(2025, 3, 10))

    def test_a_share_of_one_day_is_reached_when_it_begins(self, calendar):
        rule = made_up(Period(1, "working_days"), shares(0.7))
        due = catalogue.due_for(rule, date(2025, 3, 3), calendar)
        assert catalogue.rungs_of(rule, due, calendar)[0].at == periods.end_of(date(2025, 3, 3))

    def test_suspended_time_moves_the_rungs_with_the_end(self, calendar):
        rule = made_up(Period(10, "working_days"), shares(0.7))
        due = catalogue.due_for(rule, date(2025, 3, 3), calendar, suspended=[Span(date(2025, 3, 5), date(2025, 3, 14))])
        assert catalogue.rungs_of(rule, due, calendar)[0].at == periods.end_of(date(2025, 3, 24))

    def test_before_is_a_working_day_before_the_holiday(self, calendar):
        rungs = (Rung(kind="warn", before=Period(1, "working_days"), to=("holder",)),)
        rule = made_up(Period(30, "days"), rungs, roll="none")
        due = catalogue.due_for(rule, date(2025, 9, 5), calendar)  # 5 October, in the holiday
        assert catalogue.rungs_of(rule, due, calendar)[0].at == periods.start_of(date(2025, 9, 30))

    def test_no_rung_comes_before_the_event(self, calendar):
        rungs = (Rung(kind="remind", before=Period(10, "days"), to=("holder",)),)
        rule = made_up(Period(3, "days"), rungs)
        due = catalogue.due_for(rule, date(2025, 3, 3), calendar)
        assert catalogue.rungs_of(rule, due, calendar)[0].at == periods.start_of(date(2025, 3, 3))

    def test_after_is_the_end_of_a_later_day(self, calendar):
        rungs = (Rung(kind="escalate", after=Period(3, "working_days"), to=("supervision_body",)),)
        rule = made_up(Period(5, "working_days"), rungs)
        due = catalogue.due_for(rule, date(2025, 3, 3), calendar)
        assert catalogue.rungs_of(rule, due, calendar)[0].at == periods.end_of(date(2025, 3, 13))

    def test_rungs_of_hours_are_moments(self, calendar):
        rungs = (
            *shares(0.5),
            Rung(kind="warn", before=Period(1, "hours"), to=("holder",)),
            Rung(kind="escalate", after=Period(2, "hours"), to=("holder",)),
        )
        rule = made_up(Period(24, "hours"), rungs, roll="none")
        due = catalogue.due_for(rule, datetime(2025, 3, 3, 8, tzinfo=periods.ZONE), calendar)
        moments = [rung.at.astimezone(periods.ZONE) for rung in catalogue.rungs_of(rule, due, calendar)]
        assert [f"{at:%d %H}" for at in moments] == ["03 20", "04 07", "04 10"]

    def test_rungs_of_a_backward_limit_come_before_the_latest_day(self, law, calendar):
        rule = law.rule("PEN-HEAR-NOTICE", date(2026, 5, 13))
        due = catalogue.due_for(rule, date(2026, 5, 13), calendar)
        moments = catalogue.rungs_of(rule, due, calendar)
        assert [rung.kind for rung in moments] == ["warn", "overdue"]
        assert moments[0].at == periods.start_of(date(2026, 4, 29))
        assert moments[-1].at == due.due_at

    def test_every_rung_of_the_shipped_catalogue_lies_in_order_and_in_the_run(self, law, calendar):
        for versions in law.rules.values():
            for rule in versions:
                start = rule.effective_to or max(date(2025, 7, 1), rule.effective_from)
                begin = periods.start_of(start) if rule.period.unit == "hours" else start
                due = catalogue.due_for(rule, begin, calendar)
                moments = [rung.at for rung in catalogue.rungs_of(rule, due, calendar)]
                assert moments == sorted(moments)
                assert all(at <= due.due_at for at in moments)


def shares(*values: float) -> tuple[Rung, ...]:
    return tuple(Rung(kind="warn", share=value, to=("holder",)) for value in values)


def made_up(
    period: Period, rungs: tuple[Rung, ...] = (), *, roll: str = "next_working_day", extension: Extension | None = None
) -> DeadlineRule:
    event = Event("something_happened", Wording("某事", "something"))
    return DeadlineRule(
        key="X", name=Wording("某期限", "A limit"), statute=Statute("S", Wording("某法", "A law"), "law"), article=None,
        mark="K", trigger=event, period=period, roll=roll, direction="forward", first_day_counts=False, not_counted=(),
        extension=extension, rungs=rungs, consequence=None, lapse=(), note=None, met_by=event, binds="agency",
        effective_from=date(2015, 1, 1), effective_to=None, jurisdiction="CN", profile=None,
    )  # fmt: skip


def test_a_rule_without_an_article_is_cited_by_its_text(calendar):
    assert made_up(Period(1, "days")).citation == Wording("某法", "A law")


@pytest.mark.parametrize(
    ("period", "than", "longer"),
    [
        (Period(6, "working_days"), Period(5, "working_days"), True),
        (Period(5, "working_days"), Period(15, "days"), False),
        (Period(11, "working_days"), Period(15, "days"), True),
        (Period(1, "months"), Period(30, "days"), True),
        (Period(28, "days"), Period(1, "months"), False),
        (Period(29, "days"), Period(1, "months"), True),
        (Period(12, "months"), Period(1, "years"), True),
        (Period(25, "hours"), Period(1, "days"), True),
    ],
)
def test_in_doubt_a_period_is_held_to_be_longer(period, than, longer):
    assert is_longer(period, than) is longer
