"""Small diagrams as other tools write them: their prefixes, their order, their extensions and habits. For `test_interchange`."""

from __future__ import annotations

_MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
_DI = (
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" '
    'xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:omgdc="http://www.omg.org/spec/DD/20100524/DC" '
    'xmlns:omgdi="http://www.omg.org/spec/DD/20100524/DI" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)

BPMN_IO = f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="{_MODEL}" {_DI} xmlns:bioc="http://bpmn.io/schema/bpmn/biocolor/1.0"
    xmlns:color="http://www.omg.org/spec/BPMN/non-normative/color/1.0" id="Definitions_1"
    targetNamespace="http://bpmn.io/schema/bpmn" exporter="bpmn-js (https://demo.bpmn.io)" exporterVersion="18.0.0">
  <bpmn:collaboration id="Collaboration_1">
    <bpmn:participant id="Participant_1" name="Office" processRef="Process_1" />
    <bpmn:participant id="Participant_2" name="Citizen" />
    <bpmn:messageFlow id="Flow_m" sourceRef="Participant_2" targetRef="StartEvent_1" />
  </bpmn:collaboration>
  <bpmn:process id="Process_1" isExecutable="false">
    <bpmn:startEvent id="StartEvent_1"><bpmn:outgoing>Flow_1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:task id="Activity_1" name="Look into it"><bpmn:incoming>Flow_1</bpmn:incoming>
      <bpmn:outgoing>Flow_2</bpmn:outgoing>
      <bpmn:property id="Property_1" name="__targetRef_placeholder" />
      <bpmn:dataInputAssociation id="DataInputAssociation_1"><bpmn:sourceRef>DataStoreReference_1</bpmn:sourceRef>
        <bpmn:targetRef>Property_1</bpmn:targetRef></bpmn:dataInputAssociation></bpmn:task>
    <bpmn:sequenceFlow id="Flow_1" sourceRef="StartEvent_1" targetRef="Activity_1" />
    <bpmn:exclusiveGateway id="Gateway_1"><bpmn:incoming>Flow_2</bpmn:incoming><bpmn:outgoing>Flow_3</bpmn:outgoing>
      <bpmn:outgoing>Flow_4</bpmn:outgoing></bpmn:exclusiveGateway>
    <bpmn:sequenceFlow id="Flow_2" sourceRef="Activity_1" targetRef="Gateway_1" />
    <bpmn:endEvent id="Event_1"><bpmn:incoming>Flow_3</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="Flow_3" name="yes" sourceRef="Gateway_1" targetRef="Event_1" />
    <bpmn:task id="Activity_2" name="Write"><bpmn:incoming>Flow_4</bpmn:incoming></bpmn:task>
    <bpmn:sequenceFlow id="Flow_4" name="no" sourceRef="Gateway_1" targetRef="Activity_2" />
    <bpmn:dataStoreReference id="DataStoreReference_1" name="Register" />
    <bpmn:textAnnotation id="TextAnnotation_1"><bpmn:text>Within a week</bpmn:text></bpmn:textAnnotation>
    <bpmn:association id="Association_1" associationDirection="None" sourceRef="Activity_1" targetRef="TextAnnotation_1" />
    <bpmn:group id="Group_1" categoryValueRef="CategoryValue_1" />
  </bpmn:process>
  <bpmn:category id="Category_1"><bpmn:categoryValue id="CategoryValue_1" value="First" /></bpmn:category>
  <bpmndi:BPMNDiagram id="BPMNDiagram_1"><bpmndi:BPMNPlane id="BPMNPlane_1" bpmnElement="Collaboration_1">
    <bpmndi:BPMNShape id="Activity_1_di" bpmnElement="Activity_1" bioc:stroke="#0d4372" bioc:fill="#bbdefb"
      color:background-color="#bbdefb" color:border-color="#0d4372">
      <dc:Bounds x="240" y="80" width="100" height="80" /><bpmndi:BPMNLabel /></bpmndi:BPMNShape>
    <bpmndi:BPMNEdge id="Flow_1_di" bpmnElement="Flow_1"><di:waypoint x="188" y="120" /><di:waypoint x="240" y="120" />
    </bpmndi:BPMNEdge></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</bpmn:definitions>"""

CAMUNDA_7 = f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="{_MODEL}" {_DI} xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
    xmlns:modeler="http://camunda.org/schema/modeler/1.0" id="Definitions_1"
    targetNamespace="http://bpmn.io/schema/bpmn"
    exporter="Camunda Modeler" exporterVersion="5.20.0" modeler:executionPlatform="Camunda Platform"
    modeler:executionPlatformVersion="7.20.0">
  <bpmn:process id="invoice" name="Invoice" isExecutable="true" camunda:historyTimeToLive="180">
    <bpmn:startEvent id="start" camunda:formKey="embedded:app:forms/start.html" camunda:initiator="starter">
      <bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="approve" />
    <bpmn:userTask id="approve" name="Approve" camunda:formKey="F-APPROVE" camunda:assignee="${{approver}}"
        camunda:dueDate="${{dateTime().plusWeeks(1).toDate()}}">
      <bpmn:extensionElements><camunda:taskListener class="org.example.Listener" event="create" />
        <camunda:inputOutput><camunda:inputParameter name="x">1</camunda:inputParameter></camunda:inputOutput>
      </bpmn:extensionElements>
      <bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing></bpmn:userTask>
    <bpmn:sequenceFlow id="f2" sourceRef="approve" targetRef="choose" />
    <bpmn:exclusiveGateway id="choose" name="Approved?" default="f4"><bpmn:incoming>f2</bpmn:incoming>
      <bpmn:outgoing>f3</bpmn:outgoing><bpmn:outgoing>f4</bpmn:outgoing></bpmn:exclusiveGateway>
    <bpmn:sequenceFlow id="f3" sourceRef="choose" targetRef="pay">
      <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">${{approved}}</bpmn:conditionExpression>
      </bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="f4" sourceRef="choose" targetRef="end" />
    <bpmn:serviceTask id="pay" name="Pay" camunda:asyncBefore="true" camunda:delegateExpression="${{payer}}">
      <bpmn:incoming>f3</bpmn:incoming><bpmn:outgoing>f5</bpmn:outgoing></bpmn:serviceTask>
    <bpmn:sequenceFlow id="f5" sourceRef="pay" targetRef="end" />
    <bpmn:endEvent id="end"><bpmn:incoming>f4</bpmn:incoming><bpmn:incoming>f5</bpmn:incoming></bpmn:endEvent>
  </bpmn:process>
</bpmn:definitions>"""

CAMUNDA_8 = f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="{_MODEL}" {_DI} xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
    xmlns:modeler="http://camunda.org/schema/modeler/1.0" id="Definitions_1"
    targetNamespace="http://bpmn.io/schema/bpmn"
    exporter="Camunda Modeler" exporterVersion="5.20.0" modeler:executionPlatform="Camunda Cloud"
    modeler:executionPlatformVersion="8.4.0">
  <bpmn:process id="order" isExecutable="true">
    <bpmn:startEvent id="start"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="charge" />
    <bpmn:serviceTask id="charge" name="Charge">
      <bpmn:extensionElements><zeebe:taskDefinition type="charge" retries="3" />
        <zeebe:ioMapping><zeebe:input source="=order.total" target="amount" /></zeebe:ioMapping>
      </bpmn:extensionElements>
      <bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing></bpmn:serviceTask>
    <bpmn:sequenceFlow id="f2" sourceRef="charge" targetRef="wait" />
    <bpmn:intermediateCatchEvent id="wait" name="Paid"><bpmn:incoming>f2</bpmn:incoming>
      <bpmn:outgoing>f3</bpmn:outgoing>
      <bpmn:messageEventDefinition id="med" messageRef="Message_1" /></bpmn:intermediateCatchEvent>
    <bpmn:sequenceFlow id="f3" sourceRef="wait" targetRef="end" />
    <bpmn:endEvent id="end"><bpmn:incoming>f3</bpmn:incoming></bpmn:endEvent>
  </bpmn:process>
  <bpmn:message id="Message_1" name="paid">
    <bpmn:extensionElements><zeebe:subscription correlationKey="=order.id" /></bpmn:extensionElements></bpmn:message>
</bpmn:definitions>"""

SIGNAVIO = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<definitions xmlns="{_MODEL}" {_DI} xmlns:signavio="http://www.signavio.com" exporter="Signavio Process Editor"
    exporterVersion="15.1.0" expressionLanguage="http://www.w3.org/TR/XPath" id="sid-d1"
    targetNamespace="http://www.signavio.com" typeLanguage="http://www.w3.org/2001/XMLSchema">
  <collaboration id="sid-c1">
    <extensionElements><signavio:signavioDiagramMetaData metaKey="revisionid" metaValue="1" /></extensionElements>
    <participant id="sid-p1" name="Authority" processRef="sid-x1"/>
  </collaboration>
  <process id="sid-x1" isClosed="false" isExecutable="false" name="Authority" processType="None">
    <laneSet id="sid-l0"><lane id="sid-l1" name="Clerk">
      <extensionElements><signavio:signavioMetaData metaKey="bgcolor" metaValue=""/></extensionElements>
      <flowNodeRef>sid-1</flowNodeRef><flowNodeRef>sid-2</flowNodeRef><flowNodeRef>sid-3</flowNodeRef></lane></laneSet>
    <startEvent id="sid-1" isInterrupting="true" name=""><outgoing>sid-f1</outgoing></startEvent>
    <task completionQuantity="1" id="sid-2" isForCompensation="false" name="Check" startQuantity="1">
      <extensionElements><signavio:signavioMetaData metaKey="bgcolor" metaValue="#ffffcc"/></extensionElements>
      <incoming>sid-f1</incoming><outgoing>sid-f2</outgoing></task>
    <endEvent id="sid-3" name=""><incoming>sid-f2</incoming></endEvent>
    <sequenceFlow id="sid-f1" isImmediate="true" sourceRef="sid-1" targetRef="sid-2"/>
    <sequenceFlow id="sid-f2" isImmediate="true" sourceRef="sid-2" targetRef="sid-3"/>
  </process>
  <bpmndi:BPMNDiagram id="sid-di"><bpmndi:BPMNPlane bpmnElement="sid-c1" id="sid-pl">
    <bpmndi:BPMNShape bpmnElement="sid-p1" id="sid-p1_gui" isHorizontal="true">
      <omgdc:Bounds height="250.0" width="600.0" x="120.0" y="75.0"/></bpmndi:BPMNShape></bpmndi:BPMNPlane>
      </bpmndi:BPMNDiagram>
</definitions>"""

BIZAGI = f"""<?xml version="1.0" encoding="utf-8"?>
<definitions xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns="{_MODEL}" {_DI} xmlns:bizagi="http://www.bizagi.com/bpmn20"
    targetNamespace="http://www.bizagi.com/definitions/1" id="d1" exporter="BizAgi Process Modeler"
    exporterVersion="4.0">
  <process id="Id_1" name="Main process">
    <documentation />
    <extensionElements><bizagi:BizagiExtensions><bizagi:BizagiProperties /></bizagi:BizagiExtensions>
      </extensionElements>
    <ioSpecification><inputSet /><outputSet /></ioSpecification>
    <startEvent id="Id_2" name=""><outgoing>Id_5</outgoing></startEvent>
    <task id="Id_3" name="Register"><incoming>Id_5</incoming><outgoing>Id_6</outgoing></task>
    <endEvent id="Id_4" name=""><incoming>Id_6</incoming></endEvent>
    <sequenceFlow id="Id_5" name="" sourceRef="Id_2" targetRef="Id_3" />
    <sequenceFlow id="Id_6" name="" sourceRef="Id_3" targetRef="Id_4" />
  </process>
</definitions>"""

FLOWABLE = f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="{_MODEL}" {_DI} xmlns:flowable="http://flowable.org/bpmn" typeLanguage="http://www.w3.org/2001/XMLSchema"
    expressionLanguage="http://www.w3.org/1999/XPath" targetNamespace="http://www.flowable.org/processdef">
  <process id="leave" name="Leave" isExecutable="true">
    <startEvent id="start" flowable:initiator="initiator" flowable:formFieldValidation="true"></startEvent>
    <userTask id="ask" name="Ask" flowable:assignee="${{initiator}}" flowable:formKey="leave-form">
      <extensionElements><modeler:initiator-can-complete xmlns:modeler="http://flowable.org/modeler"><![CDATA[false]]>
        </modeler:initiator-can-complete></extensionElements></userTask>
    <sequenceFlow id="f1" sourceRef="start" targetRef="ask"></sequenceFlow>
    <serviceTask id="book" name="Book" flowable:class="org.example.Booker"></serviceTask>
    <sequenceFlow id="f2" sourceRef="ask" targetRef="book"></sequenceFlow>
    <endEvent id="end"></endEvent>
    <sequenceFlow id="f3" sourceRef="book" targetRef="end"></sequenceFlow>
    <boundaryEvent id="late" attachedToRef="ask" cancelActivity="true">
      <timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>
    <sequenceFlow id="f4" sourceRef="late" targetRef="end"></sequenceFlow>
  </process>
  <bpmndi:BPMNDiagram id="BPMNDiagram_leave"><bpmndi:BPMNPlane bpmnElement="leave" id="BPMNPlane_leave">
    <bpmndi:BPMNShape bpmnElement="start" id="BPMNShape_start">
      <omgdc:Bounds height="30.0" width="30.0" x="100.0" y="163.0"/>
    </bpmndi:BPMNShape></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</definitions>"""

JBPM = f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn2:definitions xmlns:bpmn2="{_MODEL}" {_DI} xmlns:drools="http://www.jboss.org/drools" id="_d1"
    exporter="jBPM Process Modeler"
    exporterVersion="2.0" targetNamespace="http://www.omg.org/bpmn20">
  <bpmn2:itemDefinition id="_approvedItem" structureRef="Boolean"/>
  <bpmn2:process id="eval.review" drools:packageName="eval" drools:version="1.0" drools:adHoc="false" name="review"
      isExecutable="true" processType="Public">
    <bpmn2:property id="approved" itemSubjectRef="_approvedItem" name="approved"/>
    <bpmn2:sequenceFlow id="_f1" sourceRef="_s" targetRef="_t"/>
    <bpmn2:sequenceFlow id="_f2" sourceRef="_t" targetRef="_e"/>
    <bpmn2:startEvent id="_s"><bpmn2:outgoing>_f1</bpmn2:outgoing></bpmn2:startEvent>
    <bpmn2:userTask id="_t" name="Review">
      <bpmn2:extensionElements><drools:metaData name="elementname"><drools:metaValue><![CDATA[Review]]>
      </drools:metaValue>
        </drools:metaData></bpmn2:extensionElements>
      <bpmn2:incoming>_f1</bpmn2:incoming><bpmn2:outgoing>_f2</bpmn2:outgoing>
      <bpmn2:ioSpecification><bpmn2:dataInput id="_t_TaskNameInput" drools:dtype="Object" name="TaskName"/>
        <bpmn2:inputSet><bpmn2:dataInputRefs>_t_TaskNameInput</bpmn2:dataInputRefs></bpmn2:inputSet>
        <bpmn2:outputSet/></bpmn2:ioSpecification>
      <bpmn2:potentialOwner id="_po"><bpmn2:resourceAssignmentExpression id="_ra">
      <bpmn2:formalExpression>PM</bpmn2:formalExpression>
        </bpmn2:resourceAssignmentExpression></bpmn2:potentialOwner></bpmn2:userTask>
    <bpmn2:scriptTask id="_x" name="Not reached" scriptFormat="http://www.java.com/java">
      <bpmn2:script>int x = 1;</bpmn2:script>
      </bpmn2:scriptTask>
    <bpmn2:endEvent id="_e"><bpmn2:incoming>_f2</bpmn2:incoming></bpmn2:endEvent>
  </bpmn2:process>
  <bpmn2:relationship id="_r" type="BPSimData"><bpmn2:extensionElements/><bpmn2:source>_d1</bpmn2:source>
    <bpmn2:target>_d1</bpmn2:target></bpmn2:relationship>
</bpmn2:definitions>"""

ACTIVITI = f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="{_MODEL}" {_DI} xmlns:activiti="http://activiti.org/bpmn"
    targetNamespace="http://www.activiti.org/test">
  <signal id="alert" name="alert" activiti:scope="processInstance"></signal>
  <process id="vacation" isExecutable="true">
    <startEvent id="start"></startEvent>
    <sequenceFlow id="f1" sourceRef="start" targetRef="script"></sequenceFlow>
    <scriptTask id="script" name="Reckon" scriptFormat="groovy" activiti:autoStoreVariables="false">
      <script>execution.setVariable("days", 3)</script></scriptTask>
    <sequenceFlow id="f2" sourceRef="script" targetRef="mail"></sequenceFlow>
    <serviceTask id="mail" activiti:type="mail"><extensionElements>
      <activiti:field name="to"><activiti:expression>${{to}}</activiti:expression></activiti:field>
      </extensionElements></serviceTask>
    <sequenceFlow id="f3" sourceRef="mail" targetRef="end"></sequenceFlow>
    <endEvent id="end"></endEvent>
  </process>
</definitions>"""

SPIFF_ARENA = f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="{_MODEL}" {_DI} xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core"
    id="Definitions_96f6665" targetNamespace="http://bpmn.io/schema/bpmn" exporter="Camunda Modeler"
    exporterVersion="3.0.0-dev">
  <bpmn:process id="hello" isExecutable="true">
    <bpmn:startEvent id="start"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="set" />
    <bpmn:scriptTask id="set" name="Set"><bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing>
      <bpmn:script>name = "x"
for each in range(3):
    name += "y"</bpmn:script></bpmn:scriptTask>
    <bpmn:sequenceFlow id="f2" sourceRef="set" targetRef="show" />
    <bpmn:manualTask id="show" name="Show"><bpmn:extensionElements>
      <spiffworkflow:instructionsForEndUser>Hello {{{{name}}}}</spiffworkflow:instructionsForEndUser>
      <spiffworkflow:postScript>done = True</spiffworkflow:postScript></bpmn:extensionElements>
      <bpmn:incoming>f2</bpmn:incoming><bpmn:outgoing>f3</bpmn:outgoing></bpmn:manualTask>
    <bpmn:sequenceFlow id="f3" sourceRef="show" targetRef="end" />
    <bpmn:endEvent id="end"><bpmn:incoming>f3</bpmn:incoming></bpmn:endEvent>
  </bpmn:process>
</bpmn:definitions>"""

VISUAL_PARADIGM = f"""<?xml version="1.0" encoding="UTF-8"?>
<semantic:definitions xmlns:semantic="{_MODEL}" {_DI} id="_1" targetNamespace="http://www.trisotech.com/definitions/_1">
  <semantic:message id="m1" name="Request"/>
  <semantic:process isExecutable="false" id="p0" name="Private"/>
  <semantic:process isExecutable="false" id="p1">
    <semantic:adHocSubProcess id="a1" name="Whatever is needed" ordering="Parallel">
      <semantic:task id="a2" name="Ask around"/><semantic:completionCondition>true</semantic:completionCondition>
    </semantic:adHocSubProcess>
    <semantic:startEvent id="s1" name="Request"><semantic:outgoing>f1</semantic:outgoing>
      <semantic:messageEventDefinition messageRef="semantic:m1"/></semantic:startEvent>
    <semantic:complexGateway gatewayDirection="Converging" id="g1"/>
    <semantic:endEvent id="e1"/>
    <semantic:sequenceFlow id="f1" sourceRef="s1" targetRef="a1"/>
    <semantic:sequenceFlow id="f2" sourceRef="a1" targetRef="g1"/>
    <semantic:sequenceFlow id="f3" sourceRef="g1" targetRef="e1"/>
  </semantic:process>
  <semantic:collaboration id="c1"><semantic:participant id="pa0" name="Citizen" processRef="p0"/>
    <semantic:participant id="pa1" name="Office" processRef="p1"><semantic:participantMultiplicity maximum="2"/>
      </semantic:participant>
    <semantic:messageFlow id="mf1" sourceRef="pa0" targetRef="s1"/></semantic:collaboration>
</semantic:definitions>"""

CHOREOGRAPHY = f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn2:definitions xmlns:bpmn2="{_MODEL}" {_DI} id="d" targetNamespace="http://example.org">
  <bpmn2:choreography id="c1"><bpmn2:participant id="p1" name="A"/><bpmn2:participant id="p2" name="B"/>
    <bpmn2:startEvent id="s"/><bpmn2:endEvent id="e"/>
    <bpmn2:choreographyTask id="t" initiatingParticipantRef="p1"><bpmn2:participantRef>p1</bpmn2:participantRef>
      <bpmn2:participantRef>p2</bpmn2:participantRef><bpmn2:messageFlowRef>m</bpmn2:messageFlowRef>
      </bpmn2:choreographyTask>
    <bpmn2:sequenceFlow id="f1" sourceRef="s" targetRef="t"/><bpmn2:sequenceFlow id="f2" sourceRef="t" targetRef="e"/>
  </bpmn2:choreography>
</bpmn2:definitions>"""
