"""The doors' OpenAPI documents and Swagger UI, served from here: no content network, no outside script."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response
from flask_swagger_ui import get_swaggerui_blueprint

from web import gates

PAGES = "/docs"
# Swagger UI's own page starts itself with an inline script; nothing else is served under this policy.
_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; font-src 'self'; frame-ancestors 'none'; base-uri 'none'"
)


def document_text(document: Mapping[str, Any]) -> str:
    """An OpenAPI document as it is kept in docs/openapi."""
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def register_documentation(app: Flask, documents: Mapping[str, Mapping[str, Any]]) -> None:
    """Serve ``/openapi/<door>.json`` and Swagger UI under ``/docs/``; nginx lets neither out."""
    texts = {name: document_text(document) for name, document in documents.items()}

    @app.get("/openapi/<any(" + ", ".join(texts) + "):name>.json", endpoint="openapi")
    @gates.public
    def openapi(name: str) -> Response:
        return Response(texts[name], mimetype="application/json")

    choices = [{"name": name, "url": f"/openapi/{name}.json"} for name in texts]
    pages = get_swaggerui_blueprint(
        PAGES, "", config={"app_name": "One thing, done once", "urls": choices, "validatorUrl": None}
    )

    @pages.after_request
    def set_policy(answer: Response) -> Response:
        answer.headers["Content-Security-Policy"] = _POLICY
        return answer

    app.register_blueprint(pages)
    gates.public(app.view_functions["swagger_ui.show"])
