"""Records with names that the first one hasn't, written as CSV or into tables."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from filterlang.backends.files import FileError, copy
from tests.support.engines import need

UNPLACED = (
    "a record has 'b', for which the first one has no column; say with --select which columns "
    "there are to be\n"
)


def wrote(name, *records):
    Path(name).write_text("".join(f"{json.dumps(record)}\n" for record in records))


NAMELESS = (
    "records without any name have no column; say with --select (in Python select=) which columns "
    "there are to be, or write JSON Lines"
)


@pytest.mark.parametrize("format_", ["csv", "tsv", "parquet", "arrow"])
def test_records_without_any_name(format_, run):
    """They can't be read again, so that they aren't lost in silence."""
    if format_ in {"parquet", "arrow"}:
        need("pyarrow", "files")
    wrote("x.jsonl", {}, {})
    to = f"to.{format_}"
    found = run("match", "a==", "x.jsonl", "-o", to)
    assert (found.code, found.out) == (3, "")
    assert f"{to}: can't be written: {NAMELESS}\n" in found.err
    assert not Path(to).exists()
    assert f"{NAMELESS}\n" in run("match", "a==", "x.jsonl", "--format", format_).err
    assert run("match", "a==", "x.jsonl", "-o", to, "--select", "a").code == 0
    assert run("match", "a==", to, "--count") == (0, "2\n", "")


def test_what_comes_before_is_written_and_the_columns_are_said(run):
    wrote("x.jsonl", {"a": 1}, {"a": 0, "b": 7}, {"a": 2, "b": 1}, {"a": 3, "c d": 1})
    told = (
        "the first 'b' stands in x.jsonl:3; for all columns seen so far say --select 'a,b,c d' "
        "(in Python select=)\n"
    )
    for options in ([], ["--explain"]):
        found = run("match", "a>0", "x.jsonl", "--format", "csv", *options)
        assert (found.code, found.out) == (3, "a\n1\n")
        assert found.err.endswith(
            UNPLACED + (told.replace("'a,b,c d'", "a,b") if options else told)
        )
    assert run("match", "a>0", "x.jsonl", "--format", "csv", "--select", "a,b,c d") == (
        0,
        "a,b,c d\n1,,\n2,1,\n3,,1\n",
        "",
    )
    found = run("match", "a>0", "--format", "csv", stdin=Path("x.jsonl").read_bytes())
    assert found == (3, "a\n1\n", UNPLACED + told.replace("x.jsonl:3", "<stdin>"))
    found = run("match", "a>0", "--invert", "x.jsonl", "x.jsonl", "--format", "csv")
    assert found == (0, "a,b\n0,7\n0,7\n", "")


def test_files_of_other_columns(run):
    Path("x.csv").write_text("a\n1\n2\n")
    Path("y.csv").write_text("a,b\n1,2\n")
    told = (
        "the first 'b' stands in y.csv:2; for all columns seen so far say --select a,b "
        "(in Python select=)\n"
    )
    assert run("match", "--all", "x.csv", "y.csv") == (3, "a\n1\n2\n", UNPLACED + told)
    found = run("match", "--all", "x.csv", "y.csv", "-o", "to.csv")
    assert found == (3, "", f"to.csv: can't be written: {UNPLACED}{told}")
    assert not Path("to.csv").exists()


@pytest.mark.parametrize("name", ["b=c", "b,c", "", " b"])
def test_names_that_no_option_says(name, run):
    wrote("x.jsonl", {"a": 1}, {name: 1})
    found = run("match", "--all", "x.jsonl", "--format", "csv")
    assert (found.code, found.out) == (3, "a\n1\n")
    assert found.err.splitlines()[1:] == [
        f"the first {name!r} stands in x.jsonl:2; 2 names were seen so far"
    ]


def test_copies_and_tables(run):
    need("pyarrow", "files")
    rows = [{"a": 1}] * (1 << 15)
    wrote("x.jsonl", *rows, {"a": 2, "b": 1})
    note = (
        "the first 'b' stands in x.jsonl:32769; for all columns seen so far say --select a,b "
        "(in Python select=)"
    )
    with pytest.raises(FileError) as caught:
        copy("a>0", "x.jsonl", "to.csv")
    assert str(caught.value) == f"to.csv: can't be written: {UNPLACED.strip()}"
    assert caught.value.__notes__ == [note]
    told = f"to.csv: can't be written: {UNPLACED}{note}\n"
    assert run("match", "a>0", "x.jsonl", "-o", "to.csv") == (3, "", told)
    # What is no file can't be written anew.
    found = run("match", "a>0", "x.jsonl", "--format", "arrow", "-o", os.devnull)
    told = f"{os.devnull}: can't be written: {UNPLACED}{note}\n"
    assert found == (3, "", told)
    assert run("match", "a>0", "x.jsonl", "-o", "to.parquet").code == 0
    assert run("match", "b>0", "to.parquet").out == '{"a":2,"b":1}\n'


def test_a_type_that_comes_too_late_for_what_is_no_file(run):
    need("pyarrow", "files")
    wrote("x.jsonl", *[{"a": None}] * (1 << 15), {"a": 1})
    told = (
        f"{os.devnull}: can't be written: the values of 'a' have no common type (the number '1' "
        "beside null); write to a file, in which columns get their types late, too, leave it out "
        "with --select, or write JSON Lines\nthe first one stands in x.jsonl:32769\n"
    )
    for format_ in ("parquet", "arrow"):
        found = run("match", "--all", "x.jsonl", "--format", format_, "-o", os.devnull)
        assert found == (3, "", told)


def test_what_comes_before_a_value_that_no_cell_holds_is_written(run):
    pyarrow, parquet = need("pyarrow", "files"), need("pyarrow.parquet", "files")
    parquet.write_table(pyarrow.table({"a": [1, 2], "b": [None, b"\xff"]}), "x.parquet")
    found = run("match", "--all", "x.parquet", "--format", "csv")
    assert (found.code, found.out) == (3, "a,b\n1,\n")
