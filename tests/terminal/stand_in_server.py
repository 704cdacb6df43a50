"""A kiosk door in small: it speaks the door's JSON for one birth, so that the screens can be walked alone."""

import base64
import hashlib
import threading
from contextlib import suppress
from functools import partial

from cryptography.exceptions import InvalidSignature
from flask import Flask, Response, jsonify, request
from waitress.server import create_server

from .made_birth import FATHER, FOUND, THINGS, make_guide, make_receipt, make_replaced
from .stand_in_cases import CASE_ROUTES, CaseViews
from .stand_in_phones import PHONE_ROUTES, PhoneViews
from .stand_in_state import StandIn, problem

__all__ = ["RunningDoor", "StandIn"]


def check_signature(stand_in: StandIn, tag: str = "kiosk") -> str | None:
    """Verify by hand from RFC 9421, with nothing of the client's library; what is wrong, or None."""
    given = request.headers.get("Signature-Input", "")
    label, _, params = given.partition("=")
    names = [name.strip('"') for name in params[1 : params.index(")")].split()]
    if {"@method", "@authority", "@path", "@query", "content-digest"} - set(names):
        return "covers too little"
    if request.headers.get("Idempotency-Key") and "idempotency-key" not in names:
        return "idempotency key not covered"
    digest = base64.b64encode(hashlib.sha256(request.get_data(cache=True)).digest()).decode()
    if f"sha-256=:{digest}:" not in request.headers["Content-Digest"]:
        return "digest of another body"
    query = request.query_string.decode()
    derived = {
        "@method": request.method,
        "@authority": request.host,
        "@path": request.path,
        "@query": f"?{query}",
    }
    lines = [f'"{name}": {derived.get(name) or request.headers[name]}' for name in names]
    base = "\n".join([*lines, f'"@signature-params": {params}'])
    signature = base64.b64decode(request.headers["Signature"].partition("=")[2].strip(":"))
    try:
        stand_in.public_key.verify(signature, base.encode())
    except InvalidSignature:
        return "signature does not verify"
    nonce = params.partition('nonce="')[2].partition('"')[0]
    if len(nonce) < 22 or nonce in stand_in.nonces or f'tag="{tag}"' not in params:
        return "nonce or tag"
    stand_in.nonces.add(nonce)
    return None


