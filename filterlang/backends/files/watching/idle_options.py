"""Options of reading that mean nothing for the formats of all inputs, which is told once for each.

What is for one of several inputs has something to do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from filterlang.backends.files.formats import FORMAT_NAMED, format_of_name
from filterlang.backends.files.opening.compressions import without_ending
from filterlang.backends.files.opening.sources import sources_of
from filterlang.diagnostics.diagnostic import showable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from filterlang.backends.files.opening.sources import Source
    from filterlang.backends.files.read_options import ReadOptions


class _Purpose(NamedTuple):
    """What some options are for: `formats`, as they are called (`told`)."""

    told: str
    formats: frozenset[str]


_CELLS = _Purpose("CSV and TSV", frozenset({"csv", "tsv"}))
_NUMBERS = _Purpose("CSV and TSV", _CELLS.formats | {"xlsx"})
"""Of numbers that are texts in a workbook it is told where there are any."""
_ROWS = _Purpose("CSV, TSV and xlsx", _CELLS.formats | {"xlsx"})
_TEXTS = _Purpose("JSON, CSV and TSV", _CELLS.formats | {"jsonl", "json"})
_LISTS = _Purpose("JSON and xlsx", frozenset({"jsonl", "json", "xlsx"}))


def _given(options: ReadOptions) -> dict[_Purpose, list[tuple[str, str]]]:
    """Return what is said, as the command and Python spell it, by what it is for."""
    said = (
        (_CELLS, "--text", "text", options.text),
        (_CELLS, "--delimiter", "delimiter", options.delimiter is not None),
        (_NUMBERS, "--decimal", "decimal", options.decimal != "."),
        (_ROWS, "--no-header", "header", not options.header),
        (_ROWS, "--columns", "columns", options.columns is not None),
        (_ROWS, "--skip", "skip", options.skip > 0),
        (_ROWS, "--null", "null", bool(options.null)),
        (_ROWS, "--trim", "trim", options.trim),
        (_TEXTS, "--encoding", "encoding", options.encoding is not None),
        (_LISTS, "--records", "records", options.records is not None),
    )
    found: dict[_Purpose, list[tuple[str, str]]] = {}
    for purpose, spelled, in_python, is_said in said:
        if is_said:
            found.setdefault(purpose, []).append((spelled, in_python))
    return found


class IdleOptions:
    """Looks for options that none of the inputs has a use for.

    Args:
        options: how inputs are read.
        remark: called with each text that says of options that they do nothing.
    """

    def __init__(self, options: ReadOptions, remark: Callable[[str], object]) -> None:
        self._given = _given(options)
        self._said = options.format
        self._remark = remark
        self._formats: dict[str, str | None] = {}
        self._is_guessed = False

    def expect(self, paths: Iterable[str]) -> None:
        """Note which inputs there are, and what the ends of their names say that they are."""
        for source in sources_of(paths, self._said) if self._given else ():
            self._formats.setdefault(source.path, self._named(source.path))

    def _named(self, name: str) -> str | None:
        """Return the format that is said of an input; None where its content tells it."""
        named = format_of_name(without_ending(name))
        return self._said or (None if named is None else named.name)

    def see(self, source: Source) -> None:
        """Note what an input is, and tell of the options that are for none by now."""
        if not self._given:
            return
        self._formats[source.path] = source.format
        is_json = FORMAT_NAMED[source.format].kind == "json"
        self._is_guessed |= is_json and self._named(source.within) is None
        found = set(self._formats.values())
        if None in found:
            return
        idle: dict[str, list[tuple[str, str]]] = {}
        for purpose in [*self._given]:
            if purpose.formats.isdisjoint(found):
                idle.setdefault(purpose.told, []).extend(self._given.pop(purpose))
        for told, said in idle.items():
            self._remark(showable(self._told(told, said, source)))

    def _told(self, purpose: str, said: list[tuple[str, str]], source: Source) -> str:
        options, names = (_joined(words) for words in zip(*said, strict=True))
        is_one = len(said) == 1
        kinds = _joined(dict.fromkeys(_title(one) for one in self._formats.values() if one))
        place = f"{source.name}: " if len(self._formats) == 1 else ""
        remedy = f"leave {'it' if is_one else 'them'} out"
        if self._is_guessed:
            remedy += ", or say by --input-format what is read"
        return (
            f"{place}{options} (in Python {names}) {'is' if is_one else 'are'} for {purpose}, "
            f"and {'does' if is_one else 'do'} nothing to {kinds}; {remedy}"
        )


def _title(format_: str) -> str:
    found = FORMAT_NAMED[format_]
    return "JSON" if found.kind == "json" else found.title.split(",")[0]


def _joined(words: Iterable[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last
