"""Python classes → plain data of schemas: dataclasses, TypedDicts, NamedTuples, pydantic models.

Pydantic is never imported: its classes say of themselves all that is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from numbers import Integral, Real
from types import NoneType, UnionType
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    ForwardRef,
    Literal,
    NamedTuple,
    Self,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)
from uuid import UUID

from filterlang.diagnostics.diagnostic import showable, shown
from filterlang.schema.shapes import (
    Budget,
    Shape,
    either,
    fields_data,
    is_nameable,
    one_line,
    read_within_budget,
)
from filterlang.semantics.values import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Those of typing and of typing_extensions may differ, so they are known by their names.
_WRAPPERS = (".Final", ".NotRequired", ".ReadOnly", ".Required")
_PYDANTIC_DATES = {
    "AwareDatetime",
    "FutureDate",
    "FutureDatetime",
    "NaiveDatetime",
    "PastDate",
    "PastDatetime",
}
"""Classes of pydantic that stand for dates, without being one."""
_SCALARS: tuple[tuple[type, str], ...] = (
    (bool, "boolean"),
    (Integral, "integer"),
    (Real, "number"),
    (Decimal, "number"),
    (date, "datetime"),
    (str, "text"),
    (UUID, "text"),
)
"""Of the classes, the first that a class is derived from says its type."""


def read(type_: Any, *, by_alias: bool, name: str | None) -> dict[str, Any]:
    """Return the plain data of the schema that a class describes.

    Raises `ValueError` for a class that describes no record, and for unresolvable annotations.

    Example:
        >>> class User(NamedTuple):
        ...     age: int
        >>> read(User, by_alias=True, name=None)
        {'name': 'User', 'dimensions': {'age': {'type': 'integer'}}}
    """
    found: list[_Reader] = []

    def attempt(budget: Budget) -> Shape | None:
        found[:] = [_Reader(budget, by_alias=by_alias)]
        return found[0].shape(type_, _Place((), (), {}))

    class_ = get_origin(type_) or type_
    shape = read_within_budget(attempt) if _is_record(class_) else None
    if shape is None or "object" not in shape.types:
        described = showable(class_.__qualname__) if isinstance(class_, type) else shown(type_)
        message = (
            "expected a dataclass, TypedDict, NamedTuple or pydantic model (the class, not an"
            f" instance), found {described}"
        )
        raise ValueError(message)
    data = {"name": class_.__name__ if name is None else name, "dimensions": fields_data(shape)}
    if aliases := found[0].usable_aliases():
        data["aliases"] = aliases
    if shape.is_open:
        data["open"] = True
    return data


class _Place(NamedTuple):
    """Where an annotation stands."""

    names: tuple[str, ...]
    """The names on the way to it."""
    others: tuple[str, ...]
    """The same, by the names that the fields don't go by."""
    bindings: Mapping[Any, tuple[Any, Any]]
    """What type variables stand for: an annotation, and the bindings that hold in it."""


class _Field(NamedTuple):
    """A field of a record."""

    name: str
    other: str
    annotation: Any
    detail: str | None
    deprecated: str | None


# --- Classes and their fields ---------------------------------------------------------------------


def _is_pydantic(class_: Any) -> bool:
    # A model or one of its dataclasses.
    return isinstance(class_, type) and hasattr(class_, "__pydantic_decorators__")


def _is_record(class_: Any) -> bool:
    return isinstance(class_, type) and (
        _is_pydantic(class_)
        or hasattr(class_, "__dataclass_fields__")
        or (issubclass(class_, dict) and hasattr(class_, "__required_keys__"))
        or (issubclass(class_, tuple) and hasattr(class_, "_fields"))
    )


def _fields(class_: Any, *, by_alias: bool) -> Iterator[_Field]:
    if _is_pydantic(class_):
        yield from _pydantic_fields(class_, by_alias=by_alias)
        return
    hints = _hints(class_)
    if hasattr(class_, "__dataclass_fields__"):
        import dataclasses

        names = [field.name for field in dataclasses.fields(class_)]
    else:
        names = list(getattr(class_, "_fields", hints))
    for name in names:
        # To filters, what begins so is no field of an object, but it is a key of a mapping.
        if issubclass(class_, dict) or not name.startswith("_"):
            yield _Field(name, name, hints.get(name, Any), None, None)


