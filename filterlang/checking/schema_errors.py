"""How a clause fits a schema: the diagnostics that need more than the syntax."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from filterlang.checking.lexis import OPERATOR
from filterlang.checking.other_languages import is_negated
from filterlang.checking.respelling import readable, rewritten
from filterlang.checking.similar_names import Names
from filterlang.diagnostics.diagnostic import (
    Diagnostic,
    Edit,
    Fix,
    Span,
    apply_edits,
    quoted,
    showable,
)
from filterlang.diagnostics.errors import diagnose
from filterlang.diagnostics.messages import WORDS
from filterlang.semantics.judge import passes
from filterlang.semantics.tests import BoundClause
from filterlang.semantics.values import fold, read_instant
from filterlang.syntax.escaping import escape_expression, trim, unescape
from filterlang.syntax.nodes import Clause, Pattern
from filterlang.syntax.operators import Operator
from filterlang.syntax.split import Placed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from filterlang.schema.schema import Dimension, Found, Schema


_DESCRIBED = {
    "integer": "an integer",
    "number": "a number",
    "boolean": "a boolean",
    "datetime": "a datetime",
}
_OBJECTS = {
    (False, False): "an object",
    (False, True): "a list of objects",
    (True, False): "a map",
    (True, True): "a list of maps",
}
_PATTERN_SAMPLES = {
    "integer": "'10'",
    "number": "'0.5'",
    "boolean": "'true'",
    "datetime": "'2024-01-31T12:00:00Z'",
}
_MOST_NAMES = 12
"""How many names or values a hint lists."""
_MOST_TRIED = 20
"""Of how many suspicions about one clause it is tried whether it fits once they are mended."""
_TEXT_OF_DATE = re.compile(r"(?=.*[-:t])[0-9tz:.*?\-]+")

_DAY = 86_400_000
_SECONDS = range(10**8, 10**11)
"""As milliseconds these are in 1970 to 1973, as seconds in 1973 to 5138."""
_MICROSECONDS = range(10**14, 10**17)
"""As milliseconds these are beyond the year 5138, as microseconds in 1973 to 5138."""
_COMPACT_DATES = range(1900_01_01, 2100_01_01)
_YEARS = range(1900, 2100)

# What a misfit makes of what is suspected at the same place: one mistake is one diagnostic.
_JOINS = {"FL401", "FL402", "FL413", "FL416"}
_REMOVABLE_AT_ENDS = {"FL409", "FL412"}
_NOTHING_MORE = {"FL405", "FL415", "FL418"}


class Fitting:
    """Holds clauses against a schema; keeps what it has looked up in it for the next clause."""

    def __init__(self, schema: Schema | None) -> None:
        self._schema = schema
        self._found: dict[str, Found | None] = {}
        self._names = None if schema is None else Names(schema)

    @property
    def has_schema(self) -> bool:
        """Whether there is a schema, so that clauses may not fit."""
        return self._schema is not None

    def find(self, name: str) -> Found | None:
        """Find where a name leads in the schema."""
        if self._schema is None:
            return None
        if name not in self._found:
            self._found[name] = self._schema.find(name)
        return self._found[name]

    def misfits(
        self, text: str, placed: Placed, suspicions: Sequence[Diagnostic], source_index: int = 0
    ) -> list[Diagnostic]:
        """Find what of one clause doesn't fit; give it and the suspicions that remain."""
        if self._names is None:
            return list(suspicions)
        found = self.find(placed.clause.name)
        clause = _Fit(text, placed, found, self._names, source_index)
        return clause.with_suspicions(suspicions, self)


# --- One clause and its dimension -----------------------------------------------------------------


