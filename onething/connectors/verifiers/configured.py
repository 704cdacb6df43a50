"""Which verifiers an installation has: ours by name, others' by the entry-point group onething.verifiers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.metadata import entry_points

from onething.connectors.exchange import Exchange
from onething.connectors.verifiers.faces import GatewayFaces
from onething.ports.stepping_up import Verifier

GROUP = "onething.verifiers"
SETTING = "ONETHING_VERIFIERS"
# Whoever is named here, or in the group, is called with the gateway and the settings.
Maker = Callable[[Exchange, Mapping[str, str]], Verifier]
_OURS: Mapping[str, Maker] = {GatewayFaces.name: lambda exchange, _settings: GatewayFaces(exchange)}


def list_names(environ: Mapping[str, str]) -> list[str]:
    """The names that the setting gives, in its order."""
    return [name for each in environ.get(SETTING, "").split(",") if (name := each.strip())]


def find_verifiers(environ: Mapping[str, str], exchange: Exchange) -> dict[str, Verifier]:
    """The verifiers by their names; raises ``ValueError`` for a name that nothing here has."""
    makers = {name: _find_maker(name) for name in list_names(environ)}
    return {name: maker(exchange, environ) for name, maker in makers.items()}


def _find_maker(name: str) -> Maker:
    if name in _OURS:
        return _OURS[name]
    for found in entry_points(group=GROUP, name=name):
        maker: Maker = found.load()
        return maker
    raise ValueError(f"no verifier is called {name!r}")
