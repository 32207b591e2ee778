"""What is meant as an operator and is none, and what is written before a clause to negate it."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from filterlang.checking.clause_text import write
from filterlang.checking.closed_tables import (
    any_of,
    misspelled_operators,
    one_of,
    sign_look_alikes,
    signs_meant,
)
from filterlang.checking.lexis import (
    BLANKS,
    OPERATOR,
    OPERATOR_START,
    WHOLE_NAME,
)
from filterlang.checking.mends import is_safe
from filterlang.checking.other_notations.filters_instead import around
from filterlang.checking.other_notations.negated_groups import opposites
from filterlang.checking.other_notations.negations import (
    case_of,
    complement_edits,
    complement_hint,
    two_filters,
)
from filterlang.checking.other_notations.other_languages import (
    as_pattern,
    function_call,
    is_negated,
    is_plain_name,
    is_plain_value,
    opposite_call,
    rsql_operator,
)
from filterlang.checking.other_notations.prefix_errors import without_prefix
from filterlang.checking.other_notations.program_clauses import of_program
from filterlang.checking.other_notations.signs_of_others import (
    Written,
    behind_key,
    nameless,
    of_program_sign,
    with_commas,
)
from filterlang.checking.other_notations.single_equals import single_equals
from filterlang.diagnostics.diagnostic import Edit, Fix, Span, quoted
from filterlang.diagnostics.places import several
from filterlang.syntax.operators import OPERATORS, Operator
from filterlang.syntax.split import trimmed

if TYPE_CHECKING:
    from collections.abc import Callable

    from filterlang.checking.clause_text import ClauseText
    from filterlang.diagnostics.diagnostic import Diagnostic

_AROUND = " " + BLANKS
"""What may stand around the parts of a clause, or is removed safely there."""


@cache
def _misspelled_operator() -> re.Pattern[str]:
    return re.compile(any_of(misspelled_operators()))


@cache
def _sign_alike() -> re.Pattern[str]:
    return re.compile(one_of(sign_look_alikes()))


@cache
def _run_of_signs() -> re.Pattern[str]:
    return re.compile(f"{one_of([*sign_look_alikes(), *'=!<>~'])}++")


# --- Where the operator stands --------------------------------------------------------------------


class Approach(NamedTuple):
    """The way to the operator of a clause: what was found on it, and where the operator starts.

    `clause` is what is left to look at, or None where nothing more can be said.
    """

    clause: ClauseText | None
    operator: int | None
    found: list[Diagnostic]


def approach(clause: ClauseText) -> Approach:
    """Look at all that stands before a clause, and for where its operator starts."""
    rest, found = without_prefix(clause)
    if rest is None:
        return Approach(None, None, found)
    start = _operator_start(rest)
    if start is not None and start == rest.start and _is_formula(rest, start):
        fix = write(start, start + 1, "")
        found.append(rest.tell("FL104", start, start + 1, fixes=[fix], case="formula"))
        rest = rest._replace(start=trimmed(rest.text, start + 1, rest.end).start)
        start = _operator_start(rest)
    if start is None or start != rest.start or not _is_negation(rest, start):
        return Approach(rest, start, found)
    rest = rest._replace(start=_end_of_negation(rest))
    operator = _operator_start(rest)
    found.append(_negation(rest, start, operator))
    return Approach(None if operator is None else rest, operator, found)


def _is_formula(clause: ClauseText, start: int) -> bool:
    """Return whether a clause follows the `=` that it starts with, as in `=score>10`."""
    follows = trimmed(clause.text, start + 1, clause.stop)
    if clause.text[start] != "=" or not is_plain_name(
        clause.text[follows.start : follows.start + 1]
    ):
        return False
    return OPERATOR.search(clause.text, follows.start, clause.stop) is not None


def _operator_start(clause: ClauseText) -> int | None:
    """Find where the operator starts, or what was meant as one."""
    text = clause.text
    known = OPERATOR_START.search(text, clause.start, clause.end)
    if known is None:
        if text.isascii():
            return None
        alike = _sign_alike().search(text, clause.start, clause.end)
        return None if alike is None else alike.start()
    start = known.start()
    # A look-alike is a legal character of a name; it is an operator only where no other is.
    if OPERATOR.match(text, start, clause.end) is None:
        while start > clause.start and text[start - 1] in sign_look_alikes():
            start -= 1
    return start


def _is_negation(clause: ClauseText, place: int) -> bool:
    return (
        clause.text[place] == "!"
        and OPERATOR.match(clause.text, place, clause.end) is None
        and _misspelled_operator().match(clause.text, place, clause.end) is None
    )


def _end_of_negation(clause: ClauseText) -> int:
    end = clause.start
    while end < clause.stop and (clause.text[end] == " " or _is_negation(clause, end)):
        end += 1
    return end


def _negation(clause: ClauseText, start: int, operator_start: int | None) -> Diagnostic:
    """Report the `!` that starts before a clause (FL106)."""
    text, end = clause.text, clause.start
    known = None
    if operator_start is not None:
        known = OPERATOR.match(text, operator_start, clause.end)
    edits, case = None, "not"
    values: dict[str, str] = {}
    if known is not None:
        operator = Operator(known[0])
        # Two of them negate nothing, and what is meant by more nobody knows.
        if text.count("!", start, end) == 1:
            whole, negation, place = Span(start, clause.stop), Span(start, end), Span(*known.span())
            edits = complement_edits(text, whole, negation, place, operator.complement)
        whole = Span(start, clause.stop)
        case, values = complement_hint(text, whole, edits, operator)
        raw = text[known.end() : clause.stop]
        both = two_filters(text[end : known.start()], operator, raw)
        filters = around(text, whole, both or ())
        group = opposites(text[end : clause.stop])
        if len(group) == 1:
            edits = [Edit(whole, group[0])]
            case, values = "complement", {"complement": quoted(group[0])}
        elif group:
            filters = around(text, whole, group)
        if filters:
            case, values = case_of(filters), {"filters": several(filters)}
        if text.count("!", start, end) > 1:
            edits = None
            case, values = complement_hint(text, whole, edits, operator)
    fixes = [] if edits is None else [Fix(edits, safe=is_safe("negation"))]
    if operator_start is None and (call := function_call(text, Span(end, clause.stop))):
        written = opposite_call(call)
        if written is not None and text.count("!", start, end) == 1:
            case, values = "complement", {"complement": quoted(written)}
            fixes = [write(start, clause.stop, written, safe=is_safe("negation"))]
    elif (program := of_program(text[start : clause.stop])) is not None:
        said = program.said(text, Span(start, clause.stop))
        case, values, fixes = said or (case, values, fixes)
    if operator_start is None and WHOLE_NAME.fullmatch(clause.written) is not None:
        # What is missing isn't true either.
        written = f"{clause.written}!=true"
        case = "name"
        values = {"clause": quoted(written), "other": quoted(f"{clause.written}==false")}
        if text.count("!", start, end) == 1 and not is_negated(clause.written):
            fixes = [write(start, clause.stop, written, safe=is_safe("negation"))]
    return clause.tell("FL106", start, start + 1, fixes=fixes, case=case, **values)


# --- What is written there ------------------------------------------------------------------------


def read_operator(clause: ClauseText, start: int) -> Written:
    """Read the operator at a place, or what was meant as one by the first that knows it."""
    known = OPERATOR.match(clause.text, start, clause.end)
    if known is not None:
        place = Span(start, known.end())
        otherwise = nameless if start == clause.start else with_commas
        return otherwise(clause, place) or Written(place, known[0])
    return next(filter(None, (read(clause, start) for read in OPERATOR_ERRORS.values())))


def _look_alike(clause: ClauseText, start: int) -> Written | None:
    run = _run_of_signs().match(clause.text, start, clause.end)
    if run is None or _sign_alike().search(run[0]) is None:
        return None
    plain = run[0].translate(signs_meant())
    misspelled = misspelled_operators().get(plain)
    meant = "==" if plain == "=" else plain if misspelled is None else misspelled.means
    known = OPERATOR.match(meant)
    meant = str(OPERATORS[known[0]]) if known else "!=" if plain.startswith("!") else "=="
    is_exact = plain in {"=", meant} and not any(
        one.is_rough and sign in run[0] for sign, one in sign_look_alikes().items()
    )
    if plain == "=":
        safe = is_safe("typographic operator") and _is_equality(clause, run.start(), run.end())
    else:
        mend = is_safe("typographic operator" if is_exact else "rough sign")
        # `~` takes wildcards; for all others they are what another language has there.
        safe = (
            mend
            and (_is_equality(clause, run.start(), run.end()) or meant in {"~", "!~"})
            and _is_plain(clause, run.start())
            and clause.has_more(run.end())
        )
    mistake = clause.tell(
        "FL118",
        run.start(),
        run.end(),
        fixes=[write(run.start(), run.end(), meant, safe=safe)],
        found=quoted(run[0]),
        meant=meant,
    )
    return Written(Span(*run.span()), meant, mistake)


def _other_spelling(clause: ClauseText, start: int) -> Written | None:
    return _rsql(clause, start) or _misspelled(clause, start)


def _rsql(clause: ClauseText, start: int) -> Written | None:
    rsql = rsql_operator(clause.text, clause.span, start)
    if rsql is None:
        return None
    case, values = rsql.hint(clause.text, clause.span)
    mistake = clause.tell(
        "FL105",
        rsql.span.start,
        rsql.span.end,
        fixes=rsql.fixes,
        case=case,
        meant=rsql.meant,
        written=rsql.written,
        **values,
    )
    return Written(rsql.span, rsql.meant, mistake, rsql.takes_list)


def _misspelled(clause: ClauseText, start: int) -> Written | None:
    misspelled = _misspelled_operator().match(clause.text, start, clause.end)
    if misspelled is None or _ADDRESS_BEHIND.match(clause.text, start + 1, clause.stop):
        return None
    written, end = misspelled[0], misspelled.end()
    meant, mend = misspelled_operators()[" ".join(written.split())]
    empty = not clause.has_more(end) and meant in {"==", "!="}
    safe = is_safe(mend) and _is_equality(clause, start, end)
    fix, case = write(start, end, meant, safe=safe), "empty" if empty else None
    if written == "=>":
        case = "arrow"
        if (function := of_program_sign(clause, "FL105", start, end)) is not None:
            return function
    if written in {"=~", "!@"}:
        fix = as_pattern(clause.text, clause.span, Span(start, end), meant) or fix
        fix, case = Fix(fix.edits, safe=safe), mend
    mistake = clause.tell(
        "FL105",
        start,
        end,
        fixes=[fix],
        case=case,
        meant=meant,
        written=quoted(written)[1:-1],
    )
    return Written(Span(start, end), meant, mistake)


_ADDRESS_BEHIND = re.compile(r"<[^<>@ ]++@[^<>@ ]++>")
"""What follows the `=` of `email=<ann@example.com>`, in which `=<` is no operator."""


def _single_equals(clause: ClauseText, start: int) -> Written | None:
    if clause.text[start] != "=":
        return None
    whole = of_program_sign(clause, "FL104", start, start + 1) or behind_key(clause, start)
    if whole is not None:
        return whole
    is_safe_here = is_safe("single equals") and _is_equality(clause, start, start + 1)
    return single_equals(clause, start, is_safe=is_safe_here)


def _lone_exclamation_mark(clause: ClauseText, start: int) -> Written:
    end = start + 1
    follows = clause.text[end : end + 1]
    if follows in {"<", ">"}:
        stop = end + 2 if clause.text[end + 1 : end + 2] == "=" else end + 1
        follows = clause.text[end:stop]
        meant = str(Operator(follows).reverse)
        fixes, case = [write(start, stop, meant)], "order"
    else:
        meant, case = "!=", None
        fixes = [] if follows in {"!", "~"} else [write(start, end, meant)]
    mistake = clause.tell(
        "FL106", start, end, fixes=fixes, case=case, meant=meant, written="!" + follows
    )
    return Written(Span(start, end), "!=", mistake)


OPERATOR_ERRORS: dict[str, Callable[[ClauseText, int], Written | None]] = {
    "FL118": _look_alike,
    "FL105": _other_spelling,
    "FL104": _single_equals,
    "FL106": _lone_exclamation_mark,
}
"""Who reads what is no operator, and says what was meant: the first that knows it does."""


def _is_plain(clause: ClauseText, operator: int) -> bool:
    """Return whether the name before an operator has nothing to do with it, nor negates it."""
    name = clause.text[clause.start : operator].strip(_AROUND)
    # A sign in the name may be the operator: `score＝le=8` asks for what is at most 8.
    return is_plain_name(name) and _sign_alike().search(name) is None


def _is_equality(clause: ClauseText, start: int, end: int) -> bool:
    """Return whether a single `=` at a place can mean nothing else in any language."""
    raw = trimmed(clause.text, end, clause.end)
    return _is_plain(clause, start) and is_plain_value(
        clause.text[raw.start : raw.end].strip(_AROUND)
    )
