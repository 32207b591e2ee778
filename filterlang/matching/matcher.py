"""Nodes → verdicts: `compile` makes a `Matcher`, which says of each record whether it matches."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

from filterlang._immutable import Immutable
from filterlang.checking.parse import filter_set_of
from filterlang.diagnostics.diagnostic import class_name, quoted, showable, shown
from filterlang.matching.codegen import generate
from filterlang.matching.several_records import expect_records
from filterlang.schema.binding import bind_filters
from filterlang.semantics.instants import Instant
from filterlang.semantics.judge import holds
from filterlang.semantics.paths import arrange, record_of, values_at
from filterlang.semantics.reading import Reading, read_as
from filterlang.semantics.values import plain
from filterlang.syntax.parser import MAX_LENGTH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from filterlang.schema.schema import Schema
    from filterlang.semantics.tests import BoundClause
    from filterlang.syntax.nodes import Clause, Filter, FilterSet

_CHUNK = 1024
"""How many records of a list are looked at ahead of who iterates over the matching ones."""

_RecordT = TypeVar("_RecordT")
_set = object.__setattr__


def compile(
    filters: FilterSet | Filter | Clause | str | Iterable[str],
    *,
    schema: Schema | None = None,
    max_length: int | None = MAX_LENGTH,
) -> Matcher:
    """Compile filters, parsed or as text, into a `Matcher`.

    A schema resolves aliases, and types the values of records, so that the rows of a CSV file give
    the same verdicts as the API's records: text is read as a number or truth value where the
    schema has one, epoch milliseconds and ISO text as a date, a number as text where it has text.
    A value that can't be read so equals nothing and isn't empty; an empty text is missing there.

    Raises:
        FilterSyntaxError, LimitError, TypeError: as `parse` does, where texts are given.

    Example:
        >>> matcher = compile("location.countryCode==US;score>=10")
        >>> matcher({"location": {"countryCode": "us"}, "score": 12})
        True
    """
    return Matcher(filter_set_of(filters, max_length=max_length), schema)


def matches(
    filters: FilterSet | Filter | Clause | str | Iterable[str],
    record: object,
    *,
    schema: Schema | None = None,
) -> bool:
    """Say once of one record whether it matches; for many records `compile` the filters.

    Example:
        >>> matches("tags==new", {"tags": ["New", None]})
        True
    """
    return compile(filters, schema=schema)(record)


class Matcher:
    """Compiled filters: calling it with a record says whether at least one of them matches.

    A record is a mapping, or an object with attributes. No record's content makes it raise. It can
    be pickled, and used by any number of threads at the same time.

    Attributes:
        filters: the `FilterSet` that was compiled.
        schema: the `Schema` that types the records' values, or None.
        matches: the bare function behind the call, `record -> bool`.
        source: the Python source that was generated; constants stand in it as `"C0"`, `"C1"` …

    Example:
        >>> matcher = compile("score>=10")
        >>> matcher({"score": 12}), matcher({})
        (True, False)
        >>> list(matcher.filter([{"score": 12}, {"score": 9}]))
        [{'score': 12}]
    """

    __slots__ = ("_bound", "_select", "filters", "matches", "schema", "source")
    filters: FilterSet
    schema: Schema | None
    matches: Callable[[object], bool]
    source: str

    def __init__(self, filters: FilterSet, schema: Schema | None = None) -> None:
        self.filters = filters
        self.schema = schema
        self._bound = bind_filters(filters, schema)
        generated = generate(self._bound)
        self.matches = generated.matches
        self._select = generated.select
        self.source = generated.source

    if TYPE_CHECKING:

        def __call__(self, record: object) -> bool:
            """Return whether the record matches."""
            return self.matches(record)

    def filter(self, records: Iterable[_RecordT]) -> Iterator[_RecordT]:
        """Iterate over the records that match, in their order.

        Raises:
            TypeError: for what gives no records, such as a text, a file, a frame or one record.

        Example:
            >>> list(compile("score>=10").filter([{"score": 9}, {"score": 10}]))
            [{'score': 10}]
        """
        if type(records) is not list:
            expect_records(records)
            return filter(self.matches, records)
        # Looking ahead in what is there already saves a third of the time.
        if len(records) <= _CHUNK:
            return iter(self._select(records))
        return chain.from_iterable(self._selections(records))

    def _selections(self, records: Sequence[_RecordT]) -> Iterator[list[_RecordT]]:
        for start in range(0, len(records), _CHUNK):
            yield self._select(records[start : start + _CHUNK])

    def explain(self, record: object) -> Explanation:
        """Return which clauses decided about a record, and on what values.

        Example:
            >>> print(compile("countryCode==US;score>=10").explain({"countryCode": "us"}))
            no match
            filter 1 does not match: countryCode==US;score>=10
              yes  countryCode==US: 'us'
              no   score>=10: missing
        """
        return Explanation(
            [
                FilterExplanation(filter_, _verdicts(bound, record))
                for filter_, bound in zip(self.filters, self._bound, strict=True)
            ]
        )

    def __reduce__(self) -> tuple[type[Matcher], tuple[FilterSet, Schema | None]]:
        return type(self), (self.filters, self.schema)

    def __repr__(self) -> str:
        return f"Matcher({self.filters!r})"


# The slot itself: calling a matcher calls what stands there, without a method between.
Matcher.__call__ = Matcher.matches  # type: ignore[method-assign,assignment,misc]  # see above


class Verdict(Immutable):
    """What one clause, or clauses that one element had to satisfy together, said of a record.

    Fields: `clauses`; `matched`; `values`, for each clause the tuple of values that its name led
    to, empty where it is missing; `through`, the name of the list of objects that the names go
    through, or None; `dates`, the clauses that compare with a date, by a schema, for which numbers
    are epoch milliseconds.
    """

    __slots__ = ("clauses", "dates", "matched", "through", "values")
    __match_args__ = ("clauses", "matched", "values", "through", "dates")
    clauses: tuple[Clause, ...]
    matched: bool
    values: tuple[tuple[object, ...], ...]
    through: str | None
    dates: tuple[Clause, ...]

    def __init__(
        self,
        clauses: Iterable[Clause],
        matched: bool,
        values: Iterable[tuple[object, ...]],
        through: str | None = None,
        dates: Iterable[Clause] = (),
    ) -> None:
        _set(self, "clauses", tuple(clauses))
        _set(self, "matched", matched)
        _set(self, "values", tuple(values))
        _set(self, "through", through)
        _set(self, "dates", tuple(dates))

    def __repr__(self) -> str:
        # Values of a record are written as their classes like, or not at all.
        values = [f"({''.join(f'{shown(value)}, ' for value in found)})" for found in self.values]
        dates = f", {self.dates!r}" if self.dates else ""
        return (
            f"Verdict({self.clauses!r}, {self.matched}, [{', '.join(values)}], {self.through!r}"
            f"{dates})"
        )

    def __str__(self) -> str:
        verdict = "yes" if self.matched else "no "
        if len(self.clauses) == 1:
            return f"{verdict}  {self._line(self.clauses[0], self.values[0])}"
        number = "an" if self.matched else "no"
        through = showable(self.through or "", _MOST_SHOWN)
        lines = [f"{verdict}  {number} element of {through} satisfies all of these:"]
        lines += [
            f"       {self._line(clause, values)}"
            for clause, values in zip(self.clauses, self.values, strict=True)
        ]
        return "\n".join(lines)

    def _line(self, clause: Clause, values: tuple[object, ...]) -> str:
        return f"{_text_shown(clause)}: {_shown(values, is_date=clause in self.dates)}"


class FilterExplanation(Immutable):
    """What one filter said of a record: `filter`, its `verdicts`, and `matched`."""

    __slots__ = ("filter", "verdicts")
    __match_args__ = ("filter", "verdicts")
    filter: Filter
    verdicts: tuple[Verdict, ...]

    def __init__(self, filter: Filter, verdicts: Iterable[Verdict]) -> None:
        _set(self, "filter", filter)
        _set(self, "verdicts", tuple(verdicts))

    @property
    def matched(self) -> bool:
        """Whether all clauses hold."""
        return all(verdict.matched for verdict in self.verdicts)


class Explanation(Immutable):
    """What a matcher said of a record, and why; `str()` shows it to a person.

    Fields: `filters`, one `FilterExplanation` a filter; `matched`; `decisive`, the verdicts that
    decided: all of the first filter that matches, else those that failed.
    """

    __slots__ = ("filters",)
    __match_args__ = ("filters",)
    filters: tuple[FilterExplanation, ...]

    def __init__(self, filters: Iterable[FilterExplanation]) -> None:
        _set(self, "filters", tuple(filters))

    @property
    def matched(self) -> bool:
        """Whether the record matches."""
        return not self.filters or any(filter_.matched for filter_ in self.filters)

    @property
    def decisive(self) -> tuple[Verdict, ...]:
        """The verdicts that decided."""
        for filter_ in self.filters:
            if filter_.matched:
                return filter_.verdicts
        return tuple(
            verdict
            for filter_ in self.filters
            for verdict in filter_.verdicts
            if not verdict.matched
        )

    def __str__(self) -> str:
        lines = ["match" if self.matched else "no match"]
        if not self.filters:
            lines.append("without any filter everything matches")
        for number, filter_ in enumerate(self.filters, 1):
            verdict = "matches" if filter_.matched else "does not match"
            lines.append(f"filter {number} {verdict}: {_text_shown(filter_.filter)}")
            lines += [
                "  " + line for verdict_ in filter_.verdicts for line in str(verdict_).split("\n")
            ]
        return "\n".join(lines)


def _verdicts(bound: list[BoundClause], record: object) -> list[Verdict]:
    record = record_of(record)
    ends, groups = arrange(bound, record)
    verdicts = [_verdict([clause], record) for clause, _ in ends]
    for group in groups:
        through = ".".join(group.path)
        if any(not member.negative for member in group.members):
            verdicts.append(_verdict(group.members, record, through))
        else:
            verdicts += [_verdict([member], record, through) for member in group.members]
    return verdicts


def _verdict(bound: list[BoundClause], record: object, through: str | None = None) -> Verdict:
    return Verdict(
        [one.clause for one in bound],
        holds(bound, record),
        [tuple(values_at(one.path, record)) for one in bound],
        through,
        [one.clause for one in bound if _is_of_date(one)],
    )


def _is_of_date(bound: BoundClause) -> bool:
    is_empty = bound.clause.expression == ""
    return bound.reading is Reading.INSTANT and not bound.is_pattern and not is_empty


_EPOCH = re.compile(r"-?[0-9]+\Z")
_MOST_VALUES = 5
_MOST_SHOWN = 1000
"""So many characters of a filter are shown."""


def _text_shown(part: Clause | Filter) -> str:
    return showable(str(part), _MOST_SHOWN)


def _shown(values: tuple[object, ...], *, is_date: bool) -> str:
    if not values:
        return "missing"
    shown = [
        _value_shown(value) + (date_beside(value) if is_date else "")
        for value in values[:_MOST_VALUES]
    ]
    if len(values) > _MOST_VALUES:
        shown.append(f"… ({len(values)} values)")
    return ", ".join(shown)


def _value_shown(value: object) -> str:
    if isinstance(value, Instant):
        return str(value)
    try:
        if isinstance(value, str):
            return quoted(value)
        return quoted(str(value) if isinstance(value, Decimal) else repr(value))[1:-1]
    except Exception:  # noqa: BLE001 — rule 8: no content of a record may raise
        return f"a {class_name(value)}"


def date_beside(value: object) -> str:
    """Return the date that epoch milliseconds say, to stand behind them; nothing for all else.

    Example:
        >>> date_beside(1621250919908), date_beside("2021-05-17")
        (' (2021-05-17 11:28:39.908 UTC)', '')
    """
    try:
        value = plain(value)
    except Exception:  # noqa: BLE001 — rule 8, as above
        return ""
    if isinstance(value, date | Instant) or (isinstance(value, str) and not _EPOCH.match(value)):
        return ""
    moment = read_as(Reading.INSTANT, value)
    if isinstance(moment, datetime):
        whole, _, fraction = moment.replace(tzinfo=None).isoformat(" ").partition(".")
        decimals = fraction.removesuffix("000")
        return f" ({whole}{'.' if decimals else ''}{decimals} UTC)"
    return f" ({moment})" if isinstance(moment, Instant) else ""
