"""Batches of Arrow data → which rows match: by polars where it can say it, else one by one.

polars is asked for the verdict alone, so that rows are passed on as they were read. It isn't asked
for what it can't say exactly, nor of a batch with dates that Python has not: to the matcher these
are values of no type that it knows.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from filterlang.backends.files.columns import values_of, wanted_columns
from filterlang.backends.files.needs import names_of
from filterlang.backends.files.packages import load_pyarrow

if TYPE_CHECKING:
    from filterlang.backends.files.columns import RecordBatch
    from filterlang.matcher import Matcher


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
            self._planned = batch.schema, self._condition(batch)
        condition = self._planned[1]
        if condition is None:
            return None
        frame = self._frame(batch)
        if frame is None or not _has_dates_of_python(frame):
            return None
        if isinstance(condition, bool):
            return [condition] * batch.num_rows
        return list(frame.select(condition).to_series().to_list())

    def _condition(self, batch: RecordBatch) -> Any:  # noqa: ANN401 — an expression of polars, a constant or None
        try:
            from filterlang.backends.frames import polars  # noqa: PLC0415 — only large files need it
            from filterlang.backends.frames.planning import plan_filters  # noqa: PLC0415 — as above
        except ModuleNotFoundError:
            return None
        frame = self._frame(batch)
        if frame is None:
            return None
        engine = polars.engine_of(frame.schema)
        planned = plan_filters(self._matcher.filters, engine, self._matcher.schema)
        return None if planned.error is not None else planned.written

    def _frame(self, batch: RecordBatch) -> Any:  # noqa: ANN401 — of polars, or None
        from polars import from_arrow  # noqa: PLC0415 — as above
        from polars.exceptions import PolarsError  # noqa: PLC0415 — as above

        wanted = batch.select(wanted_columns(batch.schema.names, self._names))
        try:
            wanted.validate(full=True)  # whether texts are UTF-8, which polars takes for granted
            return from_arrow(wanted)
        except (load_pyarrow().ArrowException, PolarsError, ValueError):
            return None


_EPOCH = date(1970, 1, 1).toordinal()
_FIRST, _LAST = date.min.toordinal() - _EPOCH, date.max.toordinal() - _EPOCH
_MILLISECONDS = 86_400_000
"""Of a day."""


def _has_dates_of_python(frame: Any) -> bool:  # noqa: ANN401 — of polars
    """Whether all dates and times are from the years 1 to 9999, as far as they are in sight."""
    from polars import Date, Datetime  # noqa: PLC0415 — as above

    for series in frame.get_columns():
        if series.dtype == Date:
            days = series.to_physical()
        elif series.dtype == Datetime:
            days = series.dt.timestamp("ms") // _MILLISECONDS
        elif series.dtype.is_nested() and "Date" in str(series.dtype):
            return False
        else:
            continue
        if not days.is_between(_FIRST, _LAST).all():
            return False
    return True
