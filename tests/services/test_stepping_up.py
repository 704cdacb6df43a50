"""The second check: what asks for it, the code by text message, rivals and guesses, a clerk who compares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from onething.connectors.messages.configured import load_templates
from onething.domain.actors import Actor
from onething.domain.dictionary import Label
from onething.domain.errors import AssuranceTooLow, NotFound
from onething.domain.messages import Way
from onething.domain.records import Session
from onething.domain.stepping_up import (
    CODE_LASTS,
    MOBILES_KEPT,
    MOST_GUESSES,
    PROOF_LASTS,
    RESENT_AFTER,
    SENT_TO_A_PERSON,
    CodeRefused,
    NoMobile,
    NoSuchWay,
    NothingToStepUp,
    NotVerified,
    TooManyCodes,
    VerifierUnavailable,
)
from onething.ports.messages import Letter, MessageWays
from onething.services import filling, signing_in, stepping_up
from onething.sweeps import make_sweeps
from tests.services.county import County
from tests.services.office import office, work
from tests.services.phones import on_phone
from tests.services.test_two_at_once import at_once
from tests.services.walks import Walk, fill_in
from tests.services.walks_of_lives import bank_of

TEMPLATES = load_templates(Path(__file__).resolve().parents[2] / "catalog/messages/xinxian.toml")
# Eleven at night in Xin County: a code that somebody waits for is not kept until the morning.
NIGHT = datetime(2026, 11, 23, 15, tzinfo=UTC)
MOBILE, OTHER = "19900000010", "19900000077"
ALL_OF_IT = Walk(
    "P-AFTER-DEATH",
    "huang.widow",
    answers={"application.cremated": False},
    chosen=("DEATH-CERT", "HUKOU-CANCEL", "PENSION-STOP", "MED-END", "DEPOSIT"),
    typed={"application.mobile": MOBILE, **bank_of("applicant")},
    scanned=("bank",),
)
ACCOUNTS = ["DEATH-CERT", "HUKOU-CANCEL", "DEPOSIT"]
CLERK = Actor("clerk-1", "staff", roles=frozenset({"clerk"}))


@dataclass
class Gateway:
    """Where texts go: what was written to which number."""

    letters: list[Letter] = field(default_factory=list)

    def send(self, letter: Letter) -> str:
        self.letters.append(letter)
        return f"taken-{len(self.letters)}"


@dataclass
class Faces:
    """A verifier that believes one evidence, or is away."""

    name: str = "face"
    label: Label = Label("人脸核验", "Face check")
    away: bool = False
    asked: list[Mapping[str, Any]] = field(default_factory=list)

    def has_proven(self, person: Mapping[str, Any], evidence: str) -> bool:
        self.asked.append(person)
        if self.away:
            raise VerifierUnavailable
        return evidence == "it is her"


@dataclass
class Hall:
    """The county, with a gateway for texts."""

    county: County
    texts: Gateway

    def begin(self, chosen: list[str] | None = None, mobile: str | None = MOBILE) -> tuple[Session, str]:
        """The widow at the kiosk, with what she chose and the number she typed."""
        session = self.county.sign_in("huang", "widow")
        draft = self.county.open(session, "P-AFTER-DEATH", chosen=chosen or ACCOUNTS)
        if mobile is not None:
            self.county.fill(session, draft, application__mobile=mobile)
        return session, draft["id"]

    def send(self, session: Session, draft: str) -> dict[str, Any]:
        return asked(stepping_up.send_code(self.county.ports, session, draft))

    def give(self, session: Session, draft: str, code: str) -> dict[str, Any]:
        return asked(stepping_up.give_code(self.county.ports, session, draft, code))

    def read_text(self) -> str:
        """The code in the last text, as the phone shows it."""
        work(self.county)
        return self.texts.letters[-1].data["code"]

    def read_draft(self, session: Session, draft: str) -> dict[str, Any] | None:
        said: dict[str, Any] | None = filling.view_draft(self.county.ports, session, draft)["step_up"]
        return said

    def wait(self, seconds: timedelta) -> None:
        self.county.ports.clock.at += seconds  # type: ignore[attr-defined]

    def audited(self) -> list[str]:
        with self.county.ports.records.read() as uow:
            rows = uow.connection.exec_driver_sql(  # type: ignore[attr-defined]
                "SELECT action FROM audit ORDER BY id"
            )
            return [str(row[0]) for row in rows if str(row[0]).startswith("step")]


def asked(view: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = view["step_up"]
    return found


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


@pytest.fixture
def hall(furnished: County) -> Iterator[Hall]:
    with office(furnished) as county:
        county.ports.clock.at = NIGHT  # type: ignore[attr-defined]
        texts = Gateway()
        ways = MessageWays({Way.SMS: texts}, TEMPLATES)
        county.ports = replace(county.ports, message_ways=ways)
        yield Hall(county, texts)


def test_the_matter_that_asks_for_more_is_what_holds_the_submission(hall: Hall) -> None:
    session, draft = fill_in(hall.county, ALL_OF_IT)
    said = asked(draft)
    assert (said["level"], said["matters"], said["done"]) == ("card_and_code", ["DEPOSIT"], False)
    assert "银行卡" in said["why_zh"]
    assert draft["missing"] == []
    with pytest.raises(AssuranceTooLow):
        hall.county.submit(session, draft)
    hall.send(session, draft["id"])
    assert hall.give(session, draft["id"], hall.read_text())["done"]
    assert hall.county.submit(session, draft)["case_number"]
    assert hall.audited() == ["step_up_code_sent", "stepped_up"]


def test_without_that_matter_the_card_is_enough(hall: Hall) -> None:
    session, draft = hall.begin()
    view = filling.choose(hall.county.ports, session, draft, ["DEATH-CERT", "HUKOU-CANCEL"])
    assert view["step_up"] is None
    with pytest.raises(NothingToStepUp):
        hall.send(session, draft)


def test_a_code_goes_out_at_once_at_night_and_only_to_the_masked_number_is_said(hall: Hall) -> None:
    session, draft = hall.begin()
    said = hall.send(session, draft)
    assert (said["masked_mobile"], said["known_by"]) == ("199****0010", "typed")
    code = hall.read_text()
    [letter] = hall.texts.letters
    assert (letter.to, letter.template, dict(letter.data)) == (MOBILE, "SMS_000015", {"code": code})
    assert len(code) == 6
    assert code.isdigit()


def test_nothing_of_code_or_number_can_be_read_in_the_database(hall: Hall) -> None:
    session, draft = hall.begin()
    hall.send(session, draft)
    code = hall.read_text()
    with hall.county.ports.records.read() as uow:
        connection = uow.connection  # type: ignore[attr-defined]
        for table in ("step_up_codes", "step_up_proofs", "proven_mobiles", "messages", "audit", "jobs"):
            for row in connection.exec_driver_sql(f'SELECT * FROM "{table}"'):
                kept = [bytes(each) if isinstance(each, memoryview) else each for each in row]
                assert not any(str(each) == code or MOBILE in str(each) for each in kept)
        [[left]] = connection.exec_driver_sql("SELECT sealed_to FROM messages WHERE kind = 'step_up_code'")
        assert left is None


def test_asked_twice_within_a_minute_one_text_goes_out_and_then_another(hall: Hall) -> None:
    session, draft = hall.begin()
    for _ in range(SENT_TO_A_PERSON + 1):  # what is not sent is not counted either
        hall.send(session, draft)
    first = hall.read_text()
    assert len(hall.texts.letters) == 1
    hall.wait(RESENT_AFTER)
    hall.send(session, draft)
    second = hall.read_text()
    assert len(hall.texts.letters) == 2
    if first != second:
        with pytest.raises(CodeRefused):
            hall.give(session, draft, first)
    assert hall.give(session, draft, second)["done"]


def test_two_touches_at_once_send_one_text(hall: Hall) -> None:
    session, draft = hall.begin()
    assert at_once(*[lambda: hall.send(session, draft)] * 4) == []
    hall.read_text()
    assert len(hall.texts.letters) == 1


def test_a_code_is_good_for_five_minutes(hall: Hall) -> None:
    session, draft = hall.begin()
    hall.send(session, draft)
    code = hall.read_text()
    hall.wait(CODE_LASTS)
    with pytest.raises(CodeRefused):
        hall.give(session, draft, code)


def test_after_five_guesses_the_right_code_is_worth_nothing(hall: Hall) -> None:
    session, draft = hall.begin()
    hall.send(session, draft)
    code = hall.read_text()
    for _ in range(MOST_GUESSES):
        with pytest.raises(CodeRefused):
            hall.give(session, draft, wrong(code))
    with pytest.raises(CodeRefused):
        hall.give(session, draft, code)
    hall.send(session, draft)  # at once: the old one is of no use any more
    assert hall.give(session, draft, hall.read_text())["done"]


def test_rivals_guess_no_more_often_than_one_alone(hall: Hall) -> None:
    session, draft = hall.begin()
    hall.send(session, draft)
    code = hall.read_text()
    said = at_once(*[lambda: hall.give(session, draft, wrong(code))] * 8)
    assert said == ["code_refused"] * 8
    with hall.county.ports.records.read() as uow:
        kept = uow.step_ups.find_code(session.id)
    assert kept is not None
    assert kept.guesses == MOST_GUESSES


def test_rivals_with_the_right_code_both_hear_that_it_is_done(hall: Hall) -> None:
    session, draft = hall.begin()
    hall.send(session, draft)
    code = hall.read_text()
    assert at_once(*[lambda: hall.give(session, draft, f"{code[:3]} {code[3:]}")] * 4) == []
    assert hall.audited().count("stepped_up") == 1


def test_a_code_counts_only_in_the_sitting_that_asked_for_it(hall: Hall) -> None:
    kiosk, draft = hall.begin()
    hall.send(kiosk, draft)
    code = hall.read_text()
    phone = on_phone(hall.county, "huang", "widow")
    with pytest.raises(CodeRefused):
        hall.give(phone, draft, code)
    stranger = on_phone(hall.county, "stranger", "woman")
    for act in (hall.send, lambda *who: hall.give(*who, code)):
        with pytest.raises(NotFound):
            act(stranger, draft)
    assert hall.give(kiosk, draft, code)["done"]
    said = hall.read_draft(phone, draft)
    assert said is not None
    assert not said["done"]


def test_what_was_proven_lasts_half_an_hour(hall: Hall) -> None:
    phone = on_phone(hall.county, "huang", "widow")
    draft = hall.county.open(phone, "P-AFTER-DEATH", chosen=ACCOUNTS)["id"]
    filling.fill(hall.county.ports, phone, draft, {"application.mobile": MOBILE})
    hall.send(phone, draft)
    assert hall.give(phone, draft, hall.read_text())["done"]
    hall.wait(PROOF_LASTS)
    said = hall.read_draft(phone, draft)
    assert said is not None
    assert not said["done"]


def test_only_so_many_codes_are_sent_to_a_person_in_a_day(hall: Hall) -> None:
    session, draft = hall.begin()
    for _ in range(SENT_TO_A_PERSON):
        hall.send(session, draft)
        hall.wait(RESENT_AFTER)
    with pytest.raises(TooManyCodes):
        hall.send(session, draft)
    phone = on_phone(hall.county, "huang", "widow")
    with pytest.raises(TooManyCodes):
        hall.send(phone, draft)
    hall.wait(timedelta(days=1))
    assert hall.send(phone, draft)["sent_at"]


def test_a_number_proven_once_is_where_the_next_code_goes(hall: Hall) -> None:
    """Whoever holds a stolen card types a number of their own: the code goes to the owner's."""
    session, draft = hall.begin()
    hall.send(session, draft)
    hall.give(session, draft, hall.read_text())
    thief, draft = hall.begin(mobile=OTHER)
    said = hall.send(thief, draft)
    assert (said["masked_mobile"], said["known_by"]) == ("199****0010", "earlier")
    hall.read_text()
    assert [each.to for each in hall.texts.letters] == [MOBILE, MOBILE]


