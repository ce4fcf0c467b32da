"""Timers on tokens: when they are armed, when they fall due, and what a cycle hands on to its next round.

What is kept on the token (`internal_data`, stored in the snapshot): `armed`, and for a timer of ours `due`; for a cycle its
`anchor`, the number `round` it waits for, the rounds `left` after it, and its `period`; for a statutory limit `from`, the trigger
date. Moments are texts in UTC of fixed length. It may never ask what time it is: the proceeding's clock is set by the caller.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from engine import moments
from engine.errors import ExpressionFailed
from engine.nodes import Event, named

if TYPE_CHECKING:
    from engine.proceeding import Token


def arm(token: Token, event: Event) -> None:
    """Begin to wait.

    Raises:
        ExpressionFailed: the expression gives no moment.
    """
    kept = token.internal_data
    if "armed" in kept:
        return
    clock = token.workflow.top_workflow.clock
    kept["armed"] = moments.stamp(clock)
    if event.deadline:
        if event.since is not None:
            kept["from"] = _trigger(token, event)
        return
    text = event.literal
    if event.expression is not None:
        text = token.workflow.script_engine.evaluate(token, event.expression)
    try:
        if event.code == "date":
            kept["due"] = moments.stamp(moments.read_date(text))
        elif event.code == "duration":
            kept["due"] = moments.stamp(moments.read_duration(text).after(clock))
        else:
            _arm_cycle(token, moments.read_cycle(text), text)
    except moments.NotAMoment as wrong:
        raise _failed(token, text if event.expression is None else event.expression.text, wrong) from None


def falls(token: Token, expired: str | None = None) -> str | None:
    """The moment a waiting timer fires: never before it was armed. None for a statutory limit that the host has not seen pass."""
    due = token.internal_data.get("due", expired)
    return None if due is None else max(due, token.internal_data["armed"])


def repeats(token: Token) -> bool:
    """Whether a cycle has rounds left."""
    return "period" in token.internal_data and token.internal_data["left"] != 0


def hand_on(token: Token, following: Token) -> None:
    """The next round of a cycle, counted from its anchor so that the day of the month is kept."""
    kept = token.internal_data
    if "period" not in kept:
        return
    number = kept["round"] + 1
    anchor = moments.read_date(kept["anchor"])
    try:
        due = moments.read_duration(kept["period"]).after(anchor, number)
    except moments.NotAMoment as wrong:
        raise _failed(token, kept["period"], wrong) from None
    following.internal_data.update(
        armed=kept["due"],
        due=moments.stamp(due),
        anchor=kept["anchor"],
        round=number,
        left=None if kept["left"] is None else kept["left"] - 1,
        period=kept["period"],
    )


def _arm_cycle(token: Token, cycle: moments.Cycle, text: str) -> None:
    clock = token.workflow.top_workflow.clock
    first = cycle.first if cycle.first is not None else cycle.period.after(clock)
    token.internal_data.update(
        due=moments.stamp(first),
        anchor=moments.stamp(first),
        round=0,
        left=None if cycle.rounds is None else cycle.rounds - 1,
        period=text.strip().upper().rsplit("/", 1)[-1],
    )


def _trigger(token: Token, event: Event) -> str:
    assert event.since is not None  # noqa: S101 - asked by the caller
    text: str = token.workflow.script_engine.evaluate(token, event.since)
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    try:
        moments.read_date(text)
    except moments.NotAMoment:
        wrong = moments.NotAMoment(
            f"{text!r} is neither an ISO date nor a date with time and zone",
            f"{text!r} 既不是日期，也不是带时间和时区的日期",
        )
        raise _failed(token, event.since.text, wrong) from None
    return text


def _failed(token: Token, expression: str, wrong: moments.NotAMoment) -> ExpressionFailed:
    node = token.task_spec.node
    return ExpressionFailed(
        f"{named(node)}: the timer “{expression}” cannot be set: {wrong}.",
        node=node.id,
        expression=expression,
        why=str(wrong),
        zh=f"{named(node)}：定时“{expression}”不能设定：{wrong.zh}。",
    )
