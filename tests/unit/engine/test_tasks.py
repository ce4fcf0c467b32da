"""Completing tasks, and what a task says about itself."""

from __future__ import annotations

from datetime import datetime

import pytest

from engine import machine
from engine.errors import AnswersRefused, ExpressionFailed, TaskNotOpen, TriggerUnknown
from tests.unit.engine.drawing import (
    boundary,
    call,
    catch,
    definitions,
    diagram,
    duration,
    element,
    end,
    files,
    flow,
    lanes,
    many,
    message,
    parallel,
    process,
    script,
    start,
    sub,
    user,
)
from tests.unit.engine.playing import DAWN, Play, load

# Which task may be completed


def test_a_task_is_completed_once():
    play = Play(diagram(user("a"), user("b")))
    id = play.step.open_tasks[0].id
    play.complete("a")
    with pytest.raises(TaskNotOpen) as refused:
        play.finish(id)
    assert refused.value.facts["task"] == id


def test_a_task_that_is_not_yet_reached_is_not_open():
    play = Play(diagram(user("a"), user("b")))
    then = Play(diagram(user("a"), user("b"))).complete("a").step.open_tasks[0].id
    with pytest.raises(TaskNotOpen):
        play.finish(then)


def test_a_task_of_another_proceeding_is_not_open():
    mine, other = Play(diagram(user("a")), case=1), Play(diagram(user("a")), case=2)
    with pytest.raises(TaskNotOpen):
        mine.finish(other.step.open_tasks[0].id)


def test_a_task_of_another_diagram_is_not_open():
    mine, other = Play(diagram(user("a"))), Play(diagram(user("a"), user("b")))
    with pytest.raises(TaskNotOpen):
        mine.finish(other.step.open_tasks[0].id)


def test_a_cancelled_task_is_not_open():
    play = Play(diagram(user("a"), boundary("t", "a", duration("PT1H")), user("b"), "start a end", "t b end"))
    id = play.step.open_tasks[0].id
    with pytest.raises(TaskNotOpen):
        play.wake(hours=1).finish(id)


@pytest.mark.parametrize(
    "id", ["", "t", "t2", "a", "start", "t-1", "root", "t02-x", "t2-", "t٢-x", None, 2, "t99999999999999999999-x"]
)
def test_what_is_no_task_id_is_not_open(id):
    play = Play(diagram(user("a")))
    mark = play.step.open_tasks[0].id.split("-")[1]
    for wrong in (id, str(id).replace("x", mark)):
        if wrong == play.step.open_tasks[0].id:
            continue
        with pytest.raises(TaskNotOpen):
            play.finish(wrong)


def test_only_tasks_are_completed_and_no_other_tokens():
    inner = sub("s", start("s0"), user("a"), end("s1"), "s0 a s1")
    play = Play(diagram(inner, boundary("t", "s", duration("PT1H")), "start s end", "t end"))
    others = {play.step.timers[0].id} | {each.id for each in play.step.active if each.kind == "subprocess"}
    assert len(others) == 2
    for id in others:
        with pytest.raises(TaskNotOpen):
            play.finish(id)


def test_nothing_is_open_when_the_proceeding_has_ended():
    play = Play(diagram(user("a")))
    id = play.step.open_tasks[0].id
    play.complete("a")
    with pytest.raises(TaskNotOpen):
        play.finish(id)
    assert not play.deliver("x").step.taken
    assert play.wake(days=1).ended


def test_an_error_behind_the_task_leaves_the_proceeding_where_it_stood():
    play = Play(diagram(user("a"), script("s", "{'x': 1 / n}"), user("b")), n=1)
    before = play.step.snapshot
    with pytest.raises(ExpressionFailed) as failed:
        play.complete("a", n=0)
    assert failed.value.facts["node"] == "s"
    assert failed.value.facts["expression"] == "{'x': 1 / n}"
    assert play.step.snapshot == before
    assert play.complete("a", n=2).open == ["b"]


# Answers


def test_answers_go_into_the_variables():
    play = Play(diagram(user("a"), user("b")), x=1)
    assert play.complete("a", y={"z": [1, 2.5, True, None, "四"]}).variables == {
        "x": 1,
        "y": {"z": [1, 2.5, True, None, "四"]},
    }


@pytest.mark.parametrize(
    "value",
    [
        2**63,
        -(2**63) - 1,
        float("nan"),
        float("inf"),
        (1, 2),
        {1: 2},
        {"a": object()},
        {"a": {3}},
        b"x",
        datetime(2026, 1, 1),  # noqa: DTZ001
        "\ud800",
        "x" * 300_000,
        "x" * 10_000_000,
        [0] * 300_000,
    ],
    ids=lambda value: str(value)[:12].encode("ascii", "replace").decode(),
)
def test_answers_that_are_not_plain_are_refused(value):
    play = Play(diagram(user("a")))
    with pytest.raises(AnswersRefused) as refused:
        play.complete("a", x=value)
    assert "xxxx" not in str(refused.value)


