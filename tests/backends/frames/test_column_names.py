"""Names of columns that no filter can ask for matter only where one does."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from filterlang import Schema, SchemaError, UnsupportedError
from filterlang.backends.frames import explain_plan, where
from tests.backends.frames.engines import CONNECTION

TWICE = "two columns are called 'a'; rename one of them"
TABLE = pa.table(
    [[1, 2, 3], ["p", "q", "r"], ["x", "y", "X"], [[1], [2], [3]]], ["a", "a", "b", "l"]
)


def refusal(frame, text, schema=None):
    """Give the message; it is the same for the plan, and whatever the options are."""
    messages = set()
    for ask in (
        where,
        explain_plan,
        lambda *some: where(*some, superset=True),
        lambda *some: where(*some, strict=False),
    ):
        with pytest.raises(ValueError, match="rename") as caught:
            ask(frame, text, schema)
        messages.add(str(caught.value))
    (message,) = messages
    return message


def test_two_columns_of_one_name_matter_only_if_asked_for():
    duckdb = CONNECTION.sql("select * from (values (1, 'p', 'x'), (2, 'q', 'y')) as t(a, a, b)")
    relation = duckdb.select("a, a_1 as a, b") if "a_1" in duckdb.columns else duckdb
    pandas = TABLE.to_pandas()
    for frame in (TABLE, pandas, TABLE.to_pandas(types_mapper=pd.ArrowDtype), relation):
        for text in ("a==1", "b==x;a!=1", "a.c==1"):
            assert refusal(frame, text) == TWICE
        assert refusal(frame, "z==1", Schema({"a": "text"}, aliases={"z": "a"})) == TWICE
        with pytest.raises(SchemaError, match="did you mean 'b'"):
            where(frame, "B==x")
        assert explain_plan(frame, "b==x").parts
    found = where(TABLE, "b==x;l!=1")
    assert found.equals(TABLE.filter(pa.array([False, False, True])))
    assert where(TABLE, []).equals(TABLE)
    assert where(TABLE, "b==nothing").num_rows == where(TABLE.slice(0, 0), "b==x").num_rows == 0
    assert where(TABLE, "q!=1", strict=False).equals(TABLE)
    pandas.index = [7, 8, 8]
    found = where(pandas, "b==x;l!=1")
    assert found.index.tolist() == [8]
    assert list(found.columns) == ["a", "a", "b", "l"]
    assert found.equals(pandas.iloc[[2]])
    assert len(where(pandas, [])) == 3
    assert where(relation, "b==X").fetchall() == [(1, "p", "x")]


def test_names_that_are_no_texts_matter_only_if_asked_for():
    day = date(2024, 1, 31)
    frame = pd.DataFrame([[1, 2, 3, 4, 5, "x"]], columns=[1, 2.5, ("t", 1), day, None, "b"])
    for text, name in {
        "1==1": "1",
        "2.5==1": "2.5",
        "t==1": "('t', 1)",
        "t.1==1": "('t', 1)",
        "2024-01-31!=1": "datetime.date(2024, 1, 31)",
        "None!=1": "None",
        "nan!=1": None,
    }.items():
        if name is not None:
            message = f"the column {name} has a name that is no text; rename it"
            assert refusal(frame, text) == message
    assert len(where(frame, "b==X")) == 1
    with pytest.raises(SchemaError, match="unknown name 'nan'"):
        where(frame, "nan!=1")
    twice = pd.DataFrame([[1, 2, "x"]], columns=[np.nan, np.nan, "b"])
    assert where(twice, "b==x").shape == (1, 3)
    assert "no text" in refusal(twice, "nan==1")
    mixed = pd.DataFrame([[1, 2, "x"]], columns=[1, "1", "b"])
    assert where(mixed, "1==2;b==x").shape == (1, 3)


def test_columns_of_several_levels():
    levels = pd.MultiIndex.from_tuples([("a", "p"), ("a", "q"), ("b", "")])
    frame = pd.DataFrame([[1, 2, "x"]], columns=levels)
    assert refusal(frame, "a.p==1") == "the column ('a', 'p') has a name that is no text; rename it"
    assert refusal(frame, "b==x") == "the column ('b', '') has a name that is no text; rename it"
    assert where(frame, "c!=x", strict=False).shape == (1, 3)
    with pytest.raises(SchemaError, match="the names are none"):
        where(frame, "c!=x")


def test_what_only_the_matcher_can_say_of_such_frames():
    assert where(TABLE, "l==2").num_rows == 1
    with pytest.raises(UnsupportedError):
        where(CONNECTION.sql("select 1 as a, 2 as a, 1.5::double as b"), "b~1*")
