"""Names that lead nowhere: what filters look at, and no input has had so far.

In files the rows are what counts, so such a name is missing and no error; but somebody should say
so, since a name that is misspelled is missing in every record.

A line of JSON is searched for the text of a name, and read only where that stands before a colon;
so what is looked for costs little, and what has been found costs nothing.
"""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING, Any

from filterlang.backends.files.json_records.lines import records_of
from filterlang.diagnostics.diagnostic import quoted, showable
from filterlang.schema.binding import bind, resolved

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from filterlang.backends.files.cells.header_names import Header
    from filterlang.backends.files.read_options import ReadOptions
    from filterlang.backends.files.watching.lacking_tables import LackingTables
    from filterlang.backends.plan.storage import Storages
    from filterlang.schema.schema import Schema
    from filterlang.syntax.nodes import Filter

NO_COLUMN = "no column is called"
NO_RECORD = "nothing in the records read is called"
"""What lacks a name, as `Sought.tell` says it."""
_SAMPLE = 200
"""From so many lines the names are taken that may have been meant."""


class Sought:
    """The names of filters that no input has had so far, and those that inputs have.

    It can be pickled, for other processes.

    Attributes:
        missing: the names as they are written, each with the path that it stands for.
        asked: the paths of all names, found or not.
        has_seen: whether there was a table or a record at all.
        tell_at_once: called where the columns of a table show that names are missing.
    """

    missing: dict[str, tuple[str, ...]]
    asked: list[tuple[str, ...]]
    has_seen: bool
    tell_at_once: Callable[[], None] | None

    def __init__(self, filters: Iterable[Filter], schema: Schema | None) -> None:
        self.missing = {
            clause.name: bind(clause, schema).path for filter_ in filters for clause in filter_
        }
        self.asked = list(self.missing.values())
        self._lacking: LackingTables | None = None
        if schema is not None:
            from filterlang.backends.plan.known_names import is_in_schema

            for name in [name for name in self.missing if is_in_schema(name, schema)]:
                del self.missing[name]
        self._names = dict(self.missing)
        self.has_seen = False
        self.tell_at_once = None
        self._columns: dict[str, Any] = {}
        self._header: tuple[Header, int] | None = None
        self._first_row: list[str] = []
        self._second_row: Mapping[str, object] | None = None
        self._sampled = 0
        self._objects: dict[str, str] = {}
        self._below: tuple[str, int, set[str]] = "", 0, set()
        self._path: tuple[str, ...] = ()
        self._only: dict[str, object] | None = None
        self._told: set[str] = set()

    def add(self, names: Iterable[str], schema: Schema | None = None) -> None:
        """Look for more names, with the aliases of a schema resolved, whatever else it knows."""
        for name in names:
            self.missing.setdefault(name, tuple(resolved(name, schema).split(".")))
        self._names = dict(self.missing)

    @property
    def all_paths(self) -> list[tuple[str, ...]]:
        """The paths of all names, those that are asked for beside filters too."""
        return [*self.asked, *self._names.values()]

    def see_table(self, file: str, format_: str, storages: Storages) -> None:
        """Look at the columns of a table that is read, and note which names it lacks."""
        # What few need is loaded for these.
        from filterlang.backends.files.watching.lacking_tables import LackingTables

        if self._lacking is None:
            self._lacking = LackingTables()
        self._lacking.see(file, format_, storages, self._names)
        self.see_columns(storages)

    def see_header(self, header: Header, options: ReadOptions) -> None:
        """Note the names of the columns of cells, and how these are read."""
        self._header = header, header.number if options.has_names else options.skip
        self._first_row = header.names if options.has_names else []

    def see_first_row(
        self, file: str, line: int, row: Mapping[str, object], delimiter: str
    ) -> None:
        """Look at the first row behind the names of a file.

        It may have those that are missing, or cells with objects in which they are.
        """
        if delimiter:
            from filterlang.backends.files.watching.json_cells import begins_json, made_of_json

            held = [name for name, cell in row.items() if begins_json(cell)]
            self._objects |= {name: made_of_json(name, "objects", delimiter) for name in held}
        self._second_row = row
        cells = {str(cell).strip() for cell in row.values()}
        found = {name for name in self.missing if name in cells}
        if found:
            self._below = file, line, found

    def see_path(self, path: tuple[str, ...]) -> None:
        """Note which names lead to the records that are read next."""
        self._path = path

    def see_columns(self, storages: Storages) -> None:
        """Look at the columns of a table, and the fields of their structs."""
        from filterlang.backends.plan.storage import StructOf, leads_on

        self.has_seen = True
        self._columns |= storages
        row = StructOf(storages)
        self.drop([name for name, path in self.missing.items() if leads_on(path, row)])
        if self.missing and self.tell_at_once is not None:
            self.tell_at_once()

    def is_missed_by(self, storages: Storages) -> bool:
        """Return whether a name is missing that the columns of a table don't have either."""
        from filterlang.backends.plan.storage import StructOf, leads_on

        row = StructOf(storages)
        return not all(leads_on(path, row) for path in self.missing.values())

    def see_record(self, record: dict[str, object]) -> None:
        """Look at a record."""
        self.has_seen = True
        if not self.missing:
            return
        self.drop([name for name, path in self.missing.items() if _has(record, path)])
        if self.missing:
            self._sample(record)

    def see_block(self, block: bytes) -> None:
        """Look at a block of lines, of which some may be no records."""
        self.has_seen = True
        for name, path in list(self.missing.items()):
            if any(_has(record, path) for record in _candidates(block, path)):
                del self.missing[name]
        if self.missing and self._sampled < _SAMPLE:
            for line in block.split(b"\n", _SAMPLE)[:_SAMPLE]:
                for record in records_of(line):
                    self._sample(record)

    def has_to_see(self, text: bytes) -> bool:
        """Return whether records in a text of JSON may have a missing name, or tell other names."""
        if not self.missing:
            return False
        wants_more = self._sampled < _SAMPLE
        return wants_more or any(key_pattern(path).search(text) for path in self.missing.values())

    def drop(self, names: Iterable[str]) -> None:
        """Note that names have been found."""
        for name in list(names):
            self.missing.pop(name, None)

    def _sample(self, record: dict[str, object]) -> None:
        if self._sampled < _SAMPLE:
            self._sampled += 1
            self._only = record if self._sampled == 1 else None
            _merge(self._columns, record)

    def tell(self, where: str) -> list[str]:
        """Say of each missing name what it may have meant; no name is told twice.

        `where` says what doesn't have it: `NO_COLUMN` or `NO_RECORD`.
        """
        from filterlang.backends.files.watching.unholdable_names import naming, renaming
        from filterlang.backends.plan.known_names import KnownNames
        from filterlang.diagnostics.hints import HINTS
        from filterlang.diagnostics.messages import MESSAGES

        known = KnownNames(self._columns, None)
        told: list[str] = []
        for name in self.missing:
            case, names, parent = known.hint(name)
            hint = MESSAGES["FL501"].hint if case is None else HINTS[f"FL501/{case}"]
            assert hint is not None
            means = hint.format(names=names, parent=parent)
            other = renaming(name, self._columns, self._header)
            nameless = naming(name, self._header)
            if nameless or (other and case is None):
                means = nameless or other
            elif other:
                means = f"{means} {other}"
            elif case is None and self._first_row:
                # The playground, which has no cells, doesn't load what reads them.
                from filterlang.backends.files.cells.header_names import named_by_values

                by_values = named_by_values(self._first_row, self._second_row)
                means = f"{means}; {by_values}" if by_values else means
            column = self.missing[name][0]
            if column in self._objects:
                means = self._objects[column]
            file, line, there = self._below
            if name in there:
                means = (
                    f"it stands in line {line} of {showable(file)}; if that has the names, say "
                    f"--skip {line - 1} (in Python skip=)"
                )
            way = None if self._only is None else _list_with(self._only, self.missing[name])
            if way is not None:
                option = shlex.quote(showable(".".join([*self._path, way])))
                offer = f"the records are in {quoted(way)}, say --records {option}"
                means += " If " if means.endswith("?") else "; if "
                means += f"{offer} (in Python records=)"
            told.append(f"unknown name {quoted(name)}: {where} so; {means}")
        self._told |= set(self.missing)
        self.missing.clear()
        return told

    def tell_of_tables(self) -> list[str]:
        """Say which tables lack a name that inputs of other formats have, and have a near one."""
        return [] if self._lacking is None else self._lacking.told(self._told | set(self.missing))

    def found(self) -> list[str]:
        """Return the names that some input had."""
        return [name for name in self._names if name not in self._told | set(self.missing)]

    def spelled_otherwise(self) -> dict[str, list[str]]:
        """Return what missing names are called that are there, but for their spelling."""
        from filterlang.backends.plan.known_names import KnownNames

        known = KnownNames(self._columns, None)
        return {name: near for name in self.missing if (near := known.spelled(name))}


