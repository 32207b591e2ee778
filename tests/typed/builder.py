"""What type checkers make of the public functions; read by them, and run once by a test."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, assert_type

import filterlang as fl
from filterlang import F, field, px

assert_type(field("score") >= 10, fl.Clause)
assert_type(field("score") == 10, fl.Clause)
assert_type(field("score") != None, fl.Clause)  # noqa: E711 — it builds a clause
assert_type(F.location.countryCode == "US", fl.Clause)
assert_type(F.lastSeenDate < datetime(2024, 1, 1, tzinfo=UTC), fl.Clause)
assert_type(10 <= field("score"), fl.Clause)  # noqa: SIM300 — people write it so
assert_type(field("score", schema=px.USER).between(1, 2), fl.Filter)
assert_type(field("plan").in_(["pro", "team"]), fl.FilterSet)
assert_type(field("plan").not_in({"pro"}), fl.Filter)
assert_type(field("plan").matches("p*"), fl.Clause)
assert_type(field("plan").not_matches(fl.Pattern("p*")), fl.Clause)
assert_type(field("plan").contains("p"), fl.Clause)
assert_type(field("plan").is_empty(), fl.Clause)

assert_type((F.a == 1) & (F.b == 2), fl.Filter)
assert_type((F.a == 1) | (F.b == 2), fl.FilterSet)
assert_type(((F.a == 1) | (F.b == 2)).names(), tuple[str, ...])

# What is joined fits a variable of the type that people would write.
filter_: fl.Filter = (F.a >= 1) & (F.b == 2)
either: fl.FilterSet = (F.a >= 1) & F.b.in_(["x", "y"])
either = F.b.in_(["x", "y"]) & (F.a >= 1)
either = ((F.a >= 1) & (F.c == 2)) & F.b.in_(["x", "y"])
either = F.b.in_(["x"]) & F.c.in_(["y"]) | (F.a == 1)

# Several are joined, texts and nodes in any mixture.
assert_type(fl.any_of([F.a == 1, "b==2", fl.parse("c==3")]), fl.FilterSet)
assert_type(fl.all_of(F.a == number for number in (1, 2)), fl.FilterSet)
clauses: list[fl.Clause] = [F.a == 1, F.b == 2]
assert_type(fl.any_of(clauses), fl.FilterSet)
assert_type(fl.all_of(["a==1"]), fl.FilterSet)


# What is built on this library names the types of what it takes and gives.
def found(filters: fl.Filters = "a==1", *, dialect: fl.Dialect = "px") -> fl.Params:
    return fl.to_params(fl.simplify(filters), dialect=dialect)


def read(texts: fl.Texts) -> fl.Node:
    return fl.parse(texts)


def is_one_of(name: str, *values: fl.Value) -> fl.FilterSet:
    return field(name).in_(values)


assert_type(found(F.a == 1), list[tuple[str, Any]])
assert_type(found(["a==1", "b==2"]), fl.Params)
assert_type(read(["a==1"]), fl.Clause | fl.Filter | fl.FilterSet)
assert_type(is_one_of("day", datetime(2024, 1, 1, tzinfo=UTC), 5, None), fl.FilterSet)

# Texts are given in whatever holds them.
assert_type(fl.parse(["a==1"]), fl.FilterSet)
assert_type(fl.parse(("a==1", "b==2")), fl.FilterSet)
assert_type(fl.parse({"a==1"}), fl.FilterSet)
assert_type(fl.parse(one for one in ["a==1"]), fl.FilterSet)
assert_type(fl.parse({"staff": "a==1"}.values()), fl.FilterSet)
assert_type(fl.check(["a==1"]), fl.Report)


def send(texts: Iterable[str], filters: fl.Filters) -> fl.Params:
    return fl.to_params(fl.parse(texts)) + fl.to_params(
        filters if isinstance(filters, fl.Node) else fl.parse(filters)
    )


matcher = fl.compile(F.a == 1)
assert_type(matcher, fl.Matcher)
assert_type(matcher({"a": 1}), bool)
assert_type(matcher.filter([{"a": 1}]), Iterator[dict[str, int]])
assert_type(fl.parse("a==1"), fl.FilterSet)
assert_type(fl.parse_filter("a==1"), fl.Filter)
assert_type(fl.check("a==1").fixed, list[str] | None)
assert_type(fl.to_params(fl.parse("a==1")), list[tuple[str, Any]])
assert_type(fl.FilterIndex({1: "a==1"}).match({"a": 1}), list[int])
assert_type(fl.implies(F.a == 1, F.a != 2), fl.Answer)

# What isn't accepted is an error to type checkers too; a comment that silences nothing is one.
with contextlib.suppress(TypeError):
    field("score") >= b"10"  # type: ignore[operator]  # noqa: B015 — nothing can be compared so
with contextlib.suppress(AttributeError):
    fl.prase("a==1")  # type: ignore[attr-defined]  # no such name
with contextlib.suppress(TypeError):
    F.notes.contains == "x"  # type: ignore[comparison-overlap]  # noqa: B015 — it has to be called
with contextlib.suppress(TypeError):
    F.a == 1 & F.b == 2  # type: ignore[operator]  # noqa: B015 — `&` binds tighter
with contextlib.suppress(TypeError):
    found(5)  # type: ignore[arg-type]  # no filter
with contextlib.suppress(TypeError):
    fl.any_of([1])  # type: ignore[list-item]  # no filter
with contextlib.suppress(TypeError):
    fl.all_of(F.a == 1)  # type: ignore[arg-type]  # one alone
with contextlib.suppress(TypeError):
    fl.parse({1: "a"})  # type: ignore[dict-item]  # no iterable of texts
