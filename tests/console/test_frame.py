"""The frame holds: every page names its roles, foreign roles see nothing, forms are taken once."""

from tests.console.office import ACCOUNTS, Office


def test_the_overview_is_for_everyone_signed_in(office: Office) -> None:
    for login in ACCOUNTS:
        answer = office.client(login).get("/")
        assert answer.status_code == 200, login
        assert f"测试{login}" in answer.get_data(as_text=True)


def test_nobody_signed_in_is_sent_to_sign_in_and_back(office: Office) -> None:
    answer = office.client().get("/?x=1")
    assert answer.status_code == 303
    assert answer.location.startswith("/console/sign-in?to=")
