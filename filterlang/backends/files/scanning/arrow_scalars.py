"""Single values of Arrow, and the bytes of texts, by the buffers that hold them.

To make a scalar or an array of Python values, pyarrow would load pandas first.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType


def number_of(arrow: ModuleType, code: str, value: int) -> Any:
    """Return a number of the type that the module `array` calls so."""
    data = arrow.py_buffer(array(code, [value]))
    (number,) = arrow.Array.from_buffers(_TYPES[code](arrow), 1, [None, data])
    return number


def text_of(arrow: ModuleType, value: str) -> Any:
    """Return a text."""
    data = value.encode()
    ends = arrow.py_buffer(array("i", [0, len(data)]))
    (text,) = arrow.Array.from_buffers(arrow.string(), 1, [None, ends, arrow.py_buffer(data)])
    return text


def characters_of(texts: Any) -> memoryview:
    """Return the bytes of all texts of an array, one behind the other."""
    _, ends, data = texts.buffers()
    if data is None or not len(texts):
        return memoryview(b"")
    places = memoryview(ends).cast("i")
    return memoryview(data)[places[texts.offset] : places[texts.offset + len(texts)]]


_TYPES: dict[str, Callable[[Any], Any]] = {
    "B": lambda arrow: arrow.uint8(),
    "i": lambda arrow: arrow.int32(),
}
