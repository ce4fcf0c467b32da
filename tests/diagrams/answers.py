"""What people can say that makes a difference to the way: by form, by called process, by message.

One entry for each answer after which the procedure goes on differently. Everything else that a form routes has one value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

DAY = "2026-03-02"
ONE, TWO = "party-1", "party-2"
PARTIES = [ONE, TWO]


def each(name: str, *values: Any, **others: Any) -> list[dict[str, Any]]:
    """One answer for each value of one variable, the others alike."""
    return [{name: value, **others} for value in values]


CLUE = {
    "received_at": DAY,
    "clue_source": "COMPLAINT",
    "urgent": False,
    "object_concrete": True,
    "facts_concrete": True,
    "in_scope": True,
    "in_jurisdiction": True,
    "within_limitation": True,
    "already_handled": False,
    "duplicate": False,
    "remedy_pending": False,
    "supervisory_handling": False,
}
FILING = {"charges": ["C03"], "investigators": ["officer-1", "officer-2"]}
FINDING = {
    "handling_role": "HANDLER",
    "conduct_pattern": "OVERLOOKED",
    "duty_ignored": True,
    "duty_missed": False,
    "factors": [],
}
FINDINGS = [{"party": ONE, "knew_unlawful": True, **FINDING}, {"party": TWO, "knew_unlawful": False, **FINDING}]
OUTCOMES = [
    {"party": ONE, "outcome": "DEMERIT", "effective_at": DAY, "period_months": 12},
    {"party": TWO, "outcome": "CRITICISM_EDUCATION", "effective_at": DAY, "period_months": None},
]
DECISION = {"decided_at": DAY, "decision_no": "1", "decision_track": "local"}
REPORT = {"reported_at": DAY, "limits_checked": []}

FORMS: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "F-CLUE": each("anonymous", False, True, **CLUE),
    "F-ACCEPT": [
        {"acceptance": "accept", "accepted_at": DAY, "acceptance_reason": None},
        *each(
            "acceptance",
            "refuse",
            "transfer",
            "merge",
            "suspend",
            "reference",
            accepted_at=None,
            acceptance_reason="NO_FACTS",
        ),
    ],
    "F-NOTIFY": [{"complainant_told_at": DAY}],
    "F-TRANSFER": [{"transfer_target": "supervisory", "transferred_at": DAY}],
    "F-PRELIM-APPROVE": each(
        "preliminary_approved", True, False, preliminary_approved_at=DAY, preliminary_investigators=["officer-1"]
    ),
    "F-PRELIM": [
        {
            "preliminary_proposal": "file",
            "limits_checked": [{"rule_key": "PEN-DECIDE", "start": "2024-09-09", "actual": "2024-12-11"}],
        }
    ],
    "F-TALK": [{"talked_at": DAY}],
    "F-FILING": [
        {"filing_decision": "file", "filed_at": DAY, "respondents": PARTIES, **FILING},
        *each("filing_decision", "no_case", "talk", "transfer", filed_at=None, respondents=[], **FILING),
    ],
    "F-FILING-NOTICE": [{"respondent_told_at": DAY}],
    "F-EVIDENCE": each("further_inquiry", False, True),
    "F-INTERVIEW": each("further_inquiry", False, True),
    "F-RECUSAL": [{"recused_person": "officer-1", "recusal_outcome": "recuse"}],
    "F-RESUME": [{"resumed_at": DAY}],
    "F-REPORT": [
        {"report_proposal": "liable", "findings": FINDINGS, **REPORT},
        {"report_proposal": "withdraw", "findings": [], **REPORT},
    ],
    "F-DETERMINE": [{"determinations": []}],
    "F-NOTICE": [{"notice_served_at": DAY, "noticed_outcome": "DEMERIT"}],
    "F-DEFENCE": each("defence", "statement", "waived"),
    "F-DEFENCE-CHECK": each("recheck_result", "stands", "revise"),
    "F-LEGAL": each("legal_result", "pass", "return"),
    "F-PANEL": each("vote", "agree", "disagree", "abstain"),
    "F-PANEL-CONVENE": [
        {"panel_members": ["member-1", "member-2"], "quorum": 2},
        {"panel_members": ["member-1"], "quorum": 2},
    ],
    "F-PANEL-RESOLUTION": each("resolution", "adopt", "amend", "return", panel_met_at=DAY),
    "F-DECISION": [
        {"decision_kind": "liable", "outcomes": OUTCOMES, **DECISION},
        {"decision_kind": "exempt", "outcomes": OUTCOMES, **DECISION},
        *each("decision_kind", "no_liability", "withdraw", "transfer", outcomes=[], **DECISION),
    ],
    "F-SERVICE": [{"service_method": "DIRECT", "served_at": DAY, "published_at": None}],
    "F-EXECUTE": [{"executed_at": DAY}],
    "F-APPEAL": [{"track": "local", "applied_at": DAY, "appellant": ONE}],
    "F-APPEAL-ACCEPT": each(
        "appeal_acceptance", "accept", "refuse", "supplement", appeal_accepted_at=DAY, review_officers=[]
    ),
    "F-APPEAL-REVIEW": [{"review_proposal": "maintain"}],
    "F-APPEAL-DECISION": each(
        "remedy_outcome",
        "maintain",
        "change",
        "revoke",
        "rehandle",
        remedy_decided_at=DAY,
        changed_outcomes=[{"party": ONE, "outcome": "WARNING", "period_months": 6}],
    ),
    "F-OVERDUE": [{}],
    "F-CLOSE": [{"closed_at": DAY}],
}

REVIEW = {"party": ONE, "appellant": ONE, "outcome": "WARNING"}
CALLED: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "li_intake": each("acceptance", "accept", "refuse", received_at=DAY),
    "li_filing": [
        {"filing_decision": "file", "filed_at": DAY, "respondents": PARTIES},
        {"filing_decision": "talk"},
        {},
    ],
    "li_investigation": [{"report_proposal": "liable", "findings": FINDINGS}],
    "li_determination": [{}, {"returned": True}],
    "li_decision": [
        {"decision_kind": "liable", "decided_at": DAY, "outcomes": OUTCOMES},
        {"decision_kind": "transfer", "decided_at": DAY, "outcomes": []},
        {"decision_kind": ""},
    ],
    "li_execution": [{}],
    "li_overdue": [{}],
    "li_withdrawal": [{"decision_kind": "withdraw", "decided_at": DAY}, {}],
    "li_service": [{"served_at": DAY}],
    "li_sanction": [{}],
    "li_defence": [{"recheck_result": "stands"}, {"recheck_result": "revise"}, {}],
    "li_panel": each("resolution", "adopt", "return"),
    "li_reexamination": [
        {"appeal_acceptance": "refuse"},
        *each(
            "remedy_outcome",
            "maintain",
            "change",
            "revoke",
            "rehandle",
            appeal_acceptance="accept",
            remedy_decided_at=DAY,
            changed_outcomes=[{"party": ONE, "outcome": "WARNING", "period_months": 6}],
        ),
    ],
}

MESSAGES: Mapping[str, Sequence[Any]] = {
    "return": [{"reason": "补充", "by": "officer-3"}],
    "remedy_applied": [{"track": "local", "applied_at": DAY, "appellant": ONE}],
    "review_decided": each(
        "remedy_outcome", "refuse", "maintain", "withdrawn", "change", "revoke", "rehandle", **REVIEW
    ),
    "application_withdrawn": [{"withdrawn_at": DAY}],
    "transfer_required": [None],
    "recusal_requested": [None],
    "withdrawal_proposed": [None],
    "case_withdrawn": [],
}
"""`case_withdrawn` comes from inside the diagram only."""

BEGINNINGS: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "li_main": [{"parties": PARTIES, "case_id": "case-1"}],
    "li_intake": [{}],
    "li_filing": [{"received_at": DAY}],
    "li_investigation": [{"parties": PARTIES, "filed_at": DAY}],
    "li_determination": [
        {"report_proposal": "liable", "findings": FINDINGS},
        {"report_proposal": "withdraw", "findings": []},
        {"report_proposal": "no_liability", "findings": []},
    ],
    "li_defence": [{"party": ONE, "filed_at": DAY}],
    "li_decision": each("report_proposal", "liable", "withdraw", parties=PARTIES, filed_at=DAY, decision_kind=""),
    "li_panel": [{"filed_at": DAY}],
    "li_withdrawal": [{"filed_at": DAY}],
    "li_execution": [
        *each("outcome", "DEMERIT", "CLARIFICATION", party=ONE, decision_kind="liable", decided_at=DAY),
        {"party": ONE, "decision_kind": "withdraw", "decided_at": DAY, "outcome": ""},
    ],
    "li_service": [{"party": ONE, "decided_at": DAY}],
    "li_sanction": [
        *each(
            "outcome",
            "WARNING",
            "DEMERIT",
            "MAJOR_DEMERIT",
            "DEMOTION",
            "REMOVAL",
            "DISMISSAL",
            "TALK_REMINDER",
            "CLARIFICATION",
            party=ONE,
            decision_kind="liable",
            decided_at=DAY,
        ),
        *each("decision_kind", "no_liability", "withdraw", party=ONE, outcome="", decided_at=DAY),
    ],
    "li_overdue": [{}],
    "li_review": [{"party": ONE, "appellant": ONE, "applied_at": DAY, "track": "local", "case_id": "case-1"}],
    "li_reexamination": [{"party": ONE, "applied_at": DAY}],
}
"""What each process is begun with: the values its caller hands over, one beginning for each that makes a difference."""

TRIGGERS: Mapping[str, Sequence[tuple[str, Mapping[str, Any]]]] = {
    "li_main": [
        (
            "rehandling_ordered",
            {
                "party": ONE,
                "appellant": ONE,
                "parties": [ONE],
                "received_at": DAY,
                "filed_at": DAY,
                "case_id": "case-1",
            },
        )
    ],
    "li_review": [("review_requested", BEGINNINGS["li_review"][0])],
}
"""Which message begins which process, and with what."""
