"""Errors of libraries that are written in Rust: their panics are no `Exception`."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator


class EngineError(Exception):
    """A library failed, in whatever way; its own error is the cause."""


@contextmanager
def failures() -> Generator[None]:
    """Raise `EngineError` for all that is raised within, but for what ends the program.

    Example:
        >>> try:
        ...     with failures():
        ...         _ = [][0]
        ... except EngineError as error:
        ...     print(repr(error.__cause__))
        IndexError('list index out of range')
    """
    try:
        yield
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        raise EngineError from error
