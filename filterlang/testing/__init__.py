"""Help for the tests of what is built on this library: strategies, a comparison, and vectors.

`names`, `clauses`, `filters`, `filter_sets` and `records` draw what filters and records can be,
freely or from a schema; `expressions` and `patterns` draw what stands in clauses, `damaged_texts`
draws texts that are almost filters, and `matching_records` and `near_misses` draw records for given
filters. They are strategies of Hypothesis, which is loaded with the first of them.
`assert_same_rows` holds a backend to the matcher, `vectors` gives the conformance vectors of the
language, and `evaluators` lists everything in the library that gives verdicts. `local_server` is
the API for the tests of its clients, and `filterlang.testing.fixtures` has it for pytest. The extra
`testing` brings what all of it needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from filterlang.testing.conformance import Vector, vectors
from filterlang.testing.evaluators import Evaluator, evaluators
from filterlang.testing.local_server import LocalServer, ReceivedRequest, local_server
from filterlang.testing.same_rows import assert_same_rows
from filterlang.testing.verdicts import LeftOut, Reason

if TYPE_CHECKING:
    from filterlang.testing.drawn_filters import (
        clauses,
        damaged_texts,
        expressions,
        filter_sets,
        filters,
        names,
        patterns,
    )
    from filterlang.testing.drawn_records import matching_records, near_misses, records

__all__ = [
    "Evaluator",
    "LeftOut",
    "LocalServer",
    "Reason",
    "ReceivedRequest",
    "Vector",
    "assert_same_rows",
    "clauses",
    "damaged_texts",
    "evaluators",
    "expressions",
    "filter_sets",
    "filters",
    "local_server",
    "matching_records",
    "names",
    "near_misses",
    "patterns",
    "records",
    "vectors",
]

_HOMES = {
    "drawn_filters": (
        "clauses",
        "damaged_texts",
        "expressions",
        "filter_sets",
        "filters",
        "names",
        "patterns",
    ),
    "drawn_records": ("matching_records", "near_misses", "records"),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}


if not TYPE_CHECKING:  # To type checkers, there are only the names above.

    def __getattr__(name: str) -> object:
        if name not in _HOME:
            message = f"module {__name__!r} has no attribute {name!r}"
            raise AttributeError(message)
        value = getattr(__import__(f"{__name__}.{_HOME[name]}", fromlist=[name]), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
