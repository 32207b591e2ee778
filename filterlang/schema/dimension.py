"""What filters may ask of one name: `Dimension`, and its form as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from filterlang._immutable import Immutable
from filterlang.diagnostics.diagnostic import shown
from filterlang.syntax.escaping import normal_name
from filterlang.syntax.operators import OPERATORS, Operator

_set = object.__setattr__

TYPES = ("text", "integer", "number", "boolean", "datetime", "enum", "object")
"""The types of dimensions. A `"map"` is an object that may hold any other names too."""

MOST_LEVELS = 64
"""Plain data may nest objects this deep. No record does, and all that walks it may recurse."""

_LIST = "list of "
# "list of text" and "list of texts" are both English; one value is never in the plural.
_READ = {
    written: (element, is_list)
    for element in (*TYPES, "map")
    for written, is_list in (
        (element, False),
        (_LIST + element, True),
        (f"{_LIST}{element}s", True),
    )
}
_MEANT = {
    "array": "list of …",
    "bool": "boolean",
    "date": "datetime",
    "date-time": "datetime",
    "decimal": "number",
    "dict": "map",
    "double": "number",
    "float": "number",
    "int": "integer",
    "list": "list of …",
    "long": "integer",
    "str": "text",
    "string": "text",
    "timestamp": "datetime",
}
"""What the types of other languages are called here."""


class Dimension(Immutable):
    """What filters may ask of one name.

    Args:
        type: `"text"`, `"integer"`, `"number"`, `"boolean"`, `"datetime"` (in records also as epoch
            milliseconds or ISO text), `"enum"`, `"object"`, `"map"` (an object that may hold any
            other names too), or `"list of …"` one of these.
        values: the values of an enum, as they are written.
        fields: the dimensions of an object or map: name → `Dimension`, its type as text, or its
            plain data (`dimension_from_dict`).
        operators: the operators that are allowed; None for all that the type can answer.
        deprecated: why not to use the name any more, or at all, and what instead; None where it's
            current.
        filterable: whether the API can filter by it at all.
        detail: one line that says what it is.

    Raises:
        ValueError: for an unknown type, an enum without values, what belongs to another type, and
            arguments that aren't of the types given here.

    Example:
        >>> Dimension("list of enum", values=["LEAD", "USER"]).is_list
        True
        >>> Dimension("object", fields={"city": "text"})
        Dimension('object', fields={'city': Dimension('text')})
    """

    __slots__ = (
        "_by_name",
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
    _by_name: dict[str, Dimension]

    def __init__(
        self,
        type: str,
        *,
        values: Iterable[str] = (),
        fields: Mapping[str, Dimension | str | Mapping[str, Any]] | None = None,
        operators: Iterable[Operator | str] | None = None,
        deprecated: str | None = None,
        filterable: bool = True,
        detail: str | None = None,
    ) -> None:
        element, is_list = _read_type(type)
        by_name = {
            name: field if isinstance(field, Dimension) else dimension_from_dict(field, name)
            for name, field in as_mapping("fields", {} if fields is None else fields).items()
        }
        _set(self, "is_list", is_list)
        _set(self, "is_open", element == "map")
        _set(self, "type", "object" if element == "map" else element)
        _set(self, "values", _texts("values", values))
        _set(self, "fields", tuple(by_name.items()))
        _set(self, "operators", None if operators is None else _operators(operators))
        _set(self, "deprecated", _optional_text("deprecated", deprecated))
        _set(self, "filterable", _flag("filterable", filterable))
        _set(self, "detail", _optional_text("detail", detail))
        # Not a field: it says the same as `fields`, ready to be looked up in.
        _set(self, "_by_name", by_name)
        self._check()

    def _check(self) -> None:
        if (self.type == "enum") != bool(self.values):
            message = (
                "an enum needs its values; give them as 'values', or make it 'text'"
                if self.type == "enum"
                else f"values belong to an enum, not to {self.described()}"
            )
        elif self.fields and self.type != "object":
            message = f"fields belong to an object or a map, not to {self.described()}"
        else:
            return
        raise ValueError(message)

    def described(self) -> str:
        """Return what it is, with its article: `an integer`, `a list of text`.

        Example:
            >>> Dimension("integer").described()
            'an integer'
        """
        name = "map" if self.is_open else self.type
        if self.is_list:
            return f"a list of {name if name in {'text', 'enum'} else name + 's'}"
        return name if name == "text" else f"{'an' if name[0] in 'aeiou' else 'a'} {name}"

    def field(self, name: str) -> Dimension | None:
        """Return the dimension of one field, or None.

        Example:
            >>> from filterlang import px
            >>> px.USER.find("location").dimension.field("city").type
            'text'
        """
        return self._by_name.get(name)

    def __repr__(self) -> str:
        arguments = [repr(self._written)]
        arguments += [f"{name}={value!r}" for name, value in self._options().items()]
        return f"Dimension({', '.join(arguments)})"

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        return _remade, (self._written, self._options())

    @property
    def _written(self) -> str:
        name = "map" if self.is_open else self.type
        return _LIST + name if self.is_list else name

    def _options(self) -> dict[str, Any]:
        """Return the arguments beside `type` that aren't what they are by default."""
        options: dict[str, Any] = {}
        if self.values:
            options["values"] = list(self.values)
        if self.fields:
            options["fields"] = dict(self.fields)
        if self.operators is not None:
            options["operators"] = [str(operator) for operator in self.operators]
        if self.deprecated is not None:
            options["deprecated"] = self.deprecated
        if not self.filterable:
            options["filterable"] = False
        if self.detail is not None:
            options["detail"] = self.detail
        return options

    def to_dict(self) -> dict[str, Any]:
        """Return the plain data that `dimension_from_dict` reads.

        Example:
            >>> Dimension("integer").to_dict()
            {'type': 'integer'}
        """
        data = {"type": self._written, **self._options()}
        if self.fields:
            data["fields"] = {name: field.to_dict() for name, field in self.fields}
        return data


