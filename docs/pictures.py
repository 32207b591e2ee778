"""The pictures of the pages, drawn from what the library says and what was measured.

`python docs/pictures.py` writes them into `docs/pictures/`; a test compares. What is wider than a
phone is drawn twice, the second time narrow; `shown_pictures` puts both into the site's pages.
Colours are classes, so that the site can give them its own; a picture by itself, as a checkout
shows it, follows what the reader's system prefers.
"""

from __future__ import annotations

import math
import re
from functools import partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import filterlang as fl
from filterlang import px

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "pictures"

STYLE = """<style>
svg{--ink:#1f2933;--faint:#5a6673;--ground:#f8fafc;--box:#fff;--line:#9aa5b1;--accent:#2563eb;--chosen:#dbeafe}
@media (prefers-color-scheme:dark){
svg{--ink:#e6e9ed;--faint:#a3adb8;--ground:#1b2027;--box:#262d36;--line:#657180;--accent:#7db0ff;--chosen:#1d3d68}
}
.ink{fill:var(--ink)}.faint{fill:var(--faint)}.accent{fill:var(--accent)}.bar{fill:var(--line)}
.ground{fill:var(--ground)}.box{fill:var(--box);stroke:var(--line)}.chosen{fill:var(--chosen)}
.edge{stroke:var(--accent)}.cursor{stroke:var(--ink)}
</style>"""
"""The colours of a picture that stands by itself, in light and in dark."""
SANS = "ui-sans-serif, system-ui, sans-serif"
MONO = "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace"


# --- Parts of pictures ----------------------------------------------------------------------------


def svg(width: int, height: int, title: str, *parts: str, ground: str = 'class="ground"') -> str:
    """Return a whole picture; `title` is what it shows, for who doesn't see it."""
    inside = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}"'
        f' height="{height}" role="img" aria-labelledby="title">\n'
        f'<title id="title">{escape(title)}</title>\n{STYLE}\n'
        f'<rect width="{width}" height="{height}" rx="8" {ground}/>\n{inside}\n</svg>\n'
    )


def text(
    x: float,
    y: float,
    content: str,
    *,
    colour: str = "ink",
    size: int = 14,
    mono: bool = False,
    anchor: str = "start",
    bold: bool = False,
) -> str:
    """Return a line of text; `x` is its beginning, or what `anchor` says."""
    weight = ' font-weight="600"' if bold else ""
    font = f'font-family="{MONO if mono else SANS}" font-size="{size}"'
    place = f'x="{x:g}" y="{y:g}" text-anchor="{anchor}" xml:space="preserve"'
    return f'<text {place} {font} class="{colour}"{weight}>{escape(content)}</text>'


def frame(x: float, y: float, width: float, height: float) -> str:
    """Return the outline of a box."""
    size = f'width="{width:g}" height="{height:g}"'
    return f'<rect x="{x:g}" y="{y:g}" {size} rx="6" class="box"/>'


def box(x: float, y: float, width: float, head: str, below: str, by: str = "") -> str:
    """Return a box with a head, an example below that, and the name of what leads there."""
    middle = x + width / 2
    lines = [
        frame(x, y, width, 74 if by else 54),
        text(middle, y + 22, head, anchor="middle", bold=True),
        text(middle, y + 41, below, anchor="middle", size=12, colour="faint", mono=True),
    ]
    if by:
        lines.append(text(middle, y + 62, by, anchor="middle", size=13, colour="accent", mono=True))
    return "\n".join(lines)


def down(x: float, y: float, to_y: float, label: str) -> str:
    """Return an arrow that leads down, with what it means beside it."""
    head = f"{x:g},{to_y:g} {x - 5:g},{to_y - 9:g} {x + 5:g},{to_y - 9:g}"
    return "\n".join(
        [
            f'<line x1="{x:g}" y1="{y:g}" x2="{x:g}" y2="{to_y - 6:g}" class="edge"/>',
            f'<polygon points="{head}" class="accent"/>',
            text(x + 14, (y + to_y) / 2 + 5, label, size=13, colour="faint"),
        ]
    )


# --- The pictures ---------------------------------------------------------------------------------


GIVEN = [
    ("text", "score >= 10", "parse, check"),
    ("query string", "filter=score%3E…", "from_query"),
    ("JSON", '{"version": 1, …}', "from_json_obj"),
    ("values", "F.score >= 10", "field, F"),
]
MADE = [
    ("canonical text", "score>=10", "unparse"),
    ("query string", "filter=score%3E…", "to_query"),
    ("pairs for a client", "('filter', …)", "to_params"),
    ("JSON", '{"version": 1, …}', "to_json_obj"),
]
ASKED = [
    ("records", "in memory, files", "compile"),
    ("data frames", "pandas, polars …", "frames.where"),
    ("databases", "SQLite …", "sql.where"),
    ("many filters", "of one record", "FilterIndex"),
]


