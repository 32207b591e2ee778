"""What may go wrong with files: the message says where and why, and nothing is lost silently."""

from __future__ import annotations

import errno
import gzip
import json
import multiprocessing
import os
import re
import signal
import sys
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

import filterlang
from filterlang.backends.files import Fault, FileError, copy, read
from filterlang.backends.files.reader import Reader
from filterlang.backends.files.scanning import jobs, ranges, workers
from filterlang.backends.files.tables import columns
from filterlang.backends.files.watching.sought import Sought
from filterlang.checking.parse import parse
from tests.support.engines import need

pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded")
GOOD = '{"a": 1}\n'
FULL = Path("/dev/full")


def faults_of(path, filters="a==1", **options):
    """Read on after what is wrong; give the records, and what was wrong."""
    found = []
    records = list(read(path, filters, report=lambda fault: found.append(str(fault)), **options))
    return records, [text.replace(str(Path(path).parent) + os.sep, "") for text in found]


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def table(path, rows, **options):
    pyarrow = need("pyarrow", "files")
    need("pyarrow.parquet", "files").write_table(pyarrow.Table.from_pylist(rows), path, **options)


# --- Lines ----------------------------------------------------------------------------------------


def test_the_first_fault_is_raised(tmp_path, engine):
    (tmp_path / "x.jsonl").write_text(GOOD + "[]\n" + GOOD)
    records = read(tmp_path / "x.jsonl", "a==1")
    assert next(records) == {"a": 1}
    with pytest.raises(FileError) as caught:
        next(records)
    path = str(tmp_path / "x.jsonl")
    assert caught.value.fault == Fault(path, 2, "expected a JSON object, found an array")
    assert str(caught.value) == f"{path}:2: expected a JSON object, found an array"


def test_reading_goes_on_for_who_takes_the_faults(tmp_path, engine):
    (tmp_path / "x.jsonl").write_bytes(b'{"a": 1}\n\n{"a": \n{"a": "\xff"}\n{"a": 1}\n1')
    assert faults_of(tmp_path / "x.jsonl") == (
        [{"a": 1}, {"a": 1}],
        [
            "x.jsonl:3: expected a JSON object: expecting value in column 6",
            "x.jsonl:4: expected UTF-8, found the byte 0xFF in column 8",
            "x.jsonl:6: expected a JSON object, found a number",
        ],
    )


# --- Compressed data ------------------------------------------------------------------------------


def _lines(count):
    return [json.dumps({"a": 1, "b": os.urandom(50).hex()}) + "\n" for _ in range(count)]


