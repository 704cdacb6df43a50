"""From a journey to the page: each region of the screen as HTML."""

import re
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from terminal_client import words
from terminal_client.drawings import drawing, thing_icon
from terminal_client.journey import (
    choosing,
    disputing,
    drafts,
    following,
    intaking,
    inviting,
    printing_results,
    rating,
    stepping_up,
    times,
)
from terminal_client.journey.state import (
    Journey,
    Json,
    Over,
    Paper,
    Rating,
    ResultPrint,
    Screen,
    Sentence,
)
from terminal_client.qr_picture import draw_qr
from terminal_client.slip import yuan
from terminal_client.typing_kinds import describe_typing

# The mark of which screen it is comes last: whoever sees it finds the whole screen there.
REGIONS = ("bar", "screen", "keyboard", "actions", "dock", "over", "voice", "mode")
CHINA = timezone(timedelta(hours=8))
YES_NO = ({"code": "true", "key": "form.yes"}, {"code": "false", "key": "form.no"})


@pass_context
def say(context: Context, thing: Any, name: str = "") -> str:
    """What a thing is called in the language of the screen; Chinese where there is no English."""
    language = context["journey"].language
    if isinstance(thing, Sentence | Paper | Rating | ResultPrint):
        return thing.zh if language == "zh" else thing.en
    if isinstance(thing, str):
        return thing
    prefix = f"{name}_" if name else ""
    return str(thing.get(f"{prefix}{language}") or thing.get(f"{prefix}zh") or "")


@pass_context
def full_name(context: Context, field: Json) -> str:
    """A field's name with whom it is about, where the name alone does not say so."""
    name, about = say(context, field), say(context, field, "about")
    return name if not about or about.casefold() in name.casefold() else f"{about} · {name}"


@pass_context
def shown(context: Context, field: Json) -> str:
    """A field's value as a person reads it; masked where the server masked it."""
    display = say(context, field, "display")
    if display or field.get("value") in (None, ""):
        return display
    value = code(field["value"])
    for option in options_of(context, field):
        if option["code"] == value:
            return say(context, option)
    return words.say(context["journey"].language, "form.hidden") if field.get("sensitive") else value


@pass_context
def money(context: Context, amount_fen: int | None) -> str:
    """An amount in fen as people write it."""
    return yuan(amount_fen) if context["journey"].language == "zh" else f"CNY {yuan(amount_fen)[:-2]}"


@pass_context
def options_of(context: Context, field: Json) -> list[Json]:
    """The choices of a field; yes and no for a boolean."""
    if field["type"] == "boolean":
        return [
            {"code": each["code"], "zh": words.say(context["journey"].language, each["key"])}
            for each in YES_NO
        ]
    return [{**option, "code": code(option["code"])} for option in field.get("options") or ()]


def code(value: Any) -> str:
    """A value as the text a page sends for it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def short_choice(field: Json) -> bool:
    """Whether the choices stand on the form itself."""
    return not drafts.needs_keyboard(field)


def element_id(fact: str) -> str:
    """A fact's name as part of an element's id."""
    return re.sub(r"[^A-Za-z0-9]+", "-", fact).strip("-")


def local_time(text: str) -> str:
    """An ISO 8601 instant as the county's wall clock shows it, to the minute."""
    try:
        at = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return str(text)
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M") if at.tzinfo else str(text)


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("terminal_client", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        say=say,
        full_name=full_name,
        shown=shown,
        code=code,
        thing_icon=thing_icon,
        local_time=local_time,
        money=money,
    )
    environment.globals.update(
        drawing=drawing, short_choice=short_choice, options_of=options_of, loop_id=element_id, qr=draw_qr
    )
    return environment


ENVIRONMENT = _environment()


def render_shell(page: str) -> str:
    """The page itself, by a name of its own; everything in it comes over the stream of that name."""
    return ENVIRONMENT.get_template("shell.html").render(page=page)


def render(journey: Journey, *, hall: Sentence, clock: datetime) -> dict[str, str]:
    """Every region of the screen as HTML, by name."""
    shared = {
        "journey": journey,
        "citizen": journey.citizen,
        "t": partial(words.say, journey.language),
        "hall": hall.zh if journey.language == "zh" else hall.en,
        "clock": clock.astimezone(CHINA).strftime("%H:%M"),
        "seconds": times.seconds_left(journey),
        "prompt": _prompt(journey),
        "typing": describe_typing(journey),
        "can_take": intaking.can_take(journey),
        **_of_screen(journey),
    }
    return {name: _region(name, journey, shared) for name in REGIONS}


def _region(name: str, journey: Journey, shared: Mapping[str, Any]) -> str:
    template = f"screens/{journey.screen}.html" if name == "screen" else f"{name}.html"
    return ENVIRONMENT.get_template(template).render(shared).strip()


