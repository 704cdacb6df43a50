"""The 256 bytes of text on a card, all four layouts."""

import dataclasses
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.errors import DeviceError
from devices.id_card.card import IdCard
from devices.id_card.card_data import parse_card_data
from devices.id_card.card_number import check_digit, is_valid_number
from devices.id_card.code_names import ethnicity_name, sex_name
from devices.id_card.text_block import LAYOUTS, UnreadableBlock, decode_text_block, encode_text_block

SHORT = settings(max_examples=100, deadline=None)


def _block_by_hand() -> bytes:
    """A resident's block laid out from the published offsets, not by our encoder."""
    block = bytearray(" ".encode("utf-16-le") * 128)
    number = "41159919940608002" + check_digit("41159919940608002")
    for offset, text in (
        (0, "张𠮷"),
        (30, "2"),
        (32, "01"),
        (36, "19940608"),
        (52, "河南省新县虚构路1号"),
        (122, number),
        (158, "新县公安局"),
        (188, "20140301"),
        (204, "长期"),
    ):
        raw = text.encode("utf-16-le")
        block[offset : offset + len(raw)] = raw
    return bytes(block)


def test_the_published_offsets_give_a_resident() -> None:
    card = decode_text_block(_block_by_hand())
    assert (card.kind, card.name, card.sex, card.ethnicity) == ("resident", "张𠮷", "2", "01")
    assert card.birth_on == date(1994, 6, 8)
    assert card.address == "河南省新县虚构路1号"
    assert (card.authority, card.valid_from, card.valid_to) == ("新县公安局", date(2014, 3, 1), None)
    assert encode_text_block(card) == _block_by_hand()


def test_every_kind_comes_back_as_it_went(any_card: IdCard) -> None:
    block = encode_text_block(any_card)
    assert len(block) == 256
    assert decode_text_block(block, any_card.photo) == any_card


def test_every_kind_survives_json(any_card: IdCard) -> None:
    assert IdCard.from_json(any_card.to_json()) == any_card


def test_layouts_do_not_overlap_and_stay_inside() -> None:
    for layout in LAYOUTS:
        used = [at for _, offset, length in layout.fields for at in range(offset, offset + length)]
        assert len(used) == len(set(used))
        assert max(used) < 256
        assert not {248, 249} & set(used) or layout.kind == "resident"


@pytest.mark.parametrize(
    ("kind", "mark"), [("hmt_permit", "J"), ("foreigner_2017", "I"), ("foreigner_2023", "Y")]
)
def test_the_kind_stands_at_byte_248(kind: str, mark: str, any_card: IdCard) -> None:
    block = encode_text_block(any_card)
    assert (block[248:250] == mark.encode("utf-16-le")) == (any_card.kind == kind)


def test_a_repr_names_nobody(any_card: IdCard) -> None:
    shown = repr(any_card)
    assert any_card.id_number not in shown
    assert not any_card.name or any_card.name not in shown


@pytest.mark.parametrize(
    "damage",
    [
        {"name": "", "english_name": ""},
        {"name": "张\x1b三"},
        {"sex": "男"},
        {"id_number": "411599199406080020"},
        {"id_number": "41159919940608002１"},
        {"valid_to": date(2010, 1, 1)},
    ],
    ids=lambda damage: "+".join(damage),
)
def test_a_damaged_value_is_refused(damage: dict[str, object], resident_card: IdCard) -> None:
    block = encode_text_block(dataclasses.replace(resident_card, **damage))  # type: ignore[arg-type]
    with pytest.raises(UnreadableBlock):
        decode_text_block(block)


@pytest.mark.parametrize("born", ["19940230", "1994 608", "１９９４０６０８", "00000000"])
def test_an_impossible_date_is_refused(born: str, resident_card: IdCard) -> None:
    block = bytearray(encode_text_block(resident_card))
    block[36:52] = born.encode("utf-16-le")
    with pytest.raises(UnreadableBlock, match="birth_on"):
        decode_text_block(bytes(block))


def test_a_refusal_never_repeats_the_value(resident_card: IdCard) -> None:
    block = encode_text_block(dataclasses.replace(resident_card, id_number="411599199406080020"))
    with pytest.raises(UnreadableBlock) as caught:
        decode_text_block(block)
    assert "411599" not in str(caught.value)


def test_a_name_too_long_for_its_field_is_not_cut(resident_card: IdCard) -> None:
    with pytest.raises(ValueError, match="name"):
        encode_text_block(dataclasses.replace(resident_card, name="长" * 16))


@SHORT
@given(st.binary(min_size=256, max_size=256))
def test_any_256_bytes_are_a_card_or_refused(block: bytes) -> None:
    try:
        card = decode_text_block(block)
    except UnreadableBlock:
        return
    assert card.kind == "foreigner_2017" or is_valid_number(card.id_number)


@SHORT
@given(st.data())
def test_a_block_with_one_wrong_byte_is_a_card_or_refused(data: st.DataObject) -> None:
    block = bytearray(_block_by_hand())
    block[data.draw(st.integers(0, 255))] = data.draw(st.integers(0, 255))
    try:
        decode_text_block(bytes(block))
    except UnreadableBlock:
        return


@SHORT
@given(st.binary(max_size=1400), st.sampled_from([2, 3]))
def test_any_read_data_is_damaged(raw: bytes, parts: int) -> None:
    with pytest.raises(DeviceError, match="card_damaged"):
        parse_card_data(raw, parts=parts)


def test_half_a_read_is_never_a_card(resident_card: IdCard) -> None:
    whole = bytes.fromhex("01000400") + encode_text_block(resident_card) + resident_card.photo
    assert parse_card_data(whole, parts=2) == resident_card
    for length in range(len(whole)):
        with pytest.raises(DeviceError, match="card_damaged"):
            parse_card_data(whole[:length], parts=2)
    with pytest.raises(DeviceError, match="card_damaged"):
        parse_card_data(whole + b"\0", parts=2)


@pytest.mark.parametrize(
    ("number", "is_valid"),
    [
        ("11010519491231002X", True),
        ("440524188001010014", True),
        ("11010519491231002x", False),
        ("110105194912310021", False),
        ("1101051949123100", False),
        ("", False),
    ],
)
def test_check_digits_of_gb_11643(number: str, is_valid: bool) -> None:
    assert is_valid_number(number) is is_valid


@pytest.mark.parametrize(
    ("code", "name"),
    [("01", "汉"), ("11", "满"), ("56", "基诺"), ("97", "其他"), ("58", "未知(58)"), ("", "")],
)
def test_ethnicity_names(code: str, name: str) -> None:
    assert ethnicity_name(code) == name


def test_sex_names() -> None:
    assert [sex_name(code) for code in "0129x"] == ["未知", "男", "女", "未说明", "未知"]
