"""The terminal's life from the command line: its key, its enrolment, the way into its technician's screen."""

import argparse
import sys
import time
from dataclasses import replace

from devices.registry import open_device
from terminal_client import identity as identities
from terminal_client.agent.codes import EnrolmentCode, parse_scanned, parse_typed
from terminal_client.agent.enrolment import EnrolmentFailed, enrol
from terminal_client.config import Config, read_config
from terminal_client.keys import make_key
from terminal_client.server_clock import ServerClock
from terminal_client.technician.offline_code import OfflineCodes

SCAN_SECONDS = 60.0


def print_new_key(asked: argparse.Namespace) -> int:
    """Make a key pair and print the public half."""
    public = make_key(asked.key_file)
    print(public.read_text(encoding="ascii"), end="")
    return 0


def enrol_here(asked: argparse.Namespace) -> int:
    """Enrol with a typed or scanned code, and print the letters that must stand on the console too."""
    config = read_config(asked.config)
    if asked.server:
        config = replace(config, server_url=asked.server)
    code = _scan(config) if asked.qr else parse_typed(asked.code or _ask())
    enrolled = enrol(config, code)
    identity = enrolled.identity
    print(f"{identity.number}  {identity.hall_zh} {identity.hall_en}")
    print(f"核对字 check words: {enrolled.check_words}")
    if enrolled.state == "lobby":
        print("和控制台一样就在控制台点“启用” the same at the console: press “activate” there")
    return 0


def print_technician_code(asked: argparse.Namespace) -> int:
    """Print a code for the technician's screen, good for an hour and for one use."""
    config = read_config(asked.config)
    secret = identities.get_offline_secret(config.state_dir)
    print(OfflineCodes(config.state_dir, secret, ServerClock().now).issue())
    return 0


def _ask() -> str:
    print("编码 code: ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline()


def _scan(config: Config) -> EnrolmentCode:
    if config.devices.qr is None:
        raise EnrolmentFailed("no_reader", "没有配置扫码器，请输入编码", "No QR reader here: type it.")
    reader = open_device(config.devices.qr)
    until = time.monotonic() + SCAN_SECONDS
    try:
        while time.monotonic() < until:
            texts = reader.read()
            if texts:
                return parse_scanned(texts[0])
            time.sleep(0.3)
    finally:
        reader.close()
    raise EnrolmentFailed("no_code", "没有看到二维码", "No code was seen.")
