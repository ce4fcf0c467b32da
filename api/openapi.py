"""The OpenAPI document, made from the resources themselves. May never promise what the handlers do not keep."""

from __future__ import annotations

import http
from collections.abc import Callable
from typing import Any, TypeVar

import flask_smorest
from flask import Flask, Response
from flask_smorest.utils import prepare_response
from marshmallow import Schema
from werkzeug.routing import BaseConverter

from api.bodies import Parser
from api.idempotency import HEADER
from api.identity import MARK, open_to
from api.problems import MEDIA_TYPE
from api.schemas import ID, ProblemDocument

PREFIX = "/api/v1"
ABOUT = """The casework of Wenze 问责 over HTTP.

Errors are `application/problem+json` (RFC 9457) with a stable `code`, in Chinese unless `Accept-Language` prefers English.
A change names the version it was based on, by `expected_version` or `If-Match`. A `POST` with an `Idempotency-Key` is done
once, however often it is sent. Lists come by page: `items`, and `next` for the page after.
"""


View = TypeVar("View", bound=Callable[..., Any])


class IdConverter(BaseConverter):
    """An id of ours in an address. Anything else is an address that does not exist."""

    regex = "[0-9a-f]{32}"


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc] # the library is untyped
    """A group of resources whose arguments are read in our way, and whose doors are described from their marks."""

    ARGUMENTS_PARSER = Parser()

    def arguments(self, schema: type[Schema], **options: Any) -> Callable[[View], View]:
        """Read arguments by a schema and hand them to the function."""
        # An instance, made once: webargs would make one of the class for every request.
        decorate: Callable[[View], View] = super().arguments(schema(), **options)
        return decorate

    def response(
        self, status_code: int, schema: type[Schema] | dict[str, Any] | None = None, **options: Any
    ) -> Callable[[View], View]:
        """Write what the function returns by a schema; an answer that is complete already passes."""
        decorate: Callable[[View], View] = super().response(status_code, schema, **options)
        return decorate

    def doc(self, **described: Any) -> Callable[[View], View]:
        """Describe what the schemas cannot."""
        decorate: Callable[[View], View] = super().doc(**described)
        return decorate

    def route(self, rule: str, **options: Any) -> Callable[[View], View]:
        """Register a function for an address.

        Args:
            keyed: whether it honours `Idempotency-Key`; a `POST` does, unless it says no.
            versioned: whether it wants to know the version the caller has read.
        """
        posts = "POST" in options.get("methods", ())
        headers = [_KEY] if options.pop("keyed", posts) else []
        headers += [_IF_MATCH] if options.pop("versioned", False) else []
        register = super().route(rule, **options)

        def decorator(view: View) -> View:
            openness = getattr(view, MARK, None)
            security: list[dict[str, list[str]]] = [{"bearer": []}, {"browser": []}]
            if openness == "calendar":
                security = [{"calendar": []}]
            elif openness == "anyone":
                security = []
            register(self.doc(security=security, **({"parameters": headers} if headers else {}))(view))
            return view

        return decorator


_KEY = {
    "in": "header",
    "name": HEADER,
    "description": "Sent again with the same key, the request is answered as before and nothing is done twice.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
}
_IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "description": "The version you have read, in quotes; instead of `expected_version`.",
    "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$'},
}


class Api(flask_smorest.Api):  # type: ignore[misc] # the library is untyped
    """Collects the resources and describes them."""

    ERROR_SCHEMA = ProblemDocument

    def _register_error_handlers(self) -> None:
        """Errors are answered by `api.problems`, everywhere in the same way."""

    def _register_responses(self) -> None:
        for status in http.HTTPStatus:
            if status >= 400:
                self._describe_problem(status.name, status.phrase)
        self._describe_problem("DEFAULT_ERROR", "What went wrong")

    def _describe_problem(self, name: str, description: str) -> None:
        response: dict[str, Any] = {"description": description, "schema": self.ERROR_SCHEMA}
        prepare_response(response, self.spec, MEDIA_TYPE)
        self.spec.components.response(name, response, lazy=True)


def install(app: Flask) -> Api:
    """Prepare the document; resources are registered on what is returned."""
    app.url_map.converters["id"] = IdConverter
    app.config |= {"API_TITLE": "Wenze 问责", "API_VERSION": "1", "OPENAPI_VERSION": "3.1.0"}
    api = Api(app, spec_kwargs={"info": {"description": ABOUT}})
    api.register_converter(IdConverter, lambda _: {"type": "string", "pattern": ID})
    api.spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    api.spec.components.security_scheme("calendar", {"type": "apiKey", "in": "query", "name": "token"})
    cookie = {"type": "apiKey", "in": "cookie", "name": app.config["SESSION_COOKIE_NAME"]}
    api.spec.components.security_scheme("browser", cookie)
    return api


def publish(app: Flask, api: Api) -> None:
    """Serve the document at `/api/v1/openapi.json`. Called once all resources are registered."""
    document = app.json.dumps(api.spec.to_dict())

    @open_to("anyone")
    def openapi() -> Response:
        return Response(document, mimetype="application/json")

    app.add_url_rule(f"{PREFIX}/openapi.json", view_func=openapi)
