"""A birth from the card to the receipt through the real door, on both databases, held to the contract."""

import base64
import io
import secrets
from typing import Any

import pytest
from PIL import Image, ImageDraw

from tests.http.world import Sitting, World

STRANGER = "411599198001010031"


@pytest.fixture
def mother(world: World) -> Sitting:
    """The mother of the family Chen, signed in at the first kiosk."""
    sitting = Sitting(world.app, world.kiosks[0])
    sitting.sign_in(world.cards["chen", "mother"])
    return sitting


def page(colour: str = "white", size: tuple[int, int] = (1240, 1754)) -> bytes:
    """A scanned page: JPEG."""
    picture = Image.new("RGB", size, "gray")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((40, 40, size[0] - 40, size[1] - 40), fill=colour)
    for line in range(20):
        draw.line((120, 150 + 70 * line, size[0] - 120, 150 + 70 * line), fill="black", width=6)
    with io.BytesIO() as file:
        picture.save(file, "JPEG")
        return file.getvalue()


def signature() -> dict[str, Any]:
    """A drawn signature as the kiosk's page makes it."""
    picture = Image.new("RGBA", (600, 200), (0, 0, 0, 0))
    ImageDraw.Draw(picture).line([(40, 150), (200, 40), (330, 160), (560, 60)], fill="black", width=9)
    with io.BytesIO() as file:
        picture.save(file, "PNG")
        image = base64.b64encode(file.getvalue()).decode()
    return {"image": image, "width": 600, "height": 200}


def multipart(data: bytes, name: str = "file") -> tuple[bytes, str]:
    """A multipart body with one file, and its content type."""
    boundary = "page" + "0" * 16
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="page.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n"
    )
    body = head.encode() + data + f"\r\n--{boundary}--\r\n".encode()
    return body, f"multipart/form-data; boundary={boundary}"


def agree_to_all(sitting: Sitting, draft: dict[str, Any]) -> dict[str, Any]:
    """Consent to whatever is asked, and fetch, until nothing more comes."""
    for _ in range(4):
        asked = {source["id"]: True for source in draft["consent"]["sources"]}
        draft = sitting.put(f"/drafts/{draft['id']}/consent", {"sources": asked})
        draft = sitting.post(f"/drafts/{draft['id']}/fetching", {})
        if not draft["consent"]["needed"]:
            break
    return draft


def fill_in(sitting: Sitting, world: World, family: str = "chen") -> dict[str, Any]:
    """A whole birth, ready to be submitted."""
    draft = sitting.post("/drafts", {"thing": "P-NEWBORN"})
    draft = agree_to_all(sitting, draft)
    if any(role["state"] == "open" for role in draft["authorisations"]):
        father = {"role": "father", "card": world.cards[family, "father"]}
        draft = sitting.post(f"/drafts/{draft['id']}/authorisations", father)
        draft = agree_to_all(sitting, draft)
    typed = {"child.name": "陈小𠮷", "child.ethnicity": "01", "application.mobile": "19900001234"}
    values = {each["id"]: typed[each["id"]] for each in draft["missing"] if each["kind"] == "fact"}
    draft = sitting.put(f"/drafts/{draft['id']}/values", {"values": values})
    for material in draft["materials"]:
        if material["state"] == "to_submit" and material["required"]:
            body, kind = multipart(page())
            path = f"/drafts/{draft['id']}/materials/{material['id']}/pages"
            draft = sitting.post(path, body, **{"content-type": kind})["draft"]
    return sitting.put(f"/drafts/{draft['id']}/signature", signature())


def test_the_list_and_a_guide_are_the_same_until_they_change(world: World) -> None:
    lobby = Sitting(world.app, world.kiosks[0])
    for path in ("/things", "/things/P-NEWBORN/guide", "/things/P-NEWBORN/flow-chart"):
        first = lobby.ask("GET", path)
        again = lobby.ask("GET", path, **{"if-none-match": first.headers["ETag"]})
        assert (first.status_code, again.status_code, again.get_data()) == (200, 304, b""), path
    assert lobby.ask("GET", "/things/P-NOTHING/guide").json["reason"] == "unknown_thing"


def test_every_thing_has_a_guide_a_chart_and_a_plan(world: World) -> None:
    lobby = Sitting(world.app, world.kiosks[0])
    listed = lobby.get("/things")
    assert listed["phone_sign_in"] is False, "this server knows nobody on a phone"
    for thing in listed["things"]:
        assert lobby.get(f"/things/{thing['code']}/guide")["matters"]
        chart = lobby.ask("GET", f"/things/{thing['code']}/flow-chart")
        assert chart.get_data().lstrip().startswith(b"<")
        assert lobby.post(f"/things/{thing['code']}/plans", {})["matters"]


