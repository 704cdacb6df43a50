"""What a citizen does about their case at a kiosk, through the real door: supplement, rate, withdraw."""

import secrets
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from onething.domain.actors import Actor
from onething.services import accepting
from server.wsgi import create_app
from tests.http.test_journey import agree_to_all, fill_in, multipart, page
from tests.http.world import Sitting, World
from web.current import PORTS

CLERK = Actor("clerk-1", "staff", roles=frozenset({"clerk"}))


def act(sitting: Sitting, path: str, body: Any, key: str | None = None) -> TestResponse:
    """One act with an idempotency key of its own."""
    return sitting.ask("POST", path, body, key=key or secrets.token_urlsafe(24))


def good(answer: TestResponse) -> Any:
    assert answer.status_code < 300, answer.get_data(as_text=True)
    return answer.get_json()


def refusal(answer: TestResponse) -> tuple[int, str]:
    assert answer.json is not None
    return answer.status_code, answer.json["reason"]


@pytest.fixture(scope="module")
def case(world: World) -> Iterator[tuple[Sitting, str]]:
    """A mother at the first kiosk, with a birth just handed in, in a county whose window accepts."""
    app = create_app({**world.environ, "ONETHING_WINDOW_ACCEPTS": "yes"})
    sitting = Sitting(app, world.kiosks[0])
    sitting.sign_in(world.cards["tong", "mother"])
    draft = fill_in(sitting, world, "tong")
    answer = good(act(sitting, f"/drafts/{draft['id']}/submission", {}))
    yield sitting, answer["case_number"]
    app.extensions[PORTS].close()


def hand_in_page(sitting: Sitting, path: str) -> Any:
    body, kind = multipart(page())
    return sitting.post(path, body, **{"content-type": kind})


def test_a_case_is_followed_supplemented_rated_and_withdrawn(world: World, case: tuple[Sitting, str]) -> None:
    sitting, number = case
    path = f"/cases/{number}"
    view = sitting.get(path)
    assert (view["state"], view["wanted"], view["may_withdraw"]) == ("received", None, True)
    assert view["lead"]["zh"]
    assert all(part["may_withdraw"] and not part["ended"] for part in view["parts"])
    material = ask_for_more(world, number)
    supplement(sitting, path, material)
    accepted_with_a_paper_to_follow(world, sitting, path, number)
    rate(sitting, path)
    withdraw(sitting, path)


def ask_for_more(world: World, number: str) -> str:
    """The window misses a page and the mobile number; returns the material."""
    _, catalog = world.ports.catalogs.current()
    material = next(iter(catalog.get_thing("P-NEWBORN").materials))
    wants = [
        {"material": material, "zh": "这一页看不清", "en": "This page cannot be read"},
        {"fact": "application.mobile", "zh": "手机号打不通", "en": "Nobody answers"},
        {"zh": "请带宝宝来窗口一次", "en": "Please come once"},
    ]
    accepting.want_supplement(world.ports, CLERK, number, matter=None, wants=wants)
    accepting.ask_supplement(world.ports, CLERK, number)
    return material


def supplement(sitting: Sitting, path: str, material: str) -> None:
    view = sitting.get(path)
    assert [each["waits_for_me"] for each in sitting.get("/cases")["cases"] if each["number"] in path] == [
        True
    ]
    wants = view["wanted"]["wants"]
    assert [want["kind"] for want in wants] == ["material", "fact", "note"]
    assert (wants[0]["id"], wants[0]["why_zh"]) == (material, "这一页看不清")
    assert (wants[1]["field"]["type"], wants[1]["field"]["value"]) == ("mobile", None)
    assert view["notices"][-1]["number"] == view["wanted"]["notice"]
    answer = act(sitting, f"{path}/supplement", {"values": {}})
    assert refusal(answer) == (409, "supplement_missing")
    assert {error["field"] for error in answer.json["errors"]} == {material, "application.mobile"}
    give_pages(sitting, f"{path}/supplement-pages/{material}")
    wrong = act(sitting, f"{path}/supplement", {"values": {"application.mobile": "12"}})
    assert [error["field"] for error in wrong.json["errors"]] == ["application.mobile"]
    key, body = secrets.token_urlsafe(24), {"values": {"application.mobile": "19900001234"}}
    for _ in range(2):
        given = good(act(sitting, f"{path}/supplement", body, key))
        assert (given["wanted"], given["waits_for_me"]) == (None, False)
    assert refusal(act(sitting, f"{path}/supplement", body)) == (409, "not_asked")


