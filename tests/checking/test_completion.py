"""What may stand at the cursor, which is the `|` in the texts here."""

from __future__ import annotations

import pickle
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterlang.checking.clock import clock_at
from filterlang.checking.completion import Completion, abbreviation, complete
from filterlang.checking.report import check
from filterlang.diagnostics.diagnostic import Edit, Span
from filterlang.schema.schema import Dimension, Schema
from filterlang.syntax.operators import Operator

LOCATION = {
    "countryName": Dimension("text"),
    "countryCode": Dimension("text", detail="ISO 3166-1,\n two letters"),
    "city": Dimension("text"),
}
SCHEMA = Schema(
    {
        "id": Dimension("text", filterable=False),
        "email": Dimension("text", operators=["~", "=="]),
        "scoreDate": "datetime",
        "oldScore": Dimension("number", deprecated="use score"),
        "score": "integer",
        "sinceEver": Dimension("text", deprecated=""),
        "type": Dimension("enum", values=["LEAD", "USER", "VISITOR", "EMPTY_USER_TYPE"]),
        "unsubscribed": "boolean",
        "propertyKeys": "list of text",
        "location": Dimension("object", fields=LOCATION),
        "agents": Dimension("list of objects", fields={"first name": Dimension("text")}),
        "customAttributes": Dimension("map", fields={"plan": Dimension("text")}, detail="Yours"),
        "archive": Dimension("map", filterable=False),
        "nothing": "object",
    },
    aliases={
        "cityName": "location.city",
        "points": "oldScore",
        "tier": "customAttributes.tier",
        "place": "location",
        "attributes": "customAttributes",
    },
)
OPERATORS = [one.value for one in Operator]
ORDERED = [one.value for one in Operator if not one.asks_text]
OF_TEXTS = [one.value for one in Operator if not one.orders]
EQUALITY = ["==", "!="]


def offered(marked, schema=None, **options):
    before, after = marked.split("|")
    return complete(before + after, len(before), schema, **options)


def labels(marked, schema=None, **options):
    return [one.label for one in offered(marked, schema, **options)]


def texts(marked, schema=None):
    """Give the texts after each of the completions."""
    return [one.apply(marked.replace("|", "")) for one in offered(marked, schema)]


def begun(typed, text):
    """Give what the operators that begin so make of a text."""
    return {one: text.format(one) for one in OPERATORS if one.startswith(typed)}


# --- The value ------------------------------------------------------------------------------------


def test_a_completion_is_a_value():
    one = Completion("score", "name", Edit(Span(0, 2), "score"), "an integer")
    assert repr(one) == "Completion('score', 'name', Edit(Span(0, 2), 'score'), 'an integer')"
    assert pickle.loads(pickle.dumps(one)) == one
    assert hash(one) == hash(Completion("score", "name", Edit(Span(0, 2), "score"), "an integer"))
    assert one.apply("sc>5") == "score>5"
    with pytest.raises(AttributeError, match=r"^Completion is immutable; cannot set 'label'$"):
        one.label = "other"


@pytest.mark.parametrize("cursor", [-1, 4, 10**30])
def test_a_cursor_outside_of_the_text(cursor):
    message = f"the cursor must be from 0 to 3, the length of the text, not {cursor}"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        complete("abc", cursor)


def test_the_cursor_counts_code_points():
    assert complete("𝒳==𝒳;emai", 9, SCHEMA) == [
        Completion("email", "name", Edit(Span(5, 9), "email"), "text")
    ]


# --- Names ----------------------------------------------------------------------------------------

