"""Text and cursor → what may stand there: names, operators and values, each with its edit.

A pure function of its arguments, and of the clock for dates; fast enough to be called after each
keystroke. What can stand where is what `check` would take; it offers nothing that `check` would
then find fault with.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import partial
from itertools import accumulate, chain, islice
from typing import TYPE_CHECKING, Final, Literal

from filterlang._immutable import Immutable
from filterlang.checking.grammar_errors.syntax_errors import examine_clause
from filterlang.checking.meant_values.offered_dates import offered_dates
from filterlang.diagnostics.diagnostic import Edit, Span, apply_edits, quoted
from filterlang.schema.binding import expect_schema
from filterlang.schema.made_once import MadeOnce
from filterlang.semantics.values import fold
from filterlang.syntax.escaping import check_expression, escape_expression, normal_name
from filterlang.syntax.operators import OPERATORS, Operator
from filterlang.syntax.split import Parts, split_clauses, trimmed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from filterlang.schema.schema import Dimension, Found, Schema

Kind = Literal["name", "operator", "value"]

_set = object.__setattr__


class Completion(Immutable):
    """One thing that may stand at the cursor.

    Fields: `label`, what to show: a name, an operator, or a value without escapes; `kind`
    (`"name"`, `"operator"` or `"value"`); `edit`, which puts it into the text, escaped as needed;
    `detail`, one line that says what it is or means.

    The label of a map ends with a dot, because a name has to go on after it.

    Example:
        >>> from filterlang import px
        >>> complete("sc", 2, px.USER)[0].label
        'score'
    """

    __slots__ = ("detail", "edit", "kind", "label")
    __match_args__ = ("label", "kind", "edit", "detail")
    label: str
    kind: Kind
    edit: Edit
    detail: str

    def __init__(self, label: str, kind: Kind, edit: Edit, detail: str) -> None:
        _set(self, "label", label)
        _set(self, "kind", kind)
        _set(self, "edit", edit)
        _set(self, "detail", detail)

    def apply(self, text: str) -> str:
        """Return the text after completion; the cursor then belongs behind what was put in.

        Example:
            >>> Completion("score", "name", Edit(Span(0, 2), "score"), "a number").apply("sc>5")
            'score>5'
        """
        return apply_edits(text, [self.edit])


def complete(
    text: str, cursor: int, schema: Schema | None = None, *, limit: int | None = 100
) -> list[Completion]:
    """Return what may stand at the cursor of a filter that is being typed.

    Args:
        text: the decoded text of one filter, whether or not it is valid already.
        cursor: how many code points of it stand before the cursor.
        schema: what names there are, and of what types; without one, every operator is offered
            after a name, and neither names nor values.
        limit: how many completions are wanted at most; None for all.

    Returns:
        The best first, each label once. Names that start with what was typed come before those
        of which a later segment does, those that hold it, and those that hold its characters in
        this order, all without regard to case; deprecated names stand last, whatever fits. After a
        complete name its operators come first, and then the longer names. Values are those of
        enums and booleans, and after `>=` and `<` some dates before today, by their words too.

    Raises:
        ValueError: for a cursor outside the text.

    Example:
        >>> from filterlang.schema.schema import Schema
        >>> schema = Schema({"type": {"type": "enum", "values": ["LEAD", "USER"]}})
        >>> text = "score>10;type==us"
        >>> [one.apply(text) for one in complete(text, len(text), schema)]
        ['score>10;type==USER']
        >>> [(one.label, one.detail) for one in complete("score>", 6)]
        [('>', 'is more than'), ('>=', 'is at least')]
    """
    if not 0 <= cursor <= len(text):
        message = f"the cursor must be from 0 to {len(text)}, the length of the text, not {cursor}"
        raise ValueError(message)
    expect_schema(schema)
    return list(islice(_completions(text, cursor, schema), limit))


_MOST_EXAMINED = 4096
"""How many characters of a clause are searched for its operator; no name that is used is longer.

