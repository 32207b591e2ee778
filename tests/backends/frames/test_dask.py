"""Frames of dask stay lazy, and each partition is asked as a frame of pandas is."""

from __future__ import annotations

import dask
import dask.dataframe as dd
import narwhals as nw
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pytest
from dask.dataframe.dask_expr.io.parquet import ReadParquet

import filterlang as fl
from filterlang import Schema, SchemaError, UnsupportedError
from filterlang.backends.frames import explain_plan, where

USERS = pd.DataFrame(
    {
        "name": ["Ada", "BOB", None, "Adam", "Eve", "ada"],
        "score": [7.5, None, 10.0, 7.25, 0.5, 70.0],
    },
    index=[1, 1, 4, 6, 7, 9],
)


def computed(frame):
    return frame.compute(scheduler="synchronous")


def in_partitions(*partitions, meta=None):
    """Give a frame whose partitions are just these."""

    def at(place):
        return partitions[place]

    return dd.from_map(
        at, range(len(partitions)), meta=partitions[0].iloc[:0] if meta is None else meta
    )


@pytest.fixture(autouse=True)
def as_it_is():
    """Leave objects as they are, instead of making them texts."""
    with dask.config.set({"dataframe.convert-string": False, "scheduler": "synchronous"}):
        yield


def test_nothing_is_computed_before_somebody_asks():
    looked_at = []

    def at(place):
        looked_at.append(place)
        return USERS

    frame = dd.from_map(at, [0, 1], meta=USERS.iloc[:0])
    found = where(frame, "name~ada*;score~7*")
    assert isinstance(found, dd.DataFrame)
    assert explain_plan(frame, "name~ada*;score~7*").parts
    for options in ({}, {"superset": True}):
        with pytest.raises(SchemaError) as caught:
            where(frame, ["name==ada", "name==bob;scroe>1"], **options)
        assert str(caught.value) == (
            "error[FL501]: unknown name 'scroe'\n"
            " --> filter 2, column 11\n"
            "  |\n"
            "  | name==bob;scroe>1\n"
            "  |           ^^^^^^^\n"
            "hint: did you mean 'score'?"
        )
    assert looked_at == []
    assert computed(found).index.tolist() == [1, 6, 9] * 2
    assert sorted(looked_at) == [0, 1]


def test_index_divisions_columns_and_types_stay():
    frame = dd.from_pandas(USERS, npartitions=3)
    assert frame.known_divisions
    for text in ("name~ada*", "score~7*", "name==nobody", "name==;score!=7"):
        found = where(frame, text)
        assert found.divisions == frame.divisions
        assert found.npartitions == frame.npartitions
        pd.testing.assert_frame_equal(found._meta, frame._meta)
        pd.testing.assert_frame_equal(computed(found), where(USERS, text))
    unknown = frame.clear_divisions()
    assert where(unknown, "name~ada*").divisions == unknown.divisions
    assert len(where(frame, "name~ada*")) == 3
    assert where(frame, []).compute().equals(USERS)
    assert computed(where(where(frame, "name~ada*"), "score>50")).index.tolist() == [9]


def test_the_rest_of_dask_goes_on_with_what_was_found():
    frame = where(dd.from_pandas(USERS, npartitions=2), ["name~ada*", "score<1"])
    assert computed(frame.score.sum()) == 7.5 + 7.25 + 0.5 + 70
    assert computed(frame[["name"]]).columns.tolist() == ["name"]
    assert computed(frame.assign(more=frame.score + 1).more.max()) == 71
    assert computed(frame.groupby("name").score.max()).to_dict()["ada"] == 70
    assert computed(frame.set_index("score")).index.tolist() == [0.5, 7.25, 7.5, 70]
    assert computed(dd.concat([frame, frame])).shape == (8, 2)


def test_a_plan_says_what_pandas_is_asked():
    users = USERS.assign(doc=[{"a": 1}] * 6)
    frame = in_partitions(users.iloc[:3], users.iloc[3:])
    unknown = "each partition is asked by what its objects are, once it is computed"
    assert str(explain_plan(frame, "name==ada;score~7*;doc.a==1;no!=1", strict=False)) == (
        "dask\n"
        "filter 1\n"
        "  pushed down    name==ada\n"
        "  pushed down    score~7*\n"
        f"  checked again  doc.a==1  ({unknown})\n"
        "  folded         no!=1  (always: there is no column 'no')"
    )
    with pytest.raises(SchemaError, match="did you mean 'score'"):
        explain_plan(frame, "scroe==1")


