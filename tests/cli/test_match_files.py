"""`filterlang match` on files of many formats: where its output goes, and why nothing matched."""

from __future__ import annotations

import gzip
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from unittest.mock import ANY

import pytest

from tests.support.engines import need

from .conftest import INTERRUPTIBLE, TIMEOUT

ANN, BOB, ZOE = (
    '{"name": "Ann", "score": 9, "place": {"city": "Bonn"}}\n',
    '{"name":  "Bob", "score": 10}\n',
    '{"name": "Zoë", "score": 11, "tags": ["new", null]}\n',
)
FULL = Path("/dev/full")


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture(autouse=True)
def people(tmp_path):
    (tmp_path / "people.jsonl").write_text(ANN + BOB + ZOE, encoding="utf-8")


# --- Where the records go -------------------------------------------------------------------------


def test_an_output_file(run, tmp_path):
    finished = run("match", "score>9", "people.jsonl", "--output", "out.jsonl")
    assert finished == (0, "", "read 3, matched 2, bad 0\n")
    assert (tmp_path / "out.jsonl").read_text() == BOB + ZOE
    finished = run("match", "score>99", "people.jsonl", "-o", "out.jsonl.gz")
    assert finished == (1, "", "read 3, matched 0, bad 0\n")
    assert gzip.decompress((tmp_path / "out.jsonl.gz").read_bytes()) == b""
    assert names_in(tmp_path) == ["out.jsonl", "out.jsonl.gz", "people.jsonl"]


UNKNOWN = (
    "unknown name 'x': nothing in the records read is called so;"
    " the names are 'name', 'score', 'place', 'tags'\n"
)


def test_other_formats_on_standard_output(run):
    assert run("match", "score>9", "people.jsonl", "--select", "name, tags", "--format=csv") == (
        0,
        'name,tags\nBob,\nZoë,"[""new"",null]"\n',
        "",
    )
    assert run("match", "score<10", "people.jsonl", "--select=name,place.city,x") == (
        0,
        '{"name":"Ann","place.city":"Bonn","x":null}\n',
        UNKNOWN,
    )
    assert run("match", "score<0", "people.jsonl", "--select=name,x", "--format=tsv") == (
        1,
        "name\tx\n",
        UNKNOWN,
    )
    assert run("match", "score<0", "people.jsonl", "--format=csv") == (
        1,
        "name,score,place,tags\n",
        "",
    )


def test_a_table_is_written_and_read(run, tmp_path):
    need("pyarrow", "files")
    assert run("match", "--all", "people.jsonl", "-o", "people.parquet").code == 0
    assert run("match", "score>9", "people.parquet", "--limit", "1", "--select", "name,score") == (
        0,
        '{"name":"Bob","score":10}\n',
        "",
    )
    assert run("match", "score>0", "people.parquet", "--limit", "2", "-c") == (0, "2\n", "")
    assert run("match", "score>9", "people.parquet", "--explain", "-c")[:2] == (0, "2\n")
    assert run("match", "score>9", "people.parquet", "--explain", "--limit=1", "-c")[1] == "1\n"
    assert run("match", "score>99", "people.parquet", "-o", "none.arrow").code == 1
    assert run("match", "--all", "none.arrow", "-c") == (1, "0\n", "")


def test_cells_and_a_schema(run, tmp_path):
    (tmp_path / "x.csv").write_text("id,score\n007,9\n8,10\n9,x\n")
    assert run("match", "score>=10", "x.csv")[1] == "id,score\n007,9\n8,10\n9,x\n"
    assert run("match", "score>=10", "x.csv", "--output-format", "jsonl")[1] == (
        '{"id":"007","score":"9"}\n{"id":"8","score":"10"}\n{"id":"9","score":"x"}\n'
    )
    (tmp_path / "schema.json").write_text('{"dimensions": {"score": "integer", "id": "text"}}')
    finished = run("match", "score>=10", "x.csv", "--schema", "schema.json", "--format", "csv")
    assert finished == (0, "id,score\n8,10\n", "")
    assert run("match", "score>=9", "x.csv", "--limit", "1", "--schema=schema.json")[1] == (
        "id,score\n007,9\n"
    )
    (tmp_path / "x.txt").write_text("id,score\n007,9\n")
    assert run("match", "id==007", "x.txt", "--input-format", "csv", "-c") == (0, "1\n", "")


