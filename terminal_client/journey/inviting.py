"""Inviting the other person to authorise on their own phone, when their card is not here."""

from typing import Any

from terminal_client.journey import drafts, filling
from terminal_client.journey.state import Journey, Json
from terminal_client.journey.steps import Step, ask, draft_path, say, stay, with_citizen, with_draft


def invite(journey: Journey, _values: Json) -> Step:
    """Ask for an invitation of whoever is to authorise next; each touch is a new one."""
    role = drafts.open_role(journey.draft)
    if role is None or not journey.phone_sign_in:
        return stay(journey)
    path, once = draft_path(journey.citizen, "invitations"), f"invitation {role['role']} {journey.now}"
    return ask(journey, "invite_person", "POST", path, {"role": role["role"]}, once=once)


def shown(journey: Journey, invitation: Any) -> Step:
    """Show its code, which is said this once."""
    return with_citizen(journey, invitation=invitation), ()


def find_shown(journey: Journey) -> Json | None:
    """The invitation of whoever is to authorise next; None when none was made here."""
    role = drafts.open_role(journey.draft)
    made = journey.citizen.invitation if journey.citizen else None
    return made if role and made and made["role"] == role["role"] else None


def look(journey: Journey, _values: Json) -> Step:
    """Ask whether they have agreed by now."""
    return ask(journey, "read_invited", "GET", draft_path(journey.citizen))


def draft_read(journey: Journey, draft: Any) -> Step:
    """Go on when they have; else say that nothing has come yet."""
    known = with_draft(journey, draft)
    if find_shown(known):
        return say(
            known, "对方还没有同意，请稍等再看", "They have not agreed yet; please look again in a moment"
        ), ()
    return filling.authorised(with_citizen(known, invitation=None), draft)
