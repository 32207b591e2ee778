"""The cells of CSV and TSV as a schema says what they are.

Filters see the texts of cells, which the schema reads, but for numbers with a comma where somebody
says so. What is written in a format that has types has those of the schema.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from filterlang.backends.files.cells.cell_types import Columns
from filterlang.backends.files.cells.written_cells import CellType
from filterlang.schema.binding import reading_of
from filterlang.semantics.reading import Reading, read_as
from filterlang.semantics.values import is_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from filterlang.backends.files.cells.cell_types import CellTypes, Row
    from filterlang.schema.dimension import Dimension
    from filterlang.schema.schema import Schema

_MOST_EXPONENT = 300
_MOST_FRACTION = 6
"""Python's times have no more digits behind the seconds."""


class SchemaColumns(Columns):
    """The columns of one file, by what a schema says of them; all else is text.

    A cell that can't be read as its type stays text. None is odd: of these filters tell.
    """

    def __init__(self, names: Iterable[str], schema: Schema, run: CellTypes, file: str) -> None:
        names = list(names)
        found = {name: one for name in names if (one := _dimension(schema, name)) is not None}
        self._readings = {name: reading_of(one) for name, one in found.items()}
        numbers = {name for name, one in self._readings.items() if one is Reading.NUMBER}
        judged = numbers if run.decimal == "," else set()
        types = {name: CellType.NUMBER if name in judged else CellType.TEXT for name in names}
        super().__init__(types, run, file)
        self.is_watched = False
        self.decimals: set[str] = {name for name in numbers if found[name].type == "number"}
        self.said: Mapping[str, str] = {name: one.type for name, one in found.items()}

    def count_cells(self, name: str, lines: Sequence[int], cells: Sequence[str]) -> None:
        """Count nothing."""

    def dimensions(self) -> dict[str, str]:
        """Return what columns are written as: what the schema says, else texts."""
        return dict(self.said)

    def judged(self, row: Row) -> Row:
        """Return a row as filters see it: of texts, but for numbers with a comma."""
        return super().typed(row)

    texts = judged

    def typed(self, row: Row) -> Row:
        """Return a row with its cells read as numbers and truth values; dates stay texts."""
        typed = row.copy()
        for name, reading in self._readings.items():
            cell = row[name]
            if reading is Reading.NUMBER:
                typed[name] = _number(cell, self.decimal)
            elif reading is Reading.BOOLEAN:
                value = read_as(reading, cell)
                typed[name] = value if value is None or isinstance(value, bool) else cell
            elif reading is Reading.INSTANT and not cell:
                typed[name] = None
        return typed

    def timed(self, row: Row) -> Row:
        """Return a row with its texts read as times where a schema says so, in UTC."""
        for name, reading in self._readings.items():
            if reading is Reading.INSTANT and isinstance(row[name], str):
                row[name] = _time(row[name])
        return row


def _dimension(schema: Schema, name: str) -> Dimension | None:
    """Return what a schema says of the cells of a column; None for lists, which no cell is."""
    found = schema.find(name)
    if found is None or found.name != name or found.dimension is None:
        return None
    return None if found.dimension.is_list else found.dimension


def _number(cell: str, decimal: str) -> Any:
    """Return the number that a cell is, with all its digits; the cell if it is none."""
    if not cell:
        return None
    text = cell
    if decimal == ",":
        # A point would stand between thousands.
        text = "" if "." in cell else cell.replace(",", ".")
    if not is_number(text):
        return cell
    number = Decimal(text)
    if abs(number.adjusted()) > _MOST_EXPONENT:
        return cell if "e" in text.lower() else number
    is_whole = text.removeprefix("-").isdigit()
    return int(number) if is_whole else number


def _time(cell: str) -> datetime | str:
    """Return the time that a cell is; the cell if it is none, or has digits that would be lost."""
    value = read_as(Reading.INSTANT, cell)
    fraction = cell.replace(",", ".").rpartition(".")[2] if "." in cell or "," in cell else ""
    digits = len(fraction) - len(fraction.lstrip("0123456789"))
    if not isinstance(value, datetime) or digits > _MOST_FRACTION:
        return cell
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
