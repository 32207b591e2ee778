"""What is given for several records, where going through it gives something else."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Number

from filterlang.diagnostics.diagnostic import class_name
from filterlang.semantics.foreign import foreign_kind

_FRAMES = {"DataFrame", "LazyFrame", "Table", "RecordBatch", "DuckDBPyRelation"}
_ENGINES = {"pandas", "polars", "pyarrow", "dask", "duckdb", "_duckdb", "pyspark", "narwhals"}


def expect_records(records: object) -> None:
    """Refuse what gives no records when it is iterated over, but keys, characters or lines.

    Whether each that comes is a record is another matter: in what isn't one every name is missing.

    Raises:
        TypeError: naming what takes it instead.

    Example:
        >>> expect_records('{"a": 1}')
        Traceback (most recent call last):
        TypeError: expected records, found a str; a text of JSON is read by json.loads, files by \
filterlang.backends.files.read
    """
    remedy = _remedy(records)
    if remedy is not None:
        message = f"expected records, found a {class_name(records)}; {remedy}"
        raise TypeError(message)


def _remedy(records: object) -> str | None:
    """Return what to do with what gives no records; None for what may give some."""
    type_ = type(records)
    if isinstance(records, str | bytes | bytearray | memoryview):
        return "a text of JSON is read by json.loads, files by filterlang.backends.files.read"
    if _is_frame(type_):
        return "frames are asked by filterlang.backends.frames.where(frame, filters)"
    if isinstance(records, Mapping):
        return "pass one record as [record], and the records that it holds as .values()"
    if hasattr(type_, "readline"):
        return "files are read by filterlang.backends.files.read"
    if type_.__module__ == "_csv":
        return "its rows are lists without names; csv.DictReader gives records"
    if callable(records) and not hasattr(type_, "__iter__"):
        return "pass what it returns"
    return "pass one record as [record]" if _is_one_record(type_, records) else None


def _is_frame(type_: type) -> bool:
    return any(
        base.__name__ in _FRAMES and base.__module__.partition(".")[0] in _ENGINES
        for base in type_.__mro__
    )


def _is_one_record(type_: type, records: object) -> bool:
    """Return whether something is an object with names of its own, and no list of others."""
    walk = getattr(type_, "__iter__", None)
    if walk is None:
        # Of what can't be gone through Python says it, if it is no object either.
        is_bare = records is None or isinstance(records, Number)
        return not (is_bare or hasattr(type_, "__getitem__"))
    if isinstance(records, tuple):
        return hasattr(type_, "_fields")
    if getattr(walk, "__module__", "").partition(".")[0] == "pydantic":
        return True  # It gives pairs of names and values.
    is_row = hasattr(type_, "keys") and hasattr(type_, "__getitem__")
    return is_row and foreign_kind(records) is None
