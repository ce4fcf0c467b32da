"""Moving a proceeding to another version of its diagram: only where every token goes on as if it had begun there.

What is stored of a proceeding names parts of its diagram. Each must stand in the other version at the same place, with the same
attributes that what has begun depends on; what tokens have passed, and what they have not yet reached, may differ. It may never
guess: what cannot be shown to be the same is an obstacle, and all obstacles are told at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from engine.building import ScopeSpecs
from engine.diagrams import Definition
from engine.errors import MigrationRefused
from engine.nodes import Calling, Event, Formula, Node, Place
from engine.refusals import Findings
from engine.rewriting import part_name
from engine.specs import GuardSpec, JoinSpec, NodeSpec, RaceSpec, RestSpec, ScopeSpec

_COMPARED = (
    ("kind", "its kind", "类型"),
    ("event", "what it waits for or throws", "所等待或抛出的事件"),
    ("interrupting", "whether it interrupts", "是否中断"),
    ("lane", "its lane", "泳道"),
    ("extensions", "its wz: attributes", "wz: 属性"),
    ("needs", "startQuantity", "startQuantity"),
    ("gives", "completionQuantity", "completionQuantity"),
    ("loop", "its loop or instances", "循环或多实例"),
    ("io", "its data", "数据"),
    ("work", "what it carries out", "所执行的内容"),
    ("activation", "its activation condition", "激活条件"),
    ("by_event", "whether an event begins it", "是否由事件启动"),
    ("for_compensation", "whether it is for compensation", "是否用于补偿"),
)
"""Attributes of a node on which what has begun there depends, and what they are called."""
_PASSED = frozenset({"en", "stage", "state"})
"""`wz:` attributes that have done their work when the node was entered, or only say how it is called."""


def migrated(old: Definition, new: Definition, state: dict[str, Any], ids: Mapping[str, str]) -> dict[str, Any]:
    """The state of a proceeding as the other version has it.

    Args:
        state: what is stored, of the old version. It is left as it is.
        ids: ids of nodes, processes or lanes that are called otherwise in the new version, old → new.

    Raises:
        MigrationRefused: it cannot be moved faithfully, with everything that stands against it.
    """
    return _Moving(old, new, ids).state(state)


class _Moving:
    def __init__(self, old: Definition, new: Definition, ids: Mapping[str, str]) -> None:
        self.old, self.new, self.ids = old, new, dict(ids)
        self.findings = Findings()

    def state(self, state: dict[str, Any]) -> dict[str, Any]:
        self.mapping()
        if state["ended"]:
            self.refuse(None, "migration-ended")
        if self.id(self.old.process_id) != self.new.process_id:
            self.refuse(None, "migration-gone", process=self.new.process_id)
        scopes = [self.scope(frozen) for frozen in state["scopes"]]
        for key, *_ in state.get("keys", ()):
            if not self.same_key(key):
                self.refuse(None, "migration-differs", what_en=f"the key “{key}”", what_zh=f"关联键“{key}”")
        if self.findings.refusals:
            raise MigrationRefused(tuple(dict.fromkeys(self.findings.in_order())))
        return {**state, "definition": self.new.digest, "scopes": scopes}

    def mapping(self) -> None:
        """Every name that is given stands in its version, and no two become one."""
        before = {*(node.id for node in self.old.nodes), *(lane.id for lane in self.old.lanes), *self.old.specs}
        after = {*(node.id for node in self.new.nodes), *(lane.id for lane in self.new.lanes), *self.new.specs}
        for one, other in self.ids.items():
            if one not in before or other not in after or list(self.ids.values()).count(other) > 1:
                self.refuse(None, "migration-mapping", old=one, new=other)

    # Names

    def id(self, id: str) -> str:
        return self.ids.get(id, id)

    def name(self, name: str) -> str:
        """The name of a part: the id of its node, and what rewriting has added."""
        base, slash, rest = name.partition("/")
        if not slash or not rest:
            return part_name(self.id(base))
        return f"{self.id(base)}/{rest}"

    def scope_name(self, name: str) -> str:
        return "/".join(self.id(part) for part in name.split("/"))

    # What is stored

    def scope(self, frozen: dict[str, Any]) -> dict[str, Any]:
        old, name = self.old.specs[frozen["spec"]], self.scope_name(frozen["spec"])
        new = self.new.specs.get(name)
        if new is None:
            if name != self.scope_name(self.old.process_id):
                self.refuse(None, "migration-gone", element=old.name.split("/")[-1], process=self.new.process_id)
            return frozen
        self.compare_scopes(old, new)
        moved = {**frozen, "spec": name, "tokens": [self.token(old, new, token) for token in frozen["tokens"]]}
        if "done" in frozen:
            moved["done"] = [self.line(line) for line in frozen["done"]]
        return moved

    def token(self, old: ScopeSpecs, new: ScopeSpecs, token: list[Any]) -> list[Any]:
        id, parent, name, *rest = token
        before: NodeSpec = old.task_specs[name]
        after = new.task_specs.get(self.name(name))
        if after is None:
            self.refuse(before.node, "migration-gone", process=self.new.process_id)
            return token
        self.compare(before, after)
        self.compare_ways(old, new, before, after)
        if rest[1:]:
            rest[1] = self.kept(rest[1])
        return [id, parent, after.name, *rest]

    def kept(self, kept: dict[str, Any]) -> dict[str, Any]:
        """What a token knows of parts of the diagram."""
        moved = dict(kept)
        if "via" in moved:
            moved["via"] = self.name(moved["via"])
        if isinstance(moved.get("came"), list):
            moved["came"] = [self.name(each) for each in moved["came"]]
        if "undo" in moved:
            moved["undo"] = [self.step(each) for each in moved["undo"]]
        if "step" in moved:
            moved["step"] = self.step(moved["step"])
        return moved

    def step(self, step: dict[str, Any]) -> dict[str, Any]:
        """A step of undoing that is still to be taken, or runs."""
        scope = self.new.specs.get(self.scope_name(step["scope"]))
        if scope is None or self.name(step["enter"]) not in scope.task_specs:
            self.refuse(None, "migration-gone", element=step["enter"], process=self.new.process_id)
        return {
            **step,
            "scope": self.scope_name(step["scope"]),
            "enter": self.name(step["enter"]),
            "path": [self.id(each) for each in step["path"]],
            "done": [self.line(line) for line in step["done"]],
        }

    def line(self, line: list[Any]) -> list[Any]:
        """What has completed and can be undone."""
        activity, beside, inside, inner, values, within = line
        if inner and self.scope_name(inner) not in self.new.specs:
            self.refuse(None, "migration-gone", element=activity, process=self.new.process_id)
        return [
            self.id(activity),
            self.name(beside) if beside else "",
            self.name(inside) if inside else "",
            self.scope_name(inner) if inner else "",
            values,
            [self.line(each) for each in within],
        ]

    # What must be the same

    def compare(self, before: NodeSpec, after: NodeSpec) -> None:
        """The node of a token, in what has begun there depends on."""
        if type(before) is not type(after):
            self.differs(before.node, "its kind", "类型")
            return
        one, other = self.as_new(before.node), after.node
        for attribute, what_en, what_zh in _COMPARED:
            if _essence(getattr(one, attribute)) != _essence(getattr(other, attribute)):
                self.differs(before.node, what_en, what_zh)
        if isinstance(before, ScopeSpec) and before.spec and self.scope_name(before.spec) != _inside(after):
            self.differs(before.node, "what is inside it", "其内部")

    def as_new(self, node: Node) -> Node:
        """A node of the old version with the names of the new one."""
        work, event = node.work, node.event
        if isinstance(work, Calling):
            work = replace(work, process=self.id(work.process))
        if isinstance(event, Event) and event.kind == "compensation":
            event = replace(event, name=self.id(event.name))
        return replace(node, work=work, event=event, lane=node.lane and self.id(node.lane))

    def compare_ways(self, old: ScopeSpecs, new: ScopeSpecs, before: NodeSpec, after: NodeSpec) -> None:
        """What stands around the node of a token: events beside it or behind it, what a join waits for."""
        guard, guarded = f"{before.node.id}/guard", f"{self.id(before.node.id)}/guard"
        if (guard in old.task_specs) != (guarded in new.task_specs):
            self.differs(before.node, "the events attached to it", "附着的边界事件")
        if isinstance(before, GuardSpec | RaceSpec) and self.names(before.following) != _names_of(after.following):
            self.differs(before.node, "the events beside or behind it", "附着或其后的事件")
        if isinstance(before, JoinSpec) and {self.name(each) for each in _joined(before)} != _joined(after):
            self.differs(before.node, "the flows that lead to it", "进入的顺序流")

    def compare_scopes(self, old: ScopeSpecs, new: ScopeSpecs) -> None:
        """What holds for a scope as long as it runs: its event sub-processes, what can be undone in it, its data."""
        place = old.name.split("/")[-1]
        for what_en, what_zh, one, other in (
            ("its event sub-processes", "事件子流程", self.names(old.listeners), _names_of(new.listeners)),
            ("what can be undone in it", "可补偿的活动", dict(self.undone(old)), dict(_undone(new))),
            ("its data", "数据", _essence(old.data), _essence(new.data)),
            ("what it promises to give", "承诺给出的数据", old.promised, new.promised),
        ):
            if one != other:
                self.refuse(None, "migration-differs", element=place, what_en=what_en, what_zh=what_zh)

    def undone(self, scope: ScopeSpecs) -> Iterator[tuple[str, tuple[str, str]]]:
        for name, (beside, inside) in _undone(scope):
            yield self.name(name), (self.name(beside) if beside else "", self.name(inside) if inside else "")

    def names(self, specs: list[NodeSpec]) -> set[str]:
        return {self.name(spec.name) for spec in specs}

    def same_key(self, id: str) -> bool:
        keys = [next((key for key in each.correlation.keys if key.id == id), None) for each in (self.old, self.new)]
        return keys[1] is not None and _essence(keys[0]) == _essence(keys[1])

    # Obstacles

    def differs(self, node: Node, what_en: str, what_zh: str) -> None:
        self.refuse(node, "migration-differs", what_en=what_en, what_zh=what_zh)

    def refuse(self, node: Node | None, rule: str, *, element: str = "", **facts: object) -> None:
        if node is None:
            drawn = next((each for each in self.old.nodes if each.id == element), None)
            place = Place(
                source=drawn.source if drawn else "",
                line=drawn.line if drawn else None,
                element=element or self.old.process_id,
                name=drawn.name if drawn else self.old.name,
            )
        else:
            place = node.place
        self.findings.refuse(rule, place, **facts)


def _inside(spec: NodeSpec) -> str:
    return spec.spec if isinstance(spec, ScopeSpec) else ""


def _joined(join: NodeSpec) -> set[str]:
    """The parts by which tokens come to a join."""
    return {*(join.gateway if isinstance(join, RestSpec) else join)._inputs}


def _names_of(specs: list[NodeSpec]) -> set[str]:
    return {spec.name for spec in specs}


def _undone(scope: ScopeSpecs) -> Iterator[tuple[str, tuple[str, str]]]:
    for name, spec in scope.task_specs.items():
        beside, inside = getattr(spec, "undone_by", ""), getattr(spec, "undone_inside", "")
        if beside or inside:
            yield name, (beside, inside)


def _essence(value: Any) -> Any:
    """What a part of a node means, wherever it stands in the file."""
    if isinstance(value, Formula):
        return value.text.strip(), value.gives
    if is_dataclass(value) and not isinstance(value, type):
        return tuple(
            (field.name, _essence(getattr(value, field.name)))
            for field in fields(value)
            if field.name not in ("id", "place")
        )
    if isinstance(value, Mapping):
        return {key: _essence(each) for key, each in value.items() if key not in _PASSED}
    if isinstance(value, tuple | list):
        return tuple(_essence(each) for each in value)
    return value
