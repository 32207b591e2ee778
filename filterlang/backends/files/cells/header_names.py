"""The cells of a first row → the names of columns, each of which one column has."""

from __future__ import annotations

import re
import shlex
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from filterlang.backends.files.typed_texts.written_types import Type, type_of
from filterlang.diagnostics.diagnostic import quoted
from filterlang.semantics.values import is_number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SPACES = " \t"
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_MOST_DIGITS = 10
"""Numbers that are longer name no columns."""
_MOST_SHOWN = 10
"""So many names are written into a message."""


class Doubled(NamedTuple):
    """A name that stands in a first row twice, and what the second one is called instead.

    Fields: the `name`; the numbers of the columns, `first` and `second`, or in a workbook their
    letters; and `called`.
    """

    name: str
    first: int | str
    second: int | str
    called: str

    def refusal(self) -> str:
        """Return what is wrong where somebody asks for the name."""
        return (
            f"the columns {self.first} and {self.second} are both called {quoted(self.name)}; "
            "rename one of them"
        )


class Header(NamedTuple):
    """What the first rows of a file of cells tell.

    Fields: the `names` of the columns; `delimiter`, what divides cells, empty of a workbook;
    `doubled`, the names that aren't those of the first row because they were there before;
    `line`, the bytes of that row, without the end of its last line, if it was read for them;
    `number`, which line of the file that is, or which row of a sheet; and `merged`, the columns in
    which cells of records are merged with one above, each with the places of such cells.
    """

    names: list[str]
    delimiter: str
    doubled: list[Doubled]
    line: bytes = b""
    number: int = 1
    merged: Mapping[str, Sequence[str]] = MappingProxyType({})

    @property
    def written(self) -> list[str]:
        """The names as the first row has them, but for spaces around them."""
        called = {one.called: one.name for one in self.doubled}
        return [called.get(name, name).strip(_SPACES) for name in self.names]

    def remark(self) -> str | None:
        """Return what to say of names that were there twice; None if there were none."""
        if not self.doubled:
            return None
        name, first, second, called = self.doubled[0]
        if name:
            told = f"the columns {first} and {second} are both called {quoted(name)}"
        else:
            told = f"the columns {first} and {second} have no name"
        others = len(self.doubled) - 1
        more = f", and {others:,} more likewise" if others else ""
        return f"{told}; the second one is called {quoted(called)} here{more}"


def numbered(number: int) -> list[str]:
    """Return names for so many columns that have none."""
    return [f"column_{place}" for place in range(1, number + 1)]


def of_another_width(names: list[str], found: int, *, are_said: bool) -> str:
    """Return what is wrong with a row of so many cells, where there are other names.

    `are_said` is whether somebody says what columns are called.

    Example:
        >>> of_another_width(["id", "score"], 3, are_said=False)
        'expected 2 cells as in the first row, found 3'
    """
    expected = f"expected {len(names)} {'cell' if len(names) == 1 else 'cells'}"
    if not are_said:
        return f"{expected} as in the first row, found {found}"
    remedy = f"name {found} columns by --columns"
    if found <= _MOST_SHOWN:
        called = ",".join([*names, *numbered(found)[len(names) :]][:found])
        remedy = f"say --columns {shlex.quote(called)}"
    return (
        f"{expected}, as --columns names (in Python columns), found {found}; {remedy} if all rows "
        "have so many"
    )


def named_by_values(names: Sequence[str], row: Mapping[str, object] | None = None) -> str:
    """Say how to name columns whose names look like the values of a record; else nothing.

    Beside names in letters, years and numbers one after the other are names of columns, and so is a
    number above what is none in the `row` behind the names, where it is known.

    Example:
        >>> named_by_values(["1", "95"])[:43]
        'if the first row is a record, say --no-head'
        >>> named_by_values(["Bob", "95"], {"Bob": "Ann", "95": "80"})[:43]
        'if the first row is a record, say --no-head'
        >>> named_by_values(["country", "2023", "2024"])
        ''
    """
    filled = [name for name in names if name]
    types = [*map(type_of, filled)]
    are_all = bool(types) and Type.TEXT not in types
    whole = [name for name in filled if name.isdecimal()]
    above = [name for name in whole if row is None or is_number(str(row.get(name)))]
    is_record = any(map(_is_value, filled, types)) or (above and not _are_counted(whole))
    if not are_all and not is_record:
        return ""
    columns = ",".join(numbered(len(names)))
    called = (
        f" --columns {columns}, with their names" if len(names) <= _MOST_SHOWN else " --columns"
    )
    return f"if the first row is a record, say --no-header{called} (in Python header and columns)"


def _is_value(name: str, type_: Type) -> bool:
    if type_ is Type.TEXT:
        return _ADDRESS.fullmatch(name) is not None
    return type_ in {Type.DATE, Type.BOOLEAN} or not name.isdecimal()


def _are_counted(numbers: list[str]) -> bool:
    """Return whether whole numbers are such as name columns: years, or one after the other."""
    if all(re.fullmatch("(?:19|20)[0-9]{2}", number) for number in numbers):
        return True
    found = [int(number) for number in numbers if len(number) < _MOST_DIGITS]
    steps = {after - before for before, after in pairwise(found)}
    # A single column may be the first one of such.
    return len(found) == len(numbers) and (steps or {max(found)}) <= {0, 1}


def trimmed(cells: list[str]) -> list[str]:
    """Return names without spaces around them, which no filter can write.

    But for one that would become empty, or what another one is called.
    """
    written = {"", *cells}
    shorter = [cell.strip(_SPACES) for cell in cells]
    return [cell if short in written else short for cell, short in zip(cells, shorter, strict=True)]


def unique_names(cells: list[str], before: int = 0) -> tuple[list[str], list[Doubled]]:
    """Return a name for each column, and those that stand there twice.

    So many columns stand `before` the first one.

    Example:
        >>> unique_names(["id", " score ", "score", ""])[0]
        ['id', ' score ', 'score', '']
        >>> unique_names(["id", " a", "a ", "", ""])[0]
        ['id', 'a', 'a_2', '', 'column_5']
    """
    names = trimmed(cells)
    taken = set(names)
    seen: dict[str, int] = {}
    numbers: dict[str, int] = {}
    doubled: list[Doubled] = []
    for place, name in enumerate(names):
        first = seen.setdefault(name, place)
        if first == place:
            continue
        # It is written without the spaces that the first one keeps.
        short = name.strip(_SPACES)
        called = "" if short else f"column_{before + place + 1}"
        while not called or called in taken:
            # Where all columns have one name, each is numbered at once.
            numbers[short] = numbers.get(short, 1) + 1
            called = f"{short or 'column'}_{numbers[short]}"
        taken.add(called)
        names[place] = called
        doubled.append(Doubled(name, before + first + 1, before + place + 1, called))
    return names, doubled
