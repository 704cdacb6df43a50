"""Filling in for somebody who is not at the window, by the code that they made on their phone."""

from __future__ import annotations

import secrets

from flask import Response

from onething.services import acting_for
from staff_console import forms
from staff_console.filing.sitting import room
from staff_console.rooms import address, done
from web.current import current_duty, current_ports
from web.staff_cookies import set_sitting


@room.act("/sittings/help", "clerk")
def help_out() -> Response:
    """A helper's code begins a sitting in which nothing can be signed or handed in."""
    code, token = forms.text("code", longest=20), secrets.token_urlsafe(32)
    acting_for.take_help(current_ports(), current_duty().actor(), code, token)
    answer = done(address("filing.table"), "可以开始帮填", "You can begin to fill in")
    set_sitting(answer, token)
    return answer
