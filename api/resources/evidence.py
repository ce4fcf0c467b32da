"""Evidence 证据: handing a file in, and reading one. May never hold a file in memory, nor hand one out unrecorded."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import quote

from flask import Response, request

from api import uploads, versions
from api.commands import carry_out, sent_before
from api.ground import asking, caller, ground, now
from api.identity import open_to
from api.openapi import PREFIX, Blueprint
from api.resources import shapes
from api.resources.shapes import DoneShape, integer, said
from api.uploads import LONGEST_NOTE, Upload
from workflows import evidence
from workflows.acting import Acting
from workflows.casework import Done

blueprint = Blueprint("evidence", __name__, url_prefix=PREFIX, description="Files that prove something.")

SANDBOX = "sandbox; default-src 'none'"
"""Whatever a browser makes of it: no script, no form, nothing loaded."""


class Registered(DoneShape):
    """What the command left, and the item of evidence."""

    evidence_id = said(example="0" * 32)
    name = said("As it is kept.", "决定书.pdf")
    media_type = said("As recognised by the content.", "application/pdf")
    size = integer("Bytes.", 48213)
    sha256 = said(example="9f86d081884c7d65" * 4)


UPLOAD = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": [uploads.FILE],
                "additionalProperties": False,
                "properties": {
                    uploads.FILE: {"type": "string", "format": "binary", "description": "The file, with its name."},
                    uploads.NOTE: {
                        "type": "string",
                        "maxLength": LONGEST_NOTE,
                        "description": "What it is to prove; who examines it says so anew.",
                    },
                },
            }
        }
    },
}


@blueprint.route("/cases/<id:case_id>/evidence", methods=["POST"])
@open_to("signed-in")
@blueprint.doc(requestBody=UPLOAD)
@blueprint.response(201, Registered, headers=versions.DESCRIBED)
def hand_in(case_id: str) -> Response:
    """Hand in a file as evidence. What it is, is recognised by its content; programs, and files that are something else than
    their name says, are not taken. The file is added and nothing overwritten, so no version is asked."""
    ask_first(case_id)
    store = ground().store
    with uploads.taking_in(request, store, now=now(), limit=ground().evidence_limit) as upload:

        def verb(acting: Acting) -> tuple[Done, str]:
            left = evidence.register(acting, case_id, upload.file, upload.note)
            store.keep(upload.content)
            return left

        return carry_out(
            verb,
            lambda left: _registered(left, upload),
            status=201,
            headers=lambda left: {
                "ETag": versions.etag(left[0].version),
                "Location": f"{PREFIX}/evidence/{left[1]}/content",
            },
            body=upload.mark,
        )


@blueprint.route("/evidence/<id:evidence_id>/content", methods=["GET"])
@open_to("signed-in")
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type="*/*")
def read(evidence_id: str) -> Response:
    """Read an item of evidence. Each reading is recorded. Compare `Repr-Digest` with what you received."""
    return hand_out(evidence_id)


def hand_out(evidence_id: str) -> Response:
    """The content of an item for the caller of the current request, as a file to be kept; the reading is entered."""
    file = ground().unit_of_work.run(lambda acting: evidence.read(acting, evidence_id), asking())
    response = Response(ground().store.read_out(file.sha256), mimetype=file.media_type)
    response.content_length = file.size
    plain = file.name.encode("ascii", "replace").decode().replace("?", "_")
    names = {"filename": plain, "filename*": f"UTF-8''{quote(file.name, safe='')}"}
    response.headers.set("Content-Disposition", "attachment", **names)
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Repr-Digest"] = f"sha-256=:{base64.b64encode(bytes.fromhex(file.sha256)).decode()}:"
    return response


def ask_first(case_id: str) -> None:
    """Ask before a large file is taken in; a refusal is recorded as any other. What was done under this key is not refused."""

    def verb(acting: Acting) -> bool:
        evidence.may_hand_in(acting.session, caller().actor, shapes.law_in_force(acting.session), case_id)
        return True

    ground().unit_of_work.run(verb, asking(), instead=sent_before)


def _registered(left: tuple[Done, str], upload: Upload) -> dict[str, Any]:
    done, evidence_id = left
    file = upload.file
    return shapes.done(done) | {
        "evidence_id": evidence_id,
        "name": file.name,
        "media_type": file.media_type,
        "size": file.size,
        "sha256": file.sha256,
    }
