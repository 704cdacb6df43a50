"""What the console says on the next page: done, or why not."""

from __future__ import annotations

from web.saying import Said, Saying

__all__ = ["Said", "carry", "say_next", "say_refusal", "take_said"]

_SAYING = Saying("console-said", "/console")
say_next = _SAYING.say_next
say_refusal = _SAYING.say_refusal
take_said = _SAYING.take_said
carry = _SAYING.carry
