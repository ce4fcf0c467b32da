"""Turns what went wrong into an answer: one table from error to status, and documents in the form of RFC 9457.

The only place below `wenze` that knows an HTTP status for an error. What is not in the table is an incident: it is logged
with its traceback under a number, and the answer holds the number and nothing else. May never tell a stranger why we failed.

Who may not know that a case exists is told 404, who may know but not act 403: the casework decides which, by raising
`NotFound` or `NotAllowed`.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

import structlog
from flask import Flask, Response, current_app, g, has_request_context, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from werkzeug.exceptions import HTTPException

from api import errors
from api.database import TurnLost
from api.rates import TooOften
from api.sentences import in_chinese
from engine.errors import PeriodRefused
from workflows import errors as casework
from workflows.catalogue import RuleUnknown

MEDIA_TYPE = "application/problem+json"
TYPE = "urn:wenze:problem:"

STATUS: Mapping[type[Exception], int] = {
    casework.NotFound: 404,
    casework.NotAllowed: 403,
    casework.ConflictOfInterest: 403,
    casework.Stale: 409,
    casework.NotOpen: 409,
    casework.NotPossible: 409,
    casework.NotMovable: 409,
    casework.InvalidInput: 422,
    casework.ArtefactsRefused: 422,
    casework.ProtectionMissing: 500,
    RuleUnknown: 404,
    PeriodRefused: 422,
    errors.NotSignedIn: 401,
    errors.SignInFailed: 401,
    errors.SignInPaused: 429,
    errors.SessionExpired: 401,
    errors.TokenNotValid: 401,
    errors.AccountDisabled: 403,
    errors.NotMeant: 403,
    errors.RoleMissing: 403,
    errors.BodyNotReadable: 400,
    errors.BodyTooLarge: 413,
    errors.TypeNotAccepted: 415,
    errors.HeaderNotReadable: 400,
    errors.VersionMissing: 428,
    errors.KeyReused: 422,
    errors.ContentMissing: 500,
}
"""The one table. An error that is not named here stands under the nearest class that is."""

ENGINE_CODES: Mapping[type[Exception], str] = {PeriodRefused: "period_refused"}
"""Codes of errors from rooms that know none."""

OUT_OF_REACH = (OperationalError, InterfaceError, PoolExhausted, TurnLost)
"""The database does not answer: not our fault nor the caller's, and worth trying again."""

TITLES: Mapping[str, tuple[str, str]] = {
    "not_found": ("未找到", "Not found"),
    "not_allowed": ("无权操作", "Not allowed"),
    "conflict_of_interest": ("应当回避", "Conflict of interest"),
    "stale_version": ("内容已被更改", "Changed in the meantime"),
    "task_not_open": ("任务已不开放", "Task not open"),
    "not_movable": ("不能迁移", "Cannot be moved"),
    "not_possible": ("程序不允许", "Not possible now"),
    "invalid_input": ("填写内容需要更正", "Some answers need to be put right"),
    "artefacts_refused": ("规程文件不能执行", "Artefacts refused"),
    "protection_missing": ("受保护的内容无法读写", "Protected values out of reach"),
    "rule_unknown": ("没有该期限", "No such limit"),
    "period_refused": ("期限无法计算", "The limit cannot be counted"),
    "not_signed_in": ("尚未登录", "Not signed in"),
    "sign_in_failed": ("登录失败", "Sign-in failed"),
    "sign_in_paused": ("登录已暂停", "Sign-in paused"),
    "session_expired": ("登录已过期", "Session ended"),
    "token_not_valid": ("令牌无效", "Token not valid"),
    "account_disabled": ("账号已停用", "Account disabled"),
    "csrf_token_missing": ("无法确认请求来源", "Origin not proven"),
    "role_missing": ("角色不符", "Role missing"),
    "body_not_readable": ("正文无法读取", "Body not readable"),
    "body_too_large": ("正文过大", "Body too large"),
    "type_not_accepted": ("不接受的类型", "Type not accepted"),
    "header_not_readable": ("标头无法读取", "Header not readable"),
    "version_missing": ("缺少版本", "Version missing"),
    "idempotency_key_reused": ("幂等键重复使用", "Idempotency key reused"),
    "content_missing": ("证据内容缺失", "Content missing"),
    "too_often": ("请求过于频繁", "Too many requests"),
    "bad_request": ("请求无法理解", "Bad request"),
    "method_not_allowed": ("不支持的方法", "Method not allowed"),
    "not_acceptable": ("无法提供所要求的格式", "Not acceptable"),
    "database_out_of_reach": ("暂时无法服务，请稍后再试", "Out of service for a moment; try again"),
    "incident": ("系统内部错误", "Something went wrong on our side"),
}
"""Code → title in Chinese and English."""

_PLAIN_HTTP = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    413: "body_too_large",
    415: "type_not_accepted",
}
_RETRY_SECONDS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is told about an error, in one language."""

    status: int
    code: str
    title: str
    detail: str = ""
    errors: tuple[Mapping[str, str], ...] = ()
    """For each field: `path`, `code`, `message`."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def document(self, request_id: str) -> dict[str, Any]:
        """The problem as RFC 9457 writes it."""
        document: dict[str, Any] = {
            "type": TYPE + self.code,
            "title": self.title,
            "status": self.status,
            "code": self.code,
            "instance": f"urn:wenze:request:{request_id}",
        }
        optional = {"detail": self.detail, "errors": list(self.errors), "facts": dict(self.facts)}
        return document | {name: value for name, value in optional.items() if value}


def install(app: Flask) -> None:
    """Answer every error of this application with a problem document."""
    app.register_error_handler(Exception, answer)


