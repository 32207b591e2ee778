"""Filters that people write, over the types that their tables have: who pushes how many down."""

from __future__ import annotations

import pytest

from filterlang.backends.frames import explain_plan, where
from filterlang.testing import assert_same_rows
from tests.backends.frames.engines import ids
from tests.backends.frames.people import FILTERS, FRAMES, RECORDS, TABLE

LEAST = {
    "pyarrow": 32,
    "pandas, NumPy": 38,
    "pandas, nullable": 38,
    "pandas, objects": 38,
    "pandas, categories": 38,
    "pandas, Arrow": 38,
}
"""They may only rise."""


def test_there_are_38_of_them_and_each_finds_some_rows_but_not_all():
    assert len(FILTERS) == 38
    found = [len(where(TABLE, text)) for text in FILTERS]
    assert all(0 < count < len(RECORDS) for count in found), found


@pytest.mark.parametrize("engine", FRAMES)
def test_they_give_the_rows_of_the_matcher(engine):
    for text in FILTERS:
        assert_same_rows(ids(where(FRAMES[engine], text)), RECORDS, text)


@pytest.mark.parametrize("engine", FRAMES)
def test_they_are_pushed_down_whole(engine):
    whole = [text for text in FILTERS if explain_plan(FRAMES[engine], text).is_whole]
    assert len(whole) >= LEAST[engine], set(FILTERS) - set(whole)
