"""What a mask shows and what it never shows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onething.domain import masking

MASKS = (
    masking.mask_name,
    masking.mask_id_number_on_slip,
    masking.mask_id_number,
    masking.mask_mobile,
    masking.mask_bank_card,
)


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("王小明", "王*明"),
        ("张三", "张*"),
        ("欧阳晓明", "欧**明"),
        ("张𠮷䶮㛃𫖯", "张***𫖯"),
        ("阿卜杜·热合曼", "阿*****曼"),
        ("张", "*"),
        ("John Smith", "J*** S****"),
        ("", ""),
    ],
)
def test_names(name: str, masked: str) -> None:
    assert masking.mask_name(name) == masked


def test_numbers() -> None:
    assert masking.mask_id_number_on_slip("41159919970312002X") == "4****************X"
    assert masking.mask_id_number("41152319970312002X") == "411523********002X"
    assert masking.mask_id_number("E12345678") == "E1*****78"
    assert masking.mask_mobile("13800001234") == "138****1234"
    assert masking.mask_bank_card("6228000011112222") == "************2222"


@pytest.mark.parametrize("mask", MASKS)
@given(text=st.text("0123456789X", min_size=1, max_size=24))
def test_a_mask_keeps_the_length_and_hides_a_third(mask: masking.Mask, text: str) -> None:
    masked = mask(text)
    assert len(masked) == len(text)
    assert masked.count("*") * 3 >= len(text)
    assert all(shown in ("*", kept) for shown, kept in zip(masked, text, strict=True))
