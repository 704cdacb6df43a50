"""A signature: ink kept, ground gone, nothing accepted that nobody wrote."""

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from onething import ports
from onething.paper.intake import take_signature
from onething.paper.port import ConfinedPaper
from onething.paper.refusals import PaperRefused

STROKES = [(60, 160), (140, 60), (200, 190), (300, 70), (420, 170), (560, 50)]


def _drawn(mode: str, ground: Any, ink: Any, *, strokes: bool = True) -> bytes:
    image = Image.new(mode, (700, 240), ground)
    if strokes:
        ImageDraw.Draw(image).line(STROKES, fill=ink, width=8, joint="curve")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(_drawn("RGBA", (0, 0, 0, 0), (0, 0, 0, 255)), id="on nothing"),
        pytest.param(_drawn("RGBA", (255, 255, 255, 255), (0, 0, 120, 255)), id="on white, opaque"),
        pytest.param(_drawn("RGB", "white", "black"), id="RGB"),
        pytest.param(_drawn("L", 255, 0), id="grey"),
    ],
)
def test_ink_is_kept_and_the_ground_goes(data: bytes) -> None:
    kept = take_signature(data)
    assert isinstance(kept, ports.CleanPage)
    assert kept.media_type == "image/png"
    pixels = np.asarray(Image.open(io.BytesIO(kept.data), formats=["PNG"]))
    assert pixels.shape == (kept.height, kept.width, 4)
    assert kept.width == pytest.approx(520, abs=20)
    assert pixels[0, 0, 3] == 0
    assert (pixels[:, :, 3] > 200).sum() > 3000
    assert pixels[:, :, :3].max() < 60


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(_drawn("RGBA", (0, 0, 0, 0), None, strokes=False), id="nothing on nothing"),
        pytest.param(_drawn("RGB", "white", None, strokes=False), id="white"),
        pytest.param(_drawn("RGB", "black", None, strokes=False), id="black"),
    ],
)
def test_nothing_written_is_no_signature(data: bytes) -> None:
    with pytest.raises(ports.PaperRefused) as caught:
        ConfinedPaper().take_signature(data)
    assert caught.value.reason == "no_ink"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 ", "not_an_image"),
        (_drawn("L", 255, 0)[:300], "damaged"),
        (b"\x89PNG\r\n\x1a\n" + bytes(3 * 1024 * 1024), "too_large"),
    ],
)
def test_other_files_are_refused(data: bytes, reason: str) -> None:
    with pytest.raises(PaperRefused) as caught:
        take_signature(data)
    assert caught.value.reason == reason
