"""Structure of compensation and transactions: handlers, what throws, and that a cancelled transaction can be left.

It looks at drawn nodes only, never changes them, and never stops at the first finding.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine import vocabulary
from engine.nodes import Drawing, Flow, Node
from engine.refusals import Findings

Flows = Mapping[str, list[Flow]]


def check_undoing(scope: Drawing, into: Flows, out: Flows, findings: Findings) -> None:
    """Check one scope.

    Args:
        into, out: the flows that enter and leave each node.
    """
    for node in scope.nodes.values():
        if node.refused:
            continue
        if node.for_compensation:
            _handler(scope, node, into, out, findings)
        kind = node.event.kind if node.event is not None else ""
        if node.kind == "boundaryEvent" and kind == "compensation":
            _attached(scope, node, out, findings)
        elif node.kind == "boundaryEvent" and kind == "cancel":
            _cancelled(scope, node, findings)
        elif kind == "compensation" and node.kind != "startEvent":
            _thrown(scope, node, findings)
        elif kind == "cancel":
            _cancels(scope, node, findings)


def _handler(scope: Drawing, node: Node, into: Flows, out: Flows, findings: Findings) -> None:
    named_by = [other for other in scope.nodes.values() if undoes(other) and node.id in other.associated]
    if len(named_by) != 1:
        findings.refuse("handler-alone", node.place, count=len(named_by))
    guarded = any(other.attached == node.id for other in scope.nodes.values())
    if into[node.id] or out[node.id] or guarded or node.by_event:
        findings.refuse("handler-connected", node.place)


def _attached(scope: Drawing, node: Node, out: Flows, findings: Findings) -> None:
    if out[node.id]:
        findings.refuse("handler-connected", node.place)
    handlers = [id for id in dict.fromkeys(node.associated) if id in scope.nodes and scope.nodes[id].for_compensation]
    if len(handlers) != 1:
        findings.refuse("handler-missing", node.place, count=len(handlers))
    host = scope.nodes.get(node.attached or "")
    if host is None:
        return
    if host.for_compensation:
        findings.refuse("boundary-on", node.place, tag="compensation handler")
    first = next(other for other in scope.nodes.values() if undoes(other) and other.attached == node.attached)
    if first is not node:
        findings.refuse("undone-twice", node.place, other=first.id)
    elif host.undoes_inside is not None:
        findings.refuse("undone-twice", node.place, other=host.undoes_inside.id)


def _thrown(scope: Drawing, node: Node, findings: Findings) -> None:
    assert node.event is not None  # noqa: S101 - asked by the caller
    around = [scope] if scope.around is None or not scope.by_event else [scope, scope.around]
    wanted = node.event.name
    candidates = [other for each in around for other in each.nodes.values() if can_be_undone(each, other)]
    if wanted and wanted not in {other.id for other in candidates}:
        findings.refuse("undoes-nothing", node.place, activity=wanted)
    elif not wanted and not candidates:
        findings.warn("nothing-to-undo", node.place)


def _cancelled(scope: Drawing, node: Node, findings: Findings) -> None:
    host = scope.nodes.get(node.attached or "")
    if host is None or host.kind not in vocabulary.ACTIVITIES:
        return
    if host.kind != "transaction":
        findings.refuse("cancel-not-here", node.place)
    elif not node.interrupting:
        findings.refuse("always-interrupting", node.place, event="cancel")
    elif host.inner is not None and not any(_is_cancel(inner) for inner in host.inner.nodes.values()):
        findings.warn("never-thrown", node.place, event="cancel")


def _cancels(scope: Drawing, node: Node, findings: Findings) -> None:
    owner = scope.owner
    if owner is None or owner.kind != "transaction" or scope.around is None:
        findings.refuse("cancel-not-here", node.place)
    elif not any(_is_cancel(other) and other.attached == owner.id for other in scope.around.nodes.values()):
        findings.refuse("cancel-uncaught", node.place, transaction=owner.id)


def undoes(node: Node) -> bool:
    """Whether it is an event attached to an activity that names what undoes it."""
    return node.kind == "boundaryEvent" and node.event is not None and node.event.kind == "compensation"


def can_be_undone(scope: Drawing, node: Node) -> bool:
    """Whether an activity has a handler, or something inside that has one."""
    waiting = [(scope, node)]
    while waiting:
        where, each = waiting.pop()
        if any(undoes(other) and other.attached == each.id for other in where.nodes.values()):
            return True
        if each.undoes_inside is not None:
            return True
        if each.inner is not None:
            waiting.extend((each.inner, inner) for inner in each.inner.nodes.values())
    return False


def _is_cancel(node: Node) -> bool:
    return node.event is not None and node.event.kind == "cancel"