class _Fit:
    """One clause held against where its name leads in a schema."""

    def __init__(
        self, text: str, placed: Placed, found: Found | None, names: Names, source_index: int
    ) -> None:
        self._text = text
        self._placed = placed
        self._clause = placed.clause
        self._parts = placed.parts
        self._where = found
        self._names = names
        self._source_index = source_index

    def with_suspicions(
        self, suspicions: Sequence[Diagnostic], fitting: Fitting
    ) -> list[Diagnostic]:
        """Give what doesn't fit, and the suspicions that say something else."""
        misfits = list(self._misfits())
        if not suspicions:
            return misfits
        for index, misfit in enumerate(misfits):
            if misfit.code == "FL501":
                low, high = self._parts.name
            elif misfit.code in {"FL508", "FL509", "FL510", "FL511"}:
                low, high = self._parts.operator_span.start, self._placed.span.end
            else:
                continue
            same = [
                one
                for one in suspicions
                if one.severity != "error" and low <= one.span.start < max(high, low + 1)
            ]
            misfits[index], absorbed = self._merged(misfit, same, fitting)
            gone = {id(one) for one in absorbed}
            suspicions = [one for one in suspicions if id(one) not in gone]
        return [*suspicions, *misfits]

    def _merged(
        self, misfit: Diagnostic, same: Sequence[Diagnostic], fitting: Fitting
    ) -> tuple[Diagnostic, list[Diagnostic]]:
        """Say one thing of one place: give the misfit with a better hint, and what it replaces."""
        joins = [one for one in same if one.code in _JOINS]
        if joins:
            edits = [edit for one in joins for fix in one.fixes for edit in fix.edits]
            fixes = [Fix(edits, safe=False)] if all(one.fixes for one in joins) else []
            return _with_hint(misfit, joins[0], fixes), list(same)
        for one in same[:_MOST_TRIED]:
            if one.fixes and self._fits_after(one.fixes[0], fitting):
                fix = Fix(one.fixes[0].edits, safe=self._trims(one))
                return _with_hint(misfit, one, [fix]), list(same)
            if one.code == "FL404" or (one.code == "FL410" and is_negated(self._clause.name)):
                return _with_hint(misfit, one, []), list(same)
        covered = misfit.fixes and misfit.code == "FL510"
        return misfit, [one for one in same if covered or one.code in _NOTHING_MORE]

    def _trims(self, one: Diagnostic) -> bool:
        """Whether all that is mended is what can't be seen at the ends of a name or value."""
        ends = {*self._parts.name, *self._parts.expression}
        return one.code in _REMOVABLE_AT_ENDS and bool({*one.span} & ends)

    def _fits_after(self, fix: Fix, fitting: Fitting) -> bool:
        """Whether the clause fits once a fix of it has been applied."""
        name, operator, _, expression = self._parts
        if any(edit.span.start < operator.start < edit.span.end for edit in fix.edits):
            return False  # It writes another clause altogether.
        try:
            if all(
                edit.span.start >= operator.end or edit.span.end <= operator.start
                for edit in fix.edits
            ):
                mended = _clause(
                    self._edited(name, fix),
                    self._clause.operator,
                    self._edited(expression, fix),
                )
            else:
                rest = self._edited(Span(operator.start, expression.end), fix)
                found = OPERATOR.match(rest)
                assert found is not None  # noqa: S101 — no fix writes anything else there
                written = self._edited(name, fix)
                mended = _clause(written, Operator(found[0]), rest[found.end() :])
        except ValueError:
            return False
        placed = Placed(mended, self._parts)
        same = mended.name == self._clause.name
        where = self._where if same else fitting.find(mended.name)
        fit = _Fit(self._text, placed, where, self._names, self._source_index)
        return not any(one.severity != "hint" for one in fit._misfits())

    def _edited(self, part: Span, fix: Fix) -> str:
        edits = [
            Edit(Span(edit.span.start - part.start, edit.span.end - part.start), edit.text)
            for edit in fix.edits
            if part.start <= edit.span.start and edit.span.end <= part.end
        ]
        return apply_edits(self._text[part.start : part.end], edits)

    def _misfits(self) -> Iterator[Diagnostic]:
        found = self._where
        if found is None:
            unknown = self._unknown()
            yield unknown
            # Where only the spelling of the name is wrong, the rest is looked at all the same.
            near, is_spelling = self._near()
            is_sure = is_spelling and len(near) == 1
            found = self._where = self._names.schema.find(near[0]) if is_sure else None
        if found is not None and found.dimension is not None:
            yield from self._with_dimension(found.dimension)

    def _make(
        self,
        code: str,
        span: Span,
        fixes: Iterable[Fix] = (),
        case: str | None = None,
        **values: object,
    ) -> Diagnostic:
        return diagnose(
            code,
            span,
            fixes=fixes,
            source_index=self._source_index,
            case=case,
            **{"name": quoted(self._clause.name), **values},
        )

    def _unknown(self) -> Diagnostic:
        near, _ = self._near()
        span = self._parts.name
        if near:
            fixes = [Fix([Edit(span, name)], safe=False) for name in near]
            return self._make("FL501", span, fixes, "near", names=_alternatives(near))
        parent, names = self._names.inside(self._clause.name)
        case = "inside" if parent else None
        return self._make("FL501", span, (), case, names=_listed(names), parent=quoted(parent))

    def _near(self) -> tuple[list[str], bool]:
        """Give the names that may have been meant, none of which drops a negation."""
        name = self._clause.name
        near, is_spelling = self._names.near(name)
        if _negates(name):
            near = [one for one in near if _negates(one)]
        return near, is_spelling

    def _with_dimension(self, dimension: Dimension) -> Iterator[Diagnostic]:
        name, operator = self._parts.name, self._clause.operator
        if not dimension.filterable:
            yield self._make("FL503", name)
            return
        if dimension.deprecated is not None:
            case = None if dimension.deprecated else "nameless"
            yield self._make("FL502", name, (), case, advice=dimension.deprecated)
        if dimension.operators is not None and operator not in dimension.operators:
            allowed = " ".join(dimension.operators) or WORDS["no operator"]
            span = self._parts.operator_span
            yield self._make("FL504", span, operator=operator, allowed=allowed)
            return
        if self._clause.expression == "":
            return
        if dimension.type == "object":
            yield self._object(dimension)
        elif isinstance(self._clause.expression, Pattern):
            yield from self._pattern(dimension, self._clause.expression)
        else:
            yield from self._comparison(dimension, self._clause.expression)

    def _object(self, dimension: Dimension) -> Diagnostic:
        type_ = WORDS[_OBJECTS[dimension.is_open, dimension.is_list]]
        fields = [f"{self._clause.name}.{name}" for name, _ in dimension.fields]
        return self._make(
            "FL505",
            self._parts.name,
            (),
            None if fields else "map",
            type=type_,
            names=_listed(fields),
            sample=f"'{self._clause.name}.plan'",
        )

    def _pattern(self, dimension: Dimension, pattern: Pattern) -> Iterator[Diagnostic]:
        folded = fold(pattern.text)
        if dimension.type == "datetime" and _TEXT_OF_DATE.fullmatch(folded):
            return
        if dimension.type in _PATTERN_SAMPLES:
            yield self._make(
                "FL508",
                self._parts.operator_span,
                name=self._element(dimension),
                type=WORDS[_DESCRIBED[dimension.type]],
                sample=_PATTERN_SAMPLES[dimension.type],
            )
        elif dimension.type == "enum":
            bound = BoundClause(self._clause)
            if not any(passes(bound, value) for value in dimension.values):
                yield self._make(
                    "FL511",
                    self._parts.expression,
                    found=quoted(pattern.text),
                    values=_listed(dimension.values),
                )

    def _comparison(self, dimension: Dimension, expression: str) -> Iterator[Diagnostic]:
        operator = self._clause.operator
        if operator.orders and dimension.type == "boolean":
            yield self._make("FL506", self._parts.operator_span)
            return
        if operator.orders and dimension.is_list:
            yield self._make("FL507", self._parts.operator_span, operator=operator)
        if dimension.type == "enum":
            if not operator.orders:
                yield from self._enum(dimension, expression)
        elif not readable(dimension.type, operator, expression):
            yield self._unreadable(dimension, expression)
        elif dimension.type == "datetime":
            yield from self._instant(expression)

    def _enum(self, dimension: Dimension, expression: str) -> Iterator[Diagnostic]:
        folded = {fold(value): value for value in dimension.values}
        if fold(expression) in folded:
            return
        word = fold(expression).strip("\"'* ")
        assert self._where is not None  # noqa: S101 — the dimension is from there
        near = self._names.similar_values(word, self._where.name, dimension)
        span = self._parts.expression
        fixes = [Fix([Edit(span, escape_expression(value))], safe=False) for value in near]
        yield self._make(
            "FL510",
            span,
            fixes,
            "near" if near else None,
            found=quoted(expression),
            values=_alternatives(near) if near else _listed(dimension.values),
        )

    def _unreadable(self, dimension: Dimension, expression: str) -> Diagnostic:
        type_ = dimension.type
        meant = {
            value: safe
            for value, safe in rewritten(type_, expression)
            if readable(type_, self._clause.operator, value)
        }
        span = self._parts.expression
        return self._make(
            "FL509",
            span,
            [Fix([Edit(span, value)], safe=safe) for value, safe in meant.items()],
            "near" if meant else None,
            name=self._element(dimension),
            type=WORDS[_DESCRIBED[type_]],
            found=quoted(expression),
            sample=WORDS[f"{_DESCRIBED[type_]}, as"],
            values=_alternatives(list(meant)),
        )

    def _element(self, dimension: Dimension) -> str:
        """Say what is of the dimension's type."""
        name = quoted(self._clause.name)
        return WORDS["an element"].format(name=name) if dimension.is_list else name

    # --- Dates ---

    def _instant(self, expression: str) -> Iterator[Diagnostic]:
        if re.fullmatch("-?[0-9]+", expression):
            # Beyond these digits nothing else can have been meant, and `int` takes no end of them.
            if len(expression) <= len("-99999999999999999"):
                yield from self._epoch(expression, int(expression))
        elif self._clause.operator is Operator.EQ and len(expression) == len("YYYY-MM-DD"):
            yield from self._whole_day(expression)

    def _epoch(self, expression: str, number: int) -> Iterator[Diagnostic]:
        span = self._parts.expression
        if abs(number) in _SECONDS:
            meant, instead, case = _day(number * 1000), str(number * 1000), None
        elif abs(number) in _MICROSECONDS:
            meant, instead, case = "", str(number // 1000), "beyond"
        elif number in _COMPACT_DATES and read_instant(_dashed(expression)) is not None:
            meant = instead = _dashed(expression)
            case = "date"
        elif number in _YEARS:
            meant = instead = f"{number}-01-01"
            case = "date"
        else:
            return
        yield self._make(
            "FL512",
            span,
            [Fix([Edit(span, instead)], safe=False)],
            case,
            found=quoted(expression),
            date=_day(number),
            meant=meant,
            milliseconds=instead,
        )

    def _whole_day(self, expression: str) -> Iterator[Diagnostic]:
        try:
            following = datetime.fromisoformat(expression) + timedelta(days=1)
        except OverflowError:
            return
        name = self._clause.name
        day = f"{name}>={expression};{name}<{following:%Y-%m-%d}"
        yield self._make(
            "FL516",
            self._parts.expression,
            [Fix([Edit(self._placed.span, day)], safe=False)],
            found=quoted(expression),
            day=day,
        )


def _negates(name: str) -> bool:
    """Whether a name may be a negated one, `nottype` too."""
    return is_negated(name) or name[:3].lower() in {"not", "non"}


def _clause(name: str, operator: Operator, raw: str) -> Clause:
    raw = trim(raw)
    return Clause(name, operator, Pattern(raw) if operator.matches_pattern else unescape(raw))


def _with_hint(misfit: Diagnostic, better: Diagnostic, fixes: Iterable[Fix]) -> Diagnostic:
    return Diagnostic(
        misfit.code,
        misfit.severity,
        misfit.message,
        # Quotes or parentheses around the filter are mended in its last clause too.
        max(misfit.span, better.span, key=lambda span: span.end),
        better.hint,
        fixes,
        misfit.source_index,
    )


def _alternatives(words: Sequence[str]) -> str:
    """Write words as alternatives: `'a', 'b' or 'c'`."""
    shown = [quoted(word) for word in words]
    return f" {WORDS['or']} ".join(filter(None, [", ".join(shown[:-1]), *shown[-1:]]))


def _listed(words: Sequence[str]) -> str:
    shown = ", ".join(showable(word, 60) for word in words[:_MOST_NAMES])
    more = WORDS["more"].format(count=len(words))
    return f"{shown}, {more}" if len(words) > _MOST_NAMES else shown


def _day(milliseconds: int) -> str:
    """Give the date of epoch milliseconds; of what no calendar has, the distance in years."""
    try:
        return f"{datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds):%Y-%m-%d}"
    except OverflowError:
        return WORDS["a year"].format(year=f"{1970 + milliseconds // (365 * _DAY + _DAY // 4)}")


def _dashed(digits: str) -> str:
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"
