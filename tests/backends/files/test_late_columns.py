"""Columns whose type, or name, comes late: they are written whole, and no trace is left of it."""

from __future__ import annotations

import errno
import io
import itertools
import json
import os
import stat
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterlang.backends.files import FileError, copy, read
from filterlang.backends.files.faults import InputError
from filterlang.backends.files.selected import Batch, Rows
from filterlang.backends.files.typed_texts.texts import ValueFormatError
from filterlang.backends.files.writing.outputs import Output
from filterlang.backends.files.writing.writer import Sink
from filterlang.backends.files.writing.writers import make_writer
from tests.cli.conftest import run
from tests.support.engines import need

for module in ("pyarrow.parquet", "pyarrow.dataset"):
    need(module, "files")
pyarrow = need("pyarrow", "files")

from filterlang.backends.files.writing import arrow_writer  # noqa: E402 — it needs pyarrow
from tests.backends.files.test_json_columns import QUICK  # noqa: E402 — as above

__all__ = ["run"]
MANY = 1 << 14
"""Of more records several batches are made."""
both = pytest.mark.parametrize("ending", ["parquet", "arrow"])


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(arrow_writer, "_ROWS", 1)


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def lines(values, padding=100):
    """Make lines of JSON, of which some thousand are read together."""
    more = "-" * padding
    return "".join(f"{json.dumps({'v': value, 'padding': more})}\n" for value in values)


def write(to, *blocks, tables=tuple):
    with Output(str(to), tables=tables) as output:
        for block in blocks:
            output.write(Batch(block) if isinstance(block, pyarrow.RecordBatch) else Rows(block))
        output.complete()
        output.place()


def table(path):
    return pyarrow.dataset.dataset(path, format=path.suffix[1:]).to_table()


def refusal(*args, **options):
    with pytest.raises(FileError) as raised:
        copy(*args, **options)
    return str(raised.value).partition("can't be written: ")[2], raised.value.__notes__


# --- What is written ------------------------------------------------------------------------------


def filled(values):
    """Return values of one place with null under the names that only others of them have."""
    objects = [value for value in values if isinstance(value, dict)]
    lists = [value for value in values if isinstance(value, list)]
    if objects:
        names = dict.fromkeys(name for value in objects for name in value)
        columns = [filled([(value or {}).get(name) for value in values]) for name in names]
        rows = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
        return [value and row for value, row in zip(values, rows, strict=True)]
    if lists:
        elements = iter(filled([element for value in lists for element in value]))
        return [value and [next(elements) for _ in value] for value in values]
    return values


def some_of(names):
    """Make objects that have some of the names; one of none has no place in Parquet."""
    members = {name: st.none() | shape for name, shape in names.items()}
    return st.fixed_dictionaries({}, optional=members).filter(bool)


LEAVES = [
    st.integers(-9, 9),
    st.text("abü", max_size=3),
    st.booleans(),
    st.sampled_from([0.5, 7.5]),
]
shapes = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.one_of(
        inner.map(lambda shape: st.lists(st.none() | shape, max_size=3)),
        st.dictionaries(st.sampled_from("xyz"), inner, min_size=1, max_size=3).map(some_of),
    ),
    max_leaves=6,
)


@both
@given(shape=shapes.map(lambda shape: st.none() | shape), data=st.data())
def test_all_records_are_read_again(ending, shape, data):
    """Each column, and what is within it, may be null, empty or not there for any while."""
    columns = {name: data.draw(shapes) for name in "abc"} | {"d": shape}
    records = []
    for number, known in enumerate(data.draw(st.lists(st.sets(st.sampled_from("abcd"))))):
        record = {name: data.draw(columns[name]) if name in known else None for name in "abcd"}
        gone = data.draw(st.sets(st.sampled_from("abcd")))
        records.append({"id": number} | {n: v for n, v in record.items() if n not in gone})
    size = data.draw(st.integers(1, 3))
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(arrow_writer, "_ROWS", data.draw(st.integers(1, 4)))
        to = Path(folder, f"to.{ending}")
        write(to, *(records[place : place + size] for place in range(0, len(records), size)))
        assert list(read(to, [])) == filled(records)
        assert names_in(Path(folder)) == [to.name]


