"""The limits that the law sets, one line each: a limit that is missing, or counted otherwise, fails here.

`key | event | number`, in short: wd, d, m, y, h are working days, days, months, years, hours; `rolls` to the next working day;
`before` is counted backward; `+30 d x1 to 60 d by agency_head` is an extension, how often, to how much in all, by whom;
`without` names what does not count; `(45)` is the list of the Licensing Law.
"""

import pytest

from engine.periods import Period
from workflows.catalogue import DeadlineRule

LIMITS = """\
# Penalties
PEN-FILE-VERIFY | clue_received | 15 wd, +15 wd x1 to 30 wd by agency_head, without testing appraisal
PEN-DECIDE | case_filed | 90 d, rolls, without hearing public_notice testing appraisal
PEN-DECIDE-PUBLIC-SECURITY | case_filed | 30 d, rolls, +30 d x2 to 90 d by higher_police, without appraisal hearing
PEN-PRESERVE | evidence_preserved | 7 wd
PEN-LEGAL-REVIEW | legal_review_asked | 10 wd
PEN-DEFENCE | penalty_notice_served | 5 wd
PEN-HEAR-REQ | penalty_notice_served | 5 wd
PEN-HEAR-NOTICE | hearing_held | 7 wd, before
PEN-SERVE | penalty_decided | 7 wd
PEN-PAY | decision_received | 15 d, rolls, + by agency_head, without suspension
PEN-HANDIN-1 | fine_collected | 2 wd
PEN-HANDIN-2 | fine_handed_in | 2 wd
PEN-SUMMARY-FILE | penalty_decided | 3 wd
PEN-UNPUBLISH | decision_revoked | 3 wd
PEN-PUBLISH | decision_made | 7 wd
ENF-PUBLISH | decision_made | 20 wd
PEN-PUBLISH-SAMR | decision_made | 20 wd
PEN-UNPUBLISH-SAMR | decision_revoked | 3 wd
PEN-LIMIT-2Y | act_ended | 2 y
PEN-LIMIT-5Y | act_ended | 5 y
# Compulsory measures and execution
CM-APPROVE-24H | measure_taken | 24 h
CM-SEIZE | seized | 30 d, +30 d x1 to 60 d by agency_head, without testing quarantine appraisal
CM-FREEZE | frozen | 30 d, +30 d x1 to 60 d by agency_head
CM-FREEZE-DOC | frozen | 3 wd
CE-FINE-WAIT | default_fine_ordered | 30 d, rolls
CE-DEMAND | demand_served | 10 wd
CE-SUBST | substitute_performance | 3 wd, before
CE-COURT | remedies_expired | 3 m, rolls
CE-COURT-ACCEPT | execution_applied | 5 wd
CE-COURT-OBJECT-ACCEPT | execution_refusal_received | 15 d, rolls
CE-COURT-OBJECT-ACCEPT-DECIDE | execution_objection_made | 15 d, rolls
CE-COURT-RULE | execution_accepted | 7 wd
CE-COURT-DOUBT | execution_accepted | 30 d, rolls
CE-COURT-NOTICE | execution_ruled | 5 wd
CE-COURT-OBJECT | execution_refusal_received | 15 d, rolls
CE-COURT-OBJECT-DECIDE | execution_objection_made | 30 d, rolls
CE-COURT-URGENT | execution_ruled | 5 wd
CE-SUSPENDED | execution_suspended | 3 y
# Licensing
LIC-SUPPL | materials_received | 5 wd
LIC-DECIDE | application_accepted | 20 wd, +10 wd x1 to 30 wd by agency_head, without (45)
LIC-DECIDE-JOINT | application_accepted | 45 wd, +15 wd x1 to 60 wd by government_head, without (45)
LIC-FIRST-REVIEW | application_accepted | 20 wd
LIC-ISSUE | licence_decided | 10 wd
LIC-HEAR-REQ | hearing_right_told | 5 wd
LIC-HEAR | hearing_requested | 20 wd
LIC-HEAR-NOTICE | hearing_held | 7 wd, before
LIC-ASSIGN | application_accepted | 5 wd
LIC-RENEW-APPLY | licence_expires | 30 d, before
LIC-RENEW-DECIDE | licence_expires | 1 d, before, first day counts
# Reconsideration and litigation
REC-APPLY | act_known | 60 d, rolls, without force_majeure
REC-APPLY-UNTOLD | act_known | 1 y, rolls
REC-APPLY-LONGSTOP | act_done | 5 y, rolls
REC-APPLY-LONGSTOP-LAND | act_done | 20 y, rolls
REC-ACCEPT | reconsideration_applied | 5 wd
REC-SUPPL | reconsideration_applied | 5 wd
REC-CORRECT | supplement_notice_served | 10 wd
REC-FORWARD | reconsideration_applied | 5 wd
REC-COPY | reconsideration_accepted | 7 wd
REC-COPY-SUMMARY | reconsideration_accepted | 3 wd
REC-ANSWER | copy_received | 10 wd
REC-ANSWER-SUMMARY | copy_received | 5 wd
REC-HEAR-NOTICE | hearing_held | 5 wd, before
REC-DECIDE | reconsideration_accepted | 60 d, rolls, +30 d x1 to 90 d by reconsideration_head, without suspension
REC-DECIDE-SUMMARY | reconsideration_accepted | 30 d, rolls, without suspension
REC-SUSPENDED | reconsideration_suspended | 60 d, rolls
REC-OPINION | opinion_received | 60 d, rolls
LIT-DIRECT | act_known | 6 m, rolls, without force_majeure
LIT-AFTER-REC | reconsideration_decision_received | 15 d, rolls, without force_majeure
# Transfer of criminal cases
CRIME-DECIDE | transfer_reported | 3 d, rolls
CRIME-SEND | transfer_decided | 24 h
CRIME-FORWARD | case_received | 24 h
CRIME-POLICE-DECIDE | case_received | 3 d, rolls
CRIME-REVIEW-APPLY | police_refusal_received | 3 d, rolls
CRIME-REVIEW-ANSWER | police_review_asked | 3 d, rolls
CRIME-PROCURATORATE | police_review_decided | 3 d, rolls
CRIME-HANDOVER | police_filed | 3 d, rolls
# Discipline and its remedies
DISC-DECIDE | filing_approved | 6 m, rolls, + to 12 m by decider
DISC-PAY | sanction_decided | 1 m, rolls, + to 6 m by decider
SANCTION-END-WARNING | sanction_decided | 6 m, first day counts, + to 48 m by decider
SANCTION-END-DEMERIT | sanction_decided | 12 m, first day counts, + to 48 m by decider
SANCTION-END-MAJOR-DEMERIT | sanction_decided | 18 m, first day counts, + to 48 m by decider
SANCTION-END-DEMOTION | sanction_decided | 24 m, first day counts, + to 48 m by decider
SANCTION-END-REMOVAL | sanction_decided | 24 m, first day counts, + to 48 m by decider
APP-REVIEW-APPLY | discipline_known | 30 d, rolls, without force_majeure
APP-REVIEW-DECIDE | review_applied | 30 d, rolls
APP-APPEAL-APPLY | review_decision_received | 15 d, rolls, without force_majeure
APP-APPEAL-APPLY-DIRECT | discipline_known | 30 d, rolls, without force_majeure
APP-ACCEPT | appeal_applied | 30 d, rolls
APP-CORRECT | correction_notice_received | 15 d, rolls
APP-APPEAL-DECIDE | appeal_accepted | 60 d, rolls, +30 d x1 to 90 d by appeal_committee
APP-REAPPEAL-APPLY | appeal_decision_received | 30 d, rolls
APP-REAPPEAL-DECIDE | reappeal_accepted | 60 d, rolls, +30 d x1 to 90 d by appeal_committee
SUP-REVIEW-APPLY | sanction_received | 1 m, rolls
SUP-REVIEW-DECIDE | supervisory_review_applied | 1 m, rolls
SUP-RECHECK-APPLY | supervisory_review_received | 1 m, rolls
SUP-RECHECK-DECIDE | supervisory_recheck_applied | 2 m, rolls
# Service, and periods in general
SVC-NOTICE | notice_published | 30 d, rolls
SVC-NOTICE-POLICE | notice_published | 60 d, rolls
SVC-NOTICE-APPEAL | notice_published | 60 d, rolls
SVC-RESTORE | obstacle_ended | 10 d, rolls
# Government inspection, complaints, letters and visits
XF-INSPECT-REVIEW | conclusion_received | 30 d, rolls
XF-INSPECT-DECIDE | conclusion_review_applied | 30 d, rolls
COMPLAINT-ACCEPT-SAMR | complaint_received | 7 wd
REPORT-TOLD-SAMR | filing_decided | 5 wd
LV-ACCEPT | petition_received | 15 d, rolls
LV-HANDLE | petition_accepted | 60 d, rolls, +30 d x1 to 90 d by agency_head
LV-REVIEW-APPLY | petition_answer_received | 30 d, rolls
LV-REVIEW-DECIDE | petition_review_asked | 30 d, rolls
# The liability procedure under the reference profile
T-LI-01 | clue_received | 5 wd
T-LI-02 | no_jurisdiction_found | 5 wd
T-LI-03 | acceptance_decided | 5 wd
T-LI-04 | verification_approved | 15 wd, +10 wd x1 to 25 wd by approver_filing
T-LI-05 | filing_asked | 3 wd
T-LI-06 | filing_approved | 30 wd, +30 wd x1 to 60 wd by approver_filing, without appraisal remedy_pending force_majeure
T-LI-07 | filing_approved | 60 wd, without appraisal remedy_pending force_majeure
T-LI-08 | notice_served | 5 wd
T-LI-09 | legal_review_asked | 10 wd
T-LI-10 | liability_decided | 7 wd, without public_notice
T-LI-11 | decision_served | 30 d, rolls, without force_majeure
T-LI-12 | remedy_applied | 30 d, rolls, +15 d x1 to 45 d by decider
T-LI-13 | decision_served | 30 d, rolls
T-LI-14 | liability_decided | 1 m, rolls, + to 6 m by decider
"""
OPEN = {"SV-CORRECT", "SV-REPORT", "SV-REPORT-DONE", "SV-OBJECT", "SV-REVIEW", "COMPLAINT-REPLY"}
"""Limits that only local rules set."""

