"""What strangers send is refused with words, or carried out within a second and without much memory."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.unit.hostile.corpus import CORPUS, SCOPE
from tests.unit.hostile.trial import MEGABYTES, SECONDS, WAYS

WAYS_IN = [(kind, way) for kind, ways in WAYS.items() for way in ways]
STRAIGHT = ("evaluate", "markup", "decisions")
"""Ways that reach the attack for sure; a diagram may be done without ever looking at it."""


@pytest.mark.parametrize(("kind", "way"), WAYS_IN, ids=["-".join(one) for one in WAYS_IN])
def test_every_attack_is_met(kind, way):
    attacks = {attack.id: attack for attack in CORPUS if attack.kind == kind}
    said = batch([(way, id) for id in attacks])
    for id, attack in attacks.items():
        must_refuse = attack.must_refuse and way in STRAIGHT and (way != "decisions" or kind == "dmn")
        if said[way, id] == "refused" or (said[way, id] == "done" and not must_refuse):
            del said[way, id]
    assert said == {}


def test_the_corpus_is_large_and_its_names_are_unique():
    assert len(CORPUS) >= 40
    assert len({attack.id for attack in CORPUS}) == len(CORPUS)


def test_an_attack_that_succeeds_would_be_seen():
    """The net holds: a process that hangs or swells dies, and its attack is named."""
    for body, sign in (
        ("while True: pass", "died"),
        (f"x = bytearray({MEGABYTES + 100} * 1024 * 1024)", "MemoryError"),
        ("raise KeyError('x')", "KeyError"),
    ):
        said = batch([("probe", "expression-dunder-walk")], probe=body)
        assert sign in said["probe", "expression-dunder-walk"]


def test_the_scope_is_what_a_proceeding_can_hold():
    from engine.plain import plain

    assert plain(SCOPE) == SCOPE


# --- Processes ---


def batch(work: list[tuple[str, str]], probe: str = "") -> dict[tuple[str, str], str]:
    """Try each in turn, in as few processes as survive."""
    said: dict[tuple[str, str], str] = {}
    program = ["-m", "tests.unit.hostile.trial"] if not probe else ["-c", PROBE.format(body=probe)]
    while left := [one for one in work if one not in said]:
        lines = "".join(f"{way} {id}\n" for way, id in left)
        ended = subprocess.run([sys.executable, *program], input=lines, capture_output=True, text=True)
        before = len(said)
        for line in ended.stdout.splitlines():
            first, second, rest = line.split(" ", 2)
            if first == "try":
                said[second, rest] = f"died within {SECONDS} s: {ended.returncode} {ended.stderr[-500:]}"
            else:
                said[first, second] = rest.partition(" ")[2]
        assert len(said) > before, ended.stderr
    return said


PROBE = """
from tests.unit.hostile import trial
def probe(payload):
    {body}
trial.WAYS["expression"]["probe"] = probe
trial.main()
"""
