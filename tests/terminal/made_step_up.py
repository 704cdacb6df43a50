"""The second check as the kiosk door would ask it."""

from typing import Any

CODE = "246810"
ASKED_BY = ["HUKOU"]
REASON = {
    "zh": "要多核实一次：用短信验证码（逝者账户里的钱将付到您填的银行卡）",
    "en": "One more check: a code by text message (Money of the deceased is paid to the bank card you name)",
}


def make_step_up() -> dict[str, Any]:
    """Asked, and nothing sent yet."""
    return {
        "level": "card_and_code",
        "matters": ASKED_BY,
        "why_zh": "逝者账户里的钱将付到您填的银行卡",
        "why_en": "Money of the deceased is paid to the bank card you name",
        "done": False,
        "ways": ["code", "window"],
        "verifiers": [],
        "masked_mobile": "199****0001",
        "known_by": "typed",
        "digits": len(CODE),
        "sent_at": None,
        "expires_at": None,
    }
