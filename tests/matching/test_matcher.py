"""Matchers and their explanations: what they take, give, keep and show."""

from __future__ import annotations

import copy
import operator
import pickle
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count, islice
from textwrap import dedent
from typing import Any

import pytest

import filterlang as fl
from filterlang.matching.matcher import Explanation, FilterExplanation, Verdict
from tests.support.verdicts import verdict

GOLD = fl.Clause("plan", "==", "Gold")
OLD = fl.Clause("age", ">=", "60")


# --- What is compiled -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "filters",
    [
        "plan==Gold",
        " plan == Gold ;",
        ["plan==Gold"],
        ("plan==Gold",),
        iter(["plan==Gold", " "]),
        GOLD,
        fl.Filter([GOLD]),
        fl.FilterSet([fl.Filter([GOLD])]),
    ],
)
def test_filters_are_taken_as_text_and_as_nodes(filters):
    matcher = fl.compile(filters)
    assert matcher.filters == fl.FilterSet([fl.Filter([GOLD])])
    assert matcher.schema is None
    assert matcher({"plan": "gold"})
    assert not matcher({"plan": "free"})


@pytest.mark.parametrize("filters", ["", "  ", [], ["", " "], fl.FilterSet()])
def test_without_any_filter_everything_matches(filters):
    matcher = fl.compile(filters)
    assert matcher.filters == fl.FilterSet()
    for record in ({}, None, [], "x", object()):
        assert verdict(filters, record)
    assert list(matcher.filter([1, None])) == [1, None]


def test_filters_combine_by_or_and_clauses_by_and():
    assert verdict(["plan==Gold", "age>=60"], {"plan": "gold", "age": 1})
    assert verdict(["plan==Gold", "age>=60"], {"plan": "free", "age": 61})
    assert not verdict(["plan==Gold", "age>=60"], {"plan": "free", "age": 1})
    assert verdict(GOLD & OLD, {"plan": "gold", "age": 61})
    assert not verdict(GOLD & OLD, {"plan": "gold", "age": 1})


@pytest.mark.parametrize(
    ("filters", "error"),
    [("plan=Gold", fl.FilterSyntaxError), (["a==1", "b"], fl.FilterSyntaxError), (5, TypeError)],
)
def test_what_is_no_filter_is_refused(filters, error):
    with pytest.raises(error):
        fl.compile(filters)
    with pytest.raises(error):
        fl.matches(filters, {})


def test_the_length_of_texts_is_limited():
    with pytest.raises(fl.LimitError):
        fl.compile("plan==Gold", max_length=9)
    assert fl.compile("plan==Gold", max_length=10)({"plan": "gold"})
    assert fl.compile("plan==Gold", max_length=None)({"plan": "gold"})


def test_matches_asks_once():
    assert fl.matches("tags==new", {"tags": ["New", None]}) is True
    assert fl.matches(GOLD, {"plan": "free"}) is False
    assert fl.matches(["plan==x", "plan==free"], {"plan": "free"}) is True


# --- Many records ---------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [0, 1, 5, 1023, 1024, 1025, 3000])
@pytest.mark.parametrize("kind", [list, tuple, iter])
def test_filter_gives_the_matching_records_themselves_in_their_order(number, kind):
    records = [{"n": n % 7, "id": n} for n in range(number)]
    chosen = list(fl.compile("n>=3;n!=5").filter(kind(records)))
    expected = [record for record in records if record["n"] in {3, 4, 6}]
    assert [id(record) for record in chosen] == [id(record) for record in expected]


def test_filter_judges_odd_records_among_others():
    @dataclass
    class Thing:
        n: Any

    odd: list[Any] = [None, [], "n", Thing(5), {"n": [1, 5]}, {"n": "5"}, {"n": Decimal(5)}]
    records = [record for thing in odd for record in (thing, {"n": 5}, {"n": 1})] * 200
    matcher = fl.compile("n==5")
    assert list(matcher.filter(records)) == [record for record in records if matcher(record)]
    assert sum(1 for _ in matcher.filter(records)) == (4 + 7) * 200


def test_filter_takes_records_as_they_come():
    endless = ({"n": n} for n in count())
    assert list(islice(fl.compile("n>=10").filter(endless), 2)) == [{"n": 10}, {"n": 11}]


# --- The matcher itself ---------------------------------------------------------------------------


