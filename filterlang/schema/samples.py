"""Sample records → plain data of the schema that they seem to follow, with counts.

What is kept of the records are counts, and a few different texts of each name if enums are asked
for; however many records there are, and however odd, the memory is bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple
from uuid import UUID

from filterlang.diagnostics.diagnostic import class_name, showable
from filterlang.schema.shapes import is_nameable
from filterlang.semantics.values import Stray, elements, fold, is_list, read_instant, text_of

MOST_FIELDS = 200
"""An object with more different names is a map, whose names mean nothing to a schema."""
MOST_NAMES = 20_000
"""Of all objects together; what comes after is left to maps, or to an open schema."""
MOST_LEVELS = 32
"""What lies deeper is left to a map."""
FEW_OBJECTS, FEW_FIELDS = 20, 4
"""Whether the names of objects vary can't be told from fewer."""
MOST_VALUES = 500_000
"""Of one record; what holds itself, or one thing in many places, has values without end."""
_LONGEST_VALUE = 200
"""A longer text is no value of an enum."""
_MOST_LEFT_OUT = 100

_NUMBER_TEXT = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?")
"""Not `007`, which as a number would be another text."""
_FIRST_EPOCH, _LAST_EPOCH = 10**11, 10**13 - 1
"""Milliseconds since 1970, from 1973 to 2286; as seconds they would be in the far future."""
_DATE_NAME = re.compile(
    r"(?:.*[a-z0-9])?(?:Date|Time|At|Timestamp)|(?:.*_)?(?:date|time|timestamp)|.*_at"
)

# Kinds of values, as they are counted; each value is of one kind.
_TEXT, _EMPTY = "text", "empty text"
_DATE_TEXT, _INTEGER_TEXT = "date text", "integer text"
_NUMERIC_TEXT, _BOOLEAN_TEXT = "number text", "boolean text"
_INTEGER, _EPOCH, _ZERO = "integer", "epoch milliseconds", "zero"
_NUMBER, _BOOLEAN, _DATETIME = "number", "boolean", "datetime"
_OBJECT, _OTHER = "object", "other"
_STRAY = "other text"
"""A cell that isn't of the type of its column, which its type is taken without."""

_READABLE_TEXTS = {_DATE_TEXT, _INTEGER_TEXT, _NUMERIC_TEXT, _BOOLEAN_TEXT}
_TEXTS = {_TEXT, *_READABLE_TEXTS}
_NUMBERS = {_INTEGER, _EPOCH, _ZERO, _NUMBER, _INTEGER_TEXT, _NUMERIC_TEXT}
_ORDER = (
    *(_OBJECT, _DATETIME, _EPOCH, _INTEGER, _ZERO, _NUMBER, _BOOLEAN),
    *(_TEXT, _DATE_TEXT, _INTEGER_TEXT, _NUMERIC_TEXT, _BOOLEAN_TEXT, _EMPTY, _STRAY),
    _OTHER,
)


class Found(NamedTuple):
    """What was found in records."""

    data: dict[str, Any]
    """Plain data of a schema; the `detail` of each dimension tells the counts."""
    counts: dict[str, dict[str, Any]]
    """Dotted name → `{"present": …, "missing": …, "types": {…: …}}`."""
    records: int
    left_out: tuple[str, ...]
    """Dotted names that no filter can hold, of keys that are texts or aren't."""


