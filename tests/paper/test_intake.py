"""What is taken, what is refused and why; every hostile file is made here."""

import hashlib
import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from onething.paper.intake import take_page
from onething.paper.limits import MIB, PaperLimits
from onething.paper.refusals import SENTENCES, PaperRefused

from . import made_pages as made

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(%pipe%touch owned) (w) file\n"


@pytest.fixture(scope="module")
def page() -> Any:
    """A small page, enough to be read and quick to make."""
    return made.written_page(1240, 1754)


def _refusal(data: bytes, **limits: Any) -> PaperRefused:
    with pytest.raises(PaperRefused) as caught:
        take_page(data, limits=PaperLimits(**limits))
    return caught.value


def test_a_photo_becomes_a_new_jpeg_with_its_hash(page: Any) -> None:
    taken = take_page(made.jpeg(page))
    (clean,) = taken.pages
    assert taken.media_type == "image/jpeg"
    assert clean.sha256 == hashlib.sha256(clean.data).hexdigest()
    with Image.open(io.BytesIO(clean.data), formats=["JPEG"]) as image:
        assert image.size == (clean.width, clean.height) == (1240, 1754)


def test_a_png_is_taken_and_kept_as_jpeg(page: Any) -> None:
    out = io.BytesIO()
    Image.fromarray(page[:, :, ::-1]).save(out, "PNG")
    taken = take_page(out.getvalue())
    assert taken.media_type == "image/png"
    assert taken.pages[0].data.startswith(b"\xff\xd8\xff")


def test_a_pdf_gives_a_page_for_each_of_its_pages_in_order(page: Any) -> None:
    dark = (page * 0.6).astype(np.uint8)
    taken = take_page(made.pdf_of(page, dark[:, :1000], page))
    assert taken.media_type == "application/pdf"
    ratios = [round(clean.width / clean.height, 2) for clean in taken.pages]
    assert ratios == [0.71, 0.57, 0.71]


def test_nothing_of_the_metadata_is_left(page: Any) -> None:
    photo = made.jpeg_with_place(page)
    assert b"SecretPhoneMaker" in photo
    assert b"taken at home" in photo
    clean = take_page(photo).pages[0].data
    with Image.open(io.BytesIO(clean)) as image:
        assert dict(image.getexif()) == {}
    for trace in (b"Exif", b"SecretPhoneMaker", b"taken at home", b"GPS"):
        assert trace not in clean


def test_a_phone_photo_lying_on_its_side_is_set_upright_by_its_exif(page: Any) -> None:
    lying = Image.fromarray(np.rot90(page)[:, :, ::-1].copy())
    exif = Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    lying.save(out, "JPEG", exif=exif)
    clean = take_page(out.getvalue()).pages[0]
    assert clean.height > clean.width


def test_bytes_behind_the_picture_are_not_kept(page: Any) -> None:
    clean = take_page(made.jpeg(page) + b"<html><script>alert(1)</script>").pages[0]
    assert b"script" not in clean.data


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"", "empty", id="nothing"),
        pytest.param(EPS, "not_an_image", id="EPS called jpg"),
        pytest.param(SVG, "not_an_image", id="SVG called png"),
        pytest.param(
            b"GIF89a\x01\x00\x01\x00" + made.pdf_with_script(), "not_an_image", id="GIF and PDF at once"
        ),
        pytest.param(b"MZ\x90\x00" * 50, "not_an_image", id="program"),
        pytest.param(b"PK\x03\x04" + b"\x00" * 64, "not_an_image", id="archive"),
        pytest.param(b"\xff\xd8\xff", "damaged", id="JPEG of three bytes"),
        pytest.param(b"\xff\xd8\xff\xe0" + b"\xff" * 500, "damaged", id="JPEG of fill bytes"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + b"\x00" * 40, "damaged", id="PNG of zeros"),
        pytest.param(b"%PDF-1.7\nnothing\n%%EOF", "damaged", id="PDF of nothing"),
        pytest.param(made.png_of_zeros(13_000, 13_000), "too_many_pixels", id="PNG of 169 million pixels"),
        pytest.param(made.png_of_zeros(2_000, 3_000), "too_dark", id="black page"),
        pytest.param(made.pdf_with_script(), "pdf_active_content", id="JavaScript"),
        pytest.param(made.pdf_with_launch(), "pdf_active_content", id="Launch"),
        pytest.param(made.pdf_with_attachment(), "pdf_active_content", id="attachment"),
        pytest.param(made.encrypted_pdf(), "pdf_encrypted", id="password"),
        pytest.param(made.encrypted_pdf(user=""), "pdf_encrypted", id="owner password"),
        pytest.param(made.pdf_with_page_loop(), "damaged", id="page loop"),
        pytest.param(made.saved(made.blank_pdf(21)), "too_many_pages", id="21 pages"),
        pytest.param(made.pdf_of_many_pages(20_001), "too_many_pages", id="20 001 pages"),
        pytest.param(made.pdf_with_deep_nesting(90), "damaged", id="arrays in arrays"),
        pytest.param(made.pdf_with_deep_nesting(100_000), "damaged", id="arrays without end"),
    ],
)
def test_hostile_and_broken_files_are_refused(data: bytes, reason: str) -> None:
    refused = _refusal(data)
    assert refused.reason == reason
    assert refused.zh
    assert refused.en
    assert "{" not in refused.zh + refused.en


