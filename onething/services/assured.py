"""How sure it is who sits there, against what the chosen matters ask: what a screen is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from onething.domain.assurance import CARD, WITH_VERIFIER, highest, is_enough
from onething.domain.catalog import APPLICATION, Label, Thing
from onething.domain.masking import mask_mobile
from onething.domain.messages import MessageKind, Way
from onething.domain.plan import Plan
from onething.domain.records import Session
from onething.domain.stepping_up import CODE_LENGTH, KnownBy, SentCode
from onething.domain.values import Origin, Value
from onething.ports import Ports, UnitOfWork

_OF_A_REGISTER = (Origin.REGISTER, Origin.E_LICENCE, Origin.IDENTITY)
_BY_THING = Label("这件事要多核实一次身份", "This asks for one more check of who you are")


@dataclass(frozen=True)
class Standing:
    """What a sitting has proven, by which ways it could prove more, and at which number."""

    level: str
    ways: tuple[str, ...]
    verifiers: tuple[tuple[str, Label], ...] = ()
    mobile: str | None = None
    known_by: KnownBy | None = None
    sent: SentCode | None = None

    def meets(self, plan: Plan) -> bool:
        """Whether it is as sure as the chosen matters ask."""
        return is_enough(self.level, plan.assurance.level)


def person_of(session: Session) -> str:
    """The blind index of who acts: the agent of a mandate, else the citizen themselves."""
    return session.agent or session.holder


def may_ask_more(thing: Thing) -> bool:
    """Whether any choice of this one-thing could ask for more than the card."""
    return thing.assurance != CARD or any(each.assurance for each in thing.matters.values())


def standing_of(
    ports: Ports,
    uow: UnitOfWork,
    session: Session,
    thing: Thing,
    values: Mapping[str, Value],
    role: str,
    now: datetime,
) -> Standing | None:
    """Where this sitting stands; None where nothing of the one-thing asks for more than the card.

    ``role`` is the one that the holder of the draft takes.
    """
    if not may_ask_more(thing):
        return None
    proof = uow.step_ups.find_proof(session.id)
    proven = [proof.level] if proof is not None and now < proof.until_at else []
    mobile, known_by = find_mobile(uow, session, values, role)
    return Standing(
        level=highest([session.assurance, *proven]),
        ways=ways_at(ports, session),
        verifiers=tuple((each.name, each.label) for each in ports.verifiers.values()),
        mobile=mobile,
        known_by=known_by,
        sent=uow.step_ups.find_code(session.id),
    )


def ways_at(ports: Ports, session: Session) -> tuple[str, ...]:
    """By which ways more can be proven in this sitting; a clerk who compares is there in every county."""
    if session.clerk:
        return ("window",) if session.mandate else ("clerk",)
    ways = ["verifier"] if ports.verifiers else []
    sms = Way.SMS in ports.message_ways.ways
    if sms and ports.message_ways.templates.find(Way.SMS, MessageKind.STEP_UP_CODE, "zh"):
        ways.insert(0, "code")
    return (*ways, "window")


def find_mobile(
    uow: UnitOfWork, session: Session, values: Mapping[str, Value], role: str
) -> tuple[str | None, KnownBy | None]:
    """Where a code goes: what a register holds, what was proven before, or what was typed just now."""
    held = values.get(f"{role}.mobile")
    if session.agent is None and held is not None and held.origin in _OF_A_REGISTER and held.value:
        return str(held.value), KnownBy.REGISTER
    earlier = uow.step_ups.find_mobile(person_of(session))
    if earlier is not None:
        return earlier.mobile, KnownBy.EARLIER
    typed = values.get(f"{APPLICATION}.mobile")
    if typed is not None and typed.value:
        return str(typed.value), KnownBy.TYPED
    return None, None


def step_up_json(thing: Thing, plan: Plan, standing: Standing | None) -> dict[str, Any] | None:
    """What a screen says of it; None when the card is enough."""
    if plan.assurance.level == CARD or standing is None:
        return None
    reason = _reason_of(thing, plan)
    return {
        "level": plan.assurance.level,
        "matters": list(plan.assurance.matters),
        "why_zh": reason.zh,
        "why_en": reason.en,
        "done": standing.meets(plan),
        "ways": _fitting(plan, standing.ways),
        "verifiers": [{"name": name, "zh": label.zh, "en": label.en} for name, label in standing.verifiers],
        "masked_mobile": mask_mobile(standing.mobile) if standing.mobile else None,
        "known_by": standing.known_by.value if standing.known_by else None,
        "digits": CODE_LENGTH,
        "sent_at": standing.sent.sent_at.isoformat() if standing.sent else None,
        "expires_at": standing.sent.expires_at.isoformat() if standing.sent else None,
    }


def _fitting(plan: Plan, ways: tuple[str, ...]) -> list[str]:
    """A code is not what takes the place of a verifier."""
    return [way for way in ways if way != "code" or plan.assurance.level != WITH_VERIFIER]


def _reason_of(thing: Thing, plan: Plan) -> Label:
    reasons = [each.reason for code in plan.assurance.matters if (each := thing.matters[code].assurance)]
    once = list(dict.fromkeys(reasons))
    if not once:
        return _BY_THING
    return Label("；".join(each.zh for each in once), "; ".join(each.en for each in once))
