"""ORC files → batches of Arrow, stripe by stripe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from filterlang.backends.files.packages import load_orc

if TYPE_CHECKING:
    from collections.abc import Generator


def read_stripes(path: str, most: int) -> Generator[Any, None, None]:
    """Iterate over a file: first comes its schema, then batches of at most so many rows.

    Raises:
        OSError, ArrowException: where the file can't be read.
    """
    orc = load_orc()
    with open(path, "rb") as data:  # noqa: PTH123 — pyarrow itself would keep the file open
        file = orc.ORCFile(data)
        yield file.schema
        for number in range(file.nstripes):
            stripe = file.read_stripe(number)
            for start in range(0, stripe.num_rows, most):
                yield stripe.slice(start, most)


def rows_in(path: str) -> int:
    """Count the rows of a file, as its end tells."""
    return int(load_orc().ORCFile(path).nrows)
