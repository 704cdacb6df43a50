"""QR codes (ISO/IEC 18004) as small vector pictures."""

from typing import Final

import qrcode

QUIET_ZONE: Final = 4  # modules of white that the standard asks for around the code


def draw_qr(payload: str) -> str:
    """Return a QR code of ASCII `payload`, error correction M, as SVG with one path and its quiet zone.

    Raises: ValueError when `payload` is not ASCII: scanners of kiosks and phones disagree about the rest.
    """
    if not payload.isascii():
        raise ValueError("a QR payload is ASCII")
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=QUIET_ZONE)
    code.add_data(payload)
    code.make(fit=True)
    return _as_svg(code.get_matrix())


def _as_svg(modules: list[list[bool]]) -> str:
    side = len(modules)
    path = "".join(_row_path(y, row) for y, row in enumerate(modules))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<rect width="{side}" height="{side}" fill="#fff"/><path d="{path}" fill="#000"/></svg>'
    )


def _row_path(y: int, row: list[bool]) -> str:
    # neighbouring dark modules are one rectangle: a third of the path, and no hairlines between them
    path, start = "", None
    for x, dark in enumerate([*row, False]):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            path += f"M{start} {y}h{x - start}v1h{start - x}z"
            start = None
    return path