def _remade(written: str, options: dict[str, Any]) -> Dimension:
    return Dimension(written, **options)


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


# --- Plain data -----------------------------------------------------------------------------------

_KEYS = ("type", "values", "fields", "operators", "deprecated", "filterable", "detail")


def dimension_from_dict(data: str | Mapping[str, Any], place: str | None = None) -> Dimension:
    """Build a dimension of its plain data: its type alone, or a mapping with the key `type`.

    The other keys are the arguments of `Dimension`; its fields have the same form. `place` is the
    dotted name that it gets, for messages.

    Raises:
        ValueError: for what `Dimension` refuses, for an unknown key, and for a field's name that
            no filter can hold; the message says of which name.

    Example:
        >>> dimension_from_dict({"type": "object", "fields": {"city": "text"}}).field("city").type
        'text'
        >>> dimension_from_dict({"type": "object", "fields": {"city": "string"}}, "location")
        Traceback (most recent call last):
        ...
        ValueError: unknown type 'string'; write 'text' (in the dimension 'location.city')
    """
    return _from_dict(data, () if place is None else (place,))


def _from_dict(data: object, path: tuple[str, ...]) -> Dimension:
    try:
        type_, fields, options = _parts(data, len(path))
    except ValueError as error:
        raise _placed(error, path) from None
    made = {name: _from_dict(field, (*path, name)) for name, field in fields.items()}
    try:
        return Dimension(type_, fields=made, **options)
    except ValueError as error:
        raise _placed(error, path) from None


def _parts(data: object, level: int) -> tuple[Any, dict[str, Any], dict[str, Any]]:
    """Return the type, the fields and the other arguments that plain data holds."""
    if isinstance(data, str):
        return data, {}, {}
    options = dict(as_mapping("a dimension", data, "the name of its type, or an object with it"))
    unknown = [key for key in options if key not in _KEYS]
    if unknown or "type" not in options:
        what = f"unknown key {shown(unknown[0])} in a dimension" if unknown else "a dimension needs"
        what += "; its keys are " if unknown else " the key 'type'; beside it there may be "
        message = what + ", ".join(_KEYS if unknown else _KEYS[1:])
        raise ValueError(message)
    if level > MOST_LEVELS:
        message = f"objects are nested more than {MOST_LEVELS} levels deep"
        raise ValueError(message)
    type_ = options.pop("type")
    return type_, normal_names("fields", options.pop("fields", {})), options


def _placed(error: ValueError, path: tuple[str, ...]) -> ValueError:
    return ValueError(f"{error} (in the dimension {shown('.'.join(path))})") if path else error


def normal_names(what: str, named: object) -> dict[str, Any]:
    """Return a mapping with its names as filters write them, without spaces around segments.

    Raises `ValueError` for what is no mapping, for a name that no filter can hold, and for two that
    are the same.
    """
    made: dict[str, Any] = {}
    for key, value in as_mapping(what, named).items():
        if not isinstance(key, str):
            message = f"a name is a text, not {shown(key)}"
            raise ValueError(message)
        name = normal_name(key)
        if name in made:
            message = f"the name {shown(name)} is there twice, once written {shown(key)}"
            raise ValueError(message)
        made[name] = value
    return made


def as_mapping(
    what: str, value: object, expected: str = "an object with names as keys"
) -> Mapping[Any, Any]:
    """Return a mapping back; raise `ValueError` for anything else."""
    if not isinstance(value, Mapping):
        message = f"expected {expected} for {what}, found {shown(value)}"
        raise ValueError(message)
    return value


# --- Arguments ------------------------------------------------------------------------------------


def _read_type(written: object) -> tuple[str, bool]:
    found = _READ.get(written) if isinstance(written, str) else None
    if found is None:
        known = ", ".join(f"'{name}'" for name in (*TYPES, "map"))
        hint = f"the types are {known}, each also as 'list of …'"
        if isinstance(written, str) and (meant := _MEANT.get(written.lower())):
            hint = f"write '{meant}'"
        message = f"unknown type {shown(written)}; {hint}"
        raise ValueError(message)
    return found


def _texts(what: str, value: object) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, Iterable):
        message = f"expected a list of texts for {shown(what)}, found {shown(value)}"
        raise ValueError(message)
    texts = tuple(value)
    for text in texts:
        if not isinstance(text, str):
            message = f"expected texts in {shown(what)}, found {shown(text)}"
            raise ValueError(message)
    return texts


def _operators(value: object) -> tuple[Operator, ...]:
    spellings = _texts("operators", value)
    for spelling in spellings:
        if spelling not in OPERATORS:
            message = f"unknown operator {shown(spelling)}; the operators are {' '.join(Operator)}"
            raise ValueError(message)
    return tuple(map(Operator, spellings))


def _optional_text(what: str, value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    hint = "; without an explanation, write ''" if what == "deprecated" else ""
    message = f"expected a text for {shown(what)}, found {shown(value)}{hint}"
    raise ValueError(message)


def _flag(what: str, value: object) -> bool:
    if isinstance(value, bool):
        return value
    message = f"expected true or false for {shown(what)}, found {shown(value)}"
    raise ValueError(message)
