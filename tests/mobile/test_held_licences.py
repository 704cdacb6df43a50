"""What the e-licence service holds of somebody, as JSON."""

from tests.mobile.phone import Phone, Town, refused


def test_what_is_agreed_to_is_asked_and_answered(town: Town) -> None:
    phone = Phone(town)
    phone.sign_in_by_province("chen.mother")
    offered = [each["document"] for each in phone.get("/held-licences")["documents"]]
    found = phone.post("/held-licences", {"documents": offered})
    assert {each["document"] for each in found["held"]} >= {"id_card", "marriage_certificate"}
    said = [each["document"] for part in ("held", "not_held", "unavailable") for each in found[part]]
    assert sorted(said) == sorted(offered)
    refused(phone.ask("POST", "/held-licences", {"documents": []}), 422, "bad_fields")
    refused(phone.ask("POST", "/held-licences", {"documents": ["business_licence"]}), 422, "bad_fields")


def test_nobody_asks_for_another_by_a_mandate(town: Town) -> None:
    phone = Phone(town)
    phone.sign_in_by_province("chen.father")
    answer = phone.ask("POST", "/held-licences", {"documents": ["id_card"]}, **{"Acting-For": "0" * 32})
    refused(answer, 403, "not_by_mandate")