EXCLUDED_45 = "hearing tender auction testing quarantine appraisal expert_review"

ROWS = dict(line.split(" | ", 1) for line in LIMITS.splitlines() if not line.startswith("#"))


@pytest.mark.parametrize("key", ROWS)
def test_the_catalogue_has_the_limit_as_the_law_sets_it(law, key):
    assert in_short(law.rules[key][-1]) == ROWS[key].replace("(45)", EXCLUDED_45)


def test_the_catalogue_has_no_limit_beside_these(law):
    assert set(law.keys) == set(ROWS)
    assert law.open_keys == OPEN


def test_a_limit_whose_article_was_renumbered_is_the_same_limit(law):
    renumbered = [versions for versions in law.rules.values() if len(versions) > 1]
    assert len(renumbered) == 4
    for versions in renumbered:
        assert len({in_short(rule) for rule in versions}) == 1


def in_short(rule: DeadlineRule) -> str:
    """A rule as a line of `LIMITS`."""
    extension = rule.extension
    parts = [
        span(rule.period),
        "before" if rule.direction == "backward" else "",
        "first day counts" if rule.first_day_counts else "",
        "rolls" if rule.roll == "next_working_day" and rule.period.unit != "working_days" else "",
    ]
    if extension:
        words = ["+" + (span(extension.period) if extension.period else "")]
        words += [f"x{extension.times}"] if extension.times else []
        words += [f"to {span(extension.cap)}"] if extension.cap else []
        parts.append(" ".join((*words, f"by {extension.approver}")))
    parts.append("without " + " ".join(rule.not_counted) if rule.not_counted else "")
    return f"{rule.trigger.code} | {', '.join(part for part in parts if part)}"


def span(period: Period) -> str:
    units = {"working_days": "wd", "days": "d", "months": "m", "years": "y", "hours": "h"}
    return f"{period.value} {units[period.unit]}"
