"""Whether the gateways of a diagram fit together: joins that can never have all they wait for, ways that meet without joining.

Every scope is looked at by itself as a net of places and transitions, with every choice left open. What follows is refused only
where no choice at all could make it work; what depends on the choices is a warning, with one way that leads there. It looks at
drawn nodes and flows only, may never change them, and never guesses what a condition says. Method: decision 0113.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import combinations, pairwise

from engine import vocabulary
from engine.nodes import Drawing, Flow, Node, named
from engine.refusals import Findings

MAX_PLACES = 1_000
"""Places of one scope, chains counted once, beyond which nothing is said of its gateways."""
MAX_EFFORT = 200_000
"""Tokens looked at in one scope in search of ways that only may go wrong."""
MAX_TOKENS = 3
"""Tokens at one place beyond which a state is not followed further: there may be any number."""
MAX_SUBSETS = 4
"""Conditional ways out of one node of which every selection is tried; of more, each alone and all of them."""

_JOINS = frozenset({"parallelGateway", "inclusiveGateway"})
_BLURRING = frozenset(
    {
        "attribute-missing",
        "element-not-supported",
        "element-unknown",
        "flow-across-scope",
        "id-duplicate",
        "id-missing",
        "reference-dangling",
        "start-missing",
        "unreachable",
    }
)
"""Refusals after which the structure of a diagram is not known: nothing is concluded from it."""

State = tuple[int, ...]
"""The places that hold tokens, in order; one that holds two stands twice."""


def check_soundness(drawing: Drawing, findings: Findings) -> None:
    """Check a process and all sub-processes in it, where their structure is known."""
    if any(found.rule in _BLURRING and found.source == drawing.place.source for found in findings.refusals):
        return
    for scope in drawing.scopes():
        out = scope.outgoing()
        parts = any(
            node.kind in _JOINS or node.needs > 1 or (node.kind not in vocabulary.GATEWAYS and len(out[node.id]) > 1)
            for node in scope.nodes.values()
        )
        if parts and not scope.refused and not any(node.refused for node in scope.nodes.values()):
            _check(scope, findings)


def _check(scope: Drawing, findings: Findings) -> None:
    net = _Net(scope)
    if net.size > MAX_PLACES:
        return
    never = net.never()
    for node, ways in never:
        if node.needs > 1:
            findings.refuse("quantity-never", node.place, needs=node.needs)
        else:
            listed = ", ".join(_flow_named(scope, flow) for flow in ways)
            findings.refuse("join-never", node.place, ways=listed)
    counts = any((node.needs, node.gives) != (1, 1) or node.kind == "complexGateway" for node in scope.nodes.values())
    if never or counts:
        return
    stuck, doubled = net.explored()
    for node, way in stuck:
        findings.warn("join-stuck", node.place, way=" → ".join(way) or "—")
    for node, way in doubled:
        findings.warn("runs-twice", node.place, way=" → ".join(way) or "—")


def _flow_named(scope: Drawing, flow: Flow) -> str:
    return f"“{flow.name or flow.id}” ({named(scope.nodes[flow.source])})"


@dataclass(frozen=True, slots=True)
class _Step:
    """A transition: from the places it takes from to those it gives to."""

    takes: tuple[int, ...]
    gives: tuple[int, ...]
    said: str = ""
    """What is chosen, in words; empty where there is no choice."""
    joins: Node | None = None
    """The gateway or activity that waits for several."""
    beside: bool = False
    """Whether an event begins something beside what goes on: then two tokens are what was meant."""


@dataclass(slots=True)
class _Net:
    """One scope as a net. Nodes that only pass on share the place of what follows them."""

    scope: Drawing
    size: int = 0
    place_of: dict[str, int] = field(default_factory=dict)
    """By node, where its ways in meet; by flow, where it leads to a join."""
    at: list[Node] = field(default_factory=list)
    """By place: the node whose place it is."""
    meets: list[bool] = field(default_factory=list)
    """By place: whether several ways meet there without joining, and something is done behind."""
    steps: list[_Step] = field(default_factory=list)
    begin: int = 0
    into: dict[str, list[Flow]] = field(default_factory=dict)
    out: dict[str, list[Flow]] = field(default_factory=dict)
    ends: set[int] = field(default_factory=set)
    """Places of events that end everything in the scope."""

    def __post_init__(self) -> None:
        self.into, self.out = self.scope.incoming(), self.scope.outgoing()
        nodes = [node for node in self.scope.nodes.values() if not node.by_event and not node.for_compensation]
        attached: dict[str, list[Node]] = {}
        for node in nodes:
            if node.attached is not None and not _undoes(node):
                attached.setdefault(node.attached, []).append(node)
        for node in nodes:
            if node.kind in _JOINS and len(self.into[node.id]) > 1:
                for flow in self.into[node.id]:
                    self.place_of[flow.id] = self.place(node)
            else:
                self.place_of[node.id] = self.place(node)
        starts = [node for node in nodes if _begins(node, self.into)]
        if len(starts) > 1:
            self.begin = self.place(starts[0])
            groups = [node for node in starts if node.begins and node.kind == "eventBasedGateway"]
            alone = [[node] for node in starts if node not in groups]
            for each in (*alone, groups) if groups else alone:  # of several gateways all begin together
                self.steps.append(_Step((self.begin,), tuple(self.place_of[n.id] for n in each), named(each[0])))
        elif starts:
            self.begin = self.place_of[starts[0].id]
        for node in nodes:
            self.steps += self.moves(node, attached.get(node.id, []))
        self.contract()

    def place(self, node: Node) -> int:
        self.at.append(node)
        self.meets.append(node.kind not in _JOINS and len(self.into[node.id]) > 1 and not self.only_ends(node))
        self.size += 1
        return self.size - 1

    def only_ends(self, node: Node) -> bool:
        """Whether nothing happens from here but that the way ends."""
        seen: set[str] = set()
        while node.kind == "exclusiveGateway" and len(self.out[node.id]) == 1 and node.id not in seen:
            seen.add(node.id)
            node = self.scope.nodes[self.out[node.id][0].target]
        return node.kind == "endEvent"

    # How a node moves tokens

    def moves(self, node: Node, attached: list[Node]) -> Iterator[_Step]:
        into, out = self.into[node.id], [self.led_to(flow) for flow in self.out[node.id]]
        if node.kind in _JOINS and len(into) > 1:
            here = tuple(self.place_of[flow.id] for flow in into)
            if node.kind == "parallelGateway":
                yield _Step(here, tuple(out), joins=node)
            else:
                for gives, said in self.selections(node):
                    yield _Step(here, gives, said, joins=node)
            return
        here = (self.place_of[node.id],) * node.needs
        joins = node if node.needs > 1 else None
        if node.throws_link:
            caught = [other for other in self.scope.nodes.values() if other.is_link and not other.throws_link]
            out = [self.place_of[o.id] for o in caught if o.event and node.event and o.event.name == node.event.name]
        if node.kind in ("exclusiveGateway", "eventBasedGateway") and not node.together:
            for flow, place in zip(self.out[node.id], out, strict=True):
                yield _Step(here, (place,), _choice(node, flow, self.scope) if len(out) > 1 else "")
        elif node.kind == "complexGateway":
            yield _Step(here, tuple(out) * 2)  # each way at the activation, and again at the reset
        elif node.kind == "inclusiveGateway" or any(flow.condition is not None for flow in self.out[node.id]):
            for gives, said in self.selections(node):
                yield _Step(here, gives * node.gives, said, joins)
        elif node.event is not None and node.event.kind in ("terminate", "cancel"):
            self.ends.update(here)
            yield _Step(here, (), joins=joins)
        else:
            yield _Step(here, tuple(out) * node.gives, joins=joins)
        for event in attached:
            beside = () if event.interrupting else tuple(out) * node.gives
            yield _Step(here, (self.place_of[event.id], *beside), named(event), joins, not event.interrupting)

    def led_to(self, flow: Flow) -> int:
        return self.place_of[flow.id] if flow.id in self.place_of else self.place_of[flow.target]

    def selections(self, node: Node) -> Iterator[tuple[tuple[int, ...], str]]:
        """What a node may choose where it may choose several ways: every way without condition, and some of the others."""
        flows = self.out[node.id]
        gateway = node.kind in vocabulary.GATEWAYS
        chosen = [f for f in flows if (gateway and len(flows) > 1) or f.condition is not None or f.id == node.default]
        always = [flow for flow in flows if flow not in chosen]
        plain = [flow for flow in chosen if flow.id != node.default]
        sizes = range(1, len(plain) + 1) if len(plain) <= MAX_SUBSETS else (1, len(plain))
        some = [list(each) for size in sizes for each in combinations(plain, size)]
        some += [[flow] for flow in chosen if flow.id == node.default]
        if always and (node.default is None or not chosen):
            some.append([])
        for each in some:
            said = ", ".join(_choice(node, flow, self.scope) for flow in each)
            yield tuple(self.led_to(flow) for flow in (*always, *each)), said

    def contract(self) -> None:
        """A place that only hands on to one other is that other: nothing can happen in between that matters here."""
        leaving: dict[int, list[_Step]] = {}
        for step in self.steps:
            for place in step.takes:
                leaving.setdefault(place, []).append(step)
        follows = {
            place: steps[0].gives[0]
            for place, steps in leaving.items()
            if len(steps) == 1 and len(steps[0].takes) == len(steps[0].gives) == 1
            if place not in self.ends and not self.meets[place]
        }
        final: dict[int, int] = {}
        for place in range(self.size):
            way, here = [], place
            while here in follows and here not in final and here not in way:
                way.append(here)
                here = follows[here]
            for each in way:
                final[each] = final.get(here, here)
        kept = sorted({final.get(place, place) for place in range(self.size)})
        number = {place: index for index, place in enumerate(kept)}
        now = [number[final.get(place, place)] for place in range(self.size)]
        moved = [
            replace(step, takes=tuple(now[p] for p in step.takes), gives=tuple(now[p] for p in step.gives))
            for step in self.steps
        ]
        self.steps = [step for step in moved if step.takes != step.gives]
        self.begin, self.size = now[self.begin], len(kept)
        self.ends = {now[place] for place in self.ends}
        self.at, self.meets = [self.at[place] for place in kept], [self.meets[place] for place in kept]

    # What can never happen

    def never(self) -> list[tuple[Node, list[Flow]]]:
        """Joins that a token can reach and that can never go on, each with the ways that never bring tokens together.

        Two places are taken to hold tokens at once wherever the structure alone does not exclude it. So what is found here cannot
        happen whatever is chosen; what is not found may still never happen.
        """
        blocked = self.blocked(frozenset())
        # One that waits for what another never gives is not to blame, unless they wait for each other.
        ids = frozenset(blocked)
        to_blame = {id: join for id, join in blocked.items() if id in self.blocked(ids - {id})} or blocked
        return [(join, self.into[id]) for id, join in to_blame.items()]

    def blocked(self, free: frozenset[str]) -> dict[str, Node]:
        """The joins that tokens reach and that never go on, were those of `free` to go on with any one token."""
        reached, together = self.together(free)
        found: dict[str, Node] = {}
        goes: set[str] = set()
        for step in self.steps:
            if step.joins is not None and step.joins.id not in free and not _inclusive(step):
                if self.may_go(step, reached, together):
                    goes.add(step.joins.id)
                elif any(place in reached for place in step.takes):
                    found[step.joins.id] = step.joins
        return {id: join for id, join in found.items() if id not in goes}

    def may_go(self, step: _Step, reached: set[int], together: list[int]) -> bool:
        alone = step.takes[0] in reached if len(step.takes) == 1 else True
        return alone and all(together[one] >> other & 1 for one, other in combinations(step.takes, 2))

    def together(self, free: frozenset[str]) -> tuple[set[int], list[int]]:
        """The places that tokens may reach, and by place, as bits, those that may hold one at the same time.

        An inclusive join goes on with whatever came: it is taken to wait for one way at a time.
        """
        steps = [part for step in self.steps for part in _loosened(step, free)]
        by_place: dict[int, list[_Step]] = {}
        for step in steps:
            for place in set(step.takes):
                by_place.setdefault(place, []).append(step)
        together = [0] * self.size
        reached = {self.begin}
        waiting = deque(by_place.get(self.begin, ()))
        queued = {id(step) for step in waiting}
        while waiting:
            step = waiting.popleft()
            queued.discard(id(step))
            if not self.may_go(step, reached, together):
                continue
            beside = together[step.takes[0]]
            for place in step.takes[1:]:
                beside &= together[place]
            changed: set[int] = set()
            for place in step.gives:
                if place not in reached:
                    reached.add(place)
                    changed.add(place)
                changed |= _join(together, place, beside)
            for one, other in combinations(step.gives, 2):
                changed |= _join(together, one, 1 << other)
            for place in changed:
                for each in by_place.get(place, ()):
                    if id(each) not in queued:
                        queued.add(id(each))
                        waiting.append(each)
        return reached, together

    # What may happen

    def explored(self) -> tuple[list[tuple[Node, list[str]]], list[tuple[Node, list[str]]]]:
        """Joins that may wait for ever, and places that two tokens may reach, each with the choices that lead there.

        Looks at the nearest states first; beyond `MAX_EFFORT` or `MAX_TOKENS` it stops and says only what it has found.
        """
        astray = self.astray()
        by_place: list[list[_Step]] = [[] for _ in range(self.size)]
        for step in self.steps:
            for place in set(step.takes):
                by_place[place].append(step)
        at_once = [
            len(steps) == 1 and len(steps[0].takes) == 1 and not self.meets[p] for p, steps in enumerate(by_place)
        ]
        effort = 0
        first: State = (self.begin,)
        came: dict[State, tuple[State, _Step] | None] = {first: None}
        beside: set[State] = set()
        """The states on whose way a token has gone beside others."""
        waiting = deque([first])
        stuck: dict[str, tuple[Node, list[str]]] = {}
        doubled: dict[str, tuple[Node, list[str]]] = {}
        while waiting and effort <= MAX_EFFORT:
            state = waiting.popleft()
            going = False
            ready = next((place for place in state if at_once[place]), None)
            steps = by_place[ready] if ready is not None else [step for place in set(state) for step in by_place[place]]
            for step in steps:
                effort += len(state) + 1
                after = self.after(step, state, astray)
                if after is None:
                    continue
                going = True
                if after in came:
                    continue
                came[after] = state, step
                if step.beside or state in beside:
                    beside.add(after)
                twice = [one for one, other in pairwise(after) if one == other]
                if all(after.count(place) <= MAX_TOKENS for place in twice):
                    waiting.append(after)
                for place in twice:
                    node = self.at[place]
                    if self.meets[place] and node.id not in doubled and after not in beside:
                        doubled[node.id] = node, _words(_way(came, after))
            if not going and state:
                join = next((self.at[p] for p in state if self.at[p].kind in _JOINS), None)
                if join is not None:
                    stuck.setdefault(join.id, (join, _words(_way(came, state))))
        return list(stuck.values()), list(doubled.values())

    def after(self, step: _Step, state: State, astray: dict[int, set[int]]) -> State | None:
        """The state behind a step, or None where it cannot be taken."""
        rest = list(state)
        takes: Iterable[int] = step.takes
        if step.joins is not None and step.joins.kind == "inclusiveGateway":
            takes = [place for place in step.takes if place in state]
            missing = [place for place in step.takes if place not in state]
            if not takes or any(place in astray[empty] for place in state for empty in missing):
                return None
        for place in takes:
            if place not in rest:
                return None
            rest.remove(place)
        if not step.gives and any(place in self.ends for place in step.takes):
            return ()
        return tuple(sorted((*rest, *step.gives)))

    def astray(self) -> dict[int, set[int]]:
        """By way into an inclusive join: the places from which a token may still come by it without passing the join."""
        found: dict[int, set[int]] = {}
        for join in {step.joins.id: step for step in self.steps if step.joins and _inclusive(step)}.values():
            back: dict[int, list[int]] = {}
            for step in self.steps:
                if step.joins is not join.joins:
                    for place in step.gives:
                        back.setdefault(place, []).extend(step.takes)
            for place in join.takes:
                before: set[int] = set()
                waiting = [place]
                while waiting:
                    for each in back.get(waiting.pop(), ()):
                        if each not in before:
                            before.add(each)
                            waiting.append(each)
                found[place] = before - {place}
        return found


def _inclusive(step: _Step) -> bool:
    return step.joins is not None and step.joins.kind == "inclusiveGateway"


def _loosened(step: _Step, free: frozenset[str]) -> list[_Step]:
    if _inclusive(step) or (step.joins is not None and step.joins.id in free):
        return [_Step((place,), step.gives, joins=step.joins) for place in step.takes]
    return [step]


def _join(together: list[int], place: int, others: int) -> set[int]:
    """Note that a place may hold a token together with others; the places for which that is new."""
    new = others & ~together[place]
    if not new:
        return set()
    together[place] |= new
    changed = {place}
    while new:
        low = new & -new
        other = low.bit_length() - 1
        together[other] |= 1 << place
        changed.add(other)
        new ^= low
    return changed


def _way(came: dict[State, tuple[State, _Step] | None], state: State) -> list[_Step]:
    way: list[_Step] = []
    while (before := came[state]) is not None:
        state, step = before
        way.append(step)
    return way[::-1]


def _words(way: list[_Step]) -> list[str]:
    return [step.said for step in way if step.said]


def _choice(node: Node, flow: Flow, scope: Drawing) -> str:
    target = scope.nodes[flow.target]
    return f"{node.name or node.id}: {flow.name or target.name or flow.target}"


def _begins(node: Node, into: dict[str, list[Flow]]) -> bool:
    """Whether a scope may begin here: start events, and what waits for messages with nothing before it."""
    beside = node.kind == "boundaryEvent" or (node.is_link and not node.throws_link)
    return not into[node.id] and not beside


def _undoes(node: Node) -> bool:
    return node.event is not None and node.event.kind == "compensation"
