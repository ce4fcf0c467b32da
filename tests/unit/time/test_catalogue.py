"""The catalogue of limits: what it holds, and what it refuses."""

import re
from datetime import date

import pytest
import yaml

from engine.periods import Period
from engine.sheets import Wording
from tests.unit.time.conftest import BPMN, sources
from workflows import catalogue
from workflows.catalogue import Catalogue, RuleUnknown
from workflows.errors import ArtefactsRefused

REF = {
    "T-LI-01": (5, "working_days"), "T-LI-02": (5, "working_days"), "T-LI-03": (5, "working_days"),
    "T-LI-04": (15, "working_days"), "T-LI-05": (3, "working_days"), "T-LI-06": (30, "working_days"),
    "T-LI-07": (60, "working_days"), "T-LI-08": (5, "working_days"), "T-LI-09": (10, "working_days"),
    "T-LI-10": (7, "working_days"), "T-LI-11": (30, "days"), "T-LI-12": (30, "days"), "T-LI-13": (30, "days"),
    "T-LI-14": (1, "months"),
}  # fmt: skip


class TestShipped:
    def test_the_reference_profile_chooses_every_limit_of_the_liability_procedure(self, law):
        chosen = {key: law.rule(key, date(2025, 1, 1)).period for key in REF}
        assert chosen == {key: Period(*period) for key, period in REF.items()}
        assert law.profile.key == "REF"
        assert not law.open_keys & chosen.keys()

    def test_the_numbers_of_the_profile_say_that_they_are_product_defaults(self, law):
        rule = law.rule("T-LI-06", date(2025, 1, 1))
        assert (rule.mark, rule.profile, rule.statute.level) == ("PD", "REF", "product_default")
        assert (rule.extension.cap, rule.extension.times) == (Period(60, "working_days"), 1)

    def test_every_limit_has_names_a_mark_an_event_and_rungs_that_reach_somebody(self, law):
        for versions in law.rules.values():
            for rule in versions:
                assert rule.name.zh != rule.name.en
                assert rule.mark
                assert rule.consequence
                assert all(role in law.roles for rung in rule.rungs for role in rung.to)
                assert all(kind in law.not_counted for kind in rule.not_counted)

    def test_sanctions_count_their_first_day_and_never_roll(self, law):
        for key in law.keys:
            if key.startswith("SANCTION-END"):
                rule = law.rule(key, date(2025, 1, 1))
                assert (rule.first_day_counts, rule.roll) == (True, "none")

    def test_an_article_that_was_renumbered_is_cited_as_of_the_day(self, law):
        before = law.rule("SUP-REVIEW-APPLY", date(2025, 5, 31)).citation
        after = law.rule("SUP-REVIEW-APPLY", date(2025, 6, 1)).citation
        assert (before.zh, after.zh) == ("监察法第四十九条", "监察法第五十六条")

    def test_a_limit_before_its_text_was_in_force_is_refused(self, law):
        with pytest.raises(RuleUnknown, match="not in force on 2020-01-01") as caught:
            law.rule("PEN-DECIDE", date(2020, 1, 1))
        assert caught.value.facts["key"] == "PEN-DECIDE"

    def test_a_key_that_does_not_exist_is_refused(self, law):
        assert not law.knows("PEN-NOTHING")
        with pytest.raises(RuleUnknown, match="no limit PEN-NOTHING") as caught:
            law.rule("PEN-NOTHING", date(2025, 1, 1))
        assert "PEN-NOTHING" in caught.value.facts["zh"]

    def test_a_misspelt_key_is_refused_with_the_nearest_ones(self, law):
        with pytest.raises(RuleUnknown, match="nearest: PEN-DECIDE") as caught:
            law.rule("pen-decid", date(2025, 1, 1))
        assert "PEN-DECIDE" in caught.value.facts["near"]

    def test_every_word_that_is_declared_is_used(self, law):
        rules = [rule for versions in law.rules.values() for rule in versions]
        used = "".join(path.read_text() for path in (BPMN / "deadlines").glob("*.yaml") if path.stem != "words")
        used += "".join(path.read_text() for path in (BPMN / "profiles").glob("*.yaml"))
        assert not [code for code in (*law.events, *law.not_counted, *law.roles) if not re.search(rf"\b{code}\b", used)]
        assert {rule.trigger.code for rule in rules} <= law.events.keys()
        assert {rule.met_by.code for rule in rules} <= law.events.keys()

    def test_whoever_is_told_by_a_limit_of_the_procedure_is_a_role_of_the_house(self, law):
        roles = yaml.safe_load((BPMN / "roles.yaml").read_text())["roles"].keys() | {"holder", "party"}
        drawn = "".join(path.read_text() for path in (BPMN / "liability").glob("*.bpmn"))
        for key in re.findall(r'wz:deadline="([^"]+)"', drawn):
            for rule in law.rules[key]:
                assert {role for rung in rule.rungs for role in rung.to} <= roles
                assert rule.extension is None or rule.extension.approver in roles


