"""Match a million records in every format by whole commands, beside jq, Miller, DuckDB and polars.

    python -m tests.benchmarks.programs [--records 1000000] [--rounds 3] [--folder FOLDER]
        [--only csv,parquet] [--write docs/performance.md]

Needs the extras `cli`, `fast`, `files` and `polars`, and DuckDB; of jq and Miller what is there.
The files are made anew, the same ones each time, in a temporary folder of which nothing stays. All
programs have to count the same records, and to write as many. They take turns; a ratio is that of
two times in one round, and of these the median, since both had the same machine then. jq and
Miller, which take much longer, run in the first round only.

Times by the clock say what people wait for, those of the processors what it costs: where other
programs run on the machine, only these can be compared. Each program is held to one core, or two.
"""

# ruff: noqa: T201 — what a benchmark finds is printed

from __future__ import annotations

import argparse
import gzip
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import duckdb

from tests.benchmarks.files import FILTER, Command, Run, run, write_records
from tests.benchmarks.report import (
    Table,
    for_terminal,
    machine,
    ratio,
    verdict,
    write_section,
)

OURS, DUCKDB, POLARS, MILLER, JQ = "filterlang", "DuckDB", "polars", "Miller", "jq"
FORMATS = {
    "jsonl": "JSON Lines",
    "gz": "JSON Lines, gzip",
    "json": "one JSON array",
    "csv": "CSV",
    "parquet": "Parquet",
}
NAMES = {
    "jsonl": "users.jsonl",
    "gz": "users.jsonl.gz",
    "json": "users.json",
    "csv": "users.csv",
    "parquet": "users.parquet",
}
COUNT, OUTPUT, PACKED = "count", "output", "gzip output"
TASKS = (COUNT, OUTPUT, PACKED)
CORES = (1, 2)

_COLUMNS = (
    "{aptrinsicId: 'VARCHAR', identifyId: 'VARCHAR', type: 'VARCHAR', email: 'VARCHAR', "
    "title: 'VARCHAR', lastSeenDate: 'BIGINT', signUpDate: 'BIGINT', score: 'BIGINT', "
    "numberOfVisits: 'BIGINT', "
)
_NESTED = _COLUMNS + (
    "location: 'STRUCT(countryCode VARCHAR, city VARCHAR, timeZone VARCHAR)', "
    "propertyKeys: 'VARCHAR[]', customAttributes: 'STRUCT(plan VARCHAR, beta BOOLEAN)'}"
)
_FLAT = _COLUMNS + (
    "'location.countryCode': 'VARCHAR', 'location.city': 'VARCHAR', "
    "'customAttributes.plan': 'VARCHAR', 'customAttributes.beta': 'BOOLEAN'}"
)
_ASKED = "{score: 'BIGINT', location: 'STRUCT(countryCode VARCHAR)'}"

IN_DUCKDB = """\
import duckdb, sys
connection = duckdb.connect()
connection.execute(f"set threads = {sys.argv[2]}")
connection.execute("set preserve_insertion_order = true")
for row in connection.execute(sys.argv[1]).fetchall():
    print(row[0])
"""
IN_POLARS = """\
import sys
import polars as pl
kind, path, task, to = sys.argv[1:]
scan = {"parquet": pl.scan_parquet, "csv": pl.scan_csv, "jsonl": pl.scan_ndjson}[kind](path)
code = (
    pl.col("location.countryCode")
    if kind == "csv"
    else pl.col("location").struct.field("countryCode")
)
found = scan.filter((code.str.to_lowercase() == "us") & (pl.col("score") >= 90))
if task == "count":
    print(found.select(pl.len()).collect().item())
elif kind == "csv":
    found.sink_csv(to, compression="gzip" if to.endswith("gz") else "uncompressed")
else:
    found.sink_ndjson(to, compression="gzip" if to.endswith("gz") else "uncompressed")
"""
_JQ = 'select((.location.countryCode | ascii_downcase) == "us" and .score >= 90)'
_MILLER = {
    "csv": 'tolower(${location.countryCode}) == "us" && $score >= 90',
    "jsonl": 'tolower($location.countryCode) == "us" && $score >= 90',
}


