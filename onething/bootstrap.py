"""Which implementation stands behind each port."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from onething.configuration import Configuration, NotConfigured
from onething.connectors.courier.http import HttpCourier
from onething.connectors.departments.http import HttpDepartments
from onething.connectors.elicences.files import HttpLicenceFiles
from onething.connectors.exchange import Exchange
from onething.connectors.gateway import GatewayTokens
from onething.connectors.identity.one_time_codes import TimeCodes
from onething.connectors.identity.openid import find_provider
from onething.connectors.identity.passwords import Argon2Passwords
from onething.connectors.identity.phone_proof import find_phone_proof
from onething.connectors.loop import BackgroundLoop
from onething.connectors.messages.configured import find_message_ways
from onething.connectors.province.http import HttpProvince
from onething.connectors.sources import SourceCalls
from onething.connectors.supervisors.http import HttpSupervisors
from onething.connectors.verifiers.configured import find_verifiers
from onething.documents.bulletin_pdf import TypstBulletins
from onething.documents.catalog_prints import KeptPrints
from onething.documents.flow_chart import CatalogFlowCharts
from onething.documents.form_pdf import TypstForms
from onething.documents.notice_pdf import TypstNotices
from onething.documents.spreadsheets import Spreadsheets
from onething.packs.calendar_files import CalendarFiles
from onething.packs.published import PublishedCatalogs
from onething.packs.uploaded import UploadedPacks
from onething.paper.port import ConfinedPaper
from onething.ports import Ports
from onething.ports.messages import MessageWays
from onething.ports.phones import PhoneProof
from onething.ports.staff import IdentityProvider, StaffProof
from onething.ports.stepping_up import Verifier
from onething.reads.database import DatabaseReads
from onething.reads.fleet import DatabaseFleetReads
from onething.storage.audit_search import DatabaseAuditSearch
from onething.storage.blind_index import KeyedIndex
from onething.storage.engines import Limits
from onething.storage.file_store import FolderFileStore
from onething.storage.fleet_keys import RingFleetKeys
from onething.storage.keyring import KeyRing
from onething.storage.unit_of_work import DatabaseRecords
from onething.system import MovedClock, SystemChance, SystemClock

# A third of what gunicorn gives a request: a stuck SQLite writer becomes a 503, not a killed worker.
BUSY_SECONDS = 10.0


def build_ports(environ: Mapping[str, str]) -> Ports:
    """Everything the services need, as the environment configures it; raises ``NotConfigured``."""
    configuration = Configuration.from_environment(environ)
    keyring = KeyRing.load(configuration.keys)
    records = _open_records(configuration, keyring)
    loop = BackgroundLoop()
    exchange = _open_exchange(configuration, loop)
    catalogs = PublishedCatalogs(records)
    ports = Ports(
        clock=MovedClock(configuration.clock_file) if configuration.clock_file else SystemClock(),
        chance=SystemChance(),
        index=KeyedIndex(keyring),
        records=records,
        files=FolderFileStore(configuration.files, keyring),
        catalogs=catalogs,
        sources=SourceCalls(exchange),
        licence_files=HttpLicenceFiles(exchange),
        departments=HttpDepartments(exchange),
        courier=HttpCourier(exchange),
        province=HttpProvince(exchange),
        supervisors=HttpSupervisors(exchange),
        paper=ConfinedPaper(),
        forms=TypstForms(),
        flow_charts=CatalogFlowCharts(),
        catalog_prints=KeptPrints(),
        notice_printer=TypstNotices(),
        working_days=catalogs,
        reads=DatabaseReads(records),
        bulletins=TypstBulletins(),
        spreadsheets=Spreadsheets(),
        staff_proof=StaffProof(Argon2Passwords(), TimeCodes(), _find_provider(environ)),
        pack_reader=UploadedPacks(),
        calendar_reader=CalendarFiles(),
        audit_search=DatabaseAuditSearch(records),
        fleet_keys=RingFleetKeys(keyring),
        fleet_reads=DatabaseFleetReads(records),
        settings=configuration.settings,
        wall_clock=SystemClock(),
        closers=(loop.close, records.close),
    )
    return _with_providers(ports, environ, exchange)


def _with_providers(ports: Ports, environ: Mapping[str, str], exchange: Exchange) -> Ports:
    """The ports with who proves people and carries messages here; a county may have none of them."""
    return replace(
        ports,
        phone_proof=_find_phone_proof(environ),
        message_ways=_find_message_ways(environ, exchange),
        verifiers=_find_verifiers(environ, exchange),
    )


def _open_exchange(configuration: Configuration, loop: BackgroundLoop) -> Exchange:
    gateway_url, tokens = configuration.get_gateway()
    return Exchange(gateway_url, GatewayTokens.load(tokens), loop)


def _open_records(configuration: Configuration, keyring: KeyRing) -> DatabaseRecords:
    division, limits = configuration.settings.division, Limits(busy=BUSY_SECONDS)
    return DatabaseRecords(configuration.database_url, keyring, division=division, limits=limits)


def _find_provider(environ: Mapping[str, str]) -> IdentityProvider | None:
    try:
        return find_provider(environ)
    except (KeyError, OSError) as error:
        raise NotConfigured(f"ONETHING_OPENID_SECRET_FILE cannot be used: {error}") from None


def _find_phone_proof(environ: Mapping[str, str]) -> PhoneProof:
    try:
        return find_phone_proof(environ, SystemClock())
    except (KeyError, OSError, ValueError) as error:
        raise NotConfigured(f"a provider that phones sign in by cannot be used: {error}") from None


def _find_message_ways(environ: Mapping[str, str], exchange: Exchange) -> MessageWays:
    try:
        return find_message_ways(environ, exchange)
    except (KeyError, OSError, ValueError) as error:
        raise NotConfigured(f"messages cannot be sent as ONETHING_MESSAGE_TEMPLATES says: {error}") from None


def _find_verifiers(environ: Mapping[str, str], exchange: Exchange) -> Mapping[str, Verifier]:
    try:
        return find_verifiers(environ, exchange)
    except ValueError as error:
        raise NotConfigured(f"ONETHING_VERIFIERS: {error}") from None


@contextmanager
def opened(ports: Ports) -> Iterator[Ports]:
    """Ports for one command: closed at its end, whatever becomes of it."""
    try:
        yield ports
    finally:
        ports.close()
