"""The server itself, over real sockets."""

from __future__ import annotations

import http.client
import json
import socket
import time
from urllib.parse import urlsplit

from flask import Response

from tests.journeys.bureau import PDF, Bureau, Casefile
from wenze.application import Application
from wenze.serving import Server


def test_a_body_beyond_all_limits_is_refused_as_a_problem_before_it_is_sent(application: Application) -> None:
    with Server(application) as server:
        connection = http.client.HTTPConnection(urlsplit(server.address).netloc, timeout=20)
        connection.putrequest("POST", "/api/v1/cases")
        connection.putheader("Content-Length", str(10**12))
        connection.endheaders()
        answer = connection.getresponse()
        document = json.loads(answer.read())
        connection.close()

    assert (answer.status, answer.getheader("Content-Type")) == (413, "application/problem+json")
    assert (document["code"], document["title"]) == ("body_too_large", "正文过大")


def test_a_request_that_is_none_is_refused_as_a_problem(application: Application) -> None:
    with Server(application) as server:
        connection = http.client.HTTPConnection(urlsplit(server.address).netloc, timeout=20)
        connection.putrequest("GET", "/healthz")
        connection.putheader("Content-Length", "many")
        connection.endheaders()
        answer = connection.getresponse()
        document = json.loads(answer.read())
        connection.close()

    assert (answer.status, document["code"]) == (400, "bad_request")


def test_the_sockets_stay_open_until_the_last_answer_is_done(application: Application) -> None:
    """Whoever answers wakes the loop when they are done, by a descriptor that must still be the server's own."""
    seen: list[bool] = []

    @application.flask.after_request
    def linger(response: Response) -> Response:
        response.call_on_close(lambda: seen.append(stays_open(server)))
        return response

    with Server(application) as server:
        connection = http.client.HTTPConnection(urlsplit(server.address).netloc, timeout=20)
        connection.request("GET", "/healthz")
        assert connection.getresponse().read()
        connection.close()

    assert seen == [True]


def stays_open(server: Server) -> bool:
    """Whether the server can be reached until a second has passed."""
    until = time.monotonic() + 1
    address = urlsplit(server.address)
    while time.monotonic() < until:
        try:
            socket.create_connection((address.hostname, address.port), timeout=5).close()
        except ConnectionError:
            return False
    return True


def test_a_large_file_goes_in_and_comes_out_over_the_wire(application: Application, bureau: Bureau) -> None:
    Casefile(bureau).opened()
    content = PDF + b"%" + b"0123456789abcdef" * (1024 * 1024)
    parts = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="large.pdf"\r\n\r\n' + content + b"\r\n--b--\r\n"
    )
    headers = bureau.as_("登记员甲").headers

    with Server(application) as server:
        connection = http.client.HTTPConnection(urlsplit(server.address).netloc, timeout=60)
        address = f"/api/v1/cases/{bureau.case_id}/evidence"
        connection.request("POST", address, parts, {**headers, "Content-Type": "multipart/form-data; boundary=b"})
        item = json.loads(connection.getresponse().read())
        connection.request("GET", f"/api/v1/evidence/{item['evidence_id']}/content", headers=headers)
        received = connection.getresponse().read()
        connection.close()

    assert item["size"] == len(content)
    assert received == content
