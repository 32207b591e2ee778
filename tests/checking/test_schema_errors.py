"""How clauses fit a schema: names, types, values, dates, and what is said only once."""

from __future__ import annotations

import pytest

import filterlang as fl
from filterlang.checking.meant_values.similar_names import Names
from tests.support.reports import USERS, codes, hint, safely, said, suggested

# --- Names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("Score", ["score"]),
        ("S_C-o re", ["score"]),
        ("scor", ["score"]),
        ("city", ["location.city"]),
        ("CityName", ["cityName"]),
        ("address.city", ["location.city"]),
        ("location.cty", ["location.city"]),
        ("location.zip", []),
        ("score.value", ["score"]),
        ("channels.send", ["channels.sent"]),
        ("users.location.city", ["location.city"]),
        ("qwerty", []),
        ("x" * 300, []),
    ],
)
def test_names_that_may_have_been_meant(name, near):
    assert suggested(f"{name}==", USERS) == [f"{one}==" for one in near]
    assert codes(f"{name}==", USERS) == ["FL501"]


@pytest.mark.parametrize(
    ("name", "fixed"),
    [
        ("Score", None),
        ("LOCATION.CITY", None),
        ("city_name", None),
        ("scor", None),
        ("city", None),
        ("\u200bscore", "score=="),
    ],
)
def test_no_other_name_is_written_unasked(name, fixed):
    assert safely(f"{name}==", USERS) == fixed


@pytest.mark.parametrize(
    "name", ["-score", "not score", "not(score", "notscore", "not_score", "!score"]
)
def test_no_name_without_its_negation_is_suggested(name):
    assert suggested(f"{name}>5", USERS) == []


def test_two_names_that_differ_in_spelling_only():
    schema = fl.Schema({"user_id": "text", "userId": "text"})
    assert safely("userid==5", schema) is None
    assert suggested("userid==5", schema) == ["user_id==5", "userId==5"]


def test_what_names_there_are():
    schema = fl.Schema({"alpha": "text", "beta": "map"})
    assert hint("qwerty==1", schema) == "the names are alpha, beta.*"
    assert hint("location.zip==1", USERS) == (
        "the names in 'location' are location.city, location.countryCode"
    )
    assert hint("location.aaaaaa.bbbbbb==1", USERS) == (
        "the names in 'location' are location.city, location.countryCode"
    )
    many = fl.Schema({f"column{index}": "text" for index in range(20)})
    assert hint("x==1", many) == (
        f"the names are {', '.join(f'column{index}' for index in range(12))}, … (20 in all)"
    )


def test_similar_names_are_looked_for_so_often_only():
    names = Names(fl.Schema({"score": "integer"}))
    assert [names.near(f"scor{index}")[0] for index in range(101)] == [["score"]] * 100 + [[]]
    # What was looked for is kept, and another spelling costs nothing.
    assert names.near("scor5") == (["score"], False)
    assert names.near("SCORE") == (["score"], True)


def test_any_name_goes_in_open_schemas_and_maps():
    assert codes("customAttributes.anything.at.all>5", USERS) == []
    assert codes("visits.anything>5", USERS) == []
    assert codes("anything==1", fl.Schema({}, is_open=True)) == []


def test_without_a_schema_nothing_is_known():
    assert codes("anything>abc") == []


