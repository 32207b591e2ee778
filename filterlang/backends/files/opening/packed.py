"""Compressed data, before and after it is unpacked, and what is said of it where that fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import ExitStack
    from io import BufferedReader

    from filterlang.backends.files.formats import Format


class Packed(NamedTuple):
    """Compressed data: a `source` of it, and the same as a `file` where any part can be read.

    What has to be closed at last goes on the `stack`.
    """

    source: BufferedReader[Any]
    file: BinaryIO | None
    stack: ExitStack


class Unpacked(NamedTuple):
    """What was unpacked: `read` returns at most so many bytes, none at the end.

    `name` is the one that it had before it was packed, None where nobody knows; `format` is the
    format, where it is one that isn't unpacked.
    """

    read: Callable[[int], bytes]
    name: str | None = None
    format: Format | None = None


_STEP = 1 << 14


def in_steps(read: Callable[[int], bytes]) -> Callable[[int], bytes]:
    """Return what reads unpacked data, however much is asked for, always the same bytes at once.

    Most that unpack give nothing of what they unpacked together with an error. So that is little,
    and what can be read of damaged data doesn't depend on who reads it.
    """
    ready = memoryview(b"")

    def read_some(size: int) -> bytes:
        nonlocal ready
        if not ready:
            data = read(_STEP)
            if len(data) <= size:
                return data
            ready = memoryview(data)
        some, ready = ready[:size], ready[size:]
        return bytes(some)

    return read_some


def cut_off(kind: str) -> str:
    """Return what is wrong with data that ends too early."""
    return f"the {kind} data is cut off; fetch the file again"


def damaged(kind: str, error: Exception) -> str:
    """Return what is wrong with data that can't be unpacked."""
    return f"the {kind} data is damaged ({error}); fetch the file again"
