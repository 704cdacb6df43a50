"""What citizens are told of their cases: in the act itself, by the first way that takes it, not at night."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from onething.connectors.messages.configured import load_templates
from onething.domain.messages import (
    INBOX_KEPT,
    MessageKind,
    Preferences,
    SendState,
    Subscription,
    Way,
    subscription_id,
    words_of,
)
from onething.domain.phones import PhoneAccount, Provider
from onething.domain.values import Origin, Value
from onething.ports import DeliveryFailed
from onething.ports.messages import Letter, MessageWays, NotWanted
from onething.services import accepting, handling, messaging, messaging_out
from onething.services.casework import on_case
from onething.services.messaging_drafts import tell_of_forgetting
from onething.sweeps import make_sweeps
from tests.services.county import County
from tests.services.office import (
    CLERK,
    NUMBER,
    citizen,
    complete,
    find,
    forward,
    office,
    officer,
    planted,
    work,
)

TEMPLATES = load_templates(Path(__file__).resolve().parents[2] / "catalog/messages/xinxian.toml")
MOBILE = {"application": {"mobile": Value("19900001234", Origin.TYPED)}}
# Ten in the morning in Xin County.
MORNING = datetime(2026, 11, 23, 2, tzinfo=UTC)


@dataclass
class Carrier:
    """A way that does what the test says, once for each thing said; then it takes everything."""

    moods: list[Exception] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)

    def send(self, letter: Letter) -> str:
        self.letters.append(letter)
        if self.moods:
            raise self.moods.pop(0)
        return f"taken-{len(self.letters)}"


@dataclass
class Post:
    """The county with its two ways."""

    county: County
    wechat: Carrier
    sms: Carrier


@pytest.fixture
def post(furnished: County) -> Iterator[Post]:
    with office(furnished) as county:
        county.ports.clock.at = MORNING  # type: ignore[attr-defined]
        wechat, sms = Carrier(), Carrier()
        ways = MessageWays({Way.WECHAT: wechat, Way.SMS: sms}, TEMPLATES)
        county.ports = replace(county.ports, message_ways=ways)
        yield Post(county, wechat, sms)


def listed(county: County) -> list[tuple[str, str]]:
    holder = county.ports.index.of_number(NUMBER)
    with county.ports.records.read() as uow:
        found = uow.messages.list_of(holder, None, 100)
    return [(each.kind.value, words_of(each)[1].zh) for each in reversed(found)]


def sends(county: County) -> dict[Way, tuple[SendState, int, str | None]]:
    holder = county.ports.index.of_number(NUMBER)
    with county.ports.records.read() as uow:
        [message] = uow.messages.list_of(holder, None, 1)
        return {
            each.way: (each.state, each.attempts, each.reason) for each in uow.messages.list_sends(message.id)
        }


def allow(county: County, *kinds: MessageKind) -> None:
    """This person has tapped in WeChat, once for each kind."""
    ports, now = county.ports, county.ports.clock.now()
    holder = ports.index.of_number(NUMBER)
    account = PhoneAccount(
        "account-1",
        Provider.WECHAT,
        "subject-1",
        now,
        "411523",
        holder,
        {"name": "陈", "id_number": NUMBER},
        now,
    )
    with ports.records.act() as uow:
        if uow.phone_accounts.find(account.id) is None:
            uow.phone_accounts.add(account)
        for kind in kinds:
            template = TEMPLATES.find(Way.WECHAT, kind, "zh")
            assert template is not None
            name = subscription_id(account.id, template.id)
            uow.messages.allow(Subscription(name, account.id, template.id, 1, now, "o-openid"))


def tell(county: County, kind: MessageKind = MessageKind.DRAFT_FORGOTTEN, **more: str | None) -> None:
    """A message to a number, about nothing that is kept."""
    holder = county.ports.index.of_number(NUMBER)
    with county.ports.records.act() as uow:
        messaging.tell(
            county.ports, uow, kind, holder, about="draft-1", link="/m/drafts/draft-1",
            mobile=more.get("mobile", "19900001234"),
        )  # fmt: skip


def test_a_case_s_news_stand_in_the_inbox_as_soon_as_they_are_true(post: Post) -> None:
    county = post.county
    number = planted(county, chosen=["BIRTH-CERT", "VACCINE"], values=MOBILE)
    complete(county, number, "BIRTH-CERT")
    complete(county, number, "VACCINE")
    end = number[-4:]
    assert listed(county) == [
        ("part_finished", f"尾号{end}的办件有事项办结。"),
        ("results_ready", f"尾号{end}的办件已全部办完，领取方式请登录查看。"),
    ]


def test_a_refused_act_tells_nobody(post: Post) -> None:
    county = post.county
    number = planted(county, chosen=["BIRTH-CERT", "VACCINE"])
    case = find(county, number)

    def fail(act: object) -> None:
        messaging.tell_of_case(county.ports, act.uow, MessageKind.SUBMITTED, case)  # type: ignore[attr-defined]
        raise RuntimeError("the power went")

    with pytest.raises(RuntimeError):
        on_case(county.ports, number, CLERK, "test", fail)
    assert listed(county) == []


def test_no_message_says_who_or_what(post: Post) -> None:
    """Neither a name, nor a number but the end of the case's, nor the one-thing stand in what goes out."""
    county = post.county
    number = planted(county, chosen=["BIRTH-CERT", "VACCINE"], values=MOBILE)
    allow(county, MessageKind.PART_FINISHED)
    complete(county, number, "BIRTH-CERT")
    complete(county, number, "VACCINE")
    said = [text for letter in (*post.wechat.letters, *post.sms.letters) for text in letter.data.values()]
    assert said
    for text in (*said, *(words for _, words in listed(county))):
        bare = re.sub(rf"{number}$", "", text)  # the link's own, behind a sign-in
        assert not re.search(r"\d{5,}|陈|出生|Birth", bare), text
        assert number not in bare
    assert {letter.to for letter in post.sms.letters} == {"19900001234"}


