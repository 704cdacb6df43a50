"""What a kiosk is told before anybody signs in."""

from __future__ import annotations

from web.schema import yes_no
from web.schemas_guide import ThingList


class KioskThings(ThingList):
    """The one-things, and whether phones can sign in by real name: only then is a form handed to one."""

    phone_sign_in = yes_no()
