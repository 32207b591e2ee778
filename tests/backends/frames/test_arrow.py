"""Rows of Arrow of all its types: tables, batches, streams and datasets, on disk as well."""

from __future__ import annotations

from decimal import Decimal
from math import nan
from uuid import UUID

import narwhals as nw
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow.feather import write_feather

import filterlang as fl
from filterlang.backends.arrow_values import python_values
from filterlang.backends.frames import arrow_compute, explain_plan, where
from filterlang.backends.plan.planner import plan_filters
from filterlang.testing import assert_same_rows
from tests.backends.files.test_judging_laws import ARRAYS, filters
from tests.backends.frames.corpus import FILTERS, RECORDS, TABLE

BATCH = TABLE.to_batches()[0]


def numbered(array):
    return pa.table({"n": range(len(array)), "c": array})


def matching(table, text):
    """Give the numbers of the rows that the matcher takes."""
    values = python_values(table["c"])
    numbers = table["n"].to_pylist()
    rows = zip(numbers, values, strict=True)
    return [n for n, value in rows if fl.matches(text, {"n": n, "c": value})]


def batch_of(table):
    """Return the first batch of a table, which has none if it has no rows."""
    return (table.to_batches() or [pa.RecordBatch.from_pylist([], table.schema)])[0]


def stream(table, rows):
    return pa.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=rows))


def asked(frame, text, **options):
    """Give the numbers of the rows, or the reason why it is refused."""
    try:
        found = where(frame, text, strict=False, **options)
        if isinstance(found, pa.RecordBatchReader):
            found = found.read_all()
    except fl.UnsupportedError as error:
        return error.diagnostics[0].message
    if isinstance(found, ds.Dataset):
        found = found.to_table(columns=["n"])
    return found["n"].to_pylist()


def expect_rows_of_the_matcher(array, text):
    table = numbered(array)
    expected = matching(table, text)
    assert asked(table, text) == expected, (array.type, text)
    for frame in (batch_of(table), stream(table, 2), ds.dataset(table)):
        found = asked(frame, text)
        assert isinstance(found, str) or found == expected, (frame, array.type, text)


arrays = st.builds(
    lambda array, start: array.slice(start), st.sampled_from(ARRAYS), st.integers(0, 1)
)


@given(arrays, filters)
@settings(max_examples=100, deadline=None)
def test_the_rows_are_the_matchers_whatever_type_they_have(array, text):
    """What Arrow's frames keep is what the matcher takes; else they refuse, and raise no more."""
    expect_rows_of_the_matcher(array, text)


@pytest.mark.slow
@pytest.mark.no_cover
@pytest.mark.parametrize("number", range(10))
@given(filters)
@settings(max_examples=4, deadline=None)
def test_the_rows_of_each_type_are_the_matchers(number, text):
    for array in ARRAYS[number::10]:
        expect_rows_of_the_matcher(array, text)


FILES = {
    "parquet": lambda table, path: pq.write_table(table, path, row_group_size=2),
    "feather": lambda table, path: write_ipc(pa.ipc.new_file, table, path),
}


def write_ipc(new, table, path):
    with new(path, table.schema) as file:
        file.write_table(table, max_chunksize=2)


def writable(array, format_, path):
    """Say whether a file of the format has such a column, and pyarrow reads it."""
    try:
        FILES[format_](numbered(array), path)
        ds.dataset(path, format=format_).to_table()
    except (pa.ArrowException, NotImplementedError, OSError):
        return False
    return True


@pytest.mark.parametrize("format_", FILES)
@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_the_rows_of_datasets_on_disk_are_the_matchers(format_, data, tmp_path_factory):
    """Statistics of files leave out no row that matches, whatever type a column has."""
    path = tmp_path_factory.mktemp("files") / "x"
    array = data.draw(arrays)
    if not writable(array, format_, path):
        return
    dataset = ds.dataset(path, format=format_)
    table = dataset.to_table()
    for text in data.draw(st.lists(filters, min_size=3, max_size=6)):
        found = asked(dataset, text)
        assert isinstance(found, str) or found == matching(table, text), (array.type, text)