@both
@pytest.mark.parametrize(
    ("before", "late", "type_"),
    [
        (None, 1, "int64"),
        (None, 2**64, "decimal128(38, 0)"),
        (None, [{"a": "x"}], "list<element: struct<a: string>>"),
        ([], [1.5], "list<element: double>"),
        ([None], ["x"], "list<element: string>"),
        ([[]], [[True]], "list<element: list<element: bool>>"),
        ({"a": None}, {"a": 1}, "struct<a: int64>"),
        ({"a": 1}, {"b": "x"}, "struct<a: int64, b: string>"),
        ({"a": {"b": []}}, {"a": {"b": [{"c": 1}]}},
         "struct<a: struct<b: list<element: struct<c: int64>>>>"),
        ([{"a": 1}], [{"a": 2, "b": None}], "list<element: struct<a: int64, b: null>>"),
    ],
)  # fmt: skip
def test_a_type_that_comes_late(tmp_path, before, late, type_, ending):
    path, to = tmp_path / "x.jsonl", tmp_path / f"to.{ending}"
    values = [before] * MANY * 2 + [late, before, None]
    path.write_text(lines(values, padding=0))
    copy([], path, to)
    assert [row["v"] for row in read(to, [])] == filled(values)
    written = str(table(to).schema.field("v").type)
    assert written.replace("item: ", "element: ") == type_
    assert names_in(tmp_path) == [to.name, path.name]


@both
def test_a_name_that_comes_late(run, tmp_path, monkeypatch, ending):
    monkeypatch.chdir(tmp_path)
    lines = [f'{{"id":{number}}}\n' for number in range(MANY * 3)]
    lines[MANY * 2] = lines[MANY * 2][:-2] + ',"deletedAt":"2024-01-31"}\n'
    Path("x.jsonl").write_text("".join(lines))
    found = run("match", "--all", "x.jsonl", "-o", f"to.{ending}")
    assert found == (0, "", f"read {MANY * 3:,}, matched {MANY * 3:,}, bad 0\n")
    found = run("match", "deletedAt==2024-01-31", f"to.{ending}")
    assert found.out == f'{{"id":{MANY * 2},"deletedAt":"2024-01-31"}}\n'
    assert run("match", "deletedAt==", f"to.{ending}", "--count").out == f"{MANY * 3 - 1}\n"
    assert names_in(tmp_path) == [f"to.{ending}", "x.jsonl"]


@both
def test_each_row_is_written_twice_at_most(small, tmp_path, monkeypatch, ending):
    written = []
    plain = arrow_writer.ArrowWriter._write_part

    def write_part(self, batch):
        written.append(batch.num_rows)
        plain(self, batch)

    monkeypatch.setattr(arrow_writer.ArrowWriter, "_write_part", write_part)
    to = tmp_path / f"to.{ending}"
    rows = [{f"c{column}": 1 if column < row else None for column in range(9)} for row in range(9)]
    write(to, *([row] for row in rows))
    assert list(read(to, [])) == rows
    assert sum(written) == 18
    written.clear()
    write(to, *([row] for row in reversed(rows)))
    # The first one has all types.
    assert sum(written) == 9


@both
@pytest.mark.parametrize(("type_", "values"), QUICK)
def test_what_other_columns_hold_stays(small, tmp_path, type_, values, ending):
    """What is written already is read again, of whatever type it is."""
    column = pyarrow.array([*values, None], type_)
    first = pyarrow.record_batch(
        [column, pyarrow.nulls(len(column))], schema=pyarrow.schema({"a": type_, "b": "null"})
    )
    late = [{"b": 1}, {"c": "x"}]
    to, alone = tmp_path / f"to.{ending}", tmp_path / f"alone.{ending}"
    if ending == "parquet" and type_ == pyarrow.struct([]):
        return  # It has no place there.
    write(alone, first)
    write(to, first, late)
    found, expected = table(to), table(alone).column("a")
    assert found.column("a").type == expected.type
    again = found.column("a").slice(0, len(expected))
    # NaN is no number that equals another.
    assert again.equals(expected) or repr(again.to_pylist()) == repr(expected.to_pylist())
    assert found.column("a").slice(len(expected)).null_count == 2
    assert found.column("b").to_pylist() == [None] * len(column) + [1, None]
    assert found.column("c").to_pylist() == [None] * len(column) + [None, "x"]


