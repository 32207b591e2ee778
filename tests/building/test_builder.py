"""The builder: Python values become clauses, and nothing that can't be written gets through."""

from __future__ import annotations

import copy
import enum
import itertools
import math
import pickle
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

import filterlang as fl
from filterlang import F, field, px


class Plan(enum.Enum):
    PRO = "pro"
    FREE = None
    LEVEL = 3


class Colour(enum.StrEnum):
    RED = "red"


class Loud(str):
    __slots__ = ()

    def __str__(self):
        return self.upper()


class Odd(int):
    def __repr__(self):
        return "odd"


MIDNIGHT = datetime(2024, 1, 31, tzinfo=UTC)
ACCEPTED = "expected str, int, float, Decimal, bool, datetime, date, Enum, UUID or None"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Smith, John", "n==Smith\\, John"),
        (" 50% ", "n==\\ 50%\\ "),
        ("=x", "n==\\=x"),
        ("a*", "n==a*"),
        ("", "n=="),
        (None, "n=="),
        (True, "n==true"),
        (False, "n==false"),
        (0, "n==0"),
        (-5, "n==-5"),
        (10**30, "n==1000000000000000000000000000000"),
        (Odd(7), "n==7"),
        (10.0, "n==10"),
        (0.1, "n==0.1"),
        (-0.0, "n==0"),
        (1e-7, "n==1e-7"),
        (2.0**60, "n==1152921504606846976"),
        (1e21, "n==1e+21"),
        (Decimal("10.50"), "n==10.50"),
        (Decimal("1E+3"), "n==1000"),
        (Decimal("1E+1000000"), "n==1E+1000000"),
        (MIDNIGHT, "n==1706659200000"),
        (datetime(1969, 12, 31, 23, 59, 59, 999000, tzinfo=UTC), "n==-1"),
        (datetime(2024, 1, 31, 1, tzinfo=timezone(timedelta(hours=1))), "n==1706659200000"),
        (date(2024, 1, 31), "n==1706659200000"),
        (date.min, "n==-62135596800000"),
        (Plan.PRO, "n==pro"),
        (Plan.FREE, "n=="),
        (Plan.LEVEL, "n==3"),
        (Colour.RED, "n==red"),
        (Loud("soft"), "n==soft"),
        (UUID(int=1), "n==00000000-0000-0000-0000-000000000001"),
    ],
)
def test_values_as_they_are_written(value, text):
    clause = field("n") == value
    assert str(clause) == text
    assert fl.parse_filter(text).clauses == (clause,)


@pytest.mark.parametrize(
    ("clause", "text"),
    [
        (field("n") == 1, "n==1"),
        (field("n") != 1, "n!=1"),
        (field("n") < 1, "n<1"),
        (field("n") <= 1, "n<=1"),
        (field("n") > 1, "n>1"),
        (field("n") >= 1, "n>=1"),
        (1 < field("n"), "n>1"),  # noqa: SIM300 — people write it so
        (1 == field("n"), "n==1"),  # noqa: SIM300 — as above
        (field(" a . b ") == 1, "a.b==1"),
        (field("n").matches(r"Cl?v\**"), r"n~Cl?v\**"),
        (field("n").matches(fl.Pattern("a***b")), "n~a*b"),
        (field("n").not_matches("*x"), "n!~*x"),
        (field("n").contains("50*, ?"), r"n~*50\*\, \?*"),
        (field("n").contains(" "), "n~* *"),
        (field("n").contains(""), "n~*"),
        (field("n").contains(Plan.PRO), "n~*pro*"),
        (field("n").startswith("+49"), "n~+49*"),
        (field("n").endswith("\\"), "n~*\\\\"),
        (field("n").is_empty(), "n=="),
        (field("n").is_not_empty(), "n!="),
        (F.location.countryCode == "US", "location.countryCode==US"),
        (F.plan.contains("x"), "plan~*x*"),
        (field("a.contains") == 1, "a.contains==1"),
        (F.größe > 1, "größe>1"),
    ],
)
def test_clauses(clause, text):
    assert type(clause) is fl.Clause
    assert str(clause) == text


