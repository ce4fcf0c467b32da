"""For which proceeding a message is meant: keys that messages fix, and keys that a process reads from its variables."""

from __future__ import annotations

import pytest

from engine.errors import ConversationMixed
from tests.unit.engine.drawing import (
    call,
    catch,
    definitions,
    element,
    end,
    exclusive,
    message,
    parallel,
    process,
    race,
    receive,
    script,
    send,
    start,
    throw,
    user,
)
from tests.unit.engine.playing import Play, findings, load, refusals

POOL = element("participant", "pool", processRef="p")


def prop(id: str, **paths: str) -> str:
    """A property, and how it is read from each message."""
    read = [
        element(
            "correlationPropertyRetrievalExpression",
            None,
            element("messagePath", None, path, xsi_type="tFormalExpression"),
            messageRef=f"m_{name}",
        )
        for name, path in paths.items()
    ]
    return element("correlationProperty", id, *read, type="number")


def key(id: str, *properties: str) -> str:
    return element("correlationKey", id, *[element("correlationPropertyRef", None, each) for each in properties])


def subscription(key: str, **paths: str) -> str:
    bound = [
        element(
            "correlationPropertyBinding",
            None,
            element("dataPath", None, path, xsi_type="tFormalExpression"),
            correlationPropertyRef=name,
        )
        for name, path in paths.items()
    ]
    return element("correlationSubscription", None, *bound, correlationKeyRef=key)


ORDER = prop("order", ask="payload.order", reply="payload.of", close="payload.order")
KEYED = ORDER + element("collaboration", "talk", POOL, key("by_order", "order"))


def keyed(*pieces: str, beside: str = KEYED) -> bytes:
    return definitions(process("p", *pieces), extra=beside)


def answering(*, more: str = "") -> bytes:
    """It begins with `ask` and then takes `reply` again and again, until `close`."""
    pieces = (start("s", message("ask")), exclusive("x"), race("g"), catch("r", message("reply"), wz_payload="said"),
              catch("c", message("close")), end(), "s x g r x", "g c end")  # fmt: skip
    return keyed(*pieces, *([more] if more else []))


# Keys that messages fix


@pytest.mark.shows(
    "correlationProperty", "correlationPropertyRetrievalExpression", "messagePath", "correlationKey",
    "correlationPropertyRef", "@type",
)  # fmt: skip
def test_the_message_that_begins_a_proceeding_fixes_its_key():
    play = Play(answering(), trigger="ask", payload={"order": 7})
    assert [(each.key, each.values, each.fixed) for each in play.step.keys] == [("by_order", (7,), True)]
    assert play.deliver("reply", {"of": 7, "what": "yes"}).step.taken
    assert play.variables == {"said": {"of": 7, "what": "yes"}}
    assert play.deliver("close", {"order": 7}).ended


def test_a_message_with_another_key_is_not_taken_and_changes_nothing():
    play = Play(answering(), trigger="ask", payload={"order": 7})
    before = play.step
    for payload in ({"of": 8}, {"of": "7"}, {"of": True}, {"of": 7.5}):
        step = play.deliver("reply", payload).step
        assert (step.taken, step.untaken) == (False, "other_conversation")
        assert (step.snapshot, step.trace) == (before.snapshot, ())


def test_a_message_without_its_key_is_not_taken():
    play = Play(answering(), trigger="ask", payload={"order": 7})
    for payload in (None, {}, {"of": None}, "of", {"order": 7}):
        assert play.deliver("reply", payload).step.untaken == "no_key"


def test_every_round_is_held_to_the_key_of_the_first_message():
    play = Play(answering(), trigger="ask", payload={"order": 7})
    size = len(play.step.snapshot)
    for number in range(30):
        assert play.deliver("reply", {"of": 7}).step.taken
        assert play.deliver("reply", {"of": number + 100}).step.untaken == "other_conversation"
    assert len(play.step.snapshot) < size + 60


