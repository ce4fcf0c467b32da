"""One case walked through the HTTP API, step by step, by the people whose step it is.

A step is found on somebody's own list of tasks, answered, signed where two must sign; then the history of the case tells what
came of it. May never skip what the procedure asks, and knows nothing that the API did not answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from engine.periods import ZONE
from wenze.demo import answers
from wenze.demo.answers import Answers, Scene
from wenze.demo.cases import Case, Step
from wenze.demo.colleagues import Colleague, Office, Refused, WentWrong
from wenze.demo.events import Advised, Both, Checked, Did, Event, Ran, TurnedAway, Waited, Warned
from wenze.demo.waiting import OFFICE_OPENS, Waiting

OVERSEER = "supervisor"
"""Whose eyes see every case of the organ."""
EXHIBIT = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
MOST = 100
"""Lines of a history read at once."""

TWO = ("investigator1", "investigator2")
STEPS: Mapping[str, tuple[Sequence[str], Callable[[Scene], Answers]]] = {
    "decide_acceptance": (("supervision",), answers.accept),
    "notify_complainant": (("clerk",), answers.tell_complainant),
    "approve_inquiry": (("filing",), answers.approve_inquiry),
    "inquire": (TWO, answers.inquire),
    "approve_filing": (("filing",), answers.file),
    "notify_filing": (("service",), answers.tell_filing),
    "talk": (("filing",), answers.talk),
    "transfer_case": (("filing",), answers.transfer),
    "collect_evidence": (TWO, answers.collect),
    "interview_respondent": (TWO, answers.interview),
    "write_report": (TWO, answers.report),
    "find_liability": (TWO, answers.determine),
    "notify_party": (("service",), answers.give_notice),
    "check_defence": (TWO, answers.check_defence),
    "review_legality": (("legal",), answers.review_legality),
    "convene": (("panel1",), answers.convene),
    "record_resolution": (("panel1",), answers.resolve),
    "decide_outcome": (("decider",), answers.decide),
    "serve_decision": (("service",), answers.serve),
    "execute_outcome": (("personnel",), answers.execute),
    "archive_case": (("archivist",), answers.close),
    "accept_application": (("supervision",), answers.accept_appeal),
    "review_case": (("reviewer1", "reviewer2"), answers.review),
    "decide_review": (("decider",), answers.decide_appeal),
    "serve_review": (("service",), answers.serve),
    "restore_rights": (("personnel",), answers.execute),
    "supervise_intake": (("supervisor",), answers.supervise),
    "supervise_filing": (("supervisor",), answers.supervise),
    "supervise_legal_review": (("supervisor",), answers.supervise),
    "supervise_service": (("supervisor",), answers.supervise),
    "supervise_overdue": (("supervisor",), answers.supervise),
}
"""Node → who does it, the first submits and the others sign; and what is usually answered."""

ACTIONS: Mapping[str, tuple[Both, Both]] = {
    "register": ({"zh": "线索登记员", "en": "Clue registrar"}, {"zh": "登记线索", "en": "Register the clue"}),
    "appeal": ({"zh": "当事人", "en": "Respondent"}, {"zh": "申请复核", "en": "Apply for a review"}),
    "transfer": (
        {"zh": "行政执法监督机构", "en": "Enforcement supervision body"},
        {"zh": "提请移送监察机关", "en": "Ask for the transfer to the supervisory organ"},
    ),
}
"""What is done without a task: who does it, and what."""

TOLD = frozenset(
    {
        "clue_source", "acceptance", "preliminary_proposal", "filing_decision", "charges", "transfer_target",
        "report_proposal", "fault_degree", "proposed_outcome", "noticed_outcome", "defence", "adoption",
        "recheck_result", "legal_result", "vote", "resolution", "decision_kind", "outcome", "remedy_outcome",
        "service_method", "appeal_acceptance", "review_proposal", "track",
    }
)  # fmt: skip
"""Questions whose answer is worth a word."""


NO_ANSWERS = ("by", "each", "changed")
"""What a chronicle says of a step that is no answer: who does it, what every row says, what takes the place of an outcome."""


class Walk:
    """One case on its way."""

    def __init__(
        self, case: Case, office: Office, waiting: Waiting, tell: Callable[[Event], None] | None = None
    ) -> None:
        """`tell`: is told what happens; without it nobody looks."""
        self.case = case
        self.id = ""
        self.number = ""
        self.checked: list[Mapping[str, Any]] = []
        """Verdicts on the limits of the act under examination."""
        self.advised: list[Mapping[str, Any]] = []
        """Advice of the tables."""
        self._office = office
        self._waiting = waiting
        self._listener = tell
        self._item: str | None = None
        self._seen = 0
        self._instead: dict[str, str] = {}
        self._rules: dict[str, Mapping[str, Any]] = {
            rule["key"]: rule for rule in office[OVERSEER].get("/deadline-rules")["items"]
        }

    # Looking

    def file(self) -> dict[str, Any]:
        """The file of the case, as the supervisor sees it."""
        found: dict[str, Any] = self._office[OVERSEER].get(f"/cases/{self.id}")
        return found

    def rule(self, key: str) -> Mapping[str, Any]:
        """A limit of the catalogue."""
        return self._rules[key]

    def ask_due(self, key: str, query: Mapping[str, Any]) -> dict[str, Any]:
        """When a limit ends that began on a day; see `/deadline-rules/<key>/due`.

        Raises:
            Refused: it cannot be counted so, such as extended more often than the rule allows.
        """
        found: dict[str, Any] = self._office[OVERSEER].get(f"/deadline-rules/{key}/due?{urlencode(query)}")
        return found

    def words(self, form: str, question: str, value: Any) -> str:
        """An answer in the words of its form."""
        blocks = self._office[OVERSEER].get(f"/forms/{form}")["blocks"]
        return "".join(_labels(blocks, {question: value}))

    def ledger(self) -> dict[str, Any]:
        """The ledger of the case, gone through from its first entry."""
        found: dict[str, Any] = self._office[OVERSEER].get(f"/cases/{self.id}/ledger")
        return found

    # Going on

    def whole(self) -> None:
        """From the first day of the chronicle to the last."""
        for day, steps in self.case.story:
            self.on(day, steps)

    def on(self, day: date, steps: Iterable[Step]) -> None:
        """Wait until the office opens on a day, and do its steps."""
        opens = datetime.combine(day, OFFICE_OPENS, tzinfo=ZONE)
        if opens > self._waiting.now:
            self._waiting.until(opens, self.look)
            self._tell(Waited(to=opens))
        for name, own in steps:
            self.do(name, own)
            self._waiting.a_while()

    def do(self, name: str, own: Mapping[str, Any]) -> None:
        """One step: a node of the diagram, or what the procedure is told from outside.

        Raises:
            Refused: the API refuses it.
            WentWrong: it does not wait for whoever should do it.
        """
        special: Mapping[str, Callable[[Mapping[str, Any]], None]] = {
            "register_clue": self._register,
            "hand_in": self._hand_in,
            "appeal": self._appeal,
            "transfer": self._transfer,
            "turned_away": self._turned_away,
            "others": self._instead.update,
        }
        if name in special:
            special[name](own)
        elif name == "vote":
            self._each(name, [(login,) for login in ("panel1", "panel2", "panel3")], answers.vote, own)
        elif name == "state_defence":
            logins = [each.account for each in self.case.concerned if each.account and each.respondent]
            self._each(name, [(login,) for login in logins], answers.defend, own)
        else:
            usual, answer = STEPS[name]
            team = own.get("by") or [self._instead.get(login, login) for login in usual]
            self._each(name, [tuple(team)], answer, own)
        self.look()

    def look(self) -> None:
        """Tell what happened to the case since the last look, by its history."""
        if not self.id or self._listener is None:
            return
        entries = self._office[OVERSEER].get(f"/cases/{self.id}/history?limit={MOST}")["items"]
        for entry in sorted(entries, key=lambda each: int(each["number"])):
            if entry["number"] > self._seen:
                self._seen = entry["number"]
                self._report(entry)

    # The steps

    def _register(self, own: Mapping[str, Any]) -> None:
        clerk = self._office["clerk"]
        form = clerk.get("/forms/F-CLUE")
        said = answers.clue(self.case, self._today) | dict(own)
        accounts = {each.name: self._office[each.account].id for each in self.case.concerned if each.account}
        body = {
            "unit_id": clerk.unit_id,
            "kind": "liability",
            "title": self.case.title["zh"],
            "answers": said,
            "accounts": accounts,
        }
        done = clerk.post("/cases", body)
        self.id, self.number = done["case_id"], done["number"]
        labels = (self.number, *_labels(form["blocks"], said))
        self._tell(_did(clerk, "register", labels))

    def _hand_in(self, own: Mapping[str, Any]) -> None:
        by = self._office[self._instead.get(TWO[0], TWO[0])]
        self._item = by.upload(f"/cases/{self.id}/evidence", self.case.words["exhibit"], EXHIBIT)["evidence_id"]

    def _appeal(self, own: Mapping[str, Any]) -> None:
        login = next(each.account for each in self.case.concerned if each.account)
        respondent = self._office[login]
        matter = respondent.get(f"/matters/{self.id}")
        form = next(each["form"] for each in matter["actions"] if each["action"] == "appeal")
        party = next(each for each in self.file()["parties"] if each["id"] == matter["party_id"])
        said = answers.appeal(self._scene((respondent,), party, own)) | dict(own)
        body = {"answers": said, "reason": self.case.words["grounds"], "expected_version": matter["version"]}
        respondent.post(f"/cases/{self.id}/actions/appeal", body)
        labels = _labels(form["blocks"], said)
        self._tell(_did(respondent, "appeal", labels))

    def _transfer(self, own: Mapping[str, Any]) -> None:
        by = self._office["supervision"]
        body = {"reason": self.case.words["transfer"], "expected_version": self.file()["version"]}
        by.post(f"/cases/{self.id}/actions/transfer", body)
        self._tell(_did(by, "transfer"))

    def _turned_away(self, own: Mapping[str, Any]) -> None:
        """Somebody tries to take up a step that is not for them any more."""
        by = self._office[own["by"]]
        for line in self.file()["tasks"]:
            task = self._office[OVERSEER].get(f"/tasks/{line['id']}") if line["state"] == "open" else None
            if task is None or task["node"] != own["step"]:
                continue
            try:
                by.post(f"/tasks/{task['id']}/claim", {"expected_version": task["version"]})
            except Refused as refused:
                why = str(refused.problem.get("detail", ""))
                self._tell(TurnedAway(name=by.name, what=task["name"], why=why))
                return
            raise WentWrong(f"{by.login} was let into {own['step']}")
        raise WentWrong(f"{own['step']} does not wait for anybody")

    def _each(
        self, node: str, teams: Sequence[tuple[str, ...]], answer: Callable[[Scene], Answers], own: Mapping[str, Any]
    ) -> None:
        """Do every open task of a node: by each team those that wait for it."""
        names: dict[str, None] = {}
        parties: list[str] = []
        task: dict[str, Any] = {}
        said: tuple[str, ...] = ()
        for team in teams:
            people = [self._office[login] for login in team]
            for task in self._waiting_for(people[0], node):
                given = _merged(answer(self._scene(people, task["party"], own)), own)
                self._submit(people, task, given)
                names |= dict.fromkeys(each.name for each in people)
                parties += [task["party"]["name"]] if task["party"] else []
                said = _labels(task["form"]["blocks"], given)
        if not task:
            raise WentWrong(f"{self.case.name}: {node} does not wait for {teams}")
        self._tell(
            Did(names=tuple(names), role=task["role_name"], what=task["name"], parties=tuple(parties), said=said)
        )

    def _waiting_for(self, person: Colleague, node: str) -> list[dict[str, Any]]:
        lines = [line for line in person.get("/tasks")["items"] if line["case_id"] == self.id]
        tasks = [person.get(f"/tasks/{line['id']}") for line in lines]
        return [task for task in tasks if task["node"] == node]

    def _submit(self, people: Sequence[Colleague], task: Mapping[str, Any], given: Answers) -> None:
        body = {"answers": given, "expected_version": task["version"]}
        done = people[0].post(f"/tasks/{task['id']}/completion", body)
        for signer in people[1:]:
            body = {"expected_version": done["task_version"]}
            done = signer.post(f"/tasks/{task['id']}/signature", body)

    def _scene(self, people: Sequence[Colleague], party: Mapping[str, Any] | None, own: Mapping[str, Any]) -> Scene:
        return Scene(
            case=self.case,
            number=self.number,
            today=self._today,
            by=[each.id for each in people],
            people=lambda login: self._office[self._instead.get(login, login)].id,
            parties=self.file()["parties"],
            item=self._item,
            party=party,
            own=own,
        )

    @property
    def _today(self) -> str:
        return self._waiting.now.date().isoformat()

    def _tell(self, event: Event) -> None:
        if self._listener is not None:
            self._listener(event)

    # What came of it

    def _report(self, entry: Mapping[str, Any]) -> None:
        body = entry["body"]
        what = body.get("what")
        subject, _, act = str(entry["act"]).partition(".")
        if subject == "deadline" and isinstance(what, dict) and "told" in what:
            told = dict.fromkeys(name for key in what["told"] for name in self._office.group(key))
            rule = self._rules[what["rule"]]
            self._tell(Warned(kind=act, rule=rule, at=entry["at"], told=tuple(told)))
        elif subject == "deadline" and isinstance(what, dict):
            self._tell(Ran(rule=self._rules[what["rule"]], due=what["due"], state=act))
        for move in _moves(body.get("moved", ())):
            for asked in move.get("decided", ()):
                self.advised.append(asked)
                self._tell(Advised(decision=asked["decision"], result=asked["result"], rules=tuple(asked["rules"])))
            for call in move.get("calls", ()):
                for result in call["result"]:
                    self.checked.append(result)
                    self._tell(Checked(result=result))
            for clock in move.get("clocks", ()):
                self._tell(Ran(rule=self._rules[clock["rule"]], due=clock["due"], state=clock["state"]))


def _did(by: Colleague, action: str, said: tuple[str, ...] = ()) -> Did:
    role, what = ACTIONS[action]
    return Did(names=(by.name,), role=role, what=what, said=said)


def _moves(moved: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for each in moved:
        yield each
        yield from _moves(each.get("further", ()))


def _merged(usual: Answers, own: Mapping[str, Any]) -> Answers:
    """The usual answers with what the chronicle says otherwise; `each` is said of every row of every list of rows."""
    merged = usual | {name: value for name, value in own.items() if name not in NO_ANSWERS}
    for rows in merged.values() if "each" in own else ():
        for row in rows if isinstance(rows, list) else ():
            if isinstance(row, dict):
                row.update(own["each"])
    return merged


def _labels(blocks: Iterable[Mapping[str, Any]], said: Mapping[str, Any]) -> tuple[str, ...]:
    """What was chosen, in the words of the form."""
    found: dict[str, None] = {}
    for block in blocks:
        if block["type"] == "section":
            found |= dict.fromkeys(_labels(block["blocks"], said))
        elif block["type"] == "rows":
            for row in said.get(block["key"]) or ():
                found |= dict.fromkeys(_labels(block["blocks"], row))
        elif block["type"] == "question" and block["key"] in TOLD:
            chosen = said.get(block["key"])
            words = {option["value"]: option["label"] for option in block["options"]}
            several = chosen if isinstance(chosen, list) else [chosen]
            found |= dict.fromkeys(words[value] for value in several if value in words)
    return tuple(found)
