"""The ledger proves what happened; a release, once stored, is what a proceeding goes by."""

from __future__ import annotations

from datetime import date

import pytest

from tests.casework.house import House, sources
from tests.casework.storytelling import Story
from workflows import casework, ledger, releases
from workflows.errors import ArtefactsRefused, NotFound
from workflows.records import Case, LedgerEntry, Release


def test_an_altered_entry_is_found(told: House) -> None:
    alter(told, 2, body={"state": "ARCHIVED"})
    found = verified(told)
    assert (found.holds, found.broken_at) == (False, 2)


def test_a_removed_entry_is_found(told: House) -> None:
    with told.engine.begin() as connection:
        connection.execute(LedgerEntry.__table__.delete().where(chain(told), LedgerEntry.number == 2))
    assert verified(told).broken_at == 2


def test_a_cut_end_is_found(told: House) -> None:
    last = told.case().ledger_count
    with told.engine.begin() as connection:
        connection.execute(LedgerEntry.__table__.delete().where(chain(told), LedgerEntry.number == last))
    found = verified(told)
    assert (found.holds, found.reason) == (False, "the last entries are missing")


def test_an_entry_with_a_fresh_hash_breaks_the_next_one(told: House) -> None:
    entry = told.read(lambda s: s.query(LedgerEntry).filter_by(chain=told.case().id, number=1).one())
    values = {column.key: getattr(entry, column.key) for column in LedgerEntry.__table__.columns}
    values["actor"] = "某人"
    alter(told, 1, actor="某人", hash=ledger.digest_of(values))
    assert verified(told).broken_at == 2


def test_what_belongs_to_no_case_has_a_chain_of_its_own(house: House) -> None:
    assert house.read(lambda s: ledger.verify(s, ledger.HOUSE)).holds
    assert house.read(lambda s: ledger.verify(s, ledger.HOUSE)).entries > 0


def test_an_unchanged_set_of_artefacts_is_the_same_release(house: House) -> None:
    release, new = house.do("督办员午", lambda acting: releases.publish(acting.session, sources(), acting.now))
    assert (release.id, new) == (house.release_id, False)


def test_a_changed_artefact_makes_a_new_release_and_running_cases_keep_theirs(told: House) -> None:
    changed = dict(sources())
    changed["bpmn/release.yaml"] = changed["bpmn/release.yaml"].replace(b'name: "2026.1"', b'name: "2026.2"')
    release, new = told.do("督办员午", lambda acting: releases.publish(acting.session, changed, acting.now))
    assert new
    assert {each.release_id for each in told.proceedings()} == {told.release_id}
    Story(told).opened()
    assert told.proceedings()[-1].release_id == release.id


def test_a_release_is_refused_with_every_finding_at_once(house: House) -> None:
    broken = dict(sources())
    broken["bpmn/liability/li_service.bpmn"] = broken["bpmn/liability/li_service.bpmn"].replace(b"T-LI-10", b"T-XX-10")
    broken["bpmn/liability/li_panel.bpmn"] = broken["bpmn/liability/li_panel.bpmn"].replace(
        b"F-PANEL-CONVENE", b"F-NONE"
    )
    rungs = "bpmn/deadlines/liability.yaml"
    broken[rungs] = broken[rungs].replace(b"to: [holder, supervision_body]", b"to: [holder, government_head]", 1)
    limits = "bpmn/deadlines/crime_transfer.yaml"
    broken[limits] = broken[limits].replace(b"circumstance: C13", b"circumstance: C99")
    with pytest.raises(ArtefactsRefused) as refused:
        house.do("督办员午", lambda acting: releases.publish(acting.session, broken, acting.now))
    told = "\n".join(str(finding) for finding in refused.value.findings)
    assert "T-XX-10" in told
    assert "F-NONE" in told
    assert "C99" in told
    assert "government_head" in told
    assert house.read(lambda s: s.query(Release).count()) == 1


def test_a_release_that_would_count_limits_of_the_past_otherwise_is_refused_with_the_article(house: House) -> None:
    changed = changed_limit("value: 90, unit: days", "value: 60, unit: days")
    with pytest.raises(ArtefactsRefused) as refused:
        house.do("督办员午", lambda acting: releases.publish(acting.session, changed, acting.now))
    (finding,) = refused.value.findings
    assert (finding.rule, finding.element) == ("effective-past", "PEN-DECIDE")
    assert "行政处罚法第六十条" in finding.why_zh
    assert house.read(lambda s: s.query(Release).count()) == 1


