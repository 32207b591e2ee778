"""Structures in the compact form of Thrift, as the list at the end of a Parquet file is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

_STRUCTURE: Final = 12
_BYTE, _DOUBLE, _BINARY, _MAP, _UUID = 3, 7, 8, 11, 13
_TRUE, _FALSE = 1, 2
_INTEGERS = frozenset({4, 5, 6})
_LISTS = frozenset({9, 10})
_SIZES = {_BYTE: 1, _DOUBLE: 8, _UUID: 16}
_SEVEN_BITS, _FOUR_BITS = 0x7F, 0xF


class Walk:
    """A way through a structure, in which each value has to be passed.

    Raises:
        IndexError: by all methods, where the data end or are no such structure.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def _fields(self) -> Iterator[tuple[int, int]]:
        """Iterate over the fields of a structure: the number and the type of each."""
        number = 0
        while byte := self._byte():
            number = number + (byte >> 4) if byte >> 4 else self._integer()
            yield number, byte & _FOUR_BITS

    def only(self, number: int) -> Iterator[None]:
        """Stop at one field of a structure, whose value then has to be passed."""
        for found, type_ in self._fields():
            if found == number:
                yield
            else:
                self.skip(type_)

    def integers(self, numbers: Container[int]) -> dict[int, int]:
        """Pass a structure; return the integers in some of its fields, by their numbers."""
        integers = {}
        for number, type_ in self._fields():
            if number in numbers and type_ in _INTEGERS:
                integers[number] = self._integer()
            else:
                self.skip(type_)
        return integers

    def structures(self) -> range:
        """Pass the begin of a list of structures; return one number for each of these."""
        count, type_ = self._items()
        if count and type_ != _STRUCTURE:
            raise IndexError
        return range(count)

    def _integer(self) -> int:
        # Its last bit is the sign.
        number = self._unsigned()
        return (number >> 1) ^ -(number & 1)

    def skip(self, type_: int) -> None:
        """Pass a value, whatever it is; a value of a field that is true or false has no bytes."""
        if type_ in _INTEGERS:
            self._unsigned()
        elif type_ == _BINARY:
            length = self._unsigned()
            self._at += length
        elif type_ == _STRUCTURE:
            for _, inner in self._fields():
                self.skip(inner)
        elif type_ in _LISTS:
            count, inner = self._items()
            for _ in range(count):
                self._skip_item(inner)
        elif type_ == _MAP:
            if count := self._unsigned():
                types = self._byte()
                for _ in range(count):
                    self._skip_item(types >> 4)
                    self._skip_item(types & _FOUR_BITS)
        elif type_ not in {_TRUE, _FALSE}:
            try:
                self._at += _SIZES[type_]
            except KeyError:
                raise IndexError from None

    def _skip_item(self, type_: int) -> None:
        self.skip(_BYTE if type_ in {_TRUE, _FALSE} else type_)
        if self._at > len(self._data):
            raise IndexError

    def _items(self) -> tuple[int, int]:
        byte = self._byte()
        count = byte >> 4
        return self._unsigned() if count == _FOUR_BITS else count, byte & _FOUR_BITS

    def _unsigned(self) -> int:
        # Seven bits a byte, the lowest first.
        number = shift = 0
        while (byte := self._byte()) > _SEVEN_BITS:
            number |= (byte & _SEVEN_BITS) << shift
            shift += 7
        return number | byte << shift

    def _byte(self) -> int:
        self._at += 1
        return self._data[self._at - 1]
