"""What the phone's door says of results and parcels, e-licences, showing codes, and who read one's data."""

from __future__ import annotations

import marshmallow as ma

from onething.domain.results import IssueWay, ResultState, ShipmentState, Withheld
from onething.domain.showing_codes import ShowingKind
from web.schema import (
    AnswerSchema,
    RequestSchema,
    choice,
    many,
    number,
    one,
    one_of,
    text,
    texts,
    word,
    words,
    yes_no,
)
from web.schemas_guide import Label


class OwnResult(Label):
    """One result of a case, and why it is held back."""

    id = word()
    matter = word()
    department = word()
    of = word(or_null=True, about="The role it is about")
    identifier = word(or_null=True)
    is_e_licence = yes_no()
    has_file = yes_no()
    state = one_of(tuple(state.value for state in ResultState))
    state_zh = word()
    state_en = word()
    way = one_of(tuple(way.value for way in IssueWay), or_null=True)
    way_zh = word()
    way_en = word()
    withheld = one_of(tuple(reason.value for reason in Withheld), or_null=True)
    withheld_zh = word()
    withheld_en = word()
    issued_at = word(or_null=True)


class Station(Label):
    """One stop of a parcel."""

    at = word(about="ISO 8601 with its offset")


class Parcel(AnswerSchema):
    """A parcel and its way so far; to whom it goes only in outline."""

    id = word()
    results = words()
    state = one_of(tuple(state.value for state in ShipmentState))
    state_zh = word()
    state_en = word()
    waybill = word(or_null=True)
    receiver_masked = word()
    trace = many(Station)


class PrintLine(AnswerSchema):
    """A result in the printer's queue, or printed."""

    id = word()
    result = word()
    place = one_of(("hall", "kiosk"))
    may_be_settled = yes_no()
    queued_at = ma.fields.AwareDateTime(required=True)
    printed_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class GivenAddress(AnswerSchema):
    """Where the form said results should be sent; name and number masked."""

    name = word()
    mobile = word()
    address = word()


class CaseResults(AnswerSchema):
    """A case's results, its parcels and prints."""

    results = many(OwnResult)
    partial_asked = yes_no()
    shipments = many(Parcel)
    prints = many(PrintLine)
    given = one(GivenAddress, or_null=True)


class ShipmentRequest(RequestSchema):
    """Results to be sent; what is left empty of the address is what the form said."""

    results = texts(60, 40)
    name = text(60, required=False)
    mobile = text(20, required=False)
    address = text(200, required=False)


class Licence(Label):
    """An e-licence that one of my cases brought."""

    id = word()
    identifier = word(about="GB/T 36904")
    department_zh = word()
    department_en = word()
    issued_on = ma.fields.Date(required=True)
    case = word()


class LicenceList(AnswerSchema):
    """My e-licences, those of the newest case first."""

    licences = many(Licence)


class LicenceKind(Label):
    """A document that the e-licence service may hold, and who issues it."""

    document = word()
    department_zh = word()
    department_en = word()


class AskableLicences(Label):
    """The service that would be asked about me, and for which documents; each may be left out."""

    documents = many(LicenceKind)


class HeldRequest(RequestSchema):
    """The documents that I agree to be asked for."""

    documents = texts(60, 100)


class HeldLicence(LicenceKind):
    """A licence that government holds of me."""

    identifier = word(about="GB/T 36904")
    issued_on = ma.fields.Date(required=True, allow_none=True)


class HeldLicences(AnswerSchema):
    """What the service said just now; nothing of it is kept."""

    held = many(HeldLicence)
    not_held = many(LicenceKind)
    unavailable = many(LicenceKind)


class ShowingCodeRequest(RequestSchema):
    """What is to be shown: oneself to a kiosk's reader, or a licence to whoever looks."""

    kind = choice(*(kind.value for kind in ShowingKind))
    licence = text(60, shortest=1, required=False)


class ShowingCodeView(AnswerSchema):
    """A code for a QR, good for a minute and one reading."""

    text = word(about="ASCII")
    expires_at = ma.fields.AwareDateTime(required=True)


class DataUse(AnswerSchema):
    """One use of my data; my own of a day, side by side, are one with ``times``."""

    at = word(about="ISO 8601, to the minute, with its offset")
    on = ma.fields.Date(required=True)
    is_own = yes_no()
    times = number()
    who_zh = word()
    who_en = word()
    did_zh = word()
    did_en = word()
    why_zh = word()
    why_en = word()
    case = word(or_null=True)
    what = many(Label)


class AccessLog(AnswerSchema):
    """Uses of my data, newest first; ``next`` is the cursor of those before, or null."""

    uses = many(DataUse)
    next = word(or_null=True)
