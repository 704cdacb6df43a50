"""Pictures sent in pieces by the pages' own script: tus 1.0.0 under /m/uploads, behind the page's cookie."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response

from mobile_api import tus
from mobile_api.pages.frame import TOP, Room, address
from onething.domain.uploads import Purpose
from onething.services import uploads
from web import forms, gates
from web.answers import empty_answer, json_answer
from web.current import current_ports, current_session
from web.idempotency import find_once

room = Room("uploading", "/uploads")
room.blueprint.after_request(tus.say_version)
_PURPOSES = ", ".join(Purpose)
View = Callable[..., Response]


def begin_address(purpose: Purpose, owner: str, name: str) -> str:
    """Where a picture for a material or fact of a draft or case is announced."""
    return address("uploading.begin", purpose=str(purpose), owner=owner, name=name)


def _script(method: str, rule: str) -> Callable[[View], View]:
    """A view for the page's script: its cookie alone is not enough, it must come from a page of ours."""

    def add(view: View) -> View:
        @wraps(view)
        def run(**arguments: Any) -> Response:
            forms.check_origin(told=True)
            return view(**arguments)

        guarded = gates.body_limit(tus.largest_piece)(gates.phone_page(run))
        room.blueprint.add_url_rule(rule, view.__name__, guarded, methods=[method])
        return view

    return add


@_script("POST", f"/<any({_PURPOSES}):purpose>/<owner>/<name>")
@tus.spoken
def begin(purpose: str, owner: str, name: str) -> Response:
    """Announce a picture; Location says where its pieces go."""
    upload = tus.begin(Purpose(purpose), owner, name, find_once())
    answer = tus.with_headers(json_answer(tus.view(upload), 201), upload)
    answer.headers["Location"] = address("uploading.look", upload=upload.id)
    return answer


@_script("GET", "/<upload>")
@tus.spoken
def look(upload: str) -> Response:
    """Where it stands."""
    stands = uploads.get(current_ports(), current_session(), upload)
    return tus.with_headers(json_answer(tus.view(stands)), stands)


@_script("PATCH", "/<upload>")
@tus.spoken
def append(upload: str) -> Response:
    """Add bytes."""
    return tus.append(upload)


@_script("DELETE", "/<upload>")
@tus.spoken
def remove(upload: str) -> Response:
    """Give it up."""
    uploads.remove(current_ports(), current_session(), upload)
    return empty_answer()


@_script("POST", "/<upload>/pages")
def finish(upload: str) -> Response:
    """Make pages of the whole file."""
    of, pages = uploads.finish(current_ports(), current_session(), upload)
    return json_answer({"pages": tus.list_pages(of, pages, TOP.rstrip("/"))}, 201)
