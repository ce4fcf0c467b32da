"""What every request and every answer of the application have in common: security headers, one line in the log, one measure."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import structlog
from flask import Flask, Response, g, request

from api.ground import REQUEST_ID, caller_if_any
from wenze.measures import Measures

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CONTENT_SECURITY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"
UNLOGGED = frozenset({"healthz", "readyz", "metrics"})


class Guarded:
    """Adds the security headers to every answer, on the last step out: there nothing can leave without them."""

    def __init__(self, inner: WSGIApplication, *, https: bool) -> None:
        self._inner = inner
        self._headers = list((HEADERS | ({"Strict-Transport-Security": STRICT_TRANSPORT} if https else {})).items())

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Callable[[bytes], object]:
            return start_response(status, headers + self._headers, *error)

        return self._inner(environ, start)


def install(app: Flask, measures: Measures, *, https: bool) -> None:
    """Wrap every request of the application. Called first, so that its clock runs over all the rest."""
    app.wsgi_app = Guarded(app.wsgi_app, https=https)  # type: ignore[method-assign]

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        response.headers[REQUEST_ID] = g.request_id
        seconds = time.perf_counter() - g.began
        route = request.url_rule.rule if request.url_rule is not None else "unknown"
        measures.answered(route, request.method, response.status_code, seconds)
        if request.endpoint not in UNLOGGED:
            _log(route, response.status_code, seconds)
        return response


def _log(route: str, status: int, seconds: float) -> None:
    who = caller_if_any()
    structlog.get_logger().info(
        "answered",
        request=g.request_id,
        route=route,
        method=request.method,
        status=status,
        ms=round(seconds * 1000, 2),
        person=who.actor.person_id if who is not None else None,
    )