def test_several_clauses():
    assert str(field("n").between(1, 2)) == "n>=1;n<=2"
    assert str(field("n").not_in(["a", "b", "a"])) == "n!=a;n!=b"
    assert type(field("n").not_in(["a"])) is fl.Filter
    assert fl.unparse(field("n").in_(["a", None, "a", 1, "1"])) == ["n==a", "n==", "n==1"]
    assert type(field("n").in_(["a"])) is fl.FilterSet
    assert fl.unparse(field("n").in_({"b", "c", "a"})) == ["n==a", "n==b", "n==c"]
    assert fl.unparse(field("n").in_(iter("ab"))) == ["n==a", "n==b"]
    both = (F.a == 1) & (F.b.in_([1, 2])) | F.c.is_empty()
    assert fl.unparse(both) == ["a==1;b==1", "a==1;b==2", "c=="]


def test_what_would_explode_is_a_limit_error():
    several = field("n").in_(range(300))
    with pytest.raises(fl.LimitError):
        several & several


@pytest.mark.parametrize(
    ("build", "kind", "message"),
    [
        (lambda: field("n") == b"x", TypeError, f"value of type bytes; {ACCEPTED}"),
        (lambda: field("n") == ["x"], TypeError, f"value of type list; {ACCEPTED}"),
        (lambda: field("n") == time(1), TypeError, f"value of type time; {ACCEPTED}"),
        (lambda: field("n") == Fraction(1), TypeError, f"value of type Fraction; {ACCEPTED}"),
        (lambda: field("n") == field("m"), TypeError, f"value of type Field; {ACCEPTED}"),
        (
            lambda: field("n") == fl.Pattern("x*"),
            TypeError,
            f"value of type Pattern; {ACCEPTED}; for patterns there is .matches()",
        ),
    ],
)
def test_values_that_are_not_accepted(build, kind, message):
    with pytest.raises(kind) as caught:
        build()
    assert str(caught.value) == f"'n' can't be compared with a {message}"


@pytest.mark.parametrize(
    ("build", "kind", "message"),
    [
        (
            lambda: field("n") < True,
            TypeError,
            "truth values have no order; compare 'n' with == or !=",
        ),
        (
            lambda: field("n") == math.nan,  # noqa: PLW0177 — it compares nothing
            ValueError,
            "'n' can't be compared with nan: only finite numbers can be written",
        ),
        (
            lambda: field("n") > Decimal("-Infinity"),
            ValueError,
            "'n' can't be compared with Decimal('-Infinity'): only finite numbers can be written",
        ),
        (
            lambda: field("n") == Decimal("sNaN"),
            ValueError,
            "'n' can't be compared with Decimal('sNaN'): only finite numbers can be written",
        ),
        (
            lambda: field("n") == datetime(2024, 1, 31),  # noqa: DTZ001 — it is the point
            ValueError,
            (
                "'n' can't be compared with a datetime without a zone, 2024-01-31T00:00:00; give it"
                " one (tzinfo=) or give field() one (tz=)"
            ),
        ),
        (
            lambda: field("n") == MIDNIGHT.replace(microsecond=1),
            ValueError,
            (
                "'n' can't be compared with 2024-01-31T00:00:00.000001+00:00: dates are written in"
                " whole milliseconds; round it first"
            ),
        ),
        (
            lambda: field("n").in_([]),
            ValueError,
            "in_() needs at least one value: no filter says 'nothing'",
        ),
        (
            lambda: field("n").not_in(iter(())),
            ValueError,
            "not_in() needs at least one value: no filter says 'nothing'",
        ),
        (
            lambda: field("n").in_("abc"),
            TypeError,
            "in_() takes a list of values, not one str",
        ),
        (
            lambda: field("n").not_in(5),
            TypeError,
            "not_in() takes a list of values, not one int",
        ),
        (lambda: field("n").matches(5), TypeError, "matches() takes a str or a Pattern, not int"),
        (
            lambda: field("n").not_matches(None),
            TypeError,
            "not_matches() takes a str or a Pattern, not NoneType",
        ),
        (lambda: field("n").contains(5), TypeError, "contains() takes a str, not int"),
        (lambda: field("n").startswith(None), TypeError, "startswith() takes a str, not NoneType"),
        (lambda: field("n").endswith(b"x"), TypeError, "endswith() takes a str, not bytes"),
        (lambda: field(5), TypeError, "a name is a str, not int"),
        (lambda: field(""), ValueError, "the name is empty"),
        (lambda: field("a..b"), ValueError, "the name 'a..b' has an empty segment"),
        (
            lambda: bool(field("n")),
            TypeError,
            "field('n') is neither true nor false; compare it with a value",
        ),
        (
            lambda: "x" in F.a.b,
            TypeError,
            "'in' can't ask about F.a.b; write .contains(text) or .in_(values)",
        ),
        (lambda: hash(field("n")), TypeError, "unhashable type: 'Field'"),
        (
            lambda: F._n,
            AttributeError,
            "a name that begins with '_' is reached by field(), not by F: '_n'",
        ),
        (
            lambda: F.a._n,
            AttributeError,
            "a name that begins with '_' is reached by field(), not by F: '_n'",
        ),
    ],
)
def test_what_is_refused(build, kind, message):
    with pytest.raises(kind) as caught:
        build()
    assert type(caught.value) is kind
    assert str(caught.value) == message