NUMBERS = [[3.0, nan, 3.0], [1.0, nan, 3.0], [nan, nan], [nan, None], [3.0, None, 3.0], [-0.0, nan]]


@pytest.mark.slow
def test_statistics_of_parquet_hide_no_nan(tmp_path):
    path = tmp_path / "x.parquet"
    texts = [
        *("c==", "c!=", "c==3", "c!=3", "c>2", "c<=3", "c>=0;c<=3", "c!=0", "c<0", "c!=1", "c>-1"),
        *("c.x==", "c.x!=", "c.x==3", "c.x!=3", "c.x>2", "c.x<=3", "c.x!=0"),
    ]
    for values in NUMBERS:
        for type_ in (pa.float64(), pa.float32(), pa.float16()):
            array = pa.array(values).cast(type_)
            for column in (array, pa.StructArray.from_arrays([array], ["x"])):
                pq.write_table(numbered(column), path)
                for text in texts:
                    dataset = ds.dataset(path)
                    assert asked(dataset, text) == matching(dataset.to_table(), text), text


def condition_for(dataset, text):
    engine = arrow_compute.engine_of(dataset.schema, of_files=True)
    return plan_filters(fl.parse([text]), engine, None).written.expression


def test_ranges_of_floats_leave_out_parts_of_files(tmp_path):
    pq.write_table(numbered(pa.array([1.0, 2.0])), tmp_path / "x.parquet")
    dataset = ds.dataset(tmp_path)
    (fragment,) = dataset.get_fragments()
    for text, parts in {"c>5": 0, "c<=0": 0, "c>1": 1, "c!=1": 1, "n>5": 0}.items():
        kept = fragment.split_by_row_group(condition_for(dataset, text))
        assert len(list(kept)) == parts, text


# --- Each of them ---------------------------------------------------------------------------------


def test_a_batch_gives_a_batch_and_a_stream_a_stream():
    table = pa.table({"n": [0, 1, 2], "c": ["Ada", "ADAM", None], "l": [["a"], [], None]})
    (batch,) = table.to_batches()
    found = where(batch, "c~ada*;l==a")
    assert isinstance(found, pa.RecordBatch)
    assert found.to_pylist() == [{"n": 0, "c": "Ada", "l": ["a"]}]
    read = []

    def batches():
        for one in table.to_batches(max_chunksize=1):
            read.append(one)
            yield one

    found = where(pa.RecordBatchReader.from_batches(table.schema, batches()), "c~ada*;l!=a")
    assert isinstance(found, pa.RecordBatchReader)
    assert (found.schema, read) == (table.schema, [])
    assert found.read_all().to_pylist() == [{"n": 1, "c": "ADAM", "l": []}]
    for text, numbers in {"c!=ada": [1, 2], "z==1": [], "z!=1": [0, 1, 2], "l==a": [0]}.items():
        for frame in (table, batch, stream(table, 2), ds.dataset(table)):
            if text != "l==a" or not isinstance(frame, ds.Dataset):
                assert asked(frame, text) == numbers


def test_a_dataset_stays_lazy_or_is_refused():
    dataset = ds.dataset(pa.table({"n": [0, 1], "c": ["Ada", "Bob"], "l": [["a"], None]}))
    found = where(dataset, "c==ada")
    assert isinstance(found, ds.Dataset)
    assert found.to_table(columns=["n"]).to_pylist() == [{"n": 0}]
    assert asked(where(dataset, "n>=0"), "n>0") == [1]
    with pytest.raises(fl.UnsupportedError) as caught:
        where(dataset, "c==ada;l==a")
    assert str(caught.value) == (
        "error[FL221]: pyarrow can't say exactly 'l==a': lists are looked into by the matcher\n"
        " --> filter, column 8\n"
        "  |\n"
        "  | c==ada;l==a\n"
        "  |        ^^^^\n"
        "hint: select a superset, and check its rows with the matcher"
    )
    assert asked(dataset, "c==ada;l==zzz", superset=True) == [0]
    assert str(explain_plan(dataset, "c==ada;l==a")) == (
        "pyarrow\n"
        "filter 1\n"
        "  pushed down    c==ada\n"
        "  checked again  l==a  (lists are looked into by the matcher)"
    )


