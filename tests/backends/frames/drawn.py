"""Strategies for rows of one table, and for filters of its columns."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pyarrow as pa
from hypothesis import strategies as st

import filterlang as fl
from filterlang.backends.arrow_values import python_values

POINT = pa.struct([("x", pa.int64()), ("t", pa.string())])
SCHEMA = pa.schema(
    [
        ("id", pa.int64()),
        ("i", pa.int64()),
        ("f", pa.float64()),
        ("t", pa.string()),
        ("b", pa.bool_()),
        ("d", pa.date32()),
        ("m", pa.timestamp("us", "UTC")),
        ("l", pa.list_(pa.string())),
        ("s", POINT),
        ("s.x", pa.string()),
        ("o", pa.list_(pa.struct([("x", pa.int64()), ("t", pa.string()), ("p", pa.list_(POINT))]))),
    ]
)
# Engines may know letters that this Python's Unicode doesn't have.
characters = st.characters(exclude_characters="\0", exclude_categories=["Cs", "Cn"])
texts = st.text("aAbÉßİΣςK\u212aσ*?%_/\\'\"; \n1.-", max_size=4) | st.text(characters, max_size=4)
integers = st.sampled_from([0, 1, 2, -1, 2**53 + 1, -(2**63), 2**63 - 1]) | st.integers(-3, 3)
floats = st.floats() | st.sampled_from([0.0, 1.0, 2.0, -0.0, 0.1])
dates = st.sampled_from([date(1970, 1, 1), date(2024, 2, 29), date(1, 1, 1), date(9999, 12, 31)])
moments = st.datetimes(
    min_value=datetime(1, 1, 2),  # noqa: DTZ001 — the strategy adds the zone
    max_value=datetime(9999, 12, 30),  # noqa: DTZ001 — as above
    timezones=st.just(UTC),
) | st.sampled_from([datetime(1970, 1, 1, tzinfo=UTC), datetime(2024, 2, 29, tzinfo=UTC)])


def optional(values):
    return st.none() | values


points = st.fixed_dictionaries({"x": optional(integers), "t": optional(texts)})
objects = st.fixed_dictionaries(
    {
        "x": optional(integers),
        "t": optional(texts),
        "p": optional(st.lists(optional(points), max_size=2)),
    }
)
rows = st.fixed_dictionaries(
    {
        "i": optional(integers),
        "f": optional(floats),
        "t": optional(texts),
        "b": optional(st.booleans()),
        "d": optional(dates),
        "m": optional(moments),
        "l": optional(st.lists(optional(texts), max_size=3)),
        "s": optional(points),
        "s.x": optional(texts),
        "o": optional(st.lists(optional(objects), max_size=3)),
    }
)

names = st.sampled_from(
    [
        *("i", "f", "t", "b", "d", "m", "l", "s", "s.x", "s.t", "l.x", "t.x", "z"),
        *("o", "o.x", "o.t", "o.p.x", "o.p.t", "o.x", "o.t", "o.p.x", "o.p.t", "o.z"),
    ]
)
visible = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Cn"]) | st.sampled_from("%_/'\"*?\\;,aİΣ"),
    max_size=4,
)
expressions = st.sampled_from(
    [
        *("1", "2", "1.0", "1.5", "0", "-1", "-0", "0.1", "9007199254740993", "1e400"),
        *("", "true", "a", "k", "2024-02-29", "1970-01-01T00:00:00.000001", "9" * 20),
    ]
)


@st.composite
def clauses(draw):
    name = draw(names)
    if draw(st.integers(0, 3)) == 0:
        parts = draw(st.lists(visible | st.sampled_from(fl.Wildcard), min_size=1, max_size=4))
        pattern = fl.Pattern.from_parts([*parts, fl.Wildcard.RUN])
        return fl.Clause(name, draw(st.sampled_from(["~", "!~"])), pattern)
    text = draw(expressions | visible | texts.filter(str.isprintable))
    orders = ["<", "<=", ">", ">="] if text else []
    return fl.Clause(name, draw(st.sampled_from(["==", "!=", *orders])), text)


filters = st.lists(clauses(), min_size=1, max_size=4).map(fl.Filter)


def records_of_table(table):
    """Give the rows as the matcher sees them."""
    columns = zip(*map(python_values, table.columns), strict=True)
    return [dict(zip(table.column_names, row, strict=True)) for row in columns]
