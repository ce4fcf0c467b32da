"""Pools and message flows: a picture of who talks to whom, which must not contradict what is executed.

A message flow itself sends nothing: message events do, by the name of their message. So one that joins two processes that
both run must join events with one message; one whose other end is a closed pool, or a process that is not run, is only a
picture. What it says of keys is read by `conversations`; numbers of participants are refused.
"""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from engine import vocabulary
from engine.elements import File
from engine.nodes import Drawing, Node
from engine.refusals import Findings
from engine.vocabulary import BPMN

_SENDS = frozenset({"intermediateThrowEvent", "endEvent", "sendTask"})
_TAKES = frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent", "receiveTask"})


def check_collaborations(file: File, drawings: Mapping[str, Drawing], findings: Findings) -> None:
    """Check the collaborations of a file against the processes that run."""
    for collaboration in file.collaborations:
        pools: dict[str, str] = {}
        for participant in collaboration.iterchildren(f"{{{BPMN}}}participant"):
            process = (participant.get("processRef") or "").split(":")[-1]
            pools[participant.get("id") or ""] = process
            if process in drawings:
                _refuse(file, participant, "participantMultiplicity", findings)
        for flow in collaboration.iterchildren(f"{{{BPMN}}}messageFlow"):
            _check_flow(file, flow, pools, drawings, findings)


def _check_flow(
    file: File,
    flow: etree._Element,
    pools: Mapping[str, str],
    drawings: Mapping[str, Drawing],
    findings: Findings,
) -> None:
    ends = {name: (flow.get(name) or "").split(":")[-1] for name in ("sourceRef", "targetRef")}
    standing = {name: _standing(file, id, pools, drawings) for name, id in ends.items()}
    for name, stands in standing.items():
        if stands is None:
            findings.refuse(
                "reference-dangling",
                file.place(flow),
                attribute=name,
                target=ends[name],
                expected_en="a pool or a node of this file",
                expected_zh="本文件中的泳池或节点",
            )
    source, target = standing["sourceRef"], standing["targetRef"]
    for name, stands, kinds in (("sourceRef", source, _SENDS), ("targetRef", target, _TAKES)):
        node = stands[1] if stands is not None else None
        if node is not None and not node.refused and node.kind not in kinds | vocabulary.ACTIVITIES:
            findings.refuse("message-flow-end", file.place(flow), attribute=name, node=node.id, tag=node.kind)
            return
    if source is None or target is None or not (source[0] in drawings and target[0] in drawings):
        return
    if source[0] == target[0] or not _one_message(source[1], target[1]):
        findings.refuse("message-flow", file.place(flow), source=ends["sourceRef"], target=ends["targetRef"])


def _one_message(source: Node | None, target: Node | None) -> bool:
    if source is None or target is None or source.event is None or target.event is None:
        return False
    fits = source.kind in _SENDS and target.kind in _TAKES and bool(source.event.name)
    return fits and source.event.kind == target.event.kind == "message" and source.event.name == target.event.name


def _standing(
    file: File, id: str, pools: Mapping[str, str], drawings: Mapping[str, Drawing]
) -> tuple[str, Node | None] | None:
    """The process an end belongs to, and its node; None where the end is not in the file."""
    if id in pools:
        return pools[id], None
    for drawing in drawings.values():
        for scope in drawing.scopes():
            if id in scope.nodes:
                return drawing.id, scope.nodes[id]
    known = id and any(element.get("id") == id for element in file.root.iter(f"{{{BPMN}}}*"))
    return ("", None) if known else None


def _refuse(file: File, element: etree._Element, tag: str, findings: Findings) -> None:
    advice = vocabulary.REFUSED[tag]
    for child in element.iterchildren(f"{{{BPMN}}}{tag}"):
        findings.refuse(
            "element-not-supported",
            file.near(child),
            what_en=advice.what_en,
            remedy_en=advice.remedy_en,
            what_zh=advice.what_zh,
            remedy_zh=advice.remedy_zh,
        )
