"""What is said where a package is missing that an extra brings.

The core needs Lark alone. Whatever needs more imports it within `needed`, so that who hasn't
installed it reads which extra to ask for.
"""

from __future__ import annotations

from contextlib import contextmanager

# Type checkers take this for true; `typing` itself would cost 3 ms to import.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Self


class MissingPackageError(ModuleNotFoundError):
    """A package isn't installed; the message names it and the extra that brings it, if one does.

    Example:
        >>> print(MissingPackageError("drawing filters", "hypothesis", "testing"))
        drawing filters needs hypothesis, which is not installed; \
run: pip install 'filterlang[testing]'
    """

    def __init__(self, need: str, package: str, extra: str | None) -> None:
        wanted = package if extra is None else f"'filterlang[{extra}]'"
        message = f"{need} needs {package}, which is not installed; run: pip install {wanted}"
        super().__init__(message, name=package)
        self._parts = (need, package, extra)

    def __reduce__(self) -> tuple[type[Self], tuple[str, str, str | None]]:
        return type(self), self._parts


@contextmanager
def needed(need: str, extra: str | None, *packages: str) -> Generator[None, None, None]:
    """Say of the packages imported in a `with` statement which extra brings them.

    What isn't installed raises `MissingPackageError`; where one stands in another, it tells of what
    was asked for, the outer one. A package that is there, and lacks one of its
    own, is broken, which is another matter.

    Args:
        need: what can't be done without them, as the beginning of a sentence.
        extra: brings them; None where none does, and the package itself is asked for.
        packages: the names of their modules.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in packages:
            raise
        raise MissingPackageError(need, package, extra) from None
