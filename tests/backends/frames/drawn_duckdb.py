"""Drawn relations of DuckDB over all of its types, and filters about them.

Values are SQL, so that each one is what DuckDB holds, without any other engine on the way.
"""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import strategies as st

import filterlang as fl

LITERALS = {
    "BOOLEAN": ["true", "false"],
    "TINYINT": ["(-128)", "0", "1", "127"],
    "UBIGINT": ["0", "1", "18446744073709551615", "9007199254740993"],
    "BIGINT": ["-1", "1", "9007199254740993", "(-9223372036854775808)"],
    "HUGEINT": [
        *("0", "1", "170141183460469231731687303715884105727"),
        "(-170141183460469231731687303715884105728)",
    ],
    "UHUGEINT": ["0", "1", "340282366920938463463374607431768211455"],
    "BIGNUM": ["0", "1", "1e3"],
    "FLOAT": ["0.1", "1", "'nan'", "'-nan'", "'inf'", "-0.0", "16777217"],
    "DOUBLE": ["0.1", "1", "'nan'", "'-inf'", "-0.0", "9007199254740993"],
    "DECIMAL(2,2)": ["0.5", "-0.25", "0", "0.01", "-0.99"],
    "DECIMAL(4,0)": ["1", "-1", "0"],
    "DECIMAL(18,3)": ["1.5", "-0.005", "0.500", "100"],
    "DECIMAL(38,37)": ["0.5", "-0.1", "1.5"],
    "DECIMAL(38,38)": ["0.5", "-0.1", "0"],
    "VARCHAR": ["''", "'a'", "'A'", "'é'", "'ς'", "'Σ'", "'a b'", "'1'", "'1.50'", "'{\"a\":1}'"],
    "ENUM('A','b','é','1')": ["'A'", "'b'", "'é'", "'1'"],
    "JSON": ["'1'", "'1.50'", "'\"a\"'", "'null'", "'{\"a\":1}'", "'[1,\"a\"]'", "'true'"],
    "BIT": ["'1'", "'0101'"],
    "BLOB": ["''", "'a'", "'\\x00\\xff'"],
    "UUID": [
        "'fd32b17f-a9a8-4a29-94a1-e0c0a84d6407'",
        "'00000000-0000-0000-0000-000000000001'",
        "'ffffffff-ffff-ffff-ffff-ffffffffffff'",
    ],
    "INTERVAL": ["'1 day'", "'0 days'"],
    "TIME": ["'00:00'", "'10:00:00.5'"],
    "TIMETZ": ["'10:00:00+02'"],
    "DATE": ["'1970-01-01'", "'0001-01-01'", "'0999-12-31'", "'9999-12-31'", "'2024-02-29'"],
    "TIMESTAMP": ["'1970-01-01'", "'0001-01-01 00:00:00'", "'2024-02-29 12:00:00.000001'"],
    "TIMESTAMP_S": ["'1970-01-01'", "'0999-02-28 00:00:10'", "'2024-02-29 12:00:00'"],
    "TIMESTAMP_MS": ["'1970-01-01'", "'1969-12-31 23:59:59.999'", "'2024-02-29 12:00:00.5'"],
    # Before 1970 `fetchall` cuts nanoseconds towards 1970, the language towards the past.
    "TIMESTAMP_NS": ["'1970-01-01'", "'2262-01-01 23:59:59.999999999'", "'2024-02-29 12:00'"],
    "TIMESTAMPTZ": ["'1970-01-01 00:00+00'", "'2024-02-29 12:00:00.5+02'", "'0999-06-01 00:00+00'"],
    "UNION(n INTEGER, t VARCHAR)": ["1", "'a'"],
    "VARIANT": ["1", "'a'"],
}
"""The types that have no parts, with values of them that are worth looking at."""

TEXTS = [
    *("", "a", "A", "é", "e", "Σ", "0", "1", "-1", "0.5", "0.50", "-0.25", "1.5", "1.50", "true"),
    *("null", '{"a":1}', "0101", "127", "16777216", "1e3", "9007199254740992", "9007199254740993"),
    *("170141183460469231731687303715884105727", "340282366920938463463374607431768211455"),
    *("fd32b17f-a9a8-4a29-94a1-e0c0a84d6407", "FD32B17F", "1970-01-01", "0001-01-01", "0999-12-31"),
    *("2024-02-29", "2024-02-29T12:00:00.5Z", "2024-02-29T10:00:00.5Z", "1969-12-31T23:59:59.999Z"),
]
PATTERNS = [
    *("*", "?*", "a*", "*a*", "0", "0.5*", ".5*", "-0*", "*0", "1*", "*.5*", "é", "0???-*", "*Z"),
    *("1970-01-01T00:00:00Z", "2024-*", "fd32*", "?", "*e*", "0999*", "*1*0*", "true", "σ"),
]


