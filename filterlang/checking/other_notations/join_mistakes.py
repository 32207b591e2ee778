"""What would join clauses elsewhere, and is plain text in an expression here."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from filterlang.checking.lexis import (
    ALONE,
    ANY_OPERATOR,
    FILTER_KEY,
    FORBIDDEN,
    NAME_CHARACTER,
    OTHER_KEYS,
    PLAIN_NUMBER,
    SEPARATORS_ALIKE,
)
from filterlang.checking.other_notations.filters_instead import MOST_WRITTEN, around
from filterlang.checking.other_notations.joined_values import are_several, joined
from filterlang.checking.other_notations.other_languages import clauses_for_each
from filterlang.checking.other_notations.word_operators import meant_by_words
from filterlang.diagnostics.diagnostic import Span, quoted
from filterlang.diagnostics.places import several
from filterlang.syntax.operators import Operator
from filterlang.syntax.parser import read_filter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from filterlang.checking.suspect import Suspect
    from filterlang.diagnostics.diagnostic import Diagnostic

_CLAUSE_AHEAD = rf"\(*+ *+(?:not ++)?+{NAME_CHARACTER}++ *+(?P<{{}}>[=!<>~])"
_JOIN = re.compile(
    r"(?<= )(?P<word>and|or)(?= ++" + _CLAUSE_AHEAD.format("after_word") + ")"
    rf"|(?P<sign>&&?|\|\|?|[{SEPARATORS_ALIKE}]|\\;|(?<!\\),)(?= *+"
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
_AMPERSAND = "&amp"
_CLAUSE = re.compile(" *+" + _CLAUSE_AHEAD.format("operator"))
_AND = {"and", "&&", "&", *SEPARATORS_ALIKE}
_PARAMETER = re.compile(rf"&(?P<key>[A-Za-z][\w.\-\[\]]*+)={ALONE}")
# An address, or a query string as the value of a name.
_ADDRESS = re.compile(r"[a-z]++://|[^ &?]*+\?[\w.]++=|/[^ ?]*+\?|[\w.]++=[^=&]", re.IGNORECASE)
_SINGLE_EQUALS = re.compile(f"={ALONE}")
_OTHER_KEY = re.compile(OTHER_KEYS, re.IGNORECASE)
_FILTER_KEY = re.compile(FILTER_KEY, re.IGNORECASE)


def before_join(raw: str) -> str:
    """Return what stands before the first sign or word that would join two clauses elsewhere."""
    join = _JOIN.search(raw)
    return raw if join is None else raw[: join.start()].rstrip(" ")


def joins(clause: Suspect) -> Iterator[Diagnostic]:
    """Report what would join two clauses elsewhere (FL401, FL402, FL413)."""
    yield from _written_into_a_page(clause)
    said, address_end = None, None
    for join in _JOIN.finditer(clause.raw):
        kind = "word" if join["word"] else "sign"
        written = join[kind]
        span = clause.place(*join.span(kind))
        if written == "&" and (key := _PARAMETER.match(clause.raw, join.start())):
            if address_end is None:
                address_end = _end_of_address(clause.raw)
            if join.start() < address_end:
                yield _parameter(clause, span, key)
        elif written == ",":
            continue  # A bare comma is a mistake, and reported as one.
        elif written == "\\;":
            yield clause.tell("FL401", span, [(span, "\\\\;")], "escaped", found=quoted(written))
        elif written.lower() in _AND and (meant := _in_words(clause, join, kind)):
            whole = clause.place_with_spaces(*join.span(kind))
            edits = [(Span(whole.start, clause.expression.end), f";{meant}")]
            told = {"found": quoted(written), "clause": quoted(f";{meant}")}
            yield clause.tell("FL401", span, edits, "words", **told)
        elif written.lower() in _AND:
            whole = clause.place_with_spaces(*join.span(kind))
            edits = [(whole, ";"), *_equality(clause, join.start(f"after_{kind}"))]
            yield clause.tell("FL401", span, edits, found=quoted(written))
        else:
            # Of each `or` of a clause the same is said, and it is found out once.
            said = said or _said_of_or(clause)
            edits_of_all, case, values = said
            yield clause.tell("FL402", span, edits_of_all, case, found=quoted(written), **values)


def _end_of_address(raw: str) -> int:
    """Return behind which place parameters are those of an address; the end where there is none."""
    address = _ADDRESS.match(raw)
    return len(raw) if address is None else address.end()


def _said_of_or(
    clause: Suspect,
) -> tuple[Sequence[tuple[Span, str]] | None, str | None, dict[str, str]]:
    """Return what an `or` is mended with, which hint says more, and what is filled into it."""
    if together := _neither(clause):
        return [(clause.whole, together)], "none of", {"clauses": quoted(together)}
    each = _each_side(clause)
    case = "two filters" if len(each) == len(_TWO) else "each" if each else None
    return None, case, {"filters": several(each)}


def _in_words(clause: Suspect, join: re.Match[str], kind: str) -> str | None:
    """Write the clause behind a join that has a `!` before words: `title !contains x`."""
    operator = join.start(f"after_{kind}")
    if clause.raw[operator] != "!" or clause.raw[operator + 1 : operator + 2] in {"=", "~"}:
        return None
    return meant_by_words(clause.text, clause.place(join.end(kind), len(clause.raw)))


def _written_into_a_page(clause: Suspect) -> Iterator[Diagnostic]:
    """Report the `&amp;` between two clauses, whose `;` is the one that joins them (FL401)."""
    if clause.raw.endswith(_AMPERSAND):
        start, end = clause.expression.end - len(_AMPERSAND), clause.expression.end + 1
        if clause.text[end - 1 : end] == ";" and _CLAUSE.match(clause.text, end):
            place = Span(start, end)
            yield clause.tell("FL401", place, [(place, ";")], found=quoted(f"{_AMPERSAND};"))


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


def each_in_parentheses(clause: Suspect) -> Sequence[str]:
    """Write the filters of `(a==1 or b==2) and c==3`; none where it isn't as simple."""
    whole = clause.text[clause.whole.start : clause.whole.end]
    found = _ONE_PAIR.fullmatch(whole)
    if found is None:
        return ()
    sides = [side.strip(" ") for side in OR_SIGN.split(found["inner"])]
    before = [one.strip(" ") for one in AND_SIGN.split(found["before"])][:-1]
    after = [one.strip(" ") for one in AND_SIGN.split(found["after"])][1:]
    beside = [*before, *after]
    if not _TWO_OR_MORE <= len(sides) < _MOST_SIDES or len(beside) > _MOST_SIDES:
        return ()
    if not all(map(is_simple, [*sides, *beside])) or any(map(AND_SIGN.search, sides)):
        return ()
    if any(map(OR_SIGN.search, beside)):
        return ()
    return around(clause.text, clause.whole, [";".join([*before, one, *after]) for one in sides])


