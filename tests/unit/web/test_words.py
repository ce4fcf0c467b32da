"""Every sentence of the pages in both languages, and how Chinese is written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

import web

ROOM = Path(web.__file__).parent
HAN = r"[\u3400-\u9fff]"


def test_every_sentence_has_an_english_one(sentences, english):
    missing = [sentence for sentence in sentences if not complete(english, sentence)]
    assert missing == []


def test_no_english_sentence_is_left_over_or_in_doubt(sentences, english):
    unused = {message.id for message in english if message.id} - set(sentences)
    assert unused == set()
    assert [message.id for message in english if message.id and message.fuzzy] == []


def test_english_fills_the_same_places(english):
    for message in english:
        names = places(message.id)
        for said in message.string if isinstance(message.string, tuple) else [message.string]:
            assert places(said) == names, message.id


def test_english_has_no_chinese_in_it(english):
    said = [text for message in english if message.id for text in as_texts(message.string)]
    assert [text for text in said if re.search(HAN, text)] == []


def test_chinese_has_full_width_punctuation(chinese):
    assert [text for text in chinese if re.search(rf"{HAN}[,;:?!()]|[,;:?!()]{HAN}", text)] == []


def test_no_blank_is_typed_between_chinese_and_digits_or_places(chinese):
    assert [text for text in chinese if re.search(rf"{HAN} +[%\w]|[sd\w] +{HAN}", text)] == []


def test_nobody_is_shouted_at_or_blamed(chinese):
    assert [text for text in chinese if re.search(r"[！!]|嫌疑|被告|暂无数据|操作失败|系统错误|无权限", text)] == []


def test_every_sentence_is_chinese(chinese):
    assert [
        text for text in chinese if not re.search(rf"{HAN}|[，、。；：（）]", text) and not text.startswith("%")
    ] == []


def complete(english: Catalog, sentence: str | tuple[str, ...]) -> bool:
    message = english.get(sentence if isinstance(sentence, str) else sentence[0])
    return message is not None and all(as_texts(message.string))


def places(said: str | tuple[str, ...]) -> set[str]:
    return {name for text in as_texts(said)[:1] for name in re.findall(r"%\((\w+)\)[sd]", text)}


def as_texts(said: str | tuple[str, ...]) -> tuple[str, ...]:
    return said if isinstance(said, tuple) else (said,)


@pytest.fixture(scope="module")
def sentences() -> list[str | tuple[str, ...]]:
    methods = [("**.py", "python"), ("templates/**.html", "jinja2")]
    keywords = {**DEFAULT_KEYWORDS, "phrase": None, "counted": (1, 2)}
    options = {"templates/**.html": {"silent": "false"}}
    return [message for _, _, message, _, _ in extract_from_dir(str(ROOM), methods, options, keywords)]


@pytest.fixture(scope="module")
def chinese(sentences) -> list[str]:
    return [text for sentence in sentences for text in as_texts(sentence)]


@pytest.fixture(scope="module")
def english() -> Catalog:
    with (ROOM / "translations/en/LC_MESSAGES/messages.po").open("rb") as text:
        return read_po(text, locale="en", abort_invalid=True)
