"""Registers and e-licences over real HTTP, in every mood."""

import asyncio
import logging
import os
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from onething.connectors.asking import Asking
from onething.connectors.breaker import Breaker
from onething.connectors.exchange import Exchange
from onething.connectors.gateway import GatewayTokens
from onething.connectors.loop import BackgroundLoop, LoopClosed
from onething.connectors.sources import SourceCalls
from onething.ports import Found, NotHeld, SourceCall, Unavailable
from sandbox.registers import REGISTERS
from sandbox.running import RunningSandbox

MakeCall = Callable[..., SourceCall]

EIGHT = (
    "population_register",
    "household_register",
    "marriage_register",
    "birth_register",
    "social_insurance_register",
    "medical_insurance_register",
    "housing_fund_register",
    "low_income_register",
)


def test_one_wave_brings_what_government_holds(sources: SourceCalls, make_call: MakeCall) -> None:
    answers = sources.ask_all([make_call(source) for source in EIGHT])
    by_source = dict(zip(EIGHT, answers, strict=True))
    marriage, birth = by_source["marriage_register"], by_source["birth_register"]
    assert isinstance(marriage, Found)
    assert isinstance(birth, Found)
    assert marriage.facts["spouse.name"] == "李建国"
    assert birth.proves == ("child",)
    assert birth.as_of is not None
    assert by_source["low_income_register"] == NotHeld()


def test_nothing_asked_nothing_answered(sources: SourceCalls) -> None:
    assert sources.ask_all([]) == []


def test_a_number_nobody_has_is_not_held(sources: SourceCalls, make_call: MakeCall) -> None:
    calls = [make_call(source, self__id_number="411599190001010018") for source in EIGHT]
    assert sources.ask_all(calls) == [NotHeld()] * len(EIGHT)


def test_a_business_is_found_by_its_legal_representative(
    sources: SourceCalls, sandbox: RunningSandbox, make_call: MakeCall
) -> None:
    restaurant, teahouse, *_ = sandbox.list_enterprises()
    own, another, nobody = sources.ask_all(
        [
            make_call("business_register", "owner.owner"),
            make_call("business_register", "owner.owner", enterprise__uscc=teahouse["uscc"]),
            make_call("business_register", "chen.mother"),
        ]
    )
    assert isinstance(own, Found)
    assert own.proves == ("enterprise",)
    assert own.facts["enterprise.uscc"] == restaurant["uscc"]
    assert (another, nobody) == (NotHeld(), NotHeld())


def test_an_e_licence_is_found_or_not(sources: SourceCalls, make_licence_call: MakeCall) -> None:
    held, not_held, of_the_dead = sources.ask_all(
        [
            make_licence_call("marriage_certificate"),
            make_licence_call("marriage_certificate", "liu.mother"),
            make_licence_call("id_card", "huang.deceased"),
        ]
    )
    assert isinstance(held, Found)
    assert held.identifier is not None
    assert held.identifier.startswith("1.2.156.3005.2.111000000000131433001.")
    assert held.as_of == "2019-10-02"
    assert (not_held, of_the_dead) == (NotHeld(), NotHeld())


def test_every_call_says_what_it_is_for(
    sources: SourceCalls, make_call: MakeCall, make_licence_call: MakeCall, sandbox: RunningSandbox
) -> None:
    sources.ask_all([make_call("birth_register"), make_licence_call("id_card")])
    calls = sandbox.list_calls()
    assert {call["target"] for call in calls} == {"birth_register", "e_licences"}
    assert all(call["purpose"]["case"] == "draft-1" for call in calls)
    assert all(call["purpose"]["matters"] == ["HUKOU"] for call in calls)
    assert all(call["purpose"]["reason"] for call in calls)


MOODS = [
    ("hang", "slow"),
    ("down", "down"),
    ("wrong_person", "wrong_record"),
    ("wrong_json", "bad_answer"),
    ("wrong_shape", "bad_answer"),
    ("error_text", "bad_answer"),
    ("huge", "too_large"),
]


