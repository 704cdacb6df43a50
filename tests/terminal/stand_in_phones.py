"""The small door's phone: what is handed to it, and what the test makes it do."""

from flask import Response, jsonify, request

from .made_phone import StandInPhone
from .made_step_up import CODE
from .stand_in_state import StandIn, problem

GOOD_CODE = "ONETHING-SHOW:1:good"
INVITATION = {
    "id": "i1",
    "role": "father",
    "zh": "父亲",
    "en": "Father",
    "state": "sent",
    "state_zh": "已发出，对方还没有打开",
    "state_en": "Sent, not opened yet",
    "made_at": "2026-11-23T10:30:00+08:00",
    "expires_at": "2026-11-30T10:30:00+08:00",
    "masked_name": None,
    "masked_id_number": None,
    "reason": None,
    "can_call_back": True,
    "can_confirm": False,
    "link": "https://onestop.xinxian.invalid/m/invited/Qx7RkP2mTz9LwYc4Vb8NfHs3",
    "code": "7KTM-4QXR",
}


class PhoneViews:
    """What the small door answers of phones."""

    def __init__(self, door: StandIn, phone: StandInPhone) -> None:
        self.door, self.phone = door, phone

    def show(self, draft: str) -> tuple[Response, int]:
        asked = request.get_json()
        return jsonify(self.phone.show(draft, asked["kind"], asked.get("material"))), 201

    def look(self, handover: str) -> Response:
        return jsonify(self.phone.look())

    def invite(self, draft: str) -> tuple[Response, int]:
        return jsonify(INVITATION), 201

    def end(self, handover: str) -> Response:
        self.phone.said |= {"state": "ended", "cause": "taken_back"}
        return jsonify(self.phone.look())

    def draft(self, draft: str) -> Response:
        return jsonify(self.door.view(self.door.drafts[draft]))

    def shown_session(self) -> tuple[Response, int]:
        if request.get_json()["code"] != GOOD_CODE:
            answer = problem(422, "showing_code_refused", "二维码无效或已过期", "The code is not valid")
            return answer, 422
        return jsonify(
            token="token-shown",
            assurance="real_name",
            masked_name="陈*梅",
            masked_id_number="411***********2422",
            expires_at="2026-11-23T10:00:00+08:00",
        ), 201

    def send_code(self, draft: str) -> Response:
        held = self.door.drafts[draft]
        self.door.codes_sent += 1
        at = {"sent_at": "2026-11-23T10:40:00+08:00", "expires_at": "2026-11-23T10:45:00+08:00"}
        held["step_up"] |= at
        return jsonify(self.door.view(held))

    def give_code(self, draft: str) -> Response:
        held = self.door.drafts[draft]
        if request.get_json()["code"] != CODE:
            return problem(422, "code_refused", "验证码不对或已过期", "This code is wrong or too old")
        held["step_up"] |= {"done": True, "sent_at": None, "expires_at": None}
        return jsonify(self.door.view(held))


PHONE_ROUTES = (
    ("POST", "/drafts/<draft>/step-up/codes", PhoneViews.send_code),
    ("POST", "/drafts/<draft>/step-up/answers", PhoneViews.give_code),
    ("POST", "/drafts/<draft>/hand-overs", PhoneViews.show),
    ("POST", "/drafts/<draft>/invitations", PhoneViews.invite),
    ("GET", "/hand-overs/<handover>", PhoneViews.look),
    ("POST", "/hand-overs/<handover>/ending", PhoneViews.end),
    ("GET", "/drafts/<draft>", PhoneViews.draft),
    ("POST", "/sessions/shown", PhoneViews.shown_session),
)
