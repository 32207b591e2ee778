"""Laws of `where` for drawn filters and records, and for names and expressions meant as attacks."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, Text, delete, func, insert, not_, select

import filterlang as fl
from filterlang import UnsupportedError
from filterlang.backends.sql import rows, where
from filterlang.testing import assert_same_rows
from tests.backends.sql.tables import JSON_TYPE

METADATA = MetaData()
DRAWN = Table("drawn", METADATA, Column("id", Integer, primary_key=True), Column("doc", JSON_TYPE))
TEXTS = Table("texts", METADATA, Column("id", Integer, primary_key=True), Column("name", Text))


@pytest.fixture(scope="module")
def connection(engine):
    METADATA.create_all(engine)
    with engine.connect() as connection:
        yield connection


characters = st.characters(exclude_characters="\0", exclude_categories=["Cs"])
texts = st.text("aAbÉßİΣςK\u0130σ*?%_/\\'\"; \n1.-", max_size=4) | st.text(characters, max_size=4)
scalars = (
    texts
    | st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from([1, 2, "1", 1.0, 2**53 + 1, float(2**53), "x", 1e21, 5e-324])
)
names = st.sampled_from(["a", "b", "a.b", "b.a", "a.a", "a.b.a", "b.a.b"])
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=10,
)
expressions = st.sampled_from(
    ["1", "2", "1.0", "x", "", "true", "9007199254740993", "1e21", "0.1", "5e-324", "-0", "b"]
)
visible = st.text(
    st.characters(exclude_categories=["Cc", "Cs"]) | st.sampled_from("%_/'\"*?\\;,aİΣ"), max_size=5
)


@st.composite
def clauses(draw):
    name = draw(names)
    if draw(st.booleans()):
        operator = draw(st.sampled_from(["~", "!~"]))
        parts = draw(st.lists(visible | st.sampled_from(fl.Wildcard), min_size=1, max_size=4))
        pattern = fl.Pattern.from_parts([*parts, fl.Wildcard.RUN])
        return fl.Clause(name, operator, pattern)
    text = draw(expressions | visible)
    orders = ["<", "<=", ">", ">="] if text else []
    return fl.Clause(name, draw(st.sampled_from(["==", "!=", *orders])), text)


filters = st.lists(clauses(), min_size=1, max_size=4).map(fl.Filter)


def refill(connection, table, column, values):
    connection.execute(delete(table))
    rows = [{"id": index, column: value} for index, value in enumerate(values)]
    connection.execute(insert(table), rows)


@pytest.mark.slow
@given(
    st.lists(st.dictionaries(names, values, max_size=3), min_size=1, max_size=8),
    st.lists(filters, min_size=1, max_size=3),
)
@settings(max_examples=20, deadline=None)
def test_drawn_documents_are_selected_as_the_matcher_does(connection, documents, drawn):
    """The rows of a condition are the matcher's, and those of its negation are all others."""
    refill(connection, DRAWN, "doc", documents)
    found = connection.scalars(select(DRAWN.c.doc).order_by(DRAWN.c.id)).all()
    for one in drawn:
        condition = where(DRAWN.c.doc, one)
        try:
            ids = connection.scalars(select(DRAWN.c.id).where(condition)).all()
        except UnsupportedError:
            continue
        assert_same_rows(ids, found, one)
        others = connection.scalars(select(DRAWN.c.id).where(not_(condition))).all()
        assert sorted([*ids, *others]) == list(range(len(found)))


@given(st.lists(st.none() | texts, min_size=1, max_size=8), st.lists(visible, max_size=3))
@settings(max_examples=20, deadline=None)
def test_texts_are_selected_as_the_matcher_does(connection, values, words):
    """Equality, order and patterns of text compare folded, by code points."""
    refill(connection, TEXTS, "name", values)
    records = [{"name": value} for value in values]
    run, one = fl.Wildcard.RUN, fl.Wildcard.ONE
    patterns = [[*words, run], [run, *words], [one, *words, run], [one, one]]
    drawn = [fl.Clause("name", "~", fl.Pattern.from_parts(parts)) for parts in patterns]
    for operator in ("==", "<", ">="):
        drawn += [fl.Clause("name", operator, word) for word in words if word]
    for clause in drawn:
        ids = connection.scalars(select(TEXTS.c.id).where(where(TEXTS, clause))).all()
        assert_same_rows(ids, records, clause)


ATTACKS = [
    "'", "''", '"', "\\", "';--", "'); DROP TABLE texts;--", "' OR '1'='1", "%(x)s", ":x", "$1",
    "?", "{}", "%s", "/*", "*/", "\\'; DROP TABLE texts; --", "$$", "E'\\x27'", "\u02bc", "{0}",
    "%", "x'y",
]  # fmt: skip  # a list of texts
attacks = st.lists(st.sampled_from(ATTACKS) | visible, min_size=1, max_size=3).map("".join)


def is_plain(text):
    is_word = any(character.isalnum() for character in text)
    return text != "" and not is_word and "\U0010ffff" not in text


@given(attacks, attacks, st.sampled_from(["==", "!=", "<", "~"]))
@settings(max_examples=40, deadline=None)
@pytest.mark.slow
def test_neither_a_name_nor_an_expression_gets_into_the_sql(connection, name, text, operator):
    """The SQL of a clause is that of a harmless one, and no table is lost by it."""
    try:
        name = fl.Clause("doc." + name.replace(".", ""), "==", "x").name
        expression = fl.Pattern.from_parts([text, fl.Wildcard.RUN]) if operator == "~" else text
        attack = fl.Clause(name, operator, expression)
    except ValueError:
        return
    plain = fl.Pattern("x*") if operator == "~" else "x"
    harmless = fl.Clause("doc.x", operator, plain)
    written, meant = (
        str(select(DRAWN.c.id).where(where(DRAWN, one, strict=False)).compile(connection))
        for one in (attack, harmless)
    )
    # Only whether the expression is a number or truth value shows in the SQL, and never its text.
    if is_plain(text):
        assert written == meant
    before = connection.scalar(select(func.count()).select_from(TEXTS))
    connection.execute(select(DRAWN.c.id).where(where(DRAWN, attack, strict=False))).all()
    connection.execute(
        select(TEXTS.c.id).where(where({"doc.x": TEXTS.c.name}, attack, strict=False))
    ).all()
    list(rows(connection, select(TEXTS), attack, strict=False))
    assert connection.scalar(select(func.count()).select_from(TEXTS)) == before
