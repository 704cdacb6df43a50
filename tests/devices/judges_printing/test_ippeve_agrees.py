"""ippeveprinter, which nobody here wrote, prints what we send, and what it says of itself is understood."""

import io
import time
from collections.abc import Iterator
from functools import partial

import pypdfium2
import pytest

from devices.a4_printer.ipp import open_ipp
from devices.a4_printer.port import Interruption
from devices.errors import DeviceError
from devices.receipt_printer.cups import open_cups
from devices.receipt_printer.encoding import STATUS_BACK_OFF, encode_slip
from devices.receipt_printer.layout import lay_out
from devices.receipt_printer.profile import get_profile
from devices.states import DeviceState
from devices.url import DeviceUrl
from tests.devices.judges_printing.ippeve_hall import PLACE, IppeveHall
from tests.devices.printing import SLIP
from tests.patience import Patience

A4 = DeviceUrl.parse(f"a4+ipp://{PLACE}?patience_s=15")
QUEUE = DeviceUrl.parse(f"receipt+cups://{PLACE}?patience_s=15&word=printer")


def _pdf() -> bytes:
    held = io.BytesIO()
    with pypdfium2.PdfDocument.new() as document:
        document.new_page(595, 842)
        document.save(held)
    return held.getvalue()


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IppeveHall]:
    hall = IppeveHall(tmp_path_factory.mktemp("ippeve"))
    try:
        hall.wait_until_ready(lambda: open_ipp(A4).check().state is DeviceState.READY)
        yield hall
    finally:
        hall.end()


@pytest.fixture(autouse=True)
def _well(hall: IppeveHall) -> Iterator[None]:
    for path in hall.folder.glob("printed.*"):
        path.unlink()
    yield
    hall.set_mood("")


def test_a_document_arrives_whole_and_is_followed_to_its_end(hall: IppeveHall) -> None:
    document = _pdf()
    outcome = hall.run(lambda: open_ipp(A4).print_document(document))
    assert (outcome.state, outcome.reason) == ("printed", "")
    assert hall.printed() == [document]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("media-empty-error,media-needed", "paper_out"),
        ("media-jam-error", "paper_jam"),
        ("cover-open-error", "cover_open"),
        ("toner-empty-error", "toner_out"),
    ],
)
def test_its_troubles_are_told_in_plain_words(hall: IppeveHall, said: str, reason: str) -> None:
    hall.set_mood(said)
    told: list[Interruption] = []

    def mend(interruption: Interruption) -> None:
        told.append(interruption)
        hall.set_mood("")

    outcome = hall.run(lambda: open_ipp(A4).print_document(_pdf(), on_interruption=mend))
    assert outcome.state == "printed"
    assert [each.reason for each in told] == [reason, ""]
    assert told[0].zh
    assert told[0].en


def test_while_it_stands_still_it_is_not_ready(hall: IppeveHall, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cancelling takes it to a stop point that never comes while it is jammed."""
    monkeypatch.setattr("devices.ipp_job._CANCEL_GRACE_S", 0.5)
    hall.set_mood("media-jam-error")
    printer = open_ipp(DeviceUrl.parse(f"a4+ipp://{PLACE}?patience_s=1.5"))
    outcome = hall.run(lambda: printer.print_document(_pdf()))
    assert (outcome.state, outcome.reason) == ("unknown", "paper_jam")
    hall.set_mood("")
    assert _becomes_ready(hall)


def _becomes_ready(hall: IppeveHall) -> bool:
    patience = Patience(10)
    while patience.lasts():
        if hall.run(lambda: open_ipp(A4).check()).state is DeviceState.READY:
            return True
        time.sleep(0.1)
    return False


def test_a_job_that_it_gives_up_is_unknown(hall: IppeveHall) -> None:
    hall.set_mood("fail")
    outcome = hall.run(lambda: open_ipp(A4).print_document(_pdf()))
    assert (outcome.state, outcome.reason) == ("unknown", "job_stopped")


def test_a_format_that_it_does_not_know_is_refused(hall: IppeveHall) -> None:
    with pytest.raises(DeviceError) as caught:
        hall.run(lambda: open_ipp(A4).print_document(b"GIF89a", media_type="image/gif"))
    assert caught.value.reason == "job_refused"
    assert hall.printed() == []


def test_a_receipt_s_bytes_arrive_as_they_are(hall: IppeveHall) -> None:
    outcome = hall.run(lambda: open_cups(QUEUE).print_slip(SLIP))
    assert outcome.state == "printed"
    assert hall.printed() == [encode_slip(lay_out(SLIP, 48), get_profile("80mm")) + STATUS_BACK_OFF]


def test_it_takes_one_job_after_the_other(hall: IppeveHall) -> None:
    """It is busy for a moment after each, and says so; nothing is lost and nothing is printed twice."""
    documents = [_pdf() + b"\n%" + bytes([number]) for number in b"12"]
    for document in documents:
        assert hall.run(partial(open_ipp(A4).print_document, document)).state == "printed"
    assert hall.printed() == documents
