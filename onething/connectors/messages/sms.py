"""Text messages over the province's gateway: POST /messages/v1/texts, a template and its parameters."""

from __future__ import annotations

from typing import Annotated

import msgspec

from onething.connectors.exchange import Exchange
from onething.connectors.handing_over import hand_over
from onething.ports.messages import Letter

PATH = "/messages/v1/texts"


class Taken(msgspec.Struct):
    """The gateway's acknowledgement."""

    id: Annotated[str, msgspec.Meta(pattern=r"\A[0-9A-Za-z-]{6,64}\Z")]


class GatewayTexts:
    """``MessageWay``; a letter that is sent twice under its id goes out once."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def send(self, letter: Letter) -> str:
        """The gateway's own id; raises ``DeliveryFailed``."""
        body = {
            "key": letter.id,
            "mobile": letter.to,
            "template": letter.template,
            "parameters": dict(letter.data),
        }
        return hand_over(self._exchange, PATH, body, letter.id, Taken).id
