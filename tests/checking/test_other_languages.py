"""What other languages write for an operator, and the clause that says it here."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

import filterlang as fl
from filterlang.checking.clock import clock_at
from tests.support.reports import codes, hint, safely, said, suggested


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # RSQL
        ("a=eq=1", ["a==1"]),
        ("a=NE=1", ["a!=1"]),
        ("a =gt= 1", ["a > 1"]),
        ("a=lte=1", ["a<=1"]),
        ("a=eq=", ["a=="]),
        ("a=in=(x)", ["a==x"]),
        ("a=in=(x,y)", []),
        ("a=in=x", []),
        ("a=out=(x,'y z')", ["a!=x;a!=y z"]),
        ("a=out=()", []),
        ("a=notlike=x%", ["a!~x*"]),
        ("a=re=x*", ["a~x*"]),
        ("a=like=", []),
        ("a=contains=x,y", ["a~*x\\,y*"]),
        ("a=isnull=", ["a=="]),
        ("a=isnull='true'", ["a=="]),
        ("a=notnull=false", ["a=="]),
        ("a=isnull=maybe", []),
        # SQL
        ("a LIKE '%x%'", ["a~*x*"]),
        ("a not  like 'D_e'", ["a!~D?e"]),
        ("a LIKE ''", []),
        ("a ilike x,y%", ["a~x\\,y*"]),
        ("a IS NULL", ["a=="]),
        ("a is not  empty", ["a!="]),
        ("a is null x", []),
        ("a IN ('x', 'y')", []),
        ("a IN ('x')", ["a==x"]),
        ("a IN('x')", ["a==x"]),
        ("a in [x]", ["a==x"]),
        ("a NOT IN ('x,y', z)", ["a!='x;a!=y';a!=z"]),
        ("a is not in {x,y}", ["a!=x;a!=y"]),
        ("a not in (x,,y)", []),
        ("a BETWEEN 1 AND 2", ["a>=1;a<=2"]),
        ("a between '1' and '2'", ["a>=1;a<=2"]),
        ("a between 1", []),
        # OData
        ("a eq 1", ["a==1"]),
        ("a ne 'x y'", ["a!=x y"]),
        ("a gt 1 and b lt 2", ["a>1 and b lt 2", "a gt 1;b lt 2", "a gt 1 and b<2"]),
        ("a gt 1 or b lt 2", ["a>1 or b lt 2", "a gt 1 or b<2"]),
        ("a gt 1 && b lt 2", ["a>1 && b lt 2", "a gt 1;b lt 2", "a gt 1 && b<2"]),
        ("contains(a,'x')", ["a~*x*"]),
        ("startswith( a/b , x*)", ["a.b~x\\**"]),
        ("endswith(a,x)", ["a~*x"]),
        ("contains(a,)", []),
        # JavaScript, and plain words
        ("a.includes('x')", ["a~*x*"]),
        ('a.b.startsWith("x")', ["a.b~x*"]),
        ("a.endsWith(`x`)", ["a~*x"]),
        ("a.equals(x)", ["a==x"]),
        ("a.contains()", []),
        ("a.contains(x\ty)", []),
        ("a is x", ["a==x"]),
        ("a is not x", ["a!=x"]),
        ("a equals 'x'", ["a==x"]),
        ("a contains x", ["a~*x*"]),
        ("a does not contain x", ["a!~*x*"]),
        ("a starts with x", ["a~x*"]),
        ("a matches x*", ["a~x*"]),
        ("a is", []),
        ("a is 'x\\y'", []),
        ("a like x\ty", []),
    ],
)
def test_the_clause_that_says_it(text, expected):
    report = fl.check(text)
    found = [one for one in report.diagnostics if one.code in {"FL105", "FL119", "FL401", "FL402"}]
    assert [fix.apply(text) for one in found for fix in one.fixes] == expected
    assert not report.ok


@pytest.mark.parametrize(
    "text",
    ["a=gt=1", "a=eq=", "a eq x y", "a ge 1; b lt 2", "a eq", "a is x", "a eq 'x'", "a=in=(x)"],
)
def test_another_operator_is_never_written_unasked(text):
    assert safely(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a*=x", ["a~*x*"]),
        ("a *= x", ["a ~*x*"]),
        ("a^=x", ["a~x*"]),
        ("a$=x", ["a~*x"]),
        ("a=^x", ["a~x*"]),
        ("a=$ x", ["a~*x"]),
        ("a=x*", ["a~x*"]),
        ("a=^x*", []),
        ("a^=", ["a^=="]),
        ("a%=x", ["a%==x"]),
        ("a|=x", ["a==x"]),
        ("a+=x", ["a==x"]),
        ("a#=x", ["a==x"]),
        ("a=/x/", ["a~*x*"]),
        ("a=[x]", ["a==x"]),
        ("a=(x)", ["a==x"]),
        ("a=foo=x", ["a==foo=x"]),
        ("a=gt:5", ["a>5"]),
        ("a=not x", ["a==not x"]),
        ("a=1..5", ["a==1..5"]),
        ("a__gte=5", ["a>=5"]),
        ("a[lt]=5", ["a<5"]),
        ("scoreGte=5", ["scoreGte==5"]),
        ("a=-x", ["a==-x"]),
        # Elsewhere these are other numbers, or numbers where `==` compares a text.
        ("a=.5", ["a==.5"]),
        ("a=0x10", ["a==0x10"]),
        ("a=1_000", ["a==1_000"]),
        ("a=010", ["a==010"]),
        ("a=10-5", ["a==10-5"]),
        ("a=10 / 2", ["a==10 / 2"]),
        # Elsewhere the condition goes on.
        ("a=x OR y", ["a==x OR y"]),
        ("a=x and y", ["a==x and y"]),
        ("a=x ORDER BY b", ["a==x ORDER BY b", "a=x"]),
        ("a=x limit 5", ["a==x limit 5", "a=x"]),
    ],
)
def test_a_single_equal_that_may_be_part_of_more(text, expected):
    assert suggested(text) == expected
    assert safely(text) is None


@pytest.mark.parametrize(
    "text", ["a=x", "\u0915\u093f=x", "😀=x", "a_b=-5", "a=0.5", "a = O'Neill"]
)
def test_a_single_equal_between_a_name_and_a_plain_value(text):
    assert safely(text) == text.replace("=", "==")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("!(a==1)", "a!=1"),
        ("! ( a == 1 )", "a != 1 "),
        ("!!a==1", None),
        ("!-a==1", None),
        ("!(a==1;b==2)", None),
        ("!(a==1 and b==2)", None),
        ("!((a==1))", None),
        ("!f(a==1)", None),
        ("!(a==)", None),
        ("!a>1", None),
    ],
)
def test_the_opposite_of_a_negated_clause(text, expected):
    first = fl.check(text).diagnostics[0]
    assert first.code == "FL106"
    assert [fix.apply(text) for fix in first.fixes] == ([] if expected is None else [expected])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a=in=(x,y)", [("FL105", "=in=")]),
        ("a=in=(x\\q)", [("FL105", "=in="), ("FL112", "\\q")]),
        ("a  NOT   LIKE x", [("FL119", "NOT   LIKE")]),
        ("a eq 1 and b lt 2", [("FL119", "eq"), ("FL401", "and"), ("FL119", "lt")]),
        ("a.startsWith(x)", [("FL119", "startsWith")]),
        ("contains(a,x,y)", [("FL119", "contains")]),
        ("island==x", []),
        ("a=ingot=x", [("FL104", "=")]),
        ("island", [("FL103", "island")]),
        ("is", [("FL103", "is")]),
    ],
)
def test_places(text, expected):
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a IN (x,y)", "for one of several values, write a filter for each: 'a==x' and 'a==y'"),
        ("a=out=x", "to leave out several values, write a clause for each"),
        ("a between 1", "write two clauses, with '>=' and '<='"),
        ("a is null", "write 'a==', with nothing after the operator"),
        ("a=isnull=true", "write 'a==', with nothing after the operator"),
        ("a=isnull=maybe", "leave the expression empty to test for an empty value"),
        ("a is null maybe", "leave the expression empty: '==' and nothing after it"),
        ("a like x", "write 'a~x'; '*' is any run of characters"),
        ("a.equals(x)", "write '==' instead of it"),
        ("a=eq=", "write '==', and after it what to compare with"),
    ],
)
def test_hints(text, expected):
    assert hint(text) == expected


def test_what_stands_before_a_word_belongs_to_it():
    assert suggested("a is like x") == ["a~x"]
    assert codes("a is like x") == ["FL119"]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("a!=(x*,y)", "to leave out several values, write a clause for each"),
        ("a==(x*,y)", "for one of several values, write a filter for each"),
    ],
)
def test_a_list_of_more_than_plain_values_isnt_written_out(text, hint):
    (found,) = [one for one in fl.check(text).diagnostics if one.code == "FL111"]
    assert found.hint == hint


# --- Words for operators --------------------------------------------------------------------------

NOW = datetime(2024, 1, 31, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # A whole day is meant by a date.
        ("seen after 2024-01-31", ["seen>=2024-02-01"]),
        ("seen is on or after 2024-01-31", ["seen>=2024-01-31"]),
        ("seen before 2024-01-31", ["seen<2024-01-31"]),
        ("seen until 2024-01-31", ["seen<2024-02-01"]),
        ("seen at most 2024-01-31T10:00", ["seen<=2024-01-31T10:00"]),
        ("seen after 9999-12-31", ["seen>9999-12-31"]),
        ("seen after 2024-02-30", []),
        ("seen between '2024-01-30' and '2024-01-31'", ["seen>=2024-01-30;seen<2024-02-01"]),
        ("seen between 2024-01-01 to 2024-01-31", ["seen>=2024-01-01;seen<2024-02-01"]),
        ("score between (1 and 5)", []),
        # Counted from now
        ("seen in the last 7 days", ["seen>=2024-01-24"]),
        ("seen within 2 hours", ["seen>=2024-01-31T10:30:00Z"]),
        ("seen in last week", ["seen>=2024-01-24"]),
        ("seen in last moment", []),
        ("seen more than 7 days ago", ["seen<2024-01-24"]),
        ("seen less than 7 days ago", ["seen>=2024-01-24"]),
        ("seen since 7 days ago", ["seen>=2024-01-24"]),
        ("seen greater than 7 days ago", []),
        ("seen more than 7 days", []),
        ("seen after today", ["seen>=2024-02-01"]),
        ("seen before now", ["seen<2024-01-31T12:30:00Z"]),
        ("size over 5 kg", ["size>5 kg"]),
        # What isn't clear
        ("title is at large", []),
        ("title is greater", []),
        ("score is not greater than less 5", []),
        ("title is 'a\\b'", []),
        ("role is admin or member", []),
        ("role is admin, member", []),
        ("role is 'admin, member'", ["role==admin\\, member"]),
    ],
)
def test_what_words_ask_for(text, expected):
    with clock_at(NOW):
        said = suggested(text)
    assert [one for one in said if fl.check(one).ok] == expected


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("score is not greater than 10", "'score<=10' and 'score=='"),
        ("score isn't between 1 and 5", "'score<1', 'score>5' and 'score=='"),
        ("seen not between 2024-01-01 and 2024-01-31", None),
        ("seen is not after 2024-01-31", "'seen<2024-02-01' and 'seen=='"),
        ("seen not more than 7 days ago", "'seen>=2024-01-24' and 'seen=='"),
        ("b==1;score not at least 10", "'b==1;score<10' and 'b==1;score=='"),
        ("score not more than 7 days", ""),
        ("score not between (1 and 5)", ""),
        ("seen not in the last 7 days", ""),
    ],
)
def test_the_opposite_of_an_order_is_several_filters(text, filters):
    with clock_at(NOW):
        (found,) = fl.check(text).diagnostics
    opposite = "'seen<2024-01-01', 'seen>=2024-02-01' and 'seen=='" if filters is None else filters
    if opposite:
        assert found.hint == f"there is no NOT; the opposite is several filters: {opposite}"
    else:
        assert found.hint.startswith("there is no NOT; the opposite of an order is two filters")
    assert found.fixes == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("role admin", ["role==admin"]),
        ("role  'admin'", []),
        ("role not", []),
        ("select role", []),
        ("role isn't", []),
        ("active", []),
        ("not active", ["active!=true"]),
        ("!active", ["active!=true"]),
        ("!!active", []),
        ("not not active", []),
        ('a=="x; b\'c"', []),
        ("a==1;not active", []),
    ],
)
def test_a_clause_without_an_operator(text, expected):
    assert [one for one in suggested(text) if fl.check(one).ok] == expected