def test_uuids_of_parquet_are_refused_in_datasets(tmp_path):
    keys = pa.array([UUID(int=1).bytes, bytes(16), None], pa.uuid())
    table = pa.table(
        {"n": range(3), "key": keys, "at": pa.StructArray.from_arrays([keys], ["key"])}
    )
    pq.write_table(table, tmp_path / "keys.parquet")
    write_feather(table, tmp_path / "keys.arrow")
    files = ds.dataset(tmp_path / "keys.parquet")
    assert asked(ds.dataset(tmp_path / "keys.arrow", format="ipc"), "key==") == [2]
    reason = "pyarrow fails at the statistics of UUIDs in Parquet files; read them into a Table"
    for dataset in (files, ds.dataset([files, ds.dataset(table)])):
        for text in ("key==", "key!=", f"key=={UUID(int=1)}", f"key!={UUID(int=1)}"):
            assert explain_plan(dataset, text).parts[0].reason == reason
        with pytest.raises(fl.UnsupportedError, match="key=="):
            where(dataset, "n>0;key==")
        assert set(asked(dataset, "n>0;key==", superset=True)) == {1, 2}
    assert asked(files, "at.key==") == [2]
    assert asked(files, f"at.key=={UUID(int=1)}") == [0]


def test_hive_partitions_are_columns(tmp_path):
    table = pa.table(
        {
            "n": range(6),
            "land": ["de", "DE", None, "fr", "%_", "de"],
            "year": [2023, 2024, 2024, None, 2023, 2024],
        }
    )
    for dictionary in (False, True):
        partitioning = ds.partitioning(flavor="hive")
        if dictionary:
            partitioning = ds.HivePartitioning.discover(infer_dictionary=True)
        folder = tmp_path / str(dictionary)
        pq.write_to_dataset(table, folder, partition_cols=["land", "year"])
        dataset = ds.dataset(folder, partitioning=partitioning)
        rows = dataset.to_table().to_pylist()
        for text in (
            *("land==DE", "land!=de", "land==", "land!=", "land~d*", "land~*?", "land<f", "n>2"),
            *("land~%*", "land==de;n>4", "land==de;n>1", "zz==1", "zz!=1"),
            *(() if dictionary else ("year==2024", "land==de;year>2023", "year==", "year~20*3")),
        ):
            expected = sorted(row["n"] for row in rows if fl.matches(text, row))
            assert sorted(asked(dataset, text)) == expected, (dictionary, text)
    dataset = ds.dataset(folder, partitioning="hive")
    (fragment,) = dataset.get_fragments(filter=condition_for(dataset, "land==fr"))
    assert "land=fr" in fragment.path


@pytest.mark.parametrize("text", ["n==1", "c==b", "z!=1", "z==1"])
def test_a_column_that_is_not_filtered_keeps_its_rows(text):
    views = pa.array(["a", "b", None]).cast(pa.string_view())
    table = pa.concat_tables([numbered(views)] * 2)
    expected = matching(table, text)
    for frame in (table, stream(table, 2)):
        assert asked(frame, text) == expected
    assert asked(table.slice(0, 0), text) == []
    assert where(table, text, strict=False).schema == table.schema
    if text.startswith("z"):
        assert asked(ds.dataset(table), text) == expected
    else:
        assert asked(ds.dataset(table), text) == (
            f"pyarrow can't say exactly '{text}': pyarrow selects no rows of the column 'c', of"
            " type string_view; cast it to another type"
        )