def test_a_photo_of_30_megabytes_is_refused_unread() -> None:
    assert "20 MB" in _refusal(b"\xff\xd8\xff" + bytes(30 * MIB)).zh


def test_a_truncated_jpeg_is_damaged(page: Any) -> None:
    whole = made.jpeg(page)
    assert _refusal(whole[: len(whole) // 2]).reason == "damaged"


def test_a_truncated_jpeg_is_damaged_though_its_thumbnail_is_whole(page: Any) -> None:
    whole = made.jpeg_with_thumbnail(page)
    assert take_page(whole).pages[0].width == 1240
    assert _refusal(whole[: len(whole) * 2 // 3]).reason == "damaged"


def test_a_truncated_png_is_damaged() -> None:
    assert _refusal(made.png_of_zeros(500, 500)[:-20]).reason == "damaged"


def test_a_png_with_broken_pixels_is_damaged() -> None:
    whole = bytearray(made.png_of_zeros(800, 800))
    whole[45:60] = b"\xa5" * 15
    assert _refusal(bytes(whole)).reason == "damaged"


def test_a_pdf_that_only_says_where_to_begin_is_taken() -> None:
    assert len(take_page(made.pdf_showing_first_page_first()).pages) == 1


@pytest.mark.parametrize(("width", "height"), [(14_400, 14_400), (14_400, 3), (3, 3), (595, 842)])
def test_a_pdf_page_of_any_size_is_drawn_within_bounds(width: int, height: int) -> None:
    (clean,) = take_page(made.pdf_of_size(width, height)).pages
    assert max(clean.width, clean.height) <= PaperLimits().long_side


def test_a_drawing_that_unpacks_without_end_harms_nobody() -> None:
    bomb = made.pdf_with_flate_bomb(400 * MIB)
    assert len(bomb) < 100_000
    assert _refusal(bomb, memory_bytes=512 * MIB).reason == "damaged"
    assert take_page(made.pdf_of_size(300, 400)).pages


def test_a_comment_that_unpacks_to_half_a_gigabyte_harms_nobody() -> None:
    bomb = made.png_with_text_bomb(512 * MIB)
    assert len(bomb) < MIB
    assert _refusal(bomb).reason in {"too_dark", "damaged"}
    assert take_page(made.jpeg(made.written_page(620, 877))).pages


def test_what_a_refused_file_is_gets_named_for_the_citizen() -> None:
    refused = _refusal(b"GIF89a\x01\x00\x01\x00\x00\x00\x00;")
    assert "GIF" in refused.zh
    assert "GIF" in refused.en


def test_every_sentence_is_in_both_languages() -> None:
    for reason in SENTENCES:
        refused = PaperRefused(reason, limit=20)
        assert refused.zh.endswith("。")
        assert refused.en.endswith(".")
        assert str(refused) == reason
