"""What would join clauses elsewhere, and is plain text in an expression here."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from filterlang.checking.filters_instead import around
from filterlang.checking.lexis import (
    ALONE,
    FILTER_KEY,
    FORBIDDEN,
    NAME_CHARACTER,
    OTHER_KEYS,
    PLAIN_NUMBER,
)
from filterlang.checking.other_languages import clauses_for_each
from filterlang.diagnostics.diagnostic import Span, quoted
from filterlang.diagnostics.places import several
from filterlang.syntax.operators import Operator

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from filterlang.checking.suspect import Suspect
    from filterlang.diagnostics.diagnostic import Diagnostic

_CLAUSE_AHEAD = rf"\(*+ *+(?:not ++)?+{NAME_CHARACTER}++ *+(?P<{{}}>[=!<>~])"
# U+FF1B and U+037E look like a semicolon.
_JOIN = re.compile(
    r"(?<= )(?P<word>and|or)(?= ++" + _CLAUSE_AHEAD.format("after_word") + ")"
    r"|(?P<sign>&&?|\|\|?|[\uff1b\u037e]|\\;|(?<!\\),)(?= *+"
    + _CLAUSE_AHEAD.format("after_sign")
    + ")",
    re.IGNORECASE,
)
# A clause that leaves its name out, as in `score>10 and <20`; `<i>` is a tag of HTML.
_REPEAT = re.compile(
    r"(?:(?<= )(?P<word>and|or)(?= )|(?P<sign>&&?|\|\|?)) *+"
    rf"(?P<operator>==|!=|<=|>=|!~|<(?![\w/]++ *+/?+>)|[>~]|={ALONE})(?= *+[^ =<>~!&|])",
    re.IGNORECASE,
)
_AND = {"and", "&&", "&", "\uff1b", "\u037e"}
_PARAMETER = re.compile(rf"&(?P<key>[A-Za-z][\w.\-\[\]]*+)={ALONE}")
# An address, or a query string as the value of a name.
_ADDRESS = re.compile(r"[a-z]++://|[^ &?]*+\?[\w.]++=|/[^ ]*+\?|[\w.]++=[^=&]", re.IGNORECASE)
_SINGLE_EQUALS = re.compile(f"={ALONE}")
_OTHER_KEY = re.compile(OTHER_KEYS, re.IGNORECASE)
_FILTER_KEY = re.compile(FILTER_KEY, re.IGNORECASE)
_OTHER_OPERATOR = re.compile(r"(?<=[\w.$\-)\]\"' ])(?:===?+|!==?+|>=|<=|!~|=@)(?= *+[^ =])")
_NAME_CHARACTER = re.compile(NAME_CHARACTER)
_OR_BETWEEN_WORDS = re.compile(r"[^ ]++(?: ++OR ++[^ ]++)+")
_OR = re.compile(r"(?<= )OR(?= )")


def before_join(raw: str) -> str:
    """Return what stands before the first sign or word that would join two clauses elsewhere."""
    join = _JOIN.search(raw)
    return raw if join is None else raw[: join.start()].rstrip(" ")


def joins(clause: Suspect) -> Iterator[Diagnostic]:
    """Report what would join two clauses elsewhere (FL401, FL402, FL413)."""
    for join in _JOIN.finditer(clause.raw):
        kind = "word" if join["word"] else "sign"
        written = join[kind]
        span = clause.place(*join.span(kind))
        if written == "&" and (key := _PARAMETER.match(clause.raw, join.start())):
            if _ADDRESS.match(clause.raw, 0, join.start()) is None:
                yield _parameter(clause, span, key)
        elif written == ",":
            continue  # A bare comma is a mistake, and reported as one.
        elif written == "\\;":
            yield clause.tell("FL401", span, [(span, "\\\\;")], "escaped", found=quoted(written))
        elif written.lower() in _AND:
            whole = clause.place_with_spaces(*join.span(kind))
            edits = [(whole, ";"), *_equality(clause, join.start(f"after_{kind}"))]
            yield clause.tell("FL401", span, edits, found=quoted(written))
        else:
            each = _each_side(clause)
            case = "two filters" if len(each) == len(_TWO) else "each" if each else None
            filters = several(each)
            yield clause.tell("FL402", span, None, case, found=quoted(written), filters=filters)


def repeats(clause: Suspect) -> Iterator[Diagnostic]:
    """Report what joins a clause that leaves out its name (FL401, FL402), the first one."""
    found = _REPEAT.search(clause.raw)
    if found is None or PLAIN_NUMBER.fullmatch(clause.name) is not None:
        return
    kind = "word" if found["word"] else "sign"
    span = clause.place(*found.span(kind))
    operator = "==" if found["operator"] == "=" else found["operator"]
    again = f"{clause.name}{operator}"
    if found[kind].lower() in _AND:
        start = clause.place_with_spaces(*found.span(kind)).start
        whole = Span(start, clause.place(*found.span("operator")).end)
        rest = again + clause.raw[found.end() :].strip(" ")
        written = quoted(f";{rest if is_simple(rest) else again}")
        edits = [(whole, f";{again}")]
        yield clause.tell("FL401", span, edits, "repeat", found=quoted(found[kind]), again=written)
        return
    first = clause.text[: span.start].strip(" ")
    second = again + clause.raw[found.end() :].strip(" ")
    are_whole = _are_whole(clause, first, second)
    yield clause.tell(
        "FL402",
        span,
        None,
        "two filters" if are_whole else "repeat",
        found=quoted(found[kind]),
        filters=several([first, second]),
        again=quoted(again),
    )


def _each_side(clause: Suspect) -> Sequence[str]:
    """Write the filters of one `or` or several, where nothing else joins; otherwise none."""
    found = list(islice(_JOIN.finditer(clause.raw), _MOST_SIDES))
    joins = [Span(*one.span("word" if one["word"] else "sign")) for one in found]
    words = [clause.raw[slice(*one)] for one in joins]
    if len(found) == _MOST_SIDES or any(word.lower() in _AND or word == "\\;" for word in words):
        return ()
    starts = [0, *(one.end for one in joins)]
    stops = [*(one.start for one in joins), len(clause.raw)]
    sides = [clause.raw[start:stop].strip(" ") for start, stop in zip(starts, stops, strict=True)]
    sides[0] = clause.text[clause.whole.start : clause.expression.start] + sides[0]
    return around(clause.text, clause.whole, sides) if all(map(is_simple, sides)) else ()


_TWO = ("one side", "the other side")
_MOST_SIDES = 12
"""Of so many alternatives a hint doesn't write them."""


