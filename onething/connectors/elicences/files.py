"""The file of one e-licence over the gateway (GB/T 36906): POST /e-licences/files."""

from __future__ import annotations

import hashlib
import logging
import unicodedata
from typing import Annotated, Any

import msgspec

from onething.connectors.asking import Asking
from onething.connectors.envelope import open_envelope
from onething.connectors.exchange import Exchange, ExchangeFailed
from onething.connectors.purpose import purpose_as_sent
from onething.ports import NotHeld, Unavailable
from onething.ports.licence_files import LicenceFile, LicenceFileCall

log = logging.getLogger(__name__)

PATH = "/e-licences/files"
SERVICE = "e_licence_files"
LARGEST_FILE = 4 * 1024 * 1024
# Base64 is a third longer, and the envelope is around it.
_LARGEST_ANSWER = LARGEST_FILE * 4 // 3 + 64 * 1024
_GRACE_S = 2.0
_PDF, _PDF_END = b"%PDF-", b"%%EOF"


class GivenFile(msgspec.Struct):
    """What the service gives: base64 of the file with its SHA-256, and whose licence it is."""

    identifier: str
    file: bytes
    sha256: Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-fA-F]{64}\Z")]
    holder_code: str | None = None
    holder_name: str | None = None


def question_of(call: LicenceFileCall) -> dict[str, Any]:
    """The body of the request; the service refuses one without a cause of at most 200 characters."""
    purpose = purpose_as_sent(call.purpose)
    return {"identifier": call.identifier, "use_cause": purpose.reason, "purpose": purpose}


def read_answer(body: bytes, call: LicenceFileCall) -> LicenceFile | NotHeld:
    """The file, or ``ExchangeFailed``: bad_answer, wrong_record (another's licence), too_large, not_a_pdf."""
    given = open_envelope(body, GivenFile)
    if given is None:
        return NotHeld()
    if given.identifier != call.identifier or not _is_asked_about(given, call):
        raise ExchangeFailed("wrong_record")
    if len(given.file) > LARGEST_FILE:
        raise ExchangeFailed("too_large")
    digest = hashlib.sha256(given.file).hexdigest()
    if digest != given.sha256.lower():
        raise ExchangeFailed("bad_answer")
    if not is_pdf(given.file):
        raise ExchangeFailed("not_a_pdf")
    return LicenceFile(given.file, digest)


def is_pdf(data: bytes) -> bool:
    """Whether it is a whole PDF by its own bytes, whatever it is called."""
    return data.startswith(_PDF) and _PDF_END in data[-1024:]


def _is_asked_about(given: GivenFile, call: LicenceFileCall) -> bool:
    if given.holder_code:
        return given.holder_code.upper() in {each.upper() for each in call.holders}
    named = {unicodedata.normalize("NFC", each) for each in call.names}
    return unicodedata.normalize("NFC", given.holder_name or "") in named


class HttpLicenceFiles:
    """The port ``LicenceFiles``, safe from any thread."""

    def __init__(self, exchange: Exchange, asking: Asking | None = None) -> None:
        self._exchange = exchange
        # A file is large and costly to make: a second one is asked for only when the line was cut.
        self._asking = asking or Asking(hedge_after_s=60.0)

    def fetch(self, call: LicenceFileCall) -> LicenceFile | NotHeld | Unavailable:
        """The file; the service's trouble is an answer too."""
        try:
            return self._exchange.loop.run(self._ask(call), call.deadline_s + _GRACE_S)
        except TimeoutError:
            log.error("the background loop did not answer in time")
            return Unavailable("slow")
        except ExchangeFailed as failure:
            log.info("no file of a licence for %s: %s", call.purpose.case, failure.reason)
            return Unavailable(failure.reason)

    async def _ask(self, call: LicenceFileCall) -> LicenceFile | NotHeld:
        question = question_of(call)
        return await self._asking.ask(
            SERVICE,
            lambda: self._exchange.ask(PATH, question, largest=_LARGEST_ANSWER),
            lambda body: read_answer(body, call),
            call.deadline_s,
        )