def test_a_summary(run):
    finished = run("match", "score>9", "-", "people.jsonl", "--summary", "-c", stdin=b"7\n")
    assert finished == (
        3,
        "2\n",
        "<stdin>:1: expected a JSON object, found a number\nread 3, matched 2, bad 1\n",
    )


@pytest.mark.parametrize("jobs", ["1", "3"])
def test_processes_change_nothing(run_process, tmp_path, jobs):
    lines = [f'{{"t": "{"x" * 200}", "n": {number}}}\n' for number in range(30_000)]
    lines[25_000] = "[]\n"
    (tmp_path / "big.jsonl").write_text("".join(lines))
    finished = run_process("match", "n~*99", "big.jsonl", "--jobs", jobs)
    assert finished.code == 3
    assert finished.out == "".join(line for line in lines if line.endswith("99}\n"))
    assert finished.err == "big.jsonl:25001: expected a JSON object, found an array\n"


# --- Wrong usage ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("-c", "-o", "x"),
            (
                "with --count no records are written, so --output, --format and --select have "
                "nothing to do; leave --count out (--summary says how many records match)"
            ),
        ),
        (
            ("-o", "-"),
            (
                "leave --output out to write to standard output (--format says how); a file that "
                "is called so is ./-"
            ),
        ),
        (
            ("--select", "a,,b"),
            (
                "Invalid value for '--select': expected names with commas between them, each as"
                " NAME or NEW=NAME, found "
                "'a,,b': the name is empty"
            ),
        ),
        (("--select", "a,a"), "Invalid value for '--select': a name is there twice in 'a,a'"),
    ],
)
def test_options_that_make_no_sense(run, arguments, message):
    finished = run("match", "a==1", "people.jsonl", *arguments)
    assert (finished.code, finished.out) == (2, "")
    assert message in " ".join(finished.err.split())