def _pydantic_fields(class_: Any, *, by_alias: bool) -> Iterator[_Field]:
    if not getattr(class_, "__pydantic_complete__", True):
        message = (
            f"{showable(class_.__qualname__)} isn't fully defined; call its model_rebuild() first"
        )
        raise ValueError(message)
    infos = dict(getattr(class_, "__pydantic_fields__", None) or class_.model_fields)
    computed = class_.__pydantic_decorators__.computed_fields
    infos.update((name, one.info) for name, one in computed.items())
    for name, info in infos.items():
        if getattr(info, "exclude", None) is not True:
            # A computed field has no name beside its alias, and no `annotation`.
            is_computed = name in computed
            written = (info.alias if is_computed else info.serialization_alias) or name
            yield _Field(
                *((written, name) if by_alias else (name, written)),
                info.return_type if is_computed else info.annotation,
                info.description,
                _deprecated(info.deprecated),
            )


def _deprecated(value: Any) -> str | None:
    """Return the explanation of a deprecation: a text, a `deprecated(…)`, or True for none."""
    if value is None or value is False:
        return None
    message = getattr(value, "message", value)
    return message if isinstance(message, str) else ""


def _hints(class_: Any) -> dict[str, Any]:
    try:
        # A class in a function isn't known to its module, but at least to itself.
        return get_type_hints(class_, localns={class_.__name__: class_}, include_extras=True)
    except Exception as error:
        # Whatever an annotation raises when it is evaluated.
        message = (
            f"the annotations of {showable(class_.__qualname__)} can't be resolved:"
            f" {showable(str(error))}; what they name has to be defined in its module"
        )
        raise ValueError(message) from error


# --- Annotations ----------------------------------------------------------------------------------