def test_a_birth_from_card_to_receipt(world: World, mother: Sitting) -> None:
    draft = fill_in(mother, world)
    assert draft["missing"] == []
    assert draft["ready"] is True
    key = secrets.token_urlsafe(24)
    submitted = mother.ask("POST", f"/drafts/{draft['id']}/submission", {}, key=key)
    assert submitted.status_code == 201
    number = submitted.json["case_number"]
    assert submitted.json["receipt"]["case_number"] == number

    again = mother.ask("POST", f"/drafts/{draft['id']}/submission", {}, key=key)
    assert (again.status_code, again.json) == (201, submitted.json)
    other = mother.ask("POST", f"/drafts/{draft['id']}/submission", {}, key=secrets.token_urlsafe(24))
    assert (other.status_code, other.json["reason"]) == (409, "already_submitted")

    mine = mother.get("/cases")["cases"]
    assert number in [case["number"] for case in mine]
    case = mother.get(f"/cases/{number}")
    assert {part["matter"] for part in case["parts"]} >= {"HUKOU"}
    assert mother.get(f"/cases/{number}/receipt")["reprint"] is True
    form = mother.ask("GET", f"/cases/{number}/form")
    assert form.get_data().startswith(b"%PDF-")


def test_the_same_key_for_another_draft_is_refused(world: World) -> None:
    sitting = Sitting(world.app, world.kiosks[0])
    sitting.sign_in(world.cards["tong", "mother"])
    draft = fill_in(sitting, world, "tong")
    key = secrets.token_urlsafe(24)
    assert sitting.ask("POST", f"/drafts/{draft['id']}/submission", {}, key=key).status_code == 201
    second = sitting.post("/drafts", {"thing": "P-AFTER-DEATH"})
    answer = sitting.ask("POST", f"/drafts/{second['id']}/submission", {}, key=key)
    assert (answer.status_code, answer.json["reason"]) == (422, "idempotency_key_reused")


def test_a_submission_without_a_key_is_refused(mother: Sitting) -> None:
    draft = mother.post("/drafts", {"thing": "P-AFTER-DEATH"})
    answer = mother.ask("POST", f"/drafts/{draft['id']}/submission", {})
    assert (answer.status_code, answer.json["reason"]) == (422, "idempotency_key_missing")


def test_what_is_missing_is_named(mother: Sitting) -> None:
    draft = mother.post("/drafts", {"thing": "P-AFTER-DEATH"})
    key = secrets.token_urlsafe(24)
    answer = mother.ask("POST", f"/drafts/{draft['id']}/submission", {}, key=key)
    assert (answer.status_code, answer.json["reason"]) == (409, "not_complete")
    assert {error["reason"] for error in answer.json["errors"]} >= {"missing_signature"}


def test_good_values_are_kept_beside_bad_ones(mother: Sitting) -> None:
    draft = mother.post("/drafts", {"thing": "P-AFTER-DEATH"})
    values = {"application.mobile": "19900005678", "no.such": "x"}
    answer = mother.ask("PUT", f"/drafts/{draft['id']}/values", {"values": values})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json["errors"]] == ["no.such"]
    fields = [f for s in mother.get(f"/drafts/{draft['id']}")["form"]["sections"] for f in s["fields"]]
    assert next(f["value"] for f in fields if f["fact"] == "application.mobile") == "19900005678"


def test_nothing_is_fetched_before_consent(world: World) -> None:
    sitting = Sitting(world.app, world.kiosks[1])
    sitting.sign_in(world.cards["sun", "mother"])
    draft = sitting.post("/drafts", {"thing": "P-NEWBORN"})
    answer = sitting.ask("POST", f"/drafts/{draft['id']}/fetching", {})
    assert (answer.status_code, answer.json["reason"]) == (409, "consent_needed")


def test_the_draft_is_gone_on_with(mother: Sitting) -> None:
    first = mother.ask("POST", "/drafts", {"thing": "P-DISABILITY"})
    second = mother.ask("POST", "/drafts", {"thing": "P-DISABILITY"})
    assert (second.status_code, second.json["resumed"]) == (200, True)
    assert second.json["id"] == first.json["id"]


