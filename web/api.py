"""A door: its blueprints under one prefix and its own OpenAPI 3.1 document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import marshmallow as ma
import orjson
from flask import Flask
from flask_smorest import Api
from flask_smorest import Blueprint as SmorestBlueprint
from flask_smorest.utils import deepupdate
from webargs.flaskparser import FlaskParser
from webargs.multidictproxy import MultiDictProxy
from werkzeug.datastructures import CombinedMultiDict
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from web import gates
from web.field_shapes import open_object, whole_pattern
from web.problems import MEDIA_TYPE
from web.schema import AnswerSchema, many, number, word


class FieldProblem(AnswerSchema):
    """What is wrong with one field of the request."""

    field = word()
    reason = word()
    zh = word()
    en = word()


class Problem(AnswerSchema):
    """RFC 9457, with a stable reason and the title in both languages."""

    type = word(example="https://xinxian.invalid/problems/not_found")
    reason = word(about="Stable; to be acted upon by programs")
    title = word(about="In the language of Accept-Language")
    title_zh = word()
    title_en = word()
    detail = word()
    status = number()
    request_id = word()
    errors = many(FieldProblem)
    now = ma.fields.AwareDateTime(metadata={"description": "The server's time, for a stale signature"})


class DoorParser(FlaskParser):
    """Reads requests strictly: one JSON reader with a depth limit, and no field that is not named."""

    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "files": None, "query": None}

    def load_json(self, req: Any, schema: Any) -> Any:  # noqa: ARG002
        """The body as JSON; an empty body is an empty object."""
        body = req.get_data()
        if not body:
            return {}
        if not req.is_json:
            raise UnsupportedMediaType
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise BadRequest from error

    def load_files(self, req: Any, schema: Any) -> Any:
        """The parts of a multipart body, the ones that are no files too: they are not asked for."""
        return MultiDictProxy(CombinedMultiDict([req.files, req.form]), schema)


class Blueprint(SmorestBlueprint):
    """A flask-smorest blueprint that reads strictly and documents each route's gate."""

    ARGUMENTS_PARSER = DoorParser()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._prepare_doc_cbks.append(_document_gate)


def _document_gate(doc: dict[str, Any], doc_info: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
    gate = doc_info.get("gate")
    security: dict[gates.Gate, list[dict[str, list[str]]]] = {
        gates.Gate.PUBLIC: [],
        gates.Gate.TERMINAL: [{"terminal": []}],
        gates.Gate.CITIZEN: [{"terminal": [], "citizen": []}],
        gates.Gate.ENROLMENT: [{"enrolment": []}],
        gates.Gate.PARTNER: [{"partner": []}],
        gates.Gate.PHONE_USER: [{"phone": []}],
        gates.Gate.PHONE: [{"phone": []}],
    }
    return deepupdate(doc, {"security": security[gate], "x-gate": str(gate)}) if gate else doc


SECURITY_SCHEMES = {
    "terminal": {
        "type": "apiKey",
        "in": "header",
        "name": "Signature",
        "description": "HTTP message signature (RFC 9421) with the terminal's Ed25519 key over @method, "
        "@authority, @path, @query, content-digest (RFC 9530), and content-type and idempotency-key "
        'where present; created, keyid (the terminal\'s id), a nonce used once, tag="kiosk".',
    },
    "enrolment": {
        "type": "apiKey",
        "in": "header",
        "name": "Signature",
        "description": "The same with the new key that is in the body: keyid is its thumbprint (SHA-256 in "
        'hex), tag="kiosk-enrol"; Enrolment-Proof is the HMAC-SHA-256 of the body under the code\'s secret.',
    },
    "phone": {
        "type": "http",
        "scheme": "bearer",
        "description": "An access token, good for ten minutes. Where x-gate is phone, the user's real name "
        "must be proven.",
    },
    "citizen": {"type": "apiKey", "in": "header", "name": "Citizen-Session"},
    "partner": {
        "type": "apiKey",
        "in": "header",
        "name": "x-tif-signature",
        "description": "UPPER(HEX(SHA256(timestamp + token + nonce + timestamp))) beside x-tif-paasid "
        "(the department's code), x-tif-timestamp (Unix seconds) and x-tif-nonce.",
    },
}


@dataclass(frozen=True)
class Door:
    """One public of the server: its name, its prefix with the version, its blueprints."""

    name: str
    title: str
    prefix: str
    version: str
    blueprints: Sequence[Blueprint]
    schemes: Sequence[str]


class DoorApi(Api):
    """flask-smorest with our problems instead of its errors."""

    ERROR_SCHEMA = Problem

    def _register_error_handlers(self) -> None:
        """Problems are registered once for the whole application (``web.problems``)."""

    def _register_responses(self) -> None:
        standard: str = Api.DEFAULT_RESPONSE_CONTENT_TYPE
        self.DEFAULT_RESPONSE_CONTENT_TYPE = MEDIA_TYPE
        super()._register_responses()
        self.DEFAULT_RESPONSE_CONTENT_TYPE = standard


def add_door(app: Flask, door: Door) -> DoorApi:
    """Register a door's blueprints; the answer carries its OpenAPI document in ``spec``."""
    prefix = door.name.upper()
    app.config[f"{prefix}_API_TITLE"] = door.title
    app.config[f"{prefix}_API_VERSION"] = door.version
    app.config[f"{prefix}_OPENAPI_VERSION"] = "3.1.0"
    api = DoorApi(app, config_prefix=prefix)
    for shape in (open_object, whole_pattern):
        api.ma_plugin.converter.add_attribute_function(shape)
    for name in door.schemes:
        api.spec.components.security_scheme(name, SECURITY_SCHEMES[name])
    for blueprint in door.blueprints:
        api.register_blueprint(blueprint, url_prefix=door.prefix + (blueprint.url_prefix or ""))
    return api
