"""Timers: when they fall due, in which order they fire, what a late wake gives, and the limits that the host keeps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from engine import machine
from engine.errors import ExpressionFailed, ProceedingStuck, TimerNotOpen
from tests.unit.engine.drawing import (
    boundary,
    catch,
    cycle,
    date,
    diagram,
    duration,
    end,
    exclusive,
    limit,
    many,
    message,
    parallel,
    race,
    script,
    start,
    sub,
    user,
)
from tests.unit.engine.playing import DAWN, Play

HOUR = timedelta(hours=1)


def dues(play: Play) -> list[timedelta]:
    return [timer.due - DAWN for timer in play.step.timers]


@pytest.mark.shows("timeDuration", "intermediateCatchEvent", "intermediateCatchEvent/timerEventDefinition")
def test_a_duration_counts_from_the_moment_of_arming():
    play = Play(diagram(user("a"), catch("t", duration("PT2H"))))
    play.now += HOUR
    play.complete("a")
    assert dues(play) == [3 * HOUR]
    assert play.step.timers[0].due.tzinfo is UTC


def test_a_timer_is_due_at_its_very_moment_and_not_before():
    play = Play(diagram(catch("t", duration("PT2H")), user("a")))
    assert play.wake(hours=1.9999).open == []
    assert play.wake(hours=0.0001).open == ["a"]


def test_a_month_after_the_last_of_january_is_the_last_of_february():
    play = Play(diagram(catch("t", duration("P1M"))), now=datetime(2026, 1, 31, 9, tzinfo=UTC))
    assert play.step.timers[0].due == datetime(2026, 2, 28, 9, tzinfo=UTC)


@pytest.mark.shows("timeDate")
def test_a_date_is_a_moment_with_its_zone():
    play = Play(diagram(catch("t", date("2026-05-01T09:00:00+08:00"))))
    assert play.step.timers[0].due == datetime(2026, 5, 1, 1, tzinfo=UTC)


def test_a_moment_may_be_computed():
    play = Play(
        diagram(catch("t", duration("'P' + string(days) + 'D'")), catch("d", date("until"))),
        days=3,
        until="2026-02-01T00:00:00Z",
    )
    assert dues(play) == [timedelta(days=3)]
    assert play.wake(days=3).step.timers[0].due == datetime(2026, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize("until", ["2026-02-01", "soon", "2026-02-01T00:00:00", 5, None])
def test_a_computed_moment_that_is_none_is_an_error_that_names_the_timer(until):
    with pytest.raises(ExpressionFailed) as failed:
        Play(diagram(catch("t", date("until"))), until=until)
    assert failed.value.facts["node"] == "t"
    assert failed.value.facts["expression"] == "until"


def test_a_date_that_has_passed_is_due_at_once_and_counts_from_the_arming():
    play = Play(diagram(catch("t", date("2020-01-01T00:00:00Z")), catch("u", duration("PT1H")), user("a")))
    assert play.wake().open == []
    assert dues(play) == [HOUR]


# Several timers


def test_timers_behind_one_event_based_gateway_have_each_their_own_moment():
    nodes = (race("g"), catch("t", duration("PT2H")), catch("u", duration("PT1H")), user("a"), user("b"))
    play = Play(diagram(*nodes, "start g t a end", "g u b end"))
    assert dues(play) == [2 * HOUR, HOUR]
    assert play.wake(hours=3).open == ["b"]


def test_two_boundary_timers_in_one_late_wake_fire_in_the_order_they_fell_due():
    nodes = (
        user("a"),
        boundary("late", "a", duration("PT2H")),
        boundary("early", "a", duration("PT1H"), interrupting=False),
        user("b"),
        user("c"),
    )
    play = Play(diagram(*nodes, "start a end", "late b end", "early c end")).wake(hours=5)
    assert play.happened("fired") == ["early", "late"]
    assert play.open == ["c", "b"]


def test_hundreds_of_timers_fire_in_one_wake_in_the_order_they_fall_due():
    inner = sub(
        "s", many(collection="waits", element="hours"), start("s0"), catch("t", duration("duration(string(hours) + 'h')")),
        end("s9"), "s0 t s9",
    )  # fmt: skip
    waits = [number * 7 % 500 + 1 for number in range(500)]
    play = Play(diagram(inner), waits=waits).wake(hours=501)
    assert play.ended
    fired = [each.at for each in play.step.trace if each.what == "fired"]
    assert fired == [DAWN + timedelta(hours=each) for each in sorted(waits)]


def test_a_timer_cancelled_by_an_earlier_one_does_not_fire():
    nodes = (
        user("a"),
        boundary("late", "a", duration("PT2H")),
        boundary("early", "a", duration("PT1H")),
        user("b"),
        user("c"),
    )
    play = Play(diagram(*nodes, "start a end", "late b end", "early c end")).wake(hours=5)
    assert play.happened("fired") == ["early"]
    assert play.open == ["c"]


def test_timers_armed_on_the_way_count_from_the_moment_they_should_have_been_armed():
    source = diagram(catch("t", duration("PT2H")), catch("u", duration("PT3H")), catch("v", duration("PT4H")))
    late = Play(source).wake(hours=6)
    assert dues(late) == [9 * HOUR]
    assert [each.at - DAWN for each in late.step.trace if each.what == "fired"] == [2 * HOUR, 5 * HOUR]


def test_one_late_wake_gives_what_many_early_ones_would_have_given():
    nodes = (
        parallel("f"),
        user("a"),
        boundary("tick", "a", cycle("R4/PT50M"), interrupting=False),
        boundary("over", "a", duration("PT170M")),
        script("n", "{'n': n + 1}"),
        catch("t", duration("PT40M")),
        exclusive("again", default="again.t2"),
        catch("t2", duration("PT60M")),
        user("b"),
        end("e2"),
        end("e3"),
    )
    chains = ("start f a end", "tick n e2", "over b e3", "f t again", "again -[n >= 3]-> end", "again t2 again")
    source = diagram(*nodes, *chains)
    late = Play(source, n=0).wake(hours=5)
    early = Play(source, n=0)
    for _ in range(5):
        early.wake(hours=1)
    assert late.history == early.history
    assert late.step.snapshot == early.step.snapshot


# Cycles


@pytest.mark.shows("timeCycle")
def test_a_cycle_fires_as_often_as_it_says():
    nodes = (user("a"), boundary("t", "a", cycle("R3/PT1H"), interrupting=False), user("b"))
    play = Play(diagram(*nodes, "start a end", "t b end"))
    assert dues(play) == [HOUR]
    assert play.wake(hours=1).open == ["a", "b"]
    assert dues(play) == [2 * HOUR]
    assert play.wake(hours=9).open == ["a", "b", "b", "b"]
    assert play.step.timers == ()


def test_a_cycle_without_end_goes_on_while_the_task_is_open():
    nodes = (user("a"), boundary("t", "a", cycle("R/P1D"), interrupting=False), script("n", "{'n': n + 1}"), end("e2"))
    play = Play(diagram(*nodes, "start a end", "t n e2"), n=0).wake(days=30)
    assert play.variables["n"] == 30
    assert play.complete("a").ended


def test_a_monthly_cycle_keeps_the_last_of_the_month():
    nodes = (user("a"), boundary("t", "a", cycle("R/P1M"), interrupting=False), script("n", "{'n': n + 1}"), end("e2"))
    play = Play(diagram(*nodes, "start a end", "t n e2"), n=0, now=datetime(2025, 12, 31, 9, tzinfo=UTC))
    seen = []
    for _ in range(4):
        seen.append(play.step.timers[0].due.date().isoformat())
        play.now = play.step.timers[0].due
        play.wake()
    assert seen == ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]


def test_a_cycle_may_begin_at_a_date():
    nodes = (user("a"), boundary("t", "a", cycle("R2/2026-01-02T00:00:00Z/PT12H"), interrupting=False), user("b"))
    play = Play(diagram(*nodes, "start a end", "t b end"))
    assert dues(play) == [24 * HOUR]
    play.wake(days=1)
    assert dues(play) == [36 * HOUR]


def test_a_cycle_in_the_flow_ends_with_its_first_moment():
    play = Play(diagram(catch("t", cycle("R3/PT1H")), user("a"))).wake(hours=5)
    assert play.open == ["a"]
    assert play.step.timers == ()


def test_a_cycle_that_was_left_alone_for_years_is_an_error_and_not_a_hang():
    nodes = (user("a"), boundary("t", "a", cycle("R/PT1S"), interrupting=False), script("n", "{'n': n + 1}"), end("e2"))
    play = Play(diagram(*nodes, "start a end", "t n e2"), n=0)
    with pytest.raises(ProceedingStuck, match="automatic steps"):
        play.wake(days=365)


# Statutory limits


def limited(interrupting: bool = True, **words: str) -> bytes:
    nodes = (
        user("a"),
        boundary("t", "a", limit(), interrupting=interrupting, wz_deadline="T-LI-06", **words),
        user("b"),
    )
    return diagram(*nodes, "start a end", "t b end")


def test_a_statutory_timer_is_never_fired_by_the_time_alone():
    play = Play(limited())
    timer = play.step.timers[0]
    assert (timer.deadline, timer.due, timer.trigger) == ("T-LI-06", None, None)
    assert play.wake(days=9999).open == ["a"]


@pytest.mark.shows("@wz:deadline")
def test_a_statutory_timer_fires_when_the_host_says_its_moment_has_passed():
    play = Play(limited())
    assert play.wake({play.step.timers[0].id: DAWN + HOUR}, hours=2).open == ["b"]
    assert {each.at for each in play.step.trace} == {DAWN + HOUR}


@pytest.mark.shows("@wz:from")
def test_the_trigger_date_is_read_when_the_limit_is_armed():
    play = Play(limited(wz_from="filed_at"), filed_at="2025-12-01")
    assert play.step.timers[0].trigger == "2025-12-01"
    play.step = machine.look(play.definition, play.step.snapshot, now=DAWN)
    assert play.step.timers[0].trigger == "2025-12-01"


@pytest.mark.parametrize("filed_at", ["yesterday", "2025-13-01", "2025-12-01T10:00:00", "", None, 20251201])
def test_a_trigger_that_is_no_date_is_an_error(filed_at):
    with pytest.raises(ExpressionFailed) as failed:
        Play(limited(wz_from="filed_at"), filed_at=filed_at)
    assert failed.value.facts["node"] == "t"


def test_statutory_timers_and_our_own_fire_in_one_order():
    nodes = (
        parallel("f"),
        user("a"),
        boundary("x", "a", limit(), interrupting=False, wz_deadline="X"),
        boundary("y", "a", duration("PT2H"), interrupting=False),
        boundary("z", "a", limit(), interrupting=False, wz_deadline="Z"),
        end("e2"),
    )
    play = Play(diagram(*nodes, "start f a end", "x e2", "y e2", "z e2", "f end"))
    x, z = play.timer("x").id, play.timer("z").id
    play.wake({x: DAWN + 3 * HOUR, z: DAWN + HOUR}, hours=4)
    assert play.happened("fired") == ["z", "y", "x"]


def test_a_statutory_timer_cancelled_in_the_same_wake_is_passed_over():
    nodes = (
        user("a"),
        boundary("t", "a", duration("PT1H")),
        boundary("x", "a", limit(), wz_deadline="X"),
        user("b"),
        user("c"),
    )
    play = Play(diagram(*nodes, "start a end", "t b end", "x c end"))
    assert play.wake({play.timer("x").id: DAWN + 2 * HOUR}, hours=3).open == ["b"]


def test_a_statutory_moment_before_the_arming_counts_from_the_arming():
    nodes = (catch("t", duration("PT1H")), catch("x", limit(), wz_deadline="X"), catch("u", duration("PT1H")))
    play = Play(diagram(*nodes)).wake(hours=1)
    play.wake({play.timer("x").id: DAWN - timedelta(days=9)})
    assert dues(play) == [2 * HOUR]


def test_an_expired_timer_that_is_not_open_is_refused():
    play = Play(limited())
    id = play.step.timers[0].id
    for wrong in ("t99-00000000", id.replace("t", "t0"), "", play.step.open_tasks[0].id):
        with pytest.raises(TimerNotOpen):
            play.wake({wrong: DAWN})
    play.complete("a")
    with pytest.raises(TimerNotOpen):
        play.wake({id: DAWN})


def test_a_timer_of_the_engine_cannot_be_expired_by_the_host():
    play = Play(diagram(catch("t", duration("PT1H"))))
    with pytest.raises(TimerNotOpen):
        play.wake({play.step.timers[0].id: DAWN})


def test_an_expired_moment_has_a_zone_and_does_not_lie_after_now():
    play = Play(limited())
    id = play.step.timers[0].id
    with pytest.raises(ValueError, match="after now"):
        play.wake({id: DAWN + HOUR})
    with pytest.raises(ValueError, match="zone"):
        play.wake({id: datetime(2026, 1, 1)})  # noqa: DTZ001 - that is the point


# Who sees what


def test_a_timer_says_what_it_guards_whom_it_concerns_and_what_its_instance_knows():
    loop = many(collection="parties", element="party")
    inner = sub(
        "s",
        loop,
        start("s0"),
        user("a", wz_party="party"),
        boundary("t", "a", duration("PT1H"), interrupting=False),
        end("s1"),
        end("s2"),
        "s0 a s1",
        "t s2",
    )
    play = Play(diagram(inner), parties=["x", "y"])
    assert [timer.attached for timer in play.step.timers] == [task.id for task in play.tasks("a")]
    assert [timer.locals["party"] for timer in play.step.timers] == ["x", "y"]
    assert [timer.about for timer in play.step.timers] == [{"party": "x"}, {"party": "y"}]
    assert {timer.path for timer in play.step.timers} == {("s",)}


def test_waking_does_nothing_when_nothing_is_due():
    play = Play(diagram(catch("t", duration("PT1H"))))
    before = play.step.snapshot
    assert play.wake(minutes=59).step.snapshot == before
    assert play.step.trace == ()


def test_now_is_taken_in_any_zone():
    east = timezone(timedelta(hours=8))
    here, there = (
        Play(diagram(catch("t", duration("P1M")))),
        Play(diagram(catch("t", duration("P1M"))), now=DAWN.astimezone(east)),
    )
    assert here.step.snapshot == there.step.snapshot


def test_a_timer_is_cancelled_by_a_message():
    nodes = (race("g"), catch("m", message("paid")), catch("t", duration("P1D")), user("a"), user("b"))
    play = Play(diagram(*nodes, "start g m a end", "g t b end")).deliver("paid")
    assert play.wake(days=3).open == ["a"]
