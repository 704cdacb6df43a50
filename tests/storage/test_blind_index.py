"""A number is found again without being kept."""

import pytest

from onething.storage.blind_index import KeyedIndex
from onething.storage.keyring import KeyRing
from onething.storage.suites import SUITES
from tests.storage.made_records import MOTHER_NUMBER


@pytest.mark.parametrize("suite", sorted(SUITES))
def test_every_way_of_writing_a_number_is_one_index(suite: str) -> None:
    index = KeyedIndex(KeyRing.new(suite))
    number = MOTHER_NUMBER[:17] + "X"
    wide = "".join(chr(ord(char) + 0xFEE0) for char in number)
    ways = [number, number.lower(), f" {number}\n", f"{number[:6]} {number[6:14]}-{number[14:]}", wide]
    assert len({index.of_number(way) for way in ways}) == 1
    assert index.of_number(number) != index.of_number(MOTHER_NUMBER[:16] + "4X")


def test_it_is_32_hex_digits_that_say_nothing() -> None:
    index = KeyedIndex(KeyRing.new())
    found = index.of_number(MOTHER_NUMBER)
    assert len(bytes.fromhex(found)) == 16
    assert KeyedIndex(KeyRing.new()).of_number(MOTHER_NUMBER) != found


def test_it_stays_when_data_keys_rotate() -> None:
    ring = KeyRing.new()
    before = KeyedIndex(ring).of_number(MOTHER_NUMBER)
    assert KeyedIndex(ring.rotated("sm4-gcm")).of_number(MOTHER_NUMBER) == before


@pytest.mark.parametrize("nothing", ["", " ", "--"])
def test_an_empty_number_has_none(nothing: str) -> None:
    with pytest.raises(ValueError, match="empty"):
        KeyedIndex(KeyRing.new()).of_number(nothing)
