"""What to do about values of another type than a clause asks for: what to write, or to say.

Each remedy is one that works when it is followed: a clause to write, an option that reads cells in
another way, a schema that exists, or one of one's own.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from typing import TYPE_CHECKING

from filterlang.backends.files.cleaning import SPACES
from filterlang.backends.files.typed_texts.written_types import (
    NUMBERS,
    Type,
    date_of_digits,
    may_be_grouped,
    numbers_for,
    numbers_to_write,
    remedy_of_numbers,
)
from filterlang.backends.files.watching.suspects import (
    Suspect,
)
from filterlang.diagnostics.diagnostic import quoted, showable
from filterlang.diagnostics.places import by_own_schema, by_schema
from filterlang.schema.binding import bind
from filterlang.semantics.reading import AS_TEXTS, Reading
from filterlang.semantics.values import is_number
from filterlang.syntax.nodes import Clause

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from filterlang.schema.schema import Schema

_NEGATIVE = re.compile(r"([0-9]+(?:\.[0-9]+)?)-|\(([0-9]+(?:\.[0-9]+)?)\)")
_MOST_WORDS = 5
"""More different texts than these hardly stand for nothing."""
_SEVERAL = 3
"""Records that have fewer names of a schema may be any."""
_IF_DECIMALS = "if the commas stand before decimals; if between thousands, take them away"
_DIMENSIONS = {Type.NUMBER: "number", Type.DATE: "datetime", Type.BOOLEAN: "boolean"}


class Remedies:
    """What is known of records, and what helps where clauses meet values of other types.

    Args:
        clauses: what is asked.
        schema: says how values are read.
        known: returns the schemas that may be meant, by the names that people give.
        in_python: whether the remedies are for who calls the library, not for the command.

    Attributes:
        are_cells: whether records are rows of cells, which can be read in other ways.
        decimal: what stands before the decimals of numbers in cells, as somebody says.
        dimension_of_cells: returns the type of a column that was found, as a schema calls it.
        beside: names beside those of the clauses that are asked for.
    """

    are_cells: bool
    decimal: str
    dimension_of_cells: Callable[[str], str | None]
    beside: Iterable[str]

    def __init__(
        self,
        clauses: Iterable[Clause],
        schema: Schema | None,
        known: Callable[[], Mapping[str, Schema]],
        *,
        in_python: bool,
    ) -> None:
        self._clauses = [*clauses]
        self._schema = schema
        self._known = known
        self._in_python = in_python
        self._suspects: list[Suspect] = []
        self._names: dict[str, None] = {}
        self.are_cells, self.decimal = False, "."
        self.dimension_of_cells = lambda _: None
        self.beside = ()

    def _null(self, word: str) -> str:
        return f"null={word!r}" if self._in_python else f"--null {shlex.quote(word)}"

    @property
    def _trimming(self) -> str:
        return "trim=True" if self._in_python else "--trim"

    @property
    def _comma(self) -> str:
        return 'decimal=","' if self._in_python else "--decimal comma"

    def what_helps(self, suspect: Suspect) -> str | None:
        """Return what to do about what a clause met; None where nothing is known to help."""
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
        return remedy

    def _remedy(self, suspect: Suspect, trimming: str | None) -> str | None:
        bound = suspect.bound
        clause = bound.clause
        expression = str(clause.expression)
        if bound.reading not in AS_TEXTS:
            return self._remedy_of_typed(suspect)
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
        if met == {Type.NUMBER} and (numbers := numbers_for(expression, _largest(suspect))):
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
            return _number_of_date(clause, suspect.values)
        if asked is Type.NUMBER and met <= {Type.DATE, Type.WRITTEN_DATE}:
            # A number that is a date without its signs needs no schema.
            is_first = str(clause.operator) in {"<", ">="}
            if meant := date_of_digits(expression, is_first=is_first):
                return f"write {meant}"
            if met == {Type.DATE}:
                return "write a date, such as 2024-01-31"
        type_ = self._type_of_own(suspect)
        if type_ is None:
            return _as_number(suspect) if met <= NUMBERS else None
        return self._by_own_schema(self._types_beside(clause.name) | {clause.name: type_})

    def _remedy_of_typed(self, suspect: Suspect) -> str:
        """Return what to do about values that a schema doesn't read, or reads as other dates."""
        if suspect.numbering is None:
            return "correct the schema, or the records"
        clause = suspect.bound.clause
        from filterlang.backends.files.typed_texts.numbered_dates import number_in

        # What is a text in JSON is a number by the schema alone.
        are_texts = not self.are_cells and any(isinstance(one, str) for one in suspect.values)
        write = _number_of_date(clause, [number_in(one) for one in suspect.values])
        instead = (
            f"say {in_schema({clause.name: 'number'})}" if are_texts else "leave the schema out"
        )
        remedy = "make milliseconds of them"
        return remedy if write is None else f"{remedy}, or {instead} and {write}"

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


def _largest(suspect: Suspect) -> float:
    """Return how large the numbers are that a clause met."""
    numbers = (abs(one) for one in suspect.values if isinstance(one, int | float))
    return max(numbers, default=0)


def _may_be_grouped(suspect: Suspect) -> bool:
    return may_be_grouped([one.strip(SPACES) for one in suspect.values if isinstance(one, str)])


def _number_of_date(clause: Clause, values: list[object]) -> str | None:
    # Hardly a filter asks numbers for a date.
    from filterlang.backends.files.typed_texts.numbered_dates import remedy_of_numbers_for_dates

    return remedy_of_numbers_for_dates(clause, values)


def _as_number(suspect: Suspect) -> str | None:
    """Return what to write among texts that are numbers, for what is asked for."""
    if suspect.asked is Type.NUMBER:
        return _in_digits(suspect)
    is_of_dates = suspect.types.keys() == {Type.WRITTEN_NUMBER} and not suspect.fitting
    if suspect.asked is Type.DATE and is_of_dates and not suspect.texts:
        return _number_of_date(suspect.bound.clause, suspect.values)
    return None


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


def _key_of(name: str, values: list[object]) -> str | None:
    keys = [key for value in values if isinstance(value, Mapping) for key in value]
    named = [f"{name}.{key}" for key in dict.fromkeys(keys) if isinstance(key, str)]
    return f"name one of its keys, such as {quoted(named[0])}" if named else None
