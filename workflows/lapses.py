"""What the law attaches to a limit that passes unmet 逾期后果: the words that a row of the catalogue may use for it.

A row says, for example, `lapse: [{kind: deemed_accepted, as_of: trigger, mark: V:S3}]`. `KINDS` is the whole vocabulary: what
each kind means, whose limits may carry it, and which parameters it needs. Anything else is refused by the loader. This module
says what follows and never brings it about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from engine.sheets import Wording

Parameter = Literal["as_of", "by", "act", "percent", "circumstance"]
"""What a parameter holds: `as_of` trigger or end; `by` agency or itself; `act` the code of an event; `percent` a whole number;
`circumstance` a code of the list of circumstances of liability."""

CHOICES: Mapping[Parameter, tuple[str, ...]] = {"as_of": ("trigger", "end"), "by": ("agency", "itself")}
"""`as_of`: it holds from the day of the trigger, or from the day on which the limit ends. `by`: the agency has to do it, or it
happens by itself."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One thing that the law may attach to a limit."""

    name: Wording
    binds: Literal["agency", "party"] | None = None
    """Whose limits may carry it; None: either's."""
    direction: Literal["forward", "backward"] | None = "forward"
    """Which limits may carry it: those that run from an event, those that lead up to one, or (None) both."""
    needs: Mapping[str, Parameter] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapse:
    """What the law attaches to one limit."""

    kind: str
    """A key of `KINDS`."""
    parameters: Mapping[str, str | int]
    """Exactly those that the kind needs."""
    article: Wording | None
    """Where it stands in the text of the limit; None: in the article of the limit itself."""
    mark: str
    """Evidence, as for the number of the limit."""


KINDS: Mapping[str, Kind] = {
    "deemed_accepted": Kind(
        Wording("申请视为受理", "The application counts as accepted"), "agency", needs={"as_of": "as_of"}
    ),
    "deemed_granted": Kind(
        Wording("视为准予", "What was applied for counts as granted"), "agency", "backward", {"as_of": "as_of"}
    ),
    "deemed_served": Kind(Wording("视为送达", "The document counts as served"), needs={"as_of": "as_of"}),
    "deemed_abandoned": Kind(Wording("视为放弃申请", "The application counts as given up"), "party"),
    "no_evidence": Kind(Wording("视为没有证据、依据", "The act under review counts as without evidence"), "agency"),
    "must_lift": Kind(Wording("措施须解除", "The measure ends or must be lifted"), "agency", needs={"by": "by"}),
    "right_lost": Kind(Wording("不得再行使", "What the limit was for can no longer be done")),
    "may_proceed": Kind(Wording("可以进行下一步", "The wait is over: the act may follow"), needs={"act": "act"}),
    "surcharge": Kind(
        Wording("按日加处", "So much is added for each day, up to so much in all"), "party",
        needs={"percent_a_day": "percent", "at_most_percent": "percent"},
    ),
    "procedure_ends": Kind(Wording("程序终止", "The procedure ends"), "agency"),
    "sanction_ends": Kind(Wording("处分期满自动解除", "The sanction ends by itself")),
    "no_penalty": Kind(Wording("不再给予行政处罚", "No penalty may be imposed any more"), "agency"),
    "act_defective": Kind(
        Wording("程序违法或者有效性存疑", "The act the limit leads up to is open to challenge"), "agency", "backward"
    ),
    "propose_clue": Kind(
        Wording("作为监督线索提出", "Proposed as a clue for supervision"), "agency", None, {"circumstance": "circumstance"}
    ),
}  # fmt: skip
"""By code, in the order in which they are explained in docs/time.md."""
