"""A whole case, from the clue to the review, with the log at its most talkative: a program, run by `test_secrets`.

Sends wrong things between the right ones, so that much is refused and something breaks. Prints as JSON what must not be told,
and what was told.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from werkzeug.test import TestResponse

from api.idempotency import IdempotencyKey
from tests.journeys.bureau import PARTS, Bureau, Casefile, right
from tests.journeys.premises import BEGINNING, CHEAP, LAW
from tests.journeys.readers import Reader
from tests.journeys.robustness.everything import everything
from tests.journeys.visitors import Visitor
from wenze import demo_house, law, logs, schema
from wenze.application import Application, create_app
from wenze.clock import MovableClock
from wenze.settings import Settings
from workflows.protection import Vault
from workflows.records import LedgerEntry, Person

SEALED = {
    "complainant_name": "举报人欧阳某",
    "complainant_contact": "13800001234",
    "complainant_wishes": "不要告诉科长",
}
WRITTEN = {"facts": "决定书落款晚于立案之日九十日", "object_unit": "某某镇综合执法队"}
FILE_NAME, NOTE, REASON = "举报信扫描件.pdf", "落款处的日期", "答复来访的人"
PASSWORD, WRONG = "correct horse battery", "wrong horse battery"


def main(url: str, instance: Path, form: str) -> None:
    """Play it on an empty database."""
    logs.configure(form, "debug")
    keys = {"secret_key": "k" * 20 + "signing-key-itself", "protection_keys": (Vault.new_key(),)}
    settings = Settings(instance=instance, database=url, metrics_token="m" * 20 + "metrics-token", **keys)
    with opened(settings) as application:
        told: list[TestResponse] = []
        secrets = dict(SEALED) | {"password": PASSWORD, "wrong password": WRONG, "signing key": settings.secret_key}
        secrets |= {"protection key": settings.protection_keys[0], "metrics token": settings.metrics_token}
        secrets |= come_in(application, told)
        bureau = Bureau(application, application.ground.clock)  # type: ignore[arg-type]
        for part in PARTS:
            bureau.as_(part).after = told.append
        walk(bureau)
        go_wrong(bureau)
        secrets |= {f"token of {part}": bureau.as_(part).headers["Authorization"].split()[1] for part in PARTS}
        metrics = application.flask.test_client().get("/metrics").get_data(as_text=True)
        with application.ground.database.reading() as session:
            ledger = [[entry.body, entry.reason] for entry in session.query(LedgerEntry)]
            answers = [answer.body for answer in session.query(IdempotencyKey)]
            names = [name for (name,) in session.query(Person.name)]
        json.dump(
            {
                "secrets": secrets,
                "private": [*WRITTEN.values(), FILE_NAME, NOTE, REASON, *names],
                "refusals": [answer.get_data(as_text=True) for answer in told if answer.status_code >= 400],
                "statuses": sorted({answer.status_code for answer in told}),
                "metrics": metrics,
                "ledger": ledger,
                "kept answers": answers,
                "database": repr(everything(application)),
            },
            sys.stdout,
            ensure_ascii=False,
        )


@contextmanager
def opened(settings: Settings) -> Iterator[Application]:
    """An application on a database that is made for it."""
    application = create_app(settings, clock=MovableClock(BEGINNING), passwords=CHEAP, releases=LAW)
    schema.metadata().create_all(application.ground.database.engine)
    law.publish(application.ground, law.read(settings.law), BEGINNING)
    (settings.instance / "demo.password").write_text(PASSWORD)
    demo_house.furnish(application)
    yield application
    application.close()


def come_in(application: Application, told: list[TestResponse]) -> dict[str, str]:
    """Sign in rightly and wrongly, make a token and revoke it; the secrets that came of it."""
    browser = Visitor(application)
    browser.after = told.append
    for login, password in (("clerk", WRONG), (WRONG, PASSWORD), ("clerk", PASSWORD)):
        browser.sign_in(login, password)
    browser.post("/session", {"login": "clerk", "pasword": PASSWORD, PASSWORD: 1})
    made = right(browser.post("/tokens", {"name": "export"}))
    browser.get(f"/cases?after={made['secret']}")
    browser.put("/password", {"old": WRONG, "new": PASSWORD})
    browser.delete(f"/tokens/{made['id']}")
    cookie = browser._client.get_cookie("wenze").value
    browser.get("/session", Authorization=f"Bearer {made['secret']}")
    for password in (WRONG, PASSWORD):
        told.append(Reader(application).sign_in("clerk", password).answer)
    kept = application.flask.session_interface.get_signing_serializer(application.flask)
    assert kept is not None
    return {
        "token": made["secret"],
        "cookie": cookie,
        "session": kept.loads(cookie)["sid"],
        "csrf token": browser.headers["X-CSRF-Token"],
    }


def walk(bureau: Bureau) -> None:
    """The case, with a named reporter whose name is read; limits pass on the way."""
    story = Casefile(bureau).opened(anonymous=False, **SEALED, **WRITTEN)
    clerk = bureau.as_("登记员甲")
    for sealed in bureau.file()["protected"]:
        address = f"/cases/{bureau.case_id}/protected/{sealed['id']}/reading"
        right(clerk.post(address, {"reason": REASON}, Idempotency_Key="read"))
        bureau.as_("监督员乙").post(address, {"reason": REASON})
    item = right(bureau.hand_in("登记员甲", name=FILE_NAME, note=NOTE, Idempotency_Key="scan"))
    bureau.as_("监督员乙").get(f"/evidence/{item['evidence_id']}/content")
    task = bureau.task("decide_acceptance", "监督员乙")
    bureau.as_("监督员乙").put(f"/tasks/{task['id']}/draft", {"answers": {"reasons": SEALED["complainant_name"]}})
    bureau.as_("监督员乙").post(f"/tasks/{task['id']}/claim", {"expected_version": 99})
    bureau.pass_time(10)
    story.accepted()
    told = {"complainant_told_at": bureau.today, "complainant_told_by": "WRITTEN", "told": WRITTEN["facts"]}
    bureau.complete("notify_complainant", "登记员甲", told)
    late = {"cause": "人手不足", "measure": "当日办结", "expected_at": "2026-12-31", "pursued": False}
    bureau.complete("supervise_intake", "督办员午", late)
    story.inquired().filed().investigated().determined().noticed().defended().found_lawful()
    story.resolved().decided().served().appealed().reviewed()


def go_wrong(bureau: Bureau) -> None:
    """What is refused and what breaks, each with something that an answer might repeat."""
    clerk, application = bureau.as_("登记员甲"), bureau.application
    wrong: dict[str, Any] = {"unit_id": bureau.unit, "kind": "liability", "title": "x"}
    for answers in ({**SEALED, "anonymous": True}, {"anonymous": SEALED}):
        clerk.post("/cases", wrong | {"answers": answers}, Idempotency_Key=SEALED["complainant_contact"])
    # Whoever misspells a field is told its name, but nobody else is.
    Visitor(application, "clerk").post("/cases", wrong | {"answers": {SEALED["complainant_name"]: 1}})
    clerk.send("/cases", json.dumps(SEALED).encode()[:-1])
    clerk.upload(f"/cases/{bureau.case_id}/evidence", b"MZ\0\0", f"{SEALED['complainant_name']}.exe")
    clerk.get(f"/people?role={SEALED['complainant_contact']}&who={SEALED['complainant_contact']}")
    clerk.get(f"/cases/{'0' * 32}")
    for path in application.settings.evidence_folder.glob("??/*"):
        path.unlink()
    for item in bureau.file()["evidence"]:
        clerk.get(f"/evidence/{item['id']}/content")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
