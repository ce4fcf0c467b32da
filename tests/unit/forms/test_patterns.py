"""Patterns: what is accepted, and that nothing accepted can run away."""

from __future__ import annotations

import re
import time

import pytest

from forms.patterns import PatternRefused, compile_pattern


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r"\d{4}", "2026"),
        (r"问责〔\d{4}〕\d{1,5}号?", "问责〔2026〕31号"),
        (r"[A-Z]{2,3}-\d+", "RC-01"),
        (r"(?:京|沪)?[A-Z]\d{5}", "京A12345"),
        (r"[^,;]+", "甲乙"),
        (r"a|b", "b"),
        (r"\(\d\)", "(1)"),
    ],
)
def test_a_plain_pattern_matches(source, text):
    assert compile_pattern(source, max_length=100).fullmatch(text)


@pytest.mark.parametrize(
    "source",
    [
        "(a+)+", "(a|a)*", "(?:a*){2}", "((a))", "(?=a)", "(?P<x>a)", r"(a)\1", r"\bword", "^a$", ".", ".*", "a**",
        "a*?", "+a", "[a", "a)", "(a", "[z-a]", "[[:alpha:]]", r"\x41",
        "a{1000}", "a*" * 3, "a" * 201, "(?i)a", "a{2,1}", "[a--b]",
    ],
)  # fmt: skip
def test_anything_else_is_refused_with_a_reason(source):
    with pytest.raises(PatternRefused) as refused:
        compile_pattern(source, max_length=100)
    assert refused.value.why
    assert refused.value.why_zh


def test_two_open_repeats_are_accepted_for_short_texts_only():
    compile_pattern(r"\w+-\w+", max_length=200)
    with pytest.raises(PatternRefused):
        compile_pattern(r"\w+-\w+", max_length=5_000)


def test_digits_are_those_of_ascii():
    assert not compile_pattern(r"\d+", max_length=10).fullmatch("１２")


@pytest.mark.parametrize("source", [r"\w+\w+x", r"[a-z]+[a-z]+[^a-z]", r"(?:a|aa)?(?:a|aa)?a+b"])
def test_the_worst_text_for_an_accepted_pattern_is_matched_at_once(source):
    pattern = compile_pattern(source, max_length=300)
    began = time.process_time()
    assert not re.fullmatch(pattern, "a" * 300)
    assert time.process_time() - began < 0.5
