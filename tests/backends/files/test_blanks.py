"""Blanks around the values of JSON: however many there are, they are neither kept nor lost."""

from __future__ import annotations

import tracemalloc
from io import BufferedReader, RawIOBase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterlang.backends.files import Fault, read
from filterlang.backends.files.faults import InputError
from filterlang.backends.files.json_records.json_lists import line_of
from filterlang.backends.files.json_records.json_shape import find_shape, read_json
from filterlang.backends.files.opening.inputs import BLOCK


class Long(RawIOBase):
    """What begins with a text, after which nothing but blanks comes; how many bytes were read."""

    def __init__(self, begin, blank):
        self._begin, self._blank = begin, blank
        self.size = 0

    def readable(self):
        return True

    def readinto(self, buffer):
        if self.size >= MOST:
            return 0
        data = self._begin[: len(buffer)] or self._blank * (len(buffer) // len(self._blank))
        self._begin = self._begin[len(data) :]
        buffer[: len(data)] = data
        self.size += len(data)
        return len(data)


MOST = 64 * BLOCK
RECORD, ENVELOPE = b'{"a": 1}', b'{"nodes": [{"a": 1}], "has_more": false}'


@pytest.mark.parametrize("blank", [b" ", b"\n", b" \r\n"])
@pytest.mark.parametrize("begin", [b"", RECORD, b"\xef\xbb\xbf"])
@pytest.mark.parametrize("is_named_lines", [True, False])
def test_a_shape_is_found_before_blanks_end(begin, blank, is_named_lines):
    most = 4 * BLOCK
    stream = Long(begin, blank)
    find_shape(BufferedReader(stream, 1), most, is_named_lines=is_named_lines)
    assert stream.size <= 4 * most


def test_so_is_what_is_an_envelope():
    stream = Long(ENVELOPE, b"\n")
    with pytest.raises(InputError, match="can't tell what the records are"):
        find_shape(BufferedReader(stream, 1), 4 * BLOCK, is_named_lines=False)
    assert stream.size <= 16 * BLOCK


def test_blank_lines_are_passed_on_before_a_record_comes():
    stream = Long(b"", b"\n")
    blocks = read_json(BufferedReader(stream, 1), lambda _: None, 4 * BLOCK)
    assert not (next(blocks).data or b"").strip()
    assert stream.size <= 16 * BLOCK


@pytest.mark.parametrize("blank", [b"\n", b" \r\n", b" "])
def test_what_stands_behind_them_is_found(tmp_path, blank):
    path = tmp_path / "x.json"
    blanks = blank * 5000
    path.write_bytes(RECORD + blanks + RECORD + b"\n")
    assert list(read(path, "a==1", max_line=1000)) == [{"a": 1}] * 2
    path.write_bytes(blanks + RECORD + b"\n")
    faults: list[Fault] = []
    found = list(read(path, "a==1", max_line=1000, report=faults.append))
    if b"\n" in blank:
        assert (found, faults) == ([{"a": 1}], [])
    else:
        message = (
            "expected a line of at most 1,000 bytes, found a longer one; "
            "allow more by --max-line, in Python by max_line"
        )
        assert (found, faults) == ([], [Fault(str(path), 1, message)])


@given(
    st.binary(max_size=9), st.lists(st.sampled_from([b"\n", b" ", b"1", b",\r\n"])), st.booleans()
)
def test_a_value_of_many_lines_is_one(text, parts, is_large):
    value = b"[%s1]" % (b"".join(parts) * (BLOCK if is_large else 1))
    assert line_of(value) == b" ".join([part.strip(b" \t\r") for part in value.split(b"\n")])


def test_its_lines_are_not_kept_at_once():
    value = b'{"a":%s1}' % (b"  \n" * (8 * BLOCK))
    tracemalloc.start()
    try:
        line_of(value)
        assert tracemalloc.get_traced_memory()[1] < 6 * len(value)
    finally:
        tracemalloc.stop()
