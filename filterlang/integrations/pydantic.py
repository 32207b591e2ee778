"""Types for pydantic v2, and with it FastAPI: text that has to be a filter.

A field takes the text of a filter and holds the parsed node. Bad text gives one error, of which
`ctx` has all the findings with their codes and spans, so that a form can show them. The nodes are
no dataclasses, which FastAPI would take for bodies of requests. `Filter` and `FilterSet` are types
of fields as they are; `AsFilter` and `AsFilterSet` make such that know a schema.

Filters of queries that FastAPI reads are the business of `filterlang.integrations.fastapi`.

Example:
    >>> from typing import Annotated
    >>> from pydantic import BaseModel
    >>> from filterlang import px
    >>> class Alert(BaseModel):
    ...     when: Filter
    ...     whom: Annotated[FilterSet, AsFilterSet(px.USER)]
    >>> alert = Alert(when="nps<6", whom=["role==admin", "title~*owner*"])
    >>> alert.when.clauses[0].name, len(alert.whom)
    ('nps', 2)
    >>> alert.model_dump_json()
    '{"when":"nps<6","whom":["role==admin","title~*owner*"]}'
"""

from __future__ import annotations

import inspect
import json
from contextvars import ContextVar
from functools import partial
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Final, Union, get_args, get_origin

from filterlang.diagnostics.missing_packages import needed

with needed("filterlang.integrations.pydantic", "pydantic", "pydantic_core"):
    from pydantic_core import PydanticCustomError, ValidationError, core_schema

from filterlang.checking.parse import parse_filter
from filterlang.checking.report import check
from filterlang.diagnostics.diagnostic import MAX_SHOWN, shown_of_one
from filterlang.diagnostics.errors import FilterSyntaxError, limited
from filterlang.reasoning.rewriting import resolve
from filterlang.syntax.json_form import from_json_obj
from filterlang.syntax.nodes import Clause, Filter, FilterSet, unparse
from filterlang.syntax.operators import Operator
from filterlang.syntax.parser import MAX_LENGTH

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.fields import FieldInfo
    from pydantic_core.core_schema import (
        CoreSchema,
        SerializationInfo,
        ValidatorFunctionWrapHandler,
    )

    from filterlang.diagnostics.diagnostic import Diagnostic
    from filterlang.schema.schema import Schema

__all__ = ["AsFilter", "AsFilterSet", "FilterParam", "FilterSetParam"]

_TYPE: Final = "filter_error"
"""The type of the errors, by which pydantic tells them from each other."""
_EXAMPLES = ["location.countryCode==US;score>=10", "email~*@example.com"]
_EXAMPLE_OF_TYPE = {
    "text": "{name}~A*",
    "integer": "{name}>=10",
    "number": "{name}>=10",
    "boolean": "{name}==true",
    "datetime": "{name}>=2024-01-01",
    "enum": "{name}=={value}",
}
_ABOUT = f"Clauses 'name operator value' joined by ';' for AND; operators {' '.join(Operator)}."


