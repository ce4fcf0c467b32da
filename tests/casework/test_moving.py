"""A running procedure is moved to another release: wholly and on record, or not at all."""

from __future__ import annotations

import pytest

from tests.casework.house import House, sources
from tests.casework.storytelling import Story
from workflows import moving, releases
from workflows.errors import NotAllowed, NotFound, NotMovable, NotPossible
from workflows.ledger import entries

REASON = "规程图有误"


def published(house: House, old: str, new: str) -> str:
    """Publish the release with one text of its diagrams changed, and a name of its own."""
    changed = {
        path: text.replace(old.encode(), new.encode()) if path.endswith(".bpmn") else text
        for path, text in sources().items()
    }
    assert changed != sources()
    changed["bpmn/release.yaml"] = changed["bpmn/release.yaml"].replace(b'name: "2026.1"', b'name: "2026.2"')
    release, new_one = house.do("督办员午", lambda acting: releases.publish(acting.session, changed, acting.now))
    assert new_one
    return str(release.id)


def test_a_case_goes_on_under_the_other_release_from_where_it_stands(house: House) -> None:
    house.hire("管理员申", "administrator")
    story = Story(house).opened()
    before = house.task("decide_acceptance")
    to = published(house, f'name="{before.name}"', 'name="受理与否"')
    (proceeding,) = house.proceedings()
    where = (house.case().id, proceeding.id)
    clocks = [(clock.rule, clock.due, clock.state) for clock in house.clocks()]
    with pytest.raises(NotAllowed):
        house.do("督办员午", moving.move_proceeding, *where, release_id=to, reason=REASON)
    with pytest.raises(NotFound):
        house.do("管理员申", moving.move_proceeding, *where, release_id="0" * 32, reason=REASON)
    house.do("管理员申", moving.move_proceeding, *where, release_id=to, reason=REASON)
    task = house.task("decide_acceptance")
    assert (task.id, task.token, task.name, task.form) == (before.id, before.token, "受理与否", before.form)
    assert [each.release_id for each in house.proceedings()] == [to]
    assert [(clock.rule, clock.due, clock.state) for clock in house.clocks()] == clocks
    last = house.read(lambda s: entries(s, house.case().id))[-1]
    assert (last.act, last.reason, last.body["what"]["from"], last.body["what"]["to"]) == (
        "proceeding.moved", REASON, house.release_id, to,
    )  # fmt: skip
    with pytest.raises(NotPossible, match="to another release than its own"):
        house.do("管理员申", moving.move_proceeding, *where, release_id=to, reason=REASON)
    assert story.accepted().inquired().house.open_nodes()


def test_what_cannot_be_moved_faithfully_stays_and_the_refusal_is_on_record(house: House) -> None:
    house.hire("管理员申", "administrator")
    Story(house).opened()
    form = house.task("decide_acceptance").form
    to = published(house, f'wz:form="{form}"', f'wz:form="{form}" wz:persons="2"')
    (proceeding,) = house.proceedings()
    with pytest.raises(NotMovable) as refused:
        house.do("管理员申", moving.move_proceeding, house.case().id, proceeding.id, release_id=to, reason=REASON)
    (finding,) = refused.value.findings
    assert (finding.rule, finding.element) == ("migration-differs", "decide_acceptance")
    (after,) = house.proceedings()
    assert (after.release_id, after.snapshot, after.steps) == (
        house.release_id, proceeding.snapshot, proceeding.steps,
    )  # fmt: skip
    last = house.read(lambda s: entries(s, house.case().id))[-1]
    assert (last.act, last.body["code"]) == ("act.refused", "not_movable")
    assert "decide_acceptance" in (last.reason or "")
