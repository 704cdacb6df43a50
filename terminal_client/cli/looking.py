"""Looking at a kiosk from the command line: its parts, its devices one by one, its outbox, its report."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from devices.registry import open_device
from devices.scanner.port import ScannedPage, ScanStopped
from terminal_client import identity as identities
from terminal_client.agent.effective import read_effective
from terminal_client.config import read_config
from terminal_client.keys import read_key
from terminal_client.outbox.store import Item, Outbox
from terminal_client.status import find_status
from terminal_client.technician.trials import make_test_slip

ENDINGS = {"image/jpeg": "jpg", "image/png": "png"}


def examine(asked: argparse.Namespace) -> int:
    """Say of each part of this kiosk whether it works; 1 when one does not."""
    from terminal_client.doctor import examine_kiosk, list_never_tried

    config = read_effective(read_config(asked.config))
    findings = examine_kiosk(config)
    for finding in findings:
        print(f"{'ok ' if finding.is_well else 'BAD'}  {finding.what}: {finding.said}")
        if finding.advice:
            print(f"       what to do: {finding.advice}")
    for untried in list_never_tried(config):
        print(f"note never met real hardware: {untried}")
    return 0 if all(finding.is_well for finding in findings) else 1


def print_status(asked: argparse.Namespace) -> int:
    """Say how the running kiosk is, as its own technician's screen does; 1 when it has not said so yet."""
    status = find_status(read_config(asked.config).state_dir)
    if status is None or not status.is_fresh:
        print("这台终端没有在运行 this kiosk is not running", file=sys.stderr)
        return 1
    if asked.json:
        print(json.dumps(status.to_json(), ensure_ascii=False))
        return 0
    for name, value in status.lines.items():
        print(f"{name:16} {value}")
    for kind, health in status.devices.items():
        print(f"{kind:16} {health['state']} {health['reason']} since {health['since_at']}")
    return 0


def list_devices(asked: argparse.Namespace) -> int:
    """Look at each configured device once; 1 when one cannot be used."""
    from terminal_client.device_board import look_from_outside

    config = read_effective(read_config(asked.config))
    looked = {
        kind: {"url": url, **look_from_outside(config, kind, url).to_json()}
        for kind, url in config.devices.by_kind().items()
    }
    for kind, health in looked.items():
        if asked.json:
            print(json.dumps({"kind": kind, **health}, ensure_ascii=False))
        else:
            print(f"{kind:16} {health['state']:10} {health['reason']:18} {health['url']}")
    return 0 if all(each["state"] in ("ready", "busy", "degraded") for each in looked.values()) else 1


def print_outbox(asked: argparse.Namespace) -> int:
    """List what waits to be sent and what was parked; 1 when something is parked."""
    config = read_config(asked.config)
    identity = identities.read_identity(config.state_dir)
    if identity is None:
        print("这台终端没有注册 this kiosk is not enrolled", file=sys.stderr)
        return 1
    outbox = Outbox(config.state_dir, identity.outbox_key, identity.terminal)
    try:
        if asked.release:
            outbox.release(asked.release)
        items = outbox.list_all()
    finally:
        outbox.close()
    for item in items:
        print(json.dumps(_described(item)) if asked.json else _line(item))
    return 1 if any(item.is_parked for item in items) else 0


def _described(item: Item) -> dict[str, Any]:
    return {
        "id": item.id,
        "kind": item.kind,
        "taken_at": item.taken_at.isoformat(),
        "bytes": len(item.sealed),
        "tries": item.tries,
        "parked": item.is_parked,
        "reason": item.reason,
    }


def _line(item: Item) -> str:
    how = f"parked: {item.reason}" if item.is_parked else "waits"
    return f"{item.id}  {item.kind:8} {item.taken_at.isoformat(timespec='seconds')}  {how}"


def write_report(asked: argparse.Namespace) -> int:
    """Write the signed readiness report as a page of HTML; 1 when something on it is not well."""
    from terminal_client.technician.examined import make_report

    config = read_effective(read_config(asked.config))
    page, is_well = make_report(config, read_key(config.key_file))
    asked.out.write_text(page, encoding="utf-8")
    print(asked.out)
    return 0 if is_well else 1


def decode_pictures(asked: argparse.Namespace) -> int:
    """Print the QR codes of each file; 1 when a file has none."""
    from devices.qr.files import decode_files

    is_every_one_read = True
    for found in decode_files(asked.files):
        is_every_one_read = is_every_one_read and bool(found.texts)
        if asked.json:
            print(json.dumps(found.to_json(), ensure_ascii=False), flush=True)
        else:
            print(
                "\n".join(f"{found.path}: {text}" for text in found.texts or [found.reason or "no QR code"])
            )
    return 0 if is_every_one_read else 1


def scan_pages(asked: argparse.Namespace) -> int:
    """Scan the glass or the feeder into files; 1 when the feeder stopped before its end."""
    scanner = open_device(asked.device)
    stopped = None
    try:
        pages = scanner.scan(dpi=asked.dpi, colour=True, source=asked.source)
    except ScanStopped as error:
        pages, stopped = list(error.pages), error
    finally:
        scanner.close()
    for number, page in enumerate(pages, start=1):
        print(_write_page(asked.out, number, page))
    if stopped is not None:
        print(stopped.zh, file=sys.stderr)
    return 1 if stopped is not None else 0


def _write_page(out: Path, number: int, page: ScannedPage) -> Path:
    path = out / f"page-{number}.{ENDINGS.get(page.media_type, 'bin')}" if out.is_dir() else out
    if number > 1 and not out.is_dir():
        path = out.with_name(f"{out.stem}-{number}{out.suffix}")
    path.write_bytes(page.image)
    return path


def print_test(asked: argparse.Namespace) -> int:
    """Print a test slip; 1 unless the printer says that it is printed."""
    printer = open_device(asked.device)
    try:
        outcome = printer.print_slip(make_test_slip())
    finally:
        printer.close()
    print(outcome.state if outcome.state == "printed" else f"{outcome.state}: {outcome.reason}")
    return 0 if outcome.state == "printed" else 1
