"""Each engine folds all characters as Python does, but for those that its Unicode doesn't have."""

from __future__ import annotations

import unicodedata
from functools import cache
from itertools import product

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pytest

import filterlang as fl
from filterlang.backends.frames import arrow_compute, arrow_frames, where
from filterlang.backends.frames import duckdb as duckdb_engine
from filterlang.backends.frames import polars as polars_engine
from filterlang.semantics.values import fold
from tests.backends.frames.engines import ENGINES, ids


@cache
def characters():
    return [*map(chr, [*range(1, 0xD800), *range(0xE000, 0x110000)])]


@cache
def table():
    return pa.table({"c": characters()})


def in_polars():
    frame = pl.from_arrow(table())
    return frame.select(polars_engine._folded(pl.col("c")))["c"].to_list()


def in_duckdb():
    folded = duckdb_engine._folded(duckdb.ColumnExpression("c"))
    with duckdb.connect() as connection:
        return [row[0] for row in connection.from_arrow(table()).select(folded).fetchall()]


def in_pyarrow():
    return arrow_frames.asked(table(), arrow_compute._folded(pc.field("c"))).to_pylist()


def known(found):
    """Return those of some characters that Python's Unicode has."""
    return [character for character in found if unicodedata.category(character) != "Cn"]


@pytest.mark.sampled(1)
@pytest.mark.parametrize("texts", [in_polars, in_duckdb, in_pyarrow])
def test_all_characters_are_folded_as_in_python(texts):
    folded = zip(characters(), texts(), map(fold, characters()), strict=True)
    assert known(character for character, found, wanted in folded if found != wanted) == []


def test_a_sigma_is_folded_by_itself_wherever_it_stands():
    texts = ["ΑΣ", "ΑΣ Σ", "Σ", "ας", "İΣ.", "ΣΑ"]
    frame = pl.DataFrame({"c": texts})
    found = frame.select(polars_engine._folded(pl.col("c")))["c"].to_list()
    assert found == [fold(text) for text in texts]


ODD = "İi\u0307Σςσa"
SHORT = ["".join(one) for length in range(4) for one in product(ODD, repeat=length)]
SOUGHT = ["".join(one) for length in (1, 2) for one in product(ODD, repeat=length)]


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["polars", "DuckDB", "pyarrow"])
def test_what_is_sought_is_found_where_the_matcher_finds_it(engine):
    table = pa.table({"id": range(len(SHORT)), "c": SHORT})
    frame = ENGINES[engine](table)
    for sought in SOUGHT:
        # Enough of them that they are not looked for letter by letter.
        many = sought + "abcdefg"
        patterns = [f"{sought}*", f"*{sought}", f"*{sought}*", f"*{sought}?", f"?{sought}*"]
        for clause in [
            fl.Clause("c", "==", sought),
            fl.Clause("c", "==", many),
            fl.Clause("c", "<", sought),
            *(fl.Clause("c", "~", fl.Pattern(pattern)) for pattern in patterns),
        ]:
            matcher = fl.compile(clause)
            wanted = [index for index, text in enumerate(SHORT) if matcher({"c": text})]
            assert ids(where(frame, clause)) == wanted, clause
