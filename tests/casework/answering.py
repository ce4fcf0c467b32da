"""Right answers to every form of the liability procedure. A story says only what it cares about; the rest is here."""

from __future__ import annotations

from typing import Any

from tests.casework.house import House


def clue(house: House, **own: Any) -> dict[str, Any]:
    """F-CLUE: a decision that came after the limit."""
    return {
        "clue_source": "FILE_REVIEW",
        "received_at": house.today,
        "anonymous": True,
        "object_unit": "云湖区市场监督管理局",
        "object_persons": [{"name": "执法员未", "post": "科员"}],
        "facts": "案件2024年9月9日立案，不予处罚决定落款2024年12月11日。",
        "secrecy": "ORDINARY",
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
        **own,
    }


def accept(house: House, **own: Any) -> dict[str, Any]:
    """F-ACCEPT."""
    return {"acceptance": "accept", "accepted_at": house.today, "follows_advice": True, **own}


def approve_inquiry(house: House, *investigators: str) -> dict[str, Any]:
    """F-PRELIM-APPROVE."""
    people = [house.people[name] for name in investigators or ("调查员丁", "调查员戊")]
    return {
        "preliminary_approved": True,
        "preliminary_approved_at": house.today,
        "preliminary_investigators": people,
        "scope": "核查该案立案、决定、送达的日期。",
    }


def inquire(house: House, **own: Any) -> dict[str, Any]:
    """F-PRELIM, with the limit that the examined decision should have kept."""
    return {
        "checked_by": [house.people["调查员丁"], house.people["调查员戊"]],
        "no_recusal": True,
        "facts": [{"fact": "决定书落款日期晚于立案之日起九十日。", "established": "established"}],
        "limits_checked": [{"rule_key": "PEN-DECIDE", "start": "2024-09-09", "actual": "2024-12-11"}],
        "preliminary_proposal": "file",
        "reasons": "有违法事实，需要追究责任。",
        **own,
    }


def file(house: House, **own: Any) -> dict[str, Any]:
    """F-FILING: against everybody the clue names, by two investigators."""
    return {
        "filing_decision": "file",
        "filed_at": house.today,
        "charges": ["C03"],
        "respondents": [party.id for party in house.parties() if party.kind == "person"],
        "investigators": [house.people["调查员丁"], house.people["调查员戊"]],
        "plan": "调取案卷，询问承办人。",
        "reasons": "符合立案条件。",
        **own,
    }


def tell_filing(house: House, **own: Any) -> dict[str, Any]:
    """F-FILING-NOTICE."""
    return {
        "respondent_told_at": house.today,
        "respondent_told_by": "WRITTEN",
        "rights_told": True,
        "restrictions_told": True,
        **own,
    }


def interview(house: House, party: str, **own: Any) -> dict[str, Any]:
    """F-INTERVIEW of a respondent."""
    return {
        "interviewee_kind": "party",
        "interviewee": party,
        "started_at": f"{house.today}T08:00:00+08:00",
        "ended_at": f"{house.today}T08:30:00+08:00",
        "place": "第一询问室",
        "interviewers": [house.people["调查员丁"], house.people["调查员戊"]],
        "recorder": house.people["调查员丁"],
        "credentials_shown": True,
        "rights_told": True,
        "recusal_requested": False,
        "questions": [{"question": "决定书何时作出？", "answer": "十二月十一日。"}],
        "read_back": True,
        "signing": "signed",
        "further_inquiry": False,
        **own,
    }


def examine(house: House, item: str, **own: Any) -> dict[str, Any]:
    """F-EVIDENCE."""
    return {
        "item": item,
        "kind": "DOCUMENTARY",
        "origin": "执法机关案卷",
        "collected_by": [house.people["调查员丁"], house.people["调查员戊"]],
        "collected_at": f"{house.today}T08:00:00+08:00",
        "copy_kind": "original",
        "proves": "决定书的落款日期。",
        "bearing": "against",
        "admissible": True,
        "further_inquiry": False,
        **own,
    }


def report(house: House, item: str, **own: Any) -> dict[str, Any]:
    """F-REPORT."""
    return {
        "facts": [{"fact": "决定超过法定期限二日。", "evidence": [item]}],
        "limits_checked": [{"rule_key": "PEN-DECIDE", "start": "2024-09-09", "actual": "2024-12-11"}],
        "report_proposal": "liable",
        "reported_at": house.today,
        "legal_basis": "行政处罚法第六十条、第七十六条",
        "reasons": "承办人明知期限而未在期限内报批。",
        "findings": [
            {
                "party": party.id,
                "handling_role": "HANDLER",
                "conduct_pattern": "OVERLOOKED",
                "conduct": "未在期限内报批。",
                "knew_unlawful": False,
                "duty_ignored": True,
                "duty_missed": False,
            }
            for party in house.parties()
            if party.role == "respondent"
        ],
        **own,
    }


def determine(house: House, outcome: str = "CRITICISM_EDUCATION", **own: Any) -> dict[str, Any]:
    """F-DETERMINE."""
    return {
        "determinations": [
            {
                "party": party.id,
                "fault_degree": "GROSS_NEGLIGENCE",
                "liability_type": "DIRECT",
                "liability_share": "FULL",
                "proposed_outcome": outcome,
                "outcome_basis": "地方规定",
                "follows_tables": True,
            }
            for party in house.parties()
            if party.role == "respondent"
        ],
        "reasons": "职责清楚而未履行。",
        **own,
    }


