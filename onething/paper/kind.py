"""What a file is, by its content and never by its name."""

from typing import Final

import puremagic

from .refusals import PaperRefused

JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
PDF: Final = "application/pdf"

FIRST_BYTES: Final[tuple[tuple[bytes, str], ...]] = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"%PDF-", PDF),
)
HEAD_BYTES: Final = 4096

# what people hand in by mistake, named for them; anything else stays unnamed
KNOWN_OTHERS: Final[dict[str, tuple[str, str]]] = {
    "image/gif": ("GIF 动图", "a GIF"),
    "image/svg+xml": ("SVG 图形", "an SVG drawing"),
    "image/heic": ("HEIC 照片", "a HEIC photo"),
    "image/webp": ("WebP 图片", "a WebP picture"),
    "image/tiff": ("TIFF 图片", "a TIFF picture"),
    "image/bmp": ("BMP 图片", "a BMP picture"),
    "application/postscript": ("PostScript 文件", "a PostScript file"),
    "application/zip": ("压缩包或办公文档", "an archive or an office document"),
}


def read_kind(data: bytes) -> str:
    """Return the media type (image/jpeg, image/png or application/pdf) of `data`.

    The very first bytes decide, so that a file of two kinds at once counts as what a viewer would open first;
    puremagic only names what a refused file is.

    Raises: PaperRefused `empty` or `not_an_image`.
    """
    if not data:
        raise PaperRefused("empty")
    for first, media_type in FIRST_BYTES:
        if data.startswith(first):
            return media_type
    raise PaperRefused("not_an_image", seen=_describe(data[:HEAD_BYTES]))


def _describe(head: bytes) -> tuple[str, str]:
    try:
        media_type = puremagic.from_string(head, mime=True)
    except (puremagic.PureError, ValueError):
        return "", ""
    if media_type not in KNOWN_OTHERS:
        return "", ""
    zh, en = KNOWN_OTHERS[media_type]
    return f"（看起来是{zh}）", f" (it looks like {en})"