SCHEMA = fl.Schema(
    {"score": "integer", "seen": "datetime", "code": "text", "ok": "boolean", "o": {
        "type": "list of object", "fields": {"n": "number"}}},
    aliases={"points": "score", "number": "o.n"}, is_open=True,
)  # fmt: skip


@pytest.mark.parametrize("schema", [None, SCHEMA])
@pytest.mark.parametrize(
    "copied",
    [
        copy.copy,
        copy.deepcopy,
        *(
            lambda matcher, protocol=protocol: pickle.loads(pickle.dumps(matcher, protocol))
            for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
        ),
    ],
)
def test_a_copy_is_as_good(copied, schema):
    matcher = fl.compile(["points==10;o.n!=2", r"code~0\*?*"], schema=schema)
    other = copied(matcher)
    assert (other.filters, other.schema) == (matcher.filters, matcher.schema)
    for record in (
        {"score": "10"},
        {"code": "0*1"},
        {"points": 10},
        {"score": 10, "o": [{"n": 2}]},
    ):
        assert other(record) is matcher(record)
        assert other.explain(record) == matcher.explain(record)


def test_a_matcher_shows_its_filters():
    matcher = fl.compile("plan==Gold")
    assert repr(matcher) == "Matcher(FilterSet((Filter((Clause('plan', '==', 'Gold'),)),)))"


def test_the_bare_function_is_the_matcher():
    matcher = fl.compile("plan==Gold")
    assert matcher.matches({"plan": "gold"}) is True
    assert matcher.matches({"plan": "free"}) is False


def test_no_text_of_a_filter_is_in_the_generated_source():
    source = fl.compile(["secret==hidden;secret~*hid*", "secret>1234567"]).source
    assert "secret" not in source
    assert "hid" not in source
    assert "1234567" not in source


# --- With a schema --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filters", "record", "expected"),
    [
        ("score>=9", {"score": "10"}, True),
        ("score==10.0", {"score": "10"}, True),
        ("score>=9", {"score": "ten"}, False),
        ("score!=", {"score": "ten"}, True),  # unreadable is not empty
        ("score==", {"score": ""}, True),
        ("score!=ten", {"score": "ten"}, True),
        ("score~1*", {"score": "10"}, True),
        ("points==10", {"score": 10}, True),
        ("points==10", {"points": 10}, False),
        ("seen==2024-01-01", {"seen": 1704067200000}, True),
        ("seen<2024-01-02;seen>=2024-01-01", {"seen": "2024-01-01T12:00Z"}, True),
        ("seen~2024-*", {"seen": 1704067200000}, True),
        ("seen==", {"seen": ""}, True),
        ("seen==1970-01-01", {"seen": 0}, True),
        ("code==10", {"code": 10.0}, True),
        ("code>09", {"code": 10}, True),
        ("code==true", {"code": True}, True),
        ("ok==TRUE", {"ok": "true"}, True),
        ("ok==x", {"ok": "x"}, False),
        ("number>1.5;o.n<3", {"o": [{"n": "2"}, {"n": 1}]}, True),
        ("number>1.5;o.n<2", {"o": [{"n": "2"}, {"n": 1}]}, False),
        ("number==2", {"o": [{"n": ["x", "2", None]}]}, True),
        ("number==", {"o": [{"n": ["", None]}]}, True),
        ("other==x", {"other": "X"}, True),
        ("o.n.deeper==x", {"o": {"n": {"deeper": "x"}}}, True),
    ],
)
def test_a_schema_types_the_values(filters, record, expected):
    assert verdict(filters, record, SCHEMA) is expected


def test_a_closed_schema_leaves_unknown_names_as_they_are():
    schema = fl.Schema({"score": "integer"})
    assert verdict("plan==gold;score>9", {"plan": "GOLD", "score": "10"}, schema)


# --- Explanations ---------------------------------------------------------------------------------

RECORD = {
    "countryCode": "us",
    "score": 12,
    "tags": ["a", "b", None, "c", ["d", "e"], "f", "g"],
    "title": "Ada\n\u200b" + "x" * 80,
    "visits": [{"app": "web", "count": 2, "pages": ["p", "q"]}, {"app": "ios", "count": None}],
    "shops": {"in": [{"town": [{"zip": "1"}, {"zip": "2"}]}, {"town": []}]},
    "phone": None,
    "rate": Decimal("1.50"),
    "map": {"k": 1},
}