def way(columns: int) -> str:
    """Return the way of a filter: what it is made of, what is made of it, and what it is asked."""
    width, gap, edge = 164, 12, 10
    whole = 2 * edge + columns * width + (columns - 1) * gap
    parts: list[str] = []
    y = edge

    def row(boxes: list[tuple[str, str, str]]) -> None:
        nonlocal y
        for place, one in enumerate(boxes):
            if place and place % columns == 0:
                y += 74 + gap
            parts.append(box(edge + place % columns * (width + gap), y, width, *one))
        y += 74

    row(GIVEN)
    parts.append(down(whole / 2, y + 4, y + 38, "is read as"))
    y += 42
    parts.append(box(edge, y, whole - 2 * edge, "FilterSet", "filters of clauses"))
    y += 54
    parts.append(down(whole / 2, y + 4, y + 38, "is written as"))
    y += 42
    row(MADE)
    y += 26
    said = "and it selects, with the same verdict everywhere"
    parts.append(text(whole / 2, y, said, anchor="middle", size=13, colour="faint"))
    y += 12
    row(ASKED)
    return svg(whole, y + edge, "What a filter is made of, and what is made of it", *parts)


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
        560,
        40 + 20 * len(lines),
        "A message in its colours on a terminal",
        *parts,
        ground=f'fill="{DARK}"',
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


def completions(width: int, *, is_narrow: bool) -> str:
    """Return a filter box with what may stand at its cursor; in a narrow one details are below."""
    typed = "type==LEAD;loc"
    offered = fl.complete(typed, len(typed), px.USER)[:6]
    cursor, row = 32 + 8.43 * len(typed), 46 if is_narrow else 30
    parts = [
        frame(20, 20, width - 40, 38),
        text(32, 44, typed, mono=True),
        f'<line x1="{cursor:g}" y1="28" x2="{cursor:g}" y2="50" class="cursor"/>',
        frame(20, 62, width - 40, len(offered) * row + 8),
        f'<rect x="24" y="66" width="{width - 48}" height="{row}" rx="4" class="chosen"/>',
    ]
    for place, one in enumerate(offered):
        y = 86 + place * row
        across, below, size = (34, 19, 12) if is_narrow else (250, 0, 13)
        parts += [
            text(34, y, one.label, mono=True),
            text(across, y + below, one.detail, colour="faint", size=size),
        ]
    height = 62 + len(offered) * row + 28
    return svg(width, height, "A filter box that offers names of the schema", *parts)


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


def speed(names: int, longest: int) -> str:
    """Return how long others take for what we do, on a scale of powers of ten.

    `names` is the width of the names, `longest` that of the longest bar.
    """
    page = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    parts: list[str] = []
    y, edge = 14, 12
    for section, head in (("parse", "Reading a filter"), ("match", "Judging a record")):
        bars = measured(page, section)
        parts.append(text(edge, y + 14, head, bold=True))
        y += 28
        least, most = bars[0].times / 2, bars[-1].times
        for name, times in bars:
            width = longest * math.log10(times / least) / math.log10(most / least)
            is_ours = name == "filterlang"
            fill = "accent" if is_ours else "bar"
            x = edge + names
            said = f"{two_digits(times):,g} ×"
            bar = f'x="{x + 10}" y="{y + 3}" width="{width:.1f}" height="14" rx="2"'
            parts += [
                text(x, y + 14, name, anchor="end", size=13, bold=is_ours),
                f'<rect {bar} class="{fill}"/>',
                text(x + 16 + width, y + 14, said, size=12, colour="faint"),
            ]
            y += 22
        y += 18
    for said in ("Time beside ours; shorter is faster.", "The scale is logarithmic."):
        parts.append(text(edge, y + 4, said, size=12, colour="faint"))
        y += 18
    whole = edge + names + longest + 16 + 54 + edge
    return svg(whole, y + 4, "The time that filterlang and its peers take", *parts)


def two_digits(value: float) -> float:
    """Return a number rounded to the digits that count."""
    return float(f"{value:.2g}")


PICTURES: dict[str, Callable[[], str]] = {
    "way": partial(way, columns=4),
    "message": message,
    "completions": partial(completions, width=720, is_narrow=False),
    "speed": partial(speed, names=150, longest=430),
}
NARROW: dict[str, Callable[[], str]] = {
    "way": partial(way, columns=2),
    "completions": partial(completions, width=340, is_narrow=True),
    "speed": partial(speed, names=148, longest=112),
}
"""The pictures as a phone shows them. What a terminal shows can't be narrower: there it scrolls."""


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for end, pictures in (("", PICTURES), ("-narrow", NARROW)):
        for name, draw in pictures.items():
            (FOLDER / f"{name}{end}.svg").write_text(draw(), encoding="utf-8")
