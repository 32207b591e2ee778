"""What a person names → files, each with its format: globs and folders are expanded."""

from __future__ import annotations

import glob
from itertools import filterfalse
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from filterlang.backends.files.faults import InputError
from filterlang.backends.files.formats import FORMAT_NAMED, FORMAT_OF, format_of_name
from filterlang.backends.files.opening.compressions import without_ending
from filterlang.backends.files.opening.hive import NO_KEYS, Keys, find_keys
from filterlang.backends.files.opening.inputs import STDIN, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from io import BufferedReader

    from filterlang.backends.files.formats import Kind


class Source(NamedTuple):
    """An input: its `path`, the `name` by which messages call it, and its `format`.

    `keys` are the columns that the names of its folders say. What is known of it once it was looked
    at: the name that it had before it was packed (`within`), whether it was (`is_packed`), the
    reader of what can be opened only once (`begun`), and whether nothing stands at its beginning
    (`is_empty`), or nothing but blanks (`is_blank`).
    """

    path: str
    name: str
    format: str
    keys: Keys = NO_KEYS
    within: str = ""
    begun: BufferedReader | None = None
    is_packed: bool = False
    is_empty: bool = False
    is_blank: bool = False

    @property
    def input(self) -> str | BufferedReader:
        """What is to be opened, or what was opened."""
        return self.path if self.begun is None else self.begun

    @property
    def kind(self) -> Kind:
        """How records stand in it."""
        return FORMAT_NAMED[self.format].kind


def find_sources(
    path: str,
    format_: str | None = None,
    left_out: Callable[[str, list[str]], object] = lambda _, __: None,
) -> Iterator[Source]:
    """Return the files that a path, a glob or a folder stands for, in the order of their names.

    `left_out` is called with a folder and the files in it whose names tell no format, if others do.

    Raises:
        InputError: for a glob or a folder without any file, and for no name.
    """
    if not path:  # It is what an unset variable of a shell leaves, and as a path the folder here.
        message = "expected the name of a file, found an empty one; the folder here is called ."
        raise InputError(message)
    if path == STDIN:
        yield Source(path, shown(path), format_ or "jsonl")
        return
    place = Path(path)
    if place.is_dir():
        files = _files_in(place)
        found = list(filter(_format_of, files))
        if not found:
            known = " ".join(FORMAT_OF)
            message = f"is a directory, and no file in it has a name that ends in one of {known}"
            raise InputError(message)
        if len(found) < len(files):
            left_out(path, list(filterfalse(_format_of, files)))
    elif not glob.has_magic(path) or place.exists():
        found = [path]
    else:
        found = _like(path)
        if not found:
            message = "no file has a name like this"
            raise InputError(message)
    for name in found:
        yield Source(name, name, format_ or _format_of(name) or "jsonl")


def _format_of(name: str) -> str | None:
    found = format_of_name(without_ending(name))
    return None if found is None else found.name


def sources_of(
    paths: Iterable[str],
    format_: str | None,
    complain: Callable[[str, InputError], object] = lambda _, __: None,
    left_out: Callable[[str, list[str]], object] = lambda _, __: None,
) -> Iterator[Source]:
    """Return the files of all paths of a run, with the columns that the names of folders say.

    `complain` is called, in its turn, with a path that stands for no file, and why; `left_out` as
    by `find_sources`.
    """
    found: list[list[Source] | InputError] = []
    paths = list(paths)
    for path in paths:
        try:
            found.append(list(find_sources(path, format_, left_out)))
        except InputError as error:
            found.append(error)
    # What the type of a column is, all of its values say.
    keys_of = find_keys(
        source.path for sources in found if isinstance(sources, list) for source in sources
    )
    for path, sources in zip(paths, found, strict=True):
        if isinstance(sources, InputError):
            complain(path, sources)
        else:
            yield from (source._replace(keys=keys_of(source.path)) for source in sources)


_NAMED_SO = f"./{STDIN}"
"""A file that is called as standard input is."""


def _like(pattern: str) -> list[str]:
    """List what a shell would make of a glob; what folders it names stand for is among it."""
    found: dict[str, None] = {}
    # `Path.glob` takes no absolute patterns.
    for name in sorted(glob.iglob(pattern, recursive=True)):  # noqa: PTH207 — see above
        path = Path(name)
        if path.is_dir():
            found |= dict.fromkeys(filter(_format_of, _files_in(path)))
        elif path.is_file():
            found[_NAMED_SO if name == STDIN else name] = None
    return list(found)


def _files_in(folder: Path) -> list[str]:
    """List the files, in folders below it too, but for hidden ones."""
    return [
        str(path)
        for path in sorted(folder.rglob("*"))
        if not any(map(_is_hidden, path.relative_to(folder).parts)) and path.is_file()
    ]


def _is_hidden(part: str) -> bool:
    # The name of a column may begin with `_`.
    return part.startswith(".") or (part.startswith("_") and "=" not in part)
