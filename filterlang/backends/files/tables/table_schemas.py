"""The columns of tables that are going to be read, as far as files tell them before."""

from __future__ import annotations

from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filterlang.backends.files.faults import InputError
from filterlang.backends.files.formats import format_of_content
from filterlang.backends.files.opening.sources import sources_of
from filterlang.backends.files.tables.columns import read_batches

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

_HEAD = 16


def schemas_ahead(
    paths: Iterable[str], format_: str | None
) -> Callable[[], Generator[Any, None, None]]:
    """Return what reads the schemas of inputs when it is called."""
    return partial(_schemas_of, list(paths), format_)


def _schemas_of(paths: Iterable[str], format_: str | None) -> Generator[Any, None, None]:
    """Iterate over the schemas of those inputs that are tables, where there are several inputs.

    What can't be read is told when it is read.
    """
    sources = list(sources_of(paths, format_))
    if len(sources) <= 1:
        return
    for source in sources:
        path = Path(source.path)
        if not path.is_file():
            continue
        with suppress(OSError, InputError, StopIteration):
            with path.open("rb") as file:
                known = format_of_content(file.read(_HEAD))
            if known is None or known.kind != "table":
                continue
            with closing(read_batches(source.path, known.name)) as batches:
                schema = next(batches).schema
            # The names of folders say what is in these columns.
            for name in source.keys.values:
                for place in reversed(schema.get_all_field_indices(name)):
                    schema = schema.remove(place)
            yield schema