Mistakes are found on the way, and a keystroke must not wait for all those of a long expression.
"""


def _completions(text: str, cursor: int, schema: Schema | None) -> Iterator[Completion]:
    clause = next(one for one in split_clauses(text) if cursor <= one.end)
    parts = _parts(text, cursor, clause)
    if cursor <= parts.operator_span.start:
        return _at_name(text, cursor, parts, schema)
    found, operators = _asked(text, parts.name, schema)
    at_operator = _at_operator(text, cursor, parts, operators)
    at_value = _at_value(text, cursor, parts, found, operators)
    start, end = parts.operator_span
    if cursor > end:
        return at_value
    # Directly behind `>` either may follow; behind `=` the operator has to be finished first.
    is_finished = cursor == end and text[start:end] in OPERATORS
    return chain(at_operator, at_value) if is_finished else at_operator


def _parts(text: str, cursor: int, clause: Span) -> Parts:
    examined = Span(clause.start, min(clause.end, clause.start + _MOST_EXAMINED))
    _, parts = examine_clause(text, examined)
    if parts is not None:
        expression = trimmed(text, parts.operator_span.end, clause.end)
        return Parts(parts.name, parts.operator_span, parts.operator, expression)
    name = trimmed(text, clause.start, clause.end)
    # The operator is still to come: behind the name, and behind the spaces typed after it.
    behind = max(cursor, name.end)
    return Parts(name, Span(behind, behind), "", Span(behind, behind))


def _region(part: Span, cursor: int) -> Span:
    """Return what a completion replaces: the part, with the spaces that were typed after it."""
    if part.start == part.end:
        return Span(cursor, cursor)
    return Span(part.start, max(part.end, cursor))


def _one_line(text: str) -> str:
    return " ".join(text.split())


# --- Names ----------------------------------------------------------------------------------------


def _at_name(text: str, cursor: int, parts: Parts, schema: Schema | None) -> Iterator[Completion]:
    region = _region(parts.name, cursor)
    *before, last = text[region.start : cursor].split(".")
    # A space at the end stays: it may be the one inside of `first name`.
    typed = ".".join([*(segment.strip(" ") for segment in before), last.lstrip(" ")])
    if cursor < parts.name.end:
        return _names(typed, region, schema)
    found, operators = _asked(text, parts.name, schema)
    offered = _at_operator(text, cursor, parts, operators)
    # The name that stands there already would change nothing.
    longer = (one for one in _names(typed, region, schema) if one.label != typed)
    # In a map or an open schema any name is complete, and more often on its way to a known one.
    is_known = found is not None and found.dimension is not None
    return chain(offered, longer) if is_known else chain(longer, offered)


def _names(typed: str, region: Span, schema: Schema | None) -> Iterator[Completion]:
    if schema is None:
        return
    seen: set[str] = set()
    for label, detail in _INDEXES.of(schema).ranked(typed):
        if label not in seen:
            seen.add(label)
            yield Completion(label, "name", Edit(region, label), detail)


class _Names:
    """Labels in a fixed order, and one folded text of them all.

    To search one text of 10,000 names takes some dozen microseconds, each name by itself
    milliseconds.
    """

    __slots__ = ("_is_deep", "_labels", "_starts", "_text")

    def __init__(self, labels: list[str]) -> None:
        self._labels = labels
        self._is_deep = any(label.count(".") > _MOST_DOTS for label in labels)
        # Each label stands between line breaks, which no name that can be typed holds. Folding
        # leaves every character in its place.
        self._text = fold("\n".join(["", *labels, ""]))
        self._starts = list(accumulate([len(label) + 1 for label in labels], initial=0))

    def ranked(self, typed: str) -> Iterator[str]:
        """Return the labels that a folded text may be the start of, best first, some repeatedly."""
        if not typed:
            yield from self._labels
        elif "\n" not in typed:
            for part in (f"\n{typed}\n", "\n" + typed, "." + typed, typed):
                yield from self._hits(partial(self._text.find, part))
            if len(typed) <= _LONGEST_ABBREVIATION:
                for before in "\n.":
                    yield from self._hits(self._abbreviated(before, typed))

    def _hits(self, find: Callable[[int], int]) -> Iterator[str]:
        position = find(0)
        while position >= 0:
            index = bisect_right(self._starts, position) - 1
            yield self._labels[index]
            position = find(self._starts[index + 1])

    def _abbreviated(self, before: str, typed: str) -> Callable[[int], int]:
        """Find names that hold the characters in this order, the first one behind `before`.

        Started anywhere, almost every long name would hold almost every short text.
        """
        search = abbreviation(before, typed, is_deep=self._is_deep).search

        def find(position: int) -> int:
            found = search(self._text, position)
            return -1 if found is None else found.start()

        return find


def abbreviation(before: str, typed: str, *, is_deep: bool) -> re.Pattern[str]:
    """Write what finds the lines that hold characters in this order, the first one behind `before`.

    A line that doesn't hold them is read from each of its dots, which takes quadratic time where
    there are many. Of deep names each is read once, from the line break before it: that takes ten
    times as long for common names, but no more for any other.
    """
    first, *others = map(re.escape, typed)
    rest = "".join(f"[^{other}\n]*+{other}" for other in others)
    if is_deep and before == ".":
        # No possessive group around a look ahead, which Python before 3.11.5 gets wrong; what may
        # be given back here is refused at once.
        return re.compile(rf"\n[^.\n]*+(?:\.(?!{first})[^.\n]*+)*\.{first}{rest}")
    return re.compile(re.escape(before) + first + rest)


_MOST_DOTS = 16
_LONGEST_ABBREVIATION = 32
"""Nobody types as many characters of a name and still leaves some out."""


class _Index:
    """The names of one schema, ready to be searched."""

    __slots__ = ("_current", "_deprecated", "schema")

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        current: list[str] = []
        deprecated: list[str] = []
        for name, dimension in schema.walk():
            if dimension.filterable and (dimension.type != "object" or dimension.is_open):
                label = name + "." if dimension.is_open else name
                (current if dimension.deprecated is None else deprecated).append(label)
        for alias, _ in schema.aliases:
            (deprecated if _is_deprecated(schema.find(alias)) else current).append(alias)
        self._current = _Names(current)
        self._deprecated = _Names(deprecated)

    def ranked(self, typed: str) -> Iterator[tuple[str, str]]:
        """Return the labels that may be meant, with their details, best first, some repeatedly."""
        folded = fold(typed)
        for names, are_deprecated in ((self._current, False), (self._deprecated, True)):
            for label in names.ranked(folded):
                found = self._reached(label)
                # Of two names that are spelled the same, only one can be reached.
                if found is not None and _is_deprecated(found) == are_deprecated:
                    yield label, self._detail(label, found)

    def _reached(self, label: str) -> Found | None:
        """Find what a filter with this name would ask of; None where it could not stand in one.

        Judged by the schema itself and not while it is walked: an alias or a dotted key may hide
        another name, and fields can have names that no filter can hold.
        """
        name = label.removesuffix(".")
        found = self.schema.find(name) if _normal_name(name) == name else None
        if found is None:
            return None
        dimension, is_alias = found.dimension, found.name != name
        if dimension is None:
            return found if is_alias else None
        if label != name:
            # The dot behind an alias of a map would lead nowhere.
            return found if dimension.is_open and dimension.filterable and not is_alias else None
        return found if _operators(dimension) else None

    @staticmethod
    def _detail(label: str, found: Found) -> str:
        dimension = found.dimension
        facts: list[str] = []
        if dimension is not None and dimension.deprecated is not None:
            facts.append(f"deprecated: {dimension.deprecated}".removesuffix(": "))
        if label not in {found.name, found.name + "."}:
            facts.append(f"alias of {found.name}")
        if dimension is None:
            facts.append("of any type")
        else:
            described = dimension.described()
            facts.append(f"{described}: {dimension.detail}" if dimension.detail else described)
            if dimension.is_open:
                facts.append("any name may follow")
        return _one_line("; ".join(facts))


def _is_deprecated(found: Found | None) -> bool:
    dimension = None if found is None else found.dimension
    return dimension is not None and dimension.deprecated is not None


_INDEXES: Final = MadeOnce(_Index)


def _normal_name(name: str) -> str | None:
    try:
        return normal_name(name)
    except ValueError:
        return None


# --- Operators ------------------------------------------------------------------------------------

_PATTERN = "a pattern: * is any run of characters, ? exactly one"
_MEANINGS = {
    Operator.EQ: "is equal to; with nothing after it: is empty",
    Operator.NE: "is not equal to; with nothing after it: is not empty",
    Operator.LIKE: f"matches {_PATTERN}",
    Operator.NOT_LIKE: f"doesn't match {_PATTERN}",
    Operator.LT: "is less than",
    Operator.LE: "is at most",
    Operator.GT: "is more than",
    Operator.GE: "is at least",
}


_ALL = tuple(Operator)
_USUAL = {
    (has_order, has_patterns): tuple(
        operator
        for operator in Operator
        if (has_order or not operator.orders) and (has_patterns or not operator.asks_text)
    )
    for has_order in (False, True)
    for has_patterns in (False, True)
}


def _operators(dimension: Dimension | None) -> tuple[Operator, ...]:
    """Return the operators that make sense for a dimension; all for an unknown one."""
    if dimension is None:
        return _ALL
    if not dimension.filterable or dimension.type == "object":
        return ()
    allowed = dimension.operators
    if allowed is None:
        # The others are legal unless it is a boolean, but `check` warns of most of them, and the
        # values of an enum have no order that means anything.
        has_order = dimension.type not in {"boolean", "enum"} and not dimension.is_list
        return _USUAL[has_order, dimension.type in {"text", "enum"}]
    # Order on a boolean is an error, whatever a schema allows.
    has_order = dimension.type != "boolean"
    return tuple(one for one in _USUAL[has_order, True] if one in allowed)


def _asked(
    text: str, span: Span, schema: Schema | None
) -> tuple[Found | None, tuple[Operator, ...]]:
    """Find what the name at a place asks of, and the operators that may follow it."""
    name = _normal_name(text[span.start : span.end])
    if name is None:
        return None, ()
    if schema is None:
        return None, _ALL
    found = schema.find(name)
    return found, () if found is None else _operators(found.dimension)


def _at_operator(
    text: str, cursor: int, parts: Parts, operators: Iterable[Operator]
) -> Iterator[Completion]:
    region = parts.operator_span
    written = text[region.start : region.end]
    typed = text[region.start : cursor]
    offered = [one for one in operators if one.startswith(typed)]
    if written not in OPERATORS:
        # What was meant by `=<` or `≥`, which no operator starts with.
        offered += [one for one in operators if one == parts.operator]
    elif typed == written and offered == [written]:
        # It stands there already, and nothing longer is possible.
        return
    following = text[region.end : region.end + 1]
    for operator in dict.fromkeys(offered):
        # An expression that starts with `=` must not become part of the operator.
        guard = "\\" if following and operator + following in OPERATORS else ""
        edit = Edit(region, operator + guard)
        yield Completion(operator.value, "operator", edit, _MEANINGS[operator])


# --- Values ---------------------------------------------------------------------------------------

_ESCAPE = re.compile(r"\\(.?)", re.DOTALL)


def _at_value(
    text: str, cursor: int, parts: Parts, found: Found | None, operators: Iterable[Operator]
) -> Iterator[Completion]:
    dimension = None if found is None else found.dimension
    operator = Operator(parts.operator)
    if found is None or dimension is None or operator not in operators:
        return
    region = _region(parts.expression, cursor)
    # A backslash at the end is the half of an escape.
    typed = fold(_ESCAPE.sub(r"\1", text[region.start : cursor]))
    if dimension.type == "datetime" and operator.divides_before:
        # A date is its midnight: `check` asks whether the whole day is meant after the others.
        for day, detail in offered_dates(typed):
            yield Completion(day, "value", Edit(region, day), detail)
    if operator.orders or operator.asks_text:
        return
    values = ("true", "false") if dimension.type == "boolean" else dimension.values
    for value in dict.fromkeys(values):
        # To write nothing is no completion, though an enum may hold the empty text.
        if value and _is_writable(value) and fold(value).startswith(typed):
            edit = Edit(region, escape_expression(value))
            yield Completion(value, "value", edit, f"a value of {quoted(found.name)}")


def _is_writable(value: str) -> bool:
    try:
        check_expression(value)
    except ValueError:
        return False
    return True
