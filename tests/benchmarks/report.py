"""What was measured, as tables: on the terminal, and in a document between its markers."""

from __future__ import annotations

import os
import platform
import re
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.benchmarks.measure import Times


class Table(NamedTuple):
    """A table with a title; what has to be said of it stands below."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()


# --- Cells ----------------------------------------------------------------------------------------

_UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"))


def duration(seconds: float) -> str:
    """Write a time with two or three digits that count."""
    factor, unit = next((one for one in _UNITS if seconds >= one[0] * 0.9995), _UNITS[-1])
    return f"{_digits(seconds / factor)} {unit}"


def durations(times: Times) -> str:
    """Write the median of times, and the best of them in parentheses."""
    return f"{duration(times.median)} ({duration(times.best)})"


def size(count: float) -> str:
    """Write a number of bytes."""
    if count >= 1e6:
        return f"{_digits(count / 1e6)} MB"
    return f"{_digits(count / 1e3)} kB" if count >= 1e4 else f"{count:,.0f} B"


def ratio(value: float) -> str:
    return f"{value:.2f} ×" if value < 9.95 else f"{value:,.0f} ×"


def percent(value: float) -> str:
    return f"{value:.2%}" if value < 0.1 else f"{value:.0%}"


def _digits(value: float) -> str:
    return f"{value:,.0f}" if value >= 99.5 else f"{value:.1f}" if value >= 9.95 else f"{value:.2f}"


def verdict(value: float, limit: float) -> str:
    """Say whether a figure stays within its limit."""
    return "met" if value <= limit else "**not met**"


# --- Whole tables ---------------------------------------------------------------------------------


def for_terminal(table: Table) -> str:
    """Lay a table out with spaces."""
    rows = [[cell.replace("**", "").replace("`", "") for cell in row] for row in table.rows]
    columns = [column.replace("`", "") for column in table.columns]
    widths = [max(map(len, cells)) for cells in zip(columns, *rows, strict=True)]
    lines = [
        "  ".join(
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in [columns, *rows]
    ]
    notes = [note.replace("`", "") for note in table.notes]
    return "\n".join([f"\n{table.title}", *lines, *notes])


def for_document(table: Table) -> str:
    """Write a table as Markdown; one without rows is its title."""
    if not table.rows:
        return f"**{table.title}**"
    columns = zip(*table.rows, strict=True)
    lines = [
        f"**{table.title}**",
        "",
        _row(table.columns),
        _row(["---:" if all(map(_is_figure, column)) else "---" for column in columns]),
        *map(_row, table.rows),
    ]
    for note in table.notes:
        lines += ["", note]
    return "\n".join(lines)


def _is_figure(cell: str) -> bool:
    return cell in {"", "—"} or cell[0].isdecimal()


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


# --- The document ---------------------------------------------------------------------------------


def write_section(path: Path, name: str, tables: Sequence[Table]) -> None:
    """Put the tables of a section between its markers in a document, with machine and date.

    Raises `ValueError` for a document without these markers.
    """
    begin, end = f"<!-- {name}: generated -->", f"<!-- {name}: end -->"
    document = path.read_text(encoding="utf-8")
    before, found, rest = document.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        message = f"{path} has no section between {begin} and {end}"
        raise ValueError(message)
    content = "\n\n".join([f"*Measured on {machine()}.*", *map(for_document, tables)])
    path.write_text(f"{before}{begin}\n\n{content}\n\n{end}{after}", encoding="utf-8")


def machine() -> str:
    """Say where and when figures were measured."""
    today = datetime.now().astimezone()
    python = f"{platform.python_implementation()} {platform.python_version()}"
    cores = os.cpu_count()
    said = f"{today.day} {today:%B %Y}, {python}, {platform.system()} on {cores} cores of"
    if hasattr(os, "getloadavg"):  # Windows has none.
        return f"{said} {_processor()} with a load of {os.getloadavg()[0]:.1f}"
    return f"{said} {_processor()}"


def _processor() -> str:
    try:
        described = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:  # Only Linux says it there.
        return platform.processor() or platform.machine()
    found = re.search(r"^model name\s*:\s*(.+)$", described, re.MULTILINE)
    name = found[1] if found else platform.machine()
    return re.sub(r"\((?:R|TM)\)|\bCPU\b", "", name).replace("  ", " ").strip()


def say(text: str) -> None:
    """Print at once, so that a person sees how far a long run has come."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
