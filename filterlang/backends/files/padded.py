"""Cells that would equal what a clause asks for, if there were no spaces around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filterlang.backends.files.cleaning import SPACES
from filterlang.diagnostics.diagnostic import quoted
from filterlang.semantics.paths import values_at
from filterlang.semantics.values import fold, is_missing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from filterlang.syntax.nodes import Clause


class _Asked:
    """A clause that asks for a text, and how many cells have it, with spaces or not."""

    def __init__(self, clause: Clause, path: tuple[str, ...]) -> None:
        self.clause = clause
        self.expression = str(clause.expression)
        self._path = path
        self._folded = fold(self.expression)
        self.total = self.padded = 0

    def is_answered_by(self, record: object) -> bool:
        """Look at what a record holds under its name; whether that can be what is asked for."""
        for value in values_at(self._path, record):
            if is_missing(value) or value == "":
                continue
            if not isinstance(value, str) or fold(value) == self._folded:
                return True
            self.total += 1
            bare = value.strip(SPACES)
            self.padded += bare != value and fold(bare) == self._folded
        return False


class Padded:
    """The clauses with `==` and `!=` that meet what they ask for with spaces around it only.

    Args:
        clauses: those that ask for equal texts, with the paths of their names.
    """

    def __init__(self, clauses: Iterable[tuple[Clause, tuple[str, ...]]]) -> None:
        self._asked = [_Asked(clause, path) for clause, path in clauses]

    @property
    def is_done(self) -> bool:
        """Whether nothing more is to be seen."""
        return not self._asked

    def see(self, record: object) -> None:
        """Look at the cells of a row."""
        self._asked = [one for one in self._asked if not one.is_answered_by(record)]

    def tell(self, where: str, remedy: str) -> list[str]:
        """Say of each clause how many cells it misses by their spaces; `where` begins it."""
        told = [f"{_told(one, where)}; {remedy}" for one in self._asked if one.padded]
        self._asked.clear()
        return told


def _told(asked: _Asked, where: str) -> str:
    have = "value has" if asked.total == 1 else f"values {'has' if asked.padded == 1 else 'have'}"
    return (
        f"spaces around what {quoted(str(asked.clause))} asks for: {where}{asked.padded:,} "
        f"of {asked.total:,} {have} {quoted(asked.expression)} within spaces, and none without"
    )
