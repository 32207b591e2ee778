"""JSON Schemas, and those in OpenAPI 3 and Swagger 2 documents → plain data of schemas."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from filterlang.diagnostics.diagnostic import showable, shown
from filterlang.schema.shapes import (
    Budget,
    Shape,
    both,
    dimension_data,
    either,
    fields_data,
    one_line,
    read_within_budget,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_CONTAINERS = (("components", "schemas"), ("definitions",), ("$defs",))
"""Where documents keep their schemas, in the order in which a name is looked for."""

_SAYS_SOMETHING = {
    "type",
    "properties",
    "additionalProperties",
    "patternProperties",
    "items",
    "enum",
    "const",
    "$ref",
    "allOf",
    "anyOf",
    "oneOf",
}
"""The keywords that tell a schema from a document which only holds some."""

_TYPES = {
    "string": "text",
    "file": "text",  # Swagger 2
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "object": "object",
    "array": "list",
}
_DATES = {"date", "date-time", "utc-millisec"}
_DATE_NAME = re.compile(r"(?:^|.*[a-z0-9])(?:Date|At|Timestamp)|(?:.*_)?(?:date|timestamp)|.*_at")
"""Not Time: as often as not that is a duration, and here no values are seen."""


_INDEX = re.compile(r"[0-9]{1,15}")
"""Python refuses to read numbers of thousands of digits; no list is as long."""


def read(document: Mapping[str, Any], ref: str | None, name: str | None) -> dict[str, Any]:
    """Return the plain data of the schema that a document, or the part `ref` of it, describes.

    Raises `ValueError` where there is none, or a reference leads nowhere.

    Example:
        >>> read({"title": "User", "properties": {"age": {"type": "integer"}}}, None, None)
        {'name': 'User', 'dimensions': {'age': {'type': 'integer'}}}
    """
    if not isinstance(document, Mapping):
        message = f"expected a JSON Schema, which is an object, found {shown(document)}"
        raise ValueError(message)
    pointer = _pointer(document, ref)
    schema = _at(document, pointer, "the schema")
    shape = read_within_budget(lambda budget: _Reader(document, budget).root(schema, pointer))
    record = _record(shape)
    if record is None:
        found = dimension_data(shape)["type"]
        message = f"expected an object with properties at {_told(pointer)}, found {found}"
        raise ValueError(message + _hint(document, "; pass its name or pointer as 'ref'"))
    if name is None:
        title = schema.get("title") if isinstance(schema, Mapping) else None
        named = {place: key for key, place in _schemas(document)}
        name = named.get(pointer, title if isinstance(title, str) else None)
    data: dict[str, Any] = {} if name is None else {"name": name}
    data["dimensions"] = fields_data(record)
    if record.is_open or (record.is_open is None and not record.fields):
        data["open"] = True
    return data


def _record(shape: Shape | None) -> Shape | None:
    """Return the object that a shape is, or whose list it is."""
    while shape is not None and "object" not in shape.types:
        if "list" not in shape.types:
            return shape if shape.fields else None
        shape = shape.item
    return shape


# --- Pointers -------------------------------------------------------------------------------------


def _pointer(document: Mapping[str, Any], ref: str | None) -> str:
    """Return the pointer to the schema that is asked for."""
    if ref is None:
        if not _SAYS_SOMETHING.isdisjoint(document):
            return "#"
        schemas = list(_schemas(document))
        if len(schemas) == 1:
            return schemas[0][1]
        problem = "the document holds several schemas" if schemas else "the document is no schema"
        message = f"{problem}{_hint(document, '; choose one by its name, as ref')}"
        raise ValueError(message)
    if not isinstance(ref, str):
        message = f"expected the name of a schema or a pointer to it as 'ref', found {shown(ref)}"
        raise ValueError(message)
    if ref.startswith(("#", "/")):
        return ref if ref.startswith("#") else f"#{ref}"
    for schema, pointer in _schemas(document):
        if schema == ref:
            return pointer
    message = f"the document has no schema called {shown(ref)}{_hint(document, '')}"
    raise ValueError(message)


def names(document: Mapping[str, Any]) -> list[str]:
    """Return the names of the schemas that a document holds.

    Example:
        >>> names({"$defs": {"User": {}, "Place": {}}})
        ['User', 'Place']
    """
    return list(dict.fromkeys(name for name, _ in _schemas(document)))


def _schemas(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Return the names of the schemas that a document holds, with their pointers."""
    for path in _CONTAINERS:
        container: object = document
        for key in path:
            container = container.get(key) if isinstance(container, Mapping) else None
        for name in container if isinstance(container, Mapping) else ():
            yield str(name), _deeper("#", *path, str(name))


