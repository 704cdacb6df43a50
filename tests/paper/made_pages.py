"""Pages and hostile files made for the tests: no real paper, no downloaded sample."""

import io
import struct
import zlib
from typing import Any

import cv2
import numpy as np
import pikepdf
from PIL import Image, ImageDraw, ImageFont

FONT = "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc"
PAPER = (250, 249, 244)
LINES = "新县新生儿出生一件事申请表姓名民族出生日期住址电话"


def written_page(width: int = 2480, height: int = 3508) -> Any:
    """An A4 page of writing with a red stamp, BGR."""
    page = Image.new("RGB", (width, height), PAPER)
    draw = ImageDraw.Draw(page)
    font = ImageFont.truetype(FONT, width // 54)
    for line in range(38):
        text = f"{LINES[: 6 + (line * 7) % 16]}  2026-11-{line % 30 + 1:02d}"
        draw.text((width // 9, height // 14 + line * height // 44), text, font=font, fill=(30, 30, 35))
    stamp = [width * 0.68, height * 0.77, width * 0.85, height * 0.89]
    draw.ellipse(stamp, outline=(210, 30, 30), width=width // 170)
    return np.asarray(page)[:, :, ::-1].copy()


def scanned(page: Any, *, turned: float = 0.0, noise: float = 3.0) -> Any:
    """The page as a scanner gives it: turned clockwise by degrees, in uneven light, with grain."""
    height, width = page.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -turned, 1)
    scan = cv2.warpAffine(page.astype(np.float32), matrix, (width, height), borderValue=PAPER[::-1])
    across = np.linspace(0.74, 1, width, dtype=np.float32)[None, :, None]
    down = np.linspace(0.86, 1, height, dtype=np.float32)[:, None, None]
    grain = np.random.default_rng(7).normal(0, noise, scan.shape).astype(np.float32)
    return np.clip(scan * across * down + grain, 0, 255).astype(np.uint8)


def photographed(page: Any, corners: list[tuple[int, int]], size: tuple[int, int]) -> Any:
    """The page lying on a dark table, its corners (clockwise from top left) where they are asked for."""
    height, width = page.shape[:2]
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(source, np.array(corners, np.float32))
    table = np.full((size[1], size[0], 3), 55, np.uint8)
    return cv2.warpPerspective(page, matrix, size, dst=table, borderMode=cv2.BORDER_TRANSPARENT)


def jpeg(picture: Any, quality: int = 95) -> bytes:
    """Encode BGR pixels."""
    return bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes())


def png_of_zeros(width: int, height: int) -> bytes:
    """A valid one-bit PNG of any stated size in a few kilobytes."""
    row = b"\x00" * (1 + (width + 7) // 8)
    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", body), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def png_with_text_bomb(text_bytes: int) -> bytes:
    """A small picture carrying a compressed comment that unpacks to `text_bytes`."""
    whole = png_of_zeros(64, 64)
    bomb = _chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(b"a" * text_bytes, 9))
    return whole[:33] + bomb + whole[33:]


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def jpeg_with_place(picture: Any) -> bytes:
    """A photo with a GPS place and a thumbnail in its EXIF, as phones make them."""
    image = Image.fromarray(picture[:, :, ::-1])
    exif = Image.Exif()
    exif[0x010F] = "SecretPhoneMaker"
    exif.get_ifd(0x8825).update({1: "N", 2: (31.0, 38.0, 24.0), 3: "E", 4: (114.0, 52.0, 12.0)})
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, comment=b"taken at home")
    return out.getvalue()


def jpeg_with_thumbnail(picture: Any) -> bytes:
    """A JPEG whose APP1 segment holds a whole smaller JPEG."""
    small = jpeg(cv2.resize(picture, (120, 160)))
    whole = jpeg(picture)
    segment = b"Exif\x00\x00" + small
    return whole[:2] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + whole[2:]


def pdf_of(*pictures: Any) -> bytes:
    """A PDF with one picture a page, as a scanner writes it."""
    images = [Image.fromarray(picture[:, :, ::-1]) for picture in pictures]
    out = io.BytesIO()
    images[0].save(out, "PDF", save_all=True, append_images=images[1:], resolution=150)
    return out.getvalue()


def blank_pdf(pages: int = 1) -> pikepdf.Pdf:
    """An open document of blank A4 pages."""
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(595, 842))
    return document


