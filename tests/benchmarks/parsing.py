"""Text → nodes: beside the parser by hand and the peers, for short and long texts."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from filterlang import FilterSyntaxError, check, from_query, parse, to_query, unparse
from filterlang.syntax.parser import lark_parse
from tests.benchmarks import cases, floors, peers
from tests.benchmarks.measure import Contestant, bytes_kept, race, race_calls
from tests.benchmarks.report import Table, duration, durations, ratio, size, verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.benchmarks.measure import Times

# Clauses of a text, how many texts, and what the issue allows as a ratio to the floor.
TARGETS = ((3, 1000, 1.5), (1000, 5, 2.0))
GROWTH = (1, 10, 100, 1000, 10_000)
_GROWTH_CLAUSES = 20_000
"""How many clauses the texts of one length have together."""


def run(budget: float) -> Iterator[Table]:
    """Measure; `budget` is about how many seconds each comparison may take."""
    yield _against_the_floor(budget)
    yield _growth(budget)
    yield _other_roads(budget)
    yield _against_peers(budget)
    yield _memory()


def _race(texts: list[str], budget: float) -> tuple[Times, Times]:
    """Time the floor and us on texts that are new in each round."""
    functions = {"floor": floors.parse, "ours": parse}
    times = race_calls(functions, texts, budget, renew=partial(cases.copies, texts))
    return times["floor"], times["ours"]


def _against_the_floor(budget: float) -> Table:
    rows = []
    for clauses, count, target in TARGETS:
        floor, ours = _race(cases.texts(count, clauses), 2 * budget)
        over = ours.over(floor)
        rows.append(
            [
                f"{clauses:,} clauses",
                durations(floor),
                durations(ours),
                ratio(over),
                ratio(target),
                verdict(over, target),
            ]
        )
    return Table(
        "New texts: `parse(text)`, median (best)",
        ["text", "by hand", "filterlang", "ratio", "target", ""],
        rows,
    )


def _growth(budget: float) -> Table:
    rows = []
    for clauses in GROWTH:
        floor, ours = _race(cases.texts(max(1, _GROWTH_CLAUSES // clauses), clauses), budget / 2)
        rows.append(
            [
                f"{clauses:,}",
                duration(ours.median),
                duration(floor.median / clauses),
                duration(ours.median / clauses),
                ratio(ours.over(floor)),
            ]
        )
    return Table(
        "Growth: one text of many clauses",
        ["clauses", "filterlang", "by hand, a clause", "filterlang, a clause", "ratio"],
        rows,
    )


def _other_roads(budget: float) -> Table:
    texts = cases.texts(300, 3)
    spaced = [text.replace(";", " ; ") for text in texts]
    broken = [f"{text};plan=x" for text in texts]
    queries = [to_query(parse(text)) for text in texts]
    parsed = [parse(text) for text in texts]
    few = texts[:100]
    # What may remember a text gets it anew each time, except where just this is measured.
    roads = {
        "`parse`, a text it has just read": Contestant(_each(parse), few),
        "`parse`, spaces around its parts": _new(parse, spaced),
        "`parse`, a text with a mistake": _new(_parse_broken, broken[:100]),
        "Lark alone, which reads what the scanner doesn't": _new(lark_parse, few),
        "`check`, a valid text": _new(check, texts),
        "`from_query`": _new(from_query, queries),
        "`to_query`": Contestant(_each(to_query), parsed),
        "`unparse`": Contestant(_each(unparse), parsed),
    }
    times = race(roads, budget)
    return Table(
        "Other roads: 3 clauses",
        ["", "median (best)"],
        [[name, durations(of_one)] for name, of_one in times.items()],
    )


def _new(function: Callable[[str], object], texts: list[str]) -> Contestant:
    return Contestant(_each(function), texts, partial(cases.copies, texts))


def _each(function: Callable[[Any], object]) -> Callable[[Sequence[Any]], object]:
    return lambda items: [function(item) for item in items]


def _parse_broken(text: str) -> None:
    with suppress(FilterSyntaxError):
        parse(text)


def _against_peers(budget: float) -> Table:
    texts = cases.plain_texts(50)
    filters = [parse(text).filters[0] for text in texts]
    ways = [
        ("by hand", peers.Ours(), floors.parse, "a regular expression, our nodes"),
        ("filterlang", peers.Ours(), parse, "`parse`"),
        *[(peer.label, peer, peer.parse, peer.parsing) for peer in peers.installed()],
    ]
    contestants = {}
    for label, writer, function, _ in ways:
        written = peers.new_texts(writer, filters)
        contestants[label] = Contestant(_each(function), written(), written)
    notes = {label: description for label, _, _, description in ways}
    times = race(contestants, 3 * budget)
    ours = times["filterlang"]
    return Table(
        "Peers: the same 3 clauses, in each one's language, new texts, median (best)",
        ["", "what it does", "time", "× filterlang"],
        [
            [name, notes[name], durations(times[name]), ratio(times[name].over(ours))]
            for name in sorted(times, key=lambda name: times[name].median)
        ],
        [peers.versions()],
    )


def _memory() -> Table:
    texts = cases.texts(2000, 3)
    rows = []
    for label, function in (("by hand", floors.parse), ("filterlang", parse)):
        kept = bytes_kept(partial(_each(function), texts))
        rows.append([label, size(kept / len(texts))])
    return Table("Memory: the nodes of a text of 3 clauses", ["", "bytes kept"], rows)
