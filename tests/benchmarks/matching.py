"""Records → verdicts: beside conditions by hand and the peers, and what compiling costs."""

from __future__ import annotations

from functools import partial
from itertools import count, product
from random import Random
from typing import TYPE_CHECKING, Any

import filterlang
from filterlang import parse
from tests.benchmarks import cases, floors, peers
from tests.benchmarks.measure import Contestant, best_of, bytes_kept, race, race_calls
from tests.benchmarks.report import Table, duration, durations, ratio, size, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filterlang import Matcher

# What the issue allows, as ratios to what is written by hand.
MOST_OF_MATCHES, MOST_OF_CALL, MOST_OF_FILTER = 1.25, 1.6, 1.1
GROWTH = (1, 10, 100, 1000, 10_000)
PEER_CASES = ("flat", "nested", "order", "infix")
_PEER_RECORDS = 40
LONG_ENOUGH = 0.5
"""With a smaller budget, few verdicts of peers are looked at: some take a millisecond each."""


def run(budget: float) -> Iterator[Table]:
    """Measure; `budget` is about how many seconds each comparison may take."""
    compiled = {name: filterlang.compile(case.texts) for name, case in cases.MATCHING.items()}
    _check(compiled)
    yield _lists(compiled, budget)
    yield _calls(compiled, budget)
    yield _compiling(budget)
    yield _growth(budget)
    yield _against_peers(compiled, budget)
    yield _memory()


def _check(compiled: dict[str, Matcher]) -> None:
    """Stop where the floor and we don't give the same verdicts, for then nothing is compared."""
    for name, case in cases.MATCHING.items():
        records = case.records
        ours = list(compiled[name].filter(records))
        assert ours == [record for record in records if compiled[name](record)], name
        assert ours == floors.MATCHING[name].select(records), name
        assert ours == [record for record in records if floors.MATCHING[name].call(record)], name


def _lists(compiled: dict[str, Matcher], budget: float) -> Table:
    rows = []
    for name, case in cases.MATCHING.items():
        select, matcher, records = floors.MATCHING[name].select, compiled[name], case.records
        times = race(
            {
                "floor": Contestant(select, records),
                "ours": Contestant(
                    lambda items, matcher=matcher: list(matcher.filter(items)), records
                ),
            },
            budget,
        )
        floor, ours = times["floor"], times["ours"]
        over = ours.over(floor)
        rows.append(
            [
                name,
                f"{len(select(records)) / len(records):.0%}",
                durations(floor),
                durations(ours),
                ratio(over),
                *_judged(over, MOST_OF_FILTER, case),
            ]
        )
    return Table(
        "Lists: `list(matcher.filter(records))` beside a comprehension, a record, median (best)",
        ["case", "match", "by hand", "filterlang", "ratio", "target", ""],
        rows,
    )


def _calls(compiled: dict[str, Matcher], budget: float) -> Table:
    rows = []
    for name, case in cases.MATCHING.items():
        matcher = compiled[name]
        functions = {
            "floor": floors.MATCHING[name].call,
            "bare": matcher.matches,
            "call": matcher,
        }
        times = race_calls(functions, case.records, budget)
        floor, bare, call = times["floor"], times["bare"], times["call"]
        over, over_by_call = bare.over(floor), call.over(floor)
        rows.append(
            [
                name,
                durations(floor),
                durations(bare),
                ratio(over),
                *_judged(over, MOST_OF_MATCHES, case),
                durations(call),
                ratio(over_by_call),
                *_judged(over_by_call, MOST_OF_CALL, case),
            ]
        )
    return Table(
        "Single records: `matcher.matches(record)`, `matcher(record)`, a lambda, median (best)",
        [
            "case",
            "by hand",
            "`matches`",
            "ratio",
            "target",
            "",
            "call",
            "ratio",
            "target",
            "",
        ],
        rows,
        ["What an empty loop takes has been taken off all of them."],
    )


def _judged(over: float, target: float, case: cases.Case) -> list[str]:
    return [ratio(target), verdict(over, target)] if case.has_target else ["", ""]


# --- Compiling ------------------------------------------------------------------------------------


def _compiling(budget: float) -> Table:
    same = [parse(text) for text in (f"type==a{i};score>={i};title~*b{i}*" for i in range(200))]
    shapes = _shapes()
    known = Contestant(_compile_all, same)
    new = Contestant(_compile_all, [next(shapes)], lambda: [next(shapes) for _ in range(20)])
    times = race({"of a shape that was compiled before": known, "of a new shape": new}, budget)
    return Table(
        "Compiling: `compile(filters)` of 3 clauses, median (best)",
        ["filters", "time"],
        [[name, durations(of_one)] for name, of_one in times.items()],
        ["Filters have one shape if they differ in names, texts and numbers alone."],
    )


def _compile_all(items: list[Any]) -> None:
    for filters in items:
        filterlang.compile(filters)


