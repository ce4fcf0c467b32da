"""What a person is told when something did not go, and what a machine is told at the same address."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.exc import OperationalError

from api import identity
from api.identity import open_to
from tests.journeys.readers import OURS, Reader
from wenze.application import Application
from workflows.errors import ConflictOfInterest, NotPossible


def test_an_error_of_ours_has_a_number_and_no_reason(broken: Callable[..., Reader]) -> None:
    page = broken(ZeroDivisionError("a secret"))

    assert (page.status, page.heading) == (500, "没有办成")
    assert "编号" in page.text
    assert "a secret" not in page.answer.text


def test_what_was_posted_into_an_error_of_ours_can_be_sent_once_more(broken: Callable[..., Reader]) -> None:
    page = broken(ZeroDivisionError(), {"reason": "写了很久的理由"})

    assert "您写的还在这里" in page.text
    form = page.form("再试一次")
    assert ("reason", "写了很久的理由") in form.form_values()
    assert form.get("action") == "/broken"


def test_a_database_out_of_reach_is_worth_trying_again(broken: Callable[..., Reader]) -> None:
    page = broken(OperationalError("SELECT 1", {}, Exception("gone")))

    assert (page.status, page.heading) == (503, "暂时无法服务")
    assert int(page.answer.headers["Retry-After"]) > 0


def test_a_refusal_is_told_with_its_rule(broken: Callable[..., Reader]) -> None:
    page = broken(ConflictOfInterest(why_zh="调查人不得审核", why_en="No", source="行政处罚法 58"))

    assert page.status == 403
    assert "调查人不得审核（行政处罚法 58）" in page.text


def test_what_the_procedure_does_not_allow_is_no_race_that_was_lost(broken: Callable[..., Reader]) -> None:
    page = broken(NotPossible("The procedure does not wait for this now."), {"reason": "写了很久的理由"})

    assert (page.status, page.heading) == (409, "程序不允许")
    assert "写了很久的理由" in page.text


def test_nobody_is_given_back_what_a_stranger_posted(broken: Callable[..., Reader]) -> None:
    page = broken(ZeroDivisionError(), {"reason": "别人写的很长的理由"}, elsewhere=True)

    assert "别人写的" not in page.answer.text


def test_an_address_that_only_takes_what_is_posted_leads_on(broken: Callable[..., Reader]) -> None:
    page = broken(ZeroDivisionError()).open("/sign-out")

    assert page.status == 405
    assert page.link("去工作台") == "/"


@pytest.fixture
def broken(application: Application) -> Callable[..., Reader]:
    """Opens a page that raises an error; with fields, posts them to it."""
    raising: list[Exception] = []

    @open_to("signed-in")
    def fail() -> str:
        raise raising[0]

    for method in ("GET", "POST"):
        application.flask.add_url_rule("/broken", f"pages.broken.{method}", fail, methods=[method])
    identity.seal(application.flask)

    def open_(error: Exception, fields: dict[str, str] | None = None, *, elsewhere: bool = False) -> Reader:
        raising[:] = [error]
        reader = Reader(application, "clerk", forgiving=True)
        if fields is None:
            return reader.open("/broken")
        token = ("csrf_token", dict(reader.form("退出登录").form_values())["csrf_token"])
        site = "cross-site" if elsewhere else OURS["Sec-Fetch-Site"]
        return reader.post("/broken", [token, *fields.items()], Sec_Fetch_Site=site)

    return open_
