"""The files in which an output stands until it is whole, beside its place."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Parts:
    """Files called `.NAME.….part`: one that is written to, and those before it, which are closed.

    Nobody can know their names before, and several that write to one place don't meet.

    Args:
        place: where the output is to be.
        mode: the most that a new file allows, of which the system takes what the umask says.

    Attributes:
        file: the one that is written to.
    """

    file: BinaryIO

    def __init__(self, place: Path, mode: int) -> None:
        self._place = place
        self._mode = mode
        self._paths: list[Path] = []

    @property
    def path(self) -> Path:
        """The path of the one that is written to."""
        return self._paths[-1]

    def begin(self) -> BinaryIO:
        """Open the next file, behind which the one before is closed.

        Raises:
            OSError: where one of both can't be done.
        """
        if self._paths:
            self.file.close()
        # Of a long name only the beginning, or the whole might be longer than the system allows.
        name = f".{self._place.name[:_SHOWN]}.{os.urandom(8).hex()}.part"
        path = self._place.parent / name
        # Before it is there: an interrupt may come at once.
        self._paths.append(path)
        try:
            self.file = self._opened(path)
        except BaseException:
            self.remove()
            raise
        return self.file

    def _opened(self, path: Path) -> BinaryIO:
        # Not by `tempfile`, whose files are private for good: only the system itself knows the
        # mode of a new file without asking for the umask, which all threads share.
        return open(path, "xb", opener=lambda path, flags: os.open(path, flags, self._mode))

    def taken(self) -> Iterator[Path]:
        """Iterate over those before the last one; each is removed when it has been looked at."""
        while len(self._paths) > 1:
            yield self._paths[0]
            self._paths[0].unlink()
            del self._paths[0]

    def remove(self) -> None:
        """Remove all of them."""
        for path in self._paths:
            with suppress(OSError):
                path.unlink()


_SHOWN = 50
"""So many characters have at most 200 bytes, of the 255 that names may have."""
