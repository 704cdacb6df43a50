"""What every paper of a case carries: the address by which it is verified."""

from __future__ import annotations

from onething.ports import Ports


def paper_address(ports: Ports, number: str) -> str:
    """The ASCII address that is printed as a QR on the form and on the slip of a case."""
    return f"{ports.settings.public_url}/v/{number}?s={ports.index.of_paper(number)}"