ALL_NAMES = [
    ("email", "text"),
    ("scoreDate", "a datetime"),
    ("score", "an integer"),
    ("type", "an enum"),
    ("unsubscribed", "a boolean"),
    ("propertyKeys", "a list of text"),
    ("location.countryName", "text"),
    ("location.countryCode", "text: ISO 3166-1, two letters"),
    ("location.city", "text"),
    ("agents.first name", "text"),
    ("customAttributes.", "a map: Yours; any name may follow"),
    ("customAttributes.plan", "text"),
    ("cityName", "alias of location.city; text"),
    ("tier", "alias of customAttributes.tier; of any type"),
    ("oldScore", "deprecated: use score; a number"),
    ("sinceEver", "deprecated; text"),
    ("points", "deprecated: use score; alias of oldScore; a number"),
]


@pytest.mark.parametrize(
    ("marked", "at"),
    [
        ("|", 0),
        ("  |  ", 2),
        ("a==1;|", 5),
        ("a==1; | ;b==2", 6),
        ("a==1;|;b==2", 5),
        ("|;b==2", 0),
        ("a==x\\;y;|", 8),
        (" | ==5", 1),
    ],
)
def test_a_name_is_due(marked, at):
    assert offered(marked, SCHEMA) == [
        Completion(label, "name", Edit(Span(at, at), label), detail) for label, detail in ALL_NAMES
    ]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        # The start of a name, in any case, what is spelled the same before what is longer.
        ("sc|", ["scoreDate", "score", "unsubscribed", "oldScore", "sinceEver"]),
        ("SCORE|", ["score", "scoreDate", "oldScore"]),
        ("emails|", []),
        # The start of the name, of a later segment, any part of it, and an abbreviation.
        ("CITY|", ["cityName", "location.city"]),
        ("plan|", ["customAttributes.plan"]),
        ("Name|", ["location.countryName", "agents.first name", "cityName"]),
        ("name|", ["location.countryName", "agents.first name", "cityName"]),
        ("lcc|", ["location.countryName", "location.countryCode", "location.city"]),
        ("city|x", ["cityName", "location.city"]),
        # An abbreviation starts where a segment does.
        ("ubs|", ["unsubscribed"]),
        ("nscrb|", []),
        # Segment by segment.
        ("location|", ["location.countryName", "location.countryCode", "location.city"]),
        ("location.|", ["location.countryName", "location.countryCode", "location.city"]),
        ("location.country|", ["location.countryName", "location.countryCode"]),
        ("location . ci|", ["location.city"]),
        ("customAttributes|", ["customAttributes.", "customAttributes.plan"]),
        ("customAttributes.|", ["customAttributes.plan"]),
        # A space inside of a name, and one behind it.
        ("agents.first |", ["agents.first name"]),
        ("  emai|", ["email"]),
        ("location |", []),
        # What no filter may use, and what stands for no value.
        ("id|", []),
        ("archive|", []),
        ("nothing|", []),
        ("place|", []),
        ("attributes|", ["customAttributes.", "customAttributes.plan"]),
        # What is no name.
        ("a,b|", []),
        ("a\\;em|", []),
        ("em\n|", []),
        ("filter=em|", []),
        ("e" * 40 + "|", []),
    ],
)
def test_names_that_fit_what_was_typed(marked, expected):
    assert labels(marked, SCHEMA) == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("ema|", ["email"]),
        ("em|ail", ["email"]),
        ("em|xyz==5", ["email==5"]),
        ("a==1;em| ~x;b==2", ["a==1;email ~x;b==2"]),
        ("a==1; |em~x", ["a==1; " + label + "~x" for label, _ in ALL_NAMES]),
        ("a==1;|  em~x", ["a==1;  " + label + "~x" for label, _ in ALL_NAMES]),
        ("agents.first | ;b==2", ["agents.first name ;b==2"]),
        ("location . ci|=5", ["location.city=5"]),
        # What was typed is the part before the cursor, and no operator may stand there.
        ("score|Date>5", ["score>5", "scoreDate>5", "oldScore>5"]),
    ],
)
def test_a_name_takes_the_place_of_the_whole_name(marked, expected):
    assert texts(marked, SCHEMA) == expected


