"""The filter language of the Aptrinsic (Gainsight PX) REST API: parse, print, encode, match.

`import filterlang` loads nothing but this file; each name is loaded when it is first used.
"""

from __future__ import annotations

from filterlang._version import __version__

# Type checkers take this for true; `typing` itself would cost 3 ms to import.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from filterlang import px
    from filterlang.building.attribute_names import F
    from filterlang.building.builder import Field, field
    from filterlang.building.combining import all_of, any_of
    from filterlang.building.moments import ago
    from filterlang.building.templates import Template, fill, template
    from filterlang.checking.completion import Completion, complete
    from filterlang.checking.parse import parse, parse_filter
    from filterlang.checking.parse_query import from_params, from_query
    from filterlang.checking.placed_clauses import ClauseSpans
    from filterlang.checking.report import Report, check
    from filterlang.diagnostics.diagnostic import Diagnostic, Edit, Fix, Span
    from filterlang.diagnostics.errors import (
        FilterError,
        FilterSyntaxError,
        LimitError,
        SchemaError,
        UnsupportedError,
    )
    from filterlang.matching.index.filter_index import FilterIndex
    from filterlang.matching.matcher import Matcher, compile, matches
    from filterlang.reasoning.rewriting import map_clauses, rename, resolve
    from filterlang.reasoning.simplify import Answer, equivalent, implies, simplify
    from filterlang.schema.schema import Dimension, Schema
    from filterlang.syntax.argument_types import Dialect, Filters, Node, Params, Texts, Value
    from filterlang.syntax.escaping import Wildcard, escape
    from filterlang.syntax.json_form import from_json_obj, to_json_obj
    from filterlang.syntax.nodes import Clause, Filter, FilterSet, unparse
    from filterlang.syntax.operators import Operator
    from filterlang.syntax.pattern import Pattern
    from filterlang.syntax.query import to_params, to_query
    from filterlang.syntax.transport import comma_trap, split_by_length

__all__ = [
    "Answer",
    "Clause",
    "ClauseSpans",
    "Completion",
    "Diagnostic",
    "Dialect",
    "Dimension",
    "Edit",
    "F",
    "Field",
    "Filter",
    "FilterError",
    "FilterIndex",
    "FilterSet",
    "FilterSyntaxError",
    "Filters",
    "Fix",
    "LimitError",
    "Matcher",
    "Node",
    "Operator",
    "Params",
    "Pattern",
    "Report",
    "Schema",
    "SchemaError",
    "Span",
    "Template",
    "Texts",
    "UnsupportedError",
    "Value",
    "Wildcard",
    "__version__",
    "ago",
    "all_of",
    "any_of",
    "check",
    "comma_trap",
    "compile",
    "complete",
    "equivalent",
    "escape",
    "field",
    "fill",
    "from_json_obj",
    "from_params",
    "from_query",
    "implies",
    "map_clauses",
    "matches",
    "parse",
    "parse_filter",
    "px",
    "rename",
    "resolve",
    "simplify",
    "split_by_length",
    "template",
    "to_json_obj",
    "to_params",
    "to_query",
    "unparse",
]

_HOMES = {
    "building.attribute_names": ("F",),
    "building.builder": ("Field", "field"),
    "building.combining": ("all_of", "any_of"),
    "building.moments": ("ago",),
    "building.templates": ("Template", "fill", "template"),
    "checking.placed_clauses": ("ClauseSpans",),
    "checking.report": ("Report", "check"),
    "checking.completion": ("Completion", "complete"),
    "diagnostics.diagnostic": ("Diagnostic", "Edit", "Fix", "Span"),
    "diagnostics.errors": (
        "FilterError",
        "FilterSyntaxError",
        "LimitError",
        "SchemaError",
        "UnsupportedError",
    ),
    "syntax.argument_types": ("Dialect", "Filters", "Node", "Params", "Texts", "Value"),
    "syntax.escaping": ("Wildcard", "escape"),
    "syntax.json_form": ("from_json_obj", "to_json_obj"),
    "matching.index.filter_index": ("FilterIndex",),
    "matching.matcher": ("Matcher", "compile", "matches"),
    "syntax.nodes": ("Clause", "Filter", "FilterSet", "unparse"),
    "syntax.operators": ("Operator",),
    "syntax.pattern": ("Pattern",),
    "checking.parse": ("parse", "parse_filter"),
    "checking.parse_query": ("from_params", "from_query"),
    "syntax.query": ("to_params", "to_query"),
    "reasoning.rewriting": ("map_clauses", "rename", "resolve"),
    "reasoning.simplify": ("Answer", "equivalent", "implies", "simplify"),
    "schema.schema": ("Dimension", "Schema"),
    "syntax.transport": ("comma_trap", "split_by_length"),
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
