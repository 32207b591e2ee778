"""Texts and patterns that were made to take long: their time has to stay linear, or nearly so."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

import filterlang
from filterlang import FilterSyntaxError, parse
from tests.benchmarks.measure import best_of
from tests.benchmarks.report import Table, duration, ratio, verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOST = 0.05
"""Seconds that the issue allows."""
LENGTH = 20_000

_RUN = "a" * LENGTH
PATTERNS = {
    "`*a` × 200": ("*a" * 200, _RUN + "b"),
    "`*a` × 200 `*`, which matches": ("*a" * 200 + "*", _RUN),
    "`*`, 200 `a`, `?b*`": (f"*{'a' * 200}?b*", _RUN),
    "`*`, 5,000 `a`, `?b*`": (f"*{'a' * 5000}?b*", _RUN),
    "`*a?` × 200": ("*a?" * 200, _RUN + "b"),
    "`*?b?` × 200": ("*?b?" * 200, _RUN),
    "`*` and 2,000 `?`, then `b*`": (f"*{'?' * 2000}b*", _RUN),
    "`*ab` × 200": ("*ab" * 200, "ab" * (LENGTH // 2) + "c"),
}
HAS_TARGET = ("`*a` × 200", "`*`, 200 `a`, `?b*`")

TEXT_LENGTH, SHORT_LENGTH = 50_000, 10_000
LONG_ENOUGH = 0.5
"""With a smaller budget, the texts are shorter."""
TEXTS: dict[str, Callable[[int], str]] = {
    "spaces after a clause": lambda n: f"a==1{' ' * n}",
    "spaces in an expression": lambda n: f"a==1{' ' * n}2",
    "spaces in a name": lambda n: f"a{' ' * n}b==1",
    "escapes": lambda n: f"a=={chr(92) * n}",
    "`*` in a pattern": lambda n: f"a~{'*' * n}",
    "`*a` in a pattern": lambda n: f"a~{'*a' * (n // 2)}",
    "segments": lambda n: f"{'a.' * (n // 2)}a==1",
    "`;` alone, mistakes": lambda n: f"a==1{';' * n}",
    "clauses, the last a mistake": lambda n: f"{'a==1;' * (n // 5)}b=2",
    "characters without an operator, a mistake": lambda n: "a" * n,
}


def run(budget: float) -> Iterator[Table]:
    """Measure each of them alone."""
    length = TEXT_LENGTH if budget >= LONG_ENOUGH else SHORT_LENGTH
    yield Table(
        f"Patterns: one match of a text of {LENGTH:,} characters, best of three",
        ["pattern", "time", "target", ""],
        list(map(_pattern_row, PATTERNS)),
    )
    yield Table(
        f"Texts: one parse of {length:,} characters and of twice as many, best of three",
        ["text", "time", "of twice as many", "growth"],
        [_text_row(name, length) for name in TEXTS],
        ["Where time grows with the length, twice as many characters take 2 × the time."],
    )


def _pattern_row(name: str) -> list[str]:
    pattern, text = PATTERNS[name]
    matches = filterlang.compile(f"name~{pattern}").matches
    seconds = best_of(lambda: matches({"name": text}), 3)
    if name not in HAS_TARGET:
        return [name, duration(seconds), "", ""]
    return [name, duration(seconds), duration(MOST), verdict(seconds, MOST)]


def _text_row(name: str, short: int) -> list[str]:
    once, twice = (
        best_of(partial(_parse, TEXTS[name](length)), 3) for length in (short, 2 * short)
    )
    return [name, duration(once), duration(twice), ratio(twice / once)]


def _parse(text: str) -> None:
    with suppress(FilterSyntaxError):
        parse(text)
