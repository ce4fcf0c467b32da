"""The main job: a liability case from the clue to the review."""

from __future__ import annotations

from tests.casework.house import House
from tests.casework.storytelling import Story


def test_a_case_goes_from_the_clue_to_a_maintained_decision(house: House) -> None:
    story = Story(house).until_served().appealed().reviewed()
    assert house.case().state == "MAINTAINED"
    assert story.item
