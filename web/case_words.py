"""The words for what the casework keeps as codes: states, standings, acts of the ledger, notices, and the codes of the forms.

It may never show a code: what has no word here is said in general terms.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from api.sentences import in_chinese
from forms import Form
from forms.components import asked_in
from web.page_values import Entry, EntryKind
from web.presentation import TwoLanguages, Wording
from workflows.acting import CLOCK
from workflows.evidence import UNEXAMINED
from workflows.findings import CONCERNED
from workflows.releases import Law
from workflows.worklists import Happening, TaskLine

# --- states and standings ---------------------------------------------------------------------------------------------


def state(code: str, say: Wording) -> str:
    """How far a case is. A state that a release of another place has added is said as 办理中."""
    return _states(say).get(code, say.phrase("办理中"))


def _states(say: Wording) -> Mapping[str, str]:
    return {
        "REGISTERED": say.phrase("线索已登记"),
        "RETURNED": say.phrase("已退回"),
        "ACCEPTED": say.phrase("已受理"),
        "REFUSED": say.phrase("不予受理"),
        "MERGED": say.phrase("已并案"),
        "SUSPENDED": say.phrase("中止"),
        "TRANSFERRED": say.phrase("已移送"),
        "TRANSFERRED_SUPERVISORY": say.phrase("已移送监察机关"),
        "PRELIMINARY": say.phrase("初步核实中"),
        "NO_CASE": say.phrase("不予立案"),
        "FILED": say.phrase("已立案"),
        "INVESTIGATING": say.phrase("调查中"),
        "REPORTED": say.phrase("责任认定中"),
        "DEFENCE": say.phrase("听取陈述申辩"),
        "LEGAL_REVIEW": say.phrase("法制审核中"),
        "PANEL": say.phrase("集体讨论中"),
        "DECIDED": say.phrase("已作出决定"),
        "SERVED": say.phrase("已送达"),
        "IN_FORCE": say.phrase("决定已送达，可以申请救济"),
        "EXECUTED": say.phrase("已执行"),
        "SANCTION_ENDED": say.phrase("处分期满"),
        "UNDER_REVIEW": say.phrase("复核中"),
        "MAINTAINED": say.phrase("复核维持"),
        "CHANGED": say.phrase("复核变更"),
        "REVOKED": say.phrase("复核撤销"),
        "REHANDLING": say.phrase("重新处理中"),
        "WITHDRAWN": say.phrase("已撤销案件"),
        "ARCHIVED": say.phrase("已归档"),
    }


def states_of(law: Law) -> tuple[str, ...]:
    """Codes of the states that the procedures of a release can give a case, in the order in which they are drawn."""
    found = {"REGISTERED": None}
    for process in dict.fromkeys((*(kind.process for kind in law.kinds.values()), *law.beginnings.values())):
        for node in law.definition(process).nodes:
            if node.extensions.get("state"):
                found.setdefault(node.extensions["state"])
    return tuple(found)


def standing(code: str, say: Wording) -> str:
    """How far it has come with a party; empty where there is nothing to say yet."""
    words = {
        "told": say.phrase("已告知立案"),
        "noticed": say.phrase("已告知拟处理意见"),
        "decided": say.phrase("决定已送达"),
        "under_review": say.phrase("复核中"),
        "maintained": say.phrase("复核维持"),
        "changed": say.phrase("复核变更"),
        "revoked": say.phrase("复核撤销"),
        "cleared": say.phrase("不予追究"),
    }
    return words.get(code, "")


def role(code: str, law: Law, say: Wording) -> str:
    """The name of a role of the release, or of somebody a clue names."""
    if code == CONCERNED:
        return say.phrase("被反映人")
    return law.roles[code].name[say.language] if code in law.roles else ""


def task_name(task: TaskLine, say: Wording) -> str:
    """What a task is called."""
    return task.name_en if say.language == "en" else task.name


def task_of(happening: Happening, say: Wording) -> str:
    """What the task is called that something happened to; empty where it was none."""
    return (happening.task_name_en if say.language == "en" else happening.task_name) or ""


def who_has(assignee: str | None, code: str | None, law: Law, say: Wording) -> str:
    """In whose hands a task is."""
    if assignee:
        return assignee
    group = role(code, law, say) if code else ""
    return say.phrase("%(group)s，待签收", group=group) if group else say.phrase("待指定承办人")


# --- codes of the forms -----------------------------------------------------------------------------------------------


class Codes:
    """The labels of the questions and options of a release, by name: a name has one meaning in the whole procedure."""

    def __init__(self, forms: Iterable[Form], say: Wording) -> None:
        self._questions: dict[str, str] = {}
        self._options: dict[tuple[str, Any], str] = {}
        self._kinds: dict[str, str] = {}
        for form in forms:
            for question in asked_in(form.fields.values()):
                self._questions.setdefault(question.key, question.label[say.language])
                self._kinds.setdefault(question.key, question.kind)
                for option in question.options:
                    self._options.setdefault((question.key, option.value), option.label[say.language])
        self._say = say

    def question(self, key: str) -> str:
        """What a question is called."""
        return self._questions.get(key) or self._say.phrase("一项内容")

    def option(self, key: str, value: Any) -> str:
        """What an answer by code says; empty where there is none."""
        return self._options.get((key, value), "") if isinstance(value, (str, bool)) else ""

    def answer(self, key: str, value: Any) -> str:
        """An answer in words: codes by their label, dates as people write them, everything else as it was written."""
        option = self.option(key, value)
        if option or value in (None, "", []):
            return option
        if isinstance(value, list):
            return self._say.phrase("、").join(self.answer(key, each) for each in value)
        if self._kinds.get(key) == "flag":
            return self._say.phrase("是") if value else self._say.phrase("否")
        return dated(str(value), self._kinds.get(key, ""), self._say)

    def evidence_kind(self, code: str) -> str:
        """What sort of evidence an item is."""
        return self._say.phrase("尚未审查") if code == UNEXAMINED else self.option("kind", code)


def dated(value: str, kind: str, say: Wording) -> str:
    """A date or moment of a form as people write it; everything else as it is."""
    if kind == "date":
        return say.full_day(date.fromisoformat(value))
    if kind == "moment":
        return say.moment(datetime.fromisoformat(value))
    return value


# --- the ledger -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Names for what the ledger keeps by id or key."""

    rules: Mapping[str, TwoLanguages] = field(default_factory=dict)
    """Key of a limit → its name."""
    actions: Mapping[str, TwoLanguages] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    codes: Codes | None = None


