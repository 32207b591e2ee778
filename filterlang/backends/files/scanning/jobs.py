"""How many processes look at an input."""

from __future__ import annotations

import os
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING

from filterlang.backends.files.opening.compressions import compression_of_content
from filterlang.backends.files.opening.inputs import RANGE

if TYPE_CHECKING:
    from filterlang.backends.files.opening.compressions import Compression

_LARGE = 1 << 26
"""Bytes of a file for which starting processes pays."""
_LARGE_PACKED = 1 << 22
"""The same for a packed file, which holds several times as much."""
_HEAD = 1 << 12
_ALONE = 1 << 24
"""Bytes of an unpacked input for which starting processes doesn't pay."""
_MOST_JOBS = 8
_MOST_ASKED = 256
"""More processes than any machine has cores for aren't started, whatever somebody asks for."""


def bytes_alone(path: str, jobs: int | None, *, is_packed: bool) -> float:
    """Return how many bytes of an input that can't be read in ranges one process looks at alone."""
    if jobs == 1:
        return inf
    if is_packed and (_looked_at(path)[1] or 0) >= _LARGE_PACKED:
        # A list may have to be looked at for some time before it is dealt as it is.
        return RANGE
    return _ALONE if jobs is None else RANGE


def jobs_beside(jobs: int | None) -> int:
    """Return how many processes look at what one reads, after that."""
    return _most_jobs() if jobs is None else min(jobs, _MOST_ASKED)


def jobs_for(path: str, jobs: int | None) -> int:
    """Return how many processes look at an input; only plain files can be looked at in ranges."""
    if jobs == 1:
        return 1
    kind, size = _looked_at(path)
    if size is None or kind is not None:
        return 1
    if jobs is None:
        if size < _LARGE:
            return 1
        jobs = _most_jobs()
    return min(jobs, size // RANGE + 1, _MOST_ASKED)


def jobs_for_packed(path: str, jobs: int | None) -> int:
    """Return how many processes look at packed lines that one unpacks for them; one if none do."""
    if jobs == 1 or (_looked_at(path)[1] or 0) < _LARGE_PACKED:
        return 1
    from filterlang.backends.files.scanning import workers  # as in `_most_jobs`

    if not workers.can_fork():
        return 1
    return jobs_beside(jobs)


def _looked_at(path: str) -> tuple[Compression | None, int | None]:
    """Return how a file is packed, and its size; None where that can't be told."""
    try:
        with Path(path).open("rb") as file:
            if not file.seekable():
                return None, None
            return compression_of_content(file.read(_HEAD)), file.seek(0, 2)
    except OSError:
        return None, None


def threads_for(jobs: int | None) -> int:
    """Return how many threads judge an input, where that is left to a library written in C."""
    return min(_cores(), _MOST_JOBS) if jobs is None else min(jobs, _MOST_ASKED)


def _most_jobs() -> int:
    """Return how many processes are started where nobody says a number."""
    cores = _cores()
    if cores == 1:
        return 1
    # It loads what processes need, which takes as long as matching a small file.
    from filterlang.backends.files.scanning import workers

    # Where processes can't be forked they run the program's own file anew, which it has to be
    # written for. So they are only started there if they are asked for.
    return min(cores, _MOST_JOBS) if workers.can_fork() else 1


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1  # pragma: no cover — only on macOS and Windows
