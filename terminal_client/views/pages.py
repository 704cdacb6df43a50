"""The page, its stream of screens, and the touches on it."""

import secrets
from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime

from flask import Blueprint, Response, current_app, request

from terminal_client import rendering
from terminal_client.journey.events import Touched
from terminal_client.journey.state import Journey, Sentence
from terminal_client.kiosk import Kiosk

blueprint = Blueprint("pages", __name__)
KEEP_ALIVE_SECONDS = 10.0
LONGEST_VALUE = 1024 * 1024


def get_kiosk() -> Kiosk:
    """The kiosk this application shows."""
    kiosk: Kiosk = current_app.extensions["kiosk"]
    return kiosk


@blueprint.get("/")
def show_page() -> str:
    """The one page; its stream has a name of its own, so that no browser waits for an older one's end."""
    page = secrets.token_hex(8)
    current_app.extensions["newest_page"] = page
    return rendering.render_shell(page)


@blueprint.post("/acts/<act>")
def touch(act: str) -> tuple[str, int]:
    """A touch; what follows from it comes over the stream."""
    values = {name: value for name, value in request.form.items() if len(value) <= LONGEST_VALUE}
    get_kiosk().handle(Touched(act, values))
    return "", 204


@blueprint.post("/wiped")
def wipe() -> Response:
    """The page asks for this at the end of a sitting: the browser drops all it may have kept."""
    response = Response(status=204)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@blueprint.get("/events/<page>")
def stream(page: str) -> Response:
    """Server-sent events: each message replaces the regions of the screen that changed.

    The stream of a page ends as soon as there is a newer page.
    """
    extensions = current_app.extensions
    messages = _messages(get_kiosk(), extensions["hall"], lambda: extensions["newest_page"] == page)
    return Response(messages, mimetype="text/event-stream", headers={"X-Accel-Buffering": "no"})


def _messages(kiosk: Kiosk, hall: Sentence, is_newest: Callable[[], bool]) -> Iterator[str]:
    shown: dict[str, str] = {}
    last: Journey | None = None
    version = -1
    while is_newest() and not kiosk.is_stopping:
        version, journey = kiosk.wait(version, KEEP_ALIVE_SECONDS if last else 0)
        try:
            regions = rendering.render(journey, hall=hall, clock=datetime.now(UTC))
        except Exception as error:
            # the person must not be left before a screen that no longer moves
            kiosk.fail(error, f"drawing {journey.screen}", seen=version)
            last = last or journey
            continue
        changed = {name: html for name, html in regions.items() if shown.get(name) != html}
        if changed:
            yield _message(rendering.partials(changed, fresh=_fresh(last, journey)))
        else:
            yield ": still here\n\n"
        shown, last = regions, journey


def _fresh(last: Journey | None, journey: Journey) -> Collection[str]:
    if last is None or (last.screen, last.sitting) != (journey.screen, journey.sitting):
        return rendering.REGIONS
    fresh = ["over"] if last.over != journey.over else []
    return [*fresh, "keyboard"] if last.editing != journey.editing else fresh


def _message(html: str) -> str:
    lines = "\n".join(f"data: {line}" for line in html.splitlines())
    return f"{lines}\n\n"
