"""Coming in by the pages: the right and the wrong password, the end of a session, other people's addresses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from api import accounts
from api.unit_of_work import Asking
from tests.journeys.readers import OURS, Reader
from wenze.application import Application
from wenze.clock import MovableClock
from workflows.acting import CLOCK

Readers = Callable[..., Reader]


def test_whoever_signs_in_comes_to_their_desk(reader: Readers) -> None:
    clerk = reader("clerk")

    assert (clerk.status, clerk.at) == (200, "/desk")
    assert "林晓雯" in clerk.answer.text


def test_a_stranger_is_led_to_the_entrance_and_then_back(reader: Readers) -> None:
    somebody = reader().open("/desk?after=")
    assert somebody.at.startswith("/sign-in")

    somebody.submit({"name": "clerk", "password": "wrong password"})
    assert (somebody.status, somebody.errors()) == (401, {"name": "登录名或密码不正确。"})
    assert somebody.values()["name"] == ["clerk"]

    somebody.submit({"name": "clerk", "password": "one for all of them"})
    assert somebody.answer.request.path == "/desk"


@pytest.mark.parametrize(
    "elsewhere",
    ["//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nb", "evil.example", "/" + "a" * 600],
)
def test_nobody_is_led_to_another_host(reader: Readers, elsewhere: str) -> None:
    somebody = reader().open("/sign-in")
    fields = dict(somebody.form().form_values()) | {
        "name": "clerk",
        "password": "one for all of them",
        "next": elsewhere,
    }

    assert somebody.post("/sign-in", fields.items()).at == "/desk"


def test_empty_fields_are_said_to_be_empty(reader: Readers) -> None:
    assert reader().open("/sign-in").submit({"name": "clerk"}).errors() == {"name": "请填写用户名和密码"}


def test_signing_in_pauses_after_too_many_failures(reader: Readers) -> None:
    somebody = reader().open("/sign-in")
    for _ in range(11):
        somebody.submit({"name": "clerk", "password": "wrong password"})

    assert somebody.status == 429
    assert int(somebody.answer.headers["Retry-After"]) > 0
    assert "登录已暂停" in somebody.errors()["name"]


def test_failures_are_told_at_the_next_good_sign_in(reader: Readers) -> None:
    reader().open("/sign-in").submit({"name": "clerk", "password": "wrong password"})

    assert "有1次密码输错" in reader("clerk").text


def test_signing_out_ends_the_session(reader: Readers) -> None:
    clerk = reader("clerk").submit(button="退出登录")
    assert "您已退出登录" in clerk.text

    assert clerk.open("/desk").at.startswith("/sign-in")


def test_after_a_session_has_ended_one_comes_back_to_the_page(reader: Readers, clock: MovableClock) -> None:
    clerk = reader("clerk")
    clock.move(timedelta(hours=10))

    clerk.open("/desk")
    assert "您的登录已过期" in clerk.text
    assert clerk.submit({"name": "clerk", "password": "one for all of them"}).at == "/desk"


def test_a_disabled_account_is_told_so_at_the_next_page(reader: Readers, application: Application) -> None:
    clerk = reader("clerk")
    ground = application.ground
    ground.unit_of_work.run(
        lambda acting: accounts.disable(acting, "clerk"), Asking(by=CLOCK, now=ground.clock.now(), request="test")
    )

    assert "这个账号已停用" in clerk.open("/desk").text
    assert clerk.status == 403
    assert reader("clerk").errors() == {"name": "登录名或密码不正确。"}


def test_a_form_of_a_stranger_changes_nothing(reader: Readers) -> None:
    clerk = reader("clerk").post("/sign-out", [], Sec_Fetch_Site="cross-site")

    assert clerk.status == 403
    assert clerk.open("/desk").at == "/desk"


def test_a_browser_without_cookies_is_told_so_at_the_entrance(application: Application) -> None:
    answer = application.flask.test_client(use_cookies=False).post(
        "/sign-in", data={"name": "clerk", "password": "x"}, headers=OURS
    )

    assert answer.status_code == 403
    assert "不接受本站的Cookie" in answer.text


def test_the_language_that_was_chosen_is_kept(reader: Readers) -> None:
    clerk = reader("clerk").follow("English")
    assert (clerk.at, clerk.page.get("lang")) == ("/desk", "en")

    clerk.submit(button="Sign out")
    assert clerk.page.get("lang") == "en"


def test_a_browser_that_prefers_english_is_shown_english(application: Application) -> None:
    assert Reader(application, language="en-GB").open("/sign-in").page.get("lang") == "en"


def test_a_person_gets_a_page_and_a_machine_a_problem(application: Application, reader: Readers) -> None:
    lost = reader("clerk").open("/nowhere")
    machine = application.flask.test_client().get("/nowhere")

    assert (lost.status, lost.heading) == (404, "没有找到这一页")
    assert "林晓雯" in lost.answer.text
    assert (machine.status_code, machine.mimetype) == (404, "application/problem+json")
    assert application.flask.test_client().get("/api/v1/nowhere", headers={"Accept": "text/html"}).is_json


def test_what_was_built_is_kept_by_browsers_and_the_list_of_it_is_not_given(application: Application) -> None:
    client = application.flask.test_client()
    page = Reader(application).open("/sign-in").page
    style = page.find(".//link[@rel='stylesheet']").get("href")

    kept = client.get(style)

    assert (kept.status_code, kept.mimetype) == (200, "text/css")
    assert "immutable" in kept.headers["Cache-Control"]
    assert "Set-Cookie" not in kept.headers
    kept.close()
    assert client.get("/static/built/manifest.json").status_code == 404
    assert client.get("/static/built/..%2f..%2fpages.py").status_code == 404


@pytest.fixture
def reader(application: Application) -> Readers:
    return lambda login=None: Reader(application, login)
