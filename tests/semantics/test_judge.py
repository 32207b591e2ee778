"""What a clause means for one record, where Python's values go beyond the vectors' JSON.

The headings are the rules of `docs/reference/language.md`.
"""
# ruff: noqa: DTZ001 — a time without a zone is a value of records, too

from __future__ import annotations

import decimal
import sqlite3
from collections import ChainMap, OrderedDict, UserDict, defaultdict, deque, namedtuple
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from fractions import Fraction
from itertools import pairwise
from numbers import Integral
from types import MappingProxyType, SimpleNamespace
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from pydantic import BaseModel, ConfigDict

import filterlang as fl
from filterlang.matching.index.filter_index import FilterIndex
from filterlang.schema.binding import bind_all
from filterlang.semantics import paths
from filterlang.semantics import wildcards as wildcards_module
from filterlang.semantics.judge import holds, judges, passes
from filterlang.semantics.paths import arrange, values_at
from filterlang.semantics.reading import Reading
from filterlang.semantics.tests import BoundClause, fragments_of
from filterlang.semantics.wildcards import Wildcards
from filterlang.syntax.nodes import Clause
from filterlang.syntax.pattern import Pattern
from tests.support.hostile import HOSTILE, PLACES, deep_dict, deep_list
from tests.support.verdicts import verdict

# --- 1. Finding the value -------------------------------------------------------------------------


@dataclass
class Place:
    city: Any = None
    tags: list[str] = field(default_factory=list)


@dataclass(slots=True, frozen=True)
class SlottedPlace:
    city: str


class TypedPlace(NamedTuple):
    city: str


class ModelOfPlace(BaseModel):
    model_config = ConfigDict(extra="allow")
    city: str


class Computed:
    country = "DE"

    @property
    def city(self) -> str:
        return "Bonn"


class Proxy:
    """Hands out what another object has."""

    def __getattr__(self, name: str) -> Any:
        return {"city": "Bonn"}[name]  # a KeyError for all others


UntypedPlace = namedtuple("UntypedPlace", "city")  # noqa: PYI024 — the other kind is above

PLACES_IN_BONN = [
    Place("Bonn"),
    SlottedPlace("Bonn"),
    TypedPlace("Bonn"),
    UntypedPlace("Bonn"),
    ModelOfPlace(city="Bonn"),
    SimpleNamespace(city="Bonn"),
    Computed(),
    Computed,  # a class has attributes, too
    Proxy(),
    {"city": "Bonn"},
    OrderedDict(city="Bonn"),
    MappingProxyType({"city": "Bonn"}),
    UserDict(city="Bonn"),
    ChainMap({}, {"city": "Bonn"}),
    defaultdict(str, city="Bonn"),
]


@pytest.mark.parametrize("place", PLACES_IN_BONN, ids=lambda place: type(place).__name__)
def test_every_kind_of_object_is_walked(place):
    asked = "city" if place is Computed else "city==bonn"
    if place is Computed:  # there it is a property, no value: it equals nothing
        assert not verdict(f"{asked}==", place)
        return
    for record in (place, {"at": place}, {"at": [place]}, SimpleNamespace(at=place)):
        name = "" if record is place else "at."
        assert verdict(f"{name}{asked}", record)
        assert verdict(f"{name}city~B?nn;{name}country!=FR;{name}nowhere==", record)
        assert not verdict(f"{name}City==Bonn", record)
        assert not verdict(f"{name}city.x==Bonn", record)


def test_a_row_of_a_database_is_read_like_a_mapping():
    connection = sqlite3.connect(":memory:")
    connection.row_factory = sqlite3.Row
    query = """SELECT 'Bonn' AS city, 12 AS score, NULL AS phone, 'flat' AS "a.b" """
    row = connection.execute(query).fetchone()
    connection.close()
    assert verdict("city==bonn;score>=10;phone==;fax==;a.b==FLAT", row)
    assert not verdict("CITY==Bonn", row)  # names are case-sensitive here, though not for the row


class Secretive:
    _private = __mangled = "x"

    def method(self) -> str:
        return "x"

    @property
    def broken(self) -> str:
        message = "not today"
        raise RuntimeError(message)

    @property
    def absent(self) -> str:
        raise AttributeError

    function = len
    type = int


@pytest.mark.parametrize(
    "name",
    ["_private", "_Secretive__mangled", "__class__", "__doc__", "method", "broken", "absent",
     "function", "type", "nothing", "method.__name__", "broken.x"],
)  # fmt: skip
def test_private_callable_and_raising_attributes_are_missing(name):
    for record in (Secretive(), {"o": Secretive()}):
        prefix = "o." if isinstance(record, dict) else ""
        assert verdict(f"{prefix}{name}==", record)
        assert not verdict(f"{prefix}{name}~*", record)


