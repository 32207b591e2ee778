"""`any_of` and `all_of`: one set of several filters, which is never one that matches everything."""

from __future__ import annotations

import itertools
import re
from functools import reduce
from operator import and_, or_

import pytest

import filterlang as fl
from filterlang import F

PARTS = [
    F.a == 1,
    "b==2",
    fl.parse_filter("c==3;d==4"),
    F.e.in_([5, 6]),
    fl.parse(["f==7;g==8", "h==9"]),
]


def nodes(parts):
    return [fl.parse(one) if isinstance(one, str) else one for one in parts]


@pytest.mark.parametrize("count", range(1, len(PARTS) + 1))
def test_they_give_what_loops_of_operators_give(count):
    for parts in itertools.permutations(PARTS, count):
        first, *rest = nodes(parts)
        start = fl.parse(fl.unparse(first))
        either, both = reduce(or_, rest, start), reduce(and_, rest, start)
        assert (fl.any_of(parts), fl.all_of(parts)) == (either, both)


@pytest.mark.parametrize("holder", [list, tuple, iter])
def test_filters_come_in_whatever_holds_them(holder):
    assert fl.unparse(fl.any_of(holder(["a==1", F.b == 2]))) == ["a==1", "b==2"]
    assert fl.unparse(fl.all_of(holder(["a==1", F.b == 2]))) == ["a==1;b==2"]


NOTHING = {
    fl.any_of: "any_of() needs at least one filter: without any, everything matches",
    fl.all_of: (
        "all_of() needs at least one filter that isn't blank or empty: without any, everything"
        " matches"
    ),
}


@pytest.mark.parametrize("function", NOTHING)
def test_no_filters_are_refused(function):
    for nothing in ([], (), iter([]), set(), {}.values()):
        with pytest.raises(ValueError, match=re.escape(NOTHING[function])):
            function(nothing)


@pytest.mark.parametrize("blank", ["", "  ", fl.FilterSet()])
def test_what_matches_everything_is_no_alternative(blank):
    for before in range(3):
        message = (
            f"filter {before + 1} is blank or empty and matches everything, and so would any_of();"
            " leave it out, or write FilterSet() if everything is meant"
        )
        with pytest.raises(ValueError, match=re.escape(message)):
            fl.any_of([*["a==1"] * before, blank, F.b == 2])


@pytest.mark.parametrize("blank", ["", "  ", fl.FilterSet()])
def test_what_matches_everything_restricts_nothing(blank):
    assert fl.unparse(fl.all_of([blank, "a==1", blank, F.b == 2])) == ["a==1;b==2"]
    with pytest.raises(ValueError, match=re.escape(NOTHING[fl.all_of])):
        fl.all_of([blank, blank])


@pytest.mark.parametrize("function", NOTHING)
def test_one_alone_is_not_taken_for_several(function):
    for one in ("a==1", F.a == 1, fl.parse_filter("a==1;b==2"), fl.parse("a==1")):
        message = (
            f"{function.__name__}() takes an iterable of filters, not one {type(one).__name__};"
            " put it into a list"
        )
        with pytest.raises(TypeError, match=re.escape(message)):
            function(one)


@pytest.mark.parametrize("function", NOTHING)
@pytest.mark.parametrize(
    ("given", "kind"),
    [(1, "int"), (None, "NoneType"), (b"a==1", "bytes"), ({"a==1": 1}, "dict")],
)
def test_what_holds_no_filters_is_refused(function, given, kind):
    message = f"{function.__name__}() takes an iterable of filters, not {kind}"
    with pytest.raises(TypeError, match=re.escape(message)):
        function(given)
    message = f"filter 2 is not a str, Clause, Filter or FilterSet but {kind}"
    with pytest.raises(TypeError, match=re.escape(message)):
        function(["a==1", given])


@pytest.mark.parametrize("function", NOTHING)
def test_a_field_that_nothing_is_compared_with_is_told(function):
    with pytest.raises(TypeError) as caught:
        function([F.a])
    assert str(caught.value) == (
        "filter 1 is not a str, Clause, Filter or FilterSet but Path; compare it, as in F.a == …"
    )


@pytest.mark.parametrize("function", NOTHING)
def test_mistakes_are_told_of_all_texts_with_their_numbers(function):
    with pytest.raises(fl.FilterSyntaxError) as caught:
        function([F.a == 1, "b=2", "c==3", "d"])
    assert [(one.code, one.source_index) for one in caught.value.diagnostics] == [
        ("FL104", 1),
        ("FL103", 3),
    ]
    assert str(caught.value).startswith(
        "error[FL104]: expected '==', found a single '='\n --> filter 2, column 2\n"
    )


def test_many_are_joined_quickly_and_too_many_are_refused():
    many = [F.a == number for number in range(20_000)]
    assert len(fl.all_of(many).filters[0]) == len(fl.any_of(many)) == 20_000
    with pytest.raises(fl.LimitError) as caught:
        fl.all_of([F.a.in_(range(300)), F.b.in_(range(300))])
    assert [one.code for one in caught.value.diagnostics] == ["FL302"]
