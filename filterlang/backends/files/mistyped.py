"""Values of another type than a clause asks for: what is compared, and can't be what was meant.

No such comparison is an error: a date is no number, so none of the numbers passes. But somebody
should say so where it is all that a clause ever meets. A clause that asks for an order says it of
some values too: of numbers that are written as texts those pass that stand behind in the alphabet,
beside a single `NULL` in a column as well. The first records are looked at, by the rules of the
plain judge.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property
from io import BytesIO
from typing import TYPE_CHECKING, assert_never

from filterlang.backends.files.cleaning import SPACES
from filterlang.backends.files.limits import SAMPLE
from filterlang.backends.files.lines import BadRecordError, read_record
from filterlang.backends.files.other_spellings import OtherSpellings
from filterlang.backends.files.written_types import (
    NUMBERS,
    Type,
    are_digits_alike,
    date_of_digits,
    epoch_of,
    is_clock,
    is_ordered_alike,
    is_other_date,
    is_written_date,
    remedy_of_numbers,
    type_of,
    written,
)
from filterlang.diagnostics.diagnostic import quoted, showable
from filterlang.diagnostics.places import by_own_schema, by_schema
from filterlang.schema.binding import bind
from filterlang.semantics.kinds import Kind, kind_of
from filterlang.semantics.paths import values_at
from filterlang.semantics.reading import AS_TEXTS, Reading, read_as
from filterlang.semantics.tests import Always, Equals, Like, Never, Why, Within
from filterlang.semantics.values import (
    is_missing,
    plain,
    read_instant,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from filterlang.backends.files.odd_rows import OddRows
    from filterlang.schema.schema import Schema
    from filterlang.semantics.tests import BoundClause
    from filterlang.syntax.nodes import Filter

_MOST_WORDS = 5
"""More different texts than these hardly stand for nothing."""
_SEVERAL = 3
"""Records that have fewer names of a schema may be any."""
_KEPT = 20
"""So many values and names are kept, to ask of them which schema would help."""


_KINDS = {
    Kind.INTEGER: Type.NUMBER,
    Kind.DECIMAL: Type.NUMBER,
    Kind.DOUBLE: Type.NUMBER,
    Kind.RATIO: Type.NUMBER,
    Kind.BOOLEAN: Type.BOOLEAN,
    Kind.DATE: Type.DATE,
    Kind.MOMENT: Type.DATE,
    Kind.INSTANT: Type.DATE,
}
_DIMENSIONS = {Type.NUMBER: "number", Type.DATE: "datetime", Type.BOOLEAN: "boolean"}


def _mistyped(bound: BoundClause, means_date: Callable[[], bool], value: object) -> Type | None:
    """Return what a value is, if it is compared under another type than the clause asks for.

    `means_date` tells whether the expression may be meant for a date, and is called if a text is
    one: to tell it takes longer than to look at many values.
    """
    kind = kind_of(value)
    test = bound.on(kind)
    match test:
        case Never(Why.UNREADABLE | Why.NO_ORDER):
            if kind is Kind.OPAQUE and bound.reading is not Reading.AS_IS:
                return Type.UNREADABLE
            return _KINDS.get(kind, Type.OBJECT if isinstance(value, Mapping) else Type.OTHER)
        case Equals() | Within() if is_written_date(value) and means_date():
            return Type.WRITTEN_DATE
        case Within(of_text=True) if bound.reading in AS_TEXTS and isinstance(value, str):
            expression = str(bound.clause.expression)
            if bound.reading is not Reading.AS_IS and are_digits_alike(expression, value):
                return None  # A schema says that they are texts, and their order is right.
            if is_clock(expression) and is_clock(value):
                return None if len(expression) == len(value) else Type.OTHER_CLOCK
            is_date = type_of(expression) is Type.TEXT and is_other_date(value)
            if is_date and (is_other_date(expression) or means_date()):
                return None if is_ordered_alike(expression, value) else Type.OTHER_DATE
            return written(expression, value)
        case Never() | Always() | Equals() | Within() | Like():
            return None
        case _:
            assert_never(test)


def _meant(bound: BoundClause) -> list[str]:
    """Return the dates that may be meant by an expression that is none."""
    expression = str(bound.clause.expression)
    if bound.reading not in AS_TEXTS or type_of(expression) is not Type.TEXT:
        return []
    from filterlang.checking.date_mistakes import no_date
    from filterlang.checking.respelling import rewritten

    found = [text for text, _ in rewritten("datetime", expression)]
    wrong = no_date(expression)
    found += wrong.meant if wrong is not None else []
    return [text for text in found if read_instant(text) is not None]


class Suspect:
    """A clause, and the values of other types that it has met so far."""

    def __init__(self, bound: BoundClause) -> None:
        self.bound = bound
        # Of what a schema reads, some that can't be read are no surprise.
        self.asks_for_all = bound.clause.operator.orders and bound.reading in AS_TEXTS
        self.total = 0
        self.count = 0
        self.types: dict[Type, int] = {}
        self.values: list[object] = []
        self.texts: list[str] = []
        """Those that stand for nothing else."""

    @cached_property
    def meant(self) -> list[str]:
        """The dates that may be meant by the expression, which is none."""
        return _meant(self.bound)

    def means_date(self) -> bool:
        """Return whether the expression may be meant for a date."""
        return bool(self.meant)

    def is_cleared_by(self, record: object) -> bool:
        """Look at what a record holds under its name; whether nothing more is to be asked."""
        for value in values_at(self.bound.path, record):
            found = _as_read(self.bound, value)
            if is_missing(found) or found == "":
                continue
            self.total += 1
            type_ = _mistyped(self.bound, self.means_date, found)
            if type_ is Type.TEXT:
                self.texts.append(str(found))
            elif type_ is not None:
                self.count += 1
                self.types[type_] = self.types.get(type_, 0) + 1
                if len(self.values) < _KEPT:
                    self.values.append(value)
            elif not self.asks_for_all:
                return True
        return False

    @property
    def fitting(self) -> int:
        """How many values are of the type that it asks for."""
        return self.total - self.count - len(self.texts)

    @property
    def is_to_be_told(self) -> bool:
        """Whether what it met can't be what was meant.

        Texts among texts may be: `version>=1` is true of `1.2.3`. Among numbers they aren't, nor
        are numbers among texts if the clause asks for a number.
        """
        if not self.types.keys().isdisjoint({Type.OTHER_DATE, Type.OTHER_CLOCK}):
            return True
        if type_of(str(self.bound.clause.expression)) is Type.TEXT and not self.meant:
            return 2 * self.count > self.total
        if self.types.keys() == {Type.UNIT_NUMBER} and not self.fitting:
            # Among other texts it may be one that only looks so.
            return 2 * self.count >= self.total
        return self.count > 0 or (len(self.texts) > 0 and self.fitting > 0)

    def is_helped_by(self, schema: Schema) -> bool:
        """Whether by a schema all values are of the type that the clause asks for."""
        bound = bind(self.bound.clause, schema)
        return bound.reading not in AS_TEXTS and _fit(bound, self.values)

    def would_fit(self, values: Iterable[object]) -> bool:
        """Whether these would be of the type that the clause asks for."""
        return _fit(self.bound, values)


def _fit(bound: BoundClause, values: Iterable[object]) -> bool:
    read = [_as_read(bound, value) for value in values]
    return all(is_missing(one) or _mistyped(bound, bool, one) is None for one in read)


def _as_read(bound: BoundClause, value: object) -> object:
    return read_as(bound.reading, plain(value))


class Mistyped:
    """The clauses of filters that meet only values of other types.

    Args:
        filters: whose clauses are looked at.
        schema: says how values are read.
        known: returns the schemas that may be meant, by the names that people give.
        text: whether all cells are texts, so that no other type was expected: it is told of spaces
            around them only.
        in_python: whether the remedies are for who calls the library, not for the command.

    Attributes:
        are_cells: whether records are rows of cells, which can be read in other ways.
        can_trim: whether they are that, or rows of a workbook.
        decimal: what stands before the decimals of numbers in cells, as somebody says.
        told_of: where the names lead of whose values something was said.
        dimension_of_cells: returns the type of a column that was found, as a schema calls it.
        beside: names beside those of the filters that are asked for.
    """

    are_cells: bool
    can_trim: bool
    decimal: str
    told_of: set[tuple[str, ...]]
    dimension_of_cells: Callable[[str], str | None]
    beside: Iterable[str]

    def __init__(
        self,
        filters: Iterable[Filter],
        schema: Schema | None,
        known: Callable[[], Mapping[str, Schema]] = dict,
        *,
        text: bool = False,
        in_python: bool = False,
    ) -> None:
        bound = {clause: bind(clause, schema) for filter_ in filters for clause in filter_}
        asking = [one for one in bound.values() if not (one.is_pattern or one.of_missing)]
        self._clauses = [*bound]
        self._suspects = [] if text else [Suspect(one) for one in asking]
        self._spellings = OtherSpellings(
            [
                (one.clause, one.path)
                for one in asking
                if one.reading in AS_TEXTS and isinstance(one.on(Kind.TEXT), Equals)
            ],
            [(one.clause, one.path) for one in bound.values() if one.of_missing],
        )
        self._known = known
        self._in_python = in_python
        self._odd_rows: OddRows | None = None
        self._may_be_numbers = schema is None and not text
        self.are_cells, self.can_trim, self.decimal = False, False, "."
        self.told_of = set()
        self.dimension_of_cells = lambda _: None
        self.beside = ()
        self._schema = schema
        self._seen = 0
        self._names: dict[str, None] = {}

    @property
    def is_done(self) -> bool:
        """Whether nothing more is to be seen."""
        is_bare = self._spellings.is_done and not self.can_trim
        return self._seen >= SAMPLE or (not self._suspects and is_bare)

    def see_header(self, names: Sequence[str], *, are_cells: bool) -> None:
        """Note the names of cells, or of the cells of a workbook, which come next."""
        self.can_trim, self.are_cells = True, are_cells
        if self._odd_rows is None:
            from filterlang.backends.files.odd_rows import OddRows

            self._odd_rows = OddRows()
        self._odd_rows.begin(names[0], is_whole=self._seen < SAMPLE)

    def see_records(self, records: Iterable[Mapping[str, object]]) -> None:
        """Look at records, as long as there is something to be seen."""
        for record in records:
            if self.is_done:
                return
            self._seen += 1
            self._suspects = [one for one in self._suspects if not one.is_cleared_by(record)]
            self._spellings.see(record, are_cells=self.can_trim)
            if self._odd_rows is not None:
                self._odd_rows.see(record)
            if self._seen <= _KEPT:
                self._names |= dict.fromkeys(record)

    def see_block(self, block: bytes | None) -> None:
        """Look at a block of lines, of which some may be no records; None for one too long."""
        if block is not None and not self.is_done:
            self.see_records(_records(BytesIO(block)))

    def tell(self) -> list[str]:
        """Say of each clause what it met instead, and what to do."""
        suspects = [one for one in self._suspects if one.is_to_be_told]
        told = [self._told(one) for one in suspects]
        self.told_of.update(one.bound.path for one in suspects)
        self._suspects.clear()
        where = f"in the first {SAMPLE:,} records " if self._seen >= SAMPLE else ""
        comma = 'decimal=","' if self._in_python else "--decimal comma"
        told += self._spellings.tell(
            where,
            trimming=self._trimming,
            comma=comma
            if self.are_cells and self._may_be_numbers and self.decimal == "."
            else None,
            null=self._null,
        )
        if self._odd_rows is not None:
            told += self._odd_rows.tell(is_whole=self._seen < SAMPLE)
        return told

    def _null(self, word: str) -> str:
        return f"null={word!r}" if self._in_python else f"--null {shlex.quote(word)}"

    @property
    def _trimming(self) -> str:
        return "trim=True" if self._in_python else "--trim"

    def _told(self, suspect: Suspect, head: str | None = None, reason: str | None = None) -> str:
        count = suspect.count + len(suspect.texts)
        counted = "the one value is"
        if count < suspect.total:
            counted = f"{count:,} of {suspect.total:,} values {'is' if count == 1 else 'are'}"
        elif count > 1:
            counted = f"all {count:,} values are"
        if self._seen >= SAMPLE:
            counted = f"in the first {SAMPLE:,} records {counted}"
        types = [one.value[0 if count == 1 else 1] for one in suspect.types]
        if suspect.texts:
            types.append(f"{Type.TEXT.value[0 if count == 1 else 1]} such as {_example(suspect)}")
        head = head or f"wrong type in {quoted(str(suspect.bound.clause))}"
        told = f"{head}: {counted} {' or '.join(types)}"
        remedy = self._remedy(suspect)
        options = self._options(suspect) if self.are_cells else None
        if options is not None and (remedy is None or not remedy.startswith("say ")):
            remedy = f"say {options}"
        elif options is not None and remedy is not None:
            remedy = f"say {options}, or {remedy.removeprefix('say ')}"
        reason = _reason(suspect) if reason is None else reason
        return f"{told}{reason}{f'; {remedy}' if remedy else ''}"

    # --- Remedies ---------------------------------------------------------------------------------

    def _remedy(self, suspect: Suspect) -> str | None:
        bound = suspect.bound
        clause = bound.clause
        expression = str(clause.expression)
        if bound.reading not in AS_TEXTS:
            return "correct the schema, or the records"
        asked, met = type_of(expression), set(suspect.types)
        if Type.OTHER_DATE in met:
            return "write them as 2024-01-31 is written; in other spellings they have no order"
        if Type.OTHER_CLOCK in met:
            return "write all with the same digits, as in 09:15"
        if suspect.meant:
            return f"write {' or '.join(suspect.meant)}"
        if met == {Type.BOOLEAN} and not suspect.texts:
            return "ask by == or !=" if clause.operator.orders else "write true or false"
        if met == {Type.OBJECT}:
            return _key_of(clause.name, suspect.values)
        says_comma = self.are_cells and self.decimal == ","
        if remedy := remedy_of_numbers(met, suspect.values, says_comma=says_comma):
            return remedy
        if named := self._named(suspect):
            return named
        if met == {Type.NUMBER} and asked is Type.DATE and not suspect.fitting:
            return epoch_of(expression, suspect.values)
        if asked is Type.NUMBER and met <= {Type.DATE, Type.WRITTEN_DATE}:
            # A number that is a date without its signs needs no schema.
            is_first = str(clause.operator) in {"<", ">="}
            if meant := date_of_digits(expression, is_first=is_first):
                return f"write {meant}"
            if met == {Type.DATE}:
                return "write a date, such as 2024-01-31"
        type_ = self._type_of_own(suspect)
        if type_ is None:
            return None
        return self._by_own_schema(self._types_beside(clause.name) | {clause.name: type_})

    def _type_of_own(self, suspect: Suspect) -> str | None:
        """Return the type by which a schema of one's own reads the values as is asked for."""
        clause = suspect.bound.clause
        asked = type_of(str(clause.expression))
        if asked not in _DIMENSIONS or (self.are_cells and self.decimal == ","):
            return None  # A schema reads no comma.
        type_ = "datetime" if suspect.types.keys() == {Type.WRITTEN_DATE} else _DIMENSIONS[asked]
        from filterlang.schema.schema import Schema

        return type_ if suspect.is_helped_by(Schema({clause.name: type_}, is_open=True)) else None

    def _types_beside(self, name: str) -> dict[str, str]:
        """Return the types of other names that are asked for, which a schema has to say as well.

        Beside a schema none are found of cells; and another clause may need one, too.
        """
        types = {}
        others = dict.fromkeys([*(clause.name for clause in self._clauses), *self.beside])
        for other in others if self._schema is None else ():
            found = self.dimension_of_cells(other)
            if found is not None and other != name:
                types[other] = found
        for suspect in self._suspects:
            other = suspect.bound.clause.name
            found = self._type_of_own(suspect) if suspect.is_to_be_told else None
            if found is not None and other != name:
                types[other] = found
        return types

    def _by_own_schema(self, types: Mapping[str, str]) -> str:
        """Return what to do to have values read as of these types."""
        if self._schema is not None:
            return f"say {in_schema(types)}"
        data = {"dimensions": types, "open": True}
        if self._in_python:
            return f"say schema=Schema.from_dict({data!r})"
        return by_own_schema(showable(json.dumps(data, ensure_ascii=False)))

    def _options(self, suspect: Suspect) -> str | None:
        """Return the options by which the cells of a column of texts are read as is asked for."""
        bound = suspect.bound
        is_asked = type_of(str(bound.clause.expression)) is Type.NUMBER
        bare = [value.strip(SPACES) for value in suspect.values if isinstance(value, str)]
        texts = [text.strip(SPACES) for text in suspect.texts]
        is_padded = bare != suspect.values or texts != suspect.texts
        if bound.reading not in AS_TEXTS:
            return self._of_typed(suspect, bare, is_padded=is_padded)
        words = dict.fromkeys(texts)
        if not is_asked or len(words) > _MOST_WORDS:
            return None
        # The playground, which has no cells, doesn't load what reads them.
        from filterlang.backends.files.cell_types import mark_of_decimals

        values = bare if is_padded else [str(value) for value in suspect.values]
        decimal = mark_of_decimals(values)
        # A word with a digit is a value of its own, which would be lost.
        is_lost = any(character.isdigit() for word in words for character in word)
        is_point = self.decimal == "," and any("." in value for value in values)
        if decimal is None or not values or is_lost or is_point:
            return None
        is_new = decimal == "," != self.decimal
        if self._schema is not None:
            comma = 'decimal=","' if self._in_python else "--decimal comma"
            name = bound.clause.name
            return f"{comma} and {in_schema({name: 'number'})}" if is_new else None
        if self._in_python:
            said = [self._trimming] * is_padded + ['decimal=","'] * is_new
            return ", ".join([*said, *([f"null={[*words]}"] if words else [])]) or None
        options = [self._trimming] * is_padded + ["--decimal comma"] * is_new
        return " ".join([*options, *(f"--null {shlex.quote(word)}" for word in words)]) or None

    def _of_typed(self, suspect: Suspect, bare: list[str], *, is_padded: bool) -> str | None:
        """Return the options by which a schema reads cells as it says that they are."""
        # The playground, which has no cells, doesn't load what reads them.
        from filterlang.backends.files.cell_types import mark_of_decimals

        options = [self._trimming] * is_padded
        if suspect.bound.reading is Reading.NUMBER and self.decimal == ".":
            if mark_of_decimals(bare) != ",":
                return self._trimming if is_padded and suspect.would_fit(bare) else None
            options.append('decimal=","' if self._in_python else "--decimal comma")
            return (", " if self._in_python else " ").join(options)
        return self._trimming if is_padded and suspect.would_fit(bare) else None

    def _named(self, suspect: Suspect) -> str | None:
        """Name the schema that the records seem to follow, if it reads the values as asked for."""
        # With the schema the names that it lacks would be mistakes, those of records too.
        asked = [clause.name for clause in self._clauses]
        asked = [name for name in asked if {name, name.partition(".")[0]} & self._names.keys()]
        shares: dict[str, int] = {}
        for name, schema in self._known().items():
            found = [key for key in self._names if schema.find(key) is not None]
            share = len(found)
            # Anybody's records may have an id, an email and a title.
            is_of_api = share >= _SEVERAL and any(key != key.lower() for key in found)
            knows_all = all(schema.find(one) is not None for one in asked)
            is_followed = is_of_api and knows_all and 2 * share >= len(self._names)
            if is_followed and suspect.is_helped_by(schema):
                shares[name] = share
        names = [name for name, share in shares.items() if share == max(shares.values())]
        return by_schema(names) if names else None


