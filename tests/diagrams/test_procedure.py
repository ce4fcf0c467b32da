"""What the shipped diagrams say beside their flows: names, roles, forms, limits, verbs. All of it must exist and be meant."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from engine import diagrams, vocabulary
from engine.diagrams import Definition, NodeInfo
from tests.diagrams import answers, journeys, walking
from workflows.operations import OPERATIONS

FILES = {path.stem: path for path in sorted(Path("bpmn/liability").glob("*.bpmn"))}
ROLES = yaml.safe_load(Path("bpmn/roles.yaml").read_text(encoding="utf-8"))["roles"]
LIMITS = {
    limit["key"]
    for path in Path("bpmn/deadlines").glob("*.yaml")
    for limit in yaml.safe_load(path.read_text(encoding="utf-8")).get("deadlines", ())
}
STATES = {
    "REGISTERED", "REFUSED", "TRANSFERRED", "MERGED", "SUSPENDED", "ACCEPTED", "PRELIMINARY", "NO_CASE", "FILED",
    "INVESTIGATING", "REPORTED", "DEFENCE", "LEGAL_REVIEW", "RETURNED", "PANEL", "DECIDED", "SERVED", "IN_FORCE",
    "UNDER_REVIEW", "MAINTAINED", "CHANGED", "REVOKED", "REHANDLING", "EXECUTED", "SANCTION_ENDED", "ARCHIVED",
    "TRANSFERRED_SUPERVISORY", "WITHDRAWN",
}  # fmt: skip

WINDOW, GUARD = "window", "guard"
"""The expiry moves the case on; the expiry brings the leader in while the step stays to be done."""
BINDINGS = {
    ("T-LI-01", "li_intake", "decide_acceptance", GUARD, "has(vars.resumed_at) ? resumed_at : received_at"),
    ("T-LI-02", "li_intake", "transfer_clue", GUARD, ""),
    ("T-LI-03", "li_intake", "notify_complainant", GUARD, ""),
    ("T-LI-04", "li_filing", "inquire", GUARD, ""),
    ("T-LI-05", "li_filing", "approve_filing", GUARD, ""),
    ("T-LI-06", "li_main", "investigate", GUARD, "filed_at"),
    ("T-LI-07", "li_main", "handle", GUARD, "filed_at"),
    ("T-LI-08", "li_defence", "state_defence", WINDOW, "notice_served_at"),
    ("T-LI-09", "li_decision", "review_legality", GUARD, ""),
    ("T-LI-10", "li_service", "serve_decision", GUARD, "decided_at"),
    ("T-LI-10", "li_review", "serve_review", GUARD, ""),
    ("T-LI-11", "li_execution", None, WINDOW, "served_at"),
    ("T-LI-12", "li_review", "reexamine", GUARD, "applied_at"),
    ("SANCTION-END-WARNING", "li_sanction", None, WINDOW, "decided_at"),
    ("SANCTION-END-DEMERIT", "li_sanction", None, WINDOW, "decided_at"),
    ("SANCTION-END-MAJOR-DEMERIT", "li_sanction", None, WINDOW, "decided_at"),
    ("SANCTION-END-DEMOTION", "li_sanction", None, WINDOW, "decided_at"),
    ("SANCTION-END-REMOVAL", "li_sanction", None, WINDOW, "decided_at"),
}
"""(limit, process, what it guards, what its expiry means, from when): every limit the diagrams bind."""

VERBS = {
    ("return", "decide_acceptance"),
    ("return", "approve_filing"),
    ("return", "find_liability"),
    ("return", "decide_outcome"),
    ("return", "decide_review"),
    ("transfer", "handle"),
    ("recusal", "handle"),
    ("withdraw", "handle"),
    ("appeal", None),
    ("withdraw_appeal", "reexamine"),
}
"""(verb, where it may be used): all that a person may tell the procedure beside completing a task."""

BY_TWO = {
    "inquire",
    "collect_evidence",
    "interview_respondent",
    "write_report",
    "find_liability",
    "check_defence",
    "review_case",
}
"""Acts of investigation and review: never by one officer alone."""


def test_every_file_draws_one_process_of_its_name():
    for name, path in FILES.items():
        assert diagrams.processes(path.read_bytes(), name=path.name) == (name,)


def test_every_process_is_begun_by_somebody():
    begun = {"li_main", *journeys.STARTED_BY.values()}
    called = {process for root in begun for process in walking.load(root).calls}
    assert begun | called == set(FILES)


def test_every_diagram_is_carried_out_without_a_doubt(definition: Definition):
    assert definition.warnings == ()


def test_everything_has_a_name_in_both_languages(definition: Definition):
    nodes = [(node.id, node.name, node.extensions) for node in definition.nodes]
    lanes = [(lane.id, lane.name, lane.extensions) for lane in definition.lanes]
    ways = [(flow.id, flow.name, flow.extensions) for flow in definition.flows if flow.condition or flow.name]
    whole = (definition.process_id, definition.name, definition.extensions)
    unnamed = [id for id, name, says in (whole, *nodes, *lanes, *ways) if not (_chinese(name) and says.get("en"))]
    assert unnamed == []


def test_ids_are_words_in_small_letters(definition: Definition):
    assert [node.id for node in definition.nodes if not re.fullmatch(r"[a-z]+(_[a-z]+)*", node.id)] == []


def test_lanes_are_the_roles_of_the_house(definition: Definition):
    for lane in definition.lanes:
        assert (lane.name, lane.extensions["en"]) == (ROLES[lane.id]["name"]["zh"], ROLES[lane.id]["name"]["en"])
    named = {role for node in definition.nodes for role in _words(node, "roles", "others", "duty")}
    assert named <= set(ROLES)


def test_whoever_has_a_task_stands_in_a_lane_and_is_asked_something(definition: Definition):
    tasks = [node for node in definition.nodes if node.kind in ("user", "manual")]
    assert [node.id for node in tasks if node.lane is None or "form" not in node.extensions] == []


def test_what_is_asked_exists_and_is_answered_in_our_walks(definition: Definition):
    for form in sorted({node.extensions["form"] for node in definition.nodes if "form" in node.extensions}):
        routed = _routed(json.loads(Path(f"forms/{form}.json").read_text(encoding="utf-8"))["components"])
        if form in answers.FORMS:
            assert [set(each) for each in answers.FORMS[form]] == [routed] * len(answers.FORMS[form]), form


def test_what_a_respondent_applies_with_is_what_the_message_carries():
    for message, form in (("remedy_applied", "F-APPEAL"), ("application_withdrawn", "F-APPEAL-WITHDRAW")):
        routed = _routed(json.loads(Path(f"forms/{form}.json").read_text(encoding="utf-8"))["components"])
        assert [set(each) for each in answers.MESSAGES[message]] == [routed]


def test_limits_are_bound_as_the_law_means_them(own_nodes: list[NodeInfo]):
    found = {
        (
            node.extensions["deadline"],
            node.process,
            node.attached,
            WINDOW if node.attached is None or node.interrupting else GUARD,
            node.extensions.get("from", ""),
        )
        for node in own_nodes
        if "deadline" in node.extensions
    }
    assert found == {binding for binding in BINDINGS if own_nodes and binding[1] == own_nodes[0].process}


def test_every_limit_bound_is_in_the_catalogue():
    assert {limit for limit, *_ in BINDINGS} <= LIMITS
    assert {f"T-LI-{number:02}" for number in range(1, 13)} <= {limit for limit, *_ in BINDINGS}


def test_a_missed_limit_brings_in_whoever_supervises(definition: Definition):
    """Behind every guard stands the supervising leader's task, here or in the process it calls."""
    onward = {flow.source: flow.target for flow in definition.flows}
    for node in definition.nodes:
        if "deadline" in node.extensions and node.attached and not node.interrupting:
            behind = next(n for n in definition.nodes if n.id == onward[node.id] and n.process == node.process)
            called = [each for each in definition.nodes if each.process == behind.calls and each.kind == "user"]
            assert {task.lane for task in called or [behind]} == {"supervisor"}, node.id