@pytest.mark.parametrize("kind", ["gz", "zst"])
def test_compressed_data_that_is_cut_off(kind, tmp_path):
    lines = _lines(5000)
    compress = gzip.compress if kind == "gz" else need("zstandard", "files").compress
    data = compress("".join(lines).encode())
    path = tmp_path / f"cut.jsonl.{kind}"
    path.write_bytes(data[: len(data) // 2])
    records, faults = faults_of(path)
    assert 1000 < len(records) < 5000
    assert records == [json.loads(line) for line in lines[: len(records)]]
    name = {"gz": "gzip", "zst": "zstd"}[kind]
    assert faults == [
        (
            f"cut.jsonl.{kind}: the {name} data is cut off; fetch the file again "
            f"(read up to line {len(records)})"
        )
    ]


@pytest.mark.parametrize("size", [0, 3, 5])
def test_zstd_data_that_is_cut_off_early(size, tmp_path):
    data = need("zstandard", "files").compress(GOOD.encode())
    (tmp_path / "x.zst").write_bytes(data[:size])
    assert faults_of(tmp_path / "x.zst") == (
        [],
        ["x.zst: the zstd data is cut off; fetch the file again"],
    )


def test_zstd_data_of_several_frames_is_known_by_its_content(tmp_path):
    zstandard = need("zstandard", "files")
    data = b"".join(zstandard.compress(GOOD.encode() * 1000) for _ in range(300))
    (tmp_path / "data").write_bytes(data)
    assert len(list(read(tmp_path / "data", "a==1"))) == 300_000


def test_zstd_data_that_is_damaged(tmp_path):
    data = bytearray(need("zstandard", "files").compress("".join(_lines(100)).encode()))
    data[20:60] = bytes(40)
    (tmp_path / "damaged.zst").write_bytes(data)
    records, (fault,) = faults_of(tmp_path / "damaged.zst")
    assert records == []
    assert re.fullmatch(
        r"damaged\.zst: the zstd data is damaged \(.+\); fetch the file again", fault
    )


# --- Packages that aren't there -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "need_", "package"),
    [
        ("x.parquet", b"PAR1", "Parquet, Arrow or Feather data", "pyarrow"),
        ("x.arrow", b"ARROW1", "Parquet, Arrow or Feather data", "pyarrow"),
        ("x.zst", b"\x28\xb5\x2f\xfd", "zstd data", "zstandard"),
    ],
)
def test_a_package_that_is_missing(name, content, need_, package, tmp_path, monkeypatch):
    for module in ("pyarrow.compute", "pyarrow.parquet", "zstandard"):
        monkeypatch.setitem(sys.modules, module, None)
    message = (
        f"{need_} needs {package}, which is not installed; run: pip install 'filterlang[files]'"
    )
    (tmp_path / name).write_bytes(content)
    assert faults_of(tmp_path / name) == ([], [f"{name}: {message}"])
    (tmp_path / "good.jsonl").write_text(GOOD)
    with pytest.raises(FileError) as caught:
        copy("a==1", tmp_path / "good.jsonl", tmp_path / f"to.jsonl{name[1:]}")
    assert str(caught.value) == f"{tmp_path}/to.jsonl{name[1:]}: can't be written: {message}"
    assert names_in(tmp_path) == ["good.jsonl", name]


# --- CSV ------------------------------------------------------------------------------------------


def test_rows_that_are_none_are_told_by_their_lines(tmp_path):
    (tmp_path / "x.csv").write_bytes(
        b'a,b\r\n1,"x\ny"\r\n1\r\n\r\n1,2,3\r\n1,"x"y\r\n1,\xff\r\n1,"unfinished'
    )
    assert faults_of(tmp_path / "x.csv") == (
        [{"a": 1, "b": "x\ny"}],
        [
            "x.csv:4: expected 2 cells as in the first row, found 1",
            "x.csv:6: expected 2 cells as in the first row, found 3",
            "x.csv:7: expected a row of cells: ',' expected after '\"'",
            (
                "x.csv:8: expected UTF-8, found the byte 0xFF in the column 'b'; say by --encoding,"
                " in Python by encoding, what it is in"
            ),
            (
                "x.csv:9: expected a row of cells: a quote isn't closed, so line 9 isn't read; "
                "close it (a quote within a cell is written twice), or fetch the file again if it "
                "is cut off"
            ),
        ],
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "there is no row with names at its beginning"),
        (b"\n\n", "there is no row with names at its beginning"),
        (b"a,b,a\n1,2,3\n", "the columns 1 and 3 are both called 'a'; rename one of them"),
        (
            b"a,\xe9\n1,2\n",
            (
                "expected UTF-8 in the first row, found the byte 0xE9; say by --encoding, in Python"
                " by encoding, what it is in, likely cp1252"
            ),
        ),
        (b'"a"b\n1\n', "the names in the first row can't be read: ',' expected after '\"'"),
    ],
)
def test_a_first_row_that_gives_no_names(data, message, tmp_path):
    (tmp_path / "x.csv").write_bytes(data)
    assert faults_of(tmp_path / "x.csv") == ([], [f"x.csv: {message}"])


def test_what_spreadsheets_write_is_read(tmp_path):
    (tmp_path / "x.csv").write_bytes('\ufeffa,"b ""c"" d",é\r\n1,"2, 3\r\n4",\r\n'.encode())
    assert faults_of(tmp_path / "x.csv", text=True) == (
        [{"a": "1", 'b "c" d': "2, 3\r\n4", "é": ""}],
        [],
    )


