"""What matches, gathered before it is written: counted by a value, or put in order."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import groupby
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from filterlang.backends.files.cells.cell_types import Cells, Columns
from filterlang.backends.files.json_records.lines import read_record
from filterlang.backends.files.packages import load_pyarrow
from filterlang.backends.files.selected import Batch, Lines, Names, Rows
from filterlang.backends.files.tables import columns
from filterlang.backends.files.typed_texts.texts import ValueFormatError
from filterlang.diagnostics.diagnostic import showable
from filterlang.schema.binding import bind
from filterlang.semantics.instants import Instant, instant_of
from filterlang.semantics.paths import values_at
from filterlang.semantics.reading import Reading, read_as
from filterlang.semantics.values import fold, is_missing, plain, text_of
from filterlang.syntax.escaping import normal_name
from filterlang.syntax.nodes import Clause

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from filterlang.backends.files.selected import Selected
    from filterlang.backends.files.watching.order_of_values import OrderOfValues
    from filterlang.schema.schema import Schema

_TOGETHER = 1 << 14
"""So many records may wait beside those that are kept."""

# --- Counted --------------------------------------------------------------------------------------


class Tally:
    """Counts records by the values that a name leads to.

    Values count as one where their texts are the same, so 1 and "1" do, and "a" and "A" don't. Of a
    list each of its values counts, once for a record.

    Args:
        name: dotted, looked for as in filters.
        limit: how many of the most frequent values are wanted; None for all.
        for_cells: whether the counts are written as cells, which are empty for what is missing, so
            that the empty text needs a word.

    Attributes:
        unsaid: how many records have something there that has no text, an object for example.
        for_cells: as given.
        look: who is shown the records; nobody.
    """

    unsaid: int
    for_cells: bool
    look: None = None

    def __init__(self, name: str, limit: int | None = None, *, for_cells: bool = False) -> None:
        self.for_cells = for_cells
        self._name = name
        self._path = _path(name)
        self._limit = limit
        self._counts: dict[str | None, int] = {}
        self.unsaid = 0

    def write(self, selected: Selected) -> None:
        """Count what was selected."""
        counts = self._counts
        for record in _looked_at(selected, self._path):
            values = values_at(self._path, record)
            texts = {_text(value): None for value in values} if values else {None: None}
            if values and None in texts:
                del texts[None]
                self.unsaid += 1
            for text in texts:
                counts[text] = counts.get(text, 0) + 1

    def _ordered(self) -> list[tuple[str | None, int]]:
        # It is stable: what came first stays before what is as frequent.
        return sorted(self._counts.items(), key=lambda item: -item[1])[: self._limit]

    def parts(self) -> Iterator[Rows]:
        """Return the counts as records, the most frequent value first; None stands for missing."""
        name, number = self._columns
        rows: list[dict[str, object]] = [
            {name: _EMPTY if self.for_cells and text == "" else text, number: count}
            for text, count in self._ordered()
        ]
        if rows:
            yield Rows(rows)

    @property
    def header(self) -> Names:
        """The columns of the counts, without any."""
        name, count = self._columns
        return Names([name, count], {name: "text", count: "integer"})

    @property
    def _columns(self) -> tuple[str, str]:
        return self._name, "records" if self._name == "count" else "count"

    def ambiguous(self) -> list[str]:
        """Return the words for what has no text that are texts of values, too."""
        words = {_EMPTY: ""} if self.for_cells else {_MISSING: None, _EMPTY: ""}
        return [word for word, text in words.items() if {word, text} <= self._counts.keys()]

    def lines(self) -> list[str]:
        """Return the counts for people to read."""
        ordered = self._ordered()
        width = max((len(str(count)) for _, count in ordered), default=0)
        return [f"{count:>{width}}  {_shown(text)}" for text, count in ordered]


def _shown(text: str | None) -> str:
    if text is None:
        return _MISSING
    return showable(text) if text else _EMPTY


_MISSING, _EMPTY = "(missing)", "(empty)"


def _text(value: object) -> str | None:
    # Patterns see no text of a time beyond the calendar, but it is one value among others.
    return str(value) if isinstance(value, Instant) else text_of(value)


def _path(name: str) -> tuple[str, ...]:
    return tuple(normal_name(name).split("."))


def _looked_at(selected: Selected, path: tuple[str, ...]) -> Iterable[Mapping[str, object]]:
    """Return records with no more than a name looks at, where that costs less."""
    if isinstance(selected, Batch):
        return columns.values_of(selected.batch, [path])
    return selected.values()


# --- In order -------------------------------------------------------------------------------------


class Ranking:
    """Puts records in the order of the values that a name leads to.

    Numbers come first, then dates, `false` and `true`, and texts, which are compared without case
    as in filters; then what has no order, such as objects, then records without a value (null and
    NaN are none). Descending, those two stay at the end. A list counts as its smallest value,
    descending as its largest. Records with equal values stay in the order in which they were read.

    Args:
        name: dotted, looked for as in filters.
        descending: whether the largest value comes first.
        limit: how many records are wanted, so that no more need to be kept; None for all.
        schema: says how values are read; what can't be read so has no order.
        look: is shown the records.

    Attributes:
        look: as given.
    """

    look: OrderOfValues | None

    def __init__(
        self,
        name: str,
        limit: int | None = None,
        *,
        descending: bool = False,
        schema: Schema | None = None,
        look: OrderOfValues | None = None,
    ) -> None:
        bound = bind(Clause(name, "==", ""), schema)
        self._path, self._reading = bound.path, bound.reading
        self.look = look
        self._descending = descending
        self._limit = limit
        self._kept: list[tuple[Any, Any]] = []

    def write(self, selected: Selected) -> None:
        """Keep what was selected, or of it what may be wanted."""
        if isinstance(selected, Lines):
            # Each line by itself, so that it is passed on as it is.
            for line in selected.lines:
                read = read_record(line)
                self._see(read or {})
                self._kept.append((self._key(read), line))
        elif isinstance(selected, Batch):
            values = columns.values_of(selected.batch, [self._path])
            names = dict.fromkeys(selected.batch.schema.names)
            for row, record in enumerate(values):
                self._see(record, names)
                self._kept.append((self._key(record), (selected.batch, row)))
        elif isinstance(selected, Cells):
            # Cells by themselves, so that they are passed on as they are.
            for cells, typed in zip(selected.rows, selected.values(), strict=True):
                # Of other cells it is told which aren't of their type.
                if self._is_looked_at:
                    self._see(selected.columns.texts(cells))
                self._kept.append((self._key(typed), Cells([cells], selected.columns)))
        else:
            for value in selected.values():
                self._see(value)
                self._kept.append((self._key(value), value))
        if self._limit is not None and len(self._kept) >= self._limit + _TOGETHER:
            self._cut()

    @property
    def _is_looked_at(self) -> bool:
        return self.look is not None and not self.look.is_done

    def _see(
        self, record: Mapping[str, object], names: Mapping[str, object] = MappingProxyType({})
    ) -> None:
        if self.look is not None and not self.look.is_done:
            self.look.see_records(({**names, **record} if names else record,))

    def _key(self, record: object) -> tuple[int, Any]:
        values = values_at(self._path, record)
        if self._reading is not Reading.AS_IS:
            values = [read_as(self._reading, plain(value)) for value in values]
            values = [value for value in values if not is_missing(value)]
        if not values:
            return (-2 if self._descending else 5), 0
        choose = max if self._descending else min
        return choose(self._key_of(value) for value in values)

    def _key_of(self, value: Any) -> tuple[int, Any]:
        match value:
            case bool():
                return 2, value
            case int() | float() | Decimal():
                return 0, value
            case date() | Instant():
                return 1, instant_of(value)
            case _:
                text = text_of(value)
                if text is None:
                    return (-1 if self._descending else 4), 0
                return 3, fold(text)

    def _cut(self) -> None:
        self._kept.sort(key=lambda item: item[0], reverse=self._descending)
        if self._limit is None:
            return
        del self._kept[self._limit :]
        # A row keeps all of its batch in memory; what is left gets batches of its own.
        rows: dict[int, list[int]] = {}
        for place, (_, item) in enumerate(self._kept):
            if _is_row(item):
                rows.setdefault(id(item[0]), []).append(place)
        for places in rows.values():
            batch = self._kept[places[0]][1][0]
            small = _taken(batch, [self._kept[place][1][1] for place in places])
            for row, place in enumerate(places):
                self._kept[place] = (self._kept[place][0], (small, row))

    def parts(self) -> Iterator[Selected]:
        """Iterate over the records in their order, some at a time."""
        self._cut()
        for start in range(0, len(self._kept), _TOGETHER):
            items = [item for _, item in self._kept[start : start + _TOGETHER]]
            for kind, group in groupby(items, key=_kind):
                if kind is bytes:
                    yield Lines(list(group))
                elif kind is dict:
                    yield Rows(list(group))
                elif isinstance(kind, Columns):
                    yield Cells([row for cells in group for row in cells.rows], kind)
                else:
                    yield Batch(_joined(list(group)))


def _is_row(item: object) -> bool:
    """Whether what is kept is a row of a batch."""
    return isinstance(item, tuple) and not isinstance(item, Cells)


def _kind(item: Any) -> object:
    """Return what can be passed on together: lines, records, cells, or rows of one schema."""
    if isinstance(item, Cells):
        return item.columns
    return item[0].schema if _is_row(item) else type(item)


def _joined(rows: list[tuple[Any, int]]) -> Any:
    """Make a batch of rows of several."""
    wanted: dict[int, list[int]] = {}
    batches: list[Any] = []
    for place, (batch, _) in enumerate(rows):
        if id(batch) not in wanted:
            wanted[id(batch)] = []
            batches.append(batch)
        wanted[id(batch)].append(place)
    parts = [_taken(one, [rows[place][1] for place in wanted[id(one)]]) for one in batches]
    # Where in the parts one after the other each of the rows stands.
    places = [place for one in batches for place in wanted[id(one)]]
    order = sorted(range(len(places)), key=places.__getitem__)
    return _taken(_whole(parts), order)


def _taken(batch: Any, rows: list[int]) -> Any:
    return _whole(columns.taken(batch, rows))


def _whole(parts: list[Any]) -> Any:
    """Join batches to one.

    Raises:
        ValueFormatError: for columns of types that pyarrow doesn't join.
    """
    pyarrow = load_pyarrow()
    try:
        return parts[0] if len(parts) == 1 else pyarrow.concat_batches(parts)
    except pyarrow.ArrowNotImplementedError as error:
        message = f"rows can't be put in order: {error}; leave --sort out"
        raise ValueFormatError(message) from error
