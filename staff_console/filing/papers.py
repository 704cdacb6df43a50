"""Papers at a window: scanned or chosen, the signature, handing in, and the receipt."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from flask import Response, request

from onething.domain.errors import Refusal
from onething.domain.records import Session
from onething.ports import Once, PaperRefused
from onething.services import attaching, following, submitting
from staff_console import forms
from staff_console.filing.form import show_draft
from staff_console.filing.sitting import at_window, room
from staff_console.rendering import show
from staff_console.rooms import address, done
from web.current import current_ports, current_settings

MOST_FILES = 20
LONGEST_SIGNATURE = 700_000
_PNG = "data:image/png;base64,"
_SIZE = 300 * 1024


def _largest() -> int:
    return max(current_settings().largest_body_bytes, current_ports().settings.max_upload_bytes)


def _back(draft: str, part: str, zh: str, en: str) -> Response:
    return done(f"{address('filing.show_one', draft=draft)}#{part}", zh, en)


@room.act("/drafts/<draft>/materials/<material>/pages", "clerk", largest_body=_largest)
@at_window
def add_paper(session: Session, draft: str, material: str) -> Response:
    """Scans or files of one paper; one that cannot be taken says why, and the others stay."""
    forms.upload("file")
    taken, once = 0, forms.once()
    for at, file in enumerate(request.files.getlist("file")[:MOST_FILES]):
        each = Once(f"{once.key}:{at}", once.body_digest)
        try:
            pages = attaching.add_paper(current_ports(), session, draft, material, file.read(), each)["pages"]
        except PaperRefused as refused:
            forms.refuse("file", refused.reason, refused.zh, refused.en)
        taken += len(pages)
    return _back(draft, "materials", f"已收下 {taken} 页", f"{taken} page(s) taken in")


@room.act("/drafts/<draft>/materials/<material>/pages/<file>/removal", "clerk")
@at_window
def remove_paper(session: Session, draft: str, material: str, file: str) -> Response:
    """Take one page back."""
    attaching.remove_paper(current_ports(), session, draft, material, file)
    return _back(draft, "materials", "已删除这一页", "The page was removed")


@room.page("/files/<file>", "clerk")
@at_window
def show_page(session: Session, file: str) -> Response:
    """One page as it was made safe."""
    return Response(attaching.get_preview(current_ports(), session, file), mimetype="image/jpeg")


@room.act("/drafts/<draft>/signature", "clerk", largest_body=lambda: LONGEST_SIGNATURE + _SIZE)
@at_window
def sign(session: Session, draft: str) -> Response:
    """The citizen has read it all and signed on the clerk's pad or screen."""
    drawn = request.form.get("drawn", "")
    try:
        image = base64.b64decode(drawn.removeprefix(_PNG), validate=True)
    except binascii.Error:
        image = b""
    if not image or len(drawn) > LONGEST_SIGNATURE:
        forms.refuse("drawn", "signature_missing", "请群众签名后再保存", "The citizen has not signed yet")
    attaching.sign(current_ports(), session, draft, image)
    return _back(draft, "signature", "签名已保存", "The signature is kept")


@room.act("/drafts/<draft>/submission", "clerk")
@at_window
def submit(session: Session, draft: str) -> Response:
    """Hand it in, once; what is missing is named beside where it belongs."""
    once = forms.once()
    try:
        handed_in = submitting.submit(current_ports(), session, draft, once.key, once.body_digest)
    except Refusal as refusal:
        return show_draft(session, draft, refusal, 422)
    number = handed_in["case_number"]
    return done(address("filing.show_receipt", number=number), "已提交", "Handed in")


@room.page("/receipts/<number>", "clerk")
@at_window
def show_receipt(session: Session, number: str) -> Response:
    """What the citizen takes home; printed on slip paper by the desk, or on a sheet by the browser."""
    receipt = following.get_receipt(current_ports(), session, number)
    return show("filing/receipt.html", receipt=receipt, slip=slip_of(receipt))


def slip_of(receipt: Mapping[str, Any]) -> dict[str, Any]:
    """The receipt as the desk's printer takes it (terminal_client/README.md, ``/desk/print-notice``)."""
    lines = [
        f"申请人：{receipt['applicant_masked']} {receipt['id_masked']}",
        *(f"{part['matter_zh']}（{part['department_zh']}）{part['limit_zh']}" for part in receipt["parts"]),
        *(f"收到材料：{each['zh']} {each['pages']}页" for each in receipt["handed_in"]),
        *(f"免交材料：{each['zh']}" for each in receipt["exempt"]),
        receipt["promise_zh"],
    ]
    if receipt["phone_zh"]:
        lines.append(f"监督电话：{receipt['phone_zh']}")
    return {
        "title_zh": "收件回执",
        "number": receipt["case_number"],
        "case_number": receipt["case_number"],
        "thing_zh": receipt["thing_zh"],
        "issued_on": receipt["submitted_at"][:10],
        "office_zh": receipt["hall_zh"] or "新县政务服务中心",
        "lines": lines[:60],
        "qr": receipt["qr"],
    }