def test_a_package_that_is_missing(run, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow.compute", None)
    assert run("match", "score>9", "people.jsonl", "--format", "arrow") == (
        2,
        "",
        (
            "Parquet, Arrow or Feather data needs pyarrow, which is not installed; "
            "run: pip install 'filterlang[files]'\n"
        ),
    )


# --- Output that can't be written -----------------------------------------------------------------


@pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
def test_a_full_disk(run):
    assert run("match", "score>9", "people.jsonl", "-o", "/dev/full") == (
        3,
        "",
        "/dev/full: can't be written: no space left on device\n",
    )


def test_a_value_that_has_no_text(run, tmp_path):
    pyarrow = need("pyarrow", "files")
    table = pyarrow.table({"a": [b"\x00"]})
    need("pyarrow.parquet", "files").write_table(table, tmp_path / "x.parquet")
    assert run("match", "--all", "x.parquet") == (
        3,
        "",
        (
            "a value of type bytes can't be written as text; leave its column out with --select, "
            "or write the format parquet or arrow\n"
            "the first one stands under 'a' in x.parquet\n"
        ),
    )


def test_input_that_is_not_whole_makes_a_partial_output(run, tmp_path):
    data = gzip.compress(ANN.encode() + os.urandom(500).hex().encode())
    (tmp_path / "cut.gz").write_bytes(data[:-20])
    finished = run("match", "score>0", "cut.gz", "people.jsonl", "-o", "out.jsonl")
    assert finished.code == 3
    assert "cut.gz: the gzip data is cut off; fetch the file again" in finished.err
    assert finished.err.splitlines()[1:] == [
        "not all of the input could be read, so the output is called out.jsonl.partial",
        "read 4, matched 4, bad 1",
    ]
    assert not (tmp_path / "out.jsonl").exists()
    assert (tmp_path / "out.jsonl.partial").read_text() == ANN + ANN + BOB + ZOE


def test_an_interrupt_leaves_no_output(environment, tmp_path):
    (tmp_path / "out.jsonl").write_text("old")
    with subprocess.Popen(
        [*INTERRUPTIBLE, "match", "--all", "-", "-o", "out.jsonl"],
        stdin=subprocess.PIPE,
        cwd=tmp_path,
        env=environment,
    ) as process:
        process.stdin.write(ANN.encode() * 10_000)
        process.stdin.flush()
        deadline = time.monotonic() + TIMEOUT
        while len(names_in(tmp_path)) < 3 and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        assert process.wait(TIMEOUT) == 130
    assert names_in(tmp_path) == ["out.jsonl", "people.jsonl"]
    assert (tmp_path / "out.jsonl").read_text() == "old"


# --- Why not? -------------------------------------------------------------------------------------


def test_sampled_misses(run):
    finished = run(
        "match", "score>9;name~a*", "-e", "tags==old", "people.jsonl", "--sample-misses", "1"
    )
    assert finished == (
        1,
        "",
        (
            "3 of 3 records don't match\n"
            "filter 1: score>9;name~a*\n"
            "  name~a* rejects 2, 2 of them alone\n"
            "    people.jsonl:2: name~a*: 'Bob'\n"
            "  score>9 rejects 1, 1 of them alone\n"
            "    people.jsonl:1: score>9: 9\n"
            "filter 2: tags==old\n"
            "  tags==old rejects 3, 3 of them alone\n"
            "    people.jsonl:1: tags==old: missing\n"
        ),
    )


def test_sampled_misses_of_elements(run):
    stdin = json.dumps({"v": [{"a": 1, "b": 2}, {"a": 2, "b": 1}], "c": 1}).encode()
    finished = run("match", "v.a==1;v.b==1;c==1", "--sample-misses", "2", stdin=stdin)
    assert finished == (
        1,
        "",
        (
            "1 of 1 records don't match\n"
            "filter 1: v.a==1;v.b==1;c==1\n"
            "  v.a==1;v.b==1 rejects 1, 1 of them alone\n"
            "    <stdin>:1: no element of v satisfies all of these:\n"
            "           v.a==1: 1, 2\n"
            "           v.b==1: 2, 1\n"
        ),
    )


def test_misses_of_several_clauses_are_not_near(run):
    finished = run("match", "score>99;name~x*", "people.jsonl", "--sample-misses", "1")
    assert finished.err == (
        "3 of 3 records don't match\n"
        "filter 1: score>99;name~x*\n"
        "  score>99 rejects 3, 0 of them alone\n"
        "  name~x* rejects 3, 0 of them alone\n"
    )


def test_sampled_misses_beside_what_matches(run):
    finished = run("match", "score>9", "people.jsonl", "--sample-misses", "0")
    assert finished == (
        0,
        BOB + ZOE,
        "1 of 3 records don't match\nfilter 1: score>9\n  score>9 rejects 1, 1 of them alone\n",
    )


# --- Progress -------------------------------------------------------------------------------------


def test_folders_and_globs(run, tmp_path):
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "x.jsonl").write_text(ANN)
    assert run("match", "score==9", "more", "*.jsonl", "-c") == (0, "2\n", "")
    assert run("match", "score==9", "*.none", "-c") == (
        3,
        "0\n",
        "*.none: no file has a name like this\n",
    )


# --- Ends of names --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        (
            "to.xlsx",
            (),
            (
                "xlsx can be read, but not written; expected one of .jsonl .ndjson .json .csv "
                ".tsv .parquet .arrow .feather .ipc, or --format (in Python format=)"
            ),
        ),
        (
            "to.jsonl.zip",
            (),
            "zip data can be read, but not written; expected one of .gz .bz2 .xz .lz4 .zst",
        ),
        (
            "to.jsonl.gz",
            ("--format", "parquet"),
            "the format parquet is compressed within; leave the end of the name that says so out",
        ),
    ],
)
def test_an_output_that_cannot_be_written_is_refused_before_reading(
    name, options, message, run, tmp_path
):
    class Untouched(io.BytesIO):
        def read1(self, size=-1):
            raise AssertionError

    finished = run("match", "a==1", "--output", name, *options, stdin=Untouched())
    assert finished == (2, "", f"{name}: {message}\n")
    assert name not in names_in(tmp_path)


