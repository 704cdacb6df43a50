"""Refusals: each a class with a stable reason and a sentence in Chinese and English."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from onething.domain.dictionary import Label


@dataclass(frozen=True)
class FieldError:
    """What is wrong with one field."""

    field: str
    reason: str
    text: Label


class Refusal(Exception):
    """An act that was refused; nothing was written.

    ``status_hint`` is a word a door turns into its own status: unprocessable, not_found,
    conflict, unauthorised, forbidden, too_many or unavailable.
    """

    reason = "refused"
    status_hint = "unprocessable"
    text = Label("不能办理，请联系工作人员", "This cannot be done; please ask the staff")

    def __init__(self, text: Label | None = None, fields: Sequence[FieldError] = ()) -> None:
        super().__init__(self.reason)
        if text is not None:
            self.text = text
        self.fields = tuple(fields)


class NotFound(Refusal):
    """There is no such thing here for this person; never says whether it exists for another."""

    reason = "not_found"
    status_hint = "not_found"
    text = Label("没有找到", "Not found")


class SessionEnded(Refusal):
    """The citizen's session is over or was never here."""

    reason = "session_ended"
    status_hint = "unauthorised"
    text = Label(
        "本次办理已结束，请重新放置身份证", "This session has ended; please place your ID card again"
    )


class BadCard(Refusal):
    """The card's data cannot be right."""

    reason = "bad_card"
    text = Label("没有读到有效的证件，请重新放置", "The card could not be read; please place it again")


class CardExpired(Refusal):
    """The card's validity is over."""

    reason = "card_expired"
    text = Label(
        "您的证件已过有效期，请到综合窗口办理",
        "Your card has expired; please go to the integrated service window",
    )


class CardKindNotServed(Refusal):
    """This kind of card cannot act in this one-thing yet."""

    reason = "card_kind_not_served"
    text = Label(
        "本机暂不支持用该证件办理此事项，请到综合窗口",
        "This card cannot be used here for this service; please go to the integrated window",
    )


class AssuranceTooLow(Refusal):
    """The chosen matters ask for a stronger proof of who is acting."""

    reason = "assurance_too_low"
    status_hint = "forbidden"
    text = Label(
        "所选事项要多核实一次身份：用短信验证码，或到综合窗口由工作人员核对，已填内容都在",
        "What you chose asks for one more check: a code by text message, or the staff at a window",
    )


class UnknownMatter(Refusal):
    """A matter that this one-thing does not have, or not in this situation."""

    reason = "unknown_matter"
    text = Label("所选事项不在清单中", "A chosen matter is not on the list")


class MatterNeeded(Refusal):
    """A matter cannot be unticked while another that stays depends on it."""

    reason = "matter_needed"
    status_hint = "conflict"


class CounterOnly(Refusal):
    """A situation that only a counter can serve."""

    reason = "counter_only"
    status_hint = "conflict"


class BadFields(Refusal):
    """Some fields cannot be taken; the good ones were kept."""

    reason = "bad_fields"
    text = Label("有几项填写不正确，请改正", "Some answers need to be corrected")


class ConsentNeeded(Refusal):
    """Nothing is fetched before the person has said which sources may be asked."""

    reason = "consent_needed"
    status_hint = "conflict"
    text = Label("请先同意查询共享数据", "Please first agree to the use of shared data")


class WrongPerson(Refusal):
    """The other card does not belong to the person who was named."""

    reason = "wrong_person"
    text = Label(
        "这张身份证与表中填写的人不一致，请核对", "This card does not belong to the person named on the form"
    )


class NotComplete(Refusal):
    """The draft cannot be submitted yet; ``fields`` name what is missing."""

    reason = "not_complete"
    status_hint = "conflict"
    text = Label("还有内容没有完成", "Something is still missing")


class TooManyPages(Refusal):
    """More pages than one material may have."""

    reason = "too_many_pages"
    text = Label("页数太多，每种材料最多20页", "Too many pages; at most 20 for each material")


class BadSignature(Refusal):
    """The handwritten signature is empty or not an image."""

    reason = "bad_signature_image"
    text = Label("没有看到签名，请重新签名", "No signature was seen; please sign again")


class AlreadySubmitted(Refusal):
    """The draft became a case before."""

    reason = "already_submitted"
    status_hint = "conflict"
    text = Label("这份申请已经提交过", "This application was already submitted")


class TooBusy(Refusal):
    """Another writer kept winning; the person may simply try again."""

    reason = "too_busy"
    status_hint = "unavailable"
    text = Label("系统繁忙，请再试一次", "The system is busy; please try again")
