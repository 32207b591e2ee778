"""Streams over what was read already and what is to come."""

from __future__ import annotations

import io
import tracemalloc

from filterlang.backends.files.opening.chunks import Chunks


def test_what_was_read_comes_first_and_then_the_rest():
    rest = io.BytesIO(b"defgh")
    parts = []
    stream = Chunks(rest.read, head=b"abc")
    while part := stream.read(2):
        parts.append(part)
    assert parts == [b"ab", b"c", b"de", b"fg", b"h"]


def test_a_part_of_what_was_read_costs_nothing_of_the_others():
    # Else a long line, or 64 MiB of white space, would be copied for each small part of it.
    head = b" " * (1 << 22)
    stream = Chunks(io.BytesIO().read, head=head)
    buffer = bytearray(8192)
    tracemalloc.start()
    sizes = [stream.readinto(buffer) for _ in range(8)]
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sizes == [len(buffer)] * 8
    assert most < len(head) // 16
