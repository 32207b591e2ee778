"""The corpus as one Arrow table of typed columns, which every engine can read, and its filters."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa

import filterlang as fl
from filterlang.backends.arrow_values import python_values
from tests.backends.corpus import FILTERS as SCALAR_FILTERS
from tests.backends.corpus import RECORDS as SCALAR_RECORDS

GEO = pa.struct([("lat", pa.float64()), ("lon", pa.int32())])
PART = pa.struct([("x", pa.int64()), ("y", pa.int64())])
ITEM = pa.struct(
    [
        ("product", pa.string()),
        ("browser", pa.string()),
        ("parts", pa.list_(PART)),
        ("marks", pa.list_(pa.string())),
    ]
)
SCHEMA = pa.schema(
    [
        ("id", pa.int64()),
        ("name", pa.string()),
        ("code", pa.string()),
        ("score", pa.int64()),
        ("small", pa.int8()),
        ("ratio", pa.float64()),
        ("single", pa.float32()),
        ("price", pa.decimal128(20, 2)),
        ("active", pa.bool_()),
        ("day", pa.date32()),
        ("seen", pa.timestamp("us", "UTC")),
        ("paris", pa.timestamp("ms", "Europe/Paris")),
        ("local", pa.timestamp("us")),
        ("nano", pa.timestamp("ns")),
        ("kind", pa.dictionary(pa.int32(), pa.string())),
        ("flat.city", pa.string()),
        ("flat", pa.struct([("city", pa.string()), ("a.b", pa.int64())])),
        ("place", pa.struct([("city", pa.string()), ("geo", GEO)])),
        ("attrs", pa.map_(pa.string(), pa.string())),
        ("tags", pa.list_(pa.string())),
        ("numbers", pa.list_(pa.float64())),
        ("deep", pa.list_(pa.list_(pa.string()))),
        ("items", pa.list_(ITEM)),
        ("data", pa.binary()),
        ("nothing", pa.null()),
    ]
)

TAGS = [["New", None], [], None, ["a", "NEW"], [""], [None], ["50%", "x\ny"], ["İ", "Σ"], ["10"]]
NUMBERS = [[1.0, None], [], None, [float("nan")], [2.5, float("nan")], [-0.0], [2.0**53]]
DEEP = [[["a"], ["b", None]], [[]], [], None, [None], [[None]], [["B", "ς"]]]
PLACES = [
    {"city": "Bonn", "geo": {"lat": 50.5, "lon": 7}},
    {"city": None, "geo": None},
    None,
    {"city": "", "geo": {"lat": float("nan"), "lon": None}},
    {"city": "İzmir", "geo": {"lat": 2.0, "lon": 7}},
]
ATTRS = [
    {"plan": "Gold", "a.b": "1"},
    {},
    None,
    {"plan": None, "a": "2"},
    {"PLAN": "gold", "a.b": None, "a": "1"},
    {"plan": ""},
]
ITEMS = [
    [
        {"product": "AP-1", "browser": "Firefox", "parts": [{"x": 1, "y": 2}, {"x": 2, "y": 1}]},
        {"product": "AP-2", "browser": "Chrome", "marks": ["a", None]},
    ],
    [{"product": "AP-2", "browser": "Firefox", "parts": []}],
    [],
    None,
    [{}],
    [None, {"product": None, "browser": "firefox", "parts": [{"x": 1, "y": 1}, None]}],
    [None],
    [{"product": "ap-2", "browser": None, "parts": [{"x": None, "y": 2}], "marks": []}],
]
NANO = [0, None, -1, 1_706_659_200_000_000_001, 1_706_659_200_000_000_999, -1_500]
FLAT = [{"city": "x", "a.b": 1}, None, {"city": None, "a.b": None}]


def _at(values, index):
    return values[index % len(values)]


def _record(index, scalars):
    seen = scalars["seen"]
    return {
        "id": index,
        **{key: scalars[key] for key in ("name", "code", "score", "ratio", "price", "active")},
        "day": scalars["day"],
        "seen": seen,
        "local": scalars["local"],
        "paris": None if seen is None else min(seen, datetime(2999, 1, 1, tzinfo=UTC)),
        "kind": scalars["kind"],
        "small": _at([0, -128, 127, None], index),
        "single": _at([0.1, None, float("nan"), 1.5, float("-inf"), 16777217.0], index),
        "nano": _at(NANO, index),
        "flat.city": _at(["Bonn", None, ""], index),
        "flat": _at(FLAT, index),
        "place": _at(PLACES, index),
        "attrs": _at(ATTRS, index),
        "tags": _at(TAGS, index),
        "numbers": _at(NUMBERS, index),
        "deep": _at(DEEP, index),
        "items": _at(ITEMS, index),
        "data": _at([b"", None, b"a"], index),
        "nothing": None,
    }


ROWS = [_record(index, scalars) for index, scalars in enumerate(SCALAR_RECORDS)]
TABLE = pa.Table.from_pylist(
    [row | {"attrs": None if row["attrs"] is None else list(row["attrs"].items())} for row in ROWS],
    SCHEMA,
)
RECORDS = [
    dict(zip(TABLE.column_names, values, strict=True))
    for values in zip(*map(python_values, TABLE.columns), strict=True)
]
"""As the matcher sees the rows: with the decimals' scale and the times' unit of the columns."""

_NAMES = {"name", "code", "score", "ratio", "price", "active", "day", "seen", "local", "kind"}
_NESTED = r"""
small==127|small>126.5|small<1000|small>1000|small!=-128|small~-*|small==|small>=-128
single==0.1|single>0.1|single<=1.5|single==|single!=1.5|single>16777215|single==16777217
paris==2024-01-31|paris>=2024-01-30T23:30:00.5|paris<1970-01-01|paris~2024-*Z|paris!=
paris<=1969-12-31T23:59:59.9995
nano==1706659200000|nano>1969-12-31T23:59:59.999998|nano<=1969-12-31T23:59:59.999998|nano!=0|nano==
nano==1969-12-31T23:59:59.999999|nano>9999-01-01|nano<9999-01-01|nano==1700-01-01|nano<1700-01-01
flat.city==bonn|flat.city!=bonn|flat.city==|flat.a.b==1|flat.a.b!=1|flat.a==1|flat==|flat!=
place.city==bonn|place.city!=bonn|place.city==|place.city~*m?r|place.geo.lat==50.5
place.geo.lat>1;place.geo.lon==7|place.geo.lat!=50.5|place.geo.lat==|place.geo.lat!=|place.geo==
place.geo.lon>=7.5|place==|place.nowhere==|place.city.x==1|place.city.x!=1|place~b*
attrs.plan==gold|attrs.plan!=gold|attrs.plan==|attrs.plan!=|attrs.plan~g*|attrs.a.b==1
attrs.a.b!=1|attrs.a.b==|attrs.a==1|attrs.a.c==|attrs==|attrs!=|attrs.plan==gold;attrs.a.b==1
tags==new|tags!=new|tags==|tags!=|tags~n*|tags!~*e*|tags==new;tags==a|tags~x?y|tags<b|tags==İ
tags~σ|tags.a==new|tags.a==|tags.a!=new|tags==10|tags!~*
numbers==1|numbers>2|numbers!=1|numbers==|numbers!=|numbers<=0|numbers==9007199254740993
deep==b|deep!=b|deep==|deep!=|deep~?|deep==σ|deep.x==|deep.x!=1
items.browser==firefox;items.product==AP-2|items.browser==firefox|items.product!=AP-2
items.product!=AP-2;items.browser!=firefox|items.product!=AP-2;items.browser==firefox
items.product==|items.product!=|items.product==;items.browser!=|items.product~ap-?
items.parts.x==1;items.parts.y==2|items.parts.x==1;items.parts.y!=2|items.parts.x==1
items.parts.x==1;items.browser==firefox|items.parts.x!=1;items.parts.y!=1|items.parts.x==
items.parts.x!=;items.browser~f*|items.parts==|items.marks==a|items.marks!=a|items.marks==
items.marks==a;items.product==AP-2|items==|items!=|items~*|items.nowhere==|items.nowhere!=1
items.nowhere==1;items.product==AP-2|items.parts.x>1;items.parts.y<=1;items.product~ap*
items.parts.y!=1;items.product!=AP-1|items.parts.nowhere==;items.parts.x==1
data==|data!=|data==a|data!=a|data~*|nothing==|nothing!=|nothing==1|nothing!=1|nothing~*
"""
FILTERS = [text for text in SCALAR_FILTERS if fl.parse(text).names()[0] in _NAMES]
FILTERS += [text for line in _NESTED.strip().splitlines() for text in line.split("|")]
"""Each a filter of its own; `|` joins no alternatives here."""
