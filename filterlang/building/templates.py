"""Filters with places for values: parsed once, then filled as the builder writes values."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from filterlang.building.builder import clause_of, fitting_of
from filterlang.building.moments import expect_zone
from filterlang.building.written_values import expression_of, held_by, holdable
from filterlang.checking.parse import parse, text_list
from filterlang.diagnostics.diagnostic import Diagnostic, class_name, quoted, showable, shown
from filterlang.diagnostics.errors import FilterSyntaxError
from filterlang.semantics.foreign import operand
from filterlang.syntax.escaping import Wildcard
from filterlang.syntax.nodes import Clause, Filter, FilterSet
from filterlang.syntax.pattern import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import tzinfo
    from typing import Self

    from filterlang.checking.schema_misfits.schema_errors import Fitting
    from filterlang.schema.schema import Schema

_NUMBERED = re.compile(r"\{_([0-9]+)\}")
_BRACE = re.compile(r"\{\{|\}\}|\{([^{}]*+)\}|[{}]")

_MARKS = range(0x4E00, 0xA000)
"""Letters that mean nothing to a filter; those that its text lacks stand for placeholders."""


class _Place(NamedTuple):
    """A placeholder in an expression, by its name."""

    name: str


_Part = str | Wildcard | _Place


class _Slot(NamedTuple):
    """A clause: with a value to come in one of its parts, or whole where `parts` is None."""

    clause: Clause
    parts: tuple[_Part, ...] | None
    fitting: Fitting | None
    tz: tzinfo | None


class Template:
    r"""Filters with places for values; `template` makes it, and `fill` fills it.

    Attributes:
        names: those of the placeholders, each once, in the order of the text.

    Example:
        >>> found = template("score>={least};name~{part}*")
        >>> found.names
        ('least', 'part')
        >>> print(found.fill(least=10, part="50*").filters[0])
        score>=10;name~50\**
    """

    __slots__ = ("_filters", "names")
    names: tuple[str, ...]

    def __init__(self, filters: Sequence[Sequence[_Slot]], names: tuple[str, ...]) -> None:
        self._filters = filters
        self.names = names

    def fill(self, /, **values: Any) -> FilterSet:
        r"""Return the filters with values in the places, written as the builder writes them.

        Nothing in a value becomes syntax: in patterns its wildcards are plain characters. A
        placeholder that is a whole expression takes what `field(name) == value` takes; one that is
        a part of it, or of a pattern, takes a text.

        Raises:
            TypeError: for values that are missing, or that no placeholder has; for None and lists;
                for what isn't a text where one is needed; and as the builder does.
            ValueError: as the builder does, for what can't be written; and for empty texts that
                leave nothing to compare with, as in `name~*` and `name==`.
            SchemaError: if a clause doesn't fit the schema that the template was given.

        Example:
            >>> from filterlang import unparse
            >>> unparse(template("city=={city}").fill(city="Bonn; Köln"))
            ['city==Bonn\\; Köln']
        """
        if values.keys() != set(self.names):
            raise TypeError(_mismatch(self.names, values))
        return FilterSet(
            [Filter([_filled(slot, values) for slot in slots]) for slots in self._filters]
        )

    def __reduce__(self) -> tuple[type[Self], tuple[Any, ...]]:
        # Without it the oldest protocols of pickle refuse whatever has slots.
        return type(self), (self._filters, self.names)

    def __repr__(self) -> str:
        return f"<Template names={self.names!r}>"


def template(
    text: str | Iterable[str], *, schema: Schema | None = None, tz: tzinfo | None = None
) -> Template:
    """Read a filter, or several, with `{name}` where values are to be filled in.

    A placeholder is an expression, or a part of one; never a name or an operator. A brace that is
    meant is written twice.

    Args:
        text: of one filter, or texts of several.
        schema: what the names, and later the values, must fit.
        tz: the zone of datetimes that have none, as for `field`.

    Raises:
        FilterSyntaxError: as `parse` does, with the places in the text.
        SchemaError: for a name that the schema doesn't have.
        TypeError: for what isn't text.
        ValueError: for a lone brace, a placeholder without a name, and one that stands elsewhere.

    Example:
        >>> template("score>={least}").fill(least=10).filters[0].clauses[0]
        Clause('score', '>=', '10')
    """
    return _template([_pieces(one) for one in text_list(text)], schema, tz)


def fill(
    template_string: Any, *, schema: Schema | None = None, tz: tzinfo | None = None
) -> FilterSet:
    """Return the filters of a template string of Python 3.14: `fill(t"score>={least}")`.

    What is literal in it is the filter, what is interpolated are values, as in `Template.fill`.

    Args:
        template_string: `t"…"`; its interpolations have no conversions and no formats.
        schema: as for `template`.
        tz: as for `template`.

    Raises:
        TypeError: for what is no template string, and as `Template.fill` does.
        FilterSyntaxError, SchemaError, ValueError: as `template` and `Template.fill` do.

    Example:
        >>> fill("score>={least}")
        Traceback (most recent call last):
        TypeError: fill() takes a template string, t"…", which Python has from 3.14 on, not str; \
