"""The parts of records that a filter asked for, and found, in colour."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from filterlang.backends.files.cells.cell_types import Cells
from filterlang.backends.files.json_records.lines import read_record
from filterlang.backends.files.selected import Batch, Lines, Names, Rows
from filterlang.backends.files.writing.writers import AS_READ, Dividing, make_writer
from filterlang.diagnostics.diagnostic import paint
from filterlang.schema.binding import bind_filters
from filterlang.semantics.judge import holds, judges

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping, Sequence

    from filterlang.backends.files.selected import Selected
    from filterlang.backends.files.writing.writer import Stream
    from filterlang.matching.matcher import Matcher
    from filterlang.semantics.tests import BoundClause

    Asked = dict[str, list[BoundClause]]
    Span = tuple[int, int]

PAINTED = ("jsonl", "csv", "tsv")
"""The formats whose records are lines that people read."""

_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|[{}\[\],:]|[^\s{}\[\],:"]++')


class Painter:
    """Writes records as a writer does, and in colour what in them passes the clauses of filters.

    Those of the filters that match are asked, but for negative ones, which pass by what isn't
    there. Of a list the elements are in colour that pass.

    Args:
        matcher: the filters.
        format_: one of `PAINTED`.
        stream: where to.
        select: as the writer takes it, and so is `dividing`.
    """

    def __init__(
        self,
        matcher: Matcher,
        format_: str,
        stream: Stream,
        select: Mapping[str, str] | None,
        dividing: Dividing = AS_READ,
    ) -> None:
        self._filters = bind_filters(matcher.filters, matcher.schema)
        self._stream = stream
        self._select = select
        self._kept = _Kept()
        self._writer = make_writer(format_, self._kept, select, dividing)
        self._format, self._dividing = format_, dividing
        self._cells: re.Pattern[str] | None = None
        self._names: list[str] = []

    def write(self, selected: Selected) -> None:
        """Write what was selected.

        Raises:
            ValueFormatError: as the writer does.
        """
        if isinstance(selected, Names):
            self._writer.write(selected)
        for one, record in _each(selected):
            self._writer.write(one)
            self._pass_on(self._asked(record))

    def finish(self) -> None:
        """Write what belongs to the end."""
        self._writer.finish()
        self._pass_on({})

    def told(self) -> str | None:
        """Return what to say at the end of what could not be written as it was."""
        return self._writer.told()

    def abandon(self) -> None:
        """Write nothing more."""
        self._writer.abandon()

    def _asked(self, record: Mapping[str, object]) -> Asked:
        """Return what is asked under which names, as they are written, by filters that match."""
        found: Asked = {}
        for clauses in self._filters:
            if holds(clauses, record):
                for clause in clauses:
                    if not clause.negative and not clause.of_missing:
                        for name in self._written(clause.name):
                            found.setdefault(name, []).append(clause)
        return found

    def _written(self, name: str) -> Iterator[str]:
        """Return the names under which it is written what stands under a name."""
        if self._select is None:
            yield name
            return
        for new, selected in self._select.items():
            if name == selected or name.startswith(f"{selected}."):
                yield new + name[len(selected) :]

    def _pass_on(self, asked: Asked) -> None:
        text = self._kept.taken()
        if not text:
            return
        is_json = self._format == "jsonl"
        spans = _json_spans(text, asked) if is_json else self._cell_spans(text, asked)
        parts, place = [], 0
        for start, end in spans:
            parts += [text[place:start], paint(text[start:end], "found")]
            place = end
        parts.append(text[place:])
        self._stream.write("".join(parts).encode(errors="surrogateescape"))

    def _cell_spans(self, text: str, asked: Asked) -> Generator[Span, None, None]:
        """Find the cells of rows; a filter that matches found what it asked for in one of them."""
        if self._cells is None:
            # What divides them is known when something was written.
            self._cells = written_cell(self._dividing.of(self._format))
        row: list[Span] = []
        for cell in self._cells.finditer(text):
            row.append(cell.span(1))
            if cell[2] != "\n":
                continue
            if self._names:
                named = zip(self._names, row, strict=False)
                yield from (span for name, span in named if name in asked and span[0] < span[1])
            else:
                self._names = [_content(text[start:end]) for start, end in row]
            row = []


class _Kept:
    """A stream of which somebody takes what was written."""

    def __init__(self) -> None:
        self._data: list[bytes] = []

    def write(self, data: bytes) -> None:
        self._data.append(data)

    def taken(self) -> str:
        data, self._data = b"".join(self._data), []
        return data.decode(errors="surrogateescape")


def _each(selected: Selected) -> Iterator[tuple[Selected, Mapping[str, object]]]:
    """Return record after record, each as it is written and as it is judged."""
    match selected:
        case Lines():
            for line in selected.lines:
                yield Lines([line]), read_record(line) or {}
        case Cells():
            for row, typed in zip(selected.rows, selected.values(), strict=True):
                yield Cells([row], selected.columns), typed
        case Batch():
            for place, record in enumerate(selected.values()):
                yield Batch(selected.batch.slice(place, 1)), record
        case _:
            for record in selected.values():
                yield Rows([dict(record)]), record


def written_cell(delimiter: str) -> re.Pattern[str]:
    """Return what finds cells, as they are written here, and what stands behind each."""
    ends = rf"{re.escape(delimiter)}\n"
    return re.compile(rf'("(?:[^"]++|"")*+"?+|[^{ends}"]*+)([{ends}]?+)')


def _content(cell: str) -> str:
    return cell[1:-1].replace('""', '"') if cell.startswith('"') else cell


def _json_spans(text: str, asked: Asked) -> Iterator[Span]:
    """Find the values of a JSON object that pass what is asked under their names."""
    names: list[str] = []
    is_object: list[bool] = []
    key, is_key = "", False
    for token in _TOKEN.finditer(text):
        match token[0]:
            case "{" | "[" as mark:
                names.append(key)
                is_object.append(mark == "{")
                is_key = is_object[-1]
            case "}" | "]":
                key = names.pop()
                is_object.pop()
                is_key = False
            case ",":
                is_key = bool(is_object) and is_object[-1]
            case ":":
                is_key = False
            case written if is_key:
                key = json.loads(written)
                key = f"{names[-1]}.{key}" if names[-1] else key
            case written:
                clauses = asked.get(key, ())
                if clauses and _passes(clauses, json.loads(written)):
                    yield token.span()


def _passes(clauses: Sequence[BoundClause], value: object) -> bool:
    return any(judges(clause, value) for clause in clauses)
