"""What the kiosk is showing and what it holds about the person in front of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Json = Mapping[str, Any]


class Screen(StrEnum):
    """Every screen there is; a journey is always on exactly one."""

    IDLE = "idle"
    THINGS = "things"
    NOTICE = "notice"
    MATTERS = "matters"
    QUESTIONS = "questions"
    CARD = "card"
    CONSENT = "consent"
    FETCHING = "fetching"
    SECOND_SIGNER = "second_signer"
    FORM = "form"
    MATERIALS = "materials"
    SCANNING = "scanning"
    HANDING = "handing"
    REVIEW = "review"
    STEP_UP = "step_up"
    SIGN = "sign"
    SUBMITTING = "submitting"
    RECEIPT = "receipt"
    TAKE_CARD = "take_card"
    PROGRESS = "progress"
    SUPPLEMENT = "supplement"
    WITHDRAWAL = "withdrawal"
    RATING = "rating"
    DISPUTE = "dispute"
    CASE_VALUES = "case_values"
    INTAKE = "intake"
    INTAKE_TAKEN = "intake_taken"
    OFFLINE = "offline"
    CLOSED = "closed"
    READER_FAULT = "reader_fault"
    DEFECT = "defect"


class Over(StrEnum):
    """What lies over a screen and waits for an answer."""

    STILL_THERE = "still_there"
    CARD_GONE = "card_gone"
    AWAY = "away"
    LEAVE = "leave"
    CALL_STAFF = "call_staff"
    FLOW_CHART = "flow_chart"
    WITHDRAWAL = "withdrawal"


class Purpose(StrEnum):
    """Why the person puts a card on the reader."""

    FILE = "file"
    PROGRESS = "progress"


class Printing(StrEnum):
    """What is known of the slip."""

    NOT_ASKED = "not_asked"
    GOING_ON = "going_on"
    PRINTED = "printed"
    UNKNOWN = "unknown"
    FAILED = "failed"


@dataclass(frozen=True)
class Sentence:
    """One thing said to the person, in both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class Times:
    """Seconds until something happens by itself."""

    idle: float = 120
    warning: float = 30
    elder_idle: float = 180
    elder_warning: float = 60
    card_back: float = 30
    sitting: float = 1800
    card_left: float = 60

    def limit(self, *, elder: bool) -> tuple[float, float]:
        """How long nobody may touch anything, and how long before that the warning comes."""
        return (self.elder_idle, self.elder_warning) if elder else (self.idle, self.warning)


@dataclass(frozen=True)
class AskServer:
    """A request to the server whose answer comes back as an event naming `call`.

    `once` names an act that must happen once: every try of it carries the same Idempotency-Key.
    """

    call: str
    method: str
    path: str
    body: Json | None = None
    once: str | None = None
    sitting: int = 0


@dataclass(frozen=True)
class Paper:
    """What is being scanned: its name, the path its pages go to, and the screen it belongs to."""

    id: str
    zh: str
    en: str
    path: str
    back: Screen


@dataclass(frozen=True)
class Rating:
    """One service being rated; `occasion` tells what was done from the handing in itself."""

    case_number: str
    matter: str | None
    occasion: str
    back: Screen
    zh: str = ""
    en: str = ""
    options: Json = field(default_factory=dict)
    level: str | None = None
    reasons: frozenset[str] = frozenset()
    comment: str = field(default="", repr=False)
    named: bool = True


@dataclass(frozen=True)
class Dispute:
    """One shared value being called wrong; `said` tells whether the person has given their own.

    `in_case` tells that it stands in the case on the screen, and not in the form being filled in.
    """

    fact: str
    in_case: bool = False
    value: Any = field(default=None, repr=False)
    said: bool = False
    pages: tuple[Json, ...] = ()


@dataclass(frozen=True)
class Intake:
    """What somebody leaves while the server is away; `slip` is there once it lies on the disk."""

    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    errors: Mapping[str, Sentence] = field(default_factory=dict)
    is_being_kept: bool = False
    slip: Json = field(default_factory=dict)
    printing: Printing = Printing.NOT_ASKED
    print_trouble: Sentence | None = None