class Type(NamedTuple):
    """A type in SQL, a strategy of its values in SQL, and the names that lead into it."""

    sql: str
    values: st.SearchStrategy[str]
    names: tuple[str, ...]


def _cast(values, sql):
    return values.map(lambda value: f"{value}::{sql}")


def _scalar(sql):
    return Type(sql, _cast(st.sampled_from(["NULL", *LITERALS[sql]]), sql), ("",))


def _list_of(inner, length):
    counts = {} if length == "" else {"min_size": length}
    lists = st.lists(inner.values, max_size=length or 3, **counts)
    sql = f"{inner.sql}[{length}]"
    values = st.just("NULL") | lists.map(lambda values: f"[{', '.join(values)}]")
    return Type(sql, _cast(values, sql), inner.names)


def _struct_of(inner, other):
    sql = f'STRUCT(x {inner.sql}, "t.x" {other.sql}, "İ""" {inner.sql})'
    packed = st.tuples(inner.values, other.values, inner.values).map(
        lambda values: "{{'x': {}, 't.x': {}, 'İ\"': {}}}".format(*values)
    )
    names = [f".x{name}" for name in inner.names] + [f".t.x{name}" for name in other.names]
    names += [f'.İ"{name}' for name in inner.names]
    return Type(sql, _cast(st.just("NULL") | packed, sql), ("", *names))


def _map_of(inner):
    keys = ["a", "A", "a.b", ""]
    sql = f"MAP(VARCHAR, {inner.sql})"
    entries = st.dictionaries(st.sampled_from(keys), inner.values, max_size=3).map(
        lambda found: ", ".join(f"'{key}': {value}" for key, value in found.items())
    )
    entries = entries.map(lambda written: f"MAP {{{written}}}")
    names = [f".{key}{name}" for key in ("a", "A", "a.b", "c") for name in inner.names]
    return Type(sql, _cast(st.just("NULL") | entries, sql), ("", *names))


scalars = st.sampled_from(sorted(LITERALS)).map(_scalar)
types = st.recursive(
    scalars,
    lambda inner: (
        st.builds(_list_of, inner, st.sampled_from(["", 2]))
        | st.builds(_struct_of, inner, scalars)
        | st.builds(_map_of, inner)
    ),
    max_leaves=3,
)


class Drawn(NamedTuple):
    """A table expression in SQL, and filters about its columns."""

    sql: str
    filters: list[fl.Filter]


@st.composite
def relations(draw):
    columns = [draw(scalars), draw(types), draw(types)]
    rows = draw(st.lists(st.tuples(*(one.values for one in columns)), min_size=1, max_size=5))
    names = ["a", "b c", '"q"']
    written = ", ".join(f"({number}, {', '.join(row)})" for number, row in enumerate(rows))
    quoted = ", ".join('"' + name.replace('"', '""') + '"' for name in names)
    paths = [
        name + path for name, one in zip(names, columns, strict=True) for path in one.names
    ] + ["z", "a.x"]
    plain = st.builds(
        fl.Clause, st.sampled_from(paths), st.sampled_from(["==", "!="]), st.sampled_from(TEXTS)
    )
    order = st.builds(
        fl.Clause,
        st.sampled_from(paths),
        st.sampled_from(["<", "<=", ">", ">="]),
        st.sampled_from(TEXTS[1:]),
    )
    like = st.builds(
        lambda name, operator, pattern: fl.Clause(
            name, operator, fl.parse_filter(f"a~{pattern}").clauses[0].expression
        ),
        st.sampled_from(paths),
        st.sampled_from(["~", "!~"]),
        st.sampled_from(PATTERNS),
    )
    filters = st.lists(plain | order | like, min_size=1, max_size=3).map(fl.Filter)
    asked = draw(st.lists(filters, min_size=8, max_size=16))
    return Drawn(f"FROM (VALUES {written}) t(id, {quoted})", asked)
