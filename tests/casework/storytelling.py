"""The liability procedure told step by step, so that a test can begin where its own story begins."""

from __future__ import annotations

from typing import Any

from tests.casework import answering
from tests.casework.house import House
from workflows import casework, evidence
from workflows.evidence import StoredFile


class Story:
    """One case on its way. Each method goes one stage further and gives the story back."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.item = ""
        """Id of the item of evidence everything rests on."""

    def opened(self, **own: Any) -> Story:
        """A clue is registered, naming the officer who has an account."""
        house = self.house
        house.do(
            "登记员甲",
            casework.open_case,
            unit_id=house.unit,
            kind="liability",
            title="处罚决定逾期",
            answers=answering.clue(house, **own),
            accounts={"执法员未": house.people["执法员未"]},
        )
        return self

    def accepted(self) -> Story:
        self.house.complete("decide_acceptance", "监督员乙", answering.accept(self.house))
        return self

    def inquired(self, **own: Any) -> Story:
        house = self.house
        house.complete("approve_inquiry", "批准人丙", answering.approve_inquiry(house))
        house.complete("inquire", "调查员丁", answering.inquire(house, **own))
        house.sign("inquire", "调查员戊")
        return self

    def filed(self, **own: Any) -> Story:
        house = self.house
        house.complete("approve_filing", "批准人丙", answering.file(house, **own))
        house.complete("notify_filing", "送达员丑", answering.tell_filing(house))
        return self

    def investigated(self) -> Story:
        house = self.house
        file = StoredFile(name="决定书.pdf", media_type="application/pdf", size=1000, sha256="a" * 64)
        _, self.item = house.do("调查员丁", evidence.register, house.case().id, file)
        house.complete("collect_evidence", "调查员丁", answering.examine(house, self.item))
        house.sign("collect_evidence", "调查员戊")
        for task in [task for task in house.tasks() if task.node == "interview_respondent"]:
            house.do(
                "调查员丁", casework.complete_task, task.id, answers=answering.interview(house, task.party_id or "")
            )
            house.do("调查员戊", casework.sign_task, task.id)
        house.complete("write_report", "调查员丁", answering.report(house, self.item))
        house.sign("write_report", "调查员戊")
        return self

    def determined(self) -> Story:
        house = self.house
        house.complete("find_liability", "调查员丁", answering.determine(house))
        house.sign("find_liability", "调查员戊")
        return self

    def noticed(self) -> Story:
        self.house.complete("notify_party", "送达员丑", answering.give_notice(self.house, self.item))
        return self

    def defended(self) -> Story:
        house = self.house
        house.complete("state_defence", "执法员未", {"defence": "statement", "statement": "十二月四日已有处理意见。"})
        house.complete("check_defence", "调查员丁", answering.check_defence(house))
        house.sign("check_defence", "调查员戊")
        return self

    def found_lawful(self) -> Story:
        self.house.complete("review_legality", "法制员庚", answering.review_legality(self.house))
        return self

    def resolved(self) -> Story:
        house = self.house
        house.complete("convene", "成员辛", answering.convene(house))
        for name in ("成员辛", "成员壬", "成员癸"):
            house.complete("vote", name, answering.vote(house))
        house.complete("record_resolution", "成员辛", answering.resolve(house))
        return self

    def decided(self) -> Story:
        self.house.complete("decide_outcome", "负责人子", answering.decide(self.house))
        return self

    def served(self) -> Story:
        self.house.complete("serve_decision", "送达员丑", answering.serve(self.house, self.item))
        return self

    def until_served(self) -> Story:
        """From the clue to the served decision."""
        return (
            self.opened()
            .accepted()
            .inquired()
            .filed()
            .investigated()
            .determined()
            .noticed()
            .defended()
            .found_lawful()
            .resolved()
            .decided()
            .served()
        )

    def appealed(self) -> Story:
        house = self.house
        party = next(party.id for party in house.parties() if party.role == "respondent")
        house.do(
            "执法员未",
            casework.act_on_case,
            house.case().id,
            "appeal",
            answers=answering.appeal(house, party),
            reason="不服决定，申请复核。",
        )
        return self

    def reviewed(self, outcome: str = "maintain") -> Story:
        house = self.house
        house.complete("accept_application", "监督员乙", answering.accept_appeal(house))
        house.complete("review_case", "复核员卯", answering.review(house, outcome))
        house.sign("review_case", "复核员辰")
        house.complete("decide_review", "负责人子", answering.decide_appeal(house, outcome))
        house.complete("serve_review", "送达员丑", answering.serve(house, self.item))
        return self