@dataclass(frozen=True, slots=True)
class _Said:
    kind: EntryKind
    icon: str
    text: str
    lead: str = ""


def entry(happening: Happening, names: Names, say: Wording, *, href: str = "") -> Entry:
    """One entry of the ledger as a line of the timeline; `href` leads to more about it."""
    said = _said(happening, names, say)
    return Entry(
        kind=said.kind,
        icon=said.icon,
        text=said.text,
        lead=said.lead,
        href=href,
        at=happening.at,
        by="" if happening.actor == CLOCK.name else happening.actor,
        reason=_reason(happening, say),
    )


def _said(happening: Happening, names: Names, say: Wording) -> _Said:
    act = happening.act
    task = task_of(happening, say)
    if act in ("task.completed", "task.returned", "task.taken_back"):
        return _of_a_step(happening, task, say)
    if act.startswith("task."):
        return _of_a_task(act, task, str(names.people.get(str(happening.body.get("what")), "")), say)
    if act.startswith("deadline."):
        return _of_a_limit(act.removeprefix("deadline."), _name(names.rules, _what(happening, "rule"), say), say)
    return _of_the_case(happening, names, say)


def _of_a_step(happening: Happening, task: str, say: Wording) -> _Said:
    if happening.act == "task.returned":
        return _Said(EntryKind.ACT, "arrow-back-up", say.phrase("：退回"), task)
    if happening.act == "task.taken_back":
        return _Said(EntryKind.ACT, "arrow-forward-up", say.phrase("：撤回"), task)
    changed = [code for moved in happening.body.get("moved", ()) for code in _states_set(moved)]
    if not changed:
        return _Said(EntryKind.ACT, "circle-check", say.phrase("：办结"), task)
    words = say.phrase("：案件转为“%(state)s”", state=state(changed[-1], say))
    return _Said(EntryKind.DECISION, "circle-check", words, task)


