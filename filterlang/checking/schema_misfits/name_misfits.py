"""What is wrong with the names of clauses: unknown, deprecated, not filterable, of an object."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from filterlang.checking.meant_values.held_clause import alternatives, listed
from filterlang.checking.other_notations.computed_names import closed_behind, computed
from filterlang.checking.other_notations.operator_in_name import held_clauses, operator_in_name
from filterlang.checking.other_notations.other_languages import is_negated
from filterlang.diagnostics.diagnostic import Edit, Fix, Span, quoted
from filterlang.diagnostics.hints import WORDS
from filterlang.semantics.values import fold
from filterlang.syntax.operators import Operator

if TYPE_CHECKING:
    from filterlang.checking.meant_values.held_clause import HeldClause
    from filterlang.checking.other_notations.computed_names import Computed
    from filterlang.diagnostics.diagnostic import Diagnostic
    from filterlang.schema.schema import Dimension, Found

# --- Unknown names --------------------------------------------------------------------------------


def unknown(held: HeldClause) -> Diagnostic:
    """Say FL501: the schema has no such name; of similar ones it says which."""
    span = held.parts.name
    told = held.names.schema.unknown_hint(held.clause.name)
    if told is not None:
        return held.says("FL501", span, (), "told", hint=told)
    arrow = _arrow(held)
    if arrow is not None:
        return arrow
    in_name = _operator_in_name(held)
    if in_name is not None:
        return in_name
    more = computed(held.clause.name)
    if more is not None:
        return _of_computed(held, more)
    near, _ = _near(held)
    if near:
        closed = _closed(held)
        fixes = [Fix([Edit(span, name), *closed], safe=False) for name in near]
        return held.says("FL501", span, fixes, "near", names=alternatives(near))
    parent, names = held.names.inside(held.clause.name)
    case = "inside" if parent else None
    return held.says("FL501", span, (), case, names=listed(names), parent=quoted(parent))


_PART = re.compile(r"[\w.]*+")


def _arrow(held: HeldClause) -> Diagnostic | None:
    """Say FL501 of `location->city`, in which the `>` is no operator."""
    clause, parts = held.clause, held.parts
    if clause.operator is not Operator.GT or not clause.name.endswith("-"):
        return None
    owner, behind = clause.name[:-1].rstrip(" "), str(clause.expression)
    part = _PART.match(behind)
    if part is None or held.names.schema.find(f"{owner}.{part[0]}") is None:
        return None
    edit = Edit(Span(parts.name.start + len(owner), parts.expression.start), ".")
    meant = quoted(f"{owner}.{behind}")
    return held.says("FL501", parts.name, [Fix([edit], safe=False)], "arrow", clause=meant)


def _closed(held: HeldClause) -> list[Edit]:
    """Return the edit that removes what closes the brackets that the name opens."""
    start, end = held.parts.expression
    text = held.text or ""
    count = closed_behind(text[slice(*held.parts.name)], text[start:end])
    return [Edit(Span(end - count, end), "")] if 0 < count < end - start else []


def _of_computed(held: HeldClause, more: Computed) -> Diagnostic:
    """Say FL501 of a name of which something is computed: only what is left out may be a name."""
    span, find = held.parts.name, held.names.schema.find
    # Of `user["score"]` the first part may be the record.
    meant = [more.meant, more.meant.partition(".")[2] if more.case == "key" else ""]
    known = [name for name in meant if name and find(name) is not None][:1]
    if known:
        fixes = [Fix([Edit(span, known[0])], safe=False)]
        case = "case" if more.case == "case" else "near"
        return held.says("FL501", span, fixes, case, names=quoted(known[0]))
    if more.case in {"none", "joined"}:
        return held.says("FL501", span, (), "joined" if more.case == "joined" else "computed")
    return held.says("FL501", span, (), None, names=listed(held.names.inside("")[1]))


def _operator_in_name(held: HeldClause) -> Diagnostic | None:
    """Say FL501 of `score__gte==10`, whose name is a known one and an operator."""
    found = operator_in_name(held.clause.name)
    if found is None or held.clause.operator is not Operator.EQ:
        return None
    name = found.name
    if held.names.schema.find(name) is None:
        near, is_spelling = held.names.near(name)
        if not is_spelling or len(near) != 1:
            return None
        (name,) = near
    clauses = held_clauses(found._replace(name=name), str(held.clause.expression))
    said = None if clauses is None else clauses.said(held.text or "", held.placed.span)
    if said is None:
        return None
    case, values, fixes = said
    return held.says("FL501", held.parts.name, fixes, case, **values)


def surely_meant(held: HeldClause) -> Found | None:
    """Return where the name leads that only differs in spelling from an unknown one, if one does.

    Then the rest of the clause is looked at all the same.
    """
    near, is_spelling = _near(held)
    return held.names.schema.find(near[0]) if is_spelling and len(near) == 1 else None


def _near(held: HeldClause) -> tuple[list[str], bool]:
    """Return the names that may have been meant, none of which drops a negation."""
    name = held.clause.name
    near, is_spelling = held.names.near(name)
    asked = operator_in_name(name)
    if computed(name) is not None or (asked is not None and asked.is_sure):
        return [], False  # Something would be left out with what isn't the name.
    _, colon, behind = name.rstrip(": ").rpartition(":")
    if colon:
        # Of `ga:score` the last part is a name, of `title:eng` it is a value.
        near = [one for one in near if fold(behind.strip(" ")) in fold(one)]
    if _negates(name):
        near = [one for one in near if _negates(one)]
    return near, is_spelling


def _negates(name: str) -> bool:
    """Return whether a name may be a negated one, `nottype` too."""
    return is_negated(name) or name[:3].lower() in {"not", "non"}


# --- Names that can't be used, or shouldn't -------------------------------------------------------

_FEW = 8
"""How many names a list can be filtered by for all of them to be told."""


def deprecated(held: HeldClause, dimension: Dimension) -> Diagnostic | None:
    """Say FL502: another name should be used."""
    advice = dimension.deprecated
    if advice is None:
        return None
    return held.says("FL502", held.parts.name, (), None if advice else "nameless", advice=advice)


def not_filterable(held: HeldClause, dimension: Dimension) -> Diagnostic | None:
    """Say FL503: nothing can be filtered by it; where few names can be used, say which."""
    if dimension.filterable:
        return None
    advice = dimension.deprecated
    if advice:
        return held.says("FL503", held.parts.name, (), "advice", advice=advice)
    names = [name for name, one in held.names.schema.dimensions if one.filterable]
    case = "few" if 0 < len(names) <= _FEW else None
    return held.says("FL503", held.parts.name, (), case, names=alternatives(names))


_OBJECTS = {
    (False, False): "an object",
    (False, True): "a list of objects",
    (True, False): "a map",
    (True, True): "a list of maps",
}
"""What it is that `is_open`, `is_list`."""


def of_object(held: HeldClause, dimension: Dimension) -> Diagnostic | None:
    """Say FL505: an object is no value, though it may be missing."""
    if dimension.type != "object" or held.clause.expression == "":
        return None
    fields = [f"{held.clause.name}.{name}" for name, _ in dimension.fields]
    return held.says(
        "FL505",
        held.parts.name,
        (),
        None if fields else "map",
        type=WORDS[_OBJECTS[dimension.is_open, dimension.is_list]],
        names=listed(fields),
        sample=f"'{held.clause.name}.plan'",
    )
