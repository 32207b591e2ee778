"""ORC files → batches of Arrow, stripe by stripe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from filterlang.backends.files.packages import load_orc
from filterlang.backends.files.tables.concatenated import refuse_concatenated_orc
from filterlang.backends.used_names import wanted_columns

if TYPE_CHECKING:
    from collections.abc import Collection, Generator


def read_stripes(
    path: str, most: int, names: Collection[tuple[str, ...]] | None = None
) -> Generator[Any, None, None]:
    """Iterate over a file: first comes its schema, then batches of at most so many rows.

    Where names are given, the batches have the columns only that they look at.

    Raises:
        OSError, ArrowException: where the file can't be read.
        InputError: where it is several files, one behind the other.
    """
    orc = load_orc()
    with open(path, "rb") as data:  # noqa: PTH123 — pyarrow itself would keep the file open
        file = orc.ORCFile(data)
        refuse_concatenated_orc(data, file)
        yield file.schema
        wanted = None if names is None else wanted_columns(file.schema.names, names)
        for number in range(file.nstripes):
            # Without any column it would have no rows.
            stripe = file.read_stripe(number, wanted or None)
            for start in range(0, stripe.num_rows, most):
                yield stripe.slice(start, most)


def rows_in(path: str) -> int:
    """Count the rows of a file, as its end tells."""
    return int(load_orc().ORCFile(path).nrows)
