"""Files as evidence: handed in as they arrive, kept once, read by whoever may, each reading recorded."""

from __future__ import annotations

import dataclasses
import hashlib
import threading
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.journeys.bureau import PDF, Bureau, Casefile, right
from tests.journeys.visitors import Visitor
from wenze.application import Application
from wenze.settings import Settings
from workflows.records import Evidence, LedgerEntry

SHA = hashlib.sha256(PDF).hexdigest()
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 40


def test_a_file_is_kept_under_its_hash_and_known_by_its_content(opened: Bureau, settings: Settings) -> None:
    answer = opened.hand_in("登记员甲", note="决定书的落款日期")

    item = right(answer)
    assert (item["name"], item["media_type"], item["size"], item["sha256"]) == (
        "决定书.pdf",
        "application/pdf",
        len(PDF),
        SHA,
    )
    assert (settings.evidence_folder / SHA[:2] / SHA[2:]).read_bytes() == PDF
    assert answer.headers["Location"].endswith(f"/evidence/{item['evidence_id']}/content")
    (listed,) = opened.file()["evidence"]
    assert (listed["number"], listed["kind"], listed["proves"]) == (1, "unexamined", "决定书的落款日期")


def test_a_file_is_read_back_as_an_attachment_that_no_browser_runs(opened: Bureau) -> None:
    item = right(opened.hand_in("登记员甲"))

    answer = opened.as_("监督员乙").get(f"/evidence/{item['evidence_id']}/content")

    assert (answer.status_code, answer.data) == (200, PDF)
    assert answer.headers["Content-Disposition"] == (
        f"attachment; filename=___.pdf; filename*=UTF-8''{quote('决定书.pdf')}"
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox; default-src 'none'" in answer.headers.getlist("Content-Security-Policy")
    assert answer.headers["Repr-Digest"].startswith("sha-256=:")
    assert answer.headers["Cache-Control"] == "no-store"


def test_each_reading_is_in_the_ledger_and_changes_no_version(opened: Bureau) -> None:
    item = right(opened.hand_in("登记员甲"))
    before = opened.file()

    opened.as_("监督员乙").get(f"/evidence/{item['evidence_id']}/content")

    after = opened.file()
    assert after["version"] == before["version"]
    history = right(opened.as_("督办员午").get(f"/cases/{opened.case_id}/history"))["items"]
    assert (history[0]["act"], history[0]["actor"], history[0]["subject"]) == (
        "evidence.read",
        "赵立新",
        f"evidence:{item['evidence_id']}",
    )


def test_who_may_not_open_the_case_reads_no_evidence_and_hands_none_in(opened: Bureau) -> None:
    item = right(opened.hand_in("登记员甲"))

    stranger = opened.as_("人事寅")
    assert stranger.get(f"/evidence/{item['evidence_id']}/content").status_code == 404
    assert opened.hand_in("人事寅").status_code == 404
    assert len(opened.file()["evidence"]) == 1


def test_who_may_open_the_case_but_adds_no_evidence_is_refused_and_that_is_recorded(opened: Bureau) -> None:
    answer = opened.hand_in("督办员午")

    assert (answer.status_code, answer.json["code"]) == (403, "not_allowed")
    history = right(opened.as_("督办员午").get(f"/cases/{opened.case_id}/history"))["items"]
    assert (history[0]["act"], history[0]["actor"]) == ("act.refused", "唐敏")


def test_a_party_hands_in_and_reads_what_is_theirs_and_nothing_else(bureau: Bureau) -> None:
    Casefile(bureau).opened().accepted().inquired().filed().investigated()
    ours = bureau.file()["evidence"][0]["id"]

    theirs = right(bureau.hand_in("执法员未", b"statement", "说明.txt"))["evidence_id"]

    officer = bureau.as_("执法员未")
    assert officer.get(f"/evidence/{theirs}/content").data == b"statement"
    assert officer.get(f"/evidence/{ours}/content").status_code == 404


def test_the_same_file_twice_is_two_items_and_one_content(opened: Bureau, settings: Settings) -> None:
    opened.hand_in("登记员甲")
    opened.hand_in("登记员甲")

    assert [item["number"] for item in opened.file()["evidence"]] == [1, 2]
    assert contents(settings) == {SHA}


def test_a_file_sent_twice_with_one_key_is_one_item(opened: Bureau) -> None:
    first = opened.hand_in("登记员甲", Idempotency_Key="scan-1")
    second = opened.hand_in("登记员甲", Idempotency_Key="scan-1")

    assert second.data == first.data
    assert second.headers["Idempotency-Replayed"] == "true"
    assert len(opened.file()["evidence"]) == 1


def test_a_file_sent_again_is_answered_as_before_though_the_case_is_no_longer_open_to_the_sender(
    opened: Bureau,
) -> None:
    first = opened.hand_in("登记员甲", Idempotency_Key="scan-1")
    party = {"name": "林晓雯", "kind": "person", "role": "concerned", "person_id": opened.people["登记员甲"]}
    version = {"expected_version": opened.file()["version"], "reason": "登记员即当事人"}
    right(opened.as_("监督员乙").post(f"/cases/{opened.case_id}/parties", party | version))

    assert opened.hand_in("登记员甲", Idempotency_Key="scan-1").data == first.data
    assert opened.hand_in("登记员甲", Idempotency_Key="scan-2").status_code == 404


def test_another_file_under_the_same_key_is_a_mistake_and_told(opened: Bureau) -> None:
    opened.hand_in("登记员甲", Idempotency_Key="scan-1")

    answer = opened.hand_in("登记员甲", PNG, "照片.png", Idempotency_Key="scan-1")

    assert (answer.status_code, answer.json["code"]) == (422, "idempotency_key_reused")
    assert len(opened.file()["evidence"]) == 1


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (PNG, "决定书.pdf", "file_type_mismatch"),
        (b"", "决定书.pdf", "file_empty"),
        (b"MZ\x90\0" + b"\0" * 100, "决定书.pdf", "file_is_program"),
        (PDF, "../..", "file_name_missing"),
    ],
)
def test_a_file_that_is_not_what_it_should_be_is_refused_and_leaves_nothing(
    opened: Bureau, settings: Settings, content: bytes, name: str, code: str
) -> None:
    answer = opened.hand_in("登记员甲", content, name)

    assert (answer.status_code, [each["code"] for each in answer.json["errors"]]) == (422, [code])
    assert answer.json["errors"][0]["path"] == "file"
    assert contents(settings) == set()
    assert opened.file()["evidence"] == []


