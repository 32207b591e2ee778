"""One question to all parts of the library that can answer it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import filterlang as fl
from filterlang.matching.codegen import MOST_FAILURES
from filterlang.semantics.judge import holds

if TYPE_CHECKING:
    from collections.abc import Iterable


def verdicts(
    filters: fl.FilterSet | str | Iterable[str], record: object, schema: fl.Schema | None = None
) -> dict[str, object]:
    """Ask about one record in every way there is: who was asked → what it said."""
    matcher = fl.compile(filters, schema=schema)
    said: dict[str, object] = {"matcher": matcher(record)}
    said["filter"] = bool(list(matcher.filter([record])))
    said["interpreter"] = any(holds(clauses, record) for clauses in matcher._bound) or not len(
        matcher.filters
    )
    explanation = matcher.explain(record)
    said["explanation"] = explanation.matched
    assert str(explanation).startswith("match" if explanation.matched else "no match")
    said["matcher after odd records"] = _worn_in(matcher.filters, schema)(record)
    return said


@lru_cache(maxsize=1000)
def _worn_in(filters: fl.FilterSet, schema: fl.Schema | None) -> fl.Matcher:
    """Show a matcher so many records that it can't judge quickly that it changes its ways."""
    matcher = fl.compile(filters, schema=schema)
    for _ in range(MOST_FAILURES):
        matcher(None)
    return matcher


def verdict(
    filters: fl.FilterSet | str | Iterable[str], record: object, schema: fl.Schema | None = None
) -> bool:
    """Ask in every way there is; all must say the same."""
    said = verdicts(filters, record, schema)
    assert all(type(each) is bool for each in said.values()), said
    assert len(set(said.values())) == 1, said
    return bool(said["matcher"])