def test_the_rows_before_a_cut_are_given(tmp_path):
    data = gzip.compress(b"a,b\n" + b"".join(b"1,%s\n" % os.urandom(9).hex().encode() * 2
                                            for _ in range(20_000)))  # fmt: skip
    (tmp_path / "x.csv.gz").write_bytes(data[: len(data) // 2])
    records, (fault,) = faults_of(tmp_path / "x.csv.gz")
    assert fault == (
        "x.csv.gz: the gzip data is cut off; fetch the file again "
        f"(read up to line {len(records) + 1})"
    )


# --- Tables ---------------------------------------------------------------------------------------


def test_files_that_are_no_tables(tmp_path):
    need("pyarrow", "files")
    table(tmp_path / "whole.parquet", [{"a": 1}])
    whole = (tmp_path / "whole.parquet").read_bytes()
    (tmp_path / "cut.parquet").write_bytes(whole[:-10])
    (tmp_path / "x.arrow").write_bytes(b"nothing of the kind")
    (tmp_path / "x.feather").write_bytes(b"FEA1....")
    for name, start in {
        "cut.parquet": "cut.parquet: this is no whole Parquet file: ",
        "x.arrow": "x.arrow: this is no whole Arrow file: ",
        "x.feather": "x.feather: this is Feather in its first version; write it anew with a newer",
        "missing.parquet": "missing.parquet: no such file or directory",
    }.items():
        records, (fault,) = faults_of(tmp_path / name)
        assert records == []
        assert fault.startswith(start)


@pytest.fixture(params=["arrow", "parquet"])
def doubled(request, tmp_path):
    """A table of which two columns are called `a`."""
    pyarrow = need("pyarrow", "files")
    table = pyarrow.table([[1, 2], [3, 4], [5, 6]], names=["a", "b", "a"])
    path = tmp_path / f"x.{request.param}"
    if request.param == "parquet":
        need("pyarrow.parquet", "files").write_table(table, path)
    else:
        with pyarrow.ipc.new_file(str(path), table.schema) as file:
            file.write_table(table)
    return path


def test_two_columns_of_one_name_that_is_asked_for(doubled):
    message = f"{doubled.name}: two columns are called 'a'; rename one of them"
    assert faults_of(doubled, "a==1") == ([], [message])
    assert faults_of(doubled, "a.x==1") == ([], [message])
    sought = Sought(parse("b==1;a==1"), None)
    told = []
    assert list(Reader(told.append, sought=sought).records([str(doubled)])) == []
    assert [fault.message for fault in told] == [message.partition(": ")[2]]
    reader = Reader(told.append, wanted=["a"])
    assert list(reader.select([str(doubled)], filterlang.compile("b==3"))) == []


def test_two_columns_of_one_name_that_nothing_asks_for(doubled, tmp_path):
    told = []
    reader = Reader(print, remark=told.append)
    for _ in range(2):
        parts = reader.select([str(doubled)], filterlang.compile("b==4"))
        assert [row for part in parts for row in part.values()] == [{"b": 4}]
    assert told == [
        (
            f"{doubled}: two columns are called 'a', which nothing asks for; "
            "records in JSON or CSV are written without them"
        )
    ]
    to = tmp_path / f"y{doubled.suffix}"
    with pytest.warns(UserWarning, match="two columns are called 'a'"):
        assert copy("b==4", doubled, to) == (2, 1, 0)
    batches = list(columns.read_batches(str(to), doubled.suffix[1:]))
    assert [column.to_pylist() for column in batches[-1].columns] == [[2], [4], [6]]


def test_a_key_of_folders_stands_in_for_columns_of_its_name(doubled, tmp_path):
    folder = tmp_path / "a=7"
    folder.mkdir()
    doubled.rename(folder / doubled.name)
    with pytest.warns(UserWarning, match="'a' is what the names of the folders say"):
        assert list(read(folder, "a==7")) == [{"a": 7, "b": 3}, {"a": 7, "b": 4}]


@pytest.mark.parametrize("format_", ["parquet", "arrow"])
def test_integers_of_128_bits_are_read_by_polars(tmp_path, format_, monkeypatch):
    polars = need("polars", "polars")
    need("pyarrow", "files")
    wide = [2**100, -1, None]
    frame = polars.DataFrame(
        {
            "a": polars.Series(wide, dtype=polars.Int128),
            "b": [1, 2, 3],
            "c": polars.Series([[one] for one in wide], dtype=polars.List(polars.Int128)),
            "d": polars.Series([{"e": 1}] * 3, dtype=polars.Struct({"e": polars.UInt128})),
            "f": polars.Series([[1, 2]] * 3, dtype=polars.Array(polars.UInt128, 2)),
        }
    )
    # polars would take the name for a glob, and that of the folder for a column.
    path = tmp_path / "k=1" / f"x[1].{format_}"
    path.parent.mkdir()
    (frame.write_parquet if format_ == "parquet" else frame.write_ipc)(path)
    assert [record.get("k") for record in read(path, "b==2")] == [1]
    path = path.rename(tmp_path / f"x.{format_}")
    for filter_, rows in {
        "b==2": [2], "a==": [3], f"a=={2**100}": [1], "a<5": [2], "a~-?": [2], "c==-1": [2],
        f"c>{2**99}": [1], "d.e==1": [1, 2, 3], "f==2;b<2": [1],
    }.items():  # fmt: skip  # filters are read beside their rows
        assert [record["b"] for record in read(path, filter_)] == rows, filter_
    large = polars.DataFrame({"a": polars.Series([10**38], dtype=polars.Int128), "b": [1]})
    (large.write_parquet if format_ == "parquet" else large.write_ipc)(path)
    records, (fault,) = faults_of(path)
    assert records == []
    assert fault.startswith(
        f"x.{format_}: this file has integers of 128 bits, of which those with more than 38 digits"
        " can't be read ("
    )
    assert fault.endswith("); write them as text")
    monkeypatch.setitem(sys.modules, "polars", None)
    assert faults_of(path) == (
        [],
        [
            (
                f"x.{format_}: pyarrow can't read this file (Integers with more than 64 bits not"
                " implemented); write it anew without such columns, or install polars, which reads"
                " it: pip install 'filterlang[polars]'"
            )
        ],
    )


def test_columns_that_change_between_tables(tmp_path):
    need("pyarrow", "files")
    table(tmp_path / "1.parquet", [{"a": 1, "b": 1}])
    table(tmp_path / "2.parquet", [{"a": "1", "b": 1}])
    table(tmp_path / "3.parquet", [{"b": "1"}])
    table(tmp_path / "4.parquet", [{"a": 1, "b": "not asked for"}])
    records, faults = faults_of(tmp_path, "a==1")
    assert len(records) == 3
    assert [fault.replace(tmp_path.name + os.sep, "") for fault in faults] == [
        "2.parquet: the column 'a' is of type string, but of type int64 in 1.parquet",
        "3.parquet: the column 'a' is missing, though it is in 1.parquet",
    ]


def test_columns_whose_values_are_compared_alike_may_change(tmp_path):
    need("pyarrow", "files")
    table(tmp_path / "1.parquet", [{"a": 1, "b": "x"}])
    table(tmp_path / "2.parquet", [{"a": 1.5, "b": None}])
    table(tmp_path / "3.parquet", [{"a": None, "b": "y"}])
    records, faults = faults_of(tmp_path, "a>=1;b!=x")
    assert (len(records), faults) == (1, [])


def test_columns_that_change_between_texts(tmp_path):
    (tmp_path / "1.csv").write_text("a,b\n1,2\n")
    (tmp_path / "2.csv").write_text("A,b\n1,2\n1,2\n")
    (tmp_path / "3.csv").write_text("a,c\n1,2\n")
    records, faults = faults_of(tmp_path, "a==1;c!=2")
    assert records == [{"a": 1, "b": 2}]
    assert [fault.replace(tmp_path.name + os.sep, "") for fault in faults] == [
        "2.csv: the column 'a' is missing, though it is in 1.csv; did you mean 'A'?",
        "3.csv: the column 'c' is new, it is not in 1.csv",
    ]


# --- Which files ----------------------------------------------------------------------------------


def test_globs_and_folders(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("b/2.jsonl", "b/1.ndjson", "b/.hidden.jsonl", "b/_x/3.jsonl", "b/c/4.csv",
                 "b/notes.txt", "5[1].jsonl"):  # fmt: skip
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text("a\n1\n" if name.endswith("csv") else GOOD)

    def names(path):
        return [fault.split(":")[0] for fault in faults_of(path, "a==1")[1]]

    assert len(list(read("b", "a==1"))) == 3
    assert len(list(read("b/*.*json*", "a==1"))) == 2
    assert len(list(read("b/**/*.jsonl", "a==1"))) == 2
    assert len(list(read(["5[1].jsonl", Path("b/2.jsonl")], "a==1"))) == 2
    assert names("b") == []
    assert faults_of("x*.jsonl") == ([], ["x*.jsonl: no file has a name like this"])
    Path("empty").mkdir()
    assert faults_of("empty")[1] == [
        (
            "empty: is a directory, and no file in it has a name that ends in one of "
            ".jsonl .ndjson .json .csv .tsv .parquet .arrow .feather .ipc .orc .avro .xlsx .xlsm"
        )
    ]


def test_a_format_in_the_place_of_what_the_name_tells(tmp_path):
    (tmp_path / "x.txt").write_text("a\tb\n1\t2\n")
    assert list(read(tmp_path / "x.txt", "a==1", format="tsv")) == [{"a": 1, "b": 2}]


# --- Several processes ----------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("end", ["\n", ""])
def test_processes_give_all_lines_in_their_order(end, tmp_path, small_ranges):
    lines = [json.dumps({"a": number % 3, "n": number, "t": "x" * (number * 37 % 150)})
             for number in range(60)]  # fmt: skip
    lines[20:20] = ["[]", "", '{"a":']
    path = tmp_path / "x.jsonl"
    path.write_text("\n".join(lines) + end)
    alone = faults_of(path, jobs=1)
    assert len(alone[0]) == 20
    assert [fault.partition(": ")[0] for fault in alone[1]] == ["x.jsonl:21", "x.jsonl:23"]
    for number in (2, 3, 50):
        assert faults_of(path, jobs=number) == alone


def test_large_files_are_read_by_several_processes(tmp_path, monkeypatch, small_ranges):
    path = tmp_path / "x.jsonl"
    path.write_text(GOOD * 100)
    assert jobs.jobs_for(str(path), None) == 1
    monkeypatch.setattr(jobs, "_LARGE", 100)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(20), raising=False)
    monkeypatch.setattr(workers, "can_fork", lambda: False)
    assert jobs.jobs_for(str(path), None) == 1
    monkeypatch.setattr(workers, "can_fork", lambda: True)
    assert jobs.jobs_for(str(path), None) == 8
    assert len(list(read(path, "a==1"))) == 100
    (tmp_path / "x.gz").write_bytes(gzip.compress(GOOD.encode() * 9))
    (tmp_path / "x").write_bytes(gzip.compress(GOOD.encode() * 9))
    for other in (str(tmp_path / "x.gz"), str(tmp_path / "x"), "-", str(tmp_path / "missing")):
        assert jobs.jobs_for(other, 4) == 1


def test_a_process_that_dies(tmp_path, monkeypatch, small_ranges):
    def die(*_):
        os._exit(9)

    monkeypatch.setattr(ranges, "scan_range", die)
    (tmp_path / "x.jsonl").write_text(GOOD * 50)
    assert faults_of(tmp_path / "x.jsonl", jobs=2) == (
        [],
        ["x.jsonl: a worker process that read it ended too early (exit code 9); try --jobs 1"],
    )


@pytest.mark.parametrize("begun", [b"", b"\0\0", b"\0\0\0\x09abc"])
def test_a_process_that_is_killed_in_the_middle_of_a_message(
    tmp_path, monkeypatch, small_ranges, begun
):
    def die(pipe, *_):
        os.write(pipe.fileno(), begun)
        os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(ranges, "_send_ranges", die)
    (tmp_path / "x.jsonl").write_text(GOOD * 50)
    assert faults_of(tmp_path / "x.jsonl", jobs=2) == (
        [],
        ["x.jsonl: a worker process that read it ended too early (signal SIGKILL); try --jobs 1"],
    )
    assert multiprocessing.active_children() == []


def test_signals_without_a_name_have_a_number():
    assert workers._end_of(-signal.SIGTERM) == "signal SIGTERM"
    assert workers._end_of(-1000) == "signal 1000"


def test_processes_that_can_not_be_started(tmp_path, monkeypatch, small_ranges):
    fork, started = os.fork, []

    def refuse():
        if started:
            raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")
        started.append(1)
        return fork()

    monkeypatch.setattr(os, "fork", refuse)
    (tmp_path / "x.jsonl").write_text(GOOD * 50)
    assert faults_of(tmp_path / "x.jsonl", jobs=2) == (
        [],
        [
            (
                "x.jsonl: no process can be started to read it: "
                "resource temporarily unavailable; try --jobs 1"
            )
        ],
    )
    assert multiprocessing.active_children() == []


def test_a_process_leaves_alone_what_it_inherits(tmp_path, monkeypatch):
    # What a process does, in this one; its first argument would be the lifeline.
    handled, sent, watched = {}, [], []
    monkeypatch.setattr(workers.signal, "signal", handled.__setitem__)
    monkeypatch.delattr(workers.signal, "SIGHUP")  # as on Windows
    monkeypatch.setattr(workers, "_end_with", watched.append)
    ends = multiprocessing.Pipe()
    given, taken = multiprocessing.Pipe()
    workers._work("alive", ends, given, lambda *arguments: sent.append(arguments), ("path", 9))
    assert handled == {signal.SIGINT: signal.SIG_IGN, signal.SIGTERM: signal.SIG_DFL}
    assert [end.closed for end in ends] == [True, True]
    assert sent == [(given, "path", 9)]
    assert given.closed
    taken.close()
    assert watched == ["alive"]


def test_a_process_ends_with_the_one_that_started_it(monkeypatch):
    ended = []
    monkeypatch.setattr(os, "_exit", ended.append)
    alive, lifeline = multiprocessing.Pipe(duplex=False)
    with alive:
        watching = threading.Thread(target=workers._end_with, args=(alive,))
        watching.start()
        assert ended == []
        lifeline.close()
        watching.join(60)
        assert ended == [1]


def test_a_library_replaces_no_handlers(tmp_path, small_ranges):
    def handlers():
        return [signal.getsignal(number) for number in signal.valid_signals()]

    # So much that the processes aren't done before the first record is fetched.
    (tmp_path / "x.jsonl").write_text(GOOD * 20_000)
    before = handlers()
    records = read(tmp_path / "x.jsonl", "a==1", jobs=2)
    next(records)
    assert len(multiprocessing.active_children()) == 2
    assert handlers() == before
    records.close()
    assert copy("a==1", tmp_path / "x.jsonl", tmp_path / "to.jsonl", jobs=2) == (20_000, 20_000, 0)
    assert handlers() == before


def test_a_program_that_handles_sigterm_is_not_waited_for(tmp_path, small_ranges):
    # Its processes inherit what it does then, so this is no way to end them.
    handler = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        (tmp_path / "x.jsonl").write_text(GOOD * 500)
        records = read(tmp_path / "x.jsonl", "a==1", jobs=2)
        next(records)
        records.close()
    finally:
        signal.signal(signal.SIGTERM, handler)


def test_a_file_that_fails_in_a_process(tmp_path, monkeypatch, small_ranges):
    def fail(*_):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(ranges, "scan_range", fail)
    (tmp_path / "x.jsonl").write_text(GOOD * 50)
    assert faults_of(tmp_path / "x.jsonl", jobs=2) == ([], ["x.jsonl: input/output error"])


@pytest.mark.parametrize("becomes", ["another", "gone"])
def test_a_file_that_is_replaced_while_processes_read_it_is_told(
    tmp_path, monkeypatch, small_ranges, becomes
):
    path, other = tmp_path / "x.jsonl", tmp_path / "other.jsonl"
    path.write_text(GOOD * 50)
    other.write_text(GOOD * 900)
    start = ranges.start_workers

    def replaced(*given):
        other.replace(path) if becomes == "another" else path.unlink()
        return start(*given)

    monkeypatch.setattr(ranges, "start_workers", replaced)
    why = {
        "another": "another file took its place while it was read; match it again",
        "gone": "no such file or directory",
    }
    assert faults_of(path, jobs=2) == ([], [f"x.jsonl: {why[becomes]}"])


@pytest.mark.parametrize(
    ("threads", "method"), [(["1"], "fork"), (["1", "2"], "spawn"), (None, "spawn")]
)
def test_beside_threads_processes_are_spawned(tmp_path, monkeypatch, threads, method):
    for thread in threads or []:
        (tmp_path / "threads" / thread).mkdir(parents=True)
    monkeypatch.setattr(workers, "_THREADS", tmp_path / "threads")
    assert workers._context().get_start_method() == method


def test_processes_that_are_spawned_give_the_same(tmp_path, monkeypatch):
    spawn = multiprocessing.get_context("spawn")
    monkeypatch.setattr(workers, "_context", lambda: spawn)
    line = json.dumps({"a": 1, "t": "x" * 1000}) + "\n"
    (tmp_path / "x.jsonl").write_text(line * 5000 + "[]\n")
    records, faults = faults_of(tmp_path / "x.jsonl", jobs=2)
    assert len(records) == 5000
    assert faults == ["x.jsonl:5001: expected a JSON object, found an array"]


# --- What is written ------------------------------------------------------------------------------


@pytest.fixture
def source(tmp_path):
    (tmp_path / "source.jsonl").write_text('{"a": 1, "b": {"c": "x"}}\n{"a": 2}\n')
    return tmp_path / "source.jsonl"


def test_a_file_may_be_written_over_itself(source):
    assert copy("a==1", source, source) == (2, 1, 0)
    assert source.read_text() == '{"a": 1, "b": {"c": "x"}}\n'
    assert names_in(source.parent) == ["source.jsonl"]


def test_a_link_stays_one_and_a_mode_too(source, tmp_path):
    (tmp_path / "real").write_text("old")
    (tmp_path / "real").chmod(0o640)
    (tmp_path / "link").symlink_to("real")
    copy("a==2", source, tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == '{"a": 2}\n'
    assert (tmp_path / "real").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("name", ["to.csv", "to.jsonl.gz", "to.jsonl.zst", "to.parquet"])
@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_an_interrupt_leaves_what_was_there(source, tmp_path, error, name):
    def interrupt(_):
        raise error

    if name.endswith(("zst", "parquet")):
        need("zstandard" if name.endswith("zst") else "pyarrow", "files")
    with source.open("a") as file:
        file.write('{"a": 1}\n' * 20_000 + "[]\n")
    (tmp_path / name).write_text("old")
    with pytest.raises(error):
        copy("a==1", source, tmp_path / name, select=["a"], report=interrupt)
    assert (tmp_path / name).read_text() == "old"
    assert names_in(tmp_path) == ["source.jsonl", name]


def test_threads_that_write_to_one_file_do_not_mix(tmp_path):
    to, wholes = tmp_path / "to.jsonl", []
    for number in range(4):
        line = json.dumps({"a": 1, "by": number, "t": "x" * (100 + number)}) + "\n"
        (tmp_path / f"{number}.jsonl").write_text(line * 3000)
        wholes.append(line * 3000)
    for _ in range(5):
        start = threading.Barrier(4)

        def write(number, start=start):
            start.wait(60)
            copy("a==1", tmp_path / f"{number}.jsonl", to)

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(write, range(4)))
        assert to.read_text() in wholes
    assert names_in(tmp_path) == ["0.jsonl", "1.jsonl", "2.jsonl", "3.jsonl", "to.jsonl"]


def test_a_link_in_the_place_of_the_part_is_not_followed(source, tmp_path, monkeypatch):
    victim = tmp_path / "victim"
    victim.write_text("old")
    (tmp_path / f".to.jsonl.{os.getpid()}.part").symlink_to(victim)
    copy("a==1", source, tmp_path / "to.jsonl")
    assert victim.read_text() == "old"
    # Not even if somebody could guess the name.
    monkeypatch.setattr(os, "urandom", bytes)
    (tmp_path / f".to.jsonl.{'0' * 16}.part").symlink_to(victim)
    assert _refusal(source, tmp_path / "to.jsonl") == "file exists"
    assert victim.read_text() == "old"


def test_a_link_in_the_place_of_a_partial_file_is_replaced(source, tmp_path):
    victim = tmp_path / "victim"
    victim.write_text("old")
    victim.chmod(0o666)
    (tmp_path / "to.jsonl.partial").symlink_to(victim)
    with umask(0o027):
        copy("a==1", [source, tmp_path / "no"], tmp_path / "to.jsonl", report=lambda _: None)
    assert victim.read_text() == "old"
    assert not (tmp_path / "to.jsonl.partial").is_symlink()
    assert mode_of(tmp_path / "to.jsonl.partial") == 0o640


@contextmanager
def umask(mask):
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def mode_of(path):
    return path.stat().st_mode & 0o7777


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0, 0o666)])
def test_a_new_file_has_the_mode_of_new_files(source, tmp_path, mask, mode):
    with umask(mask):
        copy("a==1", source, tmp_path / "to.jsonl")
    assert mode_of(tmp_path / "to.jsonl") == mode


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o666, 0o444])
def test_a_file_that_is_replaced_leaves_its_mode(source, tmp_path, mode):
    to = tmp_path / "to.jsonl"
    to.write_text("old")
    to.chmod(mode)
    seen = []

    def look(_):
        seen.extend(mode_of(path) for path in tmp_path.glob(".to.jsonl.*"))

    with umask(0o022):
        copy("a==1", source, to)
        assert mode_of(to) == mode
        # While it is written nobody may read what nobody could read before; and what isn't whole
        # is as private.
        copy("a==1", [source, tmp_path / "missing"], to, report=look)
    assert seen == [0o600]
    assert mode_of(tmp_path / "to.jsonl.partial") == mode
    assert names_in(tmp_path) == ["source.jsonl", "to.jsonl", "to.jsonl.partial"]


