"""What is made of the catalog for people's hands and walls, as the rules need it."""

from __future__ import annotations

from typing import Protocol

from onething.domain.handbook import Handbook
from onething.domain.imprint import Imprint
from onething.domain.procedures import Procedure
from onething.domain.service_lists import ServiceList


class CatalogPrints(Protocol):
    """Handbooks, working procedures and lists as files; the same revision gives the same bytes."""

    def handbook(self, handbook: Handbook, imprint: Imprint) -> bytes:
        """The clerks' handbook with every matter's procedure, as PDF/A."""
        ...

    def procedure(self, handbook: Handbook, procedure: Procedure, imprint: Imprint) -> bytes:
        """One matter's working procedure, as PDF/A."""
        ...

    def service_list(self, services: ServiceList, imprint: Imprint, lang: str = "zh") -> bytes:
        """One of the county's lists, as XLSX."""
        ...
