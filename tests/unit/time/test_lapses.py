"""What the law attaches to a limit that passes unmet: the vocabulary, what the shipped catalogue says in it, what is refused."""

from datetime import date

import pytest

from engine.sheets import Wording
from workflows import catalogue
from workflows.deadline_rules import lapse_as_data
from workflows.errors import ArtefactsRefused
from workflows.lapses import KINDS

ATTACHED = {
    "deemed_accepted": {"LIC-SUPPL", "REC-ACCEPT"},
    "deemed_granted": {"LIC-RENEW-DECIDE"},
    "deemed_served": {"SVC-NOTICE", "SVC-NOTICE-POLICE", "SVC-NOTICE-APPEAL"},
    "deemed_abandoned": {"REC-CORRECT"},
    "no_evidence": {"REC-ANSWER", "REC-ANSWER-SUMMARY"},
    "must_lift": {"PEN-PRESERVE", "CM-APPROVE-24H", "CM-SEIZE", "CM-FREEZE"},
    "right_lost": {
        "PEN-HEAR-REQ", "CE-COURT", "LIC-HEAR-REQ", "REC-APPLY", "REC-APPLY-UNTOLD", "REC-APPLY-LONGSTOP",
        "REC-APPLY-LONGSTOP-LAND", "LIT-DIRECT", "LIT-AFTER-REC", "APP-REVIEW-APPLY", "APP-APPEAL-APPLY",
        "APP-APPEAL-APPLY-DIRECT", "APP-REAPPEAL-APPLY", "XF-INSPECT-REVIEW", "LV-REVIEW-APPLY", "T-LI-11",
        "CE-COURT-OBJECT-ACCEPT", "CE-COURT-OBJECT", "CE-SUSPENDED", "SVC-RESTORE",
    },
    "may_proceed": {"PEN-DEFENCE", "CE-FINE-WAIT", "CE-DEMAND", "T-LI-08"},
    "surcharge": {"PEN-PAY"},
    "procedure_ends": {"REC-SUSPENDED"},
    "sanction_ends": {
        "SANCTION-END-WARNING", "SANCTION-END-DEMERIT", "SANCTION-END-MAJOR-DEMERIT", "SANCTION-END-DEMOTION",
        "SANCTION-END-REMOVAL",
    },
    "no_penalty": {"PEN-LIMIT-2Y", "PEN-LIMIT-5Y"},
    "act_defective": {"PEN-HEAR-NOTICE", "CE-SUBST", "LIC-HEAR-NOTICE", "REC-HEAR-NOTICE"},
}  # fmt: skip


class TestShipped:
    @pytest.mark.parametrize("kind", ATTACHED)
    def test_the_catalogue_attaches_what_the_law_attaches(self, law, kind):
        assert {rule.key for rule in rules(law) for lapse in rule.lapse if lapse.kind == kind} == ATTACHED[kind]

    def test_an_application_nobody_completed_in_time_counts_as_accepted_from_the_day_it_came(self, law):
        first, clue = law.rule("LIC-SUPPL", date(2026, 1, 5)).lapse
        assert (first.kind, first.parameters) == ("deemed_accepted", {"as_of": "trigger"})
        assert (clue.kind, clue.parameters) == ("propose_clue", {"circumstance": "C17"})

    def test_a_reconsideration_counts_as_accepted_from_the_end_of_the_examination(self, law):
        assert law.rule("REC-ACCEPT", date(2026, 1, 5)).lapse[0].parameters == {"as_of": "end"}

    def test_what_is_added_to_a_fine_is_a_value_with_its_article(self, law):
        assert lapse_as_data(law.rule("PEN-PAY", date(2026, 1, 5)).lapse[0]) == {
            "kind": "surcharge",
            "name": {"zh": "按日加处", "en": "So much is added for each day, up to so much in all"},
            "parameters": {"percent_a_day": 3, "at_most_percent": 100},
            "article": {"zh": "第七十二条第一款第一项", "en": "Art. 72(1)(1)"},
            "mark": "V:S1",
        }

    def test_a_seizure_has_to_be_lifted_and_a_freeze_ends_by_itself(self, law):
        assert law.rule("CM-SEIZE", date(2026, 1, 5)).lapse[0].parameters == {"by": "agency"}
        assert law.rule("CM-FREEZE", date(2026, 1, 5)).lapse[0].parameters == {"by": "itself"}

    def test_only_a_limit_of_an_agency_proposes_a_clue(self, law):
        clues = [rule for rule in rules(law) for lapse in rule.lapse if lapse.kind == "propose_clue"]
        assert len(clues) > 30
        assert {rule.binds for rule in clues} == {"agency"}

    def test_every_kind_is_named_in_both_languages(self):
        for kind in KINDS.values():
            assert kind.name.zh != kind.name.en


