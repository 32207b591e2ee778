"""The filters of a request, for FastAPI: a dependency that reads and checks them.

Example:
    >>> from typing import Annotated
    >>> from fastapi import Depends, FastAPI
    >>> from filterlang import FilterSet, compile, px
    >>> app = FastAPI()
    >>> @app.get("/users")
    ... def users(filters: Annotated[FilterSet, Depends(FilterQuery(px.USER))]) -> list[str]:
    ...     matcher = compile(filters, schema=px.USER)
    ...     return [user["email"] for user in matcher.filter([{"email": "a@b.c", "score": 7}])]
    >>> from fastapi.testclient import TestClient
    >>> TestClient(app).get("/users?filter=score%3E%3D5").json()
    ['a@b.c']
    >>> TestClient(app).get("/users?Filter=score%3E%3D9").status_code
    422
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Annotated, Any

from filterlang.diagnostics.missing_packages import needed

with needed("filterlang.integrations.fastapi", "fastapi", "fastapi", "pydantic"):
    from fastapi import Query, Request
    from fastapi.exceptions import RequestValidationError
    from pydantic import TypeAdapter, ValidationError

from filterlang.checking.parse_query import from_query
from filterlang.diagnostics.diagnostic import MAX_SHOWN
from filterlang.diagnostics.errors import FilterError
from filterlang.diagnostics.places import Place, written_in
from filterlang.integrations.pydantic import AsFilter, as_error
from filterlang.syntax.nodes import Filter, FilterSet
from filterlang.syntax.parser import MAX_LENGTH
from filterlang.syntax.query import KEY, read_query

if TYPE_CHECKING:
    from collections.abc import Sequence

    from filterlang.diagnostics.diagnostic import Diagnostic
    from filterlang.schema.schema import Schema

__all__ = ["FilterQuery"]

_ABOUT = "Which records to return: those that one of these filters matches; without any, all."


class FilterQuery:
    """A dependency of FastAPI that gives the filters of a request, checked against a schema.

    `filters: Annotated[FilterSet, Depends(FilterQuery(schema))]`. It reads the query string as it
    was sent, so that a key that is almost `filter` (`filters=`, `Filter=`, `filter[]=`), a filter
    without its key and malformed percent sequences are refused, under which nothing would be
    restricted. Aliases of the schema come out as the names that they stand for.

    What is wrong is answered with 422, as FastAPI does: `detail` has one error for each bad filter,
    as `AsFilter` describes it, and one for what is wrong with the query itself, at most 20.

    The OpenAPI document has the parameter `filter`, a list of texts, with a description, and with
    examples that fit the schema.

    Args:
        schema: what names there are, and of what types; without one only the syntax is checked.
            Give the same one to `compile`, or to whatever finds the records.
        max_length: how many characters each filter may have; None for no limit.
        max_diagnostics: how many findings the error of each filter tells of.
    """

    __slots__ = ("__signature__", "_max_diagnostics", "_max_length", "_one")

    def __init__(
        self,
        schema: Schema | None = None,
        *,
        max_length: int | None = MAX_LENGTH,
        max_diagnostics: int = MAX_SHOWN,
    ) -> None:
        self._max_length = max_length
        self._max_diagnostics = max_diagnostics
        one = AsFilter(schema, max_length=max_length, max_diagnostics=max_diagnostics)
        self._one: TypeAdapter[Filter] = TypeAdapter(Annotated[Filter, one])
        text = one.json_schema()
        parameter = Query(
            description=_ABOUT,
            json_schema_extra={"items": text},
            examples=[[one] for one in text["examples"]],
        )
        # FastAPI reads here which parameters to document; the values are taken from the query.
        self.__signature__: inspect.Signature = inspect.Signature(
            [
                inspect.Parameter("request", inspect.Parameter.KEYWORD_ONLY, annotation=Request),
                inspect.Parameter(
                    KEY,
                    inspect.Parameter.KEYWORD_ONLY,
                    default=(),
                    annotation=Annotated[list[str], parameter],
                ),
            ]
        )

    def __call__(self, request: Request, **_: object) -> FilterSet:
        """Return the filters of a request; FastAPI calls it.

        Raises:
            RequestValidationError: for what is wrong, which FastAPI answers with 422.
        """
        # What isn't UTF-8 is told as a mistake of the filter that it stands in.
        query = request.scope["query_string"].decode("utf-8", "replace")
        errors: list[dict[str, Any]] = []
        texts: Sequence[str]
        try:
            from_query(query, max_length=self._max_length)
            texts = read_query(query)[0]
        except FilterError as error:
            texts = error.sources
            of_query = [found for found in error.diagnostics if found.source_index is None]
            if of_query:
                errors.append(self._of_query(of_query, query))
        filters: list[Filter] = []
        for index, text in enumerate(texts):
            if not text.strip(" "):
                continue
            if len(errors) == MAX_SHOWN:
                # Where there are so many, the rest isn't looked at.
                break
            try:
                with written_in(Place.QUERY):
                    filters.append(self._one.validate_python(text))
            except ValidationError as refused:
                (wrong,) = refused.errors(include_url=False)
                errors.append({**wrong, "loc": ("query", KEY, index)})
        if errors:
            raise RequestValidationError(errors)
        return FilterSet(filters)

    def _of_query(self, diagnostics: Sequence[Diagnostic], query: str) -> dict[str, Any]:
        """Return the error of FastAPI that tells what is wrong with the query string."""
        wrong = as_error(diagnostics, None, len(query), self._max_diagnostics)
        return {
            "type": wrong.type,
            "loc": ("query",),
            "msg": wrong.message(),
            "input": query,
            "ctx": wrong.context,
        }