def test_abbreviations_of_names_with_many_segments():
    """They are found as those of others, in a way that takes no longer for more segments."""
    deep = ".".join(["a1"] * 20)
    schema = Schema({f"{deep}.city": "text", "b.c1.city": "text", "c1ty": "text", "d.ct": "text"})
    assert labels("cty|", schema) == ["c1ty", f"{deep}.city", "b.c1.city"]
    assert labels("aa|", schema) == [f"{deep}.city"]
    assert labels("cyt|", schema) == []


@given(
    lines=st.lists(st.text("ab.", max_size=8), max_size=6),
    typed=st.text("ab.", min_size=1, max_size=4),
)
def test_an_abbreviation_is_found_the_same_in_deep_names(lines, typed):
    for line in lines:
        shallow, deep = (
            abbreviation(".", typed, is_deep=is_deep).search(f"\n{line}\n") is not None
            for is_deep in (False, True)
        )
        assert shallow == deep
    text = "\n".join(["", *lines, ""])
    found = abbreviation(".", typed, is_deep=True).search(text)
    assert (found is None) == (abbreviation(".", typed, is_deep=False).search(text) is None)
    assert found is None or text[found.start()] == "\n"


def test_longer_names_follow_the_operators_of_a_complete_one():
    assert labels("score|", SCHEMA) == [*ORDERED, "scoreDate", "oldScore"]
    assert texts("score|>5", SCHEMA)[-2:] == ["scoreDate>5", "oldScore>5"]


def test_without_a_schema_there_are_no_names():
    assert offered("|") == []
    assert offered("a==1; |") == []
    assert offered("na|me==1") == []


def test_where_any_name_may_stand_known_ones_come_first():
    schema = Schema({"score": "integer"}, is_open=True)
    assert labels("sc|", schema) == ["score", *OPERATORS]
    assert labels("customAttributes.pl|", SCHEMA) == ["customAttributes.plan", *OPERATORS]


def test_at_most_as_many_as_are_wanted():
    schema = Schema({f"name{index}": "text" for index in range(150)})
    assert labels("|", schema) == [f"name{index}" for index in range(100)]
    # The name that was typed already doesn't count.
    assert labels("name14|", schema, limit=len(OPERATORS) + 1) == [*OPERATORS, "name140"]
    assert labels("NAME14|", schema, limit=3) == ["name14", "name140", "name141"]
    assert labels("|", schema, limit=None) == [f"name{index}" for index in range(150)]
    assert labels("|", schema, limit=0) == []


# --- Names that are hidden, or can't be typed -----------------------------------------------------


def test_an_alias_hides_the_name_that_is_spelled_like_it():
    schema = Schema(
        {"score": "text", "points": Dimension("integer", deprecated="no more")},
        aliases={"score": "points"},
    )
    assert [(one.label, one.detail) for one in offered("|", schema)] == [
        ("points", "deprecated: no more; an integer"),
        ("score", "deprecated: no more; alias of points; an integer"),
    ]


def test_a_dotted_key_hides_the_field_of_an_object():
    schema = Schema(
        {
            "a": Dimension("object", fields={"b": Dimension("text")}),
            "a.b": "integer",
            "c.d": Dimension("object", fields={"e": Dimension("text")}),
        }
    )
    # Like `find`, which looks for the whole name and then for its first segment only.
    assert [(one.label, one.detail) for one in offered("|", schema)] == [("a.b", "an integer")]


def test_a_name_that_leads_to_nothing_known_is_as_good_as_any():
    schema = Schema({"a.b": Dimension("object", fields={"c": Dimension("text")})}, is_open=True)
    assert schema.find("a.b.c").dimension is None
    assert labels("|", schema) == []


def test_names_that_no_filter_can_hold():
    names = ["", "a=b", " c", "d;e", "f\ng", "h\nfit"]
    fields = {name: Dimension("text") for name in [*names, "fit"]}
    schema = Schema({"map": Dimension("map", fields=fields)})
    assert labels("|", schema) == ["map.", "map.fit"]
    assert labels("fit|", schema) == ["map.fit"]


