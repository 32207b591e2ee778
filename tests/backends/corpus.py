"""Filters and awkward records as plain data, and a schema: what every engine has to agree on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from math import inf, nan
from uuid import UUID

KINDS = ["LEAD", "USER", "ß"]
DIMENSIONS = {
    "name": "text",
    "code": "text",
    "score": "integer",
    "ratio": "number",
    "price": "number",
    "active": "boolean",
    "day": "datetime",
    "seen": "datetime",
    "local": "datetime",
    "kind": {"type": "enum", "values": KINDS},
    "key": "text",
    "tags": "list of text",
    "doc": {"type": "map"},
    "items": {"type": "list of map"},
}

NAMES = [
    "Bonn", "BONN", "bonn ", "", None, "İzmir", "izmir", "ΣΊΣΥΦΟΣ", "σίσυφος", "Straße", "STRASSE",
    "50%", "50_", r"a\b", "a*b?", "line\nbreak", "😀 smile", "\U0010ffff", "K (kelvin)", "k", "ſ",
    "/slash/", "'; DROP TABLE records;--", "é", "e\u0301", "\ud7ff", "\ue000", "x" * 300, "10",
    "007",
]  # fmt: skip  # a table is read by its columns
SCORES = [0, 1, 2, -1, None, 10, 2**53, 2**53 + 1, -(2**63), 2**63 - 1]
RATIOS = [0.0, -0.0, 1.5, None, nan, inf, -inf, 0.1, 1e21, 1e-7, 5e-324, 2.0**53, 123456789.125]
PRICES = [Decimal("1.50"), None, Decimal("0.10"), Decimal(-3), Decimal("9007199254740993.25")]
CET = timezone(timedelta(hours=1))
SEEN = [
    datetime(2024, 1, 31, tzinfo=UTC),
    None,
    datetime(2024, 1, 31, 0, 30, tzinfo=CET),
    datetime(2024, 2, 29, 12, 0, 0, 500000, tzinfo=UTC),
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
]
DAYS = [date(2024, 1, 31), None, date(1, 1, 1), date(9999, 12, 31), date(1970, 1, 1)]
KEYS = [UUID("12345678-1234-5678-1234-567812345678"), None, UUID(int=0), UUID(int=2**128 - 1)]
TAGS = [
    ["New", None], [], None, "new", ["a", ["NEW", []]], [1, 2.0, True], [""], [None, []], [[["b"]]],
    ["50%", "x\ny"], {"a": 1}, [{"a": "new"}], 10, [2**53 + 1], [0.1, 1e21], [1e-7, -0.0],
    ["İ", "Σ"],
]  # fmt: skip  # as above
DOCS = [
    {"city": "Bonn", "geo": {"lat": 50.5, "lon": 7}},
    {"city": None, "geo": None},
    {},
    None,
    {"geo.lat": 1, "geo": {"lat": 50.5}},
    {"geo": [{"lat": 50.5, "lon": 1}, {"lat": 2, "lon": 7}]},
    {"geo": [{"lat": 50.5, "lon": 7}, None, "text", []]},
    {"geo": []},
    {"geo": [[{"lat": [1, 50.5], "lon": {"x": 1}}]]},
    {"city": ["Bonn", {"x": 1}], "geo": "text"},
    {"a": {"b": {"c": 1, "d": "x"}, "b.c": 2}},
    {"a": [{"b": [{"c": 1, "d": "y"}, {"c": 2, "d": "x"}]}, {"b.c": 1, "b": {"d": "x"}}]},
    {"a.b.c": 1, "a": {"b": {"d": "x"}}},
    {"flag": True, "big": 2**53 + 1, "huge": 10**30, "tiny": 1e-300},
    {"flag": "true", "big": float(2**53), "huge": 1e300, "tiny": 0.0},
    {"flag": False, "big": -1, "huge": -(10**400), "tiny": 5e-324},
]
ITEMS = [
    [{"product": "AP-1", "browser": "Firefox"}, {"product": "AP-2", "browser": "Chrome"}],
    [{"product": "AP-2", "browser": "Firefox"}],
    [],
    None,
    [{}],
    [{"product": None, "browser": ["Chrome", "firefox"]}],
    {"product": "AP-2", "browser": "firefox"},
    [None, 3, "firefox", {"browser": "FIREFOX", "parts": [{"x": 1, "y": 2}, {"x": 2, "y": 1}]}],
    [[{"product": "ap-2", "browser": "firefox", "parts": {"x": 1, "y": 1}}]],
]


def _at(values, index):
    return values[index % len(values)]


RECORDS = [
    {
        "name": NAMES[index],
        "code": _at(["10", "9", None, "", "Z", "a"], index),
        "score": _at(SCORES, index),
        "ratio": _at(RATIOS, index),
        "price": _at(PRICES, index),
        "active": _at([True, False, None], index),
        "day": _at(DAYS, index),
        "seen": _at(SEEN, index),
        "local": None if _at(SEEN, index) is None else _at(SEEN, index).replace(tzinfo=None),
        "kind": _at([*KINDS, None], index),
        "key": _at(KEYS, index),
        "tags": _at(TAGS, index),
        "doc": _at(DOCS, index),
        "items": _at(ITEMS, index),
    }
    for index in range(30)
]

FILTERS = r"""
name==bonn|name!=BONN|name==|name!=|name~bo*|name~*N|name~b?nn|name!~*o*|name~*|name!~*|name~İZMİR
name==σίσυφοσ|name~ΣΊΣ*|name==strasse|name==straße|name~50%|name~50_|name~a\\\\b|name~a\*b\?
name~??%
name~*%*|name~line?break|name~😀*|name~?*mile|name<a|name>=z|name>😀|name~*'*|name~/*/
name==k|name~k*|name!~?|name~*e*e*|name>\ue000|name<=\ud7ff|name==10|name==10.0
code>5|code==10|code!=|code==;name!=
score==10|score==10.0|score==1e1|score!=10|score>1.5|score<1.5|score<=-0.5|score==9007199254740993
score>=9007199254740993|score==99999999999999999999|score<99999999999999999999|score>1e400|score==x
score!=x|score==|score!=|score~1*|score~*2|score!~-*|score==+1|score<1e-400
score>=-9223372036854775808
ratio==1.5|ratio!=1.5|ratio>1|ratio<=0|ratio==0|ratio==|ratio!=|ratio~1*|ratio~*e*|ratio==1e999
ratio>=1e21
ratio~inf*|ratio~0|ratio==0.1|ratio!~*|ratio~*.125|ratio>1e-400
price==1.5|price==1.50|price>9007199254740993|price<0|price==|price~1.5*|price!=0.1|price~*.25
price>=1e500
active==true|active!=TRUE|active==false|active==|active>false|active~t*|active==1
day==2024-01-31|day>=2024-01-31T00:00:01|day<1970-01-01|day==|day~2024-*|day!=0|day<99999-01-01
day<=0
seen==2024-01-31|seen==1706659200000|seen>=2024-01-30T23:30Z|seen<1970-01-01|seen~2024-01-3*
seen~*.5z
seen!=2024-02-30|seen>99999999999999999|seen<99999999999999999|seen==|local==2024-01-31T00:30
local~*t00*
kind==lead|kind!=lead|kind~*s*|kind==|kind>lead|kind~?|key==12345678-1234-5678-1234-567812345678
key~123*|key>1|key==|key!=0|key==12345678123456781234567812345678|key~*FFF
tags==new|tags!=new|tags==|tags!=|tags~n*|tags!~*e*|tags==new;tags==a|tags==2|tags==true|tags==1e21
tags==9007199254740993|tags~1e*|tags<b|tags>=1|tags==0.1|tags~İ|tags==0|tags~0*|tags.a==new
doc.city==bonn|doc.city!=bonn|doc.city==|doc.city!=|doc.geo.lat==50.5
doc.geo.lat==50.5;doc.geo.lon==7
doc.geo.lat!=50.5;doc.geo.lon!=7|doc.geo.lat!=50.5;doc.geo.lon==7|doc.geo.lat==;doc.geo.lon==
doc.geo.lat!=
doc.geo.lat>2;doc.city==bonn|doc.a.b.c==1|doc.a.b.c==1;doc.a.b.d==x|doc.a.b.c!=1;doc.a.b.d!=x
doc.a.b.c==2;doc.a.b.d!=y|doc.a.b.c==;doc.a.b.d==x|doc.flag==true|doc.flag!=true|doc.flag~t*
doc.big==9007199254740993|doc.big==9007199254740992|doc.big>0|doc.huge>1e29|doc.huge~1*|doc.huge<0
doc.tiny==0|doc.tiny>0|doc.tiny~*e-3*|doc.x.y==|doc==|doc!=|doc.geo~t*
items.browser==firefox;items.product==AP-2|items.browser==firefox|items.product!=AP-2
items.product!=AP-2;items.browser!=firefox|items.product!=AP-2;items.browser==firefox
items.product==
items.product==;items.browser!=|items.parts.x==1;items.parts.y==2|items.parts.x==1;items.parts.y!=2
items.parts.x==1;items.browser==firefox|items.parts.x!=1;items.parts.y!=1;items.browser~f*|items==
score>1e-9999999999999999999|score<-1e-9999999999999999999|score>=-1e-9999999999999999999
score==1e-9999999999999999999|score<1e9999999999999999999|price>1e-9999999999999999999|doc.tiny>=-1e-9999999999999999999
doc.tiny<1e400|name~􏿿*|doc.huge==1.7976931348623157e308|doc.tiny<=0.5|doc.tiny>=0.5|doc.tiny<0.5
unknown==1|unknown!=1|unknown==|name.x==1|name.x==
"""
FILTERS = [
    text.replace(r"\ue000", "\ue000").replace(r"\ud7ff", "\ud7ff").replace("\\\\\\\\", "\\\\")
    for line in FILTERS.strip().splitlines()
    for text in line.split("|")
]
