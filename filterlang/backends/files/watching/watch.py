"""What is read, shown to those who look at it: for names, for types, for odd tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from filterlang.backends.files.faults import InputError
from filterlang.backends.files.limits import SAMPLE
from filterlang.backends.files.tables import columns
from filterlang.backends.files.watching.first_columns import FirstColumns
from filterlang.backends.used_names import names_of, wanted_columns
from filterlang.diagnostics.diagnostic import quoted, showable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from filterlang.backends.files.cells.cell_types import Columns
    from filterlang.backends.files.cells.empty_rows import EmptyRows
    from filterlang.backends.files.cells.header_names import Header
    from filterlang.backends.files.cells.names_again import NamesAgain
    from filterlang.backends.files.opening.sources import Source
    from filterlang.backends.files.read_options import ReadOptions
    from filterlang.backends.files.watching.mistyped import Mistyped
    from filterlang.backends.files.watching.sought import Sought
    from filterlang.backends.plan.storage import Storages
    from filterlang.matching.matcher import Matcher


class Watch:
    """Looks at the inputs of a run while they are read.

    Args:
        complain: called with the name of an input and what is wrong with it as a whole.
        remark: called with what is left out, and nobody asked for; once, whatever follows.
        wanted: names beside those of the filters that are asked for, which tables should have.
        sought: is shown what there is, to look for names that no input has had so far.
        mistyped: is shown the first records, to look for values of other types.
        takes_answers: whether an object that looks like an answer of the API is a record.

    Attributes:
        first: is shown what tells the columns of the first input.
    """

    first: FirstColumns

    def __init__(
        self,
        complain: Callable[[str, str], object],
        remark: Callable[[str], object],
        wanted: Iterable[str],
        sought: Sought | None,
        mistyped: Mistyped | None,
        *,
        takes_answers: bool,
    ) -> None:
        self.first = FirstColumns(takes_answers=takes_answers)
        self._complain = complain
        self._remark = remark
        self._wanted = [tuple(name.split(".")) for name in wanted]
        self._sought = sought
        self._mistyped = mistyped
        self._told: set[object] = set()
        self._tables: dict[str, tuple[str, Mapping[str, object]]] = {}

    @property
    def asked(self) -> list[tuple[str, ...]]:
        """The names that filters ask for, where somebody looks for them."""
        return [] if self._sought is None else self._sought.asked

    # --- Records ----------------------------------------------------------------------------------

    def see_path(self, path: tuple[str, ...]) -> None:
        """Note which names lead to the records that are read next."""
        if self._sought is not None:
            self._sought.see_path(path)

    def seek(self, record: dict[str, object]) -> None:
        """Look for names in a record that isn't one of a table."""
        if self._sought is not None:
            self._sought.see_record(record)

    def seek_in_block(self, block: bytes) -> None:
        """Look for names in lines of JSON."""
        if self._sought is not None:
            self._sought.see_block(block)

    @property
    def sees_records(self) -> bool:
        """Whether somebody still looks at the types of values."""
        return self._mistyped is not None and not self._mistyped.is_done

    def see_records(self, records: Iterable[Mapping[str, object]]) -> None:
        """Look at the types of values."""
        if self._mistyped is not None and self.sees_records:
            self._mistyped.see_records(records)

    def see_block(self, block: bytes | None) -> None:
        """Look at the types of values in lines of JSON, and at their names."""
        self.first.see_lines(block)
        if self._mistyped is not None:
            self._mistyped.see_block(block)

    def see_batch(
        self, batch: columns.RecordBatch, matcher: Matcher, columns_of_table: Iterable[str]
    ) -> None:
        """Look at the types of values in a batch of Arrow data, which may lack some columns."""
        if self._mistyped is not None and not self._mistyped.is_done:
            first = batch.slice(0, SAMPLE)
            # The names of the others tell what the records are; none of their values is looked at.
            names = dict.fromkeys(columns_of_table)
            values = columns.values_of(first, names_of(matcher))
            self._mistyped.see_records(names | value for value in values)

    def see_rows(
        self,
        lines: Iterable[int | str],
        rows: Iterable[dict[str, Any]],
        found: Columns | None,
    ) -> None:
        """Look at rows that end in some lines; of those of cells it is known what these are."""
        if self._mistyped is not None and self.sees_records:
            # Of other cells than texts it is told which aren't of their type.
            self._mistyped.see_rows(lines, rows, None if found is None else found.texts)

    @property
    def empty_rows(self) -> EmptyRows | None:
        """What counts rows of nothing but empty cells; None where nobody does."""
        return None if self._mistyped is None else self._mistyped.empty_rows

    @property
    def again(self) -> NamesAgain | None:
        """What looks whether rows of cells are their names again; None where nobody looks."""
        return None if self._mistyped is None else self._mistyped.again

    # --- Tables -----------------------------------------------------------------------------------

    def see_columns(self, source: Source, storages: Storages) -> None:
        """Show the columns of a table."""
        self.see_replaced(source, storages)
        if self._sought is not None:
            held = storages | source.keys.storages()
            self._sought.see_table(source.name, source.format, held)

    def misses(self, storages: Storages) -> bool:
        """Whether there are names to look for that the columns of a table don't have."""
        return self._sought is not None and self._sought.is_missed_by(storages)

    def see_replaced(self, source: Source, names: Iterable[str]) -> None:
        """Tell of what a file holds under the name of a key, once a key."""
        for name in source.keys.values.keys() & names:
            self._tell_once(
                ("key", name),
                f"{source.name}: {quoted(name)} is what the names of the folders say; what the "
                "files hold under that name is left out",
            )

    def doubt_dialect(self, source: Source, doubt: str) -> None:
        """Tell what may be wrong with how the cells of a file are read, once a file."""
        self._tell_once(("dialect", source.path, doubt), f"{source.name}: {doubt}")

    def see_header(
        self,
        source: Source,
        header: Header,
        asked: Iterable[tuple[str, ...]],
        options: ReadOptions,
    ) -> None:
        """Refuse cells of which a name that is asked for is there twice; tell of other names.

        And tell of merged cells in columns that are asked for, or in any if none is.
        What is wrong with values may be helped by how cells are read; of workbooks only spaces
        around texts can be taken away.
        """
        if self._sought is not None:
            self._sought.see_header(header, options)
        if self._mistyped is not None:
            self._mistyped.see_header(header, are_cells=source.kind == "cells")
        doubled = {one.name: one for one in reversed(header.doubled)}
        for name in wanted_columns(list(doubled), [*asked, *self._wanted]):
            raise InputError(doubled[name].refusal())
        remark = header.remark()
        if remark is not None:
            self._tell_once(("names", source.path), f"{source.name}: {remark}")
        if header.merged:
            # What few need is loaded for these.
            from filterlang.backends.files.cells.merged_cells import told_of_merged

            beside = [] if self._sought is None else self._sought.all_paths
            names = [*asked, *self._wanted, *beside]
            wanted = wanted_columns(header.merged, names) if names else header.merged
            merged = told_of_merged(header.merged, wanted)
            if merged is not None:
                self._tell_once(("merged", source.path), f"{source.name}: {merged}")

    def see_doubled(self, source: Source, doubled: list[str], asked: list[tuple[str, ...]]) -> None:
        """Refuse a table in which a name that is asked for is there twice; tell of others."""
        for name in wanted_columns(doubled, [*asked, *self._wanted]):
            message = f"two columns are called {quoted(name)}; rename one of them"
            raise InputError(message)
        for name in doubled:
            self._tell_once(
                name,
                f"{source.name}: two columns are called {quoted(name)}, which nothing asks for; "
                "records in JSON or CSV are written without them",
            )

    def compare(self, source: Source, types: Mapping[str, object], matcher: Matcher) -> None:
        """Complain of a table whose columns differ from the first one's, where asked for.

        What filters see of numbers is the same, whatever the type of their column is.
        """
        first_name, first = self._tables.setdefault(source.format, (source.name, types))
        if first_name == source.name:
            return
        from filterlang.backends.files.watching.lacking_tables import meant

        for column in sorted(columns_of([*names_of(matcher), *self._wanted])):
            here, there = types.get(column), first.get(column)
            if here == there or _go_together(here, there):
                continue
            if here is None:
                difference = f"is missing, though it is in {first_name}{meant(column, types)}"
            elif there is None:
                difference = f"is new, it is not in {first_name}{meant(column, first)}"
            else:
                difference = f"is of type {here}, but of type {there} in {first_name}"
            self._complain(source.name, f"the column {quoted(column)} {difference}")

    def _tell_once(self, key: object, message: str) -> None:
        if key not in self._told:
            self._told.add(key)
            self._remark(showable(message))


def _go_together(one: object, other: object) -> bool:
    """Whether the values of two types of Arrow are compared alike."""
    if one is None or other is None or isinstance(one, str) or isinstance(other, str):
        return False
    # What few need is loaded for these.
    from filterlang.backends.files.tables.held_types import joined_type

    return joined_type(one, other) is not None


def columns_of(names: Iterable[tuple[str, ...]]) -> set[str]:
    """Return the columns that names may lead to, of a table or a row of cells."""
    return {column for name in names for column in (name[0], ".".join(name))}