@both
def test_batches_with_late_columns(tmp_path, ending):
    """Those of tables that nobody could look at before, as from a pipe."""
    to = tmp_path / f"to.{ending}"
    words = pyarrow.array(["x", "y"]).dictionary_encode()
    more = pyarrow.array(["z", "x"]).dictionary_encode()
    write(
        to,
        pyarrow.record_batch([pyarrow.nulls(2), pyarrow.array([1, 2])], names=["a", "b"]),
        pyarrow.record_batch([words, pyarrow.array([3, 4])], names=["a", "b"]),
        pyarrow.record_batch([more, words], names=["a", "c"]),
    )
    expected = {
        "a": [None, None, "x", "y", "z", "x"],
        "b": [1, 2, 3, 4, None, None],
        "c": [None, None, None, None, "x", "y"],
    }
    assert table(to).to_pydict() == expected


def test_columns_of_one_name_have_no_later_types(tmp_path):
    twice = pyarrow.record_batch([pyarrow.nulls(1), pyarrow.array([1])], names=["a", "a"])
    with pytest.raises(FileError, match="the columns differ from those before"):
        write(tmp_path / "to.parquet", twice, [{"a": 1}])
    assert names_in(tmp_path) == []


# --- What can't be written ------------------------------------------------------------------------


@both
@pytest.mark.parametrize(
    ("before", "between", "late", "found"),
    [
        (None, 1, "x", "the text 'x' beside int64"),
        (None, 1, 1.5, "the number '1.5' beside int64"),
        ([], [1], ["x"], "a list beside list<element: int64>"),
        ({"a": None}, {"a": 1}, {"a": "x", "b": 1}, "an object beside struct<a: int64>"),
        (1, 1, "x", "the text 'x' beside int64"),
        ({"a": 1}, None, {"a": 1.5, "b": 2}, "an object beside struct<a: int64>"),
    ],
)
def test_what_has_no_common_type_is_told_with_its_place(
    small, tmp_path, before, between, late, found, ending
):
    path, to = tmp_path / "x.jsonl", tmp_path / f"to.{ending}"
    to.write_text("old")
    values = [before] * 3000 + [between] * 3000 + [late]
    path.write_text(lines(values))
    message, notes = refusal([], path, to)
    assert message.replace("item: ", "element: ") == (
        f"the values of 'v' have no common type ({found}); leave it out with --select, or write "
        "JSON Lines"
    )
    assert notes == [f"the first one stands in {path}:6001"]
    assert names_in(tmp_path) == [to.name, path.name]
    assert to.read_text() == "old"


@both
def test_what_cant_be_read_again_gets_no_type_late(small, ending):
    stream = io.BytesIO()
    writer = make_writer(ending, stream, None)
    writer.write(Rows([{"v": None, "w": []}]))
    for late, shown, name in (({"v": 1}, "number '1' beside", "v"), ({"w": [1]}, "a list", "w")):
        with pytest.raises(ValueFormatError) as raised:
            writer.write(Rows([late]))
        assert shown in str(raised.value)
        assert str(raised.value).startswith(f"the values of '{name}' have no common type (")
        assert str(raised.value).endswith(
            "); write to a file, in which columns get their types late, too, leave it out with "
            "--select, or write JSON Lines"
        )
    for late in (Rows([{"v": None, "x": 1}]), Batch(pyarrow.record_batch([[1]], names=["x"]))):
        with pytest.raises(ValueFormatError) as raised:
            writer.write(late)
        assert str(raised.value) == (
            "a record has 'x', for which the first one has no column; say with --select which "
            "columns there are to be"
        )
    writer.write(Rows([{"v": None, "w": []}]))
    writer.finish()


