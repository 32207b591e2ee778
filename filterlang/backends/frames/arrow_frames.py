"""What holds rows of Arrow → the rows that match: tables, batches, streams of these, and datasets.

Rows are kept as they are, whatever types the other columns have. What pyarrow raises when it is
asked (of texts that are no UTF-8, say) leaves the rows to the matcher.
"""

from __future__ import annotations

from functools import partial
from importlib import import_module
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from filterlang.backends.arrow_values import record_values
from filterlang.backends.frames import arrow_compute
from filterlang.backends.frames.condition_roots import find_roots, name_of
from filterlang.backends.plan.conditions import Constant
from filterlang.backends.plan.exactness import InexactError
from filterlang.backends.plan.storage import Scalar, Unknown
from filterlang.backends.used_names import names_of, wanted_columns
from filterlang.diagnostics.diagnostic import Span, quoted
from filterlang.diagnostics.errors import UnsupportedError, diagnose
from filterlang.syntax.nodes import unparse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from filterlang.backends.plan.conditions import Condition, Value
    from filterlang.backends.plan.planner import Engine
    from filterlang.matching.matcher import Matcher

    # Rows are a Table or a RecordBatch.
    Array = Any
    Dataset = Any
    Reader = Any
    Rows = Any
    Schema = Any
    Expression = Any

# pyarrow has no types.
pa: Any = import_module("pyarrow")
acero: Any = import_module("pyarrow.acero")
dataset: Any = import_module("pyarrow.dataset")


class ArrowTarget(NamedTuple):
    """What holds rows, and how it is asked.

    Attributes:
        engine: what a plan has to know.
        schema: that of the rows.
        is_lazy: whether the rows are not at hand, to be checked again.
        select: returns the rows that match, of what was written (or what holds of all rows), and
            of what makes the matcher, and whether it has to check the rows again.
    """

    engine: Engine
    schema: Schema
    is_lazy: bool
    select: Callable[[Any, Callable[[], Matcher], bool], Any]


def target_of(frame: Any) -> ArrowTarget | None:
    """Return how something of pyarrow is asked; None for what holds no rows."""
    if isinstance(frame, dataset.Dataset):
        return _dataset(frame)
    if isinstance(frame, pa.RecordBatchReader):
        select = partial(_select_stream, frame)
    elif isinstance(frame, pa.Table | pa.RecordBatch):
        select = partial(_select, frame)
    else:
        return None
    engine = arrow_compute.engine_of(frame.schema)
    return ArrowTarget(engine, frame.schema, is_lazy=False, select=select)


# --- Rows in memory -------------------------------------------------------------------------------


def _select(rows: Rows, written: Any, make: Callable[[], Matcher], is_left: bool) -> Rows:
    if written is False:
        return rows.slice(0, 0)
    found = rows
    if written is not True:
        try:
            _validate_texts(rows, written.condition)
            holds = asked(rows, written.expression)
        except pa.ArrowException:
            is_left = True
        else:
            found = _kept(rows, holds, make)
    return _kept(found, _judged(found, make()), make) if is_left else found


def _validate_texts(rows: Rows, condition: Condition) -> None:
    """Raise what pyarrow raises for texts that are no UTF-8, where a condition asks for texts.

    Some of its functions take the bytes for a text.
    """
    roots: dict[Value, bool] = {}
    find_roots(condition, roots)
    for root, of_text in roots.items():
        if of_text:
            rows.column(rows.schema.names.index(name_of(root))).validate(full=True)


def asked(rows: Rows, expression: Expression) -> Array:
    """Return what an expression says of each row, in their order."""
    table = pa.Table.from_batches([rows]) if isinstance(rows, pa.RecordBatch) else rows
    steps = [
        acero.Declaration("table_source", acero.TableSourceNodeOptions(table)),
        acero.Declaration("project", acero.ProjectNodeOptions([expression], ["holds"])),
    ]
    # Threads would give batches in whatever order they are done.
    found = acero.Declaration.from_sequence(steps).to_table(use_threads=False)
    return found["holds"].combine_chunks()


def _judged(rows: Rows, matcher: Matcher) -> Array:
    names: list[str] = rows.schema.names
    wanted = wanted_columns(names, names_of(matcher))
    columns = [record_values(rows.column(names.index(name))) for name in wanted]
    matches = matcher.matches
    records = (dict(zip(wanted, row, strict=True)) for row in zip(*columns, strict=True))
    return pa.array([matches(record) for record in records], pa.bool_())