_MOST_SHOWN = 20
_LONGEST_SHOWN = 60
_LONGEST_PLACE = 500


def _hint(document: Mapping[str, Any], remedy: str) -> str:
    """Return which schemas a document holds, and what to do with one."""
    found = names(document)
    if not found:
        return ""
    rest = f" and {len(found) - _MOST_SHOWN} more" if len(found) > _MOST_SHOWN else ""
    listed = ", ".join(showable(one, _LONGEST_SHOWN) for one in found[:_MOST_SHOWN])
    return f"{remedy}; its schemas are {listed}{rest}"


def _deeper(place: str, *steps: str) -> str:
    escaped = [step.replace("~", "~0").replace("/", "~1") for step in steps]
    return "/".join([place, *escaped])


def _told(place: str) -> str:
    """Put a pointer into a message: its steps are names that come from elsewhere."""
    return showable(place, _LONGEST_PLACE)


def _steps(pointer: str) -> list[str]:
    """Split a pointer; what begins with `#/` is percent-encoded besides."""
    steps = unquote(pointer.removeprefix("#")).split("/")[1:]
    return [step.replace("~1", "/").replace("~0", "~") for step in steps]


def _at(document: Mapping[str, Any], ref: str, place: str) -> Any:
    """Return what a pointer leads to."""
    if ref not in {"#", ""} and not ref.startswith("#/"):
        where = "to an anchor" if ref.startswith("#") else "out of the document"
        message = (
            f"the reference {shown(ref)} of {_told(place)} leads {where}; only pointers within the"
            " document are followed, such as '#/$defs/Name'"
        )
        raise ValueError(message)
    found: Any = document
    for step in _steps(ref):
        if isinstance(found, Mapping) and step in found:
            found = found[step]
        elif isinstance(found, list) and _INDEX.fullmatch(step) and int(step) < len(found):
            found = found[int(step)]
        else:
            leads = f"leads nowhere: there is no {shown(step)}"
            message = f"the reference {shown(ref)} of {_told(place)} {leads}"
            raise ValueError(message)
    return found


# --- Schemas --------------------------------------------------------------------------------------