def give_pages(sitting: Sitting, path: str) -> None:
    first = hand_in_page(sitting, path)
    assert len(first["case"]["wanted"]["wants"][0]["pages"]) == 1
    assert sitting.ask("GET", f"{path}/{first['file']}").mimetype == "image/jpeg"
    without = good(sitting.ask("DELETE", f"{path}/{first['file']}"))
    assert without["wanted"]["wants"][0]["pages"] == []
    assert sitting.ask("GET", f"{path}/{first['file']}").status_code == 404
    retry_a_page(sitting, path)
    body, kind = multipart(page())
    elsewhere = sitting.ask("POST", f"{path}-not-asked", body, **{"content-type": kind})
    assert refusal(elsewhere) == (409, "not_asked")


def retry_a_page(sitting: Sitting, path: str) -> None:
    """A try whose answer was lost, and the same again: one page, however the body is put together."""
    key, data = secrets.token_urlsafe(24), page()
    body, kind = multipart(data)
    other, other_kind = (body.replace(b"page0000", b"gaps0000"), kind.replace("page0000", "gaps0000"))
    first = good(sitting.ask("POST", path, body, key=key, **{"content-type": kind}))
    again = good(sitting.ask("POST", path, other, key=key, **{"content-type": other_kind}))
    assert again["file"] == first["file"]
    assert len(again["case"]["wanted"]["wants"][0]["pages"]) == 1
    body, _ = multipart(data + b"more")
    assert refusal(sitting.ask("POST", path, body, key=key, **{"content-type": kind})) == (
        422,
        "idempotency_key_reused",
    )


def accepted_with_a_paper_to_follow(world: World, sitting: Sitting, path: str, number: str) -> None:
    thing = world.ports.catalogs.current()[1].get_thing("P-NEWBORN")
    material = next(each.id for each in thing.materials.values() if each.necessity != "1")
    due_on = (world.ports.clock.now() + timedelta(days=20)).date().isoformat()
    accepting.accept_case(world.ports, CLERK, number, follow=[{"material": material, "due_on": due_on}])
    view = sitting.get(path)
    assert (view["state"], view["colour"]) == ("accepted", "green")
    assert [(paper["id"], paper["due_on"]) for paper in view["follow"]] == [(material, due_on)]
    assert refusal(act(sitting, f"{path}/follow-papers", {"material": material})) == (
        409,
        "supplement_missing",
    )
    hand_in_page(sitting, f"{path}/supplement-pages/{material}")
    assert good(act(sitting, f"{path}/follow-papers", {"material": material}))["follow"] == []
    assert refusal(act(sitting, f"{path}/follow-papers", {"material": material})) == (409, "not_asked")


def rate(sitting: Sitting, path: str) -> None:
    options = sitting.get("/rating-options")
    lowest = options["levels"][-1]
    said = {
        "occasion": "submission",
        "level": lowest["code"],
        "reasons": [lowest["reasons"][0]["code"]],
        "comment": "机器反应太慢",
        "named": True,
    }
    key = secrets.token_urlsafe(24)
    first = good(act(sitting, f"{path}/ratings", said, key))
    assert first["rectification"] is True
    assert good(act(sitting, f"{path}/ratings", said, key)) == first
    assert act(sitting, f"{path}/ratings", said).status_code == 409
    best = options["levels"][0]["reasons"]
    foreign = {**said, "reasons": [f"not-{best[0]['code']}"]}
    assert act(sitting, f"{path}/ratings", foreign).status_code == 422
    early = {**said, "occasion": "result", "matter": "HUKOU"}
    assert act(sitting, f"{path}/ratings", early).status_code == 409


def withdraw(sitting: Sitting, path: str) -> None:
    part = next(each for each in sitting.get(path)["parts"] if each["may_withdraw"] and not each["bound"])
    view = good(act(sitting, f"{path}/withdrawal", {"matter": part["matter"]}))
    states = {each["matter"]: each["state"] for each in view["parts"]}
    assert states[part["matter"]] == "withdrawn"
    key = secrets.token_urlsafe(24)
    for _ in range(2):
        view = good(act(sitting, f"{path}/withdrawal", {}, key))
        assert view["may_withdraw"] is False
    assert view["notices"][-1]["kind"] == "withdrawn"
    assert refusal(act(sitting, f"{path}/withdrawal", {})) == (409, "nothing_to_withdraw")


