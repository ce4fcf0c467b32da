"""Running limits over HTTP: why one ends on its day, and what is done to it by those who may, each with reason and ground."""

from __future__ import annotations

from typing import Any

from tests.journeys.bureau import Bureau, Casefile, right

LIMIT = "T-LI-06"


def test_a_limit_is_explained_suspended_resumed_extended_and_its_explanation_says_so(bureau: Bureau) -> None:
    Casefile(bureau).opened().accepted().inquired().filed()
    told = limit(bureau)
    assert (told["state"], told["facts"], told["actions"]) == ("running", [], ["suspend", "extend", "exclude"])
    assert told["proof"]["name"]["zh"] == "审批立案", "the step that said from when it runs"
    assert {each["name"]["en"] for each in told["waiting"]} == {"Collect evidence", "Interview the respondent"}
    assert told["explanation"]["days"][0]["kind"] == "start"
    assert any("不计入：周末" in sentence for sentence in told["text"]["zh"])

    do(bureau, "suspension", ground="appraisal")
    told = limit(bureau)
    assert (told["state"], told["left"], told["suspended_from"]) == ("suspended", 30, bureau.today)
    assert told["text"]["en"][-2].endswith("30 working days will be left when it is resumed.")
    assert all(line["due_at"] for line in bureau.desk("调查员丁")), "the limit of the whole case governs"

    bureau.pass_time(7)
    do(bureau, "resumption")
    do(bureau, "extension", value=10, unit="working_days", basis="案情复杂", asked_by=bureau.people["调查员丁"])
    told = limit(bureau)
    assert told["state"] == "running"
    assert [fact["kind"] for fact in told["facts"]] == ["suspension", "extension"]
    assert {day["kind"] for day in told["explanation"]["days"]} >= {"suspended", "counted", "due"}
    assert told["facts"][1]["asked_by"] == bureau.as_("调查员丁").get("/session").json["name"]
    refused = bureau.as_("批准人丙").post(
        f"{address(bureau)}/resumption", {"reason": "再来", "expected_version": version(bureau)}
    )
    assert (refused.status_code, refused.json["code"]) == (409, "not_possible")
    assert "没有中止，无从恢复（" in refused.json["detail"]


def test_a_case_rests_over_http_and_strangers_learn_nothing(bureau: Bureau) -> None:
    Casefile(bureau).opened().accepted().inquired().filed()
    path = f"/cases/{bureau.case_id}"
    body = {"ground": "remedy_pending", "reason": "等待复议结果", "expected_version": version(bureau)}
    assert bureau.as_("人事寅").post(f"{path}/suspension", body).status_code == 404
    right(bureau.as_("负责人子").post(f"{path}/suspension", body))
    assert bureau.file()["suspension"]["ground"] == "remedy_pending"
    assert {each["rule"] for each in bureau.file()["clocks"] if each["state"] == "suspended"} == {"T-LI-06", "T-LI-07"}
    body = {"reason": "复议已经决定", "expected_version": version(bureau)}
    right(bureau.as_("负责人子").post(f"{path}/resumption", body))
    assert bureau.file()["suspension"] is None


def limit(bureau: Bureau) -> dict[str, Any]:
    return right(bureau.as_("批准人丙").get(address(bureau)))


def address(bureau: Bureau) -> str:
    (found,) = [each["id"] for each in bureau.file()["clocks"] if each["rule"] == LIMIT]
    return f"/cases/{bureau.case_id}/clocks/{found}"


def version(bureau: Bureau) -> int:
    return int(bureau.file()["version"])


def do(bureau: Bureau, what: str, **body: Any) -> None:
    given = {"reason": "委托鉴定", "expected_version": version(bureau), **body}
    right(bureau.as_("批准人丙").post(f"{address(bureau)}/{what}", given))
