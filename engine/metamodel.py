"""What BPMN 2.0.2 lets stand where: every element with its attributes, their types, and what it may hold in which order.

A table in our own notation of what the standard says in its metamodel and requires of its XML form; whether a word is executed is
for `vocabulary`. It may never judge a document: `schema` does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from types import MappingProxyType

NAMESPACES: Mapping[str, str] = {
    "": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
}
"""Prefix in the table → namespace."""

_TABLE = """
baseElement abstract open | id=id | documentation* extensionElements?
expression < baseElement text | |
formalExpression < expression => expression | language=uri evaluatesToTypeRef=name |
documentation text anything | id=id textFormat |
extensionElements anything | |
extension | definition=name mustUnderstand=truth | documentation*
import | namespace!=uri location! importType!=uri |
definitions open | id=id name targetNamespace!=uri expressionLanguage=uri typeLanguage=uri exporter exporterVersion |
    import* extension* rootElement* bpmndi:BPMNDiagram* relationship*
relationship < baseElement | type! direction=None/Forward/Backward/Both | source:name+ target:name+
rootElement abstract < baseElement | |

callableElement < rootElement | name | supportedInterfaceRef:name~interface* ioSpecification? ioBinding*
process < callableElement => rootElement |
    processType=None/Public/Private isClosed=truth isExecutable=truth definitionalCollaborationRef=name~collaboration |
    auditing? monitoring? property* laneSet* flowElement* artifact* resourceRole* correlationSubscription* supports:name~process*
laneSet < baseElement | name | lane*
lane < baseElement | name partitionElementRef=name~baseElement |
    partitionElement:baseElement? flowNodeRef:idref* childLaneSet:laneSet?
auditing < baseElement | |
monitoring < baseElement | |
flowElement abstract < baseElement | name | auditing? monitoring? categoryValueRef:name~categoryValue*
flowNode abstract < flowElement | | incoming:name* outgoing:name*
sequenceFlow < flowElement => flowElement | sourceRef!=idref targetRef!=idref isImmediate=truth | conditionExpression:expression?

activity abstract < flowNode |
    isForCompensation=truth startQuantity=integer completionQuantity=integer default=idref |
    ioSpecification? property* dataInputAssociation* dataOutputAssociation* resourceRole* loopCharacteristics?
task < activity => flowElement | |
userTask < task => flowElement | implementation=uri | rendering*
manualTask < task => flowElement | |
scriptTask < task => flowElement | scriptFormat | script?
script text anything | |
serviceTask < task => flowElement | implementation=uri operationRef=name |
businessRuleTask < task => flowElement | implementation=uri |
sendTask < task => flowElement | implementation=uri messageRef=name operationRef=name |
receiveTask < task => flowElement | implementation=uri instantiate=truth messageRef=name operationRef=name |
callActivity < activity => flowElement | calledElement=name |
subProcess < activity => flowElement | triggeredByEvent=truth | laneSet* flowElement* artifact*
transaction < subProcess => flowElement | method=uri |
adHocSubProcess < subProcess => flowElement | cancelRemainingInstances=truth ordering=Parallel/Sequential |
    completionCondition:expression?
rendering < baseElement | |
globalTask < callableElement => rootElement | | resourceRole*
globalUserTask < globalTask => rootElement | implementation=uri | rendering*
globalManualTask < globalTask => rootElement | |
globalScriptTask < globalTask => rootElement | scriptLanguage=uri | script?
globalBusinessRuleTask < globalTask => rootElement | implementation=uri |

loopCharacteristics abstract < baseElement | |
standardLoopCharacteristics < loopCharacteristics => loopCharacteristics |
    testBefore=truth loopMaximum=integer | loopCondition:expression?
