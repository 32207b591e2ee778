"""The site of the documentation: `sphinx-build -W docs site` writes it to the folder `site`.

Nothing of it is asked from other hosts: fonts are the reader's own, search runs in the page, also
from a folder of files. What is generated (the reference of names, of the command, of extras) is
written below `docs/reference/` before Sphinx reads it, as .rst files that git ignores.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pygments.lexers.special import TextLexer

if TYPE_CHECKING:
    from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "docs"))

import generated_pages  # noqa: E402 — they stand beside this file, which the path has only now
import playground_files  # noqa: E402 — as above
import shown_pictures  # noqa: E402 — as above
import sources  # noqa: E402 — as above

# Names that Sphinx asks for are in lower case.
project = "filterlang"
extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_click",
]
exclude_patterns = ["data/*.jsonl", "**/.*"]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
root_doc = "index"
nitpicky = False
# What stands between quotes is often a filter or a command, which people copy: it stays as typed.
smartquotes = False

html_theme = "furo"
html_title = "filterlang"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_favicon = "static/icon.svg"
# The default one underlines imported names, which look like links then.
pygments_dark_style = "github-dark"
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
html_theme_options = {"footer_icons": [], "navigation_with_keys": True}

myst_enable_extensions = ["attrs_inline"]
myst_heading_anchors = 4

autodoc_typehints = "signature"
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True}
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True
napoleon_use_rtype = False

LED = {
    "grammar/vectors/README.md": "reference/vectors.md",
    "CHANGELOG.md": "changelog.md",
    "README.md": "index.md",
}
"""The file of the checkout → the page that shows it."""


FOUND_BY = {
    "explanation/stability": ("MIT", "licence", "maturity", "alpha"),
    "how-to/accept-filters": ("422", "status 422"),
    "how-to/build-filters": ("any of", "all of", "or", "and", "in"),
    "how-to/change-filters": ("tenant", "forbid", "multi-tenancy"),
    "how-to/filters-in-django": ("400",),
    "how-to/filters-in-flask": ("400",),
    "how-to/filters-in-starlette": ("400", "422"),
    "how-to/page-through-results": ("414",),
    "how-to/serve": ("429", "400"),
    "how-to/write-an-sdk": ("429", "503"),
}
"""The page → words that people look for and that the search leaves out of texts.

It looks for no numbers and no small words, but for entries of the index that are just these.
"""


def add_to_index(_: Sphinx, name: str, source: list[str]) -> None:
    """Let the search find a page by the words of `FOUND_BY`."""
    if name in FOUND_BY:
        title, rest = source[0].split("\n", 1)
        # With '!' they are main entries, which stand before what is found in texts.
        words = ", ".join(f"!{word}" for word in FOUND_BY[name])
        source[0] = f"{title}\n\n```{{index}} {words}\n```\n{rest}"


def lead_within(app: Sphinx, name: str, source: list[str]) -> None:
    """Let links to files of the checkout lead to the pages that show them.

    In a checkout they lead to the files; on the site, these are pages of its own.
    """
    here = Path("docs") / Path(app.env.doc2path(name, base=False)).parent
    depth = name.count("/")

    def led(found: re.Match[str]) -> str:
        path = normal(here / found["target"])
        if path not in LED:
            return found[0]
        return f"]({'../' * depth}{LED[path]}{found['anchor'] or ''})"

    source[0] = re.sub(r"\]\((?P<target>[^)#:\s]+)(?P<anchor>#[^)\s]*)?\)", led, source[0])


def normal(path: Path) -> str:
    """Return a path without `..`."""
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def code_in_docstrings(*told: Any) -> None:
    """Let what stands between single backticks be code, as it is in Markdown."""
    lines: list[str] = told[-1]  # The last of six arguments: the docstring, to be changed in place.
    if lines and lines[0].startswith("Alias for field number"):
        lines.clear()  # What Python says of each field of a named tuple.
    # Code may go on in the next line, but not beyond the paragraph.
    code = r"(?<![`:])`((?:[^`\n]|\n(?!\s*\n))+)`(?!`)(?=(\w)?)"
    lines[:] = re.sub(code, coded, "\n".join(lines)).split("\n")


def coded(found: re.Match[str]) -> str:
    """Return the code of a docstring in the notation of reStructuredText."""
    # A letter right behind it, as in a plural, needs an escaped space in reStructuredText.
    return f"``{found[1]}``" + ("\\ " if found[2] else "")


def setup(app: Sphinx) -> None:
    """Add what the pages need beyond Sphinx's own."""
    app.connect("autodoc-process-docstring", code_in_docstrings, priority=100)
    for name in ("output", "url"):
        app.add_lexer(name, TextLexer)
    generated_pages.write_all(ROOT)
    app.connect("sphinx-click-process-description", generated_pages.plain_help)
    app.connect("sphinx-click-process-options", generated_pages.plain_options)
    app.connect("source-read", lead_within)
    app.connect("source-read", add_to_index)
    app.connect("doctree-read", shown_pictures.put_into)
    app.connect("doctree-read", sources.spell_out)
    app.connect("build-finished", playground_files.put)
