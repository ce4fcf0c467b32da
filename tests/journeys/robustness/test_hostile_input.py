"""What a stranger, a broken program or a spiteful colleague may send: each is told what is wrong with it, in which field, and
nothing is changed by it. What may be kept is kept exactly.
"""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.casework import answering
from tests.journeys.bureau import Bureau, Casefile, right
from tests.journeys.robustness.everything import everything
from tests.journeys.visitors import Visitor
from wenze.application import Application
from wenze.clock import MovableClock

MEGABYTE = 1_000_000
RARE = "𠮷𤭢𪚥𫝆𫠠𬺡𮯠𰻞𱁬㐂\U00031350\U0002ebf0⿰亻𠀀"
"""Names of people hold characters of every extension, some that this Python does not know, and some written as two."""
ANSWERS = "answers"


# --- bodies -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Attack:
    """Something sent, and what must be answered: the status, the code of the problem, and the fields with their codes."""

    send: Callable[[Bureau], TestResponse]
    status: int
    code: str
    fields: tuple[tuple[str, str], ...] = ()


def clue(field: str, code: str, **answers: Any) -> Attack:
    """A clue with one wrong answer."""
    return Attack(lambda bureau: register(bureau, **answers), 422, "invalid_input", ((field, code),))


def raw(body: bytes, status: int = 400, code: str = "body_not_readable", *fields: tuple[str, str]) -> Attack:
    """Bytes in the place of a clue."""
    return Attack(lambda bureau: bureau.as_("登记员甲").send("/cases", body), status, code, fields)


def within(value: str) -> bytes:
    """The body of a clue whose facts are this JSON text."""
    return b'{"unit_id":"%s","kind":"liability","title":"x","answers":{"facts":%s}}' % (b"0" * 32, value.encode())


def register(bureau: Bureau, *, title: str = "处罚决定逾期", **answers: Any) -> TestResponse:
    """Register a clue."""
    body = {"unit_id": bureau.unit, "kind": "liability", "title": title, "answers": answering.clue(bureau, **answers)}  # type: ignore[arg-type]
    return bureau.as_("登记员甲").post("/cases", body)


def nested(depth: int) -> Any:
    """A list in a list in a list."""
    value: Any = "x"
    for _ in range(depth):
        value = [value]
    return value