class Case(NamedTuple):
    """What is done with a file, on how many cores."""

    format: str
    task: str
    cores: int


class Floor(NamedTuple):
    """How many times the time of another may be taken at most."""

    most: float
    rival: str
    format: str | None = None
    """Of which format that time is; None for the same one."""


FLOORS = {
    Case("jsonl", COUNT, 1): Floor(1.2, DUCKDB),
    Case("jsonl", COUNT, 2): Floor(1.2, DUCKDB),
    Case("gz", COUNT, 2): Floor(1.1, OURS, "jsonl"),
    Case("json", COUNT, 1): Floor(1.0, DUCKDB),
    Case("json", COUNT, 2): Floor(1.0, DUCKDB),
    Case("csv", COUNT, 1): Floor(1.5, DUCKDB),
    Case("csv", COUNT, 2): Floor(1.5, DUCKDB),
    Case("parquet", COUNT, 1): Floor(1.3, POLARS),
    Case("parquet", COUNT, 2): Floor(1.3, POLARS),
}


# --- The files ------------------------------------------------------------------------------------


def write_files(folder: Path, records: int) -> None:
    """Write the same users in all formats; CSV has what they have in one cell each."""
    lines = folder / NAMES["jsonl"]
    write_records(lines, records)
    with lines.open("rb") as read, gzip.open(folder / NAMES["gz"], "wb", 6) as packed:
        shutil.copyfileobj(read, packed, 1 << 20)
    with lines.open("rb") as read, (folder / NAMES["json"]).open("wb") as array:
        before = b"["
        for line in read:
            array.write(before + line.rstrip(b"\n"))
            before = b",\n"
        array.write(b"]\n")
    users = f"read_json('{lines}', columns = {_NESTED}, format = 'newline_delimited')"
    flat = (
        "select * exclude (location, propertyKeys, customAttributes), "
        'location.countryCode as "location.countryCode", location.city as "location.city", '
        'customAttributes.plan as "customAttributes.plan", '
        'customAttributes.beta as "customAttributes.beta" '
    )
    with duckdb.connect() as connection:
        connection.execute(f"copy ({flat} from {users}) to '{folder / NAMES['csv']}' (header)")
        connection.execute(f"copy (from {users}) to '{folder / NAMES['parquet']}'")


# --- The commands ---------------------------------------------------------------------------------


def commands(folder: Path, case: Case) -> dict[str, Command]:
    """Return what each program is called with, of those that are there and read the format."""
    path, to = folder / NAMES[case.format], folder / f"found{case.cores}"
    made = {
        OURS: _ours(path, case, to),
        DUCKDB: _duckdb(path, case, to),
        POLARS: _polars(path, case, to),
        MILLER: _packing(_miller(path, case), case, to),
        JQ: _packing(_jq(path, case), case, to),
    }
    return {
        name: Command(f"{name}: {case}", case.cores, arguments)
        for name, arguments in made.items()
        if arguments is not None
    }


def _ours(path: Path, case: Case, to: Path) -> tuple[str, ...]:
    command = (sys.executable, "-m", "filterlang", "match", FILTER, str(path))
    if case.task == COUNT:
        return (*command, "--count")
    return (*command, "--output", f"{to}{_ending(case)}")


def _ending(case: Case) -> str:
    ending = ".csv" if case.format == "csv" else ".jsonl"
    return f"{ending}.gz" if case.task == PACKED else ending


def _packing(arguments: tuple[str, ...] | None, case: Case, to: Path) -> tuple[str, ...] | None:
    """Return a command that packs what another one prints, where that is to be packed."""
    if arguments is None or case.task != PACKED:
        return arguments
    return ("sh", "-c", '"$@" | gzip -6 > "$0"', f"{to}{_ending(case)}", *arguments)


