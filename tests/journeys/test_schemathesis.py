"""Whatever is sent to whatever address: never a 500, and never an answer that the OpenAPI document does not promise."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS

from tests.databases import Maker
from tests.journeys.bureau import Bureau, Casefile, right
from tests.journeys.premises import BEGINNING, CHEAP, KEYS, LAW
from tests.journeys.visitors import Visitor
from wenze.application import Application, create_app
from wenze.clock import MovableClock
from wenze.settings import Settings

pytestmark = pytest.mark.slow

BOUNDLESS = {"sign_in_by_address": "1000000 per minute", "sign_in_by_login": "1000000 per minute"}
EXAMPLES = {"sqlite": 10, "postgresql": 4}
"""Of each operation and mode. The run is the same each time: the second database meets the first of the same requests."""


@pytest.mark.parametrize("mode", GenerationMode)
def test_every_operation_answers_as_the_document_says(
    application: Application, visitor: Visitor, mode: GenerationMode
) -> None:
    broken = _broken(application, mode, lambda case: case.call_and_validate(headers=visitor.headers))

    assert not broken, "\n\n".join(f"{label}: {failed}" for label, failed in broken.items())


@pytest.mark.parametrize("mode", GenerationMode)
def test_nothing_sent_about_a_real_case_breaks_anything(
    application: Application, mode: GenerationMode, real: dict[str, str]
) -> None:
    insider = Visitor(application, "supervision")

    def send(case: Any) -> None:
        case.path_parameters = {**(case.path_parameters or {}), **_known(case.operation, real)}
        case.call_and_validate(headers=insider.headers, checks=CHECKS.get_by_names(_PROMISES))

    broken = _broken(application, mode, send, only=lambda operation: bool(_known(operation, real)))

    assert not broken, "\n\n".join(f"{label}: {failed}" for label, failed in broken.items())


_PROMISES = ("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance")
CONFIG = {
    # What a schema cannot say is refused too: a cursor that is not ours, a day before the event, two versions, or none.
    "checks": {
        "positive_data_acceptance": {
            "expected-statuses": ["2xx", "3xx", "400", "401", "403", "404", "409", "422", "428", "429"]
        }
    }
}


def _broken(
    application: Application,
    mode: GenerationMode,
    send: Callable[[Any], None],
    only: Callable[[Any], bool] = lambda _: True,
) -> dict[str, Exception]:
    """By operation: what it answered that it should not have."""
    document = schemathesis.openapi.from_wsgi(
        "/api/v1/openapi.json", application.flask, config=schemathesis.Config.from_dict(CONFIG)
    )
    examples = EXAMPLES[application.ground.database.engine.dialect.name]
    broken = {}
    for found in document.get_all_operations():
        operation = found.ok()
        if not only(operation) or (mode is GenerationMode.NEGATIVE and not _takes_anything(operation)):
            continue
        try:
            _send_all_sorts(operation, mode, send, examples)
        except Exception as failed:  # noqa: BLE001 - every operation is to be heard
            broken[operation.label] = failed
    return broken


def _known(operation: Any, real: dict[str, str]) -> dict[str, str]:
    """Of what the address names, the ids that there are."""
    return {name: real[name] for name in re.findall(r"{(\w+)}", operation.path) if name in real}


def _takes_anything(operation: Any) -> bool:
    """Whether there is anything in a request to this operation that could be wrong."""
    parts = (operation.path_parameters, operation.query, operation.headers, operation.cookies, operation.body)
    return any(len(part) for part in parts)


def _send_all_sorts(operation: Any, mode: GenerationMode, send: Callable[[Any], None], examples: int) -> None:
    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def send_one(case: Any) -> None:
        send(case)

    send_one()


@pytest.fixture(scope="module")
def real(application: Application) -> dict[str, str]:
    """Ids of a case that has begun, by the names of the addresses."""
    bureau = Bureau(application, application.ground.clock)
    Casefile(bureau).opened(anonymous=False, complainant_name="举报人李某", complainant_contact="138 0000 0000")
    item = right(bureau.hand_in("登记员甲"))
    file = bureau.file("监督员乙")
    return {
        "case_id": bureau.case_id,
        "task_id": bureau.task("decide_acceptance", "监督员乙")["id"],
        "clock_id": file["clocks"][0]["id"],
        "value_id": file["protected"][0]["id"],
        "party_id": file["parties"][0]["id"],
        "evidence_id": item["evidence_id"],
        "process": "li_main",
        "action": "recusal",
        "key": "T-LI-01",
    }


@pytest.fixture(scope="module")
def visitor(application: Application) -> Visitor:
    return Visitor(application, "admin")


@pytest.fixture(scope="module", params=("sqlite", "postgresql"))
def application(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    found: tuple[Maker, str] = request.getfixturevalue(f"built_on_{request.param}")
    maker, original = found
    url, instance = maker.copy(original), tmp_path_factory.mktemp("described")
    boundless = Settings(instance=Path(instance), database=url, **(KEYS | BOUNDLESS))
    made = create_app(boundless, clock=MovableClock(BEGINNING), passwords=CHEAP, releases=LAW)
    yield made
    made.close()
    maker.drop(url)
