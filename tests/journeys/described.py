"""Holds every answer against the OpenAPI document: what it does not describe may not be sent."""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from wenze.application import Application


class Document:
    """The OpenAPI document of an application, read strictly: objects have the properties it names and no others."""

    def __init__(self, application: Application) -> None:
        with application.flask.test_client() as client:
            document = json.loads(client.get("/api/v1/openapi.json").data)
        self._components = _closed(document["components"])
        self._paths: dict[str, Any] = document["paths"]
        self._validators: dict[str, Any] = {}
        self._addresses = application.flask.url_map.bind("localhost")

    def check(self, answer: TestResponse) -> None:
        """Fail unless the answer is one that the document promises."""
        try:
            rule, _ = self._addresses.match(answer.request.path, method=answer.request.method, return_rule=True)
        except HTTPException:
            return  # no address of ours
        address = rule.rule.replace("<id:", "{").replace("<", "{").replace(">", "}")
        method = answer.request.method.lower()
        responses = self._paths[address]["get" if method == "head" else method]["responses"]
        described = responses.get(str(answer.status_code)) or responses["default"]
        where = f"{method} {address} {answer.status_code}"
        content = self._resolved(described).get("content")
        if not answer.data:
            assert content is None or method == "head", f"{where}: empty"
            return
        media_type = answer.content_type.partition(";")[0]
        if media_type not in ("application/json", "application/problem+json"):
            return
        schema = (content or {})[media_type]["schema"]
        found = [
            f"{error.instance_path}: {error.message}"
            for error in self._validator(where, schema).iter_errors(answer.json)
        ]
        assert not found, f"{where}: {found[:5]}"

    def _resolved(self, described: dict[str, Any]) -> dict[str, Any]:
        reference = described.get("$ref")
        if reference is None:
            return described
        found: dict[str, Any] = self._components["responses"][reference.rpartition("/")[2]]
        return found

    def _validator(self, where: str, schema: dict[str, Any]) -> Any:
        if where not in self._validators:
            whole = {**_closed(schema), "components": self._components}
            self._validators[where] = jsonschema_rs.Draft202012Validator(whole)
        return self._validators[where]


def _closed(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _closed(value) for key, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        closed.setdefault("additionalProperties", False)
    return closed