def in_schema(types: Mapping[str, str]) -> str:
    """Return how types of names are written in the file of a schema.

    Example:
        >>> in_schema({"score": "number"})
        '"score": "number" in the schema'
    """
    return f"{showable(json.dumps(types, ensure_ascii=False)[1:-1])} in the schema"


def _reason(suspect: Suspect) -> str:
    expression = str(suspect.bound.clause.expression)
    if Type.UNREADABLE in suspect.types:
        return ""
    is_boolean = suspect.types.keys() == {Type.BOOLEAN} and not suspect.texts
    if is_boolean and suspect.bound.clause.operator.orders:
        return ", which have no order" if suspect.count > 1 else ", which has no order"
    asked = type_of(expression)
    if suspect.types and suspect.types.keys() <= NUMBERS and asked is Type.NUMBER:
        return ", so '10' is less than '9'"
    if Type.OTHER_CLOCK in suspect.types:
        return f" than {quoted(expression)}, so '9:15' is more than '10:00'"
    if Type.OTHER_DATE in suspect.types and is_other_date(expression):
        return f", and so is {quoted(expression)}"
    if suspect.meant:
        return f", and {quoted(expression)} is compared as a text"
    return f", and {quoted(expression)} is {asked.value[0]}"


def _example(suspect: Suspect) -> str:
    return quoted(min(suspect.texts, key=len))


def _key_of(name: str, values: list[object]) -> str | None:
    keys = [key for value in values if isinstance(value, Mapping) for key in value]
    named = [f"{name}.{key}" for key in dict.fromkeys(keys) if isinstance(key, str)]
    return f"name one of its keys, such as {quoted(named[0])}" if named else None


def _records(lines: Iterable[bytes]) -> Iterator[dict[str, object]]:
    for line in lines:
        with suppress(BadRecordError):
            record = read_record(line)
            if record is not None:
                yield record
