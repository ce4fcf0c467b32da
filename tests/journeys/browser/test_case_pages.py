"""The pages of a case in a real browser: the lit diagram, an upload, an appeal; nothing spills, every focus is seen."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.casework import answering
from tests.journeys.browser.accessible import findings, scrolls_sideways, unseen_focus
from tests.journeys.browser.conftest import NARROW, WIDE, Window, Windows
from tests.journeys.bureau import PDF, Bureau, Casefile

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pages_of_a_case_are_for_everybody(window: Windows, bureau: Bureau, language: str) -> None:
    case = investigated(bureau)
    limit = bureau.file()["clocks"][0]["id"]
    look_at(
        window("督办员午"),
        language,
        "/cases",
        "/cases?search=nothing+of+this+kind",
        case,
        f"{case}/limits/{limit}",
        "/notices",
    )
    look_at(window("登记员甲"), language, "/clues/new", case)
    look_at(window("调查员丁"), language, f"{case}/evidence/new", f"{case}/actions/recusal")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_limit_is_suspended_and_extended_in_pages_and_says_so(window: Windows, bureau: Bureau, language: str) -> None:
    Casefile(bureau).opened().accepted().inquired().filed()
    (limit,) = [each["id"] for each in bureau.file()["clocks"] if each["rule"] == "T-LI-06"]
    address = f"/cases/{bureau.case_id}/limits/{limit}"
    me = window("批准人丙")
    page = me.open(f"{address}/suspension")
    page.get_by_label("鉴定", exact=True).check()
    page.get_by_label("理由").fill("委托鉴定")
    page.get_by_role("button", name="中止期限").click()
    expect(page.get_by_text("恢复后余30个工作日")).to_be_visible()
    page.get_by_role("link", name="恢复期限").click()
    page.get_by_label("理由").fill("鉴定意见已收到")
    page.get_by_role("button", name="恢复期限").click()
    page.get_by_role("link", name="延长期限").click()
    page.get_by_label("延长多少（工作日）").fill("40")
    page.get_by_label("依据").fill("案情复杂")
    page.get_by_label("由谁提请").select_option(bureau.people["调查员丁"])
    page.get_by_label("理由").fill("案情复杂，难以按期查清")
    page.get_by_role("button", name="延长期限").click()
    expect(page.get_by_text("一次最多延长 30 个工作日")).to_be_visible()
    page.get_by_label("延长多少（工作日）").fill("10")
    page.get_by_role("button", name="延长期限").click()
    expect(page.get_by_role("heading", name="变动")).to_be_visible()
    look_at(me, language, address, *(f"{address}/{act}" for act in ("suspension", "extension", "exclusion")))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pages_of_a_respondent_are_for_everybody(window: Windows, bureau: Bureau, language: str) -> None:
    case = served(bureau)
    limit = next(clock["id"] for clock in bureau.file()["clocks"] if clock["rule"] == "T-LI-11")
    receipt = next(entry["number"] for entry in history(bureau) if entry["actor"] == "王大力")
    matter = f"/matters/{bureau.case_id}"
    look_at(
        window("执法员未"),
        language,
        matter,
        f"{matter}/limits/{limit}",
        f"{matter}/receipts/{receipt}",
        f"{case}/actions/appeal",
    )


def test_the_diagram_shows_the_open_step_and_the_way_come(window: Windows, bureau: Bureau) -> None:
    page = window("督办员午").open(investigated(bureau))
    drawn = page.locator("#procedure-1 .diagram")
    drawn.scroll_into_view_if_needed()
    expect(drawn).to_have_attribute("data-mounted", "yes")
    expect(drawn.locator("[data-element-id='investigate']")).to_have_class("djs-element djs-shape step-here")
    expect(drawn.locator("[data-element-id='file']").first).to_have_class("djs-element djs-shape step-done")

    inner = page.locator("#procedure-2 .diagram")
    inner.scroll_into_view_if_needed()
    expect(inner).to_have_attribute("data-mounted", "yes")
    expect(inner.locator(".diagram-pin")).to_have_text(["您在这里", "您在这里"])
    for node in ("collect_evidence", "interview_respondent"):
        expect(inner.locator(f"[data-element-id='{node}'].step-here")).to_have_count(1)


def test_without_script_the_steps_of_the_procedure_are_there_as_text(window: Windows, bureau: Bureau) -> None:
    page = window("督办员午", script=False).open(investigated(bureau))
    page.locator("#procedure-1-text summary").click()
    here = page.locator("#procedure-1-text li.here > span")
    expect(here.first).to_be_visible()
    assert [" ".join(said.split()) for said in here.all_inner_texts()] == [
        "正在办理： 收集、调取证据", "正在办理： 询问被调查人",
    ]  # fmt: skip


def test_the_names_in_the_diagram_are_english_on_an_english_page(window: Windows, bureau: Bureau) -> None:
    somebody = window("督办员午")
    page = somebody.open(f"/language/en?next={investigated(bureau)}")
    drawn = page.locator("#procedure-1 .diagram")
    drawn.scroll_into_view_if_needed()
    expect(drawn).to_have_attribute("data-mounted", "yes")
    expect(drawn.locator("[data-element-id='take_in'] .djs-label").first).to_contain_text("Clue intake")
    assert (
        page.evaluate(
            "[...document.querySelectorAll('.diagram text')].filter(t => /[一-鿿]/.test(t.textContent)).length"
        )
        == 0
    )


def test_on_a_phone_the_case_is_read_without_the_picture(window: Windows, bureau: Bureau) -> None:
    page = window("督办员午", narrow=True).open(investigated(bureau))
    expect(page.locator("#procedure-1 .diagram")).to_be_hidden()
    page.locator("#procedure-1-text summary").click()
    expect(page.locator("#procedure-1-text li.here").first).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_file_of_the_wrong_sort_is_refused_and_the_right_one_taken(
    window: Windows, bureau: Bureau, tmp_path: Path, script: bool
) -> None:
    case = investigated(bureau)
    officer = window("调查员丁", script=script)
    page = officer.open(case)
    page.get_by_role("link", name="登记证据").click()
    (tmp_path / "决定书.pdf").write_bytes(b"MZ\x90\x00" + bytes(400))
    page.locator("#file").set_input_files(tmp_path / "决定书.pdf")
    page.get_by_role("button", name="提交这份文件").click()
    expect(page.locator(".error-summary")).to_contain_text("不接受可执行程序。")
    if script:
        expect(page.locator(".error-summary")).to_be_focused()

    (tmp_path / "决定书.pdf").write_bytes(PDF)
    page.locator("#file").set_input_files(tmp_path / "决定书.pdf")
    page.get_by_label("要证明什么").fill("决定书的落款日期")
    page.get_by_role("button", name="提交这份文件").click()
    expect(page.locator(".note.done")).to_contain_text("“决定书.pdf”已收下。")
    with page.expect_download() as download:
        page.get_by_role("link", name="证1 决定书.pdf").click()
    assert Path(download.value.path()).read_bytes() == PDF
    assert officer.complaints == []


def test_a_respondent_appeals_and_has_a_receipt(window: Windows, bureau: Bureau) -> None:
    served(bureau)
    officer = window("执法员未", narrow=True)
    page = officer.open(f"/matters/{bureau.case_id}")
    expect(page.locator(".now")).to_contain_text("最后一日")
    page.locator(".now").get_by_role("link", name="申请复核").click()
    expect(page.get_by_label("不服的决定文号")).to_have_value("云司问责决〔2026〕1号")
    page.get_by_role("radio", name="本人或者本单位").check()
    page.get_by_role("radio", name="地方责任追究规定：复核、复查").check()
    page.get_by_label("请求").fill("撤销决定。")
    page.locator(".form-end button.main").click()
    expect(page.locator(".error-summary")).to_be_focused()
    page.locator(".error-summary").get_by_role("link").first.click()
    page.keyboard.type("十二月四日已形成处理意见。")
    page.locator(".form-end button.main").click()

    expect(page.locator(".note.done")).to_contain_text("“申请复核”已提交。")
    page.get_by_role("link", name="看回执").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("回执：申请复核")
    expect(page.locator("main")).to_contain_text("十二月四日已形成处理意见。")
    assert officer.complaints == []


def test_the_check_of_the_ledger_changes_its_box_alone(window: Windows, bureau: Bureau) -> None:
    overseer = window("督办员午")
    page = overseer.open(investigated(bureau))
    page.evaluate("window.untouched = true")
    page.get_by_role("button", name="核验").click()
    expect(page.locator("#ledger")).to_contain_text("核验一致")
    assert page.evaluate("window.untouched")
    assert overseer.complaints == []


# --- what they need ---------------------------------------------------------------------------------------------------


def look_at(window: Window, language: str, *paths: str) -> None:
    window.open(f"/language/{language}?next=/notices")
    for path in paths:
        page = window.open(path)
        for size in (NARROW, WIDE):
            page.set_viewport_size(size)
            unfold(page)
            assert findings(page) == [], (path, size)
            assert not scrolls_sideways(page), (path, size)
        assert unseen_focus(page) == [], path
    assert window.complaints == []


def unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(folded => (folded.open = true))")


def investigated(bureau: Bureau) -> str:
    """A case in which evidence is collected; its address."""
    Casefile(bureau).opened(
        anonymous=False, complainant_name="李明", complainant_contact="13900000000", complainant_relation="PARTY"
    ).accepted()
    bureau.complete(
        "notify_complainant",
        "登记员甲",
        {"complainant_told_at": bureau.today, "complainant_told_by": "PHONE", "told": "已告知受理。"},
    )
    Casefile(bureau).inquired().filed()
    return f"/cases/{bureau.case_id}"


def served(bureau: Bureau) -> str:
    """A case whose decision has been served; its address."""
    story = Casefile(bureau).opened().accepted().inquired().filed().investigated().determined().noticed()
    story.defended().found_lawful().resolved().decided()
    item = bureau.file()["evidence"][0]["id"]
    bureau.complete("serve_decision", "送达员丑", answering.serve(bureau, item))  # type: ignore[arg-type]
    bureau.clock.move(timedelta(minutes=1))
    return f"/cases/{bureau.case_id}"


def history(bureau: Bureau) -> list[dict[str, object]]:
    found: list[dict[str, object]] = bureau.as_("督办员午").get(f"/cases/{bureau.case_id}/history").json["items"]
    return found
