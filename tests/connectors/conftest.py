"""A real sandbox process and the connectors that reach it over real HTTP."""

from collections.abc import Callable, Iterator
from itertools import count

import pytest

from onething.connectors.asking import Asking
from onething.connectors.breaker import Breaker
from onething.connectors.exchange import Exchange
from onething.connectors.gateway import GatewayTokens
from onething.connectors.loop import BackgroundLoop
from onething.connectors.sources import SourceCalls
from onething.ports import Purpose, SourceCall
from sandbox.registers import REGISTERS
from sandbox.running import RunningSandbox, run_sandbox

PURPOSE = Purpose("draft-1", "P-NEWBORN", ("HUKOU",), "session-1", "新生儿出生登记")

MakeCall = Callable[..., SourceCall]


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    with run_sandbox(tmp_path_factory.mktemp("sandbox")) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running: RunningSandbox) -> RunningSandbox:
    """The sandbox in its best mood and with an empty log."""
    for target in [*REGISTERS, "e_licences", "WJ", "GA"]:
        running.put_mood(target, "ok")
    running.forget_calls()
    return running


@pytest.fixture
def loop() -> Iterator[BackgroundLoop]:
    loop = BackgroundLoop()
    yield loop
    loop.close()


@pytest.fixture
def exchange(sandbox: RunningSandbox, loop: BackgroundLoop) -> Exchange:
    return Exchange(sandbox.url, GatewayTokens.load(sandbox.token_file), loop)


@pytest.fixture
def sources(exchange: Exchange) -> SourceCalls:
    """Sources whose breakers never open: each test of a mood sees that mood alone."""
    return SourceCalls(exchange, Asking(make_breaker=lambda name: Breaker(name, failures_to_open=1000)))


@pytest.fixture(scope="session")
def number_of(running: RunningSandbox) -> Callable[[str], str]:
    """Citizen numbers by ``family.role``."""
    people = {f"{person['family']}.{person['role']}": person["card"] for person in running.list_people()}
    return lambda key: str(people[key]["id_number"])


@pytest.fixture
def make_call(number_of: Callable[[str], str]) -> MakeCall:
    """A call of one source about one person, 1.5 seconds unless said otherwise."""
    numbers = count(1)

    def make(source: str, about: str = "chen.mother", deadline_s: float = 1.5, **asked: str) -> SourceCall:
        words = {"self.id_number": number_of(about)} | {
            word.replace("__", "."): text for word, text in asked.items()
        }
        return SourceCall(f"call-{next(numbers)}", source, words, PURPOSE, deadline_s)

    return make


@pytest.fixture
def make_licence_call(number_of: Callable[[str], str]) -> MakeCall:
    """A question for one e-licence of one person."""

    def make(document: str, about: str = "chen.mother", deadline_s: float = 1.5) -> SourceCall:
        asked = {"holder_code": number_of(about)}
        return SourceCall(f"e_licences:{document}", "e_licences", asked, PURPOSE, deadline_s, document, "111")

    return make
