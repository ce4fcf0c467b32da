"""What a file is, by its content, and whether its name says the same.

Evidence is read by people years later and by other programs: a file that claims to be what it is not is refused when it
comes, and so is a program. May never open a file in the way a viewer does: it looks at signatures, at the table of contents of
an archive, and at whether bytes are text.
"""

from __future__ import annotations

import codecs
import io
import os
import re
import unicodedata
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO, Literal

import puremagic

from forms import Problem
from workflows.errors import InvalidInput

HEAD = 64 * 1024
"""Bytes from the beginning that are looked at."""
TAIL = 4 * 1024
SURE = 4
"""Bytes of a signature that no text begins with by chance."""
MOST_LISTED = 4 * 1024 * 1024
"""Bytes of the table of contents of an archive that are read: some forty thousand names, each of which takes many times its
room when read."""
LONGEST_NAME = 200
UNKNOWN = "application/octet-stream"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """A sort of file."""

    media_type: str
    zh: str
    en: str
    endings: tuple[str, ...]
    nature: Literal["signed", "text", "program"] = "signed"
    """`signed`: begins with a signature. `text`: known by its ending only. `program`: could be run."""


def _sort(
    media_type: str, zh: str, en: str, endings: str, nature: Literal["signed", "text", "program"] = "signed"
) -> Sort:
    return Sort(media_type=media_type, zh=zh, en=en, endings=tuple(endings.split()), nature=nature)


_OFFICE = "application/vnd.openxmlformats-officedocument."
SORTS = (
    _sort("application/pdf", "PDF 文件", "a PDF", "pdf"),
    _sort("application/ofd", "OFD 版式文件", "an OFD document", "ofd"),
    _sort(f"{_OFFICE}wordprocessingml.document", "Word 文档", "a Word document", "docx docm dotx"),
    _sort(f"{_OFFICE}spreadsheetml.sheet", "Excel 表格", "an Excel sheet", "xlsx xlsm xlsb"),
    _sort(
        f"{_OFFICE}presentationml.presentation", "PowerPoint 演示文稿", "a PowerPoint presentation", "pptx pptm ppsx"
    ),
    _sort("application/vnd.oasis.opendocument", "OpenDocument 文档", "an OpenDocument file", "odt ods odp"),
    _sort(
        "application/x-ole-storage",
        "旧版 Office 或 WPS 文件",
        "an old Office or WPS file",
        "doc xls ppt wps et dps msg vsd",
    ),
    _sort("application/rtf", "RTF 文档", "an RTF document", "rtf"),
    _sort("image/jpeg", "JPEG 图像", "a JPEG image", "jpg jpeg jpe jfif"),
    _sort("image/png", "PNG 图像", "a PNG image", "png"),
    _sort("image/gif", "GIF 图像", "a GIF image", "gif"),
    _sort("image/bmp", "BMP 图像", "a BMP image", "bmp dib"),
    _sort("image/tiff", "TIFF 图像", "a TIFF image", "tif tiff"),
    _sort("image/webp", "WebP 图像", "a WebP image", "webp"),
    _sort("image/heif", "HEIF 图像", "a HEIF image", "heic heif"),
    _sort("video/mp4", "MP4 或 QuickTime 音视频", "an MP4 or QuickTime recording", "mp4 m4v m4a mov 3gp f4v f4a qtvr"),
    _sort("video/x-msvideo", "AVI 视频", "an AVI video", "avi"),
    _sort("video/x-matroska", "Matroska 视频", "a Matroska video", "mkv webm"),
    _sort("audio/mpeg", "MP3 音频", "an MP3 recording", "mp3 mpga"),
    _sort("audio/wav", "WAV 音频", "a WAV recording", "wav"),
    _sort("audio/amr", "AMR 录音", "an AMR recording", "amr"),
    _sort("audio/flac", "FLAC 音频", "a FLAC recording", "flac"),
    _sort("application/zip", "ZIP 压缩包", "a ZIP archive", "zip"),
    _sort("application/vnd.rar", "RAR 压缩包", "a RAR archive", "rar"),
    _sort("application/x-7z-compressed", "7z 压缩包", "a 7z archive", "7z"),
    _sort("application/gzip", "GZIP 压缩包", "a GZIP archive", "gz tgz"),
    _sort("text/plain", "文本文件", "a text file", "txt text log md srt ini", "text"),
    _sort("text/csv", "CSV 表格", "a CSV file", "csv tsv", "text"),
    _sort("text/html", "网页", "a web page", "html htm xhtml", "text"),
    _sort("application/xml", "XML 文件", "an XML file", "xml", "text"),
    _sort("application/json", "JSON 文件", "a JSON file", "json", "text"),
    _sort("message/rfc822", "电子邮件", "an e-mail", "eml", "text"),
    _sort(
        "application/x-executable",
        "可执行程序",
        "a program",
        "exe dll com scr sys drv ocx cpl msi msp appx appimage elf so dylib app deb rpm apk jar class war lnk pif"
        " bat cmd ps1 psm1 vbs vbe js jse wsf wsh hta reg sh bash py pl rb wasm",
        "program",
    ),
)
BY_ENDING: Mapping[str, Sort] = {ending: sort for sort in SORTS for ending in sort.endings}
PROGRAM = BY_ENDING["exe"]
TEXT = BY_ENDING["txt"]