# --- Operators ------------------------------------------------------------------------------------


def test_what_the_operators_mean():
    assert offered(" name |") == [
        Completion(label, "operator", Edit(Span(6, 6), label), detail)
        for label, detail in [
            ("==", "is equal to; with nothing after it: is empty"),
            ("!=", "is not equal to; with nothing after it: is not empty"),
            ("~", "matches a pattern: * is any run of characters, ? exactly one"),
            ("!~", "doesn't match a pattern: * is any run of characters, ? exactly one"),
            ("<", "is less than"),
            ("<=", "is at most"),
            (">", "is more than"),
            (">=", "is at least"),
        ]
    ]


ODD = Schema(
    {
        "flag": Dimension("boolean", operators=["<", "==", "~"]),
        "count": Dimension("integer", operators=[">", "~"]),
        "kind": Dimension("enum", values=["A"], operators=[">=", "<"]),
        "sizes": "list of integers",
        "ordered": Dimension("list of integers", operators=["<", "<"]),
        "none": Dimension("text", operators=[]),
        "whole": Dimension("object", operators=["=="]),
    }
)


@pytest.mark.parametrize(
    ("marked", "schema", "expected"),
    [
        ("tier|", SCHEMA, OPERATORS),
        ("cityName|", SCHEMA, OPERATORS),
        ("customAttributes.any|", SCHEMA, OPERATORS),
        ("oldScore|", SCHEMA, ORDERED),
        ("points|", SCHEMA, ORDERED),
        ("scoreDate|", SCHEMA, ORDERED),
        ("type|", SCHEMA, OF_TEXTS),
        ("propertyKeys|", SCHEMA, OF_TEXTS),
        ("unsubscribed|", SCHEMA, EQUALITY),
        ("email|", SCHEMA, ["==", "~"]),
        ("location . city |", SCHEMA, OPERATORS),
        ("sizes|", ODD, EQUALITY),
        # What a schema allows is offered, unless it is an error all the same.
        ("flag|", ODD, ["==", "~"]),
        ("count|", ODD, ["~", ">"]),
        ("kind|", ODD, ["<", ">="]),
        ("ordered|", ODD, ["<"]),
        ("none|", ODD, []),
        ("whole|", ODD, []),
        # No name.
        ("a\\b|", None, []),
        ("a..b|", None, []),
        ("|==", None, []),
    ],
)
def test_operators_that_a_dimension_takes(marked, schema, expected):
    assert labels(marked, schema) == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("score>|", {">": "score>", ">=": "score>="}),
        ("score!|", {"!=": "score!=", "!~": "score!~"}),
        ("score=|", begun("=", "score{}")),
        ("score <|5", {"<": "score <5", "<=": "score <=5"}),
        ("score>|=5;b==2", {">": "score>5;b==2", ">=": "score>=5;b==2"}),
        ("score=|=5", begun("=", "score{}5")),
        ("score!|~5", {"!=": "score!=5", "!~": "score!~5"}),
        # Nothing longer is possible.
        ("score==|", {}),
        ("score>=|", {}),
        ("score~|", {}),
        ("score=@|", {}),
        # What was meant.
        ("score=|@x", begun("=", "score{}x")),
        ("score=>|5", {">=": "score>=5"}),
        ("score=|>5", begun("=", "score{}5") | {">=": "score>=5"}),
        ("score≥|5", {">=": "score>=5"}),
        ("score=|5", begun("=", "score{}5")),
        ("filter=score>|", {">": "filter=score>", ">=": "filter=score>="}),
        ("score=|==5", begun("=", "score{}=5")),
    ],
)
def test_an_operator_is_half_typed(marked, expected):
    text = marked.replace("|", "")
    assert {one.label: one.apply(text) for one in offered(marked)} == expected


