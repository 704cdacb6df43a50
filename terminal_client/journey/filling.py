"""From the draft to the signature: consent, autofill, the form, its materials."""

from dataclasses import replace
from typing import Any

from terminal_client.journey import drafts, stepping_up
from terminal_client.journey.state import Journey, Json, Screen
from terminal_client.journey.steps import Step, ask, draft_path, go, say, stay, with_citizen, with_draft


def draft_made(journey: Journey, draft: Any) -> Step:
    """Take the draft and show what it needs first; one begun before may want more by now."""
    return route_or_fetch(with_draft(journey, draft))


def route(journey: Journey) -> Step:
    """The screen a draft is at: consent, the other person's card, or the form."""
    draft = journey.draft
    if drafts.open_sources(draft):
        return go(journey, Screen.CONSENT), ()
    if drafts.open_role(draft):
        return go(journey, Screen.SECOND_SIGNER), ()
    return go(journey, Screen.FORM), ()


def route_or_fetch(journey: Journey) -> Step:
    """The same, but what was agreed to and not yet asked for is fetched first."""
    at, effects = route(journey)
    if at.screen is Screen.FORM and drafts.awaits_sources(journey.draft):
        return fetch(journey)
    return at, effects


def toggle_source(journey: Journey, values: Json) -> Step:
    """Allow a source, or take that back."""
    source = str(values.get("source", ""))
    if journey.citizen is None or source not in {item["id"] for item in drafts.open_sources(journey.draft)}:
        return stay(journey)
    return with_citizen(journey, refused_sources=journey.citizen.refused_sources ^ {source}), ()


def consent(journey: Journey, values: Json) -> Step:
    """Tell the server which sources may be asked; `all=no` means none of them."""
    refused = journey.citizen.refused_sources if journey.citizen else frozenset()
    none = values.get("all") == "no"
    choice = {
        item["id"]: not none and item["id"] not in refused for item in drafts.open_sources(journey.draft)
    }
    return ask(journey, "give_consent", "PUT", draft_path(journey.citizen, "consent"), {"sources": choice})


def consent_given(journey: Journey, draft: Any) -> Step:
    """Fetch what may be fetched."""
    known = with_draft(journey, draft)
    return fetch(known) if drafts.has_allowed_sources(draft) else route(known)


def fetch(journey: Journey, sources: list[str] | None = None) -> Step:
    """Ask the sources, all or the named; the screen says so for as long as it takes."""
    body = {"sources": sources} if sources else {}
    shown = journey if sources else go(journey, Screen.FETCHING)
    return ask(shown, "fetch", "POST", draft_path(journey.citizen, "fetching"), body)


def retry_sources(journey: Journey, _values: Json) -> Step:
    """Try the sources again that did not answer."""
    silent = drafts.silent_sources(journey.draft)
    return fetch(journey, silent) if silent else stay(journey)


def authorise(journey: Journey, card: Json) -> Step:
    """The other person's card on this reader proves that they agree."""
    role = drafts.open_role(journey.draft)
    if role is None or journey.is_busy:
        return stay(journey)
    body = {"role": role["role"], "card": {name: card[name] for name in card if name != "photo"}}
    return ask(journey, "authorise", "POST", draft_path(journey.citizen, "authorisations"), body)


def decline_role(journey: Journey, _values: Json) -> Step:
    """The other person is not here; papers and a clerk instead."""
    role = drafts.open_role(journey.draft)
    if role is None:
        return stay(journey)
    path = draft_path(journey.citizen, "declined-authorisations")
    return ask(journey, "decline", "POST", path, {"role": role["role"]})


def authorised(journey: Journey, draft: Any) -> Step:
    """What may be fetched now is fetched, unless the person has new sources to decide on."""
    known = with_draft(journey, draft)
    if drafts.open_sources(draft) or not drafts.has_allowed_sources(draft):
        return route(known)
    return fetch(known)


def draft_changed(journey: Journey, draft: Any) -> Step:
    """Take the draft as it now is and show what it needs."""
    return route(with_draft(journey, draft))


def edit(journey: Journey, values: Json) -> Step:
    """Open the keyboard on a field; on a filled one this is the person saying that it is wrong."""
    field = drafts.find_field(drafts.list_fields(journey.draft), str(values.get("fact", "")))
    if field is None or not field.get("editable", True):
        return stay(journey)
    return replace(journey, editing=field["fact"], notice=None), ()


def close_keyboard(journey: Journey, _values: Json) -> Step:
    """Put the keyboard away without changing anything."""
    return replace(journey, editing=None), ()