multiInstanceLoopCharacteristics < loopCharacteristics => loopCharacteristics |
    isSequential=truth behavior=None/One/All/Complex oneBehaviorEventRef=name noneBehaviorEventRef=name |
    loopCardinality:expression? loopDataInputRef:name? loopDataOutputRef:name? inputDataItem:dataInput?
    outputDataItem:dataOutput? complexBehaviorDefinition* completionCondition:expression?
complexBehaviorDefinition < baseElement | | condition:formalExpression event:implicitThrowEvent?

gateway < flowNode | gatewayDirection=Unspecified/Converging/Diverging/Mixed |
exclusiveGateway < gateway => flowElement | default=idref |
inclusiveGateway < gateway => flowElement | default=idref |
parallelGateway < gateway => flowElement | |
complexGateway < gateway => flowElement | default=idref | activationCondition:expression?
eventBasedGateway < gateway => flowElement | instantiate=truth eventGatewayType=Exclusive/Parallel |

event abstract < flowNode => flowElement | | property*
catchEvent abstract < event | parallelMultiple=truth |
    dataOutput* dataOutputAssociation* outputSet? eventDefinition* eventDefinitionRef:name*
throwEvent abstract < event | | dataInput* dataInputAssociation* inputSet? eventDefinition* eventDefinitionRef:name*
startEvent < catchEvent => flowElement | isInterrupting=truth |
intermediateCatchEvent < catchEvent => flowElement | |
boundaryEvent < catchEvent => flowElement | cancelActivity=truth attachedToRef!=name |
intermediateThrowEvent < throwEvent => flowElement | |
implicitThrowEvent < throwEvent => flowElement | |
endEvent < throwEvent => flowElement | |
eventDefinition abstract < rootElement => rootElement | |
messageEventDefinition < eventDefinition => eventDefinition | messageRef=name | operationRef:name?
timerEventDefinition < eventDefinition => eventDefinition | | timeDate:expression?/timeDuration:expression?/timeCycle:expression?
signalEventDefinition < eventDefinition => eventDefinition | signalRef=name |
conditionalEventDefinition < eventDefinition => eventDefinition | | condition:expression
errorEventDefinition < eventDefinition => eventDefinition | errorRef=name |
escalationEventDefinition < eventDefinition => eventDefinition | escalationRef=name |
compensateEventDefinition < eventDefinition => eventDefinition | waitForCompletion=truth activityRef=name |
cancelEventDefinition < eventDefinition => eventDefinition | |
linkEventDefinition < eventDefinition => eventDefinition | name! | source:name* target:name?
terminateEventDefinition < eventDefinition => eventDefinition | |

message < rootElement => rootElement | name itemRef=name>itemDefinition |
signal < rootElement => rootElement | name structureRef=name |
error < rootElement => rootElement | name errorCode structureRef=name |
escalation < rootElement => rootElement | name escalationCode structureRef=name |
itemDefinition < rootElement => rootElement | structureRef=name isCollection=truth itemKind=Information/Physical |
interface < rootElement => rootElement | name! implementationRef=name | operation+
operation < baseElement | name! implementationRef=name |
    inMessageRef:name>message outMessageRef:name>message? errorRef:name>error*
endPoint < rootElement => rootElement | |

ioSpecification < baseElement | | dataInput* dataOutput* inputSet+ outputSet+
ioBinding < baseElement | operationRef!=name inputDataRef!=idref outputDataRef!=idref |
dataInput < baseElement | name itemSubjectRef=name>itemDefinition isCollection=truth | dataState?
dataOutput < baseElement | name itemSubjectRef=name>itemDefinition isCollection=truth | dataState?
inputSet < baseElement | name | dataInputRefs:idref>dataInput* optionalInputRefs:idref>dataInput*
    whileExecutingInputRefs:idref>dataInput* outputSetRefs:idref>outputSet*
outputSet < baseElement | name | dataOutputRefs:idref>dataOutput* optionalOutputRefs:idref>dataOutput*
    whileExecutingOutputRefs:idref>dataOutput* inputSetRefs:idref>inputSet*