def test_an_operator_takes_the_place_of_another():
    assert texts("a==1;b|>5;c==2") == [f"a==1;b{operator}5;c==2" for operator in OPERATORS]
    # What was the start of the expression would become part of these two.
    guarded = {"<": "<\\", ">": ">\\"}
    assert texts("a|===5") == [f"a{guarded.get(one, one)}=5" for one in OPERATORS]


def test_half_typed_operators_of_a_dimension():
    assert labels("score!|", SCHEMA) == ["!="]
    assert labels("unsubscribed>|", SCHEMA) == []
    assert labels("unsubscribed=>|", SCHEMA) == []
    assert labels("id=|", SCHEMA) == []
    assert labels("unknown=|", SCHEMA) == []
    assert labels("count>|", ODD) == []
    assert texts("most<|", Schema({"most": Dimension("integer", operators=["<="])})) == ["most<="]


# --- Values ---------------------------------------------------------------------------------------

VALUES = Schema(
    {
        "type": Dimension("enum", values=["LEAD", "USER", "EMPTY_USER_TYPE"]),
        "types": Dimension("list of enum", values=["LEAD", "USER"]),
        "flag": "boolean",
        "flags": "list of booleans",
        "narrow": Dimension("enum", values=["A"], operators=["!="]),
        "hidden": Dimension("enum", values=["A"], filterable=False),
        "odd": Dimension(
            "enum",
            values=[
                "Fire, old",
                "=Edge",
                " a;b ",
                "North America",
                "",
                "bad\n",
                "50*",
                "Fire, old",
            ],
        ),
        "text": "text",
    },
    aliases={"kind": "type"},
)


def test_a_value_is_due():
    assert offered("a==1;kind==us|;b==2", VALUES) == [
        Completion("USER", "value", Edit(Span(11, 13), "USER"), "a value of 'type'")
    ]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("type==|", ["type==LEAD", "type==USER", "type==EMPTY_USER_TYPE"]),
        ("type!=|", ["type!=LEAD", "type!=USER", "type!=EMPTY_USER_TYPE"]),
        ("types== | ;a==1", ["types== LEAD ;a==1", "types== USER ;a==1"]),
        ("type==|lead", ["type==LEAD", "type==USER", "type==EMPTY_USER_TYPE"]),
        ("type==| lead", ["type== LEAD", "type== USER", "type== EMPTY_USER_TYPE"]),
        ("type==l|xyz;a==1", ["type==LEAD;a==1"]),
        ("type==u|", ["type==USER"]),
        ("type==USER|", ["type==USER"]),
        ("type==USERS|", []),
        ("type=u|", ["type=USER"]),
        ("types==u|", ["types==USER"]),
        ("flag==|", ["flag==true", "flag==false"]),
        ("flags!=F|", ["flags!=false"]),
        ("narrow!=|", ["narrow!=A"]),
        # Values are written with the escapes that they need, and read with those they have.
        ("odd==fi|", ["odd==Fire\\, old"]),
        ("odd==Fire,|", ["odd==Fire\\, old"]),
        ("odd==Fire\\|", ["odd==Fire\\, old"]),
        ("odd==Fire\\|, x;a==1", ["odd==Fire\\, old;a==1"]),
        ("odd==Fire\\, o|", ["odd==Fire\\, old"]),
        ("odd==\\=|", ["odd==\\=Edge"]),
        ("odd==\\ a\\;|", ["odd==\\ a\\;b\\ "]),
        ("odd==North |;a==1", ["odd==North America;a==1"]),
        ("odd==5|", ["odd==50*"]),
        ("odd==|", [
            "odd==Fire\\, old", "odd==\\=Edge", "odd==\\ a\\;b\\ ", "odd==North America",
            "odd==50*",
        ]),
        # No value.
        ("type~|", []),
        ("type~u|", []),
        ("type!~u|", []),
        ("type=@u|", []),
        ("type<u|", []),
        ("type==USER |", []),
        ("narrow==|", []),
        ("hidden==|", []),
        ("text==|", []),
        ("unknown==|", []),
        ("=|", []),
    ],
)  # fmt: skip  # a list of texts is read as one
def test_values(marked, expected):
    assert texts(marked, VALUES) == expected


