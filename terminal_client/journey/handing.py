"""Handing the form, or the photographing of one paper, to a phone: waiting, seeing it come, back again."""

from dataclasses import replace
from typing import Any

from terminal_client.journey import closing, drafts, filling
from terminal_client.journey.events import Answered, Away, Refused
from terminal_client.journey.state import AskServer, Handing, Journey, Json, Over, Screen
from terminal_client.journey.steps import Step, ask, draft_path, go, lay_over, stay, with_citizen, with_draft

# Within two seconds of the phone's sending, its page is on this screen.
LOOK_SECONDS = 1.0
LOOK = "look_handover"
# How a hand-over may end after which the form is the kiosk's again.
BACK_HERE = ("taken_back", "given_back")


def to_phone(journey: Journey, _values: Json) -> Step:
    """Show a code for the whole form, where the person can be themselves on a phone."""
    if not journey.phone_sign_in:
        return stay(journey)
    return _show(journey, Handing("form", back=journey.screen))


def photograph(journey: Journey, values: Json) -> Step:
    """Show a code for photographing one paper; the form stays here."""
    material = drafts.find_material(journey.draft, str(values.get("material", "")))
    if material is None:
        return stay(journey)
    zh, en = str(material["zh"]), str(material["en"] or material["zh"])
    handing = Handing("photographs", Screen.MATERIALS, material=str(material["id"]), zh=zh, en=en)
    return _show(with_citizen(journey, paper=None, scanned=()), handing)


def show_again(journey: Journey, _values: Json) -> Step:
    """A new code for the same."""
    handing = journey.citizen.handing if journey.citizen else None
    if handing is None:
        return stay(journey)
    return _show(journey, Handing(handing.kind, handing.back, handing.material, handing.zh, handing.en))


def _show(journey: Journey, handing: Handing) -> Step:
    body = {"kind": handing.kind}
    if handing.material:
        body["material"] = handing.material
    kept = with_citizen(journey, handing=handing)
    return ask(kept, "show_handover", "POST", draft_path(kept.citizen, "hand-overs"), body)


def shown(journey: Journey, body: Any) -> Step:
    """Show the code."""
    if journey.citizen is None or journey.citizen.handing is None:
        return stay(journey)
    handing = replace(
        journey.citizen.handing, id=body["id"], text=body["text"], state=body["state"], looked_at=journey.now
    )
    return go(with_citizen(journey, handing=handing), Screen.HANDING), ()


def look_again(journey: Journey) -> Step:
    """Ask how far it is, when that is due; no touch waits for the answer."""
    handing = find_running(journey)
    if handing is None or handing.looking or journey.now - handing.looked_at < LOOK_SECONDS:
        return stay(journey)
    asked = AskServer(LOOK, "GET", f"/hand-overs/{handing.id}", sitting=journey.sitting)
    return with_citizen(journey, handing=replace(handing, looking=True, looked_at=journey.now)), (asked,)


def find_running(journey: Journey) -> Handing | None:
    """What is handed over and not over yet; None on any other screen."""
    handing = journey.citizen.handing if journey.citizen else None
    if journey.screen is not Screen.HANDING or handing is None or handing.state == "ended":
        return None
    return handing


def look_ended(journey: Journey, event: Answered | Refused | Away) -> Step:
    """What came of a look; a line that is down is tried again, a session that is over is said."""
    handing = find_running(journey)
    if handing is None or event.sitting != journey.sitting:
        return stay(journey)
    seen = with_citizen(journey, handing=replace(handing, looking=False))
    if isinstance(event, Refused) and event.status == 401:
        return closing.session_lost(seen)
    return looked(seen, event) if isinstance(event, Answered) else stay(seen)


def looked(journey: Journey, event: Answered) -> Step:
    """How far it is now; whatever moves on the phone is somebody being there."""
    handing, body = find_running(journey), event.body
    if handing is None or body["id"] != handing.id:
        return stay(journey)
    known = with_citizen(journey, handing=_told(handing, body))
    if body["version"] != handing.version or body["state"] != handing.state:
        known = replace(known, touched_at=journey.now)
        known = lay_over(known, None) if known.over is Over.STILL_THERE else known
    if body["state"] != "ended" or journey.is_busy:
        return stay(known)
    return over(known, body)


def _told(handing: Handing, body: Json) -> Handing:
    return replace(
        handing,
        state=body["state"],
        cause=body["cause"],
        version=body["version"],
        saved_at=body["saved_at"],
        pages=tuple(body["pages"]),
    )


def drop_page(journey: Journey, _values: Json) -> Step:
    """Throw the newest page away; the phone may take it again."""
    handing = find_running(journey)
    if handing is None or not handing.pages:
        return stay(journey)
    path = draft_path(journey.citizen, "materials", handing.material, "pages", handing.pages[-1])
    return ask(journey, "drop_handed", "DELETE", path)


def page_dropped(journey: Journey, draft: Any) -> Step:
    """The page before it is the newest now."""
    known = with_draft(journey, draft)
    handing = known.citizen.handing if known.citizen else None
    if handing is None:
        return stay(known)
    return with_citizen(known, handing=replace(handing, pages=handing.pages[:-1])), ()


def take_back(journey: Journey, _values: Json) -> Step:
    """Go on here: the phone can change nothing any more."""
    handing = journey.citizen.handing if journey.citizen else None
    if handing is None:
        return stay(journey)
    return ask(journey, "end_handover", "POST", f"/hand-overs/{handing.id}/ending")


def over(journey: Journey, body: Any) -> Step:
    """It is over: the receipt of what the phone handed in, or the form as it is now; else a new code."""
    handing = journey.citizen.handing if journey.citizen else None
    if handing is None:
        return stay(journey)
    known = with_citizen(journey, handing=_told(handing, body))
    if body["case_number"]:
        return ask(known, "read_handed_receipt", "GET", f"/cases/{body['case_number']}/receipt")
    if body["cause"] in BACK_HERE:
        return ask(known, "read_handed", "GET", draft_path(known.citizen))
    return stay(known)


def draft_read(journey: Journey, draft: Any) -> Step:
    """Go on where the form stood, or where it is by now."""
    handing = journey.citizen.handing if journey.citizen else None
    known = with_citizen(with_draft(journey, draft), handing=None)
    if handing is None or handing.kind == "form":
        return filling.route_or_fetch(known)
    return go(known, handing.back), ()


def receipt_read(journey: Journey, receipt: Any) -> Step:
    """Print the receipt of what was handed in on the phone."""
    return closing.submitted(with_citizen(journey, handing=None), {"receipt": receipt})
