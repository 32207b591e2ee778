"""An input → its records, each with its place, whatever the format is.

What reads JSON is imported where it is needed: to load it takes as long as many a table takes.
"""

from __future__ import annotations

from contextlib import closing
from functools import cached_property, partial
from io import BytesIO
from operator import add
from typing import TYPE_CHECKING

from filterlang.backends.files.cells.cell_types import Cells, CellTypes
from filterlang.backends.files.formats import format_of_name
from filterlang.backends.files.json_records.lines import BadRecordError, read_record
from filterlang.backends.files.opening.inputs import too_long
from filterlang.backends.files.rows import rows_of
from filterlang.backends.files.selected import TableRow
from filterlang.backends.files.tables import columns

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence

    from filterlang.backends.files.cells.cell_types import Columns
    from filterlang.backends.files.cells.header_names import Header
    from filterlang.backends.files.cells.plain_rows import TakePlain
    from filterlang.backends.files.faults import Place
    from filterlang.backends.files.json_records.json_lists import Deal
    from filterlang.backends.files.json_records.json_shape import Block, Shape
    from filterlang.backends.files.json_records.scans import Scan
    from filterlang.backends.files.opening.sources import Source
    from filterlang.backends.files.read_options import ReadOptions
    from filterlang.backends.files.watching.watch import Watch
    from filterlang.backends.plan.storage import Storages
    from filterlang.schema.schema import Schema

    _Located = dict[str, object] | Cells | TableRow | str | None


