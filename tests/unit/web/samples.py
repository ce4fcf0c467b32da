# ruff: noqa: E501 - lines of invented data read better unbroken
"""Invented values for every page, in Chinese as people would write them: what the gallery and the tests render."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from forms.components import Form
from forms.definitions import load
from forms.outlines import Outline, outline
from web.page_values import (
    Act,
    Again,
    Answered,
    ApplicationRow,
    AskPage,
    CasePage,
    CaseRow,
    CasesPage,
    Clock,
    ClockState,
    ConfirmPage,
    Day,
    DayKind,
    DeadlineCard,
    DeskPage,
    Diagram,
    EarlierDecision,
    Entry,
    EntryKind,
    ErrorPage,
    EvidenceRow,
    Fact,
    Filled,
    FindingState,
    Frame,
    LedgerBox,
    LimitBar,
    LimitPage,
    Link,
    LinkedProceeding,
    MatterRow,
    MattersPage,
    Note,
    NoticeRow,
    NoticesPage,
    NowPossible,
    OpenedPage,
    OtherLimit,
    Party,
    Person,
    ProtectedRow,
    Receipt,
    ReceiptPage,
    Record,
    ReleaseLine,
    RespondentPage,
    ResumePage,
    Right,
    SignInPage,
    Source,
    Span,
    SpanKind,
    Stage,
    StepState,
    Suggestion,
    Tag,
    TaskGroup,
    TaskPage,
    TaskRow,
    Telling,
    Tone,
    Unit,
    UploadPage,
    WaitingRow,
)
from web.presentation import Wording

TODAY = date(2026, 10, 14)
ZONE = ZoneInfo("Asia/Shanghai")
NUMBER = "问责〔2026〕0031"


def wording(language: str) -> Wording:
    return Wording(language, TODAY, ZONE)


def end_of(month: int, day: int, year: int = 2026) -> datetime:
    return datetime(year, month, day, 23, 59, 59, tzinfo=ZONE).astimezone(UTC)


def at(month: int, day: int, hour: int, minute: int) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


def clock(state: ClockState, month: int, day: int, count: int = 0, **more: Any) -> Clock:
    return Clock(
        **({"rule": "T-LI-06", "name": "调查期限", "state": state, "due": end_of(month, day), "count": count} | more)
    )


# --- frames


def staff(language: str, theme: str = "light", notes: tuple[Note, ...] = ()) -> Frame:
    zh = language == "zh"
    names = ("工作台", "案件", "线索", "规程") if zh else ("My desk", "Cases", "Clues", "Procedures")
    return Frame(
        language=language,
        staff=True,
        theme=theme,
        authority="云湖区司法局",
        other_language_href="#",
        home_href="#",
        person=Person(
            name="调查员丁", post="行政执法监督科", links=(Link(label="设置" if zh else "Settings", href="#"),)
        ),
        navigation=tuple(Link(label=name, href="#", current=not number) for number, name in enumerate(names)),
        notices=Link(label="3条通知" if zh else "3 notices", href="#", count=3),
        release=ReleaseLine(name="2026.3", in_force_since=date(2026, 9, 1)),
        sign_out_href="#",
        notes=notes,
    )


def outside(language: str, *, signed_in: bool) -> Frame:
    return Frame(
        language=language,
        authority="云湖区司法局",
        other_language_href="#",
        home_href="#",
        person=Person(name="甲", links=()) if signed_in else None,
        sign_out_href="#",
        contact="咨询电话0000-0000000，工作日9:00–17:30"
        if language == "zh"
        else "Enquiries 0000-0000000, working days 9:00–17:30",
    )


# --- desk


def desk() -> DeskPage:
    def row(
        number: str, name: str, subject: str, given: Clock, *tags: Tag, act: str = "办理", sends: bool = False
    ) -> TaskRow:
        return TaskRow(
            id=number,
            name=name,
            href="#",
            case_number=f"问责〔2026〕{number}",
            subject=subject,
            clock=given,
            tags=tags,
            act=Act(label=act, href="#", sends=sends),
        )

    overdue = row(
        "0052",
        "答复举报人：不予受理告知",
        "区交通运输局出租车检查未亮证、未开记录仪",
        clock(ClockState.OVERDUE, 10, 12, 2),
        Tag(icon="user", words="实名举报"),
        Tag(icon="alert-triangle", words="已报分管负责人"),
    )
    today = row(
        "0047",
        "立案审批：送批准人",
        "区住房城乡建设局五次延长扣押",
        clock(ClockState.TODAY, 10, 14),
        Tag(icon="users", words="当事人2"),
        Tag(icon="file-text", words="初核报告已附"),
    )
    soon = (
        row(
            "0044",
            "登记询问笔录",
            "区市场监督管理局罚款直接交单位账户",
            clock(ClockState.SOON, 10, 15, 1),
            Tag(icon="users", words="当事人1"),
            Tag(icon="microphone", words="录音录像待上传"),
        ),
        row(
            "0019",
            "复核申请：审查是否受理",
            "复核程序",
            clock(ClockState.SOON, 10, 16, 2),
            Tag(icon="scale", words="原处理：责令书面检查"),
            act="签收",
            sends=True,
        ),
        row(
            "0031",
            "撰写调查报告并提出处理建议",
            "区市场监督管理局处罚程序违法",
            clock(ClockState.SOON, 10, 19, 3),
            Tag(icon="users", words="当事人3"),
            Tag(icon="lock", words="举报人信息受保护"),
            Tag(icon="pencil", words="草稿10月13日"),
        ),
    )
    later = (
        row(
            "0008",
            "整改验收：核查整改报告",
            "消防救援机构下达罚款指标",
            clock(ClockState.LATER, 10, 21, 5),
            Tag(icon="file-text", words="意见书第2号"),
        ),
        row(
            "0028",
            "送达责任追究决定书",
            "不予处罚决定超过法定期限",
            clock(ClockState.LATER, 10, 23, 7),
            Tag(icon="mail", words="电子送达已获同意"),
        ),
        row(
            "0060",
            "核对调查方案",
            "执法辅助人员单独执法",
            clock(ClockState.LATER, 3, 1, 138, unit=Unit.DAYS, provisional=True, due=end_of(3, 1, 2027)),
        ),
    )
    suspended = row(
        "0036",
        "调查取证",
        "扣船扣油时拒收权属材料",
        clock(ClockState.SUSPENDED, 10, 30, 11),
        Tag(icon="player-pause", words="等待鉴定意见，自10月9日"),
        act="查看",
    )
    return DeskPage(
        groups=(
            TaskGroup(urgency=ClockState.OVERDUE, total=1, rows=(overdue,)),
            TaskGroup(urgency=ClockState.TODAY, total=1, rows=(today,)),
            TaskGroup(urgency=ClockState.SOON, total=3, rows=soon),
            TaskGroup(urgency=ClockState.LATER, total=12, rows=later, more_href="#"),
            TaskGroup(urgency=ClockState.SUSPENDED, total=1, rows=(suspended,)),
        ),
        views=(
            Link(label="我的待办", href="#", current=True, count=18),
            Link(label="待签收", href="#", count=5),
            Link(label="等待他人", href="#", count=7),
            Link(label="最近办结", href="#"),
        ),
        waiting=(
            WaitingRow(
                name="法制审核意见",
                href="#",
                case_number="问责〔2026〕0031",
                with_whom="法制审核员己",
                clock=clock(ClockState.LATER, 10, 22, 6),
                urge=Act(label="催办", href="#", sends=True),
            ),
            WaitingRow(
                name="同意调取案卷",
                href="#",
                case_number="问责〔2026〕0031",
                with_whom="批准人庚",
                urge=Act(label="催办", href="#", unavailable="今天已催过，明天可以再催"),
            ),
        ),
        waiting_all=Link(label="全部7件", href="#"),
    )


def empty_desk() -> DeskPage:
    return DeskPage(groups=(), to_claim=5, empty_act=Act(label="看待签收", href="#"))


# --- time


def investigation_days() -> tuple[Day, ...]:
    """30 working days after 1 September 2026, with the autumn feasts as published for the sample."""
    holidays = {date(2026, 9, 25): "中秋", date(2026, 9, 26): "", date(2026, 9, 27): "", date(2026, 10, 1): "国庆"}
    holidays |= {date(2026, 10, day): "" for day in range(2, 8)}
    worked = {date(2026, 9, 20), date(2026, 10, 10)}
    days, on, ordinal = [Day(on=date(2026, 9, 1), kind=DayKind.START)], date(2026, 9, 1), 0
    while ordinal < 30:
        on += timedelta(days=1)
        if on in holidays:
            days.append(Day(on=on, kind=DayKind.HOLIDAY, feast=holidays[on]))
        elif on.weekday() > 4 and on not in worked:
            days.append(Day(on=on, kind=DayKind.WEEKEND))
        else:
            ordinal += 1
            kind = DayKind.MAKEUP if on in worked else DayKind.COUNTED
            days.append(Day(on=on, kind=kind, ordinal=ordinal, due=ordinal == 30))
    return tuple(days)


def deadline() -> DeadlineCard:
    return DeadlineCard(
        clock=clock(ClockState.SOON, 10, 19, 3),
        trigger="立案批准",
        started=date(2026, 9, 1),
        length=30,
        length_unit=Unit.WORKING_DAYS,
        today_is=27,
        days=investigation_days(),
        why=(
            "9月1日批准立案，期限从次日起算，只算工作日。",
            "中间有中秋、国庆两个假期；9月20日、10月10日是调休上班日，计入。",
        ),
        sources=(Source(text="本市规程包", key="T-LI-06", words="调查30个工作日，可延长一次。", mark="PD"),),
        others=(OtherLimit(words="立案起6个月的总限（处分条例第四十四条）", due=date(2027, 3, 1), provisional=True),),
        extension=Act(label="申请延长（最多10个工作日）", href="#", icon="calendar-plus"),
    )


def late_deadline() -> DeadlineCard:
    """The same limit two working days too late."""
    late = clock(ClockState.OVERDUE, 10, 12, 2)
    days = tuple(
        replace(day, due=day.on == date(2026, 10, 12))
        for day in investigation_days()
        if day.on.toordinal() <= date(2026, 10, 14).toordinal()
    )
    return replace(
        deadline(),
        clock=late,
        days=days,
        today_is=None,
        extension=Act(label="申请延长（最多10个工作日）", href="#", unavailable="期限已经届满"),
    )


def suspended_deadline() -> DeadlineCard:
    """The same limit while the clock stands."""
    still = clock(ClockState.SUSPENDED, 10, 30, 11)
    return replace(
        deadline(), clock=still, days=(), today_is=None, extension=None, why=("10月9日起等待鉴定意见，期限中止。",)
    )


def long_deadline() -> DeadlineCard:
    """90 days, suspended for a while, extended, and ending on a day off."""
    days, ordinal, start = [Day(on=date(2026, 9, 1), kind=DayKind.START)], 0, date(2026, 9, 1)
    for offset in range(1, 131):
        on = start + timedelta(days=offset)
        if date(2026, 9, 10) <= on <= date(2026, 9, 19):
            days.append(Day(on=on, kind=DayKind.PAUSED))
            continue
        ordinal += 1
        days.append(
            Day(
                on=on,
                kind=DayKind.COUNTED,
                ordinal=ordinal,
                extended=ordinal > 90,
                due=ordinal == 120,
                unknown=on.year > 2026,
            )
        )
    return DeadlineCard(
        clock=clock(
            ClockState.LATER,
            1,
            9,
            87,
            name="办理期限",
            rule="PEN-DECIDE",
            unit=Unit.DAYS,
            due=end_of(1, 9, 2027),
            provisional=True,
        ),
        trigger="立案",
        started=start,
        length=90,
        length_unit=Unit.DAYS,
        today_is=33,
        days=tuple(days),
        why=("鉴定期间10日不计入。",),
        extended_by="经批准人庚同意，延长30天",
        sources=(Source(text="行政处罚法第六十条", key="PEN-DECIDE", mark="V:S1"),),
    )


def limits() -> tuple[LimitBar, ...]:
    def span(kind: SpanKind, *days: tuple[int, int]) -> Span:
        (m1, d1), (m2, d2) = days
        return Span(kind=kind, first=date(2026, m1, d1), last=date(2026, m2, d2))

    def bar(name: str, given: Clock, start: tuple[int, int], length: int, *spans: Span, **more: Any) -> LimitBar:
        given = Clock(
            rule=given.rule, name=name, state=given.state, due=given.due, unit=given.unit,
            count=given.count, provisional=given.provisional, met_on=given.met_on,
        )  # fmt: skip
        defaults: dict[str, Any] = {"length_unit": Unit.WORKING_DAYS, "source": "本市规程包"}
        return LimitBar(clock=given, length=length, started=date(2026, *start), spans=spans, **(defaults | more))

    half_year = Span(kind=SpanKind.LEFT, first=date(2026, 10, 15), last=date(2027, 3, 1))
    return (
        bar("受理", clock(ClockState.MET, 7, 4, rule="T-LI-01", met_on=date(2026, 7, 3)), (6, 29), 5, span(SpanKind.RUN, (6, 30), (7, 3))),
        bar("告知举报人", clock(ClockState.MET_LATE, 7, 10, 1, rule="T-LI-03", met_on=date(2026, 7, 13)), (7, 3), 5,
            span(SpanKind.RUN, (7, 4), (7, 10)), span(SpanKind.OVER, (7, 11), (7, 13))),
        bar("初核", clock(ClockState.MET, 8, 20, rule="T-LI-04", met_on=date(2026, 8, 19)), (7, 3), 15,
            span(SpanKind.RUN, (7, 4), (7, 14)), span(SpanKind.PAUSED, (7, 15), (7, 28)), span(SpanKind.RUN, (7, 29), (8, 6)),
            span(SpanKind.EXTENDED, (8, 7), (8, 19)), extended=10, suspended=10),
        bar("立案审批", clock(ClockState.MET, 9, 1, rule="T-LI-05", met_on=date(2026, 9, 1)), (8, 27), 3, span(SpanKind.RUN, (8, 28), (9, 1))),
        bar("调查", clock(ClockState.SOON, 10, 19, 3), (9, 1), 30, span(SpanKind.RUN, (9, 2), (10, 14)), span(SpanKind.LEFT, (10, 15), (10, 19))),
        bar("调查并作出决定", clock(ClockState.LATER, 11, 30, 33, rule="T-LI-07"), (9, 1), 60,
            span(SpanKind.RUN, (9, 2), (10, 14)), span(SpanKind.LEFT, (10, 15), (11, 30))),
        bar("案件总限", clock(ClockState.LATER, 3, 1, 138, rule="DISC-DECIDE", unit=Unit.DAYS, provisional=True, due=end_of(3, 1, 2027)), (9, 1), 6,
            span(SpanKind.RUN, (9, 2), (10, 14)), half_year, length_unit=Unit.MONTHS, source="处分条例第四十四条"),
    )  # fmt: skip


# --- the case


def stages() -> tuple[Stage, ...]:
    return (
        Stage(name="送达立案通知", state=StepState.DONE, on=date(2026, 9, 3)),
        Stage(name="收集证据、询问", state=StepState.DONE, on=date(2026, 9, 30)),
        Stage(name="撰写调查报告", state=StepState.HERE),
        Stage(name="陈述申辩", state=StepState.AHEAD, note="当事人，5个工作日"),
        Stage(name="法制审核", state=StepState.AHEAD, note="未参与调查的人"),
        Stage(name="集体讨论、作出决定、送达", state=StepState.AHEAD),
    )


def diagram(href: str = "sample.bpmn") -> Diagram:
    done = ("start", "notify", "collect", "f1", "f2", "f3")
    return Diagram(
        name="责任追究程序",
        source_href=href,
        states={**dict.fromkeys(done, "done"), "report": "here"},
        outline=stages(),
    )


def case_page() -> CasePage:
    def person(name: str, post: str, finding: str, proposal: str, *more: Fact) -> Party:
        facts = (
            Fact(label="情形", text="C22未经法制审核"),
            Fact(label="过错", text="重大过失"),
            Fact(label="建议", text=proposal),
        )
        return Party(name=name, post=post, state=FindingState.PROPOSED, finding=finding, facts=(*facts, *more))

    return CasePage(
        number=NUMBER,
        title="云湖区市场监督管理局处罚程序违法",
        state="调查中",
        crumbs=(Link(label="案件", href="#"), Link(label=NUMBER, href="#", current=True)),
        main_clock=clock(ClockState.SOON, 10, 19, 3),
        secrecy="内部，举报人信息受保护",
        my_task=Act(label="办理我的任务", href="#"),
        acts=actions(),
        tabs=(
            Link(label="概览", href="#", current=True),
            Link(label="当事人", href="#parties", count=4),
            Link(label="证据", href="#evidence", count=2),
            Link(label="期限", href="#limits", count=7),
            Link(label="程序", href="#procedure-1"),
            Link(label="台账", href="#ledger"),
        ),
        limits=limits(),
        unpublished_from=date(2027, 1, 1),
        parties=(
            person("承办人甲", "执法大队一级主任科员", "直接责任", "责令书面检查", Fact(label="申辩", text="尚未告知")),
            person("审核人乙", "执法大队副大队长", "主要领导责任", "批评教育", Fact(label="申辩", text="尚未告知")),
            Party(name="批准人丙", post="分管负责人", away="已回避：与调查员有亲属关系，10月8日决定。"),
            Party(
                name="云湖区市场监督管理局", post="单位", unit=True, state=FindingState.FOUND, finding="单位责任",
                facts=(Fact(label="情形", text="C03违反法定程序"), Fact(label="处理", text="责令限期改正")),
            ),
        ),
        timeline=(
            Entry(kind=EntryKind.NEXT, icon="circle-dashed", text="提交调查报告，随后告知当事人并听取陈述申辩", not_after=date(2026, 10, 19)),
            Entry(kind=EntryKind.ACT, icon="pencil", text="修改调查报告草稿", at=at(10, 13, 16, 5), by="调查员丁"),
            Entry(kind=EntryKind.PROTECTED, icon="lock", text="一项受保护的记录", at=at(10, 9, 9, 0), by="线索登记员", for_whom="只对监督机构负责人开放。"),
            Entry(kind=EntryKind.ACT, icon="file-off", text="排除证7手机截图，不作为认定依据", at=at(9, 29, 10, 12), by="调查员丁、戊", reason="取得时未出示证件、仅一人在场。排除后仍留卷，不可引用。"),
            Entry(kind=EntryKind.ACT, icon="microphone", text="询问承办人甲，笔录逐页签字", at=at(9, 16, 9, 30), by="调查员丁、戊"),
            Entry(kind=EntryKind.DECISION, icon="gavel", text="，通知三名当事人", lead="批准立案", at=at(9, 1, 17, 20), by="批准人庚", reason="情形：C03违反法定程序；C22未经法制审核。调查期限自次日起算。"),
            Entry(kind=EntryKind.SUSPENSION, icon="player-pause", text="中止初核，等待复议机关移送案卷", at=date(2026, 7, 15), until=date(2026, 7, 28), by="监督机构负责人辛"),
            Entry(kind=EntryKind.LATE, icon="clock-x", text="；7月13日补办，逾期1个工作日", lead="告知举报人期限届满未办", at=at(7, 11, 0, 0)),
            Entry(kind=EntryKind.DECISION, icon="circle-check", text="", lead="受理", at=at(7, 3, 15, 41), by="监督机构负责人辛"),
            Entry(kind=EntryKind.ACT, icon="inbox", text="登记线索：行政复议撤销；并入实名举报1件", at=at(6, 29, 9, 18), by="线索登记员"),
        ),
        turn_href="#",
        diagrams=(diagram(),),
        evidence=evidence_rows(),
        hand_in=Act(label="登记证据", href="#", icon="plus"),
        waiting=(
            WaitingRow(name="法制审核意见", href="#", with_whom="法制审核员己", clock=clock(ClockState.LATER, 10, 22, 6)),
            WaitingRow(name="同意调取案卷", href="#", with_whom="批准人，待签收"),
        ),
        older_href="#timeline",
        applications=(
            ApplicationRow(name="回避申请", by="承办人甲", at=at(9, 2, 10, 14), reason="调查员戊办理过原案。"),
            ApplicationRow(name="申请复核", by="承办人甲", at=at(9, 3, 9, 0), reason="", answers=(Answered(label="请求", values=("撤销处理决定。",), prose=True),)),
        ),
        protected=(ProtectedRow(label="举报人姓名", act=Act(label="打开", href="#", icon="lock")), ProtectedRow(label="联系方式", act=None)),
        protected_from="只对有权阅读的人开放",
        linked=(LinkedProceeding(name="监督〔2026〕0011意见书", href="#", words="同一单位，拟稿中"),),
        ledger=LedgerBox(entries=64, last_at=at(10, 14, 14, 32), tail="9f3c…a71e", verify=Act(label="再核验一次", href="#", sends=True), verified=True),
    )  # fmt: skip


def evidence_rows() -> tuple[EvidenceRow, ...]:
    return (
        EvidenceRow(number="证3", name="送达回证", kind="书证", source="行政复议案卷", collected=date(2026, 9, 8), collected_by="调查员丁、戊", href="#", digest="9f3c…a71e"),
        EvidenceRow(number="证7", name="手机截图", kind="电子数据", source="承办人甲", collected=date(2026, 9, 10), collected_by="调查员丁", excluded="取得时未出示证件、仅一人在场"),
        EvidenceRow(number="证9", name="录音", kind="尚未审查", source="承办人甲提交", collected=date(2026, 9, 12), collected_by="", href="#", pending=True),
    )  # fmt: skip


def cases(*, found: bool = True) -> CasesPage:
    row = CaseRow(
        number=NUMBER,
        title="云湖区市场监督管理局处罚程序违法",
        href="#",
        state="调查中",
        unit="云湖区司法局",
        opened=at(6, 29, 9, 18),
        due=end_of(10, 19),
    )
    late = replace(row, number="问责〔2026〕0052", title="出租车检查未亮证", due=end_of(10, 12), late=True)
    states = (("INVESTIGATING", "调查中"), ("FILED", "已立案"))
    if not found:
        return CasesPage(action="#", rows=(), search="扣押", states=states, clear_href="#")
    return CasesPage(action="#", rows=(late, row), states=states, more_href="#", begin=Act(label="登记线索", href="#", icon="inbox"))  # fmt: skip


def limit_page(card: DeadlineCard) -> LimitPage:
    return LimitPage(name="调查期限", crumbs=case_page().crumbs, card=card, consequence="提醒并列入监督风险")


def upload_page(*, wrong: bool = False) -> UploadPage:
    error = "文件名表明是PDF文档，内容却是可执行程序。" if wrong else ""
    return UploadPage(name="登记证据", crumbs=case_page().crumbs, action="#", back=Link(label="不提交，返回", href="#"), largest=512, error=error, note_error="最多2000字" if wrong else "", note="落款日期" if wrong else "")  # fmt: skip


def ask_page(language: str = "zh", *, wrong: bool = False) -> AskPage:
    shown = task_page(language, wrong=wrong).form
    assert shown is not None
    return AskPage(
        name="申请复核",
        crumbs=case_page().crumbs,
        form=replace(shown, drafts=False, saved_at=None, submit="提交申请"),
        back=Link(label="不提交，返回", href="#"),
        words=("不会因为您申请而加重处理。",),
        deadline=deadline(),
        materials=Link(label="先提交材料", href="#"),
    )


def opened() -> OpenedPage:
    return OpenedPage(label="举报人姓名", text="李明", reason="答复举报人", crumbs=case_page().crumbs, back=Link(label="返回卷宗", href="#"))  # fmt: skip


def notices(*, some: bool = True) -> NoticesPage:
    row = NoticeRow(
        icon="cards", text="黄牌：“调查”将届满", at=at(10, 14, 9, 0), case_number=NUMBER, href="#", fresh=True
    )
    return NoticesPage(rows=(row, replace(row, fresh=False, text="调查员丁催办您手中的任务")) if some else ())


def matters() -> MattersPage:
    row = MatterRow(
        number=NUMBER,
        title="关于您在一次行政处罚中的责任",
        href="#",
        organ="云湖区司法局",
        clock=clock(ClockState.LATER, 10, 21, 5),
    )
    return MattersPage(rows=(row, replace(row, number="问责〔2026〕0032", clock=None)))


def receipt() -> ReceiptPage:
    return ReceiptPage(
        what="申请复核", number=NUMBER, at=at(10, 14, 9, 0), by="承办人甲", crumbs=case_page().crumbs, back=Link(label="返回我的案件", href="#"),
        answers=(Answered(label="请求", values=("撤销处理决定。",), prose=True),), facts=(Fact(label="记录的校验值", text="9f86d081884c7d65" * 4),),
    )  # fmt: skip


def actions() -> tuple[Act, ...]:
    return (
        Act(label="转办", href="#", icon="arrows-exchange", consequence="交给同组的另一人，您不再承办"),
        Act(label="委托", href="#", icon="user-share", consequence="暂由他人代办，责任仍在您"),
        Act(label="加签", href="#", icon="users-plus", consequence="请另一人先给意见"),
        Act(label="退回", href="#", icon="arrow-back-up", consequence="回到上一步，须写理由"),
        Act(label="撤回", href="#", icon="arrow-forward-up", unavailable="法制审核员己已开始办理", apart=True),
    )


# --- a task and its form


def _t(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


def form() -> Form:
    """A form with every kind of question."""
    fault = [
        {"value": "intent", "label": _t("故意", "Intent")},
        {"value": "gross", "label": _t("重大过失", "Gross negligence")},
        {"value": "ordinary", "label": _t("一般过失", "Ordinary negligence")},
        {"value": "none", "label": _t("没有过错", "No fault")},
    ]
    outcomes = [
        {"value": f"o{n}", "label": _t(zh, en)}
        for n, (zh, en) in enumerate(
            [
                ("批评教育", "Criticism and education"),
                ("责令书面检查", "Ordered self-criticism"),
                ("诫勉", "Admonition"),
                ("通报批评", "Circulated criticism"),
                ("离岗培训", "Off-post training"),
            ]
        )
    ]
    components: list[Any] = [
        {
            "type": "group",
            "label": _t("一、事实与证据", "1. Facts and evidence"),
            "description": _t("每项事实至少引用一份证据", "Every fact cites at least one item"),
            "components": [
                {
                    "type": "dynamiclist",
                    "path": "facts",
                    "label": _t("查明的事实", "Fact found"),
                    "validate": {"required": True},
                    "components": [
                        {"type": "textarea", "key": "fact", "label": _t("事实", "Fact"), "validate": {"required": True, "maxLength": 2000}},
                        {"type": "filepicker", "key": "evidence", "label": _t("证据", "Evidence"), "multiple": True, "properties": {"source": "evidence:admitted"}, "validate": {"required": True}},
                    ],
                },
                {"type": "datetime", "subtype": "date", "key": "reported_at", "label": _t("报告日期", "Date of the report"), "validate": {"required": True}, "prefill": "today"},
            ],
        },
        {
            "type": "group",
            "label": _t("二、过错程度", "2. Degree of fault"),
            "components": [
                {"type": "radio", "key": "fault", "label": _t("您的认定", "Your finding"), "values": fault, "suggestion": "fault_degree", "validate": {"required": True}},
                {
                    "type": "textarea",
                    "key": "deviation",
                    "label": _t("不采纳建议的理由", "Why not as suggested"),
                    "description": _t("供法制审核查看，随卷保存。", "Read by the legal reviewer, kept in the file."),
                    "shown_when": {"field": "fault", "in": ["intent", "ordinary", "none"]},
                    "validate": {"required": True},
                },
            ],
        },
        {
            "type": "group",
            "label": _t("三、责任划分", "3. Shares of liability"),
            "description": _t("逐人认定", "Person by person"),
            "components": [
                {
                    "type": "dynamiclist",
                    "path": "shares",
                    "label": _t("当事人", "Party"),
                    "covers": "party",
                    "components": [
                        {"type": "select", "key": "party", "label": _t("姓名", "Name"), "properties": {"source": "parties"}, "validate": {"required": True}},
                        {"type": "select", "key": "outcome", "label": _t("处理建议", "Proposed outcome"), "values": outcomes, "validate": {"required": True}},
                        {"type": "number", "money": True, "key": "loss", "label": _t("造成的损失", "Loss caused")},
                    ],
                },
                {"type": "checklist", "key": "factors", "label": _t("调整情节", "Adjusting factors"), "values": [
                    {"value": "turned_in", "label": _t("主动说明情况", "Came forward")},
                    {"value": "repaired", "label": _t("主动挽回损失", "Made good the loss")},
                    {"value": "obstructed", "label": _t("阻碍调查", "Obstructed the inquiry"), "description": _t("须有证据", "Needs evidence")},
                ]},
            ],
        },
        {
            "type": "group",
            "label": _t("四、理由说明", "4. Reasons"),
            "components": [
                {"type": "text", "text": _t("写给当事人也能看懂：事实、条款、为什么是这个责任。", "Write so that the respondent understands: facts, article, why this liability.")},
                {"type": "textarea", "key": "reasons", "label": _t("理由", "Reasons"), "validate": {"required": True, "maxLength": 5000}},
                {"type": "radio", "key": "hearing", "label": _t("是否要求听证", "Hearing asked for"), "values": [{"value": True, "label": _t("是", "Yes")}, {"value": False, "label": _t("否", "No")}]},
                {"type": "datetime", "subtype": "datetime", "key": "heard_at", "label": _t("听证时间", "Time of the hearing"), "shown_when": {"field": "hearing", "equals": True}},
                {"type": "textfield", "key": "reference", "label": _t("报告文号", "Report number"), "validate": {"maxLength": 60}},
                {"type": "number", "key": "pages", "label": _t("页数", "Pages"), "validate": {"min": 1, "max": 999}},
                {"type": "checkbox", "key": "complete", "label": _t("两名调查人员均已核对", "Both investigators have checked it"), "validate": {"required": True}},
            ],
        },
    ]  # fmt: skip
    document = {
        "type": "default",
        "vocabulary": "urn:wenze:form:1",
        "id": "F-SAMPLE",
        "title": _t("调查报告", "Investigation report"),
        "source": "B.14",
        "mark": "PD",
        "components": components,
    }
    return load({"F-SAMPLE.json": json.dumps(document, ensure_ascii=False).encode()})["F-SAMPLE"]


OFFERED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "evidence:admitted": (("e3", "证3 送达回证"), ("e4", "证4 审批表"), ("e5", "证5 处罚决定书")),
    "parties": (("p1", "承办人甲"), ("p2", "审核人乙"), ("p3", "批准人丙")),
}


def filled(language: str, *, wrong: bool = False) -> Filled:
    answers: dict[str, Any] = {
        "facts": [
            {
                "fact": "2026年3月12日送达听证告知，3月16日即作出处罚决定，申请期（5个工作日）未满",
                "evidence": ["e3", "e5"],
            },
            {"fact": "案卷中没有法制审核意见，审批表审核栏由乙签字", "evidence": [] if wrong else ["e4"]},
        ],
        "reported_at": "2026-10-14",
        "fault": "ordinary" if wrong else "gross",
        "shares": [{"party": "p1", "outcome": "o1", "loss": 123456}, {"party": "p2", "outcome": "o0"}],
        "reasons": "三人均在审批表上签字。该案属于应当法制审核的情形，未经审核不得作出决定（行政处罚法第五十八条）。",
        "hearing": False,
        "pages": "十二" if wrong else 12,
    }
    errors = {
        "facts.1.evidence": "事实2没有引用证据",
        "deviation": "写明不采纳建议的理由",
        "pages": "“页数”应填整数。",
    }
    return Filled(
        outline=outline(form(), "zh" if language == "zh" else "en", offered=OFFERED),
        action="#",
        answers=answers,
        errors=errors if wrong else {},
        suggestions={
            "fault": Suggestion(
                result="重大过失", table="fault_degree", rule=2, sentence="职责清楚且属基本要求，明显未履行",
                inputs=(Fact(label="明知违法", text="否"), Fact(label="职责基本", text="是")), href="#",
            )
        },
        drafts=True,
        saved_at=at(10, 14, 14, 32),
        submit="提交报告",
        expected_version=7,
    )  # fmt: skip


def task_page(language: str = "zh", *, wrong: bool = False, unclaimed: bool = False) -> TaskPage:
    return TaskPage(
        name="撰写调查报告并提出处理建议",
        crumbs=(Link(label="工作台", href="#"), Link(label=NUMBER, href="#")),
        held_by="由您与调查员戊共同承办，自9月30日起在您手中",
        case_facts=(
            Fact(label="何事", text="对甲食品店罚款决定作出前未经法制审核，听证申请期未满即作出决定"),
            Fact(label="谁", text="承办人甲、审核人乙、批准人丙；云湖区市场监督管理局"),
            Fact(label="来源", text="行政复议撤销（云府复决〔2026〕112号），并入实名举报1件", protected="举报人不可见"),
            Fact(label="已查明", text="9份证据，其中1份因取证程序排除；询问3人"),
            Fact(label="此前", text="6月29日登记，7月3日受理，9月1日立案"),
        ),
        form=filled(language, wrong=wrong),
        claim=Act(label="签收", href="#", sends=True) if unclaimed else None,
        deadline=deadline(),
        stages=stages(),
        diagram=diagram(),
        earlier=(
            EarlierDecision(
                on=date(2026, 9, 1),
                what="批准立案，情形C03、C22",
                by="批准人庚",
                grounds="初核报告；处分条例第三十九条",
            ),
            EarlierDecision(
                on=date(2026, 8, 5), what="初核延长10个工作日", by="批准人庚", grounds="等待复议机关移送案卷"
            ),
            EarlierDecision(
                on=date(2026, 7, 3), what="受理", by="监督机构负责人辛", grounds="受理表第1条：对象、事实、管辖均具备"
            ),
        ),
        acts=actions(),
    )


def waiting_page(language: str, given: DeadlineCard) -> TaskPage:
    """A task without its form: what one sees of another's work."""
    return replace(task_page(language), form=None, deadline=given, acts=(), diagram=None)


