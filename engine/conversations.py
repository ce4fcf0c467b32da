"""Reading the keys by which messages belong together: properties, the keys of collaborations and conversations, subscriptions.

It reads what stands in one file for the processes that run, and notes every finding. What a key does while a proceeding runs is
for `correlation`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from engine.correlation import Correlation, Key, Subscription
from engine.elements import Elements, File, local, text_of
from engine.nodes import Drawing, Formula
from engine.refusals import Findings
from engine.vocabulary import BPMN

_HOLDERS = frozenset({"collaboration", "conversation", "subConversation", "callConversation", "globalConversation"})
"""Elements that hold keys."""


def read_correlation(file: File, drawings: Mapping[str, Drawing], findings: Findings) -> Correlation:
    """The keys of a file that concern the processes that run, and the subscriptions of these."""
    reader = _Keys(file, drawings, findings)
    keys = tuple(reader.keys())
    by_id = {key.id: key for key in keys}
    return Correlation(keys=keys, subscriptions=tuple(reader.subscriptions(by_id)))


class _Keys(Elements):
    def __init__(self, file: File, drawings: Mapping[str, Drawing], findings: Findings) -> None:
        super().__init__(file, findings)
        self.drawings = drawings
        self.read: dict[str, dict[str, Formula]] = {}
        """By property: the name of each message that gives it, and how."""
        for element in file.root.iterchildren(f"{{{BPMN}}}correlationProperty"):
            self.attributes(element, "correlationProperty")
            self.read[element.get("id") or ""] = dict(self.retrievals(element))

    def retrievals(self, element: etree._Element) -> Iterator[tuple[str, Formula]]:
        for child in self.members(element, "correlationProperty"):
            self.attributes(child, "correlationPropertyRetrievalExpression")
            message = self.file.roots.get(("message", (child.get("messageRef") or "").split(":")[-1]))
            for path in self.members(child, "correlationPropertyRetrievalExpression"):
                self.attributes(path, "messagePath")
                formula = self.expression(path, self.words(path), "any")
                if formula.compiled.names - {"payload"}:
                    self.refuse("correlation-path", path, names=", ".join(sorted(formula.compiled.names - {"payload"})))
                if message is not None:
                    yield (message.get("name") or "").strip(), formula

    def keys(self) -> Iterator[Key]:
        for collaboration in self.file.root.iterchildren(f"{{{BPMN}}}collaboration", f"{{{BPMN}}}globalConversation"):
            pools = {
                pool.get("id") or "": (pool.get("processRef") or "").split(":")[-1]
                for pool in collaboration.iterchildren(f"{{{BPMN}}}participant")
            }
            for element in collaboration.iter(f"{{{BPMN}}}correlationKey"):
                holder = element.getparent()
                if holder is None or local(holder) not in _HOLDERS:
                    continue
                among = _named(holder, "participantRef") or set(pools)
                if any(pools.get(pool) in self.drawings for pool in among):
                    yield from self.key(element, self.travelling(collaboration, holder))

    def travelling(self, collaboration: etree._Element, holder: etree._Element) -> set[str] | None:
        """The names of the messages of a conversation, where it lists their flows; None for all."""
        listed = _named(holder, "messageFlowRef")
        if not listed:
            return None
        names: set[str] = set()
        for flow in collaboration.iterchildren(f"{{{BPMN}}}messageFlow"):
            if flow.get("id") not in listed:
                continue
            message = self.file.roots.get(("message", (flow.get("messageRef") or "").split(":")[-1]))
            if message is not None:
                names.add((message.get("name") or "").strip())
            ends = {(flow.get(end) or "").split(":")[-1] for end in ("sourceRef", "targetRef")}
            for drawing in self.drawings.values():
                for scope in drawing.scopes():
                    for node in scope.nodes.values():
                        if node.id in ends and node.event is not None:
                            names.update(event.name for event in node.event.each if event.kind == "message")
        return names

    def key(self, element: etree._Element, names: set[str] | None) -> Iterator[Key]:
        self.attributes(element, "correlationKey")
        id = self.id(element, "correlationKey")
        properties = tuple(text_of(child).split(":")[-1] for child in self.members(element, "correlationKey"))
        given = [self.read.get(each, {}) for each in properties]
        complete = set(given[0]).intersection(*given) if given else set()
        if names is not None:
            complete &= names
        if not complete:
            self.refuse("correlation-without-message", element)
        messages = {name: tuple(each[name] for each in given) for name in sorted(complete)}
        yield Key(id=id, name=element.get("name") or "", properties=properties, messages=messages)

    def subscriptions(self, keys: Mapping[str, Key]) -> Iterator[Subscription]:
        for process in self.drawings:
            if process not in self.file.processes:
                continue
            for element in self.file.processes[process].iterchildren(f"{{{BPMN}}}correlationSubscription"):
                self.attributes(element, "correlationSubscription")
                key = keys.get((element.get("correlationKeyRef") or "").split(":")[-1])
                bound: dict[str, Formula] = {}
                for binding in self.members(element, "correlationSubscription"):
                    self.attributes(binding, "correlationPropertyBinding")
                    for path in self.members(binding, "correlationPropertyBinding"):
                        self.attributes(path, "dataPath")
                        formula = self.expression(path, self.words(path), "any")
                        bound[(binding.get("correlationPropertyRef") or "").split(":")[-1]] = formula
                if key is None or set(bound) != set(key.properties):
                    self.refuse("subscription-misfit", element, key=element.get("correlationKeyRef") or "")
                else:
                    paths = tuple(bound[each] for each in key.properties)
                    yield Subscription(process=process, key=key.id, properties=paths)


def _named(holder: etree._Element, tag: str) -> set[str]:
    return {text_of(child).split(":")[-1] for child in holder.iterchildren(f"{{{BPMN}}}{tag}")}
