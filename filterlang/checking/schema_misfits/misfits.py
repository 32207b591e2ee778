"""Who says what of a clause that doesn't fit a schema: the table of the codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filterlang.checking.schema_misfits.date_misfits import other_unit, whole_day
from filterlang.checking.schema_misfits.name_misfits import (
    deprecated,
    not_filterable,
    of_object,
    surely_meant,
    unknown,
)
from filterlang.checking.schema_misfits.operator_misfits import (
    not_allowed,
    order_of_booleans,
    order_of_lists,
    pattern_of_no_text,
)
from filterlang.checking.schema_misfits.unreadable_values import unreadable
from filterlang.checking.schema_misfits.value_misfits import (
    not_in_enum,
    pattern_of_no_value,
    point_of_thousands,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from filterlang.checking.meant_values.held_clause import HeldClause
    from filterlang.diagnostics.diagnostic import Diagnostic
    from filterlang.schema.schema import Dimension

MISFITS: Mapping[str, Callable[[HeldClause, Dimension], Diagnostic | None]] = {
    "FL503": not_filterable,
    "FL502": deprecated,
    "FL504": not_allowed,
    "FL505": of_object,
    "FL508": pattern_of_no_text,
    "FL511": pattern_of_no_value,
    "FL506": order_of_booleans,
    "FL507": order_of_lists,
    "FL510": not_in_enum,
    "FL509": unreadable,
    "FL512": other_unit,
    "FL516": whole_day,
    "FL518": point_of_thousands,
}
"""Who says each code of a clause whose name leads to a dimension, in the order of being said.

Of FL501, a name that leads nowhere, `unknown` knows; FL513 and FL514, clauses that don't go
together, are in `contradictions`, and FL515 and FL517, filters beside others, in `examine`.
"""
_SAYS_ALL = {"FL503", "FL504", "FL505", "FL506", "FL509"}
"""After these nothing else is said: what is beside it follows from it, or can't be known."""


def misfits(held: HeldClause) -> tuple[HeldClause, list[Diagnostic]]:
    """Find what of a clause doesn't fit, in order; return also the clause with the name meant.

    That is another one only where its name is unknown, and differs only in spelling from a known
    one.
    """
    said: list[Diagnostic] = []
    if held.found is None:
        said.append(unknown(held))
        held = held._replace(found=surely_meant(held))
    dimension = None if held.found is None else held.found.dimension
    if dimension is not None:
        for code, says in MISFITS.items():
            one = says(held, dimension)
            if one is not None:
                said.append(one)
                if code in _SAYS_ALL:
                    break
    return held, said
