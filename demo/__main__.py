"""`python -m demo` registers a birth and leaves demo-out/; `python -m demo run` keeps the county up."""

import argparse
import signal
import sys
import tempfile
import threading
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from demo.afterwards import UNREADABLE, Afterwards, Followed
from demo.birth import MOTHER, Birth, Seen, as_json
from demo.kiosk import Kiosk, ScreenStuck
from demo.office import Office, OfficeStuck
from demo.outputs import DepartmentsSilent, Visit, clear_folder, timeline_text, write_summary
from demo.processes import ProcessFailed
from demo.staff import PASSWORD, Staff
from demo.table import Table
from demo.together import Joined, Together
from demo.window import Window
from demo.world import KNOWN_PORTS, TOP, Ports, World

KEPT = TOP / "var" / "run"
WINDOW_ACCEPTS = {"ONETHING_WINDOW_ACCEPTS": "yes"}


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
    except (ProcessFailed, ScreenStuck, DepartmentsSilent, OfficeStuck) as error:
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
        _world(Path(folder), keep_logs=out / "logs") as world,
    ):
        ready = time.monotonic()
        world.ask_sandbox("PUT", "/departments/GA", UNREADABLE)
        with Kiosk(world.kiosk_url, out / "screens") as kiosk, Office(world) as office:
            seen = Birth(world, kiosk).go_through()
            submitted = time.monotonic()
            touches, keys = kiosk.touches, kiosk.keys
            _say(f"submitted as {seen.case_number}: now the window, the departments and the mother again")
            followed = Afterwards(world, kiosk, office, seen.case_number, out).go_through()
            ended = time.monotonic()
            visit = Visit(world, MOTHER)
            case = visit.get_case(seen.case_number)
            (out / "form.pdf").write_bytes(visit.get_form(seen.case_number))
            visit.end()
            _say("another mother, with her phone beside the kiosk and the father far away")
            together = Together(world, kiosk, out)
            joined = together.go_through()
            together.put_away()
        (out / "receipt.png").write_bytes(world.printer.get_bytes("/slips/1.png"))
        (out / "timeline.txt").write_text(timeline_text(case), "utf-8")
        timings = {
            "start_of_all_processes_s": round(ready - began, 2),
            "journey_s": round(submitted - ready, 2),
            "afterwards_s": round(ended - submitted, 2),
        }
        counts = {"touches": touches, "keys": keys}
        others = {"followed": asdict(followed), "together": asdict(joined)}
        summary = {**as_json(seen), **counts, **others, "timings": timings}
        write_summary(out, {**summary, "state": case["state"]})
        _say_what_happened(seen, followed, joined, out)
    return 0


def _world(folder: Path, ports: Ports | None = None, **how: Any) -> World:
    return World(folder, ports, say=_say, environment=WINDOW_ACCEPTS, prints_results=True, **how)


def _run() -> int:
    with _world(KEPT, KNOWN_PORTS) as world:
        staff = Staff(world)
        with Window(world) as window, Table(world, staff=staff, window=window) as table:
            return _until_ended(world, table)


def _until_ended(world: World, table: Table) -> int:
    print(
        f"\n  自助终端 the kiosk        {world.kiosk_url}"
        f"\n  工作台 the console        {world.server_url}/console/   {PASSWORD}"
        f"\n  办事指南 the guide        {world.server_url}/guide/"
        f"\n  手机页面 the phone        {world.server_url}/m/   省认证填 the province takes: chen.mother"
        f"\n  终端旁的桌面 the table    {table.url}   放卡、看凭条、验证码 / cards, slips, codes, moods"
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


def _say_what_happened(seen: Seen, followed: Followed, joined: Joined, out: Path) -> None:
    place = out.name if out.parent == TOP else str(out)
    filled, exempt, asked = len(seen.prefilled), len(seen.exempt), len(seen.asked)
    print(
        f"\n  陈晓梅在自助终端上为孩子办好了出生一件事，办件编号 {seen.case_number}。"
        f"\n  {filled} 项内容由共享数据填好，{exempt} 份材料免交，她只回答了 {asked} 个问题。"
        f"\n  窗口受理后各部门并联办理，一次性告知补正一次，“{followed.printed}”在终端上打印，"
        f"其余 {len(followed.results)} 份结果在窗口统一交付；"
        "一个差评已回访整改，通报已生成。"
        "\n  另一位母亲把办到一半的申请转到手机，父亲在外地用自己的手机授权，材料用手机拍，"
        f"回终端交件 {joined.case_number}。"
        f"\n  请看 {place}/：screens/ 终端屏幕，phones/ 两部手机，receipt.png 回执，"
        "printed.pdf 终端打印的结果，form.pdf 申请表，"
        "notice-*.pdf 通知书，bulletin.pdf 通报，timeline.txt 经过，summary.json 汇总。"
        f"\n\n  Chen Xiaomei registered her child's birth at the kiosk, case {seen.case_number}."
        f"\n  {filled} values came from shared data, {exempt} papers were not needed, she answered {asked}"
        " questions."
        "\n  The window accepted, the departments worked side by side, asked once for one page, and"
        f" one result was printed at the kiosk and {len(followed.results)} were handed over together;"
        " a low rating was put right."
        "\n  Another mother took her form along on her phone, the father agreed on his, far away, her phone"
        f" photographed the paper, and the kiosk handed it in: {joined.case_number}."
        f"\n  Look in {place}/: screens/, phones/, receipt.png, printed.pdf, form.pdf, notice-*.pdf,"
        " bulletin.pdf, timeline.txt, summary.json.\n",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
