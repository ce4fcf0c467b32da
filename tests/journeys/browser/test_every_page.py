"""Every page that people work in: nothing spills at 1280 and 390 pixels, every control has a name, every focus is seen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.journeys.browser.accessible import findings, scrolls_sideways, unseen_focus
from tests.journeys.browser.conftest import NARROW, WIDE, Window, Windows
from tests.journeys.bureau import Bureau, Casefile

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["zh", "en"])
def test_pages_of_people_at_work_are_for_everybody(window: Windows, bureau: Bureau, language: str) -> None:
    Casefile(bureau).opened().accepted()
    approval, done = bureau.task("approve_inquiry", "批准人丙"), earlier(bureau)
    somebody = window("批准人丙")
    somebody.open(f"/language/{language}?next=/desk")
    for path in (
        "/desk",
        f"/tasks/{approval['id']}",
        f"/tasks/{done}",
        f"/tasks/{approval['id']}/urging" if "urge" in approval["actions"] else "/desk",
        "/nowhere",
    ):
        look_at(somebody, path)
    somebody.page.goto(f"{somebody.address}/tasks/{approval['id']}")
    somebody.page.locator(".flow button.primary").click()
    somebody.page.locator(".form-end button.main").click()
    somebody.page.wait_for_selector(".error-summary")
    assert found_on(somebody.page) == []
    for act in ("giving-back", "reassignment", "signers"):
        look_at(somebody, f"/tasks/{approval['id']}/{act}")
    assert somebody.complaints == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pages_of_a_case_are_for_everybody(window: Windows, bureau: Bureau, language: str) -> None:
    story = Casefile(bureau).opened().accepted().inquired().filed().investigated().determined().noticed()
    case = bureau.case_id
    limit, party = bureau.file()["clocks"][0]["id"], story.house.parties()[0].id
    supervisor = window("督办员午")
    supervisor.open(f"/language/{language}?next=/cases")
    for path in (
        "/cases",
        "/cases?search=nothing",
        f"/cases/{case}",
        f"/cases/{case}/limits/{limit}",
        f"/cases/{case}/parties/{party}/account",
        "/notices",
    ):
        look_at(supervisor, path)
    clerk = window("登记员甲")
    clerk.open(f"/language/{language}?next=/clues/new")
    look_at(clerk, "/clues/new")
    assert supervisor.complaints + clerk.complaints == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pages_of_those_concerned_are_for_everybody(window: Windows, bureau: Bureau, language: str) -> None:
    Casefile(bureau).opened().accepted().inquired().filed().investigated().determined().noticed()
    officer = window("执法员未")
    officer.open(f"/language/{language}?next=/matters")
    for path in (
        "/matters",
        f"/matters/{bureau.case_id}",
        f"/tasks/{bureau.task('state_defence', '执法员未')['id']}",
        f"/cases/{bureau.case_id}/evidence/new",
    ):
        look_at(officer, path)
    assert officer.complaints == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_entrance_is_for_everybody(window: Windows, language: str) -> None:
    somebody = window()
    somebody.open(f"/language/{language}?next=/sign-in")

    look_at(somebody, "/sign-in")
    look_at(somebody, "/desk")
    assert somebody.complaints == []


def look_at(window: Window, path: str) -> None:
    page = window.open(path)
    for size in (NARROW, WIDE):
        page.set_viewport_size(size)
        assert found_on(page) == [], (path, size)
    assert unseen_focus(page) == [], path


def found_on(page: Page) -> list[str]:
    page.evaluate("document.querySelectorAll('details').forEach(folded => (folded.open = true))")
    return findings(page) + (["scrolls sideways"] if scrolls_sideways(page) else [])


def earlier(bureau: Bureau) -> str:
    """A task of the case that was completed."""
    return next(str(task["id"]) for task in bureau.file()["tasks"] if task["state"] == "completed")
