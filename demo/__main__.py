"""`python -m demo` registers a birth and leaves demo-out/; `python -m demo run` keeps the county up."""

import argparse
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path

from demo.birth import MOTHER, Birth, as_json
from demo.kiosk import Kiosk, ScreenStuck
from demo.outputs import DepartmentsSilent, Visit, clear_folder, timeline_text, write_summary
from demo.processes import ProcessFailed
from demo.table import Table
from demo.world import KNOWN_PORTS, TOP, World

KEPT = TOP / "var" / "run"


def main() -> int:
    """0 when all went well, 1 with a sentence when not."""
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    parser.add_argument("what", nargs="?", choices=("birth", "run"), default="birth")
    parser.add_argument("--out", type=Path, default=TOP / "demo-out", help="where the demonstration is left")
    options = parser.parse_args()
    # An orderly end for every process, whichever way we are told to end.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        return _run() if options.what == "run" else _register_birth(options.out)
    except (ProcessFailed, ScreenStuck, DepartmentsSilent) as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(
            f"demo: {error.strerror or error}: {error.filename or 'is make run already running?'}",
            file=sys.stderr,
        )
        return 1
    except KeyboardInterrupt:
        return 130


def _register_birth(out: Path) -> int:
    began = time.monotonic()
    clear_folder(out)
    with (
        tempfile.TemporaryDirectory(prefix="onething-demo-") as folder,
        World(Path(folder), say=_say, keep_logs=out / "logs") as world,
    ):
        ready = time.monotonic()
        with Kiosk(world.kiosk_url, out / "screens") as kiosk:
            birth = Birth(world, kiosk)
            seen = birth.go_through()
            submitted = time.monotonic()
            touches, keys = kiosk.touches, kiosk.keys
            _say(f"submitted as {seen.case_number}, waiting for the departments")
            visit = Visit(world, MOTHER)
            case = visit.wait_for_departments(seen.case_number)
            answered = time.monotonic()
            (out / "form.pdf").write_bytes(visit.get_form(seen.case_number))
            visit.end()
            birth.come_back()
        (out / "receipt.png").write_bytes(world.printer.get_bytes("/slips/1.png"))
        (out / "timeline.txt").write_text(timeline_text(case), "utf-8")
        timings = {
            "start_of_all_processes_s": round(ready - began, 2),
            "journey_s": round(submitted - ready, 2),
            "departments_s": round(answered - submitted, 2),
        }
        counts = {"touches": touches, "keys": keys}
        write_summary(out, {**as_json(seen), **counts, "timings": timings, "state": case["state"]})
        _say_what_happened(seen.case_number, len(seen.prefilled), len(seen.exempt), len(seen.asked), out)
    return 0


def _run() -> int:
    with World(KEPT, KNOWN_PORTS, say=_say) as world, Table(world) as table:
        print(
            f"\n  自助终端 the kiosk        {world.kiosk_url}"
            f"\n  终端旁的桌面 the table    {table.url}   放卡、看凭条、让登记库出故障 / cards, slips, moods"
            f"\n  接口 the server           {world.server_url}"
            f"\n  外部世界 outside world    {world.admin_url}/people"
            f"\n\n  Ctrl-C 结束 ends it. 记录保留在 Records stay in {KEPT.relative_to(TOP)}/.\n",
            flush=True,
        )
        ended = threading.Event()
        while not ended.wait(1):
            world.check_running()
    return 0


def _say(sentence: str) -> None:
    print(f"demo: {sentence}", flush=True)


def _say_what_happened(number: str, prefilled: int, exempt: int, asked: int, out: Path) -> None:
    place = out.name if out.parent == TOP else str(out)
    print(
        f"\n  陈晓梅在自助终端上为孩子办好了出生一件事，办件编号 {number}。"
        f"\n  {prefilled} 项内容由共享数据填好，{exempt} 份材料免交，"
        f"她只回答了 {asked} 个问题；各部门都已答复。"
        f"\n  请看 {place}/：screens/ 每个屏幕，receipt.png 回执，form.pdf 申请表，"
        "timeline.txt 经过，summary.json 汇总。"
        f"\n\n  Chen Xiaomei registered her child's birth at the kiosk, case {number}."
        f"\n  {prefilled} values came from shared data, {exempt} papers were not needed, she answered {asked}"
        " questions; every department has answered."
        f"\n  Look in {place}/: screens/, receipt.png, form.pdf, timeline.txt, summary.json.\n",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