class TestShippedProfiles:
    @pytest.mark.parametrize(
        ("profile", "key", "period", "citation"),
        [
            ("SHANDONG", "SV-CORRECT", Period(30, "days"), "山东省行政执法监督条例第二十八条"),
            ("SHANDONG", "SV-REPORT", Period(30, "days"), "山东省行政执法监督条例第二十九条"),
            ("CHONGQING", "SV-OBJECT", Period(10, "working_days"), "重庆市行政执法监督条例第二十一条"),
            ("CHONGQING", "SV-REVIEW", Period(15, "working_days"), "重庆市行政执法监督条例第二十一条"),
            ("CHONGQING", "COMPLAINT-REPLY", Period(15, "working_days"), "重庆市行政执法责任制条例第十三条"),
            ("SAMR", "SV-REPORT-DONE", Period(10, "working_days"), "市场监督管理执法监督暂行规定第十九条"),
            ("SAMR", "SV-OBJECT", Period(5, "working_days"), "市场监督管理执法监督暂行规定第二十条"),
            ("SAMR", "SV-REVIEW", Period(10, "working_days"), "市场监督管理执法监督暂行规定第二十条"),
        ],
    )
    def test_a_jurisdiction_has_the_number_its_own_rule_sets(self, profile, key, period, citation):
        rule = shipped(profile).rule(key, date(2026, 3, 2))
        assert (rule.period, rule.citation.zh, rule.profile) == (period, citation, profile)

    @pytest.mark.parametrize(
        ("profile", "key"),
        [("SHANDONG", "SV-OBJECT"), ("CHONGQING", "SV-REPORT"), ("HENAN", "SV-CORRECT"), ("SAMR", "T-LI-06"),
         ("DECREE-825", "SV-CORRECT"), ("REF", "SV-REVIEW")],
    )  # fmt: skip
    def test_what_is_not_known_is_refused_when_used_with_its_key(self, profile, key):
        law = shipped(profile)
        assert not law.knows(key)
        with pytest.raises(
            RuleUnknown, match=f"{key} is left to the jurisdiction, and the profile {profile}"
        ) as caught:
            law.rule(key, date(2026, 3, 2))
        assert key in caught.value.facts["zh"]
        assert profile in caught.value.facts["zh"]

    def test_market_regulation_extends_a_penalty_once_and_counts_less(self):
        rule = shipped("SAMR").rule("PEN-DECIDE", date(2026, 3, 2))
        assert (rule.period, rule.extension.period, rule.extension.times) == (Period(90, "days"), Period(30, "days"), 1)
        assert {"hearing", "identification", "refund_order", "suspension"} <= set(rule.not_counted)

    def test_a_profile_that_chooses_nothing_leaves_the_law_itself_in_force(self):
        assert shipped("DECREE-825").rule("PEN-SERVE", date(2026, 3, 2)).period == Period(7, "working_days")


