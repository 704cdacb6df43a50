"""Words, voice, pinyin and the slip."""

import io
import re
import wave
from pathlib import Path

import pytest

import terminal_client
from devices.receipt_printer.slip import Cut, Qr, Text
from terminal_client.pinyin import Candidate, list_candidates, open_decoder
from terminal_client.rendering import local_time
from terminal_client.slip import lay_out, yuan
from terminal_client.views.sound import SPOKEN
from terminal_client.voice import in_pinyin, speak
from terminal_client.words import TABLES
from terminal_client.words.chinese import CHINESE
from terminal_client.words.english import ENGLISH

from .made_birth import make_receipt

TEMPLATES = Path(terminal_client.__file__).parent / "templates"


def test_both_languages_say_the_same_things_with_the_same_blanks() -> None:
    assert CHINESE.keys() == ENGLISH.keys()
    for key, chinese in CHINESE.items():
        assert sorted(re.findall(r"{(\w+)}", chinese)) == sorted(re.findall(r"{(\w+)}", ENGLISH[key])), key


def test_every_word_a_template_asks_for_is_there() -> None:
    asked = {
        key
        for page in TEMPLATES.rglob("*.html")
        for key in re.findall(r"\bt\('([\w.]+)'[,)]", page.read_text())
    }
    assert len(asked) > 100
    assert asked <= CHINESE.keys()


def test_every_screen_can_be_read_aloud() -> None:
    for keys in SPOKEN.values():
        assert set(keys) <= CHINESE.keys()
    with wave.open(io.BytesIO(speak("请取走您的证件", "zh"))) as sound:
        assert sound.getnframes() / sound.getframerate() > 0.5


def test_chinese_is_spoken_by_its_syllables() -> None:
    assert in_pinyin("身份证").split() == ["shen1", "fen4", "zheng4"]


@pytest.mark.parametrize(
    ("letters", "kind", "first"),
    [
        ("chenyinuo", "name", "陈一诺"),
        ("zhang", "name", "张"),
        ("xinxian", "place", "新县"),
        ("wuchenhe", "place", "吴陈河镇"),
        ("beijing", "pinyin", "北京"),
    ],
)
def test_the_likeliest_comes_first(letters: str, kind: str, first: str) -> None:
    assert open_decoder().is_there
    assert list_candidates(letters, kind)[0] == Candidate(first, len(letters))


def test_a_shorter_candidate_leaves_the_other_letters() -> None:
    shorter = next(found for found in list_candidates("nihaoshijie") if found.text == "你好")
    assert shorter.used == len("nihao")


@pytest.mark.parametrize("letters", ["", "A", "1", "陈", "a" * 41, "a b", "x\0"])
def test_what_is_no_pinyin_gives_nothing(letters: str) -> None:
    assert list_candidates(letters) == []


def test_the_slip_has_number_promise_departments_and_code() -> None:
    slip = lay_out(make_receipt("XX-7KDM-0001-C"), reprint=False)
    texts = [element.text for element in slip if isinstance(element, Text)]
    assert "XX-7KDM-0001-C" in texts
    assert any("5 个工作日" in text for text in texts)
    assert not any("补打" in text for text in texts)
    assert isinstance(slip[-1], Cut)
    assert sum(isinstance(element, Qr) for element in slip) == 1


def test_a_slip_printed_again_says_so() -> None:
    texts = [
        element.text for element in lay_out(make_receipt("XX"), reprint=True) if isinstance(element, Text)
    ]
    assert "【补打】" in texts


def test_money_is_written_in_yuan() -> None:
    assert (yuan(1005), yuan(None)) == ("10.05 元", "")


def test_times_are_the_countys() -> None:
    assert local_time("2026-11-20T02:00:00+00:00") == "2026-11-20 10:00"


def test_the_tables_are_the_two_languages() -> None:
    assert set(TABLES) == {"zh", "en"}
