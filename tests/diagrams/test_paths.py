"""Every way through every shipped diagram is walked: straight, and again with nothing kept between two moves but bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from engine.step import OpenTask, Waiting
from tests.diagrams import answers, walking
from tests.diagrams.walking import Walk, Walker

PROCESSES = sorted(answers.BEGINNINGS)


def test_every_way_comes_to_an_end(walks: list[Walk]):
    stuck = [walk.told for walk in walks if not walk.last.ended]
    assert stuck == []


def test_every_flow_is_taken_and_every_node_reached(walks: list[Walk], walker: Walker):
    happened = {
        (what, node) for walk in walks for what, process, node in walk.happened if process == process_of(walker)
    }
    mine = [node for node in walker.definition.nodes if node.process == process_of(walker)]
    flows = [flow for flow in walker.definition.flows if flow.process == process_of(walker)]
    assert [flow.id for flow in flows if ("taken", flow.id) not in happened] == []
    assert [node.id for node in mine if not {("entered", node.id), ("fired", node.id)} & happened] == []


def test_every_end_is_reached(walks: list[Walk], walker: Walker):
    reached = {node for walk in walks for what, _, node in walk.happened if what == "completed"}
    ends = [node.id for node in walker.definition.nodes if node.kind == "end" and node.process == process_of(walker)]
    assert sorted(set(ends) - reached) == []


def test_a_proceeding_kept_as_bytes_goes_the_same_way(walks: list[Walk], walker: Walker):
    thawed = Walker(
        definition=walking.load(process_of(walker), walking.alone(process_of(walker))),
        answers=walker.answers,
        payloads=walker.payloads,
        services=walker.services,
    )
    different = [walk.told for walk in walks if thawed.again(walk) != walk.traces]
    assert different == []


def process_of(walker: Walker) -> str:
    return walker.definition.process_id


def answers_to(task: OpenTask) -> Sequence[Mapping[str, Any]]:
    """By form; the single task that stands for a called process: what that process ends with."""
    form = task.extensions.get("form")
    return answers.FORMS[form] if form else answers.CALLED[task.process]


def payloads_for(event: Waiting) -> Sequence[Any]:
    return answers.MESSAGES[event.message]


def check_limits(limits_checked: list[Any]) -> list[Any]:
    return limits_checked


@pytest.fixture(scope="module", params=PROCESSES)
def walker(request: pytest.FixtureRequest) -> Walker:
    return Walker(
        definition=walking.load(request.param, walking.alone(request.param)),
        answers=answers_to,
        payloads=payloads_for,
        services={"check_limits": check_limits},
        disturbances=1 if request.param == "li_main" else 2,
    )


@pytest.fixture(scope="module")
def walks(walker: Walker) -> list[Walk]:
    process = process_of(walker)
    plain = [way for way in walker.definition.start_triggers if way.kind == "none"]
    found = [walk for data in answers.BEGINNINGS[process] for walk in walker.walks(data)] if plain else []
    for message, data in answers.TRIGGERS.get(process, ()):
        found += walker.walks(data, message)
    return found
