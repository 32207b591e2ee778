"""Files are known by their first bytes, whatever their name; what can't be read is told once."""

from __future__ import annotations

import gzip
import io
import pickle
import plistlib
import sqlite3
import tarfile
import threading
import zipfile
from os import mkfifo

import pytest

import filterlang
from filterlang.backends.files import FileError, copy, read
from filterlang.backends.files.opening import inputs, spooled
from filterlang.backends.files.tables import columns
from tests.backends.files.corpus import FILTERS, RECORDS, delimited, json_lines, write_table
from tests.backends.files.test_faults import GOOD, faults_of
from tests.cli.conftest import run
from tests.support.engines import need

__all__ = ["run"]

TABLES = {"parquet": "parquet", "feather": "arrow", "arrow": "arrow"}


@pytest.fixture(params=TABLES)
def table(request, tmp_path):
    """A table: a file of Parquet, one of Arrow, and the form of Arrow for pipes."""
    path = tmp_path / f"given.{request.param}"
    write_table(path, request.param)
    return path.read_bytes()


@pytest.fixture
def stdin(monkeypatch):
    """Have data on standard input, which comes byte by byte at first, and can't be sought."""

    class Slow(io.RawIOBase):
        def __init__(self, data, slowly):
            super().__init__()
            self._data, self._place, self._slowly = data, 0, slowly

        def readable(self):
            return True

        def readinto(self, buffer):
            size = 1 if self._place < self._slowly else len(buffer)
            data = self._data[self._place : self._place + size]
            self._place += len(data)
            buffer[: len(data)] = data
            return len(data)

    def give(data, slowly=5):
        class Stdin:
            buffer = io.BufferedReader(Slow(data, slowly))

        monkeypatch.setattr("sys.stdin", Stdin)

    return give


def expect_rows(path):
    for filters in FILTERS[::6]:
        expected = list(filterlang.compile(filters).filter(RECORDS))
        assert list(read(path, filters)) == expected, filters


@pytest.mark.parametrize("name", ["x.jsonl", "x", "x.csv", "x.gz", "x.parquet"])
def test_tables_of_any_name(name, table, tmp_path):
    (tmp_path / name).write_bytes(table)
    expect_rows(tmp_path / name)


@pytest.mark.parametrize("name", ["x.jsonl", "x.parquet.gz"])
def test_compressed_tables(name, table, tmp_path):
    (tmp_path / name).write_bytes(gzip.compress(table))
    expect_rows(tmp_path / name)


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_tables_from_standard_input(pack, table, stdin):
    for filters in FILTERS[::10]:
        stdin(pack(table))
        expected = list(filterlang.compile(filters).filter(RECORDS))
        assert list(read("-", filters)) == expected, filters


def test_tables_from_pipes_that_have_names(table, tmp_path):
    mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=(tmp_path / "pipe").write_bytes, args=[table])
    writer.start()
    assert list(read(tmp_path / "pipe", [])) == RECORDS
    writer.join()


