"""What names filters may use, and the type of each: `Schema` and `Dimension`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from filterlang._immutable import Immutable
from filterlang.escaping import normal_name
from filterlang.operators import Operator

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_set = object.__setattr__

TYPES = ("text", "integer", "number", "boolean", "datetime", "enum", "object")
"""The types of dimensions. A `"map"` is an object that may hold any other names too."""

_LIST = "list of "
_PLURALS = {
    "texts": "text",
    "integers": "integer",
    "numbers": "number",
    "booleans": "boolean",
    "datetimes": "datetime",
    "enums": "enum",
    "objects": "object",
    "maps": "map",
}


class Dimension(Immutable):
    """What filters may ask of one name.

    Args:
        type: `"text"`, `"integer"`, `"number"`, `"boolean"`, `"datetime"` (in records also as epoch
            milliseconds or ISO text), `"enum"`, `"object"`, `"map"` (an object that may hold any
            other names too), or `"list of …"` one of these.
        values: the values of an enum, as they are written.
        fields: the dimensions of an object or map.
        operators: the operators that are allowed; None for all that the type can answer.
        deprecated: why not to use the name any more, and what instead; None where it's current.
        filterable: whether the API can filter by it at all.
        detail: one line that says what it is.

    Raises:
        ValueError: for an unknown type, an enum without values, and what belongs to another type.

    Example:
        >>> Dimension("list of enum", values=["LEAD", "USER"]).is_list
        True
    """

    __slots__ = (
        "deprecated",
        "detail",
        "fields",
        "filterable",
        "is_list",
        "is_open",
        "operators",
        "type",
        "values",
    )
    __match_args__ = (
        "type",
        "is_list",
        "is_open",
        "values",
        "fields",
        "operators",
        "deprecated",
        "filterable",
        "detail",
    )
    type: str
    is_list: bool
    is_open: bool
    values: tuple[str, ...]
    fields: tuple[tuple[str, Dimension], ...]
    operators: tuple[Operator, ...] | None
    deprecated: str | None
    filterable: bool
    detail: str | None

    def __init__(  # noqa: PLR0913 — all but the type are optional and named
        self,
        type: str,  # noqa: A002 — what it is called in every schema language
        *,
        values: Iterable[str] = (),
        fields: Mapping[str, Dimension] | None = None,
        operators: Iterable[Operator | str] | None = None,
        deprecated: str | None = None,
        filterable: bool = True,
        detail: str | None = None,
    ) -> None:
        element = type.removeprefix(_LIST)
        element = _PLURALS.get(element, element)
        _set(self, "is_list", type.startswith(_LIST))
        _set(self, "is_open", element == "map")
        _set(self, "type", "object" if element == "map" else element)
        _set(self, "values", tuple(values))
        _set(self, "fields", tuple((fields or {}).items()))
        allowed = None if operators is None else tuple(map(Operator, operators))
        _set(self, "operators", allowed)
        _set(self, "deprecated", deprecated)
        _set(self, "filterable", filterable)
        _set(self, "detail", detail)
        self._check(type)

    def _check(self, written: str) -> None:
        if self.type not in TYPES:
            known = ", ".join(f"'{name}'" for name in (*TYPES, "map"))
            message = f"unknown type {written!r}; the types are {known}, each also as 'list of …'"
        elif (self.type == "enum") != bool(self.values):
            message = (
                "an enum needs its values"
                if self.type == "enum"
                else f"values belong to an enum, not to {self.described()}"
            )
        elif self.fields and self.type != "object":
            message = f"fields belong to an object or a map, not to {self.described()}"
        else:
            return
        raise ValueError(message)

    def described(self) -> str:
        """Say what it is, with its article: `an integer`, `a list of text`."""
        name = "map" if self.is_open else self.type
        if self.is_list:
            return f"a list of {name if name in {'text', 'enum'} else name + 's'}"
        return name if name == "text" else f"{'an' if name[0] in 'aeiou' else 'a'} {name}"

    def field(self, segment: str) -> Dimension | None:
        """Give the dimension of one field, or None."""
        for name, dimension in self.fields:
            if name == segment:
                return dimension
        return None

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        return dimension_from_dict, (self.to_dict(),)

    def to_dict(self) -> dict[str, Any]:
        """Give the plain data that `dimension_from_dict` reads."""
        name = "map" if self.is_open else self.type
        data: dict[str, Any] = {"type": _LIST + name if self.is_list else name}
        if self.values:
            data["values"] = list(self.values)
        if self.fields:
            data["fields"] = {name: field.to_dict() for name, field in self.fields}
        if self.operators is not None:
            data["operators"] = [str(operator) for operator in self.operators]
        if self.deprecated is not None:
            data["deprecated"] = self.deprecated
        if not self.filterable:
            data["filterable"] = False
        if self.detail is not None:
            data["detail"] = self.detail
        return data


class Found(Immutable):
    """Where a name leads in a schema.

    Fields: `name`, with aliases resolved; `dimension`, None for an unknown name inside a map;
    `lists`, the names of the lists on the way, the last one included where it is a list itself.
    """

    __slots__ = ("dimension", "lists", "name")
    __match_args__ = ("name", "dimension", "lists")
    name: str
    dimension: Dimension | None
    lists: tuple[str, ...]

    def __init__(self, name: str, dimension: Dimension | None, lists: tuple[str, ...]) -> None:
        _set(self, "name", name)
        _set(self, "dimension", dimension)
        _set(self, "lists", lists)

    @property
    def is_scalar(self) -> bool:
        """Whether a record has at most one value under the name, of a known type."""
        return not self.lists and self.dimension is not None and self.dimension.type != "object"


class Schema(Immutable):
    """The names that the filters of one kind of record may use.

    Args:
        dimensions: name → `Dimension`, or its type as text, or its plain data (`Schema.from_dict`).
        aliases: other names → the names they stand for.
        is_open: whether any other name may be used as well.
        name: what the records are called, for messages.

    Raises:
        ValueError: for a name that no filter can hold, an unknown type, and an alias of nothing.

    Example:
        >>> schema = Schema({"score": "integer", "location": Dimension("object", fields={
        ...     "city": Dimension("text")})}, aliases={"cityName": "location.city"})
        >>> schema.find("cityName").name
        'location.city'
        >>> schema.names()
        ['score', 'location.city']
    """

    __slots__ = ("aliases", "dimensions", "is_open", "name")
    __match_args__ = ("dimensions", "aliases", "is_open", "name")
    dimensions: tuple[tuple[str, Dimension], ...]
    aliases: tuple[tuple[str, str], ...]
    is_open: bool
    name: str | None

    def __init__(
        self,
        dimensions: Mapping[str, Dimension | str | Mapping[str, Any]],
        *,
        aliases: Mapping[str, str] | None = None,
        is_open: bool = False,
        name: str | None = None,
    ) -> None:
        made = {
            normal_name(key): value if isinstance(value, Dimension) else dimension_from_dict(value)
            for key, value in dimensions.items()
        }
        _set(self, "dimensions", tuple(made.items()))
        _set(self, "is_open", is_open)
        _set(self, "name", name)
        _set(self, "aliases", ())
        checked = {normal_name(key): normal_name(value) for key, value in (aliases or {}).items()}
        for alias, target in checked.items():
            if self.find(target) is None:
                message = (
                    f"the alias {alias!r} stands for {target!r}, which the schema doesn't have"
                )
                raise ValueError(message)
        _set(self, "aliases", tuple(checked.items()))

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Make a schema of plain data, as a JSON file holds it; inverse of `to_dict`.

        `{"name": …, "dimensions": {name: type or {"type": …, …}}, "aliases": {…}, "open": bool}`,
        of which only `dimensions` is needed. The keys beside `type` are the arguments of
        `Dimension`; an object's fields have the same form as `dimensions`.

        Example:
            >>> Schema.from_dict({"dimensions": {"tags": "list of text"}}).names()
            ['tags']
        """
        unknown = sorted(set(data) - {"name", "dimensions", "aliases", "open"})
        if unknown or "dimensions" not in data:
            message = (
                f"unknown key {unknown[0]!r} in a schema; its keys are dimensions, aliases, open"
                " and name"
                if unknown
                else "a schema needs the key 'dimensions'"
            )
            raise ValueError(message)
        return cls(
            data["dimensions"],
            aliases=data.get("aliases"),
            is_open=data.get("open", False),
            name=data.get("name"),
        )

    def to_dict(self) -> dict[str, Any]:
        """Give the plain data that `from_dict` reads."""
        data: dict[str, Any] = {} if self.name is None else {"name": self.name}
        data["dimensions"] = {name: dimension.to_dict() for name, dimension in self.dimensions}
        if self.aliases:
            data["aliases"] = dict(self.aliases)
        if self.is_open:
            data["open"] = True
        return data

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        return type(self).from_dict, (self.to_dict(),)

    def resolve(self, name: str) -> str:
        """Give the name that an alias stands for; any other name unchanged."""
        return dict(self.aliases).get(name, name)

    def find(self, name: str) -> Found | None:
        """Find where a name leads; None where the schema has no such name."""
        name = self.resolve(name)
        segments = name.split(".")
        fields, is_open = self.dimensions, self.is_open
        lists: list[str] = []
        dimension: Dimension | None = None
        used = 0
        while used < len(segments):
            # Like a record, a schema may hold a dotted name as one key.
            whole = ".".join(segments[used:])
            for stop, key in ((len(segments), whole), (used + 1, segments[used])):
                dimension = next((field for known, field in fields if known == key), None)
                if dimension is not None:
                    used = stop
                    break
            else:
                return Found(name, None, tuple(lists)) if is_open else None
            if dimension.is_list:
                lists.append(".".join(segments[:used]))
            fields, is_open = dimension.fields, dimension.is_open
        return Found(name, dimension, tuple(lists))

    def names(self) -> list[str]:
        """Give the names of all dimensions that aren't objects, dotted, in their order."""
        return [name for name, dimension in self.walk() if dimension.type != "object"]

    def walk(self) -> Iterator[tuple[str, Dimension]]:
        """Give all dimensions with their dotted names, each object before its fields."""
        rest = list(reversed(self.dimensions))
        while rest:
            name, dimension = rest.pop()
            yield name, dimension
            rest += [(f"{name}.{key}", field) for key, field in reversed(dimension.fields)]


_DIMENSION_KEYS = ("values", "fields", "operators", "deprecated", "filterable", "detail")


def dimension_from_dict(data: str | Mapping[str, Any]) -> Dimension:
    """Make a dimension of its plain data: its type alone, or a mapping with the key `type`.

    Example:
        >>> dimension_from_dict({"type": "object", "fields": {"city": "text"}}).field("city").type
        'text'
    """
    if isinstance(data, str):
        return Dimension(data)
    unknown = sorted(set(data) - {"type", *_DIMENSION_KEYS})
    if unknown or "type" not in data:
        what = f"unknown key {unknown[0]!r} in a dimension" if unknown else f"no type in {data!r}"
        message = f"{what}; its keys are type, {', '.join(_DIMENSION_KEYS)}"
        raise ValueError(message)
    options = {key: data[key] for key in _DIMENSION_KEYS if key in data}
    if "fields" in options:
        options["fields"] = {
            normal_name(name): dimension_from_dict(field)
            for name, field in options["fields"].items()
        }
    return Dimension(data["type"], **options)