def test_an_array_on_standard_output(run):
    records = (ANN + BOB).encode()
    finished = run("match", "score>=9", "--format", "json", stdin=records)
    assert finished == (0, f"[\n{ANN.strip()},\n{BOB.strip()}\n]\n", "")
    assert run("match", "score>=99", "--format", "json", stdin=records) == (1, "[]\n", "")
    finished = run("match", "score>=9", "--format", "json", "--explain", stdin=records)
    assert finished.out == f"[\n{ANN.strip()},\n{BOB.strip()}\n]\n"


def test_what_cannot_be_read_ends_with_the_code_of_bad_input(run):
    message = "<stdin>: this is a PDF, which can't be read; name a file of records\n"
    assert run("match", "a==1", stdin=b"%PDF-1.7\n" + b"x\n" * 1000) == (3, "", message)


CELLS = "id,zip,score,ok\na,007,95,TRUE\nb,12,100,\nc,7,9,false\n"


def test_cells_are_typed_by_the_first_rows(run, tmp_path):
    (tmp_path / "x.csv").write_text(CELLS)
    rows = (
        '{"id":"a","zip":"007","score":95,"ok":true}\n{"id":"b","zip":"12","score":100,"ok":null}\n'
    )
    assert run("match", "score>=90", "x.csv", "--format=jsonl") == (0, rows, "")
    stdin = ("match", "score>=90", "--input-format", "csv", "--format=jsonl")
    assert run(*stdin, stdin=CELLS.encode()) == (0, rows, "")
    assert run("match", "zip==007", "x.csv", "-c") == (0, "1\n", "")
    assert run("match", "score>=90", "x.csv") == (
        0,
        "id,zip,score,ok\na,007,95,TRUE\nb,12,100,\n",
        "",
    )
    assert run("match", "score>=90", "x.csv", "--text", "--format=jsonl") == (
        0,
        '{"id":"a","zip":"007","score":"95","ok":"TRUE"}\n',
        "--text compares numbers as texts, so in 'score>=90' '10' is less than '9'; leave it out\n",
    )
    assert run("match", "ok==true", "x.csv", "--explain", "--format=csv", "--limit=1") == (
        0,
        "id,zip,score,ok\na,007,95,TRUE\n",
        "x.csv:2: match\nfilter 1 matches: ok==true\n  yes  ok==true: True\n",
    )
    assert run("match", "score>=96", "x.csv", "-c", "--sample-misses", "1") == (
        0,
        "1\n",
        (
            "2 of 3 records don't match\nfilter 1: score>=96\n"
            "  score>=96 rejects 2, 2 of them alone\n    x.csv:2: score>=96: 95\n"
        ),
    )


def test_cells_that_are_not_of_their_type_are_told(run, tmp_path):
    (tmp_path / "x.csv").write_text("id,score\n" + "a,5\n" * 1000 + "b,tbd\n")
    note = (
        "1 cell is compared as text in columns of which the first 1,000 rows hold something else:"
        " 'tbd' among the numbers of 'score' in x.csv:1002; --text keeps all cells as text\n"
    )
    hint = "score==x: the cells of 'score' are numbers, and 'x' is none; write a number\n"
    assert run("match", "score==tbd", "x.csv") == (0, "id,score\nb,tbd\n", note)
    assert run("match", "score==x", "x.csv", "-c") == (1, "0\n", note + hint)
    assert run("match", "score>=0", "x.csv", "-c") == (0, "1000\n", note)
    assert run("match", "score>=0", "x.csv", "-c", "--text") == (0, "1001\n", "")
    found = run("schema", "infer", "x.csv")
    assert (found.code, found.err) == (0, note)
    assert json.loads(found.out)["dimensions"]["score"] == {
        "type": "integer",
        "detail": "in 1001 of 1001: 1000 integer, 1 other text",
    }
    (tmp_path / "saved.json").write_text('{"any": "score>=0", "none": "score==x"}')
    found = run("tag", "--filters", "saved.json", "x.csv", "--only-tagged")
    assert found.code == 0
    assert found.out == '{"id":"a","score":5,"matches":["any"]}\n' * 1000
    assert found.err == note + hint.replace("tbd", "x")


