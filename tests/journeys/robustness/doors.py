"""Every door of an application, as its routes declare them, and a way to knock at each: what is added later is found too."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.routing import AnyConverter
from werkzeug.test import TestResponse

from api import identity
from api.identity import Openness
from tests.journeys.bureau import PDF
from tests.journeys.visitors import BOUNDARY
from wenze.application import Application

READING = ("GET", "HEAD")
LENGTH = 32
"""Of an id."""
MULTIPART = "multipart/form-data"


@dataclass(frozen=True, eq=False)
class Door:
    """One address with one method."""

    endpoint: str
    method: str
    rule: str
    arguments: frozenset[str]
    openness: Openness
    body: Mapping[str, Any] | None
    """What is sent by way of example; None for nothing."""
    media_type: str
    words: Mapping[str, tuple[str, ...]]
    """Arguments that can only be one of some words."""

    @property
    def of_pages(self) -> bool:
        """Whether people come here with a browser."""
        return self.endpoint.startswith("pages.")

    @property
    def changes(self) -> bool:
        """Whether something may be changed behind it."""
        return self.method not in READING

    def __str__(self) -> str:
        return f"{self.method} {self.rule}"


class Doors:
    """All doors of one application."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._addresses = application.flask.url_map.bind("localhost")
        with application.flask.test_client() as client:
            self._document = json.loads(client.get("/api/v1/openapi.json").data)
        self._doors = list(self._found())

    def __iter__(self) -> Iterator[Door]:
        return iter(self._doors)

    def _found(self) -> Iterator[Door]:
        flask = self._application.flask
        declared = flask.extensions["wenze.doors"]
        rules = {(rule.endpoint, method): rule for rule in flask.url_map.iter_rules() for method in rule.methods or ()}
        for endpoint, method, _ in sorted(identity.routes(flask), key=lambda route: route[:2]):
            if method == "HEAD":
                continue  # the same function, without the body
            rule = rules[endpoint, method]
            body, media_type = self._example(rule.rule, method)
            if (endpoint, method) in flask.extensions["wenze.streamed"]:
                media_type = MULTIPART
            choosing = {name: each for name, each in rule._converters.items() if isinstance(each, AnyConverter)}
            words = {name: tuple(sorted(each.items)) for name, each in choosing.items()}
            openness = declared[endpoint, method]
            yield Door(endpoint, method, rule.rule, frozenset(rule.arguments), openness, body, media_type, words)

    def address(self, door: Door, values: Mapping[str, str]) -> str:
        """The address with these values in it. A name nobody thought of must be given a value first."""
        missing = door.arguments - set(values)
        assert not missing, f"{door}: say in Precinct._open what {sorted(missing)} may be"
        named = {name: values[name] for name in door.arguments}
        # Where an address has only some words in a place, the first of them.
        named |= {name: words[0] for name, words in door.words.items() if named[name] not in words}
        return self._addresses.build(door.endpoint, named, method=door.method)

    def knock(
        self, door: Door, values: Mapping[str, str], headers: Mapping[str, str] | None = None, client: Any = None
    ) -> TestResponse:
        """Send what the document gives as an example."""
        sent: dict[str, Any] = {"headers": dict(headers or {})}
        if door.media_type == MULTIPART:
            sent |= {"data": _upload(), "content_type": f"{MULTIPART}; boundary={BOUNDARY}"}
        elif door.of_pages and door.changes:
            sent["data"] = {"expected_version": "1", "reason": "近期外出"}
        elif door.body is not None:
            sent["json"] = door.body
        client = client if client is not None else self._application.flask.test_client()
        answer: TestResponse = client.open(self.address(door, values), method=door.method, **sent)
        return answer

    # --- examples of what is sent

    def _example(self, rule: str, method: str) -> tuple[Mapping[str, Any] | None, str]:
        path = re.sub(r"<(?:[^:<>]+:)?(\w+)>", r"{\1}", rule)
        described = self._document["paths"].get(path, {}).get(method.lower(), {})
        content = described.get("requestBody", {}).get("content", {})
        if not content:
            return None, ""
        ((media_type, body),) = content.items()
        return self._of(body["schema"]), media_type

    def _of(self, schema: Mapping[str, Any]) -> Any:
        if "$ref" in schema:
            return self._of(self._document["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
        if "example" in schema:
            return schema["example"]
        kind = schema.get("type")
        if isinstance(kind, list):
            kind = kind[0]
        if kind == "object":
            wanted = {*schema.get("required", ()), "expected_version"}
            return {name: self._of(each) for name, each in schema.get("properties", {}).items() if name in wanted}
        return {"array": [], "integer": schema.get("minimum", 1), "boolean": False}.get(kind, "x" * 12)


def _upload() -> bytes:
    about = 'Content-Disposition: form-data; name="file"; filename="a.pdf"'
    return f"--{BOUNDARY}\r\n{about}\r\n\r\n".encode() + PDF + f"\r\n--{BOUNDARY}--\r\n".encode()


def sound(door: Door, answer: TestResponse, values: Mapping[str, str]) -> tuple[int, str, str]:
    """What can be told from an answer: status, type, and the body but for what the asker gave and what is new each time."""
    body = answer.get_data(as_text=True)
    for name in door.arguments:
        if len(values[name]) == LENGTH:
            body = body.replace(values[name], f"<{name}>")
    body = re.sub(r"urn:wenze:request:[0-9a-f]+", "<request>", body)
    body = re.sub(r"[\w-]{20,}\.[\w-]{6}\.[\w-]{20,}", "<csrf token>", body)
    return answer.status_code, answer.mimetype, body