def test_numbers_and_codes_are_forgotten_in_time(hall: Hall) -> None:
    session, draft = hall.begin()
    hall.send(session, draft)
    hall.give(session, draft, hall.read_text())
    hall.wait(MOBILES_KEPT + timedelta(minutes=1))
    sweeps = {each.name: each for each in make_sweeps(hall.county.ports)}
    sweeps["step_ups_forgotten"].run()
    with hall.county.ports.records.read() as uow:
        assert uow.step_ups.find_code(session.id) is None
        assert uow.step_ups.find_mobile(session.holder) is None


def test_a_text_that_could_not_go_out_in_time_does_not_go_out(hall: Hall) -> None:
    session, draft = hall.begin()
    hall.send(session, draft)
    hall.wait(CODE_LASTS)
    work(hall.county)
    assert hall.texts.letters == []


def test_without_a_number_or_a_gateway_the_person_is_told_where_to_go(hall: Hall) -> None:
    session, draft = hall.begin(mobile=None)
    with pytest.raises(NoMobile):
        hall.send(session, draft)
    hall.county.ports = replace(hall.county.ports, message_ways=MessageWays())
    said = hall.read_draft(session, draft)
    assert said is not None
    assert said["ways"] == ["window"]
    with pytest.raises(NoSuchWay):
        hall.send(session, draft)


