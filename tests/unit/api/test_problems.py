"""What went wrong, told in the reader's language, with a stable code, and without telling a stranger why we failed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from api import problems
from api.errors import SignInPaused, WayInError
from engine.errors import Finding
from forms import Problem
from workflows import errors as casework
from workflows.errors import ArtefactsRefused, CaseworkError, ConflictOfInterest, InvalidInput, NotPossible, Refused

OURS_TO_FIX = {CaseworkError, casework.LedgerBroken, casework.ProtectionMissing, Refused, WayInError}
"""Errors that no caller can bring about: they are incidents, or have a status only through their kinds."""


def test_every_error_of_the_casework_has_a_status_or_is_ours_to_fix() -> None:
    without = {cls for cls in _kinds(CaseworkError) if problems.status_of(cls.__new__(cls)) is None}

    assert {cls for cls in without if cls.__module__ == "workflows.errors"} <= OURS_TO_FIX


def test_a_problem_is_told_in_chinese_unless_english_is_preferred() -> None:
    error = NotPossible("You have signed this already.")

    assert problems.describe(error, "zh").detail == "您已签署。"
    assert problems.describe(error, "en").detail == "You have signed this already."


def test_a_sentence_without_chinese_falls_back_to_its_kind_and_never_to_english() -> None:
    assert problems.describe(NotPossible("Something quite new."), "zh").detail == "程序当前不允许此操作。"


def test_a_conflict_of_interest_tells_the_rule_and_its_article() -> None:
    error = ConflictOfInterest(
        why_zh="调查人员不得审核", why_en="Investigators do not review", source="行政处罚法第五十八条"
    )

    assert problems.describe(error, "zh").detail == "调查人员不得审核（行政处罚法第五十八条）"
    assert problems.describe(error, "en").detail == "Investigators do not review"


def test_every_field_to_put_right_is_told_with_its_path() -> None:
    error = InvalidInput(
        (Problem(path="answers.name", code="required", message={"zh": "请填写。", "en": "Fill this in."}),)
    )

    told = problems.describe(error, "en")

    assert told.status == 422
    assert told.errors == ({"path": "answers.name", "code": "required", "message": "Fill this in."},)


def test_every_finding_in_an_artefact_is_told() -> None:
    finding = Finding(
        source="a.bpmn", line=7, element="x", name="", rule="unknown", why="Not known.", remedy="Remove it."
    )

    told = problems.describe(ArtefactsRefused((finding, replace(finding, line=None))), "en").errors

    assert told[0] == {"path": "a.bpmn:7:x", "code": "unknown", "message": "Not known. Remove it."}
    assert told[1]["path"] == "a.bpmn:?:x"


def test_a_pause_says_when_to_come_back() -> None:
    assert problems.describe(SignInPaused(retry_after=30), "zh").headers["Retry-After"] == "30"


def test_a_wrong_method_says_which_are_right() -> None:
    assert problems.describe(MethodNotAllowed(valid_methods=["GET"]), "en").headers == {"Allow": "GET"}


def test_a_database_that_does_not_answer_is_no_incident() -> None:
    told = problems.describe(OperationalError("SELECT 1", {}, Exception("connection refused")), "en")

    assert (told.status, told.headers["Retry-After"]) == (503, "2")


@pytest.mark.parametrize("error", [RuntimeError("hunter2"), CaseworkError("hunter2"), KeyError("hunter2")])
def test_what_nobody_foresaw_is_an_incident_without_detail(error: Exception) -> None:
    told = problems.describe(error, "en")

    assert (told.status, told.code) == (500, "incident")
    assert "hunter2" not in str(told)


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("", "zh"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-GB,en;q=0.9", "en"),
        ("en;q=0.5,zh;q=0.9", "zh"),
        ("fr", "zh"),
        ("fr,en;q=0.1", "en"),
        ("*", "zh"),
        ("nonsense;;;q=x", "zh"),
    ],
)
def test_the_language_asked_for(asked: str, language: str) -> None:
    with Flask("test").test_request_context(headers={"Accept-Language": asked}):
        assert problems.language() == language


@pytest.mark.parametrize(
    "status", [400, 401, 403, 404, 405, 406, 408, 409, 410, 411, 413, 414, 415, 416, 417, 429, 431]
)
def test_every_refusal_of_the_framework_becomes_a_problem(status: int) -> None:
    error = HTTPException()
    error.code = status

    assert problems.describe(error, "zh").status == status
    assert problems.describe(error, "zh").title


def _kinds(root: type[Exception]) -> set[type[Exception]]:
    return {root}.union(*(_kinds(kind) for kind in root.__subclasses__()))
