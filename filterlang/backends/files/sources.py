"""What a person names → files, each with its format: globs and folders are expanded."""

from __future__ import annotations

import glob
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from filterlang.backends.files.faults import InputError
from filterlang.backends.files.formats import FORMAT_NAMED, FORMAT_OF
from filterlang.backends.files.inputs import STDIN, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from filterlang.backends.files.formats import Kind

COMPRESSIONS = {".gz": "gzip", ".zst": "zstd"}


class Source(NamedTuple):
    """An input: its `path`, the `name` by which messages call it, and its `format`."""

    path: str
    name: str
    format: str

    @property
    def kind(self) -> Kind:
        """How records stand in it."""
        return FORMAT_NAMED[self.format].kind


def format_of(path: str) -> tuple[str | None, str | None]:
    """Return the format and the compression that the end of a name tells, None for neither."""
    suffixes = [suffix.lower() for suffix in Path(path).suffixes]
    compression = COMPRESSIONS.get(suffixes[-1]) if suffixes else None
    if compression is not None:
        del suffixes[-1]
    found = FORMAT_OF.get(suffixes[-1]) if suffixes else None
    return (None if found is None else found.name), compression


def find_sources(path: str, format_: str | None = None) -> Iterator[Source]:
    """Return the files that a path, a glob or a folder stands for, in the order of their names.

    Raises:
        InputError: for a glob or a folder without any file.
    """
    if path == STDIN:
        yield Source(path, shown(path), format_ or "jsonl")
        return
    place = Path(path)
    if place.is_dir():
        found: Iterable[str] = _in_folder(place)
        if not found:
            known = " ".join(FORMAT_OF)
            message = f"is a directory, and no file in it has a name that ends in one of {known}"
            raise InputError(message)
    elif not glob.has_magic(path) or place.exists():
        found = [path]
    else:
        # `Path.glob` takes no absolute patterns.
        found = sorted(name for name in glob.iglob(path, recursive=True) if Path(name).is_file())  # noqa: PTH207 — see above
        if not found:
            message = "no file has a name like this"
            raise InputError(message)
    for name in found:
        yield Source(name, name, format_ or format_of(name)[0] or "jsonl")


def _in_folder(folder: Path) -> list[str]:
    """List the files of known formats, in folders below it too, but for hidden ones."""
    return [
        str(path)
        for path in sorted(folder.rglob("*"))
        if format_of(path.name)[0] is not None
        and not any(part.startswith((".", "_")) for part in path.relative_to(folder).parts)
        and path.is_file()
    ]
