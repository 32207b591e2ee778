"""Time contestants against each other, in rounds, so that the machine's moods meet all of them."""

from __future__ import annotations

import gc
import tracemalloc
from statistics import median
from time import perf_counter
from types import FunctionType
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

LEAST = 0.001
"""Seconds that one measurement should take at least; the clock is no part of it then."""
FEWEST, MOST = 5, 101
"""Rounds, whatever the budget."""


class Contestant(NamedTuple):
    """Something to be timed: `run` does its work on all items once."""

    run: Callable[[Sequence[Any]], object]
    items: Sequence[Any]
    renew: Callable[[], Sequence[Any]] | None = None
    """Makes the items anew before each measurement, for what may not see the same ones twice."""


class Times:
    """How long one item took, in seconds, in each of the rounds."""

    def __init__(self, rounds: list[float]) -> None:
        self.rounds = rounds

    @property
    def median(self) -> float:
        """The time of the round in the middle."""
        return median(self.rounds)

    @property
    def best(self) -> float:
        """The time of the quickest round."""
        return min(self.rounds)

    def over(self, floor: Times) -> float:
        """Give the ratio to another contestant's time: of each round the ratio, of these the median.

        Both ran within milliseconds of each other in a round, so a slow phase of the machine
        doesn't show in it.
        """
        return median(mine / its for mine, its in zip(self.rounds, floor.rounds, strict=True))

    def without(self, idle: float) -> Times:
        """Give the times less what the loop itself takes."""
        return Times([max(time - idle, 1e-12) for time in self.rounds])


def race(contestants: Mapping[str, Contestant], budget: float) -> dict[str, Times]:
    """Time the contestants in rounds, each once a round, for about so many seconds.

    The order turns from round to round. Garbage is collected between the rounds and not within
    them: who makes objects that the collector watches doesn't pay for the others' garbage.
    """
    repeats = {name: _repeats(contestant) for name, contestant in contestants.items()}
    rounds: dict[str, list[float]] = {name: [] for name in contestants}
    names = list(contestants)
    was_enabled = gc.isenabled()
    end = perf_counter() + budget
    try:
        while (done := len(rounds[names[0]])) < FEWEST or (done < MOST and perf_counter() < end):
            gc.enable()
            gc.collect()
            gc.disable()
            for name in names:
                rounds[name].append(_measure(contestants[name], repeats[name]))
            names.append(names.pop(0))
    finally:
        if was_enabled:
            gc.enable()
        else:
            gc.disable()
    return {name: Times(times) for name, times in rounds.items()}


def race_calls(
    functions: Mapping[str, Callable[[Any], object]],
    items: Sequence[Any],
    budget: float,
    renew: Callable[[], Sequence[Any]] | None = None,
) -> dict[str, Times]:
    """Time functions of one item. What the loop itself takes is measured as well, and taken off."""
    contestants = {
        name: Contestant(_looped(function), items, renew) for name, function in functions.items()
    }
    idle = Contestant(_fresh(_loop_over_nothing), items, renew)
    times = race({**contestants, "": idle}, budget)
    empty = times.pop("").median
    return {name: of_one.without(empty) for name, of_one in times.items()}


def _looped(function: Callable[[Any], object]) -> Callable[[Sequence[Any]], None]:
    loop = _fresh(_loop)
    return lambda items: loop(function, items)


def _loop(function: Callable[[Any], object], items: Sequence[Any]) -> None:
    for item in items:
        function(item)


def _loop_over_nothing(items: Sequence[Any]) -> None:
    for _ in items:
        pass


def _fresh(function: FunctionType) -> Callable[..., Any]:
    """Copy a function with its code, which Python adapts to what is called in it."""
    return FunctionType(function.__code__.replace(), function.__globals__)


def _repeats(contestant: Contestant) -> int:
    """Warm up, and see how often the work must be done to take long enough."""
    contestant.run(contestant.items)
    if contestant.renew is not None:
        return 1
    once = _measure(contestant, 1) * len(contestant.items)
    return max(1, round(LEAST / once))


def _measure(contestant: Contestant, repeats: int) -> float:
    items = contestant.items if contestant.renew is None else contestant.renew()
    run = contestant.run
    start = perf_counter()
    for _ in range(repeats):
        run(items)
    return (perf_counter() - start) / (repeats * len(items))


def best_of(function: Callable[[], object], times: int = 5) -> float:
    """Give the best time of one call, in seconds."""
    best = float("inf")
    for _ in range(times):
        start = perf_counter()
        function()
        best = min(best, perf_counter() - start)
    return best


def bytes_kept(make: Callable[[], object]) -> int:
    """Give the bytes that what a function makes holds on to."""
    gc.collect()
    tracemalloc.start()
    try:
        made = make()
        gc.collect()
        size, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    del made
    return size
