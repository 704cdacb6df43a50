"""The kiosk's command line: run it, make its key, look at its devices."""

import argparse
import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from devices.errors import DeviceError
from devices.registry import open_device
from devices.url import BadDeviceUrl
from terminal_client.config import ConfigError, read_config, read_desk_config
from terminal_client.keys import KeyFileError, make_key, read_key

THREADS = 16
ENDS = (signal.SIGTERM, signal.SIGINT)
PARENT = "end when standard input ends, so that the program never outlives the one that started it"


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when it was done, 1 with a plain sentence when it was not."""
    asked = _parser().parse_args(arguments)
    try:
        return int(asked.run(asked))
    except (ConfigError, KeyFileError, DeviceError, BadDeviceUrl) as error:
        print(getattr(error, "zh", None) or error, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="onething-terminal", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="show the kiosk's pages on 127.0.0.1")
    run.add_argument("--config", type=Path, required=True)
    run.add_argument("--port", type=int, default=8090, help="0 for any free one")
    run.add_argument("--with-parent", action="store_true", help=PARENT)
    run.set_defaults(run=run_kiosk)
    desk = commands.add_parser("desk", help="serve a clerk's devices to the console's page on this machine")
    desk.add_argument("--config", type=Path, required=True)
    desk.add_argument("--port", type=int, default=8091, help="0 for any free one")
    desk.add_argument("--with-parent", action="store_true", help=PARENT)
    desk.set_defaults(run=run_desk)
    keygen = commands.add_parser("keygen", help="make this kiosk's key pair and print the public half")
    keygen.add_argument("--key-file", type=Path, required=True)
    keygen.set_defaults(run=print_new_key)
    doctor = commands.add_parser("doctor", help="say what of this kiosk works and what does not")
    doctor.add_argument("--config", type=Path, required=True)
    doctor.set_defaults(run=examine)
    card = commands.add_parser("idcard", help="the card reader").add_subparsers(required=True, metavar="WHAT")
    read = card.add_parser("read", help="read the card that lies on the reader")
    read.add_argument("--device", required=True)
    read.add_argument("--json", action="store_true")
    read.set_defaults(run=read_card)
    code = commands.add_parser("qr", help="QR codes").add_subparsers(required=True, metavar="WHAT")
    decode = code.add_parser("decode", help="read the QR codes in picture files")
    decode.add_argument("files", nargs="+", type=Path)
    decode.add_argument("--json", action="store_true")
    decode.set_defaults(run=decode_pictures)
    test = commands.add_parser("print-test", help="print a test slip")
    test.add_argument("--device", required=True)
    test.set_defaults(run=print_test)
    return parser


def run_kiosk(asked: argparse.Namespace) -> int:
    """Serve the pages until SIGTERM or SIGINT."""
    from waitress.server import create_server

    from terminal_client.app import make_app
    from terminal_client.devices_in_use import DevicesInUse
    from terminal_client.kiosk import Kiosk
    from terminal_client.server_client import ServerClient

    config = read_config(asked.config)
    config.state_dir.mkdir(parents=True, exist_ok=True)
    client = ServerClient(config.server_url, config.terminal_id, read_key(config.key_file))
    kiosk = Kiosk(client, DevicesInUse(config))
    server = create_server(make_app(kiosk, config), host="127.0.0.1", port=asked.port, threads=THREADS)
    _end_on_signal(kiosk.stop, with_parent=asked.with_parent)
    kiosk.start()
    print(json.dumps({"url": f"http://127.0.0.1:{server.effective_port}/"}), flush=True)
    server.run()
    client.close()
    return 0


def run_desk(asked: argparse.Namespace) -> int:
    """Serve a clerk's devices until SIGTERM or SIGINT; says the address and the pairing code at start."""
    from waitress.server import create_server

    from terminal_client.desk import make_code, make_desk
    from terminal_client.desk_devices import DeskDevices

    config = read_desk_config(asked.config)
    devices, code = DeskDevices(config), make_code()
    server = create_server(make_desk(devices, config, code), host="127.0.0.1", port=asked.port, threads=4)
    _end_on_signal(devices.close, with_parent=asked.with_parent)
    print(f"pairing code for {config.console_origin}: {code}", file=sys.stderr)
    ready = {"url": f"http://127.0.0.1:{server.effective_port}/desk", "pairing_code": code}
    print(json.dumps(ready), flush=True)
    server.run()
    return 0


def _end_on_signal(stop: Callable[[], None], *, with_parent: bool) -> None:
    def end(*_: object) -> None:
        # a second signal within a thread's join would wait on the lock that the first one holds
        for number in ENDS:
            signal.signal(number, signal.SIG_IGN)
        stop()
        raise SystemExit(0)

    for number in ENDS:
        signal.signal(number, end)
    if with_parent:
        threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    # unbuffered: a reader that holds the buffer's lock makes the interpreter abort when it ends
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def print_new_key(asked: argparse.Namespace) -> int:
    """Make a key pair and print the public half."""
    public = make_key(asked.key_file)
    print(public.read_text(encoding="ascii"), end="")
    return 0


def examine(asked: argparse.Namespace) -> int:
    """Say of each part of this kiosk whether it works; 1 when one does not."""
    from terminal_client.doctor import examine_kiosk

    findings = examine_kiosk(read_config(asked.config))
    for finding in findings:
        print(f"{'ok ' if finding.is_well else 'BAD'}  {finding.what}: {finding.said}")
    return 0 if all(finding.is_well for finding in findings) else 1


def read_card(asked: argparse.Namespace) -> int:
    """Read one card and print it, without its photo."""
    reader = open_device(asked.device)
    try:
        card = reader.read().to_json()
    finally:
        reader.close()
    card.pop("photo", None)
    print(json.dumps(card, ensure_ascii=False) if asked.json else _lines(card))
    return 0


def _lines(card: dict[str, Any]) -> str:
    return "\n".join(f"{name:20} {value}" for name, value in card.items() if value)


def decode_pictures(asked: argparse.Namespace) -> int:
    """Print the QR codes of each file; 1 when a file has none."""
    from devices.qr.image import decode_qr

    found = {str(path): decode_qr(path.read_bytes()) for path in asked.files}
    if asked.json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        print(
            "\n".join(f"{path}: {text}" for path, texts in found.items() for text in texts or ["no QR code"])
        )
    return 0 if all(found.values()) else 1


def print_test(asked: argparse.Namespace) -> int:
    """Print a test slip; 1 unless the printer says that it is printed."""
    from devices.receipt_printer.slip import Cut, Feed, Qr, Rule, Text

    slip = [
        Text("打印测试 PRINT TEST", bold=True, align="center"),
        Rule(),
        Text("䶮 㛃 𠮷 生僻字"),
        Qr("ONETHING-PRINT-TEST"),
        Feed(2),
        Cut(),
    ]
    printer = open_device(asked.device)
    try:
        outcome = printer.print_slip(slip)
    finally:
        printer.close()
    print(outcome.state if outcome.state == "printed" else f"{outcome.state}: {outcome.reason}")
    return 0 if outcome.state == "printed" else 1


if __name__ == "__main__":
    raise SystemExit(main())