class Located:
    """Reads the records of inputs, and shows them to who watches.

    Args:
        before_reading: as for `Reader`, and so are `options`.
        watch: is shown the columns of tables.

    Attributes:
        types: what was found out about cells.
        delimiters: what divides cells in the first file of each format.
        schema: says what cells are, so that it needn't be found.
    """

    types: CellTypes
    delimiters: dict[str, str]
    schema: Schema | None

    def __init__(
        self,
        before_reading: Callable[[int], None],
        options: ReadOptions,
        watch: Watch,
    ) -> None:
        self.types = CellTypes(options.decimal)
        self.delimiters = {}
        self.schema = None
        self._before_reading = before_reading
        self._options = options
        self._max_line = options.max_line
        self._watch = watch

    @cached_property
    def shape(self) -> Shape | None:
        """How JSON holds its records, where somebody says so."""
        from filterlang.backends.files.json_records.json_shape import LINES, Shape

        records = self._options.records
        if records is not None:
            return Shape(is_lines=False, path=() if records == "." else tuple(records.split(".")))
        return LINES if self._options.format == "jsonl" else None

    def blocks(
        self,
        source: Source,
        look: Callable[[bytes, bytes], Scan | None] | None = None,
        deal: Deal | None = None,
    ) -> Generator[Block, None, None]:
        """Iterate over the records of JSON as blocks of lines; the rest is as for `JsonLists`."""
        from filterlang.backends.files.json_records.json_shape import read_json

        yield from read_json(
            source.input,
            self._before_reading,
            self._max_line,
            shape=self.shape,
            is_named_lines=is_named_lines(source),
            look=look,
            is_plain=not source.is_packed,
            see_path=self._watch.see_path,
            deal=deal,
        )

    def located(
        self, source: Source
    ) -> Generator[tuple[Place, bytes | None, _Located], None, None]:
        """Return the lines or rows of an input: a text says what is wrong, None is a blank line."""
        if source.kind == "json":
            lines = self._located_lines(source)
            yield from self._keyed(source, lines) if source.keys.values else lines
        elif source.kind == "cells" and not self._options.text:
            yield from self._located_cells(source)
        elif source.kind != "table":
            with closing(self.rows(source, self._watch.asked, is_text=True)) as rows:
                for number, value in rows:
                    yield number, None, value
        else:
            number = 0
            with closing(self.batches(source, self._watch.asked)) as batches:
                for batch in batches:
                    for row, value in enumerate(columns.values_of(batch)):
                        number += 1
                        yield number, None, TableRow(batch, row, value)

    def _located_cells(
        self, source: Source
    ) -> Generator[tuple[Place, None, Cells | str], None, None]:
        found = None
        is_text = self.schema is not None
        with closing(self.rows(source, self._watch.asked, is_text=is_text)) as rows:
            for number, row in rows:
                if isinstance(row, str):
                    yield number, None, row
                    continue
                if found is None:
                    found = self.columns_of_cells(source, row)
                found.waiting.append((number, row))
                found.count_waiting()
                yield number, None, Cells([row], found)

    def columns_of_cells(self, source: Source, row: Iterable[str]) -> Columns:
        """Return how rows of cells are read; what the names of folders say is no cell."""
        names = [name for name in row if name not in source.keys.values]
        if self.schema is None:
            return self.types.columns(names, source.name)
        # What few need is loaded for these.
        from filterlang.backends.files.cells.schema_cells import SchemaColumns

        return SchemaColumns(names, self.schema, self.types, source.name)

    def rows(
        self,
        source: Source,
        asked: Sequence[tuple[str, ...]],
        *,
        is_text: bool,
        take_plain: TakePlain | None = None,
    ) -> Generator[tuple[int, dict[str, object] | str], None, None]:
        """Iterate over the rows of what isn't JSON and no table of Arrow.

        Names that are asked for must not be there twice. If cells aren't to be texts, their types
        are found before. `take_plain` is as in `rows_of`.
        """

        def see_header(header: Header) -> None:
            if source.kind == "cells":
                self.delimiters.setdefault(source.format, header.delimiter)
            self._watch.see_header(source, header, asked, self._options)

        def see(storages: Storages) -> None:
            self._see_first(source, [*storages])
            self._watch.see_columns(source, storages)

        types = None if is_text else self.types
        remark = partial(self._watch.doubt_dialect, source)
        told = remark, take_plain, see_header
        rows = rows_of(source, self._before_reading, self._options, see, types, *told)
        if source.kind == "cells" or self._watch.first.is_known:
            yield from rows
            return
        for number, value in rows:
            if self._watch.first.wants_rows and not isinstance(value, str):
                self._watch.first.see_row(value)
            yield number, value

    def _see_first(self, source: Source, names: list[str]) -> None:
        """Show the columns of rows, and what they are, if they are the first ones."""
        if self._watch.first.is_known:
            return
        keys = source.keys.values
        all_names = [*names, *(key for key in keys if key not in names)]
        if source.kind != "cells":
            self._watch.first.see_names(all_names)
            return
        said = dict.fromkeys(names, "text")
        if not self._options.text:
            said |= self.columns_of_cells(source, names).dimensions()
        said = {name: one for name, one in said.items() if name not in keys}
        self._watch.first.see_names(all_names, said, keys)

    def batches(
        self,
        source: Source,
        asked: list[tuple[str, ...]],
        *,
        only_asked: bool = False,
        rest: columns.Rest | None = None,
    ) -> Generator[columns.RecordBatch, None, None]:
        """Iterate over the batches of a table of Arrow, of which the first one is empty.

        If only the columns are wanted that are asked for, the others aren't read; by `rest` they
        can be, as in `read_batches`.
        """
        names = asked if only_asked or rest is not None else None
        with closing(columns.read_batches(source.input, source.format, names, rest)) as batches:
            for found in batches:
                if not found.num_rows:
                    self._watch.see_columns(source, columns.storages_of(found.schema))
                batch = columns.with_keys(found, source.keys)
                if not found.num_rows:
                    self._watch.see_doubled(source, columns.doubled(batch.schema), asked)
                yield batch

    def _keyed(
        self,
        source: Source,
        located: Iterable[tuple[Place, bytes | None, dict[str, object] | str | None]],
    ) -> Generator[tuple[Place, bytes | None, dict[str, object] | str | None], None, None]:
        """Add to records what the names of folders say; their lines are no longer theirs."""
        for number, line, value in located:
            if isinstance(value, dict):
                self._watch.see_replaced(source, value)
                yield number, None, {**value, **source.keys.values}
            else:
                yield number, line, value

    def _located_lines(
        self, source: Source
    ) -> Generator[tuple[Place, bytes | None, dict[str, object] | str | None], None, None]:
        from filterlang.backends.files.json_records.answers import answer_in_place_of

        def read(line: bytes) -> Iterator[tuple[bytes, dict[str, object] | str | None]]:
            value: dict[str, object] | str | None
            try:
                value = read_record(line)
                if value is not None and not self._options.takes_answers:
                    value = answer_in_place_of(value) or value
            except BadRecordError as error:
                for part in error.parts:
                    yield from read(part)
                if error.parts:
                    return
                value = str(error)
            yield line, value

        before = number = 0
        with closing(self.blocks(source)) as blocks:
            for data, place_of, _ in blocks:
                place = place_of or partial(add, before)
                self._watch.first.see_lines(data, source.keys.values)
                if data is None:
                    yield place(1), None, too_long(self._max_line)
                    before += 1
                    continue
                for number, line in enumerate(BytesIO(data), 1):
                    for part, value in read(line):
                        yield place(number), part, value
                before += number

    def values(
        self,
        source: Source,
        asked: Sequence[tuple[str, ...]],
        *,
        is_text: bool,
        take_plain: TakePlain | None = None,
    ) -> Generator[tuple[Place, dict[str, object] | str], None, None]:
        """Iterate over the records of what is no table of Arrow, or what is wrong with them.

        If cells aren't to be texts, they are texts all the same, of which `columns_of_cells` tells
        what they are read as. Names that are asked for must not be there twice.
        """
        if source.kind != "json":
            yield from self.rows(source, asked, is_text=is_text, take_plain=take_plain)
            return
        lines = self._keyed(source, self._located_lines(source))
        yield from ((number, value) for number, _, value in lines if value is not None)


def is_named_lines(source: Source) -> bool:
    """Whether the name of an input ends as those of JSON Lines do."""
    named = format_of_name(source.within)
    return named is not None and named.name == "jsonl"