class _Reader:
    """Reads annotations, and the classes they name, down to the levels of a budget."""

    def __init__(self, budget: Budget, *, by_alias: bool) -> None:
        self._budget = budget
        self._by_alias = by_alias
        self._open: list[Any] = []
        self._names: set[str] = set()
        self._aliases: dict[str, str] = {}

    def usable_aliases(self) -> dict[str, str]:
        """Give the other names of what was read, but for those that are names of something else."""
        return {alias: name for alias, name in self._aliases.items() if alias not in self._names}

    def shape(self, annotation: Any, place: _Place) -> Shape | None:
        """Return the shape of an annotation; None for `None`."""
        self._budget.spend()
        origin, arguments = get_origin(annotation) or annotation, get_args(annotation)
        if annotation is None or annotation is NoneType:
            return None
        if isinstance(annotation, str | ForwardRef):
            name = getattr(annotation, "__forward_arg__", annotation)
            message = (
                f"the annotation {shown(name)} of {shown('.'.join(place.names))} can't be resolved"
            )
            raise ValueError(message)
        if annotation is Self or isinstance(annotation, TypeVar):
            return self._variable(annotation, place)
        if origin is Annotated:
            return _described(self.shape(arguments[0], place), annotation.__metadata__)
        if origin is Union or origin is UnionType:
            return either(self.shape(argument, place) for argument in arguments)
        if origin is Literal:
            return _constants(arguments)
        if arguments and not isinstance(origin, type) and str(origin).endswith(_WRAPPERS):
            return self.shape(arguments[0], place)
        if hasattr(annotation, "__supertype__"):  # a NewType
            return self.shape(annotation.__supertype__, place)
        if hasattr(origin, "__value__"):  # what a `type` statement makes
            return self._once(origin, arguments, place, lambda at: self.shape(origin.__value__, at))
        if isinstance(origin, type) and origin not in {object, Any}:
            return self._class(origin, arguments, place)
        return Shape()

    def _variable(self, variable: Any, place: _Place) -> Shape | None:
        if variable in place.bindings:
            annotation, bindings = place.bindings[variable]
            return self.shape(annotation, place._replace(bindings=bindings))
        # `Self` is bound wherever a class is read.
        choices = [variable.__bound__] if variable.__bound__ else variable.__constraints__
        if not choices:
            return Shape()
        return either(self.shape(choice, place) for choice in choices)

    def _once(
        self,
        owner: Any,
        arguments: tuple[Any, ...],
        place: _Place,
        read: Callable[[_Place], Shape | None],
    ) -> Shape | None:
        """Read what may contain itself, with its arguments in the place of its parameters."""
        if owner in self._open:
            return Shape("object", is_open=True, detail=f"again a {owner.__name__}")
        parameters: tuple[Any, ...] = getattr(owner, "__parameters__", ())
        bindings = {
            parameter: (argument, place.bindings)
            for parameter, argument in zip(parameters, arguments, strict=False)
        }
        self._open.append(owner)
        shape = read(place._replace(bindings={**bindings, Self: (owner, bindings)}))
        self._open.pop()
        return shape

    def _class(self, class_: Any, arguments: tuple[Any, ...], place: _Place) -> Shape | None:
        if issubclass(class_, Enum):
            return _constants(tuple(class_))
        if _is_record(class_):
            return self._once(class_, arguments, place, lambda at: self._record(class_, at))
        for base, type_ in _SCALARS:
            if issubclass(class_, base):
                return Shape(type_)
        if class_.__name__ in _PYDANTIC_DATES and class_.__module__.startswith("pydantic"):
            return Shape("datetime")
        if issubclass(class_, Mapping):
            return Shape("object", is_open=True)
        if issubclass(class_, Iterable) and not issubclass(class_, bytes | bytearray | memoryview):
            items = [argument for argument in arguments if argument is not Ellipsis]
            return Shape("list", item=either(self.shape(item, place) for item in items))
        return Shape("text", detail=f"a {class_.__name__}")

    def _record(self, class_: Any, place: _Place) -> Shape | None:
        if getattr(class_, "__pydantic_root_model__", False):
            (field,) = _fields(class_, by_alias=self._by_alias)
            return self.shape(field.annotation, place)
        config = getattr(class_, "model_config", None) or getattr(class_, "__pydantic_config__", {})
        is_open = config.get("extra") == "allow" if _is_pydantic(class_) else False
        if len(place.names) >= self._budget.levels:
            return Shape("object", is_open=True)
        fields: dict[str, Shape | None] = {}
        for field in _fields(class_, by_alias=self._by_alias):
            if is_nameable(field.name):
                inner = place._replace(
                    names=(*place.names, field.name), others=(*place.others, field.other)
                )
                self._note(inner)
                shape = self.shape(field.annotation, inner)
                fields[field.name] = _with(shape, field.detail, field.deprecated)
        return Shape("object", fields=fields, is_open=is_open)

    def _note(self, place: _Place) -> None:
        name, alias = ".".join(place.names), ".".join(place.others)
        self._names.add(name)
        if alias != name and is_nameable(alias):
            self._aliases.setdefault(alias, name)


def _with(shape: Shape | None, detail: object, deprecated: str | None) -> Shape | None:
    """Add what is said of a field to its shape, which belongs to nobody else."""
    if shape is not None:
        shape.detail = one_line(detail) or shape.detail
        shape.deprecated = shape.deprecated if deprecated is None else deprecated
    return shape


def _described(shape: Shape | None, metadata: Iterable[Any]) -> Shape | None:
    """Add what the metadata of an annotation say: `Doc`, `deprecated` and pydantic's `Field`."""
    for one in metadata:
        detail = getattr(one, "description", None) or getattr(one, "documentation", None)
        is_warning = type(one).__name__ == "deprecated"
        deprecated = _deprecated(one if is_warning else getattr(one, "deprecated", None))
        shape = _with(shape, detail, deprecated)
    return shape


def _constants(values: Iterable[Any]) -> Shape | None:
    """Return the shape of what is one of several values, or members of enums."""
    found = [plain(value) for value in values]
    # One of each class is enough, but for texts, all of which are values of the enum.
    others = {type(value): value for value in found if not isinstance(value, str)}
    shapes = [_constant(value) for value in others.values()]
    texts = [value for value in found if isinstance(value, str)]
    if texts:
        shapes.append(Shape("text", values=filter(None, texts)))
    return either(shapes)


def _constant(value: object) -> Shape | None:
    if value is None:
        return None
    for base, type_ in _SCALARS:
        if isinstance(value, base):
            return Shape(type_)
    return Shape()
