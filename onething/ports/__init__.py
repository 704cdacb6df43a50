"""What the rules need from the world; ``bootstrap`` says which implementation stands behind each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

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
    "BlindIndex",
    "Cases",
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
    "FlowCharts",
    "FormPrinter",
    "Found",
    "Jobs",
    "KeyReused",
    "Keys",
    "NotHeld",
    "Once",
    "Paper",
    "PaperRefused",
    "PartDelivery",
    "PartnerEvents",
    "PartnerNonces",
    "Ports",
    "Purpose",
    "Records",
    "Revisions",
    "Sessions",
    "Settings",
    "SourceAnswer",
    "SourceCall",
    "Sources",
    "StaffCalls",
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
    max_upload_bytes: int = 20 * 1024 * 1024
    answer_within_days: int = 5
    retry_seconds: tuple[int, ...] = (2, 10, 60, 600, 3600)
    give_up_after_days: int = 7


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
    departments: Departments
    paper: Paper
    forms: FormPrinter
    flow_charts: FlowCharts
    working_days: WorkingDays
    settings: Settings = field(default_factory=Settings)
    closers: tuple[Callable[[], None], ...] = ()

    def close(self) -> None:
        """Let go of connections and background threads; the last act of a process."""
        for closer in self.closers:
            closer()
