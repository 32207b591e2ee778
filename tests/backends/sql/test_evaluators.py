"""The servers in the list of evaluators; SQLite needs no server, and is in tests/testing."""

from __future__ import annotations

import pytest

from filterlang.testing import LeftOut, Reason, evaluators
from tests.support.evaluated import evaluator_of, expect_some_vectors, expect_vectors

ON_POSTGRESQL = ["PostgreSQL", "PostgreSQL documents"]
ON_MARIADB = ["MariaDB", "MariaDB documents"]


@pytest.fixture(
    params=[*ON_POSTGRESQL, *[pytest.param(name, marks=pytest.mark.slow) for name in ON_MARIADB]]
)
def evaluator(request):
    server = request.param.partition(" ")[0].lower()
    engine = request.getfixturevalue(f"{server}_engine")
    return evaluator_of(evaluators(**{server: engine}), request.param)


@pytest.mark.slow
@pytest.mark.no_cover
def test_vectors(evaluator):
    expect_vectors(evaluator)


@pytest.mark.slow
def test_some_vectors(evaluator):
    expect_some_vectors(evaluator)


def test_what_is_asked_leaves_nothing_behind(evaluator):
    for _ in range(2):
        assert evaluator.judge("a==x", [{"a": "X"}, {"a": "y"}, {}]) == [True, False, False]
    assert evaluator.judge("a==x", [None]) == LeftOut(Reason.NO_OBJECT)


def test_texts_that_a_server_has_not(evaluator):
    is_mariadb = evaluator.name.startswith("MariaDB")
    if is_mariadb:
        assert evaluator.judge("a~?", [{"a": "\0"}, {"a": "\0\0"}]) == [True, False]
    for text in ("\ud800",) if is_mariadb else ("\0", "\ud800"):
        assert evaluator.judge("a==x", [{"a": text}]) == LeftOut(Reason.VALUES_NOT_HELD, "a")
        said = evaluator.judge("b==x", [{"a": text, "b": "x"}])
        assert said == [True]
        assert evaluator.judge("a==x", [{"a": {"b": text}}]).reason is Reason.VALUES_NOT_HELD