def test_the_same_names_are_found_as_keys():
    record = {"_private": "x", "__class__": "x", "items": "x", "keys": {"get": "x"}}
    assert verdict("_private==x;__class__==x;items==x;keys.get==x", record)


@pytest.mark.parametrize(
    "value",
    ["text", 1, 1.5, True, Decimal(1), Fraction(1, 2), 1j, date(2024, 1, 1), datetime(2024, 1, 1),
     time(), timedelta(1), UUID(int=0), b"bytes", bytearray(b"x"), memoryview(b"x"), None, [1]],
)  # fmt: skip
def test_scalars_have_no_attributes(value):
    for name in ("real", "imag", "year", "days", "hour", "hex", "obj", "format", "__class__"):
        assert verdict(f"a.{name}==", {"a": value})
        assert verdict(f"{name}==", value)


def test_a_key_that_is_there_ends_the_search():
    assert verdict("a.b==", {"a.b": None, "a": {"b": 1}})
    assert verdict("a.b==", {"a": None, "a.c": {"b": 1}})
    assert verdict("a.b.c==1", {"a": {"b.c": 1, "b": {"c": 2}}})
    # Only the whole rest or one segment is a key; nothing in between.
    assert verdict("a.b.c==", {"a.b": {"c": 1}})


class WithoutKeys(UserDict):
    """Says of each key whether it is there, but can't list them."""

    def keys(self) -> Any:
        raise NotImplementedError


class Row:
    """Read like a mapping, without being registered as one."""

    def __init__(self, values: dict[str, object]) -> None:
        self._values = values
        self.hidden = "an attribute is no key"

    def keys(self) -> list[str]:
        return list(self._values)

    def __getitem__(self, key: str) -> object:
        return self._values[key]


@pytest.mark.parametrize(
    "kind", [dict, OrderedDict, MappingProxyType, UserDict, ChainMap, WithoutKeys, Row]
)
def test_the_keys_of_every_kind_of_mapping(kind):
    inner = kind({"b": 1, "c.d": 2, "c": kind({"d": 3}), "e": None, "many": [kind({"x": 7})]})
    record = kind({"a": inner, "f.g": 4, "f": kind({"g": 5}), "h": 6})
    assert verdict("a.b==1;a.c.d==2;a.many.x==7;f.g==4;h==6", record)
    assert verdict("a.e==;a.x==;a.x.y==;a.hidden==;h.x==;x.y==;hidden==;many.x==", record)


def test_a_defaultdict_stays_as_it_is():
    record = defaultdict(lambda: "made", a=defaultdict(dict))
    assert verdict("x==;a.b==;a.b.c==;y.z==;x!=made", record)
    assert record == {"a": {}}
    assert record["a"] == {}


def test_what_a_dict_holds_counts_and_not_how_it_is_looked_up():
    class Odd(dict):
        def __missing__(self, key: str) -> str:
            return "made up"

        def __getitem__(self, key: str) -> str:
            return "looked up"

        def get(self, key: str, default: object = None) -> str:
            return "got"

    assert verdict("a==held;b==;o.a==held;o.b==", Odd(a="held", o=Odd(a="held")))


def test_iterators_are_left_alone():
    numbers = iter([1, 2, 3])
    assert verdict("numbers!=;numbers!=1;numbers!~*", {"numbers": numbers})
    assert list(numbers) == [1, 2, 3]


@pytest.mark.parametrize("record", [None, [], [{"a": 1}], (), {1}, "a", 1, 1.5, b"", float("nan")])
def test_in_a_record_that_is_no_object_every_name_is_missing(record):
    assert verdict("a==", record)
    assert verdict("a!=1;a.b!~x", record)
    assert not verdict("a==1", record)
    assert not verdict(["a~*", "a.b<1"], record)


class Falsy(SimpleNamespace):
    def __bool__(self) -> bool:
        return False


class FalsyColour(Enum):
    RED = "red"

    def __bool__(self) -> bool:
        return False


class NoTime(datetime):
    """As pandas' NaT, which isn't equal to itself."""

    def __ne__(self, other: object) -> bool:
        return True

    __hash__ = datetime.__hash__


