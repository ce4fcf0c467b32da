"""Right answers to the forms of the procedure, for a case of the demonstration. A chronicle says only what it cares about; the
rest is here. May never ask anybody: what an answer needs stands in the scene.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wenze.demo.cases import Case, Concerned

Answers = dict[str, Any]
ACCEPTABLE: Answers = {
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
"""Of F-CLUE: every condition of acceptance is there, and no ground against it."""
CHECKS = ("subject", "authority", "facts", "basis", "procedure", "discretion", "documents")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Where a task is done: the case as its file has it at that moment."""

    case: Case
    number: str
    today: str
    by: Sequence[str]
    """Ids of those who do it."""
    people: Callable[[str], str]
    """Login → person id."""
    parties: Sequence[Mapping[str, Any]]
    """Of the file."""
    item: str | None
    """The item of evidence everything rests on."""
    party: Mapping[str, Any] | None
    """Whom the task is about."""
    own: Mapping[str, Any]
    """What the chronicle answers otherwise than usual."""

    @property
    def respondents(self) -> list[Mapping[str, Any]]:
        """The parties the case was filed against."""
        return [each for each in self.parties if each["role"] == "respondent"]

    @property
    def suspects(self) -> list[Mapping[str, Any]]:
        """The parties that the chronicle has filed against."""
        return [each for each in self.parties if self.known(each).respondent]

    def known(self, party: Mapping[str, Any]) -> Concerned:
        """What the case says of a party."""
        return self.case.named(party["name"])

    def say(self, what: str) -> str:
        """A sentence of the case."""
        return self.case.words[what]

    def at(self, time: str) -> str:
        """A moment of today."""
        return f"{self.today}T{time}:00+08:00"


def clue(case: Case, today: str) -> Answers:
    """F-CLUE."""
    persons = [{"name": each.name, "post": each.post} for each in case.concerned if each.kind == "person"]
    return {
        "received_at": today,
        "anonymous": True,
        "object_unit": next(each.name for each in case.concerned if each.kind == "unit"),
        **({"object_persons": persons} if persons else {}),
        "secrecy": "ORDINARY",
        "urgent": False,
        **ACCEPTABLE,
        **case.clue,
    }


def accept(scene: Scene) -> Answers:
    """F-ACCEPT."""
    if scene.own.get("acceptance", "accept") != "accept":
        return {"follows_advice": True}
    return {"acceptance": "accept", "accepted_at": scene.today, "follows_advice": True}


def tell_complainant(scene: Scene) -> Answers:
    """F-NOTIFY."""
    return {"complainant_told_at": scene.today, "complainant_told_by": "WRITTEN", "told": "已决定受理，正在核实。"}


def approve_inquiry(scene: Scene) -> Answers:
    """F-PRELIM-APPROVE."""
    return {
        "preliminary_approved": True,
        "preliminary_approved_at": scene.today,
        "preliminary_investigators": [scene.people("investigator1"), scene.people("investigator2")],
        "scope": "调阅执法案卷，核对各环节的日期和依据。",
    }


def inquire(scene: Scene) -> Answers:
    """F-PRELIM, with the limits that the examined act should have kept."""
    return {
        "checked_by": list(scene.by),
        "no_recusal": True,
        "facts": [{"fact": scene.say("fact"), "established": "established"}],
        "limits_checked": [dict(each) for each in scene.case.limits],
        "preliminary_proposal": "file",
        "reasons": "案卷材料可以证明，应当进一步查清责任。",
    }


def file(scene: Scene) -> Answers:
    """F-FILING, against everybody the chronicle holds for a respondent."""
    if scene.own.get("filing_decision", "file") != "file":
        return {}
    return {
        "filing_decision": "file",
        "filed_at": scene.today,
        "respondents": [each["id"] for each in scene.suspects],
        "investigators": [scene.people("investigator1"), scene.people("investigator2")],
        "plan": "调取案卷原件，分别询问经办人员。",
        "reasons": "有违反规定的事实，需要追究责任，属于本机关管辖。",
    }


def tell_filing(scene: Scene) -> Answers:
    """F-FILING-NOTICE."""
    return {
        "respondent_told_at": scene.today,
        "respondent_told_by": "WRITTEN",
        "rights_told": True,
        "restrictions_told": True,
    }


def talk(scene: Scene) -> Answers:
    """F-TALK."""
    names = "、".join(each["name"] for each in scene.suspects)
    return {"talked_at": scene.today, "talked_with": names, "content": scene.say("talk"), "response": "表示接受。"}


