"""Batches of Arrow data → which rows match: by polars where it can say it, else one by one.

polars is asked for the verdict alone, so that rows are passed on as they were read. It isn't asked
for what it can't say exactly; nor of columns of other types than those of which it is known to hold
what the matcher sees; nor of a batch with dates that Python has not, as it panics at some of them.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from filterlang.backends.files.packages import load_pyarrow
from filterlang.backends.files.panics import EngineError, failures
from filterlang.backends.files.tables.columns import values_of
from filterlang.backends.used_names import names_of, wanted_columns

if TYPE_CHECKING:
    from collections.abc import Callable

    from filterlang.backends.files.tables.columns import RecordBatch
    from filterlang.matching.matcher import Matcher


_SMALL = 1 << 16
"""So many rows take the matcher less time than it takes to load polars."""


class Judge:
    """Gives verdicts on the rows of batches.

    Args:
        matcher: judges the rows that polars isn't asked for.
        small: how many rows are judged before polars is loaded.
    """

    def __init__(self, matcher: Matcher, *, small: int = _SMALL) -> None:
        self._matcher = matcher
        self._rest = small
        self._names = names_of(matcher)
        self._planned: tuple[Any, Any] | None = None
        """The schema of the batches before, and the condition for polars, or None."""

    def expect(self, rows: int) -> None:
        """Note how many rows are to come; if they are many, polars is asked from the first one."""
        if rows > self._rest:
            self._rest = 0

    def verdicts(self, batch: RecordBatch) -> list[bool]:
        """Say of each row whether it matches."""
        self._rest -= batch.num_rows
        found = self._by_polars(batch) if self._rest < 0 else None
        if found is None:
            matches = self._matcher.matches
            found = [matches(value) for value in values_of(batch, self._names)]
        return found

    def _by_polars(self, batch: RecordBatch) -> list[bool] | None:
        """Ask polars; None where it isn't installed, or is not to be asked."""
        if self._planned is None or self._planned[0] != batch.schema:
            self._planned = batch.schema, None
            if all(_is_trusted(field.type) for field in self._part(batch).schema):
                self._planned = batch.schema, self._asked(self._condition, batch)
        condition = self._planned[1]
        if condition is None:
            return None
        found: list[bool] | None = self._asked(lambda one: self._answer(one, condition), batch)
        return found

    def _asked(self, ask: Callable[[RecordBatch], Any], batch: RecordBatch) -> Any:
        """Ask polars; after what it raises, panics too, it isn't asked again about such batches."""
        try:
            with failures():
                return ask(batch)
        except EngineError:
            self._planned = batch.schema, None
            return None

    def _answer(self, batch: RecordBatch, condition: Any) -> list[bool] | None:
        part = self._part(batch)
        part.validate(full=True)  # whether texts are UTF-8, which polars takes for granted
        if not _has_dates_of_python(part):
            return None
        if isinstance(condition, bool):
            return [condition] * batch.num_rows
        return list(_frame(part).select(condition).to_series().to_list())

    def _condition(self, batch: RecordBatch) -> Any:
        try:
            from filterlang.backends.frames import polars
            from filterlang.backends.plan.planner import plan_filters
        except ModuleNotFoundError:
            return None
        frame = _frame(self._part(batch).slice(0, 0))
        engine = polars.engine_of(frame.schema)
        planned = plan_filters(self._matcher.filters, engine, self._matcher.schema, strict=False)
        return None if planned.error is not None else planned.written

    def _part(self, batch: RecordBatch) -> RecordBatch:
        return batch.select(wanted_columns(batch.schema.names, self._names))


def _frame(part: RecordBatch) -> Any:
    from polars import from_arrow

    return from_arrow(part)


_PLAIN = {
    *("bool", "null", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
    *("float", "double", "string", "large_string", "string_view", "binary", "large_binary"),
}
"""What pyarrow calls the types without parameters that polars holds as they are."""


def _is_trusted(type_: Any, *, is_inner: bool = False) -> bool:
    """Return whether polars is known to hold what the matcher sees of values of a type.

    What isn't named here isn't trusted: of a map polars keeps another entry of a key that comes
    twice, UUIDs are bytes to it, dates in milliseconds times, lists of short decimals are other
    numbers, and some types make it panic.
    """
    types = load_pyarrow().types
    if str(type_) in _PLAIN:
        return True
    if types.is_decimal(type_):
        return bool(type_.bit_width == _DECIMAL_BITS and 0 <= type_.scale <= type_.precision)
    if types.is_dictionary(type_):
        return str(type_.value_type) in {"string", "large_string"}
    if types.is_struct(type_):
        return type_.num_fields > 0 and all(_is_trusted(one.type, is_inner=True) for one in type_)
    if types.is_list(type_) or types.is_large_list(type_):
        return _is_trusted(type_.value_type, is_inner=True)
    # Dates inside of others aren't looked at one by one.
    return not is_inner and (types.is_date32(type_) or types.is_timestamp(type_))


_DECIMAL_BITS = 128
_FIRST, _END = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_DAY, _LAST_DAY = (_FIRST - _EPOCH).days, (_END - _EPOCH).days
_PER_DAY = {"s": 86_400, "ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}


def _has_dates_of_python(part: RecordBatch) -> bool:
    """Return whether all dates and times are from the years 1 to 9999.

    pyarrow is asked, since polars has no seconds, and what doesn't fit its milliseconds wraps.
    """
    pyarrow = load_pyarrow()
    types = pyarrow.types
    for column in part.columns:
        if types.is_date32(column.type):
            numbers, per_day = column.cast(pyarrow.int32()), 1
        elif types.is_timestamp(column.type):
            numbers, per_day = column.cast(pyarrow.int64()), _PER_DAY[column.type.unit]
        else:
            continue
        least, most = pyarrow.compute.min_max(numbers).as_py().values()
        if least is None:
            continue
        if not _FIRST_DAY * per_day <= least <= most < (_LAST_DAY + 1) * per_day:
            return False
    return True