def test_an_act_without_a_key_is_refused(case: tuple[Sitting, str]) -> None:
    sitting, number = case
    for tail, body in (
        ("supplement", {"values": {}}),
        ("follow-papers", {"material": "x"}),
        ("withdrawal", {}),
        ("issue", {"way": "print", "results": []}),
    ):
        answer = sitting.ask("POST", f"/cases/{number}/{tail}", body)
        assert refusal(answer) == (422, "idempotency_key_missing"), tail


def test_asking_for_what_is_ready_twice_is_asking_once(case: tuple[Sitting, str]) -> None:
    sitting, number = case
    for _ in range(2):
        assert good(act(sitting, f"/cases/{number}/partial-issue", {}))["may_ask_partial"] is False


@pytest.mark.parametrize("way", ["e_licence", "print"])
def test_a_result_that_is_not_there_is_not_taken(case: tuple[Sitting, str], way: str) -> None:
    sitting, number = case
    answer = act(sitting, f"/cases/{number}/issue", {"way": way, "results": ["0" * 32]})
    assert refusal(answer) == (404, "not_found")
    by_courier = act(sitting, f"/cases/{number}/issue", {"way": "courier", "results": []})
    assert [error["reason"] for error in by_courier.json["errors"]] == ["not_a_choice"]


def test_a_value_called_wrong_goes_on_as_the_citizen_says(world: World) -> None:
    sitting = Sitting(world.app, world.kiosks[1])
    sitting.sign_in(world.cards["chen", "mother"])
    draft = agree_to_all(sitting, sitting.post("/drafts", {"thing": "P-NEWBORN"}))
    wrong = find_shared(draft)
    path, fact = f"/drafts/{draft['id']}", wrong["fact"]
    pages = f"{path}/evidence/{fact}/pages"
    thrown_away = hand_in_page(sitting, pages)
    assert sitting.ask("DELETE", f"{pages}/{thrown_away['file']}").status_code == 204
    kept = hand_in_page(sitting, pages)
    preview = kept["pages"][0]["preview"].removeprefix("/kiosk/v1")
    assert sitting.ask("GET", preview).mimetype == "image/jpeg"
    said = {"fact": fact, "value": "新县新集镇北关一号", "evidence": [kept["file"]]}
    lost = act(sitting, f"{path}/disputes", {**said, "evidence": [thrown_away["file"]]})
    assert refusal(lost) == (404, "not_found")
    key = secrets.token_urlsafe(24)
    for _ in range(2):
        view = good(act(sitting, f"{path}/disputes", said, key))
        field = next(each for each in fields_of(view) if each["fact"] == fact)
        assert (field["state"], field["value"]) == ("disputed", said["value"])
    assert sitting.ask("GET", preview).status_code == 404, "it is the dispute's now"
    assert act(sitting, f"{path}/disputes", {**said, "evidence": []}).status_code == 409
    typed = next(each["fact"] for each in fields_of(view) if each["state"] == "typed" or not each["source"])
    own = act(sitting, f"{path}/disputes", {"fact": typed, "value": "某", "evidence": []})
    assert refusal(own) == (422, "not_from_a_register")
    with world.ports.records.read() as uow:
        (dispute,) = uow.disputes.list_of_owner(draft["id"])
    assert (dispute.fact, len(dispute.evidence)) == (fact, 1)
    back = sitting.put(f"{path}/values", {"values": {fact: None}})
    field = next(each for each in fields_of(back) if each["fact"] == fact)
    assert (field["state"], field["value"]) == ("found", wrong["value"])


def fields_of(draft: Any) -> list[dict[str, Any]]:
    return [field for section in draft["form"]["sections"] for field in section["fields"]]


def find_shared(draft: Any) -> dict[str, Any]:
    """An address that a register filled in."""
    return next(
        each for each in fields_of(draft) if each["state"] == "found" and each["type"] in ("address", "text")
    )
