"""The kiosk's own icons, drawn on a 48 by 48 grid with one stroke width."""

from markupsafe import Markup

DRAWINGS = {
    "seal": '<circle cx="24" cy="24" r="20"/><path d="M14 31h20M16 31V21m5 10V21m6 10V21m5 10V21'
    'M12 21h24L24 12Z"/>',
    "exit": '<path d="M28 10H12v28h16M22 24h18m-6-7 7 7-7 7"/>',
    "letter": '<path d="M8 36 17 12l9 24M11 28h12M30 36l6-15 6 15m-10-5h8"/>',
    "speaker": '<path d="M8 19v10h7l9 8V11l-9 8ZM31 18c3 3 3 9 0 12m5-17c6 6 6 16 0 22"/>',
    "mute": '<path d="M8 19v10h7l9 8V11l-9 8ZM32 19l9 10m0-10-9 10"/>',
    "globe": '<circle cx="24" cy="24" r="16"/><path d="M8 24h32M24 8c-10 9-10 23 0 32 10-9 10-23 0-32"/>',
    "down": '<path d="M24 8v22m-9-8 9 9 9-9M10 40h28"/>',
    "up": '<path d="M24 40V18m-9 8 9-9 9 9M10 8h28"/>',
    "person": '<circle cx="24" cy="16" r="8"/><path d="M8 41c1-11 8-15 16-15s15 4 16 15'
    'M14 17v-2a10 10 0 0 1 20 0v2"/>',
    "back": '<path d="M20 12 8 24l12 12M9 24h31"/>',
    "right": '<path d="m28 12 12 12-12 12M39 24H8"/>',
    "check": '<path d="m9 25 10 10 20-22"/>',
    "close": '<path d="m12 12 24 24m0-24L12 36"/>',
    "plus": '<path d="M24 10v28M10 24h28"/>',
    "again": '<path d="M38 24a14 14 0 1 1-4-10l4 4m0-9v9h-9"/>',
    "alert": '<path d="M24 7 44 40H4ZM24 19v10m0 5v.5"/>',
    "clock": '<circle cx="24" cy="24" r="17"/><path d="M24 13v12l8 5"/>',
    "search": '<circle cx="21" cy="21" r="12"/><path d="m30 30 11 11"/>',
    "pen": '<path d="m30 10 8 8-20 20-10 2 2-10ZM26 14l8 8"/>',
    "hand": '<path d="M20 25V10a3.5 3.5 0 0 1 7 0v12l9 2c3 1 4 3 3 6l-3 10H22L12 29c-2-3 2-6 4-4Z"/>',
    "list": '<path d="M18 13h22M18 24h22M18 35h22M9 13h.5M9 24h.5M9 35h.5"/>',
    "card": '<rect x="5" y="11" width="38" height="26" rx="4"/><circle cx="16" cy="21" r="4"/>'
    '<path d="M10 31c1-5 11-5 12 0M28 20h10M28 27h8"/>',
    "form": '<rect x="10" y="6" width="28" height="36" rx="3"/><path d="M17 16h14M17 24h14M17 32h8"/>',
    "receipt": '<path d="M12 6h24v36l-4-3-4 3-4-3-4 3-4-3-4 3ZM18 15h12M18 22h12M18 29h7"/>',
    "printer": '<path d="M14 18V7h20v11M14 35H7V18h34v17h-7M14 29h20v12H14Z"/>',
    "scan": '<path d="M8 16V8h8m16 0h8v8m0 16v8h-8m-16 0H8v-8M6 24h36"/>',
    "database": '<ellipse cx="24" cy="12" rx="15" ry="5"/><path d="M9 12v24c0 7 30 7 30 0V12'
    'M9 24c0 7 30 7 30 0"/>',
    "shield": '<path d="M24 5 40 11v12c0 10-7 16-16 20C15 39 8 33 8 23V11ZM16 24l6 6 11-12"/>',
    "flow": '<rect x="17" y="5" width="14" height="10" rx="2"/><rect x="5" y="32" width="14"'
    ' height="10" rx="2"/>'
    '<rect x="29" y="32" width="14" height="10" rx="2"/><path d="M24 15v9M12 32v-8h24v8"/>',
    "cloud": '<path d="M14 36a9 9 0 0 1-1-18 12 12 0 0 1 23 2 8 8 0 0 1 0 16ZM24 22v6m0 4v.5"/>',
    "pause": '<circle cx="24" cy="24" r="17"/><path d="M19 17v14m10-14v14"/>',
    "calendar": '<rect x="7" y="10" width="34" height="31" rx="4"/><path d="M7 20h34M16 6v8m16-8v8"/>'
    '<path d="M15 28h4m5 0h4m5 0h.5M15 34h4m5 0h4"/>',
    "money": '<circle cx="24" cy="24" r="18"/><path d="m16 13 8 11 8-11M24 24v12M16 25h16M16 31h16"/>',
    "parcel": '<path d="m24 5 18 9v20l-18 9-18-9V14ZM6 14l18 9 18-9M24 23v20M15 9.5l18 9.5"/>',
    "undo": '<path d="M18 10 8 20l10 10M8 20h20a11 11 0 0 1 0 22h-6"/>',
    "speech": '<path d="M6 10h36v24H23l-9 8v-8H6ZM15 19h18M15 26h11"/>',
    "phone": '<rect x="14" y="4" width="20" height="40" rx="4"/><path d="M21 38h6M22 9h4"/>',
    "paper": '<path d="M12 5h17l9 9v29H12ZM29 5v9h9M19 24h12M19 32h12"/>',
    "face_very_satisfied": '<circle cx="24" cy="24" r="19"/><path d="M12 19c2-4 6-4 8 0m8 0c2-4 6-4 8 0'
    'M13 27c3 12 19 12 22 0Z"/>',
    "face_satisfied": '<circle cx="24" cy="24" r="19"/><path d="M17 18v1.5m14-1.5v1.5M14 28c4 8 16 8 20 0"/>',
    "face_basically_satisfied": '<circle cx="24" cy="24" r="19"/>'
    '<path d="M17 18v1.5m14-1.5v1.5M15 30c4 3 14 3 18 0"/>',
    "face_dissatisfied": '<circle cx="24" cy="24" r="19"/>'
    '<path d="M17 19v1.5m14-1.5v1.5M15 34c4-6 14-6 18 0"/>',
    "face_very_dissatisfied": '<circle cx="24" cy="24" r="19"/><path d="m12 16 8 4m16-4-8 4M18 22v.5m12-.5v.5'
    'M14 36c4-9 16-9 20 0"/>',
    "birth": '<circle cx="24" cy="15" r="9"/><path d="M24 6c3 0 4-2 3-4M20 14v.5m8-.5v.5M21 18c2 2 4 2 6 0'
    'M13 26c-5 4-6 12-1 17h24c5-5 4-13-1-17M15 33l9 5 9-5"/>',
    "candle": '<path d="M24 6c6 7 4 11 0 11s-6-4 0-11ZM19 21h10v19H19ZM10 42h28M24 17v4"/>',
    "care": '<path d="M24 20c-8-6-9-15-3-15 2 0 3 2 3 3 0-1 1-3 3-3 6 0 5 9-3 15Z"/>'
    '<path d="M4 30h7l7-3h9c4 0 4 5 0 5h-7m8-1 9-5c4-2 6 2 3 5L28 42H15l-4-2H4Z"/>',
    "shop": '<path d="M8 20v21h32V20M5 18 10 7h28l5 11c0 5-8 6-10 1-2 5-7 5-9 0-2 5-7 5-9 0-2 5-10'
    ' 4-10-1ZM19 41V29h10v12"/>',
    "bowl": '<path d="M6 24h36c0 9-6 15-12 16v2H18v-2C12 39 6 33 6 24ZM30 18 42 5M25 18 36 4'
    'M12 18c-3-4 2-6 0-10m7 10c-3-4 2-6 0-10"/>',
    "rings": '<circle cx="18" cy="28" r="12"/><circle cx="30" cy="28" r="12"/><path d="m15 8 3 4 3-4m6'
    ' 0 3 4 3-4"/>',
    "work": '<rect x="6" y="16" width="36" height="24" rx="3"/><path d="M17 16V9h14v7M6 27h36M24 24v6"/>',
    "house": '<path d="M6 23 24 8l18 15M11 20v21h26V20M20 41V29h8v12"/>',
    "star": '<path d="m24 6 5 12 13 1-10 9 3 13-11-7-11 7 3-13-10-9 13-1Z"/>',
    "founding": '<path d="M12 44V6M12 8h24l-6 8 6 8H12M6 44h14"/>',
    "hiring": '<circle cx="19" cy="15" r="8"/><path d="M5 42c0-9 6-15 14-15s14 6 14 15M37 12v14M30 19h14"/>',
    "factory": '<path d="M9 43V12l16-6v37M25 20h14v23M4 43h40M16 18h2m-2 8h2m-2 8h2m13-6h2m-2 7h2"/>',
    "shutter": '<path d="M8 20v22h32V20M5 18 10 7h28l5 11ZM14 26h20M14 32h20M14 38h20"/>',
    "retirement": '<path d="M12 31a12 12 0 0 1 24 0M5 37h38M14 43h20M24 7v6M8 15l5 5M40 15l-5 5M3 31h4'
    'm34 0h4"/>',
    "reader": '<rect x="4" y="22" width="40" height="22" rx="4"/><path d="M10 36h28M10 40h12"/>'
    '<g class="card-moves"><rect class="paper" x="11" y="6" width="26" height="16" rx="2"/>'
    '<circle cx="18" cy="12" r="2.5"/><path d="M14 18c1-3 7-3 8 0M26 11h7M26 15h5"/></g>',
}
THING_ICONS = {
    "P-NEWBORN": "birth",
    "P-AFTER-DEATH": "candle",
    "P-DISABILITY": "care",
    "P-MARRIAGE": "rings",
    "P-FLEXJOB": "work",
    "P-VETERAN": "star",
}


def drawing(name: str) -> Markup:
    """The inside of an icon's svg element. KeyError when nobody drew it."""
    return Markup(DRAWINGS[name])  # noqa: S704 - the table above, and nothing else


def thing_icon(thing: dict[str, str]) -> str:
    """The icon of a thing: its own, or that of its audience."""
    code, icon = thing["code"], thing.get("icon")
    if icon in DRAWINGS:
        return icon
    if "RESTAURANT" in code or "CATERING" in code:
        return "bowl"
    return THING_ICONS.get(code, "shop" if thing.get("audience") == "enterprise" else "form")
