"""Match a Parquet file of ten million users in polars and DuckDB, beside conditions by hand.

    python -m tests.benchmarks.frames [--rows 10000000] [--rounds 5]

Needs the extra `polars`, pyarrow and DuckDB. The file is made anew in a temporary folder, of which
nothing stays; it is sorted by the time that users were last seen, and lies in the system's cache
while it is read. Both of a pair must count the same rows. They take turns; a ratio is that of the
times in one round, and of these the median. Building the condition is a part of the time.
"""

# ruff: noqa: T201 — what a benchmark finds is printed

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import duckdb
import polars as pl

from filterlang.backends.frames import where

if TYPE_CHECKING:
    from collections.abc import Callable

US = ["us", "uS", "Us", "US"]
START = datetime(2024, 1, 1)  # noqa: DTZ001 — the column has no zone either


class Case(NamedTuple):
    """A filter, and what people write by hand for it; `sql` is DuckDB's condition."""

    filter: str
    polars: Callable[[], pl.Expr]
    sql: str


def lowered(name: str) -> pl.Expr:
    return pl.col(name).str.to_lowercase()


CASES = [
    Case(
        "countryCode==US;score>=90",
        lambda: (lowered("countryCode") == "us") & (pl.col("score") >= 90),
        "lower(countryCode) = 'us' and score >= 90",
    ),
    Case(
        "lastSeenDate>=2024-03-01;lastSeenDate<2024-03-02",
        lambda: (
            (pl.col("lastSeenDate") >= START + timedelta(60))
            & (pl.col("lastSeenDate") < START + timedelta(61))
        ),
        "lastSeenDate >= '2024-03-01' and lastSeenDate < '2024-03-02'",
    ),
    Case(
        "name~*smith*",
        lambda: lowered("name").str.contains("smith", literal=True),
        "contains(lower(name), 'smith')",
    ),
    Case(
        "name~ada *",
        lambda: lowered("name").str.starts_with("ada "),
        "starts_with(lower(name), 'ada ')",
    ),
    Case(
        "countryCode!=US;score<10",
        lambda: (lowered("countryCode") != "us").fill_null(value=True) & (pl.col("score") < 10),
        "coalesce(lower(countryCode) <> 'us', true) and score < 10",
    ),
    Case(
        "name==ada lovelace 77777",
        lambda: lowered("name") == "ada lovelace 77777",
        "lower(name) = 'ada lovelace 77777'",
    ),
]


def write_users(path: Path, rows: int) -> None:
    """Write users in the order in which they were last seen, the last a year after the first."""
    step = timedelta(days=366) / rows
    index = pl.int_range(rows, eager=True)
    firsts = pl.Series(["Ada", "Bob", "Grace", "Edsger", "Barbara", "Zoë", "ADA"])
    lasts = pl.Series(["Lovelace", "Smith", "Hopper", "Dijkstra", "Liskov", "Blacksmith", "Šmíd"])
    codes = pl.Series(["US", "GB", "DE", "FR", "JP", "us", None])
    scattered = (index * 2_654_435_761) % 4_294_967_291
    first = firsts.gather((scattered // 700) % 7)
    last = lasts.gather((scattered // 4900) % 7)
    number = (scattered % 99_991).cast(pl.String)
    pl.DataFrame(
        {
            "id": index,
            "countryCode": codes.gather(scattered % 7),
            "score": ((scattered // 7) % 100).cast(pl.Int32),
            "name": pl.select(pl.concat_str([first, last, number], separator=" ")).to_series(),
            "lastSeenDate": pl.select(
                pl.lit(START, dtype=pl.Datetime("us"))
                + pl.lit(index * int(step / timedelta(microseconds=1))).cast(pl.Duration("us"))
            ).to_series(),
        }
    ).write_parquet(path, row_group_size=250_000)


def in_polars(path: Path, condition: Callable[[pl.LazyFrame], pl.LazyFrame]) -> int:
    return condition(pl.scan_parquet(path)).select(pl.len()).collect().item()


def in_duckdb(path: Path, condition: Callable[[object], object]) -> int:
    with duckdb.connect() as connection:
        found = condition(connection.read_parquet(str(path)))
        return found.aggregate("count(*)").fetchall()[0][0]


def timed(count: Callable[[], int]) -> tuple[float, int]:
    start = time.perf_counter()
    counted = count()
    return time.perf_counter() - start, counted


def compare(path: Path, case: Case, rounds: int) -> None:
    """Print the medians of both engines, and the ratio to what was written by hand."""
    runs = {
        ("polars", "ours"): lambda: in_polars(path, lambda frame: where(frame, case.filter)),
        ("polars", "by hand"): lambda: in_polars(path, lambda frame: frame.filter(case.polars())),
        ("DuckDB", "ours"): lambda: in_duckdb(path, lambda frame: where(frame, case.filter)),
        ("DuckDB", "by hand"): lambda: in_duckdb(path, lambda frame: frame.filter(case.sql)),
    }
    for count in runs.values():
        count()  # not counted: it loads what is loaded on first use
    times: dict[tuple[str, str], list[float]] = {key: [] for key in runs}
    for _ in range(rounds):
        counts = {}
        for key, count in runs.items():
            seconds, counts[key] = timed(count)
            times[key].append(seconds)
        if len(set(counts.values())) > 1:
            message = f"not the same rows for {case.filter}: {counts}"
            raise RuntimeError(message)
    cells = [f"`{case.filter}`", f"{next(iter(counts.values())):,}"]
    for engine in ("polars", "DuckDB"):
        ours, by_hand = times[engine, "ours"], times[engine, "by hand"]
        ratio = statistics.median(a / b for a, b in zip(ours, by_hand, strict=True))
        cells += [f"{statistics.median(ours) * 1000:.0f} ms", f"{ratio:.2f}"]
    print("| " + " | ".join(cells) + " |")


def main() -> None:
    """Make the file, and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "users.parquet"
        write_users(path, options.rows)
        print(f"{options.rows:,} rows, {path.stat().st_size / 1e6:.0f} MB of Parquet\n")
        print("| filter | rows | polars | × by hand | DuckDB | × by hand |")
        print("|---|---|---|---|---|---|")
        for case in CASES:
            compare(path, case, options.rounds)


if __name__ == "__main__":
    main()
