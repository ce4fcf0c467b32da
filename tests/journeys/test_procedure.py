"""The main job over HTTP: a liability case from the clue to the reviewed decision, each by their own account."""

from __future__ import annotations

from tests.journeys.bureau import Bureau, Casefile, right


def test_a_case_goes_from_the_clue_to_the_maintained_decision_over_http(bureau: Bureau) -> None:
    Casefile(bureau).until_served().appealed().reviewed()

    file = bureau.file()
    assert file["state"] == "MAINTAINED"
    assert {proceeding["process"] for proceeding in file["proceedings"]} == {"li_main", "li_review"}
    assert right(bureau.as_("督办员午").get(f"/cases/{bureau.case_id}/ledger"))["holds"]
