"""Whether a case came out as it should: what is expected against what the API answered. May never count anything itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wenze.demo.colleagues import Refused
from wenze.demo.events import Both
from wenze.demo.walk import Walk


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One thing expected, and what came."""

    holds: bool
    about: Both
    """What it is about."""
    citation: Both | None
    mark: str
    found: Mapping[str, Any]
    """What the API answered, as far as it was expected."""
    wanted: Mapping[str, Any]


def verdicts(walk: Walk) -> list[Verdict]:
    """Everything a case expects, after the walk."""
    found = [_verdict(walk, wanted) for wanted in walk.case.expected]
    file = walk.file()
    ends = {"state": walk.case.ends["state"]}
    found.append(_compared({"zh": walk.case.ends["zh"], "en": walk.case.ends["en"]}, ends, file))
    ledger = {"holds": True}
    found.append(_compared({"zh": "台账可以验证", "en": "The ledger verifies"}, ledger, walk.ledger()))
    return found


def all_hold(results: Mapping[str, Sequence[Verdict]]) -> bool:
    """Whether everything came out, in every case."""
    return all(verdict.holds for verdicts in results.values() for verdict in verdicts)


def _verdict(walk: Walk, expected: Mapping[str, Any]) -> Verdict:
    (kind,) = set(expected) - {"zh", "en"}
    wanted = dict(expected[kind])
    words = {"zh": expected["zh"], "en": expected["en"]} if "zh" in expected else None
    if kind == "limit":
        key = wanted.pop("rule_key")
        answered = next((each for each in walk.checked if each["rule_key"] == key), {})
        rule = walk.rule(key)
        return _compared(words or rule["name"], wanted, {**answered}, rule)
    if kind == "due":
        rule = walk.rule(wanted.pop("rule"))
        query = {name: wanted.pop(name) for name in ("from", "until", "extended_by", "excluded") if name in wanted}
        return _compared(words or rule["name"], wanted, _due(walk, rule["key"], query) | query, rule)
    if kind == "extension":
        rule = walk.rule(wanted.pop("rule"))
        return _compared(words or rule["name"], wanted, rule["extension"] or {}, rule)
    if kind == "parties":
        parties = [each for each in walk.file()["parties"] if each["kind"] == wanted["kind"]]
        return _compared(words or {"zh": "当事人", "en": "Parties"}, wanted, {**wanted, "number": len(parties)})
    result = walk.advised[0]["result"]["acceptance"]
    advice = {"acceptance": result, "words": walk.words("F-ACCEPT", "acceptance", result)}
    return _compared(words or {"zh": "受理建议", "en": "Advice on acceptance"}, wanted, advice)


def _due(walk: Walk, key: str, query: Mapping[str, Any]) -> dict[str, Any]:
    try:
        answered = walk.ask_due(key, query)
    except Refused as refused:
        return {"refused": refused.problem["code"], "why": refused.problem["errors"][0]["message"]}
    reached = (day["ordinal"] for day in answered["explanation"]["days"] if day["date"] == query.get("until"))
    return answered | (answered["judgement"] or {}) | {"day_number": next(reached, None)}


def _compared(
    about: Both, wanted: Mapping[str, Any], answered: Mapping[str, Any], rule: Mapping[str, Any] | None = None
) -> Verdict:
    return Verdict(
        holds=all(answered.get(name) == value for name, value in wanted.items()),
        about=about,
        citation=rule["citation"] if rule else None,
        mark=rule["mark"] if rule else "",
        found=answered,
        wanted=wanted,
    )
