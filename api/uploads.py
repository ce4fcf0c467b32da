"""Takes in a file that comes as `multipart/form-data`, as it arrives: never whole in memory, hashed on the way.

May never decide whether a file is evidence: it asks its name, its size and its sort, and the casework the rest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Request
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from api import filetypes
from api.bodies import LARGEST, character_problem, keepable, text_problem, unknown_problem
from api.errors import BodyNotReadable, BodyTooLarge, TypeNotAccepted
from api.filestore import FileStore, Incoming
from forms import Problem
from workflows.errors import InvalidInput
from workflows.evidence import StoredFile

FILE, NOTE = "file", "note"
MOST_PARTS = 20
LONGEST_NOTE = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that has come in and may be kept."""

    file: StoredFile
    note: str
    content: Incoming
    fields: Mapping[str, str] = field(default_factory=dict)
    """The further fields that were asked for."""

    @property
    def mark(self) -> str:
        """What tells this upload from another one: for the idempotency key."""
        return hashlib.sha256(f"{self.file.sha256}\n{self.file.name}\n{self.note}".encode()).hexdigest()


@contextmanager
def taking_in(
    request: Request, store: FileStore, *, now: datetime, limit: int, further: Collection[str] = ()
) -> Iterator[Upload]:
    """Take in the file of a request; it is gone afterwards unless the store was told to keep it.

    Args:
        limit: bytes of the largest file taken.
        further: names of fields that may come beside the file and the note.

    Raises:
        TypeNotAccepted: the body is no multipart form.
        BodyNotReadable: the form cannot be read, or breaks off.
        BodyTooLarge: the file, or the rest of the form, is too large.
        InvalidInput: the file is missing, empty, a program, or something else than its name says; the note is too long.
    """
    if request.mimetype != "multipart/form-data":
        raise TypeNotAccepted("The body must be a multipart form.", accepted=["multipart/form-data"])
    with store.taking_in(now, limit) as incoming:
        fields, files = _parsed(request, incoming, limit)
        note, name = _checked(fields, files, further)
        file = StoredFile(
            name=name,
            media_type=filetypes.recognised(name, incoming.content),
            size=incoming.size,
            sha256=incoming.sha256,
        )
        given = {name: fields[name] for name in further if name in fields}
        yield Upload(file=file, note=note, content=incoming, fields=given)


def _parsed(
    request: Request, incoming: Incoming, limit: int
) -> tuple[MultiDict[str, str], MultiDict[str, FileStorage]]:
    taken = False

    def stream(*_: Any, **__: Any) -> Incoming:
        nonlocal taken
        if taken:
            raise InvalidInput((Problem(path=FILE, code="given_twice", message=_ONE_FILE),))
        taken = True
        return incoming

    parser = FormDataParser(
        stream_factory=stream,  # type: ignore[arg-type] # it is written to and rewound, which is all that is asked of it
        max_form_memory_size=LARGEST,
        max_form_parts=MOST_PARTS,
        silent=False,
    )
    try:
        _, fields, files = parser.parse(
            request.stream, request.mimetype, request.content_length, request.mimetype_params
        )
    except RequestEntityTooLarge:
        raise BodyTooLarge(limit=limit) from None
    except ValueError:
        raise BodyNotReadable("The multipart form cannot be read.") from None
    return fields, files


def _checked(
    fields: MultiDict[str, str], files: MultiDict[str, FileStorage], further: Collection[str]
) -> tuple[str, str]:
    """The note and the cleaned name of the file."""
    problems = [unknown_problem(name) for name in sorted({*fields, *files} - {FILE, NOTE, *further})]
    problems += [unknown_problem(NOTE) for _ in files.getlist(NOTE)[:1]]
    note = fields.get(NOTE, "").strip()
    if len(note) > LONGEST_NOTE:
        problems.append(text_problem(NOTE, 0, LONGEST_NOTE))
    if not keepable(note):
        problems.append(character_problem(NOTE))
    if FILE not in files:
        problems.append(Problem(path=FILE, code="required", message=_NO_FILE))
    if problems:
        raise InvalidInput(tuple(problems))
    return note, filetypes.cleaned(files[FILE].filename or "")


_ONE_FILE = {"zh": "一次只能提交一个文件。", "en": "One file at a time, please."}
_NO_FILE = {"zh": "请选择文件。", "en": "Choose a file."}