def test_the_borders_of_whole_numbers_are_kept():
    play = Play(diagram(user("a"), user("b"))).complete("a", low=-(2**63), high=2**63 - 1)
    assert play.look().variables == {"low": -(2**63), "high": 2**63 - 1}


def test_answers_nested_too_deep_are_refused():
    deep: object = 1
    for _ in range(10_000):
        deep = [deep]
    with pytest.raises(AnswersRefused, match="nests deeper"):
        Play(diagram(user("a"))).complete("a", x=deep)


@pytest.mark.parametrize("name", ["", " ", "vars"])
def test_answers_under_an_impossible_name_are_refused(name):
    with pytest.raises(AnswersRefused):
        Play(diagram(user("a"))).complete("a", **{name: 1})


@pytest.mark.parametrize("answers", [None, [1], "x", 5])
def test_answers_must_be_a_map(answers):
    play = Play(diagram(user("a")))
    with pytest.raises(AnswersRefused):
        machine.complete(
            play.definition, play.step.snapshot, play.step.open_tasks[0].id, answers, now=DAWN, services={}
        )


@pytest.mark.parametrize(
    "name",
    [
        "data",
        "task",
        "Start",
        "_children",
        "in",
        "true",
        "null",
        "loopCounter",
        "__class__",
        "size",
        "金额",
        "a-b",
        "int",
    ],
)
def test_names_that_mean_something_to_the_library_or_the_language_are_plain_variables(name):
    play = Play(diagram(user("a"), script("s", f"{{'copy': vars['{name}']}}"), user("b")))
    assert play.complete("a", **{name: 5}).variables == {name: 5, "copy": 5}


def test_the_first_variables_must_be_plain_too():
    with pytest.raises(AnswersRefused):
        Play(diagram(user("a")), x=object())


def test_what_the_caller_does_to_its_values_afterwards_changes_nothing():
    given = {"list": [1]}
    play = Play(diagram(user("a"), user("b")), given=given)
    given["list"].append(2)
    assert play.look().variables == {"given": {"list": [1]}}


# What a task says


@pytest.mark.shows("@id", "@name", "@wz:en", "@wz:form", "lane", "laneSet", "flowNodeRef")
def test_a_task_says_its_name_lane_form_and_where_it_stands():
    inner = sub("s", start("s0"), user("a", name="受理审批", wz_form="F-ACCEPT", wz_en="Accept"), end("s1"), "s0 a s1")
    play = Play(definitions(process("p", lanes(clerk="s"), start(), inner, end(), "start s end")))
    task = play.step.open_tasks[0]
    assert (task.node, task.name, task.lane, task.process, task.path) == ("a", "受理审批", "clerk", "p", ("s",))
    assert dict(task.extensions) == {"form": "F-ACCEPT", "en": "Accept"}


@pytest.mark.shows("@wz:stage", "@wz:state", "@wz:duty", "@wz:persons")
def test_a_task_says_its_stage_state_duty_and_how_many_persons_it_needs():
    said = {"wz_stage": "inquiry", "wz_state": "open", "wz_duty": "presider", "wz_persons": "2"}
    task = Play(diagram(user("a", **said))).step.open_tasks[0]
    assert dict(task.extensions) == {"stage": "inquiry", "state": "open", "duty": "presider", "persons": "2"}


@pytest.mark.shows("@wz:party", "@wz:person")
def test_whom_a_task_concerns_is_read_when_it_opens():
    play = Play(
        diagram(parallel("g"), user("a", wz_party="party", wz_person="person"), user("b"), "start g a end", "g b end"),
        party="P1",
        person="li",
    )
    assert play.step.open_tasks[0].about == {"party": "P1", "person": "li"}
    play.complete("b", party="P2")
    assert play.step.open_tasks[0].about == {"party": "P1", "person": "li"}


def test_whom_an_activity_concerns_holds_for_everything_in_it():
    called = process(
        "q", start(), user("a"), user("b", wz_party="other"), catch("m", message("x")), end(), "start a b m end"
    )
    caller = process("p", start(), call("c", "q", inputs={"other": "'P2'"}, wz_party="party"), end(), "start c end")
    play = Play(files(caller, called), party="P1")
    assert play.step.open_tasks[0].about == {"party": "P1"}
    assert play.complete("a").step.open_tasks[0].about == {"party": "P2"}
    assert play.complete("b").step.waiting[0].about == {"party": "P1"}


