"""A house on each database, copied from one that was built once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import NullPool

from tests.casework.house import Blueprint, House
from tests.databases import Maker


@pytest.fixture
def house(engine: Engine, plots: dict[type, tuple[str, Blueprint]], maker: Maker) -> House:
    return House(engine, plots[type(maker)][1])


@pytest.fixture
def engine(maker: Maker, plots: dict[type, tuple[str, Blueprint]]) -> Iterator[Engine]:
    yield from copied(maker, plots)


def copied(
    maker: Maker, plots: dict[type, tuple[str, Blueprint]], artefacts: Mapping[str, bytes] | None = None
) -> Iterator[Engine]:
    """A copy of the house of this kind of database, which is built when it is first asked for."""
    if type(maker) not in plots:
        original = maker.make()
        drawing = create_engine(original, poolclass=NullPool)
        plots[type(maker)] = original, Blueprint.draw(drawing, artefacts)
        drawing.dispose()
    url = maker.copy(plots[type(maker)][0])
    engine = create_engine(url)
    yield engine
    engine.dispose()
    maker.drop(url)


@pytest.fixture(scope="session")
def plots() -> dict[type, tuple[str, Blueprint]]:
    """By kind of database: the one that was built first, and what was put into it."""
    return {}