def confirm_page(language: str = "zh") -> ConfirmPage:
    reason = {
        "type": "default",
        "vocabulary": "urn:wenze:form:1",
        "id": "F-RETURN",
        "title": _t("退回", "Return"),
        "source": "E.4",
        "mark": "PD",
        "components": [
            {
                "type": "textarea",
                "key": "reason",
                "label": _t("退回理由", "Reason"),
                "validate": {"required": True, "maxLength": 2000},
            }
        ],
    }
    asked = load({"F-RETURN.json": json.dumps(reason).encode()})["F-RETURN"]
    shown = outline(asked, "zh" if language == "zh" else "en")
    return ConfirmPage(
        question="退回补充调查？",
        body="报告将退回调查员丁、戊，法制审核期限停止计算。调查期限仍到10月19日，不因退回延长。",
        crumbs=(Link(label="工作台", href="#"), Link(label=NUMBER, href="#")),
        form=Filled(outline=shown, action="#", answers={"reason": "事实2缺少审批表原件，请补充调取。"}),
        confirm="退回并通知",
        refuse=Link(label="不退回", href="#"),
        grave=True,
        undo="对方开始办理前可以撤回。",
    )


# --- outside


def sign_in(*, wrong: bool = False) -> SignInPage:
    return SignInPage(
        action="#",
        name="diaochayuan-ding" if wrong else "",
        error="用户名或者密码不对，请再输一次" if wrong else "",
        ways=(
            ("message-exclamation", Link(label="反映执法问题，不用登录", href="#")),
            ("search", Link(label="用回执码查询", href="#")),
        ),
        lock_after=5,
        lock_minutes=15,
    )


