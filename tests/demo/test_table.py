"""The table beside the kiosk, with the real simulators and the real outside world behind it."""

import io
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest

from demo.table import Table
from demo.world import World
from devices.a4_printer.ipp import open_ipp
from devices.a4_printer.port import Interruption
from devices.url import DeviceUrl


class OutsideOnly(World):
    """The county without server and kiosk: the table needs neither."""

    def _prepare_records(self) -> None:
        """No records."""

    def start_server(self) -> None:
        """No server."""

    def _start_worker(self) -> None:
        """No worker."""

    def _start_kiosk(self) -> None:
        """No kiosk."""


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Table]:
    folder = tmp_path_factory.mktemp("world")
    with OutsideOnly(folder, prints_results=True) as world, Table(world, port=0) as table:
        yield table


def _press(table: Table, path: str) -> int:
    request = urllib.request.Request(table.url.rstrip("/") + path, b"", method="POST")
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def _page(table: Table) -> str:
    with urllib.request.urlopen(table.url, timeout=10) as answer:
        return str(answer.read().decode())


def test_a_card_is_put_on_the_reader_and_taken_away(table: Table) -> None:
    assert _press(table, "/card/chen.mother") == 200
    assert "On the reader: chen.mother" in _page(table)
    assert _press(table, "/card/") == 200
    assert "On the reader: —" in _page(table)


@pytest.mark.parametrize("path", ["/printer/paper_out", "/reader/silent", "/mood/birth_register/down"])
def test_things_can_be_broken_and_mended(table: Table, path: str) -> None:
    assert _press(table, path) == 200
    assert f'action="{path}" class="on"' in _page(table)
    well = path.rpartition("/")[0] + ("/ok" if path.startswith("/mood") else "/well")
    assert _press(table, well) == 200
    assert f'action="{path}" class="on"' not in _page(table)


@pytest.mark.parametrize("path", ["/card/nobody.here", "/printer/on_fire", "/mood/moon/down", "/other"])
def test_what_is_not_on_the_table_is_not_found(table: Table, path: str) -> None:
    assert _press(table, path) == 404


def test_an_unused_printer_has_no_slips(table: Table) -> None:
    assert "/slips/kiosk/1.png" not in _page(table)


def test_keys_and_records_stay_in_the_world_s_folder(tmp_path: Path) -> None:
    with OutsideOnly(tmp_path / "county"):
        pass
    assert (tmp_path / "county/gateway-tokens.json").stat().st_mode & 0o077 == 0


def test_a_mini_program_leads_to_the_phones_pages_with_a_code(table: Table) -> None:
    address = table.enter_phone("wechat")
    assert address.startswith("/m/enter/wechat?code="), "there is no server here, and its address is empty"
    assert len(address.partition("=")[2]) > 20
    assert address != table.enter_phone("wechat")


def test_the_a4_printer_jams_and_shows_what_it_printed(table: Table) -> None:
    printer = open_ipp(DeviceUrl.parse(table._world.a4_printer.url))
    page = io.BytesIO()
    with pypdfium2.PdfDocument.new() as document:
        document.new_page(595, 842)
        document.save(page)
    assert _press(table, "/a4/jam") == 200
    told: list[str] = []

    def mend(why: Interruption) -> None:
        told.append(why.reason)
        if why.reason:
            _press(table, "/a4/well")

    assert printer.print_document(page.getvalue(), on_interruption=mend).state == "printed"
    assert told == ["paper_jam", ""]
    shown = urllib.request.urlopen(table.url, timeout=10).read().decode()
    assert "/sheets/1.pdf" in shown
    sheet = urllib.request.urlopen(table.url.rstrip("/") + "/sheets/1.pdf", timeout=10).read()
    assert sheet == page.getvalue()
    assert _press(table, "/a4/nonsense") == 404