def _duckdb(path: Path, case: Case, to: Path) -> tuple[str, ...]:
    counts = case.task == COUNT
    columns = _ASKED if counts else _NESTED
    code = "location.countryCode"
    match case.format:
        case "csv":
            source = f"read_csv('{path}', columns = {_FLAT}, header = true)"
            code = '"location.countryCode"'
        case "parquet":
            source = f"'{path}'"
        case "json":
            source = f"read_json('{path}', columns = {columns}, format = 'array')"
        case _:
            source = f"read_json('{path}', columns = {columns}, format = 'newline_delimited')"
    found = f"from {source} where lower({code}) = 'us' and score >= 90"
    kind = "format csv, header" if case.format == "csv" else "format json"
    # Its JSON isn't packed by the end of the name.
    packed = ", compression gzip" if case.task == PACKED else ""
    copy = f"copy ({found}) to '{to}{_ending(case)}' ({kind}{packed})"
    query = f"select count(*) {found}" if counts else copy
    return (sys.executable, "-c", IN_DUCKDB, query, str(case.cores))


def _polars(path: Path, case: Case, to: Path) -> tuple[str, ...] | None:
    if case.format in {"json", "gz"}:
        return None
    to = to.with_name(to.name + _ending(case))
    return (sys.executable, "-c", IN_POLARS, case.format, str(path), case.task, str(to))


def _miller(path: Path, case: Case) -> tuple[str, ...] | None:
    if shutil.which("mlr") is None or case.format == "parquet":
        return None
    condition = _MILLER["csv" if case.format == "csv" else "jsonl"]
    read = {"csv": ("--icsv",), "json": ("--ijson",), "gz": ("--ijsonl", "--gzin")}.get(
        case.format, ("--ijsonl",)
    )
    write = "--ocsv" if case.format == "csv" else "--ojsonl"
    if case.task == COUNT:
        return ("mlr", *read, "--onidx", "filter", condition, "then", "count", str(path))
    return ("mlr", *read, write, "filter", condition, str(path))


def _jq(path: Path, case: Case) -> tuple[str, ...] | None:
    if shutil.which("jq") is None or case.format in {"csv", "parquet"}:
        return None
    each = "inputs | .[]" if case.format == "json" else "inputs"
    program = f"{each} | {_JQ}"
    if case.task == COUNT:
        program = f"reduce ({program}) as $one (0; . + 1)"
    if case.format == "gz":
        return ("sh", "-c", 'gzip -dc "$1" | jq -cn "$0"', program, str(path))
    return ("jq", "-cn", program, str(path))


# --- Runs, and what they say ----------------------------------------------------------------------

Found = dict[tuple[Case, str], list[Run]]


def measure(folder: Path, cases: list[Case], rounds: int, cache: Path) -> Found:
    """Run all commands in turn."""
    cores = sorted(os.sched_getaffinity(0))
    found: Found = {}
    for number in range(rounds):
        for case in cases:
            for name, command in commands(folder, case).items():
                if name in {JQ, MILLER} and number:
                    continue
                found.setdefault((case, name), []).append(run(command, cores, cache))
    return found


def expect_same(folder: Path, cases: list[Case], cache: Path) -> None:
    """Run each command once, and expect that all find as many records; what it loads is loaded."""
    for case in cases:
        numbers = {}
        for name, command in commands(folder, case).items():
            for old in folder.glob("found*"):
                old.unlink()
            printed = subprocess.run(
                command.arguments,
                capture_output=True,
                check=True,
                cwd=Path(__file__).parents[2],
                env={**os.environ, "PYTHONPYCACHEPREFIX": str(cache)},
            ).stdout
            if case.task == COUNT:
                numbers[name] = int(printed)
                continue
            written = [path.read_bytes() for path in folder.glob("found*")]
            if case.task == PACKED:
                written = list(map(gzip.decompress, written))
            data = b"".join(written) or printed
            numbers[name] = data.count(b"\n") - (case.format == "csv")
        if len(set(numbers.values())) != 1:
            message = f"not the same number of records: {case}: {numbers}"
            raise RuntimeError(message)


