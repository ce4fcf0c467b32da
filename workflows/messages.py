"""What a case is told from other systems: a message or a signal by its name, and what became of it.

The verb says clearly what happened: who took it, what began by it, that it is kept until somebody waits for it, or why nobody
took it. Who may say what in the case itself stands in the diagram (`wz:action`, `casework.act_on_case`). May never drop anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from engine import plain
from engine.step import Message
from workflows import casework, exchange, policy
from workflows.acting import Acting
from workflows.casework import Done
from workflows.errors import InvalidInput, NotPossible
from workflows.exchange import Sent
from workflows.identifiers import new_id
from workflows.records import KeptMessage
from workflows.taking import Facts

Outcome = Literal["taken", "began", "kept", "not_taken"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What became of a message or signal."""

    done: Done
    outcome: Outcome
    why: str | None
    """Why nobody took it: `engine.step.Untaken`."""


def tell_case(
    acting: Acting,
    case_id: str,
    name: str,
    *,
    kind: Literal["message", "signal"] = "message",
    payload: Any = None,
    keep: bool = False,
    reason: str,
    expected: int | None = None,
) -> Told:
    """Tell the proceedings of a case that a message or signal has come from outside.

    Args:
        name: of the message or signal, as the diagrams name it.
        payload: what it carries, a plain value.
        keep: whether a message that nobody takes now is kept until a proceeding of the case waits for it.

    Raises:
        NotAllowed: only administrators may.
        NotPossible: a signal was to be kept, or what it sets going cannot be carried out.
        InvalidInput: what it carries is not plain.
    """
    law = acting.law()
    policy.may_administer(acting.by, law.roles)
    case = casework.lock_case(acting, case_id)
    casework.current(acting, case.version, expected, case)
    if keep and kind == "signal":
        raise NotPossible("A signal is for those who wait now; it is not kept.", case_id=case.id)
    try:
        payload = plain.plain(payload)
    except plain.NotPlain as wrong:
        raise InvalidInput((casework.problem("payload", "invalid", wrong.chinese, str(wrong)),)) from None
    facts = Facts()
    message = Message(kind=kind, name=name, payload=payload, node="", process="")
    exchange.carry(acting, case, [Sent(message, law, facts)])
    why = facts.untaken[0]["why"] if facts.untaken else None if facts.further else exchange.NOBODY_WAITS
    outcome: Outcome = "not_taken" if why else "began" if all(each.begun for each in facts.further) else "taken"
    if outcome == "not_taken" and keep:
        outcome = "kept"
        acting.session.add(
            KeptMessage(
                id=new_id(acting.now),
                case_id=case.id,
                name=name,
                payload=payload,
                kept_at=acting.now,
                kept_by=acting.by.name,
            )
        )
    what = {kind: name, "outcome": outcome, **({"why": why} if why else {})}
    done = casework.entered(
        acting, case, "message.told", subject=f"case:{case.id}", reason=reason, what=what, facts=facts.further
    )
    return Told(done=done, outcome=outcome, why=why)
