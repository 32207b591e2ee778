"""What only one process can read is judged by several: the same rows and the same faults."""

from __future__ import annotations

import bz2
import errno
import gc
import gzip
import io
import json
import lzma
import multiprocessing
import os
import signal
import sys
import zlib
from contextlib import ExitStack

import pytest

from filterlang.backends.files import read
from filterlang.backends.files.opening import inputs
from filterlang.backends.files.opening.compressions import COMPRESSIONS
from filterlang.backends.files.reader import Reader
from filterlang.backends.files.scanning import dealer, jobs, line_scans, workers
from filterlang.backends.files.scanning.scanner import Scanner
from filterlang.matching.matcher import compile as compile_filters
from tests.support.engines import need

pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded")
RECORDS = [{"a": number % 3, "n": number, "t": "x" * (number * 37 % 150)} for number in range(60)]
LINES = [json.dumps(record) for record in RECORDS]
TEXTS = {
    "lines": "\n".join([*LINES[:20], "[]", "", '{"a":', *LINES[20:40], "".join(LINES[40:])]),
    "list": "[" + ",\n".join(LINES) + "]",
    "answer": json.dumps({"totalHits": 60, "users": RECORDS}, indent=2),
    "values": "\n".join(json.dumps(record, indent=1) for record in RECORDS),
}


def pack(name, data):
    """Compress data, if there is a name of how."""
    match name:
        case "":
            return data
        case "gzip":
            return gzip.compress(data)
        case "bz2":
            return bz2.compress(data)
        case "xz":
            return lzma.compress(data, preset=0)
        case "zlib":
            return zlib.compress(data)
        case "zstd":
            return need("zstandard", "files").compress(data)
        case _:
            return need("lz4.frame", "files").compress(data)


PACKED = ["", "gzip", "bz2", "xz", "zstd", "lz4", "zlib"]


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch, small_ranges):
    monkeypatch.setattr(dealer, "PIECE", 200)
    monkeypatch.setattr(dealer, "PIPED", 200)
    monkeypatch.setattr(dealer, "_BESIDE", 100)
    monkeypatch.setattr(dealer, "BLOCK", 64)
    monkeypatch.setattr(jobs, "_LARGE_PACKED", 100)
    monkeypatch.setattr("filterlang.backends.files.opening.inputs.BLOCK", 64)
    monkeypatch.setattr("filterlang.backends.files.json_records.json_shape.BLOCK", 64)


@pytest.fixture(autouse=True, params=["unpacked", "shared", "piped"])
def road(request, monkeypatch):
    """Have packed lines unpacked where all see them, or dealt by shared memory or by pipes."""
    monkeypatch.setattr(workers, "can_fork", lambda: request.param != "piped")
    if request.param != "unpacked":
        monkeypatch.setattr(line_scans, "jobs_for_packed", lambda *_: 1)
    return request.param


@pytest.fixture
def started(monkeypatch):
    """Note how many processes look at each input: one deals to those that were started."""
    found, start = [], workers.start_workers

    def noting(stack, work, arguments, **options):
        found.append(len(arguments) + 1)
        return start(stack, work, arguments, **options)

    monkeypatch.setattr(dealer, "start_workers", noting)
    return found


def found_in(path, number, filters="a==1"):
    """Give the records that match, and what was wrong, as so many processes find it."""
    faults = []
    options = {"report": lambda fault: faults.append(str(fault)), "jobs": number}
    return list(read(path, filters, **options)), faults


@pytest.fixture
def sent(monkeypatch):
    """Note what is dealt to others: messages, and how many blocks come through pipes."""
    found, send = [], workers.Worker.send

    def noting(worker, message, blocks=()):
        found.append(len(blocks))
        send(worker, message, blocks)

    monkeypatch.setattr(workers.Worker, "send", noting)
    return found


def test_who_takes_a_piece_from_a_pipe_has_sent_its_results(sent):
    """They would wait for each other, if both the piece and the results fill their pipes."""
    scanner, short, long = Scanner(compile_filters("a==1")), [b'{"a":1}\n'], [b'{"a":2}\n' * 100]
    huge = [b'{"a":1}\n' * 300_000]
    pieces = [huge, huge, long, short, huge, short]
    with ExitStack() as stack:
        dealt = dealer.Dealer(stack, scanner, 2)
        for number, piece in enumerate(pieces):
            dealt.deal(piece, number)
        found = [*dealt.finish()]
    kept = [(what, len(scan.kept), scan.lines) for what, (scan,) in found]
    assert kept == [
        (0, 300_000, 300_000),
        (1, 300_000, 300_000),
        (2, 0, 100),
        (3, 1, 1),
        (4, 300_000, 300_000),
        (5, 1, 1),
    ]
    # All others were scanned by the one that deals, but for what memory could hold beside them.
    assert sent[0] == 1
    assert sum(sent) == 1


