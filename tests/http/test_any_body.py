"""Whatever a kiosk sends, well-formed or not: a documented answer, never a fault of ours."""

import secrets
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.http.contract import read_document, resolve
from tests.http.test_journey import fill_in
from tests.http.world import Sitting, World, enrol_kiosk

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


def operations() -> list[tuple[str, str]]:
    """Every operation that takes a JSON body."""
    return [
        (method.upper(), path)
        for path, methods in read_document("kiosk")["paths"].items()
        for method, operation in methods.items()
        if method != "parameters" and find_schema(operation) is not None
    ]


def find_schema(operation: dict[str, Any]) -> dict[str, Any] | None:
    """The schema of an operation's JSON body, or None."""
    content = operation.get("requestBody", {}).get("content", {})
    schema: dict[str, Any] | None = content.get("application/json", {}).get("schema")
    return schema


def documented(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values of the shape a schema of the document describes, roughly within its bounds."""
    schema = resolve(read_document("kiosk"), schema)
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "properties" in schema:
        return st.fixed_dictionaries(
            {}, optional={name: documented(inner) for name, inner in schema["properties"].items()}
        )
    kinds = schema.get("type", "string")
    kind = kinds[0] if isinstance(kinds, list) else kinds
    if kind == "array":
        return st.lists(documented(schema["items"]), max_size=3)
    if kind == "object":
        return st.dictionaries(FACTS | st.text(max_size=20), ANY_JSON, max_size=3)
    return {
        "integer": st.integers(-1, 5000),
        "number": st.floats(-500, 500),
        "boolean": st.booleans(),
        "string": FACTS | st.text(max_size=40) | st.dates().map(str),
    }[kind]


FACTS = st.sampled_from(["application.mobile", "P-DISABILITY", "holder.name", "birth_register", "2026-11-20"])


@pytest.fixture(scope="session")
def citizen(world: World) -> tuple[Sitting, dict[str, str]]:
    """Somebody signed in at the second kiosk, with the ids of an open draft and of a case of theirs."""
    sitting = Sitting(world.app, world.kiosks[1])
    sitting.sign_in(world.cards["chen", "mother"])
    ready = fill_in(sitting, world)["id"]
    case = sitting.post(f"/drafts/{ready}/submission", {}, key=secrets.token_urlsafe(24))["case_number"]
    draft = sitting.post("/drafts", {"thing": "P-DISABILITY"})["id"]
    return sitting, {"draft": draft, "case": case, "code": "P-DISABILITY", "print_id": "0" * 32}


@pytest.mark.parametrize(("method", "path"), operations())
def test_every_answer_is_documented(
    world: World, citizen: tuple[Sitting, dict[str, str]], method: str, path: str
) -> None:
    sitting, ids = citizen
    schema = find_schema(read_document("kiosk")["paths"][path][method.lower()])
    assert schema is not None
    target = path.removeprefix("/kiosk/v1").format_map(ids)

    # A heartbeat out of order would take the kiosk that all the others need out of service.
    kiosk = enrol_kiosk(world.ports, f"K-{secrets.token_hex(4)}") if "/terminal" in path else world.kiosks[1]

    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(body=documented(schema) | ANY_JSON)
    def try_it(body: Any) -> None:
        token = sitting.token
        if path.endswith(("/sessions", "/ending")):
            # These would end the session that all the others need.
            token = secrets.token_urlsafe(24)
        key = secrets.token_urlsafe(24)
        answer = Sitting(world.app, kiosk, token).ask(method, target, body, key=key)
        assert answer.status_code < 500, answer.get_data(as_text=True)

    try_it()
