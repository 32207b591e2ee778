"""Help for the tests of what is built on this library: strategies, a comparison, and vectors.

`names`, `clauses`, `filters`, `filter_sets` and `records` draw what filters and records can be,
freely or from a schema; `expressions` and `patterns` draw what stands in clauses, `damaged_texts`
draws texts that are almost filters, and `matching_records` and `near_misses` draw records for given
filters. They are strategies of Hypothesis, which the extra `testing` brings. `assert_same_rows`
holds a backend to the matcher, `vectors` gives the conformance vectors of the language, and
`evaluators` lists everything in the library that gives verdicts. `local_server` is the API for the
tests of its clients, with the extra `server`, and `filterlang.testing.fixtures` has it for pytest.
"""

from __future__ import annotations

from filterlang.testing.conformance import Vector, vectors
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
from filterlang.testing.evaluators import Evaluator, evaluators
from filterlang.testing.local_server import LocalServer, ReceivedRequest, local_server
from filterlang.testing.same_rows import assert_same_rows
from filterlang.testing.verdicts import LeftOut, Reason

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