def test_of_objects_in_memory_a_plan_knows_what_they_are():
    users = USERS.assign(
        doc=[{"a": 1}] * 6, tags=[["x"], None, []] * 2, mixed=[1, "a"] * 3, none=None
    )
    text = "doc.a==1;tags==x;none==;mixed==a;score~7*"
    frame = dd.from_pandas(users, npartitions=2)
    pushed = ["doc.a==1", "tags==x", "none==", "score~7*"]

    def parts(frame):
        return [
            (part.outcome.value, *map(str, part.clauses))
            for part in explain_plan(frame, text).parts
        ]

    expected = [("pushed down", one) for one in pushed]
    expected.insert(3, ("checked again", "mixed==a"))
    of_pandas = explain_plan(users, text)
    assert parts(users) == expected
    assert parts(frame) == expected
    assert explain_plan(frame, text).parts == of_pandas.parts
    # So it does after rows or columns were selected, but for others it can't.
    for selected in (
        where(frame, "score>1"),
        where(frame[frame.score > 1], "doc.a==1"),
        frame[[*list(users.columns[1:]), "name"]],
        frame.partitions[:1],
        frame.head(2, compute=False),
        frame.tail(2, compute=False),
    ):
        assert parts(selected) == expected
        assert computed(where(selected, text)).equals(where(computed(selected), text))
    assert parts(frame.assign(tags=frame.doc)) == [
        *(("checked again", one) for one in ("doc.a==1", "tags==x", "none==", "mixed==a")),
        ("pushed down", "score~7*"),
    ]
    with dask.config.set({"dataframe.convert-string": True}):
        as_texts = dd.from_pandas(users[["tags", "score"]], npartitions=2)
        assert explain_plan(as_texts, "tags~*x*").is_whole
        assert computed(where(as_texts, "tags~*x*;score>1")).index.tolist() == [1, 6]


def test_a_superset_is_what_is_pushed_down():
    frame = dd.from_pandas(USERS.assign(mixed=[True, 1, "1", 1.0, "x", None]), npartitions=2)
    found = computed(where(frame, "name!=bob;mixed~1*", superset=True))
    assert found.index.tolist() == [1, 4, 6, 7, 9]
    assert computed(where(frame, "name!=bob;mixed~1*")).index.tolist() == [4, 6]


def test_partitions_differ_from_each_other_and_from_what_is_known_of_them():
    meta = pd.DataFrame({"id": pd.Series(dtype="int64"), "v": pd.Series(dtype=object)})
    partitions = [
        pd.DataFrame({"id": [0, 1, 2], "v": ["x", None, "10"]}),
        pd.DataFrame({"id": [3, 4], "v": [10, 11]}),
        pd.DataFrame({"id": [5, 6], "v": [None, None]}),
        pd.DataFrame({"id": [7, 8], "v": [10.5, np.nan]}),
        pd.DataFrame({"id": [9, 10, 11], "v": [{"k": 10}, [10, "X"], True]}),
        meta,
        pd.DataFrame({"id": [12], "v": pd.Series([10], dtype=pd.ArrowDtype(pa.int64()))}),
        pd.DataFrame({"id": [13, 14], "v": pd.Categorical(["x", "10"])}),
    ]
    frame = in_partitions(*partitions, meta=meta)
    records = [
        {"id": row["id"], "v": row["v"]} for one in partitions for row in one.to_dict("records")
    ]
    for text in (
        *("v==10", "v!=10", "v>=10", "v==x", "v~1*", "v!~1*", "v~?0", "v==", "v!=", "v==true"),
        *("v.k==10", "v.k!=10", "id>3;v<=10.5", "v.k==;v!="),
    ):
        expected = [one["id"] for one in records if fl.matches(text, one)]
        assert computed(where(frame, text))["id"].tolist() == expected, text
    # What is known may be of another type altogether.
    wrong = in_partitions(*partitions, meta=meta.astype({"v": "float64"}))
    assert computed(where(wrong, "v==x"))["id"].tolist() == [0, 10, 13]


def test_partitions_without_rows_and_columns():
    frame = dd.from_pandas(USERS, npartitions=3)
    none = where(frame, "name==nobody")
    assert computed(none).shape == (0, 2)
    for text in ("name~a*", "score~7*", "name==", []):
        assert computed(where(none, text)).shape == (0, 2)
    assert computed(where(in_partitions(USERS.iloc[:0], USERS), "score~7*")).shape == (3, 2)
    bare = in_partitions(pd.DataFrame(index=[1, 2]))
    assert computed(where(bare, "a!=1", strict=False)).index.tolist() == [1, 2]
    with pytest.raises(SchemaError, match="the names are none"):
        where(bare, "a==1")