class DoorViews:
    """What the small door answers, one method for each act."""

    def __init__(self, door: StandIn) -> None:
        self.door = door

    def gate(self) -> Response | None:
        if self.door.is_down:
            return Response(status=503)
        wrong = check_signature(self.door)
        if wrong:
            return problem(401, "bad_signature", wrong, wrong)
        self.door.requests.append((request.method, request.path))
        if self.door.session_lost and "drafts" in request.path:
            return problem(401, "session_ended", "登录已过期", "The session is over")
        return None

    def remember(self, response: Response) -> Response:
        """Keep what was asked and answered, to be held to the published door."""
        asked = request.get_json(silent=True)
        rule = str(request.url_rule)
        self.door.said.append(
            (request.method, rule, asked, response.status_code, response.get_json(silent=True))
        )
        return response

    def things(self) -> Response:
        return jsonify(revision=1, things=THINGS, phone_sign_in=self.door.phone_sign_in)

    def guide(self, code: str) -> Response:
        return jsonify(make_guide(code))

    def chart(self, code: str) -> Response:
        box = '<rect x="100" y="40" width="200" height="60" fill="none" stroke="black"/>'
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300">{box}</svg>'
        return Response(svg, mimetype="image/svg+xml")

    def plans(self, code: str) -> Response:
        body = request.get_json()
        return jsonify(self.door.plan(body.get("chosen"), body.get("answers", {})))

    def sessions(self) -> Response:
        card = request.get_json()["card"]
        assert "photo" not in card
        return jsonify(
            token="token-" + card["id_number"][-4:],
            assurance="card",
            masked_name=card["name"][0] + "*" + card["name"][-1],
            masked_id_number=card["id_number"][:3] + "***",
            expires_at="2026-11-23T10:00:00+08:00",
        )

    def ending(self) -> tuple[str, int]:
        self.door.endings.append(request.get_json()["cause"])
        return "", 204

    def new_draft(self) -> Response:
        draft = self.door.new_draft(request.get_json())
        self.door.drafts[draft["id"]] = draft
        return jsonify(self.door.view(draft))

    def consent(self, draft: str) -> Response:
        given = request.get_json()["sources"]
        held = self.door.drafts[draft]
        for each in held["consent"]["sources"]:
            each["asked"] = given.get(each["id"], each["asked"])
        for each in self.door.all_fields(held):
            if each["source"] and not given.get(each["source"]["id"], True):
                each["state"] = "refused"
        return jsonify(self.door.view(held))

    def fetching(self, draft: str) -> Response:
        held = self.door.drafts[draft]
        allowed = {each["id"] for each in held["consent"]["sources"] if each["asked"]}
        proven = not self.door.open_role or any(each["state"] != "open" for each in held["authorisations"])
        for each in self.door.all_fields(held):
            name = each["source"]["id"] if each["source"] else None
            if name not in allowed or each["state"] in ("found", "typed"):
                continue
            if name in self.door.silent:
                each["state"] = "unavailable"
            elif each["fact"].startswith("father.") and not proven:
                each["state"] = "needed"
            else:
                value, zh, en = FOUND[each["fact"]]
                each.update(state="found", value=value, display_zh=zh, display_en=en)
        if self.door.open_role and not held["authorisations"]:
            held["authorisations"] = [
                {
                    "role": "father",
                    "zh": "父亲",
                    "en": "Father",
                    "state": "open",
                    "why_zh": "取用父亲的信息要他本人同意",
                    "why_en": "His own consent is needed",
                }
            ]
        return jsonify(self.door.view(held))

    def values(self, draft: str) -> Response:
        held, errors = self.door.drafts[draft], []
        for fact, value in request.get_json()["values"].items():
            each = next(each for each in self.door.all_fields(held) if each["fact"] == fact)
            if fact == "application.mobile" and (not value or len(value) != 11):
                errors.append(
                    {
                        "field": fact,
                        "reason": "bad_mobile",
                        "zh": "手机号是 11 位数字",
                        "en": "A mobile number has 11 digits",
                    }
                )
                continue
            label = next(
                (o for o in each["options"] or () if o["code"] == value), {"zh": str(value), "en": ""}
            )
            each.update(
                state="typed", value=value, display_zh=label["zh"], display_en=label["en"], source=None
            )
            if other := self.door.typed_elsewhere.pop(fact, None):
                held["replaced"] = [make_replaced(each, other)]
        if errors:
            return problem(422, "values_refused", "有一项没有填对", "One value is not right", errors)
        return jsonify(self.door.view(held))

    def kept_values(self, draft: str) -> Response:
        asked, held = request.get_json(), self.door.drafts[draft]
        [one] = [one for one in held["replaced"] if one["fact"] == asked["fact"]]
        kept = next(value for value in one["values"] if value["keep"] == asked["keep"])
        field = next(each for each in self.door.all_fields(held) if each["fact"] == asked["fact"])
        field.update(value=kept["zh"], display_zh=kept["zh"])
        held["replaced"].remove(one)
        return jsonify(self.door.view(held))

    def authorisation(self, draft: str) -> Response:
        body, held = request.get_json(), self.door.drafts[draft]
        if body["card"]["id_number"] != FATHER["id_number"]:
            return problem(403, "not_that_person", "这张证件不是孩子父亲的", "This is not the father's card")
        held["authorisations"][0]["state"] = "proven"
        return jsonify(self.door.view(held))

    def declined(self, draft: str) -> Response:
        held = self.door.drafts[draft]
        held["authorisations"][0]["state"] = "declined"
        return jsonify(self.door.view(held))

    def pages(self, draft: str, name: str) -> Response:
        held, page = self.door.drafts[draft], request.files["file"]
        assert page.stream.read(3) == b"\xff\xd8\xff"
        file = f"f{next(self.door.numbers)}"
        found = next(each for each in held["materials"] if each["id"] == name)
        found["pages"].append({"file": file, "number": len(found["pages"]) + 1})
        found["state"] = "submitted"
        page.stream.seek(0)
        self.door.keys[file] = page.stream.read()
        return jsonify(
            file=file,
            pages=[{"number": 1, "preview": f"/kiosk/v1/files/{file}/preview"}],
            draft=self.door.view(held),
        )

    def drop_page(self, draft: str, name: str, file: str) -> Response:
        held = self.door.drafts[draft]
        found = next(each for each in held["materials"] if each["id"] == name)
        found["pages"] = [each for each in found["pages"] if each["file"] != file]
        found["state"] = "submitted" if found["pages"] else "to_submit"
        return jsonify(self.door.view(held))

    def preview(self, file: str) -> Response:
        return Response(self.door.keys[file], mimetype="image/jpeg")

    def signature(self, draft: str) -> Response:
        body, held = request.get_json(), self.door.drafts[draft]
        assert base64.b64decode(body["image"])[:8] == b"\x89PNG\r\n\x1a\n"
        held["signature"] = True
        return jsonify(self.door.view(held))

    def submission(self, draft: str) -> tuple[Response, int]:
        key = request.headers["Idempotency-Key"]
        with self.door.lock:
            if key not in self.door.keys:
                self.door.submissions += 1
                self.door.keys[key] = make_receipt(f"XX-7KDM-{self.door.submissions:04}-C")
        return jsonify(case_number=self.door.keys[key]["case_number"], receipt=self.door.keys[key]), 201

    def staff(self) -> tuple[Response, int]:
        self.door.calls.append(request.get_json())
        return jsonify(call="c1", called_at="2026-11-23T10:30:00+08:00"), 201


