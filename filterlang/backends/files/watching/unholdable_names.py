"""Names of columns that no filter can hold, and how to filter by such columns all the same."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from filterlang.diagnostics.diagnostic import quoted
from filterlang.semantics.values import fold
from filterlang.syntax.escaping import normal_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from filterlang.backends.files.cells.header_names import Header

_NOT_IN_NAMES = re.compile(r"[^\w.-]+")
_NUMBERED = re.compile(r"column_([1-9][0-9]{0,5})")


def unholdable(names: Iterable[object]) -> list[str]:
    """Return the names that no filter can hold.

    Example:
        >>> unholdable(["id", "Last, First", "k=v"])
        ['Last, First', 'k=v']
    """
    return [name for name in names if isinstance(name, str) and name and not _is_holdable(name)]


def _is_holdable(name: str) -> bool:
    try:
        return normal_name(name) == name
    except ValueError:
        return False


def naming(name: str, header: tuple[Header, int] | None) -> str:
    """Say how to filter by a column of CSV or TSV that has no name, if it is asked for by number.

    Returns an empty text where there is none. `header` is as in `renaming`.
    """
    number = _NUMBERED.fullmatch(name)
    if number is None or header is None or not header[0].delimiter:
        return ""  # Workbooks have columns without any cell, which aren't counted.
    names, place = header[0].names, int(number[1]) - 1
    if place >= len(names) or names[place]:
        return ""
    return f"column {number[1]} has no name; {_call_otherwise(names, header[1])}"


def renaming(name: str, columns: Iterable[object], header: tuple[Header, int] | None) -> str:
    """Say what to do about columns that a name may have meant, though no filter can hold theirs.

    Returns an empty text where there are none. `header` has the names of a file of cells or of a
    workbook, and how many lines or rows stand before its first record.
    """
    meant = [one for one in unholdable(columns) if fold(name) in fold(one)]
    if not meant:
        return ""
    if header is None or meant[0] not in header[0].names:
        return f"no filter can hold the name {quoted(meant[0])}; rename it"
    (names, delimiter, *_), before = header
    if delimiter and len(names) == 1:
        # What divides cells is hardly known then, of which is told elsewhere.
        return f"the only column is called {quoted(meant[0])}"
    return renaming_columns(meant[0], names, before)


def renaming_columns(name: str, columns: Sequence[str], before: int) -> str:
    """Say how to filter by a column of CSV, TSV or a workbook, whose name no filter can hold.

    So many lines stand `before` the first record, with that of the names.

    Example:
        >>> renaming_columns("k=v", ["id", "k=v"], 1).partition(": ")[2]
        '--no-header --skip 1 --columns id,k_v'
    """
    return f"no filter can hold the name {quoted(name)}; {_call_otherwise(columns, before)}"


def _call_otherwise(columns: Sequence[str], before: int) -> str:
    called: list[str] = []
    for column in columns:
        short = column if _is_holdable(column) else _NOT_IN_NAMES.sub("_", column).strip("_.")
        short = short or f"column_{len(called) + 1}"
        called.append(f"{short}_{len(called) + 1}" if short in called else short)
    skip = f" --skip {before}" if before else ""
    option = f"--no-header{skip} --columns {shlex.quote(','.join(called))}"
    return f"call the columns otherwise: {option}"