ATTACKS: dict[str, Attack] = {
    "a text of a megabyte": clue("answers.facts", "too_long", facts="x" * MEGABYTE),
    "a name of a megabyte": clue("answers.object_unit", "too_long", object_unit="x" * MEGABYTE),
    "a title of a megabyte": Attack(
        lambda bureau: register(bureau, title="x" * MEGABYTE), 422, "invalid_input", (("title", "text_length"),)
    ),
    "a field whose name is a megabyte": clue("answers.…", "unknown_field", **{"x" * MEGABYTE: 1}),
    "a field with a strange name": clue("answers.…", "unknown_field", **{"<script>alert(1)</script>": 1}),
    "a hundred thousand rows": clue("answers.object_persons", "too_many", object_persons=[{"name": "x"}] * 100_000),
    "a list of a hundred thousand numbers": clue("answers.facts", "wrong_type", facts=list(range(100_000))),
    "deep within the limit": clue("answers.facts", "wrong_type", facts=nested(25)),
    "deep beyond the limit": raw(within("[" * 40 + "]" * 40)),
    "deep beyond all measure": raw(within("[" * 500_000 + "]" * 500_000)),
    "deep objects": raw(within('{"a":' * 100_000 + "1" + "}" * 100_000)),
    "a name given twice": raw(within('{"a":1,"a":2}')),
    "NaN": raw(within("NaN")),
    "Infinity": raw(within("-Infinity")),
    "a number beyond all numbers": raw(within("1e999"), 422, "invalid_input", ("answers.facts", "number_too_large")),
    "a number of a million digits": raw(
        within("9" * MEGABYTE), 422, "invalid_input", ("answers.facts", "number_too_large")
    ),
    "the NUL character": clue("answers.facts", "character_not_allowed", facts="a\0b"),
    "the NUL character in a name": clue("answers", "character_not_allowed", **{"a\0b": 1}),
    "half a character": raw(within('"\\ud842"'), 422, "invalid_input", ("answers.facts", "character_not_allowed")),
    "the other half": raw(within('"\\udfb7\\ud842"'), 422, "invalid_input", ("answers.facts", "character_not_allowed")),
    "half a character in bytes": raw(within('"').removesuffix(b"}}") + b'\xed\xa1\x82"}}'),
    "Latin-1": raw('{"title":"é"}'.encode("latin-1")),
    "UTF-16": raw('{"title":"x"}'.encode("utf-16")),
    "a mark of byte order": raw(b"\xef\xbb\xbf{}"),
    "two documents": raw(b"{}{}"),
    "nothing": raw(b""),
    "a body beyond the limit": raw(b'{"title":"' + b"x" * 2_100_000 + b'"}', 413, "body_too_large"),
    "no date": clue("answers.received_at", "not_a_date", received_at="yesterday"),
    "a day that does not exist": clue("answers.received_at", "not_a_date", received_at="2026-02-30"),
    "a month that does not exist": clue("answers.received_at", "not_a_date", received_at="2026-13-01"),
    "the year nought": clue("answers.received_at", "not_a_date", received_at="0000-01-01"),
    "a date in other digits": clue("answers.received_at", "not_a_date", received_at="２０２６-03-01"),
    "a date as a number": clue("answers.received_at", "not_a_date", received_at=20260301),
    "a moment for a date": clue("answers.received_at", "not_a_date", received_at="2026-03-01T00:00:00+08:00"),
    "a date in the future": clue("answers.received_at", "in_future", received_at="2026-03-03"),
    "the last date of all": clue("answers.received_at", "year_unknown", received_at="9999-12-31"),
    "a truth as text": clue("answers.urgent", "wrong_type", urgent="true"),
    "a truth as a number": clue("answers.urgent", "wrong_type", urgent=1),
    "an amount below nought": clue("answers.harm_amount", "too_small", harm_amount=-1),
    "an amount as text": clue("answers.harm_amount", "wrong_type", harm_amount="7"),
    "a choice that is none": clue("answers.secrecy", "not_an_option", secrecy="TOP"),
    "rows that are no rows": clue("answers.object_persons", "wrong_type", object_persons={"name": "x"}),
    "a row that is none": clue("answers.object_persons.0", "wrong_type", object_persons=["x"]),
    "an answer that was not asked": clue("answers.complainant_name", "not_asked", complainant_name="x"),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_what_cannot_be_taken_is_told_with_its_field_and_changes_nothing(opened: Bureau, name: str) -> None:
    attack, before = ATTACKS[name], everything(opened.application)

    answer = attack.send(opened)

    told = answer.json
    assert (answer.status_code, told["code"]) == (attack.status, attack.code), told
    assert tuple((field["path"], field["code"]) for field in told.get("errors", ())) == attack.fields, told
    assert all(field["message"] for field in told.get("errors", ()))
    assert len(answer.data) < 4_000
    assert everything(opened.application) == before


# --- what is kept is kept exactly -------------------------------------------------------------------------------------


def test_rare_characters_are_kept_exactly_wherever_a_person_may_write(bureau: Bureau) -> None:
    written = {
        "title": f"关于{RARE}的线索",
        "facts": f"第一行{RARE}\n第二行",
        "object_unit": f"{RARE}局",
        "object_persons": [{"name": RARE, "post": RARE}],
        "anonymous": False,
        "complainant_name": RARE,
        "complainant_contact": RARE,
    }
    bureau.case_id = right(register(bureau, **written))["case_id"]
    item = right(bureau.hand_in("登记员甲", name=f"{RARE}.pdf", note=RARE))
    task = bureau.task("decide_acceptance", "监督员乙")
    right(bureau.as_("督办员午").post(f"/tasks/{task['id']}/urging", {"reason": f"请尽快办理：{RARE}"}))

    file, clerk = bureau.file(), bureau.as_("登记员甲")
    assert file["title"] == written["title"]
    assert {party["name"] for party in file["parties"]} == {f"{RARE}局", RARE}
    assert (item["name"], file["evidence"][0]["proves"]) == (f"{RARE}.pdf", RARE)
    registered = next(line for line in file["tasks"] if line["form_key"] == "F-CLUE")
    assert right(clerk.get(f"/tasks/{registered['id']}"))["answers"]["facts"] == written["facts"]
    sealed = {each["field"]: each["id"] for each in file["protected"]}
    address = f"/cases/{bureau.case_id}/protected/{sealed['complainant_name']}/reading"
    assert right(clerk.post(address, {"reason": RARE}))["value"] == RARE
    history = right(bureau.as_("督办员午").get(f"/cases/{bureau.case_id}/history"))["items"]
    assert [entry["reason"] for entry in history[:2]] == [RARE, f"请尽快办理：{RARE}"]
    assert right(bureau.as_("督办员午").get(f"/cases/{bureau.case_id}/ledger"))["holds"]


# --- dates nobody knows yet -------------------------------------------------------------------------------------------


def test_a_limit_that_ends_in_a_year_without_a_calendar_is_provisional(
    application: Application, clock: MovableClock
) -> None:
    clock.move_to(datetime(2050, 12, 30, 4, tzinfo=UTC))
    bureau = Bureau(application, clock)
    Casefile(bureau).opened()

    (limit,) = bureau.file("监督员乙")["clocks"]
    assert limit["provisional"] is True
    assert limit["due"].startswith("2051-01")
    clock.move(timedelta(days=20))
    bureau.application.sweeper.sweep()
    (limit,) = bureau.file()["clocks"]
    assert (limit["state"], limit["fired_at"] is not None) == ("missed", True)


@pytest.mark.parametrize("begins", ["0001-01-01", "1899-12-31", "1900-01-01", "2014-12-31", "2100-12-31", "9999-12-31"])
def test_a_day_at_the_end_of_all_calendars_is_counted_or_refused(bureau: Bureau, begins: str) -> None:
    before = everything(bureau.application)

    asked = bureau.as_("登记员甲").get(f"/deadline-rules/T-LI-01/due?from={begins}")
    registered = register(bureau, received_at=begins)

    assert asked.status_code in (200, 404, 422), asked.json
    assert asked.status_code != 200 or asked.json["provisional"] is True
    assert registered.status_code in (409, 422), registered.json
    assert registered.json.get("detail") or registered.json.get("errors"), registered.json
    assert everything(bureau.application) == before


# --- files ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../../../etc/passwd.txt", "passwd.txt"),
        ("..\\\\..\\\\windows\\\\system.ini", "system.ini"),
        ("/etc/cron.d/job.txt", "job.txt"),
        ("C:\\\\决定书.txt", "决定书.txt"),
        ("file:///etc/passwd.txt", "passwd.txt"),
        ("a.txt\r\nX-Evil: 1", None),
        ("决定书\u202etxt.exe", None),
        ("a" * 10_000 + ".txt", "a" * 196 + ".txt"),
        ("決" * 300 + ".txt", "決" * 196 + ".txt"),
        (";rm -rf ~;.txt", ";rm -rf ~;.txt"),
        ("<img src=x onerror=alert(1)>.txt", "<img src=x onerror=alert(1)>.txt"),
        (f"{RARE}.txt", f"{RARE}.txt"),
    ],
)
def test_the_name_of_a_file_is_a_name_and_nothing_else(opened: Bureau, name: str, kept: str | None) -> None:
    before = everything(opened.application)

    answer = opened.hand_in("登记员甲", "文字".encode(), name)

    if kept is None:
        assert answer.status_code in (400, 422), answer.json
        assert everything(opened.application) == before
        return
    item = right(answer)
    assert item["name"] == kept
    read = opened.as_("监督员乙").get(f"/evidence/{item['evidence_id']}/content")
    assert read.headers["Content-Disposition"].startswith("attachment;")
    assert read.headers.get("X-Evil") is None


