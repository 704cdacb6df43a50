"""Forms of our pages: that each comes from a page of ours, is taken once, and what is written in it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from typing import NoReturn
from urllib.parse import urlsplit

from flask import request
from werkzeug.datastructures import FileStorage

from onething.domain.dictionary import Label
from onething.domain.errors import BadFields, FieldError
from web.refusals import DoorRefusal

LONGEST = 2000


class FormForeign(DoorRefusal):
    """The form was not made by a page of this session, or was sent from another site."""

    reason = "form_foreign"
    status_hint = "forbidden"
    text = Label(
        "页面已过期或来源不对，请刷新后重新提交",
        "The page is out of date or foreign: reload it, and try again",
    )


def check_origin(*, told: bool = False) -> None:
    """Browsers say where a form comes from; raises ``FormForeign`` for one that says another place.

    ``told``: one that says nothing is foreign too, where no token of the page's own stands beside it.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in ("same-origin", "none"):
        raise FormForeign
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc.lower() != request.host.lower():
        raise FormForeign
    if told and site is None and origin is None:
        came = urlsplit(request.headers.get("Referer", ""))
        if came.netloc.lower() != request.host.lower():
            raise FormForeign


def new_once() -> str:
    """A key for one sending of one form."""
    return secrets.token_urlsafe(18)


def form_digest(ours: Collection[str]) -> str:
    """SHA-256 in hex of what the form asks for: path, fields and files, without ``ours`` of the page."""
    digest = hashlib.sha256(request.path.encode())
    for name, value in sorted(request.form.items(multi=True)):
        if name not in ours:
            digest.update(f"\n{name}={value}".encode())
    chosen = ((name, file.filename or "") for name, file in request.files.items(multi=True))
    for name, filename in sorted(chosen):
        digest.update(f"\n{name}={filename}".encode())
    return digest.hexdigest()


def local_address(wanted: str, top: str, default: str) -> str:
    """An address below ``top`` of this site; anything else becomes the default."""
    good = wanted.startswith(top) and "//" not in wanted and "\\" not in wanted
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
