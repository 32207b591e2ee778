"""gzip data is unpacked by isal just as it is without it, whatever is wrong with it."""

from __future__ import annotations

import gzip
import random
import sys

import pytest

from filterlang.backends.files import FileError, read
from filterlang.backends.files.opening import zipped
from tests.support.engines import need

LINES = [f'{{"a":{number},"t":"{number * 7919 % 10007:x}"}}' for number in range(3000)]
WHOLE = gzip.compress("".join(f"{line}\n" for line in LINES).encode())


def flipped(place):
    data = bytearray(WHOLE)
    data[place] ^= 1 << place % 8
    return bytes(data)


CHANCE = random.Random(3)  # noqa: S311 — sample data
PLACES = [CHANCE.randrange(20, len(WHOLE)) for _ in range(12)]
DAMAGED = {
    "cut in the header": WHOLE[:7],
    "without its end": WHOLE[:-3],
    "another checksum": WHOLE[:-8] + b"\1\2\3\4" + WHOLE[-4:],
    "another size": WHOLE[:-4] + b"\1\2\3\4",
    "something behind it": WHOLE + b"garbage",
    "a second one that is cut": WHOLE + WHOLE[: len(WHOLE) // 2],
    **{f"cut after {place}": WHOLE[:place] for place in PLACES},
    **{f"changed at {place}": flipped(place) for place in PLACES},
}


def found_in(path):
    """Give the records, and what was wrong, with isal."""
    faults = []
    return list(read(path, "a!=7", report=lambda fault: faults.append(str(fault)))), faults


@pytest.fixture
def calls(monkeypatch):
    """Note how often the file was unpacked anew."""
    need("isal.igzip", "fast")
    found, again = [], zipped._by_zlib_from

    def noting(file, given, kind):
        found.append(given)
        return again(file, given, kind)

    monkeypatch.setattr(zipped, "_by_zlib_from", noting)
    return found


@pytest.mark.sampled(12)
@pytest.mark.parametrize("name", DAMAGED)
def test_what_is_damaged_gives_the_same_records_and_message(name, tmp_path, calls, monkeypatch):
    path = tmp_path / "x.jsonl.gz"
    path.write_bytes(DAMAGED[name])
    found = found_in(path)
    assert len(found[1]) >= 1
    # What is recognised by its first bytes is opened twice.
    times = len(calls)
    assert times in {1, 2}
    monkeypatch.setitem(sys.modules, "isal.igzip", None)
    assert found == found_in(path)
    assert len(calls) == times


@pytest.mark.parametrize("data", [WHOLE, WHOLE + WHOLE, WHOLE + bytes(99)])
def test_what_is_whole_is_unpacked_once(data, tmp_path, calls, monkeypatch):
    path = tmp_path / "x.jsonl.gz"
    path.write_bytes(data)
    found = found_in(path)
    assert found[1] == []
    assert calls == []
    monkeypatch.setitem(sys.modules, "isal.igzip", None)
    assert found == found_in(path)


def test_without_a_report_the_error_is_raised(tmp_path, calls):
    path = tmp_path / "x.jsonl.gz"
    path.write_bytes(WHOLE[:-3])
    with pytest.raises(FileError, match="the gzip data is cut off"):
        list(read(path, "a==1"))
    assert len(calls) == 1


def test_a_file_that_got_shorter_meanwhile_ends(tmp_path):
    path = tmp_path / "x.gz"
    path.write_bytes(gzip.compress(b"short"))
    with path.open("rb") as file:
        assert zipped._by_zlib_from(file, 1000, "gzip")(10) == b""
