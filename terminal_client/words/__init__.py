"""What the screens say: one table for each language, with the same keys in both."""

from terminal_client.words.chinese import CHINESE
from terminal_client.words.english import ENGLISH

TABLES = {"zh": CHINESE, "en": ENGLISH}


def say(language: str, key: str, **values: object) -> str:
    """The text of a key. KeyError when no table has it."""
    return TABLES[language][key].format(**values)
