"""A result printed at the kiosk: touched, waited for, and taken out of the simulated printer's tray."""

from pathlib import Path

from demo.kiosk import Kiosk, ScreenStuck
from demo.office import picture_of
from demo.world import World

WITHIN_MS = 30_000


def print_first_result(world: World, kiosk: Kiosk, file: Path) -> str:
    """Print the first result of the case on the screen; what was printed goes to `file`, with a picture.

    Returns what the result is called. ScreenStuck when no paper comes.
    """
    button = kiosk.page.locator('[hx-post="/acts/print_here"]').first
    button.wait_for(timeout=WITHIN_MS)
    name = kiosk.page.locator(".row", has=button).locator(".row-name").first.inner_text()
    before = len(world.a4_printer.get("/jobs"))
    kiosk.touch(button)
    kiosk.page.get_by_text("打印好了").first.wait_for(timeout=WITHIN_MS)
    kiosk.take_picture("result-printed")
    jobs = world.a4_printer.get("/jobs")
    if len(jobs) != before + 1 or not jobs[-1]["sheets"]:
        raise ScreenStuck(f"{len(jobs) - before} jobs came to the printer")
    file.write_bytes(world.a4_printer.get_bytes(f"/documents/{jobs[-1]['number']}"))
    picture_of(file)
    return name
