"""Formulas of a sheet whose values weren't saved, as programs write them that don't calculate."""

from __future__ import annotations

import re
from io import BytesIO
from zipfile import BadZipFile, ZipFile

_SHEET = re.compile(rb"<sheet\b[^<>]*+")
_PART = re.compile(rb"<Relationship\b[^<>]*+")
_ATTRIBUTE = re.compile(rb'\b(\w++)="([^"<>]*+)"')
_FORMULA = re.compile(rb"<f\b[^<>]*+>(?:[^<]*+</f>)?+\s*+(?:<v\s*+/>|<v></v>)?+\s*+</c>")
"""The end of a cell with a formula and no value."""
_FARTHEST = 1000
"""A cell begins so many bytes before its formula, at most."""


def unsaved_formulas(workbook: bytes, sheet: int) -> str | None:
    """Return what is wrong with the formulas of a sheet, of which there is the place; or None.

    A formula whose value is the empty text has one.
    """
    try:
        with ZipFile(BytesIO(workbook)) as archive:
            data = _sheet_in(archive, sheet)
    except (BadZipFile, LookupError, NotImplementedError, OSError, RuntimeError, ValueError):
        return None  # It is put together in another way than is known here.
    cells = [cell for found in _FORMULA.finditer(data) if (cell := _cell(data, found.start()))]
    if not cells:
        return None
    some = "a cell has a formula without a value ({}) and is"
    if len(cells) > 1:
        some = f"{len(cells):,} cells have formulas without values (the first one is {{}}) and are"
    return (
        f"{some.format(cells[0])} read as empty; open the workbook in a spreadsheet program, and "
        "save it there"
    )


def _sheet_in(archive: ZipFile, place: int) -> bytes:
    """Return a sheet of a workbook as it stands in the archive."""
    sheet = _attributes(_SHEET.findall(archive.read("xl/workbook.xml"))[place])
    parts = _PART.findall(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {part[b"Id"]: part[b"Target"].decode() for part in map(_attributes, parts)}
    target = targets[sheet[b"id"]]
    return archive.read(target[1:] if target.startswith("/") else f"xl/{target}")


def _attributes(element: bytes) -> dict[bytes, bytes]:
    return dict(_ATTRIBUTE.findall(element))


def _cell(data: bytes, formula: int) -> str:
    """Return the name of the cell of a formula; an empty text where its value is one."""
    start = data.rfind(b"<c ", max(0, formula - _FARTHEST), formula)
    attributes = _attributes(data[start:formula] if start >= 0 else b"")
    return "" if attributes.get(b"t") == b"str" else attributes.get(b"r", b"").decode()
