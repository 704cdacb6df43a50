"""What a phone is told of messages, and what it says about them."""

from __future__ import annotations

import marshmallow as ma

from onething.domain.messages import MessageKind, Way
from web.schema import (
    AnswerSchema,
    RequestSchema,
    choice,
    many,
    number,
    one_of,
    text,
    texts,
    word,
    yes_no,
)
from web.schemas_guide import Label

KINDS = tuple(kind.value for kind in MessageKind)
WAYS = tuple(way.value for way in Way)
LANGUAGES = ("zh", "en")
# WeChat asks for three templates in one tap at most.
MOST_TEMPLATES = 3


class MessagesQuery(RequestSchema):
    """Which page of my messages: the id of the last one seen."""

    after = text(64, required=False)
    limit = ma.fields.Integer(
        load_default=20, validate=ma.validate.Range(min=1, max=100, error="out_of_range")
    )


class ReadingRequest(RequestSchema):
    """Nothing: it was looked at."""


class SettingsRequest(RequestSchema):
    """The ways by which messages are to come, and their language."""

    ways = ma.fields.List(
        choice(*WAYS), required=True, validate=ma.validate.Length(max=len(WAYS), error="too_many")
    )
    lang = choice(*LANGUAGES)


class AllowanceRequest(RequestSchema):
    """A fresh login code of WeChat, and the templates that the user said yes to."""

    code = text(400, shortest=1)
    templates = texts(80, MOST_TEMPLATES)


class MessageLine(Label):
    """One message: no name, no number but the end of a case's."""

    id = word()
    kind = one_of(KINDS)
    text_zh = word()
    text_en = word()
    link = word(about="A path of the phone's pages")
    until_on = ma.fields.Date(required=True, allow_none=True)
    created_at = ma.fields.AwareDateTime(required=True)
    read = yes_no()


class MessagePage(AnswerSchema):
    """My messages, the newest first."""

    messages = many(MessageLine)
    next = word(or_null=True, about="The id after which the next page begins")
    unread = number()


class Unread(AnswerSchema):
    """How many messages nobody has looked at."""

    unread = number()


class WayLine(Label):
    """One way, whether I want it, and whether this county has it."""

    code = one_of(WAYS)
    on = yes_no()
    offered = yes_no()


class KindLine(Label):
    """One kind of message."""

    kind = one_of(KINDS)


class TemplateLine(AnswerSchema):
    """A template for ``wx.requestSubscribeMessage``, and for how many messages it is still good."""

    id = word()
    left = number()
    kinds = many(KindLine)


class SettingsView(AnswerSchema):
    """How messages reach me."""

    ways = many(WayLine)
    lang = one_of(LANGUAGES)
    always = many(KindLine)
    templates = many(TemplateLine)