def test_inferred_types_of_cells(run, tmp_path):
    (tmp_path / "x.csv").write_text("id,zip,price,ok\n1,007,1.10,TRUE\n2,12,3,\n")

    def types(*options):
        inferred = json.loads(run("schema", "infer", "x.csv", *options).out)
        return [dimension["type"] for dimension in inferred["dimensions"].values()]

    assert types() == ["integer", "text", "number", "boolean"]
    assert types("--text") == ["text", "text", "text", "text"]
    (tmp_path / "saved.json").write_text('{"cheap": "price<2"}')
    assert run("tag", "--filters", "saved.json", "x.csv", "--only-tagged") == (
        0,
        '{"id":1,"zip":"007","price":1.10,"ok":true,"matches":["cheap"]}\n',
        "",
    )
    assert run("tag", "--filters", "saved.json", "x.csv", "--only-tagged", "--text")[1] == (
        '{"id":"1","zip":"007","price":"1.10","ok":"TRUE","matches":["cheap"]}\n'
    )


# --- What is written ------------------------------------------------------------------------------


def test_names_are_renamed(run, tmp_path):
    expected = '{"who":"Ann","town":"Bonn"}\n'
    found = run("match", "score<10", "people.jsonl", "--select", "who=name, town = place.city")
    assert found == (0, expected, "")
    found = run("match", "score<10", "people.jsonl", "--select", "who=name", "--format=csv")
    assert found == (0, "who\nAnn\n", "")
    need("pyarrow", "files")
    run("match", "--all", "people.jsonl", "-o", "people.parquet")
    found = run("match", "score<10", "people.parquet", "--select", "who=name,points=score")
    assert found == (0, '{"who":"Ann","points":9}\n', "")
    run("match", "score<10", "people.parquet", "--select", "who=name", "-o", "one.arrow")
    assert run("match", "--all", "one.arrow").out == '{"who":"Ann"}\n'


def test_a_name_to_select_that_nothing_has_is_an_error_if_strict(run):
    found = run("match", "score<10", "people.jsonl", "--select", "who=nam", "--strict")
    assert found == (
        3,
        '{"who":null}\n',
        "unknown name 'nam': nothing in the records read is called so; did you mean 'name'?\n",
    )


def test_rows_of_cells_are_written_as_such(run, tmp_path):
    (tmp_path / "x.csv").write_text("a;b\n1;2\n")
    (tmp_path / "y.tsv").write_text("a\tb\n1\t2\n")
    assert run("match", "a==1", "x.csv").out == "a;b\n1;2\n"
    assert run("match", "a==1", "y.tsv").out == "a\tb\n1\t2\n"
    assert run("match", "a==1", "x.csv", "y.tsv").out == "a;b\n1;2\n1;2\n"
    assert run("match", "a==1", "x.csv", "--output-format", "jsonl").out == '{"a":1,"b":2}\n'
    lines = run("match", "a==1", "x.csv", "-", stdin=b'{"a": 1}\n').out
    assert lines == '{"a":1,"b":2}\n{"a": 1}\n'


@pytest.mark.parametrize("name", ["x.csv", "x.tsv", "x.parquet", "x.arrow"])
@pytest.mark.parametrize("to", ["to.csv", "to.parquet", "to.json", "to.jsonl"])
def test_what_holds_no_row_has_its_columns(run, tmp_path, name, to):
    need("pyarrow", "files")
    (tmp_path / "source.csv").write_text("a,b\n1,x\n")
    run("match", "--all", "source.csv", "-o", name)
    assert run("match", "a==7", name, "-o", to)[:2] == (1, "")
    if to.endswith("csv"):
        assert (tmp_path / to).read_text() == "a,b\n"
    elif to.endswith("json"):
        assert (tmp_path / to).read_text() == "[]\n"
    elif to.endswith("jsonl"):
        assert (tmp_path / to).read_text() == ""
    else:
        from pyarrow import parquet

        assert parquet.read_schema(tmp_path / to).names == ["a", "b"]
    names = run("match", "a==7", name, "--select", "n=b", "--format=csv").out
    assert names == "n\n"


