"""Which words of BPMN are executed, which are only drawing, and which are refused with what advice.

Tables only: every element and attribute that may stand inside a process is named here or is refused as unknown. Pure drawing is
accepted because leaving it out changes nothing that happens. What has a meaning that is not carried out is never in these tables
as accepted. Widening the engine begins here: a word moves from refused to executed together with its test.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DMN = ("https://www.omg.org/spec/DMN/", "http://www.omg.org/spec/DMN/")
"""How the namespace of a file with decision tables begins, whatever its version."""
WZ = "urn:wenze:bpmn:1"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
XSI = "http://www.w3.org/2001/XMLSchema-instance"

ENGINES: Mapping[str, str] = {
    CAMUNDA: "camunda",
    "http://camunda.org/schema/zeebe/1.0": "zeebe",
    "http://activiti.org/bpmn": "activiti",
    "http://flowable.org/bpmn": "flowable",
    "http://spiffworkflow.org/bpmn/schema/1.0/core": "spiffworkflow",
    "http://www.jboss.org/drools": "drools",
    "http://www.jboss.org/jbpm": "jbpm",
}
"""Namespaces in which other engines write what is to be executed. Nothing of theirs is accepted unless it is named below."""

MODELLER: Mapping[str, str] = {
    "http://camunda.org/schema/modeler/1.0": "modeler",
    "http://bpmn.io/schema/bpmn/biocolor/1.0": "bioc",
    "http://www.omg.org/spec/BPMN/non-normative/color/1.0": "color",
    "http://www.w3.org/2001/XMLSchema-instance": "xsi",
}
"""Namespaces of drawing tools: colours, versions, typing of the XML itself. They never say what is executed."""

DESCRIPTIVE = frozenset(
    {
        "metaData",
        "packageName",
        "version",
        "versionTag",
        "historyTimeToLive",
        "isStartableInTasklist",
        "diagramRelationId",
        "properties",
        "property",
        "modelerTemplate",
        "modelerTemplateVersion",
        "modelerTemplateIcon",
    }
)
"""Words of other engines that describe and are never executed."""

CEL_NAMES = frozenset({"cel", "text/cel", "text/x-cel", "application/cel", "https://cel.dev", "http://cel.dev"})
"""How a diagram may name the language of an expression or script, in small letters."""
XPATH = "http://www.w3.org/1999/XPath"
"""The language BPMN assumes where none is named; modelers write it into <definitions> without meaning it."""

ACTIVITIES = frozenset(
    {
        "task",
        "userTask",
        "manualTask",
        "scriptTask",
        "serviceTask",
        "businessRuleTask",
        "sendTask",
        "receiveTask",
        "subProcess",
        "transaction",
        "callActivity",
    }
)
SCOPES = frozenset({"subProcess", "transaction"})
"""Activities with nodes and flows inside."""
GLOBAL: Mapping[str, str] = {
    "globalUserTask": "userTask",
    "globalManualTask": "manualTask",
    "globalScriptTask": "scriptTask",
    "globalBusinessRuleTask": "businessRuleTask",
}
"""Tasks drawn beside the processes, to be called, and what the call is then."""
PERSONAL = frozenset({"userTask", "manualTask"})
TELLING = frozenset({"sendTask", "receiveTask"})
"""Tasks that throw or wait for a message."""
KINDS: Mapping[str, str] = {
    "startEvent": "start",
    "endEvent": "end",
    "intermediateCatchEvent": "catch",
    "intermediateThrowEvent": "throw",
    "boundaryEvent": "boundary",
    "task": "task",
    "userTask": "user",
    "manualTask": "manual",
    "scriptTask": "script",
    "serviceTask": "service",
    "businessRuleTask": "rule",
    "sendTask": "send",
    "receiveTask": "receive",
    "subProcess": "subprocess",
    "transaction": "transaction",
    "callActivity": "call",
    "exclusiveGateway": "exclusive",
    "inclusiveGateway": "inclusive",
    "parallelGateway": "parallel",
    "eventBasedGateway": "race",
    "complexGateway": "complex",
}
"""What the outside calls each kind of node."""
GATEWAYS = frozenset({"exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway", "complexGateway"})
CHOOSING = frozenset({"exclusiveGateway", "inclusiveGateway", "complexGateway"})
"""Gateways with conditions on their ways out. Activities may have such ways too."""
EVENTS = frozenset({"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"})
FLOW_NODES = ACTIVITIES | GATEWAYS | EVENTS

ALLOWED_EVENTS: Mapping[str, frozenset[str]] = {
    "startEvent": frozenset({"none", "message", "timer", "signal", "condition", "error", "escalation", "compensation"}),
    "intermediateCatchEvent": frozenset({"message", "timer", "signal", "condition", "link"}),
    "intermediateThrowEvent": frozenset({"none", "message", "signal", "link", "escalation", "compensation"}),
    "endEvent": frozenset({"none", "message", "signal", "error", "escalation", "compensation", "cancel", "terminate"}),
    "boundaryEvent": frozenset(
        {"message", "timer", "signal", "condition", "error", "escalation", "compensation", "cancel"}
    ),
    "multiInstanceLoopCharacteristics": frozenset({"message", "signal", "escalation"}),
}
BEGINNING = frozenset({"none", "message", "timer", "signal", "condition", "multiple"})
"""Start events that a process may begin with: the others belong to event sub-processes."""
MULTIPLE: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(
        ("startEvent", "intermediateCatchEvent", "boundaryEvent"),
        frozenset({"message", "timer", "signal", "condition"}),
    ),
    **dict.fromkeys(("intermediateThrowEvent", "endEvent"), frozenset({"message", "signal", "escalation"})),
}
"""What an event may hold beside others."""
EVENT_DEFINITIONS: Mapping[str, str] = {
    "messageEventDefinition": "message",
    "timerEventDefinition": "timer",
    "signalEventDefinition": "signal",
    "conditionalEventDefinition": "condition",
    "errorEventDefinition": "error",
    "escalationEventDefinition": "escalation",
    "compensateEventDefinition": "compensation",
    "cancelEventDefinition": "cancel",
    "linkEventDefinition": "link",
    "terminateEventDefinition": "terminate",
}


THROWN = frozenset({"error", "escalation"})
"""Events that come out of an activity and are looked for outwards."""
INTERRUPTING = frozenset({"error"})
"""Events that always interrupt."""
CALLED: Mapping[str, tuple[str, str]] = {
    "message": ("message", "消息"),
    "signal": ("signal", "信号"),
    "error": ("error", "错误"),
    "escalation": ("escalation", "升级"),
}
"""Elements beside the processes that events refer to, and what they are called."""
REFERRED = frozenset(CALLED)


@dataclass(frozen=True, slots=True)
class Advice:
    """What a refused element is called, and what to draw instead."""

    what_en: str
    remedy_en: str
    what_zh: str
    remedy_zh: str


REFUSED: Mapping[str, Advice] = {
    # Flow nodes
    "adHocSubProcess": Advice(
        "An ad-hoc sub-process", "Draw its order as flows.", "临时子流程", "请用顺序流画出先后。"
    ),
    "subChoreography": Advice("A choreography", "Draw a process.", "编排", "请改画流程。"),
    "choreographyTask": Advice("A choreography", "Draw a process.", "编排", "请改画流程。"),
    "callChoreography": Advice("A choreography", "Draw a process.", "编排", "请改画流程。"),
    "implicitThrowEvent": Advice("An implicit throw event", "Draw an event.", "隐式抛出事件", "请改画事件。"),
    "event": Advice("An abstract event", "Draw an event of a kind.", "抽象事件", "请改画具体事件。"),
    # Data
    "dataState": Advice("A data state", "Keep the state as a variable.", "数据状态", "请以变量保存状态。"),
    "whileExecutingInputRefs": Advice(
        "An input taken while the activity runs",
        "List it in dataInputRefs.",
        "执行中取得的输入",
        "请列入 dataInputRefs。",
    ),
    "whileExecutingOutputRefs": Advice(
        "An output given while the activity runs",
        "List it in dataOutputRefs.",
        "执行中给出的输出",
        "请列入 dataOutputRefs。",
    ),
    **dict.fromkeys(
        ("outputSetRefs", "inputSetRefs"),
        Advice("A rule between sets", "Leave one set of each.", "集合间规则", "请各保留一个集合。"),
    ),
    "ioBinding": Advice("A data binding", "Use wz:input and wz:output.", "数据绑定", "请改用 wz:input 与 wz:output。"),
    # People
    "performer": Advice("A performer", "Draw a lane.", "执行人", "请改画泳道。"),
    "humanPerformer": Advice(
        "A human performer",
        "Draw a lane, or use camunda:assignee.",
        "人工执行人",
        "请改画泳道，或用 camunda:assignee。",
    ),
    "potentialOwner": Advice(
        "A potential owner",
        "Draw a lane, or use camunda:candidateGroups.",
        "候选人",
        "请改画泳道，或用 camunda:candidateGroups。",
    ),
    "resourceRole": Advice("A resource role", "Draw a lane.", "资源角色", "请改画泳道。"),
    "rendering": Advice("A rendering", "Name the form with wz:form.", "界面呈现", "请用 wz:form 指明表单。"),
    # Correlation, watching
    "operationRef": Advice(
        "An operation by reference", "Name it with wz:operation.", "引用的操作", "请用 wz:operation 指明。"
    ),
    "participantMultiplicity": Advice(
        "A number of participants", "Draw a multi-instance activity.", "参与者数量", "请改画多实例活动。"
    ),
    "auditing": Advice(
        "An auditing rule", "Remove it; every act is recorded.", "审计规则", "请删去；所有行为均有记录。"
    ),
    "monitoring": Advice(
        "A monitoring rule", "Remove it; bind limits with wz:deadline.", "监控规则", "请删去；期限用 wz:deadline 绑定。"
    ),
}

REFUSED_NODES = frozenset(
    {
        "adHocSubProcess",
        "subChoreography",
        "choreographyTask",
        "callChoreography",
        "implicitThrowEvent",
        "event",
    }
)
"""Refused elements that flows lead to: they still stand there, so that the rest of the drawing can be examined."""

DRAWING = frozenset(
    {
        "documentation",
        "textAnnotation",
        "association",
        "group",
        "supports",
        "supportedInterfaceRef",
    }
)
"""Elements inside a process that are only picture or description: nothing happens differently without them."""

_ELEMENT = frozenset({"id", "name"})
_TYPED = _ELEMENT | {"itemSubjectRef"}
_ACTIVITY = _ELEMENT | {"isForCompensation", "startQuantity", "completionQuantity", "default"}

ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "process": _ELEMENT | {"isExecutable", "isClosed", "processType", "definitionalCollaborationRef"},
    "laneSet": _ELEMENT,
    "childLaneSet": _ELEMENT,
    "lane": _ELEMENT | {"partitionElementRef"},
    "sequenceFlow": _ELEMENT | {"sourceRef", "targetRef", "isImmediate"},
    "startEvent": _ELEMENT | {"isInterrupting", "parallelMultiple"},
    "endEvent": _ELEMENT,
    "intermediateCatchEvent": _ELEMENT | {"parallelMultiple"},
    "intermediateThrowEvent": _ELEMENT,
    "boundaryEvent": _ELEMENT | {"attachedToRef", "cancelActivity", "parallelMultiple"},
    "task": _ACTIVITY,
    "userTask": _ACTIVITY | {"implementation"},
    "manualTask": _ACTIVITY,
    "scriptTask": _ACTIVITY | {"scriptFormat"},
    "serviceTask": _ACTIVITY | {"implementation", "operationRef"},
    "businessRuleTask": _ACTIVITY | {"implementation"},
    "sendTask": _ACTIVITY | {"implementation", "operationRef", "messageRef"},
    "receiveTask": _ACTIVITY | {"implementation", "operationRef", "messageRef", "instantiate"},
    "subProcess": _ACTIVITY | {"triggeredByEvent"},
    "transaction": _ACTIVITY | {"triggeredByEvent", "method"},
    "compensateEventDefinition": frozenset({"id", "activityRef", "waitForCompletion"}),
    "cancelEventDefinition": frozenset({"id"}),
    "callActivity": _ACTIVITY | {"calledElement"},
    "exclusiveGateway": _ELEMENT | {"gatewayDirection", "default"},
    "inclusiveGateway": _ELEMENT | {"gatewayDirection", "default"},
    "parallelGateway": _ELEMENT | {"gatewayDirection"},
    "complexGateway": _ELEMENT | {"gatewayDirection", "default"},
    "activationCondition": frozenset({"id", "language", "evaluatesToTypeRef"}),
    "correlationProperty": _ELEMENT | {"type"},
    "correlationPropertyRetrievalExpression": frozenset({"id", "messageRef"}),
    "messagePath": frozenset({"id", "language", "evaluatesToTypeRef"}),
    "correlationKey": _ELEMENT,
    "correlationSubscription": frozenset({"id", "correlationKeyRef"}),
    "correlationPropertyBinding": frozenset({"id", "correlationPropertyRef"}),
    "dataPath": frozenset({"id", "language", "evaluatesToTypeRef"}),
    "eventBasedGateway": _ELEMENT | {"gatewayDirection", "instantiate", "eventGatewayType"},
    "messageEventDefinition": frozenset({"id", "messageRef"}),
    "timerEventDefinition": frozenset({"id"}),
    "signalEventDefinition": frozenset({"id", "signalRef"}),
    "conditionalEventDefinition": frozenset({"id"}),
    "condition": frozenset({"id", "language", "evaluatesToTypeRef"}),
    "eventDefinitionRef": frozenset(),
    "errorEventDefinition": frozenset({"id", "errorRef"}),
    "escalationEventDefinition": frozenset({"id", "escalationRef"}),
    "linkEventDefinition": frozenset({"id", "name"}),
    "source": frozenset(),
    "target": frozenset(),
    "terminateEventDefinition": frozenset({"id"}),
    "timeDate": frozenset({"id", "language", "evaluatesToTypeRef"}),
    "timeDuration": frozenset({"id", "language", "evaluatesToTypeRef"}),
    "timeCycle": frozenset({"id", "language", "evaluatesToTypeRef"}),
    "conditionExpression": frozenset({"id", "language", "evaluatesToTypeRef"}),
    "completionCondition": frozenset({"id", "language", "evaluatesToTypeRef"}),
    "loopCardinality": frozenset({"id", "language", "evaluatesToTypeRef"}),
    "script": frozenset({"id"}),
    "multiInstanceLoopCharacteristics": frozenset(
        {"id", "isSequential", "behavior", "oneBehaviorEventRef", "noneBehaviorEventRef"}
    ),
    "standardLoopCharacteristics": frozenset({"id", "testBefore", "loopMaximum"}),
    "loopCondition": frozenset({"id", "language", "evaluatesToTypeRef"}),
    "complexBehaviorDefinition": frozenset({"id"}),
    "event": frozenset({"id", "name"}),
    "incoming": frozenset(),
    "outgoing": frozenset(),
    "flowNodeRef": frozenset(),
    "extensionElements": frozenset({"id"}),
    **dict.fromkeys(("globalUserTask", "globalBusinessRuleTask"), _ELEMENT | {"implementation"}),
    "globalManualTask": _ELEMENT,
    "globalScriptTask": _ELEMENT | {"scriptLanguage"},
    "dataObject": _TYPED | {"isCollection"},
    "dataObjectReference": _TYPED | {"dataObjectRef"},
    "dataStoreReference": _TYPED | {"dataStoreRef"},
    "property": _TYPED,
    **dict.fromkeys(("dataInput", "dataOutput", "inputDataItem", "outputDataItem"), _TYPED | {"isCollection"}),
    "ioSpecification": frozenset({"id"}),
    "inputSet": _ELEMENT,
    "outputSet": _ELEMENT,
    "dataInputAssociation": frozenset({"id"}),
    "dataOutputAssociation": frozenset({"id"}),
    "assignment": frozenset({"id"}),
    **dict.fromkeys(("transformation", "from", "to"), frozenset({"id", "language", "evaluatesToTypeRef"})),
}

DATA = frozenset(
    {
        "dataObject",
        "dataObjectReference",
        "dataStore",
        "dataStoreReference",
        "property",
        "dataInput",
        "dataOutput",
        "inputDataItem",
        "outputDataItem",
        "itemDefinition",
    }
)
"""Elements that declare, refer to or type data."""

_COMMON = frozenset({"documentation", "extensionElements"})
_NODE = _COMMON | {"incoming", "outgoing"}
_ACTIVITY_CHILDREN = _NODE | {
    "multiInstanceLoopCharacteristics",
    "standardLoopCharacteristics",
    "ioSpecification",
    "property",
    "dataInputAssociation",
    "dataOutputAssociation",
}
_DRAWN_DATA = frozenset({"dataObject", "dataObjectReference", "dataStoreReference"})
_SCOPE = FLOW_NODES | DRAWING | _DRAWN_DATA | {"sequenceFlow", "laneSet", "property"}
_EVENT = _NODE | frozenset(EVENT_DEFINITIONS) | {"eventDefinitionRef", "property"}
_CATCHES = _EVENT | {"dataOutput", "outputSet", "dataOutputAssociation"}
_THROWS = _EVENT | {"dataInput", "inputSet", "dataInputAssociation"}
_CARRIES = _COMMON | {"sourceRef", "targetRef", "transformation", "assignment"}

CHILDREN: Mapping[str, frozenset[str]] = {
    "process": _COMMON | _SCOPE | {"correlationSubscription", "ioSpecification"},
    "correlationProperty": _COMMON | {"correlationPropertyRetrievalExpression"},
    "correlationPropertyRetrievalExpression": _COMMON | {"messagePath"},
    "correlationKey": _COMMON | {"correlationPropertyRef"},
    "correlationSubscription": _COMMON | {"correlationPropertyBinding"},
    "correlationPropertyBinding": _COMMON | {"dataPath"},
    **dict.fromkeys(GLOBAL, _COMMON | {"ioSpecification"}),
    "globalScriptTask": _COMMON | {"ioSpecification", "script"},
    "ioSpecification": _COMMON | {"dataInput", "dataOutput", "inputSet", "outputSet"},
    "inputSet": _COMMON | {"dataInputRefs", "optionalInputRefs"},
    "outputSet": _COMMON | {"dataOutputRefs", "optionalOutputRefs"},
    "dataInputAssociation": _CARRIES,
    "dataOutputAssociation": _CARRIES,
    "assignment": _COMMON | {"from", "to"},
    **dict.fromkeys(sorted(DATA - {"dataStore", "itemDefinition"}), _COMMON),
    **dict.fromkeys(SCOPES, _ACTIVITY_CHILDREN | _SCOPE),
    "compensateEventDefinition": _COMMON,
    "cancelEventDefinition": _COMMON,
    "laneSet": _COMMON | {"lane"},
    "childLaneSet": _COMMON | {"lane"},
    "lane": _COMMON | {"flowNodeRef", "childLaneSet", "partitionElement"},
    "sequenceFlow": _COMMON | {"conditionExpression"},
    **dict.fromkeys(("startEvent", "intermediateCatchEvent", "boundaryEvent"), _CATCHES),
    **dict.fromkeys(("intermediateThrowEvent", "endEvent"), _THROWS),
    **dict.fromkeys(ACTIVITIES - SCOPES - {"scriptTask"}, _ACTIVITY_CHILDREN),
    "scriptTask": _ACTIVITY_CHILDREN | {"script"},
    **dict.fromkeys(GATEWAYS, _NODE),
    "complexGateway": _NODE | {"activationCondition"},
    "messageEventDefinition": _COMMON,
    "timerEventDefinition": _COMMON | {"timeDate", "timeDuration", "timeCycle"},
    "signalEventDefinition": _COMMON,
    "conditionalEventDefinition": _COMMON | {"condition"},
    "errorEventDefinition": _COMMON,
    "escalationEventDefinition": _COMMON,
    "linkEventDefinition": _COMMON | {"source", "target"},
    "terminateEventDefinition": _COMMON,
    "multiInstanceLoopCharacteristics": _COMMON
    | {"loopCardinality", "completionCondition", "complexBehaviorDefinition"}
    | {"loopDataInputRef", "loopDataOutputRef", "inputDataItem", "outputDataItem"},
    "complexBehaviorDefinition": _COMMON | {"condition", "event"},
    "event": _COMMON | frozenset(EVENT_DEFINITIONS) | {"eventDefinitionRef"},
    "standardLoopCharacteristics": _COMMON | {"loopCondition"},
}
"""Elements with structure that is read: what may stand inside. Elements not named here are drawing or hold text."""

FIXED: Mapping[str, tuple[frozenset[str], str, str]] = {
    # attribute: accepted values, remedy in English, remedy in Chinese
    "waitForCompletion": (
        frozenset({"true", "1"}),
        "Remove the attribute: compensation is waited for.",
        "请删去该属性：补偿总是等待完成。",
    ),
    "method": (
        frozenset({"##Compensate", "compensate"}),
        "Remove the attribute: a transaction is undone by compensation.",
        "请删去该属性：事务以补偿撤销。",
    ),
    "isImmediate": (frozenset({"true", "1"}), "Remove the attribute.", "请删去该属性。"),
    "operationRef": (frozenset(), "Name the operation with wz:operation.", "请用 wz:operation 指明操作。"),
    "implementation": (
        frozenset({"##unspecified", "##WebService"}),
        "Name the form, operation or decision with wz:form, wz:operation or wz:decision.",
        "请用 wz:form、wz:operation 或 wz:decision 指明。",
    ),
}
"""Attributes of which only some values are carried out."""

_ANY_NODE = frozenset({"en", "stage", "state"})
ABOUT = frozenset({"party", "person"})
"""`wz:` attributes that name the variable saying whom something concerns."""
_PERSONAL = _ANY_NODE | ABOUT | {"form", "persons", "duty"}

EXTENSIONS: Mapping[str, frozenset[str]] = {
    "process": frozenset({"en"}),
    "lane": frozenset({"en"}),
    "participant": frozenset({"en"}),
    "sequenceFlow": frozenset({"en"}),
    **dict.fromkeys(FLOW_NODES, _ANY_NODE),
    "userTask": _PERSONAL,
    "manualTask": _PERSONAL,
    "scriptTask": _ANY_NODE | {"error", "escalation"},
    "serviceTask": _ANY_NODE | {"operation", "result"},
    "businessRuleTask": _ANY_NODE | {"decision", "result"},
    "sendTask": _ANY_NODE | {"payload"},
    "receiveTask": _ANY_NODE | ABOUT | {"payload"},
    **dict.fromkeys(SCOPES, _ANY_NODE | ABOUT),
    "callActivity": _ANY_NODE | ABOUT | {"called", "among"},
    "globalUserTask": _PERSONAL,
    "globalManualTask": _PERSONAL,
    "globalScriptTask": frozenset({"en", "error", "escalation"}),
    "globalBusinessRuleTask": frozenset({"en", "decision", "result"}),
    "multiInstanceLoopCharacteristics": frozenset({"collection", "element", "output", "outputElement"}),
}
"""`wz:` attributes by element. Those of events depend on what the event is: see `EVENT_EXTENSIONS`."""

EVENT_EXTENSIONS: Mapping[str, frozenset[str]] = {
    "none": frozenset(),
    "terminate": frozenset(),
    "message": ABOUT | {"payload"},
    "signal": ABOUT | {"payload"},
    "condition": ABOUT,
    "error": ABOUT | {"payload"},
    "escalation": ABOUT | {"payload"},
    "compensation": frozenset(),
    "cancel": frozenset(),
    "link": frozenset(),
    "timer": ABOUT | {"deadline", "from"},
}
MESSAGE_EXTENSIONS: Mapping[str, frozenset[str]] = {
    "boundaryEvent": frozenset({"action", "roles", "form"}),
    "intermediateCatchEvent": frozenset({"action", "roles", "form"}),
    "startEvent": frozenset({"others", "action", "roles", "form"}),
}
"""`wz:` attributes of message events beyond the others: the verb by which a person may tell the message, who may, what is asked;
and whose duties must be taken up by other people in a proceeding that begins so."""
OTHERWISE: Mapping[bool, frozenset[str]] = {
    False: frozenset({"action", "roles", "form"}),
    True: frozenset({"others"}),
}
"""Of these, by whether a start event begins an event sub-process: those that have no meaning there."""

BINDINGS: Mapping[str, frozenset[str]] = {
    "serviceTask": frozenset({"input"}),
    "businessRuleTask": frozenset({"input"}),
    "globalBusinessRuleTask": frozenset({"input"}),
    "callActivity": frozenset({"input", "output"}),
}
"""`wz:` elements inside <extensionElements>, by element."""

TRANSLATED: Mapping[str, Mapping[str, str]] = {
    "userTask": {"formKey": "form", "candidateGroups": "candidateGroups", "assignee": "assignee"},
    "manualTask": {"candidateGroups": "candidateGroups", "assignee": "assignee"},
    "businessRuleTask": {"decisionRef": "decision", "resultVariable": "result"},
    "serviceTask": {"resultVariable": "result"},
    "multiInstanceLoopCharacteristics": {"collection": "collection", "elementVariable": "element"},
}
"""Attributes of Camunda 7 that say the same as ours, by element: theirs → ours."""

FOREIGN_ADVICE: Mapping[str, tuple[str, str]] = {
    "asyncBefore": ("Remove it: every command is one transaction.", "请删去：每个命令即一个事务。"),
    "asyncAfter": ("Remove it: every command is one transaction.", "请删去：每个命令即一个事务。"),
    "class": ("Name a registered operation with wz:operation.", "请用 wz:operation 指明已登记的操作。"),
    "delegateExpression": ("Name a registered operation with wz:operation.", "请用 wz:operation 指明已登记的操作。"),
    "expression": ("Name a registered operation with wz:operation.", "请用 wz:operation 指明已登记的操作。"),
    "type": ("Name a registered operation with wz:operation.", "请用 wz:operation 指明已登记的操作。"),
    "topic": ("Name a registered operation with wz:operation.", "请用 wz:operation 指明已登记的操作。"),
    "taskDefinition": ("Name a registered operation with wz:operation.", "请用 wz:operation 指明已登记的操作。"),
    "serviceTaskOperator": ("Name a registered operation with wz:operation.", "请用 wz:operation 指明已登记的操作。"),
    "taskListener": ("Draw a task or an event.", "请改画任务或事件。"),
    "executionListener": ("Draw a task or an event.", "请改画任务或事件。"),
    "inputOutput": ("Use wz:input and wz:output.", "请改用 wz:input 与 wz:output。"),
    "ioMapping": ("Use wz:input and wz:output.", "请改用 wz:input 与 wz:output。"),
    "in": ("Use wz:input.", "请改用 wz:input。"),
    "out": ("Use wz:output.", "请改用 wz:output。"),
    "formData": ("Name the form with wz:form.", "请用 wz:form 指明表单。"),
    "formRef": ("Name the form with wz:form.", "请用 wz:form 指明表单。"),
    "formDefinition": ("Name the form with wz:form.", "请用 wz:form 指明表单。"),
    "dueDate": ("Bind a limit with wz:deadline.", "请用 wz:deadline 绑定期限。"),
    "formKey": ("Name the form with wz:form.", "请用 wz:form 指明表单。"),
    "assignee": ("Draw a lane; persons are assigned in the case.", "请画泳道；人员在案件中指派。"),
    "initiator": ("Remove it: who begins is on record.", "请删去：由谁启动已有记录。"),
    "instructionsForEndUser": ("Put it into the form.", "请写入表单。"),
    "subscription": ("Use a correlation key of BPMN.", "请改用 BPMN 的关联键。"),
    "followUpDate": ("Bind a limit with wz:deadline.", "请用 wz:deadline 绑定期限。"),
    "candidateUsers": ("Draw a lane; persons are assigned in the case.", "请画泳道；人员在案件中指派。"),
    "preScript": ("Draw a script task before it.", "请在其前画脚本任务。"),
    "postScript": ("Draw a script task behind it.", "请在其后画脚本任务。"),
    "calledDecision": ("Name the table with wz:decision.", "请用 wz:decision 指明决策表。"),
    "mapDecisionResult": ("Remove it; the result is what the table gives.", "请删去；结果即决策表所给。"),
    "loopCharacteristics": ("Use wz:collection and wz:element.", "请改用 wz:collection 与 wz:element。"),
    "calledElement": ("Set calledElement of BPMN.", "请填写 BPMN 的 calledElement。"),
    "script": ("Write a CEL map in a script task.", "请在脚本任务中写 CEL 映射。"),
}
FOREIGN_REMEDY = ("Remove it, or say it with a wz: attribute.", "请删去，或改用 wz: 属性。")