_ONE_PAIR = re.compile(
    r"(?P<before>(?:[^()]*[^()\w](?:and|&&?) *+)?)\((?P<inner>[^()]*)\)"
    r"(?P<after>(?: *+(?:and\b|&&?)[^()]*)?)",
    re.IGNORECASE,
)
AND_SIGN = re.compile(r"(?<! )(?: ++and(?= |\Z)| *+&&?)", re.IGNORECASE)
OR_SIGN = re.compile(r"(?<! )(?: ++or(?= )| *+\|\|?)", re.IGNORECASE)
_TWO_OR_MORE = 2


def _each_side(clause: Suspect) -> Sequence[str]:
    """Write the filters of one `or` or several, where nothing else joins; otherwise none."""
    if clause.name.startswith("(") or "(" in clause.raw:
        return each_in_parentheses(clause)
    if (groups := _groups(clause)) is not None:
        return groups
    sides = _sides(clause)
    return around(clause.text, clause.whole, sides)


def _neither(clause: Suspect) -> str | None:
    """Write the clauses of `a!=1 or a!=2`, as each value passes one of the two."""
    operator = clause.operator
    if not operator.negative or "(" in clause.name + clause.raw:
        return None
    name, sides = clause.name, _sides(clause)
    is_same = bool(sides) and all(
        one.startswith(name) and one[len(name) :].lstrip(" ").startswith(operator) for one in sides
    )
    return ";".join(sides) if is_same else None


