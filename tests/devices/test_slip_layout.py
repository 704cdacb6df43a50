"""How a slip is laid out and what bytes it becomes."""

from dataclasses import replace

import pytest
from fontTools.ttLib import TTFont
from hypothesis import example, given, settings
from hypothesis import strategies as st

from devices.receipt_printer.encoding import encode_slip, is_in_rom, without_real_time_commands
from devices.receipt_printer.fonts import find_font, list_fonts
from devices.receipt_printer.instructions import next_instruction, split_real_time
from devices.receipt_printer.layout import Line, clean, lay_out, width_of, wrap
from devices.receipt_printer.picture import draw_line
from devices.receipt_printer.profile import get_profile
from devices.receipt_printer.slip import Cut, Element, Feed, Pair, Qr, Rule, Text

PROFILE = get_profile("80mm")
SHORT = settings(max_examples=80, deadline=None)
COMMANDS = {
    "1b40",
    "1d61",
    "1c26",
    "1b61",
    "1b45",
    "1d21",
    "1b64",
    "1d56",
    "1d7630",
    "1d286b",
    "0a",
    "text",
}
anything = st.text(st.characters(), max_size=60) | st.text(
    st.sampled_from(
        "\x1b\x1d\x1c\x10\x04\x14@V\x00\n\r\t\x7f\x80\x9b\u202e\u2066\u200d\ufeff\ue000¥€张䶮𠮷A "
    ),
    max_size=40,
)


def _instructions(data: bytes) -> list[tuple[str, bytes]]:
    """The stream as a GBK printer sees it; it must end with its last instruction."""
    found = []
    while data:
        one = next_instruction(data, is_chinese=True, is_gbk_only=True)
        assert one, "the stream ends inside an instruction"
        found.append((one.name, one.arguments))
        data = data[one.length :]
    return found


@SHORT
@given(anything, anything, st.booleans(), st.booleans(), st.sampled_from([32, 48]))
@example(
    "\x1b@\x1dV\x00\x10\x04\x01\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08", "\x1cp\x01\x00", False, False, 48
)
def test_what_people_wrote_can_never_be_a_command(
    text: str, other: str, bold: bool, double: bool, columns: int
) -> None:
    plain = lay_out([Text("a", bold=bold, double=double), Pair("b", "c", bold=bold)], columns)
    laid = lay_out([Text(text, bold=bold, double=double), Pair(text, other, bold=bold)], columns)
    data = encode_slip(laid, replace(PROFILE, columns=columns))
    kept, real_time, rest = split_real_time(data)
    assert (kept, real_time, rest) == (data, [], b"")
    seen = _instructions(data)
    assert {name for name, _ in seen} <= COMMANDS - {"1d56", "1d286b", "1b64"}
    assert sum(name == "1b40" for name, _ in seen) == 1
    looks = {(name, arguments) for name, arguments in seen if name in ("1b45", "1d21")}
    assert looks <= {
        (n, a)
        for n, a in _instructions(encode_slip(plain, replace(PROFILE, columns=columns)))
        if n in ("1b45", "1d21")
    }
    assert all(arguments[0] >= 0x20 for name, arguments in seen if name == "text")


@SHORT
@given(
    st.binary(max_size=400),
    st.integers(0, 400),
    st.sampled_from([b"\x10\x04\x01", b"\x10\x14\x08", b"\x10\x05\x02"]),
)
def test_dots_can_never_be_a_real_time_command(ink: bytes, at: int, command: bytes) -> None:
    dots = without_real_time_commands(ink[:at] + command + ink[at:] + b"\x00")
    assert split_real_time(dots)[1] == []
    assert len(dots) == len(ink) + 4


@SHORT
@given(anything, st.integers(2, 48))
def test_no_line_is_wider_than_the_paper_and_nothing_is_lost(text: str, columns: int) -> None:
    lines = wrap(text, columns)
    assert all(width_of(line) <= columns for line in lines)
    assert "".join(lines).replace(" ", "") == clean(text).replace(" ", "")


def test_wrapping_keeps_words_and_closing_marks() -> None:
    assert wrap("Results within 10 working days", 12) == ["Results", "within 10", "working days"]
    assert wrap("一二三四五六，七", 12) == ["一二三四五", "六，七"]
    assert wrap("将在2026年11月30日前", 12) == ["将在2026年", "11月30日前"]
    assert wrap("", 48) == [""]
    assert wrap("A" * 100, 48) == ["A" * 48, "A" * 48, "A" * 4]


