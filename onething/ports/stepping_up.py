"""What the second check of a person needs: its records, and the verifiers of an installation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from onething.domain.dictionary import Label
from onething.domain.stepping_up import Proof, ProvenMobile, SentCode


class StepUps(Protocol):
    """Codes that were sent, what sittings have proven, and numbers at which somebody has read a code."""

    def add_code(self, code: SentCode) -> None:
        """The code of this sitting from now on; older ones are worth nothing."""
        ...

    def find_code(self, session: str) -> SentCode | None:
        """The one that was sent for this sitting and is not used yet."""
        ...

    def count_guess(self, code_id: str, now: datetime) -> bool:
        """Whether the code is live and one more guess was left; it is counted now."""
        ...

    def use_code(self, code_id: str, now: datetime) -> None:
        """It is used now, and its number forgotten."""
        ...

    def put_proof(self, proof: Proof) -> None: ...

    def find_proof(self, session: str) -> Proof | None: ...

    def put_mobile(self, mobile: ProvenMobile) -> None: ...

    def find_mobile(self, person: str) -> ProvenMobile | None: ...

    def forget_mobile(self, person: str) -> None: ...

    def purge(self, codes_before: datetime, mobiles_before: datetime) -> int:
        """Forget codes sent, and numbers proven, before that; how many."""
        ...


class Verifier(Protocol):
    """One more way of making sure, such as a comparison of faces.

    Whoever stands before the phone or kiosk is checked there by the verifier's own program, which gives an
    ``evidence`` that only the verifier can read; here it is asked what that is worth, and for whom.
    """

    @property
    def name(self) -> str:
        """A short word: ``face``."""
        ...

    @property
    def label(self) -> Label: ...

    def has_proven(self, person: Mapping[str, Any], evidence: str) -> bool:
        """Whether it is the person with this ``name`` and ``id_number``; raises ``VerifierUnavailable``."""
        ...
