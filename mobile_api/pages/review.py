"""The last look before handing in: all that will be sent, by department; handing in once; the receipt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, request
from markupsafe import Markup

from mobile_api.pages.drafts import step_address, step_values
from mobile_api.pages.frame import Room, address, done, once, see_other, show
from onething.documents.qr_code import draw_qr
from onething.domain.errors import AlreadySubmitted, AssuranceTooLow, NotComplete, NotFound
from onething.services import filling, following, submitting
from web.answers import bytes_answer
from web.current import current_ports, current_session

room = Room("review", "")
# Where each kind of what is missing is said.
_STEP_OF = {
    "consent": "consent",
    "authorisation": "people",
    "fact": "form",
    "material": "materials",
    "conflict": "matters",
    "signature": "signature",
    "step_up": "step-up",
}
_STEP_UP = {
    "kind": "step_up",
    "id": "step_up",
    "zh": "再核实一次是您本人",
    "en": "One more check that it is you",
}


@room.page("/drafts/<draft>/review")
def show_review(draft: str) -> Response:
    """What every department will get, and what is still missing; once handed in, the receipt."""
    ports, session = current_ports(), current_session()
    view = filling.view_draft(ports, session, draft)
    if all(each["id"] != draft for each in following.list_drafts(ports, session)):
        return _to_receipt()
    return _page(view)


@room.act("/drafts/<draft>/submission")
def submit(draft: str) -> Response:
    """Hand it in, once: the same form sent again leads to the same receipt."""
    if request.form.get("true") != "yes":
        back = address("review.show_review", draft=draft)
        return done(back, "请先勾选“内容属实”", "Please tick that what you say is true", "problem")
    key = once()
    try:
        said = submitting.submit(current_ports(), current_session(), draft, key.key, key.body_digest)
    except AlreadySubmitted:
        return _to_receipt()
    except (AssuranceTooLow, NotComplete):
        return see_other(address("review.show_review", draft=draft))
    return see_other(address("review.show_receipt", number=said["case_number"], new="1"))


@room.page("/receipts/<number>")
def show_receipt(number: str) -> Response:
    """The case's number, by when who answers, its code to be scanned, and the form as PDF."""
    receipt = following.get_receipt(current_ports(), current_session(), number)
    return show(
        "phone/review/receipt.html",
        receipt=receipt,
        code=Markup(draw_qr(receipt["qr"])),  # noqa: S704 - drawn by us from an address of ours
        is_new="new" in request.args,
    )


@room.page("/receipts/<number>/form")
def get_form(number: str) -> Response:
    """The filled form, PDF/A."""
    answer = bytes_answer(following.get_form(current_ports(), current_session(), number), "application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{number}.pdf"'
    return answer


def _page(view: Mapping[str, Any]) -> Response:
    return show(
        "phone/review/review.html",
        **step_values(view, "review"),
        sections=[
            {**section, "fields": [each for each in section["fields"] if each["value"] is not None]}
            for section in view["form"]["sections"]
        ],
        papers=[each for each in view["materials"] if each["pages"]],
        departments=_by_department(view),
        promised=[each for each in view["materials"] if each["how"] == "commitment"],
        missing=[{**each, "of": _whose(view, each), "at": _where(view, each)} for each in _missing(view)],
    )


def _missing(view: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    asked = view["step_up"]
    return [*view["missing"], *([_STEP_UP] if asked and not asked["done"] else ())]


def _where(view: Mapping[str, Any], missing: Mapping[str, Any]) -> str:
    """The page where it can be said, at its own field."""
    page = step_address(view, _STEP_OF.get(missing["kind"], "form"))
    if missing["kind"] == "material":
        return f"{page}/{missing['id']}"
    return f"{page}#{missing['id']}" if missing["kind"] == "fact" else page


def _whose(view: Mapping[str, Any], missing: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The person whose fact it is: two people's names are both called name."""
    sections = view["form"]["sections"] if missing["kind"] == "fact" else ()
    role = missing["id"].partition(".")[0]
    return next((section for section in sections if section["role"] == role), None)


def _by_department(view: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each department with its matters, the values and the papers that go to it."""
    departments: dict[str, dict[str, Any]] = {}
    for matter in view["matters"]:
        if matter["chosen"]:
            name = {"zh": matter["department_zh"], "en": matter["department_en"], "matters": []}
            departments.setdefault(matter["department_zh"], name)["matters"].append(matter)
    for each in departments.values():
        codes = {matter["code"] for matter in each["matters"]}
        each["fields"] = [
            field
            for section in view["form"]["sections"]
            for field in section["fields"]
            if field["value"] is not None and codes & set(field["matters"])
        ]
        each["materials"] = [one for one in view["materials"] if codes & set(one["matters"])]
    return list(departments.values())


def _to_receipt() -> Response:
    """To the receipt of what this person handed in last."""
    cases = following.list_cases(current_ports(), current_session())["cases"]
    if not cases:
        raise NotFound
    return see_other(address("review.show_receipt", number=cases[0]["number"]))