class TestRefused:
    @pytest.mark.parametrize(
        ("lapse", "rules"),
        [
            ("{kind: no_evidence, mark: PD}", []),
            ("{kind: no_evidence, mark: PD, article: {zh: 第一条, en: Art. 1}}", []),
            ("{kind: vanishes, mark: PD}", ["unknown-choice"]),
            ("{mark: PD}", ["missing-key"]),
            ("{kind: no_evidence}", ["missing-key"]),
            ("{kind: no_evidence, mark: sure}", ["wrong-kind"]),
            ("{kind: no_evidence, mark: PD, as_of: end}", ["unknown-key"]),
            ("{kind: deemed_accepted, mark: PD}", ["missing-key"]),
            ("{kind: deemed_accepted, as_of: someday, mark: PD}", ["unknown-choice"]),
            ("{kind: must_lift, by: nobody, mark: PD}", ["unknown-choice"]),
            ("{kind: may_proceed, act: The Act, mark: PD}", ["wrong-kind"]),
            ("{kind: propose_clue, circumstance: delay, mark: PD}", ["wrong-kind"]),
            ("{kind: propose_clue, circumstance: C03, mark: PD}", []),
            ("{kind: surcharge, percent_a_day: 3, at_most_percent: 100, mark: PD}", ["lapse-misfit"]),
            ("{kind: act_defective, mark: PD}", ["lapse-misfit"]),
            ("{kind: no_evidence, mark: PD}, {kind: no_evidence, mark: K}", ["lapse-twice"]),
            ("no_evidence", ["wrong-kind"]),
        ],
    )
    def test_a_lapse_is_carried_whole_or_refused(self, lapse, rules):
        assert refusals(lapse) == rules

    @pytest.mark.parametrize("percent", ["0", "-3", "3.5", "three"])
    def test_a_surcharge_is_a_whole_number_over_nothing(self, percent):
        text = f"{{kind: surcharge, percent_a_day: {percent}, at_most_percent: 100, mark: PD}}"
        assert refusals(text, binds="party") in (["percent"], ["wrong-kind"])


def rules(law):
    return [rule for versions in law.rules.values() for rule in versions]


def refusals(lapse: str, binds: str = "agency") -> list[str]:
    """The rules that a row with this lapse breaks."""
    row = ROW.replace("LAPSE", lapse).replace("BINDS", binds)
    try:
        law = catalogue.load({"row.yaml": row.encode()})
    except ArtefactsRefused as refused:
        return [finding.rule for finding in refused.findings if finding.line and finding.why_zh]
    assert law.rule("X-1", date(2026, 1, 1)).name == Wording("期限", "A limit")
    return []


ROW = """\
catalogue: {zh: 样例, en: Sample}
statutes:
  LAW: {zh: 某法, en: A law, level: law}
roles:
  boss: {zh: 负责人, en: Boss}
deadlines:
  - key: X-1
    name: {zh: 期限, en: A limit}
    statute: LAW
    mark: K
    trigger: {event: begun, zh: 开始, en: begun}
    period: {value: 15, unit: days}
    roll: none
    direction: forward
    binds: BINDS
    met_by: {event: done, zh: 完成, en: done}
    lapse: [LAPSE]
    effective: {from: 2021-07-15, mark: K}
    jurisdiction: CN
"""
