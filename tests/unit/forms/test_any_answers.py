"""Whatever comes in, answers or definitions, either reads or is refused with its reasons: there is no third way."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import forms
from forms.outlines import Question, Repeat

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["a", "accept", "2026-10-12", "C01"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_any_json_reads_or_is_refused(data, shipped, read):
    form = data.draw(st.sampled_from(sorted(shipped.values(), key=lambda form: form.key)), label="form")
    keys = st.sampled_from(list(form.fields)) | st.text(max_size=10)
    answers = data.draw(JSON | st.dictionaries(keys, JSON, max_size=12), label="answers")
    _reads_or_is_refused(read, form, answers)


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_good_answers_with_anything_put_into_them_read_or_are_refused(data, shipped, read, fill):
    form = data.draw(st.sampled_from(sorted(shipped.values(), key=lambda form: form.key)), label="form")
    answers = json.loads(json.dumps(fill(form)))
    place, key = answers, data.draw(st.sampled_from(list(answers)), label="key")
    if (
        isinstance(answers[key], list)
        and isinstance(answers[key][0], dict)
        and data.draw(st.booleans(), label="inside")
    ):
        place = answers[key][0]
        key = data.draw(st.sampled_from(list(place)), label="column")
    place[key] = data.draw(JSON, label="value")
    _reads_or_is_refused(read, form, answers)


def _reads_or_is_refused(read, form, answers):
    refusal = None
    try:
        reading = read(form, answers)
    except forms.InvalidAnswers as refused:
        refusal = refused
    if refusal is not None:
        assert refusal.problems
        assert all(problem.code and problem.message["zh"] and problem.message["en"] for problem in refusal.problems)
        return
    again = read(form, {**reading.values, **reading.protected})
    assert again == reading
    assert set(reading.routing) == set(form.routing)
    assert json.loads(json.dumps([reading.values, reading.routing, reading.protected], allow_nan=False))


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_any_json_can_be_shown_in_its_form(data, shipped):
    form = data.draw(st.sampled_from(sorted(shipped.values(), key=lambda form: form.key)), label="form")
    answers = data.draw(st.dictionaries(st.sampled_from(list(form.fields)), JSON, max_size=12), label="answers")
    for block in forms.outline(form, "zh").blocks:
        for inner in getattr(block, "blocks", (block,)):
            rows = inner.rows(answers) if isinstance(inner, Repeat) else ()
            questions = [inner] if isinstance(inner, Question) else [q for row in rows for q in row.questions]
            assert all(isinstance(text, str) for question in questions for text in forms.typed(question, answers))


@pytest.mark.parametrize("depth", [50, 5_000])
def test_deep_nesting_is_refused_like_any_wrong_type(shipped, problems, depth):
    nested: object = "x"
    for _ in range(depth):
        nested = [nested]
    assert ("facts", "wrong_type") in problems(shipped["F-CLUE"], {"facts": nested, "object_persons": nested})


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_a_definition_with_anything_put_into_it_loads_or_is_refused(data, shipped_sources):
    name = data.draw(st.sampled_from(sorted(shipped_sources)), label="file")
    definition = json.loads(shipped_sources[name])
    place, key = definition, data.draw(st.sampled_from(list(definition)), label="key")
    while isinstance(place[key], dict | list) and place[key] and data.draw(st.booleans(), label="deeper"):
        place = place[key]
        key = data.draw(st.sampled_from(list(place) if isinstance(place, dict) else range(len(place))), label="key")
    place[key] = data.draw(JSON, label="value")
    lists = {source: content for source, content in shipped_sources.items() if source.startswith("lists/")}
    refusal = None
    try:
        forms.load({**lists, name: json.dumps(definition).encode()})
    except forms.FormsRefused as refused:
        refusal = refused
    if refusal is not None:
        assert all(f.source and f.why and f.remedy and f.why_zh and f.remedy_zh for f in refusal.findings)