def answer(error: Exception) -> ResponseReturnValue:
    """The answer to an error. A redirection is none, and passes."""
    if isinstance(error, HTTPException) and (error.code or 500) < 400:
        return error
    problem = describe(error, language())
    document = current_app.json.dumps(problem.document(request_id()))
    response = Response(document, status=problem.status, mimetype=MEDIA_TYPE)
    response.headers.extend(dict(problem.headers))
    response.headers["Content-Language"] = "zh-CN" if language() == "zh" else "en"
    return response


def describe(error: Exception, lang: str) -> Problem:
    """What is told about an error in `zh` or `en`. An error that nobody foresaw is logged, and told as an incident."""
    error = getattr(error, "told", None) or error
    if isinstance(error, HTTPException):
        return _of_http(error, lang)
    if isinstance(error, TooOften):
        return _problem("too_often", 429, lang, headers={"Retry-After": str(error.retry_after)})
    if isinstance(error, OUT_OF_REACH):
        structlog.get_logger().error("database_out_of_reach", error=type(error).__name__)
        return _problem("database_out_of_reach", 503, lang, headers={"Retry-After": str(_RETRY_SECONDS)})
    status = status_of(error)
    if status is None:
        return _incident(error, lang)
    return _of_ours(error, status, lang)


def status_of(error: Exception) -> int | None:
    """The status for an error by the table; None for one that nobody foresaw."""
    return next((STATUS[cls] for cls in type(error).__mro__ if cls in STATUS), None)


def language() -> Literal["zh", "en"]:
    """The language of the answer: `en` for who prefers it, else `zh`."""
    if not has_request_context():
        return "zh"
    best = request.accept_languages.best_match(("zh-CN", "zh", "zh-Hans", "en"), default="zh")
    return "en" if best.startswith("en") else "zh"


def request_id() -> str:
    """The id of the current request."""
    return str(g.get("request_id", "")) if has_request_context() else ""


def _of_ours(error: Any, status: int, lang: str) -> Problem:
    facts = {key: value for key, value in error.facts.items() if isinstance(value, (str, int, bool, list))}
    headers = {}
    if status >= 500:
        structlog.get_logger().error(error.code, exc_info=error)
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if "retry_after" in facts:
        headers["Retry-After"] = str(facts["retry_after"])
    return _problem(
        ENGINE_CODES.get(type(error)) or error.code,
        status,
        lang,
        detail=_sentence(error, lang),
        errors=_fields(error, lang),
        facts=facts,
        headers=headers,
    )


def _sentence(error: Any, lang: str) -> str:
    """Why, in the words of the error, of its facts, or of its class."""
    facts = error.facts
    if isinstance(error, (casework.Stale, casework.NotOpen)) and facts.get("at") and facts.get("by"):
        return _lost_race(error, lang)
    if facts.get(f"why_{lang}"):
        source = facts.get("source")
        return f"{facts[f'why_{lang}']}（{source}）" if source and lang == "zh" else str(facts[f"why_{lang}"])
    said = str(error)
    if lang == "en":
        return said
    general = (type(error).__doc__ or "").strip().splitlines()[0]
    return str(facts.get("zh") or in_chinese(said) or in_chinese(general) or "")


def _lost_race(error: casework.CaseworkError, lang: str) -> str:
    """Who was faster, and when."""
    zone = ZoneInfo(current_app.config.get("WENZE_ZONE", "Asia/Shanghai"))
    at = datetime.fromisoformat(error.facts["at"]).astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
    zh, en = _LOST_RACES[type(error)]
    return (en if lang == "en" else zh).format(by=error.facts["by"], at=at)


_LOST_RACES: Mapping[type[Exception], tuple[str, str]] = {
    casework.Stale: (
        "{by}已于 {at} 更改了此项，您读取的版本已失效，请重新读取。",
        "{by} changed this at {at}, after you read it. Read it again.",
    ),
    casework.NotOpen: (
        "{by}已于 {at} 办理了该任务，该任务不再开放。",
        "{by} dealt with this task at {at}; it is no longer open.",
    ),
}


def _fields(error: Any, lang: str) -> tuple[Mapping[str, str], ...]:
    if isinstance(error, casework.InvalidInput):
        # The answers to a form stand under `answers` in the body.
        under = "answers" if "form" in error.facts else ""
        return tuple(
            {"path": ".".join(filter(None, (under, p.path))), "code": p.code, "message": p.message[lang]}
            for p in error.problems
        )
    if isinstance(error, casework.ArtefactsRefused | casework.NotMovable):
        return tuple(_finding(finding, lang) for finding in error.findings)
    return ()


def _finding(finding: Any, lang: str) -> Mapping[str, str]:
    chinese = lang == "zh" and finding.why_zh
    why, remedy = (finding.why_zh, finding.remedy_zh) if chinese else (finding.why, finding.remedy)
    path = f"{finding.source}:{finding.line or '?'}:{finding.element}"
    return {"path": path, "code": finding.rule, "message": f"{why}{'' if chinese else ' '}{remedy}".strip()}


def _of_http(error: HTTPException, lang: str) -> Problem:
    status = error.code or 500
    if status >= 500:
        return _incident(error, lang)
    headers = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
    code = _PLAIN_HTTP.get(status, "bad_request")
    return _problem(code, status, lang, headers=headers)


def _incident(error: Exception, lang: str) -> Problem:
    number = secrets.token_hex(8)
    structlog.get_logger().error("incident", incident=number, exc_info=error)
    detail = f"Tell your administrator the number {number}." if lang == "en" else f"请将编号 {number} 告知系统管理员。"
    return _problem("incident", 500, lang, detail=detail, facts={"incident": number})


def _problem(code: str, status: int, lang: str, **more: Any) -> Problem:
    zh, en = TITLES[code]
    return Problem(status=status, code=code, title=en if lang == "en" else zh, **more)