dataAssociation < baseElement | | sourceRef:idref* targetRef:idref transformation:formalExpression? assignment*
dataInputAssociation < dataAssociation | |
dataOutputAssociation < dataAssociation | |
assignment < baseElement | | from:expression to:expression
property < baseElement | name itemSubjectRef=name>itemDefinition | dataState?
dataState < baseElement | name |
dataObject < flowElement => flowElement | itemSubjectRef=name>itemDefinition isCollection=truth | dataState?
dataObjectReference < flowElement => flowElement | itemSubjectRef=name>itemDefinition dataObjectRef=idref~dataObject | dataState?
dataStoreReference < flowElement => flowElement | itemSubjectRef=name>itemDefinition dataStoreRef=name~dataStore | dataState?
dataStore < rootElement => rootElement | name capacity=integer isUnlimited=truth itemSubjectRef=name>itemDefinition | dataState?

artifact abstract < baseElement | |
association < artifact => artifact |
    sourceRef!=name~baseElement targetRef!=name~baseElement associationDirection=None/One/Both |
group < artifact => artifact | categoryValueRef=name~categoryValue |
textAnnotation < artifact => artifact | textFormat | text?
text text anything | |
category < rootElement => rootElement | name | categoryValue*
categoryValue < baseElement | value |

resource < rootElement => rootElement | name! | resourceParameter*
resourceParameter < baseElement | name type=name isRequired=truth |
resourceRole < baseElement | name |
    resourceRef:name>resource?/resourceAssignmentExpression? resourceParameterBinding*
performer < resourceRole => resourceRole | |
humanPerformer < performer => performer | |
potentialOwner < humanPerformer => performer | |
resourceAssignmentExpression < baseElement | | expression
resourceParameterBinding < baseElement | parameterRef!=name>resourceParameter | expression

collaboration < rootElement => rootElement | name isClosed=truth |
    participant* messageFlow* artifact* conversationNode* conversationAssociation* participantAssociation*
    messageFlowAssociation* correlationKey* choreographyRef:name~choreography* conversationLink*
participant < baseElement | name processRef=name>process |
    interfaceRef:name>interface* endPointRef:name>endPoint* participantMultiplicity?
participantMultiplicity < baseElement | minimum=integer maximum=integer |
messageFlow < baseElement | name sourceRef!=name targetRef!=name messageRef=name>message |
messageFlowAssociation < baseElement | innerMessageFlowRef!=name>messageFlow outerMessageFlowRef!=name>messageFlow |
participantAssociation < baseElement | | innerParticipantRef:name>participant outerParticipantRef:name>participant
partnerEntity < rootElement => rootElement | name | participantRef:name>participant*
partnerRole < rootElement => rootElement | name | participantRef:name>participant*
correlationKey < baseElement | name | correlationPropertyRef:name>correlationProperty*
correlationProperty < rootElement => rootElement | name type=name | correlationPropertyRetrievalExpression+
correlationPropertyRetrievalExpression < baseElement | messageRef!=name>message | messagePath:formalExpression
correlationSubscription < baseElement | correlationKeyRef!=name>correlationKey | correlationPropertyBinding*
correlationPropertyBinding < baseElement | correlationPropertyRef!=name>correlationProperty | dataPath:formalExpression

conversationNode abstract < baseElement | name |
    participantRef:name>participant* messageFlowRef:name>messageFlow* correlationKey*
conversation < conversationNode => conversationNode | |
subConversation < conversationNode => conversationNode | | conversationNode*
callConversation < conversationNode => conversationNode | calledCollaborationRef=name~collaboration | participantAssociation*
conversationAssociation < baseElement |
    innerConversationNodeRef!=name>conversationNode outerConversationNodeRef!=name>conversationNode |