def test_numbers_that_json_lacks_are_null_and_counted(run, tmp_path):
    need("pyarrow", "files")
    (tmp_path / "x.jsonl").write_text('{"a": NaN, "b": [Infinity, {"c": -Infinity}]}\n')
    told = "written as null, since JSON has no NaN and no infinity: 3 numbers\n"
    for options in (["--select=a,b"], ["--select=a,b", "--format=json"], ["--format=json"]):
        found = run("match", "--all", "x.jsonl", *options)
        assert json.loads(found.out.strip("[]\n")) == {"a": None, "b": [None, {"c": None}]}
        assert found.err == told
    lines = '{"a":  "NaN or Infinity"}\n{"b": 1}\n'
    (tmp_path / "z.jsonl").write_text(lines)
    assert run("match", "--all", "z.jsonl", "--format=json").out == (
        '[\n{"a":  "NaN or Infinity"},\n{"b": 1}\n]\n'
    )
    (tmp_path / "saved.json").write_text('{"any": "a!=1"}')
    (tmp_path / "y.jsonl").write_text('{"a": 1.5}\n{"a": NaN}\n{"a": Infinity}\n')
    run("match", "--all", "y.jsonl", "-o", "x.parquet")
    assert run("match", "--all", "x.parquet") == (
        0,
        '{"a":1.5}\n{"a":null}\n{"a":null}\n',
        told.replace("3", "2"),
    )
    found = run("tag", "--filters", "saved.json", "x.parquet")
    assert (found.out.count("null"), found.err) == (2, told.replace("3", "2"))


def test_a_bare_carriage_return_is_quoted(run, tmp_path):
    (tmp_path / "x.jsonl").write_text('{"a": "x\\ry", "b": 1}\n{"a": "z", "b": 2}\n')
    found = run("match", "--all", "x.jsonl", "-o", "to.csv")
    assert found.code == 0
    assert (tmp_path / "to.csv").read_bytes() == b'a,b\n"x\ry","1"\nz,2\n'
    assert run("match", "b==1", "to.csv", "--format=jsonl").out == '{"a":"x\\ry","b":1}\n'


# --- What people forget ---------------------------------------------------------------------------


def test_a_second_filter_without_its_option(run):
    found = run("match", "score>9", "name==B ob", "people.jsonl")
    assert found.code == 2
    assert " ".join(found.err.split()).endswith(
        "Error: 'name==B ob' is a filter, and no file is called so; further filters are given by"
        " -e: -e 'name==B ob'"
    )


@pytest.mark.parametrize(
    ("filter_", "options", "arguments"),
    [
        ("score>9 or score<1", "'score>9' -e 'score<1'", "'score>9' 'score<1'"),
        ("score==1 OR 2", "score==1 -e score==2", "score==1 score==2"),
        ("not(score>9)", "'score<=9' -e score==", "'score<=9' score=="),
    ],
)
def test_how_two_filters_are_written_is_told_in_the_form_of_the_place(
    run, filter_, options, arguments
):
    assert f": {options}\n" in run("match", filter_, "people.jsonl").err
    for command in ("encode", "check"):
        found = run(command, filter_)
        assert f": {arguments}\n" in found.out + found.err


def test_how_more_filters_are_written_is_told_where_they_arent_known(run):
    filter_ = "score>9 or score<1 and a==1"
    told = "hint: for OR, write two filters; each further one stands behind -e\n"
    assert told in run("match", filter_, "people.jsonl").err
    told = "hint: for OR, write two filters; each is an argument of its own\n"
    assert told in run("encode", filter_).err


