"""Hypothesis strategies for records, and for filters that often say something about them."""
# ruff: noqa: DTZ001, DTZ901 — a time without a zone is a value of records, too

from __future__ import annotations

from collections import ChainMap, UserDict, deque, namedtuple
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum, IntEnum
from fractions import Fraction
from types import MappingProxyType, SimpleNamespace
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from filterlang import Clause, Filter, FilterSet, Operator, Pattern, Wildcard
from tests.support import oracle

SEGMENTS = ("a", "b", "c", "x y", "ключ", "_u", "keys")
"""Few, so that names often lead somewhere; `keys` is what a mapping's method is called, too."""

# --- Values ---------------------------------------------------------------------------------------


class Plan(Enum):
    FREE = "Free"
    TOP = "İstanbulΣ"
    NUMBERED = 10
    NOTHING = None
    BLANK = ""
    SEVERAL = ("Free", 10)


class Level(IntEnum):
    NONE = 0
    LOW = 1
    HIGH = 10


class Falsy(Enum):
    """What is false in Python, though its value isn't."""

    TEN = 10
    TEXT = "a"

    def __bool__(self):
        return False


class Comparable:
    """An object that the language doesn't know, though it has an order of its own."""

    def __eq__(self, other):
        return True

    __lt__ = __le__ = __gt__ = __ge__ = __eq__
    __hash__ = object.__hash__


CHARACTERS = "aAbkKsSzé9 .*?,;\\=-\nßẞſİıIςσΣ😀𐐀ǅ"
"""Plain ones, the language's own, and those whose lower case is remarkable."""

TEXTS = [
    *("", "", "a", "A", "b", "10", "10.0", "9", "1e1", "true", "False", "None", "null", "nan"),
    *("2024-01-01", "2024-01-01T00:00:00Z", "1704067200000", " ", " a ", "a b", "Ab\nab", "\n"),
    *("aaab", "abab", "AbAb", "a*b", "a?b", "*", "?", "\\", "a,b;c", "=a", "a=b", "-", ".", "ab."),
    *("İ", "i", "i\u0307", "ı", "I", "ς", "σ", "Σ", "ΣΑΣ", "σας", "ß", "ẞ", "ss", "SS", "ſ"),
    *("K", "\u212a", "ǅ", "ǆ", "😀", "𐐀", "𐐨", "é", "e\u0301", "É", "\u200b", "z" * 40),
]
texts = st.sampled_from(TEXTS)
free_texts = st.text(CHARACTERS, max_size=6)

INTEGERS = [0, 1, 1, -1, 2, 9, 10, 10, 11, -20, 2**53, 2**53 + 1, -(2**53) - 1, 10**15, 10**20,
            10**21 - 1, 10**21, 10**40, 1704067200000, -62135596800000]  # fmt: skip
FLOATS = [0.0, -0.0, 1.0, 10.0, 0.1, -0.1, 1.5, 9.99, 1e15, 1e21, 1e-7, 1e-6, 5e-324, 1e300,
          float("inf"), -float("inf"), 2.0**53, 0.1 + 0.2]  # fmt: skip
DECIMALS = [Decimal(text) for text in ("0", "-0", "10", "10.0", "0.1", "1E+3", "1E-9", "-0.10",
            "1.5", "Infinity", "-Infinity", "9007199254740993", "0.30000000000000004")]  # fmt: skip
DATES = [date(2024, 1, 1), date(2024, 2, 29), date(1970, 1, 1), date.min, date.max]
MOMENTS = [datetime(2024, 1, 1), datetime(2024, 1, 1, 12, 30, 15, 250_000), datetime(1970, 1, 1),
           datetime(1969, 12, 31, 23, 59, 59, 999_999), datetime.min, datetime.max]  # fmt: skip
ZONES = [None, UTC, *(timezone(timedelta(seconds=seconds))
                      for seconds in (3600, -12600, 20700, 86340, -86340, 1, -86399))]  # fmt: skip
