"""Card readers from the command line: which there are, at what speed one speaks, what a card says."""

import argparse
import json
import sys
from typing import Any

from devices.errors import DeviceError
from devices.id_card.card import IdCard
from devices.id_card.port import IdCardReader
from devices.registry import open_device

REFUSED = "reader_refused"


def read_card(asked: argparse.Namespace) -> int:
    """Read one card with its newest address and print it, without its photo."""
    from devices.id_card.shown import kind_name, list_shown_fields

    reader = open_device(asked.device)
    try:
        card = reader.read()
        newest = _find_newest_address(reader)
    finally:
        reader.close()
    if asked.json:
        print(json.dumps(_described(card, newest), ensure_ascii=False))
        return 0
    print(" ".join(kind_name(card)))
    for shown in list_shown_fields(card, newest):
        print(f"{shown.zh} {shown.en}: {shown.value}")
    return 0


def _described(card: IdCard, newest: str | None) -> dict[str, Any]:
    described = {name: value for name, value in card.to_json().items() if name != "photo"}
    return {**described, "newest_address": newest}


def _find_newest_address(reader: IdCardReader) -> str | None:
    try:
        return reader.read_newest_address()
    except DeviceError as error:
        if error.reason != REFUSED:
            raise
        return None


def list_readers(asked: argparse.Namespace) -> int:
    """List the card readers on this machine by the URLs to configure; 1 when there is none."""
    from devices.id_card.attached import list_attached

    readers = list_attached(bus=asked.bus)
    for reader in readers:
        print(f"{reader.url}  {reader.about}{'' if reader.is_sure else '  (any serial device)'}")
    if not readers:
        print("没有找到读卡器 no card reader is attached", file=sys.stderr)
    return 0 if readers else 1


def find_speed(asked: argparse.Namespace) -> int:
    """Say at which speed a silent reader answers; 1 when at none, or when its wire has no speed."""
    reader = open_device(asked.device)
    try:
        speed = reader.find_speed() if hasattr(reader, "find_speed") else None
    finally:
        reader.close()
    if speed is None:
        print("读卡器在任何速率下都没有应答 the reader answers at no speed", file=sys.stderr)
        return 1
    print(speed)
    return 0
