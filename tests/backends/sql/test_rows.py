"""The database's rows are the matcher's: of the corpus, on each engine."""

from __future__ import annotations

from itertools import chain

import pytest
from sqlalchemy import not_, select

from filterlang import UnsupportedError
from filterlang.backends.sql import misfolded, rows, where
from filterlang.testing import assert_same_rows
from tests.backends.corpus import FILTERS, RECORDS
from tests.backends.sql.tables import DOCUMENTS, TABLE, WHOLE


def fetched(connection):
    """Give the records as they come out of the database, in the order of their ids."""
    found = connection.execute(select(TABLE).order_by(TABLE.c.id)).mappings().all()
    return [{name: value for name, value in row.items() if name != "id"} for row in found]


def pushed(connection, records, table, columns):
    """Count the filters that are pushed whole; their rows have to be the matcher's."""
    count = 0
    for text in FILTERS:
        try:
            condition = where(columns, text, strict=False)
            ids = connection.scalars(select(table.c.id).where(condition)).all()
        except UnsupportedError:
            continue
        assert_same_rows(ids, records, text)
        others = connection.scalars(select(table.c.id).where(not_(condition))).all()
        assert sorted(chain(ids, others)) == list(range(len(records))), text
        count += 1
    return count


def test_the_corpus_is_large_enough():
    assert len(set(FILTERS)) >= 120
    assert len(RECORDS) >= 30


@pytest.mark.slow
def test_rows_of_typed_columns_are_the_matchers(engine):
    with engine.connect() as connection:
        count = pushed(connection, fetched(connection), TABLE, TABLE)
    refused = {"sqlite": 10, "postgresql": 1, "mariadb": 2}
    assert count >= len(FILTERS) - refused[engine.dialect.name]


@pytest.mark.slow
def test_rows_of_whole_documents_are_the_matchers(engine):
    with engine.connect() as connection:
        found = connection.scalars(select(WHOLE.c.doc).order_by(WHOLE.c.id)).all()
        count = pushed(connection, found, WHOLE, WHOLE.c.doc)
    assert len(found) == len(DOCUMENTS)
    assert count >= len(FILTERS) - (6 if engine.dialect.name == "mariadb" else 5)


@pytest.mark.slow
def test_rows_gives_the_matchers_rows_for_every_filter(engine):
    with engine.connect() as connection:
        records = fetched(connection)
        for text in FILTERS:
            ids = [row.id for row in rows(connection, select(TABLE), text, strict=False)]
            assert_same_rows(ids, records, text)


@pytest.mark.parametrize("name", ["postgresql", "mariadb"])
def test_the_server_folds_every_character_as_python_does(request, name):
    with request.getfixturevalue(f"{name}_engine").connect() as connection:
        assert misfolded(connection) == ""
