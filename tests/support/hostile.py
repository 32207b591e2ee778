"""Values that a record had better not hold: none of them may make a matcher raise."""

from __future__ import annotations

import sqlite3
from collections import UserDict, defaultdict
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from numbers import Integral, Real
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from unittest.mock import MagicMock, Mock, NonCallableMock

if TYPE_CHECKING:
    from collections.abc import Callable


class Refusal(Exception):  # noqa: N818 — no error of anybody but these tests
    """What hostile values raise."""


def refuse(*_: Any, **__: Any) -> Any:
    raise Refusal


class _Everything:
    """Refuses everything that a look at a value may call."""

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = refuse
    __bool__ = __len__ = __iter__ = __contains__ = __getitem__ = refuse
    __repr__ = __str__ = __format__ = refuse
    __int__ = __float__ = __index__ = __abs__ = __neg__ = __mul__ = refuse
    __call__ = refuse
    isascii = lower = replace = upper = casefold = startswith = endswith = isprintable = refuse
    get = keys = items = values = refuse
    utcoffset = toordinal = isoformat = is_nan = adjusted = as_tuple = refuse


class AnyObject(_Everything):
    __hash__ = object.__hash__


class NoAttributes:
    def __getattribute__(self, name: str) -> Any:
        raise Refusal


class NoClass:
    """Raises when it is asked for its class, which `isinstance` does."""

    @property
    def __class__(self) -> type:
        raise Refusal


class HostileMeta(type):
    def __getattr__(cls, name: str) -> Any:
        raise Refusal

    __instancecheck__ = __subclasscheck__ = __eq__ = __bool__ = refuse  # type: ignore[assignment]  # meant to be wrong
    __hash__ = type.__hash__


class OfHostileMeta(metaclass=HostileMeta):
    pass


class HostileStr(_Everything, str):
    __slots__ = ()
    __hash__ = str.__hash__


class HostileInt(_Everything, int):
    __hash__ = int.__hash__


class HostileFloat(_Everything, float):
    __hash__ = float.__hash__


class HostileDecimal(_Everything, Decimal):
    __hash__ = Decimal.__hash__


class HostileDate(_Everything, date):
    __hash__ = date.__hash__


class HostileDatetime(_Everything, datetime):
    __hash__ = datetime.__hash__


class HostileDict(_Everything, dict):
    __hash__ = None  # type: ignore[assignment]  # meant to be wrong


class HostileList(_Everything, list):
    __hash__ = None  # type: ignore[assignment]  # meant to be wrong


class HostileTuple(_Everything, tuple):
    __slots__ = ()
    __hash__ = tuple.__hash__


class HostileTupleOfNoAttributes(tuple):
    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        raise Refusal


class HostileSet(_Everything, set):
    __hash__ = None  # type: ignore[assignment]  # meant to be wrong


class NoTruth:
    __bool__ = refuse


class IntOfNoTruth(int):
    """Compares as NumPy's arrays do: what comes out is neither true nor false."""

    def __eq__(self, other: object) -> Any:
        return NoTruth()

    __lt__ = __le__ = __gt__ = __ge__ = __ne__ = __eq__
    __hash__ = int.__hash__


class Comparable:
    """Says yes to every comparison."""

    def __eq__(self, other: object) -> bool:
        return True

    __lt__ = __le__ = __gt__ = __ge__ = __eq__
    __hash__ = object.__hash__


@Integral.register
class ForeignInteger:
    def __int__(self) -> int:
        raise Refusal


@Real.register
class ForeignReal:
    def __float__(self) -> float:
        raise Refusal


class HostileZone(tzinfo):
    def utcoffset(self, dt: datetime | None) -> timedelta:
        raise Refusal


class WildZone(tzinfo):
    def utcoffset(self, dt: datetime | None) -> timedelta:
        return timedelta(days=5)


class HostileEnum(Enum):
    MEMBER = 1
    value = property(refuse)  # type: ignore[assignment]  # meant to be wrong


class KeysOnly:
    def keys(self) -> Any:
        raise Refusal

    def __getitem__(self, name: str) -> Any:
        raise Refusal


class KeysThatLie:
    def keys(self) -> list[str]:
        return ["a", "b"]

    def __getitem__(self, name: str) -> Any:
        raise Refusal


class HostileUserDict(UserDict[str, Any]):
    def __getitem__(self, name: str) -> Any:
        raise Refusal


