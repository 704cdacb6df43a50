"""The code on a paper opens what the paper says, and nothing else does."""

from urllib.parse import parse_qs, urlsplit

import pytest

from onething.domain.errors import NotFound
from onething.services import verifying
from tests.services.county import County


def test_the_code_on_the_slip_verifies_it(county: County) -> None:
    session = county.sign_in()
    receipt = county.submit(session, county.ready_birth(session))["receipt"]
    assert receipt["qr"].isascii()
    address = urlsplit(receipt["qr"])
    number, code = address.path.rpartition("/")[2], parse_qs(address.query)["s"][0]
    found = verifying.verify(county.ports, number, code)
    assert found["number"] == receipt["case_number"]
    assert found["applicant_masked"] == "陈*梅"
    assert "陈晓梅" not in str(found)
    for wrong in ("", code[:-1], code[:-1] + ("0" if code[-1] != "0" else "1"), "é" * 20):
        with pytest.raises(NotFound):
            verifying.verify(county.ports, number, wrong)
    with pytest.raises(NotFound):  # a right code of a number that has no case
        verifying.verify(
            county.ports, "XX-261123-89D-JV2Q", county.ports.index.of_paper("XX-261123-89D-JV2Q")
        )
