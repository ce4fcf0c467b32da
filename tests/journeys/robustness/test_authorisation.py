"""Every door, tried by everybody. What is expected follows from the doors the routes declare, from the roles of the release and
from where the case stands; a route that is added later is tried as well.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from api import accounts, identity
from api.unit_of_work import Asking
from tests.journeys.premises import CHEAP
from tests.journeys.robustness.doors import LENGTH, Door, sound
from tests.journeys.robustness.precinct import Precinct, Somebody
from tests.journeys.visitors import Visitor
from wenze.application import Application
from wenze.clock import MovableClock
from workflows import people
from workflows.acting import CLOCK, Acting

Maker = Callable[[], tuple[Application, MovableClock]]
OPEN = ("everybody", "anyone", "calendar")
"""Opened without a way in of a person: `calendar` by a secret of its own in the address."""
OF_A_CASE = {"case_id", "task_id", "clock_id", "value_id", "party_id", "evidence_id"}
"""Arguments of an address that name something of a case."""

ASKING = (".ask", ".hand_in")
"""Endpoints of pages with a form: shown where the person may do what it asks for."""


# --- at the door ------------------------------------------------------------------------------------------------------


def test_who_is_not_signed_in_gets_nothing_but_open_doors(precinct: Precinct) -> None:
    for door in precinct.doors:
        if door.openness in OPEN:
            continue
        answer = precinct.doors.knock(door, precinct.mine)
        # What a page of a stranger can make a browser send is not even asked who sent it.
        if door.changes and answer.request.mimetype in identity.FORMS:
            kept_out(door, answer, 403, "csrf_token_missing")
        else:
            kept_out(door, answer, 401, "not_signed_in")
        assert sound(door, answer, precinct.mine) == unheard(precinct, door, {}), door


def test_an_open_door_tells_who_is_not_signed_in_nothing_of_a_case(precinct: Precinct) -> None:
    for door in precinct.doors:
        if door.openness in OPEN:
            said = precinct.doors.knock(door, precinct.mine).get_data(as_text=True)
            assert not any(value in said for value in precinct.mine.values() if len(value) == LENGTH), door


@pytest.mark.parametrize("how", ["disabled", "revoked", "expired", "password changed", "unknown"])
def test_a_token_that_no_longer_counts_opens_no_door(precinct: Precinct, outcast: Outcast, how: str) -> None:
    headers = outcast.machine(how)
    for door in precinct.doors:
        if door.openness not in OPEN:
            status, code = (403, "account_disabled") if how == "disabled" else (401, "token_not_valid")
            kept_out(door, precinct.doors.knock(door, precinct.mine, headers), status, code)


@pytest.mark.parametrize("how", ["disabled", "signed out", "expired", "password changed"])
def test_a_session_that_no_longer_counts_opens_no_door(precinct: Precinct, outcast: Outcast, how: str) -> None:
    cookie, headers = outcast.browser(how)
    for door in precinct.doors:
        if door.openness not in OPEN:
            client = precinct.application.flask.test_client()
            client.set_cookie("wenze", cookie)
            status, code = (403, "account_disabled") if how == "disabled" else (401, "session_expired")
            kept_out(door, precinct.doors.knock(door, precinct.mine, headers, client), status, code)


@pytest.mark.parametrize("token", [None, "of another browser"])
def test_nothing_is_changed_by_a_browser_that_does_not_send_its_own_csrf_token(
    precinct: Precinct, outcast: Outcast, token: str | None
) -> None:
    headers = {"X-CSRF-Token": Visitor(precinct.application, "clerk", browser=True).headers["X-CSRF-Token"]}
    client = precinct.application.flask.test_client()
    client.set_cookie("wenze", outcast.browser("signed in")[0])
    for door in precinct.doors:
        if door.changes:
            answer = precinct.doors.knock(door, precinct.mine, headers if token else {}, client)
            kept_out(door, answer, 403, "csrf_token_missing")
    assert client.get("/api/v1/session").status_code == 200


def test_a_door_for_staff_or_for_roles_is_closed_to_everybody_else(precinct: Precinct) -> None:
    for door in precinct.doors:
        if door.openness in (*OPEN, "signed-in"):
            continue
        for who in precinct.everybody:
            answer = precinct.doors.knock(door, precinct.mine, who.headers)
            meant = who.role is not None and (door.openness == "staff" or who.role in door.openness)
            if meant:
                assert answer.status_code not in (401, 403), (door, who)
            else:
                kept_out(door, answer, 403, "role_missing")


# --- behind the door --------------------------------------------------------------------------------------------------


def test_who_has_no_part_in_a_case_cannot_tell_it_from_one_that_does_not_exist(precinct: Precinct) -> None:
    seeing, ending = sees(precinct), precinct.roles.that_may("case.end")
    administering = precinct.roles.that_may("house.administer")
    nothing: dict[Any, tuple[int, str, str]] = {}
    version = precinct.bureau.file()["version"]
    for door in precinct.doors:
        if not door.arguments & OF_A_CASE or door.openness in OPEN:
            continue
        for who in precinct.everybody:
            asks_for_the_end = door.endpoint.startswith(("cases.act", "clocks.")) and who.here and who.role in ending
            # An administrator repairs proceedings and passes on what other systems say, in cases that are not theirs to read.
            repairs = door.endpoint in ("cases.move", "cases.tell") and who.role in administering
            if who in seeing or asks_for_the_end or repairs:
                continue
            there = precinct.doors.knock(door, precinct.mine, who.headers)
            assert there.status_code in (403, 404), (door, who, there.get_data(as_text=True))
            # A page bears the name of who reads it; what a machine is told is the same for everybody, but for the door.
            alike = (door, who if door.of_pages else who.role is None)
            if alike not in nothing:
                nothing[alike] = unheard(precinct, door, who.headers)
            assert sound(door, there, precinct.mine) == nothing[alike], (door, who)
    assert precinct.bureau.file()["version"] == version


def test_who_has_a_part_in_a_case_reads_all_of_its_file(precinct: Precinct) -> None:
    seeing = sees(precinct)
    assert {who.login for who in seeing} == {"clerk", "supervision_body.here", "supervisor.here"}
    for door in precinct.doors:
        of_the_file = door.arguments & OF_A_CASE and "matters." not in door.endpoint
        if of_the_file and not door.changes and not door.endpoint.endswith(ASKING):
            for who in seeing:
                assert precinct.doors.knock(door, precinct.mine, who.headers).status_code == 200, (door, who)


def test_something_of_another_case_is_not_found_in_this_one(precinct: Precinct) -> None:
    for door in precinct.doors:
        if len(door.arguments & OF_A_CASE) < 2:
            continue
        for who in sees(precinct):
            parts = door.arguments & OF_A_CASE - {"case_id"}
            other = precinct.mine | {name: precinct.other[name] for name in parts}
            nowhere = precinct.nowhere(*parts)
            there = precinct.doors.knock(door, other, who.headers)
            assert there.status_code in (403, 404, 409), (door, who, there.get_data(as_text=True))
            silence = precinct.doors.knock(door, nowhere, who.headers)
            assert sound(door, there, other) == sound(door, silence, nowhere), (door, who)


def test_a_matter_is_open_to_its_party_alone_and_only_once_they_were_told(precinct: Precinct) -> None:
    (door,) = [door for door in precinct.doors if door.endpoint == "matters.matter"]
    for who in precinct.everybody:
        assert precinct.doors.knock(door, precinct.mine, who.headers).status_code == 404, who


def test_the_token_of_another_sounds_like_none(precinct: Precinct) -> None:
    for door in precinct.doors:
        if "token_id" in door.arguments:
            for who in precinct.everybody:
                if who.login != "clerk":
                    there = precinct.doors.knock(door, precinct.mine, who.headers)
                    assert there.status_code == 404
                    assert sound(door, there, precinct.mine) == unheard(precinct, door, who.headers)


def test_a_case_is_opened_by_those_alone_whose_role_registers_clues_for_that_organ(precinct: Precinct) -> None:
    opening = precinct.roles.that_may("case.open")
    body = {"unit_id": precinct.bureau.unit, "kind": "liability", "title": "逾期", "answers": {}}
    for who in precinct.everybody:
        answer = precinct.application.flask.test_client().post("/api/v1/cases", json=body, headers=who.headers)
        expected = "invalid_input" if who.here and who.role in opening else "not_allowed"
        assert answer.json["code"] == expected, who


# --- in lists ---------------------------------------------------------------------------------------------------------


def test_no_list_shows_what_the_single_reading_refuses(late: Precinct) -> None:
    client, seen = late.application.flask.test_client(), set()
    for who in late.everybody:
        for door in late.doors:
            if door.changes or door.arguments or door.openness in OPEN or door.of_pages:
                continue
            answer = late.doors.knock(door, {}, who.headers)
            for kind, found in named(door, answer):
                one = [client.get(f"/api/v1/{kind}/{found}", headers=who.headers).status_code]
                if kind == "cases":
                    one.append(client.get(f"/api/v1/matters/{found}", headers=who.headers).status_code)
                assert 200 in one, (door, who, kind)
                seen.add((door.endpoint, kind))
    assert {("cases.cases", "cases"), ("tasks.my_tasks", "tasks"), ("matters.notices", "cases")} <= seen


def test_no_page_links_to_what_is_refused(late: Precinct) -> None:
    client, followed = late.application.flask.test_client(), {who: set[str]() for who in late.everybody}
    for who in late.everybody:
        for door in late.doors:
            if door.changes or door.arguments or door.openness in OPEN or not door.of_pages:
                continue
            page = client.get(late.doors.address(door, {}), headers=who.headers, follow_redirects=True)
            assert page.status_code in (200, 403), (door, who)
            for address in set(re.findall(r'href="(/[^"#]*)"', page.get_data(as_text=True))) - followed[who]:
                followed[who].add(address)
                if address.startswith(("/static/", "/language/")):
                    continue
                with client.get(address.replace("&amp;", "&"), headers=who.headers) as answer:
                    assert answer.status_code < 400, (door, who, address)
    assert f"/tasks/{late.mine['task_id']}" in set().union(*followed.values())


# --- who and what -----------------------------------------------------------------------------------------------------


def kept_out(door: Door, answer: TestResponse, status: int, code: str) -> None:
    """Refused at the door: machines with the code, people with the page where they sign in, or one that says why."""
    if not door.of_pages:
        assert (answer.status_code, answer.json["code"]) == (status, code), (door, answer.get_data(as_text=True))
    elif answer.status_code == 302:
        assert answer.location.startswith("/sign-in"), (door, answer.location)
    else:
        assert answer.status_code in (401, 403), (door, answer.status_code)


def unheard(precinct: Precinct, door: Door, headers: Mapping[str, str]) -> tuple[int, str, str]:
    """How it sounds when there is nothing behind the door."""
    nowhere = precinct.nowhere()
    return sound(door, precinct.doors.knock(door, nowhere, headers), nowhere)


def sees(precinct: Precinct) -> list[Somebody]:
    """Who may open the file of the cases, which have just been registered by the clerk: she, who is to act next, who oversees.
    Never who is concerned, or related to somebody who is.
    """
    waiting = {task["role"] for task in precinct.bureau.file()["tasks"] if task["state"] == "open"}
    roles = waiting | precinct.roles.that_may("case.oversee")
    return [
        who
        for who in precinct.everybody
        if (who.here and who.role in roles and who.login != "relative") or who.login == "clerk"
    ]


def named(door: Door, answer: TestResponse) -> set[tuple[str, str]]:
    """What a list names that has a reading of its own: cases wherever they are named, tasks on the desk."""
    if answer.status_code != 200:
        return set()
    found: set[tuple[str, str]] = set()

    def look_through(value: Any) -> None:
        if isinstance(value, dict):
            found.update(("cases", each) for name, each in value.items() if name == "case_id")
            found.update(("tasks", each) for name, each in value.items() if name == "task_id")
            for each in value.values():
                look_through(each)
        elif isinstance(value, list):
            for each in value:
                look_through(each)

    look_through(answer.json)
    if door.endpoint in ("cases.cases", "tasks.my_tasks"):
        found.update((door.rule.rpartition("/")[2], line["id"]) for line in answer.json["items"])
    return found


NUMBERS = itertools.count(1)


class Outcast:
    """Somebody who could come in once."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def machine(self, how: str) -> dict[str, str]:
        """Headers with a token that no longer counts."""
        login = self._hired()
        headers = dict(Visitor(self._application, login).headers)
        if how == "unknown":
            return {"Authorization": headers["Authorization"] + "x"}
        self._do(lambda acting: self._cast_out(acting, login, how))
        return headers

    def browser(self, how: str) -> tuple[str, dict[str, str]]:
        """The cookie of a browser whose session no longer counts, and the CSRF token it had."""
        login = self._hired()
        visitor = Visitor(self._application, login, browser=True)
        copied = visitor._client.get_cookie("wenze").value
        if how == "signed out":
            visitor.delete("/session")
        elif how != "signed in":
            self._do(lambda acting: self._cast_out(acting, login, how))
        return copied, dict(visitor.headers)

    def _cast_out(self, acting: Acting, login: str, how: str) -> None:
        account = accounts.of_login(acting.session, login)
        tokens = accounts.tokens_of(acting.session, account.id)
        sessions = acting.session.query(accounts.BrowserSession).filter_by(account_id=account.id)
        match how:
            case "disabled":
                accounts.disable(acting, login)
            case "revoked":
                accounts.revoke_token(acting, account.id, tokens[0].id)
            case "expired":
                for one in (*tokens, *sessions):
                    one.expires_at = acting.now
            case "password changed":
                accounts.set_password(acting, login, CHEAP.hash("another password"))

    def _hired(self) -> str:
        login = f"outcast{next(NUMBERS)}"

        def work(acting: Acting) -> None:
            unit = people.units(acting.session)[0]
            person = people.add_person(acting, name="孙某", unit_id=unit.id, roles=["supervision_body"])
            accounts.add(acting, person_id=person.id, login=login, password=CHEAP.hash(Visitor.password))

        self._do(work)
        return login

    def _do(self, verb: Callable[[Acting], None]) -> None:
        ground = self._application.ground
        ground.unit_of_work.run(verb, Asking(by=CLOCK, now=ground.clock.now()))


@pytest.fixture
def outcast(precinct: Precinct) -> Outcast:
    return Outcast(precinct.application)


@pytest.fixture(scope="module")
def late(make: Maker) -> Precinct:
    """Later: limits have passed, and people were told."""
    precinct = Precinct(*make())
    precinct.clock.move(timedelta(days=20))
    precinct.application.sweeper.sweep()
    return precinct


@pytest.fixture(scope="module")
def precinct(make: Maker) -> Precinct:
    return Precinct(*make())