@pytest.mark.parametrize("columns", [32, 48])
def test_a_pair_ends_at_the_right_edge(columns: int) -> None:
    (line,) = lay_out([Pair("办件编号", "7KQ2-M9XD-4")], columns)
    assert isinstance(line, Line)
    assert width_of(line.text) == columns
    assert line.text.endswith("7KQ2-M9XD-4")


def test_an_indent_stays() -> None:
    pair, text = lay_out([Pair("  民政局", "10天"), Text("  说明  ")], 32)
    assert isinstance(pair, Line)
    assert pair.text == "  民政局" + " " * 20 + "10天"
    assert text == Line("  说明")


def test_a_pair_too_long_takes_lines_of_its_own() -> None:
    lines = lay_out([Pair("医学证明" * 5, "卫生健康委员会" * 2)], 32)
    assert [getattr(line, "align", "") for line in lines] == ["left", "left", "right"]


def test_rule_feed_cut_and_code_pass_through() -> None:
    slip: list[Element] = [Rule(), Feed(2), Qr("A1"), Cut()]
    assert lay_out(slip, 32) == [Line("-" * 32), Feed(2), Qr("A1"), Cut()]


@pytest.mark.parametrize("data", ["", "中文", "A\x1b", "A" * 301, "é", "A\n"])
def test_a_code_carries_printable_ascii_only(data: str) -> None:
    with pytest.raises(ValueError, match="ASCII"):
        Qr(data)


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("张\x1b@三", "张@三"),
        ("a\u202eb\u2066c\u200bd", "abcd"),
        ("a\r\nb\tc", "a  b c"),
        ("¥12", "￥12"),
        ("\ue000", "〓"),
        ("\ud842", "〓"),
        ("葛\U000e0100", "葛"),
        ("e\u0301", "é"),
    ],
)
def test_clean(raw: str, kept: str) -> None:
    assert clean(raw) == kept


@pytest.mark.parametrize("char", "𠮷䶮㛃€㐂é")
def test_what_two_bytes_cannot_say_is_drawn(char: str) -> None:
    # é is in GBK; it stays so that the line below proves itself
    drawn = b"\x1dv0" in encode_slip([Line("张" + char)], PROFILE)
    assert drawn is (char != "é")
    assert is_in_rom(char) is not drawn


@pytest.mark.parametrize("char", "𠮷䶮㛃𫖯𪟝𪜁𬺱")
@pytest.mark.parametrize("double", [False, True])
def test_rare_names_have_a_face_of_their_own(char: str, double: bool) -> None:
    font = find_font(char)
    assert font
    picture = draw_line(Line(char, double=double), 48)
    missing = draw_line(Line("\U0003fffd", double=double), 48)
    ink = picture.histogram()[0]
    assert ink > 30
    assert picture.tobytes() != missing.tobytes()
    others = {draw_line(Line(other, double=double), 48).tobytes() for other in "𠮷䶮㛃𫖯𪟝𪜁𬺱口"}
    assert len(others) == 8, "two characters share a picture: one of them is a placeholder"


def test_a_character_no_font_knows_shows_its_code() -> None:
    assert find_font("\U0003fffd") is None
    assert draw_line(Line("\U0003fffd"), 48).tobytes() != draw_line(Line("\U0003fffc"), 48).tobytes()


def test_all_three_fonts_are_found() -> None:
    assert len(list_fonts()) == 3


def test_the_alignment_of_a_picture_is_the_line_s() -> None:
    boxes = [
        draw_line(Line("𠮷", align=align), 32).point(lambda level: 255 - level).getbbox()
        for align in ("left", "center", "right")
    ]
    assert all(boxes)
    assert [box[0] // 12 for box in boxes if box] == [0, 15, 30]


def test_a_font_knows_exactly_what_its_table_says() -> None:
    """fontTools, which is slow and right, is the judge of our own reading of the table."""
    for font in list_fonts():
        with TTFont(font.path, fontNumber=font.index, lazy=True) as opened:
            known = set(opened.getBestCmap())
        edges = {place + step for place in known for step in (-1, 0, 1)} - set(range(0xD800, 0xE000))
        assert {place for place in edges if 0 <= place < 0x110000 and font.has(chr(place))} == known
