"""A result's file for its citizen, and results printed at kiosks, on both databases, with the sandbox."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pytest

from onething.domain.actors import Actor
from onething.domain.errors import NotFound
from onething.domain.results import KIOSK_PRINT_LASTS, PrintOutcome
from onething.domain.staff import RoleMissing
from onething.ports import Once
from onething.services import case_progress, issuing, printing, result_files
from onething.services.outcome_refusals import (
    AtAKiosk,
    FileAway,
    NoResultFile,
    NotPrinting,
    ResultWithheld,
)
from sandbox.e_licences import identifier_of
from tests.services.county import County
from tests.services.office import CLERK, complete, find, forward, licence, office, officer, planted

TARGET = "e_licence_files"


@pytest.fixture
def county(furnished: County) -> Iterator[County]:
    with office(furnished) as made:
        made.sandbox.forget_calls()
        yield made
        made.sandbox.put_mood(TARGET, "ok")


def number_of(county: County, role: str = "mother") -> str:
    return str(county.card("chen", role)["id_number"])


def mother(county: County, sitting: str = "sitting-1", terminal: str | None = None) -> Actor:
    holder = county.ports.index.of_number(number_of(county))
    return Actor(sitting, "citizen", terminal=terminal or county.terminal.id, holder=holder)


def held(county: County, document: str = "hukou_book") -> dict[str, str]:
    """A licence that the sandbox's service holds of the mother, as if the case had brought it."""
    identifier = identifier_of(document, number_of(county))
    return {"document": document, "of": "child", "identifier": identifier}


def done(county: County) -> str:
    """A birth with its two parts completed: a licence of the applicant, and a decision without a document."""
    number = planted(county, chosen=["BIRTH-CERT", "VACCINE"], applicant=number_of(county))
    complete(county, number, "BIRTH-CERT", documents=[held(county)])
    complete(county, number, "VACCINE")
    return number


def shown(county: County, number: str, actor: Actor | None = None) -> list[dict[str, Any]]:
    view = case_progress.view_case(county.ports, actor or mother(county), number)
    found: list[dict[str, Any]] = view["results"]
    return found


def ids(county: County, number: str) -> tuple[str, str]:
    first, second = shown(county, number)
    return first["id"], second["id"]


def text_of(pdf: bytes) -> str:
    pages = pypdfium2.PdfDocument(pdf)
    return "".join(page.get_textpage().get_text_range() for page in pages).replace("\r\n", "")


def audited(county: County, action: str) -> list[dict[str, Any]]:
    with county.ports.records.read() as uow:
        rows = uow.connection.exec_driver_sql(  # type: ignore[attr-defined]
            f"SELECT result, detail FROM audit WHERE action = '{action}' ORDER BY id"
        )
        return [{"result": row[0], "detail": str(row[1])} for row in rows]


def begin(county: County, number: str, result: str, actor: Actor | None = None) -> str:
    begun = printing.begin_print(county.ports, actor or mother(county), number, result)
    return str(begun["id"])


def say(county: County, job: str, outcome: PrintOutcome) -> str:
    return printing.note_outcome(county.ports, county.terminal, job, outcome)["state"]


def test_a_licence_s_file_comes_from_the_service_and_the_audit_holds_its_digest(county: County) -> None:
    number = done(county)
    licence_result, _ = ids(county, number)
    given = result_files.get_result_file(county.ports, mother(county), number, licence_result)
    assert "居民户口簿" in text_of(given.data)
    assert given.name == f"hukou_book-{number}.pdf"
    (asked,) = county.sandbox.list_calls(TARGET)
    assert asked["purpose"]["case"] == find(county, number).id
    assert asked["use_cause"] == "查看办理结果：居民户口簿"
    assert len(audited(county, "result_file_asked")) == 1
    (read,) = audited(county, "result_file_read")
    assert hashlib.sha256(given.data).hexdigest() in read["detail"]