def _shapes() -> Iterator[Any]:
    """Give filters that no code has been generated for yet, as long as asked."""
    clauses = ("==a", "!=a", "~a*", "~*a", "~*a*", "<1", "<=1", ">1", ">=1", "==1", "==true", "==")
    depths = ("n", "n.m", "n.m.o")
    for length in count(3):
        # A clause that never changes, and one more each time that all shapes have been used up.
        rest = "".join(f";z{i}==a" for i in range(length - 3))
        ways = [f"{name}{i}{clause}" for i, (name, clause) in enumerate(product(depths, clauses))]
        shuffled = list(product(ways, repeat=3))
        Random(cases.SEED).shuffle(shuffled)  # noqa: S311 — a benchmark wants the same ones again
        for three in shuffled:
            yield parse(";".join(three) + rest)


def _growth(budget: float) -> Table:
    record = {f"n{i}": f"value {i}" for i in range(100)}
    rows = []
    for clauses in GROWTH:
        text = ";".join([_true_of(i) for i in range(clauses)])
        filters = parse(text)
        compiling = best_of(lambda filters=filters: filterlang.compile(filters), 3)
        matcher = filterlang.compile(filters)
        assert matcher(record)
        times = race_calls({"ours": matcher.matches}, [record] * 10, budget / 4)["ours"]
        rows.append(
            [
                f"{clauses:,}",
                duration(compiling),
                duration(compiling / clauses),
                duration(times.median),
                duration(times.median / clauses),
            ]
        )
    return Table(
        "Growth: one filter of many clauses, all of them true of the record",
        ["clauses", "compile", "a clause", "match a record", "a clause"],
        rows,
        ["Compiling is the best of three, the first of which had to generate the code."],
    )


def _true_of(number: int) -> str:
    name = f"n{number % 100}"
    return (f"{name}==VALUE {number % 100}", f"{name}~val*", f"{name}!=other {number}")[number % 3]


# --- Peers ----------------------------------------------------------------------------------------


def _against_peers(compiled: dict[str, Matcher], budget: float) -> Table:
    """Compare with the peers that match, on records that none of them refuses."""
    shown: dict[str, dict[str, str]] = {}
    what = {"by hand": "a lambda", "filterlang": "`matcher.matches(record)`"}
    judged: dict[str, list[peers.Judgement]] = {}
    others: list[str] = []
    some = cases.records()[:: 4 if budget >= LONG_ENOUGH else 40]
    for name in PEER_CASES:
        matcher = compiled[name]
        filter_ = matcher.filters.filters[0]
        ways = [way for peer in peers.installed() for way in peer.ways(peers.parts_of(filter_))]
        complete = [record for record in cases.records() if _is_complete(filter_, record)]
        records = complete[:_PEER_RECORDS]
        assert len(records) == _PEER_RECORDS, name
        functions = {"by hand": floors.MATCHING[name].call, "filterlang": matcher.matches}
        own_items = {}
        for way in ways:
            if peers.judge(way, matcher, records) != (0, 0):
                others.append(f"{way.label} ({name})")
                continue
            functions[way.label] = way.matches
            own_items[way.label] = [way.prepare(record) for record in records]
            what[way.label] = way.description
            judged.setdefault(way.label, []).append(peers.judge(way, matcher, some))
        for label, times in race_calls(functions, records, budget, own_items=own_items).items():
            shown.setdefault(label, {})[name] = duration(times.median)
    rows = [
        [
            label,
            what[label],
            *[times.get(name, "—") for name in PEER_CASES],
            *_judgement(judged.get(label)),
        ]
        for label, times in shown.items()
    ]
    asked = len(PEER_CASES) * len(some)
    alike = (
        "The times are of records that have all that the filters ask for, where all verdicts are"
        f" alike. The last two columns are of {asked:,} verdicts on any records: how many are not"
        " ours, most of them where a value is missing, and how often the peer raises."
    )
    notes = [alike, peers.versions()]
    if others:
        notes.append(f"Left out, because its verdicts are not ours: {', '.join(others)}.")
    if only_parsing := peers.only_parsing():
        notes.append(f"These parse, and leave matching to a database: {', '.join(only_parsing)}.")
    return Table(
        "Peers: one record, median",
        ["", "what it does", *PEER_CASES, "other verdict", "raises"],
        rows,
        notes,
    )


def _judgement(judged: list[peers.Judgement] | None) -> list[str]:
    if judged is None:
        return ["0", "0"]
    return [f"{sum(numbers):,}" for numbers in zip(*judged, strict=True)]


def _is_complete(filter_: Any, record: dict[str, Any]) -> bool:
    for clause in filter_:
        value: Any = record
        for segment in clause.segments:
            value = (value or {}).get(segment)
        if value is None or value == "":
            return False
    return True


# --- Memory ---------------------------------------------------------------------------------------


def _memory() -> Table:
    same = [parse(text) for text in (f"type==a{i};score>={i};title~*b{i}*" for i in range(500))]
    shapes = _shapes()
    new = [next(shapes) for _ in range(500)]
    rows = [
        [label, size(bytes_kept(partial(_keep, filters)) / len(filters))]
        for label, filters in (("of one shape", same), ("of a new shape each", new))
    ]
    return Table(
        "Memory: a matcher of 3 clauses, its filters not counted", ["", "bytes kept"], rows
    )


def _keep(filters: list[Any]) -> list[Matcher]:
    return [filterlang.compile(one) for one in filters]