@pytest.mark.parametrize(
    ("filters", "shown"),
    [
        (
            "countryCode==US",
            """\
            match
            filter 1 matches: countryCode==US
              yes  countryCode==US: 'us'
            """,
        ),
        (
            " countryCode == US ; score >= 100;",
            """\
            no match
            filter 1 does not match: countryCode==US;score>=100
              yes  countryCode==US: 'us'
              no   score>=100: 12
            """,
        ),
        (
            "phone==;fax!=;map.x~*;phone!~x*",
            """\
            no match
            filter 1 does not match: phone==;fax!=;map.x~*;phone!~x*
              yes  phone==: missing
              no   fax!=: missing
              no   map.x~*: missing
              yes  phone!~x*: missing
            """,
        ),
        (
            "tags==z;tags!=c",
            """\
            no match
            filter 1 does not match: tags==z;tags!=c
              no   tags==z: 'a', 'b', 'c', 'd', 'e', … (7 values)
              no   tags!=c: 'a', 'b', 'c', 'd', 'e', … (7 values)
            """,
        ),
        (
            "visits.app==web;visits.count==2",
            """\
            match
            filter 1 matches: visits.app==web;visits.count==2
              yes  an element of visits satisfies all of these:
                     visits.app==web: 'web', 'ios'
                     visits.count==2: 2
            """,
        ),
        (
            "visits.app==ios;score>1;visits.count==2",
            """\
            no match
            filter 1 does not match: visits.app==ios;score>1;visits.count==2
              yes  score>1: 12
              no   no element of visits satisfies all of these:
                     visits.app==ios: 'web', 'ios'
                     visits.count==2: 2
            """,
        ),
        (
            "visits.app!=web;visits.count!=7",
            """\
            no match
            filter 1 does not match: visits.app!=web;visits.count!=7
              no   visits.app!=web: 'web', 'ios'
              yes  visits.count!=7: 2
            """,
        ),
        (
            "visits.pages==p;visits.pages==q",
            """\
            match
            filter 1 matches: visits.pages==p;visits.pages==q
              yes  an element of visits satisfies all of these:
                     visits.pages==p: 'p', 'q'
                     visits.pages==q: 'p', 'q'
            """,
        ),
        (
            "shops.in.town.zip==2",
            """\
            match
            filter 1 matches: shops.in.town.zip==2
              yes  shops.in.town.zip==2: '1', '2'
            """,
        ),
        (
            ["score>100", "countryCode~u*", "score==12"],
            """\
            match
            filter 1 does not match: score>100
              no   score>100: 12
            filter 2 matches: countryCode~u*
              yes  countryCode~u*: 'us'
            filter 3 matches: score==12
              yes  score==12: 12
            """,
        ),
        (
            [],
            """\
            match
            without any filter everything matches
            """,
        ),
        (
            r"title~Ada*;countryCode~\*\,",
            r"""
            no match
            filter 1 does not match: title~Ada*;countryCode~\*\,
              yes  title~Ada*: 'Ada␊<U+200B>xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…'
              no   countryCode~\*\,: 'us'
            """,
        ),
        (
            "rate==1.5;map==1",
            """\
            no match
            filter 1 does not match: rate==1.5;map==1
              yes  rate==1.5: 1.50
              no   map==1: {'k': 1}
            """,
        ),
    ],
)
def test_an_explanation_in_full(filters, shown):
    assert f"{fl.compile(filters).explain(RECORD)}\n" == dedent(shown).lstrip("\n")


@pytest.mark.parametrize("record", [None, [], [{"a": 1}], "text", object()])
def test_an_explanation_for_what_is_no_record(record):
    shown = "match\nfilter 1 matches: a!=1\n  yes  a!=1: missing"
    assert str(fl.compile("a!=1").explain(record)) == shown