def test_late_names_have_an_end(small, tmp_path, monkeypatch):
    """Where names are data, each record would bring others."""
    monkeypatch.setattr(arrow_writer, "_MOST_NAMES", 5)
    to = tmp_path / "to.parquet"
    write(to, [{"a": {"b": 1}}], [{"a": {"c": 1}}], [{"a": None, "d": None}], [{"d": 1}])
    many = {f"c{number}": number for number in range(9)}
    write(to, [many | {"last": None}], [many | {"last": 1}])
    for late in ({"a": {"e": 1, "f": 1, "g": 1, "h": 1}}, {f"d{number}": 1 for number in range(4)}):
        with pytest.raises(FileError) as raised:
            write(to, [{"a": {"b": 1}}], [late])
        assert str(raised.value) == (
            f"{to}: can't be written: there are more than 5 names, as where these are data; leave "
            "such out with --select, or write JSON Lines"
        )
    assert [row["last"] for row in read(to, [])] == [None, 1]


def test_a_late_name_with_half_a_character(small, tmp_path):
    with pytest.raises(FileError, match="holds half a character"):
        write(tmp_path / "to.parquet", [{"a": 1}], [{"\ud800": 1}])
    assert names_in(tmp_path) == []


# --- What is left ---------------------------------------------------------------------------------


BLOCKS = [[{"a": None}], [{"a": 1}], [{"b": 2.5}], [{"a": 3, "c": [None]}], [{"c": ["x"]}]]


@both
@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(errno.ENOSPC, "full")])
@pytest.mark.parametrize("place", ["write", "begin", "taken", "read"])
def test_nothing_is_left_whenever_it_ends(small, tmp_path, monkeypatch, ending, error, place):
    """At each of the writes to files, when they are begun, taken away and read again."""
    to = tmp_path / f"to.{ending}"
    to.write_text("old")
    counted = itertools.count()
    is_over = False
    wanted = 0

    def expect_no_end():
        nonlocal is_over
        if not is_over and next(counted) == wanted:
            is_over = True
            raise error

    def ending_early(function):
        def call(*args, **options):
            expect_no_end()
            return function(*args, **options)

        return call

    monkeypatch.setattr(
        *{
            "write": (Sink, "write", ending_early(Sink.write)),
            "begin": (os, "open", ending_early(os.open)),
            "taken": (Path, "unlink", ending_early(Path.unlink)),
            "read": (arrow_writer, "read_batches", ending_early(arrow_writer.read_batches)),
        }[place]
    )
    # The many writes of Parquet take long.
    for wanted in itertools.count(step=7 if place == "write" else 1):  # noqa: B007 — read above
        counted, is_over = itertools.count(), False
        try:
            write(to, *BLOCKS)
        except (FileError, KeyboardInterrupt):
            assert is_over
            assert names_in(tmp_path) == [to.name]
            assert to.read_text() == "old"
        else:
            break
    assert wanted >= 4
    assert list(read(to, [])) == filled([row for block in BLOCKS for row in block])
    assert names_in(tmp_path) == [to.name]


def test_a_part_that_is_damaged(small, tmp_path, monkeypatch):
    reason = "this is no whole Parquet file"

    def damaged(*_):
        raise InputError(reason)
        yield

    monkeypatch.setattr(arrow_writer, "read_batches", damaged)
    to = tmp_path / "to.parquet"
    with pytest.raises(FileError) as raised:
        write(to, *BLOCKS)
    assert str(raised.value) == (
        f"{to}: can't be written: what was written can't be read again: {reason}"
    )
    assert names_in(tmp_path) == []


@both
def test_the_mode_is_that_of_any_file(small, tmp_path, ending):
    plain, to = tmp_path / "plain", tmp_path / f"to.{ending}"
    plain.write_text("")
    write(to, *BLOCKS)
    assert to.stat().st_mode == plain.stat().st_mode
    to.chmod(0o640)
    write(to, *BLOCKS)
    assert stat.S_IMODE(to.stat().st_mode) == 0o640
