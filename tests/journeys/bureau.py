"""An organ at work over HTTP: the people of the demo house in the parts of the stories, each with an account of their own.

It can be put where a story wants a house (`tests.casework.storytelling`): the same right answers to the same forms, sent by
those who may send them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from werkzeug.test import TestResponse

from tests.casework import answering
from tests.casework.storytelling import Story
from tests.journeys.described import Document
from tests.journeys.visitors import API, Visitor
from wenze.application import Application
from wenze.clock import MovableClock

PARTS: Mapping[str, str] = {
    "登记员甲": "clerk",
    "监督员乙": "supervision",
    "批准人丙": "filing",
    "调查员丁": "investigator1",
    "调查员戊": "investigator2",
    "法制员庚": "legal",
    "成员辛": "panel1",
    "成员壬": "panel2",
    "成员癸": "panel3",
    "负责人子": "decider",
    "送达员丑": "service",
    "人事寅": "personnel",
    "复核员卯": "reviewer1",
    "复核员辰": "reviewer2",
    "档案员巳": "archivist",
    "督办员午": "supervisor",
    "执法员未": "officer",
}
"""Part in the stories → login in the demo house."""

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


class Bureau:
    """Everybody at work on one case."""

    def __init__(self, application: Application, clock: MovableClock) -> None:
        self.application = application
        self.clock = clock
        self.document = Document(application)
        self._visitors: dict[str, Visitor] = {}
        self.people: dict[str, str] = {}
        for part in PARTS:
            me = self.as_(part).get("/session").json
            self.people[part] = me["person_id"]
            self.unit: str = me["unit_id"]
        self.case_id = ""

    def as_(self, part: str) -> Visitor:
        """Somebody of the organ, signed in by token."""
        if part not in self._visitors:
            self._visitors[part] = Visitor(self.application, PARTS[part])
            self._visitors[part].after = self.document.check
        return self._visitors[part]

    @property
    def today(self) -> str:
        """Today in the jurisdiction, ISO."""
        return self.clock.now().astimezone(ZoneInfo("Asia/Shanghai")).date().isoformat()

    # Looking

    def file(self, part: str = "督办员午") -> dict[str, Any]:
        """The file of the case."""
        return right(self.as_(part).get(f"/cases/{self.case_id}"))

    def parties(self) -> list[SimpleNamespace]:
        """The parties of the case."""
        return [SimpleNamespace(**party) for party in self.file()["parties"]]

    def desk(self, part: str) -> list[dict[str, Any]]:
        """What waits for somebody."""
        return list(right(self.as_(part).get("/tasks"))["items"])

    def task(self, node: str, part: str) -> dict[str, Any]:
        """The task of a node that waits for somebody."""
        waiting = [right(self.as_(part).get(f"/tasks/{line['id']}")) for line in self.desk(part)]
        found = [task for task in waiting if task["node"] == node and task["case_id"] == self.case_id]
        assert found, f"{node} does not wait for {part}, but {[task['node'] for task in waiting]}"
        return found[0]

    # Doing

    def complete(self, node: str, by: str, answers: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Complete a task with these answers."""
        return right(self.submit(self.task(node, by), by, answers))

    def submit(self, task: Mapping[str, Any], by: str, answers: Mapping[str, Any] | None = None) -> TestResponse:
        """Send answers to a task, and give whatever comes back."""
        body = {"answers": dict(answers or {}), "expected_version": task["version"]}
        return self.as_(by).post(f"/tasks/{task['id']}/completion", body)

    def sign(self, node: str, by: str) -> dict[str, Any]:
        """Sign what another officer submitted."""
        task = self.task(node, by)
        return right(self.as_(by).post(f"/tasks/{task['id']}/signature", {"expected_version": task["version"]}))

    def hand_in(
        self, by: str, content: bytes = PDF, name: str = "决定书.pdf", note: str = "", **headers: str
    ) -> TestResponse:
        """Hand in a file as evidence."""
        return self.as_(by).upload(f"/cases/{self.case_id}/evidence", content, name, note=note, **headers)

    def pass_time(self, days: int) -> None:
        """Move the clock, and let it sweep."""
        self.clock.move(timedelta(days=days))
        self.application.sweeper.sweep()


class Casefile(Story):
    """The story of a case, told over HTTP."""

    house: Bureau  # type: ignore[assignment]

    def __init__(self, bureau: Bureau) -> None:
        super().__init__(bureau)  # type: ignore[arg-type]

    def opened(self, **own: Any) -> Casefile:
        bureau = self.house
        body = {
            "unit_id": bureau.unit,
            "kind": "liability",
            "title": "处罚决定逾期",
            "answers": answering.clue(bureau, **own),  # type: ignore[arg-type]
            "accounts": {"执法员未": bureau.people["执法员未"]},
        }
        answer = bureau.as_("登记员甲").post("/cases", body)
        bureau.case_id = right(answer)["case_id"]
        assert answer.headers["Location"] == f"{API}/cases/{bureau.case_id}"
        return self

    def investigated(self) -> Casefile:
        bureau = self.house
        self.item = right(bureau.hand_in("调查员丁"))["evidence_id"]
        bureau.complete("collect_evidence", "调查员丁", answering.examine(bureau, self.item))  # type: ignore[arg-type]
        bureau.sign("collect_evidence", "调查员戊")
        task = bureau.task("interview_respondent", "调查员丁")
        answers = answering.interview(bureau, task["party"]["id"])  # type: ignore[arg-type]
        bureau.complete("interview_respondent", "调查员丁", answers)
        bureau.sign("interview_respondent", "调查员戊")
        bureau.complete("write_report", "调查员丁", answering.report(bureau, self.item))  # type: ignore[arg-type]
        bureau.sign("write_report", "调查员戊")
        return self

    def appealed(self) -> Casefile:
        bureau = self.house
        officer = bureau.as_("执法员未")
        matter = right(officer.get(f"/matters/{bureau.case_id}"))
        body = {
            "answers": answering.appeal(bureau, matter["party_id"]),  # type: ignore[arg-type]
            "reason": "不服决定，申请复核。",
            "expected_version": matter["version"],
        }
        right(officer.post(f"/cases/{bureau.case_id}/actions/appeal", body))
        return self


def right(answer: TestResponse) -> dict[str, Any]:
    """The body of an answer that must be a good one."""
    assert answer.status_code < 300, (answer.status_code, answer.get_data(as_text=True)[:2000])
    found: dict[str, Any] = answer.json
    return found
