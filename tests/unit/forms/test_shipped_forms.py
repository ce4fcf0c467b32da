"""The forms of the liability procedure: complete, in two languages, and as `docs/forms.md` says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import forms
from forms.components import MANY, Field, Routed, Rows, asked_in
from forms.vocabulary import ATTRIBUTES, PREFILLS, RESERVED, SOURCES, VALIDATION

DOCUMENT = Path(__file__).parents[3] / "docs" / "forms.md"
HALF_WIDTH = re.compile(r"[\u3400-\u9fff][,;:?!()]|[,;:?!()][\u3400-\u9fff]")


def test_every_form_of_the_procedure_is_there(shipped):
    asked = """
        F-CLUE F-ACCEPT F-NOTIFY F-TRANSFER F-PRELIM-APPROVE F-PRELIM F-TALK F-FILING F-FILING-NOTICE F-INTERVIEW F-EVIDENCE
        F-RECUSAL F-EXTEND F-SUSPEND F-RESUME F-REPORT F-DETERMINE F-NOTICE F-DEFENCE F-DEFENCE-CHECK F-LEGAL F-PANEL-CONVENE
        F-PANEL F-PANEL-RESOLUTION F-DECISION F-SERVICE F-EXECUTE F-APPEAL F-APPEAL-ACCEPT F-APPEAL-WITHDRAW F-APPEAL-REVIEW
        F-APPEAL-DECISION F-CLOSE F-RECTIFY F-OVERDUE
    """
    assert set(shipped) == set(asked.split())


def test_every_form_accepts_good_answers(shipped, fill, read):
    agreeing = {"review_findings": ["CORRECT"]}
    for form in shipped.values():
        given = agreeing if "review_findings" in form.fields else {}
        assert read(form, fill(form, **given)).values


def test_every_form_says_by_which_rule_it_asks(shipped):
    assert all(form.source and form.mark for form in shipped.values())


def test_chinese_is_written_with_full_width_punctuation(shipped_sources):
    for name, content in shipped_sources.items():
        for zh in _texts(json.loads(content)):
            assert not HALF_WIDTH.search(zh), f"{name}: {zh}"
            assert "!" not in zh, f"{name}: {zh}"


def test_few_options_are_shown_at_once_and_a_menu_has_at_least_three(shipped):
    for form in shipped.values():
        for question in asked_in(form.fields.values()):
            if question.widget == "radio":
                assert len(question.options) <= 7, f"{form.key}.{question.key}"
            if question.widget == "select" and question.options:
                assert len(question.options) >= 3, f"{form.key}.{question.key}"


class TestCodeLists:
    def test_a_clue_can_come_from_every_source_published_cases_name(self, lists):
        codes = [option.value for option in lists["clue_sources"]]
        assert len(codes) == 23
        assert {"SOCIAL_SUPERVISOR", "SELF_REPORT", "OTHER"} <= set(codes)

    def test_the_circumstances_are_numbered_without_a_gap(self, lists):
        assert [option.value for option in lists["circumstances"]] == [f"C{number:02}" for number in range(1, 33)]

    def test_there_are_eight_kinds_of_evidence_and_four_degrees_of_fault(self, lists):
        assert len(lists["evidence_kinds"]) == 8
        assert [option.value for option in lists["fault_degrees"]] == [
            "INTENT",
            "GROSS_NEGLIGENCE",
            "ORDINARY_NEGLIGENCE",
            "NO_FAULT",
        ]

    def test_the_six_sanctions_stand_in_their_order(self, lists):
        codes = [option.value for option in lists["individual_outcomes"]]
        sanctions = ["WARNING", "DEMERIT", "MAJOR_DEMERIT", "DEMOTION", "REMOVAL", "DISMISSAL"]
        assert [code for code in codes if code in sanctions] == sanctions

    def test_a_person_and_a_unit_have_different_outcomes(self, lists):
        people = {option.value for option in lists["individual_outcomes"]}
        units = {option.value for option in lists["unit_outcomes"]}
        assert not people & units
        assert {option.value for option in lists["outcomes"]} == people | units

    def test_every_list_is_used(self, shipped, lists):
        used = {
            name for form in shipped.values() for question in asked_in(form.fields.values()) for name in question.lists
        }
        assert set(lists) - used <= {"individual_outcomes", "unit_outcomes"}

    @pytest.fixture
    def lists(self, shipped_sources):
        return forms.load_lists(shipped_sources)


class TestRules:
    def test_a_clue_is_not_received_tomorrow(self, clue, problems):
        form, answers = clue
        assert problems(form, {**answers, "received_at": "2026-10-15"}) == [("received_at", "in_future")]

    def test_a_clue_from_elsewhere_says_from_where(self, clue, problems):
        form, answers = clue
        assert problems(form, {**answers, "clue_source": "OTHER"}) == [("source_note", "required")]
        assert problems(form, {**answers, "clue_source": "OTHER", "source_note": "电梯里的告示"}) == []

    def test_an_anonymous_clue_carries_no_name(self, clue, problems):
        form, answers = clue
        assert problems(form, {**answers, "complainant_name": "张三"}) == [("complainant_name", "not_asked")]

    def test_who_reported_is_cut_out(self, clue, read):
        form, answers = clue
        named = {"anonymous": False, "complainant_name": "张三", "complainant_contact": "12345"}
        reading = read(form, {**answers, **named})
        assert reading.protected == {"complainant_name": "张三", "complainant_contact": "12345"}
        assert "张三" not in str(reading.values) + str(reading.routing)

    def test_a_refusal_gives_its_reason(self, shipped, problems):
        assert problems(shipped["F-ACCEPT"], {"acceptance": "refuse", "follows_advice": True}) == [
            ("acceptance_reason", "required"),
            ("reasons", "required"),
        ]

    def test_what_is_outside_the_jurisdiction_is_transferred(self, shipped, problems):
        answers = {
            "acceptance": "refuse",
            "acceptance_reason": "NO_JURISDICTION",
            "reasons": "不归我们管",
            "follows_advice": True,
        }
        assert problems(shipped["F-ACCEPT"], answers) == [("acceptance", "rule")]

    def test_filing_names_two_different_investigators(self, shipped, fill, problems):
        form = shipped["F-FILING"]
        answers = fill(form)
        assert problems(form, {**answers, "investigators": ["a"]}) == [("investigators", "too_few")]
        assert problems(form, {**answers, "investigators": ["a", "a"]}) == [("investigators", "repeated")]
        assert problems(form, {"filing_decision": "no_case", "reasons": "没有事实"}) == []

    def test_filing_is_not_before_the_clue_was_received(self, shipped, fill, problems):
        answers = {**fill(shipped["F-FILING"]), "filed_at": "2026-10-01"}
        assert problems(shipped["F-FILING"], answers, variables={"received_at": "2026-10-02"}) == [
            ("filed_at", "too_early")
        ]

    def test_every_fact_of_the_report_cites_evidence_and_everyone_has_a_finding(self, shipped, fill, problems):
        form = shipped["F-REPORT"]
        answers = fill(form)
        answers["facts"][0].pop("evidence")
        answers["findings"].pop()
        assert problems(form, answers) == [("facts.0.evidence", "required"), ("findings", "not_covered")]

    def test_a_report_that_proposes_withdrawal_has_no_findings(self, shipped, fill, problems):
        form = shipped["F-REPORT"]
        answers = {**fill(form), "report_proposal": "withdraw"}
        assert problems(form, answers) == [("findings", "not_asked")]
        answers.pop("findings")
        assert problems(form, answers) == []

    def test_a_limit_that_was_checked_ends_after_it_begins(self, shipped, fill, problems):
        form = shipped["F-PRELIM"]
        late = {"rule_key": "a", "start": "2024-09-09", "actual": "2024-12-11"}
        assert problems(form, {**fill(form), "limits_checked": [late]}) == []
        wrong = {**late, "actual": "2024-09-08"}
        assert problems(form, {**fill(form), "limits_checked": [wrong]}) == [("limits_checked.0.actual", "too_early")]

    def test_evidence_that_is_excluded_keeps_its_reason(self, shipped, fill, problems):
        form = shipped["F-EVIDENCE"]
        answers = {**fill(form), "admissible": False}
        assert problems(form, answers) == [("exclusion_reason", "required")]

    @pytest.mark.parametrize(
        "check", ["subject", "authority", "facts", "basis", "procedure", "discretion", "documents"]
    )
    def test_legal_review_does_not_pass_with_a_failed_check(self, shipped, fill, problems, check):
        form = shipped["F-LEGAL"]
        answers = {**fill(form), f"check_{check}": "fail"}
        assert problems(form, answers) == [("legal_result", "rule")]
        assert problems(form, {**answers, "legal_result": "return"}) == []

    def test_dissent_is_written_down(self, shipped, fill, problems):
        form = shipped["F-PANEL"]
        answers = {**fill(form), "vote": "disagree"}
        assert problems(form, answers) == [("dissent", "required")]

    def test_a_recused_member_takes_no_part(self, shipped, fill, problems):
        form = shipped["F-PANEL-CONVENE"]
        answers = {**fill(form), "panel_members": ["a", "b"], "recused_members": ["b"], "absent_members": ["c"]}
        assert problems(form, answers) == [("recused_members", "same_as")]

    def test_a_decision_has_an_outcome_for_everyone_and_several_for_one(self, shipped, fill, problems):
        form = shipped["F-DECISION"]
        answers = fill(form)
        training = {**answers["outcomes"][0], "outcome": "OFF_POST_TRAINING"}
        assert problems(form, {**answers, "outcomes": [*answers["outcomes"], training]}) == []
        assert problems(form, {**answers, "outcomes": answers["outcomes"][:2]}) == [("outcomes", "not_covered")]

    def test_an_outcome_takes_effect_from_the_decision_on(self, shipped, fill, problems):
        form = shipped["F-DECISION"]
        answers = fill(form)
        answers["outcomes"][1]["effective_at"] = "2026-10-13"
        assert problems(form, answers) == [("outcomes.1.effective_at", "too_early")]

    def test_service_by_public_notice_is_not_before_its_publication(self, shipped, fill, problems):
        form = shipped["F-SERVICE"]
        answers = fill(form, service_method="NOTICE") | {"published_at": "2026-10-14", "served_at": "2026-10-13"}
        assert problems(form, answers) == [("served_at", "too_early")]

    def test_electronic_service_needs_consent(self, shipped, fill, problems):
        form = shipped["F-SERVICE"]
        answers = fill(form, service_method="ELECTRONIC", consent_confirmed=False)
        assert problems(form, answers) == [("consent_confirmed", "required")]

    def test_a_refused_signature_has_a_reason_and_a_witness(self, shipped, fill, problems):
        form = shipped["F-INTERVIEW"]
        answers = {**fill(form), "signing": "refused"}
        assert problems(form, answers) == [("refusal_reason", "required"), ("refusal_witness", "required")]

    def test_a_faulty_decision_is_not_maintained(self, shipped, fill, problems):
        form = shipped["F-APPEAL-DECISION"]
        answers = fill(form, review_findings=["PROCEDURE_VIOLATED"])
        assert problems(form, answers) == [("remedy_outcome", "rule")]

    def test_nobody_verifies_the_own_correction(self, shipped, fill, problems):
        form = shipped["F-RECTIFY"]
        assert problems(form, {**fill(form), "owner": "a", "verified_by": "a"}) == [("verified_by", "same_as")]

    @pytest.fixture
    def clue(self, shipped, fill):
        form = shipped["F-CLUE"]
        return form, fill(form, anonymous=True)


class TestDocument:
    def test_the_routing_variables_are_those_of_the_document(self, shipped):
        written = dict(_documented())
        left = {
            (form.key, variable.name): _described(variable, form.fields[variable.name])
            for form in shipped.values()
            for variable in form.routing.values()
        }
        assert written == left

    def test_every_form_is_in_the_document_under_its_title(self, shipped):
        text = DOCUMENT.read_text(encoding="utf-8")
        for form in shipped.values():
            assert f"| {form.key} | {form.title['zh']} | {form.title['en']} |" in text

    def test_the_whole_vocabulary_is_in_the_document(self):
        text = DOCUMENT.read_text(encoding="utf-8")
        known = set(ATTRIBUTES).union(*ATTRIBUTES.values(), *VALIDATION.values(), SOURCES, PREFILLS, RESERVED)
        assert {word for word in known if f"`{word}`" not in text} == set()


def _documented():
    """(form, variable) → type and whether it can be unanswered, from the table of the document."""
    form = ""
    for line in DOCUMENT.read_text(encoding="utf-8").split("## Routing variables")[1].split("\n## ")[0].splitlines():
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        if len(cells) != 4 or cells[0] in ("form", "---"):
            continue
        form = cells[0] or form
        for key in form.split(", "):
            for name in re.findall(r"`(\w+)`", cells[1]):
                yield (key, name), (cells[2], cells[1].endswith("?"))


def _described(variable: Routed, question: Field | Rows) -> tuple[str, bool]:
    if isinstance(question, Rows):
        columns = ", ".join(f"`{column.name}`" for column in variable.columns)
        return f"list of {{{columns}}}", not (question.required and not question.shown_when)
    kinds = {"code": "code", "codes": "list of codes", "number": "int"}
    kind = question.source.partition(":")[0] or kinds.get(question.kind, question.kind)
    if question.source:
        kind = {"persons": "person", "parties": "party"}.get(kind, "key")
        plural = {"person": "persons", "party": "parties"}
        kind = plural[kind] if question.kind in MANY else kind
    unanswered = not (question.required and not question.shown_when)
    return ("bool" if variable.type == "bool" else kind), unanswered


def _texts(value):
    if isinstance(value, dict):
        if isinstance(value.get("zh"), str):
            yield value["zh"]
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