def read(records: Iterable[Mapping[str, Any]], *, enums_up_to: int, name: str | None) -> Found:
    """Count what is in records, and give the plain data of a schema for them.

    Raises `ValueError` for a record that is no mapping, and if there are none.

    Example:
        >>> read([{"age": 7}, {"age": None}], enums_up_to=0, name=None).data
        {'dimensions': {'age': {'type': 'integer', 'detail': 'in 1 of 2'}}}
    """
    if isinstance(records, Mapping | str | bytes) or not isinstance(records, Iterable):
        message = f"expected an iterable of records, found a {class_name(records)}"
        raise ValueError(message)
    counter = _Counter(enums_up_to)
    for number, record in enumerate(records, 1):
        if not _is_mapping(record):
            message = f"expected a mapping for record {number}, found a {class_name(record)}"
            raise ValueError(message)
        try:
            # A dictionary is read as it is: a copy would compare its keys, which might raise.
            fields = record if type(record) is dict else dict(record.items())
        except Exception as error:  # whatever a mapping of somebody else's raises
            reason = showable(_text_of_odd(error), 200) or class_name(error)
            message = f"record {number} can't be read: {reason}"
            raise ValueError(message) from error
        counter.add_record(record, fields)
    root = counter.root
    if not root.objects:
        message = "there are no records to infer a schema from"
        raise ValueError(message)
    data: dict[str, Any] = {} if name is None else {"name": name}
    counts: dict[str, dict[str, Any]] = {}
    data["dimensions"], _ = _Judge(counts).fields(root, "")
    if root.is_cut:
        data["open"] = True
    return Found(data, counts, root.objects, tuple(counter.left_out))


# --- Counting -------------------------------------------------------------------------------------


class _Node:
    """What was seen under one name."""

    __slots__ = (
        *("fields", "is_cut", "kinds", "lists", "objects", "path", "present", "seen", "texts"),
    )

    def __init__(self, path: str = "") -> None:
        self.path = path
        """What names in its objects begin with."""
        self.seen = 0
        """How often the key was there."""
        self.present = 0
        """How often there was a value that isn't null."""
        self.lists = 0
        self.kinds: dict[str, int] = {}
        self.objects = 0
        self.fields: dict[str, _Node] = {}
        self.is_cut = False
        """Whether there are names in the objects that aren't counted."""
        self.texts: dict[str, int] | None = {}
        """How often there were which texts; None if there are too many for an enum."""


class _Counter:
    """Counts what is in records."""

    def __init__(self, enums_up_to: int) -> None:
        self.root = _Node()
        self.left_out: dict[str, None] = {}
        self._enums_up_to = enums_up_to
        self._names = 0
        self._values_left = MOST_VALUES
        self._open: set[int] = set()

    def add_record(self, record: object, fields: dict[Any, Any]) -> None:
        """Count the values of a record, as many as there may be."""
        self._values_left = MOST_VALUES
        self._open = {id(record)}
        self.add(self.root, fields, 0)

    def add(self, node: _Node, record: Mapping[Any, Any], level: int) -> None:
        """Count the values of one object."""
        node.objects += 1
        if level >= MOST_LEVELS:
            node.is_cut = True
            return
        for key, value in record.items():
            if self._values_left <= 0:
                node.is_cut = True
                return
            self._values_left -= 1
            # A class of texts may compare as it likes, and raise; its text alone is looked at.
            name = str.__str__(key) if issubclass(type(key), str) else None
            field = None if name is None else node.fields.get(name)
            field = field or self._new(node, key if name is None else name)
            if field is not None:
                field.seen += 1
                self._add_value(field, value, level)

    def _new(self, node: _Node, key: object) -> _Node | None:
        """Return the node of a name that wasn't seen before; None if there shall be none."""
        if not is_nameable(key):
            if len(self.left_out) < _MOST_LEFT_OUT:
                self.left_out[node.path + _text_of_odd(key)] = None
            return None
        is_wide = node is not self.root and len(node.fields) >= MOST_FIELDS
        if is_wide:
            self._names -= _size(node)
            node.fields = {}
        if is_wide or node.is_cut or self._names >= MOST_NAMES:
            node.is_cut = True
            return None
        self._names += 1
        field = node.fields[str(key)] = _Node(f"{node.path}{key}.")
        return field

    def _add_value(self, node: _Node, value: object, level: int) -> None:
        if value is None:
            return
        type_ = type(value)
        # Most values are neither null nor a list. Comparing classes might raise.
        if type_ is dict or type_ is str or type_ is int or type_ is bool:
            node.present += 1
            self._add_one(node, value, level)
        # Lists in lists are flattened, nulls dropped; members of enums become their values.
        elif found := elements([value]):
            node.present += 1
            node.lists += is_list(value)
            self._values_left -= len(found)
            for one in found:
                self._add_one(node, one, level)

    def _add_one(self, node: _Node, value: Any, level: int) -> None:
        kind = _OTHER
        fields: dict[Any, Any] = {}
        # What a value raises when it is looked at tells that it is of another kind.
        with suppress(Exception):
            kind = _kind(value)
        if kind == _OBJECT and type(value) is not dict:
            kind = _OTHER
            with suppress(Exception):
                fields = dict(value.items())
                kind = _OBJECT
        node.kinds[kind] = node.kinds.get(kind, 0) + 1
        if kind == _OBJECT and id(value) in self._open:
            # What holds itself has names without end: where it comes again it is a map.
            node.objects += 1
            node.is_cut = True
        elif kind == _OBJECT:
            self._open.add(id(value))
            self.add(node, value if type(value) is dict else fields, level + 1)
            self._open.discard(id(value))
        elif kind in _TEXTS and node.texts is not None:
            text = text_of(value) or ""
            node.texts[text] = node.texts.get(text, 0) + 1
            if len(node.texts) > self._enums_up_to or len(text) > _LONGEST_VALUE:
                node.texts = None