def saved(document: pikepdf.Pdf, **options: Any) -> bytes:
    """The bytes of an open document, which is closed."""
    out = io.BytesIO()
    document.save(out, **options)
    document.close()
    return out.getvalue()


def pdf_with_script() -> bytes:
    """Runs JavaScript when it is opened."""
    document = blank_pdf()
    action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    document.Root.OpenAction = document.make_indirect(action)
    return saved(document)


def pdf_with_launch() -> bytes:
    """Starts a program when its link is touched; the action is a direct object deep in the page."""
    document = blank_pdf()
    action = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("/bin/sh"))
    link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=action)
    document.pages[0].Annots = pikepdf.Array([link])
    return saved(document)


def pdf_with_attachment() -> bytes:
    """Carries a file."""
    document = blank_pdf()
    document.attachments["evil.exe"] = b"MZ evil"
    return saved(document)


def pdf_showing_first_page_first() -> bytes:
    """Only names the page to begin with, as word processors write it."""
    document = blank_pdf()
    document.Root.OpenAction = pikepdf.Array([document.pages[0].obj, pikepdf.Name.Fit])
    return saved(document)


def encrypted_pdf(user: str = "open sesame") -> bytes:
    """Locked by a password; with user="" only changing it is locked."""
    return saved(blank_pdf(), encryption=pikepdf.Encryption(owner="owner", user=user, R=6))


def pdf_with_page_loop() -> bytes:
    """The tree of pages contains itself."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[2 0 R]/Count 1>>endobj\n"
        b"trailer<</Root 1 0 R/Size 3>>\n%%EOF\n"
    )


def pdf_of_many_pages(count: int) -> bytes:
    """Thousands of empty pages in little space, with a right table of where each is."""
    kids = b" ".join(b"%d 0 R" % number for number in range(3, 3 + count))
    objects = [b"<</Type/Catalog/Pages 2 0 R>>"]
    objects.append(b"<</Type/Pages/MediaBox[0 0 9 9]/Kids[" + kids + b"]/Count %d>>" % count)
    objects += [b"<</Type/Page/Parent 2 0 R>>"] * count
    whole, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(whole))
        whole += b"%d 0 obj" % number + body + b"endobj\n"
    start, size = len(whole), len(objects) + 1
    whole += b"xref\n0 %d\n0000000000 65535 f \n" % size
    whole += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(whole + b"trailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (size, start))


def pdf_with_flate_bomb(unpacked_bytes: int) -> bytes:
    """A page whose drawing unpacks twice, to `unpacked_bytes`."""
    document = blank_pdf()
    once = zlib.compress(b" " * unpacked_bytes, 9)
    stream = pikepdf.Stream(document, zlib.compress(once, 9))
    stream.Filter = pikepdf.Array([pikepdf.Name.FlateDecode, pikepdf.Name.FlateDecode])
    document.pages[0].Contents = document.make_indirect(stream)
    return saved(document, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)


def pdf_of_size(width: float, height: float) -> bytes:
    """A page of any size in points."""
    document = pikepdf.new()
    document.add_blank_page(page_size=(width, height))
    return saved(document)


def pdf_with_deep_nesting(depth: int) -> bytes:
    """Arrays in arrays."""
    nested = b"[" * depth + b"]" * depth
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R/X " + nested + b">>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
        b"trailer<</Root 1 0 R/Size 4>>\n%%EOF\n"
    )
