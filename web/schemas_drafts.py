"""What a draft and a plan look like in an answer."""

from __future__ import annotations

import marshmallow as ma

from web.schema import AnswerSchema, many, number, one, one_of, word, words, yes_no
from web.schemas_guide import MATERIAL_HOWS, Label

FIELD_TYPES = (
    "text", "name", "citizen_id", "uscc", "mobile", "date", "datetime", "month", "integer", "decimal",
    "boolean", "code", "address", "division", "bank_card",
)  # fmt: skip
FIELD_STATES = (
    "needed", "fetching", "found", "not_held", "unavailable", "refused", "disputed", "confirmed", "typed",
    "computed", "card",
)  # fmt: skip
MATERIAL_STATES = ("met", "inside", "to_check", "to_submit", "submitted", "not_needed")


class ThingName(Label):
    """A one-thing by its name."""

    code = word(example="P-NEWBORN")


class Option(Label):
    """One choice of a field."""

    code = word()


class SourceName(Label):
    """Where a value comes from, and the register's own date."""

    id = word()
    department_zh = word()
    department_en = word()
    as_of = word(or_null=True, about="The date of the record in the register")


class FieldFault(Label):
    """Why a value was not taken."""

    reason = word()


class Field(Label):
    """One field of the one form or one question: empty is never unreachable, ``state`` tells which."""

    fact = word()
    about_zh = word(about="Whom it is about; empty for the application itself")
    about_en = word()
    type = one_of(FIELD_TYPES)
    options = ma.fields.List(ma.fields.Nested(Option), required=True, allow_none=True)
    required = yes_no()
    max_length = number(or_null=True)
    hint_zh = word(or_null=True)
    hint_en = word(or_null=True)
    sensitive = yes_no()
    state = one_of(FIELD_STATES)
    value = ma.fields.Raw(required=True, allow_none=True)
    display_zh = word()
    display_en = word()
    editable = yes_no()
    source = one(SourceName, or_null=True)
    matters = words()
    why_zh = word()
    why_en = word()
    error = one(FieldFault, or_null=True)


class Section(Label):
    """The fields about one person."""

    role = word()
    fields_ = ma.fields.List(ma.fields.Nested(Field), required=True, data_key="fields")


class Repeated(Label):
    """A role that stands for several people: how many now, and the bounds."""

    role = word()
    count = number()
    least = number()
    most = number()


class Form(AnswerSchema):
    """The one form."""

    sections = many(Section)
    repeats = many(Repeated)
    filled = number(about="Fields with a source")
    to_type = number()
    unavailable = number(about="Fields whose register did not answer")


class Page(AnswerSchema):
    """One page handed in."""

    file = word()
    number = number()


class Material(Label):
    """One material: how it is met, and why."""

    id = word()
    how = one_of(MATERIAL_HOWS)
    how_zh = word()
    how_en = word()
    state = one_of(MATERIAL_STATES)
    why_zh = word()
    why_en = word()
    matters = words()
    required = yes_no()
    pages = many(Page)
    points = many(Label)


class Matter(Label):
    """One matter of a one-thing, chosen or not."""

    code = word(example="HUKOU")
    department = word(example="GA")
    department_zh = word()
    department_en = word()
    chosen = yes_no()
    offered = yes_no()
    why_not = ma.fields.Nested(Label, required=True, allow_none=True)
    optional = yes_no()
    default = yes_no()
    in_person = yes_no()
    bound_with = words()
    group = word(or_null=True, about="Alternatives, or a base to choose: one of the group")
    group_zh = word(or_null=True)
    group_en = word(or_null=True)
    limit_zh = word()
    limit_en = word()
    fee_fen = number(or_null=True)
    step_up = one(Label, or_null=True)


class ChoiceConflict(Label):
    """Matters that do not go together as chosen."""

    reason = word()
    matters = words()


class Promise(AnswerSchema):
    """The published promise in working days, and the computed longest path; never mixed."""

    days = number()
    path_days = ma.fields.Float(required=True)
    path_calendar_days = ma.fields.Float(required=True)
    excluded_zh = word()
    excluded_en = word()


class PlanView(AnswerSchema):
    """What a choice takes, with nothing known of the person."""

    matters = many(Matter)
    questions = many(Field)
    materials = many(Material)
    conflicts = many(ChoiceConflict)
    counter_only = many(Label)
    promise_days = number()
    promise = one(Promise)


class Holder(AnswerSchema):
    """Who is filling this in, masked."""

    role = word()
    masked_name = word()
    masked_id_number = word()


class ConsentSource(SourceName):
    """A source that would be asked: what it gives, and about whom."""

    facts = many(Label)
    about_zh = word()
    about_en = word()
    asked = yes_no(or_null=True)


class Consent(AnswerSchema):
    """The sources, and whether one of them has been neither agreed to nor refused."""

    needed = yes_no()
    sources = many(ConsentSource)


class Authorisation(Label):
    """A person whose own card must be on the reader before anything is asked about them."""

    role = word()
    state = one_of(("open", "proven", "declined"))
    why_zh = word()
    why_en = word()


class Missing(Label):
    """What keeps the draft from being submitted."""

    kind = one_of(("consent", "authorisation", "fact", "material", "conflict", "signature"))
    id = word()


class ValueThere(Label):
    """One of the values that two devices have typed, and where and when; ``keep`` names it."""

    keep = number()
    typed_on_zh = word(about="Empty where it was not noted")
    typed_on_en = word()
    typed_at = word(or_null=True, about="ISO 8601")


class Replaced(Label):
    """A field that two devices have filled in: the value that stands, then what it replaced unseen."""

    fact = word()
    about_zh = word()
    about_en = word()
    question_zh = word()
    question_en = word()
    values_ = ma.fields.List(ma.fields.Nested(ValueThere), required=True, data_key="values")


class VerifierName(Label):
    """A verifier of this installation."""

    name = word(example="face")


class StepUpView(AnswerSchema):
    """The second check that the chosen matters ask for; ``ways`` are those that fit it and are there.

    ``code``: by text message to the masked number; ``verifier``: a check by one of the verifiers; ``window``:
    a clerk; ``clerk``: the clerk at this window.
    """

    level = one_of(("card_and_code", "card_and_verifier"))
    matters = words()
    why_zh = word()
    why_en = word()
    done = yes_no()
    ways = words()
    verifiers = many(VerifierName)
    masked_mobile = word(or_null=True)
    known_by = word(or_null=True, about="register, earlier (proven before) or typed just now")
    digits = number()
    sent_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    expires_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class DraftView(AnswerSchema):
    """A draft as a screen needs it."""

    id = word()
    thing = one(ThingName)
    revision = number()
    resumed = yes_no()
    version = number(about="To be sent along with what is typed on this screen")
    replanned = many(Label)
    replaced = many(Replaced)
    matters = many(Matter)
    conflicts = many(ChoiceConflict)
    counter_only = many(Label)
    questions = many(Field)
    holder = one(Holder)
    consent = one(Consent)
    authorisations = many(Authorisation)
    form = one(Form)
    materials = many(Material)
    signature = yes_no()
    ready = yes_no()
    missing = many(Missing)
    promise = one(Promise)
    step_up = one(StepUpView, or_null=True)


class PagePreview(AnswerSchema):
    """A page just handed in."""

    number = number()
    preview = word(about="Path of its picture")


class PagesView(AnswerSchema):
    """The pages of one upload, and the draft with them."""

    file = word(about="Id of the first page")
    pages = many(PagePreview)
    draft = one(DraftView)