def value(journey: Journey, values: Json) -> Step:
    """Send a value the person typed or touched."""
    field = drafts.find_field(drafts.list_fields(journey.draft), str(values.get("fact", "")))
    if field is None or not field.get("editable", True):
        return stay(journey)
    parsed = drafts.parse_value(field, str(values.get("value", "")))
    is_question = drafts.find_field(drafts.list_questions(journey.draft), field["fact"]) is not None
    path = draft_path(journey.citizen, "answers" if is_question else "values")
    return ask(
        replace(journey, editing=field["fact"]),
        "put_values",
        "PUT",
        path,
        {"values": {field["fact"]: parsed}, **_seen(journey)},
    )


def _seen(journey: Journey) -> Json:
    """The draft's version on this screen, as the server told it: what another device types is not lost."""
    return {"version": journey.draft["version"]} if journey.draft and "version" in journey.draft else {}


def keep_value(journey: Journey, values: Json) -> Step:
    """Another device has filled in the same field: say which of the values stays."""
    one = drafts.find_replaced(journey.draft, str(values.get("fact", "")))
    keep = str(values.get("keep", ""))
    if one is None or keep not in {str(each["keep"]) for each in one["values"]}:
        return stay(journey)
    body = {"fact": one["fact"], "keep": int(keep)}
    return ask(journey, "keep_value", "PUT", draft_path(journey.citizen, "kept-values"), body)


def value_kept(journey: Journey, draft: Any) -> Step:
    """The form holds one value there again; what another device had typed elsewhere is asked next."""
    return replace(with_draft(journey, draft), editing=None), ()


def values_put(journey: Journey, draft: Any) -> Step:
    """Go to the next field by itself; one more question may have come up, or two devices differ."""
    known = with_draft(journey, draft)
    if drafts.list_replaced(draft):
        return replace(known, editing=None), ()
    following = drafts.next_open(drafts.list_fields(draft), journey.editing)
    opens = following is not None and drafts.needs_keyboard(following)
    return replace(known, editing=following["fact"] if following and opens else None), ()


def count(journey: Journey, values: Json) -> Step:
    """Say how many there are of a role that repeats, within what the form allows."""
    repeat = drafts.find_repeat(journey.draft, str(values.get("role", "")))
    number = str(values.get("number", ""))
    if repeat is None or not number.isdigit() or not repeat["least"] <= int(number) <= repeat["most"]:
        return stay(journey)
    body = {"role": repeat["role"], "number": int(number)}
    return ask(journey, "put_count", "PUT", draft_path(journey.citizen, "counts"), body)


def count_put(journey: Journey, draft: Any) -> Step:
    """The form has a person more or fewer."""
    return with_draft(journey, draft), ()


def form_done(journey: Journey, _values: Json) -> Step:
    """Go on to the materials once every field has its value, and only one."""
    for one in drafts.list_replaced(journey.draft):
        zh, en = f"请先选“{one['zh']}”用哪一个", f"First choose which value stays: {one['en']}"
        return replace(say(journey, zh, en), editing=None), ()
    still = drafts.next_open(drafts.list_fields(journey.draft))
    if still is None:
        at, effects = route_or_fetch(journey)
        return (at, effects) if effects or at.screen is not Screen.FORM else (go(at, Screen.MATERIALS), ())
    told = say(journey, f"还差“{still['zh']}”没有填", f"Still to fill in: {still['en']}")
    return replace(told, editing=still["fact"] if drafts.needs_keyboard(still) else None), ()


def materials_done(journey: Journey, _values: Json) -> Step:
    """Go on to the review once every needed paper is there."""
    still = next(drafts.missing_materials(journey.draft), None)
    if still is not None:
        return say(journey, f"还需扫描“{still['zh']}”", f"Still to scan: {still['en']}"), ()
    return go(journey, Screen.REVIEW), ()


def reviewed(journey: Journey, _values: Json) -> Step:
    """Go on to the signature; what is still missing, or differs between two devices, is shown first."""
    if drafts.list_replaced(journey.draft):
        return form_done(go(journey, Screen.FORM), {})
    kinds = {item["kind"] for item in journey.draft.get("missing", ())} - {"signature"}
    place = drafts.where_missing(journey.draft) if kinds else None
    if place is None or place is Screen.SIGN:
        return go(journey, Screen.STEP_UP if stepping_up.find_asked(journey.draft) else Screen.SIGN), ()
    missing = next(item for item in journey.draft["missing"] if item["kind"] in kinds)
    return say(go(journey, place), f"还差：{missing['zh']}", f"Still missing: {missing['en']}"), ()


def sign(journey: Journey, values: Json) -> Step:
    """Hand in the drawn signature (PNG as base64)."""
    image = str(values.get("image", "")).removeprefix("data:image/png;base64,")
    width, height = str(values.get("width", "")), str(values.get("height", ""))
    if not image or not width.isdigit() or not height.isdigit():
        return say(journey, "请先在框内签名", "Please sign in the box first"), ()
    body = {"image": image, "width": int(width), "height": int(height)}
    return ask(journey, "put_signature", "PUT", draft_path(journey.citizen, "signature"), body)
