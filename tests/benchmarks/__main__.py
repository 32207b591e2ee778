"""The benchmark's command: `python -m tests.benchmarks --help`."""

from __future__ import annotations

import argparse
from importlib import import_module
from pathlib import Path
from time import perf_counter

from tests.benchmarks.report import for_terminal, machine, say, write_section

SECTIONS = {
    "parse": "parsing",
    "match": "matching",
    "start": "starting",
    "index": "indexing",
    "hostile": "hostile",
}
BUDGET, QUICK_BUDGET = 1.0, 0.08
"""Seconds for a comparison, of which there are some forty."""


def main() -> None:
    arguments = _arguments()
    say(f"Measured on {machine()}.")
    begin = perf_counter()
    for name in arguments.only:
        section = import_module(f"tests.benchmarks.{SECTIONS[name]}")
        say(f"\n=== {name} (at {perf_counter() - begin:.0f} s)")
        tables = []
        for table in section.run(QUICK_BUDGET if arguments.quick else BUDGET):
            say(for_terminal(table))
            tables.append(table)
        if arguments.write is not None:
            write_section(arguments.write, name, tables)
    say(f"\ndone in {perf_counter() - begin:.0f} s")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description="Measure filterlang beside code by hand and its peers, in one run.",
        epilog="Peers that are installed take part: pip install 'filterlang[bench]'.",
    )
    parser.add_argument("--quick", action="store_true", help="a rough look, in half a minute")
    parser.add_argument(
        "--only",
        type=_sections,
        default=list(SECTIONS),
        metavar=",".join(SECTIONS),
        help="only these sections",
    )
    parser.add_argument(
        "--write",
        type=Path,
        metavar="docs/performance.md",
        help="put the tables into this document, between the markers of their sections",
    )
    return parser.parse_args()


def _sections(text: str) -> list[str]:
    names = text.split(",")
    unknown = [name for name in names if name not in SECTIONS]
    if unknown:
        message = f"unknown: {', '.join(unknown)}; the sections are {', '.join(SECTIONS)}"
        raise argparse.ArgumentTypeError(message)
    return names


if __name__ == "__main__":
    main()