class TestProfiles:
    def test_a_limit_left_open_by_the_profile_is_refused_when_used(self):
        law = catalogue.load({"c": CATALOGUE, "p": profile("")})
        assert law.open_keys == {"T-LI-01"}
        assert not law.knows("T-LI-01")
        with pytest.raises(RuleUnknown, match="left to the jurisdiction"):
            law.rule("T-LI-01", date(2025, 1, 1))

    def test_without_a_profile_the_catalogue_stands_alone(self):
        law = catalogue.load({"c": CATALOGUE})
        assert law.profile is None
        assert law.keys == ("PEN-DECIDE", "PEN-PAY")

    def test_a_profile_gives_number_basis_and_place(self):
        law = catalogue.load(
            {"c": CATALOGUE, "p": profile("T-LI-01: {period: {value: 3, unit: days}, statute: LOCAL, mark: K}")}
        )
        rule = law.rule("T-LI-01", date(2025, 1, 1))
        assert (rule.period, rule.citation.zh, rule.jurisdiction) == (Period(3, "days"), "某市办法", "CN-99")

    def test_a_shorter_limit_for_the_agency_is_its_own_affair(self):
        law = catalogue.load(
            {"c": CATALOGUE, "p": profile("PEN-DECIDE: {period: {value: 60, unit: days}, statute: DOC, mark: K}")}
        )
        assert law.rule("PEN-DECIDE", date(2025, 1, 1)).period == Period(60, "days")

    def test_a_longer_limit_needs_the_enabling_clause(self):
        chosen = "PEN-DECIDE: {period: {value: 120, unit: days}, statute: %s, mark: K}"
        law = catalogue.load({"c": CATALOGUE, "p": profile(chosen % "LOCAL")})
        assert law.rule("PEN-DECIDE", date(2025, 1, 1)).period == Period(120, "days")
        assert rules_of({"c": CATALOGUE, "p": profile(chosen % "DOC")}) == ["beyond-the-law"]

    def test_an_extension_beyond_the_law_is_no_way_round(self):
        chosen = """PEN-DECIDE:
    period: {value: 90, unit: days}
    extension: {approver: boss, period: {value: 40, unit: days}, times: 1, mark: K}
    statute: DOC
    mark: K"""
        assert rules_of({"c": CATALOGUE, "p": profile(chosen)}) == ["beyond-the-law"]

    def test_a_partys_time_is_not_shortened(self):
        chosen = "PEN-PAY: {period: {value: 10, unit: days}, statute: DOC, mark: K}"
        assert rules_of({"c": OVERRIDABLE_PAY, "p": profile(chosen)}) == ["beyond-the-law"]

    def test_a_limit_that_is_not_left_open_is_not_chosen(self):
        chosen = "PEN-PAY: {period: {value: 20, unit: days}, statute: DOC, mark: K}"
        assert rules_of({"c": CATALOGUE, "p": profile(chosen)}) == ["not-overridable"]

    @pytest.mark.parametrize(("value", "rules"), [(15, []), (16, ["beyond-the-law"]), (1, ["beyond-the-law"])])
    def test_a_choice_stays_between_least_and_most(self, value, rules):
        chosen = f"T-LI-01: {{period: {{value: {value}, unit: days}}, statute: LOCAL, mark: K}}"
        assert rules_of({"c": CATALOGUE, "p": profile(chosen)}) == rules

    def test_a_choice_for_a_key_that_does_not_exist_is_refused(self):
        chosen = "T-LI-99: {period: {value: 5, unit: days}, statute: LOCAL, mark: K}"
        assert rules_of({"c": CATALOGUE, "p": profile(chosen)}) == ["dangling"]

    def test_an_hour_choice_for_a_limit_that_rolls_is_refused(self):
        chosen = "T-LI-01: {period: {value: 100, unit: hours}, statute: LOCAL, mark: K}"
        assert rules_of({"c": CATALOGUE, "p": profile(chosen)}) == ["roll-without-effect"]

    def test_a_jurisdiction_takes_the_length_of_a_public_notice_from_the_text_it_serves_by(self, calendar):
        chosen = "SVC-NOTICE: {period: {value: 60, unit: days}, statute: APPEAL-RULES, mark: V2:X5}"
        law = catalogue.load({**sources("deadlines"), "p": profile(chosen)})
        rule = law.rule("SVC-NOTICE", date(2026, 3, 3))
        assert catalogue.due_for(rule, "2026-03-03", calendar).due == date(2026, 5, 6), "2 May is a holiday"

    def test_time_that_does_not_count_for_an_agency_needs_the_enabling_clause_too(self):
        chosen = "PEN-DECIDE: {period: {value: 90, unit: days}, statute: %s, not_counted: [strike], mark: K}"
        files = {"c": CATALOGUE.replace(b"not_counted:\n", b"not_counted:\n  strike: {zh: x, en: y}\n", 1)}
        law = catalogue.load({**files, "p": profile(chosen % "LOCAL")})
        assert law.rule("PEN-DECIDE", date(2025, 1, 1)).not_counted == ("appraisal", "strike")
        assert rules_of({**files, "p": profile(chosen % "DOC")}) == ["beyond-the-law"]
        assert rules_of({"c": CATALOGUE, "p": profile(chosen % "LOCAL")}) == ["dangling"]

    def test_an_extension_of_another_unit_than_the_chosen_period_is_refused(self):
        chosen = "PEN-DECIDE: {period: {value: 50, unit: working_days}, statute: LOCAL, mark: K}"
        assert rules_of({"c": CATALOGUE, "p": profile(chosen)}) == ["extension-misfit"]

    def test_two_profiles_of_one_key_are_refused(self):
        assert rules_of({"c": CATALOGUE, "p": profile(""), "q": profile("")}) == ["profile-unknown", "profile-twice"]

    def test_of_several_profiles_one_must_be_chosen(self):
        two = {"c": CATALOGUE, "p": profile(""), "q": profile("").replace(b"profile: TEST", b"profile: OTHER")}
        assert rules_of(two) == ["profile-unknown"]
        assert catalogue.load(two, profile="OTHER").profile.key == "OTHER"
        with pytest.raises(ArtefactsRefused) as caught:
            catalogue.load(two, profile="THIRD")
        assert "TEST, OTHER" in caught.value.findings[0].remedy


