"""What is looked for while files are read, to be said at the end by who isn't the command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filterlang.backends.files.watching.mistyped import Mistyped
from filterlang.backends.files.watching.sought import NO_RECORD, Sought

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from filterlang.backends.files.reader import Reader
    from filterlang.matching.matcher import Matcher


class Remarks:
    """What should be known of filters: names that nothing has, values of other types.

    Args:
        matcher: whose filters are looked at.
        selected: names beside theirs that are asked for.
        text: whether all cells are texts, so that no other type was expected.

    Attributes:
        sought, mistyped: what a reader shows the records to.
    """

    sought: Sought
    mistyped: Mistyped

    def __init__(self, matcher: Matcher, selected: Iterable[str] = (), *, text: bool) -> None:
        self._filters = matcher.filters
        self.sought = Sought(matcher.filters, matcher.schema)
        self.sought.add(selected)
        self.mistyped = Mistyped(matcher.filters, matcher.schema, text=text, in_python=True)

    def of(self, reader: Reader) -> Iterator[str]:
        """Say what is to be said once a reader has read all."""
        if reader.read or reader.header is not None:
            yield from self.sought.tell(NO_RECORD)
        yield from self.mistyped.tell()
        yield from reader.types.told(self._filters, all_text="text=True")