def respondent() -> RespondentPage:
    return RespondentPage(
        number="问责〔2026〕0023",
        title="关于您在一次行政处罚中的责任",
        capacity="您是当事人",
        now=(
            NowPossible(
                name="陈述和申辩",
                clock=clock(ClockState.LATER, 10, 21, 5),
                act=Act(label="写陈述申辩", href="#"),
                words="可以书面写，也可以约时间当面说。不申辩也可以，到期后程序继续。",
                promise="不会因为您申辩而加重处理。",
            ),
        ),
        told=(
            Telling(
                name="送达告知书",
                on=date(2026, 10, 14),
                answers=(
                    Answered(
                        label="查明的事实",
                        values=("2026年3月16日，听证申请期未满即报请作出处罚决定，未送法制审核。",),
                        prose=True,
                    ),
                    Answered(label="拟作处理", values=("责令书面检查",)),
                    Answered(label="依据", values=("行政处罚法第五十八条、第七十六条",)),
                    Answered(label="告知的证据", values=("证3送达回证", "证7手机截图")),
                ),
            ),
        ),
        told_documents=(Link(label="告知书和证据目录（9份）", href="#"),),
        papers=evidence_rows()[:1],
        hand_in=Act(label="提交材料", href="#", icon="plus"),
        rights=(
            Right(name="查阅并复制告知的材料", act=Act(label="查阅", href="#"), last_day=date(2026, 10, 21)),
            Right(
                name="申请延长申辩时间",
                act=Act(label="申请", href="#"),
                last_day=date(2026, 10, 20),
                words="须说明理由",
            ),
            Right(name="申请调查人员回避", act=Act(label="申请", href="#"), words="决定作出前都可以"),
            Right(name="对决定申请复核", act=Act(label="了解", href="#"), words="收到决定后30日内"),
        ),
        stages=(
            Stage(name="立案并通知您", state=StepState.DONE, on=date(2026, 8, 11)),
            Stage(name="调查、询问", state=StepState.DONE, on=date(2026, 9, 30)),
            Stage(name="听取您的陈述和申辩", state=StepState.HERE),
            Stage(name="法制审核、集体讨论", state=StepState.AHEAD),
            Stage(name="作出决定，送达给您", state=StepState.AHEAD),
        ),
        receipts=(Receipt(what="回避申请", at=at(9, 2, 10, 14), link=Link(label="收到回执", href="#")),),
        contact="有疑问请拨打0000-0000000，工作日9:00–17:30。",
    )