@dataclass(frozen=True)
class Handing:
    """What is handed to a phone, as the server last told it; `back` is where it was begun.

    `text` is what the QR says, good once; `looking` tells that the server was asked and has not answered.
    """

    kind: str
    back: Screen
    material: str = ""
    zh: str = ""
    en: str = ""
    id: str = ""
    text: str = field(default="", repr=False)
    state: str = "waiting"
    cause: str | None = None
    version: int = -1
    saved_at: str = ""
    pages: tuple[str, ...] = ()
    looked_at: float = 0
    looking: bool = False


@dataclass(frozen=True)
class ResultPrint:
    """A result on its way to this kiosk's A4 printer; ``job`` is the print's id once it has begun.

    ``held_up`` is why no paper comes for now, ``trouble`` why it ended badly.
    """

    result: str
    zh: str
    en: str
    job: str = ""
    state: Printing = Printing.NOT_ASKED
    held_up: Sentence | None = None
    trouble: Sentence | None = None
    was_asked_to_wait: bool = False


@dataclass(frozen=True)
class Citizen:
    """All that is known of the person; when the sitting ends this object is dropped whole.

    `card` is empty for who signed in with the code on their phone.
    """

    token: str = field(repr=False)
    card: Json = field(repr=False)
    masked_name: str = ""
    masked_id_number: str = ""
    draft: Json = field(default_factory=dict, repr=False)
    refused_sources: frozenset[str] = frozenset()
    errors: Mapping[str, Sentence] = field(default_factory=dict, repr=False)
    paper: Paper | None = None
    scanned: tuple[Json, ...] = ()
    scanning: bool = False
    receipt: Json = field(default_factory=dict, repr=False)
    printing: Printing = Printing.NOT_ASKED
    print_trouble: Sentence | None = None
    cases: tuple[Json, ...] | None = field(default=None, repr=False)
    older_cases: str | None = None
    case: Json | None = field(default=None, repr=False)
    case_values: tuple[Json, ...] = field(default=(), repr=False)
    result_print: ResultPrint | None = None
    prints_begun: int = 0
    given: Mapping[str, Any] = field(default_factory=dict, repr=False)
    withdrawing: str | None = None
    rating: Rating | None = field(default=None, repr=False)
    has_rated_kiosk: bool = False
    dispute: Dispute | None = field(default=None, repr=False)
    handing: Handing | None = field(default=None, repr=False)
    invitation: Json | None = field(default=None, repr=False)
    code_sent_at: float | None = None
    code_tries: int = 0

    @property
    def id_number(self) -> str:
        """The number on the card that opened the session."""
        return str(self.card.get("id_number", ""))


@dataclass(frozen=True)
class Journey:
    """One kiosk at one moment. Seconds are a monotonic clock's, given with each event.

    ``prints_here`` tells that its A4 printer can be used, ``at_printer`` which print that is at, whoever's.
    """

    screen: Screen = Screen.IDLE
    sitting: int = 1
    language: str = "zh"
    elder: bool = False
    voice: bool = False
    lowered: bool = False
    over: Over | None = None
    things: tuple[Json, ...] = ()
    server_away: bool = False
    takes_intakes: bool = False
    intake: Intake | None = None
    search: str = ""
    thing: str | None = None
    guide: Json | None = None
    plan: Json | None = None
    chosen: tuple[str, ...] | None = None
    seen_matters: frozenset[str] | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    purpose: Purpose = Purpose.FILE
    card: Json | None = field(default=None, repr=False)
    card_present: bool = False
    reader_trouble: Sentence | None = None
    reads_codes: bool = False
    phone_sign_in: bool = True
    prints_here: bool = False
    at_printer: str = ""
    citizen: Citizen | None = None
    editing: str | None = None
    waiting: AskServer | None = None
    tried: AskServer | None = None
    notice: Sentence | None = None
    done: Sentence | None = None
    staff_called: bool = False
    ended: str | None = None
    defect: str | None = None
    now: float = 0
    touched_at: float = 0
    began_at: float = 0
    over_since: float = 0
    times: Times = Times()

    @property
    def draft(self) -> Json:
        """The draft being filled in; empty before there is one."""
        return self.citizen.draft if self.citizen else {}

    @property
    def is_busy(self) -> bool:
        """Whether an answer of the server is being waited for."""
        return self.waiting is not None