# --- Dimensions -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("location==x", [("FL505", "location")]),
        ("location==", []),
        ("channels~x*", [("FL505", "channels")]),
        ("customAttributes>5", [("FL505", "customAttributes")]),
        ("active>true", [("FL506", ">")]),
        ("tags>a", [("FL507", ">")]),
        ("counts>x", [("FL507", ">"), ("FL509", "x")]),
        ("channels.sent>5", []),
        ("score~1*", [("FL508", "~")]),
        ("score~1", [("FL508", "~")]),
        ("counts!~1*", [("FL508", "!~")]),
        ("active~t*", [("FL508", "~")]),
        ("seen~17*", [("FL508", "~")]),
        ("seen~2024-*", []),
        ("seen~*T12:*", []),
        ("name~1*", []),
        ("score==x", [("FL509", "x")]),
        ("nps==x", [("FL509", "x")]),
        ("seen==x", [("FL509", "x")]),
        ("score==1.5", [("FL509", "1.5")]),
        ("score==15e-1", [("FL509", "15e-1")]),
        ("score>1.5", []),
        ("score==1e3", []),
        ("score==1e99999999999999999999", []),
        ("score==", []),
        ("type==USER", []),
        ("type!=lead", []),
        ("type>USER", []),
        ("type==x", [("FL510", "x")]),
        ("type~U*", []),
        ("type~X*", [("FL511", "X*")]),
        ("seen>1704067200", [("FL512", "1704067200")]),
        ("seen>-1704067200", [("FL512", "-1704067200")]),
        ("seen>1704067200000", []),
        ("seen>20240131", [("FL512", "20240131")]),
        ("seen>20241341", []),
        ("seen>2024", [("FL512", "2024")]),
        ("seen>1704067200000000", [("FL512", "1704067200000000")]),
        ("seen>" + "9" * 40, []),
        ("seen>" + "0" * 5000 + "1704067200", []),
        ("seen==0", [("FL516", "0")]),
        ("seen==2024-01-31", [("FL516", "2024-01-31")]),
        ("seen==2024-01-31T00:00", []),
        ("seen!=2024-01-31", [("FL516", "2024-01-31")]),
        ("seen==9999-12-31", []),
    ],
)
def test_types(text, expected):
    assert said(text, USERS) == expected


def test_operators_that_a_dimension_allows():
    schema = fl.Schema(
        {
            "id": fl.Dimension("text", operators=["==", "!="]),
            "none": fl.Dimension("text", operators=[]),
        }
    )
    assert codes("id==x;id!=y", schema) == []
    assert said("id~x*", schema) == [("FL504", "~")]
    assert hint("id~x*", schema) == "it takes == !="
    assert hint("none==x", schema) == "it takes no operator"


def test_names_that_are_deprecated_or_no_use():
    schema = fl.Schema(
        {
            "old": fl.Dimension("integer", deprecated="use 'new'"),
            "older": fl.Dimension("integer", deprecated=""),
            "photo": fl.Dimension("integer", filterable=False),
            "key": fl.Dimension("integer", filterable=False, deprecated="filter by photo"),
        }
    )
    assert said("old==x", schema) == [("FL502", "old"), ("FL509", "x")]
    assert hint("old==1", schema) == "use 'new'"
    assert hint("older==1", schema) == "use another name"
    assert said("photo==x", schema) == [("FL503", "photo")]
    assert said("key==x", schema) == [("FL503", "key")]
    assert hint("key==x", schema) == "filter by photo"


def test_an_element_of_a_list_is_called_so():
    report = fl.check("counts==x", USERS)
    assert report.diagnostics[0].message == "an element of 'counts' is an integer; 'x' is not one"