@pytest.mark.parametrize(
    "value",
    [None, float("nan"), Decimal("NaN"), Decimal("sNaN"), [], (), set(), [[], [None]], deque(),
     [float("nan"), None], NoTime(2024, 1, 1)],
)  # fmt: skip
def test_missing_values(value):
    for record in ({"a": value}, {"a": [value]}, {"x": {"a": value}}, SimpleNamespace(a=value)):
        name = "x.a" if isinstance(record, dict) and "x" in record else "a"
        assert verdict(f"{name}==", record)
        assert verdict(f"{name}!=0;{name}!~*", record)
        assert not verdict([f"{name}~*", f"{name}>0", f"{name}<0", f"{name}==nan"], record)
    assert verdict("a.b==", {"a": value})


@pytest.mark.parametrize(
    "value",
    [0, 0.0, False, Decimal(0), {}, b"", " ", "\u200b", object(), timedelta(), (0,), [False]],
)
def test_values_that_are_not_empty(value):
    assert verdict("a!=", {"a": value})
    assert not verdict("a==", {"a": value})


@pytest.mark.parametrize(
    ("filters", "record"),
    [
        ("a.b==1", {"a": Falsy(b=1)}),
        ("a==red", {"a": FalsyColour.RED}),
        ("a~r*", {"a": FalsyColour.RED}),
        ("a!=;a!~x", {"a": Falsy()}),
        ("a==red", {"a": [FalsyColour.RED]}),
        ("b==1", Falsy(b=1)),
    ],
)
def test_what_is_false_in_python_is_no_less_there(filters, record):
    assert verdict(filters, record)


# --- 2. == != < <= > >= ---------------------------------------------------------------------------


class Colour(Enum):
    RED = "Red"
    NUMBER = 3
    TRUTH = True
    MOMENT = datetime(2024, 1, 1)
    NONE = None
    LIST = ("Red", 3)
    RECORD = MappingProxyType({"name": "Bordeaux"})


class Level(IntEnum):
    LOW = 1
    HIGH = 10


class Word(StrEnum):
    YES = "yes"


@Integral.register
class Foreign:
    """As NumPy's integers, which are no `int`."""

    def __int__(self) -> int:
        return 7


class Comparable:
    """An object that the language doesn't know, though it has an order of its own."""

    def __eq__(self, other: object) -> bool:
        return True

    __lt__ = __le__ = __gt__ = __ge__ = __eq__
    __hash__ = object.__hash__


TENTH = Decimal("0.1000000000000000055511151231257827021181583404541015625")
"""The double that is nearest to 0.1."""