def _is_mapping(record: object) -> bool:
    try:
        return isinstance(record, Mapping)
    except Exception:  # noqa: BLE001 — what raises when it is asked for its class is none
        return False


def _text_of_odd(value: object) -> str:
    """Return the text of a key or an error, or what it is where it has none."""
    try:
        return str.__str__(str(value))
    except Exception:  # noqa: BLE001 — no content of a record may raise
        return f"a {class_name(value)}"


def _size(node: _Node) -> int:
    return sum(1 + _size(field) for field in node.fields.values())


def _kind(value: object) -> str:
    if isinstance(value, str):
        return _STRAY if isinstance(value, Stray) else _text_kind(value)
    if isinstance(value, bool):
        return _BOOLEAN
    if isinstance(value, int):
        value = int.__int__(value)  # whatever a subclass makes of comparisons
        return _EPOCH if _FIRST_EPOCH <= value <= _LAST_EPOCH else _INTEGER if value else _ZERO
    if isinstance(value, Mapping):
        return _OBJECT
    if isinstance(value, date):
        return _DATETIME
    if isinstance(value, float | Decimal | Fraction):
        return _NUMBER
    return _TEXT if isinstance(value, UUID) else _OTHER


def _text_kind(text: str) -> str:
    if not text:
        return _EMPTY
    if text[4:5] == "-" and read_instant(text) is not None:
        return _DATE_TEXT
    if found := _NUMBER_TEXT.fullmatch(text):
        return _INTEGER_TEXT if found[1] is None else _NUMERIC_TEXT
    return _BOOLEAN_TEXT if text.lower() in {"true", "false"} else _TEXT


# --- Judging --------------------------------------------------------------------------------------


