"""Python values → nodes: `field("score") >= 10` is the clause `score>=10`.

Values are written as the language reads them: numbers in JSON's syntax, points in time as epoch
milliseconds, which the API's own dates are. What can't be written without a guess is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from filterlang.building.moments import expect_zone, midnights
from filterlang.building.slips import Unjoined, only_called
from filterlang.building.written_values import expression_of, held_by, holdable
from filterlang.diagnostics.diagnostic import Span, class_name, shown
from filterlang.diagnostics.errors import SchemaError
from filterlang.syntax.escaping import Wildcard, normal_name
from filterlang.syntax.nodes import Clause, Filter, FilterSet
from filterlang.syntax.operators import Operator
from filterlang.syntax.pattern import Pattern
from filterlang.syntax.split import Parts, Placed

if TYPE_CHECKING:
    from typing import Self

    from filterlang.checking.schema_misfits.schema_errors import Fitting
    from filterlang.schema.schema import Schema
    from filterlang.syntax.argument_types import Value

_NAME_CODES = {"FL501", "FL503"}
"""The diagnostics that a name gets whatever it is compared with."""


class Field(Unjoined):
    """A name that clauses can be built on; `field` makes it.

    `==`, `!=`, `<`, `<=`, `>` and `>=` compare with a value and give a `Clause`. Values are text,
    numbers, truth values (which have no order), dates and datetimes (written as epoch
    milliseconds, UTC), members of an Enum (their value), UUIDs (their text), and None, which is the
    empty expression: `field("name") == None` holds for missing values and for `""`. Scalars of
    NumPy and pandas are the Python values that they hold; NaT and NA are None. All comparisons and
    methods raise the same errors.

    Raises:
        TypeError: for a value of any other type; for an order with a truth value.
        ValueError: for a value that can't be written: a number that isn't finite, a datetime
            without a zone, a text with controls; after `==` and `!=` also a datetime that isn't a
            whole number of milliseconds. As a bound it is rounded, so that for records in whole
            milliseconds the meaning stays: up for `>=` and `<`, down for `>` and `<=`.
        SchemaError: if the clause doesn't fit the schema that `field` was given.

    Example:
        >>> print(field("score") >= 10)
        score>=10
        >>> from filterlang import unparse
        >>> unparse((field("city") == "Köln") & field("plan").in_(["pro", "team"]))
        ['city==Köln;plan==pro', 'city==Köln;plan==team']
    """

    __slots__ = ("_fitting", "_name", "_tz")
    _name: str
    _fitting: Fitting | None
    _tz: tzinfo | None
    __array_ufunc__: ClassVar[None] = None  # what NumPy has is compared as this class does it
    __hash__: ClassVar[None] = None  # type: ignore[assignment]  # `==` makes a clause

    def __init__(self, name: str, fitting: Fitting | None = None, tz: tzinfo | None = None) -> None:
        self._name = name
        self._fitting = fitting
        self._tz = tz

    # --- Comparisons ---

    def __eq__(self, value: Value) -> Clause:  # type: ignore[override]  # it makes a clause
        return self._compare(Operator.EQ, value)

    def __ne__(self, value: Value) -> Clause:  # type: ignore[override]  # as `__eq__`
        return self._compare(Operator.NE, value)

    def __lt__(self, value: Value) -> Clause:
        return self._compare(Operator.LT, value)

    def __le__(self, value: Value) -> Clause:
        return self._compare(Operator.LE, value)

    def __gt__(self, value: Value) -> Clause:
        return self._compare(Operator.GT, value)

    def __ge__(self, value: Value) -> Clause:
        return self._compare(Operator.GE, value)

    @only_called
    def between(self, low: Value, high: Value) -> Filter:
        """Ask for values from `low` to `high`, both included.

        A date is its midnight, so that of the last day nothing but that moment is included; until
        the end of that day is `(field >= first) & (field < last + timedelta(days=1))`.

        Where the name leads to a list, one element may pass the one bound and another the other.

        Example:
            >>> print(field("score").between(10, 20))
            score>=10;score<=20
        """
        return (self >= low) & (self <= high)

    @only_called
    def on(self, day: date, *, tz: tzinfo | None = None) -> Filter:
        """Ask for a moment of a day, from its midnight to the next one, which isn't included.

        Args:
            day: which day.
            tz: in which zone; by default that of the field, or else UTC.

        Raises:
            TypeError: for a datetime, which is a moment, and what is no date.

        Example:
            >>> print(field("lastSeenDate").on(date(2024, 1, 31)))
            lastSeenDate>=1706659200000;lastSeenDate<1706745600000
        """
        given: object = day  # Whatever its annotation says.
        if isinstance(given, datetime) or not isinstance(given, date):
            hint = "; take its .date()" if isinstance(given, datetime) else ""
            message = f"on() takes a date, not {class_name(given)}{hint}"
            raise TypeError(message)
        expect_zone(tz)
        start, end = midnights(day, tz or self._tz)
        return (self >= start) & (self < end)

    @only_called
    def in_(self, values: Iterable[Value]) -> FilterSet:
        """Ask for any of the values; repeated ones count once, those of a set stand in order.

        Raises:
            ValueError: without any value, as no filter says "nothing".
            TypeError: also for a text, which is no list of values.

        Example:
            >>> from filterlang import unparse
            >>> unparse(field("plan").in_(["pro", "team"]))
            ['plan==pro', 'plan==team']
        """
        return FilterSet([Filter([clause]) for clause in self._each(Operator.EQ, "in_", values)])

    @only_called
    def not_in(self, values: Iterable[Value]) -> Filter:
        """Ask for none of the values.

        Raises:
            ValueError: without any value, as a filter without clauses can't be written.
            TypeError: also for a text, which is no list of values.

        Example:
            >>> print(field("plan").not_in(["pro", "team"]))
            plan!=pro;plan!=team
        """
        return Filter(self._each(Operator.NE, "not_in", values))

    @only_called
    def is_empty(self) -> Clause:
        """Ask for a missing value or an empty text.

        Example:
            >>> print(field("email").is_empty())
            email==
        """
        return self._clause(Operator.EQ, "")

    @only_called
    def is_not_empty(self) -> Clause:
        """Ask for a value that is there and no empty text.

        Example:
            >>> print(field("email").is_not_empty())
            email!=
        """
        return self._clause(Operator.NE, "")

    # --- Patterns ---

    @only_called
    def matches(self, pattern: str | Pattern) -> Clause:
        r"""Ask for a text that matches: `*` is any run of characters, `?` exactly one.

        A text is read as it stands after `~` in a filter, so `\\*` is the character `*`.

        Example:
            >>> print(field("city").matches("Clev*"))
            city~Clev*
        """
        return self._clause(Operator.LIKE, self._pattern("matches", pattern))

    @only_called
    def not_matches(self, pattern: str | Pattern) -> Clause:
        """Ask for what `matches` refuses, missing values too.

        Example:
            >>> print(field("city").not_matches("Clev*"))
            city!~Clev*
        """
        return self._clause(Operator.NOT_LIKE, self._pattern("not_matches", pattern))

    @only_called
    def contains(self, text: str) -> Clause:
        r"""Ask for a text with this text in it; all its characters stand for themselves.

        Example:
            >>> print(field("title").contains("50*"))
            title~*50\**
        """
        return self._like("contains", Wildcard.RUN, text, Wildcard.RUN)

    @only_called
    def startswith(self, text: str) -> Clause:
        """Ask for a text that begins with this text.

        Example:
            >>> print(field("phone").startswith("+49"))
            phone~+49*
        """
        return self._like("startswith", text, Wildcard.RUN)

    @only_called
    def endswith(self, text: str) -> Clause:
        """Ask for a text that ends with this text.

        Example:
            >>> print(field("email").endswith("@example.com"))
            email~*@example.com
        """
        return self._like("endswith", Wildcard.RUN, text)

    # --- What a clause is made of ---

    def _compare(self, operator: Operator, value: object) -> Clause:
        return self._clause(operator, self._expression(operator, value))

    def _each(self, operator: Operator, method: str, values: Iterable[Value]) -> list[Clause]:
        if isinstance(values, str | bytes) or not isinstance(values, Iterable):
            message = f"{method}() takes a list of values, not one {class_name(values)}"
            raise TypeError(message)
        expressions = [self._expression(operator, value) for value in values]
        if isinstance(values, set | frozenset):
            # Of which the order differs from one process to the next.
            expressions.sort()
        if not expressions:
            message = f"{method}() needs at least one value: no filter says 'nothing'"
            raise ValueError(message)
        return [self._clause(operator, expression) for expression in dict.fromkeys(expressions)]

    def _like(self, method: str, *parts: str | Wildcard) -> Clause:
        literals = [part if isinstance(part, Wildcard) else held_by(part) for part in parts]
        for part in literals:
            if not isinstance(part, str | Wildcard):
                message = f"{method}() takes a str, not {class_name(part)}"
                raise TypeError(message)
            if isinstance(part, str):
                holdable(part, self._name)
        return self._clause(Operator.LIKE, Pattern.from_parts(literals))

    def _pattern(self, method: str, pattern: str | Pattern) -> Pattern:
        if isinstance(pattern, Pattern):
            return pattern
        if not isinstance(pattern, str):
            message = f"{method}() takes a str or a Pattern, not {class_name(pattern)}"
            raise TypeError(message)
        return Pattern(holdable(pattern, self._name))

    def _expression(self, operator: Operator, value: object) -> str:
        expression = expression_of(self._name, operator, value, self._tz)
        # All that is never allowed isn't printable, and most text is: that saves a call.
        return expression if expression.isprintable() else holdable(expression, self._name)

    def _clause(self, operator: Operator, expression: str | Pattern) -> Clause:
        return clause_of(self._name, operator, expression, self._fitting)

    # --- What it must not be taken for ---

    def __bool__(self) -> NoReturn:
        message = f"{shown(self)} is neither true nor false; compare it with a value"
        raise TypeError(message)

    def __contains__(self, value: object) -> NoReturn:
        message = f"'in' can't ask about {shown(self)}; write .contains(text) or .in_(values)"
        raise TypeError(message)

    def __repr__(self) -> str:
        return f"field({self._name!r})"

    def __reduce__(self) -> tuple[type[Self], tuple[Any, ...]]:
        # Without it the oldest protocols of pickle refuse whatever has slots.
        return type(self), (self._name, self._fitting, self._tz)


def field(name: str, *, schema: Schema | None = None, tz: tzinfo | None = None) -> Field:
    """Name what clauses are to be about: `field("score") >= 10`.

    Args:
        name: a dotted name, as in a filter.
        schema: what the name and all that it is compared with must fit.
        tz: the zone of datetimes that have none, and of the midnights of dates; without it, such
            datetimes are refused, and dates begin at midnight UTC.

    Raises:
        ValueError: if no clause can have that name.
        SchemaError: if the schema doesn't have it, or lets nobody filter by it.
        TypeError: for a `tz` that is no zone, such as the name of one.

    Example:
        >>> from datetime import datetime, timezone
        >>> print(field("lastSeenDate") >= datetime(2024, 1, 1, tzinfo=timezone.utc))
        lastSeenDate>=1704067200000
    """
    name = normal_name(text_of(name))
    expect_zone(tz)
    if schema is None:
        return Field(name, None, tz)
    return Field(name, fitting_of(name, schema), tz)


def text_of(name: object) -> str:
    """Return a name that is a text, or raise `TypeError`."""
    if not isinstance(name, str):
        message = f"a name is a str, not {class_name(name)}"
        raise TypeError(message)
    return name


def fitting_of(name: str, schema: Schema) -> Fitting:
    """Return what a schema says of clauses with a name; raise if it says that there are none."""
    from filterlang.checking.schema_misfits.schema_errors import Fitting

    fitting = Fitting(schema)
    _check(Clause(name, Operator.EQ, ""), fitting, name, _NAME_CODES)
    return fitting


def clause_of(
    name: str, operator: Operator, expression: str | Pattern, fitting: Fitting | None
) -> Clause:
    """Return a clause, which fits the schema if there is one."""
    clause = Clause(name, operator, expression)
    if fitting is not None:
        _check(clause, fitting)
    return clause


def _check(
    clause: Clause, fitting: Fitting, text: str | None = None, codes: Iterable[str] = ()
) -> None:
    """Raise for what doesn't fit; for what has one of the codes, if there are any."""
    if text is None:
        text = str(clause)
    start = len(clause.name)
    end = start + len(clause.operator)
    operator_span = Span(min(start, len(text)), min(end, len(text)))
    parts = Parts(
        Span(0, start), operator_span, clause.operator, Span(operator_span.end, len(text))
    )
    errors = [
        one
        for one in fitting.misfits(text, Placed(clause, parts), ())
        if one.severity == "error" and (not codes or one.code in codes)
    ]
    if errors:
        raise SchemaError(errors, [text])