def _groups(clause: Suspect) -> Sequence[str] | None:
    """Write the filters of `a==1;b==2 or a==3;b==4`, in which all else binds more than the `or`.

    They are none where they can't be told; None where no clauses stand on both sides.
    """
    text = clause.text
    is_between = bool(
        text[: clause.whole.start].strip(" ;") and text[clause.whole.end :].strip(" ;")
    )
    if not is_between:
        others = text[: clause.whole.start], text[clause.whole.end :]
        if len(text) > MOST_WRITTEN or not any(map(_JOIN.search, others)):
            return None
    if len(text) > MOST_WRITTEN or "(" in text:
        return ()
    groups, begun = [], 0
    for join in _JOIN.finditer(text):
        kind = "word" if join["word"] else "sign"
        if join[kind].lower() not in _OR:
            return ()
        groups.append(text[begun : join.start(kind)].strip(" ;"))
        begun = join.end(kind)
    groups.append(text[begun:].strip(" ;"))
    are_filters = len(groups) < _MOST_SIDES and all(read_filter(one) is not None for one in groups)
    return groups if are_filters else ()


_OR = {"or", "|", "||"}


def _sides(clause: Suspect) -> Sequence[str]:
    """Return the clauses on the sides of each `or`; none where they are more than simple ones."""
    found = list(islice(_JOIN.finditer(clause.raw), _MOST_SIDES))
    joins = [Span(*one.span("word" if one["word"] else "sign")) for one in found]
    words = [clause.raw[slice(*one)] for one in joins]
    if len(found) == _MOST_SIDES or any(word.lower() in _AND or word == "\\;" for word in words):
        return ()
    starts = [0, *(one.end for one in joins)]
    stops = [*(one.start for one in joins), len(clause.raw)]
    sides = [clause.raw[start:stop].strip(" ") for start, stop in zip(starts, stops, strict=True)]
    sides[0] = clause.text[clause.whole.start : clause.expression.start] + sides[0]
    return sides if all(map(is_simple, sides)) else ()


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


_SIMPLE = re.compile(rf"{NAME_CHARACTER}++ *+(?:{ANY_OPERATOR})[^;=<>~!()&|,\\]++")


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


def may_hold_clause(clause: Suspect) -> bool:
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
    """Report what stands between single values elsewhere, as `OR` and `|` do (FL418)."""
    if clause.operator.orders or _has_comma_between(clause.raw):
        return
    if not clause.operator.asks_text and _LIST.fullmatch(clause.raw) is not None:
        yield _list(clause)
        return
    if clause.operator.matches_pattern:
        parted = _of_patterns(clause.raw)
    else:
        parted = _of_words(clause.raw) or _of_values(clause)
    if parted is not None:
        sign, values, is_and = parted
        yield _between(clause, sign, [one.strip(" ") for one in values], is_and=is_and)


# Small letters between words are a part of many texts, and so is a `|` without spaces: what they
# stand between has to look like several values then.
_WORDS_OR = re.compile(r"[^ ]++(?: ++OR ++[^ ]++)+")
_WORDS_BARRED = re.compile(r"[^ |]++(?: ++\|\|? ++[^ |]++)+")
_STARRED = r"(?:\*[^ |&*\\]*+\*?|[^ |&*\\]++\*)"
_PATTERNS_OR = re.compile(rf"{_STARRED}(?:(?: ++or ++| *+\|\|? *+){_STARRED})+", re.IGNORECASE)
_PATTERNS_AND = re.compile(rf"{_STARRED}(?: ++(?:and|&&?) ++{_STARRED})+", re.IGNORECASE)
_ALTERNATION = re.compile(r"(?P<star>\*?)(?P<words>[^\W_]{2,}+(?:\|[^\W_]{2,}+)+)(?P=star)")
_ONE_PATTERN = re.compile(r"\*(?P<within>[^*]*[^* ])\*")
_OR_OR_BAR = re.compile(r"(?<! )(?: ++or ++| *+\|\|? *+)", re.IGNORECASE)
_AND_BETWEEN = re.compile("(?<! ) ++(?:and|&&?) ++", re.IGNORECASE)
_CAPITAL_OR = re.compile("(?<! ) ++OR ++")
_BAR_BETWEEN = re.compile(r"(?<! ) ++\|\|? ++")