def test_why_nobody_took_it_is_said():
    play = Play(answering(), trigger="ask", payload={"order": 7})
    assert play.step.untaken is None
    assert play.deliver("nothing", {"of": 7}).step.untaken == "nobody_waits"
    assert play.signal("nothing").step.untaken == "nobody_waits"
    assert play.deliver("reply", {"of": 7}, to="t99-elsewhere").step.untaken == "nobody_waits"
    assert play.deliver("reply", {"of": 7}).step.untaken is None


def waiting() -> Play:
    """It has begun without a message, and takes part in no conversation yet."""
    return Play(keyed(start(), catch("r", message("reply"), wz_payload="said"),
                      catch("c", message("close")), end(), "start r c end"))  # fmt: skip


def test_without_a_key_it_takes_only_what_is_addressed_to_it_and_has_the_key_from_then_on():
    play = waiting()
    assert play.step.keys == ()
    assert play.deliver("reply", {"of": 1}).step.untaken == "no_conversation"
    assert play.deliver("reply", {"of": 1}, to=play.step.waiting[0].id).step.taken
    assert [each.values for each in play.step.keys] == [(1,)]
    assert play.deliver("close", {"order": 2}).step.untaken == "other_conversation"
    assert play.deliver("close", {"order": 1}).ended


def test_a_key_is_not_overruled_by_an_address():
    play = Play(answering(), trigger="ask", payload={"order": 7})
    address = next(each.id for each in play.step.waiting if each.message == "reply")
    assert play.deliver("reply", {"of": 8}, to=address).step.untaken == "other_conversation"
    assert play.deliver("reply", {}, to=address).step.untaken == "no_key"
    assert play.deliver("reply", {"of": 7}, to=address).step.taken


def test_a_message_that_it_sends_first_fixes_its_key():
    pieces = (start(), send("a", "ask", wz_payload="asked"), receive("r", "reply"), end(), "start a r end")
    play = Play(keyed(*pieces), asked={"order": 3})
    (sent,) = play.step.messages
    assert [(each.key, each.values) for each in sent.keys] == [("by_order", (3,))]
    assert play.deliver("reply", {"of": 4}).step.untaken == "other_conversation"
    assert play.deliver("reply", {"of": 3}).ended


def test_it_does_not_send_what_belongs_to_another_conversation():
    pieces = (start(), throw("a", message("ask"), wz_payload="one"), user("u"),
              throw("b", message("close"), wz_payload="two"), end(), "start a u b end")  # fmt: skip
    play = Play(keyed(*pieces), one={"order": 3}, two={"order": 4})
    before = play.step.snapshot
    with pytest.raises(
        ConversationMixed, match="b: the message “close” carries no key, or the key of another"
    ) as mixed:
        play.complete("u")
    assert mixed.value.facts["node"] == "b"
    assert "“close”" in mixed.value.facts["zh"]
    assert play.step.snapshot == before
    with pytest.raises(ConversationMixed):
        Play(keyed(*pieces), one={}, two={})
    assert Play(keyed(*pieces), one={"order": 3}, two={"order": 3}).complete("u").ended


def test_messages_that_no_key_tells_apart_are_taken_by_whoever_waits():
    pieces = (start("s", message("ask")), catch("o", message("other"), wz_payload="x"), end(), "s o end")
    assert Play(keyed(*pieces), trigger="ask", payload={"order": 1}).deliver("other", 5).variables == {"x": 5}


# Several keys and properties


TWO = (
    prop("order", ask="payload.order", reply="payload.order", close="payload.order")
    + prop("line", ask="payload.line", reply="payload.line")
    + prop("ticket", reply="payload.ticket", close="payload.ticket")
    + element("collaboration", "talk", POOL, key("exact", "order", "line"), key("loose", "ticket"))
)


def test_a_key_agrees_only_in_all_its_properties():
    pieces = (start("s", message("ask")), catch("r", message("reply")), end(), "s r end")
    play = Play(keyed(*pieces, beside=TWO), trigger="ask", payload={"order": 1, "line": 2})
    assert [each.values for each in play.step.keys] == [(1, 2)]
    assert play.deliver("reply", {"order": 1, "line": 3}).step.untaken == "other_conversation"
    assert play.deliver("reply", {"order": 1}).step.untaken == "no_key"
    assert play.deliver("reply", {"order": 1, "line": 2}).ended


