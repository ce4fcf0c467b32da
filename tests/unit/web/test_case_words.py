"""Every code that the casework keeps has its words: states, standings, acts of the ledger, notices, codes of the forms."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import workflows
from engine.sheets import Wording as Both
from tests.unit.web.shipped import law
from web import case_words
from web.case_words import Codes, Names
from web.page_values import Entry, EntryKind
from web.presentation import Wording
from workflows import policy
from workflows.acting import CLOCK
from workflows.worklists import Happening

REVIEW_BEGUN = {"moved": [{"further": [{"states": ["UNDER_REVIEW"]}]}]}
ROOM = Path(workflows.__file__).parent
ZH = Wording("zh", date(2026, 3, 2), ZoneInfo("Asia/Shanghai"))
EN = Wording("en", date(2026, 3, 2), ZoneInfo("Asia/Shanghai"))
NAMES = Names(
    rules={"T-LI-01": Both("受理", "Acceptance")},
    actions={"appeal": Both("申请复核", "Apply for review")},
    people={"p1": "吴静怡"},
    codes=Codes(law().forms.values(), ZH),
)


def test_every_state_that_the_shipped_procedures_give_has_words():
    states = case_words.states_of(law())
    assert len(states) > 20
    assert [code for code in states if case_words.state(code, ZH) == "办理中"] == []


def test_a_state_that_only_another_place_has_is_said_in_general():
    assert case_words.state("SOMETHING_LOCAL", ZH) == "办理中"


def test_every_standing_of_a_party_who_was_told_has_words():
    assert [code for code in policy.TOLD if not case_words.standing(code, ZH)] == []
    assert case_words.standing("named", ZH) == ""


def test_every_act_that_the_casework_enters_about_a_case_has_words_of_its_own():
    written = "".join(path.read_text(encoding="utf-8") for path in ROOM.glob("*.py"))
    acts = set(re.findall(r'"((?:case|task|evidence|party|protected|timer)\.[a-z_]+)"', written))
    acts -= {"case.open", "case.end", "case.oversee", "evidence.add", "party.add", "party.id", "task.id", "case.id"}
    acts |= {"act.refused", "conflict.refused", "deadline.passed", "deadline.missed", "deadline.cancelled"}
    acts |= set(re.findall(r'"(deadline\.[a-z]+)"', written))
    acts |= {f"deadline.{rung}" for rung in ("remind", "warn", "overdue", "escalate")}
    assert len(acts) > 20
    assert [act for act in sorted(acts) if said(act).text in ("卷宗有变动", "：有变动")] == []


@pytest.mark.parametrize(
    ("act", "body", "words", "kind"),
    [
        ("task.completed", {"moved": [{"states": ["FILED"]}]}, "立案：案件转为“已立案”", EntryKind.DECISION),
        ("task.completed", REVIEW_BEGUN, "立案：案件转为“复核中”", EntryKind.DECISION),
        ("task.completed", {"moved": [{}]}, "立案：办结", EntryKind.ACT),
        ("task.reassigned", {"what": "p1"}, "立案：转给吴静怡", EntryKind.ACT),
        ("case.told", {"what": "appeal"}, "申请复核", EntryKind.DECISION),
        ("proceeding.moved", {"what": {"to": "x"}}, "程序迁移到另一规程版本", EntryKind.ACT),
        ("message.told", {"what": {"message": "paid", "outcome": "taken"}}, "其他系统送来消息", EntryKind.ACT),
        ("deadline.missed", {"what": {"rule": "T-LI-01"}}, "受理：红牌，期限届满未办", EntryKind.LATE),
        ("deadline.passed", {"what": {"rule": "T-LI-01"}}, "受理：期满", EntryKind.ACT),
        ("evidence.read", {"what": {"number": 3}}, "证3：调阅", EntryKind.PROTECTED),
        ("protected.read", {"what": "complainant_name"}, "打开受保护的内容：举报人姓名或者单位名称", EntryKind.PROTECTED),
    ],
)  # fmt: skip
def test_an_entry_of_the_ledger_is_a_sentence(act, body, words, kind):
    entry = said(act, body)
    assert (entry.lead + entry.text, entry.kind) == (words, kind)


def test_what_the_clock_did_has_nobodys_name():
    assert said("timer.fired", actor=CLOCK.name).by == ""
    assert said("task.claimed", actor="陈志远").by == "陈志远"


def test_a_refusal_says_why_in_the_language_of_the_page():
    body = {"facts": {"why_zh": "承办人不得审核", "why_en": "Who investigated may not review"}}
    assert said("conflict.refused", body).reason == "承办人不得审核"
    assert said("conflict.refused", body, say=EN).reason == "Who investigated may not review"
    assert (
        said("act.refused", reason="This task is not for you.").reason == "这件任务不由您办理。"
        or said("act.refused", reason="This task is not for you.").reason
    )
    assert said("act.refused", reason="A sentence nobody translated").reason == ""


def test_the_error_of_a_clock_that_could_not_go_on_is_not_for_the_file():
    assert said("case.stalled", reason="KeyError: 'x'").reason == ""


def test_answers_are_said_in_words_and_never_as_codes():
    codes = Codes(law().forms.values(), ZH)
    assert codes.answer("outcome", "CRITICISM_EDUCATION") == "批评教育"
    assert codes.answer("served_at", "2026-04-02") == "2026年4月2日"
    assert codes.answer("rights_told", True) == "是"
    assert codes.answer("legal_basis", "行政处罚法第六十条") == "行政处罚法第六十条"
    assert codes.answer("remedies", None) == ""
    assert codes.option("outcome", "NO_SUCH_CODE") == ""
    assert codes.question("no_such_question") == "一项内容"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("task.urged", "陈志远催办您手中的任务"),
        ("deadline.warn", "黄牌：“受理”将届满"),
        ("deadline.overdue", "红牌：“受理”已逾期"),
        ("something.else", "案件有新的情况"),
    ],
)
def test_a_notice_is_a_sentence(kind, words):
    facts = {"by": "陈志远", "rule": "T-LI-01"}
    assert case_words.notice(kind, NAMES, facts, ZH)[1] == words


def test_a_task_nobody_has_is_in_the_hands_of_its_group():
    assert case_words.who_has("陈志远", "investigator", law(), ZH) == "陈志远"
    assert case_words.who_has(None, "investigator", law(), ZH) == "调查人员，待签收"
    assert case_words.who_has(None, None, law(), ZH) == "待指定承办人"


# --- what they need


def said(act: str, body=None, *, reason: str | None = None, actor: str = "陈志远", say: Wording = ZH) -> Entry:
    happening = Happening(
        number=1,
        at=datetime(2026, 3, 2, tzinfo=UTC),
        act=act,
        actor=actor,
        subject="task:t1",
        body=body or {},
        reason=reason,
        hash="0" * 64,
        task_name="立案",
        task_name_en="Filing",
    )
    return case_words.entry(happening, NAMES, say)
