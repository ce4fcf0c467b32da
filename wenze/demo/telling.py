"""A walk in words for a terminal, in Chinese or in English. May never say a number or a date that it was not given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal

from babel.dates import format_date

from engine.periods import ZONE
from wenze.demo.cases import Case
from wenze.demo.events import Advised, Both, Checked, Did, Event, Ran, TurnedAway, Waited, Warned
from wenze.demo.verdicts import Verdict, all_hold

Language = Literal["zh", "en"]

RUNS: Mapping[str, Both] = {
    "running": {"zh": "开始计算，{due}届满", "en": "begins to run, ends on {due}"},
    "met": {"zh": "按期", "en": "met"},
    "met_late": {"zh": "逾期办结（{due}已届满）", "en": "met late (it had ended on {due})"},
    "missed": {"zh": "{due}届满，逾期未办", "en": "ended on {due}: missed, the step is still to be done"},
    "passed": {"zh": "{due}届满，程序继续", "en": "ended on {due}: the procedure goes on"},
    "cancelled": {"zh": "不再计算", "en": "runs no more"},
}
"""State of a limit → what is said of it."""

WARNINGS: Mapping[str, Both] = {
    "remind": {"zh": "提醒", "en": "Reminder"},
    "warn": {"zh": "黄牌", "en": "Yellow card"},
    "overdue": {"zh": "红牌", "en": "Red card"},
    "escalate": {"zh": "升级督办", "en": "Escalation"},
}

UNITS: Mapping[str, Both] = {
    "days": {"zh": "日", "en": "days"},
    "working_days": {"zh": "个工作日", "en": "working days"},
    "months": {"zh": "个月", "en": "months"},
    "years": {"zh": "年", "en": "years"},
    "hours": {"zh": "小时", "en": "hours"},
}


class Teller:
    """Writes lines about what it is told."""

    def __init__(self, language: Language, write: Callable[[str], None], *, brief: bool = False) -> None:
        """`brief`: of the events only verdicts on the act under examination, and warnings."""
        self.language = language
        self._write = write
        self._brief = brief
        self._waited_to = ""
        self._noted: set[str] = set()
        self._said: dict[type[Event], Callable[[Any], None]] = {
            Waited: self._waited,
            Did: self._did,
            TurnedAway: self._turned_away,
            Advised: self._advised,
            Checked: self._checked,
            Ran: self._ran,
            Warned: self._warned,
        }

    def begin(self) -> None:
        """What a reader must know before the first case."""
        self._write(
            self.pick(
                "各案事实取自公布的案例，已隐去地名；云湖区司法局及其人员、办理过程和处理结果均为虚构。",
                "The facts are those of published cases, without places; the organ, its people, how they handle each case"
                " and what they decide are invented.",
            )
        )
        self._write(
            self.pick(
                "每一步都经 HTTP 接口办理，数字和日期都来自接口的答复。▸ 等到这一天：移动时钟，其间到期的事项由系统巡查处理。",
                "Every step goes through the HTTP API, and every number and date is what it answered. ▸ waits until a day:"
                " the clock is moved, and the system's own sweep does what falls due on the way.",
            )
        )
        self._write(
            self.pick(
                "证据标记：V 已读原文，V2 见于摘录，K 凭所知，PD 产品默认值（没有全国统一规定）。",
                "Evidence marks: V text read, V2 seen in an excerpt, K from knowledge, PD product default (no national rule).",
            )
        )

    def case(self, case: Case) -> None:
        """The heading of a case."""
        self._write("")
        self._write(f"━━ {case.name}　{self.of(case.title)}")
        self._write(self.pick("公布：", "Published: ") + self.of(case.published))
        self._write(self.pick("演示：", "Shown here: ") + self.of(case.invented))

    def event(self, event: Event) -> None:
        """One thing that happened."""
        if not self._brief or isinstance(event, Checked | Warned):
            self._said[type(event)](event)

    def verdicts(self, name: str, verdicts: Sequence[Verdict]) -> None:
        """Whether the case came out as it should."""
        self._write(self.pick(f"{name} 核对：", f"{name} came out:"))
        for verdict in verdicts:
            self._write(f"  {'✓' if verdict.holds else '✗'} {self._verdict(verdict)}")

    def end(self, results: Mapping[str, Sequence[Verdict]]) -> None:
        """The line for each case, and one for all."""
        self._write("")
        for name, verdicts in results.items():
            held = sum(verdict.holds for verdict in verdicts)
            self._write(f"{'✓' if held == len(verdicts) else '✗'} {name}  {held} / {len(verdicts)}")
        self._write(
            self.pick(
                "公布的日期、天数和人数全部得出，各案都走到了预定的一步。",
                "Every published date and number came out, and every case where it should.",
            )
            if all_hold(results)
            else self.pick(
                "有结果与公布的事实不符，见上面的 ✗。", "Something did not come out as published: see ✗ above."
            )
        )

    def pick(self, zh: str, en: str) -> str:
        """The wording in the language of this teller."""
        return zh if self.language == "zh" else en

    def of(self, both: Both) -> str:
        """The same of a pair."""
        return both[self.language]

    # One event each

    def _waited(self, event: Waited) -> None:
        self._waited_to = f"▸{self._day(event.to.date().isoformat())}"

    def _did(self, event: Did) -> None:
        names = self.pick("、", ", ").join(event.names)
        who = names + (self.pick(f"（{self.of(event.role)}）", f" ({self.of(event.role)})") if event.role else "")
        others = [name for name in event.parties if name not in event.names]
        about = self.pick(f"（{'、'.join(others)}）", f" ({', '.join(others)})") if others else ""
        said = self.pick("：", ": ") + self.pick("，", ", ").join(event.said) if event.said else ""
        self._step(f"{who} · {self.of(event.what)}{about}{said}")

    def _turned_away(self, event: TurnedAway) -> None:
        what = self.of(event.what)
        refused = self.pick(f"{event.name} 要签收“{what}”，被拒绝：", f"{event.name} wants “{what}” and is refused: ")
        self._step(refused + event.why)

    def _step(self, line: str) -> None:
        """A line with the day to which the clock was moved for it, if it was."""
        self._write(f"{self._waited_to} {line}" if self._waited_to else f"  {line}")
        self._waited_to = ""
        self._noted.clear()

    def _note(self, line: str) -> None:
        """A line below a step; what is the same for several parties is said once."""
        if line not in self._noted:
            self._noted.add(line)
            self._write(f"      {line}")

    def _advised(self, event: Advised) -> None:
        for rule in event.rules:
            why = rule["why"] if self.language == "zh" else rule["why_en"]
            self._note(f"{self.pick('建议：', 'Advice: ')}{why}{self._cited(rule['source'])}")

    def _checked(self, event: Checked) -> None:
        self._note(f"{self.pick('核对期限：', 'Limit checked: ')}{self._judged(event.result)}")

    def _ran(self, event: Ran) -> None:
        state = self.of(RUNS[event.state]).format(due=self._day(event.due))
        rule = event.rule
        cited = self._cited(self.of(rule["citation"]), rule["mark"]) if event.state in ("running", "missed") else ""
        name = f"{rule['key']} {self.of(rule['name'])}"
        self._note(self.pick(f"期限 {name}：{state}", f"Limit {name}: {state}") + cited)

    def _warned(self, event: Warned) -> None:
        rule = event.rule
        day = self._day(datetime.fromisoformat(event.at).astimezone(ZONE).date().isoformat())
        told = self.pick("、", ", ").join(event.told) or self.pick(
            "无（当事人没有账号）", "nobody (the party has no account)"
        )
        card = self.of(WARNINGS[event.kind])
        name = f"{rule['key']} {self.of(rule['name'])}"
        self._note(self.pick(f"{card} {day} {name}，已通知：{told}", f"{card}, {day}: {name}; told: {told}"))

    # Words

    def _verdict(self, verdict: Verdict) -> str:
        about, found, wanted = self.of(verdict.about), verdict.found, verdict.wanted
        told = self._shown(found, wanted)
        line = f"{about}{self.pick('：', ': ')}{told}" if told else about
        if verdict.citation is not None:
            line += self._cited(self.of(verdict.citation), verdict.mark)
        if not verdict.holds:
            line += self.pick("；应为 ", "; expected ") + self._shown(wanted, wanted)
        return line

    def _shown(self, found: Mapping[str, Any], wanted: Mapping[str, Any]) -> str:
        said = []
        if "due" in found:
            said.append(self._judged(found, named=False))
        if "why" in found:
            said.append(str(found["why"]))
        if "day_number" in wanted:
            number = found.get("day_number")
            said.append(self.pick(f"当日是第 {number} 天", f"that is day {number}"))
        if "times" in wanted:
            times = found.get("times")
            said.append(self.pick(f"最多延长 {times} 次", f"may be extended {times} time(s)"))
        if "cap" in wanted and found.get("cap"):
            cap = f"{found['cap']['value']} {self.of(UNITS[found['cap']['unit']])}"
            said.append(self.pick(f"合计不超过 {cap}", f"{cap} in all at most"))
        if "number" in wanted:
            said.append(str(found.get("number")))
        if "acceptance" in wanted:
            said.append(str(found.get("words", found["acceptance"])))
        return self.pick("，", ", ").join(said)

    def _judged(self, result: Mapping[str, Any], *, named: bool = True) -> str:
        """A limit with its end, and whether an act kept it."""
        parts = []
        if named:
            parts.append(f"{result['rule_key']} {self.pick(str(result['name']), str(result['name_en']))}")
        begun, done = result.get("start", result.get("from")), result.get("actual", result.get("until"))
        if begun:
            parts.append(self.pick(f"{self._day(begun)}起算", f"from {self._day(begun)}"))
        parts.append(self.pick(f"应于{self._day(result['due'])}前", f"due on {self._day(result['due'])}"))
        if done:
            parts.append(self.pick(f"实为{self._day(done)}", f"done on {self._day(done)}"))
        if result.get("in_time") is True:
            parts.append(self.pick("在期限内", "in time"))
        elif result.get("in_time") is False:
            days = result["late_by_days"]
            parts.append(self.pick(f"逾期 {days} 天", f"late by {days} days"))
        line = self.pick("，", ", ").join(parts)
        if named:
            line += self._cited(self.pick(str(result["article"]), str(result["article_en"])), str(result["mark"]))
        return line

    def _cited(self, source: str, mark: str = "") -> str:
        evidence = self.pick(f"，证据 {mark}", f"; evidence {mark}") if mark else ""
        return self.pick(f"〔{source}{evidence}〕", f" [{source}{evidence}]")

    def _day(self, written: str) -> str:
        day = date.fromisoformat(written[:10])
        return (
            format_date(day, "y年M月d日", locale="zh") if self.language == "zh" else format_date(day, "d MMM y", "en")
        )


def listed(cases: Iterable[Case], language: Language) -> list[str]:
    """A line for each case: its name, what it is about, how it ends here."""
    return [f"{case.name}  {case.title[language]}  → {case.ends[language]}" for case in cases]
