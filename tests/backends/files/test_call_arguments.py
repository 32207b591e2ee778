"""Wrong arguments of `read` and `copy`: refused at the call, before anything is looked at."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import filterlang
from filterlang.backends.files import FileError, copy, read
from filterlang.cli import main
from filterlang.schema.schema import Schema

FORMATS = "jsonl, json, csv, tsv, parquet, arrow, orc, avro or xlsx"
WRITTEN = "jsonl, json, csv, tsv, parquet or arrow"
NAMES = "a list of names, or a mapping from new names to names"
ENCODINGS = (
    "known are utf-8, utf-16, latin-1, cp1252, cp1250, iso8859-15, shift_jis, gb18030 and others "
    "that Python has"
)
DELIMITERS = (
    "expected one ASCII character that is no quote, or comma, semicolon, tab, pipe, space, found"
)
NO_PATH = (
    "expected the path of a file, or several of them, not {}; records that are there already are "
    "matched by compile(filters).filter(records)"
)
NOT_TO_WRITE = (
    "to: expected the path of the file to write, not {}; records that are to go elsewhere are "
    "given by read(sources, filters)"
)


class Untouched:
    """Sources that nobody may ask for."""

    def __iter__(self):
        pytest.fail("the sources were looked at")


class Written:
    """A path in bytes, as folders have it that are listed by their name in bytes."""

    def __fspath__(self):
        return b"x.jsonl"


def refusal(call):
    with pytest.raises((TypeError, ValueError)) as raised:
        call()
    assert raised.value.__cause__ is None
    return type(raised.value), str(raised.value)


@pytest.fixture(autouse=True)
def empty(tmp_path, monkeypatch):
    """Stand in a folder that is as empty after the test."""
    monkeypatch.chdir(tmp_path)
    yield
    assert list(tmp_path.iterdir()) == []


# --- What both take -------------------------------------------------------------------------------


def function(name):
    return [({name: 3}, TypeError, f"{name}: expected a function, found 3")]


def flag(name):
    return [
        ({name: found}, TypeError, f"{name}: expected True or False, found {found!r}")
        for found in (None, 0, "yes")
    ]


def number(name, least, wrong):
    text = f"{name}: expected a whole number from {least}, found"
    return [({name: found}, ValueError, f"{text} {found!r}") for found in wrong]


def unnamed(name, *wrong, near=""):
    text = f"{name}: expected {WRITTEN if name == 'format' else FORMATS}, found"
    return [({name: found}, ValueError, f"{text} {found!r}{near}") for found in wrong]


def wrong_formats(name):
    return [
        *unnamed(name, "CSV", ".csv", "x.csv", " csv", near="; did you mean 'csv'?"),
        *unnamed(name, "ndjson", ".jsonl", "JSON Lines", near="; did you mean 'jsonl'?"),
        *unnamed(name, "feather", near="; did you mean 'arrow'?"),
        *unnamed(name, "", "wat", 3, [], b"csv"),
    ]


BOTH = [
    *number("jobs", 1, [0, -1, "2", 1.5, True, "", float("inf")]),
    *number("max_line", 1, [0, -1, "5", 1.5, True, None]),
    *number("skip", 0, ["1", 1.5, True, None]),
    ({"skip": -1}, ValueError, "expected how many lines to skip, found -1"),
    *flag("strict"),
    *flag("text"),
    *flag("header"),
    *flag("trim"),
    *function("report"),
    *function("remark"),
    ({"records": 3}, TypeError, "records: expected the name of a list or of a sheet, found 3"),
    *(
        ({"null": found}, TypeError, f"null: expected a word, or several, found {found!r}")
        for found in (None, 3, b"x", {"a": "x"})
    ),
    ({"null": [3]}, TypeError, "null: expected words, found 3 among them"),
    ({"null": ("", None)}, TypeError, "null: expected words, found None among them"),
    *(
        ({"decimal": found}, ValueError, f"decimal: expected '.' or ',', found {found!r}")
        for found in (None, 3)
    ),
    ({"decimal": ";"}, ValueError, "decimals stand behind a comma or a point, found ';'"),
    (
        {"delimiter": 3},
        ValueError,
        "delimiter: expected a character, or the name of one, found 3",
    ),
    ({"delimiter": "ab"}, ValueError, f"{DELIMITERS} 'ab'"),
    ({"encoding": 3}, ValueError, "encoding: expected its name, such as 'utf-8', found 3"),
    ({"encoding": "undefined"}, ValueError, f"unknown encoding 'undefined'; {ENCODINGS}"),
    ({"encoding": "a\0b"}, ValueError, f"unknown encoding 'a\\x00b'; {ENCODINGS}"),
    *(
        (
            {"columns": found, "header": False},
            ValueError,
            f"columns: expected a list of names, found {found!r}",
        )
        for found in (3, b"id", {"id"})
    ),
    (
        {"columns": ["id", None], "header": False},
        ValueError,
        "columns: expected names, found None among them",
    ),
]


@pytest.mark.parametrize(("options", "error", "text"), [*BOTH, *wrong_formats("source_format")])
def test_what_both_refuse(options, error, text):
    assert refusal(lambda: copy("a==1", Untouched(), "y.jsonl", **options)) == (error, text)
    # Nor does it wait until somebody asks for the first record.
    of_read = {name.removeprefix("source_"): value for name, value in options.items()}
    assert refusal(lambda: read(Untouched(), "a==1", **of_read)) == (
        error,
        text.removeprefix("source_"),
    )


@pytest.mark.parametrize("path", ["a\0b", Path("a\0b")])
def test_no_path_holds_nul(path):
    text = "{}: expected a path without NUL, which none can hold, found 'a\\x00b'"
    for paths in (path, [path], ["x.jsonl", path]):
        refused = refusal(lambda paths=paths: read(paths, "a==1", report=print))
        assert refused == (ValueError, text.format("paths"))
        refused = refusal(lambda paths=paths: copy("a==1", paths, "y.jsonl", report=print))
        assert refused == (ValueError, text.format("sources"))
    assert refusal(lambda: copy("a==1", Untouched(), path)) == (ValueError, text.format("to"))


def test_a_path_in_bytes():
    for paths in (Written(), [Written()]):
        refused = refusal(lambda paths=paths: read(paths, "a==1"))
        assert refused == (TypeError, NO_PATH.format("bytes"))


# --- What `copy` takes ----------------------------------------------------------------------------

COPY = [
    *wrong_formats("format"),
    *unnamed("format", "XLSX"),
    *flag("invert"),
    (
        {"output_delimiter": 3},
        ValueError,
        "output_delimiter: expected a character, or the name of one, found 3",
    ),
    ({"output_delimiter": "ab"}, ValueError, f"{DELIMITERS} 'ab'"),
    *(
        ({"select": found}, TypeError, f"select: expected {NAMES}, found {found!r}")
        for found in (3, b"id", {"id"})
    ),
    ({"select": [None]}, TypeError, "select: expected names, found None among them"),
    ({"select": [["id"]]}, TypeError, "select: expected names, found ['id'] among them"),
    ({"select": {3: "id"}}, TypeError, "select: expected names, found 3 among them"),
    ({"select": {"id": 3}}, TypeError, "select: expected names, found 3 among them"),
    ({"select": "id"}, ValueError, "expected a list of names to select, found 'id'"),
    ({"select": ["a", "a"]}, ValueError, "a name is there twice in ['a', 'a']"),
    ({"to": b"o/b.jsonl"}, TypeError, NOT_TO_WRITE.format("bytes")),
    ({"to": Written()}, TypeError, NOT_TO_WRITE.format("bytes")),
    ({"to": io.StringIO()}, TypeError, NOT_TO_WRITE.format("StringIO")),
    ({"to": 3}, TypeError, NOT_TO_WRITE.format("int")),
    ({"to": None}, TypeError, NOT_TO_WRITE.format("NoneType")),
    ({"to": ""}, ValueError, "to: expected the path of the file to write, found an empty one"),
    (
        {"to": "-"},
        ValueError,
        (
            "to: expected the path of the file to write, found '-'; standard output is "
            "/dev/stdout, and a file that is called so ./-"
        ),
    ),
]


@pytest.mark.parametrize(("options", "error", "text"), COPY)
def test_what_copy_refuses(options, error, text):
    given = {"to": "y.jsonl", **options}
    assert refusal(lambda: copy("a==1", Untouched(), **given)) == (error, text)


def test_a_format_that_is_only_read_is_told_as_that():
    with pytest.raises(FileError) as raised:
        copy("a==1", "x.jsonl", "y.jsonl", format="xlsx")
    assert raised.value.fault.message == (
        "xlsx can be read, but not written; expected one of .jsonl .ndjson .json .csv .tsv "
        ".parquet .arrow .feather .ipc, or --format (in Python format=)"
    )


# --- What is taken --------------------------------------------------------------------------------


class Two:
    """A whole number of another library."""

    def __index__(self):
        return 2


@pytest.fixture
def folder(tmp_path):
    """Take the files of a test away after it, which leaves none."""
    yield tmp_path
    for path in tmp_path.iterdir():
        path.unlink()


@pytest.mark.parametrize(
    "options",
    [
        {"jobs": Two()},
        {"jobs": 1},
        {"jobs": None},
        {"max_line": 10**20},
        {"max_line": 10**20, "jobs": 2},
        {"max_line": sys.maxsize},
        {"select": iter(["id"])},
        {"select": {"id": 1}.keys()},
    ],
)
def test_what_is_taken(folder, options, small_ranges):
    # Ranges end within lines.
    (folder / "x.jsonl").write_text('{"id":  1}\n' * 20)
    assert copy("id==1", "x.jsonl", "y.jsonl", **options) == (20, 20, 0)
    assert (folder / "y.jsonl").read_text().replace(" ", "") == '{"id":1}\n' * 20


def test_what_is_taken_of_cells(folder):
    (folder / "x.csv").write_text("id\n1\nx\n")
    assert list(read("x.csv", "id==", null=iter(["x"]))) == [{"id": None}]
    assert list(read("x.csv", [], header=False, skip=10**20)) == []


def test_names_of_columns_from_an_iterator(folder):
    (folder / "x.csv").write_text("1,2\n")
    found = read("x.csv", "a==1", header=False, columns=iter(["a", "b"]))
    assert list(found) == [{"a": 1, "b": 2}]


def test_entries_of_a_folder_are_paths(folder):
    (folder / "x.jsonl").write_text('{"id": 1}\n')
    with os.scandir(folder) as entries:
        assert list(read(entries, "id==1")) == [{"id": 1}]


# --- The command ----------------------------------------------------------------------------------


def test_the_command_refuses_and_takes_the_same(folder, capsys):
    (folder / "x.jsonl").write_text('{"id": 1}\n')
    assert main(["match", "id==1", "x.jsonl", "--max-line", str(10**20)]) == 0
    assert capsys.readouterr() == ('{"id": 1}\n', "")
    assert main(["match", "id==1", "x.jsonl", "--encoding", "undefined"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines()[-1] == f"Error: unknown encoding 'undefined'; {ENCODINGS}"


# --- Processes ------------------------------------------------------------------------------------

SCRIPT = """
import threading
from filterlang.backends.files import read
from filterlang.backends.files.scanning import jobs, ranges

