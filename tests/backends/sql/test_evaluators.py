"""PostgreSQL in the list of evaluators; SQLite needs no server, and is in tests/testing."""

from __future__ import annotations

import pytest

from filterlang.testing import LeftOut, Reason, evaluators
from tests.support.evaluated import evaluator_of, expect_vectors


@pytest.fixture(params=["PostgreSQL", "PostgreSQL documents"])
def evaluator(request, postgresql_engine):
    return evaluator_of(evaluators(postgresql=postgresql_engine), request.param)


@pytest.mark.slow
def test_vectors(evaluator):
    expect_vectors(evaluator)


def test_what_is_asked_leaves_nothing_behind(evaluator):
    for _ in range(2):
        assert evaluator.judge("a==x", [{"a": "X"}, {"a": "y"}, {}]) == [True, False, False]
    assert evaluator.judge("a==x", [None]) == LeftOut(Reason.NO_OBJECT)


def test_texts_that_postgresql_has_not(evaluator):
    for text in ("\0", "\ud800"):
        assert evaluator.judge("a==x", [{"a": text}]) == LeftOut(Reason.VALUES_NOT_HELD, "a")
        said = evaluator.judge("b==x", [{"a": text, "b": "x"}])
        assert said == [True]
        assert evaluator.judge("a==x", [{"a": {"b": text}}]).reason is Reason.VALUES_NOT_HELD