class _Judge:
    """Makes dimensions of what was counted; fills `counts`."""

    def __init__(self, counts: dict[str, dict[str, Any]]) -> None:
        self._counts = counts

    def fields(self, parent: _Node, path: str) -> tuple[dict[str, Any], list[str]]:
        """Return the plain data of an object's fields, and which of them are of several types."""
        data: dict[str, Any] = {}
        mixed: list[str] = []
        for last, node in parent.fields.items():
            name = path + last
            kinds = {kind: node.kinds[kind] for kind in _ORDER if kind in node.kinds}
            type_, is_mixed = _type(set(kinds) - {_EMPTY, _STRAY}, last)
            if is_mixed:
                mixed.append(last)
            counts = {
                "present": node.present,
                "missing": parent.objects - node.present,
                "types": {**({"list": node.lists} if node.lists else {}), **_told(kinds, type_)},
            }
            # A dotted key hides what lies under its first segment, so that its counts come first.
            if "." in last or name not in self._counts:
                self._counts[name] = counts
            notes = [_summary(counts, type_, is_list=bool(node.lists))]
            if is_mixed:
                notes.append(f"of several types, taken as {type_}")
            dimension: dict[str, Any] = {"type": type_}
            if type_ == "object":
                notes += self._object(node, name, dimension)
            elif type_ == "text" and not is_mixed and (values := _enum_values(node.texts or {})):
                dimension = {"type": "enum", "values": values}
            if node.lists:
                dimension["type"] = f"list of {dimension['type']}"
            data[last] = {**dimension, "detail": "; ".join(notes)}
        return data, mixed

    def _object(self, node: _Node, name: str, dimension: dict[str, Any]) -> list[str]:
        """Fill in an object or map; return what there is to say of it."""
        fields, mixed = self.fields(node, f"{name}.")
        is_varied = _is_varied(node)
        notes = []
        if node.is_cut or is_varied:
            dimension["type"] = "map"
            notes.append("its names vary" if is_varied else "not all of its names are told")
            # Where any name may be asked for, the type of each value counts if there is no other.
            fields = {field: data for field, data in fields.items() if field not in mixed}
            if mixed:
                notes.append(f"of several types are {', '.join(mixed)}")
        if fields:
            dimension["fields"] = fields
        return notes


def _enum_values(texts: Mapping[str, int]) -> list[str]:
    """Return the values of an enum, if texts are repeated as those of an enum are; else none."""
    if 2 * len(texts) > sum(texts.values()):
        return []
    # Filters don't tell case, so that one spelling is enough: the commonest.
    spelled = sorted(texts, key=lambda text: (texts[text], text))
    return sorted({fold(text): text for text in spelled}.values())


def _is_varied(node: _Node) -> bool:
    """Return whether half of an object's names are missing from half of the objects."""
    rare = [field for field in node.fields.values() if 2 * field.seen <= node.objects]
    enough = node.objects >= FEW_OBJECTS and len(node.fields) >= FEW_FIELDS
    return enough and 2 * len(rare) >= len(node.fields)


def _type(kinds: set[str], last: str) -> tuple[str, bool]:
    """Choose the type for values of some kinds, and say whether they are of several types."""
    is_date = _DATE_NAME.fullmatch(last) is not None
    instants = kinds & {_EPOCH, _ZERO}
    if _OBJECT in kinds:
        # The names in it would be lost if it were anything else.
        return "object", kinds != {_OBJECT}
    if kinds <= _TEXTS and kinds != {_DATE_TEXT}:
        return "text", False
    if kinds == {_EPOCH} | instants:
        return ("datetime" if is_date else "integer"), False
    if kinds > instants and kinds - instants <= {_DATETIME, _DATE_TEXT}:
        return ("datetime", False) if is_date or not instants else ("text", True)
    if kinds <= _NUMBERS:
        return ("number" if kinds & {_NUMBER, _NUMERIC_TEXT} else "integer"), False
    if kinds <= {_BOOLEAN, _BOOLEAN_TEXT}:
        return "boolean", False
    return "text", True


def _told(kinds: Mapping[str, int], type_: str) -> dict[str, int]:
    """Return the counts by kind, without distinctions that make no difference."""
    told: dict[str, int] = {}
    texts = kinds.keys() & _READABLE_TEXTS
    is_plain = _TEXT in kinds or (type_ == "text" and len(texts) > 1)
    for kind, number in kinds.items():
        called = kind
        if kind in {_EPOCH, _ZERO} and type_ != "datetime":
            called = _INTEGER
        elif kind in texts and is_plain:
            called = _TEXT
        told[called] = told.get(called, 0) + number
    return told


def _summary(counts: Mapping[str, Any], type_: str, *, is_list: bool) -> str:
    """Say in a line how often a name was seen, and with what."""
    total = counts["present"] + counts["missing"]
    summary = f"in {counts['present']} of {total}"
    types = counts["types"]
    if not types or (set(types) == {type_} and not is_list):
        return summary
    return f"{summary}: {', '.join(f'{number} {kind}' for kind, number in types.items())}"