@pytest.mark.parametrize(
    ("clause", "value", "expected"),
    [
        # Enum members are their values, of whatever type those are.
        ("==red", Colour.RED, True),
        ("~R?d", Colour.RED, True),
        ("==RED", Colour.RED, True),
        ("==NUMBER", Colour.NUMBER, False),
        ("<=3.0", Colour.NUMBER, True),
        ("~3", Colour.NUMBER, True),
        ("==true", Colour.TRUTH, True),
        ("<2024-01-02", Colour.MOMENT, True),
        ("==", Colour.NONE, True),
        ("==3", Colour.LIST, True),
        ("!=red", Colour.LIST, False),
        (".name==bordeaux", Colour.RECORD, True),
        (".value==", Colour.RED, True),  # it has no attributes
        ("==10", Level.HIGH, True),
        (">9.5", Level.HIGH, True),
        ("~HIGH", Level.HIGH, False),
        ("==YES", Word.YES, True),
        # Numbers of other libraries are numbers.
        ("==7.0", Foreign(), True),
        (">6", Foreign(), True),
        ("~7", Foreign(), True),
        ("==0.5", Fraction(1, 2), True),
        ("<0.34", Fraction(1, 3), True),
        ("~0.5", Fraction(1, 2), False),
        ("!~*", Fraction(1, 2), True),
        # An integer compares exactly, a float as the nearest double, a Decimal as a decimal.
        ("==9007199254740993", 2**53 + 1, True),
        ("==9007199254740993", 2**53, False),
        ("==9007199254740993", float(2**53), True),
        ("==9007199254740993", Decimal(2**53), False),
        ("==0.1000000000000000055511151231257827", 0.1, True),
        ("==0.1", 0.1, True),
        ("==0.1", TENTH, False),
        ("<0.1000000000000000055511151231257828", TENTH, True),
        (">=1e30", 10**30, True),
        (">1e30", 10**30, False),
        ("<1e400", 10**399, True),
        ("==1e400", 10**400, True),
        ("==-0", 0, True),
        ("==0", -0.0, True),
        ("==0e999999999999999999999", 0, True),
        (">1e999999999999999999999", 10**400, False),
        ("<1e-999999999999999999999", 0, True),
        (">-1e-999999999999999999999", 0, True),
        ("==1e400", float("inf"), True),  # the nearest double of so large a number
        ("<1e308", float("-inf"), True),
        ("==inf", float("inf"), False),
        ("==Infinity", Decimal("Infinity"), False),
        (">1e999999", Decimal("Infinity"), True),
        # Without an order, or without the expression's type.
        (">=true", True, False),
        ("<=false", False, False),
        ("==1", True, False),
        ("!=1", True, True),
        ("<1", False, False),
        (">-5", False, False),
        ("==true", 1, False),
        ("==0", False, False),
        ("==a", 0, False),
        ("!=a", 0, True),
        # Dates.
        ("==2024-02-29", date(2024, 2, 29), True),
        ("<=1709164800000", date(2024, 2, 29), True),
        ("==2024-02-29T00:00Z", date(2024, 2, 29), True),
        ("==20240229", date(2024, 2, 29), False),
        (">2024-02-29T23:59:59.9999999", datetime(2024, 3, 1, tzinfo=UTC), True),
        ("==2024-02-29T12:00+05:30", datetime(2024, 2, 29, 6, 30), True),
        ("!=soon", date(2024, 2, 29), True),
        ("<soon", date(2024, 2, 29), False),
        # UUIDs are text, and have the order of text.
        ("==ABCDEF00-0000-4000-8000-000000000000", UUID("abcdef00000040008000000000000000"), True),
        ("==abcdef00000040008000000000000000", UUID("abcdef00000040008000000000000000"), False),
        (">ABCDEE", UUID("abcdef00000040008000000000000000"), True),
        ("==", UUID(int=0), False),
        # Everything else equals nothing, has no order and is not empty.
        *(
            (clause, value, clause[0] == "!")
            for value in (b"1", {"1": 1}, 1j, time(), timedelta(1), object(), range(2), Ellipsis)
            for clause in ("==1", "==", "<1", ">=0", "~*", "!=1", "!=", "!~*")
        ),
        ("==1", Comparable(), False),
        (">1", Comparable(), False),
        (">5", Comparable(), False),
        ("<-1", Comparable(), False),
        ("<x", Comparable(), False),
        # A number as the expression of an unreadable text stays text.
        ("==10.0", "10", False),
        ("<9", "10", True),
        ("==1e1", "10", False),
        ("==TRUE", "true", True),
        ("<false", "FALSE2", False),
        ("==2024-01-01", "2024-01-01T00:00Z", False),
    ],
)
def test_the_expression_takes_the_type_of_the_value(clause, value, expected):
    assert verdict(f"a{clause}", {"a": value}) is expected
    if "." not in clause[:1]:
        assert verdict(f"a{clause}", {"a": [value, None]}) is expected


@pytest.mark.parametrize(
    "value",
    [0, 1, 0.0, 1.0, Decimal(0), Decimal(1), False, True, date(1970, 1, 1),
     datetime(1970, 1, 1, microsecond=1)],
)  # fmt: skip  # values as near to none as can be, of each type
@pytest.mark.parametrize("expression", ["x", "1.", "+1", "yes", "1970-01"])
def test_what_can_not_be_read_in_the_type_equals_nothing(expression, value):
    for operator in ("==", "<", "<=", ">", ">="):
        assert not verdict(f"a{operator}{expression}", {"a": value})
    assert verdict(f"a!={expression}", {"a": value})


def test_a_verdict_is_a_bool_whatever_a_comparison_gives():
    class Vague(float):
        def __gt__(self, other: object) -> Any:
            return "certainly"

    assert verdict("a>5", {"a": Vague(6)})
    assert verdict("a>5", {"a": [Vague(6)]})


@pytest.mark.parametrize(
    ("filters", "value"),
    [
        ("a==10.125;a>10.124;a<10.126;a~10.125", Decimal("10.125")),
        ("a==10.125;a~10.125;a<10.126", 10.125),
        ("a==100000000.0;a<1e9;a>99999999.5;a!=1e5", 10**8),
        ("a<1e-30;a>-1e-30;a==0.0;a<1e999999999999999999999", 0),
        ("a~1e+40", 10**40),
        ("a~1" + "0" * 400, 10**400),
    ],
)
@pytest.mark.parametrize(
    "context",
    [
        decimal.Context(prec=2),
        decimal.Context(prec=2, traps=[]),
        decimal.Context(prec=2, Emax=3, Emin=-3, traps=[decimal.Overflow]),
        decimal.Context(prec=1, Emax=1, Emin=-1, traps=list(decimal.getcontext().traps)),
    ],
)
def test_the_decimal_context_of_the_caller_makes_no_difference(filters, value, context):
    with decimal.localcontext(context):
        assert verdict(filters, {"a": value})