def test_a_page_is_seen_and_taken_back(world: World) -> None:
    sitting = Sitting(world.app, world.kiosks[1])
    sitting.sign_in(world.cards["rare", "mother"])
    draft = sitting.post("/drafts", {"thing": "P-NEWBORN"})
    refused = {source["id"]: False for source in draft["consent"]["sources"]}
    draft = sitting.put(f"/drafts/{draft['id']}/consent", {"sources": refused})
    material = next(each["id"] for each in draft["materials"] if each["state"] == "to_submit")
    path = f"/drafts/{draft['id']}/materials/{material}/pages"
    body, kind = multipart(page())
    pages = sitting.post(path, body, **{"content-type": kind})
    seen = sitting.ask("GET", pages["pages"][0]["preview"].removeprefix("/kiosk/v1"))
    assert seen.mimetype == "image/jpeg"
    assert seen.get_data().startswith(b"\xff\xd8")
    draft = sitting.ask("DELETE", f"{path}/{pages['file']}").json
    assert not next(each["pages"] for each in draft["materials"] if each["id"] == material)
    gone = sitting.ask("GET", pages["pages"][0]["preview"].removeprefix("/kiosk/v1"))
    assert (gone.status_code, gone.json["reason"]) == (404, "not_found")

    body, kind = multipart(b"%!PS-Adobe-3.0 EPSF-3.0\n")
    answer = sitting.ask("POST", path, body, **{"content-type": kind})
    assert answer.status_code == 422
    assert answer.json["title_zh"]
    body, kind = multipart(page(), name="picture")
    answer = sitting.ask("POST", path, body, **{"content-type": kind})
    assert {error["reason"] for error in answer.json["errors"]} == {"required", "unknown_field"}


def test_a_photo_of_30_megabytes_is_refused(world: World, mother: Sitting) -> None:
    draft = mother.post("/drafts", {"thing": "P-AFTER-DEATH"})
    body, kind = multipart(b"\xff\xd8" + bytes(30 * 1024 * 1024))
    answer = mother.ask("POST", f"/drafts/{draft['id']}/materials/any/pages", body, **{"content-type": kind})
    assert (answer.status_code, answer.json["reason"]) == (413, "too_large")


def test_a_scribble_that_is_no_picture_is_no_signature(mother: Sitting) -> None:
    draft = mother.post("/drafts", {"thing": "P-AFTER-DEATH"})
    nothing = {**signature(), "image": base64.b64encode(b"not a picture").decode()}
    answer = mother.ask("PUT", f"/drafts/{draft['id']}/signature", nothing)
    assert (answer.status_code, answer.json["reason"]) == (422, "bad_signature_image")


def test_bad_cards_are_refused(world: World) -> None:
    sitting = Sitting(world.app, world.kiosks[1])
    card = world.cards["sun", "mother"]
    wrong = {**card, "id_number": card["id_number"][:-1] + ("1" if card["id_number"][-1] != "1" else "2")}
    assert sitting.ask("POST", "/sessions", {"card": wrong}).json["reason"] == "bad_card"
    old = {**card, "valid_to": "2020-01-01"}
    assert sitting.ask("POST", "/sessions", {"card": old}).json["reason"] == "card_expired"
    photo = sitting.ask("POST", "/sessions", {"card": {**card, "photo": "AAAA"}}).json["errors"]
    assert [(error["field"], error["reason"]) for error in photo] == [("card.photo", "unknown_field")]
    for name in ("张\u202e三", "张\x1b@三"):
        answer = sitting.ask("POST", "/sessions", {"card": {**card, "name": name}})
        assert [error["reason"] for error in answer.json["errors"]] == ["not_printable"]


def test_a_session_ends_when_it_is_told_to(world: World) -> None:
    sitting = Sitting(world.app, world.kiosks[1])
    sitting.sign_in(world.cards["sun", "mother"])
    assert sitting.ask("POST", "/sessions/current/ending", {"cause": "idle"}).status_code == 204
    answer = sitting.ask("GET", "/cases")
    assert (answer.status_code, answer.json["reason"]) == (401, "session_ended")


def test_the_next_citizen_ends_the_last_ones_session(world: World) -> None:
    first, second = Sitting(world.app, world.kiosks[1]), Sitting(world.app, world.kiosks[1])
    first.sign_in(world.cards["sun", "mother"])
    second.sign_in(world.cards["liu", "mother"])
    assert first.ask("GET", "/cases").json["reason"] == "session_ended"
    assert second.ask("GET", "/cases").status_code == 200


def test_help_is_called_without_a_card(world: World) -> None:
    lobby = Sitting(world.app, world.kiosks[1])
    assert lobby.post("/calls-for-staff", {"screen": "idle", "reason": "打印机没有纸"})["call"]


def test_the_time_is_told_to_anyone(world: World) -> None:
    assert world.app.test_client().get("/kiosk/v1/time").json["now"]


def test_the_flow_chart_speaks_the_language_that_is_wanted(world: World) -> None:
    sitting = Sitting(world.app, world.kiosks[0])
    charts = [
        sitting.ask("GET", "/things/P-NEWBORN/flow-chart", **{"accept-language": wanted})
        for wanted in ("zh-CN", "en")
    ]
    assert "出生" in charts[0].text
    assert "birth certificate" in charts[1].text.lower()
    assert charts[0].headers["ETag"] != charts[1].headers["ETag"]