def _of_values(clause: Suspect) -> tuple[Span, Sequence[str], bool] | None:
    """Find what stands between values that are hardly one text, as `_of_words` does."""
    found = joined(clause.raw)
    if found is None or found.are_quoted:
        return None
    is_negative = clause.operator is Operator.NE
    if not are_several(clause.name, found.values, is_and=found.is_and, is_negative=is_negative):
        return None
    # One value that is two has a filter for each; of a list both may be asked for.
    return found.sign, found.values, False


def _of_words(raw: str) -> tuple[Span, Sequence[str], bool] | None:
    """Find what stands between words: where first, the words, and whether it asks for all."""
    if _WORDS_OR.fullmatch(raw) is not None and (sign := _CAPITAL_OR.search(raw)):
        return Span(*sign.span()), _CAPITAL_OR.split(raw), False
    if _WORDS_BARRED.fullmatch(raw) is not None and (sign := _BAR_BETWEEN.search(raw)):
        return Span(*sign.span()), _BAR_BETWEEN.split(raw), False
    return None


def _of_patterns(raw: str) -> tuple[Span, Sequence[str], bool] | None:
    """Find what stands between patterns of one word each, as `_of_words` does.

    `*Sales and Marketing*` has its wildcards at its outer ends alone, and is one pattern; but an
    `OR` in capitals is hardly a part of it.
    """
    # In patterns a bar is what regular expressions have between alternatives.
    alternation = _ALTERNATION.fullmatch(raw)
    if alternation is not None:
        at = raw.index("|")
        words = alternation["words"].split("|")
        return Span(at, at + 1), [f"*{word}*" for word in words], False
    one = _ONE_PATTERN.fullmatch(raw)
    if one is not None:
        parted = _of_words(one["within"])
        if parted is None:
            return None
        place, values, is_and = parted
        each = [f"*{value.strip(' ')}*" for value in values]
        return Span(place.start + 1, place.end + 1), each, is_and
    if _PATTERNS_OR.fullmatch(raw) is not None and (sign := _OR_OR_BAR.search(raw)):
        return Span(*sign.span()), _OR_OR_BAR.split(raw), False
    if _PATTERNS_AND.fullmatch(raw) is not None and (sign := _AND_BETWEEN.search(raw)):
        return Span(*sign.span()), _AND_BETWEEN.split(raw), True
    return None if _WORDS_OR.fullmatch(raw) is None else _of_words(raw)


def _between(clause: Suspect, sign: Span, values: Sequence[str], *, is_and: bool) -> Diagnostic:
    written = clause.raw[sign.start : sign.end]
    place = Span(
        sign.start + len(written) - len(written.lstrip(" ")),
        sign.end - len(written) + len(written.rstrip(" ")),
    )
    found, span = quoted(written.strip(" ")), clause.place(*place)
    clauses: Sequence[str] = ()
    if clause.operator.matches_pattern:
        clauses = [f"{clause.name}{clause.operator}{value}" for value in values]
        clauses = clauses if all(map(is_simple, clauses)) else ()
    else:
        clauses = clauses_for_each(clause.name, clause.operator, values)
    # What is neither one nor the other is none of both.
    if clauses and (is_and or clause.operator.negative):
        together = ";".join(clauses)
        edits = [(clause.whole, together)]
        return clause.tell("FL418", span, edits, "both", found=found, clauses=quoted(together))
    each = around(clause.text, clause.whole, clauses) if not is_and else ()
    case = "each" if each else None
    return clause.tell("FL418", span, None, case, found=found, filters=several(each))


def _list(clause: Suspect) -> Diagnostic:
    r"""Report a list in parentheses, `(a\, b)`, which is plain text."""
    values = [one.strip(" ") for one in clause.raw[1:-1].split("\\,")]
    comma = clause.raw.index("\\,")
    return _between(clause, Span(comma, comma + len("\\,")), values, is_and=False)


_LIST = re.compile(r"\( *+[^(),\\]++(?:\\,[^(),\\]++)++\)")
