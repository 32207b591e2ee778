"""Rows of cells that are hardly records: comments, what columns are, sums and notes at the end.

And cells in quotes that may be none: where a space makes the quotes a part of the cell, and where
they hold what stands between cells and between rows. Only the first rows are looked at.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from filterlang.backends.files.cells.second_header import SecondHeader
from filterlang.backends.files.cells.sum_rows import SumRows
from filterlang.diagnostics.diagnostic import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from filterlang.backends.files.cells.header_names import Header

_COMMENT = "#"
_SECOND = 2
_QUOTED = re.compile(r'[ \t]+"[^"]*"[ \t]*')


class OddRows:
    """Looks at the rows of all files, of which it is told when each begins.

    Args:
        leave_out: returns how to leave out the rows in which any one of some columns is empty.
        passes: returns whether a row passes the filters, in which only these cells aren't empty.
    """

    def __init__(
        self,
        leave_out: Callable[[Iterable[str]], str],
        passes: Callable[[Mapping[str, object]], bool],
    ) -> None:
        self._leave_out = leave_out
        self._passes = passes
        self._names: Sequence[str] = ()
        self._delimiter = ""
        self._rows = 0
        self._described = False
        self._texts = 0
        self._comments: list[str] = []
        self._filled: dict[str, None] | None = None
        """The columns that have a cell in each row, but for those at the end; None before any."""
        self._notes: list[str] | None = None
        """The first cells of the rows behind an empty one, as long as they have no others."""
        self._quoted: tuple[str, str] | None = None
        self._over_lines: int | str | None = None
        """The line in which such a cell of tabbed data ends."""
        self._sums = SumRows(())
        self._second = SecondHeader(())
        self._told: dict[type, str] = {}
        self._again: list[Mapping[str, object]] = []

    def begin(self, header: Header, *, is_whole: bool) -> None:
        """Note the columns of the next file, and whether all rows of the one before were seen."""
        self.end(is_whole=is_whole)
        names = header.names
        self._names, self._delimiter, self._rows = names, header.delimiter, 0
        self._notes = None
        self._sums, self._second = SumRows(names), SecondHeader(names)

    def see(self, line: int | str, row: Mapping[str, object]) -> None:
        """Look at a row, which ends in a line."""
        self._rows += 1
        filled = {name: cell for name in self._names if (cell := row.get(name)) not in {"", None}}
        cells = filled.values()
        if self._rows == _SECOND:
            self._described |= bool(filled) and all(map(_is_import_id, cells))
        first = next(iter(self._names), "")
        cell = filled.get(first)
        if isinstance(cell, str):
            self._texts += 1
            if cell.startswith(_COMMENT):
                self._comments.append(cell)
        if self._quoted is None:
            found = (one for one in cells if isinstance(one, str) and _QUOTED.fullmatch(one))
            self._quoted = next(((one, self._delimiter) for one in found), None)
        if self._delimiter == "\t" and self._over_lines is None and any(map(_is_over_lines, cells)):
            self._over_lines = line
        self._second.see(line, filled)
        if not filled:
            self._notes = self._notes or []
            return
        if (
            self._notes is not None
            and isinstance(cell, str)
            and len(filled) == 1 < len(self._names)
        ):
            self._notes.append(cell)
            return
        if self._notes:
            self._keep({first: None})
        self._notes = None
        # The first row may say what columns are, of some of them only.
        if self._rows > 1:
            self._keep(filled)
        self._sums.see(filled)

    def _keep(self, filled: Mapping[str, object]) -> None:
        if self._filled is None:
            self._filled = dict.fromkeys(filled)
        elif not self._filled.keys() <= filled.keys():
            self._filled = {name: None for name in self._filled if name in filled}

    @property
    def full_columns(self) -> list[str]:
        """The columns that no record leaves empty, nor has any row a cell there that is none."""
        first = next(iter(self._names), "") if OddRows in self._told else None
        return [name for name in self._filled or () if name != first]

    def end(self, *, is_whole: bool) -> None:
        """Look at a file as a whole; at its last row only if all of them were seen."""
        second = self._second.found()
        if second is not None:
            self._again.append(self._second.cells)
            remedy = f"leave it out: sed {self._second.line}d" if self._delimiter else "take it out"
            self._told.setdefault(
                SecondHeader,
                f"{'line' if self._delimiter else 'row'} {self._second.line} holds {second}, and "
                f"is a record as all others; {remedy}",
            )
        elif self._second.cells:
            self._keep(self._second.cells)
        if not is_whole:
            return
        if not self._notes:
            sums = self._sums.told(self._leave_out)
            if sums is not None:
                self._told.setdefault(SumRows, sums)
        elif self._passes({next(iter(self._names)): self._notes[0]}):
            number = len(self._notes)
            which = (
                "row has a text in its" if number == 1 else f"{number:,} rows have a text in their"
            )
            is_are = "is a record" if number == 1 else "are records"
            told = (
                f"the last {which} first cell only, such as {quoted(self._notes[0])}, and {is_are}"
            )
            others = [name for name in self._filled or () if name != next(iter(self._names))]
            self._told.setdefault(OddRows, f"{told} as all others; {self._leave_out(others)}")
        self._notes = None

    def told_first(self, asked: Iterable[str]) -> list[str]:
        """Say of a row that says again what columns are; what is said of values holds without.

        Where it has a name that is asked for, it is told elsewhere that it has the names.
        """
        found = self._told.pop(SecondHeader, None)
        texts = {str(cell).strip() for cells in self._again for cell in cells.values()}
        missing = {*asked}.difference(self._names)
        return [] if found is None or texts & missing else [found]

    def cells_again(self, name: str) -> list[str]:
        """Return what stands in a column in rows that say again what columns are."""
        return [str(cells[name]) for cells in self._again if name in cells]

    def told(self) -> list[str]:
        """Say which rows may be none, once the last file has ended."""
        told = []
        if self._comments and 2 * len(self._comments) < self._texts:
            told.append(
                f"rows that begin with {quoted(_COMMENT)} are records as all others, such as that "
                f"with {quoted(self._comments[0])}; if they are comments, take them away"
            )
        if self._described:
            told.append(
                "the first two rows behind the names say what the columns are, as Qualtrics writes "
                "them, and are records as all others; leave these out: mlr --csv --lazy-quotes "
                "filter 'NR > 2' FILE | filterlang … --input-format csv"
            )
        if self._quoted is not None:
            cell, delimiter = self._quoted
            told.append(
                f"a quote stands behind a space in cells such as {quoted(cell)}, so that it is a "
                f"part of them; take such spaces away: {_without_spaces(delimiter)}"
            )
        if self._over_lines is not None:
            told.append(
                f"a cell in quotes that ends in line {self._over_lines} holds tabs and ends of "
                "lines; if quotes are characters as all others, as in what COPY of PostgreSQL and "
                f"mysql write, read it by {_with_quotes()}"
            )
        told += self._told.values()
        self._told.clear()
        self._described, self._quoted, self._over_lines = False, None, None
        self._comments.clear()
        return told


def _without_spaces(delimiter: str) -> str:
    """Return the command that reads cells in quotes behind spaces, and writes them without."""
    said = "" if delimiter == "," else f', delimiter="{_ESCAPED.get(delimiter, delimiter)}"'
    return (
        f"python3 -c 'import csv, sys; csv.writer(sys.stdout{said}).writerows("
        f"csv.reader(sys.stdin, skipinitialspace=True{said}))'"
    )


def _is_over_lines(cell: object) -> bool:
    return isinstance(cell, str) and "\t" in cell and "\n" in cell


def _with_quotes() -> str:
    """Return the command that reads tabbed data in which quotes mean nothing."""
    return (
        """python3 -c 'import csv, sys; csv.writer(sys.stdout, delimiter="\\t").writerows("""
        """csv.reader(sys.stdin, delimiter="\\t", quoting=csv.QUOTE_NONE))'"""
    )


_ESCAPED = {"\t": "\\t", "'": "\\x27", '"': '\\"', "\\": "\\\\"}


def _is_import_id(cell: object) -> bool:
    return isinstance(cell, str) and cell.startswith('{"ImportId":')