def _of_a_task(act: str, task: str, person: str, say: Wording) -> _Said:
    words = {
        "task.claimed": ("circle-dot", say.phrase("：签收")),
        "task.given_back": ("arrow-back-up", say.phrase("：退签")),
        "task.reassigned": ("arrows-exchange", say.phrase("：转给%(person)s", person=person)),
        "task.delegated": ("user-share", say.phrase("：委托%(person)s代办", person=person)),
        "task.prepared": ("pencil", say.phrase("：代办完成，交回承办人")),
        "task.signer_added": ("users-plus", say.phrase("：请%(person)s加签", person=person)),
        "task.signed": ("pencil", say.phrase("：签名")),
        "task.urged": ("bell-ringing", say.phrase("：催办")),
    }
    icon, text = words.get(act, ("circle-dot", say.phrase("：有变动")))
    return _Said(EntryKind.ACT, icon, text, task)


def _of_a_limit(what: str, rule: str, say: Wording) -> _Said:
    match what:
        case "remind":
            return _Said(EntryKind.ACT, "bell", say.phrase("：已提醒承办人"), rule)
        case "warn":
            return _Said(EntryKind.LATE, "cards", say.phrase("：黄牌，期限将届满"), rule)
        case "overdue" | "missed":
            return _Said(EntryKind.LATE, "cards", say.phrase("：红牌，期限届满未办"), rule)
        case "escalate":
            return _Said(EntryKind.LATE, "cards", say.phrase("：逾期，已报上级"), rule)
        case "passed":
            return _Said(EntryKind.ACT, "clock", say.phrase("：期满"), rule)
        case "suspended":
            return _Said(EntryKind.SUSPENSION, "player-pause", say.phrase("：中止计算"), rule)
        case "resumed":
            return _Said(EntryKind.SUSPENSION, "clock", say.phrase("：恢复计算"), rule)
        case "extended":
            return _Said(EntryKind.DECISION, "clock", say.phrase("：批准延长"), rule)
        case "excluded":
            return _Said(EntryKind.DECISION, "clock", say.phrase("：扣除不计入的时间"), rule)
        case "corrected":
            return _Said(EntryKind.DECISION, "pencil", say.phrase("：更正起算日"), rule)
        case "recounted":
            return _Said(EntryKind.ACT, "clock", say.phrase("按新日历重新计算期限"))
        case "shortened":
            return _Said(EntryKind.DECISION, "clock", say.phrase("：采用较短的日期"), rule)
        case "kept":
            return _Said(EntryKind.DECISION, "clock", say.phrase("：维持原日期"), rule)
        case _:
            return _Said(EntryKind.ACT, "circle-dashed", say.phrase("：不再计算"), rule)


