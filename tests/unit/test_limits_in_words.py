"""A limit as people read it, in both languages."""

from decimal import Decimal

import pytest

from onething.domain.catalog import Limit
from onething.services.matters_view import limit_text


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        (Limit(Decimal(1)), ("1个工作日", "1 working day")),
        (Limit(Decimal("0.5")), ("0.5个工作日", "0.5 working days")),
        (Limit(Decimal(1), "cd"), ("1天", "1 calendar day")),
        (Limit(Decimal(15), "cd"), ("15天", "15 calendar days")),
        (None, ("", "")),
    ],
)
def test_a_limit_is_said_in_both_languages(limit: Limit | None, said: tuple[str, str]) -> None:
    assert limit_text(limit) == said