DAYS = fl.Schema({"seen": "datetime", "visits": "object", "visits.at": "datetime", "n": "number"})
MAY = 1621250919908


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [
        ("seen>=2021-01-01", MAY, f"{MAY} (2021-05-17 11:28:39.908 UTC)"),
        ("seen!=2021-01-01", float(MAY), "1621250919908.0 (2021-05-17 11:28:39.908 UTC)"),
        ("seen>=1621250919907", MAY, f"{MAY} (2021-05-17 11:28:39.908 UTC)"),
        ("seen>=2021-01-01", str(MAY), f"'{MAY}' (2021-05-17 11:28:39.908 UTC)"),
        ("seen<2021-01-01", -1000, "-1000 (1969-12-31 23:59:59 UTC)"),
        ("seen<2021-01-01", Decimal("0.001"), "0.001 (1970-01-01 00:00:00.000001 UTC)"),
        ("seen>=2021-01-01", 253402300800000, "253402300800000 (+10000-01-01T00:00:00Z)"),
        ("seen>=2021-01-01", [0, MAY], f"0 (1970-01-01 00:00:00 UTC), {MAY} (2021-05-17"),
        ("seen>=2021-01-01", "2021-05-17", "'2021-05-17'\n"),
        ("seen>=2021-01-01", "soon", "'soon'\n"),
        ("seen>=2021-01-01", True, "True\n"),
        ("seen>=2021-01-01", float("nan"), "missing\n"),
        ("seen>=2021-01-01", None, "missing\n"),
        ("seen==", MAY, f"{MAY}\n"),
        ("seen~16*", MAY, f"{MAY}\n"),
        ("n>=1", MAY, f"{MAY}\n"),
    ],
)
def test_epoch_milliseconds_are_shown_beside_their_date(text, value, shown):
    explanation = fl.compile(text, schema=DAYS).explain({"seen": value, "n": value})
    assert f": {shown}" in f"{explanation}\n"


def test_only_the_clause_that_asks_for_a_date_shows_one():
    record = {"visits": [{"at": MAY, "app": MAY}]}
    told = str(fl.compile(f"visits.at>2021-01-01;visits.app=={MAY}", schema=DAYS).explain(record))
    assert f"visits.at>2021-01-01: {MAY} (2021-05-17 11:28:39.908 UTC)\n" in told
    assert told.endswith(f"visits.app=={MAY}: {MAY}")
    without = str(fl.compile("seen>=2021-01-01").explain({"seen": MAY}))
    assert without.endswith(f": {MAY}")


def test_the_parts_of_an_explanation():
    filters = fl.parse(["score>100;visits.app==x;phone==", "visits.app==web;visits.count==2"])
    explanation = fl.compile(filters).explain(RECORD)
    assert explanation.matched
    first, second = explanation.filters
    assert [first.filter, second.filter] == list(filters)
    assert [first.matched, second.matched] == [False, True]
    assert [(verdict.matched, verdict.values, verdict.through) for verdict in first.verdicts] == [
        (False, ((12,),), None),
        (True, ((),), None),
        (False, (("web", "ios"),), "visits"),
    ]
    (group,) = second.verdicts
    assert group.clauses == filters.filters[1].clauses
    assert (group.values, group.through) == ((("web", "ios"), (2,)), "visits")


def test_what_decided():
    """All of the first filter that matches; else what failed, in all of them."""
    matched = fl.compile(["score>100", "score>1;phone==", "score>2"]).explain(RECORD)
    assert [str(verdict.clauses[0]) for verdict in matched.decisive] == ["score>1", "phone=="]
    failed = fl.compile(["score>100;phone==", "score<1;phone!="]).explain(RECORD)
    assert [str(verdict.clauses[0]) for verdict in failed.decisive] == [
        "score>100",
        "score<1",
        "phone!=",
    ]
    assert fl.compile([]).explain(RECORD).decisive == ()


def test_explanations_are_values():
    one = Verdict([GOLD], matched=True, values=[("gold",)])
    assert one == Verdict((GOLD,), matched=True, values=[("gold",)], through=None)
    assert one != Verdict((GOLD,), matched=True, values=[("gold",)], through="o")
    whole = Explanation([FilterExplanation(fl.Filter([GOLD]), [one])])
    assert whole == fl.compile(GOLD).explain({"plan": "gold"})
    assert pickle.loads(pickle.dumps(whole)) == whole
    with pytest.raises(AttributeError, match="immutable"):
        whole.filters = ()


def test_an_explanation_speaks_of_the_clauses_as_written():
    """Aliases are resolved to find the values, not to rewrite the filter."""
    shown = "match\nfilter 1 matches: points==10\n  yes  points==10: '10'"
    assert str(fl.compile("points==10", schema=SCHEMA).explain({"score": "10"})) == shown


def test_a_value_that_cannot_be_shown_is_named():
    class Shy:
        def __repr__(self) -> str:
            message = "no"
            raise RuntimeError(message)

    assert str(fl.compile("a!=1").explain({"a": Shy()})).endswith("a!=1: a Shy")


