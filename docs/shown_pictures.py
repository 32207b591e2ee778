"""The pictures of `docs/pictures/` become part of the pages that show them.

In an `img` a picture follows what the reader's system prefers, not the switch of the page between
light and dark; and it can't be copied from, nor be another one on a phone. So the site gets the
drawing itself, whose colours are then those of `static/site.css`. A checkout shows the files.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx

FOLDER = Path(__file__).resolve().parent / "pictures"


def put_into(app: Sphinx, tree: nodes.document) -> None:
    """Put the drawings in the place of the images of a page."""
    for image in list(tree.findall(nodes.image)):
        path = Path(image["uri"])
        if path.parent.name == FOLDER.name and path.suffix == ".svg":
            app.env.note_dependency(str(FOLDER / path.name))
            html = "".join(drawings(path.stem, image.get("alt", "")))
            image.replace_self(nodes.raw("", html, format="html"))


def drawings(name: str, said: str) -> list[str]:
    """Return a picture as HTML; two of it, if there is one for narrow screens."""
    wide, narrow = FOLDER / f"{name}.svg", FOLDER / f"{name}-narrow.svg"
    if not narrow.exists():
        # On a phone it scrolls, so the keyboard must reach it.
        return [drawing(wide, said, 'class="picture" tabindex="0"')]
    return [
        drawing(wide, said, 'class="picture picture-wide"'),
        drawing(narrow, said, 'class="picture picture-narrow"'),
    ]


def drawing(path: Path, said: str, attributes: str) -> str:
    """Return a picture as part of a page, named by what the page says of it."""
    svg = path.read_text(encoding="utf-8")
    svg = re.sub(r"<(style|title)\b.*?</\1>\n", "", svg, flags=re.DOTALL)
    label = escape(" ".join(said.split()))
    svg = svg.replace('aria-labelledby="title"', f'aria-label="{label}"')
    return f"<span {attributes}>{svg}</span>"
