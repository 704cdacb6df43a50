"""An ID card as a reader's driver gives it, checked at every door that takes one."""

from __future__ import annotations

from web.schema import RequestSchema, choice, day, text

CARD_KINDS = ("resident", "hmt_permit", "foreigner_2017", "foreigner_2023")


class IdCard(RequestSchema):
    """An ID card as read, without its photo: the picture never leaves the reader's machine."""

    kind = choice(*CARD_KINDS)
    name = text(120)
    english_name = text(120, required=False)
    sex = choice("0", "1", "2", "9")
    ethnicity = text(2, required=False)
    birth_on = day()
    address = text(240, required=False)
    id_number = text(18, shortest=15)
    authority = text(120, required=False)
    valid_from = day()
    valid_to = day(allow_none=True)
    country = text(3, required=False)
    pass_number = text(18, required=False)
    issue_count = text(4, required=False)
    card_version = text(4, required=False)
    old_number_link = text(18, required=False)
