"""The pages in a real browser: nothing axe objects to, nothing that spills, and the little that script does."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask, request
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

import web
from tests.browsers import chromium
from tests.unit.web import gallery, samples
from web.bundles import BUILT
from web.posted import with_rows_changed

pytestmark = pytest.mark.browser

NAMES = [exhibit.name for exhibit in gallery.exhibits()]
KINDS = ["signin-zh", "desk-en", "task-wrong-zh", "case-en", "confirm-zh", "respondent-en", "error-422-zh"]
"""One page of each kind, for what does not depend on its state."""
AXE = Path(web.__file__).parent.parent / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing(name, browser, address):
    if not AXE.is_file():
        pytest.skip("axe-core is not there: install the project for development (`pip install -e .`)")
    context = browser.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=True)
    page = open_page(context, f"{address}{name}.html")
    page.evaluate("document.querySelectorAll('details:not(.drop)').forEach(folded => (folded.open = true))")
    page.add_script_tag(content=AXE.read_text())
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    assert [(v["id"], [node["html"] for node in v["nodes"]]) for v in found["violations"]] == []
    assert len(found["passes"]) > 20
    context.close()


@pytest.mark.parametrize("width", [320, 768, 1024, 1366])
def test_no_page_scrolls_sideways(width, browser, address):
    page = browser.new_page(viewport={"width": width, "height": 800})
    for name in NAMES if width == 320 else KINDS:
        page.goto(f"{address}{name}.html")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    page.close()


def test_the_security_policy_is_enough_for_every_page(browser, address):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    for name in KINDS:
        page.goto(f"{address}{name}.html")
        page.wait_for_load_state("networkidle")
    assert said == []
    page.close()


def test_targets_are_large_enough(browser, address):
    page = browser.new_page(viewport={"width": 390, "height": 800})
    for name in ("desk-zh", "task-zh", "case-en", "respondent-en", "signin-en"):
        page.goto(f"{address}{name}.html")
        small = page.evaluate(
            """() => [...document.querySelectorAll('a, button, input, select, summary')]
                .filter(e => e.offsetParent && !e.matches('.skip, .sr') && !e.closest('p:not(.acts), dd, td, h3'))
                .filter(e => e.getBoundingClientRect().height < 23.5).map(e => e.outerHTML.slice(0, 80))"""
        )
        assert small == [], name
    page.close()


def test_the_diagram_shows_the_way_come_and_where_we_are(task):
    task.wait_for_selector("[data-mounted]", timeout=10_000)
    assert task.inner_text(".diagram-pin") == "您在这里"
    assert task.locator(".step-done.djs-shape").count() == 3
    assert task.locator(".step-here.djs-shape").count() == 1


def test_the_mark_of_the_diagram_library_stays_uncovered(task):
    task.wait_for_selector("[data-mounted]", timeout=10_000)
    assert task.evaluate(
        """() => {
            const box = document.querySelector('.bjs-powered-by').getBoundingClientRect();
            const place = document.querySelector('.diagram').getBoundingClientRect();
            const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
            return Boolean(top.closest('.bjs-powered-by')) && place.right - box.right < 30 && place.bottom - box.bottom < 30;
        }"""
    )


def test_the_wheel_scrolls_the_page_and_not_the_diagram(task):
    task.wait_for_selector("[data-mounted]", timeout=10_000)
    task.locator(".diagram").hover(position={"x": 30, "y": 30})
    before = task.evaluate("[scrollY, document.querySelector('.viewport').getAttribute('transform')]")
    task.mouse.wheel(0, -200)
    task.wait_for_function("before => scrollY < before", arg=before[0])
    assert task.evaluate("document.querySelector('.viewport').getAttribute('transform')") == before[1]


def test_the_diagram_can_be_enlarged_by_its_buttons(task):
    task.wait_for_selector("[data-mounted]", timeout=10_000)
    scale = "Number(document.querySelector('.viewport').getAttribute('transform').match(/matrix\\(([\\d.]+)/)[1])"
    before = task.evaluate(scale)
    task.get_by_role("button", name="放大").click()
    assert task.evaluate(scale) > before


def test_on_a_phone_the_diagram_is_not_even_fetched(browser, address):
    page = browser.new_page(viewport={"width": 390, "height": 800})
    fetched: list[str] = []
    page.on("request", lambda asked: fetched.append(asked.url))
    page.goto(f"{address}task-zh.html")
    page.locator(".outline summary").scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    assert not [url for url in fetched if "diagram" in url or url.endswith(".bpmn")]
    assert page.locator(".outline").is_visible()
    page.close()


def test_a_question_that_is_not_asked_is_hidden_and_not_sent(task):
    reason = task.locator("#deviation")
    assert not reason.is_visible()
    assert reason.is_disabled()
    task.get_by_label("一般过失").check()
    assert reason.is_visible()
    assert reason.is_enabled()


def test_a_menu_is_steered_by_keys(task):
    task.locator(".head summary").focus()
    task.keyboard.press("Enter")
    task.keyboard.press("ArrowDown")
    assert task.evaluate("document.activeElement.textContent").startswith("转办")
    task.keyboard.press("End")
    assert task.evaluate("document.activeElement.textContent").startswith("退回")
    task.keyboard.press("Escape")
    assert task.evaluate("document.activeElement.tagName") == "SUMMARY"
    assert not task.locator(".menu").is_visible()


def test_the_error_summary_has_the_focus_and_leads_to_the_field(browser, address):
    page = open_page(browser.new_context(), f"{address}task-wrong-zh.html")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    page.get_by_role("link", name="“页数”应填整数。").click()
    assert page.evaluate("location.hash") == "#pages"
    page.context.close()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_row_is_added_and_what_was_typed_stays(script, browser, form_address):
    context = browser.new_context(java_script_enabled=script)
    page = context.new_page()
    page.goto(form_address)
    page.locator("#facts-1-fact").fill("刚写的第二件")
    page.locator("button[name='add-row'][value='facts:2']").click()
    page.wait_for_selector("#facts-2-fact")
    assert page.locator("#facts-1-fact").input_value() == "刚写的第二件"
    assert page.locator("#reasons").input_value().startswith("三人均在审批表上签字")
    if script:
        assert page.evaluate("document.activeElement.id") == "facts-2-fact"
    page.locator("button[name='remove-row'][value='facts:0:3']").click()
    page.wait_for_selector("#facts-2-fact", state="detached")
    assert page.locator("#facts-0-fact").input_value() == "刚写的第二件"
    context.close()


def open_page(context, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    return page


@pytest.fixture
def task(browser: Browser, address: str) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{address}task-zh.html")
    page.locator(".diagram").scroll_into_view_if_needed()
    yield page
    page.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("gallery")
    gallery.build(folder)
    server = gallery.serve(folder)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def form_address() -> Iterator[str]:
    """A page that answers the row buttons as the product's own view does."""
    app = Flask("rows", static_folder=str(BUILT), static_url_path="/built")

    @app.route("/", methods=["GET", "POST"])
    def show() -> str:
        task = samples.task_page()
        answers = with_rows_changed(samples.form(), request.form.items(multi=True))
        filled = replace(task.form, action="/") if answers is None else replace(task.form, action="/", answers=answers)
        page = replace(task, form=filled)
        return gallery.render(gallery.Exhibit("rows", "task.html", samples.staff("zh"), page))

    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.port}/"
    server.shutdown()
    server.server_close()
