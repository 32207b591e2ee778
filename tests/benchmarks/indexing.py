"""One record against many saved filters: the index beside a loop over compiled matchers.

The filters and the records are those of `saved`, which says what they are like.
"""

from __future__ import annotations

from functools import partial
from statistics import median
from typing import TYPE_CHECKING, Any

import filterlang
from filterlang import FilterIndex, parse
from tests.benchmarks.measure import bytes_kept, clock
from tests.benchmarks.report import Table, duration, percent, size, verdict
from tests.benchmarks.saved import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

QUICK_BUDGET = 0.5
"""With less time than this, the largest numbers of filters are left out."""
COUNTS = (100, 1_000, 10_000, 100_000)
TITLES = {
    "selective": "Selective filters",
    "mixed": "Selective filters, and between them some that match many records",
    "about_lists": "Selective filters, one in ten of them about a list of objects",
}
KINDS = {"selective": COUNTS, "mixed": COUNTS[:3], "about_lists": COUNTS[:3]}
RECORDS = 100
ROUNDS = 7
_LOOPED = 300_000
"""How many matchers are asked at most in all, so that the loop doesn't take the whole time."""

# What the issue allows for selective filters: the share of the loop's time, seconds to build a
# filter in and bytes kept.
MOST_OF_LOOP = {1_000: 0.04, 10_000: 0.015, 100_000: 0.005}
MOST_TO_BUILD = {100_000: 35e-6}
MOST_KEPT = {100_000: 60e6}


class Figures:
    """What was measured of one number of filters of one kind."""

    def __init__(self, kind: str, count: int) -> None:
        self.kind = kind
        self.count = count
        # The same filters in each run, of which a smaller number is the beginning of a larger one.
        world = World()
        records = [world.record(lists=kind == "about_lists") for _ in range(RECORDS)]
        make = getattr(world, kind)
        filters = {number: parse(make()) for number in range(count)}
        start = clock()
        index = FilterIndex(filters)
        self.build = (clock() - start) / count
        self.kept = bytes_kept(partial(FilterIndex, filters))
        matchers = [(key, filterlang.compile(one).matches) for key, one in filters.items()]

        def loop(record: Any) -> list[int]:
            return [key for key, matches in matchers if matches(record)]

        few = records[: max(3, min(RECORDS, _LOOPED // count))]
        for record in few:
            assert sorted(index.match(record)) == loop(record), "the index and the loop differ"
        self.matches = sum(len(index.match(record)) for record in records) / RECORDS
        # In turns, so that both meet the same moods of the machine.
        rounds = [(_typical(index.match, records), _typical(loop, few)) for _ in range(ROUNDS)]
        self.among, self.loop = map(min, zip(*rounds, strict=True))


def _typical(function: Callable[[Any], object], records: Sequence[Any]) -> float:
    """Give the median over records of the time of one call."""
    times = []
    for record in records:
        start = clock()
        function(record)
        times.append(clock() - start)
    return median(times)


def run(budget: float) -> Iterator[Table]:
    """Measure, with up to 100,000 filters if there is time."""
    for kind, counts in KINDS.items():
        chosen = counts if budget >= QUICK_BUDGET else counts[:2]
        yield _table(kind, [Figures(kind, count) for count in chosen])


def _table(kind: str, figures: list[Figures]) -> Table:
    has_targets = kind == "selective"
    rows = []
    for one in figures:
        share = one.among / one.loop
        most = MOST_OF_LOOP.get(one.count) if has_targets else None
        rows.append(
            [
                f"{one.count:,}",
                f"{one.matches:,.1f}",
                duration(one.loop),
                duration(one.among),
                percent(share),
                *(["", ""] if most is None else [percent(most), verdict(share, most)]),
                duration(one.build),
                size(one.kept),
                size(one.kept / one.count),
            ]
        )
    return Table(
        f"{TITLES[kind]}: one record, median of {RECORDS}, best of {ROUNDS}",
        [
            "filters",
            "matches",
            "loop",
            "index",
            "share",
            "target",
            "",
            "build, a filter",
            "memory",
            "a filter",
        ],
        rows,
        _notes(figures) if has_targets else [],
    )


def _notes(figures: list[Figures]) -> list[str]:
    notes = []
    for one in figures:
        if one.count in MOST_TO_BUILD:
            limit = MOST_TO_BUILD[one.count]
            notes.append(
                f"Building {one.count:,} filters takes {duration(one.build)} a filter; the target"
                f" is {duration(limit)}: {verdict(one.build, limit)}."
            )
        if one.count in MOST_KEPT:
            limit = MOST_KEPT[one.count]
            notes.append(
                f"It keeps {size(one.kept)}, the filters themselves not counted; the target is"
                f" {size(limit)}: {verdict(one.kept, limit)}."
            )
    by_count = {one.count: one for one in figures}
    if 10_000 in by_count and 100_000 in by_count:
        few, many = by_count[10_000], by_count[100_000]
        cost, matches = many.among / few.among, many.matches / few.matches
        notes.append(
            f"From 10,000 to 100,000 filters a record has {matches:.1f} × the matches and takes"
            f" {cost:.1f} × the time; it shall be less: {verdict(cost, matches)}."
        )
    return notes