@pytest.mark.parametrize(
    "build",
    [
        lambda: field("n") < None,
        lambda: field("n") > "",
        lambda: field("n") == "a\x00",
        lambda: field("n") == "\ud800",
        lambda: field("n").matches(""),
        lambda: field("n").matches("a\\"),
        lambda: field("a=b"),
    ],
)
def test_what_no_text_can_say_is_a_value_error(build):
    with pytest.raises(ValueError):  # noqa: PT011 — the nodes' tests have the messages
        build()


def test_chains_of_comparisons_are_refused():
    with pytest.raises(TypeError, match="neither true nor false"):
        1 < field("n") < 5  # noqa: B015 — it is the point


def test_a_zone_for_datetimes_without_one():
    berlin = field("n", tz=ZoneInfo("Europe/Berlin"))
    assert str(berlin >= datetime(2024, 1, 31)) == "n>=1706655600000"  # noqa: DTZ001 — the point
    assert str(berlin >= date(2024, 1, 31)) == "n>=1706655600000"
    assert str(berlin >= date(2024, 7, 31)) == "n>=1722376800000"
    assert str(berlin >= MIDNIGHT) == "n>=1706659200000"


# --- With a schema ---


def test_names_and_values_that_fit_a_schema():
    assert str(field("score", schema=px.USER) >= 10) == "score>=10"
    assert str(field("countryCode", schema=px.USER) == "US") == "countryCode==US"
    assert str(field("type", schema=px.USER) == "LEAD") == "type==LEAD"
    assert str(field("lastSeenDate", schema=px.USER) < MIDNIGHT) == "lastSeenDate<1706659200000"
    assert str(field("customAttributes.x y", schema=px.USER) == 1) == "customAttributes.x y==1"


@pytest.mark.parametrize(
    ("build", "lines"),
    [
        (
            lambda: field("scor", schema=px.USER),
            [
                "error[FL501]: unknown name 'scor'",
                " --> filter, column 1",
                "  |",
                "  | scor",
                "  | ^^^^",
                "hint: did you mean 'score'?",
            ],
        ),
        (
            lambda: field("score", schema=px.USER) == "abc",
            [
                "error[FL509]: 'score' is an integer; 'abc' is not one",
                " --> filter, column 8",
                "  |",
                "  | score==abc",
                "  |        ^^^",
                "hint: write digits, such as 10",
            ],
        ),
    ],
)
def test_what_does_not_fit_a_schema(build, lines):
    with pytest.raises(fl.SchemaError) as caught:
        build()
    assert str(caught.value).splitlines() == lines


@pytest.mark.parametrize(
    ("build", "code"),
    [
        (lambda: field("type", schema=px.USER).in_(["LEAD", "LEED"]), "FL510"),
        (lambda: field("globalUnsubscribe", schema=px.USER) > 1, "FL506"),
        (lambda: field("location", schema=px.USER) == "x", "FL505"),
        (lambda: field("n", schema=schema_of(filterable=False)), "FL503"),
        (lambda: field("n", schema=schema_of(operators=["=="])) != 1, "FL504"),
    ],
)
def test_the_codes_of_what_does_not_fit(build, code):
    with pytest.raises(fl.SchemaError) as caught:
        build()
    assert [one.code for one in caught.value.diagnostics] == [code]


