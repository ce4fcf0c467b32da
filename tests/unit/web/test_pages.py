"""Every page in every state, in both languages, as HTML."""

from __future__ import annotations

import gzip
import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import html

import web
from tests.unit.web import gallery
from web.bundles import BUILT, Bundles

EXHIBITS = {exhibit.name: exhibit for exhibit in gallery.exhibits()}
HAN = re.compile(r"[\u3400-\u9fff]")
every_page = pytest.mark.parametrize("name", EXHIBITS)


@every_page
def test_a_page_has_one_heading_one_main_part_a_title_and_a_language(page):
    assert len(page.findall(".//h1")) == 1
    assert len(page.findall(".//main")) == 1
    assert page.findtext(".//title").strip()
    assert page.get("lang") in ("zh-CN", "en")


@every_page
def test_headings_go_down_step_by_step(page):
    levels = [int(heading.tag[1]) for heading in page.iter("h1", "h2", "h3", "h4")]
    assert all(after <= before + 1 for before, after in pairwise(levels))


@every_page
def test_nothing_in_it_needs_a_looser_security_policy(page):
    for element in page.iter():
        assert element.get("style") is None
        assert not [name for name in element.attrib if name.startswith(("on", "hx-on"))]
        assert not [text for text in element.attrib.values() if text.startswith(("javascript:", "js:"))]
    assert [script.get("src") for script in page.iter("script")] == [gallery.bundles().script]
    assert page.findall(".//style") == []


@every_page
def test_no_address_leads_to_another_host(page):
    addresses = [e.get(a) for e in page.iter() for a in ("href", "src", "action", "hx-post", "hx-get") if e.get(a)]
    assert [address for address in addresses if re.match(r"[a-z]+:|//", address)] == []


@every_page
def test_every_form_that_is_posted_carries_the_token(page):
    for form in page.findall(".//form"):
        if form.get("role") == "search":
            assert form.get("method") == "get"
            continue
        assert form.get("method") == "post"
        assert [field.get("value") for field in form.findall(".//input[@name='csrf_token']")] == ["token"]


@every_page
def test_every_id_is_there_once_and_every_reference_finds_it(page):
    ids = [element.get("id") for element in page.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    named = ("aria-labelledby", "aria-describedby", "for")
    wanted = [i for e in page.iter() for a in named if e.tag != "output" and e.get(a) for i in e.get(a).split()]
    wanted += [e.get("href")[1:] for e in page.iter("a") if re.match(r"#.", e.get("href", ""))]
    assert set(wanted) - set(ids) == set()


@every_page
def test_every_control_has_a_label(page):
    labelled = {label.get("for") for label in page.iter("label")}
    for control in page.iter("input", "select", "textarea"):
        assert control.get("type") == "hidden" or control.get("id") in labelled


@every_page
def test_an_english_page_marks_every_chinese_word_as_chinese(page):
    if page.get("lang") != "en":
        assert HAN.search(page.findtext(".//title"))
        return
    for element in page.iter("*"):
        if any(place.get("lang") == "zh-CN" for place in [element, *element.iterancestors()]):
            continue
        own = [element.text or "", *(child.tail or "" for child in element)]
        assert not [text for text in own if HAN.search(text)] or element.tag in ("option", "textarea", "title"), own


def test_a_page_with_errors_says_so_first_in_its_title():
    assert read("task-wrong-zh").findtext(".//title").startswith("错误：")
    assert not read("task-zh").findtext(".//title").startswith("错误：")


def test_the_same_words_stand_in_the_summary_and_at_the_field():
    page = read("task-wrong-zh")
    for link in page.findall(".//section[@class='error-summary']//a"):
        control = page.get_element_by_id(link.get("href")[1:])
        assert control.get("aria-invalid") == "true"
        errors = [page.get_element_by_id(i).text_content() for i in control.get("aria-describedby").split()]
        assert link.text in errors


def test_an_act_that_cannot_be_done_says_why_and_cannot_be_pressed():
    (off,) = read("task-zh").findall(".//span[@class='item off']")
    assert "不可用：法制审核员己已开始办理" in off.text_content()


def test_a_task_nobody_holds_can_be_read_but_not_written():
    page = read("task-unclaimed-zh")
    parts = page.findall(".//fieldset[@class='form-part']")
    assert parts
    assert all(part.get("disabled") is not None for part in parts)
    assert not page.findall(".//div[@class='form-end']")


def test_the_steps_of_a_diagram_are_there_as_text_too():
    outline = read("case-zh").find(".//details[@class='outline']")
    states = [step.get("class") for step in outline.findall(".//ol[@class='steps ']/li")]
    assert states == ["done", "done", "here", "ahead", "ahead", "ahead"]


def test_the_picture_of_all_limits_has_its_table():
    rows = read("case-zh").findall(".//details[@id='limits-table']//tbody/tr")
    assert [row.findtext("th") for row in rows][:2] == ["受理", "告知举报人"]


def test_a_respondents_page_never_speaks_of_lateness_in_red():
    assert not read("respondent-zh").findall(".//*[@class='badge overdue']")


@pytest.mark.parametrize(
    ("name", "limit_kb"), [("desk-zh", 15), ("case-zh", 20), ("signin-zh", 15), ("respondent-zh", 15)]
)
def test_a_page_is_light(name, limit_kb):
    """Everything it loads but the script; one sheet is left out where the device decides."""
    page = rendered(name).encode()
    loaded = set(re.findall(rb"built/([\w.-]+\.(?:css|svg))", page))
    weight = sum(len(gzip.compress((BUILT / file.decode()).read_bytes(), 9)) for file in loaded)
    assert weight + len(gzip.compress(page, 9)) <= limit_kb * 1024


def test_every_icon_that_is_used_was_drawn_and_an_unknown_one_is_an_error():
    with pytest.raises(KeyError, match="no icon 'nothing'"):
        gallery.bundles().icon("nothing")
    used = set(re.findall(r'icon\("([a-z0-9-]+)"', "".join(p.read_text() for p in templates())))
    assert used <= Bundles.read().drawn


def templates() -> list[Path]:
    return sorted((Path(web.__file__).parent / "templates").rglob("*.html"))


@cache
def rendered(name: str) -> str:
    return gallery.render(EXHIBITS[name])


def read(name: str) -> html.HtmlElement:
    return html.document_fromstring(rendered(name))


@pytest.fixture
def page(name) -> html.HtmlElement:
    return read(name)