def test_verbs_are_where_the_procedure_allows_them(own_nodes: list[NodeInfo]):
    verbs = {(node.extensions["action"], node.attached) for node in own_nodes if "action" in node.extensions}
    mine = {node.id for node in own_nodes} | {None}
    assert verbs == {(verb, place) for verb, place in VERBS if place in mine and (place or verb in _verbs(own_nodes))}
    told = [node for node in own_nodes if node.extensions.get("action", "return") != "return"]
    assert [node.id for node in told if "roles" not in node.extensions] == []


def test_investigation_is_never_by_one_officer_alone(own_nodes: list[NodeInfo]):
    assert {node.id for node in own_nodes if node.extensions.get("persons") == "2"} == {
        node.id for node in own_nodes if node.id in BY_TWO
    }


def test_the_procedure_in_words_names_every_step_with_its_form_and_limit(own_nodes: list[NodeInfo]):
    words = Path("docs/procedure.md").read_text(encoding="utf-8")
    lines = {node.id: [line for line in words.splitlines() if f"`{node.id}`" in line] for node in own_nodes}
    steps = [node for node in own_nodes if node.kind == "user" and node.process != "li_overdue"]
    assert [node.id for node in steps if not any(node.extensions["form"] in line for line in lines[node.id])] == []
    limits = {node.extensions["deadline"] for node in own_nodes if "deadline" in node.extensions}
    assert [limit for limit in limits if limit.removeprefix("SANCTION-END") not in words] == []


