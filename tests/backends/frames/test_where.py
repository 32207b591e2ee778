"""What `where`, `to_polars` and `explain_plan` take, give and refuse."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime

import narwhals as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import filterlang as fl
from filterlang import Schema, SchemaError, UnsupportedError
from filterlang.backends.frames import Outcome, PlanPart, explain_plan, to_polars, where
from filterlang.testing import assert_same_rows
from tests.backends.frames.engines import CONNECTION, ENGINES, ids

TABLE = pa.table(
    {
        "id": [0, 1, 2],
        "name": ["Ada", "BOB", None],
        "score": [7.5, None, 10.0],
        "visits": [
            [{"page": "home", "days": 1.5}, {"page": "faq", "days": 3.0}],
            [],
            [{"page": "FAQ", "days": 1.5}],
        ],
    }
)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_frame_of_the_same_kind_comes_back(engine):
    frame = ENGINES[engine](TABLE)
    for filters in ("name==ada", [], "score~7*;name==ada", "nowhere==1", fl.parse("name~a*")):
        lazy = engine in {"lazy polars", "DuckDB"}
        found = where(frame, filters, superset=lazy, strict=False)
        assert type(found) is type(frame)
    assert ids(where(frame, ["name==ada", "name==bob"])) == [0, 1]
    assert ids(where(frame, "nowhere==1", strict=False)) == []
    assert ids(where(frame, [])) == [0, 1, 2]


def test_a_frame_of_narwhals_comes_back_as_one():
    frame = nw.from_native(pl.from_arrow(TABLE))
    assert isinstance(where(frame, "name==ada"), nw.DataFrame)
    assert isinstance(where(frame, "score~7*"), nw.DataFrame)
    assert isinstance(where(frame.lazy(), "nowhere==", strict=False), nw.LazyFrame)


def test_the_index_of_pandas_stays():
    frame = pd.DataFrame({"name": ["Ada", "Bob", "Adam"], "at": [[1], [2], [3]]}, index=[5, 7, 9])
    assert where(frame, "name~ada*").index.tolist() == [5, 9]
    assert where(frame, "name~ada*;at!=1").index.tolist() == [9]


def test_a_lazy_frame_refuses_what_its_engine_cannot_say():
    frame = pl.from_arrow(TABLE).lazy()
    with pytest.raises(UnsupportedError) as caught:
        where(frame, ["name==ada", "visits.page==faq;name==ada;visits.days~1*"])
    assert str(caught.value) == (
        "error[FL221]: polars can't say exactly 'visits.page==faq' and 'visits.days~1*': polars"
        " writes floating point numbers in its own way\n"
        " --> filter 2, column 1\n"
        "  |\n"
        "  | visits.page==faq;name==ada;visits.days~1*\n"
        "  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "hint: select a superset, and check its rows with the matcher"
    )
    text = "visits.page==faq;visits.days~1*"
    assert ids(where(frame, text, superset=True)) == [0, 1, 2]
    assert ids(where(frame.collect(), text)) == [2]


def test_with_superset_nothing_is_checked_again():
    frame = pl.from_arrow(TABLE)
    assert ids(where(frame, "name!=bob;score~1*")) == [2]
    assert ids(where(frame, "name!=bob;score~1*", superset=True)) == [0, 2]


def test_an_unknown_name_is_an_error_or_missing_if_not_strict():
    frame = pl.from_arrow(TABLE)
    assert ids(where(frame, "nmae!=ada", strict=False)) == [0, 1, 2]
    with pytest.raises(SchemaError) as caught:
        where(frame, ["nmae==ada;score>1", "location.city==Bonn"])
    assert str(caught.value) == (
        "error[FL501]: unknown name 'nmae'\n"
        " --> filter 1, column 1\n"
        "  |\n"
        "  | nmae==ada;score>1\n"
        "  | ^^^^^^^^^\n"
        "hint: did you mean 'name'?\n"
        "\n"
        "error[FL501]: unknown name 'location.city'\n"
        " --> filter 2, column 1\n"
        "  |\n"
        "  | location.city==Bonn\n"
        "  | ^^^^^^^^^^^^^^^^^^^\n"
        "hint: the names are 'id', 'name', 'score', 'visits'"
    )
    assert ids(where(frame, "name==ada;visits.page==home")) == [0]
    with pytest.raises(SchemaError):
        explain_plan(frame, "nmae==ada")
    with pytest.raises(SchemaError):
        to_polars("nmae==ada", frame)
    with pytest.raises(SchemaError, match="the names are none"):
        where(pl.DataFrame(), "a==1")


def test_two_columns_of_one_name_are_refused():
    for frame in (
        pa.table([[1], [2]], ["a", "a"]),
        pd.DataFrame([[1, 2]], columns=["a", "a"]),
    ):
        with pytest.raises(ValueError, match="'a'"):
            where(frame, "a==1")


def test_the_columns_of_an_expression_are_a_schema_a_mapping_or_a_frame():
    frame = pl.from_arrow(TABLE)
    expected = [True, False, False]
    for columns in (frame, frame.lazy(), frame.schema, {"name": pl.String}, {"name": pl.String()}):
        assert frame.select(to_polars("name==ada", columns)).to_series().to_list() == expected
    with pytest.raises(UnsupportedError, match="floating point"):
        to_polars("score~7*", frame)
    superset = to_polars("score~7*;name!=ada", frame, superset=True)
    assert ids(frame.filter(superset)) == [1, 2]
    assert frame.select(to_polars("nowhere==1", frame, strict=False)).to_series().to_list() == [
        False
    ]


SCHEMA = Schema(
    {
        "seen": "datetime",
        "ratio": "datetime",
        "price": "datetime",
        "code": "integer",
        "zip": "text",
        "name": "text",
        "plan": {"type": "enum", "values": ["gold", "free"]},
        "attrs": {"type": "map"},
    },
    aliases={"called": "name"},
)
TYPED = pa.table(
    {
        "id": [0, 1, 2],
        "seen": pa.array([1706659200000, 10**18, None]),
        "ratio": [1706659200000.0, 2.0, None],
        "price": pa.array([1706659200000, 1, None]).cast(pa.decimal128(20, 1)),
        "code": ["007", "x", ""],
        "zip": [12345, 54321, None],
        "name": ["Ada", "Bob", None],
        "plan": ["Gold", None, "free"],
        "attrs": pa.array([[("a", "x")], [], None], pa.map_(pa.string(), pa.string())),
    }
)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_schema_types_values_and_resolves_aliases(engine):
    frame = ENGINES[engine](TYPED)
    records = TYPED.to_pylist(maps_as_pydicts="strict")
    pushed = [
        "seen==2024-01-31", "seen>2024", "seen!=2024-01-31", "seen<1970-01-02", "seen==x", "seen==",
        "seen>99999999999999999", "seen>=1706659200000", "zip~123*", "zip==12345", "zip>2", "zip!=",
        "called==ada", "plan==gold", "plan!=", "plan>free", "attrs.a==x", "attrs==", "code==7",
        "code==007", "code==", "code>6.5", "code<=7", "code~0*", "code!=x", "code~*",
    ]  # fmt: skip  # a list of texts
    left = [
        "ratio==2024-01-31", "price==2024-01-31", "seen~2024*", "code<1e18", "code>=-1e999999999",
        "code==1e9999999999999999999999", "code>1e9999999999999999999999",
    ]  # fmt: skip  # a list of texts
    for text in pushed + left:
        whole = explain_plan(frame, text, SCHEMA).is_whole
        if engine in {"polars", "lazy polars", "DuckDB", "pyarrow"}:
            assert whole is (text in pushed), text
        if whole or engine not in {"lazy polars", "DuckDB"}:
            assert_same_rows(ids(where(frame, text, SCHEMA)), records, text, SCHEMA)


@pytest.mark.parametrize("engine", ENGINES)
def test_dates_are_dates_also_by_a_schema(engine):
    moments = [datetime(2024, 1, 31, 12, tzinfo=UTC), None]
    table = pa.table(
        {
            "id": [0, 1],
            "day": pa.array([date(2024, 1, 31), None]),
            "at": pa.array(moments, pa.timestamp("us", "UTC")),
        }
    )
    frame = ENGINES[engine](table)
    schema = Schema({"day": "datetime", "at": "datetime"})
    for text in ("day==2024-01-31", "day<2024-01-31", "at==2024-01-31T12:00", "at>=1706702400000"):
        found = ids(where(frame, text, schema))
        assert found == ([] if "<" in text else [0])
    if engine not in {"pandas", "pandas on Arrow", "dask"}:
        assert explain_plan(frame, "day~2024*;at~*12:00:00z", schema).is_whole


def test_why_a_schema_keeps_clauses_from_being_pushed_down():
    frame = pl.from_arrow(TYPED)
    reasons = {
        text: explain_plan(frame, text, SCHEMA).parts[0].reason
        for text in ("ratio>2024", "price>2024", "code==1e18", "seen~2024*")
    }
    assert reasons == {
        "ratio>2024": "the schema says datetime, and the column holds numbers with fractions",
        "price>2024": "the schema says datetime, and the column holds numbers with fractions",
        "code==1e18": "its number has too many digits",
        "seen~2024*": "it is a pattern for dates that are held as integers",
    }


def test_a_plan_is_data_and_a_table():
    frame = pl.from_arrow(TABLE)
    filters = ["score~7*;name==ada;nowhere!=1", "visits.page==faq;score>5;visits.days~1*"]
    plan = explain_plan(frame, filters, strict=False)
    assert plan.engine == "polars"
    assert not plan.is_whole
    first, second = fl.parse(filters)
    own_way = "polars writes floating point numbers in its own way"
    assert plan.parts == (
        PlanPart(0, (first.clauses[0],), Outcome.CHECKED, own_way),
        PlanPart(0, (first.clauses[1],), Outcome.PUSHED),
        PlanPart(0, (first.clauses[2],), Outcome.FOLDED, "always: there is no column 'nowhere'"),
        PlanPart(1, (second.clauses[0], second.clauses[2]), Outcome.CHECKED, own_way),
        PlanPart(1, (second.clauses[1],), Outcome.PUSHED),
    )
    assert str(plan) == (
        "polars\n"
        "filter 1\n"
        "  checked again  score~7*  (polars writes floating point numbers in its own way)\n"
        "  pushed down    name==ada\n"
        "  folded         nowhere!=1  (always: there is no column 'nowhere')\n"
        "filter 2\n"
        "  checked again  visits.page==faq;visits.days~1*  (polars writes floating point numbers in"
        " its own way)\n"
        "  pushed down    score>5"
    )
    assert explain_plan(frame, "name==ada;score>5").is_whole


def test_the_plan_of_a_parquet_file_has_the_filters(tmp_path):
    path = tmp_path / "users.parquet"
    pl.from_arrow(TABLE).write_parquet(path)
    plan = where(pl.scan_parquet(path), "score>5;name==ab").explain()
    assert "Parquet SCAN" in plan
    assert "SELECTION:" in plan
    assert '(col("score") > 5.0)' in plan
    assert "FILTER" not in plan
    plan = where(CONNECTION.read_parquet(str(path)), "score>=8;id==1").explain()
    assert "score >= 8.0" in plan
    assert "id = 1" in plan


def test_long_texts_are_looked_for_by_folding_and_long_patterns_by_the_matcher():
    long = "İ" + "x" * 500
    table = pa.table({"id": [0, 1, 2], "name": [long, "a" + long.lower(), None]})
    for engine in ("lazy polars", "DuckDB"):
        frame = ENGINES[engine](table)
        for text, wanted in {
            f"name==i{'X' * 500}": [0],
            f"name!=i{'X' * 500}": [1, 2],
            f"name~i{'X' * 500}*": [0],
            f"name~*{'x' * 500}": [0, 1],
            f"name~*a*{'x' * 500}": None,
            f"name~*i{'x' * 450}*": [0],
            f"name~?{'x' * 500}": None,
        }.items():
            if wanted is None:
                reason = "it is a pattern of more than 400 characters"
                assert explain_plan(frame, text).parts[0].reason == reason
            else:
                assert ids(where(frame, text)) == wanted, (engine, text)
    assert ids(where(ENGINES["polars"](table), f"name~?{'x' * 500}")) == [0]


NAMES = [
    *(
        "*",
        "^a$",
        "^.*$",
        'a"b',
        "a'b",
        "a b",
        "`x`",
        "select",
        "element_0",
        "{x}",
        "%s",
        "$1",
        ":x",
    ),
    *("?", "a/b", "😀", "A", "(a)", "@x", "x#y", "[0]", "_", "--"),
]


@pytest.mark.sampled(2)
@pytest.mark.parametrize("engine", ENGINES)
def test_names_mean_nothing_to_engines(engine):
    texts = {name: ["x", "Y", None] for name in NAMES}
    numbers = [dict.fromkeys(NAMES, index) for index in range(3)]
    table = pa.table({"id": [0, 1, 2], **texts, "s": numbers, "l": [[one] for one in numbers]})
    frame = ENGINES[engine](table)
    refused = set()
    for name in NAMES:
        for text, wanted in {
            f"{name}==y": [1],
            f"{name}!=y": [0, 2],
            f"s.{name}==1": [1],
            f"l.{name}>1": [2],
        }.items():
            try:
                assert ids(where(frame, text)) == wanted, text
            except UnsupportedError as error:
                refused.add(str(error).splitlines()[0])
    refusal = "error[FL221]: {0} can't say exactly '{1}': {0} would take the name '{2}' {3}"
    expected = {
        "lazy polars": {
            refusal.format("polars", text.format(name), name, "of a field for a pattern")
            for name in ("*", "^a$", "^.*$")
            for text in ("s.{}==1", "l.{}>1")
        },
        "DuckDB": {
            refusal.format("DuckDB", text, "*", "for all columns") for text in ("*==y", "*!=y")
        },
    }
    assert refused == expected.get(engine, set())


def test_columns_whose_names_are_no_texts_are_left_alone():
    frame = pd.DataFrame({1: [1, 2], "a": ["x", "y"]})
    assert where(frame, "a==X")[1].tolist() == [1]
    with pytest.raises(ValueError, match="the column 1 has a name that is no text; rename it"):
        where(frame, "1==1")
    with pytest.raises(SchemaError, match="the names are 'a'"):
        where(frame, "zzz==1")


@pytest.mark.parametrize("frame", [pl.DataFrame(), pl.DataFrame({"a": []}), pd.DataFrame()])
def test_frames_without_rows(frame):
    for text in ("a==x", "a!=x", "a~*x", "b=="):
        assert len(where(frame, text, strict=False)) == 0


@pytest.mark.sampled(2)
@pytest.mark.parametrize("engine", ENGINES)
def test_many_filters_and_clauses_are_no_deep_expression(engine):
    frame = ENGINES[engine](pa.table({"id": [0, 1, 2]}))
    assert ids(where(frame, [f"id=={number * 2}" for number in range(300)])) == [0, 2]
    assert ids(where(frame, ";".join(f"id!={number * 2}" for number in range(300)))) == [1]


def test_lazy_polars_takes_thousands_of_clauses_in_time_of_their_number():
    frame = pl.LazyFrame({"id": [0, 1, 2], "name": ["ada", "bob", None]})

    def seconds(count):
        text = ";".join(f"id!={number * 2};name!~*{number}" for number in range(count))
        kept = where(frame, text)
        took = []
        for _ in range(3):
            started = time.perf_counter()
            found = kept.collect()
            took.append(time.perf_counter() - started)
            assert found["id"].to_list() == [1]
        return min(took)

    # It was thirty times the time for four times the clauses.
    assert seconds(1000) < 12 * seconds(250)


def test_many_clauses_of_an_element_and_of_no_rows():
    frame = pl.LazyFrame({"visits": [[{"page": "a"}, {"page": "b"}], [{"page": "b"}], []]})
    many = ";".join(f"visits.page!={number}" for number in range(40))
    kept = where(frame, f"{many};visits.page==a").collect()
    assert kept["visits"].to_list() == [[{"page": "a"}, {"page": "b"}]]
    assert where(frame.head(0), f"{many};visits.page==a").collect().height == 0
    assert where(frame.head(0), ";".join(["visits.page==b"] * 40)).collect().height == 0