def _prompt(journey: Journey) -> str:
    if journey.over in (Over.STILL_THERE, Over.CARD_GONE, Over.AWAY):
        return str(journey.over)
    return str(journey.screen)


def _of_screen(journey: Journey) -> dict[str, Any]:
    match journey.screen:
        case Screen.THINGS:
            return {"things": _found(journey)}
        case Screen.INTAKE:
            return {"fields": intaking.list_fields(journey)}
        case Screen.MATTERS:
            return _matters(journey)
        case Screen.CONSENT:
            return {"open_sources": drafts.open_sources(journey.draft)}
        case Screen.SECOND_SIGNER:
            return {"role": drafts.open_role(journey.draft), "invitation": inviting.find_shown(journey)}
        case Screen.FORM:
            return _form(journey)
        case Screen.MATERIALS:
            return _materials(journey)
        case Screen.REVIEW:
            return _form(journey) | _materials(journey) | {"step_up": stepping_up.find_asked(journey.draft)}
        case Screen.STEP_UP:
            return _step_up(journey)
        case Screen.PROGRESS:
            return {
                "withdrawable": following.list_withdrawable(journey),
                "may_print_here": partial(printing_results.may_print_here, journey),
                "is_in_doubt": partial(printing_results.is_in_doubt, journey),
            }
        case Screen.CASE_VALUES:
            return {"values": journey.citizen.case_values if journey.citizen else ()}
        case Screen.SUPPLEMENT:
            return _supplement(journey)
        case Screen.WITHDRAWAL:
            return {"withdrawable": following.list_withdrawable(journey)}
        case Screen.RATING:
            chosen = journey.citizen.rating if journey.citizen else None
            return {"rating": chosen, "reasons": rating.list_reasons(chosen) if chosen else []}
        case Screen.DISPUTE:
            return {"field": disputing.find_disputed(journey), "register": disputing.find_register(journey)}
        case _:
            return {}


def _matters(journey: Journey) -> dict[str, Any]:
    return {
        "chosen_matters": choosing.list_chosen(journey),
        "can_choose_all": any(_could_join(each) for each in choosing.list_matters(journey)),
    }


def _step_up(journey: Journey) -> dict[str, Any]:
    return {
        "asked": stepping_up.find_asked(journey.draft),
        "can_send": stepping_up.can_send(journey),
        "fields": stepping_up.list_fields(journey),
        "resend": stepping_up.seconds_to_resend(journey),
    }


def _could_join(matter: Json) -> bool:
    return not matter["chosen"] and not matter.get("group")


def _found(journey: Journey) -> list[Json]:
    wanted = journey.search.casefold()
    names = ("zh", "en", "summary_zh", "summary_en")
    return [
        thing for thing in journey.things if any(wanted in str(thing.get(n, "")).casefold() for n in names)
    ]


def _form(journey: Journey) -> dict[str, Any]:
    fields = drafts.list_fields(journey.draft)
    known = [field for field in fields if not drafts.is_asked(field)]
    sections = journey.draft.get("form", {}).get("sections", ())
    return {
        "asked": [field for field in fields if drafts.is_asked(field)],
        "known": [field for field in known if not drafts.is_empty(field)],
        "to_type": sum(drafts.is_open(field) for field in fields),
        "repeats": journey.draft.get("form", {}).get("repeats", ()),
        "silent": drafts.silent_sources(journey.draft),
        "sections": [kept for section in sections if (kept := _known_only(section))["fields"]],
        "all_sections": sections,
    }


def _known_only(section: Json) -> dict[str, Any]:
    fields = [
        field for field in section["fields"] if not drafts.is_asked(field) and not drafts.is_empty(field)
    ]
    return {**section, "fields": fields}


def _supplement(journey: Journey) -> dict[str, Any]:
    wants = following.list_wants(journey)
    return {
        "papers": [want for want in wants if want["kind"] == "material"],
        "fields": following.list_wanted_fields(journey),
        "missing": sum(not following.is_given(journey, want) for want in wants),
    }


def _materials(journey: Journey) -> dict[str, Any]:
    materials = [item for item in journey.draft.get("materials", ()) if item["state"] != "not_needed"]
    return {
        "to_scan": [item for item in materials if item["how"] == "submit"],
        "exempt": [item for item in materials if item["how"] != "submit"],
    }


def partials(changed: Mapping[str, str], *, fresh: Collection[str]) -> Markup:
    """The changed regions as one message for the page.

    The `fresh` regions are put in place whole; the others are morphed, so that what is being typed, touched
    or scrolled stays where it is.
    """
    parts = (
        _partial(name, html, "innerHTML" if name in fresh else "innerMorph") for name, html in changed.items()
    )
    return Markup("".join(parts))  # noqa: S704 - made of templates that escape what they are given


def _partial(name: str, html: str, way: str) -> str:
    return f'<hx-partial hx-target="#{name}" hx-swap="{way}">{html}</hx-partial>'
