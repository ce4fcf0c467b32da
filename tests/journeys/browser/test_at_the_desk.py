"""People at work in a real browser: signing in, making a mistake, being slower than somebody else, coming back later."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browser.conftest import Windows
from tests.journeys.bureau import PARTS, PDF, Bureau, Casefile
from wenze.clock import MovableClock

pytestmark = pytest.mark.browser


def test_a_wrong_password_is_said_and_the_right_one_leads_to_the_desk(window: Windows) -> None:
    somebody = window()
    page = somebody.sign_in("clerk", "wrong password")

    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator(".error-summary")).to_contain_text("登录名或密码不正确。")
    expect(page.get_by_label("用户名")).to_have_value("clerk")

    page.get_by_label("密码", exact=True).fill("one for all of them")
    page.get_by_role("button", name="登录").click()

    expect(page).to_have_url(somebody.address + "/desk")
    assert somebody.complaints == []


def test_the_password_can_be_shown_and_hidden_again(window: Windows) -> None:
    page = window().open("/sign-in")
    field = page.get_by_label("密码", exact=True)
    field.fill("secret")

    page.get_by_role("button", name="显示").click()
    assert field.get_attribute("type") == "text"
    page.get_by_role("button", name="隐藏").click()
    assert field.get_attribute("type") == "password"


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_an_officer_makes_a_mistake_first_and_loses_nothing(window: Windows, bureau: Bureau, script: bool) -> None:
    Casefile(bureau).opened()
    officer = window("监督员乙", script=script)
    page = at(officer.open(task(bureau, "decide_acceptance", "监督员乙")))

    page.get_by_label("受理决定").select_option(label="不予受理")
    page.get_by_role("button", name="提交", exact=True).last.click()
    summary = page.locator(".error-summary")
    expect(summary.get_by_role("listitem").first).to_be_visible()
    if script:
        expect(summary).to_be_focused()
    expect(page.get_by_label("受理决定")).to_have_value("refuse")

    summary.get_by_role("link").first.click()
    assert page.evaluate("location.hash").startswith("#accept") or page.evaluate("location.hash") == "#reasons"
    page.get_by_label("受理决定").select_option(label="受理")
    page.get_by_label("受理日期").fill(bureau.today)
    page.get_by_role("radio", name="是", exact=True).check()
    page.get_by_role("button", name="提交", exact=True).last.click()

    expect(page.locator(".note.done")).to_contain_text("“决定是否受理”已提交")
    assert officer.complaints == []


def test_a_task_is_done_with_the_keyboard_alone(window: Windows, bureau: Bureau) -> None:
    Casefile(bureau).opened()
    page = window().open("/sign-in")
    tab_to(page, "#name")
    page.keyboard.type(PARTS["监督员乙"])
    page.keyboard.press("Tab")
    page.keyboard.type("one for all of them")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("任务")

    tab_to(page, f"a[href='{task(bureau, 'decide_acceptance', '监督员乙')}']")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="签收")).to_be_visible()
    tab_to(page, ".flow button.primary")
    page.keyboard.press("Enter")
    expect(page.locator(".form-end button.main")).to_be_visible()
    tab_to(page, "#acceptance")
    page.keyboard.press("ArrowDown")
    tab_to(page, "#accepted_at")
    year, month, day = bureau.today.split("-")
    page.keyboard.type(f"{month}{day}{year}")
    tab_to(page, "#follows_advice-1")
    page.keyboard.press("Space")
    tab_to(page, ".form-end button.main")
    page.keyboard.press("Enter")

    expect(page.locator(".note.done")).to_contain_text("“决定是否受理”已提交")


def test_the_slower_of_two_is_told_who_changed_what(window: Windows, bureau: Bureau) -> None:
    Casefile(bureau).opened()
    page = at(window("监督员乙").open(task(bureau, "decide_acceptance", "监督员乙")))
    fill_in(page, bureau)
    given_back_and_claimed(bureau)

    page.get_by_role("button", name="提交", exact=True).last.click()

    note = page.locator(".note.care")
    expect(note).to_contain_text("没有提交，您写的都还在。")
    expect(note).to_contain_text("赵立新已于")
    expect(page.get_by_label("受理决定")).to_have_value("accept")
    page.get_by_role("button", name="提交", exact=True).last.click()
    expect(page.locator(".note.done")).to_contain_text("已提交")


def test_two_windows_of_one_person_submit_once(window: Windows, bureau: Bureau) -> None:
    Casefile(bureau).opened()
    officer = window("监督员乙")
    address = task(bureau, "decide_acceptance", "监督员乙")
    first = at(officer.open(address))
    second = officer.context.new_page()
    second.goto(officer.address + address)
    for page in (first, second):
        fill_in(page, bureau)

    first.get_by_role("button", name="提交", exact=True).last.click()
    expect(first.locator(".note.done")).to_contain_text("已提交")
    second.get_by_role("button", name="提交", exact=True).last.click()

    expect(second.locator(".note")).to_contain_text("没有再提交一次")


def test_what_was_written_survives_the_end_of_the_session(window: Windows, bureau: Bureau, clock: MovableClock) -> None:
    Casefile(bureau).opened()
    page = at(window("监督员乙").open(task(bureau, "decide_acceptance", "监督员乙")))
    fill_in(page, bureau)
    clock.move(timedelta(hours=10))

    page.get_by_role("button", name="提交", exact=True).last.click()
    expect(page.locator(".note.care")).to_contain_text("刚才写的还在")
    page.get_by_label("用户名").fill(PARTS["监督员乙"])
    page.get_by_label("密码", exact=True).fill("one for all of them")
    page.get_by_role("button", name="登录").click()
    page.get_by_role("button", name="继续提交").click()

    expect(page.locator(".note.done")).to_contain_text("已提交")


def test_after_signing_out_the_pages_are_closed(window: Windows) -> None:
    clerk = window("登记员甲")
    clerk.page.locator("summary", has_text="林晓雯").click()
    clerk.page.get_by_role("button", name="退出登录").click()
    expect(clerk.page.locator(".note.done")).to_contain_text("您已退出登录")

    clerk.page.go_back()
    clerk.page.reload()
    expect(clerk.page.get_by_label("用户名")).to_be_visible()


def test_a_row_is_added_without_leaving_the_page(window: Windows, bureau: Bureau) -> None:
    Casefile(bureau).opened().accepted()
    bureau.complete("approve_inquiry", "批准人丙", approval(bureau))
    officer = window("调查员丁")
    page = at(officer.open(task(bureau, "inquire", "调查员丁")))
    page.locator("#facts-0-fact").fill("立案日期有两个")

    page.locator("button[name='add-row'][value='facts:1']").click()

    expect(page.locator("#facts-1-fact")).to_be_focused()
    expect(page.locator("#facts-0-fact")).to_have_value("立案日期有两个")
    assert officer.complaints == []


def test_a_file_is_handed_in_on_the_way_and_what_was_written_is_still_there(window: Windows, bureau: Bureau) -> None:
    Casefile(bureau).opened().accepted().inquired().filed()
    officer = window("调查员丁")
    page = at(officer.open(task(bureau, "collect_evidence", "调查员丁")))
    page.get_by_label("证明什么").fill("决定书落款的日期")

    page.get_by_role("button", name="存草稿并交入文件").click()
    page.get_by_label("文件", exact=False).set_input_files(
        {"name": "决定书.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    page.get_by_role("button", name="提交这份文件").click()

    expect(page.locator(".note.done")).to_contain_text("“决定书.pdf”已收下")
    expect(page.get_by_label("证明什么")).to_have_value("决定书落款的日期")
    expect(page.get_by_label("证1 决定书.pdf")).to_be_visible()
    assert officer.complaints == []


def test_the_diagram_of_a_running_case_shows_where_we_are(window: Windows, bureau: Bureau) -> None:
    Casefile(bureau).opened()
    officer = window("监督员乙")
    page = officer.open(task(bureau, "decide_acceptance", "监督员乙"))

    page.locator(".diagram").scroll_into_view_if_needed()

    expect(page.locator(".diagram-pin").first).to_have_text("您在这里")
    assert officer.complaints == []


def test_on_an_english_page_the_diagram_speaks_english(window: Windows, bureau: Bureau) -> None:
    Casefile(bureau).opened()
    officer = window("监督员乙")
    officer.open(f"/language/en?next={task(bureau, 'decide_acceptance', '监督员乙')}")

    officer.page.locator(".diagram").scroll_into_view_if_needed()

    expect(officer.page.locator(".diagram-pin").first).to_have_text("You are here")
    expect(officer.page.locator("[data-element-id=register_clue] text")).to_have_text("Register the clue")
    assert officer.complaints == []


def at(page: Page) -> Page:
    """The task claimed, ready to be written."""
    page.get_by_role("button", name="签收").click()
    expect(page.locator(".form-end button.main")).to_be_visible()
    return page


def fill_in(page: Page, bureau: Bureau) -> None:
    page.get_by_label("受理决定").select_option(label="受理")
    page.get_by_label("受理日期").fill(bureau.today)
    page.get_by_role("radio", name="是", exact=True).check()


def task(bureau: Bureau, node: str, part: str) -> str:
    return f"/tasks/{bureau.task(node, part)['id']}"


def given_back_and_claimed(bureau: Bureau) -> None:
    """The same person, elsewhere: the task goes back to the group and is claimed again."""
    here = bureau.as_("监督员乙")
    for act, more in (("give-back", {"reason": "明天出差"}), ("claim", {})):
        found = bureau.task("decide_acceptance", "监督员乙")
        answer = here.post(f"/tasks/{found['id']}/{act}", {"expected_version": found["version"], **more})
        assert answer.status_code == 200


def approval(bureau: Bureau) -> dict[str, object]:
    return {
        "preliminary_approved": True,
        "preliminary_approved_at": bureau.today,
        "preliminary_investigators": [bureau.people["调查员丁"], bureau.people["调查员戊"]],
        "scope": "核查该案立案、决定、送达的日期。",
    }


def tab_to(page: Page, selector: str, most: int = 80) -> None:
    """Press Tab until the element has the focus, as somebody without a mouse does."""
    for _ in range(most):
        if page.evaluate("wanted => document.activeElement?.matches(wanted) ?? false", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{selector} cannot be reached with the Tab key")
