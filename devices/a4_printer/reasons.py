"""A printer's own keywords (RFC 8011 5.4.12, PWG 5100.9) in the words of our fault table."""

from collections.abc import Sequence
from dataclasses import dataclass

from devices.a4_printer.faults import FAULTS, MILD
from devices.ipp_queue import PrinterFacts, Reason

# the most telling first: an open cover also says that there is no paper
_HARD = {
    "cover-open": "cover_open",
    "door-open": "cover_open",
    "interlock-open": "cover_open",
    "media-jam": "paper_jam",
    "input-tray-missing": "tray_missing",
    "output-tray-missing": "tray_missing",
    "media-empty": "paper_out",
    "media-needed": "paper_out",
    "output-area-full": "output_full",
    "toner-empty": "toner_out",
    "marker-supply-empty": "toner_out",
    "marker-supply-missing": "toner_out",
    "developer-empty": "toner_out",
    "marker-waste-full": "waste_full",
    "marker-waste-missing": "waste_full",
    "fuser-over-temp": "printer_faulty",
    "fuser-under-temp": "printer_faulty",
    "opc-life-over": "printer_faulty",
    "interpreter-resource-unavailable": "printer_faulty",
    "shutdown": "printer_offline",
    "connecting-to-device": "printer_offline",
    "timed-out": "printer_offline",
    "offline": "printer_offline",
    "paused": "printer_paused",
    "moving-to-paused": "printer_paused",
    "hold-new-jobs": "printer_paused",
}
_ALL_WAYS_HARD = ("paused", "hold-new-jobs", "shutdown", "offline")


@dataclass(frozen=True)
class Trouble:
    """What is the matter: a reason of the fault table, or a mild one, of which nobody need be told.

    `is_blocking` says that nothing can be begun now; some printers call the same a warning while they print.
    """

    reason: str
    zh: str
    en: str
    is_blocking: bool
    is_mild: bool = False


def find_trouble(facts: PrinterFacts) -> Trouble | None:
    """The most telling thing the printer says of itself; None when all is well."""
    for keyword, reason in _HARD.items():
        for said in facts.reasons:
            if said.keyword == keyword and said.severity != "report":
                return _hard(reason, is_blocking=_is_blocking(said, facts))
    if facts.is_stopped:
        return _hard("printer_faulty", is_blocking=True)
    if not facts.is_accepting:
        return _hard("printer_paused", is_blocking=True)
    return _find_mild(facts.reasons)


def raw(facts: PrinterFacts) -> str:
    """The keywords as they came, for the log."""
    return ",".join(f"{each.keyword}-{each.severity}" for each in facts.reasons) or "none"


def _is_blocking(said: Reason, facts: PrinterFacts) -> bool:
    return facts.is_stopped or said.severity == "error" or said.keyword in _ALL_WAYS_HARD


def _hard(reason: str, *, is_blocking: bool) -> Trouble:
    error = FAULTS.error(reason)
    return Trouble(reason, error.zh, error.en, is_blocking)


def _find_mild(reasons: Sequence[Reason]) -> Trouble | None:
    for keyword, told in MILD.items():
        if any(said.keyword == keyword and said.severity != "report" for said in reasons):
            return Trouble(*told, is_blocking=False, is_mild=True)
    return None
