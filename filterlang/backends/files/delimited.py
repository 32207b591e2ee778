"""CSV and TSV → records: each row a mapping of texts, by the names in the first row.

`007` stays `007`, and an empty cell is an empty text. Who wants numbers and dates compared as such
gives a schema, by which the matcher reads the texts.
"""

from __future__ import annotations

import csv
import re
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from filterlang.backends.files.faults import InputError
from filterlang.backends.files.inputs import BOM, read_lines
from filterlang.diagnostics.diagnostic import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

_UNDECODED = re.compile("[\udc80-\udcff]")
DELIMITERS = {"csv": ",", "tsv": "\t"}


class Row(NamedTuple):
    """A row: in which line it ends, and its record, or what is wrong with it."""

    line: int
    value: dict[str, object] | str


def read_rows(
    path: str, format_: str, before_reading: Callable[[int], None]
) -> Generator[Row, None, None]:
    """Iterate over the rows of a file; those that aren't records are given with what is wrong.

    The rules are those of RFC 4180: a cell may stand in quotes, then it may hold delimiters, quotes
    written twice, and ends of lines. Blank lines are skipped.

    Raises:
        InputError: for a file that can't be read on, and for one whose first row can't give names.
    """
    with closing(read_lines(path, before_reading)) as lines:
        # What isn't UTF-8 becomes lone surrogates, so that its row can be told.
        texts = (line.decode(errors="surrogateescape") for line in lines)
        reader = csv.reader(_without_bom(texts), delimiter=DELIMITERS[format_], strict=True)
        names = None
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                break
            except csv.Error as error:
                if names is None:
                    message = f"the names in the first row can't be read: {error}"
                    raise InputError(message) from error
                yield Row(reader.line_num, f"expected a row of cells: {error}")
                continue
            if not cells:
                continue
            if names is None:
                names = _names(cells)
            else:
                yield Row(reader.line_num, _record(names, cells))
        if names is None:
            message = "there is no row with names at its beginning"
            raise InputError(message)


def _without_bom(texts: Iterable[str]) -> Generator[str, None, None]:
    for number, text in enumerate(texts):
        yield text if number else text.removeprefix(BOM)


def _names(cells: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    for column, name in enumerate(cells, 1):
        _expect_utf8(name)
        if name in seen:
            message = (
                f"the columns {seen[name]} and {column} are both called {quoted(name)}; "
                "rename one of them"
            )
            raise InputError(message)
        seen[name] = column
    return cells


def _expect_utf8(name: str) -> None:
    found = _undecoded(name)
    if found is not None:
        message = f"expected UTF-8 in the first row, found the byte {found}"
        raise InputError(message)


def _record(names: list[str], cells: list[str]) -> dict[str, object] | str:
    if len(cells) != len(names):
        return f"expected {len(names)} cells as in the first row, found {len(cells)}"
    for name, cell in zip(names, cells, strict=True):
        found = _undecoded(cell)
        if found is not None:
            return f"expected UTF-8, found the byte {found} in the column {quoted(name)}"
    return dict(zip(names, cells, strict=True))


def _undecoded(text: str) -> str | None:
    """Name the first byte that wasn't UTF-8; None if all was."""
    found = None if text.isascii() else _UNDECODED.search(text)
    return None if found is None else f"0x{ord(found[0]) - 0xDC00:02X}"