def test_arrow_comes_as_a_stream(tmp_path, stdin):
    write_table(tmp_path / "x.arrow", "arrow")
    data = (tmp_path / "x.arrow").read_bytes()
    stdin(data[: len(data) * 3 // 4])
    records, (fault,) = faults_of("-", [])
    assert records == RECORDS[:4]
    assert fault.startswith("<stdin>: this is no whole Arrow file: ")
    assert fault.endswith("(read up to row 4)")
    packed = gzip.compress(data)
    stdin(packed[: len(packed) * 3 // 4])
    assert faults_of("-", [])[1] == ["<stdin>: the gzip data is cut off; fetch the file again"]


def test_archives_from_standard_input(stdin):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("x.csv", "id,zip\n1,007\n2,7\n")
    stdin(file.getvalue())
    assert next(iter(read("-", "zip==007")))["zip"] == "007"


@pytest.mark.parametrize("name", ["x.csv", "x.tsv.gz", "x.parquet"])
@pytest.mark.parametrize(
    "text", ['{"a": 1}\n', '[{"a": 1}]', '\ufeff[\n{\n "a" : 1}]', "{}\n" + GOOD]
)
def test_json_of_any_name(name, text, tmp_path):
    (tmp_path / name).write_text(text)
    assert list(read(tmp_path / name, "a==1")) == [{"a": 1}]


def test_names_are_looked_for_in_json_called_csv(tmp_path, run):
    (tmp_path / "x.csv").write_text('{"score": 1}')
    (tmp_path / "y.csv").write_text("score\n1\n")
    told = "unknown name 'scroe': nothing in the records read is called so; did you mean 'score'?\n"
    assert run("match", "scroe==1", "y.csv", "x.csv", "--count") == (1, "0\n", told)


def test_cells_that_look_like_json_are_cells_where_somebody_says_so(tmp_path):
    (tmp_path / "x.csv").write_text('{"a"\n1\n')
    assert list(read(tmp_path / "x.csv", "", format="csv")) == [{'{"a"': 1}]


@pytest.mark.parametrize("format_", ["jsonl", "json", "csv", "tsv", "arrow"])
def test_another_format_than_somebody_says(format_, tmp_path):
    write_table(tmp_path / "x", "parquet")
    assert faults_of(tmp_path / "x", format=format_) == (
        [],
        [
            (
                f"x: this is Parquet, not {format_}; say by --input-format parquet what it is, or "
                "leave that out"
            )
        ],
    )


def test_the_format_that_somebody_says(table, tmp_path):
    (tmp_path / "x").write_bytes(table)
    format_ = "parquet" if table.startswith(b"PAR1") else "arrow"
    assert list(read(tmp_path / "x", [], format=format_)) == RECORDS


# --- What can't be read ---------------------------------------------------------------------------


def archive(**members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return file.getvalue()


def tar():
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        info = tarfile.TarInfo("x.jsonl")
        info.size = len(GOOD)
        archive.addfile(info, io.BytesIO(GOOD.encode()))
    return file.getvalue()


def sqlite(tmp_path):
    with sqlite3.connect(tmp_path / "x.db") as database:
        database.execute("create table t (a)")
    database.close()
    return (tmp_path / "x.db").read_bytes()


PAGE = "; fetch the file again, and look at the page to see why it came in its place"
EXPORT = "; export its records, as CSV or JSON Lines"
LINES = b"\n" * 100
UNREADABLE = {
    "tar": (tar(), "a tar archive", "; unpack it, and name the files in it"),
    "pdf": (b"%PDF-1.7" + LINES, "a PDF", "; name a file of records"),
    "png": (b"\x89PNG\r\n\x1a\n" + LINES, "a picture", "; name a file of records"),
    "sqlite": (None, "a database of SQLite", EXPORT),
    "duckdb": (b"12345678DUCK@\0\0\0\0\0\0\0" + LINES, "a database of DuckDB", EXPORT),
    "xls": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + LINES,
        "a file of Excel before 2007 (.xls), or another old file of Office",
        "; save it as CSV",
    ),
    "docx": (
        archive(word__document="", **{"word/document.xml": "", "x": ""}),
        "a document of Word (.docx)",
        "; name a file of records",
    ),
    "7z": (b"7z\xbc\xaf\x27\x1c" + LINES, "a 7z archive", "; unpack it, and name the files in it"),
    "exe": (
        b"MZ\x90\0\x03\0\0\0" + LINES,
        "a program",
        "; if it is an archive that unpacks itself, unpack it, and name the files in it",
    ),
    "ico": (b"\0\0\1\0\1\0\x10\x10\0\0" + LINES, "a picture", "; name a file of records"),
    "webp": (b"RIFF\x24\x10\0\0WEBPVP8 " + LINES, "a picture", "; name a file of records"),
    "wav": (b"RIFF\x24\x10\0\0WAVEfmt " + LINES, "sound", "; name a file of records"),
    "mp3": (b"ID3\4\0\0\0\0\0\x23TSSE" + LINES, "sound", "; name a file of records"),
    "mp4": (
        b"\0\0\0\x20ftypisom\0\0\2\0" + LINES,
        "a film or a picture",
        "; name a file of records",
    ),
    "mkv": (b"\x1a\x45\xdf\xa3\x01\0" + LINES, "a film", "; name a file of records"),
    "woff2": (b"wOF2\0\1\0\0" + LINES, "a font", "; name a file of records"),
    "spss": (b"$FL2@(#) SPSS DATA FILE" + LINES, "a file of SPSS", EXPORT),
    "sas": (
        b"\0" * 12 + b"\xc2\xea\x81\x60\xb3\x14\x11\xcf\xbd\x92\x08\0\x09\xc7\x31\x8c" + LINES,
        "a file of SAS",
        EXPORT,
    ),
    "xpt": (b"HEADER RECORD*******LIBRARY HEADER" + LINES, "a file of SAS (.xpt)", EXPORT),
    "stata": (b"<stata_dta><header><release>118" + LINES, "a file of Stata", EXPORT),
    "r": (b"RDX3\nX\n\0\0\0\3" + LINES, "data of R", EXPORT),
    "access": (b"\0\1\0\0Standard ACE DB\0" + LINES, "a database of Access", EXPORT),
    "plist": (plistlib.dumps({"a": 1}, fmt=plistlib.FMT_BINARY), "a property list", EXPORT),
    **{
        f"pickle {protocol}": (
            pickle.dumps([{"a": 1}], protocol),
            "what Python's pickle wrote",
            EXPORT,
        )
        for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1)
    },
    "hadoop": (b"SEQ\6\x19org.apache.hadoop.io.Text" + LINES, "a sequence file of Hadoop", EXPORT),
    "pg_dump": (
        b"PGDMP\1\x0e\0\4" + LINES,
        "a dump of PostgreSQL",
        "; restore it, and export the tables as CSV",
    ),
    "bson": (
        b"\x10\0\0\0\x10score\0\1\0\0\0\0" * 9,
        "BSON, as mongodump writes it",
        "; make JSON Lines of it: bsondump FILE | filterlang …",
    ),
    "html": (b"\n <!DOCTYPE  html>\n<html>" + LINES, "an HTML page", PAGE),
    "HTML": (b"\xef\xbb\xbf<HTML lang=en>" + LINES, "an HTML page", PAGE),
    "xml": (b"<?xml version='1.0'?>" + LINES, "XML", "; convert it to JSON Lines or CSV"),
}


@pytest.mark.parametrize("what", UNREADABLE)
@pytest.mark.parametrize("name", ["x", "x.csv", "x.jsonl.gz", "-"])
def test_what_cannot_be_read_is_told_once(what, name, tmp_path, stdin):
    data, title, remedy = UNREADABLE[what]
    data = sqlite(tmp_path) if data is None else data
    data = gzip.compress(data) if name.endswith("gz") else data
    # What tells these isn't at the beginning.
    stdin(data, slowly=0 if what in {"tar", "duckdb", "webp", "wav", "bson"} else 5)
    (tmp_path / name).write_bytes(data)
    path = "-" if name == "-" else tmp_path / name
    shown = "<stdin>" if name == "-" else name
    assert faults_of(path) == ([], [f"{shown}: this is {title}, which can't be read{remedy}"])


@pytest.mark.parametrize("format_", ["csv", "jsonl", "json"])
def test_what_cannot_be_read_where_somebody_says_what_it_is(format_, tmp_path):
    (tmp_path / "x").write_bytes(tar())
    message = "x: this is a tar archive, which can't be read; unpack it, and name the files in it"
    assert faults_of(tmp_path / "x", format=format_) == ([], [message])


@pytest.mark.parametrize("text", ["id,name\nDUCK,1\n", "a,b\nftyp,1\n", "abcdefg\nWAVE\n"])
def test_text_that_has_further_on_what_other_data_has_there(text, tmp_path):
    (tmp_path / "x.csv").write_text(text)
    _, cells = text.split()
    assert [*map(str, next(read(tmp_path / "x.csv", [])).values())] == cells.split(",")


def test_text_that_begins_like_a_page(tmp_path):
    (tmp_path / "x.csv").write_text("<a>\n<html>\n")
    assert list(read(tmp_path / "x.csv", [])) == [{"<a>": "<html>"}]
    (tmp_path / "y.csv").write_text("<html>\n1\n")
    assert list(read(tmp_path / "y.csv", [], format="csv")) == [{"<html>": 1}]
    (tmp_path / "z.csv").write_text("<")
    assert list(read(tmp_path / "z.csv", [])) == []


def test_the_rest_of_the_inputs_is_read(tmp_path):
    (tmp_path / "x.pdf").write_bytes(b"%PDF-1.7")
    (tmp_path / "y.jsonl").write_text(GOOD)
    found = []
    assert list(read([tmp_path / "x.pdf", tmp_path / "y.jsonl"], "a==1", report=found.append)) == [
        {"a": 1}
    ]
    assert len(found) == 1


def test_a_table_that_is_gone(tmp_path):
    need("pyarrow", "files")
    with pytest.raises(columns.InputError, match="no such file or directory"):
        next(columns.read_batches(str(tmp_path / "gone"), "parquet"))


# --- Temporary files ------------------------------------------------------------------------------


def test_no_room_for_a_temporary_file(tmp_path, stdin, monkeypatch):
    write_table(tmp_path / "x", "parquet")
    stdin((tmp_path / "x").read_bytes())
    message = "<stdin>: it can't be kept in a temporary file: {}; say by TMPDIR in which folder there is room"  # noqa: E501 — a whole message
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "missing"))
    assert faults_of("-") == ([], [message.format("no such file or directory")])
    monkeypatch.setattr("tempfile.tempdir", None)

    class Full(io.BytesIO):
        def write(self, data):
            raise OSError(28, "No space left on device")

    class Place:
        def __init__(self, *_):
            pass

        def open(self, *_, **options):
            return Full()

    monkeypatch.setattr(spooled, "Path", Place)
    stdin((tmp_path / "x").read_bytes())
    assert faults_of("-") == ([], [message.format("no space left on device")])


# --- Writing --------------------------------------------------------------------------------------

EXPECTED = (
    "; expected one of .jsonl .ndjson .json .csv .tsv .parquet .arrow .feather .ipc, "
    "or --format (in Python format=)"
)

WITHIN = "the format parquet is compressed within; leave the end of the name that says so out"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("to.ods", "no format is known whose names end in '.ods'" + EXPECTED),
        ("to.orc", "ORC can be read, but not written" + EXPECTED),
        ("to.avro.gz", "Avro can be read, but not written" + EXPECTED),
        ("to.xlsx", "xlsx can be read, but not written" + EXPECTED),
        ("to.txt.gz", "no format is known whose names end in '.txt'" + EXPECTED),
        ("to.parquet.bz2", WITHIN),
    ],
)  # fmt: skip  # a row or two
def test_ends_of_names_that_cannot_be_written(name, message, tmp_path):
    with pytest.raises(FileError) as caught:
        copy("a==1", tmp_path / "missing", tmp_path / name)
    assert caught.value.fault.message == message