def test_an_attached_event_concerns_whom_its_activity_concerns():
    nodes = (
        user("a", wz_party="party"),
        boundary("t", "a", duration("PT1H")),
        boundary("m", "a", message("x"), wz_party="other"),
    )
    play = Play(diagram(*nodes, "start a end", "t end", "m end"), party="P1", other="P2")
    assert play.step.timers[0].about == {"party": "P1"}
    assert play.step.waiting[0].about == {"party": "P2"}


def test_each_instance_concerns_its_own_item():
    play = Play(diagram(user("a", many(collection="parties", element="party"), wz_party="party")), parties=["P1", "P2"])
    assert [task.about for task in play.step.open_tasks] == [{"party": "P1"}, {"party": "P2"}]


def test_a_task_about_nobody_known_is_an_error():
    with pytest.raises(ExpressionFailed, match="there is no variable “party”"):
        Play(diagram(user("a", wz_party="party")))


# Starting


@pytest.mark.shows("startEvent/messageEventDefinition", "@messageRef", "message")
def test_a_proceeding_may_be_started_by_a_message():
    starts = (start(), start("told", message("complaint"), wz_payload="complaint"))
    source = definitions(process("p", *starts, user("a"), user("b"), end(), "start a end", "told b end"))
    assert Play(source).open == ["a"]
    assert Play(source, trigger="complaint").open == ["b"]
    assert Play(source, trigger="told").open == ["b"]
    ways = load(source).start_triggers
    assert [(way.node, way.kind, way.message, way.payload) for way in ways] == [
        ("start", "none", "", ""),
        ("told", "message", "complaint", "complaint"),
    ]


@pytest.mark.shows("@wz:others")
def test_a_beginning_says_whose_duties_other_people_take_up():
    source = definitions(process("p", start("told", message("x"), wz_others="presider clerk"), end(), "told end"))
    assert dict(load(source).nodes[0].extensions) == {"others": "presider clerk"}


@pytest.mark.shows("startEvent/timerEventDefinition")
def test_a_proceeding_may_be_started_by_a_timer():
    source = definitions(
        process(
            "p",
            start("daily", element("timerEventDefinition", None, "<timeCycle>R/P1D</timeCycle>")),
            user("a"),
            end(),
            "daily a end",
        )
    )
    assert [(way.kind, way.timer) for way in load(source).start_triggers] == [("timer", "R/P1D")]
    assert Play(source, trigger="daily").open == ["a"]
    with pytest.raises(TriggerUnknown, match="timer R/P1D"):
        Play(source)


def test_a_proceeding_is_not_started_by_what_it_does_not_know():
    with pytest.raises(TriggerUnknown):
        Play(diagram(user("a")), trigger="nothing")


def test_the_same_beginning_gives_the_same_snapshot_and_another_beginning_other_ids():
    source = diagram(user("a"))
    assert Play(source, x=1).step == Play(source, x=1).step
    assert Play(source, x=1).step.open_tasks[0].id != Play(source, x=2).step.open_tasks[0].id


# What happened


def test_the_trace_tells_in_order_what_happened_and_by_which_flow():
    play = Play(
        definitions(
            process(
                "p", start(), user("a"), user("b"), end(), flow("start", "a", id="f1", name="go", wz_en="Go"), "a b end"
            )
        )
    )
    assert play.says() == [("entered", "start"), ("completed", "start"), ("taken", "f1"), ("entered", "a")]
    taken = play.step.trace[2]
    assert (taken.name, dict(taken.extensions), taken.id) == ("go", {"en": "Go"}, None)
    assert play.step.trace[3].id == play.step.open_tasks[0].id
    assert play.complete("a").says() == [("completed", "a"), ("taken", "a.b"), ("entered", "b")]


def test_what_stood_open_before_the_move_is_told():
    play = Play(diagram(user("a"), boundary("t", "a", duration("PT1H")), user("b"), "start a b end", "t end"))
    assert play.step.before == frozenset()
    ids = {each.id for each in (*play.step.open_tasks, *play.step.timers)}
    assert play.complete("a").step.before == ids


def test_looking_changes_nothing_and_tells_everything():
    play = Play(
        diagram(
            user("a"),
            boundary("t", "a", duration("PT1H")),
            boundary("m", "a", message("x")),
            "start a end",
            "t end",
            "m end",
        ),
        x=1,
    )
    look = play.look()
    assert look.snapshot == play.step.snapshot
    assert look.trace == ()
    for name in ("open_tasks", "timers", "waiting", "active", "variables", "ended"):
        assert getattr(look, name) == getattr(play.step, name)


def test_token_ids_are_never_given_again():
    play = Play(diagram(user("a"), user("b"), "start a b a", "b end"))
    seen = set()
    for _ in range(50):
        for node in ("a", "b"):
            if play.tasks(node):
                assert play.tasks(node)[0].id not in seen
                seen.add(play.tasks(node)[0].id)
                play.complete(node)
    assert len(seen) >= 50