def test_a_clerk_who_has_compared_face_and_card_vouches(hall: Hall) -> None:
    ports = hall.county.ports
    session, draft = hall.begin()
    hall.send(session, draft)
    hall.give(session, draft, hall.read_text())
    with pytest.raises(NoSuchWay):
        stepping_up.vouch(ports, hall.begin()[0], draft)
    token = signing_in.start_sitting(ports, CLERK, hall.county.card("huang", "widow"))["token"]
    window = signing_in.get_sitting(ports, CLERK, token)
    said = hall.read_draft(window, draft)
    assert said is not None
    assert (said["ways"], said["done"]) == (["clerk"], False)
    assert asked(stepping_up.vouch(ports, window, draft))["done"]
    # Her number may be a new one: the next code goes where she says now.
    kiosk, draft = hall.begin(mobile=OTHER)
    said = hall.read_draft(kiosk, draft)
    assert said is not None
    assert (said["known_by"], said["masked_mobile"]) == ("typed", "199****0077")


def test_a_verifier_is_one_way_more_and_never_the_only_one(hall: Hall) -> None:
    faces = Faces()
    ports = hall.county.ports = replace(hall.county.ports, verifiers={"face": faces})
    session, draft = hall.begin()
    said = hall.read_draft(session, draft)
    assert said is not None
    assert said["ways"] == ["code", "verifier", "window"]
    with pytest.raises(NotVerified):
        stepping_up.verify(ports, session, draft, "face", "a picture of her")
    faces.away = True
    with pytest.raises(VerifierUnavailable):
        stepping_up.verify(ports, session, draft, "face", "it is her")
    faces.away = False
    with pytest.raises(NoSuchWay):
        stepping_up.verify(ports, session, draft, "finger", "it is her")
    assert asked(stepping_up.verify(ports, session, draft, "face", "it is her"))["done"]
    assert set(faces.asked[0]) == {"name", "id_number"}
