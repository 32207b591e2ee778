"""Which of two findings about one clause is told, and what a doubt does to the others' fixes.

One mistake is one diagnostic: what explains another at the same side of a clause absorbs it. Which
reading of what is no operator comes first is told by the tables of `operator_errors` and
`missing_operator`; what a schema makes of suspicions is the business of `schema_errors`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from filterlang.diagnostics.diagnostic import Fix, with_fixes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from filterlang.diagnostics.diagnostic import Diagnostic
    from filterlang.syntax.split import Parts


class Absorbed(NamedTuple):
    """The codes that aren't told where another one is, on the same side of the clause, and why."""

    codes: frozenset[str]
    reason: str


def _absorbed(codes: str, reason: str) -> Absorbed:
    return Absorbed(frozenset(codes.split()), reason)


ABSORBS: dict[str, Absorbed] = {
    "FL104": _absorbed("FL405", "a '=' before a wildcard is mended together with it"),
    "FL106": _absorbed(
        "FL411 FL416",
        "a '!' negates the parenthesis behind it; where it is the operator, no other one follows",
    ),
    "FL107": _absorbed(
        "FL401 FL402 FL403 FL404 FL405 FL406 FL407 FL408 FL412 FL413 FL414 FL415 FL416 FL418",
        "what an expression means can't be doubted without the name that it is compared with",
    ),
    "FL401": _absorbed(
        "FL405 FL415 FL416 FL418",
        "behind the 'and' is a clause of its own, and so are its operator and wildcards",
    ),
    "FL402": _absorbed(
        "FL416 FL418", "behind the 'or' is a clause of its own, and so is its operator"
    ),
    "FL403": _absorbed(
        "FL405 FL406 FL415", "the operator is taken to be another one, which may need no wildcard"
    ),
    "FL406": _absorbed("FL415", "a wildcard is missing because another language's is there"),
    "FL407": _absorbed(
        "FL406 FL415", "a regular expression has signs of its own in the place of wildcards"
    ),
    "FL411": _absorbed(
        "FL411", "the pair around the whole filter explains the parenthesis at its start"
    ),
    "FL413": _absorbed(
        "FL416 FL418", "behind the '&' is a parameter or a clause of its own, with its operator"
    ),
    "FL414": _absorbed(
        "FL405 FL406 FL407 FL408 FL415 FL418",
        "in quotes all of it is plain text, once the quotes are gone",
    ),
    "FL418": _absorbed("FL415", "what is written for each of the values has wildcards of its own"),
    "FL422": _absorbed(
        "FL405 FL406 FL407 FL415 FL416", "what stands behind a part of SQL is no value"
    ),
}
"""What each code absorbs. Of two with one code, if it absorbs itself, the longer one is told."""


def unabsorbed(found: list[Diagnostic], parts: Parts | None) -> list[Diagnostic]:
    """Return the diagnostics of one clause that no other of them absorbs, in their order."""
    if parts is None or len(found) < len(("winner", "absorbed")):
        return found
    operator_start = parts.operator_span.start
    winners: dict[tuple[str, bool], Diagnostic] = {}
    for one in found:
        if one.code in ABSORBS:
            for code in ABSORBS[one.code].codes:
                place = code, one.span.start < operator_start
                winners[place] = max(winners.get(place, one), one, key=_length)
    return [
        one for one in found if winners.get((one.code, one.span.start < operator_start), one) is one
    ]


def _length(one: Diagnostic) -> int:
    return one.span.end - one.span.start


# --- Doubts ---------------------------------------------------------------------------------------

_ENDS_TRIMMED = {"FL409"}
"""What may be removed safely at the ends of what a schema knows the name or type of."""


def in_doubt(
    diagnostics: list[Diagnostic], suspected: Sequence[Diagnostic] = ()
) -> list[Diagnostic]:
    """Return the diagnostics of one clause; where something is hardly meant, no fix is safe.

    `suspected` is what was found before a schema said the same of it in other words.
    """
    if not any(map(_is_doubt, diagnostics)) and not any(
        _is_doubt(one) and one.code not in _ENDS_TRIMMED for one in suspected
    ):
        return diagnostics
    return [
        with_fixes(one, [Fix(fix.edits, safe=False) for fix in one.fixes]) for one in diagnostics
    ]


def _is_doubt(one: Diagnostic) -> bool:
    # A lone `!` negates, so that nothing else in its clause is sure.
    return one.code == "FL106" or (one.severity == "warning" and one.code.startswith("FL4"))
