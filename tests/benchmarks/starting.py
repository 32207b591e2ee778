"""A cold start: what importing costs, up to the first parse and the first match."""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from filterlang import parse
from tests.benchmarks import peers
from tests.benchmarks.measure import MOST, Times
from tests.benchmarks.report import Table, duration, durations, percent, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MOST_OF_IMPORT, MOST_OF_FIRST_PARSE = 0.008, 0.015
"""Seconds that the issue allows: above Python with `re`, and above Python."""

TEXT = "countryCode==US;title~*engineer*;score>=10"
_RECORD = '{"countryCode": "us", "title": "Engineer", "score": 12}'
_BROKEN = "try: filterlang.parse('plan=x')\nexcept ValueError: pass"

try:
    from resource import RUSAGE_CHILDREN, getrusage
except ImportError:  # Windows doesn't say how long its processes were computing.
    RUSAGE_CHILDREN = None

# What every start of Python with its site does, without reading any `.pth` file: what these load
# is not ours to count, nor to get for nothing. The folders of the checkout and of the installed
# packages come after.
_BARE = f"import site, sys; sys.path[:0] = {[str(Path(__file__).resolve().parents[2])]!r}; "
_BARE += f"sys.path.append({sysconfig.get_path('purelib')!r}); "
_OPTIONS = ("-I", "-S")

PROGRAMS = {
    "Python": "",
    "`import re`": "import re",
    "`import filterlang`": "import filterlang",
    "… and parse a first filter": f"import filterlang; filterlang.parse({TEXT!r})",
    "… and match a first record": f"import filterlang; filterlang.compile({TEXT!r})({_RECORD})",
    "… and report a first mistake": f"import filterlang\n{_BROKEN}",
}
_WITHOUT_LARK = ("`import filterlang`", "… and parse a first filter", "… and match a first record")
_FEWEST = 3
_NAMED = 6


def run(budget: float) -> Iterator[Table]:
    """Measure; `budget` is about how many seconds each comparison may take."""
    for name in _WITHOUT_LARK:
        assert "lark" not in _modules(PROGRAMS[name]), f"Lark was loaded: {name}"
    times = _race(PROGRAMS, 4 * budget)
    yield _starts(times)
    yield _shares()
    yield _against_peers(budget)


# --- Whole processes ------------------------------------------------------------------------------


def _command(program: str, *options: str) -> list[str]:
    return [sys.executable, *_OPTIONS, *options, "-c", f"{_BARE}\n{program}"]


def _race(
    programs: Mapping[str, str], budget: float, arguments: Mapping[str, str] | None = None
) -> dict[str, Times]:
    """Time whole processes in rounds; the first round, which fills the caches, doesn't count."""
    arguments = arguments or {}
    rounds: dict[str, list[float]] = {name: [] for name in programs}
    names = list(programs)
    end = perf_counter() + budget
    while (done := len(rounds[names[0]])) < _FEWEST or (done < MOST and perf_counter() < end):
        for name in names:
            command = [*_command(programs[name]), arguments.get(name, "")]
            start = _clock()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            rounds[name].append(_clock() - start)
        names.append(names.pop(0))
    return {name: Times(times[1:]) for name, times in rounds.items()}


def _clock() -> float:
    """Give the seconds that child processes were computing; by the wall clock if nobody knows."""
    if RUSAGE_CHILDREN is None:
        return perf_counter()
    used = getrusage(RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _starts(times: dict[str, Times]) -> Table:
    bare, with_re = times["Python"], times["`import re`"]
    targets = {
        "`import filterlang`": (with_re, MOST_OF_IMPORT, "with `re`"),
        "… and parse a first filter": (bare, MOST_OF_FIRST_PARSE, "Python"),
    }
    rows = []
    for name, of_one in times.items():
        row = [name, durations(of_one), _above(of_one, bare), "", ""]
        if name in targets:
            base, limit, base_name = targets[name]
            row[3:] = [
                f"{duration(limit)} above {base_name}",
                verdict(of_one.median - base.median, limit),
            ]
        rows.append(row)
    return Table(
        "Starts: whole processes, median (best)",
        ["program", "time", "above Python", "target", ""],
        rows,
        ["Only the last of them loads Lark, which is asserted."],
    )


def _above(times: Times, base: Times) -> str:
    difference = times.median - base.median
    return duration(difference) if difference >= 1e-5 else "—"


# --- Whose time it is -----------------------------------------------------------------------------


def _shares() -> Table:
    """Say which modules are imported up to the first parse, those of Python's own start off."""
    program = PROGRAMS["… and parse a first filter"]
    there = _modules("")
    best: dict[str, float] = {}
    for _ in range(_FEWEST):
        for module, seconds in _import_times(program).items():
            if module not in there:
                best[module] = min(seconds, best.get(module, seconds))
    whole = sum(best.values())
    rows = []
    for label, is_ours in (("the standard library", False), ("filterlang", True)):
        modules = [module for module in best if _is_ours(module) is is_ours]
        modules.sort(key=lambda module: -best[module])
        seconds = sum(best[module] for module in modules)
        named = ", ".join(f"`{module}` {duration(best[module])}" for module in modules[:_NAMED])
        rest = f" and {len(modules) - _NAMED} more" if len(modules) > _NAMED else ""
        rows.append([label, duration(seconds), percent(seconds / whole), named + rest])
    return Table(
        "Whose time the imports are, up to the first parse",
        ["", "time", "share", "most of it"],
        rows,
        ["As `python -X importtime` says, which makes imports slower than they are."],
    )


def _is_ours(module: str) -> bool:
    return module.partition(".")[0] == "filterlang"


_LINE = re.compile(r"import time:\s+(\d+) \|\s+\d+ \|\s*(\S+)")


def _import_times(program: str) -> dict[str, float]:
    """Give the seconds that each module took by itself."""
    finished = subprocess.run(
        _command(program, "-X", "importtime"), check=True, capture_output=True, encoding="utf-8"
    )
    return {
        module: int(microseconds) * 1e-6 for microseconds, module in _LINE.findall(finished.stderr)
    }


def _modules(program: str) -> set[str]:
    finished = subprocess.run(
        _command(f"{program}\nprint(*sys.modules)"),
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    return set(finished.stdout.split())


# --- Peers ----------------------------------------------------------------------------------------


def _against_peers(budget: float) -> Table:
    programs = {"Python": "", "filterlang": "import filterlang, sys; filterlang.parse(sys.argv[1])"}
    arguments = {"filterlang": TEXT}
    parts = peers.parts_of(parse(TEXT).filters[0])
    for peer in peers.installed():
        programs[peer.label] = peer.first
        arguments[peer.label] = peer.write(parts, folded=False)
    times = _race(programs, 2 * budget, arguments)
    bare = times.pop("Python")
    order: Sequence[str] = sorted(times, key=lambda name: times[name].median)
    return Table(
        "Peers: import and first parse, above Python, median",
        ["", "time"],
        [[name, _above(times[name], bare)] for name in order],
        [peers.versions()],
    )