# --- Records --------------------------------------------------------------------------------------


def _has(record: object, path: tuple[str, ...]) -> bool:
    """Return whether a name leads to something in a record, if only to null, by rules 1 and 6."""
    rest = [(record, path)]
    while rest:
        value, names = rest.pop()
        if not names:
            return True
        if isinstance(value, list):
            rest += [(element, names) for element in value]
        elif isinstance(value, dict):
            if ".".join(names) in value:
                return True
            if names[0] in value:
                rest.append((value[names[0]], names[1:]))
    return False


_DEEPEST = 4
"""So many names may lead to a list that is offered for the records."""


def _list_with(record: dict[str, object], path: tuple[str, ...]) -> str | None:
    """Return the name of the outermost list in a record whose objects have a name."""
    rest: list[tuple[tuple[str, ...], dict[str, object]]] = [((), record)]
    for before, value in rest:
        for key, inner in value.items():
            way = (*before, key)
            elements = inner if isinstance(inner, list) else [inner]
            objects = [one for one in elements if isinstance(one, dict)]
            if inner is elements and any(_has(one, path) for one in objects):
                return ".".join(way)
            if len(way) < _DEEPEST:
                rest += [(way, one) for one in objects]
    return None


def _candidates(block: bytes, path: tuple[str, ...]) -> Iterator[dict[str, object]]:
    """Read those lines of a block that may have a name."""
    pattern = key_pattern(path)
    found = pattern.search(block)
    while found is not None:
        start = block.rfind(b"\n", 0, found.start()) + 1
        end = block.find(b"\n", found.end())
        end = len(block) if end < 0 else end
        yield from records_of(block[start:end])
        found = pattern.search(block, end)


