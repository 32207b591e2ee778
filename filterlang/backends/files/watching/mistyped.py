"""Values of another type than a clause asks for: what is compared, and can't be what was meant.

No such comparison is an error: a date is no number, so none of the numbers passes. But somebody
should say so where it is all that a clause ever meets. A clause that asks for an order says it of
some values too: of numbers that are written as texts those pass that stand behind in the alphabet,
beside a single `NULL` in a column as well. The first records are looked at, by the rules of the
plain judge.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any

from filterlang.backends.files.json_records.lines import records_of
from filterlang.backends.files.limits import SAMPLE
from filterlang.backends.files.typed_texts.other_spellings import OtherSpellings
from filterlang.backends.files.typed_texts.written_types import (
    NUMBERS,
    Type,
    is_other_date,
    type_of,
)
from filterlang.backends.files.watching.empty_texts import EmptyTexts
from filterlang.backends.files.watching.suspects import (
    MOST_KEPT,
    PatternSuspect,
    Suspect,
    asks_for_equal_text,
)
from filterlang.backends.files.watching.type_remedies import Remedies
from filterlang.diagnostics.diagnostic import quoted
from filterlang.schema.binding import bind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from filterlang.backends.files.cells.empty_rows import EmptyRows
    from filterlang.backends.files.cells.header_names import Header
    from filterlang.backends.files.cells.names_again import NamesAgain
    from filterlang.backends.files.cells.odd_rows import OddRows
    from filterlang.backends.files.watching.asked_dates import AskedDates
    from filterlang.backends.files.watching.json_cells import JsonCells
    from filterlang.backends.files.watching.left_out_rows import LeftOut
    from filterlang.schema.schema import Schema
    from filterlang.semantics.tests import BoundClause
    from filterlang.syntax.nodes import Filter

_DATE_OR_CLOCK = re.compile("[0-9]{4}-[0-9]{2}-|[0-9]{1,2}:[0-9]{2}")


class Mistyped(Remedies):
    """The clauses of filters that meet only values of other types.

    Args:
        filters: whose clauses are looked at.
        schema: says how values are read.
        known: returns the schemas that may be meant, by the names that people give.
        text: whether all cells are texts, so that no other type was expected: it is told of spaces
            around them, and once of the order of numbers.
        in_python: whether the remedies are for who calls the library, not for the command.

    Attributes, beside those of `Remedies`:
        can_trim: whether records are rows of cells, or of a workbook.
        told_of: where the names lead of whose values something was said.
        inverts: whether the records are wanted that don't pass.
        again: looks whether rows of cells are their names again; None before there are any.
        cells_again: returns what stands in a column in rows that say again what columns are.
        empty_rows: counts those that have nothing but empty cells; None before there are any.
    """

    # Type checkers ask for those of the base that are set here, too.
    are_cells: bool
    decimal: str
    dimension_of_cells: Callable[[str], str | None]
    can_trim: bool
    told_of: set[tuple[str, ...]]
    inverts: bool
    again: NamesAgain | None
    cells_again: Callable[[str], list[str]]
    empty_rows: EmptyRows | None

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
        super().__init__(bound, schema, known, in_python=in_python)
        self._suspects = [Suspect(one) for one in asking if not text or one.clause.operator.orders]
        self._suspects += map(PatternSuspect, patterns)
        self._is_text = text
        self._spellings = OtherSpellings(
            [(one.clause, one.path) for one in asking if asks_for_equal_text(one)],
            [(one.clause, one.path) for one in bound.values() if one.of_missing],
            [one.clause for one in bound.values() if one.is_pattern],
        )
        self._dates = _asked_dates(bound.values())
        self._odd_rows: OddRows | None = None
        self._may_be_numbers = schema is None and not text
        self.can_trim = False
        self.told_of = set()
        self.again = self.empty_rows = None
        self.cells_again = lambda _: []
        self._seen = 0
        self.inverts = False
        self._bound = filters, bound
        self._left_out: LeftOut | None = None

    @property
    def is_done(self) -> bool:
        """Whether nothing more is to be seen."""
        is_bare = self._spellings.is_done and not self.can_trim
        is_bare = is_bare and (self._dates is None or self._dates.is_done)
        return self._seen >= SAMPLE or (not self._suspects and is_bare)

    def take_cells_of(self, other: Mistyped) -> None:
        """Take over what another knows of the cells that both are shown."""
        self.are_cells, self.decimal, self.again = other.are_cells, other.decimal, other.again
        self.dimension_of_cells, self.cells_again = other.dimension_of_cells, other.cells_again

    def see_header(self, header: Header, *, are_cells: bool) -> None:
        """Note the names of cells, or of the cells of a workbook, which come next."""
        self.can_trim, self.are_cells = True, are_cells
        # Of cells those that are numbers aren't among what is shown.
        self._names |= dict.fromkeys(header.names)
        if self._json is None or self._odd_rows is None or not (self.again and self.empty_rows):
            from filterlang.backends.files.cells.empty_rows import EmptyRows
            from filterlang.backends.files.cells.names_again import NamesAgain
            from filterlang.backends.files.cells.odd_rows import OddRows
            from filterlang.backends.files.watching.json_cells import JsonCells
            from filterlang.backends.files.watching.left_out_rows import LeftOut

            left_out = LeftOut(*self._bound, self._dimension_of, inverts=self.inverts)
            self._left_out = left_out
            self._odd_rows = OddRows(left_out.remedy, left_out.passes)
            self.cells_again = self._odd_rows.cells_again
            self.again, self.empty_rows = NamesAgain(), EmptyRows()
            self._json = JsonCells(self._clauses)
        self._json.begin(header.delimiter)
        self._odd_rows.begin(header, is_whole=self._seen < SAMPLE)
        self.again.begin(header)
        self.empty_rows.begin(header.names, header.delimiter)

    def see_rows(
        self,
        lines: Iterable[int | str],
        rows: Iterable[dict[str, Any]],
        texts: Callable[[dict[str, Any]], Mapping[str, object]] | None,
    ) -> None:
        """Look at rows that end in some lines, as long as there is something to be seen.

        `texts` returns the part of a row that is shown to who looks at the types of values.
        """
        for line, row in zip(lines, rows, strict=True):
            if self.is_done:
                return
            if self._odd_rows is not None and not (self.again and self.again.are_in(row)):
                self._odd_rows.see(line, row)
            self.see_records((row if texts is None else texts(row),))

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
            if self._dates is not None:
                self._dates.see(record)
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
        odd, told_first = self._odd_rows, []
        if odd is not None:
            odd.end(is_whole=self._seen < SAMPLE)
            told_first = odd.told_first(one.name for one in self._clauses)
        for one in self._suspects:
            one.settle()
            for cell in self.cells_again(one.bound.clause.name):
                one.forget(cell)
        self._spellings.forget(self.cells_again)
        of_json = {} if self._json is None else self._json.told()
        self._suspects = [one for one in self._suspects if one.bound.clause.name not in of_json]
        suspects = [one for one in self._suspects if self._is_to_be_told(one)]
        known = {one.bound.clause for one in ([] if self._is_text else suspects)}
        of_days = set() if self._dates is None else self._dates.of_days(known)
        suspects = [one for one in suspects if one.bound.clause not in of_days]
        told = self._told_once() if self._is_text else [self._told(one) for one in suspects]
        self.told_of.update(one.bound.path for one in suspects)
        numbers = [one for one in self._suspects if self._are_numbers(one)]
        if self._dates is not None:
            told += self._dates.tell(self._where, of_days, known)
        # Once they are read as they are meant, an empty cell among these is no text.
        told += self._empty.told(self._where, {one.bound.clause for one in suspects + numbers})
        self._suspects.clear()
        told += of_json.values()
        told += self._spellings.tell(
            self._where,
            of_json,
            of_days,
            trimming=self._trimming if self.can_trim else None,
            comma=self._comma
            if self.are_cells and self._may_be_numbers and self.decimal == "."
            else None,
            null=self._null if self.can_trim else None,
        )
        if odd is not None:
            told += self._told_of_empty(odd) + odd.told()
        # What is said of values holds once these rows are left out.
        names = [] if self.again is None else self.again.told(are_cells=self.are_cells)
        return names + told_first + told

    def _told_of_empty(self, odd: OddRows) -> list[str]:
        """Say how many rows have nothing but empty cells, if such pass."""
        rows, left_out = self.empty_rows, self._left_out
        if rows is None or left_out is None or not rows.number or not left_out.passes({}):
            return []
        told = f"{rows.number:,} rows have nothing but empty cells, and are records as all others"
        if rows.number == 1:
            told = "1 row has nothing but empty cells, and is a record as all others"
        if not rows.is_exact:
            told = f"at least {told}"
        return [f"{told}; {left_out.remedy(odd.full_columns)}"]

    def _dimension_of(self, name: str) -> str | None:
        return self.dimension_of_cells(name)

    def has_names_again(self) -> bool:
        """Return whether rows of cells were found that are the names of their columns again."""
        return self.again is not None and self.again.is_found

    def _is_to_be_told(self, suspect: Suspect) -> bool:
        """Whether what a clause met is to be told, and isn't owed to names among the cells."""
        return suspect.is_to_be_told and not self._is_owed_to_names(suspect)

    def _is_owed_to_names(self, suspect: Suspect) -> bool:
        """Whether values are numbers, once rows are left out that say what columns are."""
        is_said = self.has_names_again() or self.cells_again(suspect.bound.clause.name)
        return bool(is_said) and self._are_numbers(suspect)

    def _are_numbers(self, suspect: Suspect) -> bool:
        """Whether all that a clause met are texts that would be numbers without other cells."""
        is_of_numbers = suspect.types.keys() == {Type.WRITTEN_NUMBER}
        if not is_of_numbers or suspect.count < suspect.total:
            return False
        # The playground, which has no cells, doesn't load what reads them.
        from filterlang.backends.files.cells.written_cells import mark_of_decimals

        return mark_of_decimals(map(str, suspect.values)) == self.decimal

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
        remedy = self.what_helps(suspect)
        reason = _reason(suspect) if reason is None else reason
        return f"{told}{reason}{f'; {remedy}' if remedy else ''}"


def _reason(suspect: Suspect) -> str:
    expression = str(suspect.bound.clause.expression)
    if Type.UNREADABLE in suspect.types:
        return ""
    if Type.NUMBERED_DATE in suspect.types:
        return ", which the schema reads as milliseconds"
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


def _example(suspect: Suspect) -> str:
    return quoted(min(suspect.texts, key=len))


def _asked_dates(bound: Iterable[BoundClause]) -> AskedDates | None:
    asked = [one for one in bound if _DATE_OR_CLOCK.match(str(one.clause.expression))]
    if not asked:
        return None
    # Most filters ask for none.
    from filterlang.backends.files.watching.asked_dates import AskedDates

    return AskedDates(asked)


def _records(lines: Iterable[bytes]) -> Iterator[dict[str, object]]:
    for line in lines:
        yield from records_of(line)