def schema_of(**properties):
    return fl.Schema.from_dict({"dimensions": {"n": {"type": "integer", **properties}}})


def test_a_name_whose_operators_leave_out_equality_can_still_be_named():
    assert str(field("n", schema=schema_of(operators=["<"])) < 1) == "n<1"
    assert str(field("location", schema=px.USER).is_empty()) == "location=="


# --- Fields as objects ---


def test_fields_show_themselves():
    assert repr(field("a.b")) == "field('a.b')"
    assert repr(F.a.b) == "F.a.b"
    assert repr(F) == "F"


@pytest.mark.parametrize("one", [field("a.b"), F.a.b, field("score", schema=px.USER)])
def test_fields_can_be_copied_and_pickled(one):
    for twin in (copy.copy(one), copy.deepcopy(one), pickle.loads(pickle.dumps(one))):
        assert repr(twin) == repr(one)
        assert (twin == 5) == (one == 5)
    assert copy.deepcopy(F) is F
    assert pickle.loads(pickle.dumps(F)) is F


@pytest.mark.parametrize(
    ("path", "name", "shown"),
    [
        (F["score"], "score", "F.score"),
        (
            F["customAttributes.my-attr"],
            "customAttributes.my-attr",
            "F['customAttributes.my-attr']",
        ),
        (
            F.customAttributes["my attr"],
            "customAttributes.my attr",
            "F['customAttributes.my attr']",
        ),
        (F["a"].b[" c . d "], "a.b.c.d", "F.a.b.c.d"),
        (F["_id"], "_id", "F['_id']"),
        (F.a["_id"], "a._id", "F['a._id']"),
        (F["a.contains"], "a.contains", "F['a.contains']"),
        (F["contains"], "contains", "F.contains"),
        (F["class"].x, "class.x", "F['class.x']"),
        (F["1st"], "1st", "F['1st']"),
    ],
)
def test_any_name_is_reached_in_brackets(path, name, shown):
    assert (path == 5) == (field(name) == 5)
    assert repr(path) == shown
    assert repr(eval(shown)) == shown  # noqa: S307 — what is shown can be written so
    for twin in (copy.copy(path), pickle.loads(pickle.dumps(path))):
        assert (twin == 5) == (path == 5)


@pytest.mark.parametrize("name", ["", " ", "a..b", "a,b", "a;b", "x==1", "a\n", "a\\b"])
def test_names_in_brackets_are_checked_as_those_of_field(name):
    for path, whole in ((F, name), (F.x, f"x.{name}")):
        with pytest.raises(ValueError, match=r".+") as by_field:
            field(whole)
        with pytest.raises(ValueError, match=r".+") as in_brackets:
            path[name]
        assert str(in_brackets.value) == str(by_field.value)


@pytest.mark.parametrize("name", [0, None, slice(1), ("a", "b"), b"a", F.a])
def test_what_stands_in_brackets_is_a_text(name):
    for path in (F, F.x):
        with pytest.raises(TypeError) as caught:
            path[name]
        assert str(caught.value) == f"a name is a str, not {type(name).__name__}"


def test_brackets_make_nothing_iterable():
    for one in (F, F.a, field("a")):
        with pytest.raises(TypeError, match="is not iterable"):
            iter(one)
        assert not isinstance(one, Iterable)


def test_names():
    filters = (F.a.b == 1) & (F.c > 1) | (F.a.b < 5)
    assert filters.names() == ("a.b", "c")
    assert (F.c > 1).names() == ("c",)
    assert (F.c.between(1, 2)).names() == ("c",)
    assert fl.FilterSet().names() == ()


# --- Laws ---

TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters=" \\,;=*?~<>!%&+"),
)
VALUES = st.one_of(
    st.none(),
    TEXT,
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.uuids(),
    st.dates(),
    st.datetimes(timezones=st.timezones()).map(lambda one: one.replace(microsecond=0)),
)