# --- What was meant -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("score==\uff11\uff10", "score==10"),
        ("score==\u22125", "score==-5"),
        ("nps==\u2212.\uff15", "nps==-0.5"),
        ("seen>\uff12\uff10\uff12\uff14-01-05", "seen>2024-01-05"),
        ("nps==.5", "nps==0.5"),
        ("nps==-.5e3", "nps==-0.5e3"),
        ("active==0", "active==false"),
        ("seen>2024-1-5", "seen>2024-01-05"),
        ("seen>2024/01/05", "seen>2024-01-05"),
        ("seen>2024.01.05", "seen>2024-01-05"),
        ("seen>2024-01-05 9:30", "seen>2024-01-05T09:30"),
        ("seen>2024-01-05t09:30:15.5z", "seen>2024-01-05T09:30:15.5Z"),
        ("seen>2024-01-05T09:30 +0100", "seen>2024-01-05T09:30+01:00"),
        ("seen>2024-01-05 09:30 GMT", "seen>2024-01-05T09:30Z"),
        # What records are read from, in the spellings of exports
        ("active!=1", "active!=true"),
        ("seen>2024-01-05 09:30", "seen>2024-01-05T09:30"),
        ("seen>2024-01-05T09:30:15z", "seen>2024-01-05T09:30:15Z"),
        ("seen>2024-01-05T09:30+01", "seen>2024-01-05T09:30+01:00"),
        ("seen>2024-01-05T09:30-0130", "seen>2024-01-05T09:30-01:30"),
        (r"seen>2024-01-05 09:30:15\,1234567890 UTC", "seen>2024-01-05T09:30:15.1234567890Z"),
        (
            r"seen>2024-01-05 09:30:15\,5+00;active==0",
            "seen>2024-01-05T09:30:15.5+00:00;active==false",
        ),
        # No number, boolean or date at all
        ("score==_", None),
        ("score==+", None),
        ("score==.", None),
        ("score==5%", None),
        ("active==maybe", None),
        ("seen>2024-01-05 24:00", None),
        ("seen>2024-01-05 09:30+24", None),
        ("active==01", None),
    ],
)
def test_mends_that_are_safe(text, fixed):
    assert safely(text, USERS) == fixed
    if fixed is None:
        assert suggested(text, USERS) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("score==+5", ["score==5"]),
        ("score==-007", ["score==-7"]),
        ("score==0_0", ["score==0"]),
        ("nps==5.", ["nps==5"]),
        ("nps==1_000.5", ["nps==1000.5"]),
        ("active==Yes", ["active==true"]),
        ("active==on", ["active==true"]),
        ("score>10\\,000", ["score>10000"]),
        ("score>10 000", ["score>10000"]),
        ("nps>1\\,234.5", ["nps>1234.5"]),
        ("seen>31.01.2024", ["seen>2024-01-31"]),
        ("seen>01/31/2024", ["seen>2024-01-31"]),
        ("seen>01/02/2024", ["seen>2024-01-02", "seen>2024-02-01"]),
        ("seen>2024-02", ["seen>=2024-03-01"]),
        ("seen>1704067200", ["seen>1704067200000"]),
        ("seen>1704067200000000", ["seen>1704067200000"]),
        ("seen>20240131", ["seen>2024-01-31"]),
        ("seen>2024", ["seen>=2025-01-01"]),
        ("seen==2024-02-28", ["seen>=2024-02-28;seen<2024-02-29"]),
        ("type==USR", ["type==USER"]),
        ("type==xyz", []),
        ("type==" + "x" * 300, []),
    ],
)
def test_mends_that_are_suggested(text, expected):
    assert suggested(text, USERS) == expected
    assert not any(fix.safe for one in fl.check(text, USERS).diagnostics for fix in one.fixes)


def test_where_a_date_of_milliseconds_lies():
    far = fl.check("seen>99999999999999999", USERS).diagnostics[0]
    assert far.message == (
        "'99999999999999999' is a number of milliseconds, which is in the year 3170843"
    )


# --- One mistake, one diagnostic ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected", "fixed"),
    [
        # What is suspected without a schema is certain with one.
        ("score=='10'", [("FL509", "'10'")], None),
        ("type=='USER'", [("FL510", "'USER'")], None),
        ("score==null", [("FL509", "null")], None),
        ("score>null", [("FL509", "null")], None),
        ("score===10", [("FL509", "=10")], None),
        ("score==10\u00a0", [("FL509", "10\u00a0")], "score==10"),
        ("score>10 AND score<20", [("FL509", "AND")], None),
        ("score>10 OR score<2", [("FL509", "OR")], None),
        ("score==1*", [("FL509", "1*")], None),
        ("score==1 OR 2", [("FL509", "1 OR 2")], None),
        ("type==US*", [("FL510", "US*")], None),
        ("type=='USR'", [("FL510", "'USR'")], None),
        ("type~X", [("FL511", "X")], None),
        ('"score">5', [("FL501", '"score"')], None),
        ("score:>5", [("FL501", "score:")], None),
        ("sco\u200bre>5", [("FL501", "sco\u200bre")], None),
        ("and score>5", [("FL501", "and score")], None),
        ("not score==5", [("FL501", "not score")], None),
        ("(score>5)", [("FL501", "(score>5)")], None),
        ('"score>5;name==x"', [("FL501", '"score>5;name==x"')], None),
        # These are two mistakes.
        ("score=='x'", [("FL414", "'x'"), ("FL509", "'x'")], None),
        ("scor:>5", [("FL501", "scor:"), ("FL417", ":")], None),
        (":>5", [("FL417", ":"), ("FL501", ":")], None),
        ("score==%41", [("FL408", "%41"), ("FL509", "%41")], None),
        ("0=A", [("FL501", "0"), ("FL104", "=")], None),
    ],
)
def test_suspicions_and_misfits(text, expected, fixed):
    assert sorted(said(text, USERS)) == sorted(expected)
    assert safely(text, USERS) == (text if codes(text, USERS) == ["FL511"] else fixed)