def test_a_decision_without_a_document_is_written_by_the_system(county: County) -> None:
    number = done(county)
    _, decision = ids(county, number)
    given = result_files.get_result_file(county.ports, mother(county), number, decision)
    text = text_of(given.data)
    assert "办理结果告知书" in text
    assert "预防接种证" in text
    assert "陈𠮷䶮" in text
    assert county.sandbox.list_calls(TARGET) == []


def test_nothing_is_given_before_it_may_be_handed_over(county: County) -> None:
    number = planted(county, chosen=["BIRTH-CERT", "VACCINE"], applicant=number_of(county))
    complete(county, number, "BIRTH-CERT", documents=[held(county)])
    (early,) = shown(county, number)
    assert not early["has_file"]
    with pytest.raises(ResultWithheld):
        result_files.get_result_file(county.ports, mother(county), number, early["id"])
    assert county.sandbox.list_calls(TARGET) == []


def test_only_its_citizen_and_a_clerk_get_it(county: County) -> None:
    number = done(county)
    result, _ = ids(county, number)
    assert result_files.get_result_file(county.ports, CLERK, number, result).data
    other = Actor("sitting-2", "citizen", holder="somebody else")
    with pytest.raises(NotFound):
        result_files.get_result_file(county.ports, other, number, result)
    with pytest.raises(NotFound):
        result_files.get_result_file(county.ports, mother(county), number, "another-case-s")
    with pytest.raises(RoleMissing):
        result_files.get_result_file(county.ports, officer("WJ"), number, result)


@pytest.mark.parametrize("mood", ["down", "wrong_person", "wrong_file"])
def test_a_service_in_trouble_gives_nothing_and_says_try_again(county: County, mood: str) -> None:
    number = done(county)
    result, _ = ids(county, number)
    county.sandbox.put_mood(TARGET, mood)
    with pytest.raises(FileAway):
        result_files.get_result_file(county.ports, mother(county), number, result)
    assert [row["result"] for row in audited(county, "result_file_read")] == ["result_file_away"]


def test_a_licence_that_the_service_does_not_know_is_paper_only(county: County) -> None:
    number = planted(county, chosen=["BIRTH-CERT"], applicant=number_of(county))
    complete(county, number, "BIRTH-CERT", documents=[licence("birth_certificate")])
    (result,) = shown(county, number)
    with pytest.raises(NoResultFile):
        result_files.get_result_file(county.ports, mother(county), number, result["id"])


def test_a_print_counts_once_the_printer_says_so(county: County) -> None:
    number = done(county)
    result, decision = ids(county, number)
    job = begin(county, number, result)
    assert printing.get_print_file(county.ports, mother(county), number, job).data.startswith(b"%PDF-")
    (waiting, _) = shown(county, number)
    assert (waiting["state"], waiting["print"]["place"]) == ("to_print", "here")
    with pytest.raises(AtAKiosk):
        begin(county, number, result)
    assert say(county, job, PrintOutcome.PRINTED) == "printed"
    assert say(county, job, PrintOutcome.PRINTED) == "printed"
    printed, ready = shown(county, number)
    assert (printed["state"], printed["way"], printed["print"]) == ("issued", "print", None)
    assert (ready["id"], ready["state"]) == (decision, "ready")
    with pytest.raises(NotPrinting):
        printing.get_print_file(county.ports, mother(county), number, job)


def test_the_same_touch_twice_is_one_print(county: County) -> None:
    number = done(county)
    result, _ = ids(county, number)
    once = Once("key-1", "0" * 64)
    first = printing.begin_print(county.ports, mother(county), number, result, once=once)
    assert printing.begin_print(county.ports, mother(county), number, result, once=once) == first


def test_a_print_that_failed_may_be_begun_again(county: County) -> None:
    number = done(county)
    result, _ = ids(county, number)
    first = begin(county, number, result)
    assert say(county, first, PrintOutcome.FAILED) == "failed"
    assert say(county, first, PrintOutcome.PRINTED) == "failed"
    assert begin(county, number, result) != first