DATETIMES = [moment.replace(tzinfo=zone) for moment in MOMENTS for zone in ZONES]
UUIDS = [UUID(int=0), UUID("ABCDEF00-0000-4000-8000-000000000000")]
NULLS = [None, None, float("nan"), Decimal("NaN"), Decimal("sNaN")]
OTHERS = [b"a", bytearray(b"a"), 1j, timedelta(1), object(), range(2), int, len, Comparable()]
NUMBERS_OF_OTHERS = [Fraction(1, 2), Fraction(21, 2), Fraction(10)]

SCALARS = [
    *TEXTS, *INTEGERS, *FLOATS, *DECIMALS, *[True, False] * 5, *DATES * 2, *DATETIMES[::3],
    *UUIDS, *Plan, *Level, *Falsy, *NULLS * 3, *OTHERS, *NUMBERS_OF_OTHERS,
]  # fmt: skip  # as many in a line as there is room for

free_scalars = st.one_of(
    free_texts,
    st.integers(-20, 20),
    st.floats(-20, 20),
    st.decimals(-20, 20, allow_nan=False, places=2),
    st.dates(),
    st.sampled_from(DATETIMES),
    st.builds(
        lambda moment, seconds: moment.replace(tzinfo=timezone(timedelta(seconds=seconds))),
        st.datetimes(),
        st.integers(-86399, 86399),
    ),
    st.uuids(),
)
# Most are one draw from what is known to be remarkable: an example is made of many values, and the
# time that a test takes is that of its draws.
known_scalars = st.sampled_from(SCALARS)
scalars = st.one_of(known_scalars, known_scalars, known_scalars, known_scalars, free_scalars)

# --- Objects --------------------------------------------------------------------------------------


class Row:
    """What many databases give: keys and indexing, but no `Mapping` and no `in`."""

    def __init__(self, fields: dict[str, Any]) -> None:
        self._fields_of_row = fields

    def keys(self):
        return list(self._fields_of_row)

    def __getitem__(self, name):
        return self._fields_of_row[name]


class ReadOnly(Mapping):
    """A mapping that is no dict."""

    def __init__(self, fields: dict[str, Any]) -> None:
        self._fields = fields

    def __getitem__(self, name):
        return self._fields[name]

    def __iter__(self):
        return iter(self._fields)

    def __len__(self):
        return len(self._fields)


@dataclass(eq=False)
class Data:
    a: Any = None
    b: Any = None
    c: Any = None

    def keys_of(self):
        return "callable, so missing"


Named = namedtuple("Named", "a b c", defaults=(None, None, None))  # noqa: PYI024 — values of any type


class Model(BaseModel):
    model_config = ConfigDict(extra="allow", arbitrary_types_allowed=True)
    a: Any = None
    b: Any = None
    c: Any = None


class Fragile(SimpleNamespace):
    """An object of which an attribute raises, and which is false in Python all the same."""

    @property
    def c(self):
        message = "no connection"
        raise OSError(message)

    def __bool__(self):
        return False


def _of_three(kind):
    return lambda fields: kind(**{name: fields[name] for name in "abc" if name in fields})


def _without_c(fields: dict[str, Any]) -> Fragile:
    return Fragile(**{name: value for name, value in fields.items() if name != "c"})


wrappers = st.sampled_from(
    [dict] * 8
    + [MappingProxyType, UserDict, ReadOnly, Row, lambda fields: ChainMap({}, fields)]
    + [lambda fields: SimpleNamespace(**fields), _without_c]
    + [_of_three(Data), _of_three(Named), _of_three(Model)]
)

# --- Records --------------------------------------------------------------------------------------

