"""Columns of pandas, whatever they hold: the rows of the matcher, and what is pushed down."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import narwhals as nw
import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import filterlang as fl
from filterlang.backends.frames import explain_plan, where
from filterlang.backends.frames.pandas_types import storages_of
from filterlang.backends.frames.python_rows import records_of
from filterlang.backends.plan.storage import Whole
from tests.support.engines import need

_UUID = UUID("0f8fad5b-d9cd-469f-a165-70867728950e")
_NULLS = st.sampled_from([None, None, float("nan"), pd.NA, pd.NaT])
_ZONED = timezone(timedelta(hours=1))
_KINDS = {
    "texts": st.sampled_from(["", "a", "A", "İ", "ς", "1", "true", "a\nb", "2024-01-31", "1.5e3"]),
    "booleans": st.sampled_from([True, False, np.True_]),
    "integers": st.sampled_from([0, 1, -1, 2**53 + 1, 10**25, np.int8(1), np.uint64(2**64 - 1)]),
    "floats": st.sampled_from([0.0, -0.0, 1.0, 1.5, float("inf"), 1e21, np.float32(0.1)]),
    "numbers": st.sampled_from([0, 1, 1.5, -1, 2**53, 0.1]),
    "large numbers": st.sampled_from([2**53 + 1, 1.5]),
    "decimals": st.sampled_from(
        [Decimal(one) for one in ("1.50", "0", "-1E+3", "NaN", "Infinity", "1E-9", "sNaN")]
    ),
    "dates": st.sampled_from([date(2024, 1, 31), date.min, date.max]),
    "times": st.sampled_from(
        [
            datetime(2024, 1, 31, tzinfo=UTC),
            datetime(2024, 1, 31, 0, 30, tzinfo=_ZONED),
            datetime(2024, 1, 31, 1, 2, 3, 450_000),  # noqa: DTZ001 — as files have it
            pd.Timestamp("2024-01-31T00:00:00.000000999Z"),
            datetime.min,  # noqa: DTZ901 — as above
        ]
    ),
    "UUIDs": st.just(_UUID),
    "bytes": st.sampled_from([b"", b"a"]),
    "spans": st.just(timedelta(1)),
    "sets": st.just({1}),
}
_SCALARS = st.one_of(*_KINDS.values())


def _lists(of):
    one = st.lists(of | _NULLS, max_size=3)
    return one | one.map(tuple)


def _documents(of):
    keys = st.sampled_from(["a", "b", "c"])
    return st.dictionaries(keys, of | _NULLS, max_size=2)


_ODD_DOCUMENTS = st.sampled_from([{"a.b": 1, "a": {"b": 2}}, {1: 2, "a": 1}, {"a": {"b": 1}}])
_ARRAYS = st.sampled_from(
    [
        np.array([1, 2]),
        np.array([1.5, np.nan]),
        np.array(["a", None], "object"),
        np.array([True]),
        np.array([[1, 2], [3, 4]]),
        np.array(["2024-01-31"], "M8[D]"),
        np.array(1),
        np.array([], "int64"),
    ]
)
_COLUMNS = st.one_of(
    [st.lists(kind | _NULLS, max_size=5) for kind in _KINDS.values()]
    + [st.lists(_lists(kind) | _NULLS, max_size=4) for kind in _KINDS.values()]
    + [st.lists(_documents(kind) | _NULLS, max_size=4) for kind in _KINDS.values()]
    + [
        st.lists(_SCALARS | _NULLS, max_size=4),
        st.lists(_lists(_lists(_KINDS["texts"])) | _NULLS, max_size=4),
        st.lists(_lists(_documents(_KINDS["numbers"])) | _NULLS, max_size=4),
        st.lists(_lists(_documents(_lists(_KINDS["texts"]))) | _NULLS, max_size=4),
        st.lists(_documents(_documents(_KINDS["integers"])) | _NULLS, max_size=4),
        st.lists(_lists(_SCALARS), max_size=4),
        st.lists(_SCALARS | _lists(_SCALARS) | _documents(_SCALARS), max_size=4),
        st.lists(_ODD_DOCUMENTS | _NULLS, max_size=4),
        st.lists(_ARRAYS | _NULLS, max_size=4),
        st.lists(_ARRAYS, max_size=3),
    ]
)
_NAMES = ["x", "x", "x", "x.a", "x.a.b", "x.b"]
_VALUES = ["a", "1", "1.5", "0", "true", "2024-01-31", "9007199254740993", "i", "σ", str(_UUID)]
_CLAUSES = (
    st.builds(
        "{}{}{}".format,
        st.sampled_from(_NAMES),
        st.sampled_from(["==", "!=", "<", "<=", ">", ">="]),
        st.sampled_from(_VALUES),
    )
    | st.builds(
        "{}{}{}".format,
        st.sampled_from(_NAMES),
        st.sampled_from(["~", "!~"]),
        st.sampled_from(["*", "a*", "*1*", "?", "*-01-*", "1?5*", "*e*", "tr*e"]),
    )
    | st.sampled_from(["x==", "x!=", "x.a==", "x.a!=", "x.a.b!=", "x.b=="])
)
_SCHEMAS = st.sampled_from(
    [
        None,
        None,
        *(fl.Schema({"x": {"type": one}}) for one in ("text", "number", "datetime", "boolean")),
    ]
)


def framed(values):
    """Give a frame with one column of objects."""
    column = pd.Series([None] * len(values), dtype="object")
    for place, value in enumerate(values):
        column.array[place] = value
    return pd.DataFrame({"x": column})


def expected(frame, filters, schema=None):
    """Give the numbers of the rows that the matcher takes."""
    matcher = fl.compile(filters, schema=schema)
    records = records_of(nw.from_native(frame), [*frame.columns])
    return [place for place, record in enumerate(records) if matcher(record)]


def found(frame, filters, schema=None):
    """Give the numbers of the rows that are found."""
    kept = where(frame.set_axis(range(len(frame))), filters, schema, strict=False)
    return kept.index.tolist()


@given(_COLUMNS, st.lists(_CLAUSES, min_size=1, max_size=2), _SCHEMAS)
@settings(max_examples=60, deadline=None)
@example([Decimal("sNaN"), Decimal(1)], ["x==1"], None)
def test_columns_of_any_objects_give_the_rows_of_the_matcher(values, clauses, schema):
    frame = framed(values)
    for filters in (";".join(clauses), clauses):
        assert found(frame, filters, schema) == expected(frame, filters, schema)


_SOUGHT = {
    "texts": ["a", "i", "σ", "1", "2024-01-31"],
    "booleans": ["true", "false"],
    "integers": ["0", "1", "-1", "9007199254740993", "0.5"],
    "floats": ["0", "1", "1.5", "1e21", "-1"],
    "numbers": ["0", "1", "1.5", "9007199254740992", "0.1"],
    "decimals": ["1.5", "-1000", "0", "1e-9", "1e400"],
    "dates": ["2024-01-31", "0001-01-01", "9999-12-31", "2024-01-31T00:00:01Z"],
    "times": ["2024-01-31", "2024-01-30T23:30:00Z", "2024-01-31T01:02:03.450"],
    "UUIDs": [str(_UUID), "a"],
}
_PATTERNS = ["*", "a*", "*1*", "?", "*-01-*", "1?5*", "*e*", "tr*e"]
_SHAPES = {
    "scalars": ("x", lambda of: of),
    "categories": ("x", lambda of: of),
    "lists": ("x", _lists),
    "lists of lists": ("x", lambda of: _lists(_lists(of))),
    "documents": ("x.a", _documents),
    "documents in documents": ("x.a.b", lambda of: _documents(_documents(of))),
    "lists of documents": ("x.a", lambda of: _lists(_documents(of))),
    "lists in lists of documents": ("x.a", lambda of: _lists(_documents(_lists(of)))),
}


def _clauses(name, sought):
    """Give one clause or two of a name that suit what is held."""
    operators = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
    clause = st.builds(f"{name}{{}}{{}}".format, operators, st.sampled_from(sought))
    pattern = st.builds(
        f"{name}{{}}{{}}".format, st.sampled_from(["~", "!~"]), st.sampled_from(_PATTERNS)
    )
    empty = st.sampled_from([f"{name}==", f"{name}!="])
    return st.lists(clause | pattern | empty, min_size=1, max_size=2)


_FINITE = {
    **_KINDS,
    "decimals": _KINDS["decimals"].filter(lambda one: not one.is_snan()),
}


def held_by(values):
    """Give what lists hold in the end."""
    held = [one for one in values if not isinstance(one, list | tuple)]
    for one in values:
        if isinstance(one, list | tuple):
            held += held_by(one)
    return held


@given(st.sampled_from([*_SOUGHT]), st.sampled_from([*_SHAPES]), st.data())
@settings(max_examples=60, deadline=None)
def test_objects_of_one_kind_are_pushed_down_whole(kind, shape, data):
    name, shaped = _SHAPES[shape]
    values = data.draw(st.lists(shaped(_FINITE[kind]) | _NULLS, min_size=1, max_size=6))
    frame = framed(values)
    if shape == "categories":
        frame = frame.astype("category")
    clauses = data.draw(_clauses(name, _SOUGHT[kind]))
    for filters in (";".join(clauses), clauses):
        assert found(frame, filters) == expected(frame, filters)
        # Of nulls alone nothing is known.
        if name == "x" and not all(map(pd.isna, held_by(values))):
            assert explain_plan(frame, filters).is_whole


def plan_of(frame, text, schema=None):
    """Give what becomes of a filter, and why."""
    return [(str(part.outcome), part.reason) for part in explain_plan(frame, text, schema).parts]


MIXED = ("checked again", "its objects are of several types, or of one that isn't known")
PUSHED = ("pushed down", "")


@pytest.mark.parametrize(
    "values",
    [
        [1, "a"],
        [True, 1],
        [2**53 + 1, 0.5],
        [[1, "a"]],
        [[[[[["a"]]]]]],
        [np.array(1)],
        [np.array(["2024-01-31"], "M8[D]")],
        [{1: 2}],
        [{"a.b": 1}],
        [{1, 2}],
        [Decimal("sNaN")],
        [range(3)],
    ],
    ids=repr,
)
def test_objects_that_are_not_of_one_known_type_are_left_to_the_matcher(values):
    frame = framed(values)
    assert plan_of(frame, "x==1") == [MIXED]
    for text in ("x==1", "x!=a", "x==", "x~*a*"):
        assert found(frame, text) == expected(frame, text)


@pytest.mark.parametrize("values", [[None, None], [float("nan"), None], [], [[], None]], ids=repr)
def test_objects_that_are_all_missing_are_missing_whatever_is_asked(values):
    frame = framed(values)
    assert plan_of(frame, "x==1;x.a.b!=1") == [("folded", "never"), ("folded", "always")]
    assert plan_of(frame, "x==") == [PUSHED]
    for text in ("x==1", "x!=a", "x==", "x!=", "x~*", "x!~a", "x.a==1", "x.a!=1", "x.a.b=="):
        assert found(frame, text) == expected(frame, text)


def test_documents_may_have_other_names_and_those_that_none_has_are_folded():
    frame = framed([{"a": 1}, {"b": {"c": "x"}}, None])
    assert plan_of(frame, "x.a==1;x.b.c~x*") == [PUSHED, PUSHED]
    assert plan_of(frame, "x.d==1") == [("folded", "never")]
    with pytest.raises(fl.SchemaError, match="the names are 'x'"):
        where(frame, "y.a==1")
    assert found(frame, ["x.a==1", "x.b.c==x"]) == [0, 1]


def test_lists_that_a_schema_calls_maps_are_left_to_the_matcher():
    frame = framed([[("a", "1")], [("b", "2")], None])
    schema = fl.Schema({"x": {"type": "map"}, "z": "number"})
    other = "the schema says map, and the column holds lists"
    assert plan_of(frame, "x.a==1", schema) == [("checked again", other)]
    assert found(frame, "x.a==1", schema) == [0]
    assert plan_of(frame, "x==1", fl.Schema({"x": "text"})) == [PUSHED]
    known = frame.assign(z=[1, 2, 3])
    assert plan_of(known, "z==1", schema) == [PUSHED]


@pytest.mark.parametrize("type_", ["Sparse[int]", "complex128", "period[D]", "longdouble"])
def test_types_of_which_nothing_is_known_are_left_to_the_matcher(type_):
    series = pd.Series(pd.array(["2024-01-31"], "datetime64[ns]"), dtype="datetime64[ns]")
    column = series.dt.to_period("D") if type_ == "period[D]" else pd.Series([1]).astype(type_)
    frame = pd.DataFrame({"x": column})
    reason = f"nothing is known of the values of a column of type {column.dtype}"
    assert plan_of(frame, "x==1") == [("checked again", reason)]
    assert found(frame, "x==1") == expected(frame, "x==1")


def test_types_of_numpy_and_pandas_are_asked():
    times = ["2024-01-31T00:00:00.5", None]
    frame = pd.DataFrame(
        {
            "half": pd.Series([0.5, None], dtype="float16"),
            "small": pd.Series([1, None], dtype="UInt8"),
            "text": pd.Series(["a", None], dtype="string[python]"),
            "flag": pd.Series([True, None], dtype="boolean"),
            "span": pd.Series([timedelta(1), None]),
            "time": pd.Series(times, dtype="datetime64[ms]"),
            "zoned": pd.Series(times, dtype="datetime64[ns]").dt.tz_localize("Europe/Paris"),
            "number": pd.Series(["1.50", "x"], dtype="category"),
        }
    )
    schema = fl.Schema({"number": "number"})
    for text, rows in {
        "half==0.5": [0],
        "small>=1;small~1": [0],
        "text~A": [0],
        "flag!=false;flag!=": [0],
        "span!=": [0],
        "time~*00:00:00.5Z": [0],
        "zoned==2024-01-30T23:00:00.5Z": [0],
        "zoned~2024-01-30*": [0],
        "number<=1.5": [0],
        "number==": [],
    }.items():
        assert {one for one, _ in plan_of(frame, text, schema)} <= {"pushed down", "folded"}, text
        assert found(frame, text, schema) == rows, text


def test_texts_that_differ_behind_a_null_character_are_told_apart():
    frame = framed(["a\0b", "a\0c", "\ud800", "?"])
    assert found(frame, "x~*b") == [0]
    assert found(frame, "x~?") == [2, 3]


def test_equal_decimals_may_be_written_otherwise():
    frame = framed([Decimal("1.50"), Decimal("1.5"), None])
    assert found(frame, "x~1.5") == expected(frame, "x~1.5")
    assert found(frame, "x~1.50") == expected(frame, "x~1.50")


def test_texts_of_pyarrow_that_are_no_utf_8_pass_no_test():
    pa = need("pyarrow", "files")
    bad = pa.array([b"a\xff", b"ab", None]).view(pa.string())
    frame = pd.DataFrame({"x": pd.Series(pd.arrays.ArrowExtensionArray(bad))})
    assert found(frame, "x~?b") == [1]
    assert found(frame, "x~a*") == expected(frame, "x~a*")
    keyed = pa.MapArray.from_arrays([0, 1, 2, 3], ["a.b", "a.b", "a"], bad)
    frame = pd.DataFrame({"x": pd.Series(pd.arrays.ArrowExtensionArray(keyed))})
    for text in ("x.a.b~a*", "x.a.b!=ab", "x.a.b==", "x.a!~*"):
        assert found(frame, text) == expected(frame, text), text


def _map_of_numbers(pa):
    return pa.map_(pa.string(), pa.float64())


def test_texts_of_numbers_that_pyarrow_holds_are_made_as_the_language_has_them():
    pa = need("pyarrow", "files")
    held = pa.table(
        {
            "x": pa.array([{"f": 1.5}, {"f": float("nan")}, None, {"f": 1e21}]),
            "m": pa.array(
                [[("k", 1.5)], [("j", 2.0)], None, []], pa.map_(pa.string(), pa.float64())
            ),
            "l": pa.array([[1.5, None], [], None, [2.5]], pa.large_list(pa.float32())),
        }
    ).to_pandas(types_mapper=pd.ArrowDtype)
    for text, rows in {
        "x.f~1*": [0, 3],
        "x.f~1e+21": [3],
        "m.k~1.5": [0],
        "m.k==": [1, 2, 3],
        "m.a.b~*": [],
        "l~*.5": [0, 3],
        "l>2;l!~1*": [3],
    }.items():
        assert plan_of(held, text) == [PUSHED] * (text.count(";") + 1), text
        assert found(held, text) == rows == expected(held, text), text


def test_numbers_in_texts_are_compared_where_a_schema_says_numbers():
    texts = ["1.50", "x", "7", "-8e0", "12345678901234567890", "", None]
    schema = fl.Schema({"x": "number"})
    for frame in (framed(texts), framed(texts).astype("category"), framed(texts).astype("string")):
        for text in ("x<=1.5", "x==7", "x>-9", "x!=7", "x<0", "x=="):
            assert plan_of(frame, text, schema) == [PUSHED]
            assert found(frame, text, schema) == expected(frame, text, schema), text


def test_columns_are_looked_through_only_where_a_filter_asks():
    frame = framed([1, 2]).assign(y=[3, 4], z=[{"a": 1}, None])
    frame[7] = 5
    storages = storages_of(frame)
    assert (len(storages), list(storages)) == (3, ["x", "y", "z"])
    assert "x" in storages
    assert storages["x"] == Whole(1, 2)
    assert list(storages["z"].fields) == ["a"]


@pytest.mark.slow
def test_thousands_of_filters_are_asked_at_once():
    frame = pd.DataFrame({"x": [1, 2, 3], "y": ["a", "b", None]})
    filters = [f"x=={number};y~b*" for number in range(2000)]
    assert found(frame, filters) == [1]
