"""What can't be read from its place is kept in a temporary file meanwhile."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from filterlang.backends.files.faults import InputError, reason_of

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

_CHUNK = 1 << 16


@contextmanager
def spooled(read: Callable[[int], bytes]) -> Generator[BinaryIO]:
    """Keep all that is read in a temporary file, whose path is its `name`.

    Not one of `tempfile`, which some systems don't open a second time.

    Raises:
        InputError: where there is no room for it.
    """
    from tempfile import TemporaryDirectory  # few files need it, and it takes long to load

    try:
        folder = TemporaryDirectory(prefix="filterlang-")
    except OSError as error:
        raise _no_room(error) from error
    # Without a buffer, what can't be written fails here, and not when the file is closed.
    with folder as place, Path(place, "data").open("w+b", buffering=0) as file:
        while data := read(_CHUNK):
            try:
                while data:
                    data = data[file.write(data) :]
            except OSError as error:
                raise _no_room(error) from error
        file.seek(0)
        yield cast("BinaryIO", file)


def _no_room(error: OSError) -> InputError:
    return InputError(
        f"it can't be kept in a temporary file: {reason_of(error)}; "
        "say by TMPDIR in which folder there is room"
    )
