"""Every door of this server."""

from __future__ import annotations

from kiosk_api.door import KIOSK
from mobile_api.door import MOBILE
from partner_api.door import PARTNER
from public_api.door import PUBLIC

DOORS = (KIOSK, MOBILE, PARTNER, PUBLIC)