class TestRefused:
    @pytest.mark.parametrize(
        ("change", "rule"),
        [
            (("key: PEN-DECIDE", "key: pen_decide"), "wrong-kind"),
            (("statute: LAW", "statute: NO-SUCH"), "dangling"),
            (("to: [boss]", "to: [nobody]"), "dangling"),
            (("not_counted: [appraisal]", "not_counted: [weather]"), "dangling"),
            (("approver: boss", "approver: nobody"), "dangling"),
            (("unit: days}\n    roll", "unit: weeks}\n    roll"), "unknown-choice"),
            (("value: 90", "value: -90"), "period"),
            (("value: 90", "value: 1000000000"), "period"),
            (("mark: V:S1\n    trigger", "trigger"), "missing-key"),
            (("mark: V:S1\n    trigger", "mark: certain\n    trigger"), "wrong-kind"),
            (("en: Penalty decision", "fr: Décision"), "missing-key"),
            (("binds: agency", "binds: nobody"), "unknown-choice"),
            (("binds: agency", "binds: agency\n    deadline: 3"), "unknown-key"),
            (("at: 0.9", "at: 1.9"), "rung-share"),
            (("at: 0.9", "at: 0.9, before: {value: 1, unit: days}"), "rung-moment"),
            (("at: 0.9, ", ""), "rung-moment"),
            (("direction: forward", "direction: backward"), "roll-without-effect"),
            (("value: 90, unit: days", "value: 90, unit: working_days"), "roll-without-effect"),
            (("value: 30, unit: days}, times", "value: 30, unit: working_days}, times"), "extension-misfit"),
            (("times: 1,", "times: 1, cap: {value: 60, unit: days},"), "extension-misfit"),
            (("period: {value: 30, unit: days}, times: 1, ", ""), "extension-unbounded"),
            (("from: 2021-07-15", "from: 2021-07-15, to: 2020-01-01"), "effective-backward"),
            (("key: PEN-PAY", "key: PEN-DECIDE"), "effective-overlap"),
            (("level: law", "level: custom"), "unknown-choice"),
            (("event: case_filed", "event: Case Filed"), "wrong-kind"),
            (("by: [law, local_regulation]", "by: [custom]"), "unknown-choice"),
            (("binds: agency", "varies: PEN-NOTHING\n    binds: agency"), "dangling"),
            (("roles:", "events:\n  other: {zh: 别的, en: other}\nroles:"), "dangling"),
            (("event: case_filed, zh: 立案, en: case filed", "event: case_filed"), "missing-key"),
            (
                ("period: {value: 30, unit: days}, times: 1, ", "unbounded: true, period: {value: 3, unit: days}, "),
                "extension-unbounded",
            ),
            (
                ("value: 15, unit: days}\n    at_least", "value: 15, unit: days, mark: sure}\n    at_least"),
                "wrong-kind",
            ),
        ],
    )
    def test_a_row_that_cannot_be_carried_out_is_refused_with_its_line(self, change, rule):
        text = CATALOGUE.decode()
        assert change[0] in text
        with pytest.raises(ArtefactsRefused) as caught:
            catalogue.load({"rows.yaml": text.replace(*change, 1).encode()})
        found = [finding for finding in caught.value.findings if finding.rule == rule]
        assert found, [finding.rule for finding in caught.value.findings]
        assert all(finding.source == "rows.yaml" and finding.line and finding.why_zh for finding in found)

    def test_all_findings_of_all_files_come_at_once(self):
        broken = CATALOGUE.replace(b"statute: LAW", b"statute: NO-SUCH").replace(b"at: 0.9", b"at: 2")
        rules = rules_of(
            {"c": broken, "p": profile("T-LI-99: {period: {value: 5, unit: days}, statute: LOCAL, mark: K}")}
        )
        assert {"dangling", "rung-share"} <= set(rules)
        assert len(rules) >= 4

    def test_a_role_declared_in_two_ways_is_refused(self):
        other = CATALOGUE.replace(b"en: Boss", b"en: Chief").replace(b"key: ", b"key: X-")
        assert "declared-twice" in rules_of({"c": CATALOGUE, "d": other})

    def test_versions_of_a_limit_may_follow_one_another(self):
        older = (
            CATALOGUE.replace(b"from: 2021-07-15", b"from: 2000-01-01, to: 2021-07-14")
            .replace(b"value: 90", b"value: 91")
            .replace(b"key: PEN-PAY", b"key: PEN-OLD-PAY")
            .replace(b"key: T-LI-01", b"key: T-OLD-01")
        )
        law = catalogue.load({"c": CATALOGUE, "d": older})
        assert law.rule("PEN-DECIDE", date(2021, 7, 14)).period == Period(91, "days")
        assert law.rule("PEN-DECIDE", date(2021, 7, 15)).period == Period(90, "days")

    def test_versions_of_a_limit_leave_no_gap(self):
        older = CATALOGUE.replace(b"from: 2021-07-15", b"from: 2000-01-01, to: 2021-07-13")
        older = older.replace(b"key: PEN-PAY", b"key: PEN-OLD-PAY").replace(b"key: T-LI-01", b"key: T-OLD-01")
        assert rules_of({"c": CATALOGUE, "d": older}) == ["effective-gap"]

    @pytest.mark.parametrize(
        ("level", "value", "rules"),
        [
            ("local_regulation", 100, []), ("document", 80, []), ("law", 100, []),
            ("document", 100, ["beyond-the-law"]), ("rule", 100, ["beyond-the-law"]),
        ],
    )  # fmt: skip
    def test_a_limit_in_the_place_of_another_is_stricter_or_has_the_enabling_clause(self, level, value, rules):
        own = CATALOGUE.split(b"deadlines:")[1].split(b"  - key: PEN-PAY")[0].decode()
        own = own.replace("PEN-DECIDE", "PEN-OWN").replace("value: 90", f"value: {value}").replace("LAW", "OWN")
        own = own.replace("    extension:", "    # extension:").replace(
            "    binds", "    varies: PEN-DECIDE\n    binds"
        )
        text = f"catalogue: {{zh: a, en: b}}\nstatutes:\n  OWN: {{zh: a, en: b, level: {level}}}\ndeadlines:{own}"
        plain = CATALOGUE.replace(b"    extension:", b"    # extension:")
        assert rules_of({"c": plain, "d": text.encode()}) == rules

    def test_an_event_may_be_declared_once_and_named_by_its_code(self):
        text = CATALOGUE.replace(b"roles:", "events:\n  case_filed: {zh: 立案, en: filed}\nroles:".encode())
        for event in ("decided", "received", "paid", "accepted"):
            text = text.replace(b"events:\n", f"events:\n  {event}: {{zh: 事, en: {event}}}\n".encode())
        text = text.replace("event: case_filed, zh: 立案, en: case filed".encode(), b"event: case_filed")
        assert catalogue.load({"c": text}).rule("PEN-DECIDE", date(2025, 1, 1)).trigger.name == Wording("立案", "filed")

    def test_where_the_law_names_no_length_an_extension_is_unbounded(self):
        text = CATALOGUE.replace(b"period: {value: 30, unit: days}, times: 1, ", b"unbounded: true, ")
        extension = catalogue.load({"c": text}).rule("PEN-DECIDE", date(2025, 1, 1)).extension
        assert (extension.approver, extension.period, extension.times, extension.cap) == ("boss", None, None, None)

    def test_a_file_that_is_no_catalogue_is_refused(self):
        assert rules_of({"x": b"- 1"}) == ["wrong-kind"]
        assert rules_of({"x": b"profile: 1"})[0] == "missing-key"

    def test_no_files_are_an_empty_catalogue(self):
        assert catalogue.load({}).keys == ()

    def test_a_backward_limit_has_neither_share_nor_extension(self):
        text = CATALOGUE.replace(b"direction: forward", b"direction: backward", 1).replace(
            b"roll: next_working_day", b"roll: none", 1
        )
        assert set(rules_of({"c": text})) == {"extension-backward", "rung-backward"}

    def test_an_hour_limit_has_no_first_day(self):
        text = CATALOGUE.replace(
            b"value: 15, unit: days}\n    roll: next_working_day",
            b"value: 15, unit: hours}\n    roll: none\n    first_day_counts: true",
        )
        assert rules_of({"c": text}) == ["first-day-of-hours"]


