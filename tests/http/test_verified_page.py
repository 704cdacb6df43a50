"""The page behind a paper's QR, through the real application."""

import secrets
from urllib.parse import urlsplit

from tests.http.test_journey import fill_in
from tests.http.world import Sitting, World


def test_a_paper_is_verified_by_its_code_alone(world: World) -> None:
    owner = Sitting(world.app, world.kiosks[0])
    owner.sign_in(world.cards["chen", "mother"])
    draft = fill_in(owner, world)
    key = secrets.token_urlsafe(24)
    receipt = owner.ask("POST", f"/drafts/{draft['id']}/submission", {}, key=key).json["receipt"]
    address = urlsplit(receipt["qr"])
    client = world.app.test_client()
    page = client.get(f"{address.path}?{address.query}")
    assert page.status_code == 200
    assert receipt["case_number"] in page.text
    assert "陈晓梅" not in page.text
    assert f'href="/m/cases/{receipt["case_number"]}"' in page.text, "its owner goes on from here"
    assert "style-src 'self'" in page.headers["Content-Security-Policy"]
    refused = client.get(address.path)
    assert refused.status_code == 404
    assert receipt["case_number"] not in refused.text
