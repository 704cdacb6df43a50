"""The settings a kiosk really runs with: its own file, its enrolment, and what the server configured."""

import json

from terminal_client import identity as identities
from terminal_client.agent.configuring import CONFIGURATION_FILE
from terminal_client.agent.enrolment import with_identity
from terminal_client.agent.settings import BadSettings, parse_settings
from terminal_client.canonical import is_signed, to_canonical
from terminal_client.config import Config


def read_effective(config: Config) -> Config:
    """The settings in use, for whoever looks from outside the running program. IdentityError."""
    identity = identities.read_identity(config.state_dir)
    known = with_identity(config, identity)
    if identity is None:
        return known
    try:
        held = json.loads((config.state_dir / CONFIGURATION_FILE).read_text(encoding="utf-8"))
        document = held.get("trial") or held["good"]
        members = {name: document[name] for name in ("revision", "settings")}
        signed = to_canonical({"terminal": identity.terminal, **members})
        if not is_signed(identity.server_key, str(document["signature"]), signed):
            return known
        return parse_settings(document["settings"]).apply_to(known)
    except (OSError, ValueError, KeyError, TypeError, BadSettings):
        return known
