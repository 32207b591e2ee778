"""Terms of search boxes, `role:admin -type:LEAD score:>10`, and the filters that they stand for."""

from __future__ import annotations

import pytest

import filterlang as fl
from filterlang.checking.other_notations.colon_terms import colon_terms


@pytest.mark.parametrize(
    ("written", "filters"),
    [
        ("role:admin type:LEAD", ["role==admin;type==LEAD"]),
        ("role:admin AND NOT type:LEAD", ["role==admin;type!=LEAD"]),
        ('role : "head of x" and score >= 10', ["role==head of x;score>=10"]),
        ("role:a OR role:b || role:c", ["role==a", "role==b", "role==c"]),
        ('role:(a OR "b c")', ["role==a", "role==b c"]),
        ("-role:(a OR b)", ["role!=a;role!=b"]),
        ("role:(a b) score:>1", ["role==a;score>1", "role==b;score>1"]),
        ("score:[10 TO 20]", ["score>=10;score<=20"]),
        ("score:{10 TO 20}", ["score>10;score<20"]),
        ("score:[* TO 20]", ["score<=20"]),
        ("seen:[2024-01-01 TO 2024-01-31]", ["seen>=2024-01-01;seen<2024-02-01"]),
        ("seen:[2024-01-01 TO 2024-01-31}", ["seen>=2024-01-01;seen<2024-01-31"]),
        ("score:10..*", ["score>=10"]),
        ("email:*", ["email!="]),
        ("-email:*", ["email=="]),
        ("title:eng* -title:*intern", ["title~eng*;title!~*intern"]),
        ("_exists_:email no:title", ["email!=;title=="]),
        ("-has:email", ["email=="]),
    ],
)
def test_what_terms_stand_for(written, filters):
    terms = colon_terms(written)
    assert terms is not None
    assert list(terms.filters) == filters
    assert all(fl.check(one).ok for one in filters)


@pytest.mark.parametrize(
    "written",
    [
        "note: call me",
        "http://example.com",
        "title:eng~2",
        "title:x^2",
        "title:/eng.*/",
        "title:a|b*",
        "-score:>10",
        "-score:[1 TO 2]",
        "score:[* TO *]",
        "role:(a AND b)",
        "role:(a NOT b)",
        "role:(a OR b^2)",
        "role:(a b) type:(c d)",
        "a:1 OR b:2 AND c:3",
        "OR a:1",
        "AND a:1",
        "a:1 ",
        "score__gt:1",
        "score:>x*",
        "score:[x* TO 2]",
        "a:\x00",
        "a:1 " * 200,
        "a:1 " * 30 + "a:1",
        "role==admin",
    ],
)
def test_what_is_not_understood_stands_for_nothing(written):
    terms = colon_terms(written)
    assert terms is None or written == "a:1 "


def test_terms_behind_another_clause_keep_it():
    [said] = [one for one in fl.check("a==1;role:x OR role:y").diagnostics if one.code == "FL103"]
    assert said.hint == "for OR, write a filter for each: 'a==1;role==x' and 'a==1;role==y'"


def test_terms_too_long_to_be_written_again_have_no_filters():
    text = f"a=={'x' * 300};role:x OR role:y"
    assert "filter for each" not in (fl.check(text).diagnostics[0].hint or "")
    text = f"a=={'x' * 300};role:x score:>1 kind:(a b)"
    assert all("for OR" not in (one.hint or "") for one in fl.check(text).diagnostics)
