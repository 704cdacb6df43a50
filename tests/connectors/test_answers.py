"""Reading what a register or the e-licence service sent: whatever comes, it is an answer or a refusal."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onething.connectors.elicences import client as elicences
from onething.connectors.exchange import ExchangeFailed
from onething.connectors.registers import client as registers
from onething.ports import Found, NotHeld

ASKED = {"self.id_number": "41159919940305002X"}


def answer(data: Any, code: int = 0) -> bytes:
    return json.dumps({"code": code, "message": "ok", "data": data}).encode()


def record(**changes: Any) -> dict[str, Any]:
    return {
        "subject": {"id_number": ASKED["self.id_number"]},
        "as_of": "2026-11-20",
        "facts": {"self.sex": "2", "spouse.name": "李建国"},
        "proves": ["spouse"],
    } | changes


def reason_of(body: bytes, asked: dict[str, str] | None = None) -> str:
    with pytest.raises(ExchangeFailed) as failed:
        registers.read_answer(body, asked or ASKED)
    return failed.value.reason


def test_a_record_is_read() -> None:
    found = registers.read_answer(answer(record()), ASKED)
    assert found == Found({"self.sex": "2", "spouse.name": "李建国"}, "2026-11-20", ("spouse",))


def test_not_held() -> None:
    assert registers.read_answer(answer(None, 40401), ASKED) == NotHeld()


def test_the_check_character_may_be_small() -> None:
    echoed = record(subject={"id_number": ASKED["self.id_number"].lower()})
    assert isinstance(registers.read_answer(answer(echoed), ASKED), Found)


@pytest.mark.parametrize(
    "change",
    [
        {"subject": {"id_number": "411599199403050027"}},
        {"subject": {}},
        {"subject": {"uscc": "92411599000000001X"}},
        {"facts": {"self.id_number": "411599199403050027"}},
    ],
)
def test_a_record_about_someone_else_is_wrong(change: dict[str, Any]) -> None:
    assert reason_of(answer(record(**change))) == "wrong_record"


def test_a_relative_other_than_the_one_asked_about_is_wrong() -> None:
    asked = ASKED | {"deceased.id_number": "411599195210090099"}
    named = record(facts={"deceased.id_number": "411599198510100211"})
    assert reason_of(answer(named), asked) == "wrong_record"


def test_every_number_asked_about_oneself_must_come_back() -> None:
    asked = ASKED | {"self.uscc": "92411599000000001X"}
    assert reason_of(answer(record()), asked) == "wrong_record"


def test_a_question_that_names_nobody_has_no_right_answer() -> None:
    assert reason_of(answer(record()), {"child.birth_order": "1"}) == "wrong_record"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"\xff\xfe",
        b"[" * 100_000,
        answer(None),
        answer([record()]),
        answer(record(), code=50001),
        answer(record(facts={"self.name": ["李"]})),
        answer(record(facts={"self": "x"})),
        answer(record(facts={"Self.Name\n": "x"})),
        answer(record(facts={"self.name": "x" * 2001})),
        answer(record(facts={f"self.fact_{n}": "x" for n in range(301)})),
        answer(record(facts={"self.name": "李\x1b@建国"})),
        answer(record(facts={"self.name": "李\u202e建国"})),
        answer(record(facts={"self.name": "李\u200b建国"})),
        answer(record(as_of="yesterday")),
        answer(record(proves="spouse")),
    ],
)
def test_what_has_the_wrong_form_is_a_bad_answer(body: bytes) -> None:
    assert reason_of(body) == "bad_answer"


def test_line_breaks_become_spaces() -> None:
    found = registers.read_answer(answer(record(facts={"self.scope": "餐饮服务;\r\n食品销售\n"})), ASKED)
    assert isinstance(found, Found)
    assert found.facts["self.scope"] == "餐饮服务;  食品销售"


def test_a_refused_signature_has_its_own_reason() -> None:
    assert reason_of(answer(None, 40101)) == "refused_by_gateway"


@given(st.binary(max_size=300))
def test_any_bytes_are_a_bad_answer(body: bytes) -> None:
    assert reason_of(body) == "bad_answer"


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "code": st.sampled_from([0, 40401, 40101, 1]) | _json,
            "message": st.text() | _json,
            "data": st.fixed_dictionaries(
                {}, optional={"subject": _json, "facts": _json, "as_of": _json, "proves": _json}
            )
            | _json,
        },
    )
)
def test_any_envelope_is_an_answer_or_a_refusal(envelope: dict[str, Any]) -> None:
    body = json.dumps(envelope).encode("utf-8", "surrogatepass")
    for outcome in (
        _outcome_of(registers.read_answer, body, ASKED),
        _outcome_of(elicences.read_answer, body, "4"),
    ):
        assert outcome in ("not_held", "bad_answer", "wrong_record", "refused_by_gateway")


def _outcome_of(read: Callable[[bytes, Any], Found | NotHeld], body: bytes, asked: object) -> str:
    try:
        return "not_held" if isinstance(read(body, asked), NotHeld) else "found"
    except ExchangeFailed as failed:
        return failed.reason


def licence(**changes: Any) -> dict[str, Any]:
    return {
        "identifier": "1.2.156.3005.2.A.B.1.001.K",
        "holder_code": "411599",
        "issued_on": "2019-10-02",
        "facts": {"name": "陈晓梅"},
    } | changes


def test_a_licence_is_read() -> None:
    found = elicences.read_answer(answer(licence()), "411599")
    assert found == Found({"name": "陈晓梅"}, "2019-10-02", (), "1.2.156.3005.2.A.B.1.001.K")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"holder_code": "411500"}, "wrong_record"),
        ({"identifier": ""}, "bad_answer"),
        ({"identifier": "1.2\n3"}, "bad_answer"),
        ({"facts": {"name": "a\x00b"}}, "bad_answer"),
        ({"issued_on": "2019"}, "bad_answer"),
    ],
)
def test_a_licence_of_another_or_of_no_form_is_refused(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(ExchangeFailed) as failed:
        elicences.read_answer(answer(licence(**change)), "411599")
    assert failed.value.reason == reason
