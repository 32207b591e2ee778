"""The arguments of `read` and `copy`, checked at the call, before anything is opened or iterated.

The command has its own words for most mistakes; what both need stands in `read_options`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import IOBase
from operator import index
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any, NamedTuple

from filterlang.backends.files.formats import FORMAT_NAMED, FORMATS
from filterlang.backends.files.limits import LONGEST_LINE
from filterlang.backends.files.opening.inputs import STDIN
from filterlang.backends.files.read_options import ReadOptions, asked_of_cells
from filterlang.diagnostics.diagnostic import class_name, quoted, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from filterlang.backends.files.formats import Format


class Asked(NamedTuple):
    """What is asked of files, as it is used.

    Fields: `options`, how they are read; `jobs`, how many processes look at a large one.
    """

    options: ReadOptions
    jobs: int | None


def asked_of_files(
    parameter: str,
    format_: str | None,
    *,
    jobs: int | None,
    strict: bool,
    max_line: int,
    records: str | None,
    text: bool,
    delimiter: str | None,
    header: bool,
    columns: Iterable[str] | None,
    encoding: str | None,
    skip: int,
    null: str | Iterable[str],
    decimal: str,
    trim: bool,
    report: object,
    remark: object,
) -> Asked:
    """Check what `read` and `copy` are both given, and return it as it is used.

    `parameter` is how the one for the format of what is read is called.

    Raises:
        TypeError, ValueError: as `read` says; the text says for which argument.
    """
    expect_format(parameter, format_, FORMATS)
    _expect_flags(strict=strict, text=text, header=header, trim=trim)
    _expect_functions(report=report, remark=remark)
    if not isinstance(records, str | None):
        raise TypeError(_refused("records", "the name of a list or of a sheet", records))
    expect_delimiter("delimiter", delimiter)
    if not isinstance(encoding, str | None):
        raise ValueError(_refused("encoding", "its name, such as 'utf-8'", encoding))
    if not isinstance(decimal, str):
        raise ValueError(_refused("decimal", "'.' or ','", decimal))
    number = None if jobs is None else _count("jobs", jobs, 1)
    longest = min(_count("max_line", max_line, 1), LONGEST_LINE)
    of_cells = asked_of_cells(
        delimiter,
        _columns(columns),
        encoding,
        header=header,
        skip=_count("skip", skip, None),
        null=_words(null),
        decimal=decimal,
        trim=trim,
        is_text=text,
    )
    return Asked(ReadOptions(format_, longest, records, text, **of_cells), number)


def _refused(parameter: str, expected: str, found: object) -> str:
    return f"{parameter}: expected {expected}, found {shown(found)}"


def expect_format(parameter: str, found: object, formats: Iterable[Format]) -> None:
    """Expect the name of a format, of which some are offered, or None.

    Raises:
        ValueError: for anything else.

    Example:
        >>> expect_format("format", "ndjson", FORMATS[:4])
        Traceback (most recent call last):
        ValueError: format: expected jsonl, json, csv or tsv, found 'ndjson'; did you mean 'jsonl'?
    """
    if found is None or (isinstance(found, str) and found in FORMAT_NAMED):
        return
    formats = tuple(formats)
    *others, last = (one.name for one in formats)
    message = _refused(parameter, f"{', '.join(others)} or {last}", found)
    near = _near_format(found, formats) if isinstance(found, str) else None
    raise ValueError(message if near is None else f"{message}; did you mean {quoted(near)}?")


def _near_format(word: str, formats: Iterable[Format]) -> str | None:
    """Return the name of a format that somebody likely means by a word."""
    # Only mistakes pay for it.
    from filterlang.checking.meant_values.similar_names import SimilarWords

    known = {
        spelled.lower(): one.name
        for one in formats
        for spelled in (*one.title.split(", "), *(end[1:] for end in one.endings), one.name)
    }
    return next(iter(SimilarWords(known).like(word.strip(" .*").lower())), None)


def _expect_flags(**flags: object) -> None:
    for name, found in flags.items():
        if not isinstance(found, bool):
            raise TypeError(_refused(name, "True or False", found))


def _expect_functions(**functions: object) -> None:
    for name, found in functions.items():
        if found is not None and not callable(found):
            raise TypeError(_refused(name, "a function", found))


def expect_delimiter(parameter: str, found: object) -> None:
    """Expect a text or None; `read_options` says what it may be.

    Raises:
        ValueError: for anything else.
    """
    if not isinstance(found, str | None):
        raise ValueError(_refused(parameter, "a character, or the name of one", found))


def _count(parameter: str, found: Any, least: int | None) -> int:
    """Return a whole number, also one of numpy's, that isn't below what is the least."""
    try:
        # True is an int, but nobody counts with it.
        number = None if isinstance(found, bool) else index(found)
    except TypeError:
        number = None
    if number is None or (least is not None and number < least):
        raise ValueError(_refused(parameter, f"a whole number from {least or 0}", found))
    return number


def _columns(columns: Any) -> Sequence[str] | None:
    # What is no list of names for other reasons, `read_options` says.
    if columns is None or isinstance(columns, str):
        return columns
    # A set has no order.
    if isinstance(columns, bytes | set | frozenset) or not isinstance(columns, Iterable):
        raise ValueError(_refused("columns", "a list of names", columns))
    names = [*columns]
    if (problem := _no_texts("columns", "names", names)) is not None:
        raise ValueError(problem)
    return names


def _words(null: Any) -> list[str]:
    if isinstance(null, str):
        return [null]
    # Elsewhere a mapping says words for each column; here its keys would be taken for them.
    if isinstance(null, bytes | Mapping) or not isinstance(null, Iterable):
        raise TypeError(_refused("null", "a word, or several", null))
    words = [*null]
    if (problem := _no_texts("null", "words", words)) is not None:
        raise TypeError(problem)
    return words


def _no_texts(parameter: str, expected: str, found: Iterable[object]) -> str | None:
    """Say which of several texts is none, if one is."""
    for one in found:
        if not isinstance(one, str):
            return f"{_refused(parameter, expected, one)} among them"
    return None


def expect_copying(format_: object, output_delimiter: object, *, invert: object) -> None:
    """Check what only `copy` is given, but for what it writes of records and where.

    Raises:
        TypeError, ValueError: as `copy` says; the text says for which argument.
    """
    expect_format("format", format_, [one for one in FORMATS if one.is_written])
    expect_delimiter("output_delimiter", output_delimiter)
    _expect_flags(invert=invert)


def names_selected(select: Any) -> Sequence[str] | Mapping[str, str] | None:
    """Return the names to write, each a text; a text in their place is left to `selection`.

    Raises:
        TypeError: for anything else.
    """
    if select is None or isinstance(select, str):
        return select
    expected = "a list of names, or a mapping from new names to names"
    # A set has no order.
    if isinstance(select, bytes | set | frozenset) or not isinstance(select, Iterable):
        raise TypeError(_refused("select", expected, select))
    names = dict(select) if isinstance(select, Mapping) else [*select]
    both = [*names, *names.values()] if isinstance(names, dict) else names
    if (problem := _no_texts("select", "names", both)) is not None:
        raise TypeError(problem)
    return names


def paths_of(parameter: str, paths: Any) -> list[str]:
    """Return the paths of files, one or several.

    Raises:
        TypeError: for what is none.
        ValueError: for one with NUL in it.
    """
    if isinstance(paths, str | PathLike):
        return [_path(parameter, paths)]
    if isinstance(paths, IOBase | bytes | Mapping) or not hasattr(paths, "__iter__"):
        raise TypeError(_no_path(paths))
    return [_path(parameter, path) for path in [*paths]]


def _path(parameter: str, path: object) -> str:
    found: object = fspath(path) if isinstance(path, str | PathLike) else path
    if not isinstance(found, str):
        raise TypeError(_no_path(found))
    _expect_no_nul(parameter, found)
    return found


def _no_path(found: object) -> str:
    return (
        f"expected the path of a file, or several of them, not {class_name(found)}; records that "
        "are there already are matched by compile(filters).filter(records)"
    )


def path_to_write(to: object) -> str:
    """Return the path of a file that is to be written.

    Raises:
        TypeError: for what is none.
        ValueError: for an empty one, one with NUL in it, and what stands for standard input.
    """
    found: object = fspath(to) if isinstance(to, str | PathLike) else to
    if not isinstance(found, str):
        message = (
            f"to: expected the path of the file to write, not {class_name(found)}; records that "
            "are to go elsewhere are given by read(sources, filters)"
        )
        raise TypeError(message)
    if not found:
        message = "to: expected the path of the file to write, found an empty one"
        raise ValueError(message)
    if to == STDIN:
        message = (
            "to: expected the path of the file to write, found '-'; standard output is "
            "/dev/stdout, and a file that is called so ./-"
        )
        raise ValueError(message)
    _expect_no_nul("to", found)
    return found


def _expect_no_nul(parameter: str, path: str) -> None:
    if "\0" in path:
        message = f"{parameter}: expected a path without NUL, which none can hold, found "
        raise ValueError(message + shown(path))