def test_operations_are_registered(definition: Definition):
    assert set(definition.operations) <= set(OPERATIONS)


def test_case_states_are_those_of_the_procedure():
    entered = {
        node.extensions["state"] for name in FILES for node in walking.load(name).nodes if "state" in node.extensions
    }
    assert entered == STATES


def test_modelers_know_every_word_of_ours():
    """What the engine carries out and what the moddle file describes are the same, element by element."""
    described = json.loads(Path("bpmn/wz.moddle.json").read_text(encoding="utf-8"))
    assert described["uri"] == vocabulary.WZ
    for tag, executed in vocabulary.EXTENSIONS.items():
        events = [frozenset[str]()]
        if tag in vocabulary.EVENTS:
            told = vocabulary.MESSAGE_EXTENSIONS.get(tag, frozenset())
            allowed = vocabulary.ALLOWED_EVENTS[tag]
            events = [vocabulary.EVENT_EXTENSIONS[kind] | (told if kind == "message" else set()) for kind in allowed]
        assert _described(described, tag) == executed.union(*events), tag


def _described(moddle: dict, tag: str) -> set[str]:
    kinds = {f"bpmn:{kind}" for kind in _kinds_of(tag)}
    types = [each for each in moddle["types"] if kinds & set(each.get("extends", ()))]
    return {word["name"] for each in types for word in each["properties"]}


def _kinds_of(tag: str) -> set[str]:
    """The type of an element in the metamodel of BPMN with those it descends from, as far as ours are hung on them."""
    kinds = {tag[0].upper() + tag[1:]}
    if tag in vocabulary.FLOW_NODES:
        kinds |= {"FlowNode", "FlowElement"}
    if tag == "transaction":
        kinds.add("SubProcess")
    if tag == "sequenceFlow":
        kinds.add("FlowElement")
    if tag in vocabulary.EVENTS:
        kinds.add("Event")
    if tag in ("startEvent", "intermediateCatchEvent", "boundaryEvent"):
        kinds.add("CatchEvent")
    return kinds


def _chinese(name: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in name)


def _words(node: NodeInfo, *attributes: str) -> list[str]:
    return [word for attribute in attributes for word in node.extensions.get(attribute, "").split()]


def _verbs(nodes: list[NodeInfo]) -> set[str]:
    return {node.extensions["action"] for node in nodes if "action" in node.extensions}


def _routed(components: list[dict]) -> set[str]:
    """The variables a form routes: its own fields, and lists as a whole."""
    found = set()
    for each in components:
        if each["type"] == "group":
            found |= _routed(each["components"])
        elif each.get("routing"):
            found.add(each.get("key") or each["path"])
    return found


@pytest.fixture(params=FILES)
def definition(request: pytest.FixtureRequest) -> Definition:
    return walking.load(request.param)


@pytest.fixture
def own_nodes(definition: Definition) -> list[NodeInfo]:
    """The nodes the process draws itself, without those of the processes it calls."""
    return [node for node in definition.nodes if node.process == definition.process_id]
