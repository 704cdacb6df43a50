"""Our place at the shared-data gateway: the tokens, and the signature of every request we send."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from onething.domain.gateway_signature import sign

OWN_ID = "onething"


class GatewaySettingsWrong(Exception):
    """The token file is missing or does not say what it must; the message says what to do."""

    reason = "gateway_settings_wrong"


@dataclass(frozen=True)
class GatewayTokens:
    """Our own name and token at the gateway, and each department's token by its code."""

    own_id: str
    own: str
    departments: Mapping[str, str]

    @classmethod
    def load(cls, file: Path, own_id: str = OWN_ID) -> GatewayTokens:
        """Read ``{"onething": token, "departments": {code: token}}``; raises ``GatewaySettingsWrong``."""
        try:
            data = json.loads(file.read_text("utf-8"))
            own, departments = data[own_id], data["departments"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise GatewaySettingsWrong(
                f"the gateway's token file {file} can not be used: {error!r}"
            ) from error
        if not isinstance(departments, dict) or not all(map(_is_token, [own, *departments.values()])):
            raise GatewaySettingsWrong(f"the token file {file} must give every token as a text")
        return cls(own_id, own, departments)

    def sign_request(self) -> dict[str, str]:
        """The four headers of one request, with a nonce of its own.

        The time is the wall clock's: machines that share no other clock judge a request's age by it.
        """
        return sign(self.own_id, self.own, at=datetime.now(UTC), nonce=secrets.token_hex(16))


def _is_token(token: object) -> bool:
    return isinstance(token, str) and token != ""
