"""Names that hold the operator, as `score__gte` and `score[gt]` do, and what they stand for."""

from __future__ import annotations

import pytest

import filterlang as fl
from filterlang.checking.other_notations.computed_names import closed_behind, computed
from filterlang.checking.other_notations.operator_in_name import (
    held_clauses,
    of_parameters,
    operator_in_name,
)

SCHEMA = fl.Schema.from_dict(
    {
        "name": "users",
        "dimensions": {"score": "integer", "title": "text", "signUpDate": "datetime"},
    }
)


@pytest.mark.parametrize(
    ("name", "value", "meant"),
    [
        ("score__gte", "10", "score>=10"),
        ("score_lteq", "10", "score<=10"),
        ("score[$ne]", "10", "score!=10"),
        ("where[score][lt]", "10", "score<10"),
        ("filter[role]", "admin", "role==admin"),
        ("title__istartswith", '"eng"', "title~eng*"),
        ("title_not_cont", "eng", "title!~*eng*"),
        ("email_present", "1", "email!="),
        ("email_present", "false", "email=="),
        ("signUpDate__date", "2024-01-01", "signUpDate>=2024-01-01;signUpDate<2024-01-02"),
        ("score__between", "[1, 5]", "score>=1;score<=5"),
        ("score__between", "2024-01-01,2024-01-05", "score>=2024-01-01;score<2024-01-06"),
        ("role__nin", "a,b", "role!=a;role!=b"),
        ("role__in", "['a']", "role==a"),
    ],
)
def test_what_a_name_and_its_value_stand_for(name, value, meant):
    held = operator_in_name(name)
    assert held is not None
    clauses = held_clauses(held, value)
    assert clauses is not None
    assert clauses.together == meant


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("score__gte", "x*"),
        ("score__gte", r"a\,b"),
        ("score__gte", "a\x00"),
        ("score__range", "1"),
        ("score__year", "ten"),
        ("score__isnull", "maybe"),
        ("role__in", "a*,b"),
        ("title__contains", "a*b"),
    ],
)
def test_what_is_not_certain_stands_for_nothing(name, value):
    held = operator_in_name(name)
    assert held is not None
    assert held_clauses(held, value) is None


@pytest.mark.parametrize(
    "name",
    ["score", "gte", "__gte", "-score__gte", "not score__gte", "a b__gt", "x" * 300 + "__gt"],
)
def test_other_names_hold_none(name):
    assert operator_in_name(name) is None


@pytest.mark.parametrize(
    "written",
    ["a=1&b=2", "a[gt]=1", "a[gt]=1&b", "a[gt]=1&b__in=1,2", "a[gt]=1&b=x*", "a[gt]=1&" * 99],
)
def test_parameters_that_are_no_clauses(written):
    assert of_parameters(written) is None


@pytest.mark.parametrize(
    ("text", "case"),
    [
        ("score_min==10", "score>=10"),
        ("title_start==eng", "title~eng*"),
        ("sign_up_date__gt==2024-01-01", "signUpDate>2024-01-01"),
    ],
)
def test_a_schema_tells_what_is_a_name(text, case):
    [said] = fl.check(text, SCHEMA).diagnostics
    assert [fix.apply(text) for fix in said.fixes] == [case]


@pytest.mark.parametrize("text", ["nothing_min==10", "score__gte==x*", "score__gte>10"])
def test_a_name_that_stands_for_nothing_is_unknown(text):
    said = fl.check(text, SCHEMA).diagnostics[0]
    assert said.code == "FL501"
    assert said.fixes == ()


# --- Names of which something is computed ---------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "case"),
    [
        ("LOWER( title )", "case"),
        ("title.str.lower()", "case"),
        ("len(title)", "none"),
        ("title.strip2()", "none"),
        ("coalesce(score) x", "none"),
        ("score % 2", "none"),
        ("score - 5", "none"),
        ("a && b", "joined"),
        ("a or b", "joined"),
        ("user['a b']", "key"),
        ("score::int", "cast"),
    ],
)
def test_what_is_computed_of_a_name(name, case):
    found = computed(name)
    assert found is not None
    assert found.case == case


@pytest.mark.parametrize("name", ["titel", "first-name", "(score", "user.score", "x" * 300, "a[0]"])
def test_what_may_be_misspelled(name):
    assert computed(name) is None


@pytest.mark.parametrize(
    ("name", "raw", "count"),
    [("(score", "10)", 1), ("f[(score", "10)]", 2), ("f(a)", "10)", 0), ("(a", "(10)", 0)],
)
def test_what_closes_behind_is_counted(name, raw, count):
    assert closed_behind(name, raw) == count


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("LOWER(title)==x", ["title==x"]),
        ("LOWER(nothing)==x", []),
        ("user['title']==x", ["title==x"]),
        ("score::int>10", ["score>10"]),
        ("title.size>10", []),
        ("title==x && score>10", None),
        ("filter(score>10)", ["score>10"]),
        ("title:eng~*2", []),
    ],
)
def test_no_name_is_left_alone_of_what_is_computed(text, mended):
    said = [one for one in fl.check(text, SCHEMA).diagnostics if one.code == "FL501"]
    found = [fix.apply(text) for one in said for fix in one.fixes] if said else None
    assert found == mended
