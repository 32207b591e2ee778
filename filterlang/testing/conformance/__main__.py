"""The command `python -m filterlang.testing.conformance`: ask a program all cases, and report."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from filterlang.testing.conformance.examination import examine
from filterlang.testing.conformance.program import Program, ProgramError
from filterlang.testing.conformance.questions import LEVELS, corpus_questions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from filterlang.testing.conformance.examination import Report

_MOST_NAMES = 5
"""So many names of failed cases are shown for each level; the report has all of them."""

_PASSED, _FAILED, _NOT_ASKED = 0, 1, 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return 0 if all that is claimed holds, 1 if not, 3 if nobody answers."""
    parser = argparse.ArgumentParser(
        prog="python -m filterlang.testing.conformance",
        description="Ask a program the conformance vectors: it reads a question a line, as JSON,"
        " and writes an answer a line. grammar/vectors/README.md describes both.",
    )
    parser.add_argument(
        "--level",
        action="append",
        choices=LEVELS,
        help="ask only the cases of this level (may be repeated); default: those that it claims",
    )
    parser.add_argument(
        "--corpus",
        type=Path,
        metavar="FILE",
        help="ask the drawn cases of this file in the place of the vectors",
    )
    parser.add_argument("--report", type=Path, metavar="FILE", help="write the report as JSON")
    parser.add_argument(
        "--timeout", type=float, default=10, metavar="SECONDS", help="for an answer (default: 10)"
    )
    parser.add_argument(
        "command",
        nargs=argparse.REMAINDER,
        metavar="COMMAND",
        help="the program and its arguments",
    )
    options = parser.parse_args(arguments)
    if not options.command:
        parser.error("expected the command of a program, found none")
    try:
        # Read before anybody is asked, so that what is wrong with the file is told as such.
        cases = None if options.corpus is None else list(corpus_questions(options.corpus))
    except (OSError, EOFError, KeyError, ValueError) as error:
        parser.error(f"{options.corpus}: {error}")
    try:
        with Program(options.command, options.timeout) as program:
            report = examine(program, options.level, cases)
    except (OSError, ProgramError) as error:
        sys.stderr.write(f"{options.command[0]}: {error}\n")
        return _NOT_ASKED
    if options.report is not None:
        options.report.write_text(json.dumps(report.to_dict(), indent=2) + "\n", encoding="utf-8")
    sys.stdout.writelines(f"{line}\n" for line in lines(report))
    return _FAILED if report.failed else _PASSED


def lines(report: Report) -> list[str]:
    """Return a report as lines for people."""
    made = [f"{report.implementation} {report.version}, language {report.language}"]
    for level, result in report.levels.items():
        left_out = sum(result.left_out.values())
        if not result.cases and not left_out:
            made.append(f"{level}: nothing asked")
            continue
        without = f", {left_out} left out" if left_out else ""
        verdict = "holds" if not result.failed else f"{len(result.failed)} of {result.cases} failed"
        made.append(f"{level}: {verdict} ({result.passed} passed{without})")
        made += [f"  {name}: {why}" for name, why in list(result.failed.items())[:_MOST_NAMES]]
        if len(result.failed) > _MOST_NAMES:
            made.append(f"  … and {len(result.failed) - _MOST_NAMES} more")
    return made


if __name__ == "__main__":
    sys.exit(main())
