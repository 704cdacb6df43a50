"""The province over the gateway: POST /province/v1/cases, /steps, /ratings and /rating-appeals."""

from __future__ import annotations

from onething.connectors.exchange import Exchange
from onething.connectors.handing_over import hand_over
from onething.connectors.province.client import (
    Receipt,
    appeal_body,
    case_body,
    rating_body,
    step_body,
)
from onething.domain.province_steps import ProvinceCase, ProvinceStep
from onething.domain.ratings import Rating, RatingAppeal

CASES = "/province/v1/cases"


class HttpProvince:
    """The port ``Province``: each act is one bounded attempt and raises ``DeliveryFailed``."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def report_case(self, case: ProvinceCase) -> None:
        """The first step of a case."""
        hand_over(self._exchange, CASES, case_body(case), f"{case.number}:1", Receipt)

    def report_step(self, case: ProvinceCase, step: ProvinceStep) -> None:
        """A later step; ``out_of_order`` when the province waits for another one."""
        key = f"{case.number}:{step.number}"
        hand_over(self._exchange, "/province/v1/steps", step_body(case, step), key, Receipt)

    def report_rating(self, rating: Rating, case: ProvinceCase, *, is_closed: bool) -> str:
        """The province's reference of the rating."""
        body = rating_body(rating, case, is_closed=is_closed)
        return hand_over(self._exchange, "/province/v1/ratings", body, rating.id, Receipt).receipt

    def report_appeal(self, reference: str, appeal: RatingAppeal) -> None:
        """What became of an appeal; ``reference`` is the rating's at the province."""
        assert appeal.decided_at is not None
        excluded = bool(appeal.excluded)
        body = appeal_body(reference, appeal.ground, appeal.decided_at, excluded=excluded)
        hand_over(self._exchange, "/province/v1/rating-appeals", body, appeal.id, Receipt)