def key_pattern(path: tuple[str, ...]) -> re.Pattern[bytes]:
    """Return the expression of what a line has that has a name: its text before a colon.

    A key may hold any number of a name's last segments, and be written with escapes.
    """
    ends = {_written(".".join(path[start:])) for start in range(len(path))}
    spelled = [rb'"(?:%s)"[ \t\r]*+:' % b"|".join(map(re.escape, sorted(ends))), rb"\\u"]
    if any("/" in segment for segment in path):
        spelled.append(rb"\\/")
    return re.compile(b"|".join(spelled))


def _written(key: str) -> bytes:
    return json.dumps(key, ensure_ascii=False)[1:-1].encode()


def _merge(columns: dict[str, Any], record: dict[str, Any]) -> None:
    """Add the keys of a record, as fields of structs, to those of others."""
    from filterlang.backends.plan.storage import Scalar, StructOf

    rest = [(columns, record)]
    while rest:
        fields, values = rest.pop()
        for key, value in values.items():
            objects = [value] if isinstance(value, dict) else []
            if isinstance(value, list):
                objects = [element for element in value if isinstance(element, dict)]
            known = fields.get(key)
            if objects and not isinstance(known, StructOf):
                known = fields[key] = StructOf({})
            elif known is None:
                fields[key] = Scalar.TEXT
            if isinstance(known, StructOf):
                inner: Any = known.fields  # made here, so that it can be added to
                rest += [(inner, one) for one in objects]
