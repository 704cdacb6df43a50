"""Scanning the pages of a paper, whatever it is for: a material, a supplement, evidence."""

from dataclasses import replace
from typing import Any

from terminal_client.journey import drafts
from terminal_client.journey.effects import Scan
from terminal_client.journey.state import Dispute, Journey, Json, Paper, Screen, Sentence
from terminal_client.journey.steps import Step, ask, draft_path, go, stay, with_citizen, with_draft


def scan_material(journey: Journey, values: Json) -> Step:
    """Scan a page of a material of the draft."""
    material = drafts.find_material(journey.draft, str(values.get("material", "")))
    if material is None:
        return stay(journey)
    path = draft_path(journey.citizen, "materials", str(material["id"]), "pages")
    return begin(journey, paper_of(material, path, Screen.MATERIALS))


def paper_of(named: Json, path: str, back: Screen) -> Paper:
    """Something with an id and a name as what is to be scanned."""
    return Paper(str(named["id"]), str(named["zh"]), str(named["en"] or named["zh"]), path, back)


def begin(journey: Journey, paper: Paper) -> Step:
    """Scan a page of a paper; further pages of the same join the first."""
    if journey.citizen is None or journey.citizen.scanning:
        return stay(journey)
    scanned = journey.citizen.scanned if journey.citizen.paper == paper else ()
    begun = with_citizen(journey, paper=paper, scanning=True, scanned=scanned)
    return go(begun, Screen.SCANNING), (Scan(paper.path, journey.sitting),)


def scan_more(journey: Journey, _values: Json) -> Step:
    """One more page of the paper on the screen."""
    paper = journey.citizen.paper if journey.citizen else None
    return begin(journey, paper) if paper else stay(journey)


def page_taken(journey: Journey, taken: Any) -> Step:
    """Show the page as the server cleaned it."""
    known = _taken_over(journey, taken)
    scanned = (*known.citizen.scanned, taken) if known.citizen else ()
    return with_citizen(replace(known, notice=None), scanning=False, scanned=scanned), ()


def _taken_over(journey: Journey, taken: Json) -> Journey:
    if "draft" in taken:
        return with_draft(journey, taken["draft"])
    return with_citizen(journey, case=taken["case"]) if "case" in taken else journey


def scan_failed(journey: Journey, why: Sentence) -> Step:
    """Say why no page came; nothing else is lost."""
    return with_citizen(replace(journey, notice=why), scanning=False), ()


def retake(journey: Journey, _values: Json) -> Step:
    """Throw the last page away and scan it again."""
    citizen = journey.citizen
    if citizen is None or not citizen.scanned or citizen.paper is None:
        return stay(journey)
    return ask(journey, "drop_page", "DELETE", f"{citizen.paper.path}/{citizen.scanned[-1]['file']}")


def page_dropped(journey: Journey, body: Any) -> Step:
    """The thrown-away page is gone; scan again at once."""
    known = journey
    if body is not None:
        known = with_draft(journey, body) if "form" in body else with_citizen(journey, case=body)
    if known.citizen is None or known.citizen.paper is None:
        return stay(known)
    fewer = with_citizen(known, scanned=known.citizen.scanned[:-1])
    return scan_more(fewer, {})


def keep_page(journey: Journey, _values: Json) -> Step:
    """The page is good: back to where the paper belongs."""
    citizen = journey.citizen
    if citizen is None or citizen.scanning or citizen.paper is None:
        return stay(journey)
    return go(
        with_citizen(journey, paper=None, scanned=(), dispute=_with_pages(journey)), citizen.paper.back
    ), ()


def leave(journey: Journey, values: Json) -> Step:
    """Back to where the paper belongs; a page that is still coming is kept with it."""
    citizen = journey.citizen
    if citizen is None or citizen.paper is None:
        return stay(journey)
    return (go(journey, citizen.paper.back), ()) if citizen.scanning else keep_page(journey, values)


def _with_pages(journey: Journey) -> Dispute | None:
    citizen = journey.citizen
    if citizen is None or citizen.dispute is None or citizen.paper is None:
        return None
    if citizen.paper.back is not Screen.DISPUTE:
        return citizen.dispute
    return replace(citizen.dispute, pages=(*citizen.dispute.pages, *citizen.scanned))
