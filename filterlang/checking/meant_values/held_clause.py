"""A clause held against where its name leads in a schema, and how what is wrong with it is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from filterlang.diagnostics.diagnostic import quoted, showable
from filterlang.diagnostics.errors import diagnose
from filterlang.diagnostics.hints import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from filterlang.checking.meant_values.similar_names import Names
    from filterlang.diagnostics.diagnostic import Diagnostic, Fix, Span
    from filterlang.schema.schema import Dimension, Found
    from filterlang.syntax.nodes import Clause
    from filterlang.syntax.split import Parts, Placed


class HeldClause(NamedTuple):
    """A clause and where it stands, and where its name leads to.

    `text` is all of the filter; None where only whether the clause fits is asked.
    """

    placed: Placed
    found: Found | None
    names: Names
    source_index: int
    text: str | None = None

    @property
    def clause(self) -> Clause:
        """The clause itself."""
        return self.placed.clause

    @property
    def parts(self) -> Parts:
        """Where its parts stand."""
        return self.placed.parts

    @property
    def compared(self) -> str | None:
        """The expression that values are compared with; None for a pattern, and without one."""
        clause = self.placed.clause
        asks_text = clause.operator.asks_text
        return None if asks_text or clause.expression == "" else str(clause.expression)

    @property
    def asked_of_texts(self) -> str | None:
        """What the texts of all values are asked for, as a pattern; None for a comparison."""
        clause = self.placed.clause
        return str(clause.expression) if clause.operator.asks_text else None

    def says(
        self,
        code: str,
        span: Span,
        fixes: Iterable[Fix] = (),
        case: str | None = None,
        **values: object,
    ) -> Diagnostic:
        """Build a diagnostic; `name` is the name as it is written, unless it is given."""
        return diagnose(
            code,
            span,
            fixes=fixes,
            source_index=self.source_index,
            case=case,
            **{"name": quoted(self.clause.name), **values},
        )


DESCRIBED = {
    "integer": "an integer",
    "number": "a number",
    "boolean": "a boolean",
    "datetime": "a datetime",
}
"""The types whose values not every text is, as a person calls one of them."""
_MOST_LISTED = 12
"""How many names or values a hint lists."""


def element(held: HeldClause, dimension: Dimension) -> str:
    """Return what is of the dimension's type: the name, or an element of it."""
    name = quoted(held.clause.name)
    return WORDS["an element"].format(name=name) if dimension.is_list else name


def alternatives(words: Sequence[str]) -> str:
    """Write words as alternatives: `'a', 'b' or 'c'`."""
    shown = [quoted(word) for word in words]
    return f" {WORDS['or']} ".join(filter(None, [", ".join(shown[:-1]), *shown[-1:]]))


def listed(words: Sequence[str]) -> str:
    """Write words as a list, and how many they are where they are too many."""
    shown = ", ".join(showable(word, 60) for word in words[:_MOST_LISTED])
    more = WORDS["more"].format(count=len(words))
    return f"{shown}, {more}" if len(words) > _MOST_LISTED else shown
