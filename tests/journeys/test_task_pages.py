"""A task in its page: mistakes, drafts, rows, other people's haste, and everything else that is done with a task."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from api.unit_of_work import Asking
from tests.casework import answering
from tests.journeys.bureau import PARTS, Bureau, Casefile
from tests.journeys.readers import Reader, words
from tests.journeys.test_a_case_in_pages import as_written
from wenze.application import Application
from wenze.clock import MovableClock
from workflows import people
from workflows.acting import CLOCK
from workflows.records import LedgerEntry

Open = Callable[..., Reader]


def test_mistakes_are_said_at_the_fields_and_nothing_is_lost(at_task: Open) -> None:
    clerk = at_task("decide_acceptance", "监督员乙").submit(button="签收")

    clerk.submit({"acceptance": "refuse", "acceptance_reason": "", "follows_advice": "false"})

    assert clerk.status == 422
    assert clerk.page.findtext(".//title").startswith("错误：")
    summary = clerk.errors()
    assert "acceptance_reason" in summary
    for field, message in summary.items():
        control = clerk.page.get_element_by_id(field)
        described = [words(clerk.page.get_element_by_id(each)) for each in control.get("aria-describedby").split()]
        assert message in described
    assert clerk.values()["acceptance"] == ["refuse"]
    assert clerk.values()["follows_advice"] == ["false"]
    assert clerk.link("English").endswith(f"next={clerk.at}")


def test_a_table_advises_and_chooses_nothing(at_task: Open) -> None:
    clerk = at_task("decide_acceptance", "监督员乙")

    assert "裁决表建议：受理" in clerk.text
    assert clerk.submit(button="签收").values()["acceptance"] == [""]


def test_a_draft_is_kept_for_its_writer_alone(at_task: Open, application: Application) -> None:
    writer = at_task("approve_inquiry", "批准人丙", "accepted").submit(button="签收")
    writer.submit({"reasons": "先看立案时间"}, press="save-draft=1")

    assert "草稿已保存" in writer.text
    assert writer.open(writer.at).values()["reasons"] == ["先看立案时间"]
    assert "先看立案时间" not in Reader(application, PARTS["督办员午"]).open(writer.at).answer.text


def test_rows_come_and_go_and_what_was_typed_stays(at_task: Open) -> None:
    officer = at_task("inquire", "调查员丁", "accepted", "approved").submit(button="签收")

    officer.submit({"facts-0-fact": "立案日期有两个"}, press="add-row=facts:1")
    officer.submit({"facts-1-fact": "决定书未落款"}, press="remove-row=facts:0:2")

    assert officer.status == 200
    assert officer.values()["facts-0-fact"] == ["决定书未落款"]
    assert "facts-1-fact" not in officer.values()


def test_a_stale_page_says_who_changed_what_and_keeps_what_was_typed(at_task: Open, bureau: Bureau) -> None:
    slow = at_task("decide_acceptance", "监督员乙").submit(button="签收")
    typed = as_written(answering.accept(bureau))  # type: ignore[arg-type]
    task = bureau.task("decide_acceptance", "监督员乙")
    bureau.as_("监督员乙").post(
        f"/tasks/{task['id']}/signers",
        {"person": bureau.people["档案员巳"], "reason": "再看一遍", "expected_version": task["version"]},
    )

    slow.submit(typed)

    assert slow.status == 409
    assert "没有提交，您写的都还在。" in slow.text
    assert "赵立新" in slow.text
    assert slow.values()["acceptance"] == [typed["acceptance"]]
    assert "已提交" in slow.submit(typed).text


def test_two_windows_submit_once(at_task: Open, bureau: Bureau, application: Application) -> None:
    one = at_task("decide_acceptance", "监督员乙").submit(button="签收")
    other = Reader(application, PARTS["监督员乙"]).open(one.at)
    typed = as_written(answering.accept(bureau))  # type: ignore[arg-type]

    one.submit(typed)
    other.submit(typed)

    assert "已经办结，没有再提交一次" in other.text
    assert completed(application, bureau) == 2  # the clue, and this


def test_whoever_was_slower_keeps_what_they_wrote(bureau: Bureau, application: Application) -> None:
    Casefile(bureau).opened()
    task = bureau.task("decide_acceptance", "监督员乙")
    slow = Reader(application, PARTS["监督员乙"]).open(f"/tasks/{task['id']}").submit(button="签收")
    bureau.as_("督办员午").post(
        f"/tasks/{task['id']}/reassignment",
        {"to": bureau.people["档案员巳"], "reason": "换人", "expected_version": task["version"] + 1},
    )

    slow.submit(as_written(answering.accept(bureau)) | {"acceptance_reason": "写了很久的理由"})  # type: ignore[arg-type]

    assert slow.status == 404
    assert "写了很久的理由" in slow.text


def test_what_was_written_survives_the_end_of_the_session(at_task: Open, bureau: Bureau, clock: MovableClock) -> None:
    clerk = at_task("decide_acceptance", "监督员乙").submit(button="签收")
    task = clerk.at
    typed = as_written(answering.accept(bureau))  # type: ignore[arg-type]
    clock.move(timedelta(hours=10))

    clerk.submit(typed)
    assert "您的登录已过期" in clerk.text
    clerk.submit({"name": PARTS["监督员乙"], "password": "one for all of them"})
    assert clerk.heading == "您写的还在，还没有提交"
    clerk.submit(button="继续提交")

    assert clerk.at == task
    assert "已提交" in clerk.text


def test_somebody_else_who_signs_in_there_gets_nothing_of_it(
    at_task: Open, bureau: Bureau, clock: MovableClock
) -> None:
    clerk = at_task("decide_acceptance", "监督员乙").submit(button="签收")
    clock.move(timedelta(hours=10))

    clerk.submit(as_written(answering.accept(bureau)))  # type: ignore[arg-type]
    clerk.submit({"name": PARTS["登记员甲"], "password": "one for all of them"})

    assert "继续提交" not in clerk.answer.text


def test_a_page_from_before_signing_in_anew_can_still_be_sent(at_task: Open, bureau: Bureau) -> None:
    clerk = at_task("decide_acceptance", "监督员乙").submit(button="签收")
    form = clerk.form()
    stale = [pair for pair in form.form_values() if pair[0] != "csrf_token"]
    clerk.submit(button="退出登录").submit({"name": PARTS["监督员乙"], "password": "one for all of them"})
    typed = as_written(answering.accept(bureau))  # type: ignore[arg-type]
    sent = [("csrf_token", "of the session before"), *[p for p in stale if p[0] not in typed], *typed.items()]

    assert clerk.post(form.get("action"), sent, Sec_Fetch_Site="cross-site").status == 403
    assert clerk.post(form.get("action"), sent).heading == "您写的还在，还没有提交"
    assert "已提交" in clerk.submit(button="继续提交").text


def test_a_claimed_task_can_be_given_back_with_a_reason(at_task: Open, bureau: Bureau) -> None:
    clerk = at_task("decide_acceptance", "监督员乙").submit(button="签收").follow("退回待办")

    clerk.submit({"reason": " "})
    assert (clerk.status, clerk.errors()) == (422, {"reason": "请填写"})
    clerk.submit({"reason": "明天出差"})

    assert "任务已放回小组的待签收" in clerk.text
    assert bureau.task("decide_acceptance", "监督员乙")["assignee_id"] is None


def test_a_task_is_reassigned_to_a_colleague_whom_nothing_excludes(at_task: Open, bureau: Bureau) -> None:
    clerk = at_task("decide_acceptance", "监督员乙").submit(button="签收").follow("转办")

    assert clerk.submit({"reason": "明天出差"}).errors() == {"person": "请选择一位同事"}
    assert clerk.values()["reason"] == ["明天出差"]
    clerk.submit({"person": bureau.people["档案员巳"]})

    assert "任务已转办" in clerk.text
    assert bureau.task("decide_acceptance", "档案员巳")["assignee"] == "谢婷"


def test_a_delegated_task_comes_back_with_what_was_prepared(
    at_task: Open, bureau: Bureau, application: Application
) -> None:
    owner = at_task("decide_acceptance", "监督员乙").submit(button="签收").follow("委托")
    owner.submit({"person": bureau.people["档案员巳"], "reason": "请代拟"})
    task = bureau.task("decide_acceptance", "档案员巳")

    helper = Reader(application, PARTS["档案员巳"]).open(f"/tasks/{task['id']}")
    assert "受委托" in helper.text
    helper.submit(as_written(answering.accept(bureau)))  # type: ignore[arg-type]
    assert "任务已交回委托人" in helper.answer.text

    assert owner.open(f"/tasks/{task['id']}").values()["acceptance"] == ["accept"]


def test_an_added_signer_signs_before_the_task_is_complete(
    at_task: Open, bureau: Bureau, application: Application
) -> None:
    clerk = at_task("decide_acceptance", "监督员乙").submit(button="签收").follow("加签")
    clerk.submit({"person": bureau.people["档案员巳"], "reason": "请一并把关"})
    clerk.submit(as_written(answering.accept(bureau)))  # type: ignore[arg-type]
    assert "还要等谢婷会签" in clerk.text

    signer = Reader(application, PARTS["档案员巳"]).open(clerk.at)
    assert "提交会签的内容" in signer.text
    assert "受理决定受理" in signer.text
    signer.submit(button="会签")

    assert "您已会签" in signer.text
    assert "办结" in signer.text


def test_a_matter_is_returned_where_the_diagram_draws_a_way_back(at_task: Open, bureau: Bureau) -> None:
    approver = at_task("approve_filing", "批准人丙", "accepted", "inquired").submit(button="签收").follow("退回上一步")

    approver.submit({"reason": "事实还不清楚"})

    assert "案件已退回前面的步骤" in approver.text
    assert bureau.task("inquire", "调查员丁")["state"] == "open"


def test_what_was_just_submitted_can_be_taken_back(at_task: Open, bureau: Bureau) -> None:
    clerk = at_task("decide_acceptance", "监督员乙").submit(button="签收")
    clerk.submit(as_written(answering.accept(bureau)))  # type: ignore[arg-type]
    assert "办理结果" in clerk.text

    clerk.follow("撤回").submit({"reason": "选错了"})

    assert "已撤回，任务又回到您这里" in clerk.text
    assert clerk.values()["acceptance"] == ["accept"]


def test_a_task_is_urged_once_a_day(at_task: Open, bureau: Bureau, application: Application) -> None:
    at_task("approve_inquiry", "批准人丙", "accepted")
    supervisor = Reader(application, PARTS["督办员午"])
    task = bureau.task("approve_inquiry", "批准人丙")["id"]

    supervisor.open(f"/tasks/{task}").follow("催办").submit({"reason": "期限将届满"})
    assert "已催办" in supervisor.text

    assert "以后可以再催" in supervisor.open(f"/tasks/{task}").text


def test_a_decision_is_confirmed_and_can_be_changed_before(at_task: Open, bureau: Bureau) -> None:
    stages = ("accepted", "inquired", "filed", "investigated", "determined")
    clerk = at_task("notify_party", "送达员丑", *stages).submit(button="签收")
    item = bureau.file()["evidence"][0]["id"]
    answers = as_written(answering.give_notice(bureau, item))  # type: ignore[arg-type]

    clerk.submit(answers)
    assert clerk.heading == "送达告知书：确定提交？"
    assert "处理不得重于所告知的内容" in clerk.text
    clerk.submit(button="返回修改", press="change=1")

    assert {key: clerk.values()[key] for key in answers} == {
        key: value if isinstance(value, list) else [value] for key, value in answers.items()
    }
    assert clerk.submit(answers).heading == "送达告知书：确定提交？"
    assert "已提交" in clerk.submit(button="确定提交", press="confirmed=1").text


def test_nobody_is_asked_whether_they_are_sure_of_mistakes(at_task: Open) -> None:
    stages = ("accepted", "inquired", "filed", "investigated", "determined")
    clerk = at_task("notify_party", "送达员丑", *stages).submit(button="签收")

    assert clerk.submit({}).status == 422
    assert clerk.errors()


def test_what_was_done_before_can_be_read(at_task: Open) -> None:
    approver = at_task("approve_inquiry", "批准人丙", "accepted").follow("决定是否受理")

    assert "受理决定受理" in approver.text
    assert not [button for button in approver.page.iter("button") if words(button) == "提交"]


def test_a_task_of_others_is_not_there(at_task: Open, application: Application) -> None:
    task = at_task("decide_acceptance", "监督员乙").at

    assert Reader(application, PARTS["送达员丑"]).open(task).status == 404


def test_an_english_page_of_a_task_is_english(at_task: Open, application: Application) -> None:
    task = at_task("decide_acceptance", "监督员乙").at
    page = Reader(application, PARTS["监督员乙"], language="en").open(task)

    assert page.heading == "Decide on acceptance"
    assert page.page.get("lang") == "en"


HOSTILE = {
    "a sign no database keeps": "理由\0理由",
    "half a character": b"\xed\xa0\x80".decode("utf-8", "surrogatepass"),
    "a megabyte": "长" * 350_000,
    "markup": "<script>alert(1)</script><b>",
    "a template": "{{ 7 * 7 }} %(name)s",
    "text in another order": "a\u202eb",
}


@pytest.mark.parametrize("what", HOSTILE)
def test_no_text_breaks_a_page(at_task: Open, what: str) -> None:
    clerk = at_task("decide_acceptance", "监督员乙").submit(button="签收")
    task, text = clerk.at, HOSTILE[what]
    token = ("csrf_token", dict(clerk.form().form_values())["csrf_token"])

    for address, name in (
        (task, "reasons"),
        (task, "acceptance"),
        (task, "nothing_that_is_asked"),
        (f"{task}/giving-back", "reason"),
        (f"{task}/reassignment", "person"),
        (f"{task}/urging", "reason"),
        (f"{task}/claim", "expected_version"),
        ("/sign-in", "name"),
    ):
        clerk.post(address, [token, (name, text.encode("utf-8", "surrogatepass").decode("utf-8", "replace"))])
        assert clerk.status < 500, (address, name)
        assert "<script>alert" not in clerk.answer.text
        assert "49 " not in clerk.answer.text


@pytest.mark.parametrize(
    "pressed", ["facts:999", "facts:-1", "nothing:1", "facts:1:1:1", "", "facts:99999999999999999999", "人:1"]
)
def test_no_button_that_is_not_there_breaks_a_page(at_task: Open, pressed: str) -> None:
    officer = at_task("inquire", "调查员丁", "accepted", "approved").submit(button="签收")
    token = ("csrf_token", dict(officer.form().form_values())["csrf_token"])

    for button in ("add-row", "remove-row"):
        officer.post(
            officer.at, [token, (button, pressed), ("facts-0-fact", "立案日期有两个"), ("facts-9999-fact", "x")]
        )
        assert officer.status < 500
        assert "立案日期有两个" in officer.answer.text


def completed(application: Application, bureau: Bureau) -> int:
    """How many tasks of the case the ledger says were completed."""
    with application.ground.database.reading() as session:
        acts = session.scalars(select(LedgerEntry.act).where(LedgerEntry.chain == bureau.case_id))
        return sum(act in ("task.completed", "case.opened") for act in acts)


@pytest.fixture
def bureau(application: Application, clock: MovableClock) -> Bureau:
    """The organ, in which the archivist helps the supervision body out."""
    bureau = Bureau(application, clock)
    helper, asking = bureau.people["档案员巳"], Asking(by=CLOCK, now=clock.now(), request="test")
    application.ground.unit_of_work.run(
        lambda acting: people.grant(acting, person_id=helper, role="supervision_body", unit_id=bureau.unit), asking
    )
    return bureau


@pytest.fixture
def at_task(bureau: Bureau, application: Application) -> Open:
    """Somebody at the page of a task, in a case that was brought so far."""

    def open_(node: str, part: str, *stages: str) -> Reader:
        story: Any = Casefile(bureau).opened()
        for stage in stages:
            if stage == "approved":
                bureau.complete("approve_inquiry", "批准人丙", answering.approve_inquiry(bureau))  # type: ignore[arg-type]
            else:
                getattr(story, stage)()
        return Reader(application, PARTS[part]).open(f"/tasks/{bureau.task(node, part)['id']}")

    return open_
