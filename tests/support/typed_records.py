"""Hypothesis strategies for records that are as a schema says, and for filters near each other."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

import filterlang as fl
from filterlang import Clause, Filter, FilterSet, Operator, Pattern
from tests.support import records
from tests.support.reports import USERS

DATES = ["2024-01-01", "1704067200000", "1704067200001", "2024-01-01T00:00:00.0005", "0001-01-01",
         "9999-12-31T23:59:59-23:59", "-62135596800000", "99999999999999999999"]  # fmt: skip
NUMBERS = ["0", "-0", "5", "5.0", "5.5", "6", "10", "1e1", "0.1", "0.30000000000000004", "0.3",
           "9007199254740992", "9007199254740993", "1e-7", "1e30", "1e99",
           "1e99999999999999999999"]  # fmt: skip
WORDS = ["", "a", "A", "ab", "abc", "b", "İ", "Σας", "true", "10", "zz"]
TYPES = ["LEAD", "USER", "VISITOR", "lead", "x"]
EXPRESSIONS = {
    "text": WORDS,
    "enum": ["", *TYPES],
    "integer": ["", *NUMBERS, "a"],
    "number": ["", *NUMBERS, "a"],
    "boolean": ["", "true", "FALSE", "1"],
    "datetime": ["", *DATES, "a"],
    None: [*WORDS, *NUMBERS, *DATES, "false"],
}
PATTERNS = ["*", "?", "?*", "*?", "a", "A*", "ab*", "*b", "*b*", "a?c", "a*c", "??", "1*", "10",
            "10.0", "*0", "tr*", "true", "2024-*", "*Z", "*a*b*", "İ", "L*", "null", "0.?*",
            "5"]  # fmt: skip

NAMES = ["name", "score", "nps", "active", "seen", "type", "tags", "counts", "cityName",
         "location.city", "location.countryCode", "channels.kind", "channels.sent",
         "visits.x", "visits.y", "customAttributes.x", "customAttributes.l.x",
         "customAttributes.l.y", "unheard"]  # fmt: skip
UNTYPED = ["a", "a", "b", "l.x", "l.x", "l.y", "l.m.x", "l.m.y"]

instants = [datetime(2024, 1, 1, tzinfo=UTC) + timedelta(microseconds=n) for n in (-1, 0, 1, 500)]
VALUES = {
    "text": [None, *WORDS, 10, True, "abcc"],
    "enum": [None, "LEAD", "USER", "VISITOR"],
    "integer": [None, "", 0, 4, 5, 6, 10, "5", 5.0, Decimal(10), 2.0**53, 2**53, 2**53 + 1, 10**31],
    "number": [None, "", 0, 5, 5.5, 5.7, Decimal("5.5"), "0.3", 0.1 + 0.2, Decimal("0.2999"), 0.3,
               2.0**53, 2**53 + 1, 1e-8, 1e31, float("inf")],
    "boolean": [None, "", True, False, "true"],
    "datetime": [None, "", *instants, *DATES[:3], 1704067200000, date(2024, 1, 1), 0,
                 datetime.min, datetime.max],  # noqa: DTZ901 — a value of records, too
}  # fmt: skip


def _of(dimension):
    if dimension.type == "object":
        fields = {name: _of(field) for name, field in dimension.fields}
        made = st.fixed_dictionaries({}, optional=fields)
        if dimension.is_open:
            made = st.dictionaries(st.sampled_from(["x", "y", "l"]), anything, max_size=3)
    else:
        made = st.sampled_from(VALUES[dimension.type])
    return st.lists(made, max_size=3) if dimension.is_list else made


scalars = st.sampled_from(
    [value for values in VALUES.values() for value in values] + records.SCALARS
)
objects = st.dictionaries(st.sampled_from(["x", "y", "m"]), scalars, max_size=3)
anything = st.one_of(
    scalars,
    st.lists(scalars, max_size=3),
    objects,
    st.lists(objects, max_size=3),
    st.dictionaries(st.just("m"), st.lists(objects, max_size=3), max_size=1),
    st.lists(st.dictionaries(st.just("m"), st.lists(objects, max_size=2)), max_size=3),
)
typed_records = st.fixed_dictionaries(
    {},
    optional={
        **{name: _of(dimension) for name, dimension in USERS.dimensions},
        "unheard": anything,
    },
)
untyped_records = st.dictionaries(
    st.sampled_from(["a", "b", "l", "l", "l.x", "l.m.x"]), anything, max_size=4
)


@st.composite
def clauses(draw, schema, names=None):
    name = draw(st.sampled_from(names or (UNTYPED if schema is None else NAMES)))
    found = None if schema is None else schema.find(name)
    type_ = None if found is None or found.dimension is None else found.dimension.type
    operator = draw(st.sampled_from(list(Operator)))
    if operator.matches_pattern:
        return Clause(name, operator, Pattern(draw(st.sampled_from(PATTERNS))))
    expression = draw(st.sampled_from(EXPRESSIONS[type_]))
    return Clause(name, operator, expression or ("" if operator.allows_empty else "5"))


@st.composite
def near_filters(draw, schema):
    """Two queries over few clauses, so that they often have to do with each other."""
    every = UNTYPED if schema is None else NAMES
    names = draw(st.lists(st.sampled_from(every), min_size=1, max_size=3))
    few = draw(st.lists(clauses(schema, names), min_size=1, max_size=6))
    one = st.lists(st.sampled_from(few), min_size=1, max_size=4).map(Filter)
    query = st.lists(one, min_size=1, max_size=3).map(FilterSet)
    return draw(query), draw(query)


def verdict(filters, record, schema):
    return fl.compile(filters, schema=schema)(record)


# --- Whether a record is as a schema says ---------------------------------------------------------

KINDS = {
    "text": str,
    "boolean": bool,
    "integer": (int, float),
    "number": (int, float, Decimal),
    "datetime": datetime,
    "object": dict,
}


def conforms(record, schema, path=""):
    """Whether each value is of its dimension's type, and a list only where one may be."""
    return all(_fits(value, schema, path + name) for name, value in record.items())


def _fits(value, schema, name):
    found = schema.find(name)
    dimension = None if found is None else found.dimension
    if dimension is None:
        return True
    if isinstance(value, list):
        return dimension.is_list and all(_fits_one(one, dimension, schema, name) for one in value)
    return _fits_one(value, dimension, schema, name)


def _fits_one(value, dimension, schema, name):
    if value is None:
        return True
    if dimension.type == "enum":
        return value in dimension.values
    if not isinstance(value, KINDS[dimension.type]):
        return False
    if dimension.type == "object":
        return conforms(value, schema, name + ".")
    return dimension.type != "integer" or value == int(value)
