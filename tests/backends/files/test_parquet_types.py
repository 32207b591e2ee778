"""What Parquet lacks of Arrow's types is written by others with the same values, or named."""

from __future__ import annotations

import pytest

from filterlang.backends.files.tables.parquet_types import held_by_parquet
from filterlang.backends.files.typed_texts.texts import ValueFormatError
from tests.support.engines import need

pa = need("pyarrow", "files")
CATEGORY = pa.dictionary(pa.uint32(), pa.string_view())
UNION = pa.sparse_union([pa.field("a", pa.int64())])


def category():
    """What polars writes into Arrow files for a categorical column."""
    return pa.DictionaryArray.from_arrays(
        pa.array([0, None], pa.uint32()), pa.array(["x"], pa.string_view())
    )


def runs(values):
    return pa.RunEndEncodedArray.from_arrays(pa.array([1, 2], pa.int32()), values)


@pytest.mark.parametrize(
    ("array", "type_"),
    [
        (category(), pa.string_view()),
        (runs(pa.array([1, None])), pa.int64()),
        (runs(pa.array(["x", None], pa.string_view())), pa.string_view()),
        (runs(pa.array([1, None], pa.timestamp("ns"))), pa.timestamp("ns")),
        (pa.ListArray.from_arrays([0, 1, 2], category()), pa.list_(pa.string_view())),
        (pa.LargeListArray.from_arrays([0, 1, 2], category()), pa.list_(pa.string_view())),
        (
            pa.StructArray.from_arrays([category()], ["c"]),
            pa.struct([("c", pa.large_string())]),
        ),
        (
            pa.MapArray.from_arrays([0, 1, 2], pa.array(["a", "b"]), category()),
            pa.map_(pa.string(), pa.string_view()),
        ),
        (pa.array(["a", "b"]).dictionary_encode(), pa.dictionary(pa.int32(), pa.string())),
        (pa.array([[1], None]), pa.list_(pa.int64())),
        (pa.array([[("a", 1)], None], pa.map_(pa.string(), pa.int64())), None),
        (pa.array([{"a": 1}, None]), None),
        (pa.array([1, None]), None),
    ],
)
def test_other_types_hold_the_same(array, type_):
    batch = pa.record_batch({"n": [1, 2], "c": array})
    held = held_by_parquet(batch)
    assert held.schema.field("c").type == (array.type if type_ is None else type_)
    values = array.to_pylist()
    if pa.types.is_timestamp(pa.array([], held["c"].type).type):
        assert held["c"].cast(pa.int64()).to_pylist() == [1, None]
    elif pa.types.is_map(array.type):
        assert [one and [*one] for one in held["c"].to_pylist()] == values
    else:
        assert held["c"].to_pylist() == values


@pytest.mark.parametrize(
    "type_",
    [
        UNION,
        pa.month_day_nano_interval(),
        pa.list_(UNION),
        pa.map_(pa.string(), UNION),
        pa.struct([("a", UNION)]),
        pa.struct([]),
        pa.run_end_encoded(pa.int32(), UNION),
    ],
)
def test_what_it_has_no_type_for_is_named(type_):
    batch = pa.RecordBatch.from_arrays([pa.nulls(0, type_)], names=["c"])
    refuse(batch, type_)


def test_values_that_cannot_be_made_again_are_named():
    column = runs(pa.ExtensionArray.from_storage(pa.bool8(), pa.array([1, None], pa.int8())))
    refuse(pa.record_batch({"c": column}), column.type)


def refuse(batch, type_):
    with pytest.raises(ValueFormatError) as caught:
        held_by_parquet(batch)
    assert str(caught.value) == (
        f"the column 'c' has the type {type_}, which Parquet doesn't hold; leave it out with "
        "--select, or write Arrow"
    )


def nested(kind):
    """Nanoseconds and categories beside each other, in what holds others."""
    times = pa.array([1, 2, None], pa.timestamp("ns"))
    categories = pa.DictionaryArray.from_arrays(
        pa.array([0, None, 0], pa.uint32()), pa.array(["x"], pa.string_view())
    )
    mask = pa.array([False, False, True])
    records = pa.StructArray.from_arrays([times, categories], ["t", "c"], mask=mask)
    match kind:
        case "records":
            return records
        case "lists":
            return pa.ListArray.from_arrays(
                [0, 2, 2, 3], records, mask=pa.array([False, True, False])
            )
        case "large lists":
            return pa.LargeListArray.from_arrays([0, 2, 2, 3], records)
        case "lists of a length":
            return pa.FixedSizeListArray.from_arrays(records, 1)
        case "maps":
            return pa.MapArray.from_arrays([0, 2, 2, 3], pa.array(["a", "b", "c"]), records)
        case _:
            return pa.RunEndEncodedArray.from_arrays(pa.array([1, 3, 4], pa.int32()), records)


@pytest.mark.parametrize(
    "kind", ["records", "lists", "large lists", "lists of a length", "maps", "runs"]
)
def test_nested_nanoseconds_are_kept(kind):
    array = nested(kind)
    for part in (array, array.slice(1), array.slice(1, 1), array.slice(0, 0)):
        held = held_by_parquet(pa.record_batch({"c": part})).column("c")
        held.validate(full=True)
        assert held.to_pylist() == part.to_pylist()


VIEWS = pa.struct([("t", pa.string_view()), ("b", pa.binary_view()), ("n", pa.int8())])
HELD = pa.struct([("t", pa.large_string()), ("b", pa.large_binary()), ("n", pa.int8())])
LISTED = pa.struct([("l", pa.list_(VIEWS))])


@pytest.mark.parametrize(
    ("type_", "expected", "make"),
    [
        (VIEWS, HELD, lambda one: one),
        (pa.list_(VIEWS), pa.list_(HELD), lambda one: [one]),
        (pa.large_list(VIEWS), pa.list_(HELD), lambda one: [one, one]),
        (pa.list_(VIEWS, 1), pa.list_(HELD), lambda one: [one]),
        (pa.list_(pa.list_(VIEWS)), pa.list_(pa.list_(HELD)), lambda one: [[one], []]),
        (LISTED, pa.struct([("l", pa.list_(HELD))]), lambda one: {"l": [one]}),
        (
            pa.list_(pa.struct([("s", VIEWS)])),
            pa.list_(pa.struct([("s", HELD)])),
            lambda one: [{"s": one}],
        ),
        (pa.map_(pa.string(), VIEWS), pa.map_(pa.string(), HELD), lambda one: [("k", one)]),
        (pa.list_(pa.string_view()), pa.list_(pa.string_view()), lambda one: [one and one["t"]]),
    ],
)
def test_views_in_structs_are_written(tmp_path, type_, expected, make):
    parquet = need("pyarrow.parquet", "files")
    some = {"t": "a text that isn't short", "b": b"\xff" * 20, "n": 1}
    array = pa.array([make(some), make({"t": "x", "b": b"", "n": None}), make(some)], type_)
    held = held_by_parquet(pa.record_batch({"c": array.slice(1)}))
    assert held["c"].type == expected
    parquet.write_table(pa.table(held), tmp_path / "x.parquet")
    assert parquet.read_table(tmp_path / "x.parquet")["c"].to_pylist() == array.to_pylist()[1:]
