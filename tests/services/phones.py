"""People on phones of their own, as the province's identity has proven them."""

from onething.domain.phones import Provider
from onething.domain.records import Session
from onething.ports.phones import ProvenUser
from onething.services import phone_sign_in
from tests.services.county import County


def on_phone(county: County, family: str, role: str) -> Session:
    """Somebody of the sandbox, signed in with a proven name."""
    card = county.card(family, role)
    user = ProvenUser(f"{family}.{role}", card["name"], card["id_number"])
    signed_in = phone_sign_in.begin(county.ports, Provider.PROVINCE, user, "测试手机")
    phone = phone_sign_in.find_phone(county.ports, signed_in["access_token"])
    assert phone is not None
    assert phone.session is not None
    return phone.session