ROUTES = (
    ("GET", "/things", DoorViews.things),
    ("GET", "/things/<code>/guide", DoorViews.guide),
    ("GET", "/things/<code>/flow-chart", DoorViews.chart),
    ("POST", "/things/<code>/plans", DoorViews.plans),
    ("POST", "/sessions", DoorViews.sessions),
    ("POST", "/sessions/current/ending", DoorViews.ending),
    ("POST", "/drafts", DoorViews.new_draft),
    ("PUT", "/drafts/<draft>/consent", DoorViews.consent),
    ("POST", "/drafts/<draft>/fetching", DoorViews.fetching),
    ("PUT", "/drafts/<draft>/values", DoorViews.values),
    ("PUT", "/drafts/<draft>/kept-values", DoorViews.kept_values),
    ("POST", "/drafts/<draft>/authorisations", DoorViews.authorisation),
    ("POST", "/drafts/<draft>/declined-authorisations", DoorViews.declined),
    ("POST", "/drafts/<draft>/materials/<name>/pages", DoorViews.pages),
    ("DELETE", "/drafts/<draft>/materials/<name>/pages/<file>", DoorViews.drop_page),
    ("GET", "/files/<file>/preview", DoorViews.preview),
    ("PUT", "/drafts/<draft>/signature", DoorViews.signature),
    ("POST", "/drafts/<draft>/submission", DoorViews.submission),
    ("POST", "/calls-for-staff", DoorViews.staff),
)


def make_door(door: StandIn) -> Flask:
    """The small door."""
    app, views = Flask("stand_in"), DoorViews(door)
    app.before_request(views.gate)
    app.after_request(views.remember)
    routes = [(method, path, partial(view, views)) for method, path, view in ROUTES]
    case_views = CaseViews(door)
    routes += [(method, path, partial(view, case_views)) for method, path, view in CASE_ROUTES]
    phone_views = PhoneViews(door, door.phone)
    routes += [(method, path, partial(view, phone_views)) for method, path, view in PHONE_ROUTES]
    for method, path, bound in routes:
        app.add_url_rule(f"/kiosk/v1{path}", f"{method} {path}", bound, methods=[method])
    return app


class RunningDoor:
    """The small door on a port of its own."""

    def __init__(self, door: StandIn) -> None:
        self.door = door
        self.server = create_server(make_door(door), host="127.0.0.1", port=0, threads=8)
        self.url = f"http://127.0.0.1:{self.server.effective_port}"
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        """Close the port."""
        self.server.task_dispatcher.shutdown()
        with suppress(OSError):  # closed already, woken by another pull a moment before
            self.server.trigger.pull_trigger(self.server.close)
        self.thread.join(timeout=1)
