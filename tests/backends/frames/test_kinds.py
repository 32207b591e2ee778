"""Columns of the less usual types: judged as what they are, or left to the matcher."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, localcontext
from uuid import UUID

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import filterlang as fl
from filterlang.backends.arrow_values import python_values
from filterlang.backends.frames import Outcome, explain_plan, where
from filterlang.backends.plan.storage import integers
from filterlang.testing import assert_same_rows
from tests.backends.frames.engines import CONNECTION, ENGINES, ids

MOMENT = datetime(2024, 1, 31, 12, 30, 0, 123000, tzinfo=UTC)
BEFORE = datetime(1969, 12, 31, 23, 59, 59, 999000, tzinfo=UTC)
POLARS = {
    "u64": pl.Series([2**64 - 1, 0, None], dtype=pl.UInt64),
    "i128": pl.Series([2**100, -(2**100), None], dtype=pl.Int128),
    "i8": pl.Series([-128, 127, None], dtype=pl.Int8),
    "f32": pl.Series([0.1, float("nan"), None], dtype=pl.Float32),
    "dec": pl.Series([Decimal("0.05"), Decimal("-1.00"), None], dtype=pl.Decimal(38, 2)),
    "enum": pl.Series(["a", "B", None], dtype=pl.Enum(["a", "B"])),
    "cat": pl.Series(["ß", "ΑΣ", None], dtype=pl.Categorical),
    "arr": pl.Series([["a", None], ["B", "b"], None], dtype=pl.Array(pl.String, 2)),
    "ms": pl.Series([MOMENT, BEFORE, None], dtype=pl.Datetime("ms", "Europe/Paris")),
    "ns": pl.Series([MOMENT.replace(tzinfo=None), None, None], dtype=pl.Datetime("ns")),
    "day": pl.Series([date(2024, 1, 31), date(1, 1, 1), None]),
    "time": pl.Series([time(12), None, time(0)]),
    "span": pl.Series([timedelta(1), None, timedelta(0)]),
    "bytes": pl.Series([b"a", None, b""]),
    "null": pl.Series([None, None, None]),
    "maps": pl.Series([[{"k": 1}], [], None], dtype=pl.List(pl.Map(pl.String, pl.Int64))),
    "deep": pl.Series(
        [{"k": {"x": 1}}, {"k": None}, None],
        dtype=pl.Map(pl.String, pl.Struct({"x": pl.Int64})),
    ),
}
FILTERS = r"""
u64==18446744073709551615|u64>=18446744073709551615|u64>-1|u64<18446744073709551616|u64~184*|u64!=0
i128==1267650600228229401496703205376|i128>0|i128<=-1267650600228229401496703205376|i128~*e*
i128<1e40|i128>1e-5|i8==-128|i8<-127.5|i8>127|i8<=127|i8~-*|f32==0.1|f32>0|f32==|f32!=|f32~0*
dec==0.05|dec<0.051|dec>=0.049|dec==0.051|dec~0.05|dec~-1.0?|dec>1e37|dec<1e30|dec!=
enum==A|enum==b|enum==c|enum~?|enum>a|enum==|cat==ας|cat~?σ|cat==SS|cat!=ß|cat<z
arr==b|arr~?|arr==|arr!=A|arr.x==1|ms==2024-01-31T12:30:00.123|ms==2024-01-31T12:30:00.1235
ms>1969-12-31T23:59:59.9985|ms<1970-01-01|ms~2024-01-31T12:30:00.123z|ms~*.999z|ms!=|ms>99999999999999999
ns==2024-01-31T12:30:00.123|ns~2024*z|ns>1677-01-01|ns<2262-12-31|ns>2262-12-31|ns==1677-01-01|ns>2024-01-31
day==2024-01-31|day~2024*|day<0001-01-02|day>2024-01-30T12:00|day>99999999999999999|day<99999999999999999|day==99999999999999999|day==-99999999999999999|time==12:00|time==|time!=|time~*
span==1|span!=1|span==|bytes==a|bytes==|null==|null!=|null==1|maps.k==1|maps.k!=1|maps==
deep.k==|deep.k==1|deep.k.x==1|deep.k.x!=1|deep.z==
"""
FILTERS = [text for line in FILTERS.strip().splitlines() for text in line.split("|")]


def polars_records():
    columns = zip(*[series.to_list() for series in POLARS.values()], strict=True)
    return [dict(zip(POLARS, row, strict=True)) for row in columns]


def test_types_of_polars():
    frame = pl.DataFrame(POLARS).with_row_index("id")
    left = {}
    for text in FILTERS:
        assert_same_rows(ids(where(frame, text, strict=False)), polars_records(), text)
        for part in explain_plan(frame, text, strict=False).parts:
            if part.outcome is Outcome.CHECKED:
                left[text] = part.reason
    own_way = "polars writes {} in its own way"
    a_map = "a name goes on behind a key of a map, which may also be the rest of the name"
    assert left == {
        "i128~*e*": own_way.format("integers of more than 64 bits"),
        "f32~0*": own_way.format("floating point numbers of less than 64 bits"),
        "deep.k.x==1": a_map,
        "deep.k.x!=1": a_map,
    }


def test_objects_of_polars_are_left_to_the_matcher():
    frame = pl.DataFrame({"id": [0, 1], "o": pl.Series([{"a": 1}, 5], dtype=pl.Object)})
    assert ids(where(frame, "o.a==1")) == [0]
    assert ids(where(frame, "o==5")) == [1]
    part = explain_plan(frame, "o.a==1").parts[0]
    assert part.reason == "nothing is known of the values of a column of type Object"


DUCKDB = """
select * from (values
  (0, 170141183460469231731687303715884105727::hugeint, 'a'::enum('a', 'B'),
   '12345678-1234-5678-1234-56781234567A'::uuid, ['x', null]::varchar[2],
   timestamp_s '2024-01-31 12:30:00', timestamp_ms '1969-12-31 23:59:59.999',
   timestamp_ns '2024-01-31 12:30:00.123456789', timestamptz '2024-01-31 12:30:00.5+00',
   1.25::decimal(38, 10), 0.1::float, 18446744073709551615::ubigint, date '2024-01-31',
   map {'k': 1}, {'A': 1}, 'x'::blob, time '12:00', interval 1 day),
  (1, null, null, null, null, null, null, null, null, null, 'nan'::float, null, null,
   null, null, null, null, null)
) as t(id, huge, enum, key, arr, s, ms, ns, z, dec, f32, u64, day, m, st, b, t, i)
"""
DUCKDB_RECORDS = [
    {
        "huge": 2**127 - 1,
        "enum": "a",
        "key": UUID("12345678-1234-5678-1234-56781234567a"),
        "arr": ["x", None],
        "s": datetime(2024, 1, 31, 12, 30, tzinfo=UTC),
        "ms": BEFORE,
        "ns": datetime(2024, 1, 31, 12, 30, 0, 123456, tzinfo=UTC),
        "z": datetime(2024, 1, 31, 12, 30, 0, 500000, tzinfo=UTC),
        "dec": Decimal("1.2500000000"),
        "f32": float(np.float32(0.1)),
        "u64": 2**64 - 1,
        "day": date(2024, 1, 31),
        "m": {"k": 1},
        "st": {"A": 1},
        "b": b"x",
        "t": time(12),
        "i": timedelta(1),
    },
    {},
]
DUCKDB_FILTERS = r"""
huge==170141183460469231731687303715884105727|huge>1e38|huge<1e39|huge!=1|enum==A|enum~?|enum!=b
key==12345678-1234-5678-1234-56781234567A|key~*7a|key>1|key==1|key==12345678123456781234567812345678
key!=x|arr==X|arr!=x|arr==|s==2024-01-31T12:30|s>2024-01-31T12:29:59.5|s~*30:00z|s==2024-01-31T12:30:00.5
ms==1969-12-31T23:59:59.999|ms~*.999z|ms<1970-01-01|ns==2024-01-31T12:30:00.123456|ns>2024-01-31T12:30:00.123456
ns<=2024-01-31T12:30:00.123456|ns<2024-01-31T12:30:00.123457|z==2024-01-31T13:30:00.5%2B01:00|z~*.5z
z>2024-01-31|z<=1706704200500|dec==1.25|dec>1.24999999999|dec~1.25*|dec<1e27|dec<1e29|f32==0.1|f32==|f32>0
u64==18446744073709551615|u64~1844*|day==2024-01-31|day~2024-01-31|m.k==1|m.K==1|m.k.x==1|m==|m.k>0.5
st.A==1|st.a==1|st==|b==x|b==|t==12:00|t==|i==|i==1
"""


def test_types_of_duckdb():
    relation = CONNECTION.sql(DUCKDB)
    left = {}
    for text in DUCKDB_FILTERS.replace("%2B", "+").split("\n"):
        for one in filter(None, text.split("|")):
            plan = explain_plan(relation, one, strict=False)
            if plan.is_whole:
                assert_same_rows(ids(where(relation, one, strict=False)), DUCKDB_RECORDS, one)
            else:
                left[one] = plan.parts[0].reason
    assert left == {}
    assert explain_plan(relation, "ns~2024*").parts[0].reason == (
        "DuckDB writes dates and times in its own way"
    )
    assert explain_plan(relation, "huge~1*").parts[0].reason == (
        "DuckDB writes integers of more than 64 bits in its own way"
    )


@pytest.mark.parametrize("engine", ENGINES)
def test_decimals_keep_all_their_digits_whatever_context_is_set(engine):
    values = [Decimal("123456789012345678901234567890123456.78"), Decimal("0.05"), None]
    table = pa.table({"id": [0, 1, 2], "d": pa.array(values, pa.decimal128(38, 2))})
    frame = ENGINES[engine](table)
    with localcontext(prec=3):
        for text in [
            "d==123456789012345678901234567890123456.78",
            "d==123456789012345678901234567890123456.780000000000000000000000000000000001",
            "d>123456789012345678901234567890123456.77999999999999999999999999999999",
            "d<123456789012345678901234567890123456.7800000000000000000000000000000001",
            "d==0.0500000000000000000000000000000000000000001",
            "d==0.0500000000000000000000000000000000000000000",
            "d>=0.0499999999999999999999999999999999999999999",
        ]:
            assert_same_rows(ids(where(frame, text)), [{"d": value} for value in values], text)


@pytest.mark.parametrize("engine", ENGINES)
def test_decimals_below_one_have_a_zero_before_the_point(engine):
    for scale in (1, 9, 37):
        values = [Decimal("-0.5"), Decimal("0.5"), Decimal(0), None]
        table = pa.table({"id": range(4), "d": pa.array(values, pa.decimal128(scale, scale))})
        frame, records = ENGINES[engine](table), [{"d": one} for one in python_values(table["d"])]
        for text in ("d~0*", "d~-0.5*", "d~.5*", "d!~*0.5*", "d~0.5"):
            assert_same_rows(ids(where(frame, text)), records, text)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_zero_with_an_exponent_is_a_zero(engine):
    values = [0, 1, None]
    table = pa.table({"id": range(3), "n": values, "d": pa.array(values, pa.decimal128(9, 2))})
    table = table.append_column("r", pa.array([0.0, 1.0, None]))
    records = [{"n": n, "d": n, "r": n} for n in values]
    for expression in ("0e999999999", "0e-999999999", "-0e400"):
        for operator in ("==", "!=", "<", "<=", ">", ">="):
            text = ";".join(f"{name}{operator}{expression}" for name in "ndr")
            frame = ENGINES[engine](table)
            assert_same_rows(ids(where(frame, text)), records, text)


@pytest.mark.parametrize(
    ("type_", "shown"),
    [("map {1: 'a'}", "MAP(INTEGER, VARCHAR)"), ("'1'::bit", "BIT")],
)
def test_unknown_types_of_duckdb_are_refused(type_, shown):
    relation = duckdb.sql(f"select {type_} as v")
    (part,) = explain_plan(relation, "v==1").parts
    assert part.reason == f"nothing is known of the values of a column of type {shown}"


PANDAS = pd.DataFrame(
    {
        "id": [0, 1, 2],
        "any": [1, "Ab", np.array([1, 2])],
        "when": [pd.Timestamp("2024-01-31 12:00:00.000000001"), pd.NaT, pd.NaT],
        "cat": pd.Categorical(["a", "B", None]),
        "num": pd.Categorical([1, 2, 1]),
        "flag": pd.array([True, False, None], dtype="boolean"),
        "yes": [True, False, True],
        "f": [0.5, np.nan, np.inf],
        "nullable": pd.array([1, None, 2**53 + 1], dtype="Int64"),
        "na": [
            pd.NA,
            {"k": np.float64(1.5), "l": np.array([{"x": np.int64(3)}], dtype=object)},
            None,
        ],
        "pair": [(1, 2), [], None],
        "py": pd.array(["İ", None, "Σς"], dtype=pd.StringDtype("python")),
        "span": pd.to_timedelta([1, None, 2]),
    }
)
PANDAS_RECORDS = [
    {
        "any": 1, "when": datetime(2024, 1, 31, 12, tzinfo=UTC), "cat": "a", "num": 1, "flag": True,
        "yes": True, "f": 0.5, "nullable": 1, "na": None, "pair": [1, 2], "py": "İ",
        "span": timedelta(1),
    },
    {
        "any": "Ab", "cat": "B", "num": 2, "flag": False, "yes": False, "na": {"k": 1.5,
        "l": [{"x": 3}]}, "pair": [], "py": None,
    },
    {
        "any": [1, 2], "num": 1, "yes": True, "f": float("inf"), "nullable": 2**53 + 1,
        "py": "Σς", "span": timedelta(2),
    },
]  # fmt: skip  # records are read by their lines
PANDAS_FILTERS = r"""
any==1|any==ab|any!=1|any==2|when==2024-01-31T12:00|when>2024-01-31T12:00|when==|when~2024*
cat==A|cat~?|cat!=|num==1|num~1|flag==true|flag!=true|flag==|yes==true|yes!=TRUE|yes~t*|f>0|f==|f~0.5
nullable==9007199254740993|nullable>1|nullable!=1|nullable==|na.k==1.5|na.l.x==3|na==|na.k==
pair==2|pair==|pair!=1|py==i|py==σσ|py~?σ|py<j|py==|span==1|span==|py~*ς*
"""


def test_types_of_pandas():
    for line in PANDAS_FILTERS.strip().splitlines():
        for text in line.split("|"):
            assert_same_rows(ids(where(PANDAS, text)), PANDAS_RECORDS, text)
    assert explain_plan(PANDAS, "nullable>1;py==i;yes==true;f>0").is_whole


def test_what_a_schema_calls_a_map_is_a_list_of_pairs_or_what_it_is():
    frame = pd.DataFrame({"id": [0, 1, 2], "m": [[("k", 1)], [{"k": 1}, 5], {"k": 1}]})
    schema = fl.Schema({"m": {"type": "map"}})
    assert ids(where(frame, "m.k==1", schema)) == [0, 1, 2]
    assert ids(where(frame, "m.k==1")) == [1, 2]


def test_types_of_pyarrow():
    table = pa.table(
        {
            "id": [0, 1],
            "large": pa.array(["Ab", None], pa.large_string()),
            "lists": pa.array([["a", None], []], pa.large_list(pa.string())),
            "half": pa.array(np.array([0.5, np.nan], dtype=np.float16)),
            "wide": pa.array([Decimal("1.5"), None], pa.decimal256(50, 1)),
            "time": pa.array([time(1), None], pa.time64("ns")),
            "pair": pa.array(
                [{"x": 1, "t": "A"}, None], pa.struct([("x", pa.int8()), ("t", pa.utf8())])
            ),
        }
    )
    records = [
        {"large": "Ab", "lists": ["a", None], "half": 0.5, "wide": Decimal("1.5"), "time": time(1),
         "pair": {"x": 1, "t": "A"}},
        {},
    ]  # fmt: skip  # records are read by their lines
    texts = "large==AB|large~a*|lists==a|lists==|half==0.5|half==|wide==1.5|wide>1|time==|pair.x==1"
    for text in [*texts.split("|"), "pair.t==a", "pair.x>=1.5", "pair==", "pair.x!=1", "pair.t~?"]:
        assert_same_rows(ids(where(table, text)), records, text)
    assert explain_plan(table, "pair.t==a;pair.x>0.5").is_whole


def test_of_a_key_that_a_map_has_twice_the_last_counts():
    maps = [[("x", 1), ("x", 5)], [("x", 5), ("y", 1)], [("x", 1), ("x", None)], [], None]
    held = pa.array(maps, pa.map_(pa.string(), pa.int64()))
    lists = pa.ListArray.from_arrays(pa.array(range(6), pa.int32()), held)
    table = pa.table({"id": range(5), "m": held, "l": lists})
    shown = [{"x": 5}, {"x": 5, "y": 1}, {"x": None}, {}, None]
    records = [{"id": at, "m": one, "l": [one]} for at, one in enumerate(shown)]
    for frame in (pl.from_arrow(table), pl.from_arrow(table).lazy(), table):
        for name in ("m.x", "l.x"):
            for rest in ("==5", "==1", "!=1", ">1", "==", "!=", "~5", "!~5"):
                assert_same_rows(ids(where(frame, name + rest)), records, name + rest)


def test_keys_of_a_map_are_found_by_their_texts():
    maps = [[(7, "a"), (-1, "b")], [(7, "b")], [], None]
    held = pa.array(maps, pa.map_(pa.int64(), pa.string()))
    days = pa.array([[(date(2024, 1, 31), [[(True, 1)]])], [], None, []], DAYS)
    table = pa.table({"id": range(4), "m": held, "d": days})
    records = [
        {"m": {"7": "a", "-1": "b"}, "d": {"2024-01-31": [{"true": 1}]}},
        {"m": {"7": "b"}, "d": {}},
        {"m": {}},
        {},
    ]
    assert ids(where(table, "m.7==a")) == ids(where(table, "d.2024-01-31.true==1")) == [0]
    for text in ["m.7==", "m.7!=b", "m.-1==b", "m.7~?", "d.2024-01-31.true!=", "m!="]:
        assert_same_rows(ids(where(table, text)), records, text)
    arrow_backed = table.to_pandas(types_mapper=pd.ArrowDtype)
    assert [*where(arrow_backed, "m.7==a").id] == [0]


DAYS = pa.map_(pa.date32(), pa.list_(pa.map_(pa.bool_(), pa.int64())))


def test_the_bounds_of_integers():
    assert integers(8) == (-128, 127)
    assert integers(16, signed=False) == (0, 65535)


def test_a_record_of_a_frame_may_hold_dates_that_python_has_not():
    frame = pl.DataFrame({"id": [0, 1], "d": pl.Series([10**7, 0]).cast(pl.Date), "f": [1.5, 2.5]})
    assert ids(where(frame, "d>2024-01-01")) == [0]
    assert ids(where(frame, "d<1971-01-01;f~2*")) == [1]
    assert fl.matches("f~1*", {"f": 1.5})
