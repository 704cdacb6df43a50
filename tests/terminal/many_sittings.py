"""Whole sittings one after the other, as fast as they go; prints the program's memory as it grows, in KiB.

    python -m tests.terminal.many_sittings 2000

The journey, its pages and its slips are the program's own; server and devices answer at once, in here.
"""

import gc
import json
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from devices.a4_printer.port import IsWanted, OnInterruption, PrintOutcome
from terminal_client import slip
from terminal_client.journey import events
from terminal_client.journey.state import Printing, Screen, Sentence
from terminal_client.kiosk import Kiosk
from terminal_client.rendering import render
from terminal_client.server_client import Request
from tests.patience import Patience

from .made_birth import FOUND, MOTHER, THINGS, make_guide, make_receipt
from .stand_in_state import StandIn

MARKS = 8
TYPED = {
    "child.name": "陈一诺",
    "application.settle_with": "mother",
    "application.mobile": "19900001234",
    "application.delivery": "window",
}


class Door:
    """A server that answers at once and remembers nobody."""

    def __init__(self) -> None:
        self.small = StandIn(Ed25519PrivateKey.generate().public_key())
        self.draft: dict[str, Any] = {}

    def ask(self, request: Request) -> Any:
        body: Any = request.body or {}
        match request.path.rsplit("/", 1)[-1]:
            case "things":
                return {"revision": 1, "things": THINGS}
            case "guide":
                return make_guide("P-NEWBORN")
            case "plans":
                return self.small.plan(body.get("chosen"), body.get("answers", {}))
            case "sessions":
                return {"token": "token", "masked_name": "陈*梅", "masked_id_number": "411***"}
            case "submission":
                return {"case_number": "XX-1", "receipt": make_receipt("XX-1")}
            case "ending":
                return None
            case act:
                return self._change(act, body)

    def read(self, request: Request) -> tuple[bytes, str]:
        raise NotImplementedError(request.path)

    def _change(self, act: str, body: Mapping[str, Any]) -> Any:
        if act == "drafts":
            self.draft = self.small.new_draft(dict(body))
        for each in self.draft["consent"]["sources"] if act == "consent" else ():
            each["asked"] = True
        for each in self.small.all_fields(self.draft):
            if act == "fetching" and each["fact"] in FOUND:
                each.update(state="found", value=FOUND[each["fact"]][0])
            if act == "values" and each["fact"] in body["values"]:
                each.update(state="typed", value=body["values"][each["fact"]])
        self.draft["signature"] = self.draft["signature"] or act == "signature"
        return self.small.view(self.draft)


class Devices:
    """Devices that lay each slip out and keep none."""

    def start(self, on_event: Callable[[events.Event], None]) -> None:
        on_event(events.ReaderChanged(None))

    def scan_page(self) -> tuple[bytes, str]:
        raise NotImplementedError

    def clear(self) -> None:
        pass

    def print_receipt(self, receipt: Mapping[str, Any], *, sitting: int, reprint: bool) -> events.PrintEnded:
        assert slip.lay_out(receipt, reprint=reprint)
        return events.PrintEnded(Printing.PRINTED, sitting)

    def print_intake(self, intake: Mapping[str, Any], *, sitting: int, reprint: bool) -> events.PrintEnded:
        raise NotImplementedError

    def can_print_documents(self) -> bool:
        return False

    def print_document(
        self, document: bytes, *, job: str, on_interruption: OnInterruption, is_wanted: IsWanted
    ) -> PrintOutcome:
        raise NotImplementedError

    def stop(self) -> None:
        pass


class Person:
    """Somebody who goes all the way, and is shown every screen."""

    def __init__(self, kiosk: Kiosk) -> None:
        self.kiosk = kiosk

    def go(self) -> None:
        self.touch("start", Screen.THINGS)
        self.touch("choose_thing", Screen.NOTICE, code="P-NEWBORN")
        self.touch("begin", Screen.MATTERS)
        self.touch("next", Screen.CARD)
        self.happen(events.CardPlaced(MOTHER), Screen.CONSENT)
        self.touch("consent", Screen.FORM)
        for fact, value in TYPED.items():
            self.touch("value", Screen.FORM, fact=fact, value=value)
        for screen in (Screen.MATERIALS, Screen.REVIEW, Screen.SIGN):
            self.touch("next", screen)
        image = "data:image/png;base64," + "A" * 20_000
        self.touch("sign", Screen.RECEIPT, image=image, width="984", height="520")
        self.wait(lambda: self.kiosk.journey.citizen is not None and self.is_printed())
        self.touch("finish", Screen.TAKE_CARD)
        self.happen(events.CardRemoved(), Screen.IDLE)

    def is_printed(self) -> bool:
        citizen = self.kiosk.journey.citizen
        return citizen is not None and citizen.printing is Printing.PRINTED

    def touch(self, act: str, screen: Screen, **values: str) -> None:
        self.happen(events.Touched(act, values), screen)

    def happen(self, event: events.Event, screen: Screen) -> None:
        self.kiosk.handle(event)
        self.wait(lambda: self.kiosk.journey.screen is screen and not self.kiosk.journey.is_busy)
        render(self.kiosk.journey, hall=Sentence("大厅", "Hall"), clock=datetime.now(UTC))

    def wait(self, is_so: Callable[[], bool]) -> None:
        patience = Patience(20)
        while not is_so():
            assert patience.lasts(), self.kiosk.journey.screen
            time.sleep(0.0005)


def resident_kib() -> int:
    """The memory of this process that lies in RAM."""
    gc.collect()
    with open("/proc/self/statm", encoding="ascii") as statm:
        return int(statm.read().split()[1]) * 4


def main() -> int:
    """Go through so many sittings; the memory at eight even marks."""
    number, seen = int(sys.argv[1]), []
    kiosk = Kiosk(Door(), Devices())
    kiosk.start()
    person = Person(kiosk)
    person.wait(lambda: bool(kiosk.journey.things))
    began = time.monotonic()
    for sitting in range(1, number + 1):
        person.go()
        if sitting % (number // MARKS) == 0:
            seen.append(resident_kib())
    print(json.dumps({"kib": seen, "seconds": round(time.monotonic() - began, 1)}))
    kiosk.stop()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