elsewhere write template(text).fill(name=value)
    """
    strings = getattr(template_string, "strings", None)
    interpolations = getattr(template_string, "interpolations", None)
    if strings is None or interpolations is None or isinstance(template_string, str):
        message = (
            f'fill() takes a template string, t"…", which Python has from 3.14 on, not '
            f"{class_name(template_string)}; elsewhere write template(text).fill(name=value)"
        )
        raise TypeError(message)
    values: dict[str, object] = {}
    for place, one in enumerate(interpolations):
        if one.conversion or one.format_spec:
            message = f"{{{one.expression}}} has a conversion or a format; convert the value before"
            raise ValueError(message)
        values[f"_{place}"] = one.value
    expressions = tuple(one.expression for one in interpolations)
    try:
        found = _of_strings(tuple(strings), schema, tz)
        return found.fill(**values)
    except (TypeError, ValueError) as error:
        if type(error) not in {TypeError, ValueError}:
            raise
        # People know the values by what they wrote.
        message = _NUMBERED.sub(lambda place: f"{{{expressions[int(place[1])]}}}", str(error))
        raise type(error)(message) from None


_MOST_KEPT = 256
"""So many template strings are kept parsed."""


@lru_cache(_MOST_KEPT)
def _of_strings(strings: tuple[str, ...], schema: Schema | None, tz: tzinfo | None) -> Template:
    pieces: list[str | _Place] = []
    for place, literal in enumerate(strings):
        pieces += [_Place(f"_{place - 1}"), literal] if place else [literal]
    return _template([pieces], schema, tz)


# --- Reading --------------------------------------------------------------------------------------


def _pieces(text: str) -> list[str | _Place]:
    """Take a text apart at its placeholders."""
    pieces: list[str | _Place] = [""]
    end = 0
    for found in _BRACE.finditer(text):
        literal = text[end : found.start()]
        end = found.end()
        brace, name = found[0], found[1]
        if brace in {"{{", "}}"}:
            pieces[-1] = f"{pieces[-1]}{literal}{brace[0]}"
            continue
        pieces[-1] = f"{pieces[-1]}{literal}"
        if name is None:
            message = (
                f"a lone {brace!r} in column {found.start() + 1}; write it twice if it is meant"
            )
            raise ValueError(message)
        if not name.isidentifier():
            message = (
                f"expected a name between the braces in column {found.start() + 1}, found "
                f"{shown(name)}; write braces twice if they are meant"
            )
            raise ValueError(message)
        pieces += [_Place(name), ""]
    pieces[-1] = f"{pieces[-1]}{text[end:]}"
    return pieces


def _template(
    texts: Sequence[Sequence[str | _Place]], schema: Schema | None, tz: tzinfo | None
) -> Template:
    """Read texts in which each placeholder is one character that nothing else in them is."""
    expect_zone(tz)
    literal = "".join(piece for pieces in texts for piece in pieces if isinstance(piece, str))
    taken = {*literal}
    free = (mark for mark in map(chr, _MARKS) if mark not in taken)
    places: dict[str, _Place] = {}
    marked: list[str] = []
    for pieces in texts:
        text = ""
        for piece in pieces:
            if isinstance(piece, str):
                text += piece
            else:
                mark = next(free, "")
                if not mark:
                    message = f"expected at most {len(places)} placeholders, found more"
                    raise ValueError(message)
                places[mark] = piece
                # As long as it is written, so that mistakes are shown at their places.
                text += mark * (len(piece.name) + 2)
        marked.append(text)
    try:
        filters = parse(marked)
    except FilterSyntaxError as error:
        found = [_as_written(one, places) for one in error.diagnostics]
        raise FilterSyntaxError(found, [_unmarked(text, places) for text in marked]) from None
    slots = [[_slot(clause, places, schema, tz) for clause in filter_] for filter_ in filters]
    names = dict.fromkeys(place.name for place in places.values())
    return Template(slots, tuple(names))


def _unmarked(text: str, places: Mapping[str, _Place]) -> str:
    """Return a text, or a part of one, with placeholders as they are written."""
    runs = groupby(text)
    return "".join(
        f"{{{places[letter].name}}}" if letter in places else "".join(run) for letter, run in runs
    )


def _as_written(found: Diagnostic, places: Mapping[str, _Place]) -> Diagnostic:
    """Return a diagnostic of a marked text as one of the text that was written; without fixes."""
    hint = None if found.hint is None else _unmarked(found.hint, places)
    message = _unmarked(found.message, places)
    return Diagnostic(found.code, found.severity, message, found.span, hint, (), found.source_index)


def _slot(
    clause: Clause, places: Mapping[str, _Place], schema: Schema | None, tz: tzinfo | None
) -> _Slot:
    if any(letter in places for letter in clause.name):
        message = (
            f"a placeholder stands for an expression or a part of one, not for a name: "
            f"{quoted(_unmarked(clause.name, places))}"
        )
        raise ValueError(message)
    expression = clause.expression
    given = expression.parts if isinstance(expression, Pattern) else (expression,)
    parts = [part for one in given for part in _split(one, places)]
    is_filled = any(isinstance(part, _Place) for part in parts)
    fitting = None if schema is None else fitting_of(clause.name, schema)
    return _Slot(clause, tuple(parts) if is_filled else None, fitting, tz)


def _split(part: str | Wildcard, places: Mapping[str, _Place]) -> list[_Part]:
    """Take a literal text apart at its placeholders."""
    if isinstance(part, Wildcard):
        return [part]
    found: list[_Part] = []
    text, place = "", 0
    while place < len(part):
        known = places.get(part[place])
        if known is None:
            text += part[place]
            place += 1
            continue
        found += [text, known] if text else [known]
        text = ""
        place += len(known.name) + 2
    return [*found, text] if text else found


# --- Filling --------------------------------------------------------------------------------------


def _filled(slot: _Slot, values: Mapping[str, object]) -> Clause:
    (name, operator), parts = (slot.clause.name, slot.clause.operator), slot.parts
    if parts is None:
        return slot.clause
    places = [part for part in parts if isinstance(part, _Place)]
    for place in places:
        _expect_one(place, values[place.name], name)
    if all(isinstance(part, Wildcard) or _is_blank(part, values) for part in parts):
        raise ValueError(_emptied(slot.clause, parts, values))
    expression: str | Pattern
    if operator.matches_pattern:
        literals = [_text(part, values) if isinstance(part, _Place) else part for part in parts]
        expression = Pattern.from_parts(literals)
    elif len(parts) == 1 and isinstance(parts[0], _Place):
        written = expression_of(name, operator, values[parts[0].name], slot.tz)
        expression = holdable(written, parts[0].name, is_place=True)
    else:
        texts = [_text(part, values) if isinstance(part, _Place) else str(part) for part in parts]
        expression = "".join(texts)
    return clause_of(name, operator, expression, slot.fitting)


def _expect_one(place: _Place, value: object, name: str) -> None:
    if value is None:
        message = (
            f"{{{place.name}}} is None, which is no value; write '{name}==' in the template if a "
            "missing one is meant"
        )
        raise TypeError(message)
    if isinstance(value, list | tuple | set | frozenset | dict):
        message = (
            f"{{{place.name}}} takes one value, not {class_name(value)}; several are several "
            "filters: field(name).in_(values)"
        )
        raise TypeError(message)


def _is_blank(part: str | _Place, values: Mapping[str, object]) -> bool:
    """Return whether nothing stands at a part of an expression: an empty text, or no value."""
    if not isinstance(part, _Place):
        return not part
    value = held_by(values[part.name])
    if isinstance(value, str):
        return value == ""
    # Libraries of data have missing values of their own, such as `pandas.NaT`.
    return not isinstance(value, int) and operand(value)[0] is None


def _emptied(clause: Clause, parts: Sequence[_Part], values: Mapping[str, object]) -> str:
    """Return what to say where nothing is left to compare with."""
    places = [part for part in dict.fromkeys(parts) if isinstance(part, _Place)]
    names = " and ".join(f"{{{place.name}}}" for place in places)
    missing = [one for one in places if not isinstance(held_by(values[one.name]), str)]
    if missing:
        what = f"is {shown(values[missing[0].name])}, which is no value and leaves"
        names = f"{{{missing[0].name}}}"
    else:
        what = (
            "are empty texts, which leave" if len(places) > 1 else "is an empty text, which leaves"
        )
    wildcards = "".join(part.value for part in parts if isinstance(part, Wildcard))
    left = f"{str(Clause(clause.name, '==', ''))[:-2]}{clause.operator}{wildcards}"
    is_filter = wildcards or not (clause.operator.orders or clause.operator.matches_pattern)
    meant = ", or write it so if it is meant" if is_filter else ""
    return (
        f"{names} {what} {quoted(left)}; fill a template without this clause if nothing is asked"
        f" for{meant}"
    )


def _text(place: _Place, values: Mapping[str, object]) -> str:
    value = values[place.name]
    if not isinstance(value, str):
        message = (
            f"{{{place.name}}} is a part of an expression or of a pattern, which takes a str, not "
            f"{class_name(value)}"
        )
        raise TypeError(message)
    return holdable(str.__str__(value), place.name, is_place=True)


def _mismatch(names: Sequence[str], values: Mapping[str, object]) -> str:
    missing = [name for name in names if name not in values]
    more = [name for name in values if name not in names]
    known = f"the template's names are {_listed(names)}" if names else "the template has no names"
    found = [f"no value for {_listed(missing)}"] if missing else []
    found += [f"no place for {_listed(more)}"] if more else []
    return f"{' and '.join(found)}; {known}"


_MOST_LISTED, _LONGEST_NAME = 20, 60


def _listed(names: Sequence[str]) -> str:
    # The names of values may come from anywhere, as those of a form do.
    few = [showable(name, _LONGEST_NAME) for name in names[:_MOST_LISTED]]
    return ", ".join([*few, "…"] if len(names) > len(few) else few)
