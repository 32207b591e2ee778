"""The filter language of the Aptrinsic (Gainsight PX) REST API: parse, print, encode, match.

`import filterlang` loads nothing but this file; each name is loaded when it is first used.
"""

from __future__ import annotations

from filterlang._version import __version__

# Type checkers take this for true; `typing` itself would cost 3 ms to import.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from filterlang import px
    from filterlang.builder import F, Field, field
    from filterlang.checker import Report, check
    from filterlang.completion import Completion, complete
    from filterlang.diagnostics import Diagnostic, Edit, Fix, Span
    from filterlang.errors import (
        FilterError,
        FilterSyntaxError,
        LimitError,
        SchemaError,
        UnsupportedError,
    )
    from filterlang.escaping import Wildcard, escape
    from filterlang.index import FilterIndex
    from filterlang.jsonform import from_json_obj, to_json_obj
    from filterlang.matcher import Matcher, compile, matches  # noqa: A004 — the verb of `re`
    from filterlang.nodes import Clause, Filter, FilterSet, Pattern, unparse
    from filterlang.operators import Operator
    from filterlang.parser import parse, parse_filter
    from filterlang.query import from_params, from_query, to_params, to_query
    from filterlang.rewrite import Answer, equivalent, implies, simplify
    from filterlang.schema import Dimension, Schema
    from filterlang.transport import comma_trap, split_by_length

__all__ = [
    "Answer",
    "Clause",
    "Completion",
    "Diagnostic",
    "Dimension",
    "Edit",
    "F",
    "Field",
    "Filter",
    "FilterError",
    "FilterIndex",
    "FilterSet",
    "FilterSyntaxError",
    "Fix",
    "LimitError",
    "Matcher",
    "Operator",
    "Pattern",
    "Report",
    "Schema",
    "SchemaError",
    "Span",
    "UnsupportedError",
    "Wildcard",
    "__version__",
    "check",
    "comma_trap",
    "compile",
    "complete",
    "equivalent",
    "escape",
    "field",
    "from_json_obj",
    "from_params",
    "from_query",
    "implies",
    "matches",
    "parse",
    "parse_filter",
    "px",
    "simplify",
    "split_by_length",
    "to_json_obj",
    "to_params",
    "to_query",
    "unparse",
]

_HOMES = {
    "builder": ("F", "Field", "field"),
    "checker": ("Report", "check"),
    "completion": ("Completion", "complete"),
    "diagnostics": ("Diagnostic", "Edit", "Fix", "Span"),
    "errors": ("FilterError", "FilterSyntaxError", "LimitError", "SchemaError", "UnsupportedError"),
    "escaping": ("Wildcard", "escape"),
    "jsonform": ("from_json_obj", "to_json_obj"),
    "index": ("FilterIndex",),
    "matcher": ("Matcher", "compile", "matches"),
    "nodes": ("Clause", "Filter", "FilterSet", "Pattern", "unparse"),
    "operators": ("Operator",),
    "parser": ("parse", "parse_filter"),
    "query": ("from_params", "from_query", "to_params", "to_query"),
    "rewrite": ("Answer", "equivalent", "implies", "simplify"),
    "schema": ("Dimension", "Schema"),
    "transport": ("comma_trap", "split_by_length"),
}
_MODULES = ("px",)
_HOME = {name: module for module, names in _HOMES.items() for name in names}


if not TYPE_CHECKING:  # To type checkers, there are only the names above.

    def __getattr__(name: str) -> object:
        # `importlib` itself would cost a millisecond to import.
        if name in _HOME:
            home = _HOME[name]
            value = getattr(__import__(f"{__name__}.{home}", fromlist=[home]), name)
        elif name in _MODULES:
            value = __import__(f"{__name__}.{name}", fromlist=[name])
        else:
            message = f"module {__name__!r} has no attribute {name!r}"
            raise AttributeError(message)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