class _Reader:
    """Reads the schemas of one document, down to the levels of a budget."""

    def __init__(self, document: Mapping[str, Any], budget: Budget) -> None:
        self._document = document
        self._budget = budget
        self._open: dict[str, int] = {}

    def root(self, schema: object, pointer: str) -> Shape | None:
        """Return the shape of the schema that is asked for, which may contain itself."""
        self._open[pointer] = 0
        return self.shape(schema, pointer)

    def shape(self, schema: object, place: str, name: str = "", level: int = 0) -> Shape | None:
        """Return the shape of a schema; None if there is no value of it, or only null.

        `place` is the pointer to it, for messages; `name` is the last of the name it stands for;
        `level` counts the objects and lists around it.
        """
        self._budget.spend()
        if schema is True:
            return Shape()
        if schema is False:
            return None
        if not isinstance(schema, Mapping):
            message = f"expected a schema at {_told(place)}, found {shown(schema)}"
            raise ValueError(message)
        shape: Shape | None = Shape()
        if "$ref" in schema:
            shape = self._referred(schema["$ref"], place, name, level)
        for index, part in enumerate(_list(schema, "allOf", place)):
            shape = both(shape, self.shape(part, f"{place}/allOf/{index}", name, level))
        for keyword in ("anyOf", "oneOf"):
            if parts := _list(schema, keyword, place):
                shape = both(
                    shape,
                    either(
                        self.shape(part, f"{place}/{keyword}/{index}", name, level)
                        for index, part in enumerate(parts)
                    ),
                )
        return both(shape, self._own(schema, place, name, level))

    def _referred(self, ref: object, place: str, name: str, level: int) -> Shape | None:
        """Return the shape of what a reference leads to, unless that is being read just now."""
        if not isinstance(ref, str):
            message = f"expected the text of a reference at {_told(place)}/$ref, found {shown(ref)}"
            raise ValueError(message)
        target = _at(self._document, ref, place)
        if ref not in self._open:
            self._open[ref] = level
            shape = self.shape(target, ref, name, level)
            del self._open[ref]
            return shape
        if self._open[ref] == level:
            message = f"the reference {shown(ref)} of {_told(place)} leads back to itself"
            raise ValueError(message)
        called = (_steps(ref) or ["record"])[-1]
        return Shape("object", is_open=True, detail=f"again a {called}")

    def _own(self, schema: Mapping[str, Any], place: str, name: str, level: int) -> Shape | None:
        """Return the shape that the keywords of a schema itself tell."""
        types = _types(schema, place)
        values = _values(schema, place)
        if types == {"null"} or (values is not None and all(value is None for value in values)):
            return None
        types -= {"null"}
        if values is not None:
            types = types or {_type_of(value) for value in values if value is not None}
        types = {_TYPES[type_] for type_ in types}
        format_ = schema.get("format")
        if isinstance(format_, str) and format_ in _DATES and types & {"text", "integer", "number"}:
            types = types - {"text", "integer", "number"} | {"datetime"}
        elif format_ == "int64" and "text" in types:
            # JavaScript can't hold all of them, so that many an API writes them as text.
            types = types - {"text"} | {"integer"}
        note = None
        if format_ == "int64" and "integer" in types and _DATE_NAME.fullmatch(name):
            types = types - {"integer"} | {"datetime"}
            note = "taken for epoch milliseconds"
        texts = [value for value in values or () if isinstance(value, str) and value]
        inside = self._inside(schema, place, name, level, types)
        return Shape(
            *types,
            values=texts if texts and "text" in types else None,
            detail=one_line(schema.get("description")) or note,
            **inside,
            deprecated="" if schema.get("deprecated") is True else None,
        )

    def _inside(
        self, schema: Mapping[str, Any], place: str, name: str, level: int, types: set[str]
    ) -> dict[str, Any]:
        """Return what is said of fields and elements; adds the types that this implies."""
        found: dict[str, Any] = {}
        properties = schema.get("properties", {})
        if not isinstance(properties, Mapping):
            message = f"expected an object at {_told(place)}/properties, found {shown(properties)}"
            raise ValueError(message)
        more = schema.get("additionalProperties")
        is_object = bool(properties or more or "patternProperties" in schema)
        if is_object and not types:
            types.add("object")
        is_list = "items" in schema or "prefixItems" in schema
        if is_list and not types:
            types.add("list")
        if "object" in types and level >= self._budget.levels:
            found["is_open"] = True
        elif "object" in types:
            found["fields"] = {
                key: self.shape(value, _deeper(place, "properties", str(key)), str(key), level + 1)
                for key, value in properties.items()
                if value is not False
            }
            if more is not None or "patternProperties" in schema:
                found["is_open"] = more is not False or "patternProperties" in schema
        if is_list and "list" in types:
            # A level of its own, so that a list of such lists isn't taken for a circle.
            found["item"] = self._item(schema, place, name, level + 1)
        return found

    def _item(self, schema: Mapping[str, Any], place: str, name: str, level: int) -> Shape | None:
        """Return the shape of the elements, of which the first may have schemas of their own."""
        items = schema.get("items", [])
        named = [
            (f"{place}/prefixItems/{index}", item)
            for index, item in enumerate(_list(schema, "prefixItems", place))
        ]
        if isinstance(items, list):
            named += [(f"{place}/items/{index}", item) for index, item in enumerate(items)]
        else:
            named.append((f"{place}/items", items))
        return either(self.shape(item, where, name, level) for where, item in named)


def _list(schema: Mapping[str, Any], keyword: str, place: str) -> list[Any]:
    found = schema.get(keyword, [])
    if not isinstance(found, list):
        message = f"expected an array at {_told(place)}/{keyword}, found {shown(found)}"
        raise ValueError(message)
    return found


def _types(schema: Mapping[str, Any], place: str) -> set[str]:
    written = schema.get("type", [])
    types = [written] if isinstance(written, str) else written
    if not isinstance(types, list) or any(
        not isinstance(type_, str) or (type_ not in _TYPES and type_ != "null") for type_ in types
    ):
        known = ", ".join(sorted({*_TYPES, "null"} - {"file"}))
        what = f"unknown type {shown(written)} at {_told(place)}"
        message = f"{what}; JSON Schema has {known}, and lists of them"
        raise ValueError(message)
    return set(types)


def _values(schema: Mapping[str, Any], place: str) -> list[Any] | None:
    if "const" in schema:
        return [schema["const"]]
    return _list(schema, "enum", place) if "enum" in schema else None


def _type_of(value: object) -> str:
    match value:
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"
