"""What can't be written: where it stands among what is read, and what would help."""

from __future__ import annotations

from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from filterlang.backends.files.reader import Reader
from filterlang.backends.files.sources import sources_of
from filterlang.backends.files.texts import UnplacedError, ValueFormatError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from filterlang.backends.files.read_options import ReadOptions

_MOST = 1_000_000
"""So many records are read again to find the one that can't be written."""


def place_of_unwritable(
    error: Exception,
    reading: str | None,
    paths: Iterable[str],
    options: ReadOptions,
    matches: Callable[[Mapping[str, object]], bool],
) -> str | None:
    """Say where the value or name stands that can't be written; None if that isn't what failed.

    Args:
        error: what was raised by who writes.
        reading: the input that is read.
        paths: all inputs.
        options: how they are read.
        matches: whether a record is wanted.
    """
    cause = error if isinstance(error, ValueFormatError) else error.__cause__
    if not isinstance(cause, ValueFormatError):
        return None
    if isinstance(cause, UnplacedError) and cause.name is not None:
        return cause.place(_place_of(cause.name, paths, options, matches) or reading)
    return cause.place(reading)


def _place_of(
    name: str,
    paths: Iterable[str],
    options: ReadOptions,
    matches: Callable[[Mapping[str, object]], bool],
) -> str | None:
    """Return where the first wanted record with a name stands; None if that can't be told.

    Only records without it were written before.
    """
    paths = list(paths)
    # What comes through a pipe can't be read again.
    if not all(Path(source.path).is_file() for source in sources_of(paths, options.format)):
        return None
    reader = Reader(lambda _: None, options=options, remark=lambda _: None)
    with closing(reader.records(paths)) as records:
        for record in islice(records, _MOST):
            if name in record.value and matches(record.value):
                return f"{record.name}:{record.number}"
    return None
