"""A revision that was published once stays readable, whatever later rules say of it."""

import copy
from pathlib import Path

import pytest

from onething.domain.catalog_problems import BadPack
from onething.domain.plan import make_plan
from onething.packs.reading import load_pack, read_catalog, read_published

DATA = load_pack(Path(__file__).parents[2] / "catalog" / "xinxian").data


def test_what_todays_check_refuses_is_still_read() -> None:
    old = copy.deepcopy(dict(DATA))
    old["things"]["P-NEWBORN"]["en"] = "新生儿出生"  # English in Chinese: refused today
    old["pack"]["a_word_of_the_past"] = True
    with pytest.raises(BadPack):
        read_catalog(old)
    catalog = read_published(old)
    assert make_plan(catalog, "P-NEWBORN").chosen == make_plan(read_catalog(DATA), "P-NEWBORN").chosen