@pytest.mark.parametrize("name", ["附件.zip", "决定书.docx", "决定书.pdf"])
@pytest.mark.parametrize("bomb", ["of noughts", "of names", "of a name without end", "broken"])
def test_an_archive_that_would_burst_is_not_opened(opened: Bureau, name: str, bomb: str) -> None:
    before, content = everything(opened.application), BOMBS[bomb]()

    tracemalloc.start()
    answer = opened.hand_in("登记员甲", content, name)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most < 2 * len(content) + 100 * MEGABYTE
    if name == "附件.zip" and bomb in ("of noughts", "broken"):
        assert right(answer)["media_type"] == "application/zip"
    else:
        assert (answer.status_code, answer.json["errors"][0]["path"]) == (422, "file"), answer.json
        assert everything(opened.application) == before


def noughts() -> bytes:
    """Much nothing in little room."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("0.bin", bytes(200 * MEGABYTE))
    return made.getvalue()


def names(number: int = 400_000, length: int = 1) -> bytes:
    """An archive that is nothing but a list of what it holds."""
    local = b"PK\x03\x04" + bytes(26)
    entry = b"PK\x01\x02" + bytes(24) + length.to_bytes(2, "little") + bytes(16) + b"x" * length
    listed = entry * number
    sizes = len(listed).to_bytes(4, "little") + len(local).to_bytes(4, "little")
    return local + listed + b"PK\x05\x06" + bytes(4) + b"\xff\x7f\xff\x7f" + sizes + bytes(2)


BOMBS: dict[str, Callable[[], bytes]] = {
    "of noughts": noughts,
    "of names": names,
    "of a name without end": lambda: names(300, 65_000),
    "broken": lambda: names(10)[:-30],
}


# --- the second time, too late, without a right -----------------------------------------------------------------------


def test_a_key_that_was_used_for_another_answer_is_told(opened: Bureau) -> None:
    task = opened.task("decide_acceptance", "监督员乙")
    opener = opened.as_("监督员乙")
    claim = {"expected_version": task["version"]}
    right(opener.post(f"/tasks/{task['id']}/claim", claim, Idempotency_Key="a"))
    before = everything(opened.application)

    for path, body in ((f"/tasks/{task['id']}/claim", {"expected_version": 2}), ("/relations", declared(opened))):
        answer = opener.post(path, body, Idempotency_Key="a")
        assert (answer.status_code, answer.json["code"]) == (422, "idempotency_key_reused")
    assert everything(opened.application) == before


def test_a_stale_version_is_told_with_who_was_faster(opened: Bureau) -> None:
    task = opened.task("decide_acceptance", "监督员乙")
    right(opened.as_("监督员乙").post(f"/tasks/{task['id']}/claim", {"expected_version": task["version"]}))
    before = everything(opened.application)

    for expected in (task["version"], task["version"] + 7, 2**31 - 1):
        answer = opened.as_("监督员乙").post(
            f"/tasks/{task['id']}/completion",
            {"answers": answering.accept(opened), "expected_version": expected},  # type: ignore[arg-type]
        )
        assert (answer.status_code, answer.json["code"]) == (409, "stale_version")
        assert answer.json["facts"]["by"] == "赵立新"
    assert everything(opened.application) == before


@pytest.mark.parametrize("version", [0, -1, 2**31, 2**63, 1.5, "1", True, None, [], {}])
def test_a_version_that_is_none_is_told(opened: Bureau, version: Any) -> None:
    task, before = opened.task("decide_acceptance", "监督员乙"), everything(opened.application)

    answer = opened.as_("监督员乙").post(f"/tasks/{task['id']}/claim", {"expected_version": version})

    assert answer.status_code in (422, 428), answer.json
    assert answer.json["code"] == "version_missing" or answer.json["errors"][0]["path"] == "expected_version"
    assert everything(opened.application) == before


# --- addresses, queries, headers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "/forms/%00",
        "/forms/%ff%fe",
        "/forms/..%2f..%2fetc%2fpasswd",
        "/forms/" + "x" * 100_000,
        "/forms/%F0%A0%AE%B7",
        "/cases/../../etc/passwd",
        "/cases/%2e%2e/%2e%2e",
        "/cases/" + "0" * 31,
        "/cases/" + "0" * 33,
        "/cases/" + "A" * 32,
        "/cases?limit=0",
        "/cases?limit=-1",
        "/cases?limit=99999999999999999999",
        "/cases?limit=1e2",
        "/cases?limit=1&limit=2",
        "/cases?after=%00",
        "/cases?after=%ff",
        "/cases?after=" + "x" * 100_000,
        "/cases?after=WyIyMDI2LTAzLTAyIiwiMSJd.c2lnbmVkPw",
        "/people?role=%00",
        "/people?unit=%27%20OR%201=1",
        "/deadline-rules/T-LI-01/due?from=%00",
        "/deadline-rules/T-LI-01/due?from=2026-02-30",
        "/deadline-rules/T-LI-01/due?from=2026-03-01&until=1000-01-01",
        "/deadline-rules/%00/due?from=2026-03-01",
    ],
)
def test_an_address_that_is_none_is_told_and_breaks_nothing(opened: Bureau, address: str) -> None:
    before = everything(opened.application)

    answer = opened.as_("登记员甲").get(address)

    assert answer.status_code in (400, 404, 414, 422), answer.get_data(as_text=True)
    assert answer.mimetype == "application/problem+json"
    assert everything(opened.application) == before


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer \xff\xfe"},
        {"Authorization": "Bearer " + "x" * 100_000},
        {"Authorization": "Bearer a b c"},
        {"Authorization": "Basic Y2xlcms6eA=="},
        {"Authorization": "Digest username=clerk"},
        {"Cookie": "wenze=" + "x" * 10_000},
        {"Cookie": "wenze=eyJzaWQiOiJ4In0.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb"},
        {"Cookie": "wenze=\xff; ; =;;"},
        {"Accept-Language": "x" * 10_000},
        {"Accept-Language": "zh;q=\xff,en;q=nan"},
        {"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "https"},
        {"Host": "evil.example"},
        {"Content-Encoding": "gzip"},
        {"Transfer-Encoding": "chunked"},
    ],
    ids=str,
)
def test_headers_of_every_sort_let_nobody_in_and_break_nothing(opened: Bureau, headers: dict[str, str]) -> None:
    before = everything(opened.application)
    stranger = opened.application.flask.test_client(use_cookies=False)

    for address in ("/api/v1/cases", f"/api/v1/cases/{opened.case_id}", "/desk"):
        answer = stranger.get(address, headers={name[:60]: value for name, value in headers.items()})
        assert answer.status_code in (302, 401), (address, answer.status_code)
    assert everything(opened.application) == before


# --- forms of pages ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        b"",
        b"acceptance=%00",
        b"acceptance=%ff%fe",
        b"acceptance=%ED%A0%80",
        b"acceptance=accept&acceptance=refuse",
        b"acceptance=" + b"x" * 1_500_000,
        b"expected_version=x&acceptance=accept",
        b"expected_version=" + b"9" * 5_000,
        b"add-row=acceptance:999&" + b"a=1&" * 400_000,
        b"add-row=../../x:1&remove-row=:::",
        b"add-row=conditions:999999999999",
        b"&" * 1_000_000,
        b"=" * 1_000_000,
        b"acceptance-9999-x=1&acceptance-99999999-x=1",
        "名=值&<script>=1&a[b][c]=1&__proto__=1".encode(),
    ],
    ids=lambda fields: fields[:40].decode("ascii", "replace"),
)
def test_a_form_that_no_page_of_ours_would_send_breaks_nothing(opened: Bureau, fields: bytes) -> None:
    task, browser = (
        opened.task("decide_acceptance", "监督员乙"),
        Visitor(opened.application, "supervision", browser=True),
    )
    before, token = everything(opened.application), browser.headers["X-CSRF-Token"].encode()

    answer = browser._client.post(
        f"/tasks/{task['id']}",
        data=fields + b"&csrf_token=" + token,
        content_type="application/x-www-form-urlencoded",
    )

    assert answer.status_code < 500
    assert everything(opened.application) == before


def declared(bureau: Bureau) -> dict[str, str]:
    return {"person_id": bureau.people["监督员乙"], "other_id": bureau.people["人事寅"], "kind": "spouse"}


@pytest.fixture(scope="module")
def opened(make: Callable[[], tuple[Application, MovableClock]]) -> Bureau:
    """A clue is registered. What is sent must leave no trace, so all of it is sent to one."""
    bureau = Bureau(*make())
    Casefile(bureau).opened()
    return bureau
