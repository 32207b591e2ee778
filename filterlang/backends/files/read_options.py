"""How somebody wants files to be read, where their content or names don't tell it."""

from __future__ import annotations

import codecs
from io import BytesIO, TextIOWrapper
from typing import TYPE_CHECKING, NamedTuple, TypedDict

from filterlang.backends.files.cleaning import Cleaning
from filterlang.backends.files.limits import MAX_LINE
from filterlang.diagnostics.diagnostic import quoted, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

DELIMITER_NAMES = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|", "space": " "}
"""The name of a delimiter, for shells in which it is hard to write → the character."""


class ReadOptions(NamedTuple):
    """How files are read.

    Fields: `format` of all files; `max_line`, how many bytes a line of text or a row of cells may
    have; `records`, the name of the list that holds the records of JSON, or of the sheet of a
    workbook; `text`, whether all cells are texts; `delimiter` between cells, None to find it out;
    `header`, whether the first row of cells has their names; `columns`, the names if it hasn't;
    `encoding` of texts, None for UTF-8, or UTF-16 and UTF-32 by their mark; `skip`, how many lines
    stand before the first row of cells; `null`, the words of cells that count as empty; `decimal`,
    what stands before the decimals in cells; `trim`, whether spaces around cells are taken away.
    """

    format: str | None = None
    max_line: int = MAX_LINE
    records: str | None = None
    text: bool = False
    delimiter: str | None = None
    header: bool = True
    columns: tuple[str, ...] | None = None
    encoding: str | None = None
    skip: int = 0
    null: frozenset[str] = frozenset()
    decimal: str = "."
    trim: bool = False

    @property
    def has_names(self) -> bool:
        """Whether a row of cells has the names of the columns."""
        return self.header and self.columns is None

    @property
    def cleaning(self) -> Cleaning:
        """What is made of cells before anything is asked of them."""
        return Cleaning(self.null, self.trim)

    @property
    def takes_answers(self) -> bool:
        """Whether somebody says that an object is a record, though it looks like an answer."""
        return self.records is not None or self.format == "jsonl"


UNTOLD = ReadOptions()
"""Nobody says anything; all is told by names and contents."""


class AskedOfCells(TypedDict):
    """Those of the options that are about cells."""

    delimiter: str | None
    header: bool
    columns: tuple[str, ...] | None
    encoding: str | None
    skip: int
    null: frozenset[str]
    decimal: str
    trim: bool


def asked_of_cells(
    delimiter: str | None = None,
    columns: Sequence[str] | None = None,
    encoding: str | None = None,
    *,
    header: bool = True,
    skip: int = 0,
    null: str | Iterable[str] = (),
    decimal: str = ".",
    trim: bool = False,
    is_text: bool = False,
) -> AskedOfCells:
    """Return the options about cells, as people give them.

    `is_text` says whether cells are texts.

    Raises:
        ValueError: where one can't be any; the text says which.
    """
    point = decimal_of(decimal)
    if is_text and point != ".":
        message = (
            "with --text (in Python text=True) cells are texts, so --decimal has nothing to do; "
            "leave one out"
        )
        raise ValueError(message)
    if skip < 0:
        message = f"expected how many lines to skip, found {skip}"
        raise ValueError(message)
    return AskedOfCells(
        delimiter=None if delimiter is None else delimiter_of(delimiter),
        header=header,
        columns=None if columns is None else columns_named(columns, header=header),
        encoding=None if encoding is None else encoding_named(encoding),
        skip=skip,
        null=frozenset([null] if isinstance(null, str) else null),
        decimal=point,
        trim=trim,
    )


def delimiter_of(text: str) -> str:
    r"""Return the delimiter that a text names, itself or by its name.

    Raises:
        ValueError: for what can't be one.

    Example:
        >>> delimiter_of("semicolon"), delimiter_of("\\t"), delimiter_of("^")
        (';', '\t', '^')
    """
    found = DELIMITER_NAMES.get(text.lower(), "\t" if text == r"\t" else text)
    if len(found) != 1 or not found.isascii() or found in '"\r\n\0':
        names = ", ".join(DELIMITER_NAMES)
        message = f"expected one ASCII character that is no quote, or {names}, found {shown(text)}"
        raise ValueError(message)
    return found


def decimal_of(text: str) -> str:
    """Return what stands before decimals: a point or a comma, itself or by its name.

    Raises:
        ValueError: for anything else.

    Example:
        >>> decimal_of("comma"), decimal_of(".")
        (',', '.')
    """
    found = {"comma": ",", "point": "."}.get(text.lower(), text)
    if found not in {",", "."}:
        message = f"decimals stand behind a comma or a point, found {shown(text)}"
        raise ValueError(message)
    return found


def columns_named(names: Sequence[str], *, header: bool) -> tuple[str, ...]:
    """Return names for columns, as they are given for files without them.

    Raises:
        ValueError: for names of files that have names, for none, for an empty one, and for one
            given twice.
    """
    if header:
        message = (
            "names of columns are for files without a first row of names (to write some columns "
            "only say --select NAMES, in Python select=); "
            "say --no-header too, in Python header=False"
        )
        raise ValueError(message)
    if isinstance(names, str):
        message = f"expected a list of names, found {shown(names)}"
        raise ValueError(message)
    if not any(names):
        message = "expected the names of the columns, found none"
        raise ValueError(message)
    seen: set[str] = set()
    for number, name in enumerate(names, 1):
        if not name:
            message = f"column {number} has no name; call it column_{number}, say"
            raise ValueError(message)
        if name in seen:
            message = f"two columns are called {quoted(name)}; rename one of them"
            raise ValueError(message)
        seen.add(name)
    return tuple(names)


def encoding_named(name: str) -> str:
    """Return how Python calls an encoding of texts.

    Raises:
        ValueError: for one that isn't known.

    Example:
        >>> encoding_named("Latin-1"), encoding_named("UTF8")
        ('iso8859-1', 'utf-8')
    """
    try:
        # Some of Python's codecs turn bytes into bytes, which this refuses; and one refuses any.
        TextIOWrapper(BytesIO(), encoding=name).read()
        return codecs.lookup(name).name
    except (LookupError, ValueError):
        message = (
            f"unknown encoding {shown(name)}; known are utf-8, utf-16, latin-1, cp1252, cp1250, "
            "iso8859-15, shift_jis, gb18030 and others that Python has"
        )
        raise ValueError(message) from None
