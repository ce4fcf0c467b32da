"""What a release is refused for: every finding with its file, its line and what to do, in both languages."""

from __future__ import annotations

import pytest

from engine.errors import Finding
from tests.casework.house import sources
from workflows import releases
from workflows.errors import ArtefactsRefused

HEAD, ROLES, SEPARATION = "bpmn/release.yaml", "bpmn/roles.yaml", "bpmn/safeguards/separation.yaml"
FILING, INTAKE, DETERMINATION = (f"bpmn/liability/li_{name}.bpmn" for name in ("filing", "intake", "determination"))


@pytest.mark.parametrize(
    ("path", "old", "new", "rule", "element"),
    [
        (HEAD, b'name: "2026.1"', b'title: "2026.1"', "unknown-key", "release"),
        (HEAD, b'name: "2026.1"', b'title: "2026.1"', "missing-key", "release"),
        (HEAD, b'"2026-01-01"', b"2026-02-30", "not-a-value", ""),
        (HEAD, b'"2026-01-01"', b'"soon"', "wrong-kind", "effective_from"),
        (HEAD, b"{serial:04d}", b"{serial.__class__}", "wrong-kind", "liability.number"),
        (HEAD, b"process: li_main", b"process: li_none", "process-missing", "liability"),
        (HEAD, b"profile: REF", b"profile: NONE", "profile-unknown", "NONE"),
        (ROLES, b"may: [", b"may: [case.close, ", "unknown-choice", "intake_clerk.may"),
        (ROLES, b"en: Clue registrar", b"de: Clue registrar", "missing-key", "intake_clerk.name"),
        (ROLES, b"  legal_reviewer:", b"  investigator:", "key-twice", ""),
        (SEPARATION, b"[intake_clerk, supervision_body]", b"[intake_clerk, intake_clerk]", "pair", "separation.1"),
        (SEPARATION, b"[intake_clerk, supervision_body]", b"[intake_clerk, nobody]", "pair", "separation.1"),
        (SEPARATION, b"[intake_clerk, supervision_body]", b"[approver_filing, investigator]", "pair-twice", "separation.2"),
        (SEPARATION, b"    mark: V:S8,S6", b"    mark: certain", "wrong-kind", "ties.party.mark"),
        (FILING, b'wz:form="F-FILING"', b'wz:form="F-NONE"', "form-unknown", "approve_filing"),
        (INTAKE, b">acceptance == 'merge'<", b">acceptance == 'merged'<", "value-never", "route_acceptance__end_merged"),
        (INTAKE, b">acceptance == 'merge'<", b">acceptence == 'merge'<", "variable-unknown", "route_acceptance__end_merged"),
        (DETERMINATION, b'"finding.duty_missed"', b'"finding.duty_mised"', "field-unknown", "assess_fault"),
    ],
)  # fmt: skip
def test_what_a_release_says_wrongly_is_refused(path: str, old: bytes, new: bytes, rule: str, element: str) -> None:
    found = refusal({path: sources()[path].replace(old, new, 1)}, unless=old)
    [finding] = [each for each in found if (each.rule, each.element) == (rule, element)]
    assert finding.why
    assert finding.remedy
    assert finding.why_zh
    assert finding.remedy_zh
    if rule not in ("profile-unknown", "process-missing"):
        assert (finding.source, bool(finding.line)) == (path, True)


def test_a_release_without_its_head_or_roles_names_both_files() -> None:
    found = refusal({HEAD: None, ROLES: None})
    assert {(each.source, each.rule) for each in found} >= {(HEAD, "missing-file"), (ROLES, "missing-file")}


def test_a_decision_that_stands_in_two_files_is_refused() -> None:
    table = "bpmn/decisions/accept_clue.dmn"
    [finding] = refusal({"bpmn/decisions/again.dmn": sources()[table]})
    assert (finding.source, finding.rule, table in finding.why) == ("bpmn/decisions/again.dmn", "decision-twice", True)


def refusal(changed: dict[str, bytes | None], *, unless: bytes | None = None) -> tuple[Finding, ...]:
    """The findings about the shipped release with some files changed or left out."""
    artefacts = sources()
    assert unless is None or any(unless in artefacts[path] for path in changed)
    whole = {path: text for path, text in (artefacts | changed).items() if text is not None}
    with pytest.raises(ArtefactsRefused) as refused:
        releases.build(whole, "r")
    return refused.value.findings
