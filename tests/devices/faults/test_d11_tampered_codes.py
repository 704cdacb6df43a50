"""Codes that were tampered with, drawn and read for real: never another text, and nothing but ours opens."""

import os
import random
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import cv2
import numpy as np
import pytest
import qrcode
from qrcode.constants import ERROR_CORRECT_M

from devices.qr import image as qr_image
from devices.qr.image import decode_qr
from devices.qr.serial_scanner import SerialQrReader, open_serial
from devices.simulator_process import SimulatorProcess
from devices.url import DeviceUrl
from onething.domain.errors import NotFound
from onething.services import verifying
from onething.services.papers import paper_address
from sandbox.running import RunningSandbox, run_sandbox
from terminal_client.agent.codes import PREFIX, BadCode, check_letter, parse_scanned
from tests.services.county import County
from tests.services.ready_made import ready_made

IS_ALL = os.environ.get("FAULTS") == "all"
SERVER = ":https://xinxian.invalid:" + "0" * 64


def _drawn(payload: str | bytes) -> np.ndarray:
    maker = qrcode.QRCode(border=4, box_size=4, error_correction=ERROR_CORRECT_M)
    maker.add_data(payload, optimize=0)
    return np.array(maker.make_image().get_image().convert("L"))


def _share(count: int, step: int) -> list[int]:
    return list(range(count)) if IS_ALL else sorted({*range(0, count, step), count - 1})


@pytest.fixture(params=["zxing-cpp", "zbar"])
def decode(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Each of the two decoders by itself."""
    if request.param == "zbar":
        monkeypatch.setattr(qr_image, "_attempts", lambda grey: [])
    return decode_qr


HOSTILE = {
    "4 kB": "9" * 4096,
    "an address": "https://evil.invalid/?next=//xinxian.invalid&x='\"><script>alert(1)</script>",
    "a command": "';DROP TABLE cases;--$(reboot)`reboot`{{7*7}}",
    "NUL": "XX-261123-89D-JV2Q\x00.png",
    "escape": "\x1b]0;title\x07\x1b[2J",
    "printer": "\x1b@\x1dV\x00",
    "new lines": "A\r\nSet-Cookie: b\n\n",
    "C1": "A\x9b31mB",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_code_is_its_text_or_nothing(decode: Callable[..., list[str]], name: str) -> None:
    text = HOSTILE[name]
    has_controls = any(ord(char) < 32 or 127 <= ord(char) < 160 for char in text)
    read = decode(_drawn(text.encode()))
    assert read in ([], [text])
    assert not (read and has_controls)


@pytest.fixture(scope="module")
def code_scanner() -> Iterator[tuple[SimulatorProcess, SerialQrReader]]:
    simulator = SimulatorProcess("devices.qr.simulator", "--kind", "plain")
    reader = open_serial(DeviceUrl.parse(simulator.url + "&look_s=0.5"))
    yield simulator, reader
    reader.close()
    simulator.end()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_code_over_a_serial_line(
    code_scanner: tuple[SimulatorProcess, SerialQrReader], name: str
) -> None:
    simulator, reader = code_scanner
    reader.clear()
    simulator.put("/code", {"hex": HOSTILE[name].encode().hex()})
    for text in reader.read():
        assert text.isprintable()
        assert text in HOSTILE[name]
    reader.clear()


@pytest.mark.parametrize("seed", range(400 if IS_ALL else 12))
def test_a_code_with_modules_painted_over_is_itself_or_nothing(
    decode: Callable[..., list[str]], seed: int
) -> None:
    chance = random.Random(seed)
    text = PREFIX + "0123456789ABCDE" + SERVER
    picture = _drawn(text)
    modules = picture.shape[0] // 4 - 8
    for _ in range(chance.randint(1, modules * modules // 8)):
        row, column = (4 * (4 + chance.randrange(modules)) for _ in range(2))
        picture[row : row + 4, column : column + 4] ^= 255
    assert decode(picture) in ([], [text])


LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@pytest.mark.parametrize("place", _share(16, 3))
def test_an_enrolment_code_with_a_changed_character_is_none(place: int) -> None:
    code = "7KQ2M9XD4R0VWAB"
    code += check_letter(code)
    assert parse_scanned(decode_qr(_drawn(PREFIX + code + SERVER))[0]).code_id == code[:4]
    changed = LETTERS[(LETTERS + "*~$=U").index(code[place]) % 31 + 1 - (code[place] == "Z")]
    tampered = code[:place] + (changed if changed != code[place] else "Z") + code[place + 1 :]
    (read,) = decode_qr(_drawn(PREFIX + tampered + SERVER))
    with pytest.raises(BadCode):
        parse_scanned(read)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    with run_sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


# one database: whether a code is genuine is arithmetic, the database is asked only after it
@pytest.fixture(scope="module", params=["sqlite"])
def county(
    request: pytest.FixtureRequest, sandbox: RunningSandbox, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[County]:
    folder = tmp_path_factory.mktemp("county")
    with ready_made(request, folder) as url, County(url, sandbox, folder) as made:
        yield made


@pytest.fixture(scope="module")
def papers(county: County) -> tuple[str, str]:
    """The address on somebody's slip, and one made the same way for another number."""
    session = county.sign_in()
    receipt = county.submit(session, county.ready_birth(session))["receipt"]
    return receipt["qr"], paper_address(county.ports, "XX-261123-89D-JV2Q")


def _open(county: County, address: str) -> str:
    """The case number that the page behind a scanned address shows. NotFound."""
    parts = urlsplit(address)
    code = parse_qs(parts.query).get("s", [""])[0]
    return str(verifying.verify(county.ports, parts.path.rpartition("/")[2], code)["number"])


def test_a_slip_opens_its_own_case_however_often_it_is_shown(county: County, papers: tuple[str, str]) -> None:
    (read,) = decode_qr(_drawn(papers[0]))
    assert _open(county, read) == _open(county, read)
    assert _open(county, read) in read


def test_a_slip_with_a_changed_character_opens_nothing(county: County, papers: tuple[str, str]) -> None:
    address = papers[0]
    begin = address.index("/v/") + 3
    for place in _share(len(address) - begin, 7):
        at = begin + place
        if address[at] in "?=s-":
            continue
        other = "3" if address[at] != "3" else "4"
        tampered = address[:at] + other + address[at + 1 :]
        (read,) = decode_qr(_drawn(tampered))
        assert read == tampered
        with pytest.raises(NotFound):
            _open(county, read)


def test_one_slips_code_does_not_open_another_case(county: County, papers: tuple[str, str]) -> None:
    first, second = papers
    swapped = first.partition("?s=")[0] + "?s=" + second.partition("?s=")[2]
    (read,) = decode_qr(_drawn(swapped))
    with pytest.raises(NotFound):
        _open(county, read)


def test_two_slips_shown_at_once_are_two_texts() -> None:
    pair = [_drawn("https://xinxian.invalid/v/A"), _drawn("https://xinxian.invalid/v/B")]
    beside = np.hstack(
        [cv2.copyMakeBorder(each, 0, 0, 0, 40, cv2.BORDER_CONSTANT, value=255) for each in pair]
    )
    assert decode_qr(beside) == ["https://xinxian.invalid/v/A", "https://xinxian.invalid/v/B"]