# --- Explanations through lists in lists ----------------------------------------------------------

DEEP = {
    "a": [
        {"b": [{"c": 1, "d": 5}, {"c": 2}], "e": 0},
        {"b": [{"c": 7, "d": 8}], "e": 1},
        {"b": {"c": 3}},
        {"b": []},
        4,
    ]
}


@pytest.mark.parametrize(
    ("filters", "shown"),
    [
        (
            "a.b.c==7",
            """\
            match
            filter 1 matches: a.b.c==7
              yes  a.b.c==7: 1, 2, 7, 3
            """,
        ),
        (
            "a.b.c!=7",
            """\
            no match
            filter 1 does not match: a.b.c!=7
              no   a.b.c!=7: 1, 2, 7, 3
            """,
        ),
        (
            "a.b.c>6;a.b.d==8",
            """\
            match
            filter 1 matches: a.b.c>6;a.b.d==8
              yes  an element of a satisfies all of these:
                     a.b.c>6: 1, 2, 7, 3
                     a.b.d==8: 5, 8
            """,
        ),
        # Of two elements of one `b`, and of two of `a`.
        (
            "a.b.c==2;a.b.d==5",
            """\
            no match
            filter 1 does not match: a.b.c==2;a.b.d==5
              no   no element of a satisfies all of these:
                     a.b.c==2: 1, 2, 7, 3
                     a.b.d==5: 5, 8
            """,
        ),
        (
            ["a.b.c==1;a.e==1", "a.b.c!=7;a.e==0;a.b.d!=8"],
            """\
            match
            filter 1 does not match: a.b.c==1;a.e==1
              no   no element of a satisfies all of these:
                     a.b.c==1: 1, 2, 7, 3
                     a.e==1: 0, 1
            filter 2 matches: a.b.c!=7;a.e==0;a.b.d!=8
              yes  an element of a satisfies all of these:
                     a.b.c!=7: 1, 2, 7, 3
                     a.e==0: 0, 1
                     a.b.d!=8: 5, 8
            """,
        ),
        # A group of negative clauses alone is told clause by clause.
        (
            "a.b.c!=9;a.b.d!=8;a.b.x.y!=1",
            """\
            no match
            filter 1 does not match: a.b.c!=9;a.b.d!=8;a.b.x.y!=1
              yes  a.b.c!=9: 1, 2, 7, 3
              no   a.b.d!=8: 5, 8
              yes  a.b.x.y!=1: missing
            """,
        ),
    ],
)
def test_an_explanation_through_two_lists_in_full(filters, shown):
    assert f"{fl.compile(filters).explain(DEEP)}\n" == dedent(shown).lstrip("\n")


def test_the_list_of_a_group_is_named_where_the_lists_part():
    """Where only the inner name leads to a list, that one is named."""
    record = {"a": {"b": [{"c": 1, "d": 5}, {"c": 2}]}}
    assert str(fl.compile("a.b.c==2;a.b.d==5").explain(record)) == (
        "no match\n"
        "filter 1 does not match: a.b.c==2;a.b.d==5\n"
        "  no   no element of a.b satisfies all of these:\n"
        "         a.b.c==2: 1, 2\n"
        "         a.b.d==5: 5"
    )


# --- Dates as milliseconds ------------------------------------------------------------------------

DAY = 1_704_067_200_000
"""2024-01-01 in milliseconds since 1970; a thousandth of it is three weeks."""
COMPARE = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
NEAR = [0, 1, -1, 2, -2, 999, -999, DAY // 1001, -(DAY // 1001), DAY // 999, -(DAY // 999)]


@pytest.mark.parametrize("sign", COMPARE)
@pytest.mark.parametrize("bound", ["2024-01-01", "2023-12-31T19:00-05:00", str(DAY)])
def test_a_bound_of_time_holds_to_the_millisecond(sign, bound):
    """Of numbers, their texts, datetimes and what lies between two milliseconds."""
    filters = f"at{sign}{bound}"
    schema = fl.Schema({"at": "datetime"})
    for distance in NEAR:
        moment = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(milliseconds=distance)
        expected = COMPARE[sign](distance, 0)
        for value in (DAY + distance, float(DAY + distance), str(DAY + distance), moment):
            for record in ({"at": value}, {"at": [value]}):
                assert verdict(filters, record, schema) is expected, (record, filters)
