"""What is read: files, gzip data, standard input, and all that is wrong with them."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys

import pytest

from filterlang.backends.files.json_records.lines import BadRecordError, read_record
from filterlang.backends.files.opening import inputs
from filterlang.cli import main
from tests.support.engines import need

GOOD = b'{"a": 1}\n'
LINE = GOOD.decode()


def read(path):
    """Read the lines of a file until something is wrong with it."""
    lines = []
    try:
        lines += inputs.read_lines(str(path), lambda _: None)
    except inputs.InputError as error:
        return str(error)
    return b"".join(lines)


# --- Lines that are no records --------------------------------------------------------------------

DEEP = 100_000


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"[1]", "expected a JSON object, found an array"),
        (b'"a"', "expected a JSON object, found a string"),
        (b"null", "expected a JSON object, found null"),
        (b"false", "expected a JSON object, found a truth value"),
        (b"1.5", "expected a JSON object, found a number"),
        (b"1", "expected a JSON object, found a number"),
        (b"9" * 5000, "expected a JSON object, found a number"),
        (b"NaN", "expected a JSON object, found a number"),
        (b"a==1", "expected a JSON object: expecting value in column 1"),
        (b'// {"a":1}', "expected a JSON object, found a comment"),
        (b'\xef\xbb\xbf # {"a":1}', "expected a JSON object, found a comment"),
        (b'{"a":1\n', "expected a JSON object: expecting ',' delimiter in column 7"),
        (
            b'{"a":1} {}',
            (
                "expected one JSON object, found behind it in column 9 another one; put each in a "
                'line of its own, or say --records . (in Python records=".")'
            ),
        ),
        (
            b' {"a":1} , ',
            (
                "expected one JSON object, found behind it in column 10 a comma; a comma between "
                "records is that of a list; put [ before the first one and ] behind the last one, "
                "in place of its comma if it has one"
            ),
        ),
        (
            b'{"a":1} // x',
            (
                "expected one JSON object, found behind it in column 9 '/'; JSON has no comments; "
                "take them away"
            ),
        ),
        (
            b'{"a":1};',
            (
                "expected one JSON object, found behind it in column 8 ';'; JSON has no "
                "semicolons; take them away"
            ),
        ),
        (b'{"a":1}/', "expected one JSON object, found behind it in column 8 '/'"),
        (b'{"a":1}]', "expected one JSON object, found behind it in column 8 ']'"),
        (b'\xef\xbb\xbf{"a":1}"', "expected one JSON object, found behind it in column 8 '\"'"),
        (b'{"a', "expected a JSON object: unterminated string starting in column 2"),
        (b'\xef\xbb\xbf{"a"}', "expected a JSON object: expecting ':' delimiter in column 5"),
        (b'{"\xff": 1}', "expected UTF-8, found the byte 0xFF in column 3"),
        (b"\xff\xfe{\x00}\x00", "expected UTF-8, found the byte 0xFF in column 1"),
        (b"[" * DEEP, "expected a JSON object, found one that is nested too deeply to be read"),
        (
            b'{"a":' * DEEP + b"1" + b"}" * DEEP,
            "expected a JSON object, found one that is nested too deeply to be read",
        ),
    ],
)
def test_a_line_that_is_no_record(line, reason):
    with pytest.raises(BadRecordError) as caught:
        read_record(line)
    assert str(caught.value) == reason


@pytest.mark.parametrize("line", [b"\n", b" \t \r\n", b" ", b"\xef\xbb\xbf", b"\xef\xbb\xbf \r\n"])
def test_a_blank_line_is_neither_record_nor_mistake(line):
    assert read_record(line) is None


def test_of_a_key_that_is_there_twice_the_last_one_counts():
    assert read_record(b'{"a": 1, "b": 2, "a": 3}') == {"a": 3, "b": 2}


ANOTHER = (
    "expected one JSON object, found behind it in column 8 another one; put each in a line of its "
    'own, or say --records . (in Python records=".")'
)


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        (b'{"a":1}{"a":2}\n', [b'{"a":1}', b'{"a":2}']),
        (b'\xef\xbb\xbf {"a":1}\xef\xbb\xbf{"a": "}{"} \r\n', [b'{"a":1}', b'{"a": "}{"}']),
        (b'{"a":1}\x1e{"a":NaN}{}\n', [b'{"a":1}', b'{"a":NaN}', b"{}"]),
    ],
)
def test_the_parts_of_a_line_are_the_objects_that_stand_in_it(line, parts):
    with pytest.raises(BadRecordError) as caught:
        read_record(line)
    assert caught.value.parts == parts


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"a":1}' * 1001, ANOTHER),
        (b'{"a":1}{"a":', "expected a JSON object: expecting value in column 13"),
        (b'{"a":1}{"a', "expected a JSON object: unterminated string starting in column 9"),
        (
            b'{"a":1}{"a":2}7',
            "expected one JSON object, found behind it in column 15 '7'",
        ),
        (
            b'{"a":1}' + b'{"a":' * DEEP,
            "expected a JSON object, found one that is nested too deeply to be read",
        ),
    ],
)
def test_a_line_that_holds_more_than_objects_has_no_parts(line, reason):
    with pytest.raises(BadRecordError) as caught:
        read_record(line)
    assert (str(caught.value), caught.value.parts) == (reason, [])


@pytest.mark.sampled(4)
@pytest.mark.parametrize("is_packed", [False, True])
@pytest.mark.parametrize("is_piped", [False, True])
@pytest.mark.parametrize(
    ("options", "out"),
    [
        ((), '{"a": 1}\n{"a":2}\n{"a": 1}\n'),
        (("-j2",), '{"a": 1}\n{"a":2}\n{"a": 1}\n'),
        (("--count",), "3\n"),
        (("--limit", "2"), '{"a": 1}\n{"a":2}\n'),
        (("--select", "a", "--format", "csv"), "a\n1\n2\n1\n"),
        (("--sort", "a", "--descending"), '{"a":2}\n{"a": 1}\n{"a": 1}\n'),
    ],
)
def test_files_joined_without_a_line_end_between(run, tmp_path, is_packed, is_piped, options, out):
    """The last record of one and the first of the next are two, in whatever is joined."""
    parts = [GOOD + b'{"a":2}', b'{"b":1}\n' + GOOD]
    (tmp_path / "x.jsonl").write_bytes(b"".join(map(gzip.compress, parts) if is_packed else parts))
    stdin = (tmp_path / "x.jsonl").read_bytes() if is_piped else b""
    file = "-" if is_piped else "x.jsonl"
    assert run("match", "a>=1", *options, file, stdin=stdin) == (0, out, "")


@pytest.mark.parametrize("options", [(), ("--explain",)])
def test_what_is_wrong_with_one_of_the_objects_of_a_line(run, tmp_path, options):
    """The others are records, it has the place of the line, and names are found in all."""
    deep = b'{"a":%s}' % (b"[" * 1023 + b"]" * 1023)
    (tmp_path / "x.jsonl").write_bytes(GOOD + b'{"b":1}' + deep + b'{"a":1}\n[]\n')
    code, out, err = run("match", "b!=2;a==1", *options, "--strict", "--summary", "x.jsonl")
    told = [line for line in err.splitlines() if line.startswith(("x.jsonl:2: e", "x.jsonl:3: e"))]
    assert (code, out) == (3, GOOD.decode() + '{"a":1}\n')
    assert told == [
        "x.jsonl:2: expected a JSON object, found one that is nested too deeply to be read",
        "x.jsonl:3: expected a JSON object, found an array",
    ]
    assert err.endswith(
        "x.jsonl:3: expected a JSON object, found an array\nread 3, matched 2, bad 2\n"
    )


def test_bad_lines_are_reported_and_the_rest_is_read(run, tmp_path):
    (tmp_path / "mixed.jsonl").write_bytes(GOOD + b"\n[]\n{\n" + GOOD + b"\xff\n" + GOOD)
    assert run("match", "a==1", "mixed.jsonl") == (
        3,
        LINE * 3,
        (
            "mixed.jsonl:3: expected a JSON object, found an array\n"
            "mixed.jsonl:4: expected a JSON object: "
            "expecting property name enclosed in double quotes in column 2\n"
            "mixed.jsonl:6: expected UTF-8, found the byte 0xFF in column 1\n"
        ),
    )


@pytest.mark.parametrize("jobs", [(), ("-j2",)])
def test_comments_are_told_once_with_what_leaves_them_out(run, tmp_path, jobs):
    (tmp_path / "x.jsonl").write_bytes(b"// x\n" + GOOD + b"  # y\n[]\n" + b"// z\n" * 50 + GOOD)
    (tmp_path / "y.jsonl").write_bytes(GOOD + b"# z")
    leave = "JSON has no comments; leave them out: grep -vE '^[[:space:]]*(//|#)'"
    assert run("match", "a==1", *jobs, "x.jsonl", "y.jsonl", "--summary") == (
        3,
        LINE * 3,
        (
            f"x.jsonl:1: expected a JSON object, found a comment; {leave}\n"
            "x.jsonl:4: expected a JSON object, found an array\n"
            f"y.jsonl:2: expected a JSON object, found a comment; {leave}\n"
            "x.jsonl: 52 lines in all are comments\n"
            "read 3, matched 3, bad 54\n"
        ),
    )


def test_what_leaves_comments_out_leaves_them_out(run, tmp_path):
    lines = b"// x\n" + GOOD + b' \t# y\n{"a": "// #"}\n#\r\n//\n'
    leave = ["grep", "-vE", "^[[:space:]]*(//|#)"]
    kept = subprocess.run(leave, input=lines, capture_output=True, check=True).stdout
    assert run("match", "--all", stdin=kept) == (0, LINE + '{"a": "// #"}\n', "")


def test_many_lines_in_another_encoding(run, tmp_path):
    """What would help is told once, behind what is wrong with each line."""
    lines = ['{"a": 1, "t": "Köln"}', '{"a": 1}'] * 3
    (tmp_path / "x.jsonl").write_bytes("\n".join(lines).encode("latin-1"))
    found = run("match", "a==1", "x.jsonl", "-c")
    faults = [f"x.jsonl:{n}: expected UTF-8, found the byte 0xF6 in column 17\n" for n in (1, 3, 5)]
    told = "x.jsonl: if its text isn't UTF-8, say by --encoding {}, which it likely is\n"
    assert found == (3, "3\n", "".join(faults) + told.format("cp1252"))
    text = "".join(f"{n};{town}\n" for n in range(25) for town in ("Köln", "Zürich", "Bonn"))
    for encoding, likely in (("cp1252", "cp1252"), ("latin-1", "cp1252"), ("cp850", "cp850")):
        (tmp_path / "x.csv").write_bytes(f"n;town\n{text}".encode(encoding))
        found = run("match", "--all", "x.csv", "-c")
        assert (found.code, found.out) == (3, "25\n")
        lines = found.err.splitlines(keepends=True)
        assert len(lines) == 22
        assert lines[19].startswith("x.csv:30: expected UTF-8, found the byte")
        assert lines[20] == "x.csv: 50 lines in all aren't UTF-8, as the first 20\n"
        assert lines[21] == told.format(likely).replace("x.jsonl", "x.csv")
    (tmp_path / "x.csv").write_bytes("n;town\n1;Fran\x8fois\n1;\xff\n2;\x90\n".encode("latin-1"))
    found = run("match", "--all", "x.csv", "-c")
    assert found.err.endswith("say by --encoding what it is, as latin-1\n")
    assert run("match", "t==köln", "x.jsonl", "-c", "--encoding", "latin-1") == (0, "3\n", "")


def test_many_rows_of_another_width(run, tmp_path):
    (tmp_path / "x.csv").write_text("a,b\n1,2\n" + "1,2\n" * 25 + "1,2,3\n" * 25 + "1\n" * 5)
    found = run("match", "--all", "x.csv", "-c")
    assert (found.code, found.out) == (3, "26\n")
    lines = found.err.splitlines()
    assert len(lines) == 21
    assert lines[19] == "x.csv:47: expected 2 cells as in the first row, found 3"
    assert lines[20] == (
        "x.csv: 30 rows in all haven't as many cells as there are names, as those of the lines "
        "above"
    )


def test_rows_of_another_width_than_columns_that_are_said(run, tmp_path):
    (tmp_path / "x.csv").write_text("1,2\n" * 25)
    found = run("match", "--all", "x.csv", "--no-header", "--columns", "x y")
    remedy = "say --columns 'x y,column_2' if all rows have so many"
    told = f"expected 1 cell, as --columns names (in Python columns), found 2; {remedy}"
    assert (found.code, found.out) == (3, "x y\n")
    more = "haven't as many cells as there are names, as those of the lines above"
    assert found.err.splitlines() == [
        *(f"x.csv:{line}: {told}" for line in range(1, 21)),
        f"x.csv: 25 rows in all {more}",
    ]
    given = ["match", "--all", "x.csv", "--no-header", "--columns"]
    assert run(*given, "x y,column_2") == (0, "x y,column_2\n" + "1,2\n" * 25, "")
    (tmp_path / "x.csv").write_text("1,2\n")
    remedy = "say --columns a,b if all rows have so many"
    assert run(*given, "a,b,c") == (
        3,
        "a,b,c\n",
        f"x.csv:1: expected 3 cells, as --columns names (in Python columns), found 2; {remedy}\n",
    )
    assert run(*given, ",".join(map(str, range(12)))).err.endswith(
        "found 2; say --columns 0,1 if all rows have so many\n"
    )
    (tmp_path / "x.csv").write_text(",".join(map(str, range(12))) + "\n")
    remedy = "name 12 columns by --columns if all rows have so many"
    assert run(*given, "a").err.endswith(f"found 12; {remedy}\n")


def test_a_row_of_more_cells_than_the_one_of_the_first_row(run, tmp_path):
    (tmp_path / "x.csv").write_text("a\nx,y\n")
    found = run("match", "--all", "x.csv")
    assert found.err == "x.csv:2: expected 1 cell as in the first row, found 2\n"


BEGUN = "expected a JSON object: expecting {} in column {}"
PROPERTY = BEGUN.format("property name enclosed in double quotes", 2)


@pytest.mark.parametrize(
    ("data", "first", "remedy"),
    [
        (b"id,score\n1,95\n", BEGUN.format("value", 1), "say --input-format csv if it is that"),
        (b"id;score\n1;95\n", BEGUN.format("value", 1), "say --input-format csv if it is that"),
        (b"id\tn\n1\t95\n", BEGUN.format("value", 1), "say --input-format tsv if it is that"),
        (b"dear diary,\nyes,\n", BEGUN.format("value", 1), "say by --input-format what it is"),
        (
            '{"a": 1}\n{"a": 2}\n'.encode("utf-16-le"),
            PROPERTY,
            "say --encoding utf-16-le if it is UTF-16 without its mark",
        ),
        (
            '"é"\n{"a": "é"}\n'.encode("utf-16-le"),
            "expected UTF-8, found the byte 0xE9 in column 3",
            "say --encoding utf-16-le if it is UTF-16 without its mark",
        ),
        (
            "Ελ\n{}\n".encode("utf-16-le"),
            "expected UTF-8, found the byte 0x95 in column 1",
            "say --encoding utf-16-le or utf-16-be if it is UTF-16 without its mark",
        ),
        (
            b"\0\0\2\0\1\0 \n\n\0",
            BEGUN.format("value", 1),
            "this is no text; name a file of records",
        ),
    ],
)
def test_lines_that_are_no_json_at_all_are_told_once(run, data, first, remedy):
    told = f"<stdin>: there is no record in it; expected JSON (line 1: {first}); {remedy}\n"
    assert run("match", "a==1", stdin=data) == (3, "", told)


@pytest.mark.parametrize("text", ["a==1", "a==2"])
def test_bad_input_wins_over_what_matched(run, text):
    finished = run("match", text, "--count", stdin=GOOD + b"1")
    assert finished.code == 3
    assert finished.out == ("1\n" if text == "a==1" else "0\n")
    assert finished.err == "<stdin>:2: expected a JSON object, found a number\n"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (b"NaN", "a=="),
        (b"Infinity", "a>1e300"),
        (b"1e999", "a>1e300"),
        (b"9" * 5000, "a==" + "9" * 5000),
        (b"9" * 5000, "a>1e4000"),
        (b"-" + b"9" * 5000, "a<-1e4000"),
        (rb'"\ud800"', "a~?"),
        (b"[" * 500 + b"1" + b"]" * 500, "a==1"),
    ],
)
def test_odd_values_are_matched(run, value, text):
    line = b'{"a": %s, "b": 1}\n' % value
    lacks = value in {b"NaN", b"Infinity"}
    written = line.decode() if not lacks else '{"a": null, "b": 1}\n'
    told = "written as null, since JSON has no NaN and no infinity: 1 number\n" * lacks
    assert run("match", text, stdin=line) == (0, written, told)
    assert run("match", f"{text};b==1", "--explain", stdin=line)[:2] == (0, written)


def test_integers_are_read_whatever_python_allows(run_process):
    line = b'{"a": %s}\n' % (b"9" * 700)
    finished = run_process("match", "a>1", stdin=line, PYTHONINTMAXSTRDIGITS="640")
    assert finished == (0, line.decode(), "")


# --- Files that can't be read ---------------------------------------------------------------------


def test_bad_files_are_reported_and_the_others_are_read(run, tmp_path):
    (tmp_path / "good.jsonl").write_bytes(GOOD)
    (tmp_path / "folder").mkdir()
    finished = run("match", "a==1", "missing.jsonl", "good.jsonl", "folder", "-", stdin=GOOD)
    assert finished == (
        3,
        LINE * 2,
        (
            "missing.jsonl: no such file or directory\n"
            "folder: is a directory, and no file in it has a name that ends in one of "
            ".jsonl .ndjson .json .csv .tsv .parquet .arrow .feather .ipc .orc .avro .xlsx .xlsm\n"
        ),
    )


@pytest.mark.parametrize("command", [["match", "a==1"], ["match", "--all", "good.jsonl"]])
def test_an_empty_name_is_not_the_folder(run, tmp_path, command):
    (tmp_path / "good.jsonl").write_bytes(GOOD)
    told = "'': expected the name of a file, found an empty one; the folder here is called .\n"
    assert run(*command, "") == (3, LINE * ("good.jsonl" in command), told)
    assert run("match", "a==1", ".").out == LINE


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_nobody_may_read(run, tmp_path):
    (tmp_path / "secret.jsonl").write_bytes(GOOD)
    (tmp_path / "secret.jsonl").chmod(0)
    assert run("match", "a==1", "secret.jsonl") == (3, "", "secret.jsonl: permission denied\n")


def test_a_file_that_fails_later(run, monkeypatch):
    class Failing(io.BytesIO):
        def read1(self, size=-1):
            if self.tell() < len(GOOD):
                return super().read1(size)
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(inputs, "_stream_of", lambda _: Failing(GOOD))
    finished = run("match", "a==1", "disk.jsonl")
    assert finished == (3, LINE, "disk.jsonl: input/output error (read up to line 1)\n")


def test_an_error_without_a_text(monkeypatch):
    def refuse(_):
        raise OSError

    monkeypatch.setattr(inputs, "_stream_of", refuse)
    assert read("x") == ""


@pytest.mark.parametrize("command", [("match", "a==1"), ("fmt",), ("decode",)])
def test_standard_input_may_be_closed(command, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", None)
    assert main(command) == 3
    assert capsys.readouterr() == ("", "<stdin>: standard input is closed\n")


# --- Gzip data ------------------------------------------------------------------------------------


def test_gzip_data_is_known_by_its_content(run, tmp_path):
    (tmp_path / "data").write_bytes(gzip.compress(GOOD) + gzip.compress(GOOD))
    finished = run("match", "a==1", "data", "-", "data", stdin=gzip.compress(b'{"a":1}'))
    assert finished == (0, LINE * 2 + '{"a":1}\n' + LINE * 2, "")


def test_empty_inputs(tmp_path):
    (tmp_path / "plain").write_bytes(b"")
    assert read(tmp_path / "plain") == b""
    (tmp_path / "data.gz").write_bytes(gzip.compress(b""))
    assert read(tmp_path / "data.gz") == b""


@pytest.mark.parametrize("name", ["data.gz", "DATA.JSONL.GZ"])
def test_no_gzip_data_where_the_name_says_so(run, tmp_path, name):
    (tmp_path / name).write_bytes(GOOD)
    assert run("match", "a==1", name) == (0, LINE, "")


def records(count):
    """Records that can hardly be compressed, so that cutting the data cuts them."""
    return b"".join(b'{"a": 1, "b": "%s"}\n' % os.urandom(50).hex().encode() for _ in range(count))


def test_gzip_data_that_is_cut_off(run, tmp_path):
    data = records(5000)
    compressed = gzip.compress(data)
    (tmp_path / "cut.gz").write_bytes(compressed[: len(compressed) // 2])
    finished = run("match", "a==1", "cut.gz", "-", stdin=GOOD)
    *lines, last = finished.out.splitlines(keepends=True)
    assert finished.code == 3
    assert last == LINE
    assert len(lines) > 2000
    assert data.startswith("".join(lines).encode())
    assert finished.err == (
        f"cut.gz: the gzip data is cut off; fetch the file again (read up to line {len(lines)})\n"
    )


@pytest.mark.parametrize("size", [0, 2, 9, 15])
def test_gzip_data_that_is_cut_off_early(tmp_path, size):
    (tmp_path / "cut.gz").write_bytes(gzip.compress(GOOD)[:size])
    assert read(tmp_path / "cut.gz") == "the gzip data is cut off; fetch the file again"


def test_gzip_data_that_is_damaged(tmp_path):
    damaged = bytearray(gzip.compress(records(10)))
    damaged[100:110] = bytes(10)
    (tmp_path / "damaged.gz").write_bytes(damaged)
    assert read(tmp_path / "damaged.gz").startswith("the gzip data is damaged (")
    (tmp_path / "joined.gz").write_bytes(gzip.compress(GOOD) + b"what is this")
    assert read(tmp_path / "joined.gz").startswith("the gzip data is damaged (")


def test_gzip_data_that_arrives_byte_by_byte(run):
    class Slow(io.BytesIO):
        def read1(self, size=-1):
            return super().read1(1)

    assert run("match", "a==1", stdin=Slow(gzip.compress(GOOD))) == (0, LINE, "")


# --- Much data ------------------------------------------------------------------------------------


@pytest.mark.parametrize("compress", [bytes, gzip.compress])
def test_long_inputs_and_long_lines(run, tmp_path, compress):
    lines = [json.dumps({"n": n, "text": "x" * (n * 997 % 200_000)}) + "\n" for n in range(200)]
    (tmp_path / "long").write_bytes(compress("".join(lines).encode()))
    expected = "".join(line for line in lines if json.loads(line)["n"] >= 100)
    assert run("match", "n>=100", "long") == (0, expected, "")


def test_sizes_are_those_of_regular_files(tmp_path):
    (tmp_path / "data").write_bytes(GOOD)
    path = str(tmp_path / "data")
    assert inputs.total_size([path, path, str(tmp_path / "missing")]) == 2 * len(GOOD)
    assert inputs.total_size([path, str(tmp_path)]) is None


def test_files_of_a_folder_that_are_left_out_are_told(run, tmp_path):
    folder = tmp_path / "skip"
    folder.mkdir()
    for name in ("a.jsonl", "c.jsonl.1", ".hidden", "_SUCCESS"):
        (folder / name).write_bytes(LINE.encode())
    told = "skip: 'c.jsonl.1' is left out, whose name tells no format; name it to have it read\n"
    assert run("match", "a==1", "skip", "-c") == (0, "1\n", told)
    assert run("match", "a==1", "skip/*", "-c").err == ""
    (folder / "b.txt").write_bytes(LINE.encode())
    told = (
        "skip: 2 files are left out whose names tell no format: 'b.txt' and 'c.jsonl.1'; name them "
        "to have them read\n"
    )
    assert run("match", "a==1", "skip", "-c") == (0, "1\n", told)
    (folder / "d.txt").write_bytes(LINE.encode())
    (folder / "records.zip").write_bytes(b"")
    told = (
        "skip: 4 files are left out whose names tell no format, such as 'records.zip', 'b.txt' and "
        "'c.jsonl.1'; name them to have them read\n"
    )
    assert run("match", "a==1", "skip", "-c") == (0, "1\n", told)


@pytest.mark.parametrize("format_", ["csv", "tsv", "parquet"])
def test_a_file_that_is_called_as_standard_input_is_not_read_in_its_place(run, tmp_path, format_):
    """It was looked into for names, which took them from standard input."""
    (tmp_path / "-").write_bytes(b"")
    if format_ == "parquet":
        pyarrow = need("pyarrow", "files")
        file = io.BytesIO()
        table = pyarrow.table({"id": list(range(5000))})
        need("pyarrow.parquet", "files").write_table(table, file)
        data = file.getvalue()
    else:
        data = b"id%cs\n" % (b"," if format_ == "csv" else b"\t")
        data += b"".join(b"%d,x\n" % number for number in range(5000)).replace(b",", data[2:3])
    found = run("match", "id>=4990", "--input-format", format_, "-c", "--summary", stdin=data)
    assert found == (0, "10\n", "read 5,000, matched 10, bad 0\n")
    (tmp_path / "-").write_bytes(LINE.encode())
    assert run("match", "a==1", "[-]", "-c", stdin=b"") == (0, "1\n", "")
    assert run("match", "a==1", "./-", "-c", stdin=b"") == (0, "1\n", "")