def test_a_release_whose_profile_leaves_a_limit_of_its_diagrams_open_is_refused_with_the_key(house: House) -> None:
    local = dict(sources())
    local["bpmn/release.yaml"] = local["bpmn/release.yaml"].replace(b"profile: REF", b"profile: SHANDONG")
    with pytest.raises(ArtefactsRefused) as refused:
        house.do("督办员午", lambda acting: releases.publish(acting.session, local, acting.now))
    found = [finding for finding in refused.value.findings if finding.rule == "deadline-open"]
    assert {finding.why.split()[0] for finding in found} == {f"T-LI-{number:02d}" for number in range(1, 13)}
    assert all("SHANDONG" in finding.why_zh for finding in found)


def test_a_limit_may_change_from_the_day_the_release_takes_effect(house: House) -> None:
    text = sources()["bpmn/deadlines/penalty.yaml"].decode()
    row = text[text.index("  - key: PEN-DECIDE\n") : text.index("  - key: PEN-DECIDE-PUBLIC")]
    ended = row.replace("effective: {from: 2021-07-15,", "effective: {from: 2021-07-15, to: 2026-06-30,")
    newer = row.replace("value: 90", "value: 60").replace("from: 2021-07-15", "from: 2026-07-01")
    changed = changed_limit(row, ended + newer)
    changed["bpmn/release.yaml"] = changed["bpmn/release.yaml"].replace(b"2026-01-01", b"2026-07-01")
    release, new = house.do("督办员午", lambda acting: releases.publish(acting.session, changed, acting.now))
    law = house.read(lambda s: releases.Releases().law(s, release.id))
    values = [law.catalogue.rule("PEN-DECIDE", date(2026, month, 30)).period.value for month in (6, 7)]
    assert (new, values) == (True, [90, 60])


def test_a_proceeding_keeps_catalogue_and_profile_of_its_release(house: House) -> None:
    Story(house).opened()
    before = house.clocks("T-LI-01")[0].due
    changed = dict(sources())
    profile = changed["bpmn/profiles/ref.yaml"]
    changed["bpmn/profiles/ref.yaml"] = profile.replace(
        b"{value: 5, unit: working_days}", b"{value: 2, unit: working_days}", 1
    )
    house.do("督办员午", lambda acting: releases.publish(acting.session, changed, acting.now))
    Story(house).opened()
    old, new = house.clocks("T-LI-01")
    assert (old.due, old.release_id == new.release_id) == (before, False)
    assert new.due < old.due
    laws = house.read(lambda s: [releases.Releases().law(s, clock.release_id) for clock in (old, new)])
    on = date.fromisoformat(old.trigger[:10])
    assert [law.catalogue.rule("T-LI-01", on).period.value for law in laws] == [5, 2]


def changed_limit(old: str, new: str) -> dict[str, bytes]:
    """The artefacts with one change in the limits of penalties."""
    path = "bpmn/deadlines/penalty.yaml"
    text = sources()[path].decode()
    assert old in text
    return {**sources(), path: text.replace(old, new, 1).encode()}


def test_before_the_first_release_takes_effect_no_case_is_opened(house: House) -> None:
    house.now = house.now.replace(year=2020)
    with pytest.raises(NotFound):
        Story(house).opened()


def test_case_numbers_have_no_gaps(house: House) -> None:
    Story(house).opened()
    with pytest.raises(casework.InvalidInput):
        Story(house).opened(clue_source="NO_SUCH_SOURCE")
    Story(house).opened()
    numbers = house.read(lambda s: [case.number for case in s.query(Case).order_by(Case.id).all()])
    assert numbers == ["问责〔2026〕0001", "问责〔2026〕0002"]


@pytest.fixture
def told(house: House) -> House:
    Story(house).opened().accepted().inquired()
    return house


def verified(house: House) -> ledger.Verification:
    case_id = house.case().id
    return house.read(lambda s: ledger.verify(s, case_id))


def chain(house: House):
    return LedgerEntry.chain == house.case().id


def alter(house: House, number: int, **values: object) -> None:
    with house.engine.begin() as connection:
        connection.execute(
            LedgerEntry.__table__.update().where(chain(house), LedgerEntry.number == number).values(**values)
        )
