"""Pictures in pieces: cut off and gone on with, judged when whole, made pages of once, and nobody else's."""

import base64
import hashlib
import secrets
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from onething.domain.uploads import LEAST_PIECE_BYTES, MOST_OPEN, UPLOAD_LASTS
from onething.ports import Ports
from tests.http.test_case_acts import ask_for_more
from tests.http.test_journey import multipart, page
from tests.mobile.phone import Phone, Town, good, refused
from tests.mobile.test_foreign_ids import NOBODY_S
from tests.mobile.test_journey import fill_in
from tests.paper.made_pages import jpeg, photographed, written_page

PIECE = 16 * 1024
CORNERS = [(90, 60), (680, 80), (700, 930), (50, 950)]


@pytest.fixture(scope="module")
def picture() -> bytes:
    """A sheet on a table, some pieces long."""
    return jpeg(photographed(written_page(1240, 1754), CORNERS, (750, 1000)), 92)


@pytest.fixture
def mother(town: Town) -> Phone:
    phone = Phone(town)
    phone.sign_in_by_province("liu.mother")
    return phone


@pytest.fixture
def material(mother: Phone) -> Iterator[str]:
    """The address of a material that a draft of the mother's asks for; its pages are taken back after."""
    draft = mother.post("/drafts", {"thing": "P-NEWBORN"})
    refusing = {source["id"]: False for source in draft["consent"]["sources"]}
    draft = mother.put(f"/drafts/{draft['id']}/consent", {"sources": refusing})
    wanted = next(each["id"] for each in draft["materials"] if each["state"] in ("to_submit", "submitted"))
    path = f"/drafts/{draft['id']}/materials/{wanted}"
    yield path
    for each in pages_of(mother, path):
        mother.ask("DELETE", f"{path}/pages/{each['file']}")


def pages_of(phone: Phone, material: str) -> list[dict[str, Any]]:
    _, _, draft, _, wanted = material.split("/")
    found = phone.get(f"/drafts/{draft}")["materials"]
    return next(each["pages"] for each in found if each["id"] == wanted)


def tus(phone: Phone, method: str, path: str, body: bytes | None = None, /, **more: str) -> TestResponse:
    headers = {name.replace("_", "-"): value for name, value in more.items()}
    return phone.ask(method, path, body, **{"tus-resumable": "1.0.0", **headers})


def begin(phone: Phone, material: str, data: bytes, **more: str) -> str:
    answer = tus(phone, "POST", f"{material}/uploads", upload_length=str(len(data)), **more)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    place = answer.headers["Location"]
    assert place == f"/mobile/v1/uploads/{answer.get_json()['id']}"
    return place.removeprefix("/mobile/v1")


def send(
    phone: Phone, place: str, data: bytes, at: int, size: int = PIECE, *, method: str = "PATCH", **more: str
) -> TestResponse:
    piece = data[at : at + size]
    more.setdefault("content_type", "application/offset+octet-stream")
    return tus(phone, method, place, piece, upload_offset=str(at), **more)


def send_all(phone: Phone, place: str, data: bytes, at: int = 0) -> None:
    for start in range(at, len(data), PIECE):
        answer = send(phone, place, data, start)
        assert answer.status_code == 204, answer.get_data(as_text=True)
        assert answer.headers["Upload-Offset"] == str(min(start + PIECE, len(data)))


def kept_files(ports: Ports) -> set[str]:
    folder = ports.files._folder  # type: ignore[attr-defined]
    return {path.name for path in folder.glob("??/*")}


def test_a_picture_in_pieces_becomes_one_page(mother: Phone, material: str, picture: bytes) -> None:
    before = kept_files(mother.town.ports)
    place = begin(mother, material, picture)
    send_all(mother, place, picture)
    first = good(mother.ask("POST", f"{place}/pages"))
    again = good(mother.ask("POST", f"{place}/pages"))
    assert first == again
    assert [each["file"] for each in pages_of(mother, material)] == [each["file"] for each in first["pages"]]
    shown = mother.ask("GET", first["pages"][0]["preview"].removeprefix("/mobile/v1"))
    assert shown.get_data().startswith(b"\xff\xd8")
    # what came is gone: only the page that was made of it is kept
    assert kept_files(mother.town.ports) - before == {first["pages"][0]["file"]}