@pytest.mark.parametrize(("name", "format_"), [("to.xlsx", "csv"), ("to", None), ("to.gz", None)])
def test_ends_of_names_that_say_nothing(name, format_, tmp_path):
    (tmp_path / "x").write_text(GOOD)
    copy("a==1", tmp_path / "x", tmp_path / name, format=format_)
    expected = "a\n1\n" if format_ else GOOD
    data = (tmp_path / name).read_bytes()
    assert (gzip.decompress(data) if name == "to.gz" else data).decode() == expected


def test_json_is_written_as_an_array(tmp_path):
    (tmp_path / "x.jsonl").write_bytes(json_lines().replace(b"\n", b"\r\n"))
    (tmp_path / "x.csv").write_bytes(delimited(","))
    to = tmp_path / "to.json"
    copy("id!=3", tmp_path / "x.jsonl", to)
    assert to.read_bytes().startswith(b'[\n{"id": 1, ')
    assert to.read_bytes().count(b"\n") == 7
    assert list(read(to, [])) == [record for record in RECORDS if record["id"] != 3]
    copy("id<3", [tmp_path / "x.csv", tmp_path / "x.jsonl"], to, select=["name"], report=print)
    assert to.read_text() == "[\n" + ",\n".join(
        ['{"name":"Ann"}', '{"name":"İstanbul, \\"ΣΑΣ\\""}'] * 2
    ) + "\n]\n"  # fmt: skip
    copy("id==77", tmp_path / "x.jsonl", to)
    assert to.read_text() == "[]\n"


def test_a_beginning_that_may_be_several_things_is_read_on():
    assert inputs._tells_nothing(b"BZh")
    assert not inputs._tells_nothing(b"{")


@pytest.mark.parametrize(
    ("paths", "found"),
    [
        (io.BytesIO(b"{}"), "BytesIO"),
        (b"x.jsonl", "bytes"),
        ([{"a": 1}], "dict"),
        ({"a": 1}, "dict"),
        (["x.jsonl", 1], "int"),
        (1, "int"),
    ],
)
def test_what_is_no_path_is_refused(paths, found):
    message = (
        f"expected the path of a file, or several of them, not {found}; records that are there "
        "already are matched by compile(filters).filter(records)"
    )
    for call in (lambda: list(read(paths, "a==1")), lambda: copy("a==1", paths, "y.jsonl")):
        with pytest.raises(TypeError) as caught:
            call()
        assert str(caught.value) == message
