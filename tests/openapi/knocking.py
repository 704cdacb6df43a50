"""A town whose doors sign for whoever asks them to: what carries the placeholder is really authenticated."""

import io
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from onething.domain import gateway_signature
from tests.http.test_journey import fill_in as fill_in_at_kiosk
from tests.http.test_journey import multipart, page
from tests.http.world import Sitting, enrol_kiosk
from tests.mobile.phone import Phone, Town
from tests.mobile.test_handovers import TimedKiosk
from tests.mobile.test_journey import fill_in as fill_in_on_phone

# Stands where a credential goes; what comes without it is let through untouched.
PLACEHOLDER = "to-be-signed"
BEGUN = "P-DISABILITY"
TUS = {"tus-resumable": "1.0.0"}
WANTED = ("to_submit", "submitted")
HEADERS = {
    "kiosk": {"Signature": PLACEHOLDER, "Citizen-Session": PLACEHOLDER},
    "mobile": {"Authorization": f"Bearer {PLACEHOLDER}"},
    "partner": {"x-tif-signature": PLACEHOLDER},
    "public": {},
}


def sit_down(town: Town, family: str = "") -> Sitting:
    """At a kiosk of its own; with the card of a family's mother, or before any card."""
    kiosk = enrol_kiosk(town.ports, f"K-{secrets.token_hex(4)}")
    sitting = Sitting(town.app, TimedKiosk(kiosk.id, kiosk.key, town=town))
    if family:
        sitting.sign_in(town.cards[family, "mother"])
    return sitting


@dataclass
class Somebody:
    """A citizen at one door: whoever asks for them, and the ids of what is theirs."""

    visitor: Any
    fill_in: Callable[[], dict[str, Any]]
    town: Town
    made: dict[str, str] = field(default_factory=dict)

    @cached_property
    def case(self) -> str:
        ready = self.fill_in()["id"]
        key = secrets.token_urlsafe(24)
        number: str = self.visitor.post(f"/drafts/{ready}/submission", {}, key=key)["case_number"]
        return number

    def begun(self) -> dict[str, Any]:
        """The open draft, or a new one if something has become of it."""
        draft: dict[str, Any] = self.visitor.post("/drafts", {"thing": BEGUN})
        return draft

    def know(self, name: str, path: str) -> str | None:
        """The id of something of theirs that may stand in this place of a path; None if nothing may."""
        found = {
            "case": lambda: self.case,
            "code": lambda: BEGUN,
            "draft": lambda: self.begun()["id"],
            "fact": lambda: self.begun()["missing"][0]["id"],
            "file": lambda: self.still_there("/files/{}/preview", self.hand_in_page),
            "handover": self.show_code,
            "material": self.material,
            "sign_in": self.sign_in_again,
            "upload": lambda: self.still_there("/uploads/{}", self.begin_upload),
        }.get(name)
        return found() if found and not (name == "file" and "/cases/" in path) else None

    def still_there(self, place: str, make: Callable[[], str]) -> str:
        """What was made before, or another where a request has taken it away: only so many are let in."""
        before = self.made.get(place)
        if before is None or self.visitor.ask("GET", place.format(before), **TUS).status_code != 200:
            self.made[place] = make()
        return self.made[place]

    def material(self) -> str:
        """A paper that the open draft asks for: with no source asked, there is one."""
        draft = self.begun()
        refusing = {source["id"]: False for source in draft["consent"]["sources"]}
        draft = self.visitor.put(f"/drafts/{draft['id']}/consent", {"sources": refusing})
        return next(str(each["id"]) for each in draft["materials"] if each["state"] in WANTED)

    def hand_in_page(self) -> str:
        body, kind = multipart(page(size=(620, 877)))
        path = f"/drafts/{self.begun()['id']}/materials/{self.material()}/pages"
        return str(self.visitor.post(path, body, **{"content-type": kind})["file"])

    def show_code(self) -> str | None:
        if isinstance(self.visitor, Phone):
            return None
        shown = self.visitor.post(f"/drafts/{self.begun()['id']}/hand-overs", {"kind": "form"})
        return str(shown["id"])

    def begin_upload(self) -> str:
        path = f"/drafts/{self.begun()['id']}/materials/{self.material()}/uploads"
        more = {**TUS, "upload-length": "64"}
        return str(self.visitor.post(path, None, key=secrets.token_urlsafe(24), **more)["id"])

    def sign_in_again(self) -> str:
        """The sign-in of another phone of theirs: what ends it does not end their own."""
        Phone(self.town).sign_in_by_province("chen.mother")
        others = [each for each in self.visitor.get("/sign-ins")["sign_ins"] if not each["here"]]
        return str(others[0]["id"])


