"""A readiness report from the command line, where no program runs that knows more."""

from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from terminal_client.config import Config
from terminal_client.device_board import look_from_outside
from terminal_client.doctor import examine_kiosk
from terminal_client.technician.readiness import Readiness, write_report
from terminal_client.technician.room import Line, make_tile


def make_report(config: Config, key: Ed25519PrivateKey) -> tuple[str, bool]:
    """The report as HTML, and whether all of it is well; every device is looked at, nothing is printed."""
    findings = examine_kiosk(config)
    tiles = [
        make_tile(kind, look_from_outside(config, kind, url))
        for kind, url in config.devices.by_kind().items()
    ]
    readiness = Readiness(
        number=config.terminal_id,
        hall=config.hall_zh,
        at=datetime.now(UTC),
        lines=[Line(each.what, each.what, each.said, each.is_well) for each in findings],
        tiles=tiles,
        trials=[],
    )
    return write_report(readiness, key), all(each.is_well for each in findings)
