"""`simplify`, `implies` and `equivalent`: what follows, what doesn't, and what isn't known."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

import filterlang as fl
from filterlang import Answer, Clause, Filter, FilterSet, Pattern
from tests.support.reports import USERS
from tests.tools import implies_shares

# --- implies --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b"),
    [
        # The same, in another case or order, or with more.
        ("a==x", "a==x"),
        ("a==x", "a==X"),
        ("a==x;b==y", "b==y;a==x"),
        ("a==x;b==y", "a==x"),
        ("a==x", ["b==y", "a==x"]),
        (["a==x;b==y", "a==x;c==z"], "a==x"),
        ("a==10", "a==10"),
        ("a==1e99999999999999999999", "a==1e99999999999999999999"),
        # Everything, nothing, and what is always true.
        ("a==x", ""),
        ("", ""),
        ("a==x;a!=X", "b==y"),
        ("a~x*;a!~X*", "b==y"),
        ("l.x==a;l.x!=a", "b==y"),
        # Comparisons of all types at once; order is that of each type, also in lists.
        ("a>10", "a>=10"),
        ("a==10", "a>=10"),
        ("a!=", "a!="),
        ("a<=x", "a<=x"),
        # Negative clauses the other way round.
        ("a!~a*", "a!~ab*"),
        ("a!~a*", "a!=abc"),
        # Patterns.
        ("a~ab*", "a~a*"),
        ("a~a?c", "a~a*c"),
        ("a~*?", "a~?*"),
        ("a~A", "a~a"),
        ("a~abc", "a~*b*"),
        ("a==abc", "a~a*"),
        ("a>b", "a~*"),
        ("a==true", "a~true"),
        # In one list of objects.
        ("l.x>1;l.y!=2", "l.x>1;l.y!=2"),
        ("l.x~ab*;l.y!=2", "l.x~a*;l.y!=2"),
        ("l.x==1;l.y==2", "l.y==2"),
        ("l.x==1;l.x!=2", "l.x==1;l.x!=2"),
        ("l.x!=1;l.y!=2", "l.y!=2"),
        ("l.x==1;b!=2", "b!=2"),
    ],
    ids=str,
)
def test_what_follows_for_all_records(a, b):
    assert fl.implies(a, b) is Answer.YES


@pytest.mark.parametrize(
    ("a", "b", "record"),
    [
        ("a==x", "a==y", {"a": "x"}),
        ("", "a==x", {}),
        ("a==x", "a==x;b==y", {"a": "x"}),
        ("a==x", ["a==x;b==y", "a==y"], {"a": "x"}),
        # Any element may pass, and each clause has its own.
        ("a==x", "a!=y", {"a": ["x", "y"]}),
        ("a==", "a!=x", {"a": ["", "x"]}),
        ("a>10;a<5", "b==1", {"a": [11, 4]}),
        # As text, "3" comes after "10" but not after "5".
        ("a>10", "a>5", {"a": "3"}),
        # Missing.
        ("a!=x", "a==y", {}),
        ("a!=x", "a!=", {}),
        # 10.0 as a decimal is written 10.0.
        ("a==10", "a~10", {"a": Decimal("10.0")}),
        ("a~10*", "a~10", {"a": "10x"}),
        ("a~a*", "a~ab*", {"a": "ax"}),
        ("a~a*", "a~a?", {"a": "axx"}),
        # The clauses of a list of objects ask one element, without the others all of them.
        ("l.x==1;l.y!=2", "l.y!=2", {"l": [{"x": 1}, {"y": 2}]}),
        ("l.x==1;l.z==3;l.y!=2", "l.x==1;l.y!=2", {"l.x": 1, "l": [{"z": 3}, {"y": 2}]}),
    ],
    ids=str,
)
def test_what_does_not_follow(a, b, record):
    assert fl.matches(a, record)
    assert not fl.matches(b, record)
    if "l.z" in a:
        # The record has to hold one name as a key and another as a list, which isn't tried.
        assert fl.implies(a, b) is Answer.UNKNOWN
    else:
        assert fl.implies(a, b) is Answer.NO


@pytest.mark.parametrize(
    ("a", "b", "there", "back"),
    [
        # `?` is exactly one character: not none, not two, and no `*`.
        ("a~x?y", "a~xy", Answer.NO, Answer.NO),
        ("a~x?", "a~x", Answer.NO, Answer.NO),
        ("a~?x", "a~x", Answer.NO, Answer.NO),
        ("a~x??y", "a~x?y", Answer.NO, Answer.NO),
        ("a==xy", "a~x?y", Answer.NO, Answer.NO),
        ("a==xzzy", "a~x?y", Answer.NO, Answer.NO),
        ("a==xzy", "a~x?y", Answer.YES, Answer.NO),
        ("a~?", "a==", Answer.NO, Answer.NO),
        ("a~x?y", "a~x*y", Answer.YES, Answer.NO),
        ("a~xy", "a~x*y", Answer.YES, Answer.NO),
        ("a~??", "a~?*", Answer.YES, Answer.NO),
        ("a~??*", "a~?*", Answer.YES, Answer.NO),
        ("a~?", "a~*", Answer.YES, Answer.NO),
        ("a~?*?", "a~??*", Answer.YES, Answer.YES),
        ("a~*??", "a~?*?", Answer.YES, Answer.YES),
        (r"a~x\?y", "a~x?y", Answer.YES, Answer.NO),
        (r"a~x\*y", "a~x?y", Answer.YES, Answer.NO),
        (r"a~x\?y", "a~xy", Answer.NO, Answer.NO),
        # The other way round of what is negated.
        ("a!~x?y", "a!~xy", Answer.NO, Answer.NO),
        ("a!~x?y", "a!=xy", Answer.NO, Answer.NO),
        ("a!~x?y", "a!=xzy", Answer.YES, Answer.NO),
        ("a!~x*y", "a!~x?y", Answer.YES, Answer.NO),
        ("a!~?*", "a!~??", Answer.YES, Answer.NO),
    ],
    ids=str,
)
def test_wildcards_stand_for_as_many_characters_as_they_do(a, b, there, back):
    assert fl.implies(a, b) is there
    assert fl.implies(b, a) is back


DAY = 1_704_067_200_000
"""2024-01-01 in milliseconds since 1970; a thousandth of it is three weeks."""


@pytest.mark.parametrize(
    ("a", "b", "there", "back"),
    [
        ("seen>=2024-01-01", f"seen>={DAY}", Answer.YES, Answer.YES),
        ("seen>=2024-01-01", f"seen>={DAY + 1}", Answer.NO, Answer.YES),
        ("seen>=2024-01-01", f"seen>={DAY - 1}", Answer.YES, Answer.NO),
        ("seen>2024-01-01", f"seen>={DAY}", Answer.YES, Answer.NO),
        ("seen>2024-01-01", f"seen>{DAY - 1}", Answer.YES, Answer.NO),
        ("seen<=2024-01-01", f"seen<={DAY - 1}", Answer.NO, Answer.YES),
        ("seen<=2024-01-01", f"seen<={DAY + 1}", Answer.YES, Answer.NO),
        ("seen<2024-01-01", f"seen<={DAY - 1}", Answer.NO, Answer.YES),
        ("seen<2024-01-01", f"seen<={DAY}", Answer.YES, Answer.NO),
        ("seen==2024-01-01", f"seen=={DAY}", Answer.YES, Answer.YES),
        ("seen==2024-01-01", f"seen=={DAY + 1}", Answer.NO, Answer.NO),
        ("seen==2024-01-01", f"seen!={DAY + 1}", Answer.YES, Answer.NO),
        ("seen==2024-01-01", f"seen!={DAY}", Answer.NO, Answer.NO),
        # Less than a thousandth away on either side, and days that are as near to each other.
        ("seen>=2024-01-01", f"seen>={DAY - DAY // 1001}", Answer.YES, Answer.NO),
        ("seen>=2024-01-01", f"seen>={DAY + DAY // 1001}", Answer.NO, Answer.YES),
        ("seen<=2024-01-01", f"seen<={DAY + DAY // 1001}", Answer.YES, Answer.NO),
        ("seen>=2024-01-02", "seen>=2024-01-01", Answer.YES, Answer.NO),
        ("seen>=2024-01-01T00:00:00.000001", f"seen>{DAY}", Answer.YES, Answer.YES),
        ("seen>=2024-01-01T00:00:00.001", f"seen>={DAY + 1}", Answer.YES, Answer.YES),
        (f"seen>2024-01-01;seen<{DAY + 1}", "name==x", Answer.NO, Answer.NO),
        (f"seen>2024-01-01;seen<={DAY}", "name==x", Answer.YES, Answer.NO),
    ],
    ids=str,
)
def test_dates_are_compared_with_milliseconds_to_the_last_one(a, b, there, back):
    assert fl.implies(a, b, USERS) is there
    assert fl.implies(b, a, USERS) is back


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("score>10", "score>5"),
        ("score>10", "score!=5"),
        ("score>10", "score>=11"),
        ("score>=10.5", "score>10"),
        ("score==5", "score==5.0"),
        ("score>=5;score<=5", "score==5"),
        ("score>4;score<6;score!=5", "name==x"),
        ("score>10;score<5", "name==x"),
        ("score==high", "name==x"),
        ("name==x", "score!=high"),
        ("", "score!=high"),
        ("score>5", "score!="),
        ("nps>1.5", "nps>1.25"),
        ("seen>=2024-02-01", "seen>2024-01-01"),
        ("seen==2024-01-01", "seen==1704067200000"),
        ("seen>2024-01-01;seen<2024-01-01", "name==x"),
        ("active==true", "active!=false"),
        ("active<true", "name==x"),
        ("name==abc", "name~a*;name!=b;name>=abb"),
        ("name~abc", "name==ABC"),
        ("name~abc", "name!=b"),
        ("name~a*;name!~a*", "score==1"),
        ("type==USER", "type!=LEAD"),
        ("cityName==Bonn", "location.city==bonn"),
        ("location.city==Bonn;location.countryCode!=DE", "location.countryCode!=de"),
        # In lists order says as much of each element as it does of one value.
        ("counts>10", "counts>5"),
        ("channels.sent>10", "channels.sent>5"),
        ("channels.sent>10;channels.kind!=a", "channels.sent>5;channels.kind!=A"),
        ("channels.kind!=a", "channels.sent!=high"),
        ("channels.sent>1;channels.kind!=a", "channels.sent>1;channels.sent!=x"),
    ],
    ids=str,
)
def test_what_follows_for_records_that_are_as_the_schema_says(a, b):
    assert fl.implies(a, b, USERS) is Answer.YES


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("score>5", "score>10"),
        ("score>10", "score>=12"),
        ("score!=5", "score!=6"),
        ("nps>10", "nps>=11"),
        ("seen>2024-01-01", "seen>2024-01-02"),
        # A datetime of Python knows microseconds, an expression's digits milliseconds.
        ("seen>1704067200000;seen<1704067200001", "name==x"),
        ("active!=true", "active==false"),
        ("name>b", "name>c"),
        ("type!=LEAD", "type==USER"),
        ("tags==a", "tags!=b"),
        ("counts>10;counts<5", "counts==1"),
        ("location!=", "location=="),
        ("channels.sent>1;channels.kind!=a", "channels.kind!=a"),
        ("visits.x==1;visits.y!=2", "visits.y!=2"),
        ("customAttributes.l.x==1;customAttributes.l.y!=2", "customAttributes.l.y!=2"),
        ("unheard.x==1;unheard.y!=2", "unheard.y!=2"),
        ("customAttributes.x==a", "customAttributes.x!=b"),
    ],
    ids=str,
)
def test_what_does_not_follow_with_a_schema(a, b):
    assert fl.implies(a, b, USERS) is Answer.NO


@pytest.mark.parametrize(
    ("a", "b", "schema"),
    [
        # Together the two of b have all records of a; only one by one they are looked at.
        ("score>0", ["score>5", "score<=5"], USERS),
        # No number has this text, but the texts of numbers aren't reasoned about.
        ("score~abc", "name==x", USERS),
        # The text "1" is true, and a text that can't be read equals nothing, but has a text.
        ("active==true;active~1", "name==x", USERS),
        ("active!=true;active!=false;active~yes", "name==x", USERS),
        # What isn't missing has a text, unless it is an object, which no schema has here.
        ("name!=", "name~*", USERS),
        # A new kind of user may come up, but none that the schema has says no.
        ("type!=LEAD;type!=VISITOR;type!=", "type==USER", USERS),
        # A single element can't be sent twice, but this isn't known of lists.
        ("channels.sent==1;channels.sent==2", "name==x", USERS),
        # More digits than are reasoned about.
        ("score>1e99999999999999999999", "score!=5", USERS),
        ("score>5;score<7", "score<1e99999999999999999999", USERS),
        # Patterns too long to be compared, and no text that tells them apart.
        ("a~" + "a*" * 200 + "b", "a~" + "a*" * 199 + "?*b", None),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_not_known(a, b, schema):
    assert fl.implies(a, b, schema) is Answer.UNKNOWN


def test_an_answer_of_unknown_is_neither_true_nor_false():
    assert bool(Answer.YES) is True
    assert bool(Answer.NO) is False
    expected = (
        "unknown is neither yes nor no: compare the answer with 'is Answer.YES', or with"
        " 'is Answer.NO'"
    )
    with pytest.raises(TypeError, match=f"^{re.escape(expected)}$"):
        bool(Answer.UNKNOWN)


# --- equivalent -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (["a==x", "b==y"], ["b==Y", "a==X"], Answer.YES),
        ("score>5", "score>=6", Answer.YES),
        ("score>5", "score>=7", Answer.NO),
        ("score>=7", "score>5", Answer.NO),
        ("score>0", ["score>5;score>0", "score<=5;score>0"], Answer.UNKNOWN),
        ("", "score!=high", Answer.YES),
        ("", "", Answer.YES),
    ],
    ids=str,
)
def test_equivalent(a, b, expected):
    assert fl.equivalent(a, b, USERS) is expected


# --- simplify -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ([], []),
        (["a==x"], ["a==x"]),
        (["a==x;b==y;a==X"], ["a==x;b==y"]),
        (["b==y;a==x", "a==x;b==y"], ["b==y;a==x"]),
        (["a==x", "b==y", "a==x"], ["a==x", "b==y"]),
        (["a==x;b==y", "a==x"], ["a==x"]),
        (["a~ab*;a~a*"], ["a~ab*"]),
        (["a!=abc;a!~a*"], ["a!~a*"]),
        (["a==x;a!=x", "b==y"], ["b==y"]),
        (["a==x;a!=x", "b==y;b!=y"], ["a==x;a!=x"]),
        # What only a schema could say.
        (["a>5;a>10"], ["a>5;a>10"]),
        (["a==x;a!=y"], ["a==x;a!=y"]),
        # Groups are left together, but for what follows from the same name.
        (["l.x==1;l.y!=2", "l.y!=2"], ["l.x==1;l.y!=2", "l.y!=2"]),
        (["l.x~ab*;l.y!=2;l.x~a*"], ["l.x~ab*;l.y!=2"]),
        (["l.x==1;l.y==2", "l.y==2"], ["l.y==2"]),
    ],
    ids=str,
)
def test_simplify_for_all_records(filters, expected):
    assert fl.unparse(fl.simplify(filters)) == expected


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (["score>5;score>10"], ["score>10"]),
        (["score>10", "score>5"], ["score>5"]),
        (["score==5;score==5.0"], ["score==5"]),
        (["score==5;score!=6;score>1"], ["score==5"]),
        (["score>10;score<5", "name==x"], ["name==x"]),
        (["score>10;score<5"], ["score>10;score<5"]),
        (["name==x;score!=high"], ["name==x"]),
        (["score!=high"], ["score!=high"]),
        (["score!=high", "name==x"], ["score!=high"]),
        (["cityName==a;location.city==A"], ["cityName==a"]),
        (["seen>2024-01-01;seen>1704067200000"], ["seen>2024-01-01"]),
        (["tags==a;tags==b"], ["tags==a;tags==b"]),
        (
            ["channels.sent>1;channels.sent>2;channels.kind!=a"],
            ["channels.sent>2;channels.kind!=a"],
        ),
    ],
    ids=str,
)
def test_simplify_with_a_schema(filters, expected):
    assert fl.unparse(fl.simplify(filters, USERS)) == expected


@pytest.mark.parametrize(
    "filters",
    [
        Clause("a", "~", Pattern("x*")),
        Filter([Clause("a", "~", Pattern("x*")), Clause("a", "~", Pattern("X*"))]),
        FilterSet([Filter([Clause("a", "~", Pattern("x*"))])]),
        "a~x*",
        ["a~x*", "a~X*"],
    ],
    ids=lambda filters: type(filters).__name__,
)
def test_nodes_and_texts_are_taken(filters):
    expected = fl.parse("a~x*")
    assert fl.simplify(filters) == expected
    assert fl.implies(filters, expected) is Answer.YES
    assert fl.equivalent(expected, filters) is Answer.YES


@pytest.mark.parametrize("function", [fl.simplify, lambda x: fl.implies("a==x", x)])
def test_bad_text_is_an_error(function):
    with pytest.raises(fl.FilterSyntaxError):
        function("a=b")


def test_a_long_list_is_only_compared():
    filters = [f"id=={number}" for number in range(200)]
    assert fl.unparse(fl.simplify(filters)) == filters
    assert fl.implies(filters[:100], filters) is Answer.YES
    assert fl.implies(filters, filters[:100]) is Answer.NO


@pytest.mark.slow
@pytest.mark.parametrize(("schema", "most"), [(None, 0.05), (USERS, 0.1)], ids=["none", "typed"])
def test_little_is_unknown(schema, most):
    counts = implies_shares.shares(schema, 150)
    assert counts[Answer.UNKNOWN] <= most * 150
    assert counts[Answer.YES] >= 40
    assert counts[Answer.NO] >= 40