class HostileKey:
    """A key that can't be compared, in the same place of a dict as the name it is mistaken for."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __hash__(self) -> int:
        return hash(self.name)

    def __eq__(self, other: object) -> bool:
        raise Refusal


class Slots:
    __slots__ = ("a", "b")  # declared, but never set


class HostileProperty:
    @property
    def a(self) -> Any:
        raise Refusal

    @property
    def b(self) -> Any:
        raise RecursionError

    @property
    def x(self) -> Any:
        raise StopIteration


def cyclic_list() -> list[Any]:
    made: list[Any] = [1]
    made.append(made)
    made.append([made])
    return made


def cyclic_dict() -> dict[str, Any]:
    made: dict[str, Any] = {}
    made["a"] = made["b"] = made
    return made


def cyclic_object() -> SimpleNamespace:
    made = SimpleNamespace()
    made.a = made.b = [made]
    return made


def deep_list(depth: int = 1_500) -> list[Any]:
    made: list[Any] = [1]
    for _ in range(depth):
        made = [made]
    return made


def deep_dict(depth: int = 1_500) -> dict[str, Any]:
    made: dict[str, Any] = {"a": 1}
    for _ in range(depth):
        made = {"a": made}
    return made


def generator() -> Any:
    yield 1
    raise Refusal


def database_row() -> Any:
    connection = sqlite3.connect(":memory:")
    connection.row_factory = sqlite3.Row
    row = connection.execute("SELECT 1 AS a, NULL AS b, x'00' AS x").fetchone()
    connection.close()
    return row


HOSTILE: dict[str, Callable[[], Any]] = {
    "object that refuses everything": AnyObject,
    "object without attributes": NoAttributes,
    "object without class": NoClass,
    "object of a hostile metaclass": OfHostileMeta,
    "hostile class": lambda: OfHostileMeta,
    "properties that raise": HostileProperty,
    "unset slots": Slots,
    "hostile str": lambda: HostileStr("a"),
    "hostile int": lambda: HostileInt(1),
    "hostile float": lambda: HostileFloat(1),
    "hostile Decimal": lambda: HostileDecimal(1),
    "hostile date": lambda: HostileDate(2024, 1, 1),
    "hostile datetime": lambda: HostileDatetime(2024, 1, 1, tzinfo=UTC),
    "hostile dict": lambda: HostileDict(a=1, b="a"),
    "hostile list": lambda: HostileList([1, "a"]),
    "hostile tuple": lambda: HostileTuple((1, "a")),
    "tuple whose attributes raise": lambda: HostileTupleOfNoAttributes((1, "a")),
    "hostile set": lambda: HostileSet([1, "a"]),
    "int whose comparisons have no truth": lambda: IntOfNoTruth(1),
    "object that is more than everything": Comparable,
    "foreign integer": ForeignInteger,
    "foreign real": ForeignReal,
    "huge Fraction": lambda: Fraction(10**400, 7),
    "complex": lambda: 1j,
    "hostile time zone": lambda: datetime(2024, 1, 1, tzinfo=HostileZone()),
    "impossible time zone": lambda: datetime(2024, 1, 1, tzinfo=WildZone()),
    "first moment": lambda: datetime.min.replace(tzinfo=timezone(timedelta(hours=23))),
    "last moment": lambda: datetime.max.replace(tzinfo=timezone(-timedelta(hours=23))),
    "hostile enum": lambda: HostileEnum.MEMBER,
    "hostile keys()": KeysOnly,
    "keys() that lie": KeysThatLie,
    "hostile mapping": lambda: HostileUserDict(a=1),
    "hostile keys of a dict": lambda: {HostileKey("a"): 1, HostileKey("b"): 2},
    "signaling NaN": lambda: Decimal("sNaN"),
    "huge Decimal": lambda: Decimal("-1E+999999999"),
    "tiny Decimal": lambda: Decimal("1E-999999999"),
    "infinite Decimal": lambda: Decimal("Infinity"),
    "huge integer": lambda: 10**5000,
    "lone surrogate": lambda: "\ud800",
    "cyclic list": cyclic_list,
    "cyclic dict": cyclic_dict,
    "cyclic object": cyclic_object,
    "deep list": deep_list,
    "deep dict": deep_dict,
    "generator": generator,
    "defaultdict": lambda: defaultdict(refuse),
    "row of a database": database_row,
    "Mock": Mock,
    "MagicMock": MagicMock,
    "NonCallableMock": NonCallableMock,
    **{
        f"Mock of a {kind.__name__}": lambda kind=kind: Mock(spec=kind)
        for kind in (str, int, float, bool, list, tuple, set, dict, Decimal, date, datetime, Enum)
    },
    "bytes": lambda: b"\xff",
    "class": lambda: dict,
    "function": lambda: refuse,
    "Ellipsis": lambda: ...,
}
"""What it is → how to make it."""

PLACES: dict[str, Callable[[Any], Any]] = {
    "the record": lambda value: value,
    "a value": lambda value: {"a": value, "b": value},
    "an element": lambda value: {"a": ["x", value], "b": [[value], None]},
    "on the way": lambda value: {"x": value},
    "among objects": lambda value: {"x": [{"a": 1}, value, {"a": value, "b": [value]}]},
    "an attribute": lambda value: SimpleNamespace(a=value, x=SimpleNamespace(a=value)),
}
"""Where in a record a hostile value stands → how to put it there."""
