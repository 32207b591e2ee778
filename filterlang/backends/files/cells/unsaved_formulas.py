"""Formulas of a sheet whose values weren't saved, as programs write them that don't calculate."""

from __future__ import annotations

import re
import zlib
from contextlib import suppress
from io import BytesIO
from itertools import islice
from typing import IO, TYPE_CHECKING, NoReturn
from xml.parsers.expat import ExpatError, ParserCreate
from zipfile import BadZipFile, ZipFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.parsers.expat import XMLParserType

_CHUNK = 1 << 16
_LONGEST = 1 << 20
"""What isn't at its end after so many bytes is no element of a sheet.

The parser keeps it, and each time that it is given more, it looks at all of it again.
"""


def unsaved_formulas(workbook: bytes, sheet: int) -> str | None:
    """Return what is wrong with the formulas of a sheet, of which there is the place; or None.

    A formula whose value is the empty text has one. Of the sheet no more than a piece is in memory.
    """
    cells = _Cells()
    # Errors tell that it is put together in another way than is known here.
    with suppress(*_OTHERWISE), ZipFile(BytesIO(workbook)) as archive:
        part = _part(archive, sheet)
        if _has_formulas(archive, part):
            for _ in _fed(cells.parser, archive, part):
                pass
    if not cells.count:
        return None
    some = "a cell has a formula without a value ({}) and is"
    if cells.count > 1:
        some = f"{cells.count:,} cells have formulas without values (the first one is {{}}) and are"
    return (
        f"{some.format(cells.first)} read as empty; open the workbook in a spreadsheet program, "
        "and save it there"
    )


_OTHERWISE = (
    *(BadZipFile, LookupError, NotImplementedError, OSError, RuntimeError, ValueError),
    *(ExpatError, zlib.error),
)


def _has_formulas(archive: ZipFile, part: str) -> bool:
    """Whether a sheet may have any; to parse those that have none would take ten times as long."""
    before = b""
    file: IO[bytes]
    with archive.open(part) as file:
        while data := file.read(_CHUNK):
            data = before + data
            # To look for these first takes a quarter of the time.
            if (b"<f" in data or b":f" in data or b"\0" in data) and _FORMULA.search(data):
                return True
            before = data[-2:]
    return False


_FORMULA = re.compile(rb"[<:]f[\s/>]|\0")
"""The beginning of a formula, or text in UTF-16, in which it is spelled otherwise."""


class _Cells:
    """Sees the cells of a sheet: `count` of them have a formula and no value, and the `first`.

    Of most cells all that is asked is whether what begins is a formula.
    """

    count: int
    first: str

    def __init__(self) -> None:
        self.count, self.first = 0, ""
        self.parser = _parser()
        self.parser.StartElementHandler = self._start
        self._attributes: dict[str, str] = {}
        self._has_value = False

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name if name == "c" else _local(name)
        if local == "c":
            self._attributes = attributes
        elif local == "f":
            self._has_value = self._attributes.get("t") == "str"
            self.parser.EndElementHandler = self._end
        elif local == "v" and self.parser.EndElementHandler is not None:
            self.parser.CharacterDataHandler = self._see_value

    def _see_value(self, _: str) -> None:
        self._has_value = True

    def _end(self, name: str) -> None:
        local = _local(name)
        if local == "v":
            self.parser.CharacterDataHandler = None
        elif local == "c":
            self.parser.EndElementHandler = None
            place = self._attributes.get("r", "")
            if place and not self._has_value:
                self.count += 1
                self.first = self.first or place


def _part(archive: ZipFile, sheet: int) -> str:
    """Return the name that a sheet of a workbook has in the archive."""
    sheets = _elements(archive, "xl/workbook.xml", "sheet")
    (found,) = islice(sheets, sheet, sheet + 1)
    parts = _elements(archive, "xl/_rels/workbook.xml.rels", "Relationship")
    target = next((one["Target"] for one in parts if one["Id"] == found["id"]), "")
    return target[1:] if target.startswith("/") else f"xl/{target}"


def _elements(archive: ZipFile, part: str, name: str) -> Iterator[dict[str, str]]:
    """Return the attributes of the elements of a name, by their names without prefixes."""
    found: list[dict[str, str]] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if _local(tag) == name:
            found.append({_local(key): value for key, value in attributes.items()})

    parser = _parser()
    parser.StartElementHandler = start
    for _ in _fed(parser, archive, part):
        yield from found
        found.clear()


def _fed(parser: XMLParserType, archive: ZipFile, part: str) -> Iterator[None]:
    """Have a part of an archive parsed, piece by piece."""
    size = 0
    file: IO[bytes]
    with archive.open(part) as file:
        while data := file.read(_CHUNK):
            parser.Parse(data, False)
            size += len(data)
            if size - parser.CurrentByteIndex > _LONGEST:
                message = "something in it is too long"
                raise ValueError(message)
            yield
        parser.Parse(b"", True)
    yield


def _parser() -> XMLParserType:
    parser = ParserCreate()
    # A few of these, each made of others, can stand for more text than any memory holds.
    parser.EntityDeclHandler = _refuse
    return parser


def _refuse(*_: object) -> NoReturn:
    message = "a sheet declares no entities"
    raise ValueError(message)


def _local(name: str) -> str:
    return name.rpartition(":")[2]
