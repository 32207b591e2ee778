"""Laws for drawn frames and filters: the rows are the matcher's, and few clauses are left out."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import filterlang as fl
from filterlang.backends.frames import explain_plan, where
from filterlang.backends.plan.spellings import spellings
from filterlang.semantics.values import fold
from filterlang.testing import assert_same_rows
from tests.backends.frames.drawn import SCHEMA, filters, records_of_table, rows
from tests.backends.frames.engines import ENGINES, IN_MEMORY, ids


@pytest.mark.parametrize("engine", ENGINES)
@given(st.lists(rows, min_size=1, max_size=6), st.lists(filters, min_size=1, max_size=3))
@settings(max_examples=10, deadline=None)
def test_drawn_rows_are_selected_as_the_matcher_does(engine, drawn_rows, drawn):
    """What a frame keeps is what the matcher takes of its rows."""
    numbered = [row | {"id": index} for index, row in enumerate(drawn_rows)]
    table = pa.Table.from_pylist(numbered, SCHEMA)
    frame = ENGINES[engine](table)
    records = records_of_table(table)
    for one in drawn:
        if engine not in IN_MEMORY and not explain_plan(frame, one, strict=False).is_whole:
            matching = [record["id"] for record in records if fl.matches(one, record)]
            assert set(matching) <= set(ids(where(frame, one, superset=True, strict=False)))
        else:
            assert_same_rows(ids(where(frame, one, strict=False)), records, one)


def test_spellings_are_all_texts_that_fold_to_one():
    """Every character is a spelling of its fold, and each spelling folds to what it is of."""
    changed = {}
    for character in map(chr, [*range(0xD800), *range(0xE000, 0x110000)]):
        folded = fold(character)
        if folded != character:
            changed.setdefault(folded, {folded}).add(character)
    assert {folded: {*spellings(folded)} for folded in changed} == changed
    alone = [one for one in map(chr, range(0xD800)) if fold(one) == one and one not in changed]
    assert [one for one in alone if spellings(one) != (one,)] == []


def test_texts_with_many_spellings_are_looked_for_by_folding():
    assert spellings("") == ("",)
    assert spellings("1-2") == ("1-2",)
    assert spellings("σ") == ("σ", "Σ", "ς")
    assert spellings("ki") == ("ki", "kI", "kİ", "Ki", "KI", "Kİ", "\u212ai", "\u212aI", "\u212aİ")
    assert len(spellings("abcdef")) == 64
    assert spellings("abcdefg") is None