conversationLink < baseElement | name sourceRef!=name>baseElement targetRef!=name>baseElement |
globalConversation < collaboration => collaboration | |
choreography < collaboration => collaboration | | flowElement*
globalChoreographyTask < choreography => choreography | initiatingParticipantRef=name>participant |
choreographyActivity abstract < flowNode |
    initiatingParticipantRef!=name>participant loopType=None/Standard/MultiInstanceSequential/MultiInstanceParallel |
    participantRef:name>participant++ correlationKey*
choreographyTask < choreographyActivity => flowElement | | messageFlowRef:name>messageFlow+
callChoreography < choreographyActivity => flowElement | calledChoreographyRef=name~choreography | participantAssociation*
subChoreography < choreographyActivity => flowElement | | flowElement* artifact*

bpmndi:BPMNDiagram | id=id name documentation resolution=number | bpmndi:BPMNPlane bpmndi:BPMNLabelStyle*
di:DiagramElement abstract open | id=id | di:extension?
di:extension anything | |
bpmndi:BPMNPlane < di:DiagramElement | bpmnElement=name~baseElement | di:DiagramElement*
bpmndi:BPMNShape < di:DiagramElement => di:DiagramElement |
    bpmnElement=name~baseElement isHorizontal=truth isExpanded=truth isMarkerVisible=truth isMessageVisible=truth
    participantBandKind=top_initiating/middle_initiating/bottom_initiating/top_non_initiating/middle_non_initiating/bottom_non_initiating
    choreographyActivityShape=name | dc:Bounds bpmndi:BPMNLabel?
bpmndi:BPMNEdge < di:DiagramElement => di:DiagramElement |
    bpmnElement=name~baseElement sourceElement=name targetElement=name messageVisibleKind=initiating/non_initiating |
    di:waypoint:dc:Point++ bpmndi:BPMNLabel?
bpmndi:BPMNLabel < di:DiagramElement | labelStyle=name | dc:Bounds?
bpmndi:BPMNLabelStyle | id=id | dc:Font
dc:Font | name size=number isBold=truth isItalic=truth isUnderline=truth isStrikeThrough=truth |
dc:Point | x!=number y!=number |
dc:Bounds | x!=number y!=number width!=number height!=number |
"""
"""A line an element (a line that begins with blanks goes on with it):
`name how < what it is a kind of => what it may stand for | attributes | children in their order`.

how         abstract: never written itself; open: takes attributes of other namespaces; text: holds text;
            anything: holds any elements
attribute   `name=type`, `!` where it must stand; without a type it is text. Words with `/` between them: one of these
child       `name:type`, `?` at most once, `*` any number, `+` at least once, `++` at least twice, else exactly once;
            `a/b` one of the two
type        id, idref, name (a qualified name), truth, integer, number, uri; `>kind` what it refers to must be of that kind
            and in the file, `~kind` the same, but nothing that runs depends on it. Where neither stands, reading judges
"""


@dataclass(frozen=True, slots=True)
class Value:
    """The type of an attribute, or of an element that holds only a value."""

    kind: str
    """`text`, `id`, `idref`, `name`, `truth`, `integer`, `number`, `uri` or `one of`."""
    choices: tuple[str, ...] = ()
    refers: str = ""
    """The element that it refers to, or one that is a kind of it; empty where it refers to nothing, or reading judges."""
    harmless: bool = False
    """Whether nothing that runs depends on what it refers to."""
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One place in the order of what an element holds."""

    place: int
    least: int
    most: int | None
    name: str
    """As in the table, for a sentence."""
    value: Value | None
    """Of an element that holds only a value: its type."""
    type: str
    """Of any other: the name of its type, a key of `TYPES`."""


@dataclass(slots=True)
class Type:
    """What the table says of one element."""

    name: str
    """`{namespace}name`."""
    base: str = ""
    abstract: bool = False
    open: bool = False
    text: bool = False
    anything: bool = False
    attributes: dict[str, Value] = field(default_factory=dict)
    parts: list[tuple[str, Part]] = field(default_factory=list)
    """As written: the head and its part."""
    children: dict[str, Part] = field(default_factory=dict)
    """By the name of the child, with whatever may stand for it."""


