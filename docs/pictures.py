"""The pictures of the pages, drawn from what the library says and what was measured.

`python docs/pictures.py` writes them into `docs/pictures/`; a test compares. Each has a ground of
its own, so that it can be read in light and dark alike.
"""

from __future__ import annotations

import math
import re
from html import escape
from pathlib import Path
from typing import NamedTuple

import filterlang as fl
from filterlang import px

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "pictures"

INK, FAINT, GROUND, LINE, ACCENT = "#1f2933", "#616e7c", "#f8fafc", "#9aa5b1", "#2563eb"
SANS = "ui-sans-serif, system-ui, sans-serif"
MONO = "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace"


# --- Parts of pictures ----------------------------------------------------------------------------


def svg(width: int, height: int, title: str, *parts: str, ground: str = GROUND) -> str:
    """Return a whole picture; `title` is what it shows, for who doesn't see it."""
    inside = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}"'
        f' height="{height}" role="img" aria-labelledby="title">\n'
        f'<title id="title">{escape(title)}</title>\n'
        f'<rect width="{width}" height="{height}" rx="8" fill="{ground}"/>\n{inside}\n</svg>\n'
    )


def text(
    x: float,
    y: float,
    content: str,
    *,
    fill: str = INK,
    size: int = 14,
    mono: bool = False,
    anchor: str = "start",
    bold: bool = False,
) -> str:
    """Return a line of text; `x` is its beginning, or what `anchor` says."""
    weight = ' font-weight="600"' if bold else ""
    # Where a line passes, the ground shows around the letters.
    halo = f' stroke="{GROUND}" stroke-width="5" paint-order="stroke"' if fill == ACCENT else ""
    font = f'font-family="{MONO if mono else SANS}" font-size="{size}"'
    place = f'x="{x:g}" y="{y:g}" text-anchor="{anchor}" xml:space="preserve"'
    return f'<text {place} {font} fill="{fill}"{weight}{halo}>{escape(content)}</text>'


def frame(x: float, y: float, width: float, height: float, stroke: str = LINE) -> str:
    """Return the outline of a box."""
    size = f'width="{width:g}" height="{height:g}"'
    return f'<rect x="{x:g}" y="{y:g}" {size} rx="6" fill="white" stroke="{stroke}"/>'


def box(x: float, y: float, width: float, height: float, head: str, below: str) -> str:
    """Return a box with a head, and what stands below that in it."""
    middle, line = x + width / 2, y + height / 2 - 3
    return "\n".join(
        [
            frame(x, y, width, height),
            text(middle, line, head, anchor="middle", bold=True),
            text(middle, line + 18, below, anchor="middle", size=12, fill=FAINT, mono=True),
        ]
    )


def arrow(x: float, y: float, to_x: float, to_y: float, label: str = "") -> str:
    """Return an arrow, with the name of what leads along it."""
    angle = math.atan2(to_y - y, to_x - x)
    ends = [
        f"{to_x - 9 * math.cos(angle + turn):.1f},{to_y - 9 * math.sin(angle + turn):.1f}"
        for turn in (0.4, -0.4)
    ]
    parts = [
        f'<line x1="{x:g}" y1="{y:g}" x2="{to_x:g}" y2="{to_y:g}" stroke="{ACCENT}"/>',
        f'<polygon points="{to_x:g},{to_y:g} {" ".join(ends)}" fill="{ACCENT}"/>',
    ]
    if label:
        middle, low = (x + to_x) / 2, (y + to_y) / 2 - 7
        parts.append(text(middle, low, label, anchor="middle", size=12, fill=ACCENT, mono=True))
    return "\n".join(parts)


# --- The pictures ---------------------------------------------------------------------------------


def way() -> str:
    """Return the way of a filter: what it is made of, and what is made of it."""
    given = [
        ("text", "score >= 10", "parse"),
        ("query string", "filter=score%3E%3D10", "from_query"),
        ("JSON", '{"version": 1, …}', "from_json_obj"),
        ("values", "F.score >= 10", "field, F"),
    ]
    made = [
        ("canonical text", "score>=10", "unparse"),
        ("query string", "filter=score%3E%3D10", "to_query"),
        ("JSON", '{"version": 1, …}', "to_json_obj"),
        ("what is wrong", "where, and what to write", "check"),
    ]
    parts = [
        box(355, 100, 150, 70, "FilterSet", "filters of clauses"),
    ]
    for place, (head, below, by) in enumerate(given):
        y = 20 + place * 62
        parts += [box(20, y, 190, 50, head, below), arrow(210, y + 25, 353, 118 + place * 11, by)]
    for place, (head, below, by) in enumerate(made):
        y = 20 + place * 62
        parts += [box(650, y, 190, 50, head, below), arrow(505, 118 + place * 11, 648, y + 25, by)]
    answers = [
        (20, "records", "in memory, in files", "compile"),
        (235, "data frames", "pandas, polars, DuckDB", "frames.where"),
        (450, "databases", "SQLite, PostgreSQL …", "sql.where"),
        (665, "many filters", "one record", "FilterIndex"),
    ]
    for x, head, below, by in answers:
        parts.append(box(x, 345, 175, 55, head, below))
        start = 380 + (x - 20) / 6
        parts += [
            arrow(start, 170, x + 87, 343),
            text(x + 87, 326, by, anchor="middle", size=12, fill=ACCENT, mono=True),
        ]
    parts.append(
        text(430, 430, "the same verdict everywhere", anchor="middle", size=13, fill=FAINT)
    )
    return svg(860, 448, "What a filter is made of, and what is made of it", *parts)


