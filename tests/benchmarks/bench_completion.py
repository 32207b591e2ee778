"""How long a completion takes: `python -m tests.benchmarks.bench_completion`.

10,000 names, half of them two segments deep. Every keystroke should take less than 5 ms, the first
one included, which has to index the names.
"""

from __future__ import annotations

import sys
from statistics import median
from time import perf_counter

from filterlang import Dimension, Schema
from filterlang.checking.completion import complete

COUNT = 10_000
ROUNDS = 25
WORDS = ("last", "first", "country", "visit", "date", "score", "plan", "zone", "user", "agent")


def big_schema(count: int = COUNT) -> Schema:
    """Make a schema of flat and nested names, as an integration with many attributes has it."""
    names = [
        f"{WORDS[i % 10]}{WORDS[i // 10 % 10].title()}{WORDS[i // 100 % 10].title()}{i}"
        for i in range(count // 2)
    ]
    fields = {name: Dimension("integer") for name in names}
    return Schema({**fields, "customAttributes": Dimension("map", fields=fields)})


CASES = {
    "nothing typed": "",
    "a prefix of many": "l",
    "a prefix of some": "countryDate",
    "a later segment": "planScoreVisit",
    "inside of a name": "Zone4321",
    "an abbreviation": "lsfrstdt",
    "no name at all": "qqqq",
    "the last name": "customAttributes.agentAgentAgent4999",
    "the third clause": "a==1;b==2;userAg",
    "an operator": "lastLastLast0",
}


def milliseconds(text: str, schema: Schema) -> float:
    start = perf_counter()
    complete(text, len(text), schema)
    return (perf_counter() - start) * 1000


def main() -> None:
    """Print the medians in milliseconds: of the first call with a schema, and of later ones."""
    schemas = [big_schema() for _ in range(ROUNDS)]
    lines = [
        f"{COUNT:,} names, median of {ROUNDS}, milliseconds",
        f"{'':24}{'first':>8}{'later':>8}",
    ]
    for label, text in CASES.items():
        # Each schema is new to the index, but has answered its own first question.
        fresh = [Schema(dict(schema.dimensions)) for schema in schemas]
        for schema in fresh:
            schema.find("")
        first = median(milliseconds(text, schema) for schema in fresh)
        later = median(milliseconds(text, fresh[-1]) for _ in range(ROUNDS))
        lines.append(f"{label:24}{first:8.3f}{later:8.3f}")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
