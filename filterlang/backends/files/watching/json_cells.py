"""Cells that are texts and hold JSON: lists or objects, into which no clause looks."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

from filterlang.diagnostics.diagnostic import quoted
from filterlang.syntax.pattern import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from filterlang.syntax.nodes import Clause

_BEGINNINGS = ("[", "{")
_MARKS = {"[", "{", '"'}
"""Who writes these asks for the text that the JSON is."""
_MOST_KEPT = 20
"""So many cells are read."""
_READ = {",": "--icsv --lazy-quotes", "\t": "--itsv"}


def made_of_json(column: str, kind: str, delimiter: str) -> str:
    """Say how to make lists or objects of cells that hold JSON; an empty one becomes null."""
    options = _READ.get(delimiter) or f"--icsv --lazy-quotes --ifs {shlex.quote(delimiter)}"
    name = shlex.quote(column)
    filled = f'is_empty(${{{column}}}) {{${{{column}}} = "null"}}'
    return (
        f"the cells of {quoted(column)} are texts that hold JSON; make {kind} of them: mlr"
        f" {options} --ojsonl put {shlex.quote(filled)} then json-parse -f {name} FILE"
        " | filterlang …"
    )


def begins_json(cell: object) -> bool:
    """Return whether a cell may hold an object or a list."""
    return isinstance(cell, str) and cell.lstrip().startswith(_BEGINNINGS)


class JsonCells:
    """Looks at the cells of columns that clauses ask for as a whole.

    Args:
        clauses: those of the filters.
    """

    def __init__(self, clauses: Iterable[Clause]) -> None:
        self._asked = dict.fromkeys(clause.name for clause in clauses if _asks_for_a_value(clause))
        self._total: dict[str, int] = {}
        self._begun: dict[str, int] = {}
        self._first: dict[str, list[str]] = {}
        self._delimiter = ""

    def begin(self, delimiter: str) -> None:
        """Note what divides the cells that come next; nothing does it in a workbook."""
        self._delimiter = self._delimiter or delimiter

    def see(self, row: Mapping[str, object]) -> None:
        """Look at a row."""
        for name in self._asked:
            cell = row.get(name)
            if isinstance(cell, str) and cell:
                self._total[name] = self._total.get(name, 0) + 1
                if begins_json(cell):
                    self._begun[name] = self._begun.get(name, 0) + 1
                    first = self._first.setdefault(name, [])
                    if len(first) < _MOST_KEPT:
                        first.append(cell)

    def told(self) -> dict[str, str]:
        """Say of columns most of whose cells are lists or objects what makes these of them."""
        found = {}
        for name, cells in self._first.items():
            held = [value for value in map(_read, cells) if isinstance(value, list | dict)]
            are_most = 2 * self._begun[name] > self._total[name] and 2 * len(held) > len(cells)
            if self._delimiter and are_most:
                kind = "lists" if isinstance(held[0], list) else "objects"
                found[name] = made_of_json(name, kind, self._delimiter)
        return found


def _asks_for_a_value(clause: Clause) -> bool:
    """Return whether a clause asks for what a list or an object may hold, and not for its text."""
    text = str(clause.expression)
    if not text or not _MARKS.isdisjoint(text):
        return False
    return not (isinstance(clause.expression, Pattern) and text.startswith("*") and text[-1] == "*")


def _read(cell: str) -> object:
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        return None