@pytest.mark.parametrize(("came_out", "state"), [(True, "issued"), (False, "ready")])
def test_where_the_kiosk_cannot_know_its_citizen_says(county: County, came_out: bool, state: str) -> None:
    number = done(county)
    result, _ = ids(county, number)
    job = begin(county, number, result)
    assert say(county, job, PrintOutcome.UNKNOWN) == "unknown"
    at_home = mother(county, "phone-1", "phone")
    assert shown(county, number, at_home)[0]["print"] == {
        "id": job,
        "place": "kiosk",
        "may_be_settled": True,
    }
    printing.say_what_came_out(county.ports, at_home, number, job, came_out=came_out)
    assert shown(county, number)[0]["state"] == state
    with pytest.raises(NotPrinting):
        printing.say_what_came_out(county.ports, at_home, number, job, came_out=came_out)


def test_a_killed_kiosk_leaves_a_print_that_people_settle_when_its_time_is_over(county: County) -> None:
    number = done(county)
    result, decision = ids(county, number)
    left, also_left = begin(county, number, result), begin(county, number, decision)
    elsewhere = mother(county, "sitting-2", "another-kiosk")
    with pytest.raises(AtAKiosk):
        printing.say_what_came_out(county.ports, elsewhere, number, left, came_out=False)
    with pytest.raises(AtAKiosk):
        issuing.note_printed(county.ports, CLERK, left)
    forward(county, seconds=KIOSK_PRINT_LASTS.total_seconds())
    printing.say_what_came_out(county.ports, elsewhere, number, left, came_out=False)
    issuing.note_printed(county.ports, CLERK, also_left)
    assert [each["state"] for each in shown(county, number)] == ["ready", "issued"]


def test_the_kiosk_itself_may_ask_at_the_next_look(county: County) -> None:
    number = done(county)
    result, _ = ids(county, number)
    job = begin(county, number, result)
    again = mother(county, "sitting-2")
    assert shown(county, number, again)[0]["print"]["may_be_settled"]
    printing.say_what_came_out(county.ports, again, number, job, came_out=True)
    assert shown(county, number)[0]["state"] == "issued"


def test_a_kiosk_speaks_for_its_own_prints_only(county: County) -> None:
    number = done(county)
    result, decision = ids(county, number)
    job = begin(county, number, result, mother(county, terminal="another-kiosk"))
    with pytest.raises(NotFound):
        say(county, job, PrintOutcome.PRINTED)
    with pytest.raises(NotFound):
        printing.get_print_file(county.ports, mother(county), number, job)
    own = begin(county, number, decision)
    with pytest.raises(NotFound):
        printing.get_print_file(county.ports, mother(county, "sitting-2"), number, own)


def test_what_waits_at_the_hall_is_taken_over_once(county: County) -> None:
    number = done(county)
    result, decision = ids(county, number)
    issuing.queue_print(county.ports, mother(county), number, results=[result, decision])
    queued = {each["result"]: each["id"] for each in issuing.list_waiting_prints(county.ports, CLERK)}
    assert begin(county, number, result) == queued[result]
    with pytest.raises(AtAKiosk):
        issuing.note_printed(county.ports, CLERK, queued[result])
    issuing.note_printed(county.ports, CLERK, queued[decision])
    with pytest.raises(ResultWithheld):
        begin(county, number, decision)
    with pytest.raises(NotFound):
        printing.say_what_came_out(county.ports, mother(county), number, "another-case-s", came_out=True)


def test_a_citizen_does_not_settle_the_hall_s_prints(county: County) -> None:
    number = done(county)
    result, _ = ids(county, number)
    issuing.queue_print(county.ports, mother(county), number, results=[result])
    (queued,) = issuing.list_waiting_prints(county.ports, CLERK)
    with pytest.raises(NotFound):
        printing.say_what_came_out(county.ports, mother(county), number, queued["id"], came_out=True)
    with pytest.raises(RoleMissing):
        issuing.note_printed(county.ports, mother(county), queued["id"])
