"""What can't be written: where it stands among what is read, and what would help."""

from __future__ import annotations

from contextlib import closing
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING

from filterlang.backends.files.depths import deeply
from filterlang.backends.files.opening.inputs import is_file
from filterlang.backends.files.opening.sources import sources_of
from filterlang.backends.files.reader import Reader
from filterlang.backends.files.typed_texts.texts import (
    MisfitError,
    UnplacedError,
    ValueFormatError,
    selector,
)

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
    if isinstance(cause, UnplacedError):
        name = str(cause.name)
        place = _place_of(lambda record: name in record, paths, options, matches)
        return cause.place(place or reading)
    if isinstance(cause, MisfitError):
        name, value = str(cause.name), cause.value
        part = selector({name: name})

        def holds_it(record: Mapping[str, object]) -> bool:
            return deeply(_are_same, part(record)[name], value)

        return cause.place(_place_of(holds_it, paths, options, matches))
    return cause.place(reading)


def _are_same(found: object, value: object) -> bool:
    """Whether a value is the one that can't be written; cells were doubles then."""
    if isinstance(found, Decimal) and isinstance(value, float):
        found = float(found)
    return isinstance(found, bool) is isinstance(value, bool) and found == value


def _place_of(
    is_it: Callable[[Mapping[str, object]], bool],
    paths: Iterable[str],
    options: ReadOptions,
    matches: Callable[[Mapping[str, object]], bool],
) -> str | None:
    """Return where the first wanted record stands that can't be written; None for the unknown.

    Only records that can were written before.
    """
    paths = list(paths)
    # What comes through a pipe can't be read again.
    if not all(is_file(source.path) for source in sources_of(paths, options.format)):
        return None
    reader = Reader(lambda _: None, options=options, remark=lambda _: None)
    with closing(reader.records(paths)) as records:
        for record in islice(records, _MOST):
            if is_it(record.value) and matches(record.value):
                return f"{record.name}:{record.number}"
    return None