def test_one_tap_is_one_message_and_text_is_the_fall_back(post: Post) -> None:
    county = post.county
    allow(county, MessageKind.DRAFT_FORGOTTEN)
    tell(county)
    work(county)
    assert ([len(post.wechat.letters), len(post.sms.letters)]) == [1, 0]
    assert sends(county)[Way.WECHAT][0] is SendState.SENT
    forward(county, seconds=1)
    tell(county)
    work(county)
    assert ([len(post.wechat.letters), len(post.sms.letters)]) == [1, 1]
    assert sends(county)[Way.WECHAT] == (SendState.NOT_WANTED, 1, "no_address")


@pytest.mark.parametrize(
    ("trouble", "left"),
    [
        (NotWanted(), ("not_wanted", 1, "not_wanted", 0)),
        (DeliveryFailed("bad_argument", retryable=False), ("failed", 1, "bad_argument", 1)),
        (DeliveryFailed("unknown", retryable=False), ("unknown", 1, "unknown", 0)),
    ],
)
def test_what_wechat_does_not_take_goes_as_text(
    post: Post, trouble: Exception, left: tuple[str, int, str, int]
) -> None:
    county = post.county
    allow(county, MessageKind.DRAFT_FORGOTTEN)
    post.wechat.moods = [trouble]
    tell(county)
    work(county)
    assert (len(post.wechat.letters), len(post.sms.letters)) == (1, 1)
    assert sends(county)[Way.WECHAT] == left[:3]
    assert amount(county) == left[3]


def amount(county: County) -> int:
    with county.ports.records.read() as uow:
        [kept] = uow.messages.list_subscriptions("account-1")
    return kept.amount


def test_a_busy_way_is_tried_three_times_and_the_tap_is_given_back(post: Post) -> None:
    county = post.county
    allow(county, MessageKind.DRAFT_FORGOTTEN)
    post.wechat.moods = [DeliveryFailed("rate_limited", retryable=True)] * 3
    tell(county)
    for _ in range(4):
        work(county)
        forward(county, minutes=2)
    assert (len(post.wechat.letters), len(post.sms.letters)) == (3, 1)
    assert sends(county)[Way.WECHAT] == (SendState.FAILED, 3, "rate_limited")
    assert amount(county) == 1


def test_a_worker_that_died_repeats_a_text_under_its_name_and_no_wechat(post: Post) -> None:
    """After the try was written, before its end was: of WeChat nobody knows, the text's key makes it safe."""
    county = post.county
    allow(county, MessageKind.DRAFT_FORGOTTEN)

    class Dies(BaseException):
        pass

    post.wechat.moods = [Dies()]  # type: ignore[list-item]
    tell(county)
    with pytest.raises(Dies):
        work(county)
    post.sms.moods = [Dies()]  # type: ignore[list-item]
    forward(county, minutes=2)
    with pytest.raises(Dies):
        work(county)
    forward(county, minutes=2)
    work(county)
    assert len(post.wechat.letters) == 1
    assert [letter.id for letter in post.sms.letters] == [post.sms.letters[0].id] * 2
    assert sends(county) == {
        Way.WECHAT: (SendState.UNKNOWN, 1, "unknown"),
        Way.SMS: (SendState.SENT, 2, None),
    }


def test_a_job_that_comes_twice_sends_once(post: Post) -> None:
    county = post.county
    tell(county)
    work(county)
    holder = county.ports.index.of_number(NUMBER)
    with county.ports.records.read() as uow:
        [message] = uow.messages.list_of(holder, None, 1)
    assert message.to is None, "a number is kept for as long as it is to be used"
    messaging_out.send_message(county.ports, {"message": message.id})
    messaging_out.send_message(county.ports, {"message": "of nobody"})
    assert len(post.sms.letters) == 1


