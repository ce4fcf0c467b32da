"""The table of what may stand where, against the published schema that the library brings along: random changes of all our
diagrams are faulty for both or for neither. Where the two differ, the reason is written here.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import pytest
from lxml import etree

from engine import schema
from engine.metamodel import NAMESPACES, TYPES, holds, is_a, knows
from tests.unit.engine.drawing import definitions, diagram, element, end, flow, many, process, start, sub, task, user
from tests.unit.engine.playing import findings, load

DIAGRAMS = sorted(Path(__file__).parents[3].glob("bpmn/**/*.bpmn"))
BPMN = NAMESPACES[""]


@pytest.fixture(scope="module")
def published() -> etree.XMLSchema:
    path = resources.files("SpiffWorkflow") / "bpmn/parser/schema/BPMN20.xsd"
    return etree.XMLSchema(etree.parse(str(path)))


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)
def test_every_shipped_diagram_fits_the_table_and_the_published_schema(path, published):
    root = etree.parse(str(path)).getroot()
    assert published.validate(root)
    assert list(schema.faults(root)) == []


@pytest.mark.parametrize("seed", range(20))
def test_the_table_and_the_published_schema_find_the_same_changes_faulty(seed, published):
    chance = random.Random(seed)
    for source in (*DRAWN, *(path.read_bytes() for path in DIAGRAMS)):
        root = etree.fromstring(source)
        said = []
        for _ in range(chance.choice((1, 1, 2, 3))):
            said.append(chance.choice(CHANGES)(root, chance))
            root = etree.fromstring(etree.tostring(root)) if len(root) else etree.fromstring(source)
        faulty = [fault for fault in schema.faults(root) if fault.rule not in BEYOND]
        if published.validate(root) == bool(faulty):
            assert any(excuse(root, faulty) for excuse in DIFFERENCES), (said, faulty, published.error_log)


def test_every_element_that_reading_knows_is_in_the_table():
    for tag in ("process", "userTask", "dataObject", "textAnnotation", "complexGateway"):
        assert f"{{{BPMN}}}{tag}" in TYPES
    assert holds("process", "userTask")
    assert not holds("userTask", "process")
    assert knows("receiveTask", "instantiate")
    assert not knows("sendTask", "instantiate")
    assert is_a(f"{{{BPMN}}}transaction", f"{{{BPMN}}}activity")
    assert not is_a(f"{{{BPMN}}}laneSet", f"{{{BPMN}}}flowNode")


def test_faults_outside_the_process_are_found_too():
    source = definitions(
        process("p", start(), end(), "start end"),
        extra=element("message", "m", size="3") + element("collaboration", "c", "<pool/>"),
    )
    assert [(found.rule, found.element) for found in findings(source)] == [
        ("attribute-unknown", "m"),
        ("element-unknown", "c"),
    ]


def test_an_id_of_the_picture_may_not_be_one_of_the_model():
    picture = (
        f'<b:BPMNDiagram xmlns:b="{NAMESPACES["bpmndi"]}" xmlns:dc="{NAMESPACES["dc"]}"><b:BPMNPlane id="plane" bpmnElement="p">'
        '<b:BPMNShape id="a" bpmnElement="a"><dc:Bounds x="1" y="2" width="3" height="4"/></b:BPMNShape>'
        "</b:BPMNPlane></b:BPMNDiagram>"
    )
    source = diagram(user("a")).replace(b"</definitions>", picture.encode() + b"</definitions>")
    assert [found.rule for found in findings(source)] == ["id-duplicate"]
    assert load(source.replace(b'Shape id="a"', b'Shape id="a_di"')).warnings == ()


def test_a_picture_of_something_that_is_gone_is_only_warned_about():
    picture = (
        f'<b:BPMNDiagram xmlns:b="{NAMESPACES["bpmndi"]}"><b:BPMNPlane id="plane" bpmnElement="p">'
        '<b:BPMNEdge id="e" bpmnElement="gone"/></b:BPMNPlane></b:BPMNDiagram>'
    )
    source = diagram(user("a")).replace(b"</definitions>", picture.encode() + b"</definitions>")
    assert [warning.rule for warning in load(source).warnings] == ["element-missing", "reference-astray"]


def test_a_reference_into_another_document_is_not_looked_for_here():
    source = definitions(
        process("p", start(), end(), "start end"),
        extra=element("import", None, namespace="urn:other", location="x.xsd", importType="urn:xsd")
        + element("message", "m", itemRef="other:file"),
    )
    assert findings(source) == ()


# Both schemas, changed at random

DRAWN = (
    diagram(user("a", many("3", until="true")), task("b"), name="p"),
    diagram(sub("s", start("s0"), user("u"), end("s9"), "s0 u s9"), "start s end"),
    definitions(
        process(
            "p",
            start(),
            user("a"),
            end(),
            flow("start", "a"),
            flow("a", "end"),
            element("textAnnotation", "t", "<text>x</text>"),
        ),
        extra=element("itemDefinition", "item", structureRef="other:x") + element("message", "m", itemRef="item"),
    ),
)
NAMES = sorted({name for type_ in TYPES.values() for name in type_.attributes})
WORDS = ("true", "maybe", "1", "-2", "x", "a b", "7:7", "None", "Diverging", "q:x", "1.5", "")

Change = Callable[[etree._Element, random.Random], str]


def anywhere(root: etree._Element, chance: random.Random) -> etree._Element:
    """An element below the root."""
    return chance.choice([each for each in root.iter() if isinstance(each.tag, str) and each is not root])


def removed(root: etree._Element, chance: random.Random) -> str:
    gone = anywhere(root, chance)
    gone.getparent().remove(gone)
    return f"removed {gone.tag}"


def doubled(root: etree._Element, chance: random.Random) -> str:
    one = anywhere(root, chance)
    one.addnext(copy.deepcopy(one))
    return f"doubled {one.tag}"


def moved(root: etree._Element, chance: random.Random) -> str:
    one, other = anywhere(root, chance), anywhere(root, chance)
    if other not in one.iter():
        other.insert(chance.randrange(len(other) + 1), one)
    return f"moved {one.tag} into {other.tag}"


def turned(root: etree._Element, chance: random.Random) -> str:
    one = anywhere(root, chance)
    if len(one) > 1:
        one.insert(0, one[chance.randrange(len(one))])
    return f"turned {one.tag}"


def bared(root: etree._Element, chance: random.Random) -> str:
    one = anywhere(root, chance)
    name = chance.choice([*one.attrib, "none"])
    one.attrib.pop(name, None)
    return f"took {name} from {one.tag}"


def dressed(root: etree._Element, chance: random.Random) -> str:
    one, name, word = anywhere(root, chance), chance.choice(NAMES), chance.choice(WORDS)
    one.set(name, word)
    return f"set {name}={word!r} at {one.tag}"


def reworded(root: etree._Element, chance: random.Random) -> str:
    one, word = anywhere(root, chance), chance.choice(WORDS)
    name = chance.choice([*one.attrib, "id"])
    one.set(name, word)
    return f"set {name}={word!r} at {one.tag}"


def renamed(root: etree._Element, chance: random.Random) -> str:
    one, tag = anywhere(root, chance), chance.choice(list(TYPES))
    said = f"called {one.tag} {tag}"
    one.tag = tag
    return said


def written(root: etree._Element, chance: random.Random) -> str:
    one = anywhere(root, chance)
    one.text = (one.text or "") + chance.choice(("x", "a:b", "1"))
    return f"wrote into {one.tag}"


def extended(root: etree._Element, chance: random.Random) -> str:
    one = anywhere(root, chance)
    one.set("{urn:other}x", "1")
    return f"extended {one.tag}"


CHANGES: tuple[Change, ...] = (
    removed, doubled, moved, turned, bared, dressed, reworded, renamed, written, extended,
)  # fmt: skip

# Where they differ

BEYOND = frozenset({"reference-dangling", "reference-astray", "must-understand", "extension-unknown"})
"""What we find and a schema cannot say."""
Excuse = Callable[[etree._Element, list[schema.Fault]], bool]


def a_foreign_attribute_where_the_schema_lets_none_stand(root: etree._Element, faulty: list[schema.Fault]) -> bool:
    """At texts, points and bounds. It changes nothing, and tools write colours and notes there."""
    return not faulty and any("{urn:other}x" in each.attrib for each in root.iter())


def a_lane_set_behind_the_nodes(root: etree._Element, faulty: list[schema.Fault]) -> bool:
    """The schema forbids it, but libxml2 does not see it where the elements before may stand for one another."""
    return {fault.rule for fault in faulty} == {"element-order"} and all(
        fault.element.tag == f"{{{BPMN}}}process" for fault in faulty
    )


def an_element_of_the_picture_among_extensions_or_in_a_text(root: etree._Element, faulty: list[schema.Fault]) -> bool:
    """The schema looks into it when it happens to know it. For us it is an extension, or a text."""
    loose = [*root.iter(f"{{{BPMN}}}extensionElements"), *root.iter(f"{{{BPMN}}}documentation", f"{{{BPMN}}}script")]
    return not faulty and any(inside.tag in TYPES for each in loose for inside in each.iterdescendants())


def several_elements_in_a_text(root: etree._Element, faulty: list[schema.Fault]) -> bool:
    """The schema lets one stand in a documentation or text; several are as harmless."""
    texts = root.iter(f"{{{BPMN}}}documentation", f"{{{BPMN}}}text", f"{{{BPMN}}}script")
    return not faulty and any(len(each) > 1 for each in texts)


DIFFERENCES: tuple[Excuse, ...] = (
    a_foreign_attribute_where_the_schema_lets_none_stand,
    a_lane_set_behind_the_nodes,
    an_element_of_the_picture_among_extensions_or_in_a_text,
    several_elements_in_a_text,
)