def test_of_several_keys_one_that_agrees_is_enough_and_the_others_are_fixed_by_it():
    pieces = (
        start("s", message("ask")),
        catch("r", message("reply")),
        catch("c", message("close")),
        end(),
        "s r c end",
    )
    play = Play(keyed(*pieces, beside=TWO), trigger="ask", payload={"order": 1, "line": 2})
    assert play.deliver("close", {"ticket": 9}).step.untaken == "nobody_waits"
    play.deliver("reply", {"order": 1, "line": 2, "ticket": 9})
    assert {each.key: each.values for each in play.step.keys} == {"exact": (1, 2), "loose": (9,)}
    assert play.deliver("close", {"ticket": 8}).step.untaken == "other_conversation"
    assert play.deliver("close", {"ticket": 9}).ended


def test_the_first_value_of_a_key_stays():
    pieces = (
        start("s", message("ask")),
        catch("r", message("reply")),
        catch("q", message("reply")),
        end(),
        "s r q end",
    )
    play = Play(keyed(*pieces, beside=TWO), trigger="ask", payload={"order": 1, "line": 2})
    play.deliver("reply", {"order": 1, "line": 2, "ticket": 9})
    assert play.deliver("reply", {"order": 5, "line": 5, "ticket": 9}).ended
    assert {each.key: each.values for each in play.step.keys} == {"exact": (1, 2), "loose": (9,)}


# Where keys stand


def test_a_key_may_stand_in_a_conversation_with_its_participants_and_flows():
    other = element("participant", "out")
    flow = element("messageFlow", "f", sourceRef="out", targetRef="r")
    listed = element("messageFlowRef", None, "f")
    conversation = element(
        "conversation", "t", element("participantRef", None, "pool"), listed, key("by_order", "order")
    )
    beside = ORDER + element("collaboration", "talk", POOL, other, flow, conversation)
    pieces = (
        start("s", message("ask")),
        catch("r", message("reply")),
        catch("c", message("close")),
        end(),
        "s r c end",
    )
    definition = load(keyed(*pieces, beside=beside))
    assert [sorted(each.messages) for each in definition.correlation.keys] == [["reply"]]
    play = Play(definition, trigger="ask", payload={"order": 1})
    assert play.deliver("reply", {"of": 1}).step.untaken == "no_conversation"


def test_keys_of_a_conversation_of_others_concern_nobody_here():
    beside = ORDER + element(
        "collaboration", "talk", element("participant", "a"), element("participant", "b"), key("by_order", "order")
    )
    source = keyed(start(), catch("r", message("reply")), end(), "start r end", beside=beside)
    assert load(source).correlation.keys == ()
    assert Play(source).deliver("reply", None).ended


def test_a_called_process_takes_part_in_the_conversation_of_its_caller():
    called = process("q", start("s2"), catch("r", message("reply")), end("e2"), "s2 r e2")
    caller = process("p", start("s", message("ask")), call("c", "q"), end(), "s c end")
    source = definitions(caller, called, extra=KEYED)
    play = Play(source, trigger="ask", payload={"order": 5})
    assert play.deliver("reply", {"of": 6}).step.untaken == "other_conversation"
    assert play.deliver("reply", {"of": 5}).ended


def test_of_an_event_gateway_that_begins_it_with_all_events_the_others_must_agree():
    gateway = race("g", instantiate="true", eventGatewayType="Parallel")
    events = (catch("a", message("ask")), catch("r", message("reply")))
    source = keyed(gateway, *events, user("u"), end(), "g a u end", "g r u")
    play = Play(source, trigger="reply", payload={"of": 2})
    assert play.deliver("ask", {"order": 3}).step.untaken == "other_conversation"
    assert play.deliver("ask", {"order": 2}).open == ["u", "u"]


# Keys that a process reads from its variables


def subscribing() -> bytes:
    pieces = (start(), parallel("f"), user("u"), catch("r", message("reply"), wz_payload="said"),
              end(), "start f u end", "f r end")  # fmt: skip
    return keyed(*pieces, subscription("by_order", order="file.number"))


