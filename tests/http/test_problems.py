"""Whatever goes wrong at a door is a problem with a stable reason, in Chinese and in English."""

import io
from types import SimpleNamespace

import marshmallow as ma
import pytest
from flask import Flask
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from onething.domain.dictionary import Label
from onething.domain.errors import BadFields, FieldError, MatterNeeded, NotFound, SessionEnded, TooBusy
from onething.ports import Conflict, KeyReused, PaperRefused
from tests.http.kiosk_signing import Kiosk
from web import gates
from web.api import Blueprint, Door
from web.app import create_app
from web.problem_words import OF_FIELD, OF_STATUS
from web.schema import FactValue, Picture, RequestSchema, choice, day, facts, text, texts, whole
from web.settings import DoorSettings


class RecordsUnavailable(Exception):
    reason = "records_unavailable"


REFUSALS = {
    "not_found": (NotFound(), 404),
    "session_ended": (SessionEnded(), 401),
    "matter_needed": (MatterNeeded(Label("需要先办户口", "HUKOU is needed")), 409),
    "too_busy": (TooBusy(), 503),
    "conflict": (Conflict(), 409),
    "idempotency_key_reused": (KeyReused(), 422),
    "page_damaged": (PaperRefused("page_damaged", "图像损坏", "The picture is damaged"), 422),
    "internal_error": (ValueError("张三 110101199001011234"), 500),
    "server_away": (RecordsUnavailable("the database said so"), 503),
}


class Inner(RequestSchema):
    name = text(5, shortest=1)
    birth_on = day()


class Everything(RequestSchema):
    inner = ma.fields.Nested(Inner(), required=True)
    kind = choice("a", "b")
    count = whole(1, 3)
    names = texts(3, 2)
    values = facts(2)
    image = Picture(required=True)
    one = FactValue(required=True)


class Upload(RequestSchema):
    file = ma.fields.Raw(required=True)


trouble = Blueprint("trouble", __name__, url_prefix="/trouble")


@trouble.get("/<reason>")
@gates.public
def raise_it(reason: str) -> None:
    raise REFUSALS[reason][0]


@trouble.get("/fields")
@gates.public
def raise_fields() -> None:
    raise BadFields(fields=[FieldError("mother.name", "too_long", Label("太长", "Too long"))])


@trouble.post("/everything")
@gates.public
@trouble.arguments(Everything())
@trouble.response(200)
def take(wanted: dict[str, object]) -> dict[str, object]:
    return {"image": len(wanted["image"])}


@trouble.post("/files")
@gates.public
@gates.body_limit(lambda: 5000)
@trouble.arguments(Upload(), location="files")
@trouble.response(200)
def upload(wanted: dict[str, object]) -> dict[str, object]:
    return {"bytes": len(wanted["file"].read())}


@pytest.fixture
def client(ports: SimpleNamespace) -> FlaskClient:
    door = Door("trouble", "Trouble", "/t/v1", "v1", (trouble,), ())
    app = create_app(ports, DoorSettings(largest_body_bytes=3000), (door,))
    return app.test_client()


def is_problem(answer: object) -> dict[str, object]:
    assert answer.mimetype == "application/problem+json"
    problem = answer.get_json(force=True)
    assert problem["status"] == answer.status_code
    assert problem["type"] == f"https://xinxian.invalid/problems/{problem['reason']}"
    assert problem["request_id"] == answer.headers["X-Request-ID"]
    assert problem["title_zh"]
    assert problem["title_en"].isascii()
    assert not problem["title_zh"].isascii()
    assert answer.headers["Cache-Control"] == "no-store"
    return problem


@pytest.mark.parametrize("reason", REFUSALS)
def test_every_refusal_has_its_status_and_reason(client: FlaskClient, reason: str) -> None:
    answer = client.get(f"/t/v1/trouble/{reason}")
    assert is_problem(answer)["reason"] == reason
    assert answer.status_code == REFUSALS[reason][1]
    assert ("Retry-After" in answer.headers) == (answer.status_code == 503)


