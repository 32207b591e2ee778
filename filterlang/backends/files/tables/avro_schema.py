"""Schemas of Avro: what they say of the names of records, and which values need converting.

The library knows no times in nanoseconds and no UUIDs in bytes, and refuses a whole block for one
date that Python's calendar lacks. Such values it is asked for as what they are stored as.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from filterlang.backends.plan.storage import ListOf, MapOf, Scalar, StructOf, Unknown
from filterlang.semantics.instants import DAY, moment_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from filterlang.backends.plan.storage import Storage, Storages

    Convert = Callable[[Any], Any]

_KINDS: Final = {
    "null": type(None),
    "boolean": bool,
    "int": int,
    "long": int,
    "float": float,
    "double": float,
    "string": str,
    "enum": str,
    "bytes": bytes,
    "fixed": bytes,
    "array": list,
    "map": dict,
    "record": dict,
    "error": dict,
}
"""The types of Avro, and what the library makes of their values."""
_EPOCH: Final = date(1970, 1, 1).toordinal()


def _day(days: int) -> object:
    number = days + _EPOCH
    return (
        date.fromordinal(number) if 1 <= number <= date.max.toordinal() else moment_of(days * DAY)
    )


_UNKNOWN: Final[Mapping[tuple[str, str], Convert]] = {
    ("long", "timestamp-nanos"): lambda number: moment_of(number // 1000),
    ("long", "local-timestamp-nanos"): lambda number: moment_of(number // 1000),
    ("fixed", "uuid"): lambda octets: UUID(bytes=octets),
}
"""What the library gives as it is stored."""
_DATES: Final[Mapping[tuple[str, str], Convert]] = {
    ("int", "date"): _day,
    ("long", "timestamp-millis"): lambda number: moment_of(number * 1000),
    ("long", "timestamp-micros"): moment_of,
    ("long", "local-timestamp-millis"): lambda number: moment_of(number * 1000),
    ("long", "local-timestamp-micros"): moment_of,
}
"""What it makes dates of, if Python has them."""


def storages_of_fields(schema: Any) -> Storages:
    """Return of the fields of a record which have names in them, and what these are."""
    return {field["name"]: _storage(field["type"]) for field in schema["fields"]}


def _storage(type_: Any) -> Storage:
    if isinstance(type_, list):
        some = [_storage(one) for one in type_ if one != "null"]
        if len(some) == 1:
            return some[0]
        return Scalar.TEXT if all(one is Scalar.TEXT for one in some) else Unknown("union")
    if isinstance(type_, str):
        # What isn't primitive is the name of a type that stands before it, or of the one around.
        return Scalar.TEXT if type_ in _KINDS else Unknown(type_)
    match type_["type"]:
        case "record" | "error":
            return StructOf(storages_of_fields(type_))
        case "array":
            return ListOf(_storage(type_["items"]))
        case "map":
            return MapOf(Scalar.TEXT)
        case inner:
            return _storage(inner)


def plain_schema(type_: Any) -> Any:
    """Return a schema by which dates are read as the numbers that they are stored as."""
    if isinstance(type_, list):
        return [plain_schema(one) for one in type_]
    if not isinstance(type_, dict):
        return type_
    plain = {key: value for key, value in type_.items() if key not in {"fields", "logicalType"}}
    if "logicalType" in type_ and _logical(type_) not in _DATES:
        plain["logicalType"] = type_["logicalType"]
    for key in {"type", "items", "values"} & plain.keys():
        plain[key] = plain_schema(plain[key])
    if "fields" in type_:
        plain["fields"] = [
            field | {"type": plain_schema(field["type"])} for field in type_["fields"]
        ]
    return plain


def _logical(type_: Mapping[str, Any]) -> tuple[Any, Any]:
    inner = type_["type"]
    return inner if isinstance(inner, str) else "", type_.get("logicalType")


def converter_of(schema: Any, *, is_plain: bool) -> Convert | None:
    """Return what makes the values of a record what they mean; None if they are that already.

    `is_plain` says whether it was read by `plain_schema`.
    """
    logical = {**_UNKNOWN, **_DATES} if is_plain else _UNKNOWN
    return _Converters(logical).of(schema)


class _Converters:
    def __init__(self, logical: Mapping[tuple[str, str], Convert]) -> None:
        self._logical = logical
        self._named: dict[str, Convert | None] = {}
        self._fixed: set[str] = set()

    def of(self, type_: Any) -> Convert | None:
        if isinstance(type_, list):
            return self._of_union(type_)
        if isinstance(type_, str):
            return self._of_name(type_)
        logical = self._logical.get(_logical(type_))
        match type_["type"]:
            case "record" | "error":
                return self._of_record(type_)
            case "array":
                items = self.of(type_["items"])
                return items and (lambda value: [items(one) for one in value])
            case "map":
                values = self.of(type_["values"])
                return values and (lambda value: {key: values(one) for key, one in value.items()})
            case "fixed":
                name = type_["name"].rpartition(".")[2]
                self._named[name] = logical
                self._fixed.add(name)
                return logical
            case _:
                return logical

    def _of_name(self, name: str) -> Convert | None:
        short = name.rpartition(".")[2]
        if short not in self._named:
            return None
        # Of a record around it, it isn't known yet whether it needs any.
        return lambda value: value if (known := self._named[short]) is None else known(value)

    def _of_record(self, type_: Mapping[str, Any]) -> Convert | None:
        name = type_["name"].rpartition(".")[2]
        self._named[name] = None
        fields = {
            field["name"]: convert
            for field in type_["fields"]
            if (convert := self.of(field["type"])) is not None
        }
        if not fields:
            return None

        def convert_record(value: dict[str, Any]) -> dict[str, Any]:
            return value | {key: convert(value[key]) for key, convert in fields.items()}

        self._named[name] = convert_record
        return convert_record

    def _of_union(self, types: list[Any]) -> Convert | None:
        converts: dict[type, Convert] = {}
        for type_ in types:
            convert = self.of(type_)
            if convert is not None:
                # Of several that are stored alike it isn't known which one it was: the first.
                converts.setdefault(self._kind(type_), convert)
        if not converts:
            return None
        return lambda value: converts.get(type(value), _same)(value)

    def _kind(self, type_: Any) -> type:
        inner: str = type_["type"] if isinstance(type_, dict) else type_
        named = bytes if inner.rpartition(".")[2] in self._fixed else dict
        return _KINDS.get(inner, named)


def _same(value: Any) -> Any:
    return value
