"""Files of the pages: style, script and pictures, kept by browsers for long and sent small."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from functools import lru_cache
from pathlib import Path

from flask import Response, request, send_from_directory, url_for
from werkzeug.security import safe_join

STATIC = Path(__file__).parent.parent / "static" / "phone"
_TEXTS = (".css", ".js", ".svg")
_SMALL_BYTES = 800


def asset(name: str) -> str:
    """The address of a file of ours, with its content's digest, so that it may be kept for long."""
    return url_for("phone.static_file", name=name, v=_digest(name))


def has_asset(name: str) -> bool:
    """Whether a file of ours is there: front-end packages may be missing, and every page does without."""
    return (STATIC / name).is_file()


def send(name: str) -> Response:
    """A file below static/phone; 404 for any other."""
    if name.endswith(_TEXTS) and safe_join(str(STATIC), name) and has_asset(name):
        answer = Response(_whole(name), mimetype=mimetypes.guess_type(name)[0])
        shrink(answer, _small(name))
    else:
        answer = send_from_directory(STATIC, name, conditional=True)
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer


def shrink(answer: Response, small: bytes | None = None) -> None:
    """Send it in gzip to whoever takes that: on a slow line the style alone would take half a minute."""
    answer.vary.add("Accept-Encoding")
    if not request.accept_encodings.quality("gzip") or "Content-Encoding" in answer.headers:
        return
    body = small or answer.get_data()
    if small is None and len(body) < _SMALL_BYTES:
        return
    answer.set_data(small or gzip.compress(body, 6))
    answer.headers["Content-Encoding"] = "gzip"


@lru_cache
def _whole(name: str) -> bytes:
    return (STATIC / name).read_bytes()


@lru_cache
def _small(name: str) -> bytes:
    return gzip.compress(_whole(name), 9)


@lru_cache
def _digest(name: str) -> str:
    return hashlib.sha256(_whole(name)).hexdigest()[:12]