@given(VALUES)
def test_a_record_with_the_value_is_found_by_it(value):
    """A filter for a value matches the record that holds the value."""
    clause = field("n") == value
    assert fl.parse_filter(str(clause)).clauses == (clause,)
    assert fl.matches(clause, {"n": value})
    assert not fl.matches(field("n") != value, {"n": value})
    assert fl.matches(field("n").in_([value, "other"]), {"n": value})
    assert not fl.matches(field("n").not_in(["other", value]), {"n": value})


@given(TEXT, TEXT, TEXT)
def test_a_text_is_found_by_its_parts(before, text, after):
    """What contains, starts or ends with a text is found by it, whatever characters it has."""
    record = {"n": before + text + after}
    assert fl.matches(field("n").contains(text), record)
    assert fl.matches(field("n").startswith(before + text), record)
    assert fl.matches(field("n").endswith(text + after), record)


@given(st.lists(st.integers() | st.floats(allow_nan=False, allow_infinity=False), min_size=2))
def test_order_is_that_of_the_values(values):
    """A comparison of numbers by a filter gives what Python gives."""
    for one, other in itertools.pairwise(values):
        if isinstance(one, float) and isinstance(other, int) and other != int(float(other)):
            continue  # A float is compared with the nearest double of the expression.
        assert fl.matches(field("n") < other, {"n": one}) is (one < other)
        assert fl.matches(field("n") >= other, {"n": one}) is (one >= other)


# --- Slips ----------------------------------------------------------------------------------------

PRECEDENCE = (
    "{0!r} joins clauses, and {1} is none: it binds tighter than comparisons, so put each of them"
    " in parentheses, as in (F.a == 1) {0} (F.b == 2)"
)
OTHERS = (
    "{0!r} joins clauses, not {1} and {2}: it binds tighter than comparisons, so put each of them"
    " in parentheses, as in (F.a == 1) {0} (F.b == 2)"
)
UNCALLED = (
    "{0!r} can't take the method {2!r} of {1}: call it, as in {1}.{2}(…); a dimension of that name"
    " is reached by field()"
)


UNNAMED = "{0}() needs a name that it asks about; write F.name.{0}(…)"
NO_METHOD = (
    "{0} is a name and can't be called; compare it, as in {0} == …, or call a method of it:"
    " between, on, in_, not_in, is_empty, is_not_empty, matches, not_matches, contains, startswith,"
    " endswith"
)


@pytest.mark.parametrize(
    ("slip", "message"),
    [
        (lambda: F.a == 1 & F.b == 2, PRECEDENCE.format("&", "F.b")),
        (lambda: F.a >= 1 & F.b >= 2, PRECEDENCE.format("&", "F.b")),
        (lambda: F.a == "x" | F.b == "y", PRECEDENCE.format("|", "F.b")),
        (lambda: F.a == F.b & 1, PRECEDENCE.format("&", "F.b")),
        (lambda: (F.a == 1) & F.b, PRECEDENCE.format("&", "F.b")),
        (lambda: F.b | (F.a == 1), PRECEDENCE.format("|", "F.b")),
        (lambda: field("b") & field("c"), PRECEDENCE.format("&", "field('b')")),
        (lambda: F.a == 1 & (F.b == 2), OTHERS.format("&", "int", "Clause")),
        (lambda: F.a == "x" | F.b.contains("y"), OTHERS.format("|", "str", "Clause")),
        (lambda: F.a == 1 & fl.parse_filter("b==2"), OTHERS.format("&", "int", "Filter")),
        (lambda: F.a == None | fl.parse("b==2"), OTHERS.format("|", "NoneType", "FilterSet")),
        (lambda: ~F.a == 1, "'~' takes a clause, and F.a is none; compare it, in parentheses"),
        (lambda: F.notes.contains == "x", UNCALLED.format("==", "F.notes", "contains")),
        (lambda: F.notes.startswith != "x", UNCALLED.format("!=", "F.notes", "startswith")),
        (lambda: F.a.between < 3, UNCALLED.format("<", "F.a", "between")),
        (lambda: F.a.on <= 3, UNCALLED.format("<=", "F.a", "on")),
        (lambda: F.a.matches > 3, UNCALLED.format(">", "F.a", "matches")),
        (lambda: F.a.endswith >= 3, UNCALLED.format(">=", "F.a", "endswith")),
        (lambda: F.a.endswith <= 3, UNCALLED.format("<=", "F.a", "endswith")),
        (lambda: F.a.in_ == "x", UNCALLED.format("==", "F.a", "in_")),
        (lambda: F.contains("x"), UNNAMED.format("contains")),
        (F.is_empty, UNNAMED.format("is_empty")),
        (lambda: F.in_(["a"]), UNNAMED.format("in_")),
        (lambda: F.between(low=1, high=2), UNNAMED.format("between")),
        (lambda: F.title.contians("x"), NO_METHOD.format("F.title.contians")),
        (lambda: F.title("x"), NO_METHOD.format("F.title")),
        (lambda: F["a.contains"]("x"), NO_METHOD.format("F['a.contains']")),
        (lambda: F("title"), "F can't be called; write F.name, F['name'] or field('name')"),
        (lambda: F.a.is_empty & (F.b == 1), UNCALLED.format("&", "F.a", "is_empty")),
        (lambda: (F.b == 1) | F.a.is_empty, UNCALLED.format("|", "F.a", "is_empty")),
        (lambda: field("a b").not_in == [], UNCALLED.format("==", "field('a b')", "not_in")),
    ],
)
def test_a_slip_is_told(slip, message):
    with pytest.raises(TypeError) as caught:
        slip()
    assert str(caught.value) == message


