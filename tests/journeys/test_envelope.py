"""What every answer has in common, and what is refused before anybody looks at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.journeys.premises import BEGINNING, CHEAP, LAW
from tests.journeys.visitors import Visitor
from wenze.application import Application, create_app
from wenze.clock import MovableClock
from wenze.settings import Settings

Visitors = Callable[..., Visitor]


@pytest.mark.parametrize("path", ["/session", "/nothing/here", "/openapi.json"])
def test_every_answer_carries_the_security_headers_once(visitor: Visitors, path: str) -> None:
    headers = visitor().get(path).headers

    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe-eval" not in headers["Content-Security-Policy"]
    assert headers.getlist("X-Content-Type-Options") == ["nosniff"]
    assert headers["Cache-Control"] == "no-store"
    assert "Server" not in headers


def test_every_answer_names_its_request_and_strangers_do_not_choose_the_name(visitor: Visitors) -> None:
    answer = visitor().get("/nothing", X_Request_Id="chosen-by-me")

    assert answer.headers["X-Request-Id"] in answer.json["instance"]
    assert answer.headers["X-Request-Id"] != "chosen-by-me"


@pytest.mark.parametrize(("given", "kept"), [("from-the-proxy-1", True), ("<script>", False), ("x" * 65, False)])
def test_a_proxy_of_ours_names_requests_if_it_does_so_properly(proxied: Application, given: str, kept: bool) -> None:
    answer = Visitor(proxied).get("/nothing", X_Request_Id=given)

    assert (answer.headers["X-Request-Id"] == given) is kept


def test_over_https_cookies_and_answers_say_so(proxied: Application) -> None:
    answer = Visitor(proxied).post("/session", {"login": "clerk", "password": Visitor.password})

    assert answer.headers["Set-Cookie"].startswith("__Host-wenze=")
    assert "Secure" in answer.headers["Set-Cookie"]
    assert answer.headers["Strict-Transport-Security"]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing/here", 404, "not_found"),
        ("PATCH", "/session", 405, "method_not_allowed"),
        ("DELETE", "/tokens/not-an-id", 404, "not_found"),
        ("DELETE", "/tokens/" + "0" * 32, 404, "not_found"),
    ],
)
def test_an_address_that_is_none_is_told_as_a_problem(
    visitor: Visitors, method: str, path: str, status: int, code: str
) -> None:
    clerk = visitor("clerk")

    answer = clerk._client.open("/api/v1" + path, method=method, headers=clerk.headers)

    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.json["code"] == code


@pytest.mark.parametrize(
    ("raw", "media_type", "status", "code"),
    [
        (b"{}", "application/xml", 415, "type_not_accepted"),
        (b"{}", "text/plain", 403, "csrf_token_missing"),
        (b"login=clerk", "application/x-www-form-urlencoded", 403, "csrf_token_missing"),
        (b"", "application/json", 400, "body_not_readable"),
        (b"[]", "application/json", 400, "body_not_readable"),
        (b'{"login":"clerk","login":"legal","password":"x"}', "application/json", 400, "body_not_readable"),
        (b'{"login":"clerk","password":"x"} ' + b" " * 2_097_152, "application/json", 413, "body_too_large"),
        (b'{"login":"clerk"}', "application/json", 422, "invalid_input"),
        (b'{"login":"clerk","password":"x","role":"admin"}', "application/json", 422, "invalid_input"),
        (b'{"login":"clerk","password":7}', "application/json", 422, "invalid_input"),
        (b'{"login":"cl\\u0000erk","password":"x"}', "application/json", 422, "invalid_input"),
        (b'{"login":"clerk","password":"' + b"x" * 1_000_000 + b'"}', "application/json", 422, "invalid_input"),
    ],
)
def test_a_body_that_is_none_is_told_as_a_problem(
    visitor: Visitors, raw: bytes, media_type: str, status: int, code: str
) -> None:
    answer = visitor().send("/session", raw, media_type)

    assert (answer.status_code, answer.json["code"]) == (status, code)


def test_every_field_to_put_right_is_told_in_both_languages(visitor: Visitors) -> None:
    body = {"login": "", "days": 3}

    chinese, english = visitor().post("/session", body), visitor().post("/session", body, Accept_Language="en")

    assert {(field["path"], field["code"]) for field in english.json["errors"]} == {
        ("login", "text_length"),
        ("password", "required"),
        ("days", "unknown_field"),
    }
    told = {field["path"]: field["message"] for field in chinese.json["errors"]}
    assert told == {"login": "须为 1 至 64 个字符。", "password": "此项必填。", "days": "没有此项。"}


def test_measures_are_for_the_neighbourhood_only(application: Application) -> None:
    client = application.flask.test_client()

    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "203.0.113.7"}).status_code == 404


def test_measures_hold_routes_and_never_addresses(visitor: Visitors, application: Application) -> None:
    visitor("clerk").delete("/tokens/" + "0" * 32)

    measured = application.flask.test_client().get("/metrics").get_data(as_text=True)
    assert 'route="/api/v1/tokens/<id:token_id>"' in measured
    assert "0" * 32 not in measured


def test_it_is_not_ready_without_a_clock_and_ready_after_a_sweep(application: Application, clock: MovableClock) -> None:
    client = application.flask.test_client()
    assert client.get("/readyz").json["checks"]["clock"] == "stands still"

    application.sweeper.sweep()

    assert client.get("/readyz").json == {
        "status": "ok",
        "checks": {"database": "ok", "law": "ok", "clock": "ok"},
    }


@pytest.fixture
def proxied(built: object, settings: Settings, tmp_path: Path) -> Iterator[Application]:
    """Behind one proxy of ours that speaks HTTPS."""
    made = create_app(
        replace(settings, proxies=1, secure_cookies=True), clock=MovableClock(BEGINNING), passwords=CHEAP, releases=LAW
    )
    yield made
    made.close()