def _are_whole(clause: Suspect, first: str, second: str) -> bool:
    """Return whether two clauses are all that the text holds, with what joins them."""
    is_last = not clause.text[clause.expression.end :].strip(" ;")
    return is_last and is_simple(first) and is_simple(second)


def is_simple(clause: str) -> bool:
    """Return whether a text is one clause, in which nothing is that could be more of it."""
    return _SIMPLE.fullmatch(clause) is not None


_SIMPLE = re.compile(r"[\w.$\-]++ *+(?:==|!=|!~|<=|>=|[<>~])[^;=<>~!()&|,\\]++")


def _equality(clause: Suspect, operator: int) -> list[tuple[Span, str]]:
    """Write the `==` of a clause that is made where a single `=` stands."""
    is_single = _SINGLE_EQUALS.match(clause.raw, operator) is not None
    return [(clause.place(operator, operator + 1), "==")] if is_single else []


def _parameter(clause: Suspect, span: Span, found: re.Match[str]) -> Diagnostic:
    key = found["key"]
    if _FILTER_KEY.fullmatch(key):
        return clause.tell("FL413", span, None, "filter")
    if _OTHER_KEY.fullmatch(key):
        return clause.tell("FL413", span, None, "parameter")
    return clause.tell("FL413", span, [(span, ";"), *_equality(clause, found.end() - 1)])


def other_operator(clause: Suspect) -> Iterator[Diagnostic]:
    """Report an operator that would belong to a clause of its own, the first one (FL416)."""
    for other in _OTHER_OPERATOR.finditer(clause.raw):
        end = other.start()
        while end > 0 and clause.raw[end - 1] == " ":
            end -= 1
        start = end
        while start > 0 and _NAME_CHARACTER.match(clause.raw, start - 1):
            start -= 1
        # `Java>=8` and the like are plain text; a clause would have its name after a space.
        if start < end and (
            start > 0 or other[0].startswith(("==", "!=")) or clause.operator.orders
        ):
            if _may_hold_clause(clause):
                spaces = clause.place_with_spaces(start, start)
                yield clause.tell(
                    "FL416",
                    clause.place(start, other.end()),
                    [(spaces, ";")] if start > 0 and spaces.start < spaces.end else None,
                    found=other[0],
                )
            return


def _may_hold_clause(clause: Suspect) -> bool:
    """Return whether one more clause in an expression would be one to make of it.

    It wouldn't where the sides of the first one are exchanged, where a comma comes between them,
    which is a mistake of its own, nor where it would hold what no clause can.
    """
    return (
        PLAIN_NUMBER.fullmatch(clause.name) is None
        and "://" not in clause.raw
        and FORBIDDEN.search(clause.raw) is None
        and not _has_comma_between(clause.raw)
    )


def _has_comma_between(raw: str) -> bool:
    return "," in raw and any(join["sign"] == "," for join in _JOIN.finditer(raw))


def word_or(clause: Suspect) -> Iterator[Diagnostic]:
    """Report an `OR` between two words (FL418)."""
    if _OR_BETWEEN_WORDS.fullmatch(clause.raw) and not _has_comma_between(clause.raw):
        found = _OR.search(clause.raw)
        assert found is not None
        clauses = clauses_for_each(clause.name, clause.operator, re.split(" ++OR ++", clause.raw))
        each = around(clause.text, clause.whole, clauses) if clause.operator is Operator.EQ else ()
        yield clause.tell(
            "FL418",
            clause.place(*found.span()),
            None,
            "each" if each else None,
            found=quoted(found[0]),
            filters=several(each),
        )
