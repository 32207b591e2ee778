"""What stands behind a number or a date in one expression: another clause, a range, or no more.

What is too much may be left out only where nothing is lost with it. Every regular expression takes
time linear in the expression.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from filterlang.checking.closed_tables import first_words
from filterlang.checking.lexis import ALONE, ANY_OPERATOR, NAME
from filterlang.checking.meant_values.date_mistakes import following_day, until
from filterlang.checking.meant_values.respelling import is_readable
from filterlang.checking.other_notations.other_languages import is_plain_value
from filterlang.checking.other_notations.word_operators import meant_by_words
from filterlang.diagnostics.diagnostic import Edit, Fix, Span, quoted
from filterlang.semantics.values import read_instant
from filterlang.syntax.operators import Operator

if TYPE_CHECKING:
    from filterlang.checking.meant_values.held_clause import HeldClause


class Behind(NamedTuple):
    """Where what is too much stands, which hint says what of it, and what is offered."""

    place: Span
    case: str | None
    values: dict[str, object]
    fixes: list[Fix]


def behind(held: HeldClause, type_: str) -> Behind | None:
    """Return what is said of what stands behind a value of a type; None where none is first."""
    expression, operator, place = held.compared, held.clause.operator, held.parts.expression
    if expression is None or (type_ == "boolean" and operator.orders):
        return None
    # Where something is escaped, the places in what is written are others.
    is_as_written = place.end - place.start == len(expression)
    if is_as_written and type_ != "boolean" and (clauses := _range(held, type_, expression)):
        fix = Fix([Edit(held.placed.span, clauses)], safe=False)
        return Behind(place, "range", {"clauses": quoted(clauses)}, [fix])
    first, _, rest = expression.partition(" ")
    rest = rest.lstrip(" ")
    # The day of `19 November` is no number of milliseconds.
    is_day = type_ == "datetime" and first.isdecimal()
    if not rest or is_day or not is_readable(operator, first, type_):
        return None
    too_much = Span(place.end - len(rest), place.end)
    if is_as_written and (clause := _clause(held, rest)) is not None:
        mended = Fix([Edit(held.placed.span, clause)], safe=False)
        return Behind(too_much, "clause", {"clauses": quoted(clause)}, [mended])
    end = _OPEN_END.fullmatch(rest)
    if end is not None and operator in {Operator.EQ, Operator.GE, Operator.LE}:
        meant = Operator.GE if end["more"] else Operator.LE
        # `at most 10 or more` is anybody's guess.
        if operator in {Operator.EQ, meant} and not (type_ == "datetime" and following_day(first)):
            written = f"{held.clause.name}{meant}{first}"
            mended = Fix([Edit(held.placed.span, written)], safe=False)
            return Behind(too_much, "or more", {"clauses": quoted(written)}, [mended])
    if rest[0].isdigit() and not is_readable(operator, rest, type_):
        return None
    if _holds_more(held, rest):
        return Behind(too_much, None, {}, [])
    removed = Fix([Edit(Span(place.start + len(first), place.end), "")], safe=False)
    return Behind(too_much, "near", {"values": quoted(first)}, [removed])


_OPEN_END = re.compile(
    "(?:or|and) (?:(?P<more>more|higher|greater|above|over|up|later|newer|after)"
    "|less|lower|fewer|below|under|earlier|older|before)",
    re.IGNORECASE,
)


# --- One more clause ------------------------------------------------------------------------------

_LINK = re.compile("(?:(?:and|with|where|but|also|plus)(?= )|&&?)? *+", re.IGNORECASE)
_SECOND = re.compile(
    rf"(?P<name>{NAME}) *+(?P<operator>{ANY_OPERATOR}|={ALONE}) *+"
    r"(?P<value>[^;=<>~!()&|,\\ ][^;=<>~!()&|,\\]*+)"
)


def _clause(held: HeldClause, rest: str) -> str | None:
    """Write the clause and the one behind its value; None where it isn't surely one."""
    link = _LINK.match(rest)
    rest = rest if link is None else rest[link.end() :]
    second = _SECOND.fullmatch(rest)
    if second is not None:
        value, operator = second["value"], second["operator"]
        if not is_plain_value(value.strip("*?")):
            return None
        if operator == "=":
            operator = "~" if "*" in value else "=="
        written = f"{second['name']}{operator}{value}"
    else:
        name = rest.partition(" ")[0]
        meant = meant_by_words(rest, Span(0, len(rest)))
        if meant is None or held.names.schema.find(name) is None:
            return None
        written = meant
    first = str(held.compared).partition(" ")[0]
    return f"{held.clause.name}{held.clause.operator}{first};{written}"


def _holds_more(held: HeldClause, rest: str) -> bool:
    """Return whether something would be lost with what stands behind a value."""
    if _SIGN.search(rest) is not None or _TERM.search(rest) is not None:
        return True
    each = [one.strip("().,:") for one in rest.split(" ")]
    return any(
        one[:1].isdigit() or one.lower() in first_words() or held.names.schema.find(one) is not None
        for one in each
        if one
    )


_SIGN = re.compile("[=<>~!]")
_TERM = re.compile(r"(?<!\w)[^\W\d]\w*+ *+: *+[^ /]")


# --- A range --------------------------------------------------------------------------------------

_VALUE = r"-?[0-9][0-9.]*+(?:-[0-9]{2}-[0-9]{2}(?:T[0-9:.]++Z?)?)?"
_RANGE = re.compile(
    rf"(?P<low>{_VALUE})"
    r"(?: *+(?P<operator>[<>]=?) *+| *+(?:[-\u2013\u2014]|\u2026|\.{2,3}|/(?=[0-9]{4}-)) *+"
    r"| ++(?:to|until|till|bis) ++)"
    rf"(?P<high>{_VALUE})",
    re.IGNORECASE,
)
_DOTS = re.compile(r"(?P<low>-?[0-9]++)\.{2,3}(?P<high>-?[0-9]++)")


def _range(held: HeldClause, type_: str, expression: str) -> str | None:
    """Write the two clauses of a range; None where it isn't surely one."""
    found = _RANGE.fullmatch(expression) or _DOTS.fullmatch(expression)
    if found is None:
        return None
    name, operator = held.clause.name, held.clause.operator
    low, high = _value(found["low"], type_), _value(found["high"], type_)
    if low is None or high is None:
        return None
    second = found.groupdict().get("operator")
    if second is not None:
        # Of `score > 10 < 20` both ends are written.
        is_range = operator.orders and second[0] != operator[0]
        is_wide = low < high if operator[0] == ">" else high < low
        if not (is_range and is_wide):
            return None
        return f"{name}{operator}{found['low']};{name}{second}{found['high']}"
    if operator not in {Operator.EQ, Operator.GT, Operator.GE} or not low < high:
        return None
    first = Operator.GT if operator is Operator.GT else Operator.GE
    return f"{name}{first}{found['low']};{name}{until(found['high'])}"


def _value(written: str, type_: str) -> Any:
    """Return the value of a type that is written; None for what is none, and a bare number."""
    if type_ == "datetime" and written.lstrip("-").isdigit() and len(written) < len("100000000"):
        return None
    if not is_readable(Operator.EQ, written, type_):
        return None
    return read_instant(written) if type_ == "datetime" else Decimal(written)
