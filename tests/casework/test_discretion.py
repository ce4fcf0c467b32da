"""What is told about a refusal to whoever may not know so much; and that reading changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.casework import answering
from tests.casework.house import House
from tests.casework.storytelling import Story
from workflows import casework, evidence, people, worklists
from workflows.errors import CaseworkError, NotAllowed, NotFound, NotOpen, NotPossible, Refused, Stale
from workflows.records import LedgerEntry, ProtectedValue

NOWHERE = "0" * 32


@pytest.mark.parametrize(
    "verb",
    [
        lambda acting, task: casework.complete_task(acting, task, answers={}, expected=7),
        lambda acting, task: casework.claim_task(acting, task, expected=1),
        lambda acting, task: casework.give_back_task(acting, task, reason="不在岗", expected=1),
        lambda acting, task: casework.reassign_task(acting, task, to=NOWHERE, reason="不在岗", expected=9),
        lambda acting, task: casework.delegate_task(acting, task, to=NOWHERE, reason="不在岗"),
        lambda acting, task: casework.add_signer(acting, task, person=NOWHERE, reason="不在岗"),
        lambda acting, task: casework.sign_task(acting, task, expected=1),
        lambda acting, task: casework.return_task(acting, task, reason="不清"),
        lambda acting, task: casework.take_back_task(acting, task, reason="有误"),
        lambda acting, task: casework.urge_task(acting, task, reason="快"),
        lambda acting, task: casework.save_draft(acting, task, {}),
    ],
)
def test_a_task_one_may_not_know_of_sounds_like_one_that_does_not_exist(
    opened: House, verb: Callable[..., Any]
) -> None:
    task = opened.task("decide_acceptance")

    assert told(opened, "送达员丑", verb, task.id) == told(opened, "送达员丑", verb, NOWHERE, instead_of=task.id)


def test_a_case_one_may_not_know_of_sounds_like_one_that_does_not_exist(opened: House) -> None:
    def verb(acting: Any, case_id: str) -> Any:
        return casework.act_on_case(acting, case_id, "recusal", reason="与我有关", expected=99)

    case_id = opened.case().id

    assert told(opened, "送达员丑", verb, case_id) == told(opened, "送达员丑", verb, NOWHERE, instead_of=case_id)
    assert told(opened, "执法员未", verb, case_id) == told(opened, "执法员未", verb, NOWHERE, instead_of=case_id)


def test_looking_at_a_task_one_may_not_know_of_sounds_the_same(opened: House) -> None:
    actor, task = opened.actor("送达员丑"), opened.task("decide_acceptance")
    heard = []
    for task_id in (task.id, NOWHERE):
        with pytest.raises(NotFound) as hidden:
            opened.read(lambda s, i=task_id: worklists.task(s, actor, opened.releases, opened.vault, i))
        heard.append((str(hidden.value), set(hidden.value.facts)))
    assert heard[0] == heard[1]


def test_the_refusal_is_recorded_as_it_was(opened: House) -> None:
    told(
        opened, "送达员丑", lambda acting, task: casework.claim_task(acting, task), opened.task("decide_acceptance").id
    )

    entry = opened.read(lambda s: s.query(LedgerEntry).order_by(LedgerEntry.id.desc()).first())
    assert (entry.chain, entry.body["code"], entry.reason) == (
        opened.case().id,
        "not_allowed",
        "This task is not for you.",
    )


def test_whoever_may_open_the_file_is_told_why_they_may_not_act(opened: House) -> None:
    with pytest.raises(NotAllowed) as refused:
        opened.do("登记员甲", casework.claim_task, opened.task("decide_acceptance").id)

    assert refused.value.told is None


def test_whoever_was_offered_a_task_is_told_who_was_faster_and_sees_no_more_of_it(opened: House) -> None:
    opened.hire("监督员二", "supervision_body")
    task = opened.task("decide_acceptance")
    opened.complete("decide_acceptance", "监督员乙", answering.accept(opened))

    with pytest.raises(NotOpen) as refused:
        opened.do("监督员二", casework.complete_task, task.id, answers=answering.accept(opened))
    assert (refused.value.told, refused.value.facts["by"]) == (None, "监督员乙")
    actor = opened.actor("监督员二")
    with pytest.raises(NotFound):
        opened.read(lambda s: worklists.task(s, actor, opened.releases, opened.vault, task.id))


def test_a_mistake_in_handing_on_hides_nothing_from_whoever_held_the_task(opened: House) -> None:
    task = opened.task("decide_acceptance")
    opened.hire("监督员二", "supervision_body")
    opened.do("监督员乙", casework.claim_task, task.id)

    with pytest.raises(Refused) as refused:
        opened.do("监督员乙", casework.reassign_task, task.id, to=opened.people["监督员二"], reason="")

    assert refused.value.told is None


def test_a_relative_in_the_group_does_not_see_the_case(opened: House) -> None:
    opened.do(
        "监督员乙",
        lambda acting: people.declare_relation(
            acting,
            person_id=opened.people["监督员乙"],
            other_id=opened.people["执法员未"],
            kind="sibling",
            roles=opened.law.roles,
        ),
    )
    actor = opened.actor("监督员乙")

    assert opened.read(lambda s: worklists.cases(s, actor, opened.law)).items == ()


def test_a_stale_task_names_whoever_changed_the_task_not_whoever_acted_last_in_the_case(opened: House) -> None:
    task = opened.task("decide_acceptance")
    opened.do("监督员乙", casework.claim_task, task.id)
    opened.do("登记员甲", evidence.register, opened.case().id, FILE)

    with pytest.raises(Stale) as refused:
        opened.do("监督员乙", casework.complete_task, task.id, answers=answering.accept(opened), expected=task.version)

    assert (refused.value.facts["by"], refused.value.facts["act"]) == ("监督员乙", "task.claimed")


def test_a_party_is_not_told_who_changed_the_case(house: House) -> None:
    Story(house).until_served()

    with pytest.raises(Stale) as refused:
        house.do("执法员未", casework.act_on_case, house.case().id, "appeal", answers={}, reason="不服", expected=1)

    assert refused.value.facts["by"]
    assert set(refused.value.told.facts) == {"expected", "current"}


def test_a_party_that_was_not_told_yet_asks_for_no_recusal(house: House) -> None:
    Story(house).opened().accepted().inquired()

    with pytest.raises((NotFound, NotAllowed, NotPossible)):
        house.do("执法员未", casework.act_on_case, house.case().id, "recusal", reason="与我有宿怨")


def test_reading_evidence_is_recorded_and_changes_no_version(opened: House) -> None:
    _, item = opened.do("登记员甲", evidence.register, opened.case().id, FILE)
    before = opened.case()

    file = opened.do("监督员乙", evidence.read, item)

    after = opened.case()
    assert file == FILE
    assert (after.version, after.ledger_count) == (before.version, before.ledger_count + 1)
    entry = opened.read(lambda s: s.query(LedgerEntry).filter_by(act="evidence.read").one())
    assert (entry.actor, entry.subject) == ("监督员乙", f"evidence:{item}")


def test_evidence_one_may_not_read_sounds_like_evidence_that_does_not_exist(opened: House) -> None:
    _, item = opened.do("登记员甲", evidence.register, opened.case().id, FILE)

    assert told(opened, "送达员丑", evidence.read, item) == told(
        opened, "送达员丑", evidence.read, NOWHERE, instead_of=item
    )


def test_opening_a_protected_value_changes_no_version(house: House) -> None:
    Story(house).opened(anonymous=False, complainant_name="举报人李某", complainant_contact="138 0000 0000")
    value = house.read(lambda s: s.query(ProtectedValue).filter_by(field="complainant_name").one())
    before = house.case().version

    house.do("登记员甲", evidence.open_protected, house.case().id, value.id, "答复举报人")

    assert house.case().version == before


FILE = evidence.StoredFile(name="决定书.pdf", media_type="application/pdf", size=12, sha256="b" * 64)


def told(
    house: House, name: str, verb: Callable[..., Any], subject: str, *, instead_of: str = ""
) -> tuple[str, str, dict[str, Any]]:
    """What somebody hears: code, sentence and facts; an id that is none stands for the other one."""
    with pytest.raises(CaseworkError) as heard:
        house.do(name, verb, subject)
    error = getattr(heard.value, "told", None) or heard.value
    facts = {key: instead_of if value == NOWHERE else value for key, value in error.facts.items()}
    return error.code, str(error), facts


@pytest.fixture
def opened(house: House) -> House:
    """A clue is registered."""
    Story(house).opened()
    return house