def test_after_a_cut_it_goes_on_where_it_stood(mother: Phone, material: str, picture: bytes) -> None:
    place = begin(mother, material, picture)
    assert send(mother, place, picture, 0).status_code == 204
    # the answer was lost on the way: the phone sends the same piece again, and is told to ask
    refused(send(mother, place, picture, 0), 409, "upload_elsewhere")
    stands = tus(mother, "GET", place)
    assert (stands.headers["Upload-Offset"], stands.get_json()["offset"]) == (str(PIECE), PIECE)
    head = mother.town.app.test_client().head(
        f"/mobile/v1{place}",
        headers={"tus-resumable": "1.0.0", "authorization": f"Bearer {mother.access}"},
    )
    assert (head.headers["Upload-Offset"], head.headers["Upload-Length"]) == (str(PIECE), str(len(picture)))
    assert (head.headers["Cache-Control"], head.headers["Tus-Resumable"]) == ("no-store", "1.0.0")
    refused(mother.ask("POST", f"{place}/pages"), 409, "upload_unfinished")
    send_all(mother, place, picture, PIECE)
    assert len(good(mother.ask("POST", f"{place}/pages"))["pages"]) == 1


def test_a_damaged_piece_is_not_kept(mother: Phone, material: str, picture: bytes) -> None:
    place = begin(mother, material, picture)
    for algorithm in ("sha256", "sha1"):
        right = hashlib.new(algorithm, picture[:PIECE], usedforsecurity=False).digest()
        wrong = base64.b64encode(right[::-1]).decode()
        answer = send(mother, place, picture, 0, upload_checksum=f"{algorithm} {wrong}")
        refused(answer, 460, "piece_damaged")
    good_sum = base64.b64encode(hashlib.sha256(picture[:PIECE]).digest()).decode()
    assert send(mother, place, picture, 0, upload_checksum=f"sha256 {good_sum}").status_code == 204
    for said in ("md5 AAAA", "sha256", "sha256 %%%", ""):
        refused(send(mother, place, picture, PIECE, upload_checksum=said), 422, "bad_upload_header")


def test_a_mini_program_sends_by_post(mother: Phone, material: str, picture: bytes) -> None:
    place = begin(mother, material, picture)
    assert send(mother, place, picture, 0, method="POST").headers["Upload-Offset"] == str(PIECE)


def test_a_begin_that_is_repeated_begins_once(mother: Phone, material: str, picture: bytes) -> None:
    key = secrets.token_urlsafe(24)
    assert len({begin(mother, material, picture, idempotency_key=key) for _ in range(2)}) == 1


