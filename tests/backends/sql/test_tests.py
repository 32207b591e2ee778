"""Each test as a condition, those too that no clause asks of such values today."""

from __future__ import annotations

import pytest
from sqlalchemy import column
from sqlalchemy.dialects import postgresql as dialects

from filterlang.backends.sql import documents, mariadb_documents, postgresql
from filterlang.backends.sql.folded_texts import text_passes
from filterlang.semantics.tests import Always, Equals, Like, Never, Why, Within

NEVER = Never(Why.NO_TEXT)


class Asked:
    """A clause that asks one test of every kind of value."""

    def __init__(self, test):
        self.test = test

    def tests(self, kind):
        return [self.test]


def written(condition):
    compiled = condition.compile(dialect=dialects.dialect(), compile_kwargs={"literal_binds": True})
    return str(compiled)


@pytest.mark.parametrize(("test", "sql"), [(NEVER, "false"), (Always(), "true")])
def test_texts(test, sql):
    assert written(text_passes([test], column("a"), "postgresql")) == sql


@pytest.mark.parametrize(
    ("test", "sql"),
    [(NEVER, "false"), (Like(()), "false"), (Within(None, None, of_text=False), "false"),
     (Always(), "true"), (Equals(True, of_text=False), "a = 'true'")],
)  # fmt: skip  # one line a test
def test_truth_values_of_documents(test, sql):
    assert written(documents.truth([test], column("a"))) == sql


@pytest.mark.parametrize("test", [NEVER, Always(), Like(()), Equals("x", of_text=True)])
def test_doubles_of_documents_are_only_compared_with_doubles(test):
    assert written(postgresql.double_passes(test, column("a"))) == "false"


@pytest.mark.parametrize("of", [mariadb_documents._integer, mariadb_documents._double])
@pytest.mark.parametrize(
    ("test", "sql"), [(NEVER, "false"), (Like(()), "false"), (Always(), "true")]
)
def test_numbers_of_documents_on_mariadb(of, test, sql):
    assert written(of(Asked(test), column("a"))) == sql