@pytest.mark.parametrize(
    ("clause", "value", "expected"),
    [
        ("a==1e9999999999999999999", Decimal("Infinity"), False),
        ("a>1e9999999999999999999", Decimal("Infinity"), True),
        ("a<-1e9999999999999999999", Decimal("-Infinity"), True),
        ("a==-1e9999999999999999999", Decimal("-Infinity"), False),
        ("a>-1e9999999999999999999", Decimal("-1e999999999999999999"), True),
        ("a<1e9999999999999999999", Decimal("1e999999999999999999"), True),
        ("a==1e-9999999999999999999", Decimal("1e-999999999999999999"), False),
        ("a>1e-9999999999999999999", Decimal("1e-999999999999999999"), True),
        ("a<-1e-9999999999999999999", Decimal("-1e-999999999999999999"), True),
        ("a>-1e-9999999999999999999", 0, True),
        ("a<1e-9999999999999999999", 0, True),
        ("a<=1e-9999999999999999999", Decimal(0), True),
        ("a>=-1e-9999999999999999999", Decimal("-0"), True),
        ("a==1e-9999999999999999999", Decimal(0), False),
        ("a!=1e9999999999999999999", 10**400, True),
    ],
)
def test_numbers_that_no_decimal_can_hold(clause, value, expected):
    assert verdict(clause, {"a": value}) is expected


# --- 5. Lists -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [list, tuple, set, frozenset, deque])
def test_the_kinds_of_lists(kind):
    record = {"a": kind(["x", 10, None])}
    assert verdict("a==X;a==10;a~?;a>9;a!=y;a!=", record)
    assert not verdict(["a!=x", "a!~1?", "a==", "a>y"], record)
    assert verdict("a==", {"a": kind()})


def test_lists_hold_for_the_same_element_only_inside_a_clause():
    assert verdict("a>1;a<2", {"a": [0, 3]})  # one of each, and no group


@pytest.mark.parametrize("value", [{"x": 1}.keys(), range(3), "ab", b"ab", iter("ab")])
def test_what_is_no_list_has_no_elements(value):
    assert not verdict(["a==a", "a==1", "a==97"], {"a": value})


# --- 6. Lists of objects --------------------------------------------------------------------------


def test_groups_form_over_objects_of_any_kind():
    mixed = {"o": [Place("Bonn", ["a"]), {"city": "Kiel", "tags": ["b"]}, TypedPlace("Ulm"), "x"]}
    assert verdict("o.city==kiel;o.tags==b", mixed)
    assert not verdict("o.city==Bonn;o.tags==b", mixed)
    assert verdict("o.city==Ulm;o.tags==", mixed)
    assert verdict("o.city!=Rom;o.tags!=c", mixed)
    assert not verdict("o.city!=Rom;o.tags!=b", mixed)
    assert verdict("o.city==;o.tags==", mixed)  # of the text in the list


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ("x.y.a==1", True),
        ("x.y.a!=1", False),
        ("x.y.a!~1", False),
        ("x.y.a!=3", True),
        ("x.y.a!=1;x.y.b!=8", False),
        ("x.y.a!=3;x.y.b!=8", True),
        # With a positive clause one element has to hold for all, within and without.
        ("x.y.a==1;x.y.b!=8", True),
        ("x.y.a==1;x.y.b!=7", False),
        ("x.y.a==2;x.y.b!=7", True),
        ("x.c==5;x.y.a!=2", False),
        ("x.c==6;x.y.a!=2", True),
    ],
)
def test_groups_within_groups(filters, expected):
    record = {"x": [{"c": 5, "y": [{"a": 1, "b": 7}, {"a": 2, "b": 9}]}, {"c": 6, "y": []}]}
    assert verdict(filters, record) is expected


def test_the_elements_of_a_group_are_those_of_the_lists_in_it_too():
    record = {"l": [[{"x": 1}, [{"x": 2, "y": 3}]], None, []]}
    assert verdict("l.x==2;l.y==3", record)
    assert not verdict("l.x==1;l.y==3", record)
    assert verdict("l.x==1;l.y==", record)
    assert not verdict("l.x==", record)
    assert verdict("l.x!=;l.x!=3", record)
    assert verdict("l.x==;l.x!=1", {"l": [None, [[]]]})


def test_several_groups_and_single_clauses_in_one_filter():
    record = {
        "a": [{"x": 1, "y": 2}, {"x": 3, "y": 4}],
        "b": {"c": [{"x": 1, "d": [{"z": 5}, {"z": 6, "w": 7}]}]},
        "x": 1,
    }
    assert verdict("a.x==3;b.c.x==1;x==1;a.y==4;b.c.d.z==6;b.c.d.w==7", record)
    assert not verdict("a.x==3;b.c.x==1;x==1;a.y==4;b.c.d.z==5;b.c.d.w==7", record)
    assert not verdict("a.x==3;b.c.x==1;x==1;a.y==2", record)