FEW = SEGMENTS[:3]
NAMES = [
    *FEW * 3,
    *SEGMENTS,
    *(f"{a}.{b}" for a in FEW for b in SEGMENTS),
    *(f"{a}.{b}.{c}" for a in FEW for b in FEW for c in FEW),
    "a.b.c.a",
    "x y.a",
    "a.ключ._u",
]
segments = st.sampled_from([*FEW * 2, *SEGMENTS])
names = st.sampled_from(NAMES)
keys = st.sampled_from([*[*FEW * 2, *SEGMENTS] * 5, *NAMES])


def mappings(values, most: int = 4):
    return st.builds(
        lambda wrap, fields: wrap(fields),
        wrappers,
        st.dictionaries(keys, values, max_size=most),
    )


def lists(values):
    kinds = st.sampled_from([list, list, list, tuple, deque])
    return st.builds(lambda kind, made: kind(made), kinds, st.lists(values, max_size=4))


SETS = [set(), {"a"}, {"A", "b", 10}, frozenset(["a", None]), frozenset([2.5, "x", True])]


@st.composite
def lists_of_objects(draw, values, wraps=wrappers):
    """Several objects with the same few fields, so that groups have something to decide."""
    fields = draw(st.lists(st.sampled_from(SEGMENTS[:3]), min_size=1, max_size=3, unique=True))
    few = draw(st.lists(values, min_size=1, max_size=3))
    element = st.fixed_dictionaries({}, optional={name: st.sampled_from(few) for name in fields})
    made = draw(st.lists(element, max_size=4))
    wrap = draw(wraps)
    return [wrap(fields) for fields in made]


