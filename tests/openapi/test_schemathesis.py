"""Schemathesis at every door: what the documents promise holds, and nothing opens without its credential.

``SCHEMATHESIS_EXAMPLES`` says how many requests it draws for each operation beside the examples. Of
its checks ``missing_required_header`` and ``unsupported_method`` look at nothing without its coverage phase,
which asks for many more requests an operation: ``SCHEMATHESIS_COVERAGE=yes`` adds it.

Ids of bindings, invitations, mandates, messages and supplement pages are drawn only, so what is behind them
answers 404; no enrolment succeeds, for its proof is of a body that nobody can draw.
"""

import json
import os
import secrets
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NoReturn
from unicodedata import category

import pytest
import schemathesis
import structlog
from schemathesis.config import SchemathesisConfig
from schemathesis.config._checks import NEGATIVE_DATA_REJECTION_EXPECTED_STATUSES as REFUSED
from schemathesis.specs.openapi.checks import positive_data_acceptance

from onething.bootstrap import build_ports
from onething.paper.refusals import SENTENCES as PAPER_REFUSED
from server.doors import DOORS
from tests.fleet.machine import HandClock
from tests.http.contract import FOLDER
from tests.http.world import DEPARTMENTS, enrol_kiosk, environment, set_up, start_sandbox, write_tokens
from tests.mobile.phone import Town
from tests.mobile.providers import run_providers
from tests.openapi.knocking import HEADERS, Knocking
from web.app import create_app
from web.settings import DoorSettings

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")
SHORTEST_KEY = 16
EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "4"))
CONFIG = {
    "seed": 1,
    "generation": {"max-examples": EXAMPLES, "deterministic": True, "database": "none", "no-shrink": True},
    "phases": {
        "coverage": {"enabled": os.environ.get("SCHEMATHESIS_COVERAGE") == "yes"},
        # What it would learn from answers has our random ids in it: no two runs would be the same.
        "fuzzing": {"extra-data-sources": {"responses": False}, "error-feedback": {"enabled": False}},
    },
    # 412 is how tus refuses what is not its version; 413 what is larger than may be sent.
    "checks": {"negative_data_rejection": {"expected-statuses": [*REFUSED, "412", "413"]}},
}
# A schema says what may be written. These say of something well written that it is not so: a card whose
# checksum is wrong, a picture that shows nothing, a code that nobody was given.
NOT_SO = frozenset(
    {
        "bad_address", "bad_card", "bad_rating", "bad_signature_image", "from_the_future",
        "not_from_a_register", "provider_not_offered", "showing_code_refused", "unknown_matter",
        *PAPER_REFUSED,
    }
)  # fmt: skip
# The same of one field; "required" is what depends on another field.
FIELD_NOT_SO = frozenset({"bad_id_number", "bad_mobile", "required", "unknown_document", "unknown_matter"})
# Under these names stand facts of the catalog; which there are is said by the catalog, not by the document.
OPEN = ("values", "answers")


class Line:
    """What the documents' requests go out by, once the town stands."""

    app: Any = None

    def __call__(self, environ: Any, start_response: Any) -> Any:
        return self.app(environ, start_response)


LINE = Line()


def load(door: str) -> Any:
    """A door's document as anybody would read it, with its credentials' places filled."""
    document = json.loads((FOLDER / f"{door}.json").read_text("utf-8"))
    schema = schemathesis.openapi.from_dict(document, config=SchemathesisConfig.from_dict(CONFIG))
    schema.app = LINE

    @schema.auth()
    class Credentials:
        def get(self, case: Any, context: Any) -> dict[str, str]:
            return HEADERS[door]

        def set(self, case: Any, data: dict[str, str], context: Any) -> None:
            case.headers.update(data)

    return schema


@schemathesis.serializer("application/offset+octet-stream")
def a_piece(_context: Any, value: Any) -> dict[str, Any]:
    """A piece of a file goes as it is."""
    return {"data": value if isinstance(value, bytes) else str(value).encode()}


