"""The kiosk's voice: sentences read aloud by espeak-ng, Chinese by way of pinyin."""

import subprocess
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

SECONDS = 5.0
WORDS_A_MINUTE = "150"


class VoiceError(Exception):
    """The sentence could not be spoken: espeak-ng is missing or failed."""

    reason = "voice_failed"


def in_pinyin(sentence: str) -> str:
    """Chinese as syllables with tone numbers; espeak-ng's own reading of characters is wrong too often."""
    return " ".join(lazy_pinyin(sentence, style=Style.TONE3, neutral_tone_with_five=True))


@lru_cache(maxsize=256)
def speak(sentence: str, language: str) -> bytes:
    """A sentence as WAV. Only sentences of the screens themselves come here, never what a person typed."""
    chinese = language == "zh"
    text = in_pinyin(sentence) if chinese else sentence
    voice = "cmn-latn-pinyin" if chinese else "en"
    command = ["espeak-ng", "-v", voice, "-s", WORDS_A_MINUTE, "--stdout", "--stdin"]
    try:
        spoken = subprocess.run(
            command, input=text.encode(), capture_output=True, timeout=SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise VoiceError(type(error).__name__) from error
    return spoken.stdout