def test_a_fault_tells_nobody_what_was_typed(client: FlaskClient) -> None:
    with capture_logs() as lines:
        answer = client.get("/t/v1/trouble/internal_error")
    assert "110101" not in answer.get_data(as_text=True)
    assert "张三" not in str(lines)
    fault = next(line for line in lines if line["event"] == "fault")
    assert fault["error"] == "ValueError"
    assert any("raise_it" in frame for frame in fault["frames"])


def test_field_errors_come_in_both_languages(client: FlaskClient) -> None:
    problem = is_problem(client.get("/t/v1/trouble/fields"))
    assert problem["errors"] == [
        {"field": "mother.name", "reason": "too_long", "zh": "太长", "en": "Too long"}
    ]
    assert problem["detail"] == "太长"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [(None, "zh"), ("zh-CN", "zh"), ("en", "en"), ("en-GB;q=0.9, zh;q=0.8", "en"), ("de", "zh"), ("*", "zh")],
)
def test_the_title_is_in_the_wanted_language(
    client: FlaskClient, accepted: str | None, language: str
) -> None:
    headers = {"Accept-Language": accepted} if accepted else {}
    problem = is_problem(client.get("/nowhere", headers=headers))
    assert problem["title"] == problem[f"title_{language}"]


def test_unknown_address_and_method(client: FlaskClient) -> None:
    assert is_problem(client.get("/nowhere"))["reason"] == "not_found"
    answer = client.delete("/live")
    assert is_problem(answer)["reason"] == "method_not_allowed"
    assert "GET" in answer.headers["Allow"]
    assert client.options("/live").status_code == 405


GOOD = {
    "inner": {"name": "张𠮷", "birth_on": "2026-11-20"},
    "kind": "a",
    "count": 2,
    "names": ["x"],
    "values": {"mother.name": None},
    "image": "AAAA",
    "one": True,
}


def test_what_is_right_is_taken(client: FlaskClient) -> None:
    assert client.post("/t/v1/trouble/everything", json=GOOD).get_json() == {"image": 3}


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        ({"other": 1}, "other", "unknown_field"),
        ({"inner": {"name": "x", "birth_on": "2026-11-20", "photo": ""}}, "inner.photo", "unknown_field"),
        ({"inner": {"name": "x"}}, "inner.birth_on", "required"),
        ({"inner": {"name": "abcdef", "birth_on": "2026-11-20"}}, "inner.name", "too_long"),
        ({"inner": {"name": "", "birth_on": "2026-11-20"}}, "inner.name", "too_short"),
        ({"inner": {"name": "a\u202eb", "birth_on": "2026-11-20"}}, "inner.name", "not_printable"),
        ({"inner": {"name": "a\x1b@", "birth_on": "2026-11-20"}}, "inner.name", "not_printable"),
        ({"inner": {"name": "x", "birth_on": "2026-02-30"}}, "inner.birth_on", "not_a_date"),
        ({"inner": {"name": "x", "birth_on": "20261120"}}, "inner.birth_on", "not_a_date"),
        ({"inner": None}, "inner", "null"),
        ({"inner": "x"}, "inner", "not_an_object"),
        ({"kind": "c"}, "kind", "not_a_choice"),
        ({"kind": 1}, "kind", "invalid"),
        ({"count": 4}, "count", "out_of_range"),
        ({"count": "2"}, "count", "invalid"),
        ({"count": 1.5}, "count", "invalid"),
        ({"names": ["a", "b", "c"]}, "names", "too_many"),
        ({"names": "a"}, "names", "invalid"),
        ({"names": ["abcd"]}, "names.0", "too_long"),
        ({"values": {"a": {"b": 1}}}, "values.a.value", "invalid"),
        ({"values": {"a": "x" * 2001}}, "values.a.value", "too_long"),
        ({"image": "not base64!"}, "image", "not_base64"),
        ({"image": 7}, "image", "not_base64"),
        ({"one": []}, "one", "invalid"),
    ],
)
def test_every_wrong_field_is_named(
    client: FlaskClient, change: dict[str, object], field: str, reason: str
) -> None:
    answer = client.post("/t/v1/trouble/everything", json={**GOOD, **change})
    assert answer.status_code == 422
    [error] = is_problem(answer)["errors"]
    assert (error["field"], error["reason"]) == (field, reason)
    assert not error["zh"].isascii()
    assert error["en"].isascii()


