"""The log: one line an event, in JSON or in text. May never hold a body, a name, an answer or a secret."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

QUIET = ("spiff.task", "spiff.workflow", "alembic", "apscheduler", "waitress.queue")
"""Libraries that speak of their own inner life; only their warnings are for us."""


def configure(form: str, level: str) -> None:
    """Set up logging for this process.

    Args:
        form: `json` or `text`.
        level: least level that is logged.
    """
    least = getattr(logging, level.upper())
    # Both forms leave the variables of a traceback out: they hold answers, names and secrets.
    renderer: Any = structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
    )
    before: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if form == "json":
        plain = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        before.append(structlog.processors.ExceptionRenderer(plain))
        renderer = structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[*before, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=before, processors=[_without_extras, renderer])
    )
    logging.basicConfig(handlers=[handler], level=least, force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def _without_extras(_logger: Any, _method: str, event: Any) -> Any:
    return structlog.stdlib.ProcessorFormatter.remove_processors_meta(_logger, _method, event)
