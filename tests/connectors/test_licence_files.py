"""The files of e-licences over real HTTP, in every mood, and what of an answer is not believed."""

import base64
import hashlib
from collections.abc import Callable
from typing import Any

import msgspec
import pypdfium2
import pytest

from onething.connectors.asking import Asking
from onething.connectors.breaker import Breaker
from onething.connectors.elicences.files import (
    LARGEST_FILE,
    HttpLicenceFiles,
    is_pdf,
    read_answer,
)
from onething.connectors.exchange import Exchange, ExchangeFailed
from onething.ports import NotHeld, Purpose, Unavailable
from onething.ports.licence_files import LicenceFile, LicenceFileCall
from sandbox.e_licences import identifier_of
from sandbox.running import RunningSandbox

NumberOf = Callable[[str], str]
PURPOSE = Purpose("case-1", "P-NEWBORN", ("BIRTH-CERT",), "session-1", "本人下载办理结果")
TARGET = "e_licence_files"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@pytest.fixture
def files(exchange: Exchange, sandbox: RunningSandbox) -> HttpLicenceFiles:
    sandbox.put_mood(TARGET, "ok")
    never_open = Asking(hedge_after_s=60, make_breaker=lambda name: Breaker(name, failures_to_open=1000))
    return HttpLicenceFiles(exchange, never_open)


@pytest.fixture
def wanted(number_of: NumberOf) -> LicenceFileCall:
    """The marriage certificate of the mother of the Chen family."""
    mother = number_of("chen.mother")
    identifier = identifier_of("marriage_certificate", mother)
    return LicenceFileCall(identifier, frozenset({mother}), frozenset(), PURPOSE, deadline_s=4.0)


def test_a_licence_s_file_is_a_page_that_names_its_holder(
    files: HttpLicenceFiles, wanted: LicenceFileCall
) -> None:
    given = files.fetch(wanted)
    assert isinstance(given, LicenceFile)
    assert given.sha256 == hashlib.sha256(given.data).hexdigest()
    text = pypdfium2.PdfDocument(given.data)[0].get_textpage().get_text_range()
    assert "结婚证" in text
    assert "陈晓梅" in text
    assert wanted.identifier in text.replace("\r\n", "")


def test_the_service_is_told_why(
    files: HttpLicenceFiles, wanted: LicenceFileCall, sandbox: RunningSandbox
) -> None:
    files.fetch(wanted)
    (call,) = sandbox.list_calls(TARGET)
    assert (call["use_cause"], call["purpose"]["case"]) == (PURPOSE.reason, "case-1")
    assert not [number for number in wanted.holders if number in str(call)]


def test_a_licence_that_nobody_has_is_not_held(files: HttpLicenceFiles, wanted: LicenceFileCall) -> None:
    unknown = LicenceFileCall("1.2.156.3005.2.NOBODY", wanted.holders, frozenset(), PURPOSE, 4.0)
    assert files.fetch(unknown) == NotHeld()


@pytest.mark.parametrize(
    ("mood", "reason"),
    [
        ("down", "down"),
        ("wrong_person", "wrong_record"),
        ("wrong_file", "not_a_pdf"),
        ("wrong_json", "bad_answer"),
        ("wrong_shape", "bad_answer"),
        ("error_text", "bad_answer"),
        ("huge", "too_large"),
    ],
)
def test_every_bad_mood_is_an_answer(
    files: HttpLicenceFiles, wanted: LicenceFileCall, sandbox: RunningSandbox, mood: str, reason: str
) -> None:
    sandbox.put_mood(TARGET, mood)
    assert files.fetch(wanted) == Unavailable(reason)


@pytest.mark.parametrize("mood", ["slow", "hang"])
def test_a_service_that_takes_too_long_is_given_up(
    files: HttpLicenceFiles, wanted: LicenceFileCall, sandbox: RunningSandbox, mood: str
) -> None:
    sandbox.put_mood(TARGET, mood, seconds=2)
    hurried = LicenceFileCall(wanted.identifier, wanted.holders, wanted.names, PURPOSE, 0.5)
    assert files.fetch(hurried) == Unavailable("slow")


def answer(data: bytes = PDF, **changes: Any) -> bytes:
    told = {
        "identifier": "one",
        "holder_code": "411599",
        "holder_name": "李建国",
        "sha256": hashlib.sha256(data).hexdigest(),
        "file": base64.b64encode(data).decode(),
        **changes,
    }
    return msgspec.json.encode({"code": 0, "message": "ok", "data": told})


CALL = LicenceFileCall("one", frozenset({"411599"}), frozenset({"李建国"}), PURPOSE)


def test_a_good_answer_is_believed() -> None:
    assert read_answer(answer(), CALL) == LicenceFile(PDF, hashlib.sha256(PDF).hexdigest())


def test_a_holder_without_a_number_goes_by_the_name() -> None:
    assert isinstance(read_answer(answer(holder_code=None), CALL), LicenceFile)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"identifier": "another"}, "wrong_record"),
        ({"holder_code": "411598"}, "wrong_record"),
        ({"holder_code": None, "holder_name": "李建军"}, "wrong_record"),
        ({"holder_code": None, "holder_name": None}, "wrong_record"),
        ({"sha256": "0" * 64}, "bad_answer"),
        ({"sha256": "no digest"}, "bad_answer"),
        ({"file": "not base64!"}, "bad_answer"),
    ],
)
def test_what_is_another_s_or_changed_is_not_taken(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(ExchangeFailed) as failed:
        read_answer(answer(**changes), CALL)
    assert failed.value.reason == reason


def test_a_file_larger_than_any_licence_is_not_taken() -> None:
    with pytest.raises(ExchangeFailed) as failed:
        read_answer(answer(PDF[:-6] + b" " * LARGEST_FILE + b"%%EOF\n"), CALL)
    assert failed.value.reason == "too_large"


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 cut off", b"<html>%PDF-1.7 %%EOF", b"PK\x03\x04%%EOF"])
def test_a_pdf_is_known_by_its_own_bytes(data: bytes) -> None:
    assert not is_pdf(data)
