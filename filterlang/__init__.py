"""The filter language of the Aptrinsic (Gainsight PX) REST API: parse, print, encode, match.

`import filterlang` loads nothing but this file; each name is loaded when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from filterlang._version import __version__

if TYPE_CHECKING:
    from filterlang.diagnostics import Diagnostic, Edit, Fix, Span
    from filterlang.errors import (
        FilterError,
        FilterSyntaxError,
        LimitError,
        SchemaError,
        UnsupportedError,
    )
    from filterlang.escaping import Wildcard, escape
    from filterlang.matcher import Matcher, compile, matches  # noqa: A004 — the verb of `re`
    from filterlang.nodes import Clause, Filter, FilterSet, Pattern, unparse
    from filterlang.operators import Operator
    from filterlang.parser import parse, parse_filter
    from filterlang.query import from_params, from_query, to_params, to_query

__all__ = [
    "Clause",
    "Diagnostic",
    "Edit",
    "Filter",
    "FilterError",
    "FilterSet",
    "FilterSyntaxError",
    "Fix",
    "LimitError",
    "Matcher",
    "Operator",
    "Pattern",
    "SchemaError",
    "Span",
    "UnsupportedError",
    "Wildcard",
    "__version__",
    "compile",
    "escape",
    "from_params",
    "from_query",
    "matches",
    "parse",
    "parse_filter",
    "to_params",
    "to_query",
    "unparse",
]

_HOMES = {
    "diagnostics": ("Diagnostic", "Edit", "Fix", "Span"),
    "errors": ("FilterError", "FilterSyntaxError", "LimitError", "SchemaError", "UnsupportedError"),
    "escaping": ("Wildcard", "escape"),
    "matcher": ("Matcher", "compile", "matches"),
    "nodes": ("Clause", "Filter", "FilterSet", "Pattern", "unparse"),
    "operators": ("Operator",),
    "parser": ("parse", "parse_filter"),
    "query": ("from_params", "from_query", "to_params", "to_query"),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    from importlib import import_module  # noqa: PLC0415 — names are loaded when they are first used

    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
