"""Serves the application over HTTP with waitress, until it is told to stop. May never answer what the application could."""

from __future__ import annotations

import gc
import json
import secrets
import signal
import sys
import threading
from http import HTTPStatus
from types import FrameType, TracebackType
from typing import Any, Self

from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer, create_server
from waitress.task import ErrorTask
from werkzeug.exceptions import default_exceptions

from api import problems
from wenze.application import BODY_SLACK, Application
from wenze.envelope import HEADERS

OVERFLOW = 1024 * 1024
"""Bytes of a request that are held in memory before the rest goes to a temporary file."""


class PortTaken(Exception):
    """The address to listen on is taken, or may not be used."""


class Server:
    """A running server. `serve` in this thread, or `start` in one of its own."""

    def __init__(self, application: Application) -> None:
        """Listen at once, so that a taken port is known before anything else is begun.

        Raises:
            PortTaken: nothing can listen there.
        """
        settings = application.settings
        self._sockets: dict[int, Any] = {}
        try:
            self._server = create_server(
                application.flask,
                map=self._sockets,
                host=settings.host,
                port=settings.port,
                threads=settings.threads,
                ident="",  # which server we run is nobody's business
                max_request_body_size=settings.evidence_limit + BODY_SLACK,
                inbuf_overflow=OVERFLOW,
                clear_untrusted_proxy_headers=settings.proxies == 0,
                asyncore_use_poll=True,
            )
        except (OSError, ValueError) as refused:
            reason = getattr(refused, "strerror", None) or refused
            raise PortTaken(f"{settings.host}:{settings.port}: {reason}") from refused
        for found in self._sockets.values():
            if isinstance(found, BaseWSGIServer):
                found.channel_class = _Channel
        self._thread: threading.Thread | None = None

    @property
    def address(self) -> str:
        """Where it answers."""
        several = getattr(self._server, "effective_listen", None)
        host, port = several[0] if several else (self._server.effective_host, self._server.effective_port)
        return f"http://{f'[{host}]' if ':' in host else host}:{port}"

    def serve(self) -> None:
        """Serve until interrupted or terminated. What is being done then is still done; whoever missed the answer asks
        again with the same idempotency key."""
        signal.signal(signal.SIGTERM, _leave)
        gc.collect()
        gc.freeze()  # what is there now stays: the collector need not go through it again and again
        self._server.run()
        wasyncore.close_all(self._sockets)

    def __enter__(self) -> Self:
        """Serve in a thread of its own."""
        self._thread = threading.Thread(target=self._server.run, name="server", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop. The loop of the server ends when it has no socket left, and only its own thread may close them.

        Those who still work on an answer are done first: each ends by waking the loop through a descriptor, which by then
        would be closed, or already be something else's.
        """
        self._server.task_dispatcher.shutdown()
        self._server.trigger.pull_trigger(lambda: wasyncore.close_all(self._sockets))
        if self._thread is not None:
            self._thread.join(timeout=10)


class _Refusal(ErrorTask):  # type: ignore[misc] # the library is untyped
    """What is refused before the application hears of it is told in the application's own form."""

    def execute(self) -> None:
        status = self.request.error.code
        if status not in default_exceptions or status >= 500:
            super().execute()
            return
        language = "en" if self.request.headers.get("ACCEPT_LANGUAGE", "").startswith("en") else "zh"
        problem = problems.describe(default_exceptions[status](), language)
        document = json.dumps(problem.document(secrets.token_hex(8)), ensure_ascii=False).encode()
        self.status = f"{status} {HTTPStatus(status).phrase}"
        self.response_headers.extend([("Content-Type", problems.MEDIA_TYPE), *HEADERS.items()])
        self.set_close_on_finish()
        self.content_length = len(document)
        self.write(document)


class _Channel(HTTPChannel):  # type: ignore[misc] # the library is untyped
    error_task_class = _Refusal


def _leave(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)
