"""How several filters are written, and schemas chosen, where somebody does so: in a form, say.

For OR two filters are written, and hints show them. A program passes two texts; a query string has
a second `filter=`, a form a second line, and a command line a second argument. A schema is an
option of the command line, and a choice in a form.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from enum import Enum
from typing import TYPE_CHECKING, assert_never

from filterlang.diagnostics.diagnostic import quoted
from filterlang.diagnostics.hints import WORDS

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

_MOST = 12
"""So many filters are written into a hint."""


class Place(Enum):
    """Where filters are written; the value is the key of the words about it."""

    TEXTS = "several/texts"
    QUERY = "several/query"
    LINES = "several/lines"
    OPTIONS = "several/options"
    ARGUMENTS = "several/arguments"


_SET: ContextVar[Place] = ContextVar("place", default=Place.TEXTS)


@contextmanager
def written_in(place: Place) -> Generator[None]:
    """Let hints tell how several filters are written in a place, within a `with` block.

    Example:
        >>> import filterlang as fl
        >>> with written_in(Place.QUERY):
        ...     print(fl.check("score>9 or score<1").diagnostics[0].hint)
        for OR, write two filters: filter=score%3E9&filter=score%3C1
    """
    token = _SET.set(place)
    try:
        yield
    finally:
        _SET.reset(token)


def several(filters: Sequence[str]) -> str:
    """Write filters as they stand together in the place that hints are for.

    Example:
        >>> several(["a==1", "b==2"])
        "'a==1' and 'b==2'"
    """
    shown = [one.strip(" ") for one in filters[:_MOST]]
    more = "" if len(filters) <= _MOST else WORDS["more"].format(count=len(filters))
    match place := _SET.get():
        case Place.QUERY:
            # Only a hint about several filters needs this, and it takes time to import.
            from urllib.parse import quote

            written = "&".join(f"filter={quote(one, safe='', errors='replace')}" for one in shown)
            return written + more
        case Place.OPTIONS | Place.ARGUMENTS:
            from shlex import quote as in_shell

            between = " -e " if place is Place.OPTIONS else " "
            return between.join(map(in_shell, shown)) + (more and f" {more}")
        case Place.TEXTS | Place.LINES:
            if more:
                written = ", ".join([*map(quoted, shown), more])
            else:
                first, last = [*map(quoted, shown[:-1])], [*map(quoted, shown[-1:])]
                written = f" {WORDS['and']} ".join(filter(None, [", ".join(first), *last]))
            return written + (of_several() if place is Place.LINES else "")
        case _:
            assert_never(place)


def of_several() -> str:
    """Return the words that follow on 'write two filters' where they aren't known.

    Example:
        >>> with written_in(Place.LINES):
        ...     print(of_several())
        , each on a line of its own
    """
    return WORDS[_SET.get().value]


def by_schema(names: Sequence[str]) -> str:
    """Return what to do to have records read by one of the schemas that have these names.

    Example:
        >>> by_schema(["users", "accounts"])
        'say --schema users or --schema accounts'
        >>> with written_in(Place.LINES):
        ...     print(by_schema(["users", "accounts"]))
        choose the schema 'users' or 'accounts'
    """
    between = f" {WORDS['or']} "
    match place := _SET.get():
        case Place.LINES:
            return WORDS["schema/lines"].format(names=between.join(map(quoted, names)))
        case Place.TEXTS | Place.QUERY | Place.OPTIONS | Place.ARGUMENTS:
            return WORDS["schema"].format(names=between.join(f"--schema {name}" for name in names))
        case _:
            assert_never(place)


def by_own_schema(content: str) -> str:
    """Return what to do to have records read by a schema of one's own, of which the JSON is given.

    Example:
        >>> with written_in(Place.LINES):
        ...     print(by_own_schema('{"score": "number"}'))
        write a schema of your own: {"score": "number"}
    """
    is_form = _SET.get() is Place.LINES
    return WORDS["own schema/lines" if is_form else "own schema"].format(content=content)
