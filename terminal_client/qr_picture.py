"""A QR code as SVG, for the screen."""

import qrcode
from markupsafe import Markup


def draw_qr(text: str) -> Markup:
    """The QR code of an ASCII text (ISO/IEC 18004, correction M) as an svg element with its quiet zone."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4)
    code.add_data(text.encode("ascii"))
    code.make(fit=True)
    rows = code.get_matrix()
    dark = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark
    )
    size = len(rows)
    svg = f'<svg viewBox="0 0 {size} {size}" role="img" aria-label="QR"><path d="{dark}"/></svg>'
    return Markup(svg)  # noqa: S704 - made of numbers only
