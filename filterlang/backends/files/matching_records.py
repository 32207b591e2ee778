"""What reading files gives: an iterator that says at its end what the filters never found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

    from filterlang.backends.files.selected import Selected


class Records(Iterator[Mapping[str, object]]):
    r"""The records in files that match, one after the other, as `read` gives them.

    Attributes:
        remarks: what somebody should know of the filters, once all records have been taken: names
            that no record has, values of another type than a clause asks for. Empty before, since
            a name that is missing so far may still come; and where nothing is odd.

    Example:
        >>> import tempfile, pathlib
        >>> from filterlang.backends import files
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = pathlib.Path(folder, "users.jsonl")
        ...     _ = path.write_text('{"id": 1, "score": 9}\n')
        ...     records = files.read(path, "scroe!=9")
        ...     print(len(list(records)))
        ...     print(*records.remarks)
        1
        unknown name 'scroe': nothing in the records read is called so; did you mean 'score'?
    """

    def __init__(self, selected: Iterable[Selected], tell: Callable[[], Iterable[str]]) -> None:
        self._remarks: list[str] = []
        # It doesn't know the iterator, so that files are let go where that is.
        self._records = _all(selected, tell, self._remarks)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What somebody should know of the filters; empty before the end."""
        return tuple(self._remarks)

    def __next__(self) -> Mapping[str, object]:
        return next(self._records)

    def close(self) -> None:
        """Read nothing more, and let the files go."""
        self._records.close()


def _all(
    selected: Iterable[Selected], tell: Callable[[], Iterable[str]], remarks: list[str]
) -> Generator[Mapping[str, object], None, None]:
    for part in selected:
        yield from part.values()
    remarks += tell()
