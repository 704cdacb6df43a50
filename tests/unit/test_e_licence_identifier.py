"""Identifiers of e-licences by GB/T 36904, judged by numbers that others published and by python-stdnum."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_37_36

from onething.domain.e_licence_identifier import (
    ELicenceIdentifier,
    check_character,
    find_e_licence_identifier,
)

# ISO 7064 MOD 37,36 is shared with the identifiers of recordings (GRid) and of films (ISAN).
PUBLISHED = ["A12425GABC1234002M", "00000000D07A0090Q"]
KIND = "11100000MB0143028R001"
characters = st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=60)


@pytest.mark.parametrize("published", PUBLISHED)
def test_published_numbers_have_their_check_character(published: str) -> None:
    assert check_character(published[:-1]) == published[-1]


@given(characters)
def test_the_check_character_is_the_standard_s(text: str) -> None:
    assert check_character(text) == mod_37_36.calc_check_digit(text)


@given(serial=characters, version=st.integers(1, 999))
def test_what_is_written_is_read_back(serial: str, version: int) -> None:
    identifier = ELicenceIdentifier(KIND, "411599000", serial[:40], version)
    assert find_e_licence_identifier(str(identifier)) == identifier


@given(serial=characters, place=st.integers(0, 39), other=st.sampled_from("0123456789ABCDEFGHIJKLMN"))
def test_one_wrong_character_always_shows(serial: str, place: int, other: str) -> None:
    serial = serial[:40]
    place %= len(serial)
    wrong = serial[:place] + other + serial[place + 1 :]
    text = str(ELicenceIdentifier(KIND, "411599000", serial, 1))
    check = text.rpartition(".")[2]
    changed = f"{text.partition(serial)[0]}{wrong}.001.{check}" if serial != wrong else ""
    assert find_e_licence_identifier(changed) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1.2.156.3005.2." + KIND,
        f"1.2.156.3005.3.{KIND}.1.1.001.0",
        f"1.2.156.3005.2.{KIND}.1.1.1.0",
        f"1.2.156.3005.2.{KIND}.甲.1.001.0",
    ],
)
def test_what_has_another_form_is_none(text: str) -> None:
    assert find_e_licence_identifier(text) is None
