"""Forms: whose they are, that each is sent once, and what is written in them."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import NoReturn
from urllib.parse import urlsplit

from flask import request
from werkzeug.datastructures import FileStorage

from onething.domain.dictionary import Label
from onething.domain.errors import BadFields, FieldError
from onething.ports import Once
from web.refusals import DoorRefusal
from web.staff_cookies import before_token, session_token

CSRF, ONCE, FROM = "csrf", "once", "from"
LONGEST = 2000
_OURS = {CSRF, ONCE, FROM}


class FormForeign(DoorRefusal):
    """The form was not made by a page of this session, or was sent from another site."""

    reason = "form_foreign"
    status_hint = "forbidden"
    text = Label(
        "页面已过期或来源不对，请刷新后重新提交",
        "The page is out of date or foreign: reload it, and try again",
    )


def csrf_token() -> str:
    """What a form of this session carries; made from the session's secret token, so nothing is kept."""
    token = session_token() or before_token()
    return hashlib.sha256(f"form of {token}".encode()).hexdigest() if token else ""


def csrf_token_of(token: str) -> str:
    """The same for a session that begins with this very answer."""
    return hashlib.sha256(f"form of {token}".encode()).hexdigest()


def check_form() -> None:
    """Raises ``FormForeign`` unless the form was made for this session and sent from this site."""
    _check_origin()
    given = request.form.get(CSRF, "")
    tokens = [token for token in (session_token(), before_token()) if token]
    if not any(hmac.compare_digest(given.encode(), csrf_token_of(token).encode()) for token in tokens):
        raise FormForeign


def _check_origin() -> None:
    """Browsers say where a form comes from; one that says another place is refused."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise FormForeign
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc.lower() != request.host.lower():
        raise FormForeign


def new_once() -> str:
    """A key for one sending of one form."""
    return secrets.token_urlsafe(18)


def once() -> Once:
    """The key and digest of this form, for services that take ``once``."""
    return Once(request.form.get(ONCE, "") or new_once(), form_digest())


def form_digest() -> str:
    """SHA-256 in hex of what the form asks for: path, fields and files."""
    digest = hashlib.sha256(request.path.encode())
    for name, value in sorted(request.form.items(multi=True)):
        if name not in _OURS:
            digest.update(f"\n{name}={value}".encode())
    chosen = ((name, file.filename or "") for name, file in request.files.items(multi=True))
    for name, filename in sorted(chosen):
        digest.update(f"\n{name}={filename}".encode())
    return digest.hexdigest()


def came_from(default: str) -> str:
    """The page the form stood on: an address of this console, whatever the form says."""
    return local_address(request.form.get(FROM, ""), default)


def local_address(wanted: str, default: str) -> str:
    """An address of this console; anything else becomes the default."""
    good = wanted.startswith("/console/") and "//" not in wanted and "\\" not in wanted
    return wanted if good and wanted.isprintable() else default


def text(name: str, *, longest: int = LONGEST, required: bool = True) -> str:
    """One field without the spaces around it; raises ``BadFields``. Line ends are allowed."""
    value = request.form.get(name, "").strip().replace("\r\n", "\n")
    if required and not value:
        refuse(name, "required", "必填", "Required")
    if len(value) > longest:
        refuse(name, "too_long", f"最多{longest}个字", f"At most {longest} characters")
    if not value.replace("\n", "").isprintable():
        refuse(name, "not_printable", "含有不可显示的字符", "Contains characters that cannot be shown")
    return value


def texts(name: str, *, longest: int = 120, most: int = 200) -> list[str]:
    """Every value of a field that may be there several times (checkboxes)."""
    values = request.form.getlist(name)
    if len(values) > most or any(len(value) > longest or not value.isprintable() for value in values):
        refuse(name, "invalid", "格式不正确", "Not in the right format")
    return values


def upload(name: str) -> FileStorage:
    """An uploaded file; raises ``BadFields`` when none was chosen."""
    file = request.files.get(name)
    if file is None or not file.filename:
        refuse(name, "required", "请选择文件", "Choose a file")
    return file


def refuse(name: str, reason: str, zh: str, en: str) -> NoReturn:
    """Raise ``BadFields`` for one field."""
    raise BadFields(fields=[FieldError(name, reason, Label(zh, en))])
