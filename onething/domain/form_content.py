"""What stands on the filled form; made by whoever knows the case, laid out by form_pdf."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class FormField:
    """One value with its label; `as_of` is YYYY-MM-DD or empty.

    `source_zh` is empty for what the applicant typed.
    """

    zh: str
    en: str
    value: str
    source_zh: str = ""
    as_of: str = ""


@dataclass(frozen=True)
class FormSection:
    """The values about one person or about the case."""

    zh: str
    en: str
    fields: tuple[FormField, ...]


@dataclass(frozen=True)
class FormMaterial:
    """One material: how it was met and why; `pages` is 0 when no paper was needed."""

    zh: str
    how_zh: str
    why_zh: str
    pages: int
    en: str = ""


@dataclass(frozen=True)
class FormMatter:
    """One matter that was chosen, who handles it, and within what limit."""

    zh: str
    department_zh: str
    limit_zh: str
    en: str = ""


@dataclass(frozen=True)
class FormSignature:
    """The signature of somebody besides the applicant, as whom they signed, and their name."""

    role_zh: str
    role_en: str
    name: str
    png: bytes


@dataclass(frozen=True)
class FormContent:
    """The whole form. Times are aware; the same content gives the same bytes.

    `verify_qr` is the ASCII text of the code a clerk or citizen scans to verify the form; `signature_png` the
    hand-written signature and `others` those of the other people who signed on their phones; `agent_zh` says
    that somebody acted by a mandate; `printed_at` defaults to `submitted_at`.
    """

    title_zh: str
    title_en: str
    case_number: str
    submitted_at: datetime
    revision: int
    sections: tuple[FormSection, ...]
    materials: tuple[FormMaterial, ...]
    matters: tuple[FormMatter, ...]
    declaration_zh: str
    applicant_name: str
    verify_qr: str
    signature_png: bytes | None = None
    others: tuple[FormSignature, ...] = ()
    agent_zh: str = ""
    printed_at: datetime | None = None
    county_zh: str = "河南省新县"
    county_en: str = "Xin County, Henan"
    declaration_en: str = ""