@dataclass
class Knocking:
    """WSGI before a town's application: signs as a kiosk, a citizen, a phone or a department."""

    town: Town
    people: dict[str, Somebody] = field(default_factory=dict)

    def __post_init__(self) -> None:
        sitting = sit_down(self.town, "sun")
        phone = Phone(self.town)
        phone.sign_in_by_province("chen.mother")
        at_kiosk = lambda: fill_in_at_kiosk(sitting, self.town, "sun")  # type: ignore[arg-type] # noqa: E731
        self.people = {
            "kiosk": Somebody(sitting, at_kiosk, self.town),
            "mobile": Somebody(phone, lambda: fill_in_on_phone(phone), self.town),
        }

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        # Refusals are counted for each address: nobody here pays for another.
        environ["REMOTE_ADDR"] = f"10.{secrets.randbelow(250)}.{secrets.randbelow(250)}.8"
        path = environ["PATH_INFO"]
        if environ.get("HTTP_SIGNATURE") == PLACEHOLDER:
            self._sign_as_kiosk(environ, path)
        if environ.get("HTTP_AUTHORIZATION") == f"Bearer {PLACEHOLDER}":
            environ["HTTP_AUTHORIZATION"] = f"Bearer {self._phone_for(path).access}"
        if environ.get("HTTP_X_TIF_SIGNATURE") == PLACEHOLDER:
            self._sign_as_department(environ, path)
        return self.town.app(environ, start_response)

    def _sign_as_kiosk(self, environ: dict[str, Any], path: str) -> None:
        sitting = self._sitting_for(path)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        covered = {"content-type": "CONTENT_TYPE", "idempotency-key": "HTTP_IDEMPOTENCY_KEY"}
        headers = {name: environ[key] for name, key in covered.items() if environ.get(key)}
        signed = sitting.kiosk.sign(environ["REQUEST_METHOD"], environ["REQUEST_URI"], body, headers=headers)
        for name in ("content-digest", "signature-input", "signature"):
            environ[f"HTTP_{name.upper().replace('-', '_')}"] = signed[name]
        if environ.get("HTTP_CITIZEN_SESSION") == PLACEHOLDER:
            environ["HTTP_CITIZEN_SESSION"] = sitting.token

    def _sitting_for(self, path: str) -> Sitting:
        """Whoever would put an end to their session or take the kiosk out of service has one of their own."""
        if path.endswith("/sessions/current/ending"):
            return sit_down(self.town, "liu")
        if "/terminal" in path or "/sessions" in path:
            return sit_down(self.town)
        sitting: Sitting = self.people["kiosk"].visitor
        return sitting

    def _phone_for(self, path: str) -> Phone:
        """Whoever would sign out, or be somebody else after, has a phone of their own."""
        if "/real-name/" in path or path.endswith("/sign-ins/current/ending"):
            phone = Phone(self.town)
            phone.sign_in("wechat", f"somebody.{secrets.token_hex(6)}")
            return phone
        known: Phone = self.people["mobile"].visitor
        return known

    def _sign_as_department(self, environ: dict[str, Any], path: str) -> None:
        department = path.split("/")[4]
        named = f"token of {department}"
        at, nonce = self.town.clock.now(), secrets.token_hex(16)
        for name, value in gateway_signature.sign(department, named, at=at, nonce=nonce).items():
            environ[f"HTTP_{name.upper().replace('-', '_')}"] = value

    def know(self, door: str, path: str) -> dict[str, str]:
        """Ids of what is really there, for the places of an operation's path."""
        names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
        if door == "public":
            known = {"audience": "person", "code": BEGUN, "matter": self._a_part().matter}
            return {name: known[name] for name in names}
        if door == "partner":
            part = self._a_part()
            known = {"department": part.department, "part": part.id}
            return {name: known[name] for name in names if name in known}
        found = {name: self.people[door].know(name, path) for name in names}
        return {name: value for name, value in found.items() if value is not None}

    def _a_part(self) -> Any:
        with self.town.ports.records.read() as uow:
            case = uow.cases.find_by_number(self.people["kiosk"].case)
        assert case is not None
        return case.parts[0]