def test_a_value_in_a_long_clause():
    long = "x" * 10_000
    assert texts(f"type==l|{long} ;a==1", VALUES) == ["type==LEAD ;a==1"]
    assert texts(f"type==|{long}", VALUES)[0] == "type==LEAD"
    assert texts(f"{long}|", VALUES) == []


def test_an_operator_and_values_are_never_due_at_once():
    assert labels("type=|", VALUES) == [one for one in OF_TEXTS if one.startswith("=")]
    assert labels("flag!|", VALUES) == ["!="]


def test_without_a_schema_there_are_no_values():
    assert offered("type==|") == []
    assert offered("type==tr|") == []


def test_in_maps_there_are_no_values():
    assert offered("customAttributes.any==|", SCHEMA) == []


# --- Dates ----------------------------------------------------------------------------------------

DATES = Schema(
    {
        "seen": "datetime",
        "times": "list of datetimes",
        "since": Dimension("datetime", operators=[">="]),
        "never": Dimension("datetime", filterable=False),
    },
    aliases={"last": "seen"},
)
NOON = datetime(2024, 3, 1, 12, tzinfo=UTC)


def test_dates_are_told_by_how_long_ago_they_are():
    with clock_at(NOON):
        assert offered("a==1;last>=|;b==2", DATES) == [
            Completion(label, "value", Edit(Span(11, 11), label), detail)
            for label, detail in [
                ("2024-03-01", "today, 00:00 UTC"),
                ("2024-02-29", "yesterday, 00:00 UTC"),
                ("2024-02-23", "a week ago, 00:00 UTC"),
                ("2024-01-31", "30 days ago, 00:00 UTC"),
            ]
        ]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("seen<|", ["<", "<=", "2024-03-01", "2024-02-29", "2024-02-23", "2024-01-31"]),
        ("seen< |", ["2024-03-01", "2024-02-29", "2024-02-23", "2024-01-31"]),
        ("since>=|", ["2024-03-01", "2024-02-29", "2024-02-23", "2024-01-31"]),
        ("seen>=2024-02|", ["2024-02-29", "2024-02-23"]),
        ("seen>=2024-03-01|", ["2024-03-01"]),
        # By the words for them, too, which no filter can hold.
        ("seen>=Tod|", ["2024-03-01"]),
        ("seen>=yesterday|", ["2024-02-29"]),
        ("seen>=a week|", ["2024-02-23"]),
        ("seen>=a w|eek", ["2024-02-23"]),
        ("seen>=30|", ["2024-01-31"]),
        ("seen>=midnight|", []),
        ("seen>=tomorrow|", []),
        # A day is one instant there, as `check` says.
        ("seen>2|", []),
        ("seen<=|", []),
        ("seen==|", []),
        ("seen!=|", []),
        ("times>=|", []),
        ("never>=|", []),
        ("unknown>=|", []),
    ],
)
def test_dates(marked, expected):
    with clock_at(NOON):
        assert labels(marked, DATES) == expected


def test_a_date_takes_the_place_of_the_word_for_it():
    with clock_at(NOON):
        assert texts("seen>=to|day;a==1", DATES) == ["seen>=2024-03-01;a==1"]


def test_dates_at_the_beginning_of_the_calendar():
    with clock_at(datetime(1, 1, 2, tzinfo=UTC)):
        assert labels("seen>=|", DATES) == ["0001-01-02", "0001-01-01"]


@pytest.mark.parametrize("operator", [one.value for one in Operator])
def test_check_finds_no_fault_with_a_date_that_is_offered(operator):
    marked = f"seen{operator} |"
    for text in texts(marked, DATES):
        assert check(text, DATES).diagnostics == ()