@pytest.mark.parametrize("name", ["é" * 125, "x" * 255, "to"])
def test_long_names(source, tmp_path, name):
    assert copy("a==1", source, tmp_path / name) == (2, 1, 0)
    assert names_in(tmp_path) == sorted(["source.jsonl", name])


def test_pipes_are_written_to_at_once(source, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with ThreadPoolExecutor(1) as pool:
        read_text = pool.submit((tmp_path / "pipe").read_text)
        assert copy("a==2", source, tmp_path / "pipe") == (2, 1, 0)
        assert read_text.result(60) == '{"a": 2}\n'
    assert names_in(tmp_path) == ["pipe", "source.jsonl"]
    read_end, writer = os.pipe()
    with os.fdopen(read_end) as file:
        # A link whose target has no name, as /dev/stdout often is.
        copy("a==2", source, f"/dev/fd/{writer}")
        os.close(writer)
        assert file.read() == '{"a": 2}\n'


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="this system names no open files")
def test_what_is_open_already_is_written_to_where_it_is(source, tmp_path):
    """Others write to the file before and after, as commands of a shell to /dev/stdout do."""
    with (tmp_path / "open").open("w") as file:
        print("before", file=file, flush=True)
        for folder in ("/dev/fd", "/proc/self/fd"):
            copy("a==2", source, f"{folder}/{file.fileno()}")
        print("after", file=file, flush=True)
    assert (tmp_path / "open").read_text() == 'before\n{"a": 2}\n{"a": 2}\nafter\n'
    assert names_in(tmp_path) == ["open", "source.jsonl"]
    assert _refusal(source, "/dev/fd/999") == "bad file descriptor"