class AsFilter:
    """Make a pydantic type of `Filter`: `Annotated[Filter, AsFilter(schema)]`.

    The field takes the text of one filter, a `Filter` or a `Clause`, and holds a `Filter`. Text
    that is empty or blank is refused like any other mistake; a parameter that may be left out has
    a default. In JSON it is its canonical text. What `to_json_obj` gives of one filter is read too.

    Args:
        schema: what names there are, and of what types; without one only the syntax is checked.
            Aliases come out as the names that they stand for, so that a matcher without the schema
            looks for the keys that records have; types are told to `compile(…, schema=…)` as well.
        max_length: how many characters the text may have; None for no limit.
        max_diagnostics: how many findings the error tells of, the gravest ones, so that a short
            text never makes a long answer; if there are more, it says so.

    Its error has the type `filter_error`; `ctx` holds `code` and `span` of the first finding,
    `fixed` (the mended text, or None), and `diagnostics`, a list of what is wrong.

    Example:
        >>> from pydantic import TypeAdapter, ValidationError
        >>> from filterlang import px
        >>> users = TypeAdapter(Annotated[Filter, AsFilter(px.USER)])
        >>> users.validate_python("score>=10")
        Filter((Clause('score', '>=', '10'),))
        >>> try:
        ...     users.validate_python("scroe>=10")
        ... except ValidationError as error:
        ...     print(error.errors()[0]["msg"])
        FL501 at column 1: unknown name 'scroe'; did you mean 'score'?
    """

    __slots__ = ("max_diagnostics", "max_length", "schema")
    max_diagnostics: int
    max_length: int | None
    schema: Schema | None

    def __init__(
        self,
        schema: Schema | None = None,
        *,
        max_length: int | None = MAX_LENGTH,
        max_diagnostics: int = MAX_SHOWN,
    ) -> None:
        self.schema = schema
        self.max_length = max_length
        self.max_diagnostics = max_diagnostics

    def __reduce__(self) -> tuple[Any, ...]:
        return partial(
            type(self),
            self.schema,
            max_length=self.max_length,
            max_diagnostics=self.max_diagnostics,
        ), ()

    def __get_pydantic_core_schema__(
        self,
        source: Any,
        handler: GetCoreSchemaHandler,
    ) -> CoreSchema:
        # A union of text and node would give two errors for each bad value.
        return core_schema.no_info_wrap_validator_function(
            self._validated,
            core_schema.str_schema(strict=True),
            serialization=core_schema.plain_serializer_function_ser_schema(_text, info_arg=True),
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return self.json_schema()

    def json_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the text, with examples that fit the schema."""
        written: dict[str, Any] = {"type": "string", "description": _ABOUT}
        if self.max_length is not None:
            written["maxLength"] = self.max_length
        return {**written, "examples": _examples(self.schema)}

    def _validated(self, value: object, handler: ValidatorFunctionWrapHandler) -> Filter:
        if _is_form(value):
            (value,) = _of_form(value, self.max_diagnostics, only=1).filters
        if isinstance(value, Clause):
            value = Filter([value])
        if isinstance(value, Filter) and self.schema is None:
            return value
        text = str(value) if isinstance(value, Filter) else handler(value)
        report = check(text, self.schema, max_length=self.max_length)
        if report.filters is None:
            raise as_error(report.diagnostics, report.fixed, len(text), self.max_diagnostics)
        try:
            (filter_,) = report.filters.filters or [parse_filter(text)]
        except FilterSyntaxError as error:  # no text at all
            raise as_error(error.diagnostics, None, len(text), self.max_diagnostics) from None
        return filter_ if self.schema is None else resolve(filter_, self.schema, unknown="keep")


class AsFilterSet:
    """Make a pydantic type of `FilterSet`: `Annotated[FilterSet, AsFilterSet(schema)]`.

    The field takes a list of texts or nodes, one text or node, or a `FilterSet`, and holds a
    `FilterSet`; each bad text, of the first 20, has an error of its own with its place in the list.
    Blank texts are no filters and skipped, as `filterlang.parse` does; no filters at all match
    everything. In JSON it is the list of the canonical texts. A text that is such a list in JSON,
    as variables of an environment hold it, is read as that list; what `to_json_obj` gives is read
    too.

    A parameter of FastAPI can't be one: of a parameter that isn't a list, FastAPI hands over the
    last value alone. Declaring it raises `TypeError`; take `filterlang.integrations.fastapi`.

    Args:
        schema: as for `AsFilter`.
        max_length: how many characters each text may have; None for no limit.
        max_diagnostics: how many findings the error of each text tells of.

    Example:
        >>> from pydantic import TypeAdapter
        >>> TypeAdapter(FilterSetParam).validate_python(["a==1", " ", "b==2"])
        FilterSet((Filter((Clause('a', '==', '1'),)), Filter((Clause('b', '==', '2'),))))
    """

    __slots__ = ("_one",)

    def __init__(
        self,
        schema: Schema | None = None,
        *,
        max_length: int | None = MAX_LENGTH,
        max_diagnostics: int = MAX_SHOWN,
    ) -> None:
        self._one = AsFilter(schema, max_length=max_length, max_diagnostics=max_diagnostics)

    def __reduce__(self) -> tuple[Any, ...]:
        return partial(
            type(self),
            self._one.schema,
            max_length=self._one.max_length,
            max_diagnostics=self._one.max_diagnostics,
        ), ()

    def __get_pydantic_core_schema__(
        self,
        source: Any,
        handler: GetCoreSchemaHandler,
    ) -> CoreSchema:
        _refuse_parameter(inspect.currentframe())
        one = core_schema.no_info_wrap_validator_function(
            _unless_blank, self._one.__get_pydantic_core_schema__(Filter, handler)
        )
        return core_schema.no_info_wrap_validator_function(
            _filter_set,
            core_schema.list_schema(one),
            serialization=core_schema.plain_serializer_function_ser_schema(_texts, info_arg=True),
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "array", "items": self._one.json_schema()}


FilterParam = Annotated[Filter, AsFilter()]
"""A field or parameter that takes the text of one filter: `filter: FilterParam`."""

FilterSetParam = Annotated[FilterSet, AsFilterSet()]
"""A field that takes the texts of several filters, joined by OR."""


_budget: ContextVar[list[int]] = ContextVar("budget")
"""How many bad texts of the set that is being read may still be told."""


def _unless_blank(value: object, handler: ValidatorFunctionWrapHandler) -> Filter | None:
    if isinstance(value, str) and not value.strip(" "):
        return None
    left = _budget.get()
    if left[0] < 0:
        return None  # An error has been told, so that nothing is made of this one.
    try:
        filter_: Filter = handler(value)
    except (PydanticCustomError, ValidationError) as error:
        left[0] -= 1
        if left[0] < 0:
            raise PydanticCustomError(
                _TYPE,
                "there are more bad filters than {limit}; the rest isn't listed",
                {"limit": MAX_SHOWN},
            ) from error
        raise
    return filter_


def _filter_set(value: object, handler: ValidatorFunctionWrapHandler) -> FilterSet:
    if isinstance(value, str):
        value = _json_of(value)
    if _is_form(value):
        value = _of_form(value, MAX_SHOWN)
    if isinstance(value, FilterSet):
        value = list(value.filters)
    elif isinstance(value, str | Clause | Filter):
        value = [value]
    token = _budget.set([MAX_SHOWN])
    try:
        return FilterSet([one for one in handler(value) if one is not None])
    finally:
        _budget.reset(token)


def _json_of(text: str) -> object:
    """Return the list of texts or the form that a text is in JSON; else the text, one filter."""
    if text.strip(" ")[:1] not in {"[", "{"}:
        return text
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text
    is_list = isinstance(value, list) and all(isinstance(one, str) for one in value)
    return value if is_list or _is_form(value) else text


def _is_form(value: object) -> bool:
    """Return whether a value is meant as what `to_json_obj` gives."""
    return isinstance(value, dict) and "filters" in value


def _of_form(value: object, most: int, only: int | None = None) -> FilterSet:
    """Return the filters that a form holds, `only` so many."""
    try:
        filters = from_json_obj(value)
    except FilterSyntaxError as error:
        raise as_error(error.diagnostics, None, 0, most) from None
    if only is not None and len(filters) != only:
        raise PydanticCustomError(
            _TYPE,
            "expected one filter, found {count}",
            {"count": len(filters)},
        )
    return filters


def _text(filter_: Filter, info: SerializationInfo) -> Filter | str:
    return str(filter_) if info.mode == "json" else filter_


def _texts(filters: FilterSet, info: SerializationInfo) -> FilterSet | list[str]:
    return unparse(filters) if info.mode == "json" else filters


def type_of(node: type[Filter | FilterSet]) -> AsFilter | AsFilterSet:
    """Return what makes a type of a class of nodes that stands by itself as the type of a field."""
    return AsFilterSet() if issubclass(node, FilterSet) else AsFilter()


# --- FastAPI --------------------------------------------------------------------------------------


_OF_ONE_VALUE = {"Query", "Header", "Cookie", "Form"}
"""What FastAPI reads the last value of, unless its annotation is that of a list."""


def _refuse_parameter(frame: FrameType | None) -> None:
    """Raise if this is asked for a parameter that FastAPI would keep the last filter of.

    FastAPI tells pydantic nothing of where a value comes from. So who asks is looked up in the
    calls, once for each parameter, while the route is declared.
    """
    while frame is not None:
        info = _field_info(frame)
        if info is not None and _is_filter_set(info.annotation):
            name = info.alias
            message = (
                f"expected a list as the parameter {name!r}, found a FilterSet, for which FastAPI"
                " would keep the last of several filters; write Annotated[FilterSet,"
                " Depends(FilterQuery())] with the FilterQuery of filterlang.integrations.fastapi"
            )
            raise TypeError(message)
        frame = frame.f_back


def _field_info(frame: FrameType) -> FieldInfo | None:
    """Return what FastAPI knows of a parameter that it is asking pydantic about; else None."""
    # Objects of others aren't touched: those of pydantic build a schema when they are looked at.
    if not str(frame.f_globals.get("__name__")).startswith("fastapi."):
        return None
    info: FieldInfo | None = getattr(frame.f_locals.get("self"), "field_info", None)
    # FastAPI need not be installed, and isn't imported for those who don't use it.
    is_of_one_value = any(
        class_.__module__ == "fastapi.params" and class_.__name__ in _OF_ONE_VALUE
        for class_ in type(info).__mro__
    )
    return info if is_of_one_value else None


def _is_filter_set(annotation: object) -> bool:
    """Return whether an annotation is a set of filters, or one that may be left out."""
    if get_origin(annotation) is Annotated:
        return _is_filter_set(get_args(annotation)[0])
    if get_origin(annotation) in {Union, UnionType}:
        return any(map(_is_filter_set, get_args(annotation)))
    return annotation is FilterSet


# --- Errors ---------------------------------------------------------------------------------------


def as_error(
    diagnostics: Sequence[Diagnostic], fixed: list[str] | None, length: int, most: int
) -> PydanticCustomError:
    """Build the one error of pydantic that tells what is wrong with one text of that length."""
    # What says that there are more stays among them.
    errors = [one for one in diagnostics if one.severity == "error" or one.code == "FL304"]
    return PydanticCustomError(
        _TYPE,
        "{message}",
        {
            "code": errors[0].code,
            "span": list(errors[0].span),
            "fixed": fixed[0] if fixed else None,
            "diagnostics": [_plain(one) for one in limited(diagnostics, most, length)],
            # Pydantic fills in one value after the other; braces in what comes last stay braces.
            "message": "\n".join(map(_line, shown_of_one(errors, most))),
        },
    )


def _line(diagnostic: Diagnostic | str) -> str:
    if isinstance(diagnostic, str):
        return diagnostic
    hint = f"; {diagnostic.hint}" if diagnostic.hint else ""
    place = diagnostic.span.start + 1
    return f"{diagnostic.code} at column {place}: {diagnostic.message}{hint}"


def _plain(diagnostic: Diagnostic) -> dict[str, Any]:
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "span": list(diagnostic.span),
        "hint": diagnostic.hint,
    }


def _examples(schema: Schema | None) -> list[str]:
    """Return a clause for each type that a schema has, at most three."""
    if schema is None:
        return list(_EXAMPLES)
    found: dict[str, str] = {}
    for name, dimension in schema.walk():
        template = _EXAMPLE_OF_TYPE.get(dimension.type)
        usable = dimension.filterable and dimension.deprecated is None
        if template is None or not usable or dimension.operators is not None:
            continue
        value = dimension.values[0] if dimension.values else ""
        text = template.format(name=name, value=value)
        if dimension.type not in found and check(text, schema).ok:
            found[dimension.type] = text
    return list(found.values())[:3]
