"""``onething check``: what is missing or unsafe, in plain words."""

from __future__ import annotations

import argparse
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from onething.configuration import Configuration
from onething.connectors.courier import check as courier
from onething.connectors.departments import check as departments
from onething.connectors.elicences import check as e_licences
from onething.connectors.exchange import Exchange
from onething.connectors.finding import Finding
from onething.connectors.gateway import GatewaySettingsWrong, GatewayTokens
from onething.connectors.identity import check as identity
from onething.connectors.loop import BackgroundLoop
from onething.connectors.messages import check as messages
from onething.connectors.messages.configured import load_templates
from onething.connectors.province import check as province
from onething.connectors.registers import check as registers
from onething.connectors.supervisors import check as supervisors
from onething.connectors.verifiers import check as verifiers
from onething.connectors.verifiers.configured import list_names
from onething.connectors.verifiers.faces import GatewayFaces
from onething.domain.assurance import WITH_CODE
from onething.domain.catalog import Catalog
from onething.domain.message_templates import Templates
from onething.domain.messages import MessageKind, Way
from onething.domain.plan_sources import CARD, E_LICENCES
from onething.packs.reading import load_pack
from onething.storage.schema_version import is_current


@dataclass(frozen=True)
class Problem:
    """One thing to mend; ``must`` when nobody can be served before it is."""

    text: str
    must: bool = True

    def __str__(self) -> str:
        return f"{'!' if self.must else '-'} {self.text}"


def register(commands: Any) -> None:
    """Add ``check`` to the command line."""
    parser = commands.add_parser("check", help="say what is missing or unsafe")
    parser.add_argument(
        "--connections", action="store_true", help="also ask every register and department how it is"
    )
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace, configuration: Configuration) -> int:
    """Print each problem and how to mend it; 1 when one of them keeps everybody from being served."""
    problems = list(find_problems(configuration))
    if chosen.connections and not any(problem.must for problem in problems):
        problems += find_silent(configuration)
    for problem in problems:
        print(problem)
    print(
        "nothing is missing"
        if not problems
        else f"{len(problems)} to mend; ! keeps the service from starting"
    )
    return 1 if any(problem.must for problem in problems) else 0


def find_problems(configuration: Configuration) -> Iterable[Problem]:
    """Everything that keeps this installation from serving, or from serving safely."""
    yield from _keys(configuration.keys)
    yield from _database(configuration)
    yield from _gateway(configuration)
    yield from (Problem(text) for text in identity.find_faults(os.environ))
    if configuration.settings.public_url.startswith("http://") and not _is_loopback(configuration):
        text = "ONETHING_PUBLIC_URL is http://: call-backs would be unencrypted; give the https:// address"
        yield Problem(text, must=False)
    if not os.access(_nearest(configuration.files), os.W_OK):
        yield Problem(f"the folder of files {configuration.files} cannot be written: give it to our user")


def find_silent(configuration: Configuration) -> Iterable[Problem]:
    """Everybody outside who cannot be reached or does not answer sensibly."""
    url, file = configuration.get_gateway()
    catalog = load_pack(configuration.catalog).catalog
    if catalog is None:
        yield Problem(
            f"the pack {configuration.catalog} has mistakes: run onething catalog check", must=False
        )
        return
    loop = BackgroundLoop()
    try:
        exchange = Exchange(url, GatewayTokens.load(file), loop)
        asked = [source for source in catalog.sources if source not in (CARD, E_LICENCES)]
        handling = {
            matter.department for thing in catalog.things.values() for matter in thing.matters.values()
        }
        watching = {
            matter.supervised_by
            for thing in catalog.things.values()
            for matter in thing.matters.values()
            if matter.supervised_by is not None
        }
        findings: list[Finding] = [
            *registers.check(exchange, asked),
            e_licences.check(exchange),
            *departments.check(exchange, sorted(handling - configuration.settings.without_system)),
            courier.check(exchange),
            *supervisors.check(exchange, sorted(watching - configuration.settings.without_system)),
        ]
        if os.environ.get("ONETHING_MESSAGE_TEMPLATES"):
            findings.append(messages.check(exchange))
        if GatewayFaces.name in list_names(os.environ):
            findings.append(verifiers.check(exchange))
        if configuration.settings.reports_to_province:
            findings.append(province.check(exchange))
    finally:
        loop.close()
    yield from _unsent_codes(catalog)
    for finding in (*findings, *identity.check(os.environ)):
        if not finding.ok:
            yield Problem(f"{finding.subject}: {finding.en}", must=False)


def _unsent_codes(catalog: Catalog) -> Iterable[Problem]:
    """Matters that ask for a code by text message where none can be sent."""
    asking = [
        f"{thing.code} {matter.code}"
        for thing in catalog.things.values()
        for matter in thing.matters.values()
        if matter.assurance is not None and matter.assurance.level == WITH_CODE
    ]
    asking += [thing.code for thing in catalog.things.values() if thing.assurance == WITH_CODE]
    file = os.environ.get("ONETHING_MESSAGE_TEMPLATES")
    templates = load_templates(Path(file)) if file else Templates()
    if asking and templates.find(Way.SMS, MessageKind.STEP_UP_CODE, "zh") is None:
        text = "no code can be sent by text message (step_up_code in ONETHING_MESSAGE_TEMPLATES)"
        yield Problem(f"{text}: only a window can hand in {', '.join(asking)}", must=False)


def _keys(keys: Path) -> Iterable[Problem]:
    if not keys.exists():
        yield Problem(f"there is no key ring at {keys}: run onething keys make")
    elif stat.S_IMODE(keys.stat().st_mode) & 0o077:
        yield Problem(f"the key ring {keys} can be read by others: chmod 0600 {keys}")


def _database(configuration: Configuration) -> Iterable[Problem]:
    try:
        if not is_current(configuration.database_url):
            yield Problem("the database is not at the newest schema: run onething migrate")
    except Exception as error:
        name = type(error).__name__
        yield Problem(f"the database does not answer ({name}): look at ONETHING_DATABASE_URL")


def _gateway(configuration: Configuration) -> Iterable[Problem]:
    if not configuration.gateway_url or not configuration.gateway_tokens:
        yield Problem("ONETHING_GATEWAY_URL or ONETHING_GATEWAY_TOKENS is not set: nothing can be fetched")
        return
    tokens = configuration.gateway_tokens
    if not tokens.exists():
        yield Problem(f"there is no token file at {tokens}: get it from the gateway's operator")
        return
    if stat.S_IMODE(tokens.stat().st_mode) & 0o077:
        yield Problem(f"the gateway's tokens {tokens} can be read by others: chmod 0600 {tokens}")
    try:
        GatewayTokens.load(tokens)
    except GatewaySettingsWrong as wrong:
        yield Problem(str(wrong))


def _is_loopback(configuration: Configuration) -> bool:
    return configuration.settings.public_url.startswith(("http://127.", "http://localhost", "http://[::1]"))


def _nearest(path: Path) -> Path:
    return next((each for each in (path, *path.absolute().parents) if each.exists()), Path("/"))