@pytest.mark.sampled(4, 20)
@pytest.mark.parametrize(
    # Python's own limits on what is nested in source are at 98 and 198 of these.
    "depth",
    [2, 20, 31, 32, 33, 90, 98, 99, 200, 1100],
)
def test_names_of_many_segments(depth):
    name = ".".join("a" * depth)
    record: Any = {"x": 1, "y": 2}
    for _ in range(depth):
        record = {"a": [record, None]}
    assert verdict(f"{name}.x==1;{name}.y==2", record)
    assert not verdict(f"{name}.x==1;{name}.y!=2", record)
    assert not verdict(f"{name}.x!=1;{name}.y!=3", record)


@pytest.mark.slow
def test_a_group_of_many_clauses():
    record = {"o": [{"n": number, "m": -number} for number in range(50)]}
    clauses = [f"o.n!={number}" for number in range(50, 300)]
    assert verdict(";".join([*clauses, "o.n==7;o.m==-7"]), record)
    assert verdict(";".join(clauses), record)
    assert not verdict(";".join([*clauses, "o.n==7;o.m==-8"]), record)


# --- 7. Patterns ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("*", "", True),
        ("*", "\n", True),
        ("?", "\n", True),
        ("?", "\r\n", False),
        ("?", "😀", True),
        ("?", "e\u0301", False),  # two code points
        ("?", "İ", True),
        ("i?", "İ\u0307", True),
        ("??", "ß", False),
        ("a.c", "abc", False),
        ("[a]", "a", False),
        ("[A]", "[a]", True),
        ("a", "a\n", False),
        (r"\*", "*", True),
        (r"\*", "x", False),
        (r"a\?*", "a?", True),
        (r"a\?*", "ab", False),
        ("*a*a*", "a", False),
        ("a*a", "a", False),
        ("ab*ba", "aba", False),
        ("ab*ba", "abba", True),
        ("a?*?c", "abc", False),
        ("a?*?c", "abbc", True),
        ("*b?d*", "abcbcd", True),
        ("*b?d*f", "abxdf", True),
        ("*bc*cd*", "bcd", False),
        # What one fragment has taken is not there for the next.
        ("*bc*cd*", "bcdx", False),
        ("*bc*cd*", "bcxcd", True),
        ("*b?*?d*", "xbcdx", False),
        ("*b?*?d*", "bcxxd", True),
        ("?*?", "a", False),
        ("*?b", "ab", True),
        ("*aab", "aaab", True),
        ("*a?b*c", "axbaybc", True),
        ("*ς", "ΟΔΟΣ", True),
        ("σ*ς*σ", "ΣΣΣ", True),
        ("*.?*", "a.", False),
    ],
)
def test_a_pattern_matches_the_whole_folded_text(pattern, text, expected):
    assert verdict(f"a~{pattern}", {"a": text}) is expected
    assert verdict(f"a!~{pattern}", {"a": text}) is not expected


TEXT = "a" * 20_000


@pytest.mark.sampled(4, 20)
@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*a" * 200, True),
        ("*a" * 200 + "*b*", False),
        ("*" + "a" * 100 + "?b*", False),
        ("*" + "a?" * 1000 + "b*", False),
        ("*" + "a" * 5000 + "b*", False),
        ("a*" * 200 + "b", False),
        ("*?" * 200 + "*b*", False),
        ("?*" * 20_000, True),
        ("?*" * 20_001, False),
        ("*b" * 200, False),
    ],
)
def test_no_pattern_takes_long(pattern, expected, monkeypatch):
    """Each fragment is searched once, from where the one before it ended; so nothing explodes."""
    searches: list[tuple[int, int]] = []
    find = wildcards_module._Fragment.find

    def counted(fragment: Any, text: str, start: int, end: int) -> int:
        found = find(fragment, text, start, end)
        searches.append((start, end if found < 0 else found))
        return found

    monkeypatch.setattr(wildcards_module._Fragment, "find", counted)
    wildcards = Wildcards(fragments_of(Pattern(pattern)))
    assert wildcards.matches(TEXT) is expected
    assert len(searches) <= len(pattern)
    # What one search has passed is not looked at again by the next.
    assert all(before[1] <= after[0] for before, after in pairwise(searches))
    assert verdict(f"v~{pattern}", {"v": TEXT.upper()}) is expected