def test_an_empty_body_is_an_empty_object(client: FlaskClient) -> None:
    problem = is_problem(client.post("/t/v1/trouble/everything"))
    assert {error["reason"] for error in problem["errors"]} == {"required"}


@pytest.mark.parametrize("body", [b"{", b"[" * 2900, b"\xff", b'{"a": NaN}', b'{"a": "\\ud800"}'])
def test_what_is_no_json_is_a_bad_request(client: FlaskClient, body: bytes) -> None:
    answer = client.post("/t/v1/trouble/everything", data=body, content_type="application/json")
    assert (answer.status_code, is_problem(answer)["reason"]) == (400, "bad_request")


def test_json_that_is_no_object_is_refused(client: FlaskClient) -> None:
    for body in ("[1]", '"x"', "null", "7"):
        answer = client.post("/t/v1/trouble/everything", data=body, content_type="application/json")
        assert answer.status_code == 422, body
        is_problem(answer)


def test_another_media_type_is_refused(client: FlaskClient) -> None:
    answer = client.post("/t/v1/trouble/everything", data="a=b", content_type="text/plain")
    assert (answer.status_code, is_problem(answer)["reason"]) == (415, "wrong_media_type")


def test_a_body_over_the_limit_is_too_large(client: FlaskClient) -> None:
    answer = client.post("/t/v1/trouble/everything", data=b" " * 3001, content_type="application/json")
    assert (answer.status_code, is_problem(answer)["reason"]) == (413, "too_large")


def test_a_view_may_allow_more(client: FlaskClient) -> None:
    file = (io.BytesIO(b"x" * 4000), "page.jpg")
    assert client.post("/t/v1/trouble/files", data={"file": file}).get_json() == {"bytes": 4000}
    larger = (io.BytesIO(b"x" * 6000), "page.jpg")
    assert client.post("/t/v1/trouble/files", data={"file": larger}).status_code == 413


def test_an_unknown_part_of_a_form_is_refused(client: FlaskClient) -> None:
    parts = {"file": (io.BytesIO(b"x"), "page.jpg"), "note": "hello"}
    problem = is_problem(client.post("/t/v1/trouble/files", data=parts))
    assert [(error["field"], error["reason"]) for error in problem["errors"]] == [("note", "unknown_field")]


def test_an_unsigned_request_is_a_problem_too(probe_client: FlaskClient, kiosk: Kiosk) -> None:
    is_problem(probe_client.get("/probe/a"))


def test_an_over_large_body_is_not_read_to_be_verified(probe_app: Flask, kiosk: Kiosk) -> None:
    body = b"x" * (DoorSettings().largest_body_bytes + 1)
    answer = probe_app.test_client().post("/probe/a", data=body, headers=kiosk.sign("POST", "/probe/a", body))
    assert (answer.status_code, is_problem(answer)["reason"]) == (413, "too_large")


def test_every_sentence_is_there_in_both_languages() -> None:
    for text_ in [*OF_FIELD.values(), *(label for _, label in OF_STATUS.values())]:
        assert text_.zh
        assert text_.en.isascii()
        assert not text_.zh.isascii()


def test_a_request_id_is_kept_when_it_is_one(client: FlaskClient) -> None:
    assert client.get("/live", headers={"X-Request-ID": "abc-12345"}).headers["X-Request-ID"] == "abc-12345"
    assert client.get("/live", headers={"X-Request-ID": "bad id!"}).headers["X-Request-ID"] != "bad id!"