def record() -> Record:
    """A form that was filled in, with every kind of answer."""
    return Record(
        heading="办理结果",
        note="理由：三人均在审批表上签字",
        answers=(
            Answered(label="处理建议", values=("追究责任",)),
            Answered(label="报告日期", values=("2026年10月13日",)),
            Answered(label="涉案金额", values=("12,000.50元",)),
            Answered(label="证据", values=("证1 决定书.pdf", "证2 送达回证.pdf")),
            Answered(label="理由说明", values=("承办人明知期限。\n审核人应当发现而未发现。",), prose=True),
            Answered(
                label="查明的事实",
                rows=(
                    (Answered(label="事实", values=("决定超过法定期限两日",)), Answered(label="证据", values=("证1",))),
                    (Answered(label="事实", values=("没有法制审核意见",)), Answered(label="证据")),
                ),
            ),
            Answered(label="举报人姓名", sealed=True),
        ),
    )


def finished_page() -> TaskPage:
    """A task that was completed, as whoever completed it sees it."""
    return TaskPage(
        name="撰写调查报告",
        crumbs=(
            Link(label="工作台", href="#"),
            Link(label=NUMBER, href="#"),
            Link(label="撰写调查报告", href="#", current=True),
        ),
        held_by="调查员丁10月13日 16:05办结",
        case_facts=(Fact(label="案由", text="区市场监督管理局处罚程序违法"),),
        form=None,
        record=record(),
        signatures=(Fact(label="调查员丁", text="10月13日 16:05已签"), Fact(label="调查员戊", text="还没有签")),
        acts=(Act(label="撤回", href="#", icon="arrow-back-up", consequence="收回刚提交的内容"),),
        earlier=(EarlierDecision(on=date(2026, 9, 1), what="审批立案", by="批准人庚", href="#"),),
    )


