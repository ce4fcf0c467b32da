"""A fuzzer guided by coverage: run by hand, with atheris installed (it is no dependency of ours).

    python -m tests.unit.hostile.fuzzing -max_total_time=900 CORPUS_FOLDER

The choices of `mutants` are made by the bytes that the fuzzer varies, so that it learns which changes reach new code. What is
neither refused with words nor carried out within the limits stops it, with the file that does it beside.
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from random import Random

import atheris  # type: ignore[import-not-found]

with atheris.instrument_imports(include=["engine"]):
    from tests.unit.hostile import mutants


class Fed(Random):
    """Chance that is fed with bytes, as long as there are any."""

    def __init__(self, data: bytes) -> None:
        super().__init__(0)
        self.data = atheris.FuzzedDataProvider(data)

    def random(self) -> float:
        return self.getrandbits(24) / 2**24

    def getrandbits(self, k: int) -> int:
        if k > 63 or not self.data.remaining_bytes():
            return super().getrandbits(k)
        return int(self.data.ConsumeIntInRange(0, 2**k - 1))


def one(data: bytes) -> None:
    random = Fed(data)
    if random.random() < 0.15:
        table = mutants.table_of(random)
        _keep("table.dmn", table)
        said = mutants.try_table(0, table)
    else:
        sources = mutants.diagram_of(random)
        for name, source in sources.items():
            _keep(name, source)
        said = mutants.try_diagram(0, sources)
    if said.startswith("escaped"):
        raise AssertionError(said)


def _keep(name: str, source: bytes) -> None:
    """Where the last one lies, should it kill the process."""
    Path("found").mkdir(exist_ok=True)
    Path("found", name).write_bytes(source)


if __name__ == "__main__":
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