def test_joins_are_mended_together():
    text = "score>10 AND score<20 and score!=15"
    assert suggested(text, USERS) == ["score>10;score<20;score!=15"]
    assert hint(text, USERS) == "write ';' for AND"


# --- Clauses with mistakes ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected", "fixed"),
    [
        ("Score=5", ["FL501", "FL104"], None),
        ("score=<\uff15", ["FL105", "FL509"], "score<=5"),
        ("score=x", ["FL104", "FL509"], None),
        ("score≥+5", ["FL118", "FL509"], None),
        ("filter=Score=>'5'", ["FL116", "FL501", "FL105", "FL509"], None),
        ("Type=~US*", ["FL501", "FL105"], None),
        # What a clause means isn't certain here, so that it isn't held against the schema.
        ("score=in=(1,2)", ["FL105"], None),
        ("score=", ["FL104"], None),
        ("Score==a,b", ["FL111"], None),
    ],
)
def test_a_clause_of_which_only_the_operator_is_mistaken_is_held_against_the_schema(
    text, expected, fixed
):
    assert codes(text, USERS) == expected
    assert safely(text, USERS) == fixed


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("location->city==Bonn", "write '.' before a part: 'location.city==Bonn'"),
        ("location -> city", "write '.' before a part: 'location.city'"),
    ],
)
def test_an_arrow_between_two_parts_of_a_name(text, hint):
    (found,) = fl.check(text, fl.px.USER).diagnostics
    assert (found.code, found.hint) == ("FL501", hint)
    assert [fix.apply(text) for fix in found.fixes] == [hint.split("'")[3]] * len(found.fixes)


def test_an_arrow_to_what_is_no_part_is_an_unknown_name():
    (found,) = fl.check("location->nowhere", fl.px.USER).diagnostics
    assert (found.code, found.hint) == ("FL501", "did you mean 'location'?") or found.fixes


@pytest.mark.parametrize(
    ("text", "codes"),
    [("title==admin score > 10", ["FL416"]), ("title==Key Accounts > 10", [])],
)
def test_an_order_at_the_end_is_one_where_the_schema_has_its_name(text, codes):
    assert [one.code for one in fl.check(text, fl.px.USER).diagnostics] == codes
    assert fl.check(text).diagnostics == ()


@pytest.mark.parametrize("text", ["score==5 or title is x", "score==5 not but 6"])
def test_no_condition_is_left_out(text):
    (found,) = fl.check(text, fl.px.USER).diagnostics
    assert (found.code, found.fixes) == ("FL509", ())


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Nov 19 2026", "2026-11-19"),
        ("19. Dezember 2026", "2026-12-19"),
        ("1st May 2026", "2026-05-01"),
        ("2 Sept. 2026", "2026-09-02"),
        ("Foo 19 2026", None),
        ("Marc 19 2026", None),
        ("30 February 2026", None),
        ("19 November", None),
    ],
)
def test_months_by_name(value, expected):
    text = f"lastSeenDate>={value}"
    suggestions = [fix.apply(text) for fix in fl.check(text, fl.px.USER).diagnostics[0].fixes]
    assert suggestions == ([] if expected is None else [f"lastSeenDate>={expected}"])