def test_a_schema_is_used():
    frame = dd.from_pandas(USERS.assign(zip=["1", "1.0", "x", None, "", "2"]), npartitions=2)
    schema = Schema({"zip": "number", "phone": "text", "name": "text"}, aliases={"nick": "name"})
    assert computed(where(frame, "zip==1", schema)).index.tolist() == [1, 1]
    assert computed(where(frame, "nick==ada;phone==", schema)).index.tolist() == [1, 9]
    with pytest.raises(SchemaError, match="did you mean 'phone'"):
        where(frame, "phnoe==1", schema)
    assert computed(where(frame, "phnoe==", schema, strict=False)).shape == (6, 3)


# dask resets indexes in a way that pandas gives up.
@pytest.mark.filterwarnings("ignore:The inplace keyword in DataFrame.reset_index")
@pytest.mark.parametrize("text", ["city~*on*;score>2", "city~b?n*", "tags==new", "at.lat>1.5"])
def test_of_parquet_only_the_columns_are_read_that_somebody_needs(tmp_path, text):
    table = pa.table(
        {
            "id": range(4),
            "city": ["Bonn", "Rome", None, "London"],
            "score": [1, 2, 3, 4],
            "tags": [["new"], [], None, ["NEW", "old"]],
            "at": [{"lat": 1.0}, {"lat": 2.0}, None, {"lat": 3.0}],
            "more": ["x" * 9] * 4,
        }
    )
    for number in range(2):
        pyarrow.parquet.write_table(table.slice(number * 2, 2), tmp_path / f"{number}.parquet")
    for convert in (False, True):
        with dask.config.set({"dataframe.convert-string": convert}):
            frame = dd.read_parquet(tmp_path, dtype_backend="pyarrow")
            found = where(frame, text)
            records = table.to_pylist()
            expected = [one["id"] for one in records if fl.matches(text, one)]
            assert computed(found)["id"].tolist() == expected
            assert computed(found["id"]).tolist() == expected
            needed = {"id"} | {name for name in table.column_names if name in text}
            read = found[["id"]].simplify().expr.find_operations(ReadParquet)
            assert [set(one.operand("columns")) for one in read] == [needed]


def test_names_that_filters_cannot_say_matter_only_if_asked_for():
    frame = dd.from_pandas(
        pd.DataFrame([[1, 2, 3, "x"], [4, 5, 6, "y"]], columns=["a", "a", 1, "b"]), npartitions=1
    )
    assert computed(where(frame, "b==X")).shape == (1, 4)
    for ask in (where, explain_plan):
        with pytest.raises(ValueError, match="two columns are called 'a'; rename one of them"):
            ask(frame, "a==1")
        with pytest.raises(ValueError, match="the column 1 has a name that is no text; rename it"):
            ask(frame, "1==1")


@pytest.mark.filterwarnings("ignore:Dask support is moving:FutureWarning")
def test_a_frame_of_narwhals_comes_back_as_one():
    wrapped = nw.from_native(dd.from_pandas(USERS, npartitions=2))
    found = where(wrapped, "name~ada*;score~7*")
    assert isinstance(found, nw.LazyFrame)
    assert computed(found.to_native()).index.tolist() == [1, 6, 9]
    assert explain_plan(wrapped, "name~ada*").engine == "dask"


def test_partitions_of_others_are_refused(monkeypatch):
    frame = dd.from_pandas(USERS, npartitions=2)
    monkeypatch.setattr(dd.dispatch, "make_meta", lambda _: pa.table({"name": ["x"]}))
    for ask in (where, explain_plan):
        with pytest.raises(UnsupportedError) as caught:
            ask(frame, "name==ada")
        assert str(caught.value) == (
            "error[FL222]: tables of dask whose partitions aren't those of pandas can't be asked"
            " themselves\n"
            "hint: pass 'frame.to_backend(\"pandas\")', which stays lazy"
        )


@pytest.mark.slow
def test_other_processes_compute_it():
    frame = dd.from_pandas(USERS, npartitions=2)
    found = where(frame, "name~ada*;score~7*", Schema({"score": "number"}, is_open=True))
    assert found.compute(scheduler="processes").index.tolist() == [1, 6, 9]
    again = where(frame, "name~ada*;score~7*", Schema({"score": "number"}, is_open=True))
    assert found._name == again._name