def test_what_nobody_fetches_is_bounded():
    scanner, line = Scanner(compile_filters("a==1")), [b'{"a":1}\n']
    with ExitStack() as stack:
        dealt = dealer.Dealer(stack, scanner, 3)
        found, most = [], 0
        for number in range(100):
            dealt.deal(line, number)
            most = max(most, number + 1 - len(found))
            found += [what for what, _ in dealt.fetch()]
        found += [what for what, _ in dealt.finish()]
    assert found == [*range(100)]
    assert most <= 4 * 6 + 1


def test_all_of_them_look_at_pieces(tmp_path, sent, monkeypatch):
    own, scan = [], dealer.Dealer._scan

    def noting(*arguments):
        own.append(1)
        scan(*arguments)

    path = tmp_path / "x.gz"
    path.write_bytes(gzip.compress("\n".join(LINES * 100).encode()))
    monkeypatch.setattr(dealer.Dealer, "_scan", noting)
    assert found_in(path, 2) == found_in(path, 1)
    assert sent
    assert own


def test_every_way_of_packing_is_tried():
    assert {kind.name for kind in COMPRESSIONS} - {"lzma", "zip"} == set(PACKED[1:])


@pytest.mark.sampled(11, 36)
@pytest.mark.parametrize("shape", TEXTS)
@pytest.mark.parametrize("packed", PACKED)
def test_processes_change_nothing(packed, shape, tmp_path, started):
    path = tmp_path / "x.json"
    path.write_bytes(pack(packed, TEXTS[shape].encode()))
    alone = found_in(path, 1)
    assert alone[0] == [record for record in RECORDS if record["a"] == 1]
    places = [fault.removeprefix(f"{path}:").partition(":")[0] for fault in alone[1]]
    assert places == (["21", "23"] if shape == "lines" else [])
    assert started == []
    for number in (2, 5):
        assert found_in(path, number) == alone
    is_plain = not packed and shape == "lines"
    assert started == ([] if is_plain else [2, 5])


