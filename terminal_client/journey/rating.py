"""Rating a service (好差评): five levels with their reasons, voluntary, once for each service."""

from dataclasses import replace
from typing import Any

from terminal_client.journey.following import current_case
from terminal_client.journey.state import Journey, Json, Rating, Screen
from terminal_client.journey.steps import Step, ask, go, praise, say, stay, with_citizen

RESULT = "result"
SUBMISSION = "submission"
LONGEST_COMMENT = 200
COMMENT = "rating.comment"


def rate_service(journey: Journey, values: Json) -> Step:
    """Rate a matter that has ended, or the case once it is closed."""
    services = current_case(journey).get("services", ())
    wanted = str(values.get("matter", "")) or None
    service = next((each for each in services if each["matter"] == wanted and each["may_rate"]), None)
    if service is None:
        return stay(journey)
    number = str(current_case(journey)["number"])
    opened = Rating(number, wanted, RESULT, Screen.PROGRESS, str(service["zh"]), str(service["en"]))
    return _open(journey, opened)


def rate_kiosk(journey: Journey, _values: Json) -> Step:
    """Rate how the handing in at this kiosk went."""
    if journey.citizen is None or not journey.citizen.receipt or journey.citizen.has_rated_kiosk:
        return stay(journey)
    number = str(journey.citizen.receipt["case_number"])
    names = ("本次自助办理", "Applying at this kiosk")
    return _open(journey, Rating(number, None, SUBMISSION, Screen.RECEIPT, *names))


def _open(journey: Journey, rating: Rating) -> Step:
    return ask(with_citizen(journey, rating=rating), "read_rating_options", "GET", "/rating-options")


def options_read(journey: Journey, options: Any) -> Step:
    """Show the five levels."""
    rating = _current(journey)
    if rating is None:
        return stay(journey)
    return go(_with(journey, replace(rating, options=options)), Screen.RATING), ()


def _current(journey: Journey) -> Rating | None:
    return journey.citizen.rating if journey.citizen else None


def _with(journey: Journey, rating: Rating | None) -> Journey:
    return with_citizen(journey, rating=rating)


def list_reasons(rating: Rating) -> list[Json]:
    """What can be said with the level that is chosen."""
    levels = rating.options.get("levels", ())
    return next((list(each["reasons"]) for each in levels if each["code"] == rating.level), [])


def choose_level(journey: Journey, values: Json) -> Step:
    """Choose a level; reasons of another level fall away."""
    rating, level = _current(journey), values.get("level")
    if rating is None or level not in {each["code"] for each in rating.options.get("levels", ())}:
        return stay(journey)
    kept = rating.reasons if level == rating.level else frozenset()
    return _with(replace(journey, notice=None), replace(rating, level=str(level), reasons=kept)), ()


def toggle_reason(journey: Journey, values: Json) -> Step:
    """Name a reason, or take it back."""
    rating, code = _current(journey), str(values.get("code", ""))
    if rating is None or code not in {each["code"] for each in list_reasons(rating)}:
        return stay(journey)
    return _with(journey, replace(rating, reasons=rating.reasons ^ {code})), ()


def toggle_named(journey: Journey, _values: Json) -> Step:
    """With the person's name or without it, where the county leaves that to them."""
    rating = _current(journey)
    if rating is None or rating.options.get("names") != "choice":
        return stay(journey)
    return _with(journey, replace(rating, named=not rating.named)), ()


def edit_comment(journey: Journey, _values: Json) -> Step:
    """Open the keyboard for words of the person's own."""
    return replace(journey, editing=COMMENT), ()


def say_comment(journey: Journey, values: Json) -> Step:
    """Keep the words until the rating is sent."""
    rating = _current(journey)
    if rating is None:
        return stay(journey)
    comment = str(values.get("value", ""))[:LONGEST_COMMENT]
    return _with(replace(journey, editing=None), replace(rating, comment=comment)), ()


def send(journey: Journey, _values: Json) -> Step:
    """Send the rating; without a level there is none."""
    rating = _current(journey)
    if rating is None:
        return stay(journey)
    if rating.level is None:
        return say(journey, "请先选一个，也可以不评", "Please choose one, or skip"), ()
    body: dict[str, Any] = {
        "occasion": rating.occasion,
        "level": rating.level,
        "reasons": sorted(rating.reasons),
        "named": _is_named(rating),
    }
    if rating.matter is not None:
        body["matter"] = rating.matter
    if rating.comment:
        body["comment"] = rating.comment
    # the name of the act holds what is said: a rating that was refused is another one once changed
    once = f"rating {rating.case_number} {sorted(body.items())}"
    return ask(journey, "rate", "POST", f"/cases/{rating.case_number}/ratings", body, once=once)


def _is_named(rating: Rating) -> bool:
    naming = rating.options.get("names")
    return rating.named if naming == "choice" else naming == "always"


def rated(journey: Journey, done: Any) -> Step:
    """Thank, and go back to where the person was."""
    back = _current(journey)
    if back is None:
        return stay(journey)
    zh, en = "谢谢您的评价", "Thank you for your rating"
    if done["rectification"]:
        zh, en = (
            "谢谢您的评价，我们会整改并回访您",
            "Thank you. This will be put right, and you will be called back.",
        )
    if back.back is Screen.RECEIPT:
        freed = with_citizen(journey, rating=None, has_rated_kiosk=True)
        return praise(go(freed, Screen.RECEIPT), zh, en), ()
    there = go(_with(journey, None), back.back)
    reading, effects = ask(there, "read_case", "GET", f"/cases/{back.case_number}")
    return praise(reading, zh, en), effects


def skip(journey: Journey, _values: Json) -> Step:
    """Nobody has to rate."""
    rating = _current(journey)
    return (go(_with(journey, None), rating.back), ()) if rating else stay(journey)
