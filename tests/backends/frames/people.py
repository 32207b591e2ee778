"""A table of people as files and databases have it, in odd types, and 38 filters of its columns."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyarrow as pa

from filterlang.backends.arrow_values import python_values

_LINES = (Path(__file__).parent / "people_filters.txt").read_text("utf-8").splitlines()
FILTERS = [line for line in _LINES if not line.startswith("#")]

_GEO = pa.struct([("lat", pa.float64()), ("lon", pa.float32())])
_PLACE = pa.struct([("city", pa.string()), ("country", pa.string()), ("geo", _GEO)])
_ORDER = pa.struct([("product", pa.string()), ("amount", pa.decimal128(9, 2))])
_COLUMNS = {
    "id": pa.int64(),
    "name": pa.large_string(),
    "plan": pa.dictionary(pa.int8(), pa.string()),
    "email": pa.string(),
    "logins": pa.int64(),
    "score": pa.float64(),
    "ratio": pa.float32(),
    "price": pa.decimal128(12, 2),
    "level": pa.uint8(),
    "birthday": pa.date32(),
    "signUpDate": pa.timestamp("ms", "UTC"),
    "lastSeen": pa.timestamp("ns"),
    "active": pa.bool_(),
    "verified": pa.bool_(),
    "tags": pa.list_(pa.string()),
    "scores": pa.list_(pa.float64()),
    "location": _PLACE,
    "orders": pa.list_(_ORDER),
}


def _ordered(product, amount):
    return {"product": product, "amount": Decimal(amount)}


_BONN = {"city": "Bonn", "country": "DE", "geo": {"lat": 50.7, "lon": 7.1}}
_BREST = {"city": "Brest", "country": "FR", "geo": None}
_NOON = datetime(2024, 3, 1, 12)  # noqa: DTZ001 — its column has no zone
_VALUES = {
    "name": ["Ada Lovelace", "Bob", None, "ÁDA", "Cleo Loveless", ""],
    "plan": ["Gold", "free", None, "Trial 14", "gold", ""],
    "email": ["ada@example.com", None, "BOB@EXAMPLE.COM", "", "x@example.org", "y@example.com"],
    "logins": [10, 0, None, 2**53 + 1, 9, -1],
    "score": [7.5, 9.5, None, float("nan"), 7.25, 8.0],
    "ratio": [0.1, 0.5, None, float("nan"), float("-inf"), 0.4],
    "price": [Decimal("19.99"), Decimal(5), None, Decimal("19.50"), Decimal(-3), Decimal(20)],
    "level": [1, 3, 2, 255, 0, None],
    "birthday": [date(1985, 12, 10), date(1990, 1, 1), None, date(1, 1, 1), date(9999, 12, 31)],
    "signUpDate": [
        datetime(2024, 1, 1, tzinfo=UTC),
        datetime(2024, 1, 31, 23, 59, 59, 999000, UTC),
        None,
        datetime(2024, 2, 1, tzinfo=UTC),
        datetime(1969, 12, 31, tzinfo=UTC),
    ],
    "lastSeen": [_NOON, _NOON + timedelta(seconds=1), None, _NOON - timedelta(days=40_000)],
    "active": [True, False, None],
    "verified": [False, True, False, None],
    "tags": [["VIP", "beta"], [], None, ["b", None], [None], ["new"], [""]],
    "scores": [[9.5, None], [], None, [float("nan")], [8.0, 9.0], [10.0]],
    "location": [_BONN, _BREST, None, {"city": "", "country": "DE"}, {"geo": {"lat": 51.0}}],
    "orders": [
        [_ordered("AP-1", 20), _ordered("AP-2", 5)],
        [_ordered("ap-2", "10.01"), None],
        [],
        None,
        [_ordered(None, 11)],
    ],
}
_COUNT = 61
"""No column's number of values divides it, so that they meet in many ways."""
TABLE = pa.Table.from_pylist(
    [
        {"id": row, **{name: values[row % len(values)] for name, values in _VALUES.items()}}
        for row in range(_COUNT)
    ],
    pa.schema(list(_COLUMNS.items())),
)
RECORDS = [
    dict(zip(TABLE.column_names, values, strict=True))
    for values in zip(*map(python_values, TABLE.columns), strict=True)
]


def _nullable(table):
    """Give a frame of NumPy's types, where those of pandas stand for what may be missing."""
    types = {
        pa.int64(): pd.Int64Dtype(),
        pa.uint8(): pd.UInt8Dtype(),
        pa.bool_(): pd.BooleanDtype(),
        pa.float64(): pd.Float64Dtype(),
        pa.string(): pd.StringDtype("python"),
    }
    return table.to_pandas(types_mapper=types.get)


def _objects(table):
    """Give a frame all of whose columns hold objects."""
    columns = {
        name: pd.Series(values, dtype="object")
        for name, values in zip(table.column_names, map(python_values, table.columns), strict=True)
    }
    return pd.DataFrame(columns)


def _categories(table):
    """Give a frame whose scalars are categories."""
    frame = _nullable(table)
    names = [name for name, type_ in _COLUMNS.items() if not pa.types.is_nested(type_)]
    return frame.astype(dict.fromkeys(names, "category"))


FRAMES = {
    "pyarrow": TABLE,
    "pandas, NumPy": TABLE.to_pandas(),
    "pandas, nullable": _nullable(TABLE),
    "pandas, objects": _objects(TABLE),
    "pandas, categories": _categories(TABLE),
    "pandas, Arrow": TABLE.to_pandas(types_mapper=pd.ArrowDtype),
}
