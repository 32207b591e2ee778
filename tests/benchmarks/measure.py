"""Time contestants against each other, in rounds, so that the machine's moods meet all of them."""

from __future__ import annotations

import gc
import tracemalloc
from statistics import median
from time import get_clock_info, perf_counter, thread_time
from types import FunctionType
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

# The time that this thread was computing, where it is known well enough: what else the machine had
# to do in between is not counted then.
clock = thread_time if get_clock_info("thread_time").resolution < 1e-6 else perf_counter
CLOCK = "CPU time" if clock is thread_time else "time by the wall clock"

LEAST = 0.001
"""Seconds that one measurement should take at least; the clock is no part of it then."""
LONG = 0.3
"""Seconds that nothing of a single call could be taken for chance."""
FEWEST, MOST = 5, 401
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
        """Give the median of the rounds' ratios to another contestant's time.

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
    gc.disable()
    # What was there before isn't looked through between the rounds, which would take most of the
    # time.
    gc.collect()
    gc.freeze()
    end = perf_counter() + budget
    try:
        while (done := len(rounds[names[0]])) < FEWEST or (done < MOST and perf_counter() < end):
            gc.collect()
            for name in names:
                rounds[name].append(_measure(contestants[name], repeats[name]))
            names.append(names.pop(0))
    finally:
        gc.unfreeze()
        if was_enabled:
            gc.enable()
    return {name: Times(times) for name, times in rounds.items()}


def race_calls(
    functions: Mapping[str, Callable[[Any], object]],
    items: Sequence[Any],
    budget: float,
    *,
    own_items: Mapping[str, Sequence[Any]] | None = None,
    renew: Callable[[], Sequence[Any]] | None = None,
) -> dict[str, Times]:
    """Time functions of one item. What the loop itself takes is measured as well, and taken off.

    Those that `own_items` names get items of their own, as many as the others.
    """
    own_items = own_items or {}
    contestants = {
        name: Contestant(_looped(function), own_items.get(name, items), renew)
        for name, function in functions.items()
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
    start = clock()
    for _ in range(repeats):
        run(items)
    return (clock() - start) / (repeats * len(items))


def best_of(function: Callable[[], object], times: int = 5) -> float:
    """Give the best time of one call, in seconds; what takes long is called once."""
    best = float("inf")
    for _ in range(times):
        start = clock()
        function()
        best = min(best, clock() - start)
        if best > LONG:
            break
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