def transfer(scene: Scene) -> Answers:
    """F-TRANSFER."""
    return {
        "transfer_target": "supervisory",
        "receiving_organ": "监察机关",
        "transferred_at": scene.today,
        "legal_basis": scene.say("basis"),
        "reasons": scene.say("transfer"),
        "materials": [scene.item],
    }


def collect(scene: Scene) -> Answers:
    """F-EVIDENCE."""
    return {
        "item": scene.item,
        "kind": "DOCUMENTARY",
        "origin": "执法机关案卷",
        "collected_by": list(scene.by),
        "collected_at": scene.at("08:00"),
        "copy_kind": "original",
        "proves": scene.say("fact"),
        "bearing": "against",
        "admissible": True,
        "further_inquiry": False,
    }


def interview(scene: Scene) -> Answers:
    """F-INTERVIEW of a respondent."""
    assert scene.party is not None  # noqa: S101 - the diagram opens one for each respondent
    return {
        "interviewee_kind": "party",
        "interviewee": scene.party["id"],
        "started_at": scene.at("08:00"),
        "ended_at": scene.at("08:30"),
        "place": "询问室",
        "interviewers": list(scene.by),
        "recorder": scene.by[0],
        "credentials_shown": True,
        "rights_told": True,
        "recusal_requested": False,
        "questions": [{"question": "请说明办理经过。", "answer": scene.say("answer")}],
        "read_back": True,
        "signing": "signed",
        "further_inquiry": False,
    }


def report(scene: Scene) -> Answers:
    """F-REPORT."""
    rows = []
    for party in scene.respondents:
        known = scene.known(party)
        rows.append(
            {
                "party": party["id"],
                "handling_role": known.handling_role,
                "conduct_pattern": known.conduct_pattern,
                "conduct": known.conduct,
                "knew_unlawful": known.fault == "INTENT",
                "duty_ignored": known.fault == "GROSS_NEGLIGENCE",
                "duty_missed": known.fault == "ORDINARY_NEGLIGENCE",
            }
        )
    return {
        "facts": [{"fact": scene.say("fact"), "evidence": [scene.item]}],
        "limits_checked": [dict(each) for each in scene.case.limits],
        "report_proposal": "liable",
        "reported_at": scene.today,
        "legal_basis": scene.say("basis"),
        "reasons": "事实清楚，证据充分，应当追究责任。",
        "findings": rows,
    }


def determine(scene: Scene) -> Answers:
    """F-DETERMINE."""
    rows = []
    for party in scene.respondents:
        known = scene.known(party)
        rows.append(
            {
                "party": party["id"],
                "fault_degree": known.fault,
                "liability_type": known.liability,
                "liability_share": known.share,
                "proposed_outcome": known.outcome,
                "outcome_basis": scene.say("basis"),
                "follows_tables": True,
            }
        )
    return {"determinations": rows, "reasons": "职责清楚，未按规定履行。"}


def give_notice(scene: Scene) -> Answers:
    """F-NOTICE, with what was proposed for this party."""
    assert scene.party is not None  # noqa: S101 - the diagram opens one for each respondent
    found = next(each for each in scene.parties if each["id"] == scene.party["id"])["finding"]
    return {
        "notice_served_at": scene.today,
        "noticed_outcome": found["proposed_outcome"],
        "notice_method": "DIRECT",
        "facts_told": scene.say("fact"),
        "basis_told": scene.say("basis"),
        "evidence_told": [scene.item],
        "rights_told": True,
    }


def defend(scene: Scene) -> Answers:
    """F-DEFENCE."""
    if scene.own.get("defence") == "waived":
        return {"waiver_confirmed": True}
    return {"defence": "statement", "statement": scene.say("defence")}


def check_defence(scene: Scene) -> Answers:
    """F-DEFENCE-CHECK."""
    point = {"point": scene.say("defence"), "adoption": "not_adopted", "reason": scene.say("defence_answer")}
    return {"points": [point], "recheck_result": "stands", "not_heavier": True}


def review_legality(scene: Scene) -> Answers:
    """F-LEGAL: seven checks."""
    passed = {f"check_{name}": "pass" for name in CHECKS}
    return {**passed, "opinion": "事实清楚，程序合法，适用依据正确。", "legal_result": "pass"}


def convene(scene: Scene) -> Answers:
    """F-PANEL-CONVENE."""
    members = [scene.people(login) for login in ("panel1", "panel2", "panel3")]
    return {"panel_members": members, "quorum": 2, "chair": members[0]}


