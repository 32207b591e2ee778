"""The types of arguments that several functions take, for annotations of what is built on them.

This library itself imports them for type checkers alone, so that they cost nothing until somebody
asks for one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, ValuesView
from collections.abc import Set as AbstractSet
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, Literal, Protocol, TypeAlias
from uuid import UUID

from filterlang.syntax.nodes import Clause, Filter, FilterSet


class _Hashable(Protocol):
    """An iterable of texts that may be a key, as no dict may."""

    def __iter__(self) -> Iterator[str]: ...
    def __hash__(self) -> int: ...


Node: TypeAlias = Clause | Filter | FilterSet
"""What a filter is once it is parsed or built: any of the three nodes."""

Filters: TypeAlias = FilterSet | Filter | Clause | str | Iterable[str]
"""What stands for filters, parsed or as text: a node, the text of one filter, or several texts.

It is what `compile`, `simplify`, `map_clauses` and the backends take. Nodes and texts in any
mixture are made one node by `any_of`.
"""

Texts: TypeAlias = (
    str | Sequence[str] | AbstractSet[str] | ValuesView[str] | Iterator[str] | _Hashable
)
"""The text of one filter, or an iterable of several, as `parse` takes them.

No mapping is one, of which only the keys would be read. To mypy, what is declared as no more than
`Iterable[str]` might be one.
"""

Value: TypeAlias = str | int | float | Decimal | bool | date | Enum | UUID | None
"""What a `field` can be compared with; a datetime is a date to Python."""

Params: TypeAlias = list[tuple[str, Any]]
"""Decoded pairs for the `params=` of an HTTP client, as `to_params` gives them: pairs of texts."""

Dialect: TypeAlias = Literal["px", "aptrinsic-2019"]
"""How filters are written into a query: as the API reads them today, or as its table of 2019."""
