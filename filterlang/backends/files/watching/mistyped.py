"""Values of another type than a clause asks for: what is compared, and can't be what was meant.

No such comparison is an error: a date is no number, so none of the numbers passes. But somebody
should say so where it is all that a clause ever meets. A clause that asks for an order says it of
some values too: of numbers that are written as texts those pass that stand behind in the alphabet,
beside a single `NULL` in a column as well. The first records are looked at, by the rules of the
plain judge.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from contextlib import suppress
from io import BytesIO
from typing import TYPE_CHECKING

from filterlang.backends.files.cleaning import SPACES
from filterlang.backends.files.json_records.lines import BadRecordError, read_record
from filterlang.backends.files.limits import SAMPLE
from filterlang.backends.files.typed_texts.other_spellings import OtherSpellings
from filterlang.backends.files.typed_texts.written_types import (
    NUMBERS,
    Type,
    date_of_digits,
    epoch_of,
    is_other_date,
    may_be_grouped,
    numbers_to_write,
    remedy_of_numbers,
    type_of,
)
from filterlang.backends.files.watching.empty_texts import EmptyTexts
from filterlang.backends.files.watching.suspects import (
    MOST_KEPT,
    PatternSuspect,
    Suspect,
    asks_for_equal_text,
)
from filterlang.diagnostics.diagnostic import quoted, showable
from filterlang.diagnostics.places import by_own_schema, by_schema
from filterlang.schema.binding import bind
from filterlang.semantics.reading import AS_TEXTS, Reading
from filterlang.semantics.values import is_number
from filterlang.syntax.nodes import Clause

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from filterlang.backends.files.cells.header_names import Header
    from filterlang.backends.files.cells.names_again import NamesAgain
    from filterlang.backends.files.cells.odd_rows import OddRows
    from filterlang.backends.files.watching.json_cells import JsonCells
    from filterlang.schema.schema import Schema
    from filterlang.syntax.nodes import Filter

_NEGATIVE = re.compile(r"([0-9]+(?:\.[0-9]+)?)-|\(([0-9]+(?:\.[0-9]+)?)\)")
_MOST_WORDS = 5
"""More different texts than these hardly stand for nothing."""
_SEVERAL = 3
"""Records that have fewer names of a schema may be any."""
_DIMENSIONS = {Type.NUMBER: "number", Type.DATE: "datetime", Type.BOOLEAN: "boolean"}


class Mistyped:
    """The clauses of filters that meet only values of other types.

    Args:
        filters: whose clauses are looked at.
        schema: says how values are read.
        known: returns the schemas that may be meant, by the names that people give.
        text: whether all cells are texts, so that no other type was expected: it is told of spaces
            around them, and once of the order of numbers.
        in_python: whether the remedies are for who calls the library, not for the command.

    Attributes:
        are_cells: whether records are rows of cells, which can be read in other ways.
        can_trim: whether they are that, or rows of a workbook.
        decimal: what stands before the decimals of numbers in cells, as somebody says.
        told_of: where the names lead of whose values something was said.
        dimension_of_cells: returns the type of a column that was found, as a schema calls it.
        beside: names beside those of the filters that are asked for.
        again: looks whether rows of cells are their names again; None before there are any.
    """

    are_cells: bool
    can_trim: bool
    decimal: str
    told_of: set[tuple[str, ...]]
    dimension_of_cells: Callable[[str], str | None]
    beside: Iterable[str]
    again: NamesAgain | None

    def __init__(
        self,
        filters: Iterable[Filter],
        schema: Schema | None,
        known: Callable[[], Mapping[str, Schema]] = dict,
        *,
        text: bool = False,
        in_python: bool = False,
    ) -> None:
        filters = [*filters]
        bound = {clause: bind(clause, schema) for filter_ in filters for clause in filter_}
        self._empty = EmptyTexts(filters, bound)
        self._json: JsonCells | None = None
        asking = [one for one in bound.values() if not (one.is_pattern or one.of_missing)]
        patterns = [one for one in bound.values() if one.is_pattern and not text]
        self._clauses = [*bound]
        self._suspects = [Suspect(one) for one in asking if not text or one.clause.operator.orders]
        self._suspects += map(PatternSuspect, patterns)
        self._is_text = text
        self._spellings = OtherSpellings(
            [(one.clause, one.path) for one in asking if asks_for_equal_text(one)],
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
        self.again = None
        self._schema = schema
        self._seen = 0
        self._names: dict[str, None] = {}

    @property
    def is_done(self) -> bool:
        """Whether nothing more is to be seen."""
        is_bare = self._spellings.is_done and not self.can_trim
        return self._seen >= SAMPLE or (not self._suspects and is_bare)

    def take_cells_of(self, other: Mistyped) -> None:
        """Take over what another knows of the cells that both are shown."""
        self.are_cells, self.decimal, self.again = other.are_cells, other.decimal, other.again
        self.dimension_of_cells = other.dimension_of_cells

    def see_header(self, header: Header, *, are_cells: bool) -> None:
        """Note the names of cells, or of the cells of a workbook, which come next."""
        self.can_trim, self.are_cells = True, are_cells
        # Of cells those that are numbers aren't among what is shown.
        self._names |= dict.fromkeys(header.names)
        if self._odd_rows is None or self.again is None or self._json is None:
            from filterlang.backends.files.cells.names_again import NamesAgain
            from filterlang.backends.files.cells.odd_rows import OddRows
            from filterlang.backends.files.watching.json_cells import JsonCells

            self._odd_rows, self.again = OddRows(), NamesAgain()
            self._json = JsonCells(self._clauses)
        self._json.begin(header.delimiter)
        self._odd_rows.begin(header.names, is_whole=self._seen < SAMPLE)
        self.again.begin(header)

    def see_records(self, records: Iterable[Mapping[str, object]]) -> None:
        """Look at records, as long as there is something to be seen."""
        for record in records:
            if self.is_done:
                return
            self._seen += 1
            if self.again is not None and self.again.are_in(record):
                continue
            self._suspects = [one for one in self._suspects if not one.is_cleared_by(record)]
            self._spellings.see(record, are_cells=self.can_trim)
            self._empty.see(record)
            if self._odd_rows is not None:
                self._odd_rows.see(record)
            if self._json is not None:
                self._json.see(record)
            if self._seen <= MOST_KEPT:
                self._names |= dict.fromkeys(record)

    def see_block(self, block: bytes | None) -> None:
        """Look at a block of lines, of which some may be no records; None for one too long."""
        if block is not None and not self.is_done:
            self.see_records(_records(BytesIO(block)))

    def tell(self) -> list[str]:
        """Say of each clause what it met instead, and what to do."""
        for one in self._suspects:
            one.settle()
        of_json = {} if self._json is None else self._json.told()
        self._suspects = [one for one in self._suspects if one.bound.clause.name not in of_json]
        suspects = [one for one in self._suspects if self._is_to_be_told(one)]
        told = self._told_once() if self._is_text else [self._told(one) for one in suspects]
        self.told_of.update(one.bound.path for one in suspects)
        numbers = [one for one in self._suspects if self._are_numbers(one)]
        # Once they are read as they are meant, an empty cell among these is no text.
        told += self._empty.told(self._where, {one.bound.clause for one in suspects + numbers})
        self._suspects.clear()
        told += of_json.values()
        told += self._spellings.tell(
            self._where,
            of_json,
            trimming=self._trimming if self.can_trim else None,
            comma=self._comma
            if self.are_cells and self._may_be_numbers and self.decimal == "."
            else None,
            null=self._null,
        )
        if self._odd_rows is not None:
            told += self._odd_rows.tell(is_whole=self._seen < SAMPLE)
        # What is said of values holds once these rows are left out.
        return self.again.told(are_cells=self.are_cells) + told if self.again is not None else told

    def has_names_again(self) -> bool:
        """Return whether rows of cells were found that are the names of their columns again."""
        return self.again is not None and self.again.is_found

    def _is_to_be_told(self, suspect: Suspect) -> bool:
        """Whether what a clause met is to be told, and isn't owed to names among the cells."""
        if self.has_names_again() and self._are_numbers(suspect):
            return False
        return suspect.is_to_be_told

    def _are_numbers(self, suspect: Suspect) -> bool:
        """Whether all that a clause met are texts that would be numbers without other cells."""
        from filterlang.backends.files.cells.written_cells import mark_of_decimals

        is_of_numbers = suspect.types.keys() == {Type.WRITTEN_NUMBER}
        values = map(str, suspect.values)
        return (
            is_of_numbers
            and suspect.count == suspect.total
            and mark_of_decimals(values) == self.decimal
        )

    def _null(self, word: str) -> str:
        return f"null={word!r}" if self._in_python else f"--null {shlex.quote(word)}"

    @property
    def _trimming(self) -> str:
        return "trim=True" if self._in_python else "--trim"

    @property
    def _comma(self) -> str:
        return 'decimal=","' if self._in_python else "--decimal comma"

    @property
    def _where(self) -> str:
        return f"in the first {SAMPLE:,} records " if self._seen >= SAMPLE else ""

    def _told_once(self) -> list[str]:
        """Say once that numbers are compared as texts, since somebody says that all cells are."""
        for one in self._suspects if self.are_cells else ():
            if one.differs and self._are_numbers(one):
                option = "text=True" if self._in_python else "--text"
                clause = quoted(str(one.bound.clause))
                order = f"{option} compares numbers as texts, so in {clause} '10' is less than '9'"
                return [f"{order}; leave it out"]
        return []

    def _told(self, suspect: Suspect, head: str | None = None, reason: str | None = None) -> str:
        count = suspect.count + len(suspect.texts)
        counted = "the one value is"
        if count < suspect.total:
            counted = f"{count:,} of {suspect.total:,} values {'is' if count == 1 else 'are'}"
        elif count > 1:
            counted = f"all {count:,} values are"
        counted = f"{self._where}{counted}"
        types = [suspect.words(one) for one in suspect.types]
        if suspect.texts:
            types.append(f"{Type.TEXT.value[0 if count == 1 else 1]} such as {_example(suspect)}")
        head = head or f"wrong type in {quoted(str(suspect.bound.clause))}"
        told = f"{head}: {counted} {' or '.join(types)}"
        options = self._options(suspect) if self.are_cells else None
        remedy = self._remedy(suspect, self._trimming if self.are_cells and not options else None)
        if options is not None and (remedy is None or not remedy.startswith("say ")):
            remedy = f"say {options}"
        elif options is not None and remedy is not None:
            remedy = f"say {options}, or {remedy.removeprefix('say ')}"
        if options is not None and self._comma in options and _may_be_grouped(suspect):
            remedy = f"{remedy} {_IF_DECIMALS}"
        if suspect.number is not None and suspect.types.keys() <= NUMBERS:
            write = f"write {suspect.number}"
            remedy = write if remedy is None else f"{remedy}, and {write}"
        reason = _reason(suspect) if reason is None else reason
        return f"{told}{reason}{f'; {remedy}' if remedy else ''}"

    # --- Remedies ---------------------------------------------------------------------------------

    def _remedy(self, suspect: Suspect, trimming: str | None) -> str | None:
        bound = suspect.bound
        clause = bound.clause
        expression = str(clause.expression)
        if bound.reading not in AS_TEXTS:
            return "correct the schema, or the records"
        asked, met = suspect.asked, set(suspect.types)
        if met == {Type.OBJECT} or bound.is_pattern:
            return _key_of(clause.name, suspect.values)
        if Type.OTHER_DATE in met:
            return "write them as 2024-01-31 is written; in other spellings they have no order"
        if Type.OTHER_CLOCK in met:
            return "write all with the same digits, as in 09:15"
        is_word = met == {Type.WRITTEN_DATE} and asked is Type.TEXT
        if Type.SPELLED_DATE in met or suspect.meant or is_word:
            return self._remedy_of_dates(suspect)
        if met == {Type.NUMBER} and (numbers := numbers_to_write(expression)):
            return f"write {numbers}"
        if met == {Type.BOOLEAN} and not suspect.texts:
            return "ask by == or !=" if clause.operator.orders else "write true or false"
        says_comma = self.are_cells and self.decimal == ","
        if remedy := remedy_of_numbers(
            met, suspect.values, says_comma=says_comma, trimming=trimming
        ):
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
            return _in_digits(suspect) if asked is Type.NUMBER and met <= NUMBERS else None
        return self._by_own_schema(self._types_beside(clause.name) | {clause.name: type_})

    def _type_of_own(self, suspect: Suspect) -> str | None:
        """Return the type by which a schema of one's own reads the values as is asked for."""
        clause = suspect.bound.clause
        asked = suspect.asked
        if asked not in _DIMENSIONS or (self.are_cells and self.decimal == ","):
            return None  # A schema reads no comma.
        if asked is Type.NUMBER and any(map(_negative, suspect.texts)):
            return None  # Where a schema says numbers, these would be lost.
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

    def _remedy_of_dates(self, suspect: Suspect) -> str:
        """Return the date to write as the values are spelled, or as others are read."""
        from filterlang.backends.files.typed_texts.date_texts import date_to_write, respelled_for

        clause = suspect.bound.clause
        if Type.SPELLED_DATE in suspect.types and suspect.dates is not None:
            written = suspect.dates.respelled()
            if written is not None:
                return f"write {quoted(str(Clause(clause.name, clause.operator, written)))}"
            return self._by_dates(clause, suspect.dates.strict)
        if suspect.meant and not suspect.means_period:
            meant = [respelled_for(clause, one, suspect.values) for one in suspect.meant]
            return f"write {' or '.join(meant)}"
        return f"write {date_to_write(clause)}"

    def _by_dates(self, clause: Clause, strict: str) -> str:
        """Return what to do about dates that are spelled in several ways."""
        remedy = self._by_own_schema(self._types_beside(clause.name) | {clause.name: "datetime"})
        if strict == str(clause.expression):
            return remedy
        written = quoted(str(Clause(clause.name, clause.operator, strict)))
        return f"write {written}, and {remedy}"

    def _options(self, suspect: Suspect) -> str | None:
        """Return the options by which the cells of a column of texts are read as is asked for."""
        bound = suspect.bound
        is_asked = suspect.asked is Type.NUMBER
        bare = [value.strip(SPACES) for value in suspect.values if isinstance(value, str)]
        texts = [text.strip(SPACES) for text in suspect.texts]
        is_padded = bare != suspect.values or texts != suspect.texts
        if bound.reading not in AS_TEXTS:
            return self._of_typed(suspect, bare, is_padded=is_padded)
        words = dict.fromkeys(texts)
        if not is_asked or len(words) > _MOST_WORDS:
            return None
        # The playground, which has no cells, doesn't load what reads them.
        from filterlang.backends.files.cells.written_cells import mark_of_decimals

        values = bare if is_padded else [str(value) for value in suspect.values]
        decimal = mark_of_decimals(values)
        # A word with a digit is a value of its own, which would be lost.
        is_lost = any(character.isdigit() for word in words for character in word)
        is_point = self.decimal == "," and any("." in value for value in values)
        if decimal is None or not values or is_lost or is_point:
            return None
        is_new = decimal == "," != self.decimal
        if self._schema is not None:
            name = bound.clause.name
            return f"{self._comma} and {in_schema({name: 'number'})}" if is_new else None
        options = [self._trimming] * is_padded + [self._comma] * is_new
        if self._in_python:
            return ", ".join([*options, *([f"null={[*words]}"] if words else [])]) or None
        return " ".join([*options, *(f"--null {shlex.quote(word)}" for word in words)]) or None

    def _of_typed(self, suspect: Suspect, bare: list[str], *, is_padded: bool) -> str | None:
        """Return the options by which a schema reads cells as it says that they are."""
        # The playground, which has no cells, doesn't load what reads them.
        from filterlang.backends.files.cells.written_cells import mark_of_decimals

        is_new = suspect.bound.reading is Reading.NUMBER and self.decimal == "."
        if is_new and mark_of_decimals(bare) == ",":
            options = [self._trimming] * is_padded + [self._comma]
            return (", " if self._in_python else " ").join(options)
        return self._trimming if is_padded and suspect.would_fit(bare) else None

    def schema_for(self, clause: Clause, values: list[object]) -> str | None:
        """Return how to say the schema by which numbers in cells are read as a clause asks for."""
        suspect = Suspect(bind(clause, self._schema))
        suspect.values = values
        return self._named(suspect)

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


