"""An error of the library's own making comes out; only what a record's content raises is caught."""

from __future__ import annotations

from collections import UserDict
from datetime import date
from functools import partial
from types import SimpleNamespace

import pytest

import filterlang as fl
from filterlang.matching.codegen import MOST_FAILURES
from filterlang.matching.index import lookups
from filterlang.semantics import tests
from filterlang.semantics.tests import BoundClause

ERRORS = [KeyError("of our own"), AssertionError("of our own"), TypeError("of our own")]
SCHEMA = fl.Schema({"a": "text", "b.c": "number", "b.d": "datetime"})
FILTERS = [
    "a==x",
    "a!=x",
    "a==",
    "a>x",
    "a~x?y",
    "a!~*x",
    "a==5",
    "a>=5",
    "b.c==1;b.d!=2",
    "b.c<1;b.d<2020-01-01",
    ".".join(["a"] * 40) + "==x",
]
VALUES = [date(2020, 1, 2), ["y", date(2020, 1, 2)], UserDict(), SimpleNamespace(a=1)]
RECORDS = [
    {"a": value, "b": {"c": value, "d": value}, ".".join(["a"] * 40): value} for value in VALUES
]
RECORDS += [UserDict(record) for record in RECORDS]
RECORDS += [{**record, "b": [record["b"]]} for record in RECORDS]


@pytest.fixture(params=ERRORS, ids=repr)
def break_meanings(request, monkeypatch):
    """From the call on, whoever asks what a clause means gets an error."""

    def fail(*_):
        raise request.param

    def break_():
        monkeypatch.setattr(BoundClause, "on", fail)
        monkeypatch.setattr(tests, "_test", fail)
        monkeypatch.setattr(tests, "_of_pattern", fail)
        monkeypatch.setattr(lookups, "access_of", fail)
        for remembered in (lookups.ends, lookups.constants):
            remembered.cache_clear()
        return partial(pytest.raises, type(request.param), match="of our own")

    return break_


@pytest.mark.sampled(20)
@pytest.mark.parametrize("schema", [None, SCHEMA], ids=["untyped", "typed"])
@pytest.mark.parametrize("text", FILTERS, ids=lambda text: text[:20])
def test_no_matcher_takes_an_error_of_its_own_for_no_match(text, schema, break_meanings):
    quick, careful = fl.compile(text, schema=schema), fl.compile(text, schema=schema)
    for _ in range(MOST_FAILURES):
        careful(object())
    raises = break_meanings()
    for matcher in (quick, careful):
        for ask in (
            matcher,
            lambda record, one=matcher: list(one.filter([record])),
            lambda record, one=matcher: list(one.filter(iter([record]))),
            matcher.explain,
        ):
            for record in RECORDS:
                with raises():
                    ask(record)


@pytest.mark.parametrize(
    ("text", "record"),
    [
        ("a==x;c==y", {"a": "x", "c": "y"}),
        ("a==x;c==7", {"a": "x", "c": 7}),
        ("a==x;c!=7", {"a": "x", "c": 8}),
        ("a==x;c<7", {"a": "x", "c": 6.5}),
        ("a==x;c~*y?z*", {"a": "x", "c": "yyz"}),
        ("a==x;c!~*y?z*", {"a": "x", "c": "y"}),
        ("b.c==1;b.d!=2", {"b": [{"c": 1, "d": 3}]}),
        ("b.c==1;b.d<7", UserDict({"b": [UserDict({"c": 1, "d": 3})]})),
    ],
)
@pytest.mark.parametrize("schema", [None, SCHEMA], ids=["untyped", "typed"])
def test_no_index_takes_an_error_of_its_own_for_no_match(text, record, schema, break_meanings):
    """What an index has read already it need not ask; what it reads when it is asked raises."""
    index = fl.FilterIndex({1: text, 2: "e==z"}, schema)
    raises = break_meanings()
    for ask in (
        index.match,
        lambda record: list(index.match_many([record])),
        lambda record: index.explain(1, record),
        lambda record: index.add(3, "e==new;f<3"),
    ):
        with raises():
            ask(record)


def test_what_has_no_meaning_says_where_to_give_it_one():
    with pytest.raises(NotImplementedError) as caught:
        tests._asked("<>")
    assert str(caught.value) == (
        "the operator '<>' has no meaning: give it one in filterlang.semantics.tests"
    )
