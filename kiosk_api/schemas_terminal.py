"""What a terminal says of itself, and what it is told: enrolment, heartbeats, configuration, commands."""

from __future__ import annotations

import marshmallow as ma

from onething.domain.enrolment_codes import CODE_ID
from onething.domain.fleet import CommandState, Outcome
from onething.domain.terminals import TerminalState
from web import schema
from web.schema import (
    AnswerSchema,
    FactValue,
    Picture,
    RequestSchema,
    choice,
    many,
    one_of,
    text,
    texts,
    whole,
    word,
    yes_no,
)

# A key in base64 (RFC 4648): 32 bytes, as every key here.
_KEY_TEXT = 44
DEVICE_STATES = ("absent", "connecting", "ready", "busy", "degraded", "stale", "error")
PAPER = ("ok", "near_end", "out", "unknown")
_YEAR_SECONDS = 366 * 86400


class Attachment(Picture):
    """A log or a picture of at most 256 KiB, in base64."""

    LONGEST = 349_528


def _pairs(most: int) -> ma.fields.Dict:
    """Short texts and whole numbers by name."""
    return ma.fields.Dict(
        keys=text(32, shortest=1),
        values=FactValue(allow_none=True),
        required=True,
        validate=ma.validate.Length(max=most, error="too_many"),
    )


class EnrolmentRequest(RequestSchema):
    """A new machine with the key it made; the code's secret is proven in the header, never sent."""

    code_id = ma.fields.String(
        required=True, validate=ma.validate.Regexp(rf"{CODE_ID.pattern}\Z", error="invalid")
    )
    public_key = text(_KEY_TEXT, shortest=_KEY_TEXT)
    versions = _pairs(8)
    serials = _pairs(16)
    boot_id = text(64, shortest=8)
    offline_secret = text(_KEY_TEXT, shortest=_KEY_TEXT, required=False)


class DeviceReport(RequestSchema):
    """How one device is, and since when (RFC 3339)."""

    state = choice(*DEVICE_STATES)
    since_at = text(40, required=False)
    reason = text(120, required=False)
    paper = choice(*PAPER, required=False)


class OutboxReport(RequestSchema):
    """What waits on the terminal to be sent."""

    depth = whole(0, 1_000_000)
    oldest_age_seconds = whole(0, 10 * _YEAR_SECONDS)


class HeartbeatRequest(RequestSchema):
    """How a terminal is; nothing about any person."""

    versions = _pairs(8)
    boot_id = text(64, shortest=8)
    counter = whole(0, 2**53)
    uptime_seconds = whole(0, 20 * _YEAR_SECONDS)
    clock_offset_ms = whole(-(10**13), 10**13)
    outbox = ma.fields.Nested(OutboxReport(), required=True)
    disk_free_mib = whole(0, 2**40)
    temperature_c = ma.fields.Float(
        required=False, allow_none=True, validate=ma.validate.Range(-100, 300, error="out_of_range")
    )
    devices = ma.fields.Dict(
        keys=text(32, shortest=1),
        values=ma.fields.Nested(DeviceReport()),
        required=True,
        validate=ma.validate.Length(max=16, error="too_many"),
    )
    last_session_ended_at = ma.fields.String(
        required=False, allow_none=True, validate=ma.validate.Length(max=40, error="too_long")
    )
    last_proven_print_at = ma.fields.String(
        required=False, allow_none=True, validate=ma.validate.Length(max=40, error="too_long")
    )
    updating = ma.fields.Boolean(required=False)
    given_up = texts(40, 16, required=False)


class ConfigurationReport(RequestSchema):
    """How far the terminal has come with a revision of its settings."""

    revision = whole(1, 2**31 - 1)
    outcome = choice(*(str(each) for each in Outcome))
    reason = text(64, required=False)
    detail = ma.fields.String(required=False, validate=ma.validate.Length(max=2000, error="too_long"))


