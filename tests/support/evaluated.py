"""The match vectors over the list of evaluators: each one gives the verdicts of the vectors.

Evaluators that take any record, or a line, are asked vector by vector. To make a table takes longer
than to ask it, so that of all records one is made for the others: names get the number of their
record in front, in the record and in the filters, which changes no verdict.
"""

from __future__ import annotations

from collections import Counter

import filterlang as fl
from filterlang.testing import LeftOut, Reason, vectors

EXECUTED = {
    "plain judge": 716,
    "generated code": 716,
    "generated code, careful": 716,
    "generated code, of a list": 716,
    "explain": 716,
    "index": 716,
    "prefilter": 403,
    "JSON Lines": 533,
    "Arrow batches": 648,
    "polars": 639,
    "lazy polars": 622,
    "pandas": 643,
    "pandas on Arrow": 648,
    "dask": 643,
    "pyarrow": 648,
    "pyarrow batches": 648,
    "pyarrow datasets": 509,
    "DuckDB": 623,
    "Spark": 584,
    "Spark Connect": 584,
    "SQLite": 646,
    "SQLite documents": 533,
    "PostgreSQL": 661,
    "PostgreSQL documents": 520,
    "MariaDB": 650,
    "MariaDB documents": 525,
}
"""How many vectors each evaluator gives a verdict on, at least. These numbers only rise."""

EXECUTED_TYPED = {
    "plain judge": 1114,
    "generated code": 1114,
    "generated code, careful": 1114,
    "generated code, of a list": 1114,
    "explain": 1114,
    "index": 1114,
    "prefilter": 602,
    "JSON Lines": 1013,
    "Arrow batches": 1098,
    "polars": 1070,
    "lazy polars": 814,
    "pandas": 1098,
    "pandas on Arrow": 1098,
    "dask": 1098,
    "pyarrow": 1098,
    "pyarrow batches": 1098,
    "pyarrow datasets": 816,
    "DuckDB": 814,
    "Spark": 814,
    "Spark Connect": 814,
    "SQLite": 1087,
    "SQLite documents": 1013,
    "PostgreSQL": 1098,
    "PostgreSQL documents": 1013,
    "MariaDB": 674,
    "MariaDB documents": 493,
}
"""The same of the vectors of matching with a schema."""

CASES = vectors("match")
TYPED_CASES = vectors("match_schema")


def _packed(all_cases):
    """Give the vectors about mappings with their filters renamed, the record and schema of all."""
    numbers: dict[tuple[str, int], int] = {}
    record, cases, asked = {}, [], []
    dimensions, aliases = {}, {}
    for case in all_cases:
        if not isinstance(case["record"], dict):
            continue
        told = (repr(case["record"]), id(case.get("schema")))
        start = f"r{numbers.setdefault(told, len(numbers))}_"
        record |= {start + key: value for key, value in case["record"].items()}
        cases.append(case)
        filters = fl.parse(case["filters"])
        if "schema" in case:
            schema = case["schema"]
            names = [clause.name for filter_ in filters for clause in filter_]
            found = {name.partition(".")[0] for name in [*case["record"], *names]}
            used = {name: path for name, path in dict(schema.aliases).items() if name in names}
            found |= {path.partition(".")[0] for path in used.values()}
            dimensions |= {
                start + name: one
                for name, one in dict(schema.dimensions).items()
                if name.partition(".")[0] in found
            }
            aliases |= {start + name: start + path for name, path in used.items()}
        asked.append(
            fl.FilterSet(
                fl.Filter(
                    fl.Clause(start + clause.name, clause.operator, clause.expression)
                    for clause in filter_
                )
                for filter_ in filters
            )
        )
    schema = fl.Schema(dimensions, aliases=aliases, is_open=True) if dimensions else None
    return record, cases, asked, schema


def expect_vectors(evaluator):
    """Ask an evaluator all vectors; its verdicts are theirs, and it gives as many as before."""
    _expect(evaluator, CASES, EXECUTED[evaluator.name])
    _expect(evaluator, TYPED_CASES, EXECUTED_TYPED[evaluator.name])


def expect_some_vectors(evaluator):
    """Ask an evaluator every seventh vector, where it is noted which lines are reached."""
    for cases in (CASES[::7], TYPED_CASES[::7]):
        _expect(evaluator, cases, 1)


def _expect(evaluator, cases, least):
    if evaluator.requires:
        record, cases, asked, schema = _packed(cases)
        said = evaluator.ask(asked, [record], schema)
    else:
        said = [
            evaluator.judge(case["filters"], [case["record"]], case.get("schema")) for case in cases
        ]
    wrong = {
        case["name"]: verdicts
        for case, verdicts in zip(cases, said, strict=True)
        if not isinstance(verdicts, LeftOut) and verdicts != [case["matches"]]
    }
    assert wrong == {}
    left_out = Counter(one.reason for one in said if isinstance(one, LeftOut))
    assert left_out.keys() <= set(Reason) - {Reason.NOT_CONNECTED}
    executed = len(said) - left_out.total()
    assert executed >= least, f"{evaluator.name} leaves out more than before: {left_out}"


def evaluator_of(evaluators, name):
    """Give an evaluator by its name."""
    (found,) = (one for one in evaluators if one.name == name)
    return found
