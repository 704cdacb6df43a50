"""What the small door holds, and how it says no."""

import copy
import itertools
import threading
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask import Response, jsonify

from .made_birth import make_case, make_draft, make_plan
from .made_phone import StandInPhone
from .made_step_up import ASKED_BY, REASON, make_step_up


class StandIn:
    """The state of the small door, and its moods."""

    def __init__(self, public_key: Ed25519PublicKey, *, with_questions: bool = False) -> None:
        self.public_key = public_key
        self.nonces: set[str] = set()
        self.drafts: dict[str, dict[str, Any]] = {}
        self.endings: list[str] = []
        self.calls: list[dict[str, Any]] = []
        self.keys: dict[str, Any] = {}
        self.requests: list[tuple[str, str]] = []
        self.silent: set[str] = set()
        self.open_role = False
        self.is_down = False
        self.session_lost = False
        self.with_questions = with_questions
        self.asks_code = False
        self.codes_sent = 0
        self.submissions = 0
        self.case = make_case("XX-7KDM-0001-C")
        self.print_outcomes: list[tuple[str, str]] = []
        self.files_are_away = False
        self.ratings: list[dict[str, Any]] = []
        self.disputes: list[dict[str, Any]] = []
        self.numbers = itertools.count(1)
        self.lock = threading.Lock()
        self.phone = StandInPhone()
        self.phone_sign_in = True
        self.older_cases: list[str] = []
        self.typed_elsewhere: dict[str, str] = {}
        self.said: list[tuple[str, str, Any, int, Any]] = []

    def plan(self, chosen: list[str] | None, answers: dict[str, Any]) -> dict[str, Any]:
        """The plan of a birth for a choice."""
        plan = make_plan(chosen, answers, with_questions=self.with_questions)
        for each in plan["matters"]:
            each["step_up"] = REASON if self.asks_code and each["code"] in ASKED_BY else None
        return plan

    def new_draft(self, body: dict[str, Any]) -> dict[str, Any]:
        """A draft nobody has consented for."""
        matters = self.plan(body.get("chosen"), body.get("answers", {}))["matters"]
        draft = make_draft(f"d{next(self.numbers)}", matters)
        return draft | {"step_up": make_step_up()} if self.asks_code else draft

    def all_fields(self, draft: dict[str, Any]) -> list[dict[str, Any]]:
        """The draft's fields."""
        return [each for section in draft["form"]["sections"] for each in section["fields"]]

    def view(self, draft: dict[str, Any]) -> dict[str, Any]:
        """The draft with what is missing counted anew."""
        missing = [
            {"kind": "fact", "id": each["fact"], "zh": each["zh"], "en": each["en"]}
            for each in self.all_fields(draft)
            if each["required"] and each["value"] is None
        ]
        if not draft["signature"]:
            missing.append({"kind": "signature", "id": "signature", "zh": "签名", "en": "Signature"})
        draft["missing"], draft["ready"] = missing, not missing
        return copy.deepcopy(draft)


def problem(
    status: int, reason: str, zh: str, en: str, errors: list[dict[str, str]] | None = None
) -> Response:
    """A refusal as RFC 9457 wants it."""
    body = {
        "type": f"https://xinxian.invalid/problems/{reason}",
        "reason": reason,
        "title": zh,
        "title_zh": zh,
        "title_en": en,
        "status": status,
        "errors": errors or [],
    }
    response = jsonify(body)
    response.status_code, response.mimetype = status, "application/problem+json"
    return response