class CommandResult(RequestSchema):
    """What became of a command."""

    command = text(64, shortest=1)
    outcome = choice(
        *(
            str(each)
            for each in (CommandState.DONE, CommandState.FAILED, CommandState.REFUSED, CommandState.EXPIRED)
        )
    )
    detail = ma.fields.String(required=False, validate=ma.validate.Length(max=2000, error="too_long"))
    attachment = Attachment(required=False, allow_none=True)


def _of_32_bytes(value: bytes) -> None:
    if len(value) != 32:
        raise ma.ValidationError("invalid")


def _of_64_bytes(value: bytes) -> None:
    if len(value) != 64:
        raise ma.ValidationError("invalid")


class NewKeyRequest(RequestSchema):
    """A second key, which signs ``onething-renew:<terminal>:<the key in base64>`` itself."""

    public_key = Picture(required=True, validate=_of_32_bytes, metadata={"pattern": "^[A-Za-z0-9+/]{43}=$"})
    proof = Picture(required=True, validate=_of_64_bytes, metadata={"pattern": "^[A-Za-z0-9+/]{86}==$"})


class OutboxItem(RequestSchema):
    """Something that was taken in while the server was away, sealed to its key."""

    id = ma.fields.String(required=True, validate=ma.validate.Regexp(r"[0-9a-f]{32}\Z", error="invalid"))
    kind = choice("intake")
    sealed = Picture(required=True)


class TerminalSelf(AnswerSchema):
    """What a terminal may know of itself."""

    state = one_of([str(each) for each in TerminalState])
    number = word()
    hall_zh = word()
    hall_en = word()
    server_time = ma.fields.AwareDateTime(required=True)
    check_words = word(about="The first 40 bits of the key's SHA-256, to be compared on both screens")
    configuration = schema.number(about="The revision it shall work with; 0 while there is none")


class Enrolled(AnswerSchema):
    """Who the terminal is from here on, and the server's keys in base64."""

    terminal = word(about="The keyid of every later signature")
    number = word()
    hall_zh = word()
    hall_en = word()
    division = word()
    check_words = word()
    state = one_of([str(each) for each in TerminalState])
    server_key = word(about="Ed25519: signs configurations, commands and the server's time")
    outbox_key = word(about="X25519: what waits in the outbox is sealed to it")
    server_time = ma.fields.AwareDateTime(required=True)


class OpeningHours(AnswerSchema):
    """From when to when the hall is open on a weekday, 0 = Monday."""

    weekday = schema.number()
    from_ = ma.fields.String(required=True, data_key="from")
    to = word()


class TerminalSettings(AnswerSchema):
    """The settings of a terminal; devices are URLs by kind."""

    hall_zh = word()
    hall_en = word()
    devices = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String(), required=True)
    columns = schema.number()
    idle_seconds = schema.number()
    warning_seconds = schema.number()
    longest_session_seconds = schema.number()
    opening_hours = many(OpeningHours)
    log_level = word()
    update_channel = word()
    expected_devices = ma.fields.List(ma.fields.String(), required=True)


class ConfigurationView(AnswerSchema):
    """Settings with the server's signature over terminal, revision and settings (canonical JSON)."""

    revision = schema.number()
    settings = ma.fields.Nested(TerminalSettings, required=True)
    signature = word()


class CommandView(AnswerSchema):
    """One command; the signature covers the other members and ``terminal`` (canonical JSON)."""

    id = word()
    kind = word()
    arguments = ma.fields.Dict(required=True)
    reason = word()
    issued_by = word()
    issued_at = ma.fields.AwareDateTime(required=True)
    expires_at = ma.fields.AwareDateTime(required=True)
    signature = word()


class HeartbeatAnswer(AnswerSchema):
    """What a terminal has to know each time."""

    server_time = ma.fields.AwareDateTime(required=True)
    state = one_of([str(each) for each in TerminalState])
    configuration = schema.number()
    renew_key = yes_no()
    commands = many(CommandView)


class Received(AnswerSchema):
    """It was taken, now or before."""

    received = yes_no()


class ReceivedItem(AnswerSchema):
    """The item is on the server's disk."""

    received = word()


class KeyAccepted(AnswerSchema):
    """The new key is good beside the old one until it is first used."""

    accepted = yes_no()
    check_words = word()
