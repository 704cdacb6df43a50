"""Pinyin for the on-screen keyboard."""

from flask import Blueprint, Response, jsonify, request

from terminal_client.pinyin import list_candidates

blueprint = Blueprint("typing", __name__)


@blueprint.post("/candidates")
def candidates() -> Response:
    """What the typed letters may mean. The letters come in the body: a URL would be logged."""
    letters, kind = request.form.get("letters", ""), request.form.get("kind", "pinyin")
    found = list_candidates(letters.lower(), kind)
    return jsonify([{"text": each.text, "used": each.used} for each in found])