def test_methods_are_what_they_were():
    assert repr(F.a.contains) == "<method contains of F.a>"
    assert F.a.contains.__doc__ == fl.field("b").contains.__doc__
    assert "Ask for a text" in F.a.contains.__doc__
    assert str(F.a.contains(text="x")) == "a~*x*"
    assert type(field("a")).contains(field("a"), "x") == F.a.contains("x")


@pytest.mark.parametrize("bad", ["a\nb", "a\x00b", "a\x9f", "\ud800"])
def test_what_no_expression_can_hold_is_told_with_the_name(bad):
    place, character = next(
        (place, one) for place, one in enumerate(bad, 1) if one not in {"a", "b"}
    )
    message = (
        f"'title': an expression can't hold U+{ord(character):04X} (character {place} of {bad!r})"
    )
    for make in [
        lambda: F.title == bad,
        lambda: F.title != bad,
        lambda: F.title >= bad,
        lambda: F.title.in_(["x", bad]),
        lambda: F.title.not_in([bad]),
        lambda: F.title.between("x", bad),
        lambda: F.title.contains(bad),
        lambda: F.title.startswith(bad),
        lambda: F.title.endswith(bad),
        lambda: F.title.matches(bad),
        lambda: F.title.not_matches(bad),
        lambda: field("title", schema=px.USER) == bad,
    ]:
        with pytest.raises(ValueError, match=r".+") as caught:
            make()
        assert str(caught.value) == message


# --- What is no filter yet ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unfinished", "remedy"),
    [
        (F.score, "Path; compare it, as in F.score == …"),
        (field("score"), "Field; compare it, as in field('score') == …"),
        (F, "Paths; compare a name of it, as in F.name == …"),
        (F.score.is_empty, "_Method; call it, as in F.score.is_empty(…)"),
    ],
)
def test_a_field_where_a_filter_is_expected_is_told_what_to_do(unfinished, remedy):
    texts = "expected a filter's text or an iterable of texts, not "
    nodes = "expected a FilterSet, Filter or Clause, not "
    for take, error, start in [
        (fl.parse, TypeError, texts),
        (fl.compile, TypeError, texts),
        (lambda one: fl.resolve(one, px.USER), TypeError, texts),
        (lambda one: fl.parse([one]), TypeError, "filter 1 is not a str but "),
        (fl.to_params, TypeError, nodes),
        (px.ListRequest, TypeError, nodes),
        (lambda one: fl.Filter([one]), ValueError, "a Filter holds Clauses, not "),
        (lambda one: fl.FilterSet([one]), ValueError, "a FilterSet holds Filters, not "),
    ]:
        with pytest.raises(error) as caught:
            take(unfinished)
        assert str(caught.value) == start + remedy


def test_a_span_of_time_is_no_moment():
    with pytest.raises(
        TypeError, match=r"; a time so long before now is given by filterlang\.ago\(\)$"
    ):
        _ = F.seen >= timedelta(days=7)
