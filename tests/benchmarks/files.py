"""Match a large file by whole commands, cold, beside programs that people write by hand.

    python -m tests.benchmarks.files [--records 1000000] [--rounds 3] [--folder FOLDER]

Needs the extras `cli` and `fast`, and orjson. The file is made anew in a temporary folder, of which
nothing stays. All commands must give the same lines. They take turns; a ratio is that of the times
in one round, and of these the median, since both had the same machine then. Seconds are the best
ones by the clock, CPU those of all processes together in that run, and memory is the most that one
process had at a time. A round before the first, on a few records, isn't counted: it leaves behind
the bytecode that installed packages have.
"""

# ruff: noqa: T201 — what a benchmark finds is printed

from __future__ import annotations

import argparse
import hashlib
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
FILTER = "location.countryCode==US;score>=90"

BY_HAND = """\
import sys
from {module} import loads
matches = lambda r: (
    ((r.get("location") or {{}}).get("countryCode") or "").lower() == "us"
    and (r.get("score") or 0) >= 90
)
write = sys.stdout.buffer.write
with open(sys.argv[1], "rb") as lines:
    for line in lines:
        if matches(loads(line)):
            write(line)
"""
WITHOUT_FAST = """\
import sys
sys.modules["fastsimdjson"] = sys.modules["msgspec.json"] = None
from filterlang.cli import main
sys.exit(main())
"""


class Command(NamedTuple):
    """A command to be timed: on how many cores, and what it is compared with."""

    name: str
    cores: int
    arguments: tuple[str, ...]
    rival: str | None = None
    target: float | None = None


class Run(NamedTuple):
    seconds: float
    cpu: float
    megabytes: float
    digest: str


def commands(path: str) -> list[Command]:
    python = sys.executable
    match = ("match", FILTER, path)
    cold = (python, "-m", "filterlang", *match)
    plain = (python, "-c", WITHOUT_FAST, *match)
    by_orjson = (python, "-c", BY_HAND.format(module="orjson"), path)
    by_json = (python, "-c", BY_HAND.format(module="json"), path)
    return [
        Command("orjson + lambda", 1, by_orjson),
        Command("json + lambda", 1, by_json),
        Command("filterlang, fast", 1, (*cold, "--jobs", "1"), "orjson + lambda", 0.7),
        Command("filterlang, fast", 2, (*cold, "--jobs", "2"), "orjson + lambda", 0.4),
        Command("filterlang, without", 1, (*plain, "--jobs", "1"), "json + lambda", 0.5),
        Command("filterlang, without", 2, (*plain, "--jobs", "2"), "json + lambda"),
        Command("filterlang, without, --strict", 1, (*plain, "--jobs", "1", "--strict"),
                "json + lambda"),
    ]  # fmt: skip  # one command a line


def run(command: Command, cores: list[int], cache: Path) -> Run:
    """Run a command as a person does, with its output into a file."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(cache)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryFile() as out:
        start = time.perf_counter()
        process = subprocess.Popen(
            command.arguments,
            stdout=out,
            cwd=ROOT,
            env=environment,
            preexec_fn=lambda: os.sched_setaffinity(0, cores[: command.cores]),  # noqa: PLW1509 — no threads here
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            message = f"{command.name} ended with the exit code {process.returncode}"
            raise RuntimeError(message)
        out.seek(0)
        digest = hashlib.sha256(out.read()).hexdigest()
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, digest)


def write_records(path: Path, count: int) -> None:
    """Write users like the API's, each in some 340 bytes."""
    chance = random.Random(7)  # noqa: S311 — sample data
    cities = [
        ("US", "Cleveland"), ("US", "Portland"), ("GB", "London"), ("DE", "Köln"), ("FR", "Lyon"),
        ("JP", "東京"), ("IN", "Pune"), ("BR", "São Paulo"),
    ]  # fmt: skip  # some in a line
    plans = ["free", "team", "enterprise"]
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            code, city = chance.choice(cities)
            day = 1_600_000_000_000 + chance.randrange(10**11)
            file.write(
                f'{{"aptrinsicId":"{chance.getrandbits(64):016x}","identifyId":"usr-{number:07d}",'
                f'"type":"USER","email":"user{number}@example.com","title":"Engineer",'
                f'"lastSeenDate":{day},"signUpDate":{day - 86_400_000},'
                f'"score":{chance.randrange(100)},"numberOfVisits":{chance.randrange(900)},'
                f'"location":{{"countryCode":"{code}","city":"{city}","timeZone":"UTC"}},'
                f'"propertyKeys":["AP-SAMPLE-1","AP-SAMPLE-2"],'
                f'"customAttributes":{{"plan":"{chance.choice(plans)}","beta":false}}}}\n'
            )


def report(runs: dict[Command, list[Run]], size: int, count: int) -> None:
    by_name = {command.name: found for command, found in runs.items() if not command.rival}
    print(f"{count:,} records, {size / 1e6:.0f} MB; Python {sys.version.split()[0]}")
    print("| command | cores | seconds | CPU | MB | compared | target |")
    print("|---|---|---|---|---|---|---|")
    for command, found in runs.items():
        best = min(found)
        ratio = target = ""
        if command.rival:
            pairs = zip(found, by_name[command.rival], strict=True)
            median = statistics.median(run.seconds / rival.seconds for run, rival in pairs)
            ratio = f"{median:.2f} × {command.rival}"
        if command.target:
            target = f"≤ {command.target}"
        most = max(run.megabytes for run in found)
        times = (f"{best.seconds:.2f}", f"{best.cpu:.2f}")
        cells = (command.name, command.cores, *times, f"{most:.0f}", ratio, target)
        print("|", " | ".join(map(str, cells)), "|")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.files")
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", help="where the temporary folder is made")
    arguments = parser.parse_args()
    cores = sorted(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        path, cache = Path(folder, "users.jsonl"), Path(folder, "bytecode")
        write_records(path, 1_000)
        for command in commands(str(path)):
            run(command, cores, cache)
        write_records(path, arguments.records)
        runs: dict[Command, list[Run]] = {command: [] for command in commands(str(path))}
        for _ in range(arguments.rounds):
            for command, found in runs.items():
                found.append(run(command, cores, cache))
        digests = {run.digest for found in runs.values() for run in found}
        if len(digests) > 1:
            message = "the commands gave different lines"
            raise RuntimeError(message)
        report(runs, path.stat().st_size, arguments.records)


if __name__ == "__main__":
    main()