def test_nights_are_quiet_but_for_what_is_urgent(post: Post) -> None:
    county = post.county
    county.ports.clock.at = MORNING + timedelta(hours=11, minutes=30)  # type: ignore[attr-defined]
    tell(county)
    tell(county, MessageKind.INVITATION_LOCKED)
    work(county)
    assert [letter.template for letter in post.sms.letters] == [sms_id(MessageKind.INVITATION_LOCKED)]
    forward(county, hours=10, minutes=29)
    work(county)
    assert len(post.sms.letters) == 1
    forward(county, minutes=1)
    work(county)
    assert [letter.template for letter in post.sms.letters][1:] == [sms_id(MessageKind.DRAFT_FORGOTTEN)]


def sms_id(kind: MessageKind, lang: str = "zh") -> str:
    found = TEMPLATES.find(Way.SMS, kind, lang)
    assert found is not None
    return found.id


def test_a_retry_that_falls_into_the_night_waits_for_the_morning(post: Post) -> None:
    county = post.county
    county.ports.clock.at = MORNING + timedelta(hours=10, minutes=59, seconds=59)  # type: ignore[attr-defined]
    post.sms.moods = [DeliveryFailed("down", retryable=True)]
    tell(county)
    work(county)
    forward(county, hours=3)
    work(county)
    assert len(post.sms.letters) == 1
    forward(county, hours=9)
    work(county)
    assert len(post.sms.letters) == 2


def test_who_wants_no_messages_gets_the_legal_ones(post: Post) -> None:
    county = post.county
    holder = county.ports.index.of_number(NUMBER)
    with county.ports.records.act() as uow:
        uow.messages.put_preferences(Preferences(holder, (), "zh", county.ports.clock.now()))
        uow.messages.put_preferences(Preferences(holder, (), "en", county.ports.clock.now()))
    tell(county)
    tell(county, MessageKind.CASE_REFUSED)
    work(county)
    assert [letter.template for letter in post.sms.letters] == [sms_id(MessageKind.CASE_REFUSED, "en")]
    assert len(listed(county)) == 2


def test_a_denial_is_told_and_a_supplement_says_its_day(post: Post) -> None:
    county = post.county
    number = planted(county, chosen=["BIRTH-CERT", "VACCINE"], values=MOBILE)
    department = next(part.department for part in find(county, number).parts if part.matter == "BIRTH-CERT")
    wants = [{"zh": "请补充说明", "en": "Please explain"}]
    accepting.want_supplement(county.ports, officer(department), number, matter="BIRTH-CERT", wants=wants)
    until = accepting.ask_supplement(county.ports, CLERK, number)["until_on"]
    forward(county, seconds=1)
    report = {"kind": "denied", "reason": {"code": "other", "zh": "不符合条件", "en": "Not eligible"}}
    handling.decide(county.ports, officer(department), number, "BIRTH-CERT", report)
    end = number[-4:]
    assert listed(county) == [
        ("supplement_wanted", f"尾号{end}的办件需要补正，请在{until}前补齐。"),
        ("part_refused", f"尾号{end}的办件中有事项没有通过，原因和下一步请登录查看。"),
    ]


def test_messages_are_kept_a_year(post: Post) -> None:
    county = post.county
    tell(county)
    work(county)
    [sweep] = [each for each in make_sweeps(county.ports) if each.name == "messages_forgotten"]
    forward(county, days=INBOX_KEPT.days - 1)
    assert sweep.run() == 0
    forward(county, days=2)
    assert sweep.run() == 1
    assert listed(county) == []


def test_every_sending_is_in_the_audit(post: Post) -> None:
    county = post.county
    tell(county)
    work(county)
    with county.ports.records.read() as uow:
        rows = uow.audit.list_of_subject(county.ports.index.of_number(NUMBER))
    [row] = [row for row in rows if row.action == "message_sent"]
    assert (row.actor_kind, row.purpose, row.detail["way"]) == ("worker", "draft_forgotten", "sms")
    assert citizen(county).holder == row.subject


def test_what_was_begun_and_left_is_told_of_a_week_before_and_once(post: Post) -> None:
    county = post.county
    session = county.sign_in()
    draft = county.open(session, chosen=["BIRTH-CERT"])
    county.fill(session, draft, application__mobile="19900001234")
    with county.ports.records.read() as uow:
        holder, left_at = session.holder, uow.drafts.find(draft["id"]).updated_at  # type: ignore[union-attr]

    def told() -> int:
        tell_of_forgetting(county.ports)
        with county.ports.records.read() as uow:
            return len(uow.messages.list_of(holder, None, 10))

    forward(county, days=county.ports.settings.draft_days - 8)
    assert told() == 0
    forward(county, days=1, minutes=1)
    assert [told(), told()] == [1, 1]
    work(county)
    assert post.sms.letters[-1].to == "19900001234"
    with county.ports.records.read() as uow:
        kept = uow.drafts.find(draft["id"])
    assert kept is not None
    assert kept.updated_at == left_at, "being told of it is not going on with it"
    forward(county, days=5)
    assert told() == 1
