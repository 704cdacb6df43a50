"""Holds answers to the published contract: docs/openapi as anyone else would read it."""

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import jsonschema_rs
from werkzeug.test import TestResponse

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "openapi"


@lru_cache
def read_document(door: str) -> dict[str, Any]:
    """A door's document, with every object closed: an answer must not say more than is documented."""
    document: dict[str, Any] = json.loads((FOLDER / f"{door}.json").read_text("utf-8"))
    for schema in document["components"]["schemas"].values():
        if "properties" in schema:
            schema["additionalProperties"] = False
    return document


def hold_to_contract(door: str, method: str, path: str, answer: TestResponse) -> None:
    """Fail unless this answer is documented for this operation: status, media type and body."""
    document = read_document(door)
    operation = _find_operation(document, method, path.partition("?")[0])
    responses = operation["responses"]
    documented = responses.get(str(answer.status_code))
    if documented is None:
        assert answer.status_code >= 400, f"{method} {path}: {answer.status_code} is not documented"
        documented = responses["default"]
    documented = resolve(document, documented)
    content = documented.get("content")
    if content is None:
        assert answer.get_data() == b"", f"{method} {path}: no body is documented"
        return
    assert answer.mimetype in content, f"{method} {path}: {answer.mimetype} is not documented"
    if answer.mimetype.endswith("json"):
        _validator(door, json.dumps(content[answer.mimetype]["schema"])).validate(answer.get_json(force=True))


def _find_operation(document: dict[str, Any], method: str, path: str) -> dict[str, Any]:
    found = [
        operations
        for template, operations in document["paths"].items()
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path)
    ]
    # /cases/{case} also looks like /cases/x: the longest documented one is not ambiguous here.
    assert found, f"{path} is not documented"
    operation: dict[str, Any] = found[0][method.lower()]
    return operation


def resolve(document: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    """What a reference within the document stands for."""
    while "$ref" in value:
        place: Any = document
        for step in value["$ref"].removeprefix("#/").split("/"):
            place = place[step]
        value = place
    return value


@lru_cache
def _validator(door: str, schema: str) -> Any:
    return jsonschema_rs.Draft202012Validator(
        {**json.loads(schema), "components": read_document(door)["components"]}, validate_formats=True
    )