def test_what_is_not_joined_either_stays_in_chunks_or_is_refused():
    values = pa.ExtensionArray.from_storage(pa.uuid(), pa.array([bytes(16)] * 3, pa.binary(16)))
    runs = pa.RunEndEncodedArray.from_arrays(pa.array([1, 2, 4], pa.int32()), values)
    table = numbered(runs)
    assert where(table, "n!=1").to_pylist() == [table.to_pylist()[row] for row in (0, 2, 3)]
    assert asked(table, "n==9") == []
    with pytest.raises(fl.UnsupportedError) as caught:
        where(table.to_batches()[0], ["n!=1", "n==0"])
    assert str(caught.value).splitlines()[0] == (
        "error[FL221]: pyarrow can't say exactly 'n!=1': pyarrow selects no rows of the column 'c',"
        " of type run_end_encoded<run_ends: int32, values: extension<arrow.uuid>>; cast it to"
        " another type"
    )


def test_columns_of_one_name_matter_if_they_are_asked_for():
    table = pa.table([[1, 2], ["x", "y"], ["z", "y"]], ["n", "a", "a"])
    for frame in (table, table.to_batches()[0], stream(table, 1), ds.dataset(table)):
        with pytest.raises(ValueError, match="two columns are called 'a'; rename one of them"):
            where(frame, "a==x")
    for frame in (table, table.to_batches()[0], stream(table, 1)):
        assert asked(frame, "n==2") == [2]
    struct = pa.StructArray.from_arrays([pa.array([1]), pa.array([2]), pa.array([3])], "xxy")
    expect_rows_of_the_matcher(struct, "c.y==3")
    expect_rows_of_the_matcher(struct, "c.x==")


def test_texts_that_are_not_utf8_are_left_to_the_matcher():
    column = pa.array([b"a", b"\xff", b"B"]).view(pa.string())
    table = numbered(column)
    for text in ("c<c", f"c==a{'b' * 500}", "c!=", "c<c;n!=0"):
        records = [{"n": 0, "c": "a"}, {"n": 1, "c": object()}, {"n": 2, "c": "B"}]
        expected = [record["n"] for record in records if fl.matches(text, record)]
        assert asked(table, text) == expected


def test_long_patterns_are_looked_for_by_folding():
    long = "İ" + "x" * 500
    table = pa.table({"n": [0, 1, 2, 3], "c": [long, "a" + long.lower(), None, "Σ" + "y" * 450]})
    for text, rows in {
        f"c==i{'X' * 500}": [0],
        f"c~i{'X' * 500}*": [0],
        f"c~*{'x' * 500}": [0, 1],
        f"c~*ς{'Y' * 449}*": [3],
        f"c~*a*{'x' * 500}": [1],
        f"c~?{'x' * 500}": [0],
    }.items():
        assert asked(table, text) == rows, text
    for text in (f"c~*a*{'x' * 500}", f"c~?{'x' * 500}"):
        reason = "it is a pattern of more than 400 characters"
        assert explain_plan(table, text).parts[0].reason == reason


