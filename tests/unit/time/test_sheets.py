"""The door for YAML: what a stranger's file may hold."""

import pytest

from engine import sheets
from engine.sheets import Reading


def test_values_keep_the_line_they_stand_on():
    reading = Reading(b"first: 1\nsecond:\n  - a\n  - b\n", name="f")
    fields = reading.fields(reading.root, "f", required=("first", "second"))
    assert (fields["first"].value, fields["first"].line) == (1, 1)
    assert [item.line for item in reading.items(fields["second"], "second")] == [3, 4]
    assert reading.findings == []


@pytest.mark.parametrize(
    ("source", "rule"),
    [
        (b"", "empty"),
        (b"a: 1\na: 2", "key-twice"),
        (b"a: &x 1\nb: *x", "anchor"),
        (b"a: *nowhere", "anchor"),
        (b"a: !!python/object/apply:os.system ['true']", "tag"),
        (b"a: !!str 1", "tag"),
        (b"a: [1", "not-yaml"),
        (b"a: 1\n---\nb: 2", "several-documents"),
        (b"1: a", "key-not-text"),
        (b"{[a]: b}", "key-not-text"),
        (b"a: 2025-02-30", "not-a-value"),
        (b"a: " + b"9" * 5000, "not-a-value"),
        ("a: 中".encode("gb18030"), "encoding"),
        (b"a: \x00", "not-yaml"),
        (b"[" * 30 + b"]" * 30, "too-deep"),
        (b"- 1\n" * (sheets.MAX_VALUES + 1), "too-many-values"),
        (b"#" * (sheets.MAX_BYTES + 1), "file-too-large"),
        (b"- " * 1000 + b"1", "too-deep"),
    ],
)
def test_a_hostile_or_broken_file_is_refused_whole(source, rule):
    reading = Reading(source, name="f")
    assert reading.root is None
    assert [finding.rule for finding in reading.findings] == [rule]
    assert reading.findings[0].why_zh


def test_a_byte_order_mark_is_no_harm():
    assert Reading(b"\xef\xbb\xbfa: 1", name="f").findings == []


@pytest.mark.parametrize(
    ("method", "good", "bad"),
    [
        ("text", b"a: word", b"a: 5"),
        ("text", b"a: word", b"a: ''"),
        ("whole", b"a: 5", b"a: 5.5"),
        ("whole", b"a: 5", b"a: true"),
        ("number", b"a: 0.7", b"a: no"),
        ("flag", b"a: true", b"a: 1"),
        ("day", b"a: 2025-03-03", b"a: 2025-03-03T10:00:00"),
        ("day", b"a: 2025-03-03", b"a: '2025-03-03'"),
        ("names", "a: {zh: 名, en: name}".encode(), b"a: name"),
        ("names", "a: {zh: 名, en: name}".encode(), "a: {zh: 名}".encode()),
    ],
)
def test_a_value_of_another_kind_is_a_finding_and_nothing_else(method, good, bad):
    for source, findings in ((good, 0), (bad, 1)):
        reading = Reading(source, name="f")
        entry = reading.fields(reading.root, "f", optional=("a",))["a"]
        value = getattr(reading, method)(entry, "a")
        assert (value is None) == bool(findings)
        assert len(reading.findings) == findings


def test_a_finding_names_the_place_and_shows_what_stands_there():
    reading = Reading(b"a: [1, 2]\nb: " + b"x" * 200, name="cal.yaml")
    fields = reading.fields(reading.root, "calendar", optional=("a", "b"))
    reading.whole(fields["a"], "calendar.a")
    reading.whole(fields["b"], "calendar.b")
    first, second = reading.findings
    assert (first.source, first.line, first.element) == ("cal.yaml", 1, "calendar.a")
    assert "[…]" in first.why
    assert second.why.endswith("x….")


def test_reading_goes_on_where_a_section_is_missing():
    reading = Reading(b"a: 1", name="f")
    assert list(reading.items(None, "list")) == []
    assert list(reading.pairs(None, "map")) == []
    assert reading.fields(None, "f", required=("x",)) == {}
    assert reading.findings == []