_CHILD = re.compile(
    r"(?P<name>(?:(?:bpmndi|di|dc):)?\w+)(?::(?P<type>[\w:]+)(?P<refers>[>~]\w+)?)?(?P<many>\?|\*|\+{0,2})"
)
_MANY: Mapping[str, tuple[int, int | None]] = {"": (1, 1), "?": (0, 1), "*": (0, None), "+": (1, None), "++": (2, None)}
_VALUES = frozenset({"id", "idref", "name", "truth", "integer", "number", "uri"})


def _clark(name: str) -> str:
    prefix, _, local = name.rpartition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def _value(written: str, *, needed: bool = False) -> Value:
    type_, mark, refers = re.fullmatch(r"([^>~]*)([>~]?)(.*)", written).groups()  # type: ignore[union-attr]
    if "/" in type_:
        return Value("one of", choices=tuple(type_.split("/")), needed=needed)
    return Value(type_ or "text", refers=_clark(refers) if refers else "", harmless=mark == "~", needed=needed)


def _parts(written: str, place: int) -> list[tuple[str, Part]]:
    parts = []
    for step in written.split():
        for alternative in step.split("/"):
            found = _CHILD.fullmatch(alternative)
            assert found is not None, alternative  # noqa: S101 - the table above
            name, type_ = found["name"], found["type"] or found["name"]
            least, most = _MANY[found["many"]]
            value = _value(type_ + (found["refers"] or "")) if type_ in _VALUES else None
            parts.append((_clark(name), Part(place, least, most, name, value, "" if value else _clark(type_))))
        place += 1
    return parts


def _read(table: str) -> dict[str, Type]:
    types: dict[str, Type] = {}
    stands_for: dict[str, list[str]] = {}
    for line in re.sub(r"\n +", " ", table).strip().splitlines():
        if not line:
            continue
        head, attributes, children = (part.strip() for part in line.split("|"))
        words = head.split()
        type_ = Type(_clark(words[0]))
        for sign, name in pairwise(words):
            if sign == "<":
                type_.base = _clark(name)
            elif sign == "=>":
                stands_for.setdefault(_clark(name), []).append(type_.name)
        base = types.get(type_.base, type_)
        type_.abstract, type_.anything = "abstract" in words, "anything" in words
        type_.open, type_.text = base.open or "open" in words, base.text or "text" in words
        type_.attributes = dict(base.attributes)
        for word in attributes.split():
            name, _, written = word.partition("=")
            type_.attributes[name.removesuffix("!")] = _value(written, needed=name.endswith("!"))
        inherited = base.parts if base is not type_ else []
        type_.parts = inherited + _parts(children, len(inherited))
        types[type_.name] = type_
    for type_ in types.values():
        for head, part in type_.parts:
            waiting = [(head, part)]
            while waiting:
                name, standing = waiting.pop()
                type_.children[name] = standing
                waiting.extend(
                    (other, Part(part.place, part.least, part.most, part.name, None, other))
                    for other in stands_for.get(name, ())
                )
    return types


TYPES: Mapping[str, Type] = MappingProxyType(_read(_TABLE))
"""`{namespace}name` → what may stand there."""


def is_a(name: str, kind: str) -> bool:
    """Whether an element is of a kind: the element of that name, or one that the table derives from it."""
    while name and name != kind:
        name = TYPES[name].base if name in TYPES else ""
    return bool(name)


def knows(tag: str, attribute: str) -> bool:
    """Whether BPMN has such an attribute at an element of its model."""
    type_ = TYPES.get(_clark(tag))
    return type_ is not None and attribute in type_.attributes


def holds(tag: str, child: str) -> bool:
    """Whether an element of the model may hold another, whether or not it is executed."""
    type_ = TYPES.get(_clark(tag))
    return type_ is not None and _clark(child) in type_.children