def _ratio(ours: list[Run], theirs: list[Run]) -> tuple[float, float]:
    """Return how many times the time is taken: by the clock, and of the processors."""
    pairs = list(zip(ours, theirs, strict=False))
    return (
        statistics.median(one.seconds / other.seconds for one, other in pairs),
        statistics.median(one.cpu / other.cpu for one, other in pairs),
    )


def tables(found: Found) -> list[Table]:
    """Return the times of all programs, and how they compare with what is to be held."""
    cases = list(dict.fromkeys(case for case, _ in found))
    programs = (OURS, DUCKDB, POLARS, MILLER, JQ)
    times: list[tuple[str, ...]] = []
    floors: list[tuple[str, ...]] = []
    for case in cases:
        what = (FORMATS[case.format], case.task, str(case.cores))
        cells = [_times(found.get((case, name))) for name in programs]
        most = max(run.megabytes for run in found[case, OURS])
        times.append((*what, *cells, f"{most:.0f} MB"))
        floors += [(*what, *row) for row in _floors(found, case)]
    return [
        Table(
            "Seconds by the clock (of the processors), medians",
            ("format", "task", "cores", *programs, "memory of filterlang"),
            tuple(times),
        ),
        Table(
            "What was to be held",
            (
                "format",
                "task",
                "cores",
                "beside",
                "at most",
                "by the clock",
                "of the processors",
                "",
            ),
            tuple(floors),
        ),
    ]


def _times(runs: list[Run] | None) -> str:
    if runs is None:
        return "—"
    seconds = statistics.median(run.seconds for run in runs)
    cpu = statistics.median(run.cpu for run in runs)
    return f"{seconds:.2f} ({cpu:.2f})"


def _floors(found: Found, case: Case) -> list[tuple[str, ...]]:
    wanted = [Floor(1.0, rival) for rival in (MILLER, JQ)]
    if case in FLOORS:
        wanted.insert(0, FLOORS[case])
    rows: list[tuple[str, ...]] = []
    for floor in wanted:
        beside = case._replace(format=floor.format or case.format)
        if (beside, floor.rival) not in found:
            continue
        clock, cpu = _ratio(found[case, OURS], found[beside, floor.rival])
        name = floor.rival if floor.format is None else FORMATS[floor.format]
        # On one core the processors' time is what people wait for, but for other programs.
        met = verdict(cpu if case.cores == 1 else clock, floor.most)
        rows.append((name, f"{floor.most} ×", ratio(clock), ratio(cpu), met))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.programs")
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", help="where the temporary folder is made")
    parser.add_argument("--only", default=",".join(FORMATS), help="formats, with commas between")
    parser.add_argument("--write", type=Path, help="the page in which to put the tables")
    arguments = parser.parse_args()
    cases = [
        Case(format_, task, cores)
        for format_ in arguments.only.split(",")
        for task in TASKS
        for cores in CORES
    ]
    if len(os.sched_getaffinity(0)) < max(CORES):
        parser.error(f"it takes {max(CORES)} cores")
    with tempfile.TemporaryDirectory(dir=arguments.folder) as name:
        folder, cache = Path(name), Path(name, "bytecode")
        write_files(folder, 2_000)
        expect_same(folder, cases, cache)
        write_files(folder, arguments.records)
        size = (folder / NAMES["jsonl"]).stat().st_size
        print(f"{arguments.records:,} records, {size / 1e6:.0f} MB of JSON Lines; {machine()}")
        made = tables(measure(folder, cases, arguments.rounds, cache))
    for table in made:
        print(for_terminal(table))
    if arguments.write is not None:
        write_section(arguments.write, "programs", made)


if __name__ == "__main__":
    main()
