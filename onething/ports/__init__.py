"""What the rules need from the world; ``bootstrap`` says which implementation stands behind each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from onething.ports.fleet import FleetKeys, FleetReads
from onething.ports.licence_files import LicenceFiles
from onething.ports.messages import MessageWays
from onething.ports.phones import PhoneProof
from onething.ports.products import CatalogPrints
from onething.ports.reads import BulletinPrinter, Reads, Spreadsheets
from onething.ports.records import (
    Audit,
    Cases,
    Conflict,
    Drafts,
    Files,
    FileStore,
    Jobs,
    KeyReused,
    Keys,
    Once,
    PartnerEvents,
    PartnerNonces,
    Records,
    Revisions,
    Sessions,
    StaffCalls,
    Terminals,
    UnitOfWork,
)
from onething.ports.results import Courier, Province, Supervisors
from onething.ports.staff import AuditSearch, CalendarReader, PackReader, StaffProof
from onething.ports.stepping_up import Verifier
from onething.ports.world import (
    BlindIndex,
    Catalogs,
    Chance,
    CleanPage,
    Clock,
    DeliveryFailed,
    Departments,
    FlowCharts,
    FormPrinter,
    Found,
    NotHeld,
    NoticePrinter,
    Paper,
    PaperRefused,
    PartDelivery,
    Purpose,
    SourceAnswer,
    SourceCall,
    Sources,
    Unavailable,
    WorkingDays,
)

__all__ = [
    "Audit",
    "AuditSearch",
    "BlindIndex",
    "BulletinPrinter",
    "CalendarReader",
    "Cases",
    "CatalogPrints",
    "Catalogs",
    "Chance",
    "CleanPage",
    "Clock",
    "Conflict",
    "DeliveryFailed",
    "Departments",
    "Drafts",
    "FileStore",
    "Files",
    "FleetKeys",
    "FleetReads",
    "FlowCharts",
    "FormPrinter",
    "Found",
    "Jobs",
    "KeyReused",
    "Keys",
    "LicenceFiles",
    "MessageWays",
    "NotHeld",
    "NoticePrinter",
    "Once",
    "PackReader",
    "Paper",
    "PaperRefused",
    "PartDelivery",
    "PartnerEvents",
    "PartnerNonces",
    "PhoneProof",
    "Ports",
    "Purpose",
    "Reads",
    "Records",
    "Revisions",
    "Sessions",
    "Settings",
    "SourceAnswer",
    "SourceCall",
    "Sources",
    "Spreadsheets",
    "StaffCalls",
    "StaffProof",
    "Terminals",
    "Unavailable",
    "UnitOfWork",
    "WorkingDays",
]


@dataclass(frozen=True)
class Settings:
    """What an installation decides."""

    division: str = "411523"
    public_url: str = "http://127.0.0.1:8080"
    session_seconds: int = 1800
    idle_seconds: int = 300
    # At a window the clerk types, asks and copies: people are not sent away for that.
    window_session_seconds: int = 4 * 3600
    window_idle_seconds: int = 1200
    max_upload_bytes: int = 20 * 1024 * 1024
    answer_within_days: int = 5
    retry_seconds: tuple[int, ...] = (2, 10, 60, 600, 3600)
    give_up_after_days: int = 7
    # A clerk, or the fifth day, accepts; without a back office the submission itself is the acceptance.
    window_accepts: bool = True
    warn_share: float = 0.8
    supplement_days: int = 10
    order_answer_days: int = 3
    notice_number: str = "一件事{kind}〔{year}〕第{number:06d}号"
    # Departments that work in the console, and those whose system is asked for events.
    without_system: frozenset[str] = frozenset()
    pulled: frozenset[str] = frozenset()
    # What a county decides about ratings, disputes and shared data; names: choice, always or never.
    rating_names: str = "choice"
    rectification_days: int = 5
    dispute_days: int = 10
    needs_default: str = "draft"
    track_seconds: int = 1800
    reports_to_province: bool = False
    # Terminals: how long a code and a key are good, whether whoever comes with a code is trusted unseen,
    # and the SHA-256 of the certificate authority that a new terminal trusts (empty: the machine's own list).
    code_minutes: int = 10
    terminal_key_days: int = 90
    activate_unseen: bool = False
    ca_pin: str = ""
    enrolment_answer_seconds: float = 0.2
    # How many days a phone's account stays the person's whom the province's identity has proven.
    phone_binding_days: int = 180
    # How many days a draft is kept that nobody goes on with.
    draft_days: int = 90


@dataclass(frozen=True)
class Ports:
    """One of each; a service takes it as its first argument."""

    clock: Clock
    chance: Chance
    index: BlindIndex
    records: Records
    files: FileStore
    catalogs: Catalogs
    sources: Sources
    licence_files: LicenceFiles
    departments: Departments
    courier: Courier
    province: Province
    supervisors: Supervisors
    paper: Paper
    forms: FormPrinter
    flow_charts: FlowCharts
    catalog_prints: CatalogPrints
    notice_printer: NoticePrinter
    working_days: WorkingDays
    reads: Reads
    bulletins: BulletinPrinter
    spreadsheets: Spreadsheets
    staff_proof: StaffProof
    pack_reader: PackReader
    calendar_reader: CalendarReader
    audit_search: AuditSearch
    fleet_keys: FleetKeys
    fleet_reads: FleetReads
    settings: Settings = field(default_factory=Settings)
    phone_proof: PhoneProof = field(default_factory=PhoneProof)
    message_ways: MessageWays = field(default_factory=MessageWays)
    verifiers: Mapping[str, Verifier] = field(default_factory=dict)
    # What other machines judge a signature's age by, however our own time was moved in the sandbox.
    wall_clock: Clock | None = None
    closers: tuple[Callable[[], None], ...] = ()

    @property
    def signature_clock(self) -> Clock:
        """The clock by which signatures and their nonces are judged."""
        return self.wall_clock or self.clock

    def close(self) -> None:
        """Let go of connections and background threads; the last act of a process."""
        for closer in self.closers:
            closer()
