"""Random diagrams that are no blocks in blocks: flows lead across, gateways join what others split. Only the sound ones are kept.

A diagram grows from one flow: nodes are put into flows, splits and joins around them, and bridges between any two flows. Whether
it is sound is found by playing the token game of the standard through, with every choice at every step (`sound`).
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random
from typing import Any

from tests.unit.engine import oracle
from tests.unit.engine.drawing import (
    boundary,
    catch,
    definitions,
    duration,
    end,
    exclusive,
    flow,
    inclusive,
    message,
    parallel,
    process,
    race,
    script,
    start,
    throw,
    user,
)
from tests.unit.engine.scheduling import DAWN

STATES = 250
"""A diagram with more states than this is left out."""
MOST_CHOICES = 10
"""In one move: one with more loops without a person, or may."""
SPLITS = ("exclusive", "exclusive", "parallel", "inclusive")
JOINS = ("exclusive", "exclusive", "parallel", "inclusive")


class Growing:
    """A diagram that grows: its nodes, by kind, and its flows."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.kinds = {"start": "start", "end": "end"}
        self.ways: list[tuple[str, str]] = [("start", "end")]
        self.attached: dict[str, str] = {}
        """Boundary events: on which activity."""

    def node(self, kind: str) -> str:
        name = f"{kind[0]}{len(self.kinds)}"
        self.kinds[name] = kind
        return name

    def into(self, way: tuple[str, str], node: str) -> None:
        """Put a node into a flow."""
        at = self.ways.index(way)
        self.ways[at : at + 1] = [(way[0], node), (node, way[1])]

    def anywhere(self) -> tuple[str, str]:
        """A flow; not one behind an event-based gateway, where only events may stand."""
        return self.random.choice([way for way in self.ways if self.kinds[way[0]] != "race"])

    def grow(self) -> None:
        self.random.choice(
            [self.sequence, self.sequence, self.block, self.bridge, self.bridge, self.loop, self.race, self.leave]
        )()

    def sequence(self) -> None:
        self.into(
            self.anywhere(), self.node(self.random.choice(["user", "user", "user", "work", "told", "wait", "tell"]))
        )

    def block(self) -> None:
        way, kind = self.anywhere(), self.random.choice(SPLITS)
        split, join, work = self.node(kind), self.node(self.random.choice([kind, "inclusive"])), self.node("user")
        self.into(way, split)
        self.into((split, way[1]), join)
        self.ways += [(split, work), (work, join)]

    def bridge(self) -> None:
        """From one flow to another."""
        one = self.anywhere()
        split = self.node(self.random.choice(SPLITS))
        self.into(one, split)
        other = self.anywhere()
        join = self.node(self.random.choice(JOINS))
        self.into(other, join)
        if split != join and (split, join) not in self.ways:
            self.ways.append((split, join))

    def loop(self) -> None:
        way = self.anywhere()
        join, work, split = self.node("exclusive"), self.node("user"), self.node("exclusive")
        self.into(way, join)
        self.into((join, way[1]), work)
        self.into((work, way[1]), split)
        self.ways.append((split, join))

    def race(self) -> None:
        way = self.anywhere()
        choice, one, other, join = self.node("race"), self.node("told"), self.node("wait"), self.node("exclusive")
        self.into(way, choice)
        self.into((choice, way[1]), one)
        self.into((one, way[1]), join)
        self.ways += [(choice, other), (other, join)]

    def leave(self) -> None:
        """A boundary event on a task, from which the way leads anywhere."""
        tasks = [name for name, kind in self.kinds.items() if kind == "user"]
        if tasks:
            event, join = self.node("boundary"), self.node(self.random.choice(JOINS))
            self.attached[event] = self.random.choice(tasks)
            self.into(self.anywhere(), join)
            self.ways.append((event, join))

    def drawn(self) -> bytes:
        nodes, flows = [], []
        for name, kind in self.kinds.items():
            leaving = [f"{one}.{other}" for one, other in self.ways if one == name]
            default = leaving[0] if len(leaving) > 1 else None
            interrupting = name[-1] in "02468"
            nodes.append(
                {
                    "start": lambda: start(),
                    "end": lambda: end(),
                    "user": lambda name=name: user(name),
                    "work": lambda name=name: script(name, "{'m': m + 1}"),
                    "told": lambda name=name: catch(name, message(f"m{name}")),
                    "wait": lambda name=name: catch(name, duration("PT1H")),
                    "tell": lambda name=name: throw(name, message("out"), wz_payload="n"),
                    "exclusive": lambda name=name, default=default: exclusive(name, default=default),
                    "inclusive": lambda name=name, default=default: inclusive(name, default=default),
                    "parallel": lambda name=name: parallel(name),
                    "race": lambda name=name: race(name),
                    "boundary": lambda name=name, interrupting=interrupting: boundary(
                        name, self.attached[name], duration("PT2H"), interrupting=interrupting
                    ),
                }[kind]()
            )
            for number, (one, other) in enumerate(way for way in self.ways if way[0] == name):
                asked = ["", "n % 3 >= 1", "n % 3 <= 1"][number % 3] if kind in ("exclusive", "inclusive") else ""
                flows.append(flow(one, other, asked or None))
        return definitions(process("p", *nodes, *flows))


