"""What a test says it shows, its diagrams hold."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.engine import playing, shown


@pytest.fixture(autouse=True)
def what_is_shown(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that is marked with words has loaded a diagram with each: accepted where it is carried out, else refused."""
    playing.LOADED.clear()
    yield
    for word in (word for mark in request.node.iter_markers("shows") for word in mark.args):
        assert word in shown.required(), f"{word} is no word of the vocabulary"
        sources = [source for source, accepted in playing.LOADED if accepted == shown.carried_out(word)]
        assert any(shown.holds(source, word) for source in sources), f"the diagrams of this test do not show {word}"
