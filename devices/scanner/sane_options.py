"""What one SANE device can do, read from scanimage's list of its options."""

import re
from dataclasses import dataclass

_OPTION = re.compile(r"^ +(?:--|-)(?P<name>[a-z-]+) (?P<values>.+?) \[(?P<now>[^\]]*)\]", re.MULTILINE)
_RANGE = re.compile(r"^(-?[0-9.]+)\.\.(-?[0-9.]+)mm")
_FEEDER = re.compile(r"adf|feed", re.IGNORECASE)
_TWO_SIDED = re.compile(r"duplex|both|back", re.IGNORECASE)
A4_MM = (210.0, 297.0)


@dataclass(frozen=True)
class SaneOptions:
    """Each option's values as scanimage writes them; an inactive option is left out."""

    values: dict[str, str]

    @classmethod
    def parse(cls, listing: str) -> "SaneOptions":
        """Read the output of `scanimage --all-options`."""
        found = _OPTION.finditer(listing)
        return cls({each["name"]: each["values"] for each in found if each["now"] != "inactive"})

    def choose(self, *, dpi: int, colour: bool, feeder: bool, duplex: bool = False) -> list[str] | None:
        """The arguments for one scan of an A4 page; None when the device has no such source."""
        source = self._duplex_source() if duplex else self._source(feeder=feeder)
        if source is None:
            return None
        chosen = {"--source": source, "--mode": self._mode(colour=colour), "--resolution": str(dpi)}
        arguments = [f"{name}={value}" for name, value in chosen.items() if value]
        if duplex and not _TWO_SIDED.search(source):
            arguments.append(f"--adf-mode={self._two_sided('adf-mode')}")
        for name, wanted in zip("xy", A4_MM, strict=True):
            if limit := _RANGE.match(self.values.get(name, "")):
                arguments += [f"-{name}", f"{min(wanted, float(limit[2])):g}"]
        return arguments

    def _source(self, *, feeder: bool) -> str | None:
        """The source's own name; empty when the device has one source only and gives it no name."""
        names = self._names("source")
        if not names:
            return None if feeder else ""
        fitting = [name for name in names if bool(_FEEDER.search(name)) is feeder]
        one_sided = [name for name in fitting if not _TWO_SIDED.search(name)]
        return next(iter(one_sided or fitting), None)

    def _duplex_source(self) -> str | None:
        """A source for both sides, or a feeder whose mode can be set to both sides."""
        sources = [name for name in self._names("source") if _FEEDER.search(name)]
        both = [name for name in sources if _TWO_SIDED.search(name)]
        if not both and sources and self._two_sided("adf-mode"):
            return sources[0]
        return next(iter([name for name in both if "back" not in name.lower()]), None)

    def _two_sided(self, option: str) -> str:
        return next((name for name in self._names(option) if _TWO_SIDED.search(name)), "")

    def _mode(self, *, colour: bool) -> str:
        wanted = re.compile("colou?r" if colour else "gr[ae]y", re.IGNORECASE)
        return next((name for name in self._names("mode") if wanted.search(name)), "")

    def _names(self, option: str) -> list[str]:
        return [name for name in self.values.get(option, "").split("|") if name]