def test_the_name_of_a_file_leads_nowhere(opened: Bureau, settings: Settings) -> None:
    item = right(opened.hand_in("登记员甲", name="../../../tmp/决定书\u202e.pdf"))

    assert item["name"] == "决定书.pdf"
    assert contents(settings) == {SHA}


def test_a_file_beyond_the_limit_is_refused_as_a_problem(opened: Bureau, settings: Settings) -> None:
    answer = opened.hand_in("登记员甲", PDF + b"\0" * settings.evidence_limit)

    assert (answer.status_code, answer.json["code"]) == (413, "body_too_large")
    assert answer.content_type == "application/problem+json"
    assert contents(settings) == set()


def test_a_form_without_a_file_says_so(opened: Bureau) -> None:
    answer = opened.as_("登记员甲").send(
        f"/cases/{opened.case_id}/evidence",
        b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\ntext\r\n--b--\r\n',
        "multipart/form-data; boundary=b",
    )

    assert answer.status_code == 422
    assert [(each["path"], each["code"]) for each in answer.json["errors"]] == [("file", "required")]


@pytest.mark.parametrize(
    "broken",
    [b"", b"--b\r\nContent-Disposition: form-data; na", b"nothing of the sort"],
)
def test_a_form_that_breaks_off_is_refused(opened: Bureau, settings: Settings, broken: bytes) -> None:
    address = f"/cases/{opened.case_id}/evidence"

    answer = opened.as_("登记员甲").send(address, broken, "multipart/form-data; boundary=b")

    assert answer.status_code in (400, 422), answer.json
    assert contents(settings) == set()


def test_a_form_without_a_boundary_or_of_another_type_is_refused(opened: Bureau) -> None:
    address = f"/cases/{opened.case_id}/evidence"
    clerk = opened.as_("登记员甲")

    assert clerk.send(address, b"x", "multipart/form-data").json["code"] == "body_not_readable"
    assert clerk.send(address, PDF, "application/pdf").json["code"] == "type_not_accepted"


def test_a_browser_must_prove_by_header_that_the_upload_was_meant(opened: Bureau, application: Application) -> None:
    browser = Visitor(application, "clerk", browser=True)
    address = f"/cases/{opened.case_id}/evidence"

    assert browser.upload(address, PDF, "决定书.pdf").status_code == 201
    del browser.headers["X-CSRF-Token"]
    assert browser.upload(address, PDF, "决定书.pdf").json["code"] == "csrf_token_missing"


def test_a_content_that_is_gone_is_told_and_not_a_crash(opened: Bureau, settings: Settings) -> None:
    item = right(opened.hand_in("登记员甲"))
    (settings.evidence_folder / SHA[:2] / SHA[2:]).unlink()

    answer = opened.as_("监督员乙").get(f"/evidence/{item['evidence_id']}/content")

    assert (answer.status_code, answer.json["code"]) == (500, "content_missing")


def test_ten_files_at_once_get_ten_numbers(opened: Bureau, application: Application) -> None:
    clerk, start, answers = opened.as_("登记员甲"), threading.Barrier(10), []

    def send(number: int) -> None:
        same = Visitor(application)
        same.headers = dict(clerk.headers)
        start.wait()
        answers.append(same.upload(f"/cases/{opened.case_id}/evidence", f"page {number}".encode(), f"{number}.txt"))

    threads = [threading.Thread(target=send, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {answer.status_code for answer in answers} == {201}
    assert sorted(item["number"] for item in opened.file()["evidence"]) == list(range(1, 11))


def test_what_lies_in_the_ledger_of_a_file_is_its_hash(opened: Bureau, application: Application) -> None:
    right(opened.hand_in("登记员甲"))

    with application.ground.database.reading() as session:
        item = session.query(Evidence).one()
        entry = session.query(LedgerEntry).filter_by(act="evidence.registered").one()
    assert entry.body["what"]["sha256"] == item.sha256 == SHA


def contents(settings: Settings) -> set[str]:
    """Hashes of what lies in the store; whatever else lies there fails."""
    found = [path for path in settings.evidence_folder.rglob("*") if path.is_file()]
    return {Path(*path.relative_to(settings.evidence_folder).parts[:2]).as_posix().replace("/", "") for path in found}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Files of a megabyte at most."""
    return dataclasses.replace(settings, evidence_megabytes=1)


@pytest.fixture
def opened(bureau: Bureau) -> Bureau:
    """A clue is registered."""
    Casefile(bureau).opened()
    return bureau
