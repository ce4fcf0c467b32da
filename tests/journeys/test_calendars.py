"""Calendars over HTTP and on the command line: entered by one, approved by another, open limits counted anew and shown."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tests.journeys.bureau import Bureau, Casefile, right
from tests.journeys.visitors import Visitor

YEAR: dict[str, Any] = {
    "year": 2026,
    "notice": {
        "title": {"zh": "关于调整2026年部分节假日安排的通知", "en": "Notice changing the holidays of 2026"},
        "number": "国办发明电〔2026〕1号",
        "issued": "2026-03-02",
    },
    "holidays": [
        {
            "name": {"zh": "清明节", "en": "Tomb-sweeping Day"},
            "first": "2026-04-03",
            "last": "2026-04-06",
            "make_up": [],
        }
    ],
}
"""One more day off at Qingming; every other holiday of the year is lost, which only a test may do."""


def test_a_notice_is_entered_approved_by_another_and_moves_every_open_limit(bureau: Bureau) -> None:
    Casefile(bureau).opened().accepted().inquired().filed()
    one, another = administrators(bureau)
    entered = right(one.post("/calendars", YEAR))
    refused = one.post(f"/calendars/{entered['id']}/approval", {})
    assert (refused.status_code, refused.json["code"]) == (403, "conflict_of_interest")
    assert right(another.post(f"/calendars/{entered['id']}/approval", {}))["state"] == "approved"
    shown = right(one.get("/calendars"))
    (entry,) = shown["entries"]
    assert (entry["entered_by"], entry["decided_by"], entry["recount"]["looked_at"]) == ("程序", "秦岚", 0)
    before = {each["rule"]: each["due"] for each in bureau.file()["clocks"] if each["ended_at"] is None}

    bureau.application.sweeper.recount()
    after = {each["rule"]: each["due"] for each in bureau.file()["clocks"] if each["ended_at"] is None}
    (entry,) = right(one.get("/calendars"))["entries"]
    assert entry["recount"]["looked_at"] == entry["recount"]["total"] == len(before)
    assert entry["recount"]["ended_at"] is not None
    assert (before["T-LI-06"], after["T-LI-06"]) == ("2026-04-14", "2026-04-15")
    year = next(each for each in shown["years"] if each["year"] == 2026)
    assert (year["state"], year["notices"][0]["number"]) == ("published", "国办发明电〔2026〕1号")


def test_a_shorter_date_waits_for_the_overseer(bureau: Bureau) -> None:
    Casefile(bureau).opened().accepted().inquired().filed()
    one, another = administrators(bureau)
    fewer = {**YEAR, "holidays": [{**YEAR["holidays"][0], "first": "2026-10-01", "last": "2026-10-01"}]}
    entered = right(one.post("/calendars", fewer))
    right(another.post(f"/calendars/{entered['id']}/approval", {}))
    bureau.application.sweeper.recount()
    overseer = bureau.as_("督办员午")
    waiting = {each["rule"]: each for each in right(overseer.get("/shortenings"))["items"]}
    assert (waiting["T-LI-06"]["due"], waiting["T-LI-06"]["shorter"]) == ("2026-04-14", "2026-04-13")
    assert right(bureau.as_("调查员丁").get("/shortenings"))["items"] == []

    line = waiting["T-LI-06"]
    address = f"/cases/{line['case_id']}/clocks/{line['clock_id']}"
    body = {"shorten": True, "reason": "尚未告知当事人", "expected_version": line["case_version"]}
    assert bureau.as_("批准人丙").post(f"{address}/shortening", body).status_code == 403
    body["expected_version"] = bureau.file()["version"]
    right(overseer.post(f"{address}/shortening", body))
    limit = right(overseer.get(address))
    assert (limit["due"], limit["explanation"]["days"][-1]["date"]) == ("2026-04-13", "2026-04-13")
    assert "T-LI-06" not in {each["rule"] for each in right(overseer.get("/shortenings"))["items"]}


def test_what_is_wrong_with_a_notice_is_told_at_once_and_only_administrators_ask(bureau: Bureau) -> None:
    one, _ = administrators(bureau)
    wrong = {
        **YEAR,
        "notice": {**YEAR["notice"], "issued": "2026-12-01"},
        "holidays": [{**YEAR["holidays"][0], "make_up": ["2026-04-11"]}],
    }
    refused = one.post("/calendars", wrong)
    assert (refused.status_code, [each["code"] for each in refused.json["errors"]]) == (422, ["notice_in_future"])
    wrong["holidays"][0]["make_up"] = ["2026-04-04", "2026-04-08"]
    refused = one.post("/calendars", wrong)
    assert [each["code"] for each in refused.json["errors"]] == ["holiday_and_worked", "make_up_on_weekday"]
    assert bureau.as_("督办员午").post("/calendars", YEAR).status_code == 403
    assert bureau.as_("督办员午").get("/calendars").status_code == 403


def administrators(bureau: Bureau) -> tuple[Visitor, Visitor]:
    bureau.clock.move_to(max(bureau.clock.now(), datetime(2026, 3, 2, 9, 0, tzinfo=UTC)))
    found = tuple(Visitor(bureau.application, login) for login in ("admin", "admin2"))
    for each in found:
        each.after = bureau.document.check
    return found[0], found[1]