_PROGRAM_MARKS = (
    b"\x7fELF",
    b"\xca\xfe\xba\xbe",
    b"\xfe\xed\xfa",
    b"\xcf\xfa\xed\xfe",
    b"\xce\xfa\xed\xfe",
    b"\0asm",
    b"#!/",
    b"L\0\0\0\x01\x14\x02\0",
    b"!<arch>\ndebian",
    b"\xed\xab\xee\xdb",
)
_BYTE_ORDER = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06")
_INSIDE = (
    ("OFD.xml", BY_ENDING["ofd"]),
    ("word/", BY_ENDING["docx"]),
    ("xl/", BY_ENDING["xlsx"]),
    ("ppt/", BY_ENDING["pptx"]),
    ("META-INF/MANIFEST.MF", PROGRAM),
    ("AndroidManifest.xml", PROGRAM),
    ("META-INF/manifest.xml", BY_ENDING["odt"]),
)
"""What stands in an archive that is more than one; the first that fits."""


def cleaned(name: str) -> str:
    """A file name as it is kept: without folders, without what cannot be seen.

    Raises:
        InvalidInput: nothing is left of it.
    """
    last = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    # Control characters, and marks that turn the direction of writing: by those `txt.exe` is shown as `exe.txt`.
    # Characters that this Python does not know yet stay: among them are names of people.
    seen = "".join(character for character in last if unicodedata.category(character) not in ("Cc", "Cf", "Cs"))
    kept = " ".join(seen.split()).strip(". ")
    if not kept:
        raise _refused("file_name_missing", "文件没有可用的名称。", "The file has no name that can be kept.")
    stem, ending = os.path.splitext(kept)
    return stem[: LONGEST_NAME - len(ending)] + ending if len(ending) < LONGEST_NAME else kept[:LONGEST_NAME]


def recognised(name: str, content: BinaryIO) -> str:
    """The media type of a file, where its name and its content agree.

    Args:
        name: as cleaned.
        content: can be read and sought; left at its beginning.

    Raises:
        InvalidInput: the file is empty, is a program, or is something else than its name says.
    """
    head, tail = _ends(content)
    if not head:
        raise _refused("file_empty", "文件是空的。", "The file is empty.")
    claimed = BY_ENDING.get(os.path.splitext(name)[1].lstrip(".").lower())
    found = _sort_of(head, tail, content, claimed)
    content.seek(0)
    if PROGRAM in (claimed, found):
        raise _refused("file_is_program", "不接受可执行程序。", "Programs are not taken.")
    if claimed is None:
        return found.media_type if found is not None else UNKNOWN
    if found is not claimed:
        raise _mismatch(claimed, found)
    return claimed.media_type


