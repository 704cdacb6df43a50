"""What can be said on the command line, and to whom it goes."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from devices.errors import DeviceError
from devices.url import BadDeviceUrl
from terminal_client.agent.codes import BadCode
from terminal_client.agent.enrolment import EnrolmentFailed
from terminal_client.agent.journal import JournalFailed
from terminal_client.cli import cards, life, looking, serving
from terminal_client.config import ConfigError
from terminal_client.identity import IdentityError
from terminal_client.keys import KeyFileError
from terminal_client.outbox.store import OutboxFailed
from terminal_client.server_client import ServerAway, ServerRefused

PARENT = "end when standard input ends, so that the program never outlives the one that started it"
TOLD = (
    BadCode,
    BadDeviceUrl,
    ConfigError,
    DeviceError,
    EnrolmentFailed,
    IdentityError,
    JournalFailed,
    KeyFileError,
    OutboxFailed,
)
Act = Callable[[argparse.Namespace], int]
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when it was done, 1 with a plain sentence when it was not."""
    asked = _parser().parse_args(arguments)
    try:
        return int(asked.run(asked))
    except TOLD as error:
        print(getattr(error, "zh", None) or error, file=sys.stderr)
    except ServerAway as error:
        print(f"连不上服务器 the server was not reached: {error}", file=sys.stderr)
    except ServerRefused as error:
        print(f"{error.why.zh} {error.why.en} ({error.reason})", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="onething-terminal", description="The program on the kiosk.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_serving(commands)
    _add_life(commands)
    _add_devices(commands)
    return parser


def _add_serving(commands: Commands) -> None:
    run = _add(commands, "run", "show the kiosk's pages on 127.0.0.1", serving.run_kiosk, needs_config=True)
    run.add_argument("--port", type=int, default=8090, help="0 for any free one")
    run.add_argument("--with-parent", action="store_true", help=PARENT)
    run.add_argument("--beat-seconds", type=float, default=30.0, help="between two heartbeats (30)")
    run.add_argument("--trial-seconds", type=float, default=300.0, help="a configuration's trial (300)")
    told = "serve a clerk's devices to the console's page on this machine"
    desk = _add(commands, "desk", told, serving.run_desk, needs_config=True)
    desk.add_argument("--port", type=int, default=8091, help="0 for any free one")
    desk.add_argument("--with-parent", action="store_true", help=PARENT)


def _add_life(commands: Commands) -> None:
    keygen = _add(commands, "keygen", "make this kiosk's key pair, print the public half", life.print_new_key)
    keygen.add_argument("--key-file", type=Path, required=True)
    enrol = _add(commands, "enrol", "enrol this kiosk with a code", life.enrol_here, needs_config=True)
    enrol.add_argument("code", nargs="?", help="the 16 characters from the console")
    enrol.add_argument("--qr", action="store_true", help="read the console's QR code")
    enrol.add_argument("--server", help="the server's address, where the settings do not say it")
    _add(commands, "doctor", "say what works and what does not", looking.examine, needs_config=True)
    status = _add(commands, "status", "say how the running kiosk is", looking.print_status, needs_config=True)
    status.add_argument("--json", action="store_true")
    outbox = _add(commands, "outbox", "list what waits to be sent", looking.print_outbox, needs_config=True)
    outbox.add_argument("--json", action="store_true")
    outbox.add_argument("--release", metavar="ID", help="send a parked item once more")
    report = _add(
        commands, "report", "write the signed readiness report", looking.write_report, needs_config=True
    )
    report.add_argument("--out", type=Path, required=True, help="an HTML file, one page")
    told = "print a code for the technician's screen of this kiosk"
    _add(commands, "technician-code", told, life.print_technician_code, needs_config=True)


def _add_devices(commands: Commands) -> None:
    devices = commands.add_parser("devices", help="the configured devices")
    what = devices.add_subparsers(required=True, metavar="WHAT")
    listed = _add(what, "list", "each device and how it is", looking.list_devices, needs_config=True)
    listed.add_argument("--json", action="store_true")
    card = commands.add_parser("idcard", help="the card reader").add_subparsers(required=True, metavar="WHAT")
    read = _add(card, "read", "read the card that lies on the reader", cards.read_card, needs_device=True)
    read.add_argument("--json", action="store_true")
    attached = _add(card, "list", "the readers on this machine, as URLs", cards.list_readers)
    attached.add_argument("--bus", default="", help="a simulator's USB bus in place of this machine's")
    _add(
        card, "speed", "find the speed at which a silent reader answers", cards.find_speed, needs_device=True
    )
    code = commands.add_parser("qr", help="QR codes").add_subparsers(required=True, metavar="WHAT")
    decode = _add(code, "decode", "read the QR codes in picture files", looking.decode_pictures)
    decode.add_argument("files", nargs="+", type=Path)
    decode.add_argument("--json", action="store_true", help="a line of JSON for each file")
    scan = _add(commands, "scan", "scan pages into files", looking.scan_pages, needs_device=True)
    scan.add_argument("--source", choices=("flatbed", "feeder", "duplex"), default="flatbed")
    scan.add_argument("--dpi", type=int, default=300)
    scan.add_argument("--out", type=Path, required=True, help="a folder, or a file for one page")
    _add(commands, "print-test", "print a test slip", looking.print_test, needs_device=True)


def _add(
    commands: Commands,
    name: str,
    told: str,
    act: Act,
    *,
    needs_config: bool = False,
    needs_device: bool = False,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=told)
    if needs_config:
        parser.add_argument("--config", type=Path, required=True)
    if needs_device:
        parser.add_argument("--device", required=True, help="the device's URL")
    parser.set_defaults(run=act)
    return parser