def to_sign_page() -> TaskPage:
    """What another officer has submitted, waiting for a signature."""
    return replace(
        finished_page(),
        held_by="已提交，等待会签",
        sign=Act(label="会签", href="#", icon="pencil", sends=True, version=3),
        rewrite=Link(label="改写后重新提交", href="#"),
        deadline=deadline(),
    )


def sure_page() -> ConfirmPage:
    """Asked once more, with what is about to be submitted."""
    return ConfirmPage(
        question="作出决定：确定提交？",
        body="处分自作出之日起生效，当事人将收到决定书；救济期限和处分期随之起算。",
        crumbs=(Link(label="工作台", href="#"), Link(label="作出决定", href="#")),
        form=None,
        carried=Again(action="#", fields=(("decision_kind", "punish"),), label="confirmed"),
        confirm="确定提交",
        refuse=Link(label="返回修改", href="#"),
        back="change",
        record=record(),
    )


def resume() -> ResumePage:
    return ResumePage(
        name="调查员丁",
        again=Again(action="#", fields=(("reasons", "三人均在审批表上签字"),), label="继续提交"),
        instead=Link(label="不提交，只打开那一页", href="#"),
    )


def error(status: int) -> ErrorPage:
    home = Act(label="回到工作台", href="#")
    given: dict[int, dict[str, Any]] = {
        403: {
            "sentence": "这份卷宗只对承办人开放。您可以向调查员丁申请。",
            "acts": (Act(label="申请查看", href="#"), home),
        },
        404: {"acts": (home,)},
        409: {
            "sentence": "调查员戊14:30也改了这一段。两份都保留着。",
            "changes": (Fact(label="谁", text="调查员戊"), Fact(label="改了", text="过错程度：一般过失")),
            "acts": (Act(label="看现在的内容", href="#"), home),
        },
        422: {"problems": ("“页数”应填整数。", "写明不采纳建议的理由"), "acts": (home,)},
        429: {"retry_after": 840, "acts": ()},
        405: {"acts": (home,)},
        413: {"acts": (home,), "typed": ("三人均在审批表上签字。\n未经法制审核。",)},
        500: {"again": Again(action="#", fields=(("a", "b"),), label="再试一次"), "acts": (home,), "reference": "8F2C"},
        503: {"retry_after": 2, "acts": (home,)},
    }
    return ErrorPage(status=status, **given[status])