def _kept(rows: Rows, holds: Array, make: Callable[[], Matcher]) -> Rows:
    """Return the rows for which something holds."""
    try:
        return rows.filter(holds)
    except pa.ArrowNotImplementedError:
        pass
    # There are types of which it filters no columns, but joins slices of most of them.
    runs = runs_of(holds.to_pylist())
    columns = [_kept_of_column(rows, place, holds, runs, make) for place in range(rows.num_columns)]
    return type(rows).from_arrays(columns, schema=rows.schema)


def runs_of(holds: Iterable[bool]) -> list[tuple[int, int]]:
    """Return the runs of rows for which something holds: where each begins, and how long it is.

    Example:
        >>> runs_of([True, True, False, True])
        [(0, 2), (3, 1)]
    """
    runs, row = [], 0
    for is_kept, run in groupby(holds):
        length = sum(1 for _ in run)
        if is_kept:
            runs.append((row, length))
        row += length
    return runs


def _kept_of_column(
    rows: Rows, place: int, holds: Array, runs: list[tuple[int, int]], make: Callable[[], Matcher]
) -> Array:
    column = rows.column(place)
    try:
        return column.filter(holds)
    except pa.ArrowNotImplementedError:
        pass
    found = joined(column, runs)
    if isinstance(rows, pa.RecordBatch) and isinstance(found, pa.ChunkedArray):
        raise _unsupported(make(), _unfiltered(rows.schema.field(place)))
    return found


def joined(column: Array, runs: list[tuple[int, int]]) -> Array:
    """Return some runs of a column behind each other, in chunks where pyarrow can't join them."""
    slices = [column.slice(*run) for run in runs] or [column.slice(0, 0)]
    chunks = [chunk for one in slices for chunk in getattr(one, "chunks", [one])]
    try:
        return pa.concat_arrays(chunks) if chunks else pa.chunked_array([], column.type)
    except pa.ArrowNotImplementedError:
        return pa.chunked_array(chunks, column.type)


def _unfiltered(field: Any) -> str:
    return (
        f"pyarrow selects no rows of the column {quoted(field.name)}, of type {field.type}; cast it"
        " to another type"
    )


def _unsupported(matcher: Matcher, reason: str) -> UnsupportedError:
    texts = unparse(matcher.filters)
    wrong = [
        diagnose(
            "FL221",
            Span(0, len(text)),
            source_index=index,
            engine=arrow_compute.NAME,
            clauses=quoted(text),
            reason=reason,
        )
        for index, text in enumerate(texts)
    ]
    return UnsupportedError(wrong, texts)


# --- Rows that are read when they are asked for ---------------------------------------------------


def _select_stream(
    reader: Reader, written: Any, make: Callable[[], Matcher], is_left: bool
) -> Reader:
    def batches() -> Iterator[Any]:
        for batch in reader:
            yield _select(batch, written, make, is_left)

    return pa.RecordBatchReader.from_batches(reader.schema, batches())


def _dataset(frame: Dataset) -> ArrowTarget:
    engine = arrow_compute.engine_of(frame.schema, of_files=True)
    if _is_of_parquet(frame):
        for name, storage in engine.storages.items():
            if storage is Scalar.UUID:
                engine = engine._replace(storages={**engine.storages, name: _UUIDS_OF_PARQUET})
    unfiltered = next((field for field in frame.schema if not is_filtered(field.type)), None)
    if unfiltered is not None:
        # Selecting rows would fail.
        engine = engine._replace(write=_refusal(unfiltered, engine.write))
    return ArrowTarget(engine, frame.schema, is_lazy=True, select=partial(_select_dataset, frame))


_UUIDS_OF_PARQUET = Unknown(
    "uuid", "pyarrow fails at the statistics of UUIDs in Parquet files; read them into a Table"
)


def _is_of_parquet(frame: Dataset) -> bool:
    if isinstance(frame, dataset.UnionDataset):
        return any(map(_is_of_parquet, frame.children))
    return type(getattr(frame, "format", None)).__name__ == "ParquetFileFormat"


def _refusal(field: Any, write: Callable[[Condition], Any]) -> Callable[[Condition], Any]:
    """Return what writes nothing but what needs no column, for rows that can't be selected."""

    def refuse(condition: Condition) -> Any:
        if isinstance(condition, Constant):
            return write(condition)
        raise InexactError(_unfiltered(field))

    return refuse


def is_filtered(type_: Any) -> bool:
    """Return whether pyarrow filters columns of a type."""
    try:
        pa.nulls(1, type_).filter(pa.array([True]))
        pa.nulls(1, type_).take(pa.array([0]))
    except pa.ArrowNotImplementedError:
        return False
    return True


def _select_dataset(
    frame: Dataset, written: Any, _make: Callable[[], Matcher], _is_left: bool
) -> Dataset:
    if written is True:
        return frame
    nothing = arrow_compute.write(Constant(False))
    return frame.filter(nothing if written is False else written.expression)