def shipped(profile: str) -> Catalogue:
    """The shipped catalogue under a profile."""
    return catalogue.load(sources("deadlines", "profiles"), profile=profile)


def rules_of(files: dict[str, bytes]) -> list[str]:
    """The rules that are broken."""
    try:
        catalogue.load(files)
    except ArtefactsRefused as refused:
        return [finding.rule for finding in refused.findings]
    return []


CATALOGUE = """\
catalogue: {zh: 样例, en: Sample}
statutes:
  LAW: {zh: 某法, en: A law, level: law}
roles:
  boss: {zh: 负责人, en: Boss}
not_counted:
  appraisal: {zh: 鉴定, en: Appraisal}
deadlines:
  - key: PEN-DECIDE
    name: {zh: 作出决定, en: Penalty decision}
    statute: LAW
    article: {zh: 第六十条, en: Art. 60}
    mark: V:S1
    trigger: {event: case_filed, zh: 立案, en: case filed}
    period: {value: 90, unit: days}
    roll: next_working_day
    direction: forward
    not_counted: [appraisal]
    extension: {approver: boss, period: {value: 30, unit: days}, times: 1, mark: K}
    may_vary: {by: [law, local_regulation], article: {zh: 第六十条, en: Art. 60}, mark: V:S1}
    overridable: true
    binds: agency
    met_by: {event: decided, zh: 作出决定, en: decided}
    rungs:
      - {kind: warn, at: 0.9, to: [boss]}
    effective: {from: 2021-07-15, mark: K}
    jurisdiction: CN
  - key: PEN-PAY
    name: {zh: 缴纳罚款, en: Pay the fine}
    statute: LAW
    mark: V:S1
    trigger: {event: received, zh: 收到决定, en: received}
    period: {value: 15, unit: days}
    roll: next_working_day
    direction: forward
    binds: party
    met_by: {event: paid, zh: 缴纳, en: paid}
    effective: {from: 2021-07-15, mark: K}
    jurisdiction: CN
  - key: T-LI-01
    name: {zh: 受理, en: Accept}
    statute: LAW
    mark: PD
    trigger: {event: received, zh: 收到线索, en: received}
    period: profile
    at_most: {value: 15, unit: days}
    at_least: {value: 2, unit: days}
    roll: next_working_day
    direction: forward
    binds: agency
    met_by: {event: accepted, zh: 受理, en: accepted}
    effective: {from: 2015-01-01, mark: K}
    jurisdiction: CN
""".encode()

OVERRIDABLE_PAY = CATALOGUE.replace(b"    binds: party\n", b"    binds: party\n    overridable: true\n")


def profile(limits: str) -> bytes:
    """A profile with these choices."""
    return f"""\
profile: TEST
name: {{zh: 样例, en: Sample}}
jurisdiction: CN-99
statutes:
  LOCAL: {{zh: 某市办法, en: A city rule, level: local_regulation}}
  DOC: {{zh: 某文件, en: A document, level: document}}
limits: {"{}" if not limits else ""}
  {limits}
""".encode()


def test_what_a_catalogue_says_of_a_limit_is_all_there():
    rule = catalogue.load({"c": CATALOGUE}).rule("PEN-DECIDE", date(2025, 1, 1))
    assert rule.citation == Wording("某法第六十条", "A law, Art. 60")
    assert rule.trigger.code == "case_filed"
    assert rule.extension.approver == "boss"
    assert rule.rungs[0].share == 0.9
