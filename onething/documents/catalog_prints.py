"""Handbooks, procedures and lists of the current revision, each made once and kept in memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Final

from onething.domain.handbook import Handbook
from onething.domain.imprint import Imprint
from onething.domain.procedures import Procedure
from onething.domain.service_lists import ServiceList

from .lists_xlsx import write_lists
from .procedure_pdf import render_handbook, render_procedure

# Thirteen handbooks, a hundred and some procedures and four lists are a few megabytes.
MOST_KEPT: Final = 200


class KeptPrints:
    """The port ``CatalogPrints``; anyone may ask for these, so none is made twice."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()
        self._lock = Lock()

    def handbook(self, handbook: Handbook, imprint: Imprint) -> bytes:
        """Return the PDF. Raises: FontsMissing, ProcedureNotRendered."""
        key = (imprint.digest, "handbook", handbook.code)
        return self._once(key, lambda: render_handbook(handbook, imprint.published_at))

    def procedure(self, handbook: Handbook, procedure: Procedure, imprint: Imprint) -> bytes:
        """Return the PDF. Raises: FontsMissing, ProcedureNotRendered."""
        key = (imprint.digest, "procedure", handbook.code, procedure.code)
        return self._once(key, lambda: render_procedure(handbook, procedure, imprint.published_at))

    def service_list(self, services: ServiceList, imprint: Imprint, lang: str = "zh") -> bytes:
        """Return the XLSX."""
        key = (imprint.digest, "list", services.audience, lang)
        return self._once(key, lambda: write_lists(services, imprint.published_at, lang))

    def _once(self, key: Hashable, make: Callable[[], bytes]) -> bytes:
        # One at a time: a crowd that asks for the same book waits for one typesetting, not for many.
        with self._lock:
            if key not in self._kept:
                self._kept[key] = make()
                if len(self._kept) > MOST_KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return self._kept[key]
