"""What an eSCL scanner says of itself, and what it is asked, as XML (Mopria eSCL 2.63)."""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

LARGEST_MESSAGE = 1 << 20
THREE_HUNDREDTHS = 300  # eSCL counts lengths in 1/300 inch
_A4 = (2480, 3508)
_SOURCES = {"flatbed": ("Platen", False), "feeder": ("Feeder", False), "duplex": ("Feeder", True)}
_CAPS = {"flatbed": "PlatenInputCaps", "feeder": "AdfSimplexInputCaps", "duplex": "AdfDuplexInputCaps"}


class BadMessage(ValueError):
    """The scanner's answer is not what the protocol says."""


@dataclass(frozen=True)
class SourceAbilities:
    """One source: its resolutions (empty: any between `least_dpi` and `most_dpi`), its size in 1/300 inch."""

    resolutions: tuple[int, ...]
    least_dpi: int
    most_dpi: int
    width: int
    height: int
    modes: tuple[str, ...]

    def nearest(self, dpi: int) -> int:
        """The resolution the source has that is nearest to the one asked for."""
        if not self.resolutions:
            return min(max(dpi, self.least_dpi), self.most_dpi)
        return min(self.resolutions, key=lambda each: (abs(each - dpi), each))


@dataclass(frozen=True)
class ScannerStatus:
    """The device's state, its feeder's (empty text: it has none), and its jobs' paths with their states."""

    state: str
    feeder: str
    jobs: dict[str, str]

    def list_unfinished_jobs(self, *, only_broken_off: bool = False) -> list[str]:
        """The paths of jobs that have not come to their good end, those still running among them."""
        passed_over = {"Completed", "Processing", "Pending"} if only_broken_off else {"Completed"}
        return [path for path, state in self.jobs.items() if state not in passed_over]


def parse_abilities(text: bytes) -> dict[str, SourceAbilities]:
    """ScannerCapabilities by source: flatbed, feeder, duplex. BadMessage."""
    root = _parse(text, "ScannerCapabilities")
    found = {}
    for source, name in _CAPS.items():
        for element in _all(root, name):
            found[source] = _abilities(element)
    return found


def parse_status(text: bytes) -> ScannerStatus:
    """ScannerStatus. BadMessage."""
    root = _parse(text, "ScannerStatus")
    jobs = {}
    for job in _all(root, "JobInfo"):
        if path := _text(job, "JobUri"):
            jobs[path] = _text(job, "JobState")
    return ScannerStatus(_text(root, "State"), _text(root, "AdfState"), jobs)


def scan_settings(source: str, abilities: SourceAbilities, *, dpi: int, colour: bool) -> bytes:
    """ScanSettings for one A4 page at a time, as JPEG."""
    name, is_duplex = _SOURCES[source]
    width, height = min(_A4[0], abilities.width or _A4[0]), min(_A4[1], abilities.height or _A4[1])
    wanted = "RGB24" if colour else "Grayscale8"
    mode = wanted if wanted in abilities.modes or not abilities.modes else abilities.modes[0]
    duplex = f"<scan:Duplex>{str(is_duplex).lower()}</scan:Duplex>" if name == "Feeder" else ""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<scan:ScanSettings xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03"
 xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm">
<pwg:Version>2.0</pwg:Version>
<pwg:ScanRegions><pwg:ScanRegion>
<pwg:ContentRegionUnits>escl:ThreeHundredthsOfInches</pwg:ContentRegionUnits>
<pwg:XOffset>0</pwg:XOffset><pwg:YOffset>0</pwg:YOffset>
<pwg:Width>{width}</pwg:Width><pwg:Height>{height}</pwg:Height>
</pwg:ScanRegion></pwg:ScanRegions>
<pwg:InputSource>{name}</pwg:InputSource>{duplex}
<scan:ColorMode>{mode}</scan:ColorMode>
<scan:XResolution>{dpi}</scan:XResolution><scan:YResolution>{dpi}</scan:YResolution>
<pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat>
<scan:DocumentFormatExt>image/jpeg</scan:DocumentFormatExt>
</scan:ScanSettings>
""".encode()


def _abilities(element: ElementTree.Element) -> SourceAbilities:
    discrete = {_number(each, "XResolution") for each in _all(element, "DiscreteResolution")}
    ranges = list(_all(element, "XResolutionRange")) or list(_all(element, "ResolutionRange"))
    return SourceAbilities(
        tuple(sorted(discrete - {0})),
        _number(ranges[0], "Min") if ranges else 75,
        _number(ranges[0], "Max") if ranges else 600,
        _number(element, "MaxWidth"),
        _number(element, "MaxHeight"),
        tuple(each.text or "" for each in _all(element, "ColorMode")),
    )


def _parse(text: bytes, name: str) -> ElementTree.Element:
    # without a document type there are no entities to expand, and no file to be read by one
    if len(text) > LARGEST_MESSAGE or b"<!DOCTYPE" in text:
        raise BadMessage("too large, or with a document type")
    try:
        root = ElementTree.fromstring(text)  # noqa: S314 - bounded, and no document type comes this far
    except (ElementTree.ParseError, LookupError, ValueError) as error:
        raise BadMessage(type(error).__name__) from error
    if _local(root) != name:
        raise BadMessage(f"{_local(root)} in place of {name}")
    return root


def _local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _all(root: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    """Makers disagree about namespaces, not about names."""
    return (each for each in root.iter() if _local(each) == name)


def _text(root: ElementTree.Element, name: str) -> str:
    return next(((each.text or "").strip() for each in _all(root, name)), "")


def _number(root: ElementTree.Element, name: str) -> int:
    text = _text(root, name)
    return int(text) if text.isascii() and text.isdigit() else 0
