"""The second factor: time-based codes (RFC 6238) by pyotp, recovery codes, and the QR to enrol with."""

from __future__ import annotations

import base64
import io
import secrets
from collections.abc import Sequence
from datetime import datetime

import pyotp
import qrcode
from qrcode.image.svg import SvgPathImage

ISSUER = "新县一件事"
_STEP_SECONDS = 30
_CODES = 10


class TimeCodes:
    """``SecondFactors``: six digits, thirty seconds, SHA-1 as every authenticator expects."""

    def make_secret(self) -> str:
        return pyotp.random_base32()

    def make_recovery_codes(self) -> Sequence[str]:
        """Ten codes of 80 bits, in groups that can be copied by hand."""
        return [_spaced(base64.b32encode(secrets.token_bytes(10)).decode()) for _ in range(_CODES)]

    def uri(self, secret: str, login: str) -> str:
        """``otpauth://`` for an authenticator."""
        return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)

    def picture(self, uri: str) -> str:
        """The QR of it as an SVG element, dark on the page's own ground."""
        drawn = io.BytesIO()
        qrcode.make(uri, image_factory=SvgPathImage, box_size=16, border=2).save(drawn)
        text = drawn.getvalue().decode()
        return text[text.index("<svg") :]

    def find_step(self, secret: str, code: str, at: datetime) -> int | None:
        """The time step this code is good for; clocks may differ by one step either way."""
        step = int(at.timestamp()) // _STEP_SECONDS
        totp = pyotp.TOTP(secret)
        for near in (step, step - 1, step + 1):
            if secrets.compare_digest(totp.generate_otp(near).encode(), code.encode()):
                return near
        return None


def _spaced(code: str) -> str:
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))
