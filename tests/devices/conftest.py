"""People and processes for the device tests."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest

from devices.id_card.card import IdCard
from devices.id_card.card_number import check_digit
from devices.simulator_process import SimulatorProcess


@pytest.fixture
def start_simulator() -> Iterator[Callable[..., SimulatorProcess]]:
    """Start simulators that end with the test."""
    started: list[SimulatorProcess] = []

    def start(module: str, *arguments: str) -> SimulatorProcess:
        started.append(SimulatorProcess(module, *arguments))
        return started[-1]

    yield start
    for each in started:
        each.end()


@pytest.fixture(scope="module")
def card_simulator() -> Iterator[SimulatorProcess]:
    """One card reader for a module's tests; each test gets it empty and well."""
    simulator = SimulatorProcess("devices.id_card.simulator")
    yield simulator
    simulator.end()


@pytest.fixture
def reader_simulator(card_simulator: SimulatorProcess) -> SimulatorProcess:
    card_simulator.delete("/card")
    card_simulator.put("/faults", {})
    return card_simulator


@pytest.fixture(scope="module")
def paper_simulator() -> Iterator[SimulatorProcess]:
    """One receipt printer for a module's tests."""
    simulator = SimulatorProcess("devices.receipt_printer.simulator")
    yield simulator
    simulator.end()


@pytest.fixture
def printer_simulator(paper_simulator: SimulatorProcess) -> SimulatorProcess:
    paper_simulator.put("/faults", {})
    paper_simulator.delete("/slips")
    return paper_simulator


def number(division: str, born: str, sequence: str) -> str:
    """A number that is valid and nobody's.

    Xinyang has no county 411599; where the card's kind fixes the division, the holder was born in 1880,
    long before such cards were given out.
    """
    return f"{division}{born}{sequence}" + check_digit(f"{division}{born}{sequence}")


PHOTO = bytes(range(256)) * 4

RESIDENT = IdCard(
    kind="resident",
    name="张𠮷䶮",
    sex="2",
    ethnicity="01",
    birth_on=date(1994, 6, 8),
    address="河南省新县金兰山街道虚构路1号",
    id_number=number("411599", "19940608", "002"),
    authority="新县公安局",
    valid_from=date(2014, 3, 1),
    valid_to=date(2034, 3, 1),
    photo=PHOTO,
)
RESIDENT_FOR_EVER = IdCard(
    kind="resident",
    name="李㛃",
    sex="1",
    ethnicity="58",
    birth_on=date(1950, 1, 31),
    address="河南省新县虚构乡",
    id_number=number("411599", "19500131", "001"),
    authority="新县公安局",
    valid_from=date(2006, 3, 1),
    valid_to=None,
    photo=PHOTO,
)
HMT_PERMIT = IdCard(
    kind="hmt_permit",
    name="陈大文",
    sex="1",
    birth_on=date(1880, 2, 29),
    address="河南省信阳市新县虚构路2号",
    id_number=number("810000", "18800229", "001"),
    authority="新县公安局",
    valid_from=date(2019, 1, 1),
    valid_to=date(2024, 1, 1),
    pass_number="H00000000",
    issue_count="01",
    photo=PHOTO,
)
FOREIGNER_2017 = IdCard(
    kind="foreigner_2017",
    name="",
    english_name="DOE, JANE INVENTED",
    sex="2",
    birth_on=date(1975, 12, 1),
    id_number="XXX411575120100",
    authority="4100",
    valid_from=date(2018, 1, 1),
    valid_to=date(2028, 1, 1),
    country="XXX",
    card_version="01",
    photo=PHOTO,
)
FOREIGNER_2023 = IdCard(
    kind="foreigner_2023",
    name="杜珍",
    english_name="DOE, JANE INVENTED WITH A VERY LONG NAME INDEE",
    sex="2",
    birth_on=date(1880, 12, 1),
    id_number=number("941599", "18801201", "002"),
    valid_from=date(2024, 1, 1),
    valid_to=date(2034, 1, 1),
    country="XXX",
    issue_count="01",
    old_number_link="001",
    photo=PHOTO,
)
ALL_CARDS = (RESIDENT, RESIDENT_FOR_EVER, HMT_PERMIT, FOREIGNER_2017, FOREIGNER_2023)


@pytest.fixture(params=ALL_CARDS, ids=lambda card: card.kind)
def any_card(request: pytest.FixtureRequest) -> IdCard:
    """Each kind of card in turn."""
    card: IdCard = request.param
    return card


@pytest.fixture
def resident_card() -> IdCard:
    return RESIDENT


@pytest.fixture
def other_card() -> IdCard:
    return RESIDENT_FOR_EVER
