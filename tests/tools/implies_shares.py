"""`python -m tests.tools.implies_shares` prints how often `implies` says yes, no and unknown.

The sample is seeded. Its pairs of filters are near each other: they share names, and often clauses.
"""

from __future__ import annotations

import random
from collections import Counter

import filterlang as fl
from filterlang import Answer, Clause, Filter, FilterSet, Operator, Pattern
from tests.support import typed_records
from tests.support.reports import USERS

PAIRS = 3000
OPERATORS = list(Operator)


def _clause(draw, names, schema):
    name, operator = draw.choice(names), draw.choice(OPERATORS)
    if operator.matches_pattern:
        return Clause(name, operator, Pattern(draw.choice(typed_records.PATTERNS)))
    found = None if schema is None else schema.find(name)
    type_ = None if found is None or found.dimension is None else found.dimension.type
    expression = draw.choice(typed_records.EXPRESSIONS[type_])
    return Clause(name, operator, expression or ("" if operator.allows_empty else "5"))


def _filters(draw, clauses):
    return FilterSet(
        Filter(draw.choices(clauses, k=draw.randint(1, 3))) for _ in range(draw.randint(1, 3))
    )


def pairs(schema, count=PAIRS):
    """Give pairs of filter sets, the same ones in each run."""
    draw = random.Random(5)  # noqa: S311 — a sample, no secret
    names = typed_records.UNTYPED if schema is None else typed_records.NAMES
    for _ in range(count):
        few = draw.sample(names, draw.randint(1, 3))
        clauses = [_clause(draw, few, schema) for _ in range(draw.randint(1, 6))]
        yield _filters(draw, clauses), _filters(draw, clauses)


def shares(schema, count=PAIRS):
    """Count the answers of `implies`."""
    return Counter(fl.implies(a, b, schema) for a, b in pairs(schema, count))


if __name__ == "__main__":
    for label, schema in (("without a schema", None), ("with a schema", USERS)):
        counts = shares(schema)
        said = ", ".join(f"{answer.value} {counts[answer] / PAIRS:.1%}" for answer in Answer)
        print(f"{label}, {PAIRS} pairs: {said}")  # noqa: T201 — what it is for
