"""What an administrator does for a case over HTTP: tell it what other systems send, see what failed, move it to a release."""

from __future__ import annotations

from tests.journeys.bureau import Bureau, Casefile, right
from tests.journeys.visitors import Visitor


def test_an_administrator_tells_a_case_things_and_hears_what_became_of_them(bureau: Bureau) -> None:
    Casefile(bureau).opened()
    keeper = Visitor(bureau.application, "admin")
    keeper.after = bureau.document.check
    path = f"/cases/{bureau.case_id}"

    def told(**more: object) -> dict[str, object]:
        body = {"name": "paid", "reason": "财政系统回执", "expected_version": bureau.file()["version"], **more}
        return right(keeper.post(f"{path}/messages", body))

    answer = told(payload={"amount": 3})
    assert (answer["outcome"], answer["why"]) == ("not_taken", "nobody_waits")
    assert told(keep=True)["outcome"] == "kept"
    body = {"name": "paid", "reason": "回执", "expected_version": bureau.file()["version"]}
    refused = bureau.as_("督办员午").post(f"{path}/messages", body)
    assert (refused.status_code, refused.json["code"]) == (403, "not_allowed")
    refused = keeper.post(
        f"{path}/messages", {**body, "kind": "signal", "keep": True, "expected_version": bureau.file()["version"]}
    )
    assert (refused.status_code, refused.json["detail"]) == (409, "信号只送达当时等待者，不予保留。")

    assert right(keeper.get("/incidents")) == {"items": [], "next": None}
    assert bureau.as_("督办员午").get("/incidents").status_code == 403

    (proceeding,) = bureau.file()["proceedings"]
    assert proceeding["failure"] is None
    (release,) = right(keeper.get("/releases"))["items"]
    body = {"release_id": release["id"], "reason": "更正", "expected_version": bureau.file()["version"]}
    refused = keeper.post(f"{path}/proceedings/{proceeding['id']}/release", body)
    assert (refused.status_code, refused.json["code"]) == (409, "not_possible")
    assert "须迁往另一规程版本" in refused.json["detail"]