def every_note() -> tuple[Note, ...]:
    return (
        Note(
            tone=Tone.DONE,
            lead="报告已提交。",
            text="接下来由当事人陈述申辩，最迟10月26日；之后法制审核。您可以在“等待他人”里看到它。",
        ),
        Note(tone=Tone.CARE, text="调查员戊14:30也改了这一段。两份都保留着，请选一份或合并。"),
        Note(tone=Tone.STOP, text="网络断开了。您写的内容已存在本机，恢复后自动保存。"),
        Note(tone=Tone.READ, text="您打开了含受保护内容的卷宗，此次阅读已记入台账。"),
        Note(tone=Tone.INFORMATION, text="对罚款金额等决定不服，应走行政复议，有60日期限。"),
    )


# --- the same in English: what the views would word, not what people wrote

ENGLISH = {
    "登记证据": "Register evidence",
    "提交材料": "Hand in material",
    "登记线索": "Register a clue",
    "打开": "Open it",
    "只对有权阅读的人开放": "Open to those who may read it only",
    "举报人姓名": "Name of the complainant",
    "联系方式": "How to reach them",
    "批准人，待签收": "Approver, not claimed yet",
    "申请复核": "Apply for review",
    "请求": "What is asked",
    "已立案": "Filed",
    "提醒并列入监督风险": "Alert; recorded as a risk",
    "文件名表明是PDF文档，内容却是可执行程序。": "By its name the file is a PDF; by its content it is a program.",
    "最多2000字": "At most 2000 characters",
    "不提交，返回": "Back, without sending",
    "提交申请": "Apply",
    "不会因为您申请而加重处理。": "You will not be treated more severely for applying.",
    "先提交材料": "Hand in material first",
    "返回卷宗": "Back to the file",
    "返回我的案件": "Back to my case",
    "记录的校验值": "Hash of the entry",
    "告知的证据": "Evidence told",
    "送达告知书": "Serve the notice",
    "书证": "Documentary",
    "电子数据": "Electronic data",
    "尚未审查": "Not examined yet",
    "工作台": "My desk",
    "案件": "Cases",
    "我的待办": "My tasks",
    "待签收": "To claim",
    "等待他人": "Waiting for others",
    "最近办结": "Recently done",
    "全部7件": "All 7",
    "办理": "Open",
    "签收": "Claim",
    "查看": "View",
    "催办": "Urge",
    "看待签收": "See what can be claimed",
    "今天已催过，明天可以再催": "Urged today; again from tomorrow",
    "调查期限": "Investigation",
    "办理期限": "Handling period",
    "立案批准": "filing approval",
    "申请延长（最多10个工作日）": "Ask for an extension (at most 10 working days)",
    "本市规程包": "The city's rule pack",
    "调查30个工作日，可延长一次。": "Investigation 30 working days, may be extended once.",
    "立案起6个月的总限（处分条例第四十四条）": "the overall limit of 6 months from filing (Regulation on Discipline, Art. 44)",
    "处分条例第四十四条": "Regulation on Discipline, Art. 44",
    "受理": "Acceptance",
    "告知举报人": "Telling the complainant",
    "初核": "Preliminary inquiry",
    "立案审批": "Filing approval",
    "调查": "Investigation",
    "调查并作出决定": "Investigation and decision",
    "案件总限": "Overall limit",
    "送达立案通知": "Serve the filing notice",
    "收集证据、询问": "Collect evidence, interview",
    "撰写调查报告": "Write the investigation report",
    "陈述申辩": "Statement and defence",
    "当事人，5个工作日": "the party, 5 working days",
    "法制审核": "Legal review",
    "未参与调查的人": "somebody who did not investigate",
    "集体讨论、作出决定、送达": "Panel, decision, service",
    "责任追究程序": "Liability procedure",
    "调查中": "Investigating",
    "内部，举报人信息受保护": "Internal, informant protected",
    "办理我的任务": "Open my task",
    "概览": "Overview",
    "当事人": "Parties",
    "证据": "Evidence",
    "期限": "Limits",
    "程序": "Procedure",
    "台账": "Ledger",
    "再核验一次": "Verify again",
    "转办": "Reassign",
    "交给同组的另一人，您不再承办": "To another person of the group; it is no longer yours",
    "委托": "Delegate",
    "暂由他人代办，责任仍在您": "Another person does it for now; you stay responsible",
    "加签": "Add a signer",
    "请另一人先给意见": "Another person gives an opinion first",
    "退回": "Return",
    "回到上一步，须写理由": "To the step before; needs a reason",
    "撤回": "Take back",
    "法制审核员己已开始办理": "Legal reviewer F has begun",
    "何事": "What",
    "谁": "Who",
    "来源": "Source",
    "举报人不可见": "informant not shown",
    "已查明": "Found so far",
    "此前": "Before",
    "情形": "Circumstance",
    "过错": "Fault",
    "建议": "Proposal",
    "处理": "Outcome",
    "申辩": "Defence",
    "撰写调查报告并提出处理建议": "Write the investigation report and proposal",
    "由您与调查员戊共同承办，自9月30日起在您手中": "With you and Investigator E, in your hands since 30 Sep",
    "提交报告": "Submit the report",
    "退回补充调查？": "Return it for further inquiry?",
    "退回并通知": "Return and tell them",
    "不退回": "Do not return it",
    "对方开始办理前可以撤回。": "You can take it back until they begin.",
    "反映执法问题，不用登录": "Report a problem, no account needed",
    "用回执码查询": "Follow up with a receipt code",
    "用户名或者密码不对，请再输一次": "The user name or the password is wrong; enter them again",
    "您是当事人": "you are a party",
    "陈述和申辩": "State your case and defend yourself",
    "写陈述申辩": "Write your statement",
    "可以书面写，也可以约时间当面说。不申辩也可以，到期后程序继续。": "In writing, or in person by appointment. You may also leave it; the procedure then goes on.",
    "不会因为您申辩而加重处理。": " The outcome will not be heavier because you defend yourself.",
    "查明的事实": "Facts found",
    "拟作处理": "Intended outcome",
    "依据": "Basis",
    "告知书和证据目录（9份）": "Notice and list of evidence (9 items)",
    "查阅并复制告知的材料": "Read and copy the file",
    "查阅": "Read",
    "申请延长申辩时间": "Ask for more time",
    "申请": "Ask",
    "须说明理由": "with reasons",
    "申请调查人员回避": "Ask that an investigator be recused",
    "决定作出前都可以": "Any time before the decision",
    "对决定申请复核": "Apply for review of the decision",
    "收到决定后30日内": "Within 30 days of receiving it",
    "了解": "Read on",
    "立案并通知您": "Case opened, you were told",
    "调查、询问": "Investigation, interviews",
    "听取您的陈述和申辩": "Your statement and defence",
    "法制审核、集体讨论": "Legal review, panel",
    "作出决定，送达给您": "Decision, served on you",
    "回避申请": "Application for recusal",
    "收到回执": "Receipt",
    "回到工作台": "Back to my desk",
    "申请查看": "Ask to see it",
    "看现在的内容": "See how it stands now",
    "再试一次": "Try again",
    "改了": "Changed",
    "行政处罚法第六十条": "Administrative Penalty Law, Art. 60",
    "立案": "filing",
    "直接责任": "direct responsibility",
    "主要领导责任": "main leadership responsibility",
    "单位责任": "unit liability",
    "中秋": "Mid-Autumn Festival",
    "国庆": "National Day",
    "事实2没有引用证据": "Fact 2 cites no evidence",
    "写明不采纳建议的理由": "Say why you decide otherwise",
    "“页数”应填整数。": "“Pages” must be a whole number.",
    "办理结果": "What was submitted",
    "处理建议": "Proposal",
    "报告日期": "Date of the report",
    "涉案金额": "Amount",
    "理由说明": "Reasons",
    "事实": "Fact",
    "审批立案": "Approve the filing",
    "会签": "Sign",
    "改写后重新提交": "Rewrite and submit anew",
    "已提交，等待会签": "Submitted, waiting for signatures",
    "作出决定：确定提交？": "Decide: submit?",
    "作出决定": "Decide",
    "确定提交": "Submit",
    "返回修改": "Back to change it",
    "继续提交": "Send it",
    "不提交，只打开那一页": "Do not send, only open the page",
    "收回刚提交的内容": "What you just submitted comes back to you",
}


def in_english(value: Any) -> Any:
    """The same value with the words of the views in English; what people wrote stays Chinese."""
    if isinstance(value, str) and type(value) is str:
        return ENGLISH.get(value, value)
    if isinstance(value, dict):
        return {key: in_english(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return tuple(in_english(item) for item in value)
    if is_dataclass(value) and not isinstance(value, type | Outline):
        return replace(value, **{field.name: in_english(getattr(value, field.name)) for field in fields(value)})
    return value
