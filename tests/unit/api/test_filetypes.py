"""What a file is, by its content, and whether its name says the same."""

from __future__ import annotations

import io
import zipfile

import pytest

from api import filetypes
from workflows.errors import InvalidInput


def zipped(*names: str) -> bytes:
    """An archive with these files in it."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return whole.getvalue()


PDF = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 40
WAV = b"RIFF\x24\0\0\0WAVEfmt " + b"\0" * 40
DOCX = zipped("[Content_Types].xml", "word/document.xml")
XLSX = zipped("[Content_Types].xml", "xl/workbook.xml")
EXE = b"MZ\x90\0" + b"\0" * 60 + b"PE\0\0" + b"\0" * 60


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("决定书.pdf", PDF, "application/pdf"),
        ("决定书.PDF", PDF, "application/pdf"),
        ("照片.png", PNG, "image/png"),
        ("照片.jpg", b"\xff\xd8\xff\xe1\0\x10Exif\0\0" + b"\0" * 40, "image/jpeg"),
        ("笔录.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("台账.xlsx", XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("电子公文.ofd", zipped("OFD.xml", "Doc_0/Document.xml"), "application/ofd"),
        ("旧文档.doc", bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "application/x-ole-storage"),
        ("附件.zip", zipped("a.txt"), "application/zip"),
        ("录音.mp3", b"\xff\xfb\x90\x44" + b"\0" * 60, "audio/mpeg"),
        ("录音.wav", WAV, "audio/wav"),
        ("录音.amr", b"#!AMR\n" + b"\0" * 40, "audio/amr"),
        ("执法记录仪.mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0" * 40, "video/mp4"),
        ("手机.mov", b"\0\0\0\x14ftypqt  \0\0\0\0qt  " + b"\0" * 40, "video/mp4"),
        ("说明.txt", "你好，世界。\n".encode(), "text/plain"),
        ("旧说明.txt", "你好，世界。\n".encode("gb18030"), "text/plain"),
        ("生僻字.txt", "𱍐𠮷".encode(), "text/plain"),
        ("表.csv", "甲,乙\n".encode("utf-16"), "text/csv"),
        ("两个字母.txt", b"BM are two letters that open an image as well\n", "text/plain"),
        ("网页.html", b"<!DOCTYPE html><html></html>", "text/html"),
        ("没有扩展名", PNG, "image/png"),
        ("执法仪.dat", b"\x01\x02\x03\x99\x88" * 20, "application/octet-stream"),
    ],
)
def test_a_file_that_is_what_its_name_says_is_known(name: str, content: bytes, media_type: str) -> None:
    assert filetypes.recognised(name, io.BytesIO(content)) == media_type


@pytest.mark.parametrize(
    ("name", "content", "claimed", "found"),
    [
        ("决定书.pdf", PNG, "PDF 文件", "PNG 图像"),
        ("说明.txt", PDF, "文本文件", "PDF 文件"),
        ("视频.avi", WAV, "AVI 视频", "WAV 音频"),
        ("笔录.docx", XLSX, "Word 文档", "Excel 表格"),
        ("照片.png", b"hello", "PNG 图像", "文本文件"),
        ("照片.png", b"\x01\x02\x03\x99\x88" * 20, "PNG 图像", "无法识别的内容"),
    ],
)
def test_a_file_that_is_something_else_is_refused_with_both_named(
    name: str, content: bytes, claimed: str, found: str
) -> None:
    (problem,) = refused(name, content)

    assert problem.code == "file_type_mismatch"
    assert problem.message["zh"] == f"文件名表明是{claimed}，内容却是{found}。"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("工具.exe", EXE),
        ("决定书.pdf", EXE),
        ("说明.txt", b"#!/bin/sh\nrm -rf /\n"),
        ("程序", b"\x7fELF\x02\x01\x01" + b"\0" * 60),
        ("附件.zip", zipped("META-INF/MANIFEST.MF", "A.class")),
        ("快捷方式.pdf", b"L\0\0\0\x01\x14\x02\0" + b"\0" * 60),
        ("脚本.js", b"alert(1)"),
        ("脚本.BAT", b"echo"),
    ],
)
def test_a_program_is_refused_whatever_it_is_called(name: str, content: bytes) -> None:
    assert [problem.code for problem in refused(name, content)] == ["file_is_program"]


def test_an_empty_file_is_refused() -> None:
    assert [problem.code for problem in refused("决定书.pdf", b"")] == ["file_empty"]


def test_a_broken_archive_is_an_archive() -> None:
    assert filetypes.recognised("附件.zip", io.BytesIO(b"PK\x03\x04" + b"\xff" * 100)) == "application/zip"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("决定书.pdf", "决定书.pdf"),
        ("../../etc/passwd", "passwd"),
        (r"C:\文件\决定书.pdf", "决定书.pdf"),
        ("a\x00b\r\nc.pdf", "abc.pdf"),
        ("决定书\u202efdp.exe", "决定书fdp.exe"),
        ("  多个   空格 .pdf. ", "多个 空格 .pdf"),
        ("长" * 300 + ".pdf", "长" * 196 + ".pdf"),
        ("𱍐.pdf", "𱍐.pdf"),
    ],
)
def test_a_name_is_kept_without_folders_and_without_what_cannot_be_seen(name: str, kept: str) -> None:
    assert filetypes.cleaned(name) == kept


@pytest.mark.parametrize("name", ["", "/", "...", "\u202e", "  "])
def test_a_name_of_which_nothing_is_left_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        filetypes.cleaned(name)
    assert [problem.code for problem in refusal.value.problems] == ["file_name_missing"]


def refused(name: str, content: bytes) -> tuple:
    with pytest.raises(InvalidInput) as refusal:
        filetypes.recognised(name, io.BytesIO(content))
    return refusal.value.problems