def vote(scene: Scene) -> Answers:
    """F-PANEL."""
    return {"no_conflict": True, "vote": "agree", "opinion": "同意调查组的处理建议。"}


def resolve(scene: Scene) -> Answers:
    """F-PANEL-RESOLUTION."""
    return {"panel_met_at": scene.today, "discussion": "一致同意处理建议。", "resolution": "adopt"}


def decide(scene: Scene) -> Answers:
    """F-DECISION, as it was determined."""
    rows = []
    for party in scene.respondents:
        found = party["finding"]
        rows.append(
            {
                "party": party["id"],
                "liability_type": found["liability_type"],
                "liability_share": found["liability_share"],
                "outcome": found["proposed_outcome"],
                "effective_at": scene.today,
                "outcome_basis": scene.say("basis"),
            }
        )
    return {
        "decision_kind": "liable",
        "decision_no": f"{scene.number}号决定",
        "decided_at": scene.today,
        "facts_found": scene.say("fact"),
        "legal_basis": scene.say("basis"),
        "decision_track": "local",
        "outcomes": rows,
        "remedies": "不服本决定的，可以在规定期限内申请复核。",
        "sealed": True,
    }


def serve(scene: Scene) -> Answers:
    """F-SERVICE, direct."""
    name = scene.party["name"] if scene.party else scene.respondents[0]["name"]
    return {
        "service_method": "DIRECT",
        "attempts": [{"attempted_at": scene.at("08:00"), "attempt_place": "办公室", "attempt_result": "签收"}],
        "received_by": name,
        "recipient_relation": "self",
        "served_at": scene.today,
        "proof": [scene.item],
    }


def execute(scene: Scene) -> Answers:
    """F-EXECUTE, for the party the task is about."""
    about = scene.party["id"] if scene.party else scene.respondents[0]["id"]
    party = next(each for each in scene.parties if each["id"] == about)
    row = {
        "party": party["id"],
        "outcome": party["outcome"]["outcome"],
        "owner": "人事科",
        "due": scene.today,
        "state": "done",
        "done_at": scene.today,
    }
    return {"items": [row], "executed_at": scene.today}


def close(scene: Scene) -> Answers:
    """F-CLOSE."""
    return {
        "closed_at": scene.today,
        "archive_no": f"{scene.number}号卷",
        "volumes": 1,
        "catalogue_checked": True,
        "published": False,
        "publication_note": "涉及个人信息，不公开。",
        "retention": "长期",
    }


def appeal(scene: Scene) -> Answers:
    """F-APPEAL of a respondent."""
    assert scene.party is not None  # noqa: S101 - the walk names who applies
    return {
        "appellant": scene.party["id"],
        "applicant_kind": "self",
        "track": "local",
        "challenged_decision_no": f"{scene.number}号决定",
        "known_at": scene.today,
        "applied_at": scene.today,
        "requests": "请求重新审查原决定。",
        "grounds": scene.say("grounds"),
    }


def accept_appeal(scene: Scene) -> Answers:
    """F-APPEAL-ACCEPT."""
    return {
        "appeal_acceptance": "accept",
        "in_time": True,
        "right_track": True,
        "appeal_accepted_at": scene.today,
        "review_officers": [scene.people("reviewer1"), scene.people("reviewer2")],
    }


def review(scene: Scene) -> Answers:
    """F-APPEAL-REVIEW."""
    return {
        "points": [{"point": scene.say("grounds"), "finding": scene.say("review")}],
        "review_findings": ["CORRECT"],
        "review_proposal": "maintain",
        "reasons": scene.say("review"),
    }


def decide_appeal(scene: Scene) -> Answers:
    """F-APPEAL-DECISION; `changed` is the outcome that takes the place of the first."""
    changed = scene.own.get("changed")
    rows = [
        {"party": each["id"], "outcome": changed, "outcome_basis": scene.say("basis")} for each in scene.respondents
    ]
    return {
        **({"changed_outcomes": rows} if changed else {}),
        "review_findings": ["CORRECT"],
        "remedy_outcome": "maintain",
        "remedy_decided_at": scene.today,
        "remedy_decision_no": f"{scene.number}号复核决定",
        "reasons": scene.say("review"),
        "further_remedies": "本复核决定为最终决定。",
        "not_heavier": True,
    }


def supervise(scene: Scene) -> Answers:
    """F-OVERDUE."""
    return {
        "cause": "同期案件集中，没有及时办理。",
        "measure": "当日催办，要求说明情况并尽快办结。",
        "expected_at": scene.today,
        "pursued": False,
    }