def test_patterns_see_the_text_of_values():
    record = {
        "i": 10, "f": 10.0, "e": 1e21, "d": Decimal("10.50"), "t": True, "day": date(2024, 2, 29),
        "at": datetime(2024, 2, 29, 12, 30, 0, 500_000, tzinfo=UTC), "u": UUID(int=10),
        "w": Word.YES, "inf": float("-inf"), "many": [10, "x"],
    }  # fmt: skip
    assert verdict("i~1?;f~10;e~1E+21;many~10", record)
    assert verdict("d~10.5?;t~TR*;day~2024-02-*;at~*t12:30:00.5z;u~*-00000000000A", record)
    assert verdict("w~y*;inf~-inf*;f!~10.*;d!~10.5;at!~*00", record)


# --- 8. Nothing raises ----------------------------------------------------------------------------

ASKED = [
    *(
        f"{name}{rest}"
        for name in ("a", "x.a")
        for rest in ("==1", "==a", "!=a", "==", "!=", "==true", "<2024-01-01", ">=1.5", ">5")
    ),
    *(f"{name}{rest}" for name in ("a", "x.b") for rest in ("~*", "!~a*", "~?", "~1*f*", "<x")),
    "x.a==1;x.b!=1",
    "x.a!=1;x.b!=a;a!=1",
    "a==1;b!=1;x.a>0;x.b~*",
    "x.a.b.c==1",
    "a.b.c.d!=1;a.b!=",
]


@pytest.mark.sampled(120, 200)
@pytest.mark.parametrize(
    ("made", "put"),
    [
        pytest.param(made, put, id=f"{name} as {place}")
        for name, made in HOSTILE.items()
        for place, put in PLACES.items()
    ],
)
def test_no_content_of_a_record_makes_a_matcher_raise(made, put):
    record = put(made())
    for filters in ASKED:
        verdict(filters, record)
    for name in ("a", "x.a", "x.a.b"):
        for expression in ("", "1", "a", "2024-01-01"):
            equal = verdict(f"{name}=={expression}", record)
            assert verdict(f"{name}!={expression}", record) is not equal
        assert verdict(f"{name}~1*", record) is not verdict(f"{name}!~1*", record)


@pytest.mark.parametrize("make", [deep_list, deep_dict])
def test_no_record_is_nested_too_deeply(make):
    deep = make(5_000)
    matcher = fl.compile("a!=z;x.a.b!~z;x.a!=z")
    for record in (deep, {"a": deep, "x": {"a": deep}}, {"x": [deep, {"a": [deep]}]}):
        assert matcher(record)
        assert str(matcher.explain(record)).startswith("match")


# --- The parts ------------------------------------------------------------------------------------


def test_a_bound_clause_knows_its_clause():
    clause = Clause("a.b", "!=", "x")
    bound = BoundClause(clause)
    assert (bound.clause, bound.path, bound.negative) == (clause, ("a", "b"), True)
    renamed = BoundClause(clause, "c.d.e", Reading.TEXT)
    assert (renamed.name, renamed.path) == ("c.d.e", ("c", "d", "e"))
    assert repr(renamed) == "BoundClause(Clause('a.b', '!=', 'x'), 'c.d.e', Reading.TEXT)"


@pytest.mark.parametrize(
    ("reading", "clause", "value", "expected"),
    [
        # As texts, these would be in another order.
        (Reading.AS_IS, ("a", ">=", "10"), "9", True),
        (Reading.TEXT, ("a", ">=", "10"), 9, True),
        (Reading.NUMBER, ("a", ">=", "10"), "9", False),
        (Reading.NUMBER, ("a", "==", "9.0"), ["x", "9"], True),
        (Reading.BOOLEAN, ("a", "!=", "true"), "TRUE", True),
        (Reading.BOOLEAN, ("a", "!=", "false"), "TRUE", False),
        # What can't be read as the type is there all the same.
        (Reading.NUMBER, ("a", "==", ""), "nine", False),
        (Reading.NUMBER, ("a", "!=", ""), [None, ""], True),
        (Reading.NUMBER, ("a", "==", ""), [None], True),
    ],
)
def test_a_type_says_what_values_are_read_as(reading, clause, value, expected):
    bound = BoundClause(Clause(*clause), reading=reading)
    assert (passes(bound, value), judges(bound, value)) == (expected, expected)


@pytest.mark.parametrize("value", [{}, {"a": 1}, b"x", 1j, object(), time(12)])
def test_what_has_no_text_and_no_order_is_nothing_that_is_asked_for(value):
    for operator in (fl.Operator.EQ, fl.Operator.LE, fl.Operator.GE):
        assert passes(BoundClause(Clause("a", operator, "x")), value) is False
    assert passes(BoundClause(Clause("a", "~", Pattern("*"))), value) is False


