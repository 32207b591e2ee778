"""What is written of tables, and read again: nothing is lost in silence, and no verdict changes."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterlang.backends.files import FileError, copy, read
from filterlang.backends.files.json_records.lines import read_record
from filterlang.schema.schema import Schema
from tests.support.engines import need

MOMENT = 1_704_103_200_000_000  # 2024-01-01T10:00:00Z
MANY = 1 << 15
"""Of so many records several batches are made."""


def table(pyarrow, path, columns):
    pyarrow.parquet.write_table(pyarrow.table(columns), path)
    return path


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def refusal(*args, **options):
    with pytest.raises(FileError) as raised:
        copy(*args, **options)
    notes = getattr(raised.value, "__notes__", [])
    return str(raised.value).partition("can't be written: ")[2], notes


# --- Times ----------------------------------------------------------------------------------------

ASKED = [
    *("at==2024-01-01T10:00:00Z", "at==2024-01-01T10:00", "at>=1704103200000", "at!=2024-01-01"),
    *("at<2024-01-01T10:00:00.000001", "at~2024-01-01T10:00:00Z", "at~*Z", "at!~*Z", "at=="),
]


@pytest.mark.parametrize("zone", [None, "UTC", "Europe/Berlin"])
@pytest.mark.parametrize("to", ["x.jsonl", "x.csv", "x.parquet", "x.arrow"])
def test_a_time_is_found_again_by_the_same_filters(pyarrow, tmp_path, zone, to):
    times = pyarrow.array([MOMENT, MOMENT + 1, None], pyarrow.timestamp("us", zone))
    path = table(pyarrow, tmp_path / "source.parquet", {"id": [1, 2, 3], "at": times})
    copy([], path, tmp_path / to)
    schema = Schema({"id": "integer", "at": "datetime"})
    for text in ASKED:
        expected = [row["id"] for row in read(path, text)]
        found = [int(row["id"]) for row in read(tmp_path / to, text, schema=schema)]
        assert found == expected, text


def test_times_with_a_zone_have_one_in_python(pyarrow, tmp_path):
    columns = {
        "with": pyarrow.array([MOMENT], pyarrow.timestamp("us", "Europe/Berlin")),
        "without": pyarrow.array([MOMENT], pyarrow.timestamp("us")),
        "nano": pyarrow.array([MOMENT * 1000], pyarrow.timestamp("ns", "+02:00")),
    }
    columns["inside"] = pyarrow.StructArray.from_arrays(list(columns.values()), names=list(columns))
    (row,) = read(table(pyarrow, tmp_path / "x.parquet", columns), [])
    aware = datetime(2024, 1, 1, 10, tzinfo=UTC)
    expected = {"with": aware, "without": aware.replace(tzinfo=None), "nano": aware}
    assert row == expected | {"inside": expected}


def test_a_zone_is_kept_where_values_are_taken_out_of_objects(pyarrow, tmp_path):
    times = pyarrow.array([MOMENT], pyarrow.timestamp("us", "UTC"))
    inside = pyarrow.StructArray.from_arrays([times], names=["at"])
    path = table(pyarrow, tmp_path / "x.parquet", {"at": times, "in": inside})
    copy([], path, tmp_path / "y.parquet", select=["at", "in.at"])
    written = pyarrow.parquet.read_schema(tmp_path / "y.parquet")
    assert [str(field.type) for field in written] == ["timestamp[us, tz=UTC]"] * 2


def test_all_digits_of_times_are_written(pyarrow, tmp_path):
    nano = pyarrow.array([MOMENT * 1000 + 1, MOMENT * 1000 + 100, None, -1], "int64")
    day = pyarrow.array([1, 3_600_000_000_100, None, 5_000_000_000], "int64")
    columns = {
        "n": nano.cast(pyarrow.timestamp("ns")),
        "z": nano.cast(pyarrow.timestamp("ns", "UTC")),
        "t": day.cast(pyarrow.time64("ns")),
        "d": day.cast(pyarrow.duration("ns")),
    }
    columns["s"] = pyarrow.StructArray.from_arrays([columns["n"]], names=["at"])
    columns["l"] = pyarrow.ListArray.from_arrays([0, 1, 1, 2, 3], columns["n"])
    columns["m"] = pyarrow.array(
        [[("k", 1)], [], None, [("k", None)]],
        pyarrow.map_(pyarrow.string(), pyarrow.timestamp("ns")),
    )
    columns["c"] = columns["n"].dictionary_encode()
    path = tmp_path / "x.arrow"
    source = pyarrow.table(columns)
    with pyarrow.ipc.new_file(path, source.schema) as writer:
        writer.write_table(source)
    copy([], path, tmp_path / "x.jsonl")
    first, second = "2024-01-01T10:00:00.000000001Z", "2024-01-01T10:00:00.0000001Z"
    before = "1969-12-31T23:59:59.999999999Z"
    rows = lines(tmp_path / "x.jsonl")
    for name in ("n", "z", "c"):
        assert [row[name] for row in rows] == [first, second, None, before]
    assert [row["t"] for row in rows] == [
        "00:00:00.000000001",
        "01:00:00.0000001",
        None,
        "00:00:05",
    ]
    assert [row["d"] for row in rows] == ["PT0.000000001S", "PT3600.0000001S", None, "PT5S"]
    assert [row["s"] for row in rows] == [{"at": one} for one in (first, second, None, before)]
    assert [row["l"] for row in rows] == [[first], [], [second], [None]]
    assert rows[0]["m"] == {"k": "1970-01-01T00:00:00.000000001Z"}
    assert [row["m"] for row in rows[1:]] == [{}, None, {"k": None}]
    copy([], path, tmp_path / "x.csv")
    with (tmp_path / "x.csv").open() as file:
        cells = list(csv.DictReader(file))
    expected = [first, "00:00:00.000000001", "PT0.000000001S", f'{{"at":"{first}"}}']
    assert [cells[0][name] for name in "ntds"] == expected
    copy([], path, tmp_path / "y.jsonl", select={"x": "s.at"})
    assert [row["x"] for row in lines(tmp_path / "y.jsonl")] == [first, second, None, before]
    copy([], path, tmp_path / "y.arrow", select={"x": "s.at", "n": "n"})
    with pyarrow.ipc.open_file(tmp_path / "y.arrow") as reader:
        assert reader.read_all().column("x").to_numpy()[1] == columns["n"].to_numpy(False)[1]


# --- Numbers --------------------------------------------------------------------------------------


def test_decimals_are_numbers_of_json(pyarrow, tmp_path):
    type_ = pyarrow.decimal128(38, 2)
    money = [Decimal("1.50"), Decimal("-123456789012345678901234567890.12"), None]
    columns = {
        "id": [1, 2, 3],
        "m": pyarrow.array(money, type_),
        "wide": pyarrow.array([Decimal(10) ** 60, None, Decimal(0)], pyarrow.decimal256(70, 9)),
        "l": pyarrow.array([[money[0], None], [], None], pyarrow.list_(type_)),
        "s": pyarrow.array([{"m": one} for one in money], pyarrow.struct([("m", type_)])),
    }
    path = table(pyarrow, tmp_path / "x.parquet", columns)
    copy([], path, tmp_path / "x.jsonl")
    text = (tmp_path / "x.jsonl").read_text()
    big = f"1{'0' * 60}.000000000"
    assert text == (
        f'{{"id":1,"m":1.50,"wide":{big},"l":[1.50,null],"s":{{"m":1.50}}}}\n'
        '{"id":2,"m":-123456789012345678901234567890.12,"wide":null,"l":[],'
        '"s":{"m":-123456789012345678901234567890.12}}\n'
        '{"id":3,"m":null,"wide":0.000000000,"l":null,"s":{"m":null}}\n'
    )
    copy([], path, tmp_path / "x.json", select={"in": "s.m", "l": "l"})
    assert (tmp_path / "x.json").read_text().splitlines()[1] == '{"in":1.50,"l":[1.50,null]},'
    copy([], path, tmp_path / "x.csv", select=["l"])
    assert (tmp_path / "x.csv").read_text().splitlines()[1] == '"[1.50,null]"'
    for filters in ("m>=1.5", "m==1.5", "s.m<0", "l==1.5", "wide>1", "m!=1.5"):
        expected = [row["id"] for row in read(path, filters)]
        assert [row["id"] for row in read(tmp_path / "x.jsonl", filters)] == expected, filters


@pytest.mark.parametrize(
    ("types", "values", "type_", "held"),
    [
        (("int64", "double"), ([1, 2], [1.5, 2.0]), "double", [1.0, 2.0, 1.5, 2.0]),
        (("double", "int64"), ([1.5, None], [1, 2]), "double", [1.5, None, 1.0, 2.0]),
        (("int32", "int64"), ([1], [2**40]), "int64", [1, 2**40]),
        (
            ("uint64", "int64"),
            ([2**64 - 1], [-1]),
            "decimal128(20, 0)",
            [Decimal(2**64 - 1), Decimal(-1)],
        ),
        (("float", "double"), ([1.5, float("nan")], [0.1]), "double", [1.5, float("nan"), 0.1]),
        (("null", "string"), ([None], ["x"]), "string", [None, "x"]),
        (("string", "large_string"), (["a"], ["b"]), "large_string", ["a", "b"]),
    ],
)
def test_shards_of_one_table_are_widened(pyarrow, tmp_path, types, values, type_, held):
    parts = []
    for number, (name, column) in enumerate(zip(types, values, strict=True)):
        columns = {"x": pyarrow.array(column, pyarrow.type_for_alias(name))}
        parts.append(table(pyarrow, tmp_path / f"{number}.parquet", columns))
    for to in ("y.parquet", "y.arrow"):
        copy([], parts, tmp_path / to)
        found = [row["x"] for row in read(tmp_path / to, [])]
        assert list(map(repr, found)) == list(map(repr, held))
    assert str(pyarrow.parquet.read_schema(tmp_path / "y.parquet").field("x").type) == type_


def test_shards_hold_the_columns_of_all(pyarrow, tmp_path):
    first = table(pyarrow, tmp_path / "1.parquet", {"a": [1], "b": ["x"]})
    second = table(pyarrow, tmp_path / "2.parquet", {"c": [True], "a": [2]})
    copy([], [first, second], tmp_path / "y.parquet")
    assert list(read(tmp_path / "y.parquet", [])) == [
        {"a": 1, "b": "x", "c": None},
        {"a": 2, "b": None, "c": True},
    ]


@pytest.mark.parametrize(
    ("first", "second", "types"),
    [
        ([1], ["x"], "string, but of type int64"),
        ([Decimal("1.5")], [1.5], "double, but of type decimal128(2, 1)"),
        ([True], [1], "int64, but of type bool"),
        ([[1]], [["x"]], "list<element: string>, but of type list<element: int64>"),
    ],
)
def test_shards_that_do_not_go_together(pyarrow, tmp_path, first, second, types):
    parts = [
        table(pyarrow, tmp_path / f"{number}.parquet", {"x": values})
        for number, values in enumerate((first, second))
    ]
    assert refusal([], parts, tmp_path / "y.parquet")[0] == (
        f"the column 'x' is of type {types} before; write one file for each, or JSON Lines"
    )


def test_an_integer_that_no_double_holds_is_not_rounded(pyarrow, tmp_path):
    wide = 2**53 + 1
    parts = [
        table(pyarrow, tmp_path / "1.parquet", {"x": [1.5]}),
        table(pyarrow, tmp_path / "2.parquet", {"x": [1, wide]}),
    ]
    assert refusal([], parts, tmp_path / "y.parquet")[0] == (
        f"the values of 'x' have no common type (the number '{wide}' beside double); "
        "write one file for each, or JSON Lines"
    )


def write_late(path, before, late):
    first = json.dumps({"v": before, "padding": "-" * 30})
    path.write_text(f"{first}\n" * MANY + json.dumps({"v": late}) + "\n")


@pytest.mark.parametrize("to", ["y.parquet", "y.arrow"])
@pytest.mark.parametrize(
    ("before", "late", "found"),
    [
        (1, 1.5, "the number '1.5'"),
        (1, "x", "the text 'x'"),
        (1, True, "true"),
        ({"a": 1}, {"a": 1.5}, "an object"),
        ({"a": 1}, {"a": 1.5, "b": 2}, "an object"),
        ([1], [1, 2.5], "a list"),
        (1.5, 2**53 + 1, "the number '9007199254740993'"),
    ],
)
def test_no_late_value_of_json_is_changed(pyarrow, tmp_path, before, late, found, to):
    path = tmp_path / "x.jsonl"
    write_late(path, before, late)
    type_ = pyarrow.array([before]).type
    message, notes = refusal([], path, tmp_path / to)
    assert message == (
        f"the values of 'v' have no common type ({found} beside {type_}); "
        "leave it out with --select, or write JSON Lines"
    )
    assert notes == [f"the first one stands in {path}:{MANY + 1}"]


def test_a_late_integer_beyond_64_bits_is_told_with_its_place(pyarrow, tmp_path):
    path = tmp_path / "x.jsonl"
    write_late(path, 1, 2**63)
    message, notes = refusal([], path, tmp_path / "y.parquet")
    assert message == (
        f"the number '{2**63}' in 'v' has digits for which there is no place among the integers of "
        "64 bits that were written before; leave it out with --select, or write JSON Lines"
    )
    assert notes == [f"the first one stands in {path}:{MANY + 1}"]


@pytest.mark.parametrize(
    ("before", "late"), [(1, 2.0), (1.5, 3), ({"a": 1, "b": None}, {"a": 2.0}), ([1.5], [1])]
)
def test_late_values_that_have_a_place_are_written(pyarrow, tmp_path, before, late):
    path = tmp_path / "x.jsonl"
    write_late(path, before, late)
    copy([], path, tmp_path / "y.parquet")
    *_, last = read(tmp_path / "y.parquet", [])
    assert last["v"] == (late | {"b": None} if isinstance(late, dict) else late)


def test_integers_beyond_64_bits_are_decimals(pyarrow, tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_text('{"a":1,"b":{"c":1}}\n{"a":18446744073709551616,"b":null}\n')
    copy([], path, tmp_path / "y.parquet")
    assert [row["a"] for row in read(tmp_path / "y.parquet", "a>1")] == [2**64]
    path.write_text('{"a":1.5}\n{"a":18446744073709551616}\n')
    message, notes = refusal([], path, tmp_path / "y.parquet")
    assert message == (
        "the values of 'a' have no common type (the number '18446744073709551616' of more than "
        "64 bits beside double); leave it out with --select, or write JSON Lines"
    )
    assert notes == [f"the first one stands in {path}:2"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"a":1}\n{"a":{"b":1}}\n', "an object beside int64"),
        ('{"a":"x"}\n{"a":[1]}\n', "a list beside string"),
        ('{"a":[1]}\n{"a":["x"]}\n', "a list beside list<item: int64>"),
        ('{"a":null}\n{"a":true}\n{"a":1}\n', "the number '1' beside bool"),
        ('{"a":{"b":1}}\n{"a":{"b":1267650600228229401496703205376}}\n',
         "an object with the number '1267650600228229401496703205376' of more than 64 bits beside"),
    ],
)  # fmt: skip
def test_what_has_no_common_type_is_told_with_its_place(pyarrow, tmp_path, text, found):
    path = tmp_path / "x.jsonl"
    path.write_text(text)
    message, notes = refusal([], path, tmp_path / "y.parquet")
    assert message.startswith(f"the values of 'a' have no common type ({found}")
    number = text.count("\n")
    assert notes == [f"the first one stands in {path}:{number}"]


def test_a_late_cell_is_told_as_a_text(pyarrow, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("a\n" + "1\n" * 1000 + "x\n")
    message, notes = refusal("a!=9", path, tmp_path / "y.parquet")
    assert message == (
        "the values of 'a' have no common type (the text 'x' beside int64); leave it out with "
        "--select, say --text (in Python text=True) to write all cells as text, or write JSON Lines"
    )
    assert notes == [f"the first one stands in {path}:1002"]


def test_what_comes_through_a_pipe_is_counted(pyarrow, tmp_path, monkeypatch):
    text = '{"a":1}\n' * 3 + '{"a":"x"}\n'
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    notes = refusal("a!=5", "-", tmp_path / "y.parquet")[1]
    assert notes == ["it stands in record 4 of those that are to be written"]


def test_rows_and_tables_go_together(pyarrow, tmp_path):
    (tmp_path / "1.jsonl").write_text('{"a":1}\n')
    second = table(pyarrow, tmp_path / "2.parquet", {"a": [1.5], "b": ["x"]})
    copy([], [tmp_path / "1.jsonl", second], tmp_path / "y.parquet")
    assert list(read(tmp_path / "y.parquet", [])) == [{"a": 1, "b": None}, {"a": 1.5, "b": "x"}]


def test_nanoseconds_before_1970_are_cut_towards_the_past_everywhere(pyarrow, tmp_path):
    nano = pyarrow.array([-1, None, 999], "int64").cast(pyarrow.timestamp("ns", "UTC"))
    offsets = pyarrow.array([0, 1, 2, 3], "int32")
    names = pyarrow.array(["k"] * 3)
    columns = {
        "plain": nano,
        "category": nano.dictionary_encode(),
        "struct": pyarrow.StructArray.from_arrays([nano], names=["k"]),
        "list": pyarrow.ListArray.from_arrays(offsets, nano),
        "fixed": pyarrow.FixedSizeListArray.from_arrays(nano, 1),
        "map": pyarrow.MapArray.from_arrays(offsets, names, nano),
    }
    batch = pyarrow.record_batch(columns | {"id": [1, 2, 3]})
    with pyarrow.ipc.new_file(tmp_path / "x.arrow", batch.schema) as writer:
        writer.write_batch(batch)
        writer.write_batch(batch.slice(1))
    for name in ("plain", "category", "struct.k", "list", "fixed", "map.k"):
        for text, ids in (("<0", [1]), (">=0", [3, 3]), ("==", [2, 2]), ("~*.999999Z", [1])):
            found = [row["id"] for row in read(tmp_path / "x.arrow", f"{name}{text}")]
            assert found == ids, f"{name}{text}"
    (first, *_) = read(tmp_path / "x.arrow", [])
    before = datetime(1969, 12, 31, 23, 59, 59, 999999, UTC)
    assert first["map"] == first["struct"] == {"k": before}
    assert first["list"] == first["fixed"] == [first["category"]] == [first["plain"]] == [before]


def test_categories_of_several_tables_are_written(pyarrow, tmp_path):
    parts = [
        table(pyarrow, tmp_path / f"{number}.parquet", {"x": column})
        for number, column in enumerate(
            (
                pyarrow.array(["a", "b"]).dictionary_encode(),
                pyarrow.array([None, "c"]).dictionary_encode(),
                pyarrow.array(["d"]),
            )
        )
    ]
    (tmp_path / "x.jsonl").write_text('{"x":"e"}\n')
    for to in ("y.arrow", "y.parquet"):
        copy([], [*parts, tmp_path / "x.jsonl"], tmp_path / to)
        assert [row["x"] for row in read(tmp_path / to, [])] == ["a", "b", None, "c", "d", "e"]


@pytest.mark.parametrize("place", ["plain", "struct", "list", "large", "fixed", "deep"])
def test_categories_of_the_parts_of_a_table_are_written(pyarrow, tmp_path, place):
    words = pyarrow.array([*"abacdd", None, "e"])
    column, offsets = words.dictionary_encode(), pyarrow.array([*range(9)], "int64")
    listed = pyarrow.ListArray.from_arrays(offsets.cast("int32"), column)
    column = {
        "plain": column,
        "struct": pyarrow.StructArray.from_arrays([column], names=["k"]),
        "list": listed,
        "large": pyarrow.LargeListArray.from_arrays(offsets, column),
        "fixed": pyarrow.FixedSizeListArray.from_arrays(column, 1),
        "deep": pyarrow.StructArray.from_arrays([listed], names=["k"]),
    }[place]
    source = tmp_path / "x.parquet"
    rows = pyarrow.table({"x": column, "id": [*range(8)]})
    pyarrow.parquet.write_table(rows, source, row_group_size=3)
    stream = tmp_path / "x.arrow"
    with pyarrow.ipc.new_stream(stream, rows.schema) as writer:
        writer.write_table(rows)
    for filter_ in ("id>=0", "id!=3", "id==9"):
        for to in ("y.arrow", "y.parquet"):
            copy(filter_, source, tmp_path / to)
            found = list(read(source, filter_))
            assert list(read(tmp_path / to, [])) == found
            copy(filter_, [source, stream], tmp_path / to)
            assert list(read(tmp_path / to, [])) == found * 2
    schemas = set()
    for filter_ in ("id>=0", "id==9"):
        copy(filter_, source, tmp_path / "y.arrow")
        schemas.add(pyarrow.ipc.open_file(tmp_path / "y.arrow").schema)
    assert len(schemas) == 1
    copy("id>=3", stream, tmp_path / "y.arrow")
    assert pyarrow.ipc.open_file(tmp_path / "y.arrow").schema == rows.schema


def test_categories_beside_integers_of_128_bits_are_written(pyarrow, tmp_path):
    polars = need("polars", "files")
    columns = {
        "x": polars.Series(["a", "b"], dtype=polars.Categorical),
        "wide": polars.Series([2**100, None], dtype=polars.Int128),
    }
    polars.DataFrame(columns).write_parquet(tmp_path / "x.parquet")
    for to in ("y.arrow", "y.parquet"):
        copy([], tmp_path / "x.parquet", tmp_path / to)
        assert [row["x"] for row in read(tmp_path / to, "x!=b")] == ["a"]


@pytest.mark.parametrize(
    ("units", "values", "found"),
    [
        (("s", "ns"), (2**53, 1), "the time '1970-01-01T00:00:00.000000001Z' beside timestamp[ms]"),
        (("ns", "s"), (1, 2**34), "the time '2514-05-30T01:53:04' beside timestamp[ns]"),
    ],
)
def test_times_that_no_unit_holds_together(pyarrow, tmp_path, units, values, found):
    parts = [
        table(
            pyarrow,
            tmp_path / f"{number}.parquet",
            {"x": pyarrow.array([value], pyarrow.timestamp(unit))},
        )
        for number, (unit, value) in enumerate(zip(units, values, strict=True))
    ]
    message, notes = refusal([], parts, tmp_path / "y.parquet")
    assert message == (
        f"the values of 'x' have no common type ({found}); write one file for each, or JSON Lines"
    )
    assert notes == [f"the first one stands in {parts[1]}:1"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"a":[{"b":[1,18446744073709551616]}]}\n', "a list with the number"),
        ('{"a":18446744073709551616}\n{"a":1.5}\n', "the number"),
    ],
)
def test_integers_beyond_64_bits_that_have_no_place_are_named(pyarrow, tmp_path, text, found):
    path = tmp_path / "x.jsonl"
    path.write_text(text)
    message, notes = refusal([], path, tmp_path / "y.parquet")
    assert message == (
        f"the values of 'a' have no type in which they can be written ({found} "
        "'18446744073709551616' of more than 64 bits); leave it out with --select, or write JSON "
        "Lines"
    )
    assert notes == [f"the first one stands in {path}:1"]


@pytest.mark.parametrize("ending", ["csv", "tsv"])
def test_half_a_character_has_no_place_among_cells(ending, tmp_path):
    """Six others came in its place; within JSON in a cell it is an escape, as before."""
    path, to = tmp_path / "x.jsonl", tmp_path / f"y.{ending}"
    lines = ['{"a":"é","b":["\\ud800"]}', '{"a":"x\\ud800y","b":[]}', '{"a":"z","b":[]}']
    path.write_text("\n".join(lines), encoding="utf-8")
    for name, select in (("a", None), ("c", {"c": "a"})):
        with pytest.raises(FileError) as raised:
            copy([], path, to, select=select)
        assert str(raised.value) == (
            f"{to}: can't be written: 'x\\ud800y' under '{name}' holds half a character, which has "
            "no place here; leave it out with --select (in Python select=), or write JSON Lines"
        )
        assert raised.value.__notes__ == [f"the first one stands in {path}:2"]
        assert not to.exists()
    copy([], path, to, select=["b"])
    assert list(read(to, "b~*ud800*")) == [{"b": '["\\ud800"]'}]
    path.write_text('{"\\ud800":1}')
    with pytest.raises(FileError) as raised:
        copy([], path, to)
    assert str(raised.value) == (
        f"{to}: can't be written: the name '<U+D800>' holds half a character, which has no place "
        "here; say with --select (in Python select=) which columns there are to be, or write JSON "
        "Lines"
    )


NUMBERS = [
    "12345678901234567.89",
    "0.12345678901234567890123",
    "-0.10000000000000001",
    "1234567890.123456789",
    "1.1",
    "123456789012345678901234567890",
    "1e400",
    "1e999999999",
]


@pytest.mark.parametrize("ending", ["jsonl", "json", "csv"])
def test_digits_of_numbers_of_json_are_kept_where_records_are_written_anew(ending, tmp_path):
    """Filters see doubles; 1e400 is none, and is written as other infinities are."""
    path, to = tmp_path / "x.jsonl", tmp_path / f"y.{ending}"
    path.write_text("".join(f'{{"p":{one},"q":[{{"r":{one}}}]}}\n' for one in NUMBERS))
    copy([], path, to, select={"n": "p"}, remark=lambda _: None)
    text = to.read_text()
    infinite = "Infinity" if ending == "csv" else "null"
    expected = [infinite if "e" in one else one for one in NUMBERS]
    if ending == "csv":
        assert text == "\n".join(["n", *expected, ""])
    else:
        assert re.findall(r'\{"n":(.*)\}', text) == expected
    copy([], path, to, select=["q"], remark=lambda _: None)
    assert all(one in to.read_text() for one in NUMBERS if "e" not in one)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_doubles_of_json_are_written_as_python_writes_them(number):
    for text in (repr(number), f"{number:.17g}", f"{number:.25e}"):
        (read_in_full,) = read_record(f'{{"p":{text}}}'.encode(), in_full=True).values()
        assert float(read_in_full) == number
        assert isinstance(read_in_full, Decimal) <= (Decimal(repr(number)) != Decimal(text))