@pytest.mark.shows("correlationSubscription", "correlationPropertyBinding", "dataPath")
@pytest.mark.shows("@correlationKeyRef", "@correlationPropertyRef")
def test_a_subscription_tells_a_message_apart_by_the_variables():
    play = Play(subscribing(), file={"number": 4})
    assert [(each.values, each.fixed) for each in play.step.keys] == [((4,), False)]
    assert play.deliver("reply", {"of": 5}).step.untaken == "other_conversation"
    assert play.deliver("reply", {"of": 4}).step.taken


def test_a_subscription_follows_the_variables():
    play = Play(subscribing(), file={})
    assert play.step.keys == ()
    assert play.deliver("reply", {"of": 4}).step.untaken == "no_conversation"
    play.complete("u", file={"number": 4})
    assert play.deliver("reply", {"of": 4}).step.taken


def test_a_key_that_is_subscribed_is_not_fixed_by_a_message():
    pieces = (start(), exclusive("x"), catch("r", message("reply"), wz_payload="said"),
              script("n", "{'number': number + 1}"), "start x r n x")  # fmt: skip
    ways = (exclusive("y", default="y.x"), end(), "y -[number > 30]-> end")
    pieces = (*pieces[:-1], *ways, "start x r n y x")
    play = Play(keyed(*pieces, subscription("by_order", order="number")), number=1)
    for number in range(1, 30):
        assert play.deliver("reply", {"of": number + 1}).step.untaken == "other_conversation"
        assert play.deliver("reply", {"of": number}).step.taken


def test_a_digest_finds_the_proceeding_again():
    """What a host keeps in its index: the same for the same key and values, whoever has it."""
    play = Play(answering(), trigger="ask", payload={"order": 7})
    carried = play.definition.correlation.carried("reply", {"of": 7})
    assert [each.digest for each in carried] == [each.digest for each in play.step.keys]
    other = play.definition.correlation.carried("reply", {"of": "7"})
    assert other[0].digest != carried[0].digest


# Refused


def test_every_finding_has_its_line_and_remedy():
    source = keyed(start(), throw("t", message("ask")), end(), "start t end")
    (finding,) = findings(source)
    assert (finding.rule, finding.element, finding.line) == ("correlation-without-payload", "t", 18)
    assert "wz:payload" in finding.remedy
    assert "wz:payload" in finding.remedy_zh


def test_what_would_never_tell_anything_apart_is_refused():
    plain = (start(), catch("r", message("reply")), end(), "start r end")
    assert refusals(keyed(*plain, beside=ORDER + element("collaboration", "talk", POOL, key("k")))) == [
        "correlation-without-message"
    ]
    never = prop("a", reply="payload.a") + prop("b", ask="payload.b")
    both = element("collaboration", "talk", POOL, key("k", "a", "b"))
    assert refusals(keyed(*plain, beside=never + both)) == ["correlation-without-message"]


def test_references_to_nothing_and_expressions_that_cannot_be_used_are_refused():
    plain = (start(), catch("r", message("reply")), end(), "start r end")
    astray = prop("order", reply="payload.of") + element("collaboration", "talk", POOL, key("k", "order", "nothing"))
    assert "reference-dangling" in refusals(keyed(*plain, beside=astray))
    broken = prop("order", reply="payload.") + element("collaboration", "talk", POOL, key("k", "order"))
    assert refusals(keyed(*plain, beside=broken)) == ["expression-malformed"]
    wrong = prop("order", reply="number") + element("collaboration", "talk", POOL, key("k", "order"))
    assert refusals(keyed(*plain, beside=wrong)) == ["correlation-path"]


def test_a_subscription_binds_every_property_of_its_key():
    beside = prop("a", reply="payload.a") + prop("b", reply="payload.b")
    beside += element("collaboration", "talk", POOL, key("k", "a", "b"))
    pieces = (start(), catch("r", message("reply")), end(), "start r end")
    assert refusals(keyed(*pieces, subscription("k", a="x", b="y"), beside=beside)) == []
    assert refusals(keyed(*pieces, subscription("k", a="x"), beside=beside)) == ["subscription-misfit"]