def test_types_of_arrow():
    columns = {
        "u64": pa.array([2**64 - 1, 0, None], pa.uint64()),
        "neg": pa.array([Decimal(100), Decimal(0), None], pa.decimal128(10, -2)),
        "key": pa.array([UUID(int=1).bytes, bytes(16), None], pa.uuid()),
        "view": pa.array(["a", "Σ", None]).cast(pa.string_view()),
        "bytes": pa.array([b"a", b"", None], pa.binary_view()),
        "runs": pa.RunEndEncodedArray.from_arrays(
            pa.array([1, 2, 3], pa.int32()), pa.array(["a", "B", None])
        ),
        "second": pa.array([0, 1, None], pa.timestamp("s", "Nowhere/Land")),
        "nano": pa.array([1_500, -1, None], pa.timestamp("ns", "UTC")),
        "year": pa.array([10**12, 0, None], pa.timestamp("s")),
        "either": pa.UnionArray.from_sparse(
            pa.array([0, 1, 0], pa.int8()), [pa.array([1, 2, None]), pa.array(["a", "b", "1"])]
        ),
    }
    table = pa.table({"n": range(3), **columns})
    expected = {
        "u64>9223372036854775808": [0],
        "u64==18446744073709551615": [0],
        "u64~1844*": [0],
        "u64!=0": [0, 2],
        "neg>=100": [0],
        "neg==0": [1],
        "key==00000000-0000-0000-0000-000000000001": [0],
        "key!=00000000-0000-0000-0000-000000000001": [1, 2],
        "view==σ": [1],
        "view~?": [0, 1],
        "view!=": [0, 1],
        "bytes==a": [],
        "bytes==": [2],
        "runs==b": [1],
        "runs!=": [0, 1],
        "second~1970-01-01T00:00:01z": [1],
        "second>=0": [0, 1],
        "nano~1970-01-01T00:00:00.000001Z": [0],
        "nano~*.999999Z": [1],
        "nano==1969-12-31T23:59:59.999999": [1],
        "year~*:*": [1],
        "either==1": [0],
        "either==b": [1],
        "either==": [2],
    }
    assert {text: asked(table, text) for text in expected} == expected


def test_the_corpus_is_the_matchers():
    for text in FILTERS:
        expected = [record["id"] for record in RECORDS if fl.matches(text, record)]
        assert where(BATCH, text, strict=False)["id"].to_pylist() == expected, text
        if explain_plan(BATCH, text, strict=False).is_whole:
            found = where(ds.dataset(TABLE), text, strict=False).to_table(columns=["id"])
            assert found["id"].to_pylist() == expected, text


def test_narwhals_gives_its_own_back():
    found = where(nw.from_native(numbered(pa.array(["a", "b"]))), "c==B")
    assert isinstance(found, nw.DataFrame)
    assert found["n"].to_list() == [1]


@pytest.mark.parametrize(
    "other", [pa.array([1]), pa.schema({"c": pa.int64()}), pa.chunked_array([[1]])]
)
def test_what_holds_no_rows_is_refused(other):
    with pytest.raises(TypeError, match="expected a frame of polars, pandas, dask, pyarrow"):
        where(other, "c==1")


@pytest.mark.slow
def test_thousands_of_filters_and_clauses_are_no_long_chain():
    texts = ["ada", "ADA", "Σίσυφος", "İ", "", None, "q7", "Q8", "zz"]
    count = len(texts)
    table = pa.table({"n": range(count), "c": texts, "d": [*map(float, range(count))]})
    many = range(2_000)
    for filters_, rows in (
        ([f"c==q{number}" for number in many], [6, 7]),
        ([f"c==σίσυφος{number}" for number in many] + ["c==ΣΊΣΥΦΟΣ"], [2]),
        ([f"c==q{number}" for number in many] + ["c==ΣΊΣΥΦΟς", "c==i", "n==0"], [0, 2, 3, 6, 7]),
        (";".join(f"c!=q{number}" for number in many), [0, 1, 2, 3, 4, 5, 8]),
        ("c!=ada;c!=σίσυφοσ;c~*", [3, 4, 6, 7, 8]),
        ([f"d=={number + 0.5}" for number in many] + ["d==3"], [3]),
        (";".join(f"n!={number}" for number in range(2, 1_000)), [0, 1]),
    ):
        matcher = fl.compile(filters_)
        assert [row["n"] for row in table.to_pylist() if matcher(row)] == rows
        for frame in (table, ds.dataset(table)):
            assert asked(frame, filters_) == rows
    found = condition_for(ds.dataset(table), ";".join(f"n!={number}" for number in range(17)))
    assert str(found).count("invert(invert(") == 2