def test_a_file_before_the_filter(run, tmp_path):
    for name in ("people.jsonl", "more people.jsonl"):
        (tmp_path / name).write_text('{"score": 10}\n')
    found = run("match", "people.jsonl", "score>9", "more people.jsonl")
    assert found.code == 2
    assert " ".join(found.err.split()).endswith(
        "Error: the FILTER stands before the files, and 'people.jsonl' is a file: filterlang match"
        " 'score>9' people.jsonl 'more people.jsonl'"
    )


def test_warnings_are_errors_if_strict(run):
    doubtful = "name==x AND score>1"
    assert run("check", doubtful).code == 0
    assert run("check", doubtful, "--strict").code == 2
    assert run("check", "name==x", "--strict").code == 0
    assert run("check", "name==x*", "--strict").code == 0
    assert run("check", doubtful, "--strict", "--fix").code == 2
    assert run("check", "name=x", "--strict", "--fix") == (0, "name==x\n", ANY)


def test_the_help_of_a_command(run):
    assert run("help", "match").out == run("match", "--help").out
    assert run("help", "schema", "infer").out == run("schema", "infer", "--help").out
    assert run("help").out == run("--help").out
    for names, known in ((["nope"], "match"), (["schema", "nope"], "infer")):
        found = run("help", *names)
        assert found.code == 2
        assert "no command is called 'nope'; the commands here are: " in " ".join(found.err.split())
        assert known in found.err
    *_, told = run("help", "mtach").err.splitlines()
    assert told == "Error: no command is called 'mtach'; did you mean 'match'?"
    *_, told = run("help", "match", "x").err.splitlines()
    assert told == "Error: 'match' has no commands of its own, such as 'x'"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("match", "--all", "--explain"), '{"at":"1970-01-01T00:00:00.000000001Z"}\n'),
        (("match", "--all", "--color", "always"), '{"at":"1970-01-01T00:00:00.000000001Z"}\n'),
        (
            ("tag", "--filters", "filters.json", "--key", "k"),
            '{"at":"1970-01-01T00:00:00.000000001Z","k":["all"]}\n',
        ),
    ],
)
def test_nanoseconds_are_kept_on_every_way(arguments, expected, run, tmp_path):
    pyarrow = need("pyarrow", "files")
    (tmp_path / "filters.json").write_text('{"all": "at!="}')
    table = pyarrow.table({"at": pyarrow.array([1], pyarrow.timestamp("ns"))})
    need("pyarrow.parquet", "files").write_table(table, tmp_path / "x.parquet")
    assert run(*arguments, "x.parquet").out == expected
    assert run("match", "--all", "--explain", "x.parquet", "-o", "y.parquet").code == 0
    assert need("pyarrow.parquet", "files").read_table(tmp_path / "y.parquet") == table


@pytest.mark.parametrize("option", [("--explain",), ("--sample-misses", "1")])
def test_a_time_beyond_the_calendar_is_shown_as_it_is_written(option, run, tmp_path):
    pyarrow = need("pyarrow", "files")
    table = pyarrow.table({"at": pyarrow.array([2**62], pyarrow.timestamp("us"))})
    need("pyarrow.parquet", "files").write_table(table, tmp_path / "x.parquet")
    told = run("match", "at<2024-01-01", *option, "x.parquet").err
    assert "at<2024-01-01: +148108-07-06T14:00:27.387904Z\n" in told


@pytest.mark.parametrize("options", [(), ("--jobs", "2")])
def test_a_count_of_two_files_in_one_is_refused(run, tmp_path, options):
    pyarrow = need("pyarrow", "files")
    need("pyarrow.parquet", "files").write_table(pyarrow.table({"i": [1, 2]}), tmp_path / "x")
    data = (tmp_path / "x").read_bytes()
    (tmp_path / "x").write_bytes(data * 2)
    told = (
        "here several Parquet files stand one after the other, of which only the last one can be "
        "read; give each as a file of its own\n"
    )
    assert run("match", "-c", "i>=0", "x", *options) == (3, "0\n", f"x: {told}")
    assert run("match", "-c", "i>=0", *options, stdin=data * 2) == (3, "0\n", f"<stdin>: {told}")
