"""Invented numbers pass the published checks and can be nobody's."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_2, mod_37_36

from sandbox.e_licences import identifier_of
from sandbox.identifiers import DIVISION, make_citizen_number, make_uscc
from sandbox.people import card_of, load_world


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2026, 12, 31)), st.integers(0, 999))
def test_a_citizen_number_passes_gb_11643(born_on: date, sequence: int) -> None:
    number = make_citizen_number(born_on, sequence)
    assert mod_11_2.is_valid(number)
    assert number.startswith(DIVISION + born_on.strftime("%Y%m%d"))


@given(st.sampled_from(["91", "92", "93", "11"]), st.integers(0, 10**9 - 1))
def test_a_credit_code_passes_gb_32100(prefix: str, sequence: int) -> None:
    assert uscc.is_valid(make_uscc(prefix, sequence))


@given(st.sampled_from(["id_card", "hukou_book", "business_licence"]), st.text("0123456789X", min_size=18))
def test_an_e_licence_identifier_passes_gb_36904(document: str, holder: str) -> None:
    identifier = identifier_of(document, holder)
    assert identifier.startswith("1.2.156.3005.2.")
    assert mod_37_36.is_valid("".join(identifier.split(".")[5:]))


def test_a_sequence_out_of_range_is_refused() -> None:
    with pytest.raises(ValueError, match="1000"):
        make_citizen_number(date(2000, 1, 1), 1000)


def test_everybody_belongs_to_no_real_county_and_has_the_sex_their_number_says() -> None:
    for person in load_world().people.values():
        assert person.id_number.startswith("411599")
        assert int(person.id_number[16]) % 2 == (1 if person.sex == "1" else 0), person.key
        assert mod_11_2.is_valid(person.id_number)


def test_cards_were_valid_after_birth_and_are_now() -> None:
    today = date(2026, 11, 23)
    for person in load_world(today).people.values():
        card = card_of(person)
        assert person.born_on < date.fromisoformat(card["valid_from"])
        if "death" not in person.entries and person.key != "spare.five":
            assert date.fromisoformat(card["valid_from"]) <= today, person.key
            assert card["valid_to"] is None or date.fromisoformat(card["valid_to"]) > today, person.key


def test_newborns_stay_newborn() -> None:
    for today in (date(2026, 11, 23), date(2031, 2, 28)):
        world = load_world(today)
        for birth in world.births:
            assert all(0 < (today - child.birth_at.date()).days <= 31 for child in birth.children)