def _of_the_case(happening: Happening, names: Names, say: Wording) -> _Said:
    what = happening.body.get("what")
    number = what.get("number") if isinstance(what, Mapping) else None
    match happening.act:
        case "case.opened":
            return _Said(EntryKind.ACT, "inbox", say.phrase("，立卷"), say.phrase("登记线索"))
        case "case.told":
            return _Said(EntryKind.DECISION, "mail", "", _name(names.actions, str(what), say))
        case "proceeding.moved":
            return _Said(EntryKind.ACT, "circle-dot", say.phrase("程序迁移到另一规程版本"))
        case "message.told":
            return _Said(EntryKind.ACT, "mail", say.phrase("其他系统送来消息"))
        case "case.suspended":
            return _Said(EntryKind.SUSPENSION, "player-pause", say.phrase("：中止"), say.phrase("案件"))
        case "case.resumed":
            return _Said(EntryKind.SUSPENSION, "clock", say.phrase("：恢复"), say.phrase("案件"))
        case "case.stalled":
            return _Said(EntryKind.LATE, "alert-triangle", say.phrase("计时没有走通，稍后再试"))
        case "timer.fired":
            return _Said(EntryKind.ACT, "clock", say.phrase("程序中的计时届满"))
        case "evidence.registered":
            return _Said(EntryKind.DOCUMENT, "file-text", say.phrase("：登记入卷"), exhibit(number, say))
        case "evidence.read":
            return _Said(EntryKind.PROTECTED, "eye", say.phrase("：调阅"), exhibit(number, say))
        case "protected.read":
            label = names.codes.question(str(what)) if names.codes is not None else ""
            return _Said(EntryKind.PROTECTED, "lock", say.phrase("打开受保护的内容：%(what)s", what=label))
        case "party.added":
            return _Said(EntryKind.ACT, "user", say.phrase("追加当事人"))
        case "party.linked":
            return _Said(EntryKind.ACT, "user", say.phrase("关联当事人的账号"))
        case "act.refused" | "conflict.refused":
            return _Said(EntryKind.ACT, "ban", say.phrase("有一次操作没有被接受"))
        case _:
            return _Said(EntryKind.ACT, "circle-dot", say.phrase("卷宗有变动"))


_ABOUT_PEOPLE = frozenset({"task.reassigned", "task.delegated", "task.signer_added"})


def people_in(history: Iterable[Happening]) -> set[str]:
    """Ids of the people that some entries of the ledger name."""
    return {str(each.body.get("what")) for each in history if each.act in _ABOUT_PEOPLE}


def exhibit(number: Any, say: Wording) -> str:
    """The number of an item of evidence: 证3."""
    return say.phrase("证%(n)s", n=number)


def _reason(happening: Happening, say: Wording) -> str:
    """The reason in a person's own words, or why something was refused, in the language of the page."""
    if happening.act not in ("act.refused", "conflict.refused"):
        return "" if happening.act == "case.stalled" else happening.reason or ""
    facts = happening.body.get("facts", {})
    told = facts.get(f"why_{say.language}") or facts.get(say.language)
    if told:
        return str(told)
    said = happening.reason or ""
    if say.language == "en":
        return said
    return in_chinese(said) or ""


def _states_set(moved: Mapping[str, Any]) -> list[str]:
    found = list(moved.get("states", ()))
    for further in moved.get("further", ()):
        found += _states_set(further)
    return found


def _what(happening: Happening, key: str) -> str:
    what = happening.body.get("what")
    return str(what.get(key, "")) if isinstance(what, Mapping) else ""


def _name(names: Mapping[str, TwoLanguages], key: str, say: Wording) -> str:
    found = names.get(key)
    return say.of(found) if found is not None else say.phrase("一项事务")


# --- notices ----------------------------------------------------------------------------------------------------------


def notice(kind: str, names: Names, facts: Mapping[str, Any], say: Wording) -> tuple[str, str]:
    """A notice in words, with its icon."""
    rule = _name(names.rules, str(facts.get("rule")), say)
    match kind:
        case "task.urged":
            return "bell-ringing", say.phrase("%(person)s催办您手中的任务", person=facts.get("by", ""))
        case "deadline.remind":
            return "bell", say.phrase("“%(rule)s”的期限过了大半", rule=rule)
        case "deadline.warn":
            return "cards", say.phrase("黄牌：“%(rule)s”将届满", rule=rule)
        case "deadline.overdue" | "deadline.missed":
            return "cards", say.phrase("红牌：“%(rule)s”已逾期", rule=rule)
        case "deadline.changed":
            return "clock", say.phrase("“%(rule)s”的期限有变动", rule=rule)
        case "deadline.shorter":
            return "clock", say.phrase("按新日历，“%(rule)s”的期限会提前届满，待您决定", rule=rule)
        case "deadline.escalate":
            return "cards", say.phrase("“%(rule)s”逾期未办，现报您处", rule=rule)
        case _:
            return "bell", say.phrase("案件有新的情况")