def _sort_of(head: bytes, tail: bytes, content: BinaryIO, claimed: Sort | None) -> Sort | None:
    """What the content is; None where that cannot be told. Text is what its name says, for text bears no signature."""
    text = _is_text(head)
    if head.startswith(_PROGRAM_MARKS) or (head.startswith(b"MZ") and not text):
        return PROGRAM
    if head.startswith(_ARCHIVES):
        return _inside(content)
    signed = _signed(head, tail)
    if claimed in signed:
        return claimed
    # A text may begin with two letters that open an image as well, but hardly with four.
    if text and not any(sort.nature == "signed" and length >= SURE for sort, length in signed.items()):
        return claimed if claimed is not None and claimed.nature == "text" else TEXT
    return next(iter(signed), None)


def _signed(head: bytes, tail: bytes) -> dict[Sort, int]:
    """Sorts whose signature the content bears, with its length, the longest first.

    A signature that is but a beginning of another one (`RIFF` of `RIFF…WAVE`) does not count beside it.
    """
    if head[:1] == b"\xff" and head[1:2] >= b"\xe0" and not head.startswith(_BYTE_ORDER):
        return {BY_ENDING["mp3"]: 2}  # the synchronisation of a frame: a pattern of bits, not of bytes
    try:
        matches = puremagic.magic_string(head + tail)
    except puremagic.PureError:
        return {}
    lengths: dict[Sort, int] = {}
    for match in matches:
        sort = BY_ENDING.get(match.extension.lstrip(".").lower())
        if sort is not None and sort is not PROGRAM:
            lengths[sort] = max(len(match.byte_match), lengths.get(sort, 0))
    longest = max(lengths.values(), default=0)
    ranked = sorted(lengths.items(), key=lambda item: -item[1])
    return {sort: length for sort, length in ranked if length * 2 > longest}


class _Listed(io.BufferedIOBase):
    """An archive of which only a table of contents of a bearable size is read."""

    def __init__(self, content: BinaryIO) -> None:
        self._content = content

    def read(self, size: int | None = -1, /) -> bytes:
        """Some bytes, but not too many at once: the table is asked for in one piece."""
        if size is None or size < 0:
            size = MOST_LISTED + 1
        if size > MOST_LISTED + 1 or len(found := self._content.read(size)) > MOST_LISTED:
            raise _refused(
                "archive_too_full",
                "压缩包中的文件太多，请分开提交。",
                "The archive holds too many files; send them apart.",
            )
        return found

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Go to a place."""
        return self._content.seek(offset, whence)

    def tell(self) -> int:
        """The place."""
        return self._content.tell()

    def seekable(self) -> bool:
        """It is."""
        return True


def _inside(content: BinaryIO) -> Sort:
    """What an archive is: many formats of documents are archives.

    Raises:
        InvalidInput: its table of contents is too large to be looked at.
    """
    content.seek(0)
    try:
        with zipfile.ZipFile(_Listed(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return BY_ENDING["zip"]
    return next((sort for mark, sort in _INSIDE if any(_stands(mark, name) for name in names)), BY_ENDING["zip"])


def _stands(mark: str, name: str) -> bool:
    return name.startswith(mark) if mark.endswith("/") else name == mark


def _is_text(head: bytes) -> bool:
    if head.startswith(_BYTE_ORDER):
        return _reads_as(head, "utf-16")
    return any(_reads_as(head, encoding) for encoding in ("utf-8", "gb18030"))


def _reads_as(head: bytes, encoding: str) -> bool:
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        return False
    return not any(unicodedata.category(character) == "Cc" and character not in "\t\r\n\f" for character in text)


def _ends(content: BinaryIO) -> tuple[bytes, bytes]:
    content.seek(0)
    head = content.read(HEAD)
    size = content.seek(0, os.SEEK_END)
    content.seek(max(HEAD, size - TAIL))
    return head, content.read(TAIL)


def _mismatch(claimed: Sort, found: Sort | None) -> InvalidInput:
    zh, en = (found.zh, found.en) if found is not None else ("无法识别的内容", "of no known type")
    return _refused(
        "file_type_mismatch",
        f"文件名表明是{claimed.zh}，内容却是{zh}。",
        f"By its name the file is {claimed.en}; by its content it is {en}.",
    )


def _refused(code: str, zh: str, en: str) -> InvalidInput:
    return InvalidInput((Problem(path="file", code=code, message={"zh": zh, "en": en}),))
