"""What a read's answer holds: the lengths and parts of a card, and the newest address."""

import codecs

from devices.id_card.card import IdCard
from devices.id_card.faults import FAULTS
from devices.id_card.frames import Bytes
from devices.id_card.text_block import LENGTH, UnreadableBlock, decode_text_block

PHOTO_LENGTH = 1024
ADDRESS_LENGTH = 70


def parse_card_data(data: Bytes, *, parts: int) -> IdCard:
    """A read's data: `parts` big-endian lengths (text, photo, fingerprint), then those parts.

    Fingerprint features are passed over. DeviceError card_damaged when lengths, text or card number do not
    hold together; it carries nothing of what was read, not even in its traceback.
    """
    view = memoryview(data)
    lengths = [int.from_bytes(view[at : at + 2], "big") for at in range(0, 2 * parts, 2)]
    if lengths[:2] != [LENGTH, PHOTO_LENGTH] or len(view) != 2 * parts + sum(lengths):
        raise FAULTS.error("card_damaged", f"lengths {lengths} in {len(view)} bytes")
    photo_at = 2 * parts + LENGTH
    try:
        return decode_text_block(view[2 * parts : photo_at], bytes(view[photo_at : photo_at + PHOTO_LENGTH]))
    except UnreadableBlock as error:
        said = str(error)
    # raised here and not there: an exception's cause keeps the frames, and those the fields, alive
    raise FAULTS.error("card_damaged", said)


def parse_address(data: Bytes) -> str:
    """The newest address: 70 bytes of UTF-16LE. DeviceError card_damaged."""
    if len(data) != ADDRESS_LENGTH:
        raise FAULTS.error("card_damaged", f"address of {len(data)} bytes")
    try:
        return codecs.utf_16_le_decode(data, "strict", True)[0].strip(" \0")
    except UnicodeDecodeError:
        pass
    raise FAULTS.error("card_damaged", "address is not UTF-16")