def test_the_judge_takes_what_raises_for_missing():
    class Raises:
        @property
        def __class__(self) -> type:
            raise RuntimeError

    for expression, expected in (("", True), ("x", False)):
        for operator in ("==", "!="):
            assert judges(BoundClause(Clause("a", operator, expression)), Raises()) is expected
    assert judges(BoundClause(Clause("a", "==", "red")), Colour.RED)


def test_arrange_tells_ends_from_groups():
    clauses = [BoundClause(Clause(name, "==", "1")) for name in ("a", "l.x", "l.y", "m.n.x", "l")]
    record = {"a": 1, "l": [{"x": 1}], "m": {"n": [{}]}}
    ends, groups = arrange(clauses, record)
    assert [(clause.clause.name, found) for clause, found in ends] == [("a", 1), ("l", [{"x": 1}])]
    assert [(group.path, len(group.members)) for group in groups] == [(("l",), 2), (("m", "n"), 1)]


def test_values_at_goes_through_lists():
    record = {"l": [{"x": 1}, {"x": [2, [3, None]]}, {}, {"x": None}, {"x": Colour.RED}], "y": 4}
    assert values_at(("l", "x"), record) == [1, 2, 3, "Red"]
    assert values_at(("y",), record) == [4]
    assert values_at(("z",), record) == []
    assert values_at(("y",), [record]) == []


def test_holds_may_start_inside_a_record():
    clauses = [BoundClause(Clause("a.b.c", "==", "1")), BoundClause(Clause("a.b.d", "!=", "1"))]
    assert holds(clauses, {"c": 1}, 2)
    assert not holds(clauses, {"c": 1, "d": 1}, 2)


# --- Records that share their parts ---------------------------------------------------------------


def shared(levels, leaf):
    """Give a record of so many levels, in which each one stands twice in the one above it."""
    record = leaf
    for _ in range(levels):
        record = {"a": [record, record]}
    return record


@pytest.mark.sampled(10, 40)
@pytest.mark.parametrize("levels", [3, 20, 31, 200])
@pytest.mark.parametrize(
    ("clauses", "expected"),
    [
        (["{}.b==1"], True),
        (["{}.b==2"], False),
        (["{}.b!=1"], False),
        (["{}.b!=2"], True),
        (["{}.b>=1", "{}.c<3"], True),
        (["{}.b>=1", "{}.c<2"], False),
        (["{}.b!=2", "{}.c!=1"], True),
        (["{}.b==1", "{}.c!=2"], False),
        (["{}.d=="], True),
        (["{}.d~*"], False),
    ],
)
def test_records_that_share_their_parts_are_judged_as_if_they_did_not(levels, clauses, expected):
    # Written out they would hold 2**levels leaves.
    record = shared(levels, {"b": 1, "c": 2})
    name = ".".join("a" * levels)
    text = ";".join(clause.format(name) for clause in clauses)
    matcher = fl.compile(text)
    assert holds(bind_all(fl.parse_filter(text), None), record) is expected
    assert [matcher(record) for _ in range(200)] == [expected] * 200
    assert matcher.explain(record).matched is expected
    assert FilterIndex({1: text}).match(record) == [1] * expected


def test_lists_that_share_their_elements_are_walked_through_once_each(monkeypatch):
    inner = [{"c": number} for number in range(300)]
    record = {"a": [{"b": inner} for _ in range(300)]}
    asked = []
    reach = paths.reach

    def spying(path, value, depth):
        asked.append(depth)
        return reach(path, value, depth)

    monkeypatch.setattr(paths, "reach", spying)
    assert holds([BoundClause(Clause("a.b.c", "==", "none"))], record) is False
    assert len(asked) == 1 + 300 + 300
    asked.clear()
    # The first thousand steps give all values, also the same one again.
    assert len(values_at(("a", "b", "c"), record)) == 1500
    assert len(asked) == 1 + 300 + 1500


@pytest.mark.parametrize("name", ["a", "a.a", ".".join("a" * 20), ".".join("a" * 40), "a.b", "b"])
def test_what_holds_itself_is_left_after_the_last_segment(name):
    in_dict = {"b": 1}
    in_dict["a"] = in_dict
    in_list = {"b": 1}
    in_list["a"] = [in_list, in_list]
    loop = [in_list]
    loop.append(loop)
    for record in (in_dict, in_list, {"a": loop}, loop):
        for operator in ("==", "!=", "<", "~"):
            text = f"{name}{operator}1"
            matcher = fl.compile(text)
            verdict = matcher(record)
            assert matcher.explain(record).matched is verdict
            assert FilterIndex({1: text}).match(record) == [1] * verdict