def test_a_link_to_nothing_yet_makes_its_target(source, tmp_path):
    (tmp_path / "link").symlink_to("real")
    copy("a==2", source, tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == '{"a": 2}\n'


def test_a_source_that_is_not_whole_makes_a_partial_file(source, tmp_path):
    summary = copy(
        "a==1", [source, tmp_path / "missing.jsonl"], tmp_path / "to.jsonl", report=lambda _: None
    )
    assert summary == (2, 1, 1)
    assert names_in(tmp_path) == ["source.jsonl", "to.jsonl.partial"]


def _refusal(source, to, **options):
    with pytest.raises(FileError) as caught:
        copy("a>0", source, to, **options)
    return str(caught.value).removeprefix(f"{to}: can't be written: ")


@pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
def test_a_full_disk(source):
    assert _refusal(source, FULL) == "no space left on device"
    big = source.with_name("big.jsonl")
    big.write_text(GOOD * 100_000)
    assert _refusal(big, FULL) == "no space left on device"


def test_devices_are_written_to_at_once(source):
    assert copy("a>0", source, os.devnull) == (2, 2, 0)
    assert not Path(os.devnull).is_file()


def test_places_that_can_not_be_written(source, tmp_path):
    assert _refusal(source, tmp_path / "no" / "to.jsonl") == "no such file or directory"
    assert _refusal(source, tmp_path) == "is a directory"
    to = tmp_path / "to.parquet.gz"
    assert _refusal(source, to).removeprefix(f"{to}: ") == (
        "the format parquet is compressed within; leave the end of the name that says so out"
    )


def test_records_that_a_table_has_no_place_for(source, tmp_path):
    source.write_text('{"a": 1}\n{"a": 2, "b": 1}\n')
    reason = (
        "a record has 'b', for which the first one has no column; "
        "say with --select which columns there are to be"
    )
    assert _refusal(source, tmp_path / "to.csv") == reason
    assert names_in(tmp_path) == ["source.jsonl"]


def test_values_that_a_table_has_no_type_for(source, tmp_path):
    need("pyarrow", "files")
    source.write_text('{"a": 1, "b": 1}\n{"a": 2, "b": "x"}\n')
    assert _refusal(source, tmp_path / "to.parquet").startswith(
        "the values of 'b' have no common type ("
    )
    rows = [json.dumps({"a": 1, "b": 1}) + "\n"] * (1 << 15)
    source.write_text("".join(rows) + '{"a": 2, "b": "x"}\n')
    assert _refusal(source, tmp_path / "to.arrow").startswith(
        "the values of 'b' have no common type ("
    )


def test_tables_of_other_columns_do_not_go_into_one(tmp_path):
    need("pyarrow", "files")
    table(tmp_path / "1.parquet", [{"a": 1, "b": 1}])
    table(tmp_path / "2.parquet", [{"a": 1, "b": "x"}])
    paths = [tmp_path / "1.parquet", tmp_path / "2.parquet"]
    assert _refusal(paths, tmp_path / "to.arrow") == (
        "the column 'b' is of type string, but of type int64 before; "
        "write one file for each, or JSON Lines"
    )
    to = tmp_path / "to.parquet"
    assert copy("a==1", paths, to, select=["a"]) == (2, 2, 0)
    assert list(read(to, [])) == [{"a": 1}, {"a": 1}]


def test_bytes_have_no_text(tmp_path):
    need("pyarrow", "files")
    table(tmp_path / "x.parquet", [{"a": 1, "b": b"\x00"}])
    for to in ("to.jsonl", "to.csv"):
        assert _refusal(tmp_path / "x.parquet", tmp_path / to) == (
            "a value of type bytes can't be written as text; leave its column out with --select, "
            "or write the format parquet or arrow"
        )


def test_arguments_in_the_wrong_order_are_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.jsonl").write_text('{"a": 1}\n')
    told = "'x.jsonl' is a file; the arguments are {}"
    for one in ("x.jsonl", Path("x.jsonl"), ["x.jsonl"], (Path("x.jsonl"),)):
        for wrong, order in (
            (lambda one=one: copy(one, "a==1", "y.jsonl"), "copy(filters, sources, to)"),
            (lambda one=one: read("a==1", one), "read(paths, filters)"),
        ):
            with pytest.raises((filterlang.FilterSyntaxError, TypeError)) as raised:
                wrong()
            assert raised.value.__notes__ == [told.format(order)]
    with pytest.raises(filterlang.FilterSyntaxError) as raised:
        read("x.jsonl", "a")
    assert not hasattr(raised.value, "__notes__")


@pytest.mark.parametrize("format_", ["jsonl", "csv", "json"])
def test_what_a_remark_raises_leaves_the_file_that_was_there(format_, tmp_path):
    """It is the one that is read, too: who stops at a wrong name keeps the records."""
    path = tmp_path / f"x.{format_}"
    text = {"jsonl": '{"id":1}\n', "csv": "id\n1\n", "json": '[\n{"id":1}\n]\n'}[format_]
    path.write_text(text)

    def stop(remark):
        raise LookupError(remark)

    told = "unknown name 'scroe': nothing in the records read is called so; the names are 'id'"
    with pytest.raises(LookupError, match=f"^{re.escape(told)}$"):
        copy("scroe!=1", path, path, remark=stop)
    assert [one.name for one in tmp_path.iterdir()] == [path.name]
    assert path.read_text() == text


def test_what_a_remark_on_what_is_written_raises_leaves_the_file_that_was_there(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_text('{"id":NaN}\n')
    with pytest.raises(UserWarning, match="as null"), warnings.catch_warnings(action="error"):
        copy("id!=1", path, path)
    assert [one.name for one in tmp_path.iterdir()] == ["x.jsonl"]
    assert path.read_text() == '{"id":NaN}\n'