def free_sources(seed: int) -> dict[str, bytes]:
    random = Random(seed)
    growing = Growing(random)
    for _ in range(random.randint(3, 8)):
        growing.grow()
    return {"p.bpmn": growing.drawn()}


# --- Soundness -------------------------------------------------------------------------------------------------------


class Open(Exception):
    """Whether a condition holds must be chosen."""


class Choosing(oracle.Game):
    """The token game with every condition left open: whether one holds is said from outside."""

    choices: tuple[bool, ...] = ()
    asked = 0
    most = 200

    def holds(self, text: str, token: oracle.Token, **more: Any) -> bool:
        if self.asked == MOST_CHOICES:
            raise oracle.Stuck
        if self.asked == len(self.choices):
            raise Open
        self.asked += 1
        return self.choices[self.asked - 1]

    def once_more(self) -> Choosing:
        """The same game again. There are no scopes inside scopes in these diagrams."""
        new = copy.copy(self)
        new.trace, new.messages, new.turns, new.asked = [], [], 0, 0
        new.top = replace(self.top, tokens=[])
        new.scopes = [new.top] if self.scopes else []
        same: dict[int, Any] = {}
        for token in self.top.tokens:
            new.top.tokens.append(_again(token, new.top, same))
        return new


def _again(token: oracle.Token, scope: oracle.Scope, same: dict[int, Any]) -> oracle.Token:
    if id(token) not in same:
        new = same[id(token)] = copy.copy(token)
        new.scope, new.kept = scope, dict(token.kept)
        if id(token.group) not in same:
            group = same[id(token.group)] = []
            group += [_again(each, scope, same) for each in token.group]
        new.group = same[id(token.group)]
    return same[id(token)]


Move = Callable[[Choosing], None]


def sound(sources: dict[str, bytes]) -> bool:
    """Whether the end can be reached from everywhere, nothing is left waiting for what cannot come, no node ever has two tokens,
    and every node is reached by some way. False too where there are too many states to know."""
    graph = oracle.read(sources.values())["p"]
    known: dict[Any, Choosing] = {}
    before: dict[Any, set[Any]] = {}
    visited: set[str] = set()
    waiting: list[tuple[Any, Choosing]] = []
    try:
        for game in _every(lambda choices: _begun(sources, choices)):
            waiting.append((None, game))
        while waiting:
            source, game = waiting.pop()
            key = tuple(sorted((each.node.id, each.stage, each.state, each.via) for each in game.alive()))
            before.setdefault(key, set()).add(source)
            visited.update(line.node for line in game.trace)
            if key in known:
                continue
            known[key] = game
            if game.deadlocked or len(known) > STATES or len(set(key)) < len(key):
                return False
            waiting += [(key, following) for following in _after(game)]
    except oracle.Stuck:
        return False
    found, ends = {()}, [()]
    while ends:
        reached = before.get(ends.pop(), set()) - found
        found |= reached
        ends += reached
    return known.keys() <= found and graph.nodes.keys() <= visited


def _every(play: Callable[[tuple[bool, ...]], Choosing]) -> Iterator[Choosing]:
    """What comes of it by every choice."""
    open_ = [()]
    while open_:
        choices = open_.pop()
        try:
            yield play(choices)
        except Open:
            open_ += [(*choices, True), (*choices, False)]


def _begun(sources: dict[str, bytes], choices: tuple[bool, ...]) -> Choosing:
    game = Choosing.__new__(Choosing)
    game.choices = choices
    game.__init__(sources.values(), "p", {"n": 0, "m": 0}, DAWN)  # type: ignore[misc]
    return game


def _moved(game: Choosing, move: Move, choices: tuple[bool, ...]) -> Choosing:
    following = game.once_more()
    following.choices = choices
    move(following)
    return following


def _after(game: Choosing) -> Iterator[Choosing]:
    for move in _moves(game):
        yield from _every(lambda choices, move=move: _moved(game, move, choices))


def _moves(game: Choosing) -> Iterator[Move]:
    """Everything that may happen next. Whether a timer is due is not asked: it may fire."""
    for at, _ in enumerate(game.tasks()):
        yield lambda next, at=at: next.complete(next.tasks()[at], {})
    for at, _ in enumerate(game.waiting("message", "timer")):
        yield lambda next, at=at: _fire(next, at)


def _fire(game: Choosing, at: int) -> None:
    game.catch(game.waiting("message", "timer")[at], None)
    game.settle()