_IF_DECIMALS = "if the commas stand before decimals; if between thousands, take them away"


def _may_be_grouped(suspect: Suspect) -> bool:
    return may_be_grouped([one.strip(SPACES) for one in suspect.values if isinstance(one, str)])


def _reason(suspect: Suspect) -> str:
    expression = str(suspect.bound.clause.expression)
    if Type.UNREADABLE in suspect.types:
        return ""
    if suspect.bound.is_pattern:
        return f", which {'have' if suspect.count > 1 else 'has'} no text"
    is_boolean = suspect.types.keys() == {Type.BOOLEAN} and not suspect.texts
    if is_boolean and suspect.bound.clause.operator.orders:
        return ", which have no order" if suspect.count > 1 else ", which has no order"
    if suspect.types and suspect.types.keys() <= NUMBERS and suspect.asked is Type.NUMBER:
        reason = ", so '10' is less than '9'"
        if suspect.number is None:
            return reason
        return f", and {quoted(expression)} is compared as a text{reason}"
    if Type.SPELLED_DATE in suspect.types:
        return ""
    if Type.OTHER_CLOCK in suspect.types:
        return f" than {quoted(expression)}, so '9:15' is more than '10:00'"
    if Type.OTHER_DATE in suspect.types and is_other_date(expression):
        return f", and so is {quoted(expression)}"
    if suspect.meant:
        return f", and {quoted(expression)} is compared as a text"
    return f", and {quoted(expression)} is {type_of(expression).value[0]}"


def _in_digits(suspect: Suspect) -> str | None:
    """Return how numbers are to be written that no option and no schema reads."""
    for value in [*suspect.texts, *suspect.values]:
        text = str(value)
        number = _negative(text) or (None if is_number(text) else numbers_to_write(text))
        if number is not None:
            return f"write them in plain digits, such as {number} for {quoted(text)}"
    return None


def _negative(text: str) -> str | None:
    """Return the number that `95-` and `(95)` stand for; None for what is written otherwise."""
    found = _NEGATIVE.fullmatch(text)
    number = None if found is None else numbers_to_write(found[1] or found[2])
    return None if number is None else f"-{number}"


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