DARK, LIGHT = "#1e1e2e", "#e4e4ef"
COLORS = {"1;31": "#ff7b86", "1;36": "#6fd3e8", "1": "#ffffff"}
_PAINTED = re.compile("\x1b\\[([0-9;]+)m(.*?)\x1b\\[0m")


def message() -> str:
    """Return what a terminal shows of a filter with two mistakes."""
    command = "$ filterlang check --schema users 'scroe>=90;type=LEAD'"
    report = fl.check("scroe>=90;type=LEAD", px.USER)
    lines = [command, *report.render(color=True).split("\n")]
    parts = [terminal_line(34 + 20 * place, line) for place, line in enumerate(lines)]
    return svg(
        560, 40 + 20 * len(lines), "A message in its colours on a terminal", *parts, ground=DARK
    )


def terminal_line(y: int, line: str) -> str:
    """Return a line as a terminal shows it, its colours too."""
    spans, place = [], 0
    for found in _PAINTED.finditer(line):
        spans.append(escape(line[place : found.start()]))
        spans.append(f'<tspan fill="{COLORS[found[1]]}">{escape(found[2])}</tspan>')
        place = found.end()
    spans.append(escape(line[place:]))
    return (
        f'<text x="20" y="{y}" font-family="{MONO}" font-size="14" fill="{LIGHT}"'
        f' xml:space="preserve">{"".join(spans)}</text>'
    )


def completions() -> str:
    """Return a filter box with what may stand at its cursor."""
    typed = "type==LEAD;loc"
    offered = fl.complete(typed, len(typed), px.USER)[:6]
    cursor = 32 + 8.43 * len(typed)
    parts = [
        frame(20, 20, 680, 38, ACCENT),
        text(32, 44, typed, mono=True),
        f'<line x1="{cursor:g}" y1="28" x2="{cursor:g}" y2="50" stroke="{INK}"/>',
        frame(20, 62, 680, len(offered) * 30 + 8),
        '<rect x="24" y="66" width="672" height="30" rx="4" fill="#dbeafe"/>',
    ]
    for place, one in enumerate(offered):
        y = 86 + place * 30
        parts += [text(34, y, one.label, mono=True), text(250, y, one.detail, fill=FAINT, size=13)]
    height = 62 + len(offered) * 30 + 28
    return svg(720, height, "A filter box that offers names of the schema", *parts)


class Bar(NamedTuple):
    """One library in a plot: its name, and how many times as long as ours it takes."""

    name: str
    times: float


_UNITS = {"ns": 1e-9, "µs": 1e-6, "ms": 1e-3, "s": 1.0}
# What a row begins with: the name, what it does, and the first of its times.
_ROW = re.compile(
    r"^\| (?P<name>[^|]+?) \| [^|]+ \| (?P<number>[\d.,]+) (?P<unit>ns|µs|ms|s)\b", re.MULTILINE
)


def measured(page: str, section: str) -> list[Bar]:
    """Return the peers of a section of the page of performance, as the benchmark wrote them."""
    _, generated = page.split(f"<!-- {section}: generated -->")
    generated, _ = generated.split(f"<!-- {section}: end -->")
    table = generated.split("**Peers")[1].split("\n\n")[1]
    seconds = {
        found["name"]: float(found["number"].replace(",", "")) * _UNITS[found["unit"]]
        for found in _ROW.finditer(table)
    }
    ours = seconds["filterlang"]
    bars = [Bar(name, time / ours) for name, time in seconds.items()]
    return sorted(bars, key=lambda bar: bar.times)


def speed() -> str:
    """Return how long others take for what we do, on a scale of powers of ten."""
    page = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    parts: list[str] = []
    y = 20
    for section, head in (("parse", "Reading a filter"), ("match", "Judging a record")):
        bars = measured(page, section)
        parts.append(text(20, y + 14, head, bold=True))
        y += 28
        least, most = bars[0].times / 2, bars[-1].times
        for name, times in bars:
            width = 400 * math.log10(times / least) / math.log10(most / least)
            is_ours = name == "filterlang"
            fill = ACCENT if is_ours else LINE
            parts += [
                text(190, y + 14, name, anchor="end", size=13, bold=is_ours),
                f'<rect x="200" y="{y + 3}" width="{width:.1f}" height="14" rx="2" fill="{fill}"/>',
                text(206 + width, y + 14, f"{two_digits(times):,g} ×", size=12, fill=FAINT),
            ]
            y += 22
        y += 18
    said = "Time beside ours; the scale is logarithmic. Shorter is faster."
    parts.append(text(20, y + 4, said, size=12, fill=FAINT))
    return svg(690, y + 20, "The time that filterlang and its peers take", *parts)


def two_digits(value: float) -> float:
    """Return a number rounded to the digits that count."""
    return float(f"{value:.2g}")


PICTURES = {"way": way, "message": message, "completions": completions, "speed": speed}


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, draw in PICTURES.items():
        (FOLDER / f"{name}.svg").write_text(draw(), encoding="utf-8")