def _composed(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return mappings(values) | lists(values) | lists_of_objects(values) | st.sampled_from(SETS)


values = st.recursive(scalars, _composed, max_leaves=12)
records = mappings(values, most=5)

plain_values = st.recursive(
    scalars,
    lambda values: (
        st.dictionaries(segments, values, max_size=3)
        | st.lists(values, max_size=3)
        | lists_of_objects(values, st.just(dict))
    ),
    max_leaves=12,
)
plain_records = st.dictionaries(segments, plain_values, max_size=4)
"""As `records`, but of dicts without dotted keys and of lists only, so that they can be rebuilt."""


def names_in(value: object, prefix: tuple[str, ...] = ()) -> list[tuple[str, object]]:
    """Give names that lead somewhere in a record, each with one value that stands there."""
    found: list[tuple[str, object]] = []
    value = oracle.unwrapped(value)
    if oracle.is_list(value):
        for element in oracle.flat(value):
            found += names_in(element, prefix)
        return found or [(".".join(prefix), None)]
    if oracle.is_mapping(value):
        fields = {key: value[key] for key in value.keys()}  # noqa: SIM118 — a Row has keys only
    else:
        fields = {name: oracle.attribute(value, name) for name in SEGMENTS}
    if prefix:
        found.append((".".join(prefix), value))
    for name, field in fields.items():
        if field is not oracle.MISSING:
            found += names_in(field, (*prefix, name))
    return found


# --- Filters for a record -------------------------------------------------------------------------


def writable(text: str) -> bool:
    """Whether a filter can hold the text: it has no controls and no lone surrogates."""
    return not any(c < " " or "\x7f" <= c <= "\x9f" or "\ud800" <= c <= "\udfff" for c in text)


ODD_EXPRESSIONS = (
    "", " ", "a", "null", "nan", "inf", "Infinity", "+5", ".5", "5.", "1_0", "٣", "0x1", "007",
    "1e3", "1E-400", "1e400", "-0", "0.1", "1.0e1", "TRUE", "False", "tRuE", "10.0", "9.99",
    "9007199254740993", "9007199254740992.5", "2024-01-01", "2024-01-01T00:00", "20240101",
    "2024-W01-1", "2024-01-01t00:00", "2024-01-01T12:30:15.2500009Z", "2024-01-01T24:00",
    "2024-02-30", "0000-01-01", "9999-12-31T23:59:59-23:59", "-62135596800000", "1704067200000",
    "2024-01-01T05:45+05:45", "2024-01-01T00:00:00.Z", "2024-01-01T00:00+24:00",
    *filter(writable, TEXTS),
)  # fmt: skip  # a list of forms, not of lines


def spellings(value: object) -> list[str]:
    """Give expressions that speak of a value: equal to it, or near it."""
    value = oracle.unwrapped(value)
    if oracle.is_missing(value):
        return []
    found = []
    text = oracle.text_of(value)
    if text is not None:
        found += [text, text.upper(), text.lower(), text + "0", text[:-1]]
    if isinstance(value, int | float | Decimal) and abs(value) < 10**60:
        exact = f"{Decimal(value):f}"
        found += [exact, exact + "e0", f"{exact}.0" if "." not in exact else exact + "0"]
        found += [str(int(value) + 1), str(int(value) - 1)]
    if isinstance(value, date):
        count = oracle.microseconds(value)
        found += [str(count // 1000), str(-(-count // 1000)), value.isoformat()]
    return found


@st.composite
def patterns(draw, text: str):
    """A pattern made of a text: much of it stands as it is, some became wildcards."""
    parts: list[str | Wildcard] = [character for character in text if writable(character)]
    edits = st.tuples(st.integers(0, len(parts)), st.sampled_from(["?", "*", "**", "case", "x"]))
    for place, edit in draw(st.lists(edits, max_size=3)):
        match edit:
            case "?" | "*":
                parts[place : place + 1] = [Wildcard(edit)]
            case "**":
                parts[place : place + 5] = [Wildcard.RUN]
            case "case":
                parts[place:] = ["".join(filter(_is_text, parts[place:])).swapcase()]
            case _:
                parts.insert(place, "x")
    return Pattern.from_parts(parts if any(parts) else [Wildcard.RUN])


def _is_text(part: str | Wildcard) -> bool:
    return isinstance(part, str)


PATTERNS = [Pattern(text) for text in (
    "*", "?", "??", "?*", "*?*?", "a*", "*a", "*a*", "?a*", "*a?", "a?b", "a*b", "*a*b*", "1*",
    "*0", "1?", "-*", "*.*", "0.*", "tr*", "*e", "*-01-*", "2024-01-01T*", "*Z", "*E+*", "in*",
    "i*", "*σ", "ς*", "*ı*", "s?", "*\u0307*", "*k*", r"\*", r"*\?*", r"*\ ", r"\=*", "*:00Z",
    "*.?*Z", "null",
)]  # fmt: skip  # as many in a line as there is room for
free_patterns = st.sampled_from(PATTERNS)


OTHER_NAMES = [(name, value) for name, value in zip(NAMES[9:], SCALARS[2::5], strict=False)]
OPERATORS = list(Operator)


@st.composite
def clauses(draw, known: list[tuple[str, object]]):
    """A clause whose name most often leads somewhere, and whose expression often hits."""
    # One draw for the name, and what it is hoped to lead to; now and then that is a wrong hope.
    name, value = draw(st.sampled_from([*known, *known, *known, *OTHER_NAMES]))
    operator = draw(st.sampled_from(OPERATORS))
    found = [text for text in spellings(value) if writable(text)]
    if operator.matches_pattern:
        text = found[0] if found else ""
        return Clause(name, operator, draw(patterns(text) | free_patterns))
    expression = draw(st.sampled_from([*found * 5, *ODD_EXPRESSIONS]))
    if not expression and not operator.allows_empty:
        expression = "0"
    return Clause(name, operator, expression)


@st.composite
def filters_for(draw, record: object, most: int = 3):
    """A query about a record."""
    known = names_in(record)
    filters = st.lists(clauses(known), min_size=1, max_size=4).map(Filter)
    return FilterSet(draw(st.lists(filters, min_size=1, max_size=most)))


@st.composite
def questions(draw):
    """A query and a record that it often says something about."""
    record = draw(records)
    return draw(filters_for(record)), record
