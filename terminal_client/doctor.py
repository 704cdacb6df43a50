"""What a technician wants to know of a kiosk: which part works, and in plain words why another does not."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from devices.errors import DeviceError
from devices.url import DeviceUrl
from terminal_client import identity as identities
from terminal_client.agent import machine
from terminal_client.config import Config
from terminal_client.device_board import look_from_outside
from terminal_client.durable import remove_durably, write_durably
from terminal_client.keys import KeyFileError, read_key
from terminal_client.outbox.store import LEAST_FREE_BYTES, OUTBOX_FILE, Outbox, OutboxFailed
from terminal_client.pinyin import open_decoder
from terminal_client.server_client import Request, ServerAway, ServerClient, ServerRefused
from terminal_client.server_clock import ServerClock
from terminal_client.technician.advice import NAMES, advise
from terminal_client.untried import list_untried
from terminal_client.voice import VoiceError, speak

NEEDED = ("id_card", "receipt_printer")
MOST_OFFSET_MS = 60_000


@dataclass(frozen=True)
class Finding:
    """One part of the kiosk and how it is; `advice` says what to do about it."""

    what: str
    is_well: bool
    said: str
    advice: str = ""


def examine_kiosk(config: Config) -> list[Finding]:
    """Try every part once, nothing is changed and nothing is printed. IdentityError."""
    return [
        _key(config),
        _enrolment(config),
        _state_folder(config),
        _tried("front-end packages", _vendored, "run `npm ci`, then `python deploy/setup/vendor.py`"),
        *_server(config),
        *(_device(kind, config) for kind in NAMES if kind in NEEDED or kind in config.devices.by_kind()),
        *_outbox(config),
        _tried(
            "pinyin",
            lambda: "ready" if open_decoder().is_there else _missing("libgooglepinyin0"),
            "apt-get install libgooglepinyin0",
        ),
        _tried("voice", lambda: f"{len(speak('您好', 'zh'))} bytes of sound", "apt-get install espeak-ng"),
    ]


def list_never_tried(config: Config) -> list[str]:
    """What of this kiosk's devices no real hardware has ever been seen with."""
    used = {DeviceUrl.parse(url).scheme for url in config.devices.by_kind().values() if ":" in url}
    return [f"{each.scheme}: {each.en}" for each in list_untried() if each.scheme in used]


def _vendored() -> str:
    licences = Path(__file__).parent / "static" / "vendor" / "LICENCES.txt"
    if not licences.is_file():
        raise ValueError("not there")
    return ", ".join(line.rsplit(" ", 1)[0] for line in licences.read_text("utf-8").splitlines())


def _missing(package: str) -> str:
    raise VoiceError(f"{package} is not installed: only the lexicon's words can be typed")


def _tried(what: str, act: Callable[[], str], advice: str = "") -> Finding:
    try:
        return Finding(what, True, act())
    except (DeviceError, ServerAway, ServerRefused, KeyFileError, VoiceError, OutboxFailed) as error:
        return Finding(what, False, str(error), advice)
    except (ValueError, OSError) as error:
        return Finding(what, False, str(error), advice)


def _key(config: Config) -> Finding:
    def act() -> str:
        words = identities.check_words(identities.raw_public(read_key(config.key_file)))
        return f"only this user can read it; its letters are {words}"

    return _tried("key", act, "onething-terminal enrol, or keygen")


def _enrolment(config: Config) -> Finding:
    if config.terminal_id:
        return Finding("enrolment", True, config.terminal_id)
    advice = "issue a code at the console, then onething-terminal enrol CODE"
    return Finding("enrolment", False, "this kiosk is not enrolled", advice)


def _state_folder(config: Config) -> Finding:
    def act() -> str:
        config.state_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe = config.state_dir / "doctor.probe"
        write_durably(probe, b"x")
        remove_durably(probe)
        free = machine.free_mib(config.state_dir)
        if free * machine.MIB < LEAST_FREE_BYTES:
            raise ValueError(f"{free} MiB free: nobody can be served")
        return f"can be written, {free} MiB free"

    return _tried("state folder", act, "make room on the disk, or give the folder to this user")


def _server(config: Config) -> list[Finding]:
    if not config.server_url or not config.key_file.exists():
        return [Finding("server", False, "not known yet", "enrol this kiosk")]
    clock = ServerClock()
    client = ServerClient(
        config.server_url, config.terminal_id, read_key(config.key_file), clock=clock, ca_file=config.ca_file
    )
    try:
        return [
            _tried(
                "server",
                lambda: f"{len(client.ask(Request('GET', '/things'))['things'])} things on offer",
                "check the cable and the address; is the terminal active at the console?",
            ),
            *_state_at_server(client, clock),
        ]
    finally:
        client.close()


def _state_at_server(client: ServerClient, clock: ServerClock) -> list[Finding]:
    try:
        said = client.ask(Request("GET", "/terminal"))
    except (ServerAway, ServerRefused):
        # a server of before the fleet; whether it can be reached stands one line above
        return []
    offset = clock.measure_offset_ms(str(said.get("server_time"))) or 0
    state = str(said.get("state"))
    return [
        Finding("state", state == "active", state, "" if state == "active" else "activate it at the console"),
        Finding(
            "clock",
            abs(offset) <= MOST_OFFSET_MS,
            f"{offset / 1000:+.1f} s against the server",
            "" if abs(offset) <= MOST_OFFSET_MS else "set up time synchronisation (chrony)",
        ),
    ]


def _device(kind: str, config: Config) -> Finding:
    url = config.devices.by_kind().get(kind)
    what = NAMES[kind][1]
    if url is None:
        return Finding(what, False, "not configured", advise(kind, "absent", "not_configured").en)
    health = look_from_outside(config, kind, url)
    told = advise(kind, health.state.value, health.reason)
    advice = f"{told.en} Bring {told.part_en}." if told.part_en else told.en
    if not health.is_usable:
        return Finding(what, False, health.en or health.reason or health.state.value, advice)
    return Finding(what, True, f"{health.state.value} {health.reason}".strip(), advice)


def _outbox(config: Config) -> list[Finding]:
    identity = identities.read_identity(config.state_dir)
    if identity is None or not (config.state_dir / OUTBOX_FILE).exists():
        return []

    def act() -> str:
        outbox = Outbox(config.state_dir, identity.outbox_key, identity.terminal)
        try:
            depth = outbox.measure()
        finally:
            outbox.close()
        if depth.parked:
            raise ValueError(f"{depth.waiting} waiting, {depth.parked} parked")
        return f"{depth.waiting} waiting"

    return [_tried("outbox", act, "onething-terminal outbox says which; the server refused them")]