@pytest.mark.sampled(3)
@pytest.mark.parametrize("packed", PACKED[1:])
def test_what_is_cut_off_is_told_after_what_could_be_read(packed, tmp_path, monkeypatch, started):
    # Pieces are longer than what readers have ready.
    monkeypatch.setattr(dealer, "PIECE", 150_000)
    monkeypatch.setattr(dealer, "PIPED", 50_000)
    monkeypatch.setattr(dealer, "_BESIDE", 20_000)
    monkeypatch.setattr("filterlang.backends.files.opening.inputs.BLOCK", 10_000)
    path = tmp_path / "x.jsonl"
    # Random digits, so that there is enough to be cut.
    many = [json.dumps({"a": 1, "t": os.urandom(200).hex()}) for _ in range(3000)]
    data = pack(packed, "\n".join(many).encode())
    for tenths in range(4, 10):
        path.write_bytes(data[: tenths * len(data) // 10])
        alone = found_in(path, 1)
        assert len(alone[1]) == 1
        assert "cut off" in alone[1][0]
        assert found_in(path, 2) == alone
    assert len(alone[0]) > 1000
    # Of bz2 data cut off so early there is nothing.
    assert {*started} == {2}


class Failing(io.FileIO):
    """A file of which a disk gives no more than the first half."""

    def readinto(self, buffer):
        if self.tell() > os.fstat(self.fileno()).st_size // 2:
            raise OSError(errno.EIO, "Input/output error")
        return super().readinto(memoryview(buffer)[:1000])


def test_what_a_disk_gives_no_more_is_told_after_what_could_be_read(tmp_path, monkeypatch, started):
    # Pieces are longer than lines.
    monkeypatch.setattr(dealer, "PIECE", 20_000)
    monkeypatch.setattr(inputs, "_stream_of", lambda path: io.BufferedReader(Failing(path)))
    path = tmp_path / "x.jsonl.xz"
    many = [json.dumps({"a": 1, "t": os.urandom(200).hex()}) for _ in range(1000)]
    path.write_bytes(pack("xz", "\n".join(many).encode()))
    rows, faults = found_in(path, 2)
    assert (rows, faults) == found_in(path, 1)
    assert len(rows) > 100
    assert len(rows) > 100
    assert ["input/output error" in fault for fault in faults] == [True]
    assert started == [2]


@pytest.mark.sampled(3)
@pytest.mark.parametrize("packed", PACKED[1:])
def test_what_is_cut_off_or_damaged_near_its_beginning(packed, tmp_path, monkeypatch):
    """What comes before is given, and it is told once, whoever has met it."""
    monkeypatch.setattr(jobs, "_LARGE_PACKED", 1)
    path = tmp_path / "x.jsonl"
    # The first line is longer than what is read at once.
    lines = [json.dumps({"a": 1, "t": "y" * 99}), *LINES]
    for number in (1, 2, 9):
        data = pack(packed, "\n".join(lines[:number]).encode())
        for broken in (data[: len(data) // 2], data[:-3], data + b"\x1f\x8b", data + data[:20]):
            path.write_bytes(broken)
            alone = found_in(path, 1)
            assert f"the {packed} data is " in alone[1][-1]
            assert found_in(path, 2) == alone


@pytest.mark.parametrize("packed", PACKED)
def test_what_begins_without_a_record_is_told_once(packed, tmp_path):
    path = tmp_path / "x.jsonl"
    text = "\n".join(["10:00 it works", *["10:01 it still works"] * 30, *LINES])
    path.write_bytes(pack(packed, text.encode()))
    for number in (1, 2):
        assert found_in(path, number) == (
            [],
            [
                (
                    f"{path}: there is no record in the first 20 lines, so nothing more was read; "
                    "expected JSON (line 1: expected a JSON object: extra data in column 3); say by"
                    " --input-format what it is"
                )
            ],
        )


def test_a_list_with_a_mistake_is_read_up_to_it(tmp_path, started):
    path = tmp_path / "x.json"
    path.write_text("[" + ",\n".join([*LINES, "{", *LINES]) + "]")
    alone = found_in(path, 1)
    assert alone[0] == [record for record in RECORDS if record["a"] == 1]
    assert len(alone[1]) == 1
    assert found_in(path, 2) == alone
    assert started == [2]


def test_a_line_that_is_too_long_is_told(tmp_path, started):
    path = tmp_path / "x.gz"
    path.write_bytes(gzip.compress("\n".join([*LINES, "1" * 999, *LINES]).encode()))
    faults = []
    options = {"report": lambda fault: faults.append(str(fault)), "max_line": 300}
    alone = list(read(path, "a==1", jobs=1, **options))
    assert list(read(path, "a==1", jobs=2, **options)) == alone
    assert len(alone) == 40
    assert faults[0].startswith(f"{path}:61: expected a line of at most 300 bytes")
    assert faults[1:] == faults[:1]
    assert started == [2]


@pytest.mark.parametrize("max_line", [20, 100, 150, 199, 200, 300])
def test_lines_that_are_too_long_are_told_within_a_piece(max_line, tmp_path, started):
    path = tmp_path / "x.gz"
    path.write_bytes(gzip.compress("\n".join(LINES).encode()))
    told = []
    options = {"report": lambda fault: told.append(fault.line), "max_line": max_line}
    alone = list(read(path, "a==1", jobs=1, **options))
    assert list(read(path, "a==1", jobs=2, **options)) == alone
    assert told == 2 * [n for n, line in enumerate(LINES, 1) if len(line) > max_line]
    assert started == [2]


@pytest.mark.sampled(8)
@pytest.mark.parametrize("place", [0, 1, 30, 60])
@pytest.mark.parametrize("length", [199, 300, 301, 2000])
def test_a_line_that_no_piece_and_no_room_holds(length, place, tmp_path, started):
    path = tmp_path / "x.gz"
    long = json.dumps({"a": 1, "t": "y" * length})
    data = "\n".join([*LINES[:place], long, "[]", long, *LINES[place:]])
    for end in ("", "\n", "\n\n", "\n{"):
        path.write_bytes(gzip.compress(f"{data}{end}".encode()))
        alone = found_in(path, 1)
        assert len(alone[0]) == 22
        assert len(alone[1]) == (2 if "{" in end else 1)
        assert found_in(path, 2) == alone
    assert started == [2] * 4


def test_a_process_that_is_killed(tmp_path, monkeypatch):
    # Each of them would be killed at its third piece.
    send_scans, done = dealer.send_scans, []

    def die(*arguments):
        done.append(1)
        if len(done) == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        send_scans(*arguments)

    monkeypatch.setattr(dealer, "send_scans", die)
    path = tmp_path / "x.gz"
    path.write_bytes(gzip.compress("\n".join(LINES * 5).encode()))
    records, faults = found_in(path, 2)
    assert len(faults) == 1
    message = "a worker process that read it ended too early (signal SIGKILL); try --jobs 1"
    assert faults[0].startswith(f"{path}: {message} (read up to line ")
    whole = [record for record in RECORDS if record["a"] == 1] * 5
    assert 0 < len(records) < len(whole)
    assert records == whole[: len(records)]
    assert multiprocessing.active_children() == []


def test_a_process_that_ends_while_it_waits(tmp_path, monkeypatch):
    send, sent = workers.Worker.send, []

    def send_to_killed(worker, *arguments):
        sent.append(1)
        if len(sent) == 4:
            worker.stop()
        send(worker, *arguments)

    monkeypatch.setattr(workers.Worker, "send", send_to_killed)
    path = tmp_path / "x.gz"
    path.write_bytes(gzip.compress("\n".join(LINES * 5).encode()))
    unraisable = []
    monkeypatch.setattr(sys, "unraisablehook", unraisable.append)
    records, faults = found_in(path, 2)
    gc.collect()
    assert unraisable == []  # Python 3.13 would print a complaint of its own.
    assert len(faults) == 1
    assert "ended too early (signal SIGKILL)" in faults[0]
    # What had been dealt before is there.
    whole = [record for record in RECORDS if record["a"] == 1] * 5
    assert 0 < len(records) < len(whole)
    assert records == whole[: len(records)]


def test_names_are_found_wherever_they_stand(tmp_path):
    path = tmp_path / "x.gz"
    path.write_bytes(gzip.compress("\n".join([*LINES, '{"late": 1}']).encode()))
    for number in (1, 2):
        assert found_in(path, number, "late!=2;late==1") == ([{"late": 1}], [])


def test_with_a_limit_one_process_reads(tmp_path, started):
    path = tmp_path / "x.gz"
    path.write_bytes(gzip.compress("\n".join(LINES).encode()))
    reader, matcher = Reader(pytest.fail), compile_filters("a==1")
    parts = reader.select([str(path)], matcher, limit=3, jobs=2)
    assert [line for part in parts for line in part.lines] == [
        line.encode() for line in LINES if '"a": 1' in line
    ][:3]
    assert started == []


def test_by_default_large_inputs_are_shared(tmp_path, monkeypatch, started):
    path = tmp_path / "x.gz"
    path.write_bytes(gzip.compress("\n".join(LINES).encode()))
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(3), raising=False)
    monkeypatch.setattr(workers, "can_fork", lambda: True)
    monkeypatch.setattr(jobs, "_LARGE_PACKED", 1 << 20)
    whole = found_in(path, None)
    assert started == []
    monkeypatch.setattr(jobs, "_ALONE", 1000)
    monkeypatch.setattr(jobs, "_LARGE_PACKED", 100)
    assert found_in(path, None) == whole
    assert started == [3]
    monkeypatch.setattr(workers, "can_fork", lambda: False)
    assert found_in(path, None) == whole
    assert started == [3]


def test_who_stops_early_leaves_no_process(tmp_path):
    path = tmp_path / "x.gz"
    path.write_bytes(gzip.compress("\n".join(LINES * 50).encode()))
    records = read(path, "a==1", jobs=2)
    for _ in range(30):
        next(records)
    assert len(multiprocessing.active_children()) == 1
    records.close()
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize("road", ["unpacked"], indirect=True)
def test_how_far_it_is_told(tmp_path):
    path = tmp_path / "x.gz"
    path.write_bytes(gzip.compress("\n".join(LINES * 50).encode()))
    told = []
    reader = Reader(pytest.fail, told.append)
    for _ in reader.select([str(path)], compile_filters("a==1"), jobs=2):
        pass
    size = path.stat().st_size
    assert size // 2 < sum(told) <= size


@pytest.mark.parametrize("road", ["unpacked"], indirect=True)
def test_what_is_no_file_or_small_is_read_by_one_process(tmp_path, monkeypatch):
    assert jobs.jobs_for_packed(str(tmp_path / "gone"), 2) == 1
    path = tmp_path / "x.xz"
    path.write_bytes(lzma.compress("\n".join(LINES * 50).encode()))
    assert jobs.jobs_for_packed(str(path), 3) == 3
    assert jobs.jobs_for_packed(str(path), 1) == 1
    asked = 10**9
    assert jobs.jobs_for_packed(str(path), asked) == jobs.jobs_beside(asked) == 256
    assert jobs.threads_for(asked) == 256
    assert jobs.jobs_for(str(tmp_path / "gone"), asked) == 1
    monkeypatch.setattr(jobs, "_LARGE_PACKED", 1 << 20)
    assert jobs.jobs_for_packed(str(path), 3) == 1
