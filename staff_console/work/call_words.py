"""Why somebody is called to a kiosk, as staff read it."""

from __future__ import annotations

from collections.abc import Mapping

from onething.domain.catalog import Label

# The kiosk's own words; what is not here, as the number of a fault, is shown as it came.
CALL_REASONS: Mapping[str, Label] = {
    "citizen_asked": Label("群众请人帮忙", "Somebody asks for help"),
    "card_left": Label("证件忘在读卡器上", "A card lies on the reader"),
    "result_left": Label(
        "人已离开，结果还在打印，请收好", "Who left has a result in the printer: put it in safe keeping"
    ),
    "result_print_held_up": Label("打印结果时停了，请看打印机", "A result stands still in the printer"),
    "result_print_unknown": Label(
        "不知结果打完没有，请看出纸口", "Nobody knows whether a result came out: look at the tray"
    ),
    "result_not_out": Label("群众说结果没有打出来，请看打印机", "Its citizen says a result did not come out"),
}
