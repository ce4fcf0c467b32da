"""What goes between the proceedings of a case, and what a case is told from outside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, select

from tests.casework.conftest import copied
from tests.casework.house import Blueprint, House, sources
from tests.casework.storytelling import Story
from tests.databases import Maker
from tests.unit.engine.drawing import (
    catch,
    condition,
    definitions,
    element,
    end,
    error,
    exclusive,
    message,
    process,
    race,
    script,
    signal,
    start,
    throw,
)
from workflows import exchange, incidents, messages
from workflows.acting import Acting
from workflows.errors import NotAllowed, NotPossible
from workflows.ledger import entries
from workflows.records import KeptMessage, Proceeding


def one_after_the_other(first: str, second: str, rounds: int) -> tuple[str, ...]:
    """Throws the first, waits for the second, and again, so many times."""
    return (
        start("s"), exclusive("x"), throw("t", message(first)), catch("c", message(second)), script("n", "{'n': n + 1}"),
        exclusive("g", default="g.e"), end("e"), "s x t c n g e", f"g -[n < {rounds}]-> x",
    )  # fmt: skip


def answers(first: str, second: str) -> tuple[str, ...]:
    """Begins by the first, throws the second, and waits for the first again, for ever."""
    return (
        start("s", message(first)), exclusive("x"), throw("t", message(second)), catch("c", message(first)),
        exclusive("g", default="g.x"), end("e"), "s x t c g x", "g -[false]-> e",
    )  # fmt: skip


DRAWN = {
    "server": process("server", *one_after_the_other("ball", "back", 50)),
    "endless": process("endless", *one_after_the_other("ball", "back", 5000)),
    "wall": process("wall", *answers("ball", "back")),
    "caller": process("caller", start("s"), throw("t", signal("alarm"), wz_payload="what"), end("e"), "s t e"),
    "alarmed": process("alarmed", start("s", signal("alarm"), wz_payload="said"), catch("c", message("calm")), end("e"), "s c e"),
    "alarmed_too": process("alarmed_too", start("s", signal("alarm")), catch("c", message("quiet")), end("e"), "s c e"),
    "speaker": process("speaker", start("s"), throw("t", message("unheard")), end("e"), "s t e"),
    "listener": process(
        "listener", start("s"), catch("c", message("word"), wz_payload="said"), catch("d", message("more")), end("e"),
        "s c d e",
    ),
    "failing": process(
        "failing", start("s"), catch("c", message("fail")), script("n", "{'n': 1}"), end("e", error("E-REGISTER")), "s c n e"
    ),
    "stuck": process("stuck", start("s"), catch("c", message("stop")), catch("d", condition("false")), end("e"), "s c d e"),
    "offered": process(
        "offered", race("g", instantiate="true"), catch("a", message("offer"), wz_payload="offered"),
        catch("b", message("bid")), catch("c", message("calm")), end("e"), "g a c e", "g b c",
    ),
}  # fmt: skip


KEYED = definitions(
    process("keyed", start("s"), catch("c", message("reply"), wz_payload="said"), end("e"), "s c e",
            element("correlationSubscription", None, element("correlationPropertyBinding", None,
                    element("dataPath", None, "order", xsi_type="tFormalExpression"), correlationPropertyRef="of"),
                    correlationKeyRef="k")),
    extra=element("correlationProperty", "of", element("correlationPropertyRetrievalExpression", None,
                  element("messagePath", None, "payload.order", xsi_type="tFormalExpression"), messageRef="m_reply"))
    + element("collaboration", "talk", element("participant", "pool", processRef="keyed"),
              element("correlationKey", "k", element("correlationPropertyRef", None, "of"))),
)  # fmt: skip


@pytest.fixture(scope="module")
def plots() -> dict[type, tuple[str, Blueprint]]:
    """Houses of their own, whose release has diagrams that talk."""
    return {}


@pytest.fixture
def engine(maker: Maker, plots: dict[type, tuple[str, Blueprint]]) -> Iterator[Engine]:
    more = {f"bpmn/talk/{name}.bpmn": definitions(drawn) for name, drawn in DRAWN.items()}
    yield from copied(maker, plots, {**sources(), **more, "bpmn/talk/keyed.bpmn": KEYED})


@pytest.fixture
def talking(house: House) -> House:
    """A house with a case."""
    Story(house).opened()
    house.hire("管理员申", "administrator")
    return house


def begin(house: House, process: str, **data: Any) -> Any:
    """Begin a proceeding in the case."""

    def verb(acting: Acting) -> Any:
        case = acting.session.get_one(type(house.case()), house.case().id)
        law = acting.releases.law(acting.session, acting.session.scalars(select(Proceeding)).first().release_id)
        return exchange.begin(acting, law, case, process, data)[1]

    return house.do("管理员申", verb)


def tell(house: House, name: str, **how: Any) -> messages.Told:
    return house.do("管理员申", messages.tell_case, house.case().id, name, reason="测试", **how)


def states(house: House, process: str) -> list[str]:
    return [each.state for each in house.proceedings() if each.process == process]


# Between proceedings


def test_two_proceedings_tell_one_another_things_in_turn(talking: House) -> None:
    facts = begin(talking, "server", n=0)
    assert states(talking, "server") == ["ended"]
    assert states(talking, "wall") == ["running"]
    assert facts.further[0].begun


def test_without_end_they_are_stopped_in_words_and_nothing_is_kept(talking: House) -> None:
    before = len(talking.proceedings())
    with pytest.raises(NotPossible, match="more than 200 things without a person; last was") as refused:
        begin(talking, "endless", n=0)
    assert refused.value.facts["limit"] == exchange.MOST
    assert "超过 200 次" in refused.value.facts["zh"]
    assert len(talking.proceedings()) == before


def test_a_signal_begins_every_process_that_begins_by_it(talking: House) -> None:
    facts = begin(talking, "caller", what={"where": "roof"})
    assert states(talking, "alarmed") == states(talking, "alarmed_too") == ["running"]
    assert [each.process for each in facts.further] == ["alarmed", "alarmed_too"]
    sender = next(each for each in talking.proceedings() if each.process == "caller")
    assert {each.follows_id for each in talking.proceedings() if each.process.startswith("alarmed")} == {sender.id}


def test_a_message_that_nobody_takes_stands_in_the_facts(talking: House) -> None:
    facts = begin(talking, "speaker")
    assert facts.entry()["untaken"] == [{"message": "unheard", "why": "nobody_waits"}]
    assert states(talking, "speaker") == ["ended"]


# From outside


def test_what_is_told_from_outside_is_taken_by_whoever_waits(talking: House) -> None:
    begin(talking, "listener")
    told = tell(talking, "word", payload={"x": 1})
    assert (told.outcome, told.why) == ("taken", None)
    assert tell(talking, "more").outcome == "taken"
    assert states(talking, "listener") == ["ended"]


def test_it_may_begin_a_proceeding_also_by_an_event_behind_a_gateway(talking: House) -> None:
    assert tell(talking, "offer", payload={"x": 1}).outcome == "began"
    assert tell(talking, "bid").outcome == "began"
    assert states(talking, "offered") == ["running", "running"]
    assert tell(talking, "alarm", kind="signal").outcome == "began"
    assert states(talking, "alarmed") == ["running"]


def test_that_nobody_took_it_is_said_and_entered(talking: House) -> None:
    told = tell(talking, "word")
    assert (told.outcome, told.why) == ("not_taken", "nobody_waits")
    last = talking.read(lambda s: entries(s, talking.case().id))[-1]
    assert (last.act, last.body["what"]) == (
        "message.told",
        {"message": "word", "outcome": "not_taken", "why": "nobody_waits"},
    )
    assert tell(talking, "nothing", kind="signal").why == "nobody_waits"


def test_a_message_that_is_kept_is_told_when_somebody_waits_once(talking: House) -> None:
    assert tell(talking, "word", payload="late", keep=True).outcome == "kept"
    assert tell(talking, "more", keep=True).outcome == "kept"
    begin(talking, "listener")
    assert states(talking, "listener") == ["ended"]
    begin(talking, "listener")
    assert states(talking, "listener") == ["ended", "running"]
    kept = talking.read(lambda s: list(s.scalars(select(KeptMessage))))
    assert [each.taken_at is not None for each in kept] == [True, True]


def test_keys_say_for_which_proceeding_a_message_is_meant(talking: House) -> None:
    begin(talking, "keyed", order=1)
    begin(talking, "keyed", order=2)
    told = tell(talking, "reply", payload={"order": 3})
    assert (told.outcome, told.why) == ("not_taken", "other_conversation")
    assert tell(talking, "reply", payload={}).why == "no_key"
    assert tell(talking, "reply", payload={"order": 2}).outcome == "taken"
    assert states(talking, "keyed") == ["running", "ended"]


def test_a_kept_message_waits_for_the_proceeding_it_is_meant_for(talking: House) -> None:
    begin(talking, "keyed", order=1)
    assert tell(talking, "reply", payload={"order": 2}, keep=True).outcome == "kept"
    begin(talking, "keyed", order=3)
    assert states(talking, "keyed") == ["running", "running"]
    begin(talking, "keyed", order=2)
    assert states(talking, "keyed") == ["running", "running", "ended"]


def test_only_administrators_may_and_signals_are_not_kept(talking: House) -> None:
    with pytest.raises(NotAllowed):
        talking.do("督办员午", messages.tell_case, talking.case().id, "word", reason="测试")
    with pytest.raises(NotPossible, match="it is not kept"):
        tell(talking, "alarm", kind="signal", keep=True)


# What fails


def failed(house: House, by: str = "管理员申", after: Any = None, limit: int = 10) -> Any:
    actor = house.actor(by)
    return house.read(lambda s: incidents.failures(s, actor, house.law, after=after, limit=limit))


def test_a_proceeding_that_fails_is_an_incident_with_its_reason_and_the_way_it_had_come(talking: House) -> None:
    begin(talking, "failing")
    (before,) = [each.snapshot for each in talking.proceedings() if each.process == "failing"]
    assert tell(talking, "fail").outcome == "taken"
    (row,) = [each for each in talking.proceedings() if each.process == "failing"]
    assert (row.state, row.snapshot) == ("failed", before)
    ((found,), onward) = failed(talking)
    assert (found.process, found.code, found.node, onward) == ("failing", "E-REGISTER", "e", None)
    assert (found.proceeding_id, found.case_number) == (row.id, talking.case().number)
    assert found.words["en"] == "e: the error “E-REGISTER” was thrown, and no event around it catches it."
    assert found.words["zh"] == "e：抛出了错误“E-REGISTER”，其外没有事件捕获它。"
    told = [(each["what"], each["node"]) for each in found.trace]
    assert told[:3] == [("fired", "c"), ("completed", "c"), ("taken", "c.n")]
    assert ("uncaught", "e") in told


def test_incidents_come_in_pages_the_last_first_for_administrators_alone(talking: House) -> None:
    begin(talking, "failing")
    begin(talking, "stuck")
    tell(talking, "fail")
    tell(talking, "stop")
    ((first,), onward) = failed(talking, limit=1)
    assert (first.code, first.words["zh"]) == ("deadlock", "程序无法继续：令牌在d等待不会到来的事情。")
    ((second,), over) = failed(talking, after=onward, limit=1)
    assert (second.process, over) == ("failing", None)
    with pytest.raises(NotAllowed):
        failed(talking, by="督办员午")


def test_a_failure_kept_as_a_sentence_can_still_be_read() -> None:
    kept = {"code": "E1", "message": "s: the error “E1” was thrown.", "node": "s", "process": "p"}
    assert incidents.words(kept) == {"en": kept["message"], "zh": kept["message"]}
