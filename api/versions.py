"""Which version the caller has read: without saying so, nobody changes anything.

May never decide whether it is the current one: the casework does, under its lock.
"""

from __future__ import annotations

import re

from flask import request

from api.errors import HeaderNotReadable, VersionMissing

_ETAG = re.compile(r'"([0-9]{1,9})"')


def expected(in_body: int | None = None) -> int:
    """The version the caller expects, from `If-Match` or from `expected_version` in the body.

    Raises:
        VersionMissing: neither is given.
        HeaderNotReadable: `If-Match` is no version of ours, or names another one than the body.
    """
    header = request.headers.get("If-Match")
    if header is None:
        if in_body is None:
            raise VersionMissing()
        return in_body
    match = _ETAG.fullmatch(header.strip())
    if match is None:
        raise HeaderNotReadable('If-Match holds one version in quotes, such as "3".', header="If-Match")
    if in_body is not None and in_body != int(match[1]):
        raise HeaderNotReadable("If-Match and expected_version name different versions.", header="If-Match")
    return int(match[1])


DESCRIBED = {"ETag": {"description": "The version, in quotes.", "schema": {"type": "string"}}}
"""The header as the document has it."""


def etag(version: int) -> str:
    """A version as `ETag` writes it."""
    return f'"{version}"'