def give_notice(house: House, item: str, outcome: str = "CRITICISM_EDUCATION", **own: Any) -> dict[str, Any]:
    """F-NOTICE."""
    return {
        "notice_served_at": house.today,
        "noticed_outcome": outcome,
        "notice_method": "DIRECT",
        "facts_told": "决定超过法定期限二日。",
        "basis_told": "行政处罚法第六十条。",
        "evidence_told": [item],
        "rights_told": True,
        **own,
    }


def check_defence(house: House, **own: Any) -> dict[str, Any]:
    """F-DEFENCE-CHECK."""
    return {
        "points": [
            {"point": "十二月四日已有处理意见。", "adoption": "not_adopted", "reason": "以决定书落款日期为准。"}
        ],
        "recheck_result": "stands",
        "not_heavier": True,
        **own,
    }


def review_legality(house: House, result: str = "pass", **own: Any) -> dict[str, Any]:
    """F-LEGAL: seven checks."""
    checks = ("subject", "authority", "facts", "basis", "procedure", "discretion", "documents")
    grade = "pass" if result == "pass" else "fail"
    return {
        **{f"check_{name}": "pass" for name in checks},
        "check_procedure": grade,
        "opinion": "程序合法，适用依据正确。" if result == "pass" else "送达程序有欠缺，请补正。",
        "legal_result": result,
        **own,
    }


def convene(house: House, *members: str) -> dict[str, Any]:
    """F-PANEL-CONVENE."""
    names = members or ("成员辛", "成员壬", "成员癸")
    members = [house.people[name] for name in names]
    return {"panel_members": members, "quorum": 2, "chair": members[0]}


def vote(house: House, **own: Any) -> dict[str, Any]:
    """F-PANEL."""
    return {"no_conflict": True, "vote": "agree", "opinion": "同意。", **own}


def resolve(house: House, **own: Any) -> dict[str, Any]:
    """F-PANEL-RESOLUTION."""
    return {
        "panel_met_at": house.today,
        "discussion": "一致同意。",
        "resolution": "adopt",
        **own,
    }


def decide(house: House, outcome: str = "CRITICISM_EDUCATION", **own: Any) -> dict[str, Any]:
    """F-DECISION."""
    return {
        "decision_kind": "liable",
        "decision_no": "云司问责决〔2026〕1号",
        "decided_at": house.today,
        "facts_found": "决定超过法定期限二日。",
        "legal_basis": "行政处罚法第六十条、第七十六条",
        "decision_track": "local",
        "outcomes": [
            {
                "party": party.id,
                "liability_type": "DIRECT",
                "liability_share": "FULL",
                "outcome": outcome,
                "effective_at": house.today,
                "outcome_basis": "地方规定",
            }
            for party in house.parties()
            if party.role == "respondent"
        ],
        "remedies": "不服本决定的，可以自收到之日起三十日内申请复核。",
        "sealed": True,
        **own,
    }


def serve(house: House, item: str, **own: Any) -> dict[str, Any]:
    """F-SERVICE, direct."""
    return {
        "service_method": "DIRECT",
        "attempts": [
            {"attempted_at": f"{house.today}T08:00:00+08:00", "attempt_place": "本人办公室", "attempt_result": "签收"}
        ],
        "received_by": "执法员未",
        "recipient_relation": "self",
        "served_at": house.today,
        "proof": [item],
        **own,
    }


def execute(house: House, outcome: str = "CRITICISM_EDUCATION", **own: Any) -> dict[str, Any]:
    """F-EXECUTE."""
    party = next(party.id for party in house.parties() if party.role == "respondent")
    return {
        "items": [
            {
                "party": party,
                "outcome": outcome,
                "owner": "组织人事部门",
                "due": house.today,
                "state": "done",
                "done_at": house.today,
            }
        ],
        "executed_at": house.today,
        **own,
    }


def appeal(house: House, party: str, **own: Any) -> dict[str, Any]:
    """F-APPEAL."""
    return {
        "appellant": party,
        "applicant_kind": "self",
        "track": "local",
        "challenged_decision_no": "云司问责决〔2026〕1号",
        "known_at": house.today,
        "applied_at": house.today,
        "requests": "撤销决定。",
        "grounds": "十二月四日已形成处理意见。",
        **own,
    }


def accept_appeal(house: House, *officers: str, **own: Any) -> dict[str, Any]:
    """F-APPEAL-ACCEPT."""
    return {
        "appeal_acceptance": "accept",
        "in_time": True,
        "right_track": True,
        "appeal_accepted_at": house.today,
        "review_officers": [house.people[name] for name in officers or ("复核员卯", "复核员辰")],
        **own,
    }


def review(house: House, proposal: str = "maintain", **own: Any) -> dict[str, Any]:
    """F-APPEAL-REVIEW."""
    return {
        "points": [{"point": "处理意见的日期", "finding": "以决定书落款日期为准。"}],
        "review_findings": ["CORRECT"],
        "review_proposal": proposal,
        "reasons": "事实清楚，适用依据正确。",
        **own,
    }


def decide_appeal(house: House, outcome: str = "maintain", **own: Any) -> dict[str, Any]:
    """F-APPEAL-DECISION."""
    return {
        "review_findings": ["CORRECT"],
        "remedy_outcome": outcome,
        "remedy_decided_at": house.today,
        "remedy_decision_no": "云司复核〔2026〕1号",
        "reasons": "事实清楚，适用依据正确，程序合法。",
        "further_remedies": "本复核决定为最终决定。",
        "not_heavier": True,
        **own,
    }


def close(house: House, **own: Any) -> dict[str, Any]:
    """F-CLOSE."""
    return {
        "closed_at": house.today,
        "archive_no": "云档2026-1",
        "volumes": 1,
        "catalogue_checked": True,
        "published": False,
        "publication_note": "涉及个人信息，不公开。",
        "retention": "长期",
        **own,
    }