def test_a_picture_that_cannot_be_read_says_why_and_is_forgotten(
    mother: Phone, material: str, picture: bytes
) -> None:
    dark = jpeg(photographed(written_page(620, 877) // 12, CORNERS, (750, 1000)) // 2, 90)
    for data, reason in ((dark, "too_dark"), (b"\x00" * 9000, "not_an_image"), (picture[:9000], "damaged")):
        before = kept_files(mother.town.ports)
        place = begin(mother, material, data)
        send_all(mother, place, data)
        for _ in range(2):
            refused(mother.ask("POST", f"{place}/pages"), 422, reason)
        body, kind = multipart(data)
        refused(mother.ask("POST", f"{material}/pages", body, **{"content-type": kind}), 422, reason)
        assert kept_files(mother.town.ports) == before
    assert pages_of(mother, material) == []


def test_what_is_too_much_or_too_little_is_refused(mother: Phone, material: str, picture: bytes) -> None:
    most = mother.town.ports.settings.max_upload_bytes
    refused(tus(mother, "POST", f"{material}/uploads", upload_length=str(most + 1)), 413, "too_large")
    refused(tus(mother, "POST", f"{material}/uploads", upload_length="0"), 413, "too_large")
    for said in ("", "-1", "1e3", "many", "9" * 20):
        answer = tus(mother, "POST", f"{material}/uploads", upload_length=said)
        refused(answer, 422, "bad_upload_header")
    place = begin(mother, material, picture)
    refused(send(mother, place, picture, 0, LEAST_PIECE_BYTES - 1), 422, "piece_wrong")
    refused(send(mother, place, picture, 0, 0), 422, "piece_wrong")
    refused(send(mother, place, picture + picture[:1], 0, len(picture) + 1), 413, "too_large")
    refused(send(mother, place, picture, 0, content_type="image/jpeg"), 415, "wrong_media_type")
    other = mother.ask("GET", place)
    refused(other, 412, "tus_version")
    assert (other.headers["Tus-Version"], other.headers["Tus-Max-Size"]) == ("1.0.0", str(most))
    refused(tus(mother, "POST", f"{material}x/uploads", upload_length="9"), 404, "not_found")


def test_nobody_fills_the_store(town: Town, picture: bytes) -> None:
    phone = Phone(town)
    phone.sign_in_by_province("tong.mother")
    draft = phone.post("/drafts", {"thing": "P-NEWBORN"})
    refusing = {source["id"]: False for source in draft["consent"]["sources"]}
    draft = phone.put(f"/drafts/{draft['id']}/consent", {"sources": refusing})
    wanted = next(each["id"] for each in draft["materials"] if each["state"] == "to_submit")
    path = f"/drafts/{draft['id']}/materials/{wanted}"
    begun = [begin(phone, path, picture) for _ in range(MOST_OPEN)]
    over = tus(phone, "POST", f"{path}/uploads", upload_length="9")
    refused(over, 429, "too_many_uploads")
    assert tus(phone, "DELETE", begun[0]).status_code == 204
    begin(phone, path, picture)
    before = kept_files(town.ports)
    assert send(phone, begun[1], picture, 0).status_code == 204
    town.clock.at += UPLOAD_LASTS + timedelta(minutes=1)
    phone.sign_in_by_province("tong.mother")
    refused(tus(phone, "GET", begun[1]), 404, "upload_gone")
    with town.ports.records.act() as uow:
        assert uow.uploads.purge(town.ports.clock.now()) >= MOST_OPEN
    refused(tus(phone, "GET", begun[1]), 404, "not_found")
    # the bytes without a row go with every other orphan, a day after they were written
    assert len(kept_files(town.ports) - before) == 1


def test_anothers_upload_is_not_there(town: Town, mother: Phone, material: str, picture: bytes) -> None:
    stranger = Phone(town)
    stranger.sign_in_by_province("stranger.man")
    place = begin(mother, material, picture)
    for path in (place, f"/uploads/{NOBODY_S}"):
        refused(tus(stranger, "GET", path), 404, "not_found")
        refused(send(stranger, path, picture, 0), 404, "not_found")
        refused(send(stranger, path, picture, 0, method="POST"), 404, "not_found")
        refused(tus(stranger, "DELETE", path), 404, "not_found")
        refused(stranger.ask("POST", f"{path}/pages"), 404, "not_found")
    draft = material.rpartition("/materials/")[0]
    foreign = (material, f"{draft}/evidence/mother.name", "/cases/XC2345678901/supplement-pages/photo")
    for path in (*foreign, material.replace(draft.rpartition("/")[2], NOBODY_S)):
        refused(tus(stranger, "POST", f"{path}/uploads", upload_length="9000"), 404, "not_found")
    assert tus(mother, "GET", place).get_json()["offset"] == 0


def test_of_two_that_send_the_same_piece_one_is_kept(mother: Phone, material: str, picture: bytes) -> None:
    place = begin(mother, material, picture)
    answers: list[int] = []
    start = threading.Barrier(6)

    def race() -> None:
        start.wait(20)
        answers.append(send(mother, place, picture, 0).status_code)

    racers = [threading.Thread(target=race) for _ in range(6)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(30)
    assert sorted(answers) == [204, *[409] * 5]
    send_all(mother, place, picture, PIECE)
    both: list[Any] = []
    finishing = [
        threading.Thread(target=lambda: both.append(good(mother.ask("POST", f"{place}/pages"))))
        for _ in range(2)
    ]
    for each in finishing:
        each.start()
    for each in finishing:
        each.join(30)
    assert both[0] == both[1]
    assert len(pages_of(mother, material)) == 1


def test_evidence_comes_in_pieces_too(mother: Phone, material: str) -> None:
    draft, data = material.rpartition("/materials/")[0], page()
    place = begin(mother, f"{draft}/evidence/mother.name", data)
    send_all(mother, place, data)
    [kept] = good(mother.ask("POST", f"{place}/pages"))["pages"]
    gone = mother.ask("DELETE", f"{draft}/evidence/mother.name/pages/{kept['file']}")
    assert gone.status_code == 204


def test_what_a_notice_asked_for_comes_in_pieces_too(town: Town, picture: bytes) -> None:
    mother = Phone(town)
    mother.sign_in_by_province("chen.mother")
    cases = mother.get("/cases")["cases"]
    if not cases:
        key = secrets.token_urlsafe(24)
        mother.post(f"/drafts/{fill_in(mother)['id']}/submission", {}, key=key)
        cases = mother.get("/cases")["cases"]
    number = cases[0]["number"]
    wanted = ask_for_more(mother.town, number)  # type: ignore[arg-type]
    path = f"/cases/{number}/supplement-pages/{wanted}"
    other = tus(mother, "POST", f"/cases/{number}/supplement-pages/x/uploads", upload_length="9")
    refused(other, 409, "not_asked")
    place = begin(mother, path, picture)
    send_all(mother, place, picture)
    [kept] = good(mother.ask("POST", f"{place}/pages"))["pages"]
    assert good(mother.ask("POST", f"{place}/pages"))["pages"] == [kept]
    assert kept["preview"] == f"/mobile/v1{path}/{kept['file']}"
    assert mother.ask("GET", kept["preview"].removeprefix("/mobile/v1")).get_data().startswith(b"\xff\xd8")