KIOSK, MOBILE, PARTNER, PUBLIC = (load(door) for door in HEADERS)


@pytest.fixture(scope="module")
def knocking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Knocking]:
    folder = tmp_path_factory.mktemp("schemathesis")
    tokens = write_tokens(folder)
    sandbox = start_sandbox(tokens)
    try:
        with run_providers(tmp_path_factory.mktemp("providers")) as providers:
            url = f"sqlite:///{folder / 'onething.sqlite'}"
            environ = {**environment(folder, url, sandbox.url, tokens), **providers.environment()}
            set_up(environ)
            clock = HandClock()
            ports = replace(build_ports(environ), clock=clock, wall_clock=clock)
            ports = replace(ports, settings=replace(ports.settings, enrolment_answer_seconds=0.0))
            app = create_app(
                ports, DoorSettings(partner_tokens={code: f"token of {code}" for code in DEPARTMENTS}), DOORS
            )
            LINE.app = Knocking(
                Town(app, ports, clock, providers, enrol_kiosk(ports, "K-01"), sandbox.cards())
            )
            yield LINE.app
            ports.close()
    finally:
        sandbox.stop()


@pytest.fixture(autouse=True)
def _quiet_log() -> None:
    structlog.configure(processors=[_drop], cache_logger_on_first_use=False)


def _drop(*_event: object) -> NoReturn:
    raise structlog.DropEvent


def knock(knocking: Knocking, door: str, case: Any) -> None:
    """One request, in half of the cases with the ids of what is there, and every check on its answer."""
    drawn = repr((case.body, case.query, case.path_parameters)).encode()
    if case.path_parameters and zlib.crc32(drawn) % 2:
        case.path_parameters.update(knocking.know(door, case.operation.path))
        if door == "partner" and case.meta.generation.mode.is_positive and "part" in _members(case.body):
            # An event of a part that is with the department: what a body alone would never hit.
            case.body = {**case.body, "part": knocking.know(door, "/{part}")["part"], "kind": "accepted"}
    if len(case.headers.get("Idempotency-Key", "")) >= SHORTEST_KEY:
        # Drawn keys repeat, and the same key with another body is refused as it should be.
        case.headers["Idempotency-Key"] = secrets.token_urlsafe(24)
    answer = case.call()
    left_out = [positive_data_acceptance] if is_not_so(case, answer) else []
    case.validate_response(answer, excluded_checks=left_out)


def is_not_so(case: Any, answer: Any) -> bool:
    """Whether a well-formed request was refused for what no schema can know."""
    sent = {**_members(case.query), **_members(case.body)}
    if answer.status_code == 400:
        # A cursor is opaque: only one that we gave is good.
        return "cursor" in sent
    if answer.status_code != 422:
        return False
    said = answer.json()
    errors = said["errors"]
    return said["reason"] in NOT_SO or (bool(errors) and all(is_field_not_so(sent, each) for each in errors))


def _members(value: Any) -> dict[str, Any]:
    return dict(value) if isinstance(value, Mapping) else {}


def is_field_not_so(sent: dict[str, Any], error: dict[str, str]) -> bool:
    if error["reason"] == "unknown_field":
        return any(error["field"] in sent.get(name, {}) for name in OPEN)
    if error["reason"] == "not_printable":
        # The generator draws \p{...} by whole blocks, with places in them that no character has.
        return any(category(each) == "Cn" for each in json.dumps(sent, ensure_ascii=False))
    return error["reason"] in FIELD_NOT_SO


@KIOSK.parametrize()
def test_the_kiosks_door(case: Any, knocking: Knocking) -> None:
    knock(knocking, "kiosk", case)


@MOBILE.parametrize()
def test_the_phones_door(case: Any, knocking: Knocking) -> None:
    knock(knocking, "mobile", case)


@PARTNER.parametrize()
def test_the_departments_door(case: Any, knocking: Knocking) -> None:
    knock(knocking, "partner", case)


@PUBLIC.parametrize()
def test_everyones_door(case: Any, knocking: Knocking) -> None:
    knock(knocking, "public", case)
