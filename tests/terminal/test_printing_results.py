"""A result printed at the kiosk: begun once, watched, asked about where nobody knows, never repeated."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from devices.a4_printer.port import Interruption
from devices.errors import DeviceError
from devices.simulator_process import SimulatorProcess
from terminal_client.config import Config, DeviceUrls
from terminal_client.devices_in_use import DevicesInUse
from terminal_client.journey import events
from terminal_client.journey.effects import CallStaff, EndSession, PrintResult
from terminal_client.journey.state import Printing, ResultPrint, Screen, Sentence
from terminal_client.result_printer import REPORT_PAUSES
from tests.patience import Patience

from .conftest import RunningKiosk
from .made_birth import MOTHER, make_case
from .stand_in_cases import RESULT_FILE
from .walking import Walk

NUMBER = "XX-1"
PAPER_OUT = Sentence("打印机缺纸", "The printer is out of paper")


def held(walk: Walk) -> ResultPrint:
    assert walk.journey.citizen is not None
    assert walk.journey.citizen.result_print is not None
    return walk.journey.citizen.result_print


def at_the_case(*, usable: bool = True) -> Walk:
    walk = Walk().to_case()
    walk.happen(events.DocumentPrinterWatched(usable))
    return walk


def begun() -> Walk:
    walk = at_the_case()
    walk.touch("print_here", result="r2")
    walk.answer({"id": "p1"})
    return walk


def case_with_print(**changes: Any) -> dict[str, Any]:
    case = make_case(NUMBER)
    printed = {"id": "p1", "place": "here", "may_be_settled": True, **changes}
    case["results"][1].update(offers=[], state="to_print", print=printed)
    return case


def staff_calls(walk: Walk) -> list[str]:
    return [each.reason for each in walk.effects if isinstance(each, CallStaff)]


def test_a_print_is_begun_once_and_fetched() -> None:
    walk = at_the_case()
    walk.touch("print_here", result="r2")
    asked = walk.asked
    assert (asked.method, asked.path, asked.body) == ("POST", f"/cases/{NUMBER}/prints", {"result": "r2"})
    walk.go_away()
    walk.touch("try_again")
    assert walk.asked.once == asked.once
    (effect,) = walk.answer({"id": "p1"})
    assert effect == PrintResult(f"/cases/{NUMBER}/prints/p1/document", "p1", walk.journey.sitting)
    assert walk.touch("print_here", result="r2") == (), "one job at a time"


@pytest.mark.parametrize(
    ("usable", "changes"),
    [(False, {}), (True, {"has_file": False}), (True, {"offers": []}), (True, {"offers": ["e_licence"]})],
)
def test_only_what_can_be_printed_here_is(usable: bool, changes: dict[str, Any]) -> None:
    walk = at_the_case(usable=usable)
    case = make_case(NUMBER)
    case["results"][1].update(changes)
    walk.touch("open_case", number=NUMBER)
    walk.answer(case)
    assert walk.touch("print_here", result="r2") == ()
    assert walk.touch("print_here", result="r1") == ()


def test_what_waits_at_the_hall_can_be_printed_here() -> None:
    walk = at_the_case()
    walk.touch("open_case", number=NUMBER)
    walk.answer(case_with_print(place="hall", may_be_settled=False))
    assert walk.touch("print_here", result="r2") != ()


def test_printed_is_shown_and_the_case_is_read_again() -> None:
    walk = begun()
    walk.happen(events.ResultPrintEnded("p1", Printing.PRINTED))
    assert held(walk).state is Printing.PRINTED
    assert walk.journey.at_printer == ""
    assert walk.asked.call == "read_case"
    walk.answer(make_case(NUMBER))
    assert held(walk).state is Printing.PRINTED, "the sentence stays on the screen"
    assert staff_calls(walk) == []


def test_an_interruption_is_told_staff_is_called_once_and_the_person_is_not_sent_away() -> None:
    walk = begun()
    walk.later(100)
    walk.happen(events.ResultHeldUp("p1", PAPER_OUT))
    walk.later(60)
    walk.happen(events.ResultHeldUp("p1", Sentence("卡纸了", "Jammed")))
    assert held(walk).held_up == Sentence("卡纸了", "Jammed")
    assert walk.journey.screen is Screen.PROGRESS
    walk.happen(events.ResultHeldUp("p1", None))
    assert held(walk).held_up is None
    assert staff_calls(walk) == ["result_print_held_up"]


def test_an_unknown_end_is_asked_about_and_never_repeated() -> None:
    walk = begun()
    walk.happen(events.ResultPrintEnded("p1", Printing.UNKNOWN, PAPER_OUT))
    assert staff_calls(walk) == ["result_print_unknown"]
    walk.answer(case_with_print())
    assert walk.touch("print_here", result="r2") == ()
    assert walk.touch("say_came_out", print="another", came_out="yes") == ()
    walk.touch("say_came_out", print="p1", came_out="yes")
    path = f"/cases/{NUMBER}/prints/p1/settlement"
    assert (walk.asked.path, walk.asked.body) == (path, {"came_out": True})
    walk.answer(make_case(NUMBER))
    assert walk.journey.citizen is not None
    assert walk.journey.citizen.result_print is None
    assert not [each for each in walk.effects if isinstance(each, PrintResult)][1:]


def test_paper_that_is_said_not_to_be_out_is_looked_for() -> None:
    walk = begun()
    walk.happen(events.ResultPrintEnded("p1", Printing.UNKNOWN))
    walk.answer(case_with_print())
    walk.touch("say_came_out", print="p1", came_out="no")
    assert staff_calls(walk) == ["result_print_unknown", "result_not_out"]


def test_what_an_earlier_sitting_left_is_asked_about_at_the_next_look() -> None:
    walk = at_the_case()
    walk.touch("open_case", number=NUMBER)
    walk.answer(case_with_print())
    walk.touch("say_came_out", print="p1", came_out="no")
    assert walk.asked.call == "settle_print"


def test_a_print_elsewhere_is_not_asked_about() -> None:
    walk = at_the_case()
    walk.touch("open_case", number=NUMBER)
    walk.answer(case_with_print(place="kiosk", may_be_settled=False))
    assert walk.touch("say_came_out", print="p1", came_out="no") == ()


def test_who_goes_while_paper_comes_is_asked_to_wait_once_and_staff_is_called() -> None:
    walk = begun()
    walk.touch("finish")
    assert walk.journey.citizen is not None
    assert "还在打印" in (walk.journey.notice or Sentence("", "")).zh
    assert staff_calls(walk) == []
    effects = walk.touch("leave")
    assert walk.journey.citizen is None
    assert [type(each) for each in effects] == [EndSession, CallStaff]
    assert staff_calls(walk) == ["result_left"]
    assert walk.journey.at_printer == "p1", "the printer is still at it"
    walk.happen(events.ResultPrintEnded("p1", Printing.UNKNOWN))
    assert walk.journey.at_printer == ""
    assert staff_calls(walk) == ["result_left", "result_print_unknown"]


def test_a_failed_one_says_why_and_may_be_begun_again() -> None:
    walk = begun()
    walk.happen(events.ResultPrintEnded("p1", Printing.FAILED, PAPER_OUT))
    assert held(walk).trouble == PAPER_OUT
    first = next(each for each in walk.effects if getattr(each, "call", "") == "begin_print")
    walk.answer(make_case(NUMBER))
    walk.touch("print_here", result="r2")
    assert walk.asked.once != getattr(first, "once", None)


# --- the kiosk, its line and its printer


def wait(running: RunningKiosk, is_so: Callable[[], bool]) -> None:
    patience = Patience(8)
    while not is_so():
        assert patience.lasts(), running.kiosk.journey
        time.sleep(0.01)


def settle(running: RunningKiosk, screen: Screen) -> None:
    journey = running.kiosk
    wait(running, lambda: journey.journey.screen is screen and not journey.journey.is_busy)


def sit_down(running: RunningKiosk) -> None:
    """The mother at her case, before a kiosk with an A4 printer."""
    running.devices.prints_documents = True
    wait(running, lambda: bool(running.kiosk.journey.things) and running.kiosk.journey.prints_here)
    running.kiosk.handle(events.Touched("progress"))
    running.devices.place(MOTHER)
    settle(running, Screen.PROGRESS)
    running.kiosk.handle(events.Touched("open_case", {"number": "XX-7KDM-0001-C"}))
    wait(running, lambda: running.kiosk.journey.citizen is not None and not running.kiosk.journey.is_busy)


def print_result(running: RunningKiosk) -> Printing:
    running.kiosk.handle(events.Touched("print_here", {"result": "r2"}))
    ends = (Printing.PRINTED, Printing.FAILED, Printing.UNKNOWN)

    def state() -> Printing:
        citizen = running.kiosk.journey.citizen
        held = citizen.result_print if citizen else None
        return held.state if held else Printing.NOT_ASKED

    wait(running, lambda: state() in ends and not running.kiosk.journey.is_busy)
    return state()


def test_the_document_goes_from_the_server_to_the_printer_and_the_word_back(running: RunningKiosk) -> None:
    running.devices.interruptions = [Interruption("paper_out", "缺纸", "No paper"), Interruption()]
    sit_down(running)
    assert print_result(running) is Printing.PRINTED
    assert running.devices.documents == [(RESULT_FILE, "p1")]
    assert running.door.print_outcomes == [("p1", "printed")]
    assert running.door.case["results"][1]["state"] == "issued"
    wait(running, lambda: [each["reason"] for each in running.door.calls] == ["result_print_held_up"])
    assert RESULT_FILE.decode() not in repr(running.kiosk.journey)


def test_who_has_gone_waits_for_no_paper_and_the_next_is_not_given_it(running: RunningKiosk) -> None:
    devices = running.devices
    devices.is_mended.clear()
    devices.document_outcome = replace(devices.document_outcome, state="unknown")
    sit_down(running)
    running.kiosk.handle(events.Touched("print_here", {"result": "r2"}))
    wait(running, lambda: bool(devices.documents))
    for _ in range(2):
        running.kiosk.handle(events.Touched("leave"))
    wait(running, lambda: running.kiosk.journey.citizen is None)
    devices.is_mended.set()
    wait(running, lambda: running.door.print_outcomes == [("p1", "unknown")])
    assert not devices.was_wanted
    wanted = ["result_left", "result_print_unknown"]
    wait(running, lambda: sorted(each["reason"] for each in running.door.calls) == wanted)


def test_no_document_is_no_print(running: RunningKiosk) -> None:
    running.door.files_are_away = True
    sit_down(running)
    assert print_result(running) is Printing.FAILED
    assert running.devices.documents == []
    assert running.door.print_outcomes == [("p1", "failed")]


def test_a_printer_that_surely_printed_nothing_is_a_failed_print(running: RunningKiosk) -> None:
    running.devices.document_error = DeviceError(
        device="a4_printer", reason="paper_out", zh="打印机缺纸", en="No paper"
    )
    sit_down(running)
    assert print_result(running) is Printing.FAILED
    assert running.door.print_outcomes == [("p1", "failed")]


def test_the_word_is_said_again_until_the_server_has_heard_it(
    running: RunningKiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("terminal_client.result_printer.REPORT_PAUSES", (0.2,) * 20)
    sit_down(running)

    def cut(_why: object) -> None:
        running.door.is_down = True

    running.devices.interruptions = [Interruption("paper_jam", "卡纸", "Jam")]
    tell = running.devices.print_document

    def cut_and_print(document: bytes, **how: Any) -> Any:
        cut(None)
        return tell(document, **how)

    running.devices.print_document = cut_and_print  # type: ignore[method-assign]
    running.kiosk.handle(events.Touched("print_here", {"result": "r2"}))
    wait(running, lambda: bool(running.devices.documents))
    time.sleep(0.3)
    assert running.door.print_outcomes == []
    running.door.is_down = False
    wait(running, lambda: running.door.print_outcomes == [("p1", "printed")])
    assert sum(REPORT_PAUSES) > 300, "longer than the server waits for it"


@pytest.fixture
def printer() -> Iterator[SimulatorProcess]:
    simulator = SimulatorProcess("devices.a4_printer.simulator")
    yield simulator
    simulator.end()


def test_a_real_printer_is_watched_and_prints_a_job_once(printer: SimulatorProcess, tmp_path: Path) -> None:
    devices = DevicesInUse(Config(state_dir=tmp_path, devices=DeviceUrls(a4_printer=printer.url)))
    assert not devices.can_print_documents(), "nobody has looked at it yet"
    devices.watch_all()
    try:
        patience = Patience(10)
        while not devices.can_print_documents():
            assert patience.lasts()
            time.sleep(0.05)
        told: list[Interruption] = []
        how: Any = {"job": "p1", "on_interruption": told.append, "is_wanted": lambda: True}
        done = devices.print_document(one_page(), **how)
        assert (done.state, told) == ("printed", [])
        with pytest.raises(DeviceError) as refused:
            devices.print_document(one_page(), **how)
        assert refused.value.reason == "duplicate_job"
        assert len(printer.get("/sheets")) == 1
    finally:
        devices.stop()


def one_page() -> bytes:
    """A4 with nothing on it."""
    page = BytesIO()
    with pypdfium2.PdfDocument.new() as document:
        document.new_page(595, 842)
        document.save(page)
    return page.getvalue()
