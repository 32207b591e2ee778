"""What stands after `~` and `!~`: a pattern, whose text is canonical."""

from __future__ import annotations

from filterlang._immutable import Immutable
from filterlang.diagnostics.diagnostic import class_name
from filterlang.syntax.escaping import Wildcard, join_pattern, split_pattern

TYPE_CHECKING = False  # See `__init__.py`.
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

_set = object.__setattr__


class PatternFields:
    """Where a pattern keeps its text; as `NewPattern` it can still be set.

    The parser has checked what it found, so it sets the fields of a `NewPattern` and then makes it
    a `Pattern`, in a third of the time that the checking constructor takes. Clauses and filters
    have the same two classes.
    """

    __slots__ = ("text",)
    text: str
    """The canonical text, escapes included."""


class NewPattern(PatternFields):
    """A pattern that the parser is building."""

    __slots__ = ()


class Pattern(Immutable, PatternFields):
    r"""What stands after `~` and `!~`: text with the wildcards `*` (any run) and `?` (exactly one).

    `Pattern(text)` takes what may stand there in a filter, escapes included, and stores it as
    canonical text; `Pattern.from_parts` takes literal texts and `Wildcard`s instead.

    Raises:
        ValueError: for an empty pattern, a bare `,` or `;`, an unknown escape, and the characters
            that no filter can hold.

    Example:
        >>> Pattern("t2700**").text
        't2700*'
        >>> Pattern.from_parts(["50% off, ", Wildcard.RUN])
        Pattern('50% off\\, *')
    """

    __slots__ = ()
    __match_args__ = ("text",)

    def __init__(self, text: str) -> None:
        if not isinstance(text, str):
            message = f"a pattern's text is a str, not {class_name(text)}"
            raise ValueError(message)
        _set(self, "text", self._canonical(split_pattern(text)))

    @classmethod
    def from_parts(cls, parts: Iterable[str | Wildcard]) -> Self:
        r"""Build a pattern of literal texts, which need no escapes, and wildcards.

        Example:
            >>> Pattern.from_parts(["50*", Wildcard.RUN]).text
            '50\\**'
        """
        pattern = cls.__new__(cls)
        _set(pattern, "text", cls._canonical(parts))
        return pattern

    @staticmethod
    def _canonical(parts: Iterable[str | Wildcard]) -> str:
        text = join_pattern(parts)
        if not text:
            message = "a pattern can't be empty; to test for an empty value, use == or !="
            raise ValueError(message)
        return text

    @property
    def parts(self) -> tuple[str | Wildcard, ...]:
        """The literal texts, unescaped, and the wildcards between them.

        Example:
            >>> Pattern("Clev*").parts
            ('Clev', Wildcard.RUN)
        """
        return split_pattern(self.text)

    def __str__(self) -> str:
        return self.text