jobs.RANGE = ranges.RANGE = 16
threading.Thread(target=threading.Event().wait, daemon=True).start()
faults = []
list(read("x.jsonl", "id==1", jobs=2, report=lambda fault: faults.append(str(fault))))
print(*faults)
"""


def test_a_script_that_is_run_again_by_its_processes_is_told_what_it_needs(folder):
    (folder / "script.py").write_text(SCRIPT)
    (folder / "x.jsonl").write_text('{"id": 1}\n' * 20)
    run = subprocess.run(
        [sys.executable, "-B", "script.py"], capture_output=True, text=True, timeout=60
    )
    assert run.stdout.splitlines()[-1] == (
        "x.jsonl: a worker process that read it ended too early (exit code 1); try --jobs 1 (in "
        'Python jobs=1, or begin what the script does with `if __name__ == "__main__":`)'
    )


def test_a_schema_beside_a_matcher_is_the_one_that_it_has(tmp_path):
    """It was left out of account in silence."""
    (tmp_path / "x.jsonl").write_text('{"a":"9"}\n')
    schema = Schema({"a": "number"})
    matcher = filterlang.compile("a<10", schema=schema)
    for given in (None, schema, Schema({"a": "number"})):
        assert list(read(tmp_path / "x.jsonl", matcher, schema=given)) == [{"a": "9"}]
    told = (
        "schema: the matcher was compiled without this one; give it to filterlang.compile(filters, "
        "schema=…)"
    )
    for other, given in ((matcher, Schema({"a": "text"})), (filterlang.compile("a<10"), schema)):
        for use in (
            lambda matcher, schema: read(tmp_path / "x.jsonl", matcher, schema=schema),
            lambda matcher, schema: copy(
                matcher, tmp_path / "x.jsonl", tmp_path / "y.jsonl", schema=schema
            ),
        ):
            with pytest.raises(ValueError, match=f"^{re.escape(told)}$"):
                use(other, given)
    (tmp_path / "x.jsonl").unlink()
