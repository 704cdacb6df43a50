"""The OpenAPI documents are the contract with released kiosks: files and code may not differ."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask

from server import openapi
from server.doors import DOORS
from web.app import create_app
from web.settings import DoorSettings


@pytest.fixture
def app(ports: SimpleNamespace) -> Flask:
    return create_app(ports, DoorSettings(), DOORS)


def test_the_files_are_what_the_code_says() -> None:
    assert openapi.list_stale() == [], "python -m server.openapi write"


def test_a_stale_file_is_found(tmp_path: Path) -> None:
    openapi.write(tmp_path)
    assert openapi.list_stale(tmp_path) == []
    (tmp_path / "kiosk.json").write_text("{}")
    (tmp_path / "partner.json").unlink()
    assert openapi.list_stale(tmp_path) == ["kiosk.json", "partner.json"]


@pytest.mark.parametrize("door", ["kiosk", "mobile", "partner", "public"])
def test_the_running_server_serves_the_same(app: Flask, door: str) -> None:
    answer = app.test_client().get(f"/openapi/{door}.json")
    assert answer.get_data(as_text=True) == openapi.make_documents()[f"{door}.json"]


@pytest.mark.parametrize("door", ["kiosk", "mobile", "partner", "public"])
def test_every_operation_says_who_may_and_what_goes_wrong(door: str) -> None:
    document = json.loads(openapi.make_documents()[f"{door}.json"])
    assert document["openapi"] == "3.1.0"
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if method == "parameters":
                continue
            assert operation["summary"], path
            assert "security" in operation, path
            assert operation["responses"]["default"] == {"$ref": "#/components/responses/DEFAULT_ERROR"}, path
    problem = document["components"]["responses"]["DEFAULT_ERROR"]["content"]
    assert list(problem) == ["application/problem+json"]


def test_every_reference_leads_somewhere() -> None:
    for text in openapi.make_documents().values():
        document = json.loads(text)
        references = {part.split('"')[0] for part in text.split('"$ref": "#/')[1:]}
        assert references
        for reference in references:
            place = document
            for step in reference.split("/"):
                place = place[step]


def test_the_pages_need_no_outside_script(app: Flask) -> None:
    client = app.test_client()
    page = client.get("/docs/")
    assert page.status_code == 200
    text = page.get_data(as_text=True)
    assert "http://" not in text.replace("http://localhost", "")
    assert "https://" not in text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert client.get("/docs/swagger-ui-bundle.js", buffered=True).status_code == 200
    assert client.get("/docs/../server/wsgi.py").status_code == 404
    assert client.get("/docs/nothing.js").mimetype == "application/problem+json"


def test_the_pages_are_found_without_the_last_slash(app: Flask) -> None:
    answer = app.test_client().get("/docs")
    assert answer.status_code == 308
    assert answer.headers["Location"].endswith("/docs/")


def test_the_pages_offer_every_door(app: Flask) -> None:
    text = app.test_client().get("/docs/").get_data(as_text=True)
    assert "/openapi/kiosk.json" in text
    assert "/openapi/partner.json" in text
    assert "/openapi/public.json" in text


def test_a_wrong_command_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert openapi.main(["publish"]) == 2
    assert "write|check" in capsys.readouterr().err
