"""Clauses of one filter that repeat each other or can't both hold, and filters that repeat."""

from __future__ import annotations

import pytest

import filterlang as fl
from tests.support.reports import USERS, codes, said


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a==1;a!=1", [("FL513", "a!=1")]),
        ("a!=1;a==1", [("FL513", "a==1")]),
        ("a~x*;a!~X*", [("FL513", "a!~X*")]),
        ("a==;a!=", [("FL513", "a!=")]),
        ("a==1;b==2;a==1", [("FL514", "a==1")]),
        ("a>1;a>1;a>1", [("FL514", "a>1"), ("FL514", "a>1")]),
        ("a ==  1 ; a==1", [("FL514", "a==1")]),
        # Without a schema a name may lead to a list, of which each element passes its own test.
        ("a==1;a==2", []),
        ("a>10;a<5", []),
        ("a==x;a==X", [("FL514", "a==X")]),
        ("a==1;a==1.0", []),
    ],
)
def test_without_a_schema(text, expected):
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "against"),
    [
        ("score<10;score<5;score>7", "score<5"),
        ("score<5;score<10;score>7", "score<5"),
        ("score>1;score>5;score<3", "score>5"),
        ("score>5;score>1;score<3", "score>5"),
        ("score<5;score<=5;score>=5", "score<5"),
    ],
)
def test_the_narrowest_end_of_a_range_is_named(text, against):
    (found,) = fl.check(text, USERS).diagnostics
    assert (found.code, found.message) == ("FL513", f"this can't hold together with '{against}'")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # The empty one is at fault, and of those that ask for a value the first one is named.
        ("nps>5;nps<9;nps==", [((12, 17), "nps>5")]),
        ("nps<9;nps>5;nps==", [((12, 17), "nps<9")]),
        ("name==x;nps!=3;nps<9;nps>5;nps==", [((27, 32), "nps<9")]),
        ("nps>5;nps!=;nps==", [((12, 17), "nps!=")]),
        # After it, each one that asks for a value is at fault.
        ("nps>5;nps==;nps<9", [((6, 11), "nps>5"), ((12, 17), "nps==")]),
        ("nps==;nps>5;nps<9", [((6, 11), "nps=="), ((12, 17), "nps==")]),
    ],
)
def test_a_clause_that_asks_for_nothing_among_others(text, expected):
    found = fl.check(text, USERS).diagnostics
    assert [(one.code, tuple(one.span), one.message) for one in found] == [
        ("FL513", span, f"this can't hold together with '{other}'") for span, other in expected
    ]


@pytest.mark.parametrize(
    "text",
    [
        "score>10;score<5",
        "score>10;score<=10",
        "score>=10;score<10",
        "score>10;score<11",
        "score>1.2;score<1.8",
        "score==5;score>5",
        "score==5;score<5",
        "score>5;score==5",
        "score==5;score==6",
        "score==5;score!=5.0",
        "score!=5.0;score==5",
        "score>=5;score<=5;score!=5",
        "score>=4.5;score<=5.5;score!=5",
        "score==;score==5",
        "score>5;score==",
        "nps>10;nps<5",
        "nps>1.5;nps<1.5",
        "nps>=1.5;nps<1.5",
        "seen>=2024-02-01;seen<1704067200000",
        "seen==2024-02-01T00:00Z;seen==1706745600001",
        "active==true;active==false",
        "name==a;name==b",
        "name==;name==a",
        "type==USER;type==LEAD",
        "type==USER;type!=user",
        "tags==a;tags!=A",
        "cityName==a;location.city==b",
    ],
)
def test_what_cannot_hold_where_the_schema_says_one_value_of_a_type(text):
    first = text.rpartition(";")[2]
    assert said(text, USERS) == [("FL513", first)]


@pytest.mark.parametrize(
    "text",
    [
        "score>10;score<12",
        "score>=10;score<=10",
        "score>=10;score<=10;score!=9",
        "score!=5;score!=6",
        "score>5;score!=5",
        "score!=;score>5",
        "nps>10;nps<11",
        # To a double these are the same number.
        "nps>=0.3;nps<=0.29999999999999999",
        "nps>0.29999999999999999;nps<0.3",
        "name>m;name<a",
        "name==;name<a",
        "name==a;name~*",
        "name==;name~*",
        "type>USER;type<LEAD",
        "tags==a;tags==b",
        "counts>10;counts<5",
        "counts==;counts>5",
        "channels.sent>10;channels.sent<5",
        "customAttributes.x>10;customAttributes.x<5",
        # Beyond thirty digits nothing is reasoned about.
        "score>1e99;score<-1e99",
        "score>1e99999999999999999999;score<5",
        "score>" + "1" * 50 + ";score<5",
    ],
)
def test_what_can_hold(text):
    # An order on a list may be meant otherwise, but it can hold.
    assert set(codes(text, USERS)) == ({"FL507"} if "counts>" in text else set())


def test_each_clause_that_cannot_hold_is_said_once():
    # `score<5` is out; `score<20` fits what is left, and `score>25` doesn't fit that.
    text = "score>10;score<5;score<20;score>25;score>15;score<=15"
    assert said(text, USERS) == [
        ("FL513", "score<5"),
        ("FL513", "score>25"),
        ("FL513", "score<=15"),
    ]
    others = [one.message for one in fl.check(text, USERS).diagnostics]
    assert others == [
        "this can't hold together with 'score>10'",
        "this can't hold together with 'score<20'",
        "this can't hold together with 'score>15'",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "score==5;score==5.0",
        "name==Doe;name==doe",
        "cityName==Bonn;location.city==Bonn",
        "seen>=2024-01-01;seen>=1704067200000",
        "active==true;active==TRUE",
    ],
)
def test_repeated_values_where_the_schema_types_them(text):
    assert said(text, USERS) == [("FL514", text.rpartition(";")[2])]


def test_filters_that_repeat_another():
    report = fl.check(["a==1;b==2", "", "c==3", "b==2;a==1", "a==1;b==2", "a==1"])
    assert [(one.code, one.source_index, one.message) for one in report.diagnostics] == [
        ("FL515", 3, "this repeats filter 1"),
        ("FL515", 4, "this repeats filter 1"),
    ]
    assert report.ok


def test_filters_that_repeat_another_by_its_meaning():
    texts = ["cityName==Bonn;score==5", "score==5.0;location.city==bonn"]
    assert [one.code for one in fl.check(texts, USERS).diagnostics] == ["FL515"]
    assert fl.check(texts).diagnostics == ()
