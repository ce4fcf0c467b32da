"""Random block-structured diagrams, and a random player that makes the same choices however the proceeding is kept.

Every block has one way in and one way out, so that every diagram can end. They draw what compaction could break: splits and joins
of all kinds, loops, sub-processes and called processes with boundary events, event-based gateways, multi-instances with items.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.unit.engine.drawing import (
    boundary,
    call,
    catch,
    compensation,
    complex_,
    condition,
    cycle,
    definitions,
    duration,
    end,
    error,
    escalation,
    exclusive,
    flow,
    handler,
    inclusive,
    limit,
    link,
    looped,
    many,
    message,
    parallel,
    process,
    race,
    receive,
    script,
    send,
    signal,
    start,
    sub,
    task,
    terminate,
    throw,
    transaction,
    undone,
    user,
)

MESSAGES = ("alpha", "beta")
SIGNALS = ("gamma", "delta")
CODES = ("E1", "E2")


class Sketch:
    """Draws blocks into a list of nodes and flows."""

    def __init__(self, random: Random, called: list[str]) -> None:
        self.random = random
        self.called = called
        """Processes that may be called: those drawn before."""
        self.number = 0
        self.pieces: list[str] = []
        self.caught: dict[str, int] = {}
        self.throws = False

    def id(self, kind: str) -> str:
        self.number += 1
        return f"{kind}{self.number}"

    def add(self, *pieces: str) -> None:
        self.pieces.extend(pieces)

    def flow(self, source: str, target: str, condition: str | None = None) -> None:
        self.add(flow(source, target, condition, id=self.id("f")))

    # Blocks: each gives the first and the last node of what it drew

    def block(self, depth: int) -> tuple[str, str]:
        leaves: list[Callable[[], tuple[str, str]]] = [
            self.person,
            self.person,
            self.work,
            self.wait,
            self.told,
            self.tell,
            self.received,
            self.linked,
            self.guarded,
            self.repeated,
            self.rounds,
            self.can_be_undone,
            self.regretted,
            self.gathered,
        ]
        if depth <= 0:
            return self.random.choice(leaves)()
        inner: list[Callable[[int], tuple[str, str]]] = [
            self.sequence,
            self.sequence,
            self.parallel,
            self.exclusive,
            self.inclusive,
            self.loop,
            self.race,
            self.sub,
            self.each_sub,
            self.calling,
            self.unbalanced,
            self.enough,
            self.choosing,
            self.transacted,
        ]
        if self.random.random() < 0.25:
            return self.random.choice(leaves)()
        return self.random.choice(inner)(depth - 1)

    def person(self) -> tuple[str, str]:
        node = self.id("u")
        self.add(user(node))
        return node, node

    def work(self) -> tuple[str, str]:
        node = self.id("s")
        says = {}
        if self.random.random() < 0.2:
            says = {self.random.choice(["wz_error", "wz_escalation"]): "n % 4 == 3 ? 'E1' : ''"}
        what = self.random.choice(["{'n': n + 1}", "{'m': n}", f"{{'n': n * 2 % 7, 'last': '{node}'}}"])
        self.add(script(node, what, **says))
        return node, node

    def wait(self) -> tuple[str, str]:
        node = self.id("t")
        self.add(catch(node, duration(self.random.choice(["PT1H", "PT2H", "PT90M"]))))
        return node, node

    def told(self, *, alone: bool = True) -> tuple[str, str]:
        node = self.id("m")
        kind = self.random.choice([message(self.random.choice(MESSAGES)), signal(self.random.choice(SIGNALS))])
        how = self.random.random()
        if how < 0.2:
            self.add(catch(node, condition("n % 3 == 1")))
        elif how < 0.4:
            together = "true" if how < 0.3 and alone else None
            self.add(catch(node, kind + duration("PT90M"), wz_payload="heard", parallelMultiple=together))
        else:
            self.add(catch(node, kind, wz_payload="heard"))
        return node, node

    def received(self) -> tuple[str, str]:
        node = self.id("y")
        self.add(receive(node, self.random.choice(MESSAGES), wz_payload="heard"))
        return node, self.attach(node, node) if self.random.random() < 0.5 else node

    def linked(self) -> tuple[str, str]:
        out, back = self.id("k"), self.id("l")
        self.add(throw(out, link(out)), catch(back, link(out)))
        return out, back

    def tell(self) -> tuple[str, str]:
        node = self.id("x")
        kind = self.random.choice(["message", "signal", "task", "escalation"])
        if kind == "escalation":
            self.add(throw(node, escalation(self.random.choice(CODES)), wz_payload="n"))
        elif kind == "task":
            self.add(send(node, self.random.choice(MESSAGES), wz_payload="n"))
        else:
            what = message(self.random.choice(MESSAGES)) if kind == "message" else signal(self.random.choice(SIGNALS))
            self.add(throw(node, what, wz_payload="n"))
        return node, node

    def event(self, host: str) -> str:
        """A boundary event on a host, leading to a block and then nowhere; gives nothing to connect where it ends by itself."""
        node = self.id("b")
        interrupting = self.random.random() < 0.5
        kind = self.random.choice(["message", "signal", "duration", "cycle", "limit", "escalation", "condition", "any"])
        if kind == "condition":
            self.add(boundary(node, host, condition("n > 6"), interrupting=interrupting))
        elif kind == "any":
            several = message(self.random.choice(MESSAGES)) + duration("PT2H") + signal(self.random.choice(SIGNALS))
            self.add(boundary(node, host, several, interrupting=interrupting))
        elif kind == "escalation":
            self.add(boundary(node, host, escalation(self.code_for(host)), interrupting=interrupting))
        elif kind == "signal":
            self.add(boundary(node, host, signal(self.random.choice(SIGNALS)), interrupting=interrupting))
        elif kind == "message":
            self.add(boundary(node, host, message(self.random.choice(MESSAGES)), interrupting=interrupting))
        elif kind == "limit":
            self.add(boundary(node, host, limit(), interrupting=interrupting, wz_deadline="L"))
        else:
            moment = cycle("R3/PT1H") if kind == "cycle" else duration(self.random.choice(["PT1H", "PT3H"]))
            self.add(boundary(node, host, moment, interrupting=interrupting))
        after = self.person() if self.random.random() < 0.5 else self.work()
        self.flow(node, after[0])
        return after[1]

    def code_for(self, host: str) -> str:
        """A code that no other event of the activity catches."""
        self.caught[host] = self.caught.get(host, 0) + 1
        return f"E{self.caught[host]}"

    def guarded(self) -> tuple[str, str]:
        first, last = self.person()
        return first, self.attach(first, last)

    def attach(self, host: str, last: str) -> str:
        """Attach one to three events; every way meets again in an exclusive gateway."""
        meet = self.id("g")
        self.add(exclusive(meet))
        self.flow(last, meet)
        for _ in range(self.random.randint(1, 3)):
            self.flow(self.event(host), meet)
        if host[0] in "zcs" and self.random.random() < 0.7:
            node, after = self.id("b"), self.work()
            code = self.random.choice([*CODES, None])
            self.add(boundary(node, host, error(code), wz_payload="wrong" if self.random.random() < 0.5 else None))
            self.flow(node, after[0])
            self.flow(after[1], meet)
        return meet

    def repeated(self) -> tuple[str, str]:
        node = self.id("r")
        sequential = self.random.random() < 0.5
        until = self.random.choice([None, None, "nrOfCompletedInstances >= 1", "got.exists(g, g == 1)"])
        loop = many(
            collection="[3, 1, 2]",
            element="item",
            output="got",
            outputElement="mine",
            until=until,
            sequential=sequential,
            **self.throwing(),
        )
        self.add(user(node, loop) if self.random.random() < 0.6 else script(node, "{'mine': item}", loop))
        if self.random.random() < 0.4:
            return node, self.attach(node, node)
        return node, node

    def throwing(self) -> dict[str, object]:
        """Now and then a multi-instance throws when instances complete."""
        if self.random.random() < 0.6:
            return {}
        behavior = self.random.choice(["None", "One"])
        self.throws = True
        return {"attributes_": {"behavior": behavior, f"{behavior.lower()}BehaviorEventRef": "thrown"}}

    def can_be_undone(self) -> tuple[str, str]:
        """An activity with a handler that stands outside the flow."""
        node, handler = (self.person() if self.random.random() < 0.5 else self.work())[0], self.id("n")
        what = {"isForCompensation": "true"}
        self.add(
            user(handler, **what) if self.random.random() < 0.4 else script(handler, "{'m': m + 10}", **what),
            undone(node, handler),
        )
        return node, node

    def gathered(self) -> tuple[str, str]:
        """An activity that gives as many tokens as the next one needs."""
        gives, needs = self.id("u"), self.id("u")
        self.add(user(gives, completionQuantity="2"), user(needs, startQuantity="2"))
        self.flow(gives, needs)
        return gives, needs

    def regretted(self) -> tuple[str, str]:
        """What is done, and undone after a while."""
        first, middle, undo = self.can_be_undone()[0], self.person()[0], self.id("x")
        self.add(throw(undo, compensation()))
        self.flow(first, middle)
        self.flow(middle, undo)
        return first, undo

    def transacted(self, depth: int) -> tuple[str, str]:
        """A transaction that ends or is cancelled."""
        node, meet = self.id("z"), self.id("g")
        begin, choice, over, cancelled = self.id("a"), self.id("g"), self.id("e"), self.id("e")
        kept, self.pieces = self.pieces, []
        first, last = self.block(depth)
        self.add(
            start(begin), exclusive(choice, default=f"{over}in"), end(over), end(cancelled, "<cancelEventDefinition/>")
        )
        self.flow(begin, first)
        self.flow(last, choice)
        self.add(flow(choice, over, id=f"{over}in"))
        self.flow(choice, cancelled, "n % 2 == 1")
        drawn, self.pieces = self.pieces, kept
        event, after = self.id("b"), self.work()
        self.add(transaction(node, *drawn), exclusive(meet), boundary(event, node, "<cancelEventDefinition/>"))
        self.flow(node, meet)
        self.flow(event, after[0])
        self.flow(after[1], meet)
        return node, meet

    def rounds(self) -> tuple[str, str]:
        node = self.id("r")
        loop = looped(
            self.random.choice(["n % 3 != 0 && loopCounter < 4", "loopCounter < 2", "n < 6 && loopCounter < 3"]),
            testBefore=self.random.choice(["true", "false"]),
            loopMaximum=self.random.choice([None, 2]),
        )
        self.add(user(node, loop) if self.random.random() < 0.5 else script(node, "{'n': n + loopCounter}", loop))
        return node, self.attach(node, node) if self.random.random() < 0.4 else node

    def choosing(self, depth: int) -> tuple[str, str]:
        """An activity with conditions on its ways out; the ways meet again in an inclusive gateway."""
        node, join, default = self.id("u"), self.id("j"), self.id("d")
        self.add(user(node, default=f"{default}in"), inclusive(join), task(default))
        self.add(flow(node, default, id=f"{default}in"))
        self.flow(default, join)
        ways = ["n % 2 == 0", "n > 3", None][: self.random.randint(1, 3)]
        self.branches(node, join, depth, len(ways), ways)
        return node, join

    def sequence(self, depth: int) -> tuple[str, str]:
        first, last = self.block(depth)
        for _ in range(self.random.randint(1, 2)):
            following = self.block(depth)
            self.flow(last, following[0])
            last = following[1]
        return first, last

    def branches(self, split: str, join: str, depth: int, count: int, conditions: list[str | None]) -> None:
        for _, chosen in zip(range(count), conditions, strict=False):
            first, last = self.block(depth)
            self.flow(split, first, chosen)
            self.flow(last, join)

    def parallel(self, depth: int) -> tuple[str, str]:
        split, join = self.id("p"), self.id("q")
        self.add(parallel(split), parallel(join))
        self.branches(split, join, depth, self.random.randint(2, 3), [None] * 3)
        return split, join

    def exclusive(self, depth: int) -> tuple[str, str]:
        split, join, default = self.id("g"), self.id("h"), self.id("d")
        self.add(exclusive(split, default=f"{default}in"), exclusive(join), task(default))
        self.add(flow(split, default, id=f"{default}in"))
        self.flow(default, join)
        self.branches(split, join, depth, 2, ["n % 3 == 0", "n % 3 == 1"])
        return split, join

    def inclusive(self, depth: int) -> tuple[str, str]:
        split, join, default = self.id("i"), self.id("j"), self.id("d")
        self.add(inclusive(split, default=f"{default}in"), inclusive(join), task(default))
        self.add(flow(split, default, id=f"{default}in"))
        self.flow(default, join)
        self.branches(split, join, depth, 3, ["n % 2 == 0", "n % 3 != 0", "n > 3"])
        return split, join

    def unbalanced(self, depth: int) -> tuple[str, str]:
        """A parallel split whose branches meet in an inclusive join, one of them perhaps not at all."""
        split, join, choose, over = self.id("p"), self.id("j"), self.id("g"), self.id("e")
        self.add(parallel(split), inclusive(join), exclusive(choose, default=f"{choose}out"), end(over))
        first, last = self.block(depth)
        self.flow(split, first)
        self.flow(last, join)
        other, ending = self.block(depth)
        self.flow(split, other)
        self.flow(ending, choose)
        self.flow(choose, join, "n % 2 == 0")
        self.add(flow(choose, over, id=f"{choose}out"))
        return split, join

    def enough(self, depth: int) -> tuple[str, str]:
        """Three branches before a complex gateway; what comes late is met, or goes a way of its own."""
        split, join, meet = self.id("p"), self.id("o"), self.id("h")
        asked = ["activationCount >= 1", "activationCount >= 2", "activationCount >= 3 || n > 3"]
        self.add(parallel(split), complex_(join, self.random.choice(asked), default=f"{join}late"), exclusive(meet))
        self.branches(split, join, depth, 3, [None] * 3)
        self.flow(join, meet, "waitingForStart")
        late = self.work()
        self.add(flow(join, late[0], id=f"{join}late"))
        self.flow(late[1], meet)
        return split, meet

    def loop(self, depth: int) -> tuple[str, str]:
        """Again while a counter of its own is small."""
        enter, leave, count = self.id("h"), self.id("g"), self.id("s")
        name = f"round{self.number}"
        self.add(
            exclusive(enter),
            exclusive(leave, default=f"{leave}again"),
            script(count, f"{{'{name}': has(vars.{name}) ? vars.{name} + 1 : 1}}"),
        )
        first, last = self.block(depth)
        out = self.id("d")
        self.add(task(out))
        self.flow(enter, first)
        self.flow(last, count)
        self.flow(count, leave)
        self.add(flow(leave, enter, id=f"{leave}again"))
        self.flow(leave, out, f"vars.{name} % 2 == 0")
        return enter, out

    def race(self, depth: int) -> tuple[str, str]:
        split, join = self.id("w"), self.id("h")
        self.add(race(split), exclusive(join))
        for _ in range(self.random.randint(2, 3)):
            event = self.wait() if self.random.random() < 0.5 else self.told(alone=False)
            self.flow(split, event[0])
            after = self.block(depth)
            self.flow(event[0], after[0])
            self.flow(after[1], join)
        return split, join

    def inside(self, depth: int, *, deep: bool = True) -> list[str]:
        """A whole scope: start, a block, an end; now and then one that terminates, or (not at the top) throws an error."""
        kept, self.pieces = self.pieces, []
        begin, over = self.id("a"), self.id("e")
        first, last = self.block(depth)
        how = self.random.random()
        self.add(
            start(begin),
            terminate(over)
            if how < 0.2
            else end(over, error(self.random.choice(CODES)))
            if how < 0.3 and deep
            else end(over, escalation(self.random.choice(CODES)))
            if how < 0.4
            else end(over),
        )
        self.flow(begin, first)
        self.flow(last, over)
        for code in CODES:
            if depth and self.random.random() < 0.2:
                self.handling(depth - 1, code)
        drawn, self.pieces = self.pieces, kept
        return drawn

    def handling(self, depth: int, code: str) -> None:
        """An event sub-process."""
        node, over = self.id("v"), self.id("e")
        trigger = self.random.choice(
            [
                message(self.random.choice(MESSAGES)),
                signal(self.random.choice(SIGNALS)),
                escalation(code),
                error(code),
                condition("n == 5"),
                duration("PT2H"),
                cycle("R2/PT1H"),
            ]
        )
        interrupting = "errorEvent" in trigger or self.random.random() < 0.5
        kept, self.pieces = self.pieces, []
        first, last = self.block(depth)
        self.add(end(over))
        self.flow(f"{node}0", first)
        self.flow(last, over)
        drawn, self.pieces = self.pieces, kept
        self.add(handler(node, trigger, *drawn, interrupting=interrupting))

    def sub(self, depth: int) -> tuple[str, str]:
        node = self.id("z")
        self.add(sub(node, *self.inside(depth)))
        return node, self.attach(node, node) if self.random.random() < 0.6 else node

    def each_sub(self, depth: int) -> tuple[str, str]:
        node = self.id("z")
        loop = many(
            collection="[1, 2]",
            element="item",
            output="got",
            outputElement="mine",
            sequential=self.random.random() < 0.5,
        )
        self.add(sub(node, loop, *self.inside(depth)))
        return node, self.attach(node, node) if self.random.random() < 0.5 else node

    def calling(self, depth: int) -> tuple[str, str]:
        if not self.called:
            return self.sub(depth)
        node = self.id("c")
        mapped = {"inputs": {"n": "n + 1", "m": "0"}, "outputs": {"n": "n"}} if self.random.random() < 0.5 else {}
        self.add(call(node, self.random.choice(self.called), **mapped))
        return node, self.attach(node, node) if self.random.random() < 0.5 else node


def random_sources(seed: int) -> dict[str, bytes]:
    """One to three processes; `p` may call the others."""
    return sources_of(Random(seed))


def sources_of(random: Random, deepest: int = 4) -> dict[str, bytes]:
    """The same, from choices that somebody else makes."""
    sources: dict[str, bytes] = {}
    names: list[str] = []
    for name in ["r", "q", "p"][random.randint(0, 2) :]:
        sketch = Sketch(random, list(names))
        drawn = sketch.inside(random.randint(2, deepest) if name == "p" else 2, deep=False)
        thrown = '<signalEventDefinition id="thrown" signalRef="omega"/><signal id="omega" name="omega"/>'
        sources[f"{name}.bpmn"] = definitions(process(name, *drawn), extra=thrown if sketch.throws else "")
        names.append(name)
    return sources
