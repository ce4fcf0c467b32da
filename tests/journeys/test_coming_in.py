"""Coming in: by browser and by token, and being kept out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from api import accounts
from api.unit_of_work import Asking
from tests.journeys.visitors import Visitor
from wenze.application import Application
from wenze.clock import MovableClock
from workflows import ledger
from workflows.acting import CLOCK
from workflows.records import LedgerEntry

Visitors = Callable[..., Visitor]


def test_a_browser_signs_in_and_is_known_by_its_cookie(visitor: Visitors) -> None:
    clerk = visitor("clerk", browser=True)

    me = clerk.get("/session").json

    assert (me["login"], me["name"]) == ("clerk", "林晓雯")
    assert [role["role"] for role in me["roles"]] == ["intake_clerk"]


def test_the_cookie_is_kept_from_scripts_and_strangers(visitor: Visitors) -> None:
    answer = visitor().post("/session", {"login": "clerk", "password": Visitor.password})

    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_machine_is_known_by_its_token(visitor: Visitors) -> None:
    assert visitor("clerk").get("/session").json["login"] == "clerk"


def test_nobody_is_told_to_sign_in(visitor: Visitors) -> None:
    answer = visitor().get("/session")

    assert (answer.status_code, answer.json["code"]) == (401, "not_signed_in")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("login", ["clerk", "nobody.of.this.name"])
def test_a_wrong_password_and_an_unknown_login_sound_the_same(visitor: Visitors, login: str) -> None:
    answer = visitor().post("/session", {"login": login, "password": "wrong password"})

    assert (answer.status_code, answer.json["code"]) == (401, "sign_in_failed")
    assert answer.json["detail"] == "登录名或密码不正确。"


@pytest.mark.parametrize("login", ["clerk", "nobody.of.this.name"])
def test_after_ten_failures_signing_in_pauses_even_with_the_right_password(visitor: Visitors, login: str) -> None:
    guesser = visitor()
    for _ in range(10):
        guesser.post("/session", {"login": login, "password": "wrong password"})

    answer = guesser.post("/session", {"login": login, "password": Visitor.password})

    assert (answer.status_code, answer.json["code"]) == (429, "sign_in_paused")
    assert 0 < int(answer.headers["Retry-After"]) <= 15 * 60


def test_failed_sign_ins_are_told_at_the_next_good_one(visitor: Visitors) -> None:
    somebody = visitor()
    somebody.post("/session", {"login": "clerk", "password": "wrong password"})

    assert somebody.sign_in("clerk").json["failed_before"] == 1
    assert somebody.sign_in("clerk").json["failed_before"] == 0


def test_a_login_is_the_same_however_it_is_typed(visitor: Visitors) -> None:
    assert visitor().sign_in(" CLERK ").status_code == 201


def test_a_session_ends_by_itself(visitor: Visitors, clock: MovableClock) -> None:
    clerk = visitor("clerk", browser=True)
    clock.move(timedelta(hours=10))

    answer = clerk.get("/session")

    assert (answer.status_code, answer.json["code"]) == (401, "session_expired")


def test_who_signs_out_is_out_even_with_a_copy_of_the_cookie(visitor: Visitors, application: Application) -> None:
    clerk = visitor("clerk", browser=True)
    copied = clerk._client.get_cookie("wenze").value

    assert clerk.delete("/session").status_code == 204

    thief = visitor()
    thief._client.set_cookie("wenze", copied)
    assert thief.get("/session").json["code"] == "session_expired"


def test_a_change_by_cookie_needs_the_csrf_token(visitor: Visitors) -> None:
    clerk = visitor("clerk", browser=True)
    del clerk.headers["X-CSRF-Token"]

    answer = clerk.post("/tokens", {"name": "export"})

    assert (answer.status_code, answer.json["code"]) == (403, "csrf_token_missing")


def test_the_csrf_token_of_another_session_does_not_count(visitor: Visitors) -> None:
    clerk, legal = visitor("clerk", browser=True), visitor("legal", browser=True)
    clerk.headers["X-CSRF-Token"] = legal.headers["X-CSRF-Token"]

    assert clerk.post("/tokens", {"name": "export"}).json["code"] == "csrf_token_missing"


def test_a_token_made_in_the_browser_lets_a_machine_in_until_it_expires(visitor: Visitors, clock: MovableClock) -> None:
    made = visitor("clerk", browser=True).post("/tokens", {"name": "export", "days": 7})
    machine = visitor()
    machine.headers["Authorization"] = f"Bearer {made.json['secret']}"

    assert machine.get("/session").json["login"] == "clerk"
    clock.move(timedelta(days=7))
    assert machine.get("/session").json["code"] == "token_not_valid"


def test_a_revoked_token_is_refused_from_the_next_request_on(visitor: Visitors) -> None:
    clerk = visitor("clerk", browser=True)
    made = clerk.post("/tokens", {"name": "export"}).json
    machine = visitor()
    machine.headers["Authorization"] = f"Bearer {made['secret']}"

    assert clerk.delete(f"/tokens/{made['id']}").status_code == 204

    assert machine.get("/session").json["code"] == "token_not_valid"
    assert made["id"] not in [token["id"] for token in clerk.get("/tokens").json["items"]]


def test_a_token_cannot_make_another_one(visitor: Visitors) -> None:
    answer = visitor("clerk").post("/tokens", {"name": "grandchild"})

    assert (answer.status_code, answer.json["code"]) == (403, "role_missing")


def test_nobody_revokes_the_token_of_another(visitor: Visitors) -> None:
    made = visitor("clerk", browser=True).post("/tokens", {"name": "export"}).json

    assert visitor("legal", browser=True).delete(f"/tokens/{made['id']}").status_code == 404


def test_a_changed_password_ends_every_session_and_token(visitor: Visitors) -> None:
    here, elsewhere, machine = visitor("clerk", browser=True), visitor("clerk", browser=True), visitor("clerk")

    answer = here.put("/password", {"old": Visitor.password, "new": "a new password"})

    assert answer.status_code == 204
    assert elsewhere.get("/session").json["code"] == "session_expired"
    assert machine.get("/session").json["code"] == "token_not_valid"
    assert visitor().sign_in("clerk", "a new password").status_code == 201
    assert visitor().sign_in("clerk").status_code == 401


@pytest.mark.parametrize(
    ("old", "new", "status", "code"),
    [
        ("wrong password", "a new password", 401, "sign_in_failed"),
        (None, "short", 422, "password_length"),
        (None, None, 422, "unchanged"),
    ],
)
def test_a_password_is_not_changed_to_something_useless(
    visitor: Visitors, old: str | None, new: str | None, status: int, code: str
) -> None:
    given = {"old": old or Visitor.password, "new": new or Visitor.password}

    answer = visitor("clerk", browser=True).put("/password", given)

    assert answer.status_code == status
    assert code in (answer.json["code"], *(field["code"] for field in answer.json.get("errors", ())))


def test_a_disabled_account_is_out_from_the_next_request_on(visitor: Visitors, application: Application) -> None:
    browser, machine = visitor("clerk", browser=True), visitor("clerk")
    _do(application, lambda acting: accounts.disable(acting, "clerk"))

    assert browser.get("/session").json["code"] == "account_disabled"
    assert machine.get("/session").json["code"] == "account_disabled"
    assert visitor().sign_in("clerk").json["code"] == "sign_in_failed"


def test_every_coming_and_going_is_in_the_ledger(visitor: Visitors, application: Application) -> None:
    clerk = visitor("clerk", browser=True)
    clerk.post("/session", {"login": "clerk", "password": "wrong password"})
    clerk.delete("/session")

    with application.ground.database.reading() as session:
        acts = session.scalars(select(LedgerEntry.act).order_by(LedgerEntry.id)).all()
        assert ledger.verify(session, ledger.HOUSE).holds
    assert acts[-3:] == ["session.begun", "session.refused", "session.ended"]


def test_no_secret_is_kept_that_could_be_used(visitor: Visitors, application: Application) -> None:
    made = visitor("clerk", browser=True).post("/tokens", {"name": "export"}).json["secret"]

    with application.ground.database.reading() as session:
        for table in (accounts.Account, accounts.BearerToken, accounts.BrowserSession):
            for row in session.query(table):
                kept = [str(value) for value in vars(row).values()]
                assert not any(made in value or Visitor.password in value for value in kept)


def _do(application: Application, verb: Callable[..., None]) -> None:
    application.ground.unit_of_work.run(verb, Asking(by=CLOCK, now=application.ground.clock.now()))
