"""The types of arguments that several functions take, for annotations of what is built on them.

This library itself imports them for type checkers alone, so that they cost nothing until somebody
asks for one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, Literal, TypeAlias
from uuid import UUID

from filterlang.syntax.nodes import Clause, Filter, FilterSet

Node: TypeAlias = Clause | Filter | FilterSet
"""What a filter is once it is parsed or built: any of the three nodes."""

Texts: TypeAlias = str | Iterable[str]
"""The text of one filter, or an iterable of several, as `parse` takes them.

A mapping is refused when it is passed, since only its keys would be read.
"""

Filters: TypeAlias = FilterSet | Filter | Clause | Texts
"""What stands for filters, parsed or as text: a node, the text of one filter, or several texts.

It is what `compile`, `simplify`, `map_clauses` and the backends take. Nodes and texts in any
mixture are made one node by `any_of`.
"""

Value: TypeAlias = str | int | float | Decimal | bool | date | Enum | UUID | None
"""What a `field` can be compared with; a datetime is a date to Python."""

Params: TypeAlias = list[tuple[str, Any]]
"""Decoded pairs for the `params=` of an HTTP client, as `to_params` gives them: pairs of texts."""

Dialect: TypeAlias = Literal["px", "aptrinsic-2019"]
"""How filters are written into a query: as the API reads them today, or as its table of 2019."""
