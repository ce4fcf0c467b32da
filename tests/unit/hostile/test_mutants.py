"""Twenty thousand diagrams, and tables, with something wrong in them: refused with words or carried out, within 2 s and 512 MB.

More by hand: `python -m tests.unit.hostile.mutants bpmn 100000 0 --minutes 15`, and `tests/unit/hostile/fuzzing.py`.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.hostile import mutants

ROOT = Path(__file__).parents[3]
EACH = 5_000


@pytest.mark.parametrize("first", range(0, 20_000, EACH))
def test_a_diagram_with_something_wrong_in_it_is_refused_or_carried_out(first):
    counts = tried("bpmn", first, first + EACH)
    assert sum(counts.values()) == EACH
    assert counts["ran"] > EACH / 50, counts


def test_a_table_with_something_wrong_in_it_is_refused_or_carried_out():
    counts = tried("dmn", 0, 1_500)
    assert sum(counts.values()) == 1_500
    assert counts["ran"] > 100, counts


def test_a_mutant_that_gets_through_would_be_seen(tmp_path):
    """The net holds: what escapes, hangs or swells is told by its number."""
    for body, sign in (
        ("raise KeyError('x')", "KeyError"),
        ("x = bytearray(700 * 1024 * 1024)", "MemoryError"),
        ("while True: pass", "died at 7"),
    ):
        assert sign in said("-c", PROBE.format(body=body))


def tried(kind: str, first: int, last: int) -> dict[str, int]:
    """Try them in a process of their own, which is made smaller and slower than this one."""
    told = said("-m", "tests.unit.hostile.mutants", kind, str(first), str(last))
    *escaped, counted = told.splitlines()
    assert escaped == []
    counts: dict[str, int] = ast.literal_eval(counted.partition(" ")[2])
    return counts


def said(*program: str) -> str:
    ended = subprocess.run([sys.executable, *program], cwd=ROOT, capture_output=True, text=True, timeout=400)
    if ended.returncode:
        return f"died at {ended.stderr.splitlines()[-1]}: {ended.returncode}\n"
    return ended.stdout


PROBE = """
import sys
from tests.unit.hostile import mutants
def probe(number):
    with mutants._within_limits():
        {body}
mutants.TRIALS["probe"] = probe
mutants.SECONDS = 0.3
sys.argv = ["mutants", "probe", "7", "8"]
mutants.main()
"""


def test_mutants_are_what_they_are_for():
    """They differ from what they were made of, and each number makes the same one again."""
    made = [mutants.diagram(number) for number in range(60)]
    assert made == [mutants.diagram(number) for number in range(60)]
    whole = [source for group in mutants.originals() for source in group]
    assert sum(each not in whole for each in made) > 50
