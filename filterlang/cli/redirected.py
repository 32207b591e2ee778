"""What the shell makes of a filter without quotes: `score>=80` writes into a file called `=80`."""

from __future__ import annotations

import os
import re
import shlex
import stat
import sys
from typing import TYPE_CHECKING

from filterlang.diagnostics.diagnostic import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

_NAME = re.compile(r"[^\W\d][\w.]*+")
_REST = re.compile("[=0-9-].*")
"""What is behind the `>` of an order."""


def told_of_redirection(texts: Sequence[str]) -> str | None:
    """Say that the rest of a filter is the name of the file that is written; None if it isn't.

    Who types it sees nothing else: what is wrong with the filter stands in that file.
    """
    names = [text for text in texts if _NAME.fullmatch(text)]
    file = _written_file() if names else None
    if file is None:
        return None
    meant = shlex.quote(f"{names[0]}>{file}")
    return (
        f"what is printed goes into the file {quoted(file)}: the shell took the '>' of the filter "
        f"for itself; put the filter between quotes: {meant}"
    )


def _written_file() -> str | None:
    """Return the name of the file here that standard output is, if it is like a bound."""
    try:
        status = os.fstat(sys.stdout.fileno())
        if not stat.S_ISREG(status.st_mode):
            return None
        with os.scandir() as entries:
            for entry in entries:
                if _REST.fullmatch(entry.name) and os.path.samestat(entry.stat(), status):
                    return entry.name
    except (OSError, ValueError):
        pass
    return None
