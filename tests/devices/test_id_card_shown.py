"""What a person is shown of each kind of card."""

import dataclasses

from devices.id_card.card import IdCard
from devices.id_card.shown import kind_name, list_shown_fields

from .conftest import FOREIGNER_2017, FOREIGNER_2023, HMT_PERMIT, RESIDENT, RESIDENT_FOR_EVER, number


def _shown(card: IdCard, newest_address: str | None = None) -> dict[str, str]:
    return {field.name: field.value for field in list_shown_fields(card, newest_address)}


def test_a_residents_fields_are_those_on_the_card() -> None:
    assert _shown(RESIDENT) == {
        "name": "张𠮷䶮",
        "sex": "女",
        "ethnicity": "汉",
        "birth_on": "1994.06.08",
        "address": "河南省新县金兰山街道虚构路1号",
        "id_number": RESIDENT.id_number,
        "authority": "新县公安局",
        "validity": "2014.03.01 - 2034.03.01",
    }


def test_a_card_for_ever_and_a_group_that_the_tables_disagree_about() -> None:
    shown = _shown(RESIDENT_FOR_EVER)
    assert (shown["validity"], shown["ethnicity"]) == ("2006.03.01 - 长期", "未知(58)")


def test_the_newest_address_has_a_line_of_its_own() -> None:
    assert "newest_address" not in _shown(RESIDENT)
    shown = _shown(RESIDENT, "河南省新县新搬的家")
    assert (shown["address"], shown["newest_address"]) == (RESIDENT.address, "河南省新县新搬的家")


def test_permits_and_foreigners_show_what_only_they_have() -> None:
    assert {"pass_number": "H00000000", "issue_count": "01"}.items() <= _shown(HMT_PERMIT).items()
    old, new = _shown(FOREIGNER_2017), _shown(FOREIGNER_2023)
    assert {
        "english_name": "DOE, JANE INVENTED",
        "country": "XXX",
        "card_version": "01",
    }.items() <= old.items()
    assert {"name": "杜珍", "old_number_link": "001", "country": "XXX"}.items() <= new.items()
    assert "ethnicity" not in old
    assert "address" not in new


def test_every_kind_has_its_name() -> None:
    taiwan = dataclasses.replace(HMT_PERMIT, id_number=number("830000", "18800229", "001"))
    cards = (RESIDENT, HMT_PERMIT, taiwan, FOREIGNER_2017, FOREIGNER_2023)
    names = [kind_name(card) for card in cards]
    assert [zh for zh, _ in names] == [
        "居民身份证",
        "港澳居民居住证",
        "台湾居民居住证",
        "外国人永久居留身份证（2017版）",
        "外国人永久居留身份证（2023版）",
    ]
    assert len({en for _, en in names}) == 5


def test_a_shown_field_does_not_show_its_value_in_logs(any_card: IdCard) -> None:
    assert any_card.id_number not in repr(list_shown_fields(any_card))