@pytest.mark.parametrize(("mood", "reason"), MOODS)
def test_a_bad_mood_is_unavailable_with_its_reason(
    mood: str, reason: str, sandbox: RunningSandbox, sources: SourceCalls, make_call: MakeCall
) -> None:
    sandbox.put_mood("birth_register", mood)
    bad, good = sources.ask_all([make_call("birth_register", deadline_s=0.4), make_call("marriage_register")])
    assert bad == Unavailable(reason)
    assert isinstance(good, Found)


@pytest.mark.parametrize(("mood", "reason"), MOODS)
def test_the_e_licence_service_has_bad_moods_too(
    mood: str, reason: str, sandbox: RunningSandbox, sources: SourceCalls, make_licence_call: MakeCall
) -> None:
    sandbox.put_mood("e_licences", mood)
    assert sources.ask_all([make_licence_call("id_card", deadline_s=0.4)]) == [Unavailable(reason)]


@pytest.mark.parametrize("register", REGISTERS)
def test_another_persons_record_leaks_nothing(
    register: str,
    sandbox: RunningSandbox,
    sources: SourceCalls,
    make_call: MakeCall,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    sandbox.put_mood(register, "wrong_person")
    (answer,) = sources.ask_all([make_call(register)])
    assert answer == Unavailable("wrong_record")
    said = caplog.text + repr(answer)
    for person in sandbox.list_people():
        assert person["card"]["id_number"] not in said
        assert person["card"]["name"] not in said


def test_a_flaky_source_is_asked_once_more(
    sandbox: RunningSandbox, sources: SourceCalls, make_call: MakeCall
) -> None:
    sandbox.put_mood("birth_register", "flaky")
    (answer,) = sources.ask_all([make_call("birth_register")])
    assert isinstance(answer, Found)
    assert len(sandbox.list_calls("birth_register")) == 2


def test_a_dead_source_is_asked_twice_at_most(
    sandbox: RunningSandbox, sources: SourceCalls, make_call: MakeCall
) -> None:
    sandbox.put_mood("birth_register", "down")
    sources.ask_all([make_call("birth_register")])
    assert len(sandbox.list_calls("birth_register")) == 2


def test_a_wrong_answer_is_not_asked_again(
    sandbox: RunningSandbox, sources: SourceCalls, make_call: MakeCall
) -> None:
    sandbox.put_mood("birth_register", "wrong_person")
    sources.ask_all([make_call("birth_register")])
    assert len(sandbox.list_calls("birth_register")) == 1


def test_eight_calls_take_as_long_as_the_slowest(
    sandbox: RunningSandbox, sources: SourceCalls, make_call: MakeCall
) -> None:
    for source in EIGHT:
        sandbox.put_mood(source, "slow", 0.15)
    sources.ask_all([make_call(source) for source in EIGHT])
    took = [_seconds(lambda: sources.ask_all([make_call(source) for source in EIGHT])) for _ in range(5)]
    print(f"8 x 150 ms side by side: median {statistics.median(took) * 1000:.0f} ms")
    assert statistics.median(took) < 2 * 0.15


def test_a_hung_source_costs_its_deadline_once(
    sandbox: RunningSandbox, sources: SourceCalls, make_call: MakeCall
) -> None:
    sandbox.put_mood("birth_register", "hang", 30)
    calls = [make_call(source, deadline_s=0.6) for source in EIGHT]
    assert 0.6 <= _seconds(lambda: sources.ask_all(calls)) < 1.2


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def test_a_breaker_opens_for_one_source_and_closes_when_it_is_back(
    sandbox: RunningSandbox, exchange: Exchange, make_call: MakeCall
) -> None:
    asking = Asking(make_breaker=lambda name: Breaker(name, failures_to_open=2, open_seconds=0.3))
    sources = SourceCalls(exchange, asking)
    sandbox.put_mood("birth_register", "hang", 30)
    for _ in range(2):
        assert sources.ask_all([make_call("birth_register", deadline_s=0.2)]) == [Unavailable("slow")]
    started = time.perf_counter()
    refused, other = sources.ask_all([make_call("birth_register"), make_call("marriage_register")])
    assert refused == Unavailable("breaker_open")
    assert isinstance(other, Found)
    assert time.perf_counter() - started < 0.2
    sandbox.put_mood("birth_register", "ok")
    time.sleep(0.3)
    (answer,) = sources.ask_all([make_call("birth_register")])
    assert isinstance(answer, Found)


def test_fifty_citizens_are_served_side_by_side(
    sandbox: RunningSandbox, sources: SourceCalls, make_call: MakeCall
) -> None:
    for source in EIGHT:
        sandbox.put_mood(source, "slow", 0.15)
    waves = [[make_call(source, deadline_s=8) for source in EIGHT] for _ in range(50)]
    with ThreadPoolExecutor(50) as citizens:
        answers = list(citizens.map(sources.ask_all, waves))
    assert all(len(wave) == 8 and isinstance(wave[0], Found) for wave in answers)


def test_a_wrong_token_is_refused_by_the_gateway(
    sandbox: RunningSandbox, loop: BackgroundLoop, make_call: MakeCall
) -> None:
    forger = SourceCalls(Exchange(sandbox.url, GatewayTokens("onething", "guessed", {}), loop))
    assert forger.ask_all([make_call("birth_register")]) == [Unavailable("refused_by_gateway")]
    assert sandbox.list_calls() == []


def test_a_gateway_that_is_not_there(loop: BackgroundLoop, make_call: MakeCall) -> None:
    nowhere = SourceCalls(Exchange("http://127.0.0.1:1", GatewayTokens("onething", "t", {}), loop))
    assert nowhere.ask_all([make_call("birth_register")]) == [Unavailable("down")]


def test_a_source_nobody_knows_is_a_bad_answer(sources: SourceCalls, make_call: MakeCall) -> None:
    unknown, traversal = sources.ask_all([make_call("nothing_register"), make_call("../admin/people")])
    assert unknown == traversal == Unavailable("bad_answer")


def test_the_same_signature_is_refused_the_second_time(sandbox: RunningSandbox, exchange: Exchange) -> None:
    headers = GatewayTokens.load(sandbox.token_file).sign_request()

    async def post() -> tuple[int, str]:
        url = f"{sandbox.url}/registers/birth_register/records"
        async with exchange.loop.session().post(url, json={}, headers=headers) as answer:
            return answer.status, (await answer.json())["message"]

    assert exchange.loop.run(post(), 5)[0] == 200
    assert exchange.loop.run(post(), 5) == (401, "nonce_replayed")


def test_a_closed_loop_says_so_and_closes_twice(exchange: Exchange, make_call: MakeCall) -> None:
    sources = SourceCalls(exchange)
    sources.ask_all([make_call("birth_register")])
    exchange.loop.close()
    exchange.loop.close()
    with pytest.raises(LoopClosed):
        sources.ask_all([make_call("birth_register")])


def test_a_forked_child_has_a_loop_of_its_own(sources: SourceCalls, make_call: MakeCall) -> None:
    assert isinstance(sources.ask_all([make_call("birth_register")])[0], Found)
    child = os.fork()
    if child == 0:
        try:
            answer = sources.ask_all([make_call("birth_register")])[0]
            os._exit(0 if isinstance(answer, Found) else 1)
        finally:
            os._exit(2)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert isinstance(sources.ask_all([make_call("birth_register")])[0], Found)


def test_work_past_its_limit_is_given_up(loop: BackgroundLoop) -> None:
    async def never() -> None:
        await asyncio.sleep(60)

    with pytest.raises(TimeoutError):
        loop.run(never(), 0.05)