@given(st.lists(filters.map(lambda text: text.replace("c.", "d.")), min_size=2, max_size=6))
def test_filters_together_are_the_matchers(texts):
    columns = {"c": ["", "a", "A", "1", "true", None], "z": ["a", "1", None, "", "x", "100"]}
    table = pa.table({"n": range(6), **columns})
    rows = [row["n"] for row in table.to_pylist() if fl.matches(texts, row)]
    assert asked(table, texts) == rows
    assert asked(ds.dataset(table), texts) == rows


def test_texts_that_are_no_utf8_pass_no_test():
    _, offsets, data = pa.array([b"a\xff", b"ab", b"x"]).buffers()
    texts = pa.StringArray.from_buffers(3, offsets, data)
    for array in (texts, texts.dictionary_encode(), pa.StructArray.from_arrays([texts], ["c"])):
        table = pa.table({"n": [0, 1, 2], "c": array})
        name = "c.c" if pa.types.is_struct(array.type) else "c"
        for filters_, rows in {
            f"{name}~a*": [1],
            f"{name}>a": [1, 2],
            f"{name}!=ab": [0, 2],
            f"{name}!~a*": [0, 2],
            f"n<2;{name}~a*": [1],
            "n>0": [1, 2],
        }.items():
            assert asked(table, filters_) == rows, (filters_, array.type)


VIEWS = [
    pa.array(["a", "b", None]).cast(pa.string_view()),
    pa.array([b"a", b"b", None]).cast(pa.binary_view()),
    pa.RunEndEncodedArray.from_arrays(pa.array([1, 2, 3], pa.int32()), pa.array(["a", "B", None])),
]


VIEWS += [
    pa.array([["a"], ["B", None], None], pa.list_(pa.string_view())),
    pa.StructArray.from_arrays([VIEWS[0]], ["k"]),
    pa.DictionaryArray.from_arrays(
        pa.array([0, 1, None], pa.uint32()), pa.array(["a", "B"], pa.string_view())
    ),
    pa.UnionArray.from_sparse(pa.array([0, 0, 1], pa.int8()), [pa.array([1, 2, 3]), VIEWS[0]]),
]


@pytest.mark.parametrize("array", VIEWS, ids=lambda array: str(array.type))
def test_what_pyarrow_selects_no_rows_of_is_selected_in_pandas(array):
    index = [7, 5, 6]
    held = pd.arrays.ArrowExtensionArray(pa.chunked_array([array]))
    columns = {"n": [0, 1, 2], "c": held, "d": ["x", "y", "z"]}
    frame = pd.DataFrame({name: pd.Series(one, index=index) for name, one in columns.items()})
    records = numbered(array).to_pylist()
    for text in ("n!=1", "n>5", "d~*;n!=2", "c==a", "c!=b", "c==", "c~?", "c==1", "c.k==a", "n>=0"):
        found = where(frame, text, strict=False)
        assert list(found.columns) == ["n", "c", "d"]
        assert found["c"].dtype == frame["c"].dtype
        assert found.index.tolist() == frame.index[found["n"].to_numpy()].tolist()
        rows = found["n"].tolist()
        values = found["c"].array.__arrow_array__().to_pylist()
        assert values == [records[row]["c"] for row in rows]
        assert_same_rows(rows, [{**one, "d": "xyz"[one["n"]]} for one in records], text)
    assert where(frame, "z!=1", strict=False)["n"].tolist() == [0, 1, 2]
    assert where(frame, "z==1", strict=False)["n"].tolist() == []


def test_arrow_in_pandas_holds_integers_beyond_64_bits_with_a_sign():
    table = numbered(pa.array([2**64 - 1, 0, None], pa.uint64()))
    frame = table.to_pandas(types_mapper=pd.ArrowDtype)
    assert where(frame, "c>9223372036854775808")["n"].tolist() == [0]
    assert where(frame, "c!=0")["n"].tolist() == [0, 2]
