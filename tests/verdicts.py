"""One question to all parts of the library that can answer it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import filterlang as fl
from filterlang.codegen import MOST_FAILURES
from filterlang.semantics import holds

if TYPE_CHECKING:
    from collections.abc import Iterable


def verdicts(
    filters: fl.FilterSet | str | Iterable[str], record: object, schema: fl.Schema | None = None
) -> dict[str, object]:
    """Ask about one record in every way there is: who was asked → what it said."""
    matcher = fl.compile(filters, schema=schema)
    said: dict[str, object] = {"matcher": matcher(record)}
    said["filter"] = bool(list(matcher.filter([record])))
    said["interpreter"] = any(holds(probes, record) for probes in matcher._probes) or not len(
        matcher.filters
    )
    explanation = matcher.explain(record)
    said["explanation"] = explanation.matched
    assert str(explanation).startswith("match" if explanation.matched else "no match")
    # Records that it can't judge quickly make a matcher change its ways.
    for _ in range(MOST_FAILURES):
        matcher(None)
    said["matcher after odd records"] = matcher(record)
    return said


def verdict(
    filters: fl.FilterSet | str | Iterable[str], record: object, schema: fl.Schema | None = None
) -> bool:
    """Ask in every way there is; all must say the same."""
    said = verdicts(filters, record, schema)
    assert all(type(each) is bool for each in said.values()), said
    assert len(set(said.values())) == 1, said
    return bool(said["matcher"])
