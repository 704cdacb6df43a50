"""What one make of printer can do: a small file under `profiles/`, and what a URL's settings change of it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from devices.url import BadDeviceUrl, DeviceUrl

Marker = Literal["paper", "process"]
QrMode = Literal["native", "picture"]
Cutter = Literal["partial", "full", "none"]
Characters = Literal["gbk", "gb18030"]

_CHOICES: Mapping[str, tuple[object, ...]] = {
    "columns": (32, 42, 48),
    "characters": ("gbk", "gb18030"),
    "qr": ("native", "picture"),
    "marker": ("paper", "process"),
    "cutter": ("partial", "full", "none"),
    "forgets": (True, False),
}
_YES_NO = {"yes": True, "no": False}


@dataclass(frozen=True)
class Profile:
    """A printer's abilities.

    `columns` of 12 dots fit the paper; `characters` is what the ROM holds (gbk: two bytes; gb18030: also
    the four-byte ones of CJK extension A), all else is drawn; `qr` is made by the printer or drawn;
    `marker` proves the end (paper: GS r 1, process: GS ( H with the slip's number); `forgets` says that
    DLE DC4 8 clears what is not printed yet.
    """

    name: str
    about_zh: str
    about_en: str
    columns: int
    characters: Characters
    qr: QrMode
    marker: Marker
    cutter: Cutter
    forgets: bool


def list_profiles() -> list[Profile]:
    """The profiles that come with the driver, by name."""
    folder = files("devices.receipt_printer.profiles")
    names = (file.name.removesuffix(".toml") for file in folder.iterdir() if file.name.endswith(".toml"))
    return [get_profile(name) for name in sorted(names)]


@cache
def get_profile(name: str) -> Profile:
    """The profile of that name. BadDeviceUrl when there is none, or when its file says what cannot be."""
    file = files("devices.receipt_printer.profiles").joinpath(f"{name}.toml")
    if not name.replace("-", "").isalnum() or not file.is_file():
        raise BadDeviceUrl(f"there is no printer profile {name!r}")
    return make_profile(name, tomllib.loads(file.read_text("utf-8")))


def make_profile(name: str, values: Mapping[str, Any]) -> Profile:
    """A profile from its file's values. BadDeviceUrl for a wrong, missing or unknown one."""
    wanted = {each.name for each in fields(Profile)} - {"name"}
    if wrong := wanted.symmetric_difference(values):
        raise BadDeviceUrl(f"printer profile {name!r}: missing or unknown: {', '.join(sorted(wrong))}")
    for key, choices in _CHOICES.items():
        _refuse_unless_among(key, values[key], choices)
    return Profile(name=name, **values)


def profile_of(url: DeviceUrl) -> Profile:
    """The profile a device URL names (80mm without one), changed by the URL's own settings."""
    said: dict[str, Any] = {key: url.options[key] for key in _CHOICES if key in url.options}
    if "columns" in said:
        said["columns"] = int(url.number("columns", 48))
    if "forgets" in said:
        said["forgets"] = _YES_NO.get(said["forgets"], said["forgets"])
    for key, value in said.items():
        _refuse_unless_among(key, value, _CHOICES[key])
    return replace(get_profile(url.options.get("profile", "80mm")), **said)


def _refuse_unless_among(key: str, value: object, choices: tuple[object, ...]) -> None:
    # 1 == True in Python, and a file may say columns = true
    if not any(value == choice and type(value) is type(choice) for choice in choices):
        shown = ", ".join("yes" if each is True else "no" if each is False else str(each) for each in choices)
        raise BadDeviceUrl(f"{key} is one of {shown}, and not {value!r}")
