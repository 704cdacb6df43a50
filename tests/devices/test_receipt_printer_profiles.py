"""What the profiles say of printers, and what a URL may change of it."""

import tomllib
from importlib.resources import files

import pytest

from devices.receipt_printer.encoding import encode_slip, is_in_rom
from devices.receipt_printer.escpos import open_serial, open_tcp, open_usb
from devices.receipt_printer.instructions import next_instruction
from devices.receipt_printer.layout import Line, lay_out
from devices.receipt_printer.profile import Profile, get_profile, list_profiles, make_profile, profile_of
from devices.receipt_printer.slip import Cut, Qr, Text
from devices.url import BadDeviceUrl, DeviceUrl


def _names(profile: Profile, text: str = "回执") -> list[tuple[str, bytes]]:
    data = encode_slip(lay_out([Text(text), Qr("A1"), Cut()], profile.columns), profile)
    found = []
    while data:
        one = next_instruction(data, is_chinese=True, is_gbk_only=False)
        assert one
        found.append((one.name, one.arguments))
        data = data[one.length :]
    return found


def test_every_file_is_a_profile() -> None:
    assert [profile.name for profile in list_profiles()] == [
        "58mm",
        "80mm",
        "80mm-512",
        "80mm-numbered",
        "80mm-simple",
    ]
    for profile in list_profiles():
        assert profile.about_zh
        assert profile.about_en


@pytest.mark.parametrize("profile", list_profiles(), ids=lambda profile: profile.name)
def test_a_profile_is_what_is_sent(profile: Profile) -> None:
    names = _names(profile)
    cuts = [arguments for name, arguments in names if name == "1d56"]
    assert cuts == {"partial": [b"B\0"], "full": [b"A\0"], "none": []}[profile.cutter]
    assert any(name == "1d286b" for name, _ in names) is (profile.qr == "native")
    widths = {int.from_bytes(arguments[:2], "little") * 8 for name, arguments in names if name == "1d7630"}
    assert widths <= {profile.columns * 12}


@pytest.mark.parametrize(("char", "is_text"), [("㐂", True), ("䶮", True), ("𠮷", False), ("€", False)])
def test_four_byte_characters_only_where_the_rom_has_them(char: str, is_text: bool) -> None:
    assert is_in_rom(char, "gb18030") is is_text
    assert not is_in_rom(char, "gbk")
    raw = encode_slip([Line(char)], get_profile("80mm-numbered"))
    assert (char.encode("gb18030") in raw) is is_text
    assert (b"\x1dv0" in raw) is not is_text


@pytest.mark.parametrize(
    ("settings", "key", "value"),
    [
        ("", "columns", 48),
        ("?columns=32", "columns", 32),
        ("?profile=58mm", "cutter", "none"),
        ("?profile=58mm&cutter=full", "cutter", "full"),
        ("?profile=80mm-simple&forgets=yes", "forgets", True),
        ("?marker=process", "marker", "process"),
    ],
)
def test_a_url_changes_its_profile(settings: str, key: str, value: object) -> None:
    profile = profile_of(DeviceUrl.parse(f"receipt+tcp://127.0.0.1:9100{settings}"))
    assert getattr(profile, key) == value


@pytest.mark.parametrize(
    "settings",
    [
        "columns=50",
        "marker=none",
        "qr=text",
        "stall_s=-1",
        "stall_s=x",
        "profile=nobody",
        "profile=../80mm",
        "forgets=maybe",
        "cutter=scissors",
        "characters=ascii",
    ],
)
def test_a_wrong_setting_is_refused(settings: str) -> None:
    with pytest.raises(BadDeviceUrl):
        open_tcp(DeviceUrl.parse(f"receipt+tcp://127.0.0.1:9100?{settings}"))


@pytest.mark.parametrize("settings", ["baud=300", "baud=x", "flow=morse"])
def test_a_wrong_line_is_refused(settings: str) -> None:
    with pytest.raises(BadDeviceUrl):
        open_serial(DeviceUrl.parse(f"receipt+serial:/dev/ttyS0?{settings}"))


@pytest.mark.parametrize("target", ["04b8", "04b8:xyz", "printer"])
def test_a_wrong_usb_name_is_refused(target: str) -> None:
    with pytest.raises(BadDeviceUrl):
        open_usb(DeviceUrl.parse(f"receipt+usb:{target}"))


@pytest.mark.parametrize(
    "change",
    [{"columns": 40}, {"columns": True}, {"forgets": 1}, {"qr": "none"}, {"ink": "blue"}, {"columns": None}],
)
def test_a_wrong_profile_is_refused(change: dict[str, object]) -> None:
    file = files("devices.receipt_printer.profiles").joinpath("80mm.toml")
    values = tomllib.loads(file.read_text("utf-8"))
    assert make_profile("80mm", values) == get_profile("80mm")
    with pytest.raises(BadDeviceUrl):
        make_profile("80mm", values | change)
